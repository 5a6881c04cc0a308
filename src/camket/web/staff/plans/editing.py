"""Checking a plan against its source and editing it: every change is a form of its own, in its row's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_htmx.http import reswap, retarget

from camket.core.messages import Refusal
from camket.core.targets import goal_text
from camket.core.wording.targets import write_target
from camket.improvement.queries.next_year import waiting
from camket.objectives import operations, queries
from camket.objectives.details import ActionDetail, ObjectiveDetail, PlanDetail, TargetDetail, WhenUnderstood
from camket.web.request import StaffRequest, say, staff_page
from camket.web.staff.plans import page as pages
from camket.web.staff.plans.forms import (
    ActionForm,
    BodiesForm,
    EditForm,
    HeadForm,
    IntoForm,
    ObjectiveAddForm,
    ObjectiveForm,
    ObjectiveSplitForm,
    PlaceForm,
    PolicyForm,
    TargetAddForm,
    TargetForm,
    TwoTextsForm,
    action_choices,
    objective_choices,
)

TEMPLATE = "staff/plans/plan_edit.html"
LOOK = "xem"
"""Name of the button that shows what is understood and saves nothing."""
LEAVE = "thoi"
"""In the address of a form: show its row without the form."""
AGAIN = "them_tiep"
"""Name of the button that saves and opens the form for the next one."""
SHOWN_DATES = 12

PARTIALS = {
    "add_target": "target_add",
    "add_action": "action_add",
    "add_objective": "objective_add",
    "head": "head_card",
    "policy": "policy_card",
    "objective": "objective_head",
    "target": "target_line",
    "action": "action_line",
}


@dataclass(frozen=True, slots=True)
class Act:
    """A form in a row's place: the kind of row, the mode, and what is said when it is done.

    ``is_structural`` acts change more than their own row, so that the whole plan is shown anew.
    """

    kind: str
    mode: str
    done: str | Promise
    is_structural: bool = True

    @property
    def partial(self) -> str:
        """Name of the part of the page that the form stands in."""
        return PARTIALS.get(self.mode) or PARTIALS[self.kind]


EDIT_HEAD = Act("head", "edit", _("The decision's particulars are saved."), is_structural=False)
EDIT_POLICY = Act("policy", "edit", _("The quality policy is saved."), is_structural=False)
EDIT_OBJECTIVE = Act("objective", "edit", _("The objective is saved."), is_structural=False)
EDIT_TARGET = Act("target", "edit", _("The target is saved."), is_structural=False)
EDIT_ACTION = Act("action", "edit", _("The action is saved."), is_structural=False)


@dataclass(frozen=True, slots=True)
class TargetMeaning:
    """A target found in the words typed, in official words."""

    text: str
    meaning: str
    sign: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetsUnderstood:
    """What is understood by the words of a target; ``is_asked`` is False while nothing is typed."""

    is_asked: bool
    found: tuple[TargetMeaning, ...] = ()


@dataclass(frozen=True, slots=True)
class TimesUnderstood:
    """What is understood by the words of a time, and the first dates that it will make."""

    is_asked: bool
    read: WhenUnderstood | None = None
    warnings: tuple[str, ...] = ()
    more: str = ""

    @property
    def dates(self) -> tuple[Any, ...]:
        """The dates shown at once."""
        return self.read.preview.dates[:SHOWN_DATES] if self.read else ()


@staff_page("plan.edit")
def plan_edit(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Show the plan for checking beside its source, or for editing."""
    plan = queries.plan_detail(request.actor, plan_id)
    if not plan.is_editable:
        return _closed(request, plan)
    proposed = waiting(request.actor, plan.year)
    return render(request, TEMPLATE, {**_context(request, plan), "proposed": proposed})


@staff_page("plan.edit", methods=("GET", "POST"))
def head_edit(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Change the decision's particulars."""

    def save(form: HeadForm, plan: PlanDetail) -> str:
        if values := form.head_changes():
            operations.update_head(
                actor=request.actor,
                plan_id=plan.id,
                today=request.today,
                revision=form.cleaned_data["revision"],
                **values,
            )
        return "quyet-dinh"

    return _form_page(
        request, plan_id, EDIT_HEAD, 0, lambda plan, data: HeadForm(data, initial=HeadForm.of(plan)), save
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def policy_edit(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Change the quality policy."""

    def save(form: PolicyForm, plan: PlanDetail) -> str:
        if values := form.changes():
            operations.update_head(
                actor=request.actor,
                plan_id=plan.id,
                today=request.today,
                revision=form.cleaned_data["revision"],
                **values,
            )
        return "chinh-sach"

    return _form_page(
        request,
        plan_id,
        EDIT_POLICY,
        0,
        lambda plan, data: PolicyForm(data, initial=PolicyForm.of(plan)),
        save,
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def objective_add(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Add an objective; its targets are read from its words."""

    def save(form: ObjectiveAddForm, plan: PlanDetail) -> str:
        pk = operations.add_objective(
            actor=request.actor, plan_id=plan.id, today=request.today, **form.cleaned_data
        )
        return f"muc-tieu-{pk}"

    return _form_page(
        request,
        plan_id,
        Act("plan", "add_objective", _("The objective is added.")),
        0,
        lambda plan, data: ObjectiveAddForm(data),
        save,
        understand=lambda plan, data: _targets_of(request, data),
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def objective_edit(request: StaffRequest, plan_id: int, objective_id: int) -> HttpResponse:
    """Change an objective's wording, method or unit."""
    units = queries.body_choices(request.actor).units

    def save(form: ObjectiveForm, plan: PlanDetail) -> str:
        if values := form.changes():
            operations.update_objective(
                actor=request.actor,
                objective_id=objective_id,
                today=request.today,
                revision=form.cleaned_data["revision"],
                **values,
            )
        return f"muc-tieu-{objective_id}"

    return _form_page(
        request,
        plan_id,
        EDIT_OBJECTIVE,
        objective_id,
        lambda plan, data: ObjectiveForm(
            data, units=units, initial=ObjectiveForm.of(_objective(plan, objective_id))
        ),
        save,
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def objective_move(request: StaffRequest, plan_id: int, objective_id: int) -> HttpResponse:
    """Move an objective to another place."""

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        at = plan.objectives.index(_objective(plan, objective_id))
        form = IntoForm(
            data,
            label=_("Put in the place of"),
            choices=[
                (str(place), label)
                for place, (_pk, label) in enumerate(objective_choices(plan.objectives))
                if place != at
            ],
        )
        return form

    def save(form: IntoForm, plan: PlanDetail) -> str:
        operations.move_objective(
            actor=request.actor,
            objective_id=objective_id,
            position=form.cleaned_data["into_id"],
            today=request.today,
        )
        return f"muc-tieu-{objective_id}"

    return _form_page(request, plan_id, Act("objective", "move", ""), objective_id, make, save)


@staff_page("plan.edit", methods=("GET", "POST"))
def objective_split(request: StaffRequest, plan_id: int, objective_id: int) -> HttpResponse:
    """Split an objective in two."""

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        return ObjectiveSplitForm(data, objective=_objective(plan, objective_id))

    def save(form: ObjectiveSplitForm, plan: PlanDetail) -> str:
        pk = operations.split_objective(
            actor=request.actor, objective_id=objective_id, today=request.today, **form.cleaned_data
        )
        return f"muc-tieu-{pk}"

    return _form_page(
        request,
        plan_id,
        Act("objective", "split", _("The objective is split in two.")),
        objective_id,
        make,
        save,
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def objective_merge(request: StaffRequest, plan_id: int, objective_id: int) -> HttpResponse:
    """Join an objective to another."""

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        objective = _objective(plan, objective_id)
        others = [row for row in plan.objectives if row is not objective]
        at = plan.objectives.index(objective)
        return IntoForm(
            data,
            choices=objective_choices(others),
            initial={"into_id": plan.objectives[at - 1].id if at else None},
        )

    def save(form: IntoForm, plan: PlanDetail) -> str:
        into = form.cleaned_data["into_id"]
        operations.merge_objectives(
            actor=request.actor, objective_id=objective_id, into_id=into, today=request.today
        )
        return f"muc-tieu-{into}"

    return _form_page(
        request,
        plan_id,
        Act("objective", "merge", _("The two objectives are joined.")),
        objective_id,
        make,
        save,
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def objective_delete(request: StaffRequest, plan_id: int, objective_id: int) -> HttpResponse:
    """Ask, then delete an objective with its targets and actions."""

    def save(form: forms.Form, plan: PlanDetail) -> str:
        operations.delete_objective(actor=request.actor, objective_id=objective_id, today=request.today)
        return "cac-muc-tieu"

    return _form_page(
        request,
        plan_id,
        Act("objective", "delete", _("The objective is deleted.")),
        objective_id,
        lambda plan, data: _confirmation(_objective(plan, objective_id), data),
        save,
    )


@staff_page("plan.edit", methods=("POST",))
def objectives_renumber(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Number objectives and actions 1, 2, 3 … in their order."""
    try:
        operations.renumber_objectives(actor=request.actor, plan_id=plan_id, today=request.today)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return HttpResponseRedirect(reverse("web:plans:plan_detail", args=[plan_id]))
    if request.htmx:
        plan = queries.plan_detail(request.actor, plan_id)
        return _column(request, _context(request, plan, saved="cac-muc-tieu"))
    messages.success(request, gettext("The objectives are numbered anew."))
    return HttpResponseRedirect(reverse("web:plans:plan_edit", args=[plan_id]) + "#cac-muc-tieu")


@staff_page("plan.edit", methods=("GET", "POST"))
def target_add(request: StaffRequest, plan_id: int, objective_id: int) -> HttpResponse:
    """Add targets typed in official words."""

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        _objective(plan, objective_id)
        return TargetAddForm(data)

    def save(form: TargetAddForm, plan: PlanDetail) -> str:
        operations.add_targets(
            actor=request.actor, objective_id=objective_id, today=request.today, **form.cleaned_data
        )
        return f"muc-tieu-{objective_id}"

    return _form_page(
        request,
        plan_id,
        Act("objective", "add_target", _("The target is added.")),
        objective_id,
        make,
        save,
        understand=lambda plan, data: _targets_of(request, data),
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def target_edit(request: StaffRequest, plan_id: int, target_id: int) -> HttpResponse:
    """Change a target's words, or set right what is understood by them."""

    def save(form: TargetForm, plan: PlanDetail) -> str:
        if values := form.target_changes():
            operations.update_target(
                actor=request.actor,
                target_id=target_id,
                today=request.today,
                revision=form.cleaned_data["revision"],
                **values,
            )
        return f"chi-tieu-{target_id}"

    def understand(plan: PlanDetail, data: Mapping[str, Any]) -> TargetsUnderstood:
        if isinstance(data, QueryDict):
            return _targets_of(request, data)
        row = _target(plan, target_id)
        return TargetsUnderstood(
            is_asked=True, found=(TargetMeaning(row.text, row.meaning, goal_text(row.as_format()), ()),)
        )

    return _form_page(
        request,
        plan_id,
        EDIT_TARGET,
        target_id,
        lambda plan, data: TargetForm(data, initial=TargetForm.of(_target(plan, target_id))),
        save,
        understand=understand,
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def target_move(request: StaffRequest, plan_id: int, target_id: int) -> HttpResponse:
    """Move a target to another objective."""

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        target = _target(plan, target_id)
        return PlaceForm(
            data, objectives=objective_choices([row for row in plan.objectives if target not in row.targets])
        )

    def save(form: PlaceForm, plan: PlanDetail) -> str:
        target = _target(plan, target_id)
        home = next(row for row in plan.objectives if target in row.targets)
        operations.move_target(
            actor=request.actor,
            target_id=target_id,
            objective_id=form.cleaned_data["objective_id"] or home.id,
            position=form.cleaned_data["position"],
            today=request.today,
        )
        return f"chi-tieu-{target_id}"

    return _form_page(
        request, plan_id, Act("target", "move", _("The target is moved.")), target_id, make, save
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def target_delete(request: StaffRequest, plan_id: int, target_id: int) -> HttpResponse:
    """Ask, then delete a target."""

    def save(form: forms.Form, plan: PlanDetail) -> str:
        home = next(row for row in plan.objectives if any(target.id == target_id for target in row.targets))
        operations.delete_target(actor=request.actor, target_id=target_id, today=request.today)
        return f"muc-tieu-{home.id}"

    return _form_page(
        request,
        plan_id,
        Act("target", "delete", _("The target is deleted.")),
        target_id,
        lambda plan, data: _confirmation(_target(plan, target_id), data),
        save,
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def action_add(request: StaffRequest, plan_id: int, objective_id: int) -> HttpResponse:
    """Add an action."""

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        _objective(plan, objective_id)
        return ActionForm(data)

    def save(form: ActionForm, plan: PlanDetail) -> str:
        values = {"text": "", **_action_values(request, plan, form)}
        pk = operations.add_action(
            actor=request.actor, objective_id=objective_id, today=request.today, **values
        )
        return f"bien-phap-{pk}"

    return _form_page(
        request,
        plan_id,
        Act("objective", "add_action", _("The action is added.")),
        objective_id,
        make,
        save,
        understand=lambda plan, data: _times_of(request, plan.id, data),
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def action_edit(request: StaffRequest, plan_id: int, action_id: int) -> HttpResponse:
    """Change an action; a new time is understood anew."""

    def save(form: ActionForm, plan: PlanDetail) -> str:
        if values := _action_values(request, plan, form):
            operations.update_action(
                actor=request.actor,
                action_id=action_id,
                today=request.today,
                revision=form.cleaned_data["revision"],
                **values,
            )
        return f"bien-phap-{action_id}"

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        action = _action(plan, action_id)
        read = queries.understood_when(request.actor, plan.id, action.when).entries if action.when else ()
        by_hand = action.schedule_text if action.schedule != read else ""
        return ActionForm(data, initial={**ActionForm.of(action), "schedule_words": by_hand})

    return _form_page(
        request,
        plan_id,
        EDIT_ACTION,
        action_id,
        make,
        save,
        understand=lambda plan, data: _times_of(request, plan.id, data),
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def action_move(request: StaffRequest, plan_id: int, action_id: int) -> HttpResponse:
    """Move an action up or down, or to another objective."""

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        _action(plan, action_id)
        return PlaceForm(
            data,
            objectives=objective_choices(plan.objectives),
            initial={"objective_id": _home(plan, action_id).id},
        )

    def save(form: PlaceForm, plan: PlanDetail) -> str:
        operations.move_action(
            actor=request.actor,
            action_id=action_id,
            objective_id=form.cleaned_data["objective_id"] or _home(plan, action_id).id,
            position=form.cleaned_data["position"],
            today=request.today,
        )
        return f"bien-phap-{action_id}"

    return _form_page(
        request, plan_id, Act("action", "move", _("The action is moved.")), action_id, make, save
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def action_split(request: StaffRequest, plan_id: int, action_id: int) -> HttpResponse:
    """Split an action in two; both keep bodies and times."""

    def save(form: TwoTextsForm, plan: PlanDetail) -> str:
        pk = operations.split_action(
            actor=request.actor, action_id=action_id, today=request.today, **form.cleaned_data
        )
        return f"bien-phap-{pk}"

    return _form_page(
        request,
        plan_id,
        Act("action", "split", _("The action is split in two.")),
        action_id,
        lambda plan, data: TwoTextsForm(data, initial=TwoTextsForm.of(_action(plan, action_id).text)),
        save,
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def action_merge(request: StaffRequest, plan_id: int, action_id: int) -> HttpResponse:
    """Join an action to another of its objective."""

    def make(plan: PlanDetail, data: QueryDict | None) -> forms.Form:
        action = _action(plan, action_id)
        rows = _home(plan, action_id).actions
        at = rows.index(action)
        return IntoForm(
            data,
            choices=action_choices([row for row in rows if row is not action]),
            initial={"into_id": rows[at - 1].id if at else None},
        )

    def save(form: IntoForm, plan: PlanDetail) -> str:
        into = form.cleaned_data["into_id"]
        operations.merge_actions(actor=request.actor, action_id=action_id, into_id=into, today=request.today)
        return f"bien-phap-{into}"

    return _form_page(
        request, plan_id, Act("action", "merge", _("The two actions are joined.")), action_id, make, save
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def action_delete(request: StaffRequest, plan_id: int, action_id: int) -> HttpResponse:
    """Ask, then delete an action."""

    def save(form: forms.Form, plan: PlanDetail) -> str:
        operations.delete_action(actor=request.actor, action_id=action_id, today=request.today)
        return f"muc-tieu-{_home(plan, action_id).id}"

    return _form_page(
        request,
        plan_id,
        Act("action", "delete", _("The action is deleted.")),
        action_id,
        lambda plan, data: _confirmation(_action(plan, action_id), data),
        save,
    )


@staff_page("plan.edit", methods=("GET", "POST"))
def bodies_edit(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Say once for each name in the plan which unit or person is meant."""
    plan = queries.plan_detail(request.actor, plan_id)
    if not plan.is_editable:
        return _closed(request, plan)
    bodies = queries.bodies(plan)
    is_sent = request.method == "POST"
    form = BodiesForm(
        request.POST if is_sent else None, bodies=bodies, choices=queries.body_choices(request.actor)
    )
    if form.is_valid():
        try:
            operations.map_bodies(
                actor=request.actor,
                plan_id=plan_id,
                mappings=[operations.BodyMapping(*chosen) for chosen in form.chosen()],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request, gettext("The units and people are saved; the same names will be proposed next year.")
            )
            return HttpResponseRedirect(reverse("web:plans:plan_dates", args=[plan_id]))
    rows = list(zip(bodies, [form[f"body-{number}"] for number in range(len(bodies))], strict=True))
    return render(
        request,
        "staff/plans/bodies_edit.html",
        {
            "plan": plan,
            "plan_name": pages.plan_name(plan),
            "form": form,
            "rows": [pages.body_line(body, field) for body, field in rows],
            "unmapped": queries.unmapped_count(plan),
            "notes_count": plan.notes_count,
            "step": "bodies",
            "is_checking": "accept" in plan.acts,
        },
    )


@staff_page("plan.edit")
def target_understood(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Say what is understood by the words of a target, without saving anything."""
    queries.plan_detail(request.actor, plan_id)
    return render(request, f"{TEMPLATE}#understood_target", {"understood": _targets_of(request, request.GET)})


@staff_page("plan.edit")
def when_understood(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Say what is understood by the words of a time, and the dates that it will make."""
    return render(
        request, f"{TEMPLATE}#understood_when", {"understood": _times_of(request, plan_id, request.GET)}
    )


def _form_page(
    request: StaffRequest,
    plan_id: int,
    act: Act,
    pk: int,
    make: Callable[[PlanDetail, QueryDict | None], Any],
    save: Callable[[Any, PlanDetail], str],
    understand: Callable[[PlanDetail, Mapping[str, Any]], Any] | None = None,
) -> HttpResponse:
    """Show a form in its row's place, or take what was typed into it.

    ``make`` gives the form, ``save`` makes the one change and returns the id of the place in the page where it
    is seen. A refusal leaves the typed text in the form.
    """
    plan = queries.plan_detail(request.actor, plan_id)
    if not plan.is_editable:
        return _closed(request, plan)
    data = request.POST if request.method == "POST" else None
    if data is None and LEAVE in request.GET:
        return _left(request, plan, act, pk)
    form = make(plan, data)
    form.auto_id = f"{act.kind}-{pk}-{act.mode}-%s"
    understood = None
    if understand is not None and (data is None or LOOK in data):
        understood = understand(plan, form.initial if data is None else data)
    elif data is not None and form.is_valid():
        try:
            anchor = save(form, plan)
        except forms.ValidationError as refusal:
            form.add_error(None, refusal)
        except operations.ChangedMeanwhile as refusal:
            form.add_error(None, say(refusal.message))
            if isinstance(form, EditForm):
                form.stand_anew()
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            return _done(request, plan_id, act, pk, anchor)
    opened = pages.Opened(act.kind, pk, act.mode, form, understood)
    context = _context(request, plan, opened)
    if request.htmx:
        return render(request, f"{TEMPLATE}#{act.partial}", _part(context, act, pk))
    return render(request, TEMPLATE, context)


def _done(request: StaffRequest, plan_id: int, act: Act, pk: int, anchor: str) -> HttpResponse:
    again = AGAIN in request.POST
    if not request.htmx:
        if act.done:
            messages.success(request, str(act.done))
        if again:
            return HttpResponseRedirect(request.path + f"#{_slot(act, pk)}")
        return HttpResponseRedirect(reverse("web:plans:plan_edit", args=[plan_id]) + f"#{anchor}")
    plan = queries.plan_detail(request.actor, plan_id)
    if not act.is_structural:
        return _with_steps(request, act.partial, _part(_context(request, plan, saved=anchor), act, pk))
    opened = None
    if again:
        form = {"add_target": TargetAddForm, "add_action": ActionForm, "add_objective": ObjectiveAddForm}[
            act.mode
        ]()
        form.auto_id = f"{act.kind}-{pk}-{act.mode}-%s"
        opened = pages.Opened(act.kind, pk, act.mode, form)
    return _column(request, _context(request, plan, opened, saved="" if again else anchor))


def _left(request: StaffRequest, plan: PlanDetail, act: Act, pk: int) -> HttpResponse:
    if not request.htmx:
        return HttpResponseRedirect(reverse("web:plans:plan_edit", args=[plan.id]))
    context = _context(request, plan)
    try:
        return render(request, f"{TEMPLATE}#{act.partial}", _part(context, act, pk))
    except StopIteration as error:
        raise Http404 from error


def _column(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """Return all that was read, in place of what is shown."""
    return reswap(retarget(_with_steps(request, "reading_column", context), "#ban-doc"), "outerHTML")


def _with_steps(request: StaffRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Return a part of the page, and with it the steps above, whose counts may have changed."""
    response = render(request, f"{TEMPLATE}#{name}", context)
    response.write(render_to_string("staff/plans/_steps.html", context | {"oob": True}, request))
    return response


def _slot(act: Act, pk: int) -> str:
    return {
        "add_target": f"them-chi-tieu-{pk}",
        "add_action": f"them-bien-phap-{pk}",
        "add_objective": "them-muc-tieu",
    }[act.mode]


def _context(
    request: StaffRequest, plan: PlanDetail, opened: pages.Opened | None = None, saved: str = ""
) -> dict[str, Any]:
    reading = queries.reading_of(request.actor, plan.id) if plan.has_source else None
    editor = pages.editor(
        plan,
        reading=None if request.htmx else reading,
        notes=() if reading is None else queries.checking_notes(plan, reading),
        unmapped=queries.unmapped_count(plan),
        opened=opened,
        saved=saved,
    )
    return {
        "editor": editor,
        "plan": plan,
        "plan_name": pages.plan_name(plan),
        "document_name": pages.document_name(plan),
        "unmapped": editor.unmapped,
        "notes_count": plan.notes_count,
        "step": "content",
        "is_checking": "accept" in plan.acts,
    }


def _part(context: dict[str, Any], act: Act, pk: int) -> dict[str, Any]:
    editor: pages.Editor = context["editor"]
    if act.kind == "objective":
        return context | {"card": editor.card(pk)}
    if act.kind == "target":
        return context | {"line": editor.target(pk)}
    if act.kind == "action":
        return context | {"line": editor.action(pk)}
    return context


def _closed(request: StaffRequest, plan: PlanDetail) -> HttpResponse:
    messages.info(request, gettext("This plan cannot be changed any more in its present state."))
    response = HttpResponseRedirect(reverse("web:plans:plan_detail", args=[plan.id]))
    if request.htmx:
        response = HttpResponse(headers={"HX-Redirect": response.url})  # type: ignore[assignment]
    return response


def _confirmation(row: ObjectiveDetail | TargetDetail | ActionDetail, data: QueryDict | None) -> forms.Form:
    """Return the form that asks once more; the row is looked up first, so that there is something to ask about."""
    return forms.Form(data)


def _action_values(request: StaffRequest, plan: PlanDetail, form: ActionForm) -> dict[str, Any]:
    """Return the changed values of an action as the operation takes them.

    Dates said apart from the decision's own time win over it; taken away, the time is understood by itself
    again. Raises ValidationError for words that give no date.
    """
    values = form.changes()
    words = values.pop("schedule_words", None)
    if words is None and "when" in values:
        words = form.cleaned_data["schedule_words"] or None
    if words:
        read = queries.understood_when(request.actor, plan.id, words)
        if read.rest or not read.entries:
            raise forms.ValidationError({"schedule_words": gettext("No date is understood in these words.")})
        values["schedule"] = read.entries
    elif words is not None and "when" not in values:
        values["schedule"] = queries.understood_when(
            request.actor, plan.id, form.cleaned_data["when"]
        ).entries
    return values


def _targets_of(request: StaffRequest, data: Mapping[str, Any]) -> TargetsUnderstood:
    text = str(data.get("text", "")).strip()
    if not text:
        return TargetsUnderstood(is_asked=False)
    found = queries.understood_target(request.actor, text, striving=bool(data.get("striving")))
    return TargetsUnderstood(
        is_asked=True,
        found=tuple(
            TargetMeaning(
                text=each.target.text,
                meaning=write_target(each.target),
                sign=goal_text(each.target),
                warnings=tuple(say(message) for message in each.warnings),
            )
            for each in found
        ),
    )


def _times_of(request: StaffRequest, plan_id: int, data: Mapping[str, Any]) -> TimesUnderstood:
    words = str(data.get("schedule_words", "")).strip() or str(data.get("when", "")).strip()
    if not words:
        queries.plan_detail(request.actor, plan_id)
        return TimesUnderstood(is_asked=False)
    read = queries.understood_when(request.actor, plan_id, words)
    more = len(read.preview.dates) - SHOWN_DATES
    return TimesUnderstood(
        is_asked=True,
        read=read,
        warnings=tuple(say(message) for message in read.warnings),
        more=str(more) if more > 0 else "",
    )


def _objective(plan: PlanDetail, objective_id: int) -> ObjectiveDetail:
    for row in plan.objectives:
        if row.id == objective_id:
            return row
    raise Http404


def _target(plan: PlanDetail, target_id: int) -> TargetDetail:
    for objective in plan.objectives:
        for row in objective.targets:
            if row.id == target_id:
                return row
    raise Http404


def _home(plan: PlanDetail, action_id: int) -> ObjectiveDetail:
    for objective in plan.objectives:
        if any(row.id == action_id for row in objective.actions):
            return objective
    raise Http404


def _action(plan: PlanDetail, action_id: int) -> ActionDetail:
    return next(row for row in _home(plan, action_id).actions if row.id == action_id)
