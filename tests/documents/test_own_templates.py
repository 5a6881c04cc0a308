"""An agency's own Word templates: brought, checked, used from a day on, never for what was issued."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from camket.core.messages import Refusal
from camket.documents.models import PaperTemplate, StoredFile, TemplateUse
from camket.documents.operations import formalities
from camket.documents.operations import templates as operations
from camket.documents.operations.files import keep_paper
from camket.documents.queries import templates as queries
from camket.documents.queries.files import opened, path_of
from camket.documents.queries.formalities import set_out
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from camket.paper.templating import TemplateRefused, office, starter_template, write_docx
from documents.test_formalities import paper
from paper.templating.word_templates import of_starter, text_of_file, with_paragraphs
from people import TODAY, People

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
TOMORROW = TODAY + timedelta(days=1)
LATER = TOMORROW + timedelta(days=30)


def with_motto(words: str = "Khẩu hiệu của xã") -> bytes:
    def change(file: Any) -> None:
        file.add_paragraph(words)

    return of_starter(change)


def bring(people: People, data: bytes | None = None, **other: Any) -> PaperTemplate:
    wanted = {"actor": people.an, "form": "report", "name": "mau-bao-cao.docx", "now": NOW} | other
    return operations.add_template(data=data or with_motto(), **wanted)


def use(people: People, version: int | None = 1, **other: Any) -> TemplateUse:
    wanted = {"actor": people.an, "form": "report", "valid_from": TOMORROW, "now": NOW} | other
    return operations.use_template(version=version, **wanted)


def words(people: People, day: Any = TOMORROW, **other: Any) -> list[str]:
    return text_of_file(write_docx(set_out(people.agency.pk, paper(people, **other), day)))


def test_papers_are_made_with_it_from_its_day_on_and_no_others(people: People) -> None:
    bring(people)
    assert "Khẩu hiệu của xã" not in words(people, LATER)
    use(people)
    assert "Khẩu hiệu của xã" in words(people)
    assert "Khẩu hiệu của xã" in words(people, TODAY, dated=TOMORROW)
    assert "Khẩu hiệu của xã" not in words(people, TODAY)
    assert "Khẩu hiệu của xã" not in words(people, LATER, dated=TODAY)
    assert "Khẩu hiệu của xã" not in words(people, LATER, form="dossier_report")


def test_a_new_version_and_the_built_in_form_take_over_on_their_days(people: People) -> None:
    bring(people)
    assert bring(people, with_motto("Bản sau")).version == 2
    use(people)
    use(people, 2, valid_from=LATER)
    use(people, None, valid_from=LATER + timedelta(days=1))
    assert "Khẩu hiệu của xã" in words(people)
    assert "Bản sau" in words(people, LATER)
    assert "Bản sau" not in words(people, LATER + timedelta(days=1))
    found = queries.form_templates(people.an, "report", LATER)
    assert [each.version for each in found.versions] == [2, 1]
    assert (found.now and found.now.version, found.coming and found.coming.version) == (2, None)


def test_what_was_issued_stays_byte_by_byte(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    bring(people)
    use(people)
    document = set_out(people.agency.pk, paper(people, dated=TOMORROW), TOMORROW)
    docx, _ = keep_paper(
        agency_id=people.agency.pk, actor=people.an, document=document, name="Báo cáo 05", now=NOW
    )
    before = opened(docx).data
    bring(people, with_motto("Bản sau"))
    use(people, 2, valid_from=LATER)
    again = set_out(people.agency.pk, paper(people, dated=TOMORROW), LATER)
    assert opened(docx).data == before == write_docx(again)


def test_the_same_file_twice_is_one_version_and_the_journal_tells_all(people: People) -> None:
    data = with_motto()
    assert bring(people, data) == bring(people, data, name="ten-khac.docx")
    assert use(people) == use(people)
    use(people, None, valid_from=LATER)
    told = Entry.objects.filter(verb__startswith="paper.template").order_by("pk")
    assert [each.verb for each in told] == [
        "paper.template_added", "paper.template_used", "paper.template_ended",
    ]  # fmt: skip
    assert (told[0].after or {})["sha256"] == PaperTemplate.objects.get().file.sha256
    assert (told[2].before or {})["version"] == 1


def test_a_template_with_faults_leaves_nothing_behind(people: People) -> None:
    with pytest.raises(TemplateRefused) as refusal:
        bring(people, with_paragraphs("{{ nguoi_kí }}", "{{ ngay_ký }}", "{{ noi_dung }}"))
    assert len(refusal.value.faults) == 2
    assert not PaperTemplate.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=40)])
def test_it_holds_from_tomorrow_on_at_the_earliest(people: People, day: Any) -> None:
    bring(people)
    with pytest.raises(formalities.DayTooEarly):
        use(people, valid_from=day)


def test_what_is_not_used_is_not_ended(people: People) -> None:
    bring(people)
    with pytest.raises(operations.NothingToEnd):
        use(people, None)


def test_only_who_keeps_documents_may_and_only_the_own_agency_s(people: People) -> None:
    bring(people)
    for act in (lambda: bring(people, actor=people.binh), lambda: use(people, actor=people.binh)):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises((PaperTemplate.DoesNotExist, NotAllowed)):
        use(people, actor=people.chi)
    with pytest.raises((PaperTemplate.DoesNotExist, NotAllowed)):
        queries.template_file(people.chi, "report", 1)
    with pytest.raises(PaperTemplate.DoesNotExist):
        use(people, 2)
    with pytest.raises(KeyError):
        bring(people, form="no-form")


def test_a_template_that_is_lost_gives_the_built_in_form(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    row = bring(people)
    use(people)
    path_of(row.file.storage_name).write_bytes(b"")
    assert "Khẩu hiệu của xã" not in words(people)
    assert "gone or damaged" in caplog.text
    with pytest.raises(Refusal):
        use(people, valid_from=LATER)


def test_the_starter_is_a_template(people: People) -> None:
    assert bring(people, starter_template("report")).version == 1
