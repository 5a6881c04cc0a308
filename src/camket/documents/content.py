"""What a file really is, judged by its bytes: a name or a browser's word is not believed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from camket.paper.containers import (
    OLE_MARK,
    ZIP_MARK,
    OleFile,
    UnsafeContainer,
    is_zip_inside,
    ole_has_macros,
    open_zip,
    part_of,
    pdf_has_program,
    zip_has_macros,
)
from camket.paper.photos import MOST_PIXELS, pixels_of

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that may be stored and the endings that its names have."""

    content_type: str
    endings: tuple[str, ...]


_PDF = FileKind(PDF, (".pdf",))
_PNG = FileKind("image/png", (".png",))
_JPEG = FileKind("image/jpeg", (".jpg", ".jpeg"))
_WEBP = FileKind("image/webp", (".webp",))
_HEIC = FileKind("image/heic", (".heic", ".heif"))
_DOCX = FileKind(WORD, (".docx",))
_XLSX = FileKind(SHEET, (".xlsx",))
_PPTX = FileKind(SLIDES, (".pptx",))
_ODT = FileKind(OPEN_TEXT, (".odt",))
_ODS = FileKind(OPEN_SHEET, (".ods",))
_DOC = FileKind("application/msword", (".doc",))
_XLS = FileKind("application/vnd.ms-excel", (".xls",))
_CSV = FileKind("text/csv", (".csv",))
_TXT = FileKind("text/plain", (".txt",))
_JSON = FileKind("application/json", (".json",))

ALLOWED_ENDINGS = tuple(
    ending
    for kind in (
        _PDF,
        _DOCX,
        _XLSX,
        _PPTX,
        _ODT,
        _ODS,
        _DOC,
        _XLS,
        _PNG,
        _JPEG,
        _WEBP,
        _HEIC,
        _CSV,
        _TXT,
        _JSON,
    )  # fmt: skip
    for ending in kind.endings
)

_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{n}" for n in range(1, 10)),
    *(f"lpt{n}" for n in range(1, 10)),
}


class NotKept(Exception):
    """Bytes that are not kept; ``code`` says why.

    ``kind``: of no kind that is kept, or damaged. ``macros``: they bring a program. ``foreign``: they are two files at
    once. ``bomb``: they unpack beyond belief. ``pixels``: a picture larger than any camera takes.
    ``encrypted``: nobody can look into them.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(data: bytes, name: str) -> FileKind:
    """Return what kind of file the bytes are; raises NotKept where it is none that may be stored.

    The name only tells apart what the bytes cannot: plain text from a table of values or JSON, an old
    Word file from an old Excel file. Whatever runs on opening is not kept: macros, ActiveX, scripts of PDF.
    Files that are two kinds at once are not kept: each program would see another file. Nor is a picture that would fill
    the memory of whoever opens it.
    """
    try:
        kind = _kind(data, ending_of(name))
    except UnsafeContainer as error:
        raise NotKept("kind" if error.code == "damaged" else error.code) from None
    if kind is None:
        raise NotKept("kind")
    if (pixels_of(data, kind.content_type) or 0) > MOST_PIXELS:
        raise NotKept("pixels")
    return kind


def _kind(data: bytes, ending: str) -> FileKind | None:
    if data.startswith(ZIP_MARK):
        return _office(data)
    if data.startswith(OLE_MARK):
        return _old_office(data, ending)
    if is_zip_inside(data):
        raise NotKept("foreign")
    if data.startswith(b"%PDF-"):
        if pdf_has_program(data):
            raise NotKept("macros")
        return _PDF
    if b"%PDF-" in data[:_PDF_HEAD]:
        raise NotKept("foreign")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _PNG
    if data.startswith(b"\xff\xd8\xff"):
        return _JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _WEBP
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis"}:
        return _HEIC
    return _text(data, ending)


_PDF_HEAD = 1024
"""Readers of PDF look for its mark so far into a file, whatever stands before it."""


def _office(data: bytes) -> FileKind | None:
    with open_zip(data) as archive:
        if zip_has_macros(archive):
            raise NotKept("macros")
        names = set(archive.namelist())
        if "mimetype" in names:
            mimetype = part_of(archive, "mimetype", 200).decode("ascii", "replace").strip()
            return {OPEN_TEXT: _ODT, OPEN_SHEET: _ODS}.get(mimetype)
        if "[Content_Types].xml" not in names:
            return None
        for part, kind in (("word/", _DOCX), ("xl/", _XLSX), ("ppt/", _PPTX)):
            if any(each.startswith(part) for each in names):
                return kind
    return None


def _old_office(data: bytes, ending: str) -> FileKind | None:
    streams = OleFile(data).names()
    if "EncryptedPackage" in streams:
        raise NotKept("encrypted")
    if ole_has_macros(data):
        raise NotKept("macros")
    if ending == ".doc" and "WordDocument" in streams:
        return _DOC
    return _XLS if ending == ".xls" and streams & {"Workbook", "Book"} else None


def _text(data: bytes, ending: str) -> FileKind | None:
    kind = {".txt": _TXT, ".csv": _CSV, ".json": _JSON}.get(ending)
    if kind is None:
        return None
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1258")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else kind
    return None


def ending_of(name: str) -> str:
    """Return a name's ending with its point, in small letters; empty where it has none."""
    stem, point, ending = name.rpartition(".")
    return f".{ending.casefold()}" if point and stem else ""


def safe_name(name: str, kind: FileKind) -> str:
    """Return a name that is safe on any system and says what the file is.

    Folders, control and direction marks and characters that Windows refuses are taken out, names that
    Windows reserves are prefixed, and an ending that the bytes do not bear out is replaced.

    >>> safe_name("../../etc/Kết quả: quý I.pdf", FileKind("application/pdf", (".pdf",)))
    'Kết quả_ quý I.pdf'
    >>> safe_name("hoa-don.pdf.exe", FileKind("application/pdf", (".pdf",)))
    'hoa-don.pdf.pdf'
    >>> safe_name("CON", FileKind("text/plain", (".txt",)))
    '_CON.txt'
    """
    name = unicodedata.normalize("NFC", name)
    name = "".join(char for char in name if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r'[<>:"|?*]', "_", name)
    name = " ".join(name.split()).strip(". ")
    ending = ending_of(name)
    if ending in kind.endings:
        stem = name[: -len(ending)]
    else:
        is_ending = 1 < len(ending) <= 6 and ending[1:].isalpha()  # "Báo cáo 6.2026" has none
        stem, ending = (name[: -len(ending)] if is_ending else name), kind.endings[0]
    stem = stem.strip(". ") or "tep"
    if stem.split(".")[0].casefold() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem[: 200 - len(ending)]}{ending}"
