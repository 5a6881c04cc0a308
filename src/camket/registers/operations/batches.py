"""Bringing a spreadsheet into a register, trying its refused rows again, and taking it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, gettext_noop
from camket.core.registers import REGISTERS, Register
from camket.core.registers.reading import values_from_json
from camket.core.wording.text import one_line
from camket.documents import content as kinds
from camket.documents.models import StoredFile
from camket.documents.operations import store_sent_file
from camket.journal.operations import record
from camket.journal.reasons import needed_reason
from camket.org.calendar import working_calendar
from camket.org.policy import Actor, NotAllowed, can_in_agency, require
from camket.paper.sheets import read_sheet
from camket.registers import tally
from camket.registers.bringing import Planned, SheetUnusable, kept_refusals, planned_rows
from camket.registers.filling import fill, plain
from camket.registers.invitations import follow
from camket.registers.models import Batch, Entry
from camket.registers.names import names_of, names_shown
from camket.registers.operations.entries import StateNotFitting, enter
from camket.registers.sight import keeps_all, require_enter
from camket.registers.versions import settle_versions, thing_of
from camket.registers.writing import EntryKnown, NumberTaken, check_alone, record_change

SHEET_KINDS = frozenset({kinds.SHEET, kinds.OPEN_SHEET, "text/csv", "application/vnd.ms-excel"})
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What taking a spreadsheet back did; ``staying`` are the titles of entries that somebody changed since."""

    withdrawn: int
    restored: int
    staying: tuple[str, ...]


def preview(*, actor: Actor, register: str, data: bytes, name: str, now: datetime) -> Planned:
    """Return what a spreadsheet would do to a register; nothing is written.

    Raises NotAllowed, UnreadableSheet, SheetUnreadable, SheetUnusable.
    """
    definition = _required(actor, register)
    today = timezone.localdate(now)
    return planned_rows(
        actor,
        definition,
        _rows(data, name),
        names_of(actor.agency_id, definition, on=today),
        now=now,
        today=today,
    )


def bring_in(
    *, actor: Actor, register: str, data: bytes, name: str, now: datetime, content_type: str = ""
) -> Batch:
    """Bring a spreadsheet into a register: new entries are added, known ones changed where they differ.

    Rows that cannot be taken are kept with the reason, and the others come in all the same; the same file again changes
    nothing. The file is kept, but for registers of single people's grades and discipline.

    Raises NotAllowed, UnreadableSheet, SheetUnreadable, SheetUnusable, FileRefused.
    """
    definition = _required(actor, register)
    rows = _rows(data, name)
    with transaction.atomic():
        file = None
        if not definition.is_personal:
            file = store_sent_file(
                agency_id=actor.agency_id,
                actor=actor,
                data=data,
                name=name,
                content_type=content_type,
                kinds=SHEET_KINDS,
                now=now,
            )
        return _take_in(actor, definition, rows, name=name, file=file, now=now)


def retry_refused(*, actor: Actor, batch_id: int, now: datetime) -> Batch:
    """Try the refused rows of a spreadsheet again, after what they lacked was entered; return the new batch.

    Raises Batch.DoesNotExist, NotAllowed, SheetUnusable where none was refused.
    """
    with transaction.atomic():
        batch = _batch(actor, batch_id)
        definition = _required(actor, batch.register)
        if not batch.refused:
            raise SheetUnusable(Message(gettext_noop("No row of this spreadsheet was refused.")))
        rows = [(each["row"], each["cells"]) for each in batch.refused]
        again = _take_in(actor, definition, rows, name=batch.name, file=batch.file, now=now)
        # What is refused once more stands with the new one.
        batch.refused = []
        batch.save(update_fields=["refused"])
    return again


def mend_refused(
    *, actor: Actor, batch_id: int, row: int, values: Mapping[str, object], now: datetime
) -> Entry:
    """Enter one refused row of a spreadsheet as it was mended by hand; it is refused no more.

    Raises Batch.DoesNotExist, NotAllowed, SheetUnusable where the row is not among the refused ones (any more), and what
    entering raises; then the row stays.
    """
    with transaction.atomic():
        batch = _batch(actor, batch_id)
        _without(batch, row)
        entry = enter(actor=actor, register=batch.register, values=values, now=now)
        batch.save(update_fields=["refused"])
    return entry


def set_aside_refused(*, actor: Actor, batch_id: int, row: int, now: datetime) -> Batch:
    """Leave a refused row of a spreadsheet out for good: it is none that belongs into the register.

    Raises Batch.DoesNotExist, NotAllowed, SheetUnusable where the row is not among the refused ones (any more).
    """
    with transaction.atomic():
        batch = _batch(actor, batch_id)
        _without(batch, row)
        batch.save(update_fields=["refused"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="entry.row_set_aside",
            subject=batch,
            on=timezone.localdate(now),
            after={"register": batch.register, "row": row},
        )
    return batch


def take_back(*, actor: Actor, batch_id: int, reason: str, now: datetime) -> TakenBack:
    """Take a spreadsheet back: what it added is withdrawn, what it changed says again what it said before.

    Entries that somebody changed since, or that something hangs on, stay as they are. What is withdrawn lets go of its
    number and of what it is known by, so that a better file brings it in anew.

    Raises Batch.DoesNotExist, NotAllowed, ReasonMissing, StateNotFitting.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        batch = _batch(actor, batch_id)
        register = REGISTERS[batch.register]
        reason = needed_reason(one_line(reason))
        if batch.state == Batch.State.UNDONE:
            raise StateNotFitting(Message(gettext_noop("This spreadsheet is taken back already.")))
        tally.take_turn(agency_id=actor.agency_id, register=register.key)
        items = tally.items_of(actor.agency_id, register)
        own = Entry.objects.select_for_update(of=("self",)).filter(
            agency_id=actor.agency_id, register=register.key
        )
        staying: list[str] = []
        added = [
            each for each in own.filter(batch=batch).order_by("pk") if each.state != Entry.State.WITHDRAWN
        ]
        hanging = _hanging([each.pk for each in added])
        gone = [each for each in added if each.changed_at == batch.at and each.pk not in hanging]
        staying += [each.title for each in added if each.changed_at != batch.at or each.pk in hanging]
        counted = tally.cells_of(gone, register, items)
        for entry in gone:
            before = plain(entry, register)
            entry.state, entry.withdrawal = Entry.State.WITHDRAWN, reason
            entry.key, entry.series, entry.serial = f"~{entry.pk}~{entry.key}"[:255], "", None
            entry.changed_at, entry.changed_by_id = now, actor.person_id
            entry.save()
            if register.is_personal or len(gone) <= _AT_ONCE:
                record_change(
                    actor, entry, register, "entry.withdrawn", today,
                    before=before, after=plain(entry, register), reason=reason,
                )  # fmt: skip
            follow(actor=actor, entry=entry, now=now, reason=reason)
        tally.move(
            agency_id=actor.agency_id,
            register=register,
            before=counted,
            after=tally.cells_of(gone, register, items),
        )
        restored, kept = _restore(actor, register, batch, now, reason)
        settle_versions(actor=actor, register=register, things={thing_of(each) for each in gone}, now=now)
        staying += kept
        batch.state = Batch.State.UNDONE
        batch.save(update_fields=["state"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="entry.batch_taken_back",
            subject=batch,
            on=today,
            after={
                "register": register.key,
                "withdrawn": len(gone),
                "restored": restored,
                "staying": len(staying),
            },
            reason=reason,
        )
    return TakenBack(len(gone), restored, tuple(staying))


def _take_in(
    actor: Actor,
    register: Register,
    rows: Sequence[tuple[int, Sequence[str]]],
    *,
    name: str,
    file: StoredFile | None,
    now: datetime,
) -> Batch:
    today = timezone.localdate(now)
    tally.take_turn(agency_id=actor.agency_id, register=register.key)
    names = names_of(actor.agency_id, register, on=today)
    planned = planned_rows(actor, register, rows, names, now=now, today=today)
    new = [each.entry for each in planned.rows if each.status == "new" and each.entry is not None]
    changed = [each for each in planned.rows if each.status == "changed"]
    batch = Batch.objects.create(
        agency_id=actor.agency_id,
        register=register.key,
        file=file,
        name=name[:255],
        added=len(new),
        changed=len(changed),
        unchanged=planned.count("same"),
        refused=kept_refusals(planned.sheet.headings, planned.rows),
        before=[each.before_json for each in changed],
        at=now,
        by_id=actor.person_id,
    )
    for entry in new:
        entry.batch = batch
    Entry.objects.bulk_create(new, batch_size=_AT_ONCE)
    for each in changed:
        if each.entry is not None:
            each.entry.save()
    written = [*new, *(each.entry for each in changed if each.entry is not None)]
    items = tally.items_of(actor.agency_id, register)
    tally.move(
        agency_id=actor.agency_id,
        register=register,
        before=planned.counted,
        after=tally.cells_of(written, register, items),
    )
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb="entry.brought_in",
        subject=batch,
        on=today,
        after={
            "register": register.key,
            "name": batch.name,
            "added": batch.added,
            "changed": batch.changed,
            "unchanged": batch.unchanged,
            "refused": planned.count("refused"),
        },
    )
    for each in changed:
        if each.entry is not None and each.before is not None:
            _note_changed(actor, each.entry, register, before=each.before, now=now)
    settle_versions(actor=actor, register=register, things={thing_of(each) for each in written}, now=now)
    return batch


def _restore(
    actor: Actor, register: Register, batch: Batch, now: datetime, reason: str
) -> tuple[int, list[str]]:
    """Let what a batch changed say again what it said before; return how many, and the titles of those that stay."""
    before_of = {each["id"]: each["values"] for each in batch.before}
    if not before_of:
        return 0, []
    today = timezone.localdate(now)
    names, calendar = names_shown(actor.agency_id, register), working_calendar(actor.agency_id)
    items = tally.items_of(actor.agency_id, register)
    entries = list(
        Entry.objects.select_for_update(of=("self",))
        .filter(agency_id=actor.agency_id, pk__in=before_of)
        .order_by("pk")
    )
    back: list[Entry] = []
    counted: Counter[tally.Cell] = Counter()
    for entry in entries:
        if entry.changed_at != batch.at or entry.state == Entry.State.WITHDRAWN:
            continue
        before, due_before, added = (
            plain(entry, register),
            entry.due_on,
            tally.cells_of([entry], register, items),
        )
        fill(
            entry,
            register,
            values_from_json(register.fields, before_of[entry.pk]),
            names=names,
            calendar=calendar,
            today=today,
        )
        if entry.due_on != due_before:
            entry.due_original = entry.due_on
        try:
            check_alone(entry)
        except (EntryKnown, NumberTaken):
            continue  # what it said before, another one says by now
        back.append(entry)
        counted.update(added)
        entry.changed_at, entry.changed_by_id = now, actor.person_id
        entry.save()
        _note_changed(actor, entry, register, before=before, now=now, reason=reason)
    tally.move(
        agency_id=actor.agency_id,
        register=register,
        before=counted,
        after=tally.cells_of(back, register, items),
    )
    return len(back), [each.title for each in entries if each not in back]


def _note_changed(
    actor: Actor,
    entry: Entry,
    register: Register,
    *,
    before: Mapping[str, Any],
    now: datetime,
    reason: str = "",
) -> None:
    """Put into the journal what a spreadsheet changed of an entry, and let its invitations follow."""
    record_change(
        actor, entry, register, "entry.changed", timezone.localdate(now),
        before=before, after=plain(entry, register), reason=reason,
    )  # fmt: skip
    follow(actor=actor, entry=entry, now=now, reason=reason)


def _hanging(ids: Sequence[int]) -> frozenset[int]:
    """Return those entries on which something hangs: an extension, evidence, a letter, an entry that came of it."""
    found: set[int] = set()
    for first in range(0, len(ids), _AT_ONCE):
        rows = Entry.objects.filter(pk__in=ids[first : first + _AT_ONCE])
        for name in ("extensions", "evidence", "letters", "parts"):
            found |= set(rows.filter(**{f"{name}__isnull": False}).values_list("pk", flat=True))
    return frozenset(found)


def _without(batch: Batch, row: int) -> None:
    """Take a row out of the refused ones, and the headings with the last of them."""
    rest = [each for each in batch.refused if each["row"] != row or not row]
    if len(rest) == len(batch.refused):
        raise SheetUnusable(
            Message(gettext_noop("Row %(row)s is not among the refused rows any more."), {"row": str(row)})
        )
    batch.refused = rest if len(rest) > 1 else []


def _rows(data: bytes, name: str) -> list[tuple[int, Sequence[str]]]:
    return [(row.number, row.cells) for row in read_sheet(data, name).rows]


def _required(actor: Actor, register: str) -> Register:
    """Return a register into which the actor may bring a spreadsheet; KeyError for none. Raises NotAllowed."""
    definition = REGISTERS[register]
    require(actor, "register.bring_in")
    require_enter(actor, definition)
    return definition


def _batch(actor: Actor, batch_id: int) -> Batch:
    batch = (
        Batch.objects.select_for_update(of=("self",))
        .select_related("file")
        .get(pk=batch_id, agency_id=actor.agency_id)
    )
    definition = _required(actor, batch.register)
    if batch.by_id != actor.person_id and not (
        can_in_agency(actor, "register.bring_in") and keeps_all(actor, definition)
    ):
        raise NotAllowed("register.bring_in")
    return batch
