from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from camket.core.questionnaire import AnswerNotPossible, Content, Kind
from camket.publishing.queries.public import feedback_slug
from camket.voices.editions import content_of
from camket.voices.operations import answers as operations
from camket.voices.operations.answers import DoorShut, Given, LinkSpent, Tried
from camket.voices.queries import answering as queries
from camket.voices.queries.answering import Door, Shut
from camket.web import errors, vietnamese
from camket.web.public import limits
from camket.web.public.answering.display import name_of, sheet
from camket.web.public.limits import Allowance, Check
from camket.web.public.request import PublicRequest, public_page
from camket.web.request import moment, say
from camket.web.service_worker import page_worker

AT_A_POSTER = Allowance(free=60, most=300)
"""Answers from one address to one poster on one day: a whole office, or a café beside it, may share the address."""
AT_THE_COUNTER = Allowance(free=600, most=600)
"""From a tablet: more people than a counter serves on a day."""
LARGEST_BODY = 256 * 1024
"""Bytes of an answer: every question with as many words as it takes."""
UNKNOWN = "unknown"
"""What a tablet hears of an address that was never given out, or is signed by a key that holds no more."""
MOST_BUTTONS = 11
"""Fields that a tablet shows as buttons, beside one for none of them; more are in a list to choose from."""
DONE = "xong"
"""Parameter of the page that thanks."""


@public_page(("GET", "POST"), has_languages=True)
def answer(request: PublicRequest, token: str) -> HttpResponse:
    """Show a survey's questions and take an answer; the address says of which survey and how it is answered."""
    try:
        door = queries.door(token, request.today)
    except ObjectDoesNotExist:
        if not _wants_json(request):
            raise
        return JsonResponse({"shut": UNKNOWN}, status=404)
    if request.method == "POST":
        return _take(request, token, door)
    if DONE in request.GET and door.edition is not None:
        return _thanks(request, token, door)
    if door.shut is not None:
        return _shut(request, door, door.shut)
    judgement = limits.opening(request, purpose=_purpose(door), allowance=_allowance(door))
    if judgement.is_refused:
        return _turned_away(request, door)
    return _form(request, token, door, check=judgement.check)


@public_page()
def worker(request: PublicRequest) -> HttpResponse:
    """Give the script that keeps a tablet's page while the network is away; its place in the address is its reach."""
    return page_worker()


def _take(request: PublicRequest, token: str, door: Door) -> HttpResponse:
    if _length(request) > LARGEST_BODY:
        if _wants_json(request):
            return _refused(gettext("The answer is larger than any answer of this survey can be."), 413)
        return errors.too_large(request, LARGEST_BODY)
    if door.edition is None:
        return _shut(request, door, door.shut or Shut.NOT_YET)
    judged = limits.opening if door.is_kiosk else limits.judge
    judgement = judged(request, purpose=_purpose(door), allowance=_allowance(door))
    if judgement.is_refused and door.spent is None:
        operations.note_turned_away(survey_id=door.survey.pk, on=request.today)
        return _turned_away(request, door)
    is_person = door.is_kiosk or door.spent is not None or judgement.is_passed
    if not is_person and door.shut is None:
        return _form(request, token, door, check=judgement.check, status=422)
    try:
        given = _given(request, door)
        tried = None if door.spent else Tried(_purpose(door), judgement.address)
        stored = operations.answer_at(door=door, given=given, tried=tried, now=moment(request))
    except DoorShut:
        return _shut(request, door, door.shut or Shut.CLOSED)
    except LinkSpent:
        return _shut(request, door, Shut.SPENT)
    except AnswerNotPossible as refusal:
        if _wants_json(request):
            return _refused(say(refusal.message), 422)
        return _form(request, token, door, check=judgement.check, refusal=refusal, status=422)
    if _wants_json(request):
        return JsonResponse({"stored": [str(each) for each in stored.stored + stored.known]})
    language = f"&lang={request.language}" if request.language != "vi" else ""
    return HttpResponseRedirect(f"{reverse('web:answering:answer', args=[token])}?{DONE}=1{language}")


def _given(request: PublicRequest, door: Door) -> Given:
    """Read an answer out of a form; what is no number or no day is left to the rules to refuse."""
    sent = request.POST
    edition_id = _number(sent.get("edition", ""))
    older = (
        queries.edition_answered(survey=door.survey, edition_id=edition_id)
        if edition_id and (door.edition is None or edition_id != door.edition.pk)
        else None
    )
    content = content_of(older) if older else door.content
    parts: dict[Kind, dict[str, Any]] = {kind: {} for kind in Kind}
    for question in content.questions:
        text = sent.get(name_of(question), "")
        if text:
            is_step = question.kind is Kind.SCALE and text.isascii() and text.isdecimal() and len(text) == 1
            parts[question.kind][question.key] = int(text) if is_step else text
    return Given(
        id=_uuid(sent.get("id", "")),
        edition_id=edition_id or 0,
        on=_day(sent.get("on", "")),
        language=request.language,
        field_id=_number(sent.get("field", "")),
        ratings=parts[Kind.SCALE],
        choices=parts[Kind.CHOICE],
        comments=parts[Kind.TEXT],
    )


def _form(
    request: PublicRequest,
    token: str,
    door: Door,
    *,
    check: Check,
    refusal: AnswerNotPossible | None = None,
    status: int = 200,
) -> HttpResponse:
    content: Content = door.content
    given = {question.key: request.POST.get(name_of(question), "") for question in content.questions}
    wrong = {refusal.question: say(refusal.message)} if refusal else {}
    chosen = _number(request.POST.get("field", ""))
    context = {
        "door": door,
        "sheet": sheet(content, request.language, given, wrong),
        "edition_id": str(door.edition.pk) if door.edition else "",
        "answer_id": str(_uuid(request.POST.get("id", ""))),
        "fields": [(str(each.id), each.name, each.id == chosen) for each in door.fields],
        "has_field_buttons": door.is_kiosk and len(door.fields) <= MOST_BUTTONS,
        "check": check,
        "error": wrong.get("", ""),
        "is_wrong": bool(wrong) or bool(check.error),
        "here": reverse("web:answering:answer", args=[token]),
        "asks_person": not door.is_kiosk and door.spent is None,
    }
    template = "public/answering/kiosk.html" if door.is_kiosk else "public/answering/form.html"
    return render(request, template, context, status=status)


def _thanks(request: PublicRequest, token: str, door: Door) -> HttpResponse:
    context = {
        "door": door,
        "sheet": sheet(door.content, request.language),
        "again": reverse("web:answering:answer", args=[token]) if door.is_kiosk else "",
    }
    return render(request, "public/answering/thanks.html", context)


def _refused(reason: str, status: int) -> JsonResponse:
    """Tell a tablet that an answer will never be taken; whatever else it hears, it goes on sending."""
    return JsonResponse({"refused": reason}, status=status)


def _shut(request: PublicRequest, door: Door, why: Shut) -> HttpResponse:
    """Say why an address takes no answer: 404 before the survey begins, 410 where its time is over."""
    status = 404 if why is Shut.NOT_YET else 410
    if _wants_json(request):
        return JsonResponse({"shut": why.value}, status=status)
    context = {
        "door": door,
        "is_replaced": why is Shut.REPLACED,
        "is_not_yet": why is Shut.NOT_YET,
        "is_closed": why is Shut.CLOSED,
        "is_spent": why is Shut.SPENT,
        "starts": vietnamese.day(door.survey.starts_on),
        "feedback_slug": feedback_slug(door.survey.agency_id, request.today),
        "is_before_start": request.today < door.survey.starts_on,
    }
    return render(request, "public/answering/shut.html", context, status=status)


def _turned_away(request: PublicRequest, door: Door) -> HttpResponse:
    if _wants_json(request):
        response: HttpResponse = JsonResponse({"error": "too many"}, status=429)
    else:
        response = render(request, "public/answering/too_many.html", {"door": door}, status=429)
    response["Retry-After"] = "3600"
    return response


def _purpose(door: Door) -> str:
    return f"answers:{door.point_id or 0}"


def _allowance(door: Door) -> Allowance:
    return AT_THE_COUNTER if door.is_kiosk else AT_A_POSTER


def _wants_json(request: PublicRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _length(request: PublicRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> uuid.UUID:
    """Return the id that the sender drew; one of ours where there is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
