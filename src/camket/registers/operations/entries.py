"""Writing entries: entered, changed, finished, opened again, withdrawn, put off, given evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.registers import REGISTERS, Register
from camket.core.registers.reading import key_of
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.documents import operations as documents
from camket.documents.models import Evidence
from camket.documents.operations import NewEvidence, add_evidence, said_of
from camket.journal.reasons import needed_reason
from camket.org.calendar import working_calendar
from camket.org.policy import Actor, NotAllowed, require
from camket.org.queries import unit_today
from camket.registers import tally
from camket.registers.filling import fill, numbered, plain, state_of, values_of
from camket.registers.invitations import follow
from camket.registers.models import Entry, Extension
from camket.registers.names import names_of
from camket.registers.sight import (
    PERSONAL,
    entry_of,
    keeps_all,
    kept_by,
    may_withdraw,
    paper_states,
    require_enter,
)
from camket.registers.telling import settled, told_asked, told_decided, told_given
from camket.registers.versions import Thing, settle_versions, thing_of
from camket.registers.writing import (
    HAS_PASSED,
    check_alone,
    counts_of,
    move,
    record_change,
    understood,
)

_UNNAMED = "minh-chung"
"""What a file is called that proves what stands of a single person."""


class DueFixed(Refusal):
    """A last day is moved by an extension that is approved, not by changing the entry."""


class StateNotFitting(Refusal):
    """The entry is not in the state that the act asks for."""


class ExtensionNotPossible(Refusal):
    """A new last day that is none later, or one asked for while another waits."""


def enter(
    *,
    actor: Actor,
    register: str,
    values: Mapping[str, object],
    now: datetime,
    parent_id: int | None = None,
    is_numbered: bool = False,
) -> Entry:
    """Write a new entry into a register; ``values`` are typed values or what a form said, by field key.

    ``is_numbered``: the paper was signed here with its number, by an operation that asked who may.

    Without a unit it is of the unit of its person, else of the unit of whoever enters it and keeps that unit's alone.
    Raises NotAllowed, ValuesRefused, EntryKnown, NumberTaken.
    """
    definition = REGISTERS[register]
    today = timezone.localdate(now)
    with transaction.atomic():
        require_enter(actor, definition)
        tally.take_turn(agency_id=actor.agency_id, register=register)
        names = names_of(actor.agency_id, definition, on=today)
        read = understood(actor, definition, values, names, today, is_numbered=is_numbered)
        if parent_id is not None:
            entry_of(actor, parent_id)
        entry = Entry(
            agency_id=actor.agency_id,
            register=register,
            parent_id=parent_id,
            created_at=now,
            created_by_id=actor.person_id,
            changed_at=now,
            changed_by_id=actor.person_id,
        )
        fill(
            entry,
            definition,
            read,
            names=names,
            calendar=working_calendar(actor.agency_id),
            today=today,
        )
        check_alone(entry)
        entry.save(force_insert=True)
        move(definition, entry, Counter())
        record_change(
            actor, entry, definition, "entry.entered", today, before={}, after=plain(entry, definition)
        )
        settle_versions(actor=actor, register=definition, things=(thing_of(entry),), now=now)
        told_given(actor=actor, entry=entry, now=now)
    return entry


def change(
    *, actor: Actor, entry_id: int, values: Mapping[str, object], now: datetime, reason: str = ""
) -> Entry:
    """Change what an entry says, in the fields that are given; the others stay.

    The last day of work is put off by :func:`ask_extension`; one that was written wrongly is put right by who keeps the
    whole register, as long as none was put off. Raises Entry.DoesNotExist, NotAllowed, ValuesRefused, EntryKnown,
    NumberTaken, DueFixed, StateNotFitting.
    """
    with transaction.atomic():
        act = _begun(actor, entry_id, now)
        _refuse_withdrawn(act.entry)
        was = (act.entry.unit_id, act.entry.person_id)
        _rewrite(act, values)
        if act.is_changed:
            act.store("entry.changed", reason)
        if was != (act.entry.unit_id, act.entry.person_id):
            told_given(actor=actor, entry=act.entry, now=now)
    return act.entry


def finish(
    *,
    actor: Actor,
    entry_id: int,
    done_on: date,
    now: datetime,
    note: str = "",
    values: Mapping[str, object] | None = None,
) -> Entry:
    """Say that work is done; ``values`` may say more of it (what came of it, the report back).

    ``note`` is what came of it, where the register has a field ``result``. Raises as :func:`change` does.
    """
    with transaction.atomic():
        act = _begun(actor, entry_id, now)
        if act.entry.state != Entry.State.OPEN:
            raise StateNotFitting(Message(gettext_noop("This is not open, so that it cannot be finished.")))
        said: dict[str, object] = {**(values or {}), "done_on": done_on}
        note = one_line(note)
        if note and "result" not in said and any(each.key == "result" for each in act.register.fields):
            said["result"] = note
        _rewrite(act, said)
        act.store("entry.finished", note)
        settled(entry=act.entry, now=now)
    return act.entry


def reopen(*, actor: Actor, entry_id: int, reason: str, now: datetime) -> Entry:
    """Open work again that was said to be done, or take a withdrawal back; says why.

    Raises Entry.DoesNotExist, NotAllowed, ReasonMissing, StateNotFitting.
    """
    with transaction.atomic():
        act = _begun(actor, entry_id, now)
        entry, register = act.entry, act.register
        reason = needed_reason(one_line(reason))
        if entry.state == Entry.State.WITHDRAWN:
            if paper_states(entry):
                raise StateNotFitting(
                    Message(
                        gettext_noop("The document itself was withdrawn: its entry stays withdrawn with it.")
                    )
                )
            entry.state, entry.withdrawal = state_of(entry, register), ""
            # What was taken back with its spreadsheet had let go of its key and its number.
            entry.key = key_of(register, values_of(entry, register))
            if register.has_series:
                entry.series, entry.serial = numbered(entry.number)
        elif entry.state == Entry.State.DONE:
            entry.done_on, entry.state = None, Entry.State.OPEN
            entry.unit = entry.unit and unit_today(entry.unit)
        else:
            raise StateNotFitting(Message(gettext_noop("This is open already.")))
        check_alone(entry)
        act.store("entry.reopened", reason)
    return entry


def withdraw(*, actor: Actor, entry_id: int, reason: str, now: datetime) -> Entry:
    """Withdraw an entry that should not stand, with the reason; it counts no more, and a number given stays used.

    The entry of a paper that was issued here goes with its paper, never alone; work that somebody else gave is not
    withdrawn by whoever is to do it. Raises Entry.DoesNotExist, NotAllowed,
    ReasonMissing, StateNotFitting.
    """
    with transaction.atomic():
        act = _begun(actor, entry_id, now)
        _refuse_withdrawn(act.entry)
        if not may_withdraw(actor, act.register, act.entry):
            raise NotAllowed("register.keep")
        _refuse_issued(act.entry)
        reason = needed_reason(one_line(reason))
        act.entry.state, act.entry.withdrawal = Entry.State.WITHDRAWN, reason
        act.store("entry.withdrawn", reason)
        settled(entry=act.entry, now=now)
    return act.entry


def attach(*, actor: Actor, entry_id: int, evidence: NewEvidence, now: datetime) -> Evidence:
    """Put evidence to an entry: a file, a link, a document. Raises as ``add_evidence`` does, and StateNotFitting."""
    with transaction.atomic():
        act = _begun(actor, entry_id, now)
        entry, register = act.entry, act.register
        _refuse_withdrawn(entry)
        if register.is_personal:
            # The journal at large tells neither the title nor the file's name: both say what was decided on whom.
            unnamed = replace(evidence, name=f"{_UNNAMED}{PurePath(evidence.name).suffix}")
            found = add_evidence(actor=actor, evidence=unnamed, now=now, is_recorded=False)
            said = said_of(evidence=found)
        else:
            found = add_evidence(actor=actor, evidence=evidence, now=now)
            said = {}
        entry.evidence.add(found)
        record_change(
            actor, entry, register, "entry.evidence_added", timezone.localdate(now),
            before={}, after={"evidence": found.title or str(found.pk), **said},
        )  # fmt: skip
    return found


def withdraw_evidence(*, actor: Actor, evidence_id: int, reason: str, now: datetime) -> Evidence:
    """Withdraw evidence of anything; of what tells of single people the journal says it under their seal.

    Raises as ``documents.operations.withdraw_evidence`` does, and Evidence.DoesNotExist for proof of what the actor does
    not see.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        proven = Entry.objects.filter(
            agency_id=actor.agency_id, register__in=PERSONAL, evidence=evidence_id
        ).order_by("pk")
        entries = list(proven)
        for each in entries:
            try:
                entry_of(actor, each.pk)
            except Entry.DoesNotExist:
                raise Evidence.DoesNotExist from None
        for register in sorted({each.register for each in entries}):
            tally.take_turn(agency_id=actor.agency_id, register=register)
        was_withdrawn = Evidence.objects.filter(pk=evidence_id, is_withdrawn=True).exists()
        found = documents.withdraw_evidence(
            actor=actor, evidence_id=evidence_id, reason=reason, now=now, is_recorded=not entries
        )
        for each in entries if not was_withdrawn else ():
            record_change(
                actor, each, REGISTERS[each.register], "entry.evidence_withdrawn", today,
                before={"evidence": found.title or str(found.pk)}, after={}, reason=one_line(reason),
            )  # fmt: skip
    return found


# Putting off (gia hạn)


def ask_extension(*, actor: Actor, entry_id: int, due_after: date, reason: str, now: datetime) -> Extension:
    """Ask for a later last day of work; who gave it decides. Raises NotAllowed, ReasonMissing, ExtensionNotPossible."""
    today = timezone.localdate(now)
    with transaction.atomic():
        act = _begun(actor, entry_id, now)
        entry, register = act.entry, act.register
        reason = needed_reason(one_line(reason))
        if entry.state != Entry.State.OPEN or entry.due_on is None:
            raise StateNotFitting(Message(gettext_noop("Only open work with a last day can be put off.")))
        if due_after <= entry.due_on:
            raise ExtensionNotPossible(_too_early(entry.due_on))
        if due_after < today:
            raise ExtensionNotPossible(HAS_PASSED)
        if entry.extensions.filter(state=Extension.State.ASKED).exists():
            raise ExtensionNotPossible(
                Message(gettext_noop("A later last day was asked for already and waits for a decision."))
            )
        extension = Extension.objects.create(
            entry=entry,
            due_before=entry.due_on,
            due_after=due_after,
            reason=reason,
            asked_at=now,
            asked_by_id=actor.person_id,
        )
        record_change(
            actor, entry, register, "entry.extension_asked", today,
            before={}, after={"due_after": due_after.isoformat()}, reason=reason,
        )  # fmt: skip
        told_asked(actor=actor, entry=entry, extension=extension, now=now)
    return extension


def decide_extension(
    *,
    actor: Actor,
    extension_id: int,
    is_approved: bool,
    now: datetime,
    answer: str = "",
    document: str = "",
) -> Extension:
    """Approve a later last day, or refuse it with a reason; the day first given is kept, and nobody decides the own.

    Raises Extension.DoesNotExist, NotAllowed, ReasonMissing, StateNotFitting, ExtensionNotPossible where the last day was
    put right meanwhile and lies later already.
    """
    with transaction.atomic():
        asked = Extension.objects.only("entry_id").get(pk=extension_id, entry__agency_id=actor.agency_id)
        found, register = entry_of(actor, asked.entry_id)
        require(actor, "register.extend")
        tally.take_turn(agency_id=actor.agency_id, register=found.register)
        act = _Act.of(actor, *entry_of(actor, asked.entry_id, is_locked=True), now)
        entry = act.entry
        extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension_id)
        if actor.is_own(extension.asked_by_id):
            raise NotAllowed("register.extend")
        if extension.state != Extension.State.ASKED or entry.state != Entry.State.OPEN:
            raise StateNotFitting(
                Message(gettext_noop("This is decided already, or the work is not open any more."))
            )
        if is_approved and entry.due_on is not None and extension.due_after <= entry.due_on:
            raise ExtensionNotPossible(_too_early(entry.due_on))
        answer = one_line(answer if is_approved else needed_reason(answer))
        extension.state = Extension.State.APPROVED if is_approved else Extension.State.REFUSED
        extension.answer, extension.document = answer, one_line(document)[:255]
        extension.decided_at, extension.decided_by_id = now, actor.person_id
        extension.save()
        if is_approved:
            entry.due_on = extension.due_after
            entry.late_after = working_calendar(actor.agency_id).limit_end(extension.due_after)
        said = {"document": extension.document} if extension.document else {}
        act.store("entry.extended" if is_approved else "entry.extension_refused", answer, said)
        told_decided(actor=actor, entry=entry, extension=extension, now=now)
    return extension


@dataclass(slots=True)
class _Act:
    """An entry that is being written: what it said and added to the counts before, what it was a version of."""

    actor: Actor
    entry: Entry
    register: Register
    now: datetime
    before: dict[str, Any]
    counted: Counter[tally.Cell]
    thing: Thing

    @classmethod
    def of(cls, actor: Actor, entry: Entry, register: Register, now: datetime) -> _Act:
        """Begin with an entry as it stands."""
        return cls(
            actor, entry, register, now, plain(entry, register), counts_of(entry, register), thing_of(entry)
        )

    @property
    def is_changed(self) -> bool:
        """Whether the entry says anything else now."""
        return plain(self.entry, self.register) != self.before

    def store(self, verb: str, reason: str = "", said: Mapping[str, Any] | None = None) -> None:
        """Save the entry, move the counts, put it into the journal with ``said`` besides; invitations follow."""
        self.entry.changed_at, self.entry.changed_by_id = self.now, self.actor.person_id
        self.entry.save()
        move(self.register, self.entry, self.counted)
        record_change(
            self.actor,
            self.entry,
            self.register,
            verb,
            timezone.localdate(self.now),
            before=self.before,
            after={**plain(self.entry, self.register), **(said or {})},
            reason=reason,
        )
        things = (self.thing, thing_of(self.entry))
        settle_versions(actor=self.actor, register=self.register, things=things, now=self.now)
        follow(actor=self.actor, entry=self.entry, now=self.now, reason=reason)


def _begun(actor: Actor, entry_id: int, now: datetime) -> _Act:
    """Begin to write an entry that the actor may write: locked, with the register's turn taken."""
    found, register = entry_of(actor, entry_id)
    tally.take_turn(agency_id=actor.agency_id, register=register.key)
    return _Act.of(actor, *kept_by(actor, found.pk), now)


def _rewrite(act: _Act, values: Mapping[str, object]) -> None:
    actor, entry, register = act.actor, act.entry, act.register
    today = timezone.localdate(act.now)
    names = names_of(actor.agency_id, register, on=today)
    known = values_of(entry, register)
    merged = understood(actor, register, values, names, today, known)
    due_before, due_after = known.get("due_on"), merged.get("due_on")
    is_moved = isinstance(due_before, date) and due_before != due_after
    if is_moved:
        _refuse_moved(actor, register, entry)
    fill(
        entry,
        register,
        merged,
        names=names,
        calendar=working_calendar(actor.agency_id),
        today=today,
    )
    if is_moved:
        entry.due_original = entry.due_on
    check_alone(entry)


def _refuse_moved(actor: Actor, register: Register, entry: Entry) -> None:
    if not keeps_all(actor, register) or entry.extensions.filter(state=Extension.State.APPROVED).exists():
        raise DueFixed(
            Message(
                gettext_noop("The last day is moved by an extension that is approved: ask for one instead.")
            )
        )


def _too_early(due_on: date) -> Message:
    return Message(gettext_noop("The new last day has to lie after %(day)s."), {"day": format_date(due_on)})


def _refuse_issued(entry: Entry) -> None:
    """Refuse what would leave a paper in force that was issued under this entry's number."""
    if "issued" in paper_states(entry):
        raise StateNotFitting(
            Message(
                gettext_noop(
                    "%(number)s was issued here and is in force: withdraw the document itself; its entry goes with it."
                ),
                {"number": entry.number},
            )
        )


def _refuse_withdrawn(entry: Entry) -> None:
    if entry.state == Entry.State.WITHDRAWN:
        raise StateNotFitting(Message(gettext_noop("This was withdrawn. Open it again first.")))
