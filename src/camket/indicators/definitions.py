"""Indicators that an agency defines for itself, without programming: a formula, what it is for, from when it holds.

A definition is never changed: a correction is a new version that holds from a day on, and the old one keeps saying how
earlier figures were counted. What measures a target by an old version goes on doing so until somebody wires it anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateField, IntegerField, OuterRef, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from camket.core.formulas import Formula, to_json
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import format_date
from camket.core.wording.text import fold, search_key
from camket.indicators.catalogue import Entry, entry_of, shipped
from camket.indicators.models import Definition, Indicator
from camket.indicators.sources import UnknownCount, source
from camket.indicators.sources.door import checked
from camket.journal.operations import record
from camket.journal.queries import latest_hash, newest_hash
from camket.org.models import Agency
from camket.org.policy import Actor, require

DIRECTIONS = ("higher", "lower", "neither")
MOST_DECIMALS = 4


class DefinitionNotPossible(Refusal):
    """A definition lacks its name, counts nothing that its source has, or ends before it begins."""


class DefinitionReplaced(Refusal):
    """A newer version of the definition is there already, or it has ended."""


@dataclass(frozen=True, slots=True)
class NewDefinition:
    """What an indicator is to be: its formula, and what it is for."""

    name: str
    formula: Formula
    valid_from: date
    about: str = ""
    unit: str = ""
    direction: str = "higher"
    decimals: int = 2
    clause: str = ""
    legal_source: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an agency's own indicator: who defined it and when, and whether it is the newest."""

    entry: Entry
    defined_at: datetime
    defined_by: str
    is_newest: bool


@dataclass(frozen=True, slots=True)
class Use:
    """An indicator of a plan that is measured by a definition; ``is_same`` says by just this formula."""

    indicator_id: int
    name: str
    is_same: bool


def define_indicator(
    *, actor: Actor, definition: NewDefinition, now: datetime, replaces_id: int | None = None
) -> Definition:
    """Define an indicator of the agency, or a new version of one that holds from a day on.

    The version replaced ends the day before. Raises DefinitionNotPossible, DefinitionReplaced, and
    Definition.DoesNotExist for another agency's definition to be replaced.
    """
    with transaction.atomic():
        # Two who define at once would find the same code free.
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        old = _newest(actor, replaces_id) if replaces_id is not None else None
        require(actor, "indicator.define")
        fields = _checked(definition)
        if old is not None and definition.valid_from <= old.valid_from:
            raise DefinitionNotPossible(
                Message(
                    gettext_noop(
                        "The version in use holds from %(day)s on; a new one has to begin after that day."
                    ),
                    {"day": format_date(old.valid_from)},
                )
            )
        kept = Definition.objects.create(
            agency_id=actor.agency_id,
            code=old.code if old else _free_code(actor.agency_id, definition.name),
            defined_at=now,
            defined_by_id=actor.person_id,
            **fields,
        )
        if old is not None:
            old.replaced_by = kept
            old.valid_to = definition.valid_from - timedelta(days=1)
            old.save(update_fields=["replaced_by", "valid_to"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="definition.replaced" if old else "definition.created",
            subject=kept,
            on=timezone.localdate(now),
            before={} if old is None else _described(old),
            after=_described(kept),
        )
    return kept


def end_definition(*, actor: Actor, definition_id: int, last_day: date, now: datetime) -> Definition:
    """Say that a definition holds until a day; figures counted by it stay.

    Raises DefinitionReplaced where a newer version or an end is there already, DefinitionNotPossible for a day before it
    began, Definition.DoesNotExist for another agency's.
    """
    with transaction.atomic():
        old = _newest(actor, definition_id)
        require(actor, "indicator.define")
        if last_day < old.valid_from:
            raise DefinitionNotPossible(
                Message(
                    gettext_noop("It holds from %(day)s on; choose that day or a later one as its last."),
                    {"day": format_date(old.valid_from)},
                )
            )
        old.valid_to = last_day
        old.save(update_fields=["valid_to"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="definition.ended",
            subject=old,
            on=timezone.localdate(now),
            before={"valid_to": None},
            after={"valid_to": last_day},
        )
    return old


def versions(actor: Actor, code: str) -> tuple[Version, ...]:
    """Return the versions of an agency's own indicator, the newest first; one SQL statement.

    Raises Definition.DoesNotExist where the agency has none of the code.
    """
    require(actor, "plan.view")
    rows = list(
        Definition.objects.filter(agency_id=actor.agency_id, code=code)
        .select_related("defined_by")
        .order_by("-valid_from", "-pk")
    )
    if not rows:
        raise Definition.DoesNotExist(code)
    return tuple(
        Version(entry_of(row), row.defined_at, row.defined_by.full_name, is_newest=row.replaced_by_id is None)
        for row in rows
    )


def uses(actor: Actor, code: str, formula: Formula | None) -> tuple[Use, ...]:
    """Return the indicators of the agency's plans that a definition measures, the newest first; one SQL statement."""
    require(actor, "plan.view")
    kept = None if formula is None else to_json(formula)
    rows = Indicator.objects.filter(agency_id=actor.agency_id, definition_code=code).order_by("-pk")
    return tuple(
        Use(pk, name, is_same=other == kept) for pk, name, other in rows.values_list("pk", "name", "formula")
    )


@dataclass(frozen=True, slots=True)
class OnOffer:
    """All indicators on offer to an agency by code, those of its plans that each measures, its journal's newest hash."""

    entries: Mapping[str, Entry]
    uses: Mapping[str, tuple[int, ...]]
    journal: str


_DEFINED = (
    "pk", "code", "formula", "name", "about", "unit", "direction", "decimals", "clause", "legal_source", "valid_from",
    "valid_to",
)  # fmt: skip


def on_offer(actor: Actor) -> OnOffer:
    """Return the indicators on offer to the actor's agency, of own ones the newest version, with what uses each.

    One SQL statement, two where the agency has no indicator: who asks for these goes on to count, for which the hash is
    needed.
    """
    require(actor, "plan.view")
    words, nothing = Value("", TextField()), Cast(Value(None), DateField())
    newest_of = latest_hash(OuterRef("agency_id"))
    own = Definition.objects.filter(agency_id=actor.agency_id).order_by()
    measured = Indicator.objects.filter(agency_id=actor.agency_id).order_by()
    rows = own.values_list(*_DEFINED, Value(0, IntegerField()), newest_of).union(
        measured.values_list(
            "pk", "definition_code", "formula", words, words, words, words, Value(0, IntegerField()), words, words,
            nothing, nothing, Value(1, IntegerField()), newest_of,
        ),
        all=True,
    )  # fmt: skip
    defined: list[Definition] = []
    uses: dict[str, list[int]] = {}
    journal = ""
    for *columns, is_measured, newest in rows:
        journal = newest
        if not is_measured:
            defined.append(Definition(**dict(zip(_DEFINED, columns, strict=True))))
        elif columns[1]:
            uses.setdefault(columns[1], []).append(columns[0])
    defined.sort(key=lambda each: (each.name, each.code, each.valid_from))
    return OnOffer(
        {**shipped(), **{each.code: entry_of(each) for each in defined}},
        {code: tuple(sorted(ids)) for code, ids in uses.items()},
        journal or newest_hash(actor.agency_id),
    )


def _newest(actor: Actor, definition_id: int) -> Definition:
    found = Definition.objects.select_for_update(of=("self",)).get(
        pk=definition_id, agency_id=actor.agency_id
    )
    if (newer := found.replaced_by) is not None:
        raise DefinitionReplaced(
            Message(
                gettext_noop("%(name)s made a newer version of this indicator at %(time)s; change that one."),
                {
                    "name": newer.defined_by.full_name,
                    "time": f"{timezone.localtime(newer.defined_at):%H:%M %d/%m/%Y}",
                },
            )
        )
    if found.valid_to is not None:
        raise DefinitionReplaced(
            Message(
                gettext_noop("This indicator ended on %(day)s; define a new one."),
                {"day": format_date(found.valid_to)},
            )
        )
    return found


def _checked(definition: NewDefinition) -> dict[str, Any]:
    name = fold(definition.name)
    if not name:
        raise DefinitionNotPossible(Message(gettext_noop("Give the indicator a name.")))
    formula = definition.formula
    try:
        checked(source(formula.source), formula)
    except (KeyError, UnknownCount):
        raise DefinitionNotPossible(
            Message(gettext_noop("The formula names something that its source does not count; choose again."))
        ) from None
    if formula.denominator is not None and set(formula.numerator) == set(formula.denominator):
        raise DefinitionNotPossible(
            Message(gettext_noop("Numerator and denominator are the same: the result is always one."))
        )
    if definition.direction not in DIRECTIONS or not 0 <= definition.decimals <= MOST_DECIMALS:
        raise DefinitionNotPossible(
            Message(
                gettext_noop("Choose which way is better, and at most %(most)s decimals."),
                {"most": str(MOST_DECIMALS)},
            )
        )
    limits = {"unit": 100, "clause": 60, "legal_source": 500}
    texts = {key: fold(getattr(definition, key)) for key in limits}
    for key, limit in limits.items():
        if len(texts[key]) > limit:
            raise DefinitionNotPossible(
                Message(gettext_noop("A text is longer than %(limit)s characters."), {"limit": str(limit)})
            )
    return {
        "name": name,
        "about": definition.about.strip(),
        "formula": to_json(formula),
        "direction": definition.direction,
        "decimals": definition.decimals,
        "valid_from": definition.valid_from,
        **texts,
    }


def _free_code(agency_id: int, name: str) -> str:
    """Return a code that neither the shipped catalogue nor the agency has: own. and the name's words."""
    words = re.sub(r"[^a-z0-9]+", "_", search_key(name)).strip("_")[:50].rstrip("_") or "chi_so"
    taken = set(Definition.objects.filter(agency_id=agency_id).values_list("code", flat=True)) | set(
        shipped()
    )
    code, number = f"own.{words}", 1
    while code in taken:
        number += 1
        code = f"own.{words}_{number}"
    return code


def _described(row: Definition) -> dict[str, Any]:
    fields = (
        "code", "name", "about", "formula", "unit", "direction", "decimals", "clause", "legal_source",
        "valid_from", "valid_to",
    )  # fmt: skip
    return {field: getattr(row, field) for field in fields}
