"""Acts on the ticked tasks of the agency's list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from camket.actions import list_acts, queries
from camket.actions import many as operations
from camket.core.many import MOST, Plan, Wanted
from camket.web import vietnamese
from camket.web.request import StaffRequest, moment, staff_page
from camket.web.staff import many
from camket.web.staff.tasks import display
from camket.web.staff.tasks.forms import FilterForm


class TickedTasks:
    """The tasks that were ticked on the agency's list."""

    harmless = operations.HARMLESS
    by_act = "task.review"

    def __init__(self, request: StaffRequest) -> None:
        self.request = request
        self.list_url = reverse("web:tasks:task_list")
        self.many_url = reverse("web:tasks:many")
        self.crumbs: Sequence[tuple[str, str]] = (
            (reverse("web:tasks:my_work"), gettext("Tasks")),
            (self.list_url, gettext("All tasks")),
        )

    @cached_property
    def _choices(self) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        return queries.filter_choices(self.request.actor, self.request.today)

    def acts(self) -> tuple[str, ...]:
        """Return the acts that the actor may do to some tasks."""
        return operations.acts_of(self.request.actor)

    def found(self, query: QueryDict) -> tuple[int, tuple[int, ...]]:
        """Return how many tasks the list's filter finds, and the first of them."""
        units, people = self._choices
        form = FilterForm(query, units=units, people=people)
        return queries.task_ids(self.request.actor, form.filters(), self.request.today, at_most=MOST)

    def lines(self, ids: Iterable[int]) -> Mapping[int, many.Line]:
        """Return the tasks by number."""
        rows = queries.tasks_of(self.request.actor, list(ids), self.request.today)
        return {pk: _line(display.shown(row)) for pk, row in rows.items()}

    def names(self) -> tuple[Mapping[int, str], Mapping[int, str]]:
        """Return what people and units are called, by number."""
        units, people = self._choices
        return dict(people), dict(units)

    def units(self) -> Sequence[tuple[int, str]]:
        """Return the agency's units."""
        return self._choices[0]

    def people(self) -> Sequence[tuple[int, str]]:
        """Return the agency's people."""
        return self._choices[1]

    def preview(self, act: str, ids: Sequence[int], wanted: Wanted | None) -> Plan:
        """Return what an act would do."""
        return operations.preview(
            actor=self.request.actor, act=act, task_ids=ids, wanted=wanted, now=moment(self.request)
        )

    def carry_out(self, act: str, ids: Sequence[int], wanted: Wanted) -> int:
        """Do an act; return its number."""
        return operations.act_on_tasks(
            actor=self.request.actor, act=act, task_ids=ids, wanted=wanted, now=moment(self.request)
        ).pk

    def done(self, list_act_id: int) -> list_acts.Done:
        """Return an act that was done."""
        return list_acts.list_act(self.request.actor, operations.OF, list_act_id)

    def undo(self, list_act_id: int) -> list_acts.Done:
        """Undo an act."""
        return list_acts.as_done(
            operations.undo_on_tasks(
                actor=self.request.actor, list_act_id=list_act_id, now=moment(self.request)
            )
        )

    def result_url(self, list_act_id: int) -> str:
        """Return the address of what an act did."""
        return reverse("web:tasks:many_done", args=[list_act_id])

    def undo_url(self, list_act_id: int) -> str:
        """Return the address at which an act is undone."""
        return reverse("web:tasks:many_undo", args=[list_act_id])


def _line(task: display.ShownTask) -> many.Line:
    about = (task.period, vietnamese.day(task.row.due_on), task.due_words, task.owner)
    return many.Line(
        task.row.action_text,
        reverse("web:tasks:task_detail", args=[task.row.id]),
        " · ".join(part for part in about if part),
    )


@staff_page("task.report", methods=("GET", "POST"))
def many_tasks(request: StaffRequest) -> HttpResponse:
    """Show what an act does to each of the ticked tasks, and do it."""
    return many.many_page(TickedTasks(request))


@staff_page("task.report")
def many_done(request: StaffRequest, list_act_id: int) -> HttpResponse:
    """Show what an act did."""
    return many.result_page(TickedTasks(request), list_act_id)


@staff_page("task.report", methods=("POST",))
def many_undo(request: StaffRequest, list_act_id: int) -> HttpResponse:
    """Undo an act."""
    return many.undo_page(TickedTasks(request), list_act_id)
