"""Forms of the registers, made from their definitions; what was typed is read by the core, as cells of spreadsheets are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.cells import Problem
from camket.core.messages import Refusal
from camket.core.registers import Field, Kind, Register
from camket.core.registers.reading import Names, Value
from camket.documents.content import ALLOWED_ENDINGS
from camket.documents.operations import MAX_FILE_BYTES, NewEvidence
from camket.org.policy import NotAllowed
from camket.registers.operations import EntryKnown, NumberTaken, ValuesRefused
from camket.web import vietnamese
from camket.web.forms.fields import DateField, DateInput, DecimalInput, LongTextField
from camket.web.request import refused_field, say

Taken = TypeVar("Taken")

UNGROUPED = frozenset({"year", "arrival", "version", "from_year", "to_year"})
"""Whole numbers that are no amounts: 2026 stays 2026."""
SHEET_ENDINGS = ".xlsx,.xlsm,.ods,.xls,.csv,.txt"
YES = "có"
"""What a ticked box is read as: the core reads forms and cells alike."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the choices of a form are: units that the actor may name, people, lines of the own list."""

    units: Sequence[tuple[int, str]]
    people: Sequence[tuple[int, str]]
    items: Sequence[tuple[int, str]]
    parties: Sequence[tuple[str, str]] = ()


class EntryForm(forms.Form):
    """The fields of a register, or some of them; texts are handed on as typed."""

    def __init__(
        self,
        data: Any = None,
        *,
        fields: Iterable[Field],
        choices: Choices,
        values: Mapping[str, Value] | None = None,
        slug: str = "",
        **kwargs: Any,
    ) -> None:
        self.shown, self.slug = tuple(fields), slug
        begun = {each.key: _begin(each, (values or {}).get(each.key)) for each in self.shown}
        super().__init__(data, initial=begun, **kwargs)
        for each in self.shown:
            self.fields[each.key] = field_of(each, choices)
        for each in self.shown:
            if each.hour_in in self.fields:
                self.fields[
                    each.hour_in
                ].required = False  # the day may say it; the core asks for it otherwise

    def texts(self) -> dict[str, str]:
        """Return what was typed, field by field, for the core to read."""
        found: dict[str, str] = {}
        for each in self.shown:
            said = self.cleaned_data.get(each.key)
            if isinstance(said, list):
                found[each.key] = "; ".join(said)
            else:
                found[each.key] = (YES if said else "") if isinstance(said, bool) else str(said or "")
        return found

    def changed(self) -> dict[str, str]:
        """Return what was typed in the fields that no longer say what they began with: the others stay as they are."""
        texts = self.texts()
        return {key: texts[key] for key in self.changed_data}

    def lines(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields in rows of a page: short ones stand side by side."""
        rows: list[tuple[str, list[forms.BoundField]]] = []
        for each in self.shown:
            is_long = each.kind in (Kind.TEXT, Kind.PARTIES) or each.key == "title"
            if (
                is_long
                or each.kind is Kind.TRUTH
                or not rows
                or rows[-1][0] != "pair"
                or len(rows[-1][1]) == 2
            ):
                rows.append(("long" if is_long or each.kind is Kind.TRUTH else "pair", [self[each.key]]))
            else:
                rows[-1][1].append(self[each.key])
        return rows

    def refuse(self, refusal: Refusal) -> None:
        """Say what stands against what was typed, each at its field."""
        if isinstance(refusal, ValuesRefused):
            self.mend(refusal.problems)
        elif isinstance(refusal, (EntryKnown, NumberTaken)):
            url = reverse("web:registers:entry", args=[self.slug, refusal.entry_id]) if self.slug else ""
            said = say(refusal.message)
            link = format_html('{} <a href="{}">{}</a>', said, url, gettext("Open the entry"))
            self.add_error(None, link if url else said)
        else:
            self.add_error(None, say(refusal.message))

    def taken(self, call: Callable[[], Taken]) -> Taken | None:
        """Return what an operation makes of what was typed; None where it refuses, and the form says why."""
        try:
            return call()
        except Refusal as refusal:
            self.refuse(refusal)
        except NotAllowed:
            said = gettext("You enter for your own unit alone.")
            self.add_error("unit" if "unit" in self.fields else None, said)
        return None

    def mend(self, problems: Iterable[Problem]) -> None:
        """Say what is to be mended, each at its field."""
        for each in problems:
            self.add_error(each.field if each.field in self.fields else None, say(each.message))


class QuickForm(EntryForm):
    """The row of quick entry: units, people and lines of the list are typed by name, with proposals."""

    def __init__(
        self,
        data: Any = None,
        *,
        fields: Iterable[Field],
        choices: Choices,
        names_item: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(data, fields=fields, choices=choices, **kwargs)
        first = True
        for each in self.shown:
            attrs: dict[str, str] = {}
            if each.kind in _LISTS:
                self.fields[each.key] = forms.CharField(
                    label=gettext(each.label), required=each.is_required, max_length=500
                )
                attrs["list"] = f"rg-{each.kind.value}"
            elif each.key == names_item:
                attrs["list"] = "rg-item"
            elif each.kind is Kind.TEXT:
                self.fields[each.key] = forms.CharField(
                    label=gettext(each.label), required=each.is_required, max_length=each.longest
                )
            attrs["autocomplete"] = "off"
            if first:
                attrs["data-rg-first"] = ""
                first = False
            self.fields[each.key].widget.attrs.update(attrs)
            self.fields[each.key].help_text = ""


_LISTS = frozenset({Kind.UNIT, Kind.PERSON, Kind.ITEM})


def field_of(each: Field, choices: Choices) -> forms.Field:
    """Return the form's field for one of a register's."""
    said: dict[str, Any] = {
        "label": gettext(each.label),
        "help_text": gettext(each.help) if each.help else "",
        "required": each.is_required,
    }
    made: forms.Field
    if each.kind is Kind.DAY:
        made = forms.CharField(widget=DateInput(), max_length=40, **said)
    elif each.kind in (Kind.WHOLE, Kind.NUMBER):
        mode = "numeric" if each.kind is Kind.WHOLE else "decimal"
        made = forms.CharField(widget=DecimalInput({"inputmode": mode}), max_length=40, **said)
    elif each.kind is Kind.CHOICE:
        words = [(one.word, gettext(one.name)) for one in each.choices]
        made = forms.ChoiceField(choices=[("", _("— choose —")), *words], **said)
    elif each.kind is Kind.TRUTH:
        made = forms.BooleanField(**said)
    elif each.kind in _LISTS:
        rows = {Kind.UNIT: choices.units, Kind.PERSON: choices.people, Kind.ITEM: choices.items}[each.kind]
        made = forms.ChoiceField(
            choices=[("", _("— choose —")), *((str(pk), name) for pk, name in rows)], **said
        )
    elif each.kind is Kind.PARTIES:
        made = forms.MultipleChoiceField(choices=choices.parties, widget=forms.CheckboxSelectMultiple, **said)
    elif each.kind is Kind.TIME:
        made = forms.CharField(max_length=20, **said)
    elif each.kind is Kind.TEXT:
        made = LongTextField(rows=2 if each.key in ("title", "note") else 3, max_length=each.longest, **said)
    else:
        made = forms.CharField(max_length=each.longest, **said)
    if each.kind in (Kind.DAY, Kind.WHOLE, Kind.NUMBER, Kind.TIME):
        made.is_short = True  # type: ignore[union-attr]
    return made


def _begin(each: Field, value: Value) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if each.kind in (*_LISTS, Kind.CHOICE) or each.key in UNGROUPED:
        return str(value)
    if each.kind is Kind.PARTIES:
        return str(value).split("; ")
    return value


def choices_of(names: Names) -> Choices:
    """Return the choices that forms offer."""
    return Choices(
        units=[(pk, called[0]) for pk, called in names.units],
        people=[(each.id, names.person(each.id)) for each in names.people],
        items=[(each.id, each.name) for each in names.items],
        parties=names.parties,
    )


class FinishForm(forms.Form):
    """When work was done and what came of it."""

    done_on = DateField(label=_("Done on"))
    note = LongTextField(label=_("What came of it"), rows=2, required=False, max_length=4000)
    report = forms.CharField(label=_("Report back"), required=False, max_length=500)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].going_back_from = today  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = LongTextField(label=_("Reason"), rows=2, max_length=1000)


class ExtensionForm(forms.Form):
    """Until when work is to be put off, and why."""

    due_after = DateField(label=_("New last day"))
    reason = LongTextField(label=_("Reason"), rows=2, max_length=1000)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_after"].coming_from = today  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """The answer to who asked for a later last day."""

    document = forms.CharField(
        label=_("Approving document"),
        required=False,
        max_length=255,
        help_text=_("Number and day, if there is one."),
    )
    answer = LongTextField(
        label=_("Answer"),
        rows=2,
        required=False,
        max_length=1000,
        help_text=_("Needed when it is refused: why."),
    )


class NumberForm(forms.Form):
    """The day on which a document was signed: its number is given after that."""

    signed_on = DateField(label=_("Signed on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].going_back_from = today  # type: ignore[attr-defined]


class EvidenceForm(forms.Form):
    """A paper or a link that proves an entry."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput({"accept": ",".join(("image/*", *ALLOWED_ENDINGS))}),
    )
    url = forms.URLField(label=_("or a link"), required=False, max_length=1000, assume_scheme="https")
    title = forms.CharField(label=_("What it is"), required=False, max_length=500)

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data.get("file")
        if file is not None and (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError(
                _("%(name)s is larger than %(limit)s MB. Reduce it or give a link instead."),
                code="large",
                params={"name": file.name, "limit": vietnamese.number(MAX_FILE_BYTES // 1024 // 1024)},
            )
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not data.get("url"):
            self.add_error("file", _("Choose a file or give a link."))
        return data

    def evidence(self, title: str) -> NewEvidence:
        """Return what was sent; its bytes are read here."""
        file, url = self.cleaned_data.get("file"), self.cleaned_data.get("url") or ""
        called = self.cleaned_data.get("title") or title
        if file:
            return NewEvidence(
                kind="file",
                title=called[:500],
                data=file.read(),
                name=file.name or "",
                content_type=file.content_type or "",
            )
        return NewEvidence(kind="link", title=called[:500], url=url)


class SheetForm(forms.Form):
    """A spreadsheet to be brought in."""

    file = forms.FileField(label=_("Spreadsheet"), widget=forms.FileInput({"accept": SHEET_ENDINGS}))


def say_at(form: forms.Form, refusal: Refusal, field: str = "") -> None:
    """Say a refusal at a field of the form, or at the form as a whole."""
    name = refused_field(refusal, field) or None
    form.add_error(name if name in form.fields else None, say(refusal.message))


def first_of(values: Mapping[str, Value], key: str) -> date | None:
    """Return the day that stands in a field, if it is one."""
    found = values.get(key)
    return found if isinstance(found, date) else None


def fields_of(register: Register, *, with_done: bool = True) -> tuple[Field, ...]:
    """Return the fields of a register's form; work is finished on its own page, unless it was done before it came."""
    return tuple(each for each in register.fields if with_done or each.key != "done_on")
