"""A plan as the document that promulgates it, its table in one of four layouts.

The layouts are those that communes use; each has its own columns, so each can hold some fields of a
plan and not others: :func:`losses` says which would be lost, in sentences for the person who chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from camket.core.messages import Message, gettext_noop
from camket.core.numbering import KINDS, body_symbol, symbol_of
from camket.core.plan import Action, Objective, Plan, Policy, ScheduleKind
from camket.core.wording.bodies import lead_and_support
from camket.core.wording.numbers import int_to_roman
from camket.core.wording.schedules import write_schedule
from camket.core.wording.text import fold
from camket.paper.writing import sheet
from camket.paper.writing.bases import bases_on
from camket.paper.writing.docx import write_docx
from camket.paper.writing.forms import FormParts, of_form
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
    bold,
    plain,
    signing_lines,
)
from camket.paper.writing.pdf import write_pdf


class Layout(StrEnum):
    """The four layouts of the plan's table.

    ``responsibilities``: one table, a row for each objective and its actions under it, with who leads,
    supports and monitors. ``sections``: a table of its own for each objective. ``targets``: objective,
    target and actions side by side. ``measures``: how each objective is measured, with start and end.
    """

    RESPONSIBILITIES = "responsibilities"
    SECTIONS = "sections"
    TARGETS = "targets"
    MEASURES = "measures"


LAYOUT_NAMES: dict[Layout, Message] = {
    Layout.RESPONSIBILITIES: Message(gettext_noop("One table with lead, support, monitor and evidence")),
    Layout.SECTIONS: Message(gettext_noop("A table for each objective")),
    Layout.TARGETS: Message(gettext_noop("Objective, target and actions side by side")),
    Layout.MEASURES: Message(gettext_noop("Measure and method of each objective, with start and end")),
}


@dataclass(frozen=True, slots=True)
class Extras:
    """What a decision says beside its plan; None or empty takes the usual wording.

    ``issuer`` is the issuing body's full name in ordinary case, ``superior`` the body above it in the
    letterhead, ``proposer`` who proposed the decision, ``executors`` who carry it out.
    """

    issuer: str | None = None
    superior: str = ""
    bases: tuple[str, ...] | None = None
    proposer: str = ""
    executors: str = ""
    recipients: tuple[str, ...] = ()


_HELD: dict[Layout, frozenset[str]] = {
    Layout.RESPONSIBILITIES: frozenset({"lead", "support", "monitors", "evidence"}),
    Layout.SECTIONS: frozenset({"lead", "evidence"}),
    Layout.TARGETS: frozenset({"lead"}),
    Layout.MEASURES: frozenset({"method"}),
}


def losses(plan: Plan, layout: Layout) -> tuple[Message, ...]:
    """Return what of a plan the layout cannot hold, one sentence for each field, with how often."""
    held = _HELD[layout]
    actions = [action for objective in plan.objectives for action in objective.actions]
    targets = [target for objective in plan.objectives for target in objective.targets]
    counts = [
        (
            sum(bool(objective.method) for objective in plan.objectives) if "method" not in held else 0,
            gettext_noop(
                "The layout has no column for the method of measuring (%(count)s objectives have one)."
            ),
        ),
        (
            sum(target.period is not None for target in targets),
            gettext_noop("The layout has no column for targets of a part of the year (%(count)s)."),
        ),
        (
            sum(bool(action.lead) and not _says_its_bodies(action) for action in actions)
            if "lead" not in held
            else 0,
            gettext_noop("The layout has no column for who leads (%(count)s actions name one)."),
        ),
        (
            sum(
                bool(action.support) and ("lead" in held or not _says_its_bodies(action))
                for action in actions
            )
            if "support" not in held
            else 0,
            gettext_noop("The layout has no column for who supports (%(count)s actions name one)."),
        ),
        (
            sum(bool(action.monitors) for action in actions) if "monitors" not in held else 0,
            gettext_noop("The layout has no column for who monitors (%(count)s actions name one)."),
        ),
        (
            sum(bool(action.evidence) for action in actions) if "evidence" not in held else 0,
            gettext_noop("The layout has no column for evidence (%(count)s actions name some)."),
        ),
    ]
    return tuple(Message(template, {"count": str(count)}) for count, template in counts if count)


def fitting_layout(plan: Plan) -> Layout:
    """Return the layout that loses least of a plan, the first of equals."""
    return min(Layout, key=lambda layout: sum(int(loss.params["count"]) for loss in losses(plan, layout)))


def decision_document(plan: Plan, layout: Layout, extras: Extras | None = None) -> Document:
    """Return the document that promulgates a plan: a decision, or the named document of the plan's kind."""
    return _Composer(plan, layout, extras or Extras()).document()


def write_plan(
    plan: Plan, layout: Layout | str, format: Literal["docx", "pdf"], extras: Extras | None = None
) -> bytes:
    """Return the document that promulgates a plan as a DOCX or PDF file."""
    writers: dict[str, Callable[[Document], bytes]] = {"docx": write_docx, "pdf": write_pdf}
    return writers[format](decision_document(plan, Layout(layout), extras))


def _says_its_bodies(action: Action) -> bool:
    """Return whether the action's own words name who leads and supports ("A chủ trì, phối hợp với B")."""
    return lead_and_support(action.text) == (action.lead, action.support)


class _Composer:
    def __init__(self, plan: Plan, layout: Layout, extras: Extras) -> None:
        self.plan = plan
        self.layout = layout
        self.extras = extras
        self.decision = plan.decision
        self.kind = (self.decision.kind if self.decision else None) or "QĐ"
        self.kind_name = KINDS.get(self.kind, "Kế hoạch")
        self.agency = plan.agency.name or "Ủy ban nhân dân"
        self.issuer = self._committee_name() or extras.issuer or _full_name(self.agency)
        dated = self.decision.date if self.decision else None
        self.year = dated.year if dated else plan.year
        self.dated = dated
        self.yearly = f"năm {plan.year}" if plan.year else ""

    def document(self) -> Document:
        decision = self.decision
        is_decision = self.kind == "QĐ"
        on = self.dated or date(self.year or 2000, 1, 1)
        authority = (decision.authority if decision else None) or ""
        capacity = (decision.capacity if decision else None) or ("CHỦ TỊCH" if decision is None else "")
        return Document(
            letterhead=Letterhead(
                issuer=self.issuer,
                superior=self._superior(),
                symbol=symbol_of(self.kind, body_symbol(self.issuer)),
                number=decision.number if decision else None,
                place=decision.place if decision else None,
                dated=self.dated,
                year=self.year,
            ),
            kind=self.kind_name,
            abstract=self._abstract(),
            authority=self._authority(authority) if is_decision else "",
            bases=self._bases(on) if is_decision else (),
            enactment="Quyết định:" if is_decision else "",
            body=tuple(self._articles() if is_decision else self._parts()),
            signature=Signature(
                lines=signing_lines(authority or "", capacity or ""),
                name=(decision.signed_by if decision else None) or "",
            ),
            **self._recipients(is_decision=is_decision),
            annexes=tuple(self._annexes()),
            recorded_on=on,
        )

    def _committee_name(self) -> str:
        """A committee that signs for itself ("TM. BAN CHỈ ĐẠO") issues; else "", and the agency does."""
        return "Ban Chỉ đạo ISO" if self._committee() else ""

    def _superior(self) -> str:
        """Above a committee stands the agency that it belongs to."""
        if self._committee():
            return self.extras.issuer or _full_name(self.agency)
        return self.extras.superior

    def _committee(self) -> str:
        authority = (self.decision.authority if self.decision else None) or ""
        match = re.match(r"TM\.\s*(BAN CHỈ ĐẠO)", authority)
        return match[1] if match else ""

    def _abstract(self) -> str:
        subject = f"Mục tiêu chất lượng {self.yearly}".strip()
        if self.kind == "QĐ":
            policy = "Chính sách chất lượng, " if self.plan.policy else ""
            return f"Ban hành {policy}Mục tiêu chất lượng và Kế hoạch thực hiện {subject} của {self.agency}"
        return (
            f"Thực hiện {subject} của {self.agency}" if self.kind == "KH" else f"{subject} của {self.agency}"
        )

    def _authority(self, authority: str) -> str:
        """Who decides: the committee of which the signer signs, or its chairman (models 1.2 and 1.3 of the decree)."""
        if authority.startswith("TM.") or not self.issuer.startswith("Ủy ban nhân dân"):
            return self.issuer
        return f"Chủ tịch {self.issuer}"

    def _bases(self, on: date) -> tuple[str, ...]:
        bases = bases_on(on) if self.extras.bases is None else self.extras.bases
        proposer = self.extras.proposer or "Thư ký ISO"
        return (*bases, f"Theo đề nghị của {proposer}")

    def _articles(self) -> Iterator[Block]:
        policy = "Chính sách chất lượng, " if self.plan.policy else ""
        subject = (
            f"{policy}Mục tiêu chất lượng và Kế hoạch thực hiện Mục tiêu chất lượng {self.yearly}".strip()
        )
        yield _article(
            1,
            f"Ban hành kèm theo Quyết định này {subject} thuộc Hệ thống quản lý chất lượng theo tiêu chuẩn quốc gia "
            f"TCVN ISO 9001:2015 của {self.agency}.",
        )
        yield _article(2, "Tổ chức thực hiện")
        yield from self._duty_paragraphs()
        yield _article(3, "Quyết định này có hiệu lực kể từ ngày ký.")
        executors = self.extras.executors or (
            f"Các thành viên Ban Chỉ đạo ISO, Thư ký ISO, thủ trưởng các bộ phận chuyên môn thuộc {self.agency} và "
            "các tổ chức, cá nhân có liên quan"
        )
        yield _article(4, f"{executors} chịu trách nhiệm thi hành Quyết định này./.")

    def _parts(self) -> Iterator[Block]:
        name = self.kind_name
        yield Paragraph(
            plain(
                f"{self.agency} ban hành {name} thực hiện Mục tiêu chất lượng {self.yearly} theo tiêu chuẩn quốc gia "
                "TCVN ISO 9001:2015 như sau:"
            )
        )
        yield Paragraph(bold("I. NỘI DUNG THỰC HIỆN"), level=2)
        yield Paragraph(plain(f"Mục tiêu chất lượng và nội dung thực hiện tại Phụ lục kèm theo {name} này."))
        yield Paragraph(bold("II. TỔ CHỨC THỰC HIỆN"), level=2)
        yield from self._duty_paragraphs()
        yield Paragraph(
            plain(f"Trên đây là {name} thực hiện Mục tiêu chất lượng {self.yearly} của {self.agency}./.")
        )

    def _duty_paragraphs(self) -> Iterator[Block]:
        duties = tuple(self._duties())
        for number, sentence in enumerate(duties, 1):
            yield Paragraph(plain(sentence if len(duties) == 1 else f"{number}. {sentence}"))

    def _duties(self) -> Iterator[str]:
        yield (
            f"Các bộ phận chuyên môn, cán bộ, công chức thuộc {self.agency} phổ biến, thực hiện nghiêm túc các nội dung "
            f"ban hành kèm theo {self.kind_name} này."
        )
        if self.plan.reporting:
            yield (
                f"{self._reporting()}, các bộ phận chuyên môn báo cáo kết quả thực hiện Mục tiêu chất lượng "
                f"về {self.agency}."
            )

    def _reporting(self) -> str:
        """Return when results are reported, as a sentence begins: "Định kỳ hằng quý"."""
        when = write_schedule(self.plan.reporting, self.plan.year)
        repeated = any(entry.kind is ScheduleKind.EVERY for entry in self.plan.reporting)
        if repeated and not when.casefold().startswith("định kỳ"):
            return f"Định kỳ {when[:1].lower()}{when[1:]}"
        return f"{when[:1].upper()}{when[1:]}"

    def _recipients(self, *, is_decision: bool) -> FormParts:
        if self.extras.recipients:
            return FormParts(form="", names=(), recipients=self.extras.recipients)
        if is_decision:
            return of_form("plan_decision", article="4", agency=self.agency)
        return of_form("plan_paper", agency=self.agency)

    def _annexes(self) -> Iterator[Annex]:
        number = (self.decision.number if self.decision else None) or ""
        symbol = symbol_of(self.kind, body_symbol(self.issuer))
        note = sheet.attached_to(
            self.kind_name, symbol, self.agency, self.year, number=number, dated=self.dated
        )
        if self.plan.policy:
            yield Annex(
                f"Chính sách chất lượng {self.yearly}".strip(), tuple(self._policy(self.plan.policy)), note
            )
        goal, work = f"Mục tiêu chất lượng {self.yearly}".strip(), "Kế hoạch thực hiện mục tiêu chất lượng"
        if self.layout in {Layout.RESPONSIBILITIES, Layout.SECTIONS}:
            yield Annex(goal, tuple(self._objectives()), note)
        title = f"{work} {self.yearly}".strip()
        if self.layout is Layout.SECTIONS:
            yield Annex(title, tuple(self._sections()), note)
            return
        tables = {
            Layout.RESPONSIBILITIES: self._responsibilities,
            Layout.TARGETS: self._targets,
            Layout.MEASURES: self._measures,
        }
        yield Annex(title, (tables[self.layout](),), note, landscape=True)

    def _policy(self, policy: Policy) -> Iterator[Block]:
        if policy.motto:
            yield Paragraph(bold(f"Phương châm: “{policy.motto}”"), align=Align.CENTER, indent=False)
        if policy.commitments:
            yield Paragraph(plain(f"{self.agency} cam kết:"))
        for number, text in enumerate(policy.commitments, 1):
            yield Paragraph(plain(f"{number}. {text}"))

    def _objectives(self) -> Iterator[Block]:
        for objective in self.plan.objectives:
            for index, part in enumerate(_parts_of(objective.text)):
                yield Paragraph(plain(part if index else f"{objective.number}. {part}"))

    def _sections(self) -> Iterator[Block]:
        for place, objective in enumerate(self.plan.objectives, 1):
            number = objective.number.zfill(2) if objective.number.isdigit() else objective.number
            yield Paragraph(bold(f"{place}. Mục tiêu chất lượng số {number}:"), level=2)
            for part in _parts_of(_with_targets(objective)):
                yield Paragraph(plain(part))
            if objective.actions:
                yield Table(
                    shares=(1.25, 5.4, 3.8, 2.6, 3.8),
                    head=(
                        _head(
                            "STT",
                            "Nội dung công việc",
                            "Trách nhiệm thực hiện",
                            "Thời gian hoàn thành",
                            "Kết quả dự kiến",
                        ),
                    ),
                    rows=tuple(
                        (
                            _number(action.number),
                            _text(action.text),
                            _list(action.lead),
                            self._when(action),
                            _list(action.evidence),
                        )
                        for action in objective.actions
                    ),
                )

    def _responsibilities(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for objective in self.plan.objectives:
            rows.append(
                (
                    _number(_roman(objective.number), strong=True),
                    Cell(_strong(_parts_of(_with_targets(objective))), columns=6),
                )
            )
            rows += [
                (
                    _number(action.number),
                    _text(action.text),
                    _list(action.lead),
                    _list(action.support),
                    self._when(action),
                    _list(action.monitors),
                    _list(action.evidence),
                )
                for action in objective.actions
            ]
        return Table(
            shares=(1.1, 6.4, 3.1, 3.1, 2.9, 2.9, 4.7),
            head=(
                (
                    Cell((plain("TT"),), rows=2),
                    Cell((plain("Mục tiêu chất lượng và biện pháp thực hiện"),), rows=2),
                    Cell((plain("Trách nhiệm thực hiện"),), columns=2),
                    Cell((plain("Thời gian thực hiện"),), rows=2),
                    Cell((plain("Trách nhiệm theo dõi"),), rows=2),
                    Cell((plain("Cách thức theo dõi và kết quả"),), rows=2),
                ),
                _head("Chủ trì", "Phối hợp"),
            ),
            rows=tuple(rows),
        )

    def _targets(self) -> Table:
        return Table(
            shares=(1, 4.6, 3.8, 6.2, 2.9, 3.8, 1.8),
            head=(
                _head(
                    "TT",
                    "Mục tiêu",
                    "Chỉ tiêu",
                    "Biện pháp thực hiện",
                    "Thời gian hoàn thành",
                    "Trách nhiệm thực hiện",
                    "Ghi chú",
                ),
            ),
            rows=tuple(
                row
                for objective in self.plan.objectives
                for row in _beside(
                    (_number(objective.number), _text(objective.text), _measure(objective)),
                    [
                        (_text(action.text), self._when(action), _list(action.lead), Cell(()))
                        for action in objective.actions
                    ],
                    4,
                )
            ),
        )

    def _measures(self) -> Table:
        return Table(
            shares=(1.2, 4.2, 2.6, 5.2, 5.6, 2.6, 3),
            head=(
                _head(
                    "STT",
                    "Mục tiêu chất lượng",
                    "Đo lường",
                    "Phương pháp đo lường",
                    "Biện pháp thực hiện",
                    "Thời gian bắt đầu",
                    "Thời gian hoàn thành",
                ),
            ),
            rows=tuple(
                row
                for objective in self.plan.objectives
                for row in _beside(
                    (
                        _number(objective.number),
                        _text(objective.text),
                        _measure(objective),
                        _text(objective.method or ""),
                    ),
                    [(_text(action.text), *self._start_and_end(action)) for action in objective.actions],
                    3,
                )
            ),
        )

    def _when(self, action: Action) -> Cell:
        return _text(self._when_text(action))

    def _when_text(self, action: Action) -> str:
        if action.when is not None:
            return action.when
        return write_schedule(action.schedule, self.plan.year) if action.schedule else ""

    def _start_and_end(self, action: Action) -> tuple[Cell, Cell]:
        start, dash, end = self._when_text(action).partition(" – ")
        return (_text(start), _text(end)) if dash else (Cell(()), _text(start))


def _full_name(name: str) -> str:
    """Return an agency's name with its usual abbreviation written out, as letterheads do.

    >>> _full_name("UBND xã Bình Yên")
    'Ủy ban nhân dân xã Bình Yên'
    """
    return re.sub(r"^UBND\b", "Ủy ban nhân dân", name)


def _article(number: int, text: str) -> Paragraph:
    return Paragraph((Run(f"Điều {number}.", bold=True), Run(f" {text}")))


def _parts_of(text: str) -> list[str]:
    """Return a wording's paragraphs: its dashes and lettered points begin lines of their own."""
    return re.split(r"(?<=[.;:,]) (?=- |[a-zđ]\) )", text)


def _with_targets(objective: Objective) -> str:
    """Return an objective's wording for the plan's table, with the targets that only their own column states."""
    wording = fold(objective.text)
    apart = [target.text for target in objective.targets if fold(target.text) not in wording]
    return "; ".join([objective.text.rstrip(" .;"), *apart]) if apart else objective.text


def _roman(number: str) -> str:
    return int_to_roman(int(number)) if number.isdigit() and 0 < int(number) < 4000 else number


def _head(*titles: str) -> tuple[Cell, ...]:
    return tuple(Cell((plain(title),)) for title in titles)


def _number(text: str, *, strong: bool = False) -> Cell:
    return Cell(((Run(text, bold=strong),),), align=Align.CENTER)


def _text(text: str) -> Cell:
    return Cell(tuple(plain(part) for part in _parts_of(text)) if text else ())


def _strong(parts: Sequence[str]) -> tuple[Line, ...]:
    return tuple(bold(part) for part in parts)


def _list(items: Sequence[str]) -> Cell:
    """Return a cell that lists items: one bare, several with dashes and ended as a list."""
    if len(items) == 1:
        return _text(items[0])
    ends = [";"] * (len(items) - 1) + ["."]
    return Cell(
        tuple(
            plain(f"- {item}{'' if end == '.' and item.endswith('.') else end}")
            for item, end in zip(items, ends, strict=True)
        )
        if items
        else ()
    )


def _measure(objective: Objective) -> Cell:
    return _list([target.text for target in objective.targets])


def _beside(
    left: tuple[Cell, ...], right: list[tuple[Cell, ...]], columns: int
) -> Iterator[tuple[Cell, ...]]:
    """Yield rows in which the left cells reach down beside all rows of the right, at least one row."""
    rows = right or [tuple(Cell(()) for _ in range(columns))]
    tall = tuple(Cell(cell.lines, cell.columns, len(rows), cell.align) for cell in left)
    yield (*tall, *rows[0])
    yield from rows[1:]
