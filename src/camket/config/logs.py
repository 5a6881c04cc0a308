"""Log lines: one JSON object a line, with the request's number and without anything that is secret or personal.

What a line may hold is a list (:data:`FIELDS`); whatever else a library hangs on a record is left out, so that no
query string, form, cookie or name gets here by the way. Texts of messages and exceptions go through :func:`cleanse`.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from pythonjsonlogger.json import JsonFormatter

FIELDS = (
    "method",
    "path",
    "route",
    "status",
    "ms",
    "sql",
    "sql_ms",
    "agency",
    "person",
    "statement",
    "event",
    "job",
)
"""What a record may bring beside its message, in the order of a line."""

HIDDEN = "***"
LONGEST_MESSAGE = 1_000
SECRET_NAME = re.compile(r"passw|secret|token|code|key|otp|^(old|new|again)$", re.IGNORECASE)
"""Names of form fields, and of parts of an address, whose values are nobody's business."""
_TOKEN = re.compile(r"[A-Za-z0-9_=:.~-]{20,}")
_CREDENTIALS = re.compile(r"(://[^:/@\s]*:)[^@\s]+@")
_ASSIGNED = re.compile(
    r"(?i)\b([\w-]*(?:password|passwd|secret|token|sessionid|authorization|cookie|otp)[\w-]*)"
    r"([\"']?\s*[=:]\s*)(?:bearer\s+|basic\s+)?[^\s,;&)}]+"
)


@dataclass(slots=True)
class Trail:
    """What is known of the request, or the job, that this thread works on."""

    number: str
    route: str = ""
    statements: int = 0
    seconds: float = 0.0
    request: Any = field(default=None, repr=False)

    def secrets(self) -> Iterator[str]:
        """Return what the request brought that no line may hold. Nothing is read of it that was not read before."""
        if self.request is None:
            return
        yield self.request.META.get("QUERY_STRING", "")
        yield from self.request.COOKIES.values()
        if authorization := self.request.META.get("HTTP_AUTHORIZATION"):
            yield authorization
            yield authorization.rpartition(" ")[2]
        form = self.request.__dict__.get("_post")
        for name, values in form.lists() if form is not None else ():
            if SECRET_NAME.search(name):
                yield from values
        match = self.request.resolver_match
        for name, value in (match.kwargs if match else {}).items():
            if isinstance(value, str) and SECRET_NAME.search(name):
                yield value


TRAIL: ContextVar[Trail | None] = ContextVar("trail", default=None)


@contextmanager
def trail(here: Trail) -> Iterator[Trail]:
    """Let every line of this thread say where it comes from."""
    token = TRAIL.set(here)
    try:
        yield here
    finally:
        TRAIL.reset(token)


def masked_path(path: str) -> str:
    """Return a path without the parts that open something by themselves: keys of calendars, links to reset a password.

    >>> masked_path("/cong-viec/lich/Zk3vT0nKx2pQ9aYw7LmB4c.ics")
    '/cong-viec/lich/***'
    >>> masked_path("/bao-cao/van-ban-ke-hoach/12/")
    '/bao-cao/van-ban-ke-hoach/12/'
    """
    return "/".join(HIDDEN if _TOKEN.fullmatch(part) else part[:200] for part in path.split("/"))


def cleanse(text: str) -> str:
    """Return a text without the secrets of the installation and of the request, and without credentials in general."""
    here = TRAIL.get()
    known = [*_own_secrets(), *(here.secrets() if here else ())]
    for secret in sorted(known, key=len, reverse=True):
        if len(secret) >= 4:
            text = text.replace(secret, HIDDEN)
    text = _CREDENTIALS.sub(rf"\1{HIDDEN}@", text)
    return _ASSIGNED.sub(rf"\1\2{HIDDEN}", text)


def _own_secrets() -> Iterator[str]:
    for name, value in os.environ.items():
        if name.startswith("CAMKET_") and name.endswith(("_KEY", "_TOKEN", "_PASSWORD", "_SECRET")):
            yield value
    url = os.environ.get("DATABASE_URL", "")
    try:
        yield unquote(urlsplit(url).password or "")
    except ValueError:
        yield url


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a line says of a record."""
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
    }
    here = TRAIL.get()
    if here is not None:
        line["request"] = here.number
        if here.route:
            line["route"] = here.route
    for name in FIELDS:
        value = getattr(record, name, None)
        if value is not None:
            line[name] = cleanse(value) if name == "statement" else value
    if record.exc_info and record.exc_info[1] is not None:
        line["errors"] = list(_errors(record.exc_info[1]))
    return line


def _message(record: logging.LogRecord) -> str:
    text = record.getMessage()
    path = getattr(getattr(record, "request", None), "path", None)
    if path:  # Django names it in full
        text = text.replace(path, masked_path(path))
    text = cleanse(text)
    if (
        len(text) > LONGEST_MESSAGE
    ):  # a server's message may hold a traceback: what went wrong stands at its end
        text = f"{text[: LONGEST_MESSAGE // 4]} … {text[-LONGEST_MESSAGE * 3 // 4 :]}"
    return text


def _errors(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Return an exception and what brought it about, newest first: kinds, places, and the first line of each text.

    The lines after the first are left out: there databases print whole rows.
    """
    seen = 0
    while error is not None and seen < 5:
        text = str(error).split("\n", 1)[0]
        yield {
            "type": f"{type(error).__module__}.{type(error).__qualname__}",
            "text": cleanse(text)[:LONGEST_MESSAGE],
            "at": [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)[-30:]
            ],
        }
        error, seen = error.__cause__ or (None if error.__suppress_context__ else error.__context__), seen + 1


class JsonLines(JsonFormatter):
    """One JSON object a line."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return self.serialize_log_record(fields_of(record))


class TextLines(logging.Formatter):
    """The same for people at a terminal: time, level, message, then what else is known."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        line = fields_of(record)
        errors = line.pop("errors", [])
        first = f"{line.pop('time')} {line.pop('level').upper():<7} {line.pop('message')}"
        rest = " ".join(f"{name}={value}" for name, value in line.items())
        text = f"{first} {rest}".replace("\r", " ").replace("\n", " ")
        for error in errors:
            text += f"\n  {error['type']}: {json.dumps(error['text'], ensure_ascii=False)}"
            text += "".join(f"\n    {place}" for place in error["at"])
        return text


class Counting(logging.Handler):
    """Hand each line to the metrics, where they are counted."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count one line."""
        from camket.config import metrics  # only processes in which something happens need them

        metrics.count_line(record)


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """Return Django's ``LOGGING``: everything to standard error, in one form.

    ``form`` is json or text, ``level`` a level of Python's logging. Raises ValueError for others.
    """
    if form not in {"json", "text"}:
        raise ValueError("CAMKET_LOG must be json or text")
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("CAMKET_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    passed_on: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": JsonLines if form == "json" else TextLines}},
        "handlers": {
            "lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"},
            "counting": {"()": Counting, "level": "WARNING"},
        },
        "root": {"handlers": ["lines", "counting"], "level": "WARNING"},
        "loggers": {
            "camket": {**passed_on, "level": level},
            "django": {**passed_on, "level": "WARNING"},
            # What was answered stands in the request's own line; here only what broke, with its places.
            "django.request": {**passed_on, "level": "ERROR"},
            "django.security": {**passed_on, "level": "CRITICAL"},
            # At lower levels it prints whole contexts of templates.
            "django.template": {**passed_on, "level": "ERROR"},
            "django.server": {**passed_on, "level": "ERROR"},
            "_granian": {**passed_on, "level": "WARNING"},
            "granian.access": {**passed_on, "level": "WARNING"},
            # Libraries that read documents complain of every odd font.
            "pdfminer": {**passed_on, "level": "ERROR"},
            "fontTools": {**passed_on, "level": "ERROR"},
        },
    }


def log_of_environment() -> dict[str, Any]:
    """Return ``LOGGING`` as the environment asks: ``CAMKET_LOG`` and ``CAMKET_LOG_LEVEL``."""
    is_terminal = bool(getattr(sys.stderr, "isatty", lambda: False)())
    return logging_settings(
        os.environ.get("CAMKET_LOG", "").strip().lower() or ("text" if is_terminal else "json"),
        os.environ.get("CAMKET_LOG_LEVEL", "INFO").strip().upper() or "INFO",
    )
