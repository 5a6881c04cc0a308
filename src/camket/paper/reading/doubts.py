"""What a person should look at before accepting a reading: gaps, contradictions, values that look wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from camket.core.messages import Message, gettext_noop
from camket.core.plan import RELATIVE_KINDS, Level, Objective, ScheduleKind, Target, TargetKind
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number
from camket.paper.reading.document import ReadingWarning
from camket.paper.reading.plan import Assembled

_LARGEST_BUDGET = {
    Level.COMMUNE: Decimal(1500),
    Level.WARD: Decimal(3000),
    Level.DISTRICT: Decimal(8000),
    Level.DEPARTMENT: Decimal(3000),
}
"""Billions of đồng above which a value is doubtful for a level: several times a large budget of its kind."""


def doubts_of(done: Assembled, notes: set[str]) -> tuple[ReadingWarning, ...]:
    """Return the warnings of a reading, those of the whole document first."""
    warnings = [
        *_of_file(notes),
        *_of_head(done),
        *_of_objectives(done),
        *_of_copies(done),
        *_of_rest(done),
    ]
    return tuple(
        ReadingWarning(item.path, item.message, item.span or done.spans.get(item.path)) for item in warnings
    )


def _warning(path: str, template: str, **params: str) -> ReadingWarning:
    return ReadingWarning(path, Message(template, params))


def _of_file(notes: set[str]) -> Iterator[ReadingWarning]:
    if "ocr" in notes:
        yield _warning(
            "",
            gettext_noop(
                "The file holds pictures of pages; their text was recognised. Please compare every field with the paper."
            ),
        )
    if "pictures" in notes:
        yield _warning(
            "",
            gettext_noop(
                "Some pages are pictures and were not read, because text recognition is not installed here."
            ),
        )
    if "broken_table" in notes:
        yield _warning(
            "",
            gettext_noop(
                "A table in this text lost its columns, so its rows could not be told apart. Please choose the DOCX or PDF file."
            ),
        )
    for name, shown in (("tcvn3", "TCVN3"), ("vni", "VNI")):
        if name in notes:
            yield _warning(
                "",
                gettext_noop(
                    "Text in the old %(encoding)s fonts was converted. Please check marks and capitals."
                ),
                encoding=shown,
            )


def _of_head(done: Assembled) -> Iterator[ReadingWarning]:
    outline, plan = done.outline, done.plan
    if plan.agency.name is None:
        yield _warning("agency.name", gettext_noop("The agency was not found. Please type its name."))
    elif plan.agency.level is None:
        yield _warning(
            "agency.level", gettext_noop("The level of the agency was not recognised. Please choose it.")
        )
    if plan.year is None:
        yield _warning("year", gettext_noop("The year was not found. Please type it."))
    if plan.decision is not None:
        if plan.decision.number is None:
            yield _warning(
                "decision.number",
                gettext_noop("The document has no number yet; it is given after signature."),
            )
        if plan.decision.date is None:
            yield _warning(
                "decision.date",
                gettext_noop("The document has no full date yet; it is given after signature."),
            )
        if plan.decision.signed_by is None:
            yield _warning(
                "decision.signed_by", gettext_noop("The signer was not found. Please type the name.")
            )
        if (
            plan.year is not None
            and plan.decision.date is not None
            and abs(plan.decision.date.year - plan.year) > 1
        ):
            yield _warning(
                "decision.date",
                gettext_noop("The document is dated %(date)s but its objectives are of the year %(year)s."),
                date=format_date(plan.decision.date),
                year=str(plan.year),
            )
    elif not outline.title:
        yield _warning("decision", gettext_noop("The decision's head was not found in the file."))
    if not plan.objectives:
        yield _warning(
            "objectives",
            gettext_noop("No quality objective was found. Please check that this is the right file."),
        )


def _of_objectives(done: Assembled) -> Iterator[ReadingWarning]:
    plan = done.plan
    has_actions = any(objective.actions for objective in plan.objectives)
    has_leads = any(action.lead for objective in plan.objectives for action in objective.actions)
    seen: dict[str, int] = {}
    for i, objective in enumerate(plan.objectives):
        path = f"objectives[{i}]"
        if objective.number in seen:
            yield _warning(
                f"{path}.number",
                gettext_noop("The number %(number)s stands at two objectives."),
                number=objective.number,
            )
        seen[objective.number] = i
        if not objective.targets:
            yield _warning(
                f"{path}.text",
                gettext_noop("Objective %(number)s has no target that can be measured."),
                number=objective.number,
            )
        if has_actions and not objective.actions:
            yield _warning(
                f"{path}.text", gettext_noop("Objective %(number)s has no action."), number=objective.number
            )
        for k, draft_target in enumerate(done.drafts[i].targets):
            for message in draft_target.warnings:
                yield ReadingWarning(f"{path}.targets[{k}]", message)
            if not draft_target.warnings:
                yield from _of_target(done, draft_target.target, f"{path}.targets[{k}]")
        yield from _of_actions(done, objective, path, has_leads=has_leads)


def _of_target(done: Assembled, target: Target, path: str) -> Iterator[ReadingWarning]:
    value, unit = target.value, (target.unit or "").casefold()
    if not isinstance(value, Decimal):
        return
    level = done.plan.agency.level
    limit = _LARGEST_BUDGET.get(level) if level is not None else None
    if limit is not None and unit.startswith(("tỷ đồng", "tỉ đồng", "tỷ")) and value > limit:
        yield _warning(
            path,
            gettext_noop(
                "%(value)s %(unit)s looks too much for a body of this level; is the point a decimal mark?"
            ),
            value=format_number(value),
            unit=target.unit or "",
        )
    if unit == "%" and value > 100 and target.kind not in RELATIVE_KINDS:
        yield _warning(
            path,
            gettext_noop("%(value)s %% is more than the whole."),
            value=format_number(value),
        )
    if target.upper is not None and target.kind is TargetKind.BETWEEN and target.upper < value:
        yield _warning(
            path,
            gettext_noop("The range runs from %(low)s down to %(high)s."),
            low=format_number(value),
            high=format_number(target.upper),
        )
    if target.kind is TargetKind.COUNT_OF and target.upper is not None and value > target.upper:
        yield _warning(
            path,
            gettext_noop("%(value)s of %(whole)s is more than the whole."),
            value=format_number(value),
            whole=format_number(target.upper),
        )


def _of_actions(
    done: Assembled, objective: Objective, path: str, *, has_leads: bool
) -> Iterator[ReadingWarning]:
    decision = done.plan.decision
    signed: date | None = decision.date if decision is not None else None
    earlier: dict[tuple[str, str | None, tuple[str, ...]], int] = {}
    for k, action in enumerate(objective.actions):
        own = f"{path}.actions[{k}]"
        if not action.lead:
            template = (
                gettext_noop("The action “%(action)s” has nobody to lead it.")
                if has_leads
                else gettext_noop("The plan names nobody to lead the action “%(action)s”.")
            )
            yield _warning(f"{own}.lead", template, action=_shortened(action.text))
        key = (action.text, action.when, action.lead)
        if key in earlier:
            yield _warning(
                f"{own}.text",
                gettext_noop("The action “%(action)s” stands twice."),
                action=_shortened(action.text),
            )
        earlier[key] = k
        read = done.schedules.get(f"{own}.when")
        if action.when is None:
            yield _warning(
                f"{own}.when",
                gettext_noop("The action “%(action)s” has no time."),
                action=_shortened(action.text),
            )
        elif read is not None and not read.warnings and (read.rest or not action.schedule):
            yield _warning(
                f"{own}.when",
                gettext_noop("The time “%(when)s” was not fully understood."),
                when=read.rest or action.when,
            )
        if read is not None:
            for message in read.warnings:
                yield ReadingWarning(f"{own}.when", message)
        for entry in action.schedule:
            last = entry.date if entry.kind is ScheduleKind.BY else entry.end
            if signed is not None and last is not None and last < signed:
                yield _warning(
                    f"{own}.when",
                    gettext_noop("The deadline %(deadline)s is before the decision's date %(date)s."),
                    deadline=format_date(last),
                    date=format_date(signed),
                )


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + "…"


def _of_copies(done: Assembled) -> Iterator[ReadingWarning]:
    for path, _, span in done.differing:
        yield ReadingWarning(
            path,
            Message(
                gettext_noop(
                    "The annex and the plan word this objective differently; the annex's wording was taken."
                )
            ),
            span,
        )
    for path in done.added:
        yield _warning(
            f"{path}.text",
            gettext_noop("Only the plan states this objective; the list of objectives does not."),
        )


def _of_rest(done: Assembled) -> Iterator[ReadingWarning]:
    for action in done.homeless:
        yield ReadingWarning(
            "objectives",
            Message(
                gettext_noop("The action “%(action)s” names no objective and was left out."),
                {"action": _shortened(action.text.flat().text)},
            ),
            action.text.span(),
        )
    left = len(done.unread) - len(done.homeless)
    if left > 0:
        yield _warning(
            "",
            gettext_noop("%(count)s places of the document were not used; they are marked in the source."),
            count=str(left),
        )
