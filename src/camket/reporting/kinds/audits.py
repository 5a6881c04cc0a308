"""The report on the internal audits whose reports were issued in a period: units, findings by grade, what is settled.

Source: ISO 9001:2015, 9.2. Units and nonconformities are those of the indicators (``audits``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Prefetch

from camket.core.measured import Measure, by_name, count, share
from camket.core.report_calendar import Subject
from camket.core.wording.dates import format_date
from camket.improvement.models import Audit, AuditedUnit, Finding
from camket.reporting.kinds.counting import Counts, totals
from camket.reporting.kinds.definition import Asked, Gathered, Says, has, listed
from camket.reporting.told import Column, DataTable

HELD, UNITS, CONFORMING = (
    "cuộc đánh giá nội bộ", "lượt bộ phận được đánh giá", "lượt bộ phận không có điểm không phù hợp",
)  # fmt: skip
MAJOR, MINOR, OBSERVED, CHANCES, GOOD = (
    "điểm không phù hợp nặng", "điểm không phù hợp nhẹ", "điểm cần lưu ý", "cơ hội cải tiến", "điểm mạnh được ghi nhận",
)  # fmt: skip
SETTLED = "điểm không phù hợp đã khắc phục xong"
RATE = "tỷ lệ điểm không phù hợp đã khắc phục xong"
COUNTS = ("units", "conforming", "nonconforming", "settled")
_GRADES = {"major": MAJOR, "minor": MINOR, "observation": OBSERVED, "opportunity": CHANCES, "good": GOOD}


class Audits:
    """What internal audits found, and what became of it."""

    subject = Subject.AUDITS.value
    title = "Kết quả đánh giá nội bộ Hệ thống quản lý chất lượng"
    basis = ""
    paces: tuple[str, ...] = ("quarter", "half_year", "nine_months", "year")
    year_starts = "01-01"
    view = "audit.view"
    form = "audits_report"
    shortcomings: tuple[str, ...] = (MAJOR, MINOR)

    def measures(self, asked: Asked) -> tuple[Measure, ...]:
        """Return the counts of audits, units and findings, and the share of nonconformities that is settled."""
        return _measures(_reported(asked), totals(asked, "audits", COUNTS))

    def gather(self, asked: Asked) -> Gathered:
        """Return the counts told, every audit with its report, and every nonconformity that was found."""
        audits = _reported(asked)
        measures = _measures(audits, totals(asked, "audits", COUNTS))
        return Gathered(
            measures=measures,
            sections=(("KẾT QUẢ ĐÁNH GIÁ", _results(by_name(measures))),),
            tables=(_table(audits), *_findings(audits)),
            wishes=tuple(" ".join(each.proposals.split()) for each in audits if each.proposals.strip()),
        )


def _reported(asked: Asked) -> list[Audit]:
    """Return the audits whose reports were issued in the period, with units and the findings that stand."""
    stands = Finding.objects.filter(is_withdrawn=False).order_by("serial")
    units = AuditedUnit.objects.select_related("unit").order_by("order")
    rows = Audit.objects.filter(
        agency_id=asked.agency_id,
        state__in=("reported", "closed"),
        reported_on__range=(asked.period.start, asked.until),
    ).prefetch_related(Prefetch("units", units.prefetch_related(Prefetch("findings", stands))))
    return list(rows.order_by("reported_on", "pk"))


def _grades(audits: Sequence[Audit]) -> Counter[str]:
    return Counter(
        finding.grade for audit in audits for unit in audit.units.all() for finding in unit.findings.all()
    )


def _measures(audits: Sequence[Audit], total: Counts) -> tuple[Measure, ...]:
    grades = _grades(audits)
    return (
        count(HELD, len(audits), "cuộc"),
        count(UNITS, total["units"], "lượt"),
        count(CONFORMING, total["conforming"], "lượt"),
        *(count(name, grades[grade], "điểm") for grade, name in _GRADES.items()),
        count(SETTLED, total["settled"], "điểm"),
        share(RATE, total["settled"], total["nonconforming"]),
    )


def _results(known: Mapping[str, Measure]) -> tuple[Says, ...]:
    if not has(known, HELD):
        return (Says("held", "Trong kỳ không có cuộc đánh giá nội bộ nào ban hành báo cáo.", (HELD,)),)
    against = has(known, MAJOR) or has(known, MINOR)
    found = listed(known, tuple((name, f"{{{name}}} {name}") for name in _GRADES.values()))
    return (
        Says(
            "held",
            f"Trong kỳ ban hành báo cáo của {{{HELD}}} cuộc đánh giá nội bộ với {{{UNITS}}} lượt bộ phận được đánh giá, trong đó "
            f"{{{CONFORMING}}} lượt bộ phận không có điểm không phù hợp; {{{HELD}: so với kỳ trước}}; "
            f"{{{HELD}: so với cùng kỳ}}.",
            (HELD, UNITS, CONFORMING),
        ),
        Says(
            "found",
            f"Phát hiện: {found}." if found else "Không có phát hiện nào phải ghi nhận.",
            (MAJOR, MINOR, OBSERVED, CHANCES, GOOD),
        ),
        Says(
            "settled",
            f"Đã khắc phục xong {{{RATE}: số lượng}} điểm không phù hợp ({{{RATE}}})."
            if against
            else "Không có điểm không phù hợp phải khắc phục.",
            (RATE,),
        ),
    )


def _table(audits: Sequence[Audit]) -> DataTable:
    rows: list[tuple[str | int | None, ...]] = []
    for number, each in enumerate(audits, 1):
        grades = _grades([each])
        days = format_date(each.starts_on)
        if each.ends_on != each.starts_on:
            days += f" - {format_date(each.ends_on)}"
        rows.append(
            (
                str(number),
                each.title,
                "; ".join(unit.unit.name for unit in each.units.all()),
                days,
                each.report_number,
                *(grades[grade] for grade in _GRADES),
            )
        )
    return DataTable(
        title="Các cuộc đánh giá nội bộ đã ban hành báo cáo",
        columns=(
            Column("TT", 1.1, "middle"),
            Column("Cuộc đánh giá", 5.0),
            Column("Bộ phận được đánh giá", 5.0),
            Column("Thời gian", 2.8, "middle"),
            Column("Báo cáo số", 2.4, "middle"),
            Column("KPH nặng", 1.6, "count"),
            Column("KPH nhẹ", 1.6, "count"),
            Column("Lưu ý", 1.6, "count"),
            Column("Cơ hội cải tiến", 1.6, "count"),
            Column("Điểm mạnh", 1.6, "count"),
        ),
        rows=tuple(rows),
        is_summed=True,
        landscape=True,
    )


def _findings(audits: Sequence[Audit]) -> tuple[DataTable, ...]:
    """Return the nonconforming findings; nothing where there are none."""
    found = [
        (audit, unit, finding)
        for audit in audits
        for unit in audit.units.all()
        for finding in unit.findings.all()
        if finding.grade in (Finding.Grade.MAJOR, Finding.Grade.MINOR)
    ]
    if not found:
        return ()
    return (
        DataTable(
            title="Điểm không phù hợp phát hiện qua đánh giá nội bộ",
            columns=(
                Column("TT", 1.1, "middle"),
                Column("Cuộc đánh giá", 4.4),
                Column("Bộ phận", 3.6),
                Column("Điều khoản", 1.8, "middle"),
                Column("Mức độ", 1.8, "middle"),
                Column("Nội dung", 8.0),
            ),
            rows=tuple(
                (
                    str(number),
                    audit.title,
                    unit.unit.name,
                    finding.clause,
                    "Nặng" if finding.grade == Finding.Grade.MAJOR else "Nhẹ",
                    " ".join(finding.text.split()),
                )
                for number, (audit, unit, finding) in enumerate(found, 1)
            ),
            landscape=True,
        ),
    )
