"""Every target of five real decisions, measured by records: each verdict against one worked out by hand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from camket.core.plan import Period
from camket.core.registers.values import standing
from camket.core.targets import Figure, Verdict
from camket.indicators import catalogue
from camket.indicators.counting import counted
from camket.indicators.figure_parts import figure_parts
from camket.indicators.models import Reading
from camket.indicators.sources import source
from camket.indicators.sources.stated import FIGURE_ROWS
from camket.journal import memory
from camket.objectives import operations, verdicts
from camket.objectives.verdicts import TargetVerdict
from five_offices import RECORDS, Office, make_office, worked
from records import NOW

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/measured.md"
BEGIN, END = "<!-- table: tools/measured.py -->", "<!-- end of table -->"


@dataclass(frozen=True)
class Scene:
    """The five offices after their year, by decision, with each target's verdict by objective and place."""

    offices: dict[str, Office]
    found: dict[str, dict[str, TargetVerdict]]


@pytest.fixture(scope="class")
def scene(db_of_class: None, shared: Path) -> Scene:
    offices, found = {}, {}
    for decision, feed in RECORDS.items():
        office = offices[decision] = make_office(decision, shared / "gold" / f"{decision}.json")
        feed(office)
        found[decision] = judged(office, date(office.year + 1, 2, 20))
    return Scene(offices, found)


def judged(office: Office, on: date) -> dict[str, TargetVerdict]:
    memory.forget_all()  # the records of the offices are written past the journal
    plan = verdicts.verdicts_of_plan(office.actor, office.plan_id, on)
    return {
        f"{objective.number}.{place}": row
        for objective in plan.objectives
        for place, row in enumerate(objective.targets, 1)
    }


def figure_of(verdict: Verdict) -> str:
    """Return what was found, as it is worked out by hand: a number, a grade, a state."""
    if not verdict.used:
        return ""
    figure: Figure = verdict.used[-1]
    if figure.grade is not None:
        return figure.grade.value
    if figure.is_reached is not None:
        return "reached" if figure.is_reached else "not reached"
    return "" if verdict.value is None else format(verdict.value.normalize(), "f")


class TestFiveDecisions:
    @pytest.mark.parametrize("decision", RECORDS)
    def test_every_figure_and_verdict_is_the_one_worked_out_by_hand(
        self, scene: Scene, decision: str
    ) -> None:
        wanted = {place: (each.figure, each.verdict) for place, each in worked(decision).items()}
        found = {
            place: (figure_of(row.verdict), row.state.value) for place, row in scene.found[decision].items()
        }
        assert found == wanted

    def test_all_eighty_four_targets_are_counted_and_none_is_entered_by_hand(self, scene: Scene) -> None:
        rows = [row for found in scene.found.values() for row in found.values()]
        assert len(rows) == 84
        assert [row.target.text for row in rows if not row.is_counted] == []
        assert all(row.verdict.is_final for row in rows)
        assert all(row.provenance is None and not row.waiting for row in rows)

    def test_the_page_of_documentation_has_the_table(self, scene: Scene) -> None:
        text = table(scene)
        if os.environ.get("CAMKET_WRITE_MEASURED"):
            head, rest = PAGE.read_text("utf-8").split(BEGIN)
            PAGE.write_text(f"{head}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", "utf-8")
        assert text in PAGE.read_text("utf-8")

    # — the same records, looked at before the year is over: what is decided later says nothing yet —

    @pytest.mark.parametrize(
        ("case", "decision", "place", "on", "figure", "verdict"),
        [
            ("grades come at the year's end", "kim-thanh-2026", "3.1", date(2026, 11, 30), "", "no_data"),
            ("titles are decided in December", "phong-binh-2023", "9.1", date(2023, 12, 27), "", "no_data"),
            ("the collective's title too", "phong-binh-2023", "9.3", date(2023, 12, 27), "", "no_data"),
            ("and stand from the decision on", "phong-binh-2023", "9.1", date(2023, 12, 28), "100", "on_track"),
            ("of two indices one is known", "phong-binh-2023", "7.1", date(2023, 10, 1), "", "no_data"),
            ("both are known", "phong-binh-2023", "7.1", date(2023, 11, 20), "fair", "at_risk"),
            # 4.350 of 8.768 by the 181st of 365 days: 4.348 are needed.
            ("a harvest on pace", "phong-binh-2023", "4.2", date(2023, 7, 15), "4350", "on_track"),
            # 2.100 + 2.350 = 4.450, while 9.398 × 181/365 = 4.660 are needed.
            ("a budget behind pace", "phong-binh-2023", "4.3", date(2023, 7, 15), "4450", "at_risk"),
            ("what nobody entered yet is not zero", "phong-binh-2023", "4.7", date(2023, 7, 15), "", "no_data"),
            ("a check replaced by none so far", "phong-binh-2023", "1.1", date(2023, 7, 15), "75", "at_risk"),
            ("work is due on its day only", "thuong-loc-2024", "3.2", date(2024, 5, 19), "", "nothing_arose"),
            ("and counts from then on", "thuong-loc-2024", "3.2", date(2024, 5, 20), "100", "on_track"),
            # 17 + 1 people by the end of July, of 20: the one who was absent and the other never.
            ("people trained so far", "kim-thanh-2026", "3.3", date(2026, 6, 30), "5", "at_risk"),
        ],
    )  # fmt: skip
    def test_a_figure_is_what_was_known_by_then(
        self, scene: Scene, case: str, decision: str, place: str, on: date, figure: str, verdict: str
    ) -> None:
        row = judged(scene.offices[decision], on)[place]
        found = figure_of(row.verdict), row.state.value
        assert found == (figure, verdict), row.verdict.reason

    def test_thirteen_figures_are_judged_each_by_its_own_direction_and_range(self, scene: Scene) -> None:
        office = scene.offices["phong-binh-2023"]
        rows = [row for row in FIGURE_ROWS.rows([office.agency.pk]) if row.is_judged]
        stood = {
            row.item.name: standing(row.item, row.entries, Period(date(2023, 1, 1), office.last))
            for row in rows
        }
        assert len(stood) == 13
        assert [name for name, each in stood.items() if each is None or not each.is_met] == [
            "Tổng thu ngân sách trên địa bàn"
        ]

    def test_its_page_lists_each_part_with_plan_value_and_verdict(self, scene: Scene) -> None:
        office = scene.offices["phong-binh-2023"]
        formula = catalogue.shipped()["socio.targets_met"].formula
        assert formula is not None
        year = Period(date(2023, 1, 1), office.last)
        parts = {each.name: each for each in figure_parts(office.actor, formula, year, date(2024, 2, 20))}
        assert len(parts) == 13
        assert sum(1 for each in parts.values() if each.is_met) == 12
        budget, poverty = parts["Tổng thu ngân sách trên địa bàn"], parts["Tỷ lệ hộ nghèo"]
        assert (budget.goal, budget.shown, budget.is_met, budget.verdict.value) == (
            "≥ 9.398 tỷ đồng",
            "9.350 tỷ đồng",
            False,
            "missed",
        )
        assert (poverty.shown, poverty.last_year, poverty.is_met) == (
            "1,8 %",
            "2,1 %",
            True,
        )

    def test_a_figure_entered_by_hand_stands_only_where_the_register_tells_nothing(
        self, scene: Scene
    ) -> None:
        office = scene.offices["kim-thanh-2026"]
        (row,) = (each for place, each in scene.found["kim-thanh-2026"].items() if place == "3.3")
        assert row.indicator is not None
        Reading.objects.create(
            agency=office.agency,
            indicator_id=row.indicator.id,
            period_start=date(2026, 1, 1),
            period_end=date(2026, 3, 31),
            numerator=Decimal(20),
            denominator=Decimal(20),
            source="Báo cáo",
            state=Reading.State.CONFIRMED,
            entered_at=NOW,
            entered_by=office.staff[1],
            confirmed_at=NOW,
            confirmed_by=office.staff[2],
        )
        before, after = judged(office, date(2026, 4, 10))["3.3"], judged(office, date(2026, 8, 1))["3.3"]
        assert (before.verdict.shown, before.is_counted, before.provenance is None) == (
            "100\N{NO-BREAK SPACE}% (20/20)",
            False,
            False,
        )
        assert (figure_of(after.verdict), after.is_counted, after.provenance) == ("90", True, None)

    def test_two_figures_of_one_name_give_none_until_one_is_chosen(self, scene: Scene) -> None:
        office = scene.offices["phong-binh-2023"]
        office.figure(
            "Thu ngân sách xã hưởng theo phân cấp",
            "tỷ đồng",
            "cumulative",
            "higher",
            "",
            "2023-12-31 year 4,1",
        )
        row = judged(office, date(2024, 2, 20))["4.3"]
        assert row.state.value == "no_data"

        operations.wire_target(
            actor=office.actor,
            target_id=row.target_id,
            code="socio.budget_revenue",
            filters={"item": ("tong thu ngan sach tren dia ban",)},
            today=date(2024, 2, 20),
        )
        assert figure_of(judged(office, date(2024, 2, 20))["4.3"].verdict) == "9350"

    def test_an_amount_in_another_unit_is_never_taken_for_this_one(self, scene: Scene) -> None:
        office = scene.offices["thuong-loc-2024"]
        office.figure(
            "Thu nhập bình quân đầu người", "nghìn đồng", "as_of", "higher", "", "2024-12-31 year 46000"
        )
        memory.forget_all()
        formula = catalogue.shipped()["socio.income"].formula
        assert formula is not None
        year = Period(date(2024, 1, 1), date(2024, 12, 31))
        assert counted(office.agency.pk, formula, year, today=date(2025, 1, 5)) is None


DECISIONS = {
    "kim-thanh-2026": "Kim Thành 2026",
    "phong-binh-2023": "Phong Bình 2023",
    "phu-thu-2022": "Phú Thứ 2022",
    "thuong-loc-2024": "Thượng Lộ 2024",
    "tuy-phuoc-2024": "Tuy Phước 2024",
}


def table(scene: Scene) -> str:
    """Return the table of all targets: indicator, source, what the sample records come to, the verdict."""
    lines = [
        "| Decision | Target | Asks for | Indicator | Source | Sample records, worked out by hand | Figure | Verdict |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    shipped = catalogue.shipped()
    for decision, title in DECISIONS.items():
        said = worked(decision)
        for place, row in scene.found[decision].items():
            assert row.counted is not None
            number, _dot, order = place.rpartition(".")
            goal = row.verdict.goal.replace("\N{NO-BREAK SPACE}", " ")
            shown = row.verdict.shown.replace("\N{NO-BREAK SPACE}", " ") or said[place].figure
            lines.append(
                f"| {title} | {number}, {order} | {'reached' if goal == '✓' else goal}"
                f" | {shipped[row.code].english} `{row.code}` | {source(row.counted.formula.source).title}"
                f" | {said[place].how} | {shown} | {row.state.value.replace('_', ' ')} |"
            )
    return "\n".join(lines)
