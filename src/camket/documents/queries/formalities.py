"""What an agency has set of its papers for a day: letterhead, recipients and archive of each form, templates, signers."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from camket.core.signing import Mark, SigningWords, signing_words
from camket.documents.models import OwnLetterhead, OwnRecipients, Signer, TemplateUse
from camket.documents.queries.files import kept_bytes
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.paper.writing.forms import FORMS, WORDS, Form, named
from camket.paper.writing.model import Document

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LetterheadRow:
    """A letterhead with the day from which it holds; None for the one that the agency's data make."""

    superior: str
    issuer: str
    place: str
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class RecipientsRow:
    """Who gets papers of a form; ``valid_from`` None is as shipped."""

    form: Form
    lines: tuple[str, ...]
    archive: str
    valid_from: date | None = None

    @property
    def is_own(self) -> bool:
        """Whether the agency said so itself."""
        return self.valid_from is not None

    @property
    def said(self) -> str:
        """All in a line as a reader takes it: what differs from paper to paper is said in brackets."""
        meanings = [(word, f"[{meaning}]") for word, meaning in WORDS.items()]
        return "; ".join(named((*self.lines, self.archive), meanings))


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form with who gets it today, and what is to hold from a later day."""

    now: RecipientsRow
    coming: RecipientsRow | None = None


@dataclass(frozen=True, slots=True)
class SignerRow:
    """Who signs: ``words`` is how it stands on papers, ``kinds`` the abbreviations of types, none for all."""

    id: int
    person_id: int
    name: str
    mark: Mark
    words: SigningWords
    kinds: tuple[str, ...]
    basis: str
    valid_from: date
    valid_to: date | None

    def signs(self, kind: str) -> bool:
        """Return whether documents of a type are signed so; "" is an official letter."""
        return not self.kinds or (kind or LETTER) in self.kinds


LETTER = "CV"
"""What an official letter, whose symbol names no type, is called among the types that a signer signs."""


@dataclass(frozen=True, slots=True)
class Formalities:
    """All that is set of an agency's papers: the letterhead today and before or later, signers, forms."""

    letterhead: LetterheadRow
    letterheads: tuple[LetterheadRow, ...]
    signers: tuple[SignerRow, ...]
    former_signers: tuple[SignerRow, ...]
    forms: tuple[FormRow, ...]


def set_out(agency_id: int, document: Document, today: date) -> Document:
    """Return a document with the letterhead, the recipients and the template that its agency has set for the day it bears.

    A document without a day is set out as those of today. What an agency sets holds from tomorrow on at the earliest, so
    that what was issued stays as it was. A document of another body, a committee for instance, keeps its letterhead; one
    whose recipients are its own keeps them. One SQL statement.
    """
    on = document.letterhead.dated or today
    heads = OwnLetterhead.objects.filter(agency_id=OuterRef("pk"), valid_from__lte=on).order_by("-valid_from")
    getters = OwnRecipients.objects.filter(
        agency_id=OuterRef("pk"), form=document.form, valid_from__lte=on
    ).order_by("-valid_from")
    uses = TemplateUse.objects.filter(
        agency_id=OuterRef("pk"), form=document.form, valid_from__lte=on
    ).order_by("-valid_from")
    full_name, superior, issuer, place, lines, archive, stored, sha256 = Agency.objects.values_list(
        "full_name",
        *(Subquery(heads.values(name)[:1]) for name in ("superior", "issuer", "place")),
        *(Subquery(getters.values(name)[:1]) for name in ("lines", "archive")),
        *(Subquery(uses.values(f"template__file__{name}")[:1]) for name in ("storage_name", "sha256")),
    ).get(pk=agency_id)
    head = document.letterhead
    if issuer and head.issuer.casefold() == full_name.casefold():
        document = replace(
            document, letterhead=replace(head, superior=superior, issuer=issuer, place=place or None)
        )
    if document.form and (lines or archive):
        named_now = named((*(lines or ()), *([archive] if archive else [])), document.names)
        document = replace(document, recipients=named_now)
    if document.form and stored:
        template = kept_bytes(stored, sha256)
        if template is None:
            log.error("the template of form %s of agency %s is gone or damaged", document.form, agency_id)
        document = replace(document, template=template or b"")
    return document


def formalities(actor: Actor, today: date) -> Formalities:
    """Return what is set of the agency's papers. Four SQL statements. Raises NotAllowed."""
    require(actor, "document.view")
    heads = [
        LetterheadRow(each.superior, each.issuer, each.place, each.valid_from)
        for each in OwnLetterhead.objects.filter(agency_id=actor.agency_id).order_by("-valid_from")
    ]
    shipped = _letterhead_of_data(actor)
    now = next((each for each in heads if each.valid_from and each.valid_from <= today), shipped)
    rows = list(OwnRecipients.objects.filter(agency_id=actor.agency_id).order_by("valid_from"))
    signers = [_signer(actor, each) for each in _signers(actor.agency_id)]
    return Formalities(
        letterhead=now,
        letterheads=tuple(heads) + ((shipped,) if heads else ()),
        signers=tuple(each for each in signers if each.valid_to is None or each.valid_to >= today),
        former_signers=tuple(each for each in signers if each.valid_to and each.valid_to < today),
        forms=tuple(_form_row(form, rows, today) for form in FORMS.values()),
    )


def form_row(actor: Actor, form: str, today: date) -> FormRow:
    """Return one form with who gets it; raises KeyError for an unknown one, NotAllowed."""
    require(actor, "document.view")
    rows = OwnRecipients.objects.filter(agency_id=actor.agency_id, form=form).order_by("valid_from")
    return _form_row(FORMS[form], list(rows), today)


def letterhead_on(actor: Actor, on: date) -> LetterheadRow:
    """Return the letterhead that holds on a day."""
    found = OwnLetterhead.objects.filter(agency_id=actor.agency_id, valid_from__lte=on)
    row = found.order_by("-valid_from").first()
    return (
        LetterheadRow(row.superior, row.issuer, row.place, row.valid_from)
        if row
        else _letterhead_of_data(actor)
    )


def signers_on(agency_id: int, on: date, kind: str | None = None) -> tuple[SignerRow, ...]:
    """Return who signs for an agency on a day, in the order in which they were named; of a type where it is told.

    Whoever calls this has judged who may see it. One SQL statement.
    """
    rows = _signers(agency_id).filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    found = [_signer(None, each) for each in rows]
    return tuple(each for each in found if kind is None or each.signs(kind))


def signer(actor: Actor, signer_id: int) -> SignerRow:
    """Return one of the agency's signers. Raises Signer.DoesNotExist, NotAllowed."""
    require(actor, "document.view")
    return _signer(actor, _signers(actor.agency_id).get(pk=signer_id))


def _signers(agency_id: int) -> Any:
    return Signer.objects.filter(agency_id=agency_id).select_related("person").order_by("valid_from", "pk")


def _signer(actor: Actor | None, row: Signer) -> SignerRow:
    name = row.person.full_name
    return SignerRow(
        id=row.pk,
        person_id=row.person_id,
        name=shown_name(actor, name) if actor else name,
        mark=Mark(row.mark),
        words=signing_words(Mark(row.mark), body=row.body, head=row.head, post=row.post),
        kinds=tuple(row.kinds),
        basis=row.basis,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _letterhead_of_data(actor: Actor) -> LetterheadRow:
    agency = Agency.objects.only("superior_name", "full_name", "place").get(pk=actor.agency_id)
    return LetterheadRow(agency.superior_name, agency.full_name, agency.place)


def _form_row(form: Form, rows: list[OwnRecipients], today: date) -> FormRow:
    own = [each for each in rows if each.form == form.key]
    now = next((each for each in reversed(own) if each.valid_from <= today), None)
    coming = next((each for each in own if each.valid_from > today), None)
    return FormRow(_recipients(form, now), _recipients(form, coming) if coming else None)


def _recipients(form: Form, row: OwnRecipients | None) -> RecipientsRow:
    if row is None:
        return RecipientsRow(form, form.recipients, form.archive)
    if not row.lines and not row.archive:
        return RecipientsRow(form, form.recipients, form.archive, row.valid_from)
    return RecipientsRow(form, tuple(row.lines), row.archive, row.valid_from)
