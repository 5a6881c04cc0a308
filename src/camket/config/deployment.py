"""Is this installation fit to hold an office's real work? What is unsafe is refused, with what, why and how to mend it.

Facts are gathered once (:func:`facts_of_installation`) and judged without looking anywhere else (:func:`findings`),
so that each unsafe set-up has a test. Django's own deployment checks are part of it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from camket.core.messages import Message, gettext_noop

LONGEST_SINCE_BACKUP = timedelta(hours=50)
"""Two nights without a backup that was checked, and two hours."""
SHORTEST_KEY = 50
"""Characters, as Django's own check has it (security.W009)."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", ""})
_PUBLISHED_KEYS = ("django-insecure", "changeme", "change-me", "secret", "doi-khoa-nay", "your-secret-key")
_WEB_FOLDERS = frozenset({"www", "htdocs", "public_html", "wwwroot", "httpdocs", "webroot", "html", "public"})
_TLS = frozenset({"require", "verify-ca", "verify-full"})

# Said by a sentence of ours, or an act that is not this product's to decide: whether every other site under the
# agency's domain speaks HTTPS, and whether the domain asks browsers' makers to be put on their list.
_DJANGO_SAID = frozenset(
    f"security.W{number:03}" for number in (4, 5, 8, 9, 12, 16, 18, 20, 21, 25)
)  # fmt: skip


class Level(StrEnum):
    """How much a finding weighs."""

    REFUSED = "refused"  # not fit for real work
    NOTE = "note"  # fit; worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and what to do about it."""

    code: str
    level: Level
    message: Message

    def to_json(self, text: str) -> dict[str, str]:
        """Return it for ``--json``, with its sentence in the language asked for."""
        return {"code": self.code, "level": self.level.value, "message": text}


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What the check must know of the database."""

    is_sqlite: bool
    host: str = ""
    sslmode: str = ""
    is_superuser: bool = False
    pending: tuple[str, ...] = ()
    is_out_of_reach: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """An installation's set-up as it is found."""

    debug: bool
    https: bool
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    secret_key: str
    today: str
    workers: int
    data: Path
    static: Path
    data_mode: int | None
    key_mode: int | None
    database: DatabaseFacts
    published_sign_ins: tuple[str, ...]
    backups: Path | None
    backed_up_at: datetime | None
    has_mail: bool
    mail_in_the_open: str
    is_root: bool
    django: tuple[tuple[str, str], ...]
    now: datetime

    @property
    def is_public(self) -> bool:
        """Whether the product is asked for under a name that others than this machine can use."""
        return any(host.strip() not in _LOOPBACK for host in self.hosts)


def findings(facts: Facts) -> tuple[Finding, ...]:
    """Return what is unsafe and what is worth knowing, refusals first."""
    found = [
        *_web(facts),
        *_key(facts),
        *_folders(facts),
        *_database(facts),
        *_content(facts),
        *_backups(facts),
    ]
    found += [
        Finding(
            code,
            Level.REFUSED,
            Message(
                gettext_noop("Django's own check %(code)s refuses the set-up: %(reason)s"),
                {"code": code, "reason": text},
            ),
        )
        for code, text in facts.django
    ]
    return tuple(sorted(found, key=lambda each: each.level is Level.NOTE))


def _refused(code: str, template: str, **values: str) -> Finding:
    return Finding(code, Level.REFUSED, Message(template, values))


def _note(code: str, template: str, **values: str) -> Finding:
    return Finding(code, Level.NOTE, Message(template, values))


def _web(facts: Facts) -> Iterator[Finding]:
    if facts.debug:
        yield _refused(
            "debug",
            gettext_noop(
                "Debugging is on: an error page shows settings and code to whoever meets it. Unset CAMKET_DEBUG."
            ),
        )
    if any(host.strip() == "*" for host in facts.hosts):
        yield _refused(
            "hosts_any",
            gettext_noop(
                "CAMKET_HOSTS allows any name (*): a forged name gets into links that are sent out. "
                "Set it to the names of this installation, for example iso.example.gov.vn."
            ),
        )
    if facts.is_public and not facts.https:
        yield _refused(
            "https_off",
            gettext_noop(
                "HTTPS is off although the product is asked for as %(hosts)s: passwords cross the network in the "
                "open. Put a proxy with a certificate before it and set CAMKET_HTTPS=1."
            ),
            hosts=", ".join(facts.hosts),
        )
    plain = [origin for origin in facts.origins if not origin.startswith("https://") or "*" in origin]
    if plain:
        yield _refused(
            "origins",
            gettext_noop(
                "CAMKET_ORIGINS trusts %(origins)s: a page there could send forms in a signed-in person's name. "
                "Name origins in full, with https:// and without *."
            ),
            origins=", ".join(plain),
        )
    if facts.today:
        yield _refused(
            "today",
            gettext_noop(
                "CAMKET_TODAY fixes the day to %(day)s: due dates, verdicts and the journal would be wrong. Unset it."
            ),
            day=facts.today,
        )
    if not facts.has_mail:
        yield _note(
            "mail",
            gettext_noop(
                "No mail is set up: forgotten passwords are replaced by a one-time code of the secretary or the "
                "administrator. Set CAMKET_MAIL_URL where the office has a mail server."
            ),
        )
    if facts.mail_in_the_open:
        yield _refused(
            "mail_open",
            gettext_noop(
                "Mail goes to %(host)s without TLS: links that set a new password cross the network in the open. "
                "Set ?tls=starttls or ?tls=ssl in CAMKET_MAIL_URL."
            ),
            host=facts.mail_in_the_open,
        )
    if facts.is_root:
        yield _note(
            "root",
            gettext_noop(
                "The command runs as the system's root. Run the product as a user of its own, so that a fault in it "
                "reaches nothing else."
            ),
        )


def _key(facts: Facts) -> Iterator[Finding]:
    key = facts.secret_key
    if any(word in key.casefold() for word in _PUBLISHED_KEYS):
        yield _refused(
            "key_published",
            gettext_noop(
                "The secret key is an example that others know: whoever knows it signs in as anybody. "
                "Unset CAMKET_SECRET_KEY, so that one is made, or set 50 random characters."
            ),
        )
    elif len(key) < SHORTEST_KEY or len(set(key)) < 10:
        yield _refused(
            "key_weak",
            gettext_noop(
                "The secret key is short or repeats itself: it can be guessed, and with it every session. "
                "Unset CAMKET_SECRET_KEY, so that one is made, or set at least %(length)s random characters."
            ),
            length=str(SHORTEST_KEY),
        )
    if facts.key_mode is not None and facts.key_mode & 0o077:
        yield _refused(
            "key_readable",
            gettext_noop(
                "Other users of this machine may read %(file)s: whoever has the key signs in as anybody. "
                "Run: chmod 600 %(file)s — and delete the file if others could read it; a new key is made, and "
                "everybody signs in again."
            ),
            file=str(facts.data / "secret_key"),
        )


def _folders(facts: Facts) -> Iterator[Finding]:
    if facts.data_mode is not None and facts.data_mode & 0o007:
        yield _refused(
            "data_readable",
            gettext_noop(
                "Other users of this machine may open the data folder %(folder)s, with the database and every file "
                "in it. Run: chmod 750 %(folder)s"
            ),
            folder=str(facts.data),
        )
    in_web = next((part for part in facts.data.parts if part.casefold() in _WEB_FOLDERS), "")
    if in_web or facts.data.is_relative_to(facts.static):
        yield _refused(
            "data_served",
            gettext_noop(
                "The data folder %(folder)s lies where a web server looks for pages: the database could be "
                "downloaded. Move it, for example to /var/lib/camket, and set CAMKET_DATA."
            ),
            folder=str(facts.data),
        )


def _database(facts: Facts) -> Iterator[Finding]:
    database = facts.database
    if database.is_out_of_reach:
        yield _refused(
            "database",
            _OUT_OF_REACH,
            reason=database.is_out_of_reach,
        )
    if database.is_sqlite and facts.workers > 1:
        yield _refused(
            "sqlite_workers",
            gettext_noop(
                "%(workers)s processes would write one SQLite file: they wait for each other, and a busy morning "
                "ends in errors. Serve with one worker, or set DATABASE_URL to PostgreSQL."
            ),
            workers=str(facts.workers),
        )
    if database.pending:
        yield _refused(
            "migrations",
            _OLDER,
            **_waiting(database),
        )
    if database.is_sqlite:
        return
    is_far = not (database.host in _LOOPBACK or database.host.startswith("/"))
    if is_far and database.sslmode not in _TLS:
        yield _refused(
            "database_open",
            gettext_noop(
                "The database on %(host)s is spoken to without TLS: passwords and records cross the network in the "
                "open. Add ?sslmode=verify-full to DATABASE_URL (with sslrootcert=…), at least ?sslmode=require."
            ),
            host=database.host,
        )
    elif is_far and database.sslmode == "require":
        yield _note(
            "database_unverified",
            gettext_noop(
                "The database on %(host)s is spoken to with TLS, but nobody checks that it is that server. "
                "Use sslmode=verify-full with sslrootcert=… in DATABASE_URL."
            ),
            host=database.host,
        )
    if database.is_superuser:
        yield _refused(
            "database_superuser",
            gettext_noop(
                "The product signs in to PostgreSQL as a superuser: a fault in it would reach every database of the "
                "server. Give it a role of its own: CREATE ROLE camket LOGIN; ALTER DATABASE … OWNER TO camket."
            ),
        )


def _content(facts: Facts) -> Iterator[Finding]:
    if facts.published_sign_ins:
        yield _refused(
            "sample_sign_ins",
            gettext_noop(
                "People of the sample sign in with the password that is published: %(logins)s. Everybody knows it. "
                "Serve real work from an empty data folder, or block these people."
            ),
            logins=", ".join(facts.published_sign_ins),
        )


def _backups(facts: Facts) -> Iterator[Finding]:
    if facts.backups is None:
        yield _refused(
            "backups_off",
            gettext_noop(
                "No backup is set up: with this disk an office's year is gone. Set CAMKET_BACKUPS to a folder on "
                "another disk or machine."
            ),
        )
        return
    if facts.backups.is_relative_to(facts.data):
        yield _refused(
            "backups_inside",
            gettext_noop(
                "Backups go into the data folder itself (%(folder)s): what takes the one takes both. "
                "Set CAMKET_BACKUPS to a folder on another disk or machine."
            ),
            folder=str(facts.backups),
        )
    if facts.backed_up_at is None:
        yield _refused(
            "backups_never",
            gettext_noop(
                "No backup has been made and checked yet: nobody knows whether one can be. Run: camket jobs run-now backup"
            ),
        )
    elif facts.now - facts.backed_up_at > LONGEST_SINCE_BACKUP:
        yield _refused(
            "backups_old",
            gettext_noop(
                "The latest backup that was checked is of %(day)s: what was entered since is nowhere else. "
                "Look at camket jobs list, mend what it names, then run: camket jobs run-now backup"
            ),
            day=f"{facts.backed_up_at:%d/%m/%Y}",
        )


# Gathering


def facts_of_installation(*, workers: int, now: datetime) -> Facts:
    """Return this installation's set-up, from its settings, its folders and its database; Django is set up."""
    from django.conf import settings

    database = _database_facts()
    is_known = not database.is_out_of_reach and not database.pending
    return Facts(
        debug=settings.DEBUG,
        https=settings.HTTPS,
        hosts=tuple(settings.ALLOWED_HOSTS),
        origins=tuple(settings.CSRF_TRUSTED_ORIGINS),
        secret_key=settings.SECRET_KEY,
        today=settings.TODAY.isoformat() if settings.TODAY else "",
        workers=workers,
        data=settings.DATA,
        static=Path(settings.STATIC_ROOT),
        data_mode=_mode(settings.DATA),
        key_mode=None if os.environ.get("CAMKET_SECRET_KEY") else _mode(settings.DATA / "secret_key"),
        database=database,
        published_sign_ins=_published_sign_ins() if is_known else (),
        backups=settings.BACKUPS,
        backed_up_at=_backed_up_at(now) if is_known else None,
        has_mail="smtp" in settings.EMAIL_BACKEND,
        mail_in_the_open=_mail_in_the_open(settings),
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        django=tuple(_django_says()),
        now=now,
    )


def _mail_in_the_open(settings: Any) -> str:
    """Return the mail server that is spoken to without TLS over a network, empty where there is none."""
    is_sealed = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if "smtp" not in settings.EMAIL_BACKEND or is_sealed or settings.EMAIL_HOST in _LOOPBACK:
        return ""
    return str(settings.EMAIL_HOST)


def _mode(path: Path) -> int | None:
    """Return a path's permissions; None on Windows, whose rights are kept elsewhere, and where it is not there."""
    if os.name == "nt" or not path.exists():
        return None
    return stat.S_IMODE(path.stat().st_mode)


_OUT_OF_REACH = gettext_noop(
    "The database cannot be reached: %(reason)s. Check DATABASE_URL and that the server runs."
)
_OLDER = gettext_noop(
    "The database is older than the product; %(count)s changes are waiting: %(names)s. Run: camket upgrade"
)


def _waiting(database: DatabaseFacts) -> dict[str, str]:
    return {"count": str(len(database.pending)), "names": ", ".join(database.pending[:5])}


def why_it_failed(error: Exception) -> Message | None:
    """Return what is to be done where the database cannot be reached or is older than the product.

    None for any other error, which is told as it is: it is a fault of the product.
    """
    from django.db import DatabaseError, InterfaceError

    if not isinstance(error, (DatabaseError, InterfaceError)):
        return None
    database = _database_facts()
    if database.is_out_of_reach:
        return Message(_OUT_OF_REACH, {"reason": database.is_out_of_reach})
    return Message(_OLDER, _waiting(database)) if database.pending else None


def _database_facts() -> DatabaseFacts:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    settings: dict[str, Any] = connection.settings_dict
    is_sqlite = connection.vendor == "sqlite"
    host, sslmode = str(settings.get("HOST") or ""), str(settings.get("OPTIONS", {}).get("sslmode", ""))
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        pending = tuple(f"{migration.app_label}.{migration.name}" for migration, _back in plan)
        is_superuser = False
        if not is_sqlite:
            with connection.cursor() as cursor:
                cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
                is_superuser = bool(cursor.fetchone()[0])
    except DatabaseError as error:
        return DatabaseFacts(
            is_sqlite, host, sslmode, is_out_of_reach=str(error).strip().split("\n")[0].rstrip(".")
        )
    return DatabaseFacts(is_sqlite, host, sslmode, is_superuser, pending)


def _published_sign_ins() -> tuple[str, ...]:
    """Return who of the sample's people can sign in with the sample's password."""
    from django.contrib.auth.hashers import check_password

    from camket.config import demo
    from camket.org.models import Person

    logins = {*(each.login for each in demo.SIGN_INS), *(login for login, *_ in demo.PEOPLE)}
    people = Person.objects.filter(login__in=logins, is_active=True).order_by("login")
    return tuple(person.login for person in people if check_password(demo.PASSWORD, person.password))


def _backed_up_at(now: datetime) -> datetime | None:
    from camket.jobs.queries import whole_timetable

    return next((job.succeeded_at for job in whole_timetable(now).jobs if job.name == "backup"), None)


def _django_says() -> Iterator[tuple[str, str]]:
    from django.core.checks import WARNING, run_checks

    for each in run_checks(include_deployment_checks=True):
        if each.level >= WARNING and not each.is_silenced() and each.id not in _DJANGO_SAID:
            yield str(each.id), str(each.msg)
