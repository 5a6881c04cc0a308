"""Photos: how large they say they are, and copies without what a camera notes; made here byte by byte."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.paper.photos import HEIC, JPEG, PNG, WEBP, NotAPicture, pixels_of, without_metadata

PLACE = b"21.0285N 105.8542E"


def tiff(turned: int) -> bytes:
    """Return camera data with a way of turning, and a place behind it."""
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, turned, 0, 0) + PLACE


def segment(mark: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body


def jpeg(turned: int = 1, width: int = 40, height: int = 30, tail: bytes = b"") -> bytes:
    size = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + segment(0xE1, b"Exif\0\0" + tiff(turned))
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + PLACE)
        + segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")
        + segment(0xED, b"Photoshop 3.0\0" + PLACE)
        + segment(0xFE, b"<script>alert(1)</script>" + PLACE)
        + segment(0xC0, size)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"pic\xff\x00ture\xff\xd0more"
        + b"\xff\xd9"
        + tail
    )


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 2, height: int = 2, tail: bytes = b"") -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"tEXt", b"Location\0" + PLACE)
        + chunk(b"eXIf", tiff(1))
        + chunk(b"gAMA", struct.pack(">I", 45455))
        + chunk(b"IDAT", zlib.compress(bytes(6)))
        + chunk(b"IEND", b"")
        + tail
    )


def webp(turned: int = 1) -> bytes:
    def part(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    body = (
        part(b"VP8X", bytes([0b1100, 0, 0, 0]) + (39).to_bytes(3, "little") + (29).to_bytes(3, "little"))
        + part(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 40, 30) + b"picture")
        + part(b"EXIF", tiff(turned))
        + part(b"XMP ", PLACE)
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def heic(extents: int = 1) -> bytes:
    """Return a file with a picture (item 1) and camera data (item 2) in its store."""
    picture, noted = b"tiles of a picture", b"\0\0\0\0" + tiff(1)
    brand = box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def meta(start: int) -> bytes:
        items = b"".join(
            box(b"infe", struct.pack(">IHH4s", 2 << 24, number, 0, kind) + b"\0")
            for number, kind in ((1, b"hvc1"), (2, b"Exif"))
        )
        info = box(b"iinf", struct.pack(">IH", 0, 2) + items)
        pieces = ((1, start, len(picture)), (2, start + len(picture), len(noted)))
        places = b"".join(
            struct.pack(">HHH", number, 0, extents) + struct.pack(">II", at, length) * extents
            for number, at, length in pieces
        )
        where = box(b"iloc", struct.pack(">IBBH", 0, 0x44, 0, 2) + places)
        sizes = box(b"iprp", box(b"ipco", box(b"ispe", struct.pack(">III", 0, 40, 30))))
        return box(b"meta", bytes(4) + info + where + sizes)

    start = len(brand) + len(meta(0)) + 8
    return brand + meta(start) + box(b"mdat", picture + noted)


@pytest.mark.parametrize(("kind", "data"), [(JPEG, jpeg()), (PNG, png()), (WEBP, webp()), (HEIC, heic())])
def test_a_copy_holds_the_picture_and_no_place(kind: str, data: bytes) -> None:
    assert PLACE in data
    bare = without_metadata(data, kind)
    assert PLACE not in bare
    assert b"script" not in bare
    assert without_metadata(bare, kind) == bare
    assert pixels_of(bare, kind) == pixels_of(data, kind)


def test_the_picture_of_a_jpeg_its_colours_and_its_turning_stay() -> None:
    bare = without_metadata(jpeg(turned=6), JPEG)
    assert b"pic\xff\x00ture\xff\xd0more\xff\xd9" in bare
    assert b"ICC_PROFILE\0\x01\x01colours" in bare
    assert bare.count(b"Exif\0\0") == 1
    assert bare.index(b"JFIF") < bare.index(b"Exif\0\0")
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in bare
    assert b"Exif" not in without_metadata(jpeg(turned=1), JPEG)


def test_what_hangs_behind_the_end_is_cut_off() -> None:
    film = b"\0\0\0\x18ftypmp42" + PLACE
    assert without_metadata(jpeg(tail=film), JPEG) == without_metadata(jpeg(), JPEG)
    assert without_metadata(png(tail=film), PNG) == without_metadata(png(), PNG)


def test_a_webp_says_that_it_holds_no_camera_data_any_more() -> None:
    bare = without_metadata(webp(), WEBP)
    assert bare[20] & 0b1100 == 0
    assert struct.unpack("<I", bare[4:8])[0] == len(bare) - 8
    assert b"EXIF" in without_metadata(webp(turned=3), WEBP)


def test_places_within_a_heic_file_stay_where_they_are() -> None:
    data = heic()
    bare = without_metadata(data, HEIC)
    assert len(bare) == len(data)
    assert b"tiles of a picture" in bare


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("empty", JPEG, b""),
        ("no picture", JPEG, b"\xff\xd8\xff\xe0\x00"),
        ("cut off", JPEG, jpeg()[:-20]),
        ("another kind", PNG, jpeg()),
        ("cut off", PNG, png()[:-6]),
        ("no chunks", WEBP, b"RIFF\x00\x00\x00\x00WEBPVP8 "),
        ("no boxes", HEIC, b"\x00\x00\x00\x18ftypheic\x00"),
        ("pieces without end", HEIC, heic(extents=60_000)),
        ("no kind of picture", "application/pdf", b"%PDF-1.4"),
    ],
)
def test_what_is_no_whole_picture_is_refused(name: str, kind: str, data: bytes) -> None:
    with pytest.raises(NotAPicture):
        without_metadata(data, kind)


@pytest.mark.parametrize(
    ("kind", "data", "pixels"),
    [
        (JPEG, jpeg(width=65_500, height=65_500), 65_500**2),
        (PNG, png(width=2**31 - 1, height=2**31 - 1), (2**31 - 1) ** 2),
        (WEBP, webp(), 1_200),
        (HEIC, heic(), 1_200),
        (PNG, b"\x89PNG\r\n\x1a\n\x00", None),
        (JPEG, b"\xff\xd8\xff\xe0" + b"\x00" * 200, None),
    ],
)
def test_a_picture_says_how_large_it_is(kind: str, data: bytes, pixels: int | None) -> None:
    assert pixels_of(data, kind) == pixels


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([(JPEG, jpeg()), (PNG, png()), (WEBP, webp()), (HEIC, heic())]),
    st.data(),
)
def test_damaged_photos_raise_nothing_else(photo: tuple[str, bytes], data: st.DataObject) -> None:
    kind, whole = photo
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    pixels_of(broken, kind)
    try:
        without_metadata(broken, kind)
    except NotAPicture:
        return
