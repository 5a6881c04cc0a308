"""An agency for the tests whose system can be announced: documents in effect, an audit, its finding settled, a review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from camket.dossiers.models import Field, Procedure, ProcedureEdition
from camket.improvement.models import (
    Announcement,
    Audit,
    AuditedUnit,
    Finding,
    Nonconformity,
    Review,
)
from camket.improvement.operations import announcements as operations
from camket.improvement.operations.announcements import NewAnnouncement
from camket.improvement.queries.announcements import form_on, written
from camket.improvement.review_paper import Signer
from controlled_documents import in_effect
from people import TODAY, People
from work import NOW

LATER = TODAY + timedelta(days=20)
SIGNER = Signer("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Minh Châu")


def procedure(people: People, code: str, name: str, field: str = "Hộ tịch") -> Procedure:
    """Keep a procedure in the catalogue."""
    row = Procedure.objects.create(agency=people.agency, code=code, key=code)
    of, _ = Field.objects.get_or_create(agency=people.agency, key=field.casefold(), defaults={"name": field})
    row.edition = ProcedureEdition.objects.create(
        procedure=row, name=name, field=of, valid_from=date(2026, 1, 1), entered_at=NOW
    )
    row.save()
    return row


def audit(people: People, on: date, *, state: str = "reported") -> Audit:
    """Keep an audit of a day with its report."""
    return Audit.objects.create(
        agency=people.agency, title="Đánh giá nội bộ", edition="iso9001-2015", starts_on=on, ends_on=on,
        state=state, reported_on=on, made_at=NOW, made_by_id=people.an.person_id,
    )  # fmt: skip


def finding(people: People, of: Audit, state: str = "") -> Finding:
    """Keep a minor finding of an audit; with ``state`` it became a nonconformity in that state."""
    unit = people.agency.units.order_by("order")[0]
    audited, _ = AuditedUnit.objects.get_or_create(audit=of, unit=unit)
    row = Finding.objects.create(
        agency=people.agency, audited=audited, serial=of.units.count(), grade="minor", text="Sổ thiếu trang",
        found_at=NOW, found_by_id=people.an.person_id,
    )  # fmt: skip
    if state:
        Nonconformity.objects.create(
            agency=people.agency, year=2026, source="audit", finding=row, title="Sổ thiếu trang", text="…",
            found_on=of.ends_on, state=state, made_at=NOW,
        )  # fmt: skip
    return row


def review(people: People, on: date) -> Review:
    """Keep a closed review of a day."""
    return Review.objects.create(
        agency=people.agency, year=2026, title="Xem xét của lãnh đạo", period_start=date(2026, 1, 1), period_end=TODAY,
        held_on=on, state="closed", made_at=NOW, made_by_id=people.an.person_id,
    )  # fmt: skip


def ready(people: People) -> None:
    """Keep all that an announcement rests on, but for the head's confirmation."""
    procedure(people, "1.004873", "Xác nhận tình trạng hôn nhân")
    procedure(people, "1.000894", "Đăng ký kết hôn")
    in_effect(people, kind="manual", title="Sổ tay chất lượng")
    in_effect(people, title="Đánh giá nội bộ")
    of = audit(people, TODAY)
    finding(people, of, "closed")
    review(people, TODAY)


def drafted(people: People, **changed: Any) -> Announcement:
    """Prepare an announcement whose procedures share the system procedure."""
    shared = people.agency.controlled_documents.get(kind="system").code
    values: dict[str, Any] = {
        "edition": "iso9001-2015",
        "choices": {"Hộ tịch": shared},
        "wording": form_on(TODAY)[0],
        **changed,
    }
    return operations.prepare(actor=people.an, announcement=NewAnnouncement(**values), now=NOW)


def announced(people: People, number: str = "30/QĐ-UBND") -> Announcement:
    """Confirm and issue an announcement of an agency that is ready."""
    row = drafted(people)
    operations.confirm(actor=people.chau, announcement_id=row.pk, now=NOW)
    return operations.announce(
        actor=people.an,
        announcement_id=row.pk,
        number=number,
        signed_on=TODAY,
        content=lambda each: written(each, SIGNER, TODAY),
        now=NOW,
    )
