"""Counts under several filters at once are those under each by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from camket.core.plan import Period
from camket.dossiers.queries.sums import sums, sums_together
from people import TODAY, People
from seeded import seed

pytestmark = pytest.mark.django_db

FILTERS: list[dict[str, tuple[str, ...]]] = [
    {},
    {"field": ("dat dai",)},
    {"unit": ("kinh te",)},
    {"unit": ("van phong",), "channel": ("online",)},
    {"level": ("WHOLE",)},
    {"field": ("khong co",)},
]
COUNTS = ("received", "finished", "late", "open")


@pytest.fixture
def periods(people: People) -> list[Period]:
    with transaction.atomic():
        seed(people.agency, 300, today=TODAY, days=200)
    return [
        Period(date(2026, 1, 1), TODAY),
        Period(date(2026, 4, 15), date(2026, 5, 14)),
        Period(TODAY - timedelta(days=3), TODAY),
    ]


def test_several_filters_give_what_each_gives(people: People, periods: list[Period]) -> None:
    together = sums_together([people.agency.pk], periods, COUNTS, FILTERS)
    assert together == [sums([people.agency.pk], periods, COUNTS, filters=each) for each in FILTERS]
    assert together[0] != together[1]


def test_several_filters_take_one_statement_and_one_for_units(people: People, periods: list[Period]) -> None:
    taken: list[Any] = []
    for some in (FILTERS[:2], FILTERS):
        with CaptureQueriesContext(connection) as captured:
            sums_together([people.agency.pk], periods, COUNTS, some)
        taken.append(len(captured))
    assert taken == [1, 2]
