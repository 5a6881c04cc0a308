"""The measurable commitments of an objective's wording, and official wording back from values.

A wording is cut twice. Hard boundaries (full stops, ``;``, list marks) always divide. Inside them every
*mention* of a value is found — a number with its unit and comparison, a grade, a rank, "không để xảy ra", a
state that is reached or kept — and the text between two mentions is divided at the soft boundary (``,``, "và",
"trong đó") where the further valued clause begins. A mention that no boundary sets apart belongs to the clause
it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from camket.core.messages import Message, gettext_noop
from camket.core.plan import RELATIVE_KINDS, Grade, Target, TargetKind
from camket.core.wording import target_grammar as grammar
from camket.core.wording.numbers import format_number, read_number
from camket.core.wording.text import fold, fold_mapped, lower

__all__ = ["FoundTarget", "parse_targets", "write_target"]

DECIMAL_POINT = gettext_noop("The point of “%(number)s” was read as a decimal mark: %(value)s.")
LARGE_MONEY = gettext_noop(
    "“%(number)s” was read as %(value)s. Check that its point is not meant as a decimal comma."
)
REVERSED = gettext_noop("The range “%(text)s” runs from the larger to the smaller value.")


@dataclass(frozen=True, slots=True)
class FoundTarget:
    """A target with its place in the text given (``[start:end]``), how sure the reading is, and what is doubtful."""

    target: Target
    start: int
    end: int
    confidence: Decimal
    warnings: tuple[Message, ...] = ()


# ── Cutting ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Cut:
    """A stretch between hard boundaries; ``sentence`` is the number of its sentence, for the reach of striving."""

    start: int
    end: int
    sentence: int


@dataclass(slots=True)
class _Mention:
    """One stated value: where its words stand, and what they say."""

    start: int
    end: int
    kind: TargetKind
    value: Decimal | Grade | None = None
    upper: Decimal | None = None
    unit: str | None = None
    baseline_year: int | None = None
    bare: bool = False
    compared: bool = False
    stated: bool = False
    weight: int = 0
    confidence: Decimal = Decimal("0.95")
    warnings: list[Message] = field(default_factory=list)


def _hide_quotes(text: str) -> str:
    """Return the text with what stands in quotation marks hidden, marks kept."""
    text = re.sub(r"“[^“”]*”|«[^«»]*»", lambda m: m[0][0] + grammar.HIDDEN * (len(m[0]) - 2) + m[0][-1], text)
    return re.sub(r"\"[^\"]*\"", lambda m: '"' + grammar.HIDDEN * (len(m[0]) - 2) + '"', text)


def _brackets(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the inner stretches of round brackets of ``text[start:end]``, the outermost only."""
    found: list[tuple[int, int]] = []
    depth, opened = 0, start
    for at in range(start, end):
        if text[at] == "(":
            depth += 1
            if depth == 1:
                opened = at + 1
        elif text[at] == ")" and depth:
            depth -= 1
            if depth == 0:
                found.append((opened, at))
    return found


def _hide_brackets(text: str) -> str:
    hidden = list(text)
    for start, end in _brackets(text, 0, len(text)):
        hidden[start - 1 : end + 1] = grammar.HIDDEN * (end - start + 2)
    return "".join(hidden)


def _cuts(text: str) -> list[_Cut]:
    """Return the stretches between hard boundaries, in order. ``text`` has quotes and brackets hidden."""
    edges: list[tuple[int, int, bool]] = []
    for match in grammar.LIST_MARK.finditer(text):
        edges.append((match.start(), match.end(), True))
    for match in re.finditer(r"[;.]|\n", text):
        at = match.start()
        if match[0] == ";":
            edges.append((at, at + 1, False))
        elif _ends_sentence(text, at) if match[0] == "." else _ends_line(text, at):
            edges.append((at, at + 1, True))
    edges.sort()
    cuts: list[_Cut] = []
    start, sentence = 0, 0
    for edge, after, ends in edges:
        if edge > start:
            cuts.append(_Cut(start, edge, sentence))
        start = max(start, after)
        sentence += ends
    if start < len(text):
        cuts.append(_Cut(start, len(text), sentence))
    return [cut for cut in cuts if text[cut.start : cut.end].strip(" \n" + grammar.HIDDEN)]


def _ends_sentence(text: str, at: int) -> bool:
    following = text[at + 1 : at + 2]
    if following and not following.isspace() and following not in '”"':
        return False
    if text[at - 1 : at] == "." or following == ".":
        return text[at + 1 : at + 2] != "." and not text[at + 1 :].lstrip()[:1].islower()
    return not grammar.ABBREVIATION.search(text[max(0, at - 6) : at + 1])


def _ends_line(text: str, at: int) -> bool:
    """Tell whether a line end divides: not where a line was only wrapped."""
    before, after = text[:at].rstrip(), text[at + 1 :].lstrip()
    if not before or not after:
        return True
    if before[-1] in ".;:":
        return True
    line = before.rsplit("\n", 1)[-1]
    valued = re.search(r"\d\s*%|\d", line) is not None
    return (
        valued
        and before[-1] not in ","
        and (after[0].isupper() or after[0] in "≥≤><" or after[0].isdigit() and "%" in line)
    )


# ── Mentions ─────────────────────────────────────────────────────────────────────────────────────────────────


def _hide_non_values(plain: str, written: str) -> str:
    hidden = plain
    for pattern in grammar.NOT_VALUES:
        hidden = pattern.sub(lambda m: grammar.HIDDEN * len(m[0]), hidden)
    for match in grammar.DOCUMENT_NUMBER.finditer(written):
        hidden = _hide(hidden, match.start(), match.end())
    return hidden


def _hide(text: str, start: int, end: int) -> str:
    return text[:start] + grammar.HIDDEN * (end - start) + text[end:]


def _unit_at(plain: str, written: str, at: int) -> tuple[str | None, int, str]:
    """Return the unit at ``at`` in the source's words, the place after it, and what sort it is of."""
    for sort, pattern in (("measure", grammar.MEASURE), ("time", grammar.TIME), ("noun", grammar.NOUN)):
        if match := pattern.match(plain, at):
            return _written_unit(written[match.start("unit") : match.end("unit")]), match.end(), sort
    match = grammar.ANY_NOUN.match(plain, at)
    if match and match["first"] not in grammar.NO_NOUN:
        two = match["second"] and match["second"] not in grammar.NO_NOUN
        stop = match.end("second") if two else match.end("first")
        if match["per"] and (two or not match["second"]):
            stop = match.end()
        return _written_unit(written[match.start("first") : stop]), stop, "word"
    return None, at, "none"


def _written_unit(unit: str) -> str:
    folded = re.sub(r" ?/ ?", "/", fold(unit))
    return "%" if lower(folded) == "phần trăm" else folded


def _number(figure: str, unit: str | None) -> tuple[Decimal, list[Message]]:
    read = read_number(figure)
    warnings: list[Message] = []
    if read.doubtful:
        warnings.append(Message(DECIMAL_POINT, {"number": figure, "value": format_number(read.value)}))
    elif re.fullmatch(r"\d{1,3}\.\d{3}", figure) and unit and re.match(r"(?:tỷ|tỉ|%)", lower(unit)):
        amount = f"{format_number(read.value)} {unit}"
        warnings.append(Message(LARGE_MONEY, {"number": figure, "value": amount}))
    return read.value, warnings


def _mentions(plain: str, written: str, *, measure: bool, year: int | None) -> list[_Mention]:
    """Return the values that a stretch of text states, in reading order; ``plain`` is its lower case, hidden."""
    found: list[_Mention] = []
    taken = plain
    for match in grammar.RANK.finditer(taken):
        words = match["top"] or match["group"] or match["place"] or match["rank"] or match["word"]
        value = Decimal(words) if words.isdigit() else Decimal(grammar.ORDINALS[words])
        found.append(_Mention(match.start(), match.end(), TargetKind.RANK_WITHIN, value, unit="rank"))
        taken = _hide(taken, match.start(), match.end())
    hidden = _hide_non_values(taken, written)
    for match in grammar.SHARE.finditer(hidden):
        value, upper = Decimal(match["value"]), Decimal(match["upper"])
        unit, end, sort = _unit_at(hidden, written, match.end())
        unnamed = sort == "none" and not measure and hidden[match.end() :].strip(" .,")
        if value > upper or sort == "measure" or unnamed:
            continue
        found.append(_Mention(match.start(), end, TargetKind.COUNT_OF, value, upper, unit))
        hidden = _hide(hidden, match.start(), end)
    found.extend(_figures(hidden, taken, written, measure=measure, year=year))
    for match in grammar.GRADE.finditer(taken):
        if match["alone"] and not measure:
            continue
        grade = grammar.GRADES[next(word for word in match.groups() if word)]
        found.append(_Mention(match.start(), match.end(), TargetKind.GRADE_AT_LEAST, grade, unit="grade"))
    for match in grammar.NOTHING.finditer(hidden):
        if not any(m.start <= match.start() < m.end for m in found):
            found.append(_Mention(match.start(), match.end(), TargetKind.AT_MOST, Decimal(0), weight=2))
    for match in grammar.STATE.finditer(taken):
        if not any(m.start <= match.start() < m.end or match.start() <= m.start < match.end() for m in found):
            found.append(
                _Mention(match.start(), match.end(), TargetKind.ACHIEVED, weight=3, confidence=Decimal("0.8"))
            )
    found.sort(key=lambda m: (m.start, m.weight))
    return found


def _figures(hidden: str, plain: str, written: str, *, measure: bool, year: int | None) -> Iterator[_Mention]:
    for money in grammar.MONEY.finditer(hidden):
        kind, opened = _comparison(hidden, money.start())
        amount = Decimal(money["billions"]) * 1000 + Decimal(money["millions"])
        million = written[money.start("unit") : money.end("unit")]
        yield _Mention(opened, money.end(), kind or TargetKind.AT_LEAST, amount, unit=million, weight=1)
        hidden = _hide(hidden, money.start(), money.end())
    at = 0
    while match := grammar.VALUE.search(hidden, at):
        mention = _figure(match, hidden, written, measure=measure)
        at = max(match.end(), mention.end if mention else 0)
        if mention and grammar.NONE_BEYOND.search(hidden[max(0, match.start() - _REACH) : match.start()]):
            continue
        if mention and not _is_past(hidden, mention):
            _set_change(mention, hidden, plain, match.start(), year)
            yield mention
    for match in grammar.WORD_VALUE.finditer(hidden):
        unit, end, sort = _unit_at(hidden, written, match.end())
        if sort in ("noun", "measure"):
            value = Decimal(grammar.WORD_NUMBERS[match["value"]])
            yield _Mention(match.start(), end, TargetKind.AT_LEAST, value, unit=unit, weight=1)


_CONFIDENCE = {
    "measure": Decimal("0.95"),
    "noun": Decimal("0.9"),
    "time": Decimal("0.85"),
    "word": Decimal("0.7"),
    "none": Decimal("0.7"),
}


def _figure(match: re.Match[str], hidden: str, written: str, *, measure: bool) -> _Mention | None:
    """Return the mention that a number opens, or None where it is no value."""
    start, after = match.start(), match.end()
    unit, end, sort = _unit_at(hidden, written, after)
    upper: str | None = None
    if second := grammar.SECOND_VALUE.match(hidden, end if sort == "measure" else after):
        upper_unit, upper_end, upper_sort = _unit_at(hidden, written, second.end())
        if upper_unit is not None or unit is None:
            upper, unit, end, sort = second["value"], upper_unit, upper_end, upper_sort
        elif sort == "measure":
            upper, end = second["value"], second.end()
    kind, opened = _comparison(hidden, start)
    if not _is_value(
        hidden, start, after, sort, measure=measure, compared=kind is not None, ranged=upper is not None
    ):
        return None
    value, warnings = _number(match["value"], unit)
    mention = _Mention(opened, end, kind or TargetKind.AT_LEAST, value, unit=unit, warnings=warnings)
    mention.bare, mention.compared = kind is None, kind is not None
    mention.weight = 0 if unit and grammar.RATE.match(unit) else 1
    # In "tiếp nhận 01 hồ sơ không quá 15 phút" and "trên 1 ha đạt 90 triệu" the later figure is the one promised.
    mention.stated = grammar.STATED.search(hidden[max(0, opened - 20) : opened]) is not None or (
        sort == "time" and kind is not None
    )
    mention.confidence = _CONFIDENCE[sort] - (Decimal("0.25") if warnings else 0)
    if upper is not None:
        _set_upper(mention, upper, unit, written[start:end])
    elif down := grammar.DOWNWARD.match(hidden, end):
        mention.kind, mention.end, mention.bare = TargetKind.AT_MOST, down.end(), False
    elif up := grammar.UPWARD.match(hidden, end):
        mention.end, mention.bare = up.end(), False
        if mention.kind is not TargetKind.ABOVE:
            mention.kind = TargetKind.AT_LEAST
    elif mention.bare and value == 0:
        mention.kind = TargetKind.AT_MOST
    return mention


def _is_value(
    hidden: str, start: int, after: int, sort: str, *, measure: bool, compared: bool, ranged: bool
) -> bool:
    """Tell whether a number says how much: by its unit, its comparison, or what leads to it."""
    before = hidden[max(0, start - _REACH) : start]
    if sort == "time":
        return compared or measure or _change(before) is not None
    if sort == "none":
        if compared and not measure:
            return re.match(r" ?(?:$|[,;.:)]|trở |so )", hidden[after:]) is not None
        named = re.search(r": ?$", before) is not None and not hidden[after:].strip(" .,")
        if hidden[start:after].strip("0") == "" and grammar.EQUALS_NOTHING.search(before):
            return True
        return compared or measure or named
    if sort == "word":
        opens_cell = measure and not before.strip(" ≥≤<>=" + grammar.HIDDEN)
        return compared or ranged or opens_cell or grammar.COUNTING.search(before) is not None
    return True


def _set_upper(mention: _Mention, figure: str, unit: str | None, written: str) -> None:
    upper, more = _number(figure, unit)
    mention.warnings.extend(more)
    low = mention.value
    if isinstance(low, Decimal) and upper < low:
        mention.warnings.append(Message(REVERSED, {"text": fold(written)}))
        mention.value, upper = upper, low
    mention.kind, mention.upper = TargetKind.BETWEEN, upper


_LONGEST = 30_000
"""No objective's wording is longer, in characters; what is longer is not read on, so that work stays bounded."""
_REACH = 200
"""How far before or after a number, in characters, the words that govern it may stand."""


def _comparison(text: str, at: int) -> tuple[TargetKind | None, int]:
    """Return the comparison that the words before the number at ``at`` make, and where they begin."""
    skipped = max(0, at - _REACH)
    near = text[skipped:at]
    for kind, pattern in grammar.BEFORE:
        if match := pattern.search(near):
            return kind, skipped + match.start()
    if match := grammar.FROM.search(near):
        return TargetKind.AT_LEAST, skipped + match.start()
    return None, at


def _change(before: str) -> TargetKind | None:
    """Return increase or decrease where the last change verb before a number governs it."""
    before = before[-_REACH:]
    last: tuple[int, int, TargetKind] | None = None
    for kind, pattern in (
        (TargetKind.INCREASE_BY, grammar.INCREASE),
        (TargetKind.DECREASE_BY, grammar.DECREASE),
    ):
        for match in pattern.finditer(before):
            if last is None or match.start() > last[0]:
                last = (match.start(), match.end(), kind)
    if last is None:
        return None
    # A level stated between the verb and the number governs the number instead.
    between = before[last[1] :]
    if re.search(r"\b(?:đạt|còn|xuống|lên)\b|;|, ?(?:tỷ lệ|đạt|phấn)", between) or len(between.split()) > 25:
        return None
    return last[2]


def _is_past(hidden: str, mention: _Mention) -> bool:
    """Tell whether a figure is only where things stand today: "tăng từ 90% lên 95%"."""
    after = hidden[mention.end : mention.end + 60]
    return re.match(r" ?(?:hiện nay |năm \S+ )?(?:lên|xuống)\b", after) is not None and (
        grammar.VALUE.search(after) is not None
    )


def _set_change(mention: _Mention, hidden: str, plain: str, start: int, year: int | None) -> None:
    """Make a mention an increase or a decrease, or a level come down to, as the words around it say."""
    before = hidden[max(0, start - _REACH) : start]
    if grammar.LEFT.search(before):
        if mention.bare or mention.kind is TargetKind.AT_LEAST:
            mention.kind, mention.bare = TargetKind.AT_MOST, False
        return
    if grammar.RAISED.search(before):
        return
    compared = grammar.COMPARED.search(plain, mention.end, mention.end + _REACH)
    if compared is not None and re.search(r"\d", hidden[mention.end : compared.start()]):
        compared = None
    kind = _change(before)
    if kind is None and compared is not None and mention.compared:
        words = hidden[mention.start : start]
        if mention.kind is TargetKind.ABOVE and re.search(r"\b(?:hơn|vượt)\b", words):
            kind = TargetKind.INCREASE_BY
        elif mention.kind is TargetKind.BELOW and re.search(r"\bhơn\b", words):
            kind = TargetKind.DECREASE_BY
    if kind is None and (earlier := grammar.COMPARED_BEFORE.search(plain[max(0, start - _REACH) : start])):
        kind = TargetKind.INCREASE_BY if earlier["way"] == "cao" else TargetKind.DECREASE_BY
        mention.baseline_year = int(earlier["year"]) if earlier["year"] else _year_before(year)
    if kind is None:
        return
    # "Rút ngắn thời gian giải quyết 15 thủ tục" counts what is shortened.
    if grammar.SHORTEN.search(before) and mention.unit and not _measures_time_or_rate(mention.unit):
        return
    # "Giảm … dưới 2%" says how low, not by how much.
    if (
        kind is TargetKind.DECREASE_BY
        and mention.kind in (TargetKind.BELOW, TargetKind.AT_MOST)
        and compared is None
    ):
        return
    mention.kind, mention.bare = kind, False
    if compared is not None:
        mention.baseline_year = int(compared["year"]) if compared["year"] else _year_before(year)


def _measures_time_or_rate(unit: str) -> bool:
    plain = f" {lower(unit)}"
    return grammar.RATE.match(plain.strip()) is not None or grammar.TIME.match(plain) is not None


def _year_before(year: int | None) -> int | None:
    return None if year is None else year - 1


# ── Dividing a stretch among its mentions ───────────────────────────────────────────────────────────────────


def _divide(plain: str, mentions: Sequence[_Mention]) -> list[tuple[int, int, _Mention]]:
    """Return a clause for each mention that a soft boundary sets apart."""
    if not mentions:
        return []
    groups: list[tuple[int, list[_Mention]]] = [(0, [mentions[0]])]
    for before, mention in pairwise(mentions):
        start, group = groups[-1]
        at = _boundary(plain, start, _main(group), before, mention)
        if at is None:
            group.append(mention)
        else:
            groups.append((at, [mention]))
    ends = [start for start, _ in groups[1:]] + [len(plain)]
    return [(start, end, _main(group)) for (start, group), end in zip(groups, ends, strict=True)]


def _main(group: Sequence[_Mention]) -> _Mention:
    """Return the mention that carries a clause: a figure before "không có" before a mere state."""
    return min(enumerate(group), key=lambda pair: (pair[1].weight, not pair[1].stated, pair[0]))[1]


def _boundary(plain: str, start: int, main: _Mention, before: _Mention, mention: _Mention) -> int | None:
    """Return where the clause of ``mention`` begins, or None where it belongs to the clause before it."""
    best: tuple[int, int] | None = None
    for soft in grammar.SOFT.finditer(plain, before.end, mention.start + 1):
        if soft.start() >= mention.start:
            break
        at = soft.end() if soft[0] in (",", ":") or soft[0].strip() in "-–—và" else soft.start()
        rest = plain[at:].lstrip(" ,")
        gap = plain[at : mention.start].strip(" ,:" + grammar.HIDDEN)
        starter = grammar.CLAUSE_START.match(rest)
        score = 1 if soft[0] == "," else 0
        score += 3 if starter else 0
        score += 3 if not gap else 0
        score += 2 if not plain[before.end : soft.start()].strip(" " + grammar.HIDDEN) else 0
        if soft[0] == ":" and not plain[before.end : soft.start()].strip():
            score += 1
        if best is None or score > best[0] or (score == best[0] and score < 3):
            best = (score, at)
    if best is None:
        return None
    score, at = best
    left = plain[start:at]
    gap = plain[at : mention.start].strip(" ,:" + grammar.HIDDEN)
    if mention.kind is TargetKind.ACHIEVED:
        if main.kind is TargetKind.ACHIEVED:
            return at if grammar.SUBJECT.match(gap) else None
        return at if grammar.SUBJECT.match(gap) and _is_complete(left, main, start) else None
    if mention.kind is TargetKind.GRADE_AT_LEAST and main.unit not in ("grade", "rank") and main.weight == 0:
        # "100% công chức …, xếp loại tốt": the grade is of the share; "đạt 85%, xếp loại tốt": it is another.
        subject = re.sub(r"^[ ,]*(?:trong đó|ph[ấầâ]n đ[ấầâ]u)?", "", plain[start : main.start])
        return at if subject.strip(" ," + grammar.HIDDEN) and _is_complete(left, main, start) else None
    if mention.weight == 2 and not _OPENS.match(gap) and not _is_complete(left, main, start):
        return None
    if mention.weight == 1 and main.weight == 0 and score < 3:
        return None
    enumerated = "," in plain[before.end : mention.start]
    return at if score > 0 or enumerated or _is_complete(left, main, start) else None


_OPENS = re.compile(r"(?:(?:và|phấn đấu|đảm bảo|bảo đảm|tuyệt đối) ?)*$")


_SHARES = frozenset(
    (
        TargetKind.AT_LEAST,
        TargetKind.ABOVE,
        TargetKind.AT_MOST,
        TargetKind.BELOW,
        TargetKind.COUNT_OF,
        TargetKind.BETWEEN,
    )
)
_NO_SUBJECT = re.compile(r"\b(?:trong đó|có|ph[ấầâ]n đ[ấầâ]u|đạt|hoàn thành)\b")


def _is_complete(left: str, main: _Mention, start: int) -> bool:
    """Tell whether a clause already says of what its value is: a subject before it, or a predicate after it."""
    subject = _NO_SUBJECT.sub(" ", left[: max(0, main.start - start)])
    if len(re.findall(r"[a-zà-ỹđ]+", subject)) >= 2 or main.kind not in _SHARES:
        return True
    return grammar.PREDICATE.search(left[max(0, main.end - start) :]) is not None


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────


def parse_targets(
    text: str,
    *,
    measure: bool = False,
    previous: bool = False,
    striving: bool = False,
    year: int | None = None,
) -> tuple[FoundTarget, ...]:
    """Return the measurable commitments of a wording, in reading order.

    With ``measure`` the text is the cell of a measure column and so the whole wording of its target; with
    ``previous`` it is of a column of last year's results, which gives none. ``striving`` is what the
    objective's own wording says ("phấn đấu …"); ``year`` is the plan's, for "so với năm trước".
    Source: ISO 9001:2015 6.2.1 (objectives are measurable).

    >>> [(f.target.kind.value, str(f.target.value), f.target.unit) for f in parse_targets("Đạt trên 90%; ít nhất 01 hồ sơ")]
    [('above', '90', '%'), ('at_least', '1', 'hồ sơ')]
    >>> parse_targets("Tiếp tục đổi mới lề lối làm việc.")
    ()
    """
    if previous:
        return ()
    folded = fold_mapped(text[:_LONGEST], keep_lines=True)
    written = folded.text
    quoted = _hide_quotes(lower(written).replace("\n", " "))
    outer = _hide_brackets(quoted)
    strivings = [match.start() for match in grammar.STRIVE.finditer(quoted)]
    clauses: list[_Clause] = []
    sentences: dict[int, int] = {}
    for cut in _cuts(_hide_brackets(_hide_quotes(written))):
        opened = sentences.setdefault(cut.sentence, cut.start)
        own = _read_cut(outer, written, cut, measure=measure, year=year)
        for start, end in _brackets(quoted, cut.start, cut.end):
            around = [clause for clause in own if clause.start <= start <= clause.end]
            inner = _read_bracket(quoted, written, start, end, around=bool(around), year=year)
            if inner and around and around[-1].mention.end <= start:
                around[-1].end = start - 1
            own.extend(inner)
        for clause in own:
            at = clause.mention.start
            clause.striving = striving or any(opened <= place <= at for place in strivings)
        clauses.extend(own)
    clauses.sort(key=lambda clause: clause.start)
    _share_change(clauses, outer)
    if measure and not clauses and _says_something(quoted):
        mention = _Mention(0, len(written), TargetKind.ACHIEVED, confidence=Decimal("0.6"))
        clauses = [_Clause(0, len(written), mention, striving or bool(strivings))]
    if measure and len(clauses) == 1:
        clauses[0].start, clauses[0].end = 0, len(written)
    found = []
    for clause in clauses:
        start, end = _trimmed(written, clause.start, clause.end)
        mention = clause.mention
        target = Target(
            text=fold(written[start:end]),
            kind=mention.kind,
            value=mention.value,
            upper=mention.upper,
            unit=mention.unit,
            baseline_year=mention.baseline_year,
            striving=clause.striving,
        )
        first, last = folded.span(start, end)
        found.append(FoundTarget(target, first, last, mention.confidence, tuple(mention.warnings)))
    return tuple(found)


@dataclass(slots=True)
class _Clause:
    """A mention with the stretch of text that carries it; places are of the whole folded text."""

    start: int
    end: int
    mention: _Mention
    striving: bool = False


def _read_cut(plain: str, written: str, cut: _Cut, *, measure: bool, year: int | None) -> list[_Clause]:
    stretch = plain[cut.start : cut.end]
    mentions = _mentions(stretch, written[cut.start : cut.end], measure=measure, year=year)
    clauses = []
    for start, end, mention in _divide(stretch, mentions):
        if mention.kind is TargetKind.ACHIEVED and not measure and grammar.CONDUCT.match(stretch[start:end]):
            continue
        mention.start += cut.start
        mention.end += cut.start
        clauses.append(_Clause(cut.start + start, cut.start + end, mention))
    return clauses


def _read_bracket(
    plain: str, written: str, start: int, end: int, *, around: bool, year: int | None
) -> list[_Clause]:
    """Return the commitments of a bracket that are others than the one it follows; an equivalent is none."""
    inner = plain[start:end]
    if grammar.EQUIVALENT.match(inner):
        return []
    clauses = _read_cut(plain, written, _Cut(start, end, 0), measure=False, year=year)
    kept = []
    for clause in clauses:
        mention = clause.mention
        subject = plain[clause.start : mention.start].strip(" ,;:")
        named = len(re.findall(r"[a-zà-ỹđ]+", subject)) >= 2 or re.match(r" ?trong đó", inner)
        stated = mention.weight == 0 or mention.compared
        if not around or (named and stated and mention.kind is not TargetKind.ACHIEVED):
            kept.append(clause)
    return kept if around else []


def _share_change(clauses: Sequence[_Clause], plain: str) -> None:
    """Let "tăng 1% … và 2% … so với năm 2023" say of both figures that they are increases over that year."""
    for before, clause in pairwise(clauses):
        opens = not re.search(r"[a-zà-ỹđ]", plain[clause.start : clause.mention.start].replace(" và ", " "))
        if (
            before.mention.kind in RELATIVE_KINDS
            and clause.mention.bare
            and opens
            and ";" not in plain[before.end : clause.start + 1]
        ):
            clause.mention.kind = before.mention.kind
            if compared := grammar.COMPARED.search(plain, clause.mention.end, clause.end):
                clause.mention.baseline_year = int(compared["year"]) if compared["year"] else None
        same = clause.mention.kind is before.mention.kind and clause.mention.kind in RELATIVE_KINDS
        if same and before.mention.baseline_year is None and opens:
            before.mention.baseline_year = clause.mention.baseline_year


def _says_something(plain: str) -> bool:
    """Tell whether a measure cell holds words at all, and is no pointer to another ("như trên")."""
    words = re.findall(r"[a-zà-ỹđ]+", plain)
    return bool(words) and not re.fullmatch(r"\W*(?:như trên|nt|-|không|không có)\W*", plain)


def _trimmed(written: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause without the marks, connectors and lead-ins at its ends."""
    if leading := grammar.LEADING.match(written[start:end]):
        start += leading.end()
    if trailing := grammar.TRAILING.search(written[start:end]):
        end = start + trailing.start()
    text = written[start:end]
    if text.count("(") > text.count(")") and written[end : end + 1] == ")":
        end += 1
    elif text.endswith(")") and text.count(")") > text.count("("):
        end -= 1
    return start, end


# ── Official wording ─────────────────────────────────────────────────────────────────────────────────────────

_GRADE_NAMES = {grade: name for name, grade in grammar.GRADES.items()}


def write_target(target: Target) -> str:
    """Return official Vietnamese wording of the commitment; ``parse_targets(…, measure=True)`` reads it back.

    >>> write_target(Target("", TargetKind.AT_LEAST, Decimal(95), unit="%"))
    'từ 95% trở lên'
    >>> write_target(Target("", TargetKind.BETWEEN, Decimal(43), Decimal(45), "triệu đồng/người/năm"))
    '43 - 45 triệu đồng/người/năm'
    >>> write_target(Target("", TargetKind.INCREASE_BY, Decimal(1), unit="%", baseline_year=2023, striving=True))
    'phấn đấu tăng 1% so với năm 2023'
    """
    wording = _wording(target)
    if not target.striving:
        return wording
    needs_verb = target.kind in (
        TargetKind.AT_LEAST,
        TargetKind.ABOVE,
        TargetKind.BETWEEN,
        TargetKind.COUNT_OF,
    )
    return f"phấn đấu đạt {wording}" if needs_verb else f"phấn đấu {wording}"


def _wording(target: Target) -> str:
    value = target.value
    if target.kind is TargetKind.ACHIEVED or value is None:
        return "đạt yêu cầu"
    if isinstance(value, Grade):
        name = _GRADE_NAMES[value]
        return f"xếp loại {name}" if value is Grade.EXCELLENT else f"đạt loại {name} trở lên"
    amount = _amount(value, target.unit)
    match target.kind:
        case TargetKind.AT_LEAST if target.unit == "%" and value == 100:
            return amount
        case TargetKind.AT_LEAST if target.unit == "%":
            return f"từ {amount} trở lên"
        case TargetKind.AT_LEAST:
            return f"tối thiểu {amount}"
        case TargetKind.ABOVE:
            return f"trên {amount}"
        case TargetKind.AT_MOST if value == 0 and target.unit is None:
            return "không để xảy ra trường hợp nào"
        case TargetKind.AT_MOST:
            return f"không quá {amount}"
        case TargetKind.BELOW:
            return f"dưới {amount}"
        case TargetKind.COUNT_OF:
            return f"{_plain(value)}/{_plain(target.upper or value)}" + (
                f" {target.unit}" if target.unit else ""
            )
        case TargetKind.RANK_WITHIN:
            return f"trong tốp {_plain(value)}"
        case TargetKind.INCREASE_BY | TargetKind.DECREASE_BY:
            verb = "tăng" if target.kind is TargetKind.INCREASE_BY else "giảm"
            since = f" so với năm {target.baseline_year}" if target.baseline_year else ""
            return f"{verb} {_range(value, target)}{since}"
        case _:
            return _range(value, target)


def _plain(value: Decimal) -> str:
    return format_number(value).replace(".", "")


def _range(value: Decimal, target: Target) -> str:
    if target.upper is None:
        return _amount(value, target.unit)
    first = f"{format_number(value)}%" if target.unit == "%" else format_number(value)
    return f"{first} - {_amount(target.upper, target.unit)}"


def _amount(value: Decimal, unit: str | None) -> str:
    """Return a value with its unit; a count below ten takes a leading zero, as offices write it."""
    if unit is None:
        return format_number(value)
    if unit[:1] in "%‰":
        return f"{format_number(value)}{unit}"
    counted = (
        value == value.to_integral_value()
        and 0 < value < 10
        and not grammar.MEASURE.fullmatch(f" {lower(unit)}")
    )
    return f"{'0' if counted else ''}{format_number(value)} {unit}"
