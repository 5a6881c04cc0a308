"""The work programme of a month and the report on it, as they stand on a day."""

from __future__ import annotations

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from docx import Document as read_docx

from camket.core.registers.standing import Standing
from camket.org.policy import Actor, NotAllowed
from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Document
from camket.registers import queries
from camket.registers.models import Entry
from camket.registers.operations import carry_on, enter, withdraw
from camket.registers.programme_paper import Programme, programme_document, report_document
from people import People
from registers.test_entries import unit_of

NOW = datetime(2026, 8, 3, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def task(
    people: People, title: str, on: str = "01/07/2026", due_on: str = "31/07/2026", **said: object
) -> Entry:
    """Enter a task of the programme, July's unless said otherwise."""
    values = {"title": title, "kind": "main", "scope": "month", "on": on, "due_on": due_on, **said}
    return enter(
        actor=people.an,
        register="programme",
        values={"unit": str(unit_of(people)), **values},
        now=NOW,
    )


def of(people: People, first: date = JULY, *, is_year: bool = False, today: date = TODAY) -> Programme:
    return queries.programme_of(people.an, first, is_year=is_year, today=today)


def titles(programme: Programme) -> list[str]:
    return [each.title for each in programme.items]


def words(people: People, document: Document) -> str:
    """Return the words of a paper's DOCX file."""
    file = read_docx(io.BytesIO(write_docx(document)))
    return " ".join("".join(part.itertext()) for part in file.element.body)


@pytest.mark.django_db
class TestWhatAMonthHolds:
    def test_tasks_of_the_month_and_those_left_over(self, people: People) -> None:
        task(people, "Của tháng 7")
        task(people, "Còn từ tháng 6", on="01/06/2026", due_on="30/06/2026")
        task(people, "Xong trong tháng 6", on="01/06/2026", due_on="30/06/2026", done_on="28/06/2026")
        task(people, "Của tháng 8", on="01/08/2026", due_on="31/08/2026")
        gone = task(people, "Đã rút")
        withdraw(actor=people.an, entry_id=gone.pk, reason="Trùng", now=NOW)
        found = of(people)
        assert titles(found) == ["Còn từ tháng 6", "Của tháng 7"]
        assert [each.is_carried for each in found.items] == [True, False]
        assert "Của tháng 8" in [each.title for each in found.following]

    def test_what_was_carried_on_stands_once_in_the_next_month(self, people: People) -> None:
        old = task(people, "Rà soát quy hoạch")
        carry_on(
            actor=people.an,
            entry_ids=[old.pk],
            values={"on": AUGUST, "due_on": date(2026, 8, 31), "done_on": None},
            now=NOW,
        )
        july, august = of(people), of(people, AUGUST)
        assert titles(july) == titles(august) == ["Rà soát quy hoạch"]
        assert (july.items[0].goes_on, august.items[0].is_carried) == (True, True)
        assert august.items[0].due_on == date(2026, 8, 31)

    def test_a_years_task_stands_in_the_months_of_its_beginning_and_end(self, people: People) -> None:
        task(people, "Đề án của năm", on="05/01/2026", due_on="31/07/2026", scope="year")
        task(people, "Cả năm", on="05/01/2026", due_on="30/11/2026", scope="year")
        assert titles(of(people)) == ["Đề án của năm"]
        task(people, "Chỉ của tháng")
        assert titles(of(people, date(2026, 1, 1), is_year=True)) == ["Đề án của năm", "Cả năm"]

    def test_it_says_how_things_stood_at_the_end_of_the_month(self, people: People) -> None:
        task(people, "Đúng hạn", due_on="20/07/2026", done_on="20/07/2026")
        task(people, "Chậm", due_on="20/07/2026", done_on="24/07/2026")
        task(people, "Xong sau tháng", due_on="24/07/2026", done_on="02/08/2026")
        task(people, "Chưa đến hạn", due_on="14/08/2026")
        stands = {each.title: each.standing for each in of(people).items}
        assert stands == {
            "Đúng hạn": Standing.DONE,
            "Chậm": Standing.DONE_LATE,
            "Xong sau tháng": Standing.LATE,
            "Chưa đến hạn": Standing.OPEN,
        }

    def test_another_agency_sees_its_own(self, people: People) -> None:
        task(people, "Của xã Bình Yên")
        assert queries.programme_of(people.chi, JULY, is_year=False, today=TODAY).items == ()


@pytest.mark.django_db
class TestPapers:
    def test_the_programme_names_its_tasks_with_unit_day_and_product(self, people: People) -> None:
        task(people, "Rà soát quy hoạch", product="Báo cáo rà soát", leader=str(people.chau.person_id))
        task(people, "Họp giao ban", kind="regular")
        heading = queries.heading_of(people.an, authority="", capacity="CHỦ TỊCH", signed_by="Lê Minh Châu")
        text = words(people, programme_document(heading, of(people)))
        for word in (
            "CHƯƠNG TRÌNH", "Công tác tháng 7 năm 2026", "/CTr-UBND", "Rà soát quy hoạch", "Báo cáo rà soát",
            "Lê Minh Châu", "31/07/2026", "Nhiệm vụ thường xuyên: 01",
        ):  # fmt: skip
            assert word in text, word

    def test_the_report_counts_says_reasons_and_next_months_tasks(self, people: People) -> None:
        task(people, "Đúng hạn", due_on="20/07/2026", done_on="20/07/2026", result="Đã ban hành kế hoạch")
        task(people, "Chậm lại", due_on="20/07/2026", result="Chờ số liệu của tỉnh")
        task(people, "Không báo cáo", due_on="21/07/2026")
        task(people, "Việc tháng sau", on="01/08/2026", due_on="31/08/2026")
        heading = queries.heading_of(people.an, authority="", capacity="", signed_by="")
        text = words(people, report_document(heading, of(people)))
        for word in (
            "BÁO CÁO", "nhiệm vụ tháng 8 năm 2026", "có 03 nhiệm vụ", "(33,3\N{NO-BREAK SPACE}%)", "Đã ban hành kế hoạch",
            "quá hạn 11 ngày", "Chờ số liệu của tỉnh", "đơn vị chưa báo cáo", "Việc tháng sau", "Phụ lục II",
        ):  # fmt: skip
            assert word in text, word

    def test_an_empty_month_is_said_so(self, people: People) -> None:
        heading = queries.heading_of(people.an, authority="", capacity="", signed_by="")
        assert "không có nhiệm vụ" in words(people, report_document(heading, of(people)))
        assert "Chưa có nhiệm vụ nào" in words(people, programme_document(heading, of(people)))

    def test_a_december_is_followed_by_january(self, people: People) -> None:
        assert of(people, date(2026, 12, 1)).next_name == "tháng 1 năm 2027"

    def test_who_sees_no_registers_sees_no_programme(self, people: People) -> None:
        nobody = Actor(person_id=people.an.person_id, name="", agency_id=people.agency.pk)
        with pytest.raises(NotAllowed):
            queries.programme_of(nobody, JULY, is_year=False, today=TODAY)
