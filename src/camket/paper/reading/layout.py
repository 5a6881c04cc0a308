"""Turns words with their places on pages into paragraphs and tables; used for PDF and for scans.

Ruled lines make the tables: the grid is rebuilt from them, so that merged cells come out as they were
drawn. Elsewhere lines are joined to paragraphs by the test a typesetter would make: a line was
broken where it is if the next word had no room left, and ended there on purpose if it had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from camket.paper.reading.blocks import (
    LIST_MARK,
    RawBlock,
    RawCell,
    RawParagraph,
    RawRow,
    RawTable,
    is_page_number,
    is_syllable,
    mended_gap,
    tidy,
)

LIST_LABEL = re.compile(r"[-–—+•●▪*·]|\(?(?:[IVX]{1,5}|[a-zđ]|\d{1,2}(?:\.\d{1,2})*)[.)]?")

_SNAP = 3.0
"""Points within which two ruled lines are one."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page; ``jump`` tells that empty paper, not spaces, stands before it."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    italic: bool = False
    jump: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line, upright or level; ``at`` is its own coordinate, ``low`` and ``high`` its reach."""

    upright: bool
    at: float
    low: float
    high: float


@dataclass(slots=True)
class Page:
    """A page's words, in lines from top to bottom, and its ruled lines."""

    number: int
    width: float
    height: float
    lines: list[list[Word]]
    rules: list[Rule]


@dataclass(frozen=True, slots=True)
class _Line:
    """A stretch of words on one line with nothing but spaces between them."""

    words: tuple[Word, ...]
    page: int

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        return median(word.size for word in self.words)

    @property
    def bold(self) -> bool:
        return sum(len(word.text) for word in self.words if word.bold) * 2 > sum(
            len(word.text) for word in self.words
        )

    @property
    def italic(self) -> bool:
        return sum(len(word.text) for word in self.words if word.italic) * 2 > sum(
            len(word.text) for word in self.words
        )


@dataclass(slots=True)
class _Grid:
    """A ruled table on a page: its lines' coordinates and which unit cells are one."""

    xs: list[float]
    ys: list[float]
    owner: dict[tuple[int, int], tuple[int, int]]
    words: dict[tuple[int, int], list[Word]] = field(default_factory=dict)

    def place(self, word: Word) -> tuple[int, int] | None:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        row = next((i for i in range(len(self.ys) - 1) if self.ys[i] <= y < self.ys[i + 1]), None)
        column = next((j for j in range(len(self.xs) - 1) if self.xs[j] <= x < self.xs[j + 1]), None)
        return None if row is None or column is None else self.owner[row, column]


def blocks_of(pages: Sequence[Page]) -> list[RawBlock]:
    """Return the raw blocks of a laid-out document, in reading order."""
    found: list[RawBlock] = []
    flow = _Flow(pages)
    running = _running_lines(pages)
    for page in pages:
        flow.open_page(page)
        grids = _grids(page)
        loose: list[_Line] = []
        for i, line in enumerate(page.lines):
            rest: list[Word] = []
            for word in line:
                for grid in grids:
                    spot = grid.place(word)
                    if spot is not None:
                        grid.words.setdefault(spot, []).append(word)
                        break
                else:
                    rest.append(word)
            if rest and not _is_furniture(rest, i, page, running):
                loose.extend(_stretches(rest, page.number))
        items: list[tuple[float, _Line | _Grid]] = [(line.top, line) for line in _without_notes(loose, page)]
        items += [(grid.ys[0], grid) for grid in grids]
        items.sort(key=lambda item: item[0])
        zone: list[_Line] = []
        for position, (_, item) in enumerate(items):
            if isinstance(item, _Grid):
                found.extend(flow.close())
                table = _table(item, page.number)
                if table.rows:
                    found.append(table)
                continue
            if _belongs_to_zone(item, zone, items[position + 1 :], flow.middle):
                if not zone:
                    found.extend(flow.close())
                zone.append(item)
                continue
            if zone:
                found.append(_two_columns(zone, page.number))
                zone = []
            found.extend(flow.add(item))
        if zone:
            found.append(_two_columns(zone, page.number))
    found.extend(flow.close())
    return found


def _stretches(words: Sequence[Word], page: int) -> list[_Line]:
    """Divide a line where empty paper stands between its words."""
    found: list[list[Word]] = [[]]
    for word in words:
        is_label = len(found[-1]) == 1 and LIST_LABEL.fullmatch(found[-1][0].text)
        if word.jump and found[-1] and not is_label:
            found.append([])
        found[-1].append(word)
    return [_Line(tuple(stretch), page) for stretch in found]


def _running_lines(pages: Sequence[Page]) -> set[str]:
    """Return the texts that stand as the first or last line of most pages: headers and footers."""
    if len(pages) < 4:
        return set()
    seen: dict[str, int] = {}
    for page in pages:
        for line in {0, len(page.lines) - 1}:
            if 0 <= line < len(page.lines):
                text = " ".join(word.text for word in page.lines[line])
                seen[text] = seen.get(text, 0) + 1
    return {text for text, count in seen.items() if count * 2 > len(pages) and len(text) > 3}


def _is_furniture(words: Sequence[Word], index: int, page: Page, running: set[str]) -> bool:
    text = " ".join(word.text for word in words)
    at_edge = index in (0, 1, len(page.lines) - 1)
    if at_edge and text in running:
        return True
    near_edge = words[0].top < page.height * 0.1 or words[0].bottom > page.height * 0.9
    return at_edge and near_edge and is_page_number(text)


def _without_notes(lines: list[_Line], page: Page) -> list[_Line]:
    """Leave out footnotes: small lines under a short rule at the foot of the page."""
    if not lines:
        return lines
    body = median(line.size for line in lines)
    short = [
        rule.at
        for rule in page.rules
        if not rule.upright and rule.high - rule.low < page.width * 0.35 and rule.at > page.height * 0.4
    ]
    for at in sorted(short):
        below = [line for line in lines if line.top > at - 1]
        if below and all(line.size < body * 0.93 for line in below) and below[0].text[:1].isdigit():
            return [line for line in lines if line not in below]
    return lines


def _belongs_to_zone(
    line: _Line, zone: list[_Line], later: Sequence[tuple[float, _Line | _Grid]], middle: float
) -> bool:
    """Tell whether a line is part of a stretch set in two columns (letterhead, signature)."""
    following = next((item for _, item in later), None)
    beside = isinstance(following, _Line) and _same_height(line, following)
    if beside or (zone and any(_same_height(line, other) for other in zone)):
        return True
    if not zone:
        return False
    left, right = _sides(zone)
    last = max(other.bottom for other in zone)
    if line.top - last > 12 * line.size:
        return False
    if abs((line.x0 + line.x1) / 2 - middle) < 8 and line.top - last > 0.6 * line.size:
        return False
    if line.x0 > middle:
        return True
    own = (line.x0 + line.x1) / 2
    if (
        line.x1 > middle
        and abs(own - middle) < min(abs(own - _center(left)), abs(own - _center(right)))
        and all(abs(line.x0 - other.x0) > 8 for other in left)
    ):
        # Set in the middle of the page: the title under a letterhead.
        return False
    return line.x0 < min(other.x0 for other in right) - 20 and line.x1 < _center(right) and bool(left)


def _same_height(one: _Line, other: _Line) -> bool:
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0.5 * min(one.size, other.size)


def _center(lines: Sequence[_Line]) -> float:
    return sum((line.x0 + line.x1) / 2 for line in lines) / len(lines)


def _sides(zone: Sequence[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Divide the lines of a zone into its two columns, by those that stand beside one another."""
    left = [line for line in zone if any(_same_height(line, other) and line.x1 < other.x0 for other in zone)]
    right = [line for line in zone if any(_same_height(line, other) and other.x1 < line.x0 for other in zone)]
    if not left or not right:
        return list(zone), list(zone)
    middle_left, middle_right = _center(left), _center(right)
    sides: tuple[list[_Line], list[_Line]] = ([], [])
    for line in zone:
        if line in left or line in right:
            sides[line in right].append(line)
        else:
            middle = (line.x0 + line.x1) / 2
            sides[abs(middle - middle_right) < abs(middle - middle_left)].append(line)
    return sides


def _two_columns(zone: Sequence[_Line], page: int) -> RawTable:
    cells = [
        RawCell(tidy("\n".join(line.text for line in side)), bold=bool(side) and side[0].bold)
        for side in _sides(zone)
    ]
    return RawTable([RawRow(cells)], page=page, page_end=page)


def _size(page: Page) -> tuple[int, int]:
    return round(page.width / 4), round(page.height / 4)


class _Flow:
    """Joins lines of running text to paragraphs, over page ends too."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.lines: list[_Line] = []
        self.left = 0.0
        self.right = 0.0
        self.pages: dict[int, tuple[float, float]] = {}
        self.margins: dict[int, tuple[float, float]] = {}
        self.alike: dict[tuple[int, int], list[tuple[float, float]]] = {}
        for page in pages:
            words = [word for line in page.lines for word in line]
            if words:
                margins = min(word.x0 for word in words), max(word.x1 for word in words)
                self.margins[page.number] = margins
                self.alike.setdefault(_size(page), []).append(margins)

    def open_page(self, page: Page) -> None:
        """Measure the margins of a page by its longest lines, and by those of pages of its size where it has few."""
        if page.number in self.margins:
            self.left, self.right = self.margins[page.number]
            alike = self.alike[_size(page)]
            if len(alike) > 2:
                self.left = min(self.left, median(left for left, _ in alike))
                self.right = max(self.right, median(right for _, right in alike))
        self.pages[page.number] = (self.left, self.right)

    @property
    def middle(self) -> float:
        """Return the middle between the margins of the page being read."""
        return (self.left + self.right) / 2

    def close(self) -> Iterable[RawParagraph]:
        """Return the paragraph being read, if any, and begin anew."""
        lines, self.lines = self.lines, []
        if not lines:
            return
        text = lines[0].text
        for line in lines[1:]:
            text += mended_gap(text, line.text) + line.text
            text = text.replace("-\0", "").replace("\u00ad\0", "")
        left, right = self.pages[lines[0].page]
        yield RawParagraph(
            text=tidy(text),
            page=lines[0].page,
            bold=sum(line.bold for line in lines) * 2 > len(lines),
            italic=sum(line.italic for line in lines) * 2 > len(lines),
            centered=all(_is_centered(line, left, right) for line in lines),
        )

    def add(self, line: _Line) -> Iterable[RawParagraph]:
        """Take the next line; return the paragraph that it ends, if it begins one."""
        if self.lines and self._begins(line):
            yield from self.close()
        self.lines.append(line)

    def _begins(self, line: _Line) -> bool:
        last = self.lines[-1]
        left, right = self.pages[last.page]
        own_left, own_right = self.pages[line.page]
        if LIST_MARK.match(line.text) and (line.x0 > own_left + 5 or last.text.endswith((".", ";", ":"))):
            return True
        centered = _is_centered(last, left, right)
        if _turns_capital(last.text, line.text):
            return True
        changes = centered != _is_centered(line, own_left, own_right) and not (last.bold and line.bold)
        # The last line of a justified paragraph may happen to stand in the middle.
        if changes and (centered or line.x0 > own_left + 5):
            return True
        room = (right - left) - (last.x1 - last.x0) if centered else right - last.x1
        first = line.words[0]
        if room > (first.x1 - first.x0) + 0.35 * last.size:
            return True
        if line.page != last.page and last.bold:
            return True
        if line.page == last.page and line.top - last.bottom > 1.2 * last.size:
            return True
        if line.page == last.page and abs(line.size - last.size) > 1.6:
            return True
        return not centered and line.x0 > own_left + 18 and last.text.endswith((".", ";", ":", "/", "!", "?"))


def _turns_capital(before: str, line: str) -> bool:
    """Tell whether a heading in capitals stands under one in small letters, or the other way round."""

    def capital(text: str) -> bool:
        return sum(char.isupper() for char in text) > 0.9 * sum(char.isalpha() for char in text)

    letters = min(sum(char.isalpha() for char in text) for text in (before, line))
    return letters >= 12 and line[:1].isupper() and capital(before) != capital(line)


def _is_centered(line: _Line, left: float, right: float) -> bool:
    before, after = line.x0 - left, right - line.x1
    return before > 4 and after > 4 and abs(before - after) < max(4.0, 0.08 * (before + after))


def _grids(page: Page) -> list[_Grid]:
    """Return the ruled tables of a page, top first."""
    level = [rule for rule in page.rules if not rule.upright and rule.high - rule.low > 4]
    upright = [rule for rule in page.rules if rule.upright and rule.high - rule.low > 4]
    groups: list[tuple[list[Rule], list[Rule]]] = []
    for rule in level + upright:
        touching = [group for group in groups if _touches(rule, group)]
        merged: tuple[list[Rule], list[Rule]] = ([], [])
        for group in touching:
            groups.remove(group)
            merged[0].extend(group[0])
            merged[1].extend(group[1])
        merged[1 if rule.upright else 0].append(rule)
        groups.append(merged)
    found = [grid for levels, uprights in groups if (grid := _grid(levels, uprights)) is not None]
    return sorted(found, key=lambda grid: grid.ys[0])


def _touches(rule: Rule, group: tuple[list[Rule], list[Rule]]) -> bool:
    if any(
        abs(other.at - rule.at) <= _SNAP and rule.low <= other.high + _SNAP and other.low <= rule.high + _SNAP
        for other in group[1 if rule.upright else 0]
    ):
        return True
    return any(
        other.low - _SNAP <= rule.at <= other.high + _SNAP
        and rule.low - _SNAP <= other.at <= rule.high + _SNAP
        for other in group[0 if rule.upright else 1]
    )


def _grid(level: Sequence[Rule], upright: Sequence[Rule]) -> _Grid | None:
    if len(level) < 2 or not upright:
        return None
    xs = _snapped(
        [rule.at for rule in upright] + [rule.low for rule in level] + [rule.high for rule in level]
    )
    ys = _snapped(
        [rule.at for rule in level] + [rule.low for rule in upright] + [rule.high for rule in upright]
    )
    if len(xs) < 3 or len(ys) < 2:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    parent = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(spot: tuple[int, int]) -> tuple[int, int]:
        while parent[spot] != spot:
            spot = parent[spot]
        return spot

    def unite(one: tuple[int, int], other: tuple[int, int]) -> None:
        one, other = sorted((root(one), root(other)))
        parent[other] = one

    for r in range(rows):
        middle = (ys[r] + ys[r + 1]) / 2
        for c in range(columns - 1):
            if not _drawn(upright, xs[c + 1], middle):
                unite((r, c), (r, c + 1))
    for c in range(columns):
        middle = (xs[c] + xs[c + 1]) / 2
        for r in range(rows - 1):
            if not _drawn(level, ys[r + 1], middle):
                unite((r, c), (r + 1, c))
    return _Grid(xs, ys, {spot: root(spot) for spot in parent})


def _drawn(rules: Sequence[Rule], at: float, through: float) -> bool:
    return any(
        abs(rule.at - at) <= _SNAP and rule.low - _SNAP <= through <= rule.high + _SNAP for rule in rules
    )


def _snapped(values: list[float]) -> list[float]:
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] <= _SNAP:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(group) / len(group) for group in found]


def _table(grid: _Grid, page: int) -> RawTable:
    cells: dict[tuple[int, int], RawCell] = {}
    reach: dict[tuple[int, int], tuple[int, int]] = {}
    for (_, column), owner in grid.owner.items():
        low, high = reach.get(owner, (column, column))
        reach[owner] = (min(low, column), max(high, column))
    for owner, (low, high) in reach.items():
        words = grid.words.get(owner, [])
        cells[owner] = _cell(words, grid.xs[low], grid.xs[high + 1])
    rows = [
        RawRow([cells[grid.owner[r, c]] for c in range(len(grid.xs) - 1)]) for r in range(len(grid.ys) - 1)
    ]
    if rows:
        rows[0].cut = True
    return RawTable(rows, page=page, page_end=page)


def _cell(words: Sequence[Word], left: float, right: float) -> RawCell:
    lines = _rows_of_words(words)
    if not lines:
        return RawCell()
    pad = max(2.0, min(8.0, min(line[0].x0 for line in lines) - left))
    text = _line_text(lines[0])
    # Where items of a list end with a sign, a line without one goes on.
    punctuated = any(
        LIST_MARK.match(_line_text(line)) and before[-1].text.endswith((";", ".", ","))
        for before, line in zip(lines, lines[1:], strict=False)
    )
    for before, line in zip(lines, lines[1:], strict=False):
        gap = _cell_gap(before, line, left + pad, right - pad, text, punctuated=punctuated)
        text += gap + _line_text(line)
        text = text.replace("-\0", "").replace("\u00ad\0", "")
    bold = sum(word.bold for word in words) * 2 > len(words)
    return RawCell(tidy(text), bold=bold)


_COUNTED = re.compile(r"^\(?(?:(?P<figure>\d{1,2})|(?P<letter>[a-zđ]))[.)]\s", re.MULTILINE)


def _counts_on(text: str, following: str) -> bool:
    """Tell whether a line bears the number or letter after the last one of a list that its cell opened with.

    >>> _counts_on("1. Rà soát hồ sơ", "2. Xin lỗi"), _counts_on("Trước ngày", "15. Tháng"), _counts_on("d) Đo", "đ) In")
    (True, False, True)
    """
    labels = list(_COUNTED.finditer(text))
    label = _COUNTED.match(following)
    if not labels or labels[0].start() or label is None:
        return False
    last = labels[-1]
    if label["figure"] and last["figure"]:
        return int(label["figure"]) == int(last["figure"]) + 1
    letters = "abcdđeghiklmnopq"
    both = f"{last['letter'] or '-'}{label['letter'] or '-'}"
    return both in letters or both in "abcdefgh"


def _rows_of_words(words: Sequence[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: ((word.top + word.bottom) / 2, word.x0)):
        middle = (word.top + word.bottom) / 2
        if lines and abs(middle - (lines[-1][0].top + lines[-1][0].bottom) / 2) < 0.4 * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.x0) for line in lines]


def _line_text(line: Sequence[Word]) -> str:
    return " ".join(word.text for word in line)


def _cell_gap(
    before: Sequence[Word], line: Sequence[Word], left: float, right: float, text: str, *, punctuated: bool
) -> str:
    """Return what stands between two lines of a cell: a line's end, a space, or nothing."""
    following = _line_text(line)
    x0, x1 = before[0].x0, before[-1].x1
    centered = x0 - left > 4 and abs((x0 - left) - (right - x1)) < 5
    room = (right - left) - (x1 - x0) if centered else right - x1
    first = line[0]
    glyph = (first.x1 - first.x0) / max(1, len(first.text))
    ended = text.endswith((";", ".", ":"))
    if LIST_MARK.match(following):
        # A dash may also be the middle of a name; then the line above was full.
        if _counts_on(text, following):
            return "\n"
        in_list = LIST_MARK.match(text) is not None and text[0] == following[0]
        if in_list and not punctuated and text.count("“") == text.count("”"):
            return "\n"
        wide = line[1].x1 if len(line) > 1 and len(first.text) < 3 else first.x1
        return "\n" if ended or room > wide - first.x0 + 0.3 * first.size else mended_gap(text, following)
    slack = 0.45 if ended else 1.3
    if room > (first.x1 - first.x0) + slack * first.size and (ended or not first.text[0].islower()):
        return "\n"
    if len(before) == 1 and room < glyph * 1.2 and before[0].text[-1].isdigit() and first.text[0].isdigit():
        return ""
    if len(before) == 1 and room < glyph * 1.2 and before[0].text[-1].isalpha() and first.text[0].isalpha():
        whole = (before[0].x1 - before[0].x0) + (first.x1 - first.x0)
        same_case = before[0].text[-1].isupper() == first.text[0].isupper()
        lower = first.text[0].islower()
        tail = before[0].text.rsplit("/")[-1]
        if whole > right - left and same_case and (not lower or is_syllable(tail + first.text)):
            return ""
    return mended_gap(text, following)
