"""Sealing a backup with a passphrase: read by nobody without it, and a changed byte anywhere shows.

The passphrase becomes a key by scrypt with a random salt. The content is cut into pieces of 64 KiB, each sealed by
AES-256-GCM under a nonce of a random prefix, the piece's number and whether it is the last: pieces that are left out,
moved, repeated or cut off at the end do not open (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár,
2015). Pieces have one length, so that any part of a file can be read without the rest.
"""

from __future__ import annotations

import io
import os
import struct
from typing import IO, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"CAMKET-SEALED-1\n"
PIECE = 64 * 1024
_TAG = 16
_COST = 16  # 2^16: 64 MiB of memory and about a fifth of a second for each guess; written into the file
_COSTS = range(10, 21)
_HEAD = struct.Struct(f">{len(MAGIC)}s16s7sB")


class WrongKey(Exception):
    """The passphrase is not the one, or the file was changed or cut."""


def is_sealed(file: BinaryIO) -> bool:
    """Return whether a file begins as a sealed one; leaves it at its beginning."""
    begins = file.read(len(MAGIC))
    file.seek(0)
    return begins == MAGIC


def _cipher(passphrase: str, salt: bytes, cost: int) -> AESGCM:
    key = Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(passphrase.encode("utf-8"))
    return AESGCM(key)


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, is_last)


class Sealing(io.RawIOBase):
    """Write through it what is to be sealed; ``close`` writes the last piece and leaves the file open."""

    def __init__(self, file: IO[bytes], passphrase: str, cost: int = _COST) -> None:
        salt, self._prefix = os.urandom(16), os.urandom(7)
        self._file, self._cipher = file, _cipher(passphrase, salt, cost)
        self._head = _HEAD.pack(MAGIC, salt, self._prefix, cost)
        self._waiting = bytearray()
        self._number = 0
        file.write(self._head)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take bytes and write the pieces that are full, one held back: the last piece is marked as such."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        """Write the last piece."""
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
        super().close()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, piece, self._head))
        self._number += 1


class Opening(io.RawIOBase):
    """A sealed file as its content, read anywhere; raises WrongKey where a piece does not open."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        size = file.seek(0, os.SEEK_END) - _HEAD.size
        file.seek(0)
        self._head = file.read(_HEAD.size)
        if size < _TAG or not self._head.startswith(MAGIC):
            raise WrongKey
        _, salt, self._prefix, cost = _HEAD.unpack(self._head)
        if cost not in _COSTS:
            raise WrongKey
        self._file, self._cipher = file, _cipher(passphrase, salt, cost)
        self._latest = (size - 1) // (PIECE + _TAG)
        self._size = size - (self._latest + 1) * _TAG
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")
        self._piece(self._latest)  # a file that was cut, or another passphrase, shows at once

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place in the content."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place of the content."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(offset)
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Read from one piece as much as it has."""
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, PIECE)
        part = self._piece(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _piece(self, number: int) -> bytes:
        if self._open[0] != number:
            self._file.seek(_HEAD.size + number * (PIECE + _TAG))
            nonce = _nonce(self._prefix, number, is_last=number == self._latest)
            try:
                content = self._cipher.decrypt(nonce, self._file.read(PIECE + _TAG), self._head)
            except InvalidTag:
                raise WrongKey from None
            self._open = (number, content)
        return self._open[1]
