"""An agency's own Word templates: which versions there are of a form's, and which one papers are made with on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from camket.documents.models import PaperTemplate, TemplateUse
from camket.documents.queries.files import OpenFile, opened
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.paper.writing.forms import FORMS, Form


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a template: its file, who brought it and when."""

    version: int
    name: str
    size: int
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class UseRow:
    """From which day on papers are made with a version; None: in the built-in form."""

    valid_from: date
    version: int | None


@dataclass(frozen=True, slots=True)
class FormTemplates:
    """The templates of a form: versions, newest first, and their uses, latest first; ``now`` holds today, ``coming`` later."""

    form: Form
    versions: tuple[VersionRow, ...]
    uses: tuple[UseRow, ...]
    now: UseRow | None
    coming: UseRow | None


def templates_of_forms(actor: Actor, today: date) -> tuple[FormTemplates, ...]:
    """Return every form with its templates, in the order of the forms. Two SQL statements. Raises NotAllowed."""
    require(actor, "document.view")
    return _rows(actor, tuple(FORMS), today)


def form_templates(actor: Actor, form: str, today: date) -> FormTemplates:
    """Return the templates of one form. Two SQL statements. Raises KeyError for an unknown form, NotAllowed."""
    require(actor, "document.view")
    FORMS[form]
    return _rows(actor, (form,), today)[0]


def template_file(actor: Actor, form: str, version: int) -> OpenFile:
    """Return the file of a version as it was brought. Raises PaperTemplate.DoesNotExist, FileDamaged, NotAllowed."""
    require(actor, "document.view")
    row = PaperTemplate.objects.select_related("file").get(
        agency_id=actor.agency_id, form=form, version=version
    )
    return opened(row.file)


def _rows(actor: Actor, forms: tuple[str, ...], today: date) -> tuple[FormTemplates, ...]:
    brought: dict[str, list[VersionRow]] = {}
    for each in (
        PaperTemplate.objects.filter(agency_id=actor.agency_id, form__in=forms)
        .select_related("file", "made_by")
        .order_by("-version")
    ):
        brought.setdefault(each.form, []).append(
            VersionRow(
                each.version,
                each.file.name,
                each.file.size,
                each.made_at,
                shown_name(actor, each.made_by.full_name),
            )
        )
    used: dict[str, list[UseRow]] = {}
    for use in (
        TemplateUse.objects.filter(agency_id=actor.agency_id, form__in=forms)
        .select_related("template")
        .order_by("-valid_from")
    ):
        used.setdefault(use.form, []).append(
            UseRow(use.valid_from, use.template.version if use.template else None)
        )
    return tuple(
        FormTemplates(
            form=FORMS[form],
            versions=tuple(brought.get(form, ())),
            uses=tuple(uses := used.get(form, [])),
            now=next((each for each in uses if each.valid_from <= today), None),
            coming=next((each for each in reversed(uses) if each.valid_from > today), None),
        )
        for form in forms
    )
