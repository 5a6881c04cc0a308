"""Habits of offices that one decision or another shows; every agency here is invented."""

from __future__ import annotations

from datetime import date

import pytest

from camket.core.plan import Level, Plan
from camket.paper.reading import read_document
from camket.paper.reading.blocks import RawParagraph, RawTable, plain_symbols
from camket.paper.reading.layout import Page, Rule, Word, blocks_of
from paper.reading.documents import Paper, decision

GOAL = "1. Tỷ lệ hồ sơ giải quyết đúng hạn đạt 98%."


def read(paper: Paper) -> Plan:
    return read_document(paper.data(), "van-ban.docx").plan


def targets(plan: Plan) -> list[str]:
    return [target.text for objective in plan.objectives for target in objective.targets]


class TestHead:
    def test_a_narrow_letterhead_breaks_the_motto_and_the_date(self) -> None:
        paper = Paper()
        paper.table(
            [
                [
                    "ỦY BAN NHÂN DÂN\nXÃ PHÚ ĐIỀN\nSố: 9/QĐ-UBND",
                    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA\nVIỆT NAM\nĐộc lập - Tự do -\nHạnh phúc\n"
                    "Phú Điền, ngày 12 tháng 01\nnăm 2025",
                ]
            ]
        )
        paper.title("QUYẾT ĐỊNH", "Ban hành Mục tiêu chất lượng năm 2025")
        paper.lines(f"Căn cứ Luật Tổ chức chính quyền địa phương;\nĐiều 1. Mục tiêu chất lượng:\n{GOAL}")
        plan = read(paper)
        assert plan.agency.name == "UBND xã Phú Điền"
        assert plan.decision is not None
        assert (plan.decision.date, plan.decision.place) == (date(2025, 1, 12), "Phú Điền")

    def test_the_issuing_body_in_capitals_is_no_part_of_a_name_before_it(self) -> None:
        plan = read(
            decision(
                title="Ban hành Mục tiêu chất lượng năm 2025 của UBND phường Bến Tràm ỦY BAN NHÂN DÂN PHƯỜNG",
                more=[GOAL],
            )
        )
        assert plan.agency.name == "UBND phường Bến Tràm"

    def test_a_special_zone_is_of_the_commune_level(self) -> None:
        plan = read(
            decision(title="Ban hành Mục tiêu chất lượng năm 2026 của UBND đặc khu Hòn Ngư", more=[GOAL])
        )
        assert (plan.agency.name, plan.agency.level) == ("UBND đặc khu Hòn Ngư", Level.COMMUNE)

    @pytest.mark.parametrize("name", ["K’ Brôi Ha Sin", "Y Thắng Niê", "Giàng A Sùng", "H'Linh Êban"])
    def test_names_of_every_people_sign(self, name: str) -> None:
        decided = read(decision(signed=("CHỦ TỊCH", "", name), more=[GOAL])).decision
        assert decided is not None
        assert decided.signed_by == name

    def test_a_page_end_parts_the_name_from_its_post(self) -> None:
        paper = decision(signed=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), more=[GOAL])
        paper.line("- Lưu: VT.").line("Đoàn Thị Hạnh", bold=True)
        decided = read(paper).decision
        assert decided is not None
        assert (decided.capacity, decided.signed_by) == ("PHÓ CHỦ TỊCH", "Đoàn Thị Hạnh")

    def test_a_page_end_parts_the_signature_itself(self) -> None:
        paper = decision(signed=("TM. UBND XÃ",), more=[GOAL])
        paper.table([["- Lưu: VT.", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nY Bliu Adrơng"]])
        decided = read(paper).decision
        assert decided is not None
        assert (decided.authority, decided.capacity, decided.signed_by) == (
            "TM. UBND XÃ KT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
            "Y Bliu Adrơng",
        )

    def test_a_narrow_column_breaks_the_post(self) -> None:
        signed = ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG VĂN HÓA - XÃ", "HỘI", "Huỳnh Thị Bích")
        decided = read(decision(signed=signed, more=[GOAL])).decision
        assert decided is not None
        assert decided.capacity == "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI"

    def test_a_place_with_a_number(self) -> None:
        decided = read(decision(dated="Phường 9, ngày 3 tháng 2 năm 2025", more=[GOAL])).decision
        assert decided is not None
        assert decided.place == "Phường 9"

    def test_the_post_over_the_basis_is_no_part_of_the_name(self) -> None:
        paper = decision(
            superior="SỞ KHOA HỌC VÀ CÔNG NGHỆ",
            body="CHI CỤC ĐO LƯỜNG",
            title="Ban hành mục tiêu chất lượng năm 2025 của Chi cục Đo lường\nCHI CỤC TRƯỞNG CHI CỤC ĐO LƯỜNG",
            more=[GOAL],
        )
        agency = read(paper).agency
        assert (agency.name, agency.level) == ("Chi cục Đo lường", Level.DEPARTMENT)


class TestPolicy:
    def test_motto_and_commitments_as_numbered_points(self) -> None:
        paper = decision().title("CHÍNH SÁCH CHẤT LƯỢNG")
        paper.lines(
            """
            1. Phương châm: Kỷ cương, trách nhiệm, phục vụ.
            2. Cam kết của lãnh đạo xã:
            - Bảo đảm nguồn lực để cải tiến;
            - Lấy người dân làm trung tâm.
            """
        )
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").line(GOAL)
        policy = read(paper).policy
        assert policy is not None
        assert policy.motto == "Kỷ cương, trách nhiệm, phục vụ"
        assert policy.commitments == ("Bảo đảm nguồn lực để cải tiến;", "Lấy người dân làm trung tâm.")

    def test_a_motto_in_capitals_without_quotation_marks(self) -> None:
        paper = decision().title("CHÍNH SÁCH CHẤT LƯỢNG", "ĐÚNG LUẬT - ĐÚNG HẸN - THÂN THIỆN")
        paper.lines("UBND xã cam kết:\n+ Tuân thủ pháp luật.\n+ Cải tiến liên tục.")
        paper.title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025").line(GOAL)
        policy = read(paper).policy
        assert policy is not None
        assert policy.motto == "ĐÚNG LUẬT - ĐÚNG HẸN - THÂN THIỆN"
        assert policy.commitments == ("Tuân thủ pháp luật.", "Cải tiến liên tục.")


class TestObjectives:
    def test_the_list_follows_the_basis_of_a_notice_at_once(self) -> None:
        paper = Paper().letterhead(
            "UBND XÃ PHÚ ĐIỀN",
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
            "4/TB-TTPVHCC",
            "Phú Điền, ngày 5 tháng 1 năm 2026",
        )
        paper.title("THÔNG BÁO", "Mục tiêu chất lượng năm 2026")
        paper.line("Thực hiện Kế hoạch số 3/KH-UBND của UBND xã, Trung tâm thông báo mục tiêu như sau:")
        paper.lines("1. 100% hồ sơ được số hóa.\n2. Tỷ lệ đúng hạn đạt 99% trở lên.")
        assert [objective.number for objective in read(paper).objectives] == ["1", "2"]

    def test_a_dash_under_a_letter_begins_its_own_clause(self) -> None:
        paper = decision(more=[]).title("PHỤ LỤC", "MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.lines(
            """
            1. Về cải cách hành chính:
            a) Giải quyết thủ tục hành chính
            - Tỷ lệ hồ sơ lĩnh vực Văn hóa - Xã hội đúng hạn đạt 98%.
            - Không có hồ sơ phải bổ sung quá 01 lần.
            """
        )
        assert targets(read(paper)) == [
            "Tỷ lệ hồ sơ lĩnh vực Văn hóa - Xã hội đúng hạn đạt 98%",
            "Không có hồ sơ phải bổ sung quá 01 lần",
        ]

    def test_a_plan_may_call_the_objectives_of_its_annex_by_short_names(self) -> None:
        paper = decision().title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.lines(
            "Mục tiêu 1: 100% đơn vị áp dụng Hệ thống.\n"
            "Mục tiêu 2: Chỉ số PAR INDEX thuộc nhóm 15 địa phương dẫn đầu; hài lòng đạt 95%."
        )
        paper.title("KẾ HOẠCH THỰC HIỆN MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
                ["Mục tiêu 1: Áp dụng Hệ thống", None, None, None],
                ["1", "Kiểm tra việc áp dụng", "Phòng Kinh tế", "Quý II"],
                ["Mục tiêu 2: Nâng hạng cải cách", None, None, None],
                ["1", "Khắc phục tiêu chí mất điểm", "Phòng Nội vụ", "Quý III"],
            ]
        )
        plan = read(paper)
        assert [(o.number, len(o.targets), len(o.actions)) for o in plan.objectives] == [
            ("1", 1, 1),
            ("2", 2, 1),
        ]

    def test_specific_objectives_stand_under_a_heading_of_an_article(self) -> None:
        plan = read(
            decision(
                article="Điều 1. Mục tiêu chất lượng năm 2025",
                more=[
                    "1. Mục tiêu chung",
                    "Nâng cao chất lượng phục vụ Nhân dân.",
                    "2. Mục tiêu cụ thể",
                    "a) 100% hồ sơ được số hóa;",
                    "b) Xếp hạng chuyển đổi số trong tốp 10 xã của tỉnh.",
                ],
            )
        )
        assert [objective.number for objective in plan.objectives] == ["a", "b"]

    def test_numbered_sentences_under_an_objective_say_who_does_what(self) -> None:
        paper = decision().title("KẾ HOẠCH", "II. NỘI DUNG")
        paper.lines(
            """
            1. Mục tiêu số 1: Tỷ lệ hồ sơ đúng hạn đạt tối thiểu 98%.
            1.1. Họp rút kinh nghiệm do Văn phòng chủ trì, phối hợp với các thôn thực hiện trước ngày 05 hằng tháng.
            1.2. Nhắc việc do Bộ phận Một cửa chủ trì, phối hợp với các công chức thực hiện hằng ngày.
            2. Mục tiêu số 2: 75% hồ sơ trực tuyến.
            2.1. Lập Tổ hỗ trợ do Đoàn Thanh niên chủ trì, phối hợp với Hội Phụ nữ thực hiện trong quý I/2025.
            """
        )
        plan = read(paper)
        assert [objective.number for objective in plan.objectives] == ["1", "2"]
        first, second = plan.objectives[0].actions
        assert (first.number, first.lead, first.support) == ("1.1", ("Văn phòng",), ("các thôn",))
        assert (first.when, second.when) == ("trước ngày 05 hằng tháng", "hằng ngày")

    def test_fields_under_the_name_of_an_objective_make_one_action(self) -> None:
        paper = decision().title("KẾ HOẠCH", "I. MỤC TIÊU, CHỈ TIÊU")
        paper.lines("1. Giải quyết đúng hạn từ 97% hồ sơ trở lên.\n2. Xây dựng 02 mô hình thân thiện.")
        paper.title("II. KẾ HOẠCH CHI TIẾT")
        paper.lines(
            """
            1. Mục tiêu 1
            - Biện pháp: Kiểm tra tiến độ xử lý hồ sơ.
            - Chủ trì: Văn phòng.
            - Phối hợp: Công an xã, Trạm Y tế.
            - Thời gian: Thứ sáu hằng tuần.
            2. Mục tiêu 2
            - Biện pháp: Lựa chọn bản làm điểm.
            - Chủ trì: Khối Dân vận.
            """
        )
        first, second = (objective.actions for objective in read(paper).objectives)
        assert [(a.text, a.lead, a.support, a.when) for a in first] == [
            (
                "Kiểm tra tiến độ xử lý hồ sơ.",
                ("Văn phòng",),
                ("Công an xã", "Trạm Y tế"),
                "Thứ sáu hằng tuần.",
            )
        ]
        assert [(a.text, a.lead) for a in second] == [("Lựa chọn bản làm điểm.", ("Khối Dân vận",))]

    def test_a_column_of_codes_tells_whose_action_a_row_is(self) -> None:
        paper = decision().title("A. MỤC TIÊU CHẤT LƯỢNG")
        paper.table(
            [
                ["TT", "Nội dung mục tiêu", "Mức phấn đấu"],
                ["MT1", "Hồ sơ đúng hạn", "98% trở lên"],
                ["MT2", "Sự hài lòng của người dân", "Không thấp hơn 92%"],
            ]
        )
        paper.title("B. KẾ HOẠCH HÀNH ĐỘNG")
        paper.table(
            [
                ["TT", "Hoạt động", "Mục tiêu", "Người thực hiện", "Thời gian"],
                ["1", "Phát phiếu khảo sát", "MT2", "Văn phòng", "Tháng 5"],
                ["2", "Nhắc việc trước hạn", "MT1", "Bộ phận Một cửa", "Thường xuyên"],
            ]
        )
        plan = read(paper)
        assert [(o.number, [a.text for a in o.actions]) for o in plan.objectives] == [
            ("MT1", ["Nhắc việc trước hạn"]),
            ("MT2", ["Phát phiếu khảo sát"]),
        ]

    def test_circled_and_foreign_figures_are_read_or_left(self) -> None:
        paper = decision().title("MỤC TIÊU CHẤT LƯỢNG NĂM 2025")
        paper.table(
            [
                ["TT", "Mục tiêu", "Chỉ tiêu", "Thời gian"],
                ["①", "Hồ sơ đúng hạn", "Đạt 98%", "Tháng ⅻ"],
                ["②", "Hồ sơ trực tuyến", "Đạt ²%", "31/02; quý IX"],
            ]
        )
        assert [objective.text for objective in read(paper).objectives] == [
            "Hồ sơ đúng hạn",
            "Hồ sơ trực tuyến",
        ]

    def test_the_whole_time_phrase_of_a_sentence_is_kept(self) -> None:
        paper = decision().title("KẾ HOẠCH", "II. MỤC TIÊU CHẤT LƯỢNG")
        paper.lines("1. Phấn đấu 90% người dân hài lòng.\n2. 100% hồ sơ đúng hạn.")
        paper.title("III. NHIỆM VỤ, GIẢI PHÁP")
        paper.line(
            "1. Thực hiện Mục tiêu 1, Văn phòng chủ trì, phối hợp Mặt trận Tổ quốc xã khảo sát mỗi quý một lần."
        )
        action = read(paper).objectives[0].actions[0]
        assert action.when == "mỗi quý một lần"
        assert (action.lead, action.support) == (("Văn phòng",), ("Mặt trận Tổ quốc xã",))


def words(text: str, x0: float, top: float, *, bold: bool = False) -> list[Word]:
    """Return the words of a line set from ``x0``, each letter six points wide."""
    found = []
    for text_of_word in text.split():
        width = 6.0 * len(text_of_word)
        found.append(Word(text_of_word, x0, x0 + width, top, top + 13, 13.0, bold=bold))
        x0 += width + 3
    return found


def centred(text: str, top: float, middle: float = 306.0) -> list[Word]:
    width = 6.0 * len(text.replace(" ", "")) + 3 * text.count(" ")
    return words(text, middle - width / 2, top, bold=True)


def page(number: int, *lines: list[Word], rules: list[Rule] | None = None) -> Page:
    return Page(number, 612, 792, list(lines), rules or [])


def full(top: float) -> list[Word]:
    return words(
        "một dòng dài chiếm hết bề ngang của trang giấy từ lề trái sang đến lề phải trang này nữa", 85, top
    )


class TestPages:
    def test_a_page_of_short_lines_has_the_margins_of_the_others(self) -> None:
        short = page(
            4, centred("CHÍNH SÁCH", 80), words("Lãnh đạo xã cam kết:", 85, 110), words("Ngắn gọn.", 85, 130)
        )
        blocks = blocks_of([*(page(n, full(80), full(96)) for n in (1, 2, 3)), short])
        texts = [block.text for block in blocks if isinstance(block, RawParagraph)]
        assert texts[-3:] == ["CHÍNH SÁCH", "Lãnh đạo xã cam kết:", "Ngắn gọn."]

    def test_a_heading_in_capitals_is_not_joined_to_the_title_over_it(self) -> None:
        title = centred("Ban hành Mục tiêu chất lượng năm 2025 của Ủy ban nhân dân phường Bến Tràm", 80)
        blocks = blocks_of([page(1, title, centred("ỦY BAN NHÂN DÂN PHƯỜNG BẾN TRÀM", 96), full(130))])
        texts = [block.text for block in blocks if isinstance(block, RawParagraph)]
        assert texts[1] == "ỦY BAN NHÂN DÂN PHƯỜNG BẾN TRÀM"

    def test_the_title_under_a_letterhead_is_no_part_of_it(self) -> None:
        head = words("UBND PHƯỜNG CẦU ĐÁ", 90, 60)
        gap = Word("ĐỘC", 380, 398, 60, 73, 13.0, jump=True)
        blocks = blocks_of(
            [page(1, [*head, gap, *words("LẬP", 401, 60)], centred("KẾ HOẠCH", 76), full(110), full(126))]
        )
        assert isinstance(blocks[0], RawTable)
        assert isinstance(blocks[1], RawParagraph)
        assert blocks[1].text == "KẾ HOẠCH"

    def test_numbered_lines_of_a_cell_stay_lines(self) -> None:
        rules = [Rule(False, y, 80, 260) for y in (60, 140)]
        rules += [Rule(True, x, 60, 140) for x in (80, 200, 260)]
        cell = [
            words("1. Tổ chức tuần lễ", 84, 64),
            words("văn hóa biển đảo", 84, 80),
            words("2. Kiểm tra tàu", 84, 96),
        ]
        (table,) = blocks_of([page(1, *cell, rules=rules)])
        assert isinstance(table, RawTable)
        assert table.rows[0].cells[0].text == "1. Tổ chức tuần lễ văn hóa biển đảo\n2. Kiểm tra tàu"

    def test_signs_of_symbol_fonts(self) -> None:
        assert plain_symbols("\uf0b7 Đạt \uf0b3 90%, \uf0a3 1%") == "• Đạt ≥ 90%, ≤ 1%"
