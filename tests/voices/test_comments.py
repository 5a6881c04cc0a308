"""When comments of surveys can be read: never so soon that the hour tells who wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from camket.voices.models import Channel, Comment
from camket.voices.operations import comments
from camket.voices.operations.answers import store_responses
from camket.voices.queries.comments import CommentFilter, comment, comment_page
from people import TODAY, People
from voices.answering import NOW, answered, edition_of, make_survey

pytestmark = pytest.mark.django_db


def give(people: People, number: int, channel: Channel = Channel.KIOSK) -> None:
    survey = make_survey(people.agency, title=f"Khảo sát {Comment.objects.count()}")
    rows = [
        replace(answered(4, comments={"wish": f"Góp ý {each}"}), channel=channel.value)
        for each in range(number)
    ]
    store_responses(survey=survey, edition=edition_of(survey), rows=rows, now=NOW)


def read(people: People, today: date = TODAY) -> int:
    page = comment_page(people.an, CommentFilter(), today=today)
    assert len(page.rows) == page.total
    return page.total


def test_what_was_written_at_the_counter_is_read_by_nobody_before_five_came_and_a_night_passed(
    people: People,
) -> None:
    give(people, 4)
    assert comments.let_in(agency_id=people.agency.pk, today=TODAY) == 0
    give(people, 1)
    assert read(people) == 0
    hidden = Comment.objects.first()
    assert hidden is not None
    with pytest.raises(Comment.DoesNotExist):
        comment(people.an, hidden.pk, today=TODAY)
    with pytest.raises(Comment.DoesNotExist):
        comments.tag_comment(actor=people.an, comment_id=hidden.pk, tags=["bãi xe"], seen=(), now=NOW)
    assert comments.let_in(agency_id=people.other_agency.pk, today=TODAY) == 0
    assert comments.let_in(agency_id=people.agency.pk, today=TODAY) == 5
    assert read(people) == 5
    give(people, 1)
    assert read(people) == 5


def test_few_comments_are_read_once_their_month_is_over(people: People) -> None:
    give(people, 2)
    later = date(2026, 8, 1)
    assert comments.let_in(agency_id=people.agency.pk, today=date(2026, 7, 31)) == 0
    assert comments.let_in(agency_id=people.agency.pk, today=later) == 2
    assert read(people, later) == 2


def test_words_keyed_in_from_paper_are_read_at_once(people: People) -> None:
    give(people, 1, Channel.PAPER)
    assert read(people) == 1
