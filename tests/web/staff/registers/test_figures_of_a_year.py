"""The page of a year's socio-economic figures: what they came to, how many keep their plan, and last year, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from camket.org.policy import Actor
from camket.registers import queries
from camket.registers.operations import enter, save_item
from people import People

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

SignedIn = Callable[[Actor], Client]

pytestmark = pytest.mark.django_db


def figure(
    people: People,
    name: str,
    counting: str,
    plan: str,
    *values: str,
    direction: str = "higher",
    measure: str = "tỷ đồng",
) -> None:
    """Enter a chief figure with its values, each "day kind amount", and what was noted of the year before."""
    save_item(
        actor=people.an,
        register="figures",
        name=name,
        values={
            "measure": measure, "rhythm": "month", "counting": counting, "direction": direction, "plans": plan,
            "is_main": True,
        },
        now=NOW,
    )  # fmt: skip
    for value in values:
        day, kind, amount, *noted = value.split()
        said = {"item": name, "kind": kind, "on": day, "amount": amount, "source": "Báo cáo"}
        enter(
            actor=people.an,
            register="figures",
            values={**said, "last_year": noted[0] if noted else None},
            now=NOW,
        )


def line(people: People, name: str, year: int = 2026) -> queries.FigureLine:
    return next(each for each in queries.figure_year(people.an, year).lines if each.name == name)


class TestLastYear:
    def test_what_grows_is_compared_with_the_same_month_alone(self, people: People) -> None:
        figure(
            people, "Thu ngân sách", "cumulative", "2026: 12,6",
            "31/03/2025 month 2", "31/05/2025 month 5", "31/05/2026 month 6", "30/06/2026 month 7,2",
        )  # fmt: skip
        found = line(people, "Thu ngân sách")
        # June of last year was not entered: May is not what June is measured by.
        assert (found.value, found.last_year, found.change) == (Decimal("7.2"), None, None)
        assert found.share is not None
        assert round(found.share, 2) == Decimal("57.14")
        enter(
            actor=people.an,
            register="figures",
            values={
                "item": "Thu ngân sách", "kind": "month", "on": "30/06/2025", "amount": "6", "source": "Báo cáo",
            },
            now=NOW,
        )  # fmt: skip
        found = line(people, "Thu ngân sách")
        assert (found.last_year, found.change) == (6, 20)

    def test_sums_of_periods_reach_the_same_month(self, people: People) -> None:
        figure(
            people, "Đường bê tông", "period", "2026: 4",
            "31/03/2025 quarter 0,5", "31/03/2026 quarter 0,9", "30/06/2026 quarter 1,3",
        )  # fmt: skip
        found = line(people, "Đường bê tông")
        assert (found.value, found.share, found.last_year) == (Decimal("2.2"), 55, None)

    def test_what_was_noted_beside_periods_is_added_as_they_are(self, people: People) -> None:
        figure(
            people, "Đường bê tông", "period", "2026: 4", "31/03/2026 quarter 0,9 0,8", "30/06/2026 quarter 1,3 1,2",
        )  # fmt: skip
        found = line(people, "Đường bê tông")
        assert (found.value, found.last_year, found.change) == (Decimal("2.2"), 2, 10)
        figure(
            people, "Việc làm", "period", "2026: 300", "31/03/2026 quarter 74", "30/06/2026 quarter 96 88",
        )  # fmt: skip
        # Of the first quarter nothing was noted: two quarters are not measured by one.
        assert line(people, "Việc làm").last_year is None

    def test_a_noted_value_of_what_grows_is_the_newest_one_alone(self, people: People) -> None:
        figure(
            people,
            "Thu ngân sách",
            "cumulative",
            "2026: 12,6",
            "31/05/2026 month 6 4",
            "30/06/2026 month 7,2 6",
        )
        found = line(people, "Thu ngân sách")
        assert (found.last_year, found.change) == (6, 20)

    def test_a_share_is_compared_in_percentage_points(self, people: People, signed_in: SignedIn) -> None:
        figure(
            people,
            "Hộ nghèo",
            "as_of",
            "2026: 2,1",
            "30/06/2026 half 2,3 2,9",
            direction="lower",
            measure="%",
        )
        found = line(people, "Hộ nghèo")
        assert (found.last_year, found.change, found.is_percent) == (Decimal("2.9"), Decimal("-0.6"), True)
        page = signed_in(people.an).get("/so/kinh-te-xa-hoi/bang/").content.decode()
        assert "-0,6 điểm phần trăm" in page

    def test_what_stands_as_of_a_day_stands_until_it_is_entered_anew(self, people: People) -> None:
        figure(people, "Hộ nghèo", "as_of", "2026: 2,1", "31/03/2025 quarter 2,5", "30/06/2026 half 2",
               direction="lower")  # fmt: skip
        found = line(people, "Hộ nghèo")
        assert (found.last_year, found.change, found.is_met) == (Decimal("2.5"), -20, True)

    def test_the_last_day_of_february_is_compared_with_that_of_a_leap_year(self, people: People) -> None:
        figure(
            people, "Thu ngân sách", "cumulative", "2025: 12",
            "31/01/2024 month 1", "29/02/2024 month 2", "28/02/2025 month 3",
        )  # fmt: skip
        assert line(people, "Thu ngân sách", 2025).last_year == 2


def test_those_without_a_figure_are_among_the_chief_ones(people: People, signed_in: SignedIn) -> None:
    figure(people, "Thu ngân sách", "cumulative", "2026: 7", "30/06/2026 month 7")
    figure(people, "Hộ nghèo", "as_of", "2026: 2,1", "30/06/2026 half 2,2", direction="lower")
    figure(people, "Thu nhập", "as_of", "2026: 62")
    figure(people, "Phổ cập giáo dục", "as_of", "", direction="reached")
    figure(people, "Không có kế hoạch", "as_of", "2025: 3")
    found = queries.figure_year(people.an, 2026)
    # 7 of 7 is kept, 2,2 is more than 2,1, two of four have no figure; the last asks for nothing this year.
    assert (found.met, found.chief, found.waiting) == (1, 4, 2)
    page = signed_in(people.an).get("/so/kinh-te-xa-hoi/bang/?nam=2026").content.decode()
    assert "1/4 chỉ tiêu chủ yếu đạt kế hoạch" in page
    assert "2 chỉ tiêu chưa có số liệu." in page
