"""Publications as the staff see them: what is public, what is prepared, what should be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from camket.core.wording.text import bare_words, search_key
from camket.core.workflow import PUBLICATION
from camket.objectives.queries import plan_in_force
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, can_in_agency, require
from camket.publishing.content import Allowed, Difference, Doubt, differences, doubts
from camket.publishing.models import PostingList, Publication, PublicPage
from camket.publishing.posting_list import quarter_of
from camket.publishing.preparing import MAKERS, NothingToPublish, prepared
from camket.publishing.queries import public
from camket.publishing.queries.public import Office
from camket.publishing.report_rules import PUBLIC_SUBJECTS
from camket.reporting.models import Report
from camket.reporting.periods import name_of

State = Publication.State
STALE_DAYS = 92
"""After how many days results that are public call for newer ones: a quarter."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """The public page's data; ``is_set_up`` is False where it has none yet, its slug is then proposed."""

    is_set_up: bool
    slug: str
    is_open: bool = False
    introduction: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    website: str = ""
    takes_feedback: bool = True
    changed_at: datetime | None = None
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A publication as lists show it."""

    id: int
    kind: str
    kind_name: str
    state: str
    state_name: str
    title: str
    as_of: date
    prepared_at: datetime
    prepared_by: str
    published_at: datetime | None
    published_by: str
    ended_at: datetime | None
    correction: str
    returned: str
    withdrawal: str
    sha256: str
    plan_id: int | None
    report_id: int | None
    posting_list_id: int | None
    period_start: date | None
    replaces_id: int | None
    replaced_by_id: int | None

    @property
    def is_draft(self) -> bool:
        """Whether it is being prepared."""
        return self.state == State.DRAFT

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a leader's review."""
        return self.state == State.REVIEW

    @property
    def is_public(self) -> bool:
        """Whether it is what the public sees of its matter."""
        return self.state == State.PUBLISHED

    @property
    def is_readable(self) -> bool:
        """Whether its own address still shows it."""
        return self.state in (State.PUBLISHED, State.REPLACED)


@dataclass(frozen=True, slots=True)
class PublicationDetail:
    """A publication with what it says, what of it a person should look at, and what the actor may do with it."""

    row: PublicationRow
    content: Mapping[str, Any]
    doubts: tuple[Doubt, ...]
    acts: frozenset[str]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing that the public page shows: what of it is public, what is under way, and whether something is to be done.

    ``need`` is "" or one of: "first" (nothing of it is public yet), "plan" (another plan is in force by now), "old"
    (its figures are of a quarter ago or more), "report" (an issued report or list of postings is not public).
    """

    kind: str
    name: str
    subject_id: int | None
    public: PublicationRow | None
    waiting: PublicationRow | None
    need: str


def page(actor: Actor) -> PageRow:
    """Return the data of the agency's public page, with a proposed address where it has none."""
    require(actor, "publication.view")
    found = PublicPage.objects.select_related("changed_by").filter(agency_id=actor.agency_id).first()
    if found is None:
        agency = Agency.objects.select_related("parent").get(pk=actor.agency_id)
        return PageRow(is_set_up=False, slug=proposed_slug(agency))
    return PageRow(
        is_set_up=True,
        slug=found.slug,
        is_open=found.is_open,
        introduction=found.introduction,
        address=found.address,
        phone=found.phone,
        email=found.email,
        hours=found.hours,
        website=found.website,
        takes_feedback=found.takes_feedback,
        changed_at=found.changed_at,
        changed_by=shown_name(actor, found.changed_by.full_name) if found.changed_by else "",
    )


def office_of(actor: Actor) -> Office:
    """Return the agency as its page shows or would show it, open or not."""
    require(actor, "publication.view")
    found = PublicPage.objects.select_related("agency").filter(agency_id=actor.agency_id).first()
    if found is None:
        agency = Agency.objects.select_related("parent").get(pk=actor.agency_id)
        found = PublicPage(agency=agency, slug=proposed_slug(agency))
    return public.office_of(found)


def is_kind(kind: str) -> bool:
    """Return whether there is a kind of publication of the name."""
    return kind in MAKERS


def proposed_slug(agency: Agency) -> str:
    """Return an address made of the agency's name that no other page has: "UBND xã An Bình" gives xa-an-binh."""
    bare = re.sub(r"^(ubnd|uy ban nhan dan)\s+", "", search_key(agency.name))
    slug = "-".join(bare_words(bare))[:60].strip("-") or "co-quan"
    above = "-".join(bare_words(agency.parent.place if agency.parent else ""))
    code = "-".join(bare_words(agency.code))
    taken = set(PublicPage.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    offers = (slug, f"{slug}-{above}" if above else slug, f"{slug}-{code}"[:80])
    return next((each for each in offers if each not in taken), offers[-1])


def publications(actor: Actor) -> tuple[PublicationRow, ...]:
    """Return the agency's publications, but those that were discarded, newest first."""
    require(actor, "publication.view")
    rows = _rows(actor).exclude(state=State.DISCARDED).defer("content").order_by("-prepared_at", "-pk")
    return tuple(_row(actor, each) for each in rows)


def waiting_for(actor: Actor) -> tuple[PublicationRow, ...]:
    """Return what waits for the actor to make it public, oldest first; what the actor prepared waits for another."""
    if not can_in_agency(actor, "publication.publish"):
        return ()
    rows = _rows(actor).filter(state=State.REVIEW).defer("content").order_by("prepared_at", "pk")
    return tuple(_row(actor, each) for each in rows if not actor.is_own(each.prepared_by_id))


def matters(actor: Actor, found: tuple[PublicationRow, ...], today: date) -> tuple[Matter, ...]:
    """Return what the public page shows and could show, in its order, of publications already loaded."""
    require(actor, "publication.view")
    plan = plan_in_force(actor.agency_id, today)
    plan_id = plan.pk if plan else None
    kinds = Publication.Kind
    rows: list[Matter] = []
    for kind in (
        kinds.POLICY,
        kinds.OBJECTIVES,
        kinds.RESULTS,
        kinds.SATISFACTION,
        kinds.PROCEDURES,
        kinds.CHANGES,
    ):
        if kind not in MAKERS:
            continue
        public = next((each for each in found if each.kind == kind and each.is_public), None)
        waiting = next((each for each in found if each.kind == kind and not each.published_at), None)
        need = ""
        if waiting is None:
            need = _need(public, plan_id, today)
        rows.append(Matter(kind.value, str(kind.label), None, public, waiting, need))
    reports = Report.objects.filter(
        agency_id=actor.agency_id, state=Report.State.ISSUED, subject__in=PUBLIC_SUBJECTS, unit=None
    )
    for report in reports.order_by("-period_end", "-version"):
        public = next((each for each in found if each.report_id == report.pk and each.is_public), None)
        waiting = next(
            (each for each in found if each.report_id == report.pk and not each.published_at), None
        )
        withdrawn = any(each.report_id == report.pk and each.state == State.WITHDRAWN for each in found)
        need = "" if public or waiting or withdrawn else "report"
        name = gettext("Report on %(name)s") % {"name": name_of(report)}
        rows.append(Matter(kinds.REPORT.value, name, report.pk, public, waiting, need))
    rows += _lists(actor, found)
    return tuple(rows)


def _lists(actor: Actor, found: tuple[PublicationRow, ...]) -> Iterator[Matter]:
    """Give the quarterly lists of postings that were issued, the newest first, a corrected one in place of the older."""
    issued = PostingList.objects.filter(agency_id=actor.agency_id, replaced_by__isnull=True)
    for each in issued.defer("content").order_by("-year", "-quarter"):
        start = quarter_of(each.year, each.quarter).start
        same = [row for row in found if row.kind == Publication.Kind.POSTINGS and row.period_start == start]
        public = next((row for row in same if row.is_public), None)
        waiting = next((row for row in same if not row.published_at), None)
        own = [row for row in same if row.posting_list_id == each.pk and row.published_at]
        name = gettext("Postings of quarter %(quarter)s of %(year)s") % {
            "quarter": each.quarter,
            "year": each.year,
        }
        need = "" if waiting or own else "report"
        yield Matter(Publication.Kind.POSTINGS.value, name, each.pk, public, waiting, need)


def _need(public: PublicationRow | None, plan_id: int | None, today: date) -> str:
    if public is None:
        return "first"
    if public.plan_id is not None and plan_id is not None and public.plan_id != plan_id:
        return "plan"
    is_of_figures = public.kind in (
        Publication.Kind.RESULTS,
        Publication.Kind.SATISFACTION,
        Publication.Kind.CHANGES,
    )
    return "old" if is_of_figures and (today - public.as_of).days > STALE_DAYS else ""


def publication(actor: Actor, publication_id: int) -> PublicationDetail:
    """Return a publication whole; Publication.DoesNotExist for another agency's."""
    require(actor, "publication.view")
    found = _rows(actor).get(pk=publication_id)
    row = _row(actor, found)
    is_own = actor.is_own(found.prepared_by_id)
    is_open = not found.published_at
    return PublicationDetail(
        row=row,
        content=found.content,
        doubts=doubts(found.content, allowed_of(found)) if is_open else (),
        acts=_acts(actor, found, is_own=is_own),
        is_own=is_own,
    )


def changed_since(actor: Actor, publication_id: int, today: date) -> tuple[Difference, ...]:
    """Return the lines of a publication that would say something else if it were prepared today.

    Where the records hold nothing to publish any more, there is nothing to compare with.
    """
    require(actor, "publication.view")
    found = Publication.objects.get(pk=publication_id, agency_id=actor.agency_id)
    if found.kind in (Publication.Kind.REPORT, Publication.Kind.POSTINGS):
        return ()  # these are frozen themselves; their own pages say what has changed since
    try:
        now = prepared(actor, found.kind, found.survey_id, today)
    except NothingToPublish:
        return ()
    return differences(found.content, now.content)


def allowed_of(publication: Publication) -> Allowed:
    """Return what may stand in a publication: the office's own telephone and mail, and who signed."""
    own = PublicPage.objects.filter(agency_id=publication.agency_id).values_list("phone", "email", "address")
    texts = [text for row in own for text in row]
    for part in ("decision", "report"):
        signed = (publication.content.get(part) or {}).get("signed_by")
        texts.append(signed or "")
    return Allowed(tuple(text for text in texts if text))


def _acts(actor: Actor, found: Publication, *, is_own: bool) -> frozenset[str]:
    possible = PUBLICATION.acts(found.state)
    by_secretary = {"prepare", "submit", "discard"} if can_in_agency(actor, "publication.prepare") else set()
    by_leader = {"return", "publish", "withdraw"} if can_in_agency(actor, "publication.publish") else set()
    if is_own:
        by_leader -= {"publish"}
    return frozenset(possible & (by_secretary | by_leader))


def _rows(actor: Actor) -> QuerySet[Publication]:
    return Publication.objects.filter(agency_id=actor.agency_id).select_related(
        "prepared_by", "published_by", "replaced_by"
    )


def _row(actor: Actor, found: Publication) -> PublicationRow:
    newer = getattr(found, "replaced_by", None)
    return PublicationRow(
        id=found.pk,
        kind=found.kind,
        kind_name=found.get_kind_display(),
        state=found.state,
        state_name=found.get_state_display(),
        title=found.title,
        as_of=found.as_of,
        prepared_at=found.prepared_at,
        prepared_by=shown_name(actor, found.prepared_by.full_name),
        published_at=found.published_at,
        published_by=shown_name(actor, found.published_by.full_name) if found.published_by else "",
        ended_at=found.ended_at,
        correction=found.correction,
        returned=found.returned,
        withdrawal=found.withdrawal,
        sha256=found.sha256,
        plan_id=found.plan_id,
        report_id=found.report_id,
        posting_list_id=found.posting_list_id,
        period_start=found.period_start,
        replaces_id=found.replaces_id,
        replaced_by_id=newer.pk if newer else None,
    )
