"""The page on which an agency sets letterhead, signers and recipients: looked at first, then kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from camket.documents.models import OwnLetterhead, OwnRecipients, Signer
from camket.documents.queries.formalities import letterhead_on
from camket.org.policy import Actor
from people import TODAY, People

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Actor], Client]
TOMORROW = f"{TODAY + timedelta(days=1):%d/%m/%Y}"
FORM = reverse("web:organisation:paper_recipients", args=["report"])


def test_what_is_typed_is_shown_on_paper_before_it_is_kept(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    typed = {"lines": "Sở Nội vụ\nLãnh đạo {agency}", "archive": "Lưu: VT, VP", "valid_from": TOMORROW}
    shown = an.post(FORM, {**typed, "xem-thu": "1"}).content.decode()
    assert "- Sở Nội vụ;" in shown
    assert f"- Lãnh đạo {people.agency.name};" in shown
    assert not OwnRecipients.objects.exists()
    assert an.post(FORM, typed).status_code == 302
    listed = an.get(reverse("web:organisation:papers")).content.decode()
    assert "Sở Nội vụ; Lãnh đạo [tên thường gọi của cơ quan]; Lưu: VT, VP." in listed
    assert "{a" not in BeautifulSoup(listed, "html.parser").get_text()


def test_what_is_refused_keeps_what_was_typed(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    typed = {"lines": "Lãnh đạo {agent}", "archive": "Lưu: VT", "valid_from": TOMORROW}
    answer = an.post(FORM, typed)
    assert answer.status_code == 422
    assert "“{agent}” không có nghĩa trong biểu mẫu này" in answer.content.decode()
    assert "Lãnh đạo {agent}" in answer.content.decode()
    today = an.post(FORM, {**typed, "lines": "Sở", "valid_from": f"{TODAY:%d/%m/%Y}"})
    assert f"Áp dụng sớm nhất từ ngày {TOMORROW}" in today.content.decode()
    assert not OwnRecipients.objects.exists()


def test_a_letterhead_is_set_from_a_day_on(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    page = reverse("web:organisation:paper_letterhead")
    data = {
        "superior": "UBND tỉnh",
        "issuer": "Ủy ban nhân dân xã Mới",
        "place": "Mới",
        "valid_from": TOMORROW,
    }
    assert "XÃ MỚI" in an.post(page, {**data, "xem-thu": "1"}).content.decode()
    assert not OwnLetterhead.objects.exists()
    assert an.post(page, data).status_code == 302
    assert letterhead_on(people.an, TODAY + timedelta(days=1)).issuer == "Ủy ban nhân dân xã Mới"
    assert letterhead_on(people.an, TODAY).issuer != "Ủy ban nhân dân xã Mới"


def test_a_signer_is_named_and_ended(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    typed = {
        "person": people.binh.person_id, "mark": "KT.", "body": "Ủy ban nhân dân", "head": "Chủ tịch",
        "post": "Phó Chủ tịch", "kinds": ["BC"], "basis": "", "valid_from": f"{TODAY:%d/%m/%Y}", "valid_to": "",
    }  # fmt: skip
    add = reverse("web:organisation:signer_add")
    assert "KT. CHỦ TỊCH" in an.post(add, {**typed, "xem-thu": "1"}).content.decode()
    assert an.post(add, {**typed, "post": ""}).status_code == 422
    assert not Signer.objects.exists()
    assert an.post(add, typed).status_code == 302
    row = Signer.objects.get()
    end = reverse("web:organisation:signer_end", args=[row.pk])
    assert an.post(end, {"last_day": "01/01/2020"}).status_code == 422
    assert an.post(end, {"last_day": f"{TODAY:%d/%m/%Y}"}).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == TODAY


def test_who_does_not_keep_documents_reads_only(people: People, signed_in: SignedIn) -> None:
    page = signed_in(people.binh).get(reverse("web:organisation:papers")).content.decode()
    assert "Văn bản của cơ quan" in page
    assert FORM not in page
