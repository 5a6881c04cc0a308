"""Answers are stored once, counted as they are stored, and name nobody."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from camket.core.questionnaire import AnswerNotPossible
from camket.core.survey_links import Link, LinkKind, spent_hash
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from camket.voices.models import (
    AnswerRevision,
    Channel,
    Comment,
    RatingBucket,
    Response,
    SlipBatch,
    SpentLink,
    TurnedAway,
)
from camket.voices.operations import answers
from camket.voices.operations.answers import (
    AlreadySetAside,
    DayNotPossible,
    LinkSpent,
    NewResponse,
    Withdrawn,
    note_turned_away,
    store_responses,
    take_answer,
    take_back_batch,
)
from people import TODAY, People
from voices.answering import (
    KEY,
    NOW,
    answered,
    buckets,
    counted_from_rows,
    edition_of,
    make_point,
    make_survey,
)


def store(survey: Any, *rows: NewResponse, **more: Any) -> answers.Stored:
    return store_responses(survey=survey, edition=edition_of(survey), rows=rows, now=NOW, **more)


def test_answers_are_counted_by_day_and_month_as_they_are_stored(people: People) -> None:
    survey = make_survey(people.agency)
    store(survey, answered(5), answered(2), answered(4, on=date(2026, 6, 30), channel=Channel.KIOSK.value))
    assert buckets(people.agency.pk) == counted_from_rows(people.agency.pk)
    whole = RatingBucket.objects.filter(question="", grain=2)
    assert sorted(whole.values_list("start", "channel", "responses")) == [(20605, 3, 1), (20635, 1, 2)]
    assert AnswerRevision.objects.get(agency=people.agency).number == 1


def test_an_answer_left_blank_adds_to_no_step(people: People) -> None:
    survey = make_survey(people.agency)
    store(survey, answered(5, ratings={"overall": 4}))
    assert not RatingBucket.objects.filter(question="attitude").exists()
    assert RatingBucket.objects.get(question="overall", grain=1).step_4 == 1


def test_what_is_sent_twice_is_stored_once(people: People) -> None:
    survey, row = make_survey(people.agency), answered(3)
    assert store(survey, row, row).stored == (row.id,)
    before = buckets(people.agency.pk)
    again = store(survey, row)
    assert (again.stored, again.known) == ((), (row.id,))
    assert Response.objects.count() == 1
    assert buckets(people.agency.pk) == before


def test_one_answer_that_cannot_be_leaves_all_of_its_lot_out(people: People) -> None:
    survey = make_survey(people.agency)
    for wrong in (
        answered(6),
        answered(5, ratings={"nothing_asked": 5, "overall": 5}),
        answered(5, ratings={"attitude": 5}),
        answered(5, comments={"wish": "x" * 2001}),
    ):
        with pytest.raises(AnswerNotPossible):
            store(survey, answered(5), wrong)
    with pytest.raises(DayNotPossible):
        store(survey, answered(5), answered(5, on=date(2026, 7, 2)))
    assert (Response.objects.count(), buckets(people.agency.pk)) == (0, {})


def test_words_stand_apart_from_ratings_and_know_the_month_alone(people: People) -> None:
    survey, row = make_survey(people.agency), answered(1, comments={"wish": " Chờ lâu\x00 quá "})
    store(survey, row)
    comment = Comment.objects.get()
    assert (comment.text, comment.month, comment.question) == ("Chờ lâu quá", date(2026, 7, 1), "wish")
    assert comment.pk != row.id
    names = {field.name for field in Comment._meta.fields}
    assert not names & {"response", "on", "at", "ratings", "channel", "point"}


def test_an_answer_knows_neither_hour_nor_person_nor_dossier() -> None:
    kinds = {field.get_internal_type() for field in Response._meta.fields}
    assert not kinds & {"DateTimeField", "TimeField"}
    related = {field.related_model._meta.label for field in Response._meta.fields if field.is_relation}
    assert not related & {"org.Person", "dossiers.Dossier", "voices.SpentLink", "voices.Comment"}


def test_answers_have_no_entry_in_the_journal(people: People) -> None:
    survey, before = make_survey(people.agency), Entry.objects.count()
    take_answer(survey=survey, edition=edition_of(survey), row=answered(), now=NOW)
    assert Entry.objects.count() == before


def test_a_link_for_one_answer_takes_one(people: People) -> None:
    survey, row = make_survey(people.agency), answered(5)
    name = spent_hash(Link(LinkKind.SLIP, survey.pk, 12), key=KEY)
    store(survey, row, spent=name)
    with pytest.raises(LinkSpent):
        store(survey, answered(1), spent=name)
    assert store(survey, row, spent=name).known == (row.id,)  # the same sent again is no second answer
    assert Response.objects.count() == SpentLink.objects.count() == 1


def test_a_lot_that_fails_spends_no_link(people: People) -> None:
    survey = make_survey(people.agency)
    with pytest.raises(AnswerNotPossible):
        store(survey, answered(9), spent="a" * 64)
    assert not SpentLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_answers_that_come_at_once_are_each_stored_with_their_own_outcome(people: People) -> None:
    survey = make_survey(people.agency)
    edition, point = edition_of(survey), make_point(survey)
    rows = [answered(1 + number % 5, point_id=point.pk) for number in range(40)]
    outcomes: list[str] = []

    def send(row: NewResponse, spent: str | None) -> None:
        try:
            take_answer(survey=survey, edition=edition, row=row, now=NOW, spent=spent)
            outcomes.append("stored")
        except LinkSpent:
            outcomes.append("spent")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=(row, "c" * 64 if number < 10 else None))
        for number, row in enumerate(rows)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("stored"), outcomes.count("spent")) == (31, 9)
    assert Response.objects.count() == 31
    assert buckets(people.agency.pk) == counted_from_rows(people.agency.pk)


@pytest.mark.django_db(transaction=True)
def test_one_that_fails_among_those_written_together_fails_alone(people: People) -> None:
    survey = make_survey(people.agency)
    good, bad = answered(5), answered(5, point_id=999_999)  # no such point
    sent = [
        answers._Sent.made(survey=survey, edition=edition_of(survey), rows=[row], now=NOW, spent=None)
        for row in (good, bad)
    ]
    answers._Gathering()._settle(sent)
    assert sent[0].outcome().stored == (good.id,)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        sent[1].outcome()
    assert Response.objects.get().pk == good.id
    assert buckets(people.agency.pk) == counted_from_rows(people.agency.pk)


def test_a_batch_taken_back_counts_no_more(people: People) -> None:
    survey = make_survey(people.agency)
    batch = SlipBatch.objects.create(
        survey=survey, channel=Channel.PAPER, name="Phiếu giấy", answered_on=TODAY, begun_at=NOW,
        begun_by_id=people.binh.person_id,
    )  # fmt: skip
    rows = [
        replace(answered(4), channel=Channel.PAPER.value, batch_id=batch.pk, batch_row=number)
        for number in (1, 2, 3)
    ]
    store(survey, *rows)
    assert SlipBatch.objects.get().responses_count == 3
    with pytest.raises(NotAllowed):
        take_back_batch(actor=people.chau, batch_id=batch.pk, reason="Nhập nhầm", now=NOW)
    assert take_back_batch(actor=people.binh, batch_id=batch.pk, reason="Nhập nhầm", now=NOW) == Withdrawn(3)
    assert buckets(people.agency.pk) == counted_from_rows(people.agency.pk)
    assert RatingBucket.objects.get(question="", grain=2).set_aside == 3
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.reason, entry.subject_type) == (
        "survey.slips_withdrawn", "Nhập nhầm", "voices.slipbatch",
    )  # fmt: skip
    assert all(str(row.id) not in str(entry.after) for row in rows)
    assert SlipBatch.objects.get().state == "withdrawn"
    with pytest.raises(AlreadySetAside):
        take_back_batch(actor=people.an, batch_id=batch.pk, reason="Nữa", now=NOW)


def test_chi_takes_back_no_batch_of_another_agency(people: People) -> None:
    survey = make_survey(people.agency)
    batch = SlipBatch.objects.create(
        survey=survey, channel=Channel.PAPER, name="Phiếu giấy", answered_on=TODAY, begun_at=NOW,
        begun_by_id=people.binh.person_id,
    )  # fmt: skip
    store(survey, replace(answered(1), channel=Channel.PAPER.value, batch_id=batch.pk, batch_row=1))
    before = buckets(people.agency.pk)
    with pytest.raises(SlipBatch.DoesNotExist):
        take_back_batch(actor=people.chi, batch_id=batch.pk, reason="Xóa", now=NOW)
    assert buckets(people.agency.pk) == before


def test_answers_turned_away_are_counted_by_day(people: People) -> None:
    survey = make_survey(people.agency)
    for day in (TODAY, TODAY, date(2026, 7, 2)):
        note_turned_away(survey_id=survey.pk, on=day)
    assert list(TurnedAway.objects.order_by("on").values_list("number", flat=True)) == [2, 1]


def test_an_id_of_another_agencys_answer_changes_nothing(people: People) -> None:
    mine, theirs = make_survey(people.agency), make_survey(people.other_agency)
    row = answered(5)
    store(theirs, row)
    assert store(mine, row).known == (row.id,)
    assert not Response.objects.filter(agency=people.agency).exists()
    assert uuid.UUID(str(row.id)) == Response.objects.get().pk
