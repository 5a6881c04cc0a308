"""The command line as a person uses it: what it prints, what it refuses, and with which exit status."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.utils import timezone

from camket.config.cli import installation
from processes import command_of_many, lived_in, prepared

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "samples" / "ke-hoach-2026.json"
DECISION = ROOT / "samples" / "quyet-dinh-2026.docx"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment_of(folder: Path) -> dict[str, str]:
    environment = {
        **os.environ,
        "CAMKET_DATA": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "camket.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    return environment


def runner(folder: Path) -> Run:
    environment = environment_of(folder)

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "camket.config.cli", *map(str, arguments)]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )

    return run


@pytest.fixture
def camket(tmp_path: Path) -> Run:
    return runner(tmp_path)


def test_a_database_of_an_older_version_is_not_worked_on(installed: Run, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "camket.sqlite3")) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'registers' AND name LIKE '0008%'")
        database.execute("DROP TABLE registers_documentcopy")
        database.execute("ALTER TABLE org_agency RENAME COLUMN code TO old_code")
        database.commit()
    for command in (("agency", "list"), ("journal", "verify")):
        done = installed(*command)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("Cơ sở dữ liệu cũ hơn phiên bản phần mềm")
        assert done.stderr.rstrip().endswith("camket upgrade")
        assert "Traceback" not in done.stderr


def test_commands_take_the_day_that_is_fixed_for_a_demo(settings: Any) -> None:
    settings.TODAY = date(2026, 7, 6)
    assert installation.today() == date(2026, 7, 6)
    assert installation.now().utcoffset() == timedelta(hours=7)
    settings.TODAY = None
    assert installation.today() == timezone.localdate()


def test_a_folder_without_a_database_says_how_to_make_one(camket: Run) -> None:
    done = camket("agency", "list")
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("camket upgrade")


@pytest.fixture
def installed(tmp_path: Path) -> Run:
    """What runs commands on an installation that has its tables."""
    prepared(tmp_path / "data")
    return runner(tmp_path)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    """An installation filled with the sample agency."""
    folder = tmp_path_factory.mktemp("demo")
    lived_in(folder / "data")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return command_of_many(environment_of(folder), *map(str, arguments), folder=folder)

    return run, folder


def test_the_sample_decision_reads_as_the_sample_plan(camket: Run) -> None:
    done = camket("read", DECISION)
    assert done.returncode == 0
    read = json.loads(done.stdout)
    for objective in read["objectives"]:
        for target in objective["targets"]:
            del target["period"]
    assert read == json.loads(PLAN.read_text("utf-8"))


def test_read_writes_a_file_and_leaves_no_data_folder(camket: Run, tmp_path: Path) -> None:
    assert camket("read", DECISION, "--out", "plan.json").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_read_gives_spans_and_confidence_when_asked(camket: Run) -> None:
    full = json.loads(camket("read", DECISION, "--full").stdout)
    assert full["spans"]["decision.number"]
    assert 0 <= full["confidence"]["objectives[0].targets[0]"] <= 1


REFUSED = [
    ("no such file", "khong-co.docx", None, "Không mở được"),
    ("empty", "rong.docx", b"", "trống"),
    (
        "old Word",
        "cu.doc",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"),
        ".docx",
    ),
    ("damaged", "hong.docx", b"PK\x03\x04 not a zip at all", "hong.docx"),
    ("a picture", "anh.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "anh.png"),
]


@pytest.mark.parametrize(
    ("name", "data", "says"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_cannot_be_read_is_explained_in_vietnamese(
    camket: Run, tmp_path: Path, name: str, data: bytes | None, says: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = camket("read", name)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


LAYOUTS = ("responsibilities", "sections", "targets", "measures")
KINDS = ("docx", "pdf")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Every paper of the plan as two processes wrote it, whose sets and names of files have other orders."""
    folders = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    script = "import sys\nfrom camket.config.cli import main\n" + "".join(
        f"try: main(['write', {str(PLAN)!r}, '--layout', {layout!r}, '--out', '{layout}.{kind}'])\n"
        "except SystemExit as end: assert not end.code\n"
        for layout in LAYOUTS
        for kind in KINDS
    )
    for number, folder in enumerate(folders):
        environment = environment_of(folder) | {"PYTHONHASHSEED": str(number)}
        subprocess.run([sys.executable, "-c", script], cwd=folder, env=environment, check=True)
    return folders


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", KINDS)
def test_write_makes_the_same_bytes_each_time(written: tuple[Path, Path], layout: str, kind: str) -> None:
    one, two = ((folder / f"{layout}.{kind}").read_bytes() for folder in written)
    assert one == two
    assert one.startswith(b"PK" if kind == "docx" else b"%PDF")


def test_write_refuses_what_is_no_plan_and_writes_nothing(camket: Run, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"format": "camket-plan/1", "agency": {"name": 3}}')
    done = camket("write", "x.json", "--out", "x.docx")
    assert done.returncode == 1
    assert "agency.name" in done.stderr
    assert not (tmp_path / "x.docx").exists()


def test_write_names_the_layouts_it_knows(camket: Run) -> None:
    done = camket("write", PLAN, "--layout", "khac", "--out", "x.docx")
    assert done.returncode == 2
    assert "responsibilities" in done.stderr


def test_the_schema_is_json(camket: Run) -> None:
    assert json.loads(camket("schema").stdout)["title"] == "camket-plan/1"


def test_the_form_of_a_document_is_checked(camket: Run, tmp_path: Path) -> None:
    conform = camket("conform", DECISION)
    assert (conform.returncode, conform.stdout) == (
        0,
        "Không có điểm nào sai so với Nghị định 30/2020/NĐ-CP, Phụ lục I.\n",
    )
    other = tmp_path / "khac.docx"
    docx.Document().save(str(other))
    found = camket("conform", other, "--json")
    assert found.returncode == 1
    assert "nation.missing" in [each["code"] for each in json.loads(found.stdout)["deviations"]]
    refused = camket("conform", PLAN)
    assert refused.returncode == 1
    assert "Chỉ kiểm tra được văn bản Word" in refused.stderr


def test_english_on_request(camket: Run) -> None:
    assert "cannot be opened" in camket("--language", "en", "read", "khong-co.docx").stderr


def test_the_demo_says_how_five_people_sign_in(demo: tuple[Run, Path]) -> None:
    run, _ = demo
    done = run("demo", "--no-serve")
    assert done.returncode == 0
    posts = ("Thư ký ISO", "Chủ tịch", "Công chức", "Quản trị hệ thống", "Người kiểm tra")
    assert [post for post in posts if post not in done.stdout] == []


def test_the_sample_commune_stands_in_a_province_and_has_a_history(demo: tuple[Run, Path]) -> None:
    run, _ = demo
    agencies = {row["code"]: row for row in json.loads(run("agency", "list", "--json").stdout)}
    assert agencies["H99"]["parent"] is None
    assert {code for code, row in agencies.items() if row["parent"] == "H99" and not row["valid_to"]} == {
        "H99.99.01",
        "H99.99.02",
    }
    before = {code for code, row in agencies.items() if row["valid_to"] == "2025-06-30"}
    assert before == {"H99.11.03", "H99.11.04"}
    lagging = json.loads(run("verdicts", "--agency", "H99.99.02", "--on", "2026-07-06", "--json").stdout)
    assert sum(row["state"] == "at_risk" for row in lagging) > len(lagging) / 2


def test_the_first_demo_serves_papers_too(tmp_path: Path) -> None:
    """What filled the sample printed a report before the server's workers began: they must print as well."""
    prepared(tmp_path / "data")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    serving = subprocess.Popen(
        [sys.executable, "-m", "camket.config.cli", "demo", "--port", port],
        cwd=tmp_path,
        env=environment_of(tmp_path),
        stdout=subprocess.DEVNULL,
    )
    try:
        page = ""
        until = time.monotonic() + 120
        while not page and time.monotonic() < until:
            try:
                page = browser.open(f"{address}/dang-nhap/", timeout=10).read().decode()
            except OSError:
                time.sleep(0.2)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        sign_in = {"csrfmiddlewaretoken": token[1], "login": "lan", "password": "cam-ket-2026", "next": ""}
        browser.open(f"{address}/dang-nhap/", urllib.parse.urlencode(sign_in).encode(), timeout=10)
        paper = browser.open(f"{address}/bao-cao/van-ban-ke-hoach/1/sections.pdf", timeout=30).read()
        assert paper.startswith(b"%PDF")
    finally:
        serving.terminate()
        serving.wait(timeout=30)


def test_filling_the_demo_twice_changes_nothing(demo: tuple[Run, Path]) -> None:
    run, folder = demo

    def counts() -> list[int]:
        with sqlite3.connect(folder / "data" / "camket.sqlite3") as database:
            tables = ("org_person", "actions_task", "indicators_reading", "journal_entry", "reporting_report")
            return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]

    before = counts()
    assert min(before) > 1
    assert run("demo", "--no-serve").returncode == 0
    assert counts() == before


def test_verdicts_give_every_target_with_its_reason(demo: tuple[Run, Path]) -> None:
    run, _ = demo
    rows = json.loads(run("verdicts", "--agency", "H99.99.01", "--on", "2026-07-06", "--json").stdout)
    plan = json.loads(PLAN.read_text("utf-8"))
    assert [row["target"] for row in rows] == [
        target["text"] for objective in plan["objectives"] for target in objective["targets"]
    ]
    assert all(row["reason"] and row["state"] for row in rows)
    assert [row["target"] for row in rows if row["state"] == "no_data"] == []
    late = next(row for row in rows if "trễ hạn" in row["target"])
    assert late["state"] in {"missed", "at_risk"}


def test_what_a_register_can_measure_in_the_sample_is_measured_by_it(demo: tuple[Run, Path]) -> None:
    _, folder = demo
    with sqlite3.connect(folder / "data" / "camket.sqlite3") as database:
        rows = database.execute(
            "SELECT DISTINCT target.text FROM objectives_target target"
            " JOIN indicators_indicator indicator ON indicator.id = target.indicator_id"
            " JOIN org_agency agency ON agency.id = indicator.agency_id"
            " WHERE agency.code IN ('H99.99.01', 'H99.99.02') AND indicator.formula IS NULL"
        ).fetchall()
    assert rows == [("không để xảy ra khiếu nại vượt cấp",)]


def test_figures_give_every_counted_indicator_and_every_target(demo: tuple[Run, Path]) -> None:
    run, _ = demo
    printed = json.loads(run("figures", "--agency", "H99.99.01", "--period", "2026", "--json").stdout)
    rows = {row["code"]: row for row in printed["indicators"]}
    assert rows["tasks.done"]["has_records"]
    assert isinstance(rows["tasks.done"]["numerator"], str)
    assert {"state", "numerator", "denominator", "allowance", "forecast"} <= set(printed["targets"][0])
    assert "tasks.done" in run("figures", "--agency", "H99.99.01", "--period", "2026-Q1").stdout
    lines = run(
        "--language", "vi", "figures", "--agency", "H99.99.01", "--period", "2026"
    ).stdout.splitlines()
    told = {each["target"]: each["state"] for each in printed["targets"]}
    names = {"met": "Đạt", "on_track": "Đúng tiến độ", "at_risk": "Có nguy cơ", "missed": "Không đạt"}
    names |= {"no_data": "Chưa có số liệu", "nothing_arose": "Không phát sinh"}
    for text, state in told.items():
        assert any(names[state] in line and line.endswith(text) for line in lines), (state, text)
    assert run("figures", "--agency", "H00", "--period", "2026").returncode == 1
    assert run("figures", "--agency", "H99.99.01", "--period", "soon").returncode == 2


def test_verdicts_of_an_unknown_agency_are_refused(demo: tuple[Run, Path]) -> None:
    done = demo[0]("verdicts", "--agency", "H00")
    assert done.returncode == 1
    assert "H00" in done.stderr


def tamper(folder: Path, change: str) -> list[str]:
    """Change the journal behind the product's back, as whoever owns the file can; return what undoes the guard."""
    with sqlite3.connect(folder / "data" / "camket.sqlite3") as database:
        guards = database.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'"
        ).fetchall()
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute(change)
    return [sql for (sql,) in guards]


def test_a_changed_journal_entry_shows(demo: tuple[Run, Path], tmp_path: Path) -> None:
    run, folder = demo
    whole = json.loads(run("journal", "verify", "--json").stdout)
    assert {(row["whole"], row["accesses"]["whole"]) for row in whole} == {(True, True)}
    heads = tmp_path / "heads.json"
    heads.write_text(run("journal", "heads", "--json").stdout, "utf-8")
    since = run("journal", "verify", "--since", str(heads))
    assert since.returncode == 0, since.stdout + since.stderr
    place = "sequence = 5 AND agency_id = (SELECT id FROM org_agency WHERE code = 'H99.99.01')"
    change = f"UPDATE journal_entry SET reason = 'khác' WHERE {place}"
    with sqlite3.connect(folder / "data" / "camket.sqlite3") as database:
        (reason,) = database.execute(f"SELECT reason FROM journal_entry WHERE {place}").fetchone()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(change)
    guards = tamper(folder, change)
    try:
        done = run("journal", "verify", "--json")
        assert done.returncode == 1
        assert "journal_entry_kept_from_update" in done.stderr
        broken = [row for row in json.loads(done.stdout) if not row["whole"]]
        assert [(row["broken_at"], row["fault"]) for row in broken] == [(5, "altered")]
        assert "không khớp với mã băm" in run("journal", "verify").stdout
    finally:
        with sqlite3.connect(folder / "data" / "camket.sqlite3") as database:
            database.execute(f"UPDATE journal_entry SET reason = ? WHERE {place}", (reason,))
            for guard in guards:
                database.execute(guard)
    assert run("journal", "verify").returncode == 0


def test_an_exported_journal_is_checked_without_a_database(demo: tuple[Run, Path], tmp_path: Path) -> None:
    run, _ = demo
    lines, table = tmp_path / "nhat-ky.jsonl", tmp_path / "nhat-ky.csv"
    assert run("journal", "export", "--agency", "H99.99.01", "--out", str(lines)).returncode == 0
    assert run("journal", "export", "--agency", "H99.99.01", "--out", str(table)).returncode == 0
    assert "Xuất nhật ký" in table.read_text("utf-8-sig")
    done = run("journal", "verify", "--file", str(lines), "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["is_whole_journal"] is True
    text = lines.read_text("utf-8").splitlines()
    lines.write_text("\n".join([*text[:5], *text[6:]]), "utf-8")
    done = run("journal", "verify", "--file", str(lines))
    assert done.returncode == 1
    assert "BỊ ĐỨT tại bản ghi 5" in done.stdout
    lines.write_text("{}", "utf-8")
    refused = run("journal", "verify", "--file", str(lines))
    assert refused.returncode == 1
    assert "dòng 1" in refused.stderr
    assert run("journal", "export", "--agency", "H00", "--out", str(table)).returncode == 1
    assert run("journal", "export", "--agency", "H99.99.01", "--out", "a.pdf").returncode == 2


def test_noted_heads_that_are_none_are_refused(demo: tuple[Run, Path], tmp_path: Path) -> None:
    (tmp_path / "heads.json").write_text('[{"agency": "H99"}]', "utf-8")
    done = demo[0]("journal", "verify", "--since", str(tmp_path / "heads.json"))
    assert done.returncode == 1
    assert "heads.json" in done.stderr


def test_a_plan_is_brought_in_once(installed: Run) -> None:
    opened = installed(
        "agency", "add", "--code", "H99.03", "--name", "UBND xã Bình Yên", "--level", "commune",
        "--secretary", "Nguyễn Thị An", "--login", "an",
    )  # fmt: skip
    assert opened.returncode == 0, opened.stderr
    assert [row["code"] for row in json.loads(installed("agency", "list", "--json").stdout)] == ["H99.03"]
    first = installed("plan", "import", DECISION, "--agency", "H99.03", "--by", "an", "--json")
    assert first.returncode == 0, first.stderr
    again = json.loads(
        installed("plan", "import", DECISION, "--agency", "H99.03", "--by", "an", "--json").stdout
    )
    assert again == {"plan": json.loads(first.stdout)["plan"], "is_new": False}
    stranger = installed("plan", "import", DECISION, "--agency", "H99.03", "--by", "chi")
    assert (stranger.returncode, "chi" in stranger.stderr) == (1, True)


def test_a_lost_password_is_replaced(installed: Run) -> None:
    add = (
        "agency",
        "add",
        "--code",
        "H99.05",
        "--name",
        "UBND xã Bình Yên",
        "--level",
        "commune",
        "--secretary",
        "Nguyễn Thị An",
    )
    first = installed(*add, "--login", "an").stdout.split()[-1]
    done = installed("person", "reset", "An")
    assert (done.returncode, done.stdout.split()[0]) == (0, "an")
    assert done.stdout.split()[-1] != first
    assert installed("journal", "verify").returncode == 0
    nobody = installed("person", "reset", "khong-ai")
    assert (nobody.returncode, "khong-ai" in nobody.stderr) == (1, True)


def test_an_agency_code_is_given_once(installed: Run) -> None:
    add = (
        "agency",
        "add",
        "--code",
        "H99.04",
        "--name",
        "UBND xã Bình Yên",
        "--level",
        "commune",
        "--secretary",
        "Nguyễn Thị An",
    )
    assert installed(*add, "--login", "an").returncode == 0
    refused = installed(*add, "--login", "khac")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
