from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.core.dossiers import LEVEL_NAMES, LimitUnit, OnlineLevel, TimeLimit
from camket.core.messages import Message
from camket.core.procedure_list import levels_on
from camket.dossiers.operations.catalogue import NewEdition
from camket.web import vietnamese
from camket.web.forms.fields import DateField, DecimalField, LongTextField, UnitChoiceField
from camket.web.request import say

LIMIT_UNITS = [
    (LimitUnit.WORKING_DAYS.value, _("working days")),
    (LimitUnit.DAYS.value, _("days")),
    (LimitUnit.HOURS.value, _("working hours")),
    (LimitUnit.SAME_DAY.value, _("within the day")),
    (LimitUnit.NONE.value, _("no time limit stated")),
]
_COUNTED = (LimitUnit.WORKING_DAYS.value, LimitUnit.DAYS.value, LimitUnit.HOURS.value)


class FilterForm(forms.Form):
    """Which procedures to show."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)
    field = forms.TypedChoiceField(label=_("Field"), required=False, coerce=int, empty_value=None)
    level = forms.TypedChoiceField(label=_("Online level"), required=False, coerce=int, empty_value=None)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Whole catalogue")),
            ("posted", _("Posted")),
            ("not_posted", _("Not posted")),
            ("without_limit", _("Without a time limit")),
            ("unlisted", _("Not in the catalogue")),
            ("ended", _("No longer in force")),
        ],
    )

    def __init__(self, *args: Any, fields: tuple[tuple[int, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", _("All fields")), *fields]  # type: ignore[attr-defined]
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("", _("All levels")),
            *((level.value, say(Message(name))) for level, name in LEVEL_NAMES.items()),
        ]


class EditionForm(forms.Form):
    """What holds of a procedure from a day on."""

    name = LongTextField(label=_("Name of the procedure"), rows=2, max_length=2000)
    field = forms.CharField(
        label=_("Field"),
        max_length=255,
        widget=forms.TextInput({"list": "procedure-fields", "autocomplete": "off"}),
        help_text=_("As the catalogue has it: Hộ tịch, Đất đai, Chứng thực."),
    )
    unit = UnitChoiceField(label=_("Unit in charge"), required=False)
    limit_amount = DecimalField(
        label=_("Time limit"),
        required=False,
        smallest=0,
        largest=99_999,
        decimal_places=2,
        help_text=_("Half a working day is written 0,5."),
    )
    limit_unit = forms.ChoiceField(label=_("Counted in"), choices=LIMIT_UNITS)
    level = forms.TypedChoiceField(label=_("Online level"), coerce=int)
    partial_reason = LongTextField(
        label=_("Why only partly online"),
        required=False,
        max_length=2000,
        help_text=_("Asked for from 01/7/2026 on (Nghị định 224/2026/NĐ-CP, Điều 14)."),
    )
    decision = forms.CharField(
        label=_("Deciding text"),
        max_length=255,
        required=False,
        help_text=_("For example 123/QĐ-UBND of 05/01/2026."),
    )
    valid_from = DateField(
        label=_("Holds from"),
        help_text=_("Dossiers received from this day on have this time limit; earlier ones keep theirs."),
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].rows = units  # type: ignore[attr-defined]
        offered = levels_on(self._typed_day() or day)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (level.value, say(Message(LEVEL_NAMES[level])))
            for level in OnlineLevel
            if level in offered or str(level.value) == str(self.data.get("level", ""))
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for an amount where the limit is counted; drop one where it is not."""
        data = super().clean() or {}
        if data.get("limit_unit") in _COUNTED:
            if "limit_amount" in data and not data["limit_amount"]:
                self.add_error("limit_amount", _("Write how many hours or days the time limit has."))
        else:
            data["limit_amount"] = None
        return data

    def edition(self) -> NewEdition:
        """Return what was typed."""
        data = self.cleaned_data
        return NewEdition(
            name=data["name"],
            field=data["field"],
            unit_id=data["unit"],
            limit=TimeLimit(LimitUnit(data["limit_unit"]), data["limit_amount"]),
            level=OnlineLevel(data["level"]),
            partial_reason=data["partial_reason"],
            decision=data["decision"],
            valid_from=data["valid_from"],
        )

    def _typed_day(self) -> date | None:
        try:
            return vietnamese.parse_day(str(self.data.get("valid_from", "")))
        except vietnamese.NotADay:
            return None


class NewProcedureForm(EditionForm):
    """A procedure with its code."""

    code = forms.CharField(
        label=_("Code of the procedure"),
        max_length=60,
        required=False,
        help_text=_(
            "From the national database, for example 1.004873. Leave it empty if you do not know it."
        ),
    )


class EndForm(forms.Form):
    """The last day of a procedure."""

    last_day = DateField(label=_("Last day in force"))
    decision = forms.CharField(label=_("Deciding text"), max_length=255, required=False)


class PostingForm(forms.Form):
    """Where and since when procedures are posted."""

    place = forms.CharField(
        label=_("Posted at"),
        max_length=255,
        widget=forms.TextInput({"list": "procedure-places", "autocomplete": "off"}),
        help_text=_("Board at the one-stop shop, screen, website of the commune."),
    )
    posted_on = DateField(label=_("Since"))
    address = forms.URLField(label=_("Link"), max_length=1000, required=False, assume_scheme="https")


class TakeDownForm(forms.Form):
    """The day on which a posting was taken down."""

    removed_on = DateField(label=_("Taken down on"))


class ListForm(forms.Form):
    """The spreadsheet with the catalogue, and from when it holds."""

    file = forms.FileField(
        label=_("Spreadsheet with the catalogue"),
        help_text=_("Excel (.xlsx, .xls), OpenDocument (.ods) or CSV, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )
    valid_from = DateField(
        label=_("Holds from"),
        help_text=_(
            "For rows that name no day of their own. Dossiers received from this day on are timed by the list."
        ),
    )
    decision = forms.CharField(
        label=_("Deciding text"),
        max_length=255,
        required=False,
        help_text=_("The decision that announced the list, for example 123/QĐ-UBND of 05/01/2026."),
    )
