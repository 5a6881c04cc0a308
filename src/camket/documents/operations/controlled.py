"""Controlled documents: their codes, what is said of them, out of use, found still right. Source: ISO 9001:2015, 7.5."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from camket.core.controlled import (
    PATTERNS,
    check_pattern,
    edition_name,
    next_code,
)
from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import one_line
from camket.documents.models import ChangeReview, CodePattern, ControlledDocument, DocumentEdition
from camket.documents.operations._drafts import (
    AT_WORK,
    DocumentData,
    DocumentRefused,
    Draft,
    end_edition,
    locked_document,
    own_units,
    record_edition,
    record_withdrawn,
    require_in_use,
    require_unit,
    write_draft,
)
from camket.journal.operations import record
from camket.org.models import Agency, Unit
from camket.org.operations import require_in_use as require_units_in_use
from camket.org.policy import Actor, require


def save_pattern(*, actor: Actor, kind: str, pattern: str, today: date) -> None:
    """Keep how the agency forms the codes of a kind of document; an empty pattern goes back to the proposal."""
    require(actor, "document.manage")
    _require_kind(kind)
    wanted = check_pattern(pattern) if pattern.strip() else ""
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        own = CodePattern.objects.filter(agency=agency, kind=kind).first()
        before = own.pattern if own else PATTERNS[kind]
        after = wanted or PATTERNS[kind]
        if before == after:
            return
        if wanted and wanted != PATTERNS[kind]:
            CodePattern.objects.update_or_create(agency=agency, kind=kind, defaults={"pattern": wanted})
        elif own:
            own.delete()
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="controlled_document.pattern_changed",
            subject=agency,
            on=today,
            before={f"pattern_{kind}": before},
            after={f"pattern_{kind}": after},
        )


def create_document(
    *, actor: Actor, data: DocumentData, draft: Draft | None = None, now: datetime
) -> DocumentEdition:
    """Add a document with its first edition as a draft, and return that edition.

    Raises NotAllowed for a unit that is not the actor's, DocumentRefused for what cannot be taken, FileRefused for the
    file.
    """
    require(actor, "document.write")
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        unit = _unit(actor, data.unit_id)
        require_units_in_use(actor=actor, unit_ids=[data.unit_id])
        require_unit(actor, unit.pk if unit else None)
        parent = _parent(actor, data)
        fields = _fields(data, unit, parent)
        code = _free_code(agency.pk, data, parent, timezone.localdate(now))
        document = ControlledDocument.objects.create(
            agency=agency, kind=data.kind, code=code, made_at=now, made_by_id=actor.person_id, **fields
        )
        users = own_units(actor=actor, ids=data.user_ids)
        document.users.set(users)
        edition = DocumentEdition.objects.create(
            document=document, issue=1, written_by_id=actor.person_id, written_at=now
        )
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="controlled_document.created",
            subject=document,
            on=timezone.localdate(now),
            after={**_said_of(document), "users": _names(users)},
        )
        record_edition(actor, edition, "begun", now, after={"edition": edition_name(1, 0)})
        if draft is not None:
            write_draft(actor, edition, draft, now)
    return edition


def change_document(*, actor: Actor, document_id: int, data: DocumentData, today: date) -> ControlledDocument:
    """Change what is said of a document, not what it says; its kind stays. Raises DocumentRefused."""
    require(actor, "document.manage")
    with transaction.atomic():
        document = locked_document(actor, document_id)
        require_in_use(document)
        unit, parent = _unit(actor, data.unit_id), _parent(actor, data, document)
        before = {**_said_of(document), "users": _names(document.users.all())}
        code = _checked_code(actor.agency_id, data.code or document.code, document.pk)
        for name, value in {**_fields(data, unit, parent), "code": code}.items():
            setattr(document, name, value)
        document.save()
        users = own_units(actor=actor, ids=data.user_ids)
        document.users.set(users)
        after = {**_said_of(document), "users": _names(users)}
        changed = [name for name in after if before[name] != after[name]]
        if changed:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="controlled_document.changed",
                subject=document,
                on=today,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
    return document


def withdraw_document(*, actor: Actor, document_id: int, reason: str, now: datetime) -> ControlledDocument:
    """Take a document out of use; its editions stay readable, one at work is discarded.

    Raises ReasonMissing, DocumentRefused where forms that are in use belong to it. Withdrawn already: nothing is done.
    """
    require(actor, "document.manage")
    today = timezone.localdate(now)
    with transaction.atomic():
        document = locked_document(actor, document_id)
        if document.withdrawn_on is not None:
            return document
        in_use = list(
            document.forms.filter(withdrawn_on=None, editions__state="effective").values_list(
                "code", flat=True
            )
        )
        if in_use:
            raise DocumentRefused(
                Message(
                    gettext_noop(
                        "Forms in use belong to it: %(forms)s. Give them to another procedure or withdraw them first."
                    ),
                    {"forms": ", ".join(in_use)},
                )
            )
        document.withdrawn_on = today
        document.withdrawal = one_line(reason)
        document.save(update_fields=["withdrawn_on", "withdrawal"])
        for edition in document.editions.select_for_update().filter(state__in=(*AT_WORK, "effective")):
            act = "withdraw" if edition.state == "effective" else "discard"
            end_edition(edition, act, today)
        ChangeReview.objects.filter(document=document, done_on=None).update(
            done_on=today, not_needed=_WITHDRAWN, by_id=actor.person_id
        )
        record_withdrawn(actor, document, today, one_line(reason))
    return document


_WITHDRAWN = "Tài liệu đã được thu hồi"
"""Why a document that was withdrawn needs no new edition; part of the data, so Vietnamese by nature."""


def find_still_right(*, actor: Actor, document_id: int, note: str, today: date) -> ControlledDocument:
    """Note that a document in effect was looked at and is still right; its next review is counted from this day.

    Raises NotPossible for a document that has no edition in effect, DocumentRefused without a note.
    """
    require(actor, "document.write")
    with transaction.atomic():
        document = locked_document(actor, document_id)
        require_unit(actor, document.unit_id)
        require_in_use(document)
        if not document.editions.filter(state="effective").exists():
            raise DocumentRefused(Message(gettext_noop("The document has no edition in effect to look at.")))
        note = one_line(note)
        if not note:
            raise DocumentRefused(Message(gettext_noop("Say what was looked at and with whom.")), "note")
        if document.reviewed_on == today:
            return document
        before = document.reviewed_on
        document.reviewed_on = today
        document.save(update_fields=["reviewed_on"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="controlled_document.found_right",
            subject=document,
            on=today,
            before={"reviewed_on": before.isoformat() if before else None},
            after={"reviewed_on": today.isoformat(), "note": note},
        )
    return document


def _require_kind(kind: str) -> None:
    if kind not in ControlledDocument.Kind.values:
        raise DocumentRefused(Message(gettext_noop("Choose what kind of document it is.")), "kind")


def _unit(actor: Actor, unit_id: int | None) -> Unit | None:
    return None if unit_id is None else Unit.objects.get(pk=unit_id, agency_id=actor.agency_id)


def _parent(
    actor: Actor, data: DocumentData, document: ControlledDocument | None = None
) -> ControlledDocument | None:
    if data.parent_id is None or data.kind != ControlledDocument.Kind.FORM:
        return None
    parent = ControlledDocument.objects.get(pk=data.parent_id, agency_id=actor.agency_id)
    is_itself = document is not None and parent.pk == document.pk
    if is_itself or parent.kind == ControlledDocument.Kind.FORM:
        raise DocumentRefused(
            Message(gettext_noop("A form belongs to a procedure, not to a form.")), "parent_id"
        )
    return parent


def _names(units: Iterable[Unit]) -> str:
    return "; ".join(each.name for each in units)


def _fields(data: DocumentData, unit: Unit | None, parent: ControlledDocument | None) -> dict[str, Any]:
    _require_kind(data.kind)
    title = one_line(data.title)
    if not title:
        raise DocumentRefused(Message(gettext_noop("Enter the title of the document.")), "title")
    if len(title) > 500:
        raise DocumentRefused(Message(gettext_noop("The title is longer than 500 characters.")), "title")
    if data.review_months is not None and not 1 <= data.review_months <= 120:
        raise DocumentRefused(
            Message(gettext_noop("A document is looked at again after 1 to 120 months.")), "review_months"
        )
    is_internal = data.kind == ControlledDocument.Kind.INTERNAL
    return {
        "title": title,
        "unit": unit,
        "parent": parent,
        "procedure_code": one_line(data.procedure_code)[:60] if is_internal else "",
        "review_months": data.review_months,
        "kept_years": one_line(data.kept_years)[:100],
    }


def _free_code(agency_id: int, data: DocumentData, parent: ControlledDocument | None, today: date) -> str:
    if data.code.strip():
        return _checked_code(agency_id, data.code, None)
    own = CodePattern.objects.filter(agency_id=agency_id, kind=data.kind).values_list("pattern", flat=True)
    used = ControlledDocument.objects.filter(agency_id=agency_id).values_list("code", flat=True)
    pattern = own.first() or PATTERNS[data.kind]
    return next_code(pattern, used, parent=parent.code if parent else "", year=today.year)[:60]


def _checked_code(agency_id: int, code: str, document_id: int | None) -> str:
    code = one_line(code)
    if len(code) > 60:
        raise DocumentRefused(Message(gettext_noop("The code is longer than 60 characters.")), "code")
    taken = ControlledDocument.objects.filter(agency_id=agency_id, code__iexact=code).exclude(
        pk=document_id or 0
    )
    if first := taken.first():
        raise DocumentRefused(
            Message(
                gettext_noop("The code %(code)s is that of “%(title)s” already."),
                {"code": first.code, "title": first.title},
            ),
            "code",
        )
    return code


def _said_of(document: ControlledDocument) -> dict[str, Any]:
    return {
        "code": document.code,
        "kind": document.kind,
        "title": document.title,
        "unit": document.unit.name if document.unit else "",
        "parent": document.parent.code if document.parent else "",
        "procedure_code": document.procedure_code,
        "review_months": document.review_months,
        "kept_years": document.kept_years,
    }
