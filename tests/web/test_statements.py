"""How many SQL statements a page takes: as many for a large agency as for a small one, and few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.actions.models import Task
from camket.core.plan import Period
from camket.indicators.models import Reading
from camket.objectives import operations, verdicts
from camket.objectives.models import Objective, Target
from camket.org.models import Agency, Membership, Role, Succession, Unit
from camket.org.policy import Actor
from camket.reporting.operations import draft_report
from figures import HALF
from people import TODAY, People, make_agency, make_person
from plans import sample_plan
from work import NOW, PDF

AT_MOST = 15
SMALL, LARGE = 51, 510
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "quyet-dinh-2026.docx"

PAGES = {
    "the dashboard": "/",
    "plans": "/ke-hoach/",
    "a plan in force": "/ke-hoach/{plan}/",
    "a plan's second page": "/ke-hoach/{plan}/?page=2",
    "a plan as table": "/ke-hoach/{plan}/bang/",
    "a plan's dates": "/ke-hoach/{plan}/thoi-han/",
    "a plan's document": "/bao-cao/van-ban-ke-hoach/{plan}/",
    "a plan as paper": "/bao-cao/van-ban-ke-hoach/{plan}/responsibilities/ban-in/",
    "a draft": "/ke-hoach/{draft}/",
    "a draft's dates": "/ke-hoach/{draft}/thoi-han/",
    "a draft's editor": "/ke-hoach/{draft}/soan/",
    "a draft's bodies": "/ke-hoach/{draft}/soan/don-vi/",
    "an objective's form": "/ke-hoach/{draft}/soan/muc-tieu/{draft_objective}/",
    "the signature": "/ke-hoach/{draft}/da-ky/",
    "a reading's editor": "/ke-hoach/{reading}/soan/",
    "a reading's bodies": "/ke-hoach/{reading}/soan/don-vi/",
    "a reading's dates": "/ke-hoach/{reading}/thoi-han/",
    "objectives": "/muc-tieu/",
    "one objective": "/muc-tieu/{objective}/",
    "one target": "/muc-tieu/chi-tieu/{target}/",
    "my work": "/cong-viec/",
    "all tasks": "/cong-viec/tat-ca/",
    "the calendar": "/cong-viec/lich/2026/7/",
    "events": "/cong-viec/su-kien/",
    "the search": "/tim-kiem/?tu=12",
    "reports": "/bao-cao/",
    "a report's draft": "/bao-cao/{report}/",
    "a report as paper": "/bao-cao/{report}/ban-in/",
    "the agency": "/co-quan/",
    "a report's number": "/bao-cao/{report}/ban-hanh/",
    "one task": "/cong-viec/{task}/",
    "working days": "/cong-viec/ngay-lam-viec/2026/",
    "readings to confirm": "/muc-tieu/cho-xac-nhan/",
    "a reading's form": "/muc-tieu/chi-tieu/{target}/nhap-so-lieu/",
    "how a target is measured": "/muc-tieu/chi-tieu/{target}/cach-do/",
    "units": "/co-quan/bo-phan/",
    "people": "/co-quan/nhan-su/",
    "names of bodies": "/co-quan/ten-goi/",
    "the journal": "/co-quan/nhat-ky/",
    "a plan's history": "/co-quan/nhat-ky/objectives.plan/{plan}/",
}


@dataclass(frozen=True)
class Filled:
    """An agency with a plan in force, a draft, a reading and a report's draft."""

    client: Client
    ids: dict[str, int]


def fill(actor: Actor, client: Client, objectives: int, *, measured_by: Actor) -> Filled:
    plan = sample_plan(number=None)
    one, *others = plan.objectives
    many = replace(
        plan,
        objectives=tuple(replace(one, number=str(number)) for number in range(objectives)) + tuple(others),
    )
    in_force = operations.import_format(actor=actor, plan=many, today=TODAY)
    draft = operations.import_format(actor=actor, plan=many, today=TODAY)
    for plan_id in (in_force, draft):
        operations.update_head(
            actor=actor,
            plan_id=plan_id,
            today=TODAY,
            resources="Kinh phí thường xuyên.",
            evaluation="Báo cáo.",
        )
    operations.record_signed_plan(
        actor=actor, plan_id=in_force, today=TODAY, number="12/QĐ-UBND", decided_on=date(2026, 1, 12),
        signed_by="Lê Minh Châu", signed_file=operations.Upload(PDF, "12.pdf", "application/pdf"),
    )  # fmt: skip
    # In the order of the plan: PostgreSQL gives rows in whatever order it keeps them, which turns with their changes, and
    # the first of them may be an objective that nothing was measured of, whose page asks for less.
    targets = Target.objects.filter(objective__plan_id=in_force, kind="at_least").order_by(
        "objective__order", "order"
    )
    Reading.objects.bulk_create(
        Reading(
            agency_id=actor.agency_id, indicator_id=target.indicator_id, period_start=HALF.start, period_end=HALF.end,
            numerator=98, denominator=100, source="Phần mềm", state="confirmed", entered_at=NOW,
            entered_by_id=measured_by.person_id, confirmed_at=NOW, confirmed_by_id=actor.person_id,
        )
        for target in targets
    )  # fmt: skip
    reading = operations.import_plan(actor=actor, data=SAMPLE.read_bytes(), name=SAMPLE.name, today=TODAY)
    half = Period(date(2026, 1, 1), date(2026, 6, 30))
    report = draft_report(actor=actor, plan_id=in_force, kind="half_year", period=half, now=NOW)
    return Filled(
        client,
        {
            "plan": in_force,
            "draft": draft,
            "draft_objective": Objective.objects.filter(plan_id=draft).order_by("order")[0].pk,
            "reading": reading.plan_id,
            "objective": targets[0].objective_id,
            "target": targets[0].pk,
            "report": report.pk,
            "task": Task.objects.filter(action__placement__objective__plan_id=in_force)
            .order_by("due_on", "pk")[0]
            .pk,
        },
    )


def statements(agency: Filled, path: str) -> int:
    verdicts.forget()
    with CaptureQueriesContext(connection) as captured:
        response = agency.client.get(path.format(**agency.ids))
    assert response.status_code == 200, path
    return len(captured)


def test_a_page_takes_few_statements_and_no_more_for_a_large_agency(
    people: People, signed_in: Callable[[Actor], Client]
) -> None:
    office = Unit.objects.filter(agency=people.other_agency).order_by("order")[0]
    Membership.objects.filter(person_id=people.chi.person_id).update(unit=office)  # as An belongs to one
    small = fill(people.an, signed_in(people.an), SMALL, measured_by=people.binh)
    large = fill(people.chi, signed_in(people.chi), LARGE, measured_by=people.binh)
    found = {name: (statements(small, path), statements(large, path)) for name, path in PAGES.items()}
    assert {name: each for name, each in found.items() if each[0] != each[1] or each[1] > AT_MOST} == {}


def test_who_looks_from_above_or_after_takes_no_more(
    people: People, signed_in: Callable[[Actor], Client]
) -> None:
    filled = fill(people.an, signed_in(people.an), SMALL, measured_by=people.binh)
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(pk=people.agency.pk).update(parent=province)
    inspector = make_person(province, "Vũ Thị Giang", "giang", Role.INSPECTOR)
    after = make_agency("H00.10", "UBND xã Bình Suối", valid_from=TODAY)
    heir = make_person(after, "Đỗ Đăng Khoa", "khoa", Role.SECRETARY)
    found = {}
    for person, agency, key in ((inspector, province, "below"), (heir, after, "before")):
        if key == "before":
            Agency.objects.filter(pk=people.agency.pk).update(valid_to=TODAY - timedelta(days=1))
            Succession.objects.create(
                predecessor=people.agency, successor=after, kind="merger", on=TODAY, decision=""
            )
        client = signed_in(Actor(person.pk, person.full_name, agency.pk))
        client.post("/chon-co-quan/", {"capacity": f"{key}:{people.agency.pk}"})
        for name, path in PAGES.items():
            verdicts.forget()
            with CaptureQueriesContext(connection) as captured:
                response = client.get(path.format(**filled.ids))
            assert response.status_code in (200, 403), (key, name)
            if response.status_code == 200:
                found[key, name] = len(captured)
    assert len(found) > 40
    assert {each: count for each, count in found.items() if count > AT_MOST} == {}
