"""Writes a document as DOCX."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document as new_docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from camket.paper.writing import sheet
from camket.paper.writing.model import (
    Align,
    Annex,
    Block,
    Cell,
    CopyMark,
    Document,
    Line,
    Paper,
    Paragraph,
    Picture,
    Run,
    Signature,
    Table,
    annex_label,
    bold,
    ended,
    italic,
    plain,
)
from camket.paper.writing.pdf import write_pictures

FONT = "Times New Roman"
_ALIGN = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Align.JUSTIFY: WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_LONG_ROW = 900
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_docx(document: Document) -> bytes:
    """Return the document as a DOCX file; the same document gives the same bytes."""
    return write_docx_of((document,))


def write_docx_of(documents: Sequence[Document]) -> bytes:
    """Return documents as one DOCX file, each on pages of its own; its properties are those of the first."""
    file = new_docx()
    for index, document in enumerate(documents):
        _Writer(file, document.paper).write(document, is_first=index == 0)
    return finished(file, documents[0])


def finished(file: Any, document: Document) -> bytes:
    """Return a Word file with the properties of a document, and with nothing in it that differs from run to run."""
    properties = file.core_properties
    stamp = datetime.combine(document.recorded_on, datetime.min.time())
    properties.title = _without_controls(document.title)[:255]
    properties.author = properties.last_modified_by = _without_controls(document.letterhead.issuer)[:255]
    properties.language = "vi-VN"
    properties.comments = properties.keywords = properties.subject = ""
    properties.created = properties.modified = stamp
    properties.revision = 1
    rels = file.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]  # the picture of the library's own empty template
    buffer = io.BytesIO()
    file.save(buffer)
    return _without_clock(buffer.getvalue())


def write_blocks(file: Any, paper: Paper, blocks: tuple[Block, ...], width: float) -> list[Any]:
    """Write blocks at the end of a Word file that somebody else laid out, and return their elements, to be moved.

    ``width`` in millimetres. Spacing is said in each paragraph, for the file's own styles may have any.
    """
    body = file.element.body
    before = len(body)
    _Writer(file, paper).blocks(blocks, width)
    last = 1 if body[-1].tag == qn("w:sectPr") else 0
    written = list(body[before - last : len(body) - last])
    for element in written:
        for each in element.iter(qn("w:p")):
            shape = DocxParagraph(each, file).paragraph_format
            shape.space_before = shape.space_before or Pt(0)
            shape.space_after = shape.space_after or Pt(0)
            shape.line_spacing = shape.line_spacing or 1.0
    return written


def write_annexes(file: Any, document: Document) -> None:
    """Write the annexes of a document at the end of a Word file that somebody else laid out, with none of its first pages."""
    writer = _Writer(file, document.paper)
    for index, annex in enumerate(document.annexes):
        writer.annex(annex, annex_label(index, len(document.annexes)))
        if not index:
            for part in (file.sections[-1].first_page_header, file.sections[-1].first_page_footer):
                part.is_linked_to_previous = False


def _without_controls(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _CONTROLS.sub("", text)


def _without_clock(data: bytes) -> bytes:
    """Return a zip file with the same members in the same order, none of them bearing the time of writing."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            new.writestr(info, old.read(name), compresslevel=6)
    return target.getvalue()


class _Writer:
    def __init__(self, file: Any, paper: Paper) -> None:
        self.file = file
        self.measures = sheet.measures_of(paper)

    def write(self, document: Document, *, is_first: bool = True) -> None:
        if is_first:
            self._styles()
            self._page(self.file.sections[0])
            self._page_number(self.file.sections[0])
        else:
            self._page(self._new_section())
        self._letterhead(document)
        if document.kind:
            self._title(document)
        else:
            self._centered((), after=self.measures.gap)
        for base in ended(document.bases):
            self._paragraph(Paragraph(italic(base)))
        if document.enactment:
            self._centered(bold(document.enactment.upper()), before=6, after=6, keep=True)
        self.blocks(document.body, self.measures.text_width)
        self._closing(document.recipients, document.signature)
        if document.copy:
            self._copy_mark(document.copy)
        if not document.annexes:
            self._shrink(self.file.add_paragraph())  # a table may not be the last thing of a document
        for index, annex in enumerate(document.annexes):
            self.annex(annex, annex_label(index, len(document.annexes)))

    def _styles(self) -> None:
        style = self.file.styles["Normal"]
        style.font.name = FONT
        style.font.size = Pt(self.measures.body_size)
        properties = style.element.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
        language = OxmlElement("w:lang")
        for key in ("val", "eastAsia"):
            language.set(qn(f"w:{key}"), "vi-VN")
        properties.append(language)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.space_before = Pt(0)
        style.paragraph_format.line_spacing = 1.0

    def _page(self, section: Any, *, is_turned: bool = False) -> None:
        own = self.measures
        width, height = reversed(own.page) if is_turned else own.page
        section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin, section.bottom_margin = Mm(own.top), Mm(own.bottom)
        section.left_margin, section.right_margin = Mm(own.left), Mm(own.right)
        section.header_distance = section.footer_distance = Mm(own.header)
        section.different_first_page_header_footer = True
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "1")
        for old in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(old)
        margins = section._sectPr.find(qn("w:pgMar"))
        margins.addnext(numbering)

    def _page_number(self, section: Any) -> None:
        section.first_page_header.is_linked_to_previous = False
        section.header.is_linked_to_previous = False
        paragraph = section.header.paragraphs[0]
        paragraph.style = self.file.styles["Normal"]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            run = paragraph.add_run()
            run.font.size = Pt(self.measures.page_number_size)
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark = OxmlElement("w:instrText")
                mark.text = text
            run._r.append(mark)

    def _letterhead(self, document: Document) -> None:
        head = document.letterhead
        left, right = self.measures.letterhead
        table = self._grid((left, right), padded=False)
        cells = self._row(table, 2)
        issuer = sheet.issuer_lines(head.issuer, self.measures)
        stack = [(line, False) for line in sheet.superior_lines(head.superior, self.measures)] + [
            (line, True) for line in issuer
        ]
        for line, is_bold in stack:
            self._cell_line(cells[0], (Run(line, bold=is_bold),), self.measures.nation_size)
        self._rule(cells[0], sheet.issuer_rule(issuer, self.measures), left * sheet.POINTS)
        self._cell_line(cells[1], bold(sheet.NATION), self.measures.nation_size)
        self._cell_line(cells[1], bold(sheet.MOTTO), self.measures.motto_size)
        self._rule(cells[1], sheet.motto_rule(self.measures), right * sheet.POINTS)
        cells = self._row(table, 2)
        self._cell_line(cells[0], plain(sheet.number_line(head)), self.measures.number_size, before=6)
        for index, line in enumerate(sheet.about_lines(document.about, self.measures)):
            self._cell_line(cells[0], plain(line), self.measures.about_size, before=0 if index else 6)
        day = sheet.place_and_date(head.place, head.dated, head.year)
        self._cell_line(cells[1], italic(day), self.measures.date_size, before=6)

    def _title(self, document: Document) -> None:
        own = self.measures
        lines = sheet.title_lines(document.abstract, width=own.text_width, measures=own)
        after = 0 if document.abstract else 2 * own.gap
        self._centered(bold(document.kind.upper()), before=own.before_title, after=after, keep=True, level=1)
        for line in lines if document.abstract else ():
            self._centered(bold(line), keep=True)
        if document.abstract:
            self._rule(
                self.file, sheet.title_rule(lines, own), own.text_width * sheet.POINTS, after=2 * own.gap
            )
        if document.authority:
            self._centered(bold(document.authority.upper()), before=0, after=10, keep=True)

    def annex(self, annex: Annex, label: str) -> None:
        section = self._new_section()
        self._page(section, is_turned=annex.landscape)
        width = sheet.LANDSCAPE_WIDTH if annex.landscape else sheet.TEXT_WIDTH
        lines = sheet.title_lines(annex.title.upper(), width=width)
        self._centered(bold(label), keep=True, level=1)
        for line in lines:
            self._centered(bold(line), keep=True)
        for line in sheet.note_lines(annex.note, width=width):
            self._centered(italic(line), keep=True)
        self._rule(self.file, sheet.title_rule(lines), width * sheet.POINTS, after=12)
        self.blocks(annex.body, width)
        if annex.body and isinstance(annex.body[-1], Table):
            self._shrink(self.file.paragraphs[-1])

    def _new_section(self) -> Any:
        section = self.file.add_section(WD_SECTION.NEW_PAGE)
        self._shrink(self.file.paragraphs[-1])  # it holds nothing but the break
        return section

    def _shrink(self, paragraph: Any) -> None:
        """Let an empty paragraph take no room, so that on a page full to its last points it begins no page of its own."""
        paragraph.paragraph_format.line_spacing = Pt(0.05)  # one twip, the least that a file can say
        mark = OxmlElement("w:rPr")
        paragraph._p.get_or_add_pPr().insert_element_before(mark, "w:sectPr", "w:pPrChange")
        for name in ("w:sz", "w:szCs"):
            size = OxmlElement(name)
            size.set(qn("w:val"), "2")
            mark.append(size)

    def _closing(self, recipients: tuple[str, ...], signature: Signature) -> None:
        table = self._grid(self.measures.signature, padded=False)
        self._keep_with_signature(table)
        left, right = self._row(table, 2)
        if recipients:
            self._cell_line(
                left,
                (Run("Nơi nhận:", bold=True, italic=True),),
                self.measures.recipients_head_size,
                Align.LEFT,
                before=12,
            )
        else:
            left.add_paragraph()
        for line in ended(recipients):
            self._cell_line(left, plain(f"- {line}"), self.measures.recipients_size, Align.LEFT)
        for index, line in enumerate(signature.lines):
            self._cell_line(right, bold(line.upper()), self.measures.body_size, before=0 if index else 12)
        self._cell_line(
            right, bold(signature.name), self.measures.body_size, before=self.measures.signing_space
        )

    def _copy_mark(self, mark: CopyMark) -> None:
        """Set what stands below a copied text, under a rule over the whole width, all on one page."""
        head, (left, right) = mark.letterhead, self.measures.letterhead
        self._shrink(self.file.add_paragraph())
        width = self.measures.text_width * sheet.POINTS
        self._rule(self.file, width, width, after=6)
        self.file.paragraphs[-1].paragraph_format.space_before = Pt(12)
        self.file.paragraphs[-1].paragraph_format.keep_with_next = True
        table = self._grid((left, right), padded=False)
        cells = self._row(table, 2)
        issuer = sheet.issuer_lines(head.issuer, self.measures)
        for line in issuer:
            self._cell_line(cells[0], bold(line), self.measures.nation_size)
        self._rule(cells[0], sheet.issuer_rule(issuer, self.measures), left * sheet.POINTS)
        self._cell_line(cells[1], bold(mark.title), self.measures.body_size)
        cells = self._row(table, 2)
        self._cell_line(cells[0], plain(sheet.number_line(head)), self.measures.number_size, before=6)
        day = sheet.place_and_date(head.place, head.dated, head.year)
        self._cell_line(cells[1], italic(day), self.measures.date_size, before=6)
        for element in table.iter(qn("w:p")):
            DocxParagraph(element, self.file).paragraph_format.keep_with_next = True
        self._shrink(self.file.add_paragraph())  # without it Word takes two tables for one
        self.file.paragraphs[-1].paragraph_format.keep_with_next = True
        self._closing(mark.recipients, mark.signature)

    def _keep_with_signature(self, table: Any) -> None:
        """Let the last lines above the signature go with it, so that it never stands alone on a page."""
        above = table.getprevious()
        last = []
        if above is not None and above.tag == qn("w:p"):
            last.append(above)
            if not "".join(above.itertext()):  # the room below a table
                above = above.getprevious()
        if above is not None and above.tag == qn("w:tbl"):
            last += above.findall(qn("w:tr"))[-1].iter(qn("w:p"))
        for element in last:
            DocxParagraph(element, self.file).paragraph_format.keep_with_next = True

    def blocks(self, blocks: tuple[Block, ...], width: float) -> None:
        charts = [block.chart for block in blocks if isinstance(block, Picture)]
        drawn = iter(write_pictures(charts, width))
        for block in blocks:
            match block:
                case Table():
                    self._table(block, width)
                case Picture():
                    self._picture(block, next(drawn), width)
                case Paragraph():
                    self._paragraph(block)

    def _picture(self, block: Picture, drawn: bytes, width: float) -> None:
        """Set a chart with its caption, both on the page of the table that follows."""
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(drawn), width=Mm(width))
        shape._inline.docPr.set("descr", _without_controls(block.alt))
        shape._inline.docPr.set("name", _without_controls(block.caption)[:255])
        caption = self.file.add_paragraph()
        caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.keep_with_next = block.goes_with_table or None
        caption.paragraph_format.space_after = Pt(4)
        self._runs(caption, italic(block.caption), self.measures.table_size)

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self.file.add_paragraph()
        shape = paragraph.paragraph_format
        shape.alignment = _ALIGN[block.align]
        shape.space_after = Pt(self.measures.gap)
        shape.line_spacing = sheet.LINE_SPACING
        if block.indent:
            shape.first_line_indent = Mm(self.measures.indent)
        if block.level is not None:
            self._outline(paragraph, block.level)
        self._runs(paragraph, block.line, self.measures.body_size)

    def _centered(
        self, line: Line, *, before: float = 0, after: float = 0, keep: bool = False, level: int | None = None
    ) -> None:
        paragraph = self.file.add_paragraph()
        shape = paragraph.paragraph_format
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.keep_with_next = keep
        if level is not None:
            self._outline(paragraph, level)
        self._runs(paragraph, line, self.measures.body_size)

    def _outline(self, paragraph: Any, level: int) -> None:
        paragraph.paragraph_format.keep_with_next = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        paragraph._p.get_or_add_pPr().append(outline)

    def _runs(self, paragraph: Any, line: Line, size: float) -> None:
        for run in line:
            written = paragraph.add_run(_without_controls(run.text))
            written.bold = run.bold or None
            written.italic = run.italic or None
            written.font.size = Pt(size)

    def _rule(self, place: Any, length: float, width: float, *, after: float = 0) -> None:
        """Draw a rule of a length in the middle of a width, both in points: the top border of an empty paragraph."""
        paragraph = place.add_paragraph()
        shape = paragraph.paragraph_format
        shape.left_indent = shape.right_indent = Pt(max((width - length) / 2, 0))
        shape.space_before, shape.space_after = Pt(2), Pt(after)
        shape.line_spacing = Pt(2)
        borders = OxmlElement("w:pBdr")
        line = OxmlElement("w:top")
        for key, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(
            borders,
            "w:shd",
            "w:tabs",
            "w:suppressAutoHyphens",
            "w:spacing",
            "w:ind",
            "w:jc",
            "w:outlineLvl",
            "w:rPr",
        )

    def _grid(self, widths: tuple[float, ...], *, padded: bool) -> Any:
        """Add an empty table of fixed column widths, in millimetres, without borders."""
        table = OxmlElement("w:tbl")
        properties = OxmlElement("w:tblPr")
        total = OxmlElement("w:tblW")
        total.set(qn("w:w"), str(round(sum(widths) * sheet.POINTS * 20)))
        total.set(qn("w:type"), "dxa")
        fixed = OxmlElement("w:tblLayout")
        fixed.set(qn("w:type"), "fixed")
        properties.append(total)
        if padded:
            # Word sets the text of the first cell on the margin; this brings the border there instead.
            indent = OxmlElement("w:tblInd")
            indent.set(qn("w:w"), "80")
            indent.set(qn("w:type"), "dxa")
            properties.append(indent)
            borders = OxmlElement("w:tblBorders")
            for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
                border = OxmlElement(f"w:{side}")
                for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
                    border.set(qn(f"w:{key}"), value)
                borders.append(border)
            properties.append(borders)
        properties.append(fixed)
        margins = OxmlElement("w:tblCellMar")
        for side, space in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80)):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), str(space if padded else 0))
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        properties.append(margins)
        table.append(properties)
        grid = OxmlElement("w:tblGrid")
        for width in widths:
            column = OxmlElement("w:gridCol")
            column.set(qn("w:w"), str(round(width * sheet.POINTS * 20)))
            grid.append(column)
        table.append(grid)
        self.file.element.body.insert_element_before(table, "w:sectPr")
        return table

    def _row(self, table: Any, cells: int) -> list[_CellPlace]:
        row = OxmlElement("w:tr")
        properties = OxmlElement("w:trPr")
        properties.append(OxmlElement("w:cantSplit"))
        row.append(properties)
        table.append(row)
        columns = [column.get(qn("w:w")) for column in table.find(qn("w:tblGrid"))]
        return [_CellPlace.in_row(self.file, row, columns[i]) for i in range(cells)]

    def _cell_line(
        self, cell: _CellPlace, line: Line, size: float, align: Align = Align.CENTER, *, before: float = 0
    ) -> None:
        paragraph = cell.add_paragraph()
        paragraph.paragraph_format.alignment = _ALIGN[align]
        paragraph.paragraph_format.space_before = Pt(before)
        self._runs(paragraph, line, size)

    def _table(self, block: Table, width: float) -> None:
        widths = tuple(width * share / sum(block.shares) for share in block.shares)
        table = self._grid(widths, padded=block.is_ruled)
        twips = [round(each * sheet.POINTS * 20) for each in widths]
        open_below: dict[int, tuple[int, int]] = {}  # first column -> (rows still to come, columns)
        for index, cells in enumerate((*block.head, *block.rows)):
            is_head = index < len(block.head)
            row = OxmlElement("w:tr")
            properties = OxmlElement("w:trPr")
            if (
                is_head
                or sum(len(run.text) for cell in cells for line in cell.lines for run in line) < _LONG_ROW
            ):
                properties.append(OxmlElement("w:cantSplit"))
            if is_head:
                properties.append(OxmlElement("w:tblHeader"))
            row.append(properties)
            table.append(row)
            column = 0
            pending = list(cells)
            while column < len(twips):
                if column in open_below:
                    rows, columns = open_below.pop(column)
                    _CellPlace.in_row(
                        self.file,
                        row,
                        str(sum(twips[column : column + columns])),
                        columns=columns,
                        merge="continue",
                    ).add_paragraph()
                    if rows > 1:
                        open_below[column] = (rows - 1, columns)
                    column += columns
                    continue
                cell = pending.pop(0) if pending else Cell(())
                width_of = sum(twips[column : column + cell.columns])
                size = self.measures.table_size if block.is_ruled else self.measures.body_size
                self._table_cell(row, cell, width_of, is_head=is_head, size=size)
                if cell.rows > 1:
                    open_below[column] = (cell.rows - 1, cell.columns)
                column += cell.columns
        if block.is_whole:
            for row in table.findall(qn("w:tr"))[:-1]:
                for element in row.iter(qn("w:p")):
                    DocxParagraph(element, self.file).paragraph_format.keep_with_next = True
        spacer = self.file.add_paragraph()
        spacer.paragraph_format.line_spacing = Pt(self.measures.gap)

    def _table_cell(self, row: Any, cell: Cell, width: int, *, is_head: bool, size: float) -> None:
        place = _CellPlace.in_row(
            self.file,
            row,
            str(width),
            columns=cell.columns,
            merge="restart" if cell.rows > 1 else None,
            middle=is_head,
        )
        for line in cell.lines or ((),):
            written = tuple(Run(run.text, bold=True, italic=run.italic) for run in line) if is_head else line
            self._cell_line(place, written, size, Align.CENTER if is_head else cell.align)


class _CellPlace:
    """A table cell being written."""

    def __init__(self, file: Any, element: Any) -> None:
        self.file = file
        self.element = element

    @classmethod
    def in_row(
        cls,
        file: Any,
        row: Any,
        width: str,
        *,
        columns: int = 1,
        merge: str | None = None,
        middle: bool = False,
    ) -> _CellPlace:
        element = OxmlElement("w:tc")
        properties = OxmlElement("w:tcPr")
        size = OxmlElement("w:tcW")
        size.set(qn("w:w"), width)
        size.set(qn("w:type"), "dxa")
        properties.append(size)
        if columns > 1:
            span = OxmlElement("w:gridSpan")
            span.set(qn("w:val"), str(columns))
            properties.append(span)
        if merge:
            mark = OxmlElement("w:vMerge")
            mark.set(qn("w:val"), merge)
            properties.append(mark)
        if middle:
            place = OxmlElement("w:vAlign")
            place.set(qn("w:val"), "center")
            properties.append(place)
        element.append(properties)
        row.append(element)
        return cls(file, element)

    def add_paragraph(self) -> Any:
        element = OxmlElement("w:p")
        self.element.append(element)
        return DocxParagraph(element, self.file._body)
