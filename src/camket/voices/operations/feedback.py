"""Feedback on its way: of what kind it is, whose it is, who answers it, the answer, its end, its publication."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from camket.core import feedback as rules
from camket.core.blackout import blackened
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.dossiers.models import Field
from camket.journal.operations import record
from camket.org.calendar import working_calendar
from camket.org.models import Agency, Membership, Person
from camket.org.operations import require_in_use
from camket.org.policy import Actor, NotAllowed, require
from camket.org.queries.validity import held_on
from camket.voices import feedback_dating
from camket.voices.feedback_change import (
    TextMissing,
    changed,
    dues_by_limits,
    locked,
    note_step,
    received_on,
    reopen_row,
    written,
)
from camket.voices.feedback_paper import AnswerLetter, TransferSlip
from camket.voices.feedback_sight import known_of
from camket.voices.feedback_telling import told_assigned, told_returned, told_submitted
from camket.voices.models import Feedback, FeedbackLimit


class KindNotSaid(Refusal):
    """Nobody has said yet of what kind the feedback is."""


class WrongTrack(Refusal):
    """Complaints and denunciations are routed to their legal track; feedback is not."""


class WhomMissing(Refusal):
    """Neither a unit nor an officer is named who answers."""


class OfficerNotPossible(Refusal):
    """The officer has no post in the agency, or is whom the feedback is about."""


class OwnDraft(Refusal):
    """Nobody approves the answer that was one's own draft."""


class OutcomeMissing(TextMissing):
    """Of feedback on conduct or rules it is said whether it was found justified, and on what that rests."""


class PersonalDataLeft(Refusal):
    """A text that is to be public seems to hold personal data still; ``found`` says which words."""

    def __init__(self, message: Message, found: tuple[str, ...]) -> None:
        super().__init__(message)
        self.found = found


class NotReadAgain(Refusal):
    """What is made public is read once more first, and that it was is said."""


class NotPublic(Refusal):
    """What is not public cannot be taken back."""


class NotOneMatter(Refusal):
    """Two pieces of feedback cannot be answered together."""


class LimitNotPossible(Refusal):
    """A limit is from one working day to ninety, from a day on which none of the same kind begins."""


def classify(
    *,
    actor: Actor,
    feedback_id: int,
    kind: str,
    field_id: int | None,
    concerns: Collection[int],
    now: datetime,
) -> Feedback:
    """Say of what kind feedback is, of which field, and whose conduct it is about; its last day follows.

    Raises NotAllowed, NotPossible, OfficerNotPossible, Field.DoesNotExist.
    """
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.assign")
        rules.FEEDBACK.after(row.state, "classify")
        if kind not in Feedback.Kind.values:
            raise ValueError(kind)
        field = Field.objects.get(pk=field_id, agency_id=actor.agency_id) if field_id else None
        about = sorted(set(concerns)) if kind in rules.GUARDED_KINDS else []
        for person_id in about:
            _require_colleague(actor, person_id, received_on(row))
            if person_id == row.officer_id:
                raise OfficerNotPossible(
                    Message(
                        gettext_noop(
                            "Whoever the feedback is about cannot deal with it. Assign it anew first."
                        )
                    )
                )
        dues = dues_by_limits(
            agency_id=actor.agency_id, kind=kind, field_id=field_id, received_on=received_on(row)
        )
        before_field = row.field.name if row.field else ""
        row = changed(
            row=row,
            actor=actor,
            verb="feedback.classified",
            now=now,
            values={
                "kind": kind,
                "is_classified": True,
                "field_id": field.pk if field else None,
                "due_on": dues.due_on if not _was_reopened(row) else row.due_on,
                "limit_days": dues.limit_days,
            },
            step="classified",
            field=field.name if field else before_field,
        )
        row.concerns.set(about)
    return row


def assign(
    *,
    actor: Actor,
    feedback_id: int,
    unit_id: int | None,
    officer_id: int | None,
    note: str,
    now: datetime,
) -> Feedback:
    """Say which unit and which officer answer. Whoever feedback is about is neither officer nor shown it.

    Raises NotAllowed, NotPossible, KindNotSaid, WrongTrack, WhomMissing, OfficerNotPossible, Unit.DoesNotExist.
    """
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.assign")
        state = rules.FEEDBACK.after(row.state, "assign")
        _require_feedback(row)
        if unit_id is None and officer_id is None:
            raise WhomMissing(Message(gettext_noop("Choose the unit or the officer that answers.")))
        require_in_use(actor=actor, unit_ids=[unit_id], besides=[row.unit_id])
        if officer_id is not None:
            _require_colleague(actor, officer_id, timezone.localdate(now))
            if officer_id in row.concerned:
                raise OfficerNotPossible(
                    Message(
                        gettext_noop(
                            "Whoever the feedback is about cannot deal with it. Choose somebody else."
                        )
                    )
                )
        row = changed(
            row=row,
            actor=actor,
            verb="feedback.assigned",
            now=now,
            values={"state": state, "unit_id": unit_id, "officer_id": officer_id},
            step="assigned",
            text=one_line(note),
        )
        note_step(row=row, actor=None, kind="in_hand", now=now, is_public=True)
        told_assigned(actor=actor, row=row, now=now)
    return row


def pass_on(
    *,
    actor: Actor,
    feedback_id: int,
    to: str,
    document_number: str,
    note: str,
    now: datetime,
    authority: str = "",
    capacity: str = "",
    signed_by: str = "",
) -> Feedback:
    """Pass feedback on to the body that is competent; its sender reads to whom, and the slip that goes there is frozen.

    In time until the last day for passing on. Raises NotAllowed, NotPossible, KindNotSaid, WrongTrack, TextMissing.

    Source: Nghị định 20/2008/NĐ-CP as amended: within 05 working days.
    """
    to = one_line(to)[:255]
    if not to:
        raise TextMissing(Message(gettext_noop("Name the body that is competent.")), "to")
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.assign")
        state = rules.FEEDBACK.after(row.state, "pass_on")
        _require_feedback(row)
        number = one_line(document_number)[:100]
        agency = Agency.objects.get(pk=actor.agency_id)
        slip = TransferSlip(
            issuer=agency.full_name,
            superior=agency.superior_name,
            place=agency.place,
            recipient=to,
            code=row.code,
            received_on=received_on(row),
            subject=row.subject,
            text=row.text,
            where=row.place,
            sender_name=row.sender_name,
            sender_address=row.sender_address,
            sender_phone=row.sender_phone,
            files=row.files.count(),
            number=number,
            dated=timezone.localdate(now),
            authority=one_line(authority)[:255],
            capacity=one_line(capacity)[:255],
            signed_by=one_line(signed_by)[:255],
        )
        _keep_letter(row, actor, slip, now)
        return changed(
            row=row,
            actor=actor,
            verb="feedback.passed_on",
            now=now,
            values={
                "state": state,
                "settled_at": now,
                "settled_by_id": actor.person_id,
                "settled_note": "\n".join(filter(None, [to, note.strip()])),
                "document_number": number,
            },
            step="passed_on",
            text=to,
            is_public=True,
        )


def route(*, actor: Actor, feedback_id: int, kind: str, to: str, now: datetime) -> Feedback:
    """Route a complaint or a denunciation to its legal track: to whom, so that its sender knows; it is not settled here.

    Raises NotAllowed, NotPossible, WrongTrack, TextMissing.

    Source: Nghị định 154/2026/NĐ-CP (Luật Tiếp công dân as amended); complaints and denunciations have laws of their own.
    """
    to = one_line(to)[:255]
    if not to:
        raise TextMissing(Message(gettext_noop("Name the person or body that deals with it by law.")), "to")
    if kind not in rules.LEGAL_KINDS:
        raise WrongTrack(Message(gettext_noop("Only complaints and denunciations are routed.")))
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.assign")
        state = rules.FEEDBACK.after(row.state, "route")
        return changed(
            row=row,
            actor=actor,
            verb="feedback.routed",
            now=now,
            values={
                "state": state,
                "kind": kind,
                "is_classified": True,
                "settled_at": now,
                "settled_by_id": actor.person_id,
                "settled_note": to,
            },
            step=f"routed_{kind}",
            text="" if kind == rules.DENUNCIATION else to,
            is_public=True,
        )


def set_aside(*, actor: Actor, feedback_id: int, reason: str, now: datetime) -> Feedback:
    """Not take feedback up, with the reason, which its sender reads. Raises NotAllowed, NotPossible, TextMissing."""
    reason = written(
        reason,
        "reason",
        Message(gettext_noop("Say why it is not taken up: its sender reads it.")),
        most=2_000,
    )
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.assign")
        state = rules.FEEDBACK.after(row.state, "set_aside")
        return changed(
            row=row,
            actor=actor,
            verb="feedback.set_aside",
            now=now,
            values={
                "state": state,
                "settled_at": now,
                "settled_by_id": actor.person_id,
                "settled_note": reason,
            },
            step="set_aside",
            text=reason,
            is_public=True,
        )


def merge(*, actor: Actor, feedback_id: int, into_id: int, now: datetime) -> Feedback:
    """Have feedback answered with one that came before it on the same matter; return the one it is merged into.

    Its sender keeps the code and follows by it how the other stands. From then on only the other counts. Whoever the one
    or the other is about sees neither. Raises NotAllowed, NotPossible, NotOneMatter; Feedback.DoesNotExist.
    """
    with transaction.atomic():
        found = {pk: locked(actor, pk, "feedback.assign") for pk in sorted({feedback_id, into_id})}
        row, main = found[feedback_id], found[into_id]
        state = rules.FEEDBACK.after(row.state, "merge")
        _require_one_matter(row, main)
        about = main.concerned | row.concerned
        if main.officer_id in about:
            raise OfficerNotPossible(
                Message(
                    gettext_noop("Whoever the feedback is about cannot deal with it. Assign it anew first.")
                )
            )
        main.concerns.set(about)
        row.merged.update(merged_into=main)
        changed(
            row=row,
            actor=actor,
            verb="feedback.merged",
            now=now,
            values={
                "state": state,
                "merged_into_id": main.pk,
                "settled_at": now,
                "settled_by_id": actor.person_id,
            },
            step="merged",
            into=str(main),
        )
        note_step(row=main, actor=actor, kind="merged_here", now=now)
    return main


def _require_one_matter(row: Feedback, main: Feedback) -> None:
    """Raise NotOneMatter unless the one may be answered with the other."""
    if rules.LEGAL_KINDS & {row.kind, main.kind}:
        raise NotOneMatter(
            Message(
                gettext_noop("Complaints and denunciations are each handed on by themselves, never merged.")
            )
        )
    if row.kind != main.kind:
        raise NotOneMatter(
            Message(
                gettext_noop(
                    "Only feedback of the same kind is answered together. Say of what kind both are."
                )
            )
        )
    if row.pk == main.pk or main.merged_into_id is not None:
        raise NotOneMatter(Message(gettext_noop("Choose the feedback that is answered itself.")))
    if (main.received_at, main.pk) > (row.received_at, row.pk):
        raise NotOneMatter(
            Message(
                gettext_noop("Merge the later one into the one received first, whose last day in time holds.")
            )
        )


def add_note(*, actor: Actor, feedback_id: int, text: str, now: datetime) -> Feedback:
    """Add an internal note on what was found or agreed; the sender does not see it.

    Raises NotAllowed, TextMissing, TextTooLong.
    """
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.answer" if _only_answers(actor) else "feedback.assign")
        text = written(text, "text", Message(gettext_noop("Write the note first.")), most=5_000)
        note_step(row=row, actor=actor, kind="note", now=now, text=text)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="feedback.noted",
            subject=row,
            on=timezone.localdate(now),
        )
    return row


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about feedback: of ``core.feedback.OUTCOME_NAMES``, empty while open; on what that rests."""

    outcome: str = ""
    reason: str = ""


NOTHING_FOUND = Found()


def save_answer(
    *,
    actor: Actor,
    feedback_id: int,
    answer: str,
    submits: bool,
    now: datetime,
    found: Found = NOTHING_FOUND,
) -> Feedback:
    """Keep the draft of the answer and of the outcome, and with ``submits`` put both before who approves them.

    Raises NotAllowed, NotPossible, KindNotSaid, TextMissing, TextTooLong; OutcomeMissing where feedback on conduct or
    rules is submitted without.
    """
    answer = written(answer, "answer", Message(gettext_noop("Write the answer first.")))
    if found.outcome and found.outcome not in rules.OUTCOME_NAMES:
        raise ValueError(found.outcome)
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.answer")
        state = rules.FEEDBACK.after(row.state, "submit" if submits else "save_answer")
        _require_feedback(row)
        if submits:
            _require_outcome(row.kind, found)
        values = {
            "answer": answer,
            "outcome": found.outcome,
            "outcome_reason": _outcome_reason(found) if found.outcome else "",
            "state": state,
            "drafted_at": now,
            "drafted_by_id": actor.person_id,
        }
        if submits:
            row = changed(
                row=row,
                actor=actor,
                verb="feedback.submitted",
                now=now,
                values=values,
                step="submitted",
            )
            told_submitted(actor=actor, row=row, now=now)
            return row
        return changed(
            row=row,
            actor=actor,
            verb="feedback.answer_saved",
            now=now,
            values=values,
            step="answer_saved",
        )


def return_answer(*, actor: Actor, feedback_id: int, reason: str, now: datetime) -> Feedback:
    """Return the answer to who drafted it, with the reason. Raises NotAllowed, NotPossible, TextMissing."""
    reason = written(
        reason, "reason", Message(gettext_noop("Say what is to be mended in the answer.")), most=2_000
    )
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.approve")
        state = rules.FEEDBACK.after(row.state, "return")
        row = changed(
            row=row,
            actor=actor,
            verb="feedback.returned",
            now=now,
            values={"state": state},
            step="returned",
            text=reason,
        )
        told_returned(actor=actor, row=row, now=now)
    return row


@dataclass(frozen=True, slots=True)
class Signing:
    """How an answer is signed: number of the document where it has one, who signs, in which capacity, for whom."""

    document_number: str
    signed_by: str
    capacity: str
    authority: str


def approve_answer(*, actor: Actor, feedback_id: int, signing: Signing, now: datetime) -> Feedback:
    """Approve the answer and send it: the sender reads it under the code; text, outcome and letter are frozen.

    Raises NotAllowed, NotPossible, OwnDraft, TextMissing, OutcomeMissing.
    """
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.approve")
        state = rules.FEEDBACK.after(row.state, "approve")
        if actor.is_own(row.drafted_by_id):
            raise OwnDraft(
                Message(gettext_noop("You drafted this answer yourself; somebody else approves it."))
            )
        if not one_line(signing.signed_by):
            raise TextMissing(Message(gettext_noop("Enter who signs the answer.")), "signed_by")
        _require_outcome(row.kind, Found(row.outcome, row.outcome_reason))
        agency = Agency.objects.get(pk=actor.agency_id)
        letter = AnswerLetter(
            issuer=agency.full_name,
            superior=agency.superior_name,
            place=agency.place,
            recipient=row.sender_name,
            address=row.sender_address,
            code=row.code,
            received_on=received_on(row),
            subject=row.subject,
            answer=row.answer,
            number=one_line(signing.document_number)[:100],
            dated=timezone.localdate(now),
            authority=one_line(signing.authority)[:255],
            capacity=one_line(signing.capacity)[:255],
            signed_by=one_line(signing.signed_by)[:255],
        )
        _keep_letter(row, actor, letter, now)
        values = {
            "state": state,
            "settled_at": now,
            "settled_by_id": actor.person_id,
            "document_number": letter.number,
        }
        if row.outcome:
            values["outcome_on"] = letter.dated
            note_step(row=row, actor=actor, kind=f"found_{row.outcome}", now=now, text=row.outcome_reason)
        return changed(
            row=row,
            actor=actor,
            verb="feedback.answered",
            now=now,
            values=values,
            step="answered",
            is_public=True,
            settles=True,
            **({"feedback_outcome": row.outcome} if row.outcome else {}),
        )


def reopen(*, actor: Actor, feedback_id: int, reason: str, now: datetime) -> Feedback:
    """Take settled feedback up again, with the reason; its days follow from today unless it had been settled late.

    What was published of it stays public until it is taken back. Raises NotAllowed, NotPossible, TextMissing.
    """
    reason = written(reason, "reason", Message(gettext_noop("Say why it is taken up again.")), most=2_000)
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.assign")
        rules.FEEDBACK.after(row.state, "reopen")
        reopen_row(row, actor, now, step="reopen_reason", text=reason, verb="feedback.reopened")
    return row


def publish(
    *,
    actor: Actor,
    feedback_id: int,
    text: str,
    answer: str,
    was_read_again: bool,
    allows_found: bool,
    now: datetime,
) -> Feedback:
    """Make the answer public in the words given, which a person has read again for personal data.

    ``allows_found`` says that words which look like personal data are none. Raises NotAllowed, NotPossible, TextMissing,
    TextTooLong, NotReadAgain, PersonalDataLeft; WrongTrack for feedback on conduct, whose answer is for its sender alone.

    Source: Nghị định 20/2008/NĐ-CP as amended (results are made public); Luật 91/2025/QH15.
    """
    text = written(text, "text", Message(gettext_noop("Write what was asked, without personal data.")))
    answer = written(answer, "answer", Message(gettext_noop("Write the answer, without personal data.")))
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.publish")
        rules.FEEDBACK.after(row.state, "publish")
        if row.kind in rules.GUARDED_KINDS:
            raise WrongTrack(
                Message(gettext_noop("Answers about the conduct of officers are for their sender alone."))
            )
        if not was_read_again:
            raise NotReadAgain(
                Message(gettext_noop("Read both texts once more and say that nothing tells who sent it."))
            )
        found = tuple(each.text for one in (text, answer) for each in blackened(one, known_of(row)).found)
        if found and not allows_found:
            raise PersonalDataLeft(
                Message(
                    gettext_noop(
                        "These words look like personal data: %(words)s. Take them out, or say that they are none."
                    ),
                    {"words": "; ".join(f"“{each}”" for each in found[:8])},
                ),
                found,
            )
        return changed(
            row=row,
            actor=actor,
            verb="feedback.published",
            now=now,
            values={
                "public_text": text,
                "public_answer": answer,
                "published_at": now,
                "published_by_id": actor.person_id,
                "withdrawn_at": None,
            },
            step="published",
            is_public=True,
            settles=True,
        )


def unpublish(*, actor: Actor, feedback_id: int, reason: str, now: datetime) -> Feedback:
    """Take a published answer back from the public page. Raises NotAllowed, NotPossible, TextMissing."""
    reason = written(reason, "reason", Message(gettext_noop("Say why it is taken back.")), most=2_000)
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.publish")
        rules.FEEDBACK.after(row.state, "unpublish")
        if row.published_at is None or row.withdrawn_at is not None:
            raise NotPublic(Message(gettext_noop("The answer is not public.")))
        return changed(
            row=row,
            actor=actor,
            verb="feedback.unpublished",
            now=now,
            values={"withdrawn_at": now},
            step="unpublished",
            text=reason,
        )


_MOST_YEARS = 20
"""How far from today a limit begins; what lies farther was mistyped."""


def set_limit(
    *,
    actor: Actor,
    kind: str,
    field_id: int | None,
    working_days: int,
    valid_from: date,
    source: str,
    now: datetime,
) -> FeedbackLimit:
    """Set within how many working days feedback of a kind and field is answered, from a day on.

    The limit of the same kind and field before it ends the day before. Open feedback received from that day on is dated
    anew. Raises NotAllowed, LimitNotPossible, Field.DoesNotExist.
    """
    with transaction.atomic():
        require(actor, "feedback.assign")
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
        if not 1 <= working_days <= 90:
            raise LimitNotPossible(Message(gettext_noop("A limit is from 1 to 90 working days.")))
        today = timezone.localdate(now)
        if abs(valid_from.year - today.year) > _MOST_YEARS:
            raise LimitNotPossible(
                Message(
                    gettext_noop("A limit begins at most %(years)s years before or after today."),
                    {"years": str(_MOST_YEARS)},
                )
            )
        if kind and kind not in rules.FEEDBACK_KINDS:
            raise ValueError(kind)
        field = Field.objects.get(pk=field_id, agency_id=actor.agency_id) if field_id else None
        same = FeedbackLimit.objects.filter(agency_id=actor.agency_id, kind=kind, field=field)
        if same.filter(valid_from__gte=valid_from).exists():
            raise LimitNotPossible(
                Message(
                    gettext_noop(
                        "A limit of this kind and field begins on %(day)s or later already. Choose a later day."
                    ),
                    {"day": f"{valid_from:%d/%m/%Y}"},
                )
            )
        same.filter(valid_to__isnull=True).update(valid_to=valid_from - timedelta(days=1))
        limit = FeedbackLimit.objects.create(
            agency_id=actor.agency_id,
            kind=kind,
            field=field,
            working_days=working_days,
            valid_from=valid_from,
            source=one_line(source)[:255],
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="feedback.limit_set",
            subject=limit,
            on=timezone.localdate(now),
            after={
                "feedback_kind": kind,
                "field": field.name if field else "",
                "working_days": working_days,
                "valid_from": valid_from,
                "source": limit.source,
            },
        )
        redate(agency_id=actor.agency_id, now=now)
    return limit


def redate(*, agency_id: int, now: datetime) -> int:
    """Date open feedback anew by the calendar and limits of today; return how many were given another last day.

    What is settled keeps its days, and so does what was reopened.
    """
    count = 0
    with transaction.atomic():
        rows = list(
            Feedback.objects.select_for_update(of=("self",))
            .filter(agency_id=agency_id, state__in=rules.OPEN_STATES)
            .order_by("pk")
        )
        if not rows:
            return 0
        own, calendar = feedback_dating.limits_of(agency_id), working_calendar(agency_id)
        reopened = set(
            Feedback.objects.filter(pk__in=[row.pk for row in rows], steps__kind="reopened").values_list(
                "pk", flat=True
            )
        )
        for row in rows:
            if row.pk in reopened:
                continue
            dues = feedback_dating.dues_of(
                own, calendar, kind=row.kind, field_id=row.field_id, received_on=received_on(row)
            )
            if (dues.due_on, dues.pass_on_by) == (row.due_on, row.pass_on_by):
                continue
            changed(
                row=row,
                actor=None,
                verb="feedback.redated",
                now=now,
                values={
                    "due_on": dues.due_on,
                    "pass_on_by": dues.pass_on_by,
                    "limit_days": dues.limit_days,
                },
                step="redated",
            )
            count += 1
    return count


def remind(*, agency_id: int, now: datetime) -> tuple[int, int]:
    """Note on open feedback that it is due soon, or that it is overdue and so before the leaders; return how many of each.

    Each is noted once for a last day in time; steps and home pages show it to whoever must act.
    """
    today = timezone.localdate(now)
    reminded = escalated = 0
    with transaction.atomic():
        rows = list(
            Feedback.objects.select_for_update(of=("self",))
            .filter(agency_id=agency_id, state__in=rules.OPEN_STATES)
            .order_by("pk")
        )
        if not rows:
            return 0, 0
        calendar = working_calendar(agency_id)
        for row in rows:
            found = rules.standing(
                row.state,
                pass_on_by=row.pass_on_by,
                due_on=row.due_on,
                settled_on=None,
                on=today,
                calendar=calendar,
            )
            if found not in (rules.Standing.SOON, rules.Standing.OVERDUE):
                continue
            kind = "escalated" if found is rules.Standing.OVERDUE else "reminded"
            if row.steps.filter(kind=kind, text=row.due_on.isoformat()).exists():
                continue
            note_step(row=row, actor=None, kind=kind, now=now, text=row.due_on.isoformat())
            record(
                actor=None,
                agency_id=agency_id,
                verb="feedback.escalated" if kind == "escalated" else "feedback.reminded",
                subject=row,
                on=today,
                after={"due_on": row.due_on},
            )
            reminded += kind == "reminded"
            escalated += kind == "escalated"
    return reminded, escalated


def _keep_letter(row: Feedback, actor: Actor, letter: AnswerLetter | TransferSlip, now: datetime) -> None:
    note_step(
        row=row, actor=actor, kind="letter", now=now, text=json.dumps(letter.to_json(), ensure_ascii=False)
    )


def _require_feedback(row: Feedback) -> None:
    if row.kind in rules.LEGAL_KINDS:
        raise WrongTrack(
            Message(
                gettext_noop(
                    "This is kept as a complaint or denunciation, which is routed to its legal track and not answered "
                    "here. If it is none, say first of what kind it is."
                )
            )
        )
    if not row.is_classified:
        raise KindNotSaid(Message(gettext_noop("Say first of what kind the feedback is.")))


def _require_outcome(kind: str, found: Found) -> None:
    if found.outcome:
        _outcome_reason(found)
    elif kind in rules.ESTABLISHED_KINDS:
        raise OutcomeMissing(
            Message(
                gettext_noop(
                    "Say whether the feedback was found justified: on conduct and on rules no answer goes out without."
                )
            ),
            "outcome",
        )


def _outcome_reason(found: Found) -> str:
    reason = found.reason.replace("\r\n", "\n").replace("\x00", "").strip()
    if not reason:
        raise OutcomeMissing(
            Message(gettext_noop("Say on what it rests: what was looked at, who was heard.")),
            "outcome_reason",
        )
    return written(reason, "outcome_reason", Message(gettext_noop("Write the note first.")), most=5_000)


def _require_colleague(actor: Actor, person_id: int, on: date) -> None:
    if not Membership.objects.filter(held_on(on), agency_id=actor.agency_id, person_id=person_id).exists():
        name = Person.objects.filter(pk=person_id, memberships__agency_id=actor.agency_id).values_list(
            "full_name", flat=True
        )
        raise OfficerNotPossible(
            Message(
                gettext_noop("%(name)s has no post in the agency on that day."),
                {"name": name.first() or "…"},
            )
        )


def _only_answers(actor: Actor) -> bool:
    try:
        require(actor, "feedback.assign")
    except NotAllowed:
        return True
    return False


def _was_reopened(row: Feedback) -> bool:
    return row.steps.filter(kind="reopened").exists()
