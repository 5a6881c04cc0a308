"""Setting a plan right: each operation once, each refusal with nothing changed, strangers never."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from camket.actions.models import Action
from camket.core import plan as core
from camket.core.workflow import NotPossible
from camket.journal.models import Entry
from camket.objectives import operations, queries
from camket.objectives.details import ActionDetail, ObjectiveDetail, PlanDetail
from camket.objectives.models import Objective, Plan, Target
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from people import TODAY, People

Act = Callable[..., Any]


def detail(people: People, plan_id: int) -> PlanDetail:
    return queries.plan_detail(people.an, plan_id)


def objective(people: People, plan_id: int, at: int = 0) -> ObjectiveDetail:
    return detail(people, plan_id).objectives[at]


def action(people: People, plan_id: int, at: int = 0, of: int = 0) -> ActionDetail:
    return objective(people, plan_id, of).actions[at]


@contextmanager
def nothing_changes(people: People, plan_id: int) -> Iterator[None]:
    before, entries = detail(people, plan_id), Entry.objects.count()
    yield
    assert detail(people, plan_id) == before
    assert Entry.objects.count() == entries


def latest_entry() -> Entry:
    return Entry.objects.order_by("-pk")[0]


def test_head_is_changed_and_journaled(people: People, draft: int) -> None:
    operations.update_head(
        actor=people.an,
        plan_id=draft,
        today=TODAY,
        title="  Mục tiêu   chất lượng năm 2026 ",
        motto="Nhanh, đúng, thân thiện",
        commitments=["Một", " ", "Hai"],
        reporting="Hằng quý",
        resources="Ngân sách xã",
    )
    plan = detail(people, draft)
    assert plan.title == "Mục tiêu chất lượng năm 2026"
    assert plan.commitments == ("Một", "Hai")
    assert plan.reporting == (core.Schedule(core.ScheduleKind.EVERY, period=core.Every.QUARTER),)
    assert plan.resources == "Ngân sách xã"
    assert plan.revision == 2
    entry = latest_entry()
    assert entry.verb == "plan.changed"
    assert entry.after is not None
    assert entry.after["motto"] == "Nhanh, đúng, thân thiện"


def test_head_without_a_difference_writes_nothing(people: People, draft: int) -> None:
    with nothing_changes(people, draft):
        operations.update_head(actor=people.an, plan_id=draft, today=TODAY, place="Bình Yên")


def test_year_moves_period_and_actions(people: People, draft: int) -> None:
    operations.update_head(actor=people.an, plan_id=draft, today=TODAY, year=2027)
    plan = detail(people, draft)
    assert (plan.period.start.year, plan.period.end.year) == (2027, 2027)
    assert set(Action.objects.values_list("year", flat=True)) == {2027}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"revision": 7, "title": "Khác"}, operations.ChangedMeanwhile),
        ({"year": 1}, operations.YearMissing),
        ({"period": core.Period(TODAY, TODAY)}, operations.PeriodNotPossible),
        ({"number": "x" * 61}, operations.TooLong),
        ({"reporting": "lúc thuận tiện"}, operations.ScheduleNotUnderstood),
    ],
)
def test_head_is_refused(
    people: People, draft: int, fields: dict[str, Any], refusal: type[operations.Refused]
) -> None:
    with nothing_changes(people, draft), pytest.raises(refusal):
        operations.update_head(actor=people.an, plan_id=draft, today=TODAY, **fields)


def test_objective_is_added_with_the_targets_of_its_words(people: People, draft: int) -> None:
    new = operations.add_objective(
        actor=people.an,
        plan_id=draft,
        today=TODAY,
        text="Tối thiểu 45% hồ sơ được nộp trực tuyến",
        position=1,
    )
    plan = detail(people, draft)
    assert [each.number for each in plan.objectives] == ["1", "4", "2", "3"]
    assert plan.objectives[1].id == new
    (target,) = plan.objectives[1].targets
    assert (target.kind, target.value, target.unit) == ("at_least", Decimal(45), "%")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"text": "  "}, operations.TextMissing),
        ({"text": "Mục tiêu", "number": "1" * 21}, operations.TooLong),
        ({"text": "Mục tiêu", "position": 9}, operations.PositionNotPossible),
    ],
)
def test_objective_is_not_added(
    people: People, draft: int, fields: dict[str, Any], refusal: type[operations.Refused]
) -> None:
    with nothing_changes(people, draft), pytest.raises(refusal):
        operations.add_objective(actor=people.an, plan_id=draft, today=TODAY, **fields)


def test_objective_is_changed(people: People, draft: int) -> None:
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    row = objective(people, draft)
    operations.update_objective(
        actor=people.an,
        objective_id=row.id,
        today=TODAY,
        revision=row.revision,
        text="Mới",
        owner_id=unit.pk,
    )
    changed = objective(people, draft)
    assert (changed.text, changed.owner, changed.revision) == ("Mới", "Phòng Kinh tế", 2)
    assert changed.targets == row.targets
    with nothing_changes(people, draft), pytest.raises(operations.ChangedMeanwhile):
        operations.update_objective(
            actor=people.an, objective_id=row.id, today=TODAY, revision=row.revision, text="Nữa"
        )
    operations.update_objective(actor=people.an, objective_id=row.id, today=TODAY, owner_id=None)
    assert objective(people, draft).owner_id is None


def test_objective_is_refused_a_unit_of_another_agency(people: People, draft: int) -> None:
    theirs = Unit.objects.filter(agency=people.other_agency)[0]
    with nothing_changes(people, draft), pytest.raises(Unit.DoesNotExist):
        operations.update_objective(
            actor=people.an, objective_id=objective(people, draft).id, today=TODAY, owner_id=theirs.pk
        )


def test_objective_is_moved(people: People, draft: int) -> None:
    first = objective(people, draft)
    operations.move_objective(actor=people.an, objective_id=first.id, position=2, today=TODAY)
    assert [each.number for each in detail(people, draft).objectives] == ["2", "3", "1"]
    with nothing_changes(people, draft), pytest.raises(operations.PositionNotPossible):
        operations.move_objective(actor=people.an, objective_id=first.id, position=3, today=TODAY)


def test_objectives_are_renumbered_with_what_hangs_on_their_numbers(people: People, draft: int) -> None:
    ids = [each.id for each in detail(people, draft).objectives]
    for pk, number in zip(ids, ["4", "4.1", "7"], strict=True):
        operations.update_objective(actor=people.an, objective_id=pk, today=TODAY, number=number)
    operations.update_action(
        actor=people.an, action_id=action(people, draft, of=1).id, today=TODAY, number="4.1.1"
    )
    operations.renumber_objectives(actor=people.an, plan_id=draft, today=TODAY)
    plan = detail(people, draft)
    assert [each.number for each in plan.objectives] == ["1", "1.1", "2"]
    assert plan.objectives[1].actions[0].number == "1.1.1"


def test_objective_is_split(people: People, draft: int) -> None:
    row = objective(people, draft, 1)
    new = operations.split_objective(
        actor=people.an,
        objective_id=row.id,
        first="Hài lòng trên 92%",
        second="Tăng so với năm trước",
        target_ids=[row.targets[1].id],
        action_ids=[row.actions[0].id],
        today=TODAY,
    )
    plan = detail(people, draft)
    assert [each.id for each in plan.objectives][1:3] == [row.id, new]
    assert [each.text for each in plan.objectives[1:3]] == ["Hài lòng trên 92%", "Tăng so với năm trước"]
    assert [len(each.targets) for each in plan.objectives] == [1, 1, 1, 1]
    assert [len(each.actions) for each in plan.objectives] == [2, 0, 1, 1]
    assert plan.objectives[2].number == "4"


def test_objective_is_not_split(people: People, draft: int) -> None:
    row, other = detail(people, draft).objectives[:2]
    for fields in (
        {"first": "", "second": "b"},
        {"first": "a", "second": " "},
        {"first": "a", "second": "b", "target_ids": [other.targets[0].id]},
        {"first": "a", "second": "b", "action_ids": [other.actions[0].id]},
    ):
        with nothing_changes(people, draft), pytest.raises(operations.SplitNotPossible):
            operations.split_objective(actor=people.an, objective_id=row.id, today=TODAY, **fields)


def test_objectives_are_merged(people: People, draft: int) -> None:
    first, second, third = detail(people, draft).objectives
    operations.merge_objectives(actor=people.an, objective_id=second.id, into_id=first.id, today=TODAY)
    plan = detail(people, draft)
    assert [each.id for each in plan.objectives] == [first.id, third.id]
    merged = plan.objectives[0]
    assert merged.text == f"{first.text}; {second.text}"
    assert len(merged.targets) == 3
    # "1" was taken, so the action that came counts on.
    assert [each.number for each in merged.actions] == ["1", "2", "3"]
    with nothing_changes(people, draft), pytest.raises(operations.MergeNotPossible):
        operations.merge_objectives(actor=people.an, objective_id=first.id, into_id=first.id, today=TODAY)


def test_objective_is_deleted_with_its_actions(people: People, draft: int) -> None:
    row = objective(people, draft)
    operations.delete_objective(actor=people.an, objective_id=row.id, today=TODAY)
    assert [each.number for each in detail(people, draft).objectives] == ["2", "3"]
    assert not Action.objects.filter(pk__in=[each.id for each in row.actions]).exists()
    entry = latest_entry()
    assert entry.verb == "objective.deleted"
    assert entry.before is not None
    assert entry.before["text"] == row.text


def test_targets_are_read_from_official_words(people: People, draft: int) -> None:
    row = objective(people, draft, 2)
    ids = operations.add_targets(
        actor=people.an,
        objective_id=row.id,
        text="Hồ sơ trễ hạn không quá 2%; ít nhất 01 sáng kiến",
        today=TODAY,
    )
    added = objective(people, draft, 2).targets[1:]
    assert [each.id for each in added] == list(ids)
    assert [(each.kind, each.value) for each in added] == [("at_most", Decimal(2)), ("at_least", Decimal(1))]


def test_bare_value_is_a_target(people: People, draft: int) -> None:
    operations.add_targets(
        actor=people.an, objective_id=objective(people, draft, 2).id, text="≥ 95%", today=TODAY
    )
    target = objective(people, draft, 2).targets[-1]
    assert (target.kind, target.value, target.text) == ("at_least", Decimal(95), "≥ 95%")
    assert "95" in target.meaning


def test_words_without_a_figure_are_a_target_only_where_asked_for(people: People, draft: int) -> None:
    row = objective(people, draft)
    words = "Tiếp tục đổi mới lề lối làm việc"
    with nothing_changes(people, draft), pytest.raises(operations.TargetNotUnderstood):
        operations.add_targets(actor=people.an, objective_id=row.id, text=words, today=TODAY)
    with nothing_changes(people, draft), pytest.raises(operations.TextMissing):
        operations.add_targets(actor=people.an, objective_id=row.id, text=" ", today=TODAY)
    operations.add_targets(actor=people.an, objective_id=row.id, text=words, today=TODAY, as_state=True)
    assert objective(people, draft).targets[-1].kind == "achieved"


def test_target_is_reworded_and_understood_anew(people: People, draft: int) -> None:
    target = objective(people, draft).targets[0]
    operations.update_target(
        actor=people.an,
        target_id=target.id,
        today=TODAY,
        revision=target.revision,
        text="Hồ sơ trễ hạn dưới 0,5%",
    )
    changed = objective(people, draft).targets[0]
    assert (changed.kind, changed.value, changed.revision) == ("below", Decimal("0.5"), 2)


def test_target_is_set_right_by_hand(people: People, draft: int) -> None:
    target = objective(people, draft).targets[0]
    operations.update_target(
        actor=people.an,
        target_id=target.id,
        today=TODAY,
        kind="between",
        value=Decimal(43),
        upper=Decimal(45),
        unit="triệu đồng/người/năm",
        striving=True,
        expected_volume=Decimal(1200),
        baseline_value=Decimal("91.5"),
        change="relative",
        period=core.Period(TODAY, TODAY.replace(month=9, day=30)),
    )
    changed = objective(people, draft).targets[0]
    assert (changed.kind, changed.value, changed.upper) == ("between", Decimal(43), Decimal(45))
    assert (changed.unit, changed.striving, changed.change) == ("triệu đồng/người/năm", True, "relative")
    assert (changed.expected_volume, changed.baseline_value) == (Decimal(1200), Decimal("91.5"))
    assert changed.period == core.Period(TODAY, TODAY.replace(month=9, day=30))
    assert changed.text == target.text


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"revision": 9, "striving": True}, operations.ChangedMeanwhile),
        ({"text": "Tiếp tục đổi mới lề lối làm việc"}, operations.TargetNotUnderstood),
        ({"text": "Trên 90% hồ sơ; dưới 2% trễ hạn"}, operations.TargetNotUnderstood),
        ({"kind": "between", "value": Decimal(5), "upper": Decimal(4)}, operations.TargetNotPossible),
        ({"kind": "achieved"}, operations.TargetNotPossible),
        ({"value": None}, operations.TargetNotPossible),
        ({"expected_volume": Decimal(-1)}, operations.TargetNotPossible),
        ({"period": core.Period(TODAY, TODAY.replace(year=2025))}, operations.PeriodNotPossible),
    ],
)
def test_target_is_refused(
    people: People, draft: int, fields: dict[str, Any], refusal: type[operations.Refused]
) -> None:
    target = objective(people, draft).targets[0]
    with nothing_changes(people, draft), pytest.raises(refusal):
        operations.update_target(actor=people.an, target_id=target.id, today=TODAY, **fields)


def test_target_is_moved_to_another_objective(people: People, draft: int) -> None:
    first, second = detail(people, draft).objectives[:2]
    moved = first.targets[0].id
    operations.move_target(actor=people.an, target_id=moved, objective_id=second.id, position=1, today=TODAY)
    plan = detail(people, draft)
    assert [each.id for each in plan.objectives[1].targets] == [
        second.targets[0].id,
        moved,
        second.targets[1].id,
    ]
    with nothing_changes(people, draft), pytest.raises(operations.PositionNotPossible):
        operations.move_target(
            actor=people.an, target_id=moved, objective_id=first.id, position=3, today=TODAY
        )


def test_target_is_deleted(people: People, draft: int) -> None:
    operations.delete_target(actor=people.an, target_id=objective(people, draft).targets[0].id, today=TODAY)
    assert objective(people, draft).targets == ()


def test_action_is_added_and_its_time_understood(people: People, draft: int) -> None:
    new = operations.add_action(
        actor=people.an,
        objective_id=objective(people, draft).id,
        today=TODAY,
        text="Họp giao ban",
        when="Trước ngày 10 hằng tháng",
        lead=["Phòng Kinh tế", " "],
        monitors=["Thư ký ISO"],
        evidence=["Thông báo kết luận"],
    )
    added = action(people, draft, 2)
    assert (added.id, added.number) == (new, "3")
    assert added.schedule == (core.Schedule(core.ScheduleKind.EVERY, period=core.Every.MONTH, day=10),)
    assert [(body.text, body.name) for body in added.lead] == [("Phòng Kinh tế", "Phòng Kinh tế")]
    assert [(body.text, body.name) for body in added.monitors] == [("Thư ký ISO", "Nguyễn Thị An")]


def test_action_is_changed(people: People, draft: int) -> None:
    row = action(people, draft)
    operations.update_action(
        actor=people.an,
        action_id=row.id,
        today=TODAY,
        revision=row.revision,
        when="Quý I, Quý III",
        lead=["Văn phòng HĐND&UBND xã"],
        evidence=["Sổ theo dõi"],
        resources="Máy quét",
        evaluation="So với phần mềm",
    )
    changed = action(people, draft)
    assert [entry.kind.value for entry in changed.schedule] == ["during", "during"]
    assert changed.lead[0].name == "Văn phòng HĐND và UBND"
    assert changed.support == row.support
    assert (changed.evidence, changed.resources, changed.evaluation) == (
        ("Sổ theo dõi",),
        "Máy quét",
        "So với phần mềm",
    )
    assert changed.revision == 2
    entry = latest_entry()
    assert (entry.before or {})["lead"] == ["Trung tâm Phục vụ HCC"]
    with nothing_changes(people, draft), pytest.raises(operations.ChangedMeanwhile):
        operations.update_action(
            actor=people.an, action_id=row.id, today=TODAY, revision=row.revision, text="Khác"
        )
    with nothing_changes(people, draft), pytest.raises(operations.TextMissing):
        operations.update_action(actor=people.an, action_id=row.id, today=TODAY, text=" ")
    with nothing_changes(people, draft), pytest.raises(operations.TooLong):
        operations.update_action(actor=people.an, action_id=row.id, today=TODAY, lead=["x" * 501])


def test_time_that_is_not_understood_is_kept_without_dates(people: People, draft: int) -> None:
    row = action(people, draft)
    operations.update_action(actor=people.an, action_id=row.id, today=TODAY, when="lúc thuận tiện")
    changed = action(people, draft)
    assert (changed.when, changed.schedule) == ("lúc thuận tiện", ())


def test_schedule_given_wins_over_the_words(people: People, draft: int) -> None:
    row = action(people, draft)
    by = core.Schedule(core.ScheduleKind.BY, date=TODAY)
    operations.update_action(
        actor=people.an, action_id=row.id, today=TODAY, when="lúc thuận tiện", schedule=[by]
    )
    assert action(people, draft).schedule == (by,)


def test_action_is_moved(people: People, draft: int) -> None:
    first, second = detail(people, draft).objectives[:2]
    moved = first.actions[0].id
    operations.move_action(actor=people.an, action_id=moved, objective_id=second.id, position=0, today=TODAY)
    plan = detail(people, draft)
    assert [each.id for each in plan.objectives[1].actions] == [moved, second.actions[0].id]
    # Its number "1" was taken there.
    assert plan.objectives[1].actions[0].number == "2"
    assert len(plan.objectives[0].actions) == 1
    with nothing_changes(people, draft), pytest.raises(operations.PositionNotPossible):
        operations.move_action(
            actor=people.an, action_id=moved, objective_id=first.id, position=-1, today=TODAY
        )


def test_action_is_split_and_merged_again(people: People, draft: int) -> None:
    row = action(people, draft)
    new = operations.split_action(
        actor=people.an, action_id=row.id, first="Rà soát hồ sơ", second="Nhắc người thụ lý", today=TODAY
    )
    actions = objective(people, draft).actions
    assert [each.id for each in actions][:2] == [row.id, new]
    assert actions[1].lead == row.lead
    assert actions[1].schedule == row.schedule
    assert actions[1].number == "3"
    operations.merge_actions(actor=people.an, action_id=new, into_id=row.id, today=TODAY)
    merged = action(people, draft)
    assert merged.text == "Rà soát hồ sơ; Nhắc người thụ lý"
    assert (merged.when, merged.schedule, merged.lead) == (row.when, row.schedule, row.lead)
    assert len(objective(people, draft).actions) == 2
    with nothing_changes(people, draft), pytest.raises(operations.SplitNotPossible):
        operations.split_action(actor=people.an, action_id=row.id, first="a", second="", today=TODAY)
    with nothing_changes(people, draft), pytest.raises(operations.MergeNotPossible):
        operations.merge_actions(actor=people.an, action_id=row.id, into_id=row.id, today=TODAY)


def test_merge_adds_what_the_other_lacks(people: People, draft: int) -> None:
    into, other = objective(people, draft).actions
    operations.merge_actions(actor=people.an, action_id=other.id, into_id=into.id, today=TODAY)
    merged = action(people, draft)
    assert merged.when == "Hằng tháng; Khi có thay đổi"
    assert merged.schedule == into.schedule + other.schedule
    assert [body.text for body in merged.lead] == ["Trung tâm Phục vụ HCC", "Văn phòng HĐND&UBND xã"]
    assert merged.evidence == ("Bảng theo dõi hồ sơ", "Ảnh niêm yết")


def test_action_is_deleted(people: People, draft: int) -> None:
    row = action(people, draft)
    operations.delete_action(actor=people.an, action_id=row.id, today=TODAY)
    assert [each.number for each in objective(people, draft).actions] == ["2"]
    assert not Action.objects.filter(pk=row.id).exists()


def every_edit(people: People, plan_id: int) -> list[tuple[Act, dict[str, Any]]]:
    first, second = detail(people, plan_id).objectives[:2]
    target, one, two = first.targets[0].id, first.actions[0].id, first.actions[1].id
    return [
        (operations.update_head, {"plan_id": plan_id, "title": "Khác"}),
        (operations.add_objective, {"plan_id": plan_id, "text": "Mới"}),
        (operations.renumber_objectives, {"plan_id": plan_id}),
        (operations.update_objective, {"objective_id": first.id, "text": "Khác"}),
        (operations.move_objective, {"objective_id": first.id, "position": 1}),
        (operations.split_objective, {"objective_id": first.id, "first": "a", "second": "b"}),
        (operations.merge_objectives, {"objective_id": first.id, "into_id": second.id}),
        (operations.delete_objective, {"objective_id": first.id}),
        (operations.add_targets, {"objective_id": first.id, "text": "≥ 90%"}),
        (operations.update_target, {"target_id": target, "striving": True}),
        (operations.move_target, {"target_id": target, "objective_id": second.id}),
        (operations.delete_target, {"target_id": target}),
        (operations.add_action, {"objective_id": first.id, "text": "Mới"}),
        (operations.update_action, {"action_id": one, "text": "Khác"}),
        (operations.move_action, {"action_id": one, "objective_id": second.id}),
        (operations.split_action, {"action_id": one, "first": "a", "second": "b"}),
        (operations.merge_actions, {"action_id": one, "into_id": two}),
        (operations.delete_action, {"action_id": one}),
    ]


def test_nobody_else_edits(people: People, draft: int) -> None:
    strangers = (Plan.DoesNotExist, Objective.DoesNotExist, Target.DoesNotExist, Action.DoesNotExist)
    for act, fields in every_edit(people, draft):
        with nothing_changes(people, draft), pytest.raises(strangers):
            act(actor=people.chi, today=TODAY, **fields)
        with nothing_changes(people, draft), pytest.raises(NotAllowed):
            act(actor=people.binh, today=TODAY, **fields)


def test_plan_in_force_is_not_edited(people: People, plan_in_force: int) -> None:
    for act, fields in every_edit(people, plan_in_force):
        with nothing_changes(people, plan_in_force), pytest.raises(NotPossible) as refused:
            act(actor=people.an, today=TODAY, **fields)
        assert "amending decision" in str(refused.value.message)


def test_rows_of_two_plans_never_mix(people: People, draft: int) -> None:
    other = operations.copy_plan(actor=people.an, plan_id=draft, year=2027, today=TODAY)
    here, there = objective(people, draft), objective(people, other)
    with nothing_changes(people, draft), pytest.raises(operations.MergeNotPossible):
        operations.merge_objectives(actor=people.an, objective_id=here.id, into_id=there.id, today=TODAY)
    with nothing_changes(people, draft), pytest.raises(operations.PositionNotPossible):
        operations.move_target(
            actor=people.an, target_id=here.targets[0].id, objective_id=there.id, today=TODAY
        )
    with nothing_changes(people, draft), pytest.raises(operations.PositionNotPossible):
        operations.move_action(
            actor=people.an, action_id=here.actions[0].id, objective_id=there.id, today=TODAY
        )
    with nothing_changes(people, draft), pytest.raises(operations.MergeNotPossible):
        operations.merge_actions(
            actor=people.an, action_id=here.actions[0].id, into_id=there.actions[0].id, today=TODAY
        )
