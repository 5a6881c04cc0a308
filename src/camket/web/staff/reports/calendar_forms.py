"""Forms of the calendar of reports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.core.plan import Period
from camket.core.report_calendar import DueBy, OnDayOff, Pace, Rules
from camket.reporting.calendar import DUE_BY, ON_DAY_OFF, PACES, SUBJECTS, Line
from camket.web.forms.fields import DateField, DayMonthField

EACH_UNIT = _("each unit with targets")


class VersionForm(forms.Form):
    """From when a version of the calendar holds, and on whose word."""

    valid_from = DateField(
        label=_("Holds for reports due from"),
        help_text=_("Reports that were due before this day are not asked for."),
    )
    source = forms.CharField(
        label=_("Decision that sets it"),
        max_length=300,
        required=False,
        help_text=_("As written, for example Kế hoạch số 12/KH-UBND ngày 05/01/2026."),
    )


class ProposalForm(VersionForm):
    """Which of the proposed lines the calendar begins with."""

    chosen = forms.MultipleChoiceField(
        label=_("Reports"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one report.")},
    )

    def __init__(self, *args: object, proposals: Iterable[tuple[Line, bool]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.known = {line.key: line for line, _is_proposed in proposals}
        field = self.fields["chosen"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        paces = dict(PACES)
        field.choices = [
            (key, f"{line.title} · {paces[line.rules.pace.value]}{_of_units(line)}")
            for key, line in self.known.items()
        ]

    def lines(self) -> list[Line]:
        """Return the lines of a valid form."""
        return [line for key, line in self.known.items() if key in self.cleaned_data["chosen"]]


def _of_units(line: Line) -> str:
    return f" · {EACH_UNIT}" if line.is_of_units else ""


class LineForm(forms.Form):
    """One line of the calendar."""

    title = forms.CharField(label=_("Report"), max_length=200)
    subject = forms.ChoiceField(label=_("About"), choices=SUBJECTS)
    pace = forms.ChoiceField(label=_("How often"), choices=PACES)
    which = forms.CharField(
        label=_("Which periods of the year"),
        required=False,
        max_length=40,
        help_text=_("Their numbers, for example 1, 3 for quarters I and III. Empty: all."),
    )
    year_starts = DayMonthField(
        label=_("The year begins on"),
        required=False,
        help_text=_("1/1, or 15/12 where the year runs from 15/12 of the year before to 14/12."),
    )
    due_by = forms.ChoiceField(label=_("The due day is"), choices=DUE_BY)
    due_days = forms.IntegerField(
        label=_("How many days"),
        required=False,
        min_value=-366,
        max_value=366,
        help_text=_("Counted from the first or last day of the period; a minus sign: before it."),
    )
    due_day = DayMonthField(label=_("Day of the year"), required=False)
    on_day_off = forms.ChoiceField(label=_("Where it is a day off"), choices=ON_DAY_OFF)
    cut_off_days = forms.IntegerField(
        label=_("Figures are cut off so many days before the due day"),
        required=False,
        min_value=0,
        max_value=366,
        help_text=_("Empty: at the end of the period."),
    )
    units_days = forms.IntegerField(
        label=_("Units send their parts so many days before the due day"),
        required=False,
        min_value=0,
        max_value=120,
        help_text=_("Empty: units are not asked."),
    )
    once_start = DateField(label=_("First day"), required=False)
    once_end = DateField(label=_("Last day"), required=False)
    once_due = DateField(label=_("Due on"), required=False)
    unit = forms.ChoiceField(label=_("Made by"), required=False)
    is_of_units = forms.BooleanField(
        label=_("Each unit with targets makes one of its own"),
        required=False,
        help_text=_(
            "On the quality objectives only. The head of each unit is reminded of it; units without targets owe none."
        ),
    )
    sender = forms.CharField(
        label=_("Body that gives it"),
        max_length=200,
        required=False,
        help_text=_("Where it is not a unit of the agency."),
    )
    addressee = forms.CharField(label=_("To whom"), max_length=300, required=False)
    source = forms.CharField(label=_("Law or decision that asks for it"), max_length=300, required=False)

    def __init__(self, *args: object, units: Iterable[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("The ISO secretary")), *((str(pk), name) for pk, name in units)]

    @staticmethod
    def initial_of(line: Line) -> dict[str, Any]:
        """Return what a form on a line begins with."""
        rules = line.rules
        return {
            "title": line.title,
            "subject": line.subject,
            "pace": rules.pace.value,
            "which": ", ".join(str(each) for each in rules.which),
            "year_starts": rules.year_starts,
            "due_by": rules.due_by.value,
            "due_days": rules.due_days,
            "due_day": rules.due_day,
            "on_day_off": rules.on_day_off.value,
            "cut_off_days": rules.cut_off_days,
            "units_days": rules.units_days,
            "once_start": rules.once.start if rules.once else None,
            "once_end": rules.once.end if rules.once else None,
            "once_due": rules.once_due,
            "unit": str(line.unit_id or ""),
            "is_of_units": line.is_of_units,
            "sender": line.sender,
            "addressee": line.addressee,
            "source": line.source,
        }

    def clean_which(self) -> tuple[int, ...]:
        """Return the numbers of the periods."""
        text = self.cleaned_data["which"].strip()
        if not text:
            return ()
        if not re.fullmatch(r"\d{1,2}(\s*[,;]\s*\d{1,2})*", text):
            raise forms.ValidationError(_("Write numbers with commas between, for example 1, 3."))
        return tuple(sorted({int(each) for each in re.findall(r"\d+", text)}))

    def line(self) -> Line:
        """Return the line of a valid form."""
        data = self.cleaned_data
        once = None
        if data["once_start"] and data["once_end"]:
            once = Period(data["once_start"], data["once_end"])
        return Line(
            title=data["title"],
            subject=data["subject"],
            rules=Rules(
                pace=Pace(data["pace"]),
                year_starts=data["year_starts"] or "01-01",
                which=data["which"],
                due_by=DueBy(data["due_by"]),
                due_days=data["due_days"] or 0,
                due_day=data["due_day"],
                on_day_off=OnDayOff(data["on_day_off"]),
                cut_off_days=data["cut_off_days"],
                units_days=data["units_days"],
                once=once,
                once_due=data["once_due"],
            ),
            addressee=data["addressee"],
            source=data["source"],
            sender=data["sender"],
            unit_id=int(data["unit"]) if data["unit"] else None,
            is_of_units=data["is_of_units"],
        )


class SentForm(forms.Form):
    """A report that was made outside: when it was sent, its number, how it was made."""

    sent_on = DateField(label=_("Sent on"))
    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        required=False,
        help_text=_("As on the paper, where it has one."),
    )
    note = forms.CharField(
        label=_("How it was made"),
        max_length=300,
        required=False,
        help_text=_("For example on paper, or in the province's reporting software."),
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["sent_on"]
        assert isinstance(field, DateField)  # noqa: S101 - declared above
        field.latest, field.going_back_from, field.initial = today, today, today


class ReopenForm(forms.Form):
    """Why a report that was noted as sent is owed again."""

    reason = forms.CharField(label=_("Why it is owed again"), max_length=300)
