"""When comments of surveys can be read: never so soon that the hour tells who wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from camket.voices.models import Channel, Comment
from camket.voices.operations import comments
from camket.voices.operations.answers import store_responses
from camket.voices.queries.comments import CommentFilter, comment, comment_page
from history import Step
from people import TODAY, People
from voices.answering import NOW, answered, edition_of, make_survey

pytestmark = pytest.mark.django_db


def give(people: People, number: int, channel: Channel = Channel.KIOSK, text: str = "Góp ý") -> None:
    survey = make_survey(people.agency, title=f"Khảo sát {Comment.objects.count()}")
    rows = [
        replace(answered(4, comments={"wish": f"{text} {each}"}), channel=channel.value)
        for each in range(number)
    ]
    store_responses(survey=survey, edition=edition_of(survey), rows=rows, now=NOW)


def read(people: People, today: date = TODAY, words: str = "") -> int:
    page = comment_page(people.an, CommentFilter(words=words), today=today)
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


def test_words_are_found_however_they_are_typed_in_all_comments_that_are_shown(people: People) -> None:
    give(people, 2, Channel.PAPER, "Chỗ để XE không có mái che")
    give(people, 1, Channel.PAPER, "100% hài lòng")
    give(people, 1, text="Chỗ để xe")
    assert [read(people, words=words) for words in ("xe cho", "Mái CHE", "100%", "%", "mái xanh")] == [
        2,
        2,
        1,
        1,
        0,
    ]
    Comment.objects.filter(search__contains="mai che 0").update(state=Comment.State.HIDDEN)
    assert read(people, words="mai che") == 1
    tagged = Comment.objects.get(search__contains="mai che 1")
    comments.tag_comment(actor=people.an, comment_id=tagged.pk, tags=["bãi xe"], seen=(), now=NOW)
    page = comment_page(people.an, CommentFilter(words="mai che", tag="bãi xe"), today=TODAY)
    assert [row.id for row in page.rows] == [tagged.pk]
    assert page.tags == ("bãi xe",)


@pytest.mark.django_db(transaction=True)
def test_comments_that_were_there_before_are_found_by_their_words(people: People) -> None:
    give(people, 3, Channel.PAPER, "Chờ lâu")
    step = Step("voices", "0008_comments_found_by_words")
    step.take_back()
    step.do()
    assert read(people, words="cho lau") == 3
