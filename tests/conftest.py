from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from people import People, make_people

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def people(db: None, settings: Any) -> People:
    # Argon2 is slow on purpose: five passwords a test would be most of the suite's time.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return make_people()


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if "settings" in request.fixturenames or "db" in request.fixturenames or "people" in request.fixturenames:
        request.getfixturevalue("settings").MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real decisions beside the checkout."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("the shared folder of real decisions is not beside this checkout")
    return SHARED
