from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from camket.actions.models import ActionBody, Task
from camket.core.messages import Refusal
from camket.core.numbering import NumberNotPossible
from camket.improvement.models import Audit, Nonconformity, Risk
from camket.journal.models import Entry
from camket.notifications.models import Notification
from camket.objectives import operations
from camket.org import queries
from camket.org.models import BodyName, Delegation, Membership, Unit, UnitSuccession
from camket.org.operations import NameTaken
from camket.org.policy import NotAllowed
from camket.publishing.models import PlannedPosting
from camket.registers.models import ListItem
from cycle import one_of_everything
from people import TODAY, People
from work import NOW, make_action, make_task, submitted_task, unit_of

YESTERDAY = date(2026, 6, 30)
DECISION = operations.UnitDecision("12/QĐ-UBND", date(2026, 6, 25), "Sắp xếp tổ chức bộ máy")


def merge(people: People, **changes: object) -> Unit:
    given: dict[str, object] = {
        "actor": people.an,
        "unit_id": unit_of(people, 1).pk,
        "into_id": unit_of(people, 2).pk,
        "decision": DECISION,
        "now": NOW,
    }
    return operations.merge_unit(**{**given, **changes})  # type: ignore[arg-type]


def test_people_go_on_in_the_new_unit_with_the_same_title(people: People) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    Membership.objects.filter(person_id=people.dung.person_id).update(position="Trưởng phòng")
    merge(people)
    rows = Membership.objects.filter(person_id=people.dung.person_id).order_by("pk")
    assert [(row.unit_id, row.role, row.position, row.valid_from, row.valid_to) for row in rows] == [
        (old.pk, "head", "Trưởng phòng", None, YESTERDAY),
        (new.pk, "head", "Trưởng phòng", TODAY, None),
    ]
    assert not Unit.objects.get(pk=old.pk).is_active
    entry = Entry.objects.get(verb="unit.merged")
    assert entry.after["posts"] == 2
    assert (entry.reason, entry.after["decision_number"]) == (DECISION.reason, "12/QĐ-UBND")
    assert Entry.objects.get(verb="unit.took_over").subject_id == new.pk


def test_a_second_head_becomes_an_officer_and_deputies_go_on(people: People) -> None:
    new = unit_of(people, 2)
    Membership.objects.create(agency=people.agency, person_id=people.an.person_id, unit=new, role="head")
    post = Membership.objects.get(person_id=people.dung.person_id)
    delegation = Delegation.objects.create(
        agency=people.agency, post=post, deputy_id=people.binh.person_id, valid_from=TODAY, valid_to=date(2026, 7, 9),
        reason="Nghỉ phép",
    )  # fmt: skip
    merge(people)
    moved = Membership.objects.get(person_id=people.dung.person_id, unit=new)
    assert moved.role == "officer"
    delegation.refresh_from_db()
    assert delegation.post_id == moved.pk


def test_open_work_moves_and_closed_work_keeps_the_old_unit(people: People) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    task = make_task(people, number="1")
    done = submitted_task(people, number="2")
    Task.objects.filter(pk=done.pk).update(state="accepted", done_on=TODAY)
    over = make_action(people, lead=old, number="3")
    type(over).objects.filter(pk=over.pk).update(state="ended")
    BodyName.objects.create(agency=people.agency, text="Phòng KT", key="phong kt", unit=old)
    merge(people)
    assert Task.objects.get(pk=task.pk).unit_id == new.pk
    assert Task.objects.get(pk=done.pk).unit_id == old.pk
    assert ActionBody.objects.get(action=over).unit_id == old.pk
    assert ActionBody.objects.get(action=task.action_id).unit_id == new.pk
    assert ActionBody.objects.get(action=task.action_id).text == "Phòng Kinh tế"
    assert BodyName.objects.get().unit_id == new.pk


@pytest.mark.parametrize("case", ["itself", "foreign", "retired", "committee", "reason", "officer"])
def test_what_cannot_be_merged_is_refused_whole(people: People, case: str) -> None:
    changes: dict[str, object] = {}
    if case == "itself":
        changes["into_id"] = unit_of(people, 1).pk
    if case == "foreign":
        changes["into_id"] = Unit.objects.filter(agency=people.other_agency).order_by("pk")[0].pk
    if case == "retired":
        Unit.objects.filter(pk=unit_of(people, 2).pk).update(is_active=False)
    if case == "committee":
        Unit.objects.filter(pk=unit_of(people, 2).pk).update(kind="committee")
    if case == "reason":
        changes["decision"] = replace(DECISION, reason=" ")
    if case == "officer":
        changes["actor"] = people.binh
    with pytest.raises((Refusal, NotAllowed, Unit.DoesNotExist)):
        merge(people, **changes)
    assert Membership.objects.filter(unit=unit_of(people, 1), valid_to=None).count() == 2
    assert not Entry.objects.exists()


def test_what_is_open_of_the_cycle_goes_along_and_what_is_over_keeps_the_old_unit(people: People) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    one_of_everything(people)
    Nonconformity.objects.update(unit=old)
    Risk.objects.update(unit=old)
    closed = Nonconformity.objects.filter(state="judging").order_by("pk").last()
    assert closed is not None
    Nonconformity.objects.filter(pk=closed.pk).update(state="closed")
    to_come, began = Audit.objects.get(state="announced"), Audit.objects.get(state="open")
    merge(people)
    assert Nonconformity.objects.get(pk=closed.pk).unit_id == old.pk
    running = Nonconformity.objects.exclude(pk=closed.pk)
    assert running.exists()
    assert set(running.values_list("unit_id", flat=True)) == {new.pk}
    assert set(Risk.objects.filter(state="open").values_list("unit_id", flat=True)) == {new.pk}
    assert (to_come.units.get().unit_id, began.units.get().unit_id) == (new.pk, old.pk)
    assert Entry.objects.get(verb="unit.merged").after["nonconformities"] == running.count()


def succession(former: Unit, successor: Unit) -> UnitSuccession:
    return UnitSuccession.objects.get(predecessor=former, successor=successor)


def test_the_succession_stays_on_record_with_decision_and_what_went_along(people: People) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    make_task(people, number="1")
    merge(people)
    kept = succession(old, new)
    assert (kept.kind, kept.on, kept.decision_number, kept.decided_on, kept.reason) == (
        "merger",
        TODAY,
        "12/QĐ-UBND",
        date(2026, 6, 25),
        "Sắp xếp tổ chức bộ máy",
    )
    assert (kept.moved["posts"], kept.moved["tasks"], kept.moved["parts"]) == (2, 1, 1)
    shown = queries.successions_of_units(people.an, old.pk)
    assert [(each.former, each.successor) for each in shown] == [(old.name, new.name)]
    assert queries.successions_of_units(people.chi) == []
    told = Notification.objects.get(person_id=people.dung.person_id, topic="assigned")
    assert told.message["params"]["into"] == new.name
    with pytest.raises(operations.MergingNotPossible):
        merge(people)
    assert UnitSuccession.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"number": "số 12"}, NumberNotPossible),
        ({"signed_on": TODAY + timedelta(days=1)}, operations.MergingUnexplained),
        ({"reason": "\n"}, operations.MergingUnexplained),
    ],
)
def test_a_decision_has_a_number_a_day_that_has_come_and_a_reason(
    people: People, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        merge(people, decision=replace(DECISION, **wrong))
    assert not UnitSuccession.objects.exists()
    assert unit_of(people, 1).is_active


def test_renamed_by_a_decision_it_goes_on_as_a_unit_that_takes_over(people: People) -> None:
    old = unit_of(people, 1)
    task, done = make_task(people, number="1"), submitted_task(people, number="2")
    Task.objects.filter(pk=done.pk).update(state="accepted", done_on=TODAY)
    given = {"actor": people.an, "unit_id": old.pk, "short_name": "", "decision": DECISION, "now": NOW}
    with pytest.raises(NameTaken):
        operations.rename_unit_by_decision(name=unit_of(people, 2).name, **given)  # type: ignore[arg-type]
    new = operations.rename_unit_by_decision(name="Phòng Kinh tế, Hạ tầng và Đô thị", **given)  # type: ignore[arg-type]
    old.refresh_from_db()
    assert (old.is_active, new.is_active, new.order, new.kind) == (False, True, old.order, old.kind)
    assert (Task.objects.get(pk=task.pk).unit_id, Task.objects.get(pk=done.pk).unit_id) == (new.pk, old.pk)
    assert succession(old, new).kind == "renaming"
    post = Membership.objects.get(person_id=people.dung.person_id, unit=new)
    assert (post.role, post.valid_from) == ("head", TODAY)
    assert Entry.objects.get(verb="unit.renamed").subject_id == old.pk


def test_split_each_person_takes_the_own_work_and_one_unit_the_rest(people: People) -> None:
    old, rest = unit_of(people, 1), unit_of(people, 2)
    other = Unit.objects.create(agency=people.agency, name="Phòng Xây dựng", order=9)
    named, nobodys = make_task(people, number="1"), make_task(people, number="2")
    done = submitted_task(people, number="3")
    Task.objects.filter(pk=named.pk).update(assignee_id=people.binh.person_id)
    Task.objects.filter(pk=nobodys.pk).update(assignee=None)
    Task.objects.filter(pk=done.pk).update(state="accepted", done_on=TODAY, assignee_id=people.binh.person_id)
    one_of_everything(people)
    Nonconformity.objects.update(unit=old, owner=None)
    mine = Nonconformity.objects.filter(state="open")[0]
    Nonconformity.objects.filter(pk=mine.pk).update(owner_id=people.binh.person_id)
    Risk.objects.update(unit=old, owner=None)
    given = {"actor": people.an, "unit_id": old.pk, "rest_id": rest.pk, "decision": DECISION, "now": NOW}
    binh, dung = people.binh.person_id, people.dung.person_id
    with pytest.raises(operations.MergingNotPossible):
        operations.split_unit(people={binh: rest.pk, dung: rest.pk}, **given)  # type: ignore[arg-type]
    assert Task.objects.get(pk=named.pk).unit_id == old.pk
    made = operations.split_unit(people={binh: other.pk, dung: rest.pk}, **given)  # type: ignore[arg-type]
    assert made == (rest, other)
    units = {each.pk: Task.objects.get(pk=each.pk).unit_id for each in (named, nobodys, done)}
    assert units == {named.pk: other.pk, nobodys.pk: rest.pk, done.pk: old.pk}
    assert Nonconformity.objects.get(pk=mine.pk).unit_id == other.pk
    assert set(
        Nonconformity.objects.filter(state="open").exclude(pk=mine.pk).values_list("unit_id", flat=True)
    ) <= {rest.pk}
    assert set(Risk.objects.filter(state="open").values_list("unit_id", flat=True)) == {rest.pk}
    now_held = Membership.objects.filter(valid_to=None, unit__in=(old, rest, other))
    assert set(now_held.values_list("person_id", "unit_id")) >= {(binh, other.pk), (dung, rest.pk)}
    assert not now_held.filter(unit=old).exists()
    assert {succession(old, each).kind for each in (rest, other)} == {"split"}
    assert succession(old, other).moved["posts"] == 1
    assert Entry.objects.get(verb="unit.split").after["into"] == f"{other.name}; {rest.name}"


def test_what_is_owed_goes_along_and_what_was_sent_stays(people: People) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    year = TODAY.year
    coming, past, gone = (
        PlannedPosting.objects.create(
            agency=people.agency, year=year, subject=name, when=name, due_on=day, unit=old, is_dropped=dropped
        )
        for name, day, dropped in (
            ("Sắp tới", TODAY, False),
            ("Đã qua", YESTERDAY, False),
            ("Đã bỏ", TODAY, True),
        )
    )
    item = ListItem.objects.create(agency=people.agency, register="figures", key="thu", name="Thu", unit=old)
    merge(people)
    owners = {each.pk: PlannedPosting.objects.get(pk=each.pk).unit_id for each in (coming, past, gone)}
    assert owners == {coming.pk: new.pk, past.pk: old.pk, gone.pk: old.pk}
    assert ListItem.objects.get(pk=item.pk).unit_id == new.pk
    assert succession(old, new).moved["postings"] == 1
