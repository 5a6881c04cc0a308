"""What this package holds on a person of the staff: imports, the catalogue, changes of dossiers, letters.

Applicants are no persons of the installation: what is held on them stands in their dossiers, found by code.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.dossiers.models import (
    Batch,
    DossierChange,
    Letter,
    OfficeHours,
    Posting,
    ProcedureEdition,
    RefusedRow,
    Software,
)
from camket.org.personal import Section, said_day, said_moment

_TIME = Message(gettext_noop("Time"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the person's imports, mended rows, entries of the catalogue, changes of dossiers and letters in the agency."""
    batches = Batch.objects.filter(
        Q(created_by_id=person_id) | Q(undone_by_id=person_id), agency_id=agency_id
    )
    yield Section(
        "imports",
        Message(gettext_noop("Imports of dossiers the person began or undid")),
        (_TIME, Message(gettext_noop("Name of the file"))),
        tuple(
            (said_moment(each.created_at), each.file_name) for each in batches.order_by("created_at", "pk")
        ),
    )
    rows = RefusedRow.objects.filter(batch__agency_id=agency_id, settled_by_id=person_id)
    yield Section(
        "refused_rows",
        Message(gettext_noop("Refused rows of imports the person mended or set aside")),
        (_TIME, Message(gettext_noop("Row"))),
        tuple((said_moment(each.settled_at), str(each.number)) for each in rows.order_by("settled_at", "pk")),
    )
    software = Software.objects.filter(agency_id=agency_id, changed_by_id=person_id)
    yield Section(
        "software",
        Message(gettext_noop("Profiles of one-stop software the person changed")),
        (_TIME, Message(gettext_noop("Name"))),
        tuple((said_moment(each.changed_at), each.name) for each in software.order_by("changed_at", "pk")),
    )
    editions = ProcedureEdition.objects.filter(procedure__agency_id=agency_id, entered_by_id=person_id)
    yield Section(
        "procedures",
        Message(gettext_noop("Procedures the person entered")),
        (_TIME, Message(gettext_noop("Procedure"))),
        tuple((said_moment(each.entered_at), each.name) for each in editions.order_by("entered_at", "pk")),
    )
    postings = Posting.objects.filter(procedure__agency_id=agency_id, noted_by_id=person_id)
    yield Section(
        "postings",
        Message(gettext_noop("Postings of procedures the person noted")),
        (_TIME, Message(gettext_noop("Place"))),
        tuple((said_moment(each.noted_at), each.place) for each in postings.order_by("noted_at", "pk")),
    )
    changes = DossierChange.objects.filter(dossier__agency_id=agency_id, by_id=person_id)
    yield Section(
        "dossier_changes",
        Message(gettext_noop("Dossiers the person changed")),
        (_TIME, Message(gettext_noop("Code"))),
        tuple(
            (said_moment(at), code)
            for at, code in changes.order_by("at", "pk").values_list("at", "dossier__code")
        ),
    )
    hours = OfficeHours.objects.filter(agency_id=agency_id, entered_by_id=person_id)
    yield Section(
        "office_hours",
        Message(gettext_noop("Working hours the person set")),
        (_TIME, Message(gettext_noop("From"))),
        tuple(
            (said_moment(each.entered_at), said_day(each.valid_from))
            for each in hours.order_by("entered_at", "pk")
        ),
    )
    letters = Letter.objects.filter(
        Q(created_by_id=person_id) | Q(issued_by_id=person_id) | Q(withdrawn_by_id=person_id),
        agency_id=agency_id,
    )
    yield Section(
        "letters",
        Message(gettext_noop("Letters on late dossiers the person drafted, issued or withdrew")),
        (_TIME, Message(gettext_noop("Number or sign")), Message(gettext_noop("Issued on"))),
        tuple(
            (said_moment(each.created_at), each.shown_number, said_day(each.issued_on))
            for each in letters.order_by("created_at", "pk")
        ),
    )
