"""Every write of this package: files and evidence, controlled documents and their readers, legal texts."""

from camket.documents.operations.files import (
    MAX_FILE_BYTES,
    UNFINISHED,
    EvidenceRefused,
    FileRefused,
    NewEvidence,
    ReasonMissing,
    Refused,
    add_evidence,
    clear_unfinished,
    drop_file,
    keep_export,
    receive_bytes,
    said_of,
    store_file,
    store_sent_file,
    withdraw_evidence,
)

__all__ = [
    "MAX_FILE_BYTES",
    "UNFINISHED",
    "EvidenceRefused",
    "FileRefused",
    "NewEvidence",
    "ReasonMissing",
    "Refused",
    "add_evidence",
    "clear_unfinished",
    "drop_file",
    "keep_export",
    "receive_bytes",
    "said_of",
    "store_file",
    "store_sent_file",
    "withdraw_evidence",
]
