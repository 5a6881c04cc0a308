"""What documents call for by a day: to be read, to be looked at again, to be brought into line with a change of the law."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Concat

from camket.core.messages import gettext_noop
from camket.documents.models import ChangeReview, DocumentEdition, Receipt
from camket.notifications.due import Kind, lines

Agencies = Collection[int]
_AT_WORK = ("draft", "review", "approved")


def _to_read(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = Receipt.objects.filter(
        edition__document__agency_id__in=agency_ids, edition__state="effective", read_at=None
    )
    return lines(
        "document.read",
        rows.annotate(called=_called("edition__document")),
        agency="edition__document__agency_id",
        page="edition_id",
        title="called",
        due="read_by",
        person="person_id",
    )


def _to_look_at(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return documents in effect with a rhythm; one on which a new edition is at work is looked at already."""
    at_work = DocumentEdition.objects.filter(document=OuterRef("document"), state__in=_AT_WORK)
    rows = DocumentEdition.objects.filter(
        ~Exists(at_work),
        document__agency_id__in=agency_ids,
        document__withdrawn_on=None,
        document__review_months__isnull=False,
        state="effective",
    )
    since = Case(
        When(document__reviewed_on__gt=F("effective_on"), then=F("document__reviewed_on")),
        default=F("effective_on"),
    )
    return lines(
        "document.look",
        rows.annotate(called=_called("document"), since=since),
        agency="document__agency_id",
        page="document_id",
        title="called",
        due="since",
        unit="document__unit_id",
        months=F("document__review_months"),
    )


def _to_answer(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = ChangeReview.objects.filter(
        document__agency_id__in=agency_ids, document__withdrawn_on=None, done_on=None
    )
    return lines(
        "document.law",
        rows.annotate(
            called=Concat(
                F("change__changed__number"), Value(" → "), _called("document"), output_field=CharField()
            )
        ),
        agency="document__agency_id",
        page="document_id",
        title="called",
        due="change__due_on",
        unit="document__unit_id",
    )


def _called(document: str) -> Concat:
    """Return the expression of what a document is called."""
    return Concat(F(f"{document}__code"), Value(" "), F(f"{document}__title"), output_field=CharField())


KINDS: tuple[Kind, ...] = (
    Kind(
        "document.read",
        gettext_noop("Read and confirm: %(title)s"),
        "document.view",
        "/tai-lieu/lan/%s/",
        _to_read,
        topic="document",
        is_personal=True,
        record="documents.documentedition",
    ),
    Kind(
        "document.look",
        gettext_noop("Look at the document again: %(title)s"),
        "document.view",
        "/tai-lieu/%s/#ra-soat",
        _to_look_at,
        topic="document",
        record="documents.controlleddocument",
    ),
    Kind(
        "document.law",
        gettext_noop("Bring the change of the law into the document: %(title)s"),
        "document.view",
        "/tai-lieu/%s/#phap-luat",
        _to_answer,
        topic="document",
        record="documents.controlleddocument",
    ),
)
