"""What all writes of entries share: understanding what was sent, keeping counts and journal, refusing doubles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from camket.core.cells import Problem
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.registers import REGISTERS, Register
from camket.core.registers.reading import Names, Value, problems_in, read_values
from camket.core.wording.dates import format_date
from camket.journal.operations import record
from camket.org.policy import Actor, NotAllowed, can
from camket.registers import tally
from camket.registers.filling import changes, title_of
from camket.registers.models import Entry
from camket.registers.names import for_forms, names_shown
from camket.registers.sight import keep_act, keeps_all, own_units

SEALED_REASON = "Lý do ghi cùng nội dung được niêm phong."
"""What stands as the reason of an act on what tells of a single person, for who may not read it."""
HAS_PASSED = Message(gettext_noop("The new last day has passed already; ask for one that is to come."))
"""Said where more time is asked for up to a day that is over."""


class ValuesRefused(Refusal):
    """What was sent cannot be an entry; ``problems`` says of each field what is to be mended."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            Message(
                gettext_noop("This is not saved yet: fields to be mended: %(count)s."),
                {"count": str(len(self.problems))},
            )
        )


class EntryKnown(Refusal):
    """The register has this entry already; ``entry_id`` says which."""

    def __init__(self, other: Entry, title: str) -> None:
        self.entry_id = other.pk
        template = (
            gettext_noop("“%(title)s” of %(day)s was withdrawn; open it again rather than enter it anew.")
            if other.state == Entry.State.WITHDRAWN
            else gettext_noop("“%(title)s” of %(day)s is in the register already.")
        )
        super().__init__(Message(template, {"title": title[:150], "day": format_date(other.on)}))


class NumberTaken(Refusal):
    """Another document of the year has this number in its series; ``entry_id`` says which."""

    def __init__(self, other: Entry) -> None:
        self.entry_id = other.pk
        super().__init__(
            Message(
                gettext_noop(
                    "Number %(number)s of %(year)s is taken by “%(title)s”; a number is never used twice."
                ),
                {"number": other.number, "year": str(other.year), "title": other.title[:150]},
            )
        )


def understood(
    actor: Actor,
    register: Register,
    values: Mapping[str, object],
    names: Names,
    today: date,
    known: Mapping[str, Value] | None = None,
    *,
    is_numbered: bool = False,
) -> dict[str, Value]:
    """Return what an entry says after ``values`` were put into what is ``known`` of it. Raises ValuesRefused, NotAllowed.

    ``is_numbered``: its number was given with the signature of a paper that is issued here.
    """
    stood = (known or {}).get("on")
    on = stood if isinstance(stood, date) else today
    read = read_values(register.fields, values, for_forms(names), on=on, today=today)
    merged: dict[str, Value] = {
        **{each.key: None for each in register.fields},
        **(known or {}),
        **read.values,
    }
    place(actor, register, merged, names, known)
    unread = {each.field for each in read.problems}
    problems = (
        *read.problems,
        *(each for each in problems_in(register, merged, today) if each.field not in unread),
        *(() if is_numbered else number_problems(actor, register, merged, known or {})),
    )
    if problems:
        raise ValuesRefused(problems)
    return merged


def place(
    actor: Actor,
    register: Register,
    values: dict[str, Value],
    names: Names,
    known: Mapping[str, Value] | None = None,
) -> None:
    """Give an entry without a unit the one that it must be of; raises NotAllowed where that is none of the actor's.

    Work that was given to the actor by name stays of its unit, whichever that is. What tells of a single person is
    written by the head of that person's unit: naming the own unit beside somebody else's officer is not enough.
    """
    if not any(each.column == "unit" for each in register.fields):
        return
    if values.get("unit") is None:
        values["unit"] = names.unit_of(values.get("person"))
    if keeps_all(actor, register):
        return
    own = own_units(actor, register)
    if values["unit"] is None and len(own) == 1:
        values["unit"] = next(iter(own))
    said, person = known or {}, values.get("person")
    if register.is_personal:
        is_theirs = values["unit"] in own and (person == said.get("person") or names.units_of(person) & own)
    else:
        was_given = person == actor.acts_as_id and values["unit"] == said.get("unit")
        is_theirs = values["unit"] in own or (bool(said) and was_given)
    if not is_theirs:
        raise NotAllowed(keep_act(register))


def number_problems(
    actor: Actor,
    register: Register,
    values: Mapping[str, Value],
    known: Mapping[str, Value],
    places: Mapping[str, str] | None = None,
) -> tuple[Problem, ...]:
    """Return that a number of a series was written or taken out by who gives none: the next one follows the highest."""
    is_same = values.get("number") == known.get("number")
    if not register.has_series or is_same or can(actor, "register.number"):
        return ()
    template = gettext_noop("The number is given by the secretary after signature; leave it as it is.")
    return (Problem((places or {}).get("number", ""), Message(template), "number"),)


def check_alone(entry: Entry) -> None:
    """Raise EntryKnown or NumberTaken where the register has the entry, or its number, already."""
    others = Entry.objects.filter(agency_id=entry.agency_id, register=entry.register).exclude(pk=entry.pk)
    same = others.filter(key=entry.key).first()
    if same is not None:
        register = REGISTERS[same.register]
        raise EntryKnown(same, title_of(same, register, names_shown(same.agency_id, register)))
    if entry.serial is not None:
        taken = others.filter(series=entry.series, year=entry.year, serial=entry.serial).first()
        if taken is not None:
            raise NumberTaken(taken)


def counts_of(entry: Entry, register: Register) -> Counter[tally.Cell]:
    """Return what an entry adds to the counts as it stands."""
    return tally.cells_of([entry], register, tally.items_of(entry.agency_id, register))


def move(register: Register, entry: Entry, before: Counter[tally.Cell]) -> None:
    """Let an entry that was written add what it adds now, and no more what it added before."""
    tally.move(agency_id=entry.agency_id, register=register, before=before, after=counts_of(entry, register))


def record_change(
    actor: Actor,
    entry: Entry,
    register: Register,
    verb: str,
    on: date,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    """Put what changed of an entry into the journal; what tells of a single person goes under that person's seal.

    So does the reason, which says of a grade or of discipline as much as the entry itself.
    """
    was, now = changes(register, before, after)
    if register.is_personal:
        if reason:
            now, reason = {**now, "reason": reason}, SEALED_REASON
        was, now = _sealed(entry, was), _sealed(entry, now)
    record(
        actor=actor,
        agency_id=entry.agency_id,
        verb=verb,
        subject=entry,
        on=on,
        before=was if before else None,
        after={"register": register.key, **now},
        reason=reason,
    )


def _sealed(entry: Entry, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "person_id": entry.person_id,
        "staff_record": json.dumps(dict(values), ensure_ascii=False, sort_keys=True),
    }
