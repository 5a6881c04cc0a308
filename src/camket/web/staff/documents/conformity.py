"""A clerk's Word document held against the form of official documents; the file is read and not kept."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from camket.paper.conformity import MAX_BYTES, PARTS, Conformity, Deviation, NotADocument, check_document
from camket.web import vietnamese
from camket.web.request import StaffRequest, say, staff_page


class ConformityForm(forms.Form):
    """The document to be checked."""

    file = forms.FileField(
        label=_("Word document"),
        help_text=_("A .docx file; it is read on this page only and not kept."),
        widget=forms.FileInput({"accept": ".docx"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("%(name)s is larger than %(limit)s MB. Leave out its pictures and check it again."),
                params={"name": file.name, "limit": vietnamese.number(MAX_BYTES // 1024 // 1024)},
            )
        return file


@dataclass(frozen=True, slots=True)
class Line:
    """A deviation as the page shows it; ``times`` is at how many places, 0 where it concerns pages."""

    message: str
    excerpt: str
    times: int
    source: str
    is_certain: bool


@staff_page("document.write", methods=("GET", "POST"), is_long=True)
def conformity(request: StaffRequest) -> HttpResponse:
    """Take a Word document and list what deviates from Nghị định 30/2020/NĐ-CP, Phụ lục I, part by part."""
    form = ConformityForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            result = _shown(file.name, check_document(file.read()))
        except NotADocument as refusal:
            form.add_error("file", say(refusal.message))
    is_refused = request.method == "POST" and result is None
    return render(
        request,
        "staff/documents/conformity.html",
        {"form": form, "result": result},
        status=422 if is_refused else 200,
    )


def _shown(name: str, found: Conformity) -> dict[str, object]:
    """Return the findings by part, in the order in which a document is read."""
    parts: dict[str, list[Line]] = {}
    for each in found.deviations:
        parts.setdefault(say(PARTS[each.part]), []).append(_line(each))
    return {
        "name": name,
        "by": found.by,
        "documents": [each for each in found.documents if each],
        "parts": parts.items(),
        "certain": sum(each.is_certain for each in found.deviations),
        "doubtful": sum(not each.is_certain for each in found.deviations),
    }


def _line(each: Deviation) -> Line:
    return Line(say(each.message), each.excerpt, len(each.paragraphs), each.source, each.is_certain)
