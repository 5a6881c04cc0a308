"""Saved ways of reading the exports of one-stop software: named anew, corrected, set aside, taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from camket.core.dossier_columns import FIELDS
from camket.core.dossier_words import WORDED, choices
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line, search_key
from camket.dossiers.importing.operations import NameMissing
from camket.dossiers.models import Batch, Software
from camket.journal.operations import record
from camket.org.policy import Actor, require

NEEDED = tuple(field for field, target in FIELDS.items() if target.is_needed)
"""Fields without which no export can be brought in."""

_WAITING = (
    Batch.State.MAPPING,
    Batch.State.CHECKING,
    Batch.State.CHECKED,
    Batch.State.QUEUED,
    Batch.State.RUNNING,
)


class SoftwareExists(Refusal):
    """Another saved way of reading has the name."""


class ColumnsUnfit(Refusal):
    """A heading is missing that no import can do without, or stands for two fields; ``field`` is where."""

    def __init__(self, message: Message, field: str) -> None:
        super().__init__(message)
        self.field = field


class SoftwareInUse(Refusal):
    """An import that is not over is read by it."""


def change_software(
    *,
    actor: Actor,
    software_id: int,
    name: str,
    mapping: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> Software:
    """Change the name of a saved way of reading, the headings of its columns (field to heading), and what words mean.

    What was imported stays as it was read. Raises NotAllowed, NameMissing, SoftwareExists, ColumnsUnfit.
    """
    with transaction.atomic():
        row = _locked(actor, software_id)
        require(actor, "dossier.import")
        name = one_line(name)[:150]
        if not name:
            raise NameMissing(
                Message(gettext_noop("Enter the name of the software that the file comes from."))
            )
        others = Software.objects.filter(agency_id=actor.agency_id).exclude(pk=row.pk)
        if any(search_key(each) == search_key(name) for each in others.values_list("name", flat=True)):
            raise SoftwareExists(
                Message(gettext_noop("“%(name)s” is saved already. Choose another name."), {"name": name})
            )
        mapping = _checked(mapping)
        kept = {
            field: {word: meaning for word, meaning in said.items() if meaning in dict(choices(field))}
            for field, said in words.items()
            if field in WORDED
        }
        before = {"name": row.name, "mapping": row.mapping, "words": row.words}
        row.name, row.mapping = name, mapping
        row.words = {field: said for field, said in kept.items() if said}
        after: dict[str, Any] = {"name": row.name, "mapping": row.mapping, "words": row.words}
        changed = [key for key in after if after[key] != before[key]]
        if changed:
            row.changed_at, row.changed_by_id = now, actor.person_id
            row.save()
            _record(
                actor, row, "dossiers.software_changed", now,
                {key: before[key] for key in changed}, {key: after[key] for key in changed},
            )  # fmt: skip
    return row


def set_software_aside(*, actor: Actor, software_id: int, now: datetime) -> Software:
    """Offer a saved way of reading no more, and read no file by it; imports that were read by it stay.

    Raises NotAllowed, SoftwareInUse.
    """
    with transaction.atomic():
        row = _locked(actor, software_id)
        require(actor, "dossier.import")
        waiting = Batch.objects.filter(software=row, state__in=_WAITING).order_by("pk").first()
        if waiting is not None:
            raise SoftwareInUse(
                Message(
                    gettext_noop(
                        "The file %(file)s is read by it and not imported yet. Import it or discard it first."
                    ),
                    {"file": waiting.file_name},
                )
            )
        _offer(actor, row, is_offered=False, now=now)
    return row


def take_software_up(*, actor: Actor, software_id: int, now: datetime) -> Software:
    """Offer a saved way of reading again that was set aside. Raises NotAllowed."""
    with transaction.atomic():
        row = _locked(actor, software_id)
        require(actor, "dossier.import")
        _offer(actor, row, is_offered=True, now=now)
    return row


def _offer(actor: Actor, row: Software, *, is_offered: bool, now: datetime) -> None:
    if row.is_offered == is_offered:
        return
    row.is_offered = is_offered
    row.changed_at, row.changed_by_id = now, actor.person_id
    row.save(update_fields=["is_offered", "changed_at", "changed_by"])
    verb = "dossiers.software_taken_up" if is_offered else "dossiers.software_set_aside"
    _record(actor, row, verb, now, {"is_offered": not is_offered}, {"is_offered": is_offered})


def _checked(mapping: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in FIELDS:
        header = one_line(mapping.get(field, ""))
        if not header:
            if field in NEEDED:
                raise ColumnsUnfit(
                    Message(gettext_noop("No import can do without this column. Enter its heading.")), field
                )
            continue
        if header in found.values():
            raise ColumnsUnfit(
                Message(
                    gettext_noop("“%(header)s” is entered above already. A column is one thing only."),
                    {"header": header},
                ),
                field,
            )
        found[field] = header
    return found


def _locked(actor: Actor, software_id: int) -> Software:
    return Software.objects.select_for_update().get(pk=software_id, agency_id=actor.agency_id)


def _record(
    actor: Actor, row: Software, verb: str, now: datetime, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    record(
        actor=actor,
        agency_id=row.agency_id,
        verb=verb,
        subject=row,
        on=timezone.localdate(now),
        before=before,
        after=after,
    )
