"""One contract for every source: what it counts adds up over months, units, fields and agencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camket.actions.models import Task
from camket.core.formulas import Formula, Term
from camket.core.plan import Period
from camket.core.rollup import Number, add_up, months_of
from camket.core.tally import COUNTS, Facts, contributions, day_number
from camket.indicators.behind import behind
from camket.indicators.counting import by_period, counted, counted_of
from camket.indicators.sources import Source, UnknownCount, all_sources, source
from people import TODAY, People, make_people
from records import (
    add_answers,
    add_audits,
    add_feedback,
    add_fields,
    add_postings,
    add_procedures,
    add_readings,
    add_registers,
    add_tasks,
    count_facts,
    random_facts,
)

pytestmark = pytest.mark.django_db

LOOKED = date(2027, 6, 30)
"""The day on which it is looked: all that the tests count is over."""

YEARS = {
    "calendar year": Period(date(2026, 1, 1), date(2026, 12, 31)),
    "statistical year": Period(date(2025, 12, 15), date(2026, 12, 14)),
    "a plan that begins late": Period(date(2026, 3, 22), date(2026, 11, 8)),
}


@dataclass(frozen=True)
class Scene:
    """Two agencies with records of every source; ``facts`` are the dossiers of An's."""

    people: People
    facts: list[Facts]


@pytest.fixture(scope="class")
def scene(db_of_class: None) -> Scene:
    people, found = make_people(), list[Facts]()
    for number, agency in enumerate((people.agency, people.other_agency)):
        person = people.an if number == 0 else people.chi
        fields = add_fields(agency)
        procedures = add_procedures(agency, fields, person.person_id)
        here = random_facts(
            number,
            300,
            fields=[field.pk for field in fields],
            procedures=[each.pk for each in procedures],
            units=list(agency.units.values_list("pk", flat=True)),
        )
        count_facts(agency, here)
        add_tasks(agency, number)
        add_feedback(agency, number)
        add_readings(agency, person.person_id, people.chau.person_id)
        add_answers(agency, number)
        add_registers(agency, number)
        add_postings(agency, person.person_id, number)
        add_audits(agency, person.person_id, number)
        found = found or here
    return Scene(people, found)


def flows(each: Source) -> list[str]:
    return [key for key, count in each.counts.items() if not count.is_stock]


def stocks(each: Source) -> list[str]:
    return [key for key, count in each.counts.items() if count.stand == "end"]


def some(numbers: Mapping[str, Number]) -> bool:
    return any(numbers.values())


class TestRecordsOfEverySource:
    @pytest.fixture
    def people(self, scene: Scene) -> People:
        return scene.people

    @pytest.fixture
    def facts(self, scene: Scene) -> list[Facts]:
        return scene.facts

    @pytest.mark.parametrize("each", all_sources(), ids=lambda each: each.key)
    @pytest.mark.parametrize("year", YEARS.values(), ids=YEARS.keys())
    def test_months_add_up_to_the_year_and_stocks_stand_as_the_last_month_left_them(
        self, people: People, facts: list[Facts], each: Source, year: Period
    ) -> None:
        months = months_of(year.start, year.end)
        found = each.sums([people.agency.pk], [year, *months], list(each.counts), {}, today=LOOKED)
        whole = found[people.agency.pk, year]
        of_months = [found[people.agency.pk, month] for month in months]
        together = add_up(of_months)
        assert {key: whole[key] for key in flows(each)} == {key: together[key] for key in flows(each)}
        assert {key: whole[key] for key in stocks(each)} == {key: of_months[-1][key] for key in stocks(each)}
        assert some(whole)

    @pytest.mark.parametrize("each", all_sources(), ids=lambda each: each.key)
    def test_groups_of_each_dimension_add_up_to_the_whole(
        self, people: People, facts: list[Facts], each: Source
    ) -> None:
        year = YEARS["statistical year"]
        whole = each.sums([people.agency.pk], [year], list(each.counts), {}, today=LOOKED)[
            people.agency.pk, year
        ]
        for by in each.dimensions:
            groups = each.groups(people.agency.pk, [year], list(each.counts), {}, by, today=LOOKED)
            assert add_up(groups.values()) == whole, by
            assert len(groups) > 1, by

    @pytest.mark.parametrize("each", all_sources(), ids=lambda each: each.key)
    def test_a_filter_gives_the_group_of_its_choice(
        self, people: People, facts: list[Facts], each: Source
    ) -> None:
        year = YEARS["calendar year"]
        choices = each.choices(people.agency.pk)
        for by in each.dimensions:
            groups = each.groups(people.agency.pk, [year], list(each.counts), {}, by, today=LOOKED)
            for (_, choice), numbers in groups.items():
                if not choice.word:
                    continue
                assert choice.word in {offered.word for offered in choices[by]}
                found = each.sums(
                    [people.agency.pk], [year], list(each.counts), {by: (choice.word,)}, today=LOOKED
                )
                assert found[people.agency.pk, year] == numbers, (by, choice)

    @pytest.mark.parametrize("each", all_sources(), ids=lambda each: each.key)
    def test_agencies_are_counted_together_as_each_by_itself(
        self, people: People, facts: list[Facts], each: Source
    ) -> None:
        year, ids = YEARS["statistical year"], [people.agency.pk, people.other_agency.pk]
        together = each.sums(ids, [year], list(each.counts), {}, today=LOOKED)
        for agency_id in ids:
            alone = each.sums([agency_id], [year], list(each.counts), {}, today=LOOKED)
            assert alone[agency_id, year] == together[agency_id, year]
        assert each.sums([10**6], [year], list(each.counts), {}, today=LOOKED)[10**6, year] == dict.fromkeys(
            each.counts, 0
        )

    @pytest.mark.parametrize("each", all_sources(), ids=lambda each: each.key)
    def test_what_records_tell_of_begins_with_the_first(
        self, people: People, facts: list[Facts], each: Source
    ) -> None:
        reach = each.reach([people.agency.pk], Period(date(2020, 1, 1), date(2026, 12, 31)), today=LOOKED)[
            people.agency.pk
        ]
        assert reach.start >= date(2025, 11, 1)
        early = each.reach([people.agency.pk], Period(date(2020, 1, 1), date(2020, 12, 31)), today=LOOKED)
        assert people.agency.pk not in early

    def test_buckets_give_what_a_plain_count_over_dossiers_gives(
        self, people: People, facts: list[Facts]
    ) -> None:
        for period in YEARS.values():
            first, last = day_number(period.start), day_number(period.end)
            wanted: dict[str, int] = dict.fromkeys(COUNTS, 0)
            open_then = overdue_then = 0
            for dossier in facts:
                for day, counts in contributions(dossier):
                    if first <= day <= last:
                        for key, number in counts.items():
                            wanted[key] += number
                    if day <= last:
                        open_then += counts.get("received", 0) - counts.get("finished", 0)
                        overdue_then += counts.get("fell_overdue", 0) - counts.get("cleared_overdue", 0)
            found = source("dossiers").sums(
                [people.agency.pk], [period], [*COUNTS, "open", "overdue"], {}, today=LOOKED
            )
            assert found[people.agency.pk, period] == {**wanted, "open": open_then, "overdue": overdue_then}

    def test_filters_of_several_dimensions_are_taken_together(
        self, people: People, facts: list[Facts]
    ) -> None:
        year = YEARS["calendar year"]
        field = people.agency.procedure_fields.get(key="dat dai").pk
        wanted = [
            each
            for each in facts
            if each.field == field
            and each.channel.name == "ONLINE"
            and each.received is not None
            and day_number(year.start) <= each.received <= day_number(year.end)
        ]
        filters = {"field": ("đất đai",), "channel": ("online",)}
        found = source("dossiers").sums([people.agency.pk], [year], ["received"], filters, today=LOOKED)
        assert found[people.agency.pk, year] == {"received": len(wanted)}
        assert wanted

    def test_a_word_that_names_nothing_counts_nothing(self, people: People, facts: list[Facts]) -> None:
        year = YEARS["calendar year"]
        for each in (source("dossiers"), source("procedures")):
            for by in ("field", "procedure", "unit"):
                count = next(iter(each.counts))
                found = each.sums([people.agency.pk], [year], [count], {by: ("khong%co_gi!",)}, today=LOOKED)
                assert found[people.agency.pk, year] == {count: 0}

    def test_a_period_without_records_is_not_one_in_which_nothing_arose(
        self, people: People, facts: list[Facts]
    ) -> None:
        late = Formula("dossiers", (Term("late"),), (Term("finished"),), scale=100)
        before, year = Period(date(2024, 1, 1), date(2024, 12, 31)), YEARS["calendar year"]
        assert counted(people.agency.pk, late, before, today=LOOKED) is None
        found = by_period(people.agency.pk, late, [before, year], upto=date(2026, 11, 22))
        assert found[before] is None
        result = found[year]
        assert result is not None
        assert result.denominator is not None
        assert result.denominator > 0

    def test_many_agencies_are_counted_at_once(self, people: People, facts: list[Facts]) -> None:
        formulas = {
            "late": Formula("dossiers", (Term("late"),), (Term("finished"),), scale=100),
            "open": Formula("dossiers", (Term("open"),)),
            "posted": Formula("procedures", (Term("posted"),), (Term("listed"),), scale=100),
        }
        year = Period(date(2026, 1, 1), date(2026, 9, 30))
        found = counted_of([people.agency.pk, people.other_agency.pk], formulas, year, today=LOOKED)
        assert len(found) == 6
        for (agency_id, key), result in found.items():
            assert result == counted(agency_id, formulas[key], year, today=LOOKED)

    def test_dossiers_of_a_year_are_counted_in_one_statement(
        self, people: People, facts: list[Facts]
    ) -> None:
        with CaptureQueriesContext(
            connection,
        ) as statements:
            source("dossiers").sums(
                [people.agency.pk],
                months_of(date(2025, 12, 15), date(2026, 12, 14)),
                list(COUNTS),
                {},
                today=LOOKED,
            )
        assert len(statements) == 1

    def test_tasks_and_procedures_are_read_once_as_long_as_nothing_changes(
        self, people: People, facts: list[Facts]
    ) -> None:
        year = YEARS["calendar year"]
        for key in ("tasks", "procedures"):
            counts = list(source(key).counts)
            source(key).sums([people.agency.pk], [year], counts, {}, "a-hash", today=LOOKED)
            with CaptureQueriesContext(connection) as statements:
                source(key).sums([people.agency.pk], [year], counts, {}, "a-hash", today=LOOKED)
            assert len(statements) == 0

    @pytest.mark.parametrize("register", ["directives", "programme", "incoming", "outgoing"])
    def test_the_entries_behind_a_count_are_as_many_as_it_counts(
        self, people: People, facts: list[Facts], register: str
    ) -> None:
        period = Period(date(2026, 2, 1), date(2026, 8, 20))
        origin = source(register)
        listed = [key for key, count in origin.counts.items() if count.has_rows]
        for filters in ({}, {"unit": (origin.choices(people.agency.pk)["unit"][0].word,)}):
            sums = origin.sums([people.agency.pk], [period], listed, filters, today=TODAY)
            for count in listed:
                formula = Formula(register, (Term(count),), None, filters)
                rows = behind(people.an, formula, count, period, TODAY, size=200).entries
                assert len(rows) == sums[people.agency.pk, period][count], (count, filters)
        assert len(listed) > 2

    def test_values_and_assessments_are_listed_with_what_they_are_from(
        self, people: People, facts: list[Facts]
    ) -> None:
        period = Period(date(2026, 1, 1), date(2026, 6, 30))
        formula = Formula("figures", (Term("value"),), None, {"item": ("thu ngân sách",)})
        rows = behind(people.an, formula, "value", period, TODAY, size=200).entries
        assert {each.title for each in rows} == {"Tổng thu ngân sách"}
        assert all(period.start <= each.on <= period.end and each.value for each in rows)


def test_a_tasks_day_is_its_last_day_in_time(people: People) -> None:
    add_tasks(people.agency, 1)
    months = months_of(date(2026, 1, 1), date(2026, 12, 31))
    found = source("tasks").sums([people.agency.pk], months, ["due", "on_time", "overdue"], {}, today=LOOKED)
    live = Task.objects.exclude(state=Task.State.CANCELLED)
    for month in months:
        due = live.filter(late_after__range=(month.start, month.end))
        in_time = [task for task in due if task.done_on is not None and task.done_on <= task.late_after]
        overdue = [
            task
            for task in live.filter(late_after__lt=month.end)
            if (settled := task.done_on or (task.submitted_at and task.submitted_at.date())) is None
            or (settled > month.end and settled > task.late_after)
        ]
        assert found[people.agency.pk, month] == {
            "due": due.count(),
            "on_time": len(in_time),
            "overdue": len(overdue),
        }


def test_procedures_are_counted_as_they_stand_on_the_last_day(people: People) -> None:
    add_procedures(people.agency, add_fields(people.agency), people.an.person_id)
    days = [date(2026, 1, 15), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30)]
    periods = [Period(date(2026, 1, 1), day) for day in days]
    counts = ["listed", "posted", "posted_website", "online", "partial", "advanced", "advanced_portal"]
    found = source("procedures").sums([people.agency.pk], periods, counts, {}, today=LOOKED)
    assert [tuple(found[people.agency.pk, period].values()) for period in periods] == [
        (2, 0, 0, 2, 1, 1, 0),
        (5, 4, 3, 4, 1, 3, 1),
        (4, 3, 2, 3, 0, 3, 1),
        (4, 2, 1, 3, 0, 3, 1),
    ]


def test_readings_that_overlap_count_the_time_once(people: People) -> None:
    add_readings(people.agency, people.an.person_id, people.chau.person_id)
    found = source("readings").sums(
        [people.agency.pk],
        [YEARS["calendar year"]],
        ["numerator", "denominator", "readings"],
        {"indicator": ("satisfaction.overall",)},
        today=LOOKED,
    )
    assert found[people.agency.pk, YEARS["calendar year"]] == {
        "numerator": Decimal(81),
        "denominator": Decimal(90),
        "readings": 7,
    }


def test_a_formula_over_what_a_source_does_not_count_is_refused(people: People) -> None:
    year = YEARS["calendar year"]
    with pytest.raises(UnknownCount):
        counted(people.agency.pk, Formula("dossiers", (Term("smiles"),)), year, today=LOOKED)
    with pytest.raises(UnknownCount):
        counted(
            people.agency.pk,
            Formula("dossiers", (Term("late"),), filters={"colour": ("red",)}),
            year,
            today=LOOKED,
        )
    with pytest.raises(KeyError):
        counted(people.agency.pk, Formula("weather", (Term("rain"),)), year, today=LOOKED)
