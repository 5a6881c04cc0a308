"""The jobs themselves: what each does, when, and where it is switched off.

A chore is a function that may be cut off anywhere and begun again. It returns what it did in a sentence; it raises
where it could not, and is then tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from camket.actions.working_days import recompute_due_days
from camket.core.messages import Message, gettext_noop
from camket.core.timetable import Daily, Rule
from camket.jobs import backups
from camket.journal import queries as journal
from camket.journal.operations import record
from camket.journal.queries import Head
from camket.org.models import Agency
from camket.org.operations import clear_expired_sessions
from camket.reporting.hand_over import close_accounts


@dataclass(frozen=True, slots=True)
class Run:
    """What a chore is given: the moment, the day, and what it kept from its run before."""

    now: datetime
    today: date
    notes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a chore did; ``is_alarm`` where it found something that people must look at."""

    message: Message
    is_alarm: bool = False
    notes: Mapping[str, Any] = field(default_factory=dict)


def _always() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Chore:
    """One job: its name, words for people, when it is due, and the function that does it."""

    name: str
    title: Message
    about: Message
    rule: Rule
    do: Callable[[Run], Outcome]
    why_off: Callable[[], Message | None] = _always


def declared() -> tuple[Chore, ...]:
    """Return every job of the product, also those that this installation has switched off."""
    return (
        Chore(
            name="due_days",
            title=Message(gettext_noop("Due days by the working calendar")),
            about=Message(
                gettext_noop(
                    "Dates open tasks anew where days off were decided or a new year's calendar has come."
                )
            ),
            rule=Daily(time(0, 20)),
            do=_due_days,
        ),
        Chore(
            name="journal",
            title=Message(gettext_noop("Check of the journal")),
            about=Message(
                gettext_noop(
                    "Goes through the journal of every agency and compares it with what was noted the night before:"
                    " entries that were changed, removed or cut off show."
                )
            ),
            rule=Daily(time(1, 30)),
            do=_journal,
        ),
        Chore(
            name="backup",
            title=Message(gettext_noop("Backup")),
            about=Message(
                gettext_noop(
                    "Writes everything into one file, reads it back to check it, and lets the oldest backups go."
                )
            ),
            rule=Daily(settings.BACKUP_AT),
            do=_backup,
            why_off=_no_backups,
        ),
        Chore(
            name="sessions",
            title=Message(gettext_noop("Expired sign-ins")),
            about=Message(gettext_noop("Removes sign-ins that have run out.")),
            rule=Daily(time(3, 10)),
            do=_sessions,
        ),
        Chore(
            name="accounts",
            title=Message(gettext_noop("Accounts of those who left")),
            about=Message(
                gettext_noop("Closes the accounts of people whose last day by their hand-over has passed.")
            ),
            rule=Daily(time(0, 10)),
            do=_accounts,
        ),
    )


def _due_days(run: Run) -> Outcome:
    count = 0
    for agency in Agency.objects.order_by("pk"):
        moved = recompute_due_days(agency_id=agency.pk)
        if moved:
            record(
                actor=None,
                agency_id=agency.pk,
                verb="calendar.recomputed",
                subject=agency,
                on=run.today,
                after={"tasks": moved},
            )
        count += len(moved)
    if not count:
        return Outcome(Message(gettext_noop("All due days agree with the working calendar.")))
    return Outcome(Message(gettext_noop("Tasks given another due day: %(count)s."), {"count": str(count)}))


def _journal(run: Run) -> Outcome:
    """Verify every chain, and that the end noted the night before still stands in it.

    A chain alone cannot tell that its newest entries were cut off, nor that all of it was written anew.
    """
    noted: Mapping[str, list[Any]] = run.notes.get("heads", {})
    heads: dict[str, list[Any]] = {}
    broken: list[str] = []
    entries = 0
    for agency in Agency.objects.order_by("pk"):
        chain = journal.verify(agency.pk)
        entries += chain.entries
        before = noted.get(str(agency.pk))
        if chain.whole and (before is None or journal.verify(agency.pk, Head(agency.code, *before)).whole):
            heads[str(agency.pk)] = [chain.entries, chain.head]
        else:
            broken.append(agency.code)
            if before is not None:
                heads[str(agency.pk)] = before  # what was found broken stays so until somebody looks at it
    notes = {"heads": heads}
    if broken:
        return Outcome(
            Message(
                gettext_noop(
                    "The journal of %(agencies)s was changed outside the system. Keep the database as it is "
                    "and compare"
                    " it with a backup."
                ),
                {"agencies": ", ".join(broken)},
            ),
            is_alarm=True,
            notes=notes,
        )
    return Outcome(
        Message(
            gettext_noop("Journals whole: %(agencies)s; entries: %(entries)s."),
            {"agencies": str(len(heads)), "entries": str(entries)},
        ),
        notes=notes,
    )


def _no_backups() -> Message | None:
    if settings.BACKUPS is not None:
        return None
    return Message(
        gettext_noop(
            "No folder is given. Set CAMKET_BACKUPS to a folder, best on another disk, and start again."
        )
    )


def _backup(run: Run) -> Outcome:
    folder = cast(Path, settings.BACKUPS)  # a job that is switched off is not run
    made = backups.make(folder=folder, keep=settings.BACKUP_KEEP, passphrase=settings.BACKUP_KEY, now=run.now)
    figures = {
        "file": made.backup.path.name,
        "size": f"{made.backup.size / 1_000_000:.1f}".replace(".", ","),
        "kept": str(made.kept),
    }
    if made.backup.missing:
        return Outcome(
            Message(
                gettext_noop(
                    "%(file)s (%(size)s MB) is written and checked, but stored files were gone or changed on disk:"
                    " %(missing)s. Put them back from an older backup."
                ),
                {**figures, "missing": ", ".join(made.backup.missing[:5])},
            ),
            is_alarm=True,
        )
    return Outcome(
        Message(
            gettext_noop("%(file)s (%(size)s MB) is written and checked; backups kept: %(kept)s."), figures
        )
    )


def _sessions(run: Run) -> Outcome:
    clear_expired_sessions(now=run.now)
    return Outcome(Message(gettext_noop("Sign-ins that had run out are removed.")))


def _accounts(run: Run) -> Outcome:
    closed = close_accounts(today=run.today)
    if not closed:
        return Outcome(Message(gettext_noop("No account had to be closed.")))
    return Outcome(Message(gettext_noop("Accounts closed: %(count)s."), {"count": str(closed)}))
