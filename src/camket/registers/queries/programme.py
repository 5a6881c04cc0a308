"""The work programme of a month or year as it stood on a day, for its paper and the report on it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Q

from camket.core.registers.standing import standing
from camket.org.models import Agency, Membership, Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.registers.models import Entry
from camket.registers.programme_paper import Heading, Item, Programme

REGISTER = "programme"
LONG = frozenset({"year", "quarter"})
"""Scopes of tasks that stand in a month's programme only when they begin or end in it, or are late."""


def programme_of(actor: Actor, first: date, *, is_year: bool, today: date) -> Programme:
    """Return the programme of the month or year that begins on a day, and of the next, as it stands or stood at its end.

    A month holds the tasks that begin or end in it, and those of before that were not done when it began, unless they
    were carried on into it as new ones. A year holds the tasks of the year's and the quarters' programmes and those
    that say nothing of a period. Four SQL statements; raises NotAllowed.
    """
    require(actor, "register.view")
    last = date(first.year, 12, 31) if is_year else _month_end(first)
    after = last + timedelta(days=1)
    after_last = date(after.year, 12, 31) if is_year else _month_end(after)
    as_of = min(today, last)
    entries = list(
        Entry.objects.filter(
            Q(on__gte=first) | Q(due_on__gte=first) | Q(done_on__isnull=True) | Q(done_on__gte=first),
            agency_id=actor.agency_id,
            register=REGISTER,
            on__lte=after_last,
        )
        .exclude(state=Entry.State.WITHDRAWN)
        .defer("search", "key")
        .order_by("due_on", "on", "pk")
    )
    units = dict(Unit.objects.filter(agency_id=actor.agency_id).values_list("pk", "name"))
    leaders = _names(actor, (each.values.get("leader") for each in entries))
    children: dict[int, list[date]] = {}
    for each in entries:
        if each.parent_id:
            children.setdefault(each.parent_id, []).append(each.on)

    def items(start: date, end: date, on: date) -> tuple[Item, ...]:
        return tuple(
            _item(
                each,
                units,
                leaders,
                on=on,
                is_carried=each.on < start or each.parent_id is not None,
                goes_on=any(day > end for day in children.get(each.pk, ())),
            )
            for each in entries
            if _stands_in(each, start, end, children.get(each.pk, ()), is_year=is_year)
        )

    return Programme(
        first=first,
        last=last,
        is_year=is_year,
        as_of=as_of,
        items=items(first, last, as_of),
        following=items(after, after_last, max(as_of, after)) if as_of <= today else (),
    )


def heading_of(actor: Actor, *, authority: str, capacity: str, signed_by: str) -> Heading:
    """Return who issues a paper of the programme and who signs it. Raises NotAllowed."""
    require(actor, "register.view")
    agency = Agency.objects.get(pk=actor.agency_id)
    return Heading(agency.full_name, agency.superior_name, agency.place, authority, capacity, signed_by)


def _stands_in(each: Entry, start: date, end: date, carried: Iterable[date], *, is_year: bool) -> bool:
    scope = each.values.get("scope") or ""
    if is_year and scope and scope not in LONG:
        return False
    if start <= each.on <= end:
        return True
    if each.on > end or any(day <= end for day in carried):
        return False
    if each.due_on is not None and start <= each.due_on <= end:
        return True
    was_open = each.done_on is None or each.done_on >= start
    return was_open and (scope not in LONG or (each.due_on is not None and each.due_on < start))


def _item(
    each: Entry,
    units: Mapping[int, str],
    leaders: Mapping[int, str],
    *,
    on: date,
    is_carried: bool,
    goes_on: bool,
) -> Item:
    done_on = each.done_on if each.done_on is not None and each.done_on <= on else None
    return Item(
        title=each.title,
        kind=each.kind,
        unit=units.get(each.unit_id or 0, ""),
        support=str(each.values.get("support") or ""),
        leader=leaders.get(each.values.get("leader") or 0, ""),
        due_on=each.due_on,
        due_original=each.due_original,
        late_after=each.late_after,
        done_on=done_on,
        product=str(each.values.get("product") or ""),
        result=str(each.values.get("result") or each.values.get("note") or ""),
        standing=standing(
            "done" if done_on else "open",
            due_on=each.due_on,
            late_after=each.late_after,
            done_on=done_on,
            today=on,
        ),
        is_carried=is_carried,
        goes_on=goes_on,
    )


def _names(actor: Actor, ids: Iterable[object]) -> dict[int, str]:
    wanted = {each for each in ids if isinstance(each, int)}
    if not wanted:
        return {}
    posts = Membership.objects.filter(agency_id=actor.agency_id, person_id__in=wanted)
    return {pk: shown_name(actor, name) for pk, name in posts.values_list("person_id", "person__full_name")}


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
