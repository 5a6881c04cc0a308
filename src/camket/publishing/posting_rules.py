"""The rules of postings that the product ships, from data that hold from a day on."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from camket.core.postings import Rule

CATALOGUE = "procedures"
"""Rule of administrative procedures, whose postings are noted in their catalogue."""

_FILE = Path(__file__).with_name("posting_rules.json")


@cache
def shipped() -> tuple[Rule, ...]:
    """Return every rule that held or holds, in the order in which pages offer them."""
    rows = json.loads(_FILE.read_text(encoding="utf-8"))["rules"]
    return tuple(
        Rule(
            **{
                **row,
                "places": tuple(row["places"]),
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            }
        )
        for row in rows
    )


def rules_on(on: date) -> tuple[Rule, ...]:
    """Return the rules that hold on a day."""
    return tuple(rule for rule in shipped() if rule.holds(on))


def rule_of(code: str, on: date) -> Rule | None:
    """Return the rule of a code that holds on a day; None for a content of one's own."""
    return next((rule for rule in shipped() if rule.code == code and rule.holds(on)), None)


def rule_name(code: str) -> str:
    """Return what the content of a rule is called, whether it still holds or not; "" for a content of one's own."""
    return next((rule.name for rule in reversed(shipped()) if rule.code == code), "")
