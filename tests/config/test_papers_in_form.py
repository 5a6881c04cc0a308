"""All papers that the sample's pages offer have the form of Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from processes import lived_in

APART = re.compile(r"^/ho-so/thu/")
"""The slip of apology (Mẫu 04) stands on half a sheet, in sizes of its own."""
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
    found = {address: each for address, each in json.loads(run.stdout).items() if not APART.match(address)}
    assert len(found) >= LEAST
    assert {address: each for address, each in found.items() if each} == {}
