"""Applying what an export says: rows, their clock, their history and their counts, a step in one transaction each.

A step is made ready first, which only reads, and then written under the agency's turn (:func:`tally.take_turn`); where
somebody else wrote dossiers of the agency in between, it is made ready once more. So the turn is held no longer than
writing takes, and what is committed is whole at every moment. The next rows are read meanwhile beside, and made ready
too where that takes no look into the database: where the agency had no dossiers before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from camket.core.dossier_clock import FINISHED, Standstill
from camket.core.dossiers import PAUSED, State
from camket.core.tally import Grain, Shape
from camket.dossiers import bulk, tally
from camket.dossiers.clock import MOMENTS, RECKONED, reckoned
from camket.dossiers.hours import rules_of
from camket.dossiers.importing.ahead import Ahead
from camket.dossiers.importing.naming import Names
from camket.dossiers.importing.part import Note, Part, Refused
from camket.dossiers.models import Batch, Bucket, Dossier, DossierChange, Pause, RefusedRow

LENGTHS = {"code": 60, "unit_text": 255, "applicant": 255, "address": 500, "phone": 60}
"""The longest text that a column takes."""

PERSONAL = frozenset({"applicant", "address", "phone"})

COLUMNS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "procedure_id": pl.Int64(),
    "field_id": pl.Int64(),
    "unit_id": pl.Int64(),
    "unit_text": pl.String(),
    "channel": pl.Int16(),
    "level": pl.Int16(),
    "state": pl.Int16(),
    "applicant": pl.String(),
    "address": pl.String(),
    "phone": pl.String(),
    "received_at": pl.Datetime("us"),
    "due_given": pl.Datetime("us"),
    "due_computed": pl.Datetime("us"),
    "due_first": pl.Datetime("us"),
    "due_promised": pl.Datetime("us"),
    "due_now": pl.Datetime("us"),
    "finished_at": pl.Datetime("us"),
    "returned_at": pl.Datetime("us"),
    "supplement_asked_at": pl.Datetime("us"),
    "supplement_back_at": pl.Datetime("us"),
    "reappointed_at": pl.Datetime("us"),
    "result_given": pl.Int16(),
    "payment": pl.Int16(),
    "is_digitised": pl.Boolean(),
    "is_result_digitised": pl.Boolean(),
    "is_answered": pl.Boolean(),
    "is_withdrawn": pl.Boolean(),
    "is_due_different": pl.Boolean(),
    "outcome": pl.Int16(),
    "outcome_first": pl.Int16(),
    "handling_days": pl.Int32(),
    "received_day": pl.Int32(),
    "due_day": pl.Int32(),
    "finished_day": pl.Int32(),
    "overdue_day": pl.Int32(),
    "waiting_from_day": pl.Int32(),
    "waiting_until_day": pl.Int32(),
    "reappointed_day": pl.Int32(),
    "content_hash": pl.Int64(),
    "last_batch_id": pl.Int64(),
}
"""Columns of a dossier that an import writes, beside its agency and the batch that brought it first."""

_NOTHING = pl.DataFrame(schema={"id": pl.Int64(), **COLUMNS, "as_of": pl.Date()})
"""What the agency has of new dossiers."""

PORTIONS = {"postgresql": 50_000, "sqlite": 25_000}
"""Rows written in one transaction: on SQLite fewer, since whoever else wants to write waits meanwhile."""

_LOOKED_AT_ONCE = 2
"""How many times the rows of a transaction are looked at together where few of them are news."""

_WHOLE = 4
"""Where a file has more rows than one in so many of the agency's dossiers, all that is known is looked at once."""

_READ_AHEAD = 3
"""Parts of a file that are read before they are asked for: as long as it is looked at what is known."""

_ZONE = ZoneInfo(settings.TIME_ZONE)

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Portion:
    """Rows of an export that are written at once, and those refused among them; ``until`` is the last row behind it.

    ``is_new``: the agency had no dossiers before, and the file has told of none of these.
    """

    rows: pl.DataFrame
    refused: Sequence[Refused]
    until: int
    notes: Sequence[Note]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Halt:
    """A pause of a dossier, moments with their zone; one that is new has no id yet."""

    id: int | None
    state: int
    since: datetime
    until: datetime | None
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a portion comes to, before it is written.

    ``added`` and ``changed`` have the columns that are written, ``changed`` also ``id``; ``moved`` is by how much buckets
    change. ``older`` rows were known later than the export's day and are left as they are.
    ``pauses`` are those before and after, by the dossier's code, where they moved. ``unknown`` are names that the
    agency does not have: they are entered when the step is written.
    """

    portion: Portion
    revision: int
    older: int
    added: pl.DataFrame
    changed: pl.DataFrame
    moved: pl.DataFrame
    changes: list[tuple[int, Columns, Columns]]
    pauses: dict[str, tuple[Sequence[Halt], Sequence[Halt]]]
    unknown: list[tuple[str, str, str]]

    @property
    def same(self) -> int:
        """Return how many rows say nothing new."""
        return self.portion.rows.height - self.added.height - len(self.changes)

    @property
    def different(self) -> int:
        """Return how many of its dossiers have another due date than the one computed."""
        return int(self.added["is_due_different"].sum()) + int(self.changed["is_due_different"].sum())


@dataclass(frozen=True, slots=True)
class Written:
    """What a step came to when it was written."""

    added: int
    changed: int
    same: int
    refused: int
    older: int
    different: int
    new_procedures: int
    notes: Sequence[Note]
    days: tuple[date, date] | None
    """First and last day whose counts moved."""
    span: tuple[int, int] | None
    """First and last id of the dossiers added."""


_FORESEEN = -2
"""Stands for the revision of a step that was made ready without a look into the database."""


class Import:
    """One run over an export: what is known of the agency is read once and kept current by the run's own steps."""

    def __init__(self, batch: Batch) -> None:
        self._batch_id, self.agency_id, self._as_of = batch.pk, batch.agency_id, batch.as_of
        self._total = batch.total_rows
        self._size = PORTIONS[connection.vendor]
        self._rules = rules_of(self.agency_id)
        self._names = Names(self.agency_id)
        self._naming = Lock()
        self._revision = -1
        self._known: pl.Series | None = None
        self._is_empty = False
        self._passed = pl.Series([], dtype=pl.UInt64)
        self._insertion: tuple[Step, bulk.Insertion] | None = None

    def steps(self, parts: Iterable[Part], *, are_written: bool = False) -> Iterator[Step]:
        """Yield an export made ready in portions that are written at once; read beside, some way ahead.

        Where they ``are_written``, one that has names which the agency does not have tells these alone: once they are
        entered it is made ready anyway.
        """
        with Ahead(iter(parts), depth=_READ_AHEAD) as read:
            self._look()
            with Ahead(self._foreseen(read)) as foreseen:
                for portion, step in foreseen:
                    yield self.ready(portion, only_names=are_written) if step is None else step

    def _foreseen(self, parts: Iterable[Part]) -> Iterator[tuple[Portion, Step | None]]:
        """Yield portions with what they come to, if that can be told without the database: this runs beside."""
        for part, news_in in _gathered(parts, self._size, self._news_in):
            # In equal portions; what is known takes no writing.
            pieces = max(1, round(news_in / self._size))
            for portion in _portions(part, max(1, -(-part.rows.height // pieces))):
                codes = portion.rows["code"].hash()
                # A dossier may stand in a file twice, later with more.
                is_new = self._is_empty and not self._passed.is_in(codes.implode()).any()
                self._passed.append(codes)
                step = None
                if is_new:
                    portion = replace(portion, is_new=True)
                    with self._naming:
                        if not self._names.unknown(portion.rows):
                            news = portion.rows.with_columns(pl.lit(None, pl.Int64).alias("id"))
                            step = self._reckoned(news, _NOTHING, portion, _FORESEEN, 0)
                yield portion, step

    def _news_in(self, part: Part) -> int:
        """Return how many rows of a part are not known as they are, as far as was looked at."""
        return part.rows.height - int(self._is_known(part.rows["content_hash"]).sum())

    def _is_known(self, marks: pl.Series) -> pl.Series:
        """Tell which of these marks the agency's dossiers have, as far as was looked at."""
        known = self._known
        if known is None or known.is_empty():
            return pl.Series([False], dtype=pl.Boolean).new_from_index(0, marks.len())
        places = known.search_sorted(marks).clip(0, known.len() - 1)
        return known.gather(places) == marks

    def ready(self, portion: Portion, *, only_names: bool = False) -> Step:
        """Return what a portion comes to as the agency's dossiers stand; this only reads.

        With ``only_names`` nothing but the names that the agency does not have, where there are any.
        """
        revision = self._look()
        news = portion.rows.filter(~self._is_known(portion.rows["content_hash"]))
        existing = _NOTHING if self._is_empty and portion.is_new else self._existing(news["code"])
        stands = existing.select("code", "as_of", "id", old_hash="content_hash")
        news = news.join(stands, on="code", how="left", maintain_order="left")
        is_same = (pl.col("old_hash") == pl.col("content_hash")).fill_null(value=False)
        is_older = (pl.col("as_of") > self._as_of).fill_null(value=False) & ~is_same
        older = int(news.select(is_older.sum()).item())
        news = news.filter(~is_same & ~is_older).drop("old_hash", "as_of")
        if only_names and (unknown := self._names.unknown(news)):
            return Step(portion, revision, older, _NOTHING, _NOTHING, _NOTHING, [], {}, unknown)
        existing = existing.filter(existing["id"].is_in(news["id"].implode()))
        return self._reckoned(news, existing, portion, revision, older)

    def prepare(self, step: Step) -> None:
        """Put a step's new dossiers into the form that the engine takes, before the transaction that writes them."""
        self._insertion = step, self._added(step)

    def write(self, step: Step, *, now: datetime) -> Written:
        """Write a step in the caller's transaction, made ready once more where somebody else wrote meanwhile."""
        revision = tally.take_turn(agency_id=self.agency_id)
        new_procedures = 0
        if step.unknown:
            with self._naming:
                new_procedures = self._names.enter(step.unknown, now=now)
        if step.unknown or not self._holds(step, revision):
            step = self.ready(step.portion)
        days = span = None
        if not step.added.is_empty() or step.changes:
            self._write_dossiers(step, now)
            days = tally.move(agency_id=self.agency_id, moved=step.moved)
            span = self._span(step.added["code"])
            self._revision = revision + 1
        self._keep_refused(step.portion.refused)
        return Written(
            added=step.added.height,
            changed=len(step.changes),
            same=step.same,
            refused=len(step.portion.refused),
            older=step.older,
            different=step.different,
            new_procedures=new_procedures,
            notes=step.portion.notes,
            days=days,
            span=span,
        )

    def _holds(self, step: Step, revision: int) -> bool:
        """Tell whether what a step rests on is still so, as often as the agency's counts changed up to now."""
        if step.revision == _FORESEEN:
            return self._is_empty and self._revision == revision
        return step.revision == revision

    def _look(self) -> int:
        """Return how often the agency's counts changed; learn anew what is known where that was not this run's doing."""
        revision = tally.revision(agency_id=self.agency_id)
        if revision != self._revision:
            self._revision = revision
            self._is_empty = not Dossier.objects.filter(agency_id=self.agency_id).exists()
            months = Bucket.objects.filter(agency_id=self.agency_id, shape=Shape.ALL, grain=Grain.MONTH)
            about = months.aggregate(count=Sum("received"))["count"] or 0
            self._known = None
            if not self._is_empty and self._total * _WHOLE >= about:
                marks = bulk.whole_numbers(Dossier, "content_hash", agency_id=self.agency_id)
                self._known = marks.sort()
        return revision

    def _existing(self, codes: pl.Series) -> pl.DataFrame:
        """Return the dossiers that have these codes, with the day that the export showed which told of them last."""
        rows = bulk.held(
            Dossier,
            {"id": pl.Int64(), **COLUMNS},
            by="code",
            values=codes.to_list(),
            agency_id=self.agency_id,
        )
        days = Batch.objects.in_bulk(rows["last_batch_id"].unique().to_list())
        shown = pl.DataFrame(
            [(batch.pk, batch.as_of) for batch in days.values()],
            schema={"last_batch_id": pl.Int64, "as_of": pl.Date},
            orient="row",
        )
        return rows.join(shown, on="last_batch_id", how="left", maintain_order="left")

    def _reckoned(
        self, news: pl.DataFrame, existing: pl.DataFrame, portion: Portion, revision: int, older: int
    ) -> Step:
        """Return rows with all that a dossier has: names, clock, what it kept of before."""
        kept = existing.select(
            "id", "is_answered", kept_reappointed="reappointed_at", kept_again="due_promised"
        )
        # A new date that was given here stands until the export tells of one, and so does an answer.
        news = (
            news.join(kept, on="id", how="left", maintain_order="left")
            .with_columns(
                reappointed_at=pl.coalesce("reappointed_at", "kept_reappointed"),
                due_again=pl.coalesce("due_again", "kept_again"),
                is_answered=pl.col("is_answered").fill_null(value=False),
            )
            .drop("kept_reappointed", "kept_again")
        )
        unknown = self._names.unknown(news)
        news = self._names.placed(news)
        paused = self._paused(news, existing["id"].to_list())
        standstills = {number: _standstills(after) for number, (_, after) in paused.items()}
        clock = reckoned(
            news.select("state", "limit", *MOMENTS), self._names.limits, self._rules, standstills
        )
        whole = news.drop([name for name in RECKONED if name in news.columns]).hstack(clock)
        whole = whole.with_columns(
            pl.col("unit_name").alias("unit_text"),
            pl.col("due_again").alias("due_promised"),
            pl.col("channel", "payment").fill_null(0),
            pl.col("is_digitised", "is_result_digitised").fill_null(value=False),
            pl.lit(self._batch_id).alias("last_batch_id"),
        ).select(
            "id",
            *(
                pl.col(name).str.slice(0, LENGTHS[name]) if name in LENGTHS else pl.col(name).cast(dtype)
                for name, dtype in COLUMNS.items()
            ),
        )
        moved = {news["code"][number]: each for number, each in paused.items() if each[0] != each[1]}
        changes = _changes(whole.filter(pl.col("id").is_not_null()), existing, moved)
        ids = [each[0] for each in changes]
        added = whole.filter(pl.col("id").is_null()).drop("id")
        changed = whole.filter(pl.col("id").is_in(ids))
        after = pl.concat([frame.select(*tally.COUNTED) for frame in (added, changed)])
        before = existing.filter(pl.col("id").is_in(ids)).select(*tally.COUNTED)
        return Step(
            portion=portion,
            revision=revision,
            older=older,
            added=added,
            changed=changed,
            moved=tally.buckets(tally.deltas(before=before, after=after)),
            changes=changes,
            pauses=moved,
            unknown=unknown,
        )

    def _paused(
        self, news: pl.DataFrame, known: Sequence[int]
    ) -> dict[int, tuple[Sequence[Halt], Sequence[Halt]]]:
        """Return the pauses, before these rows and after them, of dossiers that have any, by row."""
        held: dict[int, list[Halt]] = {}
        for some in bulk.chunks(known):
            for pause in Pause.objects.filter(dossier_id__in=some).order_by("since", "pk"):
                held.setdefault(pause.dossier_id, []).append(
                    Halt(pause.pk, pause.state, pause.since, pause.until, pause.batch_id)
                )
        may_pause = news.with_row_index("number").filter(
            pl.col("state").is_in([state.value for state in PAUSED])
            | pl.col("id").is_in(list(held)).fill_null(value=False)
        )
        found: dict[int, tuple[Sequence[Halt], Sequence[Halt]]] = {}
        for row in may_pause.iter_rows(named=True):
            before = held.get(row["id"], [])
            found[row["number"]] = (before, _halts(row, before, self._as_of, self._batch_id))
        return found

    def _added(self, step: Step) -> bulk.Insertion:
        return bulk.insertion(
            Dossier,
            step.added.with_columns(
                pl.lit(self.agency_id).alias("agency_id"), pl.lit(self._batch_id).alias("first_batch_id")
            ),
        )

    def _write_dossiers(self, step: Step, now: datetime) -> None:
        prepared, self._insertion = self._insertion, None
        (prepared[1] if prepared and prepared[0] is step else self._added(step)).write()
        # What is the same on all of them need not be written, nor looked for in indexes.
        changed = {name for _, _, after in step.changes for name in after}
        bulk.update(Dossier, step.changed.select("id", *(name for name in COLUMNS if name in changed)))
        bulk.insert(DossierChange, _history(step.changes, self._batch_id, now))
        self._write_pauses(step)

    def _span(self, codes: pl.Series) -> tuple[int, int] | None:
        """Return the ids of the first and the last dossier of those just added: the engine numbers rows as they come."""
        if codes.is_empty():
            return None
        ends = Dossier.objects.filter(agency_id=self.agency_id, code__in={codes[0], codes[-1]})
        first, *rest = sorted(ends.values_list("pk", flat=True))
        return first, (rest[-1] if rest else first)

    def _write_pauses(self, step: Step) -> None:
        ids: dict[str, int] = {}
        for some in bulk.chunks(list(step.pauses)):
            found = Dossier.objects.filter(agency_id=self.agency_id, code__in=some)
            ids.update(found.values_list("code", "pk"))
        new: list[Pause] = []
        for code, (before, after) in step.pauses.items():
            for halt in after:
                if halt.id is None:
                    new.append(
                        Pause(
                            dossier_id=ids[code],
                            state=halt.state,
                            since=halt.since,
                            until=halt.until,
                            batch_id=halt.batch_id,
                        )
                    )
                elif halt not in before:
                    Pause.objects.filter(pk=halt.id).update(until=halt.until)
        Pause.objects.bulk_create(new, batch_size=2_000)

    def _keep_refused(self, refused: Iterable[Refused]) -> None:
        RefusedRow.objects.bulk_create(
            (
                RefusedRow(
                    batch_id=self._batch_id,
                    number=each.number,
                    cells=dict(each.cells),
                    reasons=reasons_of(each),
                )
                for each in refused
            ),
            batch_size=2_000,
            ignore_conflicts=True,
        )


def _portions(part: Part, size: int) -> Iterator[Portion]:
    """Yield a part in portions that are written at once, no dossier twice in one; the last one reaches to its end."""
    rows = part.rows
    waiting = sorted(part.refused, key=lambda each: each.number)
    start, is_last = 0, False
    while not is_last:
        portion = rows.slice(start, size)
        again = (~portion["code"].is_first_distinct()).arg_true()
        if again.len():
            portion = portion.head(again[0])
        start += portion.height
        is_last = start >= rows.height
        reaches = part.until if is_last else portion["row"][-1]
        behind = waiting if is_last else [each for each in waiting if each.number <= reaches]
        waiting = waiting[len(behind) :]
        yield Portion(portion, behind, reaches, part.notes if is_last else ())


def _gathered(parts: Iterable[Part], size: int, news_in: Callable[[Part], int]) -> Iterator[tuple[Part, int]]:
    """Yield parts of a size worth a transaction, with their news: small ones, and those with few, that follow each other
    as one.
    """
    held: list[Part] = []
    news = 0
    for part in parts:
        held.append(part)
        news += news_in(part)
        if news >= size or sum(each.rows.height for each in held) >= size * _LOOKED_AT_ONCE:
            yield _joined(held), news
            held, news = [], 0
    if held:
        yield _joined(held), news


def _joined(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    return Part(
        rows=pl.concat([part.rows for part in parts]),
        refused=tuple(each for part in parts for each in part.refused),
        until=parts[-1].until,
        notes=tuple(note for part in parts for note in part.notes),
    )


def reasons_of(refused: Refused) -> list[dict[str, Any]]:
    """Return why a row was refused, as it is kept: field, cell, message id and its values."""
    return [
        {
            "field": reason.field,
            "cell": reason.cell,
            "message": reason.message.template,
            "params": dict(reason.message.params),
        }
        for reason in refused.reasons
    ]


def midnight(day: date) -> datetime:
    """Return the beginning of a day by the agency's clock."""
    return datetime.combine(day, time(), _ZONE)


def plain(value: Any) -> Any:
    """Return a column's value as the history keeps it: moments in ISO form with their zone."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=_ZONE)).isoformat()
    return value


def _changes(
    rows: pl.DataFrame,
    existing: pl.DataFrame,
    moved: Mapping[str, tuple[Sequence[Halt], Sequence[Halt]]],
) -> list[tuple[int, Columns, Columns]]:
    """Return what is new on each dossier: its id, columns before, columns after; of what says nothing new, nothing."""
    old = rows.select("id").join(existing, on="id", how="left", maintain_order="left")
    differs = pl.DataFrame([rows[name].ne_missing(old[name]).alias(name) for name in COLUMNS])
    told = differs.select(pl.any_horizontal(pl.exclude("content_hash", "last_batch_id"))).to_series()
    is_news = told | rows["code"].is_in(list(moved))
    rows, old, differs = (frame.filter(is_news) for frame in (rows, old, differs))
    found: list[tuple[int, Columns, Columns]] = [(pk, {}, {}) for pk in rows["id"]]
    for name in COLUMNS:
        if differs[name].any():
            values = zip(
                found, differs[name].to_list(), old[name].to_list(), rows[name].to_list(), strict=True
            )
            for (_, before, after), is_other, was, is_now in values:
                if is_other:
                    before[name], after[name] = plain(was), plain(is_now)
    for (_, before, after), code in zip(found, rows["code"].to_list(), strict=True):
        if code in moved:
            before["pauses"], after["pauses"] = (
                [[halt.state, plain(halt.since), plain(halt.until), halt.batch_id] for halt in halts]
                for halts in moved[code]
            )
    return found


def _history(changes: Sequence[tuple[int, Columns, Columns]], batch_id: int, now: datetime) -> pl.DataFrame:
    """Return changes as the rows of :class:`DossierChange` that keep them."""
    rows = [(pk, json.dumps(before), json.dumps(after)) for pk, before, after in changes]
    return pl.DataFrame(
        rows, schema={"dossier_id": pl.Int64, "before": pl.String, "after": pl.String}, orient="row"
    ).with_columns(pl.lit(batch_id).alias("batch_id"), pl.lit(_naive(now), pl.Datetime("us")).alias("at"))


def _halts(row: Columns, before: Sequence[Halt], as_of: date, batch_id: int) -> list[Halt]:
    """Return a dossier's pauses after a row of an export: one begins with a state that stops the clock, and ends with it.

    When, the export says; where it does not, on the day that it shows.
    """
    state, shown = State(row["state"]), midnight(as_of)
    result = (row["finished_at"] or row["returned_at"]) if state in FINISHED else None
    after = []
    runs = False
    for halt in before:
        if halt.until is None and (halt.state != state or result):
            back = row["supplement_back_at"] if halt.state == State.SUPPLEMENT else None
            end = back or result
            after.append(replace(halt, until=max(halt.since, _aware(end) if end else shown)))
        else:
            runs = runs or halt.until is None
            after.append(halt)
    if state in PAUSED and not result and not runs:
        asked = row["supplement_asked_at"] if state == State.SUPPLEMENT else None
        since = asked or max(_naive(shown), row["received_at"] or _naive(shown))
        after.append(Halt(None, state.value, _aware(since), None, batch_id))
    return after


def _standstills(halts: Iterable[Halt]) -> list[Standstill]:
    return [
        Standstill(State(each.state), _naive(each.since), each.until and _naive(each.until)) for each in halts
    ]


def local(value: Any) -> Any:
    """Return a value of the database; a moment by the agency's clock, without a zone."""
    return _naive(value) if isinstance(value, datetime) else value


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(_ZONE).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)
