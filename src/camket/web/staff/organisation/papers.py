"""What the agency's papers begin and end with: letterhead, signers, recipients and archive of each form, from a day on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.numbering import KINDS, body_symbol, symbol_of
from camket.core.signing import MARKS, Mark, signing_words
from camket.documents.operations import formalities as operations
from camket.documents.queries import formalities as queries
from camket.documents.queries.signing import signer_choice
from camket.documents.queries.templates import templates_of_forms
from camket.org.queries import person_choices
from camket.paper.writing.forms import FORMS, WORDS, Form, named, words_in
from camket.paper.writing.html import write_html
from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, plain, signing_lines
from camket.web.forms.fields import DateField, LongTextField, PersonChoiceField
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page

TYPES = [(queries.LETTER, _("Official letter")), *KINDS.items()]
LOOK = "xem-thu"
"""Name of the button that shows what is typed on paper without keeping it."""


class LetterheadForm(forms.Form):
    """How papers are headed from a day on."""

    superior = forms.CharField(
        label=_("Line above the agency's name"),
        max_length=255,
        required=False,
        help_text=_("The superior body, as the form of document asks for it; empty for none."),
    )
    issuer = forms.CharField(
        label=_("Name of the agency"),
        max_length=255,
        help_text=_("In ordinary case: Ủy ban nhân dân xã Bình Yên. Papers set it in capitals."),
    )
    place = forms.CharField(
        label=_("Place name"),
        max_length=100,
        help_text=_("Stands before the date of documents: Bình Yên, ngày …"),
    )
    valid_from = DateField(label=_("Holds from"))


class RecipientsForm(forms.Form):
    """Who gets papers of a form from a day on."""

    lines = LongTextField(
        label=_("Recipients"), rows=6, required=False, help_text=_("One a line, without dash and semicolon.")
    )
    archive = forms.CharField(
        label=_("Archive"),
        max_length=255,
        required=False,
        help_text=_("The last line: Lưu: VT, drafter, number of copies."),
    )
    valid_from = DateField(label=_("Holds from"))


class SignerForm(forms.Form):
    """Who signs which documents, and how it is written above the name."""

    person = PersonChoiceField(label=_("Who signs"))
    mark = forms.ChoiceField(label=_("How it is signed"))
    body = forms.CharField(
        label=_("Body that is signed for"),
        max_length=150,
        required=False,
        help_text=_("After TM., for example Ủy ban nhân dân; empty where one head decides."),
    )
    head = forms.CharField(
        label=_("In whose stead"),
        max_length=150,
        required=False,
        help_text=_("After KT., TL., TUQ., Q.: the head's post, for example Chủ tịch."),
    )
    post = forms.CharField(
        label=_("Own post"),
        max_length=150,
        required=False,
        help_text=_("As it stands above the name, for example Phó Chủ tịch."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Types of document"),
        choices=TYPES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all types."),
    )
    basis = forms.CharField(
        label=_("Document that gives the authority"),
        max_length=255,
        required=False,
        help_text=_("Needed for TUQ.: the written authority, with number and day."),
    )
    valid_from = DateField(label=_("From day"))
    valid_to = DateField(
        label=_("To day"), required=False, help_text=_("Needed for TUQ.; both days included.")
    )

    def __init__(self, *args: object, people: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["person"] = PersonChoiceField(label=_("Who signs"), choices=people)
        self.fields["mark"] = forms.ChoiceField(
            label=_("How it is signed"),
            choices=[(mark.value, say(MARKS[mark])) for mark in MARKS],
            required=False,
        )
        self.order_fields(["person", "mark"])


class EndForm(forms.Form):
    """The last day of a right to sign."""

    last_day = DateField(label=_("Last day"))


@staff_page("document.view")
def papers(request: StaffRequest) -> HttpResponse:
    """Show letterhead, signers and recipients as they hold today, and what is to come."""
    return _page(request)


def _page(
    request: StaffRequest, *, status: int = 200, ending: tuple[int, EndForm] | None = None
) -> HttpResponse:
    found = queries.formalities(request.actor, request.today)
    blank = EndForm(initial={"last_day": request.today}, auto_id=False)
    context = {
        "found": found,
        "signers": [
            (row, _in_words(row), ending[1] if ending and ending[0] == row.id else blank)
            for row in found.signers
        ],
        "former": [(row, _in_words(row)) for row in found.former_signers],
        "forms": tuple(zip(found.forms, templates_of_forms(request.actor, request.today), strict=True)),
        "today": request.today,
        "own_forms": sum(each.now.is_own or each.coming is not None for each in found.forms),
    }
    return render(request, "staff/organisation/papers.html", context, status=status)


@staff_page("document.manage", methods=("GET", "POST"))
def paper_letterhead(request: StaffRequest) -> HttpResponse:
    """Set the letterhead from a day on, looked at first."""
    tomorrow = request.today + timedelta(days=1)
    now = queries.letterhead_on(request.actor, tomorrow)
    initial: dict[str, Any] = {
        "superior": now.superior,
        "issuer": now.issuer,
        "place": now.place,
        "valid_from": tomorrow,
    }
    form = LetterheadForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and LOOK not in request.POST:
        try:
            operations.set_letterhead(actor=request.actor, now=moment(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refused_field(refusal, getattr(refusal, "field", "issuer")), say(refusal.message))
        else:
            messages.success(request, gettext("The letterhead has been set."))
            return redirect("web:organisation:papers")
    said = form.cleaned_data if form.is_bound and form.is_valid() else initial
    head = queries.LetterheadRow(str(said["superior"]), str(said["issuer"]), str(said["place"]))
    context = {"form": form, "paper": _sample(request, FORMS["report"], head=head), "look": LOOK}
    return render(
        request,
        "staff/organisation/paper_letterhead.html",
        context,
        status=422 if form.is_bound and form.errors else 200,
    )


@staff_page("document.manage", methods=("GET", "POST"))
def paper_recipients(request: StaffRequest, paper_form: str) -> HttpResponse:
    """Set who gets papers of a form from a day on, looked at first."""
    if paper_form not in FORMS:
        raise Http404(f"no form {paper_form!r}")
    tomorrow = request.today + timedelta(days=1)
    row = queries.form_row(request.actor, paper_form, request.today)
    now = row.coming or row.now
    initial: dict[str, Any] = {"lines": "\n".join(now.lines), "archive": now.archive, "valid_from": tomorrow}
    form = RecipientsForm(request.POST or None, initial=initial)
    said = initial
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        lines = said["lines"].splitlines()
        try:
            if LOOK in request.POST:
                operations.check_lines(form=paper_form, lines=[*lines, said["archive"]])
            else:
                operations.set_recipients(
                    actor=request.actor,
                    form=paper_form,
                    lines=lines,
                    archive=said["archive"],
                    valid_from=said["valid_from"],
                    now=moment(request),
                )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, getattr(refusal, "field", "lines")), say(refusal.message))
            said = initial
        else:
            if LOOK not in request.POST:
                messages.success(request, gettext("The recipients have been set."))
                return redirect("web:organisation:papers")
    known = {word for line in FORMS[paper_form].recipients for word in words_in(line)}
    context = {
        "form": form,
        "row": row,
        "words": [(f"{{{word}}}", WORDS[word]) for word in WORDS if word in known],
        "shipped": FORMS[paper_form],
        "paper": _sample(
            request, FORMS[paper_form], lines=(*str(said["lines"]).splitlines(), str(said["archive"]))
        ),
        "look": LOOK,
    }
    return render(
        request,
        "staff/organisation/paper_recipients.html",
        context,
        status=422 if form.is_bound and form.errors else 200,
    )


@staff_page("document.manage", methods=("GET", "POST"))
def signer_add(request: StaffRequest) -> HttpResponse:
    """Name who signs, looked at first."""
    is_committee = body_symbol(request.agency.full_name) == "UBND"
    form = SignerForm(
        request.POST or None,
        people=person_choices(request.actor, request.today),
        initial={
            "mark": Mark.INSTEAD.value if is_committee else Mark.OWN.value,
            "body": "Ủy ban nhân dân" if is_committee else "",
            "head": "Chủ tịch" if is_committee else "",
            "valid_from": request.today,
        },
    )
    paper = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        words = signing_words(Mark(data["mark"]), body=data["body"], head=data["head"], post=data["post"])
        name = dict(person_choices(request.actor, request.today)).get(data["person"], "")
        paper = _sample(
            request,
            FORMS["report"],
            signature=Signature(signing_lines(words.authority, words.capacity), name),
        )
        if LOOK not in request.POST:
            try:
                operations.name_signer(
                    actor=request.actor,
                    person_id=data["person"],
                    mark=data["mark"],
                    body=data["body"],
                    head=data["head"],
                    post=data["post"],
                    kinds=data["kinds"],
                    basis=data["basis"],
                    valid_from=data["valid_from"],
                    valid_to=data["valid_to"],
                    now=moment(request),
                )
            except Refusal as refusal:
                field = getattr(refusal, "field", None)
                form.add_error(refused_field(refusal, field) if field else None, say(refusal.message))
            else:
                messages.success(request, gettext("The signer has been named."))
                return redirect("web:organisation:papers")
    return render(
        request,
        "staff/organisation/signer_add.html",
        {"form": form, "paper": paper, "look": LOOK},
        status=422 if form.is_bound and form.errors else 200,
    )


@staff_page("document.manage", methods=("POST",))
def signer_end(request: StaffRequest, signer_id: int) -> HttpResponse:
    """End a right to sign."""
    queries.signer(request.actor, signer_id)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            operations.end_signer(
                actor=request.actor,
                signer_id=signer_id,
                last_day=form.cleaned_data["last_day"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error("last_day", say(refusal.message))
        else:
            messages.success(request, gettext("The end has been recorded."))
            return redirect("web:organisation:papers")
    return _page(request, status=422, ending=(signer_id, form))


def _in_words(row: queries.SignerRow) -> tuple[tuple[str, ...], str]:
    """Return the lines above the name, and the types that are signed."""
    kinds = ", ".join(str(dict(TYPES)[each]) for each in row.kinds)
    return signing_lines(row.words.authority, row.words.capacity), kinds


def _sample(
    request: StaffRequest,
    form: Form,
    *,
    head: queries.LetterheadRow | None = None,
    lines: tuple[str, ...] | None = None,
    signature: Signature | None = None,
) -> SafeString:
    """Return a form with sample words as it would stand on paper."""
    head = head or queries.letterhead_on(request.actor, request.today)
    if signature is None:
        signer = signer_choice(request.actor, request.today, form.kind)
        signature = Signature(signing_lines(signer.authority, signer.capacity), signer.name)
    samples = tuple((word, said) for word, said in _SAMPLES if word != "agency") + (
        ("agency", request.agency.name),
    )
    chosen = (
        (*form.recipients, form.archive) if lines is None else tuple(each for each in lines if each.strip())
    )
    document = Document(
        letterhead=Letterhead(
            issuer=head.issuer,
            superior=head.superior,
            symbol=symbol_of(form.kind or None, body_symbol(head.issuer)),
            place=head.place or None,
            year=request.today.year,
        ),
        kind=KINDS.get(form.kind, ""),
        abstract=form.name,
        body=(Paragraph(plain("Nội dung văn bản (bản xem thử)./.")),),
        signature=signature,
        recipients=named(chosen, samples),
    )
    return mark_safe(write_html(document))  # noqa: S308 - the writer escapes every text


_SAMPLES = (
    ("agency", ""),
    ("unit", "Bộ phận một cửa"),
    ("owner", "Trần Văn Bình"),
    ("addressee", "Cơ quan nhận báo cáo"),
    ("article", "4"),
)
