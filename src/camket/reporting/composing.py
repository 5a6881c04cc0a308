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
from camket.core.exact import rounded, trimmed, with_unit
from camket.core.narrative import Earlier, Said
from camket.core.periods import ROMAN, split
from camket.core.plan import Every, Period
from camket.core.targets import SHARES, Figure, Verdict, shown_figure
from camket.core.wording.numbers import format_number
from camket.indicators.comparing import YearOnYear, period_compared, year_on_year
from camket.objectives.verdicts import TargetVerdict, verdicts_of_plan
from camket.org.policy import Actor
from camket.reporting.gathering import gathered
from camket.reporting.models import Report, Subject
from camket.reporting.periods import compared_with, day_of, last_day_of
from camket.reporting.told import ToldContent
from camket.reporting.unit_targets import of_unit

Key = int | str
"""What a sentence is kept by: its target's number, or its statement's key."""


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
    """A sentence whose figures are others now; of other subjects a measure or table, "" its sentence."""

    key: Key
    said: str
    changes: tuple[narrative.FigureChange, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """What composing gives: the sentences, and of other subjects than the objectives all that was gathered."""

    sentences: Mapping[Key, Sentence]
    gathered: ToldContent | None = None


def sentences_of(report: Report) -> dict[Key, Sentence]:
    """Return the sentences that a report keeps, by target or statement; none where it was never composed."""
    return sentences_from(report.narrative or {})


def sentences_from(narrative: Mapping[str, Any]) -> dict[Key, Sentence]:
    """Return the sentences that are kept so."""
    return {int(key) if key.isdigit() else key: Sentence(**value) for key, value in narrative.items()}


def sentence_names(key: Key, sentence: Sentence) -> tuple[str, ...]:
    """Return the names of figures that a person may use in a sentence: of a statement those that its figures have."""
    return narrative.NAMES if isinstance(key, int) else tuple(sentence.figures)


def compose(actor: Actor, report: Report, today: date, *, anew: Collection[Key] = ()) -> Composed:
    """Return a report's sentences with the figures as they are now; those of ``anew`` take the proposed words again."""
    if report.subject == Subject.OBJECTIVES:
        return Composed(composed(actor, report, day_of(report, today), today, anew=anew))
    return _composed_of_subject(actor, report, last_day_of(report, today), today, anew=anew)


def changed_since(
    actor: Actor, report: Report, today: date, *, now: Composed | None = None
) -> tuple[Stale, ...]:
    """Return what a report says otherwise now than when it was composed; nothing where it never was.

    Reports of other subjects are held against the same last day as they were composed for, unless their period has
    ended since: what merely came after that day is no change. ``now`` is what was composed just before.
    """
    if report.subject == Subject.OBJECTIVES:
        if report.narrative is None:
            return ()
        return stale(report, (now or compose(actor, report, today)).sentences)
    if report.gathered is None:
        return ()
    kept = ToldContent.from_json(report.gathered)
    last = last_day_of(report, today)
    until = last if today > report.period_end else min(kept.head.as_of, last)
    return tuple(
        Stale(each.name, "", (each,)) for each in kept.changes(gathered(actor, report, until, today))
    )


def _composed_of_subject(
    actor: Actor, report: Report, until: date, today: date, *, anew: Collection[Key]
) -> Composed:
    kept = sentences_of(report)
    content = gathered(actor, report, until, today)
    found: dict[Key, Sentence] = {}
    for each in content.statements:
        own = kept.get(each.key)
        is_own = own is not None and own.is_own and each.key not in anew
        text = own.text if own is not None and is_own else each.text
        found[each.key] = Sentence(text, is_own, each.figures)
    return Composed(found, content)


def composed(
    actor: Actor, report: Report, on: date, today: date, *, anew: Collection[Key] = ()
) -> dict[Key, Sentence]:
    """Return the sentences of all targets with the figures as they are now; what a person wrote keeps its words.

    Those of the targets ``anew`` take the proposed words in any case. ``on`` is the day of the report's figures. The
    statements of SQL grow with the number of targets: for acts, not pages.
    """
    kept = sentences_of(report)
    found: dict[Key, Sentence] = {}
    with translation.override("vi"):
        for said, target_id in _said(actor, report, on, today):
            own = kept.get(target_id)
            is_own = own is not None and own.is_own and target_id not in anew
            text = own.text if own is not None and is_own else narrative.proposed(said)
            found[target_id] = Sentence(text, is_own, narrative.figures_of(said))
    return found


def stale(report: Report, now: Mapping[Key, Sentence]) -> tuple[Stale, ...]:
    """Return the kept sentences in which a figure is another now, in the order of the report."""
    kept = sentences_of(report)
    return tuple(
        Stale(key, then.said, changes)
        for key, sentence in now.items()
        if (then := kept.get(key)) is not None
        and (changes := narrative.changes(then.text, then.figures, sentence.figures))
    )


def _said(actor: Actor, report: Report, on: date, today: date) -> list[tuple[Said, int]]:
    if report.plan_id is None:
        return []
    period = Period(report.period_start, report.period_end)
    judged = of_unit(
        verdicts_of_plan(actor, report.plan_id, on, today=today, until=last_day_of(report, today)),
        report.unit_id,
    )
    before = _before(actor, report, judged.period, period, today)
    until = Period(judged.period.start, min(period.end, on))
    return [
        (
            _told(
                target,
                before.get(target.target_id) or _last_plan(actor, report, target, until, today),
                _year_before(actor, report, target, until, today),
            ),
            target.target_id,
        )
        for target in judged.targets
    ]


def _told(target: TargetVerdict, before: Earlier | None, year_before: Earlier | None) -> Said:
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
        before=before,
        year_before=year_before,
    )


def _counts(verdict: Verdict) -> tuple[str, str]:
    """Return numerator and denominator in Vietnamese form; both "" where the result is no share."""
    if verdict.numerator is None or verdict.denominator is None:
        return "", ""
    return format_number(verdict.numerator), format_number(verdict.denominator)


def _shown_counts(verdict: Verdict) -> str:
    return "/".join(part for part in _counts(verdict) if part)


def _bare(verdict: Verdict) -> str:
    return narrative.bare_result(verdict.shown, _shown_counts(verdict))


def _before(actor: Actor, report: Report, plan: Period, period: Period, today: date) -> Mapping[int, Earlier]:
    """Return by target the result up to the quarter, half or month before in the same plan; nothing for other periods."""
    every = _COMPARED.get(report.kind)
    if report.plan_id is None or every is None or period.start <= plan.start:
        return {}
    earlier = [each for each in split(plan, every) if each.end < period.start]
    last = earlier[-1]
    names = {
        Every.QUARTER: f"quý {ROMAN[len(earlier) - 1]}",
        Every.HALF_YEAR: "6 tháng đầu năm",
        Every.MONTH: f"tháng {last.end.month}",
    }
    on = last.end + timedelta(days=1)
    judged = verdicts_of_plan(actor, report.plan_id, on, today=max(today, on), until=last.end)
    name = f"kết quả đến hết {names[every]}"
    return {
        each.target_id: Earlier(name, _bare(each.verdict), each.verdict.value, _shown_counts(each.verdict))
        for each in judged.targets
        if each.verdict.shown
    }


_COMPARED: Mapping[str, Every] = {
    Report.Kind.HALF_YEAR: Every.HALF_YEAR,
    Report.Kind.QUARTER: Every.QUARTER,
    Report.Kind.MONTH: Every.MONTH,
}
"""Kinds of report whose results are held against those up to the period before."""


def _last_plan(
    actor: Actor, report: Report, target: TargetVerdict, until: Period, today: date
) -> Earlier | None:
    """Return the result of the period before where that lies before the plan began; None where it is not whole.

    What does not add up, and a value that records state, stands for the year so far at the end of the period before,
    and for no such days now.
    """
    if report.kind not in _COMPARED or report.period_start > until.start:
        return None
    before, _year = compared_with(report.kind, Period(report.period_start, report.period_end), until.end)
    if before is None or not _is_comparable(target, until):
        return None
    if target.indicator is None or not target.indicator.adds_up:
        return None
    if target.is_counted and not target.verdict.denominator:
        return None
    name, then = before
    return _earlier(name, _held_against(actor, target, until, today, then=then), target)


def _year_before(
    actor: Actor, report: Report, target: TargetVerdict, until: Period, today: date
) -> Earlier | None:
    """Return the result of the same days a year ago, also where other agencies had part in it; None where it is not whole.

    Where this year's figures end before the report's last day, as many days of last year are taken.
    """
    if not _is_comparable(target, until):
        return None
    found = _held_against(actor, target, until, today)
    if found is None and (known := _days_known(actor, target, until)) is not None and known.end < until.end:
        until = known
        found = _held_against(actor, target, until, today)
    period = Period(report.period_start, report.period_end)
    _before, (name, _days) = compared_with(report.kind, period, until.end)
    return _earlier(name, found, target)


def _is_comparable(target: TargetVerdict, until: Period) -> bool:
    return target.indicator is not None and bool(target.verdict.shown) and until.end >= until.start


def _days_known(actor: Actor, target: TargetVerdict, until: Period) -> Period | None:
    if target.indicator is None:
        return None
    return period_compared(actor, target.indicator.id, until, until.end)


def _held_against(
    actor: Actor, target: TargetVerdict, until: Period, today: date, *, then: Period | None = None
) -> YearOnYear | None:
    """Return a target's indicator against earlier days; None where one of both is not whole."""
    if target.indicator is None:
        return None
    found = year_on_year(actor, target.indicator.id, until, today, then=then)
    if found is None or found.comparison.then is None or found.comparison.difference is None:
        return None
    return found


def _earlier(name: str, found: YearOnYear | None, target: TargetVerdict) -> Earlier | None:
    if found is None or found.comparison.then is None or target.indicator is None:
        return None
    figure, unit = found.comparison.then.figure, target.indicator.unit
    share = _share(figure, unit)
    if share is None:
        return Earlier(name, shown_figure(figure, unit), figure.value)
    value = rounded(share, 2)
    numerator, denominator = figure.numerator, figure.denominator
    counts = (
        f"{format_number(trimmed(numerator))}/{format_number(trimmed(denominator))}"
        if numerator is not None and denominator
        else ""
    )
    return Earlier(name, with_unit(value, unit), value, counts)


def _share(figure: Figure, unit: str) -> Fraction | None:
    if unit not in SHARES or figure.numerator is None or not figure.denominator:
        return None
    return Fraction(figure.numerator) * SHARES[unit] / Fraction(figure.denominator)
