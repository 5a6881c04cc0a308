"""Keeping the catalogue of administrative procedures: editions, their ends, posting, whole lists at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from camket.core.dossiers import LimitUnit, OnlineLevel, TimeLimit
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.procedure_list import (
    LONGEST_LIMIT,
    UNKNOWN_FIELD,
    ListedProcedure,
    Problem,
    Understood,
    procedure_key,
    require_level,
    text_key,
    tidy_code,
    understand,
)
from camket.core.roster import matching_unit
from camket.core.tally import day_number
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.dossiers import tally
from camket.dossiers.courses import limit_of
from camket.dossiers.models import Dossier, Field, Posting, Procedure, ProcedureEdition
from camket.dossiers.operations.reckoning import reckon_again
from camket.journal.operations import record
from camket.org.models import Agency, Unit
from camket.org.operations import UnitFormer
from camket.org.policy import Actor, require
from camket.org.queries import heirs

_DAY = timedelta(days=1)
MOST_AT_ONCE = 3_000
"""Procedures of one list; a province's whole catalogue has some two thousand."""


class NameMissing(Refusal):
    """A procedure has no name."""


class ProcedureExists(Refusal):
    """The catalogue has a procedure with this code, or without a code one of this name, already."""


class LimitNotPossible(Refusal):
    """A time limit has no amount above zero, or one beyond what is kept."""


class UnitUnknown(Refusal):
    """The unit in charge is none of the agency's."""


class NothingChanged(Refusal):
    """What was entered as a change holds already."""


class DayNotPossible(Refusal):
    """A day lies before what it ends, or beyond what is kept."""


class AlreadyEnded(Refusal):
    """The procedure has ended, or the posting was taken down, already."""


class PlaceMissing(Refusal):
    """A posting does not say where."""


class NothingChosen(Refusal):
    """No procedure was chosen."""


class TooMany(Refusal):
    """A list is longer than what is taken at once."""


class ListNotPossible(Refusal):
    """Some rows of a list cannot be taken; ``problems`` says which and why. Nothing has been entered."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            Message(
                gettext_noop("Nothing has been entered: %(count)s cells have to be mended first."),
                {"count": str(len(problems))},
            )
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class NewEdition:
    """What holds of a procedure from a day on."""

    name: str
    field: str
    limit: TimeLimit
    valid_from: date
    unit_id: int | None = None
    limit_text: str = ""
    level: OnlineLevel = OnlineLevel.NONE
    partial_reason: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A procedure that was saved, and how many open dossiers were reckoned anew."""

    procedure_id: int
    reckoned: int


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of a list beside what the catalogue has: ``state`` is added, changed, same or refused.

    ``changes`` names what changes, with before and after as values of an edition; ``notes`` tells what was not
    understood and does no harm.
    """

    understood: Understood
    state: str
    procedure_id: int | None = None
    changes: tuple[tuple[str, Any, Any], ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Message, ...] = ()
    edition: NewEdition | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a list: how many procedures were added, changed, the same; open dossiers reckoned anew."""

    added: int
    changed: int
    same: int
    reckoned: int


def add_procedure(*, actor: Actor, code: str, edition: NewEdition, today: date, now: datetime) -> Saved:
    """Enter a procedure in the catalogue; one that dossiers name already is taken over from them.

    Raises NameMissing, ProcedureExists, LimitNotPossible, UnitUnknown, DayNotPossible, LevelNotOffered,
    PartialReasonMissing.
    """
    require(actor, "procedure.manage")
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        edition = _checked(actor, edition)
        known = _known(actor.agency_id)
        procedure = _find(known, code, edition.name)
        if procedure is not None and procedure.is_listed:
            raise ProcedureExists(
                Message(
                    gettext_noop(
                        "The catalogue has this procedure already: %(name)s. Open it to enter what changes."
                    ),
                    {"name": procedure.edition.name if procedure.edition else str(procedure)},
                )
            )
        if procedure is None:
            procedure = Procedure(agency_id=actor.agency_id)
        _list_procedure(procedure, code, edition.name)
        made = _set(procedure, edition, _fields(actor.agency_id, [edition.field]), actor, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="procedure.added",
            subject=procedure,
            on=today,
            after={"code": procedure.code, **_described(made)},
        )
        return Saved(procedure.pk, _reckon(actor, {procedure.pk: edition.valid_from}, now))


def set_edition(*, actor: Actor, procedure_id: int, edition: NewEdition, today: date, now: datetime) -> Saved:
    """Say what holds of a procedure from a day on; what held until then stays, what holds from that day is corrected.

    Open dossiers received from that day on are reckoned anew. Raises NameMissing, LimitNotPossible, UnitUnknown,
    DayNotPossible, NothingChanged, LevelNotOffered, PartialReasonMissing.
    """
    require(actor, "procedure.manage")
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        procedure = _own(actor, procedure_id)
        edition = _checked(actor, edition)
        before = _holding(list(procedure.editions.order_by("valid_from")), edition.valid_from)
        described = _described(before) if before else {}
        if before and procedure.is_listed and _is_same(before, edition):
            raise NothingChanged(
                Message(
                    gettext_noop("Nothing has changed: this holds already since %(day)s."),
                    {"day": format_date(before.valid_from)},
                )
            )
        _list_procedure(procedure, procedure.code, edition.name)
        made = _set(procedure, edition, _fields(actor.agency_id, [edition.field]), actor, now)
        after = _described(made)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="procedure.changed",
            subject=procedure,
            on=today,
            before={name: value for name, value in described.items() if after[name] != value},
            after={name: value for name, value in after.items() if described.get(name) != value},
        )
        return Saved(procedure.pk, _reckon(actor, {procedure.pk: edition.valid_from}, now))


def end_procedure(*, actor: Actor, procedure_id: int, last_day: date, decision: str, today: date) -> None:
    """Say on which day a procedure held last (abolished); dossiers of it keep their limits.

    Raises AlreadyEnded, DayNotPossible.
    """
    require(actor, "procedure.manage")
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        procedure = _own(actor, procedure_id)
        edition = procedure.editions.order_by("valid_from").last()
        if edition is None or edition.valid_to is not None:
            raise AlreadyEnded(Message(gettext_noop("This procedure has ended already.")))
        if last_day < edition.valid_from:
            raise DayNotPossible(
                Message(
                    gettext_noop("What holds now holds from %(day)s; it cannot end before that day."),
                    {"day": format_date(edition.valid_from)},
                )
            )
        edition.valid_to = last_day
        edition.save(update_fields=["valid_to"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="procedure.ended",
            subject=procedure,
            on=today,
            before={"valid_to": None},
            after={"valid_to": last_day, "decision": one_line(decision)[:255]},
        )


def post_procedures(
    *,
    actor: Actor,
    procedure_ids: Collection[int],
    place: str,
    posted_on: date,
    address: str,
    today: date,
    now: datetime,
) -> int:
    """Note that procedures are posted at a place since a day; return how many were not posted there yet.

    Raises NothingChosen, PlaceMissing, DayNotPossible.
    """
    require(actor, "procedure.manage")
    place = one_line(place)[:255]
    if not place:
        raise PlaceMissing(
            Message(gettext_noop("Say where it is posted: the board at the office, the website …"))
        )
    if posted_on > today:
        raise DayNotPossible(
            Message(gettext_noop("The day of posting lies ahead; note it when it is posted."))
        )
    with transaction.atomic():
        wanted = list(
            Procedure.objects.select_for_update()
            .filter(agency_id=actor.agency_id, pk__in=procedure_ids, is_listed=True)
            .order_by("pk")
        )
        if not wanted:
            raise NothingChosen(Message(gettext_noop("Choose at least one procedure of the catalogue.")))
        there = set(
            Posting.objects.filter(procedure__in=wanted, place=place, removed_on=None).values_list(
                "procedure_id", flat=True
            )
        )
        new = [procedure for procedure in wanted if procedure.pk not in there]
        Posting.objects.bulk_create(
            Posting(
                procedure=procedure,
                place=place,
                posted_on=posted_on,
                address=address,
                noted_at=now,
                noted_by_id=actor.person_id,
            )
            for procedure in new
        )
        if new:
            one = new[0] if len(new) == 1 else None
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="procedure.posted",
                subject=one or Agency.objects.get(pk=actor.agency_id),
                on=today,
                after={
                    "posting_place": place,
                    "posted_on": posted_on,
                    "count": len(new),
                    **({} if one else {"procedures": [str(procedure) for procedure in new]}),
                },
            )
        return len(new)


def take_down(*, actor: Actor, posting_id: int, removed_on: date, today: date) -> int:
    """Note that a procedure is posted at a place no more; return the procedure. Raises AlreadyEnded, DayNotPossible."""
    require(actor, "procedure.manage")
    with transaction.atomic():
        posting = (
            Posting.objects.select_for_update(of=("self",))
            .select_related("procedure")
            .get(pk=posting_id, procedure__agency_id=actor.agency_id)
        )
        if posting.removed_on is not None:
            raise AlreadyEnded(Message(gettext_noop("This posting was taken down already.")))
        if removed_on < posting.posted_on or removed_on > today:
            raise DayNotPossible(
                Message(
                    gettext_noop(
                        "It was posted on %(day)s: the day of taking down lies between that day and today."
                    ),
                    {"day": format_date(posting.posted_on)},
                )
            )
        posting.removed_on = removed_on
        posting.save(update_fields=["removed_on"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="procedure.taken_down",
            subject=posting.procedure,
            on=today,
            before={"removed_on": None},
            after={"posting_place": posting.place, "removed_on": removed_on},
        )
        return posting.procedure_id


def check_list(
    *, actor: Actor, entries: Sequence[ListedProcedure], valid_from: date, decision: str
) -> tuple[CheckedRow, ...]:
    """Return what entering a list would do with each row; nothing is written. Raises TooMany."""
    require(actor, "procedure.manage")
    if len(entries) > MOST_AT_ONCE:
        raise TooMany(
            Message(
                gettext_noop("The list names %(count)s procedures; at most %(most)s are entered at once."),
                {"count": str(len(entries)), "most": str(MOST_AT_ONCE)},
            )
        )
    known = _known(actor.agency_id)
    editions: dict[int, list[ProcedureEdition]] = {}
    rows = ProcedureEdition.objects.filter(procedure__agency_id=actor.agency_id).select_related("field")
    for each in rows.order_by("procedure_id", "valid_from"):
        editions.setdefault(each.procedure_id, []).append(each)
    units = [
        (pk, (name, short))
        for pk, name, short in Unit.objects.filter(agency_id=actor.agency_id, is_active=True)
        .order_by("order", "pk")
        .values_list("pk", "name", "short_name")
    ]
    seen: dict[str, int] = {}
    found = []
    for entry in entries:
        procedure = _find(known, entry.code, entry.name)
        understood = understand(_with_reason_kept(entry, procedure), valid_from=valid_from)
        key = procedure_key(entry.code, entry.name)
        if key in seen:
            column = "code" if entry.code else "name"
            message = Message(
                gettext_noop("Row %(row)s names the same procedure. Leave one of the two out."),
                {"row": str(seen[key])},
            )
            twice = Problem(entry.cells.get(column, str(entry.row)), message, column)
            understood = replace(understood, problems=(*understood.problems, twice))
        seen.setdefault(key, entry.row)
        if understood.problems:
            found.append(CheckedRow(understood, "refused", problems=understood.problems))
            continue
        found.append(_compared(understood, procedure, editions, units, decision))
    return tuple(found)


def enter_list(
    *,
    actor: Actor,
    entries: Sequence[ListedProcedure],
    valid_from: date,
    decision: str,
    today: date,
    now: datetime,
) -> Entered:
    """Enter a list of procedures: the whole of it or, where a row cannot be taken, nothing. The same list again is no change.

    Columns that the list does not have leave what the catalogue says. Raises TooMany, ListNotPossible.
    """
    require(actor, "procedure.manage")
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        rows = check_list(actor=actor, entries=entries, valid_from=valid_from, decision=decision)
        if problems := [problem for row in rows for problem in row.problems]:
            raise ListNotPossible(problems)
        wanted = [row for row in rows if row.edition is not None]
        fields = _fields(actor.agency_id, (row.edition.field for row in wanted if row.edition))
        procedures = Procedure.objects.in_bulk([row.procedure_id for row in wanted if row.procedure_id])
        since: dict[int, date] = {}
        for row in wanted:
            edition = row.edition
            if edition is None:
                continue
            procedure = procedures.get(row.procedure_id or 0) or Procedure(agency_id=actor.agency_id)
            _list_procedure(procedure, row.understood.code, edition.name)
            _set(procedure, edition, fields, actor, now)
            since[procedure.pk] = edition.valid_from
        states = [row.state for row in rows]
        counts = {state: states.count(state) for state in ("added", "changed", "same")}
        if wanted:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="procedure.listed",
                subject=Agency.objects.get(pk=actor.agency_id),
                on=today,
                after={
                    "decision": one_line(decision)[:255],
                    "valid_from": valid_from,
                    **{
                        state: [
                            f"{row.understood.code} {row.edition.name}".strip()
                            for row in wanted
                            if row.edition and row.state == state
                        ]
                        for state in ("added", "changed")
                    },
                },
            )
        return Entered(**counts, reckoned=_reckon(actor, since, now))


def _with_reason_kept(entry: ListedProcedure, procedure: Procedure | None) -> ListedProcedure:
    """Return a row with the reason why its procedure is only partly online that the catalogue has, if it tells none."""
    if entry.partial_reason or procedure is None or procedure.edition is None:
        return entry
    return replace(entry, partial_reason=procedure.edition.partial_reason)


def _compared(
    understood: Understood,
    procedure: Procedure | None,
    editions: Mapping[int, list[ProcedureEdition]],
    units: Sequence[tuple[int, tuple[str, ...]]],
    decision: str,
) -> CheckedRow:
    entry = understood.entry
    limit, level = understood.limit, understood.level
    if limit is None or level is None:
        raise AssertionError(entry)  # such a row has problems and is refused before
    held = _holding(editions.get(procedure.pk, []), understood.valid_from) if procedure else None
    if held is None and procedure is not None:
        held = procedure.edition
    if held is not None and "level" not in entry.cells:
        level = OnlineLevel(held.level)
    notes = []
    unit_id = matching_unit(entry.unit, units)
    if entry.unit and unit_id is None:
        words = (
            gettext_noop("“%(unit)s” is no unit of the agency; the unit in charge stays as it is.")
            if held and held.unit_id
            else gettext_noop("“%(unit)s” is no unit of the agency; the unit in charge stays open.")
        )
        notes.append(Message(words, {"unit": entry.unit[:100]}))
    edition = NewEdition(
        name=entry.name,
        field=entry.field or (held.field.name if held else UNKNOWN_FIELD),
        limit=limit,
        valid_from=understood.valid_from,
        unit_id=unit_id or (held.unit_id if held else None),
        limit_text=entry.limit[:500],
        level=level,
        partial_reason=entry.partial_reason if level == OnlineLevel.PARTIAL else "",
        decision=entry.decision or decision,
    )
    if procedure is None or held is None or not procedure.is_listed:
        return CheckedRow(
            understood, "added", procedure.pk if procedure else None, notes=tuple(notes), edition=edition
        )
    pairs: list[tuple[str, Any, Any]] = [
        ("name", held.name, edition.name),
        ("field", held.field.name, edition.field),
        ("limit", limit_of(held), edition.limit),
        ("unit", held.unit_id, edition.unit_id),
        ("level", OnlineLevel(held.level), edition.level),
        ("partial_reason", held.partial_reason, edition.partial_reason),
        ("code", procedure.code, understood.code or procedure.code),
    ]
    changes = tuple(pair for pair in pairs if _differs(*pair))
    if not changes:
        return CheckedRow(understood, "same", procedure.pk, notes=tuple(notes))
    return CheckedRow(
        understood, "changed", procedure.pk, changes=changes, notes=tuple(notes), edition=edition
    )


def _differs(name: str, before: Any, after: Any) -> bool:
    return bool(text_key(before) != text_key(after) if name == "field" else before != after)


def _checked(actor: Actor, edition: NewEdition) -> NewEdition:
    """Return an edition as it is kept."""
    name = one_line(edition.name)
    if not name:
        raise NameMissing(Message(gettext_noop("Write the name of the procedure.")))
    amount = edition.limit.amount
    if edition.limit.unit not in (LimitUnit.NONE, LimitUnit.SAME_DAY) and (
        amount is None or not 0 < amount <= LONGEST_LIMIT
    ):
        raise LimitNotPossible(
            Message(
                gettext_noop("Write how many hours or days the time limit has, above 0 and up to 99.999.")
            )
        )
    if edition.valid_from.year < 1990 or edition.valid_from.year > 2100:
        raise DayNotPossible(Message(gettext_noop("The day from which it holds lies between 1990 and 2100.")))
    unit = edition.unit_id
    if unit is not None and not Unit.objects.filter(agency_id=actor.agency_id, pk=unit).exists():
        raise UnitUnknown(Message(gettext_noop("Choose a unit of the agency.")))
    for each in heirs(actor.agency_id):
        if each.former_id == unit and edition.valid_from >= each.on:
            raise UnitFormer(
                Message(
                    gettext_noop("From %(day)s on another unit has the work of this one; choose that unit."),
                    {"day": format_date(each.on)},
                )
            )
    require_level(edition.level, on=edition.valid_from, partial_reason=edition.partial_reason)
    return replace(edition, name=name, field=one_line(edition.field)[:255] or UNKNOWN_FIELD)


def _own(actor: Actor, procedure_id: int) -> Procedure:
    return (
        Procedure.objects.select_for_update(of=("self",))
        .select_related("edition")
        .get(agency_id=actor.agency_id, pk=procedure_id)
    )


def _known(agency_id: int) -> dict[str, Procedure]:
    rows = Procedure.objects.filter(agency_id=agency_id).select_related("edition__field").order_by("pk")
    return {row.key: row for row in rows}


def _find(known: Mapping[str, Procedure], code: str, name: str) -> Procedure | None:
    """Return the procedure of a code, else the one without a code that has the name."""
    by_name = known.get(text_key(name))
    if not tidy_code(code):
        return by_name or next(
            (
                row
                for row in known.values()
                if row.is_listed and row.edition and text_key(row.edition.name) == text_key(name)
            ),
            None,
        )
    return known.get(tidy_code(code)) or (by_name if by_name and not by_name.code else None)


def _list_procedure(procedure: Procedure, code: str, name: str) -> None:
    """Take a procedure into the catalogue; one found by its name alone gets the code that is now known."""
    if not procedure.code:
        procedure.code = tidy_code(code)
        procedure.key = procedure_key(procedure.code, name)
    procedure.is_listed = True
    procedure.save()


def _fields(agency_id: int, names: Iterable[str]) -> dict[str, Field]:
    """Return the fields of names by key; those that the agency does not have yet are entered."""
    wanted = {text_key(name): one_line(name)[:255] for name in names}
    found = {row.key: row for row in Field.objects.filter(agency_id=agency_id, key__in=wanted)}
    for key, name in wanted.items():
        if key not in found:
            found[key] = Field.objects.create(agency_id=agency_id, key=key, name=name)
    return found


def _set(
    procedure: Procedure, edition: NewEdition, fields: Mapping[str, Field], actor: Actor, now: datetime
) -> ProcedureEdition:
    """Put an edition among those of its procedure: what held before ends the day before."""
    others = list(procedure.editions.order_by("valid_from"))
    row = next((each for each in others if each.valid_from == edition.valid_from), None)
    if row is None:
        earlier = [each for each in others if each.valid_from < edition.valid_from]
        later = [each for each in others if each.valid_from > edition.valid_from]
        if earlier and (earlier[-1].valid_to is None or earlier[-1].valid_to >= edition.valid_from):
            earlier[-1].valid_to = edition.valid_from - _DAY
            earlier[-1].save(update_fields=["valid_to"])
        row = ProcedureEdition(
            procedure=procedure,
            valid_from=edition.valid_from,
            valid_to=later[0].valid_from - _DAY if later else None,
        )
    row.name = edition.name
    row.field = fields[text_key(edition.field)]
    row.unit_id = edition.unit_id
    row.limit_amount = edition.limit.amount
    row.limit_unit = edition.limit.unit.value
    row.limit_text = one_line(edition.limit_text)[:500]
    row.level = edition.level.value
    row.partial_reason = edition.partial_reason.strip()
    row.decision = one_line(edition.decision)[:255]
    row.entered_at, row.entered_by_id = now, actor.person_id
    row.save()
    newest = max([*others, row], key=lambda each: each.valid_from)
    if procedure.edition_id != newest.pk:
        procedure.edition = newest
        procedure.save(update_fields=["edition"])
    return row


def _holding(editions: Sequence[ProcedureEdition], day: date) -> ProcedureEdition | None:
    held = [
        each
        for each in editions
        if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to)
    ]
    return held[-1] if held else None


def _is_same(held: ProcedureEdition, edition: NewEdition) -> bool:
    """Return whether an edition says nothing that does not hold already."""
    return (
        (held.name, held.field.key, held.unit_id, limit_of(held), held.level, held.partial_reason)
        == (
            edition.name, text_key(edition.field), edition.unit_id, edition.limit, edition.level.value,
            edition.partial_reason.strip(),
        )
        and edition.decision in ("", held.decision)
    )  # fmt: skip


def _described(edition: ProcedureEdition) -> dict[str, Any]:
    """Return an edition as the journal keeps it."""
    return {
        "name": edition.name,
        "field": edition.field.name,
        "unit": str(edition.unit) if edition.unit else "",
        "limit_amount": edition.limit_amount,
        "limit_unit": edition.limit_unit,
        "online_level": OnlineLevel(edition.level).name.lower(),
        "partial_reason": edition.partial_reason,
        "decision": edition.decision,
        "valid_from": edition.valid_from,
    }


def _reckon(actor: Actor, since: Mapping[int, date], now: datetime) -> int:
    """Reckon anew the open dossiers of procedures received from the day of their new edition on."""
    days: dict[date, list[int]] = {}
    for procedure_id, day in since.items():
        days.setdefault(day, []).append(procedure_id)
    named = set(
        Dossier.objects.filter(agency_id=actor.agency_id, finished_day=None)
        .values_list("procedure_id", flat=True)
        .distinct()
    )
    return sum(
        reckon_again(
            agency_id=actor.agency_id,
            procedure_ids=wanted,
            since=day_number(day),
            by_id=actor.person_id,
            now=now,
        )
        for day, ids in sorted(days.items())
        if (wanted := named.intersection(ids))
    )
