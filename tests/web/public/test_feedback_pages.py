"""Feedback as a citizen meets it: sent, followed by its code, answered; and what strangers try."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from camket.intake.models import PublicTry
from camket.org.models import Person
from camket.publishing.models import PublicPage
from camket.voices.models import Feedback
from camket.voices.operations import feedback as operations
from camket.web.public import limits
from people import TODAY, People
from web.browser import Desk

WRITE, FOLLOW, ANSWERS = (f"/cong-khai/xa-binh-yen/{part}/" for part in ("phan-anh", "theo-doi", "hoi-dap"))
FORM = {
    "subject": "Đèn đường hỏng",
    "text": "Đèn đầu thôn <script>alert(1)</script> hỏng",
    "kind": "other",
    "sender_name": "Lò Thị Sương",
    "sender_address": "Thôn Đông",
    "sender_phone": "0912345678",
}
NOW = timezone.make_aware(datetime(TODAY.year, TODAY.month, TODAY.day, 9))


@pytest.fixture
def office(people: People, settings: Any) -> People:
    settings.TODAY = TODAY
    for slug, agency in (("xa-binh-yen", people.agency), ("xa-suoi-xa", people.other_agency)):
        PublicPage.objects.create(agency=agency, slug=slug, is_open=True, changed_at=NOW)
    return people


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a form count as read at once."""
    monkeypatch.setattr(limits, "READING_SECONDS", 0)


def stamp(client: Client, address: str) -> dict[str, str]:
    found = re.search(r'name="opened" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return {"opened": found[1]}


def send(client: Client, **fields: Any) -> Any:
    return client.post(WRITE, {**FORM, **stamp(client, WRITE), **fields})


@pytest.mark.usefixtures("read")
def test_who_sends_feedback_gets_a_code_and_follows_it_by_the_code(office: People) -> None:
    client = Client(enforce_csrf_checks=True)
    thanks = send(client)
    row = Feedback.objects.get()
    assert thanks.status_code == 200
    assert row.code in thanks.content.decode()
    assert not thanks.cookies
    status = client.post(FOLLOW, {"ma": row.code.lower().replace("-", " ")}).content.decode()
    assert row.code in status
    for word in ("Sương", "0912345678", "Thôn Đông", "script", "Đèn"):
        assert word not in status


@pytest.mark.usefixtures("read")
def test_a_wrong_code_is_not_found_and_guesses_are_counted_and_then_refused(
    office: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    send(client)
    row = Feedback.objects.get()
    assert client.post(FOLLOW, {"ma": "22222-22222"}).status_code == 404
    assert client.post("/cong-khai/xa-suoi-xa/theo-doi/", {"ma": row.code}).status_code == 404
    guesses = PublicTry.objects.filter(purpose=f"code:{office.agency.pk}")
    assert guesses.get().number == 1
    guesses.update(number=60)
    assert client.post(FOLLOW, {"ma": row.code}).status_code == 429


def test_what_is_missing_is_said_at_its_field_and_nothing_is_kept(office: People) -> None:
    client = Client()
    refused = send(client, sender_phone="", text="")
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "Hãy ghi số điện thoại" in said
    assert "Lò Thị Sương" in said  # what was typed stays
    assert not Feedback.objects.exists()


def test_a_form_that_comes_back_at_once_is_asked_a_sum(office: People) -> None:
    refused = send(Client())
    assert refused.status_code == 422
    assert 'name="sum"' in refused.content.decode()
    assert not Feedback.objects.exists()


@pytest.mark.usefixtures("read")
def test_from_one_address_no_more_than_an_office_sends_is_taken(office: People) -> None:
    client = Client()
    send(client)
    PublicTry.objects.filter(purpose=f"feedback:{office.agency.pk}").update(number=20)
    assert client.get(WRITE).status_code == 429
    assert client.post(WRITE, FORM).status_code == 429
    assert Feedback.objects.count() == 1


@pytest.mark.usefixtures("read")
def test_a_picture_comes_with_it_and_a_page_in_disguise_does_not(office: People) -> None:
    client = Client()
    page = SimpleUploadedFile("anh.png", b"<html><script>alert(1)</script>", "image/png")
    refused = send(client, files=page)
    assert refused.status_code == 422
    assert not Feedback.objects.exists()
    picture = SimpleUploadedFile("anh.png", b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_000, "image/png")
    assert send(client, files=picture).status_code == 200  # above what strangers send elsewhere
    assert Feedback.objects.get().files.count() == 1


def test_a_body_above_the_forms_limit_is_refused_before_it_is_read(office: People, settings: Any) -> None:
    answer = Client().post(WRITE, b"x", content_type="text/plain", CONTENT_LENGTH=str(33 * 1024 * 1024))
    assert answer.status_code == 413
    assert Client().post(FOLLOW, {"ma": "x" * 1_100_000}).status_code == 413


@pytest.mark.usefixtures("read")
def test_a_page_that_is_closed_or_takes_no_feedback_takes_none(office: People) -> None:
    PublicPage.objects.filter(slug="xa-binh-yen").update(takes_feedback=False)
    assert "không tiếp nhận" in Client().post(WRITE, FORM).content.decode()
    PublicPage.objects.filter(slug="xa-binh-yen").update(is_open=False)
    assert Client().get(WRITE).status_code == 404
    assert not Feedback.objects.exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_feedback_is_sent_on_a_phone_classified_answered_and_read_by_its_code(
    desk: Desk, office: People
) -> None:
    page = desk.open(WRITE, "phone")
    desk.assert_fits()
    desk.assert_accessible()
    for name, text in FORM.items():
        if name != "kind":
            page.fill(f"#id_{name}", text)
    page.wait_for_timeout(2_100)  # nobody reads a form and sends it in less
    page.click("main button[type=submit]")
    code = page.inner_text("#code")
    desk.assert_accessible()

    desk.sign_in("an")
    page = desk.open("/phan-anh/", "phone")
    desk.assert_fits()
    desk.assert_accessible()
    page.click(f"text={code}")
    desk.assert_fits()
    desk.assert_accessible()
    page.click(".ck-head__buttons a.btn-primary")
    page.click("form[novalidate] button.btn-primary")
    page.select_option("#id_unit_id", index=1)
    page.click("form[novalidate] button.btn-primary")
    row = Feedback.objects.get()
    assert (row.code, row.state) == (code, "assigned")
    operations.save_answer(
        actor=office.an, feedback_id=row.pk, answer="Đã thay bóng đèn.", submits=True, now=NOW
    )
    signing = operations.Signing("", "Lê Minh Châu", "CHỦ TỊCH", "")
    operations.approve_answer(actor=office.chau, feedback_id=row.pk, signing=signing, now=NOW)

    page = desk.open(FOLLOW, "phone")
    page.fill("#ma", code)
    page.click("main form button[type=submit]")
    assert "Đã thay bóng đèn." in page.inner_text("main")
    desk.assert_fits()
    desk.assert_accessible()
    assert desk.complaints == []


@pytest.mark.usefixtures("read")
def test_the_slip_says_where_to_follow_while_the_public_page_is_open(office: People) -> None:
    send(Client())
    staff = Client()
    staff.force_login(Person.objects.get(pk=office.an.person_id))
    slip = f"/phan-anh/{Feedback.objects.get().pk}/phieu/"
    assert f"http://testserver{FOLLOW}" in staff.get(slip).content.decode()
    PublicPage.objects.update(takes_feedback=False)
    assert FOLLOW not in staff.get(slip).content.decode()
