"""Draw the states of everything that has a life of its own into docs/reference/workflows.md; run by hand after a change.

    .venv/bin/python tools/workflows.py

The page is printed from the tables of ``camket.core``; a test holds the two together.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from camket.core import workflow  # noqa: E402
from camket.core.feedback import FEEDBACK  # noqa: E402
from camket.core.workflow import Workflow  # noqa: E402

PAGE = ROOT / "docs/reference/workflows.md"
BEGIN, END = "<!-- printed by tools/workflows.py: begin -->", "<!-- end -->"

TABLES: tuple[tuple[str, str, Workflow], ...] = (
    ("Plan of quality objectives", "ISO 9001:2015, 6.2", workflow.PLAN),
    ("Publication", "ISO 9001:2015, 7.5.3", workflow.PUBLICATION),
    ("Feedback", "Nghị định 20/2008/NĐ-CP", FEEDBACK),
    ("Edition of a controlled document", "ISO 9001:2015, 7.5", workflow.DOCUMENT_EDITION),
    ("Programme of internal audits", "ISO 9001:2015, 9.2", workflow.AUDIT_PROGRAMME),
    ("Internal audit", "ISO 9001:2015, 9.2", workflow.AUDIT),
    ("Nonconformity", "ISO 9001:2015, 10.2", workflow.NONCONFORMITY),
    ("Risk or opportunity", "ISO 9001:2015, 6.1", workflow.RISK),
    ("Management review", "ISO 9001:2015, 9.3", workflow.REVIEW),
    ("Self-assessment", "TCVN ISO 18091:2020", workflow.SELF_ASSESSMENT),
    ("Announcement of conformity", "Quyết định 19/2014/QĐ-TTg", workflow.ANNOUNCEMENT),
)


def drawn(table: Workflow) -> str:
    """Return a table as a Mermaid diagram; acts that lead back to their own state stand together on one arrow.

    States bear their own name with ``s_`` before it, since some are words of the notation.
    """
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> s_{table.states[0]}"]
    lines += [f"    s_{state} : {state}" for state in table.states]
    for state in table.states:
        together: dict[str, list[str]] = {}
        for act, after in table.moves[state].items():
            together.setdefault(after, []).append(act)
        lines += [f"    s_{state} --> s_{after} : {', '.join(acts)}" for after, acts in together.items()]
        if not together:
            lines.append(f"    s_{state} --> [*]")
    return "\n".join([*lines, "```"])


def printed() -> str:
    """Return what stands between the marks of the page."""
    return "\n\n".join(
        f"## {title}\n\nSource: {source}.\n\n{drawn(table)}" for title, source, table in TABLES
    )


def main() -> int:
    """Write the page anew."""
    text = PAGE.read_text("utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{printed()}\n\n{END}{after}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
