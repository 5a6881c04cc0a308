"""Decisions in the many shapes that offices give them; every agency here is invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from camket.core.plan import Every, Level, Objective, Plan, ScheduleKind, TargetKind
from camket.paper.reading import Reading, read_document
from paper.reading.documents import Paper, decision


def read(paper: Paper) -> Plan:
    return reading_of(paper).plan


def reading_of(paper: Paper) -> Reading:
    return read_document(paper.data(), "quyet-dinh.docx")


def values(objective: Objective) -> list[tuple[str, str, str | None]]:
    return [(target.kind.value, str(target.value), target.unit) for target in objective.targets]


def numbers(plan: Plan) -> list[str]:
    return [objective.number for objective in plan.objectives]


class TestHead:
    def test_decision_of_a_commune(self) -> None:
        plan = read(decision(more=["- Tỷ lệ hồ sơ đúng hạn đạt 98%."]))
        assert plan.agency.name == "UBND xã An Lạc Đông"
        assert plan.agency.level is Level.COMMUNE
        assert plan.year == 2025
        assert plan.decision is not None
        assert plan.decision.number == "37/QĐ-UBND"
        assert plan.decision.date == date(2025, 1, 15)
        assert plan.decision.place == "An Lạc Đông"
        assert (plan.decision.authority, plan.decision.capacity) == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
        assert plan.decision.signed_by == "Lò Thị Hạnh"

    def test_blank_number_and_day_are_none_and_warned_of(self) -> None:
        reading = reading_of(
            decision(
                number="        /QĐ-UBND",
                dated="An Lạc Đông, ngày      tháng 01 năm 2025",
                more=["1. 98% hồ sơ đúng hạn."],
            )
        )
        decided = reading.plan.decision
        assert decided is not None
        assert (decided.kind, decided.number, decided.date, decided.place) == (
            "QĐ",
            None,
            None,
            "An Lạc Đông",
        )
        assert {"decision.number", "decision.date"} <= {warning.path for warning in reading.warnings}

    @pytest.mark.parametrize(
        ("superior", "body", "title", "name", "level"),
        [
            (
                "",
                "ỦY BAN NHÂN DÂN\nPHƯỜNG TÂN MỸ",
                "Ban hành Mục tiêu chất lượng năm 2026",
                "UBND phường Tân Mỹ",
                Level.WARD,
            ),
            (
                "",
                "ỦY BAN NHÂN DÂN\nĐẶC KHU HẢI ĐĂNG",
                "Ban hành Mục tiêu chất lượng năm 2026",
                "UBND đặc khu Hải Đăng",
                Level.COMMUNE,
            ),
            (
                "",
                "ỦY BAN NHÂN DÂN\nTỈNH LONG SƠN",
                "Ban hành Mục tiêu chất lượng năm 2026",
                "UBND tỉnh Long Sơn",
                Level.PROVINCE,
            ),
            (
                "UBND TỈNH LONG SƠN",
                "SỞ NỘI VỤ",
                "Mục tiêu chất lượng năm 2026 của Sở Nội vụ tỉnh Long Sơn",
                "Sở Nội vụ tỉnh Long Sơn",
                Level.DEPARTMENT,
            ),
            (
                "UBND XÃ MƯỜNG SAO",
                "TRUNG TÂM PHỤC VỤ\nHÀNH CHÍNH CÔNG",
                "Mục tiêu chất lượng năm 2026 của Trung tâm Phục vụ hành chính công xã Mường Sao",
                "Trung tâm Phục vụ hành chính công xã Mường Sao",
                Level.DEPARTMENT,
            ),
            (
                "ỦY BAN NHÂN DÂN XÃ MƯỜNG SAO",
                "BAN CHỈ ĐẠO ISO",
                "Mục tiêu chất lượng năm 2026 tại UBND xã Mường Sao",
                "UBND xã Mường Sao",
                Level.COMMUNE,
            ),
        ],
    )
    def test_agency_is_the_body_whose_objectives_they_are(
        self, superior: str, body: str, title: str, name: str, level: Level
    ) -> None:
        plan = read(
            decision(
                superior=superior,
                body=body,
                title=title,
                article="Điều 1. Ban hành mục tiêu chất lượng như sau:",
                more=["1. 98% hồ sơ đúng hạn.", "2. Trên 90% người dân hài lòng."],
            )
        )
        assert (plan.agency.name, plan.agency.level, plan.year) == (name, level, 2026)

    def test_signature_for_the_chairman(self) -> None:
        plan = read(
            decision(
                signed=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "(Đã ký)", "Y Blin Niê"),
                more=["1. 98% hồ sơ đúng hạn."],
            )
        )
        assert plan.decision is not None
        assert (plan.decision.authority, plan.decision.capacity, plan.decision.signed_by) == (
            "KT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
            "Y Blin Niê",
        )

    def test_policy_with_motto_and_dashes(self) -> None:
        paper = decision()
        paper.title("CHÍNH SÁCH CHẤT LƯỢNG", "“Kỷ cương - Trách nhiệm - Thân thiện”")
        paper.line("Ủy ban nhân dân xã An Lạc Đông cam kết:")
        paper.lines("- Giải quyết công việc đúng pháp luật.\n- Lấy sự hài lòng của người dân làm thước đo.")
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines(
            "1. 98% hồ sơ đúng hạn.\n2. 90% người dân hài lòng."
        )
        plan = read(paper)
        assert plan.policy is not None
        assert plan.policy.motto == "Kỷ cương - Trách nhiệm - Thân thiện"
        assert plan.policy.commitments == (
            "Giải quyết công việc đúng pháp luật.",
            "Lấy sự hài lòng của người dân làm thước đo.",
        )
        assert numbers(plan) == ["1", "2"]


class TestLists:
    def test_objectives_inside_an_article(self) -> None:
        plan = read(
            decision(
                article="Điều 1. Ban hành Mục tiêu chất lượng năm 2025 của UBND xã An Lạc Đông như sau:",
                more=[
                    "1. 98% hồ sơ thủ tục hành chính được giải quyết đúng và trước hạn.",
                    "2. Mức độ hài lòng của người dân đạt từ 92% trở lên.",
                    "3. Không để xảy ra khiếu nại vượt cấp.",
                    "Điều 2. Văn phòng định kỳ hằng quý báo cáo kết quả thực hiện Mục tiêu chất lượng với Chủ tịch UBND xã.",
                ],
            )
        )
        assert numbers(plan) == ["1", "2", "3"]
        assert [values(objective)[0][:2] for objective in plan.objectives] == [
            ("at_least", "98"),
            ("at_least", "92"),
            ("at_most", "0"),
        ]
        assert [(entry.kind, entry.period) for entry in plan.reporting] == [
            (ScheduleKind.EVERY, Every.QUARTER)
        ]

    def test_dashes_inside_an_article_are_objectives(self) -> None:
        plan = read(
            decision(
                article="Điều 1. Ban hành Mục tiêu chất lượng năm 2025 với các nội dung sau:",
                more=[
                    "- Tỷ lệ giải quyết hồ sơ đúng hạn: 97 - 99%.",
                    "- Giảm số lượt phản ánh từ 5 - 7% so với năm 2024.",
                    "Điều 2. Quyết định có hiệu lực kể từ ngày ký.",
                ],
            )
        )
        assert numbers(plan) == ["1", "2"]
        assert plan.objectives[0].targets[0].kind is TargetKind.BETWEEN
        assert plan.objectives[1].targets[0].baseline_year == 2024

    def test_groups_are_no_objectives_and_numbers_stay_as_printed(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines(
            """I. Cải cách hành chính
            1. 100% thủ tục hành chính được niêm yết công khai.
            2. Tỷ lệ hồ sơ trực tuyến đạt tối thiểu 70%.
            II. Xây dựng đội ngũ
            3. Phấn đấu 100% cán bộ, công chức hoàn thành tốt nhiệm vụ."""
        )
        plan = read(paper)
        assert numbers(plan) == ["1", "2", "3"]
        assert plan.objectives[2].targets[0].striving is True

    def test_letters_with_d_and_sub_points(self) -> None:
        paper = decision()
        paper.title("PHỤ LỤC", "MỤC TIÊU CHẤT LƯỢNG")
        paper.lines(
            """a) Tỷ lệ văn bản tham mưu đúng hạn đạt từ 95% trở lên;
            b) 100% phiếu gửi được xử lý trong ngày;
            c) Hồ sơ lưu trữ:
            - Chỉnh lý ít nhất 20 mét hồ sơ;
            - 100% hồ sơ được số hóa;
            d) Tối thiểu 03 sáng kiến được công nhận;
            đ) Xếp loại tốt trở lên."""
        )
        plan = read(paper)
        assert numbers(plan) == ["a", "b", "c", "d", "đ"]
        assert (
            plan.objectives[2].text
            == "Hồ sơ lưu trữ: - Chỉnh lý ít nhất 20 mét hồ sơ; - 100% hồ sơ được số hóa;"
        )
        assert len(plan.objectives[2].targets) == 2

    def test_sub_objectives_replace_a_heading_without_value(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines(
            """1. 98% hồ sơ đúng hạn.
            2. Đẩy mạnh chuyển đổi số
            2.1. 80% hồ sơ nộp trực tuyến.
            2.2. 100% văn bản đi được ký số."""
        )
        assert numbers(read(paper)) == ["1", "2.1", "2.2"]

    def test_paragraphs_without_marks(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines(
            """UBND xã đề ra các mục tiêu sau:
            100% hồ sơ được giải quyết đúng hạn.
            Ít nhất 90% người dân hài lòng.
            Toàn thể cán bộ, công chức cam kết thực hiện nghiêm túc các mục tiêu trên."""
        )
        plan = read(paper)
        assert [objective.text for objective in plan.objectives] == [
            "100% hồ sơ được giải quyết đúng hạn.",
            "Ít nhất 90% người dân hài lòng.",
        ]

    def test_automatic_numbers_of_word_are_counted(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.line("98% hồ sơ đúng hạn.", style="List Number")
        paper.line("Trong đó:", style="List Number")
        paper.line("60% giải quyết trước hạn;", style="List Bullet")
        paper.line("95% nộp trực tuyến.", style="List Bullet")
        plan = read(paper)
        assert numbers(plan) == ["1", "2"]
        assert plan.objectives[1].text == "Trong đó: - 60% giải quyết trước hạn; - 95% nộp trực tuyến."

    def test_fields_under_each_objective(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG VÀ KẾ HOẠCH THỰC HIỆN NĂM 2025").lines(
            """1. Mục tiêu: Giảm tỷ lệ hồ sơ trễ hạn xuống dưới 1%.
            - Biện pháp thực hiện: Kiểm tra hằng ngày các hồ sơ sắp đến hạn.
            - Người chịu trách nhiệm: Trưởng bộ phận một cửa.
            - Thời gian: Thường xuyên.
            2. Mục tiêu: Nâng mức độ hài lòng lên 95%.
            - Biện pháp thực hiện: Tập huấn kỹ năng giao tiếp.
            - Người chịu trách nhiệm: Công chức Văn phòng - Thống kê.
            - Thời gian: Tháng 5/2025."""
        )
        plan = read(paper)
        assert numbers(plan) == ["1", "2"]
        first, second = plan.objectives
        assert first.text == "Giảm tỷ lệ hồ sơ trễ hạn xuống dưới 1%."
        assert first.actions[0].lead == ("Trưởng bộ phận một cửa",)
        assert first.actions[0].schedule[0].kind is ScheduleKind.CONTINUOUS
        assert second.actions[0].schedule[0].start == date(2025, 5, 1)

    def test_a_plan_in_prose(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines(
            """Mục tiêu 1: Trên 95% hồ sơ được giải quyết trước hạn.
            Mục tiêu 2: Tỷ lệ hài lòng của tổ chức, cá nhân không thấp hơn 90%."""
        )
        paper.title("KẾ HOẠCH THỰC HIỆN").lines(
            """1. Để thực hiện mục tiêu 1, Trung tâm Phục vụ hành chính công chủ trì, phối hợp với các phòng chuyên môn rà soát quy trình nội bộ, hoàn thành trước ngày 30/3/2025.
            2. Văn phòng HĐND và UBND chủ trì, phối hợp với Đoàn Thanh niên xã khảo sát sự hài lòng theo mục tiêu 2 trong quý II và quý IV."""  # noqa: E501
        )
        plan = read(paper)
        assert [len(objective.actions) for objective in plan.objectives] == [1, 1]
        first, second = (objective.actions[0] for objective in plan.objectives)
        assert first.lead == ("Trung tâm Phục vụ hành chính công",)
        assert first.support == ("các phòng chuyên môn",)
        assert first.schedule[0].date == date(2025, 3, 30)
        assert second.lead == ("Văn phòng HĐND và UBND",)
        assert [entry.start for entry in second.schedule] == [date(2025, 4, 1), date(2025, 10, 1)]

    def test_a_notice_of_one_page(self) -> None:
        paper = Paper().letterhead(
            "UBND PHƯỜNG HÒA BÌNH TÂY",
            "TRUNG TÂM PHỤC VỤ\nHÀNH CHÍNH CÔNG",
            "  /TB-TTPVHCC",
            "Hòa Bình Tây, ngày    tháng 3 năm 2026",
        )
        paper.title(
            "THÔNG BÁO",
            "Mục tiêu chất lượng năm 2026 của Trung tâm Phục vụ hành chính công phường Hòa Bình Tây",
        )
        paper.lines("1. Tỷ lệ hồ sơ trễ hạn không quá 1%.\n2. 100% hồ sơ được số hóa.")
        paper.signature("GIÁM ĐỐC", "", "Nông Văn Tú")
        plan = read(paper)
        assert plan.decision is not None
        assert (plan.decision.kind, plan.decision.number, plan.decision.date) == ("TB", None, None)
        assert plan.agency.level is Level.DEPARTMENT
        assert numbers(plan) == ["1", "2"]


class TestTables:
    def test_a_plan_alone_with_merged_objectives(self) -> None:
        paper = Paper().letterhead(
            "UBND TỈNH LONG SƠN", "SỞ NỘI VỤ", "12/KH-SNV", "Long Sơn, ngày 05 tháng 02 năm 2025"
        )
        paper.title("KẾ HOẠCH", "Thực hiện Mục tiêu chất lượng năm 2025 của Sở Nội vụ tỉnh Long Sơn")
        paper.line("Sở Nội vụ ban hành Kế hoạch với nội dung như sau:")
        paper.line("I. MỤC ĐÍCH, YÊU CẦU", bold=True).lines("1. Mục đích\n- Cụ thể hóa mục tiêu chất lượng.")
        paper.line("II. NỘI DUNG", bold=True)
        paper.table(
            [
                [
                    "STT",
                    "Mục tiêu chất lượng",
                    "Biện pháp thực hiện",
                    "Người thực hiện",
                    "Phối hợp",
                    "Thời hạn hoàn thành",
                    "Minh chứng",
                ],
                [
                    "1",
                    "100% văn bản đến được xử lý đúng hạn",
                    "Cập nhật trên phần mềm",
                    "Văn thư",
                    "Các phòng",
                    "Thường xuyên",
                    "Báo cáo thống kê",
                ],
                [
                    "^",
                    "^",
                    "Đôn đốc các phòng",
                    "Chánh Văn phòng",
                    "",
                    "Ngày 25 hàng tháng",
                    "- Thông báo;\n- Sổ theo dõi",
                ],
                [
                    "2",
                    "Tối thiểu 95% công chức được bồi dưỡng",
                    "Xây dựng kế hoạch",
                    "Phòng Tổ chức",
                    "Văn phòng Sở",
                    "Quý I/2025",
                    "Kế hoạch",
                ],
            ]
        )
        paper.line("III. TỔ CHỨC THỰC HIỆN", bold=True)
        paper.line(
            "1. Các phòng báo cáo kết quả thực hiện mục tiêu chất lượng trước ngày 15/6 và trước ngày 15/11 hằng năm."
        )
        plan = read(paper)
        assert plan.decision is not None
        assert plan.decision.kind == "KH"
        assert [(objective.number, len(objective.actions)) for objective in plan.objectives] == [
            ("1", 2),
            ("2", 1),
        ]
        second = plan.objectives[0].actions[1]
        assert (second.number, second.lead, second.support) == ("2", ("Chánh Văn phòng",), ())
        assert second.evidence == ("Thông báo", "Sổ theo dõi")
        assert (second.schedule[0].period, second.schedule[0].day) == (Every.MONTH, 25)
        assert [(entry.month, entry.day) for entry in plan.reporting] == [(6, 15), (11, 15)]

    def test_quarters_in_columns_and_last_year_beside(self) -> None:
        paper = decision()
        paper.title("PHỤ LỤC I", "MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                [
                    "TT",
                    "Mục tiêu",
                    "Kết quả năm 2024",
                    "Chỉ tiêu năm 2025",
                    None,
                    None,
                    None,
                    "Bộ phận thực hiện",
                ],
                ["^", "^", "^", "Quý I", "Quý II", "Quý III", "Quý IV", "^"],
                [
                    "1",
                    "Tỷ lệ hồ sơ giải quyết đúng hạn",
                    "96%",
                    "≥ 97%",
                    "≥ 97%",
                    "≥ 98%",
                    "≥ 98%",
                    "Trung tâm",
                ],
                [
                    "2",
                    "Mức độ hài lòng của người dân",
                    "91%",
                    "Từ 93% trở lên",
                    None,
                    None,
                    None,
                    "Phòng Văn hóa",
                ],
            ]
        )
        first, second = read(paper).objectives
        assert [target.text for target in first.targets] == [
            "Quý I: ≥ 97%",
            "Quý II: ≥ 97%",
            "Quý III: ≥ 98%",
            "Quý IV: ≥ 98%",
        ]
        period = first.targets[2].period
        assert period is not None
        assert (period.start, period.end) == (date(2025, 7, 1), date(2025, 9, 30))
        assert [(target.text, target.period) for target in second.targets] == [("Từ 93% trở lên", None)]

    def test_annex_and_plan_are_one(self) -> None:
        paper = decision()
        paper.title("Phụ lục I", "MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines(
            """1. 100% thủ tục hành chính được niêm yết công khai.
            2. Tỷ lệ hồ sơ trực tuyến đạt tối thiểu 70%."""
        )
        paper.title("Phụ lục II", "KẾ HOẠCH THỰC HIỆN MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                ["STT", "Nội dung", "Thời gian", "Đơn vị chủ trì", "Đơn vị phối hợp", "Kết quả, sản phẩm"],
                ["A", "CHUYỂN ĐỔI SỐ", None, None, None, None],
                [
                    "I",
                    "Tỷ lệ hồ sơ trực tuyến đạt tối thiểu 70%; 100% văn bản đi được ký số",
                    None,
                    None,
                    None,
                    None,
                ],
                ["1", "Hướng dẫn người dân", "Hằng tháng", "Trung tâm", "Đoàn Thanh niên", "Tin, bài"],
                ["B", "CÔNG KHAI", None, None, None, None],
                ["I", "100% thủ tục hành chính được niêm yết, công khai", None, None, None, None],
                ["1", "Rà soát danh mục", "Tháng 02/2025", "Văn phòng", "", "Danh mục"],
                ["2", "Niêm yết", "Khi có thay đổi", "Trung tâm", "", "Bảng niêm yết"],
            ]
        )
        reading = reading_of(paper)
        first, second = reading.plan.objectives
        assert first.text == "100% thủ tục hành chính được niêm yết công khai."
        assert [action.text for action in first.actions] == ["Rà soát danh mục", "Niêm yết"]
        assert [action.text for action in second.actions] == ["Hướng dẫn người dân"]
        assert values(second) == [("at_least", "70", "%"), ("at_least", "100", "%")]
        assert any("differently" in str(warning.message) for warning in reading.warnings)

    def test_sub_numbers_letters_and_bullets(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                ["STT", "Mục tiêu chất lượng", "Chỉ tiêu", "Biện pháp", "Trách nhiệm", "Thời gian"],
                ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
                ["1", "Nâng cao chất lượng giải quyết TTHC", "", "", "", ""],
                [
                    "1.1",
                    "Hồ sơ đúng hạn",
                    "≥ 99%",
                    "- Phân công rõ người;\n- Kiểm tra hằng tuần.",
                    "Trung tâm",
                    "Cả năm",
                ],
                ["1.2", "Hồ sơ trực tuyến", "80%", "Hướng dẫn tại nhà", "Tổ công nghệ số", "Quý III–IV/2025"],
                ["2", "Phát triển du lịch", "", "", "", ""],
                [
                    "a",
                    "Lượt khách",
                    "35.000 lượt khách",
                    "Tổ chức lễ hội",
                    "Phòng Kinh tế",
                    "Tháng 6 và tháng 7",
                ],
                [
                    "b",
                    "Khách lưu trú",
                    "Tăng 10% so với năm 2024",
                    "Quảng bá",
                    "Phòng Văn hóa - Xã hội",
                    "Hằng tháng",
                ],
            ]
        )
        plan = read(paper)
        assert numbers(plan) == ["1.1", "1.2", "a", "b"]
        assert [action.text for action in plan.objectives[0].actions] == [
            "Phân công rõ người;",
            "Kiểm tra hằng tuần.",
        ]
        assert plan.objectives[2].targets[0].value == Decimal(35000)

    def test_units_in_a_column_and_in_the_header(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                ["TT", "Tên mục tiêu", "Đơn vị tính", "Chỉ tiêu", "Phương pháp đo lường"],
                ["1", "Hồ sơ giải quyết đúng hạn", "%", "98", "Số hồ sơ đúng hạn/tổng số hồ sơ"],
                ["2", "Thu ngân sách trên địa bàn", "tỷ đồng", "12,5", "Báo cáo tài chính"],
            ]
        )
        first, second = read(paper).objectives
        assert (values(first), first.method) == ([("at_least", "98", "%")], "Số hồ sơ đúng hạn/tổng số hồ sơ")
        assert values(second) == [("at_least", "12.5", "tỷ đồng")]
        other = decision()
        other.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        other.table(
            [
                ["STT", "Nội dung mục tiêu", "Chỉ tiêu (%)"],
                ["1", "Hồ sơ đúng hạn", "98"],
                ["2", "Hài lòng", "Từ 90 trở lên"],
            ]
        )
        assert [values(objective) for objective in read(other).objectives] == [
            [("at_least", "98", "%")],
            [("at_least", "90", "%")],
        ]

    def test_actions_that_name_their_objective_in_a_column(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines("1. 98% hồ sơ đúng hạn.\n2. Không quá 02 phản ánh.")
        paper.title("KẾ HOẠCH THỰC HIỆN MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                ["TT", "Công việc", "Mục tiêu số", "Phụ trách", "Thời hạn", "Người theo dõi"],
                ["1", "Đối thoại với dân", "2", "Chủ tịch UBND xã", "Mỗi quý 01 lần", "QMR"],
                ["2", "Rà soát quy trình", "1", "Công chức Tư pháp", "15/02/2025", "Thư ký ISO"],
            ]
        )
        first, second = read(paper).objectives
        assert [action.text for action in first.actions] == ["Rà soát quy trình"]
        assert second.actions[0].monitors == ("QMR",)

    def test_sections_that_name_the_objective_by_number(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines(
            "1. 95% công dân hài lòng.\n2. 100% đơn thư được giải quyết đúng hạn."
        )
        paper.title("KẾ HOẠCH HÀNH ĐỘNG")
        paper.table(
            [
                ["STT", "Hoạt động", "Chủ trì, phối hợp", "Tiến độ"],
                ["Mục tiêu 1", None, None, None],
                ["1", "Phát phiếu khảo sát", "Bộ phận một cửa chủ trì, phối hợp với Văn phòng", "Hằng quý"],
                ["Mục tiêu 2", None, None, None],
                [
                    "1",
                    "Tiếp công dân",
                    "Chủ trì: Chủ tịch UBND xã; Phối hợp: Công chức Tư pháp",
                    "Ngày 15 hằng tháng",
                ],
            ]
        )
        first, second = read(paper).objectives
        assert (first.actions[0].lead, first.actions[0].support) == (("Bộ phận một cửa",), ("Văn phòng",))
        assert (second.actions[0].lead, second.actions[0].support) == (
            ("Chủ tịch UBND xã",),
            ("Công chức Tư pháp",),
        )

    def test_tables_under_headings_that_repeat_the_objective(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines(
            "1. 100% hồ sơ được giải quyết đúng hạn.\n2. Ít nhất 90% người dân hài lòng."
        )
        paper.title("KẾ HOẠCH", "THỰC HIỆN MỤC TIÊU CHẤT LƯỢNG")
        for number, words in (
            ("1", "100% hồ sơ được giải quyết đúng hạn"),
            ("2", "Ít nhất 90% người dân hài lòng"),
        ):
            paper.line(f"{number}. {words}", bold=True)
            paper.table(
                [
                    ["TT", "Công việc", "Người làm", "Hạn"],
                    ["1", f"Việc của mục tiêu {number}", "Văn phòng", "Tháng 6"],
                ]
            )
        plan = read(paper)
        assert numbers(plan) == ["1", "2"]
        assert [[action.text for action in objective.actions] for objective in plan.objectives] == [
            ["Việc của mục tiêu 1"],
            ["Việc của mục tiêu 2"],
        ]

    def test_formula_inside_a_measure_gives_the_bodies(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                ["STT", "Mục tiêu", "Đo lường", "Biện pháp thực hiện", "Bắt đầu", "Kết thúc"],
                [
                    "1",
                    "Hồ sơ trễ hạn",
                    "Dưới 0,5%",
                    "Văn phòng chủ trì, phối hợp với các ngành rà soát hồ sơ.",
                    "01/02/2025",
                    "30/11/2025",
                ],
            ]
        )
        action = read(paper).objectives[0].actions[0]
        assert (action.lead, action.support) == (("Văn phòng",), ("các ngành",))
        assert action.when == "01/02/2025 – 30/11/2025"

    def test_a_table_of_actions_without_any_objective_is_listed_not_dropped(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").lines("1. 98% hồ sơ đúng hạn.\n2. Trồng 500 cây xanh.")
        paper.title("KẾ HOẠCH THỰC HIỆN")
        paper.table(
            [["TT", "Công việc", "Phụ trách", "Thời hạn"], ["1", "Kẻ lại vạch sơn", "Công an xã", "Tháng 3"]]
        )
        reading = reading_of(paper)
        assert not any(objective.actions for objective in reading.plan.objectives)
        assert reading.unread
        assert any("Kẻ lại vạch sơn" in str(warning.message) for warning in reading.warnings)

    def test_columns_in_another_order_and_objectives_merged(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG VÀ BIỆN PHÁP THỰC HIỆN NĂM 2025")
        paper.table(
            [
                [
                    "Thời hạn",
                    "Trách nhiệm thực hiện",
                    "Biện pháp",
                    "Mục tiêu chất lượng",
                    "Phương pháp đo lường, đánh giá",
                ],
                [
                    "Quý II",
                    "Địa chính - Xây dựng",
                    "Đo đạc, cắm mốc",
                    "Bê tông hóa 2,5 km đường thôn",
                    "Biên bản nghiệm thu",
                ],
                ["Quý III", "Địa chính - Xây dựng", "Huy động ngày công", "^", "^"],
                ["Cả năm", "Trạm Y tế", "Tiêm chủng", "Tỷ lệ tiêm chủng không dưới 97%", "Báo cáo Trạm Y tế"],
            ]
        )
        first, second = read(paper).objectives
        assert (values(first), first.method) == ([("at_least", "2.5", "km")], "Biên bản nghiệm thu")
        assert [(action.text, action.when) for action in first.actions] == [
            ("Đo đạc, cắm mốc", "Quý II"),
            ("Huy động ngày công", "Quý III"),
        ]
        assert second.actions[0].lead == ("Trạm Y tế",)

    def test_sections_number_anew_and_stay_apart(self) -> None:
        header = ["STT", "Mục tiêu chất lượng", "Đo lường", "Phương pháp đo lường"]
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.line("I. VĂN PHÒNG", bold=True)
        paper.table(
            [
                header,
                ["1", "Văn bản đến được xử lý đúng hạn", "100%", "Phần mềm"],
                ["2", "Văn bản đi được ký số", "100%", ""],
            ]
        )
        paper.line("II. TRUNG TÂM", bold=True)
        paper.table(
            [header, ["1", "Hồ sơ được xử lý đúng hạn", "- Trước hạn: ≥ 60%\n- Đúng hạn: ≥ 98%", "Phần mềm"]]
        )
        plan = read(paper)
        assert numbers(plan) == ["1", "2", "1"]
        assert [target.text for target in plan.objectives[2].targets] == [
            "Trước hạn: ≥ 60%",
            "Đúng hạn: ≥ 98%",
        ]

    def test_a_table_without_header_is_known_by_what_it_holds(self) -> None:
        paper = decision()
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                [
                    "1",
                    "Giải quyết hồ sơ hành chính đúng hạn cho người dân",
                    "≥ 98%",
                    "Văn phòng HĐND và UBND",
                    "Thường xuyên",
                ],
                ["2", "Xử lý phản ánh của người dân trên hệ thống", "100%", "Công an xã", "Hằng tháng"],
            ]
        )
        reading = reading_of(paper)
        assert [str(objective.targets[0].value) for objective in reading.plan.objectives] == ["98", "100"]
        assert len(reading.unread) == 4
