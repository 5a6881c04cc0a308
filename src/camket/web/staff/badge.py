"""The small label beside a row that says how it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Badge:
    """A word, its tone (a class of the style sheet) and, where it has one, its icon."""

    label: str | Promise
    tone: str
    icon: str = ""
