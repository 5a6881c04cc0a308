from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.objectives.operations import UnitDecision
from camket.web.forms.fields import (
    DateField,
    DayMonthField,
    NumberField,
    PersonChoiceField,
    UnitChoiceField,
)

RHYTHMS = [
    ("month", _("Monthly")),
    ("quarter", _("Quarterly")),
    ("half_year", _("Half-yearly")),
    ("year", _("Yearly")),
]
KINDS = [
    ("section", _("Section")),
    ("committee", _("Committee")),
    ("leadership", _("Leadership")),
    ("all", _("All sections")),
]
ROLES = [
    ("secretary", _("ISO secretary")),
    ("chairman", _("Chairman")),
    ("representative", _("Management representative (QMR)")),
    ("head", _("Head of unit")),
    ("officer", _("Officer")),
    ("one_stop", _("One-stop shop officer")),
    ("auditor", _("Internal auditor")),
    ("privacy", _("Personal data officer")),
    ("viewer", _("Viewer of the agencies below")),
    ("inspector", _("Inspector of the agencies below")),
    ("administrator", _("Administrator")),
]


class AgencyForm(forms.Form):
    """How the agency is named in documents, and when it reports."""

    name = forms.CharField(
        label=_("Short name"), max_length=255, help_text=_("As on screen: UBND xã Bình Yên.")
    )
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=255,
        help_text=_("As letterheads write it: Ủy ban nhân dân xã Bình Yên."),
    )
    superior_name = forms.CharField(
        label=_("Superior agency"),
        max_length=255,
        required=False,
        help_text=_("Stands above the agency's name in letterheads where the form of document asks for it."),
    )
    place = forms.CharField(
        label=_("Place name"),
        max_length=100,
        help_text=_("Stands before the date of documents: Bình Yên, ngày …"),
    )
    level = forms.ChoiceField(label=_("Level"))
    rhythm = forms.ChoiceField(
        label=_("Reporting rhythm"),
        choices=RHYTHMS,
        help_text=_("Work that has no date of its own is checked at this rhythm."),
    )
    half_year_report_by = DayMonthField(label=_("Half-year report by"))
    year_report_by = DayMonthField(label=_("Yearly report by"))

    def __init__(self, *args: Any, levels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels  # type: ignore[attr-defined]


class UnitForm(forms.Form):
    """A unit or committee of the agency."""

    name = forms.CharField(label=_("Name of the unit"), max_length=255)
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=60,
        required=False,
        help_text=_("For narrow tables, and in capitals for the symbol of letters: KT, VP."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="section")


class PostForm(forms.Form):
    """A post: role, unit, title of office."""

    role = forms.ChoiceField(
        label=_("Role in the system"),
        choices=ROLES,
        initial="officer",
        widget=forms.RadioSelect,
        help_text=_("The role decides what the person may do here."),
    )
    unit = UnitChoiceField(label=_("Unit"), required=False)
    position = forms.CharField(
        label=_("Title of office"), max_length=150, required=False, help_text=_("For example: Trưởng phòng.")
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].rows = units  # type: ignore[attr-defined]


class NewPersonForm(PostForm):
    """A person with a first post."""

    full_name = forms.CharField(label=_("Full name of the person"), max_length=150)
    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        help_text=_("Small letters without marks, digits, dots: an.nguyen"),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("Email"), required=False, max_length=254)
    field_order = ["full_name", "login", "email", "position", "unit", "role"]


class NewPostForm(PostForm):
    """One more post of a person."""

    valid_from = DateField(label=_("From"), required=False, help_text=_("Empty: from now on."))
    field_order = ["position", "unit", "role", "valid_from"]


class PersonForm(forms.Form):
    """A person's name and email address."""

    full_name = forms.CharField(label=_("Full name of the person"), max_length=150)
    email = forms.EmailField(label=_("Email"), required=False, max_length=254)


class BlockForm(forms.Form):
    """Why a person is kept from signing in."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class EndForm(forms.Form):
    """The first day on which a post is held no more."""

    ended_on = DateField(label=_("No longer held from"))


class BodyNameForm(forms.Form):
    """Whom a name in documents means."""

    unit = UnitChoiceField(label=_("Unit"), required=False)
    person = PersonChoiceField(label=_("Person"), required=False)

    def __init__(
        self, *args: Any, units: list[tuple[int, str]], people: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].rows = units  # type: ignore[attr-defined]
        self.fields["person"].rows = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("unit") and data.get("person"):
            self.add_error("person", _("Choose a unit or a person, not both."))
        return data


DUTIES = [
    ("head", _("Head")),
    ("deputy", _("Deputy head")),
    ("secretary", _("Secretary")),
    ("member", _("Member")),
]
SECOND_FACTOR = [
    ("offered", _("Offered to everyone")),
    ("managers", _("Required of those who manage, lead and approve")),
    ("everyone", _("Required of everyone")),
]


class DecisionForm(forms.Form):
    """The decision that a committee rests on."""

    decision_number = forms.CharField(
        label=_("Number of the decision"),
        max_length=100,
        required=False,
        help_text=_("For example: 45/QĐ-UBND."),
    )
    decision_date = DateField(label=_("Date of the decision"), required=False)
    series = forms.CharField(
        label=_("Mark of its own documents"),
        max_length=30,
        required=False,
        help_text=_("A committee numbers its documents in a series of its own: BCĐ gives 08/KH-BCĐ."),
    )


class CommitteeForm(DecisionForm):
    """What a committee is called, and its decision."""

    name = forms.CharField(
        label=_("Name of the committee"), max_length=255, help_text=_("For example: Ban Chỉ đạo ISO.")
    )
    short_name = forms.CharField(
        label=_("Short name"), max_length=60, required=False, help_text=_("For narrow tables: BCĐ ISO.")
    )
    field_order = ["name", "short_name", "decision_number", "decision_date", "series"]


class NewCommitteeForm(CommitteeForm):
    """A committee that is set up from a day on."""

    valid_from = DateField(
        label=_("Members sit in it from"),
        required=False,
        help_text=_("Empty: from the date of the decision."),
    )


class ReappointForm(DecisionForm):
    """The decision by which the members change."""

    valid_from = DateField(label=_("The change holds from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision_number"].required = True


class SeatForm(forms.Form):
    """Who sits in a committee, with which duty; a row without a person is left out."""

    person = PersonChoiceField(label=_("Full name of the person"), required=False)
    duty = forms.ChoiceField(label=_("Duty"), choices=DUTIES, initial="member")

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].rows = people  # type: ignore[attr-defined]


class NewSeatForm(SeatForm):
    """One more member, from a day on."""

    valid_from = DateField(label=_("From"), required=False, help_text=_("Empty: from now on."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].required = True


class EndSeatForm(forms.Form):
    """The last day of a seat."""

    last_day = DateField(label=_("Last day"))


class UnitDecisionForm(forms.Form):
    """The decision by which a unit is merged, split or renamed, and why."""

    number = NumberField(label=_("Number and symbol of the decision"), example="12/QĐ-UBND")
    signed_on = DateField(label=_("Day of the decision"))
    on = DateField(
        label=_("Holds from day"),
        help_text=_(
            "The first day of who takes over, by the decision. On a day to come it is carried out by itself."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("For example: sắp xếp tổ chức bộ máy theo đề án của tỉnh."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].going_back_from = today  # type: ignore[attr-defined]
        self.fields["on"].initial = today

    def decision(self) -> UnitDecision:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return UnitDecision(data["number"], data["signed_on"], data["reason"])


class MergeForm(UnitDecisionForm):
    """Which unit takes over, by which decision."""

    into = UnitChoiceField(label=_("Unit that takes over"))
    field_order = ("into", "number", "signed_on", "on", "reason")

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].rows = units  # type: ignore[attr-defined]


class UnitRenameForm(UnitDecisionForm):
    """What a unit is called from today on, by which decision."""

    name = forms.CharField(label=_("New name of the unit"), max_length=255)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    field_order = ("name", "short_name", "number", "signed_on", "on", "reason")


class SplitForm(UnitDecisionForm):
    """To which units the people of a unit go, which takes the rest, by which decision."""

    rest = UnitChoiceField(
        label=_("Unit that takes the rest"),
        help_text=_("Work that is nobody's by name, objectives, documents and names in documents go there."),
    )

    def __init__(
        self, *args: Any, units: list[tuple[int, str]], people: list[tuple[int, str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rest"].rows = units  # type: ignore[attr-defined]
        self.people = [pk for pk, _name, _post in people]
        for pk, name, post in people:
            field = UnitChoiceField(label=f"{name} – {post}")
            field.rows = units
            self.fields[f"person-{pk}"] = field
        self.order_fields(
            ["rest", *(f"person-{pk}" for pk in self.people), "number", "signed_on", "on", "reason"]
        )

    def shares(self) -> dict[int, int]:
        """Return to which unit each person goes; of a valid form."""
        return {pk: self.cleaned_data[f"person-{pk}"] for pk in self.people}


class DelegationForm(forms.Form):
    """Which post is filled by whom, from when to when, and why."""

    post = forms.TypedChoiceField(label=_("Post"), coerce=int)
    deputy = PersonChoiceField(label=_("Who stands in"))
    valid_from = DateField(label=_("First day of absence"))
    valid_to = DateField(label=_("Last day of absence"))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("For example: nghỉ phép năm, đi công tác.")
    )
    document_number = forms.CharField(
        label=_("Number of the document"),
        max_length=100,
        required=False,
        help_text=_("Of the letter of authorisation or notice, where there is one: 12/GUQ-UBND."),
    )

    def __init__(
        self, *args: Any, posts: list[tuple[int, str]], people: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = posts  # type: ignore[attr-defined]
        self.fields["deputy"].rows = people  # type: ignore[attr-defined]


class RosterForm(forms.Form):
    """The spreadsheet with the staff."""

    file = forms.FileField(
        label=_("Spreadsheet with the staff"),
        help_text=_("Excel (.xlsx, .xls), OpenDocument (.ods) or CSV, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )


class PersonRowForm(forms.Form):
    """One person of a list that is being checked; an unticked or empty row is left out."""

    keep = forms.BooleanField(label=_("Add"), required=False, initial=True)
    full_name = forms.CharField(label=_("Full name of the person"), max_length=150, required=False)
    position = forms.CharField(label=_("Title of office"), max_length=150, required=False)
    unit = UnitChoiceField(label=_("Unit"), required=False)
    role = forms.ChoiceField(label=_("Role in the system"), choices=ROLES, initial="officer")
    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    email = forms.CharField(label=_("Email"), max_length=254, required=False)
    row = forms.IntegerField(required=False, widget=forms.HiddenInput)
    unit_text = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].rows = units  # type: ignore[attr-defined]

    @property
    def is_wanted(self) -> bool:
        """Whether a valid row names somebody to add."""
        data = self.cleaned_data
        return bool(
            data.get("keep") and any(data.get(name) for name in ("full_name", "login", "position", "email"))
        )


class SetupNameForm(forms.Form):
    """What the agency is called on screen and in letterheads."""

    name = forms.CharField(
        label=_("Short name"), max_length=255, help_text=_("As on screen: UBND xã Bình Yên.")
    )
    level = forms.ChoiceField(label=_("Level"))
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=255,
        help_text=_("As letterheads write it: Ủy ban nhân dân xã Bình Yên."),
    )
    place = forms.CharField(
        label=_("Place name"),
        max_length=100,
        help_text=_("Stands before the date of documents: Bình Yên, ngày …"),
    )
    superior_name = forms.CharField(
        label=_("Superior agency"),
        max_length=255,
        required=False,
        help_text=_("Stands above the agency's name in letterheads where the form of document asks for it."),
    )

    def __init__(self, *args: Any, levels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels  # type: ignore[attr-defined]


class UnitRowForm(forms.Form):
    """One unit of the list of a new agency; what is not ticked or has no name is left out."""

    keep = forms.BooleanField(label=_("Has it"), required=False, initial=True)
    name = forms.CharField(label=_("Name of the unit"), max_length=255, required=False)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="section")
    unit_id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SetupReportingForm(forms.Form):
    """How often the agency reports, by when, and who signs in with two steps."""

    rhythm = forms.ChoiceField(
        label=_("Reporting rhythm"),
        choices=RHYTHMS,
        widget=forms.RadioSelect,
        help_text=_("Work that has no date of its own is checked at this rhythm."),
    )
    half_year_report_by = DayMonthField(label=_("Half-year report by"))
    year_report_by = DayMonthField(label=_("Yearly report by"))
    second_factor = forms.ChoiceField(
        label=_("Signing in with two steps"), choices=SECOND_FACTOR, widget=forms.RadioSelect
    )


class SearchForm(forms.Form):
    """Words to look for."""

    q = forms.CharField(label=_("Find"), required=False, max_length=100, strip=True)


class JournalForm(forms.Form):
    """Which entries of the journal to show."""

    kind = forms.ChoiceField(label=_("About"), required=False)
    by = PersonChoiceField(label=_("By"), required=False)
    since = DateField(label=_("From day"), required=False)
    until = DateField(label=_("To day"), required=False)
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(
        self, *args: Any, kinds: list[tuple[str, str]], people: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Everything")), *kinds]  # type: ignore[attr-defined]
        self.fields["by"].empty_label = _("Everybody")  # type: ignore[attr-defined]
        self.fields["by"].rows = people  # type: ignore[attr-defined]
