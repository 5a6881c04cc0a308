"""Tables as lines of JSON that no engine shapes: the same rows give the same bytes from SQLite and PostgreSQL."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Collate
from django.utils.duration import duration_iso_string

CHUNK = 2000
"""Rows that are in memory at a time."""

LEFT_OUT: Mapping[str, str] = {
    "sessions.session": "sign-ins of the moment: everyone signs in again after a restore",
    "usersessions.usersession": "sign-ins of the moment: everyone signs in again after a restore",
    "org.failedsignins": "counts of failed sign-ins of the last minutes",
    "intake.sentform": "fingerprints of the forms of the last hours",
    "intake.publictry": "how many forms came from an address today",
    "intake.heldform": "what was typed when a sign-in ran out, kept for an hour",
    "account.emailconfirmation": "one-time links that have run out when they are restored",
    "socialaccount.socialtoken": "keys of another system's session: signing in gives new ones",
    "jobs.job": "when the jobs of this installation ran, which the clock tells anew",
    "contenttypes.contenttype": "made by every installation for itself",
    "auth.permission": "made by every installation for itself",
    "auth.group": "not used: what roles may do stands in the program",
    "auth.group_permissions": "not used: what roles may do stands in the program",
}
"""Tables that are not backed up, each with the reason; every other table of the product is."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one state of the schema: its model there and the fields that have columns."""

    model: type[models.Model]

    @property
    def name(self) -> str:
        """The name in the database."""
        return self.model._meta.db_table

    @property
    def label(self) -> str:
        """The model's name, as ``org.person``."""
        return self.model._meta.label_lower

    @property
    def fields(self) -> tuple[models.Field[Any, Any], ...]:
        """The fields that have a column."""
        return tuple(self.model._meta.concrete_fields)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(str(field.column) for field in self.fields)


def applied_migrations() -> dict[str, list[str]]:
    """Return the names of the migrations that the database has, by app; empty for an empty database."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationExecutor(connection).loader.applied_migrations):
        found.setdefault(app, []).append(name)
    return found


def known_migrations() -> set[tuple[str, str]]:
    """Return the migrations that this version of the product has, as pairs of app and name."""
    return set(MigrationExecutor(connection).loader.disk_migrations)


def tables_of(migrations: Mapping[str, Iterable[str]]) -> tuple[Table, ...]:
    """Return the tables that a database with these migrations has, each after those it refers to.

    Tables of ``LEFT_OUT`` are not among them. Raises KeyError for a migration that this version does not have.
    """
    loader = MigrationExecutor(connection).loader
    nodes = [(app, name) for app, names in migrations.items() for name in names]
    state = loader.project_state([node for node in nodes if node in loader.graph.nodes])
    tables = [
        Table(model)
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return _in_order(tables)


def _in_order(tables: Iterable[Table]) -> tuple[Table, ...]:
    waiting = {table.name: table for table in sorted(tables, key=lambda table: table.name)}
    ordered: list[Table] = []
    while waiting:
        ready = [
            table
            for table in waiting.values()
            if not {
                field.related_model._meta.db_table
                for field in table.fields
                if field.is_relation and isinstance(field.related_model, type)
            }
            & (waiting.keys() - {table.name})
        ]
        # Tables that refer to each other stand side by side: constraints are checked at the end.
        for table in ready or list(waiting.values()):
            ordered.append(waiting.pop(table.name))
    return tuple(ordered)


def lines_of(table: Table) -> Iterator[bytes]:
    """Yield a table's rows, each a line of canonical JSON by column, in the order of their keys."""
    names = [field.attname for field in table.fields]
    rows = in_order_of_keys(table.model._base_manager.all()).values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        yield line(dict(zip(table.columns, map(plain, table.fields, row), strict=True)))


def in_order_of_keys(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return rows in the order of their keys, that of texts by their bytes whatever the engine's language."""
    key = rows.model._meta.pk
    if connection.vendor == "postgresql" and isinstance(key, models.CharField | models.TextField):
        return rows.order_by(Collate(key.attname, "C"))
    return rows.order_by("pk")


def line(record: Mapping[str, Any]) -> bytes:
    """Return a record as one line of canonical JSON."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8") + b"\n"


def plain(field: models.Field[Any, Any], value: Any) -> Any:
    """Return a column's value as JSON has it: times in UTC, decimals as text, bytes in base 64."""
    if value is None or isinstance(field, models.JSONField):
        return value
    match value:
        case bool() | int() | float() | str():
            return value
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case uuid.UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"{field}: {type(value).__name__} has no form in JSON")


def stored(field: models.Field[Any, Any], value: Any) -> Any:
    """Return what the database is given for a value in JSON; raises ValidationError for one that does not fit."""
    if not isinstance(field, models.JSONField):
        value = field.to_python(value)
    return field.get_db_prep_save(value, connection)


def digest_of(table: Table) -> tuple[int, str]:
    """Return how many rows a table has now and the SHA-256 of their lines."""
    count, digest = 0, hashlib.sha256()
    for text in lines_of(table):
        count += 1
        digest.update(text)
    return count, digest.hexdigest()


def latest_keys(tables: Iterable[Table]) -> dict[str, int]:
    """Return the highest number that each table has given, also to rows that are gone since, by table."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in tables:
            if not isinstance(table.model._meta.pk, models.AutoField):
                continue
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
            else:
                cursor.execute(
                    "SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND"
                    " format('%%I.%%I', schemaname, sequencename) = pg_get_serial_sequence(%s, %s)",
                    [connection.ops.quote_name(table.name), table.model._meta.pk.column],
                )
            row = cursor.fetchone()
            if row is not None and row[0] is not None:
                found[table.name] = int(row[0])
    return found
