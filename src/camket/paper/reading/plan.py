"""Puts the plan together: objectives of annexes, articles and tables, their actions, one of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from camket.core.plan import Action, Agency, Decision, Objective, Plan, Policy, Target
from camket.core.wording.numbers import fold_number
from camket.core.wording.schedules import ReadSchedule
from camket.core.wording.targets import parse_targets
from camket.paper.reading.blocks import Block, Passage, Span
from camket.paper.reading.columns import Role, columns_of
from camket.paper.reading.drafts import (
    Draft,
    DraftAction,
    DraftTarget,
    containment,
    likeness,
    schedules_of,
    tokens,
)
from camket.paper.reading.heading import Head, head_of
from camket.paper.reading.lists import ReadList, labelled, prose_action, read_objectives, read_prose
from camket.paper.reading.outline import Line, Outline, Part, Section, outline_of
from camket.paper.reading.tables import ReadTable, named_objective, read_table

_SAME = 0.5
"""Likeness above which an objective of a plan is taken for one of the list that the plan serves."""

_TWIN = 0.85
"""Likeness above which two objectives of equal standing are taken for one printed twice."""


@dataclass(slots=True)
class Assembled:
    """The plan with what is known of its fields."""

    plan: Plan
    outline: Outline
    head: Head
    spans: dict[str, Span] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    unread: list[Span] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    schedules: dict[str, ReadSchedule] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    differing: list[tuple[str, str, Span | None]] = field(default_factory=list)
    homeless: list[DraftAction] = field(default_factory=list)


def assemble(blocks: Sequence[Block]) -> Assembled:
    """Return the plan that blocks hold, with spans, confidence and what was not understood."""
    return _Assembler(blocks).result()


class _Assembler:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.outline = outline_of(blocks)
        text = "\n".join(_text_of(block) for block in blocks)
        self.head = head_of(self.outline, text)
        self.year = self.head.year
        self.lists: list[list[Draft]] = []
        self.prose: list[list[Line]] = []
        self.unread: list[Span] = []
        self.references: list[tuple[str, DraftAction]] = []
        self.loose: list[DraftAction] = []
        self.differing: list[tuple[Draft, Span | None]] = []
        self.added: list[Draft] = []

    def result(self) -> Assembled:
        for section in self.outline.of(Part.OBJECTIVES, Part.PLAN):
            self._section(section)
        if not any(self.lists):
            self._articles()
        if not any(self.lists):
            self._anywhere()
        drafts = self._merged()
        self._place_prose(drafts)
        self._place_loose(drafts)
        return self._finish(drafts)

    def _section(self, section: Section) -> None:
        """Read a section: runs of lines and the tables between them."""
        run: list[Line] = []
        table_drafts: list[Draft] = []
        for item in section.items:
            if isinstance(item, Line):
                run.append(item)
                continue
            table_drafts.extend(self._table(item, run, section))
            run = []
        if table_drafts:
            self._add(table_drafts)
        if run:
            self._lines(run, section, after_table=bool(section.tables))

    def _add(self, drafts: list[Draft]) -> None:
        if drafts:
            self.lists.append(drafts)

    def _table(self, block: Block, run: list[Line], section: Section) -> list[Draft]:
        columns = columns_of(block, self.year)
        if columns is None:
            self._leave(block)
            return []
        read = read_table(block, columns)
        self.unread.extend(read.unread)
        self.references.extend(read.references)
        if read.drafts:
            self.loose.extend(read.loose)
            above = [line for line in run if not _is_intro(line)]
            if any(parse_targets(line.text) for line in above):
                self._lines(above, section, after_table=True)
            return read.drafts
        draft = self._draft_above(run, section)
        if draft is None:
            self.loose.extend(read.loose)
            if not columns.has(Role.OBJECTIVE, Role.MIXED, Role.LEAD, Role.WHEN):
                self._leave(block)
            return []
        draft.actions.extend(read.loose)
        draft.settle_targets()
        return [draft]

    def _leave(self, block: Block) -> None:
        for r, row in enumerate(block.rows):
            for c, cell in enumerate(row):
                if cell.text and cell.origin is None:
                    self.unread.append(Span(block.id, r, c, 0, len(cell.text)))

    def _draft_above(self, run: list[Line], section: Section) -> Draft | None:
        """Return the objective that the lines over a table of actions name."""
        start = None
        for i in range(len(run) - 1, -1, -1):
            item = labelled(run[i])
            if item.kind in ("named", "roman", "decimal.", "decimal)", "capital", "sub"):
                start = i
                break
        if start is None:
            words = [line for line in run if not _is_intro(line)]
            if words and (words[-1].is_heading or parse_targets(words[-1].text)):
                draft = Draft(None, text=words[-1].passage, heading=words[-1].passage)
                return draft
            if section.heading is not None and (named := named_objective(section.heading.passage)):
                return Draft(named[0], text=Passage.join([named[1], *(line.passage for line in words)]))
            return None
        before = run[:start]
        if before:
            self._lines(before, section, after_table=True)
        item = labelled(run[start])
        draft = Draft(item.label if item.kind == "named" else _folded(item.label), heading=run[start].passage)
        draft.text = Passage.join(
            [item.rest, *(line.passage for line in run[start + 1 :] if not _is_table_title(line))]
        )
        return draft

    def _lines(self, lines: list[Line], section: Section, *, after_table: bool) -> None:
        if not lines:
            return
        if section.part is Part.PLAN and (after_table or any(self.lists)):
            marked = [labelled(line) for line in lines]
            if not after_table and any(item.kind for item in marked):
                self.prose.append(lines)
            return
        read = read_objectives(lines)
        if section.part is Part.PLAN and not _has_values(read.drafts):
            self.prose.append(lines)
            return
        if section.tables and not _has_values(read.drafts):
            self._note(read)
            return
        self._add(read.drafts)
        self._note(read)

    def _note(self, read: ReadList) -> None:
        for line in read.unread:
            self.unread.extend(line.passage.spans())

    def _articles(self) -> None:
        """Read objectives that an article lists."""
        best: list[Draft] = []
        for section in self.outline.of(Part.ARTICLES):
            groups: list[list[Line]] = []
            for line in section.lines:
                if re.match(r"^dieu \d+\b", line.key) or not groups:
                    groups.append([])
                groups[-1].append(line)
            for group in groups:
                if len(group) < 2 or not re.search(
                    r"muc tieu|chi tieu", " ".join(line.key for line in group[:2])
                ):
                    continue
                read = read_objectives(group[1:])
                if _has_values(read.drafts) and sum(bool(d.targets) for d in read.drafts) > sum(
                    bool(d.targets) for d in best
                ):
                    best = read.drafts
            for block in section.tables:
                columns = columns_of(block, self.year)
                if columns is not None:
                    table: ReadTable = read_table(block, columns)
                    self._add(table.drafts)
                    self.loose.extend(table.loose)
        self._add(best)

    def _anywhere(self) -> None:
        """Read a list wherever it stands, where no part of the document is named as the objectives'."""
        for section in self.outline.sections:
            if section.part in (Part.SIGNATURE, Part.BASIS, Part.POLICY, Part.ARTICLES):
                continue
            read = read_objectives(section.lines)
            if _has_values(read.drafts):
                self._add(read.drafts)
                return

    def _merged(self) -> list[Draft]:
        """Join the copies of each objective; the first list that states objectives gives the wording."""
        if not self.lists:
            return []
        result = list(self.lists[0])
        for other in self.lists[1:]:
            self._merge(result, other)
        return result

    def _merge(self, result: list[Draft], other: list[Draft]) -> None:
        words = [tokens(draft.text.text) for draft in result]
        serves = any(draft.actions for draft in other)
        least = [_SAME if serves and not draft.actions else _TWIN for draft in result]
        pairs: list[tuple[float, int, int]] = []
        for j, draft in enumerate(other):
            own = tokens(draft.text.text)
            for i, first in enumerate(result):
                score = likeness(words[i], own)
                same_number = first.number is not None and first.number == draft.number
                if same_number and not own:
                    score = 1.0
                elif same_number and score > 0.25 and least[i] == _SAME:
                    score += 0.2
                pairs.append((score, i, j))
        pairs.sort(key=lambda pair: (-pair[0], abs(pair[1] - pair[2])))
        taken: dict[int, int] = {}
        used: set[int] = set()
        for score, i, j in pairs:
            if score >= least[i] and j not in taken and i not in used:
                taken[j] = i
                used.add(i)
        for score, i, j in pairs:
            # A row may repeat a part of an objective that another row already matched.
            if (
                j not in taken
                and score >= least[i]
                and containment(tokens(other[j].text.text), words[i]) > 0.8
            ):
                taken[j] = i
        if serves:
            taken.update(_by_number(result, other, taken, used))
        for j, draft in enumerate(other):
            if j in taken:
                self._join(result[taken[j]], draft, result)
        for j, draft in enumerate(other):
            if j not in taken:
                if not draft.text and not draft.actions:
                    continue
                if serves:
                    self.added.append(draft)
                result.append(draft)

    def _join(self, first: Draft, copy: Draft, everything: Sequence[Draft]) -> None:
        first.actions.extend(copy.actions)
        if not first.method:
            first.method = copy.method
        own = tokens(first.text.text)
        if copy.text and likeness(own, tokens(copy.text.text)) < 0.9:
            self.differing.append((first, copy.text.span()))
        if copy.measured and not first.measured and not first.targets:
            first.targets = copy.targets
            return
        left = list(first.targets)
        new: list[DraftTarget] = []
        for target in copy.targets:
            same = _best_match(target, left)
            if same is not None:
                left.remove(same)
            elif not _stated(target, everything):
                new.append(target)
        first.targets.extend(new)

    def _place_prose(self, drafts: list[Draft]) -> None:
        for lines in self.prose:
            read = read_prose(lines, drafts)
            for number, action in read.loose:
                self._give(number, action, drafts)

    def _give(self, number: str | None, action: DraftAction, drafts: Sequence[Draft]) -> None:
        draft = next((draft for draft in drafts if draft.number == number), None)
        if draft is not None:
            draft.actions.append(action)
        else:
            self.loose.append(action)

    def _place_loose(self, drafts: list[Draft]) -> None:
        """Give actions of a table without objectives to the one that they name, or are most like."""
        for reference, action in self.references:
            numbers = re.findall(r"\d{1,2}(?:\.\d{1,2})*", reference)
            words = tokens(reference)
            owner = next((draft for draft in drafts if numbers and _bears(draft, numbers[0])), None)
            if owner is None and words:
                owner = max(drafts, key=lambda d: containment(words, tokens(d.text.text)), default=None)
            if owner is None:
                self.loose.append(action)
            else:
                owner.actions.append(action)
        homeless: list[DraftAction] = []
        for action in self.loose:
            named = re.search(
                r"\bmục tiêu(?: chất lượng)?(?: số)? (\d{1,2})\b(?!\s*%)", action.text.text, re.I
            )
            draft = next((d for d in drafts if named and d.number == named[1].lstrip("0")), None)
            if draft is None and len(drafts) == 1:
                draft = drafts[0]
            if draft is None:
                own = tokens(action.text.text)
                scored = [(containment(own, tokens(d.text.text)), -i) for i, d in enumerate(drafts)]
                if scored and max(scored)[0] > 0.3:
                    draft = drafts[-max(scored)[1]]
                    action.confidence = 0.5
            if draft is None:
                homeless.append(action)
            else:
                draft.actions.append(action)
        self.loose = homeless

    def _finish(self, drafts: list[Draft]) -> Assembled:
        outline, head = self.outline, self.head
        placeholder = Plan(Agency(None, None), None)
        done = Assembled(placeholder, outline, head, drafts=drafts, unread=self.unread, homeless=self.loose)
        for action in self.loose:
            done.unread.extend(action.text.spans())
        _number_drafts(drafts)
        objectives = []
        for i, draft in enumerate(drafts):
            objectives.append(self._objective(draft, f"objectives[{i}]", done))
        for draft in self.added:
            done.added.append(f"objectives[{drafts.index(draft)}]")
        for draft, span in self.differing:
            done.differing.append((f"objectives[{drafts.index(draft)}].text", draft.text.text, span))
        _head_places(done, outline, head)
        done.plan = Plan(
            agency=Agency(head.name, head.level),
            year=head.year,
            decision=_decision(outline),
            policy=None
            if not head.has_policy
            else Policy(
                head.motto.flat().text if head.motto else None,
                tuple(item.flat().text for item in head.commitments),
            ),
            objectives=tuple(objectives),
            reporting=head.reporting,
        )
        return done

    def _objective(self, draft: Draft, path: str, done: Assembled) -> Objective:
        text = draft.text.flat()
        _mark(done, f"{path}.text", draft.text, draft.confidence)
        _mark(done, f"{path}.number", draft.heading or draft.text, draft.confidence)
        _mark(done, f"{path}.method", draft.method, 0.95)
        targets: list[Target] = []
        for k, target in enumerate(draft.targets):
            _mark(done, f"{path}.targets[{k}]", target.passage, target.confidence)
            targets.append(target.target)
        actions = tuple(
            self._action(action, f"{path}.actions[{k}]", done) for k, action in enumerate(draft.actions)
        )
        return Objective(
            number=draft.number or "",
            text=text.text or draft.heading.flat().text,
            targets=tuple(targets),
            method=draft.method.flat().text or None,
            actions=actions,
        )

    def _action(self, action: DraftAction, path: str, done: Assembled) -> Action:
        lead, support = action.bodies()
        when = action.when
        if not when and not action.has_when and action.confidence > 0.75 and not action.has_roles:
            when = prose_action(action.text).when
        action.when = when
        schedule = action.schedule(self.year)
        done.schedules[f"{path}.when"] = schedule
        _mark(done, f"{path}.text", action.text, action.confidence)
        _mark(done, f"{path}.when", when, min(action.confidence, float(schedule.confidence)))
        for name, passage, values in (
            ("lead", action.lead, lead),
            ("support", action.support, support),
            ("monitors", action.monitors, action.watchers()),
            ("evidence", action.evidence, action.evidences()),
        ):
            source = passage or (action.text if values else passage)
            if values:
                _mark(done, f"{path}.{name}", source, action.confidence if passage else 0.7)
            _mark_items(done, f"{path}.{name}", source, values)
        return Action(
            number=action.number or "",
            text=action.text.flat().text,
            lead=lead,
            support=support,
            when=when.flat().text or None,
            schedule=schedules_of(schedule.entries),
            monitors=action.watchers(),
            evidence=action.evidences(),
        )


def _text_of(block: Block) -> str:
    if not block.is_table:
        return block.text
    return "\n".join(
        cell.text.replace("\n", " ") for row in block.rows for cell in row if cell.origin is None
    )


def _by_number(
    result: Sequence[Draft], other: Sequence[Draft], taken: Mapping[int, int], used: Set[int]
) -> dict[int, int]:
    """Match what a plan calls otherwise than the list it serves, where both are numbered alike.

    The plan's heading must state no value of its own: it is then a short name of the objective.
    """
    own = [draft.number for draft in result]
    numbers = [draft.number for draft in other]
    if None in numbers or len(set(numbers)) < len(numbers) or len(set(own)) < len(own):
        return {}
    if not set(numbers) <= set(own):
        return {}
    found = {}
    for j, draft in enumerate(other):
        i = own.index(draft.number)
        if j not in taken and i not in used and not draft.targets:
            found[j] = i
    return found


def _bears(draft: Draft, number: str) -> bool:
    """Tell whether an objective bears a number, be it under a code such as "MT1"."""
    own = re.sub(r"^[^\W\d_]+[ .]?(?=\d)", "", draft.number or "")
    return own.lstrip("0") == number.lstrip("0")


def _is_intro(line: Line) -> bool:
    return line.text.endswith(":") and labelled(line).kind == "" or line.text.startswith("(")


def _is_table_title(line: Line) -> bool:
    return re.match(
        r"^(?:bang|bieu|don vi tinh|cu the|ke hoach thuc hien)\b.{0,60}:?$", line.key
    ) is not None and not re.search(r"\d\s?%", line.text)


def _folded(label: str) -> str:
    return fold_number(label)


def _has_values(drafts: Sequence[Draft]) -> bool:
    return any(draft.targets for draft in drafts)


def _best_match(target: DraftTarget, candidates: Sequence[DraftTarget]) -> DraftTarget | None:
    own = tokens(target.target.text)
    best, score = None, 0.0
    for candidate in candidates:
        value = likeness(own, tokens(candidate.target.text))
        if _key(candidate.target) == _key(target.target):
            value += 0.15
        if value > score:
            best, score = candidate, value
    return best if score >= 0.6 else None


def _key(target: Target) -> tuple[object, ...]:
    return (target.kind, target.value, target.upper, target.unit, target.baseline_year)


def _stated(target: DraftTarget, drafts: Sequence[Draft]) -> bool:
    """Tell whether a target is stated by any objective already."""
    own = tokens(target.target.text)
    for draft in drafts:
        for other in draft.targets:
            if likeness(own, tokens(other.target.text)) >= 0.75:
                return True
    return False


def _number_drafts(drafts: Sequence[Draft]) -> None:
    """Number what has no number: objectives on from the last, actions within their objective."""
    last = 0
    for draft in drafts:
        if draft.number is None or not draft.number:
            draft.number = str(last + 1)
        if draft.number.isdecimal():
            last = int(draft.number)
        for count, action in enumerate(draft.actions, start=1):
            if not action.number:
                action.number = str(count)


def _decision(outline: Outline) -> Decision | None:
    values = (
        outline.kind,
        outline.number,
        outline.place,
        outline.signed_by,
        outline.capacity,
        outline.authority,
    )
    if not any(values) and outline.date is None:
        return None
    return Decision(
        kind=outline.kind.value if outline.kind else None,
        number=outline.number.value if outline.number else None,
        date=outline.date,
        place=outline.place.value if outline.place else None,
        signed_by=outline.signed_by.value if outline.signed_by else None,
        capacity=outline.capacity.value if outline.capacity else None,
        authority=outline.authority.value if outline.authority else None,
    )


def _mark(done: Assembled, path: str, passage: Passage | None, confidence: float) -> None:
    if passage is None or not passage:
        return
    span = passage.span()
    if span is not None:
        done.spans[path] = span
    done.confidence[path] = confidence


def _mark_items(done: Assembled, path: str, source: Passage, values: Sequence[str]) -> None:
    """Mark each item of a list where it stands in its cell."""
    flat = source.flat()
    at = 0
    for i, value in enumerate(values):
        start = flat.text.find(value, at)
        if start < 0:
            continue
        at = start + len(value)
        span = flat.span(start, at)
        if span is not None:
            done.spans[f"{path}[{i}]"] = span


def _head_places(done: Assembled, outline: Outline, head: Head) -> None:
    for name in ("kind", "number", "place", "signed_by", "capacity", "authority"):
        found = getattr(outline, name)
        if found is not None:
            _mark(done, f"decision.{name}", found.passage, 0.95)
    _mark(done, "decision.date", outline.date_seen, 0.95 if outline.date else 0.6)
    if outline.number is None:
        _mark(done, "decision.number", outline.number_seen, 0.6)
    _mark(done, "agency.name", head.name_at, 0.95)
    _mark(done, "year", head.year_at, 0.95)
    _mark(done, "policy.motto", head.motto, 0.95)
    for i, item in enumerate(head.commitments):
        _mark(done, f"policy.commitments[{i}]", item, 0.95)
    for i, item in enumerate(head.reporting_at):
        _mark(done, f"reporting[{i}]", item, 0.85)
