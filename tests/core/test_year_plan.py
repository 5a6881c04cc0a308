"""A year on one sheet: the more there is the smaller the letters, and then fewer names; counts always fit."""

from __future__ import annotations

import random
from itertools import pairwise

from camket.core.year_plan import A3, A4, SIZES, fit


def year(rows: int, names: int, length: int = 90) -> list[tuple[int, list[list[int]]]]:
    drawn = random.Random(3)
    cells: list[list[list[int]]] = [[[] for _month in range(12)] for _row in range(rows)]
    for _name in range(names):
        cells[drawn.randrange(rows)][drawn.randrange(12)].append(length)
    return [(25, months) for months in cells]


def test_a_light_year_is_large_and_whole() -> None:
    found = fit(year(5, 12), A4)
    assert (found.size, found.lines, found.most) == (85, 6, 2)


def test_more_work_makes_smaller_letters_and_never_larger_ones() -> None:
    sizes = [fit(year(6, names), A4).size for names in (10, 40, 80, 120, 160, 220, 400)]
    assert all(later <= earlier for earlier, later in pairwise(sizes))
    assert (sizes[0], sizes[-1]) == (max(SIZES), min(SIZES))


def test_a_larger_sheet_holds_larger_letters() -> None:
    assert fit(year(6, 150), A3).size > fit(year(6, 150), A4).size


def test_all_names_of_a_hundred_and_fifty_pieces_of_work_stand_on_a_sheet() -> None:
    for rows in (4, 6, 8):
        scene = year(rows, 150)
        longest = max(len(cell) for _name, months in scene for cell in months)
        for sheet in (A4, A3):
            assert fit(scene, sheet).most == longest, (rows, sheet.name)


def test_what_never_fits_leaves_counts() -> None:
    assert fit(year(60, 3_000), A4).most == 0
    assert 0 < fit(year(8, 700), A4).most < 15
