"""Widths of text in the paper font, read from the font files themselves.

Word draws official paper in Times New Roman, and Liberation Serif has the same advance widths; so
a width measured here tells where a heading would break and how long the rule under it must be.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Final

FONTS = Path(__file__).parent / "fonts"
ARCHIVE: Final = "a-2b"
"""Papers are PDF/A-2b: what has to be kept for decades brings its fonts and colours along (ISO 19005-2)."""


@cache
def _advances(*, bold: bool, italic: bool) -> tuple[dict[int, int], int, int]:
    """Return the advance of each character, the default advance and the units per em of one face."""
    style = {
        (False, False): "Regular",
        (True, False): "Bold",
        (False, True): "Italic",
        (True, True): "BoldItalic",
    }
    data = (FONTS / f"LiberationSerif-{style[bold, italic]}.ttf").read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    offsets = {
        data[12 + 16 * i : 16 + 16 * i].decode("ascii"): struct.unpack_from(">I", data, 20 + 16 * i)[0]
        for i in range(tables)
    }
    (units,) = struct.unpack_from(">H", data, offsets["head"] + 18)
    (metrics,) = struct.unpack_from(">H", data, offsets["hhea"] + 34)
    widths = [struct.unpack_from(">H", data, offsets["hmtx"] + 4 * i)[0] for i in range(metrics)]
    advances: dict[int, int] = {}
    for code, glyph in _characters(data, offsets["cmap"]).items():
        advances[code] = widths[min(glyph, metrics - 1)]
    return advances, widths[0], units


def _characters(data: bytes, cmap: int) -> dict[int, int]:
    """Return the glyph of each character by the format 4 subtable of a font's character map."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    glyphs: dict[int, int] = {}
    for i in range(count):
        (offset,) = struct.unpack_from(">I", data, cmap + 8 + 8 * i)
        at = cmap + offset
        if struct.unpack_from(">H", data, at)[0] != 4:
            continue
        (doubled,) = struct.unpack_from(">H", data, at + 6)
        segments = doubled // 2
        ends = struct.unpack_from(f">{segments}H", data, at + 14)
        starts = struct.unpack_from(f">{segments}H", data, at + 16 + doubled)
        deltas = struct.unpack_from(f">{segments}h", data, at + 16 + 2 * doubled)
        ranges_at = at + 16 + 3 * doubled
        ranges = struct.unpack_from(f">{segments}H", data, ranges_at)
        for segment in range(segments):
            for code in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
                if ranges[segment]:
                    place = ranges_at + 2 * segment + ranges[segment] + 2 * (code - starts[segment])
                    (glyph,) = struct.unpack_from(">H", data, place)
                    glyph = (glyph + deltas[segment]) & 0xFFFF if glyph else 0
                else:
                    glyph = (code + deltas[segment]) & 0xFFFF
                if glyph:
                    glyphs.setdefault(code, glyph)
    return glyphs


_BLANKS = frozenset("\n\t ")
_UNKNOWN = "\u25a1"


@cache
def _letters() -> frozenset[int]:
    """Return the letters that all four faces have."""
    faces = [_advances(bold=bold, italic=italic)[0] for bold in (False, True) for italic in (False, True)]
    return frozenset.intersection(*(frozenset(face) for face in faces))


def displayable(text: str) -> str:
    """Return a text in which each letter that the paper font has not is a box; control characters go.

    >>> displayable("Đạt 98 % \\x08✓ 漢")
    'Đạt 98 % □ □'
    """
    known = _letters()
    return "".join(
        letter if letter in _BLANKS or ord(letter) in known else " " if letter.isspace() else _UNKNOWN
        for letter in unicodedata.normalize("NFC", text)
        if letter in _BLANKS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )


def shown(value: Any) -> Any:
    """Return a value with every text in it displayable: PDF/A allows no letter that the font has not."""
    match value:
        case str():
            return displayable(value)
        case dict():
            return {key: shown(each) for key, each in value.items()}
        case list() | tuple():
            return [shown(each) for each in value]
        case _:
            return value


def text_width(text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """Return the width in points of one line of text set at ``size`` points."""
    advances, default, units = _advances(bold=bold, italic=italic)
    return (
        sum(advances.get(ord(letter), default) for letter in unicodedata.normalize("NFC", text))
        * size
        / units
    )


def lines_of(text: str, width: float, size: float, *, bold: bool = False, italic: bool = False) -> list[str]:
    """Break a text at its breaking spaces into lines that fit ``width`` points, as few and as even as can be."""
    words = text.split(" ") if text else []
    if not words:
        return []

    def broken(limit: float) -> list[str]:
        lines = [words[0]]
        for word in words[1:]:
            longer = f"{lines[-1]} {word}"
            if text_width(longer, size, bold=bold, italic=italic) <= limit:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    lines = broken(width)
    narrow = max(text_width(word, size, bold=bold, italic=italic) for word in words)
    wide = width
    while wide - narrow > 1:
        middle = (wide + narrow) / 2
        if len(broken(middle)) == len(lines):
            wide = middle
        else:
            narrow = middle
    return broken(wide) if len(broken(wide)) == len(lines) else lines
