"""Bringing dossiers in: a file received, its columns confirmed, checked, imported; mended, undone, discarded.

A batch goes MAPPING → (CHECKING →) CHECKED → QUEUED → RUNNING → DONE. Small files are checked and imported at once,
large ones by the job ``imports`` (:func:`run_waiting`); one that was cut off goes on from where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.documents.content import ending_of
from camket.documents.operations import drop_file, keep_export, receive_bytes
from camket.dossiers import tally
from camket.dossiers.importing import running
from camket.dossiers.importing.apply import reasons_of
from camket.dossiers.importing.part import Refused
from camket.dossiers.importing.reading import Export, open_export, read_rows
from camket.dossiers.importing.running import RunElsewhere, export_of
from camket.dossiers.importing.undo import refuse_unless_last, undo
from camket.dossiers.models import Batch, RefusedRow, Software
from camket.journal.operations import record
from camket.org import clock as org_clock
from camket.org.policy import Actor, require

SMALL = 5_000
"""Rows that are checked and imported while somebody waits."""

SILENT = timedelta(seconds=60)
"""After so long without a sign of life a batch that runs is taken up by whoever comes next."""

MENDED_AT_ONCE = 10_000
"""Rows that a word mends while somebody waits; the next press goes on."""

_MENDED_IN_ONE = 2_000
"""Rows that a word mends in one transaction."""

_FAULTS = 12
"""Faults of a refused row among which a word's is looked for."""

_PIECE = 1024 * 1024
_PROBE = 1_000
"""Rows that a mapping is tried on before it is taken."""

Words = Mapping[str, Mapping[str, str]]


class BatchNotReady(Refusal):
    """The import stands at another step than the act is for."""


class NameMissing(Refusal):
    """A saved way of reading needs a name."""


class DayNotPossible(Refusal):
    """An export cannot show a day to come."""


class RowSettled(Refusal):
    """The refused row was mended or set aside before."""


class RowStillRefused(Refusal):
    """The mended row is refused again; ``refused`` says why, cell by cell."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reasons[0].message)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending came to.

    ``rows`` went in; of these ``same`` said nothing new, and of ``older`` a later export had told, which holds.
    ``has_more`` tells that further rows wait for the same word.
    """

    batch: Batch | None
    rows: int
    same: int
    older: int
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Installation:
    """Who acts where nobody is signed in: the command line and the watched folder, for one agency."""

    agency_id: int


def receive_file(
    *,
    actor: Actor | Installation,
    name: str,
    data: bytes | None = None,
    path: Path | None = None,
    software_id: int | None = None,
    origin: str = Batch.Origin.PAGE,
    as_of: date,
    now: datetime,
) -> Batch:
    """Take a file of the one-stop software in, by its bytes or its path, and return its batch, columns still to be confirmed.

    Read by the saved way of the software named, else of the one whose headings it has, else as recognised. Raises
    NotAllowed, DayNotPossible, and what opening an export raises; nothing is kept then.
    """
    _require(actor)
    today = timezone.localdate(now)
    if as_of > today:
        raise DayNotPossible(
            Message(
                gettext_noop("The file cannot show how dossiers stand on %(day)s, a day to come."),
                {"day": f"{as_of:%d/%m/%Y}"},
            )
        )
    pieces: Iterable[bytes] = [data] if data is not None else _pieces(path or Path(name))
    received, digest = receive_bytes(pieces=pieces)
    try:
        export = open_export(received, name)
        total_rows = export.total_rows
        software = _software(actor.agency_id, export, software_id)
        with transaction.atomic():
            file = keep_export(
                actor=actor if isinstance(actor, Actor) else None,
                agency_id=actor.agency_id,
                source=received,
                name=name,
                ending=ending_of(name),
                digest=digest,
                now=now,
            )
            batch = Batch.objects.create(
                agency_id=actor.agency_id,
                software=software,
                origin=origin,
                file=file,
                file_name=file.name,
                sha256=digest,
                as_of=as_of,
                total_rows=total_rows,
                reading={
                    **export.described(),
                    "mapping": dict(software.mapping) if software else dict(export.mapping),
                    "words": dict(software.words) if software else {},
                },
                created_at=now,
                created_by_id=_person(actor),
            )
            _record(
                actor,
                batch,
                "dossiers.file_received",
                now,
                {"file": file.name, "sha256": digest, "as_of": as_of},
            )
    finally:
        received.unlink(missing_ok=True)
    return batch


def set_mapping(
    *,
    actor: Actor | Installation,
    batch_id: int,
    mapping: Mapping[str, str],
    words: Words,
    as_of: date | None = None,
    save_as: str | None = None,
    is_checked: bool = True,
    now: datetime,
    clock: Callable[[], datetime] = org_clock.now,
) -> Batch:
    """Confirm which column is what and what words mean, and have the file checked: at once where it is small.

    ``save_as`` keeps them as the way to read that software's exports. Without ``is_checked`` the file is taken as it
    is, to be imported. Raises NotAllowed, BatchNotReady, DayNotPossible, FileGone, MappingUnfit.
    """
    with transaction.atomic():
        _require(actor)
        batch = _locked(actor, batch_id)
        _expect(batch, Batch.State.MAPPING, Batch.State.CHECKED)
        next(export_of(batch).parts(mapping, words, size=_PROBE), None)
        if as_of is not None:
            if as_of > timezone.localdate(now):
                raise DayNotPossible(
                    Message(
                        gettext_noop("The file cannot show how dossiers stand on %(day)s, a day to come."),
                        {"day": f"{as_of:%d/%m/%Y}"},
                    )
                )
            batch.as_of = as_of
        if save_as is not None:
            batch.software = _save_software(actor, save_as, mapping, words, now)
        kept = {name: value for name, value in batch.reading.items() if name != "preview"}
        batch.reading = {
            **kept,
            "mapping": dict(mapping),
            "words": {field: dict(each) for field, each in words.items()},
        }
        batch.state = Batch.State.CHECKING if is_checked else Batch.State.CHECKED
        batch.beat_at = now if batch.total_rows <= SMALL else None
        batch.error, batch.done_rows = {}, 0
        batch.save()
    if is_checked and batch.total_rows <= SMALL:
        return running.check(batch_id=batch_id, clock=clock)
    return batch


def start_import(
    *,
    actor: Actor | Installation,
    batch_id: int,
    now: datetime,
    clock: Callable[[], datetime] = org_clock.now,
) -> Batch:
    """Import a checked batch, or one that an error stopped: at once where it is small, else when the job comes to it.

    Raises NotAllowed, BatchNotReady.
    """
    with transaction.atomic():
        _require(actor)
        batch = _locked(actor, batch_id)
        _expect(batch, Batch.State.CHECKED, Batch.State.FAILED)
        batch.state, batch.beat_at, batch.error = Batch.State.QUEUED, now, {}
        batch.save()
        _record(actor, batch, "dossiers.import_started", now, {"rows": batch.total_rows})
    if batch.total_rows <= SMALL:
        return carry_on(batch=batch, clock=clock)
    return batch


def discard_batch(*, actor: Actor | Installation, batch_id: int, now: datetime) -> None:
    """Discard a file before it is imported; the file itself goes too, nothing of its content is kept.

    Raises NotAllowed, BatchNotReady.
    """
    with transaction.atomic():
        _require(actor)
        batch = _locked(actor, batch_id)
        _expect(batch, Batch.State.MAPPING, Batch.State.CHECKING, Batch.State.CHECKED)
        batch.state, batch.ended_at = Batch.State.DISCARDED, now
        batch.reading = {}
        batch.save()
        _drop_file(batch)
        _record(actor, batch, "dossiers.file_discarded", now, {"file": batch.file_name})


def undo_batch(
    *,
    actor: Actor | Installation,
    batch_id: int,
    now: datetime,
    clock: Callable[[], datetime] = org_clock.now,
) -> Batch:
    """Undo an import: what it added goes, what it changed is as it was before, and so are all counts.

    At once where it wrote little, else when the job comes to it. Raises NotAllowed, BatchNotReady, UndoRefused.
    """
    with transaction.atomic():
        _require(actor)
        tally.take_turn(agency_id=actor.agency_id)
        batch = _locked(actor, batch_id)
        _expect(batch, Batch.State.DONE, Batch.State.FAILED)
        refuse_unless_last(batch=batch)
        is_small = batch.added + batch.changed <= SMALL
        batch.state, batch.undone_by_id = Batch.State.UNDOING, _person(actor)
        batch.beat_at = now if is_small else None
        batch.save()
        _record(actor, batch, "dossiers.undo_started", now, {"added": batch.added, "changed": batch.changed})
    if is_small:
        return undo(batch_id=batch_id, clock=clock)
    return batch


def mend_row(*, actor: Actor | Installation, row_id: int, cells: Mapping[str, str], now: datetime) -> Mended:
    """Import a refused row with its cells as mended; return what that came to, with the batch of mended rows.

    Raises NotAllowed, RowSettled, and RowStillRefused where the row is refused again: it is kept then with what was
    typed and its new reasons.
    """
    _require(actor)
    still: Refused | None = None
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        row = _open_row(actor, row_id)
        parent = row.batch
        part = read_rows(
            [(row.number, cells)],
            parent.reading["mapping"],
            parent.reading["words"],
            row.reasons,
            today=timezone.localdate(now),
        )
        if part.refused:
            [still] = part.refused
            row.cells, row.reasons = dict(still.cells), reasons_of(still)
            row.save(update_fields=["cells", "reasons"])
        else:
            batch = _mending(actor, parent, now)
            written = running.apply_rows(batch=batch, rows=part.rows, now=now)
            row.cells = dict(cells)
            _settle(actor, row, RefusedRow.State.MENDED, now)
            _record(
                actor,
                batch,
                "dossiers.row_mended",
                now,
                {
                    "file": parent.file_name,
                    "row": row.number,
                    "added": written.added,
                    "changed": written.changed,
                },
            )
    if still is not None:
        raise RowStillRefused(still)
    return Mended(batch, 1, written.same - written.older, written.older)


def mend_word(
    *, actor: Actor | Installation, batch_id: int, field: str, word: str, meaning: str, now: datetime
) -> Mended:
    """Say what a word of an export means, and import the refused rows that lacked only that.

    The software's saved way of reading learns the word. Rows go in some at a time, each time in one transaction, up to
    :data:`MENDED_AT_ONCE`: cut off anywhere, or told that more wait, the same act goes on with the rest. Raises
    NotAllowed.
    """
    _require(actor)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        batch = _locked(actor, batch_id)
        words = {**batch.reading.get("words", {})}
        words[field] = {**words.get(field, {}), word: meaning}
        batch.reading = {**batch.reading, "words": words}
        batch.save(update_fields=["reading"])
        if batch.software is not None:
            batch.software.words = {
                **batch.software.words,
                field: {**batch.software.words.get(field, {}), word: meaning},
            }
            batch.software.changed_at, batch.software.changed_by_id = now, _person(actor)
            batch.software.save()
        _record(
            actor, batch, "dossiers.word_explained", now, {"field": field, "word": word, "meaning": meaning}
        )
    rows = older = 0
    place: int | None = 0
    codes: set[str] = set()
    while place is not None and rows < MENDED_AT_ONCE:
        place, taken, known = _mend_some(actor, batch_id, field, place, codes, now)
        rows, older = rows + taken, older + known
        running.let_others_write()
    has_more = place is not None and _is_open(batch_id, field, place)
    return Mended(None, rows, 0, older, has_more=has_more)


def _mend_some(
    actor: Actor | Installation, batch_id: int, field: str, after: int, codes: set[str], now: datetime
) -> tuple[int | None, int, int]:
    """Import some of the rows that a word kept out, in one transaction.

    Returns the last row looked at (None: there were no more), how many went in, and of how many a later export had
    told. ``codes`` are those of dossiers that went in before: of two rows of one nobody can tell which holds.
    """
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        batch = _locked(actor, batch_id)
        waiting = RefusedRow.objects.select_for_update(of=("self",)).filter(
            _faulty(field), batch=batch, state=RefusedRow.State.OPEN, number__gt=after
        )
        rows = list(waiting.order_by("number")[:_MENDED_IN_ONE])
        if not rows:
            return None, 0, 0
        part = read_rows(
            [(row.number, row.cells) for row in rows],
            batch.reading["mapping"],
            batch.reading["words"],
            today=timezone.localdate(now),
        )
        news = part.rows.filter(~part.rows["code"].is_in(list(codes)))
        older = 0
        if not news.is_empty():
            codes.update(news["code"])
            older = running.apply_rows(batch=_mending(actor, batch, now), rows=news, now=now).older
            numbers = set(news["row"])
            RefusedRow.objects.filter(pk__in=[row.pk for row in rows if row.number in numbers]).update(
                state=RefusedRow.State.MENDED, settled_at=now, settled_by_id=_person(actor)
            )
            _record(actor, batch, "dossiers.rows_mended", now, {"file": batch.file_name, "rows": news.height})
    return rows[-1].number, news.height, older


def _is_open(batch_id: int, field: str, after: int) -> bool:
    waiting = RefusedRow.objects.filter(batch_id=batch_id, state=RefusedRow.State.OPEN, number__gt=after)
    return waiting.filter(_faulty(field)).exists()


def drop_row(*, actor: Actor | Installation, row_id: int, now: datetime) -> None:
    """Set a refused row aside: it is not to be imported. Raises NotAllowed, RowSettled."""
    with transaction.atomic():
        _require(actor)
        row = _open_row(actor, row_id)
        _settle(actor, row, RefusedRow.State.DROPPED, now)
        _record(
            actor, row.batch, "dossiers.row_dropped", now, {"file": row.batch.file_name, "row": row.number}
        )


def drop_batch_file(*, actor: Actor | Installation, batch_id: int, now: datetime) -> None:
    """Remove the file of an import that is over, with the personal data in it; its dossiers stay.

    Raises NotAllowed, BatchNotReady where rows of it are still to be mended.
    """
    with transaction.atomic():
        _require(actor)
        batch = _locked(actor, batch_id)
        _expect(batch, Batch.State.DONE, Batch.State.UNDONE)
        if RefusedRow.objects.filter(batch=batch, state=RefusedRow.State.OPEN).exists():
            raise BatchNotReady(
                Message(
                    gettext_noop(
                        "Rows of this file are still to be mended. Mend them or set them aside first."
                    )
                )
            )
        _drop_file(batch)
        _record(actor, batch, "dossiers.file_dropped", now, {"file": batch.file_name})


def run_waiting(*, clock: Callable[[], datetime]) -> int:
    """Check, import and undo what waits for it, and take up what was cut off, the oldest first; return how many."""
    count = 0
    tried: set[int] = set()
    while (batch := _next(clock(), tried)) is not None:
        tried.add(batch.pk)
        carry_on(batch=batch, clock=clock)
        count += 1
    return count


def carry_on(*, batch: Batch, clock: Callable[[], datetime]) -> Batch:
    """Check, import or undo a batch in this process, whichever it waits for; return it, also where another was quicker."""
    works: dict[str, Callable[..., Batch]] = {
        Batch.State.CHECKING: running.check,
        Batch.State.QUEUED: running.run,
        Batch.State.RUNNING: running.run,
        Batch.State.UNDOING: undo,
    }
    work = works.get(batch.state)
    if work is None:
        return batch
    try:
        return work(batch_id=batch.pk, clock=clock)
    except RunElsewhere:
        batch.refresh_from_db()
        return batch


def _next(now: datetime, tried: set[int]) -> Batch | None:
    waiting = Batch.objects.exclude(pk__in=tried).order_by("created_at", "pk")
    # What is being undone keeps the agency's other imports waiting.
    return (
        _left_alone(waiting.filter(state=Batch.State.UNDOING), now)
        or waiting.filter(state=Batch.State.QUEUED).first()
        or _left_alone(waiting.filter(state__in=(Batch.State.CHECKING, Batch.State.RUNNING)), now)
    )


def _left_alone(under_way: Iterable[Batch], now: datetime) -> Batch | None:
    """Return the first that nobody works on: one not begun has no beat, one from the future is of a clock that was set."""
    for batch in under_way:
        if batch.beat_at is None or now - batch.beat_at > SILENT or batch.beat_at > now + SILENT:
            return batch
    return None


def _require(actor: Actor | Installation) -> None:
    if isinstance(actor, Actor):
        require(actor, "dossier.import")


def _person(actor: Actor | Installation) -> int | None:
    return actor.person_id if isinstance(actor, Actor) else None


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _software(agency_id: int, export: Export, software_id: int | None) -> Software | None:
    """Return the saved way of reading that was chosen, else the one all of whose headings the export has."""
    known = Software.objects.filter(agency_id=agency_id, is_offered=True)
    if software_id is not None:
        return known.get(pk=software_id)
    headers = set(export.headers)
    fitting = [
        each for each in known.order_by("pk") if each.mapping and headers.issuperset(each.mapping.values())
    ]
    return max(fitting, key=lambda each: len(each.mapping), default=None)


def _save_software(
    actor: Actor | Installation, name: str, mapping: Mapping[str, str], words: Words, now: datetime
) -> Software:
    name = one_line(name)[:150]
    if not name:
        raise NameMissing(Message(gettext_noop("Enter the name of the software that the file comes from.")))
    row, _ = Software.objects.update_or_create(
        agency_id=actor.agency_id,
        name=name,
        defaults={
            "mapping": dict(mapping),
            "words": {field: dict(each) for field, each in words.items()},
            "is_offered": True,
            "changed_at": now,
            "changed_by_id": _person(actor),
        },
    )
    record(
        actor=actor if isinstance(actor, Actor) else None,
        agency_id=actor.agency_id,
        verb="dossiers.software_saved",
        subject=row,
        on=timezone.localdate(now),
        after={"name": name, "mapping": row.mapping, "words": row.words},
    )
    return row


def _locked(actor: Actor | Installation, batch_id: int) -> Batch:
    return (
        Batch.objects.select_for_update(of=("self",))
        .select_related("file", "software")
        .get(pk=batch_id, agency_id=actor.agency_id)
    )


def _expect(batch: Batch, *states: str) -> None:
    if batch.state not in states:
        raise BatchNotReady(
            Message(
                gettext_noop("The import of %(file)s has moved on meanwhile. Look at it again."),
                {"file": batch.file_name},
            )
        )


def _open_row(actor: Actor | Installation, row_id: int) -> RefusedRow:
    row = (
        RefusedRow.objects.select_for_update(of=("self",))
        .select_related("batch")
        .get(pk=row_id, batch__agency_id=actor.agency_id)
    )
    if row.state != RefusedRow.State.OPEN:
        raise RowSettled(
            Message(gettext_noop("Row %(row)s was mended or set aside before."), {"row": str(row.number)})
        )
    return row


def _faulty(field: str) -> Q:
    """Return which refused rows have a fault in a field, among their first ones: those with more lack much else."""
    found = Q()
    for place in range(_FAULTS):
        found |= Q(**{f"reasons__{place}__field": field})
    return found


def _settle(actor: Actor | Installation, row: RefusedRow, state: str, now: datetime) -> None:
    row.state, row.settled_at, row.settled_by_id = state, now, _person(actor)
    row.save()


def _mending(actor: Actor | Installation, parent: Batch, now: datetime) -> Batch:
    """Return the batch of rows of an import that this person mends on this day; it can be undone as a whole."""
    today = timezone.localdate(now)
    known = Batch.objects.filter(
        agency_id=parent.agency_id,
        origin=Batch.Origin.MENDED,
        state=Batch.State.DONE,
        created_by_id=_person(actor),
        reading__of=parent.pk,
        reading__on=today.isoformat(),
    )
    batch = known.order_by("-pk").first()
    if batch is not None:
        return batch
    return Batch.objects.create(
        agency_id=parent.agency_id,
        software=parent.software,
        origin=Batch.Origin.MENDED,
        state=Batch.State.DONE,
        file_name=parent.file_name,
        sha256=parent.sha256,
        as_of=parent.as_of,
        reading={"of": parent.pk, "on": today.isoformat()},
        created_at=now,
        created_by_id=_person(actor),
        started_at=now,
        ended_at=now,
    )


def _drop_file(batch: Batch) -> None:
    file = batch.file
    if file is None:
        return
    batch.file = None
    batch.save(update_fields=["file"])
    if not Batch.objects.filter(file=file).exists():
        drop_file(file=file)


def _record(
    actor: Actor | Installation, batch: Batch, verb: str, now: datetime, after: Mapping[str, Any]
) -> None:
    record(
        actor=actor if isinstance(actor, Actor) else None,
        agency_id=batch.agency_id,
        verb=verb,
        subject=batch,
        on=timezone.localdate(now),
        after=after,
    )
