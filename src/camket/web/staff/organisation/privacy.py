"""Personal data: the officer's page, one's own data, and accounts as an administrator sees them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.journal import access
from camket.journal import queries as journal_queries
from camket.journal.queries import AccessPage
from camket.org import operations, queries
from camket.org.personal import answer_by
from camket.web import shown_once
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.organisation.copies import copy_of
from camket.web.staff.organisation.forms import SearchForm
from camket.web.staff.organisation.privacy_forms import (
    AFTER,
    THEN,
    AccessForm,
    AnswerForm,
    ConfirmForm,
    KindForm,
    ReasonForm,
    RequestForm,
)
from camket.web.staff.organisation.seen import saw
from camket.web.staff.organisation.views import ONCE


@staff_page("privacy.view")
def privacy(request: StaffRequest) -> HttpResponse:
    """The officer's page: what waits, and the register."""
    requests = queries.subject_requests(request.actor, request.today)
    saw(request, "requests", people=len({row.person_id for row in requests}))
    kinds = queries.personal_data_register(request.actor, request.today)
    return render(
        request,
        "staff/organisation/privacy.html",
        {
            "open_requests": [row for row in requests if row.answered_on is None],
            "answered": [row for row in requests if row.answered_on is not None],
            "erasures": queries.erasures(request.actor),
            "expired": queries.expired_people(request.actor.agency_id, request.today),
            "kinds": [
                {"kind": kind, "after": dict(AFTER)[kind.retention_after], "then": dict(THEN)[kind.then]}
                for kind in kinds
            ],
        },
    )


@staff_page("privacy.manage", methods=("GET", "POST"))
def privacy_kind(request: StaffRequest, kind_code: str) -> HttpResponse:
    """Change a line of the register from today on."""
    kind = queries.personal_data_kind(request.actor, kind_code, request.today)
    form = KindForm(
        request.POST or None, initial={name: getattr(kind, name) for name in KindForm.base_fields}
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_personal_data_kind(
                actor=request.actor, code=kind_code, today=request.today, **form.cleaned_data
            )
        except operations.PeriodMissing as refusal:
            form.add_error("retention_months", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The register has been changed from today on."))
            return redirect("web:organisation:privacy")
    return render(request, "staff/organisation/privacy_kind.html", {"form": form, "kind": kind})


@staff_page("privacy.manage", methods=("GET", "POST"))
def privacy_request_add(request: StaffRequest) -> HttpResponse:
    """Record what a person asked."""
    form = RequestForm(
        request.POST or None,
        people=[(row.id, row.full_name) for row in queries.people(request.actor, request.today)],
        initial={"received_on": request.today, "person": request.GET.get("nguoi")},
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        due_on: date = data.pop("due_on") or answer_by(data["kind"], data["received_on"])
        try:
            asked = operations.record_subject_request(
                actor=request.actor, person_id=data.pop("person"), due_on=due_on, today=request.today, **data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The request has been recorded."))
            return redirect("web:organisation:privacy_request", asked.pk)
    return render(request, "staff/organisation/privacy_request_add.html", {"form": form})


@staff_page("privacy.manage", methods=("GET", "POST"))
def privacy_request(request: StaffRequest, request_id: int) -> HttpResponse:
    """One request, and its answer."""
    row = queries.subject_request(request.actor, request_id, request.today)
    saw(request, "requests", person_id=row.person_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_subject_request(
                actor=request.actor, request_id=request_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The answer has been recorded."))
            return redirect("web:organisation:privacy")
    return render(request, "staff/organisation/privacy_request.html", {"form": form, "row": row})


@staff_page("privacy.manage", methods=("GET", "POST"))
def erasure_propose(request: StaffRequest, person_id: int) -> HttpResponse:
    """Propose to take a person's data out."""
    person = queries.person(request.actor, person_id, request.today)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.propose_erasure(
                actor=request.actor, person_id=person_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("Proposed. The chairman decides; until then nothing changes."))
            return redirect("web:organisation:privacy")
    return render(request, "staff/organisation/erasure_propose.html", {"form": form, "person": person})


@staff_page("privacy.erase", methods=("GET", "POST"))
def erasure_decide(request: StaffRequest, erasure_id: int) -> HttpResponse:
    """Decide on a proposal: take the data out for good, or refuse."""
    row = queries.erasure(request.actor, erasure_id)
    is_refusal = request.POST.get("decision") == "refuse"
    form = ConfirmForm(request.POST if request.method == "POST" and not is_refusal else None)
    refusal_form = ReasonForm(request.POST if is_refusal else None)
    try:
        if is_refusal and refusal_form.is_valid():
            operations.refuse_erasure(
                actor=request.actor, erasure_id=erasure_id, now=moment(request), **refusal_form.cleaned_data
            )
            messages.success(request, gettext("Refused; the data stay."))
            return redirect("web:organisation:privacy")
        if form.is_bound and form.is_valid():
            operations.anonymise_person(
                actor=request.actor,
                erasure_id=erasure_id,
                typed_login=form.cleaned_data["login"],
                now=moment(request),
            )
            messages.success(request, gettext("The personal data have been removed for good."))
            return redirect("web:organisation:privacy")
    except operations.NotConfirmed as refusal:
        form.add_error("login", say(refusal.message))
    except Refusal as refusal:
        (refusal_form if is_refusal else form).add_error(None, say(refusal.message))
    return render(
        request,
        "staff/organisation/erasure_decide.html",
        {"form": form, "refusal_form": refusal_form, "row": row},
    )


def _accesses(page: AccessPage) -> dict[str, object]:
    return {
        "page": page,
        "rows": [
            {"row": row, "what": gettext(access.KINDS[row.what]), "is_repeated": row.times > 1}
            for row in page.rows
        ],
    }


@staff_page("privacy.view")
def privacy_accesses(request: StaffRequest) -> HttpResponse:
    """Who saw personal data of the agency."""
    people = [(row.id, row.full_name) for row in queries.people(request.actor, request.today)]
    form = AccessForm(request.GET, people=people)
    data = form.cleaned_data if form.is_valid() else {}
    before = data.get("before")
    page = journal_queries.accesses(request.actor, person_id=data.get("nguoi"), before=before)
    return render(
        request,
        "staff/organisation/privacy_accesses.html",
        {**_accesses(page), "is_older": before is not None, "form": form},
    )


@staff_page("privacy.view", methods=("POST",))
def privacy_copy(request: StaffRequest, person_id: int) -> HttpResponse:
    """Hand over a copy of everything held on a person."""
    sections = queries.holdings(request.actor, person_id)
    saw(request, "holdings", person_id=person_id)
    return copy_of(request, sections, person_id)


@staff_page("org.view")
def own_data(request: StaffRequest) -> HttpResponse:
    """One's own data: who saw them, what one asked, and a copy."""
    form = AccessForm(request.GET, people=[])
    before = form.cleaned_data["before"] if form.is_valid() else None
    page = journal_queries.accesses_to_own_data(request.actor, before=before)
    return render(
        request,
        "staff/organisation/own_data.html",
        {
            **_accesses(page),
            "is_older": before is not None,
            "requests": queries.own_subject_requests(request.actor, request.today),
        },
    )


@staff_page("org.view", methods=("POST",))
def own_copy(request: StaffRequest) -> HttpResponse:
    """Hand over a copy of everything held on oneself."""
    return copy_of(request, queries.holdings(request.actor, request.actor.person_id), request.actor.person_id)


@staff_page("people.restore")
def accounts(request: StaffRequest) -> HttpResponse:
    """Accounts without names, for whoever gives ways back in."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(queries.accounts(request.actor, request.today, wanted), 100).get_page(
        request.GET.get("page")
    )
    once = shown_once.take(request, ONCE)
    response = render(
        request,
        "staff/organisation/accounts.html",
        {
            "page": page,
            "form": form,
            "wanted": wanted,
            "password": once["password"] if once else "",
            "of": next((row for row in page.object_list if once and row.id == once["person_id"]), None),
        },
    )
    if once:
        response["Cache-Control"] = "no-store"
    return response


@staff_page("people.restore", methods=("POST",))
def account_restore(request: StaffRequest, person_id: int) -> HttpResponse:
    """Give an account a one-time password, or let it sign in again."""
    try:
        if request.POST.get("sign_in") == "yes":
            operations.unblock_person(actor=request.actor, person_id=person_id, today=request.today)
            messages.success(request, gettext("The account can sign in again."))
        else:
            given = operations.reset_password(actor=request.actor, person_id=person_id, today=request.today)
            shown_once.keep(request, ONCE, {"person_id": given.person_id, "password": given.password})
    except operations.SharedPerson:  # its own sentence names the person
        messages.error(
            request, gettext("This account is also used in another agency: restore it by the command line.")
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    return redirect("web:organisation:accounts")
