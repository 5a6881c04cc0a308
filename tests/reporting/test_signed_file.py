"""The digitally signed file of a report: kept beside what was issued, refused where it does not hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from camket.documents.queries import read_file
from camket.org.policy import Actor, NotAllowed
from camket.paper.signatures import NotAPdf
from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, plain
from camket.paper.writing.pdf import write_pdf
from camket.reporting import operations, queries
from camket.reporting.models import Report
from paper.signing import Signer, make_signer, signed
from people import People
from reporting.year import NOW, issue_half_year

DOCUMENT = Document(
    letterhead=Letterhead(issuer="Ủy ban nhân dân xã Bình Yên", symbol="BC-UBND", year=2026),
    kind="Báo cáo",
    abstract="",
    body=(Paragraph(plain("Đạt 98,4 %.")),),
    signature=Signature(("Chủ tịch",), "Lê Minh Châu"),
    recipients=("Lưu: VT",),
)


@pytest.fixture(scope="module")
def chau_signs(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return make_signer(tmp_path_factory.mktemp("key"), "Lê Minh Châu", "UBND xã Bình Yên")


@pytest.fixture
def issued(people: People) -> Report:
    return issue_half_year(people)


def paper(people: People, report: Report) -> bytes:
    assert report.pdf_id is not None
    return read_file(people.an, report.pdf_id)


def attach(people: People, report: Report, data: bytes, actor: Actor | None = None) -> None:
    operations.attach_signed(
        actor=actor or people.an, report_id=report.pk, data=data, name="bao-cao.pdf", now=NOW
    )


def test_the_signed_file_is_kept_with_what_its_signature_says(
    people: People, issued: Report, chau_signs: Signer, settings: Any, tmp_path: Path
) -> None:
    data = signed(paper(people, issued), chau_signs)
    attach(people, issued, data)
    row = queries.report(people.an, issued.pk)
    assert row.signed is not None
    assert row.signed_id is not None
    assert row.signed.is_as_issued
    assert row.signed.is_whole
    (found,) = row.signed.signatures
    assert (found.signer, found.is_trusted) == ("Lê Minh Châu", False)
    assert read_file(people.an, row.signed_id) == data
    (tmp_path / "goc.pem").write_bytes(chau_signs.certificate)
    settings.SIGNATURE_ROOTS = tmp_path
    attach(people, issued, data)
    again = queries.report(people.an, issued.pk)
    assert again.signed is not None
    assert again.signed.signatures[0].is_trusted


def test_another_paper_that_was_signed_is_kept_and_said_to_be_another(
    people: People, issued: Report, chau_signs: Signer
) -> None:
    attach(people, issued, signed(write_pdf(replace(DOCUMENT, abstract="Báo cáo khác")), chau_signs))
    row = queries.report(people.an, issued.pk)
    assert row.signed is not None
    assert (row.signed.is_whole, row.signed.is_as_issued) == (True, False)


def test_what_is_not_signed_or_does_not_hold_is_refused_and_nothing_kept(
    people: People, issued: Report, chau_signs: Signer
) -> None:
    whole = signed(paper(people, issued), chau_signs)
    broken = bytearray(whole)
    broken[broken.index(b"pdfaid")] ^= 1
    with pytest.raises(operations.NotSigned):
        attach(people, issued, paper(people, issued))
    with pytest.raises(operations.NotSigned):
        attach(people, issued, bytes(broken))
    with pytest.raises(NotAPdf):
        attach(people, issued, b"no pdf")
    assert Report.objects.get(pk=issued.pk).signed_id is None


def test_drafts_other_agencies_and_officers_have_none(
    people: People, issued: Report, chau_signs: Signer
) -> None:
    data = signed(paper(people, issued), chau_signs)
    new = operations.correct_report(
        actor=people.an, report_id=issued.pk, reason="Sai số liệu", now=NOW + timedelta(hours=1)
    )
    with pytest.raises(operations.ReportNotIssued):
        attach(people, new, data)
    with pytest.raises(NotAllowed):
        attach(people, issued, data, actor=people.binh)
    with pytest.raises(Report.DoesNotExist):
        attach(people, issued, data, actor=people.chi)
