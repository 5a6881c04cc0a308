from __future__ import annotations

from datetime import date

import pytest

from camket.actions.models import ActionBody, Task
from camket.core.messages import Refusal
from camket.improvement.models import Audit, Nonconformity, Risk
from camket.journal.models import Entry
from camket.objectives import operations
from camket.org.models import BodyName, Delegation, Membership, Unit
from camket.org.policy import NotAllowed
from cycle import one_of_everything
from people import TODAY, People
from work import make_action, make_task, submitted_task, unit_of

YESTERDAY = date(2026, 6, 30)


def merge(people: People, **changes: object) -> Unit:
    given: dict[str, object] = {
        "actor": people.an,
        "unit_id": unit_of(people, 1).pk,
        "into_id": unit_of(people, 2).pk,
        "reason": "Quyết định 12/QĐ-UBND ngày 25/6/2026",
        "today": TODAY,
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
    assert entry.reason.startswith("Quyết định 12")
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
        changes["reason"] = " "
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
