"""Several queries in one statement give what each gives by itself, of every kind of column that memories and pages ask."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncDate

from camket.indicators.models import Reading
from camket.journal import memory
from camket.notifications.models import Notification
from camket.objectives import verdicts
from camket.objectives.models import Target
from camket.org.models import Person, Unit
from camket.org.queries.together import read_together
from camket.registers.models import Entry
from figures import make_plan_in_force, read, share, targets_of
from house.test_urls import _today, ids
from people import TODAY, People

__all__ = ["_today", "ids"]  # fixtures


def test_every_memory_is_read_as_its_queries_read_it(people: People, ids: dict[str, int]) -> None:
    queries = [query for each in memory._ALL for query in each._queries([people.agency.pk])]
    apart = [list(query) for query in queries]
    assert sum(bool(rows) for rows in apart) > 8
    assert read_together(queries) == apart


def test_values_of_every_kind_come_as_they_are(people: People) -> None:
    target = targets_of(make_plan_in_force(people))[0]
    read(people, target, share(9, 10))
    Reading.objects.filter(indicator=target.indicator).update(
        numerator=Decimal("1234567890.1234"), note='“Đất đai”\n"\\ \u2028'
    )
    moment = Reading.objects.get(indicator=target.indicator).entered_at + timedelta(microseconds=1)
    made = Entry(
        agency=people.agency,
        register="figures",
        key="1",
        on=TODAY,
        year=2026,
        title="Thu ngân sách",
        amount=Decimal("-0.5"),
        values={"a": [1, None, "ơ"], "b": {"c": True}},
        state="noted",
        created_at=moment,
        changed_at=moment,
    )
    made.save()
    queries = [
        Reading.objects.annotate(day=TruncDate("entered_at")).values_list(
            "pk", "numerator", "value", "period_start", "entered_at", "note", "day", "entered_by__full_name"
        ),
        Entry.objects.order_by("-pk").values_list("values", "amount", "planned", "created_at", "unit_id"),
        Person.objects.annotate(heads=Exists(Unit.objects.filter(pk=OuterRef("memberships__unit_id"))))
        .order_by("pk")
        .values_list("full_name", "heads", "is_active"),
        Unit.objects.values_list("agency_id").annotate(Count("pk")).order_by("agency_id"),
        Notification.objects.none().values_list("pk"),
        Target.objects.filter(pk__in=[]).values_list("pk"),
    ]
    assert read_together(queries) == [list(query) for query in queries]
    assert read_together([]) == []
    assert read_together(queries[-2:]) == [[], []]


@pytest.mark.only_on("sqlite")
def test_a_plan_is_judged_in_few_statements_whatever_was_remembered(
    people: People, ids: dict[str, int], django_assert_max_num_queries: object
) -> None:
    plan = make_plan_in_force(people)
    before = verdicts.verdicts_of_plan(people.an, plan.pk, TODAY)
    memory.forget_all()
    verdicts.forget()
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert verdicts.verdicts_of_plan(people.an, plan.pk, TODAY) == before
