"""The sample export: made from its program, read as it is, with the rows that a newcomer is to mend."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from camket.dossiers.importing.reading import open_export

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "samples" / "ho-so-mot-cua.xlsx"


def test_it_is_read_with_nine_rows_to_mend() -> None:
    export = open_export(SAMPLE, SAMPLE.name)
    assert (export.sheet, export.header_rows) == ("DanhSach", (6, 7))
    assert set(export.mapping) == {
        "code", "procedure_code", "procedure_name", "unit_name", "applicant", "address", "phone", "channel", "received_at",
        "due_given", "finished_at", "returned_at", "state", "is_digitised",
    }  # fmt: skip
    assert export.unknown_words(export.mapping, {}) == {"state": {"Đã lưu kho": 3}}
    [part] = export.parts(export.mapping, {})
    assert (part.rows.height, len(part.refused)) == (291, 9)
    assert sorted({reason.field for row in part.refused for reason in row.reasons}) == [
        "code", "due_given", "finished_at", "received_at", "returned_at", "state",
    ]  # fmt: skip
    assert part.notes == ()
    assert part.rows["field_name"].n_unique() == 5
    assert part.rows["code"].str.contains(r"^H99\.99\.01-26\d{4}-0[5-8]\d\d$").all()
    [explained] = export.parts(export.mapping, {"state": {"Đã lưu kho": "returned"}})
    assert explained.rows.height == 294


def test_its_program_makes_the_same_file(tmp_path: Path) -> None:
    made = tmp_path / "a.xlsx"
    subprocess.run([sys.executable, ROOT / "tools" / "sample_export.py", made], check=True)
    assert made.read_bytes() == SAMPLE.read_bytes()
