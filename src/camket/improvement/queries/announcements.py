"""Announcements of conformity as pages and papers show them: what is in force, what lacks, what changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.utils import translation
from django.utils.translation import gettext

from camket.core.announcement import TITLES, Changes, Check, Listed, Said, checks
from camket.core.messages import Message
from camket.core.workflow import ANNOUNCEMENT
from camket.improvement import announcing, catalogue
from camket.improvement.announcement_paper import AnnouncementContent, Confirmed
from camket.improvement.models import Announcement
from camket.improvement.review_paper import Signer
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """An announcement as lists show it; ``procedures`` is how many it names."""

    id: int
    kind: str
    year: int
    state: str
    number: str
    signed_on: date | None
    procedures: int
    edition: str
    withdrawn_on: date | None
    is_from_paper: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """How an agency stands: what is in force, what is prepared, those before; what changed since."""

    in_force: AnnouncementRow | None
    at_work: AnnouncementRow | None
    older: tuple[AnnouncementRow, ...]
    changes: Changes | None
    checks: tuple[Check, ...]

    @property
    def met(self) -> int:
        """How many preconditions are met."""
        return sum(each.is_met for each in self.checks)


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field of procedures as the form asks of it: how many it has, how many without a procedure of their own."""

    name: str
    procedures: int
    bare: int
    choice: str


@dataclass(frozen=True, slots=True)
class AnnouncementPage:
    """An announcement with everything that belongs to it; ``acts`` is what the actor may do now, by name."""

    row: AnnouncementRow
    scope: str
    reason: str
    withdrawal: str
    procedures: tuple[Listed, ...]
    checks: tuple[Check, ...]
    confirmed_by: str
    confirmed_at: datetime | None
    replaces: AnnouncementRow | None
    replaced_by: AnnouncementRow | None
    changes: Changes | None
    wording: Mapping[str, str]
    choices: Mapping[str, str]
    acts: frozenset[str]

    @property
    def lacks(self) -> tuple[Said, ...]:
        """Everything that lacks before effectiveness is confirmed."""
        return tuple(each for check in self.checks for each in check.lacks)


def overview(actor: Actor, today: date) -> Overview:
    """Return how the agency stands; at most thirteen SQL statements."""
    require(actor, "announcement.view")
    rows = list(
        Announcement.objects.filter(agency_id=actor.agency_id)
        .exclude(state="discarded")
        .order_by("-signed_on", "-pk")
    )
    current = next((each for each in rows if each.state == "announced"), None)
    at_work = next((each for each in rows if each.state in ("draft", "confirmed")), None)
    choices = (at_work or current).choices if at_work or current else {}  # type: ignore[union-attr]
    return Overview(
        in_force=_row(current) if current else None,
        at_work=_row(at_work) if at_work else None,
        older=tuple(_row(each) for each in rows if each not in (current, at_work)),
        changes=announcing.changes_since(current, today) if current else None,
        checks=checks(announcing.facts_of(actor.agency_id, choices, today)),
    )


def announcement(
    actor: Actor, announcement_id: int, today: date, *, with_checks: bool = True
) -> AnnouncementPage:
    """Return an announcement of the actor's agency, without its preconditions where they are not asked for.

    Raises Announcement.DoesNotExist; at most twelve SQL statements.
    """
    require(actor, "announcement.view")
    found = Announcement.objects.select_related("confirmed_by", "replaces").get(
        pk=announcement_id, agency_id=actor.agency_id
    )
    later = found.replaced_by.exclude(state__in=("draft", "confirmed", "discarded")).first()
    seen = kept_checks(found)
    if with_checks and found.state == "draft":
        seen = checks(announcing.facts_of(actor.agency_id, found.choices, today))
    return AnnouncementPage(
        row=_row(found),
        scope=found.scope,
        reason=found.reason,
        withdrawal=found.withdrawal,
        procedures=announcing.listed_of(found),
        checks=seen,
        confirmed_by=shown_name(actor, found.confirmed_by.full_name) if found.confirmed_by else "",
        confirmed_at=found.confirmed_at,
        replaces=_row(found.replaces) if found.replaces else None,
        replaced_by=_row(later) if later else None,
        changes=announcing.changes_since(found, today) if found.state == "announced" else None,
        wording=found.wording,
        choices=found.choices,
        acts=_acts(actor, found),
    )


def kept_checks(found: Announcement) -> tuple[Check, ...]:
    """Return the preconditions as they stood when effectiveness was confirmed."""
    return tuple(
        Check(
            each["key"],
            tuple(Said(Message(one["template"], one["params"]), one["link"]) for one in each["proofs"]),
            (),
        )
        for each in found.checks.get("checks", ())
    )


def editions() -> list[tuple[str, str]]:
    """Return the editions of the standard that an announcement may name: key and name."""
    return [(each.key, each.name) for each in catalogue.editions()]


def edition_on(on: date) -> str:
    """Return the key of the edition that holds on a day."""
    return catalogue.edition_on(on).key


def form_on(on: date) -> tuple[dict[str, str], str, bool]:
    """Return the words of the form that is shipped, where they come from, and whether they are certain."""
    form = catalogue.announcement_form(on)
    return dict(form["words"]), form["source"], bool(form["is_certain"])


def proposed(actor: Actor, today: date) -> tuple[dict[str, str], dict[str, str], str, tuple[Message, ...]]:
    """Return what a new announcement begins with: choices and words of the one before, its scope, what changed."""
    require(actor, "announcement.prepare")
    words, _source, _certain = form_on(today)
    last = (
        Announcement.objects.filter(agency_id=actor.agency_id, signed_on__isnull=False)
        .order_by("-signed_on", "-pk")
        .first()
    )
    if last is None:
        return {}, words, "", ()
    changed = announcing.changes_since(last, today).sentences if last.state == "announced" else ()
    if last.state == "announced":
        words["second"] = words["replacing"]
    taken = {key: last.wording[key] for key in last.wording if key != "second"}
    return dict(last.choices), {**words, **taken}, last.scope, changed


def field_choices(
    actor: Actor, choices: Mapping[str, str], today: date
) -> tuple[tuple[FieldChoice, ...], list[tuple[str, str]]]:
    """Return the fields of procedures in force, and the documents in effect that those of a field may share."""
    require(actor, "announcement.view")
    documents = announcing.documents_of(actor.agency_id)
    in_force = announcing.procedures_in_force(actor.agency_id, today)
    own = announcing.scope_of(in_force, {}, documents)
    found = []
    for name in dict.fromkeys(each.field for each in own):
        of_field = [each for each in own if each.field == name]
        bare = sum(not each.document for each in of_field)
        found.append(FieldChoice(name, len(of_field), bare, choices.get(name, "")))
    shared = [
        (each.code, f"{each.code} {each.title}")
        for each in documents
        if each.kind in ("internal", "system") and each.since  # type: ignore[attr-defined]
    ]
    return tuple(found), shared


def content_of(actor: Actor, announcement_id: int, signer: Signer, today: date) -> AnnouncementContent:
    """Return what an announcement's papers say: frozen of what was issued, else as it stands now."""
    require(actor, "announcement.view")
    row = Announcement.objects.get(pk=announcement_id, agency_id=actor.agency_id)
    if row.issued:
        return AnnouncementContent.from_json(row.issued)
    return written(row, signer, today)


def written(row: Announcement, signer: Signer, today: date) -> AnnouncementContent:
    """Return what the papers of an announcement say as it stands, with who signs."""
    agency = Agency.objects.get(pk=row.agency_id)
    older = row.replaces
    replaced = ""
    if older is not None and older.number and older.signed_on:
        replaced = f"Quyết định số {older.number} ngày {older.signed_on:%d/%m/%Y}"
    names = dict(editions())
    return AnnouncementContent(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        edition_name=names.get(row.edition, row.edition),
        scope=row.scope,
        reason=row.reason,
        procedures=announcing.listed_of(row),
        words=row.wording,
        replaced=replaced,
        authority=signer.authority,
        capacity=signer.capacity,
        signer=signer.name,
        year=today.year,
        confirmed=tuple(
            Confirmed(_vietnamese(TITLES[each.key]), tuple(_vietnamese(said.message) for said in each.proofs))
            for each in kept_checks(row)
        ),
        confirmed_on=row.confirmed_at.date() if row.confirmed_at else None,
        number=row.number,
        signed_on=row.signed_on,
    )


def public_announcement(agency_id: int) -> dict[str, Any] | None:
    """Return what citizens are shown of the announcement in force, None where there is none; one SQL statement."""
    row = announcing.in_force(agency_id)
    return announcing.shown_of(row) if row else None


def announced_by(agency_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Return ``agency_id`` and "announcement" for each agency with an announcement in force, for a larger statement."""
    rows = Announcement.objects.filter(agency_id__in=agency_ids, state="announced")
    return rows.order_by().values_list("agency_id", Value("announcement", CharField()))


def in_year(actor: Actor, first: date, last: date) -> tuple[AnnouncementRow, ...]:
    """Return the announcements that were in force or signed within a stretch of time, newest first."""
    require(actor, "announcement.view")
    rows = Announcement.objects.filter(
        agency_id=actor.agency_id, signed_on__isnull=False, signed_on__lte=last
    ).order_by("-signed_on", "-pk")
    found = []
    for each in rows:
        found.append(_row(each))
        if each.signed_on and each.signed_on < first:
            break
    return tuple(found)


def _vietnamese(message: Message | str) -> str:
    """Return a sentence as papers say it: in Vietnamese, whoever works the machine."""
    template, params = (message, {}) if isinstance(message, str) else (message.template, message.params)
    with translation.override("vi"):
        text = gettext(template)
    return text % params if params else text


def _row(each: Announcement) -> AnnouncementRow:
    return AnnouncementRow(
        id=each.pk,
        kind=each.kind,
        year=each.year,
        state=each.state,
        number=each.number,
        signed_on=each.signed_on,
        procedures=len(each.procedures),
        edition=dict(editions()).get(each.edition, each.edition),
        withdrawn_on=each.withdrawn_on,
        is_from_paper=bool(each.checks.get("on_paper")),
    )


_ACTS = {
    "edit": "announcement.prepare",
    "discard": "announcement.prepare",
    "record_signed": "announcement.prepare",
    "announce": "announcement.prepare",
    "confirm": "announcement.confirm",
    "return": "announcement.confirm",
    "withdraw": "announcement.confirm",
}


def _acts(actor: Actor, found: Announcement) -> frozenset[str]:
    possible = ANNOUNCEMENT.acts(found.state)
    acts = {act for act, needed in _ACTS.items() if act in possible and can(actor, needed)}
    if "record_signed" in acts:
        issued = Announcement.objects.filter(agency_id=actor.agency_id, signed_on__isnull=False)
        if issued.exists():
            acts.discard("record_signed")
    if "edit" in acts:
        acts.add("ask")
    return frozenset(acts)
