"""An agency with an open public page and publications of every kind, for the tests of citizens' pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from camket.org.models import Agency
from camket.publishing.models import Publication, PublicPage
from camket.publishing.operations import publications as operations
from figures import SPRING, make_plan_in_force, read, share, targets_of
from people import TODAY, People
from procedures import make_procedure
from work import NOW


def open_page(agency: Agency, slug: str = "xa-tan-lap", **more: Any) -> PublicPage:
    """Open the agency's page, past its operations."""
    return PublicPage.objects.create(agency=agency, slug=slug, is_open=True, changed_at=NOW, **more)


def publish(people: People, kind: str, subject_id: int | None = None, correction: str = "") -> Publication:
    """Prepare, submit and publish one publication: An prepares, Châu publishes."""
    made = operations.prepare_publication(
        actor=people.an, kind=kind, subject_id=subject_id, correction=correction, now=NOW
    )
    operations.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)
    return operations.publish(actor=people.chau, publication_id=made.pk, now=NOW)


def publish_all(people: People) -> dict[str, Publication]:
    """Open the page, and publish policy, objectives, results and procedures."""
    open_page(people.agency, phone="0203 3999 111", hours="Thứ Hai đến thứ Sáu")
    plan = make_plan_in_force(people)
    read(people, targets_of(plan)[0], share(492, 500, SPRING))
    make_procedure(people.agency)
    make_procedure(people.agency, "Đăng ký biến động đất đai", "1.004238", field="Đất đai")
    make_procedure(
        people.agency,
        "Cấp <b>giấy phép</b> xây dựng",
        "1.009994",
        field="Xây dựng",
        valid_from=date(2026, 2, 1),
    )
    return {kind: publish(people, kind) for kind in ("policy", "objectives", "results", "procedures")}
