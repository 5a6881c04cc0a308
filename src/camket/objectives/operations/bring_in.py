"""How a plan comes here: read from a decision's file, from plan format, typed from nothing, or out of another plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction

from camket.core import plan as core
from camket.core import workflow
from camket.core.messages import Message, gettext_noop
from camket.core.next_year import move_date, move_plan, move_years_in_text
from camket.core.wording.schedules import parse_schedule
from camket.core.wording.text import fold
from camket.objectives import queries
from camket.objectives.models import Plan
from camket.objectives.operations._change import FIRST_YEAR, LAST_YEAR, checked_year, record_act
from camket.objectives.operations._files import Upload, stored_file
from camket.objectives.rows import Refused, Settings, Sources, insert_plan
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.paper.reading import Reading, read_document


class AmendmentOpen(Refused):
    """An amendment of the plan is being written already."""

    def __init__(self) -> None:
        super().__init__(
            Message(gettext_noop("An amendment of this plan is being written already; go on with that one."))
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """The plan that a file gave; ``is_new`` is False where the same file was brought in before."""

    plan_id: int
    is_new: bool


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
        file = stored_file(actor, Upload(data, name, content_type), today)
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
        record_act(
            actor,
            "plan.imported",
            plan,
            today,
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
            year=checked_year(plan.year or year),
            period=period,
            state=Plan.State.DRAFT,
            today=today,
            sources=Sources(strict=True),
        )
        record_act(
            actor,
            "plan.imported",
            row,
            today,
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
        agency=core.Agency(agency.name, core.Level.of_agency(agency.level_id)),
        year=checked_year(year),
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
        record_act(
            actor,
            "plan.created",
            plan,
            today,
            after={"year": year},
        )
    return plan.pk


def copy_plan(*, actor: Actor, plan_id: int, year: int, today: date) -> int:
    """Begin a year's plan from another year's, with years moved on and number and date blank; return its id.

    Owners, mapped bodies, resources, evaluation and indicators come along, so that figures of the years compare.

    Raises YearMissing, and what the plan's state makes NotPossible.
    """
    require(actor, "plan.edit")
    year = checked_year(year)
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
            resources=move_years_in_text(origin.resources, origin.year, year - origin.year),
            evaluation=move_years_in_text(origin.evaluation, origin.year, year - origin.year),
            settings=Settings(detail, year=year),
            copied_from=origin,
        )
        record_act(
            actor,
            "plan.copied",
            copy,
            today,
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
            settings=Settings(detail, year=origin.year, continues=True),
            supersedes=origin,
            version=origin.version + 1,
        )
        record_act(
            actor,
            "plan.amendment_begun",
            amendment,
            today,
            after={"supersedes": origin.pk, "version": origin.version + 1},
            reason=fold(reason),
        )
    return amendment.pk


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
