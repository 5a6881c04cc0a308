"""The work programme of a month or year, and the report on it, as official paper.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I and III (chương trình CTr, báo cáo BC; mẫu 1.4).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from camket.core.numbering import body_symbol, symbol_of
from camket.core.registers.standing import Standing
from camket.core.registers.work import MAIN_TASK
from camket.core.wording.dates import format_date, official_date
from camket.core.wording.numbers import format_percent
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Annex,
    Block,
    Cell,
    Document,
    Letterhead,
    Line,
    Paragraph,
    Table,
    bold,
    centered,
    plain,
    row_of,
    signature,
)
from camket.paper.writing.sheet import attached_to

KINDS = (
    (MAIN_TASK, "Nhiệm vụ trọng tâm"),
    ("project", "Chương trình, đề án"),
    ("regular", "Nhiệm vụ thường xuyên"),
    ("added", "Nhiệm vụ phát sinh"),
    ("", "Nhiệm vụ khác"),
)
LISTED = 12
"""So many tasks of a kind are named in the text; the annex names all."""
_DONE = (Standing.DONE, Standing.DONE_LATE)


@dataclass(frozen=True, slots=True)
class Item:
    """A task of the programme as it stood on the day of the paper.

    ``is_carried``: it was not done before the period began. ``goes_on``: it stands in the next period's programme anew.
    """

    title: str
    kind: str
    unit: str
    support: str
    leader: str
    due_on: date | None
    due_original: date | None
    late_after: date | None
    done_on: date | None
    product: str
    result: str
    standing: Standing
    is_carried: bool = False
    goes_on: bool = False

    @property
    def who(self) -> str:
        """Who carries it out, and with whom."""
        with_whom = f"phối hợp: {self.support}" if self.support else ""
        return "; ".join(part for part in (self.unit, with_whom) if part)

    def days_late(self, on: date) -> int:
        """Return how many days past its last day in time it is, or was done; 0 for what is in time."""
        return max(((self.done_on or on) - self.late_after).days, 0) if self.late_after else 0


@dataclass(frozen=True, slots=True)
class Programme:
    """The tasks of a month or year, and those of the next, as they stood on a day."""

    first: date
    last: date
    is_year: bool
    as_of: date
    items: tuple[Item, ...]
    following: tuple[Item, ...] = ()

    @property
    def name(self) -> str:
        """What the period is called."""
        return _named(self.first, is_year=self.is_year)

    @property
    def next_name(self) -> str:
        """What the period after it is called."""
        month = date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)
        return _named(date(self.first.year + 1, 1, 1) if self.is_year else month, is_year=self.is_year)

    def count(self, *standings: Standing) -> int:
        """Return how many tasks stand so."""
        return sum(1 for each in self.items if each.standing in standings)

    def to_json(self) -> dict[str, Any]:
        """Return the programme as plain values."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self), default=date.isoformat))
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Programme:
        """Return the programme that :meth:`to_json` wrote."""
        return cls(
            **{
                **values,
                **{key: date.fromisoformat(values[key]) for key in ("first", "last", "as_of")},
                "items": tuple(_item(each) for each in values["items"]),
                "following": tuple(_item(each) for each in values["following"]),
            }
        )


_DAYS = ("due_on", "due_original", "late_after", "done_on")


def _item(values: Mapping[str, Any]) -> Item:
    days = {key: date.fromisoformat(values[key]) for key in _DAYS if values[key] is not None}
    return Item(**{**values, **days, "standing": Standing(values["standing"])})


@dataclass(frozen=True, slots=True)
class Replaced:
    """The paper that a new version replaces, and what is corrected."""

    number: str
    issued_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Who issues a paper and who signs it; ``number``, ``dated`` and ``replaces`` are not known before it is issued."""

    issuer: str
    superior: str
    place: str
    authority: str = ""
    capacity: str = ""
    signed_by: str = ""
    number: str = ""
    dated: date | None = None
    replaces: Replaced | None = None

    def replacement(self, kind: str) -> str:
        """Return the sentence that names the paper which this one replaces; empty where it replaces none."""
        if self.replaces is None:
            return ""
        old = self.replaces
        return (
            f"{kind} này thay thế {kind} số {old.number} {official_date(old.issued_on)} của {self.issuer}. "
            f"Nội dung được đính chính: {_bare(old.reason)}."
        )


def digest(heading: Heading, programme: Programme) -> str:
    """Return the SHA-256, as hexadecimal digits, of what a paper says whose number and day are not given yet."""
    said = {"heading": [heading.issuer, heading.superior, heading.place], "programme": programme.to_json()}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def programme_document(heading: Heading, programme: Programme) -> Document:
    """Return a period's programme as the paper it becomes, with blanks for number and day."""
    symbol = symbol_of("CTr", body_symbol(heading.issuer))
    annexes = (
        _annex(
            f"Danh mục nhiệm vụ {programme.name}",
            _programme_table(programme.items),
            "Chương trình",
            symbol,
            programme,
            heading,
        ),
    )
    return _document(
        heading,
        kind="Chương trình",
        symbol=symbol,
        abstract=f"Công tác {programme.name}",
        body=tuple(_programme_body(heading, programme)),
        annexes=annexes if programme.items else (),
        as_of=programme.as_of,
    )


def report_document(heading: Heading, programme: Programme) -> Document:
    """Return the report on a period's programme, with what is to be done in the next one, as the paper it becomes."""
    symbol = symbol_of("BC", body_symbol(heading.issuer))
    told = (
        (f"Kết quả thực hiện nhiệm vụ {programme.name}", programme.items, _result_table(programme)),
        (
            f"Danh mục nhiệm vụ {programme.next_name}",
            programme.following,
            _programme_table(programme.following),
        ),
    )
    annexes = [
        _annex(title, table, "Báo cáo", symbol, programme, heading) for title, items, table in told if items
    ]
    return _document(
        heading,
        kind="Báo cáo",
        symbol=symbol,
        abstract=f"Kết quả thực hiện Chương trình công tác {programme.name}; nhiệm vụ {programme.next_name}",
        body=tuple(_report_body(heading, programme)),
        annexes=tuple(annexes),
        as_of=programme.as_of,
    )


def _document(
    heading: Heading,
    *,
    kind: str,
    symbol: str,
    abstract: str,
    body: tuple[Block, ...],
    annexes: tuple[Annex, ...],
    as_of: date,
) -> Document:
    return Document(
        letterhead=Letterhead(
            issuer=heading.issuer,
            superior=heading.superior,
            symbol=symbol,
            number=heading.number or None,
            place=heading.place or None,
            dated=heading.dated,
            year=(heading.dated or as_of).year,
        ),
        kind=kind,
        abstract=abstract,
        body=body,
        signature=signature(heading.authority, heading.capacity, heading.signed_by),
        **of_form("programme_report" if kind == "Báo cáo" else "work_programme"),
        annexes=annexes,
        recorded_on=heading.dated or as_of,
    )


def _programme_body(heading: Heading, programme: Programme) -> Iterator[Block]:
    items = programme.items
    if not items:
        yield Paragraph(plain(f"Chưa có nhiệm vụ nào được đưa vào Chương trình công tác {programme.name}."))
        return
    carried = sum(1 for each in items if each.is_carried)
    moved = f", trong đó {carried:02d} nhiệm vụ chuyển tiếp từ kỳ trước" if carried else ""
    yield Paragraph(
        plain(
            f"{heading.issuer} ban hành Chương trình công tác {programme.name} gồm {len(items):02d} nhiệm vụ{moved}, với "
            "các nội dung chính như sau:"
        )
    )
    yield _heading("I. NHIỆM VỤ TRỌNG TÂM")
    yield from _listed([each for each in items if each.kind == MAIN_TASK], _told)
    others = [(name, [each for each in items if _kind(each) == key]) for key, name in KINDS[1:]]
    yield _heading("II. CÁC NHIỆM VỤ KHÁC")
    counts = [f"{name.lower()}: {len(found):02d}" for name, found in others if found]
    yield Paragraph(
        plain(
            f"{'; '.join(counts).capitalize()} (danh mục cụ thể tại Phụ lục kèm theo)."
            if counts
            else "Không có."
        )
    )
    yield _heading("III. TỔ CHỨC THỰC HIỆN")
    replacement = heading.replacement("Chương trình")
    for number, text in enumerate(
        (
            "Thủ trưởng các đơn vị căn cứ nhiệm vụ được giao phân công người thực hiện, bảo đảm chất lượng và thời hạn; cập "
            "nhật kết quả ngay khi hoàn thành.",
            "Nhiệm vụ có khó khăn, vướng mắc phải báo cáo và đề nghị gia hạn trước khi hết thời hạn, nêu rõ lý do.",
            f"Bộ phận văn phòng theo dõi, đôn đốc và tổng hợp báo cáo {heading.issuer} kết quả thực hiện"
            f"{'.' if replacement else './.'}",
            *((f"{replacement.rstrip('.')}./.",) if replacement else ()),
        ),
        1,
    ):
        yield Paragraph(plain(f"{number}. {text}"))


def _report_body(heading: Heading, programme: Programme) -> Iterator[Block]:
    items = programme.items
    total = len(items)
    done = programme.count(*_DONE)
    on_day = official_date(programme.as_of)
    yield _heading("I. KẾT QUẢ THỰC HIỆN")
    if not total:
        yield Paragraph(plain(f"Chương trình công tác {programme.name} không có nhiệm vụ."))
    else:
        share = format_percent(Decimal(100 * done) / total, 1)
        yield Paragraph(
            plain(
                f"Chương trình công tác {programme.name} có {total:02d} nhiệm vụ. Tính đến {on_day} đã hoàn thành {done:02d} "
                f"nhiệm vụ ({share}), trong đó {programme.count(Standing.DONE):02d} nhiệm vụ đúng hạn, "
                f"{programme.count(Standing.DONE_LATE):02d} nhiệm vụ chậm; đang thực hiện trong hạn "
                f"{programme.count(Standing.OPEN, Standing.SOON):02d} nhiệm vụ; quá hạn chưa hoàn thành "
                f"{programme.count(Standing.LATE):02d} nhiệm vụ. Cụ thể:"
            )
        )
        yield _summary(programme)
        main = [each for each in items if each.kind == MAIN_TASK and each.standing in _DONE]
        if main:
            yield Paragraph(plain("Các nhiệm vụ trọng tâm đã hoàn thành:"))
            yield from _listed(main, _done_told)
    yield _heading("II. NHIỆM VỤ CHẬM, CHƯA HOÀN THÀNH VÀ NGUYÊN NHÂN")
    late = [each for each in items if each.standing in (Standing.DONE_LATE, Standing.LATE)]
    running = [each for each in items if each.standing in (Standing.OPEN, Standing.SOON)]
    if late:
        yield Paragraph(plain("1. Nhiệm vụ chậm so với thời hạn:"))
        yield from _listed(late, lambda each: _late_told(each, programme.as_of))
    if running:
        number = 2 if late else 1
        yield Paragraph(plain(f"{number}. Nhiệm vụ đang thực hiện, chưa đến hạn:"))
        yield from _listed(running, _running_told)
    if not late and not running:
        yield Paragraph(plain("Không có."))
    yield _heading(f"III. NHIỆM VỤ {programme.next_name.upper()}")
    if programme.following:
        carried = sum(1 for each in programme.following if each.is_carried)
        moved = f", trong đó {carried:02d} nhiệm vụ chuyển tiếp" if carried else ""
        yield Paragraph(
            plain(
                f"{programme.next_name.capitalize()} thực hiện {len(programme.following):02d} nhiệm vụ{moved} (danh mục tại "
                "Phụ lục kèm theo), tập trung vào các nhiệm vụ sau:"
            )
        )
        main = [each for each in programme.following if each.kind == MAIN_TASK]
        yield from _listed(main or list(programme.following), _told)
    else:
        yield Paragraph(plain("Chưa có nhiệm vụ nào được đưa vào chương trình."))
    replacement = heading.replacement("Báo cáo")
    if replacement:
        yield Paragraph(plain(replacement))
    yield Paragraph(
        plain(
            f"Trên đây là báo cáo kết quả thực hiện Chương trình công tác {programme.name} của {heading.issuer}./."
        )
    )


def _heading(text: str) -> Paragraph:
    return Paragraph(bold(text), level=1)


def _listed(items: Sequence[Item], told: Callable[[Item], str]) -> Iterator[Block]:
    if not items:
        yield Paragraph(plain("Không có."))
    for each in items[:LISTED]:
        yield Paragraph(plain(f"- {told(each)}"))
    if len(items) > LISTED:
        yield Paragraph(plain(f"- … và {len(items) - LISTED:02d} nhiệm vụ khác tại Phụ lục kèm theo."))


def _told(each: Item) -> str:
    due = f"thời hạn {format_date(each.due_on)}" if each.due_on else ""
    return f"{_bare(each.title)}{_bracketed(each.who, due)}."


def _done_told(each: Item) -> str:
    day = f"hoàn thành ngày {format_date(each.done_on)}" if each.done_on else ""
    result = f" Kết quả: {_bare(each.result)}." if each.result else ""
    return f"{_bare(each.title)}{_bracketed(each.unit, day)}.{result}"


def _late_told(each: Item, on: date) -> str:
    due = f"thời hạn {format_date(each.due_on)}" if each.due_on else ""
    how = (
        f"hoàn thành ngày {format_date(each.done_on)}, chậm {each.days_late(on)} ngày"
        if each.done_on
        else f"quá hạn {each.days_late(on)} ngày, chưa hoàn thành"
    )
    reason = _bare(each.result) or "đơn vị chưa báo cáo"
    moved = " Chuyển tiếp sang kỳ sau." if each.goes_on else ""
    return f"{_bare(each.title)}{_bracketed(each.unit, due, how)}. Nguyên nhân, tiến độ: {reason}.{moved}"


def _running_told(each: Item) -> str:
    due = f"thời hạn {format_date(each.due_on)}" if each.due_on else "không có thời hạn"
    result = f" Tiến độ: {_bare(each.result)}." if each.result else ""
    moved = " Chuyển tiếp sang kỳ sau." if each.goes_on else ""
    return f"{_bare(each.title)}{_bracketed(each.unit, due)}.{result}{moved}"


def _bracketed(*parts: str) -> str:
    said = "; ".join(part for part in parts if part)
    return f" ({said})" if said else ""


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(" .;")


def _kind(each: Item) -> str:
    return each.kind if any(each.kind == key for key, _name in KINDS) else ""


def _summary(programme: Programme) -> Table:
    head = row_of(
        "Loại nhiệm vụ",
        "Tổng số",
        "Hoàn thành đúng hạn",
        "Hoàn thành chậm",
        "Đang thực hiện trong hạn",
        "Quá hạn",
    )
    rows: list[tuple[Cell, ...]] = []
    for key, name in KINDS:
        found = [each for each in programme.items if _kind(each) == key]
        if found:
            rows.append(_counted(name, found, plain))
    rows.append(_counted("Cộng", programme.items, bold))
    return Table((40.0, 14.0, 18.0, 18.0, 20.0, 14.0), (head,), tuple(rows))


def _counted(name: str, items: Sequence[Item], line: Callable[[str], Line]) -> tuple[Cell, ...]:
    def count(*standings: Standing) -> str:
        return str(sum(1 for each in items if each.standing in standings))

    numbers = (
        str(len(items)),
        count(Standing.DONE),
        count(Standing.DONE_LATE),
        count(Standing.OPEN, Standing.SOON),
        count(Standing.LATE),
    )
    written: list[Line] = [line(text) for text in (name, *numbers)]
    return (Cell((written[0],)), *(Cell((each,), align=Align.CENTER) for each in written[1:]))


def _programme_table(items: Sequence[Item]) -> Table:
    def cells(each: Item) -> tuple[Cell, ...]:
        carried = f"{each.title} (chuyển tiếp)" if each.is_carried else each.title
        return (
            *row_of(carried, each.leader, each.who),
            centered(format_date(each.due_on) if each.due_on else ""),
            *row_of(each.product),
        )

    head = (
        "Nội dung nhiệm vụ",
        "Lãnh đạo chỉ đạo",
        "Đơn vị chủ trì, phối hợp",
        "Thời hạn",
        "Sản phẩm, kết quả",
    )
    return _table_by_kind((8.0, 63.0, 27.0, 42.0, 20.0, 34.0), head, items, cells)


_SAID = {
    Standing.DONE: "Hoàn thành đúng hạn",
    Standing.DONE_LATE: "Hoàn thành chậm",
    Standing.OPEN: "Đang thực hiện",
    Standing.SOON: "Đang thực hiện, sắp đến hạn",
    Standing.LATE: "Quá hạn",
}


def _result_table(programme: Programme) -> Table:
    def cells(each: Item) -> tuple[Cell, ...]:
        late = each.days_late(programme.as_of)
        days = f" {late} ngày" if late and each.standing in (Standing.LATE, Standing.DONE_LATE) else ""
        put_off = (
            f" (gia hạn từ {format_date(each.due_original)})"
            if each.due_original and each.due_original != each.due_on
            else ""
        )
        return (
            *row_of(each.title, each.who),
            centered(f"{format_date(each.due_on)}{put_off}" if each.due_on else ""),
            centered(format_date(each.done_on) if each.done_on else ""),
            centered(f"{_SAID.get(each.standing, '')}{days}"),
            *row_of(each.result),
        )

    head = (
        "Nội dung nhiệm vụ",
        "Đơn vị chủ trì, phối hợp",
        "Thời hạn",
        "Ngày hoàn thành",
        "Đánh giá",
        "Kết quả, tiến độ, nguyên nhân",
    )
    return _table_by_kind((8.0, 53.0, 36.0, 19.0, 19.0, 21.0, 41.0), head, programme.items, cells)


def _table_by_kind(
    shares: tuple[float, ...],
    head: Sequence[str],
    items: Sequence[Item],
    cells: Callable[[Item], tuple[Cell, ...]],
) -> Table:
    """Return tasks as a table, each kind under its name and counted from one; ``cells`` gives those after the number."""
    rows: list[tuple[Cell, ...]] = []
    for key, name in KINDS:
        found = [each for each in items if _kind(each) == key]
        if found:
            rows.append((Cell((bold(name),), columns=len(shares)),))
        rows.extend((centered(str(number)), *cells(each)) for number, each in enumerate(found, 1))
    return Table(shares, (row_of("TT", *head),), tuple(rows))


def _annex(title: str, table: Table, kind: str, symbol: str, programme: Programme, heading: Heading) -> Annex:
    year = (heading.dated or programme.as_of).year
    return Annex(
        title=title,
        body=(table,),
        note=attached_to(kind, symbol, heading.issuer, year, number=heading.number, dated=heading.dated),
        landscape=True,
    )


def _named(first: date, *, is_year: bool) -> str:
    return f"năm {first.year}" if is_year else f"tháng {first.month} năm {first.year}"
