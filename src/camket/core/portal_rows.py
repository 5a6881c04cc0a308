"""What the rows of a portal's export of feedback say: which column is what, whatever its heading is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from camket.core import feedback as rules
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import bare_words, search_key

HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("portal_code", re.compile(r"(?:ma|so|ma so)(?: (?:phan anh|pakn|kien nghi|phieu|tra cuu|ho so))?(?: .*)?")),
    ("received", re.compile(r"(?:ngay|thoi gian|thoi diem)(?: (?:gui|tiep nhan|nhan|phan anh|den|tao)).*")),
    ("subject", re.compile(r"(?:tieu de|trich yeu|chu de|ve viec).*")),
    ("text", re.compile(r"(?:noi dung|chi tiet)(?: (?:phan anh|pakn|kien nghi|phan anh kien nghi))?.*")),
    (
        "sender_name",
        re.compile(
            r"(?:ho ten|ho va ten|ten|nguoi|ca nhan) (?:nguoi )?(?:gui|phan anh|to chuc|kien nghi).*|ho (?:va )?ten"
        ),
    ),
    ("sender_address", re.compile(r"dia chi.*")),
    ("sender_phone", re.compile(r"(?:so )?(?:dien thoai|dt|sdt|di dong).*")),
    ("sender_email", re.compile(r"(?:e ?-?mail|thu dien tu).*")),
    ("place", re.compile(r"(?:noi|dia diem|vi tri).*(?:phan anh|su viec|xay ra|hien truong).*|dia diem")),
    ("kind", re.compile(r"(?:loai|phan loai|nhom)(?: .*)?")),
)  # fmt: skip
"""Headings of the columns that exports of portals have, in the order in which they are tried."""


class ColumnsMissing(Refusal):
    """An export of the portal that cannot be taken: no column for what feedback needs, or too many rows."""


def columns_of(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return which row holds the headings and which column says what; raises ColumnsMissing."""
    best: tuple[int, dict[str, int]] = (0, {})
    for place, row in enumerate(rows):
        found: dict[str, int] = {}
        for column, cell in enumerate(row):
            key = " ".join(bare_words(cell))
            for field, form in HEADINGS:
                if field not in found and key and form.fullmatch(key):
                    found[field] = column
                    break
        if len(found) > len(best[1]):
            best = place, found
    missing = [
        label
        for field, label in (
            ("portal_code", "Mã phản ánh"),
            ("received", "Ngày gửi"),
            ("text", "Nội dung"),
        )
        if field not in best[1] and not (field == "text" and "subject" in best[1])
    ]
    if missing:
        raise ColumnsMissing(
            Message(
                gettext_noop(
                    "No column is headed %(columns)s. Check that it is the portal's export, or name the columns so."
                ),
                {"columns": ", ".join(f"“{each}”" for each in missing)},
            )
        )
    return best


def said_in(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Return what a row says, by field; "" where it has no such cell or the file no such column."""
    return {
        field: cells[columns[field]].strip() if columns.get(field, len(cells)) < len(cells) else ""
        for field, _form in HEADINGS
    }


def kind_of(text: str) -> str:
    """Return the kind that the portal's own word means, "" for none.

    >>> kind_of("Phản ánh về hành vi công chức")
    'conduct'
    """
    key = search_key(text)
    for word, kind in (
        ("to cao", rules.DENUNCIATION),
        ("khieu nai", rules.COMPLAINT),
        ("hanh vi", rules.CONDUCT),
        ("quy dinh", rules.RULES),
    ):
        if word in key:
            return kind
    return ""
