"""The registers: all of them, the list of one with its quick entry, a new entry, an entry changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from camket.core.registers import REGISTERS, Register, by_slug
from camket.core.registers.reading import Names, Value, read_values
from camket.registers import operations, queries
from camket.registers.queries.own import late_longest
from camket.web.request import StaffRequest, moment, staff_page
from camket.web.staff import many
from camket.web.staff.entry_words import entry_url, work_shown
from camket.web.staff.organisation.seen import saw
from camket.web.staff.registers import display, extras
from camket.web.staff.registers.filters import FilterForm
from camket.web.staff.registers.forms import EntryForm, QuickForm, choices_of, fields_of
from camket.web.staff.registers.ticked import TickedEntries

if TYPE_CHECKING:
    from camket.registers.models import Entry

KEPT_FROM_ROW = ("on", "kind", "source", "unit", "form", "scope", "year", "item", "outcome")
"""Fields that the next row of quick entry begins with as the one before had them."""
LATE_SHOWN = 10
PRINTED = 500
"""So many entries are printed at once."""


def register_of(register_slug: str) -> Register:
    """Return the register that an address calls so; Http404 for none."""
    try:
        return by_slug(register_slug)
    except KeyError:
        raise Http404(f"no register {register_slug!r}") from None


def note_seen(request: StaffRequest, register: Register, people: Sequence[int | None]) -> None:
    """Record that the page shows grades, discipline or qualifications of other people, where the register tells of them."""
    others = {person_id for person_id in people if person_id not in (None, request.actor.person_id)}
    if register.is_personal and others:
        one = next(iter(others)) if len(others) == 1 else None
        saw(request, "staff_records", person_id=one, people=len(others))


@staff_page("register.view")
def overview(request: StaffRequest) -> HttpResponse:
    """Show every register: what is late, what is due soon, how much each holds."""
    standing = {each.register.key: each for each in queries.overview(request.actor, request.today)}
    groups = [
        (title, [(standing[key], display.ICONS.get(key, "table")) for key in keys if key in standing])
        for title, keys in display.GROUPS
    ]
    late = sum(each.late for each in standing.values())
    soon = sum(each.soon for each in standing.values())
    context = {
        "groups": [(title, cards) for title, cards in groups if cards],
        "late": late,
        "soon": soon,
        "work": [
            work_shown(each, request.today)
            for each in late_longest(request.actor, request.today, at_most=LATE_SHOWN)
        ],
        "waiting": [
            (extension, row, entry_url(REGISTERS[row.register], row.id))
            for extension, row in queries.extensions_waiting(request.actor, request.today)
        ],
    }
    return render(request, "staff/registers/overview.html", context)


@staff_page("register.view")
def entry_list(request: StaffRequest, register_slug: str) -> HttpResponse:
    """List the entries of a register, narrowed down and sorted as asked, with the row of quick entry."""
    return list_page(request, register_of(register_slug))


def list_page(
    request: StaffRequest, register: Register, quick: QuickForm | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with the list of a register."""
    may_enter = queries.may_enter(request.actor, register)
    called = queries.shown_names(request.actor, register, request.today if may_enter else None)
    names = queries.form_names(request.actor, register, request.today, known=called) if may_enter else called
    filters = FilterForm(request.GET, register=register, names=called, today=request.today)
    wanted = filters.wanted()
    page = queries.page_of(request.actor, register, wanted, request.today, names=called)
    note_seen(request, register, [row.person_id for row in page.rows])
    cols = display.columns(register, request.GET, wanted.sort)
    shown = display.rows(register, page.rows, page.names, cols, request.today)
    if may_enter and quick is None:
        quick = quick_form(request, register, names)
    standing = (
        queries.standing_counts(request.actor, register, wanted, called, request.today)
        if register.has_due
        else None
    )
    context = {
        "register": register,
        "filters": filters,
        "page": Paginator(range(page.total), queries.PAGE).page(page.number),
        "cols": cols,
        "rows": shown,
        "quick": quick if may_enter else None,
        "names": names,
        "may_enter": may_enter,
        "is_narrowed": filters.is_narrowed,
        "query": request.GET.urlencode(),
        "standings": filters.standings(),
        "standing": standing,
        "extra": extras.beside_list(request, register, wanted),
        "many": many.bar(TickedEntries(request, register), page.total, len(shown)),
    }
    return render(request, "staff/registers/list.html", context, status=status)


def quick_form(
    request: StaffRequest, register: Register, names: Names, begun: dict[str, Value] | None = None
) -> QuickForm:
    """Return the row of quick entry, begun with what the row before said and what today says."""
    return QuickForm(
        fields=[each for each in register.fields if each.in_quick],
        choices=choices_of(names),
        names_item=register.names_item,
        values={**extras.begun(register, request.today), **(begun or {})},
        auto_id="nhanh_%s",
    )


@staff_page("register.keep", methods=("POST",))
def quick_add(request: StaffRequest, register_slug: str) -> HttpResponse:
    """Add an entry from the row of quick entry and offer the next row; without JavaScript, show the list again."""
    register = register_of(register_slug)
    names = queries.form_names(request.actor, register, request.today)
    choices = choices_of(names)
    fields = [each for each in register.fields if each.in_quick]
    form = QuickForm(
        request.POST,
        fields=fields,
        choices=choices,
        names_item=register.names_item,
        slug=register.slug,
        auto_id="nhanh_%s",
    )
    made = _entered(request, register, form)
    if not request.htmx:
        if made is None:
            return list_page(request, register, form, status=422)
        messages.success(request, _("Entered: %(title)s") % {"title": made.title[:150]})
        return redirect(f"{reverse('web:registers:list', args=[register.slug])}#nhanh")
    if made is None:
        return render(
            request,
            "staff/registers/list.html#quick",
            {"register": register, "quick": form, "names": names, "quick_failed": True},
        )
    read = read_values(fields, form.texts(), names).values
    kept = {key: value for key, value in read.items() if key in KEPT_FROM_ROW}
    cols = display.columns(register, request.GET, "")
    detail = queries.entry(request.actor, made.pk, request.today)
    shown = display.rows(register, [detail.row], detail.names, cols, request.today)
    context = {
        "register": register,
        "quick": quick_form(request, register, names, kept),
        "names": names,
        "made": shown[0],
        "many": operations.acts_of(actor=request.actor, register=register),
    }
    return render(request, "staff/registers/quick_done.html", context)


@staff_page("register.keep", methods=("GET", "POST"))
def add(request: StaffRequest, register_slug: str) -> HttpResponse:
    """Enter an entry with all its fields."""
    register = register_of(register_slug)
    queries.require_enter(request.actor, register)
    names = queries.form_names(request.actor, register, request.today)
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        fields=fields_of(register),
        choices=choices_of(names),
        values=_begun(request, register, names),
        slug=register.slug,
    )
    made = _entered(request, register, form) if request.method == "POST" else None
    if made is not None:
        messages.success(request, _("Entered."))
        if "more" in request.POST:
            return redirect("web:registers:add", register.slug)
        return redirect("web:registers:entry", register.slug, made.pk)
    return render(
        request,
        "staff/registers/form.html",
        {"register": register, "form": form},
        status=422 if form.errors else 200,
    )


def _entered(request: StaffRequest, register: Register, form: EntryForm) -> Entry | None:
    """Enter what a form says; None where something stands against it, which the form says."""
    if not form.is_valid():
        return None
    return form.taken(
        lambda: operations.enter(
            actor=request.actor, register=register.key, values=form.texts(), now=moment(request)
        )
    )


def _begun(request: StaffRequest, register: Register, names: Names) -> dict[str, Value]:
    """Return what a new entry begins with: today's day, and what the address proposes."""
    begun = extras.begun(register, request.today)
    proposed = {each.key: request.GET[each.key] for each in register.fields if each.key in request.GET}
    read = read_values(register.fields, proposed, names)
    return {**begun, **read.values}


@staff_page("register.keep", methods=("GET", "POST"))
def edit(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Change what an entry says."""
    register = register_of(register_slug)
    detail = found_entry(request, register, entry_id)
    if request.method == "GET" and "change" not in detail.acts:
        return redirect("web:registers:entry", register.slug, entry_id)
    names = queries.form_names(request.actor, register, request.today, detail)
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        fields=fields_of(register, with_done=detail.row.state != "open"),
        choices=choices_of(names),
        values=detail.row.values,
        slug=register.slug,
    )
    if request.method == "POST" and form.is_valid():
        changed = form.taken(
            lambda: operations.change(
                actor=request.actor, entry_id=entry_id, values=form.changed(), now=moment(request)
            )
        )
        if changed is not None:
            messages.success(request, _("Saved."))
            return redirect("web:registers:entry", register.slug, entry_id)
    return render(
        request,
        "staff/registers/form.html",
        {"register": register, "form": form, "detail": detail},
        status=422 if form.errors else 200,
    )


def found_entry(request: StaffRequest, register: Register, entry_id: int) -> queries.EntryDetail:
    """Return an entry of a register; Http404 where it is another register's."""
    detail = queries.entry(request.actor, entry_id, request.today)
    if detail.register.key != register.key:
        raise Http404("an entry of another register")
    note_seen(request, register, [detail.row.person_id])
    return detail
