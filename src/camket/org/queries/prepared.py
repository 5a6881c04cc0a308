"""Questions that every request asks: their SQL is written once in a process, and only the values change.

Django writes the SQL of a query anew each time, which for one of many conditions takes longer than its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_NUMBERS = 8_070_605_040_302_010_900
_DAYS = date(9871, 6, 5)
"""Where the values begin that stand for those asked with, and are no others that a query could hold."""


class Prepared:
    """A query about rows of some numbers, or of a day."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type[int] | type[date]) -> None:
        """``build`` makes the query for values of the kinds; it gives plain columns, numbers, and yes or no."""
        self.build = build
        self.kinds = kinds
        self._marks = [
            _NUMBERS + place if kind is int else _DAYS.replace(day=_DAYS.day + place)
            for place, kind in enumerate(kinds)
        ]
        self._written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, *values: int | date) -> list[tuple[Any, ...]]:
        """Return the rows as the database gives them, for values of the kinds."""
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = self._write()
        sql, marks = written
        given = {str(mark): _adapted(value) for mark, value in zip(self._marks, values, strict=True)}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(str(each), each) for each in marks])
            return list(cursor.fetchall())

    def _write(self) -> tuple[str, tuple[Any, ...]]:
        sql, marks = self.build(*self._marks).query.get_compiler(connection=connection).as_sql()
        return sql, tuple(marks)


def _adapted(value: int | date) -> Any:
    """Return a value as the database is given it in a query that Django writes."""
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return connection.ops.adapt_integerfield_value(value, "BigIntegerField")
