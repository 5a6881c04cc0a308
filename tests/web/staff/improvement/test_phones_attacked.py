"""Phones of an audit against all that goes wrong: two auditors on one question, lost answers, replays, a closed audit, a
server that fails, another person's session, ids of another agency. Nothing is lost, nothing doubled, and it says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, Route, expect

from camket.improvement.models import Audit, AuditQuestion, Finding
from camket.improvement.operations import audits as operations
from camket.journal.models import Entry
from camket.org.models import Person, Role, Unit
from camket.org.policy import Actor
from people import TODAY, People, make_person
from web.browser import Desk, open_desk
from web.staff.improvement.test_audit_on_a_phone import KEPT, PNG, opened
from work import NOW, unit_of

SignedIn = Callable[[Actor], Client]
Phones = Callable[[str, int], Desk]
FIRST, SECOND = "Hồ sơ có phiếu kiểm soát không?", "Quy trình tại quầy còn hiệu lực không?"


@pytest.fixture
def phones(chromium: Any, live_server: Any, tmp_path: Path) -> Iterator[Phones]:
    """Give phones, each with a browser of its own, on which a person has an audit's page open."""
    with ExitStack() as stack:

        def phone(login: str, audit_id: int) -> Desk:
            desk = stack.enter_context(contextmanager(open_desk)(chromium, live_server.url, tmp_path))
            desk.sign_in(login)
            desk.open(f"/danh-gia/dien-thoai/{audit_id}/", "phone")
            expect(desk.page.get_by_role("heading", name="Đánh giá nội bộ đợt 1")).to_be_visible()
            return desk

        yield phone


def go_offline(page: Page) -> None:
    page.context.set_offline(True)


def come_back(page: Page) -> None:
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")


def send_now(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new Event('online'))")


def ask(page: Page, question: str) -> None:
    """Go to a question, from wherever the phone is: also from between two views, where an answer is just being kept."""
    wanted = page.get_by_role("button", name=question)
    for _ in range(20):
        if page.locator("[data-view=question]").is_visible():
            page.locator("[data-view=question] [data-to-questions]").click()
        if page.locator("[data-view=units]").is_visible():
            page.get_by_role("button", name="Kinh tế").click()
        page.wait_for_timeout(100)
        if wanted.is_visible():
            break
    wanted.click()
    expect(page.get_by_role("heading", name=question)).to_be_visible()


def answer(page: Page, question: str, label: str, note: str, finding: str = "", photo: bytes = b"") -> None:
    """Answer a question on a phone, as an auditor does."""
    ask(page, question)
    page.get_by_label(label, exact=True).check()
    page.locator("#phone-note").fill(note)
    if finding:
        page.locator("#phone-answer-text").fill(finding)
    if photo:
        page.locator("#phone-answer-photos").set_input_files(
            {"name": "anh.png", "mimeType": "image/png", "buffer": photo}
        )
        expect(page.locator("[data-answer-form] [data-photos] li")).to_have_count(1)
    page.get_by_role("button", name="Lưu, sang câu").click()
    expect(page.locator("[data-view=question]:visible").filter(has_text=question)).to_have_count(0)


def waiting(page: Page, number: int) -> None:
    """Assert how much the phone says is waiting."""
    if number:
        expect(page.locator("[data-waits] [data-number]")).to_have_text(str(number))
    else:
        expect(page.get_by_text("Đã gửi hết.")).to_be_visible()
        assert page.evaluate(KEPT)["queue"] == 0


def answered(question: AuditQuestion) -> tuple[str, str, int, str]:
    """Return a question's answer, note, version and who gave it."""
    row = AuditQuestion.objects.select_related("answered_by").get(pk=question.pk)
    return row.answer, row.note, row.version, row.answered_by.login if row.answered_by else ""


def findings() -> list[tuple[str, int]]:
    """Return the findings with how many photos each has."""
    return [(each.text, each.evidence.count()) for each in Finding.objects.order_by("serial")]


def wrote(question: AuditQuestion) -> int:
    """Return how often the journal says that a question was answered."""
    return Entry.objects.filter(verb="audit.answered", subject_id=str(question.pk)).count()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestPhones:
    @pytest.mark.only_on("sqlite")
    def test_two_auditors_answer_the_same_questions_without_a_network(
        self, phones: Phones, people: People
    ) -> None:
        audit_id, _em, (first, second) = opened(people)
        ems, ans = phones("em", audit_id), phones("an", audit_id)
        for each in (ems, ans):
            go_offline(each.page)
        answer(ems.page, FIRST, "Phát hiện", "Em xem 5 hồ sơ", "Ba hồ sơ thiếu phiếu", PNG)
        answer(ems.page, SECOND, "Phù hợp", "Bản in mới")
        answer(ans.page, FIRST, "Phát hiện", "An xem 7 hồ sơ", "Phiếu không ghi giờ")
        answer(ans.page, SECOND, "Không áp dụng", "Không có quầy")
        assert (findings(), answered(first)) == ([], ("", "", 0, ""))

        come_back(ans.page)
        waiting(ans.page, 0)
        come_back(ems.page)
        expect(ems.page.get_by_text("Nguyễn Thị An đã trả lời lúc")).to_have_count(2)
        expect(ems.page.locator("[data-theirs]").first).to_have_text("An xem 7 hồ sơ")
        ems.assert_accessible()
        ems.assert_fits()
        ems.picture("two-auditors")
        assert answered(first) == ("finding", "An xem 7 hồ sơ", 1, "an")
        assert findings() == [("Phiếu không ghi giờ", 0)]

        ems.page.get_by_role("button", name="Gửi câu của tôi thay vào").first.click()
        expect(ems.page.get_by_text("Nguyễn Thị An đã trả lời lúc")).to_have_count(1)
        ems.page.get_by_role("button", name="Giữ câu của người kia").click()
        waiting(ems.page, 0)
        assert answered(first) == ("finding", "Em xem 5 hồ sơ", 2, "em")
        assert answered(second) == ("none", "Không có quầy", 1, "an")
        assert findings() == [("Phiếu không ghi giờ", 0), ("Ba hồ sơ thiếu phiếu", 1)]
        assert (wrote(first), wrote(second)) == (2, 1)

        # What An's phone sends afterwards is written on what Em answered, and no conflict.
        ans.page.reload()
        expect(ans.page.locator("[data-net-on]")).to_be_visible()
        ask(ans.page, FIRST)
        expect(ans.page.locator("#phone-note")).to_have_value("Em xem 5 hồ sơ")
        expect(ans.page.locator("[data-found] li")).to_have_count(2)

    @pytest.mark.only_on("sqlite")
    def test_whose_finding_meets_another_answer_keeps_it_as_a_finding_of_its_own(
        self, phones: Phones, people: People
    ) -> None:
        audit_id, _em, (first, _second) = opened(people)
        ems = phones("em", audit_id)
        go_offline(ems.page)
        answer(ems.page, FIRST, "Phát hiện", "5 hồ sơ", "Ba hồ sơ thiếu phiếu", PNG)
        operations.answer(
            actor=people.an, question_id=first.pk, answer="conforms", note="Đủ", version=0, now=NOW
        )
        come_back(ems.page)
        ems.page.get_by_role("button", name="Giữ câu của người kia").click()
        waiting(ems.page, 0)
        assert answered(first) == ("conforms", "Đủ", 1, "an")
        assert findings() == [("Ba hồ sơ thiếu phiếu", 1)]

    @pytest.mark.only_on("sqlite")
    def test_what_the_server_took_without_the_phone_hearing_it_is_not_taken_twice(
        self, phones: Phones, people: People
    ) -> None:
        audit_id, _em, (first, second) = opened(people)
        page = phones("em", audit_id).page
        sent: list[tuple[bytes, dict[str, str]]] = []

        def lose_the_answer(route: Route) -> None:
            route.fetch()
            sent.append((route.request.post_data_buffer or b"", route.request.all_headers()))
            route.abort()

        go_offline(page)
        answer(page, FIRST, "Phát hiện", "5 hồ sơ", "Ba hồ sơ thiếu phiếu", PNG)
        answer(page, SECOND, "Phù hợp", "Bản in mới")
        waiting(page, 3)
        page.route("**/gui/", lose_the_answer)
        for times in (1, 2):
            come_back(page)
            for _ in range(100):
                page.wait_for_timeout(100)
                if len(sent) >= times:
                    break
                send_now(page)
            assert len(sent) >= times
            page.wait_for_function("!document.querySelector('[data-net-off]').hidden")
            waiting(page, 3)
        assert findings() == [("Ba hồ sơ thiếu phiếu", 0)]
        page.unroute("**/gui/")
        heard: list[tuple[bytes, dict[str, str]]] = []
        page.on(
            "request",
            lambda asked: (
                heard.append((asked.post_data_buffer or b"", asked.all_headers()))
                if asked.url.endswith("/gui/")
                else None
            ),
        )
        send_now(page)
        waiting(page, 0)
        once = (answered(first), answered(second), findings(), wrote(first), wrote(second))
        assert once == (
            ("finding", "5 hồ sơ", 1, "em"),
            ("conforms", "Bản in mới", 1, "em"),
            [("Ba hồ sơ thiếu phiếu", 1)],
            1,
            1,
        )

        # The same bytes again, from whoever recorded them: nothing is doubled, nothing changes.
        recorded = [each for each in [*sent, *heard] if each[0]]  # the bytes of a photo are not told
        for body, headers in recorded:
            wanted = {name: headers[name] for name in ("content-type", "x-csrftoken")}
            again = page.request.post(
                f"{page.url}gui/", data=body, headers={**wanted, "Accept": "application/json"}
            )
            assert again.status == 200, again.text()
            assert "kept" in again.json()
        assert (len(heard), len(recorded)) == (3, len(sent) + 2)
        assert (answered(first), answered(second), findings(), wrote(first), wrote(second)) == once

        # And once the audit is over, it is refused in words.
        Audit.objects.filter(pk=audit_id).update(state="closed")
        body, headers = heard[0]
        late = page.request.post(
            f"{page.url}gui/",
            data=body,
            headers={name: headers[name] for name in ("content-type", "x-csrftoken")},
        )
        assert (late.status, late.json()["refused"]) == (
            422,
            "Cuộc đánh giá đã kết thúc: các điểm không phù hợp đã được xử lý xong.",
        )
        assert (answered(first), findings(), wrote(first)) == (once[0], once[2], 1)

    @pytest.mark.only_on("sqlite")
    def test_two_tabs_of_one_phone_send_the_same_once(self, phones: Phones, people: People) -> None:
        audit_id, _em, (first, second) = opened(people)
        page = phones("em", audit_id).page
        go_offline(page)
        answer(page, FIRST, "Phát hiện", "5 hồ sơ", "Ba hồ sơ thiếu phiếu", PNG)
        answer(page, SECOND, "Phù hợp", "Bản in mới")
        page.context.set_offline(False)
        twin = page.context.new_page()
        twin.goto(page.url)
        send_now(page)
        for each in (twin, page):
            expect(each.locator("[data-waits]")).to_be_hidden()
        assert page.evaluate(KEPT)["queue"] == 0
        assert findings() == [("Ba hồ sơ thiếu phiếu", 1)]
        assert (wrote(first), wrote(second)) == (1, 1)

    @pytest.mark.only_on("sqlite")
    def test_a_tab_that_was_left_behind_sees_that_all_was_sent(self, phones: Phones, people: People) -> None:
        audit_id, _em, (first, _second) = opened(people)
        page = phones("em", audit_id).page
        send = f"**{page.locator('[data-phone]').get_attribute('data-send')}"
        page.context.route(send, lambda route: route.abort())
        answer(page, FIRST, "Phát hiện", "5 hồ sơ", "Ba hồ sơ thiếu phiếu", PNG)
        twin = page.context.new_page()
        twin.goto(page.url)
        waiting(twin, 2)
        twin.route(send, lambda route: route.abort())
        page.context.unroute(send)
        send_now(page)
        waiting(page, 0)
        expect(twin.locator("[data-waits]")).to_be_visible()
        send_now(twin)
        expect(twin.locator("[data-waits]")).to_be_hidden()
        assert twin.evaluate(KEPT)["queue"] == 0
        assert (findings(), wrote(first)) == ([("Ba hồ sơ thiếu phiếu", 1)], 1)

    @pytest.mark.only_on("sqlite")
    def test_what_comes_after_the_audit_was_finished_waits_for_a_decision(
        self, phones: Phones, people: People
    ) -> None:
        audit_id, em, (first, _second) = opened(people)
        ems = phones("em", audit_id)
        page = ems.page
        go_offline(page)
        answer(page, FIRST, "Phát hiện", "5 hồ sơ", "Ba hồ sơ thiếu phiếu", PNG)
        answer(page, SECOND, "Phù hợp", "Bản in mới")
        operations.finish(actor=em, audit_id=audit_id, now=NOW, reason="Hết giờ làm việc")
        come_back(page)
        expect(page.get_by_role("heading", name="Cần bạn quyết định")).to_be_visible()
        refused = page.locator("[data-troubles] [data-why]")
        expect(refused).to_have_count(2)
        expect(refused.first).to_have_text("Đã kết thúc đánh giá tại chỗ, báo cáo đang được lập.")
        expect(page.locator("[data-not-now]")).to_be_visible()
        ems.assert_accessible()
        ems.assert_fits()
        ems.picture("after-the-end")
        page.reload()
        expect(refused).to_have_count(2)
        assert (answered(first), findings()) == (("", "", 0, ""), [])
        assert page.evaluate(KEPT)["queue"] == 3

        operations.reopen(actor=em, audit_id=audit_id, now=NOW)
        send_now(page)
        for left in (1, 0):
            page.get_by_role("button", name="Gửi lại").first.click()
            expect(refused).to_have_count(left)
        waiting(page, 0)
        assert answered(first) == ("finding", "5 hồ sơ", 1, "em")
        assert findings() == [("Ba hồ sơ thiếu phiếu", 1)]

    @pytest.mark.only_on("sqlite")
    def test_what_is_given_up_goes_with_its_photos(self, phones: Phones, people: People) -> None:
        audit_id, em, (first, _second) = opened(people)
        page = phones("em", audit_id).page
        go_offline(page)
        answer(page, FIRST, "Phù hợp", "5 hồ sơ", photo=PNG)
        operations.finish(actor=em, audit_id=audit_id, now=NOW, reason="Hết giờ làm việc")
        come_back(page)
        expect(page.locator("[data-troubles] [data-why]")).to_have_count(1)
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Xóa khỏi máy này").click()
        expect(page.locator("[data-troubles]")).to_be_hidden()
        assert page.evaluate(KEPT)["queue"] == 0
        assert (answered(first), first.evidence.count()) == (("", "", 0, ""), 0)

    @pytest.mark.only_on("sqlite")
    def test_what_the_server_fails_at_holds_up_nothing_else(self, phones: Phones, people: People) -> None:
        audit_id, _em, (first, second) = opened(people)
        ems = phones("em", audit_id)
        page = ems.page

        def fail(route: Route) -> None:
            body = route.request.post_data_buffer or b""
            if b"image/png" in body:
                route.fulfill(status=413, content_type="text/html", body="<h1>Too large</h1>")
            elif b"Em xem" in body:
                route.fulfill(status=500, content_type="text/html", body="<h1>Error</h1>")
            else:
                route.fallback()

        page.route("**/gui/", fail)
        go_offline(page)
        answer(page, FIRST, "Phù hợp", "Em xem 5 hồ sơ")
        answer(page, SECOND, "Phù hợp", "Bản in mới", photo=PNG)
        come_back(page)
        expect(page.locator("[data-failing] [data-number]")).to_have_text("1")
        expect(page.locator("[data-troubles] [data-why]")).to_contain_text("Máy chủ không nhận tệp lớn")
        ems.assert_accessible()
        ems.assert_fits()
        ems.picture("server-fails")
        assert answered(second) == ("conforms", "Bản in mới", 1, "em")
        assert answered(first) == ("", "", 0, "")
        page.unroute("**/gui/")
        page.get_by_role("button", name="Gửi lại").click()
        waiting(page, 0)
        expect(page.locator("[data-failing]")).to_be_hidden()
        assert answered(first) == ("conforms", "Em xem 5 hồ sơ", 1, "em")
        assert second.evidence.count() == 1

    @pytest.mark.only_on("sqlite")
    def test_nobody_sends_what_another_person_wrote_on_the_same_phone(
        self, phones: Phones, people: People
    ) -> None:
        audit_id, _em, (first, _second) = opened(people)
        desk = phones("an", audit_id)
        page = desk.page
        ans_session = page.context.cookies()
        go_offline(page)
        answer(page, FIRST, "Phù hợp", "An xem")
        ask(page, SECOND)
        page.locator("#phone-note").fill("An đang ghi dở")
        page.wait_for_timeout(600)

        # Em signs in on the same phone, in another tab, while An's page is still open.
        client = Client()
        client.force_login(Person.objects.get(login="em"))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": desk.address}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        come_back(page)
        expect(page.get_by_role("heading", name="Đã khóa")).to_be_visible()
        assert "An xem" not in page.content()
        assert (answered(first), wrote(first)) == (("", "", 0, ""), 0)
        page.get_by_role("link", name="Đăng nhập và tiếp tục").click()
        expect(page.locator("[data-others] [data-number]")).to_have_text("1")
        desk.assert_accessible()
        desk.picture("of-somebody-else")
        ask(page, SECOND)
        expect(page.locator("#phone-note")).to_have_value("")
        assert answered(first) == ("", "", 0, "")

        page.context.add_cookies(ans_session)  # type: ignore[arg-type]
        page.reload()
        expect(page.get_by_role("heading", name="Đã khóa")).to_be_visible()
        page.get_by_role("link", name="Đăng nhập và tiếp tục").click()
        waiting(page, 0)
        assert answered(first) == ("conforms", "An xem", 1, "an")
        ask(page, SECOND)
        expect(page.locator("#phone-note")).to_have_value("An đang ghi dở")


@pytest.mark.django_db
class TestTamperedIds:
    """A phone that sends what is not its audit's: of another agency, of another audit, in another person's name."""

    def test_nothing_of_another_agency_is_reached(self, people: People, signed_in: SignedIn) -> None:
        audit_id, em, (mine, _second) = opened(people)
        theirs, question, unit_id = _elsewhere(people)
        client, before = signed_in(em), Entry.objects.count()
        sent = {"kind": "answer", "answer": "conforms", "note": "Chiếm", "version": 0, "key": "k"}
        bad = {**sent, "answer": "finding", "grade": "minor", "text": "Chiếm"}
        gone = "Câu hỏi hoặc bộ phận này không còn trong cuộc đánh giá."
        for data in (
            {**sent, "question": question.pk},
            {**bad, "question": question.pk, "unit": unit_id},
            {**bad, "kind": "finding", "unit": unit_id},
            {**sent, "kind": "photo", "question": question.pk, "unit": unit_id},
            {**sent, "kind": "photo", "question": question.pk, "unit": unit_of(people, 1).pk},
        ):
            if data["kind"] == "photo":
                data["anh-attachments"] = SimpleUploadedFile("a.png", PNG, "image/png")
            response = client.post(f"/danh-gia/dien-thoai/{audit_id}/gui/", data)
            assert (response.status_code, response.json()) == (422, {"refused": gone}), data
        for address in ("", "so/"):
            assert client.get(f"/danh-gia/dien-thoai/{theirs}/{address}").status_code == 404
        assert (
            client.post(f"/danh-gia/dien-thoai/{theirs}/gui/", {**sent, "question": mine.pk}).status_code
            == 404
        )
        assert (findings(), answered(question), answered(mine)) == ([], ("", "", 0, ""), ("", "", 0, ""))
        assert Entry.objects.count() == before

    def test_what_was_written_by_somebody_else_is_not_taken_from_who_is_signed_in(
        self, people: People, signed_in: SignedIn
    ) -> None:
        audit_id, em, (first, _second) = opened(people)
        owner = signed_in(people.an).get(f"/danh-gia/dien-thoai/{audit_id}/so/").json()["owner"]
        sent = {"kind": "answer", "question": first.pk, "answer": "none", "note": "", "version": 0}
        address = f"/danh-gia/dien-thoai/{audit_id}/gui/"
        refused = signed_in(em).post(address, {**sent, "owner": owner})
        assert (refused.status_code, refused.json()) == (401, {"signed_out": True})
        assert answered(first) == ("", "", 0, "")
        assert signed_in(people.an).post(address, {**sent, "owner": owner}).json() == {"kept": {"version": 1}}


def _elsewhere(people: People) -> tuple[int, AuditQuestion, int]:
    """Return an audit under way at another agency, with a question and the unit that it is about."""
    chi = people.chi
    unit = Unit.objects.filter(agency_id=chi.agency_id).first() or Unit.objects.create(
        agency_id=chi.agency_id, name="Bộ phận khác"
    )
    person = make_person(people.other_agency, "Đỗ Văn Giám", "giam", Role.AUDITOR)
    wanted = operations.NewAudit("Của cơ quan khác", TODAY, TODAY, unit_ids=(unit.pk,))
    audit = operations.plan_audit(actor=chi, audit=wanted, now=NOW)
    operations.set_team(actor=chi, audit_id=audit.pk, team=((person.pk, "lead"),), now=NOW)
    question = operations.add_question(
        actor=chi, audit_id=audit.pk, unit_id=unit.pk, text="Của họ?", look_at="", clause="8.5", now=NOW
    )
    Audit.objects.filter(pk=audit.pk).update(state="open")
    return audit.pk, question, unit.pk
