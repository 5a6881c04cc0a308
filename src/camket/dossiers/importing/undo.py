"""Undoing an import: dossiers that it added go with their counts, those that it changed go back to what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.dossiers import bulk, tally
from camket.dossiers.importing.apply import COLUMNS, local
from camket.dossiers.importing.running import let_others_write
from camket.dossiers.models import Batch, Dossier, DossierChange, Letter, Pause, RefusedRow
from camket.dossiers.operations.reckoning import reckon_again
from camket.dossiers.succession import follow_successions
from camket.journal.operations import record

_AT_ONCE = 2_000
"""Dossiers that are put back in one transaction."""

_MOMENTS = frozenset(name for name in COLUMNS if name.endswith("_at") or name.startswith("due_")) - {
    "due_day"
}


class UndoRefused(Refusal):
    """An import cannot be undone: what came after it rests on it."""


def refuse_unless_last(*, batch: Batch) -> None:
    """Raise UndoRefused where a later import changed a dossier that this one wrote, or a letter was written on one."""
    added = (
        added_by(batch, span).exclude(last_batch=batch).select_related("last_batch") for span in batch.spans
    )
    later = next((found for some in added if (found := some.order_by("pk").first())), None)
    if later is None:
        change = (
            DossierChange.objects.filter(batch=batch)
            .exclude(dossier__last_batch=batch)
            .select_related("dossier__last_batch")
            .first()
        )
        later = change.dossier if change else None
    if later is not None:
        last = later.last_batch
        raise UndoRefused(
            Message(
                gettext_noop(
                    "The import of %(at)s (%(file)s) came later and changed dossier %(code)s of this one."
                    " Undo that import first."
                ),
                {
                    "at": f"{timezone.localtime(last.created_at):%d/%m/%Y %H:%M}",
                    "file": last.file_name,
                    "code": later.code,
                },
            )
        )
    # By the agency's letters, which are few beside its dossiers.
    letters = Letter.objects.filter(agency_id=batch.agency_id, dossier__first_batch=batch)
    letter = letters.select_related("dossier").order_by("pk").first()
    if letter is not None:
        raise UndoRefused(
            Message(
                gettext_noop(
                    "A letter was written on dossier %(code)s, which this import brought in."
                    " An import with letters cannot be undone; bring in a corrected file instead."
                ),
                {"code": letter.dossier.code},
            )
        )
    promised = (
        DossierChange.objects.filter(
            batch=None,
            after__has_key="reappointed_at",
            dossier__changes__batch=batch,
            pk__gt=F("dossier__changes__pk"),
        )
        .select_related("dossier")
        .first()
    )
    if promised is not None:
        raise UndoRefused(
            Message(
                gettext_noop(
                    "A letter gave dossier %(code)s a new date after this import had changed it."
                    " An import with letters cannot be undone; bring in a corrected file instead."
                ),
                {"code": promised.dossier.code},
            )
        )


def added_by(batch: Batch, span: Sequence[int]) -> QuerySet[Dossier]:
    """Return the dossiers that a batch added, of one of its spans of ids; others may have added some in between."""
    return Dossier.objects.filter(pk__range=(span[0], span[1]), first_batch=batch)


def undo(*, batch_id: int, clock: Callable[[], datetime]) -> Batch:
    """Put everything back that a batch in the state UNDOING wrote, some dossiers in each transaction; return the batch.

    Cut off anywhere it goes on where it left off: what was put back is no longer the batch's.
    """
    while _some_changes(batch_id, clock()) or _some_added(batch_id, clock()):
        let_others_write()
    with transaction.atomic():
        agency_id = Batch.objects.values_list("agency_id", flat=True).get(pk=batch_id)
        tally.take_turn(agency_id=agency_id)
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.state != Batch.State.UNDOING:
            return batch
        now = clock()
        # The catalogue and the calendar may have changed since what stands again was reckoned.
        reckon_again(
            agency_id=agency_id, procedure_ids=None, since=-(2**31), by_id=batch.undone_by_id, now=now
        )
        follow_successions(agency_id=agency_id, by_id=batch.undone_by_id, now=now)
        RefusedRow.objects.filter(batch=batch, state=RefusedRow.State.OPEN).update(
            state=RefusedRow.State.DROPPED, settled_at=now, settled_by_id=batch.undone_by_id
        )
        if batch.origin == Batch.Origin.MENDED:
            _open_again(batch)
        batch.settled_rows.filter(batch__state=Batch.State.DONE, state=RefusedRow.State.MENDED).update(
            state=RefusedRow.State.OPEN, settled_at=None, settled_by_id=None, settled_in=None
        )
        batch.state, batch.undone_at, batch.beat_at = Batch.State.UNDONE, now, now
        batch.save(update_fields=["state", "undone_at", "beat_at"])
        _record(batch, now, "dossiers.import_undone", added=batch.added, changed=batch.changed)
    return batch


def _some_changes(batch_id: int, now: datetime) -> bool:
    """Put back some of the changes, the newest first; return whether there were any."""
    with transaction.atomic():
        batch = _in_turn(batch_id)
        if batch is None:
            return False
        changes = list(
            DossierChange.objects.filter(batch=batch).select_related("dossier").order_by("-pk")[:_AT_ONCE]
        )
        if not changes:
            return False
        dossiers: dict[int, Dossier] = {}
        pauses: dict[int, list[list[Any]]] = {}
        for change in changes:
            dossiers.setdefault(change.dossier_id, change.dossier)
        before = [tally.facts_of(dossier) for dossier in dossiers.values()]
        for change in changes:
            for name, value in change.before.items():
                if name == "pauses":
                    pauses[change.dossier_id] = value
                else:
                    setattr(dossiers[change.dossier_id], name, _value(name, value))
        bulk.update(Dossier, _frame(dossiers.values()))
        _put_back_pauses(pauses)
        DossierChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
        after = [tally.facts_of(dossier) for dossier in dossiers.values()]
        tally.recount(agency_id=batch.agency_id, before=before, after=after)
        Batch.objects.filter(pk=batch_id).update(beat_at=now)
    return True


def _some_added(batch_id: int, now: datetime) -> bool:
    """Remove some of the dossiers that the batch added; return whether there were any."""
    with transaction.atomic():
        batch = _in_turn(batch_id)
        if batch is None:
            return False
        dossiers: list[Dossier] = []
        spans = list(batch.spans)
        while spans and not dossiers:
            first, last = spans.pop(0)
            dossiers = list(added_by(batch, (first, last)).order_by("pk")[:_AT_ONCE])
        if not dossiers:
            return False
        if dossiers[-1].pk < last:
            spans.insert(0, (dossiers[-1].pk + 1, last))
        ids = [dossier.pk for dossier in dossiers]
        tally.recount(
            agency_id=batch.agency_id, before=[tally.facts_of(dossier) for dossier in dossiers], after=[]
        )
        Pause.objects.filter(dossier_id__in=ids).delete()
        DossierChange.objects.filter(dossier_id__in=ids).delete()
        Dossier.objects.filter(pk__in=ids).delete()
        Batch.objects.filter(pk=batch_id).update(beat_at=now, spans=spans)
        _record(batch, now, "dossiers.removed", removed=len(ids))
    return True


def _open_again(batch: Batch) -> None:
    """Let the rows that a batch of mended rows brought in be mended once more: they are in no dossier any longer."""
    RefusedRow.objects.filter(
        batch_id=batch.reading["of"],
        batch__state=Batch.State.DONE,
        state=RefusedRow.State.MENDED,
        settled_by_id=batch.created_by_id,
        settled_at__gte=batch.created_at,
    ).update(state=RefusedRow.State.OPEN, settled_at=None, settled_by_id=None)


def _in_turn(batch_id: int) -> Batch | None:
    agency_id = Batch.objects.values_list("agency_id", flat=True).get(pk=batch_id)
    tally.take_turn(agency_id=agency_id)
    batch = Batch.objects.select_for_update(of=("self",)).select_related("undone_by").get(pk=batch_id)
    return batch if batch.state == Batch.State.UNDOING else None


def _put_back_pauses(pauses: dict[int, list[list[Any]]]) -> None:
    Pause.objects.filter(dossier_id__in=pauses).delete()
    Pause.objects.bulk_create(
        Pause(
            dossier_id=dossier_id,
            state=state,
            since=datetime.fromisoformat(since),
            until=datetime.fromisoformat(until) if until else None,
            batch_id=opened_by,
        )
        for dossier_id, rows in pauses.items()
        for state, since, until, opened_by in rows
    )


def _frame(dossiers: Iterable[Dossier]) -> pl.DataFrame:
    schema = {"id": pl.Int64(), **{name: dtype for name, dtype in COLUMNS.items() if name != "code"}}
    return pl.DataFrame(
        [[local(getattr(dossier, name)) for name in schema] for dossier in dossiers],
        schema=schema,
        orient="row",
    )


def _value(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _MOMENTS and value else value


def _record(batch: Batch, now: datetime, verb: str, **after: int) -> None:
    by = batch.undone_by
    record(
        actor=None,
        agency_id=batch.agency_id,
        verb=verb,
        subject=batch,
        on=timezone.localdate(now),
        after=after,
        on_behalf_of=(by.pk, by.full_name) if by else None,
    )
