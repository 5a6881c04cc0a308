"""The inspector's pack: asked for, put together in the background, taken, removed after its days.

Another agency's raises Pack.DoesNotExist. One job puts packs together at a time; what was cut off is begun again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.documents.models import StoredFile
from camket.documents.operations.files import drop_file, keep_export, keep_made
from camket.documents.queries.files import path_of
from camket.journal.operations import record
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.packing.content import Pack as Content
from camket.packing.evidence import evidence_of
from camket.packing.models import Pack
from camket.packing.writing import book_of, unpack, write_folder
from camket.paper.writing.book import write_book

KEPT_DAYS = 30
"""Days for which a pack's files are kept; then a new one is put together from what the records say by then."""
EARLIEST = 2014
"""No pack reaches before the year in which the system was laid down (Quyết định 19/2014/QĐ-TTg)."""
AT_WORK = (Pack.State.ASKED, Pack.State.BUILDING)


class PackNotPossible(Refusal):
    """A pack cannot be asked for: of a year to come, or before the system."""


def ask(*, actor: Actor, year: int, now: datetime) -> Pack:
    """Have a year's pack put together; one that is under way already is returned as it is. Raises NotAllowed, PackNotPossible."""
    today = timezone.localdate(now)
    with transaction.atomic():
        require(actor, "pack.take")
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        require_year(year=year, today=today)
        waiting = Pack.objects.filter(agency_id=actor.agency_id, year=year, state__in=AT_WORK).first()
        if waiting is not None:
            return waiting
        row = Pack.objects.create(
            agency_id=actor.agency_id, year=year, asked_at=now, asked_by_id=actor.person_id
        )
        record(
            actor=actor,
            agency_id=row.agency_id,
            verb="pack.asked",
            subject=row,
            on=today,
            after={"year": year},
        )
    return row


def require_year(*, year: int, today: date) -> None:
    """Refuse a year that no pack can be of. Raises PackNotPossible."""
    if not EARLIEST <= year <= today.year:
        raise PackNotPossible(
            Message(
                gettext_noop("A pack is of a year from %(first)s to %(last)s."),
                {"first": str(EARLIEST), "last": str(today.year)},
            )
        )


def note_taken(*, actor: Actor, pack_id: int, what: str, now: datetime) -> StoredFile:
    """Record that the actor takes a pack, and return the file: ``what`` is book or folder.

    Raises NotAllowed, Pack.DoesNotExist for another agency's and for one that is not ready.
    """
    with transaction.atomic():
        require(actor, "pack.take")
        row = Pack.objects.select_related("book", "folder").get(
            pk=pack_id, agency_id=actor.agency_id, state=Pack.State.READY
        )
        file = row.book if what == "book" else row.folder
        if file is None:
            raise Pack.DoesNotExist(pack_id)
        record(
            actor=actor, agency_id=row.agency_id, verb="pack.taken", subject=row, on=timezone.localdate(now),
            after={"year": row.year, "name": file.name, "sha256": file.sha256},
        )  # fmt: skip
    return file


def put_together_waiting(*, clock: Callable[[], datetime]) -> int:
    """Put together every pack that waits, those cut off before among them; return how many are ready now.

    One that fails is noted with the reason, and the others go on; what was no refusal is raised after all of them, so
    that the job says that something is broken.
    """
    ready, broken = 0, None
    for pack_id in list(Pack.objects.filter(state__in=AT_WORK).order_by("pk").values_list("pk", flat=True)):
        try:
            ready += put_together(pack_id=pack_id, clock=clock)
        except Exception as error:  # noqa: BLE001 - noted on the pack, raised after the others
            message = (
                error.message
                if isinstance(error, Refusal)
                else Message("%(error)s", {"error": repr(error)[:300]})
            )
            Pack.objects.filter(pk=pack_id, state__in=AT_WORK).update(
                state=Pack.State.FAILED, error={"template": message.template, "params": dict(message.params)}
            )
            if not isinstance(error, Refusal):
                broken = broken or error
    if broken is not None:
        raise broken
    return ready


def put_together(*, pack_id: int, clock: Callable[[], datetime]) -> bool:
    """Put one pack together: both files are kept and the pack is ready in one transaction, or nothing of it is there."""
    began = clock()
    row = Pack.objects.get(pk=pack_id)
    Pack.objects.filter(pk=pack_id, state__in=AT_WORK).update(
        state=Pack.State.BUILDING, began_at=began, done=0, steps=0
    )

    def told(done: int, steps: int) -> None:
        Pack.objects.filter(pk=pack_id, state=Pack.State.BUILDING).update(done=done, steps=steps)

    pack = evidence_of(row.agency_id, row.year, timezone.localdate(began), told)
    book = write_book(book_of(pack))
    place = Path(settings.MEDIA_ROOT) / "den"
    place.mkdir(parents=True, exist_ok=True)
    # Under a name by which what a killed process leaves is swept up (documents.operations.files.clear_unfinished).
    handle, part = tempfile.mkstemp(dir=place, suffix=".part")
    os.close(handle)
    target = Path(part)
    try:
        write_folder(pack, book, target, began, told)
        return _ready(row, pack, book, target, began, clock)
    finally:
        target.unlink(missing_ok=True)


def _ready(
    row: Pack, pack: Content, book: bytes, target: Path, began: datetime, clock: Callable[[], datetime]
) -> bool:
    """Keep both files and note that the pack is ready; False where somebody else was quicker."""
    name = f"ho-so-kiem-tra-{row.year}-{began:%Y%m%d-%H%M%S}"
    digest = _digest(target)
    with transaction.atomic():
        locked = Pack.objects.select_for_update().get(pk=row.pk)
        if locked.state != Pack.State.BUILDING:
            return False
        locked.book = keep_made(
            agency_id=row.agency_id,
            actor=None,
            data=book,
            name=f"{name}.pdf",
            content_type="application/pdf",
            now=began,
        )
        locked.folder = keep_export(
            actor=None,
            agency_id=row.agency_id,
            source=target,
            name=f"{name}.zip",
            ending=".zip",
            digest=digest,
            now=began,
        )
        locked.state, locked.ready_at = Pack.State.READY, clock()
        locked.remove_on = timezone.localdate(began) + timedelta(days=KEPT_DAYS)
        locked.missing = [list(each) for each in pack.missing]
        locked.error = None
        locked.save()
    return True


def remove_old(*, today: date) -> int:
    """Remove the files of packs whose days are over; return of how many packs."""
    rows = Pack.objects.filter(state=Pack.State.READY, remove_on__lt=today).select_related("book", "folder")
    for row in list(rows):
        with transaction.atomic():
            files = [each for each in (row.book, row.folder) if each is not None]
            row.book = row.folder = None
            row.state = Pack.State.REMOVED
            row.save(update_fields=["book", "folder", "state"])
            for each in files:
                drop_file(file=each)
            record(
                actor=None, agency_id=row.agency_id, verb="pack.removed", subject=row, on=today,
                after={"year": row.year},
            )  # fmt: skip
    return len(rows)


def write_as_operator(*, code: str, year: int, to: Path, now: datetime) -> tuple[Path, int]:
    """Write a pack into a folder at the command line of the installation; return the folder and what is missing.

    Raises Agency.DoesNotExist, PackNotPossible, PackNotWritten where the folder is there already.
    """
    today = timezone.localdate(now)
    agency = Agency.objects.get(code=code)
    require_year(year=year, today=today)
    pack = evidence_of(agency.pk, year, today)
    folder = to / f"ho-so-kiem-tra-{code}-{year}"
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to, prefix=".camket-") as work:
        target = Path(work) / "goi.zip"
        write_folder(pack, write_book(book_of(pack)), target, now)
        unpack(target, folder)
        with transaction.atomic():
            record(
                actor=None, agency_id=agency.pk, verb="pack.written", subject=agency, on=today,
                after={"year": year},
            )  # fmt: skip
    return folder, len(pack.missing)


def path_of_file(*, file: StoredFile) -> Path:
    """Return where the bytes of a pack's file are, so that they are handed out in pieces."""
    return path_of(file.storage_name)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
