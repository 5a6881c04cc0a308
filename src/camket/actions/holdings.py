"""What this package holds on a person: work assigned, submitted and reviewed, and what was written about it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.actions.models import Task, TaskNote
from camket.core.messages import Message, gettext_noop
from camket.org.personal import Section, said_day, said_moment


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the person's tasks and notes in the agency."""
    tasks = Task.objects.filter(
        Q(assignee_id=person_id) | Q(submitted_by_id=person_id) | Q(reviewed_by_id=person_id),
        agency_id=agency_id,
    ).select_related("action")
    yield Section(
        "tasks",
        Message(gettext_noop("Tasks")),
        (
            Message(gettext_noop("Task")),
            Message(gettext_noop("Due on")),
            Message(gettext_noop("State")),
            Message(gettext_noop("Result")),
        ),
        tuple(
            (str(task), said_day(task.due_on), str(task.get_state_display()), task.result)
            for task in tasks.order_by("due_on", "pk")
        ),
    )
    notes = TaskNote.objects.filter(task__agency_id=agency_id, by_id=person_id).order_by("at", "pk")
    yield Section(
        "task_notes",
        Message(gettext_noop("What the person wrote on tasks")),
        (Message(gettext_noop("Time")), Message(gettext_noop("Kind")), Message(gettext_noop("Text"))),
        tuple((said_moment(note.at), str(note.get_kind_display()), note.text) for note in notes),
    )
