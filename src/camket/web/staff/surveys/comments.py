"""What people wrote in surveys: found, read, tagged, hidden, blacked out, turned into work."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.actions.operations import NewTask
from camket.core.messages import Refusal
from camket.core.small_groups import SMALLEST
from camket.org.queries import person_choices, unit_choices
from camket.voices.operations import comments as operations
from camket.voices.queries import comments as queries
from camket.web.forms.fields import DateField, LongTextField, PersonChoiceField, UnitChoiceField
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.tasks.display import BADGES
from camket.web.vietnamese import number as shown_number

_STATES = (
    ("new", _("Not read yet")),
    ("read", _("Read")),
    ("acted", _("Turned into work")),
    ("hidden", _("Hidden")),
)
_WEEKS = 2


class TagsForm(forms.Form):
    """What a comment is about, in a few words."""

    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=300,
        help_text=_("A few words each, with commas between: waiting time, parking, online."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def wanted(self) -> list[str]:
        """Return the tags typed."""
        return [each for each in self.cleaned_data["tags"].split(",") if each.strip()]

    def were(self) -> list[str]:
        """Return the tags that were there when the form was opened."""
        return [each for each in self.cleaned_data["seen"].split(",") if each]


class HideForm(forms.Form):
    """Why a comment is hidden."""

    hide_reason = LongTextField(
        label=_("Why it is hidden"), rows=2, help_text=_("Insults, a name, something private.")
    )


class BlackForm(forms.Form):
    """What is blacked out."""

    words = LongTextField(
        label=_("Words to black out"),
        rows=2,
        help_text=_("One a line, just as they stand in the comment. What stood there is kept nowhere."),
    )
    black_reason = forms.CharField(label=_("Reason"), max_length=255)


class WorkForm(forms.Form):
    """What is to be done about a comment, by whom, by when."""

    text = LongTextField(label=_("What is to be done"), rows=2, max_length=1000)
    unit = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("— choose —"))
    person = PersonChoiceField(label=_("Person"), required=False, empty_label=_("the unit says who"))
    due_on = DateField(label=_("Due by"))

    def __init__(
        self,
        *args: Any,
        units: list[tuple[int, str]],
        people: list[tuple[int, str]],
        earliest: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].rows = units  # type: ignore[attr-defined]
        self.fields["person"].rows = people  # type: ignore[attr-defined]
        self.fields["due_on"].earliest = earliest  # type: ignore[attr-defined]


@staff_page("survey.comments")
def comments(request: StaffRequest) -> HttpResponse:
    """Show what people wrote, by month and field, found by words."""
    wanted = _wanted(request)
    page = queries.comment_page(
        request.actor, wanted, today=request.today, page=_whole(request.GET.get("trang", ""), 1, 9999)
    )
    asked = {key: str(value) for key, value in request.GET.items() if key != "trang" and value}
    return render(
        request,
        "staff/surveys/comments.html",
        {
            "page": page,
            "wanted": wanted,
            "month": wanted.month.isoformat()[:7] if wanted.month else "",
            "months": [(each.isoformat()[:7], f"{each:%m/%Y}") for each in page.months],
            "states": _STATES,
            "is_filtered": bool(asked),
            "unread": [each.id for each in page.rows if each.is_new],
            "smallest": SMALLEST,
            "before": urlencode({**asked, "trang": str(page.page - 1)}) if page.page > 1 else "",
            "following": urlencode({**asked, "trang": str(page.following)}) if page.following else "",
        },
    )


@staff_page("survey.comments", methods=("POST",))
def comments_read(request: StaffRequest) -> HttpResponse:
    """Mark the comments of a page as read."""
    ids = [each for each in (_uuid(text) for text in request.POST.getlist("id")[: queries.PAGE]) if each]
    number = operations.read_comments(actor=request.actor, comment_ids=ids, now=moment(request))
    messages.success(
        request,
        ngettext("%(number)s comment is marked as read.", "%(number)s comments are marked as read.", number)
        % {"number": shown_number(number)},
    )
    return redirect("web:surveys:comments")


@staff_page("survey.comments")
def comment(request: StaffRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Show one comment with what can be done about it."""
    return _page(request, comment_id)


@staff_page("survey.comments", methods=("POST",))
def comment_tag(request: StaffRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Tag a comment."""
    form = TagsForm(request.POST)
    return _act(
        request,
        comment_id,
        form,
        "tags",
        lambda: operations.tag_comment(
            actor=request.actor,
            comment_id=comment_id,
            tags=form.wanted(),
            seen=form.were(),
            now=moment(request),
        ),
        gettext("The tags are saved."),
    )


@staff_page("survey.comments", methods=("POST",))
def comment_hide(request: StaffRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Hide a comment."""
    form = HideForm(request.POST)
    return _act(
        request,
        comment_id,
        form,
        "hide_reason",
        lambda: operations.hide_comment(
            actor=request.actor,
            comment_id=comment_id,
            reason=form.cleaned_data["hide_reason"],
            today=request.today,
            now=moment(request),
        ),
        gettext("The comment is hidden."),
    )


@staff_page("survey.comments", methods=("POST",))
def comment_show(request: StaffRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Show a comment again."""
    operations.show_comment(actor=request.actor, comment_id=comment_id, today=request.today)
    messages.success(request, gettext("The comment is shown again."))
    return redirect("web:surveys:comment", comment_id)


@staff_page("survey.comments", methods=("POST",))
def comment_black_out(request: StaffRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Black out words of a comment."""
    form = BlackForm(request.POST)
    return _act(
        request,
        comment_id,
        form,
        "words",
        lambda: operations.black_out(
            actor=request.actor,
            comment_id=comment_id,
            words=form.cleaned_data["words"].splitlines(),
            reason=form.cleaned_data["black_reason"],
            now=moment(request),
        ),
        gettext("The words are blacked out."),
    )


@staff_page("survey.comments", methods=("POST",))
def comment_work(request: StaffRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Turn a comment into a task."""
    form = _work_form(request, request.POST)

    def make() -> None:
        data = form.cleaned_data
        operations.make_work(
            actor=request.actor,
            comment_id=comment_id,
            task=NewTask(
                text=data["text"],
                due_on=data["due_on"],
                unit_id=data["unit"],
                person_id=data["person"],
                origin=gettext("From a comment of a survey"),
            ),
            now=moment(request),
        )

    return _act(request, comment_id, form, "text", make, gettext("The task is given out."))


def _act(
    request: StaffRequest,
    comment_id: uuid.UUID,
    form: forms.Form,
    field: str,
    act: Callable[[], object],
    done: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            act()
        except Refusal as refusal:
            form.add_error(refused_field(refusal, field), say(refusal.message))
        else:
            messages.success(request, done)
            return redirect("web:surveys:comment", comment_id)
    return _page(request, comment_id, form)


def _page(request: StaffRequest, comment_id: uuid.UUID, sent: forms.Form | None = None) -> HttpResponse:
    row = queries.comment(request.actor, comment_id, today=request.today)
    tags = ", ".join(row.tags)
    context = {
        "row": row,
        "month": f"{row.month:%m/%Y}",
        "badge": BADGES[row.task.standing] if row.task else None,
        "smallest": SMALLEST,
        "tags_form": TagsForm(initial={"tags": tags, "seen": ",".join(row.tags)}),
        "hide_form": HideForm(),
        "black_form": BlackForm(),
        "work_form": _work_form(request),
    }
    names = {TagsForm: "tags_form", HideForm: "hide_form", BlackForm: "black_form", WorkForm: "work_form"}
    if sent is not None:
        context[names[type(sent)]] = sent
        context["sent"] = sent
    return render(request, "staff/surveys/comment.html", context, status=200 if sent is None else 422)


def _work_form(request: StaffRequest, data: Any = None) -> WorkForm:
    return WorkForm(
        data,
        units=unit_choices(request.actor),
        people=person_choices(request.actor, request.today),
        earliest=request.today,
        initial={"due_on": request.today + timedelta(weeks=_WEEKS)},
    )


def _wanted(request: StaffRequest) -> queries.CommentFilter:
    asked = request.GET
    try:
        month = date.fromisoformat(f"{asked.get('thang', '')}-01")
    except ValueError:
        month = None
    state = asked.get("tinh_trang", "")
    return queries.CommentFilter(
        month=month,
        field_id=_whole(asked.get("linh_vuc", ""), 0, 10**12) or None,
        state=state if state in dict(_STATES) else "",
        tag=asked.get("nhan", "")[: operations.LONGEST_TAG],
        words=asked.get("tim", "")[:100],
    )


def _whole(text: str, default: int, most: int) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if is_number and 0 < int(text) <= most else default


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
