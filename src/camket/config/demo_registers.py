"""What the sample commune's registers hold: half a year of directives, documents, work, training, grades, figures.

Lists come in from the spreadsheets beside the sample decision; what makes a story (put off, numbered) is done by its
person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from camket.core.registers import REGISTERS
from camket.org.policy import Actor
from camket.registers import operations as registers
from camket.registers import queries

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

SHEETS = Path(__file__).resolve().parents[3] / "samples" / "so-theo-doi"
BROUGHT_IN = (
    ("titles", date(2026, 3, 2)),
    ("assessments", date(2026, 4, 16)),
    ("training", date(2026, 6, 10)),
    ("directives", date(2026, 6, 30)),
    ("incoming", date(2026, 6, 30)),
    ("outgoing", date(2026, 6, 30)),
    ("programme", date(2026, 7, 1)),
    ("grading", date(2026, 7, 3)),
)
"""Registers that came in as spreadsheets, named after their addresses, and the day on which they did."""

ECONOMY, CULTURE = "Phòng Kinh tế", "Phòng Văn hóa - Xã hội"

# name, measure, rhythm, counting, direction, plan of 2026, unit, values by month or by half-year
FIGURES: tuple[tuple[str, str, str, str, str, str, str, Mapping[date, str]], ...] = (
    ("Thu ngân sách trên địa bàn", "tỷ đồng", "month", "cumulative", "higher", "2026: 14", ECONOMY,
     {date(2026, 1, 31): "1,9", date(2026, 2, 28): "2,7", date(2026, 3, 31): "3,9", date(2026, 4, 30): "5",
      date(2026, 5, 31): "5,9", date(2026, 6, 30): "7,2"}),
    ("Tỷ lệ hộ nghèo", "%", "half", "as_of", "lower", "2026: 2,1", CULTURE, {date(2026, 6, 30): "2,4"}),
    ("Tỷ lệ tham gia bảo hiểm y tế", "%", "half", "as_of", "higher", "2026: 95", CULTURE, {date(2026, 6, 30): "94,2"}),
    ("Sản lượng lương thực có hạt", "tấn", "half", "cumulative", "higher", "2026: 8600", ECONOMY,
     {date(2026, 6, 30): "4480"}),
)  # fmt: skip


def keep_the_registers(people: Mapping[str, Actor], units: Mapping[str, int]) -> None:
    """Fill the registers as of the sample day: ``people`` by sign-in name, ``units`` by name.

    Raises ValueError for a sheet that is not understood to the last row.
    """
    lan = people["lan"]
    for register, day in BROUGHT_IN:
        sheet = SHEETS / f"{REGISTERS[register].slug}.csv"
        batch = registers.bring_in(
            actor=lan, register=register, data=sheet.read_bytes(), name=sheet.name, now=_at(day)
        )
        if batch.refused:
            raise ValueError(batch.refused)
    _enter_figures(lan, units)
    _tell_the_story(people)


def _tell_the_story(people: Mapping[str, Actor]) -> None:
    """Let one directive be put off, one be done late, and a document get its number."""
    open_work = {
        row.title: row.id
        for row in queries.page_of(
            people["lan"], REGISTERS["directives"], queries.Wanted(standing="open"), date(2026, 7, 2)
        ).rows
    }
    flooded = open_work["Rà soát diện tích lúa bị ngập, đề nghị hỗ trợ giống"]
    asked = registers.ask_extension(
        actor=people["duyen"],
        entry_id=flooded,
        due_after=date(2026, 7, 10),
        reason="Nước chưa rút ở cánh đồng Lâm Hạ, chưa đo được diện tích",
        now=_at(date(2026, 6, 25)),
    )
    registers.decide_extension(
        actor=people["tho"],
        extension_id=asked.pk,
        is_approved=True,
        document="452/UBND-KT ngày 25/6/2026 của UBND tỉnh",
        now=_at(date(2026, 6, 26)),
    )
    registers.ask_extension(
        actor=people["phuc"],
        entry_id=open_work["Sửa lối đi dành cho người khuyết tật tại Trung tâm"],
        due_after=date(2026, 7, 22),
        reason="Chờ thợ lát đá, hợp đồng ký ngày 02/7",
        now=_at(date(2026, 7, 3)),
    )
    answer = registers.enter(
        actor=people["duyen"],
        register="outgoing",
        values={
            "on": date(2026, 7, 2),
            "kind": "BC",
            "title": "Diện tích lúa bị ngập sau mưa lớn, đề nghị hỗ trợ giống",
            "sent": "electronic",
            "signer": "Vũ Quang Thọ",
        },
        now=_at(date(2026, 7, 2)),
    )
    registers.give_number(
        actor=people["lan"], entry_id=answer.pk, signed_on=date(2026, 7, 2), now=_at(date(2026, 7, 2), 15)
    )


def _enter_figures(secretary: Actor, units: Mapping[str, int]) -> None:
    for order, (name, measure, rhythm, counting, direction, plans, unit, values) in enumerate(FIGURES):
        line = registers.save_item(
            actor=secretary,
            register="figures",
            name=name,
            values={
                "measure": measure,
                "rhythm": rhythm,
                "counting": counting,
                "direction": direction,
                "plans": plans,
                "is_main": True,
            },
            unit_id=units[unit],
            order=order,
            now=_at(date(2026, 1, 12)),
        )
        for on, value in values.items():
            registers.enter(
                actor=secretary,
                register="figures",
                values={
                    "item": line.pk,
                    "kind": rhythm,
                    "on": on,
                    "amount": value,
                    "unit": units[unit],
                    "source": f"Báo cáo của {unit}",
                },
                now=_at(date(2026, 7, 3)),
            )


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour, 20), VIETNAM)
