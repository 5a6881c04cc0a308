"""A report as an official document (model 1.4 of Nghị định 30/2020, Phụ lục III): báo cáo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from camket.core.numbering import KINDS, body_symbol, symbol_of
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number
from camket.core.wording.text import begun, search_key
from camket.paper.writing import sheet
from camket.paper.writing.model import (
    Align,
    Annex,
    Block,
    Cell,
    Document,
    Letterhead,
    Line,
    Paragraph,
    Run,
    Signature,
    Table,
    annex_label,
    bold,
    plain,
    signing_lines,
)
from camket.reporting.content import STATE_WORDS, ReportContent, TargetLine, UnitWork


@dataclass(frozen=True, slots=True)
class Formalities:
    """Number, date and signer; empty while the report is a draft. ``replaces`` and ``correction`` of a corrected version."""

    number: str = ""
    issued_on: date | None = None
    signed_by: str = ""
    capacity: str = ""
    authority: str = ""
    replaces: str = ""
    replaced_on: date | None = None
    correction: str = ""


def report_document(content: ReportContent, formalities: Formalities) -> Document:
    """Return the report as a document: parts I to IV, and annexes with targets, late work and evidence."""
    return _Composer(content, formalities).document()


def file_name(content: ReportContent, number: str) -> str:
    """Return a name for the report's file, in plain letters: ``bao-cao-05-bc-ubnd-6-thang-dau-nam-2026``."""
    words = f"bao cao {number} {content.head.period_name}"
    return re.sub(r"[^a-z0-9]+", "-", search_key(words)).strip("-")


class _Composer:
    def __init__(self, content: ReportContent, formalities: Formalities) -> None:
        self.content = content
        self.formalities = formalities
        self.head = content.head
        self.symbol = symbol_of("BC", body_symbol(self.head.agency_full_name))
        self.annexes = tuple(self._annexes())

    def document(self) -> Document:
        given = self.formalities
        issued = given.issued_on
        return Document(
            letterhead=Letterhead(
                issuer=self.head.agency_full_name,
                superior=self.head.superior_name,
                symbol=self.symbol,
                number=given.number or None,
                place=self.head.place or None,
                dated=issued,
                year=(issued or self.head.as_of).year,
            ),
            kind="Báo cáo",
            abstract=f"Kết quả thực hiện Mục tiêu chất lượng {self.head.period_name}",
            body=tuple(self._body()),
            signature=Signature(lines=signing_lines(given.authority, given.capacity), name=given.signed_by),
            recipients=(
                "Sở Khoa học và Công nghệ",
                f"Lãnh đạo {self.head.agency_name}",
                "Ban Chỉ đạo ISO",
                "Các bộ phận chuyên môn",
                "Lưu: VT",
            ),
            annexes=self.annexes,
            recorded_on=issued or self.head.as_of,
        )

    def _body(self) -> Iterator[Block]:
        yield Paragraph(plain(self._opening()))
        if self.formalities.replaces:
            yield Paragraph(plain(self._replacing()))
        yield _part("I. KẾT QUẢ THỰC HIỆN MỤC TIÊU CHẤT LƯỢNG")
        yield Paragraph(plain(self._summary()))
        yield from _typed(self.content.assessment)
        short = [target for target in self.content.targets if target.needs_remark and not target.said]
        yield from self._told()
        if short:
            yield Paragraph(plain("Các chỉ tiêu không đạt hoặc có nguy cơ không đạt:"))
            for target in short:
                yield Paragraph(plain(self._shortfall(target)))
        yield _part("II. KẾT QUẢ THỰC HIỆN KẾ HOẠCH")
        yield Paragraph(plain(self._work()))
        if self.content.work:
            yield self._work_table()
        yield _part("III. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN")
        yield from _typed(self.content.difficulties, otherwise="Không có.")
        yield _part("IV. NHIỆM VỤ, GIẢI PHÁP VÀ ĐỀ XUẤT, KIẾN NGHỊ")
        yield from _typed(self.content.proposals, otherwise="Không có.")
        yield Paragraph(
            plain(
                f"Trên đây là báo cáo kết quả thực hiện Mục tiêu chất lượng {self.head.period_name} của "
                f"{self.head.agency_name}./."
            )
        )

    def _opening(self) -> str:
        head = self.head
        kind = KINDS.get(head.decision_kind, "Quyết định")
        number = f" số {head.decision_number}" if head.decision_number else ""
        day = f" {sheet.day_in_words(head.decided_on, head.plan_year)}" if head.decided_on else ""
        return (
            f"Thực hiện {kind}{number}{day} của {head.agency_name} về Mục tiêu chất lượng và Kế hoạch thực hiện Mục tiêu "
            f"chất lượng năm {head.plan_year}, {head.agency_full_name} báo cáo kết quả thực hiện {head.period_name} "
            "như sau:"
        )

    def _replacing(self) -> str:
        given = self.formalities
        day = f" {sheet.day_in_words(given.replaced_on, given.replaced_on.year)}" if given.replaced_on else ""
        reason = f" Nội dung đính chính: {_sentence(given.correction)}" if given.correction else ""
        return f"Báo cáo này thay thế Báo cáo số {given.replaces}{day} của {self.head.agency_name}.{reason}"

    def _summary(self) -> str:
        content = self.content
        counts = [f"{_count(count)} chỉ tiêu {STATE_WORDS[state].lower()}" for state, count in content.counts]
        result = f"Tính đến ngày {format_date(self._last_day())}: {'; '.join(counts)}. " if counts else ""
        place = annex_label(0, len(self.annexes))
        return (
            f"Năm {self.head.plan_year} có {_count(len(content.objectives))} mục tiêu chất lượng với "
            f"{_count(len(content.targets))} chỉ tiêu. {result}Kết quả từng chỉ tiêu tại {place} kèm theo."
        )

    def _told(self) -> Iterator[Block]:
        """Yield the sentences on the targets under their objectives, with reason and remedy where one falls short.

        An objective that says no more than its one target has no heading of its own.
        """
        for objective in self.content.objectives:
            told = [target for target in objective.targets if target.said]
            if len(told) == 1 and search_key(told[0].text).strip(" .;") in search_key(objective.text):
                yield Paragraph(plain(" ".join((f"{objective.number}. {told[0].said}", *_remarks(told[0])))))
                continue
            if told:
                yield Paragraph(bold(f"{objective.number}. {begun(objective.text).rstrip(' .;')}"), level=3)
            for target in told:
                yield Paragraph(plain(" ".join((f"- {target.said}", *_remarks(target)))))

    def _last_day(self) -> date:
        """The last day whose figures count: the report's day, or the period's end."""
        return min(self.head.as_of, self.head.period_end)

    def _shortfall(self, target: TargetLine) -> str:
        result = f"kết quả {target.shown}" if target.shown else target.state_word.lower()
        if target.goal and target.shown:
            result += f", mức đề ra {target.goal[:1].lower()}{target.goal[1:]}"
        return " ".join((f"- {begun(target.text).rstrip(' .;')}: {result}.", *_remarks(target)))

    def _work(self) -> str:
        work = self.content.all_work
        if not work.total:
            return "Trong kỳ không có đầu việc đến hạn."
        said = [
            f"{_count(count)} đầu việc {words}"
            for count, words in (
                (work.on_time, "hoàn thành đúng hạn"),
                (work.late, "hoàn thành chậm"),
                (work.waiting, "đã thực hiện, chờ xác nhận"),
                (work.overdue, "quá hạn chưa hoàn thành"),
                (work.not_yet_due, "chưa đến hạn"),
            )
            if count
        ]
        return f"Kế hoạch trong kỳ có {_count(work.total)} đầu việc: {'; '.join(said)}. Cụ thể theo bộ phận:"

    def _work_table(self) -> Table:
        return Table(
            shares=(1.5, 5.2, 1.7, 1.9, 1.9, 1.9, 1.9, 1.9),
            head=(
                tuple(
                    Cell((plain(title),))
                    for title in (
                        "STT",
                        "Bộ phận",
                        "Tổng số",
                        "Đúng hạn",
                        "Chậm",
                        "Chờ xác nhận",
                        "Quá hạn",
                        "Chưa đến hạn",
                    )
                ),
            ),
            rows=(
                *(
                    (_middle(str(index)), Cell((plain(work.unit),)), *_work_cells(work))
                    for index, work in enumerate(self.content.work, 1)
                ),
                (
                    Cell((bold("Tổng cộng"),), columns=2, align=Align.CENTER),
                    *_work_cells(self.content.all_work, strong=True),
                ),
            ),
        )

    def _annexes(self) -> Iterator[Annex]:
        given = self.formalities
        year = (given.issued_on or self.head.as_of).year
        note = sheet.attached_to(
            "Báo cáo", self.symbol, self.head.agency_name, year, number=given.number, dated=given.issued_on
        )
        yield Annex(
            f"Kết quả thực hiện các chỉ tiêu {self.head.period_name}",
            (self._target_table(),),
            note,
            landscape=True,
        )
        if self.content.open_tasks:
            yield Annex("Danh mục đầu việc chậm, quá hạn", (self._open_table(),), note, landscape=True)
        if self.content.evidence:
            yield Annex("Danh mục minh chứng", (self._evidence_table(),), note)

    def _target_table(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for objective in self.content.objectives:
            rows.append((_middle(objective.number, strong=True), Cell((bold(objective.text),), columns=6)))
            for index, target in enumerate(objective.targets, 1):
                rows.append(
                    (
                        _middle(f"{objective.number}.{index}"),
                        Cell(tuple(self._target_lines(target))),
                        _middle(target.goal),
                        _middle(target.shown),
                        _middle(target.state_word, strong=True),
                        Cell((plain(target.reason or target.because),)),
                        Cell((plain(target.remedy),) if target.remedy else ()),
                    )
                )
        return Table(
            shares=(1.4, 6.6, 2.8, 2.9, 2.6, 5, 4.2),
            head=(
                tuple(
                    Cell((plain(title),))
                    for title in (
                        "TT",
                        "Mục tiêu, chỉ tiêu",
                        "Mức đề ra",
                        "Kết quả",
                        "Đánh giá",
                        "Căn cứ đánh giá, nguyên nhân",
                        "Biện pháp khắc phục",
                    )
                ),
            ),
            rows=tuple(rows),
        )

    def _target_lines(self, target: TargetLine) -> Iterator[Line]:
        yield plain(begun(target.text))
        if target.source:
            yield (Run(f"Nguồn số liệu: {target.source}", italic=True),)
        if target.formula:
            yield (Run(f"Cách tính: {target.formula}", italic=True),)

    def _open_table(self) -> Table:
        return Table(
            shares=(1.2, 2, 8.6, 4.2, 4, 2.6, 2.8),
            head=(
                tuple(
                    Cell((plain(title),))
                    for title in (
                        "STT",
                        "Mục tiêu số",
                        "Biện pháp, công việc",
                        "Kỳ thực hiện",
                        "Bộ phận",
                        "Thời hạn",
                        "Hoàn thành",
                    )
                ),
            ),
            rows=tuple(
                (
                    _middle(str(index)),
                    _middle(task.objective),
                    Cell((plain(task.action),)),
                    Cell((plain(task.label),)),
                    Cell((plain(task.unit),)),
                    _middle(format_date(task.due_on)),
                    _middle(format_date(task.done_on) if task.done_on else "Chưa"),
                )
                for index, task in enumerate(self.content.open_tasks, 1)
            ),
        )

    def _evidence_table(self) -> Table:
        return Table(
            shares=(1.4, 8, 4, 2.6, 2),
            head=(
                tuple(
                    Cell((plain(title),))
                    for title in ("STT", "Minh chứng", "Số, ký hiệu", "Ngày", "Mục tiêu số")
                ),
            ),
            rows=tuple(
                (
                    _middle(str(index)),
                    Cell((plain(line.title),)),
                    Cell((plain(line.document_number),)),
                    _middle(format_date(line.document_date) if line.document_date else ""),
                    _middle(line.objective),
                )
                for index, line in enumerate(self.content.evidence, 1)
            ),
        )


def _part(title: str) -> Paragraph:
    return Paragraph(bold(title), level=2)


def _typed(text: str, *, otherwise: str = "") -> Iterator[Block]:
    """Yield typed paragraphs as they were typed."""
    for line in (text or otherwise).splitlines():
        yield Paragraph(plain(line))


def _remarks(target: TargetLine) -> Iterator[str]:
    """Yield the sentences on why a target falls short and what is done about it."""
    if target.reason:
        yield f"Nguyên nhân: {_sentence(target.reason)}"
    if target.remedy:
        yield f"Biện pháp khắc phục: {_sentence(target.remedy)}"


def _sentence(text: str) -> str:
    """Return typed text as the end of a sentence."""
    return f"{' '.join(text.split()).rstrip(' .;')}."


def _count(count: int) -> str:
    """Return a count as official texts write it: below ten with a nought."""
    return f"{count:02d}" if count < 10 else format_number(count)


def _middle(text: str, *, strong: bool = False) -> Cell:
    return Cell(((Run(text, bold=strong),),) if text else (), align=Align.CENTER)


def _work_cells(work: UnitWork, *, strong: bool = False) -> Iterator[Cell]:
    for count in (work.total, work.on_time, work.late, work.waiting, work.overdue, work.not_yet_due):
        yield _middle(format_number(count), strong=strong)
