"""The number of the request that is being answered, so that an entry and the log lines can be put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_REQUEST: ContextVar[str] = ContextVar("journal_request", default="")


def request_id() -> str:
    """Return the number of the request, empty outside of one."""
    return _REQUEST.get()


@contextmanager
def of_request(number: str) -> Iterator[None]:
    """Let entries written within carry the number."""
    token = _REQUEST.set(number[:64])
    try:
        yield
    finally:
        _REQUEST.reset(token)
