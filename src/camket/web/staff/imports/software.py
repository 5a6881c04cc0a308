"""How the files of each one-stop software are read, as saved: looked at, corrected, set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.dossier_columns import FIELDS
from camket.core.dossier_words import WORDED, choices
from camket.core.masking import short_name
from camket.core.messages import Refusal
from camket.dossiers.importing import software as operations
from camket.dossiers.importing.operations import NameMissing
from camket.dossiers.queries import software as queries
from camket.org.policy import can
from camket.web.request import StaffRequest, moment, say, staff_page

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField


@dataclass(frozen=True, slots=True)
class Line:
    """A saved way of reading as the list shows it: its columns as pairs of heading and field."""

    row: queries.SoftwareRow
    columns: tuple[tuple[str, str], ...]
    words: int
    by: str


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word of the software: its column, the word, the field where its meaning is chosen."""

    column: str
    text: str
    field: BoundField


class SoftwareForm(forms.Form):
    """The name, the heading of each column, and what each saved word means."""

    name = forms.CharField(label=_("Name of the software"), max_length=150)

    def __init__(self, *args: Any, row: queries.SoftwareRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("name", row.name)
        for field, target in FIELDS.items():
            self.fields[f"cot-{field}"] = forms.CharField(
                label=gettext(target.label),
                required=target.is_needed,
                max_length=300,
                initial=row.mapping.get(field, ""),
            )
        self.said: list[tuple[str, str, str]] = []
        for field, words in row.words.items():
            if field not in WORDED:
                continue
            offered = [
                ("", _("Forget this word")),
                *((name, gettext(label)) for name, label in choices(field)),
            ]
            for word, meaning in words.items():
                name = f"tu-{len(self.said)}"
                self.said.append((name, field, word))
                self.fields[name] = forms.ChoiceField(
                    label=word, choices=offered, required=False, initial=meaning
                )

    @property
    def mapping(self) -> dict[str, str]:
        """Field to heading."""
        return {field: self.cleaned_data.get(f"cot-{field}", "") for field in FIELDS}

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """Field to words and what each means, without those to be forgotten."""
        found: dict[str, dict[str, str]] = {}
        for name, field, word in self.said:
            if meaning := self.cleaned_data.get(name):
                found.setdefault(field, {})[word] = meaning
        return found

    def columns(self) -> list[BoundField]:
        """Return the fields of the columns."""
        return [self[f"cot-{field}"] for field in FIELDS]

    def word_lines(self) -> list[WordLine]:
        """Return the fields of the words."""
        return [WordLine(gettext(FIELDS[field].label), word, self[name]) for name, field, word in self.said]


@staff_page("dossier.import")
def software_list(request: StaffRequest) -> HttpResponse:
    """List the saved ways of reading with their columns and when each was used last."""
    lines = [_line(request, each) for each in queries.all_software(request.actor)]
    return render(request, "staff/imports/software_list.html", {"lines": lines})


@staff_page("dossier.import", methods=("GET", "POST"))
def software_edit(request: StaffRequest, software_id: int) -> HttpResponse:
    """Correct a saved way of reading."""
    row = queries.one_software(request.actor, software_id)
    form = SoftwareForm(request.POST if request.method == "POST" else None, row=row)
    if form.is_bound and form.is_valid():
        try:
            operations.change_software(
                actor=request.actor,
                software_id=software_id,
                name=form.cleaned_data["name"],
                mapping=form.mapping,
                words=form.words,
                now=moment(request),
            )
        except operations.ColumnsUnfit as refusal:
            form.add_error(f"cot-{refusal.field}", say(refusal.message))
        except (NameMissing, operations.SoftwareExists) as refusal:
            form.add_error("name", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("Saved. The next file is read so."))
            return redirect("web:imports:software_list")
    context = {"software": row, "form": form, "columns": form.columns(), "words": form.word_lines()}
    return render(request, "staff/imports/software_edit.html", context, status=422 if form.is_bound else 200)


@staff_page("dossier.import", methods=("POST",))
def software_set_aside(request: StaffRequest, software_id: int) -> HttpResponse:
    """Set a saved way of reading aside."""
    try:
        row = operations.set_software_aside(actor=request.actor, software_id=software_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request,
            gettext("“%(name)s” is set aside: no file is read by it any more.") % {"name": row.name},
        )
    return redirect("web:imports:software_list")


@staff_page("dossier.import", methods=("POST",))
def software_take_up(request: StaffRequest, software_id: int) -> HttpResponse:
    """Take a saved way of reading up again."""
    row = operations.take_software_up(actor=request.actor, software_id=software_id, now=moment(request))
    messages.success(request, gettext("Files are read by “%(name)s” again.") % {"name": row.name})
    return redirect("web:imports:software_list")


def _line(request: StaffRequest, row: queries.SoftwareRow) -> Line:
    words: Mapping[str, Mapping[str, str]] = row.words
    by = row.changed_by
    return Line(
        row=row,
        columns=tuple(
            (row.mapping[field], gettext(target.label))
            for field, target in FIELDS.items()
            if field in row.mapping
        ),
        words=sum(len(each) for each in words.values()),
        by=by if can(request.actor, "people.view") else short_name(by),
    )
