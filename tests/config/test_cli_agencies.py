"""Agencies from the command line: a list brought in, a merger recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from config.test_cli import Run, runner
from processes import prepared

LIST = (
    "Danh sách cơ quan\n"
    "Mã định danh;Tên cơ quan;Mã cấp trên;Mã ĐVHC;Thư ký ISO;Tên đăng nhập\n"
    "H99;UBND tỉnh Hồng Bàng;;;;\n"
    "H99.1;UBND xã Bình Yên;H99;00001;Nguyễn Thị An;an\n"
    "H99.2;UBND phường Bến Đò;H99;;;\n"
    "H99.3;UBND xã Bình Đò;H99;;;\n"
)


@pytest.fixture
def brought_in(tmp_path: Path) -> tuple[Run, Callable[[str], Path]]:
    prepared(tmp_path / "data")
    run = runner(tmp_path)

    def sheet(text: str) -> Path:
        path = tmp_path / "danh-sach.csv"
        path.write_text(text, "utf-8")
        return path

    done = run("agency", "import", sheet(LIST), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [each["name"] for each in said["opened"]][0] == "UBND tỉnh Hồng Bàng"
    assert [each["login"] for each in said["opened"] if each["password"]] == ["an"]
    return run, sheet


def test_a_province_comes_in_merges_and_is_listed(
    brought_in: tuple[Run, Callable[[str], Path]],
) -> None:
    run, sheet = brought_in
    again = run("agency", "import", sheet(LIST))
    assert (again.returncode, "4 cơ quan đã có từ trước" in again.stdout) == (0, True)
    bad = run("agency", "import", sheet(LIST + "H99.4;UBND xã Sai;H98;;;\n"))
    assert bad.returncode == 1
    assert "Dòng 7: Không cơ quan nào có mã H98" in bad.stderr
    assert "Traceback" not in bad.stderr
    merged = run(
        "agency", "succession", "--kind", "merger", "--from", "H99.1", "00001", "h99.2", "--to", "H99.3",
        "--on", "2025-07-01", "--decision", "Nghị quyết 1656/NQ-UBTVQH15",
    )  # fmt: skip
    assert merged.returncode == 0, merged.stderr
    assert merged.stdout.count("UBND xã Bình Đò kế thừa") == 2
    rows = {row["code"]: row for row in json.loads(run("agency", "list", "--json").stdout)}
    assert {code: (row["parent"], row["valid_to"]) for code, row in rows.items()} == {
        "H99": (None, None),
        "H99.1": ("H99", "2025-06-30"),
        "H99.2": ("H99", "2025-06-30"),
        "H99.3": ("H99", None),
    }
    assert run("journal", "verify").returncode == 0
    unknown = run(
        "agency", "succession", "--kind", "split", "--from", "H77", "--to", "H99.3", "--on", "2025-07-01",
        "--decision", "x",
    )  # fmt: skip
    assert (unknown.returncode, "H77" in unknown.stderr) == (1, True)
