"""The watched folder: exports that one-stop software puts there at night are brought in by themselves.

``<folder>/<code of the agency>/<export>``. A file that has rested for a minute is imported by the agency's saved way of
reading whose headings it has, and moved to ``da-nhap``; what cannot be taken goes to ``bi-tu-choi`` with a note beside it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.documents.content import ending_of
from camket.dossiers.importing import operations
from camket.dossiers.importing.operations import Installation
from camket.dossiers.models import Batch
from camket.org.models import Agency

log = logging.getLogger("camket.dossiers")

TAKEN = "da-nhap"
REFUSED = "bi-tu-choi"
ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")

RESTED = timedelta(seconds=60)
"""How long a file has to lie unchanged: until then somebody may still be writing it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file of the folder; ``why`` where it was refused."""

    agency: str
    name: str
    why: Message | None = None


def take(*, folder: Path, clock: Callable[[], datetime], say: Callable[[Message], str]) -> tuple[Taken, ...]:
    """Import what lies in the folder, the oldest of each agency first; ``say`` words the note beside what is refused."""
    found: list[Taken] = []
    for agency in Agency.objects.order_by("code"):
        own = folder / agency.code
        if own.parent != folder or not _is(own, stat.S_ISDIR):
            continue
        try:
            found += _of_agency(agency, own, clock, say)
        except OSError as error:
            # Other agencies' folders are as they should be.
            log.warning("watched folder of %s: %s", agency.code, error)
    return tuple(found)


def _of_agency(
    agency: Agency, own: Path, clock: Callable[[], datetime], say: Callable[[Message], str]
) -> Iterator[Taken]:
    """Import what lies in an agency's folder; raises OSError where files cannot be put aside there."""
    for path in _resting(own, clock()):
        # Before anything is imported: what could not be moved would come in anew every time.
        for name in (TAKEN, REFUSED):
            _require_folder(own / name)
        before = _version(path)
        try:
            why = _bring_in(agency, path, clock)
        except PermissionError as error:
            log.warning("watched folder of %s: %s", agency.code, error)
            why = Message(
                gettext_noop("The file cannot be read. Check who may open it, and put it here anew.")
            )
        if _version(path) != before:
            continue  # somebody went on writing it: it is taken when it has rested once more
        target = _moved(path, own / (REFUSED if why else TAKEN), clock())
        if why is not None:
            note = target.with_name(f"{target.name}.ly-do.txt")
            note.write_text(say(why) + "\n", encoding="utf-8")
        yield Taken(agency.code, path.name, why)


def _require_folder(folder: Path) -> None:
    """Raise OSError where files cannot be put into a folder, there already or not; a link to elsewhere is none."""
    there = folder if os.path.lexists(folder) else folder.parent
    if not _is(there, stat.S_ISDIR) or not os.access(there, os.W_OK | os.X_OK):
        raise NotADirectoryError(str(there))


def _version(path: Path) -> tuple[int, ...]:
    with contextlib.suppress(OSError):
        told = path.lstat()
        return told.st_ino, told.st_size, told.st_mtime_ns
    return ()


def _resting(folder: Path, now: datetime) -> Iterator[Path]:
    """Yield the plain files of a folder that nobody has touched for a while, the oldest first."""
    files = []
    with os.scandir(folder) as entries:
        for entry in entries:
            told = entry.stat(follow_symlinks=False)
            is_ours = stat.S_ISREG(told.st_mode) or stat.S_ISLNK(told.st_mode)
            if is_ours and not entry.name.startswith((".", "~$")):
                files.append((told.st_mtime, entry.name))
    until = (now - RESTED).timestamp()
    yield from (folder / name for at, name in sorted(files) if at <= until)


def _bring_in(agency: Agency, path: Path, clock: Callable[[], datetime]) -> Message | None:
    """Import one file; return why it cannot be."""
    if (why := _odd(path)) is not None:
        return why
    who, now = Installation(agency.pk), clock()
    batch: Batch | None = None
    shown = datetime.fromtimestamp(path.stat().st_mtime, timezone.get_current_timezone())
    try:
        batch = operations.receive_file(
            actor=who,
            name=path.name,
            path=path,
            origin=Batch.Origin.FOLDER,
            as_of=min(timezone.localdate(shown), timezone.localdate(now)),
            now=now,
        )
        if batch.software is None:
            operations.discard_batch(actor=who, batch_id=batch.pk, now=now)
            return Message(
                gettext_noop(
                    "No saved way of reading fits the headings of this file. Import such a file once on the page"
                    " and save how its columns are read; files after it are taken by themselves."
                )
            )
        operations.set_mapping(
            actor=who,
            batch_id=batch.pk,
            mapping=batch.reading["mapping"],
            words=batch.reading["words"],
            is_checked=False,
            now=now,
            clock=clock,
        )
        batch = operations.start_import(actor=who, batch_id=batch.pk, now=now, clock=clock)
    except Refusal as refusal:
        if batch is not None:
            operations.discard_batch(actor=who, batch_id=batch.pk, now=now)
        return refusal.message
    if batch.state == Batch.State.FAILED:
        return Message(batch.error["message"], batch.error["params"])
    return None


def _odd(path: Path) -> Message | None:
    """Return why a file is not even opened: it only points elsewhere, or its name is none of an export."""
    if not _is(path, stat.S_ISREG):
        return Message(gettext_noop("This is a link and not a file. Put the file itself here."))
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in path.name) or len(path.name) > 200:
        return Message(gettext_noop("The file's name is too long or has signs that no name has. Rename it."))
    if ending_of(path.name) not in ENDINGS:
        return Message(
            gettext_noop("Files of this kind are not imported. Taken are: %(kinds)s."),
            {"kinds": ", ".join(ENDINGS)},
        )
    return None


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    with contextlib.suppress(OSError):
        return kind(path.lstat().st_mode)
    return False


def _moved(path: Path, folder: Path, now: datetime) -> Path:
    """Move a file under a name that nothing there has, and return where it is."""
    folder.mkdir(exist_ok=True)
    name = "".join("_" if unicodedata.category(char) in {"Cc", "Cf", "Cs"} else char for char in path.name)[
        :150
    ]
    target = folder / name
    if target.exists() or target.is_symlink():
        target = folder / f"{now:%Y%m%d-%H%M%S}-{name}"
    os.replace(path, target)
    return target
