"""The journal's pages: entries found and exported, a record's history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render

from camket.journal import operations as journal_operations
from camket.journal import queries as journal_queries
from camket.journal.queries import PERSONAL, EntryRow, JournalFilter
from camket.org import queries
from camket.org.policy import can
from camket.paper.sheets import write_csv
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.organisation import words
from camket.web.staff.organisation.forms import JournalForm
from camket.web.staff.organisation.seen import saw

CHECKED_ON_A_PAGE = 20_000
"""Newest entries whose chain a page checks; the whole chain is checked each night and by the command line."""

PRINTED = 500
"""Entries of the page for printing."""


def _names(request: StaffRequest) -> words.Names:
    units, people = queries.names(request.actor)
    return words.Names(units=units, people=people)


def _form(request: StaffRequest, data: QueryDict) -> JournalForm:
    kinds = [(kind, words.kind_label(kind)) for kind in journal_queries.kinds(request.actor)]
    return JournalForm(data, kinds=kinds, people=queries.person_choices(request.actor, request.today))


def _wanted(data: Mapping[str, Any]) -> JournalFilter:
    return JournalFilter(
        kind=data.get("kind") or "",
        by_id=data.get("by"),
        since=data.get("since"),
        until=data.get("until"),
        words=data.get("q") or "",
    )


def _shown(request: StaffRequest, rows: Iterable[EntryRow]) -> list[words.EntryInWords]:
    """Return entries in words, and record that the people they speak of were seen; masked for who need not know."""
    found, names = list(rows), _names(request)
    is_masked = not can(request.actor, "people.view")
    people = {row.subject_id for row in found if row.subject_type in PERSONAL}
    if people and not is_masked:
        saw(request, "journal", people=len(people))
    return [words.entry_in_words(row, names, is_masked=is_masked) for row in found]


@staff_page("journal.view")
def journal(request: StaffRequest) -> HttpResponse:
    form = _form(request, request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    is_print = "in" in request.GET
    page = journal_queries.entry_page(
        request.actor,
        _wanted(data),
        before=data.get("before"),
        size=PRINTED if is_print else journal_queries.PAGE,
    )
    chain = (
        journal_queries.verify_newest(request.actor.agency_id, CHECKED_ON_A_PAGE)
        if "kiem-tra" in request.GET
        else None
    )
    kept = request.GET.copy()
    for name in ("in", "before", "kiem-tra"):
        kept.pop(name, None)
    return render(
        request,
        "staff/organisation/journal.html",
        {
            "form": form,
            "page": page,
            "entries": _shown(request, page.rows),
            "chain": chain,
            "fault": words.fault_label(chain.fault) if chain else "",
            "is_older": bool(data.get("before")),
            "is_narrowed": any(value for name, value in data.items() if name != "before"),
            "is_print": is_print,
            "kept": kept.urlencode(),
            "kept_fields": kept.items(),
        },
    )


@staff_page("journal.export", methods=("POST",))
def journal_export(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand the entries that fit over as a file: CSV for people, lines of JSON to check and to keep."""
    form = _form(request, request.POST)
    data = form.cleaned_data if form.is_valid() else {}
    wanted = _wanted(data)
    has_names = can(request.actor, "people.view")
    is_narrowed = any(value for name, value in data.items() if name != "before")
    found = journal_operations.export_entries(
        actor=request.actor,
        wanted=wanted,
        file_format=file_format if file_format == "csv" else "jsonl",
        today=request.today,
    )
    name = f"nhat-ky-{request.agency.code}-{request.today:%Y%m%d}"
    if file_format != "csv":
        lines = journal_queries.export_lines(
            request.actor.agency_id, found if is_narrowed else None, has_names=has_names
        )
        answer: HttpResponse = StreamingHttpResponse(  # type: ignore[assignment]
            (f"{line}\n".encode() for line in lines), content_type="application/jsonl; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}.jsonl"'
        return answer
    names = _names(request)
    entries = (
        words.entry_in_words(row, names, is_masked=not has_names)
        for row in journal_queries.export_rows(found)
    )
    answer = HttpResponse(
        write_csv(words.table_header(), (words.cells(entry) for entry in entries)),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


@staff_page("org.view")
def history(request: StaffRequest, subject_type: str, subject_id: int) -> HttpResponse:
    rows = journal_queries.history(request.actor, subject_type=subject_type, subject_id=subject_id)
    own = next((row for row in rows if row.subject_type == subject_type), None)
    names, is_masked = _names(request), not can(request.actor, "people.view")
    if subject_type == "org.person" and not is_masked:
        saw(request, "history", person_id=subject_id)
    entries = [words.entry_in_words(row, names, is_masked=is_masked) for row in rows]
    return render(
        request,
        "staff/organisation/history.html#entries" if request.htmx else "staff/organisation/history.html",
        {
            "entries": entries,
            "subject": words.entry_in_words(own, names, is_masked=is_masked).subject if own else "",
            "has_parts": any(row.subject_type != subject_type for row in rows),
            "is_cut": len(rows) == journal_queries.HISTORY,
        },
    )
