"""The public page's own data: its address, whether it is open, how to reach the office."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.journal.operations import record
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.publishing import changes
from camket.publishing.models import PublicPage

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = frozenset({"sitemap", "robots", "nhung", "tin"})
"""Names in addresses that are no agency's."""


class SlugNotPossible(Refusal):
    """The address is not well formed, reserved, or another agency's."""


class PageStateNotPossible(Refusal):
    """The page is open, or closed, already; or it is not set up yet."""


@dataclass(frozen=True, slots=True)
class PageData:
    """What the secretary types of the page."""

    slug: str
    introduction: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    website: str = ""
    takes_feedback: bool = True


def save_page(*, actor: Actor, data: PageData, now: datetime) -> PublicPage:
    """Set up the agency's public page, or change its data; a new page is closed.

    Raises SlugNotPossible: not well formed, taken, or another one while the page is open, for its address is on posters.
    """
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "publication.prepare")
        page = PublicPage.objects.filter(agency_id=agency.pk).first()
        _check_slug(agency.pk, page, data.slug)
        new = asdict(data)
        if page is None:
            page = PublicPage(agency=agency)
            changed = new
        else:
            changed = {name: value for name, value in new.items() if getattr(page, name) != value}
        if not changed:
            return page
        before = {name: getattr(page, name) for name in changed} if page.pk else None
        for name, value in changed.items():
            setattr(page, name, value)
        _store(actor, page, now)
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="public_page.changed" if before is not None else "public_page.set_up",
            subject=page,
            on=timezone.localdate(now),
            before=before,
            after=changed,
        )
    return page


def open_page(*, actor: Actor, now: datetime) -> PublicPage:
    """Open the page to everybody. Raises PageStateNotPossible."""
    return _turn(actor, now, is_open=True)


def close_page(*, actor: Actor, now: datetime) -> PublicPage:
    """Close the page: its addresses answer as if they had never been. Raises PageStateNotPossible."""
    return _turn(actor, now, is_open=False)


def _turn(actor: Actor, now: datetime, *, is_open: bool) -> PublicPage:
    with transaction.atomic():
        page = PublicPage.objects.select_for_update(of=("self",)).filter(agency_id=actor.agency_id).first()
        require(actor, "publication.prepare")
        if page is None:
            raise PageStateNotPossible(
                Message(gettext_noop("Give the public page its address first, then open it."))
            )
        if page.is_open == is_open:
            raise PageStateNotPossible(
                Message(
                    gettext_noop("The public page is open already.")
                    if is_open
                    else gettext_noop("The public page is closed already.")
                )
            )
        page.is_open = is_open
        _store(actor, page, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="public_page.opened" if is_open else "public_page.closed",
            subject=page,
            on=timezone.localdate(now),
            before={"is_open": not is_open},
            after={"is_open": is_open},
        )
    return page


def _store(actor: Actor, page: PublicPage, now: datetime) -> None:
    page.changed_at, page.changed_by_id = now, actor.person_id
    page.save()
    changes.noted()


def _check_slug(agency_id: int, page: PublicPage | None, slug: str) -> None:
    if not SLUG.fullmatch(slug) or slug in RESERVED or len(slug) > 80:
        raise SlugNotPossible(
            Message(
                gettext_noop(
                    "Write the address with small letters without marks, digits and hyphens, as xa-an-binh."
                )
            )
        )
    if page is not None and page.is_open and page.slug != slug:
        raise SlugNotPossible(
            Message(
                gettext_noop(
                    "The page is open and its address may stand on posters: close it before you give it another address."
                )
            )
        )
    if PublicPage.objects.filter(slug=slug).exclude(agency_id=agency_id).exists():
        raise SlugNotPossible(
            Message(gettext_noop("Another agency has the address %(slug)s; choose another."), {"slug": slug})
        )
