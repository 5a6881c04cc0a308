"""Charts: valid SVG that says in words what it draws, without inline styles."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from camket.paper.writing.charts import (
    Burnt,
    Goal,
    Point,
    burn_chart,
    columns_chart,
    meter,
    share_bar,
    share_scale,
    strip,
    trend_chart,
)

YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}


def point(month: int, value: str, state: str = "on_track") -> Point:
    return Point(date(2026, month, 28), Decimal(value), f"{value} <km>", state)


def drawn(points: list[Point], goal: Goal, **how: object) -> list[ET.Element]:
    chart = trend_chart(points, goal, key="k", title="Kết quả", description="Mô tả & số", **YEAR, **how)  # type: ignore[arg-type]
    return [ET.fromstring(svg) for svg in (chart.wide, chart.narrow)]


def classes(root: ET.Element) -> list[str]:
    return [each.get("class", "") for each in root.iter()]


def test_both_drawings_are_titled_and_described() -> None:
    wide, narrow = drawn(
        [point(3, "0.3"), point(6, "0.8", "at_risk")], Goal(Decimal(2), None, "≥ 2 km", pace=True)
    )
    ids = set()
    for root in (wide, narrow):
        assert root.get("role") == "img"
        assert root.findtext("title") == "Kết quả"
        assert root.findtext("desc") == "Mô tả & số"
        ids.update(each.get("id") for each in root.iter() if each.get("id"))
        assert "ck-chart__pace" in classes(root)
        assert {"ck-mark ck-mark--on_track", "ck-mark ck-mark--at_risk"} <= set(classes(root))
        assert not any(each.get("style") for each in root.iter())
    assert len(ids) == 4


def test_every_mark_tells_its_figure() -> None:
    wide, _narrow = drawn([point(3, "0.3")], Goal(Decimal(2), None, "≥ 2 km"))
    assert [group.findtext("title") for group in wide.iter("g")] == ["28/03/2026: 0.3 <km>"]


@pytest.mark.parametrize(
    ("points", "goal", "how"),
    [
        ([], Goal(Decimal(2), None, "≥ 2"), {}),
        ([point(1, "0")], Goal(None, Decimal(0), "0"), {}),
        (
            [point(1, "100"), point(2, "99.9")],
            Goal(Decimal(100), None, "≥ 100 %"),
            {"is_share": True, "unit": "%"},
        ),
        ([point(1, "-3")], Goal(Decimal(-5), Decimal(5), "-5–5"), {}),
        ([point(1, "9398000000000")], Goal(Decimal(1), None, "≥ 1"), {"unit": "tỷ đồng"}),
        ([point(1, "0.000001")], Goal(None, Decimal("0.5"), "< 0,5 %"), {"is_share": True}),
        ([point(2, "4")], Goal(None, Decimal(3), "≤ 3"), {"is_rank": True, "today": date(2026, 11, 30)}),
    ],
)
def test_any_figures_stay_inside_the_frame(points: list[Point], goal: Goal, how: dict[str, object]) -> None:
    for root in drawn(points, goal, **how):
        _x, _y, width, height = (float(each) for each in root.get("viewBox", "").split())
        for mark in root.iter("circle"):
            assert 0 <= float(mark.get("cx", "-1")) <= width
            assert 0 <= float(mark.get("cy", "-1")) <= height


def test_first_rank_is_on_top() -> None:
    wide, _narrow = drawn([point(1, "1"), point(6, "4")], Goal(None, Decimal(3), "≤ 3"), is_rank=True)
    first, last = (float(mark.get("cy", "0")) for mark in wide.iter("circle"))
    assert first < last


def test_steps_are_named() -> None:
    wide, _narrow = drawn([point(1, "2")], Goal(Decimal(3), None, "≥ tốt"), categories={2: "Khá", 3: "Tốt"})
    assert {"Khá", "Tốt"} <= {text.text for text in wide.iter("text")}


def test_parts_of_the_bar_fill_it() -> None:
    root = ET.fromstring(share_bar([("met", 3), ("missed", 1), ("no_data", 0)], title="Mục tiêu", key="b"))
    widths = [float(part.get("width", "0")) for part in root.iter("rect")]
    assert widths == [747, 247]
    assert share_bar([("met", 0)], title="x", key="b") == ""


def test_meter_never_leaves_its_frame() -> None:
    svg = meter(Decimal(30), Decimal(10), mark=Decimal(5), title="Hạn mức", key="m", tone="bad")
    root = ET.fromstring(svg)
    assert all(
        float(part.get("x", "0")) + float(part.get("width", "0")) <= 1000 for part in root.iter("rect")
    )
    empty = meter(Decimal(0), Decimal(0), title="Hạn mức", key="m", tone="good")
    assert ET.fromstring(empty).findtext("title") == "Hạn mức"


BURNT = [Burnt(date(2026, 1, 31), Decimal(2), "2 <hồ sơ>"), Burnt(date(2026, 2, 28), Decimal(5), "5")]


def burnt(**how: object) -> list[ET.Element]:
    given = {
        "allowed": Decimal(24), "allowed_label": "hạn mức 24", "ends": (9, 31), "ends_label": "9 đến 31", "key": "b",
        "title": "Hạn mức & đã dùng", "description": "Mô tả", **YEAR, **how,
    }  # fmt: skip
    chart = burn_chart(BURNT, **given)  # type: ignore[arg-type]
    return [ET.fromstring(svg) for svg in (chart.wide, chart.narrow)]


def test_burn_shows_limit_even_pace_failures_and_the_end_foreseen() -> None:
    for root in burnt():
        found = classes(root)
        assert {"ck-chart__limit", "ck-chart__pace", "ck-chart__line", "ck-chart__foreseen"} <= set(found)
        assert [group.findtext("title") for group in root.iter("g")] == [
            "31/01/2026: 2 <hồ sơ>",
            "28/02/2026: 5",
            "9 đến 31",
        ]
        assert root.findtext("title") == "Hạn mức & đã dùng"
        assert not any(each.get("style") for each in root.iter())


@pytest.mark.parametrize(
    "how", [{"ends": None}, {"allowed": Decimal(0), "ends": (5, 5)}, {"end": date(2026, 2, 28)}]
)
def test_burn_of_odd_periods_is_drawn(how: dict[str, object]) -> None:
    for root in burnt(**how):
        assert all(float(each.get("cy", 0)) >= 0 for each in root.iter())


def test_columns_carry_their_counts_and_labels() -> None:
    chart = columns_chart([("trong ngày", 1200), ("> 30", 0)], key="c", title="Số ngày", description="Mô tả")
    for svg in (chart.wide, chart.narrow):
        root = ET.fromstring(svg)
        texts = ["".join(each.itertext()) for each in root.iter() if each.get("class") == "ck-chart__tick"]
        assert "1.200" in texts
        assert {"trong ngày", "> 30"} <= set(texts)
        assert len([each for each in root.iter() if each.get("class") == "ck-column"]) == 2
    assert ET.fromstring(columns_chart([], key="d", title="Không", description="").wide) is not None


def test_last_year_is_a_line_of_its_own() -> None:
    wide, narrow = drawn(
        [point(3, "97")], Goal(Decimal(98), None, "≥ 98 %"), before=[point(3, "95"), point(6, "96")]
    )
    for root in (wide, narrow):
        assert "ck-chart__before" in classes(root)
        assert classes(root).count("ck-mark--before") == 2


@pytest.mark.parametrize(
    ("values", "top", "expected"),
    [
        ([98, 99, 100], 100, (90, 100)),
        ([97, 81, 100], 100, (70, 100)),
        ([12, 60], 100, (0, 100)),
        ([0, 1, 9], 100, (0, 10)),
        ([0, 14], 100, (0, 20)),
        ([0, 0], 100, (0, 10)),
        ([], 100, (0, 100)),
    ],
)
def test_shares_stand_on_a_scale_that_tells_them_apart(
    values: list[int], top: int, expected: tuple[int, int]
) -> None:
    assert share_scale([Decimal(each) for each in values], top=Decimal(top)) == expected


def test_a_strip_marks_the_target_and_stays_within() -> None:
    for value in ("-5", "70", "98", "250"):
        svg = strip(
            Decimal(value),
            (Decimal(70), Decimal(100)),
            goal=Decimal(98),
            state="met",
            title="Đất đai: 98 %",
            key="s",
        )
        root = ET.fromstring(svg)
        assert root.findtext("title") == "Đất đai: 98 %"
        bar = next(each for each in root.iter() if "ck-strip__bar" in each.get("class", ""))
        assert 0 < float(bar.get("width", 0)) <= 1000
