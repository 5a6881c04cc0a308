"""Reminder letters: the late work that units are reminded of, drafts, letters that were issued, the list of late units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.registers import REGISTERS
from camket.documents.queries.signing import signer_choice
from camket.org.policy import can
from camket.org.queries import unit_choices
from camket.paper.sheets import write_sheet
from camket.paper.writing.docx import write_docx_of
from camket.registers import late_paper, operations, queries
from camket.registers.due import TASK, Work
from camket.registers.letter_paper import SOURCES
from camket.web import vietnamese
from camket.web.forms.fields import DateField, LongTextField
from camket.web.forms.signing import SigningForm
from camket.web.handing_out import DOCX, XLSX, hand_out, own_paper, paper_file, paper_on_screen
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.entry_words import BADGES, entry_url
from camket.web.staff.registers.forms import say_at
from camket.web.staff.registers.withdrawing import withdrawal

SIGNER = ("authority", "capacity", "signed_by")
REMINDED_LATELY = 7
"""Work that was reminded of within so many days is not ticked for a new letter."""


class DraftForm(forms.Form):
    """How letters are drafted for the work that is ticked."""

    ways = forms.ChoiceField(
        label=_("How letters are written"),
        choices=[
            ("each", _("One letter for each unit")),
            ("one", _("One letter for all units, with an annex")),
        ],
        widget=forms.RadioSelect,
        initial="each",
    )
    reply_by = DateField(label=_("Units report by"))
    drafter = forms.TypedChoiceField(
        label=_("Drafting unit"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Its abbreviation stands in the symbol, for example 12/UBND-VP."),
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply_by"].coming_from = today  # type: ignore[attr-defined]
        self.fields["drafter"].choices = [("", _("— none —")), *units]  # type: ignore[attr-defined]


class EditForm(forms.Form):
    """What a draft says; its work is ticked beside."""

    subject = forms.CharField(label=_("Subject, after “V/v”"), max_length=300)
    opening = LongTextField(label=_("Opening"), rows=4, max_length=4000)
    requests = LongTextField(
        label=_("What is asked for"),
        rows=9,
        max_length=8000,
        help_text=_("Each line becomes a paragraph of its own."),
    )
    authority = forms.CharField(label=_("Authority to sign"), max_length=150, required=False)
    capacity = forms.CharField(label=_("Post of the signer"), max_length=150, required=False)
    signed_by = forms.CharField(label=_("Signer's full name"), max_length=150, required=False)


@staff_page("register.view")
def late_work(request: StaffRequest) -> HttpResponse:
    """Show late and soon due work by unit, to be ticked for reminder letters."""
    return _late_page(request)


@staff_page("reminder.draft", methods=("POST",))
def letters_draft(request: StaffRequest) -> HttpResponse:
    """Draft letters for the work that is ticked."""
    form = DraftForm(request.POST, units=unit_choices(request.actor), today=request.today)
    if form.is_valid():
        ticked = request.POST.getlist("viec")
        signer = signer_choice(request.actor, request.today, "")
        try:
            done = operations.draft_letters(
                actor=request.actor,
                entry_ids=_numbers(ticked, "entry"),
                task_ids=_numbers(ticked, TASK),
                reply_by=form.cleaned_data["reply_by"],
                in_one=form.cleaned_data["ways"] == "one",
                drafter_id=form.cleaned_data["drafter"],
                authority=signer.authority,
                capacity=signer.capacity,
                signed_by=signer.name,
                now=moment(request),
            )
        except operations.ReplyDayNotPossible as refusal:
            say_at(form, refusal, "reply_by")
        except Refusal as refusal:
            say_at(form, refusal)
        else:
            for _title, reason in done.left_out[:10]:
                messages.warning(request, say(reason))
            for lack in done.lacking:
                messages.warning(request, say(lack))
            count = len(done.letter_ids)
            messages.success(
                request,
                ngettext(
                    "%(count)s official letter is drafted.", "%(count)s official letters are drafted.", count
                )
                % {"count": vietnamese.number(count)},
            )
            if count == 1:
                return redirect("web:registers:reminder", done.letter_ids[0])
            return redirect(f"{reverse('web:registers:reminders')}?loai=du-thao")
    return _late_page(request, form)


def _late_page(request: StaffRequest, form: DraftForm | None = None) -> HttpResponse:
    asked = request.GET.get("so", "")
    register = asked if asked in SOURCES else ""
    units = queries.late_units(request.actor, request.today, register=register)
    may_draft = can(request.actor, "reminder.draft")
    ticked = set(request.POST.getlist("viec"))
    choices = unit_choices(request.actor)
    if form is None and may_draft:
        own = next((pk for pk, _name in choices if pk in request.actor.unit_ids), None)
        form = DraftForm(
            units=choices,
            today=request.today,
            initial={"reply_by": queries.reply_by(request.actor, request.today), "drafter": own},
        )
    shown = [
        (
            unit,
            [
                {
                    "work": each,
                    "url": _work_url(each),
                    "source": _source(each),
                    "badge": BADGES[each.standing],
                    "late": each.days_late(request.today),
                    "can_tick": may_draft and each.draft_id is None and each.unit_id is not None,
                    "is_ticked": each.key in ticked
                    if request.method == "POST"
                    else _is_proposed(request, each),
                }
                for each in unit.works
            ],
        )
        for unit in units
    ]
    context = {
        "units": shown,
        "late": sum(len(unit.late) for unit in units),
        "late_units": sum(1 for unit in units if unit.late and unit.unit_id),
        "soon": sum(unit.soon for unit in units),
        "form": form,
        "may_draft": may_draft,
        "counts": queries.letters(request.actor, drafts=True),
        "sources": [
            ("", gettext("All"), not register),
            *((key, _source_name(key), key == register) for key in SOURCES),
        ],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "staff/registers/late_work.html", context, status=status)


def _is_proposed(request: StaffRequest, work: Work) -> bool:
    lately = work.reminded_on is not None and (request.today - work.reminded_on).days < REMINDED_LATELY
    return work.is_late and not lately


def _source_name(register: str) -> str:
    return gettext("Quality plan") if register == TASK else gettext(REGISTERS[register].title)


def _source(work: Work) -> str:
    return f"{_source_name(work.register)}{f' · {work.given}' if work.given else ''}"


def _work_url(work: Work) -> str:
    if work.register == TASK:
        return reverse("web:tasks:task_detail", args=[work.id])
    return entry_url(REGISTERS[work.register], work.id)


@staff_page("register.view")
def late_list(request: StaffRequest, ending: str) -> HttpResponse:
    """Hand out the list of late units as DOCX, PDF or XLSX."""
    name = f"danh-sach-don-vi-cham-{request.today.isoformat()}"
    if ending == "xlsx":
        units = queries.late_units(request.actor, request.today)
        rows = late_paper.sheet_rows(units, request.today)
        data = write_sheet(
            "Đơn vị chậm", late_paper.HEADINGS, rows, formats={5: "dd/mm/yyyy", 8: "dd/mm/yyyy"}
        )
        return hand_out(data, f"{name}.xlsx", XLSX)
    signer = signer_choice(request.actor, request.today, "TB")
    document = queries.late_list(
        request.actor,
        request.today,
        authority=signer.authority,
        capacity=signer.capacity,
        signed_by=signer.name,
    )
    return paper_file(request, document, name, ending)


@staff_page("register.view")
def reminders(request: StaffRequest) -> HttpResponse:
    """Show the drafts that wait, or the letters that were issued."""
    shows_drafts = request.GET.get("loai") == "du-thao"
    year = request.GET.get("nam", "")
    found = queries.letters(
        request.actor,
        drafts=shows_drafts,
        year=int(year) if year.isdecimal() and len(year) == 4 and not shows_drafts else None,
    )
    context = {"letters": found, "shows_drafts": shows_drafts, "year": year}
    return render(request, "staff/registers/reminders.html", context)


@staff_page("register.view")
def reminder(request: StaffRequest, reminder_id: int) -> HttpResponse:
    """Show a letter as the paper it becomes."""
    found = queries.letter(request.actor, reminder_id)
    document = queries.letter_documents(request.actor, [reminder_id])[0]
    context = {
        "letter": found.row,
        "detail": found,
        "paper": paper_on_screen(request, document),
    }
    return render(request, "staff/registers/reminder.html", context)


@staff_page("reminder.draft", methods=("GET", "POST"))
def reminder_edit(request: StaffRequest, reminder_id: int) -> HttpResponse:
    """Change what a draft says, and of which work it is."""
    found = queries.letter(request.actor, reminder_id)
    if request.method == "GET" and not found.row.is_draft:
        return redirect("web:registers:reminder", reminder_id)
    content = found.content
    form = EditForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(content, name) for name in EditForm.base_fields},
    )
    kept = (
        set(request.POST.getlist("giu")) if request.method == "POST" else {each.key for each in content.lines}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            operations.edit_letter(
                actor=request.actor,
                letter_id=reminder_id,
                without={each.key for each in content.lines} - kept,
                now=moment(request),
                subject=said["subject"],
                opening=said["opening"],
                requests=said["requests"],
                signer=(said["authority"], said["capacity"], said["signed_by"]),
            )
        except Refusal as refusal:
            say_at(form, refusal)
        else:
            messages.success(request, gettext("The draft is saved."))
            return redirect("web:registers:reminder", reminder_id)
    context = {
        "letter": found.row,
        "form": form,
        "lines": [(each, each.line.key in kept) for each in found.lines],
    }
    return render(request, "staff/registers/reminder_edit.html", context, status=422 if form.errors else 200)


@staff_page("reminder.draft", methods=("POST",))
def reminder_discard(request: StaffRequest, reminder_id: int) -> HttpResponse:
    """Discard a draft."""
    try:
        operations.discard_letter(actor=request.actor, letter_id=reminder_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:registers:reminder", reminder_id)
    messages.success(request, gettext("The draft is discarded."))
    return redirect(f"{reverse('web:registers:reminders')}?loai=du-thao")


@staff_page("reminder.issue", methods=("GET", "POST"))
def reminders_issue(request: StaffRequest) -> HttpResponse:
    """Give the drafts that were signed their numbers."""
    chosen = _ids(request.POST if request.method == "POST" else request.GET)
    if not chosen:
        messages.warning(request, gettext("Tick the drafts first that were signed."))
        return redirect(f"{reverse('web:registers:reminders')}?loai=du-thao")
    rows = queries.chosen_letters(request.actor, chosen)
    first = queries.letter(request.actor, rows[0].id).content
    signer = {each: getattr(first, each) for each in SIGNER}
    if not any(signer.values()):
        chosen_signer = signer_choice(request.actor, request.today, "")
        signer = dict(
            zip(SIGNER, (chosen_signer.authority, chosen_signer.capacity, chosen_signer.name), strict=True)
        )
    form = SigningForm(
        request.POST if request.method == "POST" else None,
        today=request.today,
        initial={"issued_on": request.today, **signer},
    )
    if request.method == "POST" and form.is_valid():
        try:
            issued = operations.issue_letters(
                actor=request.actor, letter_ids=chosen, now=moment(request), **form.cleaned_data
            )
        except operations.SigningDayNotPossible as refusal:
            form.add_error(refused_field(refusal, "issued_on"), say(refusal.message))
        except Refusal as refusal:
            say_at(form, refusal)
        else:
            numbers = ", ".join(each.number for each in issued)
            messages.success(
                request,
                gettext("Issued: %(numbers)s. The units are told, and the work has the day of the reminder.")
                % {"numbers": numbers},
            )
            if len(issued) == 1:
                return redirect("web:registers:reminder", issued[0].pk)
            return redirect("web:registers:reminders")
    context = {"form": form, "letters": rows}
    return render(
        request, "staff/registers/reminders_issue.html", context, status=422 if form.errors else 200
    )


@staff_page("reminder.issue", methods=("GET", "POST"))
def reminder_withdraw(request: StaffRequest, reminder_id: int) -> HttpResponse:
    """Withdraw a letter that was issued by mistake."""
    found = queries.letter(request.actor, reminder_id)
    return withdrawal(
        request,
        lambda reason: operations.withdraw_letter(
            actor=request.actor, letter_id=reminder_id, reason=reason, now=moment(request)
        ),
        number=found.row.number,
        is_in_force=found.row.is_issued,
        back=reverse("web:registers:reminder", args=[reminder_id]),
        context={"letter": found.row},
    )


@staff_page("register.view")
def reminder_file(request: StaffRequest, reminder_id: int, file_format: str) -> HttpResponse:
    """Hand out a letter as DOCX or PDF."""
    document = queries.letter_documents(request.actor, [reminder_id])[0]
    return paper_file(request, document, f"cong-van-don-doc-{reminder_id}", file_format)


@staff_page("register.view")
def reminders_file(request: StaffRequest) -> HttpResponse:
    """Hand out the letters ticked in one DOCX file, each on pages of its own."""
    chosen = _ids(request.GET)
    if not chosen:
        messages.warning(request, gettext("Tick the official letters first that you want in one file."))
        return redirect("web:registers:reminders")
    data = write_docx_of(
        [own_paper(request, each) for each in queries.letter_documents(request.actor, chosen)]
    )
    return hand_out(data, f"cong-van-don-doc-{request.today.isoformat()}.docx", DOCX)


def _ids(data: QueryDict) -> list[int]:
    return [int(each) for each in data.getlist("cv")[:300] if each.isdecimal() and len(each) < 19]


def _numbers(ticked: list[str], kind: str) -> list[int]:
    """Return the numbers of the work of one kind that was ticked (``entry-12``)."""
    found = (each.removeprefix(f"{kind}-") for each in ticked if each.startswith(f"{kind}-"))
    return [int(each) for each in found if each.isdecimal() and len(each) < 19]
