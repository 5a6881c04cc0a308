"""Delegation of a post while its holder is away (ủy quyền khi vắng mặt)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Agency, Delegation, Membership, Person
from camket.org.operations._change import own_person
from camket.org.operations._rules import check_not_wider
from camket.org.policy import Actor, NotAllowed, can, require
from camket.org.queries.validity import held_on
from camket.org.trail import record


class OwnDeputy(Refusal):
    """Nobody stands in for oneself."""


class HandedOn(Refusal):
    """Who stands in for somebody does not hand the post on."""


class DeputyNotPossible(Refusal):
    """The person chosen holds no post in the agency throughout, cannot sign in, or is away as well."""


class DaysNotPossible(Refusal):
    """The days lie in the past, in the wrong order, or beyond the post."""


class AlreadyDelegated(Refusal):
    """Another person stands in for the post on some of the days."""


class ReasonMissing(Refusal):
    """A delegation says why."""


class DelegationOver(Refusal):
    """The delegation has ended or was withdrawn before."""


def delegate_post(
    *,
    actor: Actor,
    post_id: int,
    deputy_id: int,
    valid_from: date,
    valid_to: date,
    reason: str,
    document_number: str = "",
    today: date,
) -> Delegation:
    """Let another person of the agency fill a post from a day to a day, both included.

    The holder may, or one who manages people. The deputy acts in the name of both, with the rights of that post
    alone, and cannot hand it on. Nobody makes oneself the deputy of a post that widens what one may do.

    Raises Membership.DoesNotExist, Person.DoesNotExist for those of another agency, NotAllowed, HandedOn, OwnDeputy,
    OwnAccount, DeputyNotPossible, DaysNotPossible, AlreadyDelegated, ReasonMissing.
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        post = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("person", "unit")
            .get(pk=post_id, agency_id=actor.agency_id)
        )
        _check_authority(actor, post)
        deputy = own_person(actor, deputy_id)
        if deputy.pk == post.person_id:
            raise OwnDeputy(Message(gettext_noop("Choose another person: nobody stands in for oneself.")))
        if post.person_id != actor.person_id:
            check_not_wider(actor, deputy, post.role)
        _check_days(post, valid_from, valid_to, today)
        _check_deputy(actor, deputy, valid_from, valid_to)
        _check_free(post, valid_from, valid_to)
        reason = one_line(reason)
        if not reason:
            raise ReasonMissing(
                Message(gettext_noop("Say why the holder is away, for example annual leave."))
            )
        delegation = Delegation.objects.create(
            agency_id=actor.agency_id,
            post=post,
            deputy=deputy,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason,
            document_number=one_line(document_number),
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="delegation.given",
            subject=post.person,
            on=today,
            after={**_told(delegation), "document_number": delegation.document_number},
            reason=reason,
        )
    return delegation


def withdraw_delegation(*, actor: Actor, delegation_id: int, reason: str = "", today: date) -> Delegation:
    """End a delegation at once: the holder is back, or the deputy cannot go on.

    The holder may, the deputy, or one who manages people. Raises Delegation.DoesNotExist for one of another agency,
    NotAllowed, DelegationOver.
    """
    with transaction.atomic():
        delegation = (
            Delegation.objects.select_for_update(of=("self",))
            .select_related("post__person", "post__unit", "deputy")
            .get(pk=delegation_id, agency_id=actor.agency_id)
        )
        is_party = actor.stands_in_for is None and actor.person_id in (
            delegation.post.person_id,
            delegation.deputy_id,
        )
        if not is_party:
            require(actor, "people.manage")
        if delegation.withdrawn_on is not None or delegation.valid_to < today:
            raise DelegationOver(Message(gettext_noop("This delegation is over already.")))
        _withdraw(delegation, on=today)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="delegation.withdrawn",
            subject=delegation.post.person,
            on=today,
            before={"valid_to": delegation.valid_to},
            after={**_told(delegation), "valid_to": today - timedelta(days=1)},
            reason=one_line(reason),
        )
    return delegation


def _withdraw(delegation: Delegation, *, on: date) -> None:
    delegation.withdrawn_on = on
    delegation.save(update_fields=["withdrawn_on"])


def withdraw_all_of(
    *, agency_id: int, on: date, post_id: int | None = None, person_id: int | None = None
) -> list[Delegation]:
    """Let all delegations of a post, or all that a person gives or takes, hold no more from a day on; return them."""
    rows = (
        Delegation.objects.select_for_update(of=("self",))
        .filter(agency_id=agency_id, valid_to__gte=on, withdrawn_on__isnull=True)
        .select_related("post__person", "post__unit", "deputy")
        .order_by("pk")
    )
    if post_id is not None:
        rows = rows.filter(post_id=post_id)
    if person_id is not None:
        rows = rows.filter(Q(post__person_id=person_id) | Q(deputy_id=person_id))
    found = list(rows)
    for row in found:
        _withdraw(row, on=on)
    return found


def _check_authority(actor: Actor, post: Membership) -> None:
    if actor.stands_in_for is not None and post.person_id == actor.stands_in_for[0]:
        raise HandedOn(
            Message(
                gettext_noop(
                    "You stand in for %(person)s yourself: a delegated post is not handed on. "
                    "%(person)s or the secretary can choose another deputy."
                ),
                {"person": post.person.full_name},
            )
        )
    is_holder = actor.stands_in_for is None and post.person_id == actor.person_id
    if not is_holder and not can(actor, "people.manage"):
        raise NotAllowed("people.manage")


def _check_days(post: Membership, valid_from: date, valid_to: date, today: date) -> None:
    if valid_to < valid_from:
        raise DaysNotPossible(Message(gettext_noop("The last day lies before the first.")))
    if valid_from < today:
        raise DaysNotPossible(
            Message(
                gettext_noop("A delegation begins today or later: what was done before cannot be covered.")
            )
        )
    if post.valid_from is not None and valid_from < post.valid_from:
        raise DaysNotPossible(
            Message(
                gettext_noop("The post begins on %(day)s; delegate it from that day on."),
                {"day": f"{post.valid_from:%d/%m/%Y}"},
            )
        )
    if post.valid_to is not None and valid_to > post.valid_to:
        raise DaysNotPossible(
            Message(
                gettext_noop("The post ends on %(day)s; a delegation cannot last longer."),
                {"day": f"{post.valid_to:%d/%m/%Y}"},
            )
        )


def _check_deputy(actor: Actor, deputy: Person, valid_from: date, valid_to: date) -> None:
    if not deputy.is_active:
        raise DeputyNotPossible(
            Message(
                gettext_noop("%(person)s cannot sign in at present. Choose another person."),
                {"person": deputy.full_name},
            )
        )
    throughout = Membership.objects.filter(
        held_on(valid_from), held_on(valid_to), agency_id=actor.agency_id, person=deputy
    )
    if not throughout.exists():
        raise DeputyNotPossible(
            Message(
                gettext_noop(
                    "%(person)s does not hold a post in the agency on all of these days. Choose another person."
                ),
                {"person": deputy.full_name},
            )
        )
    away = (
        _on_some_of(valid_from, valid_to)
        .filter(agency_id=actor.agency_id, post__person=deputy)
        .select_related("deputy")
        .first()
    )
    if away is not None:
        raise DeputyNotPossible(
            Message(
                gettext_noop(
                    "%(person)s is away from %(first)s to %(last)s as well: %(deputy)s stands in. Choose another person."
                ),
                {
                    "person": deputy.full_name,
                    "first": f"{away.valid_from:%d/%m/%Y}",
                    "last": f"{away.valid_to:%d/%m/%Y}",
                    "deputy": away.deputy.full_name,
                },
            )
        )


def _check_free(post: Membership, valid_from: date, valid_to: date) -> None:
    other = _on_some_of(valid_from, valid_to).filter(post=post).select_related("deputy").first()
    if other is not None:
        raise AlreadyDelegated(
            Message(
                gettext_noop(
                    "%(deputy)s already stands in for this post from %(first)s to %(last)s. "
                    "Withdraw that delegation first, or choose other days."
                ),
                {
                    "deputy": other.deputy.full_name,
                    "first": f"{other.valid_from:%d/%m/%Y}",
                    "last": f"{other.valid_to:%d/%m/%Y}",
                },
            )
        )


def _on_some_of(first: date, last: date) -> QuerySet[Delegation]:
    """Return the delegations that hold on some day of a span."""
    return Delegation.objects.filter(
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=first), valid_from__lte=last, valid_to__gte=first
    ).order_by("valid_from", "pk")


def _told(delegation: Delegation) -> dict[str, object]:
    post = delegation.post
    return {
        "deputy": delegation.deputy_id,
        "role": post.role,
        "unit": post.unit.name if post.unit else "",
        "position": post.position,
        "valid_from": delegation.valid_from,
        "valid_to": delegation.valid_to,
    }
