"""The format of Nghị định 30/2020, as each writer keeps it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import docx
import pdfplumber
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.paper.writing import metrics, sheet
from camket.paper.writing.bases import bases_on
from camket.paper.writing.docx import write_docx
from camket.paper.writing.html import write_html
from camket.paper.writing.model import (
    Align,
    Annex,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Run,
    Signature,
    Table,
    plain,
)
from camket.paper.writing.pdf import write_pdf

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
POINTS_PER_MM = 72 / 25.4


def table(rows: int) -> Table:
    """A table with a merged head and a cell that reaches down over two rows."""
    body = [
        (
            Cell((plain("1"),), rows=2, align=Align.CENTER),
            Cell((plain("Niêm yết"),)),
            Cell((plain("Phòng Kinh tế"),)),
        ),
        (Cell((plain("Kiểm tra"),)), Cell(())),
    ]
    body += [
        (
            Cell((plain(str(n)),)),
            Cell((plain("Rà soát thủ tục"), plain("Cập nhật"))),
            Cell((plain("Văn phòng"),)),
        )
        for n in range(2, rows)
    ]
    return Table(
        shares=(1, 6, 3),
        head=(
            (Cell((plain("TT"),), rows=2), Cell((plain("Kế hoạch"),), columns=2)),
            (Cell((plain("Công việc"),)), Cell((plain("Chủ trì"),))),
        ),
        rows=tuple(body),
    )


@pytest.fixture(scope="module")
def document() -> Document:
    note = "(Kèm theo Quyết định số 05/QĐ-UBND ngày 05 tháng 01 năm 2026 của UBND xã Bình Yên)"
    return Document(
        letterhead=Letterhead(
            issuer="Ủy ban nhân dân xã Bình Yên",
            symbol="QĐ-UBND",
            year=2026,
            number="05/QĐ-UBND",
            place="Bình Yên",
            dated=date(2026, 1, 5),
        ),
        kind="Quyết định",
        abstract="Ban hành Mục tiêu chất lượng và Kế hoạch thực hiện Mục tiêu chất lượng năm 2026",
        authority="Ủy ban nhân dân xã Bình Yên",
        bases=(
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
            "Theo đề nghị của Thư ký ISO",
        ),
        enactment="Quyết định:",
        body=tuple(
            Paragraph((Run(f"Điều {n}.", bold=True), Run(" Các bộ phận chuyên môn thực hiện." * 12)))
            for n in range(1, 9)
        ),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Lê Minh Châu"),
        recipients=("Như Điều 4", "Lưu: VT"),
        annexes=(
            Annex("Mục tiêu chất lượng năm 2026", (Paragraph(plain("1. Không có hồ sơ trễ hạn.")),), note),
            Annex("Kế hoạch thực hiện năm 2026", (table(40),), note, landscape=True),
        ),
        recorded_on=date(2026, 1, 5),
    )


# Both


@pytest.mark.parametrize("write", [write_docx, write_pdf])
def test_same_document_gives_same_bytes(document: Document, write) -> None:  # type: ignore[no-untyped-def]
    assert write(document) == write(document)


def test_nothing_in_the_zip_bears_the_clock(document: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(document))) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("thumbnail" in name for name in file.namelist())
        core = file.read("docProps/core.xml").decode()
    assert "2026-01-05T00:00:00Z" in core
    assert "python-docx" not in core


# DOCX


@pytest.fixture(scope="module")
def file(document: Document):  # type: ignore[no-untyped-def]
    return docx.Document(io.BytesIO(write_docx(document)))


def test_docx_page_has_the_margins_of_the_decree(file) -> None:  # type: ignore[no-untyped-def]
    for section in file.sections:
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20
    assert [section.page_width > section.page_height for section in file.sections] == [False, False, True]
    assert round(file.sections[0].page_width.mm) == 210
    assert round(file.sections[0].page_height.mm) == 297


def test_docx_numbers_each_annex_on_its_own_and_hides_the_first_number(file) -> None:  # type: ignore[no-untyped-def]
    for section in file.sections:
        assert section.different_first_page_header_footer
        assert section._sectPr.find(f"{W}pgNumType").get(f"{W}start") == "1"
    header = file.sections[0].header
    assert "PAGE" in header._element.xml
    assert header.paragraphs[0].alignment == 1
    assert file.sections[0].first_page_header.paragraphs[0].text == ""
    assert all(section.header.is_linked_to_previous for section in list(file.sections)[1:])


def test_docx_font_is_set_for_every_script(file) -> None:  # type: ignore[no-untyped-def]
    fonts = file.styles["Normal"].element.rPr.rFonts
    assert {fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Times New Roman"
    }


def styled(paragraphs) -> list[tuple[str, float, bool, bool]]:  # type: ignore[no-untyped-def]
    return [
        (run.text, run.font.size.pt, bool(run.bold), bool(run.italic))
        for paragraph in paragraphs
        for run in paragraph.runs
    ]


def test_docx_letterhead_has_the_sizes_of_the_decree(file) -> None:  # type: ignore[no-untyped-def]
    left, right, number, day = file.tables[0]._cells
    assert styled(left.paragraphs) == [("ỦY BAN NHÂN DÂN", 13, True, False), ("XÃ BÌNH YÊN", 13, True, False)]
    assert styled(right.paragraphs) == [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, True, False),
        ("Độc lập - Tự do - Hạnh phúc", 14, True, False),
    ]
    assert styled(number.paragraphs) == [("Số: 05/QĐ-UBND", 13, False, False)]
    assert styled(day.paragraphs) == [("Bình Yên, ngày 05 tháng 01 năm 2026", 14, False, True)]


def test_docx_closing_has_the_sizes_of_the_decree(file) -> None:  # type: ignore[no-untyped-def]
    left, right = file.tables[1].rows[0].cells
    assert styled(left.paragraphs) == [
        ("Nơi nhận:", 12, True, True),
        ("- Như Điều 4;", 11, False, False),
        ("- Lưu: VT.", 11, False, False),
    ]
    assert styled(right.paragraphs) == [
        ("TM. ỦY BAN NHÂN DÂN", 14, True, False),
        ("CHỦ TỊCH", 14, True, False),
        ("Lê Minh Châu", 14, True, False),
    ]


def test_docx_bases_are_italic_and_end_as_a_list(file) -> None:  # type: ignore[no-untyped-def]
    bases = [p for p in file.paragraphs if p.text.startswith(("Căn cứ", "Theo đề nghị"))]
    assert [p.text[-1] for p in bases] == [";", "."]
    assert all(run.italic for p in bases for run in p.runs)


def test_docx_body_is_justified_with_a_first_line_indent(file) -> None:  # type: ignore[no-untyped-def]
    article = next(p for p in file.paragraphs if p.text.startswith("Điều 1."))
    assert article.alignment == 3
    assert article.paragraph_format.first_line_indent == Mm(12.7)
    assert article.paragraph_format.space_after.pt >= 6
    assert 1 <= article.paragraph_format.line_spacing <= 1.5
    assert article.runs[0].bold
    assert not article.runs[1].bold


def test_docx_annexes_have_roman_numbers(document: Document, file) -> None:  # type: ignore[no-untyped-def]
    assert [p.text for p in file.paragraphs if p.text.startswith("Phụ lục")] == ["Phụ lục I", "Phụ lục II"]
    single = docx.Document(io.BytesIO(write_docx(replace(document, annexes=document.annexes[:1]))))
    assert [p.text for p in single.paragraphs if p.text.startswith("Phụ lục")] == ["Phụ lục"]


def test_docx_table_keeps_spans_and_widths_and_repeats_its_head(file) -> None:  # type: ignore[no-untyped-def]
    grid = file.tables[2]
    assert [cell.text for cell in grid.rows[0].cells] == ["TT", "Kế hoạch", "Kế hoạch"]
    assert [cell.text for cell in grid.rows[1].cells] == ["TT", "Công việc", "Chủ trì"]
    assert [cell.text for cell in grid.rows[3].cells] == ["1", "Kiểm tra", ""]
    rows = grid._tbl.findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows[:3]] == [True, True, False]
    columns = [int(column.get(f"{W}w")) for column in grid._tbl.find(f"{W}tblGrid")]
    assert abs(sum(columns) - sheet.LANDSCAPE_WIDTH * POINTS_PER_MM * 20) <= 3
    for row in rows:
        assert sum(int(size.get(f"{W}w")) for size in row.iter(f"{W}tcW")) == pytest.approx(
            sum(columns), abs=3
        )


def test_docx_has_no_text_that_a_reader_of_xml_refuses() -> None:
    hostile = Document(
        letterhead=Letterhead(issuer="UBND & <xã>", symbol="QĐ-UBND", year=None),
        kind="Quyết định",
        abstract="A & B < C",
        body=(Paragraph(plain('"#let x = 1" $a$ *b* </w:t>')),),
        signature=Signature(()),
        recipients=(),
    )
    with zipfile.ZipFile(io.BytesIO(write_docx(hostile))) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    text = "".join(root.itertext())
    assert all(cell[-1].tag == f"{W}p" for cell in root.iter(f"{W}tc"))
    assert [element.tag for element in root[0]][-2:] == [f"{W}p", f"{W}sectPr"]
    assert '"#let x = 1" $a$ *b* </w:t>' in text


# PDF


@pytest.fixture(scope="module")
def pages(document: Document):  # type: ignore[no-untyped-def]
    with pdfplumber.open(io.BytesIO(write_pdf(document))) as pdf:
        yield pdf.pages


def words_at(page, text: str):  # type: ignore[no-untyped-def]
    return page.search(re.escape(text))


def test_pdf_uses_the_paper_font_alone(pages) -> None:  # type: ignore[no-untyped-def]
    fonts = {letter["fontname"].split("+")[-1] for page in pages for letter in page.chars}
    assert fonts <= {
        "LiberationSerif",
        "LiberationSerif-Bold",
        "LiberationSerif-Italic",
        "LiberationSerif-BoldItalic",
    }


def test_pdf_motto_stands_in_one_line_with_a_rule_of_its_length(pages) -> None:  # type: ignore[no-untyped-def]
    (nation,) = words_at(pages[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    (motto,) = words_at(pages[0], "Độc lập - Tự do - Hạnh phúc")
    assert nation["bottom"] - nation["top"] < 20
    rules = [line for line in pages[0].lines if motto["bottom"] - 3 <= line["top"] <= motto["bottom"] + 6]
    lengths = [line["x1"] - line["x0"] for line in rules]
    assert any(abs(length - (motto["x1"] - motto["x0"])) < 3 for length in lengths)


def test_pdf_numbers_pages_as_the_decree_says(document: Document, pages) -> None:  # type: ignore[no-untyped-def]
    def number_of(page) -> str:  # type: ignore[no-untyped-def]
        top = page.crop((0, 0, page.width, sheet.TOP * POINTS_PER_MM - 2))
        return (top.extract_text() or "").strip()

    landscape = [page for page in pages if page.width > page.height]
    portrait = [page for page in pages if page.width < page.height]
    assert [number_of(page) for page in landscape] == ["", *(str(n) for n in range(2, len(landscape) + 1))]
    assert len(landscape) > 1
    assert [number_of(page) for page in portrait] == [
        "",
        *(str(n) for n in range(2, len(portrait))),
        "",
    ]
    assert len(portrait) > 2


def test_pdf_keeps_the_signature_together(pages) -> None:  # type: ignore[no-untyped-def]
    (page,) = [page for page in pages if words_at(page, "Lê Minh Châu")]
    assert words_at(page, "TM. ỦY BAN NHÂN DÂN")
    assert words_at(page, "Nơi nhận:")


def test_pdf_text_stays_inside_the_margins(pages) -> None:  # type: ignore[no-untyped-def]
    for page in pages:
        left, right = sheet.LEFT * POINTS_PER_MM, float(page.width) - sheet.RIGHT * POINTS_PER_MM
        letters = [letter for letter in page.chars if letter["text"].strip()]
        assert min(letter["x0"] for letter in letters) >= left - 1
        assert max(letter["x1"] for letter in letters) <= right + 1


def test_pdf_never_reads_typed_text_as_markup(document: Document) -> None:
    typed = '#panic("x") $x$ *đậm* _ng_ \\ <nhãn> @tham'
    hostile = replace(document, body=(Paragraph(plain(typed)),), annexes=())
    with pdfplumber.open(io.BytesIO(write_pdf(hostile))) as pdf:
        assert typed in " ".join((pdf.pages[0].extract_text() or "").split())


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60))
def test_any_typed_text_can_be_written(text: str) -> None:
    document = Document(
        letterhead=Letterhead(issuer=text, symbol="BC-UBND", year=2026, place=text),
        kind="Báo cáo",
        abstract=text,
        body=(Paragraph(plain(text)), Table((1,), ((Cell((plain(text),)),),), ((Cell((plain(text),)),),))),
        signature=Signature((text,), text),
        recipients=(text,),
        annexes=(Annex(text, (), text),),
    )
    assert write_docx(document).startswith(b"PK")
    assert write_pdf(document).startswith(b"%PDF")
    assert write_html(document).endswith("</article>")


# HTML


def test_html_escapes_and_carries_no_style_or_script(document: Document) -> None:
    html = write_html(replace(document, body=(Paragraph(plain("<script>x</script> & y")),)))
    assert "&lt;script&gt;x&lt;/script&gt; &amp; y" in html
    assert "style=" not in html
    assert "<script" not in html
    assert 'colspan="2"' in html
    assert 'rowspan="2"' in html


# Measures


def test_national_name_fits_its_column() -> None:
    assert (
        metrics.text_width(sheet.NATION, sheet.NATION_SIZE, bold=True) < sheet.LETTERHEAD[1] * POINTS_PER_MM
    )
    assert sum(sheet.LETTERHEAD) == sum(sheet.SIGNATURE) == sheet.TEXT_WIDTH


def test_rules_have_the_lengths_of_the_decree() -> None:
    lines = sheet.issuer_lines("Ủy ban nhân dân xã Bình Yên")
    width = metrics.text_width(lines[-1], sheet.NATION_SIZE, bold=True)
    assert width / 3 <= sheet.issuer_rule(lines) <= width / 2
    assert sheet.motto_rule() == pytest.approx(
        metrics.text_width(sheet.MOTTO, sheet.MOTTO_SIZE, bold=True), abs=0.1
    )


def test_every_vietnamese_letter_has_a_width_of_its_own() -> None:
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    for letter in letters + letters.upper():
        for is_bold in (False, True):
            advances, _, _ = metrics._advances(bold=is_bold, italic=False)
            assert ord(letter) in advances, letter


@given(
    st.lists(
        st.sampled_from(["thực", "hiện", "mục", "tiêu", "chất", "lượng", "năm"]), min_size=1, max_size=30
    )
)
def test_lines_keep_every_word_and_fit(words: list[str]) -> None:
    lines = metrics.lines_of(" ".join(words), 200, 14, bold=True)
    assert " ".join(lines).split() == words
    assert all(metrics.text_width(line, 14, bold=True) <= 200 for line in lines)


def test_blank_number_and_date_are_left_open() -> None:
    head = Letterhead(issuer="UBND", symbol="QĐ-UBND", year=2026)
    assert re.fullmatch(r"Số:\s+/QĐ-UBND", sheet.number_line(head))
    assert re.fullmatch(r"Bình Yên, ngày\s+tháng\s+năm 2026", sheet.place_and_date("Bình Yên", None, 2026))


@pytest.mark.parametrize(
    ("day", "law"),
    [
        (date(2019, 5, 1), "19 tháng 6 năm 2015"),
        (date(2025, 4, 1), "19 tháng 02 năm 2025"),
        (date(2026, 1, 5), "16 tháng 6 năm 2025"),
    ],
)
def test_law_cited_is_the_one_in_force(day: date, law: str) -> None:
    laws = [text for text in bases_on(day) if text.startswith("Căn cứ Luật Tổ chức")]
    assert [text for text in laws if law in text] == laws


@pytest.mark.office
def test_word_processor_shows_the_same_pages(document: Document, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "decision.docx").write_bytes(write_docx(document))
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "decision.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    with pdfplumber.open(tmp_path / "decision.pdf") as pdf:
        (nation,) = words_at(pdf.pages[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        assert nation["bottom"] - nation["top"] < 20
        turned = [page.width > page.height for page in pdf.pages]
        assert turned == sorted(turned)
        assert abs(len(turned) - len(_own_pages(document))) <= 1


def _own_pages(document: Document) -> list[pdfplumber.page.Page]:
    with pdfplumber.open(io.BytesIO(write_pdf(document))) as pdf:
        return list(pdf.pages)


def test_empty_paragraphs_after_tables_and_at_breaks_take_no_room(document: Document) -> None:
    """Else a page full to its last points is followed by an empty one."""
    rows = Table((1, 2), ((Cell((plain("TT"),)), Cell((plain("Việc"),))),), ())
    annexes = (Annex("Danh mục", (rows,)), Annex("Biểu", (rows,), landscape=True))
    for written in (replace(document, annexes=()), replace(document, annexes=annexes)):
        body = docx.Document(io.BytesIO(write_docx(written))).element.body
        blocks = [each for each in body if each.tag in (qn("w:p"), qn("w:tbl"))]
        assert blocks[-1].tag == qn("w:p")  # Word opens no document that ends with a table
        breaks = [each for each in blocks if each.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None]
        assert len(breaks) == len(written.annexes)
        last = [blocks[blocks.index(each) - 1] for each in breaks[1:]]
        for each in (*breaks, *last, blocks[-1]):
            spacing = each.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
            assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("1", "exact")
            assert each.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:sz')}").get(qn("w:val")) == "2"


class TestASignature:
    """It never stands alone on a page: what is above it goes with it."""

    LETTERHEAD = Letterhead(
        issuer="Ủy ban nhân dân xã Bình Yên", superior="", symbol="BC-UBND", place="Bình Yên", year=2026
    )

    def written(self, lines: int, rows: int = 0) -> Document:
        body: list[Paragraph | Table] = [Paragraph(plain(f"Dòng thứ {each}.")) for each in range(lines)]
        if rows:
            made = tuple((Cell((plain(f"Hàng {each}"),)),) for each in range(rows))
            body.append(Table((100.0,), ((Cell((plain("Nội dung"),)),),), made))
        return Document(
            letterhead=self.LETTERHEAD,
            kind="Báo cáo",
            abstract="Kết quả",
            body=tuple(body),
            signature=Signature(lines=("Chủ tịch",), name="Lê Minh Châu"),
            recipients=("Như trên", "Lưu: VT"),
            annexes=(),
            recorded_on=date(2026, 7, 1),
        )

    @pytest.mark.parametrize("rows", [0, 1, 6])
    def test_takes_the_last_lines_along_in_pdf(self, rows: int) -> None:
        last = f"Hàng {rows - 1}" if rows else "Dòng thứ"
        for lines in range(16, 34, 3):
            with pdfplumber.open(io.BytesIO(write_pdf(self.written(lines, rows)))) as pdf:
                on_last_page = pdf.pages[-1].extract_text()
            assert last in on_last_page, (lines, rows)
            assert "Lê Minh Châu" in on_last_page

    @pytest.mark.parametrize("rows", [0, 1, 6])
    def test_is_kept_with_what_stands_above_it_in_docx(self, rows: int) -> None:
        file = docx.Document(io.BytesIO(write_docx(self.written(4, rows))))
        kept = [
            each.text
            for each in file.element.body.iter(qn("w:p"))
            if each.find(f"{W}pPr/{W}keepNext") is not None
        ]
        assert (f"Hàng {rows - 1}" if rows else "Dòng thứ 3.") in kept
        assert "Dòng thứ 2." not in kept
        assert "Hàng 4" not in kept


def test_a_paper_is_pdf_a_and_dated_by_itself(document: Document) -> None:
    data = write_pdf(replace(document, recorded_on=date(2026, 1, 5)))
    assert b"pdfaid:part" in data
    assert b"OutputIntent" in data
    with pdfplumber.open(io.BytesIO(data)) as file:
        assert file.metadata["CreationDate"].startswith("D:20260105")


def test_letters_that_the_font_has_not_become_boxes_in_pdf(document: Document) -> None:
    body = (Paragraph(plain("Đã xong ✓ 漢 😀 và còn lại")),)
    with pdfplumber.open(io.BytesIO(write_pdf(replace(document, body=body)))) as file:
        text = " ".join(page.extract_text() for page in file.pages)
    assert "Đã xong □ □ □ và còn lại" in text
