"""An audit on a phone in a room without a network: a page that opens by itself, what it takes along, what it sends.

The page holds words alone and is the same for everybody of an audit's agency; what is asked and answered is kept on the
phone under a key that the server gives to its person and that the phone forgets when the person signs out. Without
a script, or without HTTPS, the forms of ``answering`` do the same with a network.
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from camket.core.messages import Refusal
from camket.improvement.operations import audits as operations
from camket.improvement.queries import audits_on_phones as queries
from camket.org.policy import Actor, NotAllowed
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.service_worker import page_worker
from camket.web.staff.improvement.audits import display
from camket.web.staff.improvement.audits.forms import AnswerForm, FindingForm, PhotosForm

_SALT = "camket.audits.phone"


@staff_page("audit.conduct")
def shell(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Show the page that a phone keeps; it holds nothing of the audit but its number."""
    queries.require_known(request.actor, audit_id)
    context = {
        "audit_id": audit_id,
        "answers": [(key, badge) for key, badge in display.ANSWERS.items() if key],
        "grades": list(display.GRADES.items()),
    }
    return render(request, "staff/improvement/audits/phone.html", context)


@staff_page("audit.conduct")
def worker(request: StaffRequest) -> HttpResponse:
    """Give the script that keeps the page while the network is away; its place in the address is its reach."""
    return page_worker()


@login_not_required  # staff_page itself says in JSON that nobody is signed in
@staff_page("audit.conduct")
def book(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Give what a phone takes along, with the key it is kept under and how long it may be read without a network."""
    found = queries.book(request.actor, audit_id)
    owner, key = _owner_and_key(request.actor, audit_id)
    return JsonResponse(
        {
            "owner": owner,
            "key": base64.b64encode(key).decode(),
            "seconds": request.session.get_expiry_age(),
            "csrf": get_token(request),
            "title": found.page.row.title,
            "state": str(display.STATES[found.page.row.state].label),
            "may_answer": found.may_answer,
            "clauses": found.clauses,
            "units": [
                {
                    "id": unit.unit_id,
                    "name": unit.name,
                    "questions": [
                        {
                            "id": each.id,
                            "clause": each.clause,
                            "clause_title": each.clause_title,
                            "text": each.text,
                            "look_at": each.look_at,
                            "answer": each.answer,
                            "note": each.note,
                            "version": each.version,
                            "by": each.answered_by,
                            "photos": len(each.evidence) + sum(len(one.evidence) for one in each.findings),
                            "findings": [
                                f"{display.GRADES[one.grade].label}: {one.text}" for one in each.findings
                            ],
                        }
                        for each in questions
                    ],
                }
                for unit, questions in found.units
            ],
        }
    )


@login_not_required  # staff_page itself says in JSON that nobody is signed in
@staff_page("audit.conduct", methods=("POST",))
def send(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Take one thing that waited on a phone: an answer, a finding or a photo; sent again it changes nothing.

    Answers in JSON: ``kept``, ``conflict`` with the answer that somebody else gave meanwhile, ``refused`` and why, or
    ``signed_out`` where somebody else is signed in by now than who wrote it.
    """
    queries.require_known(request.actor, audit_id)
    owner, _key = _owner_and_key(request.actor, audit_id)
    if request.POST.get("owner", owner) != owner:
        return JsonResponse({"signed_out": True}, status=HTTPStatus.UNAUTHORIZED)
    takers = {"answer": _answer, "finding": _finding, "photo": _photo}
    take = takers.get(request.POST.get("kind", ""))
    if take is None:
        return _refused(_("This cannot be read."))
    try:
        kept = take(request, audit_id, _number(request, "unit"), _number(request, "question"))
    except operations.AnsweredMeanwhile as refusal:
        asked = refusal.question
        by = asked.answered_by.full_name if asked.answered_by else ""
        at = f"{timezone.localtime(asked.answered_at):%H:%M %d/%m/%Y}" if asked.answered_at else ""
        said = {"answer": asked.answer, "note": asked.note, "version": asked.version, "by": by, "at": at}
        return JsonResponse({"conflict": said}, status=409)
    except _Unreadable as refusal:
        return _refused(str(refusal))
    except Refusal as refusal:
        return _refused(say(refusal.message))
    except NotAllowed:
        return _refused(_("Only the audit's team answers, while the audit is under way."))
    except ObjectDoesNotExist:
        return _refused(_("The question, or its unit, is not in the audit any more."))
    return JsonResponse({"kept": kept})


class _Unreadable(Exception):
    """What a phone sent fills no form."""


def _answer(request: StaffRequest, audit_id: int, unit_id: int, question_id: int) -> dict[str, Any]:
    data = _valid(AnswerForm(request.POST)).cleaned_data
    finding = None
    if data["answer"] == "finding" and request.POST.get("text", "").strip():
        finding = _valid(FindingForm(request.POST)).finding(key=request.POST.get("key", ""))
    asked = operations.answer(
        actor=request.actor,
        question_id=question_id,
        answer=data["answer"],
        note=data["note"],
        version=data["version"],
        now=moment(request),
        finding=finding,
    )
    return {"version": asked.version}


def _finding(request: StaffRequest, audit_id: int, unit_id: int, question_id: int) -> dict[str, Any]:
    form = _valid(FindingForm(request.POST))
    made = operations.find(
        actor=request.actor,
        audit_id=audit_id,
        unit_id=unit_id,
        finding=form.finding(key=request.POST.get("key", "")),
        now=moment(request),
    )
    return {"serial": made.serial}


def _photo(request: StaffRequest, audit_id: int, unit_id: int, question_id: int) -> dict[str, Any]:
    form = _valid(PhotosForm(request.POST, request.FILES, prefix="anh"))
    operations.add_proof(
        actor=request.actor,
        audit_id=audit_id,
        unit_id=unit_id,
        question_id=question_id,
        key=request.POST.get("key", ""),
        evidence=form.given(),
        now=moment(request),
    )
    return {}


def _valid(form: Any) -> Any:
    """Return a form that is filled in rightly. Raises _Unreadable with what is wrong, each field with its name."""
    if form.is_valid():
        return form
    raise _Unreadable(
        " ".join(
            f"{form.fields[name].label}: {error}"
            if name in form.fields and form.fields[name].label
            else str(error)
            for name, errors in form.errors.items()
            for error in errors
        )
    )


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _refused(words: str) -> HttpResponse:
    return JsonResponse({"refused": words}, status=422)


def _owner_and_key(actor: Actor, audit_id: int) -> tuple[str, bytes]:
    """Return by what a phone tells whose something is, and the key it is kept under: of the person and the audit alone."""
    whose = f"{actor.agency_id}:{actor.person_id}:{audit_id}"
    owner = salted_hmac(f"{_SALT}.owner", whose, algorithm="sha256").hexdigest()[:16]
    key = salted_hmac(f"{_SALT}.key", whose, secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return owner, key
