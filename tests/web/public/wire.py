"""A wire between browser and server that a test can cut: the network of a counter on a bad day."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading


class Wire:
    """Carries what comes to its own port to a server's, until it is cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._door: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port = 0
        self.mend()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def mend(self) -> None:
        """Join the wire, at the port it had."""
        door = socket.create_server(("127.0.0.1", self.port))
        self._door, self.port = door, door.getsockname()[1]
        threading.Thread(target=self._listen, args=(door,), daemon=True).start()

    def cut(self) -> None:
        """Refuse whoever comes, and drop whoever is there; a wire that is cut stays so."""
        if self._door is None:
            return
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._door = None
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _listen(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = door.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, socket.create_connection(("127.0.0.1", self._port)) as far:
            with self._lock:
                self._open |= {near, far}
            with selectors.DefaultSelector() as ready:
                ready.register(near, selectors.EVENT_READ, far)
                ready.register(far, selectors.EVENT_READ, near)
                while True:
                    for key, _events in ready.select():
                        piece = key.fileobj.recv(65536)  # type: ignore[union-attr]
                        if not piece:
                            return
                        key.data.sendall(piece)
