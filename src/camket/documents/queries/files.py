"""Reading files and evidence; another agency's are never found."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from camket.core.messages import Message, Refusal, gettext_noop
from camket.documents.apart import is_apart, may_open
from camket.documents.models import Evidence, StoredFile
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.paper.photos import PICTURES, NotAPicture, without_metadata

log = logging.getLogger(__name__)


class FileDamaged(Refusal):
    """A file's bytes are gone or are no longer what was kept; ``message`` says what to do."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A kept file as it is handed out: the name to save it by, and its bytes."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence as pages and reports list it."""

    id: int
    kind: str
    title: str
    file_id: int | None
    file_name: str
    size: int | None
    url: str
    document_number: str
    document_date: date | None
    added_at: datetime
    added_by_id: int
    added_by_name: str
    is_withdrawn: bool
    is_photo: bool = False


def path_of(storage_name: str) -> Path:
    """Return where the bytes of this storage name are kept."""
    return Path(settings.MEDIA_ROOT) / storage_name[:2] / storage_name


def is_whole(file: StoredFile) -> bool:
    """Return whether a file's bytes are there and are those that were kept."""
    return _whole_bytes(file) is not None


def open_file(actor: Actor, file_id: int, *, is_original: bool = False) -> OpenFile:
    """Return a file of the actor's agency with its bytes.

    Of a photo a copy without place, time and device, for what is taken out of here goes on to others; ``is_original``
    asks for the very bytes that were kept as proof. A photo that cannot be read is given as it is.

    Raises StoredFile.DoesNotExist for any other agency's, for what is kept apart or hangs on records that the actor may
    not see (:mod:`camket.documents.apart`),
    FileDamaged where the bytes are not those that were kept.
    """
    require(actor, "task.view")
    file = StoredFile.objects.get(pk=file_id, agency_id=actor.agency_id)
    if is_apart(file.pk) or not may_open(actor, file.pk):
        raise StoredFile.DoesNotExist(file_id)
    found = opened(file)
    return found if is_original else without_metadata_of(found)


def without_metadata_of(found: OpenFile) -> OpenFile:
    """Return a photo without what the camera noted beside the picture; any other file, and a damaged photo, as it is."""
    if found.content_type not in PICTURES:
        return found
    try:
        return replace(found, data=without_metadata(found.data, found.content_type))
    except NotAPicture:
        return found


def opened(file: StoredFile) -> OpenFile:
    """Return a file with its bytes, for who has found it by right already; raises FileDamaged."""
    data = _whole_bytes(file)
    if data is None:
        log.error(
            "stored file %s (%s) of agency %s is gone or damaged", file.pk, file.storage_name, file.agency_id
        )
        raise FileDamaged(
            Message(
                gettext_noop(
                    "The file “%(name)s” is damaged or lost on the server, so it is not handed out. "
                    "The record that it belongs to is unharmed. Please ask the administrator to bring it back from a "
                    "backup, or attach the file once more."
                ),
                {"name": file.name},
            )
        )
    return OpenFile(file.name, file.content_type, data)


def read_file(actor: Actor, file_id: int) -> bytes:
    """Return the bytes of a file of the actor's agency; raises as :func:`open_file` does."""
    return open_file(actor, file_id, is_original=True).data


def _whole_bytes(file: StoredFile) -> bytes | None:
    return kept_bytes(file.storage_name, file.sha256)


def kept_bytes(storage_name: str, sha256: str) -> bytes | None:
    """Return the bytes kept under a storage name, None where they are gone or are not those of this SHA-256."""
    try:
        data = path_of(storage_name).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def evidence_rows(actor: Actor, evidence: Iterable[Evidence]) -> tuple[EvidenceRow, ...]:
    """Return rows of evidence already loaded, oldest first; load with ``select_related("file", "added_by")``."""
    return tuple(
        EvidenceRow(
            id=each.pk,
            kind=each.kind,
            title=each.title,
            file_id=each.file_id,
            file_name=each.file.name if each.file else "",
            size=each.file.size if each.file else None,
            url=each.url,
            document_number=each.document_number,
            document_date=each.document_date,
            added_at=each.added_at,
            added_by_id=each.added_by_id,
            added_by_name=shown_name(actor, each.added_by.full_name),
            is_withdrawn=each.is_withdrawn,
            is_photo=each.file is not None and each.file.content_type in PICTURES,
        )
        for each in sorted(evidence, key=lambda each: (each.added_at, each.pk))
    )
