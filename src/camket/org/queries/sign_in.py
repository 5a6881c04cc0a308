"""What people sign in with, where they are signed in, and what happened to their accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q

from camket.core.masking import short_name
from camket.core.wording.text import login_key
from camket.org.models import AccountEvent, Membership, Person, SecondFactor
from camket.org.policy import Actor, can, roles_with
from camket.org.queries.posts import posts_held

MANAGING_ACTS = ("plan.approve", "report.issue", "people.manage", "privacy.manage", "system.manage")
"""Who has one of these is asked for a second factor where the agency asks it of those who manage."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A security key or passkey under the name that its owner gave it."""

    id: int
    name: str
    added_at: datetime
    latest_use_at: datetime | None
    is_passkey: bool


@dataclass(frozen=True, slots=True)
class FactorsRow:
    """What a person has for the second step of signing in."""

    app_added_at: datetime | None
    app_used_at: datetime | None
    keys: tuple[KeyRow, ...]
    codes_left: int
    has_codes: bool

    @property
    def has_app(self) -> bool:
        """Whether an authenticator app is set up."""
        return self.app_added_at is not None

    @property
    def is_on(self) -> bool:
        """Whether signing in takes two steps."""
        return self.has_app or bool(self.keys)

    @property
    def few_codes_left(self) -> bool:
        """Whether it is time for new recovery codes."""
        return self.is_on and self.codes_left <= 3


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A place where a person is signed in."""

    id: int
    agent: str
    address: str
    began_at: datetime
    latest_seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened to an account."""

    kind: str
    kind_name: str
    how: str
    how_name: str
    at: datetime
    address: str
    device: str
    by_name: str


@dataclass(frozen=True, slots=True)
class AddressRow:
    """A person's mail address, and one that waits to be checked."""

    email: str
    is_checked: bool
    waiting: str


def has_second_factor(person_id: int) -> bool:
    """Return whether signing in takes a person two steps."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=person_id, type__in=types).exists())


def second_factors(person_id: int) -> FactorsRow:
    """Return what a person has for the second step."""
    rows = list(Authenticator.objects.filter(user_id=person_id).order_by("created_at", "pk"))
    app = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return FactorsRow(
        app_added_at=app.created_at if app else None,
        app_used_at=app.last_used_at if app else None,
        keys=tuple(_key_row(row) for row in rows if row.type == Authenticator.Type.WEBAUTHN),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        has_codes=codes is not None,
    )


def _key_row(row: Authenticator) -> KeyRow:
    key = row.wrap()
    return KeyRow(
        id=row.pk,
        name=key.name,
        added_at=row.created_at,
        latest_use_at=row.last_used_at,
        is_passkey=bool(key.is_passwordless),
    )


def own_key(person_id: int, key_id: int) -> KeyRow:
    """Return one of a person's own keys; raises Authenticator.DoesNotExist for others."""
    return _key_row(Authenticator.objects.get(pk=key_id, user_id=person_id, type=Authenticator.Type.WEBAUTHN))


def second_factor_required(person_id: int, on: date) -> bool:
    """Return whether an agency in which a person holds a post that day asks for a second factor."""
    managing = frozenset[str]().union(*(roles_with(act) for act in MANAGING_ACTS))
    return (
        posts_held(person_id, on)
        .filter(
            Q(agency__second_factor=SecondFactor.EVERYONE)
            | Q(agency__second_factor=SecondFactor.MANAGERS, role__in=managing)
        )
        .exists()
    )


def sessions(person_id: int, this: str, now: datetime) -> list[SessionRow]:
    """Return where a person is signed in, this session first, then the latest seen; ``this`` is its key."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = UserSession.objects.filter(user_id=person_id, session_key__in=live).order_by("-last_seen_at", "pk")
    found = [
        SessionRow(
            id=row.pk,
            agent=row.user_agent,
            address="" if row.ip == "0.0.0.0" else row.ip,  # noqa: S104 for none
            began_at=row.created_at,
            latest_seen_at=row.last_seen_at,
            is_this=row.session_key == this,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.is_this)


def account_events(person_id: int, limit: int = 20) -> list[EventRow]:
    """Return what happened to a person's account, the latest first."""
    rows = AccountEvent.objects.filter(person_id=person_id).select_related("by").order_by("-at", "-pk")
    return [_event_row(row) for row in rows[:limit]]


def unseen_events(person_id: int) -> list[EventRow]:
    """Return what a person has to be told of the account; sign-ins are not among it."""
    rows = (
        AccountEvent.objects.filter(person_id=person_id, seen_at__isnull=True)
        .exclude(kind=AccountEvent.Kind.SIGNED_IN)
        .select_related("by")
        .order_by("at", "pk")
    )
    return [_event_row(row) for row in rows]


def guessed_colleagues(person_id: int, on: date) -> list[str]:
    """Return whose accounts were guessed at since the person's sign-in before this, of those the person manages."""
    signed_in = AccountEvent.objects.filter(person_id=person_id, kind=AccountEvent.Kind.SIGNED_IN).order_by(
        "-at"
    )
    before = signed_in.values_list("at", flat=True)[1:2].first()
    managed = [
        post.agency_id for post in posts_held(person_id, on) if post.role in roles_with("people.manage")
    ]
    if not managed:
        return []
    guessed = AccountEvent.objects.filter(
        kind=AccountEvent.Kind.GUESSED,
        person__in=Membership.objects.filter(agency_id__in=managed).values("person_id"),
    ).exclude(person_id=person_id)
    if before is not None:
        guessed = guessed.filter(at__gt=before)
    return sorted(set(guessed.values_list("person__full_name", flat=True)))


def _event_row(row: AccountEvent) -> EventRow:
    return EventRow(
        kind=row.kind,
        kind_name=row.get_kind_display(),
        how=row.how,
        how_name=row.get_how_display(),
        at=row.at,
        address=row.address or "",
        device=row.device,
        by_name=row.by.full_name if row.by else "",
    )


def mail_address(person_id: int) -> AddressRow:
    """Return a person's mail address, whether it was checked, and one that waits for it."""
    rows = list(EmailAddress.objects.filter(user_id=person_id).order_by("pk"))
    email = Person.objects.values_list("email", flat=True).get(pk=person_id)
    return AddressRow(
        email=email,
        is_checked=any(row.verified and row.email == email for row in rows),
        waiting=next((row.email for row in rows if not row.verified), ""),
    )


def is_linked(person_id: int) -> bool:
    """Return whether a person signs in by single sign-on."""
    return bool(SocialAccount.objects.filter(user_id=person_id).exists())


def person_of_claim(claim: str, value: str) -> Person | None:
    """Return the one active person that a claim of single sign-on names: by checked mail address, else by sign-in name.

    None where nobody or more than one fits.
    """
    value = login_key(value)
    if not value:
        return None
    if claim != "email":
        return Person.objects.filter(login=value, is_active=True).first()
    checked = EmailAddress.objects.filter(email=value, verified=True).values("user_id")
    owner = Person.objects.filter(pk__in=checked, is_active=True).first()
    if owner is not None:
        return owner
    named = list(Person.objects.filter(email__iexact=value, is_active=True).order_by("pk")[:2])
    return named[0] if len(named) == 1 else None


@dataclass(frozen=True, slots=True)
class MeansRow:
    """What a colleague who may restore accounts sees of another's means of signing in."""

    name: str
    has_second_factor: bool
    is_required: bool
    is_linked: bool
    sessions: int
    has_address: bool
    invited_until: datetime | None


def sign_in_means(actor: Actor, person_id: int, on: date, now: datetime) -> MeansRow:
    """Return a colleague's means of signing in; raises Membership.DoesNotExist for one of another agency."""
    if not Membership.objects.filter(agency_id=actor.agency_id, person_id=person_id).exists():
        raise Membership.DoesNotExist(person_id)
    person = Person.objects.get(pk=person_id)
    invitation = (
        person.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)
        .order_by("-made_at")
        .first()
    )
    return MeansRow(
        name=person.full_name if can(actor, "people.view") else short_name(person.full_name),
        has_second_factor=has_second_factor(person_id),
        is_required=second_factor_required(person_id, on),
        is_linked=is_linked(person_id),
        sessions=len(sessions(person_id, "", now)),
        has_address=bool(person.email),
        invited_until=invitation.expires_at if invitation else None,
    )
