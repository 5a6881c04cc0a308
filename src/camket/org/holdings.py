"""What this package holds on a person, for the copy that a person may ask for."""

from __future__ import annotations

from collections.abc import Iterable

from camket.core.messages import Message, gettext_noop
from camket.org.models import (
    AccountEvent,
    BodyName,
    Delegation,
    Invitation,
    Membership,
    Person,
    Seat,
    SubjectRequest,
)
from camket.org.personal import Section, said_day, said_moment

_NAME = Message(gettext_noop("What"))
_VALUE = Message(gettext_noop("Value"))
_POST = Message(gettext_noop("Post"))
_FROM = Message(gettext_noop("From day"))
_TO = Message(gettext_noop("To day"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give who the person is, posts, seats, delegations, names in documents, sign-ins, requests."""
    person = Person.objects.get(pk=person_id)
    yield Section(
        "identity",
        Message(gettext_noop("Who the person is")),
        (_NAME, _VALUE),
        (
            ("full_name", person.full_name),
            ("login", person.login),
            ("email", person.email),
            ("language", person.language),
            ("is_active", "1" if person.is_active else "0"),
            ("last_login", said_moment(person.last_login)),
        ),
    )
    posts = Membership.objects.filter(agency_id=agency_id, person_id=person_id).select_related("unit")
    yield Section(
        "posts",
        Message(gettext_noop("Posts")),
        (_POST, Message(gettext_noop("Role in the system")), Message(gettext_noop("Unit")), _FROM, _TO),
        tuple(
            (
                post.position,
                str(post.get_role_display()),
                post.unit.name if post.unit else "",
                said_day(post.valid_from),
                said_day(post.valid_to),
            )
            for post in posts.order_by("pk")
        ),
    )
    seats = Seat.objects.filter(unit__agency_id=agency_id, person_id=person_id).select_related("unit")
    yield Section(
        "seats",
        Message(gettext_noop("Seats in committees")),
        (Message(gettext_noop("Committee")), Message(gettext_noop("Duty")), _FROM, _TO),
        tuple(
            (seat.unit.name, str(seat.get_duty_display()), said_day(seat.valid_from), said_day(seat.valid_to))
            for seat in seats.order_by("pk")
        ),
    )
    delegations = Delegation.objects.filter(agency_id=agency_id).select_related(
        "post", "post__person", "deputy"
    )
    yield Section(
        "delegations",
        Message(gettext_noop("Delegations")),
        (
            Message(gettext_noop("Delegated by")),
            Message(gettext_noop("Deputy")),
            _FROM,
            _TO,
            Message(gettext_noop("Reason")),
        ),
        tuple(
            (
                row.post.person.full_name,
                row.deputy.full_name,
                said_day(row.valid_from),
                said_day(row.valid_to),
                row.reason,
            )
            for row in delegations.order_by("pk")
            if person_id in {row.post.person_id, row.deputy_id}
        ),
    )
    names = BodyName.objects.filter(agency_id=agency_id, person_id=person_id).order_by("pk")
    yield Section(
        "names",
        Message(gettext_noop("Names in documents that mean the person")),
        (Message(gettext_noop("Text")),),
        tuple((row.text,) for row in names),
    )
    invitations = Invitation.objects.filter(agency_id=agency_id, person_id=person_id).order_by("pk")
    yield Section(
        "invitations",
        Message(gettext_noop("Invitations to sign in")),
        (Message(gettext_noop("Made on")), Message(gettext_noop("Used on"))),
        tuple((said_moment(row.made_at), said_moment(row.used_at)) for row in invitations),
    )
    events = AccountEvent.objects.filter(person_id=person_id).order_by("at", "pk")
    yield Section(
        "sign_ins",
        Message(gettext_noop("Sign-ins and events of the account")),
        (
            Message(gettext_noop("Time")),
            _NAME,
            Message(gettext_noop("Network address")),
            Message(gettext_noop("Device")),
        ),
        tuple(
            (said_moment(row.at), str(row.get_kind_display()), row.address or "", row.device)
            for row in events
        ),
    )
    requests = SubjectRequest.objects.filter(agency_id=agency_id, person_id=person_id).order_by("pk")
    yield Section(
        "requests",
        Message(gettext_noop("Requests about the own data")),
        (
            Message(gettext_noop("Received on")),
            Message(gettext_noop("Kind")),
            Message(gettext_noop("Text")),
            Message(gettext_noop("Answered on")),
            Message(gettext_noop("Answer")),
        ),
        tuple(
            (
                said_day(row.received_on),
                str(row.get_kind_display()),
                row.text,
                said_day(row.answered_on),
                row.answer,
            )
            for row in requests
        ),
    )
