"""Writing the journal: called by every operation, in the transaction of the change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from camket.journal.meanwhile import ChangedMeanwhile, refuse_unseen, written_by
from camket.journal.models import Entry
from camket.org.models import Agency
from camket.org.policy import Actor

__all__ = ["GENESIS", "ChangedMeanwhile", "entry_hash", "record"]

GENESIS = "0" * 64


def record(
    *,
    actor: Actor | None,
    agency_id: int,
    verb: str,
    subject: models.Model,
    on: date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    settles: bool = False,
) -> Entry:
    """Append an entry to the agency's chain; ``actor`` is None for what the system does by itself.

    Must run inside the transaction of the change; the agency's row is locked so that entries of one
    agency follow each other without gaps. ``settles`` says that the act takes the record as a whole, as it stands.

    Raises ChangedMeanwhile where the change would overwrite what the actor has not seen (``camket.journal.meanwhile``).
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=agency_id)
        last = (
            Entry.objects.filter(agency_id=agency_id).order_by("-sequence").only("sequence", "hash").first()
        )
        entry = Entry(
            agency_id=agency_id,
            sequence=last.sequence + 1 if last else 1,
            at=timezone.now(),
            on=on,
            by_id=actor.person_id if actor else None,
            by_name=actor.name if actor else "Cam Kết",
            verb=verb,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            subject_label=str(subject)[:500],
            before=_plain(before),
            after=_plain(after),
            reason=reason,
            previous_hash=last.hash if last else GENESIS,
        )
        if actor is not None and actor.agency_id == agency_id:
            refuse_unseen(actor, entry, settles=settles)
        entry.hash = entry_hash(entry)
        entry.save(force_insert=True)
        if actor is not None:
            written_by(actor.seen, entry.sequence)
    return entry


def entry_hash(entry: Entry) -> str:
    """Return the SHA-256 of an entry's canonical JSON with the hash of the entry before it."""
    at: datetime = entry.at
    canonical = json.dumps(
        [
            entry.agency_id, entry.sequence, at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds"),
            entry.on.isoformat(), entry.by_id, entry.by_name, entry.verb, entry.subject_type, entry.subject_id,
            entry.subject_label, entry.before, entry.after, entry.reason, entry.previous_hash,
        ],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _plain(data: Mapping[str, Any] | None) -> Any:
    return None if data is None else json.loads(json.dumps(dict(data), cls=DjangoJSONEncoder))
