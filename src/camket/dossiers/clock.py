"""The clock of dossiers over whole columns: what :func:`camket.core.dossier_clock.reckon` says, for a part at a time.

The rules are said there, one dossier at a time; here they are said once more for columns, since an import brings a
million of them, and a test holds the two together on random data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import polars as pl

from camket.core.calendar import WorkingIndex
from camket.core.dossier_clock import (
    FINISHED,
    WITHDRAWALS,
    Course,
    Reckoning,
    Rules,
    Standstill,
    reckon,
)
from camket.core.dossiers import NOT_RECEIVED, PAUSED, LimitUnit, Outcome, State, TimeLimit
from camket.core.working_time import WorkingHours, is_by_minute, limit_seconds, whole_days

MOMENTS = (
    "received_at",
    "due_given",
    "finished_at",
    "returned_at",
    "supplement_asked_at",
    "supplement_back_at",
    "reappointed_at",
    "due_again",
)
"""Columns of moments that a course is read from, by the clock of the agency without a zone, as parts have them."""

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
"""Columns that the clock gives, named as those of a dossier."""

_NO_LIMIT = 0
_WORKING_DAYS = 1
_DAYS = 2
_SAME_DAY = 3
_MINUTES = 4
_DAY_SECONDS = 86_400


def reckoned(
    rows: pl.DataFrame,
    limits: Sequence[TimeLimit],
    rules: Rules,
    standstills: Mapping[int, Iterable[Standstill]] | None = None,
) -> pl.DataFrame:
    """Return the columns of :data:`RECKONED` for rows with the columns ``state``, :data:`MOMENTS` and ``limit``.

    ``limit`` is the number of a row's limit in ``limits``. ``standstills`` holds, by number of the row in the frame,
    the stretches noted of a dossier beside the one supplement that the row itself tells of; these rows, few as they
    are, are reckoned one by one. Rows keep their order.
    """
    if rows.is_empty():
        return pl.DataFrame(schema=RECKONED)
    found = _by_hours(rows, limits, rules) if rules.since else _alike(rows, limits, rules)
    return _one_by_one(found, rows, limits, rules, standstills) if standstills else found


def _by_hours(rows: pl.DataFrame, limits: Sequence[TimeLimit], rules: Rules) -> pl.DataFrame:
    """Return what the clock says of rows whose limits begin under different hours."""
    begun = pl.max_horizontal("received_at", "supplement_back_at").dt.epoch("d").fill_null(0)
    stretch = pl.sum_horizontal((begun >= each.day).cast(pl.Int32) for each in rules.since)
    numbered = rows.with_row_index("number").with_columns(stretch=stretch)
    parts = []
    for (place,), part in numbered.partition_by("stretch", as_dict=True).items():
        held = rules.on(rules.since[int(str(place)) - 1].day if place else -(2**31))
        found = _alike(part.drop("number", "stretch"), limits, held)
        parts.append(found.with_columns(part["number"]))
    return pl.concat(parts).sort("number").drop("number")


def _alike(rows: pl.DataFrame, limits: Sequence[TimeLimit], rules: Rules) -> pl.DataFrame:
    """Return what the clock says of rows by one set of rules, their standstills left out."""
    frame = _told(rows, limits, rules.hours)
    frame = frame.with_columns(due_computed=_computed(frame, rules))
    frame = _due_dates(frame)
    frame = _outcomes(frame)
    frame = _waits(frame)
    frame = frame.with_columns(handling_days=_handling_days(frame, rules.index))
    return frame.select(pl.col(name).cast(dtype) for name, dtype in RECKONED.items())


def course_of(row: Mapping[str, object], limit: TimeLimit, standstills: Iterable[Standstill] = ()) -> Course:
    """Return the course that a row tells of, for the reckoning of one dossier."""
    moments: dict[str, datetime | None] = {}
    for name in MOMENTS:
        value = row[name]
        moments[name] = value if isinstance(value, datetime) else None
    return Course(
        state=State(int(str(row["state"]))),
        limit=limit,
        standstills=tuple(standstills),
        received_at=moments["received_at"],
        due_given=moments["due_given"],
        finished_at=moments["finished_at"],
        returned_at=moments["returned_at"],
        supplement_asked_at=moments["supplement_asked_at"],
        supplement_back_at=moments["supplement_back_at"],
        reappointed_at=moments["reappointed_at"],
        due_again=moments["due_again"],
    )


def columns_of(reckoning: Reckoning) -> dict[str, object]:
    """Return what the clock says of one dossier by the names of a dossier's columns."""
    return {name: getattr(reckoning, name) for name in RECKONED}


def _told(rows: pl.DataFrame, limits: Sequence[TimeLimit], hours: WorkingHours) -> pl.DataFrame:
    """Return what the columns after this depend on: moments of dossiers that were received, kinds of their limits."""
    kinds = pl.DataFrame(
        [_kind(limit, hours) for limit in limits],
        schema={"kind": pl.Int8, "amount": pl.Int64, "is_by_minute": pl.Boolean},
        orient="row",
    )
    state = pl.col("state")
    is_received = pl.col("received_at").is_not_null() & ~state.is_in([int(each) for each in NOT_RECEIVED])
    number = pl.col("limit").cast(pl.UInt32)
    return (
        rows.select(
            "state",
            pl.col("due_given"),
            is_received=is_received,
            limit=number,
            finished_at=pl.when(is_received & state.is_in([int(each) for each in FINISHED])).then(
                pl.coalesce("finished_at", "returned_at")
            ),
            **{
                name: pl.when(is_received).then(pl.col(name))
                for name in (
                    "received_at",
                    "supplement_asked_at",
                    "supplement_back_at",
                    "reappointed_at",
                    "due_again",
                )
            },
        )
        .with_columns(
            kind=pl.lit(kinds["kind"]).gather(number),
            amount=pl.lit(kinds["amount"]).gather(number),
            is_by_minute=pl.lit(kinds["is_by_minute"]).gather(number),
            start=pl.max_horizontal("received_at", "supplement_back_at"),
            received_day=_day("received_at"),
            finished_day=_day("finished_at"),
            reappointed_day=_day("reappointed_at"),
            is_withdrawn=pl.col("finished_at").is_not_null()
            & state.is_in([int(each) for each in WITHDRAWALS]),
        )
        .with_columns(start_day=_day("start"), start_seconds=_seconds("start"))
    )


def _kind(limit: TimeLimit, hours: WorkingHours) -> tuple[int, int, bool]:
    """Return a limit as columns have it: kind, days or seconds, whether it ends at a minute."""
    if limit.unit == LimitUnit.NONE:
        return _NO_LIMIT, 0, False
    if limit.unit == LimitUnit.SAME_DAY:
        return _SAME_DAY, 0, True
    if is_by_minute(limit):
        return _MINUTES, limit_seconds(limit, hours), True
    return (_WORKING_DAYS if limit.unit == LimitUnit.WORKING_DAYS else _DAYS), whole_days(limit), False


def _computed(frame: pl.DataFrame, rules: Rules) -> pl.Series:
    """Return when the limits end by the rules of working time."""
    index, hours = rules.index, rules.hours
    ranks = pl.lit(pl.Series(index.ranks, dtype=pl.Int32))
    working = pl.lit(pl.Series(index.working, dtype=pl.Int32))
    last = len(index.working) - 1

    def at(table: pl.Expr, place: pl.Expr, end: int) -> pl.Expr:
        return table.gather(pl.when(place.is_between(0, end)).then(place).cast(pl.UInt32))

    def before(day: pl.Expr) -> pl.Expr:
        return pl.when(day == 0).then(0).otherwise(at(ranks, day - 1, len(index.ranks) - 1))

    day: pl.Expr = pl.when(pl.col("start_day").is_between(0, len(index.ranks) - 1)).then(pl.col("start_day"))
    frame = frame.select("kind", "amount", day=day.cast(pl.Int64), seconds="start_seconds")
    if rules.cut_off is not None:
        cut_off = rules.cut_off.hour * 3600 + rules.cut_off.minute * 60 + rules.cut_off.second
        frame = frame.with_columns(
            begun=at(
                working, before(pl.col("day") + (pl.col("seconds") > cut_off).cast(pl.Int64)), last
            ).cast(pl.Int64)
        ).with_columns(
            day=pl.col("begun"),
            seconds=pl.when(pl.col("begun") == pl.col("day"))
            .then("seconds")
            .otherwise(hours.opens.hour * 3600 + hours.opens.minute * 60),
        )
    closes = hours.closes.hour * 3600 + hours.closes.minute * 60
    day, seconds, amount, kind = pl.col("day"), pl.col("seconds"), pl.col("amount"), pl.col("kind")
    ranked = at(ranks, day, len(index.ranks) - 1).cast(pl.Int64)
    is_worked = ranked > before(day)
    worked = (
        pl.when(~is_worked)
        .then(0)
        .when(seconds == 0)
        .then(hours.length)
        .otherwise(_worked_until(seconds, hours))
    )
    end = before(day).cast(pl.Int64) * hours.length + worked + amount
    whole, rest = (end - 1) // hours.length, (end - 1) % hours.length + 1
    end_day = (
        pl.when(kind == _WORKING_DAYS)
        .then(at(working, ranked + amount - 1, last))
        .when(kind == _DAYS)
        .then(at(working, before(day + amount), last))
        .when(kind == _SAME_DAY)
        .then(at(working, before(day + (seconds >= closes).cast(pl.Int64)), last))
        .when(kind == _MINUTES)
        .then(at(working, whole, last))
    )
    end_seconds = pl.when(kind == _MINUTES).then(_moment_after(rest, hours)).otherwise(closes)
    due = (end_day.cast(pl.Int64) * _DAY_SECONDS + end_seconds) * 1_000_000
    return frame.select(due.cast(pl.Datetime("us"))).to_series()


def _worked_until(seconds: pl.Expr, hours: WorkingHours) -> pl.Expr:
    total = pl.lit(0, dtype=pl.Int64)
    for start, end in _spans(hours):
        total = total + (seconds.clip(start, end) - start)
    return total


def _moment_after(worked: pl.Expr, hours: WorkingHours) -> pl.Expr:
    """Return the second of the day at which so much of its work is done."""
    done = 0
    moment: pl.Expr = pl.lit(None, dtype=pl.Int64)
    for start, end in reversed(_spans(hours)):
        done = sum(until - since for since, until in _spans(hours) if since < start)
        inside = worked.is_between(done + 1, done + end - start)
        moment = pl.when(inside).then(worked - done + start).otherwise(moment)
    return moment


def _spans(hours: WorkingHours) -> list[tuple[int, int]]:
    return [
        (start.hour * 3600 + start.minute * 60, end.hour * 3600 + end.minute * 60)
        for start, end in hours.spans
    ]


def _due_dates(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the dates that hold, first and now."""
    given, computed, again = pl.col("due_given"), pl.col("due_computed"), pl.col("due_again")
    is_of_before = (pl.col("start") > pl.col("received_at")) & (pl.col("start_day") > _day("due_given"))
    frame = frame.with_columns(
        due_first=pl.when(is_of_before.fill_null(value=False) & computed.is_not_null())
        .then(computed)
        .otherwise(pl.coalesce(given, computed)),
        is_due_different=(
            pl.col("is_received") & (_day("due_given") != _day("due_computed")).fill_null(value=False)
        ),
    )
    first = pl.col("due_first")
    is_in_time = pl.col("reappointed_at").is_null() | (_day("reappointed_at") < _day("due_first"))
    return frame.with_columns(
        due_now=pl.when((again > first).fill_null(value=False) & is_in_time.fill_null(value=False))
        .then(again)
        .otherwise(first)
    ).with_columns(due_day=_day("due_now"))


def _outcomes(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with early, on time or late against both dates, and the day each fell or falls overdue."""
    frame = frame.with_columns(outcome=_outcome("due_now"), outcome_first=_outcome("due_first"))
    state = pl.col("state")
    after = pl.col("due_day") + 1
    is_open = pl.col("is_received") & pl.col("finished_at").is_null()
    since = (
        pl.when(~state.is_in([int(each) for each in PAUSED | FINISHED]))
        .then(None)
        .when((state == int(State.SUPPLEMENT)) & pl.col("supplement_asked_at").is_not_null())
        .then(_day("supplement_asked_at"))
        .otherwise(-(2**31) + 1)
    )
    return frame.with_columns(
        overdue_day=pl.when(is_open & ~(since < after).fill_null(value=False))
        .then(after)
        .when(pl.col("outcome") == int(Outcome.LATE))
        .then(pl.min_horizontal(after, "finished_day"))
    )


def _outcome(due: str) -> pl.Expr:
    finished, end = pl.col("finished_at"), pl.col(due)
    done_minute, end_minute = finished.dt.truncate("1m"), end.dt.truncate("1m")
    by_minute = (
        pl.col("is_by_minute") & _has_time("finished_at") & _has_time(due).fill_null(value=False)
    ).fill_null(value=False)
    is_late = pl.when(by_minute).then(done_minute > end_minute).otherwise(_day("finished_at") > _day(due))
    is_early = pl.when(by_minute).then(done_minute < end_minute).otherwise(_day("finished_at") < _day(due))
    return (
        pl.when(finished.is_null())
        .then(int(Outcome.OPEN))
        .when(end.is_null())
        .then(int(Outcome.ON_TIME))
        .when(is_late)
        .then(int(Outcome.LATE))
        .when(is_early & ~pl.col("is_withdrawn"))
        .then(int(Outcome.EARLY))
        .otherwise(int(Outcome.ON_TIME))
    )


def _waits(frame: pl.DataFrame) -> pl.DataFrame:
    asked, back = pl.col("supplement_asked_at"), pl.col("supplement_back_at")
    return frame.with_columns(
        waiting_from_day=_day("supplement_asked_at"),
        waiting_until_day=pl.when((back >= asked).fill_null(value=False))
        .then(_day("supplement_back_at"))
        .when(asked.is_not_null() & pl.col("finished_at").is_not_null())
        .then(pl.max_horizontal(_day("supplement_asked_at"), "finished_day"))
        .when(asked.is_not_null() & (pl.col("state") != int(State.SUPPLEMENT)))
        .then(_day("supplement_asked_at")),
    )


def _handling_days(frame: pl.DataFrame, index: WorkingIndex) -> pl.Series:
    """Return the working days from receipt to result at whose end the clock ran."""
    ranks = pl.lit(pl.Series(index.ranks, dtype=pl.Int32))
    end = len(index.ranks) - 1

    def at(day: pl.Expr) -> pl.Expr:
        return ranks.gather(pl.when(day.is_between(0, end)).then(day).cast(pl.UInt32))

    first, last = pl.col("received_day"), pl.col("finished_day")
    asked, back = _day("supplement_asked_at"), _day("supplement_back_at")
    after = pl.max_horizontal(asked, first + 1) - 1
    until = pl.min_horizontal(back - 1, last)
    is_wait = (pl.col("supplement_back_at") > pl.col("supplement_asked_at")).fill_null(value=False)
    days = pl.when(last > first).then(at(last) - at(first)).when(at(last).is_not_null()).then(0)
    waited = pl.when(is_wait & (until > after)).then(at(until) - at(after)).otherwise(0)
    known = at(first).is_not_null() & at(last).is_not_null()
    return frame.select(pl.when(known).then(days - waited)).to_series()


def _one_by_one(
    found: pl.DataFrame,
    rows: pl.DataFrame,
    limits: Sequence[TimeLimit],
    rules: Rules,
    standstills: Mapping[int, Iterable[Standstill]],
) -> pl.DataFrame:
    numbers = sorted(number for number, stretches in standstills.items() if stretches)
    said = [
        columns_of(reckon(course_of(row, limits[int(str(row["limit"]))], standstills[number]), rules))
        for number, row in zip(numbers, rows[numbers].iter_rows(named=True), strict=True)
    ]
    if not said:
        return found
    mended = pl.DataFrame(said, schema=RECKONED).with_columns(pl.Series("number", numbers, dtype=pl.UInt32))
    numbered = found.with_row_index("number")
    kept = numbered.join(mended.select("number"), on="number", how="anti")
    return pl.concat([kept, mended.select(numbered.columns)]).sort("number").drop("number")


def _day(name: str) -> pl.Expr:
    return pl.col(name).dt.epoch("d")


def _seconds(name: str) -> pl.Expr:
    return pl.col(name).dt.epoch("s") % _DAY_SECONDS


def _has_time(name: str) -> pl.Expr:
    return _seconds(name) != 0
