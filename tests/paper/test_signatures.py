"""Digital signatures in PDF files, made with throw-away certificates."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from camket.paper.signatures import NotAPdf, is_signed_alone, signatures_in
from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, plain
from camket.paper.writing.pdf import write_pdf
from paper.signing import Signer, make_signer, signed

PAPER = write_pdf(
    Document(
        letterhead=Letterhead(issuer="Ủy ban nhân dân xã Bình Yên", symbol="BC-UBND", year=2026),
        kind="Báo cáo",
        abstract="Kết quả thực hiện Mục tiêu chất lượng năm 2026",
        body=(Paragraph(plain("Đạt 98,4 %.")),),
        signature=Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), "Lê Minh Châu"),
        recipients=("Lưu: VT",),
    )
)


@pytest.fixture(scope="module")
def chau(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return make_signer(tmp_path_factory.mktemp("key"), "Lê Minh Châu", "UBND xã Bình Yên")


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return make_signer(tmp_path_factory.mktemp("key"), "UBND xã Bình Yên", "UBND xã Bình Yên")


def test_a_paper_without_signature_bears_none() -> None:
    assert signatures_in(PAPER) == ()


def test_who_signed_is_read_and_trusted_only_by_a_root_that_is_held(chau: Signer) -> None:
    data = signed(PAPER, chau)
    (found,) = signatures_in(data)
    assert (found.signer, found.organisation, found.reason) == (
        "Lê Minh Châu",
        "UBND xã Bình Yên",
        "Phê duyệt",
    )
    assert (found.is_intact, found.covers_all, found.is_changed, found.is_trusted) == (
        True,
        True,
        False,
        False,
    )
    assert found.was_valid_then
    assert found.serial == "CA"
    (trusted,) = signatures_in(data, roots=[chau.certificate])
    assert trusted.is_trusted


def test_the_agency_signs_after_the_person_and_both_stand(chau: Signer, agency: Signer) -> None:
    data = signed(signed(PAPER, chau), agency, field="Ky2", reason="Đóng dấu")
    first, second = signatures_in(data)
    assert (first.signer, second.signer) == ("Lê Minh Châu", "UBND xã Bình Yên")
    assert first.is_intact
    assert second.is_intact
    assert not first.is_changed


def test_a_byte_changed_after_signing_shows(chau: Signer) -> None:
    data = bytearray(signed(PAPER, chau))
    at = data.index(b"pdfaid")
    data[at] ^= 1
    (found,) = signatures_in(bytes(data))
    assert not found.is_intact


def test_what_was_added_after_signing_shows(chau: Signer) -> None:
    data = signed(PAPER, chau)
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.root["/Lang"] = writer.root["/Type"]
    writer.update_root()
    target = io.BytesIO()
    writer.write(target)
    (found,) = signatures_in(target.getvalue())
    assert found.is_intact
    assert found.is_changed


def repaged(data: bytes) -> bytes:
    """Put another text in the place of the first page's, behind the file as it is."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (Khac) Tj ET"))
    writer.update_container(page)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_file_that_is_only_signed_is_told_from_one_whose_pages_were_changed(
    chau: Signer, agency: Signer
) -> None:
    once = signed(PAPER, chau)
    assert is_signed_alone(PAPER, PAPER)
    assert is_signed_alone(once, PAPER)
    assert is_signed_alone(signed(once, agency, field="Ky2"), PAPER)
    assert is_signed_alone(signed(PAPER, chau, box=(300, 100, 500, 160)), PAPER), "a signature that shows"
    other = signed(repaged(PAPER), chau)
    (found,) = signatures_in(other)
    assert found.is_intact
    assert other.startswith(PAPER)
    assert not is_signed_alone(other, PAPER), "signed after the page was changed"
    assert not is_signed_alone(repaged(once), PAPER), "changed after signing"
    assert not is_signed_alone(once.replace(b"2026", b"2027", 1), PAPER)


def test_a_certificate_out_of_its_days_is_told(tmp_path: Path) -> None:
    (found,) = signatures_in(signed(PAPER, make_signer(tmp_path, "Lê Minh Châu", "UBND", until=2026)))
    assert (found.is_intact, found.was_valid_then) == (True, False)


def test_a_signature_taken_from_another_file_does_not_hold(chau: Signer) -> None:
    """The bytes of the signature are put where another file keeps its own."""
    mine, theirs = signed(PAPER, chau), signed(repaged(PAPER), chau)
    at, end = (mine.index(sign, mine.rindex(b"/Contents <")) for sign in (b"<", b">"))
    place, behind = (theirs.index(sign, theirs.rindex(b"/Contents <")) for sign in (b"<", b">"))
    # The room that is kept for a signature differs by some bytes from one to the next; noughts fill it.
    moved = theirs[:place] + mine[at:end].rstrip(b"0").ljust(behind - place, b"0") + theirs[behind:]
    assert len(moved) == len(theirs)
    (found,) = signatures_in(moved)
    assert not found.is_intact


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"%PDF-1.7\nnothing", PAPER[:500], b"%PDF-1.7\n" + b"[" * 50_000]
)
def test_what_is_no_pdf_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(NotAPdf) as refused:
        signatures_in(data)
    assert refused.value.message.template


def test_what_a_certificate_says_of_itself_is_one_line_without_signs_that_turn_it(tmp_path: Path) -> None:
    hostile = make_signer(tmp_path, "Lê Minh\x00Châu\u202e", "UBND xã")
    (found,) = signatures_in(signed(PAPER, hostile, reason="Phê\nduyệt\u200f"))
    assert (found.signer, found.organisation) == ("Lê Minh Châu", "UBND xã")
    assert found.issuer == found.signer
    assert found.reason == "Phê duyệt"


@pytest.mark.parametrize("fault", [AssertionError, NotImplementedError, zlib.error, UnsupportedAlgorithm])
def test_what_stops_the_reader_is_refused_in_words(
    chau: Signer, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault("broken")

    monkeypatch.setattr("pyhanko.sign.validation.validate_pdf_signature", fail)
    with pytest.raises(NotAPdf):
        signatures_in(signed(PAPER, chau))
