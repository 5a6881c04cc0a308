from __future__ import annotations

import io
import os
import random

import pytest

from camket.keeping.sealing import MAGIC, PIECE, Opening, Sealing, WrongKey, is_sealed

KEY = "bốn từ dài khó đoán"


def sealed(content: bytes, key: str = KEY) -> bytes:
    file = io.BytesIO()
    with Sealing(file, key, cost=10) as sealing:
        for start in range(0, len(content), 10_007):
            sealing.write(content[start : start + 10_007])
    return file.getvalue()


def opened(data: bytes, key: str = KEY) -> bytes:
    return io.BufferedReader(Opening(io.BytesIO(data), key)).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_what_was_sealed_comes_out(size: int) -> None:
    content = os.urandom(size)
    data = sealed(content)
    assert is_sealed(io.BytesIO(data))
    assert content[:32] not in data or size < 16
    assert opened(data) == content


def test_any_part_is_read_without_the_rest() -> None:
    content = os.urandom(3 * PIECE + 1234)
    opening = io.BufferedReader(Opening(io.BytesIO(sealed(content)), KEY))
    places = random.Random(1)
    for _ in range(50):
        start, length = places.randrange(len(content)), places.randrange(2 * PIECE)
        opening.seek(start)
        assert opening.read(length) == content[start : start + length]
    assert opening.seek(-7, os.SEEK_END) == len(content) - 7
    assert opening.read() == content[-7:]


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(WrongKey):
        opened(sealed(b"x" * 100), "khác")


def test_a_changed_byte_shows_wherever_it_is() -> None:
    data = sealed(os.urandom(PIECE + 100))
    for place in (len(MAGIC), len(MAGIC) + 20, 39, 100, PIECE, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(WrongKey):
            opened(bytes(changed))


def test_pieces_that_are_cut_off_moved_or_repeated_show() -> None:
    content = os.urandom(3 * PIECE)
    data = sealed(content)
    head, piece = 40, PIECE + 16
    parts = [data[head + n * piece : head + (n + 1) * piece] for n in range(3)]
    for forged in ([parts[0], parts[1]], [parts[1], parts[0], parts[2]], [*parts, parts[2]], []):
        with pytest.raises(WrongKey):
            opened(data[:head] + b"".join(forged))


def test_two_sealings_of_the_same_have_nothing_in_common() -> None:
    first, second = sealed(b"a" * 500), sealed(b"a" * 500)
    assert first[16:] != second[16:]
