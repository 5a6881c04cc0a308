"""What the yearly plan of what is made public says on a day, ready to be frozen when a leader approves it."""

from __future__ import annotations

from datetime import date
from typing import Any

from camket.org.models import Agency
from camket.publishing.content import checksum
from camket.publishing.models import ApprovedPostingPlan, PlannedPosting
from camket.publishing.plan_paper import FORMAT
from camket.publishing.posting_rules import rule_of


def planned(agency_id: int, year: int, today: date) -> dict[str, Any]:
    """Return the plan of a year as its lines stand now, dropped ones left out; three SQL statements."""
    agency = Agency.objects.select_related("parent").get(pk=agency_id)
    rows = PlannedPosting.objects.filter(agency_id=agency_id, year=year, is_dropped=False)
    lines = sorted(
        rows.select_related("unit").prefetch_related("places"),
        key=lambda each: (each.due_on or date.max, each.pk),
    )
    return {
        "format": FORMAT,
        "agency": {
            "code": agency.code,
            "name": agency.name,
            "full_name": agency.full_name,
            "superior": agency.superior_name,
            "place": agency.place,
        },
        "year": year,
        "recorded_on": today.isoformat(),
        "lines": [_line(each) for each in lines],
    }


def _line(each: PlannedPosting) -> dict[str, Any]:
    places = sorted(each.places.all(), key=lambda place: place.pk)
    rule = rule_of(each.rule, date(each.year, 12, 31)) or rule_of(each.rule, date(each.year, 1, 1))
    speaks = any(place.kind == "loudspeaker" for place in places)
    return {
        "id": each.pk,
        "rule": each.rule,
        "subject": each.subject,
        "places": [place.name for place in places],
        "when": each.when,
        "due_on": each.due_on.isoformat() if each.due_on else None,
        "days": each.days,
        "spoken_days": rule.spoken_days if rule and speaks else None,
        "unit": each.unit.name if each.unit else "",
    }


def stamp(content: dict[str, Any]) -> str:
    """Return what tells the lines of a plan from any others: who approves says which lines were read."""
    return checksum({"lines": content["lines"]})


def in_force(agency_id: int, year: int) -> ApprovedPostingPlan | None:
    """Return the plan of a year that was approved last; None where none was."""
    rows = ApprovedPostingPlan.objects.filter(agency_id=agency_id, year=year)
    return rows.select_related("approved_by").order_by("-pk").first()
