"""Posters for the notice board, A3 and A4: the quality policy, the objectives, what was reached.

Written as PDF with typst, the code drawn by segno. The words are Vietnamese, as all that leaves on paper is. The letters
are made as large as one page allows; where even the smallest that can be read from two metres do not fit, the poster
goes on over more pages. Nothing is cut.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import segno

from camket.core.wording.text import fold
from camket.paper.writing.typesetting import typeset

TEMPLATE = Path(__file__).parent / "board.typ"

PAPERS: Mapping[str, float] = {"a4": 1.0, "a3": 1.4142}
"""Sizes of a poster, by how far one drawn for A4 is enlarged."""


@dataclass(frozen=True, slots=True)
class BoardTarget:
    """A target on a poster; ``result`` and ``state`` are empty where only what is promised stands there."""

    number: str
    text: str
    goal: str
    result: str = ""
    state: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class BoardObjective:
    """An objective on a poster with its targets."""

    number: str
    text: str
    targets: tuple[BoardTarget, ...]


@dataclass(frozen=True, slots=True)
class BoardText:
    """What a poster says. ``address`` is that of the public page, "" where it has none that is open."""

    agency: str
    superior: str
    title: str
    decision: str
    motto: str = ""
    commitments: tuple[str, ...] = ()
    objectives: tuple[BoardObjective, ...] = ()
    has_results: bool = False
    foot: str = ""
    address: str = ""


def write_board(board: BoardText, paper: str) -> bytes:
    """Return a poster as PDF; ``paper`` is of :data:`PAPERS` (KeyError for others)."""
    document: dict[str, Any] = {
        **asdict(board),
        "scale": PAPERS[paper],
        "svg": _code(board.address) if board.address else "",
        "code_alt": f"Mã QR dẫn tới {board.address}",
        "shown_address": fold(board.address).removeprefix("https://").removeprefix("http://"),
    }
    return typeset(TEMPLATE, "document", document, for_archive=False)


def _code(address: str) -> str:
    """Return the QR code of an address as SVG, of a level that survives scratches."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False, boost_error=False).save(
        out, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, unit="", nl=False
    )
    return out.getvalue().decode("utf-8")
