"""Management reviews: prepared, gathered, considered, held, closed, and their papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from camket.core.messages import Message, Refusal
from camket.core.review import BY_KEY, INPUTS
from camket.documents.queries.signing import signer_choice
from camket.improvement import gathering
from camket.improvement.operations import reviews as operations
from camket.improvement.queries import reviews as queries
from camket.improvement.queries.reviews import InputRow, ReviewPage
from camket.improvement.queries.year_plan import year_plan
from camket.improvement.review_paper import (
    PAPERS,
    Signer,
    invitation_document,
    minutes_document,
    notice_document,
)
from camket.improvement.year_paper import review_plan_document, year_plan_document
from camket.org.queries import person_choices, unit_choices
from camket.web import vietnamese
from camket.web.acting import did
from camket.web.handing_out import paper_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.badge import Badge
from camket.web.staff.improvement.reviews.forms import (
    AttendanceForm,
    CancelForm,
    CloseForm,
    ConclusionForm,
    ConsiderForm,
    DecisionForm,
    ReviewForm,
)

STATES = {
    "prepared": (gettext_lazy("Being prepared"), "grey"),
    "convened": (gettext_lazy("Convened"), "blue"),
    "closed": (gettext_lazy("Closed with minutes"), "green"),
    "cancelled": (gettext_lazy("Cancelled"), "red"),
}
TASK_STATES = {
    "open": (gettext_lazy("To do"), "blue"),
    "submitted": (gettext_lazy("Waiting for acceptance"), "amber"),
    "returned": (gettext_lazy("Returned"), "amber"),
    "accepted": (gettext_lazy("Done"), "green"),
    "cancelled": (gettext_lazy("Cancelled"), "grey"),
}


@staff_page("review.view")
def review_list(request: StaffRequest) -> HttpResponse:
    """List the agency's reviews, and say when the next is due."""
    rows = queries.reviews(request.actor)
    rhythm = queries.rhythm(request.actor, request.today)
    context = {
        "rows": [(each, _badge(each.state)) for each in rows],
        "rhythm": rhythm,
        "is_due": rhythm.is_due(request.today),
        "is_late": rhythm.due_on is not None and rhythm.due_on < request.today,
        "at_work": any(each.state in ("prepared", "convened") for each in rows),
        "all_inputs": len(INPUTS),
        "years": (request.today.year, request.today.year + 1),
    }
    return render(request, "staff/improvement/reviews.html", context)


@staff_page("review.prepare", methods=("GET", "POST"))
def prepare(request: StaffRequest) -> HttpResponse:
    """Begin a review of the period that follows the last one."""
    rhythm = queries.rhythm(request.actor, request.today)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        people=person_choices(request.actor, request.today),
        initial={
            "title": _("Management review of %(year)s") % {"year": rhythm.period_end.year},
            "period_start": rhythm.period_start,
            "period_end": rhythm.period_end,
            "held_on": max(rhythm.due_on or request.today, request.today),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.prepare(
                actor=request.actor, review=form.review(), members=form.members(), now=moment(request)
            )
            figures = gathering.gather(request.actor, made.pk, request.today)
            operations.keep_figures(
                actor=request.actor, review_id=made.pk, figures=figures, now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The review is prepared; the figures of its period are gathered."))
            return redirect("web:reviews:review", made.pk)
    return render(request, "staff/improvement/review_edit.html", {"form": form, "row": None})


@staff_page("review.view")
def review(request: StaffRequest, review_id: int) -> HttpResponse:
    """Show a review: inputs with figures and words, attendance, decisions, papers."""
    return _page(request, review_id)


@staff_page("review.prepare", methods=("GET", "POST"))
def edit(request: StaffRequest, review_id: int) -> HttpResponse:
    """Change a review's day, place, members."""
    found = queries.review(request.actor, review_id, request.today)
    if "prepare" not in found.acts:
        return _too_late(request, review_id)
    row = found.row
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        people=person_choices(request.actor, request.today),
        initial={
            "title": row.title,
            "period_start": row.period_start,
            "period_end": row.period_end,
            "held_on": row.held_on,
            "starts": f"{row.starts:%H:%M}" if row.starts else "",
            "place": row.place,
            "chair_id": found.chair_id,
            "clerk_id": found.clerk_id,
            "people": [str(each.person_id) for each in found.members if each.person_id],
            "guests": "\n".join(each.name for each in found.members if not each.person_id),
        },
    )
    if request.method == "POST" and form.is_valid():
        return _saved(
            request,
            review_id,
            form,
            lambda: operations.change(
                actor=request.actor,
                review_id=review_id,
                review=form.review(),
                members=form.members(),
                now=moment(request),
            ),
        ) or render(request, "staff/improvement/review_edit.html", {"form": form, "row": row})
    return render(request, "staff/improvement/review_edit.html", {"form": form, "row": row})


@staff_page("review.prepare", methods=("POST",))
def gather(request: StaffRequest, review_id: int) -> HttpResponse:
    """Gather the figures of the period anew, and say which inputs changed."""
    figures = gathering.gather(request.actor, review_id, request.today)
    changed: list[str] = []
    done = did(
        request,
        lambda: changed.extend(
            operations.keep_figures(
                actor=request.actor, review_id=review_id, figures=figures, now=moment(request)
            )
        ),
    )
    if done and changed:
        titles = "; ".join(_title(key) for key in changed)
        messages.success(
            request,
            ngettext(
                "Gathered anew. %(count)s input says something else: %(titles)s.",
                "Gathered anew. %(count)s inputs say something else: %(titles)s.",
                len(changed),
            )
            % {"count": vietnamese.number(len(changed)), "titles": titles},
        )
    elif done:
        messages.info(request, _("Gathered anew; nothing changed."))
    return redirect("web:reviews:review", review_id)


@staff_page("review.prepare", methods=("GET", "POST"))
def consider(request: StaffRequest, review_id: int, input_key: str) -> HttpResponse:
    """Say something to an input, with its figures beside; then go on to the next without a word."""
    found = queries.review(request.actor, review_id, request.today)
    key = input_key
    each = found.input(key)
    if "treat" not in found.acts:
        return _too_late(request, review_id)
    form = ConsiderForm(
        request.POST if request.method == "POST" else None,
        initial={"comment": each.comment, "nothing": each.nothing},
    )
    following = found.next_open(key)
    if request.method == "POST" and form.is_valid():
        is_empty = not form.cleaned_data["comment"] and not form.cleaned_data["nothing"]
        if is_empty and not each.comment and not each.nothing:
            if not following or "next" not in request.POST:
                form.add_error(
                    "comment",
                    _(
                        "Nothing is typed, so nothing was saved. Write what is said to it, or why nothing arose."
                    ),
                )
                return _input_page(request, found, each, form, following)
            messages.info(
                request,
                _("Nothing was typed for “%(title)s”: it still waits for a word.") % {"title": _title(key)},
            )
            return redirect("web:reviews:consider", review_id, following)
        try:
            operations.consider(
                actor=request.actor,
                review_id=review_id,
                key=key,
                comment=form.cleaned_data["comment"],
                nothing=form.cleaned_data["nothing"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "comment"), say(refusal.message))
        else:
            said = (
                _("What was said to “%(title)s” is taken out: it waits for a word again.")
                if is_empty
                else _("Saved: %(title)s.")
            )
            messages.success(request, said % {"title": _title(key)})
            if following and "next" in request.POST:
                return redirect("web:reviews:consider", review_id, following)
            return redirect("web:reviews:review", review_id)
    return _input_page(request, found, each, form, following)


def _input_page(
    request: StaffRequest, found: ReviewPage, each: InputRow, form: ConsiderForm, following: str
) -> HttpResponse:
    keys = [one.key for one in INPUTS]
    context = {
        "form": form,
        "found": found,
        "row": found.row,
        "each": each,
        "title": _title(each.key),
        "place": keys.index(each.key) + 1,
        "all_inputs": len(keys),
        "following": following,
    }
    status = 422 if form.errors else 200
    return render(request, "staff/improvement/review_input.html", context, status=status)


@staff_page("review.prepare", methods=("POST",))
def convene(request: StaffRequest, review_id: int) -> HttpResponse:
    """Ask the members to the review."""
    try:
        operations.convene(actor=request.actor, review_id=review_id, now=moment(request))
    except operations.ReviewIncomplete as refusal:
        for lack in refusal.lacks:
            messages.error(request, say(lack))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request, _("Convened: the members are told. Print the invitation where one is wanted.")
        )
    return redirect("web:reviews:review", review_id)


@staff_page("review.prepare", methods=("POST",))
def cancel(request: StaffRequest, review_id: int) -> HttpResponse:
    """Cancel a review with the reason."""
    form = CancelForm(request.POST, prefix="huy")
    queries.review(request.actor, review_id, request.today)
    if form.is_valid():
        try:
            operations.cancel(
                actor=request.actor,
                review_id=review_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "reason"), say(refusal.message))
        else:
            messages.success(request, _("The review is cancelled."))
            return redirect("web:reviews:review", review_id)
    return _page(request, review_id, cancelling=form)


@staff_page("review.prepare", methods=("GET", "POST"))
def attendance(request: StaffRequest, review_id: int) -> HttpResponse:
    """Note who came."""
    found = queries.review(request.actor, review_id, request.today)
    if "decide" not in found.acts:
        return _too_late(request, review_id)
    form = AttendanceForm(request.POST if request.method == "POST" else None, members=found.members)
    context = {"form": form, "row": found.row}
    if request.method == "POST" and form.is_valid():
        return _saved(
            request,
            review_id,
            form,
            lambda: operations.note_attendance(
                actor=request.actor,
                review_id=review_id,
                attendance=form.attendance(),
                now=moment(request),
            ),
        ) or render(request, "staff/improvement/review_attendance.html", context)
    return render(request, "staff/improvement/review_attendance.html", context)


@staff_page("review.prepare", methods=("GET", "POST"))
def conclude(request: StaffRequest, review_id: int) -> HttpResponse:
    """Write the conclusion."""
    found = queries.review(request.actor, review_id, request.today)
    if "decide" not in found.acts:
        return _too_late(request, review_id)
    form = ConclusionForm(
        request.POST if request.method == "POST" else None, initial={"conclusion": found.conclusion}
    )
    context = {"form": form, "row": found.row}
    if request.method == "POST" and form.is_valid():
        return _saved(
            request,
            review_id,
            form,
            lambda: operations.conclude(
                actor=request.actor,
                review_id=review_id,
                conclusion=form.cleaned_data["conclusion"],
                now=moment(request),
            ),
        ) or render(request, "staff/improvement/review_conclude.html", context)
    return render(request, "staff/improvement/review_conclude.html", context)


@staff_page("review.prepare", methods=("GET", "POST"))
def decision_add(request: StaffRequest, review_id: int) -> HttpResponse:
    """Write down a decision."""
    found = queries.review(request.actor, review_id, request.today)
    wanted = request.GET.get("dau-vao", "")
    initial = {"input_key": wanted if wanted in BY_KEY else ""}
    return _decision(request, found, None, initial)


@staff_page("review.prepare", methods=("GET", "POST"))
def decision_edit(request: StaffRequest, review_id: int, decision_id: int) -> HttpResponse:
    """Change a decision before the review is closed."""
    found = queries.review(request.actor, review_id, request.today)
    each = found.decision(decision_id)
    initial = {
        "text": each.text,
        "kind": each.kind,
        "input_key": each.input_key,
        "unit_id": each.unit_id,
        "person_id": each.person_id,
        "due_on": each.due_on,
    }
    return _decision(request, found, decision_id, initial)


@staff_page("review.prepare", methods=("POST",))
def decision_drop(request: StaffRequest, review_id: int, decision_id: int) -> HttpResponse:
    """Take a decision out before the review is closed."""
    did(
        request,
        lambda: operations.drop_decision(
            actor=request.actor, review_id=review_id, decision_id=decision_id, now=moment(request)
        ),
        _("The decision is taken out."),
    )
    return redirect("web:reviews:review", review_id)


@staff_page("review.close", methods=("GET", "POST"))
def close(request: StaffRequest, review_id: int) -> HttpResponse:
    """Close a review with its minutes; what changed since the figures were gathered is said first."""
    found = queries.review(request.actor, review_id, request.today)
    if "close" not in found.acts:
        return _too_late(request, review_id)
    form = CloseForm(request.POST if request.method == "POST" else None)
    changed: tuple[str, ...] = ()
    lacks: tuple[Message, ...] = found.lacks
    if request.method == "POST" and form.is_valid():
        if not lacks:
            changed = gathering.changed_since(request.actor, review_id, request.today)
        if changed and not form.cleaned_data["keeps"]:
            form.add_error(
                "keeps", _("Figures changed since they were gathered: say that these stay, or gather anew.")
            )
        else:
            number = form.cleaned_data["number"]
            try:
                operations.close(
                    actor=request.actor,
                    review_id=review_id,
                    number=number,
                    minutes=lambda _row: _minutes(request, review_id, number),
                    now=moment(request),
                )
            except operations.ReviewIncomplete as refusal:
                lacks = refusal.lacks
            except Refusal as refusal:
                form.add_error(None, say(refusal.message))
            else:
                messages.success(
                    request,
                    _("The review is closed; its decisions are tasks now. The minutes stay as they are."),
                )
                return redirect("web:reviews:review", review_id)
    context = {
        "form": form,
        "found": found,
        "row": found.row,
        "lacks": [say(each) for each in lacks],
        "changed": [_title(key) for key in changed],
    }
    return render(request, "staff/improvement/review_close.html", context)


@staff_page("review.view")
def paper(request: StaffRequest, review_id: int, review_paper: str, file_format: str) -> HttpResponse:
    """Hand out the plan, the invitation, the minutes or the notice of conclusions."""
    if review_paper not in PAPERS:
        raise Http404(f"no paper {review_paper!r}")
    content = queries.paper_of(request.actor, review_id, request.today)
    kind = {"ke-hoach": "KH", "giay-moi": "GM", "bien-ban": "BB", "thong-bao": "TB"}[review_paper]
    proposed = signer_choice(request.actor, request.today, kind)
    signer = Signer(proposed.authority, proposed.capacity, proposed.name)
    document = {
        "ke-hoach": lambda: review_plan_document(content, signer),
        "giay-moi": lambda: invitation_document(content, signer),
        "bien-ban": lambda: minutes_document(content),
        "thong-bao": lambda: notice_document(content, signer),
    }[review_paper]()
    name = f"{review_paper}-xem-xet-cua-lanh-dao-{content.held_on:%Y-%m-%d}"
    return paper_file(request, document, name, file_format)


@staff_page("review.view")
def year_plan_file(request: StaffRequest, year: int, file_format: str) -> HttpResponse:
    """Hand out the plan of the system's year."""
    if not 2000 <= year <= 2100:
        raise Http404(f"no year {year}")
    content = year_plan(request.actor, year)
    proposed = signer_choice(request.actor, request.today, "KH")
    signer = Signer(proposed.authority, proposed.capacity, proposed.name)
    return paper_file(request, year_plan_document(content, signer), f"ke-hoach-iso-{year}", file_format)


def _minutes(request: StaffRequest, review_id: int, number: str) -> dict[str, Any]:
    """Return what is frozen of a review, read under the lock that closes it."""
    page = queries.review(request.actor, review_id, request.today)
    return queries.content_of(request.actor, page, number=number).to_json()


def _page(request: StaffRequest, review_id: int, cancelling: CancelForm | None = None) -> HttpResponse:
    found = queries.review(request.actor, review_id, request.today)
    context = {
        "found": found,
        "row": found.row,
        "badge": _badge(found.row.state),
        "may_do": dict.fromkeys(found.acts, True),
        "inputs": [(each, _title(each.key)) for each in found.inputs],
        "all_inputs": len(INPUTS),
        "decisions": [
            (each, Badge(*TASK_STATES[each.task_state]) if each.task_state else None)
            for each in found.decisions
        ],
        "lacks": [say(each) for each in found.lacks],
        "next_open": next((each.key for each in found.inputs if not each.is_treated), ""),
        "present": sum(each.attended is True for each in found.members),
        "cancelling": cancelling or CancelForm(prefix="huy"),
    }
    return render(request, "staff/improvement/review.html", context)


def _decision(
    request: StaffRequest, found: ReviewPage, decision_id: int | None, initial: dict[str, Any]
) -> HttpResponse:
    if "decide" not in found.acts:
        return _too_late(request, found.row.id)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        people=person_choices(request.actor, request.today),
        units=unit_choices(request.actor),
        inputs={each.key: _title(each.key) for each in INPUTS},
        initial=initial,
    )
    context = {"form": form, "row": found.row, "decision_id": decision_id}
    if request.method == "POST" and form.is_valid():
        return _saved(
            request,
            found.row.id,
            form,
            lambda: operations.decide(
                actor=request.actor,
                review_id=found.row.id,
                decision=form.decision(),
                decision_id=decision_id,
                now=moment(request),
            ),
        ) or render(request, "staff/improvement/review_decision.html", context)
    return render(request, "staff/improvement/review_decision.html", context)


def _saved(
    request: StaffRequest, review_id: int, form: Any, act: Callable[[], object]
) -> HttpResponse | None:
    """Act and go back to the review; None where it was refused, which the form then says."""
    try:
        act()
    except operations.ReviewIncomplete as refusal:
        for lack in refusal.lacks:
            form.add_error(None, say(lack))
        return None
    except Refusal as refusal:
        form.add_error(None, say(refusal.message))
        return None
    messages.success(request, _("Saved."))
    return redirect("web:reviews:review", review_id)


def _too_late(request: StaffRequest, review_id: int) -> HttpResponse:
    messages.error(request, _("This is not possible in the state of the review, or not yours to do."))
    return redirect("web:reviews:review", review_id)


def _badge(state: str) -> Badge:
    label, tone = STATES[state]
    return Badge(label, tone)


def _title(key: str) -> str:
    return _(BY_KEY[key].title)
