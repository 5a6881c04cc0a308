"""The work programme on paper: a month's or a year's programme, and the report on it, as they stand and as issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.registers import REGISTERS
from camket.documents.queries.signing import signer_choice
from camket.paper.writing.model import Document
from camket.registers import operations, queries
from camket.registers.programme_paper import (
    Heading,
    Programme,
    digest,
    programme_document,
    report_document,
)
from camket.web.forms.fields import LongTextField
from camket.web.forms.signing import SigningForm
from camket.web.handing_out import kept_file, paper_file, paper_on_screen
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.registers.forms import say_at
from camket.web.staff.registers.withdrawing import withdrawal

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

    @property
    def kind(self) -> str:
        """What papers of the kind that is asked for are called where they are kept."""
        return "report" if self.is_report else "programme"

    def period(self) -> tuple[date, bool] | None:
        """Return the first day and whether it is a year; None for a period that is not offered."""
        if not self.is_valid():
            return None
        said: str = self.cleaned_data["ky"]
        if len(said) == 4:
            return date(int(said), 1, 1), True
        return date(int(said[:4]), int(said[5:]), 1), False


class IssueForm(SigningForm):
    """Day and signer, as on the signed paper; what a new version corrects."""

    correction = LongTextField(
        label=_("What is corrected, and why"),
        rows=2,
        max_length=1000,
        help_text=_("The new paper says it, and names the one that it replaces."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["correction"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for: the period's programme as it stands, the paper it becomes, the papers that were issued."""

    form: PaperForm
    programme: Programme
    heading: Heading
    document: Document
    versions: tuple[queries.PaperRow, ...]

    @property
    def in_force(self) -> queries.PaperRow | None:
        """The paper of the period that was issued and stands."""
        return next((each for each in self.versions if each.is_in_force), None)


@staff_page("register.view")
def paper(request: StaffRequest) -> HttpResponse:
    """Show a period's programme, or the report on it, as the paper it becomes, and the papers that were issued."""
    asked = _asked(request)
    context: dict[str, Any] = {
        "register": REGISTERS["programme"],
        "form": asked.form,
        "programme": asked.programme,
        "has_late": any(each.standing.value == "late" for each in asked.programme.items),
        "query": asked.form.asked.urlencode(),
        "versions": asked.versions,
        "in_force": asked.in_force,
        "issued": queries.papers_issued(request.actor),
        "paper": paper_on_screen(request, asked.document),
    }
    return render(request, "staff/registers/programme_paper.html", context)


@staff_page("register.view")
def programme_file(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand out a period's programme, or the report on it, as it stands today, as DOCX or PDF."""
    asked = _asked(request)
    what = "bao-cao-chuong-trinh" if asked.form.is_report else "chuong-trinh-cong-tac"
    programme = asked.programme
    period = f"{programme.first:%Y}" if programme.is_year else f"{programme.first:%Y-%m}"
    return paper_file(request, asked.document, f"{what}-{period}", file_format)


@staff_page("register.number", methods=("GET", "POST"))
def programme_issue(request: StaffRequest) -> HttpResponse:
    """Issue a period's programme, or the report on it: number and frozen text; a new version where one stands."""
    asked = _asked(request)
    form = IssueForm(
        request.POST if request.method == "POST" else None,
        today=request.today,
        corrects=asked.in_force is not None,
        initial={
            "issued_on": request.today,
            "authority": asked.heading.authority,
            "capacity": asked.heading.capacity,
            "signed_by": asked.heading.signed_by,
        },
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = operations.issue_programme_paper(
                actor=request.actor,
                kind=asked.form.kind,
                first=asked.programme.first,
                is_year=asked.programme.is_year,
                seen=said["seen"],
                issued_on=said["issued_on"],
                signed_by=said["signed_by"],
                capacity=said["capacity"],
                authority=said["authority"],
                correction=said.get("correction", ""),
                now=moment(request),
            )
        except operations.SigningDayNotPossible as refusal:
            form.add_error(refused_field(refusal, "issued_on"), say(refusal.message))
        except Refusal as refusal:
            say_at(form, refusal)
        else:
            messages.success(
                request,
                gettext("Issued as %(number)s. It does not change any more.") % {"number": made.number},
            )
            return redirect("web:registers:programme_issued", made.pk)
    context = {
        "register": REGISTERS["programme"],
        "asked": asked.form,
        "form": form,
        "programme": asked.programme,
        "in_force": asked.in_force,
        "seen": digest(asked.heading, asked.programme),
        "query": asked.form.asked.urlencode(),
        "paper": paper_on_screen(request, asked.document),
    }
    return render(
        request, "staff/registers/programme_issue.html", context, status=422 if form.errors else 200
    )


@staff_page("register.view")
def programme_issued(request: StaffRequest, paper_id: int) -> HttpResponse:
    """Show a programme or report as it was issued."""
    found = queries.issued_paper(request.actor, paper_id, request.today)
    period = f"{found.row.first:%Y}" if found.row.is_year else f"{found.row.first:%Y-%m}"
    context = {
        "register": REGISTERS["programme"],
        "detail": found,
        "issued": found.row,
        "others": [each for each in found.versions if each.id != found.row.id],
        "query": urlencode({"loai": "bao-cao" if found.row.is_report else "chuong-trinh", "ky": period}),
        "paper": paper_on_screen(request, found.document),
    }
    return render(request, "staff/registers/programme_issued.html", context)


@staff_page("register.recall", methods=("GET", "POST"))
def programme_withdraw(request: StaffRequest, paper_id: int) -> HttpResponse:
    """Withdraw a programme or report that was issued by mistake."""
    found = queries.issued_paper(request.actor, paper_id, request.today).row
    return withdrawal(
        request,
        lambda reason: operations.withdraw_programme_paper(
            actor=request.actor, paper_id=paper_id, reason=reason, now=moment(request)
        ),
        number=found.number,
        is_in_force=found.is_in_force,
        back=reverse("web:registers:programme_issued", args=[paper_id]),
        context={"paper": found},
    )


@staff_page("register.view")
def programme_issued_file(request: StaffRequest, paper_id: int, file_format: str) -> HttpResponse:
    """Hand out the file that was issued, to the last byte."""
    found = queries.issued_paper(request.actor, paper_id, request.today)
    return kept_file(request, {"docx": found.docx_id, "pdf": found.pdf_id}, found.row.number, file_format)


def _asked(request: StaffRequest) -> _Asked:
    form = PaperForm(request.GET, today=request.today)
    period = form.period()
    if period is None:
        raise Http404("no such paper or period")
    first, is_year = period
    programme = queries.programme_of(request.actor, first, is_year=is_year, today=request.today)
    signer = signer_choice(request.actor, request.today, "BC" if form.is_report else "CTr")
    heading = queries.heading_of(
        request.actor, authority=signer.authority, capacity=signer.capacity, signed_by=signer.name
    )
    write = report_document if form.is_report else programme_document
    versions = queries.papers_of(request.actor, form.kind, first, is_year=is_year)
    return _Asked(form, programme, heading, write(heading, programme), versions)


def _month(day: date, ahead: int) -> date:
    """Return the first day of the month that lies some months ahead.

    >>> _month(date(2026, 11, 22), 2), _month(date(2026, 1, 5), -1)
    (datetime.date(2027, 1, 1), datetime.date(2025, 12, 1))
    """
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
