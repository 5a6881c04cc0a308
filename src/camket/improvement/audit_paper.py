"""Papers of internal audits: the year's programme, decision on the team, plan, checklists, findings slip, report, follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import format_date, official_date
from camket.improvement.queries.audits import (
    REPORT_SYMBOL,
    AuditPage,
    FindingRow,
    Heading,
    QuestionRow,
    UnitRow,
)
from camket.paper.writing.bases import bases_on
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Annex,
    Block,
    Cell,
    Document,
    Letterhead,
    Paper,
    Paragraph,
    Signature,
    Table,
    bold,
    italic,
    numbered_table,
    plain,
    signing_lines,
)
from camket.paper.writing.sheet import attached_to

GRADES: Mapping[str, str] = {
    "major": "Không phù hợp nặng",
    "minor": "Không phù hợp nhẹ",
    "observation": "Điểm cần lưu ý",
    "opportunity": "Cơ hội cải tiến",
    "good": "Điểm mạnh, cách làm tốt",
}
PARTS: Mapping[str, str] = {
    "lead": "Trưởng đoàn",
    "member": "Đánh giá viên",
    "expert": "Chuyên gia kỹ thuật",
    "observer": "Quan sát viên",
}
ANSWERS: Mapping[str, str] = {
    "": "",
    "conforms": "Phù hợp",
    "finding": "Có phát hiện",
    "none": "Không áp dụng",
}
TREATED: Mapping[str, str] = {
    "open": "Đang phân tích",
    "planned": "Chờ duyệt kế hoạch",
    "acting": "Đang thực hiện",
    "judging": "Chờ đánh giá hiệu lực",
    "closed": "Đã khắc phục, có hiệu lực",
    "cancelled": "Đã hủy",
    "": "Chưa lập phiếu",
}
STANDARD = "Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia"


def programme_document(
    facts: Mapping[str, Any], *, number: str = "", signed_on: date | None = None
) -> Document:
    """Return the year's programme: which unit is audited when, by whom, and what its turn is owed to.

    ``facts`` are those of ``programme_facts``: as they stand, or as they were frozen when the programme was signed.
    """
    heading = Heading(facts["issuer"], facts["superior"], facts["place"], facts["name"])
    year, replaces = facts["year"], facts["replaces"]
    symbol = symbol_of("KH", body_symbol(heading.issuer))
    adjusted = " (điều chỉnh)" if replaces else ""
    return Document(
        letterhead=_letterhead(heading, symbol, year, number or None, signed_on),
        kind="Kế hoạch",
        abstract=f"Đánh giá nội bộ {STANDARD} {facts['edition']} năm {year}{adjusted}",
        body=(
            *_adjusted(facts),
            Paragraph(bold("I. Mục đích, yêu cầu"), level=1),
            *_paragraphs(
                facts["purpose"]
                or "Xác định hệ thống quản lý chất lượng có phù hợp với các yêu cầu của tiêu chuẩn, của cơ quan và có được "
                "thực hiện, duy trì một cách hiệu lực hay không."
            ),
            Paragraph(bold("II. Nguyên tắc lập kế hoạch"), level=1),
            Paragraph(
                plain(
                    "Bộ phận có rủi ro cao hơn, có kết quả đánh giá lần trước, mục tiêu, việc giải quyết hồ sơ cần lưu ý hơn "
                    "được đánh giá trước. Người đánh giá không đánh giá công việc và bộ phận của chính mình."
                )
            ),
            Paragraph(bold("III. Chương trình đánh giá"), level=1),
            numbered_table(
                (6, 30, 30, 18, 16),
                ("TT", "Cuộc đánh giá", "Bộ phận được đánh giá", "Thời gian", "Trưởng đoàn"),
                [
                    (
                        each["title"],
                        "\n".join(each["units"]),
                        _days(date.fromisoformat(each["starts_on"]), date.fromisoformat(each["ends_on"])),
                        each["lead"],
                    )
                    for each in facts["audits"]
                ],
                centered=(0, 3),
            )
            if facts["audits"]
            else Paragraph(italic("Chưa có cuộc đánh giá nào được xếp lịch.")),
            Paragraph(bold("IV. Tổ chức thực hiện"), level=1),
            Paragraph(
                plain(
                    "Thư ký ISO chuẩn bị quyết định thành lập đoàn, kế hoạch chi tiết và thông báo đến từng bộ phận; các bộ "
                    "phận bố trí người, hồ sơ phục vụ đánh giá và khắc phục những điểm không phù hợp đúng hạn./."
                )
            ),
        ),
        signature=_signature(heading, facts.get("signer") or {}),
        **of_form("audit_programme"),
        annexes=(
            Annex(
                title="Căn cứ xếp thứ tự ưu tiên đánh giá",
                body=(
                    numbered_table(
                        (6, 36, 16, 42),
                        ("TT", "Bộ phận", "Lần đánh giá gần nhất", "Lý do ưu tiên"),
                        [
                            (
                                each["unit"],
                                format_date(date.fromisoformat(each["last_on"])) if each["last_on"] else "–",
                                "; ".join(each["reasons"]) or "–",
                            )
                            for each in facts["turns"]
                        ],
                        centered=(0, 2),
                    ),
                ),
                note=attached_to(
                    "Kế hoạch",
                    symbol,
                    heading.issuer,
                    year,
                    number=number or None,
                    dated=signed_on,
                ),
            ),
        )
        if facts["turns"]
        else (),
        recorded_on=signed_on or date(year, 1, 1),
    )


ADJUSTED: Mapping[str, str] = {"added": "Bổ sung", "changed": "Điều chỉnh", "cancelled": "Hủy"}


def _adjusted(facts: Mapping[str, Any]) -> Iterator[Block]:
    """Say which version an adjusted programme replaces, and each change with its reason."""
    replaces = facts["replaces"]
    if not replaces:
        return
    dated = f" ngày {format_date(date.fromisoformat(replaces['signed_on']))}" if replaces["signed_on"] else ""
    named = f" số {replaces['number']}" if replaces["number"] else f" năm {facts['year']} đã phê duyệt"
    yield Paragraph(plain(f"Kế hoạch này điều chỉnh, thay thế Kế hoạch{named}{dated}, với các nội dung sau:"))
    yield numbered_table(
        (6, 14, 46, 34),
        ("TT", "Nội dung", "Cuộc đánh giá", "Lý do"),
        [
            (
                ADJUSTED[each["what"]],
                "\n".join(line for line in (each["title"], each.get("detail", "")) if line),
                each["reason"],
            )
            for each in facts["adjustments"]
        ],
        centered=(0, 1),
    )


def decision_document(
    *, heading: Heading, facts: Mapping[str, Any], number: str = "", dated: date | None = None, on: date
) -> Document:
    """Return the decision that sets up the team (quyết định thành lập đoàn đánh giá nội bộ).

    ``facts`` are those of ``decision_facts``: as they stand, or as they were frozen when it was issued.
    """
    symbol = symbol_of("QĐ", body_symbol(heading.issuer))
    starts, ends = date.fromisoformat(facts["starts_on"]), date.fromisoformat(facts["ends_on"])
    units = "; ".join(each["name"] for each in facts["units"]) or "…"
    before = facts["replaces"]
    replaces = (
        f". Quyết định này thay thế Quyết định số {before['number']} {official_date(date.fromisoformat(before['on']))}"
        if before
        else ""
    )
    return Document(
        letterhead=_letterhead(heading, symbol, (dated or on).year, number or None, dated),
        kind="Quyết định",
        abstract=f"Thành lập Đoàn đánh giá nội bộ {STANDARD} {facts['edition']}",
        authority=heading.issuer,
        bases=(*bases_on(starts), "Theo đề nghị của Thư ký ISO"),
        enactment="Quyết định:",
        body=(
            _article(1, f"Thành lập Đoàn đánh giá nội bộ ({facts['title']}) gồm các ông, bà có tên sau đây:"),
            numbered_table(
                (8, 52, 40),
                ("TT", "Họ và tên", "Nhiệm vụ trong đoàn"),
                [(each["name"], PARTS[each["part"]]) for each in facts["team"]] or [("…", "…")],
                centered=(0,),
            ),
            _article(
                2,
                f"Đoàn đánh giá tiến hành đánh giá tại {units}, {_span(starts, ends)}, theo kế "
                "hoạch được thông báo; không thành viên nào đánh giá bộ phận, công việc của chính mình. Trưởng đoàn báo cáo "
                "kết quả bằng văn bản sau khi kết thúc đánh giá; đoàn tự giải thể sau khi hoàn thành nhiệm vụ.",
            ),
            _article(
                3,
                "Các ông, bà có tên tại Điều 1, thủ trưởng các bộ phận được đánh giá và cá nhân có liên quan chịu trách nhiệm "
                f"thi hành Quyết định này{replaces}./.",
            ),
        ),
        signature=_signature(heading, facts["signer"]),
        **of_form("audit_team"),
        recorded_on=dated or on,
    )


def plan_document(*, heading: Heading, found: AuditPage, on: date) -> Document:
    """Return the plan of an audit by hour and unit (chương trình đánh giá)."""
    rows = [
        (
            f"{each.starts:%H:%M} - {each.ends:%H:%M}\n{format_date(each.day)}",
            each.unit or "Toàn thể",
            each.topic + (f"\n({each.place})" if each.place else ""),
            "\n".join(one.name for one in each.auditors) or "Đoàn đánh giá",
        )
        for each in found.sessions
    ]
    return Document(
        letterhead=_letterhead(heading, symbol_of("CTr", "ĐĐG"), on.year),
        kind="Chương trình",
        abstract=f"Đánh giá nội bộ: {found.row.title}",
        body=(
            Paragraph((*bold("1. Thời gian: "), *plain(_span(found.row.starts_on, found.row.ends_on)))),
            Paragraph((*bold("2. Chuẩn mực đánh giá: "), *plain(_folded(found.criteria) or found.edition))),
            Paragraph(
                (
                    *bold("3. Phạm vi: "),
                    *plain(_folded(found.scope) or "; ".join(each.name for each in found.units) or "…"),
                )
            ),
            Paragraph(
                (
                    *bold("4. Đoàn đánh giá: "),
                    *plain(
                        "; ".join(f"{each.name} ({PARTS[each.part].lower()})" for each in found.team) or "…"
                    ),
                )
            ),
            Paragraph(bold("5. Lịch làm việc"), level=1),
            numbered_table(
                (7, 20, 25, 28, 20),
                ("TT", "Thời gian", "Bộ phận", "Nội dung", "Người đánh giá"),
                rows,
                centered=(0, 1),
            )
            if rows
            else Paragraph(italic("Chưa xếp lịch.")),
            Paragraph(
                plain(
                    "Đề nghị các bộ phận bố trí người phụ trách, hồ sơ, tài liệu để làm việc với đoàn đúng thời gian trên./."
                )
            ),
        ),
        signature=Signature(lines=("Trưởng đoàn đánh giá",), name=found.row.lead),
        **of_form("audit_plan"),
        recorded_on=on,
    )


def checklist_document(
    *,
    heading: Heading,
    found: AuditPage,
    unit: UnitRow,
    questions: Sequence[QuestionRow],
    is_empty: bool,
    on: date,
) -> Document:
    """Return a unit's checklist (phiếu ghi chép đánh giá), filled in as it stands or empty for a pen."""
    rows = [
        (
            each.clause or "–",
            each.text + (f"\nXem: {each.look_at}" if each.look_at else ""),
            "" if is_empty else _seen(each),
            "" if is_empty else ANSWERS[each.answer],
        )
        for each in questions
    ]
    return Document(
        letterhead=_letterhead(heading, symbol_of("PGC", "ĐĐG"), on.year),
        kind="Phiếu ghi chép đánh giá",
        abstract=found.row.title,
        body=(
            Paragraph((*bold("Bộ phận được đánh giá: "), *plain(unit.name))),
            Paragraph((*bold("Thời gian: "), *plain(_span(found.row.starts_on, found.row.ends_on)))),
            Paragraph((*bold("Chuẩn mực: "), *plain(_folded(found.criteria) or found.edition))),
            numbered_table(
                (6, 9, 37, 33, 15),
                ("TT", "Điều khoản", "Nội dung hỏi, xem xét", "Bằng chứng, ghi chép", "Kết luận"),
                rows or [("–", "Chưa có câu hỏi", "", "")],
                centered=(0, 1, 4),
            ),
        ),
        signature=Signature(lines=("Người đánh giá",)),
        **of_form("audit_checklist"),
        paper=Paper.A4_LANDSCAPE,
        recorded_on=on,
    )


def slip_document(*, heading: Heading, found: AuditPage, finding: FindingRow, on: date) -> Document:
    """Return the slip of one finding (phiếu phát hiện đánh giá), to be signed by auditor and unit."""
    unit = next((each for each in found.units if each.unit_id == finding.unit_id), None)
    clause = f"{finding.clause} {finding.clause_title}".strip() or "…"
    facts = (
        ("Cuộc đánh giá", found.row.title),
        ("Bộ phận", finding.unit),
        ("Điều khoản, yêu cầu", clause),
        ("Mức độ", GRADES[finding.grade]),
        ("Nội dung phát hiện", finding.text),
        ("Bằng chứng khách quan", finding.proof or "…"),
        ("Minh chứng kèm theo", "\n".join(each.title for each in finding.evidence) or "Không"),
        ("Ý kiến của bộ phận", (unit.remark if unit else "") or "…"),
    )
    return Document(
        letterhead=_letterhead(heading, symbol_of("PPH", "ĐĐG"), on.year),
        kind="Phiếu phát hiện đánh giá",
        abstract=f"Số {finding.serial:02d} – {found.row.title}",
        body=(
            Table(
                (30.0, 70.0),
                (),
                tuple(
                    (Cell((bold(name),)), Cell(tuple(plain(line) for line in text.splitlines() or [""])))
                    for name, text in facts
                ),
            ),
            Table(
                (50.0, 50.0),
                (),
                (
                    (
                        Cell(
                            (
                                bold("Đại diện bộ phận được đánh giá"),
                                *[plain("")] * 4,
                                plain(unit.received_by if unit else ""),
                            ),
                            align=Align.CENTER,
                        ),
                        Cell(
                            (bold("Người đánh giá"), *[plain("")] * 4, plain(finding.found_by)),
                            align=Align.CENTER,
                        ),
                    ),
                ),
                is_ruled=False,
            ),
        ),
        signature=Signature(lines=("Trưởng đoàn đánh giá",), name=found.row.lead),
        **of_form("audit_slip"),
        recorded_on=on,
    )


def report_document(
    *, heading: Heading, facts: Mapping[str, Any], number: str, reported_on: date | None, on: date
) -> Document:
    """Return the report of an audit (báo cáo đánh giá nội bộ) from the facts that it was frozen by."""
    lead = next((each["name"] for each in facts["team"] if each["part"] == "lead"), "")
    return Document(
        letterhead=_letterhead(heading, REPORT_SYMBOL, (reported_on or on).year, number or None, reported_on),
        kind="Báo cáo",
        abstract=f"Kết quả đánh giá nội bộ: {facts['title']}",
        body=tuple(_report_body(facts)),
        signature=Signature(lines=("Trưởng đoàn đánh giá",), name=lead),
        **of_form("audit_report"),
        recorded_on=reported_on or on,
    )


def _report_body(facts: Mapping[str, Any]) -> Iterator[Block]:
    starts, ends = date.fromisoformat(facts["starts_on"]), date.fromisoformat(facts["ends_on"])
    yield Paragraph(bold("I. Thông tin chung"), level=1)
    if facts["decision_number"]:
        said = f" {official_date(date.fromisoformat(facts['decision_on']))}" if facts["decision_on"] else ""
        yield Paragraph(
            plain(f"Đoàn đánh giá được thành lập theo Quyết định số {facts['decision_number']}{said}.")
        )
    yield Paragraph(plain(f"Thời gian đánh giá: {_span(starts, ends)}."))
    yield Paragraph(plain(f"Chuẩn mực đánh giá: {_folded(facts['criteria']) or facts['edition']}."))
    if facts["scope"]:
        yield Paragraph(plain(f"Phạm vi đánh giá: {_folded(facts['scope'])}."))
    yield Paragraph(
        plain(
            "Thành phần đoàn: "
            + "; ".join(f"{each['name']} ({PARTS[each['part']].lower()})" for each in facts["team"])
            + "."
        )
    )
    yield Paragraph(bold("II. Kết quả đánh giá"), level=1)
    findings = facts["findings"]
    units = facts["units"]
    yield Paragraph(
        plain(
            f"Đoàn đã đánh giá {len(units):02d} bộ phận, xem xét {sum(each['answered'] for each in units)} nội dung; ghi nhận "
            f"{len(findings):02d} phát hiện như sau:"
        )
    )
    asked, answered = (sum(each[name] for each in units) for name in ("asked", "answered"))
    if answered < asked:
        why = f" Lý do: {facts['unanswered'].rstrip('.')}." if facts.get("unanswered") else ""
        yield Paragraph(plain(f"Còn {asked - answered} trong số {asked} câu hỏi chưa được trả lời.{why}"))
    grades = [grade for grade in GRADES if any(each["grade"] == grade for each in findings)]
    body = [
        (
            each["name"],
            str(each["answered"]),
            *(
                str(
                    sum(1 for one in findings if one["unit"] == each["name"] and one["grade"] == grade) or "–"
                )
                for grade in grades
            ),
        )
        for each in units
    ]
    share = 54.0 / max(1, len(grades))
    yield numbered_table(
        (6, 28, 12, *[share] * len(grades)),
        ("TT", "Bộ phận", "Số nội dung", *(GRADES[grade] for grade in grades)),
        body,
        centered=(0, *range(2, 3 + len(grades))),
    )
    if facts["strengths"]:
        yield Paragraph(bold("III. Điểm mạnh"), level=1)
        yield from _paragraphs(facts["strengths"])
    yield Paragraph(bold(f"{'IV' if facts['strengths'] else 'III'}. Các phát hiện"), level=1)
    if findings:
        yield numbered_table(
            (6, 19, 10, 15, 50),
            ("TT", "Bộ phận", "Điều khoản", "Mức độ", "Nội dung, bằng chứng"),
            [
                (
                    each["unit"],
                    each["clause"] or "–",
                    GRADES[each["grade"]],
                    each["text"] + (f"\nBằng chứng: {each['proof']}" if each["proof"] else ""),
                )
                for each in findings
            ],
            centered=(0, 2),
        )
    else:
        yield Paragraph(plain("Không có phát hiện nào."))
    remarks = [each for each in units if each["remark"]]
    if remarks:
        yield Paragraph(bold("Ý kiến của các bộ phận"), level=2)
        for each in remarks:
            yield Paragraph(plain(f"{each['name']} ({each['received_by']}): {_folded(each['remark'])}"))
    yield Paragraph(bold(f"{'V' if facts['strengths'] else 'IV'}. Kết luận"), level=1)
    yield from _paragraphs(facts["conclusion"] or "…")
    if facts["proposals"]:
        yield Paragraph(bold(f"{'VI' if facts['strengths'] else 'V'}. Kiến nghị"), level=1)
        yield from _paragraphs(facts["proposals"])


def follow_up_document(*, heading: Heading, rows: Sequence[FindingRow], on: date) -> Document:
    """Return the table that follows nonconforming findings of all audits until they are settled."""
    return Document(
        letterhead=_letterhead(heading, symbol_of("BTD", body_symbol(heading.issuer)), on.year),
        kind="Bảng theo dõi",
        abstract=f"Khắc phục các điểm không phù hợp từ đánh giá nội bộ (tính đến {official_date(on)})",
        body=(
            numbered_table(
                (5, 18, 15, 9, 12, 25, 16),
                ("TT", "Cuộc đánh giá", "Bộ phận", "Điều khoản", "Mức độ", "Nội dung", "Phiếu, tình trạng"),
                [
                    (
                        each.audit,
                        each.unit,
                        each.clause or "–",
                        GRADES[each.grade],
                        each.text,
                        f"{each.nonconformity[1]}\n{TREATED.get(each.nonconformity[2], '')}".strip()
                        if each.nonconformity
                        else TREATED[""],
                    )
                    for each in rows
                ],
                centered=(0, 3),
            )
            if rows
            else Paragraph(plain("Không có điểm không phù hợp nào từ đánh giá nội bộ.")),
        ),
        signature=Signature(lines=("Người lập bảng",)),
        **of_form("audit_follow_up"),
        paper=Paper.A4_LANDSCAPE,
        recorded_on=on,
    )


def _letterhead(
    heading: Heading, symbol: str, year: int, number: str | None = None, dated: date | None = None
) -> Letterhead:
    return Letterhead(
        issuer=heading.issuer,
        superior=heading.superior,
        symbol=symbol,
        place=heading.place or None,
        year=year,
        number=number,
        dated=dated,
    )


def _signature(heading: Heading, signer: Mapping[str, str]) -> Signature:
    """Return who signs for the agency; its leader without a name where a paper was frozen before the signer was."""
    lines = signing_lines(signer.get("authority", ""), signer.get("capacity", ""))
    if not lines:
        is_committee = body_symbol(heading.issuer) == "UBND"
        lines = ("TM. Ủy ban nhân dân", "Chủ tịch") if is_committee else ("Thủ trưởng cơ quan",)
    return Signature(lines=lines, name=signer.get("name", ""))


def _article(number: int, text: str) -> Paragraph:
    return Paragraph((*bold(f"Điều {number}. "), *plain(text)))


def _seen(each: QuestionRow) -> str:
    found = [f"Phát hiện số {one.serial:02d}: {one.text}" for one in each.findings]
    return "\n".join(text for text in (each.note, *found) if text)


def _folded(text: str) -> str:
    return "; ".join(line.strip().rstrip(".;") for line in text.splitlines() if line.strip())


def _paragraphs(text: str) -> Iterable[Paragraph]:
    return [Paragraph(plain(line.strip())) for line in text.splitlines() if line.strip()]


def _days(starts: date, ends: date) -> str:
    return format_date(starts) if starts == ends else f"{format_date(starts)}\n- {format_date(ends)}"


def _span(starts: date, ends: date) -> str:
    return (
        official_date(starts) if starts == ends else f"từ {official_date(starts)} đến {official_date(ends)}"
    )
