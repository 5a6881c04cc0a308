"""Distribution of controlled documents: given to units, read and understood, reminded, given to who comes later.

Source: ISO 9001:2015, 7.5.3.2 a (distribution) and 7.3 (awareness).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from camket.core.controlled import REVIEW_SOON, edition_name, review_due
from camket.core.messages import Message, gettext_noop
from camket.core.workflow import DOCUMENT_EDITION
from camket.documents import telling
from camket.documents.giving import give, readers
from camket.documents.models import ControlledDocument, DocumentEdition, Receipt
from camket.documents.operations._drafts import own_units
from camket.documents.operations.files import Refused
from camket.journal.operations import record
from camket.notifications.staff import staff_of
from camket.org.policy import Actor, Scope, require


class DistributionRefused(Refused):
    """An edition cannot be given out so, or is nobody's to confirm."""


def distribute(
    *, actor: Actor, edition_id: int, unit_ids: Collection[int], read_by: date | None, now: datetime
) -> int:
    """Give an edition in effect to the people of units, of all where none is named; return how many got it now.

    The units are from now on those that work by the document: who comes to one of them later gets it too. Raises
    NotPossible for an edition that is not in effect, DistributionRefused for a day that has passed, Unit.DoesNotExist for a
    unit that is not the agency's.
    """
    require(actor, "document.manage")
    today = timezone.localdate(now)
    if read_by is not None and read_by < today:
        raise DistributionRefused(Message(gettext_noop("The day by which it is to be read has passed.")))
    with transaction.atomic():
        edition = _edition(actor, edition_id)
        DOCUMENT_EDITION.after(edition.state, "distribute")
        document = edition.document
        before = list(document.users.order_by("order", "name"))
        users = own_units(actor=actor, ids=unit_ids)
        if {each.pk for each in before} != {each.pk for each in users}:
            document.users.set(users)
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="controlled_document.changed",
                subject=document,
                on=today,
                before={"users": "; ".join(each.name for each in before)},
                after={"users": "; ".join(each.name for each in users)},
            )
        given = give(actor=actor, edition=edition, read_by=read_by, now=now)
        if read_by is not None:
            Receipt.objects.filter(edition=edition, read_at=None).update(read_by=read_by)
    return given


def confirm_read(*, actor: Actor, edition_id: int, now: datetime) -> Receipt:
    """Note that the actor has read and understood an edition in effect (đã đọc và hiểu); each speaks for oneself alone.

    Said already: nothing is done. Raises DistributionRefused for who stands in for somebody or only looks.
    """
    require(actor, "document.view")
    if actor.scope is not Scope.AGENCY or actor.stands_in_for is not None:
        raise DistributionRefused(
            Message(gettext_noop("Each person says so in the own name, in the own agency."))
        )
    with transaction.atomic():
        edition = _edition(actor, edition_id)
        DOCUMENT_EDITION.after(edition.state, "distribute")
        receipt, is_new = Receipt.objects.select_for_update().get_or_create(
            edition=edition, person_id=actor.person_id, defaults={"given_at": now, "read_at": now}
        )
        if not is_new and receipt.read_at is not None:
            return receipt
        receipt.read_at = now
        receipt.save(update_fields=["read_at"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="document_edition.read",
            subject=edition,
            on=timezone.localdate(now),
            after={"edition": edition_name(edition.issue, edition.revision)},
        )
    return receipt


def remind_readers(*, actor: Actor, edition_id: int, now: datetime) -> int:
    """Remind those who have not read an edition in effect; return how many were told, each once a day at most."""
    require(actor, "document.manage")
    with transaction.atomic():
        edition = _edition(actor, edition_id)
        DOCUMENT_EDITION.after(edition.state, "distribute")
        people = list(edition.receipts.filter(read_at=None).values_list("person_id", flat=True))
        told = telling.told_to_read(
            agency_id=actor.agency_id,
            edition=edition,
            people=people,
            day=timezone.localdate(now),
            now=now,
            by=actor,
        )
        if told:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="document_edition.reminded",
                subject=edition,
                on=timezone.localdate(now),
                after={"people": told},
            )
    return told


def give_to_newcomers(*, agency_id: int, now: datetime) -> int:
    """Give what is in effect and was distributed to people who came to its units since; return how many receipts."""
    staff = staff_of(agency_id, timezone.localdate(now))
    if not staff.people:
        return 0
    editions = list(
        DocumentEdition.objects.filter(
            Exists(Receipt.objects.filter(edition=OuterRef("pk"))),
            document__agency_id=agency_id,
            state="effective",
        )
        .select_related("document__agency")
        .prefetch_related("document__users")
        .order_by("pk")
    )
    has: dict[int, set[int]] = defaultdict(set)
    for edition_id, person_id in Receipt.objects.filter(edition__in=editions).values_list(
        "edition_id", "person_id"
    ):
        has[edition_id].add(person_id)
    given = 0
    for edition in editions:
        units = [each.pk for each in edition.document.users.all()]
        new = set(readers(staff, units)) - has[edition.pk]
        if not new:
            continue
        with transaction.atomic():
            ControlledDocument.objects.select_for_update(of=("self",)).get(pk=edition.document_id)
            edition.refresh_from_db(fields=["state"])
            if edition.state == "effective":
                given += give(actor=None, edition=edition, read_by=None, now=now, staff=staff, only=new)
    return given


def tell_reviews_due(*, agency_id: int, now: datetime) -> int:
    """Tell whose documents they are that they are to be looked at again soon, once for a day; return how many.

    On the day and after it ``notifications.due`` tells of them as of all work.
    """
    today = timezone.localdate(now)
    rows = DocumentEdition.objects.filter(
        document__agency_id=agency_id,
        document__withdrawn_on=None,
        document__review_months__isnull=False,
        state="effective",
    ).select_related("document")
    told = 0
    for edition in rows.order_by("pk"):
        document = edition.document
        due = review_due(document.review_months, edition.effective_on, document.reviewed_on)
        if due is not None and today < due <= today + REVIEW_SOON:
            told += telling.told_review_due(document=document, due_on=due, now=now)
    return told


def _edition(actor: Actor, edition_id: int) -> DocumentEdition:
    place = DocumentEdition.objects.filter(document__agency_id=actor.agency_id)
    document_id = place.values_list("document_id", flat=True).get(pk=edition_id)
    ControlledDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
    edition: DocumentEdition = (
        DocumentEdition.objects.select_for_update(of=("self",))
        .select_related("document__agency")
        .get(pk=edition_id)
    )
    return edition
