"""The public pages of feedback: write it, follow it by its code, read what was answered to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core import feedback as rules
from camket.core.messages import Refusal
from camket.documents.operations import FileRefused
from camket.intake.operations import count_try
from camket.publishing.queries import public as offices
from camket.voices.feedback_change import TextMissing
from camket.voices.operations import feedback_intake as operations
from camket.voices.queries import public_feedback as queries
from camket.web.public import limits
from camket.web.public.feedback.forms import WriteForm
from camket.web.public.request import PublicRequest, public_page
from camket.web.request import moment, say

WRITING = limits.Allowance(free=3, most=20)
ASKING = limits.Allowance(free=10, most=60)
"""Wrong codes from one address in a day."""

STEPS = {
    "received": _("Received"),
    "in_hand": _("Given to who deals with it"),
    "passed_on": _("Passed on to the competent body"),
    "routed_complaint": _("Dealt with as a complaint, by the law on complaints and not as feedback"),
    "routed_denunciation": _(
        "Dealt with as a denunciation, by the law on denunciations; who denounced is kept secret"
    ),
    "set_aside": _("Not taken up"),
    "answered": _("Answered"),
    "reopened": _("Taken up again"),
    "published": _("Question and answer made public without personal data"),
}
"""What the lines of the history say to the sender."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history as the sender reads it."""

    on: Any
    label: str
    text: str


@public_page(methods=("GET", "POST"))
def write(request: PublicRequest, slug: str) -> HttpResponse:
    """Take feedback, and show its code once it is kept."""
    office = offices.office(slug)
    context: dict[str, Any] = {"office": office, "files_error": ""}
    if not office.takes_feedback or (office.ended_on and office.ended_on < request.today):
        return render(request, "public/feedback/closed.html", context)
    purpose = f"feedback:{office.agency_id}"
    fields = queries.agency_fields(office.agency_id)
    if request.method == "GET":
        opened = limits.opening(request, purpose=purpose, allowance=WRITING)
        if opened.is_refused:
            return _too_many(request, context)
        return _form(request, WriteForm(fields=fields), opened, context)
    judged = limits.judge(request, purpose=purpose, allowance=WRITING)
    if judged.is_refused:
        return _too_many(request, context)
    form = WriteForm(request.POST, fields=fields)
    sent = request.FILES.getlist("files")
    if not form.is_valid() or not judged.is_passed:
        return _form(request, form, judged, {**context, "had_files": bool(sent)}, status=422)
    try:
        row = operations.receive_from_public(
            agency_id=office.agency_id,
            new=operations.NewFeedback(**form.cleaned_data),
            files=[
                operations.NewFile(each.name or "", each.content_type or "", each.read())
                for each in sent[: operations.MOST_FILES + 1]
            ],
            now=moment(request),
        )
    except (TextMissing, FileRefused, operations.TooManyFiles) as refusal:
        if isinstance(refusal, TextMissing):
            form.add_error(refusal.field, say(refusal.message))
        else:
            context["files_error"] = say(refusal.message)
        return _form(request, form, judged, {**context, "had_files": bool(sent)}, status=422)
    count_try(purpose=purpose, address=judged.address, on=request.today)
    status = queries.status_of(office.agency_id, row.code)
    return render(
        request,
        "public/feedback/thanks.html",
        {**context, "status": status, "is_legal": row.kind in rules.LEGAL_KINDS},
    )


write.most_bytes = settings.MAX_REQUEST_BYTES_OF_SENDERS  # type: ignore[attr-defined]


@public_page(methods=("GET", "POST"))
def follow(request: PublicRequest, slug: str) -> HttpResponse:
    """Show how feedback stands to who has its code; take what its sender adds.

    The code travels in the body of the form: addresses are written down by browsers and servers.
    """
    office = offices.office(slug)
    purpose = f"code:{office.agency_id}"
    context: dict[str, Any] = {"office": office, "code": "", "added_text": "", "text_error": ""}
    opened = limits.opening(request, purpose=purpose, allowance=ASKING)
    if opened.is_refused:
        return _too_many(request, context)
    context["check"] = opened.check
    if request.method == "GET":
        return render(request, "public/feedback/follow.html", context)
    typed = request.POST.get("ma", "")[:40]
    context["code"] = typed
    if opened.check.question:
        judged = limits.judge(request, purpose=purpose, allowance=ASKING)
        if not judged.is_passed:
            return render(
                request, "public/feedback/follow.html", {**context, "check": judged.check}, status=422
            )
    try:
        status = queries.status_of(office.agency_id, rules.code_of(typed))
    except ObjectDoesNotExist:
        count_try(purpose=purpose, address=opened.address, on=request.today)
        return render(request, "public/feedback/follow.html", {**context, "is_unknown": True}, status=404)
    if "text" in request.POST:
        refused = _add(request, office.agency_id, status.code, context)
        if not refused:
            status = queries.status_of(office.agency_id, status.code)
    return render(
        request,
        "public/feedback/status.html",
        {
            **context,
            "status": status,
            "state": gettext(rules.STATE_NAMES[status.state]),
            "lines": [Line(each.on, _label(each.kind), each.text) for each in status.steps],
        },
        status=422 if context.get("text_error") else 200,
    )


def _label(kind: str) -> str:
    if kind.startswith(rules.SENT):
        how = gettext(rules.SENDINGS[kind.removeprefix(rules.SENT)])
        return gettext("The outcome was sent to you: %(how)s") % {"how": how}
    return str(STEPS.get(kind, kind))


def _add(request: PublicRequest, agency_id: int, code: str, context: dict[str, Any]) -> bool:
    """Add what the sender wrote; say in the context what came of it. Return whether it was refused."""
    purpose = f"feedback:{agency_id}"
    opened = limits.opening(request, purpose=purpose, allowance=WRITING)
    text = request.POST.get("text", "")
    context["added_text"] = text
    if opened.is_refused:
        context["text_error"] = gettext("Much was sent from here today. Please call or come to the office.")
        return True
    try:
        operations.supplement(agency_id=agency_id, code=code, text=text, now=moment(request))
    except Refusal as refusal:
        context["text_error"] = say(refusal.message)
        return True
    count_try(purpose=purpose, address=opened.address, on=request.today)
    context["was_added"], context["added_text"] = True, ""
    return False


@public_page()
def answers(request: PublicRequest, slug: str) -> HttpResponse:
    """Show what was asked and answered, without personal data, for everybody to read."""
    office = offices.office(slug)
    words = request.GET.get("tu", "")[:100]
    page = queries.published(office.agency_id, request.GET.get("page", "1"), words)
    return render(request, "public/feedback/answers.html", {"office": office, "page": page, "words": words})


def _form(
    request: PublicRequest,
    form: WriteForm,
    judgement: limits.Judgement,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = {
        **context,
        "form": form,
        "check": judgement.check,
        "has_fields": len(form.fields["field_id"].choices) > 1,  # type: ignore[attr-defined]
        "most_files": operations.MOST_FILES,
        "most_megabytes": operations.MOST_FILE_BYTES // 1024 // 1024,
    }
    return render(request, "public/feedback/write.html", context, status=status)


def _too_many(request: PublicRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "public/feedback/too_many.html", context, status=429)
