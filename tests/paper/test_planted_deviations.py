"""Every rule of the conformity checker is broken once in a good document, and found; the document as written passes."""

from __future__ import annotations

import ast
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from camket.paper.conformity import PARTS, check_document
from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import (
    Annex,
    CopyMark,
    Document,
    Letterhead,
    Paragraph,
    Run,
    Signature,
    addressed,
    plain,
)
from paper.altering import Change, holding, paged, reset, rewritten, shaped, without_rules

LONG = (
    "Ủy ban nhân dân xã tổ chức thực hiện các mục tiêu chất lượng đã đề ra và báo cáo kết quả theo quy định. "
    * 2
)
DECISION = Document(
    letterhead=Letterhead(
        superior="Ủy ban nhân dân tỉnh Hòa An",
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
        Paragraph((Run("Chương I", bold=True),)),
        Paragraph((Run("Điều 1.", bold=True), Run(f" {LONG}"))),
        Paragraph((Run("Điều 2.", bold=True), Run(f" {LONG}"))),
        *(Paragraph(plain(f"{letter}) Nội dung thứ {letter};")) for letter in "abcdđe"),
    ),
    signature=Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), "Nguyễn Văn An"),
    recipients=("Như Điều 2", "Lưu: VT, TK (03)"),
    annexes=tuple(
        Annex(title, (Paragraph(plain(LONG)),), "(Kèm theo Quyết định số …/QĐ-UBND)")
        for title in ("Mục tiêu chất lượng", "Kế hoạch thực hiện")
    ),
)
LETTER = Document(
    letterhead=replace(DECISION.letterhead, symbol="UBND-VP", number="06/UBND-VP"),
    kind="",
    abstract="đôn đốc thực hiện nhiệm vụ được giao",
    body=(addressed(("Phòng Kinh tế",)), Paragraph(plain(LONG))),
    signature=Signature(("KT. Chủ tịch", "Phó Chủ tịch"), "Trần Thị Bình"),
    recipients=("Như trên", "Lưu: VT"),
)
EXTRACT = replace(
    DECISION,
    recipients=(),
    annexes=(),
    copy=CopyMark(
        title="TRÍCH SAO",
        letterhead=Letterhead(
            issuer="Ủy ban nhân dân xã Hòa Sơn",
            symbol="TrS-UBND",
            year=2026,
            number="03/TrS-UBND",
            place="Hòa Sơn",
            dated=date(2026, 2, 9),
        ),
        signature=Signature(("TL. Chủ tịch", "Chánh Văn phòng"), "Lê Thị Thọ"),
        recipients=("Phòng Kinh tế", "Lưu: VT (02)"),
    ),
)
"""An extract of the decision, made by another agency."""
WRITTEN = {
    "decision": write_docx(DECISION), "letter": write_docx(LETTER), "extract": write_docx(EXTRACT),
}  # fmt: skip
PLACES = {
    "nation": "CỘNG HÒA XÃ HỘI",
    "motto": "Độc lập",
    "superior": "TỈNH HÒA AN",
    "issuer": "XÃ BÌNH YÊN",
    "number": "Số:",
    "date": "ngày 06",
    "about": "V/v",
    "kind": "QUYẾT ĐỊNH",
    "abstract": "Ban hành Mục tiêu",
    "authority": "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ",
    "bases": "Căn cứ Luật",
    "body": "Điều 1.",
    "signer": "TM. ỦY BAN",
    "name": "Nguyễn Văn An",
    "recipients_head": "Nơi nhận",
    "recipients": "- Như Điều 2",
    "annex": "Phụ lục I",
    "annex_title": "MỤC TIÊU CHẤT LƯỢNG",
    "annex_note": "(Kèm theo",
    "copy": "TRÍCH SAO",
}
"""Words by which each part is found in the documents above."""


def emptied(*texts: str) -> Change:
    """Leave paragraphs without a word."""

    def change(file: Any) -> None:
        for text in texts:
            for run in holding(file, text).runs:
                run._r.getparent().remove(run._r)

    return change


def lettered_all(*texts: str, **font: Any) -> Change:
    """Set the letters of several paragraphs otherwise: a name that takes more than one line."""

    def change(file: Any) -> None:
        for text in texts:
            reset(text, **font)(file)

    return change


def weighed(text: str, quality: str) -> Change:
    """Turn bold or italic letters into others, and the other way round."""

    def change(file: Any) -> None:
        for run in holding(file, text).runs:
            setattr(run.font, quality, not getattr(run.font, quality))

    return change


def lowered(text: str) -> Change:
    def change(file: Any) -> None:
        for run in holding(file, text).runs:
            run.text = run.text.lower()

    return change


def nameless(file: Any) -> None:
    """Leave the place of the superior and the issuing body empty."""
    for paragraph in file.tables[0].cell(0, 0).paragraphs:
        for run in list(paragraph.runs):
            run._r.getparent().remove(run._r)


def nobody_copies(file: Any) -> None:
    """Leave the place of the body that copies empty."""
    for paragraph in file.tables[-2].cell(0, 0).paragraphs:
        for run in list(paragraph.runs):
            if run.text.strip():
                run._r.getparent().remove(run._r)


def typed_line(file: Any) -> None:
    """Type dashes under the name of the body instead of drawing a line."""
    issuer = holding(file, PLACES["issuer"])
    issuer.insert_paragraph_before(issuer.text)
    for run in holding(file, PLACES["issuer"]).runs:
        run.font.bold = True
    for run in issuer.runs[1:]:
        run._r.getparent().remove(run._r)
    issuer.runs[0].text = "--------"


def number_at_foot(file: Any) -> None:
    section = file.sections[0]
    section.footer.is_linked_to_previous = False
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    section.footer.paragraphs[0]._p.append(field)
    without_number(file)


def without_number(file: Any) -> None:
    for run in list(file.sections[0].header.paragraphs[0].runs):
        run._r.getparent().remove(run._r)


def number_in_bold(file: Any) -> None:
    for run in file.sections[0].header.paragraphs[0].runs:
        run.font.bold = True


def roman_numbers(file: Any) -> None:
    properties = file.sections[0]._sectPr
    kind = properties.find(qn("w:pgNumType"))
    if kind is None:
        kind = OxmlElement("w:pgNumType")
        properties.append(kind)
    kind.set(qn("w:fmt"), "upperRoman")


def turned(file: Any) -> None:
    """Turn the pages of an annex that holds no table."""
    section = file.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)


def apart(file: Any) -> None:
    """Type the marks of letters apart, as some keyboards do."""
    run = holding(file, "Điều 2.").runs[1]
    run.text = unicodedata.normalize("NFD", run.text)


def in_tcvn3(file: Any) -> None:
    """Type with the letters of TCVN 5712:1993 and a font made for them."""
    run = holding(file, "Điều 2.").runs[1]
    run.text = " ñy ban nh©n d©n x· tæ chøc thùc hiÖn c¸c môc tiªu chÊt l­îng ®· ®Ò ra."
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), ".VnTime")


def _decree() -> dict[str, Any]:
    raw = files("camket.paper.conformity").joinpath("decree.json").read_text("utf-8")
    return dict(json.loads(raw)["texts"][-1])


def _of_measures() -> Iterator[tuple[str, Change]]:
    """Yield a plant for each measure that the decree gives of a part: size, weight, slope, capitals, middle."""
    for part, rule in _decree()["parts"].items():
        place = PLACES[part]
        yield f"{part}.size", reset(place, size=Pt(rule["sizes"][1] + 3))
        for quality in ("bold", "italic"):
            if rule.get(quality) is not None:
                yield f"{part}.{quality}", weighed(place, quality)
        if rule.get("capitals"):
            yield f"{part}.capitals", lowered(place)
        if rule.get("align") == "center":
            yield f"{part}.align", shaped(place, alignment=WD_ALIGN_PARAGRAPH.RIGHT)


PLANTS: dict[str, Change] = {
    **dict(_of_measures()),
    **{
        f"{part}.underlined": reset(PLACES[part], underline=True)
        for part in ("nation", "motto", "superior", "issuer", "number", "date", "kind", "abstract")
    },
    "superior.bold": lettered_all("ỦY BAN NHÂN", "TỈNH HÒA AN", bold=True),
    "nation.missing": emptied("CỘNG HÒA"),
    "motto.missing": emptied("Độc lập"),
    "issuer.missing": nameless,
    "number.missing": emptied("Số:"),
    "date.missing": emptied("ngày 06"),
    "signer.missing": emptied("Nơi nhận", "- Như Điều 2", "- Lưu", "TM. ỦY BAN", "CHỦ TỊCH", "Nguyễn Văn An"),
    "recipients.missing": emptied("- Như Điều 2", "- Lưu"),
    "nation.words": rewritten("CHỦ NGHĨA", "CHŨ NGHĨA"),
    "motto.words": rewritten("Độc lập - Tự do", "Độc lập – Tự do"),
    "motto.rule": without_rules,
    "issuer.rule": without_rules,
    "abstract.rule": without_rules,
    "issuer.typed_rule": typed_line,
    "number.words": rewritten("Số: 05", "Số 05"),
    "number.blanks": rewritten("05/QĐ-UBND", "05 / QĐ - UBND"),
    "number.form": rewritten("05/QĐ-UBND", "05*QĐ+UBND"),
    "number.nought": rewritten("05/QĐ-UBND", "5/QĐ-UBND"),
    "number.kind": rewritten("05/QĐ-UBND", "05/KH-UBND"),
    "number.letter": rewritten("06/UBND-VP", "06/TB-UBND"),
    "date.place": rewritten("Bình Yên, ngày", "ngày"),
    "date.words": rewritten("ngày 06 tháng 01 năm 2026", "ngày 06/01/2026"),
    "date.day": rewritten("ngày 06", "ngày 6"),
    "date.month": rewritten("tháng 01", "tháng 1"),
    "about.words": rewritten("V/v", "Về việc"),
    "bases.end": rewritten("địa phương;", "địa phương."),
    "body.article": weighed("Điều 1.", "bold"),
    "body.article_stop": rewritten("Điều 1.", "Điều 1:"),
    "body.roman": rewritten("Chương I", "Chương 1"),
    "body.letters": rewritten("đ) Nội dung", "e) Nội dung"),
    "body.align": shaped("Điều 2.", alignment=WD_ALIGN_PARAGRAPH.LEFT),
    "body.indent": shaped("Điều 2.", first_line_indent=Mm(5)),
    "body.lines": shaped("Điều 2.", line_spacing=2.0),
    "body.gap": shaped("Điều 1.", space_after=Pt(2)),
    "letters.composed": apart,
    "letters.encoding": in_tcvn3,
    "letters.font": reset("Điều 1.", name="Arial"),
    "letters.color": lambda file: setattr(
        holding(file, "Điều 2.").runs[1].font.color, "rgb", RGBColor(0xC0, 0, 0)
    ),
    "name.title": rewritten("Nguyễn Văn An", "ThS. Nguyễn Văn An"),
    "name.capitals": rewritten("Nguyễn Văn An", "NGUYỄN VĂN AN"),
    "signer.abbreviation": rewritten("TM. ỦY BAN", "TM ỦY BAN"),
    "recipients_head.words": rewritten("Nơi nhận:", "Nơi nhận"),
    "recipients.dash": rewritten("- Như Điều 2", "Như Điều 2"),
    "recipients.end": rewritten("- Như Điều 2;", "- Như Điều 2"),
    "recipients.archive": rewritten("- Lưu: VT, TK (03).", "- Văn phòng."),
    "annex.capitals": rewritten("Phụ lục II", "PHỤ LỤC II"),
    "annex.number": rewritten("Phụ lục II", "Phụ lục 2"),
    "annex_title.missing": emptied("MỤC TIÊU CHẤT LƯỢNG", "KẾ HOẠCH THỰC HIỆN"),
    "annex_note.missing": emptied("(Kèm theo"),
    "copy.issuer": nobody_copies,
    "copy.number": emptied("03/TrS"),
    "copy.date": emptied("Hòa Sơn, ngày"),
    "copy.signer": emptied("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
    "copy.name": emptied("Lê Thị Thọ"),
    "copy.recipients": emptied("- Phòng Kinh tế", "- Lưu: VT (02)"),
    "copy.words": rewritten("TRÍCH SAO", "BẢN TRÍCH SAO"),
    "copy.kind": rewritten("03/TrS-UBND", "03/SY-UBND"),
    "copy.line_text": without_rules,
    "copy.line_issuer": without_rules,
    "page.size": paged(page_width=Mm(216), page_height=Mm(279)),
    "page.turned": turned,
    "page.top": paged(top_margin=Mm(15)),
    "page.bottom": paged(bottom_margin=Mm(30)),
    "page.left": paged(left_margin=Mm(20)),
    "page.right": paged(right_margin=Mm(30)),
    "page_number.missing": without_number,
    "page_number.place": number_at_foot,
    "page_number.letters": number_in_bold,
    "page_number.digits": roman_numbers,
    "page_number.first": paged(different_first_page_header_footer=False),
}
OF_COPIES = {code for code in PLANTS if code.startswith("copy.")}
OF_LETTERS = {code for code in PLANTS if code.startswith("about.")} | {"number.letter"}
FAMILIES = {
    ("words", "copy.{part}"): ("issuer", "number", "date", "signer", "name"),
    ("words", "copy.line_{place}"): ("text", "issuer"),
    ("words", "{part}.missing"): ("nation", "motto", "issuer", "number", "date"),
    ("words", "{part}.rule"): ("motto", "issuer"),
    ("words", "{part}.underlined"): (
        "nation", "motto", "superior", "issuer", "number", "date", "kind", "abstract",
    ),
    ("measures", "page.{side}"): ("top", "bottom", "left", "right"),
}  # fmt: skip
"""Rules whose names are put together where they are checked, beside those that the measures of the decree give."""
OF_THE_DECREE = {"{part}.size", "{part}.{quality}", "{part}.capitals", "{part}.align"}


def rules() -> set[str]:
    """The names of all rules, read from the text of the checker itself."""
    found = {code for code, _change in _of_measures()}
    for module in ("words", "measures"):
        text = files("camket.paper.conformity").joinpath(f"{module}.py").read_text("utf-8")
        for call in ast.walk(ast.parse(text)):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            if (getattr(call.func, "attr", "") or getattr(call.func, "id", "")) not in ("add", "deviation"):
                continue
            name = call.args[0]
            if isinstance(name, ast.Constant):
                found.add(str(name.value))
            elif isinstance(name, ast.JoinedStr):
                shape = ast.unparse(name)[2:-1]
                if shape not in OF_THE_DECREE:
                    part = re.compile(r"\{\w+\}")
                    found |= {part.sub(each, shape) for each in FAMILIES[module, shape]}
    return found


def codes(data: bytes) -> set[str]:
    return {each.code for each in check_document(data).deviations}


def test_every_rule_has_a_deviation_planted() -> None:
    assert {code for code in rules() if code.partition(".")[0] in PARTS} == set(PLANTS)


@pytest.mark.parametrize("document", sorted(WRITTEN))
def test_the_documents_are_good_as_written(document: str) -> None:
    assert codes(WRITTEN[document]) == set()


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_what_is_planted_is_found(code: str) -> None:
    document = "letter" if code in OF_LETTERS else "extract" if code in OF_COPIES else "decision"
    assert code in codes(changed(document, PLANTS[code]))


def changed(document: str, change: Change) -> bytes:
    file = docx.Document(io.BytesIO(WRITTEN[document]))
    change(file)
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


IN_THE_MARK: dict[str, Change] = {
    "issuer.size": reset("XÃ HÒA SƠN", size=Pt(16)),
    "issuer.bold": reset("XÃ HÒA SƠN", bold=False),
    "number.nought": rewritten("03/TrS-UBND", "3/TrS-UBND"),
    "number.blanks": rewritten("03/TrS-UBND", "03 / TrS-UBND"),
    "number.words": rewritten("Số: 03", "số 03"),
    "number.bold": reset("03/TrS", bold=True),
    "date.italic": reset("Hòa Sơn, ngày", italic=False),
    "date.month": rewritten("ngày 09 tháng 02", "ngày 09 tháng 2"),
    "date.place": rewritten("Hòa Sơn, ngày", "ngày"),
    "signer.capitals": lowered("CHÁNH VĂN PHÒNG"),
    "signer.abbreviation": rewritten("TL. CHỦ TỊCH", "TL CHỦ TỊCH"),
    "name.bold": reset("Lê Thị Thọ", bold=False),
    "name.title": rewritten("Lê Thị Thọ", "ThS. Lê Thị Thọ"),
    "recipients.end": rewritten("- Phòng Kinh tế;", "- Phòng Kinh tế"),
    "recipients.size": reset("- Phòng Kinh tế", size=Pt(14)),
}


@pytest.mark.parametrize("code", sorted(IN_THE_MARK))
def test_the_mark_of_a_copy_is_judged_like_a_document(code: str) -> None:
    assert codes(changed("extract", IN_THE_MARK[code])) == {code}


@pytest.mark.parametrize(
    ("title", "symbol", "found"),
    [
        ("SAO Y", "SY", set()),
        ("SAO LỤC", "SL", set()),
        ("SAO Y", "SL", {"copy.kind"}),
        ("SAO Y BẢN CHÍNH", "SY", {"copy.words"}),
        ("Sao lục", "SL", {"copy.capitals"}),
    ],
)
def test_each_form_of_copy_has_its_symbol(title: str, symbol: str, found: set[str]) -> None:
    def change(file: Any) -> None:
        rewritten("TRÍCH SAO", title)(file)
        rewritten("03/TrS", f"03/{symbol}")(file)

    assert codes(changed("extract", change)) == found


def test_words_on_copies_in_the_text_are_no_mark() -> None:
    for text in ("Sao y", "Việc sao y, sao lục, trích sao thực hiện theo quy định."):
        assert codes(changed("decision", rewritten("Chương I", text))) == set()


def test_the_second_line_of_the_superior_body_is_not_bold() -> None:
    """A guess, for the line might begin the name of the body itself: said as a thing to look at."""
    found = check_document(changed("decision", reset("TỈNH HÒA AN", bold=True))).deviations
    assert [(each.code, each.is_certain) for each in found] == [("superior.bold", False)]
    certain = check_document(
        changed("decision", lettered_all("ỦY BAN NHÂN", "TỈNH HÒA AN", bold=True))
    ).deviations
    assert [(each.code, each.is_certain) for each in certain if each.part == "superior"] == [
        ("superior.bold", True)
    ]
