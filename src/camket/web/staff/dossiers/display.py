"""Dossiers in a person's words: standings, outcomes, columns and their values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.dossier_clock import STANDING_NAMES, Standing
from camket.core.dossiers import (
    CHANNEL_NAMES,
    LEVEL_NAMES,
    OUTCOME_NAMES,
    STATE_NAMES,
    Channel,
    OnlineLevel,
    Outcome,
    State,
)
from camket.core.tally import day_of
from camket.dossiers.queries.dossiers import ChangeRow, DossierDetail, DossierRow, LetterRow
from camket.web import vietnamese
from camket.web.staff.badge import Badge

_KINDS = {"apology": _("Apology and new date"), "explanation": _("Explanation")}
LETTER_STATES = {
    "draft": _("Draft"),
    "issued": _("Issued"),
    "discarded": _("Discarded"),
    "withdrawn": _("Recalled"),
}
PAYMENTS = {
    0: _("Not stated"),
    1: _("Nothing due"),
    2: _("Paid at the counter"),
    3: _("Paid online"),
}
COLUMNS = {
    "code": _("Code"),
    "procedure_id": _("Procedure"),
    "field_id": _("Field"),
    "unit_id": _("Unit in charge"),
    "unit_text": _("Unit in the export"),
    "channel": _("Channel"),
    "level": _("Online level"),
    "state": _("State"),
    "applicant": _("Applicant"),
    "address": _("Address"),
    "phone": _("Telephone"),
    "received_at": _("Received"),
    "due_given": _("Due date in the export"),
    "due_computed": _("Due date as computed"),
    "due_first": _("Date first given"),
    "due_promised": _("New date promised"),
    "due_now": _("Due date that holds"),
    "finished_at": _("Settled"),
    "returned_at": _("Result handed over"),
    "supplement_asked_at": _("Supplements asked for"),
    "supplement_back_at": _("Supplements came in"),
    "reappointed_at": _("New date given"),
    "result_given": _("Outcome in the export"),
    "payment": _("Fee"),
    "is_digitised": _("Papers digitised"),
    "is_result_digitised": _("Result digitised"),
    "is_answered": _("Apologised for or explained"),
    "is_withdrawn": _("Withdrawn or stopped"),
    "is_due_different": _("Due dates differ"),
    "outcome": _("Outcome"),
    "outcome_first": _("Outcome against the date first given"),
    "handling_days": _("Working days of handling"),
}
"""Columns that a history names; others follow from these and are left out."""
_NAMES = {
    "channel": (Channel, CHANNEL_NAMES),
    "level": (OnlineLevel, LEVEL_NAMES),
    "state": (State, STATE_NAMES),
    "outcome": (Outcome, OUTCOME_NAMES),
    "outcome_first": (Outcome, OUTCOME_NAMES),
    "result_given": (Outcome, OUTCOME_NAMES),
}
_TONES = {
    Standing.OVERDUE: ("red", "alert-circle"),
    Standing.SOON: ("amber", "clock"),
    Standing.PAUSED: ("grey", "hourglass"),
    Standing.IN_TIME: ("blue", "progress"),
    Standing.NO_DUE_DATE: ("grey", "minus"),
    Standing.NOT_RECEIVED: ("grey", "ban"),
    Standing.FINISHED: ("green", "circle-check"),
}
_OUTCOME_TONES = {
    Outcome.EARLY: ("green", "circle-check"),
    Outcome.ON_TIME: ("green", "check"),
    Outcome.LATE: ("red", "alert-circle"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A dossier's row as a list shows it."""

    row: DossierRow
    badge: Badge
    state: str
    channel: str
    due: str
    over: str
    waits: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a dossier's clock."""

    label: str
    text: str
    note: str = ""
    tone: str = ""


def kind_of(letter: LetterRow) -> str:
    """Return what a letter is; what is settled already is apologised for without a new date."""
    if letter.kind == "apology" and letter.due_new is None:
        return gettext("Apology")
    return str(_KINDS[letter.kind])


def badge(row: DossierRow) -> Badge:
    """Return how a dossier stands or ended."""
    if row.outcome is not Outcome.OPEN:
        tone, icon = _OUTCOME_TONES[row.outcome]
        return Badge(gettext(OUTCOME_NAMES[row.outcome]), tone, icon)
    tone, icon = _TONES[row.standing]
    return Badge(gettext(STANDING_NAMES[row.standing]), tone, icon)


def moment(value: datetime | None) -> str:
    """Return a moment, without its time where nobody noted one."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    day = vietnamese.day(local)
    return f"{local:%H:%M} {day}" if local.hour or local.minute else day


def shown(row: DossierRow, today: date) -> Shown:
    """Return a row in words."""
    over = ""
    if row.days_over:
        over = ngettext("%(days)s working day late", "%(days)s working days late", row.days_over) % {
            "days": vietnamese.number(row.days_over)
        }
    waits = ""
    if row.waiting_since is not None:
        days = (today - row.waiting_since).days
        waits = ngettext("waiting for %(days)s day", "waiting for %(days)s days", days) % {
            "days": vietnamese.number(days)
        }
    return Shown(
        row=row,
        badge=badge(row),
        state=gettext(STATE_NAMES[row.state]),
        channel=gettext(CHANNEL_NAMES[row.channel]),
        due=moment(row.due_now),
        over=over,
        waits=waits,
    )


def shown_all(rows: Iterable[DossierRow], today: date) -> list[Shown]:
    """Return rows in words."""
    return [shown(row, today) for row in rows]


def clock(detail: DossierDetail) -> list[Step]:
    """Return a dossier's clock as lines, in the order in which things happened or will."""
    row = detail.row
    steps = [Step(gettext("Received"), moment(row.received_at) or gettext("Not accepted"))]
    if detail.limit_text:
        steps.append(Step(gettext("Time limit of the procedure"), detail.limit_text))
    steps += [
        Step(
            gettext(STATE_NAMES[each.state]),
            gettext("from %(since)s to %(until)s")
            % {"since": moment(each.since), "until": moment(each.until)}
            if each.until
            else gettext("since %(since)s") % {"since": moment(each.since)},
            gettext("The clock stands still."),
        )
        for each in detail.stretches
    ]
    if detail.supplement_asked_at:
        steps.append(Step(gettext("Supplements asked for"), moment(detail.supplement_asked_at)))
    if detail.supplement_back_at:
        note = gettext("The time limit starts again from zero.")
        steps.append(Step(gettext("Supplements came in"), moment(detail.supplement_back_at), note))
    steps += _dues(detail)
    if row.finished_at:
        steps.append(_finish(detail))
    if detail.returned_at:
        steps.append(Step(gettext("Result handed over"), moment(detail.returned_at)))
    return steps


def _dues(detail: DossierDetail) -> Iterable[Step]:
    row = detail.row
    note = ""
    if detail.is_due_different:
        note = gettext("The export gives %(given)s, our working calendar %(computed)s: the two differ.") % {
            "given": moment(row.due_given),
            "computed": moment(row.due_computed),
        }
    if row.due_first is None:
        yield Step(gettext("Due date"), gettext("None is given, and none can be computed"))
        return
    yield Step(gettext("Date first given"), moment(row.due_first), note, "amber" if note else "")
    if row.due_computed and not detail.is_due_different:
        yield Step(
            gettext("Due date as computed"), moment(row.due_computed), gettext("By the working calendar.")
        )
    if row.is_reappointed and detail.due_promised:
        yield _promised(detail, detail.due_promised)


def _promised(detail: DossierDetail, promised: datetime) -> Step:
    on = detail.reappointed_at
    given = {"day": vietnamese.day(timezone.localdate(on)) if on else ""}
    if detail.row.due_now == detail.row.due_first:
        note = gettext("Given on %(day)s, too late to hold: the dossier is judged by the date first given.")
        return Step(gettext("New date given"), moment(promised), note % given, "amber")
    if detail.reappointed_at is None:
        note = gettext(
            "The export tells it without the day of giving. A dossier is given a new date once at most."
        )
        return Step(gettext("New date given"), moment(promised), note)
    note = gettext("Given on %(day)s. A dossier is given a new date once at most.")
    return Step(gettext("New date given"), moment(promised), note % given)


def _finish(detail: DossierDetail) -> Step:
    row = detail.row
    notes = [gettext(OUTCOME_NAMES[row.outcome])]
    if row.outcome_first is not row.outcome:
        notes.append(
            gettext("against the date first given: %(outcome)s")
            % {"outcome": gettext(OUTCOME_NAMES[row.outcome_first])}
        )
    if detail.handling_days == 0:
        notes.append(gettext("handled within the day"))
    elif detail.handling_days is not None:
        notes.append(
            ngettext(
                "%(days)s working day of handling", "%(days)s working days of handling", detail.handling_days
            )
            % {"days": vietnamese.number(detail.handling_days)}
        )
    label = gettext("Withdrawn or stopped") if detail.is_withdrawn else gettext("Settled")
    return Step(
        label, moment(row.finished_at), "; ".join(notes), "red" if row.outcome is Outcome.LATE else "green"
    )


def changes(row: ChangeRow) -> list[tuple[str, str, str]]:
    """Return what a change of a dossier did: column, before, after, in words."""
    return [
        (str(COLUMNS[name]), value_of(name, before), value_of(name, after))
        for name, before, after in row.values
        if name in COLUMNS
    ]


def value_of(name: str, value: Any) -> str:
    """Return a value of a dossier's column in words."""
    if value is None or value == "":
        return gettext("empty")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name in _NAMES:
        kind, names = _NAMES[name]
        return gettext(names[kind(value)])  # type: ignore[index]
    if name == "payment":
        return str(PAYMENTS[value])
    if name.endswith("_day") and isinstance(value, int):
        return vietnamese.day(day_of(value))
    if isinstance(value, str) and (name.endswith("_at") or name.startswith("due_")):
        parsed = parse_datetime(value)
        return moment(parsed) if parsed else value
    return vietnamese.number(value) if isinstance(value, int) else str(value)
