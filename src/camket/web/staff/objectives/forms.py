"""Forms of figures: which fields there are depends on what the indicator measures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.core.plan import Grade, Period
from camket.core.targets import Change, Measure
from camket.documents.operations import NewEvidence
from camket.indicators.operations import NewReading
from camket.indicators.queries import IndicatorRow
from camket.objectives.verdicts import TargetVerdict
from camket.web.forms.fields import DateField, DecimalField, IntegerField, LongTextField
from camket.web.staff.objectives import periods

GRADES = (
    (Grade.EXCELLENT.value, _("Excellent")),
    (Grade.GOOD.value, _("Good")),
    (Grade.FAIR.value, _("Fair")),
    (Grade.AVERAGE.value, _("Average")),
    (Grade.WEAK.value, _("Weak")),
)
KINDS = {
    "year": _("Year"),
    "nine_months": _("Nine months"),
    "half_year": _("Half-years"),
    "quarter": _("Quarters"),
    "month": _("Months"),
}


class ReadingForm(forms.Form):
    """A figure for one period, with its source and evidence."""

    period = forms.ChoiceField(label=_("Period"))
    start = DateField(label=_("From"), required=False)
    end = DateField(label=_("To"), required=False)
    numerator = DecimalField(label=_("Part"), required=False, smallest=0)
    denominator = DecimalField(label=_("Whole"), required=False, smallest=0)
    value = DecimalField(label=_("Figure"), required=False, max_digits=21, decimal_places=6)
    grade = forms.ChoiceField(label=_("Grade"), choices=GRADES, widget=forms.RadioSelect, required=False)
    rank = IntegerField(label=_("Rank"), required=False, smallest=1)
    rank_of = IntegerField(label=_("Of how many"), required=False, smallest=1)
    is_reached = forms.ChoiceField(
        label=_("Is it reached?"),
        choices=(("yes", _("Yes, it is reached")), ("no", _("No, not yet"))),
        widget=forms.RadioSelect,
        required=False,
    )
    nothing_arose = forms.BooleanField(
        label=_("Nothing arose in this period"), required=False,
        help_text=_("Not a single case: then nothing is judged, neither 0 % nor 100 %. Say why in the note."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where does the figure come from?"), max_length=500,
        help_text=_("For example: the one-stop software, the tracking book, a report with its number."),
    )  # fmt: skip
    note = LongTextField(label=_("Note"), required=False, rows=2)
    evidence_file = forms.FileField(label=_("File"), required=False)
    evidence_link = forms.CharField(label=_("Link"), max_length=1000, required=False)
    evidence_number = forms.CharField(
        label=_("Number of an official document"), max_length=100, required=False
    )
    evidence_date = DateField(label=_("Date of that document"), required=False)

    FIGURES = {
        Measure.RATIO: ("numerator", "denominator"),
        Measure.VALUE: ("value",),
        Measure.GRADE: ("grade",),
        Measure.RANK: ("rank", "rank_of"),
        Measure.STATE: ("is_reached",),
    }

    def __init__(
        self,
        *args: Any,
        indicator: IndicatorRow,
        plan_period: Period,
        today: date,
        taken: Sequence[Period] = (),
        is_ceiling: bool = False,
        **kwargs: Any,
    ) -> None:
        """``is_ceiling``: the target bounds a share from above, so its part counts what should be few."""
        super().__init__(*args, **kwargs)
        wanted = self.FIGURES[indicator.measure]
        for name in {each for group in self.FIGURES.values() for each in group} - set(wanted):
            del self.fields[name]
        self.indicator = indicator
        self.figure_names = wanted
        self._label(indicator, is_ceiling=is_ceiling)
        choices: list[Any] = []
        for kind, found in periods.ended(plan_period, today):
            open_ones = [(periods.code(each), periods.named(each)) for each in found if each not in taken]
            if open_ones:
                choices.append((KINDS[kind], open_ones))
        to_date = Period(plan_period.start, min(today, plan_period.end))
        if to_date.start <= to_date.end:
            choices.append((_("Other"), [(periods.code(to_date), periods.named(to_date))]))
        choices.append((periods.OTHER, _("Other days (write them below)")))
        self.fields["period"].choices = choices  # type: ignore[attr-defined]

    def _label(self, indicator: IndicatorRow, *, is_ceiling: bool) -> None:
        if "numerator" in self.fields:
            counted = (
                _("Number that should be few, such as late dossiers (part)")
                if is_ceiling
                else _("Number that meets the target (part)")
            )
            self.fields["numerator"].label = indicator.numerator_label or counted
            self.fields["denominator"].label = indicator.denominator_label or _("Number in all (whole)")
        if "value" in self.fields and indicator.unit:
            self.fields["value"].label = _("Figure (%(unit)s)") % {"unit": indicator.unit}

    @property
    def figure_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.figure_names]

    @property
    def evidence_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("evidence_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("period") == periods.OTHER:
            for name in ("start", "end"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Write the day."))
        return data

    def new_reading(self) -> NewReading:
        """Return the figure that was typed; call after ``is_valid``."""
        data = self.cleaned_data
        period = periods.from_code(data["period"]) or Period(data["start"], data["end"])
        reached = data.get("is_reached")
        is_nothing = data["nothing_arose"]
        return NewReading(
            period=period,
            source=data["source"],
            numerator=data.get("numerator"),
            denominator=data.get("denominator"),
            value=data.get("value"),
            grade=Grade(data["grade"]) if data.get("grade") else None,
            rank=data.get("rank"),
            rank_of=data.get("rank_of"),
            is_reached=None if not reached else reached == "yes",
            nothing_arose=is_nothing,
            note=data["note"],
            evidence=tuple(self._evidence()),
        )

    def _evidence(self) -> list[NewEvidence]:
        data = self.cleaned_data
        found: list[NewEvidence] = []
        if file := data.get("evidence_file"):
            found.append(
                NewEvidence("file", data=file.read(), name=file.name, content_type=file.content_type or "")
            )
        if link := data.get("evidence_link"):
            found.append(NewEvidence("link", url=link))
        if number := data.get("evidence_number"):
            found.append(
                NewEvidence("document", document_number=number, document_date=data.get("evidence_date"))
            )
        return found


class WithdrawForm(forms.Form):
    """Why a figure is withdrawn."""

    reason = LongTextField(label=_("Why is the figure withdrawn?"), rows=3)


class MeasurementForm(forms.Form):
    """How a target is measured; the commitment itself is not changed here."""

    method = LongTextField(label=_("How it is measured"), required=False, rows=3)
    adds_up = forms.ChoiceField(
        label=_("Figures of several periods"),
        choices=(
            ("yes", _("add up: each period brings new cases or amounts")),
            ("no", _("do not add up: the newest figure says how things stand")),
        ),
        widget=forms.RadioSelect,
    )
    numerator_label = forms.CharField(label=_("What the part counts"), max_length=255, required=False)
    denominator_label = forms.CharField(label=_("What the whole counts"), max_length=255, required=False)
    expected_volume = DecimalField(
        label=_("Cases expected in the whole period"), required=False, smallest=0,
        help_text=_("For example the number of dossiers of last year. Left empty, it is estimated from the pace so far."),
    )  # fmt: skip
    baseline_value = DecimalField(
        label=_("Result of the year compared with"), required=False, max_digits=21, decimal_places=6
    )
    change = forms.ChoiceField(
        label=_("A change in per cent means"),
        choices=(
            (Change.POINTS.value, _("percentage points: from 90 % by 1 % is 91 %")),
            (Change.RELATIVE.value, _("per cent of last year's result: from 90 by 1 % is 90.9")),
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, row: TargetVerdict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = row.indicator.measure if row.indicator else None
        is_share = measure is Measure.RATIO
        if measure not in (Measure.RATIO, Measure.VALUE):
            del self.fields["adds_up"]
        if not is_share:
            for name in ("numerator_label", "denominator_label", "expected_volume"):
                del self.fields[name]
        if row.target.kind not in ("increase_by", "decrease_by"):
            for name in ("baseline_value", "change"):
                del self.fields[name]
        elif row.target.baseline_year:
            self.fields["baseline_value"].label = _("Result of %(year)s") % {"year": row.target.baseline_year}

    @staticmethod
    def initial_of(row: TargetVerdict) -> dict[str, Any]:
        indicator = row.indicator
        return {
            "method": indicator.method if indicator else "",
            "adds_up": "yes" if indicator and indicator.adds_up else "no",
            "numerator_label": indicator.numerator_label if indicator else "",
            "denominator_label": indicator.denominator_label if indicator else "",
            "expected_volume": row.expected_volume,
            "baseline_value": row.baseline,
            "change": row.change.value,
        }
