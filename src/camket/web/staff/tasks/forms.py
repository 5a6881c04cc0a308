"""What people type on the pages of tasks and of the working calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from camket.actions.queries import TaskFilter
from camket.documents.content import ALLOWED_ENDINGS
from camket.documents.operations import MAX_FILE_BYTES, NewEvidence
from camket.web import vietnamese
from camket.web.forms.fields import DateField, IntegerField, LongTextField, PersonChoiceField, UnitChoiceField

ACCEPT = ",".join(ALLOWED_ENDINGS)


class FilesInput(forms.ClearableFileInput):
    """A file box that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files to keep as evidence; those above the limit are refused before they are read."""

    default_error_messages = {
        "large": _("%(name)s is larger than %(limit)s MB. Reduce it or give a link instead.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput({"accept": ACCEPT, "multiple": True}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = [super(FilesField, self).clean(each, initial) for each in (data or [])]
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        for file in files:
            if file.size > MAX_FILE_BYTES:
                raise forms.ValidationError(
                    self.error_messages["large"],
                    code="large",
                    params={"name": file.name, "limit": vietnamese.number(MAX_FILE_BYTES // 1024 // 1024)},
                )
        return files


class EvidenceForm(forms.Form):
    """Evidence in any of its three forms; at least one when sent by itself."""

    attachments = FilesField(
        label=_("Files"), required=False, help_text=_("Photos, PDF, Word, Excel; at most 20 MB each.")
    )
    link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=1000,
        widget=forms.TextInput({"inputmode": "url", "placeholder": "https://"}),
    )
    document_number = forms.CharField(
        label=_("Number and symbol of the document"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"placeholder": "12/BC-UBND"}),
    )
    document_date = DateField(label=_("Date of the document"), required=False)
    title = forms.CharField(label=_("What it shows"), required=False, max_length=500)

    needs_one = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("document_date") and not data.get("document_number"):
            self.add_error("document_number", _("Enter the number that goes with the date."))
        if self.needs_one and not self.errors and not self.evidence():
            raise forms.ValidationError(_("Choose a file, or give a link or the number of a document."))
        return data

    def evidence(self) -> list[NewEvidence]:
        """Return the evidence given; files' bytes are read here."""
        data = self.cleaned_data
        title = data.get("title", "")
        found = [
            NewEvidence(
                kind="file",
                title=title,
                data=_bytes(file),
                name=file.name or "",
                content_type=file.content_type or "",
            )
            for file in data.get("attachments") or []
        ]
        if data.get("link"):
            found.append(NewEvidence(kind="link", title=title, url=data["link"]))
        if data.get("document_number"):
            found.append(
                NewEvidence(
                    kind="document",
                    title=title,
                    document_number=data["document_number"],
                    document_date=data.get("document_date"),
                )
            )
        return found


class SubmitForm(EvidenceForm):
    """The result of a task with its evidence."""

    result = LongTextField(label=_("Result"), rows=4, required=False)
    needs_one = False

    field_order: Sequence[str] = (
        "result",
        "attachments",
        "link",
        "document_number",
        "document_date",
        "title",
    )


class ProgressForm(forms.Form):
    """How far a task is."""

    progress = IntegerField(label=_("Done so far (%)"), smallest=0, largest=100)
    note = LongTextField(label=_("Note"), rows=2, required=False)


class ReviewForm(forms.Form):
    """Accepting a task, with a word if one likes."""

    note = LongTextField(label=_("Note"), rows=2, required=False)


class ReasonForm(forms.Form):
    """An act that has to say why."""

    reason = LongTextField(label=_("Reason"), rows=2)


class ReturnForm(ReasonForm):
    """Returning a submission."""

    reason = LongTextField(label=_("What has to be mended"), rows=2)


class MoveForm(ReasonForm):
    """Another due day."""

    due_on = DateField(label=_("New due day"))
    field_order: Sequence[str] = ("due_on", "reason")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].coming_from = today  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who does it; nobody by name means the unit."""

    person = PersonChoiceField(label=_("Person"), required=False, empty_label=_("The unit as a whole"))

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, PersonChoiceField):
            field.rows = people


class CommentForm(forms.Form):
    """A word on a task."""

    text = LongTextField(label=_("Comment"), rows=2)


class FireForm(forms.Form):
    """An event that has happened."""

    happened_on = DateField(label=_("Day it happened"))
    due_on = DateField(
        label=_("Due day"),
        help_text=_("The plan sets no limit for this event; say by when the work is due."),
    )
    note = forms.CharField(
        label=_("Which event it was"),
        max_length=300,
        required=False,
        help_text=_("For example the number of the document that came."),
    )

    def __init__(self, *args: Any, has_limit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_limit:
            del self.fields["due_on"]


class DayForm(forms.Form):
    """A day of the calendar that is not what its weekday says."""

    day = DateField(label=_("Day"))
    kind = forms.ChoiceField(
        label=_("It is"),
        choices=[("off", _("a day off")), ("working", _("a working day (swap)"))],
        widget=forms.RadioSelect,
        initial="off",
    )
    name = forms.CharField(label=_("Name of the day"), max_length=150)
    source = forms.CharField(
        label=_("Source"),
        max_length=255,
        required=False,
        help_text=_("Number and date of the decision or notice."),
    )


class ConfirmYearForm(forms.Form):
    """The decision on which a year's days off rest."""

    source = forms.CharField(label=_("Number and date of the decision or notice"), max_length=255)


ALL = "tat-ca"
LARGEST_ID = 2**63 - 1
"""No database has a larger one, and SQLite takes none as a value."""
STATES = [
    ("", _("To do")),
    ("overdue", _("Overdue")),
    ("soon", _("Due within 14 days")),
    ("returned", _("Returned")),
    ("submitted", _("Waiting for acceptance")),
    ("done", _("Done")),
    ("done_late", _("Done late")),
    ("cancelled", _("Cancelled")),
    (ALL, _("All but the cancelled")),
]
GROUPS = [("", _("By due day")), ("unit", _("By unit")), ("person", _("By person"))]


class FilterForm(forms.Form):
    """What a list of tasks is narrowed to, at first to what is to do; names are those of the page's address."""

    trang_thai = forms.ChoiceField(label=_("Standing"), choices=STATES, required=False)
    don_vi = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("All units"))
    nguoi = PersonChoiceField(label=_("Person"), required=False, empty_label=_("Everybody"))
    tu = DateField(label=_("Due from"), required=False)
    den = DateField(label=_("Due to"), required=False)
    tim = forms.CharField(label=_("Words"), required=False, max_length=100)
    nhom = forms.ChoiceField(label=_("Grouped"), choices=GROUPS, required=False)
    muc_tieu = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)
    bien_phap = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, units: Sequence[tuple[int, str]], people: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("don_vi", units), ("nguoi", people)):
            field = self.fields[name]
            if isinstance(field, (UnitChoiceField, PersonChoiceField)):
                field.rows = rows

    def filters(self) -> TaskFilter:
        """Return what was asked for; a field that was filled in wrongly narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return TaskFilter(
            state=_state(data.get("trang_thai") or ""),
            unit_id=data.get("don_vi"),
            person_id=data.get("nguoi"),
            objective_id=data.get("muc_tieu"),
            action_id=data.get("bien_phap"),
            start=data.get("tu"),
            end=data.get("den"),
            words=" ".join((data.get("tim") or "").split()),
        )

    def group(self) -> str:
        """Return how the list is grouped: by due day (empty), ``unit`` or ``person``."""
        return str(self.cleaned_data.get("nhom") or "")


def _state(choice: str) -> str:
    return {"": "todo", ALL: ""}.get(choice, choice)


def _bytes(file: UploadedFile[bytes]) -> bytes:
    file.seek(0)
    return bytes(file.read())
