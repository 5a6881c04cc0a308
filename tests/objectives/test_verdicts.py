from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camket.core.plan import Grade
from camket.core.targets import VerdictState
from camket.indicators.models import Indicator
from camket.indicators.operations import withdraw_reading
from camket.journal.models import Entry
from camket.objectives import measuring, verdicts
from camket.objectives.models import Objective, Plan, Target
from camket.org.policy import NotAllowed
from figures import HALF, SPRING, SUMMER, graded, make_plan_in_force, read, share, targets_of
from people import TODAY, People
from work import NOW

S = VerdictState


@pytest.fixture
def plan(people: People) -> Plan:
    return make_plan_in_force(people)


def states(people: People, plan: Plan, on: date = TODAY) -> list[VerdictState]:
    return [row.state for row in verdicts.verdicts_of_plan(people.binh, plan.pk, on).targets]


def test_promulgation_gives_every_target_its_indicator(plan: Plan) -> None:
    measures = [target.indicator.measure for target in targets_of(plan) if target.indicator]
    assert measures == ["ratio", "ratio", "value", "grade"]


def test_targets_are_judged_by_their_confirmed_figures(people: People, plan: Plan) -> None:
    on_time, satisfaction, _growth, grade = targets_of(plan)
    read(people, on_time, share(600, 612))
    read(people, satisfaction, share(90, 100))
    read(people, grade, graded(Grade.GOOD), confirmed=False)
    assert states(people, plan) == [S.ON_TRACK, S.AT_RISK, S.NO_DATA, S.NO_DATA]
    found = verdicts.verdicts_of_plan(people.chau, plan.pk, TODAY)
    assert [each.state for each in found.objectives] == [S.ON_TRACK, S.AT_RISK, S.NO_DATA]
    assert found.by_state == {S.ON_TRACK: 1, S.AT_RISK: 1, S.NO_DATA: 1}
    assert [each.waiting for each in found.targets] == [0, 0, 0, 1]
    assert [each.reached for each in found.objectives] == [1, 0, 0]


def test_verdict_tells_where_its_figure_comes_from(people: People, plan: Plan) -> None:
    on_time = targets_of(plan)[0]
    reading = read(people, on_time, share(600, 612))
    row = verdicts.verdicts_of_plan(people.binh, plan.pk, TODAY).targets[0]
    assert row.provenance is not None
    assert (row.provenance.reading_id, row.provenance.source) == (reading.pk, "Phần mềm một cửa")
    assert (row.provenance.entered_by, row.provenance.confirmed_by) == ("Trần Văn Bình", "Nguyễn Thị An")
    assert [figure.key for figure in row.verdict.used] == [reading.pk]


def test_withdrawing_a_figure_changes_the_verdict_at_once(people: People, plan: Plan) -> None:
    on_time = targets_of(plan)[0]
    reading = read(people, on_time, share(600, 612))
    withdraw_reading(actor=people.an, reading_id=reading.pk, reason="Cộng nhầm", now=NOW)
    assert states(people, plan)[0] is S.NO_DATA


def test_figures_of_later_days_are_not_known_on_the_day_judged(people: People, plan: Plan) -> None:
    on_time = targets_of(plan)[0]
    read(people, on_time, share(99, 100, SPRING))
    read(people, on_time, share(10, 100, SUMMER))
    assert states(people, plan, date(2026, 4, 15))[0] is S.ON_TRACK
    assert states(people, plan)[0] is S.AT_RISK


def test_statements_do_not_grow_with_the_targets(people: People, plan: Plan) -> None:
    read(people, targets_of(plan)[0], share(600, 612))
    with CaptureQueriesContext(connection) as few:
        verdicts.verdicts_of_plan(people.binh, plan.pk, TODAY)
    grow(plan, 60)
    with CaptureQueriesContext(connection) as many:
        found = verdicts.verdicts_of_plan(people.binh, plan.pk, date(2026, 7, 2))
    assert len(found.objectives) == 63
    assert len(many) == len(few) <= 7


def test_verdicts_are_remembered_until_the_journal_has_a_new_entry(people: People, plan: Plan) -> None:
    first = targets_of(plan)[0]
    read(people, first, share(600, 612))
    before = verdicts.verdicts_of_plan(people.binh, plan.pk, TODAY)
    with CaptureQueriesContext(connection) as again:
        assert verdicts.verdicts_of_plan(people.chau, plan.pk, TODAY) is before
    assert len(again) == 1
    read(people, first, share(1, 100, SPRING), confirmed=False)
    after = verdicts.verdicts_of_plan(people.binh, plan.pk, TODAY)
    assert (before.targets[0].waiting, after.targets[0].waiting) == (0, 1)
    for day in range(1, 12):
        verdicts.verdicts_of_plan(people.binh, plan.pk, date(2026, 8, day))
    assert verdicts.verdicts_of_plan(people.binh, plan.pk, TODAY) == after


def grow(plan: Plan, count: int) -> None:
    for number in range(count):
        objective = Objective.objects.create(
            plan=plan, order=10 + number, number=str(10 + number), text="Mục tiêu"
        )
        indicator = Indicator.objects.create(agency=plan.agency, name="Chỉ số", measure="ratio", unit="%")
        Target.objects.create(
            objective=objective, order=0, text="95%", kind="at_least", value=95, unit="%", indicator=indicator
        )


def test_one_objective_and_one_target(people: People, plan: Plan) -> None:
    first = targets_of(plan)[0]
    read(people, first, share(600, 612))
    found, objective = verdicts.verdicts_of_objective(people.binh, first.objective_id, TODAY)
    assert (found.plan_id, objective.number, len(found.objectives)) == (plan.pk, "1", 1)
    _plan, parent, row = verdicts.verdict_of_target(people.binh, first.pk, TODAY)
    assert (parent.objective_id, row.target_id, row.state) == (first.objective_id, first.pk, S.ON_TRACK)


def test_stranger_finds_neither_plan_nor_objective_nor_target(people: People, plan: Plan) -> None:
    first = targets_of(plan)[0]
    with pytest.raises(Plan.DoesNotExist):
        verdicts.verdicts_of_plan(people.chi, plan.pk, TODAY)
    with pytest.raises(Objective.DoesNotExist):
        verdicts.verdicts_of_objective(people.chi, first.objective_id, TODAY)
    with pytest.raises(Target.DoesNotExist):
        verdicts.verdict_of_target(people.chi, first.pk, TODAY)
    assert verdicts.target_of_indicator(people.chi, first.indicator_id or 0) is None
    assert verdicts.targets_of_indicators(people.chi, [first.indicator_id or 0]) == {}
    assert verdicts.task_counts(people.chi, plan.pk, TODAY) == {}


def test_indicator_leads_back_to_its_target(people: People, plan: Plan) -> None:
    first = targets_of(plan)[0]
    assert first.indicator_id is not None
    assert verdicts.target_of_indicator(people.an, first.indicator_id) == first.pk
    assert verdicts.targets_of_indicators(people.an, [first.indicator_id]) == {first.indicator_id: first.pk}


def test_plan_judged_is_the_one_in_force_or_closed(people: People, plan: Plan) -> None:
    assert verdicts.plan_judged(people.agency.pk, TODAY) == plan.pk
    assert verdicts.plan_judged(people.agency.pk, date(2027, 2, 1)) == plan.pk
    assert verdicts.plan_judged(people.agency.pk, date(2025, 12, 31)) is None
    assert verdicts.plan_judged(people.other_agency.pk, TODAY) is None
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.REPLACED)
    assert verdicts.plan_judged(people.agency.pk, TODAY) is None


def test_trend_judges_anew_at_the_end_of_each_figure(people: People, plan: Plan) -> None:
    first = targets_of(plan)[0]
    read(people, first, share(90, 100, SPRING))
    read(people, first, share(300, 300, SUMMER))
    found, _objective, row = verdicts.verdict_of_target(people.an, first.pk, TODAY)
    points = verdicts.trend(found, row, row.verdict.used)
    assert [(point.on, point.value, point.state) for point in points] == [
        (SPRING.end, Decimal(90), S.AT_RISK),
        (SUMMER.end, Decimal("97.5"), S.ON_TRACK),
    ]


def test_tasks_are_counted_by_objective(people: People, plan: Plan) -> None:
    counts = verdicts.task_counts(people.an, plan.pk, TODAY)
    first = targets_of(plan)[0].objective_id
    assert counts[first].total == 12
    assert counts[first].done == 0
    assert counts[first].overdue == 6


def test_report_for_commands_is_plain_json(people: People, plan: Plan) -> None:
    read(people, targets_of(plan)[0], share(600, 612))
    rows = verdicts.verdicts_report(people.agency.code, TODAY)
    assert rows is not None
    assert json.loads(json.dumps(rows)) == rows
    first = rows[0]
    assert (first["objective"], first["state"], first["numerator"], first["denominator"]) == (
        "1",
        "on_track",
        "600",
        "612",
    )
    assert first["reading"]["confirmed_by"] == "Nguyễn Thị An"
    assert first["reason"].endswith(".")
    assert rows[1]["reading"] is None
    assert verdicts.verdicts_report("H99", TODAY) is None
    assert verdicts.verdicts_report(people.other_agency.code, TODAY) is None


class TestSetMeasurement:
    def set(self, people: People, target: Target, **fields: object) -> None:
        values: dict[str, object] = {
            "expected_volume": None,
            "baseline_value": None,
            "change": "points",
            "adds_up": True,
            "method": "Theo phần mềm",
        }
        measuring.set_measurement(
            actor=people.an,
            target_id=target.pk,
            today=TODAY,
            **{**values, **fields},  # type: ignore[arg-type]
        )

    def test_baseline_lets_growth_be_judged(self, people: People, plan: Plan) -> None:
        growth = targets_of(plan)[2]
        reading = share(0, 1)
        read(people, growth, type(reading)(HALF, "Báo cáo", value=Decimal("94")))
        assert states(people, plan)[2] is S.NO_DATA
        self.set(people, growth, baseline_value=Decimal(92), adds_up=False)
        assert states(people, plan)[2] is S.ON_TRACK
        entry = Entry.objects.get(verb="target.measured")
        assert entry.after == {"baseline_value": "92"}

    def test_expected_volume_sets_the_allowance(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        read(people, first, share(600, 612))
        self.set(people, first, expected_volume=Decimal(1200))
        allowance = verdicts.verdicts_of_plan(people.an, plan.pk, TODAY).targets[0].verdict.allowance
        assert allowance is not None
        assert (allowance.expected, allowance.allowed, allowance.is_estimate) == (1200, 36, False)

    def test_nothing_new_leaves_no_entry(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        self.set(people, first)
        self.set(people, first)
        assert not Entry.objects.filter(verb="target.measured").exists()
        assert Entry.objects.filter(verb="indicator.changed").count() == 1

    def test_negative_volume_is_refused(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        with pytest.raises(measuring.MeasurementNotPossible):
            self.set(people, first, expected_volume=Decimal(-1))
        first.refresh_from_db()
        assert first.expected_volume is None

    def test_target_without_indicator_is_refused(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        Target.objects.filter(pk=first.pk).update(indicator=None)
        with pytest.raises(measuring.MeasurementNotPossible):
            self.set(people, first, expected_volume=Decimal(5))

    def test_officer_and_stranger_may_not(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        given = {
            "target_id": first.pk, "today": TODAY, "expected_volume": Decimal(9), "baseline_value": None,
            "change": "points", "adds_up": True, "method": "",
        }  # fmt: skip
        with pytest.raises(NotAllowed):
            measuring.set_measurement(actor=people.binh, **given)  # type: ignore[arg-type]
        with pytest.raises(Target.DoesNotExist):
            measuring.set_measurement(actor=people.chi, **given)  # type: ignore[arg-type]
        first.refresh_from_db()
        assert first.expected_volume is None
