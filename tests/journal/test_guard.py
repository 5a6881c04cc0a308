"""The database itself refuses to change the journal, on both kinds of database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from camket.journal import guard, queries
from camket.journal.models import Access, Entry, Seal
from camket.journal.operations import record, record_access
from camket.org.models import Unit
from people import TODAY, People


@pytest.fixture
def written(people: People) -> Entry:
    unit = Unit.objects.filter(agency=people.agency).order_by("order")[0]
    entry = record(
        actor=people.an,
        agency_id=people.agency.pk,
        verb="unit.changed",
        subject=unit,
        on=TODAY,
        after={"name": "B"},
    )
    record_access(
        actor=people.an, what="person", purpose="Trang cán bộ", on=TODAY, person_id=people.binh.person_id
    )
    return entry


CHANGES = {
    "an entry is updated": "UPDATE journal_entry SET reason = 'khác'",
    "an entry is deleted": "DELETE FROM journal_entry",
    "an access is updated": "UPDATE journal_access SET purpose = 'khác'",
    "an access is deleted": "DELETE FROM journal_access",
    "a sealed name is exchanged": "UPDATE journal_seal SET value = 'Người Khác'",
}


@pytest.mark.parametrize("case", CHANGES)
def test_the_database_refuses_to_change_what_is_recorded(written: Entry, case: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(CHANGES[case])
    assert (Entry.objects.count(), Access.objects.count()) == (1, 1)
    assert queries.verify(written.agency_id).whole


@pytest.mark.only_on("sqlite")
def test_a_row_is_not_replaced_on_insert(written: Entry) -> None:
    columns = ", ".join(field.column if field.column != "on" else '"on"' for field in Entry._meta.fields)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT OR REPLACE INTO journal_entry ({columns}) SELECT {columns} FROM journal_entry"
        )


def truncate(table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        connection.check_constraints()  # nothing pending, so that the trigger is what refuses
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.only_on("postgresql")
def test_tables_are_not_truncated(written: Entry) -> None:
    for table in ("journal_entry", "journal_access", "journal_seal"):
        with pytest.raises(DatabaseError, match="append-only"):
            truncate(table)
    assert Entry.objects.count() == 1


@pytest.mark.only_on("postgresql")
def test_replication_does_not_slip_past(written: Entry) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Entry.objects.update(reason="khác")
        transaction.set_rollback(True)


def test_every_trigger_is_there_after_all_migrations(db: None) -> None:
    assert guard.missing() == []


def test_a_trigger_that_was_dropped_is_missed(db: None) -> None:
    name = sorted(guard.TRIGGERS[connection.vendor])[0]
    table = name.split("_kept")[0]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else "")
            )
        assert guard.missing() == [name]
        transaction.set_rollback(True)
    assert guard.missing() == []


def test_lifted_the_tables_can_be_emptied_and_are_guarded_again(written: Entry) -> None:
    with guard.lifted():
        Entry.objects.update(on=TODAY + timedelta(days=1))
        Entry.objects.all().delete()
    assert guard.missing() == []
    assert not Entry.objects.exists()


def emptied_in_vain() -> None:
    with guard.lifted():
        Entry.objects.all().delete()
        raise ZeroDivisionError


def test_lifting_that_fails_leaves_the_guard_and_the_rows(written: Entry) -> None:
    with pytest.raises(ZeroDivisionError):
        emptied_in_vain()
    assert guard.missing() == []
    assert Entry.objects.count() == 1


def test_seals_can_be_erased(written: Entry) -> None:
    Seal.objects.all().delete()
    assert not Seal.objects.exists()
