"""To whom an edition in effect goes to be read: the people of the units that work by the document, or everybody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone

from camket.core.controlled import edition_name
from camket.documents import telling
from camket.documents.models import DocumentEdition, Receipt
from camket.journal.operations import record
from camket.notifications.staff import Staff, staff_of
from camket.org.policy import Actor, can, only_looks_from_above


def readers(staff: Staff, unit_ids: Collection[int]) -> tuple[int, ...]:
    """Return the people of an agency who read a document: of these units, of all where none is named.

    Who is there for the agencies below or for the installation alone does not work by the agency's documents.
    """
    everybody = not unit_ids or not staff.units_of_all.isdisjoint(unit_ids)
    found = []
    for person_id, each in staff.people.items():
        actor = each.actor(staff.agency_id)
        if not can(actor, "document.view") or only_looks_from_above(actor):
            continue
        if everybody or not each.unit_ids.isdisjoint(unit_ids):
            found.append(person_id)
    return tuple(found)


def give(
    *,
    actor: Actor | None,
    edition: DocumentEdition,
    read_by: date | None,
    now: datetime,
    staff: Staff | None = None,
    only: Collection[int] | None = None,
) -> int:
    """Give an edition to its readers who have not got it, tell them, and return how many they are; in a transaction.

    ``only`` narrows them down. Its writer, reviewer and approver have read it.
    """
    document = edition.document
    staff = staff or staff_of(document.agency_id, timezone.localdate(now))
    units = list(document.users.values_list("pk", flat=True))
    wanted = readers(staff, units)
    has = set(edition.receipts.values_list("person_id", flat=True))
    knows = {edition.written_by_id, edition.reviewed_by_id, edition.approved_by_id}
    new = [each for each in wanted if each not in has and (only is None or each in only)]
    if not new:
        return 0
    Receipt.objects.bulk_create(
        [
            Receipt(
                edition=edition,
                person_id=each,
                given_at=now,
                read_by=read_by,
                read_at=now if each in knows else None,
            )
            for each in new
        ]
    )
    record(
        actor=actor,
        agency_id=document.agency_id,
        verb="document_edition.distributed",
        subject=edition,
        on=timezone.localdate(now),
        after={
            "edition": edition_name(edition.issue, edition.revision),
            "people": len(new),
            "read_by": read_by.isoformat() if read_by else None,
        },
    )
    telling.told_given(
        edition=edition,
        people=[each for each in new if each not in knows],
        read_by=read_by,
        staff=staff,
        now=now,
    )
    return len(new)
