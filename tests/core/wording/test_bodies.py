from __future__ import annotations

import json
from pathlib import Path

import pytest

from camket.core.plan import Level, Plan
from camket.core.wording.bodies import lead_and_support, level_of, same_body, split_bodies, split_items

GOLD = sorted((Path(__file__).resolve().parents[4] / "shared" / "gold").glob("*.json"))


@pytest.mark.parametrize(
    ("cell", "bodies"),
    [
        ("Văn phòng HĐND&UBND xã, các phòng chuyên môn", ["Văn phòng HĐND&UBND xã", "các phòng chuyên môn"]),
        (
            "Trưởng các phòng, ban, đơn vị thuộc UBND xã; Thư ký ISO.",
            ["Trưởng các phòng, ban, đơn vị thuộc UBND xã", "Thư ký ISO"],
        ),
        ("Các thôn, tổ dân phố", ["Các thôn, tổ dân phố"]),
        ("Các sở, ban, ngành, UBND các xã, phường", ["Các sở, ban, ngành", "UBND các xã, phường"]),
        ("Sở Nội vụ, Sở Tài chính", ["Sở Nội vụ", "Sở Tài chính"]),
        ("UBND các xã, thị trấn", ["UBND các xã, thị trấn"]),
        ("Cán bộ, công chức xã", ["Cán bộ, công chức xã"]),
        ("Phòng Kinh tế, Hạ tầng và Đô thị; Văn phòng", ["Phòng Kinh tế, Hạ tầng và Đô thị", "Văn phòng"]),
        ("Sở Văn hóa, Thể thao và Du lịch, Sở Nội vụ", ["Sở Văn hóa, Thể thao và Du lịch", "Sở Nội vụ"]),
        ("- Văn phòng - Thống kê;\n- Thư ký ISO.", ["Văn phòng - Thống kê", "Thư ký ISO"]),
        ("Phòng Văn hóa -\nXã hội", ["Phòng Văn hóa - Xã hội"]),
        ("Các bộ phận\nchuyên môn", ["Các bộ phận chuyên môn"]),
        ("Bộ phận Tiếp nhận và Trả kết quả", ["Bộ phận Tiếp nhận và Trả kết quả"]),
        ("Chủ tịch UBND xã và Thư ký ISO", ["Chủ tịch UBND xã", "Thư ký ISO"]),
        ("VP-TK/Tư pháp", ["VP-TK/Tư pháp"]),
        ("Chủ trì: Văn phòng\nPhối hợp: Công an", ["Văn phòng", "Công an"]),
        ("", []),
        ("-", []),
    ],
)
def test_a_cell_names_bodies(cell: str, bodies: list[str]) -> None:
    assert list(split_bodies(cell)) == bodies


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("Kế hoạch, báo cáo", ["Kế hoạch, báo cáo"]),
        ("Kế hoạch; báo cáo.", ["Kế hoạch", "báo cáo"]),
        ("- Phiếu khảo sát;\n- Báo cáo (quý; năm);", ["Phiếu khảo sát", "Báo cáo (quý; năm)"]),
        (
            "- Kế hoạch của Phòng Văn hóa - Xã hội - Biên bản họp",
            ["Kế hoạch của Phòng Văn hóa - Xã hội", "Biên bản họp"],
        ),
        ("Hồ sơ lưu (kế hoạch, biên bản,...", ["Hồ sơ lưu (kế hoạch, biên bản,..."]),
        ("Sổ theo dõi\nđơn thư", ["Sổ theo dõi đơn thư"]),
        ("1. Quyết định\n2. Công văn", ["Quyết định", "Công văn"]),
        ("• Tờ trình • Danh sách", ["Tờ trình", "Danh sách"]),
    ],
)
def test_a_cell_lists_evidence(cell: str, items: list[str]) -> None:
    assert list(split_items(cell)) == items


@pytest.mark.parametrize(
    ("sentence", "lead", "support"),
    [
        (
            "Công an xã chủ trì, phối hợp với Ban Chỉ huy Quân sự, các thôn tổ chức tuần tra.",
            ["Công an xã"],
            ["Ban Chỉ huy Quân sự", "các thôn"],
        ),
        (
            "Giao Văn phòng HĐND và UBND chủ trì, phối hợp các phòng tổng hợp báo cáo.",
            ["Văn phòng HĐND và UBND"],
            ["các phòng"],
        ),
        (
            "Bộ phận Một cửa chủ trì, phối hợp với các công chức chuyên môn nhắc việc hằng ngày.",
            ["Bộ phận Một cửa"],
            ["các công chức chuyên môn"],
        ),
        (
            "Rà soát quy trình do Phòng Kinh tế chủ trì, phối hợp với Công an xã, các thôn thực hiện trước ngày 30/6.",
            ["Phòng Kinh tế"],
            ["Công an xã", "các thôn"],
        ),
        ("Chủ trì: Văn phòng; phối hợp: các bộ phận", ["Văn phòng"], ["các bộ phận"]),
        ("Văn phòng (chủ trì), các bộ phận (phối hợp)", ["Văn phòng"], ["các bộ phận"]),
        (
            "Trước ngày 15/6, Văn phòng chủ trì, phối hợp với công chức chuyên môn rà soát số liệu",
            ["Văn phòng"],
            ["công chức chuyên môn"],
        ),
        ("Rà soát quy trình (Văn phòng chủ trì, phối hợp với Trung tâm).", ["Văn phòng"], ["Trung tâm"]),
        ("Văn phòng chủ trì với Bộ phận tiếp nhận và trả kết quả", ["Văn phòng"], []),
        ("Cuộc họp do Chủ tịch chủ trì", [], []),
        ("Phối hợp với các đơn vị tổ chức tập huấn", [], []),
        ("Rà soát quy trình", [], []),
    ],
)
def test_a_sentence_tells_who_leads(sentence: str, lead: list[str], support: list[str]) -> None:
    assert lead_and_support(sentence) == (tuple(lead), tuple(support))


@pytest.mark.parametrize(
    ("name", "year", "level"),
    [
        ("UBND xã Tân Hòa", None, Level.COMMUNE),
        ("Ủy ban nhân dân thị trấn Hạ", None, Level.COMMUNE),
        ("UBND phường 5", None, Level.WARD),
        ("UBND đặc khu Đảo Xa", None, Level.COMMUNE),
        ("UBND huyện Bắc Hà Tây", None, Level.DISTRICT),
        ("UBND thành phố Sông Xanh", None, Level.DISTRICT),
        ("UBND tỉnh Miền Núi", None, Level.PROVINCE),
        ("UBND thành phố Hà Nội", None, Level.PROVINCE),
        ("UBND TP. Hồ Chí Minh", None, Level.PROVINCE),
        ("UBND thành phố Huế", 2024, Level.DISTRICT),
        ("UBND thành phố Huế", 2025, Level.PROVINCE),
        ("Sở Nội vụ", None, Level.DEPARTMENT),
        ("Trung tâm Phục vụ hành chính công xã Tân Hòa", None, Level.DEPARTMENT),
        ("Phòng Kinh tế", None, Level.DEPARTMENT),
        ("Công ty A", None, None),
    ],
)
def test_a_name_tells_its_level(name: str, year: int | None, level: Level | None) -> None:
    assert level_of(name, year) is level


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("VP-TK", "Văn phòng - Thống kê"),
        ("VP HĐND&UBND", "Văn phòng HĐND và UBND"),
        ("TTPVHCC", "Trung tâm Phục vụ hành chính công"),
        ("P. Kinh tế", "Phòng Kinh tế"),
        ("BCĐ ISO", "Ban Chỉ đạo ISO"),
    ],
)
def test_abbreviations_name_the_same_body(first: str, second: str) -> None:
    assert same_body(first, second) == 1.0


def test_the_right_body_is_likelier_than_the_wrong_one() -> None:
    units = [
        "Phòng Kinh tế",
        "Phòng Văn hóa - Xã hội",
        "Văn phòng HĐND và UBND",
        "Trung tâm Phục vụ hành chính công",
    ]
    for named, unit in [
        ("Phòng VHXH xã", units[1]),
        ("Trung tâm HCC", units[3]),
        ("Văn phòng", units[2]),
    ]:
        assert max(units, key=lambda each: same_body(named, each)) == unit
    assert same_body("", units[0]) == 0.0


@pytest.mark.shared
@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_the_cells_of_a_real_decision_are_divided(path: Path) -> None:
    plan = Plan.from_json(json.loads(path.read_text("utf-8")))
    for action in (action for objective in plan.objectives for action in objective.actions):
        for bodies in (action.lead, action.support, action.monitors):
            assert split_bodies("; ".join(bodies)) == bodies
            assert split_bodies("\n".join(f"- {body};" for body in bodies)) == bodies
        assert split_items("\n".join(f"- {item};" for item in action.evidence)) == action.evidence
