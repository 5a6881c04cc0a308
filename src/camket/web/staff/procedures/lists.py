"""The catalogue as a spreadsheet: read, checked on one page, entered whole; handed out to fill in or to keep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.dossiers import LEVEL_NAMES, OnlineLevel, TimeLimit
from camket.core.messages import Message, Refusal
from camket.core.procedure_list import ListedProcedure, limit_in_words, read_procedures
from camket.dossiers.operations import catalogue as operations
from camket.dossiers.queries import catalogue as queries
from camket.org.queries import unit_choices
from camket.paper.sheets import read_sheet
from camket.web.handing_out import table_file
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.procedures.forms import ListForm
from camket.web.staff.procedures.views import tell_reckoned
from camket.web.vietnamese import day, number, parse_day

HEADER = (
    "STT",
    "Mã thủ tục",
    "Tên thủ tục",
    "Lĩnh vực",
    "Bộ phận phụ trách",
    "Thời hạn giải quyết",
    "Mức độ trực tuyến",
    "Lý do chỉ một phần",
    "Quyết định công bố",
    "Áp dụng từ ngày",
)
"""Headings of the file; official documents are Vietnamese by nature."""

_LEVEL_WORDS = {
    OnlineLevel.NONE: "Không",
    OnlineLevel.PARTIAL: "Một phần",
    OnlineLevel.WHOLE: "Toàn trình",
    **{level: f"Mức độ {level.name[-1]}" for level in OnlineLevel if level.name[-1].isdigit()},
}
_LIMIT_WORDS = {
    "hours": "giờ làm việc",
    "working_days": "ngày làm việc",
    "days": "ngày",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A column that changes, in words."""

    label: str
    before: str
    after: str


@staff_page("procedure.manage", methods=("GET", "POST"), is_long=True)
def catalogue_import(request: StaffRequest) -> HttpResponse:
    """Take a spreadsheet, show what it would change, and enter it whole when the page sends it back."""
    if request.method == "POST" and "rows" in request.POST:
        return _enter(request)
    form = ListForm(request.POST or None, request.FILES or None, initial={"valid_from": request.today})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = read_sheet(file.read(), file.name)
            entries = read_procedures((row.number, row.cells) for row in sheet.rows)
            return _preview(
                request,
                entries.entries,
                valid_from=form.cleaned_data["valid_from"],
                decision=form.cleaned_data["decision"],
                left_out=entries.left_out,
                chosen=entries.notes,
            )
        except Refusal as refusal:
            form.add_error("file", say(refusal.message))
    return render(
        request,
        "staff/procedures/import.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


@staff_page("procedure.manage")
def catalogue_template(request: StaffRequest) -> HttpResponse:
    """Hand out a spreadsheet to fill in, with two examples."""
    units = [name for _, name in unit_choices(request.actor)]
    unit = units[-1] if units else ""
    rows = [
        ("1", "1.001193", "Đăng ký khai sinh", "Hộ tịch", unit, "Trong ngày", "Toàn trình", "", "", ""),
        ("2", "", "", "", "", "5 ngày làm việc", "Không", "", "", ""),
    ]
    return _list_file("mau-danh-muc-thu-tuc", rows)


@staff_page("procedure.view")
def catalogue_export(request: StaffRequest) -> HttpResponse:
    """Hand out the catalogue as it stands, in the form that can be brought in again."""
    found = queries.catalogue(request.actor, queries.Wanted(), request.today)
    rows = [
        (
            str(place),
            row.code,
            row.name,
            row.field,
            row.unit,
            _limit_written(row.time_limit),
            _LEVEL_WORDS[row.level],
            row.partial_reason,
            row.decision,
            day(row.valid_from),
        )
        for place, row in enumerate(found.rows, 1)
    ]
    return _list_file("danh-muc-thu-tuc", rows)


def _preview(
    request: StaffRequest,
    entries: Sequence[ListedProcedure],
    *,
    valid_from: date,
    decision: str,
    left_out: Sequence[tuple[int, str]] = (),
    chosen: Sequence[Message] = (),
) -> HttpResponse:
    rows = operations.check_list(
        actor=request.actor, entries=entries, valid_from=valid_from, decision=decision
    )
    units = dict(unit_choices(request.actor))
    states = [row.state for row in rows]
    return render(
        request,
        "staff/procedures/import_check.html",
        {
            "refused": [row for row in rows if row.state == "refused"],
            "changed": [(row, _changes(row, units)) for row in rows if row.state == "changed"],
            "added": [(row, _limit_said(row.understood.limit)) for row in rows if row.state == "added"],
            "noted": [row for row in rows if row.notes],
            "same": states.count("same"),
            "will_write": bool({"added", "changed"} & set(states)),
            "left_out": left_out,
            "chosen": chosen,
            "valid_from": valid_from,
            "decision": decision,
            "rows": _kept(entries),
        },
    )


def _enter(request: StaffRequest) -> HttpResponse:
    """Enter the rows that the page of checking sends back."""
    try:
        entries = _sent_back(request.POST["rows"])
        valid_from = parse_day(request.POST.get("valid_from", ""))
    except (ValueError, TypeError, KeyError):
        messages.error(request, gettext("The list did not come back whole. Choose the file again."))
        return redirect("web:procedures:catalogue_import")
    decision = request.POST.get("decision", "")[:255]
    try:
        entered = operations.enter_list(
            actor=request.actor,
            entries=entries,
            valid_from=valid_from,
            decision=decision,
            today=request.today,
            now=moment(request),
        )
    except operations.ListNotPossible as refusal:
        messages.error(request, say(refusal.message))
        return _preview(request, entries, valid_from=valid_from, decision=decision)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:procedures:catalogue_import")
    messages.success(
        request,
        gettext("The list has been entered: %(added)s added, %(changed)s changed, %(same)s as before.")
        % {
            "added": number(entered.added),
            "changed": number(entered.changed),
            "same": number(entered.same),
        },
    )
    tell_reckoned(request, entered.reckoned)
    return redirect("web:procedures:catalogue")


_COLUMNS = (
    "code", "name", "field", "unit", "limit", "limit_unit", "level", "partial_reason", "decision", "valid_from",
)  # fmt: skip


def _kept(entries: Sequence[ListedProcedure]) -> str:
    """Return the rows of a list as the page of checking carries them."""
    return json.dumps(
        [
            [
                entry.row,
                dict(entry.cells),
                {name: text for name in _COLUMNS if (text := getattr(entry, name))},
            ]
            for entry in entries
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _sent_back(text: str) -> list[ListedProcedure]:
    """Return the rows that the page of checking carried. Raises ValueError, TypeError, KeyError for anything else."""
    found = []
    for row, cells, said in json.loads(text):
        if not set(said) <= set(_COLUMNS) or not set(cells) <= set(_COLUMNS):
            raise ValueError("unknown columns")
        found.append(
            ListedProcedure(
                row=int(row),
                cells={name: str(cell)[:10] for name, cell in cells.items()},
                **{name: str(value) for name, value in said.items()},
            )
        )
    return found


def _changes(row: operations.CheckedRow, units: dict[int, str]) -> list[Change]:
    labels = {
        "name": gettext("Name of the procedure"),
        "field": gettext("Field"),
        "limit": gettext("Time limit"),
        "unit": gettext("Unit in charge"),
        "level": gettext("Online level"),
        "partial_reason": gettext("Why only partly online"),
        "code": gettext("Code of the procedure"),
    }
    return [
        Change(labels[name], _said(name, before, units), _said(name, after, units))
        for name, before, after in row.changes
    ]


def _said(name: str, value: Any, units: dict[int, str]) -> str:
    if name == "unit":
        return units.get(value, "") or gettext("none")
    if isinstance(value, TimeLimit):
        return _limit_said(value)
    if isinstance(value, OnlineLevel):
        return say(Message(LEVEL_NAMES[value]))
    return str(value) or gettext("none")


def _limit_said(limit: TimeLimit | None) -> str:
    return say(limit_in_words(limit)) if limit else ""


def _limit_written(limit: TimeLimit) -> str:
    if limit.unit.value == "same_day":
        return "Trong ngày"
    if limit.amount is None:
        return "Không quy định"
    return f"{number(limit.amount.normalize())} {_LIMIT_WORDS[limit.unit.value]}"


def _list_file(name: str, rows: Sequence[Sequence[str]]) -> HttpResponse:
    return table_file(name, "xlsx", title="Danh mục thủ tục hành chính", header=HEADER, rows=rows)
