"""Addresses at which a survey is answered: short, signed, telling nothing to whoever reads one.

The token of an address names, in the clear, only the point or the survey whose key signed it. The rest (the round of a
point, the serial of a slip, the number of a dossier) is masked with that key, so that a line in a proxy's log leads to no
dossier. What a token says holds only once :func:`opened` has found it signed with the survey's key; a new key makes all
that were given out worthless.

A token has 24 small letters and digits (base32) or a few more, fit for a QR code and for typing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from enum import IntEnum

_MARK = 10
"""Bytes of the signature: 80 bits, against guesses that each cost a request."""
_LONGEST = 64
"""Characters of a token at most; longer ones are not looked at."""


class LinkKind(IntEnum):
    """What an address stands for."""

    POINT = 1  # a poster, a tablet, a pile of slips: answered by many
    SLIP = 2  # one numbered slip: answered once
    DOSSIER = 3  # the appointment slip of one dossier: answered once


@dataclass(frozen=True, slots=True)
class Sealed:
    """A token as read, not yet believed: ``number`` is the point's, for slips and dossiers the survey's."""

    kind: LinkKind
    number: int
    masked: bytes
    mark: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says, found signed: ``detail`` is the round of a point, the serial of a slip, the id of a dossier."""

    kind: LinkKind
    number: int
    detail: int


def make_point_link(*, key: str, point_id: int, round_number: int) -> str:
    """Return the token of a point in its present round; ``key`` is the survey's ``link_key``."""
    return _made(key, Link(LinkKind.POINT, point_id, round_number))


def make_slip_link(*, key: str, survey_id: int, serial: int) -> str:
    """Return the token of one numbered slip."""
    return _made(key, Link(LinkKind.SLIP, survey_id, serial))


def make_dossier_link(*, key: str, survey_id: int, dossier_id: int) -> str:
    """Return the token on the appointment slip of a dossier."""
    return _made(key, Link(LinkKind.DOSSIER, survey_id, dossier_id))


def read(token: str) -> Sealed | None:
    """Return what a token names in the clear; None for what is no token at all. Capital letters are taken too.

    >>> token = make_slip_link(key="k" * 64, survey_id=7, serial=12)
    >>> sealed = read(token.upper())
    >>> sealed.kind.name, sealed.number, opened(sealed, key="k" * 64).detail, opened(sealed, key="other")
    ('SLIP', 7, 12, None)
    """
    if len(token) > _LONGEST or not token.isascii():
        return None
    text = token.strip().upper()
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(raw) <= _MARK + 2 or _text_of(raw) != text.lower():  # one address has one token
        return None
    try:
        kind = LinkKind(raw[0])
        number, rest = _number(raw[1:-_MARK])
    except ValueError:
        return None
    return Sealed(kind, number, rest, raw[-_MARK:]) if rest else None


def opened(sealed: Sealed, *, key: str) -> Link | None:
    """Return what a token says if the survey's key signed it, else None."""
    plain = _masked(key, sealed.mark, sealed.masked)
    try:
        detail, rest = _number(plain)
    except ValueError:
        return None
    link = Link(sealed.kind, sealed.number, detail)
    if rest or not hmac.compare_digest(_mark(key, link), sealed.mark):
        return None
    return link


def spent_hash(link: Link, *, key: str) -> str:
    """Return under what name a used link is kept: without the key it leads neither to a slip nor to a dossier."""
    return _keyed(key, b"spent", _plain(link)).hex()


def _made(key: str, link: Link) -> str:
    mark = _mark(key, link)
    masked = _masked(key, mark, _bytes(link.detail))
    return _text_of(bytes([link.kind]) + _bytes(link.number) + masked + mark)


def _text_of(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def _plain(link: Link) -> bytes:
    return bytes([link.kind]) + _bytes(link.number) + _bytes(link.detail)


def _mark(key: str, link: Link) -> bytes:
    return _keyed(key, b"link", _plain(link))[:_MARK]


def _masked(key: str, mark: bytes, data: bytes) -> bytes:
    """Mask data, or unmask it: the mark differs for each link, so no two are masked alike."""
    stream = _keyed(key, b"mask", mark)
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def _keyed(key: str, purpose: bytes, data: bytes) -> bytes:
    return hmac.new(key.encode(), purpose + b"\0" + data, hashlib.sha256).digest()


def _bytes(number: int) -> bytes:
    """Return a number in as few bytes as it needs, seven bits in each; at least two, so that logs know a token by its length."""
    if not 0 <= number < 1 << 63:
        raise ValueError(f"a number from 0 to 2^63, not {number}")
    found = bytearray()
    while number > 0x7F or not found:
        found.append(0x80 | number & 0x7F)
        number >>= 7
    found.append(number)
    return bytes(found)


def _number(data: bytes) -> tuple[int, bytes]:
    """Return the number that the bytes begin with, and the bytes behind it. Raises ValueError where there is none."""
    number = 0
    for place, byte in enumerate(data[:10]):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            if _bytes(number) != data[: place + 1]:
                raise ValueError("a number is written in one way")
            return number, data[place + 1 :]
    raise ValueError("no number")
