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
from django.utils import timezone, translation

from camket.actions.working_days import recompute_due_days
from camket.core.messages import Message, gettext_noop
from camket.core.tally import day_number
from camket.core.timetable import RETRIES, Daily, Every, Rule, may_retry
from camket.documents.operations import clear_unfinished, clear_unnamed, legal, readers
from camket.documents.operations import editions as documents
from camket.dossiers.importing import inbox
from camket.dossiers.importing import operations as importing
from camket.dossiers.operations.reckoning import reckon_again
from camket.improvement.operations import announcements, proposals
from camket.intake.operations import forget_tries
from camket.jobs import backups
from camket.jobs.digests import write_digests
from camket.jobs.reminding import remind as tell_of_the_morning
from camket.journal import queries as journal
from camket.journal.operations import record
from camket.journal.queries import Head
from camket.notifications import letters
from camket.notifications.operations import forget_old
from camket.notifications.sending import Postman
from camket.objectives.operations import carry_out_planned
from camket.org import clock
from camket.org.models import Agency
from camket.org.operations import clear_expired_sessions
from camket.packing import operations as packing
from camket.registers.hand_over import redate_open_work
from camket.registers.tally import recount_behind
from camket.reporting import calendar as report_calendar
from camket.reporting.hand_over import close_accounts
from camket.voices.operations.comments import let_in
from camket.voices.operations.feedback import redate, remind


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a chore is given: the moment, the day, and what it kept from its run before.

    ``now`` and ``today`` are those of the installation, whose day may be fixed; ``by_clock`` is the moment of the machine's
    clock, which never goes back to the same day: by it files are named and kept, and waits are measured.
    """

    now: datetime
    today: date
    by_clock: datetime
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
            name="units",
            title=Message(gettext_noop("Units merged, split or renamed")),
            about=Message(
                gettext_noop(
                    "Carries out on its day what was decided for units: who takes over gets what is open."
                )
            ),
            rule=Daily(time(0, 5)),
            do=_units,
        ),
        Chore(
            name="due_days",
            title=Message(gettext_noop("Due days by the working calendar")),
            about=Message(
                gettext_noop(
                    "Dates open tasks and dossiers anew where days off were decided or a new year's calendar has come."
                )
            ),
            rule=Daily(time(0, 20)),
            do=_due_days,
        ),
        Chore(
            name="register_counts",
            title=Message(gettext_noop("Counts of the registers")),
            about=Message(
                gettext_noop(
                    "Counts registers anew where a new version of the product counts them another way."
                )
            ),
            rule=Every(10),
            do=_register_counts,
        ),
        Chore(
            name="imports",
            title=Message(gettext_noop("Imports of dossiers")),
            about=Message(
                gettext_noop(
                    "Checks, imports and undoes large files of the one-stop software, and goes on with what was cut off."
                )
            ),
            rule=Every(1),
            do=_imports,
        ),
        Chore(
            name="packs",
            title=Message(gettext_noop("Inspectors' packs")),
            about=Message(
                gettext_noop(
                    "Puts together the packs that somebody asked for, those cut off before among them, and removes those whose"
                    " days are over."
                )
            ),
            rule=Every(1),
            do=_packs,
        ),
        Chore(
            name="inbox",
            title=Message(gettext_noop("Watched folder of exports")),
            about=Message(
                gettext_noop("Imports the exports that the one-stop software leaves in its folder at night.")
            ),
            rule=Every(5),
            do=_inbox,
            why_off=_no_inbox,
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
            name="feedback",
            title=Message(gettext_noop("Feedback by limits and calendar")),
            about=Message(
                gettext_noop(
                    "Dates open feedback anew by calendar and limits, reminds of what is due soon, and brings what is "
                    "overdue before the leaders."
                )
            ),
            rule=Daily(time(0, 30)),
            do=_feedback,
        ),
        Chore(
            name="comments",
            title=Message(gettext_noop("Comments of surveys")),
            about=Message(
                gettext_noop(
                    "Lets officers read what people wrote in surveys, five comments or more together, so that none tells "
                    "by its hour who wrote it."
                )
            ),
            rule=Daily(time(0, 40)),
            do=_comments,
        ),
        Chore(
            name="reminders",
            title=Message(gettext_noop("Reminders of the morning")),
            about=Message(
                gettext_noop(
                    "On working days tells everybody what is due soon, due today and overdue, and brings what is overdue "
                    "before those above, each once."
                )
            ),
            rule=Daily(time(6, 30)),
            do=_reminders,
        ),
        Chore(
            name="documents",
            title=Message(gettext_noop("Documents of the system: taking effect, readers, reviews, the law")),
            about=Message(
                gettext_noop(
                    "Brings issued documents into effect on their day, gives them to new staff, and tells of what is to be "
                    "read, looked at again or follow a change of the law."
                )
            ),
            rule=Daily(time(6, 10)),
            do=_documents,
        ),
        Chore(
            name="report_calendar",
            title=Message(gettext_noop("Calendar of reports")),
            about=Message(
                gettext_noop(
                    "Writes the reports that agencies owe by their calendars, dates open ones anew where days off changed,"
                    " and marks the months' programmes that were issued."
                )
            ),
            rule=Daily(time(0, 25)),
            do=_report_calendar,
        ),
        Chore(
            name="proposals",
            title=Message(gettext_noop("Proposals of the improvement cycle")),
            about=Message(
                gettext_noop(
                    "Proposes missed targets and patterns of late dossiers as nonconformities, and allowances that burn too"
                    " fast as risks; each once."
                )
            ),
            rule=Daily(time(6, 15)),
            do=_proposals,
        ),
        Chore(
            name="digest",
            title=Message(gettext_noop("Monday's letters and those of each day")),
            about=Message(
                gettext_noop(
                    "On the first working day of a week writes to everybody what it brings, and each working day to those "
                    "who want to be told once a day."
                )
            ),
            rule=Daily(time(7, 0)),
            do=_digest,
            why_off=_no_mail,
        ),
        Chore(
            name="mail",
            title=Message(gettext_noop("Letters by e-mail")),
            about=Message(
                gettext_noop("Sends the letters that wait, and again those that the server put off.")
            ),
            rule=Every(1),
            do=_mail,
            why_off=_no_mail,
        ),
        Chore(
            name="old_letters",
            title=Message(gettext_noop("Old letters and notifications")),
            about=Message(
                gettext_noop(
                    "Removes letters that were dealt with 90 days ago and notifications of more than two years ago."
                )
            ),
            rule=Daily(time(3, 20)),
            do=_old_letters,
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
        Chore(
            name="files",
            title=Message(gettext_noop("Files that nothing names")),
            about=Message(
                gettext_noop(
                    "Removes what a process left in the folder of files that was cut off before it noted what it kept;"
                    " nothing younger than a day, and nothing that a record names."
                )
            ),
            rule=Daily(time(1, 40)),
            do=_files,
        ),
    )


def _units(run: Run) -> Outcome:
    done, refused = carry_out_planned(now=run.now)
    if not done and not refused:
        return Outcome(Message(gettext_noop("No unit was to be merged, split or renamed.")))
    return Outcome(
        Message(
            gettext_noop("Units merged, split or renamed: %(done)s; refused: %(refused)s."),
            {"done": str(done), "refused": str(refused)},
        ),
        is_alarm=bool(refused),
    )


def _imports(run: Run) -> Outcome:
    count = importing.run_waiting(clock=clock.now)
    if not count:
        return Outcome(Message(gettext_noop("No import of dossiers was waiting.")))
    return Outcome(Message(gettext_noop("Imports of dossiers carried on: %(count)s."), {"count": str(count)}))


def _packs(run: Run) -> Outcome:
    ready = packing.put_together_waiting(clock=clock.now)
    removed = packing.remove_old(today=run.today)
    if not ready and not removed:
        return Outcome(Message(gettext_noop("No pack was waiting.")))
    return Outcome(
        Message(
            gettext_noop("Packs put together: %(ready)s; removed: %(removed)s."),
            {"ready": str(ready), "removed": str(removed)},
        )
    )


def _no_inbox() -> Message | None:
    if settings.DOSSIERS_INBOX is not None:
        return None
    return Message(gettext_noop("No folder is given. Set CAMKET_DOSSIERS_INBOX to a folder and start again."))


def _inbox(run: Run) -> Outcome:
    folder = cast(Path, settings.DOSSIERS_INBOX)
    taken = inbox.take(folder=folder, clock=clock.now, say=_in_vietnamese)
    refused = [each for each in taken if each.why is not None]
    figures = {"taken": str(len(taken) - len(refused)), "refused": str(len(refused))}
    if refused:
        return Outcome(
            Message(
                gettext_noop(
                    "Exports taken from the watched folder: %(taken)s; refused: %(refused)s, with the reason beside"
                    " each in the folder bi-tu-choi."
                ),
                figures,
            ),
            is_alarm=True,
        )
    return Outcome(Message(gettext_noop("Exports taken from the watched folder: %(taken)s."), figures))


def _in_vietnamese(message: Message) -> str:
    with translation.override("vi"):
        text = translation.gettext(message.template)
    return text % message.params if message.params else text


_FIRST_OF_ALL = day_number(date(1900, 1, 1))


def _due_days(run: Run) -> Outcome:
    count = dossiers = entries = 0
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
        dossiers += reckon_again(
            agency_id=agency.pk, procedure_ids=None, since=_FIRST_OF_ALL, by_id=None, now=run.now
        )
        entries += redate_open_work(agency_id=agency.pk, today=run.today)
    if not count and not dossiers and not entries:
        return Outcome(Message(gettext_noop("All due days agree with the working calendar.")))
    return Outcome(
        Message(
            gettext_noop(
                "Given another due day: tasks %(count)s, dossiers %(dossiers)s, work of registers %(entries)s."
            ),
            {"count": str(count), "dossiers": str(dossiers), "entries": str(entries)},
        )
    )


def _register_counts(_run: Run) -> Outcome:
    count = recount_behind()
    if not count:
        return Outcome(Message(gettext_noop("All registers are counted as this version counts them.")))
    return Outcome(Message(gettext_noop("Registers counted anew: %(count)s."), {"count": str(count)}))


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
    made = backups.make(
        folder=folder, keep=settings.BACKUP_KEEP, passphrase=settings.BACKUP_KEY, now=run.by_clock
    )
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
    clear_expired_sessions(now=run.by_clock)
    forget_tries(today=run.today)
    return Outcome(Message(gettext_noop("Sign-ins that had run out are removed.")))


def _files(run: Run) -> Outcome:
    unfinished, unnamed = clear_unfinished(now=run.by_clock), clear_unnamed(now=run.by_clock)
    if not unfinished and not unnamed:
        return Outcome(Message(gettext_noop("Every file is one that a record names.")))
    return Outcome(
        Message(
            gettext_noop("Files removed that no record names: %(count)s."),
            {"count": str(unfinished + unnamed)},
        )
    )


def _accounts(run: Run) -> Outcome:
    closed = close_accounts(today=run.today)
    if not closed:
        return Outcome(Message(gettext_noop("No account had to be closed.")))
    return Outcome(Message(gettext_noop("Accounts closed: %(count)s."), {"count": str(closed)}))


def _documents(run: Run) -> Outcome:
    effective = documents.take_effect_on(now=run.now)
    documents.read_words()
    given = told = ended = 0
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True):
        ended += legal.end_expired(agency_id=agency_id, now=run.now)
        given += readers.give_to_newcomers(agency_id=agency_id, now=run.now)
        told += readers.tell_reviews_due(agency_id=agency_id, now=run.now)
        told += legal.remind_of_changes(agency_id=agency_id, now=run.now)
    return Outcome(
        Message(
            gettext_noop(
                "Documents: %(effective)s took effect, %(given)s given to newcomers, %(told)s told, %(ended)s legal texts "
                "ended."
            ),
            {"effective": str(effective), "given": str(given), "told": str(told), "ended": str(ended)},
        )
    )


def _report_calendar(run: Run) -> Outcome:
    changed = report_calendar.write_all(today=run.today)
    if not changed:
        return Outcome(Message(gettext_noop("The calendars of reports are up to date.")))
    return Outcome(
        Message(
            gettext_noop("Reports written into calendars or dated anew: %(count)s."), {"count": str(changed)}
        )
    )


def _proposals(run: Run) -> Outcome:
    found = risks = 0
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True):
        found += len(proposals.propose_nonconformities(agency_id=agency_id, today=run.today, now=run.now))
        risks += len(proposals.propose_risks(agency_id=agency_id, today=run.today, now=run.now))
        announcements.propose_again(agency_id=agency_id, today=run.today, now=run.now)
    return Outcome(
        Message(
            gettext_noop("Proposed: %(nonconformities)s nonconformities, %(risks)s risks."),
            {"nonconformities": str(found), "risks": str(risks)},
        )
    )


def _reminders(run: Run) -> Outcome:
    found = tell_of_the_morning(now=run.now, today=run.today)
    if not found.told:
        return Outcome(Message(gettext_noop("Nobody had to be reminded of anything.")))
    return Outcome(
        Message(
            gettext_noop("Reminders: %(told)s, in agencies: %(agencies)s."),
            {"told": str(found.told), "agencies": str(found.agencies)},
        )
    )


def _no_mail() -> Message | None:
    if letters.is_set_up():
        return None
    return Message(
        gettext_noop(
            "This installation sends no mail. Set CAMKET_MAIL_URL and CAMKET_MAIL_FROM and start again."
        )
    )


def _digest(run: Run) -> Outcome:
    kept = run.notes.get("served")
    served = date.fromisoformat(kept) if kept else None
    if served is not None and served > run.today:
        served = None  # of a clock that was ahead
    found = write_digests(now=run.now, today=run.today, served=served)
    notes = {"served": run.today.isoformat()}
    if not found.letters:
        return Outcome(Message(gettext_noop("Nobody had to be written to.")), notes=notes)
    return Outcome(
        Message(
            gettext_noop("Letters written: %(letters)s, in agencies: %(agencies)s."),
            {"letters": str(found.letters), "agencies": str(found.agencies)},
        ),
        notes=notes,
    )


_POSTMAN = Postman(clock=timezone.localtime)
"""The sender of this process: it remembers which letters it saw in whose hands."""


def _mail(run: Run) -> Outcome:
    """Send what waits; where the server is gone, ask it again after a while that grows to an hour."""
    again = datetime.fromisoformat(run.notes["again_at"]) if run.notes.get("again_at") else None
    times = int(run.notes.get("times", 0))
    if not may_retry(again, run.by_clock):
        why = run.notes["why"]
        return Outcome(Message(why["template"], why["params"]), is_alarm=True, notes=run.notes)
    found = _POSTMAN.run()
    if found.unreachable is not None:
        wait = RETRIES[min(times, len(RETRIES) - 1)]
        why = {"template": found.unreachable.template, "params": dict(found.unreachable.params)}
        notes = {"again_at": (run.by_clock + wait).isoformat(), "times": times + 1, "why": why}
        return Outcome(found.unreachable, is_alarm=True, notes=notes)
    figures = {"sent": str(found.sent), "put_off": str(found.put_off), "failed": str(found.failed)}
    if found.put_off or found.failed:
        return Outcome(
            Message(
                gettext_noop(
                    "Letters sent: %(sent)s; put off by the server: %(put_off)s; given up: %(failed)s."
                ),
                figures,
            ),
            is_alarm=bool(found.failed),
        )
    if not found.sent:
        return Outcome(Message(gettext_noop("No letters were waiting.")))
    return Outcome(Message(gettext_noop("Letters sent: %(sent)s."), figures))


def _old_letters(run: Run) -> Outcome:
    mail, told = forget_old(now=run.now)
    return Outcome(
        Message(
            gettext_noop("Removed: letters %(letters)s, notifications %(told)s."),
            {"letters": str(mail), "told": str(told)},
        )
    )


def _feedback(run: Run) -> Outcome:
    dated = soon = late = 0
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True):
        dated += redate(agency_id=agency_id, now=run.now)
        reminded, escalated = remind(agency_id=agency_id, now=run.now)
        soon, late = soon + reminded, late + escalated
    if not dated and not soon and not late:
        return Outcome(Message(gettext_noop("No feedback is due soon or overdue anew.")))
    return Outcome(
        Message(
            gettext_noop(
                "Feedback dated anew: %(dated)s; due soon: %(soon)s; overdue, before the leaders: %(late)s."
            ),
            {"dated": str(dated), "soon": str(soon), "late": str(late)},
        )
    )


def _comments(run: Run) -> Outcome:
    number = sum(
        let_in(agency_id=agency_id, today=run.today)
        for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True)
    )
    if not number:
        return Outcome(Message(gettext_noop("No comments could be shown yet.")))
    return Outcome(Message(gettext_noop("Comments shown to officers: %(count)s."), {"count": str(number)}))
