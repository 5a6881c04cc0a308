"""Putting a backup back: into SQLite or PostgreSQL, whichever wrote it, and from an older version too.

Files first (each is whole before it has its name), then all rows in one transaction: the old tables are dropped,
the schema is built as the backup had it, the rows are loaded and compared with the backup's checksums, and the
schema is brought to this version. An installation that has the schema of the backup, and that of this version, keeps
its tables and is emptied: building them takes longer than all the rest. Until that transaction is committed the old
state stands; killed before, it is as if nothing had been asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from camket.core.messages import Message, gettext_noop
from camket.journal import guard
from camket.journal.queries import verify
from camket.keeping import tables
from camket.keeping.backup import Archive, Backup, BackupRefused, opened
from camket.keeping.tables import Table
from camket.keeping.upgrading import only_changed_models_anew, upgrade
from camket.org.models import Agency, Person

_COPY = 1024 * 1024


class NotEmpty(BackupRefused):
    """The installation has data, and replacing them was not asked for."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and the codes of the agencies whose journal is not whole."""

    backup: Backup
    broken: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it for a command's output."""
        return {**self.backup.to_json(), "broken_journals": list(self.broken)}


def restore_backup(*, path: Path, replace: bool, passphrase: str = "") -> Restored:
    """Check a backup and put it back whole; with ``replace`` in the place of what the installation has.

    Raises Damaged and BackupRefused as ``verify_backup`` does, NotEmpty where there are data and ``replace`` is not
    given; then nothing has changed. A journal whose chain was broken when it was backed up stays so and is named.
    """
    with opened(path, passphrase) as archive:
        archive.check()
        migrations: dict[str, list[str]] = archive.manifest["migrations"]
        _check_known(archive, migrations)
        if not replace and _has_data():
            raise NotEmpty(
                Message(
                    gettext_noop(
                        "This installation has data already. Restore into an empty one, or add --replace to "
                        "put the backup in their place."
                    )
                )
            )
        _put_files(archive)
        _put_rows(archive, migrations)
        broken = tuple(
            agency.code for agency in Agency.objects.order_by("code") if not verify(agency.pk).whole
        )
        return Restored(archive.summary(), broken)


def _check_known(archive: Archive, migrations: Mapping[str, list[str]]) -> None:
    known = tables.known_migrations()
    unknown = [
        f"{app}.{name}" for app, names in migrations.items() for name in names if (app, name) not in known
    ]
    if unknown:
        raise BackupRefused(
            Message(
                gettext_noop(
                    "%(file)s was written by another version of Cam Kết (%(product)s), which has changes of the"
                    " database that this version does not know (%(changes)s). Restore it with that version "
                    "or a later one."
                ),
                {
                    "file": str(archive.path),
                    "product": archive.manifest["product"],
                    "changes": ", ".join(unknown[:3]),
                },
            )
        )


def _has_data() -> bool:
    present = set(connection.introspection.table_names())
    return any(
        model._meta.db_table in present and model._base_manager.only("pk").exists()
        for model in (Agency, Person)
    )


# Files


def _put_files(archive: Archive) -> None:
    root = Path(settings.MEDIA_ROOT)
    for file in archive.files():
        path = root / file["path"]
        try:
            if not _is_same(path, file):
                _put_file(archive, file["path"], path)
        except OSError as error:
            raise BackupRefused(
                Message(
                    gettext_noop(
                        "The stored files cannot be put back at %(file)s: %(reason)s. Mend that and restore again."
                    ),
                    {"file": str(path), "reason": error.strerror or str(error)},
                )
            ) from error


def _put_file(archive: Archive, place: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target, archive.copy(place) as source:
            while data := source.read(_COPY):
                target.write(data)
            target.flush()
            os.fsync(target.fileno())
        os.replace(part, path)
    finally:
        Path(part).unlink(missing_ok=True)


def _is_same(path: Path, file: Mapping[str, Any]) -> bool:
    try:
        if path.stat().st_size != file["size"]:
            return False
        digest = hashlib.sha256()
        with path.open("rb") as source:
            while data := source.read(_COPY):
                digest.update(data)
    except FileNotFoundError:
        return False
    return bool(digest.hexdigest() == file["sha256"])


# Rows


def _put_rows(archive: Archive, migrations: Mapping[str, list[str]]) -> None:
    # SQLite changes a table by building it anew, which its foreign keys must not notice; it takes the switch only
    # outside of a transaction. They are all checked before the end.
    connection.disable_constraint_checking()
    try:
        with transaction.atomic(durable=True):
            if is_built := _is_built(migrations):
                _empty_tables()
            else:
                _drop_tables()
                _check_references("IMMEDIATE")
                _build(migrations)
            _check_references("DEFERRED")
            _load(archive, tables.tables_of(migrations))
            _check_references("IMMEDIATE")
            if not is_built:
                upgrade(quiet=True)
                _check_references("IMMEDIATE")
    finally:
        connection.enable_constraint_checking()


def _check_references(when: str) -> None:
    """Have references checked at once, or only later: rows come in any order, but tables that wait cannot change."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL {when}")
    elif when == "IMMEDIATE":
        connection.check_constraints()


def _is_built(migrations: Mapping[str, list[str]]) -> bool:
    """Return whether the tables stand as this version and the backup have them, guards and all, and no others."""
    of_backup = {(app, name) for app, names in migrations.items() for name in names}
    applied = {(app, name) for app, names in tables.applied_migrations().items() for name in names}
    if not of_backup == applied == tables.known_migrations():
        return False
    wanted = {
        model._meta.db_table: {str(field.column) for field in model._meta.concrete_fields}
        for model in apps.get_models(include_auto_created=True)
    }
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if present != wanted.keys() | {"django_migrations"} or guard.missing():
            return False
        return all(
            {column.name for column in connection.introspection.get_table_description(cursor, table)}
            == columns
            for table, columns in wanted.items()
        )


def _empty_tables() -> None:
    """Take every row out of the product's tables, but for what each installation makes for itself."""
    own = {"contenttypes.contenttype", "auth.permission"}
    doomed = [
        connection.ops.quote_name(model._meta.db_table)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in own
    ]
    with guard.lifted(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(doomed)}")
            return
        for table in doomed:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours


def _drop_tables() -> None:
    """Drop the product's tables with their triggers: a journal's refuse to be emptied."""
    name = connection.ops.quote_name
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {
        "django_migrations"
    }
    with connection.cursor() as cursor:
        present = connection.introspection.table_names(cursor)
        if connection.vendor == "sqlite":
            for table in present:
                cursor.execute(f"DROP TABLE {name(table)}")
            return
        functions = _functions_of_triggers(cursor)
        doomed = [table for table in present if table in ours]
        if doomed:
            cursor.execute(f"DROP TABLE {', '.join(map(name, doomed))} CASCADE")
        for function in functions:
            cursor.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")


def _functions_of_triggers(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT DISTINCT p.oid::regprocedure::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
        " AND c.relnamespace = current_schema()::regnamespace AND p.pronamespace = c.relnamespace"
    )
    return [row[0] for row in cursor.fetchall()]


def _build(migrations: Mapping[str, list[str]]) -> None:
    """Build the schema that a database with these migrations has, and empty it of what they put there."""
    executor = MigrationExecutor(connection)
    targets = []
    for app, names in sorted(migrations.items()):
        for name in names:
            node = executor.loader.graph.node_map.get((app, name))
            if node is not None and not any(
                child.key[0] == app and child.key[1] in names for child in node.children
            ):
                targets.append((app, name))
    with only_changed_models_anew():
        executor.migrate(targets)


def _load(archive: Archive, all_tables: tuple[Table, ...]) -> None:
    listed = {table["name"]: table for table in archive.manifest["tables"]}
    with connection.cursor() as cursor:
        for table in reversed(all_tables):
            if table.model._base_manager.exists():  # tables that refuse to be emptied are empty
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608
    for table in all_tables:
        entry = listed.pop(table.name, None)
        if entry is None or tuple(entry["columns"]) != table.columns:
            raise _other_shape(archive, table.name)
        _load_table(archive, table, entry)
    if listed:
        raise _other_shape(archive, next(iter(listed)))


def _load_table(archive: Archive, table: Table, entry: Mapping[str, Any]) -> None:
    name = connection.ops.quote_name
    statement = (
        f"INSERT INTO {name(table.name)} ({', '.join(map(name, table.columns))})"  # noqa: S608 names of ours
        f" VALUES ({', '.join(['%s'] * len(table.columns))})"
    )
    try:
        with connection.cursor() as cursor:
            for rows in _batches(_rows(archive, table, entry["file"])):
                cursor.executemany(statement, rows)
            _count_on(cursor, table, entry["latest_key"])
    except (DatabaseError, ValidationError, TypeError, ValueError, ArithmeticError) as error:
        raise BackupRefused(
            Message(
                gettext_noop("The table %(table)s cannot be restored here: %(reason)s Nothing was changed."),
                {"table": table.name, "reason": " ".join(str(error).split())},
            )
        ) from error
    if tables.digest_of(table) != (entry["rows"], entry["sha256"]):
        raise BackupRefused(
            Message(
                gettext_noop(
                    "The table %(table)s came out otherwise than the backup has it: this database keeps its values"
                    " less exactly. Nothing was changed; restore to the kind of database that wrote the "
                    "backup (%(engine)s)."
                ),
                {"table": table.name, "engine": archive.manifest["engine"]},
            )
        )


def _rows(archive: Archive, table: Table, file: str) -> Iterator[list[Any]]:
    pairs = [(field, field.column) for field in table.fields]
    for text in archive.lines(file):
        record = json.loads(text)
        yield [tables.stored(field, record[column]) for field, column in pairs]


def _batches(rows: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, tables.CHUNK)):
        yield batch


def _count_on(cursor: Any, table: Table, latest: int | None) -> None:
    """Have the table's numbers go on after the highest ever given: a number of a row that is gone means nothing else."""
    key = table.model._meta.pk
    if not isinstance(key, models.AutoField) or not latest:
        return
    name, column = connection.ops.quote_name(table.name), str(key.column)
    cursor.execute(f"SELECT MAX({connection.ops.quote_name(column)}) FROM {name}")  # noqa: S608
    number = max(latest, cursor.fetchone()[0] or 0)
    if connection.vendor == "postgresql":
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, column, number])
        return
    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, number])


def _other_shape(archive: Archive, table: str) -> BackupRefused:
    return BackupRefused(
        Message(
            gettext_noop(
                "%(file)s cannot be restored by this version: its table %(table)s has another shape. Restore "
                "it with the version that wrote it (%(product)s)."
            ),
            {"file": str(archive.path), "table": table, "product": archive.manifest["product"]},
        )
    )
