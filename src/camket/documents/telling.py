"""Whom the life of a controlled document is told to: reviewers, approvers, writers, readers, who keeps it right."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from camket.core.controlled import edition_name
from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.documents.models import ControlledDocument, DocumentEdition, LegalText
from camket.notifications.operations import tell, tell_doers, tell_roles
from camket.notifications.staff import Staff
from camket.org.policy import Actor, roles_with

TOPIC = "document"


def told_submitted(*, actor: Actor, edition: DocumentEdition, now: datetime) -> None:
    """Tell those who review that an edition waits for them."""
    tell_roles(
        agency_id=actor.agency_id,
        roles=roles_with("document.review") | roles_with("document.approve"),
        topic=TOPIC,
        key=f"edition:{edition.pk}:submitted:{now.isoformat()}",
        message=Message(
            gettext_noop("%(by)s submits %(document)s for review."),
            {"by": actor.name, "document": called(edition)},
        ),
        now=now,
        link=edition_link(edition.pk),
        by=actor,
    )


def told_passed_on(*, actor: Actor, edition: DocumentEdition, now: datetime) -> None:
    """Tell those who approve that a reviewed edition waits for them."""
    tell_roles(
        agency_id=actor.agency_id,
        roles=roles_with("document.approve"),
        topic=TOPIC,
        key=f"edition:{edition.pk}:passed_on:{now.isoformat()}",
        message=Message(
            gettext_noop("%(by)s has reviewed %(document)s; it waits for approval."),
            {"by": actor.name, "document": called(edition)},
        ),
        now=now,
        link=edition_link(edition.pk),
        by=actor,
    )


def told_returned(*, actor: Actor, edition: DocumentEdition, reason: str, now: datetime) -> None:
    """Tell who wrote an edition that it comes back, and why."""
    tell(
        agency_id=actor.agency_id,
        people=(edition.written_by_id,),
        topic=TOPIC,
        key=f"edition:{edition.pk}:returned:{now.isoformat()}",
        message=Message(
            gettext_noop("%(by)s returns %(document)s: %(reason)s."),
            {"by": actor.name, "document": called(edition), "reason": reason.rstrip(".")},
        ),
        now=now,
        link=edition_link(edition.pk),
        by=actor,
    )


def told_approved(*, actor: Actor, edition: DocumentEdition, now: datetime) -> None:
    """Tell who keeps documents that an approved edition waits for its number and day."""
    tell_roles(
        agency_id=actor.agency_id,
        roles=roles_with("document.manage"),
        topic=TOPIC,
        key=f"edition:{edition.pk}:approved:{now.isoformat()}",
        message=Message(
            gettext_noop("%(by)s approves %(document)s; enter the number and day of its decision."),
            {"by": actor.name, "document": called(edition)},
        ),
        now=now,
        link=edition_link(edition.pk),
        by=actor,
    )


def told_given(
    *, edition: DocumentEdition, people: Iterable[int], read_by: date | None, staff: Staff, now: datetime
) -> None:
    """Tell people that an edition was given to them to read."""
    values = {"document": called(edition)}
    if read_by is None:
        message = Message(gettext_noop("Read %(document)s and say that you have understood it."), values)
    else:
        message = Message(
            gettext_noop("Read %(document)s by %(day)s and say that you have understood it."),
            {**values, "day": vietnamese(read_by)},
        )
    tell(
        agency_id=staff.agency_id,
        people=people,
        topic=TOPIC,
        key=f"edition:{edition.pk}:given",
        message=message,
        now=now,
        link=edition_link(edition.pk),
        staff=staff,
    )


def told_to_read(
    *,
    agency_id: int,
    edition: DocumentEdition,
    people: Collection[int],
    day: date,
    now: datetime,
    staff: Staff | None = None,
    by: Actor | None = None,
) -> int:
    """Remind people of an edition that they have not read; once a day each. Return how many were told."""
    return tell(
        agency_id=agency_id,
        people=people,
        topic=TOPIC,
        key=f"edition:{edition.pk}:remind:{day.isoformat()}",
        message=Message(
            gettext_noop("You have not read %(document)s yet: read it and say that you have understood it."),
            {"document": called(edition)},
        ),
        now=now,
        link=edition_link(edition.pk),
        by=by,
        staff=staff,
    )


def told_review_due(*, document: ControlledDocument, due_on: date, now: datetime) -> int:
    """Tell whose document it is that it is to be looked at again."""
    return tell_doers(
        agency_id=document.agency_id,
        person_id=None,
        unit_id=document.unit_id,
        topic=TOPIC,
        key=f"document:{document.pk}:review:{due_on.isoformat()}",
        message=Message(
            gettext_noop("%(document)s is to be looked at again by %(day)s: still right, or a new edition."),
            {"document": str(document), "day": vietnamese(due_on)},
        ),
        now=now,
        link=document_link(document.pk),
    )


def told_of_change(
    *, document: ControlledDocument, change_id: int, text: LegalText, due_on: date, now: datetime, stage: str
) -> int:
    """Tell whose document it is that a legal text it rests on changes; ``stage`` names what is told of, for its key."""
    return tell_doers(
        agency_id=document.agency_id,
        person_id=None,
        unit_id=document.unit_id,
        topic=TOPIC,
        key=f"change:{change_id}:{document.pk}:{stage}",
        message=Message(
            gettext_noop("%(text)s changes; bring it into %(document)s by %(day)s, or say why it stays."),
            {"text": text.number, "document": str(document), "day": vietnamese(due_on)},
        ),
        now=now,
        link=document_link(document.pk),
    )


def told_expiring(*, text: LegalText, now: datetime) -> int:
    """Tell who keeps legal texts that one which documents cite is about to end."""
    return tell_roles(
        agency_id=text.agency_id,
        roles=roles_with("document.manage"),
        topic=TOPIC,
        key=f"legal:{text.pk}:ends:{text.ends_on}",
        message=Message(
            gettext_noop("%(text)s, which documents cite, is in force until %(day)s."),
            {"text": text.number, "day": vietnamese(text.ends_on) if text.ends_on else ""},
        ),
        now=now,
        link=f"/van-ban-phap-luat/{text.pk}/",
    )


def called(edition: DocumentEdition) -> str:
    """Return what people are told an edition is called."""
    return (
        f"{edition.document.code} {edition.document.title} ({edition_name(edition.issue, edition.revision)})"
    )


def edition_link(edition_id: int) -> str:
    """Return the path of an edition's page."""
    return f"/tai-lieu/lan/{edition_id}/"


def document_link(document_id: int) -> str:
    """Return the path of a document's page."""
    return f"/tai-lieu/{document_id}/"
