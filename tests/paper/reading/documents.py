"""Builds sample decisions of invented agencies as Word files, in the shapes that offices use."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table

Row = Sequence[str | None]
"""A row of a table; None continues the cell at its left, ``"^"`` the cell above."""


@dataclass
class Paper:
    """A Word document being written."""

    document: docx.document.Document = field(default_factory=docx.Document)

    def line(
        self, text: str, *, bold: bool = False, centered: bool = False, style: str | None = None
    ) -> Paper:
        paragraph = self.document.add_paragraph(style=style)
        paragraph.add_run(text).bold = bold
        if centered:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        return self

    def lines(self, text: str) -> Paper:
        for line in text.strip().split("\n"):
            self.line(line.strip())
        return self

    def title(self, *texts: str) -> Paper:
        for text in texts:
            self.line(text, bold=True, centered=True)
        return self

    def table(self, rows: Sequence[Row], *, numbered: bool = False) -> Table:
        width = max(len(row) for row in rows)
        table = self.document.add_table(rows=len(rows), cols=width)
        table.style = "Table Grid"
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text is not None and text != "^":
                    cell = table.cell(r, c)
                    parts = text.split("\n")
                    cell.text = parts[0]
                    for part in parts[1:]:
                        cell.add_paragraph(part)
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text is None and (c == 0 or row[c - 1] is not None):
                    end = c
                    while end + 1 < len(row) and row[end + 1] is None:
                        end += 1
                    table.cell(r, c - 1).merge(table.cell(r, end))
        for c in range(width):
            r = 0
            while r < len(rows):
                end = r
                while end + 1 < len(rows) and c < len(rows[end + 1]) and rows[end + 1][c] == "^":
                    end += 1
                if end > r:
                    table.cell(r, c).merge(table.cell(end, c))
                r = end + 1
        return table

    def letterhead(self, superior: str, body: str, number: str, dated: str) -> Paper:
        self.table(
            [
                [
                    f"{superior}\n{body}" if superior else body,
                    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
                ],
                [f"Số: {number}", dated],
            ]
        )
        return self

    def signature(self, *lines: str, recipients: str = "- Như Điều 3;\n- Lưu: VT.") -> Paper:
        self.table([[f"Nơi nhận:\n{recipients}", "\n".join(lines)]])
        return self

    def data(self) -> bytes:
        buffer = io.BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()


def decision(
    *,
    superior: str = "",
    body: str = "ỦY BAN NHÂN DÂN\nXÃ AN LẠC ĐÔNG",
    number: str = "37/QĐ-UBND",
    dated: str = "An Lạc Đông, ngày 15 tháng 01 năm 2025",
    title: str = "Về việc ban hành Mục tiêu chất lượng năm 2025 của Ủy ban nhân dân xã An Lạc Đông",
    article: str = "Điều 1. Ban hành kèm theo Quyết định này Mục tiêu chất lượng năm 2025.",
    signed: Sequence[str] = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "Lò Thị Hạnh"),
    more: Sequence[str] = (),
) -> Paper:
    """Return a decision up to its signature; what is annexed follows."""
    paper = Paper().letterhead(superior, body, number, dated)
    paper.title("QUYẾT ĐỊNH", title)
    paper.line("Căn cứ Luật Tổ chức chính quyền địa phương;")
    paper.line("Theo đề nghị của Văn phòng.")
    paper.title("QUYẾT ĐỊNH:")
    paper.line(article)
    for text in more:
        paper.line(text)
    paper.line("Điều 3. Các bộ phận liên quan chịu trách nhiệm thi hành Quyết định này./.")
    paper.signature(*signed)
    return paper
