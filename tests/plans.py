"""A commune's plan for the tests, written for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from camket.core import plan as core


def sample_plan(year: int = 2026, number: str | None = "12/QĐ-UBND") -> core.Plan:
    """Return a plan with three objectives and a target or schedule of many kinds."""
    kind = core.ScheduleKind
    return core.Plan(
        agency=core.Agency("UBND xã Bình Yên", core.Level.COMMUNE),
        year=year,
        decision=core.Decision(
            kind="QĐ",
            number=number,
            date=date(year, 1, 12) if number else None,
            place="Bình Yên",
            signed_by="Lê Minh Châu",
            capacity="CHỦ TỊCH",
            authority="TM. ỦY BAN NHÂN DÂN",
        ),
        policy=core.Policy(
            motto="Tận tụy, đúng hẹn, minh bạch", commitments=("Giải quyết đúng hạn.", "Lắng nghe người dân.")
        ),
        objectives=(
            core.Objective(
                number="1",
                text="Từ 97% hồ sơ thủ tục hành chính trở lên được giải quyết trước hạn và đúng hạn",
                targets=(
                    core.Target(
                        text="Từ 97% hồ sơ thủ tục hành chính trở lên được giải quyết trước hạn và đúng hạn",
                        kind=core.TargetKind.AT_LEAST,
                        value=Decimal(97),
                        unit="%",
                    ),
                ),
                method="Số liệu của phần mềm một cửa.",
                actions=(
                    core.Action(
                        number="1",
                        text="Rà soát hồ sơ sắp đến hạn và nhắc người thụ lý",
                        lead=("Trung tâm Phục vụ HCC",),
                        support=("Phòng Kinh tế", "Phòng VHXH"),
                        when="Hằng tháng",
                        schedule=(core.Schedule(kind.EVERY, period=core.Every.MONTH),),
                        monitors=("Thư ký ISO",),
                        evidence=("Bảng theo dõi hồ sơ",),
                    ),
                    core.Action(
                        number="2",
                        text="Niêm yết lại bộ thủ tục hành chính",
                        lead=("Văn phòng HĐND&UBND xã",),
                        when="Khi có thay đổi",
                        schedule=(core.Schedule(kind.ON_EVENT, event="Khi có thay đổi"),),
                        evidence=("Ảnh niêm yết",),
                    ),
                ),
            ),
            core.Objective(
                number="2",
                text="Phấn đấu mức độ hài lòng của người dân đạt trên 92%",
                targets=(
                    core.Target(
                        text="Phấn đấu mức độ hài lòng của người dân đạt trên 92%",
                        kind=core.TargetKind.ABOVE,
                        value=Decimal(92),
                        unit="%",
                        striving=True,
                    ),
                    core.Target(
                        text="Tăng 1,5% so với năm trước",
                        kind=core.TargetKind.INCREASE_BY,
                        value=Decimal("1.5"),
                        unit="%",
                        baseline_year=year - 1,
                    ),
                ),
                actions=(
                    core.Action(
                        number="1",
                        text="Khảo sát ý kiến người dân và tổng hợp kết quả",
                        lead=("Phòng Văn hóa - Xã hội",),
                        when=f"Trước ngày 15/6/{year}",
                        schedule=(core.Schedule(kind.BY, date=date(year, 6, 15)),),
                        evidence=("Báo cáo khảo sát",),
                    ),
                ),
            ),
            core.Objective(
                number="3",
                text="Công tác cải cách hành chính được xếp loại tốt trở lên",
                targets=(
                    core.Target(
                        text="xếp loại tốt trở lên",
                        kind=core.TargetKind.GRADE_AT_LEAST,
                        value=core.Grade.GOOD,
                        unit="grade",
                    ),
                ),
                actions=(
                    core.Action(
                        number="1",
                        text="Tự chấm điểm cải cách hành chính",
                        lead=("Chủ tịch UBND xã",),
                        when="Thường xuyên",
                        schedule=(core.Schedule(kind.CONTINUOUS),),
                        evidence=("Bảng tự chấm",),
                    ),
                ),
            ),
        ),
        reporting=(core.Schedule(kind.EVERY, period=core.Every.HALF_YEAR),),
    )
