"""Checking a Word document on the page: what is found, what is refused, and that nothing is kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from camket.documents.models import StoredFile
from camket.journal.models import Entry
from camket.org.policy import Actor
from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, plain
from people import People

SignedIn = Callable[[Actor], Client]
NOTICE = Document(
    letterhead=Letterhead(
        issuer="Ủy ban nhân dân xã Bình Yên",
        symbol="TB-UBND",
        year=2026,
        number="07/TB-UBND",
        place="Bình Yên",
        dated=date(2026, 3, 9),
    ),
    kind="Thông báo",
    abstract="Lịch tiếp công dân",
    body=(Paragraph(plain("Ủy ban nhân dân xã thông báo lịch tiếp công dân. " * 4)),),
    signature=Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), "Nguyễn Văn An"),
    recipients=("Như trên", "Lưu: VT"),
)


@pytest.fixture
def binh(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.binh)


def sent(client: Client, data: bytes, name: str = "thong-bao.docx") -> tuple[int, str]:
    """Send a file to the page; return the status and what the page says, white space folded."""
    answer = client.post(reverse("web:documents:conformity"), {"file": SimpleUploadedFile(name, data)})
    return answer.status_code, " ".join(answer.content.decode().split())


def test_a_document_in_form_is_said_to_be_so_and_is_not_kept(binh: Client) -> None:
    before = (StoredFile.objects.count(), Entry.objects.count())
    status, page = sent(binh, write_docx(NOTICE))
    assert status == 200
    assert "Không có điểm nào sai so với Nghị định 30/2020/NĐ-CP, Phụ lục I." in page
    assert (StoredFile.objects.count(), Entry.objects.count()) == before


def test_what_deviates_is_listed_by_part_with_its_place_and_escaped(binh: Client) -> None:
    file = docx.Document(io.BytesIO(write_docx(NOTICE)))
    file.sections[0].left_margin = 0
    for cell in file.tables[0].rows[1].cells:
        for run in cell.paragraphs[0].runs:
            run.text = run.text.replace("07/TB-UBND", "7/TB-UBND <b>")
    target = io.BytesIO()
    file.save(target)
    status, page = sent(binh, target.getvalue(), "<i>.docx")
    assert status == 200
    assert "Khổ giấy, lề trang" in page
    assert "Lề trái 0 mm; phải là 30–35 mm." in page
    assert "&lt;i&gt;.docx" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7", "Chỉ kiểm tra được văn bản Word (.docx)."),
        (b"PK\x03\x04", "Chỉ kiểm tra được văn bản Word (.docx)."),
        (b"", "ck-field--error"),
    ],
)
def test_another_file_is_refused_at_the_field(binh: Client, data: bytes, said: str) -> None:
    status, page = sent(binh, data)
    assert status == 422
    assert said in page
