"""What citizens of the sample commune tell it, and how it is dealt with: invented people, places and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from camket.config import SAMPLE_DAY
from camket.core import feedback as rules
from camket.org.policy import Actor
from camket.voices.operations import feedback
from camket.voices.operations import feedback_intake as intake
from camket.voices.operations.feedback_intake import NewFeedback

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SPRING = date(2026, 4, 1)


@dataclass(frozen=True, slots=True)
class _Story:
    """A piece of feedback: when and how it came, what it says, who deals with it, what came of it and when."""

    on: date
    way: str
    subject: str
    text: str
    sender: tuple[str, str, str]
    kind: str = rules.OTHER
    officer: str = ""
    answer: str = ""
    ended_on: date | None = None
    passed_on_to: str = ""
    set_aside: str = ""
    number: str = ""
    public: tuple[str, str] | None = None
    found: feedback.Found = feedback.NOTHING_FOUND


_STORIES = (
    _Story(
        date(2026, 1, 19), "phone", "Đèn chiếu sáng đầu thôn Thượng không sáng",
        "Đèn chiếu sáng ở đầu thôn Thượng hỏng từ đầu tháng, buổi tối học sinh đi học về rất tối.",
        ("Lò Văn Chiến", "Thôn Thượng", "0900 000 101"), officer="ngan",
        answer="Ngày 22/01/2026, Phòng Kinh tế đã phối hợp đơn vị quản lý điện thay hai bóng đèn và sửa tủ điều khiển. "
        "Từ nay thôn báo hỏng đèn qua số máy của Trung tâm, đèn hỏng được thay trong ba ngày.",
        ended_on=date(2026, 1, 26), number="06/TB-UBND",
        public=(
            "Đèn chiếu sáng ở đầu thôn hỏng, buổi tối học sinh đi học về rất tối.",
            "Đã thay bóng đèn và sửa tủ điều khiển. Thôn báo đèn hỏng qua số máy của Trung tâm, đèn được thay trong ba ngày.",
        ),
    ),
    _Story(
        date(2026, 2, 4), "web", "Mẫu đơn đăng ký biến động đất đai khó điền",
        "Mẫu đơn có mục về tài sản gắn liền với đất, người dân không biết phải ghi gì khi không có nhà. Đề nghị có bản ghi mẫu.",
        ("Tòng Thị Hiền", "Thôn Bến", "0900 000 102"), kind=rules.RULES, officer="ngan",
        answer="Trung tâm đã in bản ghi mẫu cho ba trường hợp thường gặp, treo tại quầy số 2 và đăng trên trang công khai. "
        "Kiến nghị rút gọn mẫu đơn đã được tổng hợp gửi cấp tỉnh.",
        ended_on=date(2026, 2, 25), number="14/TB-UBND",
        found=feedback.Found(
            rules.UNJUSTIFIED, "Mẫu đơn dùng đúng mẫu do Bộ ban hành, quầy không đặt thêm mục nào; chỉ thiếu bản ghi mẫu."
        ),
        public=(
            "Mẫu đơn đăng ký biến động đất đai khó điền; đề nghị có bản ghi mẫu.",
            "Đã có bản ghi mẫu cho ba trường hợp thường gặp tại quầy số 2. Kiến nghị rút gọn mẫu đơn đã gửi cấp tỉnh.",
        ),
    ),
    _Story(
        date(2026, 3, 10), "in_person", "Xe chở đất làm hỏng đường tỉnh qua xã",
        "Xe tải chở đất chạy ban đêm làm lún mặt đường tỉnh, đoạn qua chợ.",
        ("Hà Văn Phú", "Thôn Hạ", "0900 000 103"), passed_on_to="Sở Xây dựng tỉnh Đông Giang",
        ended_on=date(2026, 3, 13), number="27/UBND-KT",
    ),
    _Story(
        date(2026, 3, 16), "phone", "Chờ lâu tại quầy vào sáng thứ Hai",
        "Cán bộ ở quầy để người dân chờ gần hai giờ, thái độ không giải thích.",
        ("Vi Thị Lụa", "Thôn Đông", "0900 000 104"), kind=rules.CONDUCT, officer="phuc",
        answer="Sáng 16/3/2026 một quầy tạm dừng do lỗi phần mềm nhưng không thông báo cho người chờ, Trung tâm xin lỗi ông/bà. "
        "Từ 23/3/2026, khi dừng quầy phải treo bảng thông báo và chuyển số cho quầy khác.",
        ended_on=date(2026, 3, 24), number="22/TB-UBND",
        found=feedback.Found(
            rules.JUSTIFIED,
            "Đã nghe công chức trực quầy và xem nhật ký gọi số sáng 16/3/2026: quầy dừng 95 phút, không có bảng thông báo.",
        ),
    ),
    _Story(
        date(2026, 4, 14), "web", "Nước sinh hoạt thôn Đoài có mùi lạ",
        "Ba ngày nay nước máy của thôn có mùi tanh, màu hơi vàng.",
        ("Quàng Văn Lợi", "Thôn Đoài", "0900 000 105"), officer="ngan",
        answer="Trạm cấp nước đã súc rửa bể lọc ngày 17/4/2026 và lấy mẫu xét nghiệm; kết quả ngày 23/4/2026 đạt quy chuẩn.",
        ended_on=date(2026, 4, 24), number="39/TB-UBND",
    ),
    _Story(
        date(2026, 5, 11), "portal", "Rác tồn đọng ở khu chợ",
        "Rác ở góc phía sau chợ hai ngày không được thu gom.",
        ("Cầm Thị Ngoan", "Thôn Trại Mới", "0900 000 106"), officer="son",
        answer="Đội thu gom đã chuyển sang thu gom hằng ngày từ 18/5/2026 và đặt thêm hai thùng rác có nắp.",
        ended_on=date(2026, 5, 20), number="44/TB-UBND",
        public=(
            "Rác ở góc phía sau chợ hai ngày không được thu gom.",
            "Đã chuyển sang thu gom hằng ngày và đặt thêm hai thùng rác có nắp.",
        ),
    ),
    _Story(
        date(2026, 5, 25), "web", "Hỏi lại việc đã có trả lời",
        "Đề nghị cho biết lịch tiếp dân của xã.",
        ("Lường Văn Dìn", "Thôn Bến", "0900 000 107"),
        set_aside="Đây là câu hỏi thông tin đã công khai: lịch tiếp công dân niêm yết tại trụ sở và trên trang của xã.",
        ended_on=date(2026, 5, 27),
    ),
    _Story(
        date(2026, 6, 15), "phone", "Mương nội đồng bị lấp khi làm đường",
        "Đơn vị làm đường đổ đất lấp một đoạn mương, ruộng cuối mương thiếu nước.",
        ("Đèo Văn Tuyên", "Thôn Hạ", "0900 000 108"), officer="ngan",
    ),
    _Story(
        date(2026, 6, 24), "web", "Đề nghị sửa sân chơi nhà văn hóa thôn",
        "Sân chơi của nhà văn hóa thôn Đông bong tróc, trẻ em hay ngã. Đề nghị xã hỗ trợ sửa.",
        ("Lò Thị Mận", "Thôn Đông", "0900 000 109"), officer="son",
        answer="Xã đã khảo sát, đưa việc sửa sân chơi vào kế hoạch quý III/2026, dự kiến xong trước ngày khai giảng.",
    ),
    _Story(
        date(2026, 6, 30), "web", "Phản ánh về phí chứng thực",
        "Phí chứng thực bản sao niêm yết ở quầy khác với mức ghi trên phiếu thu, đề nghị giải thích quy định.",
        ("Bạc Cầm Minh", "Thôn Thượng", "0900 000 110"), kind=rules.RULES,
    ),
    _Story(
        date(2026, 7, 3), "web", "Chó thả rông ở đường liên thôn",
        "Nhiều chó thả rông không rọ mõm ở đường liên thôn, trẻ em đi học rất sợ.",
        ("Hoàng Thị Xuyến", "Thôn Trại Mới", "0900 000 111"),
    ),
)  # fmt: skip


def tell_up_to_spring(people: Mapping[str, Actor]) -> None:
    """Tell of feedback up to the end of March."""
    for story in _STORIES:
        if story.on < SPRING:
            _tell(story, people)


def tell_up_to_now(people: Mapping[str, Actor]) -> None:
    """Tell of feedback from April on, and of what last night's reminders said."""
    for story in _STORIES:
        if story.on >= SPRING:
            _tell(story, people)
    feedback.remind(agency_id=people["lan"].agency_id, now=_at(SAMPLE_DAY, 0))


def _tell(story: _Story, people: Mapping[str, Actor]) -> None:
    secretary, leader = people["lan"], people["mai"]
    name, address, phone = story.sender
    new = NewFeedback(
        subject=story.subject,
        text=story.text,
        kind=story.kind,
        sender_name=name,
        sender_address=address,
        sender_phone=phone,
    )
    if story.way in ("phone", "in_person", "paper"):
        row = intake.receive(
            actor=people["hanh"],
            new=new,
            way=story.way,
            received_on=story.on,
            files=(),
            now=_at(story.on, 9),
        )
    else:
        row = intake.receive_from_public(
            agency_id=secretary.agency_id, new=new, files=(), now=_at(story.on, 20)
        )
    taken_on = story.on if story.way == "phone" else min(_next_day(story.on), SAMPLE_DAY)
    if not (story.officer or story.passed_on_to or story.set_aside):
        return
    feedback.classify(
        actor=secretary,
        feedback_id=row.pk,
        kind=story.kind,
        field_id=None,
        concerns=(),
        now=_at(taken_on, 10),
    )
    ended = _at(story.ended_on or SAMPLE_DAY, 8)
    if story.passed_on_to:
        feedback.pass_on(
            actor=secretary,
            feedback_id=row.pk,
            to=story.passed_on_to,
            document_number=story.number,
            note="",
            now=ended,
        )
        return
    if story.set_aside:
        feedback.set_aside(actor=secretary, feedback_id=row.pk, reason=story.set_aside, now=ended)
        return
    officer = people[story.officer]
    feedback.assign(
        actor=secretary,
        feedback_id=row.pk,
        unit_id=next(iter(officer.unit_ids), None),
        officer_id=officer.person_id,
        note="",
        now=_at(taken_on, 11),
    )
    if not story.answer:
        return
    feedback.save_answer(
        actor=officer, feedback_id=row.pk, answer=story.answer, submits=True, now=ended, found=story.found
    )
    if story.ended_on is None:
        return
    feedback.approve_answer(
        actor=leader,
        feedback_id=row.pk,
        signing=feedback.Signing(
            story.number, "Lương Thị Mai", "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN"
        ),
        now=_at(story.ended_on, 15),
    )
    if story.public is not None:
        text, answer = story.public
        feedback.publish(
            actor=secretary,
            feedback_id=row.pk,
            text=text,
            answer=answer,
            was_read_again=True,
            allows_found=False,
            now=_at(story.ended_on, 16),
        )


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), VIETNAM)
