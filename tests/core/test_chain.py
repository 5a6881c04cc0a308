"""Chains: what a record's hash covers in each format, and what a walk finds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from camket.core.chain import (
    GENESIS,
    Break,
    Fault,
    NotAnExport,
    Walk,
    canonical,
    record_hash,
    reference,
    verify_export,
)

FIRST = {
    "format": 1, "agency": 7, "at": "2026-07-01T01:00:00.000000+00:00", "on": "2026-07-01", "by": 3,
    "by_name": "Nguyễn Thị An", "verb": "unit.changed", "subject_type": "org.unit", "subject_id": 5,
    "subject_label": "Văn phòng", "before": None, "after": {"name": "B"}, "reason": "",
}  # fmt: skip
AN = reference("Nguyễn Thị An", "5a17")
SECOND = {**FIRST, "format": 2, "by_name": AN, "capacity": "secretary", "request_id": ""}
SEALS = {AN: ("Nguyễn Thị An", "5a17")}


def chained(*members: dict[str, Any]) -> list[dict[str, Any]]:
    """The members as records that follow each other."""
    records, previous = [], GENESIS
    for number, each in enumerate(members, 1):
        record = {**each, "sequence": number, "previous_hash": previous}
        record["hash"] = previous = record_hash(record)
        records.append(record)
    return records


def found(
    records: list[dict[str, Any]], seals: dict[str, tuple[str, str]] = SEALS, **walk: Any
) -> Break | None:
    way = Walk(seals=seals, **walk)
    for each in records:
        if not way.step(each):
            break
    return way.end()


def test_the_first_format_hashes_as_it_always_did() -> None:
    (record,) = chained(FIRST)
    assert record["hash"] == "c5a6fe2464a0e38b77e1eb5310fe0912f1f38e2f00bf35c26466ab37ae4344ca"


def test_a_chain_may_hold_both_formats() -> None:
    assert found(chained(FIRST, FIRST, SECOND, SECOND)) is None


@pytest.mark.parametrize("name", [name for name in SECOND if name not in {"format"}])
def test_every_member_is_under_the_hash(name: str) -> None:
    records = chained(SECOND, SECOND, SECOND)
    records[1][name] = "khác"
    assert found(records) == Break(2, Fault.ALTERED)


def test_a_record_that_says_it_is_of_the_older_format_is_altered() -> None:
    records = chained(SECOND, SECOND)
    records[1]["format"] = 1
    assert found(records) == Break(2, Fault.ALTERED)


@pytest.mark.parametrize(
    ("case", "tamper", "expected"),
    [
        ("one is left out", lambda each: each.pop(1), Break(2, Fault.MISSING)),
        ("one stands twice", lambda each: each.insert(1, each[0]), Break(2, Fault.MISSING)),
        ("two are exchanged", lambda each: each.reverse(), Break(1, Fault.MISSING)),
        ("one was replaced and hashed anew",
         lambda each: each.__setitem__(1, chained(FIRST, {**SECOND, "verb": "x"}, SECOND)[1]), Break(2, Fault.UNLINKED)),
    ],
)  # fmt: skip
def test_a_walk_finds_the_first_place(case: str, tamper: Any, expected: Break) -> None:
    records = chained(SECOND, SECOND, SECOND)
    tamper(records)
    assert found(records) == expected, case


def test_a_sealed_name_that_was_exchanged_is_found() -> None:
    assert found(chained(FIRST, SECOND), {AN: ("Người Khác", "5a17")}) == Break(2, Fault.SEAL_ALTERED)


def test_a_sealed_name_may_be_missing_only_where_an_erasure_says_so() -> None:
    erasure = {**SECOND, "verb": "person.anonymised", "by_name": "Cam Kết", "after": {"seals": [AN]}}
    assert found(chained(SECOND, SECOND), {}) == Break(1, Fault.SEAL_MISSING)
    assert found(chained(SECOND, SECOND, erasure), {}) is None


def export(records: list[dict[str, Any]], **head: Any) -> list[str]:
    last = records[-1]
    top = {
        "camket_journal": 1, "agency": {"id": 7, "code": "H00.1", "name": "UBND xã"}, "is_whole": True,
        "sequence": last["sequence"], "head": last["hash"], **head,
    }  # fmt: skip
    seals = [{"seal": {"reference": AN, "salt": "5a17", "value": "Nguyễn Thị An"}}]
    return [canonical(each) for each in [top, *({"entry": each} for each in records), *seals]]


def test_an_export_is_checked_by_itself() -> None:
    checked = verify_export(export(chained(FIRST, SECOND, SECOND)))
    assert (checked.agency, checked.entries, checked.found) == ("H00.1", 3, None)


def test_a_changed_or_shortened_export_is_found() -> None:
    lines = export(chained(FIRST, SECOND, SECOND))
    changed = json.loads(lines[2])
    changed["entry"]["reason"] = "khác"
    assert verify_export([*lines[:2], canonical(changed), *lines[3:]]).found == Break(2, Fault.ALTERED)
    assert verify_export([*lines[:3], lines[4]]).found == Break(3, Fault.CUT)


def test_a_filtered_export_holds_what_it_holds() -> None:
    records = chained(SECOND, SECOND, SECOND, SECOND)
    lines = export([records[1], records[3]], is_whole=False)
    assert verify_export(lines).found is None
    records[3]["reason"] = "khác"
    lines = export([records[1], records[3]], is_whole=False)
    assert verify_export(lines).found == Break(4, Fault.ALTERED)


@pytest.mark.parametrize("lines", [[], ["{}"], ["không phải JSON"], ['{"camket_journal":2}'], ["[]"]])
def test_what_is_no_export_says_so(lines: list[str]) -> None:
    with pytest.raises(NotAnExport):
        verify_export(lines)


def test_a_line_that_is_no_entry_is_named() -> None:
    with pytest.raises(NotAnExport) as refused:
        verify_export([*export(chained(SECOND))[:2], '{"entry": {"format": 2}}'])
    assert refused.value.line == 3
