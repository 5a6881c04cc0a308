"""The levels of government as the product ships them; an installation may add to them and end them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from camket.org.models import Level

SHIPPED = Path(__file__).with_name("levels.json")


def load(model: type[Level]) -> None:
    """Add the shipped levels that the table lacks; those that it has stay as they are."""
    known = set(model.objects.values_list("code", flat=True))
    rows: list[dict[str, Any]] = json.loads(SHIPPED.read_text("utf-8"))
    for row in rows:
        for field in ("valid_from", "valid_to"):
            row[field] = date.fromisoformat(row[field]) if row[field] else None
    model.objects.bulk_create(model(**row) for row in rows if row["code"] not in known)
