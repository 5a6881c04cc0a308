"""The database itself refuses to change the journal: triggers on SQLite and PostgreSQL, put there by a migration.

Entries and accesses can be neither updated nor deleted, seals not updated (erasing one is how a person's data are
taken out). Who owns the tables can still drop the triggers; the hash chain is what tells afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

TRIGGERS = {
    "sqlite": frozenset(
        {
            "journal_entry_kept_from_update",
            "journal_entry_kept_from_delete",
            "journal_entry_kept_from_replace",
            "journal_access_kept_from_update",
            "journal_access_kept_from_delete",
            "journal_access_kept_from_replace",
            "journal_seal_kept_from_update",
            "journal_seal_kept_from_replace",
        }
    ),
    "postgresql": frozenset(
        {
            "journal_entry_kept",
            "journal_entry_kept_from_truncate",
            "journal_access_kept",
            "journal_access_kept_from_truncate",
            "journal_seal_kept",
            "journal_seal_kept_from_truncate",
        }
    ),
}
"""The triggers that must be there, by the kind of database."""


def missing() -> list[str]:
    """Return the triggers that are not there, or do not fire; the journal is unguarded while there are any."""
    return sorted(TRIGGERS[connection.vendor] - set(_present()))


@contextmanager
def lifted() -> Iterator[None]:
    """Let the journal's tables be emptied and filled within, in one transaction; the same triggers stand after it.

    For putting a backup in the place of what is there, and for tests that empty the database or tamper with it. On
    PostgreSQL nobody else reads or writes the tables meanwhile.
    """
    with transaction.atomic():
        there = _present()
        _settle()
        with connection.cursor() as cursor:
            for name, (table, _definition) in there.items():
                cursor.execute(_drop(name, table))
        yield
        _settle()
        with connection.cursor() as cursor:
            for _table, definition in there.values():
                for statement in definition:
                    cursor.execute(statement)


def _settle() -> None:
    """Have pending keys checked now: PostgreSQL changes no table that waits for it."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _drop(name: str, table: str) -> str:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER {name}{on}"


def _present() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the journal's triggers that fire: name, table, and the statements that make it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {
                name: (table, (sql,))
                for name, table, sql in cursor.fetchall()
                if name in TRIGGERS[connection.vendor]
            }
        cursor.execute(
            "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND c.relnamespace = current_schema()::regnamespace"
        )
        return {
            name: (table, (sql, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"))
            for name, table, sql in cursor.fetchall()
            if name in TRIGGERS[connection.vendor]
        }
