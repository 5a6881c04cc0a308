from __future__ import annotations

import pytest

from camket.objectives import operations
from people import TODAY, People
from plans import sample_plan


@pytest.fixture
def draft(people: People) -> int:
    """A draft of An's, complete but for resources."""
    return operations.import_format(actor=people.an, plan=sample_plan(), today=TODAY)


@pytest.fixture
def complete_draft(people: People, draft: int) -> int:
    operations.update_head(
        actor=people.an, plan_id=draft, today=TODAY, resources="Kinh phí thường xuyên được giao."
    )
    return draft


@pytest.fixture
def plan_in_force(people: People, complete_draft: int) -> int:
    operations.submit_plan(actor=people.an, plan_id=complete_draft, today=TODAY)
    operations.approve_plan(actor=people.chau, plan_id=complete_draft, today=TODAY)
    operations.promulgate_plan(
        actor=people.an,
        plan_id=complete_draft,
        number="12/QĐ-UBND",
        decided_on=TODAY.replace(month=1, day=12),
        signed_by="Lê Minh Châu",
        today=TODAY,
    )
    return complete_draft
