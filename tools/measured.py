"""Write the table of docs/reference/measured.md: what each target of the real decisions comes to on sample records.

    python tools/measured.py

The table is what tests/objectives/test_measured.py finds; the decisions stand beside the checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST = "tests/objectives/test_measured.py"


def main() -> int:
    command = [sys.executable, "-m", "pytest", "-q", TEST]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "CAMKET_WRITE_MEASURED": "1"}, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
