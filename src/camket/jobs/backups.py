"""The folder of regular backups: a new one each time, checked, and the oldest let go."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from camket.core.messages import Message, gettext_noop
from camket.core.rotation import Keep, kept
from camket.keeping.backup import Backup, BackupRefused, verify_backup, write_backup

_NAME = re.compile(r"camket-(\d{8}-\d{6})\.zip")
_MOMENT = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Made:
    """A new backup, and how many the folder has now."""

    backup: Backup
    kept: int


def make(*, folder: Path, keep: Keep, passphrase: str, now: datetime) -> Made:
    """Write a backup into the folder, read it back, and remove those that the rotation lets go.

    Nothing is removed before the new one is found whole. Raises BackupRefused, Damaged.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupRefused(
            Message(
                gettext_noop("The folder of backups %(folder)s cannot be made: %(reason)s."),
                {"folder": str(folder), "reason": error.strerror or str(error)},
            )
        ) from error
    target = folder / f"camket-{now.strftime(_MOMENT)}.zip"
    write = write_backup(target=target, now=now, passphrase=passphrase)
    try:
        checked = verify_backup(path=target, passphrase=passphrase)
    except BackupRefused:
        with contextlib.suppress(OSError):
            target.rename(target.with_name(f"{target.name}.damaged"))
        raise
    present = found(folder)
    keeping = kept([*present, now.replace(microsecond=0, tzinfo=None)], keep)
    for moment, path in present.items():
        if moment not in keeping and path != target:
            with contextlib.suppress(OSError):  # one that another program holds open goes the next time
                path.unlink()
    return Made(checked if not write.missing else write, len(found(folder)))


def found(folder: Path) -> dict[datetime, Path]:
    """Return the regular backups of a folder by the local time that their names say."""
    matches = ((path, _NAME.fullmatch(path.name)) for path in sorted(folder.glob("camket-*.zip")))
    return {
        datetime.strptime(match[1], _MOMENT): path  # noqa: DTZ007 names say the local time
        for path, match in matches
        if match
    }
