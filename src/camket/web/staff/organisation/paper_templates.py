"""An agency's own Word templates: the fields of each form, bringing a template, its check, and from when on it is used."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.documents.operations import templates as operations
from camket.documents.queries import templates as queries
from camket.documents.queries.files import FileDamaged
from camket.documents.queries.formalities import letterhead_on
from camket.paper.conformity import PARTS, Deviation
from camket.paper.templating import (
    MAX_BYTES,
    TemplateRefused,
    check_template,
    fields_of,
    has_office,
    sample_document,
    starter_template,
)
from camket.paper.templating.uploads import WHOLE, Fault
from camket.paper.writing.forms import FORMS
from camket.paper.writing.model import Letterhead
from camket.web import vietnamese
from camket.web.forms.fields import DateField
from camket.web.handing_out import DOCX, WRITERS, hand_out
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page


class TemplateForm(forms.Form):
    """A Word template that is brought."""

    file = forms.FileField(
        label=_("Word template"),
        help_text=_("A .docx file of at most 5 MB, with fields in double braces. It is checked first; no paper uses it yet."),
        widget=forms.FileInput({"accept": ".docx"}),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The template is larger than %(limit)s MB. Make its pictures smaller."),
                params={"limit": vietnamese.number(MAX_BYTES // 1024 // 1024)},
            )
        return file


class UseForm(forms.Form):
    """From which day on papers are made with a version; without one: in the built-in form."""

    version = forms.IntegerField(required=False, min_value=1, max_value=32767, widget=forms.HiddenInput)
    valid_from = DateField(label=_("Holds from"))


@staff_page("document.manage", methods=("GET", "POST"), is_long=True)
def paper_template(request: StaffRequest, paper_form: str) -> HttpResponse:
    """Show the templates of a form and its fields; take a new one, checked first."""
    _require_known(paper_form)
    form = TemplateForm(request.POST or None, request.FILES or None)
    faults: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = operations.add_template(
                actor=request.actor, form=paper_form, data=file.read(), name=file.name, now=moment(request)
            )
        except TemplateRefused as refusal:
            faults = [_said(each) for each in refusal.faults]
            form.add_error("file", gettext("The template cannot be used yet."))
        except Refusal as refusal:
            form.add_error("file", say(refusal.message))
        else:
            messages.success(request, gettext("The template has been checked and kept."))
            return redirect("web:organisation:paper_template_version", paper_form, row.version)
    return _page(request, paper_form, form, faults=faults, status=422 if form.errors else 200)


def _page(
    request: StaffRequest,
    paper_form: str,
    form: TemplateForm,
    *,
    ending: UseForm | None = None,
    faults: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = queries.form_templates(request.actor, paper_form, request.today)
    latest = found.coming or found.now
    context = {
        "form": form,
        "found": found,
        "faults": faults or [],
        "fields": fields_of(paper_form),
        "today": request.today,
        "ending": (ending or UseForm(initial={"valid_from": request.today + timedelta(days=1)}))
        if latest and latest.version
        else None,
    }
    return render(request, "staff/organisation/paper_template.html", context, status=status)


@staff_page("document.manage")
def paper_template_version(request: StaffRequest, paper_form: str, version: int) -> HttpResponse:
    """Show a version of a template: what its check found, previews, and the day from which on it is to be used."""
    return _version_page(request, paper_form, version)


def _version_page(
    request: StaffRequest, paper_form: str, version: int, form: UseForm | None = None
) -> HttpResponse:
    _require_known(paper_form)
    found = queries.form_templates(request.actor, paper_form, request.today)
    faults: tuple[Fault, ...] = ()
    context: dict[str, Any] = {}
    try:
        checked = check_template(queries.template_file(request.actor, paper_form, version).data, paper_form)
        faults = checked.faults
        context = {
            "warnings": [say(each) for each in checked.warnings],
            "deviations": [_deviation(each) for each in checked.deviations],
            "used": checked.used,
        }
    except TemplateRefused as refusal:
        faults = refusal.faults
    except FileDamaged as refusal:
        faults = (Fault(WHOLE, "", refusal.message),)
    context |= {
        "found": found,
        "row": next(each for each in found.versions if each.version == version),
        "uses": [each for each in found.uses if each.version == version],
        "faults": [_said(each) for each in faults],
        "form": form
        or UseForm(initial={"version": version, "valid_from": request.today + timedelta(days=1)}),
        "has_office": has_office(),
        "today": request.today,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "staff/organisation/paper_template_version.html", context, status=status)


@staff_page("document.manage", methods=("POST",), is_long=True)
def paper_template_use(request: StaffRequest, paper_form: str) -> HttpResponse:
    """Use a version of a template, or the built-in form again, from a day on."""
    _require_known(paper_form)
    form = UseForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            operations.use_template(
                actor=request.actor,
                form=paper_form,
                version=version,
                valid_from=form.cleaned_data["valid_from"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "valid_from"), say(refusal.message))
        else:
            messages.success(
                request,
                gettext("The template has been taken into use.")
                if version
                else gettext("Papers of this form are made in the built-in form again."),
            )
            return redirect("web:organisation:paper_template", paper_form)
    asked = form.cleaned_data.get("version")
    if asked:
        return _version_page(request, paper_form, asked, form)
    return _page(request, paper_form, TemplateForm(), ending=form, status=422)


@staff_page("document.manage")
def paper_template_starter(request: StaffRequest, paper_form: str) -> HttpResponse:
    """Hand out the template to begin with: the built-in form with its fields."""
    _require_known(paper_form)
    return hand_out(starter_template(paper_form), f"mau {FORMS[paper_form].name}.docx", DOCX)


@staff_page("document.manage")
def paper_template_file(
    request: StaffRequest, paper_form: str, version: int, template_format: str
) -> HttpResponse:
    """Hand out a version as it was brought (``goc``), or filled in with sample words as DOCX or PDF."""
    _require_known(paper_form)
    try:
        file = queries.template_file(request.actor, paper_form, version)
    except FileDamaged as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:organisation:paper_template", paper_form)
    if template_format == "goc":
        return hand_out(file.data, file.name, DOCX)
    if template_format not in WRITERS or (template_format == "pdf" and not has_office()):
        raise Http404(f"no format {template_format!r}")
    write, content_type = WRITERS[template_format]
    own = letterhead_on(request.actor, request.today)
    head = Letterhead(issuer=own.issuer, superior=own.superior, place=own.place or None, symbol="", year=None)
    document = replace(sample_document(paper_form, head), template=file.data)
    name = f"xem thu {FORMS[paper_form].name} ban {version}.{template_format}"
    return hand_out(write(document), name, content_type)


def _require_known(paper_form: str) -> None:
    if paper_form not in FORMS:
        raise Http404(f"no form {paper_form!r}")


def _said(fault: Fault) -> tuple[str, str, str]:
    return say(fault.place), fault.excerpt, say(fault.message)


def _deviation(each: Deviation) -> tuple[str, str, str, str]:
    return say(PARTS[each.part]), say(each.message), each.excerpt, each.source
