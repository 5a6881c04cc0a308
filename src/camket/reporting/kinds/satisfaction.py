"""The report on people's satisfaction with the settling of administrative procedures, from answered questionnaires.

Source: ISO 9001:2015, 9.1.2; Nghị định 09/2019/NĐ-CP, Điều 12 (periods). The counts are those of the indicators
(``surveys``), which keep answers of small groups to themselves until there are enough of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from camket.core.measured import Measure, by_name, count, share
from camket.core.report_calendar import Subject
from camket.reporting.kinds.counting import Counts, split, split_table, totals
from camket.reporting.kinds.definition import Asked, Gathered, Says, has

RESPONSES, ASKED = "lượt trả lời khảo sát", "người được hỏi"
RATED, CONTENT, DISCONTENT = (
    "lượt trả lời câu hỏi chung", "lượt hài lòng và rất hài lòng", "lượt không hài lòng và rất không hài lòng",
)  # fmt: skip
RATE, AGAINST, SINGLE = (
    "mức độ hài lòng chung",
    "tỷ lệ không hài lòng",
    "tỷ lệ hài lòng ở các câu hỏi thành phần",
)
COUNTS = (
    "asked", "responses", "overall_rated", "overall_satisfied", "overall_dissatisfied", "rated", "satisfied",
    "dissatisfied",
)  # fmt: skip
_WHOLE = (("responses", "Lượt trả lời"), ("overall_rated", "Trả lời câu hỏi chung"), ("overall_satisfied", "Hài lòng"),
          ("overall_dissatisfied", "Không hài lòng"))  # fmt: skip
_SINGLE = (("rated", "Lượt trả lời"), ("satisfied", "Hài lòng"), ("dissatisfied", "Không hài lòng"))


class Satisfaction:
    """How satisfied people are: on the whole, by field, by single question."""

    subject = Subject.SATISFACTION.value
    title = "Kết quả khảo sát sự hài lòng của tổ chức, cá nhân"
    basis = ""
    paces: tuple[str, ...] = ("month", "quarter", "half_year", "nine_months", "year")
    year_starts = "12-15"
    view = "survey.view"
    form = "satisfaction_report"
    shortcomings: tuple[str, ...] = ()

    def measures(self, asked: Asked) -> tuple[Measure, ...]:
        """Return the counts of answers and the shares of those who are satisfied and who are not."""
        return _measures(totals(asked, "surveys", COUNTS))

    def gather(self, asked: Asked) -> Gathered:
        """Return the counts told, by field of procedures and by single question."""
        measures = _measures(totals(asked, "surveys", COUNTS))
        return Gathered(
            measures=measures,
            sections=(("KẾT QUẢ KHẢO SÁT", _results(by_name(measures))),),
            tables=(
                split_table(
                    "Mức độ hài lòng theo lĩnh vực", "Lĩnh vực",
                    [line for line in split(asked, "surveys", COUNTS, "field") if line[1]["responses"]],
                    _WHOLE, ("Tỷ lệ hài lòng", 2, 1),
                ),
                split_table(
                    "Mức độ hài lòng theo câu hỏi thành phần", "Câu hỏi",
                    [line for line in split(asked, "surveys", COUNTS, "question") if line[1]["rated"]],
                    _SINGLE, ("Tỷ lệ hài lòng", 1, 0),
                ),
            ),
        )  # fmt: skip


def _measures(total: Counts) -> tuple[Measure, ...]:
    unit = "lượt"
    return (
        count(RESPONSES, total["responses"], unit),
        count(ASKED, total["asked"], "người"),
        count(RATED, total["overall_rated"], unit),
        count(CONTENT, total["overall_satisfied"], unit),
        count(DISCONTENT, total["overall_dissatisfied"], unit),
        share(RATE, total["overall_satisfied"], total["overall_rated"]),
        share(AGAINST, total["overall_dissatisfied"], total["overall_rated"]),
        share(SINGLE, total["satisfied"], total["rated"]),
    )


def _results(known: Mapping[str, Measure]) -> tuple[Says, ...]:
    if not has(known, RESPONSES):
        return (Says("responses", "Trong kỳ chưa có lượt trả lời khảo sát đủ để công bố.", (RESPONSES,)),)
    said = [
        Says(
            "responses",
            f"Trong kỳ có {{{RESPONSES}}} lượt trả lời khảo sát; {{{RESPONSES}: so với kỳ trước}}; "
            f"{{{RESPONSES}: so với cùng kỳ}}.",
            (RESPONSES,),
        )
    ]
    if has(known, RATED):
        said += [
            Says(
                "rate",
                f"Mức độ hài lòng chung: {{{RATE}}} ({{{RATE}: số lượng}}); {{{RATE}: so với kỳ trước}}; "
                f"{{{RATE}: so với cùng kỳ}}.",
                (RATE,),
            ),
            Says(
                "against",
                f"Tỷ lệ không hài lòng: {{{AGAINST}}} ({{{AGAINST}: số lượng}}); {{{AGAINST}: so với kỳ trước}}; "
                f"{{{AGAINST}: so với cùng kỳ}}."
                if has(known, DISCONTENT)
                else "Không có lượt trả lời không hài lòng ở câu hỏi chung.",
                (AGAINST,),
            ),
        ]
    if known[SINGLE].value is not None:
        said.append(
            Says(
                "single",
                f"Tỷ lệ hài lòng ở các câu hỏi thành phần: {{{SINGLE}}} ({{{SINGLE}: số lượng}}); "
                f"{{{SINGLE}: so với kỳ trước}}; {{{SINGLE}: so với cùng kỳ}}.",
                (SINGLE,),
            )
        )
    return tuple(said)
