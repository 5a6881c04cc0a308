"""The clock of many dossiers at once: what :func:`camket.core.dossier_clock.reckon` says of each, reckoned by columns.

Most dossiers have no pause and no supplement: theirs is arithmetic on columns, with the calendar asked once for each
moment and limit. The others are reckoned one by one. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from camket.core.dossier_clock import FINISHED, WITHDRAWALS, Course, Reckoning, Rules, Standstill, reckon
from camket.core.dossiers import NOT_RECEIVED, PAUSED, LimitUnit, Outcome, State, TimeLimit
from camket.core.tally import day_of
from camket.core.working_time import due, is_by_minute, working_days_between

MOMENTS = (
    "received_at", "due_given", "finished_at", "returned_at",
    "supplement_asked_at", "supplement_back_at", "reappointed_at", "due_again",
)  # fmt: skip
"""Moments of a course, by the clock of the agency."""

RECKONED: dict[str, pl.DataType] = {
    "received_day": pl.Int32(),
    "finished_at": pl.Datetime("us"),
    "finished_day": pl.Int32(),
    "due_computed": pl.Datetime("us"),
    "due_first": pl.Datetime("us"),
    "due_now": pl.Datetime("us"),
    "due_day": pl.Int32(),
    "is_due_different": pl.Boolean(),
    "outcome": pl.Int16(),
    "outcome_first": pl.Int16(),
    "overdue_day": pl.Int32(),
    "waiting_from_day": pl.Int32(),
    "waiting_until_day": pl.Int32(),
    "reappointed_day": pl.Int32(),
    "handling_days": pl.Int32(),
    "is_withdrawn": pl.Boolean(),
}
"""Columns of a dossier that the clock gives."""

Standstills = Mapping[int, Sequence[Standstill]]
"""The stretches in which a dossier's clock stood still, by the row of the frame."""


def reckoned(
    frame: pl.DataFrame, *, limits: Sequence[TimeLimit], standstills: Standstills, rules: Rules
) -> pl.DataFrame:
    """Return the columns of :data:`RECKONED` for each row, in the frame's order.

    The frame has ``state``, the moments of :data:`MOMENTS`, and ``limit``: which of ``limits`` holds for the row.
    """
    numbered = frame.select("state", "limit", *MOMENTS).with_row_index("n")
    one_by_one = (
        pl.col("state").is_in([state.value for state in PAUSED])
        | pl.col("supplement_asked_at").is_not_null()
        | pl.col("supplement_back_at").is_not_null()
        | pl.col("n").is_in(list(standstills))
    )
    rest = numbered.filter(one_by_one.fill_null(value=False))
    plain = _plain(numbered.filter(~one_by_one.fill_null(value=False)), limits, rules)
    if rest.is_empty():
        return plain.drop("n")
    slow = pl.DataFrame(
        [
            (row["n"], *_columns(reckon(_course(row, limits, standstills), rules)))
            for row in rest.iter_rows(named=True)
        ],
        schema={"n": pl.UInt32(), **RECKONED},
        orient="row",
    )
    return pl.concat([plain, slow]).sort("n").drop("n")


def _plain(frame: pl.DataFrame, limits: Sequence[TimeLimit], rules: Rules) -> pl.DataFrame:
    """Reckon rows whose clock never stood still."""
    none = pl.lit(None)
    is_received = pl.col("received_at").is_not_null() & ~_among("state", NOT_RECEIVED)
    by_minute = [number for number, limit in enumerate(limits) if is_by_minute(limit)]
    frame = _with_handling(_with_due(frame, limits, rules).with_columns(
        pl.when(is_received & _among("state", FINISHED))
        .then(pl.coalesce("finished_at", "returned_at")).alias("done"),
        pl.when(is_received).then(pl.col("due_computed")).alias("due_computed"),
        is_received.alias("is_received"),
    ), rules)  # fmt: skip
    frame = frame.with_columns(pl.coalesce("due_given", "due_computed").alias("due_first")).with_columns(
        pl.when(is_received & (pl.col("due_again") > pl.col("due_first")))
        .then(pl.col("due_again"))
        .otherwise(pl.col("due_first"))
        .alias("due_now"),
        (pl.col("done").is_not_null() & _among("state", WITHDRAWALS)).alias("is_withdrawn"),
    )
    frame = frame.with_columns(
        _outcome("due_now", by_minute).alias("outcome"),
        _outcome("due_first", by_minute).alias("outcome_first"),
    )
    day_after = _day("due_now") + 1
    overdue = (
        pl.when(pl.col("done").is_not_null() & (pl.col("outcome") == Outcome.LATE.value))
        .then(pl.min_horizontal(day_after, _day("done")))
        .when(pl.col("done").is_null() & ~_among("state", FINISHED))
        .then(day_after)
    )
    return frame.select(
        "n",
        pl.when("is_received").then(_day("received_at")).alias("received_day"),
        pl.col("done").alias("finished_at"),
        _day("done").alias("finished_day"),
        "due_computed",
        "due_first",
        "due_now",
        _day("due_now").alias("due_day"),
        (pl.col("due_given").dt.date() != pl.col("due_computed").dt.date())
        .fill_null(value=False)
        .alias("is_due_different"),
        "outcome",
        "outcome_first",
        pl.when("is_received").then(overdue).alias("overdue_day"),
        none.cast(pl.Int32).alias("waiting_from_day"),
        none.cast(pl.Int32).alias("waiting_until_day"),
        pl.when("is_received").then(_day("reappointed_at")).alias("reappointed_day"),
        "handling_days",
        "is_withdrawn",
    ).cast({**RECKONED})


def _with_due(frame: pl.DataFrame, limits: Sequence[TimeLimit], rules: Rules) -> pl.DataFrame:
    """Add ``due_computed``, the calendar asked once for each beginning and limit."""
    at = pl.col("received_at")
    day = at.dt.truncate("1d")
    closes = rules.hours.closes
    same_day = [number for number, limit in enumerate(limits) if limit.unit == LimitUnit.SAME_DAY]
    by_minute = [number for number, limit in enumerate(limits) if is_by_minute(limit)]
    whole = pl.when(pl.col("limit").is_in(same_day)).then(
        pl.when(at.dt.time() >= closes).then(day.dt.combine(closes)).otherwise(day)
    ).when(pl.col("limit").is_in(by_minute)).then(at).otherwise(day)  # fmt: skip
    frame = frame.with_columns((at if rules.cut_off is not None else whole).alias("start"))
    unique = frame.filter(pl.col("start").is_not_null()).select("start", "limit").unique()
    ends = [
        due(start, limits[limit], rules.calendar, rules.hours, rules.cut_off)
        for start, limit in unique.rows()
    ]
    table = unique.with_columns(pl.Series("due_computed", ends, dtype=pl.Datetime("us")))
    return frame.join(table, on=["start", "limit"], how="left", maintain_order="left")


def _with_handling(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add ``handling_days``, the calendar asked once for each pair of days."""
    days = frame.with_columns(_day("received_at").alias("from"), _day("done").alias("to"))
    unique = days.filter(pl.col("to").is_not_null()).select("from", "to").unique()
    spans = [
        working_days_between(_midnight(first), _midnight(last), rules.calendar)
        for first, last in unique.rows()
    ]
    table = unique.with_columns(pl.Series("handling_days", spans, dtype=pl.Int32))
    return days.join(table, on=["from", "to"], how="left", maintain_order="left")


def _outcome(due_at: str, by_minute: Sequence[int]) -> pl.Expr:
    done, end = pl.col("done"), pl.col(due_at)
    day_done, day_end = done.dt.truncate("1d"), end.dt.truncate("1d")
    to_the_minute = (
        pl.col("limit").is_in(list(by_minute)) & (done != day_done).fill_null(value=False) & (end != day_end)
    )
    minute_done, minute_end = done.dt.truncate("1m"), end.dt.truncate("1m")
    late = pl.when(to_the_minute).then(minute_done > minute_end).otherwise(day_done > day_end)
    early = pl.when(to_the_minute).then(minute_done < minute_end).otherwise(day_done < day_end)
    return (
        pl.when(done.is_null())
        .then(Outcome.OPEN.value)
        .when(end.is_null())
        .then(Outcome.ON_TIME.value)
        .when(late)
        .then(Outcome.LATE.value)
        .when(early & ~_among("state", WITHDRAWALS))
        .then(Outcome.EARLY.value)
        .otherwise(Outcome.ON_TIME.value)
    )


def _course(row: Mapping[str, Any], limits: Sequence[TimeLimit], standstills: Standstills) -> Course:
    moments = {name: row[name] for name in MOMENTS}
    return Course(
        state=State(row["state"]),
        limit=limits[row["limit"]],
        standstills=tuple(standstills.get(row["n"], ())),
        **moments,
    )


def _columns(reckoning: Reckoning) -> tuple[object, ...]:
    values = (getattr(reckoning, name) for name in RECKONED)
    return tuple(value.value if isinstance(value, Outcome) else value for value in values)


def limit_of(unit: str, amount: Decimal | None) -> TimeLimit:
    """Return the limit of an edition; one without a usable amount is none."""
    kind = LimitUnit(unit)
    if kind not in (LimitUnit.NONE, LimitUnit.SAME_DAY) and (amount is None or amount <= 0):
        kind = LimitUnit.NONE
    return TimeLimit(kind, amount if kind not in (LimitUnit.NONE, LimitUnit.SAME_DAY) else None)


def _among(name: str, states: frozenset[State]) -> pl.Expr:
    return pl.col(name).is_in([state.value for state in states])


def _day(name: str) -> pl.Expr:
    return pl.col(name).dt.date().cast(pl.Int32)


def _midnight(day: int) -> datetime:
    return datetime.combine(day_of(day), datetime.min.time())
