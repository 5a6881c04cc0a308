"""What the sample commune planned and posted where: places, the year's plan, half a year of the register, a quarter's list."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from camket.config import SAMPLE_DAY
from camket.documents.operations import NewEvidence
from camket.org.policy import Actor
from camket.org.queries import unit_choices
from camket.publishing.operations import posting_plan, postings
from camket.publishing.operations.posting_plan import LineData
from camket.publishing.operations.postings import At, PlaceData, PostingData
from camket.publishing.queries import posting_plan as plans

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
PLACES = (
    ("office", "Bảng tin tại trụ sở UBND xã"),
    ("culture_house", "Nhà văn hóa thôn Lâm Thượng"),
    ("culture_house", "Nhà văn hóa thôn Lâm Hạ"),
    ("website", "Trang thông tin điện tử của xã"),
    ("loudspeaker", "Đài truyền thanh xã"),
)
SITE = "https://thanhlamha.example/cong-khai"

# rule, subject, document, decided on, posted on, until, places by number, taken down on
POSTED = (
    ("duties", "Nhiệm vụ, quyền hạn và quy tắc ứng xử của cán bộ, công chức xã", "11/QĐ-UBND", date(2026, 1, 8),
     date(2026, 1, 12), None, (0, 3), None),
    ("listed", "Dự toán thu, chi ngân sách xã năm 2026", "05/NQ-HĐND", date(2026, 1, 6), date(2026, 1, 9),
     date(2026, 2, 10), (0, 1, 2, 3), date(2026, 2, 11)),
    ("listed", "Kế hoạch sửa chữa đường liên thôn Lâm Thượng – Lâm Hạ", "38/KH-UBND", date(2026, 5, 11),
     date(2026, 5, 14), date(2026, 6, 14), (0, 1, 3), None),
    ("quality", "Kết quả thực hiện mục tiêu chất lượng quý I năm 2026", "21/BC-UBND", date(2026, 4, 8),
     date(2026, 4, 20), date(2026, 5, 21), (0,), date(2026, 5, 22)),
    ("listed_spoken", "Danh sách hộ được hỗ trợ cải tạo nhà tiêu hợp vệ sinh", "64/QĐ-UBND", date(2026, 6, 16),
     date(2026, 6, 18), date(2026, 7, 20), (0, 1, 2, 3), None),
)  # fmt: skip


# subject, when in words, at the latest on, days, places by number
PLANNED = (
    ("Dự toán thu, chi ngân sách xã năm 2026", "Tháng 01/2026", date(2026, 1, 15), 30, (0, 1, 2, 3)),
    ("Kế hoạch sửa chữa đường liên thôn Lâm Thượng – Lâm Hạ", "Quý II/2026", date(2026, 5, 20), 30, (0, 1, 2, 3)),
    ("Quyết toán thu, chi ngân sách xã năm 2025", "Tháng 6/2026", date(2026, 6, 30), 30, (0, 1, 2, 3)),
    ("Kế hoạch sử dụng đất năm 2027", "Tháng 12/2026", date(2026, 12, 31), 30, (0, 1, 2, 3)),
)  # fmt: skip
REPLACED = ("listed", "listed_spoken")
"""Rules whose lines of the plan name no content: the commune wrote down its own in their place."""


def keep_the_register(secretary: Actor) -> int:
    """Enter the places, the year's plan and what was posted since January, and return the list issued of the first quarter.

    The list of the second quarter is left open.
    """
    places = [
        postings.save_place(actor=secretary, data=PlaceData(kind, name), today=date(2026, 1, 6))
        for kind, name in PLACES
    ]
    planned = _plan_the_year(secretary, [place.pk for place in places])
    for rule, subject, number, decided_on, posted_on, until, at, removed_on in POSTED:
        made = postings.post(
            actor=secretary,
            data=PostingData(
                rule=rule,
                subject=subject,
                posted_on=posted_on,
                until=until,
                document_number=number,
                decided_on=decided_on,
                address=SITE if 3 in at else "",
                posted_by_id=secretary.person_id,
                planned_id=planned.get(subject) or planned.get(rule),
            ),
            at=[
                At(places[each].pk, () if places[each].kind == "website" else _proof(subject)) for each in at
            ],
            now=_at(posted_on),
        )
        if removed_on is not None:
            for notice in made:
                postings.take_down(
                    actor=secretary, notice_id=notice.pk, removed_on=removed_on, today=removed_on
                )
    issued = postings.issue_list(
        actor=secretary,
        year=2026,
        quarter=1,
        number="09/TB-UBND",
        dated=date(2026, 4, 1),
        now=_at(date(2026, 4, 1)),
    )
    postings.post(
        actor=secretary,
        data=PostingData(
            rule="internal",
            subject="Phân công nhiệm vụ trực tiếp công dân quý III năm 2026",
            posted_on=date(2026, 7, 1),
            until=date(2026, 7, 21),
            posted_by_id=secretary.person_id,
        ),
        at=[At(places[0].pk)],
        now=_at(SAMPLE_DAY, 8),
    )
    return issued.pk


def _plan_the_year(secretary: Actor, place_ids: list[int]) -> dict[str, int]:
    """Make the plan of the year in January, and return its lines by subject and by rule."""
    today = date(2026, 1, 6)
    posting_plan.make_from_rules(actor=secretary, year=2026, today=today)
    for row in plans.year_plan(secretary, 2026, today).rows:
        if row.rule in REPLACED:
            posting_plan.drop_line(
                actor=secretary, planned_id=row.id, reason="Đã ghi thành từng nội dung cụ thể", today=today
            )
    (unit_id, _), *_ = unit_choices(secretary)
    for subject, when, due_on, days, at in PLANNED:
        line = LineData(
            subject=subject,
            rule="listed",
            when=when,
            due_on=due_on,
            days=days,
            unit_id=unit_id,
            place_ids=tuple(place_ids[each] for each in at),
        )
        posting_plan.save_line(actor=secretary, year=2026, data=line, today=today)
    rows = [row for row in plans.year_plan(secretary, 2026, today).rows if not row.is_dropped]
    by_rule = {row.rule: row.id for row in rows if row.rule in ("duties", "quality")}
    return {**by_rule, **{row.subject: row.id for row in rows}}


def _proof(subject: str) -> tuple[NewEvidence, ...]:
    """Return the record of posting that proves it."""
    return (
        NewEvidence(kind="document", title=f"Biên bản niêm yết: {subject}"[:500], document_number="BB-NY"),
    )


def _at(day: date, hour: int = 15) -> datetime:
    return datetime.combine(day, time(hour, 30), VIETNAM)
