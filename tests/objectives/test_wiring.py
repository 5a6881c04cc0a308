from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camket.core import plan as core
from camket.core.plan import Period
from camket.core.targets import VerdictState
from camket.core.workflow import NotPossible
from camket.dossiers.models import Batch, Bucket, TallyRevision
from camket.indicators.models import Continuation, Indicator
from camket.indicators.operations import NewReading, OwnerUnknown, confirm_reading, enter_reading
from camket.journal.models import Entry
from camket.objectives import entering, operations, verdicts, wiring
from camket.objectives.models import Plan, Target
from camket.objectives.operations import WiringNotPossible
from camket.objectives.verdicts import BaselineFrom
from camket.objectives.wiring import BY_HAND, NOT_MEASURED
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from camket.reporting.queries import results_on
from camket.voices.tally import Counted
from figures import HALF, make_plan_in_force, read, share, targets_of
from people import TODAY, People
from plans import sample_plan
from records import add_survey, count_answers
from work import NOW


@pytest.fixture
def plan(people: People) -> Plan:
    return make_plan_in_force(people)


def count_dossiers(people: People, month: date, *, finished: int, early: int, on_time: int) -> None:
    """Put a month of finished dossiers into the counts, all on its first day, as the import keeps them."""
    numbers = {
        "received": finished,
        "finished": finished,
        "early": early,
        "on_time": on_time,
        "late": finished - early - on_time,
    }
    agency_id = people.an.agency_id
    for grain, start in ((1, month), (2, month.replace(day=1))):
        Bucket.objects.create(
            agency_id=agency_id, grain=grain, shape=0, start=(start - date(1970, 1, 1)).days, **numbers
        )
    revision, _made = TallyRevision.objects.get_or_create(agency_id=agency_id)
    revision.number += 1
    revision.save()


def export_tells_up_to(people: People, day: date) -> None:
    Batch.objects.create(
        agency_id=people.an.agency_id,
        origin=Batch.Origin.PAGE,
        file_name="ho-so.xlsx",
        sha256="0" * 64,
        state=Batch.State.DONE,
        as_of=day,
        done_rows=1,
        created_at=NOW,
    )


def wire(people: People, target: Target, code: str, **more: object) -> None:
    operations.wire_target(actor=people.an, target_id=target.pk, code=code, today=TODAY, **more)  # type: ignore[arg-type]


# — proposals —


def test_every_target_of_a_plan_gets_a_proposal_with_its_reason(people: People, plan: Plan) -> None:
    found = wiring.plan_wiring(people.an, plan.pk)

    first = found.targets[0]
    assert first.wired is None
    assert first.first is not None
    assert (first.first.code, first.first.is_counted) == ("dossiers.on_time", True)
    assert dict(first.first.reason.params) == {"counted": "hồ sơ", "said": "đúng hạn"}
    assert [each.code for each in first.offers][1:3] == [
        "dossiers.on_time_with_open",
        "dossiers.on_time_first",
    ]


def test_a_plan_of_another_agency_is_not_there(people: People, plan: Plan) -> None:
    with pytest.raises(Plan.DoesNotExist):
        wiring.plan_wiring(people.chi, plan.pk)


def test_sure_proposals_are_confirmed_together_and_journalled(people: People, plan: Plan) -> None:
    before = wiring.plan_wiring(people.an, plan.pk)

    done = operations.confirm_proposals(actor=people.an, plan_id=plan.pk, today=TODAY)

    after = wiring.plan_wiring(people.an, plan.pk)
    assert done == len(before.confident) > 0
    assert len(after.open) == len(before.open) - done
    assert Entry.objects.filter(verb="target.wired").count() == done


def test_an_officer_does_not_choose_what_measures_a_target(people: People, plan: Plan) -> None:
    with pytest.raises(NotAllowed):
        operations.wire_target(
            actor=people.binh, target_id=targets_of(plan)[0].pk, code="dossiers.on_time", today=TODAY
        )

    assert not Entry.objects.filter(verb="target.wired").exists()


def test_another_agency_s_target_is_not_there(people: People, plan: Plan) -> None:
    with pytest.raises(Target.DoesNotExist):
        operations.wire_target(
            actor=people.chi, target_id=targets_of(plan)[0].pk, code="dossiers.on_time", today=TODAY
        )


# — choosing —


def test_a_report_names_the_field_that_alone_is_counted(people: People, plan: Plan) -> None:
    people.agency.procedure_fields.create(name="Đất đai", key="dat dai")
    wire(people, targets_of(plan)[0], "dossiers.on_time", filters={"field": ("dat dai",)})
    count_dossiers(people, date(2026, 1, 5), finished=10, early=2, on_time=7)
    export_tells_up_to(people, TODAY)

    formulas = [
        target.formula
        for objective in results_on(people.an, plan.pk, TODAY, today=TODAY)
        for target in objective.targets
    ]

    assert "Đất đai" in " ".join(formulas)
    assert "dat dai" not in " ".join(formulas)


def test_a_counted_indicator_brings_its_formula_unit_and_labels(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]

    wire(people, target, "dossiers.on_time", filters={"field": ("dat dai",)})

    row = Indicator.objects.get(targets=target)
    assert row.definition_code == "dossiers.on_time"
    assert row.formula["filters"] == {"field": ["dat dai"]}
    assert (row.measure, row.unit, row.adds_up, row.entered_every) == ("ratio", "%", True, "")
    assert row.denominator_label
    (entry,) = Entry.objects.filter(verb="target.wired")
    assert entry.after["measured_by"] == "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn"


def test_a_draft_s_target_gets_its_indicator_before_the_plan_is_in_force(people: People) -> None:
    plan_id = operations.import_format(actor=people.an, plan=sample_plan(), today=TODAY)
    target = Target.objects.filter(objective__plan_id=plan_id).order_by("objective__order", "order")[0]
    assert target.indicator_id is None

    wire(people, target, "dossiers.on_time")

    target.refresh_from_db()
    assert target.indicator is not None
    assert target.indicator.name == target.text


def test_an_indicator_of_another_kind_is_refused_and_nothing_changes(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]

    with pytest.raises(WiringNotPossible, match="another kind of figure"):
        wire(people, target, "index.reform_grade")
    with pytest.raises(WiringNotPossible, match="does not exist"):
        wire(people, target, "no.such")
    with pytest.raises(WiringNotPossible, match="narrowed"):
        wire(people, target, "dossiers.on_time", filters={"weather": ("rain",)})

    assert Indicator.objects.get(targets=target).definition_code == ""


def test_a_discarded_plan_s_target_is_not_measured(people: People) -> None:
    plan_id = operations.import_format(actor=people.an, plan=sample_plan(), today=TODAY)
    operations.discard_plan(actor=people.an, plan_id=plan_id, today=TODAY, reason="")
    target = Target.objects.filter(objective__plan_id=plan_id)[0]

    with pytest.raises(NotPossible, match="discarded"):
        wire(people, target, "dossiers.on_time")


def test_figures_by_hand_say_who_enters_them_how_often_and_by_when(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    unit = Unit.objects.filter(agency_id=people.an.agency_id).order_by("order")[1]

    wire(people, target, "dossiers.by_rules_by_hand", owner_id=unit.pk, every="month", within=3)

    found = wiring.plan_wiring(people.an, plan.pk).targets[0].wired
    assert found is not None
    assert (found.owner, found.every, found.within, found.is_entered) == (unit.name, "month", 3, True)


def test_a_unit_of_another_agency_is_refused(people: People, plan: Plan) -> None:
    foreign = Unit.objects.exclude(agency_id=people.an.agency_id)[0]

    with pytest.raises(OwnerUnknown):
        wire(people, targets_of(plan)[0], "dossiers.by_rules_by_hand", owner_id=foreign.pk)


def test_a_target_may_be_said_to_have_no_figure(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]

    wire(people, target, NOT_MEASURED)

    found = wiring.plan_wiring(people.an, plan.pk).targets[0].wired
    assert found is not None
    assert not found.is_measured
    assert target.indicator_id not in {
        each.indicator_id for each in entering.figures_to_enter(people.an, plan.pk, date(2027, 3, 1))
    }


# — plans to come —


def test_an_amended_plan_keeps_what_measures_its_targets(people: People, plan: Plan) -> None:
    wire(people, targets_of(plan)[0], "dossiers.on_time")

    amendment = operations.amend_plan(actor=people.an, plan_id=plan.pk, today=TODAY)

    found = wiring.plan_wiring(people.an, amendment).targets[0].wired
    assert found is not None
    assert found.code == "dossiers.on_time"


def test_next_year_s_decision_is_proposed_what_measured_this_year_s(people: People, plan: Plan) -> None:
    wire(people, targets_of(plan)[0], "dossiers.on_time_with_open")

    later = operations.import_format(actor=people.an, plan=sample_plan(2027), today=TODAY)

    first = wiring.plan_wiring(people.an, later).targets[0].first
    assert first is not None
    assert (first.code, str(first.reason)) == (
        "dossiers.on_time_with_open",
        "Because a target of the same wording was measured so in the plan of 2026.",
    )


def test_next_year_s_choice_leaves_this_year_s_indicator_alone(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    copy = operations.copy_plan(actor=people.an, plan_id=plan.pk, year=2027, today=TODAY)
    copied = Target.objects.filter(objective__plan_id=copy).order_by("objective__order", "order")[0]
    assert copied.indicator_id == target.indicator_id

    wire(people, copied, "dossiers.on_time")

    copied.refresh_from_db()
    target.refresh_from_db()
    assert copied.indicator_id != target.indicator_id
    assert Indicator.objects.get(pk=target.indicator_id).formula is None
    assert Continuation.objects.get(indicator_id=copied.indicator_id).predecessor_indicator_id == (
        target.indicator_id
    )


def test_an_indicator_with_readings_of_another_kind_keeps_them(people: People, plan: Plan) -> None:
    target = next(each for each in targets_of(plan) if each.kind == "increase_by")
    row = enter_reading(
        actor=people.binh,
        indicator_id=target.indicator_id or 0,
        reading=NewReading(HALF, "Sổ", value=Decimal(90)),
        now=NOW,
    )
    confirm_reading(actor=people.an, reading_id=row.pk, now=NOW)
    old = target.indicator_id

    operations.wire_target(actor=people.an, target_id=target.pk, code=BY_HAND, today=TODAY)

    target.refresh_from_db()
    assert target.indicator_id == old


# — verdicts —


def test_a_counted_target_is_judged_by_its_records(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    read(people, target, share(10, 20))
    wire(people, target, "dossiers.on_time")
    for month in range(1, 7):
        count_dossiers(people, date(2026, month, 10), finished=100, early=80, on_time=19)
    export_tells_up_to(people, date(2026, 6, 30))

    _plan, _objective, row = verdicts.verdict_of_target(people.an, target.pk, TODAY)

    assert row.is_counted
    assert row.provenance is None
    assert (row.verdict.numerator, row.verdict.denominator) == (Decimal(594), Decimal(600))
    assert row.verdict.covered == Period(date(2026, 1, 1), date(2026, 6, 30))
    assert row.state is VerdictState.ON_TRACK
    assert row.counted is not None
    assert (row.counted.code, len(row.counted.figures)) == ("dossiers.on_time", 6)


def test_readings_stand_where_records_tell_nothing(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    read(people, target, share(600, 612))
    wire(people, target, "dossiers.on_time")

    _plan, _objective, row = verdicts.verdict_of_target(people.an, target.pk, TODAY)

    assert not row.is_counted
    assert row.counted is not None
    assert row.counted.told is None
    assert row.provenance is not None
    assert (row.verdict.numerator, row.verdict.denominator) == (Decimal(600), Decimal(612))


def test_a_new_count_changes_the_remembered_verdicts(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    wire(people, target, "dossiers.on_time")
    count_dossiers(people, date(2026, 3, 10), finished=10, early=10, on_time=0)
    before = verdicts.verdicts_of_plan(people.an, plan.pk, TODAY)

    count_dossiers(people, date(2026, 4, 10), finished=10, early=0, on_time=0)

    after = verdicts.verdicts_of_plan(people.an, plan.pk, TODAY)
    assert before.targets[0].verdict.denominator == Decimal(10)
    assert after.targets[0].verdict.denominator == Decimal(20)


def test_answers_of_an_open_month_leave_remembered_verdicts_as_they_are(people: People, plan: Plan) -> None:
    """An answer comes every few minutes; what it adds to is shown once its month takes no more."""
    target, survey = targets_of(plan)[0], add_survey(people.agency)
    wire(people, target, "satisfaction.overall")
    march, july = (
        [Counted(survey=survey.pk, on=date(2026, month, 1), channel=5, ratings={"overall": 5})] * 6
        for month in (3, 7)
    )
    count_answers(people.agency, march)
    before = verdicts.verdicts_of_plan(people.an, plan.pk, TODAY)
    count_answers(people.agency, july)
    with CaptureQueriesContext(connection) as statements:
        assert verdicts.verdicts_of_plan(people.an, plan.pk, TODAY) is before
    assert len(statements) == 1
    count_answers(people.agency, march)
    after = verdicts.verdicts_of_plan(people.an, plan.pk, TODAY)
    assert [each.targets[0].verdict.denominator for each in (before, after)] == [6, 12]


def test_a_province_counts_what_the_commune_s_own_page_says(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    wire(people, target, "dossiers.on_time")
    for month in range(1, 7):
        count_dossiers(people, date(2026, month, 10), finished=100, early=50, on_time=30)

    own = verdicts.verdicts_of_plan(people.an, plan.pk, TODAY)
    above = verdicts.counts_of_plans([verdicts.PlanOfAgency(people.an.agency_id, plan.pk, own.period)], TODAY)

    assert dict(above[people.an.agency_id]) == dict(own.by_state)


@pytest.mark.parametrize("code", ["dossiers.on_time", "satisfaction.overall"])
def test_a_province_s_counts_follow_figures_that_no_entry_of_the_journal_tells_of(
    people: People, plan: Plan, code: str
) -> None:
    wire(people, targets_of(plan)[0], code)
    survey = add_survey(people.agency)
    own = verdicts.verdicts_of_plan(people.an, plan.pk, TODAY)
    judged = [verdicts.PlanOfAgency(people.an.agency_id, plan.pk, own.period)]
    before = verdicts.counts_of_plans(judged, TODAY)[people.an.agency_id]
    entries = Entry.objects.count()
    if code == "dossiers.on_time":
        count_dossiers(people, date(2026, 6, 10), finished=100, early=99, on_time=0)
    else:
        march = Counted(survey=survey.pk, on=date(2026, 3, 1), channel=5, ratings={"overall": 5})
        count_answers(people.agency, [march] * 6)
    assert Entry.objects.count() == entries

    after = verdicts.counts_of_plans(judged, TODAY)[people.an.agency_id]

    assert dict(after) == dict(verdicts.verdicts_of_plan(people.an, plan.pk, TODAY).by_state)
    assert after[VerdictState.NO_DATA] == before[VerdictState.NO_DATA] - 1
    with CaptureQueriesContext(connection) as statements:
        verdicts.counts_of_plans(judged, TODAY)
    assert len(statements) == 1


def _rising(people: People) -> tuple[Plan, Target]:
    plan = make_plan_in_force(people)
    target = next(each for each in targets_of(plan) if each.kind == "increase_by")
    Target.objects.filter(pk=target.pk).update(
        unit="%", value=Decimal(1), upper=None, baseline_year=2025, baseline_value=None
    )
    target.refresh_from_db()
    return plan, target


def test_growth_is_judged_against_last_year_s_records_both_ways(people: People) -> None:
    _plan, target = _rising(people)
    wire(people, target, "dossiers.early")
    for month in range(1, 13):
        count_dossiers(people, date(2025, month, 10), finished=100, early=80, on_time=15)
    for month in range(1, 7):
        count_dossiers(people, date(2026, month, 10), finished=1000, early=809, on_time=150)

    _shown, _objective, row = verdicts.verdict_of_target(people.an, target.pk, TODAY)

    assert (row.baseline, row.baseline_from) == (Decimal(80), BaselineFrom.COUNTED)
    assert (
        row.verdict.goal.replace("\N{NO-BREAK SPACE}", " ") == "≥ 81 % (80 % + 1 %)" or row.verdict.low == 81
    )
    assert row.otherwise is not None
    assert (row.verdict.low, row.otherwise.low) == (Decimal(81), Decimal("80.8"))
    assert row.state is VerdictState.AT_RISK
    assert row.otherwise.state is VerdictState.ON_TRACK


def test_a_result_that_a_person_gave_is_compared_with_before_any_count(people: People) -> None:
    _plan, target = _rising(people)
    Target.objects.filter(pk=target.pk).update(baseline_value=Decimal(75))
    wire(people, target, "dossiers.early")
    count_dossiers(people, date(2025, 1, 10), finished=100, early=80, on_time=15)
    count_dossiers(people, date(2026, 1, 10), finished=100, early=80, on_time=15)

    _shown, _objective, row = verdicts.verdict_of_target(people.an, target.pk, TODAY)

    assert (row.baseline, row.baseline_from) == (Decimal(75), BaselineFrom.SAID)


def test_records_that_begin_within_last_year_are_not_compared_with(people: People) -> None:
    _plan, target = _rising(people)
    wire(people, target, "dossiers.early")
    count_dossiers(people, date(2025, 9, 10), finished=100, early=80, on_time=15)
    count_dossiers(people, date(2026, 1, 10), finished=100, early=80, on_time=15)

    _shown, _objective, row = verdicts.verdict_of_target(people.an, target.pk, TODAY)

    assert row.baseline is None
    assert row.state is VerdictState.NO_DATA


def test_a_part_is_tied_to_its_whole_and_not_concluded_without_it(people: People, plan: Plan) -> None:
    whole = targets_of(plan)[0]
    part = Target.objects.create(
        objective=whole.objective,
        order=whole.order + 1,
        text="trong đó tỷ lệ giải quyết trước hạn trên 60%",
        kind=core.TargetKind.ABOVE.value,
        value=Decimal(60),
        unit="%",
    )
    wire(people, part, "dossiers.early")
    for month in range(1, 13):
        count_dossiers(people, date(2026, month, 10), finished=100, early=80, on_time=15)

    _shown, _objective, running = verdicts.verdict_of_target(people.an, part.pk, TODAY)
    _shown, _objective, final = verdicts.verdict_of_target(people.an, part.pk, date(2027, 1, 20))

    assert running.whole_id == whole.pk
    assert running.state is VerdictState.ON_TRACK
    assert final.state is VerdictState.NO_DATA
    assert "part of the target before it" in final.verdict.reason.template


# — what has to be entered —


def test_a_figure_is_asked_for_once_its_period_is_over(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    wire(people, target, BY_HAND, every="quarter", within=5)
    indicator = Indicator.objects.get(targets=target)

    def asked(on: date) -> list[tuple[date, bool]]:
        return [
            (each.due_on, each.is_late)
            for each in entering.figures_to_enter(people.an, plan.pk, on)
            if each.indicator_id == indicator.pk
        ]

    assert asked(date(2026, 3, 31)) == []
    assert asked(date(2026, 4, 1)) == [(date(2026, 4, 7), False)]
    assert asked(date(2026, 4, 8)) == [(date(2026, 4, 7), True)]
    read(people, target, share(10, 10, Period(date(2026, 1, 1), date(2026, 3, 31))), confirmed=False)
    assert asked(date(2026, 4, 8)) == []


def test_of_figures_that_do_not_add_up_the_newest_alone_is_asked(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    wire(people, target, BY_HAND, every="quarter", within=5)
    Indicator.objects.filter(targets=target).update(adds_up=False)

    found = entering.figures_to_enter(people.an, plan.pk, date(2026, 10, 2))

    assert [each.period.end for each in found if each.target_id == target.pk] == [date(2026, 9, 30)]


def test_what_is_counted_is_asked_of_nobody(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    wire(people, target, "dossiers.on_time")

    found = entering.figures_to_enter(people.an, plan.pk, date(2026, 12, 1))

    assert target.pk not in {each.target_id for each in found}


def test_a_unit_sees_its_own_figures_to_enter(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    units = list(Unit.objects.filter(agency_id=people.an.agency_id).order_by("order"))
    wire(people, target, BY_HAND, owner_id=units[1].pk, every="quarter")

    own = entering.figures_to_enter(people.an, plan.pk, TODAY, unit_ids=frozenset({units[1].pk}))
    others = entering.figures_to_enter(people.an, plan.pk, TODAY, unit_ids=frozenset({units[2].pk}))

    assert {each.target_id for each in own} == {target.pk}
    assert {each.unit for each in own} == {units[1].name}
    assert target.pk not in {each.target_id for each in others}
