"""What the sample communes' registers hold: a year of directives, documents, work, training, grades, figures.

Lists come in from the spreadsheets beside the sample decision, and from a year made up (:mod:`.demo_office_year`); what
makes a story (put off, numbered) is done by its person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from camket.config import SAMPLE_DAY, demo_office_year
from camket.config.demo_office_year import COUNTER, COURSES, CULTURE, ECONOMY, LATE_COURSE, OFFICE, Course
from camket.core.registers import REGISTERS
from camket.core.registers.meetings import written
from camket.core.wording.numbers import parse_number
from camket.org.calendar import working_calendar
from camket.org.policy import Actor
from camket.org.queries import unit_choices
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

YEAR_BROUGHT_IN = date(2026, 7, 1)
"""Day on which the spreadsheets of the year came in, up to which they tell."""

LETTERS_OF_THE_SHEETS = (44, 45)
"""Numbers of official letters that the spreadsheets beside the decision hold."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """A line of the list of figures, with its values by the last day of their periods: of the year before, and of this one.

    ``same_days`` are those of the same days of the year before, noted beside this year's: the communes that became this one
    in July 2025 entered nothing here.
    """

    name: str
    measure: str
    rhythm: str
    counting: str
    direction: str
    plan: str
    unit: str
    values: Mapping[str, str]
    same_days: Mapping[str, str] = field(default_factory=dict)


def _smaller(value: str) -> str:
    return str(round(parse_number(value) * 7 / 10, 2)).replace(".", ",")


_HALF, _YEAR_BEFORE = "30/06/2026", "31/12/2025"
_SPRING = "31/03/2026"

FIGURES = (
    _Figure("Thu ngân sách trên địa bàn", "tỷ đồng", "month", "cumulative", "higher", "12,6", ECONOMY,
            {_YEAR_BEFORE: "11,4", "31/01/2026": "1,9", "28/02/2026": "2,7", _SPRING: "3,9", "30/04/2026": "5",
             "31/05/2026": "5,9", _HALF: "7,2"}, {_HALF: "6,1"}),
    _Figure("Tỷ lệ hộ nghèo", "%", "half", "as_of", "lower", "2,1", CULTURE, {_YEAR_BEFORE: "2,5", _HALF: "2,3"},
            {_HALF: "2,9"}),
    _Figure("Tỷ lệ tham gia bảo hiểm y tế", "%", "half", "as_of", "higher", "95", CULTURE,
            {_YEAR_BEFORE: "93,6", _HALF: "94,2"}, {_HALF: "92,7"}),
    _Figure("Sản lượng lương thực có hạt", "tấn", "half", "cumulative", "higher", "8600", ECONOMY,
            {_YEAR_BEFORE: "8455", _HALF: "4480"}, {_HALF: "4395"}),
    _Figure("Thu nhập bình quân đầu người", "triệu đồng/người/năm", "year", "as_of", "higher", "62", ECONOMY,
            {_YEAR_BEFORE: "57,4"}),
    _Figure("Tổng vốn đầu tư phát triển", "tỷ đồng", "quarter", "cumulative", "higher", "48", ECONOMY,
            {_YEAR_BEFORE: "44,1", _SPRING: "9,5", _HALF: "22,8"}, {_SPRING: "8,8", _HALF: "20,4"}),
    _Figure("Giá trị sản xuất nông nghiệp, lâm nghiệp, thủy sản", "tỷ đồng", "half", "cumulative", "higher", "215", ECONOMY,
            {_YEAR_BEFORE: "207,5", _HALF: "108"}, {_HALF: "103,5"}),
    _Figure("Đường thôn, xóm được bê tông hóa", "km", "quarter", "period", "higher", "4", ECONOMY,
            {_SPRING: "0,9", _HALF: "1,3"}, {_SPRING: "0,8", _HALF: "1,1"}),
    _Figure("Tỷ lệ dân số được sử dụng nước sạch", "%", "half", "as_of", "higher", "98", ECONOMY,
            {_YEAR_BEFORE: "96,4", _HALF: "97,1"}, {_HALF: "95,6"}),
    _Figure("Tỷ lệ chất thải rắn sinh hoạt được thu gom", "%", "quarter", "as_of", "higher", "96", ECONOMY,
            {_SPRING: "95,2", _HALF: "96,4"}),
    _Figure("Tỷ lệ lao động qua đào tạo", "%", "half", "as_of", "higher", "70", CULTURE,
            {_YEAR_BEFORE: "66,9", _HALF: "68,3"}, {_HALF: "65,8"}),
    _Figure("Số lao động được tạo việc làm mới", "người", "quarter", "period", "higher", "320", CULTURE,
            {_SPRING: "74", _HALF: "96"}, {_SPRING: "81", _HALF: "88"}),
    _Figure("Tỷ lệ trẻ mẫu giáo ra lớp", "%", "half", "as_of", "higher", "99", CULTURE, {_HALF: "99,2"}, {_HALF: "98,6"}),
    _Figure("Tỷ lệ gia đình văn hóa", "%", "year", "as_of", "higher", "92", CULTURE, {_YEAR_BEFORE: "91,6"}),
    _Figure("Tỷ lệ tăng dân số tự nhiên", "%", "half", "as_of", "within", "0,8 - 1,0", CULTURE, {_HALF: "0,9"}),
)  # fmt: skip

SMALLER = tuple(
    replace(
        each,
        values={day: _smaller(value) for day, value in each.values.items()},
        same_days={day: _smaller(value) for day, value in each.same_days.items()},
    )
    if each.counting != "as_of"
    else each
    for each in FIGURES
)
"""The same figures of a smaller commune: its quantities are seven tenths."""

# course, planned on, hours, places, held by
COURSES_OF_THE_PLAN = (
    ("Đánh giá viên nội bộ theo TCVN ISO 9001:2015", "16/03/2026", "16", "5", "Sở Khoa học và Công nghệ"),
    ("Kỹ năng số cho công chức xã", "11/05/2026", "12", "5", "Sở Nội vụ"),
    ("Giao tiếp, ứng xử với người dân", "08/06/2026", "6", "3", "Trung tâm Phục vụ hành chính công tỉnh"),
    ("Soạn thảo văn bản theo Nghị định 30/2020/NĐ-CP", "15/06/2026", "8", "9", "Văn phòng HĐND và UBND"),
    ("An toàn thông tin mạng", "15/09/2026", "8", "9", "Sở Khoa học và Công nghệ"),
)

_ROOM, _HALL = "Phòng họp số 1", "Hội trường UBND xã"
ALL = "Các phòng, trung tâm thuộc UBND xã"

# day, begins, ends, what about, kind, place, chair, units and people invited
MEETINGS = (
    (date(2026, 6, 1), "08:00", "09:30", "Giao ban tháng 6", "regular", _ROOM, "tho", (ALL,), ()),
    (date(2026, 6, 19), "14:00", "16:30", "Rà soát tiến độ giải ngân vốn đầu tư công", "topic", _ROOM, "tho",
     (ECONOMY,), ("lan",)),
    (date(2026, 7, 1), "08:00", "09:30", "Giao ban tháng 7", "regular", _ROOM, "tho", (ALL,), ()),
    (date(2026, 7, 8), "14:00", "15:30", "Hồ sơ chờ quá ba ngày ở Trung tâm Phục vụ hành chính công", "topic", _ROOM, "mai",
     (COUNTER,), ("lan", "duyen")),
    (date(2026, 7, 10), "08:00", "11:00", "Sơ kết sáu tháng thực hiện mục tiêu chất lượng", "conference", _HALL, "tho",
     (ALL,), ("mai",)),
    (date(2026, 7, 16), "08:30", "10:00", "Làm việc với Sở Khoa học và Công nghệ về duy trì HTQLCL", "visit", _ROOM, "mai",
     (OFFICE,), ("hanh", "phuc")),
    (date(2026, 8, 3), "08:00", "09:30", "Giao ban tháng 8", "regular", _ROOM, "tho", (ALL,), ()),
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
    year = demo_office_year.Office(
        working_calendar(lan.agency_id), YEAR_BROUGHT_IN, _people_of(lan, units), a_month=6
    )
    _bring_in_a_year(lan, year, LETTERS_OF_THE_SHEETS)
    _enter_figures(lan, units, FIGURES)
    _assess(lan)
    _plan_courses(lan)
    _tell_the_story(people)
    _hold_meetings(people, units)


def keep_those_beside(secretary: Actor) -> None:
    """Fill the registers of the commune beside, which is smaller and later, and has not entered all of its figures."""
    units = {name: pk for pk, name in unit_choices(secretary)}
    year = demo_office_year.Office(
        working_calendar(secretary.agency_id),
        YEAR_BROUGHT_IN,
        _people_of(secretary, units),
        late_each=5,
        open_each=3,
        a_month=3,
    )
    _bring_in_a_year(secretary, year, courses=(*COURSES, LATE_COURSE))
    _enter_figures(
        secretary,
        units,
        [each if place < 9 else replace(each, values={}) for place, each in enumerate(SMALLER)],
    )


def _people_of(secretary: Actor, units: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Return the names of an agency's people with their units, in the order of the list of units."""
    called = {pk: name for name, pk in units.items()}
    found = queries.form_names(secretary, REGISTERS["training"], YEAR_BROUGHT_IN).people
    return tuple((each.name, called.get(each.unit_id or 0, "")) for each in found)


def _bring_in_a_year(
    secretary: Actor,
    year: demo_office_year.Office,
    taken: Sequence[int] = (),
    courses: Sequence[Course] = COURSES,
) -> None:
    sheets = {
        "directives": demo_office_year.directives(year),
        "incoming": demo_office_year.incoming(year),
        "outgoing": demo_office_year.outgoing(year, taken),
        "programme": demo_office_year.programme(year),
        "training": demo_office_year.training(year, courses),
        "grading": demo_office_year.grading(year),
        "titles": demo_office_year.titles(year),
    }
    for register, data in sheets.items():
        batch = registers.bring_in(
            actor=secretary,
            register=register,
            data=data,
            name=f"{REGISTERS[register].slug}-mot-nam.csv",
            now=_at(YEAR_BROUGHT_IN, 8),
        )
        if batch.refused:
            raise ValueError(batch.refused)


def _assess(secretary: Actor) -> None:
    """Note what was assessed this year: the procedures, and the province's ranking at half-time."""
    for values in (
        {
            "kind": "procedure_check",
            "year": 2026,
            "on": "10/03/2026",
            "title": "Rà soát quy trình nội bộ giải quyết thủ tục hành chính",
            "source": "Ban chỉ đạo ISO xã",
            "amount": "182",
            "planned": "182",
        },
        {
            "kind": "reform",
            "year": 2026,
            "on": "24/06/2026",
            "title": "Kết quả đánh giá sơ bộ sáu tháng",
            "source": "Sở Nội vụ tỉnh Đông Giang",
            "outcome": "good",
            "amount": "84,2",
            "planned": "100",
            "rank": "6",
            "out_of": "67",
        },
    ):
        registers.enter(actor=secretary, register="assessments", values=values, now=_at(date(2026, 6, 26)))


def _plan_courses(secretary: Actor) -> None:
    for order, (name, planned_on, hours, places, held_by) in enumerate(COURSES_OF_THE_PLAN):
        registers.save_item(
            actor=secretary,
            register="training",
            name=name,
            values={
                "year": "2026",
                "planned_on": planned_on,
                "hours": hours,
                "places": places,
                "held_by": held_by,
                "plan": "15/KH-UBND ngày 22/01/2026",
            },
            order=order,
            now=_at(date(2026, 1, 23)),
        )


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


def _hold_meetings(people: Mapping[str, Actor], units: Mapping[str, int]) -> None:
    """Note the meetings of two months, and send the invitations of those that come after the sample day."""
    for on, begins, ends, title, kind, place, chair, of_units, of_people in MEETINGS:
        noted = registers.enter(
            actor=people["lan"],
            register="meetings",
            values={
                "title": title,
                "on": on,
                "begins": begins,
                "ends": ends,
                "place": place,
                "kind": kind,
                "unit": units[OFFICE],
                "person": people[chair].person_id,
                "invited": written(
                    (units[each] for each in of_units), (people[each].person_id for each in of_people)
                ),
            },
            now=_at(min(on - timedelta(days=5), date(2026, 7, 3)), 16),
        )
        if on > SAMPLE_DAY:
            registers.send_invitations(actor=people["lan"], entry_id=noted.pk, now=_at(date(2026, 7, 3), 16))


def _enter_figures(secretary: Actor, units: Mapping[str, int], figures: Sequence[_Figure]) -> None:
    for order, figure in enumerate(figures):
        line = registers.save_item(
            actor=secretary,
            register="figures",
            name=figure.name,
            values={
                "measure": figure.measure,
                "rhythm": figure.rhythm,
                "counting": figure.counting,
                "direction": figure.direction,
                "plans": f"2026: {figure.plan}",
                "is_main": True,
            },
            unit_id=units[figure.unit],
            order=order,
            now=_at(date(2026, 1, 12)),
        )
        for on, value in figure.values.items():
            registers.enter(
                actor=secretary,
                register="figures",
                values={
                    "item": line.pk,
                    "kind": "year" if on == _YEAR_BEFORE else figure.rhythm,
                    "on": on,
                    "amount": value,
                    "unit": units[figure.unit],
                    "source": f"Báo cáo của {figure.unit}",
                    "last_year": figure.same_days.get(on),
                },
                now=_at(date(2026, 7, 3)),
            )


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour, 20), VIETNAM)
