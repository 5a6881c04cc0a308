"""What this package holds on a person of the staff: publications, postings, lists, the public page's data."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.org.personal import Section, said_day, said_moment
from camket.publishing.models import ApprovedPostingPlan, Notice, PostingList, Publication, PublicPage

_TIME = Message(gettext_noop("Time"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give what the person prepared, published, posted and listed in the agency."""
    publications = Publication.objects.filter(
        Q(prepared_by_id=person_id) | Q(published_by_id=person_id), agency_id=agency_id
    )
    pages = PublicPage.objects.filter(agency_id=agency_id, changed_by_id=person_id)
    yield Section(
        "publications",
        Message(gettext_noop("What the person prepared for the public page or made public")),
        (_TIME, Message(gettext_noop("Name"))),
        tuple(
            (said_moment(each.prepared_at), each.title) for each in publications.order_by("prepared_at", "pk")
        )
        + tuple((said_moment(each.changed_at), each.slug) for each in pages),
    )
    notices = Notice.objects.filter(Q(noted_by_id=person_id) | Q(posted_by_id=person_id), agency_id=agency_id)
    yield Section(
        "notices",
        Message(gettext_noop("Postings the person made or noted in the register")),
        (Message(gettext_noop("Posted on")), Message(gettext_noop("What was posted"))),
        tuple((said_day(each.posted_on), each.subject) for each in notices.order_by("posted_on", "pk")),
    )
    lists = PostingList.objects.filter(agency_id=agency_id, issued_by_id=person_id)
    yield Section(
        "posting_lists",
        Message(gettext_noop("Quarterly lists of what was made public that the person issued")),
        (_TIME, Message(gettext_noop("Quarter"))),
        tuple((said_moment(each.issued_at), str(each)) for each in lists.order_by("issued_at", "pk")),
    )
    plans = ApprovedPostingPlan.objects.filter(agency_id=agency_id, approved_by_id=person_id)
    yield Section(
        "posting_plans",
        Message(gettext_noop("Yearly plans of what is made public that the person approved")),
        (_TIME, Message(gettext_noop("Year"))),
        tuple((said_moment(each.approved_at), str(each)) for each in plans.order_by("approved_at", "pk")),
    )
