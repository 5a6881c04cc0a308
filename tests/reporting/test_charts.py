"""The charts of a report: read with its figures, frozen with them, drawn on its paper with their tables beside."""

from __future__ import annotations

import io
import json
import re
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

import docx
import pdfplumber
import pytest

from camket.paper.conformity import check_document
from camket.paper.writing import sheet
from camket.paper.writing.charts import STYLE, Bar, bars_chart, own_scale
from camket.paper.writing.docx import write_docx
from camket.paper.writing.html import write_html
from camket.paper.writing.model import Document, Letterhead, Picture, Signature, Table
from camket.paper.writing.pdf import write_pdf
from camket.reporting.charts import ChartPoint, FieldLine, TargetChart, chart_blocks
from camket.reporting.content import _plain

LONG = (
    "Tỷ lệ hồ sơ thủ tục hành chính thuộc thẩm quyền giải quyết của Ủy ban nhân dân xã được tiếp nhận, giải quyết và trả "
    "kết quả trước hạn hoặc đúng hạn trên tổng số hồ sơ đã giải quyết trong kỳ"
)


def month(number: int, value: str, state: str = "met", year: int = 2026) -> ChartPoint:
    return ChartPoint(date(year, number, 28), Decimal(value), f"{value.replace('.', ',')} %", state)


@pytest.fixture
def drawn() -> tuple[TargetChart, ...]:
    share = TargetChart(
        target_id=1,
        number="1.1",
        text=LONG,
        goal="≥ 98 %",
        unit="%",
        state="at_risk",
        value=Decimal("97.9"),
        shown="97,9 % (940/960)",
        low=Decimal(98),
        high=None,
        is_share=True,
        pace=False,
        is_monthly=True,
        start=date(2026, 1, 1),
        end=date(2026, 12, 31),
        points=(month(1, "99.1"), month(2, "97.2", "missed"), month(3, "98")),
        before=(month(1, "96.5", ""), month(2, "97.0", "")),
        fields=(
            FieldLine("Hộ tịch", Decimal("99.5"), "99,5 % (199/200)", keeps=True),
            FieldLine("Đất đai <môi trường>", Decimal("91"), "91 % (91/100)", keeps=False),
        ),
    )
    rank = replace(
        share, target_id=2, number="2", text="Xếp hạng chỉ số cải cách hành chính", goal="≤ 3", unit="", state="no_data",
        value=None, shown="", low=None, high=Decimal(3), is_share=False, points=(), before=(), fields=(),
    )  # fmt: skip
    return share, rank


def paper(drawn: tuple[TargetChart, ...]) -> Document:
    return Document(
        letterhead=Letterhead("Ủy ban nhân dân xã Tân Lập", "BC-UBND", 2026, superior="Ủy ban nhân dân tỉnh"),
        kind="Báo cáo",
        abstract="Kết quả",
        body=chart_blocks(drawn, "năm 2026"),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Lê Minh Châu"),
        recipients=("Lưu: VT",),
    )


def test_every_chart_has_its_caption_its_words_and_its_table(drawn: tuple[TargetChart, ...]) -> None:
    blocks = chart_blocks(drawn, "năm 2026")
    pictures = [each for each in blocks if isinstance(each, Picture)]
    assert [each.caption.split(".")[0] for each in pictures] == ["Biểu đồ 1", "Biểu đồ 2", "Biểu đồ 3"]
    assert "2: mức đề ra ≤ 3; Chưa có số liệu." in pictures[0].alt
    assert "97,9 % (940/960); mức đề ra ≥ 98 %; Có nguy cơ không đạt" in pictures[0].alt
    months, fields = (each for each in blocks if isinstance(each, Table))
    assert [[line[0].text for cell in row for line in cell.lines] for row in months.rows] == [
        ["28/01/2026", "99,1 %", "96,5 %", "28/03/2026", "98 %"],
        ["2/2026", "97,2 %", "97,0 %"],
    ]
    assert [row[1].lines[0][0].text for row in fields.rows] == ["Hộ tịch", "Đất đai <môi trường>"]


def test_charts_are_pictures_with_words_in_docx_and_text_in_pdf(drawn: tuple[TargetChart, ...]) -> None:
    document = paper(drawn)
    made = write_docx(document)
    assert made == write_docx(document)
    shapes = docx.Document(io.BytesIO(made)).inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [
        each.alt for each in document.body if isinstance(each, Picture)
    ]
    assert {round(shape.width.mm) for shape in shapes} == {round(sheet.TEXT_WIDTH)}
    assert check_document(made).deviations == ()
    data = write_pdf(document)
    assert data == write_pdf(document)
    assert b"pdfaid:part" in data
    with pdfplumber.open(io.BytesIO(data)) as file:
        text = " ".join(page.extract_text() for page in file.pages)
    for word in ("Có nguy cơ không đạt", "T12", "Đất đai <môi trường>", "Chưa đạt"):
        assert word in text


def test_charts_survive_json(drawn: tuple[TargetChart, ...]) -> None:
    for each in drawn:
        assert TargetChart.from_json(json.loads(json.dumps(_plain(asdict(each))))) == each


def test_every_class_of_a_drawing_has_its_style_on_paper(drawn: tuple[TargetChart, ...]) -> None:
    for block in chart_blocks(drawn, "năm 2026"):
        if isinstance(block, Picture):
            used = set(re.findall(r'class="([^"]+)"', block.chart.wide))
            names = {name for each in used for name in each.split()} - {
                "ck-resultbar",
                "ck-chart__tick",
                "ck-chart__unit",
            }
            assert {name for name in names if f".{name}" not in STYLE} == set()


def test_a_label_is_broken_never_cut_and_bars_stay_inside() -> None:
    bar = Bar(
        LONG,
        Decimal("250"),
        "250 %",
        "Đạt",
        "met",
        Decimal(98),
        "≥ 98 %",
        own_scale(Decimal(250), Decimal(98)),
    )
    for svg in (bars_chart([bar], key="k", title="t", description="d", on_paper=True).wide,
                bars_chart([bar], key="k", title="t", description="d").narrow):  # fmt: skip
        lines = re.findall(r"<text x=\"0\"[^>]*>([^<]+)</text>", svg)
        assert " ".join(lines[: len(lines)]).startswith(LONG)
        assert all(
            float(at) + float(wide) <= 560
            for at, wide in re.findall(r'x="([\d.]+)"[^>]* width="([\d.]+)"', svg)
        )


def test_the_screen_has_both_drawings(drawn: tuple[TargetChart, ...]) -> None:
    page = write_html(paper(drawn))
    assert page.count("<figure") == 3
    assert page.count('class="ck-chart-narrow"') == 3
    assert "<style" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 12
