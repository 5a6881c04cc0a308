"""What people type on the staff's pages of feedback."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core import feedback as rules
from camket.core.plan import Period
from camket.core.wording.text import begun
from camket.voices.feedback_change import MOST_WORDS
from camket.voices.operations.feedback import Found
from camket.web.forms.fields import DateField, IntegerField, NumberField

Choices = Iterable[tuple[int, str]]


class FilesInput(forms.FileInput):
    """A box for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each as sent; how many and how large they may be is said by who takes them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; none where none was chosen."""
        return [super(FilesField, self).clean(each, initial) for each in data or ()]


def _optional(label: Any, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=None, **kwargs)


def _offer(form: forms.Form, name: str, none: Any, choices: Choices) -> None:
    form.fields[name].choices = [("", none), *choices]  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    tu = forms.CharField(label=_("Words or code"), required=False, max_length=100)
    muc = forms.ChoiceField(
        label=_("Which feedback"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("Open")),
            ("overdue", _("Overdue")),
            ("settled", _("Settled")),
            ("published", _("Made public")),
            *((key, _(name)) for key, name in rules.OUTCOME_NAMES.items()),
        ],
    )
    loai = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *((k, _(n)) for k, n in rules.KIND_NAMES.items())],
    )
    kenh = forms.ChoiceField(
        label=_("Way"),
        required=False,
        choices=[("", _("All")), *((k, _(n)) for k, n in rules.WAY_NAMES.items())],
    )
    don_vi = _optional(_("Unit"))
    linh_vuc = _optional(_("Field"))

    def __init__(self, data: Any, *, units: Choices, fields: Choices) -> None:
        super().__init__(data)
        _offer(self, "don_vi", _("All"), units)
        _offer(self, "linh_vuc", _("All"), fields)


class PeriodForm(forms.Form):
    """The days of receipt that a register holds."""

    tu = DateField(label=_("From"), required=False)
    den = DateField(label=_("To"), required=False)

    def period(self, today: date) -> Period:
        """Return the days asked for; this year where they are not said."""
        default = Period(today.replace(month=1, day=1), today)
        if not self.is_valid():
            return default
        start, end = self.cleaned_data.get("tu"), self.cleaned_data.get("den")
        start, end = start or default.start, end or default.end
        return Period(start, end) if start <= end else default


class ReceiveForm(forms.Form):
    """Feedback that came by telephone, on paper or in person."""

    way = forms.ChoiceField(
        label=_("How it came"),
        choices=[
            ("phone", _("Telephone")),
            ("in_person", _("In person")),
            ("paper", _("Paper")),
        ],
        widget=forms.RadioSelect,
        initial="phone",
    )
    received_on = DateField(label=_("Received on"))
    subject = forms.CharField(label=_("In a few words"), max_length=255)
    text = forms.CharField(
        label=_("What was said or written"), max_length=MOST_WORDS, widget=forms.Textarea({"rows": 6})
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("By its words; to be said later")),
            *((k, _(n)) for k, n in rules.KIND_NAMES.items()),
        ],
    )
    field_id = _optional(_("Field"))
    place = forms.CharField(label=_("Where it happened"), required=False, max_length=255)
    dossier_code = forms.CharField(label=_("Code of the dossier it is about"), required=False, max_length=60)
    sender_name = forms.CharField(label=_("Name of the sender"), required=False, max_length=150)
    sender_address = forms.CharField(label=_("Address"), required=False, max_length=255)
    sender_phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=30, widget=forms.TextInput({"inputmode": "tel"})
    )
    sender_email = forms.CharField(label=_("Email"), required=False, max_length=254)
    attachments = FilesField(
        label=_("Pictures or PDF"),
        required=False,
        help_text=_("At most 3 files of 10 MB each."),
        widget=FilesInput({"multiple": True, "accept": "image/*,application/pdf"}),
    )

    def __init__(self, data: Any, files: Any, *, fields: Choices, today: date) -> None:
        super().__init__(data, files, initial={"received_on": today})
        _offer(self, "field_id", _("Not known"), fields)
        self.fields["received_on"].latest = today  # type: ignore[attr-defined]
        self.fields["received_on"].earliest = today - timedelta(days=365)  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """An export of the portal of feedback."""

    file = forms.FileField(
        label=_("The portal's export"),
        help_text=_(
            "XLSX, XLS, ODS or CSV; it has at least a code, the day it was sent, and what was written."
        ),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods,.csv"}),
    )


class ClassifyForm(forms.Form):
    """Of what kind feedback is, of which field, whose conduct it is about."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(k, _(n)) for k, n in rules.KIND_NAMES.items()],
        widget=forms.RadioSelect,
        help_text=_("Complaints and denunciations are not answered here: you route them in the next step."),
    )
    field_id = _optional(_("Field"))
    concerns = forms.TypedMultipleChoiceField(
        label=_("Whose conduct it is about"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only for conduct and denunciations; several where it is about several. None of them ever sees it, whatever "
            "the post. Tick nobody where it is not known."
        ),
    )

    def __init__(self, data: Any, *, fields: Choices, people: Choices, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        _offer(self, "field_id", _("None"), fields)
        self.fields["concerns"].choices = list(people)  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """With which feedback received before it is answered."""

    into_id = forms.TypedChoiceField(
        label=_("The one received first"),
        coerce=int,
        help_text=_("Of the same kind and received before; the most alike stand first."),
    )

    def __init__(self, data: Any, *, offered: Choices) -> None:
        super().__init__(data)
        _offer(self, "into_id", _("Choose"), offered)


class AssignForm(forms.Form):
    """Which unit and which officer answer."""

    unit_id = _optional(_("Unit"))
    officer_id = _optional(_("Officer"))
    note = forms.CharField(label=_("What is to be looked at"), required=False, max_length=500)

    def __init__(self, data: Any, *, units: Choices, people: Choices, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        _offer(self, "unit_id", _("None"), units)
        _offer(self, "officer_id", _("Whoever heads the unit says"), people)


class PassOnForm(forms.Form):
    """To whom feedback is passed on."""

    to = forms.CharField(
        label=_("Competent body"), max_length=255, help_text=_("The sender reads this name.")
    )
    document_number = NumberField(
        label=_("Number and symbol of the transfer slip"), example="12/PC-UBND", required=False
    )
    authority = forms.CharField(label=_("Signed for"), required=False, max_length=255)
    capacity = forms.CharField(label=_("Capacity of the signer"), required=False, max_length=255)
    signed_by = forms.CharField(label=_("Signed by"), required=False, max_length=255)
    note = forms.CharField(
        label=_("Internal note"), required=False, max_length=1_000, widget=forms.Textarea({"rows": 3})
    )


class RouteForm(forms.Form):
    """To whom a complaint or a denunciation is handed."""

    kind = forms.ChoiceField(
        label=_("Which of the two it is"),
        choices=[(kind, _(rules.KIND_NAMES[kind])) for kind in (rules.COMPLAINT, rules.DENUNCIATION)],
        widget=forms.RadioSelect,
    )
    to = forms.CharField(
        label=_("Person or body that deals with it by law"),
        max_length=255,
        help_text=_(
            "A denunciation of the head of the agency goes to the agency above. The name is shown to who complained; "
            "of a denunciation the sender reads only that it is dealt with by its law."
        ),
    )


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("Reason"), max_length=2_000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, data: Any = None, *, label: Any = None, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class AnswerForm(forms.Form):
    """What was found out, and the draft of an answer."""

    outcome = forms.ChoiceField(
        label=_("What was found out"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            *((key, _(name)) for key, name in rules.OUTCOME_NAMES.items()),
            ("", _("Not to be said, or not yet")),
        ],
    )
    outcome_reason = forms.CharField(
        label=_("On what that rests"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "What was looked at, who was heard. It stays with those who deal with the feedback; the sender does not read it."
        ),
    )

    answer = forms.CharField(
        label=_("Answer"),
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 12}),
        help_text=_(
            "What was found, what is done until when, by which text. Salutation, number and signature are added by "
            "themselves. Under the code it is shown without names and numbers of telephones."
        ),
    )

    def __init__(self, data: Any, *, kind: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if kind in rules.ESTABLISHED_KINDS:
            self.fields["outcome"].help_text = _(
                "Of feedback on conduct or on rules this is said before the answer is approved; what is found justified is "
                "proposed as a nonconformity."
            )

    @property
    def found(self) -> Found:
        """What was found out, of a valid form."""
        return Found(self.cleaned_data["outcome"], self.cleaned_data["outcome_reason"])


class ApproveForm(forms.Form):
    """How the answer is signed."""

    document_number = NumberField(
        label=_("Number and symbol"),
        example="45/TB-UBND",
        required=False,
        help_text=_(
            "As given in the register of outgoing documents, for example 45/TB-UBND; empty without a document."
        ),
    )
    authority = forms.CharField(label=_("Signed for"), required=False, max_length=255)
    capacity = forms.CharField(label=_("Capacity of the signer"), required=False, max_length=255)
    signed_by = forms.CharField(label=_("Signed by"), max_length=255)


class SentForm(forms.Form):
    """How and when the sender was told the outcome."""

    how = forms.ChoiceField(label=_("How the sender was told"), widget=forms.RadioSelect)
    sent_on = DateField(label=_("On which day"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_(
            "For example the number of the posted item, or who took it. The sender does not read it."
        ),
    )

    def __init__(self, data: Any, *, way: str, settled_on: date | None, today: date) -> None:
        super().__init__(data, initial={"how": rules.sending_of(way), "sent_on": today})
        self.fields["how"].choices = [  # type: ignore[attr-defined]
            (how, begun(gettext(name))) for how, name in rules.SENDINGS.items()
        ]
        self.fields["sent_on"].latest = today  # type: ignore[attr-defined]
        self.fields["sent_on"].earliest = settled_on  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """An internal note."""

    text = forms.CharField(label=_("Internal note"), max_length=5_000, widget=forms.Textarea({"rows": 3}))


class PublishForm(forms.Form):
    """What everybody reads."""

    text = forms.CharField(
        label=_("The question as everybody reads it"),
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 7}),
    )
    answer = forms.CharField(
        label=_("The answer as everybody reads it"), max_length=MOST_WORDS, widget=forms.Textarea({"rows": 9})
    )
    was_read_again = forms.BooleanField(
        label=_("I have read both texts once more: nothing in them tells who sent it."),
        required=False,
    )
    allows_found = forms.BooleanField(
        label=_("The words named above are no personal data (names of offices, of places, of laws)."),
        required=False,
    )


class LimitForm(forms.Form):
    """A limit for answering from a day on."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("Every kind")),
            *((k, _(rules.KIND_NAMES[k])) for k in (rules.RULES, rules.CONDUCT, rules.OTHER)),
        ],
    )
    field_id = _optional(_("Field"))
    working_days = IntegerField(label=_("Working days"))
    valid_from = DateField(label=_("From day"))
    source = forms.CharField(
        label=_("By which text"),
        required=False,
        max_length=255,
        help_text=_("For example a rule of the agency."),
    )

    def __init__(self, data: Any, *, fields: Choices, today: date) -> None:
        super().__init__(data, initial={"valid_from": today})
        _offer(self, "field_id", _("Every field"), fields)
