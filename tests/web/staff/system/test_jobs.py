from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from camket.jobs import operations
from camket.jobs.models import Job
from camket.jobs.worker import Worker
from camket.journal.models import Entry
from camket.org.models import Membership, Person, Role
from camket.org.policy import Actor
from people import People, actor_of
from web.browser import Desk

PAGE = "/he-thong/viec-dinh-ky/"
SignedIn = Callable[[Actor], Client]


@pytest.fixture
def administrator(people: People) -> Actor:
    Membership.objects.filter(person_id=people.dung.person_id).update(role=Role.ADMINISTRATOR, unit=None)
    return actor_of(Person.objects.get(pk=people.dung.person_id), people.agency)


def text_of(client: Client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_administrator_sees_that_nobody_runs_the_jobs(administrator: Actor, signed_in: SignedIn) -> None:
    page = text_of(signed_in(administrator))
    assert "Hiện không có tiến trình nào chạy các việc định kỳ" in page
    assert "Chưa chạy lần nào" in page
    assert "CAMKET_BACKUPS" in page


def test_the_page_says_how_each_job_ended_and_when_it_comes_next(
    administrator: Actor, signed_in: SignedIn, settings: Any
) -> None:
    worker = Worker()
    for name in ("journal", "sessions"):
        worker.run_now(name)
    settings.BACKUPS = settings.MEDIA_ROOT / "nowhere"
    settings.MEDIA_ROOT.parent.mkdir(exist_ok=True)
    settings.MEDIA_ROOT.touch()
    worker.run_now("backup")
    page = text_of(signed_in(administrator))
    assert "Nhật ký nguyên vẹn" in page
    assert "Có 1 việc cần xem xét." in page
    assert "Không tạo được thư mục sao lưu" in page
    assert "Hằng ngày lúc 02:00" in page
    assert "Hiện không có tiến trình nào" in page  # asked for by hand: no worker looks at the timetable


def test_a_job_is_run_on_request(administrator: Actor, signed_in: SignedIn) -> None:
    operations.enter_job(name="sessions", rule=_rule("sessions"), now=timezone.localtime())
    client = signed_in(administrator)
    response = client.post(f"{PAGE}sessions/chay/", follow=True)
    assert "sẽ chạy trong vài giây tới" in response.content.decode()
    assert "Sắp chạy" in response.content.decode()
    Worker().look()
    assert Job.objects.get(name="sessions").succeeded_at > timezone.now() - timedelta(minutes=1)
    assert Entry.objects.filter(verb="job.asked", by_id=administrator.person_id).count() == 1


def _rule(name: str) -> Any:
    from camket.jobs.chores import declared

    return next(chore.rule for chore in declared() if chore.name == name)


def test_a_job_that_is_not_there_is_refused_in_words(administrator: Actor, signed_in: SignedIn) -> None:
    response = signed_in(administrator).post(f"{PAGE}khong-co/chay/", follow=True)
    assert "Không có việc định kỳ nào tên là khong-co" in response.content.decode()


def test_the_agency_takes_its_data_out_at_its_page(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    assert "datapackage.json" in client.get("/co-quan/lay-du-lieu/").content.decode()
    assert not Entry.objects.filter(verb="agency.exported").exists()
    response = client.post("/co-quan/lay-du-lieu/")
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="du-lieu-H00-1-2026')
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    assert Entry.objects.filter(verb="agency.exported").count() == 1


@pytest.mark.browser
def test_the_pages_are_accessible(desk: Desk, people: People) -> None:
    Membership.objects.filter(person_id=people.dung.person_id).update(role=Role.ADMINISTRATOR, unit=None)
    desk.sign_in("dung")
    desk.open(PAGE)
    desk.assert_accessible()


@pytest.mark.browser
def test_the_page_of_taking_out_is_accessible(desk: Desk, people: People) -> None:
    desk.sign_in("an")
    desk.open("/co-quan/lay-du-lieu/")
    desk.assert_accessible()
