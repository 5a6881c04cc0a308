"""The morning's walk and Monday's letters: what is told, to whom, once, whatever is cut off or slept through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import resolve

from camket.actions import operations as work
from camket.actions.models import Task
from camket.core.registers import REGISTERS
from camket.jobs import digests, reminding
from camket.jobs.chores import Outcome, Run, declared
from camket.jobs.digests import write_digests
from camket.jobs.reminding import remind
from camket.jobs.week import week_page
from camket.notifications import letters, operations
from camket.notifications.letters import said as said_words
from camket.notifications.models import Mail, Notification
from camket.org.models import CalendarDay, Membership, Person
from camket.registers.models import Entry
from camket.voices.models import Feedback
from notifications.conftest import SENDER, reachable
from notifications.smtp import Office, post_office
from people import People
from registers.test_meetings import meeting
from reporting.year import make_year
from work import NOW, ZONE, make_task, submitted_task, unit_of

FRIDAY, MONDAY, TUESDAY = date(2026, 7, 10), date(2026, 7, 13), date(2026, 7, 14)


@pytest.fixture(autouse=True)
def _mail_set_up(settings: Any) -> None:
    settings.MAIL_FROM = SENDER
    settings.CSRF_TRUSTED_ORIGINS = ["https://iso.binhyen.example"]


def at(day: date, hour: int = 7) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def morning(day: date) -> int:
    return remind(now=at(day), today=day).told


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.order_by("person__login", "topic")
    return list(rows.values_list("person__login", "topic"))


@pytest.fixture
def task(people: People) -> Task:
    """A task of Bình's, due on Friday."""
    found = make_task(people)
    Task.objects.filter(pk=found.pk).update(assignee_id=people.binh.person_id)
    Notification.objects.all().delete()
    return found


class TestTheMorning:
    def test_tells_each_thing_once_however_often_it_is_walked(self, people: People, task: Task) -> None:
        reachable(people.binh)
        assert [morning(date(2026, 7, 7)) for _ in range(2)] == [1, 0]
        assert morning(date(2026, 7, 8)) == 0
        assert [morning(FRIDAY) for _ in range(2)] == [1, 0]
        assert told() == [("binh", "due_soon"), ("binh", "due_today")]
        assert Mail.objects.count() == 1  # what is due soon waits for the day's letter

    def test_is_made_up_for_where_it_was_slept_through(self, people: People, task: Task) -> None:
        morning(date(2026, 7, 9))
        assert told() == [("binh", "due_soon")]

    def test_climbs_the_ladder_day_by_day(self, people: People, task: Task) -> None:
        days = [MONDAY + timedelta(days=each) for each in range(5)]
        assert [morning(day) for day in days] == [2, 0, 1, 0, 1]
        assert told() == [
            ("an", "escalated"),
            ("binh", "overdue"),
            ("chau", "escalated"),
            ("dung", "escalated"),
        ]

    def test_tells_a_head_who_does_the_work_once(self, people: People, task: Task) -> None:
        Task.objects.update(assignee_id=people.dung.person_id)
        assert morning(MONDAY) == 1
        assert told() == [("dung", "overdue")]

    def test_has_nothing_to_say_on_a_day_off(self, people: People, task: Task) -> None:
        CalendarDay.objects.create(
            agency=people.agency, day=FRIDAY, kind=CalendarDay.Kind.OFF, name="Ngày truyền thống"
        )
        assert morning(FRIDAY) == 0
        assert morning(FRIDAY + timedelta(days=1)) == 0

    def test_goes_by_the_day_to_which_work_was_moved(self, people: People, task: Task) -> None:
        morning(FRIDAY)
        work.move_due(actor=people.an, task_id=task.pk, due_on=date(2026, 7, 17), reason="Chờ Sở", now=NOW)
        Notification.objects.all().delete()
        assert morning(MONDAY) == 0
        assert morning(date(2026, 7, 14)) == 1

    def test_tells_the_unit_of_who_has_left(self, people: People, task: Task) -> None:
        Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2026, 7, 5))
        morning(FRIDAY)
        assert told() == [("dung", "due_today")]

    def test_tells_nobody_of_what_is_done_or_of_a_closed_plan(self, people: People, task: Task) -> None:
        submitted = submitted_task(people, number="2")
        work.accept_task(actor=people.an, task_id=submitted.pk, now=NOW)
        task.action.state = "ended"
        task.action.save()
        Notification.objects.all().delete()
        assert morning(MONDAY) == 0

    def test_is_cut_off_and_goes_on_without_telling_twice(
        self, people: People, task: Task, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reachable(people.binh)
        kept = operations.queue_letters

        def die(**_: Any) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr(operations, "queue_letters", die)
        with pytest.raises(KeyboardInterrupt):
            morning(FRIDAY)
        assert not Notification.objects.exists()
        monkeypatch.setattr(operations, "queue_letters", kept)
        assert morning(FRIDAY) == 1
        assert Mail.objects.count() == 1

    def test_tells_of_registers_and_names_no_document_by_its_content(self, people: People) -> None:
        values: Mapping[str, Any] = {
            "agency": people.agency, "on": date(2026, 7, 1), "year": 2026, "unit": unit_of(people, 1),
            "due_on": FRIDAY, "due_original": FRIDAY, "late_after": FRIDAY, "created_at": NOW, "changed_at": NOW,
        }  # fmt: skip
        Entry.objects.create(register="directives", key="a", title="Rà soát hộ nghèo", **values)
        Entry.objects.create(
            register="incoming", key="b", title="Về ông Nguyễn Văn X", number="12/UBND", **values
        )
        Entry.objects.create(register="discipline", key="c", title="Khiển trách", **values)
        assert morning(FRIDAY) == 2
        said = " ".join(str(row.message["params"]) for row in Notification.objects.all())
        assert "Rà soát hộ nghèo" in said
        assert "12/UBND" in said
        assert "Nguyễn Văn X" not in said
        assert "Khiển trách" not in said
        links = sorted(Notification.objects.values_list("link", flat=True))
        assert [link.split("/")[2] for link in links] == [
            REGISTERS["directives"].slug,
            REGISTERS["incoming"].slug,
        ]

    def test_tells_of_feedback_without_a_word_of_it_and_never_whom_it_is_about(self, people: People) -> None:
        row = Feedback.objects.create(
            agency=people.agency, code="PA-1", kind="conduct", is_classified=True, way="paper", state="assigned",
            received_at=NOW, subject="Về bà An", text="Bà An hách sách", unit=unit_of(people, 0),
            pass_on_by=FRIDAY, due_on=FRIDAY,
            limit_days=10,
        )  # fmt: skip
        row.concerns.set([people.an.person_id])
        morning(FRIDAY)
        assert told() == [("chau", "feedback")]
        message = Notification.objects.get().message
        assert "An" not in str(message["params"])
        assert resolve(Notification.objects.get().link).kwargs == {"feedback_id": row.pk}


class TestMondaysLetters:
    def write(self, day: date, served: date | None = None, hour: int = 7) -> int:
        return write_digests(now=at(day, hour), today=day, served=served).letters

    def test_bring_what_waits_for_each_and_nothing_where_nothing_does(
        self, people: People, task: Task
    ) -> None:
        reachable(people.an, people.binh, people.chau, people.dung)
        waiting = submitted_task(people, number="2", text="Công khai quy trình")
        Mail.objects.all().delete()
        assert self.write(MONDAY) == 4
        text = {mail.person.login: mail.text for mail in Mail.objects.select_related("person")}
        assert "Quá hạn\n- Hạn 10/07/2026: Rà soát" in text["binh"]
        assert f"https://iso.binhyen.example/cong-viec/{task.pk}/" in text["binh"]
        assert "Chờ bạn xác nhận" in text["dung"]
        assert f"/cong-viec/{waiting.pk}/" in text["dung"]
        assert "Bộ phận có việc quá hạn\n- Phòng Kinh tế: 1 việc quá hạn" in text["chau"]
        assert {mail.subject for mail in Mail.objects.all()} == {
            "[Cam Kết] Việc trong tuần từ ngày 13/07/2026"
        }
        assert self.write(MONDAY) == 0
        Task.objects.all().update(state="accepted")
        assert self.write(date(2026, 7, 20)) == 0

    def test_bring_leaders_what_the_page_of_the_week_says(self, people: People) -> None:
        year = make_year(people)
        reachable(people.chau, people.binh)
        Mail.objects.all().delete()
        self.write(MONDAY)
        letters = {mail.person.login: mail for mail in Mail.objects.select_related("person")}
        page = week_page(people.chau, MONDAY, at(MONDAY))
        text = letters["chau"].text
        for said in (
            f"Chỉ tiêu đạt hoặc đúng tiến độ: {page.promised.reached} trên {page.promised.targets}",
            f"Chỉ tiêu không đạt: {page.missed}",
            f"Chỉ tiêu có nguy cơ không đạt: {page.at_risk}",
            f"Việc quá hạn: {page.late_count}",
            f"Việc hoàn thành tuần trước: {len(page.done)}",
            "Đã cam kết và kết quả đến nay",
        ):
            assert said in text
            assert said in unescape(letters["chau"].html)
        assert (page.missed, page.promised.reached, page.promised.targets) == (1, 1, 3)
        objective = year.on_time.objective
        assert f"- {objective.number}. {objective.text.rstrip('.')}: Không đạt (1 trên 2 chỉ tiêu)" in text
        assert f"/muc-tieu/{objective.pk}/" in text
        missed = next(row for _, row in page.calling if row.target_id == year.late.pk)
        assert said_words(missed.verdict.reason) in text
        assert all("Tình hình chung" not in mail.text for login, mail in letters.items() if login != "chau")

    def test_tell_each_of_the_weeks_meetings_that_one_is_invited_to(self, people: People) -> None:
        reachable(people.an, people.binh)
        for title, day in (("Giao ban kinh tế", MONDAY), ("Tuần sau", date(2026, 7, 20))):
            meeting(people, title=title, on=day)
        Mail.objects.all().delete()
        assert self.write(MONDAY) == 1
        mail = Mail.objects.get()
        assert mail.person_id == people.binh.person_id
        assert "Lịch họp trong tuần\n- 13/07/2026, 08:00–09:30: Giao ban kinh tế" in mail.text
        assert "Tuần sau" not in mail.text

    def test_are_written_on_the_first_working_day_and_made_up_for(self, people: People, task: Task) -> None:
        reachable(people.binh)
        assert self.write(TUESDAY) == 0
        assert self.write(TUESDAY, served=MONDAY) == 0
        assert self.write(TUESDAY, served=FRIDAY) == 1
        assert self.write(TUESDAY, served=FRIDAY) == 0

    def test_wait_for_tuesday_where_monday_is_off(self, people: People, task: Task) -> None:
        reachable(people.binh)
        CalendarDay.objects.create(agency=None, day=MONDAY, kind=CalendarDay.Kind.OFF, name="Nghỉ bù")
        assert self.write(MONDAY) == 0
        assert self.write(TUESDAY, served=MONDAY) == 1

    def test_do_not_come_to_who_wants_none(self, people: People, task: Task) -> None:
        reachable(people.binh)
        operations.choose(actor=people.binh, ways={"digest": "inside"})
        assert self.write(MONDAY) == 0

    def test_of_a_day_bring_what_was_told_and_not_seen_once(self, people: People, task: Task) -> None:
        reachable(people.binh)
        work.comment_task(actor=people.an, task_id=task.pk, text="Gửi sớm nhé", now=at(date(2026, 7, 7), 9))
        work.comment_task(actor=people.an, task_id=task.pk, text="Thôi", now=at(date(2026, 7, 7), 9))
        Notification.objects.filter(message__params__text="Thôi").update(seen_at=NOW)
        day = date(2026, 7, 8)
        assert self.write(day) == 1
        assert "Gửi sớm nhé" in Mail.objects.get().text
        assert "Thôi" not in Mail.objects.get().text
        assert self.write(day) == 0
        assert self.write(date(2026, 7, 9)) == 0

    def test_lose_nothing_that_is_told_after_they_were_written(self, people: People, task: Task) -> None:
        reachable(people.binh)
        assert self.write(MONDAY) == 1
        work.comment_task(actor=people.an, task_id=task.pk, text="Sau thư đầu tuần", now=at(MONDAY, 9))
        assert self.write(MONDAY, hour=10) == 1
        assert "Sau thư đầu tuần" in Mail.objects.get(key=f"daily:{MONDAY}").text
        work.comment_task(actor=people.an, task_id=task.pk, text="Chiều nay", now=at(MONDAY, 15))
        assert self.write(MONDAY, hour=16) == 0
        assert self.write(TUESDAY) == 1
        assert "Chiều nay" in Mail.objects.get(key=f"daily:{TUESDAY}").text

    def test_take_a_constant_number_of_statements_for_a_person_more(
        self, people: People, task: Task, django_assert_max_num_queries: Any
    ) -> None:
        reachable(people.an, people.binh, people.chau, people.dung)
        with django_assert_max_num_queries(60):
            self.write(MONDAY)

    def test_are_none_where_no_mail_is_set_up(self, people: People, task: Task, settings: Any) -> None:
        reachable(people.binh)
        settings.MAIL_FROM = ""
        assert self.write(MONDAY) == 0


def run(name: str, notes: Mapping[str, Any] | None = None, now: datetime = NOW) -> Outcome:
    chore = next(each for each in declared() if each.name == name)
    return chore.do(Run(now=now, today=now.date(), by_clock=now, notes=notes or {}))


class TestTheJobs:
    def test_of_letters_remember_the_day_they_served(self, people: People, task: Task) -> None:
        reachable(people.binh)
        first = run("digest", now=at(FRIDAY))
        assert first.notes == {"served": "2026-07-10"}
        assert run("digest", {"served": "2031-01-01"}, now=at(TUESDAY)).notes == {"served": "2026-07-14"}
        assert not Mail.objects.exists()
        run("digest", first.notes, now=at(TUESDAY))
        assert Mail.objects.get().key == "digest:2026-W29"

    def test_ask_a_server_that_is_gone_later_and_later(
        self, people: People, task: Task, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reachable(people.binh)
        morning(FRIDAY)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.EMAIL_USE_TLS = "127.0.0.1", 2, False
        with post_office() as gone:
            settings.EMAIL_PORT = gone.port
        now, notes = at(FRIDAY, 9), {}
        waits = []
        for _ in range(5):
            found = run("mail", notes, now=now)
            assert found.is_alarm
            notes = dict(found.notes)
            again = datetime.fromisoformat(notes["again_at"])
            waits.append(again - now)
            assert run("mail", notes, now=now).notes == notes  # not asked before its time
            now = again
        assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 60, 60]
        assert Mail.objects.get().state == "waiting"
        with post_office(Office(port=gone.port)) as office:
            assert not run("mail", notes, now=now).is_alarm
            assert len(office.letters) == 1

    @pytest.mark.parametrize("name", ["mail", "digest"])
    def test_are_off_where_no_mail_is_set_up(self, settings: Any, name: str) -> None:
        settings.MAIL_FROM = ""
        chore = next(each for each in declared() if each.name == name)
        assert "CAMKET_MAIL_URL" in str(chore.why_off())

    def test_remove_what_is_old(self, db: None) -> None:
        assert str(run("old_letters").message) == "Removed: letters 0, notifications 0."


def test_the_links_of_letters_lead_somewhere() -> None:
    assert digests.SHOWN
    for path in (letters.ALL, letters.CHOICES):
        assert resolve(path)


def test_memory_holds_some_agencies_at_a_time(people: People, task: Task) -> None:
    assert list(reminding.chunks(FRIDAY, 1)) == [[people.agency.pk], [people.other_agency.pk]]
    assert remind(now=at(FRIDAY), today=FRIDAY, chunk=1).agencies == 1


def test_people_are_reached_at_addresses_that_are_theirs_still(people: People, task: Task) -> None:
    reachable(people.binh)
    Person.objects.filter(pk=people.binh.person_id).update(email="khac@binhyen.example")
    morning(FRIDAY)
    assert not Mail.objects.exists()
