"""What the sample commune posted where: its places, half a year of the register, the list of the first quarter."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from camket.config import SAMPLE_DAY
from camket.documents.operations import NewEvidence
from camket.org.policy import Actor
from camket.publishing.operations import postings
from camket.publishing.operations.postings import At, PlaceData, PostingData

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


def keep_the_register(secretary: Actor) -> None:
    """Enter the places and what was posted since January; issue the list of the first quarter, leave the second open."""
    places = [
        postings.save_place(actor=secretary, data=PlaceData(kind, name), today=date(2026, 1, 6))
        for kind, name in PLACES
    ]
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
    postings.issue_list(
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


def _proof(subject: str) -> tuple[NewEvidence, ...]:
    """Return the record of posting that proves it."""
    return (
        NewEvidence(kind="document", title=f"Biên bản niêm yết: {subject}"[:500], document_number="BB-NY"),
    )


def _at(day: date, hour: int = 15) -> datetime:
    return datetime.combine(day, time(hour, 30), VIETNAM)
