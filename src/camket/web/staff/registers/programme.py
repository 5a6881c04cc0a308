"""The work programme on paper: a month's or a year's programme, and the report on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.registers import REGISTERS
from camket.paper.writing.html import write_html
from camket.paper.writing.model import Document
from camket.registers import queries
from camket.registers.programme_paper import Programme, programme_document, report_document
from camket.reporting.queries import signer_choice
from camket.web.handing_out import paper_file
from camket.web.request import StaffRequest, staff_page

MONTHS_BACK, MONTHS_AHEAD = 12, 3
YEARS_BACK = 3


class PaperForm(forms.Form):
    """Which paper of which period; the address holds it."""

    loai = forms.ChoiceField(
        label=_("Which paper"),
        choices=[("chuong-trinh", _("Work programme")), ("bao-cao", _("Report on its results"))],
        required=False,
    )
    ky = forms.ChoiceField(label=_("Period"), required=False)

    def __init__(self, data: QueryDict, *, today: date) -> None:
        super().__init__(data)
        months = [_month(today, -each) for each in range(-MONTHS_AHEAD, MONTHS_BACK + 1)]
        years = range(today.year + 1, today.year - YEARS_BACK, -1)
        self.fields["ky"].choices = [  # type: ignore[attr-defined]
            (
                gettext("Months"),
                [
                    (f"{each:%Y-%m}", gettext("Month %(month)s") % {"month": f"{each:%m/%Y}"})
                    for each in months
                ],
            ),
            (gettext("Years"), [(str(year), gettext("Year %(year)s") % {"year": year}) for year in years]),
        ]
        asked = data.copy()
        # The report is of the month that is ending, the programme of the one that begins, unless asked otherwise.
        asked.setdefault("loai", "chuong-trinh")
        is_report = asked["loai"] == "bao-cao"
        proposed = (
            _month(today, -1)
            if is_report and today.day <= 10
            else _month(today, 0 if is_report or today.day <= 20 else 1)
        )
        asked.setdefault("ky", f"{proposed:%Y-%m}")
        self.data = self.asked = asked

    @property
    def is_report(self) -> bool:
        """Whether the report is asked for."""
        return bool(self.asked["loai"] == "bao-cao")

    def period(self) -> tuple[date, bool] | None:
        """Return the first day and whether it is a year; None for a period that is not offered."""
        if not self.is_valid():
            return None
        said: str = self.cleaned_data["ky"]
        if len(said) == 4:
            return date(int(said), 1, 1), True
        return date(int(said[:4]), int(said[5:]), 1), False


@staff_page("register.view")
def paper(request: StaffRequest) -> HttpResponse:
    """Show a period's programme, or the report on it, as the paper it becomes."""
    form, programme, document = _asked(request)
    context: dict[str, Any] = {
        "register": REGISTERS["programme"],
        "form": form,
        "programme": programme,
        "has_late": any(each.standing.value == "late" for each in programme.items),
        "query": form.asked.urlencode(),
        "paper": mark_safe(write_html(document)),  # noqa: S308 - the writer escapes every text
    }
    return render(request, "staff/registers/programme_paper.html", context)


@staff_page("register.view")
def programme_file(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand out a period's programme, or the report on it, as DOCX or PDF."""
    form, programme, document = _asked(request)
    what = "bao-cao-chuong-trinh" if form.is_report else "chuong-trinh-cong-tac"
    period = f"{programme.first:%Y}" if programme.is_year else f"{programme.first:%Y-%m}"
    return paper_file(document, f"{what}-{period}", file_format)


def _asked(request: StaffRequest) -> tuple[PaperForm, Programme, Document]:
    form = PaperForm(request.GET, today=request.today)
    period = form.period()
    if period is None:
        raise Http404("no such paper or period")
    first, is_year = period
    programme = queries.programme_of(request.actor, first, is_year=is_year, today=request.today)
    signer = signer_choice(request.actor, request.today)
    heading = queries.heading_of(
        request.actor, authority=signer.authority, capacity=signer.capacity, signed_by=signer.name
    )
    write = report_document if form.is_report else programme_document
    return form, programme, write(heading, programme)


def _month(day: date, ahead: int) -> date:
    """Return the first day of the month that lies some months ahead.

    >>> _month(date(2026, 11, 22), 2), _month(date(2026, 1, 5), -1)
    (datetime.date(2027, 1, 1), datetime.date(2025, 12, 1))
    """
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
