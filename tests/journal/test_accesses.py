"""Views of personal data are recorded: once a day for each viewer and person, counted, in a chain of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from camket.core.chain import Fault
from camket.journal import queries
from camket.journal.guard import lifted
from camket.journal.models import Access, AccessTally, Entry, Seal
from camket.journal.operations import erase_seals, record, record_access
from camket.org.models import Role
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People


def see(of: People, actor: Actor | None = None, **changed: object) -> None:
    values: dict[str, object] = {
        "actor": actor or of.an, "what": "person", "purpose": "web:organisation:person", "on": TODAY,
        "person_id": of.binh.person_id,
    }  # fmt: skip
    record_access(**{**values, **changed})  # type: ignore[arg-type]


def test_a_view_is_recorded_once_a_day_and_counted(people: People) -> None:
    see(people)
    see(people)
    see(people, on=TODAY + timedelta(days=1))
    see(people, people.dung)
    see(people, what="history")
    assert Access.objects.count() == 4
    see(people)
    assert [(tally.access.sequence, tally.times) for tally in AccessTally.objects.all()] == [(1, 3)]
    (first, *rest) = reversed(queries.accesses(people.chau).rows)
    assert [each.times for each in rest] == [1, 1, 1]
    assert (first.by_name, first.person_name, first.times) == ("Nguyễn Thị An", "Trần Văn Bình", 3)


def test_looking_at_ones_own_data_is_nobodys_business(people: People) -> None:
    see(people, people.binh)
    assert not Access.objects.exists()


def test_an_empty_list_shows_nobody(people: People) -> None:
    see(people, what="people", person_id=None, people=0)
    assert not Access.objects.exists()


def test_a_longer_list_on_the_same_day_is_recorded_again(people: People) -> None:
    for length in (3, 2, 5):
        see(people, what="people", person_id=None, people=length)
    assert list(Access.objects.order_by("sequence").values_list("people", flat=True)) == [3, 5]


def test_a_kind_that_nobody_declared_is_refused(people: People) -> None:
    with pytest.raises(KeyError):
        see(people, what="gossip")
    assert not Access.objects.exists()


def test_accesses_stand_beside_the_chain_of_acts(people: People) -> None:
    see(people)
    assert not Entry.objects.exists()
    assert queries.verify_accesses(people.agency.pk).whole
    see(people, people.dung)
    with lifted():
        Access.objects.filter(sequence=1).update(purpose="khác")
    state = queries.verify_accesses(people.agency.pk)
    assert (state.broken_at, state.fault) == (1, Fault.ALTERED)
    with lifted():
        AccessTally.objects.filter(access__sequence=1).delete()
        Access.objects.filter(sequence=1).delete()
    assert queries.verify_accesses(people.agency.pk).fault is Fault.MISSING


def test_a_viewer_whose_data_were_erased_keeps_the_chain_whole(people: People) -> None:
    see(people, people.dung)
    erased = erase_seals(person_id=people.dung.person_id)
    assert queries.verify_accesses(people.agency.pk).fault is Fault.SEAL_MISSING
    record(
        actor=people.an, agency_id=people.agency.pk, verb="person.anonymised", on=TODAY, reason="x",
        subject=people.agency, after={"seals": erased[people.agency.pk]},
    )  # fmt: skip
    assert queries.verify_accesses(people.agency.pk).whole
    (row,) = queries.accesses(people.chau).rows
    assert "Dũng" not in row.by_name
    assert not Seal.objects.filter(value__contains="Dũng").exists()


def test_the_person_sees_who_looked_in_lists_too(people: People) -> None:
    see(people)
    see(people, what="people", person_id=None, people=5)
    see(people, person_id=people.dung.person_id)
    rows = queries.accesses_to_own_data(people.binh).rows
    assert [row.what for row in rows] == ["people", "person"]
    assert queries.accesses_to_own_data(people.chi).rows == ()


def test_who_saw_what_is_for_the_officer_in_charge(people: People) -> None:
    see(people)
    with pytest.raises(NotAllowed):
        queries.accesses(people.binh)
    assert queries.accesses(replace(people.dung, roles=frozenset({Role.PRIVACY}))).rows
    assert queries.accesses(people.chi).rows == ()
    assert queries.accesses(people.chau, person_id=people.an.person_id).rows == ()


def test_long_lists_go_on_by_numbers(people: People) -> None:
    for day in range(queries.PAGE + 3):
        see(people, on=TODAY + timedelta(days=day))
    page = queries.accesses(people.chau)
    assert (len(page.rows), page.older) == (queries.PAGE, 4)
    assert [row.sequence for row in queries.accesses(people.chau, before=page.older).rows] == [3, 2, 1]
