"""Blocks added up by the database are what they are added up one by one, whatever was answered and taken back."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.db import transaction

from camket.voices import tally
from camket.voices.models import RatingBucket
from camket.voices.queries import blocks
from camket.voices.queries.blocks import NONE, Shown, Steps
from camket.voices.tally import Counted
from people import People
from records import count_answers

pytestmark = pytest.mark.django_db

FIRST = date(2025, 11, 1)
DAYS = 300
UNTIL = date(2026, 8, 1)
QUESTIONS = ("overall", "manner", "waiting")

Group = tuple[date, int | None, int | None]
"""Month, survey, and what else is told apart."""
Figures = dict[Group, tuple[int, dict[str, Steps]]]


def plainly(some: Iterable[Shown], place: int = 0, questions: Iterable[str] = QUESTIONS) -> Figures:
    """Add up answers and steps by month, survey and the key at a place; questions that nobody answered left out."""
    found: dict[Group, list[Shown]] = defaultdict(list)
    for each in some:
        found[each.month, each.told[0], each.told[place]].append(each)
    return {
        group: (
            sum(each.responses for each in many),
            {
                question: steps
                for question in questions
                if any(steps := blocks.added(each.steps.get(question, NONE) for each in many))
            },
        )
        for group, many in found.items()
    }


def answered(chance: random.Random, survey_ids: tuple[int, int]) -> list[Counted]:
    """Answers of some months, fields, units and ways: many in a few cells, or few in many, so that they wait or go together."""
    fields, units, ways = (range(chance.choice((1, 2, 5))) for _ in range(3))
    days = chance.choice((40, 120, DAYS))
    return [
        Counted(
            survey=chance.choices(survey_ids, (3, 1))[0],
            on=FIRST + timedelta(days=chance.randrange(days)),
            channel=1 + chance.choice(ways),
            field=chance.choice(fields),
            unit=chance.choice(units),
            ratings={question: chance.randrange(1, 6) for question in QUESTIONS if chance.random() < 0.8},
            is_set_aside=chance.random() < 0.05,
        )
        for _ in range(chance.choice((4, 15, 60, 150)))
    ]


def taken(chance: random.Random, agency_id: int, rows: list[Counted]) -> None:
    """Take answers back: some of whole cells, some at random; what stays behind of a cell counts anew later."""
    counted = [one for one in rows if not one.is_set_aside and one.on < UNTIL]
    cell = chance.choice([(one.survey, one.field) for one in counted] or [(0, 0)])
    gone = [one for one in counted if (one.survey, one.field) == cell or chance.random() < 0.1]
    moved = [
        (one, Counted(one.survey, UNTIL, one.channel, one.field, one.unit, one.ratings)) for one in gone[::7]
    ]
    stay = {id(before) for before, _ in moved}
    with transaction.atomic():
        tally.take_turn(agency_id=agency_id)
        tally.take_back(agency_id=agency_id, taken=[one for one in gone if id(one) not in stay], moved=moved)


def sums_of(agency_id: int, until: date) -> tuple[Figures, ...]:
    found = blocks._read_sums(agency_id, until)
    return plainly(found.whole), *(
        plainly(some, place, ("overall",)) for place, some in enumerate(found.by, 1)
    )


def blocks_added_up(agency_id: int, until: date) -> tuple[Figures, ...]:
    found = blocks._read([agency_id], until, overall_only=False)[agency_id]
    return plainly(found), *(plainly(found, place, ("overall",)) for place in (1, 2, 3))


@pytest.mark.parametrize("seed", range(3))
def test_sums_of_the_database_are_the_blocks_added_up_one_by_one(people: People, seed: int) -> None:
    agency_id, seen = people.agency.pk, 0
    for scene in range(3):
        chance = random.Random(100 * seed + scene)
        RatingBucket.objects.all().delete()
        rows = answered(chance, (1, 2))
        count_answers(people.agency, rows)
        count_answers(people.other_agency, answered(chance, (1, 2)))
        for is_taken in (False, True):
            if is_taken:
                taken(chance, agency_id, rows)
            for until in (UNTIL, date(2026, 2, 1), date(2026, 10, 1)):
                figures = sums_of(agency_id, until)
                assert figures == blocks_added_up(agency_id, until), f"scene {scene}, {until}"
                seen += len(figures[0])
    assert seen > 10
