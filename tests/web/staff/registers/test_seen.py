"""Pages about single people's grades say who looked at them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from camket.journal.models import Access
from camket.org.policy import Actor
from camket.registers import operations
from people import People
from work import NOW


@pytest.mark.only_on("sqlite")
def test_whose_grades_were_looked_at_is_recorded_but_not_the_own(
    people: People, signed_in: Callable[[Actor], Client]
) -> None:
    values = {"person": people.binh.person_id, "kind": "month", "on": date(2026, 6, 30), "outcome": "good"}
    entry = operations.enter(actor=people.an, register="grading", values=values, now=NOW)
    for actor in (people.binh, people.an, people.an):
        assert signed_in(actor).get("/so/xep-loai/").status_code == 200
        assert signed_in(actor).get(f"/so/xep-loai/{entry.pk}/").status_code == 200
    seen = Access.objects.filter(what="staff_records")
    assert [(each.by_id, each.person_id) for each in seen] == [(people.an.person_id, people.binh.person_id)]
