"""Steps of an internal procedure (B1 … Bn), how long each may take, and their sum against the procedure's limit.

Times are worded as offices word them: “0,5 ngày”, “02 giờ”, “30 phút”, “Giờ hành chính”. A day of a step is a day of
the limit, and holds eight working hours.

Source: layout of internal procedures (quy trình nội bộ) announced by provinces under Nghị định 61/2018/NĐ-CP and
118/2025/NĐ-CP: the steps' times add up to the time limit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from camket.core.dossiers import LimitUnit, TimeLimit
from camket.core.messages import Message, gettext_noop
from camket.core.procedure_list import limit_in
from camket.core.wording.numbers import format_number
from camket.core.wording.text import search_key

HOURS_OF_A_DAY = 8
"""Working hours of a day (Bộ luật Lao động 2019, Điều 105)."""

_OFFICE_HOURS = re.compile(r"gio hanh chinh|gio lam viec|khong tinh|ngay khi|ngay sau khi")
_FRACTION = re.compile(r"^(\d{1,2})\s*/\s*(\d{1,2})\s*(ngay|buoi|gio)")


class Sum(StrEnum):
    """How the steps' times stand against the limit."""

    EQUAL = "equal"
    LESS = "less"
    MORE = "more"
    UNCLEAR = "unclear"  # a step's time is not understood
    NO_LIMIT = "no_limit"
    NO_STEPS = "no_steps"


@dataclass(frozen=True, slots=True)
class Against:
    """The steps' times added up, in days, against the limit in days; ``unread`` are numbers of steps not understood."""

    sum: Sum
    days: Fraction
    limit: Fraction | None
    unread: tuple[int, ...] = ()
    untimed: tuple[int, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether somebody has to look: the sum is another than the limit, or cannot be told."""
        return self.sum in (Sum.LESS, Sum.MORE, Sum.UNCLEAR)

    @property
    def message(self) -> Message:
        """Return in a sentence how the steps stand against the limit."""
        days = said(self.days)
        if self.sum is Sum.NO_STEPS:
            return Message(gettext_noop("No steps are written yet."))
        if self.sum is Sum.UNCLEAR:
            return Message(
                gettext_noop(
                    "The time of these steps is not understood: %(steps)s. Write it as “0,5 ngày”, “02 giờ”, “30 phút” or "
                    "“Giờ hành chính”."
                ),
                {"steps": ", ".join(f"B{number}" for number in self.unread)},
            )
        if self.limit is None:
            return Message(
                gettext_noop("The steps add up to %(days)s days; no time limit is stated."), {"days": days}
            )
        values = {"days": days, "limit": said(self.limit), "gap": said(abs(self.days - self.limit))}
        if self.sum is Sum.EQUAL:
            return Message(
                gettext_noop("The steps add up to %(days)s days, which is the time limit."), values
            )
        if self.sum is Sum.MORE:
            return Message(
                gettext_noop(
                    "The steps add up to %(days)s days: %(gap)s more than the time limit of %(limit)s days. Shorten steps."
                ),
                values,
            )
        return Message(
            gettext_noop(
                "The steps add up to %(days)s days: %(gap)s less than the time limit of %(limit)s days. Give the rest to a step."
            ),
            values,
        )


def days_in(text: str) -> Fraction | None:
    """Return how many days a step's time takes; 0 for office hours and for nothing stated; None where it is unclear.

    >>> days_in("0,5 ngày"), days_in("02 giờ làm việc"), days_in("1/2 ngày")
    (Fraction(1, 2), Fraction(1, 4), Fraction(1, 2))
    >>> days_in("Giờ hành chính"), days_in("1 ngày 4 giờ"), days_in("sớm nhất")
    (Fraction(0, 1), Fraction(3, 2), None)
    """
    key = search_key(text)
    if not key or key in ("-", "/"):
        return Fraction(0)
    if (match := _FRACTION.match(key)) and int(match[2]):
        part = Fraction(int(match[1]), int(match[2]))
        return (
            part * {"ngay": Fraction(1), "buoi": Fraction(1, 2), "gio": Fraction(1, HOURS_OF_A_DAY)}[match[3]]
        )
    has_number = any(sign.isdigit() for sign in key)
    if not has_number:
        return Fraction(0) if _OFFICE_HOURS.search(key) else _of(limit_in(text))
    parts = re.findall(r"\d[\d.,]*[^\d]*", key)
    if len(parts) == 2 and "ngay" in parts[0] and re.search(r"gio|phut", parts[1]):
        whole, rest = days_in(parts[0]), days_in(parts[1])
        return None if whole is None or rest is None else whole + rest
    return _of(limit_in(text))


def _of(limit: TimeLimit | None) -> Fraction | None:
    if limit is None or limit.unit is LimitUnit.NONE:
        return None
    return limit_days(limit)


def limit_days(limit: TimeLimit) -> Fraction | None:
    """Return how many days a limit is; None where there is none.

    >>> limit_days(TimeLimit(LimitUnit.HOURS, Decimal(4)))
    Fraction(1, 2)
    """
    if limit.unit is LimitUnit.SAME_DAY:
        return Fraction(1)
    if limit.unit is LimitUnit.NONE or limit.amount is None:
        return None
    amount = Fraction(limit.amount)
    return amount / HOURS_OF_A_DAY if limit.unit is LimitUnit.HOURS else amount


def against(times: Sequence[str], limit: str) -> Against:
    """Return how the times of the steps, in their order, stand against the time limit as it is worded.

    >>> against(["0,5 ngày", "Giờ hành chính", "2 ngày"], "03 ngày làm việc").sum.value
    'less'
    """
    found = [(number, days_in(each)) for number, each in enumerate(times, 1)]
    days = sum((each for _, each in found if each is not None), Fraction(0))
    stated = limit_in(limit)
    of_limit = limit_days(stated) if stated else None
    unread = tuple(number for number, each in found if each is None)
    untimed = tuple(number for number, each in enumerate(times, 1) if not each.strip())
    if not found:
        return Against(Sum.NO_STEPS, days, of_limit)
    if unread:
        return Against(Sum.UNCLEAR, days, of_limit, unread, untimed)
    if of_limit is None:
        return Against(Sum.NO_LIMIT, days, None, (), untimed)
    kind = Sum.EQUAL if days == of_limit else Sum.MORE if days > of_limit else Sum.LESS
    return Against(kind, days, of_limit, (), untimed)


def said(amount: Fraction) -> str:
    """Return a number of days as offices write it, to three decimals.

    >>> said(Fraction(5, 2))
    '2,5'
    """
    number = (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal("0.001")).normalize()
    return format_number(number)


def limit_on_paper(limit: TimeLimit) -> str:
    """Return a limit as official paper words it, in Vietnamese; "" where there is none.

    >>> limit_on_paper(TimeLimit(LimitUnit.WORKING_DAYS, Decimal(5)))
    '05 ngày làm việc'
    """
    if limit.unit is LimitUnit.SAME_DAY:
        return "Trong ngày làm việc"
    if limit.unit is LimitUnit.NONE or limit.amount is None:
        return ""
    amount = said(Fraction(limit.amount))
    if len(amount) == 1:
        amount = f"0{amount}"
    words = {
        LimitUnit.HOURS: "giờ làm việc",
        LimitUnit.WORKING_DAYS: "ngày làm việc",
        LimitUnit.DAYS: "ngày",
    }
    return f"{amount} {words[limit.unit]}"
