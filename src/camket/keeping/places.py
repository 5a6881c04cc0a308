"""Where stored files lie under the folder of files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def place_of(row: Mapping[str, Any]) -> str:
    """Return the path of a stored file within the folder of files, from its row of any version."""
    name = row.get("storage_name") or row["sha256"]
    return f"{name[:2]}/{name}"


def is_place(path: object) -> bool:
    """Return whether a path may be written to within the folder of files: nothing that leaves it."""
    return isinstance(path, str) and re.fullmatch(r"[0-9a-z]{2}/[0-9a-z]{8,128}", path) is not None
