"""The report on handling administrative procedures, with Biểu II.06a in its annex.

Source: Thông tư 02/2017/TT-VPCP and Thông tư 01/2020/TT-VPCP (Biểu số II.06a); Nghị định 09/2019/NĐ-CP, Điều 12 (periods).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from camket.core.form_06a import Figures
from camket.core.measured import Measure, by_name, count, share
from camket.core.report_calendar import Subject
from camket.core.wording.numbers import format_number
from camket.dossiers.form_06a_paper import WAITING
from camket.dossiers.models import Letter
from camket.dossiers.queries.form_06a import Form, form_06a
from camket.reporting.kinds.definition import Asked, Gathered, Says, has
from camket.reporting.told import Column, DataTable

RECEIVED, ONLINE, DIRECT, CARRIED = (
    "hồ sơ tiếp nhận", "hồ sơ tiếp nhận trực tuyến", "hồ sơ tiếp nhận trực tiếp, bưu chính", "hồ sơ kỳ trước chuyển qua",
)  # fmt: skip
SETTLED, EARLY, ON_TIME, LATE = (
    "hồ sơ đã giải quyết", "hồ sơ giải quyết trước hạn", "hồ sơ giải quyết đúng hạn", "hồ sơ giải quyết quá hạn",
)  # fmt: skip
OPEN, OPEN_IN_TIME, OPEN_OVERDUE = (
    "hồ sơ đang giải quyết", "hồ sơ đang giải quyết trong hạn", "hồ sơ quá hạn chưa giải quyết",
)  # fmt: skip
RATE, ONLINE_RATE = "tỷ lệ giải quyết đúng hạn", "tỷ lệ tiếp nhận trực tuyến"
REASONS = 5
"""So many reasons of letters of apology are taken over, the most frequent first."""


class Dossiers:
    """How dossiers were received and settled, by field."""

    subject = Subject.DOSSIERS.value
    title = "Tình hình, kết quả giải quyết thủ tục hành chính"
    basis = (
        "Thực hiện chế độ báo cáo về kiểm soát thủ tục hành chính theo Thông tư số 02/2017/TT-VPCP và Thông tư số "
        "01/2020/TT-VPCP của Văn phòng Chính phủ"
    )
    paces: tuple[str, ...] = ("month", "quarter", "half_year", "nine_months", "year")
    year_starts = "12-15"
    view = "dossier.view"
    form = "dossier_report"
    shortcomings: tuple[str, ...] = (LATE, OPEN_OVERDUE)

    def measures(self, asked: Asked) -> tuple[Measure, ...]:
        """Return the form's totals and the two shares."""
        return _measures(form_06a(asked.actor, asked.period, asked.today).total)

    def gather(self, asked: Asked) -> Gathered:
        """Return the totals told, the form by field, and the reasons that letters of apology give."""
        form = form_06a(asked.actor, asked.period, asked.today)
        measures = _measures(form.total)
        known = by_name(measures)
        return Gathered(
            measures=measures,
            sections=(
                ("KẾT QUẢ TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ", _results(form.total)),
                (
                    "HỒ SƠ QUÁ HẠN",
                    (
                        Says(
                            "overdue",
                            _overdue(known),
                            (LATE, OPEN_OVERDUE),
                        ),
                    ),
                ),
            ),
            tables=(_table(form),),
            causes=_reasons(asked),
        )


def _measures(total: Figures) -> tuple[Measure, ...]:
    unit = "hồ sơ"
    return (
        count(RECEIVED, total.received, unit),
        count(ONLINE, total.online, unit),
        count(DIRECT, total.direct, unit),
        count(CARRIED, total.carried, unit),
        count(SETTLED, total.settled, unit),
        count(EARLY, total.early, unit),
        count(ON_TIME, total.on_time, unit),
        count(LATE, total.late, unit),
        count(OPEN, total.still_open, unit),
        count(OPEN_IN_TIME, total.open_in_time, unit),
        count(OPEN_OVERDUE, total.open_overdue, unit),
        share(RATE, total.early + total.on_time, total.settled),
        share(ONLINE_RATE, total.online, total.online + total.direct),
    )


def _overdue(known: Mapping[str, Measure]) -> str:
    if not (has(known, LATE) or has(known, OPEN_OVERDUE)):
        return "Trong kỳ không có hồ sơ quá hạn."
    late = (
        f"Trong kỳ có {{{LATE}}} hồ sơ đã giải quyết quá hạn"
        if has(known, LATE)
        else "Trong kỳ không có hồ sơ giải quyết quá hạn"
    )
    still = (
        f"Đến cuối kỳ còn {{{OPEN_OVERDUE}}} hồ sơ quá hạn chưa giải quyết."
        if has(known, OPEN_OVERDUE)
        else "Đến cuối kỳ không còn hồ sơ quá hạn chưa giải quyết."
    )
    return f"{late}; {{{LATE}: so với kỳ trước}}; {{{LATE}: so với cùng kỳ}}. {still}"


def _results(total: Figures) -> tuple[Says, ...]:
    if not any(total.columns):
        return (Says("received", "Trong kỳ không phát sinh hồ sơ.", (RECEIVED,)),)
    return (
        Says(
            "received",
            f"Tổng số hồ sơ tiếp nhận: {{{RECEIVED}}} hồ sơ, trong đó tiếp nhận trực tuyến {{{ONLINE}}} hồ sơ; trực tiếp, qua "
            f"bưu chính công ích {{{DIRECT}}} hồ sơ; từ kỳ trước chuyển qua {{{CARRIED}}} hồ sơ. Số hồ sơ tiếp nhận "
            f"{{{RECEIVED}: so với kỳ trước}}; {{{RECEIVED}: so với cùng kỳ}}."
            if total.received
            else "Trong kỳ không tiếp nhận hồ sơ mới.",
            (RECEIVED, ONLINE, DIRECT, CARRIED),
        ),
        Says(
            "online",
            f"Tỷ lệ tiếp nhận trực tuyến: {{{ONLINE_RATE}}} ({{{ONLINE_RATE}: số lượng}}); {{{ONLINE_RATE}: so với kỳ trước}}; "
            f"{{{ONLINE_RATE}: so với cùng kỳ}}."
            if total.online + total.direct
            else "Trong kỳ không có hồ sơ tiếp nhận mới để tính tỷ lệ trực tuyến.",
            (ONLINE_RATE,),
        ),
        Says(
            "settled",
            f"Đã giải quyết {{{SETTLED}}} hồ sơ: trước hạn {{{EARLY}}} hồ sơ, đúng hạn {{{ON_TIME}}} hồ sơ, quá hạn "
            f"{{{LATE}}} hồ sơ. Số hồ sơ đã giải quyết {{{SETTLED}: so với kỳ trước}}; {{{SETTLED}: so với cùng kỳ}}."
            if total.settled
            else "Trong kỳ không có hồ sơ giải quyết xong.",
            (SETTLED, EARLY, ON_TIME, LATE),
        ),
        *(
            (
                Says(
                    "rate",
                    f"Tỷ lệ giải quyết trước và đúng hạn: {{{RATE}}} ({{{RATE}: số lượng}}); {{{RATE}: so với kỳ trước}}; "
                    f"{{{RATE}: so với cùng kỳ}}.",
                    (RATE,),
                ),
            )
            if total.settled
            else ()
        ),
        Says(
            "open",
            f"Đến cuối kỳ đang giải quyết {{{OPEN}}} hồ sơ: trong hạn {{{OPEN_IN_TIME}}} hồ sơ, quá hạn {{{OPEN_OVERDUE}}} "
            "hồ sơ."
            if total.still_open
            else "Đến cuối kỳ không còn hồ sơ đang giải quyết.",
            (OPEN, OPEN_IN_TIME, OPEN_OVERDUE),
        ),
    )


def _table(form: Form) -> DataTable:
    names = (
        "Tổng số tiếp nhận (3)", "Trực tuyến (4)", "Trực tiếp, bưu chính (5)", "Từ kỳ trước (6)", "Tổng số đã giải quyết (7)",
        "Trước hạn (8)", "Đúng hạn (9)", "Quá hạn (10)", "Tổng số đang giải quyết (11)", "Trong hạn (12)", "Quá hạn (13)",
    )  # fmt: skip
    return DataTable(
        title=f"{form.edition.title} (Biểu số {form.edition.code})",
        columns=(
            Column("TT (1)", 1.1, "middle"),
            Column("Lĩnh vực, công việc giải quyết (2)", 5.2),
            *(Column(name, 1.65, "count") for name in names),
        ),
        rows=tuple(
            (str(number), line.name, *line.figures.columns) for number, line in enumerate(form.lines, 1)
        ),
        is_summed=True,
        landscape=True,
        note=WAITING[form.waiting],
        form="II.06a",
    )


def _reasons(asked: Asked) -> tuple[str, ...]:
    """Return the reasons that apologies of the period give, the most frequent first, each with how often."""
    rows = Letter.objects.filter(
        agency_id=asked.agency_id,
        kind=Letter.Kind.APOLOGY,
        state=Letter.State.ISSUED,
        issued_on__range=(asked.period.start, asked.until),
    )
    counts = Counter(" ".join(each.split()).rstrip(" .;") for each in rows.values_list("reason", flat=True))
    counts.pop("", None)
    return tuple(
        f"Hồ sơ trễ hạn (theo thư xin lỗi đã ban hành trong kỳ): {reason} ({format_number(times)} thư)."
        for reason, times in counts.most_common(REASONS)
    )
