"""The summary of the reports on quality objectives of those below: of the agencies under a committee, else of the own units.

What it says of those below is made of issued reports alone, each named with its number and day, so that every figure
leads to the paper it stands in; who has issued none is named. An issued report is meant for the body above: what is read of
it is what it says, not the records behind it. Where a body below has issued a summary of its own, that tells of the level
below it.

Source: Thông tư 26/2014/TT-BKHCN, Điều 38 (summary to the people's committee of the province).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from camket.core.measured import Measure, by_name, count, share
from camket.core.report_calendar import Subject
from camket.core.wording.dates import format_date
from camket.core.wording.text import begun
from camket.org.queries import agencies_under, heirs, in_order
from camket.reporting.content import ReportContent, TargetLine
from camket.reporting.kinds.definition import Asked, Gathered, Says, has, listed
from camket.reporting.models import Report
from camket.reporting.told import Column, DataTable, ToldContent
from camket.reporting.unit_targets import units_that_report

BODIES, SENT, MISSING = (
    "cơ quan, đơn vị phải báo cáo", "cơ quan, đơn vị đã ban hành báo cáo", "cơ quan, đơn vị chưa ban hành báo cáo",
)  # fmt: skip
TARGETS, MET, ON_TRACK = "chỉ tiêu được báo cáo", "chỉ tiêu đạt", "chỉ tiêu đúng tiến độ"
AT_RISK, MISSED = "chỉ tiêu có nguy cơ không đạt", "chỉ tiêu không đạt"
NO_DATA, NOTHING = "chỉ tiêu chưa có số liệu", "chỉ tiêu không phát sinh"
RATE = "tỷ lệ chỉ tiêu đạt, đúng tiến độ trên số chỉ tiêu có kết quả"
DUE, IN_TIME, OVERDUE = (
    "nhiệm vụ đến hạn trong kỳ",
    "nhiệm vụ hoàn thành đúng hạn",
    "nhiệm vụ quá hạn chưa hoàn thành",
)
IN_TIME_RATE = "tỷ lệ nhiệm vụ hoàn thành đúng hạn"
_STATES = {
    MET: "met",
    ON_TRACK: "on_track",
    AT_RISK: "at_risk",
    MISSED: "missed",
    NO_DATA: "no_data",
    NOTHING: "nothing_arose",
}
SUMMARIES = "báo cáo tổng hợp đã ban hành của cấp dưới"
DEEP_BODIES, DEEP_SENT = (
    "cơ quan, bộ phận phải báo cáo theo báo cáo tổng hợp", "cơ quan, bộ phận đã báo cáo theo báo cáo tổng hợp",
)  # fmt: skip
DEEP_TARGETS = "chỉ tiêu nêu thêm trong báo cáo tổng hợp"
_DEEP_STATES = {f"{name} theo báo cáo tổng hợp": name for name in _STATES}
NEAR = timedelta(days=20)
"""So far the ends of two reporting years may lie apart (14/12 and 31/12) and mean the same period."""
NAMED = 10
"""So many bodies, reasons and proposals are named in a text; the annexes have all."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body below with the report that it issued on the period; None where there is none."""

    name: str
    report: Report | None
    content: ReportContent | None

    @property
    def told(self) -> str:
        """Number, day and version of the report, by which its figures are found."""
        if self.report is None:
            return "Chưa ban hành"
        day = format_date(self.report.issued_on) if self.report.issued_on else ""
        edition = f", bản đính chính lần {self.report.version - 1}" if self.report.version > 1 else ""
        return f"Số {self.report.number} ngày {day}{edition}"

    def states(self, state: str) -> int:
        """Return how many targets have a verdict."""
        return sum(each.state == state for each in self.content.targets) if self.content else 0


@dataclass(frozen=True, slots=True)
class Deeper:
    """The summary that a body below has issued, and what it tells of the level below that body.

    ``of_agencies`` is false where that level are the body's own units: their targets are in the body's own report already.
    """

    name: str
    report: Report
    counts: Mapping[str, int]
    of_agencies: bool

    @property
    def told(self) -> str:
        """Number, day and version of the summary."""
        return Body(self.name, self.report, None).told

    @property
    def bodies(self) -> int:
        """How many had to report, on all levels below."""
        return self.counts.get(BODIES, 0) + self.counts.get(DEEP_BODIES, 0)

    @property
    def sent(self) -> int:
        """How many of them issued their report."""
        return self.counts.get(SENT, 0) + self.counts.get(DEEP_SENT, 0)

    @property
    def targets(self) -> int | None:
        """How many targets of other agencies it tells of; None where it tells of own units."""
        return self.counts.get(TARGETS, 0) + self.counts.get(DEEP_TARGETS, 0) if self.of_agencies else None

    def states(self, deep: str) -> int | None:
        """Return how many of these targets have a verdict, by the name of its measure."""
        if not self.of_agencies:
            return None
        return self.counts.get(_DEEP_STATES[deep], 0) + self.counts.get(deep, 0)


class Summary:
    """What the issued reports of those below say together."""

    subject = Subject.SUMMARY.value
    title = "Tổng hợp kết quả thực hiện mục tiêu chất lượng"
    basis = ""
    paces: tuple[str, ...] = ("quarter", "half_year", "nine_months", "year", "month")
    year_starts = "01-01"
    view = "plan.view"
    form = "summary_report"
    shortcomings: tuple[str, ...] = (MISSING, MISSED, AT_RISK, OVERDUE)

    def measures(self, asked: Asked) -> tuple[Measure, ...]:
        """Return the counts over all issued reports of a period; nought where none was issued."""
        bodies, deeper = _below(asked)
        told = _measures(bodies if any(each.report for each in bodies) else ())
        return (*told, *_deep_measures(deeper))

    def gather(self, asked: Asked) -> Gathered:
        """Return the counts told, each body with its report and figures, and the targets that are not reached."""
        bodies, deeper = _below(asked)
        measures = (*_measures(bodies), *_deep_measures(deeper))
        known = by_name(measures)
        return Gathered(
            measures=measures,
            sections=(
                ("TÌNH HÌNH BÁO CÁO", _reported(known, bodies)),
                ("KẾT QUẢ THỰC HIỆN", _results(known)),
            ),
            tables=(_by_body(bodies), *_by_summary(deeper), *_not_reached(bodies)),
            causes=tuple(
                f"{body.name}: {target.text.rstrip(' .')}: {_line(target.reason)}."
                for body, target in _failing(bodies)
                if target.reason.strip()
            )[:NAMED],
            wishes=tuple(
                f"{body.name}: {line.strip()}"
                for body in bodies
                if body.content
                for line in body.content.proposals.splitlines()
                if line.strip()
            )[:NAMED],
        )


def _below(asked: Asked) -> tuple[tuple[Body, ...], tuple[Deeper, ...]]:
    """Return the agencies directly below with their issued reports and summaries, by name; without any the own units."""
    on = min(asked.today, asked.whole.end)
    agencies = list(
        agencies_under(asked.agency_id, on)
        .filter(parent_id=asked.agency_id)
        .values_list("pk", "name", "code")
    )
    if agencies:
        agencies.sort(key=lambda each: (in_order(each[1]), each[2]))
        ids = [pk for pk, _, _ in agencies]
        found = _issued(asked, by_unit=False, ids=ids)
        bodies = tuple(_body(name, found.get(pk)) for pk, name, _ in agencies)
        return bodies, _deeper(asked, {pk: name for pk, name, _ in agencies}, on)
    units = units_that_report(asked.agency_id, asked.whole)
    found = _issued(asked, by_unit=True, ids=list(units))
    # Who is a unit no longer stands with the report that it issued, and owes none.
    former = {each.former_id for each in heirs(asked.agency_id)}
    bodies = tuple(
        _body(name, found.get(pk)) for pk, name in units.items() if pk in found or pk not in former
    )
    return bodies, ()


def _deeper(asked: Asked, names: Mapping[int, str], on: date) -> tuple[Deeper, ...]:
    found = _issued(asked, by_unit=False, ids=list(names), subject=Subject.SUMMARY)
    if not found:
        return ()
    parents = set(
        agencies_under(asked.agency_id, on).filter(parent_id__in=names).values_list("parent_id", flat=True)
    )
    return tuple(
        Deeper(name, report, _counts(report), pk in parents)
        for pk, name in names.items()
        if (report := found.get(pk)) is not None and report.snapshot
    )


def _counts(report: Report) -> dict[str, int]:
    lines = ToldContent.from_json(report.snapshot or {}).measures
    return {
        line.now.name: int(line.now.value)
        for line in lines
        if line.now.value is not None and not line.now.is_share
    }


def _body(name: str, report: Report | None) -> Body:
    content = ReportContent.from_json(report.snapshot) if report is not None and report.snapshot else None
    return Body(name, report if content is not None else None, content)


def _issued(
    asked: Asked, *, by_unit: bool, ids: Collection[int], subject: Subject = Subject.OBJECTIVES
) -> dict[int, Report]:
    """Return the report in force of each body on the period: that whose end lies nearest, the one issued last."""
    end = asked.whole.end
    rows = Report.objects.filter(
        subject=subject.value,
        state=Report.State.ISSUED,
        period_end__range=(end - NEAR, end + NEAR),
    )
    rows = (
        rows.filter(agency_id=asked.agency_id, unit_id__in=ids)
        if by_unit
        else rows.filter(agency_id__in=ids, unit=None)
    )
    if asked.pace:
        rows = rows.filter(kind=asked.pace)
    found: dict[int, Report] = {}
    for row in rows.order_by("pk").iterator(chunk_size=200):
        key = row.unit_id if by_unit else row.agency_id
        if key is not None and (key not in found or _fits(row, end) >= _fits(found[key], end)):
            found[key] = row
    return found


def _fits(row: Report, end: date) -> tuple[int, date]:
    return (-abs((row.period_end - end).days), row.issued_on or date.min)


def _measures(bodies: Sequence[Body]) -> tuple[Measure, ...]:
    sent = [each for each in bodies if each.content is not None]
    work = [each.content.all_work for each in sent if each.content]
    due, in_time = sum(each.total for each in work), sum(each.on_time for each in work)
    states = {name: sum(each.states(state) for each in sent) for name, state in _STATES.items()}
    well = states[MET] + states[ON_TRACK]
    return (
        count(BODIES, len(bodies), "cơ quan, đơn vị"),
        count(SENT, len(sent), "cơ quan, đơn vị"),
        count(MISSING, len(bodies) - len(sent), "cơ quan, đơn vị"),
        count(TARGETS, sum(states.values()), "chỉ tiêu"),
        *(count(name, number, "chỉ tiêu") for name, number in states.items()),
        share(RATE, well, well + states[AT_RISK] + states[MISSED]),
        count(DUE, due, "nhiệm vụ"),
        count(IN_TIME, in_time, "nhiệm vụ"),
        count(OVERDUE, sum(each.overdue for each in work), "nhiệm vụ"),
        share(IN_TIME_RATE, in_time, due),
    )


def _deep_measures(deeper: Sequence[Deeper]) -> tuple[Measure, ...]:
    return (
        count(SUMMARIES, len(deeper), "báo cáo"),
        count(DEEP_BODIES, sum(each.bodies for each in deeper), "cơ quan, bộ phận"),
        count(DEEP_SENT, sum(each.sent for each in deeper), "cơ quan, bộ phận"),
        count(DEEP_TARGETS, sum(each.targets or 0 for each in deeper), "chỉ tiêu"),
        *(count(deep, sum(each.states(deep) or 0 for each in deeper), "chỉ tiêu") for deep in _DEEP_STATES),
    )


def _reported(known: Mapping[str, Measure], bodies: Sequence[Body]) -> tuple[Says, ...]:
    said = [
        Says("sent", f"Đến thời điểm tổng hợp, {{{SENT}}}/{{{BODIES}}} cơ quan, đơn vị đã ban hành báo cáo.", (SENT, BODIES))
        if has(known, BODIES)
        else Says("sent", "Không có cơ quan, đơn vị trực thuộc phải báo cáo trong kỳ.", (BODIES,))
    ]  # fmt: skip
    missing = [_bare(each.name) for each in bodies if each.report is None]
    if missing:
        rest = len(missing) - NAMED
        named = "; ".join(missing[:NAMED]) + (
            f" và {rest} cơ quan, đơn vị khác (tại phụ lục)" if rest > 0 else ""
        )
        said.append(
            Says("missing", f"Còn {{{MISSING}}} cơ quan, đơn vị chưa ban hành báo cáo: {named}.", (MISSING,))
        )
    if has(known, SUMMARIES):
        said.append(
            Says(
                "summaries",
                f"Theo {{{SUMMARIES}}} báo cáo tổng hợp đã ban hành của cấp dưới, {{{DEEP_SENT}}}/{{{DEEP_BODIES}}} cơ quan, "
                "bộ phận tại đó đã ban hành báo cáo.",
                (SUMMARIES, DEEP_SENT, DEEP_BODIES),
            )
        )
    return tuple(said)


def _in_states(known: Mapping[str, Measure]) -> str:
    return listed(
        known,
        (
            (MET, f"đạt {{{MET}}}"),
            (ON_TRACK, f"đúng tiến độ {{{ON_TRACK}}}"),
            (AT_RISK, f"có nguy cơ không đạt {{{AT_RISK}}}"),
            (MISSED, f"không đạt {{{MISSED}}}"),
            (NO_DATA, f"chưa có số liệu {{{NO_DATA}}}"),
            (NOTHING, f"không phát sinh {{{NOTHING}}}"),
        ),
    )


def _results(known: Mapping[str, Measure]) -> tuple[Says, ...]:
    deep = _deep_results(known)
    if not has(known, TARGETS):
        return (Says("targets", "Chưa có chỉ tiêu nào được báo cáo trong kỳ.", (TARGETS,)), *deep)
    said = [
        Says(
            "targets",
            f"Các báo cáo nêu {{{TARGETS}}} chỉ tiêu: {_in_states(known)}.",
            (TARGETS, *_STATES),
        )
    ]
    if known[RATE].value is not None:
        said.append(
            Says(
                "rate",
                f"Trong số chỉ tiêu có kết quả, {{{RATE}}} ({{{RATE}: số lượng}}) đạt hoặc đúng tiến độ; "
                f"{{{RATE}: so với kỳ trước}}; {{{RATE}: so với cùng kỳ}}.",
                (RATE,),
            )
        )
    if has(known, DUE):
        said.append(
            Says(
                "work",
                f"Trong {{{DUE}}} nhiệm vụ đến hạn trong kỳ, {{{IN_TIME}}} hoàn thành đúng hạn ({{{IN_TIME_RATE}}}), "
                f"{{{OVERDUE}}} quá hạn chưa hoàn thành.",
                (DUE, IN_TIME, IN_TIME_RATE, OVERDUE),
            )
        )
    return (*said, *deep)


def _deep_results(known: Mapping[str, Measure]) -> tuple[Says, ...]:
    if not has(known, DEEP_TARGETS):
        return ()
    met, on_track, at_risk, missed, no_data, nothing = _DEEP_STATES
    return (
        Says(
            "deeper",
            f"Báo cáo tổng hợp của cấp dưới nêu thêm {{{DEEP_TARGETS}}} chỉ tiêu của các cơ quan tại đó: đạt {{{met}}}, đúng "
            f"tiến độ {{{on_track}}}, có nguy cơ không đạt {{{at_risk}}}, không đạt {{{missed}}}, chưa có số liệu "
            f"{{{no_data}}}, không phát sinh {{{nothing}}}.",
            (DEEP_TARGETS, *_DEEP_STATES),
        ),
    )


def _by_summary(deeper: Sequence[Deeper]) -> tuple[DataTable, ...]:
    """Return what each summary from below tells of the level below it; nothing where there is none."""
    if not deeper:
        return ()
    heads = ("Phải báo cáo", "Đã ban hành", "Chỉ tiêu", "Đạt", "Đúng tiến độ", "Có nguy cơ không đạt", "Không đạt",
             "Chưa có số liệu", "Không phát sinh")  # fmt: skip
    return (
        DataTable(
            title="Kết quả tại cấp dưới tiếp theo và báo cáo tổng hợp làm căn cứ",
            columns=(
                Column("TT", 1.1, "middle"),
                Column("Cơ quan tổng hợp", 4.0),
                Column("Báo cáo tổng hợp", 3.6),
                Column("Tổng hợp từ", 2.4),
                *(Column(head, 1.6, "count") for head in heads),
            ),
            rows=tuple(
                (
                    str(number),
                    each.name,
                    each.told,
                    "Cơ quan cấp dưới" if each.of_agencies else "Bộ phận",
                    each.bodies,
                    each.sent,
                    each.targets,
                    *(each.states(deep) for deep in _DEEP_STATES),
                )
                for number, each in enumerate(deeper, 1)
            ),
            is_summed=True,
            landscape=True,
            note="Chỉ tiêu của bộ phận đã nằm trong báo cáo của cơ quan có bộ phận đó nên không tính lại ở đây.",
        ),
    )


def _by_body(bodies: Sequence[Body]) -> DataTable:
    heads = ("Chỉ tiêu", "Đạt", "Đúng tiến độ", "Có nguy cơ không đạt", "Không đạt", "Chưa có số liệu", "Không phát sinh",
             "Nhiệm vụ đến hạn", "Đúng hạn", "Quá hạn")  # fmt: skip
    return DataTable(
        title="Kết quả theo từng cơ quan, đơn vị và báo cáo làm căn cứ",
        columns=(
            Column("TT", 1.1, "middle"),
            Column("Cơ quan, đơn vị", 4.4),
            Column("Báo cáo", 3.6),
            *(Column(head, 1.6, "count") for head in heads),
        ),
        rows=tuple(
            (str(number), each.name, each.told, *_figures(each)) for number, each in enumerate(bodies, 1)
        ),
        is_summed=True,
        landscape=True,
        note="Mỗi dòng lấy nguyên số liệu của báo cáo đã ban hành nêu tại cột “Báo cáo”.",
    )


def _figures(body: Body) -> tuple[int | None, ...]:
    if body.content is None:
        return (None,) * 10
    work = body.content.all_work
    states = [body.states(each) for each in _STATES.values()]
    return (sum(states), *states, work.total, work.on_time, work.overdue)


def _failing(bodies: Sequence[Body]) -> tuple[tuple[Body, TargetLine], ...]:
    """Return the targets missed or at risk, the missed ones of each body first."""
    return tuple(
        (body, target)
        for body in bodies
        if body.content
        for target in sorted(body.content.targets, key=lambda each: each.state != "missed")
        if target.needs_remark
    )


def _not_reached(bodies: Sequence[Body]) -> tuple[DataTable, ...]:
    """Return the targets missed or at risk, each with its report; nothing where there are none."""
    failing = _failing(bodies)
    if not failing:
        return ()
    table = DataTable(
        title="Chỉ tiêu không đạt, có nguy cơ không đạt",
        columns=(
            Column("TT", 1.1, "middle"),
            Column("Cơ quan, đơn vị", 3.4),
            Column("Chỉ tiêu", 5.2),
            Column("Kết quả", 2.6),
            Column("Đánh giá", 2.4),
            Column("Nguyên nhân", 4.4),
            Column("Biện pháp", 4.4),
            Column("Báo cáo", 2.8),
        ),
        rows=tuple(
            (str(number), body.name, begun(target.text), target.shown, target.state_word, _line(target.reason),
             _line(target.remedy), body.told)
            for number, (body, target) in enumerate(failing, 1)
        ),
        landscape=True,
    )  # fmt: skip
    return (table,)


def _line(text: str) -> str:
    return " ".join(text.split()).rstrip(" .")


def _bare(name: str) -> str:
    """Return a name that stands in a sentence beside figures in braces."""
    return name.replace("{", "(").replace("}", ")")
