"""The report on feedback of people and organisations: what came, what was settled in time, what was found out.

Source: Nghị định 20/2008/NĐ-CP, as amended by Nghị định 48/2013/NĐ-CP and 92/2017/NĐ-CP; Nghị định 09/2019/NĐ-CP, Điều 12
(periods). The counts are those of the indicators (``feedback``); complaints and denunciations go their own way and are told
by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from camket.core.measured import Measure, by_name, count, share
from camket.core.report_calendar import Subject
from camket.reporting.kinds.counting import Counts, split, split_table, totals
from camket.reporting.kinds.definition import Asked, Gathered, Says, has, listed

RECEIVED, DUE = "phản ánh, kiến nghị tiếp nhận", "phản ánh, kiến nghị đến hạn"
IN_TIME, LATE, NOT_DONE = (
    "phản ánh, kiến nghị xử lý đúng hạn", "phản ánh, kiến nghị xử lý quá hạn", "phản ánh, kiến nghị đến hạn chưa xử lý",
)  # fmt: skip
ANSWERED, PASSED_ON, SET_ASIDE = (
    "phản ánh, kiến nghị đã trả lời", "phản ánh, kiến nghị chuyển cơ quan có thẩm quyền", "phản ánh, kiến nghị không thụ lý",
)  # fmt: skip
ESTABLISHED, JUSTIFIED = (
    "phản ánh, kiến nghị có kết luận",
    "phản ánh, kiến nghị kết luận đúng hoặc đúng một phần",
)
PUBLISHED, COMPLAINTS = "trả lời được công khai", "đơn khiếu nại, tố cáo tiếp nhận"
OPEN, OVERDUE = "phản ánh, kiến nghị đang xử lý", "phản ánh, kiến nghị quá hạn chưa xử lý"
RATE = "tỷ lệ phản ánh, kiến nghị xử lý đúng hạn"
COUNTS = (
    "received", "due", "in_time", "late", "not_done", "answered", "passed_on", "set_aside", "established", "justified",
    "published", "complaints", "open", "overdue",
)  # fmt: skip
_COLUMNS = (
    ("received", "Tiếp nhận"), ("due", "Đến hạn"), ("in_time", "Đúng hạn"), ("late", "Quá hạn"),
    ("not_done", "Đến hạn chưa xong"), ("justified", "Kết luận đúng, đúng một phần"),
)  # fmt: skip


class Feedback:
    """How feedback was received and settled, by what it is about and by unit."""

    subject = Subject.FEEDBACK.value
    title = "Kết quả tiếp nhận, xử lý phản ánh, kiến nghị của cá nhân, tổ chức"
    basis = (
        "Thực hiện Nghị định số 20/2008/NĐ-CP, được sửa đổi, bổ sung tại Nghị định số 48/2013/NĐ-CP và Nghị định số "
        "92/2017/NĐ-CP"
    )
    paces: tuple[str, ...] = ("month", "quarter", "half_year", "nine_months", "year")
    year_starts = "12-15"
    view = "feedback.view"
    form = "feedback_report"
    shortcomings: tuple[str, ...] = (LATE, OVERDUE)

    def measures(self, asked: Asked) -> tuple[Measure, ...]:
        """Return the counts and the share settled in time."""
        return _measures(totals(asked, "feedback", COUNTS))

    def gather(self, asked: Asked) -> Gathered:
        """Return the counts told, by what feedback is about and by the unit that answers."""
        measures = _measures(totals(asked, "feedback", COUNTS))
        known = by_name(measures)
        return Gathered(
            measures=measures,
            sections=(
                ("KẾT QUẢ TIẾP NHẬN, XỬ LÝ", _results(known)),
                ("KẾT LUẬN VÀ CÔNG KHAI", _outcomes(known)),
            ),
            tables=tuple(
                split_table(
                    title, of, split(asked, "feedback", COUNTS, dimension), _COLUMNS, ("Tỷ lệ đúng hạn", 2, 1)
                )
                for title, of, dimension in (
                    ("Phản ánh, kiến nghị theo nội dung", "Nội dung", "kind"),
                    ("Phản ánh, kiến nghị theo bộ phận xử lý", "Bộ phận xử lý", "unit"),
                )
            ),
        )


def _measures(total: Counts) -> tuple[Measure, ...]:
    names = (
        (RECEIVED, "received"), (DUE, "due"), (IN_TIME, "in_time"), (LATE, "late"), (NOT_DONE, "not_done"),
        (ANSWERED, "answered"), (PASSED_ON, "passed_on"), (SET_ASIDE, "set_aside"), (ESTABLISHED, "established"),
        (JUSTIFIED, "justified"), (OPEN, "open"), (OVERDUE, "overdue"),
    )  # fmt: skip
    return (
        *(count(name, total[key], "phản ánh") for name, key in names),
        count(PUBLISHED, total["published"], "trả lời"),
        count(COMPLAINTS, total["complaints"], "đơn"),
        share(RATE, total["in_time"], total["due"]),
    )


def _ways(known: Mapping[str, Measure]) -> str:
    return listed(
        known,
        (
            (ANSWERED, f"đã trả lời {{{ANSWERED}}}"),
            (PASSED_ON, f"chuyển cơ quan có thẩm quyền {{{PASSED_ON}}}"),
            (SET_ASIDE, f"không thụ lý, có thông báo lý do {{{SET_ASIDE}}}"),
        ),
    )


def _in_time(known: Mapping[str, Measure]) -> str:
    return listed(
        known,
        (
            (IN_TIME, f"xử lý đúng hạn {{{IN_TIME}}}"),
            (LATE, f"xử lý quá hạn {{{LATE}}}"),
            (NOT_DONE, f"chưa xử lý {{{NOT_DONE}}}"),
        ),
    )


def _results(known: Mapping[str, Measure]) -> tuple[Says, ...]:
    said = [
        Says(
            "received",
            f"Trong kỳ tiếp nhận {{{RECEIVED}}} phản ánh, kiến nghị; {{{RECEIVED}: so với kỳ trước}}; "
            f"{{{RECEIVED}: so với cùng kỳ}}."
            if has(known, RECEIVED)
            else "Trong kỳ không tiếp nhận phản ánh, kiến nghị.",
            (RECEIVED,),
        )
    ]
    if has(known, ANSWERED) or has(known, PASSED_ON) or has(known, SET_ASIDE):
        said.append(
            Says(
                "ways",
                f"Kết quả xử lý: {_ways(known)}.",
                (ANSWERED, PASSED_ON, SET_ASIDE),
            )
        )
    if has(known, DUE):
        said += [
            Says(
                "due",
                f"Đến hạn trong kỳ {{{DUE}}} phản ánh, kiến nghị: {_in_time(known)}.",
                (DUE, IN_TIME, LATE, NOT_DONE),
            ),
            Says(
                "rate",
                f"Tỷ lệ xử lý đúng hạn: {{{RATE}}} ({{{RATE}: số lượng}}); {{{RATE}: so với kỳ trước}}; "
                f"{{{RATE}: so với cùng kỳ}}.",
                (RATE,),
            ),
        ]
    said.append(
        Says(
            "open",
            f"Đến cuối kỳ đang xử lý {{{OPEN}}} phản ánh, kiến nghị, "
            + (f"trong đó {{{OVERDUE}}} quá hạn." if has(known, OVERDUE) else "không có trường hợp quá hạn.")
            if has(known, OPEN)
            else "Đến cuối kỳ không còn phản ánh, kiến nghị đang xử lý.",
            (OPEN, OVERDUE),
        )
    )
    if has(known, COMPLAINTS):
        said.append(
            Says(
                "complaints",
                f"Ngoài ra tiếp nhận {{{COMPLAINTS}}} đơn khiếu nại, tố cáo; việc hướng dẫn, chuyển giải quyết thực hiện theo "
                "pháp luật về khiếu nại, tố cáo.",
                (COMPLAINTS,),
            )
        )
    return tuple(said)


def _outcomes(known: Mapping[str, Measure]) -> tuple[Says, ...]:
    return (
        Says(
            "outcome",
            f"Đã kết luận {{{ESTABLISHED}}} phản ánh, kiến nghị về hành vi, quy định; kết luận đúng hoặc đúng một phần "
            f"{{{JUSTIFIED}}}."
            if has(known, ESTABLISHED)
            else "Trong kỳ không có phản ánh, kiến nghị phải kết luận.",
            (ESTABLISHED, JUSTIFIED),
        ),
        Says(
            "published",
            f"Công khai {{{PUBLISHED}}} nội dung trả lời."
            if has(known, PUBLISHED)
            else "Trong kỳ chưa công khai nội dung trả lời nào.",
            (PUBLISHED,),
        ),
    )
