from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from camket.journal import queries as journal_queries
from camket.org import queries
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.organisation import words
from camket.web.staff.organisation.forms import JournalForm

CHECKED_ON_A_PAGE = 50_000
"""Newest entries whose chain a page checks; the whole chain is checked each night and by the command line."""


def _names(request: StaffRequest) -> words.Names:
    units, people = queries.names(request.actor)
    return words.Names(units=units, people=people)


@staff_page("journal.view")
def journal(request: StaffRequest) -> HttpResponse:
    kinds = [(kind, words.kind_label(kind)) for kind in journal_queries.kinds(request.actor)]
    form = JournalForm(request.GET, kinds=kinds, people=queries.person_choices(request.actor, request.today))
    data = form.cleaned_data if form.is_valid() else {}
    page = journal_queries.entry_page(
        request.actor,
        journal_queries.JournalFilter(
            kind=data.get("kind") or "",
            by_id=data.get("by"),
            since=data.get("since"),
            until=data.get("until"),
            words=data.get("q") or "",
        ),
        before=data.get("before"),
    )
    names = _names(request)
    chain = (
        journal_queries.verify_newest(request.actor.agency_id, CHECKED_ON_A_PAGE)
        if "kiem-tra" in request.GET
        else None
    )
    return render(
        request,
        "staff/organisation/journal.html",
        {
            "form": form,
            "page": page,
            "entries": [words.entry_in_words(row, names) for row in page.rows],
            "chain": chain,
            "is_older": bool(data.get("before")),
            "is_narrowed": any(value for name, value in data.items() if name != "before"),
        },
    )


@staff_page("org.view")
def history(request: StaffRequest, subject_type: str, subject_id: int) -> HttpResponse:
    rows = journal_queries.history(request.actor, subject_type=subject_type, subject_id=subject_id)
    names = _names(request)
    return render(
        request,
        "staff/organisation/history.html#entries" if request.htmx else "staff/organisation/history.html",
        {"entries": [words.entry_in_words(row, names) for row in rows], "subject": rows[0].subject_label},
    )
