"""Lists of documents for pages and paper: who uses which form, who was given what, what is in use."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from camket.core.controlled import edition_name
from camket.documents.list_paper import (
    FormUse,
    Given,
    Heading,
    ListedDocument,
    distribution_document,
    forms_document,
    list_document,
)
from camket.documents.models import ControlledDocument, DocumentEdition
from camket.documents.queries.controlled import Wanted, all_documents
from camket.documents.queries.readers import readers_of
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.paper.writing.model import Document


def forms_in_use(actor: Actor, unit_id: int | None = None) -> tuple[FormUse, ...]:
    """Return the forms in effect with their procedure and the units that use them; of one unit where it is named.

    A form that names no units is used by those of its procedure, by all where that names none either. Three SQL
    statements.
    """
    require(actor, "document.view")
    rows = (
        DocumentEdition.objects.filter(
            document__agency_id=actor.agency_id,
            document__kind=ControlledDocument.Kind.FORM,
            document__withdrawn_on=None,
            state="effective",
        )
        .select_related("document__parent")
        .prefetch_related("document__users", "document__parent__users")
        .annotate(given=Count("receipts"), read=Count("receipts", filter=Q(receipts__read_at__isnull=False)))
        .order_by("document__parent__code", "document__code", "pk")
    )
    found = []
    for each in rows:
        form, parent = each.document, each.document.parent
        users = list(form.users.all()) or (list(parent.users.all()) if parent else [])
        if unit_id is not None and users and all(one.pk != unit_id for one in users):
            continue
        found.append(
            FormUse(
                id=form.pk,
                code=form.code,
                title=form.title,
                parent_id=parent.pk if parent else None,
                parent=parent.code if parent else "",
                edition=edition_name(each.issue, each.revision),
                effective_on=each.effective_on,
                units=tuple(one.name for one in sorted(users, key=lambda one: (one.order, one.name))),
                kept=form.kept_years,
                given=each.given,
                read=each.read,
            )
        )
    return tuple(found)


def forms_paper(actor: Actor, unit_id: int | None, today: date) -> Document:
    """Return the list of forms and who uses them as paper."""
    return forms_document(_heading(actor), forms_in_use(actor, unit_id), today)


def list_paper(actor: Actor, wanted: Wanted, today: date) -> Document:
    """Return the documents in effect that are wanted as the list of controlled documents."""
    rows = [
        ListedDocument(
            each.kind,
            each.code,
            each.title,
            each.unit,
            each.effective.name,
            each.effective.effective_on,
            each.effective.decision_number,
        )
        for each in all_documents(actor, wanted, today)
        if each.effective is not None
    ]
    return list_document(_heading(actor), rows, today)


def distribution_paper(actor: Actor, edition_id: int, today: date) -> Document:
    """Return who was given an edition as a sheet to sign. Raises DoesNotExist for one that never was in effect."""
    rows = readers_of(actor, edition_id, today)
    edition = DocumentEdition.objects.select_related("document").get(
        pk=edition_id, document__agency_id=actor.agency_id
    )
    given = sorted(
        (
            Given(
                each.name,
                each.unit,
                timezone.localdate(each.given_at),
                timezone.localdate(each.read_at) if each.read_at else None,
            )
            for each in rows
        ),
        key=lambda each: (each.unit, each.name),
    )
    return distribution_document(
        _heading(actor),
        called=str(edition.document),
        edition=edition_name(edition.issue, edition.revision),
        decision=edition.decision_number,
        rows=given,
        on=today,
    )


def _heading(actor: Actor) -> Heading:
    agency = Agency.objects.get(pk=actor.agency_id)
    return Heading(agency.full_name, agency.superior_name, agency.place)
