"""Slips keyed by keyboard alone, results and comments looked at, in a browser."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from camket.voices.models import Comment, Response, SlipBatch, Survey
from camket.voices.operations.slips import begin_batch
from people import TODAY, People
from records import add_answers, add_fields
from voices.answering import NOW, buckets, counted_from_rows, make_survey
from web.browser import Desk

SLIPS = 20


def begin(people: People, survey: Survey) -> SlipBatch:
    return begin_batch(
        actor=people.binh,
        survey_id=survey.pk,
        name="Hòm phiếu",
        answered_on=date(2026, 6, 30),
        field_id=None,
        unit_id=None,
        now=NOW,
    )


@pytest.mark.browser
def test_twenty_slips_are_keyed_by_keyboard_alone(desk: Desk, people: People) -> None:
    pile, chance = begin(people, make_survey(people.agency)), random.Random(3)
    desk.sign_in("binh")
    page = desk.open(f"/khao-sat/phieu-nhap/{pile.pk}/")
    pressed, keyed = 0, []
    for number in range(SLIPS):
        slip: dict[str, Any] = {key: chance.choice("12345") for key in ("attitude", "overall")}
        for place, digit in enumerate((slip["attitude"], slip["overall"], "2")):
            if number == 4 and place == 0:  # a slip of the finger, put right
                page.keyboard.press("1")
                page.keyboard.press("Backspace")
                pressed += 2
            page.keyboard.press(digit)
            pressed += 1
        page.keyboard.press("Enter")
        pressed += 1
        keyed.append({key: int(step) for key, step in slip.items()})
    page.wait_for_function(f"document.querySelector('[data-slip-count]').textContent === '{SLIPS}'")

    assert pressed == SLIPS * 4 + 2
    found = Response.objects.filter(batch=pile).order_by("batch_row")
    assert [each.ratings for each in found] == keyed
    assert [each.batch_row for each in found] == list(range(1, SLIPS + 1))
    assert all(each.choices == {"visits": "more"} for each in found)
    assert buckets(people.agency.pk) == counted_from_rows(people.agency.pk)
    desk.assert_accessible()
    desk.assert_fits()
    assert desk.complaints == []


@pytest.mark.browser
def test_a_slip_that_cannot_be_sent_waits_and_is_sent_once(desk: Desk, people: People) -> None:
    pile = begin(people, make_survey(people.agency))
    desk.sign_in("binh")
    page = desk.open(f"/khao-sat/phieu-nhap/{pile.pk}/")
    page.context.set_offline(True)
    for key in ("5", "4", " ", "Enter", "3", "3", "0", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("[data-slip-waiting]:not([hidden])")
    assert Response.objects.count() == 0
    page.context.set_offline(False)
    page.wait_for_function("document.querySelector('[data-slip-count]').textContent === '2'")
    assert [each.ratings for each in Response.objects.order_by("batch_row")] == [
        {"attitude": 5, "overall": 4},
        {"attitude": 3, "overall": 3},
    ]


@pytest.mark.browser
def test_a_digit_that_is_no_step_is_not_taken(desk: Desk, people: People) -> None:
    pile = begin(people, make_survey(people.agency))
    desk.sign_in("binh")
    page = desk.open(f"/khao-sat/phieu-nhap/{pile.pk}/")
    page.keyboard.press("7")
    assert "1" in (page.text_content("[data-slip-say]") or "")
    assert page.evaluate("document.activeElement.value") == ""
    page.keyboard.press("Enter")
    assert Response.objects.count() == 0


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit_a_phone(desk: Desk, people: People) -> None:
    add_fields(people.agency)
    survey = add_answers(people.agency, 2)
    pile = begin(people, survey)
    comment = Comment.objects.create(
        agency=people.agency,
        survey=survey,
        month=TODAY.replace(month=3, day=1),
        question="more",
        text="Chờ lâu quá",
    )
    desk.sign_in("an")
    for address in (
        "/khao-sat/ket-qua/",
        "/khao-sat/gop-y/",
        f"/khao-sat/gop-y/{comment.pk}/",
        "/khao-sat/phieu-nhap/",
        "/khao-sat/phieu-nhap/bat-dau/",
        f"/khao-sat/phieu-nhap/{pile.pk}/",
        f"/khao-sat/phieu-nhap/{pile.pk}/xong/",
        "/khao-sat/phieu-nhap/tep/",
    ):
        for size in ("desktop", "phone"):
            desk.open(address, size)
            desk.assert_fits()
            desk.assert_accessible()
    assert desk.complaints == []
