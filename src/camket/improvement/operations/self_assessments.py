"""Self-assessments by the indicators of ISO 18091: begun, marked with reason and evidence, closed; the agency's wording.

Every function locks, asks authority and state, writes and records in one transaction; another agency's raises
SelfAssessment.DoesNotExist.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.self_assessment import COLOURS, lacks_for_closing
from camket.core.wording.text import one_line, paragraphs
from camket.core.workflow import SELF_ASSESSMENT
from camket.improvement import telling
from camket.improvement.catalogue import self_assessment_edition
from camket.improvement.given import DayNotPossible
from camket.improvement.models import SelfAssessment, SelfMark, SelfWording
from camket.improvement.operations._recording import write_down
from camket.journal.operations import record
from camket.org.policy import Actor, require

TEXT_LONGEST = 4000


class AlreadyUnderWay(Refusal):
    """The agency has an open self-assessment; that one is closed or discarded first."""


class MarkNotComplete(Refusal):
    """A mark without a reason, or in a colour that is none."""


class AssessmentIncomplete(Refusal):
    """A self-assessment lacks what closing needs; ``lacks`` says each."""

    def __init__(self, lacks: tuple[Message, ...]) -> None:
        self.lacks = lacks
        super().__init__(lacks[0])


def begin(*, actor: Actor, edition: str, on: date, now: datetime) -> SelfAssessment:
    """Begin a self-assessment as of a day that has come, nothing marked yet.

    Raises NotAllowed, KeyError, DayNotPossible, AlreadyUnderWay.
    """
    with transaction.atomic():
        require(actor, "assessment.keep")
        if on > timezone.localdate(now):
            raise DayNotPossible(
                Message(gettext_noop("A self-assessment says how things stand on a day that has come."))
            )
        self_assessment_edition(edition)
        if SelfAssessment.objects.filter(agency_id=actor.agency_id, state="open").exists():
            raise AlreadyUnderWay(
                Message(gettext_noop("A self-assessment is under way; close or discard it first."))
            )
        row = SelfAssessment.objects.create(
            agency_id=actor.agency_id,
            year=on.year,
            edition=edition,
            on=on,
            made_at=now,
            made_by_id=actor.person_id,
        )
        write_down(actor, row, "assessment.begun", now, None, {"on": on.isoformat(), "edition": edition})
    return row


def mark(
    *,
    actor: Actor,
    assessment_id: int,
    indicator: str,
    colour: str,
    reason: str,
    now: datetime,
) -> SelfMark | None:
    """Give an indicator a colour with its reason, or take it away ("": not assessed).

    Raises NotAllowed, NotPossible, MarkNotComplete, KeyError for what is no indicator.
    """
    with transaction.atomic():
        row = _locked(actor, assessment_id)
        require(actor, "assessment.keep")
        SELF_ASSESSMENT.after(row.state, "mark")
        {each.number: each for each in self_assessment_edition(row.edition).indicators}[indicator]
        old = row.marks.filter(indicator=indicator).first()
        before = {f"mark_{indicator}": [old.colour, old.reason]} if old else None
        if not colour:
            if old is not None:
                old.delete()
                write_down(actor, row, "assessment.marked", now, before, {f"mark_{indicator}": None})
            return None
        reason = paragraphs(reason)[:TEXT_LONGEST]
        if colour not in COLOURS or not reason:
            raise MarkNotComplete(
                Message(gettext_noop("Give the colour a reason: what was seen, where it can be looked at."))
            )
        values = {"colour": colour, "reason": reason, "at": now, "by_id": actor.person_id}
        made, _is_new = SelfMark.objects.update_or_create(
            assessment=row, indicator=indicator, defaults=values
        )
        after = {f"mark_{indicator}": [colour, reason]}
        if before != after:
            write_down(actor, row, "assessment.marked", now, before, after)
    return made


def close(*, actor: Actor, assessment_id: int, conclusion: str, now: datetime) -> SelfAssessment:
    """Close a self-assessment with its conclusion. Raises NotAllowed, NotPossible, AssessmentIncomplete."""
    with transaction.atomic():
        row = _locked(actor, assessment_id)
        require(actor, "assessment.keep")
        before, row.state = row.state, SELF_ASSESSMENT.after(row.state, "close")
        marks = {each.indicator: each for each in row.marks.all()}
        lacks = lacks_for_closing(
            {key: each.colour for key, each in marks.items()},
            {key: each.reason for key, each in marks.items()},
        )
        if lacks:
            raise AssessmentIncomplete(lacks)
        row.conclusion = paragraphs(conclusion)[:TEXT_LONGEST]
        row.closed_at, row.closed_by_id = now, actor.person_id
        row.save()
        write_down(
            actor, row, "assessment.closed", now, {"state": before}, {"state": row.state}, settles=True
        )
        telling.over(row.agency_id, row.pk, "assessment.close", now=now)
    return row


def discard(*, actor: Actor, assessment_id: int, now: datetime) -> SelfAssessment:
    """Discard a self-assessment that was begun in error. Raises NotAllowed, NotPossible."""
    with transaction.atomic():
        row = _locked(actor, assessment_id)
        require(actor, "assessment.keep")
        before, row.state = row.state, SELF_ASSESSMENT.after(row.state, "discard")
        row.save(update_fields=["state"])
        write_down(
            actor, row, "assessment.discarded", now, {"state": before}, {"state": row.state}, settles=True
        )
        telling.over(row.agency_id, row.pk, "assessment.close", now=now)
    return row


def word(*, actor: Actor, edition: str, indicator: str, name: str, source: str, now: datetime) -> SelfWording:
    """Keep an indicator's name as the agency's copy of the standard has it. Raises NotAllowed, KeyError, MarkNotComplete."""
    with transaction.atomic():
        require(actor, "assessment.keep")
        {each.number: each for each in self_assessment_edition(edition).indicators}[indicator]
        name = one_line(name)[:500]
        if not name:
            raise MarkNotComplete(Message(gettext_noop("Give the indicator a name.")))
        old = SelfWording.objects.filter(
            agency_id=actor.agency_id, edition=edition, indicator=indicator
        ).first()
        before = {"name": old.name, "source": old.source} if old else None
        after = {"name": name, "source": one_line(source)[:500]}
        row, _is_new = SelfWording.objects.update_or_create(
            agency_id=actor.agency_id, edition=edition, indicator=indicator, defaults=after
        )
        if before != after:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="assessment.worded",
                subject=row,
                on=timezone.localdate(now),
                before=before,
                after=after,
            )
    return row


def _locked(actor: Actor, assessment_id: int) -> SelfAssessment:
    return SelfAssessment.objects.select_for_update(of=("self",)).get(
        pk=assessment_id, agency_id=actor.agency_id
    )
