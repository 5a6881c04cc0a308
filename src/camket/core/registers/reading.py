"""What forms and cells of spreadsheets say, understood by a register's fields: values, or what is to be mended.

One reader for both. Units, people and lines of the own list are known by their names, choices by their names and by
what spreadsheets call them too, marks and case aside.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from camket.core.cells import DoubtfulNumber, Problem, day_in, number_in, short, truth_in
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.registers.definition import Choice, Field, Kind, Register
from camket.core.registers.meetings import Invited, invited_in, written
from camket.core.roster import matching_unit, without_title
from camket.core.wording.dates import coming_day, format_date
from camket.core.wording.moments import day_and_hour
from camket.core.wording.numbers import NumberNotUnderstood, format_number
from camket.core.wording.text import bare_words, one_line, search_key

Value = str | int | Decimal | bool | date | None
"""What a field holds: a choice by its word; a unit, a person or a line of the own list by its number."""

FIRST_YEAR, LAST_YEAR = 1945, 2100
_PLACES = Decimal("0.000001")
_LARGEST = Decimal(10) ** 18
_LONGEST_KEY = 255
_LONGEST_NUMBER = 18
_NAMED = frozenset({Kind.CHOICE, Kind.UNIT, Kind.PERSON, Kind.ITEM})
_NOTHING = frozenset({"-", "–", "—"})
"""What a cell says that is to be emptied; one left blank leaves what stands."""
_NO_LAST_DAY = frozenset(
    {"khong", "khong thoi han", "khong co thoi han", "khong han", "khong quy dinh thoi han", "thuong xuyen"}
)
"""What offices write where no last day was set."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """Somebody of the agency: the name, the units of the posts by what they are called and by number, the first one's."""

    id: int
    name: str
    units: tuple[str, ...] = ()
    unit_id: int | None = None
    unit_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the agency's own list for the register."""

    id: int
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    """How an agency's units, people and list are called, and what labels and choices are in Vietnamese.

    ``takes_numbers``: what is sent may name them by number too, as the choices of forms do. ``parties`` are the units
    and people that may be named together with others, each as it is sent and as it is called. ``closed`` and
    ``closed_items`` are the units and lines that are no longer in use. ``held`` are the people with a post on a day, where
    that was asked beside all whom entries may name.
    """

    units: tuple[tuple[int, tuple[str, ...]], ...] = ()
    people: tuple[PersonName, ...] = ()
    items: tuple[Item, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    takes_numbers: bool = False
    parties: tuple[tuple[str, str], ...] = ()
    closed: frozenset[int] = frozenset()
    closed_items: frozenset[int] = frozenset()
    held: tuple[PersonName, ...] | None = None
    _called: dict[int, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def word(self, message: str) -> str:
        """Return a label as offices write it."""
        return self.words.get(message, message)

    def unit(self, pk: int | None) -> str:
        """Return what a unit is called; "" for none."""
        return next((names[0] for each, names in self.units if each == pk), "")

    def person(self, pk: int | None) -> str:
        """Return a person's name, with the unit where another one has the same; "" for none."""
        if not self._called:
            # Lists and files ask it of each row.
            keys = [search_key(each.name) for each in self.people]
            namesakes = Counter(keys)
            for each, key in zip(self.people, keys, strict=True):
                is_alone = namesakes[key] == 1 or not each.units
                self._called.setdefault(each.id, each.name if is_alone else f"{each.name} ({each.units[0]})")
        return self._called.get(pk or 0, "")

    def unit_of(self, person_id: object) -> int | None:
        """Return the unit of a person's first post."""
        return next((each.unit_id for each in self.people if each.id == person_id), None)

    def units_of(self, person_id: object) -> frozenset[int]:
        """Return the units of a person's posts."""
        return next((each.unit_ids for each in self.people if each.id == person_id), frozenset())

    def item(self, pk: int | None) -> str:
        """Return what a line of the list is called; "" for none."""
        return next((each.name for each in self.items if each.id == pk), "")


@dataclass(frozen=True, slots=True)
class Understood:
    """What was sent for an entry: values by field key for what was sent, and what is to be mended."""

    values: Mapping[str, Value]
    problems: tuple[Problem, ...]


def read_values(
    fields: Iterable[Field],
    raw: Mapping[str, object],
    names: Names,
    places: Mapping[str, str] | None = None,
    remembered: dict[tuple[str, str], Value] | None = None,
    on: date | None = None,
    today: date | None = None,
) -> Understood:
    """Return what a form or a row says, for the fields that it has; texts are read, other values checked.

    ``places`` are the cells by field key, ``remembered`` what texts of other rows were found to name. A blank text is
    an empty value. A last day without a year is the first such day on or after the entry's own day, else ``on``; a day
    that lies ahead as a rule is the first such day from ``today`` on.
    What is required and lacks, :func:`problems_in` says of the whole entry.
    """
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for each in fields:
        if each.key not in raw:
            continue
        said = raw[each.key]
        try:
            if each.column == "due_on" and isinstance(said, str) and search_key(said) in _NO_LAST_DAY:
                values[each.key] = None
            elif each.column == "due_on" and isinstance(said, str):
                values[each.key] = (on and coming_day(one_line(said), on)) or read_text(each, said, names)
            elif each.is_coming and isinstance(said, str):
                values.update(_coming(each, said, names, raw, today))
            elif each.key in values and str(said or "").strip() in ("", *_NOTHING):
                continue  # the day before it has said the hour
            elif not isinstance(said, str):
                values[each.key] = _typed(each, said)
            elif remembered is None or each.kind not in _NAMED:
                values[each.key] = read_text(each, said, names)
            else:
                if (each.key, said) not in remembered:
                    remembered[each.key, said] = read_text(each, said, names)
                values[each.key] = remembered[each.key, said]
        except NotUnderstood as error:
            problems.append(Problem((places or {}).get(each.key, ""), error.message, each.key))
        if each.column == "on":
            own = values.get(each.key)
            on = own if isinstance(own, date) else on
    return Understood(values, tuple(problems))


def _coming(
    each: Field, text: str, names: Names, raw: Mapping[str, object], today: date | None
) -> dict[str, Value]:
    """Return the day that a text means, and the hour said beside it where there is a field for it. Raises NotUnderstood."""
    line = one_line(text)
    said, hour = day_and_hour(line) if each.hour_in else (line, None)
    found: dict[str, Value] = {each.key: (today and coming_day(said, today)) or read_text(each, said, names)}
    if hour is None:
        return found
    beside = one_line(str(raw.get(each.hour_in) or ""))
    if beside and beside not in _NOTHING and _time(beside) != f"{hour:%H:%M}":
        raise NotUnderstood(
            Message(
                gettext_noop("The day says %(hour)s, the hour beside it %(other)s; leave one of them."),
                {"hour": f"{hour:%H:%M}", "other": short(beside)},
            )
        )
    return {**found, each.hour_in: f"{hour:%H:%M}"}


class NotUnderstood(Refusal):
    """A text is no value of its field; the message says how to write one."""


def read_text(each: Field, text: str, names: Names) -> Value:
    """Return the value that a text means for a field, None for none. Raises NotUnderstood."""
    line = one_line(text)
    if not line or line in _NOTHING:
        return None
    if each.kind is Kind.DAY:
        return _day(line)
    if each.kind in (Kind.WHOLE, Kind.NUMBER):
        number = _number(line, is_whole=each.kind is Kind.WHOLE)
        if each.column == "year" and not FIRST_YEAR <= number <= LAST_YEAR:
            raise _no(gettext_noop("“%(text)s” is of no year that is meant here; check the year."), line)
        return number
    if each.kind is Kind.TRUTH:
        truth = truth_in(line)
        if truth is None:
            raise _no(gettext_noop("“%(text)s” is neither có nor không; write one of them."), line)
        return truth
    if each.kind is Kind.CHOICE:
        return _choice(each.choices, line, names)
    if each.kind is Kind.UNIT:
        return _unit(line, names)
    if each.kind is Kind.PERSON:
        return _person(line, names)
    if each.kind is Kind.ITEM:
        return _item(line, names)
    if each.kind is Kind.TIME:
        return _time(line)
    if each.kind is Kind.PARTIES:
        return _parties(text, names)
    tidy = line if each.kind is Kind.LINE else _lines(text)
    if len(tidy) > each.longest:
        raise NotUnderstood(
            Message(
                gettext_noop("The text has %(count)s characters; at most %(most)s are kept. Shorten it."),
                {"count": str(len(tidy)), "most": str(each.longest)},
            )
        )
    return tidy


def problems_in(
    register: Register, values: Mapping[str, Value], today: date, places: Mapping[str, str] | None = None
) -> tuple[Problem, ...]:
    """Return what is wrong with an entry as a whole: what is required and lacks, days that cannot follow each other."""
    found: list[Problem] = []
    by_column = {each.column: each for each in register.fields if each.column}

    def wrong(each: Field, template: str, **params: str) -> None:
        found.append(Problem((places or {}).get(each.key, ""), Message(template, params), each.key))

    def at(column: str) -> date | None:
        each = by_column.get(column)
        value = values.get(each.key) if each else None
        return value if isinstance(value, date) else None

    for each in register.fields:
        if each.is_required and values.get(each.key) is None:
            wrong(each, gettext_noop("This is needed; fill it in."))
    done = at("done_on")
    if done is not None and done > today:
        wrong(
            by_column["done_on"],
            gettext_noop("%(day)s lies ahead: it is not done yet."),
            day=format_date(done),
        )
    for earlier, later in (("starts_on", "ends_on"), ("on", "due_on"), ("on", "done_on")):
        first, last = at(earlier), at(later)
        if first is not None and last is not None and last < first:
            wrong(
                by_column[later],
                gettext_noop("%(last)s lies before %(first)s; check both days."),
                last=format_date(last),
                first=format_date(first),
            )
    for earlier, later in register.in_order:
        before, after = values.get(earlier), values.get(later)
        if isinstance(before, date) and isinstance(after, date) and after < before:
            wrong(
                register.field(later),
                gettext_noop("%(last)s lies before %(first)s; check both days."),
                last=format_date(after),
                first=format_date(before),
            )
    for key, day in register.begun(values):
        if day > today:
            wrong(
                register.field(key), gettext_noop("%(day)s lies ahead; check the day."), day=format_date(day)
            )
    found += [
        Problem((places or {}).get(each.key, ""), message, each.key)
        for each in register.fields
        if (message := beyond(each, values.get(each.key))) is not None
    ]
    for key, message in register.check(values):
        found.append(Problem((places or {}).get(key, ""), message, key))
    return tuple(found)


def beyond(each: Field, value: Value) -> Message | None:
    """Return that a number is less or more than its field can hold; None where it fits."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    if each.least is not None and value < each.least:
        return Message(gettext_noop("At least %(least)s; check the figure."), {"least": str(each.least)})
    if each.most is not None and value > each.most:
        template = gettext_noop("At most %(most)s; check the figure.")
        return Message(template, {"most": format_number(Decimal(each.most))})
    return None


def key_of(register: Register, values: Mapping[str, Value]) -> str:
    """Return what an entry is known by when it comes again: the fields that tell it, marks, case and signs aside.

    Where none of them is filled in, all that it says tells it.

    >>> from camket.core.registers.definition import Field, Register
    >>> sample = Register("r", "r", "R", "", (Field("number", "Number"), Field("title", "Title")), ("number",))
    >>> key_of(sample, {"number": "Số 05/UBND-VP"}) == key_of(sample, {"number": "5 / ubnd - vp"})
    True
    """
    known = [register.field(key) for key in register.known_by]
    parts = [_key_part(values.get(each.key)) for each in known]
    if not any(parts):
        parts = ["=", *(_key_part(values.get(each.key)) for each in register.fields)]
    key = "|".join(parts)
    if len(key) <= _LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"{key[: _LONGEST_KEY - 33]}#{digest}"


def words_of(values: Mapping[str, Value], fields: Iterable[Field], names: Names) -> str:
    """Return the folded words by which an entry is found: all that it says in words, names of units and people too."""
    found: list[str] = []
    for each in fields:
        value = values.get(each.key)
        if value is not None and each.kind not in (Kind.DAY, Kind.WHOLE, Kind.NUMBER, Kind.TRUTH, Kind.TIME):
            found.append(search_key(shown(each, value, names)))
    return " ".join(dict.fromkeys(" ".join(found).split()))


def shown(each: Field, value: Value, names: Names) -> str:
    """Return a value as offices write it, so that it reads back equal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date):
        return format_date(value)
    if each.kind is Kind.CHOICE:
        return next((names.word(one.name) for one in each.choices if one.word == value), str(value))
    if isinstance(value, int):
        by_kind = {Kind.UNIT: names.unit, Kind.PERSON: names.person, Kind.ITEM: names.item}
        return by_kind[each.kind](value) if each.kind in by_kind else str(value)
    if isinstance(value, Decimal):
        return format_number(value)
    if each.kind is Kind.PARTIES:
        said = invited_in(value)
        units = (called[0] for pk, called in names.units if pk in said.units)
        return "; ".join((*units, *(names.person(one.id) for one in names.people if one.id in said.people)))
    return value


def to_json(value: Value) -> str | int | bool | None:
    """Return a value as the tables keep it under its key."""
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def from_json(each: Field, value: object) -> Value:
    """Return a value as it was before it was kept; what does not fit its field any more is left as a text."""
    if value is None or isinstance(value, bool):
        return value
    try:
        if each.kind is Kind.DAY:
            return date.fromisoformat(str(value))
        if each.kind is Kind.NUMBER:
            return Decimal(str(value))
    except (ValueError, ArithmeticError):
        return str(value)
    return value if isinstance(value, int) else str(value)


def values_from_json(fields: Iterable[Field], kept: Mapping[str, object]) -> dict[str, Value]:
    """Return the values that tables keep by key."""
    return {each.key: from_json(each, kept[each.key]) for each in fields if each.key in kept}


# One kind of field each


def _day(text: str) -> date:
    day = day_in(text)
    if day is None:
        raise _no(gettext_noop("“%(text)s” is no date; write it as 31/03/2026."), text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _no(gettext_noop("“%(text)s” is of no year that is meant here; check the year."), text)
    return day


def _number(text: str, *, is_whole: bool) -> Decimal | int:
    try:
        number = number_in(text)
    except DoubtfulNumber:
        raise _no(
            gettext_noop("“%(text)s” may be a thousand or a decimal; write it as 1234 or as 1,234."), text
        ) from None
    except NumberNotUnderstood:
        raise _no(gettext_noop("“%(text)s” is no number; write it as 1234,5."), text) from None
    if abs(number) >= _LARGEST:
        raise _no(gettext_noop("“%(text)s” is too large a number; check it."), text)
    if is_whole:
        if number != number.to_integral_value() or abs(number) >= 2**31:
            raise _no(gettext_noop("“%(text)s” is no whole number; write it as 3."), text)
        return int(number)
    return normal(number)


def normal(number: Decimal) -> Decimal:
    """Return a number to six decimals without noughts at its end, as the tables give it back.

    >>> normal(Decimal("1200.500")), normal(Decimal("1E+3"))
    (Decimal('1200.5'), Decimal('1000'))
    """
    rounded = number.quantize(_PLACES)
    if rounded == rounded.to_integral_value():
        return Decimal(int(rounded))
    return rounded.normalize()


def _choice(choices: Sequence[Choice], text: str, names: Names) -> str:
    key = _plain(text)
    for each in choices:
        if key in {_plain(word) for word in (each.word, each.name, names.word(each.name), *each.aliases)}:
            return each.word
    raise NotUnderstood(
        Message(
            gettext_noop("“%(text)s” is none of these: %(choices)s. Write one of them."),
            {"text": short(text), "choices": "; ".join(names.word(each.name) for each in choices)},
        )
    )


def _unit(text: str, names: Names) -> int:
    known = {pk for pk, _called in names.units}
    if names.takes_numbers and _numbered(text) in known:
        return _numbered(text)
    found = matching_unit(text, names.units)
    if found is None:
        raise _no(
            gettext_noop("“%(text)s” is no unit of the agency, or might be several; write its name in full."),
            text,
        )
    return found


def _person(text: str, names: Names) -> int:
    if names.takes_numbers and any(each.id == _numbered(text) for each in names.people):
        return _numbered(text)
    match = re.fullmatch(r"(?P<name>[^(]+?)\s*(?:[(–—-]\s*(?P<unit>.+?)\)?)?", text)
    name, hint = (match["name"], match["unit"] or "") if match else (text, "")
    key = search_key(without_title(name))
    same = [each for each in names.people if search_key(each.name) == key]
    if len(same) > 1 and hint:
        units = tuple((each.id, each.units) for each in same if each.units)
        one = matching_unit(hint, units)
        same = [each for each in same if each.id == one]
    if not same:
        raise _no(gettext_noop("“%(text)s” is nobody with a post in the agency; write the full name."), text)
    if len(same) > 1:
        raise NotUnderstood(
            Message(
                gettext_noop("Several people are called “%(text)s”; write the unit behind: %(example)s."),
                {"text": short(text), "example": f"{same[0].name} ({(*same[0].units, '…')[0]})"},
            )
        )
    return same[0].id


def _numbered(text: str) -> int:
    """Return the number of a row that a form's choice names; 0, which no row has, for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else 0


def _time(text: str) -> str:
    """Return an hour of the day as it is kept: 08:30."""
    match = re.fullmatch(
        r"(\d{1,2})(?:\s*(?::|h|g|giờ|\.)\s*(\d{1,2})?)?(?:\s*(?:phút|ph|p)|:\d{2})?", text.casefold()
    )
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise _no(gettext_noop("“%(text)s” is no hour of the day; write it as 08:30 or 8h30."), text)
    return f"{int(match[1]):02}:{int(match[2] or 0):02}"


def _parties(text: str, names: Names) -> str | None:
    """Return units and people as they are kept; each is known by its name, or by what forms send."""
    units: set[int] = set()
    people: set[int] = set()
    for part in (one_line(each) for each in re.split(r"[;\n]", text)):
        sent = invited_in(part) if names.takes_numbers else Invited()
        if sent.units and sent.units <= {pk for pk, _called in names.units}:
            units |= sent.units
        elif sent.people and sent.people <= {each.id for each in names.people}:
            people |= sent.people
        elif part and part not in _NOTHING:
            try:
                people.add(_person(part, names))
            except NotUnderstood as error:
                try:
                    units.add(_unit(part, names))
                except NotUnderstood:
                    if any(search_key(each.name) == search_key(part) for each in names.people):
                        raise error from None  # several of one name: that says how to tell them apart
                    template = gettext_noop(
                        "“%(text)s” is neither a unit of the agency nor somebody with a post in it; write names in full."
                    )
                    raise _no(template, part) from None
    return written(units, people) or None


def _item(text: str, names: Names) -> int:
    if names.takes_numbers and any(each.id == _numbered(text) for each in names.items):
        return _numbered(text)
    key = _plain(text)
    found = [each.id for each in names.items if key in (_plain(each.name), _plain(each.key))]
    if not found:
        raise _no(gettext_noop("“%(text)s” is not in the register's own list; add it there first."), text)
    return found[0]


_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.DAY: (date,),
    Kind.WHOLE: (int,),
    Kind.NUMBER: (Decimal, int),
    Kind.UNIT: (int,),
    Kind.PERSON: (int,),
    Kind.ITEM: (int,),
    Kind.TRUTH: (bool,),
}


def _typed(each: Field, value: object) -> Value:
    """Return a value that comes typed already; raises TypeError for one that its field never holds."""
    if value is None:
        return None
    expected = _TYPES.get(each.kind, (str,))
    if not isinstance(value, expected):
        raise TypeError(f"{each.key} holds {each.kind}, not {value!r}")
    if each.kind is Kind.NUMBER and isinstance(value, (Decimal, int)):
        return normal(Decimal(value))
    if isinstance(value, (int, date)):
        return value
    return str(value)


def _no(template: str, text: str) -> NotUnderstood:
    return NotUnderstood(Message(template, {"text": short(text)}))


def _plain(text: str) -> str:
    return " ".join(bare_words(text))


def _lines(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _key_part(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str):
        return str(to_json(value))
    text = re.sub(r"^so\s*:?\s*(?=\d)", "", search_key(value))
    return re.sub(r"\b0+(?=\d)", "", " ".join(re.findall(r"\w+", text)))


def missing_in(fields: Iterable[Field], keys: Collection[str]) -> tuple[Field, ...]:
    """Return the required fields that are not among some keys."""
    return tuple(each for each in fields if each.is_required and each.key not in keys)
