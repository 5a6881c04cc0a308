"""Interviews by telephone: answers noted by keys, calls counted, nobody named."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from camket.journal.models import Entry
from camket.org.policy import Actor
from camket.voices.models import Channel, Handout, Response, SlipBatch, Survey, TurnedAway
from camket.voices.operations.answers import take_back_batch
from people import TODAY, People
from voices.answering import NOW, buckets, counted_from_rows, make_survey
from web.browser import Desk

SignedIn = Callable[[Actor], Client]


@pytest.fixture
def survey(people: People) -> Survey:
    return make_survey(people.agency)


def path(survey: Survey) -> str:
    return f"/khao-sat/{survey.pk}/phong-van/"


def call(client: Client, survey: Survey, **fields: str) -> Any:
    filled = {
        "call": str(uuid.uuid4()),
        "q_attitude": "4",
        "q_overall": "5",
        "field": "",
        "unit": "",
        **fields,
    }
    return client.post(path(survey), filled)


def test_an_officer_notes_answers_and_the_journal_tells_no_single_call(
    people: People, survey: Survey, signed_in: SignedIn
) -> None:
    client = signed_in(people.binh)
    assert client.get(path(survey)).status_code == 200
    before = Entry.objects.count()
    for _ in range(3):
        assert call(client, survey, q_visits="once").status_code == 302
    assert call(client, survey, declined="1").status_code == 302
    batch = SlipBatch.objects.get()
    assert (batch.channel, batch.state, batch.responses_count) == (Channel.PHONE, "done", 3)
    assert Handout.objects.get().number == 4
    assert {(each.channel, each.batch_row, each.on) for each in Response.objects.all()} == {
        (Channel.PHONE, None, TODAY)
    }
    assert [each.verb for each in Entry.objects.order_by("pk")[before:]] == ["survey.interviews_begun"]
    assert buckets(people.agency.pk) == counted_from_rows(people.agency.pk)
    assert "Đã trả lời" in client.get(path(survey)).content.decode()
    assert take_back_batch(actor=people.binh, batch_id=batch.pk, reason="Gọi thử", now=NOW).taken == 3


def test_a_call_sent_twice_is_one(people: People, survey: Survey, signed_in: SignedIn) -> None:
    client, name = signed_in(people.binh), str(uuid.uuid4())
    for _ in range(2):
        assert call(client, survey, call=name).status_code == 302
    assert (Response.objects.count(), Handout.objects.get().number) == (1, 1)


def test_what_cannot_be_is_said_at_its_question_and_nothing_is_counted(
    people: People, survey: Survey, signed_in: SignedIn
) -> None:
    client = signed_in(people.binh)
    page = call(client, survey, q_overall="", q_attitude="2")
    assert page.status_code == 422
    assert 'value="2" checked' in page.content.decode()
    Survey.objects.update(state="closed", closed_at=NOW)
    assert call(client, survey).status_code == 422
    assert (Response.objects.count(), Handout.objects.count(), SlipBatch.objects.count()) == (0, 0, 0)
    assert "không mở" in client.get(path(survey)).content.decode()


def test_chi_calls_nobody_for_another_agency(people: People, survey: Survey, signed_in: SignedIn) -> None:
    assert signed_in(people.chi).get(path(survey)).status_code == 404
    assert call(signed_in(people.chi), survey).status_code == 404
    assert signed_in(people.chau).get(path(survey)).status_code == 403
    assert not Response.objects.exists()


def test_the_surveys_page_tells_how_many_were_turned_away(
    people: People, survey: Survey, signed_in: SignedIn
) -> None:
    TurnedAway.objects.create(survey=survey, on=TODAY, number=700)
    page = signed_in(people.an).get(f"/khao-sat/{survey.pk}/").content.decode()
    assert "700 lượt trả lời bị từ chối" in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_interview_goes_by_keys_alone(desk: Desk, people: People, survey: Survey) -> None:
    desk.sign_in("binh")
    page = desk.open(path(survey))
    desk.assert_accessible()
    for key in ("4", "Backspace", "3", "5", "0"):
        page.keyboard.press(key)
    page.keyboard.type("Cần thêm ghế ngồi")
    page.get_by_role("button", name="Lưu trả lời").press("Enter")
    page.wait_for_selector("text=Đã lưu trả lời")
    assert Response.objects.get().ratings == {"attitude": 3, "overall": 5}
    page = desk.open(path(survey), "phone")
    desk.assert_fits()
    desk.assert_accessible()
