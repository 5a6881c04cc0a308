"""Log lines: what they say of a request, and what none of them may ever hold."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from camket.config import logs, watching
from camket.org.models import Person
from people import PASSWORD, TODAY, People

FORM = {"login": "an", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.TODAY = TODAY


class Log:
    """What was written to the log, as text and line by line."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture
def log() -> Iterator[Log]:
    """Everything that any logger says, as the product prints it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    loggers = [logging.getLogger(name) for name in ("", "camket", "django", "django.request")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    loggers[0].addHandler(handler)
    yield Log(stream)
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_one_line_tells_of_a_request(people: People, log: Log) -> None:
    client = Client()
    client.force_login(Person.objects.get(pk=people.an.person_id))
    response = client.get("/ke-hoach/?tim=mat-khau", headers={"X-Request-ID": "proxy-0001"})
    (line,) = log.of("camket.request")
    assert response.headers["X-Request-ID"] == "proxy-0001"
    assert {name: line[name] for name in ("level", "request", "method", "path", "route", "status")} == {
        "level": "info",
        "request": "proxy-0001",
        "method": "GET",
        "path": "/ke-hoach/",
        "route": "web:plans:plan_list",
        "status": 200,
    }
    assert (line["agency"], line["person"]) == (people.agency.pk, people.an.person_id)
    assert line["sql"] > 2
    assert line["ms"] > line["sql_ms"] > 0
    assert datetime.fromisoformat(line["time"]).tzinfo is not None
    assert "mat-khau" not in log.text
    assert people.an.name not in log.text


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "có dấu 123456", "a b c d e f g", 'x"},{"level":"error']
)
def test_a_number_that_is_not_well_formed_is_replaced(given: str, client: Client, log: Log) -> None:
    number = client.get("/healthz", headers={"X-Request-ID": given.encode().decode("latin-1")}).headers[
        "X-Request-ID"
    ]
    assert number != given
    assert watching.WELL_FORMED.fullmatch(number)


def test_every_request_has_a_number_of_its_own(client: Client, log: Log) -> None:
    assert len({client.get("/healthz").headers["X-Request-ID"] for _ in range(20)}) == 20


def test_what_breaks_is_told_in_one_line_with_the_requests_number(
    people: People, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        try:
            {"an": 1}["khong-co"]
        except KeyError as error:
            raise RuntimeError(
                "plans cannot be listed\nDETAIL: Failing row contains (an, 0912345678)"
            ) from error

    monkeypatch.setattr("camket.org.queries.standing", broken)
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(pk=people.an.person_id))
    response = client.get("/ke-hoach/", headers={"X-Request-ID": "proxy-0002"})
    assert response.status_code == 500
    (line,) = log.of("django.request")
    assert (line["level"], line["request"]) == ("error", "proxy-0002")
    assert [error["type"] for error in line["errors"]] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert line["errors"][0]["text"] == "plans cannot be listed"
    assert any("test_logs.py" in place for place in line["errors"][0]["at"])
    assert "0912345678" not in log.text


def test_slow_statements_are_told_without_their_parameters(people: People, log: Log, settings: Any) -> None:
    settings.SLOW_QUERY_MS = 0
    client = Client()
    client.force_login(Person.objects.get(pk=people.an.person_id))
    number = client.get("/ke-hoach/?tim=Hoàng").headers["X-Request-ID"]
    lines = log.of("camket.sql")
    assert len(lines) == log.of("camket.request")[0]["sql"]
    assert {line["request"] for line in lines} == {number}
    assert any('FROM "org_membership"' in line["statement"] for line in lines)
    assert lines[-1]["route"] == "web:plans:plan_list"
    assert "Hoàng" not in log.text
    assert client.cookies["sessionid"].value not in log.text


def test_quick_statements_are_not_told(people: People, log: Log, settings: Any) -> None:
    settings.SLOW_QUERY_MS = 60_000
    Client().get("/dang-nhap/")
    assert log.of("camket.sql") == []


# Secrets


def test_signing_in_leaves_no_secret_in_the_log(people: People, log: Log, settings: Any) -> None:
    settings.SLOW_QUERY_MS = 0
    client = Client()
    client.post("/dang-nhap/?next=/ke-hoach/%3Ftoken%3Dbi-mat", {**FORM, "password": "Mat-khau-go-nham-1"})
    client.post("/dang-nhap/", FORM)
    client.post(
        "/tai-khoan/mat-khau/", {"old": PASSWORD, "new": "Cam-ket-moi-2027", "again": "Cam-ket-moi-2027"}
    )
    secrets = [cookie.value for cookie in client.cookies.values()]
    assert len(secrets) > 1
    for secret in [PASSWORD, "Mat-khau-go-nham-1", "Cam-ket-moi-2027", "bi-mat", *secrets]:
        assert secret not in log.text
    (failed,) = [line for line in log.lines if line.get("event") == "sign_in.failed"]
    assert (failed["level"], "an" in failed["message"].split()) == ("warning", False)


def test_an_error_that_quotes_the_form_shows_none_of_its_secrets(
    people: People, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**given: Any) -> None:
        raise ValueError(f"could not use {given}")

    monkeypatch.setattr("camket.web.account.adapters.authenticate", lambda _, **given: broken(**given))
    client = Client(raise_request_exception=False)
    assert client.post("/dang-nhap/", FORM, headers={"Authorization": "Bearer abcdef123"}).status_code == 500
    assert "could not use" in log.text
    assert PASSWORD not in log.text


def test_secret_parts_of_addresses_are_hidden(people: People, log: Log) -> None:
    key = "Zk3vT0nKx2pQ"
    Client().get(f"/cong-viec/lich/{key}.ics")
    Client().get("/khong-co/" + "Ab3" * 12 + "/")
    assert [line["path"] for line in log.of("camket.request")] == [
        "/cong-viec/lich/***.ics",
        "/khong-co/***/",
    ]
    assert key not in log.text


CREDENTIALS = [
    ("an address with a password", "connect postgresql://camket:s3cret-pw@db:5432/camket", "s3cret-pw"),
    ("an assignment", "called with password='hunter2-hunter2' and more", "hunter2-hunter2"),
    ("JSON", '{"csrfmiddlewaretoken": "abc123def456", "x": 1}', "abc123def456"),
    ("a header", "Authorization: Bearer eyJhbGciOi.payload.sig", "eyJhbGciOi"),
    ("a cookie", "Cookie: sessionid=0123456789abcdef", "0123456789abcdef"),
    ("a one-time code", "otp=482913 was refused", "482913"),
]


@pytest.mark.parametrize(
    ("text", "secret"), [case[1:] for case in CREDENTIALS], ids=[case[0] for case in CREDENTIALS]
)
def test_credentials_are_taken_out_of_any_text(text: str, secret: str, log: Log) -> None:
    logging.getLogger("some.library").error("%s", text)
    try:
        raise RuntimeError(text)
    except RuntimeError:
        logging.getLogger("some.library").exception("broken")
    assert secret not in log.text
    assert len(log.lines) == 2


def test_the_installations_own_secrets_are_taken_out(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://camket:p%40ss-word@db/camket")
    monkeypatch.setenv("CAMKET_METRICS_TOKEN", "the-token-of-metrics")
    logging.getLogger("some.library").warning("got p@ss-word and the-token-of-metrics")
    assert log.lines[0]["message"] == "got *** and ***"


def test_what_libraries_hang_on_a_record_stays_out(log: Log, rf: Any) -> None:
    request = rf.get("/?token=abc-token-abc", headers={"Cookie": "sessionid=ffffeeee"})
    logging.getLogger("some.library").error(
        "broken", extra={"request": request, "user_email": "an@example.vn"}
    )
    assert set(log.lines[0]) == {"time", "level", "logger", "message"}


def test_a_line_break_makes_no_second_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, 'a\nlevel="error"\r\nb', None, None)
    assert len(logs.TextLines().format(record).splitlines()) == 1
    assert len(logs.JsonLines().format(record).splitlines()) == 1


def test_text_lines_say_the_same_to_people(people: People) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.TextLines())
    logging.getLogger("camket").addHandler(handler)
    try:
        Client().get("/dang-nhap/")
    finally:
        logging.getLogger("camket").removeHandler(handler)
    assert "route=web:sign_in status=200" in stream.getvalue()


def test_logging_is_refused_in_forms_that_are_none() -> None:
    for form, level in (("xml", "INFO"), ("json", "LOUD")):
        with pytest.raises(ValueError, match="CAMKET_LOG"):
            logs.logging_settings(form, level)


def test_statements_are_counted_only_within_a_request(people: People) -> None:
    with logs.trail(logs.Trail("a" * 8)) as here, connection.execute_wrapper(watching.count_statement):
        assert Person.objects.count() == 5
    assert here.statements == 1
    assert Person.objects.count() == 5
    assert here.statements == 1
