"""A list of staff as offices keep it in a spreadsheet, understood: who, which post, which unit, which role to propose.

Headings are found by their words, whatever stands above them; what a row does not say is proposed, and a person
checks every proposal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from camket.core.headings import fullest_row
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.bodies import same_body
from camket.core.wording.text import fold, search_key

__all__ = [
    "RosterEntry",
    "Roster",
    "RosterUnreadable",
    "UnitNames",
    "login_of",
    "matching_unit",
    "proposed_role",
    "read_roster",
    "with_logins",
    "without_title",
]


LIKE_ENOUGH = 0.72
MARGIN = 0.08

UnitNames = Sequence[tuple[int, tuple[str, ...]]]
"""Units by id, each with what it is called."""


class RosterUnreadable(Refusal):
    """The sheet has no heading for names, or nobody below it."""


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One person as a row says; ``unit_text`` is the unit as written, ``unit_id`` which one it must be."""

    row: int
    full_name: str
    position: str = ""
    unit_text: str = ""
    unit_id: int | None = None
    role: str = "officer"
    login: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of a sheet, the headings that were understood, and rows left out as (number, text)."""

    entries: tuple[RosterEntry, ...]
    headings: Mapping[str, str]
    left_out: tuple[tuple[int, str], ...] = ()


_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("family", re.compile(r"^ho(?: (?:va )?(?:ten )?(?:dem|lot))?$|^ho va ten lot$")),
    ("login", re.compile(r"dang nhap|^tai khoan|user ?name|^user$|^login$|sign-?in")),
    (
        "name",
        re.compile(r"^ho (?:va )?ten\b|^ho,? ten\b|^ten (?:can bo|nhan vien|cong chuc)|^full name$|^name$"),
    ),
    ("given", re.compile(r"^ten$")),
    ("email", re.compile(r"e-?mail|thu dien tu|hop thu|hom thu")),
    ("role", re.compile(r"^vai tro|^quyen\b|^role\b|^nhom quyen")),
    ("position", re.compile(r"chuc vu|chuc danh|^vi tri|^position$|^title$|nhiem vu duoc giao")),
    (
        "unit",
        re.compile(
            r"^(?:ten )?(?:bo phan|phong\b|phong,? ban|don vi|noi (?:cong tac|lam viec)|co quan|to chuc|ban\b|unit$)"
        ),
    ),
)
_FOOTER = re.compile(
    r"^(?:tong (?:cong|so)|cong\b|danh sach (?:nay|co|gom)|nguoi lap|lap bieu|thu truong|ghi chu|noi nhan|xac nhan)\b"
)
_SECTION = re.compile(
    r"^(?:phong|ban|van phong|trung tam|bo phan|to|doi|lanh dao|thuong truc|cac (?:phong|ban)|hdnd|ubnd|uy ban|tram)\b"
)
_LIST_MARK = re.compile(r"^(?:[IVXLC]+|\d+|[A-Za-zĐđ])[.)/]\s+")
_TITLE = re.compile(r"^(?:ông|bà|đ/c|đồng chí|mr|mrs|ms)\.?:?\s+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]+(?:['’`.-]?[^\W\d_]+)*(?: [^\W\d_]+(?:['’`.-]?[^\W\d_]+)*)*\.?")
_OF_OTHERS = re.compile(r"\b(?:hoi|(?:ub)?mttq|mat tran|hdnd|hoi dong|cong doan|doan thanh nien|lien doan)\b")
_HEADS = re.compile(
    r"^(?:quyen |q\. ?)?(?:truong (?:phong|ban|cong an|tram|bo phan|don vi|to)|chanh van phong|giam doc|doi truong|"
    r"chi huy truong|tram truong|to truong|phu trach (?:phong|ban|bo phan))\b"
)
_ONE_STOP = re.compile(r"\b(?:mot cua|tiep nhan(?: va tra)?|tra ket qua|tn ?(?:&|va) ?tkq|tn-tkq)\b")

_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("secretary", re.compile(r"thu ky iso|^thu ky$|secretary")),
    ("representative", re.compile(r"dai dien lanh dao|\bqmr\b|representative")),
    ("chairman", re.compile(r"^chu tich|chairman")),
    ("head", re.compile(r"^truong (?:bo phan|phong|don vi)|head")),
    ("one_stop", re.compile(r"mot cua|one-?stop")),
    ("auditor", re.compile(r"danh gia vien|auditor")),
    ("privacy", re.compile(r"du lieu ca nhan|privacy")),
    ("inspector", re.compile(r"thanh tra|kiem tra|inspector")),
    ("viewer", re.compile(r"^xem\b|chi xem|viewer")),
    ("administrator", re.compile(r"quan tri|administrator")),
    ("officer", re.compile(r"cong chuc|chuyen vien|vien chuc|nhan vien|can bo|officer")),
)
"""Words of a column of roles; the first that fits."""


def read_roster(rows: Iterable[tuple[int, Sequence[str]]], units: UnitNames) -> Roster:
    """Return the people of a sheet given as (number, cells), with their units and roles proposed; without sign-in names.

    Raises RosterUnreadable.

    >>> sheet = [(1, ("DANH SÁCH CÁN BỘ",)), (3, ("TT", "Họ và tên", "Chức vụ")), (4, ("1", "Lê Văn Bảy", "Chủ tịch UBND"))]
    >>> [(each.full_name, each.role) for each in read_roster(sheet, ()).entries]
    [('Lê Văn Bảy', 'chairman')]
    """
    listed = [(number, [fold(cell) for cell in cells]) for number, cells in rows]
    at, columns = _headings(listed)
    entries: list[RosterEntry] = []
    left_out: list[tuple[int, str]] = []
    section = ""
    for number, cells in listed[at + 1 :]:
        said = {name: cells[column] for name, column in columns.items() if column < len(cells)}
        if not any(cells):
            continue
        heading = _section_of(cells, said, columns, units)
        if heading:
            section = heading
            continue
        name = _person_name(said)
        if not name:
            left_out.append((number, " ".join(cell for cell in cells if cell)))
            continue
        entries.append(_entry(number, name, said, section, units))
    if not entries:
        raise RosterUnreadable(
            Message(
                gettext_noop("There is nobody below the headings in row %(row)s."),
                {"row": str(listed[at][0])},
            )
        )
    heads = {name: listed[at][1][column] for name, column in columns.items()}
    return Roster(tuple(entries), heads, tuple(left_out))


def with_logins(entries: Iterable[RosterEntry], taken: Collection[str]) -> tuple[RosterEntry, ...]:
    """Return entries with a sign-in name each: the one given, else one made from the name that nobody has yet.

    >>> two = [RosterEntry(1, "Lê Thị Đào"), RosterEntry(2, "Lê Thị Đào")]
    >>> [each.login for each in with_logins(two, {"le.thi.dao"})]
    ['le.thi.dao.2', 'le.thi.dao.3']
    """
    rows = list(entries)
    known = set(taken) | {row.login for row in rows if row.login}
    found: list[RosterEntry] = []
    for row in rows:
        login = row.login
        if not login:
            login = _free(login_of(row.full_name), known)
            known.add(login)
        found.append(replace(row, login=login))
    return tuple(found)


def login_of(full_name: str) -> str:
    """Return a sign-in name made from a person's name: small letters without marks, divided by dots.

    >>> login_of("Nguyễn Văn An"), login_of("H'Hen Niê"), login_of("王")
    ('nguyen.van.an', 'hhen.nie', 'nguoi.dung')
    """
    words = [re.sub(r"[^a-z0-9]", "", word) for word in search_key(full_name).split()]
    login = ".".join(word for word in words if word)[:140]
    return login if len(login) > 1 else "nguoi.dung"


def proposed_role(position: str, *, has_unit: bool) -> str:
    """Return the role that a title of office suggests; a person decides.

    >>> [proposed_role(each, has_unit=True) for each in ("Chủ tịch UBND xã", "Chủ tịch Hội Nông dân", "Trưởng phòng")]
    ['chairman', 'officer', 'head']
    """
    key = search_key(position)
    first = re.split(r"[,;–-]| kiem ", key)[0].strip()
    if re.search(r"thu ky iso", key):
        return "secretary"
    if re.search(r"dai dien lanh dao|\bqmr\b", key):
        return "representative"
    if not _OF_OTHERS.search(first):
        if re.match(r"(?:quyen |q\. ?)?chu tich\b", first):
            return "chairman"
        if re.match(r"pho chu tich\b", first):
            return "representative"
    if has_unit and _HEADS.match(first):
        return "head"
    return "one_stop" if _ONE_STOP.search(key) else "officer"


def matching_unit(text: str, units: UnitNames) -> int | None:
    """Return the unit that a text names, however it abbreviates and marks it; None where that is not sure.

    >>> matching_unit("P. VHXH", [(1, ("Phòng Kinh tế", "")), (2, ("Phòng Văn hóa - Xã hội", "VH-XH"))])
    2
    """
    if not text:
        return None
    key = search_key(text)
    same = [unit for unit, names in units if key in {search_key(name) for name in names if name}]
    if len(same) == 1:
        return same[0]
    written = re.sub(r"^P\.\s*", "Phòng ", text)
    ranked = sorted(
        (
            (max((same_body(written, name) for name in names if name), default=0.0), unit)
            for unit, names in units
        ),
        reverse=True,
    )
    if not ranked or ranked[0][0] < LIKE_ENOUGH:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN:
        return None
    return ranked[0][1]


def _names_people(columns: set[str]) -> bool:
    return not columns.isdisjoint({"name", "given"})


def _headings(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, int]]:
    """Return which row holds the headings and the column of each; the row that names most of them wins."""
    found = fullest_row(rows, _HEADINGS, _names_people, longest=60)
    if found is None:
        raise RosterUnreadable(
            Message(
                gettext_noop(
                    "No column is headed “Họ và tên”. Write the headings in one row: Họ và tên, Chức vụ, Bộ phận, Email."
                )
            )
        )
    return found


def _section_of(
    cells: Sequence[str], said: Mapping[str, str], columns: Mapping[str, int], units: UnitNames
) -> str:
    """Return the unit that a row between people announces (“I. Văn phòng HĐND và UBND”), else nothing."""
    filled = [cell for cell in cells if cell and not re.fullmatch(r"[\dIVXLC]+[.)]?", cell)]
    if len(filled) != 1:
        return ""
    beside = [name for name in said if name not in ("name", "family", "given")]
    if beside and any(said[name] for name in beside) and filled[0] != said.get("unit"):
        return ""
    text = _LIST_MARK.sub("", filled[0]).strip(" :.")
    if not _SECTION.match(search_key(text)):
        return ""
    # A person may be called Ban or Tô: with nothing but names in the sheet, only a known unit is a heading.
    return text if len(columns) > 1 or matching_unit(text, units) is not None else ""


def _person_name(said: Mapping[str, str]) -> str:
    text = said.get("name") or f"{said.get('family', '')} {said.get('given', '')}"
    text = without_title(_LIST_MARK.sub("", fold(text)))
    if not text or _FOOTER.match(search_key(text)) or not _NAME.fullmatch(text) or len(text) > 150:
        return ""
    return _in_title_case(text) if text == text.upper() and len(text) > 1 else text


def without_title(text: str) -> str:
    """Return a name as it is written without ông, bà, đồng chí before it.

    >>> without_title("Đ/c Trần Văn Bình,")
    'Trần Văn Bình'
    """
    return _TITLE.sub("", text).strip(" .,;")


def _in_title_case(text: str) -> str:
    words = [word[:1] + word[1:].lower() for word in text.split()]
    return unicodedata.normalize("NFC", " ".join(words))


def _entry(number: int, name: str, said: Mapping[str, str], section: str, units: UnitNames) -> RosterEntry:
    position = said.get("position", "")[:150]
    unit_text = said.get("unit") or section
    unit_id = matching_unit(unit_text, units)
    if unit_id is None and not unit_text:
        unit_id = _unit_in(position, units)
    role = _given_role(said.get("role", "")) or proposed_role(position, has_unit=unit_id is not None)
    return RosterEntry(
        row=number,
        full_name=name,
        position=position,
        unit_text=unit_text[:255],
        unit_id=unit_id,
        role=role,
        login=said.get("login", "").casefold(),
        email=said.get("email", ""),
    )


def _unit_in(position: str, units: UnitNames) -> int | None:
    """Return the unit whose whole name a title of office holds: “Trưởng phòng Kinh tế” is of Phòng Kinh tế."""
    key = search_key(position)
    found = [unit for unit, names in units if any(name and search_key(name) in key for name in names[:1])]
    return found[0] if len(found) == 1 else None


def _given_role(text: str) -> str:
    key = search_key(text)
    return next((role for role, words in _ROLES if key and words.search(key)), "")


def _free(login: str, known: Collection[str]) -> str:
    if login not in known:
        return login
    count = 2
    while f"{login}.{count}" in known:
        count += 1
    return f"{login}.{count}"
