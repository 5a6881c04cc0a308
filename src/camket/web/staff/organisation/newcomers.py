"""Many people at once: a spreadsheet read, checked on one page, added whole; slips with one-time passwords to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.core.roster import Roster, RosterEntry, read_roster
from camket.core.wording.text import login_key
from camket.journal.operations import record_access
from camket.org import operations, queries
from camket.org.operations import MOST_AT_ONCE, Intake, NewPerson, RowState
from camket.paper.sheets import read_sheet
from camket.web import shown_once
from camket.web.handing_out import table_file
from camket.web.request import StaffRequest, say, staff_page
from camket.web.staff.organisation.forms import PersonRowForm, RosterForm

SLIPS = "camket_slips"
"""Session key of the slips that the next page shows, once."""

COLUMNS = ("full_name", "position", "unit", "role", "login", "email")
ROWS = forms.formset_factory(PersonRowForm, extra=0, max_num=2 * MOST_AT_ONCE, absolute_max=2 * MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of the list as the page shows it: its form, and what would become of it; None for one left out."""

    form: forms.Form
    state: RowState | None

    @property
    def cells(self) -> list[dict[str, Any]]:
        """Return the fields of the row with what the file says beside them and what is to be mended."""
        said = dict(self.state.problems) if self.state and not self.form.is_bound else {}
        return [
            {
                "field": self.form[name],
                "hint": self.form["unit_text"].value() if name == "unit" else "",
                "errors": self.form[name].errors or ([say(said[name])] if name in said else []),
            }
            for name in COLUMNS
        ]

    @property
    def is_known(self) -> bool:
        """Whether the person is there already."""
        return self.state is not None and self.state.known_id is not None

    @property
    def is_wrong(self) -> bool:
        """Whether something has to be mended."""
        return bool(self.form.errors) or (self.state is not None and bool(self.state.problems))


@staff_page("people.manage", methods=("GET", "POST"), is_long=True)
def people_import(request: StaffRequest) -> HttpResponse:
    """Take a spreadsheet, show what was understood, and add the people that the page sends back."""
    if request.method == "POST" and "nguoi-TOTAL_FORMS" in request.POST:
        return _add(request)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = read_sheet(file.read(), file.name)
            roster = read_roster(
                [(row.number, row.cells) for row in sheet.rows], queries.unit_names(request.actor)
            )
        except Refusal as refusal:
            form.add_error("file", say(refusal.message))
        else:
            return _preview(request, roster)
    return render(request, "staff/organisation/people_import.html", {"form": form})


@staff_page("people.manage")
def people_template(request: StaffRequest) -> HttpResponse:
    """Hand out a spreadsheet to fill in, with the agency's units as examples."""
    header = ("TT", "Họ và tên", "Chức vụ", "Bộ phận", "Email", "Tên đăng nhập", "Vai trò")
    units = [names[0] for _, names in queries.unit_names(request.actor)]
    rows: list[tuple[str, ...]] = [
        (str(number), "", "", unit, "", "", "") for number, unit in enumerate(units or [""] * 10, 1)
    ]
    return table_file(
        "mau-danh-sach-can-bo", "xlsx", title="Danh sách cán bộ, công chức", header=header, rows=rows
    )


@staff_page("people.manage")
def slips(request: StaffRequest) -> HttpResponse:
    """Show the sign-in names and one-time passwords of the people just added, once, as slips to cut."""
    kept: list[dict[str, str]] = shown_once.take(request, SLIPS) or []
    if kept:
        record_access(
            actor=request.actor,
            what="one_time_password",
            purpose="web:organisation:slips",
            on=request.today,
            people=len(kept),
        )
    response = render(
        request,
        "staff/organisation/slips.html",
        {"slips": kept, "address": request.build_absolute_uri("/")},
    )
    response["Cache-Control"] = "private, no-store"
    return response


def keep_slips(request: StaffRequest, intake: Intake, names: Iterable[NewPerson]) -> None:
    """Keep the one-time passwords of people just added for the page of slips, which shows them once."""
    people = {login_key(person.login): person for person in names}
    kept = [
        *(shown_once.look(request, SLIPS) or []),
        *(
            {
                "full_name": people[given.login].full_name,
                "login": given.login,
                "password": given.password,
                "position": people[given.login].position,
            }
            for given in intake.added
        ),
    ]
    shown_once.keep(request, SLIPS, kept)


def new_people(rows: Sequence[forms.Form], request: StaffRequest) -> list[NewPerson]:
    """Return the people of valid rows, with a sign-in name made where none was typed."""
    typed = [
        RosterEntry(
            row=at,
            full_name=row.cleaned_data["full_name"],
            position=row.cleaned_data["position"],
            unit_id=row.cleaned_data["unit"],
            role=row.cleaned_data["role"],
            login=login_key(row.cleaned_data["login"]),
            email=row.cleaned_data["email"],
        )
        for at, row in enumerate(rows)
    ]
    return [_new_person(entry) for entry in queries.with_free_logins(request.actor, typed)]


def _new_person(entry: RosterEntry) -> NewPerson:
    return NewPerson(
        full_name=entry.full_name,
        login=entry.login,
        role=entry.role,
        unit_id=entry.unit_id,
        position=entry.position,
        email=entry.email,
    )


def _preview(request: StaffRequest, roster: Roster) -> HttpResponse:
    entries = queries.with_free_logins(request.actor, roster.entries)
    people = [_new_person(entry) for entry in entries]
    states = operations.states_of(request.actor, people, request.today)
    rows = ROWS(
        prefix="nguoi",
        form_kwargs={"units": _unit_choices(request)},
        initial=[
            {
                "keep": state.known_id is None,
                "full_name": entry.full_name,
                "position": entry.position,
                "unit": entry.unit_id,
                "role": entry.role,
                "login": _login_shown(entry, state),
                "email": entry.email,
                "row": entry.row,
                "unit_text": "" if entry.unit_id else entry.unit_text,
            }
            for entry, state in zip(entries, states, strict=True)
        ],
    )
    return _list(request, rows, states, roster)


def _login_shown(entry: RosterEntry, state: RowState) -> str:
    """Return the sign-in name that a row begins with: none where the name itself has to be mended first."""
    if state.known_id is not None:
        return state.known_login
    return "" if "full_name" in dict(state.problems) else entry.login


def _add(request: StaffRequest) -> HttpResponse:
    rows = ROWS(request.POST, prefix="nguoi", form_kwargs={"units": _unit_choices(request)})
    if not rows.is_valid():
        return _list(request, rows, [None] * len(rows.forms))
    wanted = [form for form in rows if form.is_wanted]
    people = new_people(wanted, request)
    try:
        intake = operations.add_people(actor=request.actor, people=people, today=request.today)
    except operations.PeopleNotPossible:
        messages.error(request, gettext("Nobody has been added yet: mend the rows marked below."))
    except operations.TooManyPeople as refusal:
        messages.error(request, say(refusal.message))
    else:
        return _added(request, intake, people)
    found = operations.states_of(request.actor, people, request.today)
    states: list[RowState | None] = [None] * len(rows.forms)
    for form, state in zip(wanted, found, strict=True):
        states[rows.forms.index(form)] = state
        for field, message in state.problems:
            form.add_error(field, say(message))
    return _list(request, rows, states)


def _added(request: StaffRequest, intake: Intake, people: Sequence[NewPerson]) -> HttpResponse:
    if not intake.added:
        messages.info(request, gettext("Everybody of the list is there already; nobody had to be added."))
        return redirect("web:organisation:people")
    keep_slips(request, intake, people)
    messages.success(
        request,
        gettext("%(count)s people have been added.") % {"count": str(len(intake.added))},
    )
    return redirect("web:organisation:slips")


def _list(
    request: StaffRequest,
    rows: Any,
    states: Sequence[RowState | None],
    roster: Roster | None = None,
) -> HttpResponse:
    checked = [CheckedRow(form, state) for form, state in zip(rows.forms, states, strict=True)]
    response = render(
        request,
        "staff/organisation/people_check.html",
        {
            "rows": rows,
            "checked": checked,
            "new": sum(1 for row in checked if not row.is_known and not row.is_wrong),
            "known": sum(1 for row in checked if row.is_known),
            "wrong": sum(1 for row in checked if row.is_wrong),
            "left_out": roster.left_out if roster else (),
        },
    )
    record_access(
        actor=request.actor,
        what="people",
        purpose="web:organisation:people_import",
        on=request.today,
        people=len(checked),
    )
    return response


def _unit_choices(request: StaffRequest) -> list[tuple[int, str]]:
    return [(pk, names[0]) for pk, names in queries.unit_names(request.actor)]
