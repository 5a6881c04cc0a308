from __future__ import annotations

import importlib.util
import json
from decimal import Decimal
from pathlib import Path

import pytest

from camket.core import plan as core
from camket.core.wiring import CONFIDENT, codes, is_part, propose

ROOT = Path(__file__).resolve().parents[2]

# What a careful person wires each target of the five decisions to: decision, objective, its n-th target.
EXPECTED = {
    "kim-thanh-2026": """
        1.1 assigned.early                 1.2 people.informed
        2.1 dossiers.digitised_with_results 2.2 procedures.posted   2.3 dossiers.by_rules  2.4 dossiers.on_time
        2.5 dossiers.early                 2.6 dossiers.answered
        3.1 people.completed               3.2 people.completed_well 3.3 people.trained
        4.1 feedback.settled
    """,
    "phong-binh-2023": """
        1.1 qms.applied                    2.1 programme.followed   2.2 programme.completed
        3.1 directives.followed            3.2 directives.on_time
        4.1 socio.targets_met              4.2 socio.food_output    4.3 socio.budget_revenue
        4.4 socio.income                   4.5 socio.investment     4.6 socio.roads_concreted
        4.7 socio.field_roads              4.8 socio.canals         4.9 school.nursery
        4.10 school.kindergarten           4.11 school.five_year_olds 4.12 school.universal
        4.13 culture.houses                4.14 culture.families    4.15 culture.villages
        4.16 culture.commune               4.17 health.commune      4.18 health.insurance
        4.19 population.growth             4.20 poverty.rate   4.21 labour.trained
        4.22 waste.collected               4.23 waste.sorted
        5.1 dossiers.by_rules              5.2 dossiers.on_time     5.3 dossiers.digitised
        5.4 satisfaction.overall           6.1 people.completed_well
        7.1 index.reform_and_ict_grade     7.2 documents.electronic 8.1 people.trained
        9.1 titles.advanced                9.2 titles.emulation     9.3 titles.collective
        9.4 people.discipline              9.5 people.third_child
    """,
    "phu-thu-2022": """
        1.1 qms.procedures                 2.1 dossiers.settled     3.1 procedures.posted_website
        4.1.1 dossiers.online:level=old_3  4.2.1 dossiers.online_number:level=old_4
        5.1 dossiers.late                  6.1 satisfaction.overall
    """,
    "thuong-loc-2024": """
        1.1 qms.applied                    2.1 programme.followed   2.2 programme.completed
        3.1 directives.followed            3.2 directives.on_time   4.1 socio.targets_met
        5.1 dossiers.by_rules              5.2 dossiers.on_time     5.3 procedures.online
        5.4 procedures.integrated          5.5 dossiers.online_advanced
        5.6 satisfaction.overall           5.7 satisfaction.by_field:field=dat_dai,xay_dung
        6.1 documents.on_time              7.1 index.reform_grade   7.2 index.digital_grade
        7.3 index.digital_rank             8.1 people.trained       9.1 titles.collective
        9.2 titles.advanced                9.3 titles.emulation
    """,
    "tuy-phuoc-2024": "1.1 qms.inspection  2.1 dossiers.early  3.1 satisfaction.overall",
}
COUNTED = 84


def _expected(words: str) -> dict[str, tuple[str, dict[str, tuple[str, ...]]]]:
    found = {}
    parts = words.split()
    for place, said in zip(parts[::2], parts[1::2], strict=True):
        code, _colon, filters = said.partition(":")
        dimension, _is, named = filters.partition("=")
        words_of = tuple(
            word.replace("_", " ") if dimension == "field" else word for word in named.split(",")
        )
        found[place] = (code, {dimension: words_of} if dimension else {})
    return found


@pytest.mark.parametrize("decision", EXPECTED)
def test_every_target_of_a_real_decision_gets_its_right_indicator_first(decision: str, shared: Path) -> None:
    plan = core.Plan.from_json(json.loads((shared / "gold" / f"{decision}.json").read_text("utf-8")))
    found = {}
    for objective in plan.objectives:
        for place, target in enumerate(objective.targets, 1):
            first = propose(objective.text, target)[:1]
            found[f"{objective.number}.{place}"] = (
                (first[0].code, dict(first[0].filters)) if first else ("", {})
            )

    assert found == _expected(EXPECTED[decision])


def test_the_five_decisions_are_whole() -> None:
    assert sum(len(_expected(words)) for words in EXPECTED.values()) == COUNTED


def _share(text: str, value: int = 95, kind: str = "at_least") -> core.Target:
    return core.Target(text, core.TargetKind(kind), Decimal(value), unit="%")


@pytest.mark.parametrize(
    ("case", "objective", "clause", "expected"),
    [
        ("on time", "", "Hồ sơ TTHC được giải quyết đúng hạn đạt 98%", "dossiers.on_time"),
        ("early and on time is on time", "", "98% hồ sơ được trả trước hạn và đúng hạn", "dossiers.on_time"),
        ("none late is on time", "", "Bảo đảm 100% hồ sơ không trễ hạn", "dossiers.on_time"),
        ("early alone", "", "Tỷ lệ hồ sơ giải quyết trước hạn đạt 80%", "dossiers.early"),
        ("late", "", "Tỷ lệ hồ sơ quá hạn dưới 1%", "dossiers.late"),
        ("apologies, not lateness", "", "100% hồ sơ trễ hạn có thư xin lỗi", "dossiers.answered"),
        ("digitised", "", "Số hóa 90% hồ sơ, giấy tờ", "dossiers.digitised"),
        ("results digitised", "", "90% kết quả giải quyết TTHC được số hóa", "dossiers.result_digitised"),
        ("online", "", "50% hồ sơ được nộp trực tuyến", "dossiers.online"),
        ("fully online", "", "60% hồ sơ dịch vụ công toàn trình", "dossiers.online_advanced"),
        ("procedures offered", "", "100% TTHC đủ điều kiện được cung cấp trực tuyến", "procedures.online"),
        ("paid online", "", "40% hồ sơ thanh toán trực tuyến phí, lệ phí", "dossiers.paid_online"),
        ("posted", "", "100% TTHC được niêm yết công khai", "procedures.posted"),
        ("on the website", "", "100% TTHC được đăng tải trên trang thông tin điện tử", "procedures.posted_website"),
        ("satisfied", "", "Tỷ lệ người dân hài lòng đạt 90%", "satisfaction.overall"),
        ("satisfied in a field", "", "Mức độ hài lòng lĩnh vực hộ tịch đạt 90%", "satisfaction.by_field"),
        ("feedback", "", "100% phản ánh, kiến nghị được trả lời", "feedback.settled"),
        ("petitions", "", "100% đơn thư khiếu nại được giải quyết", "complaints.settled"),
        ("directives", "", "100% ý kiến chỉ đạo được thực hiện đúng hạn", "directives.on_time"),
        ("documents", "", "95% văn bản đến được xử lý đúng hạn", "documents.on_time"),
        ("work", "", "95% công việc hoàn thành đúng tiến độ", "tasks.on_time"),
        ("bare measure", "Hồ sơ được trả đúng hẹn", "98%", "dossiers.on_time"),
        (
            "goes on",
            "Hài lòng chung trên 90%, trong đó lĩnh vực đất đai trên 85%",
            "trong đó lĩnh vực đất đai trên 85%",
            "satisfaction.by_field",
        ),
    ],
)  # fmt: skip
def test_wording_points_to_an_indicator(case: str, objective: str, clause: str, expected: str) -> None:
    found = propose(objective or clause, _share(clause))

    assert found, case
    assert found[0].code == expected, case


def test_a_proposal_names_the_fields_it_is_narrowed_to() -> None:
    text = "Hồ sơ thuộc lĩnh vực đất đai và xây dựng trả đúng hạn đạt 95%"

    (first, *_rest) = propose(text, _share(text))

    assert first.filters == {"field": ("dat dai", "xay dung")}


def test_a_proposal_says_why_in_the_words_found() -> None:
    text = "Hồ sơ TTHC Trả Đúng Hạn đạt 95%"

    (first, *_rest) = propose(text, _share(text))

    assert first.reason.params == {"counted": "Hồ sơ", "said": "Đúng Hạn"}
    assert first.confidence == Decimal("0.95")


def test_both_readings_of_on_time_are_offered_behind_the_first() -> None:
    text = "98% hồ sơ được trả đúng hạn"

    found = propose(text, _share(text, 98))

    assert [each.code for each in found] == [
        "dossiers.on_time",
        "dossiers.on_time_with_open",
        "dossiers.on_time_first",
    ]
    assert [each.is_confident for each in found] == [True, False, False]


def test_words_that_point_nowhere_give_no_proposal() -> None:
    text = "Giữ gìn cảnh quan môi trường xanh đạt 95%"

    assert propose(text, _share(text)) == ()


def test_a_share_is_not_measured_by_a_grade() -> None:
    text = "Chỉ số cải cách hành chính đạt 85%"

    assert not [each for each in propose(text, _share(text)) if each.code.startswith("index.")]


def test_words_of_the_objective_count_less_than_the_target_s_own() -> None:
    objective = "Giải quyết hồ sơ của người dân; mọi việc trả đúng hạn đạt 95%"

    (first, *_rest) = propose(objective, _share("mọi việc trả đúng hạn đạt 95%"))

    assert first.code == "dossiers.on_time"
    assert first.confidence == Decimal("0.82")
    assert first.confidence >= CONFIDENT


def test_a_part_is_told_by_its_first_words() -> None:
    assert is_part("Trong đó từ 95% trở lên hồ sơ")
    assert is_part("riêng lĩnh vực đất đai đạt 85%")
    assert not is_part("Hồ sơ trong đó có đất đai")


def test_every_proposal_carries_a_code_that_is_known() -> None:
    for words in EXPECTED.values():
        assert {code for code, _filters in _expected(words).values()} <= codes()


def test_the_page_of_documentation_says_what_is_proposed(shared: Path) -> None:
    spec = importlib.util.spec_from_file_location("wiring_tool", ROOT / "tools/wiring.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    assert shared / "gold" == tool.GOLD
    assert tool.table() in (ROOT / "docs/reference/wiring.md").read_text("utf-8")
