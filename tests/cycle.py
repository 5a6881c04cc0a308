"""The improvement cycle in the tests: one of everything that it calls for by a day."""

from __future__ import annotations

from datetime import date, timedelta

from camket.improvement.models import (
    Audit,
    AuditedUnit,
    Auditor,
    ContextIssue,
    Finding,
    Nonconformity,
    Review,
    ReviewInput,
    ReviewMember,
    Risk,
    SelfAssessment,
)
from people import TODAY, People
from work import NOW, unit_of


def one_of_everything(people: People, due_on: date = TODAY) -> None:
    """Write one open row of each kind that is due on a day: Bình's, the economy section's, or nobody's by name."""
    agency, unit, binh = people.agency, unit_of(people, 1), people.binh.person_id
    made = {"agency": agency, "made_at": NOW, "made_by_id": people.an.person_id}

    def nonconformity(title: str, **fields: object) -> None:
        serial = Nonconformity.objects.filter(agency=agency).count() + 1
        Nonconformity.objects.create(
            **{**made, "year": 2026, "serial": serial, "source": "other", "title": title, "text": title,
               "found_on": TODAY - timedelta(days=40), "unit": unit, **fields},
        )  # fmt: skip

    nonconformity("Chưa có kế hoạch", state="open", plan_due_on=due_on, owner_id=binh)
    nonconformity("Sau thanh tra", state="acting", source="inspection", report_due_on=due_on)
    nonconformity(
        "Chờ đánh giá",
        state="judging",
        judge_on=due_on,
        owner_id=binh,
        planned_by_id=people.dung.person_id,
    )
    Risk.objects.create(
        **made, serial=1, kind="risk", process="Một cửa", title="Mất điện", unit=unit, rerate_by=due_on
    )
    ContextIssue.objects.create(
        agency=agency, kind="party", title="Người dân", reviewed_on=TODAY, review_by=due_on
    )
    convened = _review(people, "Xem xét giữa năm", "convened", due_on)
    ReviewInput.objects.create(review=convened, key="a")
    ReviewMember.objects.create(review=convened, person_id=binh)
    _review(people, "Xem xét cuối năm", "prepared", due_on)
    for state, days in (("announced", 0), ("open", 1), ("reporting", 2)):
        audit = Audit.objects.create(
            **made, title=f"Đánh giá {state}", edition="iso9001-2015", state=state,
            starts_on=due_on, ends_on=due_on if state != "announced" else due_on + timedelta(days=days),
        )  # fmt: skip
        Auditor.objects.create(audit=audit, person_id=people.an.person_id, part="lead")
        audited = AuditedUnit.objects.create(audit=audit, unit=unit)
        if state == "reporting":
            Finding.objects.create(
                agency=agency, audited=audited, serial=1, grade="minor", text="Thiếu chữ ký", found_at=NOW,
                found_by_id=people.an.person_id,
            )  # fmt: skip
    SelfAssessment.objects.create(**made, year=2026, edition="iso18091-2014", on=due_on)


def last_review(people: People, held_on: date) -> Review:
    """Write a review that was closed on its day."""
    return _review(people, "Xem xét năm trước", "closed", held_on)


def _review(people: People, title: str, state: str, held_on: date) -> Review:
    return Review.objects.create(
        agency=people.agency,
        year=held_on.year,
        title=title,
        state=state,
        held_on=held_on,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 6, 30),
        made_at=NOW,
        made_by_id=people.an.person_id,
    )
