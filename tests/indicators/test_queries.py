from __future__ import annotations

from datetime import date

import pytest

from camket.core.targets import Measure
from camket.documents.operations import NewEvidence
from camket.indicators import queries
from camket.indicators.models import Indicator, Reading
from camket.indicators.operations import withdraw_reading
from indicators.measured import HALF, SPRING, SUMMER, make_indicator, make_reading, on_time
from people import TODAY, People
from work import NOW


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_indicator_is_given_as_a_value(people: People) -> None:
    row = make_indicator(people)
    found = queries.indicator(people.binh, row.pk)
    assert (found.name, found.measure, found.adds_up) == (row.name, Measure.RATIO, True)
    assert queries.indicators(people.binh, [row.pk, 999]) == {row.pk: found}
    assert queries.indicators(people.chi, [row.pk]) == {}
    with pytest.raises(Indicator.DoesNotExist):
        queries.indicator(people.chi, row.pk)


def test_only_confirmed_figures_count_and_only_up_to_the_day(people: People) -> None:
    row = make_indicator(people)
    spring = make_reading(people, row, on_time(95, period=SPRING), confirmed=True)
    make_reading(people, row, on_time(96, period=SUMMER), confirmed=False)
    gone = make_reading(people, row, on_time(97, period=HALF), confirmed=True)
    withdraw_reading(actor=people.an, reading_id=gone.pk, reason="Sai", now=NOW)
    figures = queries.confirmed_figures(people.agency.pk, [row.pk], upto=TODAY)
    assert [figure.key for figure in figures[row.pk]] == [spring.pk]
    assert queries.confirmed_figures(people.agency.pk, [row.pk], upto=date(2026, 3, 30)) == {}
    assert queries.confirmed_figures(people.agency.pk, [row.pk], upto=TODAY, since=date(2026, 4, 1)) == {}
    assert queries.confirmed_figures(people.other_agency.pk, [row.pk], upto=TODAY) == {}
    assert queries.waiting_counts(people.agency.pk, [row.pk]) == {row.pk: 1}


def test_readings_are_listed_newest_first_with_what_the_actor_may(people: People) -> None:
    row = make_indicator(people)
    proof = NewEvidence("link", title="Bảng kê", url="https://example.gov.vn/bang-ke")
    make_reading(people, row, on_time(95, period=SPRING, evidence=[proof]), confirmed=True)
    make_reading(people, row, on_time(96, period=SUMMER), confirmed=False)
    newest, oldest = queries.readings_of(people.an, row.pk)
    assert (newest.period, newest.is_waiting, newest.may_confirm, newest.may_withdraw) == (
        SUMMER,
        True,
        True,
        True,
    )
    assert (oldest.is_confirmed, oldest.may_confirm, oldest.confirmed_by) == (True, False, "Nguyễn Thị An")
    assert plain(oldest.shown) == "95 % (95/100)"
    assert [each.title for each in oldest.evidence] == ["Bảng kê"]
    newest, oldest = queries.readings_of(people.binh, row.pk)
    assert (newest.may_confirm, newest.may_withdraw, oldest.may_withdraw) == (False, True, False)
    with pytest.raises(Indicator.DoesNotExist):
        queries.readings_of(people.chi, row.pk)


def test_one_reading_is_found_by_its_agency_alone(people: People) -> None:
    row = make_reading(people, make_indicator(people), confirmed=True)
    found = queries.reading(people.an, row.pk)
    assert found.provenance == queries.provenance(people.agency.pk, [row.pk])[row.pk]
    assert found.provenance.source == "Phần mềm một cửa"
    with pytest.raises(Reading.DoesNotExist):
        queries.reading(people.chi, row.pk)


def test_waiting_figures_are_for_those_who_confirm_and_ones_own(people: People) -> None:
    row = make_indicator(people)
    make_reading(people, row, on_time(period=SPRING), confirmed=False)
    make_reading(people, row, on_time(period=SUMMER), confirmed=True)
    (waiting,) = queries.waiting_confirmation(people.chau)
    assert (waiting.indicator, waiting.reading.may_confirm) == (row.name, True)
    (own,) = queries.waiting_confirmation(people.binh)
    assert own.reading.may_confirm is False
    assert queries.waiting_confirmation(people.chi) == ()
