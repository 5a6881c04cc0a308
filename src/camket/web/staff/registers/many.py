"""Acts on the ticked entries of a register's list."""

from __future__ import annotations

from django.http import HttpResponse

from camket.web.request import StaffRequest, staff_page
from camket.web.staff import many
from camket.web.staff.registers.ticked import TickedEntries
from camket.web.staff.registers.views import register_of


@staff_page("register.keep", methods=("GET", "POST"))
def many_entries(request: StaffRequest, register_slug: str) -> HttpResponse:
    """Show what an act does to each of the ticked entries, and do it."""
    return many.many_page(TickedEntries(request, register_of(register_slug)))


@staff_page("register.keep")
def many_done(request: StaffRequest, register_slug: str, list_act_id: int) -> HttpResponse:
    """Show what an act did."""
    return many.result_page(TickedEntries(request, register_of(register_slug)), list_act_id)


@staff_page("register.keep", methods=("POST",))
def many_undo(request: StaffRequest, register_slug: str, list_act_id: int) -> HttpResponse:
    """Undo an act."""
    return many.undo_page(TickedEntries(request, register_of(register_slug)), list_act_id)
