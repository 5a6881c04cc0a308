"""Every read of this package: files and evidence, controlled documents and their readers, legal texts."""

from camket.documents.queries.files import (
    EvidenceRow,
    FileDamaged,
    OpenFile,
    evidence_rows,
    is_whole,
    open_file,
    opened,
    path_of,
    read_file,
    without_metadata_of,
)

__all__ = [
    "EvidenceRow",
    "FileDamaged",
    "OpenFile",
    "evidence_rows",
    "is_whole",
    "open_file",
    "opened",
    "path_of",
    "read_file",
    "without_metadata_of",
]
