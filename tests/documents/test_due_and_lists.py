"""What documents call for by a day, for whom; lists of documents on paper; documents found by what they say."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from docx import Document as Docx

from camket.core.finding import sought
from camket.documents.hand_over import move_units_documents
from camket.documents.models import ControlledDocument, DocumentEdition
from camket.documents.operations import controlled, editions, legal, readers
from camket.documents.operations.editions import Draft
from camket.documents.operations.legal import Cited, TextData
from camket.documents.queries import lists
from camket.documents.queries.controlled import Wanted, find_documents, waiting_for
from camket.notifications.due import Due, due_between, due_for, works
from camket.org.models import Membership
from camket.org.policy import Actor
from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Document
from controlled_documents import add, from_file, in_effect, internal
from people import TODAY, People
from work import NOW, unit_of

READ_BY = TODAY + timedelta(days=7)
YEAR = TODAY + timedelta(days=365)


def due(actor: Actor, until: date = YEAR) -> list[tuple[str, date]]:
    return [(each.kind.key, each.due_on) for each in due_for(actor, TODAY, until=until) if _is_ours(each)]


def _is_ours(each: Due) -> bool:
    return each.kind.key.startswith("document.")


def words(document: Document) -> str:
    paper = Docx(io.BytesIO(write_docx(document)))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


def test_what_is_to_be_read_is_due_for_its_reader_alone_until_read(people: People) -> None:
    edition = in_effect(people)
    readers.distribute(actor=people.an, edition_id=edition.pk, unit_ids=(), read_by=READ_BY, now=NOW)
    assert due(people.binh) == [("document.read", READ_BY)]
    seen = due_between(people.chau, TODAY, READ_BY, TODAY)
    assert [each.person_id for each in seen if _is_ours(each)] in ([], [people.chau.person_id])
    readers.confirm_read(actor=people.binh, edition_id=edition.pk, now=NOW)
    assert due(people.binh) == []
    assert due(people.chi) == []


def test_a_review_is_due_for_the_unit_that_keeps_the_document(people: People) -> None:
    edition = in_effect(people, review_months=6, unit_id=unit_of(people, 1).pk)
    assert due(people.dung) == [("document.look", date(2027, 1, 1))]
    assert due(people.an) == []
    (found,) = [each for each in due_for(people.dung, TODAY, until=YEAR) if _is_ours(each)]
    assert (found.link, found.title) == (
        f"/tai-lieu/{edition.document_id}/#ra-soat",
        "QT.01 Kiểm soát tài liệu",
    )
    editions.begin_edition(
        actor=people.an, document_id=edition.document_id, is_new_issue=False, amendments=(), now=NOW
    )
    assert due(people.dung) == []


def test_a_change_of_the_law_is_due_until_it_is_answered_and_reminded_of_as_all_work(people: People) -> None:
    edition = in_effect(people)
    law = legal.save_text(actor=people.an, data=TextData("26/2014/TT-BKHCN", "Quy định"), now=NOW)
    legal.cite(actor=people.an, document_id=edition.document_id, cited=[Cited(law.pk)], today=TODAY)
    legal.note_change(actor=people.an, text_id=law.pk, kind="ends", by_id=None, on=TODAY, now=NOW)
    day = date(2026, 10, 1)
    assert due(people.an) == [("document.law", day)]
    (work,) = works([people.agency.pk], TODAY, until=YEAR)[people.agency.pk]
    assert (work.kind, work.topic, work.due_on) == ("document.law", "document", day)
    assert "26/2014/TT-BKHCN" in work.title
    review = edition.document.legal_reviews.get()
    legal.say_not_needed(actor=people.an, review_id=review.pk, reason="Không liên quan", today=TODAY)
    assert due(people.an) == []


def test_words_of_an_edition_in_effect_find_it_without_marks(people: People) -> None:
    in_effect(people, title="Tiếp công dân", draft=from_file("Ghi sổ tiếp nhận tại quầy số 3"))
    in_effect(people, kind="internal", title="Cấp phép", draft=Draft(procedure=internal()))
    add(people, title="Dự thảo", draft=from_file("Ghi sổ tiếp nhận"))

    def found(text: str) -> list[str]:
        wanted = sought(text)
        assert wanted is not None
        return [each.number for each in find_documents(people.binh, wanted, at_most=9).hits]

    assert found("so tiep nhan quay") == ["QT.01"]
    assert len(found("giay phep ca nhan")) == 1
    assert found("khong co o dau ca") == []


def test_words_of_a_file_that_were_not_read_are_read_later(people: People) -> None:
    edition = in_effect(people, draft=from_file("Niêm phong hòm phiếu"))
    DocumentEdition.objects.filter(pk=edition.pk).update(words=None)
    assert [editions.read_words() for _ in range(2)] == [1, 0]
    edition.refresh_from_db()
    assert edition.words is not None
    assert "niem phong hom phieu" in edition.words


def test_forms_stand_with_their_procedure_and_the_units_that_use_them(people: People) -> None:
    procedure = in_effect(people)
    controlled_form = in_effect(
        people, kind="form", title="Phiếu yêu cầu", parent_id=procedure.document_id, kept_years="05 năm"
    )
    readers.distribute(
        actor=people.an, edition_id=procedure.pk, unit_ids=[unit_of(people, 1).pk], read_by=None, now=NOW
    )
    (form,) = lists.forms_in_use(people.binh)
    assert (form.code, form.parent, form.units) == (
        controlled_form.document.code,
        "QT.01",
        (unit_of(people, 1).name,),
    )
    assert lists.forms_in_use(people.binh, unit_of(people, 2).pk) == ()
    said = words(lists.forms_paper(people.binh, None, TODAY))
    for each in ("BIỂU MẪU", "Phiếu yêu cầu", "QT.01", unit_of(people, 1).name):
        assert each.casefold() in said.casefold()


def test_lists_on_paper_name_what_is_in_effect_and_who_signs_for_it(people: People) -> None:
    edition = in_effect(people)
    add(people, title="Dự thảo chưa ban hành")
    readers.distribute(actor=people.an, edition_id=edition.pk, unit_ids=(), read_by=READ_BY, now=NOW)
    said = words(lists.list_paper(people.an, Wanted(), TODAY))
    assert "Kiểm soát tài liệu" in said
    assert "Dự thảo chưa ban hành" not in said
    sheet = words(lists.distribution_paper(people.an, edition.pk, TODAY))
    assert "Trần Văn Bình" in sheet
    assert "Ký nhận" in sheet
    with pytest.raises(DocumentEdition.DoesNotExist):
        lists.distribution_paper(people.chi, edition.pk, TODAY)


def test_documents_of_a_merged_unit_go_along(people: People) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)
    kept = in_effect(people, unit_id=old.pk).document
    used = in_effect(people, title="Dùng chung").document
    gone = in_effect(people, title="Đã thu hồi", unit_id=old.pk).document
    used.users.set([old])
    controlled.withdraw_document(actor=people.an, document_id=gone.pk, reason="Không dùng", now=NOW)
    assert move_units_documents(actor=people.an, unit=old, into=new) == 2
    units = dict(ControlledDocument.objects.values_list("pk", "unit_id"))
    assert (units[kept.pk], units[gone.pk]) == (new.pk, old.pk)
    assert list(used.users.all()) == [new]


def test_a_draft_of_one_who_left_waits_for_who_keeps_documents(people: People) -> None:
    edition = add(people, actor=people.dung, unit_id=unit_of(people, 1).pk)
    assert waiting_for(people.an, TODAY, has_days=False).drafts == ()
    Membership.objects.filter(person_id=people.dung.person_id).update(valid_to=TODAY - timedelta(days=1))
    (left,) = waiting_for(people.an, TODAY, has_days=False).drafts
    assert (left.id, left.is_own) == (edition.pk, False)
