"""A plan's submission (tờ trình): the steering committee lays the draft decision before who signs it.

Source: Nghị định 30/2020/NĐ-CP, Điều 7 (types), Phụ lục III, model 1.4; ISO 9001:2015, 6.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from camket.core.numbering import symbol_of
from camket.core.plan import Objective, Plan, ScheduleKind
from camket.core.wording.schedules import write_schedule
from camket.paper.writing.bases import bases_on
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Block,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    addressed,
    bold,
    centered,
    ended,
    italic,
    plain,
    row_of,
)

COMMITTEE, SYMBOL = "Ban Chỉ đạo ISO", "BCĐ"
"""Who submits, and what stands for it in the symbol, where the agency's own committee is not known by another."""


def plan_submission(plan: Plan, *, agency: str, place: str, on: date, series: str = SYMBOL) -> Document:
    """Return the submission of a plan's draft decision to the chairman; number, day and name follow signature.

    ``agency`` is the agency's full name, ``series`` the committee's abbreviation in its symbols.
    """
    year = plan.year or on.year
    policy = "Chính sách chất lượng, " if plan.policy else ""
    draft = f"{policy}Mục tiêu chất lượng và Kế hoạch thực hiện Mục tiêu chất lượng năm {year}"
    return Document(
        letterhead=Letterhead(
            issuer=COMMITTEE,
            superior=agency,
            symbol=symbol_of("TTr", series),
            place=place or None,
            year=on.year,
        ),
        kind="Tờ trình",
        abstract=f"Về việc đề nghị ban hành {draft}",
        body=(addressed((f"Chủ tịch {agency}",)), *_body(plan, agency, draft, on)),
        signature=Signature(("Thường trực Ban Chỉ đạo",)),
        **of_form("plan_submission", agency=agency),
        recorded_on=on,
    )


def _body(plan: Plan, agency: str, draft: str, on: date) -> Iterator[Block]:
    for base in ended(bases_on(on)):
        yield Paragraph(italic(base))
    yield Paragraph(bold("1. Sự cần thiết"), level=1)
    yield Paragraph(
        plain(
            f"Để duy trì, cải tiến Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001:2015 của {agency}, "
            f"{COMMITTEE} đã cùng các bộ phận xây dựng dự thảo Quyết định ban hành {draft} (gửi kèm)."
        )
    )
    yield Paragraph(bold("2. Nội dung chủ yếu của dự thảo"), level=1)
    targets = sum(len(each.targets) for each in plan.objectives)
    actions = sum(len(each.actions) for each in plan.objectives)
    counted = f"{len(plan.objectives):02d} mục tiêu chất lượng với {targets:02d} chỉ tiêu"
    if not plan.objectives:
        yield Paragraph(plain("Dự thảo chưa có mục tiêu chất lượng."))
    else:
        if plan.policy and plan.policy.motto:
            motto = plan.policy.motto.strip(' “”".')
            yield Paragraph(plain(f"Chính sách chất lượng: “{motto}”."))
        yield Paragraph(plain(f"Dự thảo có {counted} và {actions:02d} biện pháp thực hiện, cụ thể như sau:"))
        head = row_of("TT", "Mục tiêu chất lượng", "Chỉ tiêu", "Biện pháp", "Chủ trì")
        yield Table(
            (7.0, 42.0, 10.0, 11.0, 30.0),
            (head,),
            tuple(_row(number, each) for number, each in enumerate(plan.objectives, 1)),
        )
    dated = [write_schedule((each,)) for each in plan.reporting if each.kind is not ScheduleKind.CONTINUOUS]
    if dated:
        yield Paragraph(plain(f"Thời hạn báo cáo kết quả thực hiện: {'; '.join(dated)}."))
    yield Paragraph(bold("3. Kiến nghị"), level=1)
    yield Paragraph(
        plain(
            f"{COMMITTEE} kính trình Chủ tịch {agency} xem xét, ký ban hành Quyết định theo dự thảo gửi kèm./."
        )
    )


def _row(number: int, each: Objective) -> tuple[Cell, ...]:
    leads = dict.fromkeys(name for action in each.actions for name in action.lead)
    return (
        centered(str(number)),
        Cell((plain(each.text),)),
        centered(str(len(each.targets))),
        centered(str(len(each.actions))),
        Cell((plain("; ".join(leads) or "–"),)),
    )
