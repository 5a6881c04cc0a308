"""What probes and monitors are told, and who is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from camket import __version__
from camket.config import metrics
from camket.journal import queries as journal
from camket.journal.operations import record
from camket.org.models import Unit
from people import TODAY, People

PROBES = ("/healthz", "/healthz/ready")


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.METRICS_TOKEN = ""
    settings.MIN_FREE_DISK_BYTES = 1


@contextmanager
def no_database() -> Iterator[None]:
    """Let no statement reach the database."""

    def refuse(*_: object) -> None:
        raise AssertionError("the database was asked")

    with connection.execute_wrapper(refuse):
        yield


def ready(client: Client) -> tuple[int, dict[str, str]]:
    response = client.get("/healthz/ready")
    return response.status_code, json.loads(response.content)["checks"]


def test_a_process_that_answers_is_alive_without_its_database(client: Client) -> None:
    client.cookies["sessionid"] = "a" * 32
    with no_database():
        response = client.get("/healthz")
    assert (response.status_code, json.loads(response.content)) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", PROBES)
def test_probes_are_answered_whatever_host_they_name_and_without_https(
    path: str, db: None, client: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["iso.tinh.gov.vn"]
    response = client.get(path, headers={"Host": "10.0.3.17:8000"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.parametrize("path", PROBES)
def test_probes_are_asked_by_get_and_head_only(path: str, db: None, client: Client) -> None:
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_all_is_ready(db: None, client: Client) -> None:
    assert ready(client) == (
        200,
        {"database": "ok", "migrations": "ok", "data_folder": "ok", "disk": "ok"},
    )


def test_a_database_of_an_older_version_is_not_ready(db: None, client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("journal", "0001_initial")
    status, checks = ready(client)
    assert (status, checks["migrations"], checks["database"]) == (503, "pending", "ok")


def test_a_database_without_tables_is_not_ready(db: None, client: Client) -> None:
    MigrationRecorder(connection).migration_qs.all().delete()
    assert ready(client)[1]["migrations"] == "pending"


def test_a_disk_that_is_nearly_full_is_not_ready(db: None, client: Client, settings: Any) -> None:
    settings.MIN_FREE_DISK_BYTES = shutil.disk_usage(settings.DATA).free * 2
    status, checks = ready(client)
    assert (status, checks["disk"], checks["data_folder"]) == (503, "nearly_full", "ok")


def test_a_data_folder_that_is_gone_is_not_ready(db: None, client: Client, settings: Any) -> None:
    settings.DATA = settings.DATA / "gone"
    status, checks = ready(client)
    assert (status, checks["data_folder"], checks["disk"]) == (503, "not_writable", "unknown")


# Metrics


def figures(client: Client) -> dict[str, dict[tuple[str, ...], float]]:
    """The figures by name, then by the values of their labels in the order of the labels' names."""
    response = client.get("/metrics")
    assert response.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(response.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(value for _, value in sorted(sample.labels.items()))] = (
                sample.value
            )
    return found


def test_requests_are_counted_by_view_never_by_address(people: People, client: Client) -> None:
    before = figures(client)["camket_http_requests_total"].get(("GET", "web:objectives:target", "302"), 0)
    for number in range(3):
        client.get(f"/muc-tieu/chi-tieu/{number}/")
        client.get(f"/khong-co-{number}/")
    client.generic("BREW", "/khong-co/")
    after = figures(client)
    assert after["camket_http_requests_total"]["GET", "web:objectives:target", "302"] == before + 3
    assert after["camket_http_requests_total"]["OTHER", "none", "404"] >= 1
    assert after["camket_http_request_seconds_count"]["web:objectives:target",] >= 3
    labels = {value for series in after.values() for values in series for value in values}
    assert not [label for label in labels if "/" in label or "khong-co" in label]


def test_statements_are_counted_with_their_time(people: People, client: Client) -> None:
    client.post("/dang-nhap/", {"login": "an", "password": "x"})
    after = figures(client)
    assert after["camket_sql_statements_total"]["web:sign_in",] > 0
    assert after["camket_sql_seconds_total"]["web:sign_in",] > 0


def test_failed_sign_ins_are_counted(people: People, client: Client) -> None:
    before = figures(client)["camket_sign_in_failures_total"][()]
    client.post("/dang-nhap/", {"login": "an", "password": "x"})
    assert figures(client)["camket_sign_in_failures_total"][()] == before + 1


def test_the_installation_is_described(people: People, client: Client) -> None:
    unit = Unit.objects.filter(agency=people.agency)[0]
    for agency in (people.agency, people.agency, people.other_agency):
        record(actor=None, agency_id=agency.pk, verb="unit.changed", subject=unit, on=TODAY)
    after = figures(client)
    assert after["camket_database_up"][()] == 1
    assert after["camket_journal_entries_total"][()] == journal.count_all() == 3
    assert after["camket_disk_free_bytes"][()] > 0
    assert [labels[-1] for labels in after["camket_build_info"]] == [__version__]


def test_without_a_database_the_rest_is_still_told(db: None, client: Client, monkeypatch: Any) -> None:
    from django.db import OperationalError

    def gone() -> int:
        raise OperationalError("gone")

    monkeypatch.setattr(journal, "count_all", gone)
    after = figures(client)
    assert after["camket_database_up"][()] == 0
    assert "camket_journal_entries_total" not in after
    assert "camket_http_requests_total" in after


STRANGERS = [
    ("from elsewhere", {"REMOTE_ADDR": "10.0.0.5"}),
    ("from elsewhere, IPv6", {"REMOTE_ADDR": "2001:db8::1"}),
    ("without an address", {"REMOTE_ADDR": ""}),
    ("through a proxy", {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.5"}),
    ("through a proxy of HTTPS", {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}),
    ("through a proxy that gives its name", {"REMOTE_ADDR": "127.0.0.1", "HTTP_VIA": "1.1 proxy"}),
]


@pytest.mark.parametrize("extra", [case[1] for case in STRANGERS], ids=[case[0] for case in STRANGERS])
def test_for_others_there_are_no_figures(extra: dict[str, str], client: Client) -> None:
    response = client.get("/metrics", **extra)  # type: ignore[arg-type]
    assert (response.status_code, response.content) == (404, b"")


def test_a_token_opens_the_figures_and_nothing_else_does(db: None, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "một-mã-dài"
    assert client.get("/metrics").status_code == 404
    given = "Bearer một-mã-dài".encode().decode("latin-1")
    for authorization, status in ((given[:-1], 404), (f"{given} ", 404), ("Basic x", 404)):
        assert client.get("/metrics", headers={"Authorization": authorization}).status_code == status


def test_a_token_opens_the_figures_from_anywhere(db: None, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "mot-ma-dai"
    response = client.get("/metrics", REMOTE_ADDR="10.0.0.5", headers={"Authorization": "Bearer mot-ma-dai"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


def test_every_figure_is_documented(people: People, client: Client) -> None:
    client.get("/dang-nhap/")
    page = (Path(__file__).resolve().parents[2] / "docs/reference/metrics.md").read_text("utf-8")
    names = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(client.get("/metrics").content.decode())
    }
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_folders_of_servers_that_were_killed_are_removed(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(metrics.os, "access", lambda *_: False)
    monkeypatch.setattr(metrics.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.delenv(metrics.FOLDER, raising=False)
    dead, own, foreign = (
        tmp_path / f"{metrics.PREFIX}{2**22 + 1}-abc",
        tmp_path / f"{metrics.PREFIX}1-abc",
        tmp_path / "other",
    )
    for folder in (dead, own, foreign):
        folder.mkdir()
        (folder / "counter_1.db").write_bytes(b"")
    made = metrics.folder_for_workers()
    monkeypatch.setenv(metrics.FOLDER, "")
    assert made is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([own.name, "other", made.name])
