"""What the operations on documents and their editions share: what is given, locks, who may, what is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from camket.core.controlled import (
    SECTIONS,
    Amendment,
    ProcedureContent,
)
from camket.core.messages import Message
from camket.core.wording.text import one_line, paragraphs
from camket.core.workflow import DOCUMENT_EDITION, NotPossible
from camket.documents.models import ControlledDocument, DocumentEdition
from camket.documents.operations.files import Refused, store_document
from camket.documents.queries.contents import procedure_of, words_of
from camket.journal.operations import record
from camket.org.models import Unit
from camket.org.policy import Actor, NotAllowed, can_in_agency

AT_WORK = ("draft", "review", "approved")
"""States of an edition that is being made; a document has one such edition at most."""
WRITING = ("document_edition.begun", "document_edition.edited")
"""What makes somebody a writer of an edition."""


class DocumentRefused(Refused):
    """What was given of a document cannot be taken; ``field`` is that of the form which is at fault."""

    def __init__(self, message: Message, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class OwnEdition(Refused):
    """Nobody reviews or approves what that person wrote."""


READ_AT_ONCE = 4 * 1024 * 1024
"""Bytes of a file whose words are read while it is saved; those of a larger one are read in the background."""


@dataclass(frozen=True, slots=True)
class DocumentData:
    """What is said of a document. ``code`` empty: the next of the agency's pattern. No ``user_ids``: every unit."""

    kind: str
    title: str
    code: str = ""
    unit_id: int | None = None
    parent_id: int | None = None
    procedure_code: str = ""
    review_months: int | None = None
    kept_years: str = ""
    user_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    data: bytes
    name: str
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an edition says: a file, or the parts of an internal procedure, and what changes against the one before.

    Without ``upload`` the file that is there stays.
    """

    procedure: ProcedureContent | None = None
    upload: Upload | None = None
    amendments: tuple[Amendment, ...] = field(default=())


def write_draft(actor: Actor, edition: DocumentEdition, draft: Draft, now: datetime) -> None:
    before = _said_of_edition(edition)
    content = dict(edition.content)
    content["amendments"] = [asdict(each) for each in tidied(draft.amendments)]
    if draft.upload is not None:
        edition.file = store_document(
            actor=actor,
            data=draft.upload.data,
            name=draft.upload.name,
            content_type=draft.upload.content_type,
            now=now,
        )
        content.pop("procedure", None)
    elif draft.procedure is not None:
        content["procedure"] = draft.procedure.to_json()
        edition.file = None
    edition.content = content
    edition.change = change_of(draft.amendments)
    if draft.upload is not None or draft.procedure is not None:
        is_large = edition.file is not None and edition.file.size > READ_AT_ONCE
        edition.words = None if is_large else words_of(edition)
    edition.written_by_id = actor.person_id
    edition.written_at = now
    edition.save(update_fields=["content", "file", "change", "words", "written_by", "written_at"])
    after = _said_of_edition(edition)
    changed = [name for name in after if before.get(name, "") != after[name]]
    if changed:
        record_edition(
            actor,
            edition,
            "edited",
            now,
            before={name: before.get(name, "") for name in changed},
            after={name: after[name] for name in changed},
        )


def _said_of_edition(edition: DocumentEdition) -> dict[str, str]:
    """Return what the journal says of what an edition says."""
    said = {"change": edition.change, "file": edition.file.name if edition.file else ""}
    procedure = procedure_of(edition) or ProcedureContent()
    for name, _title in SECTIONS:
        value = getattr(procedure, name)
        said[f"procedure_{name}"] = (
            value
            if isinstance(value, str)
            else "\n".join(" | ".join(part for part in asdict(row).values() if part) for row in value)
        )
    return said


def end_edition(edition: DocumentEdition, act: str, today: date) -> None:
    edition.state = {"withdraw": "withdrawn", "discard": "discarded"}[act]
    if act == "withdraw":
        edition.replaced_on = today
    edition.save(update_fields=["state", "replaced_on"])


def move(edition: DocumentEdition, act: str) -> None:
    edition.state = DOCUMENT_EDITION.after(edition.state, act)


def record_edition(
    actor: Actor | None,
    edition: DocumentEdition,
    verb: str,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        actor=actor,
        agency_id=edition.document.agency_id,
        verb=f"document_edition.{verb}",
        subject=edition,
        on=timezone.localdate(now),
        before=before,
        after=after,
        reason=reason,
    )


def tidied(amendments: Iterable[Amendment]) -> list[Amendment]:
    tidy = [
        Amendment(one_line(each.part)[:200], paragraphs(each.what)[:2000], one_line(each.asked_by)[:200])
        for each in amendments
    ]
    return [each for each in tidy if each.what or each.part]


def change_of(amendments: Iterable[Amendment]) -> str:
    return "\n".join(each.sentence for each in tidied(amendments))


def locked_document(actor: Actor, document_id: int) -> ControlledDocument:
    return ControlledDocument.objects.select_for_update(of=("self",)).get(
        pk=document_id, agency_id=actor.agency_id
    )


def locked_edition(actor: Actor, edition_id: int, act: str | None) -> DocumentEdition:
    """Return an edition of the agency, locked after its document; raises NotPossible where the act is none of its state's."""
    place = DocumentEdition.objects.filter(document__agency_id=actor.agency_id)
    locked_document(actor, place.values_list("document_id", flat=True).get(pk=edition_id))
    edition = lock_edition(edition_id)
    if act is not None:
        DOCUMENT_EDITION.after(edition.state, act)
    return edition


def lock_edition(edition_id: int) -> DocumentEdition:
    edition: DocumentEdition = (
        DocumentEdition.objects.select_for_update(of=("self",))
        .select_related("document__agency", "document__unit", "file", "issued_file")
        .get(pk=edition_id)
    )
    return edition


def own_units(*, actor: Actor, ids: Iterable[int]) -> list[Unit]:
    """Return units of the agency in their order; raises Unit.DoesNotExist where one is not: without it "none" means all."""
    wanted = set(ids)
    found = list(Unit.objects.filter(pk__in=wanted, agency_id=actor.agency_id).order_by("order", "name"))
    if len(found) != len(wanted):
        raise Unit.DoesNotExist
    return found


def require_in_use(document: ControlledDocument) -> None:
    if document.withdrawn_on is not None:
        raise NotPossible("withdrawn", "edit", DOCUMENT_EDITION.explanations["withdrawn"])


def require_unit(actor: Actor, unit_id: int | None) -> None:
    """Raise NotAllowed for who writes documents of the own unit alone and meets another's."""
    if not can_in_agency(actor, "document.write") and unit_id not in actor.unit_ids:
        raise NotAllowed("document.write")


def record_withdrawn(actor: Actor, document: ControlledDocument, today: date, reason: str) -> None:
    """Record that a controlled document is of no use any more from today on."""
    record(
        actor=actor,
        agency_id=document.agency_id,
        verb="controlled_document.withdrawn",
        subject=document,
        on=today,
        before={"withdrawn_on": None},
        after={"withdrawn_on": today.isoformat()},
        reason=reason,
    )
