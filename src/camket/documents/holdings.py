"""What this package holds on a person: files stored and evidence added."""

from __future__ import annotations

from collections.abc import Iterable

from camket.core.messages import Message, gettext_noop
from camket.documents.models import Evidence, StoredFile
from camket.org.personal import Section, said_moment

_TIME = Message(gettext_noop("Time"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the person's files and evidence in the agency, by their names."""
    files = StoredFile.objects.filter(agency_id=agency_id, stored_by_id=person_id).order_by("stored_at", "pk")
    yield Section(
        "files",
        Message(gettext_noop("Files the person stored")),
        (_TIME, Message(gettext_noop("Name of the file"))),
        tuple((said_moment(file.stored_at), file.name) for file in files),
    )
    evidence = Evidence.objects.filter(agency_id=agency_id, added_by_id=person_id).order_by("added_at", "pk")
    yield Section(
        "evidence",
        Message(gettext_noop("Evidence the person added")),
        (_TIME, Message(gettext_noop("Title"))),
        tuple((said_moment(each.added_at), each.title) for each in evidence),
    )
