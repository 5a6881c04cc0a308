"""Plans of an agency: ``plan import``, ``verdicts``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from camket.config.cli.console import Commands, Translate, date_argument, print_json, read_bytes
from camket.config.cli.installation import set_up, today
from camket.config.cli.papers import load_plan
from camket.core.messages import Message, Refusal, gettext_noop

if TYPE_CHECKING:
    from camket.org.policy import Actor


def add(commands: Commands) -> None:
    """Add the commands on plans and their verdicts."""
    plan = commands.add_parser("plan", help="plans of an agency")
    plan_commands = plan.add_subparsers(required=True, metavar="COMMAND")
    plan_import = plan_commands.add_parser(
        "import", help="bring in a decision, or a plan in JSON, for checking"
    )
    plan_import.add_argument("file", type=Path)
    _acting(plan_import)
    plan_import.add_argument("--json", action="store_true")
    plan_import.set_defaults(run=_plan_import)

    verdicts = commands.add_parser("verdicts", help="print every target with its reading, verdict and reason")
    verdicts.add_argument("--agency", required=True, help="code of the agency")
    verdicts.add_argument("--on", type=date_argument, default=None, help="the day judged (today)")
    verdicts.add_argument("--json", action="store_true")
    verdicts.set_defaults(run=_verdicts)


def _acting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agency", required=True, help="code of the agency")
    parser.add_argument("--by", required=True, help="sign-in name of the person acting")


def _actor(options: argparse.Namespace) -> Actor:
    from camket.org import queries

    actor = queries.actor_named(agency_code=options.agency, login=options.by, on=today())
    if actor is None:
        raise Refusal(
            Message(
                gettext_noop(
                    "%(login)s has no post in the agency %(agency)s today, or one of them does not exist."
                ),
                {"login": options.by, "agency": options.agency},
            )
        )
    return actor


def _plan_import(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.objectives import operations

    actor = _actor(options)
    if options.file.suffix.lower() == ".json":
        plan = operations.import_format(plan=load_plan(options.file), actor=actor, today=today())
        is_new = True
    else:
        imported = operations.import_plan(
            data=read_bytes(options.file), name=options.file.name, actor=actor, today=today()
        )
        plan, is_new = imported.plan_id, imported.is_new
    if options.json:
        print_json({"plan": plan, "is_new": is_new})
    else:
        print(
            translate(
                Message(
                    gettext_noop("The plan was brought in; check it at /ke-hoach/%(id)s/")
                    if is_new
                    else gettext_noop("This file was brought in before; its plan is at /ke-hoach/%(id)s/"),
                    {"id": str(plan)},
                )
            )
        )
    return 0


def _verdicts(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.objectives.verdicts import verdicts_report

    on = options.on or today()
    rows = verdicts_report(options.agency, on, today=max(on, today()))
    if rows is None:
        raise Refusal(
            Message(
                gettext_noop("The agency %(agency)s has no plan in force on %(on)s, or does not exist."),
                {"agency": options.agency, "on": on.strftime("%d/%m/%Y")},
            )
        )
    if options.json:
        print_json(rows)
    else:
        for row in rows:
            print(f"{row['objective']:<5} {row['state']:<12} {row['target']}\n      {row['reason']}")
    return 0
