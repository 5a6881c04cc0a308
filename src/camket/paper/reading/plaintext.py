"""Reads plain text: tabs or bars between cells, marks of Markdown and HTML, lines broken anywhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from camket.core.wording.text import decode_legacy, legacy_encoding
from camket.paper.reading.blocks import (
    LIST_MARK,
    RawBlock,
    RawCell,
    RawParagraph,
    RawRow,
    RawTable,
    Source,
    is_page_number,
    join_lines,
    tidy,
)

_HARD = re.compile(
    r"^(?:[-–—+•●▪*]\s|[a-zđ]\)|\(?\d{1,2}[.)](?!\d)|\d{1,2}(?:\.\d{1,2})+\.?\s|[IVX]{1,5}[.)]\s"
    r"|điều\s+\d|phụ lục|nơi nhận|căn cứ\s|số\s*:|chương\s+[IVX]|phần\s+[IVX]|\(?kèm theo|\(?ban hành kèm)",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[-_=*~\s|:+]{3,}$")
_LONE_HEADER = re.compile(r"^\s*(?:STT|TT|S\.TT)\s*$")
"""The first header of a table alone on its line: the table lost its columns on the way to text."""

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ITEM = re.compile(r"</?(?:p|div|ul|ol|li)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*\b[^<>]*>")


def decode(data: bytes) -> tuple[str, set[str]]:
    """Return the text of a file and what was decoded from an old encoding (``tcvn3``, ``vni``).

    >>> decode("Chỉ tiêu".encode("utf-16"))
    ('Chỉ tiêu', set())
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), set()
    try:
        return data.decode("utf-8-sig"), set()
    except UnicodeDecodeError:
        pass
    plain = data.decode("latin-1")
    encoding = legacy_encoding(plain)
    if encoding is not None:
        return decode_legacy(plain, encoding), {encoding}
    return data.decode("cp1258", "replace"), set()


def read(data: bytes) -> Source:
    """Return the raw blocks of a plain text."""
    text, notes = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    encoding = None if notes else legacy_encoding(text)
    if encoding is not None:
        text, notes = decode_legacy(text, encoding), {encoding}
    lines = text.split("\n")
    if any(_LONE_HEADER.match(line) for line in lines):
        notes = notes | {"broken_table"}
    return Source(list(_blocks(lines)), notes)


@dataclass(slots=True)
class _Open:
    """The paragraph or table being read."""

    lines: list[str] = field(default_factory=list)
    rows: list[RawRow] = field(default_factory=list)
    gap: bool = False


def _blocks(lines: Sequence[str]) -> Iterator[RawBlock]:
    state = _Open()
    for line in lines:
        cells = _cells(line)
        if cells is not None:
            yield from _flush_paragraph(state)
            _add_row(state, cells)
            continue
        bare = line.strip()
        if not bare or _RULE.match(bare) and not bare.startswith("- "):
            state.gap = True
            continue
        if state.rows and is_page_number(bare):
            continue
        if state.rows and not state.gap and not _starts_block(bare):
            # A line without a tab inside a table goes on the cell above it.
            last = next((cell for cell in reversed(state.rows[-1].cells) if cell.text), None)
            if last is not None:
                last.text = tidy(join_lines([*last.text.split("\n"), clean(bare)]))
                continue
        yield from _flush_table(state)
        if (
            state.gap
            and state.lines
            and not _wraps(state.lines[-1], bare)
            or state.lines
            and (_starts_block(bare) or _ends_block(state.lines[-1]))
        ):
            yield from _flush_paragraph(state)
        state.gap = False
        state.lines.append(bare)
    yield from _flush_paragraph(state)
    yield from _flush_table(state)


def _cells(line: str) -> list[str] | None:
    """Return the cells of a line that is a table's row, else None."""
    if "\t" in line.strip("\n"):
        parts = line.rstrip("\n").split("\t")
        if len(parts) >= 3 or (len(parts) == 2 and parts[0].strip()):
            return parts
        return None
    if line.strip().startswith("|") and line.strip().endswith("|") and line.count("|") >= 3:
        if re.fullmatch(r"[\s|:-]+", line):
            return []
        return line.strip().strip("|").split("|")
    return None


def clean(text: str) -> str:
    """Return a line without marks of Markdown and HTML; ``<br>``, ``<p>`` and ``<li>`` end a line.

    >>> clean("**Điều 1.** Ban hành<br>kèm theo"), clean("### Phụ lục")
    ('Điều 1. Ban hành\\nkèm theo', 'Phụ lục')
    """
    text = _TAG.sub("", _ITEM.sub("\n", _BREAK.sub("\n", text)))
    text = html.unescape(text)
    text = re.sub(r"^\s*#{1,6}\s+", "", text, flags=re.MULTILINE)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<!\*)\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?!\*)", r"\1", text)
    return tidy(text.replace("**", ""))


def _add_row(state: _Open, parts: list[str]) -> None:
    if not parts:
        return
    # Lists written as several lines inside one cell open with blank cells and a mark.
    texts = [clean(part) for part in parts]
    filled = [i for i, text in enumerate(texts) if text]
    if not filled:
        state.gap = False
        return
    cut = state.gap and bool(state.rows)
    state.gap = False
    if state.rows and re.match(r"\s*</?(?:ul|ol|li|p)\b", "".join(parts)) and len(filled) == 1:
        i = filled[0]
        above = state.rows[-1].cells
        if i < len(above) and above[i].text:
            above[i].text = tidy(above[i].text + "\n" + texts[i])
            return
    cells = [
        RawCell(text, bold="**" in part or "<b>" in part) for text, part in zip(texts, parts, strict=True)
    ]
    state.rows.append(RawRow(cells, cut=cut))


def _starts_block(line: str) -> bool:
    return _HARD.match(clean(line)) is not None or line.startswith(("#", "**", "<p", "<b"))


def _ends_block(line: str) -> bool:
    return len(line) < 60 and (line.isupper() or line.endswith(("**", "</b>")))


def _wraps(last: str, line: str) -> bool:
    """Tell whether a line after a gap still goes on the paragraph before the gap."""
    last, line = clean(last), clean(line)
    if not last or not line or last.endswith((".", ";", ":", "!", "?", "/.", ")")) or _starts_block(line):
        return False
    if last.isupper() or line.isupper():
        return False
    return line[:1].islower() or line[:1].isdigit() and not LIST_MARK.match(line) or last.endswith(",")


def _flush_paragraph(state: _Open) -> Iterator[RawBlock]:
    if not state.lines:
        return
    lines, state.lines = state.lines, []
    raw = " ".join(lines)
    bold = raw.lstrip("# ").startswith(("**", "<b>")) or raw.startswith("#")
    italic = not bold and raw.startswith("*") and not raw.startswith("* ")
    text = tidy(join_lines([piece for line in lines for piece in clean(line).split("\n")]))
    if not text or (is_page_number(text) and not bold):
        return
    yield RawParagraph(text=text, bold=bold and len(text) < 200, italic=italic)


def _flush_table(state: _Open) -> Iterator[RawBlock]:
    if not state.rows:
        return
    rows, state.rows = state.rows, []
    width = max(len(row.cells) for row in rows)
    for row in rows:
        row.cells.extend(RawCell() for _ in range(width - len(row.cells)))
    yield RawTable(rows)
