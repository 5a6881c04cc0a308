"""Looking for words over everything: which texts hold them, however marks and letters are typed.

Most tables keep their texts as they were written. What is sought is put as patterns that any such text is held against,
by Python and by both databases alike: ``dat`` is found in "đất", "Đạt" and "DAT".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from camket.core.wording.text import search_key

__all__ = ["MOST_WORDS", "SHORTEST", "Found", "Hit", "Sought", "pattern_of", "sought"]

MOST_WORDS = 8
"""So many words are looked for; what is typed after them narrows nothing any more."""
SHORTEST = 2
"""Fewer signs than this are in nearly every text, so nothing is looked for."""

_MARKED = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
"""Where letters with marks stand in Unicode: Latin-1, Latin Extended A and B, Latin Extended Additional."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that are looked for: all of them, in any order; texts that hold them side by side come first.

    ``words`` are folded (:func:`camket.core.wording.text.search_key`), for columns that keep folded text; ``patterns``
    are regular expressions for columns that keep it as written, one for each word; ``phrase`` and ``phrase_pattern``
    are all of them side by side.
    """

    words: tuple[str, ...]
    patterns: tuple[str, ...]
    phrase_pattern: str

    @property
    def phrase(self) -> str:
        """All words side by side, folded."""
        return " ".join(self.words)

    @property
    def is_code(self) -> bool:
        """Whether it may be the code of something: one word with a digit in it."""
        return len(self.words) == 1 and any(sign.isdigit() for sign in self.words[0])


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: what it is called, and what tells it from its like.

    ``kind`` says what it is where a group holds several kinds; ``part_of`` is the number of what it belongs to and is
    opened with, ``about`` what that is called; ``on`` the day that it is known by.
    """

    id: int
    title: str
    kind: str = ""
    number: str = ""
    about: str = ""
    part_of: int | None = None
    state: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The first of what was found, and of how many."""

    total: int = 0
    hits: tuple[Hit, ...] = ()


def sought(text: str) -> Sought | None:
    """Return what a person looks for; None where it is too little to look for.

    >>> sought("  Đất đai ").words
    ('dat', 'dai')
    >>> sought("a") is None
    True
    """
    words = tuple(search_key(text).split()[:MOST_WORDS])
    if len("".join(words)) < SHORTEST:
        return None
    patterns = tuple(pattern_of(word) for word in words)
    return Sought(words, patterns, r"\s+".join(patterns))


def pattern_of(word: str) -> str:
    """Return a regular expression that finds a folded word in text as it was written.

    It uses only what Python and PostgreSQL read alike: letters, sets of letters, a backslash before other signs.

    >>> import re
    >>> bool(re.search(pattern_of("dat"), "Phòng ĐẤT đai"))
    True
    """
    return "".join(_sign(sign) for sign in word)


def _sign(sign: str) -> str:
    if sign in _letters():
        return f"[{_letters()[sign]}]"
    if sign.isalnum() or not sign.isascii():
        upper = sign.upper()
        return sign if upper == sign or len(upper) != 1 else f"[{sign}{upper}]"
    return f"\\{sign}"


@cache
def _letters() -> dict[str, str]:
    found = {letter: letter + letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}
    for code in (code for stretch in _MARKED for code in stretch):
        if (letter := search_key(chr(code))) in found:
            found[letter] += chr(code)
    return found
