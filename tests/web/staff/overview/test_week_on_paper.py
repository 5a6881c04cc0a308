"""The page of the week in a real browser: all its parts full are one sheet A4; every number leads to its rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pypdfium2
import pytest

from camket.objectives.models import Objective, Plan, Target
from camket.registers.operations import enter
from people import People
from registers.test_meetings import meeting
from reporting.year import make_year
from web.browser import Desk
from work import NOW, submitted_task, unit_of

pytestmark = pytest.mark.browser
MONDAY = date(2026, 7, 13)
IS_CUT = (
    "table => { const e = document.querySelector(table).parentElement; return e.scrollWidth - e.clientWidth }"
)
LONG = (
    "Giải quyết hồ sơ, thủ tục hành chính của tổ chức, cá nhân bảo đảm trước và đúng thời hạn theo quy định"
)


def filled(people: People, plan: Plan) -> None:
    """Fourteen more objectives beside the year's two, late and due directives of four units, tasks to accept."""
    for number in range(3, 17):
        objective = Objective.objects.create(
            plan=plan, order=number, number=str(number), text=f"{LONG} {number}"
        )
        Target.objects.create(objective=objective, order=1, text=LONG, kind="at_least", value=98, unit="%")
    for number in range(10):
        submitted_task(people, number=str(20 + number), text=f"{LONG} {number}")
    for number in range(3):
        meeting(people, title=f"{LONG} {number}", on=MONDAY)
    for day in (date(2026, 7, 6), date(2026, 7, 15)):
        for number in range(12):
            enter(
                actor=people.an,
                register="directives",
                values={
                    "source": "UBND tỉnh", "title": f"{LONG} {number} {day:%d}", "on": date(2026, 6, 1), "due_on": day,
                    "unit": unit_of(people, number % 4).pk,
                },
                now=NOW,
            )  # fmt: skip


def test_the_week_is_one_sheet_and_every_number_leads_to_its_rows(
    desk: Desk, people: People, settings: Any
) -> None:
    plan = make_year(people).plan
    settings.TODAY = MONDAY
    desk.sign_in("chau")
    page = desk.open("/thu-hai/")
    assert not page.locator(".wk-board--full").count()  # where there is room, no word is cut on paper
    assert len(pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, format="A4"))) == 1
    desk.open("/so-sanh-don-vi/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 650, "height": 900})  # an upright sheet
    assert page.evaluate(IS_CUT, ".un-table") <= 0
    page.emulate_media(media="null")
    filled(people, plan)
    page = desk.open("/thu-hai/")
    assert page.locator(".wk-board--full").count() == 1
    for link in page.locator(".wk-counts dd a").all():
        heading = page.locator(link.get_attribute("href") or "none")
        assert heading.is_visible()
    shown = page.inner_text("main")
    assert "Đã cam kết và kết quả đến nay" in shown
    assert page.locator(".wk-promise a").count() == 12
    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, format="A4"))
    assert len(paper) == 1
    assert "Đã cam kết" in paper[0].get_textpage().get_text_bounded()
    desk.assert_accessible()
    desk.open("/thu-hai/", "phone")
    desk.assert_fits()
    desk.open("/muc-tieu/ca-nam/")
    desk.assert_accessible()
    desk.open("/muc-tieu/ca-nam/", "phone")
    desk.assert_fits()
    assert page.evaluate(IS_CUT, ".ob-wall") <= 0  # all twelve months in sight
    assert not desk.complaints
