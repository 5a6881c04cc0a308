"""The report on nonconformities and corrective action: what was found, what was closed, what is at work and late.

Source: ISO 9001:2015, 10.2. The book is told as it stood at the period's end, whatever became of it since.
"""

from __future__ import annotations

from collections.abc import Mapping

from camket.core.measured import Measure, by_name, count, share
from camket.core.report_calendar import Subject
from camket.core.wording.dates import format_date
from camket.improvement.gathering import BookThen, book_then
from camket.improvement.nonconformity_paper import SOURCES, STATES
from camket.reporting.kinds.definition import Asked, Gathered, Says, has
from camket.reporting.told import Column, DataTable

FOUND, MAJOR, CLOSED = (
    "sự không phù hợp phát hiện", "sự không phù hợp nặng", "sự không phù hợp đã khắc phục xong",
)  # fmt: skip
AT_WORK, LATE = "sự không phù hợp đang xử lý", "sự không phù hợp chậm lập kế hoạch khắc phục"
RATE = "tỷ lệ sự không phù hợp phát hiện trong kỳ đã khắc phục xong"
CAUSES = 5
"""So many root causes of what was closed are taken over."""


class Corrective:
    """What was found not to conform and how it is put right."""

    subject = Subject.CORRECTIVE.value
    title = "Kết quả xử lý sự không phù hợp, thực hiện hành động khắc phục"
    basis = ""
    paces: tuple[str, ...] = ("quarter", "half_year", "nine_months", "year")
    year_starts = "01-01"
    view = "nonconformity.view"
    form = "corrective_report"
    shortcomings: tuple[str, ...] = (AT_WORK, LATE)

    def measures(self, asked: Asked) -> tuple[Measure, ...]:
        """Return the counts of the book and the share of what was found that is closed."""
        return _measures(book_then(asked.agency_id, asked.period))

    def gather(self, asked: Asked) -> Gathered:
        """Return the counts told, and the book: each that was found, closed or at work."""
        book = book_then(asked.agency_id, asked.period)
        measures = _measures(book)
        return Gathered(
            measures=measures,
            sections=(("KẾT QUẢ XỬ LÝ", _results(by_name(measures))),),
            tables=(_table(book),),
            causes=tuple(
                f"{each.title.rstrip(' .')}: {each.root_cause.rstrip(' .')}."
                for each in book.closed
                if each.root_cause.strip()
            )[:CAUSES],
        )


def _measures(book: BookThen) -> tuple[Measure, ...]:
    unit = "sự không phù hợp"
    ended = {each.pk for each in book.closed}
    return (
        count(FOUND, len(book.found), unit),
        count(MAJOR, book.major, unit),
        count(CLOSED, len(book.closed), unit),
        count(AT_WORK, len(book.at_work), unit),
        count(LATE, book.late, unit),
        share(RATE, sum(each.pk in ended for each in book.found), len(book.found)),
    )


def _results(known: Mapping[str, Measure]) -> tuple[Says, ...]:
    if not (has(known, FOUND) or has(known, CLOSED) or has(known, AT_WORK)):
        return (Says("found", "Trong kỳ không phát hiện sự không phù hợp.", (FOUND,)),)
    major = (
        f"trong đó có {{{MAJOR}}} sự không phù hợp nặng"
        if has(known, MAJOR)
        else "không có sự không phù hợp nặng"
    )
    late = (
        f"trong đó {{{LATE}}} sự không phù hợp chậm lập kế hoạch khắc phục"
        if has(known, LATE)
        else "không có sự không phù hợp chậm lập kế hoạch khắc phục"
    )
    said = [
        Says(
            "found",
            f"Trong kỳ phát hiện {{{FOUND}}} sự không phù hợp, {major}; {{{FOUND}: so với kỳ trước}}; "
            f"{{{FOUND}: so với cùng kỳ}}."
            if has(known, FOUND)
            else "Trong kỳ không phát hiện sự không phù hợp mới.",
            (FOUND, MAJOR),
        ),
        Says(
            "closed",
            f"Đã khắc phục xong, được xác nhận có hiệu lực {{{CLOSED}}} sự không phù hợp; {{{CLOSED}: so với kỳ trước}}; "
            f"{{{CLOSED}: so với cùng kỳ}}."
            if has(known, CLOSED)
            else "Trong kỳ chưa có sự không phù hợp nào được khắc phục xong và xác nhận có hiệu lực; "
            f"{{{CLOSED}: so với kỳ trước}}; {{{CLOSED}: so với cùng kỳ}}.",
            (CLOSED,),
        ),
        Says(
            "at_work",
            f"Đến cuối kỳ đang xử lý {{{AT_WORK}}} sự không phù hợp, {late}."
            if has(known, AT_WORK)
            else "Đến cuối kỳ không còn sự không phù hợp đang xử lý.",
            (AT_WORK, LATE),
        ),
    ]
    if has(known, FOUND):
        said.append(
            Says(
                "rate",
                f"Trong số sự không phù hợp phát hiện trong kỳ, đã khắc phục xong {{{RATE}: số lượng}} ({{{RATE}}}).",
                (RATE,),
            )
        )
    return tuple(said)


def _table(book: BookThen) -> DataTable:
    rows = {each.pk: each for part in (book.found, book.closed, book.at_work) for each in part}
    lines = sorted(rows.values(), key=lambda each: (each.year, each.serial or 0))
    return DataTable(
        title="Sổ theo dõi sự không phù hợp và hành động khắc phục",
        columns=(
            Column("TT", 1.1, "middle"),
            Column("Số", 2.2, "middle"),
            Column("Sự không phù hợp", 7.0),
            Column("Nguồn phát hiện", 2.8),
            Column("Bộ phận", 3.2),
            Column("Ngày phát hiện", 2.2, "middle"),
            Column("Tình trạng cuối kỳ", 3.0),
        ),
        rows=tuple(
            (
                str(number),
                f"KPH {each.serial:02}/{each.year}",
                each.title,
                SOURCES[each.source],
                each.unit.name if each.unit else "",
                format_date(each.found_on),
                STATES[book.states[each.pk]],
            )
            for number, each in enumerate(lines, 1)
        ),
        landscape=True,
    )
