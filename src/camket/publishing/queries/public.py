"""What anybody may read of an agency: of its open page, and of publications alone; never of drafts or live records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from camket.org.models import Agency
from camket.publishing.models import PublicPage


@dataclass(frozen=True, slots=True)
class Office:
    """An agency as its public page shows it: whose page, how to reach the office."""

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
    page = PublicPage.objects.select_related("agency").get(slug=slug, is_open=True)
    return office_of(page, page.agency)


def office_of(page: PublicPage, agency: Agency) -> Office:
    """Return an agency as its page would show it, open or not."""
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
