"""The pages of documents and of legal texts: who sees what, what is said where it is refused, few statements a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camket.documents.models import ControlledDocument, DocumentEdition, LegalText, Receipt
from camket.documents.operations import legal, readers
from camket.documents.operations.legal import Cited, TextData
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet, write_sheet
from controlled_documents import add, docx, in_effect, internal
from people import TODAY, People
from procedures import make_procedure
from work import NOW

SignedIn = Callable[[Actor], Client]


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def typed(**more: object) -> dict[str, object]:
    return {"title": "Kiểm soát tài liệu", "code": "", "unit_id": "", "review_months": "12", **more}


def test_a_document_is_added_with_its_file_and_goes_its_way_by_buttons(
    an: Client, people: People, signed_in: SignedIn
) -> None:
    file = SimpleUploadedFile("quy-trinh.docx", docx("Điều 1"))
    answer = an.post(f"{reverse('web:documents:add')}?loai=system", typed(file=file))
    edition = DocumentEdition.objects.get()
    assert answer["Location"] == reverse("web:documents:edition", args=[edition.pk])
    an.post(reverse("web:documents:submit", args=[edition.pk]))
    chau = signed_in(people.chau)
    assert "Phê duyệt" in chau.get(reverse("web:documents:edition", args=[edition.pk])).content.decode()
    chau.post(reverse("web:documents:approve", args=[edition.pk]))
    issue = reverse("web:documents:issue", args=[edition.pk])
    refused = an.post(
        issue, {"number": "12/QĐ-UBND", "decided_on": "01/07/2026", "effective_on": "30/06/2026"}
    )
    assert "effective_on" in refused.context["form"].errors
    an.post(issue, {"number": "12/QĐ-UBND", "decided_on": "01/07/2026", "effective_on": "01/07/2026"})
    edition.refresh_from_db()
    assert (edition.state, edition.document.code) == ("effective", "QT.01")
    got = an.get(reverse("web:documents:file", args=[edition.pk, "goc"]))
    assert got["Content-Disposition"].startswith("attachment")


def test_a_hostile_file_is_refused_at_its_field(an: Client) -> None:
    file = SimpleUploadedFile("quy-trinh.docx", b"MZ\x90\x00not a document")
    answer = an.post(f"{reverse('web:documents:add')}?loai=system", typed(file=file))
    assert "file" in answer.context["form"].errors
    assert not ControlledDocument.objects.exists()


def test_an_internal_procedure_begins_with_what_the_catalogue_says(an: Client, people: People) -> None:
    make_procedure(people.agency)
    page = an.get(f"{reverse('web:documents:add')}?loai=internal&thu-tuc=1.001193")
    initial = page.context["form"].initial
    assert (initial["procedure_code"], bool(initial["title"])) == ("1.001193", True)
    answer = an.post(
        f"{reverse('web:documents:add')}?loai=internal&thu-tuc=1.001193",
        typed(title=initial["title"], procedure_code="1.001193", is_written_here="on"),
    )
    edition = DocumentEdition.objects.get()
    write = reverse("web:documents:write", args=[edition.pk])
    assert answer["Location"] == write
    form = an.get(write).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {"limit": "02 ngày làm việc", "steps-1-time": "3 ngày", "steps-6-what": "", "more": "1"}
    assert an.post(write, values)["Location"] == write
    said = an.get(write).content.decode()
    assert "vượt 1 ngày so với thời hạn giải quyết 2 ngày" in said


def test_read_and_understood_by_one_press_from_the_own_list(people: People, signed_in: SignedIn) -> None:
    edition = in_effect(people)
    readers.distribute(actor=people.an, edition_id=edition.pk, unit_ids=(), read_by=None, now=NOW)
    binh = signed_in(people.binh)
    assert "QT.01" in binh.get(reverse("web:documents:to_read")).content.decode()
    press = reverse("web:documents:confirm_read", args=[edition.pk])
    for _ in range(2):
        assert binh.post(press, {"next": "list"})["Location"] == reverse("web:documents:to_read")
    assert Receipt.objects.get(person_id=people.binh.person_id).read_at is not None


def test_what_waits_stands_on_the_page_of_what_waits_and_words_find_it(an: Client, people: People) -> None:
    edition = in_effect(people)
    law = legal.save_text(actor=people.an, data=TextData("26/2014/TT-BKHCN", "Quy định chi tiết"), now=NOW)
    legal.cite(actor=people.an, document_id=edition.document_id, cited=[Cited(law.pk)], today=TODAY)
    legal.note_change(actor=people.an, text_id=law.pk, kind="ends", by_id=None, on=TODAY, now=NOW)
    assert "26/2014/TT-BKHCN" in an.get(reverse("web:documents:list")).content.decode()
    found = an.get(f"{reverse('web:search')}?tu=kiem soat tai lieu").content.decode()
    assert reverse("web:documents:document", args=[edition.document_id]) in found
    assert (
        reverse("web:legal:text", args=[law.pk])
        in an.get(f"{reverse('web:search')}?tu=26/2014").content.decode()
    )


def test_a_reason_on_the_documents_page_answers_a_change_of_the_law(an: Client, people: People) -> None:
    edition = in_effect(people)
    law = legal.save_text(actor=people.an, data=TextData("26/2014/TT-BKHCN", "Quy định chi tiết"), now=NOW)
    legal.cite(actor=people.an, document_id=edition.document_id, cited=[Cited(law.pk)], today=TODAY)
    an.post(reverse("web:legal:note_change", args=[law.pk]), {"kind": "ends", "on": "01/07/2026"})
    (change,) = (
        an.get(reverse("web:documents:document", args=[edition.document_id])).context["found"].to_answer
    )
    press = reverse("web:legal:not_needed", args=[change.review_id])
    an.post(press, {"khong-can-reason": ""})
    page = reverse("web:documents:document", args=[edition.document_id])
    assert an.get(page).context["found"].to_answer
    an.post(press, {"khong-can-reason": "Không liên quan"})
    assert not an.get(page).context["found"].to_answer


def test_the_list_of_legal_texts_goes_out_and_comes_in_again(an: Client) -> None:
    rows = [("1/NĐ-CP", "Về một", "hôm qua")]
    heads = ["Số, ký hiệu", "Trích yếu", "Ngày ban hành"]
    bad = SimpleUploadedFile("a.xlsx", write_sheet("Văn bản", heads, rows))
    answer = an.post(reverse("web:legal:bring_in"), {"file": bad})
    assert "hôm qua" in answer.content.decode()
    good = SimpleUploadedFile("a.xlsx", write_sheet("Văn bản", heads, [("1/NĐ-CP", "Về một", "01/07/2025")]))
    an.post(reverse("web:legal:bring_in"), {"file": good})
    out = an.get(reverse("web:legal:list_file", args=["xlsx"])).content
    assert read_sheet(out, "a.xlsx").rows[1].cells[:3] == ("1/NĐ-CP", "Nghị định", "Về một")
    again = SimpleUploadedFile("b.xlsx", out)
    an.post(reverse("web:legal:bring_in"), {"file": again})
    assert LegalText.objects.count() == 1


@pytest.mark.only_on("sqlite")
def test_pages_take_few_statements_however_many_documents_there_are(an: Client, people: People) -> None:
    from camket.documents.operations.editions import Draft

    edition = in_effect(people, kind="internal", title="Cấp phép", draft=Draft(procedure=internal()))
    for number in range(3):
        in_effect(people, title=f"Quy trình {number}", review_months=1)
        add(people, title=f"Dự thảo {number}")
    pages = [
        reverse("web:documents:list"),
        f"{reverse('web:documents:list')}?muc=all",
        reverse("web:documents:document", args=[edition.document_id]),
        reverse("web:documents:edition", args=[edition.pk]),
        reverse("web:legal:list"),
    ]
    for page in pages:
        an.get(page)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert an.get(page).status_code == 200
        assert len(asked) <= 15, (page, len(asked))


def test_a_stranger_to_the_unit_sees_no_draft(people: People, signed_in: SignedIn) -> None:
    edition = add(people)
    binh = signed_in(people.binh)
    for name in ("edition", "write", "issue"):
        assert binh.get(reverse(f"web:documents:{name}", args=[edition.pk])).status_code in (403, 404)
    assert "QT.01" not in binh.get(reverse("web:documents:list")).content.decode()
