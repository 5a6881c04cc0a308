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

from camket.config import demo
from camket.config.deployment import (
    LONGEST_SINCE_BACKUP,
    DatabaseFacts,
    Facts,
    Level,
    facts_of_installation,
    findings,
)
from camket.org.models import Person

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
    mail_in_the_open="",
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
        ({"mail_in_the_open": "mail.example.gov.vn"}, "mail_open"),
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
    # What tests in a browser have to allow Django, in this process, no installation may.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CAMKET_") and name != "DJANGO_ALLOW_ASYNC_UNSAFE"
    }
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


UNSAFE = {
    "CAMKET_DEBUG": "1",
    "CAMKET_HOSTS": "*",
    "CAMKET_HTTPS": "0",
    "CAMKET_SECRET_KEY": "ngan",
    "CAMKET_TODAY": "2026-07-06",
    "CAMKET_BACKUPS": "",
}


def test_the_command_refuses_with_sentences(installation: Path) -> None:
    done = run(installation, "check", "--deploy", **UNSAFE)
    assert done.returncode == 1
    for said in (
        "Hãy bỏ biến CAMKET_DEBUG",
        "CAMKET_HOSTS cho phép mọi tên miền",
        "Chưa bật HTTPS",
        "Khóa bí mật quá ngắn",
        "CAMKET_TODAY đang cố định ngày 2026-07-06",
        "Chưa cấu hình sao lưu",
        f"còn {len(UNSAFE)} điểm phải khắc phục",
    ):
        assert said in done.stderr
    assert "đưa vào sử dụng thật." not in done.stdout


def test_several_processes_on_one_file_are_refused(installation: Path) -> None:
    done = run(installation, "check", "--deploy", "--workers", "3", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["fit"]) == (1, False)
    refused = [each for each in answer["findings"] if each["level"] == "refused"]
    assert [each["code"] for each in refused] == ["sqlite_workers"]
    assert "3 tiến trình" in refused[0]["message"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_an_empty_folder_opened_to_others_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    key = data / "secret_key"
    key.write_text(SAFE.secret_key, "ascii")
    key.chmod(0o644)
    said = run(tmp_path, "check", "--deploy").stderr
    assert f"chmod 750 {data}" in said
    assert f"chmod 600 {key}" in said
    assert "camket upgrade" in said


@pytest.mark.django_db
def test_people_of_the_sample_are_found_by_the_published_password() -> None:
    published = Person.objects.create_user(login="lan", password=demo.PASSWORD, full_name="Lan")
    Person.objects.create_user(login="tho", password="mat-khau-rieng-cua-tho", full_name="Thọ")
    assert facts_of_installation(workers=1, now=NOW).published_sign_ins == ("lan",)
    published.is_active = False
    published.save()
    assert facts_of_installation(workers=1, now=NOW).published_sign_ins == ()


HTTPS = """
import django; django.setup()
from django.test import Client
for secure in (False, True):
    answer = Client().get("/dang-nhap/", secure=secure, headers={"host": "iso.example.gov.vn"})
    cookie = answer.cookies.get("csrftoken")
    print(answer.status_code, answer.headers.get("Location"), answer.headers.get("Strict-Transport-Security"),
          cookie and (cookie["secure"], cookie["samesite"]))
from django.conf import settings
print(settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE)
"""


def test_https_is_spoken_throughout_once_it_is_on(installation: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HTTPS],
        env=environment(installation),
        cwd=installation,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    plain, sealed, session = done.stdout.strip().splitlines()
    assert plain == "301 https://iso.example.gov.vn/dang-nhap/ None None"
    assert sealed == "200 None max-age=31536000 (True, 'Lax')"
    assert session == "True True Lax"


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
