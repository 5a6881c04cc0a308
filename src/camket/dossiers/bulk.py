"""Rows by the tens of thousands: straight into the tables and out of them, past the ORM, on both engines.

On PostgreSQL by COPY, on SQLite by ``executemany``. Called inside the caller's transaction. Names of tables and columns
are those of the models; values never stand in the SQL text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import polars as pl
from django.conf import settings
from django.db import connection, models

_PIECE = 4_000
_ROWS = 10_000
"""Rows handed to the engine in one statement where they are looked up."""


def insert(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Add a frame's rows to the model's table; the frame's columns are the table's."""
    if frame.is_empty():
        return
    table = _quoted(model._meta.db_table)
    # Columns in which no row has anything need not travel, nor on SQLite numbers that are the same in all.
    frame = frame.select(column for column in frame if column.null_count() < frame.height)
    if connection.vendor == "postgresql":
        _copy(table, frame)
        return
    alike = {
        column.name: int(column[0])
        for column in frame
        if (column.dtype.is_integer() or column.dtype == pl.Boolean)
        and not column.null_count()
        and column.n_unique() == 1
    }
    names = [name for name in frame.columns if name not in alike]
    _execute_many(_insertion(table, names, alike), frame.select(names))


def add_up(model: type[models.Model], frame: pl.DataFrame, *, key: Sequence[str]) -> None:
    """Add a frame's figures to the rows of the same key; rows that are not there yet are made."""
    if frame.is_empty():
        return
    table = _quoted(model._meta.db_table)
    sums = ", ".join(
        f"{_quoted(name)} = {table}.{_quoted(name)} + excluded.{_quoted(name)}"
        for name in frame.columns
        if name not in key
    )
    conflict = f" ON CONFLICT ({_list(key)}) DO UPDATE SET {sums}"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, _staged(model, frame) as staging:
            columns = _list(frame.columns)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} WHERE true{conflict}"  # noqa: S608 - names are ours
            )
        return
    _execute_many(_insertion(table, frame.columns) + conflict, frame)


def update(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Write a frame's columns into the rows that its column ``id`` names."""
    if frame.is_empty():
        return
    table = _quoted(model._meta.db_table)
    names = [name for name in frame.columns if name != "id"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, _staged(model, frame) as staging:
            values = ", ".join(f"{_quoted(name)} = s.{_quoted(name)}" for name in names)
            cursor.execute(f"UPDATE {table} AS t SET {values} FROM {staging} AS s WHERE t.id = s.id")  # noqa: S608 - names are ours
        return
    values = ", ".join(f"{_quoted(name)} = ?" for name in names)
    _execute_many(f"UPDATE {table} SET {values} WHERE id = ?", frame.select(*names, "id"))  # noqa: S608 - names are ours


def column(
    model: type[models.Model], name: str, *, agency_id: int, dtype: pl.DataType | type[pl.DataType]
) -> pl.Series:
    """Return one column of all rows of an agency."""
    sql = f"SELECT {_quoted(name)} FROM {_quoted(model._meta.db_table)} WHERE agency_id = %s"  # noqa: S608 - names are ours
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            taken = bytearray()
            with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", (agency_id,)) as copy:
                for piece in copy:
                    taken += piece
            if not taken:
                return pl.Series(name, [], dtype=dtype)
            return pl.read_csv(bytes(taken), has_header=False, schema={name: dtype}).to_series()
        cursor.execute(sql, (agency_id,))
        return pl.Series(name, [row[0] for row in cursor.fetchall()], dtype=dtype)


def ids(model: type[models.Model], name: str, values: Sequence[str], *, agency_id: int) -> list[int]:
    """Return the ids of an agency's rows that have these values in a column, which a unique index finds by agency and it."""
    table, own = _quoted(model._meta.db_table), _quoted(name)
    found: list[int] = []
    with connection.cursor() as cursor:
        for some in chunks(values):
            if connection.vendor == "postgresql":
                # Each by itself: what it takes for a list hangs on what it last learned of a table that has just grown.
                cursor.execute(
                    f"SELECT held.id FROM unnest(%s::text[]) AS asked(value) CROSS JOIN LATERAL (SELECT id FROM {table}"  # noqa: S608 - names are ours
                    f" WHERE agency_id = %s AND {own} = asked.value LIMIT 1) AS held",
                    [some, agency_id],
                )
            else:
                marks = ", ".join(["%s"] * len(some))
                cursor.execute(
                    f"SELECT id FROM {table} WHERE agency_id = %s AND {own} IN ({marks})",  # noqa: S608 - names are ours
                    [agency_id, *some],
                )
            found += (row[0] for row in cursor.fetchall())
    return found


def chunks(values: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the values in lists that one statement takes."""
    for start in range(0, len(values), _ROWS):
        yield list(values[start : start + _ROWS])


def storable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame as SQLite keeps it for Django: moments as text in UTC."""
    moments = [name for name, dtype in frame.schema.items() if dtype == pl.Datetime]
    return _in_utc(frame).with_columns(pl.col(name).dt.strftime("%F %T%.f") for name in moments)


def _in_utc(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with moments of the local clock turned into those of UTC, zones left out."""
    moments = [name for name, dtype in frame.schema.items() if dtype == pl.Datetime]
    return frame.with_columns(
        pl.col(name)
        .dt.replace_time_zone(settings.TIME_ZONE, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
        .dt.replace_time_zone(None)
        for name in moments
    )


class _staged:
    """A table of its own, for this transaction, that holds a frame's rows."""

    def __init__(self, model: type[models.Model], frame: pl.DataFrame) -> None:
        self._model, self._frame = model, frame
        self._name = "camket_staging"

    def __enter__(self) -> str:
        columns = _list(self._frame.columns)
        with connection.cursor() as cursor:
            rows = f"SELECT {columns} FROM {_quoted(self._model._meta.db_table)} WHERE false"  # noqa: S608
            cursor.execute(f"CREATE TEMP TABLE {self._name} ON COMMIT DROP AS {rows}")
        _copy(self._name, self._frame)
        return self._name

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:  # a transaction that failed takes no statement more, and takes the table with it
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {self._name}")


def _copy(table: str, frame: pl.DataFrame) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({_list(frame.columns)}) FROM STDIN (FORMAT csv)") as copy,
    ):
        # In pieces: while the server takes one in, the next is put into words.
        for piece in frame.iter_slices(_PIECE):
            text = _in_utc(piece).write_csv(
                include_header=False, quote_style="non_numeric", null_value="", datetime_format="%F %T%.f+00"
            )
            copy.write(text)


def _execute_many(sql: str, frame: pl.DataFrame) -> None:
    """Execute a statement with a mark for each column once for each row, on SQLite.

    By the engine's own cursor: Django's takes each row's values through its hands.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        cursor.executemany(sql, storable(frame).rows())


def _insertion(table: str, columns: Sequence[str], alike: Mapping[str, int] | None = None) -> str:
    """Return an INSERT with a mark for each column; ``alike`` are numbers that every row has."""
    alike = alike or {}
    values = ", ".join([*("?" * len(columns)), *(str(number) for number in alike.values())])
    return f"INSERT INTO {table} ({_list([*columns, *alike])}) VALUES ({values})"  # noqa: S608 - names are ours


def _list(columns: Sequence[str]) -> str:
    return ", ".join(_quoted(name) for name in columns)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
