"""Copies of documents on the screen: looked at before signing, numbered, shown, taken, withdrawn; errors say what to mend."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pdfplumber
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from camket.org.policy import Actor
from camket.registers.models import DocumentCopy, Entry
from camket.web.marks import FIELD
from people import People
from registers.test_copies import arrived, decision
from registers.test_programme import TODAY
from web.browser import Desk

SignedIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.TODAY = TODAY


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def said(**more: str) -> dict[str, str]:
    """Return what the form sends for a true copy, or what else is asked for."""
    return {
        "form": "SY",
        "issued_on": "03/08/2026",
        "authority": "TL. CHỦ TỊCH",
        "capacity": "CHÁNH VĂN PHÒNG",
        "signed_by": "Trần Thị Thọ",
        "recipients": "Phòng Kinh tế\nLưu: VT",
        **more,
    }


def page_of(entry: Entry) -> str:
    return f"/so/van-ban-den/{entry.pk}/sao/"


def test_a_copy_is_looked_at_then_numbered_shown_and_taken(people: People, an: Client) -> None:
    entry = arrived(people, decision())
    assert page_of(entry) in an.get(f"/so/van-ban-den/{entry.pk}/").content.decode()
    file_id = str(entry.evidence.get().file_id)
    look = an.post(page_of(entry), said(file=file_id, look="1"))
    assert look["Content-Type"] == "application/pdf"
    assert not DocumentCopy.objects.exists()

    made = an.post(page_of(entry), said(file=file_id), follow=True)
    assert "Đã phát hành với số 01/SY-UBND" in made.content.decode()
    copy = DocumentCopy.objects.get()
    taken = an.get(f"/so/ban-sao/{copy.pk}/tai.pdf")
    assert taken["Content-Disposition"] == 'attachment; filename="01-SY-UBND.pdf"'
    with pdfplumber.open(io.BytesIO(taken.content)) as file:
        assert "01/SY-UBND" in file.pages[0].extract_text()
    assert an.get(f"/so/ban-sao/{copy.pk}/tai.docx").status_code == 404
    assert "01/SY-UBND" in an.get(f"/so/van-ban-den/{entry.pk}/").content.decode()


def test_pressed_twice_it_is_made_once(people: People, an: Client) -> None:
    entry = arrived(people, decision())
    page = BeautifulSoup(an.get(page_of(entry)).content, "html.parser")
    mark = page.select_one(f"form.rg-copy input[name={FIELD}]") or page.select_one(f"input[name={FIELD}]")
    assert mark is not None
    fields = said(file=str(entry.evidence.get().file_id), **{FIELD: str(mark["value"])})
    for _ in range(2):
        an.post(page_of(entry), fields)
    assert DocumentCopy.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "Hãy chọn tệp PDF cần sao."),
        ({"file": "999999"}, "999999"),
        ({"form": "TrS"}, "Hãy nhập phần nội dung được trích sao."),
        ({"form": "TrS", "text": "Điều 1."}, "Hãy nhập người ký văn bản được trích sao."),
        (
            {"form": "TrS", "text": "Điều 1.", "original_signer": "Lê Văn Minh", "issued_on": "04/08/2026"},
            "04/08/2026",
        ),
        ({"signed_by": ""}, "Hãy điền mục này."),
        ({"recipients": ""}, "Hãy điền mục này."),
    ],
)
def test_what_is_wrong_is_said_where_and_nothing_is_kept(
    people: People, an: Client, more: dict[str, str], words: str
) -> None:
    entry = arrived(people, decision())
    answer = an.post(page_of(entry), said(**more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not DocumentCopy.objects.exists()
    assert not Entry.objects.filter(register="outgoing").exists()


def test_who_may_not_number_makes_none_and_another_agency_finds_none(
    people: People, an: Client, signed_in: SignedIn
) -> None:
    entry = arrived(people, decision())
    an.post(page_of(entry), said(file=str(entry.evidence.get().file_id)))
    copy = DocumentCopy.objects.get()
    binh, chi = signed_in(people.binh), signed_in(people.chi)
    assert binh.get(page_of(entry)).status_code == 403
    assert binh.get(f"/so/ban-sao/{copy.pk}/").status_code == 200
    for path in (page_of(entry), f"/so/ban-sao/{copy.pk}/", f"/so/ban-sao/{copy.pk}/tai.pdf"):
        assert chi.get(path).status_code == 404
    assert an.post(f"/so/ban-sao/{copy.pk}/thu-hoi/", {"reason": "Nhầm"}).status_code == 403
    assert an.get(f"/so/van-ban-di/{entry.pk}/sao/").status_code == 404


def test_no_page_offers_a_copy_of_what_is_secret(people: People, an: Client) -> None:
    entry = arrived(people, decision(), secrecy="secret")
    assert "/sao/" not in an.get(f"/so/van-ban-den/{entry.pk}/").content.decode()
    answer = an.post(page_of(entry), said(file=str(entry.evidence.get().file_id)))
    assert "bảo vệ bí mật nhà nước" in answer.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_extract_in_the_browser(desk: Desk, people: People) -> None:
    entry = arrived(people)
    desk.sign_in("an")
    desk.open(page_of(entry), "phone")
    desk.assert_accessible()
    desk.assert_fits()
    page = desk.open(page_of(entry))
    assert page.get_by_role("radio", name="Trích sao").is_checked()
    page.get_by_role("radio", name="Sao y").check()
    assert not page.get_by_label("Phần nội dung trích sao").is_visible()
    page.get_by_role("radio", name="Trích sao").check()
    page.get_by_label("Phần nội dung trích sao").fill("...\nĐiều 3. Giao chỉ tiêu.")
    page.get_by_label("Người ký văn bản gốc", exact=True).fill("Lê Văn Minh")
    page.get_by_label("Họ và tên người ký", exact=True).fill("Trần Thị Thọ")
    desk.assert_accessible()
    desk.assert_fits()
    with page.expect_download():
        page.get_by_role("button", name="Xem trước (PDF)").click()
    page.get_by_role("button", name="Cấp số và phát hành").click()
    page.get_by_role("heading", name="Trích sao 01/TrS-UBND").wait_for()
    desk.assert_accessible()
    desk.assert_fits()
