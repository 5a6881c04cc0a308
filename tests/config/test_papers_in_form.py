"""All papers that the sample's pages offer have the form of Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from processes import lived_in

HALF_SHEETS = re.compile(r"^/ho-so/thu/")
"""Slips on half a sheet, of which Mẫu 04 of Thông tư 01/2018/TT-VPCP is one: Nghị định 30/2020/NĐ-CP measures A4 alone."""
OF_THE_SHEET = frozenset(
    {
        "page.size",
        "page.top",
        "page.bottom",
        "page.left",
        "page.right",
        "page_number.letters",
        "body.indent",
        "body.gap",
    }
)
"""What follows from the smaller sheet, beside the sizes of letters; everything else holds there as on A4."""
LEAST = 30


def test_every_paper_of_the_sample_is_in_form(tmp_path: Path) -> None:
    lived_in(tmp_path / "data")
    environment = {
        **os.environ,
        "CAMKET_DATA": str(tmp_path / "data"),
        "CAMKET_LOG_LEVEL": "ERROR",
        "CAMKET_DEBUG": "1",
    }
    environment.pop("DATABASE_URL", None)
    program = Path(__file__).with_name("papers_in_form.py")
    run = subprocess.run(
        [sys.executable, program, "lan", "cam-ket-2026"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    slips = [address for address in found if HALF_SHEETS.match(address)]
    assert slips
    for address in slips:
        assert any(each.startswith("page.size: ") for each in found[address]), address
        found[address] = [each for each in found[address] if not _is_of_the_sheet(each)]
    assert len(found) >= LEAST
    assert {address: each for address, each in found.items() if each} == {}


def _is_of_the_sheet(deviation: str) -> bool:
    code = deviation.partition(":")[0]
    return code in OF_THE_SHEET or code.endswith(".size")
