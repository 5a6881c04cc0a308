"""What belongs to an action, for its history."""

from __future__ import annotations

from camket.actions.models import Task
from camket.journal.kin import Parts


def parts_of_action(agency_id: int, action_id: int) -> Parts:
    """Return the action's tasks."""
    tasks = Task.objects.filter(agency_id=agency_id, action_id=action_id)
    return (("actions.task", tasks.values_list("pk", flat=True)),)
