"""Containers made by hand, honest and hostile: ZIP, OLE with its streams, PDF of plain objects."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD

XML = b'<?xml version="1.0"?><Types/>'


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    """Return a packed archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def word(**more: bytes | str) -> bytes:
    """Return the bones of a Word document; ``more`` adds parts, with ``__`` for the stroke in a name."""
    parts: dict[str, bytes | str] = {"[Content_Types].xml": XML, "word/document.xml": b"<w/>"}
    parts.update({name.replace("__", "/").replace("_xml", ".xml"): part for name, part in more.items()})
    return archive(parts)


def changed(data: bytes, parts: Mapping[str, bytes | str]) -> bytes:
    """Return an archive with some parts put in or replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return archive({**{name: old.read(name) for name in old.namelist()}, **parts})


def ole(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """Return a compound file with these streams and empty storages beside them. Source: MS-CFB."""
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        first = len(sectors)
        count = max(1, -(-len(data) // 512))
        for i in range(count):
            sectors.append(data[i * 512 : (i + 1) * 512].ljust(512, b"\0"))
            fat.append(first + i + 1 if i < count - 1 else _END)
        return first

    small = {name: data for name, data in streams.items() if len(data) < 4096}
    mini, mini_fat, places = b"", [], {}
    for name, data in small.items():
        places[name] = len(mini_fat)
        count = max(1, -(-len(data) // 64))
        mini_fat += [places[name] + i + 1 for i in range(count - 1)] + [_END]
        mini += data.ljust(count * 64, b"\0")
    root_start = put(mini) if mini else _END
    mini_start = put(struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(512, b"\xff")) if mini else _END
    places.update({name: put(data) for name, data in streams.items() if name not in small})

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text) + 2, kind, 1, _FREE, _FREE, _FREE)
        return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)

    listed = entry("Root Entry", 5, root_start, len(mini))
    listed += b"".join(entry(name, 1, 0, 0) for name in storages)
    listed += b"".join(entry(name, 2, places[name], len(data)) for name, data in streams.items())
    directory = put(listed)
    fat_count = -(-(len(sectors) + 1) // 128)
    fat_count = -(-(len(sectors) + fat_count) // 128)
    fat_start = len(sectors)
    fat += [_FAT] * fat_count
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_count * 512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, fat_count, directory, 0, 4096, mini_start, 1, _END, 0)
    header += struct.pack("<109I", *(fat_start + i if i < fat_count else _FREE for i in range(109)))
    return header + b"".join(sectors) + table


def biff(cells: Mapping[tuple[int, int], float | str], *, sheet_kind: int = 0) -> bytes:
    """Return the stream of an old Excel workbook with one sheet of numbers and texts. Source: MS-XLS."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    name = b"Bang1"
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0))
    length = len(begin) + 4 + 8 + len(name) + 4
    book = (
        begin + record(0x85, struct.pack("<IBBBB", length, 0, sheet_kind, len(name), 0) + name) + record(0x0A)
    )
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for (row, column), value in cells.items():
        if isinstance(value, str):
            head = struct.pack("<HHHHB", row, column, 0, len(value), 1)
            sheet += record(0x204, head + value.encode("utf-16-le"))
        else:
            sheet += record(0x203, struct.pack("<HHHd", row, column, 0, value))
    return book + sheet + record(0x0A)


def pdf(*objects: bytes, head: bytes = b"%PDF-1.4\n") -> bytes:
    """Return a PDF of these objects; the first is its catalogue."""
    body, places = head, []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF"
    return body + end % (len(places) + 1, table, len(places) + 1, len(body))


def packed(content: bytes, more: bytes = b"", filters: bytes = b"/FlateDecode") -> bytes:
    """Return a packed stream as an object of a PDF."""
    data = zlib.compress(content)
    return b"<<%s/Length %d/Filter%s>>\nstream\n%s\nendstream" % (more, len(data), filters, data)
