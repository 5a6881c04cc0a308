"""What the journal holds on a person: what the person did, what was done about the person, who saw the data."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.journal.access import KINDS
from camket.journal.models import Access, Entry
from camket.journal.sealing import Opened
from camket.org.personal import Section, said_moment

_TIME = Message(gettext_noop("Time"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the person's acts, the entries about the person, and the accesses to the person's data."""
    own = Entry.objects.filter(agency_id=agency_id)
    acts = own.filter(Q(by_id=person_id) | Q(stood_in_for_id=person_id)).order_by("sequence")
    about = own.filter(subject_type="org.person", subject_id=person_id).order_by("sequence")
    for code, title, found in (
        ("journal_acts", gettext_noop("What the person did"), acts),
        ("journal_about", gettext_noop("What was done about the person"), about),
    ):
        entries = list(found.only("agency_id", "at", "verb", "subject_label", "reason"))
        opened = Opened.of(agency_id, [entry.subject_label for entry in entries])
        yield Section(
            code,
            Message(title),
            (
                _TIME,
                Message(gettext_noop("Act")),
                Message(gettext_noop("Record")),
                Message(gettext_noop("Reason")),
            ),
            tuple(
                (said_moment(entry.at), entry.verb, opened.text(entry.subject_label), entry.reason)
                for entry in entries
            ),
        )
    seen = list(Access.objects.filter(agency_id=agency_id, person_id=person_id).order_by("sequence"))
    opened = Opened.of(agency_id, [each.by_name for each in seen])
    yield Section(
        "accesses",
        Message(gettext_noop("Who saw the data")),
        (_TIME, Message(gettext_noop("By")), Message(gettext_noop("What")), Message(gettext_noop("Where"))),
        tuple(
            (said_moment(each.at), opened.text(each.by_name, each.by_id), KINDS[each.what], each.purpose)
            for each in seen
        ),
    )
