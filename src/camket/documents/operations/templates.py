"""Bringing an agency's own Word template for a form, and saying from which day on papers are made with it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, gettext_noop
from camket.documents.content import WORD
from camket.documents.models import PaperTemplate, TemplateUse
from camket.documents.operations.files import Refused, keep_made
from camket.documents.operations.formalities import require_coming
from camket.documents.queries.files import opened
from camket.journal.operations import record
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.paper.templating import TemplateRefused, check_template
from camket.paper.writing.forms import FORMS


class NothingToEnd(Refused):
    """Papers of the form are made in the built-in form already."""


def add_template(*, actor: Actor, form: str, data: bytes, name: str, now: datetime) -> PaperTemplate:
    """Keep a Word template for a form as its next version; the bytes of an earlier version give that version.

    No paper is made with it before :func:`use_template`. Raises NotAllowed, KeyError for an unknown form, TemplateRefused
    with all that is wrong with it.
    """
    require(actor, "document.manage")
    title = FORMS[form].name
    checked = check_template(data, form)
    if checked.faults:
        raise TemplateRefused(checked.faults[0].message, checked.faults)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        stem = name.rpartition(".")[0] or name
        file = keep_made(
            agency_id=agency.pk, actor=actor, data=data, name=f"{stem}.docx", content_type=WORD, now=now
        )
        own = PaperTemplate.objects.filter(agency=agency, form=form)
        same = own.filter(file__sha256=file.sha256).order_by("version").first()
        if same is not None:
            return same
        last = own.order_by("-version").first()
        row = PaperTemplate.objects.create(
            agency=agency,
            form=form,
            version=last.version + 1 if last else 1,
            file=file,
            made_at=now,
            made_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="paper.template_added",
            subject=agency,
            on=timezone.localdate(now),
            after={"title": title, "version": row.version, "name": file.name, "sha256": file.sha256},
        )
    return row


def use_template(
    *, actor: Actor, form: str, version: int | None, valid_from: date, now: datetime
) -> TemplateUse:
    """Make papers of a form with a version of its template from a day on; None: in the built-in form again.

    What is set for the same day before is replaced; papers that bear an earlier day stay as they are. Raises NotAllowed,
    KeyError for an unknown form, PaperTemplate.DoesNotExist, DayTooEarly, NothingToEnd, TemplateRefused where the template
    no longer passes its check, FileDamaged.
    """
    require(actor, "document.manage")
    title = FORMS[form].name
    require_coming(valid_from=valid_from, now=now)
    template = None
    if version is not None:
        template = PaperTemplate.objects.select_related("file").get(
            agency_id=actor.agency_id, form=form, version=version
        )
        checked = check_template(opened(template.file).data, form)
        if checked.faults:
            raise TemplateRefused(checked.faults[0].message, checked.faults)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        own = TemplateUse.objects.filter(agency=agency, form=form).select_related("template")
        row = own.filter(valid_from=valid_from).first()
        last = row or own.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
        before = last.template.version if last and last.template else None
        if template is None and before is None:
            raise NothingToEnd(
                Message(
                    gettext_noop("Papers of this form are made in the built-in form on that day already.")
                )
            )
        if row is not None and before == version:
            return row
        row = row or TemplateUse(agency=agency, form=form, valid_from=valid_from)
        row.template = template
        row.made_at, row.made_by_id = now, actor.person_id
        row.save()
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="paper.template_used" if template else "paper.template_ended",
            subject=agency,
            on=timezone.localdate(now),
            before={"version": before},
            after={"title": title, "version": version, "valid_from": valid_from},
        )
    return row
