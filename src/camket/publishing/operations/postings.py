"""The register of postings: places, what was posted where, until when, with which proof; the quarter's list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import well_formed
from camket.core.postings import Posted, began_on, least_until
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line, paragraphs
from camket.documents.operations import NewEvidence, add_evidence
from camket.improvement.operations.announcements import report_posted
from camket.journal.operations import record
from camket.journal.reasons import ReasonMissing, needed_reason
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.org.queries import names
from camket.publishing.content import checksum
from camket.publishing.models import Notice, Place, PlannedPosting, PostingList, Publication
from camket.publishing.operations.publications import LONGEST_TEXT
from camket.publishing.posting_list import listed, quarter_of
from camket.publishing.posting_rules import rule_name, rule_of
from camket.publishing.standing import standing

CONFORMITY = "conformity"
"""Key of the rule on announcements of conformity."""
MOST_PLACES = 60
"""Places posted at by one act; a large commune has some forty villages."""


class NameMissing(Refusal):
    """A place has no name."""


class PlaceExists(Refusal):
    """The agency has a place of this name already."""


class SubjectMissing(Refusal):
    """A posting does not say what was posted."""


class PlaceMissing(Refusal):
    """A posting is at no place, or at one that is out of use."""


class DayNotPossible(Refusal):
    """A day lies ahead, or before another that it follows; ``field`` says which."""

    def __init__(self, message: Message, field: str) -> None:
        super().__init__(message)
        self.field = field


class UnknownChoice(Refusal):
    """A rule or a person is none of those to choose from."""


class PostedAlready(Refusal):
    """The same hangs at the place already."""


class AlreadyEnded(Refusal):
    """The posting was taken down, or cancelled, already."""


class LongEnough(Refusal):
    """The posting hangs, or hung, for the days that are required."""


class ProofMissing(Refusal):
    """Nothing was given that proves a posting."""


class QuarterNotOver(Refusal):
    """The list of a quarter is issued once the quarter is over."""


class ListUnchanged(Refusal):
    """The list that is issued says the same as the register does now."""


@dataclass(frozen=True, slots=True)
class PlaceData:
    """A place as it is typed."""

    kind: str
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class PostingData:
    """What was posted, whatever the place. ``until`` is the last day planned; None: permanently."""

    rule: str
    subject: str
    posted_on: date
    until: date | None = None
    document_number: str = ""
    decided_on: date | None = None
    address: str = ""
    publication_id: int | None = None
    planned_id: int | None = None
    posted_by_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that has to be posted: by which rule of the law, what it is, its number and day; where it stands."""

    rule: str
    subject: str
    document_number: str
    decided_on: date
    address: str = ""


@dataclass(frozen=True, slots=True)
class At:
    """A place at which something was posted, with what proves it there."""

    place_id: int
    evidence: Sequence[NewEvidence] = ()


def save_place(*, actor: Actor, data: PlaceData, place_id: int | None = None, today: date) -> Place:
    """Add a place, or change one. Raises NameMissing, PlaceExists, Place.DoesNotExist."""
    name = one_line(data.name)[:255]
    if not name:
        raise NameMissing(Message(gettext_noop("Give the place a name.")))
    if data.kind not in Place.Kind.values:
        raise UnknownChoice(Message(gettext_noop("Choose what kind of place it is.")))
    with transaction.atomic():
        _lock(actor)
        require(actor, "posting.manage")
        place = Place(agency_id=actor.agency_id)
        if place_id is not None:
            place = Place.objects.get(pk=place_id, agency_id=actor.agency_id)
        if Place.objects.filter(agency_id=actor.agency_id, name=name).exclude(pk=place.pk).exists():
            raise PlaceExists(
                Message(gettext_noop("There is a place named “%(name)s” already."), {"name": name})
            )
        new = {"kind": data.kind, "name": name, "is_active": data.is_active}
        before = {key: getattr(place, key) for key in new} if place.pk else {}
        changed = {key: value for key, value in new.items() if before.get(key) != value}
        if changed:
            for key, value in changed.items():
                setattr(place, key, value)
            place.save()
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="place.changed" if before else "place.added",
                subject=place,
                on=today,
                before={key: before[key] for key in changed} if before else None,
                after=changed,
            )
    return place


def post(*, actor: Actor, data: PostingData, at: Sequence[At], now: datetime) -> tuple[Notice, ...]:
    """Enter that something was posted, at one place or several, and return the postings.

    Raises SubjectMissing, PlaceMissing, DayNotPossible, UnknownChoice, PostedAlready, and what adding evidence raises;
    nothing is entered then.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        _lock(actor)
        require(actor, "posting.manage")
        values = _checked(actor, data, today)
        places = _places(actor, [each.place_id for each in at])
        _require_new(actor, values, places)
        made = []
        for each in at:
            place = places[each.place_id]
            notice = Notice.objects.create(
                agency_id=actor.agency_id,
                place=place,
                noted_at=now,
                noted_by_id=actor.person_id,
                **{**values, "address": _address_at(place, places.values(), values["address"])},
            )
            proofs = _prove(actor, notice, each.evidence, now)
            record_posting(
                actor=actor, row=notice, verb="notice.posted", today=today, after={**_told(notice), **proofs}
            )
            made.append(notice)
        _report_announced(actor, data, now)
    return tuple(made)


def correct(*, actor: Actor, notice_id: int, data: PostingData, place_id: int, now: datetime) -> Notice:
    """Put right what was entered wrongly of a posting. Raises as :func:`post` does, and AlreadyEnded if it is cancelled."""
    today = timezone.localdate(now)
    with transaction.atomic():
        notice = _locked(actor, notice_id)
        values = _checked(actor, data, today)
        place = notice.place
        if place_id != notice.place_id:
            place = _places(actor, [place_id])[place_id]
        if notice.removed_on is not None and notice.removed_on < values["posted_on"]:
            raise DayNotPossible(
                Message(
                    gettext_noop("It was taken down on %(day)s: it was posted by then."),
                    {"day": format_date(notice.removed_on)},
                ),
                "posted_on",
            )
        before = _told(notice)
        notice.place = place
        for key, value in values.items():
            setattr(notice, key, value)
        after = _told(notice)
        if before != after:
            notice.save()
            keys = [key for key in after if before[key] != after[key]]
            record_posting(
                actor=actor,
                row=notice,
                verb="notice.corrected",
                today=today,
                before={key: before[key] for key in keys},
                after={key: after[key] for key in keys},
            )
    return notice


def prove(
    *, actor: Actor, notice_id: int, evidence: Sequence[NewEvidence], address: str = "", now: datetime
) -> Notice:
    """Add what proves a posting: a photo, a web address, a document. Raises ProofMissing, and what adding evidence raises."""
    address = address.strip()
    with transaction.atomic():
        notice = _locked(actor, notice_id)
        if not evidence and not address:
            raise ProofMissing(Message(gettext_noop("Choose a photo, or give a web address.")))
        before: dict[str, object] = {}
        after: dict[str, object] = dict(_prove(actor, notice, evidence, now))
        if address and address != notice.address:
            before["address"], after["address"] = notice.address, address
            notice.address = address
            notice.save(update_fields=["address"])
        if after:
            record_posting(
                actor=actor,
                row=notice,
                verb="notice.proved",
                today=timezone.localdate(now),
                before=before,
                after=after,
            )
    return notice


def take_down(*, actor: Actor, notice_id: int, removed_on: date, note: str = "", today: date) -> Notice:
    """Note on which day a posting was taken down. Raises AlreadyEnded, DayNotPossible."""
    with transaction.atomic():
        notice = _locked(actor, notice_id)
        _end(notice, removed_on, today)
        if note.strip():
            notice.note = "\n".join(part for part in (notice.note, paragraphs(note)) if part)[:LONGEST_TEXT]
        notice.save(update_fields=["removed_on", "note"])
        record_posting(
            actor=actor,
            row=notice,
            verb="notice.taken_down",
            today=today,
            before={"removed_on": None},
            after={"removed_on": removed_on},
            reason=paragraphs(note)[:LONGEST_TEXT],
        )
    return notice


def prolong(*, actor: Actor, notice_id: int, today: date) -> Notice:
    """Put the last planned day of a posting that hangs so far ahead that it hangs for the days that are required.

    Raises AlreadyEnded where it was taken down, LongEnough where it is planned long enough.
    """
    with transaction.atomic():
        notice = _locked(actor, notice_id)
        if notice.removed_on is not None:
            raise AlreadyEnded(_taken_down(notice))
        least = _least_until(notice)
        if least is None or notice.until is None or notice.until + timedelta(days=1) >= least:
            raise LongEnough(Message(gettext_noop("It is planned to hang for as long as is required.")))
        before, notice.until = notice.until, least
        notice.save(update_fields=["until"])
        record_posting(
            actor=actor,
            row=notice,
            verb="notice.prolonged",
            today=today,
            before={"until": before},
            after={"until": notice.until},
        )
    return notice


def explain_shortfall(*, actor: Actor, notice_id: int, reason: str, today: date) -> Notice:
    """Note why a posting that was taken down too early is not posted again, or change what is noted.

    Raises ReasonMissing; LongEnough where it hangs still, or hung long enough.
    """
    why = paragraphs(reason)[:LONGEST_TEXT]
    with transaction.atomic():
        notice = _locked(actor, notice_id)
        least = _least_until(notice)
        if least is None or notice.removed_on is None or notice.removed_on >= least:
            raise LongEnough(Message(gettext_noop("It was not taken down too early.")))
        if needed_reason(why) != notice.shortfall:
            before, notice.shortfall = notice.shortfall, why
            notice.save(update_fields=["shortfall"])
            record_posting(
                actor=actor,
                row=notice,
                verb="notice.shortfall_explained",
                today=today,
                before={"shortfall": before},
                after={"shortfall": why},
            )
    return notice


def renew(
    *,
    actor: Actor,
    notice_id: int,
    posted_on: date,
    until: date | None,
    document_number: str = "",
    decided_on: date | None = None,
    publication_id: int | None = None,
    evidence: Sequence[NewEvidence] = (),
    now: datetime,
) -> Notice:
    """Post the same anew at the same place, longer or as it stands now, and return the new posting; the old one ends then.

    Raises AlreadyEnded, DayNotPossible, and what adding evidence raises.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        older = _locked(actor, notice_id)
        _end(older, posted_on, today)
        data = PostingData(
            rule=older.rule,
            subject=older.subject,
            posted_on=posted_on,
            until=until,
            document_number=document_number or older.document_number,
            decided_on=decided_on or older.decided_on,
            address=older.address,
            publication_id=publication_id or older.publication_id,
            planned_id=older.planned_id,
            posted_by_id=actor.person_id,
        )
        values = _checked(actor, data, today)
        older.save(update_fields=["removed_on"])
        newer = Notice.objects.create(
            agency_id=actor.agency_id,
            place_id=older.place_id,
            renews=older,
            noted_at=now,
            noted_by_id=actor.person_id,
            **values,
        )
        proofs = _prove(actor, newer, evidence, now)
        record_posting(
            actor=actor, row=newer, verb="notice.renewed", today=today, after={**_told(newer), **proofs}
        )
    return newer


def cancel(*, actor: Actor, notice_id: int, reason: str, today: date) -> Notice:
    """Cancel a posting that was entered by mistake; it stays in the register, struck through. Raises ReasonMissing.

    What it renewed hangs again as before.
    """
    why = paragraphs(reason)[:LONGEST_TEXT]
    with transaction.atomic():
        notice = _locked(actor, notice_id)
        notice.is_cancelled, notice.cancellation = True, needed_reason(why)
        notice.save(update_fields=["is_cancelled", "cancellation"])
        older = notice.renews
        if older is not None and older.removed_on == notice.posted_on and not older.is_cancelled:
            older.removed_on = None
            older.save(update_fields=["removed_on"])
        record_posting(
            actor=actor,
            row=notice,
            verb="notice.cancelled",
            today=today,
            before={"is_cancelled": False},
            after={"is_cancelled": True},
            reason=why,
        )
    return notice


def issue_list(
    *,
    actor: Actor,
    year: int,
    quarter: int,
    number: str = "",
    dated: date | None = None,
    correction: str = "",
    now: datetime,
) -> PostingList:
    """Freeze and keep the list of what was made public in a quarter; a later one of the quarter corrects it.

    ``number`` is that of the official document where it went out as one. Raises QuarterNotOver, NumberNotPossible,
    DayNotPossible, ReasonMissing for a correction without one, ListUnchanged.
    """
    today = timezone.localdate(now)
    period = quarter_of(year, quarter)
    if today < period.end:
        raise QuarterNotOver(
            Message(
                gettext_noop("The quarter lasts until %(day)s; its list is issued from that day on."),
                {"day": format_date(period.end)},
            )
        )
    number = well_formed(number, example="12/TB-UBND") if number.strip() else ""
    if dated is not None and not period.start <= dated <= today:
        raise DayNotPossible(
            Message(gettext_noop("The day of the list lies between the quarter's first day and today.")),
            "dated",
        )
    with transaction.atomic():
        _lock(actor)
        require(actor, "posting.manage")
        older = (
            PostingList.objects.filter(agency_id=actor.agency_id, year=year, quarter=quarter)
            .order_by("-pk")
            .first()
        )
        content = listed(actor.agency_id, year, quarter)
        why = paragraphs(correction)[:LONGEST_TEXT]
        if older is not None:
            if not why:
                raise ReasonMissing(
                    Message(
                        gettext_noop(
                            "A list of the quarter is issued already: say what was wrong in it or what is new."
                        )
                    )
                )
            if older.content["entries"] == content["entries"]:
                raise ListUnchanged(
                    Message(gettext_noop("The list that is issued says what the register says today."))
                )
        content |= {"number": number, "dated": (dated or today).isoformat(), "correction": why}
        made = PostingList.objects.create(
            agency_id=actor.agency_id,
            year=year,
            quarter=quarter,
            content=content,
            sha256=checksum(content),
            issued_at=now,
            issued_by_id=actor.person_id,
            replaces=older,
            correction=why,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="posting_list.issued",
            subject=made,
            on=today,
            after={
                "year": year,
                "quarter": quarter,
                "number": number,
                "count": len(content["entries"]),
                "sha256": made.sha256,
            },
            reason=why,
        )
    return made


def _lock(actor: Actor) -> None:
    """Lock the agency, so that two do not post the same or issue one list twice."""
    Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)


def _locked(actor: Actor, notice_id: int) -> Notice:
    _lock(actor)
    notice = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("place", "renews")
        .get(pk=notice_id, agency_id=actor.agency_id)
    )
    require(actor, "posting.manage")
    if notice.is_cancelled:
        raise AlreadyEnded(Message(gettext_noop("This posting was cancelled: it was entered by mistake.")))
    return notice


def _places(actor: Actor, wanted: Sequence[int]) -> dict[int, Place]:
    if not wanted:
        raise PlaceMissing(Message(gettext_noop("Choose at least one place.")))
    if len(set(wanted)) != len(wanted) or len(wanted) > MOST_PLACES:
        raise PlaceMissing(
            Message(
                gettext_noop("Choose each place once, at most %(most)s in one go."),
                {"most": str(MOST_PLACES)},
            )
        )
    found = {
        place.pk: place
        for place in Place.objects.filter(agency_id=actor.agency_id, pk__in=wanted, is_active=True)
    }
    if len(found) != len(wanted):
        raise PlaceMissing(Message(gettext_noop("One of the places is not there any more, or out of use.")))
    return found


def post_issued(*, actor: Actor, document: Issued, now: datetime) -> tuple[Notice, ...]:
    """Enter that an issued document hangs from today on, for as long as its rule says, at each place that the rule asks for.

    Places where it hangs already are left. Raises NotAllowed, PlaceMissing where the agency has none of those places,
    PostedAlready where it hangs at all of them, UnknownChoice, DayNotPossible.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        _lock(actor)
        require(actor, "posting.manage")
        rule = rule_of(document.rule, today)
        if rule is None:
            raise UnknownChoice(
                Message(gettext_noop("This kind of content is not in the list of the law on that day."))
            )
        wanted = Place.objects.filter(agency_id=actor.agency_id, is_active=True, kind__in=rule.places)
        if not wanted:
            raise PlaceMissing(
                Message(gettext_noop("The agency has no place of the kind that is asked for: add it first."))
            )
        hangs = standing(actor.agency_id, document.document_number).values_list("place_id", flat=True)
        left = wanted.exclude(pk__in=hangs)
        if not left:
            raise PostedAlready(Message(gettext_noop("It hangs at every place that is asked for already.")))
        data = PostingData(
            rule=document.rule,
            subject=document.subject,
            document_number=document.document_number,
            decided_on=document.decided_on,
            posted_on=today,
            until=None if rule.days is None else today + timedelta(days=rule.days),
            address=document.address,
            posted_by_id=actor.person_id,
        )
        return post(actor=actor, data=data, at=[At(each.pk) for each in left], now=now)


def _report_announced(actor: Actor, data: PostingData, now: datetime) -> None:
    """Report the posting of an announcement of conformity once it hangs at every place that its rule asks for."""
    rule = rule_of(CONFORMITY, timezone.localdate(now))
    if rule is None or not one_line(data.document_number):
        return
    wanted = Place.objects.filter(agency_id=actor.agency_id, is_active=True, kind__in=rule.places)
    up = list(
        standing(actor.agency_id, data.document_number).select_related("place").order_by("posted_on", "pk")
    )
    hangs = {each.place_id for each in up}
    if all(each in hangs for each in wanted.values_list("pk", flat=True)):
        said = "; ".join(f"{each.place.name} ({format_date(each.posted_on)})" for each in up)
        report_posted(
            actor=actor,
            number=data.document_number,
            signed_on=data.decided_on,
            result=f"Đã niêm yết, ghi vào Sổ niêm yết: {said}",
            now=now,
        )


def _checked(actor: Actor, data: PostingData, today: date) -> dict[str, Any]:
    """Return the columns of a posting's data; raises what stands against them."""
    subject = one_line(data.subject) or rule_name(data.rule)
    if not subject:
        raise SubjectMissing(Message(gettext_noop("Say what was posted.")))
    if data.rule and rule_of(data.rule, data.posted_on) is None:
        raise UnknownChoice(
            Message(gettext_noop("This kind of content is not in the list of the law on that day."))
        )
    if data.posted_on > today:
        raise DayNotPossible(
            Message(gettext_noop("The day of posting lies ahead; note it when it is posted.")), "posted_on"
        )
    if data.decided_on is not None and data.decided_on > data.posted_on:
        raise DayNotPossible(
            Message(gettext_noop("The decision is of a later day than its posting.")), "decided_on"
        )
    if data.until is not None and data.until < data.posted_on:
        raise DayNotPossible(Message(gettext_noop("The last day lies before the day of posting.")), "until")
    if data.posted_by_id is not None and data.posted_by_id not in names(actor)[1]:
        raise UnknownChoice(Message(gettext_noop("Choose a person of the agency.")))
    if data.publication_id is not None:
        Publication.objects.only("pk").get(pk=data.publication_id, agency_id=actor.agency_id)
    if data.planned_id is not None:
        PlannedPosting.objects.only("pk").get(pk=data.planned_id, agency_id=actor.agency_id)
    return {
        **asdict(data),
        "subject": subject[:500],
        "document_number": one_line(data.document_number)[:100],
        "address": data.address.strip(),
        "note": paragraphs(data.note)[:LONGEST_TEXT],
    }


def _require_new(actor: Actor, values: dict[str, Any], places: dict[int, Place]) -> None:
    there = (
        Notice.objects.filter(
            agency_id=actor.agency_id,
            place__in=places,
            is_cancelled=False,
            removed_on=None,
            subject=values["subject"],
            document_number=values["document_number"],
        )
        .order_by("pk")
        .first()
    )
    if there is not None:
        raise PostedAlready(
            Message(
                gettext_noop(
                    "This hangs at “%(place)s” already, since %(day)s: renew it there, or correct it."
                ),
                {"place": places[there.place_id].name, "day": format_date(there.posted_on)},
            )
        )


def _address_at(place: Place, places: Collection[Place], address: str) -> str:
    """Return the web address as far as it is of the place: of those of several places, the site alone has it."""
    on_site = Place.Kind.WEBSITE
    return address if place.kind == on_site or all(each.kind != on_site for each in places) else ""


def _least_until(notice: Notice) -> date | None:
    """Return the first day on which a posting may be taken down, renewals of the same document counted together."""
    chain, at = [], notice
    while True:
        chain.append(at)
        if at.renews is None or at.renews.is_cancelled:
            break
        at = at.renews
    by_id = {
        each.pk: Posted(
            id=each.pk,
            kind="",
            rule=each.rule,
            matter=(),
            posted_on=each.posted_on,
            until=each.until,
            removed_on=each.removed_on,
            decided_on=each.decided_on,
            has_proof=True,
            renews=each.renews_id,
            document=(each.subject, each.document_number, each.decided_on),
        )
        for each in chain
    }
    rule = rule_of(notice.rule, notice.posted_on)
    return least_until(rule, notice.place.kind, began_on(by_id[notice.pk], by_id))


def _taken_down(notice: Notice) -> Message:
    day = format_date(notice.removed_on) if notice.removed_on else ""
    return Message(gettext_noop("It was taken down on %(day)s already."), {"day": day})


def _end(notice: Notice, removed_on: date, today: date) -> None:
    if notice.removed_on is not None:
        raise AlreadyEnded(_taken_down(notice))
    if not notice.posted_on <= removed_on <= today:
        raise DayNotPossible(
            Message(
                gettext_noop(
                    "It was posted on %(day)s: the day of taking down lies between that day and today."
                ),
                {"day": format_date(notice.posted_on)},
            ),
            "removed_on",
        )
    notice.removed_on = removed_on


def _prove(actor: Actor, notice: Notice, evidence: Sequence[NewEvidence], now: datetime) -> dict[str, object]:
    kept = [add_evidence(actor=actor, evidence=each, now=now) for each in evidence]
    notice.evidence.add(*kept)
    return {"evidence": [each.pk for each in kept]} if kept else {}


def _told(notice: Notice) -> dict[str, object]:
    return {
        "rule": notice.rule,
        "subject": notice.subject,
        "posting_place": notice.place.name,
        "document_number": notice.document_number,
        "decided_on": notice.decided_on,
        "posted_on": notice.posted_on,
        "until": notice.until,
        "address": notice.address,
        "publication": notice.publication_id,
        "planned_posting": notice.planned_id,
        "posted_by": notice.posted_by_id,
        "note": notice.note,
    }


def record_posting(
    *,
    actor: Actor,
    row: Notice | PlannedPosting,
    verb: str,
    today: date,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    """Put what was done with a posting, or with a line of the plan, into the journal."""
    record(
        actor=actor,
        agency_id=row.agency_id,
        verb=verb,
        subject=row,
        on=today,
        before=before,
        after=after,
        reason=reason,
    )
