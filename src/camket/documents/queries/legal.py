"""Legal texts: the list with the days of their force, what cites them, what changed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from camket.core.controlled import EXPIRING
from camket.core.finding import Found, Hit, Sought, sought
from camket.documents.models import ChangeReview, Citation, LegalChange, LegalText
from camket.documents.queries.controlled import OpenChange, changes_of
from camket.org.policy import Actor, require
from camket.org.queries import found_in, holding

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class TextRow:
    """A legal text; ``force`` says how it stands on the day: coming, in_force, ending, over, unknown."""

    id: int
    number: str
    kind: str
    title: str
    issuer: str
    issued_on: date | None
    effective_on: date | None
    ends_on: date | None
    address: str
    cited: int
    to_answer: int
    force: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What changed a text, or what a text changed."""

    id: int
    kind: str
    other_id: int | None
    other: str
    on: date
    due_on: date
    said: str


@dataclass(frozen=True, slots=True)
class TextPage:
    """A legal text with the documents that rest on it, its changes and what they mean for each document."""

    row: TextRow
    documents: tuple[tuple[int, str, str], ...]
    changed_by: tuple[ChangeRow, ...]
    changes: tuple[ChangeRow, ...]
    reviews: tuple[OpenChange, ...]


@dataclass(frozen=True, slots=True)
class WantedTexts:
    """Which legal texts a list shows; ``force``: "", in_force, ending, over, uncited, to_answer."""

    words: str = ""
    force: str = ""


def texts(actor: Actor, wanted: WantedTexts, today: date, page: str | int = 1) -> Page[TextRow]:
    """Return a page of the agency's legal texts, newest first."""
    require(actor, "document.view")
    paginator: Paginator[TextRow] = Paginator(_wanted(actor, wanted, today), PAGE_SIZE)  # type: ignore[arg-type]
    found = paginator.get_page(page)
    found.object_list = [_row(each, today) for each in found.object_list]  # type: ignore[arg-type]
    return found


def all_texts(actor: Actor, wanted: WantedTexts, today: date) -> list[TextRow]:
    """Return all of the agency's legal texts that are wanted, newest first."""
    require(actor, "document.view")
    return [_row(each, today) for each in _wanted(actor, wanted, today)]


def text(actor: Actor, text_id: int, today: date) -> TextPage:
    """Return a legal text of the actor's agency; raises DoesNotExist for another's. Six SQL statements."""
    require(actor, "document.view")
    found = _of(actor).get(pk=text_id)
    cited = (
        Citation.objects.filter(legal_text=found, document__withdrawn_on=None)
        .select_related("document")
        .order_by("document__code", "part")
    )
    return TextPage(
        row=_row(found, today),
        documents=tuple((each.document_id, str(each.document), each.part) for each in cited),
        changed_by=tuple(
            ChangeRow(
                each.pk,
                each.kind,
                each.by_id,
                each.by.number if each.by else "",
                each.on,
                each.due_on,
                each.text,
            )
            for each in found.changes.select_related("by").order_by("-on", "-pk")
        ),
        changes=tuple(
            ChangeRow(
                each.pk, each.kind, each.changed_id, each.changed.number, each.on, each.due_on, each.text
            )
            for each in found.changes_made.select_related("changed").order_by("-on", "-pk")
        ),
        reviews=changes_of(ChangeReview.objects.filter(change__changed=found), today),
    )


def text_choices(actor: Actor, *, but: int | None = None) -> list[tuple[int, str]]:
    """Return the agency's legal texts by number and title, for lists to choose from."""
    require(actor, "document.view")
    rows = LegalText.objects.filter(agency_id=actor.agency_id).exclude(pk=but or 0)
    return [(each.pk, f"{each.number} – {each.title}"[:160]) for each in rows.order_by("number")]


def cited_by(actor: Actor, document_id: int) -> list[tuple[int, str]]:
    """Return the legal texts that a document of the agency rests on: id and part."""
    require(actor, "document.view")
    rows = Citation.objects.filter(document_id=document_id, document__agency_id=actor.agency_id)
    return list(rows.order_by("legal_text__number", "part").values_list("legal_text_id", "part"))


def review_place(actor: Actor, review_id: int) -> int:
    """Return the document that answers a legal change; raises DoesNotExist for another agency's."""
    require(actor, "document.view")
    review = ChangeReview.objects.only("document_id").get(pk=review_id, document__agency_id=actor.agency_id)
    return review.document_id


def find_texts(actor: Actor, wanted: Sought, *, at_most: int) -> Found:
    """Return the agency's legal texts whose number or title holds the words; one SQL statement."""
    require(actor, "document.view")
    rows = LegalText.objects.filter(agency_id=actor.agency_id)
    total, found = found_in(rows, wanted, ("number", "title"), by=("-issued_on", "pk"), at_most=at_most)
    return Found(
        total,
        tuple(
            Hit(each.pk, each.title, kind=each.kind, number=each.number, on=each.issued_on) for each in found
        ),
    )


def _of(actor: Actor) -> QuerySet[LegalText]:
    return LegalText.objects.filter(agency_id=actor.agency_id).annotate(
        cited=Count("citations__document", filter=Q(citations__document__withdrawn_on=None), distinct=True),
        to_answer=Count("changes__reviews", filter=Q(changes__reviews__done_on=None), distinct=True),
    )


def _wanted(actor: Actor, wanted: WantedTexts, today: date) -> QuerySet[LegalText]:
    rows = _of(actor)
    if wanted.force == "over":
        rows = rows.filter(ends_on__lt=today)
    elif wanted.force == "ending":
        rows = rows.filter(ends_on__range=(today, today + EXPIRING))
    elif wanted.force == "in_force":
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=today)).exclude(effective_on__gt=today)
    elif wanted.force == "uncited":
        in_use = Citation.objects.filter(legal_text=OuterRef("pk"), document__withdrawn_on=None)
        rows = rows.filter(~Exists(in_use))
    elif wanted.force == "to_answer":
        open_reviews = ChangeReview.objects.filter(change__changed=OuterRef("pk"), done_on=None)
        rows = rows.filter(Exists(open_reviews))
    if words := sought(wanted.words):
        rows = rows.filter(holding(words, "number", "title", "issuer"))
    return rows.order_by("-issued_on", "number", "pk")


def _row(each: LegalText, today: date) -> TextRow:
    return TextRow(
        id=each.pk,
        number=each.number,
        kind=each.kind,
        title=each.title,
        issuer=each.issuer,
        issued_on=each.issued_on,
        effective_on=each.effective_on,
        ends_on=each.ends_on,
        address=each.address,
        cited=each.cited,  # type: ignore[attr-defined]
        to_answer=each.to_answer,  # type: ignore[attr-defined]
        force=_force(each, today),
    )


def _force(each: LegalText, today: date) -> str:
    if each.ends_on is not None and each.ends_on < today:
        return "over"
    if each.effective_on is not None and each.effective_on > today:
        return "coming"
    if each.ends_on is not None and each.ends_on <= today + EXPIRING:
        return "ending"
    return "in_force" if each.effective_on is not None else "unknown"


@dataclass(frozen=True, slots=True)
class LawChanged:
    """A change of a legal text for a list of changes: by which text, what, and the documents that rest on it."""

    on: date
    kind: str
    number: str
    title: str
    by: str
    said: str
    documents: tuple[str, ...]


def changed_between(agency_id: int, first: date, last: date) -> tuple[LawChanged, ...]:
    """Return what of an agency's legal texts changed in a stretch, newest first; two SQL statements.

    For lists of changes that are made public; it names no person. Whoever calls this has judged who may see it.
    """
    rows = (
        LegalChange.objects.filter(changed__agency_id=agency_id, on__range=(first, last))
        .select_related("changed", "by")
        .prefetch_related("reviews__document")
        .order_by("-on", "changed__number", "pk")
    )
    return tuple(
        LawChanged(
            on=each.on,
            kind=each.kind,
            number=each.changed.number,
            title=each.changed.title,
            by=each.by.number if each.by else "",
            said=each.text,
            documents=tuple(sorted(str(review.document) for review in each.reviews.all())),
        )
        for each in rows
    )


def to_answer(actor: Actor) -> int:
    """Return how many documents still have to answer a legal change; one SQL statement."""
    require(actor, "document.view")
    return ChangeReview.objects.filter(document__agency_id=actor.agency_id, done_on=None).count()
