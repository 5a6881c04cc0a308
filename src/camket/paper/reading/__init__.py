"""Reading a decision: file → blocks → outline → plan.

Layers, each importing only those above it in this list:

- ``blocks``: paragraphs and tables with their places; joins what pages cut
- ``docx``, ``odt``, ``pdf`` (with ``layout``), ``plaintext``, ``ocr``: formats to blocks; ``files`` chooses one
- ``outline``: letterhead, number, date, articles, annexes, signature
- ``columns``, ``tables``, ``lists``: objectives and actions in tables, lists and prose
- ``heading``, ``plan``: one plan of them all; ``doubts``: what a person should look at

Rules are those of the genre and never of one document: no agency's name and no sentence stands here.
"""

from __future__ import annotations

from camket.paper.reading.blocks import Block, Cell, Span, mend
from camket.paper.reading.document import Reading, ReadingWarning
from camket.paper.reading.doubts import doubts_of
from camket.paper.reading.files import read_source
from camket.paper.reading.plan import assemble
from camket.paper.reading.problems import UnreadableDocument

__all__ = [
    "Block",
    "Cell",
    "Reading",
    "ReadingWarning",
    "Span",
    "UnreadableDocument",
    "read_document",
]

_SCAN_DISCOUNT = 0.7


def read_document(data: bytes, name: str) -> Reading:
    """Read a decision or plan from a file's bytes; ``name`` helps the messages, the content decides.

    Raises UnreadableDocument, which says why and how to mend it.
    """
    source = read_source(data, name)
    blocks = mend(source.blocks)
    done = assemble(blocks)
    factor = _SCAN_DISCOUNT if "ocr" in source.notes else 1.0
    return Reading(
        plan=done.plan,
        blocks=blocks,
        spans=done.spans,
        confidence={path: value * factor for path, value in done.confidence.items()},
        warnings=doubts_of(done, source.notes),
        unread=tuple(done.unread),
    )
