"""Serving over HTTP: a server process that watches over workers, and how both stop without losing anything.

The server binds the address once and hands its socket to the workers, so that a connection that waits while one
worker gives way to another is answered by the next one. Work by the clock runs in the server, not in a worker:
there is one server, however many workers.
"""

from __future__ import annotations

import copy
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import granian._signals
from granian._granian import WorkerSignal
from granian._internal import load_target
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from camket.config import metrics
from camket.core.messages import Message, Refusal, gettext_noop

APPLICATION = "camket.config.wsgi:application"
THREADS = 4
"""Requests that one worker answers at a time."""
STOPPING = (signal.SIGINT, signal.SIGTERM)


class AddressTaken(Refusal):
    """Another program, or another server of the product, listens at the address already."""


def serve(
    *, host: str, port: int, workers: int, background: AbstractContextManager[Any] | None = None
) -> None:
    """Serve until asked to stop (SIGTERM, SIGINT), then return; ``background`` is open meanwhile.

    On the signal no new request is taken; those being answered are finished, for at most ``CAMKET_STOP_SECONDS``
    seconds, then ``background`` is closed and the database left in order. SIGHUP replaces the workers one by one.

    Raises AddressTaken.
    """
    from django.conf import settings
    from django.db import connections
    from django.utils import timezone

    from camket.documents.operations import clear_unfinished

    _refuse_taken(host, port)
    clear_unfinished(now=timezone.now())
    # A forked worker keeps what this process began but not its threads: once the sample's report was
    # printed here, the PDF writer of a fork waits for ever. A fresh process does the same everywhere.
    multiprocessing.set_start_method("spawn", force=True)
    connections.close_all()
    folder = metrics.folder_for_workers()
    server = _Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.STOP_SECONDS,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=copy.deepcopy(settings.LOGGING),
    )
    try:
        with ExitStack() as stack:
            if background is not None:
                stack.enter_context(background)
            if sys.platform != "win32":
                _when_told_to_stop(server.signal_handler_interrupt)
            server.serve(target_loader=load_application)
    finally:
        _leave_the_database_in_order()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


class _Server(MPServer):
    """The server with one socket for all workers."""

    def _init_shared_socket(self) -> None:
        super()._init_shared_socket()  # type: ignore[no-untyped-call]
        if self._ssp is not None:
            # Each worker would bind the port for itself (SO_REUSEPORT), and what waits at the door of one that
            # goes would be refused. The way that granian takes on other systems, and for Unix sockets, keeps it.
            self._shd = self._ssp.build()
            self._sfd = self._shd.get_fd()
            self._ssp = None
            self._sso = socket.socket(fileno=self._sfd)
            self._sso.set_inheritable(True)

    def shutdown(self, exit_code: int = 0) -> None:
        if self.interrupt_signal:
            # Where a whole group of processes is told to stop, workers end by themselves: no failure.
            self.interrupt_children.clear()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def load_application(target: str) -> Callable[..., Any]:
    """Load the application in a worker, and let the worker end with its server."""
    if sys.platform != "win32":
        granian._signals.set_sync_signals = _stopping_at_once
    threading.Thread(target=_end_with_the_server, name="end-with-the-server", daemon=True).start()
    application: Callable[..., Any] = load_target(target)
    return application


def _stopping_at_once() -> WorkerSignal:
    """Stop the worker at its first signal; used in place of granian's own ``set_sync_signals``.

    Where a whole group of processes is told to stop (Ctrl+C, a supervisor), a worker is told twice at the same
    moment, by that and by its server. Then Python's main thread may sleep on without running a handler, and the worker
    would hold the port and go on serving. So a thread waits for signals by the pipe that the interpreter writes to.
    """
    stop = WorkerSignal()
    for number in STOPPING:
        signal.signal(number, lambda *_: None)
    _when_told_to_stop(stop.set)
    return stop


def _when_told_to_stop(act: Callable[[], Any]) -> None:
    """Call ``act``, in a thread, at each signal to stop."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def listen() -> None:
        while numbers := os.read(reader, 16):
            if any(number in STOPPING for number in numbers):
                act()

    threading.Thread(target=listen, name="when-told-to-stop", daemon=True).start()


def _end_with_the_server() -> None:
    """Wait for the server's end; a worker that outlives it would hold the port and answer with an old version."""
    server = multiprocessing.parent_process()
    if server is None:
        return
    server.join()
    from django.conf import settings

    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGTERM)  # finish what is being answered
        threading.Event().wait(settings.STOP_SECONDS)
    os._exit(1)


def _refuse_taken(host: str, port: int) -> None:
    """Refuse an address at which somebody listens: the system would let both share it, and answers would be mixed."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AddressTaken(
            Message(
                gettext_noop(
                    "Cam Kết cannot listen on %(host)s:%(port)s: %(reason)s. Another program, or a Cam Kết that still runs, "
                    "may use this address; stop it or choose another port with --port."
                ),
                {"host": host, "port": str(port), "reason": error.strerror or str(error)},
            )
        ) from None


def _leave_the_database_in_order() -> None:
    """Close connections; bring what SQLite keeps beside its file into it, so that one file is the whole database."""
    from django.db import DatabaseError, connection, connections

    try:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError:
        pass  # the next start does it
    finally:
        connections.close_all()
