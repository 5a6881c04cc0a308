"""Which passwords are guessed first: common ones as they are typed in Vietnam, and ones made of the own name."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from enum import Enum

LEAST_LENGTH = 10
GREATEST_LENGTH = 128
FEW_PIECES = 3
"""A password made of no more pieces than this, each of them guessable, is guessable."""

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "0p")
_RUNS = (*_ROWS, *(row[::-1] for row in _ROWS), "".join(_COLUMNS), "".join(_COLUMNS[::-1]))
_LEET = str.maketrans("@4031!$57+", "aaoeiisstt")
_LEAST_RUN = 3
_MOST_DIGITS = 6


class Weakness(Enum):
    """Why a password is guessed soon."""

    COMMON = "common"
    OWN = "own"


def folded(text: str) -> str:
    """Return a text as guessers write it: small letters without marks, no spaces, signs kept.

    >>> folded("Mật Khẩu @ Đông Hà")
    'matkhau@dongha'
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign) and not sign.isspace())


def weakness(password: str, common: Collection[str], own: Collection[str] = ()) -> Weakness | None:
    """Return why a password would be guessed soon, or None.

    ``common`` are words and passwords that guessers try first, ``own`` the names of the person and of the agency;
    both folded. A password is guessable when a few of these, runs of the keyboard, repeated signs and short
    numbers make it up, however it is written: with marks, capitals, signs between, or 0 for o and @ for a.

    >>> weakness("M@tkhau2026", {"matkhau"})
    <Weakness.COMMON: 'common'>
    >>> weakness("Binh Yên 2026!", {"matkhau"}, {"binhyen"})
    <Weakness.OWN: 'own'>
    >>> weakness("Một câu dễ nhớ 26", {"matkhau"}) is None
    True
    """
    text = folded(password)
    bare = "".join(sign for sign in text if sign.isalnum())
    if _made_of(text, common) or _made_of(bare, common):
        return Weakness.COMMON
    if own and (_made_of(text, {*common, *own}) or _made_of(bare, {*common, *own})):
        return Weakness.OWN
    return None


def _made_of(text: str, words: Collection[str]) -> bool:
    """Whether few guessable pieces make up the whole text; signs between them count for nothing."""
    fewest = [0] + [FEW_PIECES + 1] * len(text)
    for end in range(1, len(text) + 1):
        if not text[end - 1].isalnum():
            fewest[end] = fewest[end - 1]
        for start in range(end):
            if fewest[start] + 1 < fewest[end] and _is_piece(text[start:end], words):
                fewest[end] = fewest[start] + 1
    return fewest[-1] <= FEW_PIECES


def _is_piece(piece: str, words: Collection[str]) -> bool:
    is_number = len(piece) <= _MOST_DIGITS and piece.isdecimal()
    return is_number or piece in words or piece.translate(_LEET) in words or _is_run(piece)


def _is_run(piece: str) -> bool:
    """Whether it is one sign, once or repeated, or lies in a row of the keyboard."""
    return len(set(piece)) == 1 or (len(piece) >= _LEAST_RUN and any(piece in run for run in _RUNS))
