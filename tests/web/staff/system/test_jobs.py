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
from camket.jobs.chores import declared
from camket.jobs.models import Job
from camket.jobs.worker import Worker
from camket.journal.models import Entry
from camket.notifications.models import Mail
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


def test_every_job_of_the_product_stands_there_with_its_next_time_and_its_button(
    administrator: Actor, signed_in: SignedIn, settings: Any
) -> None:
    settings.MAIL_FROM = "Cam Ket <iso@binhyen.example>"
    settings.BACKUPS = settings.DOSSIERS_INBOX = settings.MEDIA_ROOT
    now = timezone.localtime()
    for chore in declared():
        operations.enter_job(name=chore.name, rule=chore.rule, now=now)
    page = text_of(signed_in(administrator))
    named = {"reminders", "digest", "mail", "backup", "journal", "imports", "inbox", "feedback", "due_days"}
    assert named <= {chore.name for chore in declared()}
    for chore in declared():
        assert f'action="/he-thong/viec-dinh-ky/{chore.name}/chay/"' in page
    assert page.count("Chưa chạy lần nào") == len(declared())


class TestTheOutbox:
    def letter(self, people: People, number: int, state: str, error: object = None) -> Mail:
        return Mail.objects.create(
            agency=people.agency, person_id=people.binh.person_id, key=f"k{number}", to="binh@binhyen.example",
            subject="[Cam Kết] Việc quá hạn", text="Bí mật", message_id=f"<{number}@x>", state=state,
            attempts=3, not_before=timezone.now(), created_at=timezone.now(), error=error,
        )  # fmt: skip

    def test_shows_what_was_not_sent_with_the_reason_and_neither_text_nor_address(
        self, people: People, administrator: Actor, signed_in: SignedIn
    ) -> None:
        why = {
            "template": "The mail server answered %(code)s: %(words)s",
            "params": {"code": "550", "words": "no such user"},
        }
        self.letter(people, 1, "failed", why)
        self.letter(people, 2, "sent")
        page = " ".join(signed_in(administrator).get("/he-thong/thu-dien-tu/").content.decode().split())
        assert "550: no such user" in page
        assert "đã thử 3 lần" in page
        assert "Bí mật" not in page
        assert "binh@binhyen.example" not in page

    def test_sends_one_again_or_all_and_says_so_in_the_journal(
        self, people: People, administrator: Actor, signed_in: SignedIn
    ) -> None:
        why = {"template": "x", "params": {}}
        one, two = self.letter(people, 1, "failed", why), self.letter(people, 2, "waiting", why)
        self.letter(people, 3, "failed", why)
        client = signed_in(administrator)
        client.post("/he-thong/thu-dien-tu/gui-lai/", {"thu": str(one.pk)})
        assert set(Mail.objects.filter(error__isnull=True).values_list("pk", "state")) == {
            (one.pk, "waiting")
        }
        client.post("/he-thong/thu-dien-tu/gui-lai/", {"thu": "x" * 30})
        assert Mail.objects.filter(error__isnull=True).count() == 1
        client.post("/he-thong/thu-dien-tu/gui-lai/", {})
        assert set(Mail.objects.values_list("state", "attempts")) == {("waiting", 0), ("waiting", 0)}
        assert [
            each.after for each in Entry.objects.filter(verb="mail.tried_again").order_by("sequence")
        ] == [
            {"letters": 1},
            {"letters": 2},
        ]
        assert two.pk in set(Mail.objects.values_list("pk", flat=True))

    def test_is_the_administrators(self, people: People, signed_in: SignedIn) -> None:
        client = signed_in(people.an)
        assert client.get("/he-thong/thu-dien-tu/").status_code == 403
        assert client.post("/he-thong/thu-dien-tu/gui-lai/").status_code == 403
