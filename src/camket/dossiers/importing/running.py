"""Running an import over its file: checked without writing, applied step by step, taken up again where it was cut off.

A step is one transaction: dossiers, history, counts, refused rows, how far the batch is, and the journal. Whoever runs a
batch finds in it how far it came; of two that run the same batch the one that comes second to a step leaves off.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from camket.core.dossier_codes import tidy
from camket.core.messages import Message, Refusal, gettext_noop
from camket.documents.queries import path_of
from camket.dossiers import bulk, tally
from camket.dossiers.importing.apply import Import, Portion, Step, Written
from camket.dossiers.importing.part import Part
from camket.dossiers.importing.preview import Preview
from camket.dossiers.importing.reading import Export, open_export
from camket.dossiers.models import Batch, RefusedRow
from camket.journal.operations import record

Clock = Callable[[], datetime]

log = logging.getLogger("camket.dossiers")

FILE_LOST = gettext_noop("The file of this import is lost on the server. Bring it in once more.")

UNFORESEEN = gettext_noop(
    "The software met something in this file that it did not foresee. What was imported up to there stands."
    " Tell the administrator, who finds the reason in the log; the file can be tried again."
)

_PAUSE = 0.05
"""Seconds between two steps on SQLite, where one writes at a time: whoever waits comes between them."""


class FileGone(Refusal):
    """The file of a batch is no longer there."""


class RunElsewhere(Exception):
    """Another process runs the batch: it is further than this one knows."""


_PASSING = (RunElsewhere, OperationalError, InterfaceError, OSError, MemoryError)
"""What another try may not meet again: a database that was gone, a full disk."""


class UndoUnderWay(Refusal):
    """An import of the agency is being undone: what is written meanwhile would be taken for what was there before."""


def check(*, batch_id: int, clock: Clock) -> Batch:
    """Go through a batch's file and note what it would add, change, leave and refuse; no dossier is written.

    A file that cannot be read as it is mapped leaves the batch to be mapped again, with the reason.
    """
    batch = Batch.objects.get(pk=batch_id)
    try:
        run = Import(batch)
        preview = Preview()
        for step in run.steps(_parts(batch, clock())):
            preview.add(step)
            Batch.objects.filter(pk=batch_id).update(done_rows=step.portion.until, beat_at=clock())
    except Refusal as refusal:
        return _not_checked(batch, refusal.message, clock())
    except _PASSING:
        raise
    except Exception:
        log.exception("check broke off", extra={"batch": batch_id})
        return _not_checked(batch, Message(UNFORESEEN), clock())
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.state == Batch.State.CHECKING:
            batch.state, batch.error, batch.done_rows = Batch.State.CHECKED, {}, 0
            batch.added, batch.changed = preview.added, preview.changed
            batch.same, batch.refused = preview.same, preview.refused
            batch.reading = {**batch.reading, "preview": preview.to_json()}
            batch.beat_at = clock()
            batch.save()
    return batch


def _not_checked(batch: Batch, why: Message, now: datetime) -> Batch:
    Batch.objects.filter(pk=batch.pk, state=Batch.State.CHECKING).update(
        state=Batch.State.MAPPING, error=_plain(why), beat_at=now, done_rows=0
    )
    batch.refresh_from_db()
    return batch


def run(*, batch_id: int, clock: Clock) -> Batch:
    """Apply a batch's file from where it stands to its end; return the batch.

    A fault of the file or of a rule stops it with the reason; what was written stays, and it can be taken up again.
    Raises RunElsewhere where another process has taken it up meanwhile.
    """
    batch = _begin(batch_id, clock())
    try:
        work = Import(batch)
        reached = batch.done_rows
        waiting = _still_refused(batch)
        written_at = None
        for step in work.steps(_parts(batch, clock(), skip=reached), are_written=True):
            work.prepare(step)
            if written_at is not None:
                let_others_write(since=written_at)
            _write(work, step, batch_id, reached, waiting, clock())
            reached, written_at = step.portion.until, time.monotonic()
    except UndoUnderWay:
        return _wait(batch_id, reached, clock())
    except Refusal as refusal:
        return _stop(batch_id, refusal.message, clock())
    except _PASSING:
        raise
    except Exception:
        # Whoever comes next would break off at the same row, for ever.
        log.exception("import broke off", extra={"batch": batch_id})
        return _stop(batch_id, Message(UNFORESEEN), clock())
    return _end(batch_id, reached, clock())


def let_others_write(*, since: float | None = None) -> None:
    """Pause between two transactions where one writes at a time; ``since`` is when the first ended, else now."""
    if connection.vendor == "sqlite":
        gone = 0.0 if since is None else time.monotonic() - since
        time.sleep(max(0.0, _PAUSE - gone))


def apply_rows(*, batch: Batch, rows: pl.DataFrame, now: datetime) -> Written:
    """Apply rows that are at hand, in the caller's transaction, and count them in the batch. Raises UndoUnderWay."""
    tally.take_turn(agency_id=batch.agency_id)
    _require_no_undo(batch.agency_id)
    work = Import(batch)
    step = work.ready(Portion(rows, (), batch.done_rows + rows.height, ()))
    batch.total_rows += rows.height
    written = work.write(step, now=now)
    _count(batch, written, step.portion.until, now)
    return written


def _parts(batch: Batch, now: datetime, skip: int = 0) -> Iterator[Part]:
    export = export_of(batch)
    reading: Mapping[str, Any] = batch.reading
    today = timezone.localdate(now)
    return export.parts(reading["mapping"], reading["words"], skip=skip, today=today)


def export_of(batch: Batch) -> Export:
    """Return a batch's file, opened; raises FileGone."""
    if batch.file is None:
        raise FileGone(Message(gettext_noop("The file of this import was removed. Bring it in once more.")))
    path = path_of(batch.file.storage_name)
    if not path.exists():
        raise FileGone(Message(FILE_LOST))
    return open_export(path, batch.file_name, sheet=batch.reading.get("sheet"))


def _begin(batch_id: int, now: datetime) -> Batch:
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("file").get(pk=batch_id)
        if batch.state not in (Batch.State.QUEUED, Batch.State.RUNNING):
            raise RunElsewhere
        if batch.state == Batch.State.QUEUED and not batch.done_rows:
            # What the check counted was what would be; from here on it is what is.
            batch.added = batch.changed = batch.same = batch.refused = 0
            batch.started_at = now
        batch.state, batch.beat_at, batch.error = Batch.State.RUNNING, now, {}
        batch.save()
    return batch


def _write(
    work: Import, step: Step, batch_id: int, reached: int, waiting: Mapping[str, Sequence[int]], now: datetime
) -> None:
    with transaction.atomic():
        tally.take_turn(agency_id=work.agency_id)
        batch = Batch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=batch_id)
        if batch.state != Batch.State.RUNNING or batch.done_rows != reached:
            raise RunElsewhere
        _require_no_undo(work.agency_id)
        written = work.write(step, now=now)
        _settle_refused(batch, step.portion.rows["code"], waiting, now)
        _count(batch, written, step.portion.until, now)
        by = batch.created_by
        record(
            actor=None,
            agency_id=batch.agency_id,
            verb="dossiers.imported",
            subject=batch,
            on=timezone.localdate(now),
            after={
                "rows": step.portion.until,
                "added": written.added,
                "changed": written.changed,
                "same": written.same,
                "refused": written.refused,
            },
            on_behalf_of=(by.pk, by.full_name) if by else None,
        )


def _count(batch: Batch, written: Written, until: int, now: datetime) -> None:
    batch.added += written.added
    batch.changed += written.changed
    batch.same += written.same
    batch.refused += written.refused
    if written.span is not None:
        low, high = written.span
        *before, end = batch.spans or [[low, low - 1]]
        batch.spans = [*before, [end[0], high]] if end[1] + 1 == low else [*batch.spans, [low, high]]
    batch.done_rows, batch.beat_at = until, now
    if written.days is not None:
        first, last = written.days
        batch.first_day = min(batch.first_day or first, first)
        batch.last_day = max(batch.last_day or last, last)
    reading = dict(batch.reading)
    for name in ("older", "different", "new_procedures"):
        reading[name] = reading.get(name, 0) + getattr(written, name)
    noted = {kind: dict(told) for kind, told in reading.get("notes", {}).items()}
    for note in written.notes:
        told = noted.setdefault(note.kind, {"count": 0, "cell": note.cell})
        told["count"] += note.count
    batch.reading = {**reading, "notes": noted}
    batch.save()


def _require_no_undo(agency_id: int) -> None:
    """Raise UndoUnderWay where an import of the agency is being undone; asked under the agency's turn."""
    undone = Batch.objects.filter(agency_id=agency_id, state=Batch.State.UNDOING).first()
    if undone is not None:
        raise UndoUnderWay(
            Message(
                gettext_noop("The import of %(file)s is being undone. Try again when that is done."),
                {"file": undone.file_name},
            )
        )


def _wait(batch_id: int, reached: int, now: datetime) -> Batch:
    """Put a batch back into the queue, where it stands."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.state != Batch.State.RUNNING or batch.done_rows != reached:
            raise RunElsewhere
        batch.state, batch.beat_at = Batch.State.QUEUED, now
        batch.save(update_fields=["state", "beat_at"])
    return batch


def _stop(batch_id: int, message: Message, now: datetime) -> Batch:
    log.warning("import stopped: %s", message.template, extra={"batch": batch_id})
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        batch.state, batch.error = Batch.State.FAILED, _plain(message)
        batch.beat_at = batch.ended_at = now
        batch.save()
    return batch


def _end(batch_id: int, reached: int, now: datetime) -> Batch:
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.state != Batch.State.RUNNING or batch.done_rows != reached:
            raise RunElsewhere
        batch.state, batch.beat_at, batch.ended_at = Batch.State.DONE, now, now
        batch.reading = {name: value for name, value in batch.reading.items() if name != "preview"}
        batch.save()
    return batch


def _still_refused(batch: Batch) -> dict[str, list[int]]:
    """Return the rows refused of earlier imports that tell of no later day than this one, by the code in their cells."""
    waiting = RefusedRow.objects.filter(
        batch__agency_id=batch.agency_id,
        batch__state=Batch.State.DONE,
        batch__as_of__lte=batch.as_of,
        batch_id__lt=batch.pk,
        state=RefusedRow.State.OPEN,
    )
    columns = {
        pk: reading.get("mapping", {}).get("code", "")
        for pk, reading in Batch.objects.filter(pk__in=waiting.values("batch")).values_list("pk", "reading")
    }
    found: dict[str, list[int]] = {}
    for pk, of, cells in waiting.values_list("pk", "batch_id", "cells"):
        if code := tidy(cells.get(columns[of], "")):
            found.setdefault(code, []).append(pk)
    return found


def _settle_refused(
    batch: Batch, codes: Iterable[str], waiting: Mapping[str, Sequence[int]], now: datetime
) -> None:
    """Settle the rows refused of earlier imports whose dossiers this one tells of, by this one: its undo opens them again.

    Rows are mended in a spreadsheet or at their source as well: what came by its code, be it as it was known before, is
    not asked for again.
    """
    brought = [pk for code in codes if code in waiting for pk in waiting[code]] if waiting else []
    settled = 0
    for some in bulk.chunks(brought):
        still = RefusedRow.objects.filter(pk__in=some, state=RefusedRow.State.OPEN)
        settled += still.update(
            state=RefusedRow.State.MENDED,
            settled_at=now,
            settled_by_id=batch.created_by_id,
            settled_in=batch,
        )
    if not settled:
        return
    record(
        actor=None,
        agency_id=batch.agency_id,
        verb="dossiers.rows_settled",
        subject=batch,
        on=timezone.localdate(now),
        after={"file": batch.file_name, "rows": settled},
        on_behalf_of=(batch.created_by.pk, batch.created_by.full_name) if batch.created_by else None,
    )


def _plain(message: Message) -> dict[str, Any]:
    return {"message": message.template, "params": dict(message.params)}
