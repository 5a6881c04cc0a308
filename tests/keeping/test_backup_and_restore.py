"""Backups as who runs an installation makes and restores them: with commands, from engine to engine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from camket.journal import guard
from camket.keeping import restore, tables
from camket.keeping.backup import BackupRefused, Damaged, verify_backup
from installations import ENGINE, Installation
from processes import eventually, prepared

Install = Callable[..., Installation]


@pytest.fixture(scope="session")
def backup(lived_in: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backups") / "all.zip"
    lived_in.run("backup", path)
    return path


@pytest.fixture(scope="session")
def restoring(backup: Path, install: Install) -> tuple[Installation, dict[str, Any]]:
    """An installation that had no tables, with what the backup holds, and what it told of that; to be left as it is."""
    made = install(ENGINE)
    return made, json.loads(made.run("restore", backup, "--json"))


@pytest.fixture
def restored(restoring: tuple[Installation, dict[str, Any]], install: Install) -> Installation:
    """An installation with what the backup holds, for a test of its own."""
    return install(ENGINE, like=restoring[0])


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return found


def contents(path: Path) -> dict[str, bytes]:
    """Every table and file of a backup, byte for byte."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def rewritten(path: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a backup with entries changed, or left out where the change gives None."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


SAMPLE = ["H99", "H99.11.03", "H99.11.04", "H99.99.01", "H99.99.02"]


def codes(installation: Installation) -> list[str]:
    """Return the codes of the agencies that an installation has."""
    return [row["code"] for row in json.loads(installation.run("agency", "list", "--json"))]


def test_a_backup_comes_back_byte_for_byte(
    backup: Path,
    lived_in: Installation,
    restoring: tuple[Installation, dict[str, Any]],
    tmp_path: Path,
) -> None:
    other, told = restoring
    assert told["broken_journals"] == []
    assert told["rows"] == sum(table["rows"] for table in manifest(backup)["tables"]) > 500
    other.run("backup", tmp_path / "again.zip")
    assert contents(tmp_path / "again.zip") == contents(backup)
    is_as_it_was(other, lived_in, backup)


@pytest.mark.only_on("postgresql")
def test_a_backup_comes_back_byte_for_byte_on_the_other_engine_and_from_there(
    backup: Path, lived_in: Installation, install: Install, tmp_path: Path
) -> None:
    other, back = install("sqlite", is_prepared=True), install(ENGINE, is_prepared=True)
    told = json.loads(other.run("restore", backup, "--json"))
    assert told["broken_journals"] == []
    other.run("backup", tmp_path / "again.zip")
    assert contents(tmp_path / "again.zip") == contents(backup)
    is_as_it_was(other, lived_in, backup)
    back.run("restore", tmp_path / "again.zip")
    back.run("backup", tmp_path / "back.zip")
    assert contents(tmp_path / "back.zip") == contents(backup)


def is_as_it_was(other: Installation, lived_in: Installation, backup: Path) -> None:
    """Assert that files and journals came back as they were."""
    assert [path.read_bytes() for path in other.files()] == [path.read_bytes() for path in lived_in.files()]
    state = json.loads(other.run("journal", "verify", "--json"))
    assert all(agency["whole"] for agency in state)
    assert {agency["head"] for agency in state} == {each["head"] for each in manifest(backup)["journals"]}


def test_work_goes_on_after_a_restore_with_numbers_never_given_before(
    backup: Path, restored: Installation
) -> None:
    latest = {table["name"]: table["latest_key"] for table in manifest(backup)["tables"]}
    restored.run(
        "agency", "add", "--code", "H99.07", "--name", "UBND xã Bình Yên", "--level", "commune",
        "--secretary", "Nguyễn Thị An", "--login", "an",
    )  # fmt: skip
    for table in ("org_agency", "org_person", "journal_entry"):
        ((highest,),) = restored.sql(f"SELECT MAX(id) FROM {table}")
        assert isinstance(highest, int)
        assert highest > latest[table]
    assert all(row["whole"] for row in json.loads(restored.run("journal", "verify", "--json")))


def test_a_backup_says_what_it_holds_and_only_its_owner_reads_it(
    backup: Path, lived_in: Installation
) -> None:
    said = manifest(backup)
    assert (said["format"], said["version"]) == ("camket-backup", 1)
    assert {"sessions.session", "org.failedsignins", "jobs.job"} <= said["left_out"].keys()
    labels = [table["label"] for table in said["tables"]]
    assert not {"sessions.session", "org.failedsignins", "jobs.job"} & set(labels)
    assert labels.index("org.agency") < labels.index("objectives.plan") < labels.index("objectives.target")
    held = contents(backup)
    for table in said["tables"]:
        lines = held[table["file"]]
        assert (lines.count(b"\n"), hashlib.sha256(lines).hexdigest()) == (table["rows"], table["sha256"])
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    secret = lived_in.folder / "secret_key"
    assert secret.read_bytes() not in b"".join(held.values())
    checked = json.loads(lived_in.run("backup", "--json", "verify", backup))
    assert (checked["files"], checked["missing"]) == (len(lived_in.files()), [])


def test_a_backup_is_checked_where_there_is_no_installation(backup: Path, tmp_path: Path) -> None:
    nowhere = Installation(tmp_path / "empty", None)
    assert "nguyên vẹn" in nowhere.run("backup", "verify", backup)
    assert not (tmp_path / "empty" / "camket.sqlite3").exists()


def test_a_second_backup_of_the_same_name_is_refused(backup: Path, lived_in: Installation) -> None:
    before = backup.read_bytes()
    assert "đã có" in lived_in.refused("backup", backup)
    assert backup.read_bytes() == before


def changed_table(name: str, data: bytes) -> bytes:
    return data.replace("Vũ Quang Thọ".encode(), "Vũ Quang Thơ".encode()) if "org_person" in name else data


def lost_table(name: str, data: bytes) -> bytes | None:
    return None if name == "tables/reporting_report.jsonl" else data


def changed_file(name: str, data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1]) if name.startswith("files/") else data


def lost_file(name: str, data: bytes) -> bytes | None:
    return None if name.startswith("files/") else data


def lost_line(name: str, data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:-1]) if "journal_entry" in name else data


def lost_manifest(name: str, data: bytes) -> bytes | None:
    return None if name == "manifest.json" else data


def newer(name: str, data: bytes) -> bytes:
    return data.replace(b'"version": 1', b'"version": 2') if name == "manifest.json" else data


def unknown_migration(name: str, data: bytes) -> bytes:
    return (
        data.replace(b'"0001_initial"', b'"0001_initial", "0999_of_next_year"', 1)
        if "manifest" in name
        else data
    )


def leaving_the_folder(name: str, data: bytes) -> bytes:
    if name != "files.jsonl":
        return data
    first = json.loads(data.splitlines()[0])
    return data.replace(first["path"].encode(), b"../../../etc/x")


CHANGES = [
    ("a changed row", changed_table, "the table org_person was changed"),
    ("a lost table", lost_table, "tables/reporting_report.jsonl is missing"),
    ("a changed file", changed_file, "was changed"),
    ("a lost file", lost_file, "is missing"),
    ("a lost entry of the journal", lost_line, "the table journal_entry was changed"),
    ("no manifest", lost_manifest, "it has no manifest"),
    ("a newer format", newer, "newer version"),
    ("a file that would be written elsewhere", leaving_the_folder, "has no safe name"),
]


@pytest.mark.parametrize(("_case", "change", "said"), CHANGES, ids=[case[0] for case in CHANGES])
def test_what_was_tampered_with_is_refused(
    backup: Path, tmp_path: Path, _case: str, change: Callable[[str, bytes], bytes | None], said: str
) -> None:
    forged = rewritten(backup, tmp_path / "forged.zip", change)
    with pytest.raises(BackupRefused, match=said):
        verify_backup(path=forged)


SHAPES: list[tuple[tuple[str | int, ...], Any]] = [
    (("tables",), None),
    (("tables", 0), "org_person"),
    (("tables", 0, "file"), ["manifest.json"]),
    (("tables", 0, "columns"), 5),
    (("tables", 0, "label"), None),
    (("tables", 0, "latest_key"), 10**30),
    (("tables", 0, "rows"), -1),
    (("files", "count"), "many"),
    (("files", "file"), "manifest.json"),
    (("journals", 0), {"code": 1}),
    (("migrations",), ["org"]),
    (("missing",), 7),
    (("made_at",), {}),
]


@pytest.mark.parametrize(("place", "value"), SHAPES, ids=[str(place) for place, _value in SHAPES])
def test_a_manifest_of_another_shape_is_refused_in_words(
    backup: Path, tmp_path: Path, place: tuple[str | int, ...], value: Any
) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        manifest = json.loads(data)
        inner = manifest
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = value
        return json.dumps(manifest).encode()

    with pytest.raises(Damaged):
        verify_backup(path=rewritten(backup, tmp_path / "forged.zip", change))


DEEP = b"[" * 100_000
FORGED = [
    ("manifest.json", lambda data: DEEP),
    ("manifest.json", lambda data: b"[]"),
    ("files.jsonl", lambda data: b"{}\n"),
    ("files.jsonl", lambda data: DEEP + b"\n"),
    ("files.jsonl", lambda data: b'{"path": ["x"], "size": 1, "sha256": ""}\n'),
    ("tables/org_agency.jsonl", lambda data: DEEP + b"\n" + data),
    ("tables/org_agency.jsonl", lambda data: data.replace(b'"id":1,', b'"id":[1],')),
    ("tables/journal_entry.jsonl", lambda data: data.replace(b'"sequence":1,', b'"sequence":"1",')),
    ("tables/org_agency.jsonl", lambda data: b'"' + b"x" * (65 * 1024 * 1024) + data),
]


@pytest.mark.parametrize("at", range(len(FORGED)))
def test_contents_of_another_shape_are_refused_in_words(backup: Path, tmp_path: Path, at: int) -> None:
    """A forger makes the checksums fit; what is read is still held against what it may be."""
    entry, forge = FORGED[at]
    made: dict[str, bytes] = {}

    def change(name: str, data: bytes) -> bytes:
        if name == entry:
            made[name] = data = forge(data)
        if name == "manifest.json" and name != entry:
            manifest = json.loads(data)
            listed = manifest["files"] if entry == "files.jsonl" else None
            for each in [listed] if listed else manifest["tables"]:
                if each["file"] == entry:
                    each["sha256"] = hashlib.sha256(made[entry]).hexdigest()
                    each["count" if listed else "rows"] = made[entry].count(b"\n")
            return json.dumps(manifest).encode()
        return data

    with pytest.raises(Damaged):
        verify_backup(path=rewritten(backup, tmp_path / "forged.zip", change))


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("change", "said"), [(changed_file, "bị thay đổi"), (unknown_migration, "0999_of_next_year")]
)
def test_nothing_is_restored_of_what_is_refused(
    backup: Path, tmp_path: Path, change: Callable[[str, bytes], bytes | None], said: str
) -> None:
    forged = rewritten(backup, tmp_path / "forged.zip", change)
    empty = Installation(tmp_path / "empty", None)
    assert said in empty.refused("restore", forged)
    assert not empty.files()
    assert not (empty.folder / "camket.sqlite3").exists() or not empty.sql("SELECT name FROM sqlite_master")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_off_is_refused(backup: Path, tmp_path: Path, share: float) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(backup.read_bytes()[: int(backup.stat().st_size * share)])
    with pytest.raises(Damaged):
        verify_backup(path=cut)


@pytest.mark.only_on("sqlite")
def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    empty = Installation(tmp_path / "empty", None)
    assert "không phải bản sao lưu" in empty.refused("restore", Path(__file__))
    assert "Không mở được" in empty.refused("restore", tmp_path / "nowhere.zip")


@pytest.mark.parametrize("engine", [ENGINE])
def test_data_are_replaced_only_when_that_is_asked_for(
    backup: Path, install: Install, engine: str, tmp_path: Path
) -> None:
    other = install(engine, is_prepared=True)
    other.run(
        "agency", "add", "--code", "H99.08", "--name", "UBND xã Suối Xa", "--level", "commune",
        "--secretary", "Hoàng Thị Chi", "--login", "chi",
    )  # fmt: skip
    assert "--replace" in other.refused("restore", backup)
    assert codes(other) == ["H99.08"]
    other.run("restore", backup, "--replace")
    assert codes(other) == SAMPLE
    other.run("backup", tmp_path / "again.zip")
    assert contents(tmp_path / "again.zip") == contents(backup)
    other.sql("DELETE FROM org_membership WHERE id = 1")  # its triggers and references live
    with pytest.raises(Exception, match=r"journal|append|kept|nhật ký"):
        other.sql("UPDATE journal_entry SET by_name = 'Kẻ Khác' WHERE sequence = 5")


@pytest.mark.only_on("sqlite")
def test_a_sealed_backup_opens_with_its_passphrase_alone(lived_in: Installation, tmp_path: Path) -> None:
    path = tmp_path / "sealed.zip"
    lived_in.run("backup", path, CAMKET_BACKUP_KEY="bốn từ dài khó đoán")
    sealed = path.read_bytes()
    assert not [each for each in (b"manifest.json", b"files.jsonl") if each in sealed]
    assert not zipfile.is_zipfile(path)
    empty = Installation(prepared(tmp_path / "empty"), None)
    assert "CAMKET_BACKUP_KEY" in empty.refused("restore", path)
    assert "CAMKET_BACKUP_KEY" in empty.refused("backup", "verify", path, CAMKET_BACKUP_KEY="khác")
    empty.run("restore", path, CAMKET_BACKUP_KEY="bốn từ dài khó đoán")
    assert codes(empty) == SAMPLE


def test_stored_files_that_are_gone_or_changed_are_named_and_the_rest_is_kept(
    backup: Path, restored: Installation, tmp_path: Path
) -> None:
    other = restored
    gone, changed, *_ = other.files()
    gone.unlink()
    changed.chmod(0o600)
    changed.write_bytes(b"other")
    path = tmp_path / "poorer.zip"
    said = other.refused("backup", path)
    assert said.count("đã mất hoặc bị thay đổi") == 2
    whole = manifest(backup)["files"]["count"]
    assert (manifest(path)["files"]["count"], len(manifest(path)["missing"])) == (
        whole - 1,
        2,
    )  # what was changed is kept as it is
    assert other.refused("backup", "verify", path).count("đã mất hoặc bị thay đổi") == 2
    other.run("restore", backup, "--replace")  # an older, whole backup mends them
    other.run("backup", tmp_path / "mended.zip")
    assert contents(tmp_path / "mended.zip") == contents(backup)


def test_a_backup_made_while_people_write_is_of_one_moment(restored: Installation, tmp_path: Path) -> None:
    busy = restored
    # Each write moves a unit from one end of its numbers to another: in one moment the sum is always the same.
    ids = [row[0] for row in busy.sql("SELECT id FROM org_unit ORDER BY id")]
    busy.sql('UPDATE org_unit SET "order" = 1000')
    stop = threading.Event()

    def write() -> None:
        place = 0
        while not stop.is_set():
            first, second = ids[place % len(ids)], ids[(place + 1) % len(ids)]
            busy.sql(
                f'UPDATE org_unit SET "order" = "order" + CASE WHEN id = {first} THEN 1 ELSE -1 END'
                f" WHERE id IN ({first}, {second})"
            )
            place += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(2):
            path = tmp_path / f"busy-{turn}.zip"
            busy.run("backup", path)
            lines = contents(path)["tables/org_unit.jsonl"].splitlines()
            assert sum(json.loads(text)["order"] for text in lines) == 1000 * len(ids)
    finally:
        stop.set()
        writer.join()


def test_a_killed_backup_leaves_no_file_of_its_name_and_another_is_made(
    lived_in: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "killed.zip"
    starting = [sys.executable, "-m", "camket.config.cli", "backup", str(path)]
    child = subprocess.Popen(starting, env=lived_in.env, stdout=subprocess.DEVNULL)
    eventually(
        lambda: list(tmp_path.glob("killed.zip.*.part")) or child.poll() is not None, "the backup begins"
    )
    child.send_signal(signal.SIGKILL)
    child.wait()
    if not path.exists():  # else it was quicker than the signal
        left = list(tmp_path.iterdir())
        for part in left:
            os.utime(part, (time.time() - 100_000, time.time() - 100_000))
        lived_in.run("backup", path)
        assert [each.name for each in tmp_path.iterdir()] == ["killed.zip"]
    lived_in.run("backup", "verify", path)


def test_tables_that_are_not_as_this_version_has_them_are_built_anew(db: None) -> None:
    applied = tables.applied_migrations()
    assert restore._is_built(applied)
    assert not restore._is_built({**applied, "journal": applied["journal"][:-1]})
    for change in (
        "CREATE TABLE of_somebody_else (id integer)",
        "ALTER TABLE org_unit ADD COLUMN colour text",
    ):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
            assert not restore._is_built(applied), change
            transaction.set_rollback(True)
    with guard.lifted():
        assert not restore._is_built(applied)


@pytest.mark.parametrize("engine", [ENGINE])
def test_a_killed_restore_leaves_what_was_there(backup: Path, install: Install, engine: str) -> None:
    other = install(engine, is_prepared=True)
    other.run(
        "agency", "add", "--code", "H99.08", "--name", "UBND xã Suối Xa", "--level", "commune",
        "--secretary", "Hoàng Thị Chi", "--login", "chi",
    )  # fmt: skip
    script = (
        "import os, signal\n"
        "import django; django.setup()\n"
        "from pathlib import Path\n"
        "from camket.keeping import restore, tables\n"
        "whole, count = tables.digest_of, [0]\n"
        "def dying(table):\n"
        "    count[0] += 1\n"
        "    if count[0] == 12: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return whole(table)\n"
        "tables.digest_of = dying\n"
        f"restore.restore_backup(path=Path({str(backup)!r}), replace=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], env=other.env, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert codes(other) == ["H99.08"]
    assert all(row["whole"] for row in json.loads(other.run("journal", "verify", "--json")))
    other.run("restore", backup, "--replace")
    assert codes(other) == SAMPLE


@pytest.mark.parametrize("engine", [ENGINE])
def test_a_backup_of_an_older_version_is_brought_forward(
    install: Install, engine: str, tmp_path: Path
) -> None:
    old = install(engine)
    old.folder.mkdir(exist_ok=True)
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from camket.keeping.upgrading import only_changed_models_anew\n"
        "with only_changed_models_anew():\n"
        "    for target in (('journal', '0001'), ('reporting', '0002'), ('org', '0005')):\n"
        "        call_command('migrate', *target, verbosity=0)\n"
    )
    subprocess.run([sys.executable, "-c", script], env=old.env, check=True, capture_output=True)
    columns = (
        "id, code, name, full_name, place, superior_name, level, rhythm, half_year_report_by, year_report_by"
    )
    old.sql(
        f"INSERT INTO org_agency ({columns}) VALUES (7, 'H1', 'UBND xã A', 'Ủy ban nhân dân xã A', 'A', '',"
        " 'commune', 'quarter', '06-15', '11-30')"
    )
    old.sql(
        'INSERT INTO org_unit (id, agency_id, name, short_name, kind, "order", is_active)'
        " VALUES (3, 7, 'Văn phòng', 'VP', 'section', 0, TRUE)"
    )
    path = tmp_path / "old.zip"
    old.run("backup", path)
    assert "0006_levels" not in manifest(path)["migrations"]["org"]
    other = install(engine, is_prepared=True)  # whose tables are newer
    other.run("restore", path)
    assert other.sql("SELECT code, level, rhythm FROM org_agency") == [("H1", "commune", "quarter")]
    assert other.sql("SELECT name FROM org_unit WHERE id = 3") == [("Văn phòng",)]
    assert other.sql("SELECT name FROM django_migrations WHERE name = '0007_people_and_authority'")
    other.run("upgrade")


def test_a_folder_that_is_not_there_is_named(lived_in: Installation, tmp_path: Path) -> None:
    assert "khong-co" in lived_in.refused("backup", tmp_path / "khong-co" / "a.zip")


@pytest.mark.only_on("sqlite")
def test_an_empty_installation_has_nothing_to_back_up(tmp_path: Path) -> None:
    empty = Installation(tmp_path / "empty", None)
    assert "Chưa có gì để sao lưu" in empty.refused("backup", tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_backups_need_no_more_memory_for_more_files(restored: Installation, tmp_path: Path) -> None:
    other = restored
    big = tmp_path / "big.zip"
    large = other.files()[0]
    with large.open("r+b") as file:
        file.truncate(150 * 1024 * 1024)
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (300 << 20, 300 << 20))\n"
        "from camket.config.cli import main\n"
        f"main(['backup', {str(big)!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=other.env, capture_output=True, text=True, check=False
    )
    assert "đã mất hoặc bị thay đổi" in done.stderr, done.stderr
    assert big.exists()
    shutil.rmtree(other.folder / "files")
