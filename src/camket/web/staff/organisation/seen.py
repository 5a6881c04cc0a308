from __future__ import annotations

from camket.journal import operations
from camket.web.request import StaffRequest


def saw(request: StaffRequest, what: str, *, person_id: int | None = None, people: int = 1) -> None:
    """Record that the page shows personal data: of one person, or a list of ``people``; the page says what for."""
    match = request.resolver_match
    operations.record_access(
        actor=request.actor,
        what=what,
        purpose=match.view_name if match else "",
        on=request.today,
        person_id=person_id,
        people=people,
    )
