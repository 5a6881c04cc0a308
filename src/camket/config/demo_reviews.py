"""What the sample commune keeps of management reviews: last year's, closed with a decision; marks by ISO 18091. All invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from camket.core.review import INPUTS
from camket.improvement import gathering
from camket.improvement.operations import reviews, self_assessments
from camket.improvement.operations.reviews import Attendance, Member, NewDecision, NewReview
from camket.improvement.queries.reviews import content_of, review
from camket.org.policy import Actor

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
HELD = date(2026, 1, 22)
ASSESSED = date(2026, 2, 10)
NOTHING = {"a": "Cuộc xem xét đầu tiên trên hệ thống.", "c7": "Xã không thuê ngoài dịch vụ hành chính công."}
MARKS = (
    ("1.1", "green", "Phân công lãnh đạo, quy chế làm việc được ban hành và rà soát hằng năm."),
    ("1.3", "yellow", "Có bản mô tả vị trí việc làm; chưa đánh giá năng lực theo vị trí."),
    ("1.7", "yellow", "Hồ sơ trực tuyến đạt chỉ tiêu; người cao tuổi còn cần hỗ trợ tại chỗ."),
    ("1.10", "green", "Niêm yết, trang công khai; xem Sổ niêm yết."),
    ("3.1", "green", "Giải quyết thủ tục đúng hạn trên 97 %; xem Sổ hồ sơ."),
    ("4.1", "red", "Chưa có điểm thu gom rác thải cồng kềnh."),
)


def keep_reviews(people: Mapping[str, Actor], units: Mapping[str, int]) -> None:
    """Hold the review of last year in January, and assess six indicators in February."""
    lan, mai = people["lan"], people["mai"]
    made = reviews.prepare(
        actor=lan,
        review=NewReview(
            "Xem xét của lãnh đạo năm 2025",
            date(2025, 1, 1),
            date(2025, 12, 31),
            HELD,
            time(8, 0),
            "Phòng họp UBND xã",
            mai.person_id,
            lan.person_id,
        ),
        members=[Member(mai.person_id), Member(lan.person_id), Member(people["hanh"].person_id)],
        now=_at(date(2026, 1, 12)),
    )
    lan_now: dict[str, Any] = {"review_id": made.pk, "actor": lan}
    figures = gathering.gather(lan, made.pk, HELD)
    reviews.keep_figures(figures=figures, now=_at(date(2026, 1, 12)), **lan_now)
    reviews.convene(now=_at(date(2026, 1, 13)), **lan_now)
    for each in INPUTS:
        nothing = NOTHING.get(each.key, "")
        comment = "" if nothing else "Đã xem xét số liệu; các bộ phận tiếp tục thực hiện theo kế hoạch."
        reviews.consider(key=each.key, comment=comment, nothing=nothing, now=_at(HELD), **lan_now)
    came = [Attendance(each.pk, attended=True) for each in made.members.all()]
    reviews.note_attendance(attendance=came, now=_at(HELD), **lan_now)
    reviews.decide(
        decision=NewDecision(
            "improvement",
            "Sơ kết việc thực hiện mục tiêu chất lượng 6 tháng đầu năm tại phiên họp tháng 7",
            date(2026, 7, 31),
            unit_id=units["Văn phòng HĐND và UBND"],
            input_key="c2",
        ),
        now=_at(HELD),
        **lan_now,
    )
    reviews.conclude(
        conclusion="Hệ thống quản lý chất lượng phù hợp, đầy đủ và có hiệu lực.", now=_at(HELD), **lan_now
    )
    page = review(mai, made.pk, HELD)
    number = "03/BB-UBND"
    reviews.close(
        actor=mai,
        review_id=made.pk,
        number=number,
        minutes=lambda _row: content_of(mai, page, number=number).to_json(),
        now=_at(HELD, 11),
    )
    assessed = self_assessments.begin(actor=lan, edition="iso18091-2019", on=ASSESSED, now=_at(ASSESSED))
    for indicator, colour, reason in MARKS:
        self_assessments.mark(
            actor=lan,
            assessment_id=assessed.pk,
            indicator=indicator,
            colour=colour,
            reason=reason,
            now=_at(ASSESSED),
        )
    self_assessments.close(
        actor=lan,
        assessment_id=assessed.pk,
        conclusion="Các chỉ số còn lại được xem xét trong năm 2026.",
        now=_at(ASSESSED, 16),
    )


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), VIETNAM)
