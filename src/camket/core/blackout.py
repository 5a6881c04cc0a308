"""Taking out of a text what tells who a person is, before others read it: proposed, then read by a person.

Found are the data one knows (the sender's name, address, number), and what looks like personal data: numbers of
telephones and identity papers, addresses of mail, codes of dossiers, names after a form of address, houses, parcels of
land, number plates. A machine overlooks some: what is made public is always read again by a person.
Source: Luật 91/2025/QH15 (bảo vệ dữ liệu cá nhân).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from camket.core.messages import gettext_noop

BLACK = "[…]"


class What(StrEnum):
    """What kind of personal data was found."""

    KNOWN = "known"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    IDENTITY = "identity"
    DOSSIER = "dossier"
    HOUSE = "house"
    LAND = "land"
    PLATE = "plate"


WHAT_NAMES = {
    What.KNOWN: gettext_noop("data of the sender"),
    What.NAME: gettext_noop("name of a person"),
    What.PHONE: gettext_noop("telephone number"),
    What.EMAIL: gettext_noop("email address"),
    What.IDENTITY: gettext_noop("identity number"),
    What.DOSSIER: gettext_noop("code of a dossier"),
    What.HOUSE: gettext_noop("number of a house"),
    What.LAND: gettext_noop("parcel of land"),
    What.PLATE: gettext_noop("number plate"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A place that was blacked out: what it seems to be, and the words that stood there."""

    what: What
    text: str


@dataclass(frozen=True, slots=True)
class Blackened:
    """A text with the places found in it replaced by :data:`BLACK`."""

    text: str
    found: tuple[Found, ...]


_UPPER = "A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ"
_WORD = rf"[{_UPPER}][^\W\d_]*"
_FORMS = (
    (What.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        What.DOSSIER,
        re.compile(
            r"\b(?:[A-Z]\d{2}(?:\.\d{1,3}){1,4}|\d{3}(?:\.\d{2,3}){2,4})(?:\.[A-Z]?\d+)*-\d{6,8}-\d{2,6}\b"
        ),
    ),
    (What.PHONE, re.compile(r"(?<![\d.])(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\d)")),
    (What.IDENTITY, re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")),
    (What.PLATE, re.compile(r"\b\d{2}[A-Z][A-Z0-9]?[ -]?\d{3}[. ]?\d{2}\b|\b\d{2}[A-Z][A-Z0-9]?[ -]\d{4}\b")),
    (
        What.LAND,
        re.compile(
            r"\bthửa(?:\s+đất)?(?:\s+số)?\s+\d+(?:\s*,?\s*(?:thuộc\s+)?tờ(?:\s+bản\s+đồ)?(?:\s+số)?\s+\d+)?",
            re.I,
        ),
    ),
    (
        What.HOUSE,
        re.compile(
            r"\b(?:số\s+nhà|nhà\s+số|số)\s+\d+[\w/]*(?=\s*,?\s*(?:ngõ|ngách|hẻm|đường|phố|thôn|xóm|tổ|ấp|khu|$))"
            r"|\bsố\s+nhà\s+\d+[\w/]*|\b(?:ngõ|ngách|hẻm)\s+\d+[\w/]*",
            re.I,
        ),
    ),
    (
        What.NAME,
        re.compile(
            r"(?:(?<=\bông )|(?<=\bbà )|(?<=\banh )|(?<=\bchị )|(?<=\bcô )|(?<=\bchú )|(?<=\bbác )|(?<=\bem )"
            r"|(?<=\bÔng )|(?<=\bBà )|(?<=\bAnh )|(?<=\bChị )|(?<=\bCô )|(?<=\bChú )|(?<=\bBác )"
            rf"|(?<=\btên là )|(?<=\bTên là ))({_WORD}(?:\s+{_WORD}){{0,4}})"
        ),
    ),
)

_SURNAMES = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Đoàn|Lương|Tạ|Mai|Cao|Tô|Hà"
_FULL_NAME = re.compile(rf"\b(?:{_SURNAMES})(?:\s+{_WORD}){{2,3}}\b")
"""Whole names of three words or four that begin with one of the commonest family names."""


def blackened(text: str, known: Iterable[str] = ()) -> Blackened:
    """Return a text without what tells who a person is; ``known`` are data that must not stand in it, as typed.

    >>> blackened("Tôi là Lò Thị Sương, 0912 345 678", ["Lò Thị Sương"]).text
    'Tôi là […], […]'
    >>> [found.what.value for found in blackened("Ông Trần Văn Bé, thửa đất số 12, tờ bản đồ số 3").found]
    ['name', 'land']
    """
    text = unicodedata.normalize("NFC", text)
    places: list[tuple[int, int, What]] = list(_known_places(text, known))
    for what, form in _FORMS:
        places += [(*match.span(match.lastindex or 0), what) for match in form.finditer(text)]
    places += [(*match.span(), What.NAME) for match in _FULL_NAME.finditer(text)]
    return _replaced(text, places)


def without_known(text: str, known: Iterable[str]) -> str:
    """Return a text without the data given, however they are written; nothing else is taken out.

    >>> without_known("Kính gửi bà LÒ THỊ SƯƠNG", ["Lò Thị Sương"])
    'Kính gửi bà […]'
    """
    text = unicodedata.normalize("NFC", text)
    return _replaced(text, list(_known_places(text, known))).text


def _known_places(text: str, known: Iterable[str]) -> Iterable[tuple[int, int, What]]:
    bare, places = _bare(text)
    for each in known:
        key = _bare(unicodedata.normalize("NFC", each))[0].strip()
        if len(key) < 3:
            continue
        digits = re.sub(r"\D", "", key)
        if re.fullmatch(r"[\d\s.+\-()]+", key):
            if len(digits) < 6:
                continue
            form = re.compile(r"[\s.\-()]*".join(digits))
        else:
            between = r"[\s,]+".join(re.escape(word) for word in re.split(r"[\s,]+", key))
            form = re.compile(rf"(?<!\w){between}(?!\w)")
        for match in form.finditer(bare):
            yield places[match.start()], places[match.end() - 1] + 1, What.KNOWN


def _bare(text: str) -> tuple[str, list[int]]:
    """Return a text in small letters without marks, and where in it each of its signs began."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in unicodedata.normalize("NFD", sign.casefold()):
            if not unicodedata.combining(part):
                signs.append("d" if part == "đ" else part)
                places.append(place)
    return "".join(signs), places


def _replaced(text: str, places: list[tuple[int, int, What]]) -> Blackened:
    pieces: list[str] = []
    found: list[Found] = []
    end = 0
    for start, stop, what in sorted(places, key=lambda place: (place[0], -place[1])):
        if start < end or start == stop:
            continue
        pieces += [text[end:start], BLACK]
        found.append(Found(what, text[start:stop]))
        end = stop
    pieces.append(text[end:])
    return Blackened("".join(pieces), tuple(found))
