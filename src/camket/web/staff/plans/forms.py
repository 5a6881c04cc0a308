"""What a person types on the plan pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.plan import Grade, Period, TargetKind
from camket.core.wording.text import search_key
from camket.objectives.details import (
    ActionDetail,
    BodyChoices,
    NamedBody,
    ObjectiveDetail,
    PlanDetail,
    TargetDetail,
)
from camket.web.forms.fields import DateField, DecimalField
from camket.web.staff.plans.page import STATE_CHOICES

FIRST_YEAR, LAST_YEAR = 2000, 2100

Choices = list[tuple[str, Any]]


def text_area(rows: int = 2, **attrs: str) -> forms.Textarea:
    """Return a text box of so many rows that grows with what is typed."""
    return forms.Textarea(attrs={"rows": rows, "data-camket-grow": "", **attrs})


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


class LinesField(forms.CharField):
    """Several texts, one a line; blank lines are left out."""

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=text_area(rows), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else "\n".join(value)

    def to_python(self, value: Any) -> Any:
        ProhibitNullCharactersValidator()(
            value or ""
        )  # validators of the field see the lines, not their characters
        return tuple(line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip())

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))
        except forms.ValidationError:
            return True


class YearField(forms.IntegerField):
    """A plan's year."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Year"))
        super().__init__(
            min_value=FIRST_YEAR,
            max_value=LAST_YEAR,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "autocomplete": "off"}),
            **kwargs,
        )


class EditForm(forms.Form):
    """A form that changes a row: it remembers which revision of the row was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    DETAILS: tuple[str, ...] = ()

    conflicts: Sequence[tuple[str, str]] = ()
    """What somebody else saved in the fields that this person changed too: label and text."""

    @property
    def opens_details(self) -> bool:
        """Whether the fields that are folded away have something to show: an error or a value."""
        return any(name in self.errors or self[name].value() for name in self.DETAILS)

    KEPT: tuple[str, ...] = ()
    """Fields that stay as they are where nothing is typed."""

    def changes(self, *names: str) -> dict[str, Any]:
        """Return the typed values of those fields (all, when none is named) that the person changed."""
        wanted = set(names or self.fields) - {"revision"}
        wanted -= {name for name in self.KEPT if not self.cleaned_data.get(name)}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in wanted}

    def stand_anew(self) -> None:
        """Show what stands in the row now, and let the next sending of what was typed win over it."""
        now = {
            name: field.prepare_value(self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
        }
        self.data = {**self.data.dict(), "revision": str(now["revision"])}  # type: ignore[attr-defined]
        self.conflicts = [
            (str(self[name].label), str(now[name] or "—")) for name in self.changed_data if name != "revision"
        ]


class ImportForm(forms.Form):
    """The decision's file."""

    file = forms.FileField(
        label=_("The decision's file"),
        help_text=_("Word (.docx), PDF, OpenDocument (.odt) or plain text, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.odt,.txt"}),
    )
    year = YearField(
        required=False,
        label=_("Year of the plan"),
        help_text=_(
            "Leave it blank: the year is read from the decision. Fill it in only where the decision does not state it."
        ),
    )


class CreateForm(forms.Form):
    """A new plan, from nothing or from an earlier one."""

    year = YearField()
    copy_from = forms.ChoiceField(
        label=_("Begin with"),
        required=False,
        help_text=_(
            "A copy moves the years in the texts, dates and baselines on; number and date stay blank."
        ),
    )

    def __init__(self, *args: Any, plans: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "copy_from").choices = [("", _("A blank plan")), *plans]


class HeadForm(EditForm):
    """The decision's own particulars, the plan's period, reporting and the statements that hold for the whole plan."""

    title = forms.CharField(label=_("About (trích yếu)"), widget=text_area(2), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of document"),
        choices=[("QĐ", _("Decision (QĐ)")), ("KH", _("Plan (KH)")), ("TB", _("Notice (TB)"))],
    )
    number = forms.CharField(
        label=_("Document number"),
        max_length=60,
        required=False,
        help_text=_("For instance 05/QĐ-UBND. It is given after signature."),
    )
    decided_on = DateField(label=_("Date of the decision"), required=False)
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    authority = forms.CharField(
        label=_("Signing authority"),
        max_length=150,
        required=False,
        help_text=_("For instance TM. ỦY BAN NHÂN DÂN"),
    )
    capacity = forms.CharField(label=_("Capacity of the signer"), max_length=150, required=False)
    signed_by = forms.CharField(label=_("Signed by"), max_length=150, required=False)
    year = YearField()
    period_start = DateField(label=_("Period from"))
    period_end = DateField(label=_("to"))
    reporting = forms.CharField(
        label=_("When results are reported"),
        widget=text_area(2),
        required=False,
        help_text=_("In the words of the decision, for instance: định kỳ 6 tháng và một năm."),
    )
    resources = forms.CharField(
        label=_("Resources for the whole plan"),
        widget=text_area(2),
        required=False,
        help_text=_("Holds for every action that names none of its own (ISO 9001:2015, 6.2.2 b)."),
    )
    evaluation = forms.CharField(
        label=_("How results are evaluated, for the whole plan"),
        widget=text_area(2),
        required=False,
        help_text=_("Holds for every action that names none of its own (ISO 9001:2015, 6.2.2 e)."),
    )

    @staticmethod
    def of(plan: PlanDetail) -> dict[str, Any]:
        """Return what the form shows at first."""
        names = (
            "title",
            "number",
            "decided_on",
            "place",
            "authority",
            "capacity",
            "signed_by",
            "year",
            "resources",
            "evaluation",
            "revision",
        )
        return {
            **{name: getattr(plan, name) for name in names},
            "kind": plan.kind or "QĐ",
            "period_start": plan.period.start,
            "period_end": plan.period.end,
            "reporting": plan.reporting_text,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("period_start"), data.get("period_end")
        if start and end and end <= start:
            self.add_error("period_end", _("The period must end after it begins."))
        return data

    def head_changes(self) -> dict[str, Any]:
        """Return the changed values as the operation takes them."""
        values = self.changes()
        if values.keys() & {"period_start", "period_end"}:
            values["period"] = Period(self.cleaned_data["period_start"], self.cleaned_data["period_end"])
        return {name: value for name, value in values.items() if name not in {"period_start", "period_end"}}


class PolicyForm(EditForm):
    """The quality policy (ISO 9001:2015, 5.2)."""

    motto = forms.CharField(label=_("Motto"), widget=text_area(2), required=False)
    commitments = LinesField(label=_("Commitments"), rows=6, help_text=_("One a line."))

    @staticmethod
    def of(plan: PlanDetail) -> dict[str, Any]:
        """Return what the form shows at first."""
        return {"motto": plan.motto, "commitments": tuple(plan.commitments), "revision": plan.revision}


class ObjectiveForm(EditForm):
    """An objective's own wording."""

    KEPT = ("number",)

    number = forms.CharField(label=_("No."), max_length=20, required=False)
    text = forms.CharField(label=_("Objective, in the words of the decision"), widget=text_area(3))
    method = forms.CharField(label=_("How it is measured"), widget=text_area(2), required=False)
    owner_id = forms.TypedChoiceField(
        label=_("Unit answerable"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "owner_id").choices = [("", "—"), *((str(pk), name) for pk, name in units)]

    @staticmethod
    def of(objective: ObjectiveDetail) -> dict[str, Any]:
        """Return what the form shows at first."""
        return {
            name: getattr(objective, name) for name in ("number", "text", "method", "owner_id", "revision")
        }


class ObjectiveAddForm(forms.Form):
    """A new objective; its targets are read from the wording."""

    text = forms.CharField(
        label=_("Objective, in the words of the decision"),
        widget=text_area(3),
        help_text=_("Targets in the wording are understood at once: “… đạt từ 95% trở lên”."),
    )
    method = forms.CharField(label=_("How it is measured"), widget=text_area(2), required=False)


class TwoTextsForm(forms.Form):
    """The two wordings that one is split into."""

    first = forms.CharField(label=_("Wording that stays"), widget=text_area(3))
    second = forms.CharField(label=_("Wording that becomes the next one"), widget=text_area(3))

    @staticmethod
    def of(text: str) -> dict[str, str]:
        """Return a proposal: divided at the first list mark, semicolon or full stop after which words follow."""
        found = re.search(r"(?<=[;.])\s+(?=\S)|\n+", text)
        if found is None:
            return {"first": text, "second": ""}
        return {"first": text[: found.start()].strip(), "second": text[found.end() :].strip()}


class ObjectiveSplitForm(TwoTextsForm):
    """An objective split in two, with the targets and actions that go to the new one."""

    target_ids = forms.TypedMultipleChoiceField(
        label=_("Targets that go to the new objective"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    action_ids = forms.TypedMultipleChoiceField(
        label=_("Actions that go to the new objective"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, objective: ObjectiveDetail) -> None:
        proposed = self.of(objective.text)
        second = search_key(proposed["second"])
        moving = [str(row.id) for row in objective.targets if search_key(row.text) in second]
        super().__init__(data, initial={**proposed, "target_ids": moving})
        _choice(self, "target_ids").choices = [(str(row.id), row.text) for row in objective.targets]
        _choice(self, "action_ids").choices = [
            (str(row.id), f"{row.number}. {row.text}") for row in objective.actions
        ]


class IntoForm(forms.Form):
    """Another row, that this one is joined to or moved under."""

    into_id = forms.TypedChoiceField(label=_("Join to"), coerce=int)

    def __init__(self, *args: Any, choices: Choices, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "into_id").choices = choices
        if label is not None:
            self.fields["into_id"].label = label


class PlaceForm(forms.Form):
    """A new place: the objective, and the place within it (counted from 0; the end, when left out)."""

    objective_id = forms.TypedChoiceField(
        label=_("Move to the objective"), coerce=int, required=False, empty_value=None
    )
    position = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, objectives: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "objective_id").choices = objectives


KINDS: Choices = [
    (TargetKind.AT_LEAST.value, _("At least (≥)")),
    (TargetKind.ABOVE.value, _("Above (>)")),
    (TargetKind.AT_MOST.value, _("At most (≤)")),
    (TargetKind.BELOW.value, _("Below (<)")),
    (TargetKind.BETWEEN.value, _("Between two values")),
    (TargetKind.INCREASE_BY.value, _("Increase by, against an earlier year")),
    (TargetKind.DECREASE_BY.value, _("Decrease by, against an earlier year")),
    (TargetKind.COUNT_OF.value, _("So many items out of so many")),
    (TargetKind.GRADE_AT_LEAST.value, _("Grade at least")),
    (TargetKind.RANK_WITHIN.value, _("Rank within the first")),
    (TargetKind.ACHIEVED.value, _("Reached or kept, yes or no")),
]
GRADES: Choices = [
    ("", "—"),
    (Grade.WEAK.value, _("Weak")),
    (Grade.AVERAGE.value, _("Average")),
    (Grade.FAIR.value, _("Fair")),
    (Grade.GOOD.value, _("Good")),
    (Grade.EXCELLENT.value, _("Excellent")),
]


class TargetAddForm(forms.Form):
    """A new target, in official words."""

    text = forms.CharField(
        label=_("Target, in official words"),
        widget=text_area(2),
        help_text=_("For instance: từ 95% trở lên; không quá 2%; 13/13 chỉ tiêu; đạt loại tốt trở lên."),
    )
    striving = forms.BooleanField(label=_("Only striven for (phấn đấu)"), required=False)


class TargetForm(EditForm):
    """A target's wording, and what is understood by it where the reading has to be set right by hand."""

    text = forms.CharField(label=_("Target, in official words"), widget=text_area(2))
    striving = forms.BooleanField(label=_("Only striven for (phấn đấu)"), required=False)
    kind = forms.ChoiceField(label=_("Is met when"), choices=KINDS)
    value = DecimalField(label=_("Value"), required=False)
    upper = DecimalField(label=_("Upper value, or out of how many"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=GRADES, required=False)
    unit = forms.CharField(label=_("Unit of measure"), max_length=100, required=False)
    baseline_year = YearField(label=_("Compared with the year"), required=False)
    baseline_value = DecimalField(label=_("Result of the year compared with"), required=False)
    change = forms.ChoiceField(
        label=_("A change in per cent means"),
        choices=[("points", _("Percentage points")), ("relative", _("Per cent of the earlier result"))],
        required=False,
    )
    expected_volume = DecimalField(
        label=_("Volume expected in the year"),
        required=False,
        help_text=_(
            "How many cases the share is counted over, for instance dossiers; it makes the allowance."
        ),
    )
    period_start = DateField(label=_("Only for the part of the year from"), required=False)
    period_end = DateField(label=_("to"), required=False)

    UNDERSTOOD = ("kind", "value", "upper", "grade", "unit", "baseline_year")
    DETAILS = (*UNDERSTOOD, "baseline_value", "change", "expected_volume", "period_start", "period_end")

    @property
    def opens_details(self) -> bool:
        """Whether a field that is folded away was refused, or something by hand was set in one."""
        return any(name in self.errors or name in self.changed_data for name in self.DETAILS if self.is_bound)

    @staticmethod
    def of(target: TargetDetail) -> dict[str, Any]:
        """Return what the form shows at first."""
        names = (
            "text",
            "striving",
            "kind",
            "upper",
            "unit",
            "baseline_year",
            "baseline_value",
            "change",
            "expected_volume",
            "revision",
        )
        is_grade = isinstance(target.value, Grade)
        return {
            **{name: getattr(target, name) for name in names},
            "value": None if is_grade else target.value,
            "grade": target.value if is_grade else "",
            "period_start": target.period.start if target.period else None,
            "period_end": target.period.end if target.period else None,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.is_set_by_hand:
            return data
        kind = data.get("kind")
        if kind == TargetKind.GRADE_AT_LEAST and not data.get("grade"):
            self.add_error("grade", _("Choose the grade that must be reached."))
        needed = set() if kind in {TargetKind.GRADE_AT_LEAST, TargetKind.ACHIEVED} else {"value"}
        if kind in {TargetKind.BETWEEN, TargetKind.COUNT_OF}:
            needed.add("upper")
        for name in needed - set(self.errors):
            if data.get(name) is None:
                self.add_error(name, _("This kind of target needs this value."))
        return data

    def clean_period_end(self) -> date | None:
        start, end = self.cleaned_data.get("period_start"), self.cleaned_data.get("period_end")
        if bool(start) != bool(end):
            raise forms.ValidationError(_("Give both days of the period, or none."))
        if start and end and end < start:
            raise forms.ValidationError(_("The period must end after it begins."))
        return end

    @property
    def is_set_by_hand(self) -> bool:
        """Tell whether the person changed what is understood, beside the words or instead of them."""
        return any(name in self.changed_data for name in self.UNDERSTOOD)

    def target_changes(self) -> dict[str, Any]:
        """Return the changed values as the operation takes them."""
        values = self.changes("text", "striving", "change", "expected_volume", "baseline_value")
        if "change" in values and not values["change"]:
            del values["change"]
        if {"period_start", "period_end"} & set(self.changed_data):
            start, end = self.cleaned_data["period_start"], self.cleaned_data["period_end"]
            values["period"] = Period(start, end) if start else None
        if self.is_set_by_hand:
            data, kind = self.cleaned_data, TargetKind(self.cleaned_data["kind"])
            value: Decimal | Grade | None = data["value"]
            if kind is TargetKind.GRADE_AT_LEAST:
                value = Grade(data["grade"])
            elif kind is TargetKind.ACHIEVED:
                value = None
            values |= {
                "kind": kind,
                "value": value,
                "upper": data["upper"],
                "unit": data["unit"] or None,
                "baseline_year": data["baseline_year"],
            }
        return values


class ActionForm(EditForm):
    """A row of the plan."""

    KEPT = ("number",)

    number = forms.CharField(label=_("No."), max_length=20, required=False)
    text = forms.CharField(label=_("Action"), widget=text_area(2))
    lead = LinesField(label=_("Lead"), help_text=_("One unit or person a line, as the decision names them."))
    support = LinesField(label=_("Support"))
    when = forms.CharField(
        label=_("Time"),
        widget=text_area(1),
        required=False,
        help_text=_(
            "For instance: trước 15/6 và trước 30/11 hằng năm; cuối mỗi quý; thường xuyên; khi có thay đổi."
        ),
    )
    schedule_words = forms.CharField(
        label=_("Dates to keep to, where the time above is not plain enough"),
        widget=text_area(1),
        required=False,
        help_text=_(
            "The decision's own words stay; the dates follow these. For instance: trước 30/6/2026; trước 31/12/2026."
        ),
    )
    monitors = LinesField(label=_("Monitored by"))
    evidence = LinesField(label=_("Evidence, expected result"), help_text=_("One a line."))
    resources = forms.CharField(label=_("Resources"), widget=text_area(1), required=False)
    evaluation = forms.CharField(label=_("How the result is evaluated"), widget=text_area(1), required=False)

    DETAILS = ("resources", "evaluation")

    @staticmethod
    def of(action: ActionDetail) -> dict[str, Any]:
        """Return what the form shows at first."""
        names = ("number", "text", "when", "evidence", "resources", "evaluation", "revision")
        return {
            **{name: getattr(action, name) for name in names},
            **{
                part: tuple(body.text for body in getattr(action, part))
                for part in ("lead", "support", "monitors")
            },
        }


class BodiesForm(forms.Form):
    """For each name that the plan uses, the unit or person meant."""

    def __init__(self, *args: Any, bodies: Sequence[NamedBody], choices: BodyChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = bodies
        options: Choices = [
            ("", _("Not yet decided")),
            (gettext("Units"), [(f"unit:{pk}", name) for pk, name in choices.units]),
            (gettext("People"), [(f"person:{pk}", name) for pk, name in choices.people]),
        ]
        for number, body in enumerate(bodies):
            self.fields[f"body-{number}"] = forms.ChoiceField(
                label=body.text, choices=options, required=False, initial=_choice_of(body)
            )

    def chosen(self) -> list[tuple[str, int | None, int | None]]:
        """Return name, unit's id and person's id of every row."""
        rows = []
        for number, body in enumerate(self.bodies):
            what, _colon, pk = self.cleaned_data[f"body-{number}"].partition(":")
            rows.append(
                (body.text, int(pk) if what == "unit" else None, int(pk) if what == "person" else None)
            )
        return rows


class ReasonForm(forms.Form):
    """Why a plan is returned."""

    reason = forms.CharField(label=_("Reason"), widget=text_area(2), max_length=2000)


class OptionalReasonForm(forms.Form):
    """Why a plan is amended or given up, where there is something to say."""

    reason = forms.CharField(label=_("Reason"), widget=text_area(2), max_length=2000, required=False)


class StatementForm(forms.Form):
    """One sentence that holds for the whole plan, written where it is missed."""

    text = forms.CharField(label=_("One sentence for the whole plan"), widget=text_area(2), max_length=2000)


class FilterForm(forms.Form):
    """Which plans to list; what cannot be is not asked for."""

    nam = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False)
    trang_thai = forms.ChoiceField(label=_("State"), choices=STATE_CHOICES, required=False)
    tim = forms.CharField(label=_("Search"), max_length=100, required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "nam").choices = [("", _("All years")), *((str(year), str(year)) for year in years)]

    def wanted(self) -> dict[str, Any]:
        """Return the filter as the query takes it."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return {"year": data.get("nam"), "state": data.get("trang_thai") or None, "text": data.get("tim", "")}


class SignatureForm(forms.Form):
    """What the paper bears once it is signed: number, date, signer, and the signed copy."""

    number = forms.CharField(
        label=_("Document number"),
        max_length=60,
        help_text=_("As the registry gave it, for instance 05/QĐ-UBND"),
    )
    decided_on = DateField(label=_("Date of the decision"))
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    authority = forms.CharField(
        label=_("Signing authority"),
        max_length=150,
        required=False,
        help_text=_("For instance TM. ỦY BAN NHÂN DÂN"),
    )
    capacity = forms.CharField(label=_("Capacity of the signer"), max_length=150, required=False)
    signed_by = forms.CharField(label=_("Signed by"), max_length=150)
    signed_file = forms.FileField(
        label=_("The signed copy"),
        required=False,
        help_text=_("A scan or the digitally signed file (PDF)."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.png,.jpg,.jpeg"}),
    )

    @staticmethod
    def of(plan: PlanDetail) -> dict[str, Any]:
        """Return what the form shows at first."""
        return {
            name: getattr(plan, name)
            for name in ("number", "decided_on", "place", "authority", "capacity", "signed_by")
        }


def read_upload(upload: UploadedFile[Any]) -> tuple[bytes, str, str]:
    """Return an uploaded file's bytes, name and content type."""
    return upload.read(), upload.name or "", upload.content_type or ""


def objective_choices(objectives: Collection[ObjectiveDetail]) -> Choices:
    """Return objectives as choices, shortened so that a phone can show them."""
    return [(str(row.id), _row_label(row)) for row in objectives]


def action_choices(actions: Collection[ActionDetail]) -> Choices:
    """Return actions as choices."""
    return [(str(row.id), _row_label(row)) for row in actions]


def _row_label(row: ObjectiveDetail | ActionDetail, length: int = 90) -> str:
    text = row.text if len(row.text) <= length else row.text[:length].rsplit(" ", 1)[0] + " …"
    return f"{row.number}. {text}"


def _choice_of(body: NamedBody) -> str:
    chosen = body if body.unit_id or body.person_id else body.proposal
    if chosen is None:
        return ""
    return (
        f"unit:{chosen.unit_id}"
        if chosen.unit_id
        else f"person:{chosen.person_id}"
        if chosen.person_id
        else ""
    )
