"""Every write of plans: bringing one in, setting it right, its life from draft to closing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F, Max

from camket.actions import operations as work
from camket.actions.models import Action, ActionBody, Task
from camket.core import plan as core
from camket.core import workflow
from camket.core.messages import Message, gettext_noop
from camket.core.next_year import move_date, move_plan
from camket.core.targets import measure_for
from camket.core.wording.schedules import parse_reporting, parse_schedule
from camket.core.wording.targets import FoundTarget, parse_targets
from camket.core.wording.text import fold
from camket.documents import operations as documents
from camket.documents.models import StoredFile
from camket.indicators import operations as indicators
from camket.journal.operations import record
from camket.objectives import queries
from camket.objectives.bodies import BodyMapper, body_key
from camket.objectives.completeness import Gap, completeness_of
from camket.objectives.details import FieldSource, PlanDetail, field_source_json
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.objectives.rows import (
    HEAD_PATHS,
    PART_FIELDS,
    Sources,
    calendar_year,
    carry_settings,
    checked_period,
    fitted,
    insert_plan,
    moment_of,
    parts_of,
    storable,
    target_fields,
    target_row,
)
from camket.objectives.rows import PeriodNotPossible as PeriodNotPossible
from camket.objectives.rows import Refused as Refused
from camket.objectives.rows import TargetNotPossible as TargetNotPossible
from camket.objectives.rows import TooLong as TooLong
from camket.org.models import Agency, BodyName, Membership, Person, Unit
from camket.org.policy import Actor, NotAllowed, can, require
from camket.paper.reading import Reading, read_document

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Keep(Enum):
    """The default of a field that an operation leaves as it is."""

    KEEP = "keep"


KEEP = Keep.KEEP

Ranked = TypeVar("Ranked", Objective, Target, ObjectiveAction)


class PlanIncomplete(Refused):
    """The plan lacks one of the five elements of planning; ``gaps`` names each place."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "The plan is not complete yet (ISO 9001:2015, 6.2.2): %(count)s places are left to fill in."
                ),
                {"count": str(len(gaps))},
            )
        )
        self.gaps = gaps


class ChangedMeanwhile(Refused):
    """Somebody else changed the row after the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "Somebody changed this in the meantime. Look at what stands there now, then change it again."
                )
            )
        )


class TextMissing(Refused):
    """A text that must be there is empty."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("Write the text; it cannot be empty.")))


class ReasonMissing(Refused):
    """An act that needs a reason was given none."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("Give the reason.")))


class TargetNotUnderstood(Refused):
    """The words state no target, or several where one is meant."""

    def __init__(self, text: str, count: int = 0) -> None:
        template = (
            gettext_noop("“%(text)s” holds %(count)s targets; enter each on its own.")
            if count
            else gettext_noop(
                "No target is understood in “%(text)s”. Write a figure, a grade or a rank, such as “từ 95%% trở lên”."
            )
        )
        super().__init__(Message(template, {"text": text, "count": str(count)}))


class YearMissing(Refused):
    """The plan says no year, or one that cannot be."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                gettext_noop("Give the year of the plan, between %(first)s and %(last)s."),
                {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
            )
        )


class DecisionIncomplete(Refused):
    """Number, day or signature of the decision is missing at promulgation."""


class DateInFuture(Refused):
    """A decision is dated after today."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "The decision's date lies in the future; number and date are given after signature."
                )
            )
        )


class SignedFileMissing(Refused):
    """A plan is recorded as signed without the signed document."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                gettext_noop("Attach the signed decision; without it the plan has to be approved here first.")
            )
        )


class FileRefused(Refused):
    """The file cannot be kept: empty, too large, or of no kind that is taken."""


class ScheduleNotUnderstood(Refused):
    """Words for a time hold what is not understood."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "The time “%(text)s” is not understood. Write it like “Hằng quý” or “Trước ngày 15/6”."
                ),
                {"text": text},
            )
        )


class AnotherInForce(Refused):
    """Another plan of the year is in force and this one does not amend it."""

    def __init__(self, year: int) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "Another plan is in force for %(year)s. To change it, start an amendment from that plan."
                ),
                {"year": str(year)},
            )
        )


class AmendmentOpen(Refused):
    """An amendment of the plan is being written already."""

    def __init__(self) -> None:
        super().__init__(
            Message(gettext_noop("An amendment of this plan is being written already; go on with that one."))
        )


class PlanRunning(Refused):
    """The plan's period is not over."""

    def __init__(self, end: date) -> None:
        super().__init__(
            Message(
                gettext_noop("The plan runs until %(end)s; it can be closed after that day."),
                {"end": f"{end:%d/%m/%Y}"},
            )
        )


class PositionNotPossible(Refused):
    """A row is moved to a place that is not there."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("It cannot be moved there.")))


class SplitNotPossible(Refused):
    """A split leaves one part empty, or names rows that are not the row's own."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("Both parts of the split need a text.")))


class MergeNotPossible(Refused):
    """Two rows that are not of one plan, or one row with itself, are merged."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("Only two different rows of the same plan can be merged.")))


class BodyUnknown(Refused):
    """The plan names no such body."""

    def __init__(self, text: str) -> None:
        super().__init__(Message(gettext_noop("The plan does not name “%(text)s”."), {"text": text}))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    data: bytes
    name: str
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """The plan that a file gave; ``is_new`` is False where the same file was brought in before."""

    plan_id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class BodyMapping:
    """Whom all bodies of one name mean; both None takes a mapping away."""

    text: str
    unit_id: int | None = None
    person_id: int | None = None


def import_plan(
    *, actor: Actor, data: bytes, name: str, today: date, content_type: str = "", year: int | None = None
) -> Imported:
    """Read a decision's file into a plan that a person then checks against its source.

    The same bytes give the plan they gave before, unless that was discarded. ``year`` holds where the document
    says none; failing both, it is the year of the decision's date or of today, with a warning.

    Raises UnreadableDocument where the file cannot be read, FileRefused where it cannot be kept.
    """
    require(actor, "plan.edit")
    digest = sha256(data).hexdigest()
    if (known := _imported_before(actor, digest)) is not None:
        return Imported(known, is_new=False)
    reading = _keepable(read_document(data, name))
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
        if (known := _imported_before(actor, digest)) is not None:
            return Imported(known, is_new=False)
        file = _stored(actor, Upload(data, name, content_type), today)
        sources = Sources.of_reading(reading)
        read_year = reading.plan.year
        decided = reading.plan.decision.date if reading.plan.decision else None
        plan_year = read_year or year or (decided.year if decided else today.year)
        if not FIRST_YEAR <= plan_year <= LAST_YEAR:
            read_year, plan_year = None, today.year
        if read_year is None:
            sources.warn(
                "year",
                Message(
                    gettext_noop("The document does not say its year; %(year)s is taken."),
                    {"year": str(plan_year)},
                ),
            )
        plan = insert_plan(
            actor,
            reading.plan,
            year=plan_year,
            period=None,
            state=Plan.State.READING,
            today=today,
            sources=sources,
            source=reading.to_json(),
            source_file=file,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="plan.imported",
            subject=plan,
            on=today,
            after={"file": file.name, "sha256": digest, **_counts(reading.plan)},
        )
    return Imported(plan.pk, is_new=True)


def import_format(
    *,
    actor: Actor,
    plan: core.Plan,
    today: date,
    year: int | None = None,
    period: core.Period | None = None,
) -> int:
    """Bring in a plan of plan format 1 as a draft and return its id.

    Raises YearMissing, PeriodNotPossible, TargetNotPossible, TooLong.
    """
    require(actor, "plan.edit")
    with transaction.atomic():
        row = insert_plan(
            actor,
            plan,
            year=_checked_year(plan.year or year),
            period=period,
            state=Plan.State.DRAFT,
            today=today,
            sources=Sources(strict=True),
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="plan.imported",
            subject=row,
            on=today,
            after={"format": core.FORMAT, **_counts(plan)},
        )
    return row.pk


def create_plan(
    *, actor: Actor, year: int, today: date, title: str = "", period: core.Period | None = None
) -> int:
    """Begin an empty plan for a year and return its id.

    Raises YearMissing, PeriodNotPossible.
    """
    require(actor, "plan.edit")
    agency = Agency.objects.get(pk=actor.agency_id)
    empty = core.Plan(
        agency=core.Agency(agency.name, core.Level(agency.level)),
        year=_checked_year(year),
        decision=core.Decision(kind="QĐ", place=agency.place or None),
    )
    with transaction.atomic():
        plan = insert_plan(
            actor,
            empty,
            year=year,
            period=period,
            state=Plan.State.DRAFT,
            today=today,
            sources=Sources(strict=True),
            title=fold(title),
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="plan.created",
            subject=plan,
            on=today,
            after={"year": year},
        )
    return plan.pk


def copy_plan(*, actor: Actor, plan_id: int, year: int, today: date) -> int:
    """Begin a year's plan from another year's, with years moved on and number and date blank; return its id.

    Owners, mapped bodies, resources, evaluation and indicators come along, so that figures of the years compare.

    Raises YearMissing, and what the plan's state makes NotPossible.
    """
    require(actor, "plan.edit")
    year = _checked_year(year)
    with transaction.atomic():
        origin = queries.plan_for_update(actor, plan_id)
        if origin.state == Plan.State.DISCARDED:
            workflow.PLAN.after(origin.state, "copy")
        detail = queries.plan_detail(actor, plan_id)
        moved = move_plan(detail.as_format(), year, lambda when, of: parse_schedule(when, of).entries)
        copy = insert_plan(
            actor,
            moved,
            year=year,
            period=core.Period(
                move_date(origin.period_start, origin.period_start.year, year - origin.year),
                move_date(origin.period_end, origin.period_end.year, year - origin.year),
            ),
            state=Plan.State.DRAFT,
            today=today,
            sources=Sources(strict=True),
            title=origin.title.replace(str(origin.year), str(year)),
            resources=origin.resources,
            evaluation=origin.evaluation,
            copied_from=origin,
        )
        carry_settings(detail, copy, is_same_year=origin.year == year)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="plan.copied",
            subject=copy,
            on=today,
            after={"from": origin.pk, "from_year": origin.year, "year": year},
        )
    return copy.pk


def amend_plan(*, actor: Actor, plan_id: int, today: date, reason: str = "") -> int:
    """Begin a new version of the plan in force, to be changed and promulgated in its place; return its id.

    Raises NotPossible where the plan is not in force, AmendmentOpen where an amendment is being written.

    Source: ISO 9001:2015, 6.2.1 g and 6.3.
    """
    require(actor, "plan.edit")
    with transaction.atomic():
        origin = queries.plan_for_update(actor, plan_id)
        workflow.PLAN.after(origin.state, "amend")
        if Plan.objects.filter(supersedes=origin).exclude(state=Plan.State.DISCARDED).exists():
            raise AmendmentOpen()
        detail = queries.plan_detail(actor, plan_id)
        written = detail.as_format()
        # The amending decision gets a number and a date of its own after it is signed.
        written = replace(
            written, decision=written.decision and replace(written.decision, number=None, date=None)
        )
        amendment = insert_plan(
            actor,
            written,
            year=origin.year,
            period=detail.period,
            state=Plan.State.DRAFT,
            today=today,
            sources=Sources(strict=True),
            title=origin.title,
            resources=origin.resources,
            evaluation=origin.evaluation,
            supersedes=origin,
            version=origin.version + 1,
        )
        carry_settings(detail, amendment, is_same_year=True, continues=True)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="plan.amendment_begun",
            subject=amendment,
            on=today,
            after={"supersedes": origin.pk, "version": origin.version + 1},
            reason=fold(reason),
        )
    return amendment.pk


def discard_plan(*, actor: Actor, plan_id: int, today: date, reason: str = "") -> None:
    """Set a plan aside that was never submitted; it is kept, and out of the way.

    Raises NotPossible in any other state.
    """
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "discard")
        _change_state(plan, "discard")
        plan.save(update_fields=["state"])
        _journal(actor, "plan.discarded", plan, today, reason=fold(reason))


def update_head(
    *,
    actor: Actor,
    plan_id: int,
    today: date,
    revision: int | None = None,
    year: int | Keep = KEEP,
    title: str | Keep = KEEP,
    period: core.Period | Keep = KEEP,
    kind: str | Keep = KEEP,
    number: str | Keep = KEEP,
    decided_on: date | Keep | None = KEEP,
    place: str | Keep = KEEP,
    signed_by: str | Keep = KEEP,
    capacity: str | Keep = KEEP,
    authority: str | Keep = KEEP,
    motto: str | Keep = KEEP,
    commitments: Sequence[str] | Keep = KEEP,
    reporting: str | Keep = KEEP,
    resources: str | Keep = KEEP,
    evaluation: str | Keep = KEEP,
) -> None:
    """Change what a plan says of itself: decision, policy, period, reporting, plan-wide resources and evaluation.

    ``reporting`` is written in official words and understood at once.

    Raises ChangedMeanwhile, YearMissing, PeriodNotPossible, TooLong, ScheduleNotUnderstood.
    """
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "edit")
        _require_revision(plan.revision, revision)
        changes: dict[str, Any] = {}
        if not isinstance(year, Keep) and _checked_year(year) != plan.year:
            changes["year"] = year
            # The usual period is the calendar year; another is the person's own and stays.
            if period is KEEP and (plan.period_start, plan.period_end) == calendar_year(plan.year):
                changes["period_start"], changes["period_end"] = calendar_year(year)
            elif period is KEEP:
                by = year - plan.year
                changes["period_start"] = move_date(plan.period_start, plan.period_start.year, by)
                changes["period_end"] = move_date(plan.period_end, plan.period_end.year, by)
        if not isinstance(period, Keep):
            changes["period_start"], changes["period_end"] = checked_period(period)
        if not isinstance(decided_on, Keep):
            changes["decided_on"] = decided_on
        if not isinstance(commitments, Keep):
            changes["commitments"] = _texts(commitments)
        if not isinstance(reporting, Keep):
            changes["reporting"] = [
                core.schedule_json(entry) for entry in _reporting(fold(reporting), plan.year)
            ]
        for name, text in {
            "title": title, "kind": kind, "number": number, "place": place, "signed_by": signed_by,
            "capacity": capacity, "authority": authority, "motto": motto, "resources": resources,
            "evaluation": evaluation,
        }.items():  # fmt: skip
            if not isinstance(text, Keep):
                changes[name] = fitted(Plan, name, fold(text))
        if "year" in changes:
            Action.objects.filter(placement__objective__plan=plan).update(year=changes["year"])
        _settle_head_source(plan, changes)
        _apply(actor, plan, changes, verb="plan.changed", today=today)


def accept_reading(*, actor: Actor, plan_id: int, today: date) -> None:
    """Accept a checked reading as a draft; whom its bodies mean is remembered for the next document.

    Raises NotPossible where the plan is no reading.
    """
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "accept")
        _change_state(plan, "accept")
        plan.save(update_fields=["state"])
        _remember_bodies(plan)
        _journal(actor, "plan.reading_accepted", plan, today)


def add_objective(
    *,
    actor: Actor,
    plan_id: int,
    today: date,
    text: str,
    number: str = "",
    method: str = "",
    position: int | None = None,
    find_targets: bool = True,
) -> int:
    """Add an objective, by default with the targets that its own words state, and return its id.

    ``position`` counts from 0; without it the objective comes last. Raises TextMissing, TooLong,
    PositionNotPossible.
    """
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "edit")
        rows = list(plan.objectives.order_by("order", "pk"))
        objective = Objective(
            plan=plan,
            number=fitted(Objective, "number", fold(number)) or _next_number(row.number for row in rows),
            text=_required(text),
            method=fold(method),
        )
        _place(objective, rows, position)
        if find_targets:
            _append_targets(objective, parse_targets(objective.text, year=plan.year))
        _journal(
            actor,
            "objective.added",
            objective,
            today,
            after={"number": objective.number, "text": objective.text},
        )
    return objective.pk


def update_objective(
    *,
    actor: Actor,
    objective_id: int,
    today: date,
    revision: int | None = None,
    number: str | Keep = KEEP,
    text: str | Keep = KEEP,
    method: str | Keep = KEEP,
    owner_id: int | Keep | None = KEEP,
) -> None:
    """Change an objective's words or the unit that owns it; its targets stay as they are.

    Raises ChangedMeanwhile, TextMissing, TooLong; Unit.DoesNotExist for a unit of another agency.
    """
    with transaction.atomic():
        objective = _objective_for(actor, objective_id)
        _require_revision(objective.revision, revision)
        changes: dict[str, Any] = {}
        if not isinstance(number, Keep):
            changes["number"] = fitted(Objective, "number", _required(number))
        if not isinstance(text, Keep):
            changes["text"] = _required(text)
        if not isinstance(method, Keep):
            changes["method"] = fold(method)
        if not isinstance(owner_id, Keep):
            changes["owner_id"] = (
                None if owner_id is None else Unit.objects.get(pk=owner_id, agency_id=actor.agency_id).pk
            )
        changes["source"] = _settled(objective.source, changes)
        _apply(actor, objective, changes, verb="objective.changed", today=today)


def move_objective(*, actor: Actor, objective_id: int, position: int, today: date) -> None:
    """Move an objective to another place in its plan, counted from 0. Raises PositionNotPossible."""
    with transaction.atomic():
        objective = _objective_for(actor, objective_id)
        rows = list(objective.plan.objectives.order_by("order", "pk"))
        before = rows.index(objective)
        rows.remove(objective)
        _place(objective, rows, position)
        _journal(
            actor,
            "objective.moved",
            objective,
            today,
            before={"position": before},
            after={"position": position},
        )


def split_objective(
    *,
    actor: Actor,
    objective_id: int,
    first: str,
    second: str,
    today: date,
    target_ids: Collection[int] = (),
    action_ids: Collection[int] = (),
) -> int:
    """Divide an objective in two and return the id of the new one, which comes right after it.

    The targets and actions named go to the new objective. Raises SplitNotPossible where a part is empty or a
    row named is not the objective's own.
    """
    with transaction.atomic():
        objective = _objective_for(actor, objective_id)
        first, second = fold(first), fold(second)
        targets = list(objective.targets.filter(pk__in=target_ids).order_by("order", "pk"))
        placements = list(objective.placements.filter(action_id__in=action_ids).order_by("order", "pk"))
        if (
            not first
            or not second
            or len(targets) != len(set(target_ids))
            or len(placements) != len(set(action_ids))
        ):
            raise SplitNotPossible()
        rows = list(objective.plan.objectives.order_by("order", "pk"))
        new = Objective(
            plan=objective.plan,
            number=_next_number(row.number for row in rows),
            text=second,
            method=objective.method,
            owner_id=objective.owner_id,
            source=objective.source,
        )
        _place(new, rows, rows.index(objective) + 1)
        _append_rows(new, targets, placements)
        _apply(actor, objective, {"text": first}, verb="objective.split", today=today, after={"new": new.pk})
    return new.pk


def merge_objectives(*, actor: Actor, objective_id: int, into_id: int, today: date) -> None:
    """Join an objective to another of the plan: its words, targets and actions follow those of the other.

    Raises MergeNotPossible.
    """
    with transaction.atomic():
        objective = _objective_for(actor, objective_id)
        into = _objective_for(actor, into_id)
        if objective.pk == into.pk or objective.plan_id != into.plan_id:
            raise MergeNotPossible()
        _append_rows(
            into,
            list(objective.targets.order_by("order", "pk")),
            list(objective.placements.order_by("order", "pk")),
        )
        changes = {
            "text": _joined(into.text, objective.text),
            "method": _joined(into.method, objective.method),
            "owner_id": into.owner_id or objective.owner_id,
        }
        gone = {"number": objective.number, "text": objective.text}
        _apply(actor, into, changes, verb="objective.merged", today=today, after={"merged": gone})
        objective.delete()
        _close_ranks(list(into.plan.objectives.order_by("order", "pk")))


def delete_objective(*, actor: Actor, objective_id: int, today: date) -> None:
    """Take an objective with its targets and actions out of a plan that binds nobody yet."""
    with transaction.atomic():
        objective = _objective_for(actor, objective_id)
        before = {
            "number": objective.number,
            "text": objective.text,
            "targets": list(objective.targets.order_by("order", "pk").values_list("text", flat=True)),
            "actions": list(
                objective.placements.order_by("order", "pk").values_list("action__text", flat=True)
            ),
        }
        _journal(actor, "objective.deleted", objective, today, before=before)
        Action.objects.filter(placement__objective=objective).delete()
        plan = objective.plan
        objective.delete()
        _close_ranks(list(plan.objectives.order_by("order", "pk")))


def renumber_objectives(*, actor: Actor, plan_id: int, today: date) -> None:
    """Number a plan's objectives 1, 2, … in their order; sub-objectives and actions follow ("4.1", "4.1.2")."""
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "edit")
        rows = list(plan.objectives.order_by("order", "pk"))
        before = [row.number for row in rows]
        top = sub = 0
        parent = ""
        for row in rows:
            old = row.number
            if parent and old.startswith(f"{parent}."):
                sub += 1
                row.number = f"{top}.{sub}"
            else:
                top, sub, parent = top + 1, 0, old
                row.number = str(top)
            if row.number != old:
                row.revision += 1
                actions = list(Action.objects.filter(placement__objective=row, number__startswith=f"{old}."))
                for action in actions:
                    action.number = row.number + action.number[len(old) :]
                Action.objects.bulk_update(actions, ["number"])
        Objective.objects.bulk_update(rows, ["number", "revision"])
        _journal(
            actor,
            "plan.renumbered",
            plan,
            today,
            before={"numbers": before},
            after={"numbers": [r.number for r in rows]},
        )


def add_targets(
    *, actor: Actor, objective_id: int, text: str, today: date, striving: bool = False, as_state: bool = False
) -> tuple[int, ...]:
    """Add the targets that official words state, and return their ids.

    ``as_state`` keeps words without a figure as a state to be reached. Raises TargetNotUnderstood where the words
    state no target, TextMissing.
    """
    with transaction.atomic():
        objective = _objective_for(actor, objective_id)
        text = _required(text)
        found = queries.found_targets(text, striving=striving, year=objective.plan.year)
        if not found and not as_state:
            raise TargetNotUnderstood(text)
        if found:
            rows = _append_targets(objective, found)
        else:
            state = core.Target(text=text, kind=core.TargetKind.ACHIEVED, striving=striving)
            rows = [target_row(objective, _next_order(objective.targets), state)]
            rows[0].save()
        for row in rows:
            _journal(actor, "target.added", row, today, after=_target_facts(row))
    return tuple(row.pk for row in rows)


def update_target(
    *,
    actor: Actor,
    target_id: int,
    today: date,
    revision: int | None = None,
    text: str | Keep = KEEP,
    kind: str | Keep = KEEP,
    value: Decimal | core.Grade | Keep | None = KEEP,
    upper: Decimal | Keep | None = KEEP,
    unit: str | Keep = KEEP,
    baseline_year: int | Keep | None = KEEP,
    baseline_value: Decimal | Keep | None = KEEP,
    change: str | Keep = KEEP,
    striving: bool | Keep = KEEP,
    period: core.Period | Keep | None = KEEP,
    expected_volume: Decimal | Keep | None = KEEP,
) -> None:
    """Change a target. New words are understood anew; figures given by hand win over what the words say.

    Raises ChangedMeanwhile, TargetNotUnderstood, TargetNotPossible, PeriodNotPossible, TooLong.
    """
    with transaction.atomic():
        row = _target_for(actor, target_id)
        _require_revision(row.revision, revision)
        target = queries.target_detail(row).as_format()
        by_hand = any(each is not KEEP for each in (kind, value, upper, unit, baseline_year))
        if not isinstance(text, Keep):
            target = _reworded(target, _required(text), by_hand=by_hand, year=row.objective.plan.year)
        if not isinstance(kind, Keep):
            target = replace(target, kind=core.TargetKind(kind))
        if not isinstance(value, Keep):
            target = replace(target, value=value)
        if not isinstance(upper, Keep):
            target = replace(target, upper=upper)
        if not isinstance(unit, Keep):
            target = replace(target, unit=fold(unit) or None)
        if not isinstance(baseline_year, Keep):
            target = replace(target, baseline_year=baseline_year)
        if not isinstance(striving, Keep):
            target = replace(target, striving=striving)
        if not isinstance(period, Keep):
            if period is not None and period.end < period.start:
                raise PeriodNotPossible()
            target = replace(target, period=period)
        changes: dict[str, Any] = target_fields(target)
        if not isinstance(baseline_value, Keep):
            changes["baseline_value"] = storable(baseline_value)
        if not isinstance(expected_volume, Keep):
            if expected_volume is not None and expected_volume < 0:
                raise TargetNotPossible(Message(gettext_noop("The expected volume cannot be below zero.")))
            changes["expected_volume"] = storable(expected_volume)
        if not isinstance(change, Keep):
            changes["change"] = Target.Change(change).value
        changes["source"] = {**row.source, "confidence": None, "warnings": []} if row.source else row.source
        if row.indicator_id is not None and measure_for(target) is not measure_for(
            queries.target_detail(row).as_format()
        ):
            # Another kind of figure needs an indicator of its own; the old one keeps its readings.
            changes["indicator_id"] = None
        _apply(actor, row, changes, verb="target.changed", today=today)


def move_target(
    *, actor: Actor, target_id: int, objective_id: int, today: date, position: int | None = None
) -> None:
    """Move a target within its objective or to another of the plan; ``position`` counts from 0, else last.

    Raises PositionNotPossible, also for an objective of another plan.
    """
    with transaction.atomic():
        row = _target_for(actor, target_id)
        there = _objective_for(actor, objective_id)
        if there.plan_id != row.objective.plan_id:
            raise PositionNotPossible()
        before = {"objective": row.objective_id}
        left = row.objective
        row.objective = there
        rows = [each for each in there.targets.order_by("order", "pk") if each.pk != row.pk]
        _place(row, rows, position)
        _close_ranks(list(left.targets.order_by("order", "pk")))
        _journal(actor, "target.moved", row, today, before=before, after={"objective": there.pk})


def delete_target(*, actor: Actor, target_id: int, today: date) -> None:
    """Take a target out of a plan that binds nobody yet."""
    with transaction.atomic():
        row = _target_for(actor, target_id)
        _journal(actor, "target.deleted", row, today, before=_target_facts(row))
        objective = row.objective
        row.delete()
        _close_ranks(list(objective.targets.order_by("order", "pk")))


def add_action(
    *,
    actor: Actor,
    objective_id: int,
    today: date,
    text: str,
    number: str = "",
    lead: Sequence[str] = (),
    support: Sequence[str] = (),
    monitors: Sequence[str] = (),
    when: str = "",
    schedule: Sequence[core.Schedule] | None = None,
    evidence: Sequence[str] = (),
    resources: str = "",
    evaluation: str = "",
    position: int | None = None,
) -> int:
    """Add an action to an objective and return its id.

    ``when`` is understood at once unless its schedule is given; bodies are names as written and are mapped where
    their names are known or alike enough. Raises TextMissing, TooLong, PositionNotPossible.
    """
    with transaction.atomic():
        objective = _objective_for(actor, objective_id)
        plan = objective.plan
        rows = list(objective.placements.select_related("action").order_by("order", "pk"))
        when = fold(when)
        entries = parse_schedule(when, plan.year).entries if schedule is None else schedule
        action = Action.objects.create(
            agency_id=plan.agency_id,
            year=plan.year,
            number=fitted(Action, "number", fold(number)) or _next_number(row.action.number for row in rows),
            text=_required(text),
            when=when,
            schedule=[core.schedule_json(entry) for entry in entries],
            expected_evidence=_texts(evidence),
            resources=fold(resources),
            evaluation=fold(evaluation),
        )
        _place(ObjectiveAction(objective=objective, action=action), rows, position)
        mapping = _Mapping(plan)
        for part, names in parts_of(lead, support, monitors).items():
            _set_bodies(action, part, _texts(names), mapping)
        _journal(actor, "action.added", action, today, after={"number": action.number, "text": action.text})
    return action.pk


def update_action(
    *,
    actor: Actor,
    action_id: int,
    today: date,
    revision: int | None = None,
    number: str | Keep = KEEP,
    text: str | Keep = KEEP,
    lead: Sequence[str] | Keep = KEEP,
    support: Sequence[str] | Keep = KEEP,
    monitors: Sequence[str] | Keep = KEEP,
    when: str | Keep = KEEP,
    schedule: Sequence[core.Schedule] | Keep = KEEP,
    evidence: Sequence[str] | Keep = KEEP,
    resources: str | Keep = KEEP,
    evaluation: str | Keep = KEEP,
) -> None:
    """Change an action. A new ``when`` is understood anew unless its schedule is given with it.

    Raises ChangedMeanwhile, TextMissing, TooLong.
    """
    with transaction.atomic():
        placement = _placement_for(actor, action_id)
        _require_revision(placement.revision, revision)
        plan, action = placement.objective.plan, placement.action
        changes: dict[str, Any] = {}
        if not isinstance(number, Keep):
            changes["number"] = fitted(Action, "number", _required(number))
        if not isinstance(text, Keep):
            changes["text"] = _required(text)
        if not isinstance(when, Keep):
            changes["when"] = fold(when)
            if schedule is KEEP and changes["when"] != action.when:
                entries = parse_schedule(changes["when"], plan.year).entries
                changes["schedule"] = [core.schedule_json(entry) for entry in entries]
        if not isinstance(schedule, Keep):
            changes["schedule"] = [core.schedule_json(entry) for entry in schedule]
        if not isinstance(evidence, Keep):
            changes["expected_evidence"] = _texts(evidence)
        if not isinstance(resources, Keep):
            changes["resources"] = fold(resources)
        if not isinstance(evaluation, Keep):
            changes["evaluation"] = fold(evaluation)
        mapping = _Mapping(plan)
        old_bodies: dict[str, Any] = {}
        new_bodies: dict[str, Any] = {}
        for part, names in parts_of(lead, support, monitors).items():
            if isinstance(names, Keep):
                continue
            old = list(action.bodies.filter(part=part).order_by("order", "pk").values_list("text", flat=True))
            new = _texts(names)
            if old != new:
                _set_bodies(action, part, new, mapping)
                field = PART_FIELDS[part]
                old_bodies[field], new_bodies[field] = old, new
        placement.source = _settled(placement.source, {**changes, **new_bodies})
        changed = _apply(
            actor,
            action,
            changes,
            verb="action.changed",
            today=today,
            before=old_bodies,
            after=new_bodies,
            bump=False,
        )
        if changed:
            placement.revision += 1
        placement.save(update_fields=["source", "revision"])


def move_action(
    *, actor: Actor, action_id: int, objective_id: int, today: date, position: int | None = None
) -> None:
    """Move an action within its objective or to another of the plan; ``position`` counts from 0, else last.

    Raises PositionNotPossible, also for an objective of another plan.
    """
    with transaction.atomic():
        placement = _placement_for(actor, action_id)
        there = _objective_for(actor, objective_id)
        left = placement.objective
        if there.plan_id != left.plan_id:
            raise PositionNotPossible()
        rows = [
            each
            for each in there.placements.select_related("action").order_by("order", "pk")
            if each.pk != placement.pk
        ]
        action = placement.action
        if there.pk != left.pk and action.number in {row.action.number for row in rows}:
            action.number = _next_number(row.action.number for row in rows)
            action.save(update_fields=["number"])
        placement.objective = there
        _place(placement, rows, position)
        _close_ranks(list(left.placements.order_by("order", "pk")))
        _journal(
            actor, "action.moved", action, today, before={"objective": left.pk}, after={"objective": there.pk}
        )


def split_action(*, actor: Actor, action_id: int, first: str, second: str, today: date) -> int:
    """Divide an action in two and return the id of the new one; both keep bodies, time and evidence.

    Raises SplitNotPossible.
    """
    with transaction.atomic():
        placement = _placement_for(actor, action_id)
        first, second = fold(first), fold(second)
        if not first or not second:
            raise SplitNotPossible()
        action = placement.action
        rows = list(placement.objective.placements.select_related("action").order_by("order", "pk"))
        new = Action.objects.create(
            agency_id=action.agency_id,
            year=action.year,
            number=_next_number(row.action.number for row in rows),
            text=second,
            when=action.when,
            schedule=action.schedule,
            expected_evidence=action.expected_evidence,
            resources=action.resources,
            evaluation=action.evaluation,
        )
        ActionBody.objects.bulk_create(
            ActionBody(
                action=new,
                part=body.part,
                text=body.text,
                order=body.order,
                unit_id=body.unit_id,
                person_id=body.person_id,
            )
            for body in action.bodies.order_by("order", "pk")
        )
        beside = ObjectiveAction(objective=placement.objective, action=new, source=placement.source)
        _place(beside, rows, rows.index(placement) + 1)
        _apply(
            actor,
            action,
            {"text": first},
            verb="action.split",
            today=today,
            after={"new": new.pk},
            bump=False,
        )
        ObjectiveAction.objects.filter(pk=placement.pk).update(revision=F("revision") + 1)
    return new.pk


def merge_actions(*, actor: Actor, action_id: int, into_id: int, today: date) -> None:
    """Join an action to another of the plan: words, bodies, times and evidence that the other lacks are added.

    Raises MergeNotPossible.
    """
    with transaction.atomic():
        placement = _placement_for(actor, action_id)
        kept = _placement_for(actor, into_id)
        if placement.pk == kept.pk or placement.objective.plan_id != kept.objective.plan_id:
            raise MergeNotPossible()
        action, into = placement.action, kept.action
        have = {(body.part, body_key(body.text)) for body in into.bodies.all()}
        order = _next_order(into.bodies)
        for body in action.bodies.order_by("order", "pk"):
            if (body.part, body_key(body.text)) not in have:
                ActionBody.objects.filter(pk=body.pk).update(action=into, order=order)
                order += 1
        changes = {
            "text": _joined(into.text, action.text),
            "when": _joined(into.when, action.when),
            "schedule": [*into.schedule, *(entry for entry in action.schedule if entry not in into.schedule)],
            "expected_evidence": [
                *into.expected_evidence,
                *(each for each in action.expected_evidence if each not in into.expected_evidence),
            ],
            "resources": _joined(into.resources, action.resources),
            "evaluation": _joined(into.evaluation, action.evaluation),
        }
        gone = {"number": action.number, "text": action.text}
        _apply(actor, into, changes, verb="action.merged", today=today, after={"merged": gone}, bump=False)
        ObjectiveAction.objects.filter(pk=kept.pk).update(revision=F("revision") + 1)
        left = placement.objective
        action.delete()
        _close_ranks(list(left.placements.order_by("order", "pk")))


def delete_action(*, actor: Actor, action_id: int, today: date) -> None:
    """Take an action out of a plan that binds nobody yet."""
    with transaction.atomic():
        placement = _placement_for(actor, action_id)
        action, objective = placement.action, placement.objective
        _journal(
            actor, "action.deleted", action, today, before={"number": action.number, "text": action.text}
        )
        action.delete()
        _close_ranks(list(objective.placements.order_by("order", "pk")))


def map_bodies(*, actor: Actor, plan_id: int, mappings: Sequence[BodyMapping], today: date) -> int:
    """Say whom the bodies of a plan mean; return how many places that changed.

    Each mapping holds for every body of that name in the plan and is remembered for the next document. In a plan
    that is in force, open tasks that had nobody go to whom the lead of their action now means.

    Raises BodyUnknown; Unit.DoesNotExist, Person.DoesNotExist for those of another agency.
    """
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "map")
        rows: dict[str, list[ActionBody]] = {}
        for row in ActionBody.objects.filter(action__placement__objective__plan=plan).order_by("pk"):
            rows.setdefault(body_key(row.text), []).append(row)
        changed: list[ActionBody] = []
        told: dict[str, Any] = {}
        for mapping in mappings:
            key = body_key(mapping.text)
            if key not in rows:
                raise BodyUnknown(mapping.text)
            _require_own(actor, mapping)
            told[mapping.text] = {"unit": mapping.unit_id, "person": mapping.person_id}
            for row in rows[key]:
                if (row.unit_id, row.person_id) != (mapping.unit_id, mapping.person_id):
                    row.unit_id, row.person_id = mapping.unit_id, mapping.person_id
                    changed.append(row)
            _remember(plan.agency_id, rows[key][0].text, mapping.unit_id, mapping.person_id)
        ActionBody.objects.bulk_update(changed, ["unit", "person"], batch_size=100)
        if plan.state == Plan.State.PROMULGATED:
            _give_tasks(changed)
        if told:
            _journal(actor, "plan.bodies_mapped", plan, today, after=told)
    return len(changed)


def submit_plan(*, actor: Actor, plan_id: int, today: date) -> None:
    """Submit a draft for approval.

    Raises PlanIncomplete where one of the five elements of planning is missing.

    Source: ISO 9001:2015, 6.2.2.
    """
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "submit")
        _change_state(plan, "submit")
        _require_complete(actor, plan)
        plan.submitted_at = moment_of(today)
        plan.save(update_fields=["state", "submitted_at"])
        _journal(actor, "plan.submitted", plan, today)


def return_plan(*, actor: Actor, plan_id: int, reason: str, today: date) -> None:
    """Give a submitted or approved plan back to be changed. Raises ReasonMissing."""
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "return")
        _change_state(plan, "return")
        reason = fold(reason)
        if not reason:
            raise ReasonMissing()
        plan.submitted_at = plan.approved_at = plan.approved_by = None
        plan.save(update_fields=["state", "submitted_at", "approved_at", "approved_by"])
        _journal(actor, "plan.returned", plan, today, reason=reason)


def approve_plan(*, actor: Actor, plan_id: int, today: date) -> None:
    """Approve a submitted plan; it then waits for signature, number and date. Raises PlanIncomplete."""
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "approve")
        _change_state(plan, "approve")
        _require_complete(actor, plan)
        plan.approved_at = moment_of(today)
        plan.approved_by_id = actor.person_id
        plan.save(update_fields=["state", "approved_at", "approved_by"])
        _journal(actor, "plan.approved", plan, today)


def promulgate_plan(
    *,
    actor: Actor,
    plan_id: int,
    number: str,
    decided_on: date,
    signed_by: str,
    today: date,
    capacity: str = "",
    authority: str = "",
    place: str = "",
    signed_file: Upload | None = None,
) -> int:
    """Put an approved plan in force under the number and date of its signed decision; return how many tasks it makes.

    Its actions get their dated tasks, its targets their indicators. A plan that it amends is replaced: actions that
    go on unchanged keep their tasks, the others' open tasks end.

    Raises DecisionIncomplete, DateInFuture, AnotherInForce, PlanIncomplete, FileRefused, TooLong.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15 (number and date after signature); ISO 9001:2015, 6.2.
    """
    return _put_in_force(
        "promulgate",
        actor=actor,
        plan_id=plan_id,
        decision=_SignedDecision(number, decided_on, signed_by, capacity, authority, place),
        signed_file=signed_file,
        today=today,
    )


def record_signed_plan(
    *,
    actor: Actor,
    plan_id: int,
    number: str,
    decided_on: date,
    signed_by: str,
    today: date,
    capacity: str = "",
    authority: str = "",
    place: str = "",
    signed_file: Upload | None = None,
) -> int:
    """Put a draft in force whose decision was signed on paper before it came here; return how many tasks it makes.

    Approval lies in the signature, so the signed document has to be there: the file the plan was read from, or one
    attached now. Raises SignedFileMissing, and what :func:`promulgate_plan` raises.
    """
    return _put_in_force(
        "record_signed",
        actor=actor,
        plan_id=plan_id,
        decision=_SignedDecision(number, decided_on, signed_by, capacity, authority, place),
        signed_file=signed_file,
        today=today,
    )


def close_plan(*, actor: Actor, plan_id: int, today: date) -> None:
    """Close a plan whose period is over; its actions end, what was not done stays so. Raises PlanRunning."""
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, "close")
        _change_state(plan, "close")
        if today <= plan.period_end:
            raise PlanRunning(plan.period_end)
        plan.closed_at = moment_of(today)
        plan.save(update_fields=["state", "closed_at"])
        Action.objects.filter(placement__objective__plan=plan).update(state=Action.State.ENDED)
        _journal(actor, "plan.closed", plan, today)


@dataclass(frozen=True, slots=True)
class _SignedDecision:
    """What a decision has once it is signed."""

    number: str
    decided_on: date
    signed_by: str
    capacity: str
    authority: str
    place: str


def _put_in_force(
    act: str,
    *,
    actor: Actor,
    plan_id: int,
    decision: _SignedDecision,
    signed_file: Upload | None,
    today: date,
) -> int:
    with transaction.atomic():
        plan = _plan_for(actor, plan_id, act)
        before = {"state": plan.state}
        _change_state(plan, act)
        _require_signed(decision, today)
        if act == "record_signed" and signed_file is None and plan.source_file_id is None:
            raise SignedFileMissing()
        detail = _require_complete(actor, plan)
        others = Plan.objects.filter(agency_id=plan.agency_id, year=plan.year, state=Plan.State.PROMULGATED)
        if plan.supersedes_id is not None:
            others = others.exclude(pk=plan.supersedes_id)
        if others.exists():
            raise AnotherInForce(plan.year)
        for name in ("number", "signed_by", "capacity", "authority", "place"):
            text = fitted(Plan, name, fold(getattr(decision, name)))
            setattr(plan, name, text or getattr(plan, name))
        plan.decided_on = decision.decided_on
        if signed_file is not None:
            plan.signed_file = _stored(actor, signed_file, today)
        elif act == "record_signed":
            plan.signed_file_id = plan.source_file_id
        plan.promulgated_at = moment_of(today)
        replaced = _replace_superseded(actor, plan, today)
        plan.revision += 1
        plan.save()
        _define_indicators(actor, detail, today)
        made = _date_the_work(actor, plan, detail, replaced, today)
        _remember_bodies(plan)
        after = {
            "state": plan.state,
            "number": plan.number,
            "decided_on": plan.decided_on,
            "signed_by": plan.signed_by,
            "signed_file": plan.signed_file_id,
            "replaces": plan.supersedes_id,
            "tasks": made,
        }
        _journal(
            actor,
            f"plan.{'promulgated' if act == 'promulgate' else 'recorded_signed'}",
            plan,
            today,
            before,
            after,
        )
    return made


def _require_signed(decision: _SignedDecision, today: date) -> None:
    if not fold(decision.number):
        raise DecisionIncomplete(Message(gettext_noop("Give the number of the signed decision.")))
    if not fold(decision.signed_by):
        raise DecisionIncomplete(
            Message(gettext_noop("Give the name of the person who signed the decision."))
        )
    if decision.decided_on > today:
        raise DateInFuture()


def _replace_superseded(actor: Actor, plan: Plan, today: date) -> Plan | None:
    """Take the plan that this one amends out of force, before this one comes into it."""
    if plan.supersedes_id is None:
        return None
    earlier = queries.plan_for_update(actor, plan.supersedes_id)
    _change_state(earlier, "replace")
    earlier.save(update_fields=["state"])
    _journal(actor, "plan.replaced", earlier, today, after={"by": plan.pk, "number": plan.number})
    return earlier


def _define_indicators(actor: Actor, detail: PlanDetail, today: date) -> None:
    """Define an indicator for each target that none measures yet."""
    for objective in detail.objectives:
        for target in objective.targets:
            if target.indicator_id is not None:
                continue
            words = objective.text if len(objective.targets) == 1 else f"{objective.text}: {target.text}"
            unit = target.unit if len(target.unit) <= 100 else ""
            indicator = indicators.create_indicator_for(
                actor=actor,
                target=replace(target.as_format(), text=words, unit=unit or None),
                method=objective.method,
                owner_id=objective.owner_id,
                today=today,
            )
            Target.objects.filter(pk=target.id).update(indicator=indicator)


def _date_the_work(actor: Actor, plan: Plan, detail: PlanDetail, replaced: Plan | None, today: date) -> int:
    """Give a plan's actions their tasks; those that continue an action of the plan replaced take its tasks over."""
    planned = [action for objective in detail.objectives for action in objective.actions]
    continued: set[int] = set()
    made = 0
    if replaced is not None:
        earlier = set(
            Action.objects.filter(placement__objective__plan=replaced)
            .exclude(state=Action.State.ENDED)
            .values_list("pk", flat=True)
        )
        for action in planned:
            if action.continues_id is not None and action.continues_id in earlier:
                work.carry_over(
                    actor=actor, old_action_id=action.continues_id, new_action_id=action.id, today=today
                )
                earlier.discard(action.continues_id)
                continued.add(action.id)
        if earlier:
            reason = f"{plan.number}, {plan.decided_on:%d/%m/%Y}"
            work.end_actions(actor=actor, action_ids=earlier, today=today, reason=reason)
        # Work that goes on is bound since the first decision: what of it is overdue stays overdue.
        made += work.bring_into_force(
            actor=actor,
            action_ids=continued,
            period=detail.period,
            today=today,
            since=_first_decided_on(replaced),
        )
    made += work.bring_into_force(
        actor=actor,
        action_ids=[action.id for action in planned if action.id not in continued],
        period=detail.period,
        today=today,
        since=plan.decided_on,
    )
    for objective in detail.objectives:
        if objective.owner_id is not None:
            # Who has no lead of its own is led by the objective's owner.
            Task.objects.filter(
                action__placement__objective_id=objective.id, unit=None, assignee=None
            ).update(unit_id=objective.owner_id)
    return made


def _first_decided_on(plan: Plan) -> date | None:
    """Return the day of the decision that began a plan's chain of versions."""
    while plan.supersedes is not None:
        plan = plan.supersedes
    return plan.decided_on


def _require_complete(actor: Actor, plan: Plan) -> PlanDetail:
    detail = queries.plan_detail(actor, plan.pk)
    found = completeness_of(detail)
    if not found.is_complete:
        raise PlanIncomplete(found.blocking)
    return detail


def _plan_for(actor: Actor, plan_id: int, act: str) -> Plan:
    """Return the plan, locked, for an act that the actor may do; of acts that keep the state also that it allows them."""
    plan = queries.plan_for_update(actor, plan_id)
    allowed = queries.ACTS[act]
    if not any(can(actor, each) for each in allowed):
        raise NotAllowed(allowed[0])
    if act in ("edit", "map"):
        workflow.PLAN.after(plan.state, act)
    return plan


def _objective_for(actor: Actor, objective_id: int) -> Objective:
    plan_id = Objective.objects.values_list("plan_id", flat=True).get(
        pk=objective_id, plan__agency_id=actor.agency_id
    )
    _plan_for(actor, plan_id, "edit")
    return Objective.objects.select_related("plan").get(pk=objective_id)


def _target_for(actor: Actor, target_id: int) -> Target:
    plan_id = Target.objects.values_list("objective__plan_id", flat=True).get(
        pk=target_id, objective__plan__agency_id=actor.agency_id
    )
    _plan_for(actor, plan_id, "edit")
    return Target.objects.select_related("objective__plan").get(pk=target_id)


def _placement_for(actor: Actor, action_id: int) -> ObjectiveAction:
    try:
        plan_id = ObjectiveAction.objects.values_list("objective__plan_id", flat=True).get(
            action_id=action_id, objective__plan__agency_id=actor.agency_id
        )
    except ObjectiveAction.DoesNotExist:
        raise Action.DoesNotExist from None
    _plan_for(actor, plan_id, "edit")
    return ObjectiveAction.objects.select_related("action", "objective__plan").get(action_id=action_id)


def _change_state(plan: Plan, act: str) -> None:
    plan.state = workflow.PLAN.after(plan.state, act)


def _require_revision(current: int, given: int | None) -> None:
    if given is not None and given != current:
        raise ChangedMeanwhile()


def _journal(
    actor: Actor,
    verb: str,
    subject: models.Model,
    today: date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=verb,
        subject=subject,
        on=today,
        before=before,
        after=after,
        reason=reason,
    )


def _apply(
    actor: Actor,
    row: Plan | Objective | Target | Action,
    changes: Mapping[str, Any],
    *,
    verb: str,
    today: date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    bump: bool = True,
) -> bool:
    """Write the fields that differ and journal them; return whether anything did."""
    quiet = {"source", "head_source"}
    different = {name: value for name, value in changes.items() if getattr(row, name) != value}
    told = [name for name in different if name not in quiet]
    was = {**{name: getattr(row, name) for name in told}, **(before or {})}
    becomes = {**{name: different[name] for name in told}, **(after or {})}
    for name, value in different.items():
        setattr(row, name, value)
    if bump and becomes and not isinstance(row, Action):
        row.revision += 1
        row.save(update_fields=[*different, "revision"])
    elif different:
        row.save(update_fields=list(different))
    if becomes:
        _journal(actor, verb, row, today, was, becomes)
    return bool(becomes)


def _place(row: Ranked, others: list[Ranked], position: int | None) -> None:
    """Save a row at a place among others, which move up for it."""
    at: int = len(others) if position is None else position
    if not 0 <= at <= len(others):
        raise PositionNotPossible()
    row.order = at
    row.save()
    ranked = list(others)
    ranked.insert(at, row)
    _close_ranks(ranked)


def _close_ranks(rows: Sequence[Ranked]) -> None:
    """Number rows 0, 1, … in their order."""
    moved: list[Ranked] = []
    for order, row in enumerate(rows):
        if row.order != order:
            row.order = order
            moved.append(row)
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["order"], batch_size=100)


def _append_rows(objective: Objective, targets: list[Target], placements: list[ObjectiveAction]) -> None:
    """Hand targets and actions on to an objective, after its own; an action's number that is taken is counted on."""
    order = _next_order(objective.targets)
    for offset, target in enumerate(targets):
        target.objective, target.order = objective, order + offset
    Target.objects.bulk_update(targets, ["objective", "order"])
    order = _next_order(objective.placements)
    numbers = list(objective.placements.values_list("action__number", flat=True))
    for offset, placement in enumerate(placements):
        placement.objective, placement.order = objective, order + offset
        action = placement.action
        if action.number in numbers:
            action.number = _next_number(numbers)
            action.save(update_fields=["number"])
        numbers.append(action.number)
    ObjectiveAction.objects.bulk_update(placements, ["objective", "order"])


def _append_targets(objective: Objective, found: Iterable[FoundTarget]) -> list[Target]:
    order = _next_order(objective.targets)
    rows = []
    for offset, each in enumerate(found):
        row = target_row(objective, order + offset, each.target)
        row.source = field_source_json(FieldSource(None, float(each.confidence), each.warnings))
        row.save()
        rows.append(row)
    return rows


def _next_order(rows: Any) -> int:
    latest = rows.aggregate(latest=Max("order"))["latest"]
    return 0 if latest is None else latest + 1


def _next_number(numbers: Iterable[str]) -> str:
    """Return the number after the highest, keeping what stands before its last point: after "4.2" comes "4.3"."""
    highest, lead = 0, ""
    for number in numbers:
        head, _, last = number.rpartition(".")
        if last.isdecimal() and int(last) >= highest:
            highest, lead = int(last), f"{head}." if head else ""
    return f"{lead}{highest + 1}"


def _joined(first: str, second: str) -> str:
    """Return two texts as one; what is empty or says the same is left out."""
    if not second or second == first:
        return first
    if not first:
        return second
    return f"{first} {second}" if first[-1] in ".;:" else f"{first}; {second}"


class _Mapping:
    """Whom a name means in a plan: what it means there already, else what is proposed."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._here: dict[str, tuple[int | None, int | None]] | None = None
        self._mapper: BodyMapper | None = None

    def of(self, text: str) -> tuple[int | None, int | None]:
        """Return the unit and person that a name means."""
        if self._here is None:
            rows = ActionBody.objects.filter(action__placement__objective__plan=self._plan).exclude(
                unit=None, person=None
            )
            self._here = {body_key(row.text): (row.unit_id, row.person_id) for row in rows}
            self._mapper = queries.body_mapper(self._plan.agency_id)
        key = body_key(text)
        if key not in self._here:
            proposal = self._mapper.propose(text) if self._mapper else None
            self._here[key] = (proposal.unit_id, proposal.person_id) if proposal else (None, None)
        return self._here[key]


def _give_tasks(bodies: Iterable[ActionBody]) -> None:
    """Give open tasks that nobody has to whom the lead of their action means."""
    for body in bodies:
        if body.part == ActionBody.Part.LEAD and (body.unit_id or body.person_id):
            Task.objects.filter(
                action_id=body.action_id, unit=None, assignee=None, state__in=work.OPEN_STATES
            ).update(unit_id=body.unit_id, assignee_id=body.person_id)


def _set_bodies(action: Action, part: ActionBody.Part, names: Sequence[str], mapping: _Mapping) -> None:
    rows = []
    for order, name in enumerate(names):
        unit_id, person_id = mapping.of(name)
        text = fitted(ActionBody, "text", name)
        rows.append(
            ActionBody(action=action, part=part, text=text, order=order, unit_id=unit_id, person_id=person_id)
        )
    action.bodies.filter(part=part).delete()
    ActionBody.objects.bulk_create(rows)


def _require_own(actor: Actor, mapping: BodyMapping) -> None:
    if mapping.unit_id is not None:
        Unit.objects.get(pk=mapping.unit_id, agency_id=actor.agency_id)
    if (
        mapping.person_id is not None
        and not Membership.objects.filter(agency_id=actor.agency_id, person_id=mapping.person_id).exists()
    ):
        raise Person.DoesNotExist


def _remember(agency_id: int, text: str, unit_id: int | None, person_id: int | None) -> None:
    key = body_key(text)
    if unit_id is None and person_id is None:
        BodyName.objects.filter(agency_id=agency_id, key=key).delete()
    else:
        BodyName.objects.update_or_create(
            agency_id=agency_id,
            key=key,
            defaults={"text": text[:500], "unit_id": unit_id, "person_id": person_id},
        )


def _remember_bodies(plan: Plan) -> None:
    """Remember whom all mapped bodies of a plan mean."""
    mapped = ActionBody.objects.filter(action__placement__objective__plan=plan).exclude(
        unit=None, person=None
    )
    told = {
        body_key(row.text): BodyName(
            agency_id=plan.agency_id,
            text=row.text[:500],
            key=body_key(row.text),
            unit_id=row.unit_id,
            person_id=row.person_id,
        )
        for row in mapped.order_by("pk")
    }
    BodyName.objects.bulk_create(
        told.values(),
        update_conflicts=True,
        unique_fields=["agency", "key"],
        update_fields=["text", "unit", "person"],
    )


def _required(text: str) -> str:
    text = fold(text)
    if not text:
        raise TextMissing()
    return text


def _texts(texts: Sequence[str]) -> list[str]:
    return [folded for text in texts if (folded := fold(text))]


def _checked_year(year: int | None) -> int:
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearMissing()
    return year


def _reporting(text: str, year: int) -> tuple[core.Schedule, ...]:
    if not text:
        return ()
    if entries := parse_reporting(text, year):
        return entries
    read = parse_schedule(text, year)
    if not read.entries or read.rest:
        raise ScheduleNotUnderstood(text)
    return read.entries


def _target_facts(row: Target) -> dict[str, Any]:
    return {"text": row.text, "kind": row.kind, "value": row.value, "upper": row.upper, "grade": row.grade}


def _reworded(target: core.Target, text: str, *, by_hand: bool, year: int) -> core.Target:
    """Return the target that new words state, with the period of the old one."""
    found = queries.found_targets(text, striving=target.striving, year=year)
    if by_hand:
        return replace(target, text=text)
    if len(found) == 1:
        return replace(found[0].target, text=text, period=found[0].target.period or target.period)
    if not found and target.kind is core.TargetKind.ACHIEVED:
        return replace(target, text=text)
    raise TargetNotUnderstood(text, len(found))


def _settled(source: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's sources with the doubts gone about fields that a person wrote."""
    touched = {"expected_evidence": "evidence"}
    names = {touched.get(name, name) for name in changes}
    return {
        key: {**value, "confidence": None, "warnings": []} if key in names else value
        for key, value in source.items()
    }


def _settle_head_source(plan: Plan, changes: dict[str, Any]) -> None:
    paths = {HEAD_PATHS[name]: True for name in changes if name in HEAD_PATHS}
    if paths and plan.head_source:
        changes["head_source"] = _settled(plan.head_source, paths)


def _counts(plan: core.Plan) -> dict[str, Any]:
    return {
        "year": plan.year,
        "objectives": len(plan.objectives),
        "targets": sum(len(objective.targets) for objective in plan.objectives),
        "actions": sum(len(objective.actions) for objective in plan.objectives),
    }


def _keepable(reading: Reading) -> Reading:
    """Return a reading without characters that no database keeps; blanks stand in for them, so that spans hold."""

    def kept(value: Any) -> Any:
        if isinstance(value, str):
            return core.UNKEPT.sub(" ", value)
        if isinstance(value, dict):
            return {key: kept(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [kept(each) for each in value]
        return value

    data = reading.to_json()
    clean = kept(data)
    return reading if clean == data else Reading.from_json(clean)


def _imported_before(actor: Actor, digest: str) -> int | None:
    return (
        Plan.objects.filter(agency_id=actor.agency_id, source_file__sha256=digest)
        .exclude(state=Plan.State.DISCARDED)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )


def _stored(actor: Actor, upload: Upload, today: date) -> StoredFile:
    try:
        return documents.store_file(
            actor=actor,
            data=upload.data,
            name=upload.name,
            content_type=upload.content_type,
            now=moment_of(today),
        )
    except documents.FileRefused as refused:
        raise FileRefused(refused.message) from refused
