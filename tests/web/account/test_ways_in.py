"""Sessions, invitations, forgotten passwords and mail addresses."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail as outgoing
from django.test import Client
from django.utils import timezone

from camket.journal.models import Entry
from camket.org import operations
from camket.org.models import AccountEvent, FailedSignIns, Invitation, Person
from camket.org.policy import Actor
from camket.web.account import mail as letters
from camket.web.account.computers import device_in_words
from people import PASSWORD, TODAY, People

SignedIn = Callable[[Actor], Client]
NEW = "Một câu dễ nhớ 26"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Safari/604.1"


def sign_in(login: str, **extra: Any) -> Client:
    client = Client(**extra)
    assert client.post("/dang-nhap/", {"login": login, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.MAIL_FROM = "camket@binhyen.example"


def checked(person_id: int, email: str) -> None:
    Person.objects.filter(pk=person_id).update(email=email)
    EmailAddress.objects.create(user_id=person_id, email=email, verified=True, primary=True)


def link_in(text: str) -> str:
    found = re.search(r"http://testserver(/\S+)", text)
    assert found, text
    return found[1]


# Sessions


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (CHROME, "Chrome trên Windows"),
        (PHONE, "Safari trên iPhone"),
        (CHROME.replace("Chrome/126.0", "coc_coc_browser/120 Chrome/126.0"), "Cốc Cốc trên Windows"),
        (CHROME + " Edg/126.0", "Edge trên Windows"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_its_name(agent: str, said: str) -> None:
    assert device_in_words(agent) == said


def test_a_person_sees_where_one_is_signed_in_and_ends_what_one_does_not_know(people: People) -> None:
    here = sign_in("an", headers={"user-agent": CHROME})
    there = sign_in("an", headers={"user-agent": PHONE})
    sign_in("chau")
    page = here.get("/tai-khoan/phien/").content.decode()
    assert "Chrome trên Windows" in page
    assert "Safari trên iPhone" in page
    assert page.count("Kết thúc") == 1
    other = UserSession.objects.get(session_key=there.session.session_key)
    here.post("/tai-khoan/phien/ket-thuc/", {"session": str(other.pk)})
    assert there.get("/cong-viec/").status_code == 302
    assert here.get("/cong-viec/").status_code == 200
    assert here.post("/tai-khoan/phien/ket-thuc/", {"session": str(other.pk)}).status_code == 302


def test_nobody_ends_another_persons_session(people: People) -> None:
    chau, an = sign_in("chau"), sign_in("an")
    for row in UserSession.objects.filter(user_id=people.chau.person_id):
        an.post("/tai-khoan/phien/ket-thuc/", {"session": str(row.pk)})
    for garbage in ("", "x", "-1", "9" * 30):
        assert an.post("/tai-khoan/phien/ket-thuc/", {"session": garbage}).status_code == 302
    assert chau.get("/cong-viec/").status_code == 200


def test_all_others_end_at_once_and_with_a_new_password(people: People) -> None:
    here, there = sign_in("an"), sign_in("an")
    here.post("/tai-khoan/phien/ket-thuc/", {"session": "others"})
    assert there.get("/cong-viec/").status_code == 302
    third = sign_in("an")
    here.post("/tai-khoan/mat-khau/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert third.get("/cong-viec/").status_code == 302
    assert here.get("/cong-viec/").status_code == 200
    assert UserSession.objects.filter(user_id=people.an.person_id).count() == 1
    assert not Session.objects.filter(session_key=third.session.session_key).exists()


def test_signing_out_takes_the_session_off_the_list(people: People) -> None:
    client = sign_in("an")
    client.post("/dang-xuat/")
    assert not UserSession.objects.exists()


def test_a_session_in_use_is_noted_now_and_then_and_ends_when_it_is_too_old(people: People) -> None:
    client = sign_in("an")
    row = UserSession.objects.get()
    client.get("/cong-viec/")
    assert UserSession.objects.get().last_seen_at == row.last_seen_at
    session = client.session
    session["camket_seen"] -= 301
    session.save()
    client.get("/cong-viec/")
    assert UserSession.objects.get().last_seen_at > row.last_seen_at
    session = client.session
    session["camket_began"] -= 8 * 86_400
    session.save()
    assert client.get("/cong-viec/").headers["Location"].startswith("/dang-nhap/")
    assert "sau 7 ngày" in client.get("/dang-nhap/").content.decode()


def test_a_session_without_use_is_over_after_some_hours(people: People) -> None:
    client = sign_in("an")
    life = Session.objects.get(session_key=client.session.session_key).expire_date - timezone.now()
    assert timedelta(hours=11, minutes=59) < life <= timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/cong-viec/").status_code == 302


def test_a_colleague_signs_a_person_out_everywhere_and_the_person_knows(people: People) -> None:
    binh, an = sign_in("binh"), sign_in("an")
    an.post(f"/co-quan/nhan-su/{people.binh.person_id}/cach-dang-nhap/phien/")
    assert binh.get("/cong-viec/").status_code == 302
    assert Entry.objects.filter(verb="person.sessions_ended").count() == 1
    page = sign_in("binh").get("/cong-viec/").content.decode()
    assert "bị Nguyễn Thị An đăng xuất khỏi mọi nơi" in page
    assert AccountEvent.objects.filter(kind="sessions_ended", seen_at__isnull=True).count() == 0


# Invitations


def invite(people: People) -> str:
    made = operations.invite(
        actor=people.an, person_id=people.binh.person_id, now=timezone.now(), today=TODAY
    )
    return f"/loi-moi/{made.key}/"


def test_an_invited_person_chooses_a_password_once(people: People) -> None:
    link = invite(people)
    client = Client()
    page = client.get(link)
    assert "Trần Văn Bình" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    weak = client.post(link, {"new": "matkhau2026", "again": "matkhau2026"})
    assert "dễ bị đoán trước tiên" in weak.content.decode()
    differ = client.post(link, {"new": NEW, "again": NEW + "x"})
    assert "không giống nhau" in differ.content.decode()
    assert client.post(link, {"new": NEW, "again": NEW}).headers["Location"] == "/dang-nhap/"
    assert client.post("/dang-nhap/", {"login": "binh", "password": NEW}).headers["Location"] == "/"
    used = Client().get(link)
    assert used.status_code == 410
    assert "Liên kết này đã được dùng" in used.content.decode()
    assert Entry.objects.filter(verb__in=["person.invited", "person.invitation_accepted"]).count() == 2


def test_the_key_of_an_invitation_is_kept_nowhere(people: People) -> None:
    key = invite(people).split("/")[2]
    assert key not in str(list(Invitation.objects.values()))
    assert key not in str(list(Entry.objects.values()))


def test_a_newer_invitation_takes_the_place_of_the_older(people: People) -> None:
    older, newer = invite(people), invite(people)
    assert "Đã có liên kết mới" in Client().get(older).content.decode()
    assert Client().get(newer).status_code == 200


def test_an_invitation_runs_out_and_a_blocked_person_has_none(people: People) -> None:
    link = invite(people)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    refused = Client().post(link, {"new": NEW, "again": NEW})
    assert refused.status_code == 410
    assert "đã hết hạn" in refused.content.decode()
    assert Person.objects.get(pk=people.binh.person_id).check_password(PASSWORD)
    link = invite(people)
    Person.objects.filter(pk=people.binh.person_id).update(is_active=False)
    assert Client().get(link).status_code == 410


def test_trying_links_is_guarded(people: People) -> None:
    link = invite(people)
    client = Client(REMOTE_ADDR="10.0.0.9")
    for number in range(20):
        assert client.get(f"/loi-moi/doan-{number}/").status_code == 410
    assert client.get(link).status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.8").get(link).status_code == 200


def test_the_secretary_hands_an_invitation_over_or_mails_it(people: People, with_mail: None) -> None:
    an = sign_in("an")
    page = f"/co-quan/nhan-su/{people.binh.person_id}/cach-dang-nhap/"
    shown = an.post(f"{page}moi/", follow=True).content.decode()
    assert Client().get(link_in(shown.replace("<", " "))).status_code == 200
    assert "/loi-moi/" not in an.get(page).content.decode()
    Person.objects.filter(pk=people.binh.person_id).update(email="binh@binhyen.example")
    an.post(f"{page}moi/", {"send": "1"})
    letters.wait()
    letter = outgoing.outbox[0]
    assert letter.to == ["binh@binhyen.example"]
    assert "Nguyễn Thị An (UBND xã Bình Yên) đã mở tài khoản" in letter.body
    assert Client().get(link_in(letter.body)).status_code == 200


# Forgotten passwords


def test_a_forgotten_password_is_replaced_by_mail(people: People, with_mail: None) -> None:
    checked(people.binh.person_id, "binh@binhyen.example")
    open_session = sign_in("binh")
    client = Client()
    page = client.post("/dang-nhap/quen-mat-khau/", {"email": "BINH@binhyen.example"}).content.decode()
    letters.wait()
    assert outgoing.outbox[0].to == ["binh@binhyen.example"]
    link = link_in(outgoing.outbox[0].body)
    assert "binh" in outgoing.outbox[0].body
    assert client.post(link, {"new": NEW, "again": NEW}).headers["Location"] == "/dang-nhap/"
    assert open_session.get("/cong-viec/").status_code == 302
    assert client.get(link).status_code == 410
    assert client.post("/dang-nhap/", {"login": "binh", "password": NEW}).headers["Location"] == "/"
    assert Entry.objects.filter(verb="person.password_reset_by_mail").count() == 1
    unknown = Client().post("/dang-nhap/quen-mat-khau/", {"email": "la@binhyen.example"}).content.decode()
    token = re.compile(r'value="[^"]{40,}"')
    assert token.sub("", page) == token.sub("", unknown)
    letters.wait()
    assert len(outgoing.outbox) == 1


def test_an_unchecked_address_gets_no_link(people: People, with_mail: None) -> None:
    Person.objects.filter(pk=people.binh.person_id).update(email="binh@binhyen.example")
    checked(people.an.person_id, "an@binhyen.example")
    Person.objects.filter(pk=people.an.person_id).update(email="moi@binhyen.example")  # by a colleague
    for email in ("binh@binhyen.example", "an@binhyen.example", "moi@binhyen.example"):
        Client().post("/dang-nhap/quen-mat-khau/", {"email": email})
    letters.wait()
    assert outgoing.outbox == []


def test_asking_for_letters_is_guarded(people: People, with_mail: None) -> None:
    checked(people.binh.person_id, "binh@binhyen.example")
    for _ in range(3):
        Client().post("/dang-nhap/quen-mat-khau/", {"email": "binh@binhyen.example"})
    refused = Client().post("/dang-nhap/quen-mat-khau/", {"email": "binh@binhyen.example"})
    assert "Vui lòng" in refused.content.decode() or "phút" in refused.content.decode()
    letters.wait()
    assert len(outgoing.outbox) == 3


def test_a_link_to_reset_runs_out(people: People, with_mail: None, settings: Any) -> None:
    checked(people.binh.person_id, "binh@binhyen.example")
    link = operations.begin_reset(email="binh@binhyen.example")
    assert link is not None
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(f"/dat-lai-mat-khau/{link.key}/").status_code == 410
    for garbage in ("x", "zzz-abc", "1-", "-", "0-abc", "é-1"):
        assert Client().get(f"/dat-lai-mat-khau/{garbage}/").status_code == 410


def test_without_mail_the_page_says_whom_to_ask(client: Client, people: People) -> None:
    page = client.get("/dang-nhap/quen-mat-khau/").content.decode()
    assert "Thư ký ISO" in page
    assert 'name="email"' not in page


# Mail addresses


def test_an_address_counts_when_its_link_was_opened(people: People, with_mail: None) -> None:
    checked(people.an.person_id, "cu@binhyen.example")
    client = sign_in("an")
    client.post("/tai-khoan/thu-dien-tu/", {"email": "Moi@binhyen.example"})
    letters.wait()
    assert Person.objects.get(login="an").email == "cu@binhyen.example"
    assert "moi@binhyen.example đang chờ xác nhận" in client.get("/tai-khoan/").content.decode()
    link = link_in(outgoing.outbox[0].body)
    assert client.get(link).status_code == 200
    assert Person.objects.get(login="an").email == "cu@binhyen.example"  # programs open links too
    client.post(link)
    letters.wait()
    assert Person.objects.get(login="an").email == "moi@binhyen.example"
    assert [(row.email, row.verified) for row in EmailAddress.objects.all()] == [
        ("moi@binhyen.example", True)
    ]
    assert outgoing.outbox[1].to == ["cu@binhyen.example"]
    assert Entry.objects.filter(verb="person.email_checked").count() == 1
    assert "binhyen.example" not in str(list(Entry.objects.values("before", "after")))


def test_a_link_for_an_address_dies_with_a_newer_one(people: People, with_mail: None) -> None:
    client = sign_in("an")
    for email in ("mot@binhyen.example", "hai@binhyen.example"):
        client.post("/tai-khoan/thu-dien-tu/", {"email": email})
    letters.wait()
    first, second = (link_in(letter.body) for letter in outgoing.outbox)
    assert client.post(first).status_code == 410
    assert client.post(second).status_code == 302
    assert client.post("/tai-khoan/thu-dien-tu/gia-mao/").status_code == 410


def test_one_address_proves_one_person(people: People, with_mail: None) -> None:
    checked(people.chau.person_id, "chung@binhyen.example")
    refused = sign_in("an").post("/tai-khoan/thu-dien-tu/", {"email": "chung@binhyen.example"})
    assert "đã được người khác xác nhận" in refused.content.decode()
    assert not EmailAddress.objects.filter(user_id=people.an.person_id).exists()


def test_changing_the_address_asks_who_it_is(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    assert client.get("/tai-khoan/thu-dien-tu/").headers["Location"].startswith("/tai-khoan/xac-nhan/")
    client.post("/tai-khoan/thu-dien-tu/", {"email": "x@binhyen.example"})
    assert Person.objects.get(login="an").email == ""


def test_without_mail_the_address_is_kept_unchecked(people: People) -> None:
    client = sign_in("an")
    bad = client.post("/tai-khoan/thu-dien-tu/", {"email": "không phải"})
    assert bad.status_code == 200
    client.post("/tai-khoan/thu-dien-tu/", {"email": "an@binhyen.example"})
    assert Person.objects.get(login="an").email == "an@binhyen.example"
    assert not EmailAddress.objects.exists()
    client.post("/tai-khoan/thu-dien-tu/", {"remove": "1"})
    assert Person.objects.get(login="an").email == ""


# A mail server


@pytest.fixture
def post_office() -> Iterator[tuple[int, list[str]]]:
    """A mail server that takes letters, as RFC 5321 says, one after the other."""
    taken: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _address = server.accept()
            except OSError:
                return
            with line, line.makefile("rw", encoding="utf-8", newline="\r\n") as wire:
                _converse(wire, taken)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1], taken
    server.close()


def _converse(wire: Any, taken: list[str]) -> None:
    def say(text: str) -> None:
        wire.write(text + "\n")
        wire.flush()

    say("220 post office")
    for line in wire:
        word = line.split()[0].upper() if line.split() else ""
        if word == "DATA":
            say("354 go on")
            letter: list[str] = []
            for part in wire:
                if part.rstrip() == ".":
                    break
                letter.append(part)
            taken.append("".join(letter))
        if word == "QUIT":
            say("221 bye")
            return
        say("250 well")


def test_letters_leave_by_a_mail_server(
    people: People, settings: Any, post_office: tuple[int, list[str]]
) -> None:
    port, taken = post_office
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.MAIL_FROM = settings.DEFAULT_FROM_EMAIL = "camket@binhyen.example"
    checked(people.binh.person_id, "binh@binhyen.example")
    Client().post("/dang-nhap/quen-mat-khau/", {"email": "binh@binhyen.example"})
    letters.wait()
    letter = message_from_bytes(taken[0].encode())
    assert letter["From"] == "camket@binhyen.example"
    assert letter["To"] == "binh@binhyen.example"
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    link = link_in(body.decode("utf-8"))
    assert Client().get(link).status_code == 200


def test_a_mail_server_that_is_down_breaks_no_page(people: People, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.MAIL_FROM = "camket@binhyen.example"
    checked(people.binh.person_id, "binh@binhyen.example")
    page = Client().post("/dang-nhap/quen-mat-khau/", {"email": "binh@binhyen.example"})
    assert page.status_code == 200
    letters.wait()
    FailedSignIns.objects.all().delete()
