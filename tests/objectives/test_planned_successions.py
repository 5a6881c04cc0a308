"""What is settled for a unit ahead of its day: kept, carried out by the clock, taken back, and told where it fails."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from camket.jobs.chores import Run, declared
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.objectives import operations
from camket.org import queries
from camket.org.models import Membership, Person, PlannedSuccession, Unit, UnitSuccession
from camket.org.operations import NameTaken
from camket.org.policy import NotAllowed
from people import TODAY, People
from work import NOW, unit_of

pytestmark = pytest.mark.django_db
DECISION = operations.UnitDecision("12/QĐ-UBND", date(2026, 6, 25), "Sắp xếp tổ chức bộ máy")
FIRST_DAY = date(2026, 8, 1)


def at(day: date) -> datetime:
    return NOW + (day - TODAY)


def plan(office: People, **changes: object) -> PlannedSuccession:
    given: dict[str, object] = {
        "actor": office.an,
        "unit_id": unit_of(office, 1).pk,
        "kind": "merger",
        "into_id": unit_of(office, 2).pk,
        "on": FIRST_DAY,
        "decision": DECISION,
        "now": NOW,
    }
    return operations.plan_succession(**{**given, **changes})  # type: ignore[arg-type]


def test_nothing_changes_until_the_day_and_then_it_is_carried_out_once(people: People) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    plan(people)
    shown = queries.planned_successions(people.an)
    assert [(each.unit, each.on, each.into, each.trouble) for each in shown] == [
        (old.name, FIRST_DAY, (new.name,), None)
    ]
    assert queries.planned_successions(people.chi) == []
    assert operations.carry_out_planned(now=at(FIRST_DAY - timedelta(days=1))) == (0, 0)
    assert not UnitSuccession.objects.exists()
    # The clock stood still for two days: it is of the day that was decided all the same.
    late = at(FIRST_DAY + timedelta(days=2))
    assert operations.carry_out_planned(now=late) == (1, 0)
    assert operations.carry_out_planned(now=late) == (0, 0)
    kept = UnitSuccession.objects.get()
    assert (kept.on, kept.successor_id, kept.made_by_id) == (FIRST_DAY, new.pk, people.an.person_id)
    post = Membership.objects.get(person_id=people.dung.person_id, unit=new)
    assert post.valid_from == FIRST_DAY
    assert not Unit.objects.get(pk=old.pk).is_active
    assert queries.planned_successions(people.an) == []


def test_a_split_and_a_renaming_are_carried_out_as_settled(people: People) -> None:
    first, rest = unit_of(people, 1), unit_of(people, 2)
    other = Unit.objects.create(agency=people.agency, name="Phòng Xây dựng", order=9)
    plan(people, kind="split", into_id=rest.pk, people={people.binh.person_id: other.pk})
    third = Unit.objects.create(agency=people.agency, name="Tổ giúp việc", order=10)
    plan(people, unit_id=third.pk, kind="renaming", into_id=None, name="Văn phòng", short_name="VP")
    assert {each.into for each in queries.planned_successions(people.an)} == {
        (rest.name, other.name),
        ("Văn phòng",),
    }
    assert operations.carry_out_planned(now=at(FIRST_DAY)) == (2, 0)
    assert set(UnitSuccession.objects.filter(predecessor=first).values_list("successor_id", flat=True)) == {
        rest.pk,
        other.pk,
    }
    assert Unit.objects.get(name="Văn phòng").short_name == "VP"
    binh = Membership.objects.get(person_id=people.binh.person_id, valid_from=FIRST_DAY)
    assert binh.unit_id == other.pk


def test_what_fails_on_its_day_is_told_once_and_tried_again(people: People) -> None:
    plan(people)
    Unit.objects.filter(pk=unit_of(people, 2).pk).update(is_active=False)
    for _night in range(2):
        assert operations.carry_out_planned(now=at(FIRST_DAY)) == (0, 1)
    assert not UnitSuccession.objects.exists()
    (shown,) = queries.planned_successions(people.an)
    assert shown.trouble is not None
    assert shown.trouble.params == {"unit": unit_of(people, 2).name}
    told = Notification.objects.filter(key__startswith="unit-planned:", person_id=people.an.person_id)
    assert told.count() == 1
    Unit.objects.filter(pk=unit_of(people, 2).pk).update(is_active=True)
    assert operations.carry_out_planned(now=at(FIRST_DAY)) == (1, 0)


def test_whoever_decided_it_may_have_another_post_by_then_but_still_be_there(people: People) -> None:
    plan(people)
    Membership.objects.filter(person_id=people.an.person_id).update(valid_to=date(2026, 7, 15))
    assert operations.carry_out_planned(now=at(FIRST_DAY)) == (1, 0)
    assert UnitSuccession.objects.get().made_by_id == people.an.person_id


def test_who_was_kept_from_signing_in_has_nothing_carried_out(people: People) -> None:
    plan(people)
    Person.objects.filter(pk=people.an.person_id).update(is_active=False)
    assert operations.carry_out_planned(now=at(FIRST_DAY)) == (0, 1)
    assert not UnitSuccession.objects.exists()


def test_it_is_taken_back_with_a_reason(people: People) -> None:
    row = plan(people)
    with pytest.raises(ReasonMissing):
        operations.withdraw_planned_succession(actor=people.an, planned_id=row.pk, reason=" ", now=NOW)
    with pytest.raises(NotAllowed):
        operations.withdraw_planned_succession(actor=people.binh, planned_id=row.pk, reason="x", now=NOW)
    with pytest.raises(PlannedSuccession.DoesNotExist):
        operations.withdraw_planned_succession(actor=people.chi, planned_id=row.pk, reason="x", now=NOW)
    operations.withdraw_planned_succession(
        actor=people.an, planned_id=row.pk, reason="Tỉnh hoãn đề án", now=NOW
    )
    assert Entry.objects.get(verb="unit.succession_withdrawn").reason == "Tỉnh hoãn đề án"
    assert operations.carry_out_planned(now=at(FIRST_DAY)) == (0, 0)
    with pytest.raises(PlannedSuccession.DoesNotExist):
        operations.withdraw_planned_succession(actor=people.an, planned_id=row.pk, reason="x", now=NOW)
    plan(people)


@pytest.mark.parametrize("on", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=367)])
def test_the_day_is_to_come_within_a_year(people: People, on: date) -> None:
    with pytest.raises(operations.DayOfSuccessionNotPossible):
        plan(people, on=on)


@pytest.mark.parametrize("case", ["twice", "itself", "foreign", "alone", "name", "officer"])
def test_what_could_not_be_carried_out_is_not_settled(people: People, case: str) -> None:
    changes: dict[str, object] = {}
    if case == "twice":
        plan(people)
    if case == "itself":
        changes = {"into_id": unit_of(people, 1).pk}
    if case == "foreign":
        changes = {"into_id": Unit.objects.filter(agency=people.other_agency).order_by("pk")[0].pk}
    if case == "alone":
        changes = {"kind": "split", "people": {people.binh.person_id: unit_of(people, 2).pk}}
    if case == "name":
        changes = {"kind": "renaming", "into_id": None, "name": unit_of(people, 2).name}
    if case == "officer":
        changes = {"actor": people.binh}
    before = PlannedSuccession.objects.count()
    with pytest.raises((operations.MergingNotPossible, Unit.DoesNotExist, NameTaken, NotAllowed)):
        plan(people, **changes)
    assert PlannedSuccession.objects.count() == before


def test_the_clock_carries_it_out_by_night(people: People) -> None:
    plan(people)
    chore = next(each for each in declared() if each.name == "units")
    outcome = chore.do(Run(now=at(FIRST_DAY), today=FIRST_DAY, by_clock=at(FIRST_DAY), notes={}))
    assert (outcome.message.params, outcome.is_alarm) == ({"done": "1", "refused": "0"}, False)
    assert UnitSuccession.objects.count() == 1
