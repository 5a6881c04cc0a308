"""What is typed on the pages of importing: a file and its day, what columns and words are, cells of a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.web.forms.fields import DateField

ACCEPT = ".xlsx,.xls,.ods,.csv,.tsv,.txt"


class UploadForm(forms.Form):
    """A file, the day that it shows, and the software that it comes from."""

    file = forms.FileField(
        label=_("File of the one-stop software"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("Drop the file here or choose it; up to 100 MB."),
    )
    as_of = DateField(
        label=_("The file shows dossiers as they stood on"),
        help_text=_("The day on which it was exported. Open dossiers are judged by this day."),
    )
    software = forms.TypedChoiceField(
        label=_("Software"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_(
            "Saved ways of reading are found by the headings; choose one only where that goes wrong."
        ),
    )

    def __init__(self, *args: Any, software: Sequence[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["as_of"]
        field.initial = today
        if isinstance(field, DateField):
            field.latest = today
        if software:
            self.fields["software"].choices = [("", _("Found by its headings")), *software]  # type: ignore[attr-defined]
        else:
            del self.fields["software"]
