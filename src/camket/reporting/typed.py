"""Figures typed by hand into a report and into units' parts: shown to who writes and who approves, with what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from camket.core.narrative import COUNTS, RESULT, bare_result
from camket.core.typed_figures import TypedFigure, typed_figures
from camket.reporting.composing import Key, Sentence
from camket.reporting.content import ReportContent, TargetLine
from camket.reporting.parts import PartContent, PartRow
from camket.reporting.told import ToldContent


@dataclass(frozen=True, slots=True)
class HandTyped:
    """A text with figures typed by hand: which field it is (``sentence``, ``reason``, ``remedy``, ``assessment``,
    ``difficulties``, ``proposals``, ``late``), of which target or task, and the figures."""

    field: str
    of: str
    figures: tuple[TypedFigure, ...]

    @property
    def differs(self) -> bool:
        """Whether something else was measured."""
        return any(each.measured for each in self.figures)


def typed_in_report(
    content: ReportContent | ToldContent, sentences: Mapping[Key, Sentence]
) -> tuple[HandTyped, ...]:
    """Return the texts of a report that hold figures typed by hand, in its order; those that contradict a reading first."""
    if isinstance(content, ToldContent):
        own = list(_of_statements(content, sentences))
        return _sorted([*own, *_free(content.assessment, content.difficulties, content.proposals)])
    found = [
        each
        for target in content.targets
        for each in _of_target(target, sentences.get(target.target_id), target.reason, target.remedy)
    ]
    return _sorted([*found, *_free(content.assessment, content.difficulties, content.proposals)])


def typed_in_part(row: PartRow, content: PartContent) -> tuple[HandTyped, ...]:
    """Return the texts of a unit's part that hold figures typed by hand, as :func:`typed_in_report`."""
    found = [
        each
        for target in content.targets
        for each in _of_target(target, None, *row.remarks.get(target.target_id, ("", "")))
    ]
    late = {each.id: each.action_text for each in content.late}
    found += [
        HandTyped("late", late.get(key, ""), figures)
        for key, text in row.late.items()
        if (figures := typed_figures(text, {}))
    ]
    return _sorted([*found, *_free(row.assessment, row.difficulties, row.proposals)])


def _of_statements(content: ToldContent, sentences: Mapping[Key, Sentence]) -> Iterator[HandTyped]:
    """Yield the statements that a person rewrote and that hold figures typed by hand."""
    for section in content.sections:
        for each in section.statements:
            sentence = sentences.get(each.key)
            if sentence is None or not sentence.is_own:
                continue
            if figures := typed_figures(sentence.text, sentence.figures, known=each.text):
                yield HandTyped("sentence", section.title.capitalize(), figures)


def _of_target(
    target: TargetLine, sentence: Sentence | None, reason: str, remedy: str
) -> Iterator[HandTyped]:
    measured = {
        **target.said_figures,
        RESULT: bare_result(target.shown, target.fraction),
        COUNTS: target.fraction,
    }
    texts = {"reason": reason, "remedy": remedy}
    if sentence is not None and sentence.is_own:
        texts = {"sentence": sentence.text, **texts}
    for field, text in texts.items():
        if figures := typed_figures(text, measured, known=f"{target.text} {target.goal}"):
            yield HandTyped(field, target.text, figures)


def _free(assessment: str, difficulties: str, proposals: str) -> Iterator[HandTyped]:
    for field, text in (
        ("assessment", assessment), ("difficulties", difficulties), ("proposals", proposals)
    ):  # fmt: skip
        if figures := typed_figures(text, {}):
            yield HandTyped(field, "", figures)


def _sorted(found: list[HandTyped]) -> tuple[HandTyped, ...]:
    return tuple(sorted(found, key=lambda each: not each.differs))
