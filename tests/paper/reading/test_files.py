"""Files as they come: refused clearly, or read whatever their format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest

from camket.core.plan import Level
from camket.paper.reading import UnreadableDocument, ocr, problems, read_document
from paper.reading.documents import decision


def refusal(data: bytes, name: str = "quyet-dinh.docx") -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(data, name)
    assert name in str(caught.value.message)
    return caught.value


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part)))
    return buffer.getvalue()


def sample() -> bytes:
    return decision(more=["1. 98% hồ sơ đúng hạn.", "2. Trên 90% người dân hài lòng."]).data()


class TestRefused:
    @pytest.mark.parametrize("data", [b"", b"  \r\n\t ", b"\xef\xbb\xbf\n"])
    def test_empty(self, data: bytes) -> None:
        assert refusal(data, "trong.txt").code == "empty"

    def test_too_large(self) -> None:
        assert refusal(b"%PDF-" + b"0" * problems.MAX_BYTES, "to.pdf").code == "too_large"

    def test_a_document_without_text(self) -> None:
        buffer = io.BytesIO()
        docx.Document().save(buffer)
        assert refusal(buffer.getvalue()).code == "no_text"

    def test_a_zip_that_unpacks_to_too_much(self) -> None:
        bomb = repacked(
            sample(), lambda part, data: data + b" " * 60_000_000 if part == "word/document.xml" else data
        )
        assert len(bomb) < 1_000_000
        assert refusal(bomb).code == "bomb"

    def test_entities_that_multiply(self) -> None:
        bomb = b'<!DOCTYPE w [<!ENTITY a "hahahaha"><!ENTITY b "&a;&a;&a;">]>'
        changed = repacked(
            sample(),
            lambda part, data: data.replace(b"?>", b"?>" + bomb, 1) if part == "word/document.xml" else data,
        )
        assert refusal(changed).code == "damaged"

    def test_damaged_word_file(self) -> None:
        assert refusal(sample()[:-2000]).code == "damaged"
        cut = repacked(sample(), lambda part, data: data[:-40] if part == "word/document.xml" else data)
        assert refusal(cut).code == "damaged"

    @pytest.mark.parametrize("name", ["quyet-dinh.docx", "quyet-dinh.PDF", "quyet-dinh.odt"])
    def test_text_under_the_name_of_a_document(self, name: str) -> None:
        assert refusal("Không phải tệp Word".encode(), name).code == "damaged"

    def test_a_pdf_whose_pages_cannot_be_listed(self) -> None:
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 /x 842]>>",
        ]
        body, places = b"%PDF-1.4\n", []
        for number, content in enumerate(objects, start=1):
            places.append(len(body))
            body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        end = b"xref\n0 4\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 4>>\nstartxref\n%d\n%%%%EOF"
        assert refusal(body + end % (table, len(body)), "hong.pdf").code == "damaged"

    def test_damaged_pdf(self) -> None:
        assert refusal(b"%PDF-1.7\nkhong phai PDF", "hong.pdf").code == "damaged"

    def test_locked_files(self) -> None:
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
        assert refusal(ole).code == "encrypted"
        data = bytearray(sample())
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(mark) + at] |= 1
        assert refusal(bytes(data)).code == "encrypted"

    def test_word_before_2007(self) -> None:
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "WordDocument".encode("utf-16-le")
        caught = refusal(ole, "cu.doc")
        assert caught.code == "old_doc"
        assert ".docx" in str(caught.message)

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (rb"{\rtf1\ansi Quyet dinh}", "a.rtf"),
            (b"<html><body>Quyet dinh</body></html>", "a.html"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "a.png"),
            (bytes(range(256)) * 20, "a.bin"),
        ],
    )
    def test_other_formats(self, data: bytes, name: str) -> None:
        caught = refusal(data, name)
        assert caught.code == "unknown_format"
        assert "DOCX, PDF, ODT, TXT" in str(caught.message)

    def test_other_office_files(self) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
        assert refusal(buffer.getvalue(), "bang.xlsx").code == "unknown_format"


class TestScans:
    def scan(self) -> bytes:
        from PIL import Image, ImageDraw, ImageFont

        page = Image.new("L", (1654, 2339), 255)
        draw = ImageDraw.Draw(page)
        font = ImageFont.load_default(size=38)
        for i, line in enumerate(
            ("QUYET DINH", "Dieu 1. Ban hanh", "1. 98% ho so dung han", "2. 90% hai long")
        ):
            draw.text((260, 300 + 90 * i), line, fill=0, font=font)
        buffer = io.BytesIO()
        page.save(buffer, "PDF", resolution=200)
        return buffer.getvalue()

    def test_a_scan_is_refused_without_text_recognition(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "is_installed", lambda: False)
        assert refusal(self.scan(), "scan.pdf").code == "image_only"

    @pytest.mark.skipif(not ocr.is_installed(), reason="tesseract with Vietnamese is not installed")
    def test_a_scan_is_recognised_with_a_warning_and_less_confidence(self) -> None:
        reading = read_document(self.scan(), "scan.pdf")
        assert any("98%" in block.text for block in reading.blocks)
        assert any("recognised" in str(warning.message) for warning in reading.warnings)
        assert all(value <= 0.7 for value in reading.confidence.values())


class TestFormats:
    def test_the_content_decides_not_the_name(self) -> None:
        assert read_document(sample(), "anh.png").plan.agency.name == "UBND xã An Lạc Đông"

    def test_open_document_text(self) -> None:
        from odf import style, table, text
        from odf.opendocument import OpenDocumentText

        document = OpenDocumentText()
        bold = style.Style(name="Dam", family="paragraph")
        bold.addElement(style.TextProperties(fontweight="bold"))
        bold.addElement(style.ParagraphProperties(textalign="center"))
        document.automaticstyles.addElement(bold)
        for line in (
            "ỦY BAN NHÂN DÂN XÃ BẢN CHANG",
            "Số: 05/QĐ-UBND",
            "Bản Chang, ngày 02 tháng 01 năm 2025",
        ):
            document.text.addElement(text.P(text=line))
        for line in ("QUYẾT ĐỊNH", "Ban hành Mục tiêu chất lượng năm 2025"):
            document.text.addElement(text.P(stylename=bold, text=line))
        document.text.addElement(text.P(text="Điều 1. Ban hành kèm theo Mục tiêu chất lượng năm 2025."))
        document.text.addElement(text.P(stylename=bold, text="MỤC TIÊU CHẤT LƯỢNG NĂM 2025"))
        grid = table.Table()
        rows = (
            ("STT", "Mục tiêu", "Chỉ tiêu", "Biện pháp"),
            ("1", "Hồ sơ đúng hạn", "≥ 98%", "Rà soát"),
            (None, None, None, "Đôn đốc"),
        )
        for row in rows:
            line = table.TableRow()
            for i, words in enumerate(row):
                if words is None:
                    line.addElement(table.CoveredTableCell())
                    continue
                spanned = {"numberrowsspanned": 2} if row[0] == "1" and i < 3 else {}
                cell = table.TableCell(**spanned)
                cell.addElement(text.P(text=words))
                line.addElement(cell)
            grid.addElement(line)
        document.text.addElement(grid)
        buffer = io.BytesIO()
        document.save(buffer)
        plan = read_document(buffer.getvalue(), "quyet-dinh.odt").plan
        assert (plan.agency.name, plan.agency.level) == ("UBND xã Bản Chang", Level.COMMUNE)
        assert plan.decision is not None
        assert plan.decision.number == "05/QĐ-UBND"
        assert [action.text for action in plan.objectives[0].actions] == ["Rà soát", "Đôn đốc"]
        assert [str(target.value) for target in plan.objectives[0].targets] == ["98"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_plain_text(self, encoding: str) -> None:
        written = (
            "ỦY BAN NHÂN DÂN\nXÃ BẢN CHANG\n\nSố: 05/QĐ-UBND\n\nBản Chang, ngày 02 tháng 01 năm 2025\n\n**QUYẾT ĐỊNH**\n\n"
            "**Ban hành Mục tiêu chất lượng năm 2025**\n\nĐiều 1. Ban hành Mục tiêu chất lượng năm 2025.\n\n"
            "**MỤC TIÊU CHẤT LƯỢNG NĂM 2025**\n\nSTT\tMục tiêu\tChỉ tiêu\tBiện pháp\tThời gian\n"
            "1\tHồ sơ giải quyết\tTối thiểu 98%\t- Rà soát;<br>- Đôn đốc.\tQuý I/2025\n\n"
            "\tđúng hạn\t\t\t\n2\tHài lòng\t90%\tKhảo sát ý kiến\tThường xuyên\n"
        )
        plan = read_document(written.encode(encoding), "quyet-dinh.txt").plan
        assert plan.agency.name == "UBND xã Bản Chang"
        assert [objective.text for objective in plan.objectives] == ["Hồ sơ giải quyết đúng hạn", "Hài lòng"]
        assert [action.text for action in plan.objectives[0].actions] == ["Rà soát;", "Đôn đốc."]

    def test_markdown_tables(self) -> None:
        written = (
            "# QUYẾT ĐỊNH\n\nBan hành Mục tiêu chất lượng năm 2025 của UBND xã Bản Chang\n\n## MỤC TIÊU CHẤT LƯỢNG NĂM 2025\n\n"
            "| STT | Mục tiêu | Chỉ tiêu |\n|---|---|---|\n| 1 | Hồ sơ đúng hạn | ≥ 98% |\n| 2 | Hài lòng | **90%** |\n"
        )
        plan = read_document(written.encode(), "quyet-dinh.md").plan
        assert [str(objective.targets[0].value) for objective in plan.objectives] == ["98", "90"]

    def test_old_fonts_are_decoded_and_warned_of(self) -> None:
        document = docx.Document()
        for words in ("Môc tiªu chÊt l­îng n¨m 2025", "1. 98% hå s¬ ®óng h¹n.", "2. 90% ng­êi d©n hµi lßng."):
            run = document.add_paragraph().add_run(words)
            run.font.name = ".VnTime"
        buffer = io.BytesIO()
        document.save(buffer)
        reading = read_document(buffer.getvalue(), "cu.docx")
        assert [objective.text for objective in reading.plan.objectives] == [
            "98% hồ sơ đúng hạn.",
            "90% người dân hài lòng.",
        ]
        assert any("TCVN3" in str(warning.message) for warning in reading.warnings)

    def test_deleted_text_and_footnotes_are_left_out(self) -> None:
        data = decision(more=["1. 98% hồ sơ đúng hạn.", "2. 90% hài lòng."]).data()

        def revise(part: str, data: bytes) -> bytes:
            deleted = b'<w:del w:id="1"><w:r><w:delText>99% </w:delText></w:r></w:del>'
            mark = b'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r></w:p>'
            if part != "word/document.xml":
                return data
            at = data.index("98% hồ sơ".encode())
            start = data.rindex(b"<w:r>", 0, at)
            end = data.index(b"</w:p>", at)
            return data[:start] + deleted + data[start:end] + mark + data[end + 6 :]

        plan = read_document(repacked(data, revise), "quyet-dinh.docx").plan
        assert plan.objectives[0].text == "98% hồ sơ đúng hạn."


def test_more_text_than_any_decision_has_is_refused_at_once() -> None:
    for data in (b"9" * 1_000_001, b"(" * 4_000_000, "đạt 95% ".encode() * 200_000):
        with pytest.raises(UnreadableDocument) as refused:
            read_document(data, "dai.txt")
        assert refused.value.code == "too_long"
