"""Questionnaires: their JSON form, what answers they take, how editions differ."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camket.core import questionnaire
from camket.core.questionnaire import (
    AnswerNotPossible,
    Answers,
    ChangeKind,
    Content,
    ContentUnreadable,
    Kind,
    Question,
    checked,
    compare,
    parse,
    to_json,
)


def counter(**changes: Any) -> dict[str, Any]:
    """Return a small questionnaire as JSON."""
    return {
        "languages": ["vi", "en"],
        "title": {"vi": "Phiếu tại quầy", "en": "At the counter"},
        "introduction": {"vi": "Mời bạn trả lời"},
        "thanks": {},
        "factors": [{"key": "officers", "label": {"vi": "Công chức", "en": "Officers"}}],
        "questions": [
            {"key": "overall", "kind": "scale", "text": {"vi": "Nhìn chung?", "en": "Overall?"}},
            {
                "key": "attitude",
                "kind": "scale",
                "factor": "officers",
                "counts": True,
                "text": {"vi": "Thái độ?"},
            },
            {
                "key": "visits",
                "kind": "choice",
                "text": {"vi": "Mấy lần đi lại?"},
                "options": [
                    {"key": "one", "label": {"vi": "Một"}},
                    {"key": "more", "label": {"vi": "Nhiều"}},
                ],
            },
            {"key": "comment", "kind": "text", "text": {"vi": "Góp ý"}},
        ],
        **changes,
    }


def question(**members: Any) -> dict[str, Any]:
    return {"key": "other", "kind": "scale", "text": {"vi": "Khác?"}, **members}


def with_(*questions: dict[str, Any]) -> dict[str, Any]:
    return counter(questions=[*counter()["questions"], *questions])


def test_what_is_read_is_written_as_it_was() -> None:
    content = parse(counter())
    assert parse(to_json(content)) == content
    assert to_json(parse(to_json(content))) == to_json(content)
    assert [each.key for each in content.counted] == ["overall", "attitude"]
    assert content.scale[4]["vi"] == "Rất hài lòng"
    assert questionnaire.said(content.question("attitude").text, "en") == "Thái độ?"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], ""),
        (counter(languages=["en"]), "languages"),
        (counter(languages=["vi", "vi"]), "languages"),
        (counter(languages=["vi", "xx"]), "languages"),
        (counter(title={"en": "Only English"}), "title.vi"),
        (counter(title={"vi": "x" * 256}), "title.vi"),
        (counter(title="Phiếu"), "title"),
        (counter(questions={}), "questions"),
        (counter(questions=[question()]), "questions"),
        (counter(scale=[{"vi": "Có"}, {"vi": "Không"}]), "scale"),
        (with_(question(key="attitude")), "questions"),
        (with_(question(key="Thái độ")), "questions[5].key"),
        (with_(question(key="k" * 41)), "questions[5].key"),
        (with_(question(kind="stars")), "questions[5].kind"),
        (with_(question(kind=["scale"])), "questions[5].kind"),
        (with_(question(text={"vi": "  "})), "questions[5].text.vi"),
        (with_(question(text={"vi": 5})), "questions[5].text.vi"),
        (with_(question(factor="nowhere")), "questions[5].factor"),
        (with_(question(counts="yes")), "questions[5].counts"),
        (with_(question(kind="text", counts=True)), "questions[5].counts"),
        (with_(question(kind="choice")), "questions[5].options"),
        (with_(question(options=[{"key": "a", "label": {"vi": "A"}}])), "questions[5].options"),
        (with_(*(question(key=f"q{number}") for number in range(40))), "questions"),
    ],
)
def test_what_is_not_whole_is_refused_at_its_place(data: Any, place: str) -> None:
    with pytest.raises(ContentUnreadable) as refusal:
        parse(data)
    assert refusal.value.place == place


def test_the_question_on_the_whole_never_counts_twice() -> None:
    data = counter(questions=[question(key="overall", counts=True)])
    assert [each.counts for each in parse(data).questions] == [False]


def test_answers_are_kept_as_they_were_meant() -> None:
    answers = checked(parse(counter()), {"overall": 5}, {"visits": "one"}, {"comment": "  Nhanh\x00\r\nTốt "})
    assert answers == Answers({"overall": 5}, {"visits": "one"}, {"comment": "Nhanh\nTốt"})


def test_what_was_left_out_is_not_in_the_answers() -> None:
    assert checked(parse(counter()), {"attitude": 1}, {}, {"comment": " "}) == Answers(
        {"attitude": 1}, {}, {}
    )


@pytest.mark.parametrize(
    ("ratings", "choices", "comments", "at"),
    [
        ({"overall": 0}, {}, {}, "overall"),
        ({"overall": 6}, {}, {}, "overall"),
        ({"overall": True}, {}, {}, "overall"),
        ({"overall": "5"}, {}, {}, "overall"),
        ({"unknown": 5}, {}, {}, ""),
        ({"comment": 5}, {}, {}, ""),
        ({}, {"visits": "never"}, {}, "visits"),
        ({}, {"visits": ["one"]}, {}, "visits"),
        ({}, {"overall": "one"}, {}, ""),
        ({}, {}, {"comment": "x" * 2001}, "comment"),
        ({}, {}, {"overall": "words"}, ""),
        ({}, {}, {"comment": " \u200b "}, ""),
        ({}, {}, {}, ""),
    ],
)
def test_answers_that_the_questionnaire_does_not_take_are_refused(
    ratings: Any, choices: Any, comments: Any, at: str
) -> None:
    with pytest.raises(AnswerNotPossible) as refusal:
        checked(parse(counter()), ratings, choices, comments)
    assert refusal.value.question == at


def test_a_required_question_is_asked_for() -> None:
    content = parse(with_(question(is_required=True)))
    with pytest.raises(AnswerNotPossible) as refusal:
        checked(content, {"overall": 4}, {}, {})
    assert refusal.value.question == "other"


def test_translations_that_are_missing_are_named_by_language() -> None:
    lacking = questionnaire.missing_translations(parse(counter(languages=["vi", "en", "km"])))
    assert lacking["en"] == ("Mời bạn trả lời", "Thái độ?", "Mấy lần đi lại?", "Một", "Nhiều", "Góp ý")
    assert "Rất hài lòng" in lacking["km"]
    assert questionnaire.missing_translations(parse(counter(languages=["vi"]))) == {}


def test_editions_are_compared_question_by_question() -> None:
    older = parse(counter())
    attitude = older.question("attitude")
    newer = questionnaire.without_question(older, "visits")
    newer = questionnaire.with_question(
        newer,
        Question("attitude", Kind.SCALE, {"vi": "Thái độ phục vụ?"}, counts=True),
        instead_of="attitude",
    )
    newer = questionnaire.with_question(newer, Question("waiting", Kind.SCALE, {"vi": "Chờ lâu?"}))
    changes = compare(older, newer)
    assert [(each.kind, each.key) for each in changes] == [
        (ChangeKind.REWORDED, "attitude"),
        (ChangeKind.ADDED, "waiting"),
        (ChangeKind.REMOVED, "visits"),
    ]
    assert changes[0].before == attitude
    assert compare(older, older) == ()


def test_one_question_moved_is_one_change() -> None:
    older = parse(with_(question(key="a"), question(key="b")))
    assert [(each.kind, each.key) for each in compare(older, questionnaire.moved(older, "overall", 4))] == [
        (ChangeKind.MOVED, "overall")
    ]


def test_a_question_moves_no_further_than_the_ends() -> None:
    content = parse(counter())
    assert questionnaire.moved(content, "overall", -1) == content
    assert [each.key for each in questionnaire.moved(content, "overall", 1).questions][:2] == [
        "attitude",
        "overall",
    ]


def test_the_question_on_the_whole_stays() -> None:
    with pytest.raises(ContentUnreadable):
        questionnaire.without_question(parse(counter()), "overall")


def test_a_day_past_the_last_rule_is_counted_by_it() -> None:
    assert questionnaire.rule_on(date(2027, 3, 1)) == questionnaire.RULES[-1]
    assert questionnaire.rule_on(date(2020, 1, 1)) == questionnaire.RULES[0]
    assert [questionnaire.is_satisfied(step, date(2026, 6, 1)) for step in questionnaire.STEPS] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_key_is_never_given_again() -> None:
    assert questionnaire.free_key({"overall"}, "overall") == "overall_2"
    assert questionnaire.free_key({"question", "question_2"}) == "question_3"
    assert len(questionnaire.free_key({"k" * 34}, "k" * 40)) <= 40


def test_a_content_without_optional_members_reads() -> None:
    content = parse({"title": {"vi": "Phiếu"}, "questions": [question(key="overall")]})
    assert isinstance(content, Content)
    assert content.languages == ("vi",)
