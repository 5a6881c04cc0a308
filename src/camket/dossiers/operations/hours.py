"""Setting an agency's working hours and the hour of its last receipt, and reckoning what is open anew by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.core.working_time import WorkingHours
from camket.dossiers import tally
from camket.dossiers.hours import held_by, rules_with
from camket.dossiers.models import OfficeHours
from camket.dossiers.operations.reckoning import reckon_again, would_move
from camket.journal.operations import record
from camket.org.policy import Actor, require

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

Spans = Sequence[tuple[time, time]]


class HoursNotPossible(Refusal):
    """The hours of a day do not follow each other, or there are none."""


class CutOffNotPossible(Refusal):
    """The hour of the last receipt lies outside the working hours."""


class DayNotPossible(Refusal):
    """Hours hold from a day between 2000 and 2100."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What hours would change: open dossiers whose computed date moves, and of these those that are due on another day."""

    moved: int
    due: int


def preview_office_hours(*, actor: Actor, valid_from: date, spans: Spans, cut_off: time | None) -> Preview:
    """Return what hours would change in the actor's agency; nothing is written.

    Raises NotAllowed, HoursNotPossible, CutOffNotPossible, DayNotPossible.
    """
    require(actor, "task.manage")
    _checked(spans, cut_off, valid_from)
    wanted = OfficeHours(
        agency_id=actor.agency_id, valid_from=valid_from, spans=_plain(spans), cut_off=cut_off
    )
    kept = [
        each
        for each in held_by(actor.agency_id)
        if each.valid_from != valid_from
        and (each.agency_id == actor.agency_id or each.valid_from < _own_from(actor.agency_id, valid_from))
    ]
    held = sorted([*kept, wanted], key=lambda each: each.valid_from)
    return Preview(*would_move(agency_id=actor.agency_id, rules=rules_with(actor.agency_id, held)))


def set_office_hours(
    *,
    actor: Actor,
    valid_from: date,
    spans: Spans,
    cut_off: time | None,
    is_for_below: bool,
    source: str,
    now: datetime,
) -> int:
    """Set the hours of the actor's agency from a day on; return how many open dossiers have another date.

    Hours that begin on the same day are replaced; earlier ones stay for what began before. What is handed in after
    ``cut_off`` counts from the next working day. Finished dossiers keep their dates. The agencies below for which they
    hold too follow with the nightly reckoning.

    Raises NotAllowed, HoursNotPossible, CutOffNotPossible, DayNotPossible.

    Source: Nghị định 61/2018/NĐ-CP, Điều 17 (what comes after 15:00 is handed on the next working day; whether the
    limit begins then is set locally).
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        require(actor, "task.manage")
        _checked(spans, cut_off, valid_from)
        known = OfficeHours.objects.filter(agency_id=actor.agency_id, valid_from=valid_from).first()
        before = _told(known) if known else None
        row, _ = OfficeHours.objects.update_or_create(
            agency_id=actor.agency_id,
            valid_from=valid_from,
            defaults={
                "spans": _plain(spans),
                "cut_off": cut_off,
                "is_for_below": is_for_below,
                "source": one_line(source)[:255],
                "entered_at": now,
                "entered_by_id": actor.person_id,
            },
        )
        moved = reckon_again(
            agency_id=actor.agency_id, procedure_ids=None, since=-(2**31), by_id=actor.person_id, now=now
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="calendar.hours_set",
            subject=row,
            on=today,
            before=before,
            after={**_told(row), "reckoned": moved},
        )
    return moved


def _own_from(agency_id: int, valid_from: date) -> date:
    own = OfficeHours.objects.filter(agency_id=agency_id).values_list("valid_from", flat=True)
    return min([valid_from, *own])


def _checked(spans: Spans, cut_off: time | None, valid_from: date) -> None:
    if not FIRST_DAY <= valid_from <= LAST_DAY:
        raise DayNotPossible(Message(gettext_noop("Hours hold from a day between 2000 and 2100.")))
    try:
        hours = WorkingHours(tuple(spans))
    except ValueError:
        raise HoursNotPossible(
            Message(
                gettext_noop(
                    "Each stretch of work begins after the one before it has ended, and ends after it began."
                )
            )
        ) from None
    if cut_off is not None and not hours.opens < cut_off <= hours.closes:
        raise CutOffNotPossible(
            Message(
                gettext_noop("The hour of the last receipt lies between %(opens)s and %(closes)s."),
                {"opens": f"{hours.opens:%H:%M}", "closes": f"{hours.closes:%H:%M}"},
            )
        )


def _plain(spans: Spans) -> list[list[str]]:
    return [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in spans]


def _told(row: OfficeHours) -> dict[str, object]:
    return {
        "valid_from": row.valid_from,
        "working_hours": "; ".join(f"{start}-{end}" for start, end in row.spans),
        "cut_off": f"{row.cut_off:%H:%M}" if row.cut_off else None,
        "is_for_below": row.is_for_below,
        "source": row.source,
    }
