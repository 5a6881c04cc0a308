"""The province's page: one line for each agency below, with the numbers of that agency's own pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.actions import queries as work
from camket.actions.models import Action, Task
from camket.core.targets import VerdictState
from camket.indicators.models import Indicator, Reading
from camket.indicators.operations import withdraw_reading
from camket.objectives import verdicts
from camket.objectives.models import Objective, Plan, Target
from camket.org import queries
from camket.org.models import Agency, Level, Person, Role
from camket.org.policy import Actor, NotAllowed
from camket.reporting.below import BelowFilter, Order, PlanState, agencies_below, narrowed
from camket.reporting.models import Report
from people import TODAY, People, actor_of, make_agency, make_person
from web.browser import Desk

URL = "/cap-duoi/"
NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def viewer(people: People) -> Actor:
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(code__startswith="H00.").update(parent=province)
    return actor_of(make_person(province, "Vũ Thị Giang", "giang", Role.VIEWER), province)


def plan_of(agency: Agency, state: str = "promulgated", year: int = 2026) -> Plan:
    return Plan.objects.create(
        agency=agency, year=year, period_start=date(year, 1, 1), period_end=date(year, 12, 31), state=state,
        number="1/QĐ-UBND" if state == "promulgated" else "", created_at=NOW,
        created_by=Person.objects.order_by("pk")[0],
    )  # fmt: skip


def objective(plan: Plan, number: int, *parts: int) -> None:
    """An objective of at least 95 % with a target for each share reached by the half year; none reached, no data."""
    row = Objective.objects.create(plan=plan, order=number, number=str(number), text="Nâng cao chất lượng")
    for order, part in enumerate(parts, 1):
        indicator = Indicator.objects.create(agency=plan.agency, name="Đúng hạn", measure="ratio", unit="%")
        Target.objects.create(
            objective=row, order=order, text="95% đúng hạn", kind="at_least", value=95, unit="%", indicator=indicator,
            expected_volume=200,
        )  # fmt: skip
        if part:
            Reading.objects.create(
                agency=plan.agency, indicator=indicator, period_start=date(2026, 1, 1),
                period_end=date(2026, 6, 30), numerator=part, denominator=100, source="Sổ", state="confirmed",
                entered_at=NOW, entered_by=Person.objects.order_by("pk")[0],
            )  # fmt: skip


def overdue(plan: Plan, count: int) -> None:
    action = Action.objects.create(agency=plan.agency, year=2026, number="1", text="Rà soát", state="active")
    for number in range(count):
        Task.objects.create(
            agency=plan.agency, action=action, kind="dated", occurrence=str(number), due_on=date(2026, 6, 1),
            due_original=date(2026, 6, 1), late_after=date(2026, 6, 1),
        )  # fmt: skip


@pytest.fixture
def filled(people: People, viewer: Actor) -> Actor:
    """Bình Yên has a plan with all sorts of verdicts; Suối Xa one in preparation."""
    plan = plan_of(people.agency)
    objective(plan, 1, 99, 98)
    objective(plan, 2, 60)
    objective(plan, 3, 99, 0)
    objective(plan, 4)
    overdue(plan, 3)
    Report.objects.create(
        agency=people.agency, plan=plan, kind="quarter", period_start=date(2026, 1, 1), period_end=date(2026, 3, 31),
        state="issued", number="2/BC-UBND", issued_on=date(2026, 4, 10), created_at=NOW,
        created_by=Person.objects.order_by("pk")[0],
    )  # fmt: skip
    plan_of(people.other_agency, "draft")
    return viewer


def test_the_numbers_are_those_of_each_agencys_own_pages(filled: Actor, people: People) -> None:
    rows = {row.id: row for row in agencies_below(filled, TODAY)}
    own = queries.actor_as(person_id=filled.person_id, key=f"below:{people.agency.pk}", on=TODAY)
    assert own is not None
    plan_id = verdicts.plan_judged(people.agency.pk, TODAY)
    assert plan_id is not None
    theirs = verdicts.verdicts_of_plan(own, plan_id, TODAY)
    row = rows[people.agency.pk]
    assert row.counts == theirs.by_state
    assert row.total == 4
    assert row.missed + row.at_risk > 0
    assert row.counts[VerdictState.NO_DATA] == 2
    assert row.overdue == sum(each.count for each in work.overdue_by_unit(own, TODAY)) == 3
    assert (row.report_kind, row.report_on) == ("quarter", date(2026, 4, 10))
    other = rows[people.other_agency.pk]
    assert (other.plan, other.counts, other.overdue, other.report_on) == (PlanState.DRAFT, {}, 0, None)


def test_a_corrected_figure_counts_at_once(
    filled: Actor, people: People, signed_in: Callable[[Actor], Client]
) -> None:
    before = next(row for row in agencies_below(filled, TODAY) if row.id == people.agency.pk)
    reading = Reading.objects.filter(agency=people.agency, numerator=60)[0]
    withdraw_reading(actor=people.an, reading_id=reading.pk, reason="Nhập nhầm", now=NOW)
    after = next(row for row in agencies_below(filled, TODAY) if row.id == people.agency.pk)
    assert after.counts[VerdictState.NO_DATA] == before.counts[VerdictState.NO_DATA] + 1


@pytest.mark.parametrize(
    ("state", "year", "expected"),
    [
        ("reading", 2026, PlanState.DRAFT),
        ("draft", 2026, PlanState.DRAFT),
        ("submitted", 2026, PlanState.SUBMITTED),
        ("approved", 2026, PlanState.SUBMITTED),
        ("promulgated", 2026, PlanState.IN_FORCE),
        ("closed", 2026, PlanState.IN_FORCE),
        ("closed", 2025, PlanState.OF_BEFORE),
        ("discarded", 2026, PlanState.NONE),
        ("draft", 2027, PlanState.NONE),
    ],
)
def test_how_far_the_plan_is(
    viewer: Actor, people: People, state: str, year: int, expected: PlanState
) -> None:
    plan_of(people.agency, state, year)
    row = next(row for row in agencies_below(viewer, TODAY) if row.id == people.agency.pk)
    assert row.plan is expected


def test_the_list_is_narrowed_and_sorted(filled: Actor, people: People) -> None:
    rows = agencies_below(filled, TODAY)

    def names(**wanted: object) -> list[str]:
        return [row.name for row in narrowed(rows, BelowFilter(**wanted))]  # type: ignore[arg-type]

    both = ["UBND xã Bình Yên", "UBND xã Suối Xa"]
    assert names() == both
    assert names(words="suoi") == both[1:]
    assert names(words="H00.1") == both[:1]
    assert names(level="ward") == []
    assert names(plan="draft") == both[1:]
    assert names(only_attention=True) == both
    assert names(order=Order.OVERDUE) == both
    assert names(order=Order.MISSED)[0] == both[0]
    assert names(order=Order.REPORT) == both[::-1]


def test_only_those_who_look_from_above_see_the_list(people: People, filled: Actor) -> None:
    with pytest.raises(NotAllowed):
        agencies_below(people.an, TODAY)
    below = queries.actor_as(person_id=filled.person_id, key=f"below:{people.agency.pk}", on=TODAY)
    assert below is not None
    with pytest.raises(NotAllowed):
        agencies_below(below, TODAY)


def test_agencies_beside_and_ended_ones_are_not_listed(filled: Actor, people: People) -> None:
    make_agency("H01", "UBND xã Khác")
    Agency.objects.filter(pk=people.other_agency.pk).update(valid_to=date(2026, 6, 30))
    assert [row.id for row in agencies_below(filled, TODAY)] == [people.agency.pk]


def test_a_viewer_comes_home_to_the_list_and_looks_into_an_agency(
    filled: Actor, people: People, signed_in: Callable[[Actor], Client]
) -> None:
    client = signed_in(filled)
    response = client.get("/", follow=True)
    assert response.redirect_chain == [(URL, 302)]
    page = response.content.decode()
    assert "1/2 cơ quan có kế hoạch đang thực hiện" in page
    assert re.search(r"UBND xã Bình Yên.*Đang có hiệu lực.*1/4.*Quý I/2026", page, re.DOTALL)
    response = client.post(
        "/chon-co-quan/",
        {"capacity": f"below:{people.agency.pk}", "next": "/", "back": f"{URL}?tim=binh"},
        follow=True,
    )
    page = response.content.decode()
    assert "Bạn đang xem <strong>UBND xã Bình Yên</strong>" in page
    assert f'name="next" value="{URL}?tim=binh"' in page
    assert "Việc của tôi" not in page
    assert "/cong-viec/tat-ca/" in page
    assert client.get(URL).status_code == 403


def test_two_hundred_communes_take_no_more_statements_than_two(
    filled: Actor, people: People, signed_in: Callable[[Actor], Client]
) -> None:
    client = signed_in(filled)

    def statements() -> int:
        verdicts._counted.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    few = statements()
    province = Agency.objects.get(code="H00")
    Agency.objects.bulk_create(
        Agency(code=f"H00.{number}", name=f"UBND xã Số {number}", level=Level(pk="commune"), parent=province)
        for number in range(100, 300)
    )
    for agency in Agency.objects.filter(code__startswith="H00.1", name__startswith="UBND xã Số"):
        objective(plan_of(agency), 1, 99)
    many = statements()
    assert (many, many <= 15) == (few, True)
    page = client.get(URL + "?page=2").content.decode()
    assert page.count("ck-cards") == 1
    assert "UBND xã Số" in page


@pytest.mark.browser
def test_the_page_is_accessible_and_fits(filled: Actor, desk: Desk) -> None:
    desk.sign_in("giang")
    for size in ("desktop", "phone"):
        desk.open(URL, size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"below-{size}")
