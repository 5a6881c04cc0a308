"""The ticked entries of a register's list, for acts on all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from camket.actions import list_acts
from camket.core.many import MOST, Plan, Wanted
from camket.core.registers import Register
from camket.core.registers.reading import Names
from camket.registers import operations, queries
from camket.web import vietnamese
from camket.web.request import StaffRequest, moment
from camket.web.staff import many
from camket.web.staff.entry_words import due_words, entry_url
from camket.web.staff.registers.filters import FilterForm
from camket.web.staff.registers.forms import choices_of


class TickedEntries:
    """The entries that were ticked on the list of a register."""

    harmless = operations.HARMLESS
    by_act = "register.keep"

    def __init__(self, request: StaffRequest, register: Register) -> None:
        self.request, self.register = request, register
        self.list_url = reverse("web:registers:list", args=[register.slug])
        self.many_url = reverse("web:registers:many", args=[register.slug])
        self.crumbs: Sequence[tuple[str, str]] = (
            (reverse("web:registers:overview"), gettext("Registers")),
            (self.list_url, gettext(register.title)),
        )

    @cached_property
    def _names(self) -> Names:
        return queries.form_names(self.request.actor, self.register, self.request.today)

    @cached_property
    def _shown_names(self) -> Names:
        return queries.shown_names(self.request.actor, self.register)

    def acts(self) -> tuple[str, ...]:
        """Return the acts that the actor may do to some entries: what is put off is asked for here."""
        found = operations.acts_of(actor=self.request.actor, register=self.register)
        return tuple("ask" if act == "postpone" else act for act in found)

    def found(self, query: QueryDict) -> tuple[int, tuple[int, ...]]:
        """Return how many entries the list's filter finds, and the first of them."""
        today = self.request.today
        names = self._shown_names
        wanted = FilterForm(query, register=self.register, names=names, today=today).wanted()
        return queries.ids_of(self.request.actor, self.register, wanted, names, today, at_most=MOST)

    def lines(self, ids: Iterable[int]) -> Mapping[int, many.Line]:
        """Return the entries by number."""
        wanted = list(ids)
        if not wanted:
            return {}
        names, today = self._shown_names, self.request.today
        rows = queries.rows_of(self.request.actor, self.register, wanted, names, today, has_waits=False)
        return {
            row.id: many.Line(
                row.title,
                entry_url(self.register, row.id),
                " · ".join(
                    str(part)
                    for part in (
                        row.values.get("number") or "",
                        vietnamese.day(row.due_on) if row.due_on else "",
                        due_words(row, today),
                        names.person(row.person_id),
                        names.unit(row.unit_id),
                    )
                    if part
                ),
            )
            for row in rows
        }

    def names(self) -> tuple[Mapping[int, str], Mapping[int, str]]:
        """Return what people and units are called, by number."""
        names = self._shown_names
        return {each.id: each.name for each in names.people}, {pk: called[0] for pk, called in names.units}

    def units(self) -> Sequence[tuple[int, str]]:
        """Return the units that the actor may name."""
        return choices_of(self._names).units

    def people(self) -> Sequence[tuple[int, str]]:
        """Return the people to whom the actor may give work: the agency's, or those of the own unit alone."""
        return choices_of(queries.with_own_people(self.request.actor, self.register, self._names)).people

    def preview(self, act: str, ids: Sequence[int], wanted: Wanted | None) -> Plan:
        """Return what an act would do."""
        return operations.preview_many(
            actor=self.request.actor,
            register=self.register.key,
            act=act,
            entry_ids=ids,
            wanted=wanted,
            now=moment(self.request),
        )

    def carry_out(self, act: str, ids: Sequence[int], wanted: Wanted) -> int:
        """Do an act; return its number."""
        return operations.act_on_entries(
            actor=self.request.actor,
            register=self.register.key,
            act=act,
            entry_ids=ids,
            wanted=wanted,
            now=moment(self.request),
        ).pk

    def done(self, list_act_id: int) -> list_acts.Done:
        """Return an act that was done."""
        return list_acts.list_act(self.request.actor, self.register.key, list_act_id)

    def undo(self, list_act_id: int) -> list_acts.Done:
        """Undo an act."""
        return list_acts.as_done(
            operations.undo_on_entries(
                actor=self.request.actor,
                register=self.register.key,
                list_act_id=list_act_id,
                now=moment(self.request),
            )
        )

    def result_url(self, list_act_id: int) -> str:
        """Return the address of what an act did."""
        return reverse("web:registers:many_done", args=[self.register.slug, list_act_id])

    def undo_url(self, list_act_id: int) -> str:
        """Return the address at which an act is undone."""
        return reverse("web:registers:many_undo", args=[self.register.slug, list_act_id])
