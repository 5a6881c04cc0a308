"""What belongs to an action and to a task, for their histories."""

from __future__ import annotations

from camket.actions.models import Action, Task
from camket.documents.models import Evidence
from camket.journal.kin import Parts


def parts_of_action(agency_id: int, action_id: int) -> Parts:
    """Return the action's tasks."""
    tasks = Task.objects.filter(agency_id=agency_id, action_id=action_id)
    return (("actions.task", tasks.values_list("pk", flat=True)),)


def parts_of_task(agency_id: int, task_id: int) -> Parts:
    """Return the task's evidence, withdrawn or not."""
    evidence = Evidence.objects.filter(agency_id=agency_id, tasks=task_id)
    return (("documents.evidence", evidence.values_list("pk", flat=True)),)


def has_action(agency_id: int, action_id: int) -> bool:
    """Return whether the agency has the action."""
    return Action.objects.filter(pk=action_id, agency_id=agency_id).exists()


def has_task(agency_id: int, task_id: int) -> bool:
    """Return whether the agency has the task."""
    return Task.objects.filter(pk=task_id, agency_id=agency_id).exists()
