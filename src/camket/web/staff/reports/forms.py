from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.reporting.content import TargetLine
from camket.reporting.operations import Wording
from camket.reporting.queries import ReportChoice
from camket.web.forms.fields import DateField


class DraftForm(forms.Form):
    """Which period of which plan is reported."""

    period = forms.ChoiceField(label=_("Period"))

    def __init__(self, *args: object, choices: Iterable[ReportChoice], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.known = {
            f"{choice.plan_id}-{choice.kind}-{choice.period.start.isoformat()}": choice for choice in choices
        }
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (key, choice.name[:1].upper() + choice.name[1:]) for key, choice in self.known.items()
        ]

    def chosen(self) -> ReportChoice:
        """Return the choice of a valid form."""
        return self.known[self.cleaned_data["period"]]


class _Text(forms.CharField):
    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs: object) -> None:
        super().__init__(required=False, max_length=10_000, **kwargs)  # type: ignore[arg-type]
        self.widget.attrs["rows"] = str(rows)


class WordingForm(forms.Form):
    """What the secretary types: the report's parts, and reason and remedy for each target."""

    assessment = _Text(
        rows=4,
        label=_("General assessment"),
        help_text=_("Follows the summary of figures in part I; each line becomes a paragraph."),
    )
    difficulties = _Text(
        rows=4, label=_("Shortcomings and their causes"), help_text=_("Part III of the report.")
    )
    proposals = _Text(
        rows=4, label=_("Tasks, solutions and proposals"), help_text=_("Part IV of the report.")
    )

    def __init__(self, *args: object, targets: Iterable[TargetLine], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.targets = tuple(targets)
        for target in self.targets:
            self.fields[f"reason_{target.target_id}"] = _Text(rows=2, label=_("Cause"), initial=target.reason)
            self.fields[f"remedy_{target.target_id}"] = _Text(
                rows=2, label=_("Remedy"), initial=target.remedy
            )

    def wording(self) -> Wording:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return Wording(
            assessment=data["assessment"],
            difficulties=data["difficulties"],
            proposals=data["proposals"],
            remarks={
                target.target_id: (data[f"reason_{target.target_id}"], data[f"remedy_{target.target_id}"])
                for target in self.targets
            },
        )


class IssueForm(forms.Form):
    """Number, date and signer, as on the signed paper."""

    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        help_text=_("As entered in the register of outgoing documents, for example 05/BC-UBND."),
    )
    issued_on = DateField(label=_("Day of signature"))
    authority = forms.CharField(
        label=_("Authority to sign"),
        max_length=150,
        required=False,
        help_text=_("On whose behalf one signs, as on the paper."),
    )
    capacity = forms.CharField(label=_("Post of the signer"), max_length=150, required=False)
    signed_by = forms.CharField(label=_("Signer's full name"), max_length=150)


class CorrectionForm(forms.Form):
    """Why an issued report is corrected."""

    reason = forms.CharField(
        label=_("What is corrected and why"), max_length=150, widget=forms.Textarea(attrs={"rows": "2"})
    )
