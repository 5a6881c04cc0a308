"""``camket dossiers``: an export imported, checked, undone from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from camket.config.cli import main
from camket.dossiers.models import Batch, Dossier
from dossiers.importing.exports import OPEN, RIGHT, WRONG, csv
from people import make_agency

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["dossiers", *arguments])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "xuat.csv"
    path.write_bytes(csv(RIGHT, OPEN, WRONG))
    return path


def test_an_export_is_imported_listed_and_undone(capsys: pytest.CaptureFixture[str], export: Path) -> None:
    agency = make_agency()
    done, out, _ = run(
        capsys, "import", str(export), "--agency", agency.code, "--as-of", "2026-06-30", "--json"
    )
    told = json.loads(out)
    assert (done, told["state"], told["added"], told["refused"]) == (0, "done", 2, 1)
    assert Dossier.objects.filter(agency=agency).count() == 2
    done, out, _ = run(capsys, "batches", "--agency", agency.code, "--json")
    assert [each["batch"] for each in json.loads(out)] == [told["batch"]]
    done, out, _ = run(capsys, "undo", str(told["batch"]), "--agency", agency.code)
    assert done == 0
    assert not Dossier.objects.exists()


def test_a_check_writes_nothing(capsys: pytest.CaptureFixture[str], export: Path) -> None:
    agency = make_agency()
    done, out, _ = run(
        capsys, "import", str(export), "--agency", agency.code, "--as-of", "2026-06-30", "--check", "--json"
    )
    told = json.loads(out)
    assert (done, told["added"], told["refused"]) == (0, 2, 1)
    assert not Dossier.objects.exists()
    assert Batch.objects.get().state == Batch.State.DISCARDED


def test_a_check_is_told_as_a_check_and_an_import_as_an_import(
    capsys: pytest.CaptureFixture[str], export: Path
) -> None:
    command = ("import", str(export), "--agency", make_agency().code, "--as-of", "2026-06-30")
    _, checked, _ = run(capsys, *command, "--check")
    assert checked == "Chỉ kiểm tra, chưa nhập gì: sẽ thêm 2, thay đổi 0, giữ nguyên 0, từ chối 1.\n"
    _, imported, _ = run(capsys, *command)
    number = Batch.objects.exclude(state=Batch.State.DISCARDED).get().pk
    assert imported == f"Đợt nhập {number}: thêm 2, thay đổi 0, giữ nguyên 0, từ chối 1.\n"


def test_what_does_not_exist_is_said(capsys: pytest.CaptureFixture[str], export: Path) -> None:
    agency = make_agency()
    done, _, err = run(capsys, "import", str(export), "--agency", "KHONG")
    assert (done, "KHONG" in err) == (1, True)
    done, _, err = run(capsys, "import", str(export.with_name("thieu.csv")), "--agency", agency.code)
    assert (done, "thieu.csv" in err) == (1, True)
    done, _, err = run(capsys, "undo", "999", "--agency", agency.code)
    assert (done, "999" in err) == (1, True)
    assert not Batch.objects.exists()


def test_a_mapping_that_names_no_such_heading_leaves_nothing_open(
    capsys: pytest.CaptureFixture[str], export: Path, tmp_path: Path
) -> None:
    agency = make_agency()
    mapping = tmp_path / "cot.json"
    mapping.write_text(json.dumps({"code": "Cột không có"}), encoding="utf-8")
    done, _, err = run(
        capsys,
        "import",
        str(export),
        "--agency",
        agency.code,
        "--as-of",
        "2026-06-30",
        "--mapping",
        str(mapping),
    )
    assert (done, "Cột không có" in err) == (1, True)
    assert Batch.objects.get().state == Batch.State.DISCARDED
