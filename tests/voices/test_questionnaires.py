"""Keeping questionnaires: drafts, keys that stay or not, editions put in use."""

from __future__ import annotations

from typing import Any

import pytest

from camket.core.questionnaire import OVERALL, Kind, parse
from camket.journal.meanwhile import ChangedMeanwhile
from camket.journal.models import Entry
from camket.org.policy import Actor, NotAllowed, Seen
from camket.voices.models import Questionnaire, QuestionnaireEdition
from camket.voices.operations import questionnaires as operations
from camket.voices.operations.questionnaires import WantedQuestion, Words
from camket.voices.queries import surveys as queries
from camket.voices.shipped import shipped, shipped_questionnaires
from people import TODAY, People
from voices.answering import NOW

pytestmark = pytest.mark.django_db
State = QuestionnaireEdition.State


def make(people: People, code: str = "counter", title: str = "", actor: Actor | None = None) -> int:
    return operations.make_questionnaire(
        actor=actor or people.an, title=title, code=code, today=TODAY, now=NOW
    )


def publish(people: People, questionnaire_id: int) -> int:
    return operations.publish_edition(
        actor=people.an, questionnaire_id=questionnaire_id, today=TODAY, now=NOW
    )


def begin(people: People, questionnaire_id: int) -> None:
    operations.begin_edition(actor=people.an, questionnaire_id=questionnaire_id, today=TODAY, now=NOW)


def scale(text: str, **fields: Any) -> WantedQuestion:
    return WantedQuestion(Kind.SCALE, {"vi": text}, **fields)


def change(
    people: People, questionnaire_id: int, key: str, wanted: WantedQuestion, asks_same: bool | None = None
) -> str:
    return operations.change_question(
        actor=people.an,
        questionnaire_id=questionnaire_id,
        key=key,
        wanted=wanted,
        asks_same=asks_same,
        today=TODAY,
        now=NOW,
    )


def add(people: People, questionnaire_id: int, wanted: WantedQuestion) -> str:
    return operations.add_question(
        actor=people.an, questionnaire_id=questionnaire_id, wanted=wanted, today=TODAY, now=NOW
    )


def keys(questionnaire_id: int, state: str = State.DRAFT) -> list[str]:
    held = QuestionnaireEdition.objects.get(questionnaire_id=questionnaire_id, state=state)
    return [question.key for question in parse(held.content).questions]


@pytest.mark.parametrize("code", [each.code for each in shipped_questionnaires()])
def test_a_shipped_questionnaire_is_taken_as_it_is(people: People, code: str) -> None:
    origin = shipped(code)
    assert origin is not None
    made = Questionnaire.objects.get(pk=make(people, code))
    held = made.editions.get()
    assert (made.code, made.title, held.state) == (code, origin.content.title["vi"], State.DRAFT)
    assert parse(held.content) == origin.content
    assert held.source == origin.source
    assert "chưa đối chiếu" in held.source


def test_an_empty_one_asks_for_satisfaction_on_the_whole(people: People) -> None:
    made = make(people, "", "Khảo sát của xã")
    assert keys(made) == [OVERALL]
    assert [each.code for each in Questionnaire.objects.all()] == ["own"]
    assert make(people, "", "Bộ thứ hai") != made
    assert Questionnaire.objects.filter(code="own_2").exists()


def test_without_a_title_or_by_an_unknown_code_nothing_is_made(people: People) -> None:
    with pytest.raises(operations.TitleMissing):
        make(people, "", "  ")
    with pytest.raises(operations.ShippedUnknown):
        make(people, "no_such")
    assert not Questionnaire.objects.exists()


def test_who_may_not_changes_nothing(people: People) -> None:
    with pytest.raises(NotAllowed):
        make(people, actor=people.binh)
    made = make(people)
    count = Entry.objects.count()
    with pytest.raises(Questionnaire.DoesNotExist):
        operations.publish_edition(actor=people.chi, questionnaire_id=made, today=TODAY, now=NOW)
    assert Entry.objects.count() == count
    assert not QuestionnaireEdition.objects.filter(state=State.PUBLISHED).exists()


def test_a_new_edition_replaces_the_one_before(people: People) -> None:
    made = make(people)
    assert publish(people, made) == 1
    begin(people, made)
    add(people, made, scale("Nơi ngồi chờ có đủ chỗ không?", counts=True))
    assert publish(people, made) == 2
    states = list(QuestionnaireEdition.objects.order_by("number").values_list("number", "state"))
    assert states == [(1, State.RETIRED), (2, State.PUBLISHED)]
    assert "noi_ngoi_cho_co" not in keys(made, State.RETIRED)
    verbs = list(Entry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == [
        "questionnaire.made",
        "questionnaire.published",
        "questionnaire.edition_begun",
        "questionnaire.changed",
        "questionnaire.published",
    ]


def test_an_edition_in_use_is_never_changed(people: People) -> None:
    made = make(people)
    publish(people, made)
    before = QuestionnaireEdition.objects.get().content
    with pytest.raises(operations.NoDraft):
        add(people, made, scale("Câu mới?"))
    with pytest.raises(operations.NoDraft):
        operations.discard_draft(actor=people.an, questionnaire_id=made, today=TODAY)
    assert QuestionnaireEdition.objects.get().content == before


def test_a_draft_that_changes_nothing_is_not_put_in_use(people: People) -> None:
    made = make(people)
    publish(people, made)
    begin(people, made)
    with pytest.raises(operations.NothingChanged):
        publish(people, made)
    with pytest.raises(operations.DraftExists):
        begin(people, made)
    operations.discard_draft(actor=people.an, questionnaire_id=made, today=TODAY)
    assert QuestionnaireEdition.objects.get().state == State.PUBLISHED


def test_a_draft_never_used_goes_with_its_questionnaire(people: People) -> None:
    made = make(people)
    operations.discard_draft(actor=people.an, questionnaire_id=made, today=TODAY)
    assert not Questionnaire.objects.exists()


def test_a_new_question_stands_before_the_free_words(people: People) -> None:
    made = make(people)
    assert add(people, made, scale("Chờ lâu không?")) == "cho_lau_khong"
    assert keys(made) == [OVERALL, "officers_attitude", "cho_lau_khong", "comment"]


def test_a_new_question_of_a_factor_stands_behind_the_last_of_it(people: People) -> None:
    made = make(people, "satisfaction")
    parking = add(people, made, scale("Chỗ để xe thuận tiện", factor="access"))
    asked = keys(made)
    assert asked.index(parking) == asked.index("access_online") + 1
    assert asked.index(parking) + 1 == asked.index("procedures_posting")


def test_a_title_of_ones_own_names_what_citizens_see(people: People) -> None:
    made = make(people, "satisfaction", title="Khảo sát tại nhà văn hóa")
    held = Questionnaire.objects.get(pk=made)
    assert held.title == parse(held.editions.get().content).title["vi"] == "Khảo sát tại nhà văn hóa"


def test_two_questionnaires_of_one_title_are_told_apart(people: People) -> None:
    make(people, "counter")
    make(people, "counter")
    make(people, "satisfaction")
    names = [name for _, name in queries.questionnaire_choices(people.an)]
    assert len(names) == 3
    assert sorted("·" in name for name in names) == [False, True, True]


def test_a_question_in_other_words_keeps_its_key(people: People) -> None:
    made = make(people)
    publish(people, made)
    begin(people, made)
    light = "Thái độ, sự hướng dẫn của công chức"
    assert change(people, made, "officers_attitude", scale(light, counts=True)) == "officers_attitude"
    assert change(people, made, OVERALL, scale("Ông/bà có hài lòng không?"), asks_same=True) == OVERALL


def test_a_question_that_changed_a_good_deal_is_asked_about(people: People) -> None:
    made = make(people)
    publish(people, made)
    begin(people, made)
    other = scale("Phí, lệ phí có đúng mức niêm yết không?")
    with pytest.raises(operations.MeaningUnclear):
        change(people, made, "officers_attitude", other)
    assert "officers_attitude" in keys(made)
    assert change(people, made, "officers_attitude", other, asks_same=False) == "phi_le_phi_co"
    assert "officers_attitude" not in keys(made)


def test_a_key_once_used_is_given_to_no_other_question(people: People) -> None:
    made = make(people)
    first = add(people, made, scale("Phí có đúng không?"))
    publish(people, made)
    begin(people, made)
    operations.remove_question(actor=people.an, questionnaire_id=made, key=first, today=TODAY, now=NOW)
    assert add(people, made, scale("Phí có đúng không?")) == f"{first}_2"


def test_a_question_answered_in_another_way_is_a_new_one(people: People) -> None:
    made = make(people)
    publish(people, made)
    begin(people, made)
    words = WantedQuestion(Kind.TEXT, {"vi": "Thái độ và sự hướng dẫn của công chức"})
    assert change(people, made, "officers_attitude", words, asks_same=True) != "officers_attitude"


def test_the_question_on_the_whole_stays_what_it_is(people: People) -> None:
    made = make(people)
    publish(people, made)
    begin(people, made)
    count = Entry.objects.count()
    with pytest.raises(operations.WholeStaysTheSame):
        change(people, made, OVERALL, scale("Ông/bà chờ bao lâu tất cả?"), asks_same=False)
    with pytest.raises(operations.ContentNotPossible):
        operations.remove_question(actor=people.an, questionnaire_id=made, key=OVERALL, today=TODAY, now=NOW)
    assert Entry.objects.count() == count


def test_answers_to_choose_from_keep_their_keys(people: People) -> None:
    made = make(people)
    lines = {"vi": ["Một lần", "Hai lần"]}
    key = add(people, made, WantedQuestion(Kind.CHOICE, {"vi": "Mấy lần đi lại?"}, options=lines))
    more = {"vi": ["Không lần nào", "Một lần", "Hai lần"]}
    change(people, made, key, WantedQuestion(Kind.CHOICE, {"vi": "Mấy lần đi lại?"}, options=more))
    held = parse(QuestionnaireEdition.objects.get().content).question(key)
    assert [(option.key, option.label["vi"]) for option in held.options] == [
        ("khong_lan_nao", "Không lần nào"),
        ("mot_lan", "Một lần"),
        ("hai_lan", "Hai lần"),
    ]


def test_one_answer_to_choose_from_is_refused(people: People) -> None:
    made = make(people)
    with pytest.raises(operations.ContentNotPossible):
        add(people, made, WantedQuestion(Kind.CHOICE, {"vi": "Mấy lần?"}, options={"vi": ["Một"]}))
    with pytest.raises(operations.TextMissing):
        add(people, made, scale("  "))
    assert keys(made) == [OVERALL, "officers_attitude", "comment"]


def test_questions_move_and_go(people: People) -> None:
    made = make(people)
    given: dict[str, Any] = {"actor": people.an, "questionnaire_id": made, "today": TODAY, "now": NOW}
    operations.move_question(key="comment", by=-1, **given)
    assert keys(made) == [OVERALL, "comment", "officers_attitude"]
    operations.remove_question(key="comment", **given)
    assert keys(made) == [OVERALL, "officers_attitude"]
    with pytest.raises(operations.QuestionUnknown):
        operations.remove_question(key="comment", **given)


def test_a_question_of_an_old_edition_comes_back_with_its_key_and_its_factor(people: People) -> None:
    pk = make(people, "satisfaction")

    def asked_in_draft() -> list[Any]:
        draft = QuestionnaireEdition.objects.get(questionnaire_id=pk, state=State.DRAFT)
        return [each for each in parse(draft.content).questions if each.key == asked.key]

    first = QuestionnaireEdition.objects.get(questionnaire_id=pk)
    asked = next(each for each in parse(first.content).questions if each.counts and each.factor)
    publish(people, pk)
    begin(people, pk)
    about: dict[str, Any] = {"actor": people.an, "questionnaire_id": pk, "today": TODAY, "now": NOW}
    operations.remove_question(key=asked.key, **about)
    publish(people, pk)
    begin(people, pk)
    operations.bring_back_question(number=1, key=asked.key, **about)
    assert asked_in_draft() == [asked]
    operations.bring_back_question(number=1, key=asked.key, **about)
    assert asked_in_draft() == [asked]
    with pytest.raises(operations.QuestionUnknown):
        operations.bring_back_question(number=1, key="never", **about)


def test_factors_are_named_added_and_taken_out(people: People) -> None:
    made = make(people)
    given: dict[str, Any] = {"actor": people.an, "questionnaire_id": made, "today": TODAY, "now": NOW}
    operations.set_factors(labels=[("officers", {"vi": ""}), ("", {"vi": "Cơ sở vật chất"})], **given)
    content = parse(QuestionnaireEdition.objects.get().content)
    assert [(each.key, each.label["vi"]) for each in content.factors] == [
        ("co_so_vat_chat", "Cơ sở vật chất")
    ]
    assert content.question("officers_attitude").factor == ""


def test_a_language_taken_out_takes_its_texts_along(people: People) -> None:
    made = make(people)
    given: dict[str, Any] = {"actor": people.an, "questionnaire_id": made, "today": TODAY, "now": NOW}
    operations.set_languages(languages=["km", "no-such"], **given)
    content = parse(QuestionnaireEdition.objects.get().content)
    assert content.languages == ("vi", "km")
    assert content.title == {"vi": "Phiếu nhanh tại quầy"}
    page = queries.questionnaire(people.an, made, TODAY)
    assert len(page.lacking["km"]) == 12


def test_words_around_the_questions_name_a_draft_anew(people: People) -> None:
    made = make(people)
    content = parse(QuestionnaireEdition.objects.get().content)
    words = Words({"vi": "Phiếu của xã"}, {"vi": "Mời"}, {"vi": ""}, content.scale)
    operations.change_words(actor=people.an, questionnaire_id=made, words=words, today=TODAY, now=NOW)
    assert Questionnaire.objects.get().title == "Phiếu của xã"
    entry = Entry.objects.order_by("-sequence")[0]
    assert entry.after is not None
    assert entry.after["title"] == {"vi": "Phiếu của xã"}
    assert "questions" not in entry.after


def test_what_changes_nothing_is_not_in_the_journal(people: People) -> None:
    made = make(people)
    count = Entry.objects.count()
    operations.set_languages(actor=people.an, questionnaire_id=made, languages=["en"], today=TODAY, now=NOW)
    assert Entry.objects.count() == count


def test_two_people_change_two_questions_but_not_one_unseen(people: People) -> None:
    made = make(people)
    seen = Seen(until=Entry.objects.count())
    late = Actor(
        person_id=people.chau.person_id,
        name="Châu",
        agency_id=people.agency.pk,
        roles=people.an.roles,
        seen=seen,
    )
    change(people, made, OVERALL, scale("Ông/bà có hài lòng không?"))
    operations.change_question(
        actor=late,
        questionnaire_id=made,
        key="comment",
        wanted=WantedQuestion(Kind.TEXT, {"vi": "Góp ý"}),
        asks_same=None,
        today=TODAY,
        now=NOW,
    )
    with pytest.raises(ChangedMeanwhile):
        operations.change_question(
            actor=late,
            questionnaire_id=made,
            key=OVERALL,
            wanted=scale("Hài lòng không?"),
            asks_same=None,
            today=TODAY,
            now=NOW,
        )
    assert parse(QuestionnaireEdition.objects.get().content).question(OVERALL).text["vi"] == (
        "Ông/bà có hài lòng không?"
    )


def test_a_method_that_lapsed_is_said_to_have(people: People) -> None:
    made = make(people)
    assert queries.questionnaire(people.an, made, TODAY).lapsed_on is None
    page = queries.questionnaire(people.an, made, TODAY.replace(year=2027))
    assert page.lapsed_on is not None
    assert page.lapsed_on.isoformat() == "2026-12-31"
    assert not page.is_checked


def test_another_agency_reads_no_questionnaire(people: People) -> None:
    made = make(people)
    with pytest.raises(Questionnaire.DoesNotExist):
        queries.questionnaire(people.chi, made, TODAY)
    with pytest.raises(QuestionnaireEdition.DoesNotExist):
        queries.edition_content(people.chi, made, 1)
    assert queries.questionnaires(people.chi, TODAY) == ()
