"""One moment of the whole database, read while others write."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction


@contextlib.contextmanager
def one_moment() -> Iterator[None]:
    """Within it every statement reads the database as it was at the first one; nothing may be written.

    PostgreSQL gives that by REPEATABLE READ, SQLite's write-ahead log by one transaction that only reads and so
    keeps no writer waiting. Inside a transaction that is already under way, that one's moment holds.
    """
    if connection.in_atomic_block:
        yield
        return
    # The product's transactions begin as writers (IMMEDIATE); a reader would keep the others out for as long.
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.transaction_mode = None  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]
