"""One agency takes over from another: merged, split, tasks handed over. Records stay with the old one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Agency, Succession
from camket.org.operations._agencies import (
    DaysOutOfOrder,
    Misplaced,
    change_of,
    check_no_children,
    set_end,
)
from camket.org.policy import Actor, require
from camket.org.queries.tree import whole_tree
from camket.org.queries.validity import held_on
from camket.org.trail import record

KINDS = (Succession.Kind.MERGER, Succession.Kind.SPLIT, Succession.Kind.TRANSFER)
"""What is recorded between two agencies; a renaming keeps the agency (``rename_agency``)."""


class SuccessionMalformed(Refusal):
    """The kind asks for other numbers of agencies: a merger has one successor, a split one predecessor."""


class SuccessionKnown(Refusal):
    """It is recorded already."""


class SuccessionCircle(Refusal):
    """The successor would come before itself."""


def record_succession(
    *,
    actor: Actor | None,
    predecessor_ids: Collection[int],
    successor_ids: Collection[int],
    kind: str,
    on: date,
    decision: str,
    today: date,
) -> tuple[Succession, ...]:
    """Record that agencies took over from others; ``on`` is the first day of the successors.

    After a merger or split the predecessors end the day before, and so do their posts; agencies that stood under
    a merged one stand under its successor from now on. Where tasks are handed over, the predecessor lives on and
    keeps its records to itself. ``decision`` is the text that it rests on; the journals of all agencies name it.

    Raises NotAllowed, Agency.DoesNotExist for one outside the actor's tree, SuccessionMalformed, SuccessionKnown,
    SuccessionCircle, DaysOutOfOrder, AgencyInUse for a split agency under which others stand; ValueError for a
    renaming or an unknown kind.
    """
    with transaction.atomic():
        predecessors, successors = _allowed(
            actor=actor, predecessor_ids=predecessor_ids, successor_ids=successor_ids, kind=kind, on=on
        )
        if kind != Succession.Kind.TRANSFER:
            for predecessor in predecessors:
                if kind == Succession.Kind.MERGER:
                    _move_children(predecessor, successors[0], actor=actor, today=today, decision=decision)
                check_no_children(predecessor, on - timedelta(days=1))
                set_end(predecessor, on - timedelta(days=1))
        made = Succession.objects.bulk_create(
            Succession(
                predecessor=predecessor, successor=successor, kind=kind, on=on, decision=one_line(decision)
            )
            for predecessor in predecessors
            for successor in successors
        )
        _tell(predecessors, successors, kind=kind, on=on, decision=decision, actor=actor, today=today)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a succession would do: agencies before with the people who hold posts there, and those under them."""

    before: tuple[ForeseenAgency, ...]
    after: tuple[str, ...]
    last_day: date | None


@dataclass(frozen=True, slots=True)
class ForeseenAgency:
    """One agency before: how many people hold posts in it, how many agencies go under the successor with it."""

    name: str
    people: int
    below: int


def foresee_succession(
    *,
    actor: Actor,
    predecessor_ids: Collection[int],
    successor_ids: Collection[int],
    kind: str,
    on: date,
    decision: str,
    today: date,
) -> Foreseen:
    """Return what ``record_succession`` would do, having checked all that it checks; nothing is written."""
    with transaction.atomic():
        predecessors, successors = _allowed(
            actor=actor, predecessor_ids=predecessor_ids, successor_ids=successor_ids, kind=kind, on=on
        )
        ends = kind != Succession.Kind.TRANSFER
        if kind == Succession.Kind.SPLIT:
            check_no_children(predecessors[0], on - timedelta(days=1))
        return Foreseen(
            before=tuple(
                ForeseenAgency(
                    row.name,
                    row.memberships.filter(held_on(on), person__is_active=True)
                    .values("person")
                    .distinct()
                    .count(),
                    row.children.filter(valid_to__isnull=True).count() if ends else 0,
                )
                for row in predecessors
            ),
            after=tuple(row.name for row in successors),
            last_day=on - timedelta(days=1) if ends else None,
        )


def _allowed(
    *,
    actor: Actor | None,
    predecessor_ids: Collection[int],
    successor_ids: Collection[int],
    kind: str,
    on: date,
) -> tuple[list[Agency], list[Agency]]:
    """Return the agencies before and after, locked, if the succession may be recorded; inside a transaction."""
    if kind not in KINDS:
        raise ValueError(kind)
    _check_numbers(kind, predecessor_ids, successor_ids)
    agencies = _locked(actor, {*predecessor_ids, *successor_ids})
    if actor is not None:
        require(actor, "system.manage")
    predecessors = [agencies[pk] for pk in sorted(set(predecessor_ids))]
    successors = [agencies[pk] for pk in sorted(set(successor_ids))]
    ends = kind != Succession.Kind.TRANSFER
    if ends and actor is not None and actor.agency_id in predecessor_ids:
        raise Misplaced(
            Message(
                gettext_noop(
                    "You work for %(agency)s: that it ends is recorded by the agency above, or by the command line."
                ),
                {"agency": agencies[actor.agency_id].name},
            )
        )
    for successor in successors:
        _check_begun(successor, on)
    _check_no_circle(predecessors, successors)
    for predecessor in predecessors:
        _check_unknown(predecessor, successors, on)
        _check_reaches(predecessor, on, ends=ends)
    return predecessors, successors


def withdraw_succession(*, actor: Actor, succession_id: int, reason: str, today: date) -> None:
    """Take back a succession recorded by mistake; a predecessor that it ended, and nothing else does, lives on.

    Agencies that were moved under the successor stay there: place them again by hand.

    Raises NotAllowed, Succession.DoesNotExist for one between agencies outside the actor's tree.
    """
    with transaction.atomic():
        tree = Agency.objects.filter(pk__in=whole_tree(actor.agency_id))
        row = Succession.objects.get(pk=succession_id, predecessor__in=tree, successor__in=tree)
        agencies = _locked(actor, {row.predecessor_id, row.successor_id})
        require(actor, "system.manage")
        row = Succession.objects.get(pk=succession_id)
        predecessor, successor = agencies[row.predecessor_id], agencies[row.successor_id]
        told = {"kind": row.kind, "on": row.on, "decision": row.decision}
        row.delete()
        others = Succession.objects.filter(predecessor=predecessor).exclude(kind=Succession.Kind.TRANSFER)
        if (
            told["kind"] != Succession.Kind.TRANSFER
            and predecessor.valid_to == row.on - timedelta(days=1)
            and not others.exists()
        ):
            predecessor.valid_to = None
            predecessor.save(update_fields=["valid_to"])
        for agency, other in ((predecessor, "successor"), (successor, "predecessor")):
            named = successor.name if agency is predecessor else predecessor.name
            record(
                actor=actor,
                agency_id=agency.pk,
                verb="agency.succession_withdrawn",
                subject=agency,
                on=today,
                before={other: named, **told},
                reason=one_line(reason),
            )


def _check_numbers(kind: str, predecessor_ids: Collection[int], successor_ids: Collection[int]) -> None:
    before, after = len(set(predecessor_ids)), len(set(successor_ids))
    if not before or not after:
        raise SuccessionMalformed(
            Message(gettext_noop("Choose at least one agency before and one agency after."))
        )
    if kind == Succession.Kind.MERGER and after != 1:
        raise SuccessionMalformed(
            Message(gettext_noop("A merger has one successor. Choose one agency after."))
        )
    if kind == Succession.Kind.SPLIT and (before != 1 or after < 2):
        raise SuccessionMalformed(
            Message(
                gettext_noop(
                    "A split has one agency before and at least two after. Where the old one lives on, tasks are handed over."
                )
            )
        )


def _locked(actor: Actor | None, agency_ids: set[int]) -> dict[int, Agency]:
    """Return the agencies by id, locked in the order of ids; raises Agency.DoesNotExist for one that is not there."""
    rows = Agency.objects.select_for_update(of=("self",)).filter(pk__in=agency_ids).order_by("pk")
    if actor is not None:
        rows = rows.filter(pk__in=whole_tree(actor.agency_id))
    found = {row.pk: row for row in rows}
    if missing := agency_ids - set(found):
        raise Agency.DoesNotExist(f"not administered: {sorted(missing)}")
    return found


def _check_begun(successor: Agency, on: date) -> None:
    if successor.valid_from is not None and successor.valid_from > on:
        raise DaysOutOfOrder(
            Message(
                gettext_noop("%(agency)s begins on %(begun)s: it cannot take over on %(day)s."),
                {"agency": successor.name, "begun": _day(successor.valid_from), "day": _day(on)},
            )
        )
    if successor.valid_to is not None and successor.valid_to < on:
        raise DaysOutOfOrder(
            Message(
                gettext_noop("%(agency)s ended on %(ended)s: it cannot take over on %(day)s."),
                {"agency": successor.name, "ended": _day(successor.valid_to), "day": _day(on)},
            )
        )


def _check_reaches(predecessor: Agency, on: date, *, ends: bool) -> None:
    """Refuse days out of order: the predecessor exists until the day before, and came about before that."""
    last_day = on - timedelta(days=1)
    if predecessor.valid_from is not None and predecessor.valid_from > last_day:
        raise DaysOutOfOrder(
            Message(
                gettext_noop("%(agency)s begins on %(begun)s: nobody takes over from it on %(day)s."),
                {"agency": predecessor.name, "begun": _day(predecessor.valid_from), "day": _day(on)},
            )
        )
    came = predecessor.inheritances.filter(on__gte=on).order_by("on").first()
    if came is not None:
        raise DaysOutOfOrder(
            Message(
                gettext_noop(
                    "%(agency)s itself took over on %(came)s: nobody takes over from it on %(day)s."
                ),
                {"agency": predecessor.name, "came": _day(came.on), "day": _day(on)},
            )
        )
    if predecessor.valid_to is not None and (predecessor.valid_to < last_day or ends):
        if predecessor.valid_to == last_day:
            return
        raise DaysOutOfOrder(
            Message(
                gettext_noop(
                    "%(agency)s ended on %(ended)s. Who takes over begins the day after; check the day."
                ),
                {"agency": predecessor.name, "ended": _day(predecessor.valid_to)},
            )
        )


def _check_unknown(predecessor: Agency, successors: Sequence[Agency], on: date) -> None:
    known = predecessor.successions.filter(successor__in=successors).select_related("successor").first()
    if known is not None:
        raise SuccessionKnown(
            Message(
                gettext_noop("That %(successor)s took over from %(agency)s on %(day)s is recorded already."),
                {"successor": known.successor.name, "agency": predecessor.name, "day": _day(known.on)},
            )
        )


def _check_no_circle(predecessors: Sequence[Agency], successors: Sequence[Agency]) -> None:
    """Refuse a successor that is, step by step, one of those before."""
    after = {row.pk: row for row in successors}
    line = {row.pk for row in predecessors}
    seen: set[int] = set()
    while line:
        if circle := line & set(after):
            raise SuccessionCircle(
                Message(
                    gettext_noop("%(agency)s would take over from itself."),
                    {"agency": after[min(circle)].name},
                )
            )
        seen |= line
        line = (
            set(
                Succession.objects.filter(successor_id__in=line)
                .order_by("pk")
                .values_list("predecessor_id", flat=True)
            )
            - seen
        )


def _move_children(
    predecessor: Agency, successor: Agency, *, actor: Actor | None, today: date, decision: str
) -> None:
    for child in Agency.objects.select_for_update(of=("self",)).filter(parent=predecessor).order_by("pk"):
        if child.pk != successor.pk and child.valid_to is None:
            change_of(
                child,
                {"parent_id": successor.pk},
                actor=actor,
                verb="agency.changed",
                today=today,
                reason=one_line(decision),
            )


def _tell(
    predecessors: Sequence[Agency],
    successors: Sequence[Agency],
    *,
    kind: str,
    on: date,
    decision: str,
    actor: Actor | None,
    today: date,
) -> None:
    """Record it in the journal of every agency that it touches."""
    for verb, agencies, side, others in (
        ("agency.succeeded", predecessors, "successor", successors),
        ("agency.took_over", successors, "predecessor", predecessors),
    ):
        for agency in agencies:
            after: dict[str, object] = {
                side: ", ".join(other.name for other in others),
                "kind": kind,
                "on": on,
            }
            if verb == "agency.succeeded" and agency.valid_to is not None:
                after["valid_to"] = agency.valid_to
            record(
                actor=actor,
                agency_id=agency.pk,
                verb=verb,
                subject=agency,
                on=today,
                after=after,
                reason=one_line(decision),
            )


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
