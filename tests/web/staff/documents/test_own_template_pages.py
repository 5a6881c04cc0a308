"""The pages on which an agency brings its own Word template: fields, starter, faults, check, use, and back again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from camket.documents.models import PaperTemplate, TemplateUse
from camket.org.policy import Actor
from camket.paper.templating import fields_of, office, starter_template
from paper.templating.word_templates import of_starter, text_of_file, with_paragraphs
from people import TODAY, People

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Actor], Client]
TOMORROW = f"{TODAY + timedelta(days=1):%d/%m/%Y}"
PAGE = reverse("web:organisation:paper_template", args=["report"])
USE = reverse("web:organisation:paper_template_use", args=["report"])
VERSION = reverse("web:organisation:paper_template_version", args=["report", 1])


def file_of(version: int, kind: str) -> str:
    return reverse("web:organisation:paper_template_file", args=["report", version, kind])


def sent(data: bytes, name: str = "mau.docx") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


def test_a_template_is_brought_looked_at_used_and_ended(
    people: People, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    an = signed_in(people.an)
    page = an.get(PAGE).content.decode()
    assert "Mẫu có sẵn" in page
    for each in fields_of("report"):
        assert f"<strong>{each.name}</strong>" in page
    starter = an.get(reverse("web:organisation:paper_template_starter", args=["report"]))
    assert starter.content == starter_template("report")

    def change(file: Any) -> None:
        file.sections[0].left_margin = file.sections[0].left_margin // 3

    data = of_starter(change)
    answer = an.post(PAGE, sent(data), follow=True)
    shown = answer.content.decode()
    assert answer.redirect_chain[-1][0] == VERSION
    assert "Những điểm khác với thể thức" in shown
    assert "máy chủ này không có libreoffice" in shown.lower()
    preview = text_of_file(an.get(file_of(1, "docx")).content)
    assert people.agency.full_name.upper() in " ".join(preview)
    assert an.get(file_of(1, "goc")).content == data
    assert an.get(file_of(1, "pdf")).status_code == 404
    early = an.post(USE, {"version": 1, "valid_from": f"{TODAY:%d/%m/%Y}"})
    assert early.status_code == 422
    assert f"từ ngày {TOMORROW}" in early.content.decode()
    assert an.post(USE, {"version": 1, "valid_from": TOMORROW}).status_code == 302
    assert TemplateUse.objects.get().template_id == PaperTemplate.objects.get().pk
    assert f"Từ ngày {TOMORROW}: mẫu riêng, bản 1" in an.get(PAGE).content.decode()
    assert "riêng, bản 1" in an.get(reverse("web:organisation:papers")).content.decode()
    assert an.post(USE, {"valid_from": TOMORROW}).status_code == 302
    assert TemplateUse.objects.get().template_id is None
    assert an.post(USE, {"valid_from": TOMORROW}).status_code == 422
    journal = an.get(reverse("web:organisation:journal")).content.decode()
    assert "Áp dụng mẫu Word của biểu mẫu" in journal


def test_faults_are_told_in_vietnamese_with_their_paragraph(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    answer = an.post(
        PAGE, sent(with_paragraphs("Kính gửi", "{{ nguoi_kí }}", "{{ noi_nhan }}", "{{ noi_dung }}"))
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Đoạn 2" in page
    assert "Không có trường “nguoi_kí”. Có phải ý bạn là “nguoi_ky”?" in page
    assert "“{{ noi_nhan }}” gồm nhiều dòng: hãy duyệt từng dòng bằng “{%p for dong in noi_nhan %}”." in page
    assert not PaperTemplate.objects.exists()


@pytest.mark.parametrize("data", [b"", b"MZ\x90", b"%PDF-1.7", b"PK\x03\x04", b"0" * (5 * 1024 * 1024 + 1)])
def test_what_is_no_word_document_is_refused(people: People, signed_in: SignedIn, data: bytes) -> None:
    answer = signed_in(people.an).post(PAGE, sent(data))
    assert answer.status_code == 422
    assert not PaperTemplate.objects.exists()


def test_other_forms_versions_agencies_and_people_find_nothing(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    an.post(PAGE, sent(starter_template("report")))
    assert an.get(VERSION).status_code == 200
    assert an.get(VERSION.replace("/1/", "/2/")).status_code == 404
    assert an.get(VERSION.replace("report", "no-form")).status_code == 404
    assert an.get(VERSION.replace("report", "dossier_report")).status_code == 404
    assert an.post(USE, {"version": 2, "valid_from": TOMORROW}).status_code == 404
    for stranger in (people.binh, people.chi):
        other = signed_in(stranger)
        assert other.get(VERSION).status_code in (403, 404)
        assert other.get(file_of(1, "goc")).status_code in (403, 404)
    assert signed_in(people.chi).post(USE, {"version": 1, "valid_from": TOMORROW}).status_code == 404
    assert signed_in(people.binh).get(PAGE).status_code == 403
    assert signed_in(people.binh).post(PAGE, sent(with_paragraphs("{{ noi_dung }}"))).status_code == 403
    assert PaperTemplate.objects.count() == 1


def test_papers_that_pages_hand_out_take_it(people: People, signed_in: SignedIn) -> None:
    """The book of risks is made anew each time: from its day on with the template."""
    an = signed_in(people.an)
    page = reverse("web:organisation:paper_template", args=["risk_book"])

    def change(file: Any) -> None:
        file.add_paragraph("Khẩu hiệu của xã")

    an.post(page, sent(of_starter(change, "risk_book")))
    PaperTemplate.objects.get()
    TemplateUse.objects.create(
        agency=people.agency, form="risk_book", valid_from=TODAY, template=PaperTemplate.objects.get(),
        made_at=PaperTemplate.objects.get().made_at, made_by_id=people.an.person_id,
    )  # fmt: skip
    answer = an.get(reverse("web:risks:book_file", args=["docx"]))
    assert "Khẩu hiệu của xã" in text_of_file(io.BytesIO(answer.content).read())
