"""How the targets of a plan are measured: proposals confirmed one by one or all sure ones at once, or another chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.formulas import Result
from camket.core.messages import Refusal
from camket.core.plan import Period
from camket.core.targets import Measure
from camket.core.wording.numbers import format_number
from camket.core.workflow import PLAN
from camket.indicators import catalogue, figures
from camket.indicators.catalogue import Entry
from camket.objectives import operations, wiring
from camket.objectives.wiring import BY_HAND, NOT_MEASURED, Offer, PlanWiring, TargetWiring, Wired
from camket.org import policy
from camket.org.queries import section_choices
from camket.web.forms.fields import IntegerField
from camket.web.request import StaffRequest, say, staff_page

RHYTHMS: dict[str, str | Promise] = {
    "month": _("every month"),
    "quarter": _("every quarter"),
    "half_year": _("every half-year"),
    "year": _("once a year"),
}
FIELDS_SHOWN = 60
SHOWN = {"": "", "open": _("not said yet"), "counted": _("counted"), "entered": _("entered by hand")}


@dataclass(frozen=True, slots=True)
class Line:
    """A target on the page: what measures it, or what may."""

    row: TargetWiring
    anchor: str
    who: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An indicator that the page offers for a target."""

    value: str
    name: str
    words: str
    reason: str
    confidence: str
    is_counted: bool
    result: str
    is_chosen: bool


class WiringForm(forms.Form):
    """Which indicator measures a target; of figures entered by hand also who enters them, how often and by when."""

    choice = forms.CharField(label=_("Indicator"), max_length=20)
    code = forms.ChoiceField(label=_("Indicator of the catalogue"), required=False)
    field = forms.MultipleChoiceField(
        label=_("Only these fields"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: dossiers of all fields count."),
    )  # fmt: skip
    item = forms.ChoiceField(
        label=_("Line of the socio-economic figures"), required=False,
        help_text=_(
            "Only for indicators of the socio-economic list: where several lines have such a name, or another one is meant."
        ),
    )  # fmt: skip
    owner = forms.TypedChoiceField(
        label=_("Unit that enters it"), required=False, coerce=int, empty_value=None
    )
    every = forms.ChoiceField(label=_("How often"), required=False)
    within = IntegerField(
        label=_("Working days after the end of a period"), required=False, smallest=0, largest=60
    )

    def __init__(
        self,
        *args: Any,
        offers: int,
        groups: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        fields: Sequence[tuple[str, str]],
        items: Sequence[tuple[str, str]],
        units: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.values = {*map(str, range(offers)), "other", BY_HAND, NOT_MEASURED}
        self.fields["code"].choices = [("", "—"), *groups]  # type: ignore[attr-defined]
        self.fields["field"].choices = list(fields)  # type: ignore[attr-defined]
        if not fields:
            del self.fields["field"]
        self.fields["item"].choices = [("", gettext("by its name")), *items]  # type: ignore[attr-defined]
        if not items:
            del self.fields["item"]
        self.fields["owner"].choices = [("", gettext("the objective's unit")), *units]  # type: ignore[attr-defined]
        self.fields["every"].choices = [("", gettext("as the catalogue says")), *RHYTHMS.items()]  # type: ignore[attr-defined]

    def clean_choice(self) -> str:
        value: str = self.cleaned_data["choice"]
        if value not in self.values:
            raise forms.ValidationError(gettext("Choose one of the indicators."))
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("choice") == "other" and not data.get("code") and "code" not in self.errors:
            self.add_error("code", gettext("Choose the indicator."))
        return data


@staff_page("plan.view")
def plan_wiring(request: StaffRequest, plan_id: int) -> HttpResponse:
    """List the targets with what measures each, or the likeliest proposal with its reason."""
    found = wiring.plan_wiring(request.actor, plan_id)
    plan = found.plan
    kind = request.GET.get("loc", "")
    shown = [
        (objective, lines)
        for objective in found.objectives
        if (lines := [_line(each) for each in objective.targets if _is_shown(each, kind)])
    ]
    counts = found.counts
    return render(
        request,
        "staff/plans/wiring.html",
        {
            "plan": plan,
            "plan_name": _plan_name(plan.year),
            "objectives": shown,
            "total": len(found.targets),
            "open_count": counts.get("open", 0),
            "counted": counts.get("counted", 0),
            "entered": counts.get("entered", 0),
            "without": counts.get("without", 0),
            "confident": len(found.confident),
            "kind": kind,
            "kinds": [
                (key, label, counts.get(key, 0)) for key, label in SHOWN.items() if key and counts.get(key, 0)
            ],
            "may_wire": _may_wire(request, plan.state),
            "tab": "wiring",
        },
    )


@staff_page("plan.edit", methods=("POST",), is_long=True)
def wiring_confirm_all(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Confirm all proposals that are sure enough."""
    try:
        done = operations.confirm_proposals(actor=request.actor, plan_id=plan_id, today=request.today)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request,
            ngettext(
                "%(shown)s target has got its indicator.",
                "%(shown)s targets have got their indicators.",
                done,
            )
            % {"shown": format_number(done)},
        )
    return HttpResponseRedirect(reverse("web:plans:plan_wiring", args=[plan_id]))


@staff_page("plan.edit", methods=("POST",))
def wiring_confirm(request: StaffRequest, plan_id: int, target_id: int) -> HttpResponse:
    """Confirm the likeliest proposal of one target."""
    target = wiring.plan_wiring(request.actor, plan_id).of(target_id)
    back = f"{reverse('web:plans:plan_wiring', args=[plan_id])}#chi-tieu-{target_id}"
    if target.first is None or request.POST.get("code") != target.first.code:
        messages.error(request, gettext("The proposal is another one by now; look at it again."))
        return HttpResponseRedirect(back)
    try:
        operations.wire_target(
            actor=request.actor,
            target_id=target_id,
            code=target.first.code,
            filters=target.first.filters,
            today=request.today,
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request, gettext("The target is measured by “%(name)s”.") % {"name": target.first.name}
        )
    return HttpResponseRedirect(back)


@staff_page("plan.edit", methods=("GET", "POST"))
def target_wiring(request: StaffRequest, plan_id: int, target_id: int) -> HttpResponse:
    """Choose what measures a target: a proposal, another indicator of the catalogue, own figures, or nothing."""
    shown = wiring.plan_wiring(request.actor, plan_id)
    plan, target = shown.plan, shown.of(target_id)
    form = WiringForm(
        request.POST or None,
        offers=len(target.offers),
        groups=_groups(request, shown),
        fields=[(each.word, each.name) for each in shown.names.choices("surveys")["field"][:FIELDS_SHOWN]],
        items=[(each.word, each.name) for each in shown.names.choices("figures")["item"]],
        units=section_choices(request.actor),
        initial=_initial(shown, target),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        code, filters = _chosen(shown, target, data)
        try:
            operations.wire_target(
                actor=request.actor,
                target_id=target_id,
                code=code,
                filters=filters,
                owner_id=data["owner"],
                every=data["every"],
                within=data["within"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request, gettext("How the target is measured is saved; its verdict is judged anew.")
            )
            return HttpResponseRedirect(
                f"{reverse('web:plans:plan_wiring', args=[plan_id])}#chi-tieu-{target_id}"
            )
    year = Period(request.today - timedelta(days=365), request.today)
    found = wiring.previews(request.actor, shown, target.offers, year, request.today)
    chosen = str(form["choice"].value() or "")
    context = {
        "plan": plan,
        "plan_name": _plan_name(plan.year),
        "target": target,
        "objective": shown.objective_of(target_id),
        "form": form,
        "choices": [
            _choice(number, each, shown.on_offer[each.code], found.get(wiring.preview_key(each)), chosen)
            for number, each in enumerate(target.offers)
        ],
        "own": [
            (BY_HAND, gettext("Figures of its own, entered by hand"),
             gettext("For what no indicator of the catalogue measures: the figures are entered under the target's own wording."),
             chosen == BY_HAND),
            (NOT_MEASURED, gettext("Not measured by a figure"),
             gettext("Nobody is asked for figures; reports say that the target is assessed in words."),
             chosen == NOT_MEASURED),
        ],
        "is_other": chosen == "other",
        "wired": target.wired,
        "who": _who(target.wired),
    }  # fmt: skip
    return render(request, "staff/plans/wiring_target.html", context, status=422 if form.errors else 200)


def _line(row: TargetWiring) -> Line:
    return Line(
        row=row,
        anchor=f"chi-tieu-{row.target_id}",
        who=_who(row.wired),
        confidence=_confidence(row.first) if row.wired is None and row.first else "",
    )


def _who(wired: Wired | None) -> str:
    """Return who enters the figures, how often and by when, in a sentence; "" where nobody has to."""
    if wired is None or not wired.is_entered:
        return ""
    said = {
        "unit": wired.owner,
        "often": str(RHYTHMS.get(wired.every, wired.every)),
        "days": format_number(wired.within),
    }
    if not wired.owner:
        return (
            gettext(
                "No unit is named yet: entered %(often)s, within %(days)s working days after the end of the period."
            )
            % said
        )
    return (
        gettext("%(unit)s enters it %(often)s, within %(days)s working days after the end of the period.")
        % said
    )


def _confidence(offer: Offer) -> str:
    return format_number(round(offer.confidence * 100))


def _is_shown(row: TargetWiring, kind: str) -> bool:
    if not kind:
        return True
    if row.wired is None:
        return kind == "open"
    return kind == ("counted" if row.wired.is_counted else "entered")


def _choice(number: int, offer: Offer, entry: Entry, result: Result | None, chosen: str) -> Choice:
    shown = ""
    if result is not None:
        is_ordinal = entry.measure in (Measure.GRADE, Measure.STATE)
        shown = figures.shown(entry, result)
        if not is_ordinal and not result.nothing_arose and result.denominator is not None:
            shown += f" ({format_number(result.numerator)}/{format_number(result.denominator)})"
    return Choice(
        value=str(number),
        name=offer.name,
        words=offer.words,
        reason=say(offer.reason),
        confidence=_confidence(offer),
        is_counted=offer.is_counted,
        result=shown,
        is_chosen=chosen == str(number),
    )


def _initial(shown: PlanWiring, target: TargetWiring) -> dict[str, Any]:
    wired = target.wired
    if wired is None:
        return {"choice": "0" if target.offers else BY_HAND}
    initial: dict[str, Any] = {"owner": wired.owner_id, "every": wired.every, "within": wired.within}
    if wired.code in (BY_HAND, NOT_MEASURED):
        return {**initial, "choice": wired.code}
    named = wired.filters.get("item", ())
    initial["item"] = named[0] if len(named) == 1 else ""
    for number, offer in enumerate(target.offers):
        formula = shown.on_offer[offer.code].formula
        filters = dict(offer.filters) if formula is None else dict(formula.filtered(offer.filters).filters)
        own = {**wired.filters, "item": filters["item"]} if "item" in filters else dict(wired.filters)
        if (offer.code, filters) == (wired.code, own):
            return {**initial, "choice": str(number)}
    return {**initial, "choice": "other", "code": wired.code, "field": list(wired.filters.get("field", ()))}


def _chosen(
    shown: PlanWiring, target: TargetWiring, data: dict[str, Any]
) -> tuple[str, dict[str, Sequence[str]]]:
    choice = data["choice"]
    if choice in (BY_HAND, NOT_MEASURED):
        return choice, {}
    filters: dict[str, Sequence[str]]
    if choice == "other":
        words = data.get("field") or []
        code, filters = data["code"], {"field": words} if words else {}
    else:
        offer = target.offers[int(choice)]
        code, filters = offer.code, dict(offer.filters)
    entry = shown.on_offer.get(code)
    formula = None if entry is None else entry.formula
    if data.get("item") and formula is not None and formula.source == "figures":
        filters = {**filters, "item": (data["item"],)}
    return code, filters


def _groups(request: StaffRequest, shown: PlanWiring) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the catalogue as grouped choices: what is to be used in the plan's time."""
    day = min(request.today, shown.plan.period.end)
    on_offer = [each for each in shown.on_offer.values() if each.holds_on(day)]
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for group in catalogue.groups():
        rows = [(each.code, each.shown_name) for each in on_offer if each.group == group.key]
        if rows:
            found.append((group.shown_name, rows))
    return found


def _plan_name(year: int) -> str:
    return gettext("Quality objectives of %(year)s") % {"year": str(year)}


def _may_wire(request: StaffRequest, state: str) -> bool:
    return policy.can(request.actor, "plan.edit") and "wire" in PLAN.acts(state)
