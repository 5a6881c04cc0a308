"""What the decree says in words, held against what is written: presence, spelling, numbers, letters, stops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from camket.core.messages import Message, gettext_noop
from camket.core.numbering import COPY_TITLES, KINDS, NumberNotWellFormed, parse_document_number
from camket.core.wording.numbers import int_to_roman
from camket.paper.conformity.deviations import Findings
from camket.paper.conformity.formatting import SetParagraph
from camket.paper.conformity.parts import Anatomy, form_of_copy

_LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The order of points (điểm) follows the Vietnamese alphabet: đ stands after d; f, j, w and z are none."""

_IN_A_MARK = {
    "issuer": gettext_noop("The mark of the copy does not name the body that copies."),
    "number": gettext_noop("The mark of the copy has no number and symbol of its own."),
    "date": gettext_noop("The mark of the copy has no place and date."),
    "signer": gettext_noop("The mark of the copy does not name the post of who signs it."),
    "name": gettext_noop("The mark of the copy does not name who signs it."),
}


def check_words(findings: Findings, anatomy: Anatomy) -> None:
    """Add to the findings what is missing in one document, or written otherwise than the decree has it."""
    _Words(findings, anatomy).check()


@dataclass(slots=True)
class _Words:
    findings: Findings
    anatomy: Anatomy

    def check(self) -> None:
        self._presence()
        self._letterhead()
        self._title()
        self._bases()
        for each in self.anatomy.body:
            self._numbering(each)
        self._points()
        self._closing()
        self._annexes()
        if self.anatomy.mark is not None:
            _Words(self.findings, self.anatomy.mark).check_mark()

    def check_mark(self) -> None:
        """Hold the mark of a copy against what it has to say."""
        own = self.anatomy
        for part, lacking in _IN_A_MARK.items():
            if not getattr(own, part):
                self.findings.add(f"copy.{part}", Message(lacking), own.copy[0])
        if not own.recipients:
            self.findings.add(
                "copy.recipients",
                Message(
                    gettext_noop("The mark of the copy does not say who gets the copy and where it is kept.")
                ),
                own.copy[0],
                certain=False,
            )
        for each in own.copy:
            form = form_of_copy(each.text)
            if each.text.upper() != COPY_TITLES[form]:
                self.findings.add(
                    "copy.words",
                    Message(
                        gettext_noop("The form of the copy is written “%(expected)s”, nothing else."),
                        {"expected": COPY_TITLES[form]},
                    ),
                    each,
                )
            for number in own.number:
                named = re.search(r"/\s*(\w+)\s*[-–]", number.text)
                if named and named[1] != form:
                    self.findings.add(
                        "copy.kind",
                        Message(
                            gettext_noop(
                                "The symbol does not name the form of the copy: %(kind)s is %(expected)s."
                            ),
                            {"kind": COPY_TITLES[form], "expected": form},
                        ),
                        number,
                    )
        for place, message in (
            (
                "text",
                gettext_noop(
                    "No drawn line over the whole width between the copied text and the mark of the copy."
                ),
            ),
            ("issuer", gettext_noop("No drawn line under the body that copies.")),
        ):
            if place not in own.has_rule_under:
                self.findings.add(f"copy.line_{place}", Message(message), own.copy[0], certain=False)
        for each in own.number:
            self._number(each)
        for each in own.date:
            self._date(each)
        self._closing()

    def _presence(self) -> None:
        own = self.anatomy
        for part in ("nation", "motto", "issuer", "number", "date"):
            if not getattr(own, part) and not own.is_attached:
                self.findings.add(
                    f"{part}.missing",
                    Message(gettext_noop("Not found on the first page. Every official document has it.")),
                )
        if own.is_attached or own.mark is not None or (own.kind and not own.kind_code):
            return  # lists, forms and extracts are signed or not, as their own rules have it
        if not own.recipients_head and not own.signer:
            self.findings.add(
                "signer.missing",
                Message(gettext_noop("No “Nơi nhận” and no signature were found at the end of the text.")),
                certain=False,
            )
        elif own.kind_code != "BB" and not own.recipients:
            self.findings.add(
                "recipients.missing", Message(gettext_noop("Nobody is named under “Nơi nhận”."))
            )

    def _letterhead(self) -> None:
        own = self.anatomy
        for each in own.nation:
            if each.text.upper().replace("HOÀ", "HÒA") != "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM":
                self.findings.add(
                    "nation.words",
                    Message(gettext_noop("Not written as “CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM”.")),
                    each,
                )
        for each in own.motto:
            if each.text != "Độc lập - Tự do - Hạnh phúc":
                self.findings.add(
                    "motto.words",
                    Message(
                        gettext_noop(
                            "Not written as “Độc lập - Tự do - Hạnh phúc”: short hyphens with a blank on both sides, "
                            "capitals at Độc, Tự, Hạnh only."
                        )
                    ),
                    each,
                )
        for part, name in (("motto", own.motto), ("issuer", own.issuer)):
            is_ruled = part in own.has_rule_under or own.typed_rules or _is_underlined(name)
            if name and not is_ruled:
                self.findings.add(
                    f"{part}.rule",
                    Message(
                        gettext_noop(
                            "No drawn line under it. Draw a line (not underlined letters, not typed dashes)."
                        )
                    ),
                    name[-1],
                )
        for each in own.typed_rules:
            self.findings.add(
                "issuer.typed_rule",
                Message(gettext_noop("A line of typed characters. Draw a line instead.")),
                each,
            )
        for part in ("nation", "motto", "superior", "issuer", "number", "date", "kind", "abstract"):
            for each in getattr(own, part):
                if _is_underlined([each]):
                    self.findings.add(
                        f"{part}.underlined",
                        Message(gettext_noop("Underlined letters. Draw a line under it instead.")),
                        each,
                    )
        for each in own.number if own.is_letter or own.kind_code else ():
            self._number(each)  # a form or an internal procedure has a code of its own
        for each in own.date:
            self._date(each)

    def _number(self, each: SetParagraph) -> None:
        text = each.text
        if not text.startswith("Số:"):
            self.findings.add(
                "number.words", Message(gettext_noop("It begins with “Số:”, capital S and a colon.")), each
            )
        if "–" in text or re.search(r"\s[/-]|[/-]\s", re.sub(r"^Số\s*:\s*", "", text).strip("\u00a0 ….")):
            self.findings.add(
                "number.blanks",
                Message(
                    gettext_noop(
                        "Blanks or long dashes in the symbol. "
                        "Number, type and body are joined by / and - alone, as in 05/QĐ-UBND."
                    )
                ),
                each,
            )
        try:
            number = parse_document_number(text)
        except NumberNotWellFormed:
            symbol = re.sub(r"^[Ss]ố\s*:?", "", text).replace("\u00a0", " ").strip(" .…_")
            if symbol and not symbol.startswith("/") and not re.fullmatch(r"[/\w&\s–-]*", symbol):
                self.findings.add(
                    "number.form", Message(gettext_noop("Not a number and symbol as in 05/QĐ-UBND.")), each
                )
            symbol_kind = symbol.rpartition("/")[2].partition("-")[0].strip()
            code = symbol_kind if symbol_kind in KINDS else None
            self._symbol(each, code, is_known=bool(symbol))
            return
        if number.ordinal < 10 and not re.search(r"(?<!\d)0\d\s*/", text):
            self.findings.add(
                "number.nought",
                Message(
                    gettext_noop("A number below ten has a nought before it: %(expected)s."),
                    {"expected": f"{number.ordinal:02d}"},
                ),
                each,
            )
        self._symbol(each, number.kind, is_known=True)

    def _symbol(self, each: SetParagraph, code: str | None, *, is_known: bool) -> None:
        """Hold the type in the symbol against the type in the title; an official letter has none."""
        own = self.anatomy
        if not is_known:
            return
        if own.kind_code and code != own.kind_code:
            self.findings.add(
                "number.kind",
                Message(
                    gettext_noop(
                        "The symbol does not name the type of the document: %(kind)s is %(expected)s."
                    ),
                    {"kind": KINDS[own.kind_code], "expected": own.kind_code},
                ),
                each,
            )
        elif own.is_letter and own.about and code:
            self.findings.add(
                "number.letter",
                Message(
                    gettext_noop(
                        "The symbol of an official letter names no type: "
                        "body and drafting unit only, as in 12/UBND-VX."
                    )
                ),
                each,
            )

    def _date(self, each: SetParagraph) -> None:
        text = each.text.replace("\u00a0", " ")
        if not re.match(r"^\S.*?,\s*ngày\b", text):
            self.findings.add(
                "date.place",
                Message(gettext_noop("The name of the place and a comma stand before “ngày”.")),
                each,
            )
        found = re.search(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", text)
        if found is None:
            if re.search(r"\d{1,2}/\d{1,2}/\d{4}", text):
                self.findings.add(
                    "date.words",
                    Message(gettext_noop("The date is written in words: ngày … tháng … năm ….")),
                    each,
                )
            return
        day, month = found[1], found[2]
        if int(day) < 10 and len(day) < 2:
            self.findings.add(
                "date.day", Message(gettext_noop("A day below ten has a nought before it.")), each
            )
        if int(month) < 3 and len(month) < 2:
            self.findings.add(
                "date.month",
                Message(gettext_noop("January and February have a nought before them: tháng 01, tháng 02.")),
                each,
            )
        if int(month) > 2 and month.startswith("0"):
            self.findings.add(
                "date.month",
                Message(gettext_noop("Only January and February have a nought before them.")),
                each,
            )

    def _title(self) -> None:
        own = self.anatomy
        if own.is_letter:
            for each in own.about[:1]:
                if not re.match(r"^V/v\s", each.text):
                    self.findings.add(
                        "about.words",
                        Message(gettext_noop("It begins with “V/v” and stands under the number.")),
                        each,
                    )
            return
        if own.abstract and "abstract" not in own.has_rule_under and not own.typed_rules:
            self.findings.add(
                "abstract.rule", Message(gettext_noop("No drawn line under it.")), own.abstract[-1]
            )

    def _bases(self) -> None:
        own = self.anatomy.bases
        for index, each in enumerate(own):
            expected = "." if index == len(own) - 1 else ";"
            if not each.text.endswith(expected):
                self.findings.add(
                    "bases.end",
                    Message(
                        gettext_noop(
                            "It ends in “%(expected)s”: every legal basis in a semicolon, the last in a full stop."
                        ),
                        {"expected": expected},
                    ),
                    each,
                )

    def _numbering(self, each: SetParagraph) -> None:
        text = each.text
        article = re.match(r"^(Điều\s+\d+)\s*([.:]?)", text)
        if article:
            pieces = each.part(0, len(article[1])).shown
            if not all(piece.bold for piece in pieces):
                self.findings.add(
                    "body.article",
                    Message(gettext_noop("“Điều” and its number are not bold; they have to be.")),
                    each,
                )
            if article[2] != ".":
                self.findings.add(
                    "body.article_stop",
                    Message(gettext_noop("After “Điều” and its number stands a full stop.")),
                    each,
                )
        heading = re.match(r"^(Phần|Chương)\s+(\w+)", text)
        if heading and heading[2].isdigit():
            self.findings.add(
                "body.roman",
                Message(
                    gettext_noop("“%(what)s” has a Roman number: %(expected)s."),
                    {
                        "what": heading[1],
                        "expected": int_to_roman(int(heading[2])) if 0 < int(heading[2]) < 4000 else "I",
                    },
                ),
                each,
            )

    def _points(self) -> None:
        """Hold the letters of points, one run of them after another, against the Vietnamese alphabet."""
        before = -1
        for each in self.anatomy.body:
            found = re.match(r"^([a-zđ])\)\s", each.text)
            if not found:
                if re.match(r"^(?:\d+\.|Điều\s)", each.text):
                    before = -1
                continue
            letter = found[1]
            if letter not in _LETTERS:
                self.findings.add(
                    "body.letters",
                    Message(
                        gettext_noop("Points are lettered by the Vietnamese alphabet: a, b, c, d, đ, e, g …")
                    ),
                    each,
                )
                before = -1
                continue
            at = _LETTERS.index(letter)
            if letter == "a":
                before = 0
                continue
            if before >= 0 and at != before + 1:
                self.findings.add(
                    "body.letters",
                    Message(
                        gettext_noop("After point %(before)s) comes %(expected)s), not %(found)s)."),
                        {
                            "before": _LETTERS[before],
                            "expected": _LETTERS[min(before + 1, len(_LETTERS) - 1)],
                            "found": letter,
                        },
                    ),
                    each,
                )
            before = at

    def _closing(self) -> None:
        own = self.anatomy
        for each in own.name:
            if re.match(
                r"^(?:(?:GS|PGS|TS|ThS|Ths|CN|KS|BS|Bs)\.|(?:Ông|Bà|Đồng chí|Đ/c|Thạc sĩ|Tiến sĩ)\s)",
                each.text,
            ):
                self.findings.add(
                    "name.title",
                    Message(
                        gettext_noop(
                            "A degree or form of address before the name; the signer's name stands alone."
                        )
                    ),
                    each,
                )
            if each.text.isupper():
                self.findings.add(
                    "name.capitals",
                    Message(gettext_noop("All in capitals; a name has capitals at its words only.")),
                    each,
                )
        for each in own.signer:
            found = re.match(r"^(TM|KT|TL|TUQ|Q)\b(\.?)(\s?)", each.text)
            if found and (not found[2] or (found[1] != "Q" and not found[3])):
                self.findings.add(
                    "signer.abbreviation",
                    Message(gettext_noop("TM., KT., TL. and TUQ. have a full stop and a blank after them.")),
                    each,
                )
        for each in own.recipients_head:
            if each.text.rstrip() != "Nơi nhận:":
                self.findings.add(
                    "recipients_head.words",
                    Message(gettext_noop("It is written “Nơi nhận:”, with a colon.")),
                    each,
                )
        lines = own.recipients
        for index, each in enumerate(lines):
            is_last = index == len(lines) - 1
            if not each.text.startswith("-"):
                if index and not lines[index - 1].text.endswith((";", ".")):
                    continue  # the line before goes on
                self.findings.add(
                    "recipients.dash",
                    Message(gettext_noop("Each recipient stands on a line that begins with a short hyphen.")),
                    each,
                    certain=False,
                )
            if is_last and not each.text.endswith("."):
                self.findings.add(
                    "recipients.end", Message(gettext_noop("The last recipient ends in a full stop.")), each
                )
            elif not is_last and not each.text.endswith(";") and lines[index + 1].text.startswith("-"):
                self.findings.add(
                    "recipients.end",
                    Message(gettext_noop("Each recipient but the last ends in a semicolon.")),
                    each,
                )
        if lines and not any(each.text.lstrip("-– ").startswith("Lưu") for each in lines):
            self.findings.add(
                "recipients.archive",
                Message(gettext_noop("The last line says where it is kept: “- Lưu: VT, …”.")),
                lines[-1],
            )

    def _annexes(self) -> None:
        own = self.anatomy.annex
        for index, each in enumerate(own):
            label = each.text.split()[-1].rstrip(".:") if len(each.text.split()) > 2 else ""
            if each.text.isupper():
                self.findings.add(
                    "annex.capitals",
                    Message(gettext_noop("In capitals; the word “Phụ lục” stands in ordinary letters.")),
                    each,
                )
            if len(own) == 1:
                continue
            expected = int_to_roman(index + 1)
            if label != expected:
                self.findings.add(
                    "annex.number",
                    Message(
                        gettext_noop(
                            "Two or more annexes are numbered in Roman numbers: Phụ lục %(expected)s."
                        ),
                        {"expected": expected},
                    ),
                    each,
                )
        if own and not self.anatomy.annex_title:
            self.findings.add(
                "annex_title.missing",
                Message(gettext_noop("The annex has no title under the word “Phụ lục”.")),
                own[0],
            )
        if own and len(self.anatomy.annex_note) < len(own):
            self.findings.add(
                "annex_note.missing",
                Message(gettext_noop("Under the title stands which document it goes with: “(Kèm theo …)”.")),
                own[0],
                certain=False,
            )


def _is_underlined(lines: Sequence[SetParagraph]) -> bool:
    return any(piece.underlined for each in lines for piece in each.shown)
