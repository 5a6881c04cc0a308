"""What a file is taken for, and under which name it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.documents.content import ALLOWED_ENDINGS, FileKind, NotKept, ending_of, kind_of, safe_name
from paper import containers_made
from paper.containers_made import biff, changed, ole, packed, pdf, word

PDF = FileKind("application/pdf", (".pdf",))
TXT = FileKind("text/plain", (".txt",))


def archive(*names: str, mimetype: str = "") -> bytes:
    first = {"mimetype": mimetype} if mimetype else {}
    return containers_made.archive({**first, **dict.fromkeys(names, "x")})


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
        ("old Word", ole({"WordDocument": b"x"}), "a.doc", "application/msword"),
        ("old Excel", ole({"Workbook": biff({})}), "a.xls", "application/vnd.ms-excel"),
        ("invoice with its data", pdf(b"<</Names<</EmbeddedFiles 2 0 R>>>>"), "a.pdf", "application/pdf"),
        ("text", "Kết quả\n".encode(), "a.txt", "text/plain"),
        ("text of old Windows", "K\xe9t".encode("cp1258"), "a.txt", "text/plain"),
        ("text in UTF-16", "Kết quả".encode("utf-16"), "a.txt", "text/plain"),
        ("values", b"a;b\n1;2\n", "a.csv", "text/csv"),
        ("JSON", b"{}", "a.json", "application/json"),
    ],
)  # fmt: skip
def test_kept(_case: str, data: bytes, name: str, content_type: str) -> None:
    kind = kind_of(data, name)
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
        ("plain archive", archive("a.txt"), "a.zip"),
        ("broken archive", b"PK\x03\x04broken", "a.docx"),
        ("office file of no kind", archive("[Content_Types].xml", "other/x.xml"), "a.docx"),
        ("unknown OpenDocument", archive("content.xml", mimetype="application/x-evil"), "a.odt"),
        ("old Office of no kind", ole({"Word": b"x"}), "a.msi"),
        ("old Excel named Word", ole({"Workbook": biff({})}), "a.doc"),
        ("old Office cut short", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "a.doc"),
        ("other RIFF", b"RIFF\x00\x00\x00\x00WAVE", "a.webp"),
        ("text without an ending", b"abc", "abc"),
        ("broken UTF-16", b"\xff\xfe\x00\xd8\x00", "a.txt"),
    ],
)
def test_not_kept(_case: str, data: bytes, name: str) -> None:
    assert why_not(data, name) == "kind"


def why_not(data: bytes, name: str) -> str:
    with pytest.raises(NotKept) as refusal:
        kind_of(data, name)
    return refusal.value.code


ODT = "application/vnd.oasis.opendocument.text"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 200
MACROS = {
    "[Content_Types].xml": b'<x ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>',
    "xl/workbook.xml": b"<x/>",
}


@pytest.mark.parametrize(
    ("_case", "data", "name", "why"),
    [
        ("macros of Word", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx", "macros"),
        ("Excel with macros, renamed", containers_made.archive(MACROS), "a.xlsx", "macros"),
        ("slides with macros", archive("[Content_Types].xml", "ppt/presentation.xml", "ppt/vbaProject.bin"), "a.pptx", "macros"),
        ("macros of OpenDocument", archive("Basic/Standard/M.xml", mimetype=ODT), "a.odt", "macros"),
        ("macros of old Word", ole({"WordDocument": b"x"}, ["Macros", "VBA"]), "a.doc", "macros"),
        ("macros of old Excel", ole({"Workbook": biff({})}, ["_VBA_PROJECT_CUR"]), "a.xls", "macros"),
        ("macros of Excel 4.0", ole({"Workbook": biff({}, sheet_kind=1)}), "a.xls", "macros"),
        ("script in PDF", pdf(b"<</OpenAction<</S/JavaScript/JS(x)>>>>"), "a.pdf", "macros"),
        ("script in packed PDF", pdf(b"<<>>", packed(b"1 0 <</S/JavaScript>>", b"/Type/ObjStm")), "a.pdf", "macros"),
        ("PDF that starts a program", pdf(b"<</OpenAction<</S/Launch/F(a.exe)>>>>"), "a.pdf", "macros"),
        ("picture and archive", JPEG + word(), "a.jpg", "foreign"),
        ("GIF and archive of Java", b"GIF89a" + word(), "a.docx", "foreign"),
        ("PDF and archive", pdf(b"<<>>") + word(), "a.pdf", "foreign"),
        ("picture and PDF", JPEG + pdf(b"<<>>"), "a.jpg", "foreign"),
        ("PDF after something else", b"GIF89a" + pdf(b"<<>>"), "a.pdf", "foreign"),
        ("text and PDF", b"a;b\n" + pdf(b"<<>>"), "a.csv", "foreign"),
        ("archive with more behind it", word() + b"x", "a.docx", "foreign"),
        ("archive that leads out", changed(word(), {"../x": b"x"}), "a.docx", "foreign"),
        ("bomb", changed(word(), {"word/media/a.bin": b"\0" * 11_000_000}), "a.docx", "bomb"),
        ("locked", ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "a.docx", "encrypted"),
    ],
)  # fmt: skip
def test_hostile_files_are_not_kept(_case: str, data: bytes, name: str, why: str) -> None:
    assert why_not(data, name) == why


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


MARKS = (b"", b"%PDF-1.4", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xd8\xff", b"\xff\xfe")


@settings(deadline=None)
@given(
    st.sampled_from(MARKS),
    st.binary(max_size=1200),
    st.sampled_from(["a.docx", "a.doc", "a.xls", "a.txt", "a.pdf", "a.csv", "a"]),
)
def test_any_bytes_are_judged(mark: bytes, data: bytes, name: str) -> None:
    try:
        code = ""
        endings = kind_of(mark + data, name).endings
    except NotKept as refusal:
        code, endings = refusal.code, ()
    assert endings or code in {"kind", "macros", "foreign", "bomb", "encrypted"}
