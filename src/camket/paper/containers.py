"""What an uploaded file may hide: bombs, programs, a second file (ZIP of DOCX, XLSX, ODT; OLE of DOC, XLS; PDF).

One place for the rule, used wherever a file from outside is opened: kept as evidence, read as a decision,
read as a spreadsheet. Nothing here believes a name or a figure that the file gives about itself.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

MAX_ENTRIES = 5_000
"""A decision with a picture on each of 300 pages has some hundred parts."""
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
"""A large part that shrinks more than this is refused; honest XML shrinks 10 to 30 times."""
_LARGE = 10 * 1024 * 1024
_LONGEST_COMMENT = 256

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MACRO_PARTS = re.compile(
    r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml|attachedtoolbars\.bin|macrosheets/|activex/)|^(?:basic|scripts)/.",
    re.IGNORECASE,
)
_MACRO_TYPES = re.compile(rb"macroenabled|vnd\.ms-office\.vbaproject|ms-excel\.macrosheet", re.IGNORECASE)
_EMBEDDED = re.compile(r"(?:^|/)(?:embeddings/|object[^/]*)", re.IGNORECASE)
_PROGRAM = re.compile(
    rb"\.(?:exe|dll|scr|com|bat|cmd|js|jse|vbs|vbe|wsf|hta|lnk|ps1|msi|jar)\x00", re.IGNORECASE
)
_FAR_TEMPLATE = re.compile(
    rb"<[^<>]*attachedTemplate[^<>]*\bTarget\s*=\s*[\"']\s*https?:[^<>]*>"
    rb"|<[^<>]*\bTarget\s*=\s*[\"']\s*https?:[^<>]*attachedTemplate[^<>]*>",
    re.IGNORECASE,
)
_VBA_STORAGES = frozenset({"vba", "_vba_project", "_vba_project_cur", "macros", "vba project"})


class UnsafeContainer(Exception):
    """A container that is not opened; ``code`` is ``bomb``, ``encrypted``, ``foreign`` or ``damaged``.

    ``foreign``: something else stands before, behind or twice in the file, so that two programs
    would see two different files in it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def open_zip(data: bytes, unpacked: int | None = None) -> zipfile.ZipFile:
    """Return the archive that the bytes are, once it is known that opening it is safe.

    Refused are: parts behind a password, more parts or more unpacked bytes (``unpacked``) than an honest office file has,
    parts that overlap or shrink beyond belief, names with ways out of the archive or given twice,
    and bytes before the first part or after the end. Raises UnsafeContainer.
    """
    if not data.startswith(ZIP_MARK):
        raise UnsafeContainer("foreign" if zipfile.is_zipfile(io.BytesIO(data)) else "damaged")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, struct.error):
        raise UnsafeContainer("damaged") from None
    try:
        _check(archive, data, MAX_UNPACKED if unpacked is None else unpacked)
    except UnsafeContainer:
        archive.close()
        raise
    return archive


def _check(archive: zipfile.ZipFile, data: bytes, unpacked: int) -> None:
    parts = archive.infolist()
    if not parts:
        raise UnsafeContainer("damaged")
    if len(parts) > MAX_ENTRIES:
        raise UnsafeContainer("bomb")
    end = data.rfind(b"PK\x05\x06")
    if len(archive.comment) > _LONGEST_COMMENT or end + 22 + len(archive.comment) != len(data):
        raise UnsafeContainer("foreign")
    if min(part.header_offset for part in parts) != 0:
        raise UnsafeContainer("foreign")
    whole = packed = 0
    seen: set[str] = set()
    for part in parts:
        if part.flag_bits & 1:
            raise UnsafeContainer("encrypted")
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise UnsafeContainer("damaged")
        name = part.filename.replace("\\", "/").casefold()
        if name in seen or name.startswith("/") or ".." in name.split("/"):
            raise UnsafeContainer("foreign")
        seen.add(name)
        whole += part.file_size
        packed += part.compress_size
        too_thin = part.file_size > _LARGE and part.file_size > MAX_RATIO * max(1, part.compress_size)
        if too_thin or whole > unpacked or packed > len(data):
            raise UnsafeContainer("bomb")


def part_of(archive: zipfile.ZipFile, name: str, limit: int = MAX_UNPACKED) -> bytes:
    """Return a part's bytes; raises UnsafeContainer where it is damaged, absent or longer than ``limit``.

    No more is unpacked than the part says it has, whatever its packed bytes hold.
    """
    try:
        if archive.getinfo(name).file_size > limit:
            raise UnsafeContainer("bomb")
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError, ValueError):
        raise UnsafeContainer("damaged") from None


def zip_has_macros(archive: zipfile.ZipFile, depth: int = 1) -> bool:
    """Tell whether an office file brings a program: macros, ActiveX, a template from the network, an embedded program.

    Office files embedded in it are looked through as well, one level deep. Raises UnsafeContainer.
    """
    names = archive.namelist()
    if any(_MACRO_PARTS.search(name) for name in names):
        return True
    if "[Content_Types].xml" in names and _MACRO_TYPES.search(
        part_of(archive, "[Content_Types].xml", _LARGE)
    ):
        return True
    if any(
        _FAR_TEMPLATE.search(part_of(archive, name, _LARGE))
        for name in names
        if name.casefold().endswith("settings.xml.rels")
    ):
        return True
    for name in names:
        if not _EMBEDDED.search(name) or name.endswith("/"):
            continue
        embedded = part_of(archive, name)
        if embedded.startswith(OLE_MARK):
            if ole_has_macros(embedded) or _holds_program(embedded):
                return True
        elif embedded.startswith(ZIP_MARK):
            if depth == 0:
                raise UnsafeContainer("bomb")
            with open_zip(embedded) as inner:
                if zip_has_macros(inner, depth - 1):
                    return True
    return False


def _holds_program(data: bytes) -> bool:
    """Tell whether an embedded object is a packed file that a system would run."""
    is_packed = "\x01Ole10Native".encode("utf-16-le") in data
    return is_packed and _PROGRAM.search(data) is not None


def is_zip_inside(data: bytes) -> bool:
    """Tell whether a file of another kind is a ZIP archive as well."""
    return zipfile.is_zipfile(io.BytesIO(data))


# OLE compound files, MS-CFB. Only what is needed: the directory, and one stream.

_FREE = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""


class OleFile:
    """A compound file's directory and streams; every chain is walked once at most.

    Raises UnsafeContainer ``damaged``. Source: MS-CFB, 2.2 to 2.6.
    """

    def __init__(self, data: bytes) -> None:
        if not data.startswith(OLE_MARK) or len(data) < 512:
            raise UnsafeContainer("damaged")
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in {9, 12} or mini_shift != 6:
            raise UnsafeContainer("damaged")
        self._data = data
        self._size = 1 << shift
        (self._directory_start,) = struct.unpack_from("<I", data, 48)
        (self._cutoff, self._mini_start) = struct.unpack_from("<II", data, 56)
        self._fat = self._table(self._fat_sectors())
        self.entries = list(self._directory())

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _fat_sectors(self) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        (following, count) = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, len(self._data) // self._size)):
            if following >= _FREE:
                break
            sector = self._sector(following)
            if len(sector) < self._size:
                raise UnsafeContainer("damaged")
            values = struct.unpack(f"<{self._size // 4}I", sector)
            numbers += values[:-1]
            following = values[-1]
        return [number for number in numbers if number < _FREE]

    def _table(self, sectors: list[int]) -> list[int]:
        table: list[int] = []
        for number in sectors[: len(self._data) // self._size + 1]:
            sector = self._sector(number)
            if len(sector) == self._size:
                table += struct.unpack(f"<{self._size // 4}I", sector)
        return table

    def _chain(self, start: int) -> Iterator[int]:
        seen = 0
        while start < _FREE:
            if seen > len(self._fat) or start >= len(self._fat):
                raise UnsafeContainer("damaged")
            seen += 1
            yield start
            start = self._fat[start]

    def _directory(self) -> Iterator[tuple[str, int, int, int]]:
        """Yield name, kind (1 storage, 2 stream, 5 root), first sector and size of each entry."""
        for number in self._chain(self._directory_start):
            sector = self._sector(number)
            for at in range(0, len(sector) - 127, 128):
                length, kind = struct.unpack_from("<HB", sector, at + 64)
                if kind == 0:
                    continue
                name = sector[at : at + max(0, min(64, length) - 2)].decode("utf-16-le", "replace")
                (start, size) = struct.unpack_from("<II", sector, at + 116)
                yield name, kind, start, size

    def names(self) -> set[str]:
        """Return the names of all storages and streams."""
        return {name for name, kind, _, _ in self.entries if kind != 5}

    def stream(self, *names: str) -> bytes | None:
        """Return the bytes of the first stream of one of these names, or None where there is none."""
        for name, kind, start, size in self.entries:
            if kind == 2 and name in names:
                if size < self._cutoff:
                    return self._mini_stream(start, size)
                return b"".join(map(self._sector, self._chain(start)))[:size]
        return None

    def _mini_stream(self, start: int, size: int) -> bytes:
        root = next((entry for entry in self.entries if entry[1] == 5), None)
        if root is None:
            raise UnsafeContainer("damaged")
        whole = b"".join(map(self._sector, self._chain(root[2])))
        table = self._table(list(self._chain(self._mini_start)))
        parts: list[bytes] = []
        while start < _FREE and len(parts) * 64 < size:
            if start >= len(table):
                raise UnsafeContainer("damaged")
            parts.append(whole[start * 64 : start * 64 + 64])
            start = table[start]
        return b"".join(parts)[:size]


def ole_has_macros(data: bytes) -> bool:
    """Tell whether an old office file holds Visual Basic or a sheet of Excel 4.0 macros. Raises UnsafeContainer."""
    ole = OleFile(data)
    if any(name.casefold() in _VBA_STORAGES for name in ole.names()):
        return True
    book = ole.stream("Workbook", "Book")
    return book is not None and any(
        kind == _BOUNDSHEET and len(body) > 5 and body[5] in {1, 6} for kind, body in biff_records(book)
    )


_BOUNDSHEET = 0x85


def biff_records(book: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and body of each record of an old Excel workbook's stream."""
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


# PDF: not a container of parts, but of programs just as well.


def _name(text: str) -> bytes:
    """Return a pattern of a PDF name, whose letters may each be written as #xx."""
    letters = (b"(?:%c|#(?i:%02x))" % (ord(letter), ord(letter)) for letter in text)
    return b"/" + b"".join(letters) + rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|\Z)"


_PDF_PROGRAM = re.compile(_name("JavaScript") + b"|" + _name("Launch"))
_PDF_OBJECTS = re.compile(_name("ObjStm"))
_PDF_FILTER = re.compile(_name("FlateDecode"))
_PDF_ODD_FILTER = re.compile(
    b"|".join(_name(each) for each in ("Predictor", "LZWDecode", "ASCIIHexDecode", "ASCII85Decode"))
)
_PDF_STREAM = re.compile(rb"stream\r?\n")
_OBJECTS_UNPACKED = 64 * 1024 * 1024


def pdf_has_program(data: bytes) -> bool:
    """Tell whether a PDF may run something: a script, or a program that it names.

    Looked for in the file and in its packed objects, also where letters of a name are written as #xx.
    Embedded files alone are let through: electronic invoices and PDF/A-3 carry their data so.
    Raises UnsafeContainer ``bomb`` where the packed objects unpack beyond belief.
    """
    if _PDF_PROGRAM.search(data):
        return True
    budget = _OBJECTS_UNPACKED
    for mark in _PDF_OBJECTS.finditer(data):
        stream = _PDF_STREAM.search(data, mark.end(), mark.end() + 4096)
        if stream is None:
            continue
        head = data[max(0, data.rfind(b"obj", 0, mark.start())) : stream.start()]
        if _PDF_ODD_FILTER.search(head):
            return True  # no program writes objects so, and what they are cannot be seen
        if not _PDF_FILTER.search(head):
            continue  # not packed: seen above
        unpacker = zlib.decompressobj()
        try:
            objects = unpacker.decompress(data[stream.end() :], budget)
        except zlib.error:
            continue  # locked by a password or damaged: no reader sees more
        budget -= len(objects)
        if budget <= 0:
            raise UnsafeContainer("bomb")
        if _PDF_PROGRAM.search(objects):
            return True
    return False
