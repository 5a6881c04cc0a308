"""Questions that every request asks: their SQL is written once in a process, and only the values change.

Django writes the SQL of a query anew each time, which for one of many conditions takes longer than its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_NUMBER = 8_070_605_040_302_010_908
_DAY = date(9871, 6, 5)
"""Values that stand for the ones asked with, and are no others that a query could hold."""


class Prepared:
    """A query about one row's number and one day."""

    def __init__(self, build: Callable[[int, date], QuerySet[Any, Any]]) -> None:
        """``build`` makes the query for a number and a day; its values are plain columns and yes or no."""
        self.build = build
        self._written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, number: int, on: date) -> list[tuple[Any, ...]]:
        """Return the rows as the database gives them, for a number and a day."""
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = self._write()
        sql, marks = written
        ops = connection.ops
        values = {
            _mark(_NUMBER): ops.adapt_integerfield_value(number, "BigIntegerField"),
            _mark(_DAY): ops.adapt_datefield_value(on),
        }
        with connection.cursor() as cursor:
            cursor.execute(sql, [values.get(_mark(each), each) for each in marks])
            return list(cursor.fetchall())

    def _write(self) -> tuple[str, tuple[Any, ...]]:
        sql, marks = self.build(_NUMBER, _DAY).query.get_compiler(connection=connection).as_sql()
        return sql, tuple(marks)


def _mark(value: Any) -> str:
    return str(value)
