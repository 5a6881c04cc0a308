"""Keeping a decision's file as it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camket.documents import operations as documents
from camket.documents.models import StoredFile
from camket.objectives.rows import Refused, moment_of
from camket.org.policy import Actor


class FileRefused(Refused):
    """The file cannot be kept: empty, too large, or of no kind that is taken."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    data: bytes
    name: str
    content_type: str = ""


def stored_file(actor: Actor, upload: Upload, today: date) -> StoredFile:
    """Keep a file and return it, or raise FileRefused."""
    try:
        return documents.store_file(
            actor=actor,
            data=upload.data,
            name=upload.name,
            content_type=upload.content_type,
            now=moment_of(today),
        )
    except documents.FileRefused as refused:
        raise FileRefused(refused.message) from refused
