from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from camket.core.messages import Refusal
from camket.journal.models import Entry
from camket.org import operations, queries
from camket.org.models import Membership, Person, Seat, Unit
from camket.org.operations import NewSeat, SettingUp
from camket.org.policy import NotAllowed
from people import TODAY, People

DECISION = SettingUp(number="45/QĐ-UBND", decided_on=date(2026, 3, 2), series="BCĐ")
LATER = date(2026, 9, 1)


def set_up(people: People, *seats: NewSeat, name: str = "Ban Chỉ đạo ISO") -> Unit:
    return operations.set_up_committee(
        actor=people.an,
        name=name,
        short_name="BCĐ ISO",
        decision=DECISION,
        seats=seats or (NewSeat(people.chau.person_id, "head"), NewSeat(people.binh.person_id)),
        valid_from=date(2026, 3, 5),
        today=TODAY,
    )


def members(people: People, unit: Unit, on: date = TODAY) -> list[tuple[str, str]]:
    return [(row.full_name, row.duty) for row in queries.committee(people.an, unit.pk, on).members]


def test_a_committee_stands_on_its_decision_with_its_members_in_order(people: People) -> None:
    unit = set_up(people, NewSeat(people.binh.person_id), NewSeat(people.chau.person_id, "head"))
    row = queries.committee(people.an, unit.pk, TODAY)
    assert (row.decision_number, row.decision_date, row.series) == ("45/QĐ-UBND", date(2026, 3, 2), "BCĐ")
    assert members(people, unit) == [("Lê Minh Châu", "head"), ("Trần Văn Bình", "member")]
    entry = Entry.objects.get(verb="committee.set_up")
    assert entry.after["members"] == [
        {"person": people.binh.person_id, "duty": "member"},
        {"person": people.chau.person_id, "duty": "head"},
    ]


@pytest.mark.parametrize(
    "case", ["nobody", "twice", "two heads", "stranger", "gone", "name", "tomorrow", "officer"]
)
def test_what_a_committee_cannot_be_is_refused_whole(people: People, case: str) -> None:
    seats = {
        "nobody": [],
        "twice": [NewSeat(people.binh.person_id), NewSeat(people.binh.person_id, "head")],
        "two heads": [NewSeat(people.binh.person_id, "head"), NewSeat(people.chau.person_id, "head")],
        "stranger": [NewSeat(people.chi.person_id)],
    }.get(case, [NewSeat(people.binh.person_id)])
    if case == "gone":
        Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2026, 6, 30))
    decision = replace(DECISION, decided_on=date(2026, 7, 2)) if case == "tomorrow" else DECISION
    with pytest.raises((Refusal, NotAllowed, Person.DoesNotExist)):
        operations.set_up_committee(
            actor=people.binh if case == "officer" else people.an,
            name="Phòng Kinh tế" if case == "name" else "Tổ thư ký",
            decision=decision,
            seats=seats,
            valid_from=TODAY,
            today=TODAY,
        )
    assert not Unit.objects.filter(name="Tổ thư ký").exists()
    assert not Seat.objects.exists()
    assert not Entry.objects.exists()


def test_members_change_by_a_new_decision_and_the_old_ones_stay_on_record(people: People) -> None:
    unit = set_up(people)
    operations.reappoint_committee(
        actor=people.an,
        unit_id=unit.pk,
        decision=SettingUp("88/QĐ-UBND", date(2026, 6, 30), "BCĐ"),
        seats=[NewSeat(people.chau.person_id, "head"), NewSeat(people.dung.person_id, "secretary")],
        valid_from=TODAY,
        today=TODAY,
    )
    assert members(people, unit, date(2026, 6, 30)) == [("Lê Minh Châu", "head"), ("Trần Văn Bình", "member")]
    assert members(people, unit) == [("Lê Minh Châu", "head"), ("Phạm Tiến Dũng", "secretary")]
    row = queries.committee(people.an, unit.pk, TODAY)
    assert [(past.full_name, past.valid_to) for past in row.past] == [("Trần Văn Bình", date(2026, 6, 30))]
    assert row.decision_number == "88/QĐ-UBND"
    assert Seat.objects.filter(person_id=people.chau.person_id).count() == 1
    assert Entry.objects.get(verb="committee.reappointed").before["decision_number"] == "45/QĐ-UBND"


def test_a_list_of_members_is_corrected_on_the_same_day(people: People) -> None:
    unit = set_up(people)
    for person in (people.dung, people.an):
        operations.reappoint_committee(
            actor=people.an,
            unit_id=unit.pk,
            decision=SettingUp("88/QĐ-UBND", date(2026, 6, 30), "BCĐ"),
            seats=[NewSeat(people.chau.person_id, "head"), NewSeat(person.person_id)],
            valid_from=TODAY,
            today=TODAY,
        )
    assert members(people, unit) == [("Lê Minh Châu", "head"), ("Nguyễn Thị An", "member")]
    assert [row.full_name for row in queries.committee(people.an, unit.pk, TODAY).past] == ["Trần Văn Bình"]


def test_single_seats_are_given_and_ended(people: People) -> None:
    unit = set_up(people)
    with pytest.raises(operations.HeadTaken, match="Lê Minh Châu"):
        operations.give_seat(
            actor=people.an,
            unit_id=unit.pk,
            person_id=people.dung.person_id,
            duty="head",
            valid_from=None,
            today=TODAY,
        )
    with pytest.raises(operations.SeatTaken):
        operations.give_seat(
            actor=people.an,
            unit_id=unit.pk,
            person_id=people.binh.person_id,
            duty="deputy",
            valid_from=None,
            today=TODAY,
        )
    given = operations.give_seat(
        actor=people.an,
        unit_id=unit.pk,
        person_id=people.dung.person_id,
        duty="deputy",
        valid_from=None,
        today=TODAY,
    )
    operations.end_seat(actor=people.an, seat_id=given.pk, last_day=TODAY, today=TODAY)
    with pytest.raises(operations.SeatNotHeld):
        operations.end_seat(actor=people.an, seat_id=given.pk, last_day=TODAY, today=TODAY)
    assert ("Phạm Tiến Dũng", "deputy") in members(people, unit)
    assert ("Phạm Tiến Dũng", "deputy") not in members(people, unit, date(2026, 7, 2))
    section = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    with pytest.raises(operations.NotACommittee):
        operations.give_seat(
            actor=people.an,
            unit_id=section.pk,
            person_id=people.dung.person_id,
            duty="head",
            valid_from=None,
            today=TODAY,
        )


def test_another_agencys_committee_is_not_there(people: People) -> None:
    unit = set_up(people)
    seat = Seat.objects.filter(unit=unit)[0]
    with pytest.raises(Unit.DoesNotExist):
        queries.committee(people.chi, unit.pk, TODAY)
    with pytest.raises(Unit.DoesNotExist):
        operations.change_committee(
            actor=people.chi, unit_id=unit.pk, name="X", short_name="", decision=DECISION, today=TODAY
        )
    with pytest.raises(Seat.DoesNotExist):
        operations.end_seat(actor=people.chi, seat_id=seat.pk, last_day=TODAY, today=TODAY)


def test_members_are_of_the_committee_and_its_head_is_its_head(people: People) -> None:
    unit = set_up(people)
    member = queries.actor_of(person_id=people.binh.person_id, agency_id=people.agency.pk, on=TODAY)
    assert member.unit_ids == people.binh.unit_ids | {unit.pk}
    assert member.headed_unit_ids == frozenset()
    head = queries.actor_of(person_id=people.chau.person_id, agency_id=people.agency.pk, on=TODAY)
    assert head.headed_unit_ids == {unit.pk}
    before = queries.actor_of(
        person_id=people.binh.person_id, agency_id=people.agency.pk, on=date(2026, 3, 4)
    )
    assert unit.pk not in before.unit_ids


def test_a_committee_costs_no_statement_where_one_sits_in_none(
    people: People, django_assert_num_queries: object
) -> None:
    set_up(people)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.posts_of(person_id=people.dung.person_id, on=TODAY)
    with django_assert_num_queries(2):  # type: ignore[operator]
        queries.posts_of(person_id=people.binh.person_id, on=TODAY)


def test_a_seat_ends_with_the_last_post(people: People) -> None:
    unit = set_up(people)
    post = Membership.objects.get(person_id=people.binh.person_id)
    operations.end_post(actor=people.an, post_id=post.pk, ended_on=LATER, today=TODAY)
    assert Seat.objects.get(person_id=people.binh.person_id).valid_to == date(2026, 8, 31)
    assert Entry.objects.get(verb="post.ended").after["committees"] == ["Ban Chỉ đạo ISO"]
    assert members(people, unit, LATER) == [("Lê Minh Châu", "head")]


def test_a_committee_with_members_stays_in_use(people: People) -> None:
    unit = set_up(people)
    with pytest.raises(operations.UnitInUse):
        operations.deactivate_unit(actor=people.an, unit_id=unit.pk, today=TODAY)
    assert Unit.objects.get(pk=unit.pk).is_active
