"""A management review from its preparation to minutes, with every input considered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from camket.actions.models import Task
from camket.core.review import INPUTS
from camket.core.workflow import REVIEW, NotPossible
from camket.improvement.given import DayNotPossible, StrangerNamed, TextMissing
from camket.improvement.models import Review, ReviewDecision
from camket.improvement.operations import reviews as operations
from camket.improvement.operations.reviews import Attendance, Member, NewDecision, NewReview
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.org.policy import NotAllowed
from people import People
from work import NOW, TODAY, at

HALF = NewReview("Xem xét của lãnh đạo 6 tháng đầu năm", date(2026, 1, 1), date(2026, 6, 30), TODAY)


def prepared(people: People, **changed: Any) -> Review:
    review = replace(HALF, **{"chair_id": people.chau.person_id, **changed})
    members = [
        Member(people.chau.person_id),
        Member(people.dung.person_id),
        Member(name="Bà Lê Thị Hoa, Hội LHPN"),
    ]
    return operations.prepare(actor=people.an, review=review, members=members, now=NOW)


def convened(people: People) -> Review:
    row = prepared(people)
    return operations.convene(actor=people.an, review_id=row.pk, now=NOW)


def decision(people: People, **changed: Any) -> NewDecision:
    values: dict[str, Any] = {"person_id": people.binh.person_id, **changed}
    return NewDecision("resources", "Mua máy quét", TODAY + timedelta(days=30), **values)


def considered(people: People) -> Review:
    """With every input treated, attendance and a conclusion."""
    row = convened(people)
    same: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    for each in INPUTS:
        operations.consider(key=each.key, comment="Đã xem", nothing="", **same)
    attendance = [Attendance(each.pk, attended=True) for each in row.members.all()]
    operations.note_attendance(attendance=attendance, **same)
    operations.conclude(conclusion="Hệ thống có hiệu lực", **same)
    return row


def close(people: People, row: Review, now: Any = NOW) -> Review:
    return operations.close(
        actor=people.chau,
        review_id=row.pk,
        number="8/BB-UBND",
        minutes=lambda each: {"title": each.title},
        now=now,
    )


def test_all_inputs_of_the_standard_are_there_from_the_beginning(people: People) -> None:
    row = prepared(people)
    assert {each.key for each in row.inputs.all()} == {each.key for each in INPUTS}
    for wrong, error in (
        ({"title": ""}, TextMissing),
        ({"period_end": date(2025, 1, 1)}, DayNotPossible),
        ({"clerk_id": people.chi.person_id}, StrangerNamed),
    ):
        with pytest.raises(error):
            prepared(people, **wrong)
    with pytest.raises(NotAllowed):
        operations.prepare(actor=people.binh, review=HALF, members=(), now=NOW)


def test_members_are_asked_and_told_of_changes(people: People) -> None:
    row = convened(people)
    same: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    members = [Member(people.dung.person_id), Member(name="Bà Lê Thị Hoa, Hội LHPN")]
    kept = row.members.get(person_id=people.dung.person_id).pk
    review = replace(HALF, held_on=TODAY + timedelta(days=3), chair_id=people.chau.person_id)
    operations.change(review=review, members=members, **same)
    assert row.members.count() == 2
    assert row.members.get(person_id=people.dung.person_id).pk == kept
    said = Notification.objects.filter(person_id=people.dung.person_id, topic="improvement").order_by("pk")
    assert ["asked to" in said[0].message["template"], "changes" in said[1].message["template"]] == [
        True,
        True,
    ]
    nobody = operations.prepare(actor=people.an, review=HALF, members=(), now=NOW)
    with pytest.raises(operations.ReviewIncomplete) as refused:
        operations.convene(actor=people.an, review_id=nobody.pk, now=NOW)
    assert len(refused.value.lacks) == 2


def test_what_was_gathered_says_what_changed_since(people: People) -> None:
    row = prepared(people)
    keep: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    assert operations.keep_figures(figures={"c1": {"rate": "92 %"}}, **keep) == ("c1",)
    assert operations.keep_figures(figures={"c1": {"rate": "92 %"}, "c2": {"met": 3}}, **keep) == ("c2",)
    with pytest.raises(KeyError):
        operations.keep_figures(figures={"z": {}}, **keep)


def test_it_is_not_closed_while_an_input_has_no_word(people: People) -> None:
    row = considered(people)
    operations.consider(actor=people.an, review_id=row.pk, key="c7", comment="", nothing="", now=NOW)
    with pytest.raises(operations.ReviewIncomplete) as refused:
        close(people, row)
    assert [each.params.get("key") for each in refused.value.lacks] == ["c7"]
    operations.consider(
        actor=people.an, review_id=row.pk, key="c7", comment="", nothing="Không thuê ngoài", now=NOW
    )
    with pytest.raises(NotAllowed):
        operations.close(actor=people.an, review_id=row.pk, number="", minutes=lambda each: {}, now=NOW)
    row = close(people, row)
    assert (row.state, row.number, row.minutes) == ("closed", "8/BB-UBND", {"title": HALF.title})


def test_decisions_become_tasks_with_the_minutes(people: People) -> None:
    row = considered(people)
    same: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    made = operations.decide(decision=decision(people, input_key="d"), **same)
    other = operations.decide(decision=decision(people), **same)
    operations.drop_decision(decision_id=other.pk, **same)
    operations.decide(decision=replace(decision(people), text="Mua hai máy"), decision_id=made.pk, **same)
    assert not Task.objects.exists()
    close(people, row)
    task = Task.objects.get()
    assert (task.assignee_id, str(task.action), task.action.when) == (
        people.binh.person_id, "Mua hai máy", HALF.title,
    )  # fmt: skip
    assert ReviewDecision.objects.get().task == task
    following = prepared(people)
    assert following.follows_id == row.pk


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"text": " "}, TextMissing),
        ({"person_id": None}, TextMissing),
        ({"due_on": TODAY - timedelta(days=1)}, DayNotPossible),
        ({"input_key": "z"}, KeyError),
    ],
)
def test_a_decision_says_what_who_and_when(people: People, changed: dict[str, Any], error: type) -> None:
    row = convened(people)
    with pytest.raises(error):
        operations.decide(
            actor=people.an, review_id=row.pk, decision=replace(decision(people), **changed), now=NOW
        )


def test_it_is_closed_on_its_day_at_the_earliest_and_with_days_that_lie_ahead(people: People) -> None:
    row = considered(people)
    operations.decide(actor=people.an, review_id=row.pk, decision=decision(people), now=NOW)
    with pytest.raises(DayNotPossible):
        close(people, row, at(TODAY + timedelta(days=31)))
    Review.objects.filter(pk=row.pk).update(held_on=TODAY + timedelta(days=1))
    with pytest.raises(DayNotPossible):
        close(people, row)
    assert not Task.objects.exists()


def test_it_is_cancelled_with_a_reason_and_another_agencys_does_not_exist(people: People) -> None:
    row = prepared(people)
    with pytest.raises(ReasonMissing):
        operations.cancel(actor=people.an, review_id=row.pk, reason="", now=NOW)
    with pytest.raises(Review.DoesNotExist):
        operations.cancel(actor=people.chi, review_id=row.pk, reason="x", now=NOW)
    operations.cancel(actor=people.an, review_id=row.pk, reason="Bão", now=NOW)
    assert Entry.objects.get(verb="review.cancelled").reason == "Bão"


@pytest.mark.parametrize("state", REVIEW.states)
def test_every_operation_refuses_every_state_that_its_act_does_not_have(people: People, state: str) -> None:
    row = prepared(people)
    Review.objects.filter(pk=row.pk).update(state=state)
    same: dict[str, Any] = {"review_id": row.pk, "now": NOW}
    acts: dict[str, Any] = {
        "prepare": lambda: operations.change(actor=people.an, review=HALF, members=(), **same),
        "treat": lambda: operations.consider(actor=people.an, key="a", comment="x", nothing="", **same),
        "convene": lambda: operations.convene(actor=people.an, **same),
        "cancel": lambda: operations.cancel(actor=people.an, reason="x", **same),
        "decide": lambda: operations.decide(actor=people.an, decision=decision(people), **same),
        "close": lambda: close(people, row),
    }
    for act in set(acts) - REVIEW.acts(state):
        with pytest.raises(NotPossible):
            acts[act]()
