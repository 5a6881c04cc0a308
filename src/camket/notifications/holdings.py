"""What this package holds on a person: what was told, which letters went where, and what was chosen."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext

from camket.core.messages import Message, gettext_noop
from camket.core.reminders import TOPICS
from camket.notifications.models import Choice, Mail, Notification
from camket.org.models import Membership
from camket.org.personal import Section, said_moment

_TIME = Message(gettext_noop("Time"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give what the person was told in the agency, the letters written, and the ways chosen."""
    told = Notification.objects.filter(agency_id=agency_id, person_id=person_id).order_by("created_at", "pk")
    yield Section(
        "notifications",
        Message(gettext_noop("What was told to the person")),
        (_TIME, Message(gettext_noop("Text"))),
        tuple((said_moment(row.created_at), _said(row.message)) for row in told),
    )
    mail = Mail.objects.filter(agency_id=agency_id, person_id=person_id).order_by("created_at", "pk")
    yield Section(
        "mail",
        Message(gettext_noop("Letters to the person")),
        (
            _TIME,
            Message(gettext_noop("Address")),
            Message(gettext_noop("Subject")),
            Message(gettext_noop("State")),
        ),
        tuple(
            (said_moment(row.created_at), row.to, row.subject, str(row.get_state_display())) for row in mail
        ),
    )
    chosen = Choice.objects.filter(agency_id=agency_id, person_id=person_id).order_by("topic")
    yield Section(
        "notification_choices",
        Message(gettext_noop("How the person wants to be told")),
        (Message(gettext_noop("Topic")), Message(gettext_noop("Way"))),
        tuple((_topic(row.topic), str(row.get_way_display())) for row in chosen),
    )


def forget(person_id: int, full_name: str) -> None:
    """Remove what a person was told and chose, and what colleagues were told in that name; none of it is a record.

    Colleagues are those of agencies in which the person held a post: a namesake elsewhere loses nothing.
    """
    Mail.objects.filter(person_id=person_id).delete()
    Notification.objects.filter(person_id=person_id).delete()
    Choice.objects.filter(person_id=person_id).delete()
    agencies = Membership.objects.filter(person_id=person_id).values("agency_id")
    Notification.objects.filter(agency_id__in=agencies, message__params__by=full_name).delete()
    Mail.objects.filter(agency_id__in=agencies, text__contains=full_name).exclude(
        state__in=(Mail.State.WAITING, Mail.State.SENDING)
    ).delete()


def _said(message: dict[str, object]) -> str:
    with translation.override("vi"):
        text = gettext(str(message["template"]))
    params = message["params"]
    return text % params if params else text


def _topic(key: str) -> str:
    with translation.override("vi"):
        return gettext(TOPICS[key].title) if key in TOPICS else key
