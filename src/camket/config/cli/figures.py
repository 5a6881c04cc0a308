"""Indicators and their figures: ``indicators``, ``figures``."""

from __future__ import annotations

import argparse
from typing import Any

from camket.config.cli.console import Commands, Translate, print_json
from camket.config.cli.installation import set_up, today
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.periods import parse
from camket.core.plan import Period
from camket.core.targets import STATE_NAMES, VerdictState


def add(commands: Commands) -> None:
    """Add the commands on indicators and figures."""
    indicators = commands.add_parser(
        "indicators", help="print the shipped catalogue of indicators (Markdown)"
    )
    indicators.set_defaults(run=_indicators)

    figures = commands.add_parser(
        "figures", help="print every counted indicator of a period, and every target with its verdict"
    )
    figures.add_argument("--agency", required=True, help="code of the agency")
    figures.add_argument(
        "--period",
        required=True,
        type=_period,
        help="2026, 2026-Q1, 2026-H1, 2026-03 or 2025-12-15..2026-12-14",
    )
    figures.add_argument("--json", action="store_true")
    figures.set_defaults(run=_figures)


def _period(text: str) -> Period:
    try:
        return parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}: expected 2026, 2026-Q1, 2026-H1, 2026-03 or 2025-12-15..2026-12-14"
        ) from None


def _indicators(options: argparse.Namespace, translate: Translate) -> int:
    """Print the catalogue as Markdown; the page docs/reference/indicators.md holds it."""
    set_up(options.language)
    from camket.indicators.catalogue import as_markdown

    print(as_markdown())
    return 0


def _figures(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.indicators.figures import figures_report
    from camket.objectives.verdicts import verdicts_report

    period, day = options.period, today()
    report = figures_report(options.agency, period, today=day)
    if report is None:
        raise Refusal(Message(gettext_noop("There is no agency %(agency)s."), {"agency": options.agency}))
    # Verdicts are of the plan in force on the period's last day, as its pages showed them then.
    targets = verdicts_report(options.agency, min(period.end, day), today=day)
    if options.json:
        print_json({**report, "targets": targets})
        return 0
    for row in report["indicators"]:
        print(_line(row, translate))
    for target in targets or ():
        state = translate(Message(STATE_NAMES[VerdictState(target["state"])]))
        print(f"{target['objective']:<5} {state:<15} {target['target']}\n      {target['reason']}")
    return 0


def _line(row: dict[str, Any], translate: Translate) -> str:
    figure = row["shown"] if row["has_records"] else translate(Message(gettext_noop("no records")))
    if row["denominator"] is not None:
        figure += f" ({row['numerator']}/{row['denominator']})"
    return f"{row['code']:<34} {figure:<36} {row['name']}"
