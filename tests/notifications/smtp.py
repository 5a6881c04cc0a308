"""A mail server on a port of this machine: it takes letters as servers do, and fails where a test says.

``scene`` is asked what happens at a step for an address: "mail", "rcpt", "data" (before the answer to the letter).
It returns an answer ("451 later"), "hang up", or None for all is well.
"""

from __future__ import annotations

import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

HANG_UP = "hang up"


@dataclass
class Taken:
    """A letter that the server has answered with 250, or taken in before it hung up."""

    sender: str
    to: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.data, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass
class Office:
    """What the server has seen and how it behaves."""

    port: int = 0
    letters: list[Taken] = field(default_factory=list)
    connections: int = 0
    scene: Callable[[str, str], str | None] = lambda _step, _address: None
    slow: float = 0.0
    tls: ssl.SSLContext | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Handler(socketserver.StreamRequestHandler):
    server: _Server  # type: ignore[assignment]

    def handle(self) -> None:
        office = self.server.office
        with office.lock:
            office.connections += 1
        self._say("220 mail.binhyen.example ESMTP")
        sender = to = ""
        while line := self.rfile.readline():
            word = line.decode("utf-8", "replace").strip()
            verb = word.upper()
            if verb.startswith("EHLO"):
                self._say("250-mail.binhyen.example")
                if office.tls is not None and not isinstance(self.connection, ssl.SSLSocket):
                    self._say("250-STARTTLS")
                self._say("250 8BITMIME")
            elif verb.startswith("HELO") or verb.startswith(("RSET", "NOOP")):
                self._say("250 OK")
            elif verb == "STARTTLS" and office.tls is not None:
                self._say("220 go ahead")
                try:
                    self.connection = office.tls.wrap_socket(self.connection, server_side=True)
                except (ssl.SSLError, OSError):
                    return
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            elif verb.startswith("MAIL FROM:"):
                sender = word[10:].split(">")[0].strip("< ")
                if not self._answer("mail", sender, "250 OK"):
                    return
            elif verb.startswith("RCPT TO:"):
                to = word[8:].strip("<> ")
                if not self._answer("rcpt", to, "250 OK"):
                    return
            elif verb == "DATA":
                self._say("354 end with a dot")
                data = b""
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    data += part[1:] if part.startswith(b"..") else part
                time.sleep(office.slow)
                said = office.scene("data", to)
                if said is None or said == HANG_UP:
                    with office.lock:
                        office.letters.append(Taken(sender, to, data))
                if said == HANG_UP:
                    return
                self._say(said or "250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 not known")

    def _answer(self, step: str, address: str, well: str) -> bool:
        said = self.server.office.scene(step, address)
        if said == HANG_UP:
            return False
        self._say(said or well)
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    office: Office


@contextmanager
def post_office(office: Office | None = None) -> Iterator[Office]:
    """Run a mail server while the block is open."""
    office = office or Office()
    with _Server(("127.0.0.1", office.port), _Handler) as server:
        server.office = office
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()
