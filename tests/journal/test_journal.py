"""The journal: entries follow each other, and whoever tampers is found out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camket.core.chain import GENESIS
from camket.journal import queries
from camket.journal.guard import lifted
from camket.journal.models import Entry
from camket.journal.operations import record
from camket.journal.queries import JournalFilter
from camket.org.models import Person, Unit
from camket.org.policy import NotAllowed
from people import TODAY, People


def write(people: People, verb: str = "unit.changed", **extra: Any) -> Entry:
    unit = Unit.objects.filter(agency=people.agency).order_by("order")[0]
    values: dict[str, Any] = {"actor": people.an, "agency_id": people.agency.pk, "on": TODAY, "subject": unit}
    return record(**{**values, "verb": verb, **extra})


def test_entries_of_an_agency_follow_each_other(people: People) -> None:
    first, second = (
        write(people),
        write(people, before={"name": "A"}, after={"name": "B", "on": date(2026, 1, 5)}),
    )
    other = write(people, agency_id=people.other_agency.pk)
    assert (first.sequence, second.sequence, other.sequence) == (1, 2, 1)
    assert (first.previous_hash, second.previous_hash) == (GENESIS, first.hash)
    assert second.after == {"name": "B", "on": "2026-01-05"}
    state = queries.verify(people.agency.pk)
    assert state.whole
    assert (state.entries, state.head) == (2, second.hash)


def test_an_empty_chain_is_whole(people: People) -> None:
    assert queries.verify(people.agency.pk).to_json() == {
        "entries": 0,
        "whole": True,
        "broken_at": None,
        "fault": None,
        "since": 0,
        "head": GENESIS,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "plan.approved"},
        {"by_name": "Người khác"},
        {"after": {"name": "C"}},
        {"reason": "vì thế"},
        {"on": date(2026, 7, 2)},
        {"subject_id": 999},
        {"hash": "0" * 64},
        {"previous_hash": "1" * 64},
        {"sequence": 77},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_breaks_the_chain(people: People, change: dict[str, Any]) -> None:
    entries = [write(people, after={"name": "B"}) for _ in range(4)]
    with lifted():
        Entry.objects.filter(pk=entries[1].pk).update(**change)
    state = queries.verify(people.agency.pk)
    assert not state.whole
    assert state.broken_at == 2


def test_a_removed_entry_breaks_the_chain_and_a_cut_end_changes_the_head(people: People) -> None:
    entries = [write(people) for _ in range(4)]
    head = queries.verify(people.agency.pk).head
    with lifted():
        Entry.objects.filter(pk=entries[3].pk).delete()
    cut = queries.verify(people.agency.pk)
    assert cut.whole
    assert cut.head != head
    with lifted():
        Entry.objects.filter(pk=entries[1].pk).delete()
    assert queries.verify(people.agency.pk).broken_at == 2


def test_the_journal_is_read_by_those_who_may(people: People) -> None:
    write(people)
    assert queries.entries(people.chau, JournalFilter()).count() == 1
    assert queries.entries(people.chi, JournalFilter()).count() == 0
    with pytest.raises(NotAllowed):
        queries.entries(people.binh, JournalFilter())


def test_entries_are_found_by_kind_person_day_and_words(people: People) -> None:
    write(people, "unit.changed")
    write(people, "plan.approved", actor=people.chau, reason="Thống nhất tại cuộc họp", on=date(2026, 7, 2))
    found = {
        "kind": JournalFilter(kind="plan"),
        "by": JournalFilter(by_id=people.chau.person_id),
        "since": JournalFilter(since=date(2026, 7, 2)),
        "words": JournalFilter(words="cuộc họp"),
    }
    for name, wanted in found.items():
        assert [entry.verb for entry in queries.entries(people.an, wanted)] == ["plan.approved"], name
    assert [entry.verb for entry in queries.entries(people.an, JournalFilter(until=TODAY))] == [
        "unit.changed"
    ]
    assert queries.kinds(people.an) == ["plan", "unit"]


def test_the_history_of_a_record_shows_its_changes(people: People) -> None:
    write(people, before={"name": "A", "kind": "section"}, after={"name": "B"})
    unit = Unit.objects.filter(agency=people.agency).order_by("order")[0]
    rows = queries.history(people.binh, subject_type="org.unit", subject_id=unit.pk)
    assert [(change.name, change.before, change.after) for change in rows[0].changes] == [
        ("kind", "section", None),
        ("name", "A", "B"),
    ]
    with pytest.raises(Entry.DoesNotExist):
        queries.history(people.chi, subject_type="org.unit", subject_id=unit.pk)
    with pytest.raises(Entry.DoesNotExist):
        queries.history(people.an, subject_type="org.unit", subject_id=unit.pk + 1000)


def test_what_happened_to_people_is_not_for_everybody(people: People) -> None:
    write(people, "person.password_reset", subject=Person.objects.get(pk=people.an.person_id))
    assert queries.history(people.chau, subject_type="org.person", subject_id=people.an.person_id)
    with pytest.raises(NotAllowed):
        queries.history(people.binh, subject_type="org.person", subject_id=people.an.person_id)
