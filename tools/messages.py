"""Keep the catalogue of Vietnamese messages: add translations, compile, list what is missing.

    python tools/messages.py add FILE.json    merge {msgid: Vietnamese} into the catalogue and compile
    python tools/messages.py compile          write the .mo files (no gettext needed)
    python tools/messages.py missing          list ids in the source without Vietnamese (needs gettext)
    python tools/messages.py prune            drop ids that the source no longer uses (needs gettext)

A plural entry is {"msgid": {"plural": "…", "vi": "…"}}.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/vi/LC_MESSAGES/django.po"


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    lock = CATALOGUE.with_suffix(".lock")
    for _ in range(300):
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            time.sleep(0.1)
    else:
        raise SystemExit(f"{lock} stays locked; delete it if no other run is under way")
    try:
        yield
    finally:
        lock.unlink()


def _read() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="vi", project="Cam Kết", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


def add(file: Path) -> int:
    """Merge a JSON file of translations and compile; existing entries are replaced."""
    entries = json.loads(file.read_text("utf-8"))
    with _locked():
        catalogue = _read()
        for msgid, value in entries.items():
            if isinstance(value, dict):
                catalogue.delete(msgid)
                catalogue.add(
                    (msgid, value["plural"]),
                    (unicodedata.normalize("NFC", value["vi"]),),
                    flags=_flags(msgid),
                )
            else:
                catalogue.delete(msgid)
                catalogue.add(msgid, unicodedata.normalize("NFC", value), flags=_flags(msgid))
        with CATALOGUE.open("wb") as target:
            write_po(target, catalogue, width=0, sort_output=True, omit_header=False)
        compile_all()
    return len(entries)


def _flags(msgid: str) -> set[str]:
    return {"python-format"} if "%(" in msgid else set()


def compile_all() -> None:
    """Write the .mo beside every .po under locale folders."""
    for po in ROOT.glob("locale*/*/LC_MESSAGES/*.po"):
        with po.open("rb") as file:
            catalogue = read_po(file, locale="vi")
        part = po.with_suffix(f".mo.{os.getpid()}")
        with part.open("wb") as target:
            write_mo(target, catalogue)
        part.replace(po.with_suffix(".mo"))


def _used() -> Catalog:
    """Return the ids that the source uses, read by gettext from Python and templates."""
    import subprocess
    import tempfile

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camket.config.settings")
    import django
    from django.utils.translation.template import templatize

    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        files: list[str] = []
        for path in sorted((ROOT / "src").rglob("*")):
            if path.suffix == ".py":
                files.append(str(path))
            elif path.suffix in (".html", ".txt") and "templates" in path.parts:
                copy = Path(folder) / (str(path.relative_to(ROOT)).replace("/", "_") + ".py")
                copy.write_text(templatize(path.read_text("utf-8"), origin=str(path)), "utf-8")
                files.append(str(copy))
        out = Path(folder) / "all.po"
        keywords = ["gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3"]
        keywords += ["pgettext_lazy:1c,2", "gettext", "ngettext:1,2", "ngettext_noop:1,2"]
        subprocess.run(
            [
                "xgettext",
                "--from-code=UTF-8",
                "--language=Python",
                "-o",
                str(out),
                *(f"-k{k}" for k in keywords),
                *files,
            ],
            check=True,
            capture_output=True,
        )
        # Its header is a form to fill in, which no reader takes; but told to leave it out, gettext also drops
        # the letters of ids that are not ASCII.
        text = out.read_text("utf-8")
        return read_po(io.BytesIO(text[text.index("\n#: ") :].encode()))


def missing() -> list[str]:
    """Return the ids that the source uses and the catalogue lacks."""
    have = _read()
    lacking = []
    for message in _used():
        if not message.id:
            continue
        known = have.get(message.id, message.context)
        texts = (
            known.string if known and isinstance(known.string, tuple) else (known.string,) if known else ()
        )
        if not any(texts) or (known and known.fuzzy):
            lacking.append(str(message.id if isinstance(message.id, str) else message.id[0]))
    return lacking


def prune() -> int:
    """Drop what the source no longer uses from the catalogue; return how many ids went."""
    used = _used()
    with _locked():
        catalogue = _read()
        stale = [
            message for message in catalogue if message.id and used.get(message.id, message.context) is None
        ]
        for message in stale:
            catalogue.delete(message.id, message.context)
        with CATALOGUE.open("wb") as target:
            write_po(target, catalogue, width=0, sort_output=True, omit_header=False)
        compile_all()
    return len(stale)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["add", file]:
            print(f"{add(Path(file))} messages merged")
        case ["compile"]:
            compile_all()
        case ["missing"]:
            lacking = missing()
            print("\n".join(repr(msgid) for msgid in lacking))
            return 1 if lacking else 0
        case ["prune"]:
            print(f"{prune()} unused messages dropped")
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
