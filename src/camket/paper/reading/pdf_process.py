"""Reads a PDF in a process of its own, with a bound on its memory and its time."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from camket.core.messages import Message
from camket.paper.bounded import bound, run_bounded
from camket.paper.reading import ocr, problems
from camket.paper.reading.blocks import Source
from camket.paper.reading.layout import Page, Rule, Word, blocks_of

_REFUSED, _NO_MEMORY = 3, 4


def read(data: bytes, name: str, *, recognise: bool) -> Source:
    """Return the raw blocks of a PDF; ``recognise`` says whether scanned pages are read by tesseract.

    Raises UnreadableDocument: encrypted, damaged, too_long, image_only, bomb, too_slow.
    """
    task = json.dumps({"name": name, "recognise": recognise}).encode() + b"\n" + data
    try:
        done = run_bounded(__name__, task, seconds=problems.MAX_MINUTES * 60)
    except subprocess.TimeoutExpired:
        raise problems.too_slow(name) from None
    if done.returncode == _REFUSED:
        code, template, values = json.loads(done.stdout)
        raise problems.UnreadableDocument(code, Message(template, values))
    if done.returncode == _NO_MEMORY:
        raise problems.bomb(name)
    if done.returncode:
        # The library or what it calls was ended: by the bound on its time, or by a fault of its own.
        raise problems.damaged(name, "PDF")
    answer = json.loads(done.stdout)
    return Source(list(blocks_of([_page(each) for each in answer["pages"]])), set(answer["notes"]))


def _plain(page: Page) -> dict[str, Any]:
    return {
        "page": (page.number, page.width, page.height),
        "lines": [
            [
                (w.text, w.x0, w.x1, w.top, w.bottom, w.size, w.bold, w.italic, w.jump)
                for w in line
            ]
            for line in page.lines
        ],
        "rules": [(rule.upright, rule.at, rule.low, rule.high) for rule in page.rules],
    }  # fmt: skip


def _page(plain: dict[str, Any]) -> Page:
    number, width, height = plain["page"]
    lines = [[Word(*word) for word in line] for line in plain["lines"]]
    return Page(number, width, height, lines, [Rule(*rule) for rule in plain["rules"]])


def main() -> int:
    """Read one PDF from standard input and print its pages as JSON; the exit status says what became of it."""
    bound(seconds=problems.MAX_MINUTES * 60)
    task = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        from camket.paper.reading import pdf

        pages, notes = pdf.pages_of(data, task["name"], ocr.recognise if task["recognise"] else None)
        answer = json.dumps({"pages": [_plain(page) for page in pages], "notes": sorted(notes)})
    except problems.UnreadableDocument as refusal:
        message = refusal.message
        sys.stdout.write(json.dumps([refusal.code, message.template, dict(message.params)]))
        return _REFUSED
    except MemoryError:
        return _NO_MEMORY
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
