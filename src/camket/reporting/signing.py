"""The digitally signed file of an issued report: what its signatures say, and whether it is the report that was issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from camket.paper.signatures import PdfSignature, is_signed_alone, signatures_in

_MOMENTS = frozenset({"signed_at", "valid_from", "valid_to"})


@dataclass(frozen=True, slots=True)
class SignedFile:
    """What was found in the signed file. ``is_as_issued``: it is the issued PDF to the byte, with signatures added."""

    signatures: tuple[PdfSignature, ...]
    is_as_issued: bool

    @property
    def is_whole(self) -> bool:
        """Whether every signature holds and nothing was changed after it."""
        return all(each.is_intact and not each.is_changed for each in self.signatures)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return {
            "is_as_issued": self.is_as_issued,
            "signatures": [
                {
                    key: value.isoformat() if isinstance(value, datetime) else value
                    for key, value in asdict(each).items()
                }
                for each in self.signatures
            ],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> SignedFile:
        """Return what was kept by :meth:`to_json`."""
        return SignedFile(tuple(_signature(each) for each in data["signatures"]), data["is_as_issued"])


def _signature(data: Mapping[str, Any]) -> PdfSignature:
    names = {field.name for field in fields(PdfSignature)}
    values: dict[str, Any] = {
        key: datetime.fromisoformat(value) if key in _MOMENTS and value else value
        for key, value in data.items()
        if key in names
    }
    return PdfSignature(**values)


def examined(data: bytes, issued: bytes) -> SignedFile:
    """Return what a signed file says beside the PDF that was issued. Raises NotAPdf."""
    return SignedFile(signatures_in(data, roots=_roots()), is_signed_alone(data, issued))


def _roots() -> tuple[bytes, ...]:
    """Return the certificates that the installation trusts; none where no folder is named."""
    folder: Path | None = settings.SIGNATURE_ROOTS
    if folder is None:
        return ()
    return tuple(
        path.read_bytes() for path in sorted(folder.glob("*")) if path.suffix in {".pem", ".crt", ".cer"}
    )
