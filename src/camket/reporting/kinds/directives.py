"""The report on directives from above: how many came, how many were carried out in time, what is overdue.

Source: Nghị định 09/2019/NĐ-CP, Điều 12 (periods). The counts are those of the register's indicators (``directives``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from camket.core.measured import Measure, by_name, count, share
from camket.core.report_calendar import Subject
from camket.core.wording.dates import format_date
from camket.indicators.entries_behind import entries_behind
from camket.reporting.kinds.counting import Counts, split, split_table, totals
from camket.reporting.kinds.definition import Asked, Gathered, Says, has, listed
from camket.reporting.told import Column, DataTable

RECEIVED, DUE = "ý kiến chỉ đạo tiếp nhận", "ý kiến chỉ đạo đến hạn"
IN_TIME, LATE, NOT_DONE = (
    "ý kiến chỉ đạo hoàn thành đúng hạn", "ý kiến chỉ đạo hoàn thành quá hạn", "ý kiến chỉ đạo đến hạn chưa hoàn thành",
)  # fmt: skip
OPEN, OVERDUE = "ý kiến chỉ đạo đang thực hiện", "ý kiến chỉ đạo quá hạn chưa hoàn thành"
RATE = "tỷ lệ ý kiến chỉ đạo hoàn thành đúng hạn"
COUNTS = ("received", "due", "in_time", "late", "not_done", "open", "overdue")
LISTED = 200
"""So many overdue directives are listed one by one."""


class Directives:
    """How directives were followed up and carried out, by unit."""

    subject = Subject.DIRECTIVES.value
    title = "Kết quả thực hiện ý kiến chỉ đạo, nhiệm vụ được giao"
    basis = ""
    paces: tuple[str, ...] = ("month", "quarter", "half_year", "nine_months", "year")
    year_starts = "12-15"
    view = "register.view"
    form = "directives_report"
    shortcomings: tuple[str, ...] = (LATE, OVERDUE)

    def measures(self, asked: Asked) -> tuple[Measure, ...]:
        """Return the register's counts and the share done in time."""
        return _measures(totals(asked, "directives", COUNTS))

    def gather(self, asked: Asked) -> Gathered:
        """Return the counts told, by unit, and every directive that is overdue at the period's end."""
        measures = _measures(totals(asked, "directives", COUNTS))
        known = by_name(measures)
        return Gathered(
            measures=measures,
            sections=(
                ("KẾT QUẢ THỰC HIỆN", _results(known)),
                (
                    "NHIỆM VỤ QUÁ HẠN",
                    (
                        Says(
                            "overdue",
                            f"Đến cuối kỳ còn {{{OVERDUE}}} ý kiến chỉ đạo quá hạn chưa hoàn thành; "
                            f"{{{OVERDUE}: so với kỳ trước}}; {{{OVERDUE}: so với cùng kỳ}}."
                            if has(known, OVERDUE)
                            else "Đến cuối kỳ không có ý kiến chỉ đạo nào quá hạn chưa hoàn thành.",
                            (OVERDUE,),
                        ),
                    ),
                ),
            ),
            tables=(
                split_table(
                    "Kết quả thực hiện ý kiến chỉ đạo theo bộ phận chủ trì",
                    "Bộ phận chủ trì",
                    split(asked, "directives", COUNTS, "unit"),
                    (
                        ("received", "Tiếp nhận"), ("due", "Đến hạn"), ("in_time", "Đúng hạn"), ("late", "Quá hạn"),
                        ("not_done", "Đến hạn chưa xong"), ("overdue", "Quá hạn chưa xong cuối kỳ"),
                    ),
                    ("Tỷ lệ đúng hạn", 2, 1),
                ),
                *_overdue(asked),
            ),
        )  # fmt: skip


def _measures(total: Counts) -> tuple[Measure, ...]:
    unit = "ý kiến"
    return (
        count(RECEIVED, total["received"], unit),
        count(DUE, total["due"], unit),
        count(IN_TIME, total["in_time"], unit),
        count(LATE, total["late"], unit),
        count(NOT_DONE, total["not_done"], unit),
        count(OPEN, total["open"], unit),
        count(OVERDUE, total["overdue"], unit),
        share(RATE, total["in_time"], total["due"]),
    )


def _in_time(known: Mapping[str, Measure]) -> str:
    return listed(
        known,
        (
            (IN_TIME, f"hoàn thành đúng hạn {{{IN_TIME}}}"),
            (LATE, f"hoàn thành quá hạn {{{LATE}}}"),
            (NOT_DONE, f"chưa hoàn thành {{{NOT_DONE}}}"),
        ),
    )


def _results(known: Mapping[str, Measure]) -> tuple[Says, ...]:
    if not (has(known, RECEIVED) or has(known, DUE) or has(known, OPEN)):
        return (Says("received", "Trong kỳ không có ý kiến chỉ đạo nào phải theo dõi.", (RECEIVED,)),)
    return (
        Says(
            "received",
            f"Trong kỳ tiếp nhận {{{RECEIVED}}} ý kiến chỉ đạo, nhiệm vụ được giao; {{{RECEIVED}: so với kỳ trước}}; "
            f"{{{RECEIVED}: so với cùng kỳ}}."
            if has(known, RECEIVED)
            else "Trong kỳ không tiếp nhận ý kiến chỉ đạo mới.",
            (RECEIVED,),
        ),
        Says(
            "due",
            f"Đến hạn trong kỳ {{{DUE}}} ý kiến chỉ đạo: {_in_time(known)}."
            if has(known, DUE)
            else "Trong kỳ không có ý kiến chỉ đạo đến hạn.",
            (DUE, IN_TIME, LATE, NOT_DONE),
        ),
        *(
            (
                Says(
                    "rate",
                    f"Tỷ lệ hoàn thành đúng hạn: {{{RATE}}} ({{{RATE}: số lượng}}); {{{RATE}: so với kỳ trước}}; "
                    f"{{{RATE}: so với cùng kỳ}}.",
                    (RATE,),
                ),
            )
            if has(known, DUE)
            else ()
        ),
        Says(
            "open",
            f"Đến cuối kỳ đang thực hiện {{{OPEN}}} ý kiến chỉ đạo."
            if has(known, OPEN)
            else "Đến cuối kỳ không còn ý kiến chỉ đạo đang thực hiện.",
            (OPEN,),
        ),
    )


def _overdue(asked: Asked) -> tuple[DataTable, ...]:
    """Return the directives behind the count of those overdue, by their last days; nothing where there are none."""
    lines = entries_behind(asked.actor, "directives", "overdue", asked.period, {}, "", LISTED).rows
    if not lines:
        return ()
    return (
        DataTable(
            title="Ý kiến chỉ đạo quá hạn chưa hoàn thành đến cuối kỳ",
            columns=(
                Column("TT", 1.1, "middle"),
                Column("Số, ký hiệu", 3.0),
                Column("Nội dung", 7.0),
                Column("Cơ quan, người giao", 3.4),
                Column("Bộ phận chủ trì", 3.4),
                Column("Thời hạn", 2.2, "middle"),
            ),
            rows=tuple(
                (
                    str(number),
                    each.number,
                    each.title,
                    each.source,
                    each.unit,
                    format_date(each.last_day) if each.last_day else "",
                )
                for number, each in enumerate(
                    sorted(lines, key=lambda line: (line.last_day or date.max, line.id)), 1
                )
            ),
            landscape=True,
        ),
    )
