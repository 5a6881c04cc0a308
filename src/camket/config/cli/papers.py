"""Papers in and out, without a database: ``read``, ``write``, ``schema``, ``conform``, ``template``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from camket.config.cli.console import MISUSED, REFUSED, Commands, Translate, print_json, read_bytes, save
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.plan import Plan, PlanFormatError, json_schema


def add(commands: Commands) -> None:
    """Add the commands that turn decisions into plan format 1 and back, and the one that checks a document's form."""
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

    conform = commands.add_parser(
        "conform", help="check the form of a Word document (Nghị định 30/2020/NĐ-CP, Phụ lục I)"
    )
    conform.add_argument("file", type=Path, help="a .docx file, - for standard input")
    conform.add_argument("--json", action="store_true", help="print what was found as JSON")
    conform.set_defaults(run=_conform)

    template = commands.add_parser(
        "template", help="Word templates of an agency's own: fields, starter, check"
    )
    acts = template.add_subparsers(metavar="ACT", required=True)
    listed = acts.add_parser("fields", help="print the fields of every form (Markdown)")
    listed.set_defaults(run=_template_fields)
    starter = acts.add_parser("starter", help="write the template of a form to begin with")
    starter.add_argument("form", help="key of the form, as in the list of fields")
    starter.add_argument("--out", type=Path, required=True, help="a .docx file")
    starter.set_defaults(run=_template_starter)
    check = acts.add_parser(
        "check", help="check a template of a form, and write it filled in with sample words"
    )
    check.add_argument("file", type=Path, help="a .docx file, - for standard input")
    check.add_argument("--form", required=True, help="key of the form")
    check.add_argument("--out", type=Path, help="where to write it filled in (.docx)")
    check.add_argument("--json", action="store_true", help="print what was found as JSON")
    check.set_defaults(run=_template_check)


def _read(options: argparse.Namespace, translate: Translate) -> int:
    from camket.paper.reading import UnreadableDocument, read_document

    data = read_bytes(options.file)
    try:
        reading = read_document(data, options.file.name)
    except UnreadableDocument as refusal:
        print(f"{options.file.name}: {translate(refusal.message)}", file=sys.stderr)
        return REFUSED
    result = reading.to_json() if options.full else reading.plan.to_json()
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if options.out:
        save(options.out, text.encode("utf-8"))
    else:
        print(text)
    if options.json:
        warnings = [{"path": each.path, "message": translate(each.message)} for each in reading.warnings]
        print(json.dumps({"warnings": warnings}, ensure_ascii=False, indent=2), file=sys.stderr)
    else:
        for warning in reading.warnings:
            print(f"! {warning.path}: {translate(warning.message)}", file=sys.stderr)
    return 0


def load_plan(path: Path) -> Plan:
    """Return the plan of a file in plan format 1; raises Refusal where it is none."""
    try:
        return Plan.from_json(json.loads(read_bytes(path).decode("utf-8")))
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
    plan = load_plan(options.plan)
    layout = Layout(options.layout)
    for loss in losses(plan, layout):
        print(f"! {translate(loss)}", file=sys.stderr)
    save(options.out, write_plan(plan, layout, "pdf" if kind == "pdf" else "docx"))
    return 0


def _schema(_options: argparse.Namespace, _translate: Translate) -> int:
    print_json(json_schema())
    return 0


def _conform(options: argparse.Namespace, translate: Translate) -> int:
    """Print every deviation with its part, place and source; the exit status is 1 where there is one."""
    from camket.paper.conformity import PARTS, check_document

    found = check_document(read_bytes(options.file))
    if options.json:
        print_json(
            {
                "by": found.by,
                "documents": list(found.documents),
                "deviations": [
                    {
                        "code": each.code,
                        "part": translate(PARTS[each.part]),
                        "message": translate(each.message),
                        "excerpt": each.excerpt,
                        "paragraphs": list(each.paragraphs),
                        "source": each.source,
                        "certain": each.is_certain,
                    }
                    for each in found.deviations
                ],
            }
        )
    else:
        for each in found.deviations:
            times = f" (×{len(each.paragraphs)})" if len(each.paragraphs) > 1 else ""
            place = f" “{each.excerpt}”{times}" if each.excerpt else ""
            doubt = "" if each.is_certain else "? "
            print(f"{doubt}{translate(PARTS[each.part])}: {translate(each.message)}{place} [{each.source}]")
        if found.is_conform:
            print(translate(Message(gettext_noop("Nothing deviates from %(by)s."), {"by": found.by})))
    return 0 if found.is_conform else REFUSED


def _template_fields(_options: argparse.Namespace, _translate: Translate) -> int:
    """Print the fields as Markdown; the page docs/reference/template-fields.md holds them."""
    from camket.paper.templating.listing import as_markdown

    print(as_markdown(), end="")
    return 0


def _known_form(form: str) -> str:
    from camket.paper.writing.forms import FORMS

    if form not in FORMS:
        raise Refusal(
            Message(
                gettext_noop("There is no form “%(form)s”. Forms: %(forms)s."),
                {"form": form, "forms": ", ".join(FORMS)},
            )
        )
    return form


def _template_starter(options: argparse.Namespace, _translate: Translate) -> int:
    from camket.paper.templating import starter_template

    save(options.out, starter_template(_known_form(options.form)))
    return 0


def _template_check(options: argparse.Namespace, translate: Translate) -> int:
    """Print what is wrong with a template; the exit status is 1 where it cannot be used."""
    from dataclasses import replace

    from camket.paper.conformity import PARTS
    from camket.paper.templating import TemplateRefused, check_template, sample_document, write_docx

    form = _known_form(options.form)
    data = read_bytes(options.file)
    try:
        checked = check_template(data, form)
        faults = checked.faults
    except TemplateRefused as refusal:
        checked, faults = None, refusal.faults
    found: dict[str, Any] = {
        "faults": [
            {"place": translate(each.place), "words": each.excerpt, "message": translate(each.message)}
            for each in faults
        ],
        "warnings": [translate(each) for each in checked.warnings] if checked else [],
        "deviations": [
            f"{translate(PARTS[each.part])}: {translate(each.message)} [{each.source}]"
            for each in checked.deviations
        ]
        if checked
        else [],
        "fields": list(checked.used) if checked else [],
    }
    if options.json:
        print_json(found)
    else:
        for fault in found["faults"]:
            words = f" “{fault['words']}”" if fault["words"] else ""
            print(f"{fault['place']}{words}: {fault['message']}")
        for line in (*found["warnings"], *found["deviations"]):
            print(f"? {line}")
        if not faults:
            print(translate(Message(gettext_noop("The template can be used."))))
    if options.out and not faults:
        save(options.out, write_docx(replace(sample_document(form), template=data)))
    return REFUSED if faults else 0
