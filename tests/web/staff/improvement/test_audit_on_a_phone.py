"""An audit in a meeting room without a network: written on a phone, sealed there, sent once when the network is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, expect

from camket.improvement.models import AuditQuestion, Finding
from camket.improvement.operations import audits as operations
from camket.org.models import Role
from camket.org.policy import Actor
from paper.test_photos import png
from people import TODAY, People, actor_of, make_person
from web.browser import Desk
from web.public.wire import Wire
from work import NOW, unit_of

PNG = png()
SignedIn = Callable[[Actor], Client]


def opened(people: People) -> tuple[int, Actor, list[AuditQuestion]]:
    """An audit of the economy unit, open, led by Em of the office; two questions."""
    em = actor_of(
        make_person(people.agency, "Vũ Văn Em", "em", Role.AUDITOR, unit_of(people, 0)), people.agency
    )
    unit = unit_of(people, 1).pk
    wanted = operations.NewAudit("Đánh giá nội bộ đợt 1", TODAY, TODAY, unit_ids=(unit,))
    audit_id = operations.plan_audit(actor=people.an, audit=wanted, now=NOW).pk
    team = ((em.person_id, "lead"), (people.an.person_id, "member"))
    operations.set_team(actor=people.an, audit_id=audit_id, team=team, now=NOW)

    line = operations.NewSession(TODAY, time(8), time(9), "Hồ sơ", unit, (em.person_id,))
    operations.set_sessions(actor=people.an, audit_id=audit_id, sessions=(line,), now=NOW)
    asked = [
        operations.add_question(
            actor=people.an, audit_id=audit_id, unit_id=unit, text=text, look_at="", clause="8.5", now=NOW
        )
        for text in ("Hồ sơ có phiếu kiểm soát không?", "Quy trình tại quầy còn hiệu lực không?")
    ]
    operations.announce(actor=people.an, audit_id=audit_id, now=NOW, reason="Đoàn vừa được lập")
    operations.open_audit(actor=em, audit_id=audit_id, now=NOW)
    return audit_id, em, asked


@pytest.mark.django_db
class TestWhatThePhoneSends:
    def test_the_same_again_changes_nothing(self, people: People, signed_in: SignedIn) -> None:
        audit_id, em, (first, second) = opened(people)
        client, address = signed_in(em), f"/danh-gia/dien-thoai/{audit_id}/gui/"
        bad = {
            "kind": "answer", "unit": unit_of(people, 1).pk, "question": first.pk, "answer": "finding",
            "note": "Xem 5 hồ sơ", "version": 0, "key": "k1", "grade": "minor", "text": "Thiếu phiếu",
        }  # fmt: skip
        for _ in range(2):
            assert client.post(address, bad).json() == {"kept": {"version": 1}}
        photo = {**bad, "kind": "photo"}
        for _ in range(2):
            file = SimpleUploadedFile("ho-so.png", PNG, "image/png")
            assert client.post(address, {**photo, "anh-attachments": file}).json() == {"kept": {}}
        free = {**bad, "kind": "finding", "question": "", "key": "k2", "text": "Sổ chưa ký"}
        for _ in range(2):
            assert client.post(address, free).json() == {"kept": {"serial": 2}}
        found = Finding.objects.order_by("serial")
        assert [(each.text, each.question_id, each.evidence.count()) for each in found] == [
            ("Thiếu phiếu", first.pk, 1),
            ("Sổ chưa ký", None, 0),
        ]
        good = {**bad, "question": second.pk, "answer": "conforms", "text": "", "key": "k3"}
        photo = {**good, "kind": "photo", "anh-attachments": SimpleUploadedFile("a.png", PNG, "image/png")}
        assert client.post(address, good).json() == {"kept": {"version": 1}}
        assert client.post(address, photo).json() == {"kept": {}}
        assert second.evidence.count() == 1

    def test_what_somebody_else_answered_meanwhile_comes_back(
        self, people: People, signed_in: SignedIn
    ) -> None:
        audit_id, em, (first, _second) = opened(people)
        operations.answer(
            actor=people.an, question_id=first.pk, answer="conforms", note="Đủ", version=0, now=NOW
        )
        sent = signed_in(em).post(
            f"/danh-gia/dien-thoai/{audit_id}/gui/",
            {"kind": "answer", "question": first.pk, "answer": "none", "note": "", "version": 0},
        )
        said = sent.json()["conflict"]
        assert (said["answer"], said["note"], said["version"]) == ("conforms", "Đủ", 1)
        assert said["by"] == "Nguyễn Thị An"

    def test_what_is_wrong_is_refused_in_words_and_nothing_is_written(
        self, people: People, signed_in: SignedIn
    ) -> None:
        audit_id, em, (first, _second) = opened(people)
        client, address = signed_in(em), f"/danh-gia/dien-thoai/{audit_id}/gui/"
        unit = unit_of(people, 1).pk
        evil = SimpleUploadedFile("anh.png", b"<html><script>alert(1)</script>", "image/png")
        for sent, words in (
            ({"kind": "other"}, "Không đọc được"),
            ({"kind": "answer", "question": first.pk, "answer": "maybe", "version": 0}, "maybe"),
            ({"kind": "answer", "question": 999_999, "answer": "none", "version": 0}, "không còn trong cuộc"),
            (
                {"kind": "answer", "question": "1" * 30, "answer": "none", "version": 0},
                "không còn trong cuộc",
            ),
            ({"kind": "finding", "unit": unit, "grade": "minor", "text": " "}, "Nội dung phát hiện"),
            ({"kind": "finding", "unit": 999_999, "grade": "minor", "text": "Sai"}, "không còn trong cuộc"),
            ({"kind": "photo", "unit": unit, "question": first.pk, "anh-attachments": evil}, "Loại tệp"),
        ):
            answer = client.post(address, sent)
            assert answer.status_code == 422, answer.content
            assert words in answer.json()["refused"], answer.json()
        operations.finish(actor=em, audit_id=audit_id, now=NOW, reason="Hết giờ")
        late = client.post(address, {"kind": "answer", "question": first.pk, "answer": "none", "version": 0})
        assert late.status_code == 422
        first.refresh_from_db()
        assert (first.answer, first.version, first.evidence.count()) == ("", 0, 0)
        assert not Finding.objects.exists()

    def test_strangers_take_nothing_along_and_send_nothing(self, people: People, signed_in: SignedIn) -> None:
        audit_id, em, (first, _second) = opened(people)
        page = f"/danh-gia/dien-thoai/{audit_id}/"
        elsewhere = actor_of(
            make_person(people.other_agency, "Người lạ", "la", Role.AUDITOR), people.other_agency
        )
        there = signed_in(elsewhere)
        assert [there.get(page + each).status_code for each in ("", "so/")] == [404, 404]
        sent = {"kind": "answer", "question": first.pk, "answer": "none", "version": 0}
        assert there.post(f"{page}gui/", sent).status_code == 404
        outside = Client().get(f"{page}so/", headers={"Accept": "application/json"})
        assert (outside.status_code, outside.json()) == (401, {"signed_out": True})
        assert Client().get(page)["Location"].startswith("/dang-nhap/")
        mine, ans = (signed_in(each).get(f"{page}so/").json() for each in (em, people.an))
        assert mine["key"] != ans["key"]
        assert mine["owner"] != ans["owner"]
        assert mine["key"] == signed_in(em).get(f"{page}so/").json()["key"]
        shell = signed_in(em).get(page).content.decode()
        assert "phiếu kiểm soát" not in shell
        assert "Vũ Văn Em" not in shell


@pytest.fixture
def wire(live_server: Any) -> Iterator[Wire]:
    joined = Wire(urlsplit(live_server.url).port or 0)
    yield joined
    joined.cut()


KEPT = """async () => {
  const answer = (asked) => new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  const base = await answer(indexedDB.open("camket-audits", 1));
  const count = (name) => answer(base.transaction(name).objectStore(name).count());
  const found = { keys: await count("keys"), books: await count("books"), queue: await count("queue") };
  base.close();
  return found;
}"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_answers_photos_and_a_finding_wait_without_network_and_come_once(
    desk: Desk, people: People, wire: Wire
) -> None:
    audit_id, em, (first, second) = opened(people)
    desk.sign_in("em")
    page = desk.page
    page.set_viewport_size({"width": 390, "height": 844})
    # The cookie of the live server is that of the wire: a cookie knows no port.
    page.goto(f"{wire.address}/dang-nhap/")
    carry_session(page, wire)
    page.goto(f"{wire.address}/danh-gia/dien-thoai/{audit_id}/")
    expect(page.get_by_role("heading", name="Đánh giá nội bộ đợt 1")).to_be_visible()
    desk.assert_accessible()
    desk.assert_fits()
    desk.picture("units")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    desk.wait_until_kept()

    wire.cut()
    page.get_by_role("button", name="Kinh tế").click()
    page.get_by_role("button", name="Hồ sơ có phiếu kiểm soát không?").click()
    page.get_by_label("Phát hiện", exact=True).check()
    page.get_by_role("button", name="Lưu, sang câu").click()
    expect(page.get_by_role("alert").filter(has_text="phát hiện")).to_be_visible()
    desk.assert_accessible()
    page.locator("#phone-note").fill("Xem 5 hồ sơ")
    page.locator("#phone-answer-text").fill("Ba hồ sơ không có phiếu kiểm soát")
    page.locator("#phone-answer-photos").set_input_files(
        {"name": "ho-so.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(page.locator("[data-answer-form] [data-photos] li")).to_have_count(1)
    desk.assert_fits()
    desk.picture("question")
    page.wait_for_timeout(600)
    page.reload()  # the phone was closed before the answer was kept
    page.get_by_role("button", name="Kinh tế").click()
    page.get_by_role("button", name="Hồ sơ có phiếu kiểm soát không?").click()
    expect(page.locator("#phone-answer-text")).to_have_value("Ba hồ sơ không có phiếu kiểm soát")
    expect(page.locator("[data-answer-form] [data-photos] li")).to_have_count(1)
    page.get_by_role("button", name="Lưu, sang câu").click()
    expect(page.get_by_role("heading", name="Quy trình tại quầy còn hiệu lực không?")).to_be_visible()
    page.get_by_label("Phù hợp", exact=True).check()
    page.locator("#phone-note").fill("Bản in mới")
    page.get_by_role("button", name="Lưu, sang câu").click()
    page.get_by_role("button", name="Ghi phát hiện").click()
    page.locator("#phone-finding-text").fill("Sổ theo dõi chưa ký")
    page.get_by_role("button", name="Lưu phát hiện").click()
    expect(page.locator("[data-waits] [data-number]")).to_have_text("4")
    desk.assert_accessible()
    desk.assert_fits()
    desk.picture("waiting")
    assert not Finding.objects.exists()

    operations.answer(
        actor=people.an, question_id=second.pk, answer="none", note="Không làm ở đây", version=0, now=NOW
    )
    wire.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Nguyễn Thị An đã trả lời lúc")).to_be_visible()
    desk.assert_accessible()
    desk.picture("conflict")
    page.get_by_role("button", name="Gửi câu của tôi thay vào").click()
    expect(page.get_by_text("Đã gửi hết.")).to_be_visible()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.answer, first.note) == ("finding", "Xem 5 hồ sơ")
    assert (second.answer, second.note, second.version) == ("conforms", "Bản in mới", 2)
    found = Finding.objects.order_by("question_id")
    assert {(each.text, each.evidence.count()) for each in found} == {
        ("Ba hồ sơ không có phiếu kiểm soát", 1),
        ("Sổ theo dõi chưa ký", 0),
    }
    assert page.evaluate(KEPT)["queue"] == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_who_signed_out_leaves_nothing_readable_and_sends_after_signing_in_again(
    desk: Desk, people: People, wire: Wire
) -> None:
    audit_id, em, (first, _second) = opened(people)
    desk.sign_in("em")
    page = desk.page
    carry_session(page, wire)
    address = f"{wire.address}/danh-gia/dien-thoai/{audit_id}/"
    page.goto(address)
    expect(page.get_by_role("heading", name="Đánh giá nội bộ đợt 1")).to_be_visible()
    desk.wait_until_kept()
    wire.cut()
    page.get_by_role("button", name="Kinh tế").click()
    page.get_by_role("button", name="Hồ sơ có phiếu kiểm soát không?").click()
    page.get_by_label("Phù hợp", exact=True).check()
    page.get_by_role("button", name="Lưu, sang câu").click()
    expect(page.locator("[data-waits] [data-number]")).to_have_text("1")
    session = page.context.cookies()
    page.context.clear_cookies()  # the session has ended, by itself or by the office
    wire.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Đã khóa")).to_be_visible()
    desk.assert_accessible()
    desk.picture("locked")
    assert "phiếu kiểm soát" not in page.content()
    assert page.evaluate(KEPT) == {"keys": 0, "books": 0, "queue": 1}
    page.goto(f"{wire.address}/dang-nhap/")
    page.wait_for_load_state("networkidle")
    first.refresh_from_db()
    assert first.answer == ""

    page.context.add_cookies(session)
    page.goto(address)
    expect(page.get_by_text("Đã gửi hết.")).to_be_visible()
    first.refresh_from_db()
    assert (first.answer, first.answered_by_id) == ("conforms", em.person_id)
    page.goto(f"{wire.address}/")
    page.locator("[data-camket-sign-out] button").dispatch_event("click")
    page.wait_for_url("**/dang-nhap/")
    page.wait_for_function(f"({KEPT})().then((kept) => kept.keys === 0)")
    assert page.evaluate(KEPT) == {"keys": 0, "books": 0, "queue": 0}
    wire.cut()
    page.goto(address)
    expect(page.get_by_role("heading", name="chưa có cuộc đánh giá")).to_be_visible()


def carry_session(page: Page, wire: Wire) -> None:
    (session,) = [each for each in page.context.cookies() if each["name"] == "sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": session["value"], "url": wire.address}])
