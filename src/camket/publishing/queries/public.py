"""What anybody may read of an agency: of its open page, and of publications alone; never of drafts or live records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from camket.core.survey_links import make_point_link
from camket.core.wording.text import bare_words, search_key
from camket.documents.models import StoredFile
from camket.documents.queries import OpenFile, opened
from camket.improvement.queries.announcements import announced_by, public_announcement
from camket.org.models import Agency
from camket.publishing.content import FORMAT
from camket.publishing.models import Publication, PublicPage
from camket.voices.models import Channel, Point, Survey

State = Publication.State
KINDS = Publication.Kind


@dataclass(frozen=True, slots=True)
class Office:
    """An agency as its public page shows it: whose page, how to reach the office, and the kinds that are public."""

    agency_id: int
    slug: str
    name: str
    full_name: str
    superior_name: str
    introduction: str
    address: str
    phone: str
    email: str
    hours: str
    website: str
    takes_feedback: bool
    ended_on: date | None
    parts: frozenset[str] = frozenset()

    @property
    def shows(self) -> Mapping[str, bool]:
        """Whether something of each kind is public, and an announcement of conformity in force."""
        return {kind: kind in self.parts for kind in (*KINDS.values, "announcement")}

    @property
    def phone_digits(self) -> str:
        """The telephone number as it is dialled."""
        return re.sub(r"[^\d+]", "", self.phone)


@dataclass(frozen=True, slots=True)
class Shown:
    """A publication as the public sees it; ``content`` is empty where only its line is shown.

    ``replaced_by`` is the newer one that stands in its place, ``withdrawal`` why it is shown no more.
    """

    id: int
    kind: str
    kind_name: str
    title: str
    as_of: date
    published_at: datetime
    sha256: str
    correction: str
    replaces_id: int | None
    replaced_by: int | None
    withdrawal: str
    ended_at: datetime | None
    content: Mapping[str, Any]

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken off the public page."""
        return bool(self.withdrawal)

    @property
    def changed_at(self) -> datetime:
        """When what its address shows last changed."""
        return self.ended_at or self.published_at


@dataclass(frozen=True, slots=True)
class Home:
    """What the first page of an agency shows: the newest of each kind, and the newest publications."""

    policy: Shown | None
    objectives: Shown | None
    results: Shown | None
    satisfaction: Shown | None
    newest: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Procedures found, of how many; ``fields`` are those of the whole catalogue with how many each has."""

    shown: Shown
    rows: tuple[Mapping[str, Any], ...]
    fields: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the directory: an agency whose page is open."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """Agencies of the directory with the same agency above; ``slug`` is empty where that one has no open page."""

    name: str
    slug: str
    members: tuple[Listed, ...]


def office(slug: str) -> Office:
    """Return the agency of an open page; PublicPage.DoesNotExist where there is none or it is closed."""
    return office_of(PublicPage.objects.select_related("agency").get(slug=slug, is_open=True))


def office_of(page: PublicPage) -> Office:
    """Return an agency as its page would show it, open or not."""
    agency: Agency = page.agency
    kinds = _public(agency.pk).order_by().values_list("agency_id", "kind").union(announced_by([agency.pk]))
    return Office(
        agency_id=agency.pk,
        slug=page.slug,
        name=agency.name,
        full_name=agency.full_name,
        superior_name=agency.superior_name,
        introduction=page.introduction,
        address=page.address,
        phone=page.phone,
        email=page.email,
        hours=page.hours,
        website=page.website,
        takes_feedback=page.takes_feedback,
        ended_on=agency.valid_to,
        parts=frozenset(kind for _agency, kind in kinds),
    )


def directory(on: date) -> Sequence[Group]:
    """Return the open pages of agencies that there are on a day, by the agency above them."""
    pages = (
        PublicPage.objects.filter(is_open=True)
        .exclude(agency__valid_to__lt=on)
        .select_related("agency__parent")
        .order_by("agency__level__order", "agency__name", "pk")
    )
    rows = [(page.agency, Listed(page.slug, page.agency.name)) for page in pages]
    slugs = {agency.pk: listed.slug for agency, listed in rows}
    parents: dict[int, tuple[str, list[Listed]]] = {}
    for agency, listed in rows:
        parent = agency.parent
        if parent is not None:
            parents.setdefault(parent.pk, (parent.name, []))[1].append(listed)
    alone = [listed for agency, listed in rows if agency.parent_id is None and agency.pk not in parents]
    groups = [
        Group(name, slugs.get(pk, ""), tuple(members))
        for pk, (name, members) in sorted(parents.items(), key=lambda each: each[1][0])
    ]
    return [*groups, *([Group("", "", tuple(alone))] if alone else [])]


def open_offices(on: date) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the addresses of all open pages of agencies that there are on a day, with the kinds that are public."""
    pages = PublicPage.objects.filter(is_open=True).exclude(agency__valid_to__lt=on).order_by("slug")
    rows = list(pages.values_list("slug", "agency_id"))
    kinds: dict[int, set[str]] = {}
    agency_ids = [each for _, each in rows]
    found = Publication.objects.filter(state=State.PUBLISHED, agency_id__in=agency_ids)
    for agency_id, kind in found.order_by().values_list("agency_id", "kind").union(announced_by(agency_ids)):
        kinds.setdefault(agency_id, set()).add(kind)
    return tuple((slug, frozenset(kinds.get(agency_id, ()))) for slug, agency_id in rows)


def home(office: Office) -> Home:
    """Return what the first page shows."""
    rows = list(_public(office.agency_id).defer("content").order_by("-published_at", "-pk"))
    newest: dict[str, Publication] = {}
    for row in rows:
        if row.kind not in (KINDS.PROCEDURES, KINDS.REPORT, KINDS.POSTINGS, KINDS.CHANGES):
            newest.setdefault(row.kind, row)
    contents = dict(
        Publication.objects.filter(pk__in=[row.pk for row in newest.values()]).values_list("pk", "content")
    )
    shown = {kind: _shown(row, contents[row.pk]) for kind, row in newest.items()}
    return Home(
        policy=shown.get(KINDS.POLICY),
        objectives=shown.get(KINDS.OBJECTIVES),
        results=shown.get(KINDS.RESULTS),
        satisfaction=shown.get(KINDS.SATISFACTION),
        newest=tuple(_shown(row, {}) for row in rows[:5]),
    )


def announcement(office: Office) -> Mapping[str, Any] | None:
    """Return the announcement of conformity in force, None where there is none; one SQL statement.

    It is public by law from the day it is issued: posted at the office and on its website (Quyết định 19/2014/QĐ-TTg,
    Điều 4 khoản 3).
    """
    return public_announcement(office.agency_id)


def feedback_slug(agency_id: int, on: date) -> str:
    """Return the address of an agency's page where feedback may be written on a day; "" where it takes none."""
    pages = PublicPage.objects.filter(agency_id=agency_id, is_open=True, takes_feedback=True)
    return pages.exclude(agency__valid_to__lt=on).values_list("slug", flat=True).first() or ""


def survey_token(office: Office, on: date) -> str:
    """Return the address token of a poster that is for everybody: of an open survey, of no unit or field; "" for none."""
    point = (
        Point.objects.filter(
            Q(survey__ends_on__isnull=True) | Q(survey__ends_on__gte=on),
            survey__agency_id=office.agency_id,
            survey__state=Survey.State.OPEN,
            survey__starts_on__lte=on,
            channel=Channel.QR,
            is_active=True,
            unit__isnull=True,
            field__isnull=True,
        )
        .select_related("survey")
        .order_by("-survey__starts_on", "pk")
        .first()
    )
    if point is None:
        return ""
    return make_point_link(key=point.survey.link_key, point_id=point.pk, round_number=point.round)


def current(office: Office, kind: str) -> Shown:
    """Return what is public of a kind now; Publication.DoesNotExist where nothing is."""
    newest = (
        ("-period_end",) if kind == KINDS.POSTINGS else ()
    )  # a corrected old quarter is not the newest one
    row = _public(office.agency_id).filter(kind=kind).order_by(*newest, "-published_at", "-pk").first()
    if row is None:
        raise Publication.DoesNotExist(kind)
    return _shown(row, row.content)


def publication(office: Office, publication_id: int) -> Shown:
    """Return a publication that is or was public, a withdrawn one without its content; else Publication.DoesNotExist."""
    row = _readable(office.agency_id).get(pk=publication_id)
    return _shown(row, {} if row.state == State.WITHDRAWN else row.content)


def archive(office: Office) -> tuple[Shown, ...]:
    """Return all that is and was public, newest first, without contents."""
    rows = _readable(office.agency_id).defer("content").order_by("-published_at", "-pk")
    return tuple(_shown(row, {}) for row in rows)


def reports(office: Office) -> tuple[Shown, ...]:
    """Return the reports that are public, the newest period first, without contents."""
    rows = _public(office.agency_id).filter(kind=KINDS.REPORT).defer("content")
    return tuple(_shown(row, {}) for row in rows.order_by("-period_end", "-published_at", "-pk"))


def quarters(office: Office) -> tuple[Shown, ...]:
    """Return the quarters whose postings are public, the newest first, without contents."""
    rows = _public(office.agency_id).filter(kind=KINDS.POSTINGS).defer("content")
    return tuple(_shown(row, {}) for row in rows.order_by("-period_end", "-pk"))


def formats(office: Office) -> Mapping[str, str]:
    """Return in which format the newest content of each kind is; one SQL statement."""
    rows = _public(office.agency_id).order_by("period_end", "published_at", "pk")
    return {
        kind: content_format or FORMAT for kind, content_format in rows.values_list("kind", "content__format")
    }


_REPORT_FILES = {"pdf": "report__pdf_id", "xlsx": "report__workbook_id", "json": "report__data_id"}


def report_file(office: Office, publication_id: int, ending: str = "pdf") -> OpenFile:
    """Return a report that is or was public as PDF, XLSX or JSON, as it was frozen on issue.

    Raises Publication.DoesNotExist for others and for withdrawn ones, StoredFile.DoesNotExist where the report was issued
    before that form was kept, FileDamaged.
    """
    files = (
        _readable(office.agency_id)
        .exclude(state=State.WITHDRAWN)
        .filter(kind=KINDS.REPORT)
        .values_list(_REPORT_FILES[ending], flat=True)
    )
    return opened(StoredFile.objects.get(pk=files.get(pk=publication_id) or 0))


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The procedures of one publication, made ready for searching: each with its key, and the words it is found by."""

    rows: tuple[Mapping[str, Any], ...]
    hays: tuple[str, ...]
    fields: tuple[tuple[str, int], ...]


def procedures(office: Office, words: str, field: str) -> Found:
    """Return the procedures whose name, code or field holds each word, however its marks are typed."""
    row = _public(office.agency_id).filter(kind=KINDS.PROCEDURES).defer("content")
    shown = _shown(row.order_by("-published_at", "-pk")[:1].get(), {})
    catalogue = _catalogue(shown.id, shown.sha256)
    wanted = search_key(words).split()
    kept = tuple(
        each
        for each, hay in zip(catalogue.rows, catalogue.hays, strict=True)
        if (not field or each["field"] == field) and all(word in hay for word in wanted)
    )
    return Found(shown, kept, catalogue.fields)


@lru_cache(maxsize=64)
def _catalogue(publication_id: int, sha256: str) -> _Catalogue:
    """Return a publication's procedures made ready once: what is published does not change, so neither does this."""
    content = Publication.objects.values_list("content", flat=True).get(pk=publication_id, sha256=sha256)
    rows = tuple({**row, "key": procedure_key(row)} for row in content["procedures"])
    return _Catalogue(
        rows=rows,
        hays=tuple(search_key(f"{row['code']} {row['name']} {row['field']}") for row in rows),
        fields=tuple(Counter(row["field"] for row in rows).items()),
    )


def with_keys(shown: Shown) -> tuple[Mapping[str, Any], ...]:
    """Return the procedures of a publication, each with the key of its address; none of other kinds."""
    return tuple({**row, "key": procedure_key(row)} for row in shown.content.get("procedures", ()))


def procedure(office: Office, key: str) -> tuple[Shown, Mapping[str, Any]]:
    """Return a procedure of the public catalogue by its key; Publication.DoesNotExist where there is none."""
    found = procedures(office, "", "")
    for row in found.rows:
        if row["key"] == key:
            return found.shown, row
    raise Publication.DoesNotExist(key)


def procedure_key(row: Mapping[str, Any]) -> str:
    """Return how a procedure is called in addresses: its code, else its name in small letters without marks."""
    return row["code"] or "-".join(bare_words(row["name"]))[:80] or "-"


def _public(agency_id: int) -> QuerySet[Publication]:
    return Publication.objects.filter(agency_id=agency_id, state=State.PUBLISHED)


def _readable(agency_id: int) -> QuerySet[Publication]:
    """Return what is or was public of an agency: never a draft, nor what was discarded."""
    return Publication.objects.filter(
        agency_id=agency_id,
        state__in=(State.PUBLISHED, State.REPLACED, State.WITHDRAWN),
        published_at__isnull=False,
    ).select_related("replaced_by")


def shown_before(publication_id: int, agency_id: int) -> Shown:
    """Return a publication of any state as the public would see it, for a preview by who may see it."""
    row = Publication.objects.select_related("replaced_by").get(pk=publication_id, agency_id=agency_id)
    return _shown(row, row.content)


def _shown(row: Publication, content: Mapping[str, Any]) -> Shown:
    newer = row.replaced_by if row.state == State.REPLACED and hasattr(row, "replaced_by") else None
    return Shown(
        id=row.pk,
        kind=row.kind,
        kind_name=row.get_kind_display(),
        title=row.title,
        as_of=row.as_of,
        published_at=row.published_at or row.prepared_at,
        sha256=row.sha256,
        correction=row.correction,
        replaces_id=row.replaces_id,
        replaced_by=newer.pk if newer else None,
        withdrawal=row.withdrawal,
        ended_at=row.ended_at,
        content=content,
    )
