"""Patterns built from lists of phrases, so that a grammar reads as data."""

from __future__ import annotations

__all__ = ["one_of"]


def one_of(phrases: str) -> str:
    r"""Return a pattern that matches one of the phrases listed, one or more (divided by ``|``) a line.

    A phrase may itself hold pattern signs. Texts are folded before they are matched, so a space is a space.

    >>> one_of('''
    ...     tối đa|nhiều nhất
    ...     không (?:vượt )?quá
    ... ''')
    '(?:tối đa|nhiều nhất|không (?:vượt )?quá)'
    """
    lines = (line.strip() for line in phrases.strip().splitlines())
    return "(?:" + "|".join(line for line in lines if line) + ")"
