"""What an announcement of conformity rests on, read as it stands: the scope, its documents, audits, reviews.

For operations in their transaction and for queries; and who wants to know that what is announced changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from camket.core.announcement import (
    OUT,
    Changes,
    Document,
    Facts,
    Held,
    Listed,
    Waiting,
    changes,
    events_since,
)
from camket.core.wording.text import sort_key
from camket.documents.models import ChangeReview, ControlledDocument, DocumentEdition
from camket.dossiers.models import ProcedureEdition
from camket.improvement import catalogue
from camket.improvement.models import Announcement, Audit, Finding, Nonconformity, Review
from camket.improvement.telling import link_of, name_of

_Listener = Callable[[], None]
_listeners: list[_Listener] = []
SETTLED = ("closed", "cancelled", "dismissed")
GRADES = (Finding.Grade.MAJOR, Finding.Grade.MINOR)


def when_announced(listener: _Listener) -> None:
    """Have a function called within the transaction that changes which announcement is in force."""
    if listener not in _listeners:
        _listeners.append(listener)


def changed() -> None:
    """Tell who wants to know that another announcement is in force, or none."""
    for listener in _listeners:
        listener()


def procedures_in_force(agency_id: int, on: date) -> tuple[Listed, ...]:
    """Return the procedures of the agency's catalogue that hold on a day, by field and name; one SQL statement."""
    rows = (
        ProcedureEdition.objects.filter(
            procedure__agency_id=agency_id, procedure__is_listed=True, valid_from__lte=on
        )
        .select_related("procedure", "field")
        .only("name", "valid_to", "procedure__code", "field__name")
        .order_by("procedure_id", "valid_from")
    )
    latest = {each.procedure_id: each for each in rows}
    found = [
        Listed(each.procedure.code, each.name, each.field.name)
        for each in latest.values()
        if each.valid_to is None or each.valid_to >= on
    ]
    return tuple(sorted(found, key=lambda each: (sort_key(each.field), sort_key(each.name), each.code)))


def documents_of(agency_id: int) -> tuple[ControlledDocument, ...]:
    """Return the agency's documents in use with the day since which each is in effect; two SQL statements."""
    rows = list(
        ControlledDocument.objects.filter(agency_id=agency_id, withdrawn_on=None)
        .exclude(kind=ControlledDocument.Kind.EXTERNAL)
        .order_by("kind", "code")
    )
    since = dict(
        DocumentEdition.objects.filter(document__agency_id=agency_id, state="effective").values_list(
            "document_id", "effective_on"
        )
    )
    for each in rows:
        each.since = since.get(each.pk)  # type: ignore[attr-defined]
    return tuple(rows)


def scope_of(
    procedures: Iterable[Listed], choices: Mapping[str, str], documents: Iterable[ControlledDocument]
) -> tuple[Listed, ...]:
    """Return the procedures within a scope, each with the internal procedure in effect that it is settled by.

    Its own goes before the one that the procedures of its field share (TT 26/2014/TT-BKHCN, Điều 41 khoản 6).
    """
    in_effect = [each for each in documents if each.since]  # type: ignore[attr-defined]
    own = {each.procedure_code: each.code for each in in_effect if each.procedure_code}
    shared = {each.code for each in in_effect}
    found = []
    for each in procedures:
        choice = choices.get(each.field, "")
        if choice == OUT:
            continue
        document = own.get(each.code, "") if each.code else ""
        document = document or (choice if choice in shared else "")
        found.append(Listed(each.code, each.name, each.field, document))
    return tuple(found)


def facts_of(agency_id: int, choices: Mapping[str, str], on: date) -> Facts:
    """Return what an announcement of the agency would rest on; at most nine SQL statements."""
    documents = documents_of(agency_id)
    scope = scope_of(procedures_in_force(agency_id, on), choices, documents)
    used = {each.document for each in scope}
    codes = {each.code for each in scope if each.code}
    within = [
        Document(each.pk, each.code, each.title, each.kind, each.since)  # type: ignore[attr-defined]
        for each in documents
        if each.kind != ControlledDocument.Kind.INTERNAL or each.code in used or each.procedure_code in codes
    ]
    law = ChangeReview.objects.filter(
        document__agency_id=agency_id, done_on=None, document__withdrawn_on=None
    )
    audits = tuple(
        Held(each.title, f"/danh-gia/{each.pk}/", each.starts_on, each.ends_on)
        for each in Audit.objects.filter(agency_id=agency_id, state__in=("reported", "closed"))
        .filter(ends_on__lte=on)
        .order_by("starts_on", "pk")
    )
    facts = Facts(
        on=on,
        procedures=scope,
        documents=tuple(within),
        law=tuple(
            Waiting(f"{each.document.code} – {each.change.changed.number}", f"/tai-lieu/{each.document_id}/",
                    each.change.due_on)
            for each in law.select_related("document", "change__changed").order_by("change__due_on", "pk")
        ),
        audits=audits,
        unsettled=(),
        settled=0,
        reviews=tuple(
            Held(each.title, f"/xem-xet/{each.pk}/", each.held_on, each.held_on)
            for each in Review.objects.filter(agency_id=agency_id, state="closed", held_on__lte=on).order_by("held_on")
        ),
    )  # fmt: skip
    ids = [int(each.link.strip("/").rpartition("/")[2]) for each in events_since(facts)]
    return _with_findings(agency_id, facts, ids)


def _with_findings(agency_id: int, facts: Facts, audit_ids: list[int]) -> Facts:
    """Return the facts with what the audits found against: settled nonconformities, and what is open."""
    found = (
        Finding.objects.filter(
            agency_id=agency_id, audited__audit_id__in=audit_ids, grade__in=GRADES, is_withdrawn=False
        )
        .select_related("nonconformity", "audited")
        .order_by("audited__audit_id", "serial")
    )
    open_, settled = [], 0
    for each in found:
        row: Nonconformity | None = getattr(each, "nonconformity", None)
        if row is None:
            open_.append(Waiting(each.text[:150], f"/danh-gia/{each.audited.audit_id}/"))
        elif row.state in SETTLED:
            settled += 1
        else:
            open_.append(Waiting(name_of(row), link_of(row), row.plan_due_on))
    values = {name: getattr(facts, name) for name in Facts.__dataclass_fields__}
    return Facts(**{**values, "unsettled": tuple(open_), "settled": settled})


def in_force(agency_id: int) -> Announcement | None:
    """Return the agency's announcement in force, None where there is none; one SQL statement."""
    return Announcement.objects.filter(agency_id=agency_id, state="announced").first()


def listed_of(row: Announcement) -> tuple[Listed, ...]:
    """Return the procedures that an announcement names."""
    return tuple(Listed(**each) for each in row.procedures)


def changes_since(row: Announcement, on: date) -> Changes:
    """Return what changed since an announcement: procedures in force against those it names, the edition; two statements.

    Fields that it left out stay out.
    """
    now = scope_of(procedures_in_force(row.agency_id, on), row.choices, ())
    current = catalogue.edition_on(on)
    return changes(
        listed_of(row),
        now,
        edition_then=row.edition,
        edition_now=current.key,
        edition_name=current.name,
    )


def shown_of(row: Announcement) -> dict[str, Any]:
    """Return what citizens are shown of an announcement that is issued; it names nobody but the agency."""
    issued = row.issued or {}
    return {
        "number": row.number,
        "signed_on": row.signed_on,
        "title": issued.get("abstract", ""),
        "edition": issued.get("edition_name", ""),
        "scope": row.scope,
        "replaced": issued.get("replaced", ""),
        "procedures": listed_of(row),
        "withdrawn_on": row.withdrawn_on,
    }
