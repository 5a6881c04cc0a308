"""Separation of duties where one stands in for another: nobody settles what either of the two did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from camket.actions import operations, queries
from camket.journal.queries import history
from camket.org.models import Role, Unit
from camket.org.operations import NewSeat, SettingUp, set_up_committee
from camket.org.policy import Actor
from camket.org.queries import actor_of
from people import TODAY, People
from work import NOW, make_task, submitted_task, unit_of


def standing_in(deputy: Actor, giver: Actor) -> Actor:
    """Return the deputy acting in the giver's post alone."""
    return replace(
        giver, person_id=deputy.person_id, name=deputy.name, stands_in_for=(giver.person_id, giver.name)
    )


def test_a_deputy_does_not_accept_the_own_submission(people: People) -> None:
    task = submitted_task(people, people.binh)
    deputy = standing_in(people.binh, people.chau)
    with pytest.raises(operations.OwnSubmission):
        operations.accept_task(actor=deputy, task_id=task.pk, now=NOW)
    assert queries.my_work(deputy, TODAY).to_review == ()
    task.refresh_from_db()
    assert task.state == "submitted"


def test_a_deputy_does_not_accept_what_the_absent_one_submitted(people: People) -> None:
    task = submitted_task(people, people.an)
    deputy = standing_in(people.binh, people.an)
    with pytest.raises(operations.OwnSubmission):
        operations.return_task(actor=deputy, task_id=task.pk, reason="Thiếu minh chứng", now=NOW)
    assert queries.task_detail(deputy, task.pk, TODAY).is_own_submission


def test_a_deputy_accepts_what_others_submitted_in_the_name_of_both(people: People) -> None:
    task = submitted_task(people, people.dung)
    deputy = standing_in(people.binh, people.chau)
    assert operations.accept_task(actor=deputy, task_id=task.pk, now=NOW).state == "accepted"
    entry = history(people.an, subject_type="actions.task", subject_id=task.pk)[0]
    assert (entry.by_name, entry.for_name) == ("Trần Văn Bình", "Lê Minh Châu")


def test_a_deputy_does_the_tasks_of_the_absent_one_and_not_the_own(people: People) -> None:
    away, own = make_task(people, lead=unit_of(people, 2)), make_task(people, number="2")
    operations.assign_task(actor=people.an, task_id=away.pk, person_id=people.chau.person_id, now=NOW)
    operations.assign_task(actor=people.an, task_id=own.pk, person_id=people.binh.person_id, now=NOW)
    deputy = standing_in(people.binh, people.chau)
    mine = queries.my_work(deputy, TODAY)
    assert [row.id for row in (*mine.overdue, *mine.soon, *mine.later)] == [away.pk]
    operations.submit_task(actor=deputy, task_id=away.pk, result="Đã xong.", now=NOW)
    away.refresh_from_db()
    assert away.submitted_by_id == people.binh.person_id


def test_the_members_of_a_committee_report_its_work_and_its_head_accepts(people: People) -> None:
    committee = set_up_committee(
        actor=people.an,
        name="Tổ thư ký",
        decision=SettingUp("9/QĐ-UBND", date(2026, 1, 5)),
        seats=[NewSeat(people.binh.person_id, "head"), NewSeat(people.dung.person_id)],
        valid_from=date(2026, 1, 6),
        today=TODAY,
    )
    task = make_task(people, lead=committee)
    assert Unit.objects.get(pk=task.unit_id) == committee
    member = actor_of(person_id=people.dung.person_id, agency_id=people.agency.pk, on=TODAY)
    head = actor_of(person_id=people.binh.person_id, agency_id=people.agency.pk, on=TODAY)
    assert head.roles == {Role.OFFICER}
    operations.submit_task(actor=member, task_id=task.pk, result="Đã họp.", now=NOW)
    assert [row.id for row in queries.my_work(head, TODAY).to_review] == [task.pk]
    assert operations.accept_task(actor=head, task_id=task.pk, now=NOW).state == "accepted"
