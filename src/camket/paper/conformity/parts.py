"""Which paragraphs of a document are which part of it: letterhead, title, bases, body, signature, recipients, annexes.

A file may hold several documents one after another, each from its own Quốc hiệu on. What is recognised is recognised
by its words and its place, never by its format: the format is what is to be checked.

Source of the parts: Nghị định 30/2020/NĐ-CP, Điều 8 and Phụ lục I, phần II.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from camket.core.numbering import KINDS
from camket.core.wording.text import fold, search_key
from camket.paper.conformity.formatting import SetParagraph

_NATION = "cong hoa xa hoi chu nghia viet nam"
_MOTTO = re.compile(r"doc lap.{0,5}tu do.{0,5}hanh phuc")
_NUMBER = re.compile(r"^so\s*[:/.…]|^so\s+\d+\s*/")
_DATE = re.compile(r"\bngay\b.{0,12}\bthang\b.{0,12}\bnam\b")
_DATE_IN_FIGURES = re.compile(r"^[^:;]{0,40}\bngay\s+\d{1,2}[/.]\d{1,2}[/.]\d{4}\s*\.?$")
_ABOUT = re.compile(r"^(?:v/v|ve viec)\b")
_BODY_WORD = re.compile(
    r"^(?:uy ban|ubnd|hoi dong|hdnd|dang uy|so|ban|to|phong|van phong|trung tam|chi cuc|cuc|thanh tra|vien|tram|truong|"
    r"mat tran|lien doan|hoi)\b"
)
_BASE = re.compile(r"^(?:can cu|xet|theo de nghi|sau khi|thuc hien)\b")
_ADDRESSED = re.compile(r"kinh gui\b")
_ENACTMENT = re.compile(r"^(?:quyet dinh|quyet nghi|chi thi)\s*:?$")
_RECIPIENTS = re.compile(r"^noi nhan\s*:?")
_ANNEX = re.compile(r"^phu luc(?:\s+(?:so\s+)?(?P<label>[ivxlc]+|\d+))?\s*[.:]?$")
_OTHER_BODY_WORD = re.compile(
    r"^(?:cong an|bo|quan doi|quan khu|doi|kho bac|bao hiem|toa an|thue|chi nhanh|cong ty|doanh nghiep|doan|benh vien|xi nghiep|"
    r"khoa|vu|tong cuc|nha|thu vien|bao tang|quy|ngan hang|lien hiep|hiep hoi|cau lac bo)\b"
)
"""How bodies are named besides: what begins so in bold is a name of its own."""
_COPY = re.compile(r"^(?:ban )?(?P<form>sao y|sao luc|trich sao)(?: (?:tu )?ban (?:chinh|goc))?$")
_COPY_FORMS = {"sao y": "SY", "sao luc": "SL", "trich sao": "TrS"}
_TYPED_RULE = re.compile(r"^[-–—_=*\s]{3,}$")
_GAP = re.compile(r"\t+|\n")
_WIDE_GAP = re.compile(r"\t+|\n|[ \u00a0]{4,}")
_PLACE_AND_DATE = re.compile(r"\s(?=[A-ZĐÀ-Ỹ][^,:/\t]{1,40},\s*ngày\b)")
_SIGNER = re.compile(
    r"(?:TM|KT|TL|TUQ|Q)\s*\.|(?:CHỦ TỊCH|PHÓ|TRƯỞNG|GIÁM ĐỐC|CHÁNH|THỦ TRƯỞNG|NGƯỜI|THƯ KÝ|CHỦ TRÌ|ỦY BAN|UBND)\b"
)
"""Who signs, in capitals with their marks: "Trương" is a name, "TRƯỞNG" a post."""
_KINDS = tuple(
    sorted(((search_key(name), code) for code, name in KINDS.items()), key=lambda each: -len(each[0]))
)
_LETTERHEAD_REACH = 40
"""The letterhead ends within so many paragraphs, empty ones counted."""


@dataclass(slots=True)
class Anatomy:
    """The parts of one document. A part that was not found is empty; ``body`` holds the text outside tables.

    ``mark`` is what stands below a copied document, with the form of the copy in its ``copy``; ``doubtful`` are lines whose
    part is a guess.
    """

    paragraphs: tuple[SetParagraph, ...]
    nation: list[SetParagraph] = field(default_factory=list)
    motto: list[SetParagraph] = field(default_factory=list)
    superior: list[SetParagraph] = field(default_factory=list)
    issuer: list[SetParagraph] = field(default_factory=list)
    number: list[SetParagraph] = field(default_factory=list)
    date: list[SetParagraph] = field(default_factory=list)
    about: list[SetParagraph] = field(default_factory=list)
    kind: list[SetParagraph] = field(default_factory=list)
    abstract: list[SetParagraph] = field(default_factory=list)
    authority: list[SetParagraph] = field(default_factory=list)
    bases: list[SetParagraph] = field(default_factory=list)
    body: list[SetParagraph] = field(default_factory=list)
    headings: list[SetParagraph] = field(default_factory=list)
    signer: list[SetParagraph] = field(default_factory=list)
    name: list[SetParagraph] = field(default_factory=list)
    recipients_head: list[SetParagraph] = field(default_factory=list)
    recipients: list[SetParagraph] = field(default_factory=list)
    annex: list[SetParagraph] = field(default_factory=list)
    annex_title: list[SetParagraph] = field(default_factory=list)
    annex_note: list[SetParagraph] = field(default_factory=list)
    copy: list[SetParagraph] = field(default_factory=list)
    doubtful: list[SetParagraph] = field(default_factory=list)
    mark: Anatomy | None = None
    kind_code: str | None = None
    has_rule_under: set[str] = field(default_factory=set)
    typed_rules: list[SetParagraph] = field(default_factory=list)

    @property
    def is_attached(self) -> bool:
        """Whether it only goes with another document: it has a letterhead but no number of its own."""
        return bool(self.nation) and not self.number and not self.recipients

    @property
    def is_letter(self) -> bool:
        """Whether it is an official letter (công văn): it has no type of its own."""
        return not self.kind


def anatomies_of(paragraphs: Sequence[SetParagraph]) -> tuple[Anatomy, ...]:
    """Return the documents that a file holds, in order; without any Quốc hiệu the whole file is one."""
    starts: list[int] = []
    for index, each in enumerate(paragraphs):
        if _NATION not in search_key(each.text) or len(each.text) > 160:
            continue
        start = index
        if each.table:
            while start and paragraphs[start - 1].table == each.table:
                start -= 1
        elif not starts:
            start = 0
        else:
            start = _above(paragraphs, index)
        starts.append(start)
    if not starts:
        return (_anatomy(paragraphs),)
    starts[0] = 0
    ends = [*starts[1:], len(paragraphs)]
    return tuple(_anatomy(paragraphs[start:end]) for start, end in zip(starts, ends, strict=True))


def _above(paragraphs: Sequence[SetParagraph], index: int) -> int:
    """Return where a letterhead without a table begins: with the capitals right above the nation's name."""
    start = index
    while start and paragraphs[start - 1].text and paragraphs[start - 1].text.isupper():
        start -= 1
    return start


def _anatomy(paragraphs: Sequence[SetParagraph]) -> Anatomy:
    at = _mark_at(paragraphs)
    found = Anatomy(tuple(paragraphs[:at]))
    after = _letterhead(found)
    after = _title(found, after)
    closing, rest = _closing(found, after)
    _text(found, after, closing)
    _annexes(found, rest)
    if at < len(paragraphs):
        found.mark = _mark(paragraphs[at:])
        if any(each.has_rule for each in paragraphs[max(at - 3, 0) : at]):
            found.mark.has_rule_under.add("text")
    return found


def form_of_copy(text: str) -> str:
    """Return which form of copy a line names alone, as core.numbering.COPIES has it; "" for any other line.

    >>> form_of_copy("SAO Y"), form_of_copy("SAO LỤC"), form_of_copy("Trích sao"), form_of_copy("Sao y bản chính")
    ('SY', 'SL', 'TrS', 'SY')
    >>> form_of_copy("Bản sao y được gửi"), form_of_copy("")
    ('', '')
    """
    named = _COPY.match(search_key(text))
    return _COPY_FORMS[named["form"]] if named else ""


def _mark_at(paragraphs: Sequence[SetParagraph]) -> int:
    """Return where the mark of a copy begins, below the text that is copied; the number of paragraphs where there is none."""
    for index in range(len(paragraphs) - 1, 0, -1):
        each = paragraphs[index]
        if len(each.text) > 200 or not any(form_of_copy(piece.text) for piece in _segments(each)):
            continue
        is_set_apart = each.table or each.align == "center" or each.text.isupper() or "\t" in each.text
        if not is_set_apart or not any(_NATION in search_key(one.text) for one in paragraphs[:index]):
            continue
        start = index
        while each.table and paragraphs[start - 1].table == each.table:
            start -= 1
        start = start if each.table else _above(paragraphs, index)
        if not any(
            _NATION in search_key(one.text) for one in paragraphs[start:]
        ):  # below the text, not in the letterhead
            return start
    return len(paragraphs)


def _mark(paragraphs: Sequence[SetParagraph]) -> Anatomy:
    """Return the mark of a copy: its form, who copied, number, place and day, signature and recipients."""
    found = Anatomy(tuple(paragraphs))
    end = 0
    for index, each in enumerate(paragraphs):
        is_left = not each.table or each.column == 0
        if each.has_rule and is_left:
            found.has_rule_under.add("issuer")
        for piece in _segments(each):
            key = search_key(piece.text)
            if form_of_copy(piece.text):
                found.copy.append(piece)
            elif _NUMBER.match(key) and not found.number:
                found.number.append(piece)
            elif _DATE.search(key) or _DATE_IN_FIGURES.match(key):
                found.date.append(piece)
            elif is_left and not found.number and (piece.text.isupper() or _BODY_WORD.match(key)):
                found.issuer.append(piece)
            else:
                continue
            end = index + 1
    _closing(found, end)
    if not found.name and found.signer and not _is_post(found.signer[-1]):
        found.name.append(found.signer.pop())  # a name with no post above it
    return found


def _segments(paragraph: SetParagraph) -> Iterator[SetParagraph]:
    """Yield what stands side by side or in lines of one paragraph: offices without a table part them by tabs and blanks."""
    whole = "".join(piece.text for piece in paragraph.pieces).strip()
    at = 0
    for gap in [*_gaps(paragraph, whole), None]:
        end = len(whole) if gap is None else gap.start()
        if whole[at:end].strip():
            yield paragraph.part(at, end)
        at = end if gap is None else gap.end()


def _gaps(paragraph: SetParagraph, text: str) -> Iterator[re.Match[str]]:
    """Yield what parts the columns of a line; blanks do so only beside the nation's name, for elsewhere they await a number."""
    if paragraph.table:
        return _GAP.finditer(text)
    key = search_key(text)
    if _NATION in key or _MOTTO.search(key):
        return _WIDE_GAP.finditer(text)
    gaps = list(_GAP.finditer(text))
    if not gaps and _NUMBER.match(key) and (place := _PLACE_AND_DATE.search(text)):
        gaps = [place]
    return iter(gaps)


def _letterhead(found: Anatomy) -> int:
    """Fill in the letterhead and return the index behind it."""
    stack: list[SetParagraph] = []
    end = 0
    seen_number = False
    left_rule = right_rule = False
    for index, each in enumerate(found.paragraphs[:_LETTERHEAD_REACH]):
        if each.text and _ends_letterhead(found, each, seen_number=seen_number):
            break
        if each.has_rule:
            is_right = bool(found.motto) and (not each.table or each.column > 0)
            right_rule, left_rule = right_rule or is_right, left_rule or not is_right
        for piece in _segments(each):
            key = search_key(piece.text)
            if _TYPED_RULE.match(piece.text):
                found.typed_rules.append(piece)
            elif _NATION in key:
                found.nation.append(piece)
            elif _MOTTO.search(key):
                found.motto.append(piece)
            elif _NUMBER.match(key) and not seen_number:
                found.number.append(piece)
                seen_number = True
            elif (_DATE.search(key) and len(piece.text) < 90) or _DATE_IN_FIGURES.match(key):
                found.date.append(piece)
            elif seen_number and (_ABOUT.match(key) or (found.about and each.table and each.column == 0)):
                found.about.append(piece)
            elif not seen_number and _may_be_name(found, each):
                stack.append(piece)
            else:
                continue
            end = index + 1
    if not (found.nation or found.motto or found.number):
        return 0
    _divide(found, stack)
    if left_rule:
        found.has_rule_under.add("issuer")
    if right_rule:
        found.has_rule_under.add("motto")
    while end < len(found.paragraphs) and found.paragraphs[end].table == found.paragraphs[end - 1].table != 0:
        end += 1
    return end


def _ends_letterhead(found: Anatomy, each: SetParagraph, *, seen_number: bool) -> bool:
    """Tell whether a line stands below the letterhead: it names type or addressees, or lies outside its table."""
    key = search_key(each.text)
    if not each.table and (_kind_of(each) or key.startswith("kinh gui")):
        return True
    is_outside = bool(found.nation) and bool(found.nation[0].table) and each.table != found.nation[0].table
    return is_outside and (seen_number or not (_NUMBER.match(key) or _DATE.search(key)))


def _may_be_name(found: Anatomy, each: SetParagraph) -> bool:
    """Tell whether a line can be the name of a body: on the left of the nation's name, or in capitals above or beside it."""
    if each.table:
        return each.column == 0 and (not found.nation or found.nation[0].table == each.table)
    return each.text.isupper() and not (found.nation and found.nation[0].table)


def _divide(found: Anatomy, stack: list[SetParagraph]) -> None:
    """Divide the names on the left into the superior body's and the issuing body's: the last body is the issuer."""
    start = 0
    is_known = False  # bold letters after plain ones begin the issuer; its further lines may begin as a body's name does
    for index in range(1, len(stack)):
        bold = [all(piece.bold for piece in stack[at].shown) for at in (index - 1, index)]
        if bold[1] and not bold[0]:
            start, is_known = index, True
        elif _BODY_WORD.match(search_key(stack[index].text)) and not (is_known and bold[1]):
            start = index
        elif (
            is_known
            and _BODY_WORD.match(search_key(stack[index].text))
            and not _OTHER_BODY_WORD.match(search_key(stack[start].text))
            and not _BODY_WORD.match(search_key(stack[start].text))
        ):  # a bold line that begins no body's name is most likely the second of the superior body's
            found.doubtful = stack[start:index]
            start, is_known = index, True
    found.superior, found.issuer = stack[:start], stack[start:]


def _kind_of(paragraph: SetParagraph) -> str | None:
    """Return the abbreviation of the type that a line names alone, or None."""
    key = search_key(paragraph.text)
    for name, code in _KINDS:
        if key == name or (
            key.startswith(f"{name} ") and paragraph.text[: len(name)].isupper() and len(key) < 80
        ):
            return code
    return None


def _title(found: Anatomy, at: int) -> int:
    """Fill in type and abstract and return the index behind them."""
    texts = found.paragraphs
    index = at
    while index < len(texts) and not texts[index].text:
        index += 1
    if index >= len(texts) or found.about or texts[index].table:
        return at
    first = texts[index]
    code = _kind_of(first)
    if code is None and not (first.align == "center" and first.text.isupper()):
        return at
    found.kind_code = code
    lines = list(_segments(first))
    found.kind = lines[:1]
    found.abstract = lines[1:]
    index += 1
    ruled_to = _rule_below(texts, index)
    while index < len(texts):
        each = texts[index]
        if each.has_rule:
            found.has_rule_under.add("abstract")
        if each.text:
            key = search_key(each.text)
            is_authority = not found.authority and bool(found.abstract) and _is_authority(found, index)
            if _TYPED_RULE.match(each.text):
                found.typed_rules.append(each)
            elif (
                each.table
                or (each.align != "center" and index >= ruled_to and not is_authority)
                or _ENACTMENT.match(key)
                or _ADDRESSED.match(key)
            ):
                break
            elif (
                is_authority or each.text.isupper() and (found.abstract or "abstract" in found.has_rule_under)
            ):
                found.authority.append(each)
            elif re.match(r"^\((?:ban hanh )?kem theo", key):
                found.annex_note.append(each)
            elif each.text.startswith("(") or key.startswith("don vi tinh"):
                found.headings.append(each)
            else:
                found.abstract.append(each)
        index += 1
    return index


def _rule_below(texts: Sequence[SetParagraph], start: int) -> int:
    """Return the index of the line drawn under the abstract: what stands above it is abstract, however it is set."""
    for index in range(start, min(start + 8, len(texts))):
        each = texts[index]
        if each.table or _BASE.match(search_key(each.text)):
            break
        if each.has_rule:
            return index + (1 if each.text else 0)
    return start


def _is_authority(found: Anatomy, index: int) -> bool:
    """Tell whether a line names who decides: in a decision or resolution, alone between abstract and legal bases."""
    texts = found.paragraphs
    if found.kind_code not in ("QĐ", "NQ") or len(texts[index].text) > 120:
        return False
    after = next((each for each in texts[index + 1 : index + 4] if each.text), None)
    is_before_bases = after is not None and search_key(after.text).startswith("can cu")
    return is_before_bases and not _BASE.match(search_key(texts[index].text))


def _closing(found: Anatomy, after: int) -> tuple[int, int]:
    """Fill in signature and recipients; return where the closing begins and where what follows it begins."""
    texts = found.paragraphs
    head = next((i for i in range(after, len(texts)) if _RECIPIENTS.match(search_key(texts[i].text))), None)
    annex = next((i for i in range(after, len(texts)) if _is_annex(texts[i])), len(texts))
    if head is None or head > annex:
        return annex, annex
    table = texts[head].table
    if not table:
        return _closing_in_lines(found, head, annex)
    inside = [i for i in range(after, annex) if texts[i].table == table]
    column = texts[head].column
    for index in inside:
        each = texts[index]
        for piece in _segments(each):
            if each.column == column:
                if _RECIPIENTS.match(search_key(piece.text)):
                    found.recipients_head.append(piece)
                elif found.recipients_head:
                    found.recipients.append(piece)
            elif not re.match(r"^[(\[]", piece.text):
                found.signer.append(piece)
    _part_name(found)
    return inside[0], inside[-1] + 1


def _closing_in_lines(found: Anatomy, head: int, annex: int) -> tuple[int, int]:
    """Read a closing that no table holds: signature and recipients side by side by tabs, or one under the other."""
    texts = found.paragraphs
    first = head
    while first and texts[first - 1].text and _is_post(texts[first - 1]):
        first -= 1
    end = head
    for index in range(first, annex):
        for piece in _segments(texts[index]):
            key = search_key(piece.text)
            if _RECIPIENTS.match(key):
                found.recipients_head.append(piece)
            elif piece.text.startswith(("-", "–", "+", "•")):
                found.recipients.append(piece)
            elif _is_post(piece) or (found.signer and len(piece.text) < 50):
                found.signer.append(piece)
            else:
                continue
            end = index + 1
    _part_name(found)
    return first, end


def _part_name(found: Anatomy) -> None:
    """Take the last line of the signature for the name, unless it names a post."""
    while found.signer and _is_blank(found.signer[-1].text):
        found.signer.pop()
    if len(found.signer) > 1 and not (found.signer[-1].text.isupper() and _is_post(found.signer[-1])):
        found.name.append(found.signer.pop())


def _is_post(paragraph: SetParagraph) -> bool:
    return bool(_SIGNER.match(fold(paragraph.text).upper()))


def _is_blank(text: str) -> bool:
    """Tell whether a line only awaits a name."""
    return not any(letter.isalnum() for letter in text)


def _is_annex(paragraph: SetParagraph) -> bool:
    return not paragraph.table and bool(_ANNEX.match(search_key(paragraph.text)))


def _text(found: Anatomy, start: int, end: int) -> None:
    """Part bases, headings in the middle and body between title and closing."""
    is_before_body = True
    decides = found.kind_code in ("QĐ", "NQ")
    for each in found.paragraphs[start:end]:
        if not each.text or each.table or _TYPED_RULE.match(each.text):
            continue
        key = search_key(each.text)
        is_base = each.text.endswith(";") or decides or (found.bases and each.text.endswith("."))
        if is_before_body and is_base and _BASE.match(key):
            found.bases.append(each)
        elif each.align == "center" or _ENACTMENT.match(key):
            found.headings.append(each)
            is_before_body = is_before_body and not _ENACTMENT.match(key)
        else:
            is_before_body = False
            found.body.append(each)


def _annexes(found: Anatomy, start: int) -> None:
    """Fill in the annexes: word, title, note, and their text as body."""
    place = ""
    for each in found.paragraphs[start:]:
        if _is_annex(each):
            found.annex.append(each)
            place = "title"
        elif each.has_rule and place:
            found.has_rule_under.add("annex")
            place = "body"
        elif not each.text:
            continue
        elif place == "title" and not each.table and (each.align == "center" or _heads_annex(found, each)):
            if each.text.startswith("("):
                found.annex_note.append(each)
            elif found.annex_note and found.annex_note[-1].order > found.annex[-1].order:
                (found.annex_note if _is_open(found.annex_note[-1].text) else found.headings).append(each)
            elif each.text.isupper() or not _has_title(found):
                found.annex_title.append(each)
            else:
                found.headings.append(each)
        elif not each.table:
            place = "body"
            (found.headings if each.align == "center" else found.body).append(each)
        else:
            place = "body"


def _heads_annex(found: Anatomy, each: SetParagraph) -> bool:
    """Tell whether a line is the title or the reference of an annex by its words, however it is set."""
    is_reference = bool(re.match(r"^\((?:ban hanh )?kem theo", search_key(each.text)))
    return is_reference or (each.text.isupper() and not _has_title(found))


def _has_title(found: Anatomy) -> bool:
    """Tell whether the last annex has its title already."""
    return bool(found.annex_title) and found.annex_title[-1].order > found.annex[-1].order


def _is_open(note: str) -> bool:
    """Tell whether a bracket is still open: the note goes on in the next line."""
    return note.count("(") > note.count(")")
