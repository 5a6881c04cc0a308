"""Reads for the officer in charge of personal data, and accounts as an administrator may see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone

from camket.core.masking import masked_login, short_name
from camket.core.wording.text import search_key
from camket.org.models import Erasure, Membership, Person, PersonalDataKind, SubjectRequest
from camket.org.personal import Kind, Section, held, proposed
from camket.org.policy import Actor, require
from camket.org.queries.validity import held_on

IDENTITY = "identity"
"""Code of the kind whose period says when a person who left may be anonymised."""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request of a data subject; ``is_late`` when it was not answered by its day."""

    id: int
    person_id: int
    person_name: str
    kind: str
    kind_name: str
    text: str
    received_on: date
    due_on: date
    answered_on: date | None
    outcome_name: str
    answer: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class LeaverRow:
    """One who left, with the last day of a post and the day on which the period of keeping the data ran out."""

    person_id: int
    full_name: str
    left_on: date
    expired_on: date


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """A proposal to take a person's data out; ``is_own`` when the reader made it and cannot decide on it."""

    id: int
    person_id: int
    person_name: str
    login: str
    reason: str
    proposed_at: datetime
    proposed_by: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account without the person: a masked name, unit and post, whether it can be used and be given a way back."""

    id: int
    masked_name: str
    masked_login: str
    posts: tuple[str, ...]
    is_active: bool
    has_post: bool
    signed_in_on: date | None
    can_be_restored: bool


def personal_data_register(actor: Actor, on: date) -> tuple[Kind, ...]:
    """Return the agency's register as it holds on a day: its own lines in the place of those proposed.

    Raises NotAllowed.
    """
    require(actor, "privacy.view")
    return _register(actor.agency_id, on)


def personal_data_kind(actor: Actor, code: str, on: date) -> Kind:
    """Return one line of the register; raises NotAllowed, PersonalDataKind.DoesNotExist for an unknown code."""
    for kind in personal_data_register(actor, on):
        if kind.code == code:
            return kind
    raise PersonalDataKind.DoesNotExist(code)


def _register(agency_id: int, on: date) -> tuple[Kind, ...]:
    own = {
        row.code: row
        for row in PersonalDataKind.objects.filter(agency_id=agency_id, valid_from__lte=on).order_by(
            "valid_from"
        )
    }
    return tuple(
        replace(
            kind,
            purpose=row.purpose,
            legal_basis=row.legal_basis,
            retention_months=row.retention_months,
            retention_after=row.retention_after,
            then=row.then,
            is_masked=row.is_masked,
            valid_from=row.valid_from,
            is_own=True,
        )
        if (row := own.get(kind.code))
        else kind
        for kind in proposed()
    )


def subject_requests(actor: Actor, today: date, person_id: int | None = None) -> list[RequestRow]:
    """Return the requests of data subjects, open ones first by their day, then the newest answered ones; at most 200.

    Raises NotAllowed.
    """
    require(actor, "privacy.view")
    return _requests(actor, today, person_id)


def own_subject_requests(actor: Actor, today: date) -> list[RequestRow]:
    """Return what the actor asked about the own data."""
    return _requests(actor, today, actor.person_id)


def _requests(actor: Actor, today: date, person_id: int | None) -> list[RequestRow]:
    found = SubjectRequest.objects.filter(agency_id=actor.agency_id).select_related("person")
    if person_id is not None:
        found = found.filter(person_id=person_id)
    found = found.order_by(F("answered_on").desc(nulls_first=True), "due_on", "pk")
    return [
        RequestRow(
            id=row.pk,
            person_id=row.person_id,
            person_name=row.person.full_name,
            kind=row.kind,
            kind_name=row.get_kind_display(),
            text=row.text,
            received_on=row.received_on,
            due_on=row.due_on,
            answered_on=row.answered_on,
            outcome_name=row.get_outcome_display() if row.outcome else "",
            answer=row.answer,
            is_late=(row.answered_on or today) > row.due_on,
        )
        for row in found[:200]
    ]


def subject_request(actor: Actor, request_id: int, today: date) -> RequestRow:
    """Return one request; raises NotAllowed, SubjectRequest.DoesNotExist for another agency's."""
    for row in subject_requests(actor, today):
        if row.id == request_id:
            return row
    raise SubjectRequest.DoesNotExist(str(request_id))


def expired_people(agency_id: int, today: date) -> list[LeaverRow]:
    """Return those who left so long ago that the agency's register keeps their data no longer, the longest first.

    A list only: what is done, an officer proposes and the chairman decides.
    """
    kind = next(each for each in _register(agency_id, today) if each.code == IDENTITY)
    if kind.retention_months is None:
        return []
    holds = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), person_id=OuterRef("pk")
    )
    waiting = Erasure.objects.filter(person_id=OuterRef("pk"), state=Erasure.State.PROPOSED)
    left = (
        Person.objects.filter(memberships__agency_id=agency_id, anonymised_on__isnull=True)
        .filter(~Exists(holds), ~Exists(waiting))
        .annotate(left_on=Max("memberships__valid_to"))
        .order_by("left_on", "pk")
    )
    rows = (
        LeaverRow(
            person.pk, person.full_name, person.left_on, _months_after(person.left_on, kind.retention_months)
        )
        for person in left
    )
    return [row for row in rows if row.expired_on < today]


def _months_after(day: date, months: int) -> date:
    """Return the day so many months later, the month's last one where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def erasures(actor: Actor) -> list[ErasureRow]:
    """Return the proposals that wait for a decision, the oldest first. Raises NotAllowed."""
    require(actor, "privacy.view")
    found = Erasure.objects.filter(agency_id=actor.agency_id, state=Erasure.State.PROPOSED)
    return [
        ErasureRow(
            id=row.pk,
            person_id=row.person_id,
            person_name=row.person.full_name,
            login=row.person.login,
            reason=row.reason,
            proposed_at=row.proposed_at,
            proposed_by=row.proposed_by.full_name,
            is_own=row.proposed_by_id == actor.person_id,
        )
        for row in found.select_related("person", "proposed_by").order_by("proposed_at", "pk")
    ]


def erasure(actor: Actor, erasure_id: int) -> ErasureRow:
    """Return one proposal that waits; raises NotAllowed, Erasure.DoesNotExist for others."""
    for row in erasures(actor):
        if row.id == erasure_id:
            return row
    raise Erasure.DoesNotExist(str(erasure_id))


def holdings(actor: Actor, person_id: int) -> tuple[Section, ...]:
    """Return everything the agency holds on one of its people; on oneself, everybody may ask.

    Raises NotAllowed; Person.DoesNotExist for one who never held a post in the agency.
    """
    if person_id != actor.person_id:
        require(actor, "privacy.view")
    if not Membership.objects.filter(agency_id=actor.agency_id, person_id=person_id).exists():
        raise Person.DoesNotExist(f"no post in agency {actor.agency_id}")
    return held(actor.agency_id, person_id)


def accounts(actor: Actor, on: date, words: str = "") -> list[AccountRow]:
    """Return the accounts of the agency without names, for whoever gives ways back in; ``words`` narrow to units.

    Raises NotAllowed.
    """
    require(actor, "people.restore")
    wanted = search_key(words).split()
    found: dict[int, tuple[Person, list[str], bool]] = {}
    posts = Membership.objects.filter(agency_id=actor.agency_id).select_related("person", "unit")
    current = set(posts.filter(held_on(on)).values_list("pk", flat=True))
    for post in posts.order_by("pk"):
        person, said, holds = found.setdefault(post.person_id, (post.person, [], False))
        if post.pk in current:
            text = post.position or str(post.get_role_display())
            said.append(f"{text}, {post.unit.name}" if post.unit else text)
            found[post.person_id] = (person, said, True)
    rows = [
        AccountRow(
            id=person.pk,
            masked_name=short_name(person.full_name),
            masked_login=masked_login(person.login),
            posts=tuple(said),
            is_active=person.is_active,
            has_post=holds,
            signed_in_on=timezone.localdate(person.last_login) if person.last_login else None,
            can_be_restored=holds and person.pk != actor.person_id,
        )
        for person, said, holds in found.values()
        if person.anonymised_on is None
    ]
    kept = [row for row in rows if all(word in search_key(" ".join(row.posts)) for word in wanted)]
    return sorted(kept, key=lambda row: (not row.has_post, row.posts, row.id))
