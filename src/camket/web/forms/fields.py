"""Form fields that read what a Vietnamese official types, and refuse what would be read wrongly in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.utils.translation import gettext_lazy as _

from camket.core.numbering import NumberNotPossible, well_formed
from camket.core.wording.dates import coming_day, past_day
from camket.web import vietnamese


class NumberField(forms.CharField):
    """The number and symbol of a document that the agency issues itself, well formed; ``example`` is one of its kind.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 3.
    """

    def __init__(self, *, example: str, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.example = example

    def to_python(self, value: Any) -> str:
        """Return the number as official documents write it, "" for none."""
        text = super().to_python(value) or ""
        if not text:
            return ""
        try:
            return well_formed(text, example=self.example)
        except NumberNotPossible as refusal:
            said = refusal.message
            raise ValidationError(_(said.template), code="form", params=dict(said.params)) from refusal


class DateInput(forms.TextInput):
    """A text box for a day; the browser's own date box follows the computer's language, often American."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "placeholder": "dd/mm/yyyy",
                "inputmode": "text",
                "autocomplete": "off",
                "maxlength": "40",
                **(attrs or {}),
            }
        )

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, (date, datetime)):
            return vietnamese.day(value)
        return None if value is None else str(value)


class DateField(forms.Field):
    """A day, day first: 03/04/2026 is 3 April in every language of the screen.

    ``coming_from``: a day and month without a year are the first such day on or after it. ``going_back_from``: the
    last such day on or before it. Neither: a year is asked for.
    """

    widget = DateInput
    is_short = True
    coming_from: date | None = None
    going_back_from: date | None = None
    default_error_messages = {
        "form": _("Write the day as dd/mm/yyyy, for example 05/01/2026."),
        "calendar": _("There is no day %(value)s in the calendar."),
        "earliest": _("The day must be %(day)s or later."),
        "latest": _("The day must be %(day)s or earlier."),
    }

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        """Return the day; ValidationError says in which form to write it."""
        if value in self.empty_values or not str(value).strip():
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return vietnamese.parse_day(str(value))
        except vietnamese.NotADay as error:
            if self.coming_from and (coming := coming_day(str(value), self.coming_from)):
                return coming
            if self.going_back_from and (past := past_day(str(value), self.going_back_from)):
                return past
            code = "calendar" if error.is_written_well else "form"
            raise ValidationError(self.error_messages[code], code=code, params={"value": value}) from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise ValidationError(
                self.error_messages["earliest"],
                code="earliest",
                params={"day": vietnamese.day(self.earliest)},
            )
        if self.latest and value > self.latest:
            raise ValidationError(
                self.error_messages["latest"], code="latest", params={"day": vietnamese.day(self.latest)}
            )


class DayMonthInput(forms.TextInput):
    """A text box for a day of every year, stored as "06-15" and shown as 15/6."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"placeholder": "dd/mm", "autocomplete": "off", "maxlength": "10", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, str) and re.fullmatch(r"\d{2}-\d{2}", value):
            return f"{int(value[3:])}/{int(value[:2])}"
        return None if value is None else str(value)


class DayMonthField(forms.Field):
    """A day of every year, typed as 15/6; cleans to "06-15"."""

    widget = DayMonthInput
    is_short = True
    default_error_messages = {
        "form": _("Write the day and month as dd/mm, for example 15/6."),
        "calendar": _("There is no day %(value)s in every year."),
    }

    def to_python(self, value: Any) -> str:
        """Return month and day as "MM-DD", an empty text for nothing."""
        if value in self.empty_values or not str(value).strip():
            return ""
        match = re.fullmatch(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})", str(value).strip())
        if match is None:
            raise ValidationError(self.error_messages["form"], code="form")
        try:
            day = date(2023, int(match[2]), int(match[1]))
        except ValueError as error:
            raise ValidationError(
                self.error_messages["calendar"], code="calendar", params={"value": value}
            ) from error
        return f"{day.month:02d}-{day.day:02d}"


class DecimalInput(forms.TextInput):
    """A text box for a number that shows it in Vietnamese form."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "maxlength": "40", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, (Decimal, int)):
            return vietnamese.number(value)
        return None if value is None else str(value)


class DecimalField(forms.Field):
    """An exact number as ``1.234,5`` or ``1234,5``; 98.5 is refused with a hint.

    ``suffix`` is a unit that may be typed behind the number, "%" for one.
    """

    widget = DecimalInput
    is_short = True
    default_error_messages = {
        "form": _("Write a number, for example 1.234,5."),
        "english": _("Write %(suggestion)s: the comma is the decimal mark, the point only groups thousands."),
        "smallest": _("The number must be %(limit)s or more."),
        "largest": _("The number must be %(limit)s or less."),
        "whole": _("Write a whole number."),
        "max_digits": _("The number is too long."),
        "max_decimal_places": _("The number has too many decimals."),
        "max_whole_digits": _("The number is too large."),
    }

    def __init__(
        self,
        *,
        smallest: Decimal | int | None = None,
        largest: Decimal | int | None = None,
        max_digits: int = 20,
        decimal_places: int = 4,
        suffix: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.smallest, self.largest, self.suffix = smallest, largest, suffix
        self.max_digits, self.decimal_places = max_digits, decimal_places

    def to_python(self, value: Any) -> Decimal | None:
        """Return the exact number; ValidationError says how to write it."""
        if value in self.empty_values or not str(value).strip():
            return None
        if isinstance(value, (Decimal, int)):
            return Decimal(value)
        text = str(value).strip()
        if self.suffix:
            text = text.removesuffix(self.suffix)
        try:
            return vietnamese.parse_number(text)
        except vietnamese.NotANumber as error:
            code = "english" if error.suggestion else "form"
            raise ValidationError(
                self.error_messages[code], code=code, params={"suggestion": error.suggestion}
            ) from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.decimal_places == 0 and value != value.to_integral_value():
            raise ValidationError(self.error_messages["whole"], code="whole")
        try:
            DecimalValidator(self.max_digits, self.decimal_places)(value)
        except ValidationError as error:
            raise ValidationError(self.error_messages[error.code or "form"], code=error.code) from error
        if self.smallest is not None and value < self.smallest:
            raise ValidationError(
                self.error_messages["smallest"],
                code="smallest",
                params={"limit": vietnamese.number(self.smallest)},
            )
        if self.largest is not None and value > self.largest:
            raise ValidationError(
                self.error_messages["largest"],
                code="largest",
                params={"limit": vietnamese.number(self.largest)},
            )


class IntegerField(DecimalField):
    """A whole number as ``1.234`` or ``1234``; ``clean`` returns int."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DecimalInput({"inputmode": "numeric"}))
        super().__init__(decimal_places=0, **kwargs)

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number)


class RowChoiceField(forms.TypedChoiceField):
    """A choice among rows (units, people) given as (id, name) pairs; returns the id or None.

    The form sets ``field.rows = queries…`` in its ``__init__``, so that choices are those of the actor's agency.
    """

    def __init__(self, *, empty_label: Any = None, **kwargs: Any) -> None:
        self.empty_label = empty_label or _("— choose —")
        self._rows: tuple[tuple[int, str], ...] = ()
        super().__init__(coerce=int, empty_value=None, **kwargs)

    @property
    def rows(self) -> tuple[tuple[int, str], ...]:
        """The choices that are rows, without the empty one."""
        return self._rows

    @rows.setter
    def rows(self, rows: Iterable[tuple[int, str]]) -> None:
        self._rows = tuple(rows)
        self.choices = [("", self.empty_label), *self._rows]


class UnitChoiceField(RowChoiceField):
    """A unit of the actor's agency."""


class PersonChoiceField(RowChoiceField):
    """A person of the actor's agency."""


class LongTextField(forms.CharField):
    """Several lines of official wording: line breaks kept, other white space folded."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": str(rows)}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
