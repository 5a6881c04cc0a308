"""What a file is taken for, and under which name it is kept."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.documents.content import ALLOWED_ENDINGS, FileKind, ending_of, safe_name, sniff

PDF = FileKind("application/pdf", (".pdf",))
TXT = FileKind("text/plain", (".txt",))


def archive(*names: str, mimetype: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("_case", "data", "name", "content_type"),
    [
        ("PDF", b"%PDF-1.7\n", "a.pdf", "application/pdf"),
        ("PDF under another name", b"%PDF-1.7\n", "a.docx", "application/pdf"),
        ("PNG", b"\x89PNG\r\n\x1a\n\x00", "a.png", "image/png"),
        ("JPEG", b"\xff\xd8\xff\xe0\x00", "a.jpg", "image/jpeg"),
        ("WebP", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"),
        ("photo of a phone", b"\x00\x00\x00\x18ftypheic\x00", "a.heic", "image/heic"),
        (
            "Word", archive("[Content_Types].xml", "word/document.xml"), "a.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "Excel", archive("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            "slides", archive("[Content_Types].xml", "ppt/presentation.xml"), "a.pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (
            "OpenDocument", archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "a.odt",
            "application/vnd.oasis.opendocument.text",
        ),
        ("old Word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "a.doc", "application/msword"),
        ("text", "Kết quả\n".encode(), "a.txt", "text/plain"),
        ("text of old Windows", "K\xe9t".encode("cp1258"), "a.txt", "text/plain"),
        ("text in UTF-16", "Kết quả".encode("utf-16"), "a.txt", "text/plain"),
        ("values", b"a;b\n1;2\n", "a.csv", "text/csv"),
        ("JSON", b"{}", "a.json", "application/json"),
    ],
)  # fmt: skip
def test_kept(_case: str, data: bytes, name: str, content_type: str) -> None:
    kind = sniff(data, name)
    assert kind is not None
    assert kind.content_type == content_type
    assert set(kind.endings) <= set(ALLOWED_ENDINGS)


@pytest.mark.parametrize(
    ("_case", "data", "name"),
    [
        ("program", b"MZ\x90\x00", "a.exe"),
        ("program named PDF", b"MZ\x90\x00", "a.pdf"),
        ("page", b"<html><script>", "a.html"),
        ("picture with script", b"<svg onload=alert(1)>", "a.svg"),
        ("page named text, by its zero bytes", b"a\x00b", "a.txt"),
        ("macros", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx"),
        ("plain archive", archive("a.txt"), "a.zip"),
        ("broken archive", b"PK\x03\x04broken", "a.docx"),
        ("office file of no kind", archive("[Content_Types].xml", "other/x.xml"), "a.docx"),
        ("unknown OpenDocument", archive("content.xml", mimetype="application/x-evil"), "a.odt"),
        ("old Office of no kind", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "a.msi"),
        ("other RIFF", b"RIFF\x00\x00\x00\x00WAVE", "a.webp"),
        ("text without an ending", b"abc", "abc"),
        ("broken UTF-16", b"\xff\xfe\x00\xd8\x00", "a.txt"),
    ],
)
def test_not_kept(_case: str, data: bytes, name: str) -> None:
    assert sniff(data, name) is None


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("Báo cáo quý I.pdf", PDF, "Báo cáo quý I.pdf"),
        ("../../../etc/passwd", PDF, "passwd.pdf"),
        ("C:\\Users\\an\\Báo cáo.PDF", PDF, "Báo cáo.pdf"),
        ("a\r\nSet-Cookie: x.pdf", PDF, "aSet-Cookie_ x.pdf"),
        ("bao\u202ecao.fdp.pdf", PDF, "baocao.fdp.pdf"),
        ("  .. hidden .pdf", PDF, "hidden.pdf"),
        ("", TXT, "tep.txt"),
        (".htaccess", TXT, "htaccess.txt"),
        ("nul.txt", TXT, "_nul.txt"),
        ("virus.pdf.exe", PDF, "virus.pdf.pdf"),
        ("Bao cao so 12.2026", PDF, "Bao cao so 12.2026.pdf"),
    ],
)
def test_names(name: str, kind: FileKind, kept: str) -> None:
    assert safe_name(name, kind) == kept


@given(st.text(max_size=400), st.sampled_from([PDF, TXT]))
def test_any_name_becomes_safe(name: str, kind: FileKind) -> None:
    kept = safe_name(name, kind)
    assert 0 < len(kept) <= 210
    assert ending_of(kept) in kind.endings
    assert not set('/\\<>:"|?*\r\n\x00\u202e') & set(kept)
    assert not kept.startswith(".")
    assert safe_name(kept, kind) == kept


@given(st.binary(max_size=200), st.sampled_from(["a.docx", "a.txt", "a.pdf", "a.csv", "a"]))
def test_any_bytes_are_judged(data: bytes, name: str) -> None:
    kind = sniff(data, name)
    assert kind is None or kind.endings
