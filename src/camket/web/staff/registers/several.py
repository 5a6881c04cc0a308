"""Several rows at once: the work that a document or a meeting's conclusions give, next month's programme, a period's figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from camket.core.messages import Refusal
from camket.core.registers import REGISTERS, Register
from camket.registers import operations, queries
from camket.web import vietnamese
from camket.web.forms.fields import DateField
from camket.web.request import StaffRequest, moment, staff_page
from camket.web.staff.registers.forms import EntryForm, choices_of
from camket.web.staff.registers.views import found_entry, register_of

ROWS = 6
"""So many rows a page begins with."""
MOST = 40
SHARED = ("number", "on", "source", "kind", "form")
ROW = ("title", "unit", "person", "due_on")


class WorkRow(EntryForm):
    """One piece of work among several; a row without words is no row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = True
        for field in self.fields.values():
            field.required, field.help_text = False, ""
        self.fields["title"].widget = forms.Textarea({"rows": 2})


@staff_page("register.keep", methods=("GET", "POST"))
def give_work(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Give work from a document or from minutes: its number, day and body go into each directive."""
    source = register_of(register_slug)
    detail = found_entry(request, source, entry_id)
    register = REGISTERS["directives"]
    queries.require_enter(request.actor, register)
    names = queries.form_names(request.actor, register, request.today)
    choices = choices_of(names)
    data = request.POST if request.method == "POST" else None
    number = _rows_of(request)
    is_own = source.key in ("outgoing", "meetings")
    concludes = source.key == "meetings" or detail.row.values.get("kind") == "TB"
    begun = {
        "number": detail.row.values.get("number"),
        "on": detail.row.values.get("issued_on") or detail.row.on,
        "source": detail.row.values.get("source") or (request.agency.name if is_own else None),
        "kind": "own" if is_own else None,
        "form": "conclusion" if concludes else "document",
    }
    shared = EntryForm(
        data,
        fields=[register.field(key) for key in SHARED],
        choices=choices,
        values=begun,
    )
    rows = [
        WorkRow(data, fields=[register.field(key) for key in ROW], choices=choices, prefix=str(at))
        for at in range(number)
    ]
    if data is not None and "more" not in data and _all_valid(shared, rows):
        made = _given(request, entry_id, register, shared, rows)
        if made:
            messages.success(
                request,
                ngettext("%(count)s directive is entered.", "%(count)s directives are entered.", made)
                % {"count": vietnamese.number(made)},
            )
            return redirect("web:registers:entry", source.slug, entry_id)
    has_errors = bool(data is not None and "more" not in data)
    return render(
        request,
        "staff/registers/give_work.html",
        {
            "register": source,
            "detail": detail,
            "shared": shared,
            "rows": rows,
            "number": number,
            "most": MOST,
        },
        status=422 if has_errors else 200,
    )


def _rows_of(request: StaffRequest) -> int:
    said = request.POST.get("rows", "") or request.GET.get("rows", "")
    number = int(said) if said.isdecimal() and len(said) < 4 else ROWS
    return max(1, min(MOST, number + (4 if "more" in request.POST else 0)))


def _all_valid(shared: EntryForm, rows: list[WorkRow]) -> bool:
    return all([shared.is_valid(), *(row.is_valid() for row in rows)])


def _given(
    request: StaffRequest, entry_id: int, register: Register, shared: EntryForm, rows: list[WorkRow]
) -> int:
    """Enter the rows that say something; return how many, 0 where something is to be mended."""
    filled = [(row, texts) for row in rows if any((texts := row.texts()).values())]
    if not filled:
        shared.add_error(None, _("Write at least one piece of work."))
        return 0
    common = shared.texts()
    try:
        return len(
            operations.derive(
                actor=request.actor,
                parent_id=entry_id,
                register=register.key,
                rows=[{**common, **texts} for _row, texts in filled],
                now=moment(request),
            )
        )
    except operations.ValuesRefused as refusal:
        for each in refusal.problems:
            at, _dash, key = each.field.partition("-")
            row = filled[int(at)][0] if at.isdecimal() and int(at) < len(filled) else None
            target: EntryForm = row if row is not None and key in row.fields else shared
            target.refuse(operations.ValuesRefused([_at(each, key)]))
    except Refusal as refusal:
        shared.refuse(refusal)
    return 0


def _at(problem: Any, key: str) -> Any:
    return type(problem)(problem.cell, problem.message, key)


class CarryForm(forms.Form):
    """What unfinished work of the programme goes on next month, and until when."""

    on = DateField(label=gettext_lazy("Programme from"))
    due_on = DateField(
        label=gettext_lazy("New last day for all"),
        required=False,
        help_text=gettext_lazy("Left empty: the last day of that month."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].coming_from = today  # type: ignore[attr-defined]


@staff_page("register.keep", methods=("GET", "POST"))
def next_month(request: StaffRequest) -> HttpResponse:
    """Carry unfinished work of the programme on into the next month's; what was to be done by today is ticked at first."""
    register = REGISTERS["programme"]
    queries.require_enter(request.actor, register)
    first = (request.today.replace(day=28) + timedelta(days=4)).replace(day=1)
    form = CarryForm(
        request.POST if request.method == "POST" else None, initial={"on": first}, today=request.today
    )
    wanted = queries.Wanted(standing="open", last=first - timedelta(days=1), sort="due_on")
    page = queries.page_of(request.actor, register, wanted, request.today)
    chosen = {int(each) for each in request.POST.getlist("viec") if each.isdecimal() and len(each) < 18}
    if request.method == "POST" and form.is_valid():
        on: date = form.cleaned_data["on"]
        due_on = form.cleaned_data["due_on"] or (on.replace(day=28) + timedelta(days=4)).replace(
            day=1
        ) - timedelta(days=1)
        if not chosen:
            form.add_error(None, _("Tick the work that goes on."))
        else:
            try:
                made = operations.carry_on(
                    actor=request.actor,
                    entry_ids=sorted(chosen & {row.id for row in page.rows}),
                    values={"on": on, "due_on": due_on, "scope": "month", "done_on": None, "result": None},
                    now=moment(request),
                )
            except Refusal as refusal:
                text = EntryForm(fields=(), choices=choices_of(page.names), data={})
                text.is_valid()
                text.refuse(refusal)
                form.add_error(None, list(text.non_field_errors()))
            else:
                messages.success(
                    request,
                    ngettext("%(count)s task goes on.", "%(count)s tasks go on.", len(made))
                    % {"count": vietnamese.number(len(made))},
                )
                return redirect("web:registers:list", register.slug)
    rows = [
        (
            row,
            page.names.unit(row.unit_id),
            row.id in chosen
            if request.method == "POST"
            else row.due_on is not None and row.due_on <= request.today,
        )
        for row in page.rows
        if row.is_kept
    ]
    return render(
        request,
        "staff/registers/next_month.html",
        {"register": register, "form": form, "rows": rows, "is_cut": page.total > len(page.rows)},
        status=422 if form.errors else 200,
    )
