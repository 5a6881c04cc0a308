"""What people choose and type on the pages of dossiers and letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.core.dossiers import CHANNEL_NAMES, STATE_NAMES, Channel, OnlineLevel, State
from camket.core.form_06a import Waiting
from camket.core.plan import Period
from camket.dossiers.queries.dossiers import Choices, DossierFilter
from camket.indicators.sources.dossiers import DOSSIERS
from camket.web.forms.fields import DateField, DateInput, IntegerField
from camket.web.forms.signing import SigningForm

OFFERED = (
    "received",
    "received_online",
    "received_direct",
    "received_postal",
    "finished",
    "early",
    "on_time",
    "late",
    "withdrawn",
    "fell_overdue",
    "reappointed",
    "open",
    "overdue",
    "waiting",
)
"""Counts that a list offers; an address may name any other."""


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""Days between which dossiers lie: an import takes no others."""


def _label(count: str) -> str:
    text = str(_(DOSSIERS.counts[count].label))
    return text[:1].upper() + text[1:]


class PeriodForm(forms.Form):
    """From which day to which; this year where nothing is said."""

    tu = DateField(label=_("From"), required=False, earliest=FIRST_DAY, latest=LAST_DAY)
    den = DateField(label=_("To"), required=False, earliest=FIRST_DAY, latest=LAST_DAY)

    def __init__(self, data: Any, *args: Any, today: date, **kwargs: Any) -> None:
        self.default = Period(today.replace(month=1, day=1), today)
        if data:
            data = data.copy()
            data.setdefault("tu", DateInput().format_value(self.default.start))
            data.setdefault("den", DateInput().format_value(self.default.end))
        super().__init__(data or None, *args, **kwargs)
        self.fields["tu"].initial, self.fields["den"].initial = self.default.start, self.default.end

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("tu"), data.get("den")
        if start and end and start > end:
            self.add_error("den", _("The last day lies before the first."))
        return data

    def period(self) -> Period:
        """Return the period asked for; the default where it is not said or cannot be."""
        if not self.is_bound or not self.is_valid():
            return self.default
        data = self.cleaned_data
        start = data.get("tu") or (
            data["den"].replace(month=1, day=1) if data.get("den") else self.default.start
        )
        return Period(start, max(data.get("den") or self.default.end, start))


class DossierFilterForm(PeriodForm):
    """Which dossiers a list shows. ``linh_vuc``, ``thu_tuc``, ``don_vi`` are ids, or words of a formula's filter."""

    ma = forms.CharField(
        label=_("Code or its end"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    dem = forms.ChoiceField(label=_("Which dossiers"), required=False)
    linh_vuc = forms.CharField(label=_("Field"), required=False, widget=forms.Select)
    thu_tuc = forms.CharField(label=_("Procedure"), required=False, widget=forms.Select)
    don_vi = forms.CharField(label=_("Unit in charge"), required=False, widget=forms.Select)
    kenh = forms.CharField(label=_("Channel"), required=False, widget=forms.Select)
    trang_thai = forms.TypedChoiceField(label=_("State"), required=False, coerce=int, empty_value=None)
    muc = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *args: Any, choices: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(data, *args, today=today, **kwargs)
        every = [("", _("All"))]
        asked = str(self.data.get("dem") or "received")
        offered = [*OFFERED, *([asked] if asked in DOSSIERS.counts and asked not in OFFERED else [])]
        self.fields["dem"].choices = [(count, _label(count)) for count in offered]  # type: ignore[attr-defined]
        self.fields["dem"].initial = "received"
        self._offer("linh_vuc", [*every, *choices.fields])
        self._offer("thu_tuc", [*every, *choices.procedures])
        self._offer("don_vi", [*every, *choices.units])
        self._offer("kenh", [*every, *((each.name.lower(), _(CHANNEL_NAMES[each])) for each in Channel)])
        self.fields["trang_thai"].choices = [  # type: ignore[attr-defined]
            *every,
            *((each.value, _(STATE_NAMES[each])) for each in State),
        ]

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        asked = str(self.data.get(name) or "")
        if asked and asked not in {str(key) for key, _name in choices}:
            choices = [*choices, (asked, asked)]
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - declared above
        widget.choices = choices

    def clean_kenh(self) -> str:
        """Refuse a channel that is none."""
        value = str(self.cleaned_data["kenh"]).lower()
        if value and value.upper() not in Channel.__members__:
            raise forms.ValidationError(_("Choose one of the channels listed."))
        return value

    def clean_muc(self) -> str:
        """Take only levels that there are."""
        value = str(self.cleaned_data["muc"]).lower()
        return value if value.upper() in OnlineLevel.__members__ else ""

    def filter(self) -> DossierFilter:
        """Return what is asked for; everything of the default where the form is refused."""
        if self.is_bound and not self.is_valid():
            return DossierFilter(period=self.default)
        data: Mapping[str, Any] = self.cleaned_data if self.is_bound else {}
        words: dict[str, tuple[str, ...]] = {}
        ids: dict[str, int | None] = {"field": None, "procedure": None, "unit": None}
        for name, dimension in (("linh_vuc", "field"), ("thu_tuc", "procedure"), ("don_vi", "unit")):
            value = str(data.get(name) or "").strip()
            if value.isdecimal() and len(value) < 10:
                ids[dimension] = int(value)
            elif value:
                words[dimension] = (value,)
        if data.get("kenh"):
            words["channel"] = (data["kenh"],)
        if data.get("muc"):
            words["level"] = (data["muc"],)
        return DossierFilter(
            count=data.get("dem") or "received",
            period=self.period(),
            filters=words,
            state=data.get("trang_thai"),
            code=str(data.get("ma") or "").strip(),
            field_id=ids["field"],
            procedure_id=ids["procedure"],
            unit_id=ids["unit"],
        )


class WorkForm(forms.Form):
    """Whose work is listed, how far ahead, and how long a wait is long."""

    don_vi = forms.TypedChoiceField(label=_("Unit in charge"), required=False, coerce=int, empty_value=None)
    toi = IntegerField(label=_("Due within (working days)"), required=False, smallest=1, largest=30)
    cho = IntegerField(label=_("Waiting longer than (days)"), required=False, smallest=1, largest=365)

    def __init__(self, data: Any, *args: Any, choices: Choices, soon: int, waits: int, **kwargs: Any) -> None:
        super().__init__(data or None, *args, **kwargs)
        self.fields["don_vi"].choices = [("", _("All")), *choices.units]  # type: ignore[attr-defined]
        self.fields["toi"].initial, self.fields["cho"].initial = soon, waits
        self.soon, self.waits = soon, waits

    def asked(self) -> dict[str, int | None]:
        """Return what the list takes, the usual where it is not said or refused."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return {
            "unit_id": data.get("don_vi"),
            "soon_within": data.get("toi") or self.soon,
            "waits_long": data.get("cho") or self.waits,
        }


class _Reason(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Why the result is late"),
            max_length=1000,
            widget=forms.Textarea({"rows": "3"}),
            help_text=_("The applicant reads this in the letter. Name no other person."),
        )


class DraftForm(forms.Form):
    """A letter for one or many dossiers."""

    kind = forms.ChoiceField(
        label=_("Letter"),
        choices=[
            ("apology", _("Apology and new date (Mẫu 04)")),
            ("explanation", _("Explanation, where the cause lies outside the agency")),
        ],
        widget=forms.RadioSelect,
        initial="apology",
    )
    reason = _Reason()
    due_new = DateField(
        label=_("New date"),
        required=False,
        help_text=_("For an apology on a dossier that is open. A dossier is given a new date once at most."),
    )


class EditForm(forms.Form):
    """A draft's reason and new date."""

    reason = _Reason()
    due_new = DateField(
        label=_("New date"), required=False, help_text=_("Empty where the letter promises no new date.")
    )


class IssueForm(SigningForm):
    """Day and signer, as on the signed paper."""

    first_number = IntegerField(
        label=_("First number"),
        required=False,
        smallest=1,
        largest=99_999,
        help_text=_(
            "Only where letters of this year were numbered on paper before: the number that follows them."
        ),
    )

    def __init__(self, *args: Any, has_numbers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_numbers:
            del self.fields["first_number"]


class WithdrawForm(forms.Form):
    """Why a letter is withdrawn, and whether the date that it promised goes too."""

    reason = forms.CharField(
        label=_("Why the letter is withdrawn"),
        max_length=1000,
        widget=forms.Textarea({"rows": "3"}),
        help_text=_(
            "Kept in the register and in the journal; the applicant does not read it. Name no applicant."
        ),
    )
    date = forms.ChoiceField(
        label=_("The new date that it promised"), choices=[], widget=forms.RadioSelect, initial="stands"
    )

    def __init__(self, *args: Any, promised: str, first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["date"]
        if not promised:
            del self.fields["date"]
        elif isinstance(choice, forms.ChoiceField):
            choice.choices = [
                ("stands", _("stays, as it was promised to the applicant: %(day)s") % {"day": promised}),
                ("goes", _("goes too; the dossier is due when it was first: %(day)s") % {"day": first}),
            ]

    @property
    def takes_date_back(self) -> bool:
        """Return whether the promised date goes."""
        return self.cleaned_data.get("date") == "goes"


class Form06aForm(PeriodForm):
    """Which period of Biểu II.06a, grouped how, and how waiting dossiers are counted."""

    nhom = forms.ChoiceField(
        label=_("Lines"),
        required=False,
        choices=[("", _("By field")), ("don-vi", _("By unit and field"))],
    )
    cho = forms.ChoiceField(
        label=_("Dossiers waiting for supplements"),
        required=False,
        choices=[
            (Waiting.SETTLED.value, _("Column 9, on time")),
            (Waiting.OPEN.value, _("Column 12, in time")),
        ],
    )

    def waiting(self) -> Waiting:
        """Return how waiting dossiers are counted."""
        asked = self.cleaned_data.get("cho") if self.is_bound and self.is_valid() else ""
        return Waiting(asked) if asked else Waiting.SETTLED

    def by_unit(self) -> bool:
        """Return whether lines are grouped by unit."""
        return bool(self.is_bound and self.is_valid() and self.cleaned_data.get("nhom"))
