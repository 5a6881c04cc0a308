"""Acts on the ticked rows of a list: what each row becomes is shown first, then done, told row by row, and undone where harmless.

One set of pages for tasks and for the registers; what kind of rows they are says a :class:`Ticked`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from camket.actions.list_acts import Done, NothingToDo, NotUndone
from camket.core.many import MOST, UNDO_FOR, Change, Left, Plan, Wanted, may_be_undone
from camket.core.messages import Refusal
from camket.org.policy import NotAllowed
from camket.web import vietnamese
from camket.web.forms.fields import DateField, LongTextField, PersonChoiceField, UnitChoiceField
from camket.web.request import StaffRequest, moment, say

LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class Act:
    """An act as pages call it: the button on the list, the title over its page, what is asked for, and its counts.

    ``needs`` are the fields without which nothing can be shown of a row; ``words`` what the line of words is called.
    ``will``, ``go`` and ``done`` are told of a number of rows.
    """

    key: str
    label: Any
    icon: str
    title: Any
    lead: Any
    needs: tuple[str, ...]
    words: Any
    will: Any
    go: Any
    done: Any


ACTS = {
    "assign": Act(
        "assign", _("Give to…"), "user", _("Give work to a person or a unit"),
        _("Choose who does it; then you see of each row what becomes of it."),
        ("person", "unit"), "",
        ngettext_lazy("%(count)s row is given", "%(count)s rows are given", "count"),
        ngettext_lazy("Give %(count)s row", "Give %(count)s rows", "count"),
        ngettext_lazy("%(count)s row is given.", "%(count)s rows are given.", "count"),
    ),
    "postpone": Act(
        "postpone", _("Put off…"), "calendar-due", _("Put work off"),
        _("Say the new last day and why; then you see of each row what becomes of it."),
        ("on", "words"), _("Reason"),
        ngettext_lazy("%(count)s row is put off", "%(count)s rows are put off", "count"),
        ngettext_lazy("Put %(count)s row off", "Put %(count)s rows off", "count"),
        ngettext_lazy("%(count)s row is put off.", "%(count)s rows are put off.", "count"),
    ),
    "ask": Act(
        "postpone", _("Ask for more time…"), "calendar-due", _("Ask for more time"),
        _("Say the new last day and why. A leader decides; until then each last day stays."),
        ("on", "words"), _("Reason"),
        ngettext_lazy("For %(count)s row more time is asked for", "For %(count)s rows more time is asked for", "count"),
        ngettext_lazy("Ask for %(count)s row", "Ask for %(count)s rows", "count"),
        ngettext_lazy("For %(count)s row more time is asked for.", "For %(count)s rows more time is asked for.", "count"),
    ),
    "accept": Act(
        "accept", _("Accept"), "circle-check", _("Accept work as done"),
        _("Each row counts as done on the day on which it was submitted. This cannot be undone for all at once."),
        (), _("Note"),
        ngettext_lazy("%(count)s row is accepted", "%(count)s rows are accepted", "count"),
        ngettext_lazy("Accept %(count)s row", "Accept %(count)s rows", "count"),
        ngettext_lazy("%(count)s row is accepted.", "%(count)s rows are accepted.", "count"),
    ),
    "finish": Act(
        "finish", _("Note as done…"), "circle-check", _("Note work as done"),
        _("Say on which day it was done; then you see of each row what becomes of it. This cannot be undone for all at once."),
        ("on",), _("What came of it"),
        ngettext_lazy("%(count)s row is noted as done", "%(count)s rows are noted as done", "count"),
        ngettext_lazy("Note %(count)s row as done", "Note %(count)s rows as done", "count"),
        ngettext_lazy("%(count)s row is noted as done.", "%(count)s rows are noted as done.", "count"),
    ),
    "approve": Act(
        "approve", _("Approve more time"), "check", _("Approve the later last days that were asked for"),
        _("Each row gets the last day that was asked for it. This cannot be undone for all at once."),
        (), _("Answer"),
        ngettext_lazy("%(count)s row gets its later last day", "%(count)s rows get their later last day", "count"),
        ngettext_lazy("Approve for %(count)s row", "Approve for %(count)s rows", "count"),
        ngettext_lazy("%(count)s row has its later last day.", "%(count)s rows have their later last day.", "count"),
    ),
    "remind": Act(
        "remind", _("Remind"), "bell", _("Remind of work"),
        _("Who does the work is told here, and by e-mail where that is wanted: once a day for each row."),
        (), _("Words to go with it"),
        ngettext_lazy("%(count)s row is reminded of", "%(count)s rows are reminded of", "count"),
        ngettext_lazy("Remind of %(count)s row", "Remind of %(count)s rows", "count"),
        ngettext_lazy("%(count)s row was reminded of.", "%(count)s rows were reminded of.", "count"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A row as these pages show it."""

    title: str
    url: str
    about: str


class Ticked(Protocol):
    """The rows of one list, and what can be done to them."""

    request: StaffRequest
    harmless: frozenset[str]
    by_act: str
    """What entitles to acts on many rows."""
    crumbs: Sequence[tuple[str, str]]
    list_url: str
    many_url: str

    def acts(self) -> tuple[str, ...]:
        """Return the acts that the actor may do to some rows, as keys of :data:`ACTS`."""

    def found(self, query: QueryDict) -> tuple[int, tuple[int, ...]]:
        """Return how many rows the list's filter finds, and the first of them."""

    def lines(self, ids: Iterable[int]) -> Mapping[int, Line]:
        """Return the rows by number."""

    def names(self) -> tuple[Mapping[int, str], Mapping[int, str]]:
        """Return what people and units are called, by number."""

    def units(self) -> Sequence[tuple[int, str]]:
        """Return the units to which work may be given."""

    def people(self) -> Sequence[tuple[int, str]]:
        """Return the people to whom work may be given."""

    def preview(self, act: str, ids: Sequence[int], wanted: Wanted | None) -> Plan:
        """Return what an act would do."""

    def carry_out(self, act: str, ids: Sequence[int], wanted: Wanted) -> int:
        """Do an act; return its number."""

    def done(self, list_act_id: int) -> Done:
        """Return an act that was done."""

    def undo(self, list_act_id: int) -> Done:
        """Undo an act."""

    def result_url(self, list_act_id: int) -> str:
        """Return the address of what an act did."""

    def undo_url(self, list_act_id: int) -> str:
        """Return the address at which an act is undone."""


class WantedForm(forms.Form):
    """What is asked of every row; only what the act asks for is there."""

    person = PersonChoiceField(label=_("Person"), required=False, empty_label=_("The unit as a whole"))
    unit = UnitChoiceField(
        label=_("Unit"),
        required=False,
        empty_label=_("As it is, or the person's"),
    )
    on = DateField(label=_("New last day"))
    words = LongTextField(label=_("Note"), rows=2, required=False, max_length=2000)

    def __init__(self, data: QueryDict | None, *, act: Act, ticked: Ticked, today: date) -> None:
        super().__init__(data)
        for name in ("person", "unit", "on"):
            if name not in act.needs:
                del self.fields[name]
        if not act.words:
            del self.fields["words"]
        else:
            self.fields["words"].label = act.words
            self.fields["words"].required = "words" in act.needs
        for name, rows in (("person", ticked.people), ("unit", ticked.units)):
            if name in self.fields:
                self.fields[name].rows = rows()  # type: ignore[attr-defined]
        if act.key == "finish":
            self.fields["on"].label = _("Done on")
            self.fields["on"].initial = today
        elif "on" in self.fields:
            self.fields["on"].coming_from = today  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        data = self.cleaned_data
        return Wanted(data.get("person"), data.get("unit"), data.get("on"), data.get("words") or "")


def bar(ticked: Ticked, total: int, shown: int) -> dict[str, Any] | None:
    """Return what the list shows for ticking its rows; None where the person may do nothing to many of them."""
    acts = ticked.acts()
    if not acts or not shown:
        return None
    return {
        "acts": [(key, ACTS[key]) for key in acts],
        "url": ticked.many_url,
        "filter": ticked.request.GET.urlencode(),
        "total": total if total > shown else 0,
        "most": MOST if total > MOST else 0,
    }


def many_page(ticked: Ticked) -> HttpResponse:
    """Show what an act does to each of the rows chosen, and do it once that was looked at."""
    request = ticked.request
    data = request.POST if request.method == "POST" else request.GET
    key = data.get("lam", "")
    ids, total = _chosen(ticked, data)
    if key in ACTS and key not in ticked.acts():
        raise NotAllowed(ticked.by_act)
    act = ACTS.get(key)
    if act is None or not ids:
        messages.warning(request, _("Tick the rows first."))
        return redirect(ticked.list_url)
    is_said = request.method == "POST" or "xem" in data or not act.needs
    form = WantedForm(data if is_said else None, act=act, ticked=ticked, today=request.today)
    wanted = form.wanted() if is_said and form.is_valid() else None
    made: Plan | None = None
    try:
        if request.method == "POST" and wanted is not None:
            return redirect(ticked.result_url(ticked.carry_out(act.key, ids, wanted)))
        if wanted is not None:
            made = ticked.preview(act.key, ids, wanted)
    except NothingToDo as refusal:
        made = refusal.plan
        messages.warning(request, say(refusal.message))
    except Refusal as refusal:
        form.add_error(None, say(refusal.message))
        wanted = None
    if made is None:
        made = ticked.preview(act.key, ids, None)
    context = {
        "act": act,
        "key": key,
        "crumbs": ticked.crumbs,
        "form": form,
        "has_fields": bool(act.needs),
        "is_ready": wanted is not None and bool(made.changes),
        **_shown(ticked, made),
        "will": _said(act.will, len(made.changes)),
        "go": _said(act.go, len(made.changes)),
        "ids": ids,
        "cut": total if total > len(ids) else 0,
        "list_url": ticked.list_url,
    }
    status = 422 if form.errors or (request.method == "POST" and wanted is not None) else 200
    return render(request, "staff/many/confirm.html", context, status=status)


def result_page(ticked: Ticked, list_act_id: int, *, status: int = 200) -> HttpResponse:
    """Show what an act did to each row, what it left and why, and how to undo it."""
    request = ticked.request
    found = ticked.done(list_act_id)
    act = _called(ticked, found.act)
    until = found.at + UNDO_FOR
    is_undone = found.undone_at is not None
    context = {
        "act": act,
        "found": found,
        "crumbs": ticked.crumbs,
        "done": _said(act.done, len(found.plan.changes)),
        **_shown(ticked, found.plan, found.stayed),
        "is_undone": is_undone,
        "undone": len(found.plan.changes) - len(found.stayed),
        "undo_until": until,
        "undo_url": ticked.undo_url(list_act_id),
        "may_undo": not is_undone
        and may_be_undone(found.act, at=found.at, now=moment(request), harmless=ticked.harmless),
        "list_url": ticked.list_url,
    }
    return render(request, "staff/many/result.html", context, status=status)


def undo_page(ticked: Ticked, list_act_id: int) -> HttpResponse:
    """Undo an act and show what came of it."""
    try:
        found = ticked.undo(list_act_id)
    except NothingToDo as refusal:
        for each in refusal.plan.left[:3]:
            messages.warning(ticked.request, say(each.why))
    except NotUndone as refusal:
        messages.warning(ticked.request, say(refusal.message))
    else:
        count = len(found.plan.changes) - len(found.stayed)
        messages.success(
            ticked.request,
            ngettext("%(count)s row is as it was before.", "%(count)s rows are as they were before.", count)
            % {"count": vietnamese.number(count)},
        )
    return redirect(ticked.result_url(list_act_id))


def _chosen(ticked: Ticked, data: QueryDict) -> tuple[tuple[int, ...], int]:
    """Return the rows that were chosen, at most so many as one act takes, and how many there are."""
    if data.get("tat_ca"):
        total, ids = ticked.found(QueryDict(data.get("loc", "")))
        return ids, total
    texts = data.getlist("viec")
    ids = tuple(dict.fromkeys(int(each) for each in texts if each.isdecimal() and len(each) <= LONGEST_ID))
    return ids[:MOST], len(ids)


def _called(ticked: Ticked, act: str) -> Act:
    return next((ACTS[key] for key in ticked.acts() if ACTS[key].key == act), None) or ACTS[act]


def _said(words: Any, count: int) -> str:
    return str(words % {"count": count})


def _shown(ticked: Ticked, plan: Plan, stayed: Sequence[Left] = ()) -> dict[str, Any]:
    """Return the rows of a plan with what they are called, for a page."""
    lines = ticked.lines([each.id for each in plan.changes] + [each.id for each in (*plan.left, *stayed)])
    names = ticked.names()
    return {
        "rows": [
            {"id": each.id, "line": lines.get(each.id), "becomes": _becomes(each, names)}
            for each in plan.changes
        ],
        "left": [{"line": lines.get(each.id), "why": each.why} for each in plan.left],
        "stayed": [{"line": lines.get(each.id), "why": each.why} for each in stayed],
    }


def _becomes(change: Change, names: tuple[Mapping[int, str], Mapping[int, str]]) -> tuple[str, str] | None:
    """Return what of a row is said before and after; None where the act changes no column that a person reads."""
    if "asked" in change.after and change.after["asked"] is not None:
        return "", vietnamese.day(date.fromisoformat(change.after["asked"]))
    for name in ("due_on", "done_on"):
        if name in change.after:
            before, after = (
                vietnamese.day(date.fromisoformat(side[name])) if side.get(name) else ""
                for side in (change.before, change.after)
            )
            return before, after
    if not {"unit", "unit_id", "person", "assignee"} & change.after.keys():
        return None
    people, units = names

    def told(side: Mapping[str, Any]) -> str:
        person = people.get(side.get("person") or side.get("assignee") or 0, "")
        unit = units.get(side.get("unit") or 0, "")
        return " · ".join(part for part in (person, unit) if part)

    return told(change.before), told(change.after)
