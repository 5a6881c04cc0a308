"""How a document is set, held against the measures of the decree: sizes, weights, spacing, letters, pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import legacy_encoding, search_key
from camket.paper.conformity.deviations import Deviation, Findings, Rules, figure
from camket.paper.conformity.formatting import Piece, SetParagraph, Setting
from camket.paper.conformity.parts import Anatomy

_SIZE_SLACK = 0.26
_LENGTH_SLACK = 0.6
"""Millimetres: programs round centimetres and inches differently."""
_ALONE = frozenset({"kind", "abstract", "authority", "annex", "annex_title", "annex_note"})
"""Parts that stand across the page, with nothing beside them."""


def check_measures(findings: Findings, anatomy: Anatomy) -> None:
    """Add to the findings what of one document is set otherwise than the decree has it."""
    _Measures(findings, anatomy).check()


@dataclass(slots=True)
class _Measures:
    findings: Findings
    anatomy: Anatomy

    def check(self) -> None:
        for part in self.findings.rules.data["parts"]:
            for each in getattr(self.anatomy, part):
                self._format(part, each)
        self._body()
        self._letters()
        if self.anatomy.mark is not None:
            check_measures(self.findings, self.anatomy.mark)

    def _format(self, part: str, each: SetParagraph) -> None:
        rule = self.findings.rules.data["parts"][part]
        for piece in each.shown:
            low, high = rule["sizes"]
            if not low - _SIZE_SLACK <= piece.size <= high + _SIZE_SLACK:
                self.findings.add(
                    f"{part}.size",
                    Message(
                        gettext_noop("Set in size %(found)s; it has to be %(expected)s."),
                        {"found": _size(piece.size), "expected": _range(rule["sizes"])},
                    ),
                    each,
                )
                break
        self._weight(part, each, rule)
        if rule.get("capitals") and any(letter.islower() for letter in each.text):
            self.findings.add(
                f"{part}.capitals", Message(gettext_noop("Not in capitals; it has to be.")), each
            )
        if (
            "align" in rule
            and part not in ("body", "bases")
            and each.align != rule["align"]
            and not _is_side_by_side(part, each)
        ):
            self.findings.add(
                f"{part}.align", Message(gettext_noop("Not in the middle of its column; it has to be.")), each
            )

    def _weight(self, part: str, each: SetParagraph, rule: Mapping[str, Any]) -> None:
        for quality, wanted, missing, extra in (
            (
                "bold",
                rule.get("bold"),
                gettext_noop("Not bold; it has to be."),
                gettext_noop("Bold; it has to be in ordinary weight."),
            ),
            (
                "italic",
                rule.get("italic"),
                gettext_noop("Not italic; it has to be."),
                gettext_noop("Italic; it has to be upright."),
            ),
        ):
            if wanted is None:
                continue
            letters = [piece for piece in each.shown if any(letter.isalnum() for letter in piece.text)]
            if wanted and not all(getattr(piece, quality) for piece in letters):
                self.findings.add(f"{part}.{quality}", Message(missing), each)
            elif not wanted and any(getattr(piece, quality) for piece in letters):
                self.findings.add(
                    f"{part}.{quality}", Message(extra), each, certain=each not in self.anatomy.doubtful
                )

    def _body(self) -> None:
        own = self.anatomy
        rules = self.findings.rules.data["body"]
        for each in own.body:
            if not any(letter.isalnum() for letter in each.text) or search_key(each.text).startswith(
                "kinh gui"
            ):
                continue
            if each.align != "justify" and len(each.text) > 90:
                self.findings.add("body.align", Message(gettext_noop("Not set even on both sides.")), each)
            if len(each.text) > 90 and not any(
                abs(each.indent - wanted) <= _LENGTH_SLACK for wanted in rules["indents"]
            ):
                self.findings.add(
                    "body.indent",
                    Message(
                        gettext_noop(
                            "The first line begins %(found)s mm in; it has to be 10 or 12,7 mm (1 or 1,27 cm)."
                        ),
                        {"found": figure(max(each.indent, 0))},
                    ),
                    each,
                )
            self._spacing(each, rules)
        for earlier, later in zip(own.body, own.body[1:], strict=False):
            is_next = later.order == earlier.order + 1 and later.section == earlier.section
            if is_next and earlier.after + later.before < rules["gap"] - 0.1:
                self.findings.add(
                    "body.gap",
                    Message(
                        gettext_noop("%(found)s pt between two paragraphs; at least 6 pt."),
                        {"found": figure(round(earlier.after + later.before, 1))},
                    ),
                    later,
                )

    def _spacing(self, each: SetParagraph, rules: Mapping[str, Any]) -> None:
        low, high = rules["lines"]
        if each.lines is not None and not low - 0.02 <= each.lines <= high + 0.02:
            self.findings.add(
                "body.lines",
                Message(
                    gettext_noop("Line spacing %(found)s; it has to be from single to 1,5 lines."),
                    {"found": figure(round(each.lines, 2))},
                ),
                each,
            )
        elif each.lines is None:
            size = max((piece.size for piece in each.shown), default=14.0)
            if not size <= each.exact <= 1.8 * size:
                self.findings.add(
                    "body.lines",
                    Message(
                        gettext_noop(
                            "Lines of exactly %(found)s pt; they have to be from single to 1,5 lines."
                        ),
                        {"found": figure(round(each.exact, 1))},
                    ),
                    each,
                    certain=False,
                )

    def _letters(self) -> None:
        wanted = self.findings.rules.data["font"]
        for each in self.anatomy.paragraphs:
            for piece in each.shown:
                self._piece(piece, each, wanted)
            if "".join(piece.text for piece in each.pieces) != unicodedata.normalize(
                "NFC", "".join(piece.text for piece in each.pieces)
            ):
                self.findings.add(
                    "letters.composed",
                    Message(
                        gettext_noop(
                            "Letters whose marks are typed apart. "
                            "Use Unicode in composed form (TCVN 6909:2001, “Unicode dựng sẵn”)."
                        )
                    ),
                    each,
                )

    def _piece(self, piece: Piece, each: SetParagraph, wanted: str) -> None:
        if legacy_encoding(piece.text, piece.font):
            self.findings.add(
                "letters.encoding",
                Message(
                    gettext_noop(
                        "Not in Unicode (font %(font)s). Convert the text to Unicode, TCVN 6909:2001."
                    ),
                    {"font": piece.font or "?"},
                ),
                each,
            )
        elif piece.font != wanted and any(letter.isalnum() for letter in piece.text):
            self.findings.add(
                "letters.font",
                Message(
                    gettext_noop("Set in %(found)s; the font of official documents is %(expected)s."),
                    {"found": piece.font or "?", "expected": wanted},
                ),
                each,
            )
        if piece.color not in ("", "000000", "000") and any(letter.isalnum() for letter in piece.text):
            self.findings.add("letters.color", Message(gettext_noop("Not in black.")), each)


def _is_side_by_side(part: str, each: SetParagraph) -> bool:
    """Tell whether a paragraph may hold more beside this part, parted by tabs: then its alignment says nothing."""
    return not each.table and part not in _ALONE


def check_pages(rules: Rules, setting: Setting) -> Iterator[Deviation]:
    """Yield what deviates in page, margins and page numbers."""
    data = rules.data["page"]
    source = rules.source("page")
    with_tables = {each.section for each in setting.paragraphs if each.table}
    said: set[tuple[str, str]] = set()

    def deviation(code: str, message: Message, part: str = "page") -> Iterator[Deviation]:
        key = (code, str(message))
        if key not in said:
            said.add(key)
            yield Deviation(code=code, part=part, message=message, source=source)

    for index, section in enumerate(setting.sections):
        short, long = sorted((section.width, section.height))
        if abs(short - data["width"]) > 1 or abs(long - data["height"]) > 1:
            yield from deviation(
                "page.size",
                Message(
                    gettext_noop("The page is %(found)s mm; it has to be A4, 210 × 297 mm."),
                    {"found": f"{figure(section.width)} × {figure(section.height)}"},
                ),
            )
        if section.is_landscape and index not in with_tables:
            yield from deviation(
                "page.turned",
                Message(
                    gettext_noop("A page is turned although it holds no table; only tables may be set so.")
                ),
            )
        for side, name in _SIDES.items():
            low, high = data[side]
            found = getattr(section, side)
            if not low - _LENGTH_SLACK <= found <= high + _LENGTH_SLACK:
                yield from deviation(
                    f"page.{side}",
                    Message(name, {"found": figure(found), "expected": _range((low, high))}),
                )
    yield from _page_numbers(rules, setting, deviation)


_SIDES = {
    "top": gettext_noop("The top margin is %(found)s mm; it has to be %(expected)s mm."),
    "bottom": gettext_noop("The bottom margin is %(found)s mm; it has to be %(expected)s mm."),
    "left": gettext_noop("The left margin is %(found)s mm; it has to be %(expected)s mm."),
    "right": gettext_noop("The right margin is %(found)s mm; it has to be %(expected)s mm."),
}


def _page_numbers(
    rules: Rules, setting: Setting, deviation: Callable[[str, Message, str], Iterable[Deviation]]
) -> Iterator[Deviation]:
    part = "page_number"
    low, high = rules.data["page_number"]["sizes"]
    for index, section in enumerate(setting.sections):
        number = section.number
        if number is None:
            yield from deviation(
                "page_number.missing",
                Message(
                    gettext_noop(
                        "No page number. From the second page on it stands in the middle of the top margin."
                    )
                ),
                part,
            )
            continue
        if number.place != "header" or number.align != "center":
            yield from deviation(
                "page_number.place",
                Message(gettext_noop("Not in the middle of the top margin; it has to be.")),
                part,
            )
        if not low - _SIZE_SLACK <= number.size <= high + _SIZE_SLACK or number.bold or number.italic:
            yield from deviation(
                "page_number.letters",
                Message(
                    gettext_noop("Not upright in size %(expected)s; it has to be."),
                    {"expected": _range((low, high))},
                ),
                part,
            )
        if section.style != "decimal":
            yield from deviation(
                "page_number.digits", Message(gettext_noop("Not in Arabic digits; it has to be.")), part
            )
        if not section.hides_first and _begins_document(setting, index):
            yield from deviation(
                "page_number.first",
                Message(gettext_noop("The first page shows its number; it has to be without.")),
                part,
            )


def _begins_document(setting: Setting, section: int) -> bool:
    """Tell whether a section begins pages of their own: the first, one with a letterhead, or an annex numbered apart."""
    return section == 0 or setting.sections[section].starts_at == 1


def _size(value: float) -> str:
    return figure(round(value * 2) / 2)


def _range(bounds: Sequence[float], unit: str = "") -> str:
    low, high = (figure(each) for each in (bounds[0], bounds[-1]))
    return (low if low == high else f"{low}–{high}") + unit
