"""Personal data: the register, requests of the people they are about, and taking data out for good."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import CASCADE, Model, Q
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import login_key, one_line
from camket.org.models import (
    AccountEvent,
    Agency,
    BodyName,
    Erasure,
    Invitation,
    Membership,
    Person,
    PersonalDataKind,
    SubjectRequest,
)
from camket.org.operations._change import own_person
from camket.org.personal import erased_from_journal, forget, proposed
from camket.org.policy import Actor, require
from camket.org.trail import record


class PeriodMissing(Refusal):
    """A retention that ends needs its months, and one without end has none."""


class AnswerMissing(Refusal):
    """A request is answered with what was decided and said."""


class AlreadyAnswered(Refusal):
    """The request was answered before."""


class DateOutOfOrder(Refusal):
    """A day lies before the one it follows."""


class ReasonForErasureMissing(Refusal):
    """Nobody's data are taken out without a reason."""


class StillHolds(Refusal):
    """The person holds a post: the data are needed."""


class OwnErasure(Refusal):
    """Nobody takes the own data out, or decides on the own proposal."""


class AlreadyProposed(Refusal):
    """The same was proposed before and waits for a decision."""


class AlreadyErased(Refusal):
    """The person's data were taken out before."""


class NotConfirmed(Refusal):
    """What was typed is not the person's sign-in name."""


def change_personal_data_kind(
    *,
    actor: Actor,
    code: str,
    purpose: str,
    legal_basis: str,
    retention_months: int | None,
    retention_after: str,
    then: str,
    is_masked: bool,
    today: date,
) -> PersonalDataKind:
    """Change a line of the agency's register from today on; what held before stays readable by its date.

    Raises NotAllowed, PeriodMissing; KeyError for a code that the register does not have.
    """
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "privacy.manage")
        proposal = {kind.code: kind for kind in proposed()}[code]
        is_endless = retention_after == PersonalDataKind.After.NEVER
        if is_endless is not (retention_months is None):
            raise PeriodMissing(
                Message(
                    gettext_noop(
                        "Give the months where the data are kept for a time, and none where they stay."
                    )
                )
            )
        new = {
            "purpose": purpose.strip(),
            "legal_basis": legal_basis.strip(),
            "retention_months": retention_months,
            "retention_after": retention_after,
            "then": then,
            "is_masked": is_masked,
        }
        was = (
            PersonalDataKind.objects.filter(agency_id=actor.agency_id, code=code, valid_from__lte=today)
            .order_by("-valid_from")
            .first()
        )
        old = {name: getattr(was or proposal, name) for name in new}
        changed = [name for name in new if new[name] != old[name]]
        row, _made = PersonalDataKind.objects.update_or_create(
            agency_id=actor.agency_id, code=code, valid_from=today, defaults=new
        )
        if changed:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="personal_data.kind_changed",
                subject=row,
                on=today,
                before={name: old[name] for name in changed},
                after={name: new[name] for name in changed},
            )
    return row


def record_subject_request(
    *, actor: Actor, person_id: int, kind: str, text: str, received_on: date, due_on: date, today: date
) -> SubjectRequest:
    """Record what a person asked about the own data.

    Raises Person.DoesNotExist for one who never held a post in the agency, NotAllowed, DateOutOfOrder.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "privacy.manage")
        if due_on < received_on or received_on > today:
            raise DateOutOfOrder(
                Message(
                    gettext_noop(
                        "A request is received today or earlier and answered on that day or later: check the two dates."
                    )
                )
            )
        asked = SubjectRequest.objects.create(
            agency_id=actor.agency_id,
            person=person,
            kind=SubjectRequest.Kind(kind),
            text=text.strip(),
            received_on=received_on,
            due_on=due_on,
            recorded_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="personal_data.request_recorded",
            subject=asked,
            on=today,
            after={"request_kind": kind, "received_on": received_on, "due_on": due_on},
        )
    return asked


def answer_subject_request(
    *, actor: Actor, request_id: int, outcome: str, answer: str, today: date
) -> SubjectRequest:
    """Record what was answered to a request.

    Raises SubjectRequest.DoesNotExist for another agency's, NotAllowed, AnswerMissing, AlreadyAnswered.
    """
    with transaction.atomic():
        asked = (
            SubjectRequest.objects.select_for_update(of=("self",))
            .select_related("person")
            .get(pk=request_id, agency_id=actor.agency_id)
        )
        require(actor, "privacy.manage")
        if asked.answered_on is not None:
            raise AlreadyAnswered(Message(gettext_noop("This request has already been answered.")))
        if not answer.strip() or outcome not in SubjectRequest.Outcome.values:
            raise AnswerMissing(Message(gettext_noop("Say what was decided and what the person was told.")))
        asked.outcome, asked.answer = outcome, answer.strip()
        asked.answered_on, asked.answered_by_id = today, actor.person_id
        asked.save(update_fields=["outcome", "answer", "answered_on", "answered_by"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="personal_data.request_answered",
            subject=asked,
            on=today,
            after={"outcome": outcome, "answer": asked.answer},
        )
    return asked


def propose_erasure(*, actor: Actor, person_id: int, reason: str, now: datetime) -> Erasure:
    """Propose to take a person's data out; another person decides (:func:`anonymise_person`).

    Raises Person.DoesNotExist, NotAllowed, ReasonForErasureMissing, StillHolds, OwnErasure, AlreadyErased,
    AlreadyProposed.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "privacy.manage")
        _check_can_be_erased(actor, person, timezone.localdate(now))
        reason = one_line(reason)[:500]
        if not reason:
            raise ReasonForErasureMissing(Message(gettext_noop("Say the reason.")))
        try:
            with transaction.atomic():
                proposal = Erasure.objects.create(
                    agency_id=actor.agency_id,
                    person=person,
                    reason=reason,
                    proposed_at=now,
                    proposed_by_id=actor.person_id,
                )
        except IntegrityError:
            raise AlreadyProposed(
                Message(gettext_noop("This has already been proposed and waits for a decision."))
            ) from None
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="personal_data.erasure_proposed",
            subject=proposal,
            on=timezone.localdate(now),
            reason=reason,
        )
    return proposal


def refuse_erasure(*, actor: Actor, erasure_id: int, reason: str, now: datetime) -> Erasure:
    """Turn a proposal down; the person's data stay.

    Raises Erasure.DoesNotExist for another agency's or one decided before, NotAllowed, ReasonForErasureMissing.
    """
    with transaction.atomic():
        proposal = _proposal(actor, erasure_id)
        require(actor, "privacy.erase")
        _check_decided_by_another(actor, proposal)
        if not reason.strip():
            raise ReasonForErasureMissing(Message(gettext_noop("Say the reason.")))
        _decide(proposal, Erasure.State.REFUSED, actor, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="personal_data.erasure_refused",
            subject=proposal,
            on=timezone.localdate(now),
            reason=reason.strip(),
        )
    return proposal


def anonymise_person(*, actor: Actor, erasure_id: int, typed_login: str, now: datetime) -> Person:
    """Take a person's data out for good: name, sign-in name, address, every means of signing in, the journal's seals.

    The row stays under a number, so that counts, readings and tasks stay; documents that were issued keep their
    signatures, and texts that colleagues wrote what they wrote. ``typed_login`` is the person's sign-in name, typed
    once more. Recorded in every agency whose journal named the person.

    Raises Erasure.DoesNotExist, NotAllowed, OwnErasure, NotConfirmed, StillHolds, AlreadyErased.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        proposal = _proposal(actor, erasure_id)
        require(actor, "privacy.erase")
        _check_decided_by_another(actor, proposal)
        person = Person.objects.select_for_update().get(pk=proposal.person_id)
        _check_can_be_erased(actor, person, today)
        if login_key(typed_login) != person.login:
            raise NotConfirmed(
                Message(
                    gettext_noop(
                        "Type the person's sign-in name exactly; that is not it. Nothing was changed."
                    )
                )
            )
        _remove_what_signs_in(person)
        BodyName.objects.filter(person=person).update(person=None)
        forget(person.pk, person.full_name)
        person.full_name = f"Người đã xóa dữ liệu #{person.pk}"
        person.login = f"da-xoa-{person.pk}"
        person.email = ""
        person.feed_key = ""
        person.is_active = False
        person.must_change_password = False
        person.anonymised_on = today
        person.set_unusable_password()
        person.save()
        _decide(proposal, Erasure.State.DONE, actor, now)
        erased = erased_from_journal(person.pk)
        for agency_id in sorted({actor.agency_id, *erased}):
            record(
                actor=actor,
                agency_id=agency_id,
                verb="person.anonymised",
                subject=person,
                on=today,
                reason=proposal.reason,
                after={"seals": erased.get(agency_id, [])},
            )
    return person


def _proposal(actor: Actor, erasure_id: int) -> Erasure:
    return (
        Erasure.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=erasure_id, agency_id=actor.agency_id, state=Erasure.State.PROPOSED)
    )


def _decide(proposal: Erasure, state: str, actor: Actor, now: datetime) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by_id = state, now, actor.person_id
    proposal.save(update_fields=["state", "decided_at", "decided_by"])


def _check_decided_by_another(actor: Actor, proposal: Erasure) -> None:
    if actor.person_id == proposal.proposed_by_id:
        raise OwnErasure(
            Message(gettext_noop("Another person than the one who proposed it decides on an erasure."))
        )


def _check_can_be_erased(actor: Actor, person: Person, today: date) -> None:
    if person.pk == actor.person_id:
        raise OwnErasure(Message(gettext_noop("Nobody takes the own data out; ask a colleague.")))
    if person.anonymised_on is not None:
        raise AlreadyErased(
            Message(gettext_noop("The personal data of this person have already been removed."))
        )
    still = Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), person=person)
    if still.exists():
        raise StillHolds(
            Message(
                gettext_noop("%(person)s still holds a post, here or in another agency: end it first."),
                {"person": person.full_name},
            )
        )


def _remove_what_signs_in(person: Person) -> None:
    """Delete invitations, sign-ins, and whatever falls with a person: addresses, factors, links, sessions, drafts."""
    Invitation.objects.filter(person=person).delete()
    AccountEvent.objects.filter(person=person).delete()
    for relation in Person._meta.related_objects:
        if relation.on_delete is CASCADE:
            model: type[Model] = relation.related_model
            model._default_manager.filter(**{relation.field.name: person}).delete()
