"""Objectives and actions while they are being read: like those of the plan, with their places in the source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from camket.core.messages import Message
from camket.core.plan import Period, Schedule, Target
from camket.core.wording.bodies import lead_and_support, split_bodies, split_items
from camket.core.wording.schedules import ReadSchedule, parse_schedule
from camket.core.wording.targets import parse_targets
from camket.core.wording.text import search_key
from camket.paper.reading.blocks import LIST_MARK, Passage


@dataclass(slots=True)
class DraftTarget:
    """A target with the passage that it was read from."""

    target: Target
    passage: Passage
    confidence: float
    warnings: tuple[Message, ...] = ()


@dataclass(slots=True)
class DraftAction:
    """A row of the plan with the passage of each of its columns."""

    number: str | None
    text: Passage
    lead: Passage = field(default_factory=lambda: Passage(""))
    support: Passage = field(default_factory=lambda: Passage(""))
    when: Passage = field(default_factory=lambda: Passage(""))
    monitors: Passage = field(default_factory=lambda: Passage(""))
    evidence: Passage = field(default_factory=lambda: Passage(""))
    has_roles: bool = False
    has_when: bool = False
    confidence: float = 0.95

    def bodies(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return who leads and who supports: from their columns, else from the formula in the wording."""
        if not self.has_roles:
            return lead_and_support(_without_opening(self.text.flat().text))
        lead, support = self.lead.text, self.support.text
        named = _NAMED_ROLES.search(lead)
        if named and not support:
            return split_bodies(named["lead"]), split_bodies(named["support"] or "")
        if not support and re.search(r"\bchủ trì\b", lead, re.IGNORECASE):
            found = lead_and_support(lead)
            if found[0]:
                return found
            lead = re.sub(r"\s*\(?\s*chủ trì\s*\)?", "", lead, flags=re.IGNORECASE)
        return split_bodies(_bare_role(lead)), split_bodies(_bare_role(support))

    def schedule(self, year: int | None) -> ReadSchedule:
        """Return what the time column means."""
        return parse_schedule(self.when.text, year)

    def evidences(self) -> tuple[str, ...]:
        """Return the items of the evidence column."""
        return split_items(self.evidence.text)

    def watchers(self) -> tuple[str, ...]:
        """Return the bodies of the monitoring column."""
        return split_bodies(self.monitors.text)


_NAMED_ROLES = re.compile(
    r"^\W*(?:(?:đơn vị|cơ quan|bộ phận|người)\s+)?chủ trì\s*:\s*(?P<lead>.+?)[\s;.,\-+*]*"
    r"(?:\b(?:(?:đơn vị|cơ quan|bộ phận|người)\s+)?phối hợp\s*:\s*(?P<support>.+))?$",
    re.IGNORECASE | re.DOTALL,
)


def _without_opening(sentence: str) -> str:
    """Drop what stands before the bodies of a sentence: the objective it serves, or when.

    >>> _without_opening("Để đạt mục tiêu 2, Văn phòng chủ trì rà soát")
    'Văn phòng chủ trì rà soát'
    """
    match = re.match(
        r"^(?:để|đối với|về|nhằm|theo|thực hiện)\b[^,:]*?\bmục tiêu\b[^,:]*[,:]\s*", sentence, re.I
    )
    if match:
        sentence = sentence[match.end() :]
    opening, comma, rest = sentence.partition(",")
    if comma and len(opening) < 40:
        read = parse_schedule(opening, 2000)
        if read.entries and not read.rest:
            return rest.strip()
    return sentence


def _bare_role(text: str) -> str:
    """Drop a role's own name before the bodies: ``Phối hợp: các bộ phận``."""
    return re.sub(r"^\W*(?:chủ trì|phối hợp|thực hiện|phụ trách)\s*:\s*", "", text, flags=re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """An objective being read."""

    number: str | None
    text: Passage = field(default_factory=lambda: Passage(""))
    heading: Passage = field(default_factory=lambda: Passage(""))
    targets: list[DraftTarget] = field(default_factory=list)
    measured: bool = False
    method: Passage = field(default_factory=lambda: Passage(""))
    actions: list[DraftAction] = field(default_factory=list)
    confidence: float = 0.95
    is_group: bool = False

    def add_text(self, passage: Passage) -> None:
        """Add a line to the objective's wording."""
        # The line end before a list mark tells that mark from a dash inside a name.
        separator = "\n" if LIST_MARK.match(passage.text) else " "
        self.text = Passage.join([self.text, passage], separator)

    def settle_targets(self) -> None:
        """Read the targets of the wording, unless a measure column gave them."""
        if self.measured and self.targets:
            return
        flat = self.text.flat()
        self.targets = [
            DraftTarget(
                found.target,
                flat.part(found.start, found.end),
                float(found.confidence),
                tuple(found.warnings),
            )
            for found in parse_targets(_LINE_END.sub(" ", self.text.text))
        ]

    def measure(
        self, cell: Passage, *, period: Period | None = None, label: str = "", unit: str = ""
    ) -> None:
        """Read a cell of a measure column; each line of a list in it stands for itself."""
        striving = STRIVING.match(self.text.text) is not None
        for line in measure_lines(cell):
            text = line.flat().text
            if unit and not re.search(r"[^\d\s.,≥≤<>=+\-–]", text):
                text = f"{text} {unit}" if unit != "%" else f"{text}%"
            for found in parse_targets(text, measure=True, striving=striving):
                target = found.target
                if (
                    unit
                    and target.unit is None
                    and isinstance(target.value, Decimal)
                    and "không" not in text.lower()
                ):
                    target = replace(target, unit=unit)
                if period is not None:
                    target = replace(target, text=f"{label}: {target.text}", period=period)
                self.targets.append(DraftTarget(target, line, float(found.confidence), tuple(found.warnings)))
                self.measured = True


_LINE_END = re.compile(rf"\n(?!{LIST_MARK.pattern.removeprefix('^')})")
"""A line end that opens no further point of a list."""

STRIVING = re.compile(
    r"^\W*(?:phấn đấu|phần đấu|phần đầu|phân đầu|phấn đầu|quyết tâm|nỗ lực)\b", re.IGNORECASE
)


def measure_lines(cell: Passage) -> list[Passage]:
    """Return the lines of a list in a measure's cell; a cell that is no list is one."""
    lines = cell.lines()
    if len(lines) > 1 and (sum(bool(LIST_MARK.match(line.text)) for line in lines) > 1 or _all_ended(lines)):
        return [without_mark(line) for line in lines]
    return [without_mark(cell)] if cell else []


def _all_ended(lines: Sequence[Passage]) -> bool:
    return all(line.text.endswith((";", ".")) for line in lines[:-1])


def without_mark(passage: Passage) -> Passage:
    """Return a line without its dash or bullet; numbers and letters stay out too where they mark a list."""
    match = re.match(r"^(?:[-–—+•●▪*·]\s*|[a-zđ]\)\s*|\(?\d{1,2}[.)]\s+)", passage.text)
    return passage.part(match.end()) if match else passage


def tokens(text: str) -> list[str]:
    """Return the words that two copies of one wording are compared by."""
    return re.findall(r"[^\W_]+", search_key(text).replace("phan dau", ""))


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how much of the shorter wording the longer one holds, 0 to 1, word pairs counted.

    >>> likeness(tokens("100% hồ sơ đúng hạn"), tokens("100% hồ sơ giải quyết đúng hạn")) > 0.6
    True
    """
    if not one or not other:
        return 0.0
    first, second = _pairs(one), _pairs(other)
    common = len(first & second)
    smaller = min(len(first), len(second))
    both = 2 * common / (len(first) + len(second))
    return (common / smaller + both) / 2


def containment(part: Sequence[str], whole: Sequence[str]) -> float:
    """Return how much of a part's word pairs the whole holds, 0 to 1."""
    pairs = _pairs(part)
    return len(pairs & _pairs(whole)) / len(pairs) if pairs else 0.0


def _pairs(words: Sequence[str]) -> set[tuple[str, ...]]:
    if len(words) < 2:
        return {tuple(words)}
    return set(zip(words, words[1:], strict=False)) | {(word,) for word in words if len(word) > 3}


def schedules_of(entries: Sequence[Schedule]) -> tuple[Schedule, ...]:
    """Return schedules, equal ones once."""
    return tuple(dict.fromkeys(entries))
