"""Gathering a report of a kind: its measures of three periods, its statements with their figures, its tables."""

from __future__ import annotations

from datetime import date

from camket.core import measured
from camket.core.measured import Measure
from camket.core.periods import previous, same_last_year
from camket.core.plan import Period
from camket.org.policy import Actor, require
from camket.reporting.kinds import KINDS
from camket.reporting.kinds.definition import Asked, Gathered, ReportKind
from camket.reporting.models import Report
from camket.reporting.periods import compared_with, period_name
from camket.reporting.told import MeasureLine, Section, Statement, ToldContent, ToldHead, figures_of


def gathered(
    actor: Actor, report: Report, until: date, today: date, *, with_earlier: bool = True
) -> ToldContent:
    """Return what a report of a kind says of its days up to ``until``, from the records as they are now.

    Without ``with_earlier`` the periods that it is compared with are not counted, which takes a third of the statements.
    Raises NotAllowed where the actor may not see what it is gathered from.
    """
    kind = KINDS[report.subject]
    require(actor, kind.view)
    period = Period(report.period_start, report.period_end)
    asked = Asked(actor, Period(period.start, until), today, report.kind, period)
    found = kind.gather(asked)
    before, year_before = compared_with(report.kind, period, until)
    then = _measures(kind, asked, before[1], previous(period)) if before and with_earlier else {}
    last_year = _measures(kind, asked, year_before[1], same_last_year(period)) if with_earlier else {}
    head = _head(
        report, kind, until, before[0] if then and before else "", year_before[0] if last_year else ""
    )
    lines = {
        each.name: MeasureLine(each, then.get(each.name), last_year.get(each.name)) for each in found.measures
    }
    return ToldContent(
        head=head,
        sections=_sections(found, lines, head),
        measures=tuple(lines.values()),
        tables=found.tables,
        causes=found.causes,
        wishes=found.wishes,
        shortfall=_shortfall(kind, lines),
    )


def _shortfall(kind: ReportKind, lines: dict[str, MeasureLine]) -> str:
    """Return what the figures tell of shortcomings in a sentence; "" where they tell of none."""
    found = [
        f"{lines[name].now.bare} {name}"
        for name in kind.shortcomings
        if name in lines and lines[name].now.value
    ]
    return f"Có {', '.join(found)}." if found else ""


def _measures(kind: ReportKind, asked: Asked, period: Period, whole: Period) -> dict[str, Measure]:
    """Return the measures of an earlier period by name; none where nothing is recorded of it at all."""
    found = kind.measures(Asked(asked.actor, period, asked.today, asked.pace, whole))
    return {each.name: each for each in found} if measured.is_anything(found) else {}


def _sections(found: Gathered, lines: dict[str, MeasureLine], head: ToldHead) -> tuple[Section, ...]:
    return tuple(
        Section(
            title,
            tuple(Statement(each.key, each.text, figures_of(lines, each.of, head)) for each in statements),
        )
        for title, statements in found.sections
    )


def _head(report: Report, kind: ReportKind, until: date, before_name: str, year_name: str) -> ToldHead:
    agency = report.agency
    when = period_name(report.kind, Period(report.period_start, report.period_end))
    days = f"từ ngày {report.period_start:%d/%m/%Y} đến ngày {until:%d/%m/%Y}"
    basis = f"{kind.basis}, " if kind.basis else ""
    return ToldHead(
        agency_name=agency.name,
        agency_full_name=agency.full_name,
        superior_name=agency.superior_name,
        place=agency.place,
        subject=report.subject,
        title=kind.title,
        opening=f"{basis}{agency.full_name} báo cáo {kind.title[:1].lower()}{kind.title[1:]} {when} ({days}) như sau:",
        form=kind.form,
        kind=report.kind,
        period_name=when,
        period_start=report.period_start,
        period_end=report.period_end,
        as_of=until,
        before_name=before_name,
        year_name=year_name,
    )
