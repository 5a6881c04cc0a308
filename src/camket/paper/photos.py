"""Photographs: how large they are, and copies of them without what cameras note beside the picture.

A phone writes into each photo where and when it was taken and with which device. The picture itself is never decoded
here: only the parts of the file around it are read, so that no picture, however large it claims to be, costs memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"
PICTURES = frozenset({JPEG, PNG, WEBP, HEIC})
MOST_PIXELS = 300_000_000
"""The largest sensors of phones have 200 million pixels; a picture of more is made to fill a memory."""

_PNG_MARK = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD",
        b"acTL", b"fcTL", b"fdAT",
    }
)  # fmt: skip
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ORIENTATION = 0x0112
_MOST_EXTENTS = 20_000
"""Pieces of a HEIC file: a picture of 200 million pixels has some eight hundred tiles."""


class NotAPicture(Exception):
    """Bytes that are no picture of the kind they are said to be, or a damaged one."""


def pixels_of(data: bytes, content_type: str) -> int | None:
    """Return how many pixels a picture says it has; None where it does not say so where it should.

    >>> pixels_of(b"no picture", "image/png") is None
    True
    """
    try:
        match content_type:
            case "image/png":
                name, body = next(_png_chunks(data))
                sizes = [struct.unpack(">II", body[:8])] if name == b"IHDR" else []
            case "image/jpeg":
                sizes = [
                    struct.unpack(">HH", body[1:5])[::-1]
                    for mark, body in _jpeg_segments(data)[0]
                    if mark in _SIZES
                ]
            case "image/webp":
                sizes = [size for name, body in _webp_chunks(data) if (size := _webp_size(name, body))]
            case "image/heic":
                sizes = [
                    struct.unpack(">II", body[4:12])
                    for name, body in _boxes_within(data, (b"meta", b"iprp", b"ipco"))
                    if name == b"ispe"
                ]
            case _:
                return None
    except (NotAPicture, struct.error, StopIteration):
        return None
    return max((width * height for width, height in sizes), default=None)


def without_metadata(data: bytes, content_type: str) -> bytes:
    """Return a copy of a picture without place, time, device, comments, and whatever hangs behind its end.

    Colours and the way it is turned stay as they are, bit for bit: nothing is decoded. Raises NotAPicture.
    """
    try:
        match content_type:
            case "image/jpeg":
                return _bare_jpeg(data)
            case "image/png":
                return _bare_png(data)
            case "image/webp":
                return _bare_webp(data)
            case "image/heic":
                return _bare_heic(data)
    except struct.error:
        raise NotAPicture(content_type) from None
    raise NotAPicture(content_type)


# JPEG: segments up to the picture, the picture's scans, its end


def _jpeg_segments(data: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """Return the segments before the picture's first scan, and where that scan begins."""
    if not data.startswith(b"\xff\xd8"):
        raise NotAPicture(JPEG)
    found: list[tuple[int, bytes]] = []
    at = 2
    while True:
        if data[at : at + 1] != b"\xff":
            raise NotAPicture(JPEG)
        while data[at : at + 1] == b"\xff":
            at += 1
        if at >= len(data):
            raise NotAPicture(JPEG)
        mark = data[at]
        at += 1
        if mark in _STANDALONE:
            continue
        if mark in (0xD9, 0x00):
            raise NotAPicture(JPEG)
        (length,) = struct.unpack_from(">H", data, at)
        if length < 2 or at + length > len(data):
            raise NotAPicture(JPEG)
        if mark == 0xDA:
            return found, at - 2
        found.append((mark, data[at + 2 : at + length]))
        at += length


def _end_of_jpeg(data: bytes, at: int) -> int:
    """Return where a JPEG ends, behind its end mark: what a phone appends (films, second pictures) lies after it."""
    at += 2
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise NotAPicture(JPEG)
        mark = data[at + 1]
        if mark == 0xD9:
            return at + 2
        if mark == 0xFF:
            at += 1
        elif mark == 0x00 or mark in _STANDALONE:
            at += 2
        else:  # tables or the next scan of a picture that grows sharper
            (length,) = struct.unpack_from(">H", data, at + 2)
            at += 2 + length


def _bare_jpeg(data: bytes) -> bytes:
    segments, scan = _jpeg_segments(data)
    turned = next(
        (found for mark, body in segments if mark == 0xE1 and (found := _orientation(body.removeprefix(b"Exif\0\0")))),
        1,
    )  # fmt: skip
    parts = [b"\xff\xd8"]
    is_first = True
    for mark, body in segments:
        is_application = 0xE0 <= mark <= 0xEF
        is_kept = (
            mark == 0xE0
            and body.startswith(b"JFIF\0")
            or mark == 0xE2
            and body.startswith(b"ICC_PROFILE\0")
            or mark == 0xEE
            and body.startswith(b"Adobe")
        )
        if mark == 0xFE or (is_application and not is_kept):
            continue
        if turned != 1 and is_first and mark != 0xE0:
            parts.append(_jpeg_segment(0xE1, b"Exif\0\0" + _turning(turned)))
            is_first = False
        parts.append(_jpeg_segment(mark, body))
    parts.append(data[scan : _end_of_jpeg(data, scan)])
    return b"".join(parts)


def _jpeg_segment(mark: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body


def _orientation(tiff: bytes) -> int:
    """Return how a picture is turned (2 to 8) by the data a camera noted; 0 where they do not say, or it is upright."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 0
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(min(count, 500)):
            tag, kind, _ = struct.unpack_from(f"{order}HHI", tiff, start + 2 + number * 12)
            if tag == _ORIENTATION and kind == 3:
                (turned,) = struct.unpack_from(f"{order}H", tiff, start + 2 + number * 12 + 8)
                return int(turned) if 2 <= turned <= 8 else 0
    except struct.error:
        return 0
    return 0


def _turning(turned: int) -> bytes:
    """Return camera data that say nothing but how the picture is turned."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)


# PNG


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_PNG_MARK):
        raise NotAPicture(PNG)
    at = len(_PNG_MARK)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name = data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            raise NotAPicture(PNG)
        yield name, data[at + 8 : at + 12 + length]  # with its checksum
        if name == b"IEND":
            return
        at += 12 + length
    raise NotAPicture(PNG)


def _bare_png(data: bytes) -> bytes:
    parts = [_PNG_MARK]
    for name, body in _png_chunks(data):
        if name in _PNG_KEPT:
            parts.append(struct.pack(">I", len(body) - 4) + name + body)
    return b"".join(parts)


# WebP


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise NotAPicture(WEBP)
    (size,) = struct.unpack_from("<I", data, 4)
    end = min(len(data), size + 8)
    at = 12
    while at + 8 <= end:
        (length,) = struct.unpack_from("<I", data, at + 4)
        if at + 8 + length > end:
            raise NotAPicture(WEBP)
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_size(name: bytes, body: bytes) -> tuple[int, int] | None:
    if name == b"VP8X" and len(body) >= 10:
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    if name == b"VP8L" and body[:1] == b"\x2f":
        (packed,) = struct.unpack_from("<I", body, 1)
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    return None


def _bare_webp(data: bytes) -> bytes:
    chunks = list(_webp_chunks(data))
    if not any(name in (b"VP8 ", b"VP8L", b"ANMF") for name, _ in chunks):
        raise NotAPicture(WEBP)
    noted = (body.removeprefix(b"Exif\0\0") for name, body in chunks if name == b"EXIF")
    turned = next((found for body in noted if (found := _orientation(body))), 1)
    parts = []
    for name, body in chunks:
        if name not in _WEBP_KEPT:
            continue
        if name == b"VP8X" and body:
            flags = body[0] & ~0b1100 | (0b1000 if turned != 1 else 0)
            body = bytes([flags]) + body[1:]
        parts.append(_webp_chunk(name, body))
    if turned != 1:
        parts.append(_webp_chunk(b"EXIF", _turning(turned)))
    inner = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def _webp_chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


# HEIC: boxes within boxes; the picture and what was noted are items that lie somewhere in the file


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Give the boxes of a stretch: their names, and where what they hold begins and ends."""
    at = start
    while at + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        elif length == 0:
            length = end - at
        if length < head or at + length > end:
            raise NotAPicture(HEIC)
        yield name, at + head, at + length
        at += length


def _found_within(data: bytes, path: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """Give where the boxes at the end of a path of names lie; ``meta`` holds four bytes before its boxes."""
    stretches = [(0, len(data))]
    for name in path:
        stretches = [
            (begin + (4 if name == b"meta" else 0), stop)
            for start, end in stretches
            for found, begin, stop in _boxes(data, start, end)
            if found == name
        ]
    yield from stretches


def _boxes_within(data: bytes, path: tuple[bytes, ...]) -> Iterator[tuple[bytes, bytes]]:
    for start, end in _found_within(data, path):
        for name, begin, stop in _boxes(data, start, end):
            yield name, data[begin:stop]


def _bare_heic(data: bytes) -> bytes:
    """Return a copy in which what was noted is overwritten by zeros: places within the file stay where they are."""
    if data[4:8] != b"ftyp":
        raise NotAPicture(HEIC)
    blank = bytearray(data)
    metas = list(_found_within(data, (b"meta",)))
    if not metas:
        raise NotAPicture(HEIC)
    for start, end in metas:
        parts = {name: (begin, stop) for name, begin, stop in _boxes(data, start, end)}
        if b"iinf" not in parts or b"iloc" not in parts:
            raise NotAPicture(HEIC)
        noted = set(_noted_items(data, *parts[b"iinf"]))
        inner = parts.get(b"idat", (0, 0))[0]
        left = len(data)  # items do not lie upon each other: all together are no longer than the file
        for item, begin, length in _extents(data, *parts[b"iloc"], inner):
            if item in noted:
                left -= length
                if begin + length > len(blank) or left < 0:
                    raise NotAPicture(HEIC)
                blank[begin : begin + length] = bytes(length)
    return bytes(blank)


def _noted_items(data: bytes, start: int, end: int) -> Iterator[int]:
    """Give the numbers of the items that hold camera data or texts, not pictures."""
    version = data[start]
    at = start + 4 + (2 if version == 0 else 4)
    for name, begin, _ in _boxes(data, at, end):
        if name != b"infe" or data[begin] < 2:
            continue
        wide = data[begin] > 2
        (item,) = struct.unpack_from(">I" if wide else ">H", data, begin + 4)
        kind = data[begin + 4 + (4 if wide else 2) + 2 :][:4]
        if kind in (b"Exif", b"mime", b"uri "):
            yield item


def _extents(data: bytes, start: int, end: int, inner: int) -> Iterator[tuple[int, int, int]]:
    """Give where the items of a file lie: number, first byte, length; ``inner`` is where the file's own store begins."""
    version = data[start]
    at = start + 4
    widths, more = data[at], data[at + 1]
    offset_width, length_width = widths >> 4, widths & 15
    base_width, index_width = more >> 4, more & 15 if version in (1, 2) else 0
    at += 2

    def number(width: int) -> int:
        nonlocal at
        if at + width > end:
            raise NotAPicture(HEIC)
        value = int.from_bytes(data[at : at + width], "big")
        at += width
        return value

    left = _MOST_EXTENTS
    for _ in range(number(4 if version == 2 else 2)):
        item = number(4 if version == 2 else 2)
        method = number(2) & 15 if version in (1, 2) else 0
        number(2)
        base = number(base_width)
        for _ in range(number(2)):
            left -= 1
            if left < 0:
                raise NotAPicture(HEIC)
            number(index_width)
            begin, length = base + number(offset_width), number(length_width)
            yield item, begin + (inner if method == 1 else 0), length
