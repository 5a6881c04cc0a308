"""Rows by the tens of thousands: straight into the tables and out of them, past the ORM, on both engines.

On PostgreSQL by COPY, on SQLite by ``executemany``. Called inside the caller's transaction. Names of tables and columns
are those of the models; values never stand in the SQL text.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import polars as pl
from django.conf import settings
from django.db import connection, models

_PIECE = 4_000
_ROWS = 10_000
"""Rows handed to the engine in one statement where they are looked up."""

_TOGETHER = 100
"""Rows that SQLite adds in one statement: each statement notes its table's last key, and lets others have their turn."""

_DAY = timedelta(days=1)
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Insertion:
    """Rows made ready to be added to a table; making them ready takes no transaction, :meth:`write` does.

    ``frame`` is what PostgreSQL is given, piece by piece; ``statements`` what SQLite is given, each with the values for
    every time that it is executed.
    """

    table: str
    frame: pl.DataFrame | None = None
    statements: Sequence[tuple[str, Sequence[Sequence[Any]]]] = ()

    def write(self) -> None:
        """Add the rows, in the caller's transaction."""
        if self.frame is not None:
            _copy(self.table, self.frame)
        for sql, values in self.statements:
            _execute_many(sql, values)


def insertion(model: type[models.Model], frame: pl.DataFrame) -> Insertion:
    """Make a frame's rows ready to be added to the model's table; the frame's columns are the table's."""
    table = _quoted(model._meta.db_table)
    if frame.is_empty():
        return Insertion(table)
    # Columns in which no row has anything need not travel.
    frame = frame.select(column for column in frame if column.null_count() < frame.height)
    if connection.vendor == "postgresql":
        return Insertion(table, _copyable(frame))
    return Insertion(table, statements=_insertions(table, frame))


def insert(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Add a frame's rows to the model's table; the frame's columns are the table's."""
    insertion(model, frame).write()


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
    for sql, values in _insertions(table, frame, conflict):
        _execute_many(sql, values)


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
    rows = storable(frame.select(*names, "id")).rows()
    _execute_many(f"UPDATE {table} SET {values} WHERE id = ?", rows)  # noqa: S608 - names are ours


def whole_numbers(model: type[models.Model], name: str, *, agency_id: int) -> pl.Series:
    """Return a column of whole numbers of all rows of an agency, in no order.

    Put together by the engine: a million rows handed over one by one cost more than looking at them.
    """
    own, table = _quoted(name), _quoted(model._meta.db_table)
    if connection.vendor == "postgresql":
        sql = f"SELECT string_agg(int8send({own}), ''::bytea) FROM {table} WHERE agency_id = %s"  # noqa: S608 - names are ours
        with connection.cursor() as cursor:
            cursor.execute(sql, [agency_id])
            told = bytes(cursor.fetchone()[0] or b"")
        if not told:
            return pl.Series(name, [], dtype=pl.Int64)
        array = pl.Array(pl.Int64, len(told) // 8)
        return pl.Series(name, [told]).bin.reinterpret(dtype=array, endianness="big").explode()
    sql = f"SELECT group_concat({own}) FROM {table} WHERE agency_id = ?"  # noqa: S608 - names are ours
    [(text,)] = _fetched(sql, [agency_id])
    if not text:
        return pl.Series(name, [], dtype=pl.Int64)
    return pl.Series(name, [text]).str.split(",").explode().cast(pl.Int64)


def held(
    model: type[models.Model],
    schema: Mapping[str, pl.DataType],
    *,
    by: str,
    values: Sequence[str],
    agency_id: int,
) -> pl.DataFrame:
    """Return columns of an agency's rows that have these values in a column, which a unique index finds by agency and it.

    Moments are by the local clock; ``schema`` says which columns, and what they are.
    """
    found = [_told(_asked(model, schema, by, some, agency_id), schema) for some in chunks(values)]
    return pl.concat(found) if found else pl.DataFrame(schema=schema)


def _asked(
    model: type[models.Model], schema: Mapping[str, pl.DataType], by: str, values: list[str], agency_id: int
) -> pl.DataFrame:
    """Return the columns as the engine tells them: moments in words, by UTC."""
    table, own = _quoted(model._meta.db_table), _quoted(by)
    plain = {name: _PLAIN.get(dtype, dtype) for name, dtype in schema.items()}
    if connection.vendor == "postgresql":
        # A truth is told as a number, as on SQLite. Each value by itself: what the engine takes for a list hangs on what it
        # last learned of a table that has just grown.
        columns = ", ".join(
            f"{_quoted(name)} AT TIME ZONE 'UTC'"
            if dtype == pl.Datetime
            else f"{_quoted(name)}::int"
            if dtype == pl.Boolean
            else _quoted(name)
            for name, dtype in schema.items()
        )
        sql = (
            f"SELECT held.* FROM unnest(%s::text[]) AS asked(value) CROSS JOIN LATERAL (SELECT {columns} FROM {table}"  # noqa: S608 - names are ours
            f" WHERE agency_id = %s AND {own} = asked.value LIMIT 1) AS held"
        )
        return _copied(sql, [values, agency_id], plain)
    # Of a bare column the driver makes a moment or a truth, one by one.
    columns = ", ".join(
        f"{_quoted(name)} || ''" if dtype == pl.Datetime else f"+{_quoted(name)}"
        for name, dtype in schema.items()
    )
    marks = ", ".join("?" * len(values))
    sql = f"SELECT {columns} FROM {table} WHERE agency_id = ? AND {own} IN ({marks})"  # noqa: S608 - names are ours
    return pl.DataFrame(_fetched(sql, [agency_id, *values]), schema=plain, orient="row")


_PLAIN: dict[pl.DataType, pl.DataType] = {pl.Datetime("us"): pl.String(), pl.Boolean(): pl.Int8()}


def _told(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return what the engine told as the columns it is: empty texts, and moments by the local clock."""
    return frame.with_columns(
        pl.col(name)
        .str.to_datetime("%F %T%.f", time_unit="us")
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone(settings.TIME_ZONE)
        .dt.replace_time_zone(None)
        if dtype == pl.Datetime
        else pl.col(name).fill_null("")
        if dtype == pl.String
        else pl.col(name).cast(dtype)
        for name, dtype in schema.items()
    )


def _copied(sql: str, values: Sequence[Any], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return what a question brings, on PostgreSQL."""
    taken = bytearray()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", values) as copy:
        for piece in copy:
            taken += piece
    return (
        pl.read_csv(bytes(taken), has_header=False, schema=schema) if taken else pl.DataFrame(schema=schema)
    )


def _fetched(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return what a question brings, on SQLite, by the engine's own cursor."""
    connection.ensure_connection()
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        return list(cursor.execute(sql, values).fetchall())


def chunks(values: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the values in lists that one statement takes."""
    for start in range(0, len(values), _ROWS):
        yield list(values[start : start + _ROWS])


def storable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame as an engine takes it: moments of the local clock as text in UTC, on SQLite as Django keeps them."""
    zone = "+00" if connection.vendor == "postgresql" else ""
    return frame.with_columns(
        _in_words(_in_utc(column), zone) for column in frame if column.dtype == pl.Datetime
    )


def _in_words(column: pl.Series, zone: str) -> pl.Series:
    """Return moments as text; a day, and a second of the day, is put into words once and not for each row."""
    micros = column.dt.epoch("us")
    if (micros % 1_000_000 != 0).any():
        return column.dt.strftime("%F %T%.f") + zone
    day = column.dt.date()
    days = day.unique()
    seconds = (micros // 1_000_000 % _DAY_SECONDS).cast(pl.UInt32)
    return day.replace_strict(days, days.dt.strftime("%F "), return_dtype=pl.String) + _times().gather(
        seconds
    )


@lru_cache(maxsize=1)
def _times() -> pl.Series:
    """Return every second of a day in words."""
    return (pl.int_range(_DAY_SECONDS, eager=True) * 1_000_000_000).cast(pl.Time).dt.strftime("%T")


def _in_utc(column: pl.Series) -> pl.Series:
    """Return moments of the local clock as those of UTC, zones left out."""
    first, last = column.min(), column.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return column
    # Where the clock is ahead by the same on all their days, nothing need be looked up for each.
    days = pl.datetime_range(first - _DAY, last + _DAY, _DAY, time_unit="us", eager=True)
    ahead = (days - _by_zone(days)).unique()
    return column - ahead[0] if ahead.len() == 1 and not ahead.null_count() else _by_zone(column)


def _by_zone(column: pl.Series) -> pl.Series:
    local = column.dt.replace_time_zone(settings.TIME_ZONE, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


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
        _copy(self._name, _copyable(self._frame))
        return self._name

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:  # a transaction that failed takes no statement more, and takes the table with it
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {self._name}")


def _copyable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame as PostgreSQL's COPY takes it: as text, what means something to COPY behind a backslash."""
    frame = storable(frame)
    return frame.with_columns(
        column.str.replace_many(_MARKS, _SPELLED)
        for column in frame
        if column.dtype == pl.String and column.str.contains(_MARK).any()
    )


_MARKS, _SPELLED = ["\\", "\t", "\n", "\r"], ["\\\\", "\\t", "\\n", "\\r"]
_MARK = r"[\\\t\n\r]"


def _copy(table: str, frame: pl.DataFrame) -> None:
    """Add the rows of a frame from :func:`_copyable`. As plain text: that costs both sides less than quoted text."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({_list(frame.columns)}) FROM STDIN") as copy,
    ):
        # In pieces: while the server takes one in, the next is put into words.
        for piece in frame.iter_slices(_PIECE):
            told = io.BytesIO()
            piece.write_csv(told, include_header=False, separator="\t", quote_style="never", null_value="\\N")
            copy.write(told.getbuffer())


def _execute_many(sql: str, values: Sequence[Sequence[Any]]) -> None:
    """Execute a statement once for each sequence of values, on SQLite.

    By the engine's own cursor: Django's takes each row's values through its hands.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        cursor.executemany(sql, values)


def _insertions(
    table: str, frame: pl.DataFrame, conflict: str = ""
) -> list[tuple[str, Sequence[Sequence[Any]]]]:
    """Return the statements that add a frame's rows on SQLite, many rows in each, with their values.

    Whole numbers that are the same in all rows stand in the statement; a column that says what another one says in all
    rows is not handed over twice.
    """
    given: list[pl.Series] = []
    marks: list[tuple[int | None, str]] = []
    for column in frame:
        if (number := _same_number(column)) is not None:
            marks.append((None, str(number)))
            continue
        place = next((at for at, each in enumerate(given) if _is_same(each, column)), len(given))
        if place == len(given):
            given.append(column)
        marks.append((place, ""))
    connection.ensure_connection()
    most = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    width = len(given)
    together = max(1, min(_TOGETHER, most // max(1, width)))
    told = storable(pl.DataFrame(given))
    cells = chain.from_iterable(zip(*(column.to_list() for column in told), strict=True))
    full, rest = divmod(frame.height, together)
    begin = f"INSERT INTO {table} ({_list(frame.columns)}) VALUES "  # noqa: S608 - names are ours

    def statement(rows: int) -> str:
        values = (
            ", ".join(text if place is None else f"?{row * width + place + 1}" for place, text in marks)
            for row in range(rows)
        )
        return begin + ", ".join(f"({each})" for each in values) + conflict

    found: list[tuple[str, Sequence[Sequence[Any]]]] = []
    if full:
        found.append((statement(together), [tuple(islice(cells, together * width)) for _ in range(full)]))
    if rest:
        found.append((statement(rest), [tuple(cells)]))
    return found


def _same_number(column: pl.Series) -> int | None:
    """Return the whole number or truth that a column has in every row, else None."""
    if not (column.dtype.is_integer() or column.dtype == pl.Boolean) or column.null_count():
        return None
    least = column.min()
    return int(least) if least == column.max() else None  # type: ignore[arg-type]


def _is_same(one: pl.Series, other: pl.Series) -> bool:
    return one.dtype == other.dtype and one[0] == other[0] and one.equals(other)


def _list(columns: Sequence[str]) -> str:
    return ", ".join(_quoted(name) for name in columns)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
