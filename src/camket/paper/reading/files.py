"""From bytes to raw blocks: what kind of file it is by its content, and whether it may be opened."""

from __future__ import annotations

import zipfile
import zlib
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from camket.paper.containers import UnsafeContainer, is_zip_inside, open_zip, part_of, zip_has_macros
from camket.paper.reading import docx, ocr, odt, pdf_process, plaintext, problems
from camket.paper.reading.blocks import RawTable, Source

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS = {"docx": "DOCX", "odt": "ODT", "pdf": "PDF"}
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 27}


def read_source(data: bytes, name: str) -> Source:
    """Return the raw blocks of a file.

    Raises UnreadableDocument; its code says why.
    """
    if len(data) > problems.MAX_BYTES:
        raise problems.too_large(name, len(data))
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise problems.empty(name)
    source = _read(data, name)
    if not any(_has_text(block) for block in source.blocks):
        raise problems.no_text(name)
    if sum(_length(block) for block in source.blocks) > problems.MAX_CHARACTERS:
        raise problems.too_much_text(name)
    return source


def _has_text(block: object) -> bool:
    if isinstance(block, RawTable):
        return any(cell.text for row in block.rows for cell in row.cells)
    return bool(getattr(block, "text", ""))


def _length(block: object) -> int:
    if isinstance(block, RawTable):
        return sum(len(cell.text) for row in block.rows for cell in row.cells)
    return len(getattr(block, "text", ""))


def _read(data: bytes, name: str) -> Source:
    if b"%PDF-" in data[:1024]:
        if is_zip_inside(data):
            raise problems.foreign(name)
        return pdf_process.read(data, name, recognise=ocr.is_installed())
    if data.startswith(b"PK"):
        return _office(data, name)
    if data.startswith(_OLE):
        # A locked .docx is an OLE file too; it names its parts in UTF-16.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise problems.encrypted(name)
        if "WordDocument".encode("utf-16-le") in data:
            raise problems.old_doc(name)
        raise problems.unknown_format(name)
    head = data[:512].lstrip().lower()
    if head.startswith(
        (b"{\\rtf", b"<!doctype html", b"<html", b"<?xml", b"\x89png", b"\xff\xd8\xff", b"gif8")
    ):
        raise problems.unknown_format(name)
    if _is_binary(data):
        raise problems.old_doc(name) if name.lower().endswith(".doc") else problems.unknown_format(name)
    if len(data) > 3 * problems.MAX_CHARACTERS:  # a letter with its marks takes up to three bytes
        raise problems.too_much_text(name)
    if kind := _KINDS.get(name.lower().rpartition(".")[2]):
        # Text under a name that promises more: a download cut short, or a page saved under a wrong name.
        raise problems.damaged(name, kind)
    return plaintext.read(data)


def _is_binary(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    sample = data[:4096]
    return sum(byte in _CONTROL for byte in sample) * 100 > len(sample)


def _office(data: bytes, name: str) -> Source:
    try:
        with open_zip(data) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                _check(archive, "word/document.xml", name)
                return docx.read(archive)
            if "content.xml" in names:
                kind = part_of(archive, "mimetype", 200) if "mimetype" in names else b""
                if "META-INF/manifest.xml" in names and b"encryption" in (
                    part_of(archive, "META-INF/manifest.xml", 10_000_000)
                ):
                    raise problems.encrypted(name)
                if kind and b"opendocument.text" not in kind:
                    raise problems.unknown_format(name)
                _check(archive, "content.xml", name)
                return odt.read(archive)
    except problems.UnreadableDocument:
        raise
    except UnsafeContainer as error:
        refuse = {"bomb": problems.bomb, "encrypted": problems.encrypted, "foreign": problems.foreign}
        if error.code in refuse:
            raise refuse[error.code](name) from None
        raise problems.damaged(name, _promised(name)) from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        DefusedXmlException,
        LookupError,
        ValueError,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        RecursionError,
    ):
        raise problems.damaged(name, _promised(name)) from None
    raise problems.unknown_format(name)


def _promised(name: str) -> str:
    return "ODT" if name.lower().endswith(".odt") else "DOCX"


def _check(archive: zipfile.ZipFile, body: str, name: str) -> None:
    """Refuse a document with programs in it, or with more XML than an honest one has."""
    if zip_has_macros(archive):
        raise problems.macros(name)
    parsed = (body, "word/styles.xml", "word/numbering.xml", "styles.xml")
    present = set(archive.namelist())
    if any(part_of(archive, part).count(b"<") > problems.MAX_TAGS for part in parsed if part in present):
        raise problems.bomb(name)
