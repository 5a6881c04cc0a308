"""The week on one page, and Monday's letters beside it: what stands in it, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.actions import operations as work
from camket.actions.models import Task
from camket.jobs.week import WeekPage, decisions_waiting, late_units, week_page, weeks_of
from camket.org.policy import Actor, NotAllowed
from camket.registers.models import Entry, Extension, Letter
from camket.registers.operations import ask_extension, enter, finish
from camket.voices.models import Feedback
from people import People
from registers.test_meetings import meeting
from work import NOW, ZONE, make_task, submitted_task, unit_of

SignedIn = Callable[[Actor], Client]
MONDAY, WEDNESDAY, FRIDAY = date(2026, 7, 13), date(2026, 7, 15), date(2026, 7, 10)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)


def page_of(actor: Actor, day: date) -> WeekPage:
    return week_page(actor, day, at(day))


def directive(people: People, title: str, due_on: date, unit: int = 1) -> Entry:
    return enter(
        actor=people.an,
        register="directives",
        values={
            "source": "UBND tỉnh", "title": title, "on": date(2026, 6, 1), "due_on": due_on,
            "unit": unit_of(people, unit).pk,
        },
        now=NOW,
    )  # fmt: skip


def drafted_answer(people: People) -> Feedback:
    return Feedback.objects.create(
        agency=people.agency, code="PA-7", kind="other", is_classified=True, way="paper", state="drafted",
        received_at=NOW, subject="Đường hỏng", text="Ổ gà", unit=unit_of(people, 1), pass_on_by=FRIDAY,
        due_on=date(2026, 7, 30), limit_days=10, drafted_by_id=people.binh.person_id,
    )  # fmt: skip


@pytest.fixture
def filled(people: People) -> People:
    """A late task and a directive due of Bình's unit, one of the office; one task to accept, three things to decide."""
    make_task(people)  # due on Friday the tenth, of the unit of Bình and Dũng
    submitted_task(people, number="2", text="Công khai quy trình")
    directive(people, "Rà soát hộ nghèo", WEDNESDAY)
    of_office = directive(people, "Báo cáo tháng", WEDNESDAY, unit=0)
    done = directive(people, "Kiểm kê tài sản", date(2026, 7, 9))
    finish(actor=people.an, entry_id=done.pk, done_on=date(2026, 7, 9), now=at(date(2026, 7, 9)))
    ask_extension(
        actor=people.an, entry_id=of_office.pk, due_after=date(2026, 7, 30), reason="Chờ Sở", now=at(FRIDAY)
    )
    Letter.objects.create(
        agency=people.agency, year=2026, content={}, created_at=NOW, created_by_id=people.an.person_id
    )
    drafted_answer(people)
    return people


class TestThePage:
    def test_is_the_whole_agencys_for_a_leader(self, filled: People) -> None:
        page = page_of(filled.chau, MONDAY)
        assert page.is_whole
        assert [(unit.name, len(unit.works)) for unit in page.late] == [("Phòng Kinh tế", 1)]
        assert [each.title for each in page.due] == ["Rà soát hộ nghèo", "Báo cáo tháng"]
        assert [(each.title, each.is_late) for each in page.done] == [("Kiểm kê tài sản", False)]
        assert [each.act for each in page.decisions] == [
            "register.extend",
            "reminder.issue",
            "feedback.approve",
        ]
        assert [each.link.split("/")[1] for each in page.decisions] == ["so", "so", "phan-anh"]
        assert [each.title.split(" (")[0] for each in page.to_accept] == ["Công khai quy trình"]
        assert page.waiting == 4

    def test_is_the_units_for_its_head(self, filled: People) -> None:
        page = page_of(filled.dung, MONDAY)
        assert not page.is_whole
        assert [each.title for each in page.due] == ["Rà soát hộ nghèo"]
        assert page.decisions == ()
        assert [each.title.split(" (")[0] for each in page.to_accept] == ["Công khai quy trình"]

    def test_gives_nobody_the_own_to_decide(self, filled: People) -> None:
        assert [each.act for each in page_of(filled.an, MONDAY).decisions] == ["reminder.issue"]
        Extension.objects.update(asked_by_id=filled.chau.person_id)
        assert [each.act for each in decisions_waiting(filled.chau)] == ["reminder.issue"]

    def test_hides_from_whom_it_is_about_and_names_no_word_of_feedback(self, filled: People) -> None:
        row = Feedback.objects.get()
        assert "Đường hỏng" not in str(page_of(filled.chau, MONDAY))
        row.concerns.set([filled.chau.person_id])
        assert "feedback.approve" not in {each.act for each in page_of(filled.chau, MONDAY).decisions}
        row.state, row.settled_at = "answered", at(FRIDAY)
        row.save()
        assert len(page_of(filled.an, MONDAY).done) == 2
        assert len(page_of(filled.chau, MONDAY).done) == 1

    def test_tells_leaders_of_all_meetings_to_come_and_a_head_of_those_that_concern_the_head(
        self, filled: People
    ) -> None:
        office, own = (unit_of(filled, at).name for at in (0, 1))
        for title, day, invited in (
            ("Giao ban đầu tuần", MONDAY, office),
            ("Rà soát kinh tế", WEDNESDAY, own),
            ("Tuần sau", date(2026, 7, 20), own),
        ):
            meeting(filled, title=title, on=day, invited=invited)
        assert [each.title for each in page_of(filled.chau, MONDAY).meetings] == [
            "Giao ban đầu tuần",
            "Rà soát kinh tế",
        ]
        assert [each.hours for each in page_of(filled.chau, MONDAY).meetings] == [
            "08:00–09:30",
            "08:00–09:30",
        ]
        assert [each.title for each in page_of(filled.chau, WEDNESDAY).meetings] == ["Rà soát kinh tế"]
        assert [each.title for each in page_of(filled.dung, MONDAY).meetings] == ["Rà soát kinh tế"]
        assert page_of(filled.chi, MONDAY).meetings == ()

    def test_is_of_the_own_agency_and_of_those_who_lead(self, filled: People) -> None:
        page = page_of(filled.chi, MONDAY)
        assert (page.late, page.due, page.done, page.decisions, page.to_accept) == ((), (), (), (), ())
        with pytest.raises(NotAllowed):
            page_of(filled.binh, MONDAY)

    def test_counts_as_finished_what_was_accepted_for_a_day_of_the_week_before(self, filled: People) -> None:
        task = Task.objects.get(state="submitted")
        work.accept_task(actor=filled.an, task_id=task.pk, now=at(MONDAY))
        Task.objects.filter(pk=task.pk).update(done_on=FRIDAY)
        assert len(page_of(filled.chau, MONDAY).done) == 2
        Task.objects.filter(pk=task.pk).update(done_on=MONDAY)
        assert len(page_of(filled.chau, MONDAY).done) == 1
        assert len(page_of(filled.chau, date(2026, 7, 20)).done) == 1

    def test_reads_no_more_statements_for_many_agencies(self, filled: People) -> None:
        with CaptureQueriesContext(connection) as one:
            weeks_of([filled.agency.pk], MONDAY)
        with CaptureQueriesContext(connection) as two:
            weeks_of([filled.agency.pk, filled.other_agency.pk], MONDAY)
        assert len(one) <= len(two) == 7

    @pytest.mark.parametrize("path", ["/thu-hai/", "/dang-cho/"])
    def test_is_shown_within_fifteen_statements_with_all_that_can_wait(
        self, filled: People, signed_in: SignedIn, path: str, settings: Any
    ) -> None:
        settings.TODAY = MONDAY
        for person in (filled.chau, filled.an, filled.dung):
            client = signed_in(person)
            with CaptureQueriesContext(connection) as captured:
                shown = client.get(path)
            assert shown.status_code == 200
            assert len(captured) <= 15, [each["sql"][:90] for each in captured]

    def test_offers_a_button_for_each_decision(
        self, filled: People, signed_in: SignedIn, settings: Any
    ) -> None:
        settings.TODAY = MONDAY
        shown = signed_in(filled.chau).get("/thu-hai/").content.decode()
        for each in page_of(filled.chau, MONDAY).decisions:
            assert f'href="{each.link}"' in shown
        assert "Báo cáo tháng" in shown
        assert signed_in(filled.binh).get("/thu-hai/").status_code == 403

    def test_says_until_when_work_is_in_time_whose_day_has_passed(
        self, filled: People, signed_in: SignedIn, settings: Any
    ) -> None:
        settings.TODAY = MONDAY
        client = signed_in(filled.chau)
        assert "Còn trong hạn" not in client.get("/thu-hai/").content.decode()
        Task.objects.filter(state="open").update(late_after=WEDNESDAY)
        assert "Còn trong hạn đến hết ngày 15/07/2026" in client.get("/thu-hai/").content.decode()


def test_work_of_no_unit_stands_last_and_figures_elsewhere(filled: People) -> None:
    found = weeks_of([filled.agency.pk], MONDAY)[filled.agency.pk].to_do
    Task.objects.filter(state="open").update(unit=None)
    page: Actor = filled.chau
    names = [unit.name for unit in late_units([*found, *page_of(page, MONDAY).late[0].works], MONDAY)]
    assert names == ["Phòng Kinh tế", ""]
