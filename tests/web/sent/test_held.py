"""A form that comes without its session is kept for its person, and sent by one press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from camket.actions import operations as work
from camket.actions.models import Task, TaskNote
from camket.intake.models import HeldForm
from camket.intake.operations import HELD, LARGEST_HELD, MOST_HELD
from camket.journal.models import Entry
from camket.org.models import Membership, Person, Role
from camket.org.policy import Actor
from people import People
from web.sent.pages import form_in, forms_of, opened, send
from work import NOW, PDF, make_task

SignedIn = Callable[[Actor], Client]
HELD_PAGE = "/da-nhap/"


def sign_in(client: Client, actor: Actor) -> None:
    """Sign in at a browser, whose cookies stay."""
    client.force_login(Person.objects.get(pk=actor.person_id))


def lose_session(client: Client) -> None:
    """End the session on the server, as signing out elsewhere does; the browser keeps its cookies."""
    client.session.flush()
    client.cookies.pop("sessionid", None)


@pytest.fixture
def task(people: People) -> Task:
    return make_task(people)


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def comment_form(client: Client, task: Task) -> Any:
    return opened(client, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/trao-doi/")


def comments() -> list[str]:
    return list(TaskNote.objects.filter(kind=TaskNote.Kind.COMMENT).values_list("text", flat=True))


def test_what_was_typed_is_shown_after_signing_in_and_sent_by_one_press(
    an: Client, people: People, task: Task
) -> None:
    form = comment_form(an, task)
    lose_session(an)

    away = send(an, form, text="Tổ một cửa đã rà soát 120 hồ sơ")

    assert away.status_code == 302
    assert away["Location"] == "/dang-nhap/?next=/da-nhap/"
    assert "rà soát" not in away["Location"]
    assert "giữ trong một giờ" in an.get(away["Location"]).content.decode()
    assert comments() == []

    sign_in(an, people.an)
    page = an.get(HELD_PAGE).content.decode()
    assert "Tổ một cửa đã rà soát 120 hồ sơ" in page
    assert "Nội dung trao đổi" in page or "Ý kiến" in page or "Trao đổi" in page
    assert comments() == [], "nothing is sent without a press"

    done = send(an, form_in(page, HELD_PAGE, form.action))
    assert done.status_code == 302
    assert comments() == ["Tổ một cửa đã rà soát 120 hồ sơ"]
    assert HeldForm.objects.count() == 0
    assert "Nội dung bạn đã nhập" not in an.get("/").content.decode()


def test_null_characters_which_no_database_keeps_are_left_out(an: Client, task: Task) -> None:
    form = comment_form(an, task)
    lose_session(an)
    assert send(an, form, text="Đã\0 nhắc")["Location"] == "/dang-nhap/?next=/da-nhap/"
    assert ["text", "Đã nhắc"] in HeldForm.objects.get().content


def test_every_page_says_that_something_waits(an: Client, people: People, task: Task) -> None:
    form = comment_form(an, task)
    lose_session(an)
    send(an, form, text="Đã nhắc")
    sign_in(an, people.an)
    assert 'href="/da-nhap/"' in an.get("/co-quan/").content.decode()


def test_it_can_be_thrown_away(an: Client, people: People, task: Task) -> None:
    form = comment_form(an, task)
    lose_session(an)
    send(an, form, text="Đã nhắc")
    sign_in(an, people.an)
    away = form_in(an.get(HELD_PAGE).content.decode(), HELD_PAGE, "/da-nhap/bo/")
    assert send(an, away).status_code == 302
    assert HeldForm.objects.count() == 0
    assert comments() == []


def test_it_is_gone_when_another_person_signs_in_there(an: Client, people: People, task: Task) -> None:
    form = comment_form(an, task)
    lose_session(an)
    send(an, form, text="Chuyện riêng của An")
    an.post("/dang-nhap/", {"login": "binh", "password": "Cam-ket-2026-thu"})
    sign_in(an, people.binh)
    assert "Chuyện riêng của An" not in an.get(HELD_PAGE).content.decode()


def test_another_browser_does_not_get_it(an: Client, people: People, task: Task, signed_in: SignedIn) -> None:
    form = comment_form(an, task)
    lose_session(an)
    send(an, form, text="Đã nhắc")
    assert "Đã nhắc" not in signed_in(people.an).get(HELD_PAGE).content.decode()


def test_it_is_kept_for_an_hour(an: Client, people: People, task: Task) -> None:
    form = comment_form(an, task)
    lose_session(an)
    send(an, form, text="Đã nhắc")
    HeldForm.objects.update(at=timezone.now() - HELD - timedelta(seconds=1))
    sign_in(an, people.an)
    assert "Đã nhắc" not in an.get(HELD_PAGE).content.decode()


def test_strangers_fill_no_disk(people: People, task: Task, client: Client) -> None:
    client.post(f"/cong-viec/{task.pk}/trao-doi/", {"text": "x", "camket_form": "1~own:1~1~k:1abc:sig"})
    client.post(f"/cong-viec/{task.pk}/trao-doi/", {"text": "x"})
    assert HeldForm.objects.count() == 0


def test_of_one_person_a_few_forms_are_kept_and_none_too_large(
    an: Client, people: People, task: Task
) -> None:
    pages = [comment_form(an, task) for _ in range(MOST_HELD + 2)]
    lose_session(an)
    for number, form in enumerate(pages):
        send(an, form, text=f"Lần {number}")
    assert HeldForm.objects.count() == MOST_HELD
    large = send(an, pages[0], text="x" * (LARGEST_HELD + 1))
    assert large["Location"].startswith("/dang-nhap/?next=/cong-viec/")
    assert HeldForm.objects.count() == MOST_HELD


def test_files_are_named_and_have_to_be_chosen_again(an: Client, people: People, task: Task) -> None:
    form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/nop/")
    lose_session(an)
    send(an, form, result="Đã rà soát", attachments=[SimpleUploadedFile("Biên bản họp.pdf", PDF)])
    sign_in(an, people.an)
    page = an.get(HELD_PAGE).content.decode()
    assert "Biên bản họp.pdf" in page
    assert "phải chọn lại" in page
    assert "%PDF" not in str(HeldForm.objects.get().content)


def test_text_beside_a_large_file_outlives_the_session_too(an: Client, people: People, task: Task) -> None:
    form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/nop/")
    large = SimpleUploadedFile("Biên bản.pdf", PDF + b"\0" * 2_000_000)
    lose_session(an)
    assert send(an, form, result="Đã rà soát", attachments=[large])["Location"].endswith("next=/da-nhap/")
    assert ["result", "Đã rà soát"] in HeldForm.objects.get().content


def test_strangers_send_no_large_files(client: Client, people: People, task: Task) -> None:
    large = SimpleUploadedFile("a.pdf", PDF + b"\0" * 2_000_000)
    client.cookies["camket_known"] = "1:forged:signature"
    assert client.post(f"/cong-viec/{task.pk}/nop/", {"attachments": [large]}).status_code == 413


def test_fields_with_secrets_are_not_kept(an: Client, people: People) -> None:
    form = opened(an, "/co-quan/nhan-su/them/")
    lose_session(an)
    send(an, form, full_name="Đỗ Thị Mới", password="khong-duoc-luu")
    assert "khong-duoc-luu" not in str(HeldForm.objects.get().content)


def test_pages_with_passwords_are_never_kept(an: Client, people: People) -> None:
    form = opened(an, "/tai-khoan/mat-khau/")
    lose_session(an)
    send(an, form, old="Cam-ket-2026-thu", new="Một câu dễ nhớ 26", again="Một câu dễ nhớ 26")
    assert HeldForm.objects.count() == 0


def test_after_signing_in_in_another_tab_the_old_token_loses_nothing(people: People, task: Task) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, people.an)
    form = comment_form(browser, task)
    sign_in(browser, people.an)
    browser.cookies["csrftoken"] = "x" * 32  # rotated by signing in

    away = send(browser, form, text="Đã nhắc")

    assert (away.status_code, away["Location"]) == (302, HELD_PAGE)
    assert comments() == []
    browser.cookies.pop("csrftoken")
    done = send(browser, form_in(browser.get(HELD_PAGE).content.decode(), HELD_PAGE, form.action))
    assert done.status_code == 302
    assert comments() == ["Đã nhắc"]


def test_a_forged_form_is_not_kept_for_its_victim(people: People, task: Task, signed_in: SignedIn) -> None:
    forged = comment_form(signed_in(people.binh), task)
    victim = Client(enforce_csrf_checks=True)
    sign_in(victim, people.an)
    forged.fields["csrfmiddlewaretoken"] = "y" * 64
    assert send(victim, forged, text="Bấm hộ tôi").status_code == 403
    assert HeldForm.objects.count() == 0


def test_htmx_leads_the_whole_page_to_sign_in(an: Client, people: People, task: Task) -> None:
    form = comment_form(an, task)
    lose_session(an)
    response = an.post(
        form.action, {**form.fields, "text": "Đã nhắc"}, headers={"HX-Request": "true", "HX-Current-URL": "/"}
    )
    assert response["HX-Redirect"] == "/dang-nhap/?next=/da-nhap/"
    assert HeldForm.objects.count() == 1


def test_what_happened_meanwhile_stands_beside_what_was_typed(an: Client, people: People, task: Task) -> None:
    form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/tien-do/")
    lose_session(an)
    send(an, form, progress="60", note="Đang chờ")
    work.record_progress(actor=people.binh, task_id=task.pk, progress=80, note="Gần xong", now=NOW)
    sign_in(an, people.an)
    page = an.get(HELD_PAGE).content.decode()
    assert "Trần Văn Bình" in page
    assert "80" in page


def test_a_form_of_another_agency_is_not_sent_for_this_one(an: Client, people: People, task: Task) -> None:
    Membership.objects.create(agency=people.other_agency, person_id=people.an.person_id, role=Role.SECRETARY)
    an.post("/chon-co-quan/", {"capacity": f"own:{people.agency.pk}"})
    form = opened(an, "/ke-hoach/soan-moi/")
    an.post("/chon-co-quan/", {"capacity": f"own:{people.other_agency.pk}"})
    count = Entry.objects.count()

    away = send(an, form, year="2027", copy_from="")

    assert away["Location"] == HELD_PAGE
    assert Entry.objects.count() == count
    page = an.get(HELD_PAGE).content.decode()
    assert people.agency.name in page
    assert "/ke-hoach/soan-moi/" not in [each.action for each in forms_of(page)]
    send(an, form_in(page, HELD_PAGE, "/chon-co-quan/"))
    done = send(an, form_in(an.get(HELD_PAGE).content.decode(), HELD_PAGE, "/ke-hoach/soan-moi/"))
    assert done.status_code == 302
    assert Entry.objects.filter(agency=people.agency).order_by("-sequence")[0].verb == "plan.created"


def test_a_form_left_open_for_weeks_is_nobodys(
    an: Client, people: People, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = comment_form(an, task)
    lose_session(an)
    monkeypatch.setattr("camket.web.marks.LONGEST_OPEN", timedelta(seconds=-1))
    assert send(an, form, text="Đã nhắc")["Location"].startswith("/dang-nhap/?next=/cong-viec/")
    assert HeldForm.objects.count() == 0
