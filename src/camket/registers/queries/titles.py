"""Ceilings of emulation titles: how many may have one, of those who have another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from camket.core.registers import REGISTERS
from camket.core.registers.events import FIGHTERS
from camket.core.registers.reading import values_from_json
from camket.core.registers.staff import ADVANCED_WORKER, CEILINGS, EMULATION_FIGHTER, Ceiling
from camket.core.wording.text import search_key
from camket.org.policy import Actor, require
from camket.registers.models import Entry, ListItem

TITLES = "titles"
CHOSEN_FROM = {
    ADVANCED_WORKER: tuple(FIGHTERS),
    EMULATION_FIGHTER: tuple(FIGHTERS - {EMULATION_FIGHTER}),
    "collective_advanced": ("collective_excellent",),
}
"""Titles whose holders are chosen among those of another, and so have that one too (Luật Thi đua, khen thưởng, Điều 21–28)."""
_WISHES = ("registered", "proposed")


@dataclass(frozen=True, slots=True)
class CeilingRow:
    """How a title stands against its ceiling in an emulation year.

    ``holders`` have the title that it is a share of, awarded, or one chosen from it; each person or collective is one.
    While none is awarded yet, those who registered for it stand in (``is_forecast``). ``most`` is how many may have the
    title, ``most_granted`` how many once all wishes are granted; ``awarded`` and ``wished`` (registered or proposed
    beside) how many have or want it.
    """

    title: str
    title_name: str
    of: str
    of_name: str
    share: Decimal
    holders: int
    most: int
    most_granted: int
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
        return self.awarded + self.wished > self.most_granted


def ceilings(actor: Actor, year: int) -> tuple[CeilingRow, ...]:
    """Return the ceilings of a year with how the agency's titles stand against them. Two SQL statements."""
    require(actor, "register.view")
    rows = (
        Entry.objects.filter(agency_id=actor.agency_id, register=TITLES, year=year)
        .exclude(state=Entry.State.WITHDRAWN)
        .values_list("kind", "outcome", "person_id", "unit_id", "title")
    )
    held: dict[tuple[str, str], set[Hashable]] = defaultdict(set)
    for kind, outcome, person_id, unit_id, title in rows:
        # One who is entered twice has the title once; of a collective its unit, else its name tells which.
        who = ("person", person_id) if person_id else ("unit", unit_id) if unit_id else search_key(title)
        held[kind, outcome].add(who)
    if not held:
        return ()
    names = {each.word: each.name for each in REGISTERS[TITLES].field("kind").choices}
    found = []
    for each in _rules(actor.agency_id, year):
        within = (each.of, *CHOSEN_FROM.get(each.of, ()))
        holding = _who(held, within, "awarded")
        asking = _who(held, within, *_WISHES) - holding - held.get((each.of, "refused"), set())
        awarded = _who(held, (each.title,), "awarded")
        is_forecast = not holding
        holders = len(asking if is_forecast else holding)
        found.append(
            CeilingRow(
                title=each.title,
                title_name=names.get(each.title, each.title),
                of=each.of,
                of_name=names.get(each.of, each.of),
                share=each.share,
                holders=holders,
                most=each.most(holders),
                most_granted=each.most(len(holding | asking)),
                awarded=len(awarded),
                wished=len(_who(held, (each.title,), *_WISHES) - awarded),
                is_forecast=is_forecast,
                source=each.source,
                is_certain=each.is_certain,
            )
        )
    return tuple(each for each in found if each.holders or each.awarded or each.wished)


def _who(
    held: Mapping[tuple[str, str], set[Hashable]], kinds: Iterable[str], *outcomes: str
) -> set[Hashable]:
    """Return whom some titles came to, or are to come to."""
    return {who for kind in kinds for outcome in outcomes for who in held.get((kind, outcome), ())}


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
