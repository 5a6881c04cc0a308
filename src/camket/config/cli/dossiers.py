"""Dossiers of an agency: ``dossiers import``, ``undo``, ``batches``."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from camket.config.cli.console import REFUSED, Commands, Translate, date_argument, print_json
from camket.config.cli.installation import now, set_up, today, unknown_agency
from camket.core.messages import Message, Refusal, gettext_noop

if TYPE_CHECKING:
    from camket.dossiers.importing.operations import Installation
    from camket.dossiers.models import Batch


def add(commands: Commands) -> None:
    """Add the commands on dossiers."""
    dossiers = commands.add_parser("dossiers", help="dossiers of administrative procedures")
    group = dossiers.add_subparsers(required=True, metavar="COMMAND")
    bring = group.add_parser("import", help="import an export of the one-stop software, without asking back")
    bring.add_argument("file", type=Path)
    bring.add_argument("--agency", required=True, help="code of the agency")
    bring.add_argument("--as-of", type=date_argument, help="the day that the export shows (today)")
    bring.add_argument("--software", help="name of the saved way of reading (the one whose headings fit)")
    bring.add_argument("--mapping", type=Path, help="JSON file: field of a dossier to heading of the column")
    bring.add_argument("--check", action="store_true", help="only say what would be added, changed, refused")
    bring.add_argument("--json", action="store_true")
    bring.set_defaults(run=_import)

    undo = group.add_parser("undo", help="undo an import: dossiers and counts are as they were before it")
    undo.add_argument("batch", type=int, help="number of the import, as `dossiers batches` prints it")
    undo.add_argument("--agency", required=True, help="code of the agency")
    undo.set_defaults(run=_undo)

    batches = group.add_parser("batches", help="print the imports of an agency, the newest first")
    batches.add_argument("--agency", required=True, help="code of the agency")
    batches.add_argument("--json", action="store_true")
    batches.set_defaults(run=_batches)


def _acting(options: argparse.Namespace) -> Installation:
    from camket.dossiers.importing.operations import Installation
    from camket.org.models import Agency

    agency_id = Agency.objects.filter(code=options.agency).values_list("pk", flat=True).first()
    if agency_id is None:
        raise unknown_agency(options.agency)
    return Installation(agency_id)


def _import(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.dossiers.importing import operations
    from camket.dossiers.models import Batch, Software

    who = _acting(options)
    if not options.file.is_file():
        raise Refusal(
            Message(gettext_noop("There is no file %(file)s. Check the path."), {"file": str(options.file)})
        )
    chosen = None
    if options.software:
        chosen = Software.objects.filter(agency_id=who.agency_id, name=options.software).first()
        if chosen is None:
            raise Refusal(
                Message(
                    gettext_noop("The agency has no saved way of reading called “%(name)s”."),
                    {"name": options.software},
                )
            )
    batch = operations.receive_file(
        actor=who,
        name=options.file.name,
        path=options.file,
        software_id=chosen.pk if chosen else None,
        origin=Batch.Origin.COMMAND,
        as_of=options.as_of or today(),
        now=now(),
    )
    try:
        batch = operations.set_mapping(
            actor=who,
            batch_id=batch.pk,
            mapping=_mapping(options.mapping) if options.mapping else batch.reading["mapping"],
            words=batch.reading["words"],
            is_checked=options.check,
            now=now(),
            clock=now,
        )
        batch = operations.carry_on(batch=batch, clock=now)
    except Refusal:
        operations.discard_batch(actor=who, batch_id=batch.pk, now=now())
        raise
    if options.check:
        told = _told(batch)
        operations.discard_batch(actor=who, batch_id=batch.pk, now=now())
    else:
        batch = operations.start_import(actor=who, batch_id=batch.pk, now=now(), clock=now)
        batch = operations.carry_on(batch=batch, clock=now)
        told = _told(batch)
    return _say(batch, told, options, translate)


def _mapping(path: Path) -> dict[str, str]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(
            Message(
                gettext_noop("%(file)s is no JSON file that names a heading for each field: %(reason)s."),
                {"file": str(path), "reason": str(error)},
            )
        ) from None
    if not isinstance(data, dict) or not all(isinstance(each, str) for pair in data.items() for each in pair):
        raise Refusal(
            Message(
                gettext_noop("%(file)s is no JSON file that names a heading for each field: %(reason)s."),
                {"file": str(path), "reason": '{"code": "Số hồ sơ", …}'},
            )
        )
    return data


def _say(batch: Batch, told: dict[str, Any], options: argparse.Namespace, translate: Translate) -> int:
    from camket.dossiers.models import Batch

    if options.json:
        print_json(told)
    elif batch.state != Batch.State.FAILED:
        figures = {name: str(told[name]) for name in ("batch", "added", "changed", "same", "refused")}
        said = (
            gettext_noop(
                "Only checked, nothing imported: %(added)s would be added, %(changed)s changed, "
                "%(same)s as before, %(refused)s refused."
            )
            if options.check
            else gettext_noop(
                "Import %(batch)s: %(added)s added, %(changed)s changed, %(same)s as before, %(refused)s refused."
            )
        )
        print(translate(Message(said, figures)))
    if batch.state == Batch.State.FAILED:
        raise Refusal(Message(batch.error["message"], batch.error["params"]))
    return REFUSED if batch.state == Batch.State.MAPPING else 0


def _undo(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from django.core.exceptions import ObjectDoesNotExist

    from camket.dossiers.importing import operations

    who = _acting(options)
    try:
        batch = operations.undo_batch(actor=who, batch_id=options.batch, now=now(), clock=now)
    except ObjectDoesNotExist:
        raise Refusal(
            Message(
                gettext_noop("The agency %(agency)s has no import with the number %(batch)s."),
                {"agency": options.agency, "batch": str(options.batch)},
            )
        ) from None
    operations.carry_on(batch=batch, clock=now)
    print(translate(Message(gettext_noop("Import %(batch)s is undone."), {"batch": str(options.batch)})))
    return 0


def _batches(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.dossiers.models import Batch

    rows = Batch.objects.filter(agency_id=_acting(options).agency_id).order_by("-created_at", "-pk")
    if options.json:
        print_json([_told(row) for row in rows])
        return 0
    zone = now().tzinfo
    for row in rows:
        at = row.created_at.astimezone(zone)
        print(
            f"{row.pk:>6} {at:%d/%m/%Y %H:%M} {row.state:<9} +{row.added} ~{row.changed} ={row.same}"
            f" !{row.refused} {row.file_name}"
        )
    return 0


def _told(batch: Batch) -> dict[str, Any]:
    def said(at: datetime | None) -> str | None:
        return at.isoformat(timespec="seconds") if at else None

    return {
        "batch": batch.pk,
        "file": batch.file_name,
        "sha256": batch.sha256,
        "state": batch.state,
        "as_of": batch.as_of.isoformat(),
        "rows": batch.total_rows,
        "done_rows": batch.done_rows,
        "added": batch.added,
        "changed": batch.changed,
        "same": batch.same,
        "refused": batch.refused,
        "created_at": said(batch.created_at),
        "ended_at": said(batch.ended_at),
    }
