"""Surveys, their points, and slips given out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from camket.core.survey_links import LinkKind, opened, read
from camket.dossiers.models import Dossier
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from camket.voices.models import Channel, Handout, Point, Survey
from camket.voices.operations import surveys as operations
from camket.voices.operations.answers import store_responses
from camket.voices.operations.questionnaires import make_questionnaire, publish_edition
from camket.voices.operations.surveys import PointData, SurveyData
from camket.voices.queries import surveys as queries
from people import TODAY, People
from procedures import make_procedure
from seeded import make_late_dossier
from voices.answering import NOW, answered, edition_of, make_point, make_survey

pytestmark = pytest.mark.django_db
State = Survey.State


@pytest.fixture
def data(people: People) -> SurveyData:
    made = make_questionnaire(actor=people.an, title="", code="counter", today=TODAY, now=NOW)
    publish_edition(actor=people.an, questionnaire_id=made, today=TODAY, now=NOW)
    return SurveyData("Khảo sát một cửa", made, TODAY, None, asks_field=True)


def create(people: People, data: SurveyData) -> int:
    return operations.create_survey(actor=people.an, data=data, today=TODAY, now=NOW)


def point(people: People, survey_id: int, **fields: Any) -> int:
    wanted = PointData(**{"channel": Channel.QR, "name": "Cửa số 3", **fields})
    return operations.add_point(actor=people.an, survey_id=survey_id, data=wanted, today=TODAY, now=NOW)


def verbs() -> list[str]:
    return list(
        Entry.objects.filter(verb__startswith="survey.").order_by("sequence").values_list("verb", flat=True)
    )


def test_a_survey_is_prepared_opened_closed_and_opened_again(people: People, data: SurveyData) -> None:
    made = create(people, data)
    given: dict[str, Any] = {"actor": people.an, "survey_id": made, "today": TODAY, "now": NOW}
    assert Survey.objects.get().state == State.DRAFT
    operations.open_survey(**given)
    operations.close_survey(**given)
    assert Survey.objects.get().closed_at == NOW
    operations.open_survey(**given)
    held = Survey.objects.get()
    assert (held.state, held.opened_at, held.closed_at) == (State.OPEN, NOW, None)
    assert verbs() == ["survey.created", "survey.opened", "survey.closed", "survey.opened"]


def test_each_survey_has_a_key_of_its_own_that_the_journal_does_not_hold(
    people: People, data: SurveyData
) -> None:
    create(people, data)
    create(people, replace(data, title="Khảo sát khác"))
    keys = list(Survey.objects.values_list("link_key", flat=True))
    assert len(set(keys)) == 2
    assert all(len(key) == 64 for key in keys)
    for entry in Entry.objects.all():
        assert not any(key in f"{entry.before}{entry.after}" for key in keys)


def test_a_survey_without_questions_in_use_is_not_opened(people: People) -> None:
    draft = make_questionnaire(actor=people.an, title="", code="counter", today=TODAY, now=NOW)
    made = create(people, SurveyData("Khảo sát", draft, TODAY, None, asks_field=True))
    with pytest.raises(operations.NoEditionInUse):
        operations.open_survey(actor=people.an, survey_id=made, today=TODAY, now=NOW)
    assert Survey.objects.get().state == State.DRAFT


def test_a_survey_past_its_last_day_is_not_opened(people: People, data: SurveyData) -> None:
    made = create(people, replace(data, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30)))
    with pytest.raises(operations.DaysNotPossible):
        operations.open_survey(actor=people.an, survey_id=made, today=TODAY, now=NOW)


def test_acts_that_do_not_fit_the_state_are_refused(people: People, data: SurveyData) -> None:
    given: dict[str, Any] = {
        "actor": people.an,
        "survey_id": create(people, data),
        "today": TODAY,
        "now": NOW,
    }
    with pytest.raises(operations.StateNotPossible):
        operations.close_survey(**given)
    operations.open_survey(**given)
    count = Entry.objects.count()
    with pytest.raises(operations.StateNotPossible):
        operations.open_survey(**given)
    assert Entry.objects.count() == count


def test_a_survey_once_opened_keeps_its_questionnaire(people: People, data: SurveyData) -> None:
    made = create(people, data)
    other = make_questionnaire(actor=people.an, title="", code="satisfaction", today=TODAY, now=NOW)
    operations.change_survey(
        actor=people.an, survey_id=made, data=replace(data, questionnaire_id=other), today=TODAY
    )
    operations.change_survey(actor=people.an, survey_id=made, data=data, today=TODAY)
    operations.open_survey(actor=people.an, survey_id=made, today=TODAY, now=NOW)
    with pytest.raises(operations.QuestionnaireFixed):
        operations.change_survey(
            actor=people.an, survey_id=made, data=replace(data, questionnaire_id=other), today=TODAY
        )


def test_a_survey_needs_a_title_and_days_in_order(people: People, data: SurveyData) -> None:
    with pytest.raises(operations.TitleMissing):
        create(people, replace(data, title=" "))
    with pytest.raises(operations.DaysNotPossible):
        create(people, replace(data, ends_on=date(2026, 6, 30)))
    assert not Survey.objects.exists()


def test_another_agencys_surveys_and_questionnaires_are_not_there(people: People, data: SurveyData) -> None:
    made = create(people, data)
    count = Entry.objects.count()
    for act in (
        lambda: operations.open_survey(actor=people.chi, survey_id=made, today=TODAY, now=NOW),
        lambda: operations.renew_links(actor=people.chi, survey_id=made, today=TODAY),
        lambda: queries.survey(people.chi, made),
        lambda: queries.content_to_print(people.chi, made),
        lambda: queries.dossier_tokens(people.chi, made, [1]),
    ):
        with pytest.raises(Survey.DoesNotExist):
            act()
    with pytest.raises(Exception, match="Questionnaire"):
        operations.create_survey(actor=people.chi, data=data, today=TODAY, now=NOW)
    assert Entry.objects.count() == count


def test_an_officer_neither_keeps_surveys_nor_prints_slips(people: People) -> None:
    made = make_survey(people.agency)
    with pytest.raises(NotAllowed):
        operations.close_survey(actor=people.binh, survey_id=made.pk, today=TODAY, now=NOW)
    with pytest.raises(NotAllowed):
        slips(people, made.pk, actor=people.binh)
    assert not Handout.objects.exists()


def test_a_point_has_an_address_that_the_next_round_makes_worthless(people: People) -> None:
    held = make_survey(people.agency)
    made = point(people, held.pk)
    old = queries.point(people.an, made).token
    operations.renew_point(actor=people.an, point_id=made, today=TODAY)
    new = queries.point(people.an, made).token
    sealed = read(new)
    assert sealed is not None
    link = opened(sealed, key=held.link_key)
    assert link is not None
    assert (link.kind, link.number, link.detail) == (LinkKind.POINT, made, 2)
    assert old != new


def test_new_links_make_every_address_worthless(people: People) -> None:
    held = make_survey(people.agency)
    old = read(queries.point(people.an, make_point(held).pk).token)
    assert old is not None
    operations.renew_links(actor=people.an, survey_id=held.pk, today=TODAY)
    held.refresh_from_db()
    assert opened(old, key=held.link_key) is None
    assert verbs() == ["survey.links_renewed"]


def test_points_are_told_apart_by_their_names(people: People) -> None:
    held = make_survey(people.agency)
    point(people, held.pk)
    with pytest.raises(operations.PointExists):
        point(people, held.pk, name=" Cửa số  3 ")
    with pytest.raises(operations.NameMissing):
        point(people, held.pk, name="")
    with pytest.raises(operations.ChannelNotPossible):
        point(people, held.pk, name="Cửa số 4", channel=Channel.LINK)
    foreign = people.other_agency.units.order_by("pk")[0].pk
    with pytest.raises(operations.UnitUnknown):
        point(people, held.pk, name="Cửa số 4", unit_id=foreign)
    assert Point.objects.count() == 1


def test_a_point_is_changed_and_switched_off(people: People) -> None:
    held = make_survey(people.agency)
    made = point(people, held.pk)
    field = make_procedure(people.agency).edition.field
    operations.change_point(
        actor=people.an,
        point_id=made,
        data=PointData(Channel.KIOSK, "Cửa số 5", field_id=field.pk),
        today=TODAY,
    )
    operations.switch_point(actor=people.an, point_id=made, is_active=False, today=TODAY)
    row = queries.survey(people.an, held.pk).points[0]
    assert (row.name, row.channel, row.field, row.is_active) == ("Cửa số 5", Channel.KIOSK, "Hộ tịch", False)
    assert row.token == ""
    with pytest.raises(operations.StateNotPossible):
        operations.switch_point(actor=people.an, point_id=made, is_active=False, today=TODAY)
    with pytest.raises(Point.DoesNotExist):
        operations.switch_point(actor=people.chi, point_id=made, is_active=True, today=TODAY)


def slips(people: People, survey_id: int, number: int = 8, **fields: Any) -> Handout:
    given: dict[str, Any] = {"actor": people.an, "unit_id": None, "field_id": None, **fields}
    return operations.print_slips(survey_id=survey_id, number=number, today=TODAY, now=NOW, **given)


def test_slips_are_numbered_on_and_each_has_a_link_of_its_own(people: People) -> None:
    held = make_survey(people.agency)
    first, second = slips(people, held.pk), slips(people, held.pk, 3)
    assert (first.first_serial, second.first_serial) == (1, 9)
    survey_id, tokens = queries.slip_tokens(people.an, second.pk)
    assert survey_id == held.pk
    assert [serial for serial, _token in tokens] == [9, 10, 11]
    sealed = read(tokens[2][1])
    assert sealed is not None
    link = opened(sealed, key=held.link_key)
    assert link is not None
    assert (link.kind, link.number, link.detail) == (LinkKind.SLIP, held.pk, 11)
    assert queries.survey(people.an, held.pk).next_serial == 12


@pytest.mark.parametrize("number", [0, -1, 401])
def test_a_number_of_slips_that_is_not_printed_at_once_is_refused(people: People, number: int) -> None:
    held = make_survey(people.agency)
    with pytest.raises(operations.NumberNotPossible):
        slips(people, held.pk, number)
    assert not Handout.objects.exists()


def test_a_closed_survey_prints_no_slips(people: People) -> None:
    held = make_survey(people.agency, state=State.CLOSED)
    with pytest.raises(operations.StateNotPossible):
        slips(people, held.pk)


def test_slips_of_dossiers_are_noted_by_field_and_unit_and_never_by_dossier(people: People) -> None:
    held = make_survey(people.agency)
    dossier = make_late_dossier(people.agency, make_procedure(people.agency))
    made = operations.print_dossier_slips(
        actor=people.an, survey_id=held.pk, dossier_ids=[dossier.pk, dossier.pk], today=TODAY, now=NOW
    )
    assert [(each.dossier_id, each.code) for each in made] == [(dossier.pk, dossier.code)]
    noted = Handout.objects.get()
    assert (noted.number, noted.field_id, noted.unit_id, noted.first_serial) == (
        1,
        dossier.field_id,
        dossier.unit_id,
        None,
    )
    for entry in Entry.objects.all():
        assert dossier.code not in f"{entry.after}"
    ((code, token),) = queries.dossier_tokens(people.an, held.pk, [dossier.pk])
    sealed = read(token)
    assert sealed is not None
    link = opened(sealed, key=held.link_key)
    assert link is not None
    assert (code, link.kind, link.detail) == (dossier.code, LinkKind.DOSSIER, dossier.pk)


def test_slips_of_another_agencys_dossiers_are_not_printed(people: People) -> None:
    held = make_survey(people.agency)
    foreign = make_late_dossier(people.other_agency, make_procedure(people.other_agency))
    with pytest.raises(Dossier.DoesNotExist):
        operations.print_dossier_slips(
            actor=people.an, survey_id=held.pk, dossier_ids=[foreign.pk], today=TODAY, now=NOW
        )
    with pytest.raises(operations.NothingChosen):
        operations.print_dossier_slips(
            actor=people.an, survey_id=held.pk, dossier_ids=[], today=TODAY, now=NOW
        )
    assert queries.dossier_tokens(people.an, held.pk, [foreign.pk]) == []
    assert not Handout.objects.exists()


def test_dossiers_to_ask_are_found_by_day_or_code(people: People) -> None:
    dossier = make_late_dossier(people.agency, make_procedure(people.agency))
    assert dossier.received_at is not None
    day = dossier.received_at.date()
    found = queries.dossiers_to_ask(people.an, day, [], most=10)
    assert [each.code for each in found] == [dossier.code]
    assert queries.dossiers_to_ask(people.an, date(2020, 1, 1), [], most=10) == []
    by_code = queries.dossiers_to_ask(people.an, TODAY, [dossier.code.lower()], most=10)
    assert [each.id for each in by_code] == [dossier.pk]
    assert queries.dossiers_to_ask(people.chi, day, [dossier.code], most=10) == []


def note(people: People, survey_id: int, **fields: Any) -> int:
    given: dict[str, Any] = {"channel": Channel.PAPER, "on": TODAY, "number": 40, **fields}
    return operations.note_handout(
        actor=people.binh, survey_id=survey_id, unit_id=None, field_id=None, today=TODAY, now=NOW, **given
    )


def test_how_many_were_asked_is_noted_by_who_enters_slips(people: People) -> None:
    held = make_survey(people.agency)
    note(people, held.pk)
    page = queries.survey(people.an, held.pk)
    assert page.asked_by_channel == ((Channel.PAPER, 40),)
    assert page.handouts[0].noted_by == "Trần Văn Bình"


def test_of_much_that_was_given_out_the_newest_stands_on_the_page_and_all_is_counted(people: People) -> None:
    held = make_survey(people.agency)
    slips(people, held.pk, 3)
    for _ in range(queries.NEWEST_HANDOUTS):
        note(people, held.pk)
    page = queries.survey(people.an, held.pk)
    assert (len(page.handouts), page.older_handouts, page.next_serial) == (queries.NEWEST_HANDOUTS, 1, 4)
    assert dict(page.asked_by_channel) == {Channel.LINK: 3, Channel.PAPER: 40 * queries.NEWEST_HANDOUTS}
    whole = queries.survey(people.an, held.pk, with_all_handouts=True)
    assert (len(whole.handouts), whole.older_handouts) == (queries.NEWEST_HANDOUTS + 1, 0)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"on": date(2026, 7, 2)}, operations.DayNotPossible),
        ({"on": date(2025, 11, 1)}, operations.DayNotPossible),
        ({"number": 0}, operations.NumberNotPossible),
        ({"channel": Channel.FILE}, operations.ChannelNotPossible),
    ],
)
def test_people_asked_that_cannot_be_are_refused(
    people: People, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    held = make_survey(people.agency)
    with pytest.raises(refusal):
        note(people, held.pk, **wrong)
    assert not Handout.objects.exists()


def to_do(people: People, today: date = TODAY) -> list[str]:
    return [str(each) for each in queries.overview(people.an, today).to_do]


def test_the_list_says_what_wants_doing(people: People) -> None:
    held = make_survey(people.agency, title="Khảo sát", ends_on=date(2026, 12, 31))
    assert to_do(people) == [
        "“Khảo sát” is open, but nowhere can it be answered. Add a point or print slips."
    ]
    make_point(held)
    assert to_do(people) == []
    assert to_do(people, date(2027, 1, 4)) == [
        "“Khảo sát” ended on 04/01/2027 and takes no answers. Close it or change its last day.".replace(
            "04/01/2027", "31/12/2026"
        )
    ]
    Survey.objects.update(state=State.CLOSED)
    assert to_do(people) == ["No survey is open: nobody's satisfaction is being asked."]


def test_the_list_counts_answers_and_people_asked(people: People) -> None:
    held = make_survey(people.agency)
    slips(people, held.pk)
    store_responses(survey=held, edition=edition_of(held), rows=[answered(), answered(2)], now=NOW)
    row = queries.overview(people.an, TODAY).surveys[0]
    assert (row.answers, row.asked, row.points, row.is_open) == (2, 8, 0, True)
    assert queries.overview(people.chi, TODAY).surveys == ()


def test_a_field_with_many_dossiers_and_few_answers_is_named(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MANY_DOSSIERS", 1)
    held = make_survey(people.agency)
    procedure = make_procedure(people.agency)
    make_late_dossier(people.agency, procedure, finished_at=datetime(2026, 6, 20, 9))
    field = procedure.edition.field
    found = queries.overview(people.an, TODAY).few
    assert [(each.field, each.settled, each.answers) for each in found] == [("Hộ tịch", 1, 0)]
    few = [answered(field_id=field.pk) for _ in range(queries.FEW_ANSWERS)]
    store_responses(survey=held, edition=edition_of(held), rows=few[1:], now=NOW)
    assert queries.overview(people.an, TODAY).few[0].answers == queries.FEW_ANSWERS - 1
    store_responses(survey=held, edition=edition_of(held), rows=few[:1], now=NOW)
    assert queries.overview(people.an, TODAY).few == ()
