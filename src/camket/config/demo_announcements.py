"""What the sample commune keeps of announcements: the one it signed on paper last year, taken in when it began. Invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from camket.improvement.operations import announcements
from camket.improvement.operations.announcements import NewAnnouncement
from camket.improvement.queries.announcements import form_on, written
from camket.improvement.review_paper import Signer
from camket.org.policy import Actor

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TAKEN_IN = datetime.combine(date(2026, 1, 19), time(10, 5), VIETNAM)
SIGNED = date(2025, 9, 12)


def keep_announcement(people: Mapping[str, Actor]) -> None:
    """Take in the announcement that was signed on paper in September of last year."""
    lan = people["lan"]
    words, _source, _is_certain = form_on(SIGNED)
    row = announcements.prepare(
        actor=lan,
        announcement=NewAnnouncement(
            "iso9001-2015",
            scope="Áp dụng tại mọi bộ phận có tiếp nhận, giải quyết thủ tục hành chính.",
            wording=words,
        ),
        now=TAKEN_IN,
    )
    signer = Signer("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", people["tho"].name)
    announcements.record_signed(
        actor=lan,
        announcement_id=row.pk,
        number="86/QĐ-UBND",
        signed_on=SIGNED,
        content=lambda each: written(each, signer, TAKEN_IN.date()),
        now=TAKEN_IN,
    )
