"""What happens to a task, followed to the letter that arrives and to the page that its link opens, and every choice of ways.

The act is the real one, the morning's walk and the sender are the jobs' own, the mail server answers on a port.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.test import Client

from camket.actions import operations as work
from camket.actions.models import Task
from camket.core.messages import Message
from camket.core.reminders import TOPICS, Way
from camket.jobs.digests import write_digests
from camket.jobs.reminding import remind
from camket.notifications import operations, queries
from camket.notifications.models import Mail, Notification
from camket.notifications.sending import Postman
from camket.org.models import Person
from camket.registers.operations import ask_extension, enter
from notifications.conftest import reachable
from notifications.smtp import Office
from people import People
from work import NOW, ZONE, make_task

FRIDAY, MONDAY, TUESDAY = date(2026, 7, 10), date(2026, 7, 13), date(2026, 7, 14)
SITE = "https://iso.binhyen.example"


def at(day: date, hour: int = 7) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def morning(day: date) -> None:
    remind(now=at(day), today=day)


def delivered(office: Office, now: datetime = NOW) -> dict[str, str]:
    """Send what waits and return the text of each letter that arrived, by who got it."""
    steady = iter(range(10_000))
    Postman(clock=lambda: now, steady=lambda: float(next(steady))).run()
    found: dict[str, str] = {}
    for each in office.letters:
        part, page = each.message.get_body(("plain",)), each.message.get_body(("html",))
        assert part is not None
        assert page is not None
        login = each.to.partition("@")[0]
        assert login not in found, f"{login} got two letters"
        found[login] = part.get_content()
        link = re.findall(rf"{SITE}(/\S+)", found[login])
        assert link
        assert all(one in page.get_content() for one in link[:1])
    return found


def sees(person_id: int, path: str) -> int:
    """Return how a page answers to somebody."""
    client = Client()
    client.force_login(Person.objects.get(pk=person_id))
    return client.get(path).status_code


@dataclass(frozen=True)
class Event:
    """What happens to Bình's task, who is told by letter, what the letter says; the day, where the clock does it."""

    act: Callable[[People, Task], object]
    to: tuple[str, ...]
    says: str
    day: date | None = None


def _assign(people: People, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(assignee=None)
    work.assign_task(actor=people.an, task_id=task.pk, person_id=people.binh.person_id, now=NOW)


def _submit(people: People, task: Task) -> None:
    work.submit_task(actor=people.binh, task_id=task.pk, result="Đã ban hành 12 quy trình.", now=NOW)


def _quietly(act: Callable[[People, Task], object], people: People, task: Task) -> None:
    """Act without a letter of it being left."""
    act(people, task)
    Mail.objects.all().delete()
    Notification.objects.all().delete()


def _accept(people: People, task: Task) -> None:
    _quietly(_submit, people, task)
    work.accept_task(actor=people.an, task_id=task.pk, now=NOW)


def _return(people: People, task: Task) -> None:
    _quietly(_submit, people, task)
    work.return_task(actor=people.an, task_id=task.pk, reason="Thiếu minh chứng", now=NOW)


def _move(people: People, task: Task) -> None:
    work.move_due(actor=people.an, task_id=task.pk, due_on=date(2026, 7, 20), reason="Chờ Sở", now=NOW)


def _comment(people: People, task: Task) -> None:
    work.comment_task(actor=people.an, task_id=task.pk, text="Gửi sớm nhé.", now=NOW)


def _walked(until: date, to: tuple[str, ...], says: str) -> Event:
    """Return what a morning tells, after all the mornings before it."""

    def act(_people: People, _task: Task) -> None:
        for day in (
            date(2026, 7, 7),
            FRIDAY,
            MONDAY,
            TUESDAY,
            *(date(2026, 7, each) for each in (15, 16, 17)),
        ):
            if day < until:
                morning(day)
        Mail.objects.all().delete()
        morning(until)

    return Event(act, to, says, until)


EVENTS: dict[str, Event] = {
    "assigned": Event(_assign, ("binh",), "Nguyễn Thị An giao việc"),
    "due soon": _walked(date(2026, 7, 7), ("binh",), "Hạn 10/07/2026, còn 3 ngày"),
    "due today": _walked(FRIDAY, ("binh",), "Hôm nay, 10/07/2026, là hạn cuối"),
    "overdue, and brought before the head": _walked(MONDAY, ("binh", "dung"), "quá hạn"),
    "brought before the secretary": _walked(date(2026, 7, 15), ("an",), "quá hạn"),
    "brought before the chairman": _walked(date(2026, 7, 17), ("chau",), "quá hạn"),
    "submitted": Event(_submit, ("dung",), "Trần Văn Bình"),
    "returned": Event(_return, ("binh",), "Thiếu minh chứng"),
    "accepted": Event(_accept, ("binh",), "Nguyễn Thị An"),
    "changed": Event(_move, ("binh",), "20/07/2026"),
    "comment": Event(_comment, ("binh",), "Gửi sớm nhé."),
}


@pytest.mark.parametrize("name", EVENTS)
def test_what_happens_arrives_once_and_leads_to_its_page(people: People, office: Office, name: str) -> None:
    event = EVENTS[name]
    task = make_task(people)
    Task.objects.filter(pk=task.pk).update(assignee_id=people.binh.person_id)
    task.refresh_from_db()
    staff = (people.an, people.binh, people.chau, people.dung)
    reachable(*staff, people.chi)
    for each in staff:
        wanted = {key: "at_once" for key, topic in TOPICS.items() if Way.AT_ONCE in topic.ways}
        operations.choose(actor=each, ways=wanted)
    Notification.objects.all().delete()
    Mail.objects.all().delete()

    event.act(people, task)
    letters = delivered(office)
    assert tuple(sorted(letters)) == event.to
    by_login = dict(zip(("an", "binh", "chau", "dung"), staff, strict=True))
    for login, text in letters.items():
        (link, *_more) = re.findall(rf"{SITE}(/cong-viec/\d+/)", text)
        assert link == f"/cong-viec/{task.pk}/"
        assert "Rà soát" in text
        assert sees(by_login[login].person_id, link) == 200
        assert sees(people.chi.person_id, link) == 404
    assert any(event.says in text for text in letters.values()), letters

    # The same morning walked once more, and the sender started again, tell nothing twice.
    office.letters.clear()
    if event.day is not None:
        morning(event.day)
    assert delivered(office) == {}


def test_more_time_is_asked_for_and_whoever_decides_is_told(people: People, office: Office) -> None:
    staff = {"an": people.an, "chau": people.chau, "dung": people.dung}
    reachable(*staff.values(), people.chi)
    entry = enter(
        actor=people.an,
        register="directives",
        values={
            "number": "125/TB-UBND",
            "on": date(2026, 7, 1),
            "source": "UBND tỉnh",
            "title": "Rà soát hồ sơ",
            "unit": next(iter(people.binh.unit_ids)),
            "person": people.binh.person_id,
            "due_on": FRIDAY,
        },
        now=NOW,
    )
    Mail.objects.all().delete()
    ask_extension(
        actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 20), reason="Chờ số liệu", now=NOW
    )
    letters = delivered(office)
    assert letters
    for login, text in letters.items():
        (link, *_more) = re.findall(rf"{SITE}(/so/\S+/)", text)
        assert sees(staff[login].person_id, link) == 200
        assert sees(people.chi.person_id, link) == 404


WORK_OF_THE_WEEK = frozenset({"due_soon", "due_today", "overdue", "submitted", "reading"})
"""Topics of which Monday's letter lists the work itself, for as long as it stands (tests/jobs/test_reminding.py)."""


def choices() -> list[tuple[str, str]]:
    return [(key, str(way)) for key, topic in TOPICS.items() if key != "digest" for way in topic.ways]


@pytest.mark.parametrize(("topic", "way"), choices())
def test_what_a_person_chose_for_a_topic_is_what_arrives(
    people: People, office: Office, topic: str, way: str
) -> None:
    """At once; with the next day's letter; with Monday's; or in the product alone, where it stands in any case."""
    reachable(people.binh)
    operations.choose(actor=people.binh, ways={topic: way})
    operations.tell(
        agency_id=people.agency.pk,
        people=[people.binh.person_id],
        topic=topic,
        key="một",
        message=Message("%(work)s", {"work": "Rà soát quy trình tiếp nhận"}),
        link="/cong-viec/1/",
        now=at(date(2026, 7, 7), 9),
    )
    assert queries.unseen(people.binh) == 1
    arrived = []
    for day in (date(2026, 7, 7), date(2026, 7, 8), MONDAY):
        if day != date(2026, 7, 7):
            write_digests(now=at(day), today=day, served=None)
        office.letters.clear()
        arrived.append(
            any("Rà soát quy trình tiếp nhận" in text for text in delivered(office, at(day, 10)).values())
        )
    expected = {
        "at_once": [True, False, False],
        "daily": [False, True, False],
        "weekly": [False, False, True],
    }
    if way == "weekly" and topic in WORK_OF_THE_WEEK:
        way = "inside"
    assert arrived == expected.get(way, [False, False, False])
