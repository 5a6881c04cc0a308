"""What reading a file gives: the plan, its sources, how sure each field is, what is doubtful and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from camket.core.messages import Message
from camket.core.plan import Plan
from camket.paper.reading.blocks import Block, Cell, Span


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """A doubt about a field, for a person to decide; ``path`` is the field's in the plan's JSON."""

    path: str
    message: Message
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read.

    ``spans`` and ``confidence`` (0 to 1) go by the path of a field in the plan's JSON, such as
    ``objectives[2].actions[1].when``. ``unread`` holds the places that were not understood.
    """

    plan: Plan
    blocks: tuple[Block, ...] = ()
    spans: Mapping[str, Span] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[ReadingWarning, ...] = ()
    unread: tuple[Span, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the reading as JSON, which :meth:`from_json` takes back."""
        return {
            "plan": self.plan.to_json(),
            "blocks": [_block_json(block) for block in self.blocks],
            "spans": {path: asdict(span) for path, span in self.spans.items()},
            "confidence": {path: round(value, 3) for path, value in self.confidence.items()},
            "warnings": [
                {
                    "path": warning.path,
                    "message": {"template": warning.message.template, "params": dict(warning.message.params)},
                    "span": None if warning.span is None else asdict(warning.span),
                }
                for warning in self.warnings
            ],
            "unread": [asdict(span) for span in self.unread],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Reading:
        """Return the reading that :meth:`to_json` wrote; raises PlanFormatError or KeyError otherwise."""
        return Reading(
            plan=Plan.from_json(data["plan"]),
            blocks=tuple(_block(item) for item in data["blocks"]),
            spans={path: Span(**span) for path, span in data["spans"].items()},
            confidence=dict(data["confidence"]),
            warnings=tuple(
                ReadingWarning(
                    item["path"],
                    Message(item["message"]["template"], item["message"]["params"]),
                    None if item["span"] is None else Span(**item["span"]),
                )
                for item in data["warnings"]
            ),
            unread=tuple(Span(**span) for span in data["unread"]),
        )


def _block_json(block: Block) -> dict[str, Any]:
    data = {
        key: getattr(block, key)
        for key in ("id", "kind", "text", "number", "page", "bold", "italic", "centered")
    }
    data["rows"] = [
        [
            {
                "text": cell.text,
                "row_span": cell.row_span,
                "col_span": cell.col_span,
                "origin": None if cell.origin is None else list(cell.origin),
                "bold": cell.bold,
            }
            for cell in row
        ]
        for row in block.rows
    ]
    return data


def _block(data: Mapping[str, Any]) -> Block:
    rows = tuple(
        tuple(
            Cell(
                text=cell["text"],
                row_span=cell["row_span"],
                col_span=cell["col_span"],
                origin=None if cell["origin"] is None else (cell["origin"][0], cell["origin"][1]),
                bold=cell["bold"],
            )
            for cell in row
        )
        for row in data["rows"]
    )
    return Block(**{**{key: value for key, value in data.items() if key != "rows"}, "rows": rows})
