"""A clock that is set back: the journal keeps its order and its chain, and nobody is locked out by the future."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from camket.journal import queries as journal
from camket.journal.models import Entry
from camket.org import operations
from camket.org.models import Unit
from people import TODAY, People

NOON = datetime.fromisoformat("2026-07-01T12:00:00+07:00")


def rename(people: People, name: str) -> None:
    unit = Unit.objects.filter(agency=people.agency).order_by("pk")[0]
    operations.change_unit(
        actor=people.an, unit_id=unit.pk, name=name, short_name="", kind=unit.kind, today=TODAY
    )


def test_the_journals_order_is_its_numbers(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour, name in ((0, "Văn phòng một"), (-5, "Văn phòng hai"), (-3, "Văn phòng ba")):
        monkeypatch.setattr(timezone, "now", lambda hour=hour: NOON + timedelta(hours=hour))
        rename(people, name)
    state = journal.verify(people.agency.pk)
    entries = list(Entry.objects.filter(agency=people.agency).order_by("sequence"))
    assert (state.whole, state.entries) == (True, 3)
    assert [entry.at.hour for entry in entries] == [5, 0, 2]
    newest_first = journal.history(people.an, subject_type="org.unit", subject_id=entries[0].subject_id or 0)
    assert [row.sequence for row in newest_first] == [3, 2, 1]


def test_failures_of_the_future_lock_nobody_out_longer_than_others(people: People) -> None:
    for _ in range(5):
        operations.count_failed_sign_in(login="an", address="10.0.0.5", now=NOON)
    yesterday = NOON - timedelta(days=1)
    with pytest.raises(operations.TooManyFailures):
        operations.check_sign_in_allowed(login="an", address="10.0.0.5", now=yesterday)
    operations.check_sign_in_allowed(login="an", address="10.0.0.5", now=yesterday + operations.WINDOW)
