"""Results of surveys: rates of whole blocks, with last year beside, and nothing of fewer than five."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from camket.core.formulas import Formula, Term
from camket.core.plan import Period
from camket.core.rollup import months_of
from camket.core.tally import Facts, day_number
from camket.indicators.counting import counted
from camket.indicators.sources import revision, source
from camket.org.models import Role
from camket.voices import tally as answers
from camket.voices.models import Handout, Survey
from camket.voices.queries import blocks
from camket.voices.queries.results import Line, Results, results
from camket.voices.tally import Counted
from people import People, actor_of, make_person
from records import NOW, add_answers, add_fields, add_survey, count_answers, count_facts

pytestmark = pytest.mark.django_db

TODAY = date(2026, 7, 6)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def some(survey: Survey, on: date, number: int, step: int = 5, **fields: int) -> list[Counted]:
    return [
        Counted(survey=survey.pk, on=on, channel=5, ratings={"overall": step, "manner": step}, **fields)
        for _ in range(number)
    ]


def look(people: People, period: Period = YEAR, today: date = TODAY, survey_id: int | None = None) -> Results:
    return results(people.an, period=period, today=today, survey_id=survey_id)


def lines_of(found: Results) -> Iterator[Line]:
    yield found.overall
    yield from (*found.months, *found.fields, *found.units, *found.channels)
    for factor in found.factors:
        yield from factor.questions


def test_the_rate_is_the_two_upper_steps_of_those_who_rated(people: People) -> None:
    survey = add_survey(people.agency)
    day = date(2026, 3, 2)
    blank = [Counted(survey=survey.pk, on=day, channel=5, ratings={"manner": 1})]
    count_answers(
        people.agency, [*some(survey, day, 6), *some(survey, day, 2, 4), *some(survey, day, 2, 3), *blank * 3]
    )
    found = look(people)
    rate = found.overall.rate
    assert (rate.rated, rate.satisfied, rate.dissatisfied, rate.steps) == (10, 8, 0, (0, 0, 2, 2, 6))
    assert (rate.share, found.responses) == (80, 13)
    assert (found.factors[0].name, found.factors[0].questions[0].rate.rated) == ("Công chức", 13)
    assert found.mean == Decimal(8) * 100 / 13


def test_a_month_is_shown_once_it_is_over_and_its_last_slips_had_days_to_be_keyed(people: People) -> None:
    survey = add_survey(people.agency)
    count_answers(people.agency, [*some(survey, date(2026, 6, 30), 9), *some(survey, date(2026, 7, 1), 7)])
    found = look(people)
    assert (found.overall.rate.rated, found.waiting, found.period.end) == (9, 7, date(2026, 6, 30))
    assert look(people, today=date(2026, 7, 5)).is_empty
    assert look(people, today=date(2026, 8, 6)).overall.rate.rated == 16


def test_a_field_with_fewer_than_five_waits_and_the_total_with_it(people: People) -> None:
    survey, (land, civil, _) = add_survey(people.agency), add_fields(people.agency)
    day = date(2026, 1, 5)
    count_answers(
        people.agency, [*some(survey, day, 20, field=civil.pk), *some(survey, day, 4, 1, field=land.pk)]
    )
    january = look(people, today=date(2026, 2, 6))
    assert [(line.name, line.rate.rated) for line in january.fields] == [("Hộ tịch", 20)]
    assert (january.overall.rate.rated, january.waiting) == (20, 4)
    count_answers(people.agency, some(survey, date(2026, 2, 5), 1, 1, field=land.pk))
    found = look(people)
    assert [(line.name, line.rate.rated) for line in found.fields] == [("Hộ tịch", 20), ("Đất đai", 5)]
    assert (found.overall.rate.rated, found.waiting) == (25, 0)


def test_no_line_and_no_difference_of_two_tells_of_fewer_than_five(people: People) -> None:
    add_fields(people.agency)
    survey = add_answers(people.agency, 7, 260)
    add_fields(people.other_agency)
    add_answers(people.other_agency, 8, 60)
    blocks_of = blocks.shown([people.agency.pk], today=date(2027, 1, 6))[people.agency.pk]
    assert all(each.responses >= 5 for each in blocks_of)
    seen: list[int] = []
    for today in (date(2026, month, 15) for month in range(3, 13)):
        for first in range(1, 13):
            for last in range(first, 13):
                if (first + last) % 3:  # a third is enough
                    continue
                found = look(people, Period(date(2026, first, 1), date(2026, last, 28)), today, survey.pk)
                for line in (*found.fields, *found.units, *found.channels):
                    assert line.responses == 0 or line.responses >= 5
                seen.append(found.responses)
                assert all(line.rate.share is None or line.rate.rated >= 5 for line in lines_of(found))
    assert len(seen) > 100


def test_every_figure_of_the_source_is_a_sum_of_whole_blocks(people: People) -> None:
    """Any filter over any days, and the difference of any two of them."""
    add_fields(people.agency)
    add_answers(people.agency, 3, 220)
    surveys, chance = source("surveys"), random.Random(5)
    choices = surveys.choices(people.agency.pk)
    days = [date(2026, 1, 1) + timedelta(days=chance.randrange(364)) for _ in range(12)]
    for _ in range(40):
        filters = {
            by: (chance.choice(choices[by]).word,)
            for by in ("field", "unit", "channel")
            if chance.random() < 0.4
        }
        start, middle, end = sorted(chance.sample(days, 3))
        periods = [Period(start, end), Period(start, middle)]
        found = surveys.sums([people.agency.pk], periods, ["responses"], filters, today=date(2027, 1, 6))
        whole, part = (int(found[people.agency.pk, each]["responses"]) for each in periods)
        for number in (whole, part, whole - part):
            assert number == 0 or number >= 5, filters


def test_a_year_before_is_compared_by_the_questions_that_kept_their_key(people: People) -> None:
    survey = add_survey(people.agency)
    then = [
        Counted(survey=survey.pk, on=date(2025, 2, 3), channel=5, ratings={"overall": 3}) for _ in range(10)
    ]
    count_answers(people.agency, [*then, *some(survey, date(2026, 2, 3), 10)])
    found = look(people)
    assert found.overall.before is not None
    assert (found.overall.before.share, found.overall.change) == (0, 100)
    (question,) = found.factors[0].questions
    assert (question.before, question.is_new) == (None, True)


def test_the_margin_is_narrower_where_the_dossiers_settled_are_known(people: People) -> None:
    survey, (land, *_) = add_survey(people.agency), add_fields(people.agency)
    rows = [
        *some(survey, date(2026, 2, 3), 40, field=land.pk),
        *some(survey, date(2026, 2, 3), 10, 1, field=land.pk),
    ]
    count_answers(people.agency, rows)
    before = look(people).overall.rate.interval
    settled = day_number(date(2026, 2, 3))
    count_facts(people.agency, [Facts(received=settled, finished=settled, field=land.pk)] * 100)
    found = look(people)
    after = found.overall.rate.interval
    assert before is not None
    assert after is not None
    assert after.margin < before.margin
    assert (found.population, found.fields[0].population) == (100, 100)


def test_people_asked_and_answers_give_a_share_only_where_it_means_something(people: People) -> None:
    survey = add_survey(people.agency)
    count_answers(people.agency, some(survey, date(2026, 2, 3), 30))
    Handout.objects.create(survey=survey, channel=5, on=date(2026, 2, 1), number=60, noted_at=NOW)
    assert look(people).response_share == 50
    Handout.objects.update(number=20)
    assert look(people).response_share is None


def test_one_survey_alone_is_looked_at_and_another_agencys_is_not_there(people: People) -> None:
    one, two = add_survey(people.agency), add_survey(people.agency, "Khảo sát đất đai")
    count_answers(people.agency, [*some(one, date(2026, 2, 3), 10), *some(two, date(2026, 2, 3), 6, 1)])
    assert look(people).overall.rate.rated == 16
    assert look(people, survey_id=two.pk).overall.rate.satisfied == 0
    with pytest.raises(Survey.DoesNotExist):
        results(people.chi, period=YEAR, today=TODAY, survey_id=one.pk)


def test_results_take_eleven_statements(people: People) -> None:
    add_fields(people.agency)
    add_answers(people.agency, 1)
    with CaptureQueriesContext(connection) as statements:
        look(people)
    assert len(statements) <= 11


def test_an_answer_of_this_month_leaves_what_is_remembered_of_the_others(people: People) -> None:
    """What was read of closed months is not read again because somebody answers today."""
    survey = add_survey(people.agency)
    count_answers(people.agency, [*some(survey, date(2026, 4, 7), 6), *some(survey, date(2026, 5, 7), 3)])
    ids = [people.agency.pk]
    first = blocks.shown(ids, today=TODAY)
    count_answers(people.agency, some(survey, TODAY, 1))
    with CaptureQueriesContext(connection) as statements:
        assert blocks.shown(ids, today=TODAY) == first
    assert len(statements) == 1
    # Three of May wait: what is changed of them is shown with those that come later.
    with transaction.atomic():
        answers.change(
            agency_id=people.agency.pk,
            before=some(survey, date(2026, 5, 7), 1, 5),
            after=some(survey, date(2026, 5, 7), 1, 1),
        )
    count_answers(people.agency, some(survey, date(2026, 7, 8), 2))
    (_april, july) = blocks.shown(ids, today=date(2026, 8, 6))[people.agency.pk]
    assert july.steps["overall"] == (1, 0, 0, 0, 5)


def test_the_indicator_of_satisfaction_counts_what_the_page_shows(people: People) -> None:
    day = date(2027, 1, 6)
    add_fields(people.agency)
    add_answers(people.agency, 4, 200)
    rate = look(people, today=day).overall.rate
    formula = Formula("surveys", (Term("overall_satisfied"),), (Term("overall_rated"),), scale=100)
    found = counted(people.agency.pk, formula, YEAR, today=day)
    assert found is not None
    assert (found.numerator, found.denominator) == (rate.satisfied, rate.rated)


def test_no_figure_changes_from_one_answer_to_the_next_while_a_month_takes_answers(people: People) -> None:
    survey, month = add_survey(people.agency), Period(date(2026, 6, 1), date(2026, 6, 30))
    count_answers(people.agency, some(survey, date(2026, 6, 2), 7))
    reader, ids = source("surveys"), [people.agency.pk]

    def responses(today: date) -> object:
        return reader.sums(ids, [month], ["responses"], {}, today=today)[people.agency.pk, month]["responses"]

    last, first = date(2026, 7, 5), date(2026, 7, 6)
    assert responses(last) == 0
    assert not reader.groups(people.agency.pk, [month], ["rated"], {}, "question", today=last)
    assert not reader.reach(ids, month, today=last)
    assert responses(first) == 7
    assert reader.reach(ids, month, today=first) == {people.agency.pk: month}


def test_the_report_of_a_year_has_its_december_though_it_is_judged_on_new_years_day(people: People) -> None:
    """What counts is the day on which it is looked, whatever the day up to which is counted."""
    survey = add_survey(people.agency)
    count_answers(people.agency, some(survey, date(2026, 12, 31), 6))
    formula = Formula("surveys", (Term("responses"),))
    assert counted(people.agency.pk, formula, YEAR, today=date(2027, 1, 5)) is None
    found = counted(people.agency.pk, formula, YEAR, today=date(2027, 1, 20))
    assert found is not None
    assert found.numerator == 6


def test_a_new_answer_changes_the_revision_of_what_is_counted(people: People) -> None:
    survey = add_survey(people.agency)
    before = revision(people.agency.pk)
    with CaptureQueriesContext(connection) as statements:
        revision(people.agency.pk)
    assert len(statements) == 1
    count_answers(people.agency, some(survey, date(2026, 2, 3), 1))
    assert revision(people.agency.pk) != before


def test_months_of_a_statistical_year_hold_the_calendar_months_that_end_in_them(people: People) -> None:
    survey = add_survey(people.agency)
    count_answers(people.agency, [*some(survey, date(2025, 12, 3), 5), *some(survey, date(2026, 1, 20), 6)])
    months = months_of(date(2025, 12, 15), date(2026, 2, 14))
    found = source("surveys").sums([people.agency.pk], months, ["responses"], {}, today=date(2027, 1, 6))
    assert [found[people.agency.pk, month]["responses"] for month in months] == [5, 6]


def test_whoever_may_not_see_surveys_is_refused(people: People) -> None:
    administrator = actor_of(
        make_person(people.agency, "Ngô Quang", "quang", Role.ADMINISTRATOR), people.agency
    )
    with pytest.raises(PermissionError):
        results(administrator, period=YEAR, today=TODAY)


def test_ways_laid_together_are_named_so_and_not_as_if_nobody_had_said(people: People) -> None:
    survey, day = add_survey(people.agency), date(2026, 2, 3)
    by_ways = [
        Counted(survey=survey.pk, on=day, channel=channel, ratings={"overall": 5})
        for channel in (1, 1, 3, 3, 4)
    ]
    count_answers(people.agency, [*some(survey, day, 9), *by_ways])
    found = look(people)
    assert [(line.name, line.is_joint, line.responses) for line in found.channels] == [
        ("Paper slip", False, 9),
        ("", True, 5),
    ]
    assert [(line.name, line.is_joint) for line in found.fields] == [("", False)]


def test_answers_of_small_units_are_still_told_by_the_way_they_have_in_common(people: People) -> None:
    survey, day = add_survey(people.agency), date(2026, 2, 3)
    one, two = people.agency.units.order_by("pk")[:2]
    count_answers(people.agency, [*some(survey, day, 3, unit=one.pk), *some(survey, day, 4, unit=two.pk)])
    found = look(people)
    assert [(line.name, line.responses) for line in found.channels] == [("Paper slip", 7)]
    assert [(line.is_joint, line.responses) for line in found.units] == [(True, 7)]


def test_the_share_of_answers_counts_only_the_ways_of_which_it_is_known_who_was_asked(people: People) -> None:
    survey, day = add_survey(people.agency), date(2026, 2, 3)
    by_poster = [Counted(survey=survey.pk, on=day, channel=1, ratings={"overall": 4}) for _ in range(50)]
    count_answers(people.agency, [*some(survey, day, 30), *by_poster])
    Handout.objects.create(survey=survey, channel=5, on=day, number=40, noted_at=NOW)
    found = look(people)
    assert found.response_share == 75
    assert {line.name: found.share_of(line) for line in found.channels} == {"QR code": None, "Paper slip": 75}
