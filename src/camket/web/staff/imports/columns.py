"""What each column of a file is, and what its words mean: proposed with a reason, confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.dossier_codes import parse
from camket.core.dossier_columns import FIELDS
from camket.core.dossier_words import choices
from camket.core.masking import initials, masked_number, masked_phone, short_name
from camket.core.messages import Message, Refusal
from camket.core.wording.moments import parse_moment
from camket.dossiers.importing import operations, queries
from camket.org.policy import can_in_agency
from camket.web.forms.fields import DateField
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.imports import display
from camket.web.staff.imports.views import before, hand_on

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from camket.dossiers.importing.reading import Export
    from camket.dossiers.models import Batch

SURE = Decimal("0.85")
FAIRLY_SURE = Decimal("0.6")
LARGE = 200_000
ENCODINGS = {"cp1258": "Windows-1258", "tcvn3": "TCVN3 (ABC)", "vni": "VNI"}
"""Encodings as Vietnamese offices call them; the others go by their own names."""
"""Rows from which the words of a file are not looked through before its check: that takes as long as the check."""
NEEDED = tuple(field for field, target in FIELDS.items() if target.is_needed)

Words = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the file: its letters, heading, first cells, what it is taken for and why."""

    letter: str
    header: str
    samples: tuple[str, ...]
    field: BoundField
    confidence: str
    tone: str
    reason: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word of the file that has no meaning yet."""

    column: str
    text: str
    rows: int
    field: BoundField


class ColumnsForm(forms.Form):
    """A field for each column of the file and each word that is not known, the day, a name to save it all under."""

    as_of = DateField(label=_("The file shows dossiers as they stood on"))
    save_as = forms.CharField(
        label=_("Save this way of reading for the software"),
        max_length=150,
        required=False,
        help_text=_(
            "Files with the same headings are then read so by themselves. A name that is there is replaced."
        ),
    )

    def __init__(
        self,
        *args: Any,
        headers: Sequence[str],
        proposed: Mapping[str, str],
        unknown: Mapping[str, Mapping[str, int]],
        names: Sequence[str],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        as_of = self.fields["as_of"]
        if isinstance(as_of, DateField):
            as_of.latest = today
        self.fields["save_as"].widget.attrs["list"] = "phan-mem"
        self.headers, self.unknown, self.names = headers, unknown, names
        is_field = {header: field for field, header in proposed.items()}
        offered = [
            ("", _("Not imported")),
            *((name, gettext(target.label)) for name, target in FIELDS.items()),
        ]
        for at, header in enumerate(headers):
            self.fields[f"cot-{at}"] = forms.ChoiceField(
                label=header, choices=offered, required=False, initial=is_field.get(header, "")
            )
        for field, words in unknown.items():
            meanings = [
                ("", _("Not known: refuse its rows")),
                *((name, gettext(label)) for name, label in choices(field)),
            ]
            for at, word in enumerate(words):
                self.fields[f"tu-{field}-{at}"] = forms.ChoiceField(
                    label=word, choices=meanings, required=False
                )

    def clean(self) -> dict[str, Any]:
        """See that no field has two columns and that none is missing that an import cannot do without."""
        given: dict[str, str] = {}
        for at, header in enumerate(self.headers):
            field = self.cleaned_data.get(f"cot-{at}")
            if not field:
                continue
            if field in given:
                self.add_error(
                    f"cot-{at}",
                    gettext("“%(header)s” is that already. Choose one of the two columns.")
                    % {"header": given[field]},
                )
            given[field] = header
        for field in NEEDED:
            if field not in given:
                self.add_error(
                    None, gettext("Say which column is: %(field)s.") % {"field": gettext(FIELDS[field].label)}
                )
        return self.cleaned_data

    @property
    def mapping(self) -> dict[str, str]:
        """Field to heading."""
        chosen = {self.cleaned_data.get(f"cot-{at}"): header for at, header in enumerate(self.headers)}
        return {field: header for field, header in chosen.items() if field}

    @property
    def words(self) -> Words:
        """Field to words and what each means, those that were given a meaning."""
        found: Words = {}
        for field, words in self.unknown.items():
            for at, word in enumerate(words):
                if meaning := self.cleaned_data.get(f"tu-{field}-{at}"):
                    found.setdefault(field, {})[word] = meaning
        return found


@staff_page("dossier.import", methods=("GET", "POST"), is_long=True)
def columns(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show what each column is taken for, and have the file checked as the person confirms it."""
    batch = queries.batch(request.actor, batch_id)
    if batch.state not in ("mapping", "checked"):
        return redirect("web:imports:batch", batch_id)
    try:
        export = queries.opened(request.actor, batch_id)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:imports:batch_list")
    reading = batch.reading
    saved: Words = reading["words"]
    is_sent = request.method == "POST"
    chosen = _sent_mapping(request, export) if is_sent else reading["mapping"]
    unknown = _unknown(export, chosen, saved, is_clear=can_in_agency(request.actor, "dossier.personal"))
    form = ColumnsForm(
        request.POST if is_sent else None,
        headers=export.headers,
        proposed=reading["mapping"],
        unknown=unknown,
        names=[each.name for each in queries.software(request.actor)],
        today=request.today,
        initial={"as_of": batch.as_of, "save_as": batch.software.name if batch.software else ""},
    )
    if is_sent and form.is_valid():
        if new := [name for name in form.fields if name.startswith("tu-") and name not in request.POST]:
            form.add_error(None, _asked_anew(len(new)))
        else:
            try:
                checked = operations.set_mapping(
                    actor=request.actor,
                    batch_id=batch_id,
                    mapping=form.mapping,
                    words=_merged(saved, form.words),
                    as_of=form.cleaned_data["as_of"],
                    save_as=form.cleaned_data["save_as"] or None,
                    now=moment(request),
                    clock=lambda: moment(request),
                )
            except Refusal as refusal:
                form.add_error(None, say(refusal.message))
            else:
                if checked.state != "mapping":
                    return hand_on(checked)
                form.add_error(None, say_error(checked))
    return _page(request, batch, export, form, status=422 if is_sent else 200)


def say_error(batch: Batch) -> str:
    """Return why the check of a file came to nothing."""
    return say(Message(batch.error["message"], batch.error.get("params", {}))) if batch.error else ""


def _asked_anew(count: int) -> str:
    return ngettext(
        "The columns as you chose them hold %(count)s word that is not known yet. Say what it means, or leave it open.",
        "The columns as you chose them hold %(count)s words that are not known yet. Say what they mean, or leave them open.",
        count,
    ) % {"count": str(count)}


def _sent_mapping(request: StaffRequest, export: Export) -> dict[str, str]:
    sent = {request.POST.get(f"cot-{at}", ""): header for at, header in enumerate(export.headers)}
    return {field: header for field, header in sent.items() if field in FIELDS}


def _unknown(
    export: Export, mapping: Mapping[str, str], words: Words, *, is_clear: bool
) -> dict[str, dict[str, int]]:
    """Return the words without a meaning; none of a column of personal data that is taken for one of words."""
    if export.total_rows > LARGE:
        return {}
    personal = {guess.header for guess in export.guesses if guess.field in display.PERSONAL}
    worded = {field: header for field, header in mapping.items() if is_clear or header not in personal}
    return export.unknown_words(worded, words)


def _merged(saved: Words, new: Words) -> Words:
    return {field: {**saved.get(field, {}), **new.get(field, {})} for field in {**saved, **new}}


def _page(
    request: StaffRequest, batch: Batch, export: Export, form: ColumnsForm, *, status: int
) -> HttpResponse:
    lines = _lines(
        export,
        form,
        batch.reading["mapping"],
        is_saved=batch.software is not None,
        is_clear=can_in_agency(request.actor, "dossier.personal"),
    )
    words = _word_lines(form, batch.reading["mapping"])
    return render(
        request,
        "staff/imports/columns.html",
        {
            "batch_id": batch.pk,
            "file": _file(batch, export),
            "imported_before": before(request, batch),
            "form": form,
            "columns": lines,
            "words": words,
            "doubts": sum(line.is_doubtful for line in lines) + len(words),
            "problem": say_error(batch) if not form.is_bound else "",
        },
        status=status,
    )


def _file(batch: Batch, export: Export) -> dict[str, Any]:
    rows = export.header_rows
    if len(rows) > 1:
        heading = gettext("rows %(first)s and %(last)s") % {"first": str(rows[0]), "last": str(rows[-1])}
    else:
        heading = (
            gettext("row %(row)s") % {"row": str(rows[0])}
            if rows
            else gettext("none; columns go by their letters")
        )
    encoding = str(batch.reading.get("encoding", ""))
    return {
        "name": batch.file_name,
        "sheet": export.sheet if batch.reading.get("kind") != "text" else "",
        "encoding": ENCODINGS.get(encoding, encoding.upper()),
        "heading": heading,
        "rows": export.total_rows,
    }


def _lines(
    export: Export, form: ColumnsForm, proposed: Mapping[str, str], *, is_saved: bool, is_clear: bool
) -> list[ColumnLine]:
    known = {header: field for field, header in proposed.items()}
    lines = []
    for at, (column, guess) in enumerate(zip(export.columns, export.guesses, strict=True)):
        field = known.get(column.header)
        if is_saved and field:
            label, tone, reason = gettext("Saved"), "green", gettext("As saved for this software.")
        elif field is None:
            label, tone, reason = gettext("Left out"), "grey", say(guess.reason)
        else:
            label, tone = _confidence(guess.confidence)
            reason = say(guess.reason)
        lines.append(
            ColumnLine(
                letter=column.letters,
                header=column.header,
                samples=tuple(
                    _masked(
                        guess.field if guess.field in display.PERSONAL else field, value, is_clear=is_clear
                    )
                    for value in column.samples
                ),
                field=form[f"cot-{at}"],
                confidence=label,
                tone=tone,
                reason=reason,
                is_doubtful=tone in ("amber", "red") or (field is None and bool(guess.rivals)),
            )
        )
    return lines


def _confidence(confidence: Decimal) -> tuple[str, str]:
    if confidence >= SURE:
        return gettext("Sure"), "green"
    if confidence >= FAIRLY_SURE:
        return gettext("Fairly sure"), "blue"
    return gettext("Look at it"), "amber"


def _masked(field: str | None, value: str, *, is_clear: bool) -> str:
    """Return a cell as an example of its column: of personal data only enough to tell what it is.

    So is what a column without a meaning holds, for who may not see personal data: it may be anything.
    """
    if field == "phone":
        return masked_phone(value)
    if field == "applicant":
        return short_name(value)
    if field == "address":
        return "…"
    if field is not None or is_clear or parse_moment(value) is not None or parse(value) is not None:
        return value
    return masked_number(value) if any(map(str.isdecimal, value)) else initials(value)


def _word_lines(form: ColumnsForm, mapping: Mapping[str, str]) -> list[WordLine]:
    return [
        WordLine(
            column=mapping.get(field) or gettext(FIELDS[field].label),
            text=word,
            rows=count,
            field=form[f"tu-{field}-{at}"],
        )
        for field, words in form.unknown.items()
        for at, (word, count) in enumerate(words.items())
    ]
