"""A paper's values as text that people read and compare: one line a paragraph, one line a row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

_HEAD = ("issuer", "number", "place", "dated", "about", "kind", "abstract", "authority", "bases", "enactment")
_END = ("recipients", "signature", "name")


def told(values: Iterable[dict[str, Any]]) -> str:
    """Return what the documents of a Word file say (see ``reading_back.values_out``) as text."""
    return "\n".join(line for each in values for line in _document(each)) + "\n"


def _document(values: dict[str, Any]) -> Iterator[str]:
    yield from (line for key in _HEAD for line in _field(key, values[key]))
    yield "body:"
    yield from _blocks(values["body"])
    yield from (line for key in _END for line in _field(key, values[key]))
    for each in values["annexes"]:
        yield f"annex: {each['title']}"
        yield f"note: {each['note']}"
        yield from _blocks(each["body"])


def _field(key: str, value: Any) -> Iterator[str]:
    if not value:
        return
    if isinstance(value, list):
        yield f"{key}: {' | '.join(map(str, value))}"
    else:
        yield f"{key}: {value}"


def _blocks(blocks: list[Any]) -> Iterator[str]:
    for block in blocks:
        if _is_table(block):
            yield from ("  | " + " | ".join(map(_cell, row)) + " |" for row in block)
        elif block and block[0] == "picture":
            yield f"  (picture) {block[1]}"
        else:
            yield "  " + "".join(_run(*run) for run in block)


def _is_table(block: Any) -> bool:
    return bool(block) and isinstance(block[0], list) and bool(block[0]) and isinstance(block[0][0], list)


def _cell(cell: Any) -> str:
    lines, columns, rows = cell
    over = "".join(
        f" <{name}{count}>" for name, count in (("columns ", columns), ("rows ", rows)) if count > 1
    )
    return " / ".join(lines) + over


def _run(text: str, bold: bool, italic: bool) -> str:
    mark = ("**" if bold else "") + ("_" if italic else "")
    return f"{mark}{text}{mark[::-1]}"
