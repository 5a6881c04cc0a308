"""What single registers show beside what all of them do: what new entries begin with, ceilings of titles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from camket.core.registers import Register
from camket.core.registers.reading import Value
from camket.registers import queries
from camket.web.request import StaffRequest


def month_end_before(today: date) -> date:
    """Return the last day of the newest month that is over."""
    return today.replace(day=1) - timedelta(days=1)


def begun(register: Register, today: date) -> dict[str, Value]:
    """Return what a new entry of a register begins with."""
    ended = month_end_before(today)
    special: Mapping[str, dict[str, Value]] = {
        "programme": {"on": today.replace(day=1), "kind": "main", "scope": "month"},
        "figures": {"on": ended, "kind": "month"},
        "grading": {"on": ended, "kind": "month"},
        "titles": {"year": today.year, "outcome": "registered", "on": None},
        "assessments": {"year": today.year - 1, "on": None},
        "training": {"outcome": "attended"},
        "positions": {"version": 1},
        "outgoing": {"sent": "electronic", "secrecy": "none"},
        "incoming": {"secrecy": "none"},
    }
    said = {"on": today, **special.get(register.key, {})}
    known = {each.key for each in register.fields}
    return {key: value for key, value in said.items() if key in known and value is not None}


def beside_list(request: StaffRequest, register: Register, wanted: queries.Wanted) -> dict[str, Any]:
    """Return what a register's list shows above its rows."""
    if register.key == "titles":
        year = wanted.year or request.today.year
        return {
            "ceilings": queries.ceilings(request.actor, year),
            "stage": queries.titles_stage(request.actor, year),
            "year": year,
        }
    return {}
