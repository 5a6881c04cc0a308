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
    Run,
    Signature,
    Table,
    annex_label,
    bold,
    plain,
    signing_lines,
)
from camket.reporting.charts import chart_blocks
from camket.reporting.content import STATE_WORDS, ReportContent, TargetLine, UnitWork
from camket.reporting.told import ToldContent


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
    """Return the report as a document: parts I to IV, and annexes with targets, charts, late work and evidence."""
    return _Composer(content, formalities).document()


def file_name(content: ReportContent | ToldContent, number: str) -> str:
    """Return a name for the report's file, in plain letters: ``bao-cao-05-bc-ubnd-6-thang-dau-nam-2026``."""
    about = f" {content.head.title}" if isinstance(content, ToldContent) else ""
    unit = (
        "" if isinstance(content, ToldContent) or not content.head.unit_name else f" {content.head.unit_name}"
    )
    words = f"bao cao {number}{about} {content.head.period_name}{unit}"
    return re.sub(r"[^a-z0-9]+", "-", search_key(words)).strip("-")


LATE_WORK = "Danh mục đầu việc chậm, quá hạn"


class _Composer:
    def __init__(self, content: ReportContent, formalities: Formalities) -> None:
        self.content = content
        self.formalities = formalities
        self.head = content.head
        self.symbol = symbol_of("BC", body_symbol(self.head.unit_name or self.head.agency_full_name))
        self.annexes = tuple(self._annexes())

    def document(self) -> Document:
        given = self.formalities
        issued = given.issued_on
        return Document(
            letterhead=Letterhead(
                issuer=self.head.unit_name or self.head.agency_full_name,
                superior=self.head.agency_full_name if self.head.unit_name else self.head.superior_name,
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
            **of_form("unit_report" if self.head.unit_name else "report", agency=self.head.agency_name),
            annexes=self.annexes,
            recorded_on=issued or self.head.as_of,
        )

    def _body(self) -> Iterator[Block]:
        yield Paragraph(plain(self._opening()))
        if self.formalities.replaces:
            yield Paragraph(plain(replacing(self.formalities, self.head.who)))
        yield part_title("I. KẾT QUẢ THỰC HIỆN MỤC TIÊU CHẤT LƯỢNG")
        yield Paragraph(plain(self._summary()))
        yield from typed_lines(self.content.assessment)
        short = [target for target in self.content.targets if target.needs_remark and not target.said]
        yield from self._told()
        if short:
            yield Paragraph(plain("Các chỉ tiêu không đạt hoặc có nguy cơ không đạt:"))
            for target in short:
                yield Paragraph(plain(self._shortfall(target)))
        yield part_title("II. KẾT QUẢ THỰC HIỆN KẾ HOẠCH")
        yield Paragraph(plain(self._work()))
        if self.content.work:
            yield self._work_table()
        yield part_title("III. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN")
        yield from typed_lines(self.content.difficulties, otherwise=self._shortcomings() or "Không có.")
        yield part_title("IV. NHIỆM VỤ, GIẢI PHÁP VÀ ĐỀ XUẤT, KIẾN NGHỊ")
        yield from typed_lines(self.content.proposals, otherwise="Không có.")
        yield Paragraph(
            plain(
                f"Trên đây là báo cáo kết quả thực hiện Mục tiêu chất lượng {self.head.period_name} của "
                f"{self.head.who}./."
            )
        )

    def _opening(self) -> str:
        head = self.head
        kind = KINDS.get(head.decision_kind, "Quyết định")
        number = f" số {head.decision_number}" if head.decision_number else ""
        day = f" {sheet.day_in_words(head.decided_on, head.plan_year)}" if head.decided_on else ""
        return (
            f"Thực hiện {kind}{number}{day} của {head.agency_name} về Mục tiêu chất lượng và Kế hoạch thực hiện Mục tiêu "
            f"chất lượng năm {head.plan_year}, {head.unit_name or head.agency_full_name} báo cáo kết quả thực hiện "
            f"{head.period_name} như sau:"
        )

    def _summary(self) -> str:
        content = self.content
        counts = [f"{_count(count)} chỉ tiêu {STATE_WORDS[state].lower()}" for state, count in content.counts]
        result = f"Tính đến ngày {format_date(self.head.last_day)}: {'; '.join(counts)}. " if counts else ""
        place = annex_label(0, len(self.annexes))
        whose = f", {self.head.unit_name} có phần việc ở" if self.head.unit_name else " có"
        return (
            f"Năm {self.head.plan_year}{whose} {_count(len(content.objectives))} mục tiêu chất lượng với "
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

    def _shortcomings(self) -> str:
        """Return what the figures show of shortcomings, one sentence a line; "" where they show none."""
        if not self.content.tells_shortfall:
            return ""
        short = [each for each in self.content.targets if each.needs_remark]
        states = [
            f"{_count(number)} chỉ tiêu {STATE_WORDS[state].lower()}"
            for state, number in self.content.counts
            if any(each.state == state for each in short)
        ]
        said = []
        if states:
            why = "; nguyên nhân nêu tại từng chỉ tiêu ở mục I" if any(each.reason for each in short) else ""
            said.append(f"Còn {', '.join(states)}{why}.")
        work = self.content.all_work
        late = [
            f"{_count(number)} đầu việc {words}"
            for number, words in ((work.overdue, "quá hạn chưa hoàn thành"), (work.late, "hoàn thành chậm"))
            if number
        ]
        if late:
            place = next(
                (
                    f" (danh mục tại {annex_label(index, len(self.annexes))})"
                    for index, annex in enumerate(self.annexes)
                    if annex.title == LATE_WORK
                ),
                "",
            )
            said.append(f"Còn {', '.join(late)}{place}." if work.overdue else f"Có {late[0]}{place}.")
        return "\n".join(said)

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
                    (middle(str(index)), Cell((plain(work.unit),)), *_work_cells(work))
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
            "Báo cáo", self.symbol, self.head.who, year, number=given.number, dated=given.issued_on
        )
        yield Annex(
            f"Kết quả thực hiện các chỉ tiêu {self.head.period_name}",
            (self._target_table(),),
            note,
            landscape=True,
        )
        if self.content.charts:
            blocks = chart_blocks(self.content.charts, self.head.period_name)
            yield Annex(f"Biểu đồ kết quả {self.head.period_name}", blocks, note)
        if self.content.open_tasks:
            yield Annex(LATE_WORK, (self._open_table(),), note, landscape=True)
        if self.content.evidence:
            yield Annex("Danh mục minh chứng", (self._evidence_table(),), note)

    def _target_table(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for objective in self.content.objectives:
            rows.append((middle(objective.number, strong=True), Cell((bold(objective.text),), columns=6)))
            for index, target in enumerate(objective.targets, 1):
                rows.append(
                    (
                        middle(f"{objective.number}.{index}"),
                        Cell(tuple(self._target_lines(target))),
                        middle(target.goal),
                        middle(target.shown),
                        middle(target.state_word, strong=True),
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
                    middle(str(index)),
                    middle(task.objective),
                    Cell((plain(task.action),)),
                    Cell((plain(task.label),)),
                    Cell((plain(task.unit),)),
                    middle(format_date(task.due_on)),
                    middle(format_date(task.done_on) if task.done_on else "Chưa"),
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
                    middle(str(index)),
                    Cell((plain(line.title),)),
                    Cell((plain(line.document_number),)),
                    middle(format_date(line.document_date) if line.document_date else ""),
                    middle(line.objective),
                )
                for index, line in enumerate(self.content.evidence, 1)
            ),
        )


def replacing(given: Formalities, agency_name: str) -> str:
    """Return the sentence of a corrected version on the one that it replaces."""
    day = f" {sheet.day_in_words(given.replaced_on, given.replaced_on.year)}" if given.replaced_on else ""
    reason = f" Nội dung đính chính: {as_sentence(given.correction)}" if given.correction else ""
    return f"Báo cáo này thay thế Báo cáo số {given.replaces}{day} của {agency_name}.{reason}"


def part_title(title: str) -> Paragraph:
    """Return the title of a part of a report."""
    return Paragraph(bold(title), level=2)


def typed_lines(text: str, *, otherwise: str = "") -> Iterator[Block]:
    """Yield typed paragraphs as they were typed."""
    for line in (text or otherwise).splitlines():
        yield Paragraph(plain(line))


def _remarks(target: TargetLine) -> Iterator[str]:
    """Yield the sentences on why a target falls short and what is done about it."""
    if target.reason:
        yield f"Nguyên nhân: {as_sentence(target.reason)}"
    if target.remedy:
        yield f"Biện pháp khắc phục: {as_sentence(target.remedy)}"


def as_sentence(text: str) -> str:
    """Return typed text as the end of a sentence."""
    return f"{' '.join(text.split()).rstrip(' .;')}."


def _count(count: int) -> str:
    """Return a count as official texts write it: below ten with a nought."""
    return f"{count:02d}" if count < 10 else format_number(count)


def middle(text: str, *, strong: bool = False) -> Cell:
    """Return a cell whose text stands in the middle."""
    return Cell(((Run(text, bold=strong),),) if text else (), align=Align.CENTER)


def _work_cells(work: UnitWork, *, strong: bool = False) -> Iterator[Cell]:
    for count in (work.total, work.on_time, work.late, work.waiting, work.overdue, work.not_yet_due):
        yield middle(format_number(count), strong=strong)
