"""Reading files and evidence; another agency's are never found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from camket.documents.models import Evidence, StoredFile
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A kept file as it is handed out: the name to save it by, and where its bytes are."""

    name: str
    content_type: str
    size: int
    path: Path


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


def path_of(sha256: str) -> Path:
    """Return where the bytes with this SHA-256 are kept."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def open_file(actor: Actor, file_id: int) -> OpenFile:
    """Return a file of the actor's agency; raises StoredFile.DoesNotExist for any other."""
    require(actor, "task.view")
    file = StoredFile.objects.get(pk=file_id, agency_id=actor.agency_id)
    return OpenFile(file.name, file.content_type, file.size, path_of(file.sha256))


def read_file(actor: Actor, file_id: int) -> bytes:
    """Return the bytes of a file of the actor's agency; raises StoredFile.DoesNotExist for any other."""
    return open_file(actor, file_id).path.read_bytes()


def evidence_rows(evidence: Iterable[Evidence]) -> tuple[EvidenceRow, ...]:
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
            added_by_name=each.added_by.full_name,
            is_withdrawn=each.is_withdrawn,
        )
        for each in sorted(evidence, key=lambda each: (each.added_at, each.pk))
    )
