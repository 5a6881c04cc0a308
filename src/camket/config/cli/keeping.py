"""The data kept: ``backup``, ``restore``, ``export``, ``pack``."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from camket.config.cli.console import MISUSED, REFUSED, Commands, Translate, print_json, save
from camket.config.cli.installation import now, set_up, today, unknown_agency
from camket.core.messages import Message, gettext_noop

if TYPE_CHECKING:
    from camket.keeping.backup import Backup


def add(commands: Commands) -> None:
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

    pack = commands.add_parser("pack", help="put a year's evidence of one agency together, for an inspection")
    pack.add_argument("--agency", required=True, help="code of the agency")
    pack.add_argument("--year", type=int, required=True)
    pack.add_argument(
        "--to", type=Path, required=True, help="the folder in which the pack's own folder is made"
    )
    pack.set_defaults(run=_pack)


def _backup(options: argparse.Namespace, translate: Translate) -> int:
    is_check = len(options.words) == 2 and options.words[0] == "verify"
    if len(options.words) > 1 and not is_check:
        print(translate(Message(gettext_noop("Give one file: camket backup FILE."))), file=sys.stderr)
        return MISUSED
    set_up(options.language)
    from camket.keeping.backup import verify_backup, write_backup

    path, passphrase = Path(options.words[-1]), os.environ.get("CAMKET_BACKUP_KEY", "")
    if is_check:
        done = verify_backup(path=path, passphrase=passphrase)
        said = gettext_noop(
            "%(file)s is whole: %(rows)s rows in %(tables)s tables, %(files)s files, written on %(made_at)s "
            "by version %(product)s."
        )
    else:
        done = write_backup(target=path, now=now(), passphrase=passphrase)
        said = gettext_noop(
            "%(file)s is written: %(rows)s rows in %(tables)s tables, %(files)s files, %(size)s MB. It is as "
            "secret as the database: it holds names and what people sign in with."
        )
    if options.json:
        print_json(done.to_json())
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
    set_up(options.language)
    from django.conf import settings

    from camket.keeping.restore import restore_backup

    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    passphrase = os.environ.get("CAMKET_BACKUP_KEY", "")
    done = restore_backup(path=options.file, replace=options.replace, passphrase=passphrase)
    if options.json:
        print_json(done.to_json())
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
    set_up(options.language)
    from django.core.exceptions import ObjectDoesNotExist

    from camket.keeping import operations

    try:
        parts = operations.take_out_as_operator(code=options.agency, today=today(), now=now())
    except ObjectDoesNotExist:
        raise unknown_agency(options.agency) from None
    save(options.file, parts)
    said = gettext_noop("The data of %(agency)s are in %(file)s. They hold personal data: keep them as such.")
    print(translate(Message(said, {"agency": options.agency, "file": str(options.file)})))
    return 0


def _pack(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from django.core.exceptions import ObjectDoesNotExist

    from camket.packing import operations

    try:
        folder, missing = operations.write_as_operator(
            code=options.agency, year=options.year, to=options.to, now=now()
        )
    except ObjectDoesNotExist:
        raise unknown_agency(options.agency) from None
    said = gettext_noop("The pack is in %(folder)s; %(missing)s things are said as missing. Open index.html.")
    print(translate(Message(said, {"folder": str(folder), "missing": str(missing)})))
    return 0
