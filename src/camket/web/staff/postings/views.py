"""The register of postings: what calls for somebody, what hangs where, posting, renewing, taking down, places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from camket.core.messages import Refusal
from camket.documents.operations import FileRefused
from camket.org.queries import person_choices
from camket.publishing.operations import postings as operations
from camket.publishing.posting_rules import rule_of
from camket.publishing.queries import posting_plan as plans
from camket.publishing.queries import postings as queries
from camket.publishing.queries.postings import NoticeDetail, NoticeRow
from camket.web.acting import did
from camket.web.handing_out import table_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.postings import display
from camket.web.staff.postings.forms import (
    CancelForm,
    CorrectForm,
    FilterForm,
    PlaceForm,
    PostForm,
    ProofForm,
    RenewForm,
    ShortfallForm,
    TakeDownForm,
    evidence_of,
    renewal,
)


@staff_page("posting.view")
def register(request: StaffRequest) -> HttpResponse:
    """Show what calls for somebody, then the register."""
    found_places = queries.places(request.actor)
    form = FilterForm(request.GET or None, places=found_places, rules=queries.rule_choices(request.today))
    wanted = form.wanted()
    looked_at = queries.looked_at(request.actor, request.today)
    page = queries.register(request.actor, wanted, looked_at, request.GET.get("page", "1"))
    is_filtered = any(value for key, value in request.GET.items() if key != "page")
    is_first = not is_filtered and page.number == 1
    context = {
        "form": form,
        "page": page,
        "rows": [display.shown(row, request.today) for row in page.object_list],
        "is_filtered": is_filtered,
        "query": request.GET.urlencode(),
        "to_do": [display.shown(row, request.today) for row in queries.calling(looked_at)]
        if is_first
        else (),
        "missing_list": queries.missing_list(request.actor, request.today) if is_first else None,
        "overdue_lines": plans.overdue(request.actor, request.today) if is_first else 0,
        "procedures": queries.procedures_up(request.actor) if is_first else (),
        "posters": queries.posters(request.actor) if is_first else (),
        "has_places": any(place.is_active for place in found_places),
        "is_first": is_first,
    }
    return render(request, "staff/postings/list.html", context)


@staff_page("posting.view")
def register_file(request: StaffRequest, ending: str) -> HttpResponse:
    """Hand out the register as a table, narrowed down as the page was."""
    form = FilterForm(
        request.GET or None,
        places=queries.places(request.actor),
        rules=queries.rule_choices(request.today),
    )
    rows = [display.cells(row) for row in queries.whole_register(request.actor, form.wanted())]
    return table_file("so-niem-yet", ending, title="Sổ niêm yết", header=display.HEADS, rows=rows)


@staff_page("posting.manage", methods=("GET", "POST"))
def post(request: StaffRequest) -> HttpResponse:
    """Enter that something was posted; ``nhu`` names a posting whose matter it is, ``cong-khai`` a publication."""
    found_places = tuple(place for place in queries.places(request.actor) if place.is_active)
    if not found_places:
        messages.info(
            request,
            _("First say where your agency posts: the board at the office, culture houses, the website."),
        )
        return redirect("web:postings:places")
    form = PostForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=_proposed(request),
        places=found_places,
        **_choices(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.post(
                actor=request.actor, data=form.posting(), at=form.at(), now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(
                request,
                _("Entered at %(count)s places.") % {"count": len(made)} if len(made) > 1 else _("Entered."),
            )
            return (
                redirect("web:postings:list")
                if len(made) > 1
                else redirect("web:postings:notice", made[0].pk)
            )
    context = {"form": form, "rules": queries.rules(request.today)}
    return render(request, "staff/postings/post.html", context)


@staff_page("posting.view")
def notice(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Show a posting with its proof and what can be done."""
    return _page(request, notice_id)


@staff_page("posting.manage", methods=("POST",))
def prove(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Add a photo or an address to a posting."""
    form = ProofForm(request.POST, request.FILES)
    detail = queries.notice(request.actor, notice_id, request.today)
    title = f"{detail.row.subject} – {detail.row.place}"[:500]
    return _act(
        request,
        detail,
        form,
        "proof",
        lambda: operations.prove(
            actor=request.actor,
            notice_id=notice_id,
            evidence=evidence_of(form.cleaned_data["photo"], title),
            address=form.cleaned_data["address"],
            now=moment(request),
        ),
        _("The proof is added."),
    )


@staff_page("posting.manage", methods=("POST",))
def take_down(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Note that a posting was taken down."""
    form = TakeDownForm(request.POST, prefix="go")
    return _act(
        request,
        queries.notice(request.actor, notice_id, request.today),
        form,
        "taking_down",
        lambda: operations.take_down(
            actor=request.actor, notice_id=notice_id, today=request.today, **form.cleaned_data
        ),
        _("Noted as taken down."),
    )


@staff_page("posting.manage", methods=("POST",))
def prolong(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Put the last day of a posting as far ahead as is required."""
    did(
        request,
        lambda: operations.prolong(actor=request.actor, notice_id=notice_id, today=request.today),
        _("Its last day is put later."),
    )
    if request.POST.get("next") == "list":
        return redirect("web:postings:list")
    return redirect("web:postings:notice", notice_id)


@staff_page("posting.manage", methods=("POST",))
def explain_shortfall(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Note why a posting that hung too short is not posted again."""
    form = ShortfallForm(request.POST, prefix="ngan")
    return _act(
        request,
        queries.notice(request.actor, notice_id, request.today),
        form,
        "explaining",
        lambda: operations.explain_shortfall(
            actor=request.actor,
            notice_id=notice_id,
            reason=form.cleaned_data["reason"],
            today=request.today,
        ),
        _("The reason is noted."),
    )


@staff_page("posting.manage", methods=("POST",))
def renew(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Post the same anew."""
    detail = queries.notice(request.actor, notice_id, request.today)
    form = RenewForm(
        request.POST,
        request.FILES,
        prefix="gia-han",
        publications=queries.publication_choices(request.actor),
    )
    title = f"{detail.row.subject} – {detail.row.place}"[:500]

    def act() -> object:
        data = {**form.cleaned_data}
        return operations.renew(
            actor=request.actor,
            notice_id=notice_id,
            evidence=evidence_of(data.pop("photo"), title),
            now=moment(request),
            **data,
        )

    return _act(request, detail, form, "renewing", act, _("Renewed."))


@staff_page("posting.manage", methods=("GET", "POST"))
def correct(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Put right what was entered wrongly."""
    detail = queries.notice(request.actor, notice_id, request.today)
    row = detail.row
    if "correct" not in detail.acts:
        messages.error(request, _("This posting was cancelled: it was entered by mistake."))
        return redirect("web:postings:notice", notice_id)
    form = CorrectForm(
        request.POST if request.method == "POST" else None,
        initial={**_values(row), "is_permanent": row.until is None, "place_id": row.place_id},
        places=[each for each in queries.places(request.actor) if each.is_active or each.id == row.place_id],
        **_choices(request, row),
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.correct(
                actor=request.actor,
                notice_id=notice_id,
                data=form.posting(),
                place_id=form.cleaned_data["place_id"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("Put right."))
            return redirect("web:postings:notice", notice_id)
    return render(request, "staff/postings/correct.html", {"form": form, "row": row})


@staff_page("posting.manage", methods=("POST",))
def cancel(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Cancel a posting that was entered by mistake."""
    form = CancelForm(request.POST, prefix="huy")
    return _act(
        request,
        queries.notice(request.actor, notice_id, request.today),
        form,
        "cancelling",
        lambda: operations.cancel(
            actor=request.actor,
            notice_id=notice_id,
            reason=form.cleaned_data["reason"],
            today=request.today,
        ),
        _("Cancelled; it stays in the register, struck through."),
    )


@staff_page("posting.view", methods=("GET", "POST"))
def places(request: StaffRequest) -> HttpResponse:
    """Show where the agency posts; add a place."""
    form = PlaceForm(request.POST if request.method == "POST" else None, initial={"is_active": True})
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_place(actor=request.actor, data=form.place(), today=request.today)
        except Refusal as refusal:
            form.add_error("name", say(refusal.message))
        else:
            messages.success(request, _("The place is added."))
            return redirect("web:postings:places")
    return render(
        request, "staff/postings/places.html", {"form": form, "places": queries.places(request.actor)}
    )


@staff_page("posting.manage", methods=("GET", "POST"))
def place_edit(request: StaffRequest, place_id: int) -> HttpResponse:
    """Change a place, or take it out of use."""
    found = queries.place(request.actor, place_id)
    initial = {"kind": found.kind, "name": found.name, "is_active": found.is_active}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_place(
                actor=request.actor, data=form.place(), place_id=place_id, today=request.today
            )
        except Refusal as refusal:
            form.add_error("name", say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:postings:places")
    return render(request, "staff/postings/place_edit.html", {"form": form, "place": found})


@staff_page("posting.view")
def rules(request: StaffRequest) -> HttpResponse:
    """Show what the law asks of postings, each with its text."""
    rows = [(rule, display.rule_places(rule)) for rule in queries.rules(request.today)]
    return render(request, "staff/postings/rules.html", {"rules": rows})


def _choices(request: StaffRequest, row: NoticeRow | None = None) -> dict[str, Any]:
    rules_now = queries.rule_choices(request.today)
    publications = queries.publication_choices(request.actor)
    people = person_choices(request.actor, request.today)
    planned = plans.planned_choices(request.actor, row.posted_on if row else request.today)
    if row is not None:  # what stands there stays to be chosen, though it would not be offered anew
        if row.rule and row.rule not in dict(rules_now):
            rules_now.append((row.rule, row.rule_name))
        if row.publication_id and row.publication_id not in dict(publications):
            title = queries.subject_of_publication(request.actor, row.publication_id)
            publications.append((row.publication_id, title))
        if row.posted_by_id and row.posted_by_id not in dict(people):
            people.append((row.posted_by_id, row.posted_by))
        if row.planned_id and row.planned_id not in dict(planned):
            planned.append((row.planned_id, _planned_subject(request, row)))
    return {"rules": rules_now, "publications": publications, "people": people, "planned": planned}


def _planned_subject(request: StaffRequest, row: NoticeRow) -> str:
    return queries.notice(request.actor, row.id, request.today).planned_subject


def _values(row: NoticeRow) -> dict[str, Any]:
    names = (
        "rule",
        "subject",
        "document_number",
        "decided_on",
        "posted_on",
        "until",
        "address",
        "publication_id",
        "posted_by_id",
        "planned_id",
        "note",
    )
    return {name: getattr(row, name) for name in names}


def _proposed(request: StaffRequest) -> dict[str, Any]:
    """Return what a new posting begins with."""
    begin: dict[str, Any] = {"posted_on": request.today, "posted_by_id": request.actor.person_id}
    if like := _number(request, "nhu"):
        found = queries.notice(request.actor, like, request.today).row
        begin = {**_values(found), **begin, "address": "", "note": "", "until": None}
        if "noi" in request.GET:
            begin[f"at_{found.place_id}"] = True
    elif publication := _number(request, "cong-khai"):
        subject = queries.subject_of_publication(request.actor, publication)
        if subject:
            begin |= {"subject": subject, "publication_id": publication, "rule": "quality"}
    elif planned := _number(request, "ke-hoach"):
        line = plans.planned_row(request.actor, planned, request.today)
        until = request.today + timedelta(days=line.days) if line.days else None
        begin |= {
            "rule": line.rule,
            "subject": line.subject,
            "planned_id": line.id,
            "until": until,
            "is_permanent": line.days is None,
            **{f"at_{place}": True for place in line.place_ids},
        }
    return begin


def _number(request: StaffRequest, name: str) -> int:
    """Return the number that an address names; 0 for none, or none that a row could have."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _field(form: Any, refusal: Refusal) -> str | None:
    name = refused_field(refusal, getattr(refusal, "field", "")) or None
    return name if name in form.fields else None


def _act(
    request: StaffRequest,
    detail: NoticeDetail,
    form: Any,
    name: str,
    act: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Do what was asked of a posting and go back to its page; what stands against it is said there."""
    if form.is_valid():
        try:
            act()
        except FileRefused as refusal:
            form.add_error("photo", say(refusal.message))
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, done)
            if request.POST.get("next") == "list":
                return redirect("web:postings:list")
            return redirect("web:postings:notice", detail.row.id)
    return _page(request, detail.row.id, **{name: form})


def _page(request: StaffRequest, notice_id: int, **forms: Any) -> HttpResponse:
    detail = queries.notice(request.actor, notice_id, request.today)
    row = detail.row
    publications = queries.publication_choices(request.actor)
    proposal = renewal(rule_of(row.rule, request.today), row.place_kind, request.today, row.until)
    context = {
        "detail": detail,
        "shown": display.shown(row, request.today),
        "row": row,
        "may_do": dict.fromkeys(detail.acts, True),
        "rule_places": display.rule_places(detail.rule) if detail.rule else "",
        "proof": ProofForm(),
        "taking_down": TakeDownForm(prefix="go", initial={"removed_on": request.today}),
        "renewing": RenewForm(prefix="gia-han", initial=proposal, publications=publications),
        "cancelling": CancelForm(prefix="huy"),
        "explaining": ShortfallForm(prefix="ngan", initial={"reason": row.shortfall}),
        **forms,
        "open": set(forms),
    }
    return render(request, "staff/postings/notice.html", context)
