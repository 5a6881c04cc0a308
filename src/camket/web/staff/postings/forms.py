"""What people type on the pages of postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from camket.core.postings import Rule, days_for, least_until
from camket.documents.content import ALLOWED_ENDINGS
from camket.documents.operations import MAX_FILE_BYTES, NewEvidence
from camket.publishing.operations.postings import At, PlaceData, PostingData
from camket.publishing.posting_rules import rule_of
from camket.publishing.queries.postings import PlaceRow, Wanted
from camket.web import vietnamese
from camket.web.forms.fields import DateField, LongTextField, NumberField, PersonChoiceField, RowChoiceField

Choices = Iterable[tuple[int, str]]
PLACE_KINDS = [
    ("office", _("At the office")),
    ("culture_house", _("Culture house, community place")),
    ("website", _("Website, portal")),
    ("loudspeaker", _("Loudspeaker")),
    ("other", _("Other")),
]
ACCEPT = ",".join(("image/*", *ALLOWED_ENDINGS))


class ProofField(forms.FileField):
    """A photo or a paper that proves a posting; one that is too large is refused before it is read."""

    default_error_messages = {
        "large": _("%(name)s is larger than %(limit)s MB. Reduce it or give a link instead.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.FileInput({"accept": ACCEPT}),
            **{"label": _("Photo or paper"), **kwargs},
        )

    def clean(self, data: Any, initial: Any = None) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if file is not None and (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError(
                self.error_messages["large"],
                code="large",
                params={"name": file.name, "limit": vietnamese.number(MAX_FILE_BYTES // 1024 // 1024)},
            )
        return file


def evidence_of(file: UploadedFile[bytes] | None, title: str) -> tuple[NewEvidence, ...]:
    """Return a file that was sent as evidence; its bytes are read here."""
    if not file:
        return ()
    return (
        NewEvidence(
            kind="file",
            title=title,
            data=file.read(),
            name=file.name or "",
            content_type=file.content_type or "",
        ),
    )


class PostingForm(forms.Form):
    """What was posted."""

    rule = forms.ChoiceField(label=_("Content"), required=False)
    subject = forms.CharField(
        label=_("What was posted"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("As it stands on the paper. Left empty: the name of the content above."),
    )
    document_number = forms.CharField(
        label=_("Number and symbol of the document"), max_length=100, required=False
    )
    decided_on = DateField(label=_("Day of the decision"), required=False)
    posted_on = DateField(label=_("Posted on"))
    until = DateField(
        label=_("Last day planned"),
        required=False,
        help_text=_(
            "Left empty: as long as the law asks; permanently where it asks for that or says nothing."
        ),
    )
    is_permanent = forms.BooleanField(label=_("Permanently"), required=False)
    address = forms.URLField(
        label=_("Web address where it stands"), max_length=1000, required=False, assume_scheme="https"
    )
    publication_id = RowChoiceField(label=_("What of the public page it shows"), required=False)
    posted_by_id = PersonChoiceField(label=_("Posted by"), required=False)
    planned_id = RowChoiceField(label=_("Line of the yearly plan"), required=False)
    note = LongTextField(label=_("Note"), rows=2, required=False)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        rules: Iterable[tuple[str, str]],
        publications: Choices,
        people: Choices,
        planned: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["rule"].choices = [("", _("Other content")), *rules]  # type: ignore[attr-defined]
        lists = (("publication_id", publications), ("posted_by_id", people), ("planned_id", planned))
        for name, rows in lists:
            self.fields[name].rows = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_permanent") and data.get("until"):
            self.add_error("until", _("Either a last day, or permanently."))
        return data

    def posting(self) -> PostingData:
        """Return what was typed in a valid form; without a last day, the law's own."""
        data = dict(self.cleaned_data)
        is_permanent = data.pop("is_permanent", False)
        rule = rule_of(data["rule"], data["posted_on"])
        if data["until"] is None and not is_permanent:
            data["until"] = least_until(rule, "", data["posted_on"])
        known = PostingData.__dataclass_fields__
        return PostingData(**{name: value for name, value in data.items() if name in known})


class PostForm(PostingForm):
    """What was posted, and at which places, each with its photo."""

    field_order: Sequence[str] = ()

    def __init__(self, *args: Any, places: Sequence[PlaceRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        for place in places:
            self.fields[f"at_{place.id}"] = forms.BooleanField(label=place.name, required=False)
            self.fields[f"photo_{place.id}"] = ProofField(
                label=_("Photo at %(place)s") % {"place": place.name}
            )

    def rows(self) -> list[tuple[PlaceRow, forms.BoundField, forms.BoundField]]:
        """Return the places with their two fields."""
        return [(place, self[f"at_{place.id}"], self[f"photo_{place.id}"]) for place in self.places]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for place in self.places:
            if data.get(f"photo_{place.id}"):
                data[f"at_{place.id}"] = True  # who photographs a board has posted there
        if not any(data.get(f"at_{place.id}") for place in self.places):
            self.add_error(None, _("Choose at least one place."))
        return data

    def at(self) -> tuple[At, ...]:
        """Return the places chosen, each with what proves it."""
        data = self.cleaned_data
        title = data["subject"] or str(_("Photo of the posting"))
        return tuple(
            At(place.id, evidence_of(data.get(f"photo_{place.id}"), f"{title} – {place.name}"[:500]))
            for place in self.places
            if data.get(f"at_{place.id}")
        )


class CorrectForm(PostingForm):
    """A posting put right, its place too."""

    place_id = RowChoiceField(label=_("Place of posting"))

    def __init__(self, *args: Any, places: Sequence[PlaceRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_id"].rows = [(place.id, place.name) for place in places]  # type: ignore[attr-defined]


class ProofForm(forms.Form):
    """What proves a posting."""

    photo = ProofField()
    address = forms.URLField(
        label=_("Or the web address where it stands"), max_length=1000, required=False, assume_scheme="https"
    )


class TakeDownForm(forms.Form):
    """On which day a posting was taken down."""

    removed_on = DateField(label=_("Taken down on"))
    note = LongTextField(label=_("Note"), rows=2, required=False)


class RenewForm(forms.Form):
    """A posting renewed."""

    posted_on = DateField(label=_("Posted anew on"))
    until = DateField(label=_("Last day planned"), required=False, help_text=_("Left empty: permanently."))
    document_number = forms.CharField(
        label=_("Number and symbol of the document"), max_length=100, required=False
    )
    decided_on = DateField(label=_("Day of the decision"), required=False)
    publication_id = RowChoiceField(label=_("What of the public page it shows"), required=False)
    photo = ProofField()

    def __init__(self, *args: Any, publications: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publication_id"].rows = publications  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Why a posting is cancelled."""

    reason = LongTextField(label=_("Why it is cancelled"), rows=2)


class ShortfallForm(forms.Form):
    """Why a posting that was taken down too early is not posted again."""

    reason = LongTextField(label=_("Why it is not posted again"), rows=2)


class PlaceForm(forms.Form):
    """A place."""

    kind = forms.ChoiceField(label=_("Kind of place"), choices=PLACE_KINDS)
    name = forms.CharField(
        label=_("Name"),
        max_length=255,
        help_text=_("As everybody calls it, for example: Notice board at the gate of the office."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def place(self) -> PlaceData:
        """Return what was typed in a valid form."""
        return PlaceData(**self.cleaned_data)


class FilterForm(forms.Form):
    """What the register is narrowed to."""

    tu = forms.CharField(label=_("Words"), required=False, max_length=100)
    muc = forms.ChoiceField(
        label=_("Which postings"),
        required=False,
        choices=[
            ("", _("All")),
            ("up", _("Hanging now")),
            ("down", _("Taken down")),
            ("cancelled", _("Cancelled")),
        ],
    )
    noi = RowChoiceField(label=_("Place of posting"), required=False, empty_label=_("All"))
    loai = forms.ChoiceField(label=_("Content"), required=False)

    def __init__(self, data: Any, *, places: Sequence[PlaceRow], rules: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["noi"].rows = [(each.id, each.name) for each in places]  # type: ignore[attr-defined]
        self.fields["loai"].choices = [("", _("All")), *rules]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is wanted; everything where nothing sensible was typed."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        return Wanted(words=data["tu"], state=data["muc"], place_id=data["noi"], rule=data["loai"])


class IssueForm(forms.Form):
    """A quarter's list issued."""

    number = NumberField(
        label=_("Number and symbol"),
        example="12/TB-UBND",
        max_length=60,
        required=False,
        help_text=_("Where it goes out as an official document, for example 12/TB-UBND."),
    )
    dated = DateField(label=_("Day of the list"), required=False)
    correction = LongTextField(
        label=_("What was wrong in the earlier list, or is new"), rows=2, required=False
    )

    def __init__(self, data: Any = None, *, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if is_correction:
            self.fields["correction"].required = True
        else:
            del self.fields["correction"]


def renewal(rule: Rule | None, kind: str, posted_on: date, until: date | None) -> dict[str, Any]:
    """Return what a renewal proposes: from today, as long as is asked; permanently where it was so."""
    least = least_until(rule, kind, posted_on)
    is_permanent = until is None and (rule is None or days_for(rule, kind) is None)
    return {"posted_on": posted_on, "until": None if is_permanent else least}
