"""Objectives and actions in tables: a row each, a section each, merged downwards, one column or two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from camket.core.plan import Period
from camket.core.wording.numbers import fold_number
from camket.core.wording.targets import parse_targets
from camket.paper.reading.blocks import LIST_MARK, Block, Cell, Passage, Span
from camket.paper.reading.columns import Columns, Role
from camket.paper.reading.drafts import Draft, DraftAction, without_mark

_LABEL = re.compile(
    r"^(?P<label>[IVXLivxl]{1,6}|[A-ZĐa-zđ]|\d{1,2}(?:\.\d{1,2})*)\s?(?:[.)\-:]|(?=\s))\s*(?=\S)"
)
_NAMED = re.compile(
    r"^(?:[IVX\d]{1,5}\s?[.)]\s*)?mục tiêu(?: chất lượng)?\s*(?:(?:số\s*)?(?P<figure>\d{1,2})\b(?!\s*%)"
    r"|thứ\s+(?P<word>nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|\d{1,2})\b)\s*(?:\(MTCL[^)]*\)\s*)?[:.\-–]*\s*",
    re.IGNORECASE,
)
_ORDINALS = {
    "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip


def named_objective(passage: Passage) -> tuple[str, Passage] | None:
    """Return number and wording where a line opens with "Mục tiêu (chất lượng) số N".

    >>> named_objective(Passage("2. Mục tiêu chất lượng số 02: 100% hồ sơ"))[0]
    '2'
    """
    match = _NAMED.match(passage.text)
    if match is None:
        return None
    word = (match["figure"] or match["word"]).lower()
    number = str(_ORDINALS.get(word, word)).lstrip("0") or "0"
    return number, passage.part(match.end())


@dataclass(slots=True)
class ReadTable:
    """What a table gives: objectives of its own, and actions before any of them."""

    drafts: list[Draft] = field(default_factory=list)
    loose: list[DraftAction] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)
    references: list[tuple[str, DraftAction]] = field(default_factory=list)


def read_table(block: Block, columns: Columns) -> ReadTable:
    """Return the objectives and actions of a table whose columns are known."""
    return _Reader(block, columns).read()


class _Reader:
    def __init__(self, block: Block, columns: Columns) -> None:
        self.block = block
        self.columns = columns
        self.found = ReadTable()
        self.open: Draft | None = None
        self.has_objectives = columns.has(Role.OBJECTIVE)
        self.text_column = next(
            (
                column
                for column in (
                    columns.one(Role.OBJECTIVE),
                    columns.one(Role.MIXED),
                    columns.one(Role.ACTION),
                )
                if column is not None
            ),
            0,
        )
        self.number_column = columns.one(Role.NUMBER)
        self.last_action: DraftAction | None = None

    def read(self) -> ReadTable:
        rows = range(self.columns.first, len(self.block.rows))
        for r in rows:
            if self._is_section(r):
                self._section(r)
            elif self.has_objectives:
                self._objective_row(r)
            else:
                self._action_row(r)
        self.found.drafts = [draft for draft in self.found.drafts if not draft.is_group]
        for draft in self.found.drafts:
            draft.settle_targets()
        self._list_unknown_columns()
        return self.found

    def _cell(self, row: int, column: int | None) -> Cell | None:
        return None if column is None else self.block.rows[row][column]

    def _passage(self, row: int, column: int | None) -> Passage:
        return Passage("") if column is None else Passage.of_cell(self.block, row, column)

    def _own(self, row: int, column: int | None) -> bool:
        """Tell whether the cell begins in this row, rather than hanging down from one above."""
        cell = self._cell(row, column)
        return cell is not None and (cell.origin is None or cell.origin[0] == row)

    def _distinct(self, row: int) -> list[int]:
        """Return the columns where a cell with text of its own begins in this row."""
        return [
            c
            for c, cell in enumerate(self.block.rows[row])
            if cell.text and (cell.origin is None or (cell.origin[0] == row and cell.origin[1] == c))
        ]

    def _is_section(self, row: int) -> bool:
        """Tell whether a row is a heading over the rows below it."""
        filled = self._distinct(row)
        texts = [c for c in filled if c != self.number_column]
        if not filled or len(texts) > 1:
            return False
        cells = self.block.rows[row]
        hanging = any(cell.text and cell.origin is not None and cell.origin[0] < row for cell in cells)
        if hanging:
            return False
        if not texts:
            return cells[filled[0]].col_span >= max(2, len(cells) - 1)
        cell = cells[texts[0]]
        if cell.col_span >= max(2, len(cells) - 2):
            return True
        if texts[0] != self.text_column and not (texts[0] < self.text_column):
            return False
        number = cells[self.number_column].text if self.number_column is not None else ""
        is_capital = re.match(r"^(?:[IVX]{1,6}|[A-H])[.)]?$", number.strip()) is not None
        if self.has_objectives:
            return is_capital or not number
        named = named_objective(Passage(cell.text)) is not None
        return is_capital or named or cell.bold or bool(parse_targets(cell.text))

    def _section(self, row: int) -> None:
        filled = self._distinct(row)
        texts = [c for c in filled if c != self.number_column] or filled
        passage = self._passage(row, texts[0])
        label = ""
        if (
            self.number_column is not None
            and self.number_column in filled
            and self.number_column not in texts
        ):
            label = self.block.rows[row][self.number_column].text
        named = named_objective(passage)
        if named is not None:
            label, passage = named
        elif not label and (match := _LABEL.match(passage.text)):
            label, passage = match["label"], passage.part(match.end())
        lines = passage.lines()
        text = Passage.join(lines)
        has_value = bool(parse_targets(text.flat().text))
        if self.has_objectives and not has_value:
            # A heading over objectives; they follow as rows of their own.
            self.open = None
            return
        if self.open is not None and not self.open.actions and rank(self.open.heading.text) < rank(label):
            # A heading straight over another heading groups objectives and is none.
            self.open.is_group = not parse_targets(self.open.text.flat().text)
        draft = Draft(number=_number(label), text=text)
        draft.heading = Passage(label)
        self.found.drafts.append(draft)
        self.open = draft
        self.last_action = None

    def _objective_row(self, row: int) -> None:
        column = self.columns.one(Role.OBJECTIVE)
        passage = self._passage(row, column)
        number = self._passage(row, self.number_column)
        number_is_new = bool(number) and self._own(row, self.number_column)
        action_column = self.columns.one(Role.ACTION)
        if passage and self._own(row, column):
            # Where the numbers run beside a merged objective, they count its actions.
            numbers_actions = self._numbers_actions(row, column)
            label = "" if numbers_actions else number.text
            named = named_objective(passage)
            if named is not None:
                passage = named[1] or passage
                label = label or named[0]
            elif match := re.match(r"^(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})\s?[.)]\s+(?=\S)", passage.text):
                label = label or match[1]
                passage = passage.part(match.end())
            if re.fullmatch(r"[-–—+*•]", label.strip()) and self.open is not None:
                # A dash for a number: a point of the objective above, in a row of its own.
                self.open.text = Passage.join([self.open.text, number, *passage.lines()])
            else:
                draft = Draft(number=_number(label), text=Passage.join(passage.lines()))
                draft.heading = number
                self._close_group(draft)
                self.found.drafts.append(draft)
                self.open = draft
            action_number = number.text if numbers_actions else None
        else:
            action_number = number.text if number_is_new else None
        if self.open is None:
            return
        self._measures(row, self.open)
        self._add_method(row, self.open)
        if action_column is not None:
            self._actions(row, self.open.actions, action_number)

    def _numbers_actions(self, row: int, column: int | None) -> bool:
        objective = self._cell(row, column)
        number = self._cell(row, self.number_column)
        if (
            objective is None
            or number is None
            or objective.row_span < 2
            or number.row_span >= objective.row_span
        ):
            return False
        below = row + 1
        return (
            below < len(self.block.rows)
            and self._own(below, self.number_column)
            and bool(re.match(r"^\d{1,2}\.?$", self.block.rows[below][self.number_column or 0].text))
        )

    def _close_group(self, draft: Draft) -> None:
        """A row whose sub-numbers follow, and which states no value, is a heading of theirs."""
        parent = self.open
        if (
            parent is None
            or parent.number is None
            or draft.number is None
            or parent.actions
            or parent.targets
        ):
            return
        is_sub = draft.number.startswith(parent.number + ".") or (
            parent.number.isdecimal() and re.fullmatch(r"[a-zđ]", draft.number) is not None
        )
        if is_sub and not parse_targets(parent.text.flat().text):
            parent.is_group = True

    def _measures(self, row: int, draft: Draft) -> None:
        units = self._passage(row, self.columns.one(Role.UNIT)).text
        done: set[tuple[int, int]] = set()
        periods = self.columns.periods
        for column in self.columns.at(Role.TARGET, Role.PERIOD):
            cell = self.block.rows[row][column]
            origin = cell.origin or (row, column)
            if not cell.text or origin in done or not self._own(row, column):
                continue
            done.add(origin)
            passage = self._passage(row, column)
            unit = units or self.columns.units.get(column, "")
            if column in periods:
                covered = [c for c in periods if (self.block.rows[row][c].origin or (row, c)) == origin]
                if len(covered) == len(periods) > 1:
                    draft.measure(passage, unit=unit)
                else:
                    period = Period(periods[covered[0]].start, periods[covered[-1]].end)
                    draft.measure(passage, period=period, label=self._label(covered[0]), unit=unit)
            else:
                draft.measure(passage, unit=unit)

    def _label(self, column: int) -> str:
        """Return a period column's header as written."""
        for row in range(self.columns.first - 1, -1, -1):
            text = self.block.rows[row][column].text.replace("\n", " ")
            if text:
                return text
        return ""

    def _joined(self, row: int, role: Role) -> Passage:
        return Passage.join(
            Passage.join(self._passage(row, column).lines()) for column in self.columns.at(role)
        )

    def _action_row(self, row: int) -> None:
        number = self._passage(row, self.number_column).text
        target = self.open.actions if self.open is not None else self.found.loose
        before = len(target)
        self._actions(row, target, number or None)
        reference = self._passage(row, self.columns.one(Role.REFERENCE)).text
        if reference:
            for action in target[before:]:
                self.found.references.append((reference, action))
            del target[before:]
        if (
            self.open is not None
            and self.columns.has(Role.TARGET, Role.PERIOD)
            and not self.columns.has(Role.OBJECTIVE)
        ):
            self._measures(row, self.open)
        if self.open is not None:
            self._add_method(row, self.open)

    def _add_method(self, row: int, draft: Draft) -> None:
        method = self._joined(row, Role.METHOD)
        if method and method.text not in draft.method.text:
            draft.method = Passage.join([draft.method, method])

    def _actions(self, row: int, target: list[DraftAction], number: str | None) -> None:
        column = self.columns.one(Role.ACTION) if self.has_objectives else self.text_column
        cell = self._passage(row, column)
        if not cell or not self._own(row, column):
            self._continue_action(row)
            return
        number = _number(number or "")
        parts = [Passage.join(cell.lines())] if number else action_parts(cell)
        many = len(parts)
        for i, (label, text) in enumerate(_labelled(parts) if many > 1 or not number else [(None, parts[0])]):
            action = DraftAction(number=number or label, text=text)
            action.has_roles = self.columns.has(Role.LEAD, Role.SUPPORT)
            action.has_when = self.columns.has(Role.WHEN, Role.START, Role.END)
            action.lead = self._share(row, Role.LEAD, i, many)
            action.support = self._share(row, Role.SUPPORT, i, many)
            action.monitors = self._share(row, Role.MONITOR, i, many)
            action.evidence = self._share(row, Role.EVIDENCE, i, many)
            action.when = self._when(row, i, many)
            target.append(action)
            self.last_action = action

    def _continue_action(self, row: int) -> None:
        """Add a row's further bodies, dates or evidence to the action whose cell hangs down beside them."""
        action = self.last_action
        if action is None:
            return
        for role, name in (
            (Role.LEAD, "lead"),
            (Role.SUPPORT, "support"),
            (Role.MONITOR, "monitors"),
            (Role.EVIDENCE, "evidence"),
            (Role.WHEN, "when"),
        ):
            for column in self.columns.at(role):
                if self._own(row, column) and (passage := self._passage(row, column)):
                    setattr(action, name, Passage.join([getattr(action, name), passage], "\n"))

    def _share(self, row: int, role: Role, i: int, many: int) -> Passage:
        passages = [self._passage(row, column) for column in self.columns.at(role)]
        whole = Passage.join(passages, "\n")
        return _line_for(whole, i, many)

    def _when(self, row: int, i: int, many: int) -> Passage:
        start = self._passage(row, self.columns.one(Role.START))
        end = self._passage(row, self.columns.one(Role.END))
        if start or end:
            return Passage.join([_when_text(start), _when_text(end)], " – ")
        whole = Passage.join((self._passage(row, column) for column in self.columns.at(Role.WHEN)), "\n")
        return _when_text(_line_for(whole, i, many))

    def _list_unknown_columns(self) -> None:
        homeless = {Role.LEAD, Role.SUPPORT, Role.WHEN, Role.MONITOR, Role.EVIDENCE, Role.START, Role.END}
        without_actions = not self.columns.has(Role.ACTION, Role.MIXED)
        for column, role in enumerate(self.columns.roles):
            # Who and when stand with an action; a table of bare objectives has no place for them.
            if role is None or (without_actions and role in homeless):
                for row in range(self.columns.first, len(self.block.rows)):
                    cell = self.block.rows[row][column]
                    if cell.text and cell.origin is None and cell.col_span == 1:
                        self.found.unread.append(Span(self.block.id, row, column, 0, len(cell.text)))


def _when_text(passage: Passage) -> Passage:
    return Passage.join(passage.lines())


def _line_for(whole: Passage, i: int, many: int) -> Passage:
    """Return the line of a list that belongs to one of many actions, where the lists are of one length."""
    if many > 1:
        lines = whole.lines()
        if len(lines) == many and all(LIST_MARK.match(line.text) for line in lines):
            return without_mark(lines[i])
    return whole


def action_parts(cell: Passage) -> list[Passage]:
    """Return the actions of a cell that has no number of its own: a bullet each, else the whole cell."""
    lines = cell.lines()
    if len(lines) < 2:
        return [without_mark(cell)]
    marked = [LIST_MARK.match(line.text) is not None for line in lines]
    if sum(marked) >= 2 or (marked[0] and len(lines) > 1):
        top = _mark_kind(next(line.text for line, mark in zip(lines, marked, strict=True) if mark))
        parts: list[list[Passage]] = []
        for line, mark in zip(lines, marked, strict=True):
            if (mark and _mark_kind(line.text) == top) or not parts:
                parts.append([line])
            else:
                parts[-1].append(line)
        if not marked[0] and parts[0][0].text.endswith(":"):
            return [Passage.join(lines)]
        return [Passage.join([part[0], *part[1:]]) for part in parts]
    if all(line.text.endswith((";", ".")) for line in lines[:-1]) and all(
        line.text[:1].isupper() for line in lines
    ):
        return lines
    return [Passage.join(lines)]


def _mark_kind(text: str) -> str:
    if re.match(r"^\(?\d", text):
        return "1"
    if re.match(r"^[a-zđ]\)", text):
        return "a"
    return "+" if text.startswith("+") else "-"


def _labelled(parts: Sequence[Passage]) -> list[tuple[str | None, Passage]]:
    found: list[tuple[str | None, Passage]] = []
    for part in parts:
        match = re.match(r"^\(?(\d{1,2})[.)]\s+", part.text)
        found.append((match[1] if match else None, without_mark(part)))
    return found


def _number(label: str) -> str | None:
    label = label.strip()
    if not label or re.fullmatch(r"[-–—+*•.]+", label):
        return None
    return fold_number(label) or None


def rank(label: str) -> int:
    """Return the rank of a heading's label: letters 0, Roman numerals 1, figures 2."""
    if re.fullmatch(r"[IVX]{1,6}\.?", label):
        return 1
    return 0 if re.fullmatch(r"[A-ZĐ][.)]?", label) else 2
