"""What an uploaded file may hide, and that nothing else than the named refusal comes of looking."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.paper import containers
from camket.paper.containers import (
    MAX_ENTRIES,
    OleFile,
    UnsafeContainer,
    ole_has_macros,
    open_zip,
    part_of,
    pdf_has_program,
    zip_has_macros,
)
from paper.containers_made import XML, archive, biff, changed, ole, packed, pdf, word


def refused(data: bytes) -> str:
    with pytest.raises(UnsafeContainer) as caught:
        open_zip(data)
    return caught.value.code


def outcome(judge: Callable[[], object]) -> str:
    """Return the code of the refusal, empty where there is none; any other error is let through."""
    try:
        judge()
    except UnsafeContainer as refusal:
        return refusal.code
    return ""


CODES = {"", "bomb", "encrypted", "foreign", "damaged"}


class TestArchives:
    def test_an_honest_file_is_opened(self) -> None:
        with open_zip(word()) as opened:
            assert part_of(opened, "word/document.xml") == b"<w/>"

    @pytest.mark.parametrize("before", [b"GIF89a", b"\xff\xd8\xff", b"%PDF-1.4\n", b"#!/bin/sh\n"])
    def test_nothing_stands_before_it(self, before: bytes) -> None:
        assert refused(before + word()) == "foreign"

    def test_nothing_stands_behind_it(self) -> None:
        assert refused(word() + b"more") == "foreign"

    def test_nothing_long_stands_in_its_comment(self) -> None:
        out = io.BytesIO(word())
        with zipfile.ZipFile(out, "a") as file:
            file.comment = b"%PDF-1.4\n" + b"x" * 1000
        assert refused(out.getvalue()) == "foreign"

    def test_nothing_stands_between_start_and_first_part(self) -> None:
        """Parts counted from a later place: whoever reads from the start sees the hidden one."""
        hidden = archive({"a.txt": b"x"})
        assert refused(hidden + word()) == "foreign"

    @pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "word/../../x", "..\\x"])
    def test_no_name_leads_out_of_it(self, name: str) -> None:
        assert refused(archive({"[Content_Types].xml": XML, name: b"x"})) == "foreign"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_no_name_is_given_twice(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr("word/document.xml", b"<a/>")
            file.writestr("Word/document.XML", b"<b/>")
        assert refused(out.getvalue()) == "foreign"

    def test_too_many_parts(self) -> None:
        assert refused(archive({f"{n}": b"" for n in range(MAX_ENTRIES + 1)})) == "bomb"

    def test_a_part_that_shrinks_beyond_belief(self) -> None:
        assert refused(archive({"a": b"\0" * 11_000_000})) == "bomb"

    def test_parts_that_unpack_to_too_much(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(containers, "MAX_UNPACKED", 1000)
        assert refused(archive({"a": b"x" * 600, "b": b"x" * 600})) == "bomb"

    def test_parts_that_overlap(self) -> None:
        """One packed piece listed many times: the directory says more packed bytes than the file has."""
        data = bytearray(archive({"a": b"x" * 5000, "b": b"y" * 10}))
        at = data.index(b"PK\x01\x02")
        data[at + 20 : at + 24] = (len(data) * 2).to_bytes(4, "little")
        assert refused(bytes(data)) == "bomb"

    def test_a_part_that_lies_about_its_length_is_damaged(self) -> None:
        data = bytearray(archive({"a": b"x" * 100_000}))
        at = data.index(b"PK\x01\x02")
        data[at + 24 : at + 28] = (10).to_bytes(4, "little")
        with open_zip(bytes(data)) as opened, pytest.raises(UnsafeContainer) as caught:
            part_of(opened, "a")
        assert caught.value.code == "damaged"

    def test_odd_packing_is_not_opened(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as file:
            file.writestr("a", b"x")
        assert refused(out.getvalue()) == "damaged"

    def test_a_locked_part(self) -> None:
        data = bytearray(word())
        data[data.index(b"PK\x01\x02") + 8] |= 1
        assert refused(bytes(data)) == "encrypted"

    @settings(deadline=None)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_judged(self, data: bytes) -> None:
        for each in (data, b"PK\x03\x04" + data, data + b"PK\x05\x06" + b"\0" * 18):
            assert outcome(lambda data=each: open_zip(data)) in CODES  # type: ignore[misc]

    @settings(deadline=None)
    @given(st.data())
    def test_any_change_of_an_honest_file_is_judged(self, data: st.DataObject) -> None:
        honest = bytearray(changed(word(), {"word/embeddings/oleObject1.bin": ole({"A": b"x"})}))
        for _ in range(data.draw(st.integers(1, 4))):
            honest[data.draw(st.integers(0, len(honest) - 1))] = data.draw(st.integers(0, 255))

        def read() -> None:
            with open_zip(bytes(honest)) as opened:
                zip_has_macros(opened)
                for name in opened.namelist():
                    part_of(opened, name)

        assert outcome(read) in CODES


def has_macros(data: bytes) -> bool:
    with open_zip(data) as opened:
        return zip_has_macros(opened)


REMOTE = (
    b'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/attachedTemplate" Target="%s" TargetMode="External"/></Relationships>'
)


class TestPrograms:
    @pytest.mark.parametrize(
        "parts",
        [
            {"word/vbaProject.bin": b"x"},
            {"xl/VBAPROJECT.BIN": b"x"},
            {"xl/macrosheets/sheet1.xml": b"<x/>"},
            {"word/activeX/activeX1.xml": b"<x/>"},
            {"Basic/Standard/Module1.xml": b"<x/>"},
            {"Scripts/python/x.py": b"pass"},
            {
                "[Content_Types].xml": b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
            },
            {"word/_rels/settings.xml.rels": REMOTE % b"https://example.com/x.dotm"},
            {"word/embeddings/oleObject1.bin": ole({"Macros": b"x"}, ["VBA"])},
            {"word/embeddings/oleObject2.bin": ole({"\x01Ole10Native": b"C:\\x\\virus.exe\0" + b"MZ"})},
            {"word/embeddings/Bang.xlsm": archive({"xl/vbaProject.bin": b"x"})},
        ],
    )
    def test_are_found(self, parts: dict[str, bytes]) -> None:
        assert has_macros(changed(word(), parts))

    @pytest.mark.parametrize(
        "parts",
        [
            {},
            {"word/embeddings/Bang.xlsx": archive({"xl/workbook.xml": b"<x/>"})},
            {"word/embeddings/oleObject1.bin": ole({"Equation Native": b"x"})},
            {"word/_rels/settings.xml.rels": REMOTE % b"file:///C:/Mau/Normal.dotx"},
        ],
    )
    def test_are_not_seen_where_there_are_none(self, parts: dict[str, bytes]) -> None:
        assert not has_macros(changed(word(), parts))

    def test_files_in_files_in_files_are_not_opened(self) -> None:
        inner = archive({"word/embeddings/b.zip": archive({"a": b"x"})})
        with pytest.raises(UnsafeContainer) as caught:
            has_macros(changed(word(), {"word/embeddings/a.docx": inner}))
        assert caught.value.code == "bomb"


class TestOldOffice:
    @pytest.mark.parametrize("size", [10, 5000, 100_000])
    def test_a_stream_is_read_small_and_large(self, size: int) -> None:
        content = bytes(i % 251 for i in range(size))
        opened = OleFile(ole({"Other": b"y" * 77, "WordDocument": content}))
        assert opened.names() == {"Other", "WordDocument"}
        assert opened.stream("WordDocument") == content
        assert opened.stream("Workbook") is None

    @pytest.mark.parametrize(
        "data",
        [
            ole({"WordDocument": b"x"}, ["Macros", "VBA"]),
            ole({"Workbook": biff({})}, ["_VBA_PROJECT_CUR"]),
            ole({"Workbook": biff({}, sheet_kind=1)}),
        ],
        ids=["Word", "Excel", "Excel 4.0"],
    )
    def test_macros_are_found(self, data: bytes) -> None:
        assert ole_has_macros(data)

    def test_an_honest_file_has_none(self) -> None:
        assert not ole_has_macros(ole({"Workbook": biff({(0, 0): 1.0})}))

    def test_a_chain_that_bites_its_tail_is_damaged(self) -> None:
        data = bytearray(ole({"Workbook": b"x" * 9000}))
        (table,) = {data.rindex(b"\x01\0\0\0\x02\0\0\0")}
        data[table : table + 8] = b"\x01\0\0\0\x01\0\0\0"
        with pytest.raises(UnsafeContainer):
            OleFile(bytes(data)).stream("Workbook")

    @settings(deadline=None)
    @given(st.data())
    def test_any_change_of_an_honest_file_is_judged(self, data: st.DataObject) -> None:
        honest = bytearray(ole({"Workbook": biff({(0, 0): 1.0}), "B": b"x" * 5000}, ["VBA"]))
        for _ in range(data.draw(st.integers(1, 6))):
            honest[data.draw(st.integers(8, len(honest) - 1))] = data.draw(st.integers(0, 255))
        assert outcome(lambda: ole_has_macros(bytes(honest))) in {"", "damaged"}

    @settings(deadline=None)
    @given(st.binary(max_size=1200))
    def test_any_bytes_are_judged(self, data: bytes) -> None:
        with pytest.raises(UnsafeContainer):
            OleFile(data)
        assert outcome(lambda: ole_has_macros(containers.OLE_MARK + data)) in {"", "damaged"}


ACTION = b"<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"
OBJECTS = b"/Type/ObjStm/N 1/First 4"


class TestPdf:
    @pytest.mark.parametrize(
        "data",
        [
            pdf(ACTION),
            pdf(ACTION.replace(b"/JavaScript", b"/J#61vaScript")),
            pdf(b"<</Type/Catalog/OpenAction<</S/Launch/F(cmd.exe)>>>>"),
            pdf(b"<</Type/Catalog>>", packed(b"5 0 " + ACTION, OBJECTS)),
            pdf(b"<</Type/Catalog>>", packed(b"5 0 " + ACTION, b"/Type/Obj#53tm/N 1/First 4")),
            pdf(b"<</Type/Catalog>>", packed(b"5 0 x", OBJECTS + b"/DecodeParms<</Predictor 12>>")),
        ],
    )
    def test_programs_are_found(self, data: bytes) -> None:
        assert pdf_has_program(data)

    @pytest.mark.parametrize(
        "data",
        [
            pdf(b"<</Type/Catalog>>"),
            pdf(b"<</Type/Catalog/Names<</EmbeddedFiles 2 0 R>>>>", b"<</Type/EmbeddedFile>>"),
            pdf(b"<</Type/Catalog/Lang(vi)/Title(JavaScript)/JavaScripts 1>>"),
            pdf(b"<</Type/Catalog>>", packed(b"5 0 <</Type/Page>>", OBJECTS)),
        ],
    )
    def test_an_honest_file_has_none(self, data: bytes) -> None:
        assert not pdf_has_program(data)

    def test_objects_that_unpack_beyond_belief(self) -> None:
        with pytest.raises(UnsafeContainer) as caught:
            pdf_has_program(pdf(b"<</Type/Catalog>>", packed(b" " * 70_000_000, OBJECTS)))
        assert caught.value.code == "bomb"

    @settings(deadline=None)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_judged(self, data: bytes) -> None:
        assert pdf_has_program(b"%PDF-1.4 /ObjStm /FlateDecode stream\n" + data) in {True, False}
