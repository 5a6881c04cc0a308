"""Keeping the counts: whatever writes a dossier takes away what it added before and adds what it adds now.

In the writer's transaction, which takes the agency's turn first (:func:`take_turn`), so that writers of one agency
follow each other. :func:`camket.core.tally.contributions` says what a dossier adds; here it is said once more for
columns, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl
from django.db.models import F

from camket.core.dossiers import ADVANCED_LEVELS, Channel, OnlineLevel, Outcome, Payment
from camket.core.tally import COUNTS, HANDLING_STEPS, Facts, Grain, Shape, day_of
from camket.dossiers import bulk
from camket.dossiers.models import Bucket, Dossier, TallyRevision

DIMENSIONS = ("field_id", "procedure_id", "unit_id", "channel", "level")
KEYS = ("field_key", "procedure_key", "unit_key", "channel", "level")
"""Columns of a cell, in the order of the dossier's columns that they come from."""

COUNTED: dict[str, type[pl.DataType]] = {
    "received_day": pl.Int32,
    "finished_day": pl.Int32,
    "overdue_day": pl.Int32,
    "waiting_from_day": pl.Int32,
    "waiting_until_day": pl.Int32,
    "reappointed_day": pl.Int32,
    "outcome": pl.Int16,
    "outcome_first": pl.Int16,
    "channel": pl.Int16,
    "level": pl.Int16,
    "is_digitised": pl.Boolean,
    "is_result_digitised": pl.Boolean,
    "is_withdrawn": pl.Boolean,
    "is_answered": pl.Boolean,
    "payment": pl.Int16,
    "handling_days": pl.Int32,
    "field_id": pl.Int64,
    "procedure_id": pl.Int64,
    "unit_id": pl.Int64,
}
"""The columns of a dossier that its counts depend on."""

_SHAPES: tuple[tuple[Shape, tuple[str, ...]], ...] = (
    (Shape.FIELD, ("field_key",)),
    (Shape.LEVEL, ("level",)),
    (Shape.ALL, ()),
)
_UNIQUE = ("agency_id", "shape", "grain", "start", *KEYS)


def take_turn(*, agency_id: int) -> int:
    """Wait until nobody else writes dossiers of the agency; hold the turn until the transaction ends.

    Returns how often its counts changed up to now. Taken before the journal's lock on the agency, by every writer in
    the same order.
    """
    TallyRevision.objects.get_or_create(agency_id=agency_id)
    return TallyRevision.objects.select_for_update().get(agency_id=agency_id).number


def revision(*, agency_id: int) -> int:
    """Return how often an agency's counts changed: what was reckoned from them holds as long as this number stands."""
    return TallyRevision.objects.filter(agency_id=agency_id).values_list("number", flat=True).first() or 0


def facts_of(dossier: Dossier) -> Facts:
    """Return what of a dossier its counts depend on."""
    return Facts(
        received=dossier.received_day,
        finished=dossier.finished_day,
        overdue_from=dossier.overdue_day,
        waiting_from=dossier.waiting_from_day,
        waiting_until=dossier.waiting_until_day,
        reappointed=dossier.reappointed_day,
        outcome=Outcome(dossier.outcome),
        outcome_first=Outcome(dossier.outcome_first),
        channel=Channel(dossier.channel),
        level=OnlineLevel(dossier.level),
        is_digitised=dossier.is_digitised,
        is_result_digitised=dossier.is_result_digitised,
        is_withdrawn=dossier.is_withdrawn,
        is_answered=dossier.is_answered,
        payment=Payment(dossier.payment),
        handling_days=dossier.handling_days,
        field=dossier.field_id or 0,
        procedure=dossier.procedure_id or 0,
        unit=dossier.unit_id or 0,
    )


def recount(*, agency_id: int, before: Iterable[Facts], after: Iterable[Facts]) -> None:
    """Take away what some dossiers added and add what they add now: for acts on one dossier or a few.

    ``before`` is read of the rows under :func:`take_turn`, before they are written; one that is new has none, one that
    is removed has nothing ``after``.
    """
    change(agency_id=agency_id, before=frame_of(before), after=frame_of(after))


def frame_of(facts: Iterable[Facts]) -> pl.DataFrame:
    """Return facts as the columns of dossiers that :func:`change` takes."""
    rows = [
        (
            each.received, each.finished, each.overdue_from, each.waiting_from, each.waiting_until, each.reappointed,
            each.outcome.value, each.outcome_first.value, each.channel.value, each.level.value,
            each.is_digitised, each.is_result_digitised, each.is_withdrawn, each.is_answered, each.payment.value,
            each.handling_days, each.field, each.procedure, each.unit,
        )
        for each in facts
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=COUNTED, orient="row")


def change(
    *, agency_id: int, before: pl.DataFrame | None, after: pl.DataFrame | None
) -> tuple[date, date] | None:
    """Move the agency's counts from what rows added to what they add now; return the first and last day touched.

    The frames have the columns of :data:`COUNTED`. Must run under :func:`take_turn`.
    """
    return move(agency_id=agency_id, moved=buckets(deltas(before=before, after=after)))


def move(*, agency_id: int, moved: pl.DataFrame) -> tuple[date, date] | None:
    """Add changes of buckets (:func:`buckets`) to those of the agency; return the first and last day touched.

    Must run under :func:`take_turn`. The agency's revision goes up also where no count moved: whoever calls this wrote
    dossiers.
    """
    if not moved.is_empty():
        sums = moved.sort(_UNIQUE[1:]).with_columns(agency_id=pl.lit(agency_id))
        bulk.add_up(Bucket, sums, key=_UNIQUE)
    TallyRevision.objects.filter(agency_id=agency_id).update(number=F("number") + 1)
    days = moved.filter(pl.col("grain") == Grain.DAY.value)["start"]
    if days.is_empty():
        return None
    return day_of(int(days.min())), day_of(int(days.max()))  # type: ignore[arg-type]


def deltas(*, before: pl.DataFrame | None, after: pl.DataFrame | None) -> pl.DataFrame:
    """Return by how much each day's cells change: ``start``, the keys of the cell, every count."""
    parts = [
        frame.select(*COUNTED, pl.lit(sign, pl.Int64).alias("sign"))
        for frame, sign in ((before, -1), (after, 1))
        if frame is not None
    ]
    counted = pl.concat(parts).filter(pl.col("received_day").is_not_null())
    # One number stands for a cell while counting: grouping by two numbers in one costs less than by seven columns.
    counted = counted.with_columns(pl.col("field_id", "procedure_id", "unit_id").fill_null(0))
    cells = counted.select(DIMENSIONS).unique().with_row_index("cell")
    counted = counted.join(cells, on=DIMENSIONS, how="left")
    # Each event has counts of its own: they are laid side by side by their key.
    events = [_event(counted, day, sums) for day, sums in _EVENTS.items()]
    sums = pl.concat([each.select("key") for each in events]).unique()
    for each in events:
        sums = sums.join(each, on="key", how="left")
    sums = sums.with_columns(pl.exclude("key").fill_null(0))
    sums = sums.filter(pl.any_horizontal(pl.exclude("key") != 0))
    return (
        sums.with_columns(
            (pl.col("key") % _DAYS - _EARLIEST).cast(pl.Int32).alias("start"),
            (pl.col("key") // _DAYS).cast(pl.UInt32).alias("cell"),
        )
        .join(cells, on="cell", how="left")
        .select(
            "start", *(pl.col(old).alias(new) for old, new in zip(DIMENSIONS, KEYS, strict=True)), *COUNTS
        )
    )


def buckets(cells: pl.DataFrame) -> pl.DataFrame:
    """Return changes of the days' cells as those of the buckets: of months in every shape, of days in all but the finest."""
    months = cells.with_columns(pl.col("start").cast(pl.Date).dt.month_start().cast(pl.Int32).alias("start"))
    of_months = _summed(months, ("start", *KEYS))
    found = [_as_shape(of_months, Grain.MONTH, Shape.CELL)]
    for grain, finest in ((Grain.DAY, cells), (Grain.MONTH, of_months)):
        finer = _summed(finest, ("start", "field_key", "level"))
        for shape, kept in _SHAPES:
            found.append(_as_shape(_summed(finer, ("start", *kept)), grain, shape))
    return pl.concat(found)


def _summed(frame: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    return frame.group_by(keys).agg(pl.col(COUNTS).sum())


def _as_shape(frame: pl.DataFrame, grain: Grain, shape: Shape) -> pl.DataFrame:
    left_out = [pl.lit(0, pl.Int64).alias(name) for name in KEYS if name not in frame.columns]
    return (
        frame.with_columns(*left_out)
        .filter(pl.any_horizontal(pl.col(COUNTS) != 0))
        .select(
            pl.lit(grain.value, pl.Int16).alias("grain"),
            pl.lit(shape.value, pl.Int16).alias("shape"),
            "start",
            *(pl.col(name).cast(pl.Int64) for name in KEYS),
            *COUNTS,
        )
    )


_DAYS = 10_000_000
_EARLIEST = 1_000_000
"""Days before 1970 that a key has room for."""


def _event(counted: pl.DataFrame, day: str, sums: list[pl.Expr]) -> pl.DataFrame:
    happened = counted.filter(pl.col(day).is_not_null())
    if day == "waiting_until_day":
        happened = happened.filter(pl.col("waiting_from_day").is_not_null())
    key = pl.col("cell").cast(pl.Int64) * _DAYS + pl.col(day).cast(pl.Int64) + _EARLIEST
    return happened.group_by(key.alias("key")).agg(sums)


def _count(name: str, condition: pl.Expr | None = None) -> pl.Expr:
    if condition is None:
        return pl.col("sign").sum().alias(name)
    # Not filtered, cell by cell: a cell has few rows, and what is reckoned for each cell is reckoned thousands of times.
    return pl.when(condition).then("sign").otherwise(0).sum().alias(name)


def _classes() -> list[pl.Expr]:
    """Return the counts of the classes of handling time."""
    days = pl.col("handling_days")
    lower, found = -1, []
    for step in HANDLING_STEPS:
        found.append(_count(f"handled_{step}", (days > lower) & (days <= step)))
        lower = step
    return [*found, _count("handled_longer", days > lower)]


_ONLINE = pl.col("channel") == Channel.ONLINE.value
_ADVANCED = pl.col("level").is_in([level.value for level in ADVANCED_LEVELS])

_EVENTS: dict[str, list[pl.Expr]] = {
    "received_day": [
        _count("received"),
        _count("received_online", _ONLINE),
        _count("received_direct", pl.col("channel") == Channel.DIRECT.value),
        _count("received_postal", pl.col("channel") == Channel.POSTAL.value),
        _count("received_advanced", _ADVANCED),
        _count("received_advanced_online", _ADVANCED & _ONLINE),
        _count("received_digitised", pl.col("is_digitised")),
    ],
    "finished_day": [
        _count("finished"),
        _count("early", pl.col("outcome") == Outcome.EARLY.value),
        _count("on_time", pl.col("outcome") == Outcome.ON_TIME.value),
        _count("late", pl.col("outcome") == Outcome.LATE.value),
        _count("late_first", pl.col("outcome_first") == Outcome.LATE.value),
        _count("withdrawn", pl.col("is_withdrawn")),
        _count("result_digitised", pl.col("is_result_digitised")),
        _count(
            "fee_due", pl.col("payment").is_in([Payment.PAID_AT_COUNTER.value, Payment.PAID_ONLINE.value])
        ),
        _count("paid_online", pl.col("payment") == Payment.PAID_ONLINE.value),
        _count("cleared_overdue", pl.col("overdue_day").is_not_null()),
        (pl.col("handling_days").cast(pl.Int64) * pl.col("sign")).sum().alias("handling_days"),
        *_classes(),
    ],
    "overdue_day": [_count("fell_overdue"), _count("fell_overdue_answered", pl.col("is_answered"))],
    "waiting_from_day": [_count("waiting_began")],
    "waiting_until_day": [_count("waiting_ended")],
    "reappointed_day": [_count("reappointed")],
}

_ONLINE_SQL = f"channel = {Channel.ONLINE.value}"
_ADVANCED_SQL = f"level IN ({', '.join(str(level.value) for level in sorted(ADVANCED_LEVELS))})"


def _classes_sql() -> dict[str, str]:
    found, lower = {}, -1
    for step in HANDLING_STEPS:
        found[f"handled_{step}"] = f"handling_days > {lower} AND handling_days <= {step}"
        lower = step
    return {**found, "handled_longer": f"handling_days > {lower}"}


ROWS: Mapping[str, Mapping[str, str]] = {
    "received_day": {
        "received": "",
        "received_online": _ONLINE_SQL,
        "received_direct": f"channel = {Channel.DIRECT.value}",
        "received_postal": f"channel = {Channel.POSTAL.value}",
        "received_advanced": _ADVANCED_SQL,
        "received_advanced_online": f"{_ADVANCED_SQL} AND {_ONLINE_SQL}",
        "received_digitised": "is_digitised",
    },
    "finished_day": {
        "finished": "",
        "early": f"outcome = {Outcome.EARLY.value}",
        "on_time": f"outcome = {Outcome.ON_TIME.value}",
        "late": f"outcome = {Outcome.LATE.value}",
        "late_first": f"outcome_first = {Outcome.LATE.value}",
        "withdrawn": "is_withdrawn",
        "result_digitised": "is_result_digitised",
        "fee_due": f"payment IN ({Payment.PAID_AT_COUNTER.value}, {Payment.PAID_ONLINE.value})",
        "paid_online": f"payment = {Payment.PAID_ONLINE.value}",
        "handling_days": "handling_days",
        **_classes_sql(),
        "cleared_overdue": "overdue_day IS NOT NULL",
    },
    "overdue_day": {"fell_overdue": "", "fell_overdue_answered": "is_answered"},
    "waiting_from_day": {"waiting_began": ""},
    "waiting_until_day": {"waiting_ended": ""},
    "reappointed_day": {"reappointed": ""},
}
"""The same in SQL over the rows themselves: by the column of the day, each count with the condition under which a row
adds one to it ("" for every row; ``handling_days`` adds the days)."""
