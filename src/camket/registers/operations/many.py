"""Acts on many entries of a register's list at once: give, ask for more time, note as done, approve, remind.

Giving, and asking for more time that nobody has decided on yet, can be undone for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from camket.actions import list_acts
from camket.actions.list_acts import Telling
from camket.actions.models import ListAct
from camket.core.many import Change, Plan, Row, Values, Wanted
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.periods import vietnamese
from camket.core.registers import REGISTERS, Register
from camket.core.registers.reading import Names, Value, problems_in
from camket.journal.meanwhile import written_on
from camket.journal.operations import Line, record_many
from camket.journal.reasons import needed_reason
from camket.notifications.staff import Staff, staff_of
from camket.org.calendar import working_calendar
from camket.org.models import Role, Unit
from camket.org.policy import Actor, NotAllowed, can
from camket.registers import tally
from camket.registers.due import REGISTERS as WITH_WORK
from camket.registers.filling import changes as differing
from camket.registers.filling import fill, plain, values_of
from camket.registers.models import Entry, Extension
from camket.registers.names import names_of
from camket.registers.sight import keep_act, may_enter, may_keep
from camket.registers.telling import called, entry_link
from camket.registers.writing import HAS_PASSED, check_alone, place

ASSIGN, POSTPONE, FINISH, APPROVE, REMIND = "assign", "postpone", "finish", "approve", "remind"
ACTS = (ASSIGN, POSTPONE, FINISH, APPROVE, REMIND)
HARMLESS = frozenset({ASSIGN, POSTPONE})
"""Acts that can be undone."""
_VERBS = {
    ASSIGN: "entry.changed",
    POSTPONE: "entry.extension_asked",
    FINISH: "entry.finished",
    APPROVE: "entry.extended",
    REMIND: "entry.nudged",
}


class NobodyGiven(Refusal):
    """Work is to be given to a person or a unit, and neither was named."""


class NoDay(Refusal):
    """A day is needed, and none was named."""


def acts_of(*, actor: Actor, register: Register) -> tuple[str, ...]:
    """Return the acts that the actor may do to some entries of a register's list; none where it holds no work."""
    if register.key not in WITH_WORK or not may_enter(actor, register):
        return ()
    return tuple(act for act in ACTS if act != APPROVE or can(actor, "register.extend"))


def preview_many(
    *, actor: Actor, register: str, act: str, entry_ids: Sequence[int], wanted: Wanted | None, now: datetime
) -> Plan:
    """Return what an act would do to entries; nothing is written. ``wanted`` is None as long as nobody said what is asked for.

    Raises Entry.DoesNotExist where one is not there for the actor, NotAllowed, and a Refusal where what is asked for is
    not possible whatever the entries.
    """
    return list_acts.preview(_Entries(actor, REGISTERS[register], now), act, entry_ids, wanted)


def act_on_entries(
    *, actor: Actor, register: str, act: str, entry_ids: Sequence[int], wanted: Wanted, now: datetime
) -> ListAct:
    """Do an act to many entries: each that it is possible for, the others are kept with their reason.

    Raises as :func:`preview_many` does, and NothingToDo where it is possible for none.
    """
    return list_acts.carry_out(_Entries(actor, REGISTERS[register], now), act, entry_ids, wanted)


def undo_on_entries(*, actor: Actor, register: str, list_act_id: int, now: datetime) -> ListAct:
    """Undo an act on many entries; raises as ``list_acts.undo`` does."""
    return list_acts.undo(_Entries(actor, REGISTERS[register], now), list_act_id)


class _Entries:
    """Entries of one register as rows of a list."""

    subject_type = "registers.entry"
    harmless = HARMLESS

    def __init__(self, actor: Actor, register: Register, now: datetime) -> None:
        self.actor, self.register, self.now = actor, register, now
        self.of = register.key
        self.start = f"/so/{register.slug}/"
        self.today = timezone.localdate(now)
        self.entries: dict[int, Entry] = {}
        self.asked: dict[int, Extension] = {}
        self.said: dict[int, dict[str, Value]] = {}

    @cached_property
    def names(self) -> Names:
        """What units and people are called, by which work is given."""
        return names_of(self.actor.agency_id, self.register, on=self.today)

    def check_act(self, act: str) -> None:
        """Raise NotAllowed where the actor may do the act to no entry at all."""
        if act not in acts_of(actor=self.actor, register=self.register):
            raise NotAllowed("register.extend" if act == APPROVE else keep_act(self.register))

    def check_wanted(self, act: str, wanted: Wanted) -> None:
        """Raise a Refusal, or DoesNotExist, where what is asked for is not possible whatever the entries."""
        if act == ASSIGN:
            if wanted.person_id is None and wanted.unit_id is None:
                raise NobodyGiven(Message(gettext_noop("Choose a person or a unit.")))
            if wanted.person_id is not None and not self.names.person(wanted.person_id):
                raise NobodyGiven(Message(gettext_noop("This person has no post in the agency today.")))
            if wanted.unit_id is not None:
                Unit.objects.get(pk=wanted.unit_id, agency_id=self.actor.agency_id, is_active=True)
        elif act in (POSTPONE, FINISH):
            if wanted.on is None:
                raise NoDay(Message(gettext_noop("Say the day.")))
            if act == POSTPONE:
                needed_reason(wanted.words)

    def standing(self, act: str, ids: Sequence[int], wanted: Wanted, *, is_locked: bool) -> list[Row]:
        """Return the entries as they stand, with what is against the act."""
        self._read(act, ids, is_locked=is_locked)
        if len(self.entries) != len(set(ids)):
            raise Entry.DoesNotExist
        reminded: Collection[int] = ()
        staff = Staff(self.actor.agency_id)
        if act == REMIND:
            reminded = written_on(self.actor.agency_id, self.subject_type, _VERBS[REMIND], ids, self.today)
            staff = staff_of(self.actor.agency_id, self.today)
        found = []
        for pk in dict.fromkeys(ids):
            entry = self.entries[pk]
            against = self._against(act, entry, wanted)
            if act == REMIND and against is None:
                if pk in reminded:
                    against = Message(gettext_noop("Reminded of today already."))
                elif not self._doers(staff, entry):
                    against = Message(gettext_noop("Nobody but you is there to be reminded."))
            found.append(Row(pk, self._holds(entry), against))
        return found

    def becomes(self, act: str, wanted: Wanted) -> Callable[[Row], Values]:
        """Return what the act sets of an entry."""
        match act:
            case "assign":
                return lambda row: {
                    "unit": self.said[row.id]["unit"], "person": self.said[row.id]["person"],
                }  # fmt: skip
            case "postpone":
                return lambda row: {"asked": wanted.on.isoformat() if wanted.on else None}
            case "finish":
                return lambda row: {"done_on": wanted.on.isoformat() if wanted.on else None}
            case "approve":
                return lambda row: {"due_on": row.holds["asked"], "asked": None}
        return lambda row: {}

    def write(self, act: str, changes: Sequence[Change], wanted: Wanted) -> None:
        """Write what becomes of the entries."""
        words = wanted.words.strip()
        if act == POSTPONE and wanted.on is not None:
            Extension.objects.bulk_create(
                [
                    Extension(
                        entry_id=each.id,
                        due_before=self.entries[each.id].due_on or wanted.on,
                        due_after=wanted.on,
                        reason=words,
                        asked_at=self.now,
                        asked_by_id=self.actor.person_id,
                    )
                    for each in changes
                ],
                batch_size=500,
            )
            self._record(
                act, {each.id: ({}, {"due_after": wanted.on.isoformat()}) for each in changes}, words
            )
        elif act == REMIND:
            self._record(act, {each.id: ({}, {}) for each in changes}, words)
        else:
            if act == APPROVE:
                Extension.objects.filter(pk__in=[self.asked[each.id].pk for each in changes]).update(
                    state=Extension.State.APPROVED,
                    answer=words,
                    decided_at=self.now,
                    decided_by_id=self.actor.person_id,
                )
            self._rewrite(_VERBS[act], {each.id: self.said[each.id] for each in changes}, words)

    def back(self, act: str, ids: Sequence[int]) -> list[Row]:
        """Return the entries that are still there, locked, with what is against undoing the act."""
        self._read(act, ids, is_locked=True)
        return [
            Row(pk, self._holds(entry), self._against_back(act, entry)) for pk, entry in self.entries.items()
        ]

    def write_back(self, act: str, changes: Sequence[Change]) -> None:
        """Write that an act is undone."""
        if act == POSTPONE:
            asked = {each.id: self.asked[each.id] for each in changes}
            Extension.objects.filter(pk__in=[each.pk for each in asked.values()]).update(
                state=Extension.State.TAKEN_BACK, decided_at=self.now, decided_by_id=self.actor.person_id
            )
            self._record(
                "entry.undone",
                {
                    pk: ({"due_after": each.due_after.isoformat()}, {"due_after": None})
                    for pk, each in asked.items()
                },
                "",
            )
            return
        self._rewrite(
            "entry.undone",
            {each.id: {**values_of(self.entries[each.id], self.register), **each.after} for each in changes},
            "",
        )

    def tellings(
        self, act: str, changes: Sequence[Change], wanted: Wanted, staff: Staff
    ) -> dict[int, Telling]:
        """Return what is told of each entry."""
        words = wanted.words.strip().rstrip(". ")
        leaders = staff.told(staff.with_role(Role.CHAIRMAN, Role.REPRESENTATIVE), but=(self.actor.person_id,))
        found = {}
        for each in changes:
            entry = self.entries[each.id]
            people = self._doers(staff, entry)
            if act == FINISH:
                continue
            if act == POSTPONE:
                people = leaders
            elif act == APPROVE:
                asked = self.asked[each.id]
                people = staff.told((asked.asked_by_id, entry.person_id), but=(self.actor.person_id,))
            topic, one, several = _TOLD[
                "remind with words" if act == REMIND and words
                else "assign undated" if act == ASSIGN and entry.due_on is None
                else "remind undated" if act == REMIND and entry.due_on is None
                else act
            ]  # fmt: skip
            due = wanted.on if act == POSTPONE else entry.due_on
            params = {
                "by": self.actor.name,
                "due": vietnamese(due) if due else "",
                "before": vietnamese(entry.due_on) if entry.due_on else "",
                "reason": words,
                "work": called(entry).rstrip(". "),
            }
            found[each.id] = Telling(
                people, topic, Message(one, params), several, entry_link(self.register.key, entry.pk)
            )
        return found

    def called(self, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
        """Return what the entries are called and where they are."""
        return {pk: (called(self.entries[pk]).rstrip(". "), entry_link(self.register.key, pk)) for pk in ids}

    def _read(self, act: str, ids: Sequence[int], *, is_locked: bool) -> None:
        if is_locked:
            tally.take_turn(agency_id=self.actor.agency_id, register=self.register.key)
        rows = Entry.objects.filter(
            pk__in=list(ids), agency_id=self.actor.agency_id, register=self.register.key
        )
        if is_locked:
            rows = rows.select_for_update(of=("self",))
        self.entries = {each.pk: each for each in rows.order_by("pk")}
        if act in (POSTPONE, APPROVE):
            waiting = Extension.objects.filter(entry__in=list(self.entries), state=Extension.State.ASKED)
            self.asked = {each.entry_id: each for each in waiting}

    def _holds(self, entry: Entry) -> Values:
        asked = self.asked.get(entry.pk)
        return {
            "unit": entry.unit_id,
            "person": entry.person_id,
            "due_on": _iso(entry.due_on),
            "done_on": _iso(entry.done_on),
            "asked": _iso(asked.due_after) if asked else None,
        }

    def _against(self, act: str, entry: Entry, wanted: Wanted) -> Message | None:
        """Return what is against an act on an entry; what the entry will say is put into ``said``."""
        if act == APPROVE:
            return self._against_approving(entry)
        if not may_keep(self.actor, self.register, entry):
            return _NOT_YOURS
        if entry.state != Entry.State.OPEN:
            return Message(gettext_noop("This is not open: it is done or was withdrawn."))
        if act == POSTPONE:
            return self._against_asking(entry, wanted)
        if act == REMIND or wanted == Wanted():
            return None
        said = values_of(entry, self.register)
        merged = dict(said)
        if act == ASSIGN:
            merged.update(self._given(entry, wanted))
            try:
                place(self.actor, self.register, merged, self.names, said)
            except NotAllowed:
                return Message(gettext_noop("You give work within your own unit alone."))
        elif wanted.on is not None:
            merged["done_on"] = wanted.on
            if wanted.words.strip() and "result" in merged:
                merged["result"] = wanted.words.strip()
        self.said[entry.pk] = merged
        if problems := problems_in(self.register, merged, self.today):
            return problems[0].message
        return None

    def _given(self, entry: Entry, wanted: Wanted) -> dict[str, Value]:
        """Return the unit and person of an entry that is given: who is named brings the own unit, unless one is named too."""
        unit = wanted.unit_id
        if unit is None:
            is_of_unit = entry.unit_id in self.names.units_of(wanted.person_id)
            unit = entry.unit_id if is_of_unit else self.names.unit_of(wanted.person_id) or entry.unit_id
        return {"unit": unit, "person": wanted.person_id}

    def _against_asking(self, entry: Entry, wanted: Wanted) -> Message | None:
        if entry.due_on is None:
            return Message(gettext_noop("Only open work with a last day can be put off."))
        if wanted.on is not None and wanted.on <= entry.due_on:
            return Message(
                gettext_noop("The new last day has to lie after %(day)s."), {"day": vietnamese(entry.due_on)}
            )
        if wanted.on is not None and wanted.on < timezone.localdate(self.now):
            return HAS_PASSED
        asked = self.asked.get(entry.pk)
        if asked is not None and asked.due_after != wanted.on:
            return Message(gettext_noop("A later last day was asked for already and waits for a decision."))
        return None

    def _against_approving(self, entry: Entry) -> Message | None:
        asked = self.asked.get(entry.pk)
        if asked is None or entry.state != Entry.State.OPEN:
            return Message(gettext_noop("No later last day waits for a decision here."))
        if self.actor.is_own(asked.asked_by_id):
            return Message(gettext_noop("You asked for this yourself; another leader decides."))
        if entry.due_on is not None and asked.due_after <= entry.due_on:
            return Message(
                gettext_noop("The new last day has to lie after %(day)s."), {"day": vietnamese(entry.due_on)}
            )
        self.said[entry.pk] = {**values_of(entry, self.register), "due_on": asked.due_after}
        return None

    def _against_back(self, act: str, entry: Entry) -> Message | None:
        if not may_keep(self.actor, self.register, entry) and entry.changed_by_id != self.actor.person_id:
            return _NOT_YOURS
        if entry.state != Entry.State.OPEN:
            return Message(gettext_noop("This is not open: it is done or was withdrawn."))
        if act == POSTPONE and entry.pk not in self.asked:
            return Message(gettext_noop("It is decided by now."))
        return None

    def _doers(self, staff: Staff, entry: Entry) -> tuple[int, ...]:
        doers = staff.doers(person_id=entry.person_id, unit_id=entry.unit_id)
        return tuple(each for each in doers if each != self.actor.person_id)

    def _rewrite(self, verb: str, says: Mapping[int, Mapping[str, Value]], reason: str) -> None:
        """Let entries say something else: columns, counts and journal of all of them together."""
        items = tally.items_of(self.actor.agency_id, self.register)
        calendar = working_calendar(self.actor.agency_id)
        found = [self.entries[pk] for pk in says]
        before = {each.pk: plain(each, self.register) for each in found}
        counted = tally.cells_of(found, self.register, items)
        for entry in found:
            due_original, key = entry.due_original, entry.key
            fill(
                entry, self.register, says[entry.pk],
                names=self.names, calendar=calendar, today=self.today,
            )  # fmt: skip
            entry.due_original = due_original
            entry.changed_at, entry.changed_by_id = self.now, self.actor.person_id
            if entry.key != key:
                check_alone(entry)
        Entry.objects.bulk_update(found, _WRITTEN, batch_size=100)
        tally.move(
            agency_id=self.actor.agency_id,
            register=self.register,
            before=counted,
            after=tally.cells_of(found, self.register, items),
        )
        self._record(
            verb,
            {
                each.pk: differing(self.register, before[each.pk], plain(each, self.register))
                for each in found
            },
            reason,
        )

    def _record(
        self, act_or_verb: str, differences: Mapping[int, tuple[dict[str, Any], dict[str, Any]]], reason: str
    ) -> None:
        record_many(
            actor=self.actor,
            agency_id=self.actor.agency_id,
            verb=_VERBS.get(act_or_verb, act_or_verb),
            lines=[
                Line(self.entries[pk], was or None, {"register": self.register.key, **now})
                for pk, (was, now) in differences.items()
            ],
            on=self.today,
            reason=reason,
        )


_NOT_YOURS = Message(gettext_noop("This is not among what you may do with it."))
_WRITTEN = (
    "unit", "person", "due_on", "due_original", "late_after", "done_on", "state", "key", "title", "search", "values",
    "changed_at", "changed_by",
)  # fmt: skip
_TOLD = {
    "assign": (
        "assigned",
        gettext_noop("%(by)s gives you work due on %(due)s. %(work)s"),
        gettext_noop("%(by)s gives you %(count)s pieces of work. The first: %(work)s"),
    ),
    "assign undated": (
        "assigned",
        gettext_noop("%(by)s gives you work without a last day. %(work)s"),
        gettext_noop("%(by)s gives you %(count)s pieces of work. The first: %(work)s"),
    ),
    "postpone": (
        "extension",
        gettext_noop("%(by)s asks for time until %(due)s instead of %(before)s: %(reason)s. %(work)s"),
        gettext_noop(
            "%(by)s asks for time until %(due)s for %(count)s pieces of work: %(reason)s. The first: %(work)s"
        ),
    ),
    "approve": (
        "extension",
        gettext_noop("%(by)s gives more time, until %(due)s. %(work)s"),
        gettext_noop("%(by)s gives more time for %(count)s pieces of work. The first: %(work)s"),
    ),
    "remind": (
        "reminded",
        gettext_noop("%(by)s reminds you of work due on %(due)s. %(work)s"),
        gettext_noop("%(by)s reminds you of %(count)s pieces of work. The first: %(work)s"),
    ),
    "remind undated": (
        "reminded",
        gettext_noop("%(by)s reminds you of work. %(work)s"),
        gettext_noop("%(by)s reminds you of %(count)s pieces of work. The first: %(work)s"),
    ),
    "remind with words": (
        "reminded",
        gettext_noop("%(by)s reminds you of work: %(reason)s. %(work)s"),
        gettext_noop("%(by)s reminds you of %(count)s pieces of work: %(reason)s. The first: %(work)s"),
    ),
}
"""Topic, words of one piece of work, words of several."""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
