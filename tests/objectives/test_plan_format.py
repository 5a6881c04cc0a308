"""Plan format in and out again is the same plan."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camket.core import plan as core
from camket.objectives import operations, queries
from camket.objectives.models import Plan
from camket.org.policy import NotAllowed
from people import TODAY, People
from plans import sample_plan

GOLD = ["kim-thanh-2026", "phong-binh-2023", "phu-thu-2022", "thuong-loc-2024", "tuy-phuoc-2024"]


def there_and_back(people: People, plan: core.Plan) -> core.Plan:
    plan_id = operations.import_format(actor=people.an, plan=plan, today=TODAY)
    return queries.plan_as_format(people.an, plan_id)


def test_sample_comes_back_as_it_was(people: People) -> None:
    assert there_and_back(people, sample_plan()) == sample_plan()


@pytest.mark.shared
@pytest.mark.parametrize("name", GOLD)
def test_real_decision_comes_back_as_it_was(people: People, shared: Path, name: str) -> None:
    data = json.loads((shared / "gold" / f"{name}.json").read_text("utf-8"))
    plan = core.Plan.from_json(data)
    back = there_and_back(people, plan)
    assert back == plan


WORDS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyếộ 0123456789,.;%/&-", min_size=1, max_size=60).filter(
    lambda text: text == text.strip() and text
)
DATES = st.dates(date(2000, 1, 1), date(2099, 12, 31))
FIGURES = st.decimals(0, 10**8, places=2)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
PERIODS = st.tuples(DATES, DATES).map(lambda days: core.Period(min(days), max(days)))
SCHEDULES = st.one_of(
    st.builds(core.Schedule, st.just(core.ScheduleKind.BY), date=DATES),
    st.builds(
        lambda days: core.Schedule(core.ScheduleKind.DURING, start=min(days), end=max(days)),
        st.tuples(DATES, DATES),
    ),
    st.builds(
        core.Schedule,
        st.just(core.ScheduleKind.EVERY),
        period=st.sampled_from(core.Every),
        day=st.one_of(st.none(), st.integers(1, 31), st.just("last")),
    ),
    st.builds(
        core.Schedule, st.just(core.ScheduleKind.YEARLY_BY), month=st.integers(1, 12), day=st.integers(1, 28)
    ),
    st.sampled_from([core.Schedule(core.ScheduleKind.CONTINUOUS), core.Schedule(core.ScheduleKind.PERIODIC)]),
    st.builds(
        core.Schedule,
        st.just(core.ScheduleKind.ON_EVENT),
        event=WORDS,
        within=st.one_of(st.none(), st.builds(core.Within, st.integers(1, 60), st.booleans())),
    ),
    st.builds(core.Schedule, st.just(core.ScheduleKind.AS_PLANNED), plan=WORDS),
    st.builds(core.Schedule, st.just(core.ScheduleKind.FROM), date=DATES),
    st.builds(core.Schedule, st.just(core.ScheduleKind.BEFORE_REPORT), days=st.integers(0, 90)),
)


@st.composite
def targets(draw: st.DrawFn) -> core.Target:
    kind = draw(st.sampled_from(core.TargetKind))
    target = core.Target(text=draw(WORDS), kind=kind, striving=draw(st.booleans()))
    target = replace(target, period=draw(st.one_of(st.none(), PERIODS)))
    if kind is core.TargetKind.ACHIEVED:
        return target
    if kind is core.TargetKind.GRADE_AT_LEAST:
        return replace(target, value=draw(st.sampled_from(core.Grade)), unit="grade")
    value = draw(FIGURES)
    has_upper = kind in (core.TargetKind.BETWEEN, core.TargetKind.COUNT_OF)
    return replace(
        target,
        value=value,
        upper=value + draw(FIGURES) if has_upper else None,
        unit=draw(st.one_of(st.none(), WORDS)),
        baseline_year=draw(st.one_of(st.none(), st.integers(2000, 2100))),
    )


ACTIONS = st.builds(
    core.Action,
    number=st.from_regex(r"[1-9]\.[1-9]|[1-9][0-9]?|[a-z]", fullmatch=True),
    text=WORDS,
    lead=LISTS,
    support=LISTS,
    when=st.one_of(st.none(), WORDS),
    schedule=st.lists(SCHEDULES, max_size=3).map(tuple),
    monitors=LISTS,
    evidence=LISTS,
)
OBJECTIVES = st.builds(
    core.Objective,
    number=st.integers(1, 40).map(str),
    text=WORDS,
    targets=st.lists(targets(), max_size=3).map(tuple),
    method=st.one_of(st.none(), WORDS),
    actions=st.lists(ACTIONS, max_size=3).map(tuple),
)
PLANS = st.builds(
    core.Plan,
    agency=st.builds(
        core.Agency, name=st.one_of(st.none(), WORDS), level=st.one_of(st.none(), st.sampled_from(core.Level))
    ),
    year=st.integers(operations.FIRST_YEAR, operations.LAST_YEAR),
    decision=st.one_of(
        st.none(),
        st.builds(
            core.Decision,
            kind=st.sampled_from(["QĐ", "KH", "TB"]),
            number=st.one_of(st.none(), WORDS),
            date=st.one_of(st.none(), DATES),
            place=st.one_of(st.none(), WORDS),
            signed_by=st.one_of(st.none(), WORDS),
        ),
    ),
    policy=st.one_of(
        st.none(), st.builds(core.Policy, motto=WORDS, commitments=st.lists(WORDS, max_size=3).map(tuple))
    ),
    objectives=st.lists(OBJECTIVES, max_size=4).map(tuple),
    reporting=st.lists(SCHEDULES, max_size=2).map(tuple),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=PLANS)
def test_any_plan_comes_back_as_it_was(people: People, plan: core.Plan) -> None:
    with transaction.atomic():
        back = there_and_back(people, plan)
        transaction.set_rollback(True)
    assert back == plan


def one_target(**fields: object) -> core.Plan:
    target = replace(core.Target(text="đạt", kind=core.TargetKind.AT_LEAST, value=Decimal(1)), **fields)  # type: ignore[arg-type]
    return core.Plan(
        agency=core.Agency(None, None), year=2026, objectives=(core.Objective("1", "Mục tiêu", (target,)),)
    )


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (replace(sample_plan(), year=None), operations.YearMissing),
        (replace(sample_plan(), year=1899), operations.YearMissing),
        (
            one_target(kind=core.TargetKind.BETWEEN, value=Decimal(5), upper=Decimal(4)),
            operations.TargetNotPossible,
        ),
        (one_target(value=Decimal("0.1234567")), operations.TargetNotPossible),
        (one_target(value=Decimal("1234567890123456")), operations.TargetNotPossible),
        (one_target(value=core.Grade.GOOD), operations.TargetNotPossible),
        (one_target(kind=core.TargetKind.BETWEEN), operations.TargetNotPossible),
        (one_target(baseline_year=1066), operations.TargetNotPossible),
        (replace(sample_plan(), objectives=(core.Objective("1" * 21, "Mục tiêu"),)), operations.TooLong),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(
    people: People, plan: core.Plan, refusal: type[operations.Refused]
) -> None:
    with pytest.raises(refusal):
        operations.import_format(actor=people.an, plan=plan, today=TODAY)
    assert not Plan.objects.exists()


def test_year_may_be_given_where_the_plan_says_none(people: People) -> None:
    plan_id = operations.import_format(
        actor=people.an, plan=replace(sample_plan(), year=None), today=TODAY, year=2027
    )
    assert Plan.objects.get(pk=plan_id).year == 2027


def test_officer_brings_no_plan_in(people: People) -> None:
    with pytest.raises(NotAllowed):
        operations.import_format(actor=people.binh, plan=sample_plan(), today=TODAY)
    assert not Plan.objects.exists()


def test_stranger_sees_no_plan(people: People, draft: int) -> None:
    with pytest.raises(Plan.DoesNotExist):
        queries.plan_detail(people.chi, draft)
    assert queries.plans(people.chi) == ()


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_character_that_no_database_keeps_is_refused_with_its_place(character: str) -> None:
    data = sample_plan().to_json()
    data["objectives"][1]["actions"][0]["evidence"] = [f"Báo cáo{character}"]
    with pytest.raises(core.PlanFormatError) as refused:
        core.Plan.from_json(data)
    assert refused.value.path == "objectives[1].actions[0].evidence[0]"
