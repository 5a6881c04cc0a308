"""Plans as a commune would write them, made by chance: invented places, our own sentences."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from camket.core.plan import (
    Action,
    Agency,
    Decision,
    Every,
    Level,
    Objective,
    Plan,
    Policy,
    Schedule,
    ScheduleKind,
    Target,
)
from camket.core.wording.schedules import parse_schedule
from camket.core.wording.targets import parse_targets
from camket.paper.writing.decision import Layout

PLACES = ("Bình Yên", "Suối Xa", "Đồng Lạc", "Phú Vang Hạ", "Mường Thượng", "An Lễ Đông")
NAMES = ("Lê Minh Châu", "Hoàng Thị Chi", "Phạm Tiến Dũng", "Đỗ Quỳnh Nga", "Ứng Văn Ưởng")
WORDINGS = (
    "Ít nhất 95% hồ sơ thủ tục hành chính được giải quyết đúng hạn",
    "100% công chức được tập huấn kỹ năng số",
    "Tỷ lệ hồ sơ trễ hạn dưới 1,5%",
    "Mức độ hài lòng của người dân đạt từ 92% trở lên",
    "Bê tông hóa 3,5 km đường ngõ xóm",
    "Không để xảy ra khiếu nại vượt cấp",
    "Phấn đấu trên 90% hồ sơ nộp trực tuyến",
    "Chỉ số cải cách hành chính xếp loại tốt trở lên",
    "Trồng mới tối thiểu 12 ha rừng",
)
SUBJECTS = (
    "Tỷ lệ hồ sơ giải quyết trước hạn",
    "Mức độ hài lòng của tổ chức, cá nhân",
    "Tỷ lệ văn bản đi được ký số",
    "Số hộ được cấp nước sạch",
    "Tỷ lệ phản ánh, kiến nghị được trả lời đúng hạn",
)
MEASURES = ("100%", "≥ 90%", "Tối thiểu 45%", "Dưới 0,5%", "Ít nhất 20 hộ", "Từ 95% trở lên", "Không quá 2%")
METHODS = (
    "Số hồ sơ giải quyết trước hạn chia cho tổng số hồ sơ đã giải quyết trong kỳ.",
    "Tổng hợp phiếu khảo sát tại bộ phận một cửa.",
    "Thống kê trên phần mềm quản lý văn bản.",
)
WORK = (
    "Rà soát, cập nhật và niêm yết công khai thủ tục hành chính",
    "Tổ chức tập huấn nghiệp vụ tiếp nhận hồ sơ cho công chức",
    "Xây dựng kế hoạch đánh giá nội bộ",
    "Tổng hợp phiếu khảo sát, phân tích nguyên nhân và đề xuất biện pháp cải tiến",
    "Kiểm tra việc ký số văn bản đi",
    "Đôn đốc các thôn đăng ký và thực hiện kế hoạch làm đường",
)
BODIES = (
    "Văn phòng HĐND và UBND",
    "Phòng Kinh tế",
    "Phòng Văn hóa - Xã hội",
    "Trung tâm Phục vụ hành chính công",
    "Thư ký ISO",
    "Các bộ phận chuyên môn",
)
MONITORS = ("QMR", "Thư ký ISO", "Ban Chỉ đạo ISO")
EVIDENCE = (
    "Kế hoạch được phê duyệt",
    "Biên bản kiểm tra",
    "Báo cáo kết quả",
    "Danh sách công chức tham gia tập huấn",
    "Phiếu khảo sát đã tổng hợp",
)
WHENS = (
    "Thường xuyên",
    "Quý I/{year}",
    "Trước 25/12/{year}",
    "Định kỳ hàng tháng",
    "Cuối mỗi tháng",
    "Khi có thay đổi",
    "Trong năm {year}",
    "Tháng 6/{year}",
    "Theo Kế hoạch",
)
STARTS = ("Từ ngày 01/02/{year}", "Tháng 3/{year}", "Quý II/{year}")
REPORTS = (
    (),
    (Schedule(ScheduleKind.EVERY, period=Every.QUARTER),),
    (Schedule(ScheduleKind.EVERY, period=Every.HALF_YEAR),),
    (Schedule(ScheduleKind.EVERY, period=Every.QUARTER, day="last"),),
    (Schedule(ScheduleKind.EVERY, period=Every.HALF_YEAR), Schedule(ScheduleKind.EVERY, period=Every.YEAR)),
    (Schedule(ScheduleKind.PERIODIC),),
)


def chosen(
    options: tuple[str, ...], at_least: int = 0, at_most: int = 3
) -> st.SearchStrategy[tuple[str, ...]]:
    """Return a strategy for distinct options, in any order."""
    return st.lists(st.sampled_from(options), min_size=at_least, max_size=at_most, unique=True).map(tuple)


@st.composite
def plans_for(draw: st.DrawFn, layout: Layout) -> Plan:
    """Draw a plan that the layout can hold whole."""
    year = draw(st.integers(2022, 2032))
    place = draw(st.sampled_from(PLACES))
    kind, level = draw(st.sampled_from([("xã", Level.COMMUNE), ("phường", Level.WARD)]))
    return Plan(
        agency=Agency(f"UBND {kind} {place}", level),
        year=year,
        decision=draw(_decisions(year, place)),
        policy=draw(_policies()) if layout in {Layout.RESPONSIBILITIES, Layout.SECTIONS} else None,
        objectives=tuple(
            draw(_objectives(layout, year, str(number))) for number in range(1, draw(st.integers(2, 5)) + 1)
        ),
        reporting=draw(st.sampled_from(REPORTS)),
    )


@st.composite
def _decisions(draw: st.DrawFn, year: int, place: str) -> Decision:
    day = draw(st.none() | st.dates(date(year, 1, 2), date(year, 4, 30)))
    ordinal = draw(st.none() | st.integers(1, 400))
    authority, capacity = draw(
        st.sampled_from(
            [("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), (None, "CHỦ TỊCH")]
        )
    )
    return Decision(
        kind="QĐ",
        number=None if ordinal is None else f"{ordinal:02d}/QĐ-UBND",
        date=day,
        place=place,
        signed_by=draw(st.sampled_from(NAMES)),
        capacity=capacity,
        authority=authority,
    )


@st.composite
def _policies(draw: st.DrawFn) -> Policy | None:
    if not draw(st.booleans()):
        return None
    return Policy(
        motto="Gần dân - Đúng hẹn - Minh bạch",
        commitments=(
            "Giải quyết công việc đúng hẹn, công khai, dễ hiểu.",
            "Lắng nghe và trả lời mọi phản ánh của người dân.",
        ),
    )


@st.composite
def _objectives(draw: st.DrawFn, layout: Layout, year: int, number: str) -> Objective:
    apart = layout in {Layout.TARGETS, Layout.MEASURES}
    if apart:
        text = draw(st.sampled_from(SUBJECTS))
        targets = _targets(draw(st.sampled_from(MEASURES)), measure=True)
    else:
        text = "; ".join(draw(chosen(WORDINGS, 1))) + "."
        targets = _targets(text, measure=False)
    return Objective(
        number=number,
        text=text,
        targets=targets,
        method=draw(st.sampled_from(METHODS)) if layout is Layout.MEASURES else None,
        actions=tuple(
            draw(_actions(layout, year, str(order))) for order in range(1, draw(st.integers(1, 3)) + 1)
        ),
    )


def _targets(text: str, *, measure: bool) -> tuple[Target, ...]:
    return tuple(found.target for found in parse_targets(text, measure=measure))


@st.composite
def _actions(draw: st.DrawFn, layout: Layout, year: int, number: str) -> Action:
    when = draw(st.sampled_from(WHENS)).format(year=year)
    if layout is Layout.MEASURES:
        when = f"{draw(st.sampled_from(STARTS)).format(year=year)} – Trước 25/12/{year}"
    holds_lead = layout is not Layout.MEASURES
    holds_all = layout is Layout.RESPONSIBILITIES
    return Action(
        number=number,
        text=draw(st.sampled_from(WORK)),
        lead=draw(chosen(BODIES, 1, 2)) if holds_lead else (),
        support=draw(chosen(BODIES, 0, 2)) if holds_all else (),
        when=when,
        schedule=parse_schedule(when, year).entries,
        monitors=draw(chosen(MONITORS, 1)) if holds_all else (),
        evidence=draw(chosen(EVIDENCE, 1)) if holds_all or layout is Layout.SECTIONS else (),
    )
