"""What stands between a nonconformity and its next state, and by when.

Source: ISO 9001:2015, 10.2.1 (a react, b find the cause and the like, c act, d review the effect).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.rhythm import report_limit

BEARS_OUT = frozenset({"met", "on_track"})
"""Verdicts of a target that bear out that corrective action has its effect."""


def is_newer(covered_to: date | None, acted_on: date | None) -> bool:
    """Return whether figures tell of days after the last step was done; without a step there is nothing to wait for.

    >>> step = date(2026, 9, 20)
    >>> [is_newer(each, step) for each in (None, step, date(2026, 9, 30))], is_newer(None, None)
    ([False, False, True], True)
    """
    return acted_on is None or (covered_to is not None and covered_to > acted_on)


def is_borne_out(state: str, covered_to: date | None, acted_on: date | None) -> bool:
    """Return whether a target's verdict shows that what was done has its effect: reached, by figures newer than the last step.

    >>> is_borne_out("met", date(2026, 9, 30), date(2026, 9, 20)), is_borne_out("met", date(2026, 6, 30), date(2026, 9, 20))
    (True, False)
    """
    return state in BEARS_OUT and is_newer(covered_to, acted_on)


class NotComplete(Refusal):
    """Something lacks before the next step; ``lacks`` says each."""

    def __init__(self, lacks: Iterable[Message]) -> None:
        self.lacks = tuple(lacks)
        super().__init__(self.lacks[0])


@dataclass(frozen=True, slots=True)
class Treated:
    """How far a nonconformity has been treated. ``steps`` counts those planned anew, ``open_steps`` those not accepted,
    ``done_steps`` those accepted before.
    """

    correction: str = ""
    has_causes: bool = False
    root_cause: str = ""
    similar: str = ""
    no_action: str = ""
    steps: int = 0
    open_steps: int = 0
    done_steps: int = 0
    needs_owner: bool = False


def lacks_for_plan(treated: Treated) -> tuple[Message, ...]:
    """Return what lacks before a plan is submitted for approval.

    Where a correction is enough, its reason stands in place of cause and steps (10.2.1 b: evaluate the need).
    """
    found = []
    if not treated.correction.strip():
        found.append(
            Message(gettext_noop("Say what was put right at once, or why nothing can be put right any more."))
        )
    if not treated.similar.strip():
        found.append(Message(gettext_noop("Say whether the like exists elsewhere, and where you looked.")))
    if treated.no_action.strip():
        return tuple(found)
    if not treated.has_causes:
        found.append(Message(gettext_noop("Write down the causes: at least one, with its whys.")))
    if not treated.root_cause.strip():
        found.append(Message(gettext_noop("Say which cause it comes down to.")))
    if not treated.steps:
        found.append(
            Message(
                gettext_noop(
                    "What was done so far did not keep it away: add a new step, or say why a correction is enough."
                )
                if treated.done_steps
                else gettext_noop("The plan has no step yet: add one, or say why a correction is enough.")
            )
        )
    return tuple(found)


def lacks_for_judging(treated: Treated) -> tuple[Message, ...]:
    """Return what lacks before the effect is judged: every step of the plan is to be accepted."""
    if treated.open_steps:
        return (
            Message(
                gettext_noop(
                    "%(count)s steps of the plan are not accepted yet; the effect is judged after them."
                ),
                {"count": str(treated.open_steps)},
            ),
        )
    return ()


def report_due(inspected_on: date) -> date:
    """Return the day by which what an inspection found is reported as corrected, the last of a month that lacks it.

    >>> report_due(date(2026, 7, 15)), report_due(date(2026, 12, 31))
    (datetime.date(2026, 9, 15), datetime.date(2027, 2, 28))
    """
    return inspected_on + relativedelta(months=report_limit(inspected_on).months)


def is_late_pattern(late: int, finished: int, *, share: int, least: int) -> bool:
    """Return whether a month's late dossiers of a unit or a procedure are more than single cases.

    They are from so many on that make at least a ``share`` in per cent: an agency's own numbers
    (:mod:`camket.core.rhythm`).

    >>> [is_late_pattern(*each, share=10, least=3) for each in ((3, 30), (2, 4), (5, 100))]
    [True, False, False]
    """
    return late >= least and late * 100 >= finished * share
