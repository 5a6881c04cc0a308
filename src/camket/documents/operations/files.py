"""Keeping files and evidence."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line, search_key
from camket.documents import content
from camket.documents.models import Evidence, StoredFile
from camket.documents.queries.files import is_whole, path_of
from camket.journal.operations import record
from camket.org.policy import Actor, NotAllowed, can, require
from camket.paper.templating import write_docx, write_pdf
from camket.paper.writing.model import Document

UNFINISHED = timedelta(minutes=10)
UNNAMED = timedelta(days=1)
"""A file that no record names is removed when it has lain so long."""
_AT_ONCE = 500
MAX_FILE_BYTES = 20 * 1024 * 1024


class Refused(Refusal):
    """A file or a piece of evidence is not taken; ``message`` says why and what to do."""


class FileRefused(Refused):
    """The file is empty, too large, or of a kind that is not kept."""


class EvidenceRefused(Refused):
    """The evidence lacks its proof, or its link is none."""


class ReasonMissing(Refused):
    """The act needs a reason and none was given."""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """Evidence as a person gives it: a file's bytes, a link, or the number and date of an official document."""

    kind: str
    title: str = ""
    data: bytes | None = None
    name: str = ""
    content_type: str = ""
    url: str = ""
    document_number: str = ""
    document_date: date | None = None


def store_file(*, actor: Actor, data: bytes, name: str, content_type: str, now: datetime) -> StoredFile:
    """Keep a file's bytes under a random name and return its row; the same bytes and name give the same row.

    ``content_type`` is what the sender claims; what is kept is what the bytes are. An agency's bytes are kept once,
    whatever they are called; bytes that are there but damaged are put right. Raises FileRefused where the file is
    empty, above 20 MB, of no kind that is kept, or hostile.
    """
    require(actor, "task.report")
    kind = _checked(data, name, content_type)
    return _kept(actor.agency_id, actor, kind, data, name, now)


def store_sent_file(
    *,
    agency_id: int,
    actor: Actor | None,
    data: bytes,
    name: str,
    content_type: str,
    kinds: frozenset[str],
    now: datetime,
) -> StoredFile:
    """Keep a file that came with something sent from outside, and return its row; ``actor`` is None for the public page.

    Whoever calls this has judged who may send it. Of the kinds of file that are kept only ``kinds`` are, by their content
    type. Raises FileRefused as :func:`store_file` does.
    """
    kind = _checked(data, name, content_type)
    if kind.content_type not in kinds:
        raise FileRefused(Message(gettext_noop("Only pictures (JPG, PNG, WEBP, HEIC) and PDF can be sent.")))
    return _kept(agency_id, actor, kind, data, name, now)


def store_document(*, actor: Actor, data: bytes, name: str, content_type: str, now: datetime) -> StoredFile:
    """Keep the file of a controlled document: Word, OpenDocument, PDF, Excel. Raises FileRefused as :func:`store_file`.

    Whoever calls this has judged who may write the document.
    """
    kind = _checked(data, name, content_type)
    if kind.endings[0] not in DOCUMENT_ENDINGS:
        raise FileRefused(
            Message(
                gettext_noop("A document is a file of one of these kinds: %(kinds)s."),
                {"kinds": ", ".join(DOCUMENT_ENDINGS)},
            )
        )
    return _kept(actor.agency_id, actor, kind, data, name, now)


DOCUMENT_ENDINGS = (".docx", ".pdf", ".odt", ".doc", ".xlsx", ".ods", ".xls", ".pptx")
"""Endings of files that a controlled document may be."""


def keep_made(
    *, agency_id: int, actor: Actor | None, data: bytes, name: str, content_type: str, now: datetime
) -> StoredFile:
    """Keep a file that the product itself made, as what it is, and return its row; for operations."""
    kind = content.FileKind(content_type, (content.ending_of(name),))
    return _kept(agency_id, actor, kind, data, name, now)


def keep_paper(
    *, agency_id: int, actor: Actor | None, document: Document, name: str, now: datetime
) -> tuple[StoredFile, StoredFile]:
    """Keep a paper that is set out as DOCX and PDF, never changed afterwards; ``name`` may have any letters."""
    plain = "-".join(search_key(name).replace("/", " ").split())
    docx, pdf = (
        keep_made(
            agency_id=agency_id, actor=actor, data=data, name=f"{plain}.{ending}", content_type=kind, now=now
        )
        for data, ending, kind in (
            (write_docx(document), "docx", content.WORD),
            (write_pdf(document), "pdf", content.PDF),
        )
    )
    return docx, pdf


def _kept(
    agency_id: int, actor: Actor | None, kind: content.FileKind, data: bytes, name: str, now: datetime
) -> StoredFile:
    name = content.safe_name(name, kind)
    digest = hashlib.sha256(data).hexdigest()
    known = StoredFile.objects.filter(agency_id=agency_id, sha256=digest).order_by("pk").first()
    if known is not None:
        storage_name = known.storage_name
        if not is_whole(known):
            _write(path_of(storage_name), data)
    else:
        storage_name = secrets.token_hex(16)
        _write(path_of(storage_name), data)
    with transaction.atomic():
        file, is_new = StoredFile.objects.get_or_create(
            agency_id=agency_id,
            sha256=digest,
            name=name,
            defaults={
                "content_type": kind.content_type,
                "size": len(data),
                "storage_name": storage_name,
                "stored_at": now,
                "stored_by_id": actor.person_id if actor else None,
            },
        )
        if is_new:
            _record_stored(actor, file, now)
    if known is None and file.storage_name != storage_name:  # somebody sent the same at the same moment
        path_of(storage_name).unlink(missing_ok=True)
    return file


def keep_export(
    *,
    actor: Actor | None,
    agency_id: int,
    source: Path,
    name: str,
    ending: str,
    digest: str,
    now: datetime,
) -> StoredFile:
    """Keep a table that another system exported, of any size, and return its row: the same table is kept once.

    ``source`` is a finished file of the folder of files (:func:`receive_bytes`), which is moved to its place; whoever
    calls this has judged its content and who may bring it. ``actor`` is None for the installation itself.
    """
    kind = content.FileKind(_EXPORTS.get(ending, "application/octet-stream"), (ending,))
    name = content.safe_name(name, kind)
    known = StoredFile.objects.filter(agency_id=agency_id, sha256=digest, name=name).first()
    if known is not None and path_of(known.storage_name).exists():
        source.unlink()
        return known
    storage_name = known.storage_name if known else secrets.token_hex(16)
    place = path_of(storage_name)
    place.parent.mkdir(parents=True, exist_ok=True)
    size = source.stat().st_size
    os.replace(source, place)
    if known is not None:
        return known
    file = StoredFile.objects.create(
        agency_id=agency_id,
        sha256=digest,
        name=name,
        content_type=kind.content_type,
        size=size,
        storage_name=storage_name,
        stored_at=now,
        stored_by_id=actor.person_id if actor else None,
    )
    _record_stored(actor, file, now)
    return file


def _record_stored(actor: Actor | None, file: StoredFile, now: datetime) -> None:
    record(
        actor=actor,
        agency_id=file.agency_id,
        verb="file.stored",
        subject=file,
        on=timezone.localdate(now),
        after={
            "name": file.name,
            "sha256": file.sha256,
            "size": file.size,
            "content_type": file.content_type,
        },
    )


def receive_bytes(*, pieces: Iterable[bytes]) -> tuple[Path, str]:
    """Write what comes in pieces into the folder of files; return where it is, under a passing name, and its SHA-256.

    Whoever calls this moves the file to its place or removes it; :func:`clear_unfinished` sweeps up what was left.
    """
    folder = Path(settings.MEDIA_ROOT) / "den"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return Path(part), digest.hexdigest()


def drop_file(*, file: StoredFile) -> None:
    """Remove a kept file, its row and its bytes, once nothing needs it; whoever calls this records why.

    Bytes that another row names stay.
    """
    with transaction.atomic():
        file.delete()
        if not StoredFile.objects.filter(storage_name=file.storage_name).exists():
            transaction.on_commit(lambda: path_of(file.storage_name).unlink(missing_ok=True))


_EXPORTS = {
    ".xlsx": content.SHEET,
    ".xls": "application/vnd.ms-excel",
    ".ods": content.OPEN_SHEET,
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
}


def add_evidence(*, actor: Actor, evidence: NewEvidence, now: datetime, is_recorded: bool = True) -> Evidence:
    """Keep a piece of evidence (minh chứng) and return it.

    Without ``is_recorded`` the caller puts :func:`said_of` it into the journal, where not everybody may read it.

    Raises EvidenceRefused where its proof is missing or its link is no web address, FileRefused as
    :func:`store_file` does.
    """
    require(actor, "task.report")
    title = one_line(evidence.title)
    if evidence.kind == Evidence.Kind.FILE:
        if evidence.data is None:
            raise EvidenceRefused(Message(gettext_noop("Choose a file.")))
        fields: dict[str, object] = {}
        fallback = ""
    elif evidence.kind == Evidence.Kind.LINK:
        url = _web_address(evidence.url)
        fields, fallback = {"url": url}, url
    elif evidence.kind == Evidence.Kind.DOCUMENT:
        number = one_line(evidence.document_number)
        if not number:
            raise EvidenceRefused(Message(gettext_noop("Enter the number and symbol of the document.")))
        if len(number) > 100:
            raise EvidenceRefused(
                Message(gettext_noop("The document's number and symbol are longer than 100 characters."))
            )
        fields, fallback = {"document_number": number, "document_date": evidence.document_date}, number
    else:
        raise EvidenceRefused(Message(gettext_noop("Evidence is a file, a link or an official document.")))
    with transaction.atomic():
        if evidence.data is not None and evidence.kind == Evidence.Kind.FILE:
            file = store_file(
                actor=actor,
                data=evidence.data,
                name=evidence.name,
                content_type=evidence.content_type,
                now=now,
            )
            fields, fallback = {"file": file}, file.name
        kept = Evidence.objects.create(
            agency_id=actor.agency_id,
            kind=evidence.kind,
            title=(title or fallback)[:500],
            added_at=now,
            added_by_id=actor.person_id,
            **fields,
        )
        if is_recorded:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="evidence.added",
                subject=kept,
                on=timezone.localdate(now),
                after=said_of(evidence=kept),
            )
    return kept


def said_of(*, evidence: Evidence) -> dict[str, object]:
    """Return what the journal says of evidence that was kept."""
    day = evidence.document_date
    return {
        "kind": evidence.kind,
        "title": evidence.title,
        "file": evidence.file_id,
        "url": evidence.url,
        "document_number": evidence.document_number,
        "document_date": day.isoformat() if day else None,
    }


def withdraw_evidence(
    *, actor: Actor, evidence_id: int, reason: str, now: datetime, is_recorded: bool = True
) -> Evidence:
    """Withdraw evidence; it stays listed, struck through, and no longer proves anything.

    Without ``is_recorded`` the caller puts it into the journal, where not everybody may read its title.

    Only who added it or one who manages tasks may. Raises ReasonMissing, NotAllowed, and does nothing
    to evidence that is withdrawn already.
    """
    with transaction.atomic():
        evidence = Evidence.objects.select_for_update().get(pk=evidence_id, agency_id=actor.agency_id)
        if evidence.added_by_id != actor.person_id and not can(actor, "task.manage"):
            raise NotAllowed("task.manage")
        require(actor, "task.report")
        reason = one_line(reason)
        if not reason:
            raise ReasonMissing(Message(gettext_noop("Say why the evidence is withdrawn.")))
        if evidence.is_withdrawn:
            return evidence
        evidence.is_withdrawn = True
        evidence.save(update_fields=["is_withdrawn"])
        if is_recorded:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="evidence.withdrawn",
                subject=evidence,
                on=timezone.localdate(now),
                before={"is_withdrawn": False},
                after={"is_withdrawn": True},
                reason=reason,
            )
    return evidence


def _checked(data: bytes, name: str, content_type: str) -> content.FileKind:
    if not data:
        raise FileRefused(Message(gettext_noop("The file is empty.")))
    if len(data) > MAX_FILE_BYTES:
        raise FileRefused(
            Message(
                gettext_noop("The file is larger than %(limit)s MB. Reduce it or give a link instead."),
                {"limit": str(MAX_FILE_BYTES // 1024 // 1024)},
            )
        )
    try:
        kind = content.kind_of(data, name)
    except content.NotKept as refusal:
        raise FileRefused(_WHY[refusal.code]) from None
    if content_type.split(";")[0].strip() in {"text/html", "image/svg+xml"}:
        raise FileRefused(_WHY["kind"])
    return kind


_WHY = {
    "kind": Message(
        gettext_noop("This kind of file is not kept, or the file is damaged. Kept are: %(kinds)s."),
        {"kinds": ", ".join(content.ALLOWED_ENDINGS)},
    ),
    "macros": Message(
        gettext_noop(
            "The file holds macros or a script, so it is not kept. "
            "Save it without macros (.docx, .xlsx), or print it to PDF, and choose the new file."
        )
    ),
    "foreign": Message(
        gettext_noop(
            "The file hides another file in itself, so it is not kept. "
            "Save it once more with the program that it belongs to, and choose the new file."
        )
    ),
    "pixels": Message(
        gettext_noop(
            "The picture claims to be larger than any camera takes, so it is not kept. "
            "Save it once more in a smaller size, and choose the new file."
        )
    ),
    "bomb": Message(
        gettext_noop(
            "The file unpacks to far more than an honest document does, so it is not kept. "
            "Save it once more, or print it to PDF, and choose the new file."
        )
    ),
    "encrypted": Message(
        gettext_noop("The file is locked by a password. Remove the password and choose it again.")
    ),
}


def clear_unfinished(*, now: datetime) -> int:
    """Remove files that a process was killed over while it wrote them, and return how many there were.

    They bear a name of their own until they are whole, so no record names them. Those of the last ten minutes
    stay: somebody may be writing them. A whole file whose record was not committed is :func:`clear_unnamed`'s.
    """
    before = (now - UNFINISHED).timestamp()
    gone = 0
    for part in Path(settings.MEDIA_ROOT).glob("*/*.part"):
        with contextlib.suppress(OSError):
            if part.stat().st_mtime < before:
                part.unlink()
                gone += 1
    return gone


def clear_unnamed(*, now: datetime) -> int:
    """Remove whole files that no record names, and return how many there were.

    A process that is killed between writing a file and committing its record leaves one. Those that were written, moved
    or restored within the last day stay: the record of one may yet be committed. What does not lie where this product
    puts files is never touched.
    """
    before = (now - UNNAMED).timestamp()
    old = [
        path
        for path in Path(settings.MEDIA_ROOT).glob("*/*")
        if _is_kept_file(path) and _is_old(path, before)
    ]
    gone = 0
    for start in range(0, len(old), _AT_ONCE):
        some = {path.name: path for path in old[start : start + _AT_ONCE]}
        named = StoredFile.objects.filter(storage_name__in=some).values_list("storage_name", flat=True)
        for name in some.keys() - set(named):
            with contextlib.suppress(OSError):
                some[name].unlink()
                gone += 1
    return gone


def _is_kept_file(path: Path) -> bool:
    return (
        re.fullmatch(r"[0-9a-f]{32}|[0-9a-f]{64}", path.name) is not None
        and path.parent.name == path.name[:2]
    )


def _is_old(path: Path, before: float) -> bool:
    """Tell whether a file has lain in its place since before: a copy that is put back keeps the day of its content."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and max(found.st_mtime, found.st_ctime) < before


def _write(path: Path, data: bytes) -> None:
    """Write the bytes whole or not at all: under another name first, then put in place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _web_address(url: str) -> str:
    url = url.strip()
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # brackets that hold no address
        is_address = False
    if not is_address or any(char.isspace() for char in url):
        raise EvidenceRefused(Message(gettext_noop("A link begins with https:// or http://.")))
    if len(url) > 1000:
        raise EvidenceRefused(Message(gettext_noop("The link is longer than 1,000 characters.")))
    return url
