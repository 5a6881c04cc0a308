"""What people type on the pages of documents and of legal texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from camket.core.controlled import ROWS, SECTIONS, Amendment, ProcedureContent
from camket.core.legal_list import KINDS as LEGAL_KINDS
from camket.documents.operations import MAX_FILE_BYTES
from camket.documents.operations.editions import DocumentData, Draft, Upload
from camket.documents.operations.files import DOCUMENT_ENDINGS
from camket.documents.operations.legal import Cited, TextData
from camket.documents.queries.controlled import Wanted
from camket.documents.queries.legal import WantedTexts
from camket.web import vietnamese
from camket.web.forms.fields import (
    DateField,
    IntegerField,
    LongTextField,
    NumberField,
    RowChoiceField,
    UnitChoiceField,
)
from camket.web.staff.documents.display import GROUPS, KINDS

Choices = Iterable[tuple[int, str]]
MOST_ROWS = 120
SPARE = 3
"""Empty rows below those that are filled in."""


class DocumentFileField(forms.FileField):
    """The file of a document; one that is too large is refused before it is read."""

    default_error_messages = {
        "large": _("%(name)s is larger than %(limit)s MB. Reduce it or give a link instead.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("File"))
        super().__init__(
            required=False, widget=forms.FileInput({"accept": ",".join(DOCUMENT_ENDINGS)}), **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if file is not None and (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError(
                self.error_messages["large"],
                code="large",
                params={"name": file.name, "limit": vietnamese.number(MAX_FILE_BYTES // 1024 // 1024)},
            )
        return file


def upload_of(file: UploadedFile[bytes] | None) -> Upload | None:
    """Return a file that was sent as it goes to operations; its bytes are read here."""
    return Upload(file.read(), file.name or "", file.content_type or "") if file else None


class DocumentForm(forms.Form):
    """What is said of a document."""

    title = forms.CharField(
        label=_("Title of the document"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("As it stands on its first page."),
    )
    code = forms.CharField(
        label=_("Code of the document"),
        max_length=60,
        required=False,
        help_text=_("Left empty: the next of the agency's pattern."),
    )
    unit_id = UnitChoiceField(
        label=_("Unit that keeps it"), required=False, empty_label=_("The whole agency")
    )
    parent_id = RowChoiceField(label=_("Procedure that the form belongs to"), required=False)
    procedure_code = forms.CharField(
        label=_("Code of the administrative procedure"), max_length=60, required=False
    )
    review_months = IntegerField(
        label=_("Looked at again after so many months"),
        required=False,
        smallest=1,
        largest=120,
        help_text=_("Left empty: no rhythm of its own."),
    )
    kept_years = forms.CharField(
        label=_("How long and where its records are kept"), max_length=100, required=False
    )
    user_ids = forms.MultipleChoiceField(
        label=_("Units that work by it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all units."),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        kind: str,
        units: Choices,
        procedures: Choices,
        must_be_unit: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.kind = kind
        units = list(units)
        self.fields["unit_id"].rows = units  # type: ignore[attr-defined]
        self.fields["unit_id"].required = must_be_unit
        self.fields["user_ids"].choices = [(str(pk), name) for pk, name in units]  # type: ignore[attr-defined]
        self.fields["parent_id"].rows = procedures  # type: ignore[attr-defined]
        if kind != "form":
            del self.fields["parent_id"]
        if kind != "internal":
            del self.fields["procedure_code"]

    def document(self) -> DocumentData:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return DocumentData(
            kind=self.kind,
            title=data["title"],
            code=data["code"],
            unit_id=data["unit_id"],
            parent_id=data.get("parent_id"),
            procedure_code=data.get("procedure_code", ""),
            review_months=data["review_months"],
            kept_years=data["kept_years"],
            user_ids=frozenset(int(each) for each in data["user_ids"]),
        )


class AddForm(DocumentForm):
    """A new document, with its file unless it is an internal procedure that is written here."""

    file = DocumentFileField()
    is_written_here = forms.BooleanField(
        label=_("Write the procedure here, part by part"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.kind != "internal":
            del self.fields["is_written_here"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_written_here") and data.get("file"):
            data["is_written_here"] = False  # who chooses a file has it written already
        return data

    def draft(self, proposed: ProcedureContent) -> Draft | None:
        """Return the first draft: the file, or what the catalogue of procedures proposes; None for neither."""
        upload = upload_of(self.cleaned_data["file"])
        if upload is not None:
            return Draft(upload=upload)
        return Draft(procedure=proposed) if self.cleaned_data.get("is_written_here") else None


_TEXTS: Mapping[str, tuple[Any, int]] = {
    "purpose": (_("Purpose"), 2),
    "scope": (_("Scope"), 2),
    "conditions": (_("Conditions"), 3),
    "filing": (_("Way of filing"), 3),
    "sets": (_("Number of sets"), 1),
    "limit": (_("Time limit"), 1),
    "place": (_("Place of the procedure"), 2),
    "agency": (_("Agency that settles it"), 1),
    "who": (_("Who may apply"), 2),
    "result": (_("Result"), 2),
}

_COLUMNS: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "components": (
        ("name", _("Component of the dossier")),
        ("originals", _("Originals")),
        ("copies", _("Copies")),
    ),
    "steps": (
        ("what", _("Step")),
        ("who", _("Responsible")),
        ("time", _("Time")),
        ("result", _("Form, result")),
    ),
    "forms": (("code", _("Code")), ("name", _("Name of the form"))),
    "records": (("name", _("Record kept")), ("where", _("Where")), ("years", _("How long"))),
    "amendments": (
        ("part", _("Page, part")),
        ("what", _("What changes")),
        ("asked_by", _("Who asked for it")),
    ),
}
_LONG = {"name", "what", "who", "result"}
_TITLES = {
    "components": _("Components of the dossier"),
    "steps": _("Steps B1 … Bn"),
    "forms": _("Forms"),
    "records": _("Records kept"),
    "amendments": _("What changes against the edition before"),
}


class Row:
    """A row of a table of fields, with its number from 1."""

    def __init__(self, number: int, cells: Sequence[forms.BoundField]) -> None:
        self.number = number
        self.cells = cells


class RowsForm(forms.Form):
    """A form with tables: each cell is a field of its own, so that it works without scripts; empty rows count for nothing."""

    tables: tuple[str, ...] = ()

    def __init__(
        self, data: Any = None, files: Any = None, *, rows: Mapping[str, Sequence[Any]], **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.sizes: dict[str, int] = {}
        for table in self.tables:
            filled = [each if isinstance(each, dict) else asdict(each) for each in rows.get(table, ())]
            sent = [
                int(match[1]) + 1
                for key in (data or {})
                if (match := re.fullmatch(rf"{table}-(\d{{1,3}})-\w+", key))
            ]
            size = min(MOST_ROWS, max(sent, default=0) if data is not None else len(filled) + SPARE)
            self.sizes[table] = size
            for number in range(size):
                for name, label in _COLUMNS[table]:
                    self.fields[f"{table}-{number}-{name}"] = LongTextField(
                        label=label,
                        rows=2 if name in _LONG else 1,
                        required=False,
                        max_length=2000,
                        initial=filled[number].get(name, "") if number < len(filled) else "",
                    )

    def table_rows(self, table: str) -> list[Row]:
        """Return the rows of a table with their fields."""
        return [
            Row(number + 1, [self[f"{table}-{number}-{name}"] for name, _label in _COLUMNS[table]])
            for number in range(self.sizes[table])
        ]

    def grids(self) -> list[tuple[str, Any, list[Any], list[Row]]]:
        """Return the tables: key, title, headings, rows."""
        return [
            (table, _TITLES[table], [label for _name, label in _COLUMNS[table]], self.table_rows(table))
            for table in self.tables
        ]

    def filled(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a valid form in which anything stands."""
        found = [
            {name: self.cleaned_data[f"{table}-{number}-{name}"] for name, _label in _COLUMNS[table]}
            for number in range(self.sizes[table])
        ]
        return [each for each in found if any(each.values())]

    def amendments(self) -> tuple[Amendment, ...]:
        """Return what changes, of a valid form."""
        return tuple(Amendment(**each) for each in self.filled("amendments"))


class ProcedureForm(RowsForm):
    """The parts of an internal procedure."""

    tables = ("components", "steps", "forms", "records", "amendments")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        content: ProcedureContent,
        amendments: Sequence[Amendment],
        **kwargs: Any,
    ) -> None:
        rows = {name: getattr(content, name) for name in ROWS}
        super().__init__(data, files, rows={**rows, "amendments": amendments}, **kwargs)
        for name, (label, size) in _TEXTS.items():
            self.fields[name] = LongTextField(
                label=label, rows=size, required=False, max_length=8000, initial=getattr(content, name)
            )
        self.fields["limit"].help_text = _(
            "As the decision words it, for example: 05 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ."
        )

    def before_tables(self) -> list[forms.BoundField]:
        """Return the fields of text."""
        return [self[name] for name, _title in SECTIONS if name in _TEXTS]

    def draft(self) -> Draft:
        """Return what was typed in a valid form."""
        parts: dict[str, Any] = {name: self.cleaned_data[name] for name in _TEXTS}
        for name, row in ROWS.items():
            parts[name] = tuple(row(**each) for each in self.filled(name))
        return Draft(procedure=ProcedureContent(**parts), amendments=self.amendments())


class FileDraftForm(RowsForm):
    """The file of an edition and what it changes."""

    tables = ("amendments",)
    file = DocumentFileField(label=_("New file"))

    def __init__(
        self, data: Any = None, files: Any = None, *, amendments: Sequence[Amendment], **kwargs: Any
    ) -> None:
        super().__init__(data, files, rows={"amendments": amendments}, **kwargs)

    def draft(self) -> Draft:
        """Return what was chosen and typed in a valid form."""
        return Draft(upload=upload_of(self.cleaned_data["file"]), amendments=self.amendments())


class BeginForm(forms.Form):
    """How the next edition is counted."""

    how = forms.ChoiceField(
        label=_("The next edition is"),
        choices=[
            ("revision", _("a revision: single parts change")),
            ("issue", _("a new issue: the document is written anew")),
        ],
        widget=forms.RadioSelect,
        initial="revision",
    )
    part = forms.CharField(label=_("Page, part"), max_length=200, required=False)
    what = LongTextField(label=_("What changes"), rows=2, required=False, max_length=2000)
    asked_by = forms.CharField(label=_("Who asked for it"), max_length=200, required=False)

    def amendments(self) -> tuple[Amendment, ...]:
        """Return what changes, of a valid form."""
        data = self.cleaned_data
        if not (data["part"] or data["what"]):
            return ()
        return (Amendment(data["part"], data["what"], data["asked_by"]),)


class ReasonForm(forms.Form):
    """Why something is returned, withdrawn, not needed."""

    reason = LongTextField(label=_("Reason"), rows=2, max_length=1000)


class NoteForm(forms.Form):
    """What was looked at."""

    note = LongTextField(
        label=_("What was looked at, with whom"),
        rows=2,
        max_length=1000,
        help_text=_("For example: compared with the procedures announced this year; nothing changes."),
    )


class IssueForm(forms.Form):
    """The number and days of what is issued."""

    number = NumberField(
        label=_("Number and symbol of the decision"),
        example="12/QĐ-UBND",
        help_text=_("As signed, for example 12/QĐ-UBND."),
    )
    decided_on = DateField(label=_("Day of the decision"))
    effective_on = DateField(label=_("In effect from"))

    def __init__(self, data: Any = None, *, is_outside: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if is_outside:  # numbered as others do, standards for instance
            self.fields["number"] = forms.CharField(label=_("Number and symbol"), max_length=100)
            self.fields["decided_on"].label = _("Day of issue")


class DistributeForm(forms.Form):
    """To which units an edition goes, and by when it is read."""

    unit_ids = forms.MultipleChoiceField(
        label=_("Units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everybody in the agency."),
    )
    read_by = DateField(label=_("To be read by"), required=False)

    def __init__(self, data: Any = None, *, units: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["unit_ids"].choices = [(str(pk), name) for pk, name in units]  # type: ignore[attr-defined]

    def units(self) -> frozenset[int]:
        """Return the units chosen in a valid form."""
        return frozenset(int(each) for each in self.cleaned_data["unit_ids"])


class PatternsForm(forms.Form):
    """How the agency forms codes, by kind of document."""

    def __init__(self, data: Any = None, *, patterns: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(data)
        for kind, pattern, proposed in patterns:
            self.fields[kind] = forms.CharField(
                label=str(KINDS[kind]),
                max_length=60,
                required=False,
                initial=pattern,
                help_text=_("Proposed: %(pattern)s") % {"pattern": proposed},
            )


class CitationsForm(forms.Form):
    """On which legal texts a document rests."""

    def __init__(self, data: Any = None, *, texts: Choices, cited: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        texts = list(texts)
        sent = sum(1 for key in (data or {}) if re.fullmatch(r"text-\d{1,3}", key))
        self.size = min(MOST_ROWS, sent) if data is not None else len(cited) + SPARE
        for number in range(self.size):
            chosen = cited[number] if number < len(cited) else (None, "")
            field = RowChoiceField(label=_("Legal text"), required=False, initial=chosen[0])
            field.rows = texts
            self.fields[f"text-{number}"] = field
            self.fields[f"part-{number}"] = forms.CharField(
                label=_("Article, clause"), max_length=255, required=False, initial=chosen[1]
            )

    def table_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields row by row."""
        return [(self[f"text-{number}"], self[f"part-{number}"]) for number in range(self.size)]

    def cited(self) -> list[Cited]:
        """Return what was chosen in a valid form."""
        data = self.cleaned_data
        return [
            Cited(data[f"text-{number}"], data[f"part-{number}"])
            for number in range(self.size)
            if data[f"text-{number}"]
        ]


class FilterForm(forms.Form):
    """What the list of documents is narrowed to."""

    tu = forms.CharField(label=_("Words"), required=False, max_length=100)
    loai = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *GROUPS.items()])
    bo_phan = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("All"))
    muc = forms.ChoiceField(
        label=_("Which documents"),
        required=False,
        choices=[
            ("", _("In use")),
            ("at_work", _("With an edition at work")),
            ("review", _("To be looked at again")),
            ("withdrawn", _("Taken out of use")),
            ("all", _("All")),
        ],
    )

    def __init__(self, data: Any, *, units: Choices) -> None:
        super().__init__(data)
        self.fields["bo_phan"].rows = units  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is wanted; what is in use where nothing sensible was typed."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        return Wanted(words=data["tu"], kind=data["loai"], unit_id=data["bo_phan"], state=data["muc"])


class LegalFilterForm(forms.Form):
    """What the list of legal texts is narrowed to."""

    tu = forms.CharField(label=_("Words"), required=False, max_length=100)
    muc = forms.ChoiceField(
        label=_("Which texts"),
        required=False,
        choices=[
            ("", _("All")),
            ("in_force", _("In force")),
            ("ending", _("Soon no longer in force")),
            ("over", _("No longer in force")),
            ("to_answer", _("With documents to look at")),
            ("uncited", _("No document rests on it")),
        ],
    )

    def wanted(self) -> WantedTexts:
        """Return what is wanted; everything where nothing sensible was typed."""
        if not self.is_bound or not self.is_valid():
            return WantedTexts()
        return WantedTexts(words=self.cleaned_data["tu"], force=self.cleaned_data["muc"])


class LegalTextForm(forms.Form):
    """A legal text."""

    number = forms.CharField(
        label=_("Number and symbol"), max_length=100, help_text=_("For example: 118/2025/NĐ-CP.")
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    title = forms.CharField(label=_("What it is about"), max_length=1000, widget=forms.Textarea({"rows": 2}))
    issuer = forms.CharField(label=_("Issued by"), max_length=255, required=False)
    issued_on = DateField(label=_("Issued on"), required=False)
    effective_on = DateField(label=_("In force from"), required=False)
    ends_on = DateField(
        label=_("Last day in force"), required=False, help_text=_("Left empty: no end is known.")
    )
    address = forms.URLField(label=_("Web address"), max_length=1000, required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = (kwargs.get("initial") or {}).get("kind", "")
        kinds = [*LEGAL_KINDS, *([own] if own and own not in LEGAL_KINDS else []), "Văn bản khác"]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("By its number")),
            *((each, each) for each in kinds),
        ]

    def text(self) -> TextData:
        """Return what was typed in a valid form."""
        return TextData(**self.cleaned_data)


class ChangeForm(forms.Form):
    """How a legal text changes."""

    kind = forms.ChoiceField(
        label=_("The text is"),
        choices=[("amends", _("amended")), ("replaces", _("replaced")), ("ends", _("ended"))],
    )
    by_id = RowChoiceField(
        label=_("By the text"),
        required=False,
        help_text=_("Add the new text to the list first. Empty: it simply ends."),
    )
    on = DateField(label=_("From the day"))
    due_on = DateField(
        label=_("Documents follow by"),
        required=False,
        help_text=_("Left empty: three months after that day (Circular 26/2014/TT-BKHCN)."),
    )
    text = LongTextField(label=_("What changes"), rows=3, required=False, max_length=4000)

    def __init__(self, data: Any = None, *, texts: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["by_id"].rows = texts  # type: ignore[attr-defined]


class SheetForm(forms.Form):
    """A spreadsheet of legal texts."""

    file = forms.FileField(label=_("Spreadsheet"), widget=forms.FileInput({"accept": ".xlsx,.xls,.ods,.csv"}))
