"""Papers of the work programme that were issued: frozen to the byte, numbered, corrected by a version that names the old."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document as read_docx

from camket.documents.queries import read_file
from camket.journal.models import Entry as JournalEntry
from camket.journal.reasons import ReasonMissing
from camket.org.policy import Actor, NotAllowed
from camket.registers import queries
from camket.registers.models import Entry, ProgrammePaper
from camket.registers.operations import (
    PaperChanged,
    PaperEmpty,
    PaperNotInForce,
    SignerMissing,
    SigningDayNotPossible,
    StateNotFitting,
    change,
    finish,
    issue_programme_paper,
    withdraw,
    withdraw_programme_paper,
)
from camket.registers.programme_paper import Programme, digest
from people import People
from registers.test_programme import AUGUST, JULY, NOW, TODAY, task

pytestmark = pytest.mark.django_db


def seen(actor: Actor, first: date = JULY) -> str:
    """Return the digest of a month's paper as it stands."""
    heading = queries.heading_of(actor, authority="", capacity="", signed_by="")
    return digest(heading, queries.programme_of(actor, first, is_year=False, today=TODAY))


def issue(people: People, kind: str = "report", **said: Any) -> ProgrammePaper:
    """Issue July's report, or another paper."""
    actor, first = said.pop("actor", people.an), said.pop("first", JULY)
    values = {
        "seen": said.pop("seen", None) or seen(actor, first),
        "issued_on": TODAY,
        "signed_by": "Lê Minh Châu",
        "capacity": "CHỦ TỊCH",
        "authority": "TM. ỦY BAN NHÂN DÂN",
        **said,
    }
    return issue_programme_paper(actor=actor, kind=kind, first=first, is_year=False, now=NOW, **values)


def words(people: People, paper: ProgrammePaper) -> str:
    """Return the words of the DOCX file that went out."""
    file = read_docx(io.BytesIO(read_file(people.an, paper.docx_id)))
    return " ".join("".join(part.itertext()) for part in file.element.body)


class TestIssuing:
    def test_a_report_gets_number_day_and_files_and_stands_among_the_outgoing_documents(
        self, people: People
    ) -> None:
        task(people, "Rà soát quy hoạch", due_on="20/07/2026", done_on="20/07/2026")
        paper = issue(people)
        assert (paper.number, paper.version, paper.state) == ("01/BC-UBND", 1, "issued")
        said = words(people, paper)
        for word in (
            "01/BC-UBND",
            "ngày 03 tháng 8 năm 2026",
            "Rà soát quy hoạch",
            "Lê Minh Châu",
            "01 nhiệm vụ",
        ):
            assert word in said, word
        assert "Kèm theo Báo cáo số 01/BC-UBND ngày 03 tháng 8 năm 2026" in said
        sent = paper.outgoing
        assert (sent.register, sent.number, sent.on, sent.kind) == ("outgoing", "01/BC-UBND", TODAY, "BC")
        assert JournalEntry.objects.filter(verb="programme.issued").count() == 1

    def test_it_says_the_same_to_the_byte_whatever_the_register_says_later(self, people: People) -> None:
        late = task(people, "Chậm lại", due_on="20/07/2026", result="Chờ số liệu")
        paper = issue(people)
        before = [read_file(people.an, each) for each in (paper.docx_id, paper.pdf_id)]
        shown = queries.issued_paper(people.an, paper.pk, TODAY)
        assert shown.otherwise == ()
        change(actor=people.an, entry_id=late.pk, values={"title": "Tên khác", "result": "Khác"}, now=NOW)
        finish(actor=people.an, entry_id=late.pk, done_on=date(2026, 7, 31), now=NOW)
        again = queries.issued_paper(people.an, paper.pk, TODAY)
        assert again.document == shown.document
        assert again.otherwise == ("Chậm lại", "Tên khác")
        assert [read_file(people.an, each) for each in (paper.docx_id, paper.pdf_id)] == before

    def test_a_correction_is_a_new_version_that_names_the_old(self, people: People) -> None:
        late = task(people, "Chậm lại", due_on="20/07/2026")
        old = issue(people)
        finish(actor=people.an, entry_id=late.pk, done_on=date(2026, 7, 20), now=NOW)
        with pytest.raises(ReasonMissing):
            issue(people)
        assert ProgrammePaper.objects.count() == 1
        new = issue(people, correction="Việc đã xong ngày 20/7, đơn vị báo cáo muộn.")
        old.refresh_from_db()
        assert (old.state, new.state, new.version, new.number) == ("replaced", "issued", 2, "02/BC-UBND")
        said = words(people, new)
        assert "thay thế Báo cáo số 01/BC-UBND ngày 03 tháng 8 năm 2026" in said
        assert "Nội dung được đính chính: Việc đã xong ngày 20/7, đơn vị báo cáo muộn." in said
        assert "01/BC-UBND" in new.outgoing.values["note"]
        rows = queries.papers_of(people.an, "report", JULY, is_year=False)
        assert [(each.number, each.replaces) for each in rows] == [
            ("02/BC-UBND", "01/BC-UBND"),
            ("01/BC-UBND", ""),
        ]

    def test_the_programme_has_a_series_of_its_own_and_stays_when_work_is_done(self, people: People) -> None:
        entry = task(people, "Việc tháng 8", on="01/08/2026", due_on="31/08/2026")
        paper = issue(people, "programme", first=AUGUST)
        assert paper.number == "01/CTr-UBND"
        finish(actor=people.an, entry_id=entry.pk, done_on=TODAY, now=NOW)
        assert queries.issued_paper(people.an, paper.pk, TODAY).otherwise == ()
        change(actor=people.an, entry_id=entry.pk, values={"product": "Báo cáo"}, now=NOW)
        assert queries.issued_paper(people.an, paper.pk, TODAY).otherwise == ("Việc tháng 8",)

    @pytest.mark.parametrize(
        ("said", "refusal"),
        [
            ({"seen": "0" * 64}, PaperChanged),
            ({"signed_by": " "}, SignerMissing),
            ({"issued_on": date(2026, 8, 4)}, SigningDayNotPossible),
            ({"first": date(2026, 3, 1)}, PaperEmpty),
            ({"first": date(2026, 9, 1)}, PaperEmpty),
        ],
    )
    def test_what_cannot_be_issued_leaves_nothing(
        self, people: People, said: dict[str, Any], refusal: type[Exception]
    ) -> None:
        task(people, "Của tháng 7")
        task(people, "Của tháng 9", on="01/09/2026", due_on="30/09/2026")
        with pytest.raises(refusal):
            issue(people, **said)
        assert not ProgrammePaper.objects.exists()
        assert not Entry.objects.filter(register="outgoing").exists()

    def test_only_who_gives_numbers_issues(self, people: People) -> None:
        task(people, "Của tháng 7")
        for actor in (people.binh, people.chau):
            with pytest.raises(NotAllowed):
                issue(people, actor=actor, seen=seen(people.an))

    def test_another_agency_does_not_find_it(self, people: People) -> None:
        task(people, "Của tháng 7")
        paper = issue(people)
        with pytest.raises(ProgrammePaper.DoesNotExist):
            queries.issued_paper(people.chi, paper.pk, TODAY)
        assert queries.papers_issued(people.chi) == ()

    def test_what_is_kept_reads_back_equal(self, people: People) -> None:
        task(people, "Của tháng 7", leader=str(people.chau.person_id))
        programme = queries.programme_of(people.an, JULY, is_year=False, today=TODAY)
        assert Programme.from_json(programme.to_json()) == programme


class TestWithdrawing:
    def test_number_and_files_stay_and_the_period_is_free_again(self, people: People) -> None:
        task(people, "Của tháng 7")
        old = issue(people)
        before = read_file(people.an, old.docx_id)
        withdraw_programme_paper(actor=people.chau, paper_id=old.pk, reason=" Ký  nhầm\n", now=NOW)
        old.refresh_from_db()
        sent = old.outgoing
        assert (old.state, old.withdrawal, old.withdrawn_by_id, old.withdrawn_at) == (
            "withdrawn",
            "Ký nhầm",
            people.chau.person_id,
            NOW,
        )
        assert (sent.state, sent.number, sent.withdrawal) == ("withdrawn", "01/BC-UBND", "Ký nhầm")
        assert read_file(people.an, old.docx_id) == before
        noted = JournalEntry.objects.get(verb="programme.withdrawn")
        assert (noted.reason, noted.after) == ("Ký nhầm", {"state": "withdrawn", "number": "01/BC-UBND"})
        shown = queries.issued_paper(people.an, old.pk, TODAY)
        assert (shown.row.is_withdrawn, shown.row.is_in_force, shown.otherwise) == (True, False, ())
        new = issue(people)
        assert (new.number, new.version, new.state, new.supersedes) == ("02/BC-UBND", 2, "issued", None)
        assert "thay thế" not in words(people, new)

    def test_what_it_had_replaced_stays_replaced(self, people: People) -> None:
        task(people, "Của tháng 7")
        first = issue(people)
        second = issue(people, correction="Thiếu một việc")
        withdraw_programme_paper(actor=people.chau, paper_id=second.pk, reason="Ký nhầm", now=NOW)
        third = issue(people)
        first.refresh_from_db()
        assert (first.state, third.version, third.number) == ("replaced", 3, "03/BC-UBND")
        with pytest.raises(PaperNotInForce):
            withdraw_programme_paper(actor=people.chau, paper_id=first.pk, reason="Ký nhầm", now=NOW)

    def test_it_asks_for_a_reason_a_leader_and_the_own_agency(self, people: People) -> None:
        task(people, "Của tháng 7")
        paper = issue(people)
        for actor, reason, refusal in (
            (people.chau, " \n", ReasonMissing),
            (people.an, "Ký nhầm", NotAllowed),
            (people.binh, "Ký nhầm", NotAllowed),
            (people.chi, "Ký nhầm", (NotAllowed, ProgrammePaper.DoesNotExist)),
        ):
            with pytest.raises(refusal):
                withdraw_programme_paper(actor=actor, paper_id=paper.pk, reason=reason, now=NOW)
        with pytest.raises(StateNotFitting):
            withdraw(actor=people.an, entry_id=paper.outgoing_id, reason="Ký nhầm", now=NOW)
        paper.refresh_from_db()
        assert (paper.state, paper.outgoing.state) == ("issued", "noted")
        assert not JournalEntry.objects.filter(verb="programme.withdrawn").exists()

    def test_twice_is_refused(self, people: People) -> None:
        task(people, "Của tháng 7")
        paper = issue(people)
        withdraw_programme_paper(actor=people.chau, paper_id=paper.pk, reason="Ký nhầm", now=NOW)
        with pytest.raises(PaperNotInForce):
            withdraw_programme_paper(actor=people.chau, paper_id=paper.pk, reason="Lần hai", now=NOW)
        assert JournalEntry.objects.filter(verb="programme.withdrawn").count() == 1
