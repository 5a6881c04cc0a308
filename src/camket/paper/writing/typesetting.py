"""Sets papers with typst: with the fonts that the product brings along, the same values to the same bytes.

typst remembers the parts of the last ten papers that a process set, some 20 MB a report with charts, to set the next faster
where it is much the same. Ours are of other agencies and other days: the memory is given back after each, since looking for
what could serve again costs more than it saves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from camket.paper.writing.metrics import ARCHIVE, FONTS

_REMEMBERED = 11
"""How many settings typst keeps what it made for, and the one that ages the last of them."""

_forgetting = Lock()


def typeset(template: Path, name: str, values: object, *, for_archive: bool = True) -> bytes:
    """Return a paper as PDF; ``values`` go to the template as JSON under a name: nothing in them is read as markup.

    ``for_archive`` makes it PDF/A-2b, which allows no letter that the fonts have not: TypstError (see ``metrics.shown``).
    """
    (made,) = _set(
        template, name, values, format="pdf", pdf_standards=ARCHIVE if for_archive else [], timestamp=0
    )
    return made


def draw(template: Path, name: str, values: object, *, dots: float) -> list[bytes]:
    """Return each page of a template as PNG of so many dots an inch."""
    return _set(template, name, values, format="png", ppi=dots)


def _set(template: Path, name: str, values: object, **form: Any) -> list[bytes]:
    given: Mapping[str, str] = {name: json.dumps(values, ensure_ascii=False)}
    try:
        made = typst.compile(
            str(template), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=dict(given), **form
        )
    finally:
        _forget()
    return made if isinstance(made, list) else [made]


def _forget() -> None:
    """Let typst drop all that it remembers: it does so with what was of no use to its last ten settings, here of nothing."""
    with _forgetting:
        for _ in range(_REMEMBERED):
            _nothing().compile(input=b"", format="svg")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


@cache
def _nothing() -> typst.Compiler:
    return typst.Compiler(font_paths=_fonts())
