"""Answering in Chromium: at a poster with a phone, and at a tablet whose network goes and comes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from playwright.sync_api import Page, expect

from camket.core.survey_links import make_point_link
from camket.voices.models import Channel, Comment, Point, Response, Survey
from camket.web.public import limits
from people import People
from voices.answering import CONTENT, edition_of, make_point, make_survey
from web.browser import Desk
from web.public.wire import Wire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey(people: People) -> Survey:
    return make_survey(
        people.agency, title="Khảo sát sự hài lòng của người dân, tổ chức về giải quyết thủ tục hành chính"
    )


@pytest.fixture
def wire(live_server: Any) -> Iterator[Wire]:
    joined = Wire(urlsplit(live_server.url).port or 0)
    yield joined
    joined.cut()


def address(point: Point) -> str:
    return f"/ks/{make_point_link(key=point.survey.link_key, point_id=point.pk, round_number=point.round)}"


def test_a_citizen_answers_on_a_phone_by_the_code_of_a_poster(
    desk: Desk, survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "READING_SECONDS", 0)
    path = address(make_point(survey))
    page = desk.open(path, "phone")
    desk.assert_accessible()
    desk.assert_fits()
    assert min(box["height"] for box in _boxes(page, ".an-step")) >= 48
    page.get_by_label("Hài lòng", exact=True).first.check()
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.locator("#q_overall .pb-error")).to_be_visible()
    desk.assert_accessible()
    page.locator("#q_overall").get_by_label("Rất hài lòng").check()
    page.get_by_label("Góp ý thêm").fill("Cảm ơn cô ở quầy số 2")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("heading", name="trả lời đã được ghi nhận")).to_be_visible()
    desk.assert_accessible()
    assert Response.objects.get().ratings == {"attitude": 4, "overall": 5}
    assert Comment.objects.get().text == "Cảm ơn cô ở quầy số 2"
    assert page.context.cookies() == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{desk.address}{path}?lang=en")
    expect(page.get_by_text("On the whole, are you satisfied?")).to_be_visible()
    desk.assert_fits()


def test_a_tablet_goes_on_without_network_and_sends_later_once(
    desk: Desk, survey: Survey, wire: Wire
) -> None:
    page, path = desk.page, address(make_point(survey, Channel.KIOSK))
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(wire.address + path)
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_visible()
    desk.assert_accessible()
    _answer(page, "Hài lòng", "Rất hài lòng")
    _eventually_stored(page, 1)
    page.get_by_role("button", name="Người tiếp theo").click()
    expect(page.locator("input:checked")).to_have_count(0)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    desk.wait_until_kept()

    wire.cut()
    for rating in ("Không hài lòng", "Bình thường"):
        _answer(page, rating, rating)
        expect(page.locator("[data-waiting]")).to_be_visible()
        page.get_by_role("button", name="Người tiếp theo").click()
    expect(page.locator("[data-waiting]")).to_have_text(re.compile(r"Đang chờ gửi: 2"))
    page.reload()  # the tablet was switched off and on
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_visible()
    expect(page.locator("[data-waiting]")).to_have_text(re.compile(r"Đang chờ gửi: 2"))
    assert Response.objects.count() == 1

    wire.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    _eventually_stored(page, 3)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert sorted(each.ratings["overall"] for each in Response.objects.all()) == [2, 3, 5]
    assert {each.channel for each in Response.objects.all()} == {Channel.KIOSK}
    assert _left_on_the_tablet(page) == []


def test_a_tablet_whose_answer_was_lost_sends_the_same_again(desk: Desk, survey: Survey, wire: Wire) -> None:
    """The server stored an answer and the network went before it could say so."""
    page, path = desk.page, address(make_point(survey, Channel.KIOSK))
    page.goto(wire.address + path)
    dropped: list[str] = []

    def lose(route: Any) -> None:
        if route.request.method != "POST" or dropped:
            route.continue_()
            return
        dropped.append(route.request.post_data)
        route.fetch()
        route.abort()

    page.route("**/ks/*", lose)
    _answer(page, "Hài lòng", "Hài lòng")
    _eventually_stored(page, 1)
    expect(page.locator("[data-waiting]")).to_be_visible()
    page.wait_for_timeout(300)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert Response.objects.count() == 1
    assert str(Response.objects.get().pk) in dropped[0]


def test_a_tablet_drops_an_answer_only_when_the_survey_itself_says_so(desk: Desk, survey: Survey) -> None:
    """A proxy that refuses, and a network that shows its own page, lose nothing; what the survey refuses is kept apart."""
    page, path = desk.page, address(make_point(survey, Channel.KIOSK))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(desk.address + path)
    answers: list[dict[str, Any]] = [
        {"status": 413, "body": "<h1>Request Entity Too Large</h1>", "content_type": "text/html"},
        {"status": 400, "body": "{}", "content_type": "application/json"},
        {"status": 200, "body": "<h1>Wi-Fi</h1>", "content_type": "text/html"},
        {"status": 404, "body": "<h1>nginx</h1>", "content_type": "text/html"},
    ]

    def strange(route: Any) -> None:
        if route.request.method == "POST" and answers:
            route.fulfill(**answers.pop(0))
        else:
            route.continue_()

    page.route("**/ks/*", strange)
    _answer(page, "Hài lòng", "Hài lòng")
    for left in range(3, -1, -1):
        page.wait_for_timeout(150)
        assert len(answers) == left
        expect(page.locator("[data-waiting]")).to_have_text(re.compile(r"Đang chờ gửi: 1"))
        page.evaluate("window.dispatchEvent(new Event('online'))")
    _eventually_stored(page, 1)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    refusal = {"refused": "Câu hỏi này không còn được hỏi."}
    answers.append({"status": 422, "json": refusal})
    page.get_by_role("button", name="Người tiếp theo").click()
    _answer(page, "Bình thường", "Bình thường")
    kept = page.locator("[data-refused]")
    expect(kept).to_be_visible()
    kept.locator("summary").click()
    expect(kept).to_contain_text(refusal["refused"])
    desk.assert_accessible()
    desk.assert_fits()
    assert Response.objects.count() == 1
    kept.get_by_role("button", name="Gửi lại").click()
    _eventually_stored(page, 2)
    expect(kept).to_be_hidden()


def test_a_tablet_left_alone_forgets_what_was_chosen(desk: Desk, survey: Survey) -> None:
    desk.page.clock.install()
    page = desk.open(address(make_point(survey, Channel.KIOSK)))
    page.get_by_role("button", name="Bắt đầu").click()
    _choose(page, "Rất không hài lòng")
    page.clock.run_for(50_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    desk.assert_accessible()
    page.get_by_role("button", name="Tôi vẫn ở đây").click()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.clock.run_for(70_000)
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_visible()
    assert page.locator("input:checked").count() == 0
    assert not Response.objects.exists()
    assert _left_on_the_tablet(page) == []


def test_a_tablet_starts_afresh_after_its_thanks(desk: Desk, survey: Survey) -> None:
    desk.page.clock.install()
    page = desk.open(address(make_point(survey, Channel.KIOSK)))
    _answer(page, "Hài lòng", "Hài lòng")
    page.clock.run_for(9_000)
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_visible()
    assert page.locator("input:checked").count() == 0


def test_an_address_that_was_replaced_is_told_at_the_tablet_and_nothing_is_lost(
    desk: Desk, survey: Survey
) -> None:
    point = make_point(survey, Channel.KIOSK)
    page = desk.open(address(point))
    Point.objects.update(round=2)
    _answer(page, "Hài lòng", "Hài lòng")
    expect(page.locator("[data-dead]")).to_have_text(re.compile(r"thư ký ISO.*1"))
    assert len(_left_on_the_tablet(page)) == 1


def test_a_tablet_without_scripts_shows_the_whole_form(desk: Desk, survey: Survey, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1024, "height": 768})
    page = context.new_page()
    page.goto(desk.address + address(make_point(survey, Channel.KIOSK)))
    page.locator("#q_overall").get_by_label("Rất hài lòng").check()
    page.get_by_role("button", name="Gửi trả lời").click()
    page.get_by_role("link", name="Người tiếp theo").click()
    expect(page.locator("#q_overall")).to_be_visible()
    context.close()
    assert Response.objects.get().channel == Channel.KIOSK


def test_keys_move_along_the_steps_of_a_tablet_without_going_on(desk: Desk, survey: Survey) -> None:
    page = desk.open(address(make_point(survey, Channel.KIOSK)))
    page.get_by_role("button", name="Bắt đầu").click()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    expect(page.locator("#q_attitude")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#q_overall")).to_be_visible()


def test_no_page_of_answering_runs_what_the_policy_forbids(
    chromium: Any, live_server: Any, survey: Survey
) -> None:
    context = chromium.new_context(viewport={"width": 1024, "height": 768})  # with the policy in force
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for channel in (Channel.QR, Channel.KIOSK):
        page.goto(live_server.url + address(make_point(survey, channel)))
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    context.close()
    assert complaints == []


def test_the_questions_of_the_tests_are_a_questionnaire(survey: Survey) -> None:
    assert edition_of(survey).content == CONTENT


def _choose(page: Page, label: str) -> None:
    page.locator("fieldset:visible").get_by_label(label, exact=True).click()


def _answer(page: Page, first: str, second: str) -> None:
    """Answer as a person does at a tablet: touch, touch, skip, skip, send."""
    page.get_by_role("button", name="Bắt đầu").click()
    _choose(page, first)
    expect(page.locator("#q_overall")).to_be_visible()
    _choose(page, second)
    expect(page.locator("#q_visits")).to_be_visible()
    page.get_by_role("button", name="Bỏ qua").click()
    expect(page.locator("#q_wish")).to_be_visible()
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("heading", name="Trả lời đã được ghi nhận")).to_be_visible()


def _boxes(page: Page, selector: str) -> list[Any]:
    return [each.bounding_box() for each in page.locator(selector).all()]


def _left_on_the_tablet(page: Page) -> list[Any]:
    return page.evaluate(  # type: ignore[no-any-return]
        """() => new Promise((done) => {
            const asked = indexedDB.open("camket-kiosk");
            asked.onsuccess = () => {
                const all = asked.result.transaction("waiting").objectStore("waiting").getAll();
                all.onsuccess = () => { asked.result.close(); done(all.result); };
            };
        })"""
    )


def _eventually_stored(page: Page, number: int) -> None:
    for _ in range(200):
        with contextlib.suppress(
            OperationalError
        ):  # the tests' SQLite in memory lets nobody read while it writes
            if Response.objects.count() == number:
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"{Response.objects.count()} answers, not {number}")
