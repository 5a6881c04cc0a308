"""Copies and extracts of documents: pages as they were with a mark below, one series of numbers, nothing secret."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pdfplumber
import pytest
from docx import Document as read_docx

from camket.documents.operations.files import NewEvidence
from camket.documents.queries import read_file
from camket.journal.models import Entry as JournalEntry
from camket.org.policy import NotAllowed
from camket.paper.conformity import check_document
from camket.paper.writing.copied import CopyNotPossible
from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, plain
from camket.paper.writing.pdf import write_pdf
from camket.registers import queries
from camket.registers.copy_paper import Extract
from camket.registers.models import DocumentCopy, Entry
from camket.registers.operations import (
    FileMissing,
    FormNotPossible,
    NewCopy,
    PaperNotInForce,
    SignerMissing,
    SigningDayNotPossible,
    StateNotFitting,
    TextMissing,
    attach,
    enter,
    issue_copy,
    preview_copy,
    withdraw_copy,
)
from people import People
from registers.test_programme import NOW, TODAY, task
from registers.test_programme_papers import issue

pytestmark = pytest.mark.django_db

EXTRACT = Extract(
    superior="",
    place="Hồng Bàng",
    text="....\nĐiều 3. Giao Ủy ban nhân dân các xã, phường thực hiện chỉ tiêu.\n…",
    authority="TM. ỦY BAN NHÂN DÂN",
    capacity="CHỦ TỊCH",
    signed_by="Lê Văn Minh",
)


def decision(lines: int = 1) -> bytes:
    """Return a decision of the province as PDF, so many paragraphs long."""
    return write_pdf(
        Document(
            Letterhead(
                "Ủy ban nhân dân tỉnh Hồng Bàng",
                "",
                2026,
                number="115/QĐ-UBND",
                place="Hồng Bàng",
                dated=date(2026, 3, 2),
            ),
            "Quyết định",
            "Về việc giao chỉ tiêu kế hoạch năm 2026",
            tuple(Paragraph(plain(f"Điều {at}. Giao chỉ tiêu thứ {at}.")) for at in range(1, lines + 1)),
            Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Lê Văn Minh"),
            ("Lưu: VT",),
        )
    )


def arrived(people: People, data: bytes | None = None, **more: Any) -> Entry:
    """Enter a decision of the province that came in, with its file."""
    entry = enter(
        actor=people.an,
        register="incoming",
        values={
            "on": date(2026, 3, 5),
            "source": "UBND tỉnh Hồng Bàng",
            "number": "115/QĐ-UBND",
            "issued_on": date(2026, 3, 2),
            "kind": "QĐ",
            "title": "Về việc giao chỉ tiêu kế hoạch năm 2026",
            "secrecy": "none",
            **more,
        },
        now=NOW,
    )
    if data is not None:
        proof = NewEvidence("file", data=data, name="qd-115.pdf", content_type="application/pdf")
        attach(actor=people.an, entry_id=entry.pk, evidence=proof, now=NOW)
    return entry


def make(people: People, entry: Entry, form: str = "SY", **more: Any) -> DocumentCopy:
    """Make a copy of a document from its first file."""
    actor = more.pop("actor", people.an)
    file_id = more.pop(
        "file_id", next((each for each, _name in queries.copyable(actor, entry.pk).files), None)
    )
    issued_on = more.pop("issued_on", TODAY)
    said = {
        "recipients": ("Phòng Kinh tế", "Lưu: VT"),
        "authority": "TL. CHỦ TỊCH",
        "capacity": "CHÁNH VĂN PHÒNG",
        "signed_by": "Trần Thị Thọ",
        "extract": EXTRACT if form == "TrS" else None,
        **more,
    }
    asked = NewCopy(form=form, file_id=file_id, **said)
    return issue_copy(actor=actor, entry_id=entry.pk, asked=asked, issued_on=issued_on, now=NOW)


def pages(people: People, made: DocumentCopy) -> list[str]:
    """Return the words of each page of a copy."""
    with pdfplumber.open(io.BytesIO(read_file(people.an, made.pdf_id))) as file:
        return [page.extract_text() for page in file.pages]


class TestPages:
    def test_a_short_document_bears_the_mark_below_its_text(self, people: People) -> None:
        made = make(people, arrived(people, decision()))
        (page,) = pages(people, made)
        for words in (
            "115/QĐ-UBND",
            "Điều 1. Giao chỉ tiêu thứ 1.",
            "SAO Y",
            "01/SY-UBND",
            "Trần Thị Thọ",
            "Phòng Kinh tế;",
        ):
            assert words in page
        assert page.index("Lê Văn Minh") < page.index("SAO Y") < page.index("Trần Thị Thọ")
        assert "ngày 03 tháng 8 năm 2026" in page

    def test_a_full_page_is_followed_by_one_with_the_mark(self, people: People) -> None:
        made = make(people, arrived(people, decision(lines=18)))
        *_text, last = pages(people, made)
        assert len(pages(people, made)) == 2
        assert "SAO Y" in last
        assert "Điều" not in last

    @pytest.mark.parametrize("lines", [1, 3, 6, 8, 10, 12, 14])
    def test_the_mark_never_covers_the_text(self, people: People, lines: int) -> None:
        made = make(people, arrived(people, decision(lines)))
        with pdfplumber.open(io.BytesIO(read_file(people.an, made.pdf_id))) as file:
            page = file.pages[-1]
            words = page.extract_words()
        mark = next(each for each in words if each["text"] == "SAO")
        above = [each for each in words if each["top"] < mark["top"] - 2]
        assert all(each["bottom"] < mark["top"] for each in above)
        assert max(each["bottom"] for each in words) < page.height - 20

    def test_the_agencys_own_paper_is_copied_from_the_file_that_went_out(self, people: People) -> None:
        task(people, "Rà soát quy hoạch", due_on="20/07/2026", done_on="20/07/2026")
        paper = issue(people)
        made = make(people, paper.outgoing)
        assert made.original_id == paper.pdf_id
        assert "Rà soát quy hoạch" in "".join(pages(people, made))

    @pytest.mark.parametrize("lines", [1, 40])
    def test_what_is_looked_at_has_neither_number_nor_day_and_is_not_kept(
        self, people: People, lines: int
    ) -> None:
        entry = arrived(people, decision(lines))
        ((file_id, _name),) = queries.copyable(people.an, entry.pk).files
        asked = NewCopy(
            form="SY", recipients=("Lưu: VT",), authority="", capacity="CHỦ TỊCH", signed_by="Lê Minh Châu", file_id=file_id
        )  # fmt: skip
        data = preview_copy(actor=people.an, entry_id=entry.pk, asked=asked, today=TODAY)
        with pdfplumber.open(io.BytesIO(data)) as file:
            words = " ".join(page.extract_text() for page in file.pages)
        assert "/SY-UBND" in words
        assert "01/SY-UBND" not in words
        assert not DocumentCopy.objects.exists()
        assert not Entry.objects.filter(register="outgoing").exists()


class TestExtracts:
    def test_the_part_asked_for_is_set_anew_with_the_originals_head_and_signer(self, people: People) -> None:
        made = make(people, arrived(people), form="TrS", file_id=None)
        assert made.number == "01/TrS-UBND"
        assert made.docx_id is not None
        words = " ".join(pages(people, made))
        for part in (
            "UBND TỈNH HỒNG BÀNG", "115/QĐ-UBND", "ngày 02 tháng 3 năm 2026", "QUYẾT ĐỊNH", "[…]",
            "Điều 3. Giao Ủy ban nhân dân các xã", "(Đã ký) Lê Văn Minh", "TRÍCH SAO", "01/TrS-UBND", "Trần Thị Thọ",
        ):  # fmt: skip
            assert part in words, part
        file = read_docx(io.BytesIO(read_file(people.an, made.docx_id)))
        assert "TRÍCH SAO" in "".join(file.element.body.itertext())

    def test_its_word_file_keeps_to_the_decree(self, people: People) -> None:
        made = make(people, arrived(people), form="TrS", file_id=None)
        assert made.docx_id is not None
        assert check_document(read_file(people.an, made.docx_id)).deviations == ()

    def test_what_was_signed_is_read_back_as_it_was(self, people: People) -> None:
        made = make(people, arrived(people), form="TrS", file_id=None)
        found = queries.document_copy(people.an, made.pk)
        assert found.copy.extract == EXTRACT
        assert found.copy.to_json() == made.content
        assert found.document is not None
        assert found.document.copy == found.mark


class TestNumbers:
    def test_all_copies_have_one_series(self, people: People) -> None:
        entry = arrived(people, decision())
        numbers = [make(people, entry, form).number for form in ("SY", "SL", "TrS", "SY")]
        assert numbers == ["01/SY-UBND", "02/SL-UBND", "03/TrS-UBND", "04/SY-UBND"]
        sent = Entry.objects.get(number="02/SL-UBND")
        assert (sent.register, sent.kind, sent.series, sent.on) == ("outgoing", "SL", "SAO-UBND", TODAY)
        assert sent.title == "Bản sao lục quyết định số 115/QĐ-UBND ngày 02/03/2026 của UBND tỉnh Hồng Bàng"
        assert JournalEntry.objects.filter(verb="copy.issued").count() == 4
        assert [each.number for each in queries.copies_of(people.an, entry)] == numbers[::-1]

    @pytest.mark.parametrize(
        ("kind", "number", "named"),
        [
            ("letter", "115/UBND-VX", "công văn số 115/UBND-VX"),
            ("other", "115/XN-UBND", "văn bản số 115/XN-UBND"),
            ("SY", "115/SY-UBND", "bản sao y số 115/SY-UBND"),
        ],
    )
    def test_a_document_is_named_by_its_type(
        self, people: People, kind: str, number: str, named: str
    ) -> None:
        entry = arrived(people, decision(), kind=kind, number=number)
        made = make(people, entry, form="SL")
        assert made.outgoing.title == f"Bản sao lục {named} ngày 02/03/2026 của UBND tỉnh Hồng Bàng"

    def test_a_day_ahead_is_refused_and_nothing_is_kept(self, people: People) -> None:
        entry = arrived(people, decision())
        with pytest.raises(SigningDayNotPossible):
            make(people, entry, issued_on=date(2026, 8, 4))
        assert not DocumentCopy.objects.exists()
        assert not Entry.objects.filter(register="outgoing").exists()

    def test_one_withdrawn_keeps_its_number_and_file(self, people: People) -> None:
        entry = arrived(people, decision())
        made = make(people, entry)
        before = read_file(people.an, made.pdf_id)
        withdraw_copy(actor=people.chau, copy_id=made.pk, reason="Sao nhầm văn bản", now=NOW)
        made.refresh_from_db()
        assert (made.state, made.number, made.outgoing.state) == ("withdrawn", "01/SY-UBND", "withdrawn")
        assert read_file(people.an, made.pdf_id) == before
        assert make(people, entry).number == "02/SY-UBND"
        with pytest.raises(PaperNotInForce):
            withdraw_copy(actor=people.chau, copy_id=made.pk, reason="Lần nữa", now=NOW)


class TestRefused:
    @pytest.mark.parametrize(
        ("more", "refusal"),
        [({"secrecy": "secret"}, StateNotFitting), ({"number": ""}, StateNotFitting)],
    )
    def test_what_is_secret_or_without_a_number_is_not_copied(
        self, people: People, more: dict[str, Any], refusal: type[Exception]
    ) -> None:
        entry = arrived(people, decision(), **more)
        assert not queries.may_copy(people.an, entry)
        with pytest.raises(refusal):
            make(people, entry)

    def test_a_copy_is_not_copied_again_and_the_own_document_is_no_copy(self, people: People) -> None:
        made = make(people, arrived(people, decision()))
        with pytest.raises(StateNotFitting):
            make(people, made.outgoing)
        task(people, "Rà soát quy hoạch", due_on="20/07/2026", done_on="20/07/2026")
        with pytest.raises(FormNotPossible):
            make(people, issue(people).outgoing, "SL")

    def test_what_lacks_is_said(self, people: People) -> None:
        entry = arrived(people)
        with pytest.raises(FileMissing):
            make(people, entry)
        with pytest.raises(TextMissing):
            make(people, entry, "TrS", extract=None)
        with pytest.raises(TextMissing):
            make(people, entry, "TrS", extract=Extract("", "", "Điều 1.", "", "", ""))
        with pytest.raises(SignerMissing):
            make(people, entry, "TrS", signed_by=" ")
        with pytest.raises(FormNotPossible):
            make(people, entry, "XX")
        assert not DocumentCopy.objects.exists()

    def test_a_file_of_another_document_or_agency_is_not_copied(self, people: People) -> None:
        one, other = arrived(people, decision()), arrived(people, decision(2), number="116/QĐ-UBND")
        ((file_id, _name),) = queries.copyable(people.an, other.pk).files
        with pytest.raises(FileMissing):
            make(people, one, file_id=file_id)
        with pytest.raises(Entry.DoesNotExist):
            make(people, one, actor=people.chi, file_id=file_id)
        with pytest.raises(NotAllowed):
            make(people, one, actor=people.binh, file_id=file_id)
        made = make(people, one)
        with pytest.raises(DocumentCopy.DoesNotExist):
            queries.document_copy(people.chi, made.pk)

    def test_a_damaged_file_says_so_and_leaves_no_number(self, people: People) -> None:
        entry = arrived(people, b"%PDF-1.4\n" + b"junk " * 50)
        with pytest.raises(CopyNotPossible):
            make(people, entry)
        assert not Entry.objects.filter(register="outgoing").exists()
