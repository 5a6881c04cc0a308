"""Second factors: what changes of them leave in the journal, and the way back in for one who lost them all."""

from __future__ import annotations

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import login_key
from camket.org.models import AccountEvent, Membership, Person
from camket.org.operations._change import own_person
from camket.org.operations._rules import check_not_self, check_not_shared
from camket.org.operations.sessions import end_own_sessions, tell_owner
from camket.org.policy import Actor, can, require
from camket.org.queries.sign_in import has_second_factor, second_factor_required
from camket.org.queries.validity import held_on
from camket.org.trail import record


class FactorRequired(Refusal):
    """The last second factor of one who must have one cannot be taken off."""


class ReasonMissing(Refusal):
    """This is not done without a reason."""


class NoFactor(Refusal):
    """There is no second factor to take off."""


class OtherLink(Refusal):
    """The single sign-on account belongs to another person here, or the person to another account."""


def record_own(*, person: Person, verb: str, today: date, after: dict[str, object] | None = None) -> None:
    """Record in the journal of every agency where a person holds a post what the person did to the own account."""
    posts = Membership.objects.filter(held_on(today), person=person).order_by("agency_id")
    for agency_id in posts.values_list("agency_id", flat=True).distinct():
        own = Actor(person_id=person.pk, name=person.full_name, agency_id=agency_id)
        record(actor=own, agency_id=agency_id, verb=verb, subject=person, on=today, after=after)


def note_factor_added(*, person_id: int, factor: str, today: date) -> None:
    """Record that a person set up a second factor; call it in the transaction that does it."""
    person = Person.objects.select_for_update().get(pk=person_id)
    record_own(person=person, verb="person.factor_added", today=today, after={"factor": factor})


def note_factor_removed(*, person_id: int, factor: str, today: date) -> None:
    """Record that a person took off a second factor, in the transaction that did it.

    Raises FactorRequired, which undoes it, where it was the last one and an agency asks for one.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    if not has_second_factor(person_id) and second_factor_required(person_id, today):
        raise FactorRequired(
            Message(
                gettext_noop(
                    "Your agency asks you for two steps at sign-in. Set up another way first, then remove this one."
                )
            )
        )
    record_own(person=person, verb="person.factor_removed", today=today, after={"factor": factor})


def note_codes_renewed(*, person_id: int, today: date) -> None:
    """Record that a person made new recovery codes."""
    person = Person.objects.select_for_update().get(pk=person_id)
    record_own(person=person, verb="person.recovery_codes_renewed", today=today)


def reset_second_factor(*, actor: Actor, person_id: int, reason: str, today: date, now: datetime) -> Person:
    """Take off all second factors of a colleague who lost them, and end the sessions.

    The person is told at the next sign-in; where the agency asks for a second factor, a new one is set up then.
    Raises Person.DoesNotExist for one of another agency, NotAllowed, OwnAccount, SharedPerson, ReasonMissing, NoFactor.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.restore")
        check_not_self(actor, person)
        check_not_shared(actor, person, today)
        if not reason.strip():
            raise ReasonMissing(
                Message(
                    gettext_noop("Say why the second step is taken off: what was lost, and how you know.")
                )
            )
        _take_off(person, is_named=can(actor, "people.view"))
        end_own_sessions(person_id=person.pk)
        tell_owner(person=person, kind=AccountEvent.Kind.FACTOR_LOST, by_id=actor.person_id, now=now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="person.factor_reset",
            subject=person,
            on=today,
            reason=reason.strip(),
        )
    return person


def recover_second_factor(*, login: str, today: date, now: datetime) -> Person:
    """Take off all second factors of a person from the installation's command line, where no colleague can.

    Raises Person.DoesNotExist, NoFactor.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(login=login_key(login))
        _take_off(person)
        end_own_sessions(person_id=person.pk)
        tell_owner(person=person, kind=AccountEvent.Kind.FACTOR_LOST, by_id=None, now=now)
        agencies = Membership.objects.filter(person=person).order_by("agency_id")
        for agency_id in agencies.values_list("agency_id", flat=True).distinct():
            record(actor=None, agency_id=agency_id, verb="person.factor_reset", subject=person, on=today)
    return person


def _take_off(person: Person, *, is_named: bool = True) -> None:
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise NoFactor(
            Message(
                gettext_noop("%(person)s signs in without a second step; nothing was changed."),
                {"person": person.full_name},
            )
            if is_named
            else Message(gettext_noop("This account signs in without a second step; nothing was changed."))
        )


def link_single_sign_on(
    *, person_id: int, provider: str, subject: str, facts: dict[str, str], today: date
) -> SocialAccount:
    """Link a person to the account that a provider of single sign-on knows by ``subject``.

    Raises OtherLink where either is linked to another already.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        row = SocialAccount.objects.filter(provider=provider, uid=subject).first()
        own = SocialAccount.objects.filter(provider=provider, user=person).first()
        if (row is not None and row.user_id != person.pk) or (own is not None and own.uid != subject):
            raise OtherLink(
                Message(
                    gettext_noop(
                        "This account is linked to another one already. "
                        "Ask the ISO secretary of your agency to undo the old link."
                    )
                )
            )
        if row is None:
            row = SocialAccount.objects.create(user=person, provider=provider, uid=subject, extra_data=facts)
            record_own(person=person, verb="person.single_sign_on_linked", today=today)
    return row


def unlink_single_sign_on(*, person_id: int, today: date) -> bool:
    """Undo a person's own link to single sign-on; return whether there was one."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        is_done = bool(SocialAccount.objects.filter(user=person).delete()[0])
        if is_done:
            record_own(person=person, verb="person.single_sign_on_unlinked", today=today)
    return is_done


def reset_single_sign_on(*, actor: Actor, person_id: int, reason: str, today: date) -> Person:
    """Undo a colleague's link to single sign-on, as where the provider gave the person a new account.

    Raises Person.DoesNotExist for one of another agency, NotAllowed, OwnAccount, SharedPerson, ReasonMissing.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.restore")
        check_not_self(actor, person)
        check_not_shared(actor, person, today)
        if not reason.strip():
            raise ReasonMissing(Message(gettext_noop("Say why the link is undone.")))
        SocialAccount.objects.filter(user=person).delete()
        end_own_sessions(person_id=person.pk)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="person.single_sign_on_unlinked",
            subject=person,
            on=today,
            reason=reason.strip(),
        )
    return person
