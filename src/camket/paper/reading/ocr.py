"""Recognises the text of scanned pages with tesseract, where it is installed with Vietnamese.

Words come with their places, ruled lines are found in the picture, and :mod:`.layout` does the rest,
so that a scanned table is read as a table.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

from camket.paper.reading.layout import Page, Rule, Word

_RESOLUTION = 200
_SCALE = 72 / _RESOLUTION
_SECONDS = 120
_RUN = 60
"""Dark pixels in a row that make a ruled line at the resolution above: about 8 mm."""


@functools.cache
def is_installed() -> bool:
    """Tell whether tesseract is on the path and knows Vietnamese."""
    command = shutil.which("tesseract")
    if command is None:
        return False
    try:
        listed = subprocess.run(  # noqa: S603 - the command is found on the path, its arguments are ours
            [command, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "vie" in (listed.stdout + listed.stderr).split()


def recognise(pages: list[Any]) -> list[Page]:
    """Return the words and ruled lines of scanned pages.

    Raises OSError or subprocess.SubprocessError where tesseract fails.
    """
    return [_page(page) for page in pages]


def _page(page: Any) -> Page:
    picture = page.to_image(resolution=_RESOLUTION).original.convert("L")
    rules = list(_rules(picture))
    cleaned = _without_rules(picture, rules)
    buffer = io.BytesIO()
    cleaned.save(buffer, "PNG")
    command = shutil.which("tesseract") or "tesseract"
    done = subprocess.run(  # noqa: S603 - the command is found on the path, its arguments are ours
        [
            command,
            "-",
            "-",
            "-l",
            "vie",
            "--psm",
            "4" if not rules else "11",
            "--dpi",
            str(_RESOLUTION),
            "tsv",
        ],
        input=buffer.getvalue(),
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    )
    return Page(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        lines=_lines(done.stdout.decode("utf-8", "replace")),
        rules=[Rule(rule.upright, rule.at * _SCALE, rule.low * _SCALE, rule.high * _SCALE) for rule in rules],
    )


def _lines(tsv: str) -> list[list[Word]]:
    words: list[Word] = []
    for row in csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if not text or row.get("level") != "5" or float(row.get("conf") or -1) < 20:
            continue
        if re.fullmatch(r"[|_~¦]+", text):
            continue
        x, y = int(row["left"]) * _SCALE, int(row["top"]) * _SCALE
        width, height = int(row["width"]) * _SCALE, int(row["height"]) * _SCALE
        words.append(Word(text.strip("|¦"), x, x + width, y, y + height, height))
    return _grouped([word for word in words if word.text])


def _grouped(words: list[Word]) -> list[list[Word]]:
    """Put words on lines by their middles; tesseract's own lines follow its idea of columns."""
    lines: list[list[Word]] = []
    size = sorted(word.size for word in words)[len(words) // 2] if words else 10.0
    for word in sorted(words, key=lambda word: (word.top + word.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        if lines and middle - (lines[-1][-1].top + lines[-1][-1].bottom) / 2 < 0.45 * size:
            lines[-1].append(word)
        else:
            lines.append([word])
    found = []
    for line in lines:
        line.sort(key=lambda word: word.x0)
        spaced = [line[0]]
        for before, word in zip(line, line[1:], strict=False):
            jump = word.x0 - before.x1 > 2.2 * size
            spaced.append(Word(word.text, word.x0, word.x1, word.top, word.bottom, size, jump=jump))
        found.append(spaced)
    return found


def _rules(picture: Any) -> Iterator[Rule]:
    """Find long dark runs of pixels, rows first, then columns of the turned picture."""
    for upright in (False, True):
        turned = picture.transpose(5) if upright else picture
        dark = turned.point(lambda value: 255 if value < 128 else 0)
        width, height = dark.size
        data = dark.tobytes()
        runs: list[tuple[int, int, int]] = []
        for at in range(height):
            row = data[at * width : (at + 1) * width]
            if b"\xff" * _RUN in row:
                runs.extend(
                    (at, match.start(), match.end()) for match in re.finditer(rb"\xff{%d,}" % _RUN, row)
                )
        yield from _thick(runs, upright=upright)


def _thick(runs: list[tuple[int, int, int]], *, upright: bool) -> Iterator[Rule]:
    """Join the runs that one thick line leaves in neighbouring rows of pixels."""
    open_rules: list[list[int]] = []
    for at, low, high in runs:
        for rule in open_rules:
            if at - rule[1] <= 3 and low <= rule[3] + 8 and rule[2] <= high + 8:
                rule[1], rule[2], rule[3] = at, min(rule[2], low), max(rule[3], high)
                break
        else:
            open_rules.append([at, at, low, high])
    for first, last, start, end in open_rules:
        # Twelve pixels are 1.5 mm: thicker is a picture or a stamp, not a line.
        if last - first <= 12:
            yield Rule(upright, (first + last) / 2, start, end)


def _without_rules(picture: Any, rules: list[Rule]) -> Any:
    """Paint ruled lines white; tesseract reads them as letters."""
    cleaned = picture.copy()
    for rule in rules:
        if rule.upright:
            box = (int(rule.at) - 3, int(rule.low), int(rule.at) + 4, int(rule.high))
        else:
            box = (int(rule.low), int(rule.at) - 3, int(rule.high), int(rule.at) + 4)
        cleaned.paste(255, box)
    return cleaned
