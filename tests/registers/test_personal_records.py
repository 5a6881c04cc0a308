"""Qualifications, grades and discipline: who may write of whom, what reaches nobody else, what is left of an erased person."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from camket.core.registers import REGISTERS
from camket.documents.models import Evidence, StoredFile
from camket.documents.operations import NewEvidence
from camket.documents.queries import open_file
from camket.journal.models import Entry as JournalEntry
from camket.journal.queries import rows
from camket.org.models import Role
from camket.org.personal import forget
from camket.org.policy import Actor, NotAllowed, Scope
from camket.paper.sheets import write_csv
from camket.registers import queries
from camket.registers.models import Batch, Entry
from camket.registers.operations import (
    attach,
    bring_in,
    change,
    derive,
    enter,
    preview,
    withdraw,
    withdraw_evidence,
)
from camket.registers.sheets import template
from people import People, actor_of, make_person
from work import PDF

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
GRADES = ["Họ và tên", "Kỳ đánh giá", "Ngày cuối kỳ", "Mức xếp loại", "Đơn vị"]


@pytest.fixture
def stranger(people: People) -> Actor:
    """An officer of the office, not of Bình's and Dũng's unit."""
    office = people.agency.units.get(name__startswith="Văn phòng")
    return actor_of(make_person(people.agency, "Đỗ Văn Em", "em", Role.OFFICER, office), people.agency)


def graded(people: People, person_id: int, outcome: str = "good") -> Entry:
    """Grade somebody as An."""
    said = {"person": person_id, "kind": "month", "on": date(2026, 6, 30), "outcome": outcome}
    return enter(actor=people.an, register="grading", values={**said, "source": "12/QĐ"}, now=NOW)


class TestAHead:
    def test_writes_nothing_of_people_of_other_units(self, people: People, stranger: Actor) -> None:
        unit = next(iter(people.dung.headed_unit_ids))
        said = {
            "person": stranger.person_id, "unit": unit, "kind": "month", "on": date(2026, 6, 30), "outcome": "good",
        }  # fmt: skip
        with pytest.raises(NotAllowed):
            enter(actor=people.dung, register="grading", values=said, now=NOW)
        own = enter(
            actor=people.dung, register="grading", values={**said, "person": people.binh.person_id}, now=NOW
        )
        with pytest.raises(NotAllowed):
            change(actor=people.dung, entry_id=own.pk, values={"person": stranger.person_id}, now=NOW)
        assert set(Entry.objects.values_list("person_id", flat=True)) == {people.binh.person_id}

    def test_learns_nothing_of_them_by_trying_spreadsheets(self, people: People, stranger: Actor) -> None:
        graded(people, stranger.person_id)
        unit = people.agency.units.get(pk=next(iter(people.dung.headed_unit_ids))).name
        answers = []
        for outcome in REGISTERS["grading"].field("outcome").choices:
            data = write_csv(GRADES, [["Đỗ Văn Em", "Tháng", "30/06/2026", outcome.word, unit]])
            planned = preview(actor=people.dung, register="grading", data=data, name="so.csv", now=NOW)
            answers.append(
                (planned.rows[0].status, tuple(str(one.message) for one in planned.rows[0].problems))
            )
        assert len(set(answers)) == 1
        assert answers[0][0] == "refused"


class TestEvidence:
    def test_of_a_grade_is_opened_by_who_sees_the_grade_alone(self, people: People, stranger: Actor) -> None:
        entry = graded(people, people.binh.person_id)
        sent = NewEvidence(
            kind="file",
            title="Biên bản Trần Văn Bình",
            data=PDF,
            name="bb.pdf",
            content_type="application/pdf",
        )
        attach(actor=people.an, entry_id=entry.pk, evidence=sent, now=NOW)
        file = StoredFile.objects.get()
        assert open_file(people.an, file.pk).data == PDF
        assert open_file(people.binh, file.pk).data == PDF
        assert open_file(people.dung, file.pk).data == PDF
        with pytest.raises(StoredFile.DoesNotExist):
            open_file(stranger, file.pk)

    def test_of_a_grade_is_not_named_in_the_journal_at_large(self, people: People) -> None:
        entry = graded(people, people.binh.person_id)
        sent = NewEvidence(kind="link", title="Kỷ luật Trần Văn Bình", url="https://example.vn/binh")
        attach(actor=people.an, entry_id=entry.pk, evidence=sent, now=NOW)
        pdf = NewEvidence(kind="file", title="", data=PDF, name="Kỷ luật.pdf", content_type="application/pdf")
        attach(actor=people.an, entry_id=entry.pk, evidence=pdf, now=NOW)
        said = [
            str((each.changes, each.subject_label, each.reason))
            for each in rows(JournalEntry.objects.order_by("sequence"))
        ]
        assert not [each for each in said if "luật" in each or "example.vn" in each or "ky-luat" in each]
        titles = [change.after for each in queries.history(people.binh, entry.pk) for change in each.changes]
        assert "Kỷ luật Trần Văn Bình" in titles

    def test_of_a_grade_is_withdrawn_under_the_same_seal(self, people: People, stranger: Actor) -> None:
        entry = graded(people, people.binh.person_id)
        sent = NewEvidence(kind="link", title="Kỷ luật Trần Văn Bình", url="https://example.vn/binh")
        attach(actor=people.an, entry_id=entry.pk, evidence=sent, now=NOW)
        proof = Evidence.objects.get()
        with pytest.raises(Evidence.DoesNotExist):
            withdraw_evidence(actor=stranger, evidence_id=proof.pk, reason="Nhầm", now=NOW)
        withdraw_evidence(actor=people.an, evidence_id=proof.pk, reason="Bình khiếu nại", now=NOW)
        withdraw(actor=people.an, entry_id=entry.pk, reason="Bình được minh oan", now=NOW)
        said = " ".join(
            str((each.changes, each.subject_label, each.reason)) for each in rows(JournalEntry.objects.all())
        )
        assert "luật" not in said
        assert "khiếu nại" not in said
        assert "minh oan" not in said
        told = [change for each in queries.history(people.binh, entry.pk) for change in each.changes]
        assert {"Bình khiếu nại", "Bình được minh oan"} <= {
            each.after for each in told if each.name == "reason"
        }
        assert "Kỷ luật Trần Văn Bình" in {each.before for each in told if each.name == "evidence"}
        assert Evidence.objects.get().is_withdrawn


def test_work_that_came_of_a_grade_names_it_to_nobody_else(people: People, stranger: Actor) -> None:
    graded_entry = graded(people, people.binh.person_id)
    values: dict[str, object] = {
        "number": "5/TB", "on": date(2026, 7, 1), "title": "Khắc phục", "source": "Chủ tịch",
        "unit": people.agency.units.get(name="Phòng Kinh tế").pk,
    }  # fmt: skip
    (work,) = derive(
        actor=people.an, parent_id=graded_entry.pk, register="directives", rows=[values], now=NOW
    )
    assert queries.entry(stranger, work.pk, TODAY).parent is None
    seen = queries.entry(people.an, work.pk, TODAY).parent
    assert seen is not None
    assert seen.id == graded_entry.pk


class TestAnErasedPerson:
    def test_stands_in_no_refused_row_and_in_nothing_kept_to_be_taken_back(self, people: People) -> None:
        graded(people, people.binh.person_id)
        rows = [
            ["Trần Văn Bình", "Tháng", "30/06/2026", "Hoàn thành nhiệm vụ", ""],
            ["Trần Văn Bình", "Tháng", "31/05/2026", "Không có mức này", ""],
            ["Người Lạ", "Tháng", "31/05/2026", "Không có mức này", ""],
        ]
        batch = bring_in(
            actor=people.an, register="grading", data=write_csv(GRADES, rows), name="so.csv", now=NOW
        )
        assert (batch.changed, len(batch.refused)) == (1, 3)
        forget(people.binh.person_id, "Trần Văn Bình")
        batch.refresh_from_db()
        assert "Bình" not in str(batch.refused)
        assert batch.before == []
        assert Batch.objects.count() == 1


def test_from_above_no_names_of_people_are_handed_out_with_a_template(people: People) -> None:
    above = replace(
        people.chi, agency_id=people.agency.pk, roles=frozenset({Role.INSPECTOR}), scope=Scope.BELOW
    )
    data = template(above, REGISTERS["directives"], TODAY)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        text = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    assert "Phòng Kinh tế" in text
    assert "Trần Văn Bình" not in text
