"""Causes of a nonconformity: five whys under the branches of a fishbone (Ishikawa), written as people write lists.

A branch is a group of causes (people, procedure, means …). Each line of its text is a cause; a line with more ``>`` than
the one before says why of it, so that a chain of whys stands below its cause::

    Hồ sơ chuyển muộn cho bộ phận chuyên môn
    > Không có người thay khi công chức một cửa nghỉ
    >> Phân công không nêu người thay

What is written so is kept as data, drawn as a fishbone and said as numbered lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line

BRANCHES = (
    gettext_noop("Causes with people"),
    gettext_noop("Causes in the procedure"),
    gettext_noop("Causes in means and equipment"),
    gettext_noop("Causes in information"),
    gettext_noop("Causes in law and rules"),
    gettext_noop("Causes in the surroundings"),
)
"""Branches proposed for an office; each record may name others."""

DEEPEST = 7
MOST_CAUSES = 60
LONGEST = 500
MOST_BRANCHES = 8


class CausesNotUnderstood(Refusal):
    """The lines of a branch do not make a tree, or there are too many."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause and why it is so."""

    text: str
    whys: tuple[Cause, ...] = ()

    @property
    def ends(self) -> tuple[str, ...]:
        """What has no further why: where chains of whys end, the root causes to look at."""
        return tuple(end for why in self.whys for end in why.ends) or (self.text,)


@dataclass(frozen=True, slots=True)
class Branch:
    """A group of causes."""

    name: str
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A cause as a list says it: its number within the branch (“1”, “1.2”) and how deep it stands, from 0."""

    number: str
    depth: int
    text: str


def read_branch(name: str, text: str) -> Branch:
    """Return a branch from its lines; blank lines are passed over. Raises CausesNotUnderstood.

    >>> read_branch("Con người", "Thiếu người\\n> Nghỉ thai sản\\n> Chưa tuyển\\nChưa được tập huấn").causes[0].ends
    ('Nghỉ thai sản', 'Chưa tuyển')
    """
    found: list[tuple[int, str]] = []
    for raw in text.splitlines():
        bare = raw.strip()
        marks = len(bare) - len(bare.lstrip("> "))
        depth, words = bare[:marks].count(">"), one_line(bare[marks:])
        if not words:
            continue
        deepest = found[-1][0] + 1 if found else 0
        if depth > min(deepest, DEEPEST):
            raise CausesNotUnderstood(
                Message(
                    gettext_noop(
                        "“%(branch)s”, the line “%(line)s”: a why stands below the cause that it explains,"
                        " with one “>” more, at most seven."
                    ),
                    {"branch": name, "line": words[:80]},
                )
            )
        found.append((depth, words[:LONGEST]))
    if len(found) > MOST_CAUSES:
        raise CausesNotUnderstood(
            Message(
                gettext_noop("“%(branch)s” has %(count)s lines; write down at most %(most)s."),
                {"branch": name, "count": str(len(found)), "most": str(MOST_CAUSES)},
            )
        )
    return Branch(one_line(name)[:100], _grown(found, 0))


def written(branch: Branch) -> str:
    """Return the lines that :func:`read_branch` reads back to the same branch."""
    return "\n".join(f"{'>' * each.depth} {each.text}".strip() for each in lines(branch))


def lines(branch: Branch) -> tuple[Line, ...]:
    """Return the causes of a branch and their whys in order, numbered."""
    return tuple(_numbered(branch.causes, "", 0))


def to_json(branches: Iterable[Branch]) -> dict[str, object]:
    """Return branches as they are kept; those without a cause are left out."""

    def kept(cause: Cause) -> dict[str, object]:
        return {"text": cause.text, "whys": [kept(each) for each in cause.whys]}

    return {
        "branches": [
            {"name": each.name, "causes": [kept(cause) for cause in each.causes]}
            for each in branches
            if each.causes
        ]
    }


def from_json(data: Mapping[str, object]) -> tuple[Branch, ...]:
    """Return the branches that were kept."""

    def cause(raw: Mapping[str, object]) -> Cause:
        return Cause(str(raw["text"]), tuple(cause(each) for each in _list(raw.get("whys"))))

    return tuple(
        Branch(str(each["name"]), tuple(cause(one) for one in _list(each.get("causes"))))
        for each in _list(data.get("branches"))
    )


# Drawn


@dataclass(frozen=True, slots=True)
class Label:
    """Words of a drawing: the left (or right, ``is_end``) end of their base line, in pixels."""

    x: int
    y: int
    text: str
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Bone:
    """A branch as drawn: from its name to the spine, and its causes beside it."""

    name: Label
    x1: int
    y1: int
    x2: int
    y2: int
    causes: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Fishbone:
    """A drawing of branches: its size, the spine from the left to the head, the bones above and below."""

    width: int
    height: int
    spine_y: int
    spine_end: int
    bones: tuple[Bone, ...] = field(default=())


_WIDE, _LINE, _HEAD, _EDGE, _SLANT, _SHORTEST = 250, 20, 40, 16, 60, 70
_LETTERS = 30


def fishbone(branches: Sequence[Branch]) -> Fishbone:
    """Return where the causes of branches stand in a drawing: half of the bones above the spine, half below.

    Long causes are cut in the drawing alone: the list beside it says them whole.
    """
    shown = [each for each in branches if each.causes]
    pairs = (len(shown) + 1) // 2
    most = max((len(each.causes) for each in shown), default=0)
    reach = max(_SHORTEST, (most + 1) * _LINE)
    spine = _EDGE + _LINE + reach
    bones = []
    for place, branch in enumerate(shown):
        above, column = place % 2 == 0, place // 2
        foot = _EDGE + (column + 1) * _WIDE
        top = spine - reach if above else spine + reach
        causes = []
        for number, cause in enumerate(branch.causes, 1):
            y = top + number * _LINE if above else top - number * _LINE
            on_bone = foot - _SLANT + round(_SLANT * abs(y - top) / reach)
            causes.append(Label(on_bone - 6, y + 4, _cut(cause.text), is_end=True))
        name = Label(foot - _SLANT, top - 6 if above else top + 16, branch.name, is_end=True)
        bones.append(Bone(name, foot - _SLANT, top, foot, spine, tuple(causes)))
    width = _EDGE + max(1, pairs) * _WIDE + _HEAD + _EDGE
    below = reach if len(shown) > 1 else 0
    return Fishbone(width, spine + below + _LINE + _EDGE, spine, width - _EDGE, tuple(bones))


def _cut(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1].rstrip()}…"


def _grown(found: Sequence[tuple[int, str]], depth: int) -> tuple[Cause, ...]:
    starts = [place for place, (own, _) in enumerate(found) if own == depth]
    ends = [*starts[1:], len(found)][: len(starts)]
    return tuple(
        Cause(found[start][1], _grown(found[start + 1 : end], depth + 1))
        for start, end in zip(starts, ends, strict=True)
    )


def _numbered(causes: Sequence[Cause], above: str, depth: int) -> Iterable[Line]:
    for place, cause in enumerate(causes, 1):
        number = f"{above}{place}"
        yield Line(number, depth, cause.text)
        yield from _numbered(cause.whys, f"{number}.", depth + 1)


def _list(raw: object) -> list[dict[str, object]]:
    return raw if isinstance(raw, list) else []
