"""Word templates from the command line, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from camket.config import cli
from camket.paper.templating import starter_template
from camket.paper.templating.listing import as_markdown
from paper.templating.word_templates import text_of_file, with_paragraphs


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    return int(left.value.code or 0)


def test_fields_starter_and_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("template", "fields") == 0
    assert capsys.readouterr().out == as_markdown()
    file, filled = tmp_path / "mau.docx", tmp_path / "xem.docx"
    assert run("template", "starter", "report", "--out", str(file)) == 0
    assert file.read_bytes() == starter_template("report")
    assert run("template", "check", str(file), "--form", "report", "--out", str(filled)) == 0
    assert "Mẫu dùng được." in capsys.readouterr().out
    assert "Nguyễn Thị Lan" in text_of_file(filled.read_bytes())


def test_faults_are_told_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, filled = tmp_path / "mau.docx", tmp_path / "xem.docx"
    file.write_bytes(with_paragraphs("{{ nguoi_kí }}", "{{ noi_dung }}"))
    arguments = ("template", "check", str(file), "--form", "report", "--out", str(filled))
    assert run(*arguments) == 1
    assert "Đoạn 1 “{{ nguoi_kí }}”: Không có trường “nguoi_kí”." in capsys.readouterr().out
    assert run(*arguments, "--json") == 1
    assert json.loads(capsys.readouterr().out)["faults"][0]["place"] == "Đoạn 1"
    file.write_bytes(b"MZ")
    assert run(*arguments) == 1
    assert not filled.exists()
    assert run("template", "starter", "bao-cao", "--out", str(filled)) == 1
    assert "Không có biểu mẫu “bao-cao”" in capsys.readouterr().err
