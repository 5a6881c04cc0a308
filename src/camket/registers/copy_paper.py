"""Copies and extracts of documents as papers: what is copied, by whom, and how it stands on the copy.

A copy (sao y, sao lục) is the document's own pages with a mark below them; an extract (trích sao) is set anew, with all that
gives the original its form and only the part of its text that is asked for.

Source: Nghị định 30/2020/NĐ-CP, Điều 25, Điều 26, Điều 27; Phụ lục I, the part on copies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from camket.core.numbering import COPIES, COPY_TITLES, KINDS
from camket.core.wording.dates import format_date
from camket.paper.writing.model import (
    CopyMark,
    Document,
    Letterhead,
    Line,
    Paragraph,
    Signature,
    bold,
    plain,
    signature,
    signing_lines,
)

EXTRACT, OF_COPY = "TrS", "SL"
_ARTICLE = re.compile(r"Điều\s+\d+[a-zđ]?\.?")
LEFT_OUT = "[…]"
"""What stands where text of the original is left out."""


@dataclass(frozen=True, slots=True)
class Original:
    """The document that is copied, as the register knows it.

    ``kind`` is a key of core.numbering.KINDS or COPIES, "" for an official letter, any other word for another type.
    """

    number: str
    on: date | None
    issuer: str
    kind: str
    title: str

    @property
    def named(self) -> str:
        """How a sentence names it: type, number, day, body."""
        kind = {"": "Công văn", **KINDS, **COPIES}.get(self.kind, "Văn bản")
        day = f" ngày {format_date(self.on)}" if self.on else ""
        return f"{kind} số {self.number}{day} của {self.issuer}"


@dataclass(frozen=True, slots=True)
class Extract:
    """What of the original is set anew: its head, the part of its text that is copied, who had signed it."""

    superior: str
    place: str
    text: str
    authority: str
    capacity: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy: its form (a key of core.numbering.COPIES), the original, who copies and signs, who gets it.

    ``extract`` is there for an extract alone. ``number`` and ``dated`` are None until it is signed.
    """

    form: str
    original: Original
    issuer: str
    place: str
    symbol: str
    authority: str
    capacity: str
    signed_by: str
    recipients: tuple[str, ...]
    extract: Extract | None = None
    number: str | None = None
    dated: date | None = None

    @property
    def title(self) -> str:
        """What it is called in the register of outgoing documents."""
        named = self.original.named
        return f"{COPIES[self.form]} {named[0].lower()}{named[1:]}"

    def to_json(self) -> dict[str, Any]:
        """Return the copy as plain values."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self), default=date.isoformat))
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Copy:
        """Return the copy that :meth:`to_json` wrote."""
        original = {**values["original"], "on": _day(values["original"]["on"])}
        return cls(
            **{
                **values,
                "original": Original(**original),
                "extract": Extract(**values["extract"]) if values["extract"] else None,
                "recipients": tuple(values["recipients"]),
                "dated": _day(values["dated"]),
            }
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def mark_of(copy: Copy, year: int) -> CopyMark:
    """Return what stands below the copied text; ``year`` is that of a copy which has no day yet."""
    return CopyMark(
        title=COPY_TITLES[copy.form],
        letterhead=Letterhead(
            issuer=copy.issuer,
            symbol=copy.symbol,
            year=year,
            number=copy.number,
            place=copy.place or None,
            dated=copy.dated,
        ),
        signature=signature(copy.authority, copy.capacity, copy.signed_by),
        recipients=copy.recipients,
    )


def extract_document(copy: Copy, year: int) -> Document:
    """Return an extract as a document: the original's head, the part that is copied, its signer, the mark of the copy.

    Each line of the text is a paragraph; a line of dots is text that was left out.
    """
    original, extract = copy.original, copy.extract
    if extract is None:
        raise ValueError("only an extract is set anew")
    return Document(
        letterhead=Letterhead(
            issuer=original.issuer,
            symbol="",
            year=original.on.year if original.on else None,
            superior=extract.superior,
            number=original.number,
            place=extract.place or None,
            dated=original.on,
        ),
        kind=KINDS.get(original.kind, ""),
        abstract=original.title,
        body=tuple(Paragraph(_line(each)) for each in extract.text.splitlines() if each.strip()),
        signature=Signature(
            lines=signing_lines(extract.authority, extract.capacity),
            name=f"(Đã ký) {extract.signed_by}",
        ),
        recipients=(),
        copy=mark_of(copy, year),
    )


def _line(text: str) -> Line:
    """Return a line as the extract has it, the number of an article in bold.

    >>> _line(" ....... ")
    (Run(text='[…]', bold=False, italic=False),)
    >>> [(run.text, run.bold) for run in _line("Điều 3. Giao chỉ tiêu")]
    [('Điều 3.', True), (' Giao chỉ tiêu', False)]
    """
    bare = text.strip()
    if not bare.strip(" .…[]()"):
        return plain(LEFT_OUT)
    article = _ARTICLE.match(bare)
    return (*bold(article[0]), *plain(bare[article.end() :])) if article else plain(bare)
