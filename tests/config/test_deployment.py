"""Each unsafe set-up is refused, and says what, why and how to mend it; a safe one is let through."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from camket.config.deployment import LONGEST_SINCE_BACKUP, DatabaseFacts, Facts, Level, findings

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
POSTGRES = DatabaseFacts(is_sqlite=False, host="/run/postgresql")
SAFE = Facts(
    debug=False,
    https=True,
    hosts=("iso.example.gov.vn",),
    origins=("https://iso.example.gov.vn",),
    secret_key="kx7Qd0mWZ3vB9sLr1TgYp5NcJh8EaUf2oIiRw6MzXbVtDqSkGy4H",
    today="",
    workers=1,
    data=Path("/var/lib/camket"),
    static=Path("/var/lib/camket/static"),
    data_mode=0o750,
    key_mode=0o600,
    database=DatabaseFacts(is_sqlite=True),
    published_sign_ins=(),
    backups=Path("/mnt/sao-luu"),
    backed_up_at=NOW - timedelta(hours=8),
    has_mail=True,
    is_root=False,
    django=(),
    now=NOW,
)


def codes(level: Level, **changes: Any) -> set[str]:
    return {each.code for each in findings(replace(SAFE, **changes)) if each.level is level}


def test_a_safe_installation_is_let_through() -> None:
    assert findings(SAFE) == ()
    assert findings(replace(SAFE, database=POSTGRES, workers=4)) == ()


def test_a_machine_that_serves_only_itself_needs_no_https() -> None:
    assert findings(replace(SAFE, https=False, hosts=("localhost", "127.0.0.1", "[::1]"), origins=())) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"debug": True}, "debug"),
        ({"hosts": ("iso.example.gov.vn", "*")}, "hosts_any"),
        ({"https": False}, "https_off"),
        ({"https": False, "hosts": ("localhost", "10.0.0.5")}, "https_off"),
        ({"origins": ("http://iso.example.gov.vn",)}, "origins"),
        ({"origins": ("https://*.example.gov.vn",)}, "origins"),
        ({"secret_key": "ngan"}, "key_weak"),
        ({"secret_key": "ab" * 40}, "key_weak"),
        ({"secret_key": "django-insecure-" + SAFE.secret_key}, "key_published"),
        ({"secret_key": "doi-khoa-nay"}, "key_published"),
        ({"key_mode": 0o640}, "key_readable"),
        ({"key_mode": 0o604}, "key_readable"),
        ({"data_mode": 0o755}, "data_readable"),
        ({"data": Path("/var/www/html/camket")}, "data_served"),
        ({"data": Path("/home/iso/public_html/data")}, "data_served"),
        ({"data": Path("/srv/a"), "static": Path("/srv")}, "data_served"),
        ({"today": "2026-07-06"}, "today"),
        ({"workers": 2}, "sqlite_workers"),
        ({"database": DatabaseFacts(is_sqlite=True, pending=("org.0009_x",))}, "migrations"),
        ({"database": DatabaseFacts(is_sqlite=False, is_out_of_reach="refused")}, "database"),
        ({"database": DatabaseFacts(is_sqlite=False, host="10.0.0.9")}, "database_open"),
        ({"database": DatabaseFacts(is_sqlite=False, host="10.0.0.9", sslmode="prefer")}, "database_open"),
        ({"database": replace(POSTGRES, is_superuser=True)}, "database_superuser"),
        ({"published_sign_ins": ("lan",)}, "sample_sign_ins"),
        ({"backups": None}, "backups_off"),
        ({"backups": Path("/var/lib/camket/backups")}, "backups_inside"),
        ({"backed_up_at": None}, "backups_never"),
        ({"backed_up_at": NOW - LONGEST_SINCE_BACKUP - timedelta(minutes=1)}, "backups_old"),
        ({"django": (("security.W001", "no middleware"),)}, "security.W001"),
    ],
)
def test_each_unsafe_setup_is_refused(changes: dict[str, Any], code: str) -> None:
    assert codes(Level.REFUSED, **changes) == {code}
    assert not codes(Level.NOTE, **changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"has_mail": False}, "mail"),
        ({"is_root": True}, "root"),
        ({"database": DatabaseFacts(False, host="10.0.0.9", sslmode="require")}, "database_unverified"),
    ],
)
def test_what_is_only_worth_knowing_refuses_nothing(changes: dict[str, Any], code: str) -> None:
    assert codes(Level.NOTE, **changes) == {code}
    assert not codes(Level.REFUSED, **changes)


def test_every_finding_says_itself_with_its_values() -> None:
    worst = replace(SAFE, debug=True, hosts=("*",), https=False, workers=3, backups=None, secret_key="x")
    for each in findings(worst):
        assert "%(" not in str(each.message)
        assert str(each.message).count(".") >= 1


# The command


def environment(folder: Path, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAMKET_")}
    kept.pop("DATABASE_URL", None)
    safe = {
        "CAMKET_DATA": str(folder / "data"),
        "CAMKET_BACKUPS": str(folder / "backups"),
        "CAMKET_HOSTS": "iso.example.gov.vn",
        "CAMKET_HTTPS": "1",
        "DJANGO_SETTINGS_MODULE": "camket.config.settings",
    }
    return {**kept, **safe, **changes}


def run(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "camket.config.cli", *arguments],
        cwd=folder,
        env=environment(folder, **changes),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation as a careful administrator makes it, backed up once."""
    folder = tmp_path_factory.mktemp("installation")
    for command in (("upgrade",), ("jobs", "run-now", "backup")):
        done = run(folder, *command)
        assert done.returncode == 0, done.stderr
    return folder


def test_a_fresh_installation_needs_no_care_to_be_safe(installation: Path) -> None:
    """Folder and key are closed to others as they are made; only hosts, HTTPS and backups were set."""
    done = run(installation, "check", "--deploy")
    assert done.returncode == 0, done.stderr
    assert "đủ điều kiện đưa vào sử dụng thật" in done.stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"CAMKET_DEBUG": "1"}, "Hãy bỏ biến CAMKET_DEBUG"),
        ({"CAMKET_HOSTS": "*"}, "CAMKET_HOSTS cho phép mọi tên miền"),
        ({"CAMKET_HTTPS": "0"}, "Chưa bật HTTPS"),
        ({"CAMKET_SECRET_KEY": "ngan"}, "Khóa bí mật quá ngắn"),
        ({"CAMKET_TODAY": "2026-07-06"}, "CAMKET_TODAY đang cố định ngày 2026-07-06"),
        ({"CAMKET_BACKUPS": ""}, "Chưa cấu hình sao lưu"),
    ],
)
def test_the_command_refuses_with_sentences(installation: Path, changes: dict[str, str], said: str) -> None:
    done = run(installation, "check", "--deploy", **changes)
    assert done.returncode == 1
    assert said in done.stderr
    assert "còn 1 điểm phải khắc phục" in done.stderr
    assert "sử dụng thật." not in done.stdout


def test_several_processes_on_one_file_are_refused(installation: Path) -> None:
    done = run(installation, "check", "--deploy", "--workers", "3", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["fit"]) == (1, False)
    refused = [each for each in answer["findings"] if each["level"] == "refused"]
    assert [each["code"] for each in refused] == ["sqlite_workers"]
    assert "3 tiến trình" in refused[0]["message"]


def test_an_empty_folder_is_not_taken_for_an_installation(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "--deploy")
    assert done.returncode == 1
    assert "camket upgrade" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_folders_opened_to_others_are_refused(tmp_path: Path) -> None:
    run(tmp_path, "check")
    data = tmp_path / "data"
    assert data.stat().st_mode & 0o077 == 0
    data.chmod(0o755)
    (data / "secret_key").chmod(0o644)
    said = run(tmp_path, "check", "--deploy").stderr
    assert f"chmod 750 {data}" in said
    assert f"chmod 600 {data / 'secret_key'}" in said


def test_the_sample_is_not_for_real_work(tmp_path: Path) -> None:
    assert run(tmp_path, "demo", "--no-serve").returncode == 0
    answer = json.loads(run(tmp_path, "check", "--deploy", "--json").stdout)
    said = {each["code"]: each["message"] for each in answer["findings"]}
    assert "lan" in said["sample_sign_ins"]


def test_a_database_far_away_is_spoken_to_as_its_address_says(tmp_path: Path) -> None:
    asked = "from django.conf import settings as s; print(s.DATABASES['default']['OPTIONS'])"
    address = "postgresql://camket:x@10.0.0.9/camket?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env=environment(tmp_path, DATABASE_URL=address),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "{'sslmode': 'verify-full', 'sslrootcert': '/etc/ca.pem'}"
