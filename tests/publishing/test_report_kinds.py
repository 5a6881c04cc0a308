"""Which kinds of report may be made public, and that those which may go to the public page whole."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from camket.publishing.models import Publication
from camket.publishing.operations import page as pages
from camket.publishing.operations import publications as operations
from camket.publishing.preparing import NothingToPublish
from camket.publishing.queries import publications as queries
from camket.publishing.report_rules import PUBLIC_SUBJECTS, RULES, rule_for
from camket.reporting import operations as reports
from camket.reporting.kinds import KINDS
from camket.reporting.models import Report, Subject
from camket.reporting.queries import subject_choices
from people import TODAY, People
from work import NOW

TOLD = [each for each in KINDS if RULES[each].is_public]


def issued(people: People, subject: str, number: str = "31/BC-UBND") -> Report:
    choice = next(
        each for each in subject_choices(people.an, TODAY) if (each.subject, each.is_over) == (subject, True)
    )
    draft = reports.draft_on(
        actor=people.an, subject=subject, kind=choice.kind, period=choice.period, now=NOW
    )
    return finished(people, draft, number)


def finished(people: People, draft: Report, number: str) -> Report:
    reports.submit_report(actor=people.an, report_id=draft.pk, now=NOW)
    reports.approve_report(actor=people.chau, report_id=draft.pk, now=NOW)
    return reports.issue_report(
        actor=people.an, report_id=draft.pk, number=number, issued_on=TODAY, signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH", authority="TM. ỦY BAN NHÂN DÂN", now=NOW,
    )  # fmt: skip


def publish(people: People, report: Report) -> Publication:
    made = operations.prepare_publication(
        actor=people.an, kind="report", subject_id=report.pk, correction="", now=NOW
    )
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    return operations.publish(actor=people.chau, publication_id=made.pk, now=NOW)


def test_every_kind_of_report_has_its_rule() -> None:
    assert set(RULES) == {Subject.OBJECTIVES.value, *KINDS}
    assert set(PUBLIC_SUBJECTS) == {"objectives", "dossiers", "satisfaction", "feedback"}


@pytest.mark.parametrize("subject", [each for each in KINDS if not RULES[each].is_public])
def test_a_kind_that_is_not_public_is_refused_with_its_reason(people: People, subject: str) -> None:
    report = issued(people, subject)
    with pytest.raises(NothingToPublish) as refusal:
        operations.prepare_publication(
            actor=people.an, kind="report", subject_id=report.pk, correction="", now=NOW
        )
    assert refusal.value.message == RULES[subject].because
    assert report.pk not in [
        each.subject_id for each in queries.matters(people.an, queries.publications(people.an), TODAY)
    ]
    assert not Publication.objects.exists()


@pytest.mark.parametrize("subject", TOLD)
def test_a_kind_that_is_public_goes_to_the_public_page_whole(people: People, subject: str) -> None:
    report = issued(people, subject)
    assert report.pk in [
        each.subject_id for each in queries.matters(people.an, queries.publications(people.an), TODAY)
    ]
    made = publish(people, report)
    assert made.title.startswith(f"Báo cáo {KINDS[subject].title[:1].lower()}{KINDS[subject].title[1:]} ")
    assert made.content["measures"]
    slug = _open_page(people)
    page = Client().get(f"/cong-khai/{slug}/cong-bo/{made.pk}/")
    assert page.status_code == 200
    shown = BeautifulSoup(page.content, "html.parser").get_text(" ", strip=True)
    for sentence in made.content["sections"][0]["sentences"]:
        assert sentence in shown
    files = [f"bao-cao.{ending}" for ending in ("pdf", "xlsx", "json")]
    assert [Client().get(f"/cong-khai/{slug}/cong-bo/{made.pk}/{name}").status_code for name in files] == [
        200, 200, 200,
    ]  # fmt: skip


def _open_page(people: People) -> str:
    slug: str = pages.save_page(actor=people.an, data=pages.PageData(slug="xa-binh-yen"), now=NOW).slug
    pages.open_page(actor=people.an, now=NOW)
    return slug


def test_a_corrected_report_takes_the_place_of_its_former_version_and_of_no_other_kind(
    people: People,
) -> None:
    feedback = publish(people, issued(people, "feedback", "31/BC-UBND"))
    old = issued(people, "satisfaction", "32/BC-UBND")
    first = publish(people, old)
    again = reports.correct_report(actor=people.an, report_id=old.pk, reason="Bổ sung nhận xét", now=NOW)
    second = publish(people, finished(people, again, "33/BC-UBND"))
    for each in (feedback, first, second):
        each.refresh_from_db()
    assert (feedback.state, first.state, second.state) == ("published", "replaced", "published")
    assert second.replaces_id == first.pk


def test_every_kind_has_its_rule_with_a_ground() -> None:
    assert set(RULES) == {Subject.OBJECTIVES, *KINDS}
    for subject, rule in RULES.items():
        assert rule.source, subject
    assert not rule_for("something new").is_public
    internal = {subject for subject, rule in RULES.items() if "Điều 6 khoản 2" in rule.source}
    assert internal == {Subject.DIRECTIVES, Subject.CORRECTIVE, Subject.AUDITS}
    assert not internal & set(PUBLIC_SUBJECTS)
