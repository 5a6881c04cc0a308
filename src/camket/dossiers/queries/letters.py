"""Letters on late dossiers: the register, one letter, and the paper it becomes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from camket.core.masking import HIDDEN, short_name
from camket.core.tally import day_number, day_of
from camket.dossiers.letter_paper import LetterContent, letter_document, paper_of_letter
from camket.dossiers.models import Dossier, Letter
from camket.dossiers.queries.dossiers import DossierRow, LetterRow, letter_rows, row_maker, with_names
from camket.org.models import Agency
from camket.org.policy import Actor, can, require
from camket.paper.writing.model import Document

PAGE = 50
PROMISED_AFTER = 5
"""Working days ahead that a draft proposes as the new date."""


@dataclass(frozen=True, slots=True)
class Register:
    """A page of letters with how many there are of each state; ``following`` begins the next page."""

    letters: tuple[LetterRow, ...]
    drafts: int
    issued: int
    withdrawn: int
    years: tuple[int, ...]
    following: str


@dataclass(frozen=True, slots=True)
class ToDraft:
    """What a draft on chosen dossiers is proposed: the dossiers, how many may be promised a new date, and which day."""

    dossiers: tuple[DossierRow, ...]
    may_promise: int
    due_new: date


def register(
    actor: Actor, *, state: str = "", year: int | None = None, after: str = "", size: int = PAGE
) -> Register:
    """Return the register: drafts, or the issued by number, the newest first, those withdrawn among them.

    Discarded drafts are left out; what was withdrawn keeps its place and is not counted.
    """
    require(actor, "dossier.view")
    own = Letter.objects.filter(agency_id=actor.agency_id)
    of_year = Q(year=year) if year else Q()
    counts = own.aggregate(
        drafts=Count("pk", filter=Q(state=Letter.State.DRAFT)),
        issued=Count("pk", filter=Q(state=Letter.State.ISSUED) & of_year),
        withdrawn=Count("pk", filter=Q(state=Letter.State.WITHDRAWN) & of_year),
    )
    years = own.filter(year__isnull=False).order_by("-year").values_list("year", flat=True).distinct()
    is_draft = state == Letter.State.DRAFT
    order = ("pk",) if is_draft else ("-year", "-number")
    shown = own.filter(
        state__in=[Letter.State.DRAFT] if is_draft else [Letter.State.ISSUED, Letter.State.WITHDRAWN]
    )
    if year and not is_draft:
        shown = shown.filter(year=year)
    place = (
        tuple(int(part) for part in after.split(".")) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", after) else ()
    )
    if is_draft:
        shown = shown.filter(pk__gt=place[0]) if len(place) == 1 else shown
    elif len(place) == 2:
        shown = shown.filter(Q(year__lt=place[0]) | Q(year=place[0], number__lt=place[1]))
    found = list(shown.order_by(*order)[: size + 1].values_list("pk", "year", "number"))
    rows = letter_rows(own.filter(pk__in=[pk for pk, _, _ in found[:size]]).order_by(*order))
    following = ""
    if len(found) > size:
        pk, last_year, number = found[size - 1]
        following = str(pk) if is_draft else f"{last_year}.{number}"
    return Register(
        letters=rows,
        drafts=counts["drafts"],
        issued=counts["issued"],
        withdrawn=counts["withdrawn"],
        years=tuple(year for year in years if year is not None),
        following=following,
    )


def letter(actor: Actor, letter_id: int) -> LetterRow:
    """Return one letter; raises Letter.DoesNotExist for another agency's."""
    require(actor, "dossier.view")
    return letters(actor, [letter_id])[0]


def date_that_may_go(actor: Actor, letter_id: int) -> tuple[datetime, datetime | None] | None:
    """Return the date that an issued letter promised and its dossier still has, and the one first given; else None."""
    require(actor, "dossier.view")
    letter = Letter.objects.select_related("dossier").get(pk=letter_id, agency_id=actor.agency_id)
    promised = letter.due_new
    if letter.state != Letter.State.ISSUED or promised is None or letter.dossier.due_promised != promised:
        return None
    return promised, letter.dossier.due_first


def letters(actor: Actor, letter_ids: Collection[int]) -> tuple[LetterRow, ...]:
    """Return letters that were not discarded, in the order in which they are numbered; Letter.DoesNotExist for others."""
    require(actor, "dossier.view")
    wanted = set(letter_ids)
    query = Letter.objects.filter(agency_id=actor.agency_id, pk__in=_keys(wanted))
    rows = letter_rows(query.exclude(state=Letter.State.DISCARDED).order_by("pk"))
    if len(rows) != len(wanted):
        raise Letter.DoesNotExist(f"letters of another agency than {actor.agency_id}")
    return rows


def may_read(actor: Actor) -> bool:
    """Return whether the actor may read letters as they go out, with the applicant's name and address."""
    return can(actor, "letter.write") or can(actor, "letter.issue")


def documents(actor: Actor, letter_ids: Collection[int]) -> tuple[Document, ...]:
    """Return letters as paper: frozen as issued, or as a draft would be now.

    For who neither writes nor issues letters the applicant is masked. Raises NotAllowed, Letter.DoesNotExist for
    another agency's or discarded ones.
    """
    require(actor, "dossier.view")
    wanted = set(letter_ids)
    agency = Agency.objects.get(pk=actor.agency_id)
    found = list(
        Letter.objects.filter(agency_id=actor.agency_id, pk__in=_keys(wanted))
        .exclude(state=Letter.State.DISCARDED)
        .select_related("dossier__procedure__edition")
        .order_by("year", "number", "pk")
    )
    if len(found) != len(wanted) or not found:
        raise Letter.DoesNotExist(f"letters of another agency than {actor.agency_id}")
    contents = [
        LetterContent.from_json(each.content)
        if each.state != Letter.State.DRAFT
        else content_of(each, agency)
        for each in found
    ]
    if not may_read(actor):
        contents = [
            replace(each, applicant=short_name(each.applicant), address=HIDDEN if each.address else "")
            for each in contents
        ]
    return tuple(letter_document(each) for each in contents)


def content_of(letter: Letter, agency: Agency, authority: str = "") -> LetterContent:
    """Return what a letter says as its dossier stands."""
    dossier = letter.dossier
    return LetterContent(
        kind=letter.kind,
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        applicant=dossier.applicant,
        address=dossier.address,
        code=dossier.code,
        procedure=str(dossier.procedure.edition or dossier.procedure),
        received_at=_local(dossier.received_at),
        due_before=_local(letter.due_before),
        due_new=timezone.localdate(letter.due_new) if letter.due_new else None,
        is_finished=dossier.finished_day is not None,
        reason=letter.reason,
        number=letter.shown_number,
        issued_on=letter.issued_on,
        authority=authority,
        capacity=letter.capacity,
        signed_by=letter.signed_by,
        paper=paper_of_letter(letter.kind),
    )


def to_draft(actor: Actor, dossier_ids: Collection[int], today: date) -> ToDraft:
    """Return the dossiers chosen to be written on, and the day proposed; Dossier.DoesNotExist for another agency's."""
    require(actor, "letter.write")
    wanted = set(dossier_ids)
    found = list(
        with_names(Dossier.objects.filter(agency_id=actor.agency_id, pk__in=wanted)).order_by("due_day", "pk")
    )
    if len(found) != len(wanted):
        raise Dossier.DoesNotExist(f"dossiers of another agency than {actor.agency_id}")
    make = row_maker(actor, today)
    latest = max([day_number(today), *(each.due_day for each in found if each.due_day is not None)])
    return ToDraft(
        dossiers=tuple(make(each) for each in found),
        may_promise=sum(each.finished_day is None and not each.is_reappointed for each in found),
        due_new=day_of(make.index.after(latest, PROMISED_AFTER)),
    )


def next_number(actor: Actor, year: int) -> int | None:
    """Return the number that the next letter of a year gets; None where the year has none and a first may be chosen."""
    require(actor, "dossier.view")
    latest = Letter.objects.filter(agency_id=actor.agency_id, year=year).aggregate(latest=Max("number"))[
        "latest"
    ]
    return None if latest is None else latest + 1


def _keys(ids: Collection[int]) -> list[int]:
    """Return the ids that a row can have: an address may name a number that no database takes."""
    return [each for each in ids if each < 2**63]


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else timezone.localtime(moment).replace(tzinfo=None)
