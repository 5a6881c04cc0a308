"""Reports against hostile hands: nothing that is typed into their forms breaks a page, on either database."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from camket.core.plan import Period
from camket.journal import queries as journal
from camket.org.policy import Actor
from camket.reporting import calendar, operations
from camket.reporting.models import Report, ReportLine, ReportOccurrence
from camket.reporting.parts import ask_units
from camket.web.marks import FIELD
from people import People
from reporting.test_reports import issue
from reporting.year import HALF, NOW, TODAY, YEAR, make_year
from web.sent.pages import opened, send

SignedIn = Callable[[Actor], Client]
NONSENSE = {
    "nothing": "",
    "a null character": "12\x00/BC-UBND",
    "too long": "Đ" * 12_000,
    "a number beyond all": "9" * 40,
    "below nought": "-1",
    "a day that is none": "31/02/2026",
    "the first of days": "01/01/0001",
    "the last of days": "31/12/9999",
    "markup": "\u202e<script>alert(1)</script>{{7*7}}{ket qua}%s",
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMKET_TODAY", TODAY.isoformat())


def test_what_is_too_long_is_told_and_kept_whole_not_cut_by_the_browser(
    forms: dict[str, tuple[Actor, str]], signed_in: SignedIn
) -> None:
    for address in ("/nhan-xet/", "/bao-cao/phan/"):
        actor, page = next(each for key, each in forms.items() if address in key)
        shown = signed_in(actor).get(page).content.decode()
        assert "<textarea" in shown
        assert not re.search(r"<textarea[^>]*maxlength", shown)


@pytest.fixture
def forms(people: People) -> dict[str, tuple[Actor, str]]:
    """Each address that takes something typed, with who sends there and the page of its form."""
    plan_id = make_year(people).plan.pk
    an, chau, dung = people.an, people.chau, people.dung

    def draft(kind: str, period: Period) -> Report:
        return operations.draft_report(actor=an, plan_id=plan_id, kind=kind, period=period, now=NOW)

    issued = issue(people, draft("half_year", HALF))
    drafted = draft("quarter", Period(HALF.start, HALF.start.replace(month=3, day=31)))
    approved = draft("quarter", Period(HALF.start.replace(month=4), HALF.end))
    submitted = draft("year", YEAR)
    for each in (approved, submitted):
        operations.submit_report(actor=an, report_id=each.pk, now=NOW)
    operations.approve_report(actor=chau, report_id=approved.pk, now=NOW)
    version = calendar.begin_calendar(
        actor=an, valid_from=TODAY, source="", chosen=[calendar.catalogue()[0]], now=NOW
    )
    owed, line = ReportOccurrence.objects.order_by("due_on")[0], ReportLine.objects.get()
    unit = people.agency.units.order_by("order")[1]
    (part,) = ask_units(actor=an, report_id=drafted.pk, unit_ids=[unit.pk], due_on=TODAY, wish="", now=NOW)
    home = "/bao-cao/"
    return {
        f"{home}lap/": (an, home),
        f"{home}{drafted.pk}/nhan-xet/": (an, f"{home}{drafted.pk}/"),
        f"{home}{drafted.pk}/don-vi/": (an, f"{home}{drafted.pk}/don-vi/"),
        f"{home}phan/{part.pk}/": (dung, f"{home}phan/{part.pk}/"),
        f"{home}{submitted.pk}/tra-lai/": (chau, f"{home}{submitted.pk}/"),
        f"{home}{approved.pk}/ban-hanh/": (an, f"{home}{approved.pk}/ban-hanh/"),
        f"{home}{issued.pk}/dinh-chinh/": (an, f"{home}{issued.pk}/"),
        f"{home}{issued.pk}/ban-ky-so/": (an, f"{home}{issued.pk}/"),
        f"{home}lich/{owed.pk}/da-gui/": (an, f"{home}lich/{owed.pk}/"),
        f"{home}lich/danh-muc/": (an, f"{home}lich/danh-muc/"),
        f"{home}lich/danh-muc/{version.pk}/them/": (an, f"{home}lich/danh-muc/{version.pk}/them/"),
        f"{home}lich/dong/{line.pk}/": (an, f"{home}lich/dong/{line.pk}/"),
    }


@pytest.mark.parametrize("typed", NONSENSE)
def test_nonsense_in_every_field_is_answered(
    people: People, signed_in: SignedIn, forms: dict[str, tuple[Actor, str]], typed: str
) -> None:
    for action, (actor, page) in forms.items():
        client = signed_in(actor)
        form = opened(client, page, action)
        fields = {name for name in form.fields if name not in (FIELD, "csrfmiddlewaretoken")}
        answer = send(client, form, **dict.fromkeys(fields | {"file", "unknown"}, NONSENSE[typed]))
        assert answer.status_code in (200, 302), (action, answer.status_code)
        if answer.status_code == 200:
            assert "<script>alert(1)" not in answer.content.decode()
    assert Report.objects.filter(state=Report.State.ISSUED).count() == 1
    assert ReportLine.objects.count() == 1
    assert not any("\x00" in text for text in Report.objects.values_list("assessment", flat=True))
    assert journal.verify(people.agency.pk).whole


@pytest.mark.parametrize(
    "query",
    ["trang=%00", "nam=99999999999999999999", "nam=-1&trang=%D9%A3", "nam=%00&a=" + "b" * 5_000],
)
def test_nonsense_in_an_address_is_read_as_nothing(
    signed_in: SignedIn, forms: dict[str, tuple[Actor, str]], query: str
) -> None:
    for page, actor in {page: actor for actor, page in forms.values()}.items():
        assert signed_in(actor).get(f"{page}?{query}").status_code == 200, page
