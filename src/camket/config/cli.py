"""The ``camket`` command: the product from the command line.

Reading, writing and the schema need no database; the rest works on the installation whose folder
``CAMKET_DATA`` names. Every sub-command has ``--help``; those that print data have ``--json``.
"""

from __future__ import annotations

import argparse
import gettext
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from camket import __version__
from camket.config import SAMPLE_DAY
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.plan import Plan, PlanFormatError, json_schema

if TYPE_CHECKING:
    from camket.journal.queries import Head
    from camket.keeping.backup import Backup
    from camket.org.policy import Actor

LOCALE = Path(__file__).resolve().parents[3] / "locale"
REFUSED = 1
MISUSED = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one ``camket`` command and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # Windows consoles default to a code page without Vietnamese
    options = _parser().parse_args(arguments)
    translate = _translator(options.language)
    try:
        sys.exit(options.run(options, translate))
    except Refusal as refusal:
        print(translate(refusal.message), file=sys.stderr)
        sys.exit(REFUSED)
    except BrokenPipeError:
        sys.exit(0)


Translate = Callable[[Message], str]


def _translator(language: str) -> Translate:
    """Return what says a message in a language, without Django: reading a file needs no installation."""
    catalogue = gettext.translation("django", LOCALE, [language], fallback=True)

    def translate(message: Message) -> str:
        text = catalogue.gettext(message.template)
        return text % message.params if message.params else text

    return translate


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="camket", description="Cam Kết: from a signed decision to a tracked year."
    )
    parser.add_argument("--version", action="version", version=f"camket {__version__}")
    parser.add_argument(
        "--language",
        choices=["vi", "en"],
        default=os.environ.get("CAMKET_LANGUAGE", "vi"),
        help="of messages (vi)",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    read = commands.add_parser("read", help="read a decision (DOCX, PDF, ODT, text) and print plan format 1")
    read.add_argument("file", type=Path)
    read.add_argument("--out", type=Path, help="write the JSON here instead of printing it")
    read.add_argument(
        "--full", action="store_true", help="also give source spans, confidence, warnings, unread parts"
    )
    read.add_argument("--json", action="store_true", help="print warnings as JSON too (the plan always is)")
    read.set_defaults(run=_read)

    write = commands.add_parser("write", help="write the decision with its annexes from plan format 1")
    write.add_argument("plan", type=Path, help="a plan in JSON, - for standard input")
    write.add_argument("--out", type=Path, required=True, help="a file ending in .docx or .pdf")
    write.add_argument(
        "--layout",
        default="responsibilities",
        help="of the plan's table: responsibilities, sections, targets, measures",
    )
    write.set_defaults(run=_write)

    schema = commands.add_parser("schema", help="print the JSON Schema of plan format 1")
    schema.add_argument("--json", action="store_true", help="as always: the schema is JSON")
    schema.set_defaults(run=_schema)

    serve = commands.add_parser("serve", help="serve the product")
    _serving(serve)
    serve.set_defaults(run=_serve)

    demo = commands.add_parser("demo", help="fill an empty installation with sample data and serve it")
    _serving(demo)
    demo.add_argument("--no-serve", action="store_true", help="only fill the installation")
    demo.set_defaults(run=_demo)

    upgrade = commands.add_parser("upgrade", help="bring database and static files to this version")
    upgrade.set_defaults(run=_upgrade)

    check = commands.add_parser(
        "check", help="look over the installation; --deploy: is it fit for real work?"
    )
    check.add_argument("--deploy", action="store_true", help="refuse what is unsafe for real work")
    check.add_argument("--workers", type=int, default=1, help="as `camket serve` is started with")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_check)

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
    agency_succession.add_argument("--on", required=True, type=_date, help="first day of the successors")
    agency_succession.add_argument("--decision", required=True, help="the text that it rests on")
    agency_succession.set_defaults(run=_agency_succession)

    policy = commands.add_parser("policy", help="print who may do what: acts, roles, how far")
    policy.add_argument("--json", action="store_true")
    policy.set_defaults(run=_policy)

    person = commands.add_parser("person", help="people of this installation")
    person_commands = person.add_subparsers(required=True, metavar="COMMAND")
    person_reset = person_commands.add_parser("reset", help="give somebody a new one-time password")
    person_reset.add_argument("login", help="the name the person signs in with")
    person_reset.add_argument(
        "--second-step", action="store_true", help="take off the second step of signing in instead"
    )
    person_reset.set_defaults(run=_person_reset)

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
    verdicts.add_argument("--on", type=_date, default=None, help="the day judged (today)")
    verdicts.add_argument("--json", action="store_true")
    verdicts.set_defaults(run=_verdicts)

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

    _keeping(commands)
    return parser


def _keeping(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that keep the installation's data."""
    backup = commands.add_parser(
        "backup",
        help="write everything into one file, or check one: backup verify FILE",
        usage="camket backup [--json] FILE\n       camket backup [--json] verify FILE",
    )
    backup.add_argument("words", nargs="+", metavar="FILE", help="the file to write; after 'verify' to check")
    backup.add_argument("--json", action="store_true")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a backup back, into an empty installation")
    restore.add_argument("file", type=Path)
    restore.add_argument("--replace", action="store_true", help="in the place of all that is there")
    restore.add_argument("--json", action="store_true")
    restore.set_defaults(run=_restore)

    export = commands.add_parser("export", help="take all data of one agency out in open formats")
    export.add_argument("agency", help="code of the agency")
    export.add_argument("file", type=Path, help="the ZIP file to write")
    export.set_defaults(run=_export)

    jobs = commands.add_parser("jobs", help="what runs by the clock")
    job_commands = jobs.add_subparsers(required=True, metavar="COMMAND")
    job_list = job_commands.add_parser("list", help="print the timetable")
    job_list.add_argument("--json", action="store_true")
    job_list.set_defaults(run=_jobs_list)
    job_run = job_commands.add_parser("run", help="run what is due until stopped, as a process of its own")
    job_run.add_argument("--once", action="store_true", help="run what is due now and end")
    job_run.set_defaults(run=_jobs_run)
    job_now = job_commands.add_parser("run-now", help="run one job at once, whenever it is due")
    job_now.add_argument("name", help="as `camket jobs list` names it")
    job_now.set_defaults(run=_jobs_run_now)


def _serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="processes; more than one wants PostgreSQL")


def _acting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agency", required=True, help="code of the agency")
    parser.add_argument("--by", required=True, help="sign-in name of the person acting")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a date like 2026-06-30") from None


# Without a database


def _bytes(path: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Refusal(
            Message(
                gettext_noop("%(file)s cannot be opened: %(reason)s. Check the path and try again."),
                {"file": str(path), "reason": error.strerror or str(error)},
            )
        ) from None


def _save(path: Path, data: bytes | Iterator[bytes]) -> None:
    """Write a whole file or nothing."""
    part = path.with_name(path.name + ".part")
    try:
        part.touch(0o600 if not isinstance(data, bytes) else 0o666)
        with part.open("wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
        part.replace(path)
    except OSError as error:
        raise Refusal(
            Message(
                gettext_noop("%(file)s cannot be written: %(reason)s."),
                {"file": str(path), "reason": error.strerror or str(error)},
            )
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _read(options: argparse.Namespace, translate: Translate) -> int:
    from camket.paper.reading import UnreadableDocument, read_document

    data = _bytes(options.file)
    try:
        reading = read_document(data, options.file.name)
    except UnreadableDocument as refusal:
        print(f"{options.file.name}: {translate(refusal.message)}", file=sys.stderr)
        return REFUSED
    result = reading.to_json() if options.full else reading.plan.to_json()
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if options.out:
        _save(options.out, text.encode("utf-8"))
    else:
        print(text)
    if options.json:
        warnings = [{"path": each.path, "message": translate(each.message)} for each in reading.warnings]
        print(json.dumps({"warnings": warnings}, ensure_ascii=False, indent=2), file=sys.stderr)
    else:
        for warning in reading.warnings:
            print(f"! {warning.path}: {translate(warning.message)}", file=sys.stderr)
    return 0


def _load_plan(path: Path) -> Plan:
    try:
        return Plan.from_json(json.loads(_bytes(path).decode("utf-8")))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Refusal(
            Message(
                gettext_noop("%(file)s is not JSON: %(reason)s."), {"file": str(path), "reason": str(error)}
            )
        ) from None
    except PlanFormatError as error:
        raise Refusal(
            Message(
                gettext_noop("%(file)s is not a plan of format 1: at %(place)s, %(problem)s."),
                {"file": str(path), "place": error.path or "plan", "problem": error.problem},
            )
        ) from None


def _write(options: argparse.Namespace, translate: Translate) -> int:
    from camket.paper.writing.decision import Layout, losses, write_plan

    layouts = [layout.value for layout in Layout]
    if options.layout not in layouts:
        print(
            translate(
                Message(
                    gettext_noop("No layout is called %(layout)s. Layouts: %(layouts)s."),
                    {"layout": options.layout, "layouts": ", ".join(layouts)},
                )
            ),
            file=sys.stderr,
        )
        return MISUSED
    kind = options.out.suffix.lower().lstrip(".")
    if kind not in {"docx", "pdf"}:
        print(
            translate(Message(gettext_noop("The file written must end in .docx or .pdf."))), file=sys.stderr
        )
        return MISUSED
    plan = _load_plan(options.plan)
    layout = Layout(options.layout)
    for loss in losses(plan, layout):
        print(f"! {translate(loss)}", file=sys.stderr)
    _save(options.out, write_plan(plan, layout, "pdf" if kind == "pdf" else "docx"))
    return 0


def _schema(_options: argparse.Namespace, _translate: Translate) -> int:
    _print_json(json_schema())
    return 0


# With a database


def _django(language: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camket.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(language)


def _migrate(*, quiet: bool) -> None:
    """Bring the database to this version."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0 if quiet else 1)


def _collect() -> None:
    """Collect the static files where this version has not yet done so."""
    from django.conf import settings
    from django.core.management import call_command

    source = Path(__file__).resolve().parents[1] / "web" / "static"
    digest = hashlib.sha256()
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        digest.update(
            f"{file.relative_to(source)} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode()
        )
    stamp = settings.STATIC_ROOT / ".collected"
    if not stamp.exists() or stamp.read_text("ascii") != digest.hexdigest():
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest(), "ascii")


def _listen(options: argparse.Namespace) -> None:
    from camket.config import serving
    from camket.jobs import worker

    serving.serve(host=options.host, port=options.port, workers=options.workers, background=worker.running())


def _upgrade(options: argparse.Namespace, _translate: Translate) -> int:
    _django(options.language)
    _migrate(quiet=False)
    _collect()
    return 0


def _check(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    from django.core.management import call_command
    from django.utils import timezone

    from camket.config import deployment

    if not options.deploy:
        call_command("check")
        return 0
    facts = deployment.facts_of_installation(workers=options.workers, now=timezone.now())
    found = deployment.findings(facts)
    refused = [each for each in found if each.level is deployment.Level.REFUSED]
    if options.json:
        listed = [each.to_json(translate(each.message)) for each in found]
        _print_json({"fit": not refused, "findings": listed})
        return REFUSED if refused else 0
    for each in found:
        mark = "✗" if each in refused else "–"
        print(f"{mark} {translate(each.message)}", file=sys.stderr if each in refused else sys.stdout)
    if refused:
        verdict = Message(
            gettext_noop("This installation is not fit for real work yet: %(count)s things to mend."),
            {"count": str(len(refused))},
        )
        print(translate(verdict), file=sys.stderr)
        return REFUSED
    print(
        translate(Message(gettext_noop("Nothing unsafe was found: this installation is fit for real work.")))
    )
    return 0


def _serve(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    _migrate(quiet=True)
    _collect()
    print(
        translate(
            Message(
                gettext_noop("Cam Kết listens on http://%(host)s:%(port)s (stop with Ctrl+C)."),
                {"host": options.host, "port": str(options.port)},
            )
        ),
        flush=True,
    )
    _listen(options)
    return 0


def _demo(options: argparse.Namespace, translate: Translate) -> int:
    os.environ.setdefault("CAMKET_TODAY", SAMPLE_DAY.isoformat())
    _django(options.language)
    _migrate(quiet=True)
    from camket.config import demo

    signs_in = demo.fill()
    print(translate(Message(gettext_noop("Sample agency: %(agency)s"), {"agency": demo.agency_name()})))
    print(
        translate(
            Message(
                gettext_noop("Address: http://%(host)s:%(port)s"),
                {"host": options.host, "port": str(options.port)},
            )
        )
    )
    for person in signs_in:
        print(f"  {translate(person.post):<18} {person.full_name:<22} {person.login} / {person.password}")
    sys.stdout.flush()
    if not options.no_serve:
        _collect()
        _listen(options)
    return 0


def _today() -> date:
    from django.conf import settings

    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date()


def _agency_list(options: argparse.Namespace, _translate: Translate) -> int:
    _django(options.language)
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
        _print_json(rows)
    else:
        for row in rows:
            ended = f"  ({row['valid_to']})" if row["valid_to"] else ""
            print(f"{row['code']:<16} {row['name']}{ended}")
    return 0


def _agency_id(code: str) -> int:
    """Return the agency that a code means today; raises Refusal where none does."""
    from camket.org import queries

    found = queries.agency_by_code(code, _today())
    if found is None:
        raise Refusal(Message(gettext_noop("No agency has the code %(agency)s."), {"agency": code}))
    return found.id


def _agency_add(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    _migrate(quiet=True)
    from camket.org import operations

    opened = operations.open_agency(
        code=options.code,
        name=options.name,
        level=options.level,
        parent_id=_agency_id(options.parent) if options.parent else None,
        administrative_code=options.administrative_code,
        secretary=options.secretary,
        login=options.login,
        today=_today(),
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
    _django(options.language)
    _migrate(quiet=True)
    from camket.core.agency_list import read_agency_list
    from camket.org import operations, queries
    from camket.paper.sheets import read_sheet

    sheet = read_sheet(_bytes(options.file), options.file.name)
    agencies = read_agency_list(((row.number, row.cells) for row in sheet.rows), queries.level_names())
    try:
        imported = operations.import_agencies(
            actor=None,
            agencies=agencies,
            under_id=_agency_id(options.under) if options.under else None,
            today=_today(),
        )
    except operations.AgenciesNotImported as refusal:
        for number, problem in refusal.problems:
            told = {"row": str(number), "problem": translate(problem)}
            print(translate(Message(gettext_noop("Row %(row)s: %(problem)s"), told)), file=sys.stderr)
        raise
    if options.json:
        _print_json(
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
    _django(options.language)
    from camket.org import operations

    made = operations.record_succession(
        actor=None,
        predecessor_ids=[_agency_id(code) for code in options.before],
        successor_ids=[_agency_id(code) for code in options.after],
        kind=options.kind,
        on=options.on,
        decision=options.decision,
        today=_today(),
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


def _policy(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    from camket.org import policy

    rows = policy.table()
    if options.json:
        _print_json(
            [
                {
                    "act": row.act,
                    "about": translate(Message(row.about)),
                    "roles": {scope.value: list(roles) for scope, roles in row.roles.items()},
                }
                for row in rows
            ]
        )
    else:
        print(policy_markdown(translate))
    return 0


def policy_markdown(translate: Translate) -> str:
    """Return the table of who may do what as Markdown; the page docs/reference/authority.md holds it."""
    from camket.org import policy

    lines: list[str] = []
    area = ""
    for row in policy.table():
        if row.area != area:
            area = row.area
            lines += ["", f"### {translate(Message(area))}", ""]
            lines += [
                "| act | what it is | the whole agency | the own unit's work | agencies below | predecessors |"
            ]
            lines += ["| --- | --- | --- | --- | --- | --- |"]
        cells = [", ".join(row.roles[scope]) for scope in policy.Scope]
        unit, whole, below, before = cells
        lines.append(
            f"| `{row.act}` | {translate(Message(row.about))} | {whole} | {unit} | {below} | {before} |"
        )
    return "\n".join(lines).strip()


def _person_reset(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    from django.core.exceptions import ObjectDoesNotExist

    from camket.org import operations

    try:
        if options.second_step:
            operations.recover_second_factor(login=options.login, today=_today(), now=_now())
            done = Message(
                gettext_noop("%(login)s signs in without a second step now, and is told so."),
                {"login": options.login},
            )
            print(translate(done))
            return 0
        given = operations.recover_password(login=options.login, today=_today())
    except ObjectDoesNotExist:
        raise Refusal(
            Message(gettext_noop("Nobody signs in as %(login)s here."), {"login": options.login})
        ) from None
    print(
        translate(
            Message(
                gettext_noop("%(login)s signs in with the one-time password %(password)s"),
                {"login": given.login, "password": given.password},
            )
        )
    )
    return 0


def _actor(options: argparse.Namespace) -> Actor:
    from camket.org import queries

    actor = queries.actor_named(agency_code=options.agency, login=options.by, on=_today())
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
    _django(options.language)
    from camket.objectives import operations

    actor = _actor(options)
    if options.file.suffix.lower() == ".json":
        plan = operations.import_format(plan=_load_plan(options.file), actor=actor, today=_today())
        is_new = True
    else:
        imported = operations.import_plan(
            data=_bytes(options.file), name=options.file.name, actor=actor, today=_today()
        )
        plan, is_new = imported.plan_id, imported.is_new
    if options.json:
        _print_json({"plan": plan, "is_new": is_new})
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
    _django(options.language)
    from camket.objectives.verdicts import verdicts_report

    on = options.on or _today()
    rows = verdicts_report(options.agency, on)
    if rows is None:
        raise Refusal(
            Message(
                gettext_noop("The agency %(agency)s has no plan in force on %(on)s, or does not exist."),
                {"agency": options.agency, "on": on.strftime("%d/%m/%Y")},
            )
        )
    if options.json:
        _print_json(rows)
    else:
        for row in rows:
            print(f"{row['objective']:<5} {row['state']:<12} {row['target']}\n      {row['reason']}")
    return 0


def _journal_verify(options: argparse.Namespace, translate: Translate) -> int:
    if options.file is not None:
        return _journal_verify_file(options, translate)
    _django(options.language)
    from camket.core.chain import Fault
    from camket.journal import guard, queries
    from camket.org import queries as org
    from camket.web.staff.organisation.words import fault_label

    agencies = [each for each in org.all_agencies() if options.agency in (None, each.code)]
    if options.agency and not agencies:
        raise Refusal(Message(gettext_noop("No agency has the code %(agency)s."), {"agency": options.agency}))
    noted = _noted_heads(options.since) if options.since else {}
    results: list[dict[str, Any]] = []
    for each in agencies:
        state = queries.verify(each.id, noted.pop(each.code, None))
        accesses = queries.verify_accesses(each.id)
        results.append({"agency": each.code, **state.to_json(), "accesses": accesses.to_json()})
    unknown = [] if options.agency else sorted(noted)
    unguarded = guard.missing()
    if options.json:
        _print_json(results)
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
            for each in json.loads(_bytes(path))
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
        checked = verify_export(_bytes(options.file).decode("utf-8").splitlines())
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
        _print_json(result)
        return 0 if checked.found is None else REFUSED
    text = gettext_noop("%(agency)s: %(entries)s entries, chain whole")
    if not checked.is_whole:
        text = gettext_noop("%(agency)s: %(entries)s entries of a part of the journal, each whole")
    if checked.found is not None:
        text = gettext_noop("%(agency)s: %(entries)s entries, chain BROKEN at entry %(broken_at)s")
    print(translate(Message(text, {key: str(value) for key, value in result.items()})))
    return 0 if checked.found is None else REFUSED


def _journal_heads(options: argparse.Namespace, _translate: Translate) -> int:
    _django(options.language)
    from camket.journal import queries

    heads = [each.to_json() for each in queries.heads()]
    if options.json:
        _print_json(heads)
    else:
        for each in heads:
            print(f"{each['agency']:<16} {each['sequence']:>9} {each['hash']}")
    return 0


def _journal_export(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    from camket.journal import operations, queries
    from camket.org import queries as org
    from camket.paper.sheets import write_csv
    from camket.web.staff.organisation import words

    agency = next((each for each in org.all_agencies() if each.code == options.agency), None)
    if agency is None:
        raise Refusal(Message(gettext_noop("No agency has the code %(agency)s."), {"agency": options.agency}))
    kind = options.out.suffix.lower().lstrip(".")
    if kind not in {"jsonl", "csv"}:
        print(
            translate(Message(gettext_noop("The file written must end in .jsonl or .csv."))), file=sys.stderr
        )
        return MISUSED
    found = operations.export_all(agency_id=agency.id, file_format=kind, today=_today())
    if kind == "jsonl":
        _save(options.out, "".join(f"{line}\n" for line in queries.export_lines(agency.id)).encode("utf-8"))
    else:
        names = words.Names(*org.names_in(agency.id))
        rows = (words.cells(words.entry_in_words(row, names)) for row in queries.export_rows(found))
        _save(options.out, write_csv(words.table_header(), rows))
    return 0


def _now() -> datetime:
    from django.conf import settings

    return datetime.now(ZoneInfo(settings.TIME_ZONE))


def _backup(options: argparse.Namespace, translate: Translate) -> int:
    is_check = len(options.words) == 2 and options.words[0] == "verify"
    if len(options.words) > 1 and not is_check:
        print(translate(Message(gettext_noop("Give one file: camket backup FILE."))), file=sys.stderr)
        return MISUSED
    _django(options.language)
    from camket.keeping.backup import verify_backup, write_backup

    path, passphrase = Path(options.words[-1]), os.environ.get("CAMKET_BACKUP_KEY", "")
    if is_check:
        done = verify_backup(path=path, passphrase=passphrase)
        said = gettext_noop(
            "%(file)s is whole: %(rows)s rows in %(tables)s tables, %(files)s files, written on %(made_at)s "
            "by version %(product)s."
        )
    else:
        done = write_backup(target=path, now=_now(), passphrase=passphrase)
        said = gettext_noop(
            "%(file)s is written: %(rows)s rows in %(tables)s tables, %(files)s files, %(size)s MB. It is as "
            "secret as the database: it holds names and what people sign in with."
        )
    if options.json:
        _print_json(done.to_json())
    else:
        _say_backup(done, said, translate)
    for name in done.missing:
        lost = gettext_noop(
            "The stored file “%(name)s” was gone or changed on disk when the backup was written."
        )
        print("! " + translate(Message(lost, {"name": name})), file=sys.stderr)
    return REFUSED if done.missing else 0


def _say_backup(done: Backup, said: str, translate: Translate) -> None:
    made_at = datetime.fromisoformat(done.made_at).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    params = {
        "file": str(done.path),
        "rows": str(done.rows),
        "tables": str(done.tables),
        "files": str(done.files),
        "made_at": made_at.strftime("%d/%m/%Y %H:%M"),
        "product": done.product,
        "size": f"{done.size / 1_000_000:.1f}".replace(".", ","),
    }
    print(translate(Message(said, params)))
    for chain in done.chains:
        end = gettext_noop("%(agency)s: journal of %(entries)s entries, newest hash %(head)s")
        params = {"agency": chain.code, "entries": str(chain.entries), "head": chain.head}
        print("  " + translate(Message(end, params)))


def _restore(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    from django.conf import settings

    from camket.keeping.restore import restore_backup

    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    passphrase = os.environ.get("CAMKET_BACKUP_KEY", "")
    done = restore_backup(path=options.file, replace=options.replace, passphrase=passphrase)
    if options.json:
        _print_json(done.to_json())
    else:
        said = gettext_noop(
            "%(file)s of %(made_at)s is restored: %(rows)s rows in %(tables)s tables, %(files)s files; every "
            "table compared with the backup. Everyone signs in anew."
        )
        _say_backup(done.backup, said, translate)
    for code in done.broken:
        broken = gettext_noop(
            "%(agency)s: the journal's chain is broken, as it was when the backup was written."
        )
        print("! " + translate(Message(broken, {"agency": code})), file=sys.stderr)
    return REFUSED if done.broken else 0


def _export(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    from django.core.exceptions import ObjectDoesNotExist

    from camket.keeping import operations

    try:
        parts = operations.take_out_as_operator(code=options.agency, today=_today(), now=_now())
    except ObjectDoesNotExist:
        raise Refusal(
            Message(gettext_noop("No agency has the code %(agency)s."), {"agency": options.agency})
        ) from None
    _save(options.file, parts)
    said = gettext_noop("The data of %(agency)s are in %(file)s. They hold personal data: keep them as such.")
    print(translate(Message(said, {"agency": options.agency, "file": str(options.file)})))
    return 0


def _jobs_list(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    from camket.jobs import queries

    timetable = queries.whole_timetable(_now())
    if options.json:
        _print_json([{**row.to_json(), "off": row.why_off is not None} for row in timetable.jobs])
        return 0
    zone = _now().tzinfo
    for row in timetable.jobs:
        due = row.due_at.astimezone(zone).strftime("%d/%m/%Y %H:%M") if row.due_at else "-"
        said = row.why_off or row.error or row.result
        print(f"{row.name:<12} {row.state.value:<9} {due:<17} {translate(said) if said else ''}".rstrip())
    return 0


def _jobs_run(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    import signal
    import threading

    from camket.jobs.worker import Worker

    worker, stop = Worker(), threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if options.once:
        worker.look(stop)
        return 0
    print(translate(Message(gettext_noop("Jobs run here as they come due (stop with Ctrl+C)."))), flush=True)
    worker.run(stop)
    return 0


def _jobs_run_now(options: argparse.Namespace, translate: Translate) -> int:
    _django(options.language)
    from camket.jobs import queries
    from camket.jobs.worker import Worker

    Worker().run_now(options.name)
    row = next(each for each in queries.whole_timetable(_now()).jobs if each.name == options.name)
    said = row.error or row.result
    if said:
        print(translate(said), file=sys.stderr if row.error else sys.stdout)
    return REFUSED if row.error or row.is_alarm else 0


if __name__ == "__main__":
    main()
