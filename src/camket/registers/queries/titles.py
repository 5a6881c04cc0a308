"""Ceilings of emulation titles: how many may have one, of those who have another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from camket.core.registers import REGISTERS
from camket.core.registers.reading import values_from_json
from camket.core.registers.staff import CEILINGS, Ceiling
from camket.org.policy import Actor, require
from camket.registers.models import Entry, ListItem

TITLES = "titles"


@dataclass(frozen=True, slots=True)
class CeilingRow:
    """How a title stands against its ceiling in an emulation year.

    ``holders`` have the title that it is a share of, awarded; while none is awarded yet, those who registered for it
    stand in (``is_forecast``). ``most`` is how many may have the title; ``awarded`` and ``wished`` (registered or
    proposed beside) how many have or want it.
    """

    title: str
    title_name: str
    of_name: str
    share: Decimal
    holders: int
    most: int
    awarded: int
    wished: int
    is_forecast: bool
    source: str
    is_certain: bool

    @property
    def is_over(self) -> bool:
        """Whether more have it than may."""
        return self.awarded > self.most

    @property
    def would_be_over(self) -> bool:
        """Whether more would have it than may, were all wishes granted."""
        return self.awarded + self.wished > self.most


def ceilings(actor: Actor, year: int) -> tuple[CeilingRow, ...]:
    """Return the ceilings of a year with how the agency's titles stand against them. Two SQL statements."""
    require(actor, "register.view")
    rows = (
        Entry.objects.filter(agency_id=actor.agency_id, register=TITLES, year=year)
        .exclude(state=Entry.State.WITHDRAWN)
        .values_list("kind", "outcome")
        .annotate(number=Count("pk"))
    )
    counted = {(kind, outcome): number for kind, outcome, number in rows}
    if not counted:
        return ()
    names = {each.word: each.name for each in REGISTERS[TITLES].field("kind").choices}
    found = []
    for each in _rules(actor.agency_id, year):
        awarded = counted.get((each.of, "awarded"), 0)
        is_forecast = awarded == 0
        holders = (
            sum(counted.get((each.of, word), 0) for word in ("registered", "proposed"))
            if is_forecast
            else awarded
        )
        found.append(
            CeilingRow(
                title=each.title,
                title_name=names.get(each.title, each.title),
                of_name=names.get(each.of, each.of),
                share=each.share,
                holders=holders,
                most=each.most(holders),
                awarded=counted.get((each.title, "awarded"), 0),
                wished=sum(counted.get((each.title, word), 0) for word in ("registered", "proposed")),
                is_forecast=is_forecast,
                source=each.source,
                is_certain=each.is_certain,
            )
        )
    return tuple(each for each in found if each.holders or each.awarded or each.wished)


def _rules(agency_id: int, year: int) -> Iterable[Ceiling]:
    """Return the ceilings that hold: those of the agency's own list, and the proposed ones of titles it does not name."""
    fields = REGISTERS[TITLES].item_fields
    own: list[Ceiling] = []
    named: set[str] = set()
    rows = ListItem.objects.filter(agency_id=agency_id, register=TITLES, is_active=True).order_by(
        "order", "pk"
    )
    for kept in rows.values_list("values", flat=True):
        values = values_from_json(fields, kept)
        share, first, last = values.get("share"), values.get("from_year"), values.get("to_year")
        if not isinstance(share, Decimal) or not isinstance(first, int):
            continue
        rule = Ceiling(
            title=str(values.get("title") or ""),
            share=share,
            of=str(values.get("of") or ""),
            valid_from=date(first, 1, 1),
            valid_to=date(last, 12, 31) if isinstance(last, int) else None,
            source=str(values.get("source") or ""),
            is_certain=True,
        )
        named.add(rule.title)
        own.append(rule)
    return [each for each in (*own, *(one for one in CEILINGS if one.title not in named)) if each.holds(year)]
