"""Several reads in one SQL statement: what a page rests on comes in one trip to the database instead of a dozen.

Each query becomes a common table expression, and its rows come as JSON arrays with the number of their query.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Rows = list[tuple[Any, ...]]

_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "DateField": date.fromisoformat,
    "DateTimeField": datetime.fromisoformat,
    "DecimalField": Decimal,
    "JSONField": str,
    "TimeField": time.fromisoformat,
}
"""How PostgreSQL's text of a value is read whose JSON would lose what it is; JSON itself is read by its field."""


def read_together(queries: Sequence[QuerySet[Any, tuple[Any, ...]]]) -> list[Rows]:
    """Return the rows of each query of ``values_list``, as the query itself would give them; one SQL statement.

    Numbers, text, truth values, days, moments and JSON are read; other kinds of columns are not meant for it.
    """
    found: list[Rows] = [[] for _ in queries]
    compilers: dict[int, SQLCompiler] = {}
    tables, selects, params = [], [], []
    for place, query in enumerate(queries):
        compiler = query.query.get_compiler(using=query.db)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            continue
        names = [f"c{number}" for number in range(len(compiler.select))]
        tables.append(f"q{place}({', '.join(names)}) AS ({sql})")
        selects.append(f"SELECT {place}, {_array(names, compiler)} FROM q{place}")  # noqa: S608 - no text of others
        params += values
        compilers[place] = compiler
    if not compilers:
        return found
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(tables)} {' UNION ALL '.join(selects)}", params)
        for place, row in cursor.fetchall():
            found[place].append(row if isinstance(row, list) else json.loads(row))
    return [_converted(compilers[place], rows) if rows else [] for place, rows in enumerate(found)]


def _array(names: Sequence[str], compiler: SQLCompiler) -> str:
    """Return the SQL of a row as a JSON array."""
    if connection.vendor == "sqlite":
        return f"json_array({', '.join(names)})"
    columns = (
        f"{name}::text" if kind in _FROM_TEXT else name
        for name, kind in zip(names, _kinds(compiler), strict=True)
    )
    return f"json_build_array({', '.join(columns)})"


def _kinds(compiler: SQLCompiler) -> list[str]:
    return [expression.output_field.get_internal_type() for expression, _sql, _alias in compiler.select]


def _converted(compiler: SQLCompiler, rows: Sequence[Sequence[Any]]) -> Rows:
    """Return rows as Django gives them: SQLite's values are what JSON says, PostgreSQL's are read from their text first."""
    if connection.vendor != "sqlite":
        readers = [_FROM_TEXT.get(kind) for kind in _kinds(compiler)]
        rows = [
            [
                value if read is None or value is None else read(value)
                for read, value in zip(readers, row, strict=True)
            ]
            for row in rows
        ]
    converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
    return [tuple(row) for row in (compiler.apply_converters(rows, converters) if converters else rows)]
