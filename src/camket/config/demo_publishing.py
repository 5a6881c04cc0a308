"""What the sample commune makes public: its page, its policy, objectives, results and procedures, a correction."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from camket.config import SAMPLE_DAY
from camket.org.policy import Actor
from camket.publishing.models import Publication
from camket.publishing.operations import page, publications
from camket.publishing.operations.page import PageData
from camket.publishing.preparing import NothingToPublish

SLUG = "xa-thanh-lam-ha"
"""The address of the sample's public page."""

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
IN_SPRING = date(2026, 4, 10)
CORRECTION = (
    "Bản trước lấy số liệu trước khi các phòng đối chiếu xong hồ sơ quý I; bản này dùng số liệu đã đối chiếu,"
    " bổ sung kết quả đến hết tháng 6."
)


def publish_in_spring(secretary: Actor, leader: Actor, report_id: int) -> None:
    """Open the page after the first quarter: policy, objectives, results so far, procedures, the quarter's report."""
    now = _at(IN_SPRING)
    page.save_page(
        actor=secretary,
        data=PageData(
            slug=SLUG,
            introduction="Trang này nêu những điều Ủy ban nhân dân xã đã cam kết trong năm và kết quả thực hiện đến nay.\n"
            "Số liệu được lãnh đạo duyệt trước khi công khai và giữ nguyên từ lúc đó.",
            address="Trung tâm xã Thanh Lâm Hạ, tỉnh Đông Giang",
            phone="0203 3999 111",
            email="mocua@thanhlamha.example",
            hours="Thứ Hai đến thứ Sáu: 7 giờ 30–11 giờ 30 và 13 giờ 30–17 giờ; sáng thứ Bảy: 7 giờ 30–11 giờ 30",
        ),
        now=now,
    )
    page.open_page(actor=secretary, now=now)
    for kind in ("policy", "objectives", "results", "procedures"):
        _publish(secretary, leader, kind, now)
    _publish(secretary, leader, "report", now, subject_id=report_id)


def publish_in_summer(secretary: Actor, leader: Actor) -> None:
    """Publish newer results and what citizens answered; newer results of the catalogue wait for review."""
    now = _at(SAMPLE_DAY, 8)
    _publish(secretary, leader, "results", now, correction=CORRECTION)
    with suppress(NothingToPublish):  # no survey may have come to five answers yet
        _publish(secretary, leader, "satisfaction", now)
    waiting = publications.prepare_publication(actor=secretary, kind="procedures", now=now)
    publications.submit_publication(
        actor=secretary, publication_id=waiting.pk, is_checked=True, today=SAMPLE_DAY
    )


def publish_the_list(secretary: Actor, leader: Actor, list_id: int) -> None:
    """Publish the postings of the first quarter."""
    _publish(secretary, leader, "postings", _at(SAMPLE_DAY, 8), subject_id=list_id)


def _publish(
    secretary: Actor,
    leader: Actor,
    kind: str,
    now: datetime,
    *,
    subject_id: int | None = None,
    correction: str = "",
) -> Publication:
    made = publications.prepare_publication(
        actor=secretary, kind=kind, subject_id=subject_id, correction=correction, now=now
    )
    publications.submit_publication(
        actor=secretary, publication_id=made.pk, is_checked=True, today=now.date()
    )
    return publications.publish(actor=leader, publication_id=made.pk, now=now)


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour, 30), VIETNAM)
