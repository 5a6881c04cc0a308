"""A process that does acts in children of its own, and has them killed, or their disk filled, at a moment asked for.

It reads one order a line (JSON) and answers with one line: how the child ended, how many moments it came by, and what
was found afterwards. A moment lies before and after each SQL statement, each commit and each write that is made safe.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402

from camket.core.messages import Refusal  # noqa: E402
from faults import acts, invariants  # noqa: E402


class Moments:
    """Count the moments of an act, and let the fault happen at one of them."""

    def __init__(self, fault: str, number: int | None) -> None:
        self.fault = fault
        self.number = number
        self.seen = 0

    def pass_by(self, *, is_write: bool = False) -> None:
        if self.fault == "full" and not is_write:
            return
        self.seen += 1
        if self.seen != self.number:
            return
        if self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def around(self, call: Callable[..., Any], *, is_write: bool = False) -> Callable[..., Any]:
        def between(*given: Any, **named: Any) -> Any:
            self.pass_by(is_write=is_write)
            result = call(*given, **named)
            if self.fault == "kill":
                self.pass_by()
            return result

        return between

    def watch(self) -> None:
        def statement(execute: Any, *given: Any) -> Any:
            return self.around(execute)(*given)

        connection.execute_wrappers.append(statement)
        connection._commit = self.around(connection._commit)  # type: ignore[method-assign]
        for name in ("replace", "rename", "fsync"):
            setattr(os, name, self.around(getattr(os, name), is_write=True))


def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    """Do what an order says, in this process."""
    connection.settings_dict["NAME"] = order["database"]
    settings.MEDIA_ROOT = Path(order["files"])
    before, act = acts.ACTS[order["act"]]
    if order["do"] == "prepare":
        before()
        return {"violations": invariants.violations()}
    if order["do"] == "look":
        return {"violations": invariants.violations(), "figures": invariants.figures()}
    if order["do"] == "again":
        found = invariants.violations()
        try:
            act()
            refused = ""
        except Refusal as refusal:
            refused = type(refusal).__name__
        return {
            "found": found,
            "refused": refused,
            "violations": invariants.violations(),
            "figures": invariants.figures(),
            "unfinished": [path.name for path in invariants.unfinished()],
        }
    if limit := order.get("largest_file"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    moments = Moments(order.get("fault", "kill"), order.get("moment"))
    try:
        connection.ensure_connection()
        moments.watch()
        act()
    except (OSError, DatabaseError, Refusal) as error:
        return {"moments": moments.seen, "failed": f"{type(error).__name__}: {error}"}
    return {"moments": moments.seen, "failed": ""}


def main() -> None:
    """Answer orders until there are none."""
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                answer = json.dumps(carry_out(json.loads(line)))
            except Exception:  # noqa: BLE001 - told to the test, which fails
                answer = json.dumps({"error": traceback.format_exc()})
            connection.close()
            os.write(writer, answer.encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as said:
            answer = said.read()
        _, status = os.waitpid(child, 0)
        print(
            json.dumps({"status": os.waitstatus_to_exitcode(status), **json.loads(answer or "{}")}),
            flush=True,
        )


main()
