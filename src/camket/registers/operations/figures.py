"""The figures of a period, entered together: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from camket.core.cells import Problem
from camket.org.policy import Actor
from camket.registers.models import Entry, ListItem
from camket.registers.operations.entries import change, enter
from camket.registers.writing import ValuesRefused

FIGURES = "figures"


def enter_figures(
    *,
    actor: Actor,
    kind: str,
    on: date,
    amounts: Mapping[int, str],
    source: str,
    number: str,
    now: datetime,
) -> int:
    """Enter what figures came to in a period, by the line of the own list; return how many were added or changed.

    A blank amount leaves what stands; what says the same already stays as it is, with its own source. Raises what
    :func:`enter` and :func:`change` raise; the fields of a ValuesRefused are ``<line>-<key>``.
    """
    written = 0
    with transaction.atomic():
        own = ListItem.objects.filter(agency_id=actor.agency_id, register=FIGURES)
        units = dict(own.values_list("pk", "unit_id"))
        there = {
            each.item_id: each
            for each in Entry.objects.filter(
                agency_id=actor.agency_id, register=FIGURES, kind=kind, on=on, item_id__in=list(amounts)
            ).exclude(state=Entry.State.WITHDRAWN)
        }
        said = {"source": source, "number": number}
        for item_id, amount in amounts.items():
            if not amount.strip():
                continue
            entry = there.get(item_id)
            try:
                if entry is None:
                    values: dict[str, object] = {
                        **said, "item": item_id, "kind": kind, "on": on, "amount": amount, "unit": units.get(item_id)
                    }  # fmt: skip
                    enter(actor=actor, register=FIGURES, values=values, now=now)
                    written += 1
                    continue
                before = entry.amount
                changed = change(actor=actor, entry_id=entry.pk, values={"amount": amount}, now=now)
                if changed.amount != before:
                    filled = {key: value for key, value in said.items() if value.strip()}
                    change(actor=actor, entry_id=entry.pk, values=filled, now=now)
                    written += 1
            except ValuesRefused as refusal:
                raise ValuesRefused(
                    Problem(each.cell, each.message, f"{item_id}-{each.field}") for each in refusal.problems
                ) from None
    return written
