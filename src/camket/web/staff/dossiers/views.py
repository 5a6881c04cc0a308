"""Dossiers: what needs doing, the list behind every count, one dossier, due dates that differ."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.dossier_clock import SOON_WITHIN
from camket.core.dossiers import LEVEL_NAMES
from camket.core.wording.text import begun, search_key
from camket.dossiers.queries import dossiers as queries
from camket.dossiers.queries import work_list as work
from camket.dossiers.queries.work_list import Group
from camket.indicators.sources.dossiers import DOSSIERS
from camket.objectives.figures import targets_counting
from camket.web import vietnamese
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.dossiers import display
from camket.web.staff.dossiers.forms import DossierFilterForm, PeriodForm, WorkForm
from camket.web.staff.organisation.seen import saw

GROUPS = {
    Group.UNANSWERED: (_("Overdue, no letter yet"), "red", _("Apologise or explain, and give the new date.")),
    Group.TODAY: (_("Due today"), "amber", _("Hand over the result before the end of the working day.")),
    Group.SOON: (
        _("Due soon"),
        "amber",
        _("Where the date cannot be kept, the letter goes out one day before it at the latest."),
    ),
    Group.ANSWERED: (
        _("Overdue, answered by letter"),
        "red",
        _("Settle them: a letter does not end the delay."),
    ),
    Group.WAITING: (
        _("Waiting long for supplements"),
        "grey",
        _("Ask the applicant again, or end the dossier as the rules have it."),
    ),
}


@staff_page("dossier.view")
def work_list(request: StaffRequest) -> HttpResponse:
    """Show what needs doing today, most urgent first."""
    choices = queries.choices(request.actor)
    form = WorkForm(request.GET, choices=choices, soon=SOON_WITHIN, waits=work.WAITS_LONG)
    asked = form.asked()
    only = request.GET.get("nhom", "")
    found = work.work_list(
        request.actor,
        request.today,
        unit_id=asked["unit_id"],
        soon_within=asked["soon_within"] or SOON_WITHIN,
        waits_long=asked["waits_long"] or work.WAITS_LONG,
        only=Group(only) if only in set(Group) else None,
    )
    groups = [
        {
            "group": each.group.value,
            "title": GROUPS[each.group][0],
            "tone": GROUPS[each.group][1],
            "advice": GROUPS[each.group][2],
            "total": each.total,
            "rows": display.shown_all(each.rows, request.today),
            "hidden": each.total - len(each.rows),
            "can_write": each.group is not Group.WAITING,
        }
        for each in found.groups
        if each.rows
    ]
    context = {
        "form": form,
        "work": found,
        "groups": groups,
        "unanswered": found.total(Group.UNANSWERED),
        "due_today": found.total(Group.TODAY),
        "soon": found.total(Group.SOON),
        "has_dossiers": bool(choices.procedures),
        "is_filtered": bool(asked["unit_id"] is not None or only),
    }
    return render(request, "staff/dossiers/work_list.html", context)


@staff_page("dossier.view")
def dossier_list(request: StaffRequest) -> HttpResponse:
    """List the dossiers behind a count, narrowed down as asked; or find one by its code."""
    choices = queries.choices(request.actor)
    form = DossierFilterForm(request.GET, choices=choices, today=request.today)
    form.is_valid()
    wanted = form.filter()
    page = queries.dossier_page(request.actor, wanted, request.today, after=request.GET.get("sau", ""))
    label = gettext(DOSSIERS.counts[wanted.count].label)
    context = {
        "form": form,
        "wanted": wanted,
        "what": begun(label),
        "page": page,
        "dossiers": display.shown_all(page.rows, request.today),
        "has_dossiers": bool(choices.procedures),
        "is_later": bool(request.GET.get("sau")),
    }
    return render(request, "staff/dossiers/dossier_list.html", context)


@staff_page("dossier.view")
def dossier(request: StaffRequest, dossier_id: int) -> HttpResponse:
    """Show one dossier; the applicant in clear where asked for by who may, which is recorded."""
    detail = queries.detail(request.actor, dossier_id, request.today, is_clear=request.GET.get("ro") == "1")
    if detail.is_clear:
        saw(request, "applicants")
    context = {
        "detail": detail,
        "dossier": display.shown(detail.row, request.today),
        "clock": display.clock(detail),
        "level": gettext(LEVEL_NAMES[detail.level]),
        "payment": display.PAYMENTS[detail.payment],
        "history": [(each, display.changes(each)) for each in detail.history],
        "figures": targets_counting(
            request.actor,
            detail.adds,
            {
                "field": search_key(detail.row.field),
                "procedure": detail.procedure_code,
                "unit": search_key(detail.row.unit),
                "channel": detail.row.channel.name.lower(),
                "level": detail.level.name.lower(),
            },
            request.today,
        ),
        "adds": [
            (day, [gettext(DOSSIERS.counts[name].label) for name in names if name in DOSSIERS.counts])
            for day, names in _by_day(detail.adds)
        ],
        "letters": [
            (each, display.kind_of(each), display.LETTER_STATES[each.state]) for each in detail.letters
        ],
    }
    return render(request, "staff/dossiers/dossier.html", context)


@staff_page("dossier.view")
def differences(request: StaffRequest) -> HttpResponse:
    """List the dossiers whose due date in the export is not the one that the working calendar gives."""
    form = PeriodForm(request.GET, today=request.today)
    form.is_valid()
    period = form.period()
    page = queries.different_page(request.actor, period, request.today, after=request.GET.get("sau", ""))
    every, earlier, later = queries.difference_counts(request.actor, period)
    rows = [
        (row, display.moment(row.row.due_given), display.moment(row.row.due_computed), _apart(row.row))
        for row in display.shown_all(page.rows, request.today)
    ]
    context = {"form": form, "page": page, "rows": rows, "every": every, "earlier": earlier, "later": later}
    return render(request, "staff/dossiers/differences.html", context)


def _apart(row: queries.DossierRow) -> str:
    """Return in words by how many days the two dates lie apart."""
    if row.due_given is None or row.due_computed is None:
        return ""
    days = (timezone.localdate(row.due_given) - timezone.localdate(row.due_computed)).days
    shown = {"days": vietnamese.number(abs(days))}
    if days > 0:
        return ngettext("%(days)s day later than computed", "%(days)s days later than computed", days) % shown
    return (
        ngettext("%(days)s day earlier than computed", "%(days)s days earlier than computed", -days) % shown
    )


def _by_day(adds: tuple[tuple[date, tuple[str, ...]], ...]) -> list[tuple[date, list[str]]]:
    """Return what a dossier adds, one entry a day, in their order."""
    days: dict[date, list[str]] = {}
    for day, names in adds:
        days.setdefault(day, []).extend(names)
    return sorted(days.items())
