"""Who may audit whom, a plan without clashes, whose turn it is."""

from __future__ import annotations

from datetime import date, time

import pytest

from camket.core.audit import (
    Clash,
    Meeting,
    Tie,
    Turn,
    clashes,
    in_turn,
    not_independent,
    not_independent_in,
)
from camket.core.clauses import Clause, Edition, in_force, sort_key

DAY = date(2026, 8, 3)


def meeting(key: int, starts: int, ends: int, unit: int | None, *people: int, day: date = DAY) -> Meeting:
    return Meeting(key, day, time(starts), time(ends), unit, frozenset(people))


def test_nobody_audits_a_unit_of_ones_own() -> None:
    ties = [Tie(1, 10), Tie(2, 20), Tie(3, 10)]
    assert not_independent({1, 2}, {10, 30}, ties) == (Tie(1, 10),)
    assert not_independent({1, 2}, {30}, ties) == ()


def test_who_audits_other_units_alone_is_independent() -> None:
    ties = [Tie(1, 10), Tie(2, 20)]
    crossed = [meeting(1, 8, 9, 20, 1), meeting(2, 8, 9, 10, 2), meeting(3, 7, 8, None, 1, 2)]
    assert not_independent_in(crossed, ties) == ()
    own = meeting(4, 9, 10, 10, 1, 2)
    assert not_independent_in([*crossed, own], ties) == ((own, 1),)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (meeting(1, 8, 9, 10, 1), meeting(2, 9, 10, 10, 1), ()),
        (meeting(1, 8, 9, 10, 1), meeting(2, 8, 9, 20, 2), ()),
        (meeting(1, 8, 10, 10, 1), meeting(2, 9, 10, 20, 1), (Clash(1, 2, person=1),)),
        (meeting(1, 8, 10, 10, 1), meeting(2, 9, 10, 10, 2), (Clash(1, 2, unit=10),)),
        (meeting(1, 8, 10, None), meeting(2, 9, 10, 10, 2), (Clash(1, 2),)),
        (meeting(1, 8, 10, 10, 1), meeting(2, 9, 10, 10, 1, day=date(2026, 8, 4)), ()),
    ],
)
def test_one_unit_or_auditor_is_in_one_place_at_a_time(
    one: Meeting, other: Meeting, found: tuple[Clash, ...]
) -> None:
    assert clashes([other, one]) == found


def test_what_was_found_comes_before_what_waited() -> None:
    turns = {
        1: Turn(months=11),
        2: Turn(months=11, major=1, open_nonconformities=1),
        3: Turn(),
        4: Turn(months=0, late_dossiers=500),
    }
    assert in_turn(turns) == (2, 3, 4, 1)
    assert [str(each) for each in turns[2].reasons] == [
        "11 months since its last audit",
        "1 major nonconformities at its last audit",
        "1 nonconformities open",
    ]
    assert [str(each) for each in Turn().reasons] == ["not audited yet"]


def test_an_edition_holds_from_its_day_and_a_deeper_clause_is_told_by_its_own() -> None:
    old = Edition("old", "2008", None, date(2018, 9, 14), (Clause("4", "Chương"),))
    new = Edition("new", "2015", date(2015, 12, 31), None, (Clause("9.2", "Đánh giá nội bộ", "x"),))
    assert in_force([old, new], date(2026, 1, 1)) is new
    assert in_force([new], date(2000, 1, 1)) is new
    assert new.clause("9.2.2") == new.clause("9.2")
    assert new.clause("9") is None
    assert Clause("9", "x").is_chapter
    assert sort_key("9.10") > sort_key("9.2")
