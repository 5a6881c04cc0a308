"""A pack as values: what it says of each clause, what is missing, and the files that go with it.

The files are made one at a time when they are written, so that a pack takes no more memory than its largest file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of words; ``shares`` are the relative widths of its columns."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of the folder: its name within its clause's folder, what it is, and what gives its bytes."""

    name: str
    title: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of evidence; where the system holds none, ``missing`` says so in words."""

    title: str
    lines: tuple[str, ...] = ()
    grid: Grid | None = None
    files: tuple[Attached, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A clause with its evidence; ``holds`` is what one looks for, in our own words. A chapter has no parts."""

    code: str
    title: str
    holds: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def is_chapter(self) -> bool:
        """Whether it is a chapter of the standard, which only groups its clauses."""
        return "." not in self.code


@dataclass(frozen=True, slots=True)
class Pack:
    """All of it: whose, of which year and stretch of days, put together on which day, by which edition."""

    agency: str
    superior: str
    year: int
    first: date
    last: date
    made_on: date
    edition: str
    sections: tuple[Section, ...] = field(default=())

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """What is missing: clause and words, in reading order."""
        return tuple(
            (section.code, part.missing)
            for section in self.sections
            for part in section.parts
            if part.missing
        )

    def files(self) -> Iterator[tuple[Section, Attached]]:
        """Yield every file with its clause, in reading order."""
        for section in self.sections:
            for part in section.parts:
                for each in part.files:
                    yield section, each
