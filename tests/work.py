"""Planned work for the tests: actions of the agency of People, in force or not, and their tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from camket.actions import operations
from camket.actions.models import Action, ActionBody, Task
from camket.core.plan import Period
from camket.org.models import Unit
from camket.org.policy import Actor
from people import TODAY, People

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 7, 1, 9, 30, tzinfo=ZONE)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
QUARTERLY = {"kind": "every", "period": "quarter"}
PDF = b"%PDF-1.4\n%%EOF\n"


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def unit_of(people: People, place: int) -> Unit:
    """Return the agency's unit in its place: 0 the office, 1 the economy section (Bình's, headed by Dũng)."""
    return people.agency.units.order_by("order")[place]


def make_action(
    people: People,
    *schedule: dict[str, Any],
    lead: Unit | None = None,
    lead_person: Actor | None = None,
    monitor: Unit | None = None,
    monitor_person: Actor | None = None,
    support: Unit | None = None,
    text: str = "Rà soát, cập nhật quy trình giải quyết thủ tục hành chính",
    **fields: Any,
) -> Action:
    """Create an action of the plan's year; led by the economy section unless said otherwise."""
    values = {
        "number": "1",
        "when": "Hằng quý",
        "expected_evidence": ["Quyết định ban hành quy trình"],
        **fields,
    }
    action = Action.objects.create(
        agency=people.agency, year=2026, text=text, schedule=list(schedule), **values
    )
    lead = lead or (None if lead_person else unit_of(people, 1))
    parts = [("lead", lead, lead_person), ("monitor", monitor, monitor_person), ("support", support, None)]
    for part, unit, person in parts:
        if unit or person:
            ActionBody.objects.create(
                action=action,
                part=part,
                text=unit.name if unit else person.name,
                unit=unit,
                person_id=person.person_id if person else None,
            )
    return action


def in_force(people: People, *actions: Action, today: date = TODAY, **options: Any) -> int:
    """Bring actions into force as the secretary and return how many tasks that made."""
    return operations.bring_into_force(
        actor=people.an,
        action_ids=[action.pk for action in actions],
        period=YEAR,
        origin=people.agency,
        today=today,
        **options,
    )


def make_task(people: People, *schedule: dict[str, Any], **fields: Any) -> Task:
    """Return the first open task of an action in force: by default the one of the second quarter, due 30/06."""
    action = make_action(people, *(schedule or ({"kind": "by", "date": "2026-07-10"},)), **fields)
    in_force(people, action)
    return action.tasks.order_by("due_on")[0]


def submitted_task(people: People, actor: Actor | None = None, **fields: Any) -> Task:
    """Return a task that Bình has submitted."""
    task = make_task(people, **fields)
    return operations.submit_task(
        actor=actor or people.binh, task_id=task.pk, result="Đã ban hành 12 quy trình.", now=NOW
    )
