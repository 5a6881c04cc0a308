"""A backup: one ZIP file with every table as lines of JSON, every stored file, and a manifest that checks them.

``manifest.json`` (written last) names the format's version, the product's, the migrations, and per table the rows
and the SHA-256 of its lines; ``files.jsonl`` names each stored file with size and SHA-256. The archive is written
beside its place and put there when it is whole: there is no half of a backup. It is as secret as the database: it
holds names, password hashes and the secrets of second factors, for people must be able to sign in after a restore.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.conf import settings
from django.db import connection

from camket import __version__
from camket.core.messages import Message, Refusal, gettext_noop
from camket.keeping import tables
from camket.keeping.places import is_place, place_of
from camket.keeping.sealing import Opening, Sealing, WrongKey, is_sealed
from camket.keeping.snapshot import one_moment
from camket.keeping.tables import LEFT_OUT, Table, lines_of

FORMAT = "camket-backup"
VERSION = 1
MANIFEST = "manifest.json"
FILES = "files.jsonl"
PART = ".part"
_COPY = 1024 * 1024
_MAX_MANIFEST = 64 * 1024 * 1024
_MAX_LINE = 64 * 1024 * 1024
_ABANDONED = 24 * 3600


class BackupRefused(Refusal):
    """A backup cannot be written, read or restored; ``message`` says why and what to do."""


class Damaged(BackupRefused):
    """The archive is not what was written: something is missing, cut or changed."""


_SHAPE: Mapping[str, Any] = {
    "product": str,
    "made_at": str,
    "engine": str,
    "migrations": {str: [str]},
    "tables": [
        {
            "name": str,
            "label": str,
            "file": str,
            "columns": [str],
            "rows": int,
            "sha256": str,
            "latest_key": (int, None),
        }
    ],
    "files": {"file": FILES, "count": int, "bytes": int, "sha256": str},
    "missing": [str],
    "journals": [{"code": str, "entries": int, "head": str}],
}
"""What a manifest has: per member its kind; a list has one kind, None is allowed beside another."""

_FILE_SHAPE: Mapping[str, Any] = {"path": str, "size": int, "sha256": str}


def _fits(value: Any, shape: Any) -> bool:
    """Return whether a value read from JSON has a shape; numbers are those that a database gives to rows."""
    match shape:
        case dict() if str in shape:
            return isinstance(value, dict) and all(_fits(each, shape[str]) for each in value.values())
        case dict():
            return isinstance(value, dict) and all(
                _fits(value.get(name), kind) for name, kind in shape.items()
            )
        case list():
            return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
        case tuple():
            return any(_fits(value, kind) for kind in shape)
    if shape is int:
        return type(value) is int and 0 <= value < 2**63
    return isinstance(value, str) if shape is str else bool(value == shape)


@dataclass(frozen=True, slots=True)
class Chain:
    """The end of one agency's journal: its newest entry's number and hash."""

    code: str
    entries: int
    head: str

    def to_json(self) -> dict[str, Any]:
        """Return it for the manifest."""
        return {"code": self.code, "entries": self.entries, "head": self.head}


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds."""

    path: Path
    size: int
    made_at: str
    product: str
    engine: str
    rows: int
    tables: int
    files: int
    file_bytes: int
    is_sealed: bool
    missing: tuple[str, ...]
    chains: tuple[Chain, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it for a command's output."""
        return {
            "file": str(self.path),
            "size": self.size,
            "made_at": self.made_at,
            "product": self.product,
            "engine": self.engine,
            "tables": self.tables,
            "rows": self.rows,
            "files": self.files,
            "file_bytes": self.file_bytes,
            "sealed": self.is_sealed,
            "missing": list(self.missing),
            "journals": [chain.to_json() for chain in self.chains],
        }


@dataclass(slots=True)
class Chains:
    """The ends of the journals, gathered while lines of tables go by."""

    codes: dict[int, str] = field(default_factory=dict)
    ends: dict[int, tuple[int, str]] = field(default_factory=dict)

    def see(self, label: str, text: bytes) -> None:
        """Take one line of a table."""
        if label == "org.agency":
            row = json.loads(text)
            self.codes[row["id"]] = row["code"]
        elif label == "journal.entry":
            row = json.loads(text)
            if row["sequence"] > self.ends.get(row["agency_id"], (0, ""))[0]:
                self.ends[row["agency_id"]] = (row["sequence"], row["hash"])

    def all(self) -> tuple[Chain, ...]:
        """Return the end of every journal, by the agencies' codes."""
        return tuple(
            Chain(self.codes.get(agency, str(agency)), *end)
            for agency, end in sorted(self.ends.items(), key=lambda item: self.codes.get(item[0], ""))
        )


# Writing


def write_backup(*, target: Path, now: datetime, passphrase: str = "") -> Backup:
    """Write a backup of the whole installation to ``target`` while it is in use.

    Raises BackupRefused where the file exists already, cannot be written, or there is nothing to back up. Stored
    files that are gone or changed on disk do not stop it; they are named in the result and in the manifest.
    """
    if target.exists():
        raise BackupRefused(
            Message(
                gettext_noop("%(file)s exists already. Give the backup another name."), {"file": str(target)}
            )
        )
    try:
        _sweep(target)
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.", suffix=PART)
        try:
            with os.fdopen(handle, "wb") as file:
                missing = _write(file, now, passphrase)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                raise FileExistsError(target)
            os.rename(part, target)
        finally:
            Path(part).unlink(missing_ok=True)
        _keep_name(target.parent)
    except FileExistsError:
        raise BackupRefused(
            Message(
                gettext_noop("%(file)s exists already. Give the backup another name."), {"file": str(target)}
            )
        ) from None
    except OSError as error:
        raise BackupRefused(
            Message(
                gettext_noop("The backup %(file)s cannot be written: %(reason)s. Nothing was left behind."),
                {"file": str(target), "reason": error.strerror or str(error)},
            )
        ) from error
    with opened(target, passphrase) as archive:
        return archive.summary(missing)


def _sweep(target: Path) -> None:
    """Remove what a backup of the same name left behind when it was killed a day ago or longer."""
    for part in target.parent.glob(f"{target.name}.*{PART}"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _ABANDONED:
                part.unlink()


def _keep_name(folder: Path) -> None:
    """Have the folder written to disk, so that the new name outlives a power cut; Windows cannot and need not."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write(file: IO[bytes], now: datetime, passphrase: str) -> tuple[str, ...]:
    if not passphrase:
        return _write_archive(file, now)
    sealing = Sealing(file, passphrase)
    missing = _write_archive(cast("IO[bytes]", sealing), now)
    sealing.close()
    return missing


def _write_archive(file: IO[bytes], now: datetime) -> tuple[str, ...]:
    with one_moment(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        migrations = tables.applied_migrations()
        if "org" not in migrations:
            raise BackupRefused(
                Message(gettext_noop("There is nothing to back up: the installation has no database yet."))
            )
        _check_known(migrations)
        all_tables = tables.tables_of(migrations)
        chains = Chains()
        listed = [_write_table(archive, table, chains, now) for table in all_tables]
        latest = tables.latest_keys(all_tables)
        files, missing = _write_files(archive, all_tables, now)
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "product": __version__,
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "engine": connection.vendor,
            "migrations": migrations,
            "tables": [{**each, "latest_key": latest.get(each["name"])} for each in listed],
            "left_out": dict(LEFT_OUT),
            "files": files,
            "missing": list(missing),
            "journals": [chain.to_json() for chain in chains.all()],
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        with archive.open(_entry(MANIFEST, now), "w") as out:
            out.write(text.encode("utf-8"))
    return missing


def _entry(name: str, now: datetime, level: int = 6) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = level  # type: ignore[attr-defined]  # public as compress_level from Python 3.13
    entry.external_attr = 0o600 << 16
    return entry


def _write_table(archive: zipfile.ZipFile, table: Table, chains: Chains, now: datetime) -> dict[str, Any]:
    count, digest, name = 0, hashlib.sha256(), f"tables/{table.name}.jsonl"
    with archive.open(_entry(name, now), "w", force_zip64=True) as raw, io.BufferedWriter(raw, _COPY) as out:
        for text in lines_of(table):
            out.write(text)
            digest.update(text)
            chains.see(table.label, text)
            count += 1
    return {
        "name": table.name,
        "label": table.label,
        "file": name,
        "columns": list(table.columns),
        "rows": count,
        "sha256": digest.hexdigest(),
    }


def _write_files(
    archive: zipfile.ZipFile, all_tables: tuple[Table, ...], now: datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Copy the files that the rows name, each once: a file is written before its row, so it is there."""
    count, total, digest = 0, 0, hashlib.sha256()
    missing: list[str] = []
    seen: set[str] = set()
    with tempfile.TemporaryFile() as listing:
        for table in all_tables:
            if table.label != "documents.storedfile":
                continue
            for text in lines_of(table):
                row = json.loads(text)
                place = place_of(row)
                if place in seen:
                    continue
                seen.add(place)
                copied = _copy_in(archive, place, now)
                if copied is None or copied["sha256"] != row["sha256"]:
                    missing.append(row["name"])
                if copied is not None:
                    entry = tables.line(copied)
                    digest.update(entry)
                    listing.write(entry)
                    count, total = count + 1, total + copied["size"]
        listing.seek(0)
        with archive.open(_entry(FILES, now), "w", force_zip64=True) as out:
            while data := listing.read(_COPY):
                out.write(data)
    return {"file": FILES, "count": count, "bytes": total, "sha256": digest.hexdigest()}, tuple(missing)


def _copy_in(archive: zipfile.ZipFile, place: str, now: datetime) -> dict[str, Any] | None:
    path = Path(settings.MEDIA_ROOT) / place
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return None
    digest, size = hashlib.sha256(), 0
    with source, archive.open(_entry(f"files/{place}", now, 1), "w", force_zip64=True) as out:
        while data := source.read(_COPY):
            out.write(data)
            digest.update(data)
            size += len(data)
    return {"path": place, "size": size, "sha256": digest.hexdigest()}


def _check_known(migrations: Mapping[str, list[str]]) -> None:
    known = tables.known_migrations()
    ours = {app for app, _ in known}
    newer = [
        f"{app}.{name}" for app, names in migrations.items() for name in names
        if app in ours and (app, name) not in known
    ]  # fmt: skip
    if newer:
        raise BackupRefused(
            Message(
                gettext_noop(
                    "The data are of a newer version of Cam Kết than this one (%(version)s). Install that "
                    "version first."
                ),
                {"version": __version__},
            )
        )


# Reading


class Archive:
    """An archive that is open for reading, with its manifest."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, *, sealed: bool) -> None:
        self.path, self._archive, self._sealed = path, archive, sealed
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> dict[str, Any]:
        try:
            entry = self._archive.getinfo(MANIFEST)
        except KeyError:
            raise self._damaged(
                gettext_noop("%(file)s is not a whole backup: it has no manifest. Use another backup.")
            ) from None
        if entry.file_size > _MAX_MANIFEST:
            raise self._damaged(
                gettext_noop("%(file)s is not a whole backup: its manifest is too large. Use another backup.")
            )
        unreadable = self._damaged(
            gettext_noop("%(file)s is not a whole backup: its manifest cannot be read. Use another backup.")
        )
        try:
            manifest = json.loads(self._archive.read(entry))
            is_ours = manifest["format"] == FORMAT
            version = int(manifest["version"])
        except (ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile):
            raise unreadable from None
        if not is_ours:
            raise self._damaged(
                gettext_noop(
                    "%(file)s is not a whole backup: it is not a backup of Cam Kết. Use another backup."
                )
            )
        if version > VERSION:
            raise BackupRefused(
                Message(
                    gettext_noop(
                        "%(file)s was written by a newer version of Cam Kết (%(product)s). Restore it with "
                        "that version or a later one."
                    ),
                    {"file": str(self.path), "product": str(manifest.get("product", "?"))},
                )
            )
        if not _fits(manifest, _SHAPE):
            raise unreadable
        return cast("dict[str, Any]", manifest)

    def _damaged(self, template: str, **params: str) -> Damaged:
        return Damaged(Message(template, {"file": str(self.path), **params}))

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of one entry; raises Damaged for one that is longer than any row."""
        with self._entry(name) as file:
            while text := file.readline(_MAX_LINE):
                if len(text) == _MAX_LINE:
                    raise self._damaged(
                        gettext_noop(
                            "%(file)s is not a whole backup: the file %(part)s was changed. Use another backup."
                        ),
                        part=name,
                    )
                yield text

    def copy(self, place: str) -> IO[bytes]:
        """Open the bytes of one stored file."""
        return self._entry(f"files/{place}")

    def _entry(self, name: str) -> IO[bytes]:
        try:
            return self._archive.open(name)
        except KeyError:
            raise self._damaged(
                gettext_noop("%(file)s is not a whole backup: %(part)s is missing. Use another backup."),
                part=name,
            ) from None

    def files(self) -> Iterator[dict[str, Any]]:
        """Yield the stored files that it holds: path, size and SHA-256."""
        for text in self.lines(FILES):
            yield json.loads(text)

    def check(self) -> None:
        """Read everything and compare it with the manifest; raises Damaged at the first difference."""
        chains, names = Chains(), {MANIFEST, FILES}
        for table in self.manifest["tables"]:
            if table["file"] in names:
                raise self._damaged(
                    gettext_noop(
                        "%(file)s is not a whole backup: the table %(table)s was changed. Use another backup."
                    ),
                    table=table["name"],
                )
            names.add(table["file"])
            self._check_table(table, chains)
        if [chain.to_json() for chain in chains.all()] != self.manifest["journals"]:
            raise self._damaged(
                gettext_noop(
                    "%(file)s is not a whole backup: the journals end otherwise than its manifest says. Use "
                    "another backup."
                )
            )
        listed = self.manifest["files"]
        count, digest = 0, hashlib.sha256()
        for text in self.lines(FILES):
            digest.update(text)
            count += 1
            file = self._listed(text)
            names.add(f"files/{file['path']}")
            self._check_file(file)
        if (count, digest.hexdigest()) != (listed["count"], listed["sha256"]):
            raise self._damaged(
                gettext_noop(
                    "%(file)s is not a whole backup: its list of files was changed. Use another backup."
                )
            )
        found = self._archive.namelist()
        if len(found) != len(set(found)) or set(found) != names:
            raise self._damaged(
                gettext_noop(
                    "%(file)s is not a whole backup: it holds more or less than its manifest names. Use "
                    "another backup."
                )
            )

    def _listed(self, text: bytes) -> dict[str, Any]:
        """Return a line of the list of files."""
        try:
            file = json.loads(text)
        except (ValueError, RecursionError):
            file = None
        if not _fits(file, _FILE_SHAPE):
            raise self._damaged(
                gettext_noop(
                    "%(file)s is not a whole backup: its list of files was changed. Use another backup."
                )
            )
        return cast("dict[str, Any]", file)

    def _check_table(self, table: Mapping[str, Any], chains: Chains) -> None:
        count, digest, columns = 0, hashlib.sha256(), set(table["columns"])
        for text in self.lines(table["file"]):
            digest.update(text)
            count += 1
            try:
                is_whole = json.loads(text).keys() == columns
                if is_whole:
                    chains.see(table["label"], text)
            except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
                is_whole = False
            if not is_whole:
                raise self._damaged(
                    gettext_noop(
                        "%(file)s is not a whole backup: row %(row)s of the table %(table)s cannot be read. "
                        "Use another backup."
                    ),
                    row=str(count),
                    table=table["name"],
                )
        if (count, digest.hexdigest()) != (table["rows"], table["sha256"]):
            raise self._damaged(
                gettext_noop(
                    "%(file)s is not a whole backup: the table %(table)s was changed. Use another backup."
                ),
                table=table["name"],
            )

    def _check_file(self, file: Mapping[str, Any]) -> None:
        if not is_place(file["path"]):
            raise self._damaged(
                gettext_noop(
                    "%(file)s is not a whole backup: the file %(part)s has no safe name. Use another backup."
                ),
                part=str(file["path"]),
            )
        digest, size = hashlib.sha256(), 0
        with self.copy(file["path"]) as source:
            while data := source.read(_COPY):
                digest.update(data)
                size += len(data)
        if (size, digest.hexdigest()) != (file["size"], file["sha256"]):
            raise self._damaged(
                gettext_noop(
                    "%(file)s is not a whole backup: the file %(part)s was changed. Use another backup."
                ),
                part=file["path"],
            )

    def summary(self, missing: tuple[str, ...] | None = None) -> Backup:
        """Return what the archive holds."""
        manifest = self.manifest
        return Backup(
            path=self.path,
            size=self.path.stat().st_size,
            made_at=manifest["made_at"],
            product=manifest["product"],
            engine=manifest["engine"],
            rows=sum(table["rows"] for table in manifest["tables"]),
            tables=len(manifest["tables"]),
            files=manifest["files"]["count"],
            file_bytes=manifest["files"]["bytes"],
            is_sealed=self._sealed,
            missing=tuple(manifest["missing"]) if missing is None else missing,
            chains=tuple(Chain(**chain) for chain in manifest["journals"]),
        )


@contextlib.contextmanager
def opened(path: Path, passphrase: str = "") -> Iterator[Archive]:
    """Open a backup for reading.

    Raises BackupRefused where it cannot be opened, is sealed and the passphrase is missing, or is of a newer format;
    Damaged where it is no whole archive.
    """
    broken = Damaged(
        Message(
            gettext_noop("%(file)s is not a whole backup: it is cut off or was changed. Use another backup."),
            {"file": str(path)},
        )
    )
    try:
        with path.open("rb") as file:
            sealed = is_sealed(file)
            with zipfile.ZipFile(_content(path, file, passphrase) if sealed else file) as archive:
                yield Archive(path, archive, sealed=sealed)
    except WrongKey:
        raise Damaged(
            Message(
                gettext_noop(
                    "%(file)s does not open: the passphrase in CAMKET_BACKUP_KEY is not the one it was "
                    "sealed with, or the file was changed."
                ),
                {"file": str(path)},
            )
        ) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise broken from error
    except (zipfile.LargeZipFile, OSError) as error:
        raise BackupRefused(
            Message(
                gettext_noop("%(file)s cannot be opened: %(reason)s. Check the path and try again."),
                {"file": str(path), "reason": getattr(error, "strerror", None) or str(error)},
            )
        ) from error


def _content(path: Path, file: BinaryIO, passphrase: str) -> BinaryIO:
    if not passphrase:
        raise BackupRefused(
            Message(
                gettext_noop("%(file)s is sealed. Give its passphrase in CAMKET_BACKUP_KEY."),
                {"file": str(path)},
            )
        )
    return cast("BinaryIO", io.BufferedReader(Opening(file, passphrase), _COPY))


def verify_backup(*, path: Path, passphrase: str = "") -> Backup:
    """Read a whole backup, every row and file, compare it with its checksums and return what it holds.

    Touches no database. Raises Damaged where anything differs, BackupRefused where it cannot be opened.
    """
    with opened(path, passphrase) as archive:
        archive.check()
        return archive.summary()
