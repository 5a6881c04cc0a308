"""The conformity checker: silent on what the writers write, exact on what was altered, calm about hostile files."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from camket.paper.conformity import PARTS, Conformity, NotADocument, check_document
from camket.paper.conformity.formatting import setting_of
from camket.paper.writing.docx import write_docx, write_docx_of
from camket.paper.writing.model import (
    Align,
    Annex,
    Cell,
    Document,
    Letterhead,
    Paper,
    Paragraph,
    Run,
    Signature,
    Table,
    addressed,
    plain,
)
from paper.altering import (
    Change,
    altered,
    holding,
    paged,
    reset,
    rewritten,
    shaped,
    without_rules,
)

LONG = (
    "Ủy ban nhân dân xã tổ chức thực hiện các mục tiêu chất lượng đã đề ra và báo cáo kết quả theo quy định. "
    * 2
)

DECISION = Document(
    letterhead=Letterhead(
        issuer="Ủy ban nhân dân xã Bình Yên",
        symbol="QĐ-UBND",
        year=2026,
        number="05/QĐ-UBND",
        place="Bình Yên",
        dated=date(2026, 1, 6),
    ),
    kind="Quyết định",
    abstract="Ban hành Mục tiêu chất lượng và Kế hoạch thực hiện năm 2026",
    authority="Chủ tịch Ủy ban nhân dân xã Bình Yên",
    bases=("Căn cứ Luật Tổ chức chính quyền địa phương", "Theo đề nghị của Thư ký ISO"),
    enactment="Quyết định:",
    body=(
        Paragraph((Run("Điều 1.", bold=True), Run(f" {LONG}"))),
        Paragraph((Run("Điều 2.", bold=True), Run(f" {LONG}"))),
        *(Paragraph(plain(f"{letter}) Nội dung thứ {letter};")) for letter in "abcdđe"),
    ),
    signature=Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), "Nguyễn Văn An"),
    recipients=("Như Điều 2", "Lưu: VT, TK (03)"),
    annexes=(
        Annex("Mục tiêu chất lượng", (Paragraph(plain(LONG)),), "(Kèm theo Quyết định số …/QĐ-UBND)"),
        Annex(
            "Kế hoạch thực hiện",
            (Table((1, 3), ((Cell((plain("TT"),)), Cell((plain("Việc"),))),), ((Cell((plain("1"),)), Cell((plain("Đo"),))),)),),
            "(Kèm theo Quyết định số …/QĐ-UBND)",
            landscape=True,
        ),
    ),
)  # fmt: skip
LETTER = Document(
    letterhead=Letterhead(
        issuer="Ủy ban nhân dân xã Bình Yên", symbol="UBND-VP", year=2026, place="Bình Yên"
    ),
    kind="",
    abstract="đôn đốc thực hiện nhiệm vụ được giao",
    body=(addressed(("Phòng Kinh tế",)), Paragraph(plain(LONG))),
    signature=Signature(("KT. Chủ tịch", "Phó Chủ tịch"), "Trần Thị Bình"),
    recipients=("Như trên", "Lưu: VT"),
)


SLIP = replace(
    LETTER,
    letterhead=replace(LETTER.letterhead, symbol="PXL-UBND"),
    kind="Phiếu xin lỗi và hẹn lại ngày trả kết quả",
    abstract="",
    paper=Paper.A5,
)


def codes(data: bytes) -> list[str]:
    """The rules that a file breaks, each once."""
    return list(dict.fromkeys(each.code for each in check_document(data).deviations))


def colored(file: Any) -> None:
    holding(file, "Điều 2.").runs[1].font.color.rgb = RGBColor(0xC0, 0, 0)


def number_at_foot(file: Any) -> None:
    """Move the page number into the footer."""
    section = file.sections[0]
    section.footer.is_linked_to_previous = False
    paragraph = section.footer.paragraphs[0]
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    for run in list(section.header.paragraphs[0].runs):
        run._r.getparent().remove(run._r)


def test_what_the_writers_write_has_nothing_to_mend() -> None:
    for document in (DECISION, LETTER, replace(DECISION, annexes=())):
        assert codes(write_docx(document)) == []


def test_whom_a_slip_is_for_is_no_abstract() -> None:
    slip = Document(
        letterhead=Letterhead(
            issuer="Ủy ban nhân dân xã Bình Yên", symbol="PC-UBND", number="07/PC-UBND", place="Bình Yên",
            dated=date(2026, 3, 5), year=2026,
        ),
        kind="Phiếu chuyển",
        abstract="",
        body=(
            Paragraph((Run("Kính gửi: "), Run("Ông Nguyễn Văn An")), align=Align.CENTER, indent=False),
            Paragraph(plain(LONG)),
        ),
        signature=Signature(lines=("CHỦ TỊCH",), name="Lê Minh Châu"),
        recipients=("Như trên", "Lưu: VT"),
    )  # fmt: skip
    assert [each.code for each in check_document(write_docx(slip)).deviations] == []


def test_it_says_which_documents_a_file_holds_and_what_it_went_by() -> None:
    found = check_document(write_docx_of((DECISION, LETTER, LETTER)))
    assert found == Conformity(
        "Nghị định 30/2020/NĐ-CP, Phụ lục I", ("Quyết định", "Công văn", "Công văn"), ()
    )
    assert found.is_conform


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (paged(left_margin=Mm(20)), ["page.left"]),
        (paged(top_margin=Mm(15), bottom_margin=Mm(30)), ["page.bottom", "page.top"]),
        (paged(page_width=Mm(216), page_height=Mm(279)), ["page.size"]),
        (paged(different_first_page_header_footer=False), ["page_number.first"]),
        (number_at_foot, ["page_number.place"]),
        (reset("CỘNG HÒA", size=Pt(14)), ["nation.size"]),
        (rewritten("CỘNG HÒA XÃ HỘI", "Cộng hòa xã hội"), ["nation.capitals"]),
        (rewritten("Độc lập - Tự do", "Độc lập – Tự do"), ["motto.words"]),
        (rewritten("Độc lập - Tự do - Hạnh phúc", "Độc lập-Tự do-Hạnh phúc"), ["motto.words"]),
        (reset("Độc lập", underline=True), ["motto.underlined"]),
        (reset("XÃ BÌNH YÊN", bold=False), ["issuer.bold"]),
        (without_rules, ["motto.rule", "issuer.rule", "abstract.rule"]),
        (rewritten("Số: 05/QĐ-UBND", "Số: 5/QĐ-UBND"), ["number.nought"]),
        (rewritten("Số: 05/QĐ-UBND", "Số: 05 / QĐ - UBND"), ["number.blanks"]),
        (rewritten("Số: 05/QĐ-UBND", "Số 05/QĐ-UBND"), ["number.words"]),
        (rewritten("Số: 05/QĐ-UBND", "Số: 05/KH-UBND"), ["number.kind"]),
        (rewritten("Số: 05/QĐ-UBND", "Số: 05a/QĐ-UBND"), []),
        (rewritten("ngày 06 tháng 01", "ngày 6 tháng 1"), ["date.day", "date.month"]),
        (rewritten("ngày 06 tháng 01", "ngày 06 tháng 03"), ["date.month"]),
        (reset("Bình Yên, ngày", italic=False), ["date.italic"]),
        (reset("QUYẾT ĐỊNH", size=Pt(16)), ["kind.size"]),
        (reset("Ban hành Mục tiêu", bold=False), ["abstract.bold"]),
        (reset("Căn cứ Luật", italic=False), ["bases.italic"]),
        (rewritten("địa phương;", "địa phương."), ["bases.end"]),
        (rewritten("Thư ký ISO.", "Thư ký ISO;"), ["bases.end"]),
        (reset("Điều 1.", bold=False), ["body.article"]),
        (reset("Điều 1.", size=Pt(12)), ["body.size"]),
        (reset("Điều 1.", name="Arial"), ["letters.font"]),
        (colored, ["letters.color"]),
        (shaped("Điều 2.", alignment=WD_ALIGN_PARAGRAPH.LEFT), ["body.align"]),
        (shaped("Điều 2.", first_line_indent=Mm(5)), ["body.indent"]),
        (shaped("Điều 2.", line_spacing=2.0), ["body.lines"]),
        (shaped("Điều 1.", space_after=Pt(2)), ["body.gap"]),
        (rewritten("e) Nội dung", "f) Nội dung"), ["body.letters"]),
        (rewritten("đ) Nội dung", "e) Nội dung"), ["body.letters"]),
        (reset("CHỦ TỊCH ỦY BAN", bold=False), ["authority.bold"]),
        (reset("TM. ỦY BAN", bold=False), ["signer.bold"]),
        (rewritten("TM. ỦY BAN", "TM ỦY BAN"), ["signer.abbreviation"]),
        (rewritten("Nguyễn Văn An", "ThS. Nguyễn Văn An"), ["name.title"]),
        (rewritten("Nguyễn Văn An", "NGUYỄN VĂN AN"), ["name.capitals"]),
        (reset("Nơi nhận", italic=False), ["recipients_head.italic"]),
        (reset("- Như Điều 2", size=Pt(13)), ["recipients.size"]),
        (rewritten("- Như Điều 2;", "- Như Điều 2"), ["recipients.end"]),
        (rewritten("- Lưu: VT, TK (03).", "- Văn phòng."), ["recipients.archive"]),
        (rewritten("Phụ lục II", "Phụ lục 2"), ["annex.number"]),
        (rewritten("Phụ lục II", "PHỤ LỤC II"), ["annex.capitals"]),
        (reset("MỤC TIÊU CHẤT LƯỢNG", bold=False), ["annex_title.bold"]),
        (reset("(Kèm theo", italic=False), ["annex_note.italic"]),
    ],
)  # fmt: skip
def test_what_was_altered_is_found_and_nothing_else(change: Change, expected: list[str]) -> None:
    assert codes(altered(DECISION, change)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (rewritten("V/v đôn đốc", "Về việc đôn đốc"), ["about.words"]),
        (rewritten("UBND-VP", "CV-UBND"), []),
        (rewritten("/UBND-VP", "/TB-UBND"), ["number.letter"]),
        (reset("V/v", size=Pt(14)), ["about.size"]),
    ],
)
def test_an_official_letter_is_held_to_its_own_form(change: Change, expected: list[str]) -> None:
    assert codes(altered(LETTER, change)) == expected


def test_the_same_fault_at_many_places_is_said_once_with_all_of_them() -> None:
    def change(file: Any) -> None:
        for name in ("Điều 1.", "Điều 2."):
            holding(file, name).paragraph_format.first_line_indent = Mm(0)

    (found,) = check_document(altered(DECISION, change)).deviations
    assert (found.code, len(found.paragraphs)) == ("body.indent", 2)
    assert found.excerpt.startswith("Điều 1. Ủy ban nhân dân")
    assert found.source == "Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 6"
    assert found.part in PARTS


def test_format_is_read_where_word_reads_it() -> None:
    """Size from a style that another is based on, weight from a character style, capitals by a switch."""

    def change(file: Any) -> None:
        base = file.styles.add_style("Goc", 1)
        base.font.size = Pt(9)
        style = file.styles.add_style("Con", 1)
        style.base_style = base
        strong = file.styles.add_style("Dam", 2)
        strong.font.bold = True
        paragraph = file.paragraphs[0].insert_paragraph_before("", style="Con")
        paragraph.add_run("nhỏ ")
        paragraph.add_run("đậm", style="Dam").font.all_caps = True

    with zipfile.ZipFile(io.BytesIO(altered(DECISION, change))) as archive:
        found = next(each for each in setting_of(archive).paragraphs if "nhỏ" in each.text)
    assert [(piece.text, piece.size, piece.bold) for piece in found.pieces] == [
        ("nhỏ ", 9.0, False),
        ("ĐẬM", 9.0, True),
    ]


def test_a_document_without_letterhead_is_told_what_is_missing() -> None:
    file = docx.Document()
    file.add_paragraph("Chỉ có một đoạn.")
    target = io.BytesIO()
    file.save(target)
    found = codes(target.getvalue())
    assert {"nation.missing", "motto.missing", "issuer.missing", "number.missing", "date.missing"} <= set(
        found
    )
    assert {"page.right", "page.size", "page_number.missing", "letters.font"} <= set(found)


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return target.getvalue()


def damaged(data: bytes) -> bytes:
    """Return a file whose text cannot be unpacked any more, as a bad disk or mail leaves one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("word/document.xml")
        start = part.header_offset + 30 + len(part.filename)
    return data[:start] + b"\xff" * 40 + data[start + 40 :]


@pytest.mark.parametrize("size", ["NaN", "1e999", "-1e999", "Infinity", "²", ""])
def test_measures_that_are_no_numbers_are_read_as_none(size: str) -> None:
    def change(file: Any) -> None:
        for each in file.element.body.iter(qn("w:sz"), qn("w:spacing"), qn("w:pgSz")):
            for name in list(each.attrib):
                each.set(name, size)

    assert codes(altered(DECISION, change))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7 not Word",
        b"PK\x03\x04 cut short",
        zipped(word__styles_xml=b"<a/>"),
        zipped(word__document_xml=b"<not closed"),
        zipped(word__document_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        zipped(word__document_xml=b"<a>" * 5000 + b"</a>" * 5000),
        zipped(word__document_xml=b" " * (100 * 1024 * 1024)),
        write_docx(LETTER)[:-200],
        damaged(write_docx(LETTER)),
    ],
    ids=["empty", "pdf", "cut", "no text", "broken", "entities", "deep", "bomb", "half", "damaged"],
)
def test_what_is_no_safe_document_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(NotADocument) as refused:
        check_document(data)
    assert refused.value.message.template


def test_decisions_as_offices_sign_them(shared: Path) -> None:
    """Read by hand beside the files: what each really has otherwise than the decree."""
    found = {path.stem: set(codes(path.read_bytes())) for path in sorted((shared / "seeds").glob("*.docx"))}
    assert found["kim-thanh-2026"] == set()
    assert found["phong-binh-2023"] == {"page.left", "bases.end", "body.indent", "annex.number"}
    assert found["thuong-loc-2024"] == {"page.left", "recipients.end", "annex.number"}
    assert {"motto.words", "motto.underlined", "page.bottom", "bases.italic"} <= found["tuy-phuoc-2024"]


def test_a_file_of_too_many_paragraphs_is_refused_with_what_to_do() -> None:
    body = b"<w:p/>" * 20_001
    name = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with pytest.raises(NotADocument) as refused:
        check_document(
            zipped(word__document_xml=b"<w:document %b><w:body>%b</w:body></w:document>" % (name, body))
        )
    assert "20.000" in str(refused.value.message)


class TestHalfSheets:
    """Forms that their own text sets on A5 (Thông tư 01/2018/TT-VPCP, Mẫu số 01 đến 05)."""

    def test_a_slip_is_not_measured_by_the_larger_sheet(self) -> None:
        assert codes(write_docx(SLIP)) == []

    def test_all_else_holds_for_a_slip_too(self) -> None:
        def spoiled(file: Any) -> None:
            for run in holding(file, "PHIẾU XIN LỖI").runs:
                run.font.bold = False
            holding(file, "Ủy ban nhân dân xã tổ chức").runs[0].font.name = "Arial"

        assert codes(altered(SLIP, spoiled)) == ["letters.font", "kind.bold"]

    def test_a_decision_on_half_a_sheet_is_told_of(self) -> None:
        found = codes(write_docx(replace(DECISION, annexes=(), paper=Paper.A5)))
        assert {"page.size", "page.left", "body.size"} <= set(found)

    def test_a_slip_on_the_whole_sheet_is_measured_by_it(self) -> None:
        assert codes(write_docx(replace(SLIP, paper=Paper.A4))) == []
        narrow = altered(
            replace(SLIP, paper=Paper.A4), lambda file: setattr(file.sections[0], "left_margin", Mm(12))
        )
        assert codes(narrow) == ["page.left"]
