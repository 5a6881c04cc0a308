"""What is keyed in or taken back after its month was shown: nobody can tell from two looks what fewer than five said."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from camket.core.plan import Period
from camket.core.small_groups import SMALLEST
from camket.journal.models import Entry
from camket.voices.models import Comment, Response, SlipBatch, Survey
from camket.voices.operations import slips
from camket.voices.operations.answers import NewResponse, Withdrawn, store_responses, take_back_batch
from camket.voices.operations.slips import KeyedSlip, SlipShown
from camket.voices.queries import blocks
from camket.voices.queries.results import Results, results
from people import People
from voices.answering import edition_of, make_survey

pytestmark = pytest.mark.django_db

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
JUNE = date(2026, 6, 20)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


@pytest.fixture
def survey(people: People) -> Survey:
    return make_survey(people.agency)


def begin(people: People, survey: Survey, today: date) -> SlipBatch:
    return slips.begin_batch(
        actor=people.binh,
        survey_id=survey.pk,
        name="",
        answered_on=today,
        field_id=None,
        unit_id=None,
        now=at(today),
    )


def key(people: People, pile: SlipBatch, on: date, today: date, number: int = 1, step: int = 5) -> None:
    for _ in range(number):
        slips.key_slip(
            actor=people.binh,
            batch_id=pile.pk,
            slip_id=uuid.uuid4(),
            slip=KeyedSlip(on=on, ratings={"overall": step}, comments={"wish": "Chờ lâu"}),
            now=at(today),
        )


def keyed(people: People, survey: Survey, on: date, today: date, number: int, step: int = 5) -> SlipBatch:
    pile = begin(people, survey, today)
    key(people, pile, on, today, number, step)
    return pile


def look(people: People, today: date) -> Results:
    return results(people.an, period=YEAR, today=today)


def steps(people: People, today: date) -> tuple[int, ...]:
    return look(people, today).overall.rate.steps


def take_back(people: People, pile: SlipBatch, today: date) -> Withdrawn:
    return take_back_batch(actor=people.binh, batch_id=pile.pk, reason="Nhập nhầm", now=at(today))


def test_slips_of_the_last_days_are_keyed_in_time_also_those_of_new_years_eve(
    people: People, survey: Survey
) -> None:
    keyed(people, survey, date(2026, 12, 31), date(2027, 1, 5), 6)
    assert Response.objects.filter(counted_on=None).count() == 6
    assert look(people, date(2027, 1, 5)).is_empty
    assert look(people, date(2027, 1, 6)).overall.rate.rated == 6


def test_a_slip_keyed_late_counts_in_the_month_in_which_it_is_keyed(people: People, survey: Survey) -> None:
    keyed(people, survey, JUNE, JUNE, 6)
    before = look(people, date(2026, 7, 6))
    keyed(people, survey, JUNE, date(2026, 7, 6), 1, step=1)
    assert look(people, date(2026, 7, 6)).overall == before.overall
    late = Response.objects.get(ratings__overall=1)
    assert (late.on, late.counted_on) == (JUNE, date(2026, 7, 6))
    assert Comment.objects.filter(month=date(2026, 7, 1)).count() == 1
    keyed(people, survey, date(2026, 7, 7), date(2026, 7, 7), 4)
    august = look(people, date(2026, 8, 6))
    assert [line.rate.rated for line in august.months[5:7]] == [6, 5]


def test_a_year_brought_in_when_the_product_is_new_counts_in_its_own_months(
    people: People, survey: Survey
) -> None:
    """At once: what is brought in behind it counts when it comes, for its months are shown by then."""
    survey.starts_on = date(2025, 1, 1)
    survey.save()
    rows = [
        NewResponse(id=uuid.uuid4(), on=date(2025, month, 3), channel=6, ratings={"overall": 5})
        for month in range(1, 13)
        for _ in range(5)
    ]
    store_responses(survey=survey, edition=edition_of(survey), rows=rows, now=at(JUNE))
    assert Response.objects.filter(counted_on=None).count() == 60
    keyed(people, survey, date(2025, 4, 2), JUNE, 1)
    assert Response.objects.filter(counted_on=JUNE).count() == 1
    found = results(people.an, period=Period(date(2025, 1, 1), date(2025, 12, 31)), today=JUNE)
    assert [line.rate.rated for line in found.months] == [5] * 12


def test_what_comes_for_months_of_a_quarter_whose_rest_is_shown_counts_when_it_comes(
    people: People, survey: Survey
) -> None:
    """Nobody answered after January: what waited is shown with March, which takes no more; nor does February."""
    fields = [
        people.agency.procedure_fields.create(name=name, key=name).pk for name in ("dat dai", "ho tich")
    ]
    rows = [
        NewResponse(id=uuid.uuid4(), on=date(2026, 1, 9), channel=1, ratings={"overall": 5}, field_id=each)
        for each in (*fields, *fields, fields[0])
    ]
    store_responses(survey=survey, edition=edition_of(survey), rows=rows, now=at(date(2026, 1, 9)))
    assert look(people, date(2026, 4, 5)).is_empty
    shown = date(2026, 4, 6)
    before = _seen(people, shown)
    assert [len(each) for each in before] == [5]
    late = [
        NewResponse(
            id=uuid.uuid4(), on=date(2026, 3, 9), channel=1, ratings={"overall": 1}, field_id=fields[0]
        )
        for _ in range(3)
    ]
    store_responses(survey=survey, edition=edition_of(survey), rows=late, now=at(shown))
    assert _seen(people, shown) == before
    assert Response.objects.filter(counted_on=shown).count() == 3


def test_a_slip_that_is_shown_is_neither_corrected_nor_dropped_alone(people: People, survey: Survey) -> None:
    pile = begin(people, survey, JUNE)
    key(people, pile, JUNE, JUNE, 6)
    day = date(2026, 7, 5)
    slip = KeyedSlip(on=JUNE, ratings={"overall": 1})
    slips.correct_slip(actor=people.binh, batch_id=pile.pk, number=1, slip=slip, now=at(day))
    shown = date(2026, 7, 6)
    before = steps(people, shown)
    with pytest.raises(SlipShown):
        slips.correct_slip(actor=people.binh, batch_id=pile.pk, number=2, slip=slip, now=at(shown))
    with pytest.raises(SlipShown):
        slips.drop_slip(actor=people.binh, batch_id=pile.pk, number=2, now=at(shown))
    assert steps(people, shown) == before == (1, 0, 0, 0, 5)


def test_fewer_than_five_taken_back_of_what_is_shown_go_on_being_counted(
    people: People, survey: Survey
) -> None:
    keyed(people, survey, JUNE, JUNE, 8)
    wrong = keyed(people, survey, JUNE, JUNE, 4, step=1)
    day = date(2026, 7, 6)
    before = steps(people, day)
    assert take_back(people, wrong, day) == Withdrawn(0, 4)
    assert steps(people, day) == before == (4, 0, 0, 0, 8)
    wrong.refresh_from_db()
    assert wrong.state == SlipBatch.State.WITHDRAWN
    entry = Entry.objects.latest("pk")
    assert (entry.after["responses_count"], entry.after["kept"]) == (0, 4)


def test_five_or_more_taken_back_leave_what_is_shown(people: People, survey: Survey) -> None:
    keyed(people, survey, JUNE, JUNE, 8)
    wrong = keyed(people, survey, JUNE, JUNE, 5, step=1)
    day = date(2026, 7, 6)
    assert steps(people, day) == (5, 0, 0, 0, 8)
    assert take_back(people, wrong, day) == Withdrawn(5)
    assert steps(people, day) == (0, 0, 0, 0, 8)
    assert look(people, day).waiting == 0
    assert Response.objects.filter(state="set_aside").count() == 5


def test_the_few_that_stay_behind_count_anew_with_those_of_the_month_in_which_it_is_done(
    people: People, survey: Survey
) -> None:
    keyed(people, survey, JUNE, JUNE, 3, step=4)
    wrong = keyed(people, survey, JUNE, JUNE, 7, step=1)
    day = date(2026, 7, 6)
    assert take_back(people, wrong, day) == Withdrawn(7)
    found = look(people, day)
    assert (found.is_empty, found.waiting) == (True, 3)
    keyed(people, survey, day, day, 2)
    assert steps(people, date(2026, 8, 6)) == (0, 0, 0, 3, 2)
    assert look(people, date(2026, 8, 6)).waiting == 0


def test_what_is_in_no_figure_yet_is_taken_back_wholly(people: People, survey: Survey) -> None:
    wrong = keyed(people, survey, JUNE, JUNE, 2, step=1)
    assert take_back(people, wrong, date(2026, 8, 6)) == Withdrawn(2)
    assert look(people, date(2026, 8, 6)).waiting == 0


@pytest.mark.parametrize("seed", [3, 4, 7])
def test_no_two_looks_differ_by_fewer_than_five(people: People, survey: Survey, seed: int) -> None:
    """Whatever is keyed in, late or not, and taken back in between; told by who is in each block."""
    chance, today = random.Random(seed), date(2026, 2, 3)
    fields = [
        people.agency.procedure_fields.create(name=name, key=name).pk for name in ("dat dai", "ho tich")
    ]
    piles: list[SlipBatch] = []
    looks: list[list[frozenset[uuid.UUID]]] = []
    for _ in range(24):
        act = chance.random()
        if act < 0.4 or not piles:
            pile = begin(people, survey, today)
            piles.append(pile)
            for _ in range(chance.choice((1, 2, 4, 6, 7))):
                on = max(today - timedelta(days=chance.randrange(50)), survey.starts_on)
                slip = KeyedSlip(on=on, field_id=chance.choice(fields), ratings={"overall": 4})
                slips.key_slip(
                    actor=people.binh, batch_id=pile.pk, slip_id=uuid.uuid4(), slip=slip, now=at(today)
                )
        elif act < 0.6:
            take_back(people, piles.pop(chance.randrange(len(piles))), today)
        else:
            today += timedelta(days=chance.randrange(5, 40))
        looks.append(_seen(people, today))
    figures = {frozenset[uuid.UUID](), *(each for look in looks for each in look)}
    figures |= {frozenset[uuid.UUID]().union(*look) for look in looks}
    assert len(figures) > 3
    for one in figures:
        for other in figures:
            assert len(one ^ other) == 0 or len(one ^ other) >= SMALLEST


def _seen(people: People, today: date) -> list[frozenset[uuid.UUID]]:
    """Return who is in each block that is shown; the counts that are shown are those of these rows."""
    rows = [
        (
            (row.counted_on or row.on).replace(day=1),
            (row.survey_id, row.field_id or 0, 0, row.channel),
            row.pk,
        )
        for row in Response.objects.filter(agency=people.agency, state=Response.State.COUNTED)
    ]
    found = []
    for block in blocks.shown([people.agency.pk], today=today).get(people.agency.pk, ()):
        inside = frozenset(pk for month, cell, pk in rows if (month, cell) in block.parts)
        assert len(inside) == block.responses >= SMALLEST
        assert sum(block.steps["overall"]) == block.responses
        found.append(inside)
    return found
