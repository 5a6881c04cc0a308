from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.org import operations, queries
from camket.org.policy import can
from camket.reporting import hand_over as leaving
from camket.reporting.member_list import duty_words
from camket.web import shown_once
from camket.web.request import StaffRequest, refused_field, say, staff_page
from camket.web.staff.organisation import words
from camket.web.staff.organisation.forms import (
    AgencyForm,
    BlockForm,
    BodyNameForm,
    EndForm,
    NewPersonForm,
    NewPostForm,
    PersonForm,
    SearchForm,
    UnitForm,
)
from camket.web.staff.organisation.seen import saw
from camket.web.staff.organisation.unit_successions import went_along

ONCE = "camket_one_time_password"
"""Session key of a one-time password that the next page shows, once."""


@staff_page("org.view")
def agency(request: StaffRequest) -> HttpResponse:
    return render(
        request,
        "staff/organisation/agency.html",
        {"facts": words.agency_facts(request.agency, queries.level_names()[request.agency.level])},
    )


@staff_page("org.manage", methods=("GET", "POST"))
def agency_edit(request: StaffRequest) -> HttpResponse:
    row = request.agency
    form = AgencyForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in AgencyForm.base_fields},
        levels=queries.level_choices(request.today, besides=row.level),
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_agency(actor=request.actor, today=request.today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The agency's data have been saved."))
            return redirect("web:organisation:agency")
    return render(request, "staff/organisation/agency_edit.html", {"form": form})


@staff_page("org.view")
def units(request: StaffRequest) -> HttpResponse:
    rows = queries.units(request.actor, request.today)
    successions = queries.successions_of_units(request.actor)
    return render(
        request,
        "staff/organisation/units.html",
        {
            "rows": [row for row in rows if row.is_active],
            "planned": queries.planned_successions(request.actor),
            "retired": [
                (row, [each for each in successions if each.former_id == row.id])
                for row in rows
                if not row.is_active
            ],
        },
    )


@staff_page("org.manage", methods=("GET", "POST"))
def unit_add(request: StaffRequest) -> HttpResponse:
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = operations.add_unit(actor=request.actor, today=request.today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", say(refusal.message))
        else:
            messages.success(request, gettext("%(unit)s has been added.") % {"unit": added.name})
            return redirect("web:organisation:units")
    return render(request, "staff/organisation/unit_edit.html", {"form": form, "unit": None})


@staff_page("org.manage", methods=("GET", "POST"))
def unit_edit(request: StaffRequest, unit_id: int) -> HttpResponse:
    unit = queries.unit(request.actor, unit_id)
    form = UnitForm(
        request.POST or None, initial={"name": unit.name, "short_name": unit.short_name, "kind": unit.kind}
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_unit(
                actor=request.actor, unit_id=unit_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "name"), say(refusal.message))
        else:
            messages.success(request, gettext("The unit has been saved."))
            return redirect("web:organisation:units")
    successions = [
        (row, went_along(row.moved)) for row in queries.successions_of_units(request.actor, unit_id)
    ]
    context = {
        "form": form,
        "unit": unit,
        "successions": successions,
        "planned": queries.planned_successions(request.actor, unit_id),
        "is_former": any(row.former_id == unit_id for row, _went in successions),
    }
    return render(request, "staff/organisation/unit_edit.html", context)


@staff_page("org.manage", methods=("POST",))
def unit_move(request: StaffRequest, unit_id: int) -> HttpResponse:
    places = -1 if request.POST.get("to") == "up" else 1
    operations.move_unit(actor=request.actor, unit_id=unit_id, places=places, today=request.today)
    return redirect("web:organisation:units")


@staff_page("org.manage", methods=("POST",))
def unit_use(request: StaffRequest, unit_id: int) -> HttpResponse:
    act = operations.reactivate_unit if request.POST.get("use") == "yes" else operations.deactivate_unit
    try:
        unit = act(actor=request.actor, unit_id=unit_id, today=request.today)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:organisation:unit_edit", unit_id)
    said = gettext("%(unit)s is in use.") if unit.is_active else gettext("%(unit)s is no longer in use.")
    messages.success(request, said % {"unit": unit.name})
    return redirect("web:organisation:units")


@staff_page("people.view")
def people(request: StaffRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(queries.people(request.actor, request.today, wanted), 100).get_page(
        request.GET.get("page")
    )
    if can(request.actor, "people.manage"):
        saw(request, "people", people=len(page.object_list))
    return render(request, "staff/organisation/people.html", {"page": page, "form": form, "wanted": wanted})


@staff_page("people.manage", methods=("GET", "POST"))
def person_add(request: StaffRequest) -> HttpResponse:
    form = NewPersonForm(request.POST or None, units=queries.unit_choices(request.actor))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            added = operations.add_person(
                actor=request.actor, unit_id=data.pop("unit"), today=request.today, **data
            )
        except operations.UnitMissing as refusal:
            form.add_error("unit", say(refusal.message))
        except (operations.LoginTaken, operations.LoginMalformed) as refusal:
            form.add_error("login", say(refusal.message))
        else:
            shown_once.keep(request, ONCE, {"person_id": added.person_id, "password": added.password})
            messages.success(request, gettext("%(person)s has been added.") % {"person": data["full_name"]})
            return redirect("web:organisation:person", added.person_id)
    return render(request, "staff/organisation/person_add.html", {"form": form})


def _person_page(
    request: StaffRequest,
    person_id: int,
    form: PersonForm | None = None,
    post_form: NewPostForm | None = None,
    block_form: BlockForm | None = None,
) -> HttpResponse:
    row = queries.person(request.actor, person_id, request.today)
    once = shown_once.look(request, ONCE)
    password = ""
    if once and once["person_id"] == person_id:
        password = shown_once.take(request, ONCE)["password"]
    delegations = queries.delegations_of(request.actor, person_id, request.today)
    manages = can(request.actor, "people.manage")
    if manages:
        saw(request, "one_time_password" if password else "person", person_id=person_id)
    response = render(
        request,
        "staff/organisation/person.html",
        {
            "person": row,
            "is_self": person_id == request.actor.person_id,
            "password": password,
            "seats": [
                (seat, duty_words(seat.unit_name, seat.duty), seat.is_held)
                for seat in queries.seats_of(request.actor, person_id, request.today)
            ],
            "given": [each for each in delegations if each.giver_id == person_id],
            "taken": [each for each in delegations if each.deputy_id == person_id],
            "open_work": leaving.open_work_of(request.actor, person_id) if manages else None,
            "form": form or PersonForm(initial={"full_name": row.full_name, "email": row.email}),
            "post_form": post_form or NewPostForm(units=queries.unit_choices(request.actor)),
            "block_form": block_form or BlockForm(),
            "end_form": EndForm(initial={"ended_on": request.today}, auto_id=False),
        },
    )
    if password:
        response["Cache-Control"] = "no-store"
    return response


@staff_page("people.view")
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    return _person_page(request, person_id)


@staff_page("people.manage", methods=("POST",))
def person_edit(request: StaffRequest, person_id: int) -> HttpResponse:
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            operations.change_person(
                actor=request.actor, person_id=person_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The person's details have been saved."))
            return redirect("web:organisation:person", person_id)
    return _person_page(request, person_id, form=form)


@staff_page("people.manage", methods=("POST",))
def post_give(request: StaffRequest, person_id: int) -> HttpResponse:
    form = NewPostForm(request.POST, units=queries.unit_choices(request.actor))
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            operations.give_post(
                actor=request.actor,
                person_id=person_id,
                unit_id=data.pop("unit"),
                today=request.today,
                **data,
            )
        except operations.UnitMissing as refusal:
            form.add_error("unit", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The post has been given."))
            return redirect("web:organisation:person", person_id)
    return _person_page(request, person_id, post_form=form)


@staff_page("people.manage", methods=("POST",))
def post_end(request: StaffRequest, post_id: int) -> HttpResponse:
    form = EndForm(request.POST)
    back = queries.holder_of(request.actor, post_id)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("web:organisation:person", back)
    try:
        leaving.end_post(
            actor=request.actor, post_id=post_id, ended_on=form.cleaned_data["ended_on"], today=request.today
        )
    except leaving.WorkOpen as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:organisation:hand_over", back)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, gettext("The end of the post has been recorded."))
    return redirect("web:organisation:person", back)


@staff_page("people.restore", methods=("POST",))
def password_reset(request: StaffRequest, person_id: int) -> HttpResponse:
    try:
        given = operations.reset_password(actor=request.actor, person_id=person_id, today=request.today)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        shown_once.keep(request, ONCE, {"person_id": given.person_id, "password": given.password})
    return redirect("web:organisation:person", person_id)


@staff_page("people.manage", methods=("POST",))
def person_block(request: StaffRequest, person_id: int) -> HttpResponse:
    if request.POST.get("sign_in") == "yes":
        try:
            operations.unblock_person(actor=request.actor, person_id=person_id, today=request.today)
        except Refusal as refusal:
            messages.error(request, say(refusal.message))
        return redirect("web:organisation:person", person_id)
    form = BlockForm(request.POST)
    if form.is_valid():
        try:
            operations.block_person(
                actor=request.actor, person_id=person_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The person can no longer sign in."))
            return redirect("web:organisation:person", person_id)
    return _person_page(request, person_id, block_form=form)


@staff_page("org.view")
def body_names(request: StaffRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(queries.body_names(request.actor, wanted), 100).get_page(request.GET.get("page"))
    return render(
        request, "staff/organisation/body_names.html", {"page": page, "form": form, "wanted": wanted}
    )


@staff_page("org.manage", methods=("GET", "POST"))
def body_name(request: StaffRequest, body_name_id: int) -> HttpResponse:
    row = queries.body_name(request.actor, body_name_id)
    form = BodyNameForm(
        request.POST or None,
        units=queries.unit_choices(request.actor),
        people=queries.person_choices(request.actor, request.today),
        initial={"unit": row.unit_id, "person": row.person_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.map_body_name(
                actor=request.actor,
                body_name_id=body_name_id,
                unit_id=form.cleaned_data["unit"],
                person_id=form.cleaned_data["person"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The name has been saved."))
            return redirect("web:organisation:body_names")
    return render(request, "staff/organisation/body_name.html", {"form": form, "row": row})


@staff_page("org.manage", methods=("POST",))
def body_name_forget(request: StaffRequest, body_name_id: int) -> HttpResponse:
    operations.forget_body_name(actor=request.actor, body_name_id=body_name_id, today=request.today)
    messages.success(request, gettext("The name has been forgotten."))
    return redirect("web:organisation:body_names")
