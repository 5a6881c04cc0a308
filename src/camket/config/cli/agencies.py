"""Agencies of the installation: ``agency list``, ``add``, ``import``, ``succession``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from camket.config.cli.console import Commands, Translate, date_argument, print_json, read_bytes
from camket.config.cli.installation import migrate, set_up, today, unknown_agency
from camket.core.messages import Message, gettext_noop


def add(commands: Commands) -> None:
    """Add the commands on agencies."""
    agency = commands.add_parser("agency", help="agencies of this installation")
    agency_commands = agency.add_subparsers(required=True, metavar="COMMAND")
    agency_list = agency_commands.add_parser("list", help="list them")
    agency_list.add_argument("--json", action="store_true")
    agency_list.set_defaults(run=_agency_list)
    agency_add = agency_commands.add_parser("add", help="add an agency, with its first secretary")
    agency_add.add_argument("--code", required=True, help="electronic identifier, as H26.12")
    agency_add.add_argument("--name", required=True, help='as documents write it: "UBND xã Bình Yên"')
    agency_add.add_argument("--level", required=True, help="code of a level: province, commune, ward…")
    agency_add.add_argument("--parent", default="", help="code of the agency above")
    agency_add.add_argument("--administrative-code", default="", help="of the administrative unit, as 00004")
    agency_add.add_argument("--secretary", default="", help="full name of the ISO secretary")
    agency_add.add_argument("--login", default="", help="the name the secretary signs in with")
    agency_add.set_defaults(run=_agency_add)
    agency_import = agency_commands.add_parser(
        "import", help="add the agencies of a list (XLSX, XLS, ODS, CSV): all or none"
    )
    agency_import.add_argument("file", type=Path)
    agency_import.add_argument("--under", default="", help="code of the agency above those that name none")
    agency_import.add_argument("--json", action="store_true")
    agency_import.set_defaults(run=_agency_import)
    agency_succession = agency_commands.add_parser(
        "succession", help="record that agencies took over from others: merged, split, tasks handed over"
    )
    agency_succession.add_argument("--kind", required=True, choices=["merger", "split", "transfer"])
    agency_succession.add_argument("--from", required=True, nargs="+", dest="before", metavar="CODE")
    agency_succession.add_argument("--to", required=True, nargs="+", dest="after", metavar="CODE")
    agency_succession.add_argument(
        "--on", required=True, type=date_argument, help="first day of the successors"
    )
    agency_succession.add_argument("--decision", required=True, help="the text that it rests on")
    agency_succession.set_defaults(run=_agency_succession)


def _agency_list(options: argparse.Namespace, _translate: Translate) -> int:
    set_up(options.language)
    from camket.org import queries

    agencies = queries.all_agencies()
    codes = {each.id: each.code for each in agencies}
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "level": each.level,
            "parent": codes.get(each.parent_id) if each.parent_id else None,
            "valid_from": each.valid_from.isoformat() if each.valid_from else None,
            "valid_to": each.valid_to.isoformat() if each.valid_to else None,
        }
        for each in agencies
    ]
    if options.json:
        print_json(rows)
    else:
        for row in rows:
            ended = f"  ({row['valid_to']})" if row["valid_to"] else ""
            print(f"{row['code']:<16} {row['name']}{ended}")
    return 0


def _agency_id(code: str) -> int:
    """Return the agency that a code means today; raises Refusal where none does."""
    from camket.org import queries

    found = queries.agency_by_code(code, today())
    if found is None:
        raise unknown_agency(code)
    return found.id


def _agency_add(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    migrate(quiet=True)
    from camket.org import operations

    opened = operations.open_agency(
        code=options.code,
        name=options.name,
        level=options.level,
        parent_id=_agency_id(options.parent) if options.parent else None,
        administrative_code=options.administrative_code,
        secretary=options.secretary,
        login=options.login,
        today=today(),
    )
    print(translate(_opened(options.name, opened.login, opened.password)))
    return 0


def _opened(name: str, login: str, password: str) -> Message:
    """Return how an agency that was opened is said."""
    given = {"agency": name, "login": login, "password": password}
    if password:
        return Message(
            gettext_noop("%(agency)s is open. %(login)s signs in with the one-time password %(password)s"),
            given,
        )
    if login:
        return Message(
            gettext_noop("%(agency)s is open. %(login)s signs in with the present password."), given
        )
    return Message(gettext_noop("%(agency)s is open. Nobody works there yet."), given)


def _agency_import(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    migrate(quiet=True)
    from camket.core.agency_list import read_agency_list
    from camket.org import operations, queries
    from camket.paper.sheets import read_sheet

    sheet = read_sheet(read_bytes(options.file), options.file.name)
    agencies = read_agency_list(((row.number, row.cells) for row in sheet.rows), queries.level_names())
    try:
        imported = operations.import_agencies(
            actor=None,
            agencies=agencies,
            under_id=_agency_id(options.under) if options.under else None,
            today=today(),
        )
    except operations.AgenciesNotImported as refusal:
        for number, problem in refusal.problems:
            told = {"row": str(number), "problem": translate(problem)}
            print(translate(Message(gettext_noop("Row %(row)s: %(problem)s"), told)), file=sys.stderr)
        raise
    if options.json:
        print_json(
            {
                "opened": [
                    {"name": name, "login": each.login, "password": each.password}
                    for name, each in imported.opened
                ],
                "unchanged": imported.unchanged,
            }
        )
        return 0
    for name, each in imported.opened:
        print(translate(_opened(name, each.login, each.password)))
    print(
        translate(
            Message(
                gettext_noop("%(opened)s agencies opened, %(unchanged)s were there already."),
                {"opened": str(len(imported.opened)), "unchanged": str(imported.unchanged)},
            )
        )
    )
    return 0


def _agency_succession(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.org import operations

    made = operations.record_succession(
        actor=None,
        predecessor_ids=[_agency_id(code) for code in options.before],
        successor_ids=[_agency_id(code) for code in options.after],
        kind=options.kind,
        on=options.on,
        decision=options.decision,
        today=today(),
    )
    for row in made:
        print(
            translate(
                Message(
                    gettext_noop("%(successor)s takes over from %(predecessor)s on %(day)s."),
                    {
                        "successor": row.successor.name,
                        "predecessor": row.predecessor.name,
                        "day": row.on.strftime("%d/%m/%Y"),
                    },
                )
            )
        )
    return 0
