"""Reminder letters: drafted by unit, edited, numbered in the series of outgoing documents, frozen, withdrawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document as read_docx

from camket.actions.models import Task, TaskNote
from camket.core.tally import day_number
from camket.journal.models import Entry as JournalEntry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from camket.paper.writing.docx import write_docx
from camket.paper.writing.pdf import write_pdf
from camket.registers import queries
from camket.registers.letter_paper import Line, proposed_requests
from camket.registers.models import Entry, Letter
from camket.registers.operations import (
    LetterIncomplete,
    LetterNotDraft,
    NothingToRemind,
    PaperNotInForce,
    ReplyDayNotPossible,
    SigningDayNotPossible,
    StateNotFitting,
    change,
    discard_letter,
    draft_letters,
    edit_letter,
    enter,
    finish,
    issue_letters,
    reopen,
    withdraw,
    withdraw_letter,
)
from people import People
from registers.test_entries import counted, directive, recounted, unit_of
from work import make_task

NOW = datetime(2026, 7, 8, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
SIGNED: dict[str, Any] = {
    "issued_on": TODAY,
    "signed_by": "Lê Văn Châu",
    "capacity": "CHỦ TỊCH",
    "authority": "TM. ỦY BAN NHÂN DÂN",
}


def late(people: People, **said: object) -> Entry:
    """Give Bình's unit work that was due on 3 July."""
    return enter(actor=people.an, register="directives", values=directive(people, **said), now=NOW)


def office_of(people: People) -> Unit:
    return people.agency.units.order_by("order")[0]


def drafted(people: People, *entries: Entry, tasks: tuple[Task, ...] = (), **said: Any) -> list[int]:
    """Draft letters about work as An."""
    done = draft_letters(
        actor=people.an,
        entry_ids=[each.pk for each in entries],
        task_ids=[each.pk for each in tasks],
        now=NOW,
        **{"reply_by": date(2026, 7, 13), **said},
    )
    return list(done.letter_ids)


def issued(people: People, *entries: Entry, **said: Any) -> Letter:
    """Draft a letter about work and issue it."""
    ids = drafted(people, *entries, **said)
    return issue_letters(actor=people.an, letter_ids=ids, now=NOW, **SIGNED)[0]


def text_of(people: People, letter_id: int) -> str:
    """Return the words of a letter's DOCX file, tables and annexes too."""
    file = read_docx(io.BytesIO(write_docx(queries.letter_documents(people.an, [letter_id])[0])))
    return " ".join("".join(part.itertext()) for part in file.element.body)


@pytest.mark.django_db
class TestDrafting:
    def test_each_unit_gets_a_letter_about_its_own_work(self, people: People) -> None:
        task = make_task(people)
        first, other = late(people), late(people, title="Báo cáo thu ngân sách", unit=office_of(people).pk)
        ids = drafted(people, first, other, tasks=(task,))
        letters = [queries.letter(people.an, pk) for pk in ids]
        assert [each.row.addressees for each in letters] == [
            (office_of(people).name,),
            (Unit.objects.get(pk=unit_of(people)).name,),
        ]
        assert [[one.line.register for one in each.lines] for each in letters] == [
            ["directives"],
            ["directives", "task"],
        ]
        assert (
            "còn 01 nhiệm vụ đã quá thời hạn hoàn thành và 01 nhiệm vụ sắp đến hạn"
            in letters[1].content.opening
        )
        assert "trước ngày 13 tháng 7 năm 2026" in letters[1].content.requests

    def test_one_letter_for_all_units_names_each_in_its_annex(self, people: People) -> None:
        entries = late(people), late(people, title="Báo cáo thu ngân sách", unit=office_of(people).pk)
        (pk,) = drafted(people, *entries, in_one=True)
        text = text_of(people, pk)
        assert "Phụ lục" in text
        assert all(
            unit.name in text for unit in Unit.objects.filter(pk__in=(office_of(people).pk, unit_of(people)))
        )
        assert "Số:" in text
        assert "V/v đôn đốc" in text

    def test_the_symbol_names_the_unit_that_drafts(self, people: People) -> None:
        office = office_of(people)
        Unit.objects.filter(pk=office.pk).update(short_name="VP")
        (pk,) = drafted(people, late(people), drafter_id=office.pk)
        assert queries.letter(people.an, pk).content.symbol == "UBND-VP"
        (given,) = issue_letters(actor=people.an, letter_ids=[pk], now=NOW, **SIGNED)
        assert given.number == "01/UBND-VP"

    @pytest.mark.parametrize(("short", "symbol"), [("", "UBND"), ("V. phòng", "UBND"), ("V.P", "UBND-VP")])
    def test_a_short_name_that_is_no_abbreviation_stands_in_no_symbol_and_that_is_said(
        self, people: People, short: str, symbol: str
    ) -> None:
        office = office_of(people)
        Unit.objects.filter(pk=office.pk).update(short_name=short)
        done = draft_letters(
            actor=people.an,
            entry_ids=[late(people).pk],
            task_ids=(),
            reply_by=TODAY,
            now=NOW,
            drafter_id=office.pk,
        )
        assert queries.letter(people.an, done.letter_ids[0]).content.symbol == symbol
        assert bool(done.lacking) is (symbol == "UBND")

    def test_it_asks_of_late_work_and_of_work_due_soon_what_fits_each(self) -> None:
        day = TODAY - timedelta(days=5)
        work = Line("directives", 1, "Phòng Kinh tế", "Rà soát", "", day, day)
        soon = replace(work, due_on=TODAY, late_after=TODAY)

        def asked(*lines: Line) -> str:
            return proposed_requests("Ủy ban nhân dân xã", ["Phòng Kinh tế"], lines, TODAY, TODAY)

        assert "sắp đến hạn" not in asked(work)
        assert "trước khi hết thời hạn" not in asked(work)
        assert "làm rõ nguyên nhân" in asked(work)
        assert "quá hạn" not in asked(soon)
        assert "làm rõ nguyên nhân" not in asked(soon)
        assert "chủ động đề nghị gia hạn" in asked(soon)
        assert "đã quá hạn; thực hiện đúng thời hạn các nhiệm vụ sắp đến hạn." in asked(work, soon)

    def test_what_stands_in_a_draft_or_has_no_unit_is_left_out_and_named(self, people: People) -> None:
        first, lost = late(people), late(people, title="Không ai nhận")
        Entry.objects.filter(pk=lost.pk).update(unit=None)
        drafted(people, first)
        third = late(people, title="Việc thứ ba")
        done = draft_letters(
            actor=people.an, entry_ids=[first.pk, lost.pk, third.pk], task_ids=[], reply_by=TODAY, now=NOW
        )
        assert len(done.letter_ids) == 1
        assert {title for title, _why in done.left_out} == {"Rà soát hồ sơ quá hạn", "Không ai nhận"}
        with pytest.raises(NothingToRemind):
            drafted(people, first)

    def test_nothing_open_a_day_gone_by_and_who_may_not_are_refused(self, people: People) -> None:
        entry = late(people)
        with pytest.raises(ReplyDayNotPossible):
            drafted(people, entry, reply_by=date(2026, 7, 7))
        with pytest.raises(NotAllowed):
            draft_letters(actor=people.binh, entry_ids=[entry.pk], task_ids=[], reply_by=TODAY, now=NOW)
        with pytest.raises(NothingToRemind):
            draft_letters(actor=people.chi, entry_ids=[entry.pk], task_ids=[], reply_by=TODAY, now=NOW)
        finish(actor=people.an, entry_id=entry.pk, done_on=TODAY, now=NOW)
        with pytest.raises(NothingToRemind):
            drafted(people, entry)
        assert not Letter.objects.exists()

    def test_a_draft_is_edited_and_work_taken_out_of_it(self, people: People) -> None:
        first, second = late(people), late(people, title="Việc thứ hai")
        (pk,) = drafted(people, first, second)
        said = {
            "subject": "V/v đôn đốc hồ sơ",
            "opening": "Còn 01 việc.",
            "requests": "Đề nghị\n\nhoàn thành.",
        }
        edit_letter(actor=people.an, letter_id=pk, without={f"entry-{first.pk}"}, now=NOW, **said)
        found = queries.letter(people.an, pk)
        assert (found.content.subject, found.content.requests) == ("đôn đốc hồ sơ", "Đề nghị\nhoàn thành.")
        assert [each.line.id for each in found.lines] == [second.pk]
        assert list(Letter.objects.get(pk=pk).entries.values_list("pk", flat=True)) == [second.pk]
        assert len(drafted(people, first)) == 1
        with pytest.raises(LetterIncomplete):
            edit_letter(actor=people.an, letter_id=pk, without={f"entry-{second.pk}"}, now=NOW, **said)
        with pytest.raises(LetterIncomplete):
            edit_letter(actor=people.an, letter_id=pk, now=NOW, **{**said, "opening": " "})

    def test_a_discarded_draft_frees_its_work(self, people: People) -> None:
        entry = late(people)
        (pk,) = drafted(people, entry)
        discard_letter(actor=people.an, letter_id=pk, now=NOW)
        assert (
            queries.letters(people.an, drafts=True).rows
            == queries.letters(people.an, drafts=False).rows
            == ()
        )
        assert drafted(people, entry)
        with pytest.raises(LetterNotDraft):
            discard_letter(actor=people.an, letter_id=pk, now=NOW)


@pytest.mark.django_db
class TestIssuing:
    def test_it_is_numbered_among_the_outgoing_documents_and_noted_on_the_work(self, people: People) -> None:
        entry, task = late(people), make_task(people)
        before = counted(people)
        letter = issued(people, entry, tasks=(task,))
        sent = Entry.objects.get(register="outgoing")
        assert (letter.number, sent.number, sent.serial) == ("01/UBND", "01/UBND", 1)
        assert (sent.title, sent.on) == ("V/v đôn đốc thực hiện nhiệm vụ được giao", TODAY)
        entry.refresh_from_db()
        assert entry.values["reminded_on"] == "2026-07-08"
        assert TaskNote.objects.get(task=task).text == "Đã đôn đốc ngày 08/07/2026 bằng Công văn số 01/UBND."
        followed = (day_number(date(2026, 7, 3)), "followed", unit_of(people), "", "")
        assert (followed in before, counted(people)[followed]) == (False, 1)
        assert counted(people) == recounted(people)
        assert counted(people, "outgoing") == recounted(people, "outgoing")

    def test_the_units_heads_are_told_and_it_stands_in_the_journal(self, people: People) -> None:
        letter = issued(people, late(people))
        told = Notification.objects.filter(topic="reminded")
        assert [each.person_id for each in told] == [people.dung.person_id]
        assert told[0].link == f"/so/don-doc/{letter.pk}/"
        verbs = JournalEntry.objects.filter(subject_type="registers.letter").values_list("verb", flat=True)
        assert set(verbs) == {"reminder.drafted", "reminder.issued"}

    def test_it_is_frozen_and_says_so_when_its_text_was_changed_behind_it(self, people: People) -> None:
        entry = late(people)
        letter = issued(people, entry)
        before = write_pdf(queries.letter_documents(people.an, [letter.pk])[0])
        change(actor=people.an, entry_id=entry.pk, values={"title": "Tên khác"}, now=NOW)
        assert write_pdf(queries.letter_documents(people.an, [letter.pk])[0]) == before
        assert queries.letter(people.an, letter.pk).is_whole
        with pytest.raises(LetterNotDraft):
            edit_letter(
                actor=people.an, letter_id=letter.pk, subject="Khác", opening="Khác", requests="Khác", now=NOW
            )
        letter.refresh_from_db()
        letter.content["opening"] = "Viết lại"
        letter.save()
        assert not queries.letter(people.an, letter.pk).is_whole

    def test_several_get_numbers_one_after_the_other_or_none_does(self, people: People) -> None:
        ids = drafted(people, late(people), late(people, title="Báo cáo", unit=office_of(people).pk))
        with pytest.raises(SigningDayNotPossible):
            issue_letters(
                actor=people.an, letter_ids=ids, now=NOW, **{**SIGNED, "issued_on": date(2026, 7, 9)}
            )
        with pytest.raises(LetterIncomplete):
            issue_letters(actor=people.an, letter_ids=ids, now=NOW, **{**SIGNED, "signed_by": " "})
        with pytest.raises(NotAllowed):
            issue_letters(actor=people.binh, letter_ids=ids, now=NOW, **SIGNED)
        with pytest.raises(Letter.DoesNotExist):
            issue_letters(actor=people.chi, letter_ids=ids, now=NOW, **SIGNED)
        assert not Entry.objects.filter(register="outgoing").exists()
        done = issue_letters(actor=people.an, letter_ids=ids, now=NOW, **SIGNED)
        assert [each.number for each in done] == ["01/UBND", "02/UBND"]
        with pytest.raises(LetterNotDraft):
            issue_letters(actor=people.an, letter_ids=ids, now=NOW, **SIGNED)

    def test_a_leader_issues_without_being_who_gives_numbers(self, people: People) -> None:
        ids = drafted(people, late(people))
        assert issue_letters(actor=people.chau, letter_ids=ids, now=NOW, **SIGNED)[0].number == "01/UBND"

    def test_work_done_meanwhile_is_not_noted_as_reminded(self, people: People) -> None:
        entry = late(people)
        ids = drafted(people, entry)
        finish(actor=people.an, entry_id=entry.pk, done_on=TODAY, now=NOW)
        assert queries.letter(people.an, ids[0]).closed == 1
        issue_letters(actor=people.an, letter_ids=ids, now=NOW, **SIGNED)
        entry.refresh_from_db()
        assert "reminded_on" not in entry.values


@pytest.mark.django_db
class TestWithdrawing:
    def test_the_number_stays_used_and_the_work_is_as_before(self, people: People) -> None:
        entry = late(people, reminded_on="06/07/2026")
        letter = issued(people, entry)
        withdraw_letter(actor=people.an, letter_id=letter.pk, reason="Ký nhầm", now=NOW)
        entry.refresh_from_db()
        assert entry.values["reminded_on"] == "2026-07-06"
        assert Entry.objects.get(register="outgoing").state == "withdrawn"
        assert issued(people, entry).number == "02/UBND"
        assert counted(people) == recounted(people)
        assert [each.number for each in queries.letters_about(people.an, entry.pk)] == ["02/UBND", "01/UBND"]

    def test_it_asks_for_a_reason_and_for_a_letter_that_stands(self, people: People) -> None:
        letter = issued(people, late(people))
        with pytest.raises(ReasonMissing):
            withdraw_letter(actor=people.an, letter_id=letter.pk, reason=" ", now=NOW)
        withdraw_letter(actor=people.an, letter_id=letter.pk, reason="Ký nhầm", now=NOW)
        with pytest.raises(PaperNotInForce):
            withdraw_letter(actor=people.an, letter_id=letter.pk, reason="Ký nhầm", now=NOW)

    def test_its_entry_among_the_outgoing_documents_is_not_withdrawn_without_it(self, people: People) -> None:
        letter = issued(people, late(people))
        sent = Entry.objects.get(register="outgoing")
        with pytest.raises(StateNotFitting):
            withdraw(actor=people.an, entry_id=sent.pk, reason="Ký nhầm", now=NOW)
        sent.refresh_from_db()
        letter.refresh_from_db()
        assert (sent.state, letter.state) == ("noted", "issued")
        assert "withdraw" not in queries.entry(people.an, sent.pk, TODAY).acts
        withdraw_letter(actor=people.an, letter_id=letter.pk, reason="Ký nhầm", now=NOW)
        with pytest.raises(StateNotFitting):
            reopen(actor=people.an, entry_id=sent.pk, reason="Vẫn gửi", now=NOW)
        assert "reopen" not in queries.entry(people.an, sent.pk, TODAY).acts

    def test_another_letter_of_the_work_keeps_its_day(self, people: People) -> None:
        entry = late(people)
        first, second = issued(people, entry), issued(people, entry)
        withdraw_letter(actor=people.an, letter_id=second.pk, reason="Ký nhầm", now=NOW)
        entry.refresh_from_db()
        assert entry.values["reminded_on"] == "2026-07-08"
        withdraw_letter(actor=people.an, letter_id=first.pk, reason="Ký nhầm", now=NOW)
        entry.refresh_from_db()
        assert "reminded_on" not in entry.values


@pytest.mark.django_db
class TestLateUnits:
    def test_work_is_listed_by_unit_the_longest_late_first(self, people: People) -> None:
        late(people)
        late(people, title="Sắp đến hạn", due_on="10/07/2026")
        late(people, title="Còn lâu", due_on="31/07/2026")
        late(people, title="Đã xong", done_on="02/07/2026")
        late(people, title="Của văn phòng", unit=office_of(people).pk, due_on="01/07/2026")
        make_task(people)
        units = queries.late_units(people.an, TODAY)
        assert [(each.name, len(each.late), each.soon, each.longest(TODAY)) for each in units] == [
            (office_of(people).name, 1, 0, 7),
            (Unit.objects.get(pk=unit_of(people)).name, 1, 2, 5),
        ]
        assert [each.title for each in units[1].works][:2] == ["Rà soát hồ sơ quá hạn", "Sắp đến hạn"]
        assert queries.late_units(people.chi, TODAY) == ()

    def test_the_list_is_written_as_a_notice_with_each_unit_and_its_work(self, people: People) -> None:
        late(people, person=str(people.binh.person_id))
        data = write_docx(queries.late_list(people.an, TODAY, signed_by="Lê Văn Châu"))
        text = " ".join("".join(part.itertext()) for part in read_docx(io.BytesIO(data)).element.body)
        for word in (
            "THÔNG BÁO",
            "01 nhiệm vụ quá hạn của 01 đơn vị",
            "125/TB-UBND ngày 22/06/2026",
            people.binh.name,
        ):
            assert word in text, word

    @pytest.mark.parametrize(
        ("with_unit", "said"),
        [
            (
                True,
                "có 01 nhiệm vụ quá hạn của 01 đơn vị và 02 nhiệm vụ quá hạn chưa phân công đơn vị, cụ thể",
            ),
            (False, "có 02 nhiệm vụ quá hạn chưa phân công đơn vị, cụ thể"),
        ],
    )
    def test_work_that_no_unit_has_is_counted_by_itself(
        self, people: People, with_unit: bool, said: str
    ) -> None:
        if with_unit:
            late(people)
        for number in range(2):
            entry = late(people, title=f"Chưa giao {number}", number=f"{number}/TB")
            Entry.objects.filter(pk=entry.pk).update(unit=None)
        assert said in str(queries.late_list(people.an, TODAY).body)

    def test_that_nobody_is_late_is_said(self, people: People) -> None:
        document = queries.late_list(people.an, TODAY)
        assert "không có đơn vị nào chậm" in str(document.body)
        assert document.annexes == ()


@pytest.mark.django_db
def test_letters_take_few_statements(
    people: People, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(5):
        late(people, title=f"Việc {number}")
    with django_assert_max_num_queries(8):
        assert queries.late_units(people.an, TODAY)
