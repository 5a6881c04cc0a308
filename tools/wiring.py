"""Write the table of docs/reference/wiring.md: what measures each target of the real decisions beside the checkout.

    python tools/wiring.py            write the table into the page
    python tools/wiring.py --check    exit 1 where the page says something else

The decisions themselves are not part of the repository: a target is named by its decision and place, and by what its
indicator is called.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from camket.core.plan import Objective, Plan, Target  # noqa: E402
from camket.core.targets import goal_text  # noqa: E402
from camket.core.wiring import Proposal, propose  # noqa: E402

PAGE = ROOT / "docs/reference/wiring.md"
GOLD = ROOT.parent / "shared/gold"
CATALOGUE = ROOT / "src/camket/indicators/catalogue.json"
BEGIN, END = "<!-- table: tools/wiring.py -->", "<!-- end of table -->"
DECISIONS = {
    "kim-thanh-2026": "Kim Thành 2026",
    "phong-binh-2023": "Phong Bình 2023",
    "phu-thu-2022": "Phú Thứ 2022",
    "thuong-loc-2024": "Thượng Lộ 2024",
    "tuy-phuoc-2024": "Tuy Phước 2024",
}
SOURCES = {
    "dossiers": "dossiers",
    "procedures": "catalogue of procedures",
    "tasks": "tasks",
    "surveys": "answers of surveys",
    "feedback": "feedback",
    "directives": "register of directives",
    "programme": "work programme",
    "incoming": "register of incoming documents",
    "outgoing": "register of outgoing documents",
    "training": "register of training",
    "qualifications": "register of qualifications",
    "grading": "register of grades",
    "titles": "register of emulation titles",
    "discipline": "register of discipline",
    "figures": "socio-economic figures",
    "assessments": "register of assessments and checks",
}
RHYTHMS = {
    "month": "every month",
    "quarter": "every quarter",
    "half_year": "every half-year",
    "year": "once a year",
}


def table() -> str:
    """Return the table of all decisions beside the checkout; raises FileNotFoundError where they are not there."""
    shipped = {row["code"]: row for row in json.loads(CATALOGUE.read_text("utf-8"))["indicators"]}
    lines = [
        "| Decision | Target | Asks for | Measured by | Source | Words found |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, title in DECISIONS.items():
        plan = Plan.from_json(json.loads((GOLD / f"{name}.json").read_text("utf-8")))
        for objective, place, target in _targets(plan):
            first = propose(objective.text, target)[0]
            row = shipped[first.code]
            formula = row.get("formula")
            source = SOURCES[formula["source"]] if formula else f"by hand, {RHYTHMS[row['entered_every']]}"
            lines.append(
                f"| {title} | {objective.number}, {place} | {_goal(target)} | {row['english']}{_narrowed(first)}"
                f" `{first.code}` | {source} | {_words(first)} |"
            )
    return "\n".join(lines)


def _targets(plan: Plan) -> Iterator[tuple[Objective, int, Target]]:
    for objective in plan.objectives:
        for place, target in enumerate(objective.targets, 1):
            yield objective, place, target


def _goal(target: Target) -> str:
    text = goal_text(target).replace("\N{NO-BREAK SPACE}", " ")
    return "reached" if text == "✓" else text


def _narrowed(proposal: Proposal) -> str:
    return "".join(f"; only {key} {', '.join(words)}" for key, words in proposal.filters.items())


def _words(proposal: Proposal) -> str:
    said = proposal.reason.params
    return ", ".join(f"“{said[key]}”" for key in ("counted", "said") if key in said)


def main() -> int:
    if not GOLD.is_dir():
        print("The real decisions are not beside this checkout.", file=sys.stderr)
        return 2
    page = PAGE.read_text("utf-8")
    head, rest = page.split(BEGIN)
    _old, tail = rest.split(END)
    wanted = f"{head}{BEGIN}\n{table()}\n{END}{tail}"
    if "--check" in sys.argv[1:]:
        return int(wanted != page)
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
