"""What guards the records at the edge: headers, forged forms, redirects, sizes, sign-in, sessions, ended posts."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camket.documents.models import Evidence, StoredFile
from camket.documents.operations import FileRefused, NewEvidence, add_evidence, store_file
from camket.documents.queries import path_of
from camket.journal.models import Entry
from camket.org import operations
from camket.org.models import Agency, FailedSignIns, Membership, Person, Role
from camket.org.policy import Actor, NotAllowed
from camket.web.request import BACK_KEY
from figures import make_plan_in_force
from house.test_urls import TEXTS, VIEWS
from people import PASSWORD, TODAY, People

FOR_MACHINES = {"healthz", "ready", "metrics"}
"""What machines ask, answered before any session is looked for; they take no form at all."""


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.TODAY = TODAY


def signed_in(actor: Actor, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


CSRF_EXEMPT = {name for name, pattern in VIEWS.items() if getattr(pattern.callback, "is_public", False)}
"""Views that take a POST without a token: pages for citizens, to whom nobody is known. None else does, and none may."""


def address(name: str) -> str:
    return reverse(name, kwargs={word: TEXTS.get(word, 1) for word in VIEWS[name].pattern.converters})


# Forged and framed pages


@pytest.mark.only_on("sqlite")
def test_no_view_takes_a_form_without_its_token(people: People) -> None:
    client = signed_in(people.an, enforce_csrf_checks=True)
    before = Entry.objects.count()
    for name in VIEWS.keys() - CSRF_EXEMPT - FOR_MACHINES:
        response = client.post(address(name), {"language": "en", "text": "x"})
        assert response.status_code == 403, name
        assert "csrf_exempt" not in vars(VIEWS[name].callback), name
    for name in FOR_MACHINES:
        assert client.post(address(name), {"language": "en"}).status_code == 405, name
    assert Entry.objects.count() == before
    assert client.get("/").status_code == 200  # signed in as before


@pytest.mark.only_on("sqlite")
def test_a_forged_form_is_refused_in_words(people: People) -> None:
    client = signed_in(people.an, enforce_csrf_checks=True)
    assert "Biểu mẫu" in client.post("/dang-xuat/").content.decode()


@pytest.mark.only_on("sqlite")
def test_every_answer_carries_the_policy_of_its_contents(people: People) -> None:
    for client in (Client(), signed_in(people.an)):
        for path in ("/dang-nhap/", "/", "/khong-co/", "/ke-hoach/999/"):
            headers = client.get(path).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert headers["X-Frame-Options"] == "DENY", path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["Referrer-Policy"] == "same-origin", path


@pytest.mark.only_on("sqlite")
def test_pages_of_a_person_are_kept_by_no_browser(people: People) -> None:
    """An office shares its computers: after signing out, going back must not show the records."""
    client = signed_in(people.an)
    for path in ("/", "/ke-hoach/", "/cong-viec/", "/co-quan/nhan-su/", "/tai-khoan/", "/khong-co/"):
        assert "no-store" in client.get(path).headers["Cache-Control"], path


@pytest.mark.only_on("sqlite")
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(people: People) -> None:
    client = Client()
    answer = client.post("/dang-nhap/", {"login": "an", "password": PASSWORD})
    for name, cookie in answer.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"] or name == "csrftoken", name
    assert answer.cookies["sessionid"]["httponly"]


# Where one is sent


STRANGE = (
    "https://evil.example/",
    "//evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "https:///evil.example",
    "ke-hoach",
    "web:home",
    "1e9",
    "😀",
)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("target", STRANGE)
def test_no_address_given_leads_elsewhere_or_astray(people: People, target: str) -> None:
    assert (
        Client()
        .post("/dang-nhap/", {"login": "an", "password": PASSWORD, "next": target})
        .headers["Location"]
        == "/"
    )
    client = signed_in(people.an)
    assert client.post("/ngon-ngu/", {"language": "vi", "next": target}).headers["Location"] == "/"
    assert client.get("/dang-nhap/", {"next": target}).headers["Location"] == "/"


@pytest.mark.only_on("sqlite")
def test_going_back_keeps_to_ones_own_pages(people: People) -> None:
    answer = signed_in(people.an).post("/ngon-ngu/", {"language": "vi", "next": "/ke-hoach/?nam=2026"})
    assert answer.headers["Location"] == "/ke-hoach/?nam=2026"


# What is sent


@pytest.mark.only_on("sqlite")
def test_a_stranger_sends_no_more_than_a_sign_in_needs(people: People) -> None:
    answer = Client().post("/dang-nhap/", {"login": "an", "password": "x" * 1_200_000})
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()


@pytest.mark.only_on("sqlite")
def test_who_signed_in_sends_files_up_to_a_limit(people: People, settings: Any) -> None:
    settings.MAX_REQUEST_BYTES = 5_000
    client = signed_in(people.an)
    file = SimpleUploadedFile("a.txt", b"x" * 6_000, "text/plain")
    answer = client.post("/ke-hoach/dua-vao/", {"file": file})
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()
    assert client.post("/ke-hoach/dua-vao/", {}).status_code == 200


@pytest.mark.only_on("sqlite")
def test_too_many_fields_are_refused_in_words(people: People) -> None:
    answer = signed_in(people.an).post("/co-quan/bo-phan/them/", {f"f{n}": "1" for n in range(10_001)})
    assert answer.status_code == 400
    assert "Không đọc được" in answer.content.decode()


REFUSED = {
    "trang.html": b"<!doctype html><script>alert(1)</script>",
    "hinh.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "tai-lieu.pdf": b"<html>%PDF-1.4",
    "bang.docx": b"PK\x03\x04 not an archive",
    "chay.exe": b"MZ\x90\x00",
    "rong.txt": b"",
    "khong.txt": b"a\x00b",
}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("name", REFUSED)
def test_files_that_a_browser_could_run_are_not_kept(people: People, name: str) -> None:
    with pytest.raises(FileRefused):
        store_file(
            actor=people.an, data=REFUSED[name], name=name, content_type="application/pdf", now=timezone.now()
        )
    assert not StoredFile.objects.exists()


NAMES = (
    "../../etc/passwd.pdf",
    "..\\..\\boot.ini",
    "a\u202egpj.pdf",
    "x" * 10_000,
    "a\r\nX-Evil: 1.pdf",
    "a\x00.pdf",
    '"><script>.pdf',
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_handed_out_to_be_saved_under_a_harmless_name(people: People, name: str) -> None:
    file = store_file(
        actor=people.an,
        data=b"%PDF-1.4\n<script>alert(1)</script>",
        name=name,
        content_type="",
        now=timezone.now(),
    )
    assert not set(file.name) & set('/\\\r\n\x00\u202e<>"')
    answer = signed_in(people.an).get(f"/cong-viec/tep/{file.pk}/")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]
    assert path_of(file.storage_name).name == file.storage_name
    assert signed_in(people.chi).get(f"/cong-viec/tep/{file.pk}/").status_code == 404


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("damage", [None, b"%PDF-1.5"], ids=["lost", "changed"])
def test_a_file_that_is_not_what_was_kept_is_not_handed_out(people: People, damage: bytes | None) -> None:
    file = store_file(actor=people.an, data=b"%PDF-1.4", name="a.pdf", content_type="", now=timezone.now())
    path = path_of(file.storage_name)
    path.write_bytes(damage) if damage else path.unlink()
    answer = signed_in(people.an).get(f"/cong-viec/tep/{file.pk}/")
    assert answer.status_code == 404
    assert "“a.pdf” bị hỏng hoặc bị mất trên máy chủ" in answer.content.decode()


def test_a_file_is_for_who_may_read_it_now(people: People) -> None:
    """The address alone opens nothing: authority is asked each time, also after a post has ended."""
    file = store_file(actor=people.an, data=b"%PDF-1.4", name="a.pdf", content_type="", now=timezone.now())
    address = f"/cong-viec/tep/{file.pk}/"
    assert Client().get(address).status_code == 302
    assert signed_in(people.chi).get(address).status_code == 404
    reader = signed_in(people.binh)
    assert reader.get(address).status_code == 200
    yesterday = TODAY - timedelta(days=1)
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=yesterday)
    assert reader.get(address).status_code != 200


@pytest.mark.only_on("sqlite")
def test_files_are_not_under_any_folder_that_is_served(people: People, settings: Any) -> None:
    kept = path_of(
        store_file(
            actor=people.an, data=b"%PDF-1.4", name="a.pdf", content_type="", now=timezone.now()
        ).storage_name
    )
    assert not kept.resolve().is_relative_to(Path(settings.STATIC_ROOT).resolve())
    assert not hasattr(settings, "WHITENOISE_ROOT")
    for address in (
        f"/files/{kept.parent.name}/{kept.name}",
        f"/static/../files/{kept.parent.name}/{kept.name}",
        f"/media/{kept.name}",
    ):
        assert signed_in(people.an).get(address).status_code == 404


GARBAGE = ("abc", "-1", "0", "1e9", "9" * 5_000, "9223372036854775808", "²", "a\x00b", "<b>", "31/02/2026")
LISTS = {
    "/ke-hoach/": ("nam", "trang_thai", "tim"),
    "/cong-viec/tat-ca/": (
        "trang_thai",
        "don_vi",
        "nguoi",
        "tu",
        "den",
        "tim",
        "nhom",
        "muc_tieu",
        "bien_phap",
        "page",
    ),
    "/co-quan/nhan-su/": ("q", "page"),
    "/co-quan/ten-goi/": ("q", "page"),
    "/co-quan/nhat-ky/": ("kind", "by", "since", "until", "q", "page"),
}


@pytest.mark.parametrize("path", LISTS)
def test_lists_bear_whatever_stands_in_the_address(people: People, path: str) -> None:
    bears(signed_in(people.an), path, LISTS[path])


def bears(client: Client, path: str, words: tuple[str, ...]) -> None:
    """Assert that a page is shown whatever stands at each word: all words at once, and each by itself."""
    for value in GARBAGE:
        assert client.get(path, dict.fromkeys(words, value)).status_code == 200, (path, value)
    for word, value in zip(words, cycle(GARBAGE), strict=False):
        assert client.get(path, {word: value}).status_code == 200, (path, word, value)


def test_pages_of_a_plan_bear_whatever_stands_in_the_address(people: People) -> None:
    plan = make_plan_in_force(people)
    client = signed_in(people.an)
    pages = {
        f"/ke-hoach/{plan.pk}/": ("page",),
        f"/ke-hoach/{plan.pk}/bang/": ("page",),
        f"/ke-hoach/{plan.pk}/thoi-han/": ("thang", "page"),
        "/muc-tieu/": ("trang_thai", "don_vi", "tim", "page"),
        "/ke-hoach/soan-moi/": ("tu",),
        "/cong-viec/lich/2026/7/": ("cua",),
    }
    for path, words in pages.items():
        bears(client, path, words)


@pytest.mark.parametrize(
    "path",
    [
        "/cong-viec/lich/" + "a" * 30 + "%00.ics",
        "/co-quan/nhat-ky/objectives.plan%00/1/",
        "/ke-hoach/" + "9" * 30 + "/",
        "/ke-hoach/" + "9" * 5_000 + "/",
        "/cong-viec/lich/2026/13/",
        "/cong-viec/lich/0/0/",
        "/cong-viec/lich/99999/1/",
        "/cong-viec/ngay-lam-viec/0/",
        "/cong-viec/ngay-lam-viec/99999/",
        "/static/%2e%2e/%2e%2e/secret_key",
    ],
)
def test_addresses_of_nothing_are_not_there(people: People, path: str) -> None:
    assert signed_in(people.an).get(path).status_code == 404


def test_a_reason_that_no_database_holds_is_none(people: People) -> None:
    evidence = add_evidence(
        actor=people.an, evidence=NewEvidence("link", url="https://example.vn/"), now=timezone.now()
    )
    signed_in(people.an).post(f"/cong-viec/minh-chung/{evidence.pk}/rut/", {"reason": "a\x00b"})
    assert not Evidence.objects.get(pk=evidence.pk).is_withdrawn


def test_choosing_an_agency_bears_whatever_is_sent(people: People) -> None:
    Membership.objects.create(agency=people.other_agency, person_id=people.binh.person_id, role=Role.OFFICER)
    client = signed_in(people.binh)
    for value in GARBAGE:
        for sent in (value, f"own:{value}", f"below:{value}"):
            client.post("/chon-co-quan/", {"capacity": sent})
            assert client.get("/").headers["Location"] == "/chon-co-quan/", sent
    assert client.get("/").headers["Location"] == "/chon-co-quan/"
    assert client.post("/chon-co-quan/", {"capacity": f"own:{people.other_agency.pk}"}).status_code == 302
    assert people.other_agency.name in client.get("/").content.decode()


# Who may come in


def test_a_post_that_ended_yesterday_opens_nothing(people: People) -> None:
    client = signed_in(people.an)
    assert client.get("/ke-hoach/").status_code == 200
    Membership.objects.filter(person_id=people.an.person_id).update(valid_to=TODAY - timedelta(days=1))
    assert client.get("/ke-hoach/").headers["Location"] == "/chon-co-quan/"
    assert client.post("/ke-hoach/soan-moi/", {"year": 2027}).headers["Location"] == "/chon-co-quan/"
    Membership.objects.filter(person_id=people.an.person_id).update(
        valid_from=TODAY + timedelta(days=1), valid_to=None
    )
    assert client.get("/ke-hoach/").headers["Location"] == "/chon-co-quan/"


def test_a_blocked_person_is_out_at_once(people: People) -> None:
    client = signed_in(people.binh)
    assert client.get("/cong-viec/").status_code == 200
    operations.block_person(actor=people.an, person_id=people.binh.person_id, reason="Thôi việc", today=TODAY)
    assert client.get("/cong-viec/").headers["Location"] == "/dang-nhap/?next=/cong-viec/"
    assert Client().post("/dang-nhap/", {"login": "binh", "password": PASSWORD}).status_code == 200


def test_a_new_password_ends_the_sessions_of_the_old_one(people: People) -> None:
    client = signed_in(people.binh)
    operations.reset_password(actor=people.an, person_id=people.binh.person_id, today=TODAY)
    assert client.get("/cong-viec/").headers["Location"] == "/dang-nhap/?next=/cong-viec/"


def test_signing_out_ends_the_session_itself(people: People) -> None:
    client, thief = signed_in(people.an), Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/").status_code == 200
    client.post("/dang-xuat/")
    assert thief.get("/").headers["Location"] == "/dang-nhap/?next=/"


def test_signing_in_begins_a_session_of_its_own(people: People) -> None:
    client = Client()
    client.get("/dang-nhap/")
    client.cookies["sessionid"] = planted = "a" * 32
    client.post("/dang-nhap/", {"login": "an", "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted


def test_nobody_gives_oneself_wider_rights(people: People) -> None:
    """The secretary approves nothing, and an administrator writes no plan, by a post given to oneself."""
    before = Entry.objects.count()

    def give(actor: Actor, role: str) -> None:
        operations.give_post(
            actor=actor,
            person_id=actor.person_id,
            role=role,
            unit_id=None,
            position="",
            valid_from=None,
            today=TODAY,
        )

    with pytest.raises(operations.OwnAccount):
        give(people.an, Role.CHAIRMAN)
    Membership.objects.filter(person_id=people.binh.person_id).update(role=Role.ADMINISTRATOR)
    administrator = Actor(people.binh.person_id, "Bình", people.agency.pk, frozenset({Role.ADMINISTRATOR}))
    with pytest.raises(NotAllowed):
        give(administrator, Role.SECRETARY)
    assert Entry.objects.count() == before
    page = signed_in(people.an).post(
        f"/co-quan/nhan-su/{people.an.person_id}/vi-tri/", {"role": Role.CHAIRMAN}
    )
    assert "Không ai tự giao thêm quyền" in page.content.decode()
    with pytest.raises(operations.OwnAccount):
        give(people.an, Role.REPRESENTATIVE)  # signs letters, which a secretary does not
    give(people.an, Role.AUDITOR)  # brings no act that a secretary lacks


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("password", ["binh.tran1", "Trần Văn Bình", "0123456789", "password12", "short"])
def test_passwords_that_others_guess_are_refused(people: People, password: str) -> None:
    Person.objects.filter(pk=people.binh.person_id).update(login="binh.tran", email="b@example.vn")
    client = signed_in(people.binh)
    answer = client.post("/tai-khoan/mat-khau/", {"old": PASSWORD, "new": password, "again": password})
    assert answer.status_code == 200
    assert answer.context["form"].errors["new"]


# Guessing passwords


def fail(client: Client, login: str, times: int, **extra: str) -> None:
    for _ in range(times):
        client.post("/dang-nhap/", {"login": login, "password": "x"}, **extra)  # type: ignore[arg-type]


def test_who_signed_in_here_before_is_not_locked_out_by_others(people: People) -> None:
    """Guesses of strangers close a name to strangers, not to the computer that its owner uses."""
    own = Client()
    own.post("/dang-nhap/", {"login": "an", "password": PASSWORD})
    own.post("/dang-xuat/")
    for number in range(5):
        fail(Client(), "an", 5, REMOTE_ADDR=f"10.0.0.{number}")
    signing_in = {"login": "an", "password": PASSWORD}
    assert Client().post("/dang-nhap/", signing_in, REMOTE_ADDR="10.0.0.99").status_code == 429
    assert own.post("/dang-nhap/", signing_in).status_code == 302


def test_a_computer_known_to_one_person_knows_no_other(people: People) -> None:
    own = Client()
    own.post("/dang-nhap/", {"login": "binh", "password": PASSWORD})
    own.post("/dang-xuat/")
    fail(own, "an", 5)
    assert own.post("/dang-nhap/", {"login": "an", "password": PASSWORD}).status_code == 429


def test_guesses_from_a_known_computer_are_counted_too(people: People) -> None:
    own = Client()
    own.post("/dang-nhap/", {"login": "an", "password": PASSWORD})
    own.post("/dang-xuat/")
    fail(own, "an", 10)
    assert own.post("/dang-nhap/", {"login": "an", "password": PASSWORD}).status_code == 429
    FailedSignIns.objects.update(latest_at=timezone.now() - timedelta(minutes=16))
    assert own.post("/dang-nhap/", {"login": "an", "password": PASSWORD}).status_code == 302


@pytest.mark.only_on("sqlite")
def test_a_forged_mark_of_a_computer_is_worth_nothing(people: People) -> None:
    client = Client()
    client.cookies["camket_computer"] = "an:forged"
    fail(client, "an", 5)
    assert client.post("/dang-nhap/", {"login": "an", "password": PASSWORD}).status_code == 429


def test_no_password_or_link_lies_open_in_a_session(people: People) -> None:
    """They wait there for the page that shows them once; who reads the database opens no account by them."""
    client = signed_in(people.an)
    dung = f"/co-quan/nhan-su/{people.dung.person_id}/"
    client.post(reverse("web:organisation:password_reset", args=[people.dung.person_id]))
    kept = dict(client.session.items())
    shown = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", client.get(dung).content.decode())
    assert shown is not None
    assert Person.objects.get(pk=people.dung.person_id).check_password(shown[0])
    assert shown[0] not in str(kept)
    assert shown[0] not in client.get(dung).content.decode()

    means = reverse("web:organisation:sign_in_means", args=[people.dung.person_id])
    client.post(reverse("web:organisation:person_invite", args=[people.dung.person_id]))
    kept = dict(client.session.items())
    link = re.search(r"http://testserver(/[^\"<\s]+)", client.get(means).content.decode())
    assert link is not None
    assert Client().get(link[1]).status_code == 200
    assert link[1].strip("/").split("/")[-1] not in str(kept)


def test_the_present_password_is_not_guessed_from_an_open_screen(people: People) -> None:
    client = signed_in(people.an)
    new = {"new": "Hoa-phuong-do-2026", "again": "Hoa-phuong-do-2026"}
    for number in range(30):
        client.post("/tai-khoan/mat-khau/", {"old": f"sai-{number}", **new})
    page = client.post("/tai-khoan/mat-khau/", {"old": PASSWORD, **new})
    assert "Vui lòng chờ" in page.content.decode()
    assert Person.objects.get(pk=people.an.person_id).check_password(PASSWORD)
    FailedSignIns.objects.all().delete()  # time goes by
    assert client.post("/tai-khoan/mat-khau/", {"old": PASSWORD, **new}).status_code == 302


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "back", ["//evil.example/", "/\\evil.example/", "https://evil.example/", "javascript:1"]
)
def test_the_way_home_from_another_agency_is_ours(people: People, back: str) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(parent=people.other_agency)
    Membership.objects.filter(person_id=people.chi.person_id).update(role=Role.VIEWER)
    client = signed_in(people.chi)
    for place in (back, "/co-quan/"):
        client.post("/chon-co-quan/", {"capacity": f"below:{people.agency.pk}", "back": place})
        assert client.session.get(BACK_KEY, "") == ("" if place == back else place)
