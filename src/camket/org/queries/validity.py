"""When a row with a first and a last day holds: the last day counts, an open end holds for ever."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def held_on(day: date, through: str = "") -> Q:
    """Return the condition that a row holds on a day: a post, an agency, a level; or the row ``through`` a key."""
    at = f"{through}__" if through else ""
    return (Q(**{f"{at}valid_from__isnull": True}) | Q(**{f"{at}valid_from__lte": day})) & (
        Q(**{f"{at}valid_to__isnull": True}) | Q(**{f"{at}valid_to__gte": day})
    )
