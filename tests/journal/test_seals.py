"""Names in the journal are sealed: read as they stood, erased without breaking the chain, never exchanged unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from camket.core.chain import GENESIS, Fault, record_hash, verify_export
from camket.journal import context, queries
from camket.journal.guard import lifted
from camket.journal.members import fields_of
from camket.journal.models import Entry, Seal
from camket.journal.operations import erase_seals, record
from camket.journal.queries import Head, JournalFilter
from camket.journal.reasons import REASON_REQUIRED, ReasonMissing
from camket.org.models import Person, Unit
from camket.org.policy import Scope
from people import TODAY, People


def write(people: People, verb: str = "unit.changed", **extra: Any) -> Entry:
    unit = Unit.objects.filter(agency=people.agency).order_by("order")[0]
    values: dict[str, Any] = {"actor": people.an, "agency_id": people.agency.pk, "on": TODAY, "subject": unit}
    return record(**{**values, "verb": verb, **extra})


def added(people: People) -> Entry:
    return write(
        people,
        "person.added",
        subject=Person.objects.get(pk=people.binh.person_id),
        after={"full_name": "Trần Văn Bình", "login": "binh", "role": "officer"},
    )


def test_an_entry_holds_no_name_but_reads_with_it(people: People) -> None:
    added(people)
    stored = json.dumps(fields_of(Entry.objects.get()), ensure_ascii=False)
    for name in ("Nguyễn Thị An", "Trần Văn Bình", "binh"):
        assert name not in stored
    (row,) = queries.entry_page(people.chau, JournalFilter()).rows
    assert (row.by_name, row.subject_label) == ("Nguyễn Thị An", "Trần Văn Bình")
    assert {change.name: change.after for change in row.changes} == {
        "full_name": "Trần Văn Bình", "login": "binh", "role": "officer",
    }  # fmt: skip


def test_a_name_is_sealed_once_and_anew_when_it_changes(people: People) -> None:
    write(people)
    write(people)
    assert Seal.objects.count() == 1
    write(people, actor=replace(people.an, name="Nguyễn Thị Hoài An"))
    assert Seal.objects.count() == 2
    names = [row.by_name for row in queries.entry_page(people.an, JournalFilter()).rows]
    assert names == ["Nguyễn Thị Hoài An", "Nguyễn Thị An", "Nguyễn Thị An"]


def test_the_same_name_in_two_agencies_cannot_be_put_together(people: People) -> None:
    write(people)
    write(people, agency_id=people.other_agency.pk)
    first, second = Seal.objects.values_list("reference", flat=True)
    assert first != second


def test_erasing_a_person_leaves_the_chain_whole_and_the_names_unknown(people: People) -> None:
    entry = added(people)
    erased = erase_seals(person_id=people.binh.person_id)
    assert queries.verify(people.agency.pk).fault is Fault.SEAL_MISSING
    write(people, "person.anonymised", reason="Hết thời hạn lưu", after={"seals": erased[people.agency.pk]})
    assert queries.verify(people.agency.pk).whole
    row = queries.entry_page(people.an, JournalFilter()).rows[-1]
    assert row.sequence == entry.sequence
    assert "Bình" not in str(row)
    assert str(people.binh.person_id) in row.subject_label
    assert row.by_name == "Nguyễn Thị An"


def test_a_sealed_name_that_was_exchanged_breaks_the_chain(people: People) -> None:
    added(people)
    with lifted():
        Seal.objects.filter(value="Trần Văn Bình").update(value="Người Khác")
    state = queries.verify(people.agency.pk)
    assert (state.broken_at, state.fault) == (1, Fault.SEAL_ALTERED)


def test_people_are_found_by_their_names_though_sealed(people: People) -> None:
    added(people)
    write(people)
    rows = queries.entry_page(people.an, JournalFilter(words="văn Bình")).rows
    assert [row.verb for row in rows] == ["person.added"]


def first_format(people: People, sequence: int, previous: str) -> Entry:
    """Write an entry as the product did before names were sealed."""
    entry = Entry(
        agency=people.agency, format=1, sequence=sequence, at=datetime(2026, 1, 5, 1, tzinfo=UTC), on=TODAY,
        by_id=people.an.person_id, by_name="Nguyễn Thị An", verb="unit.changed", subject_type="org.unit", subject_id=1,
        subject_label="Văn phòng", before={"name": "A"}, after={"name": "B"}, previous_hash=previous,
    )  # fmt: skip
    entry.hash = record_hash(fields_of(entry))
    entry.save()
    return entry


def test_entries_from_before_names_were_sealed_keep_verifying(people: People) -> None:
    first = first_format(people, 1, GENESIS)
    first_format(people, 2, first.hash)
    write(people)
    assert queries.verify(people.agency.pk).whole
    assert [row.by_name for row in queries.entry_page(people.an, JournalFilter()).rows] == [
        "Nguyễn Thị An"
    ] * 3
    with lifted():
        Entry.objects.filter(sequence=2).update(by_name="Người Khác")
    assert queries.verify(people.agency.pk).broken_at == 2


def test_an_entry_says_for_whom_and_in_what_capacity_it_was_done(people: People) -> None:
    standing = replace(
        people.an, roles=frozenset({"chairman"}), stands_in_for=(people.chau.person_id, "Lê Minh Châu")
    )
    with context.of_request("a1b2c3d4"):
        write(people, actor=standing)
    write(
        people, actor=replace(people.an, scope=Scope.BELOW, home_agency_id=9, roles=frozenset({"inspector"}))
    )
    write(people, actor=None, on_behalf_of=(people.binh.person_id, "Trần Văn Bình"))
    system, above, stood_in = queries.entry_page(people.an, JournalFilter()).rows
    assert (stood_in.by_name, stood_in.for_name, stood_in.capacity) == (
        "Nguyễn Thị An",
        "Lê Minh Châu",
        "chairman",
    )
    assert Entry.objects.get(sequence=1).request_id == "a1b2c3d4"
    assert above.capacity == "inspector@below:9"
    assert (system.by_name, system.for_name) == ("Cam Kết", "Trần Văn Bình")
    found = queries.entry_page(people.an, JournalFilter(by_id=people.chau.person_id)).rows
    assert [row.sequence for row in found] == [1]


@pytest.mark.parametrize("verb", sorted(REASON_REQUIRED))
def test_an_act_that_asks_for_a_reason_is_not_recorded_without(people: People, verb: str) -> None:
    with pytest.raises(ReasonMissing):
        write(people, verb, reason="  ")
    assert not Entry.objects.exists()


def test_from_a_noted_head_only_what_came_later_is_read(people: People) -> None:
    for _ in range(4):
        write(people)
    (head,) = (head for head in queries.heads() if head.agency == people.agency.code)
    write(people)
    state = queries.verify(people.agency.pk, head)
    assert (state.whole, state.entries, state.since) == (True, 5, 4)
    with lifted():
        Entry.objects.filter(sequence=2).update(reason="khác")
    assert queries.verify(people.agency.pk, head).whole, "what the earlier walk found whole is not read again"
    with lifted():
        Entry.objects.filter(sequence=5).update(reason="khác")
    assert queries.verify(people.agency.pk, head).broken_at == 5


def test_a_noted_head_tells_a_chain_that_was_cut_or_written_anew(people: People) -> None:
    for _ in range(3):
        write(people)
    (head,) = (head for head in queries.heads() if head.agency == people.agency.code)
    assert queries.verify(people.agency.pk, replace(head, hash="1" * 64)).fault is Fault.REWRITTEN
    with lifted():
        Entry.objects.filter(sequence=3).delete()
    assert queries.verify(people.agency.pk).whole
    assert queries.verify(people.agency.pk, head).fault is Fault.CUT
    assert queries.verify(people.agency.pk, Head(people.agency.code, 0, GENESIS)).whole


def test_a_page_checks_the_newest_entries_of_a_long_chain(people: People) -> None:
    for _ in range(6):
        write(people)
    assert queries.verify_newest(people.agency.pk, 3).since == 3
    assert queries.verify_newest(people.agency.pk, 6).since == 0
    with lifted():
        Entry.objects.filter(sequence=5).update(reason="khác")
    assert queries.verify_newest(people.agency.pk, 3).broken_at == 5


def test_an_export_is_checked_without_the_installation(people: People) -> None:
    added(people)
    write(people)
    lines = list(queries.export_lines(people.agency.pk))
    checked = verify_export(lines)
    assert (checked.agency, checked.entries, checked.is_whole, checked.found) == ("H00.1", 2, True, None)
    changed = [line.replace("Trần Văn Bình", "Người Khác") for line in lines]
    assert verify_export(changed).found is not None
    narrowed = queries.entries(people.an, JournalFilter(kind="unit"))
    part = verify_export(queries.export_lines(people.agency.pk, narrowed))
    assert (part.entries, part.is_whole, part.found) == (1, False, None)


def test_what_people_write_is_never_taken_for_a_sealed_name(people: People) -> None:
    forged = "§" + "0" * 64
    entry = write(people, reason=forged, after={"text": forged, "list": [forged]})
    assert queries.verify(people.agency.pk).whole
    (row,) = queries.entry_page(people.an, JournalFilter()).rows
    assert row.reason == entry.reason == "§ " + "0" * 64
    assert row.changes[0].after == ["§ " + "0" * 64]
