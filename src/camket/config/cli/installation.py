"""The installation that ``CAMKET_DATA`` names: started, brought to this version, asked for its time."""

from __future__ import annotations

import hashlib
import os
from datetime import date, datetime
from pathlib import Path

from camket.core.messages import Message, Refusal, gettext_noop


def set_up(language: str) -> None:
    """Start Django, so that the installation can be reached; its own messages are in this language."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camket.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(language)


def migrate(*, quiet: bool) -> None:
    """Bring the database to this version."""
    from django.conf import settings

    from camket.keeping.upgrading import upgrade

    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(quiet=quiet)


def collect() -> None:
    """Collect the static files where this version has not yet done so."""
    from django.conf import settings
    from django.core.management import call_command

    source = Path(__file__).resolve().parents[2] / "web" / "static"
    digest = hashlib.sha256()
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        digest.update(
            f"{file.relative_to(source)} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode()
        )
    stamp = settings.STATIC_ROOT / ".collected"
    if not stamp.exists() or stamp.read_text("ascii") != digest.hexdigest():
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest(), "ascii")


def today() -> date:
    """Return the day in Vietnam; ``CAMKET_TODAY`` fixes it, as on pages."""
    return now().date()


def now() -> datetime:
    """Return the time in Vietnam, on the day that ``CAMKET_TODAY`` fixes where it does."""
    from camket.org import clock

    return clock.now()


def unknown_agency(code: str) -> Refusal:
    """Return the refusal where no agency has a code."""
    return Refusal(Message(gettext_noop("No agency has the code %(agency)s."), {"agency": code}))
