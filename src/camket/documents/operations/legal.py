"""Legal texts and what their changes mean for documents: kept, cited, changed, brought in by new editions or with a reason.

Source: Thông tư 26/2014/TT-BKHCN: legal changes are brought into the documents of the system within three months of their
effect; the figure is a proposal, each change keeps its own last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from camket.core.controlled import EXPIRING, LEGAL_MONTHS, months_after
from camket.core.legal_list import LegalList, days_problem, is_address, kind_in, read_legal_list
from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import one_line, paragraphs
from camket.documents import telling
from camket.documents.models import ChangeReview, Citation, ControlledDocument, LegalChange, LegalText
from camket.documents.operations._drafts import AT_WORK, locked_document, require_in_use, require_unit
from camket.documents.operations.files import Refused
from camket.journal.operations import record
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.paper.sheets import read_sheet


class LegalRefused(Refused):
    """What was given of a legal text cannot be taken; ``field`` is that of the form which is at fault."""

    def __init__(self, message: Message, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ListRefused(Refused):
    """A list of legal texts with rows that cannot be taken; nothing of it was."""

    def __init__(self, found: LegalList) -> None:
        super().__init__(
            Message(
                gettext_noop("Nothing is taken in: %(count)s rows have to be mended first."),
                {"count": str(len(found.bad))},
            )
        )
        self.found = found


@dataclass(frozen=True, slots=True)
class TextData:
    """What is said of a legal text."""

    number: str
    title: str
    kind: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    ends_on: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A document rests on a legal text, or on a part of it."""

    legal_text_id: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many legal texts of a list were new, changed or the same."""

    new: int = 0
    changed: int = 0
    same: int = 0


_FIELDS = ("number", "kind", "title", "issuer", "issued_on", "effective_on", "ends_on", "address")


def save_text(*, actor: Actor, data: TextData, text_id: int | None = None, now: datetime) -> LegalText:
    """Add a legal text, or change one. Raises LegalRefused."""
    require(actor, "document.manage")
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
        text = (
            LegalText(agency_id=actor.agency_id, made_at=now, made_by_id=actor.person_id)
            if text_id is None
            else LegalText.objects.select_for_update(of=("self",)).get(pk=text_id, agency_id=actor.agency_id)
        )
        values = _checked(actor, data, text_id)
        _save(actor, text, values, now)
    return text


def bring_in_texts(*, actor: Actor, data: bytes, name: str, now: datetime) -> TakenIn:
    """Take in a list of legal texts: new numbers are added, what is known takes what the list states; all rows or none.

    Raises UnreadableSheet, LegalListUnreadable, ListRefused with the rows to mend.
    """
    require(actor, "document.manage")
    sheet = read_sheet(data, name)
    found = read_legal_list((row.number, row.cells) for row in sheet.rows)
    if found.bad:
        raise ListRefused(found)
    new = changed = same = 0
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
        known = {
            each.number.casefold(): each
            for each in LegalText.objects.select_for_update(of=("self",)).filter(agency_id=actor.agency_id)
        }
        for listed in found.texts:
            stated = {name: getattr(listed, name) for name in _FIELDS if getattr(listed, name)}
            text = known.get(listed.number.casefold())
            if text is None:
                stated.setdefault("title", listed.number)
                text = LegalText(agency_id=actor.agency_id, made_at=now, made_by_id=actor.person_id)
                _save(actor, text, stated, now)
                new += 1
            else:
                stated.pop("number")
                if problem := days_problem(
                    *(
                        stated.get(name) or getattr(text, name)
                        for name in ("issued_on", "effective_on", "ends_on")
                    )
                ):
                    raise LegalRefused(
                        Message(
                            gettext_noop(
                                "Row %(row)s, %(number)s: the days do not fit those that are known of it."
                            ),
                            {"row": str(listed.row), "number": listed.number},
                        )
                    ) from LegalRefused(problem)
                if _save(actor, text, stated, now):
                    changed += 1
                else:
                    same += 1
    return TakenIn(new, changed, same)


def cite(*, actor: Actor, document_id: int, cited: Iterable[Cited], today: date) -> None:
    """Say on which legal texts a document rests; what was said before and is not said again is taken away."""
    require(actor, "document.write")
    with transaction.atomic():
        document = locked_document(actor, document_id)
        require_unit(actor, document.unit_id)
        require_in_use(document)
        before = _cited(document)
        wanted = {(each.legal_text_id, one_line(each.part)[:255]) for each in cited}
        texts = set(
            LegalText.objects.filter(agency_id=actor.agency_id, pk__in={pk for pk, _ in wanted}).values_list(
                "pk", flat=True
            )
        )
        if missing := {pk for pk, _ in wanted} - texts:
            raise LegalText.DoesNotExist(missing)
        has = {(each.legal_text_id, each.part): each for each in document.citations.all()}
        for place, each in has.items():
            if place not in wanted:
                each.delete()
        Citation.objects.bulk_create(
            [
                Citation(document=document, legal_text_id=pk, part=part)
                for pk, part in sorted(wanted - set(has))
            ]
        )
        _look_at_again(document)
        _record_cited(actor, document, before, today)


def rest_on_successors(
    *, actor: Actor | None, document: ControlledDocument, changes: Iterable[LegalChange], today: date
) -> None:
    """Let a document rest on what replaced its texts, once an edition brings that in; texts that ended are taken away.

    Which part of the new text it rests on nobody has said: none is kept. A text that is only amended stays. ``actor`` is
    None for the system.
    """
    before = _cited(document)
    for change in changes:
        old = document.citations.filter(legal_text_id=change.changed_id)
        if change.kind == LegalChange.Kind.AMENDS or not old.exists():
            continue
        old.delete()
        newer = change.by_id if change.kind == LegalChange.Kind.REPLACES else None
        if newer is not None and not document.citations.filter(legal_text_id=newer).exists():
            Citation.objects.create(document=document, legal_text_id=newer)
    if _record_cited(actor, document, before, today):
        _look_at_again(document)


def _record_cited(actor: Actor | None, document: ControlledDocument, before: object, today: date) -> bool:
    """Record on what a document rests now, where that changed; tell whether it did."""
    after = _cited(document)
    if before == after:
        return False
    record(
        actor=actor,
        agency_id=document.agency_id,
        verb="controlled_document.cited",
        subject=document,
        on=today,
        before={"citations": before},
        after={"citations": after},
    )
    return True


def note_change(
    *,
    actor: Actor | None,
    text_id: int,
    kind: str,
    by_id: int | None,
    on: date,
    due_on: date | None = None,
    text: str = "",
    now: datetime,
    agency_id: int = 0,
) -> LegalChange:
    """Note that a legal text is amended, replaced or ended: the documents that cite it are to be looked at by a day.

    ``by_id`` is the text that does it, None where it simply expired; ``actor`` is None for the system, which names the
    agency. Without ``due_on`` the day is the proposal's. A text that is replaced or ended has its last day before ``on``.
    Raises LegalRefused.
    """
    if actor is not None:
        require(actor, "document.manage")
        agency_id = actor.agency_id
    if kind not in LegalChange.Kind.values:
        raise LegalRefused(
            Message(gettext_noop("Say whether the text is amended, replaced or ended.")), "kind"
        )
    with transaction.atomic():
        changed = LegalText.objects.select_for_update(of=("self",)).get(pk=text_id, agency_id=agency_id)
        by = None if by_id is None else LegalText.objects.get(pk=by_id, agency_id=agency_id)
        if by is None and kind != LegalChange.Kind.ENDS:
            raise LegalRefused(Message(gettext_noop("Choose the text that amends or replaces it.")), "by_id")
        if by == changed:
            raise LegalRefused(Message(gettext_noop("A text does not change itself.")), "by_id")
        if LegalChange.objects.filter(by=by, changed=changed, on=on).exists():
            raise LegalRefused(Message(gettext_noop("This change is noted already.")), "on")
        due = due_on or months_after(on, LEGAL_MONTHS)
        if due < on:
            raise LegalRefused(
                Message(gettext_noop("The last day comes before the day on which the change takes effect.")),
                "due_on",
            )
        change = LegalChange.objects.create(
            by=by,
            changed=changed,
            kind=kind,
            on=on,
            due_on=due,
            text=paragraphs(text)[:4000],
            made_at=now,
            made_by_id=actor.person_id if actor else None,
        )
        if kind != LegalChange.Kind.AMENDS and (changed.ends_on is None or changed.ends_on >= on):
            changed.ends_on = max(on - timedelta(days=1), changed.effective_on or date.min)
            changed.save(update_fields=["ends_on"])
        documents = list(
            ControlledDocument.objects.filter(citations__legal_text=changed, withdrawn_on=None)
            .distinct()
            .order_by("code")
        )
        ChangeReview.objects.bulk_create(
            [ChangeReview(change=change, document=each, edition=_at_work(each)) for each in documents]
        )
        record(
            actor=actor,
            agency_id=changed.agency_id,
            verb="legal_text.change_noted",
            subject=changed,
            on=timezone.localdate(now),
            after={
                "change_kind": kind,
                "changed_by": by.number if by else "",
                "change_on": on.isoformat(),
                "due_on": due.isoformat(),
                "documents": ", ".join(each.code for each in documents),
            },
        )
        for each in documents:
            telling.told_of_change(
                document=each, change_id=change.pk, text=changed, due_on=due, now=now, stage="noted"
            )
    return change


def say_not_needed(*, actor: Actor, review_id: int, reason: str, today: date) -> ChangeReview:
    """Note why a legal change needs no new edition of a document. Raises LegalRefused without a reason.

    Done already: nothing is done.
    """
    require(actor, "document.write")
    with transaction.atomic():
        place = ChangeReview.objects.filter(document__agency_id=actor.agency_id)
        document = locked_document(actor, place.values_list("document_id", flat=True).get(pk=review_id))
        review = (
            ChangeReview.objects.select_for_update(of=("self",))
            .select_related("change__changed")
            .get(pk=review_id)
        )
        require_unit(actor, document.unit_id)
        if review.done_on is not None:
            return review
        reason = one_line(reason)
        if not reason:
            raise LegalRefused(Message(gettext_noop("Say why no new edition is needed.")), "reason")
        review.not_needed = reason
        review.edition = None
        review.done_on = today
        review.by_id = actor.person_id
        review.save(update_fields=["not_needed", "edition", "done_on", "by"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="controlled_document.change_not_needed",
            subject=document,
            on=today,
            after={"legal_text": review.change.changed.number, "note": reason},
        )
    return review


def end_expired(*, agency_id: int, now: datetime) -> int:
    """Note of cited texts whose last day has passed that they ended, and warn of those that end soon; return how many ended.

    Texts of which a change says so already are left out.
    """
    today = timezone.localdate(now)
    cited = LegalText.objects.filter(
        agency_id=agency_id,
        ends_on__lte=today + EXPIRING,
        citations__document__withdrawn_on=None,
    ).distinct()
    ended = 0
    for text in cited.order_by("pk"):
        if text.ends_on is None:
            continue
        if text.ends_on >= today:
            telling.told_expiring(text=text, now=now)
            continue
        if text.changes.exclude(kind=LegalChange.Kind.AMENDS).exists():
            continue
        note_change(
            actor=None,
            agency_id=agency_id,
            text_id=text.pk,
            kind=LegalChange.Kind.ENDS,
            by_id=None,
            on=text.ends_on + timedelta(days=1),
            now=now,
        )
        ended += 1
    return ended


def remind_of_changes(*, agency_id: int, now: datetime) -> int:
    """Tell whose documents they are of legal changes that are due in a month, once each; return how many were told.

    On the day and after it ``notifications.due`` tells of them as of all work.
    """
    today = timezone.localdate(now)
    told = 0
    rows = ChangeReview.objects.filter(
        document__agency_id=agency_id,
        done_on=None,
        change__due_on__range=(today + timedelta(days=1), today + timedelta(days=30)),
    ).select_related("change__changed", "document")
    for review in rows.order_by("pk"):
        told += telling.told_of_change(
            document=review.document,
            change_id=review.change_id,
            text=review.change.changed,
            due_on=review.change.due_on,
            now=now,
            stage="soon",
        )
    return told


def _look_at_again(document: ControlledDocument) -> None:
    """Let a document that now cites a text which has changed for good be looked at as the others are."""
    has = set(document.legal_reviews.values_list("change_id", flat=True))
    open_changes = LegalChange.objects.filter(
        changed__citations__document=document, kind__in=(LegalChange.Kind.REPLACES, LegalChange.Kind.ENDS)
    ).distinct()
    ChangeReview.objects.bulk_create(
        [
            ChangeReview(change=each, document=document, edition=_at_work(document))
            for each in open_changes
            if each.pk not in has
        ]
    )


def _at_work(document: ControlledDocument) -> Any:
    return document.editions.filter(state__in=AT_WORK, decision_number="").first()


def _cited(document: ControlledDocument) -> str:
    rows = document.citations.select_related("legal_text").order_by("legal_text__number", "part")
    return "; ".join(" ".join(part for part in (each.legal_text.number, each.part) if part) for each in rows)


def _checked(actor: Actor, data: TextData, text_id: int | None) -> dict[str, Any]:
    number, title = one_line(data.number), one_line(data.title)
    if not number:
        raise LegalRefused(Message(gettext_noop("Enter the number and symbol of the text.")), "number")
    if not title:
        raise LegalRefused(Message(gettext_noop("Enter what the text is about.")), "title")
    same = LegalText.objects.filter(agency_id=actor.agency_id, number__iexact=number).exclude(pk=text_id or 0)
    if same.exists():
        raise LegalRefused(
            Message(gettext_noop("%(number)s is in the list already."), {"number": number}), "number"
        )
    if problem := days_problem(data.issued_on, data.effective_on, data.ends_on):
        raise LegalRefused(problem, "ends_on" if data.ends_on else "effective_on")
    address = data.address.strip()
    if address and not is_address(address):
        raise LegalRefused(Message(gettext_noop("A link begins with https:// or http://.")), "address")
    return {
        "number": number[:100],
        "kind": one_line(data.kind)[:60] or kind_in(number, title),
        "title": title[:1000],
        "issuer": one_line(data.issuer)[:255],
        "issued_on": data.issued_on,
        "effective_on": data.effective_on,
        "ends_on": data.ends_on,
        "address": address[:1000],
    }


def _save(actor: Actor, text: LegalText, values: dict[str, Any], now: datetime) -> bool:
    """Write what changes of a legal text; return whether anything does."""
    is_new = text.pk is None
    before = {name: _plain(getattr(text, name)) for name in values}
    for name, value in values.items():
        setattr(text, name, value)
    after = {name: _plain(getattr(text, name)) for name in values}
    changed = [name for name in values if is_new or before[name] != after[name]]
    if not changed:
        return False
    text.save()
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb="legal_text.added" if is_new else "legal_text.changed",
        subject=text,
        on=timezone.localdate(now),
        before=None if is_new else {name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return True


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
