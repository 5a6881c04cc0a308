"""A year of an office's registers, as the spreadsheets in which it would have kept them: invented, and the same each time.

What came in, went out, was given and done from the day of the communes of today (1/7/2025) up to the sample day. One
piece of work in nine is done late, what is newest stays open here and there, one document in twelve goes out on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from camket.core.calendar import WorkingCalendar
from camket.core.wording.dates import format_date
from camket.paper.sheets import write_csv

SINCE = date(2025, 7, 1)

OFFICE, ECONOMY = "Văn phòng HĐND và UBND", "Phòng Kinh tế"
CULTURE, COUNTER = "Phòng Văn hóa - Xã hội", "Trung tâm Phục vụ hành chính công"
UNITS = (OFFICE, ECONOMY, CULTURE, COUNTER)

# who gave it, whose it is, symbol, what is to be done, unit, days given
DIRECTIVES = (
    ("UBND tỉnh Đông Giang", "UBND tỉnh", "UBND-NC", "Báo cáo kết quả tiếp công dân, xử lý đơn", OFFICE, 12),
    ("UBND tỉnh Đông Giang", "UBND tỉnh", "UBND-KT", "Báo cáo tiến độ giải ngân vốn đầu tư công", ECONOMY, 15),
    ("Sở Y tế tỉnh Đông Giang", "Sở, ngành", "SYT-NVY", "Rà soát trẻ chưa tiêm đủ mũi", CULTURE, 20),
    ("Chủ tịch UBND xã", "Kết luận giao ban", "TB-UBND", "Xử lý hồ sơ chờ quá ba ngày ở bộ phận một cửa", COUNTER, 7),
    ("UBND tỉnh Đông Giang", "UBND tỉnh", "UBND-NN", "Kiểm tra rừng giáp ranh, báo cáo điểm có nguy cơ cháy", ECONOMY, 18),
    ("Sở Nội vụ tỉnh Đông Giang", "Sở, ngành", "SNV-TCBC", "Rà soát số lượng người hoạt động không chuyên trách", OFFICE, 14),
    ("Thường trực Đảng ủy xã", "Đảng ủy", "TB-ĐU", "Chuẩn bị nội dung gặp mặt người có uy tín", CULTURE, 10),
    ("Sở Tư pháp tỉnh Đông Giang", "Sở, ngành", "STP-HCTP", "Đối chiếu dữ liệu hộ tịch với dữ liệu dân cư", COUNTER, 25),
    ("UBND tỉnh Đông Giang", "UBND tỉnh", "UBND-VX", "Cập nhật danh sách hộ nghèo, hộ cận nghèo", CULTURE, 21),
    ("Chủ tịch UBND xã", "Kết luận giao ban", "TB-UBND", "Dọn hành lang đường trục xã đoạn qua chợ", ECONOMY, 9),
    ("Sở Khoa học và Công nghệ tỉnh Đông Giang", "Sở, ngành", "SKHCN-CĐS", "Tự đánh giá mức độ chuyển đổi số", OFFICE, 16),
)  # fmt: skip

# author, symbol, type, abstract, unit, days given or none
INCOMING = (
    ("Sở Nội vụ tỉnh Đông Giang", "SNV-CCHC", "Công văn", "Báo cáo cải cách hành chính định kỳ", OFFICE, 10),
    ("Sở Tài chính tỉnh Đông Giang", "STC-NS", "Công văn", "Đối chiếu số liệu thu, chi ngân sách", ECONOMY, 8),
    ("UBND tỉnh Đông Giang", "QĐ-UBND", "Quyết định", "Công bố thủ tục hành chính sửa đổi, bổ sung", COUNTER, 5),
    ("Sở Giáo dục và Đào tạo tỉnh Đông Giang", "SGDĐT-TTr", "Công văn", "Phối hợp kiểm tra cơ sở mầm non tư thục", CULTURE, 15),
    ("Bảo hiểm xã hội tỉnh Đông Giang", "BHXH-TST", "Công văn", "Danh sách người hết hạn thẻ bảo hiểm y tế", CULTURE, 12),
    ("Sở Nông nghiệp và Môi trường tỉnh Đông Giang", "SNNMT-TT", "Công văn", "Lịch gieo cấy, phòng trừ sâu bệnh", ECONOMY, None),
    ("Công an tỉnh Đông Giang", "CAT-QLHC", "Công văn", "Phối hợp cấp căn cước cho người cao tuổi", COUNTER, 14),
    ("HĐND tỉnh Đông Giang", "NQ-HĐND", "Nghị quyết", "Mức chi hỗ trợ người hoạt động ở thôn", OFFICE, None),
    ("Kho bạc Nhà nước khu vực", "KBNN-KSC", "Công văn", "Hồ sơ kiểm soát chi cuối quý", ECONOMY, 6),
    ("Sở Xây dựng tỉnh Đông Giang", "SXD-QHKT", "Công văn", "Góp ý đồ án quy hoạch chung", ECONOMY, 20),
    ("UBND tỉnh Đông Giang", "GM-UBND", "Giấy mời", "Họp giao ban công tác tháng", OFFICE, None),
)  # fmt: skip

# type, symbol, abstract, unit
OUTGOING = (
    ("Công văn", "UBND-VP", "Trả lời kiến nghị của cử tri", OFFICE),
    ("Công văn", "UBND-KT", "Đề nghị thẩm định dự toán sửa chữa kênh nội đồng", ECONOMY),
    ("Công văn", "UBND-VX", "Danh sách đề nghị cấp thẻ bảo hiểm y tế", CULTURE),
    ("Công văn", "UBND-VP", "Cử người tham gia đoàn kiểm tra", OFFICE),
    ("Công văn", "UBND-KT", "Xác nhận nguồn gốc đất theo đề nghị của Chi nhánh đăng ký đất đai", ECONOMY),
    ("Công văn", "UBND-VX", "Phối hợp tổ chức tuần lễ học tập suốt đời", CULTURE),
)

# what, kind, unit
PROGRAMME = (
    ("Rà soát, cập nhật quy trình nội bộ giải quyết thủ tục hành chính", "Trọng tâm", COUNTER),
    ("Kiểm tra thu phí, lệ phí ở các thôn", "Thường xuyên", ECONOMY),
    ("Tổ chức tiếp xúc, đối thoại với người dân", "Trọng tâm", OFFICE),
    ("Kiểm tra vệ sinh an toàn thực phẩm bếp ăn tập thể", "Thường xuyên", CULTURE),
    ("Đo đạc, cắm mốc quỹ đất công ích", "Trọng tâm", ECONOMY),
    ("Chi trả trợ cấp bảo trợ xã hội", "Thường xuyên", CULTURE),
    ("Số hóa kết quả giải quyết thủ tục hành chính còn hiệu lực", "Trọng tâm", COUNTER),
)


@dataclass(frozen=True, slots=True)
class Office:
    """Whose year it is: its working days, how often work is late, and the people who have a post."""

    calendar: WorkingCalendar
    upto: date
    people: Sequence[tuple[str, str]]
    late_each: int = 9
    open_each: int = 5
    a_month: int = 6

    def work_day(self, day: date) -> date:
        """Return the day, or the next working day."""
        return self.calendar.limit_end(day)

    def days(self, number: int) -> Iterator[date]:
        """Yield so many working days, spread over the year."""
        length = (self.upto - SINCE).days - 3
        for place in range(number):
            yield self.work_day(SINCE + timedelta(days=2 + place * length // number))

    def done(self, place: int, due: date, given: int) -> date | None:
        """Return when the piece of work in this place was done; None where it is open on the sample day."""
        if place % self.late_each == 4:
            day = self.work_day(due + timedelta(days=2 + place % 4))
        else:
            day = self.work_day(due - timedelta(days=1 + place % max(given // 3, 2)))
            day = min(day, due)
        is_new = due > self.upto - timedelta(days=40)
        return None if day > self.upto or (is_new and place % self.open_each == 2) else day


def sheet(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows, headings first, as a spreadsheet in CSV; days as officials write them."""
    header, *lines = [
        [format_date(cell) if isinstance(cell, date) else "" if cell is None else str(cell) for cell in row]
        for row in rows
    ]
    return write_csv(header, lines)


def directives(office: Office) -> bytes:
    """Return the directives of the year."""
    rows: list[Sequence[object]] = [
        ("Số, ký hiệu", "Ngày ban hành", "Cơ quan, người giao", "Nhóm cơ quan giao", "Nội dung chỉ đạo",
         "Đơn vị chủ trì", "Thời hạn", "Ngày hoàn thành", "Văn bản báo cáo"),
    ]  # fmt: skip
    for place, day in enumerate(office.days(office.a_month * 12)):
        who, whose, symbol, what, unit, given = DIRECTIVES[place % len(DIRECTIVES)]
        due = office.work_day(day + timedelta(days=given))
        done = office.done(place, due, given)
        report = f"{place * 3 % 140 + 5}/BC-UBND" if done and place % 2 else ""
        rows.append(
            (
                f"{500 + place * 17}/{symbol}",
                day,
                who,
                whose,
                f"{what} tháng {day:%m/%Y}",
                unit,
                due,
                done,
                report,
            )
        )
    return sheet(rows)


def incoming(office: Office) -> bytes:
    """Return the documents that came in; numbers of arrival begin anew each year."""
    rows: list[Sequence[object]] = [
        ("Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu", "Ngày văn bản", "Loại văn bản", "Trích yếu",
         "Đơn vị xử lý", "Hạn xử lý", "Ngày hoàn thành"),
    ]  # fmt: skip
    for place, day in enumerate(office.days(office.a_month * 22)):
        who, symbol, kind, what, unit, given = INCOMING[place % len(INCOMING)]
        issued = day - timedelta(days=1 + place % 3)
        arrival = (day - max(SINCE, date(day.year, 1, 1))).days * 23 // 10 + 1
        due = None if given is None else office.work_day(day + timedelta(days=given))
        done = office.work_day(day) if due is None else office.done(place, due, given or 0)
        rows.append(
            (day, arrival, who, f"{place * 13 % 900 + 7}/{symbol}", issued, kind, f"{what} (tháng {issued:%m/%Y})",
             unit, due, done)
        )  # fmt: skip
    return sheet(rows)


def outgoing(office: Office, taken: Iterable[int] = ()) -> bytes:
    """Return the official letters that went out; their series begins anew each year, ``taken`` are this year's numbers."""
    rows: list[Sequence[object]] = [
        (
            "Số, ký hiệu",
            "Ngày văn bản",
            "Loại văn bản",
            "Trích yếu",
            "Đơn vị soạn thảo",
            "Hình thức phát hành",
        ),
    ]
    numbers: dict[int, int] = {}
    passed = frozenset(taken)
    for place, day in enumerate(office.days(office.a_month * 16)):
        kind, symbol, what, unit = OUTGOING[place % len(OUTGOING)]
        numbers[day.year] = numbers.get(day.year, 0) + 1
        while day.year == office.upto.year and numbers[day.year] in passed:
            numbers[day.year] += 1
        sent = "Giấy" if place % 12 == 7 else "Điện tử"
        rows.append(
            (f"{numbers[day.year]:02}/{symbol}", day, kind, f"{what} (tháng {day:%m/%Y})", unit, sent)
        )
    return sheet(rows)


def programme(office: Office) -> bytes:
    """Return the tasks of the months' programmes, each to be done within its month."""
    rows: list[Sequence[object]] = [
        (
            "Nội dung công việc",
            "Loại nhiệm vụ",
            "Chương trình",
            "Từ ngày",
            "Đơn vị chủ trì",
            "Thời hạn",
            "Ngày hoàn thành",
        ),
    ]
    first, place = SINCE, 0
    while first < office.upto.replace(day=1):
        following = (first + timedelta(days=32)).replace(day=1)
        for _ in range(max(office.a_month // 2, 2)):
            what, kind, unit = PROGRAMME[place % len(PROGRAMME)]
            due = office.work_day(following - timedelta(days=3 + place % 9))
            rows.append(
                (f"{what} tháng {first:%m/%Y}", kind, "Tháng", first, unit, due, office.done(place, due, 15))
            )
            place += 1
        first = following
    return sheet(rows)


Course = tuple[str, date, date, int, str]
"""A course, its first and last day, hours, who held it."""

COURSES = (
    (
        "Tiếp nhận, số hóa hồ sơ trên hệ thống mới",
        date(2025, 7, 22),
        date(2025, 7, 23),
        12,
        "Sở Khoa học và Công nghệ",
    ),
    (
        "Nghiệp vụ quản lý nhà nước sau sắp xếp",
        date(2025, 10, 14),
        date(2025, 10, 16),
        24,
        "Trường Chính trị tỉnh",
    ),
)

LATE_COURSE = ("Kỹ năng số cho công chức xã", date(2026, 5, 19), date(2026, 5, 20), 12, "Sở Nội vụ")


def training(office: Office, courses: Iterable[Course] = COURSES) -> bytes:
    """Return who took part in courses; one in seven was absent."""
    rows: list[Sequence[object]] = [
        ("Họ và tên", "Tên khóa học", "Từ ngày", "Đến ngày", "Số giờ", "Đơn vị tổ chức", "Tình trạng"),
    ]
    for course, first, last, hours, held_by in courses:
        for place, (name, _unit) in enumerate(office.people):
            came = "Vắng" if place % 7 == 5 else "Đã tham gia"
            rows.append((name, course, first, last, hours, held_by, came))
    return sheet(rows)


def grading(office: Office) -> bytes:
    """Return how each person was graded for the second half of the year before and for that year."""
    rows: list[Sequence[object]] = [
        ("Họ và tên", "Kỳ đánh giá", "Ngày cuối kỳ", "Mức xếp loại", "Cấp đánh giá")
    ]
    grades = (
        "Hoàn thành tốt nhiệm vụ",
        "Hoàn thành xuất sắc nhiệm vụ",
        "Hoàn thành tốt nhiệm vụ",
        "Hoàn thành nhiệm vụ",
    )
    periods = (("Quý", date(2025, 9, 30)), ("Quý", date(2025, 12, 31)), ("Năm", date(2025, 12, 31)))
    for place, (name, _unit) in enumerate(office.people):
        for turn, (kind, last) in enumerate(periods):
            grade = grades[(place + turn // 2) % len(grades)]
            rows.append((name, kind, last, grade, "Chủ tịch UBND xã"))
    return sheet(rows)


def titles(office: Office) -> bytes:
    """Return the titles of the year before: all but one advanced workers, one emulation fighter, the collective."""
    rows: list[Sequence[object]] = [
        (
            "Năm thi đua",
            "Danh hiệu thi đua",
            "Họ và tên",
            "Kết quả",
            "Ngày đăng ký",
            "Quyết định",
            "Ngày quyết định",
        ),
    ]
    signed, number, asked = date(2025, 12, 24), "96/QĐ-UBND", date(2025, 8, 12)
    for place, (name, _unit) in enumerate(office.people):
        outcome = "Không công nhận" if place == 3 else "Công nhận"
        rows.append((2025, "Lao động tiên tiến", name, outcome, asked, number, signed))
    fighter = office.people[0][0]
    rows.append((2025, "Chiến sĩ thi đua cơ sở", fighter, "Công nhận", asked, "97/QĐ-UBND", signed))
    rows.append((2025, "Tập thể lao động tiên tiến", "", "Công nhận", asked, "98/QĐ-UBND", signed))
    return sheet(rows)
