"""The record of every change: ``journal verify``, ``heads``, ``export``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from camket.config.cli.console import MISUSED, REFUSED, Commands, Translate, print_json, read_bytes, save
from camket.config.cli.installation import set_up, today, unknown_agency
from camket.core.messages import Message, Refusal, gettext_noop

if TYPE_CHECKING:
    from camket.journal.queries import Head


def add(commands: Commands) -> None:
    """Add the commands on the journal."""
    journal = commands.add_parser("journal", help="the record of every change")
    journal_commands = journal.add_subparsers(required=True, metavar="COMMAND")
    verify = journal_commands.add_parser("verify", help="check the hash chain of one agency or all")
    verify.add_argument("--agency", default=None, help="code of the agency")
    verify.add_argument(
        "--since", type=Path, default=None, help="heads noted earlier: read only what came later"
    )
    verify.add_argument(
        "--file", type=Path, default=None, help="check an exported journal, without a database"
    )
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_journal_verify)
    heads = journal_commands.add_parser(
        "heads", help="print the newest hash of every agency, to note elsewhere"
    )
    heads.add_argument("--json", action="store_true", help="as verify --since reads it")
    heads.set_defaults(run=_journal_heads)
    journal_export = journal_commands.add_parser("export", help="write an agency's journal to a file")
    journal_export.add_argument("--agency", required=True, help="code of the agency")
    journal_export.add_argument("--out", type=Path, required=True, help="a file ending in .jsonl or .csv")
    journal_export.set_defaults(run=_journal_export)


def _journal_verify(options: argparse.Namespace, translate: Translate) -> int:
    if options.file is not None:
        return _journal_verify_file(options, translate)
    set_up(options.language)
    from camket.core.chain import Fault
    from camket.journal import guard, queries
    from camket.org import queries as org
    from camket.web.staff.organisation.words import fault_label

    agencies = [each for each in org.all_agencies() if options.agency in (None, each.code)]
    if options.agency and not agencies:
        raise unknown_agency(options.agency)
    noted = _noted_heads(options.since) if options.since else {}
    results: list[dict[str, Any]] = []
    for each in agencies:
        state = queries.verify(each.id, noted.pop(each.code, None))
        accesses = queries.verify_accesses(each.id)
        results.append({"agency": each.code, **state.to_json(), "accesses": accesses.to_json()})
    unknown = [] if options.agency else sorted(noted)
    unguarded = guard.missing()
    if options.json:
        print_json(results)
    for result in () if options.json else results:
        parts = [(gettext_noop("%(agency)s: %(entries)s entries, chain whole"), result)]
        if result["since"]:
            parts = [
                (gettext_noop("%(agency)s: %(entries)s entries, chain whole from entry %(since)s on"), result)
            ]
        if not result["whole"]:
            broken = gettext_noop("%(agency)s: %(entries)s entries, chain BROKEN at entry %(broken_at)s")
            parts = [(broken, result)]
        if not result["accesses"]["whole"]:
            broken = gettext_noop("%(agency)s: views of personal data, chain BROKEN at number %(broken_at)s")
            parts.append((broken, {"agency": result["agency"], **result["accesses"]}))
        for text, values in parts:
            print(translate(Message(text, {key: str(value) for key, value in values.items()})))
            if values.get("fault"):
                print(f"  {fault_label(Fault(values['fault']))}")
    for code in unknown:
        text = gettext_noop("%(agency)s is among the noted heads and no longer here.")
        print(translate(Message(text, {"agency": code})), file=sys.stderr)
    if unguarded:
        text = gettext_noop(
            "The database does not guard the journal; missing: %(triggers)s. Run camket upgrade."
        )
        print(translate(Message(text, {"triggers": ", ".join(unguarded)})), file=sys.stderr)
    whole = all(result["whole"] and result["accesses"]["whole"] for result in results)
    return 0 if whole and not unknown and not unguarded else REFUSED


def _noted_heads(path: Path) -> dict[str, Head]:
    from camket.journal.queries import Head

    try:
        return {
            each["agency"]: Head(str(each["agency"]), int(each["sequence"]), str(each["hash"]))
            for each in json.loads(read_bytes(path))
        }
    except (ValueError, TypeError, KeyError):
        raise Refusal(
            Message(
                gettext_noop(
                    "%(file)s holds no noted heads. camket journal heads --json writes such a file."
                ),
                {"file": str(path)},
            )
        ) from None


def _journal_verify_file(options: argparse.Namespace, translate: Translate) -> int:
    from camket.core.chain import NotAnExport, verify_export

    try:
        checked = verify_export(read_bytes(options.file).decode("utf-8").splitlines())
    except UnicodeDecodeError:
        found: int | None = 1
    except NotAnExport as refusal:
        found = refusal.line
    else:
        found = None
    if found is not None:
        raise Refusal(
            Message(
                gettext_noop("%(file)s is no exported journal: line %(line)s cannot be read as one."),
                {"file": str(options.file), "line": str(found)},
            )
        )
    result = {
        "agency": checked.agency,
        "entries": checked.entries,
        "is_whole_journal": checked.is_whole,
        "whole": checked.found is None,
        "broken_at": checked.found.at if checked.found else None,
        "fault": checked.found.fault.value if checked.found else None,
        "head": checked.head,
    }
    if options.json:
        print_json(result)
        return 0 if checked.found is None else REFUSED
    text = gettext_noop("%(agency)s: %(entries)s entries, chain whole")
    if not checked.is_whole:
        text = gettext_noop("%(agency)s: %(entries)s entries of a part of the journal, each whole")
    if checked.found is not None:
        text = gettext_noop("%(agency)s: %(entries)s entries, chain BROKEN at entry %(broken_at)s")
    print(translate(Message(text, {key: str(value) for key, value in result.items()})))
    return 0 if checked.found is None else REFUSED


def _journal_heads(options: argparse.Namespace, _translate: Translate) -> int:
    set_up(options.language)
    from camket.journal import queries

    heads = [each.to_json() for each in queries.heads()]
    if options.json:
        print_json(heads)
    else:
        for each in heads:
            print(f"{each['agency']:<16} {each['sequence']:>9} {each['hash']}")
    return 0


def _journal_export(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.journal import operations, queries
    from camket.org import queries as org
    from camket.paper.sheets import write_csv
    from camket.web.staff.organisation import words

    agency = next((each for each in org.all_agencies() if each.code == options.agency), None)
    if agency is None:
        raise unknown_agency(options.agency)
    kind = options.out.suffix.lower().lstrip(".")
    if kind not in {"jsonl", "csv"}:
        print(
            translate(Message(gettext_noop("The file written must end in .jsonl or .csv."))), file=sys.stderr
        )
        return MISUSED
    found = operations.export_all(agency_id=agency.id, file_format=kind, today=today())
    if kind == "jsonl":
        save(options.out, "".join(f"{line}\n" for line in queries.export_lines(agency.id)).encode("utf-8"))
    else:
        names = words.Names(*org.names_in(agency.id))
        rows = (words.cells(words.entry_in_words(row, names)) for row in queries.export_rows(found))
        save(options.out, write_csv(words.table_header(), rows))
    return 0
