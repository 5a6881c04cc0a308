"""The exchange format: strict in, the same out, and its JSON Schema says the same as its reader."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from camket.core.plan import Plan, PlanFormatError, json_schema

MINIMAL: dict[str, Any] = {
    "format": "camket-plan/1",
    "agency": {"name": "UBND xã Bình Yên", "level": "commune"},
    "year": 2026,
    "decision": None,
    "policy": {"motto": "Tận tâm", "commitments": ["Đúng hẹn."]},
    "objectives": [
        {
            "number": "1",
            "text": "Từ 95% hồ sơ đúng hạn",
            "targets": [
                {
                    "text": "Từ 95% hồ sơ đúng hạn", "kind": "at_least", "value": "95", "upper": None, "unit": "%",
                    "baseline_year": None, "striving": False, "period": {"start": "2026-01-01", "end": "2026-03-31"},
                }
            ],
            "method": None,
            "actions": [
                {
                    "number": "1", "text": "Theo dõi", "lead": ["Văn phòng"], "support": [], "when": "Hằng tháng",
                    "schedule": [
                        {"kind": "every", "period": "month", "day": "last"},
                        {"kind": "on_event", "event": "Khi có", "within": {"days": 5, "working": True}},
                    ],
                    "monitors": [], "evidence": ["Báo cáo"],
                }
            ],
        }
    ],
    "reporting": [{"kind": "yearly_by", "month": 6, "day": 15}],
}  # fmt: skip


def edited(path: list[str | int], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(MINIMAL)
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return data


def test_json_comes_back_unchanged() -> None:
    assert json.loads(json.dumps(Plan.from_json(MINIMAL).to_json())) == MINIMAL


FAULTS = [
    ("format", ["format"], "camket-plan/2", "format"),
    ("level", ["agency", "level"], "village", "agency.level"),
    ("year as text", ["year"], "2026", "year"),
    ("year as bool", ["year"], True, "year"),
    ("empty text", ["objectives", 0, "text"], "", "objectives[0].text"),
    ("unknown kind", ["objectives", 0, "targets", 0, "kind"], "exactly", "objectives[0].targets[0].kind"),
    ("no value", ["objectives", 0, "targets", 0, "value"], None, "objectives[0].targets[0].value"),
    ("float value", ["objectives", 0, "targets", 0, "value"], 95.0, "objectives[0].targets[0].value"),
    ("NaN", ["objectives", 0, "targets", 0, "value"], "NaN", "objectives[0].targets[0].value"),
    ("period backwards", ["objectives", 0, "targets", 0, "period"], {"start": "2026-03-31", "end": "2026-01-01"},
     "objectives[0].targets[0].period"),
    ("day 32", ["objectives", 0, "actions", 0, "schedule", 0, "day"], 32, "objectives[0].actions[0].schedule[0].day"),
    ("no event", ["objectives", 0, "actions", 0, "schedule", 1, "event"], None, "objectives[0].actions[0].schedule[1].event"),
    ("lead as text", ["objectives", 0, "actions", 0, "lead"], "Văn phòng", "objectives[0].actions[0].lead"),
    ("month 13", ["reporting", 0, "month"], 13, "reporting[0].month"),
    ("list as root", [], None, "plan"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "place"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_with_its_place(path: list[str | int], value: Any, place: str) -> None:
    with pytest.raises(PlanFormatError) as refusal:
        Plan.from_json(edited(path, value) if path else [])
    assert str(refusal.value).startswith(place)


def test_the_schema_is_valid_and_accepts_a_plan() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(MINIMAL, schema)


@pytest.mark.parametrize(
    ("path", "value"),
    [fault[1:3] for fault in FAULTS if fault[1] and fault[0] not in {"period backwards", "no value"}],
)
def test_the_schema_refuses_what_the_reader_refuses(path: list[str | int], value: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(edited(path, value), json_schema())


@pytest.mark.shared
def test_the_real_plans_are_of_the_format(shared: Path) -> None:
    for file in sorted((shared / "gold").glob("*.json")):
        data = json.loads(file.read_text("utf-8"))
        assert Plan.from_json(Plan.from_json(data).to_json()) == Plan.from_json(data), file.name
        jsonschema.validate(Plan.from_json(data).to_json(), json_schema())
