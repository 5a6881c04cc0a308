"""The rhythm and the limits of the improvement cycle: each number with what it says, its bounds and where it comes from.

What a law or the standard asks for is named; where they leave the number to the agency, the product proposes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from camket.core.messages import Message, Refusal, gettext_noop


class NumberNotPossible(Refusal):
    """A number of the rhythm lies outside its bounds; ``field`` names it."""

    def __init__(self, message: Message, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Rule:
    """One number. ``source`` is where it comes from; ``is_law`` that the law bounds it, not the agency alone."""

    key: str
    title: str
    unit: str
    proposed: int
    least: int
    most: int
    source: str
    is_law: bool = False


_MONTHS, _DAYS, _WORKING_DAYS = gettext_noop("months"), gettext_noop("days"), gettext_noop("working days")
_TIMES, _PER_CENT = gettext_noop("dossiers"), gettext_noop("per cent")
_YEARLY = gettext_noop(
    "Quyết định 19/2014/QĐ-TTg and Thông tư 26/2014/TT-BKHCN: at least once a year; ISO 9001:2015, %(clause)s"
)
_LEFT = gettext_noop("ISO 9001:2015, %(clause)s, leaves the number to the agency; proposed by the product")

RULES: tuple[Rule, ...] = (
    Rule(
        "audit_months",
        gettext_noop("Each unit is audited at least every"),
        _MONTHS, 12, 1, 12, "9.2.1", is_law=True,
    ),
    Rule(
        "announced_days",
        gettext_noop("Team and units are told of an audit beforehand"),
        _DAYS, 14, 1, 60, "9.2.2",
    ),
    Rule(
        "review_months",
        gettext_noop("Management review at least every"),
        _MONTHS, 12, 1, 12, "9.3.1", is_law=True,
    ),
    Rule(
        "plan_days",
        gettext_noop("Plan of corrective action after a nonconformity was raised"),
        _WORKING_DAYS, 15, 1, 60, "10.2.1",
    ),
    Rule(
        "judge_days",
        gettext_noop("Effect judged after the last step was accepted"),
        _DAYS, 90, 1, 730, "10.2.1 d",
    ),
    Rule(
        "judge_within",
        gettext_noop("Days given for judging the effect, before it is overdue"),
        _DAYS, 30, 0, 180, "10.2.1 d",
    ),
    Rule("risk_months", gettext_noop("Risks and opportunities rated again every"), _MONTHS, 6, 1, 24, "6.1"),
    Rule(
        "late_share",
        gettext_noop("Late dossiers of a month make a pattern from a share of"),
        _PER_CENT, 10, 1, 100, "10.2.1",
    ),
    Rule(
        "late_least",
        gettext_noop("and from at least so many of them"),
        _TIMES, 3, 1, 1000, "10.2.1",
    ),
)  # fmt: skip
"""All numbers that an agency may set, in the order of the page. Source: see each."""

BY_KEY: Mapping[str, Rule] = {each.key: each for each in RULES}


def source_of(rule: Rule) -> Message:
    """Return where a number comes from."""
    return Message(_YEARLY if rule.is_law else _LEFT, {"clause": rule.source})


def checked(values: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers, each within its bounds. Raises NumberNotPossible, KeyError for what is no number of it.

    >>> checked({"late_share": 20})
    {'late_share': 20}
    """
    for key, value in values.items():
        rule = BY_KEY[key]
        if not rule.least <= value <= rule.most:
            raise NumberNotPossible(
                Message(
                    gettext_noop("Enter a number from %(least)s to %(most)s."),
                    {"least": str(rule.least), "most": str(rule.most)},
                ),
                key,
            )
    return dict(values)


@dataclass(frozen=True, slots=True)
class ReportLimit:
    """Months for the report on what an inspection found, from a day on, by which act of law."""

    valid_from: date
    months: int
    source: str


REPORT_LIMITS: tuple[ReportLimit, ...] = (
    ReportLimit(date(2014, 10, 10), 2, "Thông tư 26/2014/TT-BKHCN, Điều 37"),
)
"""Limits of the law, oldest first; a later act of law is another line."""


def report_limit(on: date) -> ReportLimit:
    """Return the limit that holds on a day; the first one for days before it.

    >>> report_limit(date(2026, 7, 1)).months
    2
    """
    return ([each for each in REPORT_LIMITS if each.valid_from <= on] or list(REPORT_LIMITS[:1]))[-1]
