"""Which column of an export says what of a dossier: by the words of its heading, checked against what stands in it.

Each one-stop software heads its columns in its own way. A heading that says one thing, and cells that bear it out, are
sure; a heading alone, cells alone, or two columns that might both be it are shown with a reason, and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from camket.core import dossier_codes
from camket.core.dossier_words import meaning, word_key
from camket.core.messages import Message, gettext_noop
from camket.core.wording.moments import parse_moment

__all__ = [
    "FIELDS",
    "Guess",
    "Kind",
    "Target",
    "heading_field",
    "looks_like_heading",
    "mapping_of",
    "recognise",
]


class Kind(StrEnum):
    """What the cells of a field hold."""

    TEXT = "text"
    MOMENT = "moment"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a dossier that a column may fill: its name for people, what it holds, and the most it may be long.

    ``is_needed``: an export without it cannot be brought in.
    """

    label: str
    kind: Kind
    longest: int = 0
    is_needed: bool = False


FIELDS: dict[str, Target] = {
    "code": Target(gettext_noop("Dossier code"), Kind.TEXT, 60, is_needed=True),
    "procedure_code": Target(gettext_noop("Code of the procedure"), Kind.TEXT, 60),
    "procedure_name": Target(gettext_noop("Name of the procedure"), Kind.TEXT, 2000),
    "field_name": Target(gettext_noop("Field"), Kind.TEXT, 255),
    "unit_name": Target(gettext_noop("Unit that settles it"), Kind.TEXT, 255),
    "channel": Target(gettext_noop("How it was handed in"), Kind.WORD),
    "level": Target(gettext_noop("Online level"), Kind.WORD),
    "state": Target(gettext_noop("State"), Kind.WORD),
    "applicant": Target(gettext_noop("Applicant"), Kind.TEXT, 255),
    "address": Target(gettext_noop("Applicant's address"), Kind.TEXT, 500),
    "phone": Target(gettext_noop("Applicant's telephone"), Kind.TEXT, 60),
    "received_at": Target(gettext_noop("Received on"), Kind.MOMENT, is_needed=True),
    "due_given": Target(gettext_noop("Due on"), Kind.MOMENT),
    "finished_at": Target(gettext_noop("Processed on"), Kind.MOMENT),
    "returned_at": Target(gettext_noop("Result handed over on"), Kind.MOMENT),
    "supplement_asked_at": Target(gettext_noop("Supplement asked on"), Kind.MOMENT),
    "supplement_back_at": Target(gettext_noop("Supplement handed in on"), Kind.MOMENT),
    "reappointed_at": Target(gettext_noop("New date given on"), Kind.MOMENT),
    "due_again": Target(gettext_noop("New due date"), Kind.MOMENT),
    "result_given": Target(gettext_noop("On time or late, as the software says"), Kind.WORD),
    "payment": Target(gettext_noop("Payment of the fee"), Kind.WORD),
    "is_digitised": Target(gettext_noop("Papers digitised"), Kind.WORD),
    "is_result_digitised": Target(gettext_noop("Result digitised"), Kind.WORD),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is taken for: a field or None, how sure (0 to 1), why, and columns that might be it as well."""

    column: int
    header: str
    field: str | None
    confidence: Decimal
    reason: Message
    rivals: tuple[str, ...] = ()


_DAY_OF_SUPPLEMENT = 60
"""How well a heading fits that names a day of a supplement and not which."""

_DAY = r"(?:ngay(?: gio)?|thoi (?:gian|diem|han)|gio)"
_DOSSIER = r"(?: (?:ho so|hs))?"
_HEADINGS: tuple[tuple[str, int, str], ...] = (
    ("code", 95, r"(?:so|ma|ma so|so ky hieu)(?: cua)? (?:ho so|hs)(?: (?:tthc|mot cua|hanh chinh|dvc))?"),
    ("code", 90, r"(?:so|ma|ma so) (?:bien nhan|phieu|tiep nhan|phieu tiep nhan|giay tiep nhan|bn)(?: ho so)?"),
    ("code", 70, r"(?:ma|code|ma vach|ma tra cuu)"),
    ("procedure_code", 95, r"(?:ma|ma so) (?:tthc|thu tuc|thu tuc hanh chinh|dvc|dich vu cong|dvctt)(?: quoc gia)?"),
    ("procedure_name", 95, r"(?:ten )?(?:tthc|thu tuc|thu tuc hanh chinh|dich vu cong|dvc)(?: hanh chinh)?"),
    ("procedure_name", 80, r"(?:ten|loai) (?:ho so|hs)|ten loai ho so|ten thu tuc hanh chinh .*|thu tuc hanh chinh .*"),
    ("procedure_name", 60, r"(?:noi dung|trich yeu|ve viec)(?: ho so| yeu cau)?(?: giai quyet)?"),
    ("field_name", 95, r"(?:ten )?(?:linh vuc|nhom thu tuc|nhom tthc)(?: tthc| thu tuc| thu tuc hanh chinh| hanh chinh)?"),
    (
        "unit_name", 92,
        r"(?:ten )?(?:don vi|phong ban|phong|co quan|bo phan|noi|phong ban chuyen mon|phong chuyen mon)"
        r" (?:dang )?(?:xu ly|giai quyet|thu ly|thuc hien|chu tri|chuyen mon|chu tri giai quyet|xu ly ho so)"
        r"(?: ho so)?(?: chinh)?",
    ),
    ("unit_name", 70, r"(?:ten )?(?:don vi|phong ban|co quan|bo phan|phong chuyen mon|phong)(?: tiep nhan)?"),
    (
        "channel", 95,
        r"(?:hinh thuc|phuong thuc|cach thuc|kenh|loai hinh|nguon)"
        r"(?: (?:nop|nhan|tiep nhan|gui))?(?: (?:ho so|hs))?(?! ket qua)",
    ),
    ("level", 92, r"(?:muc do|muc|cap do|loai)(?: (?:dvc|dvctt|dich vu cong|truc tuyen|cung cap))+(?: truc tuyen)?"),
    ("level", 75, r"muc do|dvctt|dvc truc tuyen|dich vu cong truc tuyen"),
    ("state", 95, r"(?:trang thai|tinh trang)(?: (?:ho so|hs|xu ly|giai quyet|hien tai|xu ly ho so|ho so hien tai|thu ly))?"),
    (
        "applicant", 95,
        r"(?:ho(?: va)? ten |ten )?(?:nguoi nop|nguoi nop ho so|cong dan|chu ho so|nguoi yeu cau|nguoi dan|khach hang|"
        r"to chuc ca nhan|ca nhan to chuc|doanh nghiep|nguoi dung don|nguoi dang ky|to chuc|cong dan to chuc|"
        r"cong dan doanh nghiep|nguoi lam don|nguoi de nghi|to chuc cong dan|ca nhan|nguoi nop hs)"
        r"(?: nop ho so)?(?: doanh nghiep)?",
    ),
    ("applicant", 80, r"ho(?: va)? ten|ten to chuc .*|ho ten .*|to chuc ca nhan .*|ten cong dan .*"),
    ("phone", 95, r"(?:so )?(?:dien thoai|dt|sdt|di dong)(?: (?:di dong|lien he|nguoi nop|lien lac|cong dan|cua .*))?"),
    ("address", 95, r"dia chi(?: .*)?|noi (?:o|cu tru|thuong tru)(?: .*)?|cho o(?: .*)?"),
    ("received_at", 95, rf"{_DAY} (?:tiep nhan|nhan)(?: (?:ho so|hs|chinh thuc))?"),
    ("received_at", 80, rf"{_DAY} (?:nop|vao|gui|dang ky)(?: (?:ho so|hs))?|tiep nhan luc|nhan luc"),
    ("received_at", 65, r"tiep nhan|nhan ho so|nhan"),
    (
        "due_given", 95,
        rf"(?:{_DAY} |han )?hen tra(?: ket qua| kq)?{_DOSSIER}|{_DAY} hen(?: ket qua)?|han (?:tra|xu ly|giai quyet|hoan thanh)"
        rf"(?: ket qua| kq)?{_DOSSIER}|{_DAY} (?:den han|het han|phai tra|du kien tra|tra du kien|du kien tra ket qua)"
        r"|ngay han(?: tra)?|han cuoi|thoi han (?:tra|hen tra)(?: ket qua)?",
    ),
    ("due_given", 60, rf"thoi han (?:giai quyet|xu ly){_DOSSIER}|du kien tra|thoi han"),
    (
        "finished_at", 95,
        rf"{_DAY} (?:ket thuc|hoan thanh|xu ly xong|giai quyet xong|co ket qua|hoan tat|xu ly xong ho so|ket thuc xu ly|"
        rf"hoan thanh xu ly|hoan thanh giai quyet|ket thuc giai quyet|giai quyet|xu ly xong hs|thuc te xu ly xong){_DOSSIER}",
    ),
    ("finished_at", 75, r"ket thuc(?: xu ly)?|hoan thanh|xu ly xong|giai quyet xong|co ket qua|ngay xu ly|ngay ky"),
    (
        "returned_at", 95,
        rf"{_DAY} (?:da )?tra(?: (?:ket qua|kq|cho cong dan|cho dan|cong dan|thuc te|ket qua thuc te|ho so|kq thuc te))*"
        rf"|{_DAY} nhan (?:ket qua|kq)|{_DAY} (?:giao|trao) (?:ket qua|kq)",
    ),
    ("returned_at", 65, r"tra (?:ket qua|kq)|da tra|tra"),
    (
        "supplement_asked_at", 92,
        rf"{_DAY} (?:yeu cau|thong bao|gui yeu cau|de nghi)(?: cong dan)? bo sung{_DOSSIER}|{_DAY} (?:tam dung|bat dau bo sung)",
    ),
    (
        "supplement_back_at", 92,
        rf"{_DAY} (?:nhan|nop|da|hoan thanh|tiep nhan|cong dan|ket thuc) bo sung{_DOSSIER}"
        rf"|{_DAY} bo sung (?:xong|day du|hoan thanh|du){_DOSSIER}|{_DAY} tiep tuc(?: xu ly)?",
    ),
    ("supplement_asked_at", _DAY_OF_SUPPLEMENT, rf"{_DAY} bo sung{_DOSSIER}"),
    ("reappointed_at", 90, rf"{_DAY} (?:xin loi|gui (?:phieu|thu) xin loi|lap phieu xin loi|gia han|xin gia han|hen lai)"),
    (
        "due_again", 93,
        rf"(?:{_DAY} |han )?(?:hen tra|hen|tra) (?:lai|moi)(?: ket qua| kq)?|han (?:moi|sau gia han)"
        rf"|(?:{_DAY} )?gia han den(?: ngay)?"
        rf"|thoi han moi|{_DAY} hen tra (?:sau gia han|lan 2)|hen lai ngay(?: tra)?",
    ),
    (
        "result_given", 92,
        r"(?:ket qua|tinh trang|danh gia|tien do|tinh hinh)(?: (?:xu ly|giai quyet|ho so|thoi han|tien do|han))+"
        r"|(?:dung|som|tre|qua|truoc)(?: (?:dung|som|tre|qua|truoc))* han|tinh trang han|danh gia",
    ),
    ("result_given", 70, r"tien do|ket qua"),
    ("payment", 90, r"(?:hinh thuc |trang thai |tinh trang |phuong thuc )?(?:thanh toan|nop phi|phi le phi|nop le phi)(?: .*)?"),
    (
        "is_result_digitised", 92,
        r"(?:ket qua|kq|kqgq|kq giai quyet)(?: (?:duoc|da))? (?:so hoa|dien tu).*|so hoa (?:ket qua|kq).*"
        r"|cap (?:ket qua|kq) dien tu.*",
    ),
    (
        "is_digitised", 90,
        r"(?:da |ho so (?:duoc |da )?|tphs )?so hoa(?: (?:ho so|hs|thanh phan ho so|giay to|tphs|tp ho so|dau vao).*)?",
    ),
)  # fmt: skip
"""Field, how well it fits in hundredths, and the heading's words without marks, signs and case."""

PART_OF = " / "
"""Stands between a heading that spans columns and the one below it."""

_COMPILED = tuple((field, weight, re.compile(pattern)) for field, weight, pattern in _HEADINGS)
_BRACKETS = re.compile(r"\([^()]*\)")
_UNITS = re.compile(r"\b(?:dd mm yyyy|dd mm yyyy hh mm|hh mm|gio phut)\b")


@lru_cache(maxsize=2_000)
def heading_field(header: str) -> tuple[str, int] | None:
    """Return the field that a heading's words say and how well they fit in hundredths, or None.

    >>> heading_field("Ngày hẹn trả kết quả"), heading_field("Ghi chú")
    (('due_given', 95), None)
    """
    best: tuple[str, int] | None = None
    lowest = header.rpartition(PART_OF)[2]
    for key in dict.fromkeys(
        map(word_key, (_BRACKETS.sub(" ", header), header, lowest, _BRACKETS.sub(" ", lowest)))
    ):
        key = " ".join(_UNITS.sub(" ", key).split())
        for field, weight, pattern in _COMPILED:
            if pattern.fullmatch(key) and (best is None or weight > best[1]):
                best = field, weight
    return best


@lru_cache(maxsize=2_000)
def looks_like_heading(text: str) -> bool:
    """Tell whether a cell may be a heading: words, neither a date nor a code nor a figure."""
    key = word_key(text)
    return (
        0 < len(key) <= 120
        and re.search("[a-z]{2}", key) is not None
        and parse_moment(text) is None
        and dossier_codes.parse(dossier_codes.tidy(text)) is None
        and not re.search(r"\d{5}", key)
    )


_RESULT_HANDED_OVER = re.compile(r"\b(?:nhan|tra|giao|trao|gui|phat) (?:ket qua|kq)\b")
"""How the result reaches the applicant: the same words as how the dossier came in, another thing."""

_RUNNING = re.compile(r"\d{1,7}")
_PROCEDURE_CODE = re.compile(r"\d\.\d{6}(?:\.[0-9A-Z.]+)?|[A-Z]{1,4}-[A-Z]{2,4}-\d{4,6}(?:-TT)?")
_PHONE = re.compile(r"(?:\+?84|0)\d{8,10}|[1-9]\d{8}")


def _is_phone(text: str) -> bool:
    return _PHONE.fullmatch(re.sub(r"[\s.\-']", "", text)) is not None


def _is_code(text: str) -> bool:
    return dossier_codes.parse(dossier_codes.tidy(text)) is not None


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _agreement(field: str, cells: Sequence[str]) -> float:
    """Return how well the cells of a column fit a field, 0 to 1; 0.5 where they say nothing about it."""
    if not cells:
        return 0.5
    kind = FIELDS[field].kind
    if kind is Kind.MOMENT:
        return _share(cells, lambda cell: parse_moment(cell) is not None)
    if kind is Kind.WORD:
        if len({word_key(cell) for cell in cells}) > 40 and len(cells) > 80:
            return 0.0
        known = _share(cells, lambda cell: meaning(field, cell) is not None)
        return max(known, 0.4 if known or len({word_key(cell) for cell in cells}) <= 12 else 0.0)
    if field == "code":
        shaped = _share(cells, _is_code)
        # Some systems number by themselves; what only counts 1, 2, 3 is no code.
        return max(
            shaped,
            0.0 if _share(cells, _is_running) > 0.9 else 0.5 if len(set(cells)) > 0.9 * len(cells) else 0.1,
        )
    if field == "procedure_code":
        return max(
            0.5 if _share(cells, lambda cell: len(cell) <= 60) > 0.9 else 0.0,
            _share(cells, _is_procedure_code),
        )
    if field == "phone":
        return max(0.2, _share(cells, _is_phone))
    moments = _share(cells, lambda cell: parse_moment(cell) is not None)
    return 0.1 if moments > 0.5 else 0.5 if _share(cells, _is_running) > 0.9 else 0.8


def _is_running(text: str) -> bool:
    return _RUNNING.fullmatch(text) is not None


def _is_procedure_code(text: str) -> bool:
    return _PROCEDURE_CODE.fullmatch(text) is not None


def recognise(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[Guess, ...]:
    """Return for each column what it is taken for; ``samples`` are cells of each column, blank ones may be among them.

    Each field goes to one column at most.

    >>> [each.field for each in recognise(["STT", "Số hồ sơ", "Ngày nhận"], [["1"], ["H26.12.3-260105-0001"], ["05/01/2026"]])]
    [None, 'code', 'received_at']
    """
    cells = [[cell for cell in map(str.strip, column) if cell] for column in samples]
    offers: list[
        tuple[int, int, str, bool]
    ] = []  # how sure in hundredths, column, field, whether the heading says so
    for column, header in enumerate(headers):
        said = heading_field(header)
        if said is not None:
            field, weight = said
            fit = _agreement(field, cells[column])
            offers.append(
                (
                    int(weight * (0.35 + 0.65 * fit)) if fit < 0.5 else min(99, weight + int(8 * fit) - 4),
                    column,
                    field,
                    True,
                )
            )
            if field == "supplement_asked_at" and weight <= _DAY_OF_SUPPLEMENT:
                # Beside a column that says when it was asked for, the day of a supplement is that on which it came.
                offers.append((weight - 2, column, "supplement_back_at", True))
        for field, sure in _by_content(header, cells[column]):
            if said is None or said[0] != field:
                offers.append((sure if said is None else min(sure, 40), column, field, False))
    return _assigned(headers, offers, cells)


def _by_content(header: str, cells: Sequence[str]) -> list[tuple[str, int]]:
    """Return the fields that a column's cells speak for by themselves, whatever its heading."""
    if len(cells) < 2:
        return []
    found: list[tuple[str, int]] = []
    if (share := _share(cells, _is_code)) >= 0.8:
        found.append(("code", int(80 * share)))
    if (share := _share(cells, _is_procedure_code)) >= 0.8:
        found.append(("procedure_code", int(75 * share)))
    if (share := _share(cells, _is_phone)) >= 0.8:
        found.append(("phone", int(65 * share)))
    kinds = {word_key(cell) for cell in cells}
    has_letters = any(re.search("[a-z]{2}", kind) for kind in kinds)
    if has_letters and len(kinds) <= 20:
        for field, most in (("state", 70), ("channel", 65), ("result_given", 60), ("level", 55)):
            if field == "channel" and _RESULT_HANDED_OVER.search(word_key(header)):
                continue
            share = _share(cells, lambda cell, field=field: meaning(field, cell) is not None)  # type: ignore[misc]
            if share >= 0.8:
                found.append((field, int(most * share)))
                break
    return found


def _assigned(
    headers: Sequence[str], offers: list[tuple[int, int, str, bool]], cells: Sequence[Sequence[str]]
) -> tuple[Guess, ...]:
    taken: dict[int, tuple[int, str, bool]] = {}
    given: set[str] = set()
    # The surer first; a heading's word before cells alone; of two alike the one further left.
    for sure, column, field, is_said in sorted(offers, key=lambda offer: (-offer[0], not offer[3], offer[1])):
        if column not in taken and field not in given and sure >= 30:
            taken[column] = (sure, field, is_said)
            given.add(field)
    guesses: list[Guess] = []
    for column, header in enumerate(headers):
        if column not in taken:
            guesses.append(_unknown(column, header, offers, taken, headers, cells[column]))
            continue
        sure, field, is_said = taken[column]
        rivals = tuple(
            headers[other]
            for other_sure, other, other_field, _ in offers
            if other_field == field
            and other != column
            and other_sure >= sure - 10
            and other not in _sure_elsewhere(taken)
        )
        if rivals:
            sure = min(sure, 50)
        guesses.append(_guess(column, header, field, sure, rivals, cells[column], is_said=is_said))
    return tuple(guesses)


def _sure_elsewhere(taken: Mapping[int, tuple[int, str, bool]]) -> set[int]:
    return {column for column, (sure, _, _) in taken.items() if sure >= 75}


def _guess(
    column: int,
    header: str,
    field: str,
    sure: int,
    rivals: tuple[str, ...],
    cells: Sequence[str],
    *,
    is_said: bool,
) -> Guess:
    fit = _agreement(field, cells)
    example = {"example": cells[0][:60] if cells else ""}
    if rivals:
        reason = Message(
            gettext_noop("The columns %(others)s might be this as well. Please choose."),
            {"others": ", ".join(rivals)},
        )
    elif not is_said:
        reason = Message(gettext_noop("The heading does not say it, the cells look like it."))
    elif not cells:
        reason = Message(gettext_noop("The heading says it; the column is empty."))
    elif fit < 0.5:
        reason = Message(
            gettext_noop("The heading says it, but cells like “%(example)s” do not look like it."), example
        )
    else:
        reason = Message(gettext_noop("The heading says it and the cells bear it out."))
    return Guess(column, header, field, Decimal(sure) / 100, reason, rivals)


def _unknown(
    column: int,
    header: str,
    offers: Sequence[tuple[int, int, str, bool]],
    taken: Mapping[int, tuple[int, str, bool]],
    headers: Sequence[str],
    cells: Sequence[str],
) -> Guess:
    mine = [offer for offer in offers if offer[1] == column]
    for _, _, field, _ in sorted(mine, reverse=True):
        for other, (_, taken_field, _) in taken.items():
            if taken_field == field:
                message = Message(
                    gettext_noop("It might be the same as the column %(other)s, which fits better."),
                    {"other": headers[other]},
                )
                return Guess(column, header, None, Decimal(0), message, (headers[other],))
    if cells and _share(cells, lambda cell: parse_moment(cell) is not None) > 0.8:
        message = Message(gettext_noop("It holds dates, but the heading does not say which. Please choose."))
    else:
        message = Message(
            gettext_noop("Nothing of a dossier is known by this heading. The column is left out.")
        )
    return Guess(column, header, None, Decimal(0), message)


def mapping_of(guesses: Sequence[Guess]) -> dict[str, str]:
    """Return the mapping that the guesses amount to: field to heading."""
    return {guess.field: guess.header for guess in guesses if guess.field is not None}
