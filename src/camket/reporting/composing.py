"""The sentences of a report: what is known of each target on the report's days, before, and a year ago.

A draft keeps its sentences with the figures that they were composed with (``Report.narrative``); what the figures are
now is reckoned when it is composed again and before it is issued, so that nobody signs figures that have changed unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils import translation

from camket.core import narrative
from camket.core.exact import rounded, with_unit
from camket.core.narrative import Earlier, Said
from camket.core.periods import split
from camket.core.plan import Every, Period
from camket.core.targets import SHARES, Figure, Verdict, shown_figure
from camket.core.wording.numbers import format_number
from camket.indicators.comparing import year_on_year
from camket.objectives.verdicts import TargetVerdict, verdicts_of_plan
from camket.org.policy import Actor
from camket.reporting.models import Report


@dataclass(frozen=True, slots=True)
class Sentence:
    """A target's sentence: the text with names, whether a person wrote it, and what stands for the names."""

    text: str
    is_own: bool
    figures: Mapping[str, str]

    @property
    def said(self) -> str:
        """The sentence with its figures."""
        return narrative.filled(self.text, self.figures)

    def to_json(self) -> dict[str, Any]:
        """Return the sentence as JSON-ready values."""
        return {**asdict(self), "figures": dict(self.figures)}


@dataclass(frozen=True, slots=True)
class Stale:
    """A sentence whose figures are others now."""

    target_id: int
    said: str
    changes: tuple[narrative.FigureChange, ...]


def sentences_of(report: Report) -> dict[int, Sentence]:
    """Return the sentences that a report keeps, by target; none where it was never composed."""
    return {int(key): Sentence(**value) for key, value in (report.narrative or {}).items()}


def composed(
    actor: Actor, report: Report, on: date, today: date, *, anew: Collection[int] = ()
) -> dict[int, Sentence]:
    """Return the sentences of all targets with the figures as they are now; what a person wrote keeps its words.

    Those of the targets ``anew`` take the proposed words in any case. ``on`` is the day of the report's figures. The
    statements of SQL grow with the number of targets: for acts, not pages.
    """
    kept = sentences_of(report)
    found = {}
    with translation.override("vi"):
        for said, target_id in _said(actor, report, on, today):
            own = kept.get(target_id)
            is_own = own is not None and own.is_own and target_id not in anew
            text = own.text if own is not None and is_own else narrative.proposed(said)
            found[target_id] = Sentence(text, is_own, narrative.figures_of(said))
    return found


def stale(report: Report, now: Mapping[int, Sentence]) -> tuple[Stale, ...]:
    """Return the kept sentences in which a figure is another now, in the order of the report."""
    kept = sentences_of(report)
    return tuple(
        Stale(target_id, then.said, changes)
        for target_id, sentence in now.items()
        if (then := kept.get(target_id)) is not None
        and (changes := narrative.changes(then.text, then.figures, sentence.figures))
    )


def _said(actor: Actor, report: Report, on: date, today: date) -> list[tuple[Said, int]]:
    period = Period(report.period_start, report.period_end)
    judged = verdicts_of_plan(actor, report.plan_id, on, today=today)
    before_name, before = _before(actor, report, judged.period, period, today)
    until = Period(judged.period.start, min(period.end, on))
    year_name = _year_before_name(report, period)
    return [
        (
            _told(target, before.get(target.target_id), before_name, _year_before(actor, target, until, year_name, today)),
            target.target_id,
        )
        for target in judged.targets
    ]  # fmt: skip


def _told(
    target: TargetVerdict, before: TargetVerdict | None, name: str, year_before: Earlier | None
) -> Said:
    verdict = target.verdict
    numerator, denominator = _counts(verdict)
    return Said(
        text=target.target.text,
        state=verdict.state,
        shown=_bare(verdict),
        goal=verdict.goal,
        value=verdict.value,
        unit=target.target.unit or "",
        numerator=numerator,
        denominator=denominator,
        before=Earlier(name, _bare(before.verdict), before.verdict.value)
        if before is not None and before.verdict.shown
        else None,
        year_before=year_before,
    )


def _counts(verdict: Verdict) -> tuple[str, str]:
    """Return numerator and denominator in Vietnamese form; both "" where the result is no share."""
    if verdict.numerator is None or verdict.denominator is None:
        return "", ""
    return format_number(verdict.numerator), format_number(verdict.denominator)


def _bare(verdict: Verdict) -> str:
    return narrative.bare_result(verdict.shown, "/".join(part for part in _counts(verdict) if part))


def _before(
    actor: Actor, report: Report, plan: Period, period: Period, today: date
) -> tuple[str, Mapping[int, TargetVerdict]]:
    """Return what the results up to the quarter before are called, and these; nothing for other periods."""
    if report.kind != Report.Kind.QUARTER or period.start <= plan.start:
        return "", {}
    earlier = [each for each in split(plan, Every.QUARTER) if each.end < period.start]
    last = earlier[-1]
    on = last.end + timedelta(days=1)
    judged = verdicts_of_plan(actor, report.plan_id, on, today=max(today, on))
    return f"kết quả đến hết quý {_ROMAN[len(earlier) - 1]}", {
        each.target_id: each for each in judged.targets
    }


_ROMAN = ("I", "II", "III", "IV")


def _year_before_name(report: Report, period: Period) -> str:
    year = period.end.year - 1
    return f"năm {year}" if report.kind == Report.Kind.YEAR else f"cùng kỳ năm {year}"


def _year_before(
    actor: Actor, target: TargetVerdict, until: Period, name: str, today: date
) -> Earlier | None:
    """Return the result of the same days a year ago, also where other agencies had part in it; None where it is not whole."""
    if target.indicator is None or not target.verdict.shown or until.end < until.start:
        return None
    found = year_on_year(actor, target.indicator.id, until, today)
    if found is None or found.comparison.then is None or found.comparison.difference is None:
        return None
    figure = found.comparison.then.figure
    unit = target.indicator.unit
    share = _share(figure, unit)
    if share is not None:
        value = rounded(share, 2)
        return Earlier(name, with_unit(value, unit), value)
    return Earlier(name, shown_figure(figure, unit), figure.value)


def _share(figure: Figure, unit: str) -> Fraction | None:
    if unit not in SHARES or figure.numerator is None or not figure.denominator:
        return None
    return Fraction(figure.numerator) * SHARES[unit] / Fraction(figure.denominator)
