"""Slips keyed in pile by pile, and answers from a spreadsheet: stored once, counted at once, withdrawn as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from camket.core.messages import Refusal
from camket.core.questionnaire import AnswerNotPossible
from camket.documents.models import StoredFile
from camket.journal.models import Entry
from camket.org.models import Role
from camket.org.policy import NotAllowed
from camket.paper.sheets import write_sheet
from camket.voices.models import Comment, Response, SlipBatch, Survey
from camket.voices.operations import slips
from camket.voices.operations.answers import take_back_batch
from camket.voices.operations.slips import KeyedSlip
from camket.voices.queries import slips as queries
from people import TODAY, People, actor_of, make_person
from voices.answering import NOW, buckets, counted_from_rows, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(people: People) -> Survey:
    return make_survey(people.agency)


def begin(people: People, survey: Survey, **fields: Any) -> SlipBatch:
    values: dict[str, Any] = {
        "name": "Quầy 2",
        "answered_on": date(2026, 6, 30),
        "field_id": None,
        "unit_id": None,
        "now": NOW,
    }
    return slips.begin_batch(actor=people.binh, survey_id=survey.pk, **{**values, **fields})


def slip(overall: int = 5, **fields: Any) -> KeyedSlip:
    return KeyedSlip(**{"on": date(2026, 6, 30), "ratings": {"overall": overall}, **fields})


def key(
    people: People, pile: SlipBatch, keyed: KeyedSlip | None = None, slip_id: uuid.UUID | None = None
) -> int:
    return slips.key_slip(
        actor=people.binh, batch_id=pile.pk, slip_id=slip_id or uuid.uuid4(), slip=keyed or slip(), now=NOW
    )


def assert_counted(people: People) -> None:
    assert buckets(people.agency.pk) == counted_from_rows(people.agency.pk)


def test_each_slip_is_stored_and_counted_as_it_is_keyed(people: People, survey: Survey) -> None:
    pile = begin(people, survey)
    assert [key(people, pile), key(people, pile, slip(2, comments={"wish": "Chờ lâu"}))] == [1, 2]
    pile.refresh_from_db()
    assert (pile.responses_count, Response.objects.filter(batch=pile).count()) == (2, 2)
    assert Comment.objects.get().text == "Chờ lâu"
    assert_counted(people)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == ["survey.slips_begun"]


def test_the_same_slip_sent_twice_is_one(people: People, survey: Survey) -> None:
    pile, slip_id = begin(people, survey), uuid.uuid4()
    assert key(people, pile, slip_id=slip_id) == key(people, pile, slip(1), slip_id=slip_id) == 1
    assert Response.objects.get().ratings == {"overall": 5}
    assert_counted(people)


def test_day_and_field_are_proposed_for_the_next_slip(people: People, survey: Survey) -> None:
    field = people.agency.procedure_fields.create(name="Đất đai", key="dat dai")
    pile = begin(people, survey)
    key(people, pile, slip(on=date(2026, 6, 2), field_id=field.pk))
    page = queries.batch_page(people.binh, pile.pk)
    assert (page.answered_on, page.field_id, page.next_number) == (date(2026, 6, 2), field.pk, 2)


def test_a_slip_of_an_open_pile_is_corrected_or_dropped(people: People, survey: Survey) -> None:
    pile = begin(people, survey)
    key(people, pile)
    key(people, pile, slip(4))
    slips.correct_slip(actor=people.binh, batch_id=pile.pk, number=1, slip=slip(2), now=NOW)
    slips.drop_slip(actor=people.binh, batch_id=pile.pk, number=2, now=NOW)
    assert Response.objects.get(batch_row=1).ratings == {"overall": 2}
    assert [line.number for line in queries.batch_page(people.binh, pile.pk).last] == [1]
    pile.refresh_from_db()
    assert pile.responses_count == 1
    assert_counted(people)
    assert key(people, pile) == 3, "a number is not used again"
    with pytest.raises(slips.SlipUnknown):
        slips.drop_slip(actor=people.binh, batch_id=pile.pk, number=2, now=NOW)
    assert not any("ratings" in str(entry.after) for entry in Entry.objects.all())


def test_a_pile_that_was_counted_otherwise_by_hand_is_asked_about(people: People, survey: Survey) -> None:
    pile = begin(people, survey)
    key(people, pile)
    with pytest.raises(slips.SumDiffers):
        slips.finish_batch(actor=people.binh, batch_id=pile.pk, counted=2, now=NOW)
    pile.refresh_from_db()
    assert pile.state == SlipBatch.State.OPEN
    slips.finish_batch(actor=people.binh, batch_id=pile.pk, counted=2, is_sure=True, now=NOW)
    for act in (
        lambda: key(people, pile),
        lambda: slips.drop_slip(actor=people.binh, batch_id=pile.pk, number=1, now=NOW),
        lambda: slips.finish_batch(actor=people.binh, batch_id=pile.pk, counted=None, now=NOW),
    ):
        with pytest.raises(slips.BatchEnded):
            act()
    assert Response.objects.count() == 1


def test_the_slips_of_a_pile_that_has_ended_are_shown_to_nobody(people: People, survey: Survey) -> None:
    pile = begin(people, survey)
    key(people, pile)
    slips.finish_batch(actor=people.binh, batch_id=pile.pk, counted=1, now=NOW)
    assert queries.batch_page(people.binh, pile.pk).last == ()
    with pytest.raises(Response.DoesNotExist):
        queries.slip(people.binh, pile.pk, 1)


def test_a_pile_is_withdrawn_as_a_whole_and_counts_no_more(people: People, survey: Survey) -> None:
    pile = begin(people, survey)
    key(people, pile)
    slips.finish_batch(actor=people.binh, batch_id=pile.pk, counted=None, now=NOW)
    take_back_batch(actor=people.binh, batch_id=pile.pk, reason="Nhập hai lần", now=NOW)
    assert Response.objects.get().state == Response.State.SET_ASIDE
    assert_counted(people)


@pytest.mark.parametrize(
    ("keyed", "refusal"),
    [
        (slip(on=date(2026, 7, 2)), slips.SlipDayNotPossible),
        (slip(on=date(2025, 12, 31)), slips.SlipDayNotPossible),
        (slip(field_id=10**6), slips.PlaceUnknown),
        (slip(unit_id=10**6), slips.PlaceUnknown),
        (slip(ratings={"overall": 6}), AnswerNotPossible),
        (slip(ratings={"smiles": 5, "overall": 5}), AnswerNotPossible),
        (slip(ratings={}), AnswerNotPossible),
    ],
)
def test_what_the_questionnaire_does_not_take_leaves_nothing(
    people: People, survey: Survey, keyed: KeyedSlip, refusal: type[Refusal]
) -> None:
    pile = begin(people, survey)
    with pytest.raises(refusal):
        key(people, pile, keyed)
    assert not Response.objects.exists()
    assert not buckets(people.agency.pk)


def test_only_who_began_a_pile_or_manages_surveys_keys_it(people: People, survey: Survey) -> None:
    pile = begin(people, survey)
    other = actor_of(make_person(people.agency, "Đỗ Thị Hoa", "hoa", Role.OFFICER), people.agency)
    with pytest.raises(NotAllowed):
        slips.key_slip(actor=other, batch_id=pile.pk, slip_id=uuid.uuid4(), slip=slip(), now=NOW)
    with pytest.raises(NotAllowed):
        queries.batch_page(other, pile.pk)
    assert slips.key_slip(actor=people.an, batch_id=pile.pk, slip_id=uuid.uuid4(), slip=slip(), now=NOW) == 1


def test_another_agencys_pile_survey_and_field_are_not_there(people: People, survey: Survey) -> None:
    pile = begin(people, survey)
    theirs = people.other_agency.procedure_fields.create(name="Đất đai", key="dat dai")
    with pytest.raises(SlipBatch.DoesNotExist):
        slips.key_slip(actor=people.chi, batch_id=pile.pk, slip_id=uuid.uuid4(), slip=slip(), now=NOW)
    with pytest.raises(SlipBatch.DoesNotExist):
        queries.batch_page(people.chi, pile.pk)
    with pytest.raises(Survey.DoesNotExist):
        slips.begin_batch(
            actor=people.chi,
            survey_id=survey.pk,
            name="",
            answered_on=TODAY,
            field_id=None,
            unit_id=None,
            now=NOW,
        )
    with pytest.raises(slips.PlaceUnknown):
        begin(people, survey, field_id=theirs.pk)
    with pytest.raises(NotAllowed):
        slips.begin_batch(
            actor=people.chau,
            survey_id=survey.pk,
            name="",
            answered_on=TODAY,
            field_id=None,
            unit_id=None,
            now=NOW,
        )


def test_a_survey_in_preparation_takes_no_slips(people: People) -> None:
    with pytest.raises(slips.SurveyNotKeyed):
        begin(people, make_survey(people.agency, state=Survey.State.DRAFT))


# Spreadsheets

HEADER = (
    "Dấu thời gian",
    "Lĩnh vực",
    "Thái độ của công chức khi hướng dẫn bạn?",
    "overall",
    "Góp ý thêm",
    "Email",
)


def sheet(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    return write_sheet("Trả lời", header, rows)


def receive(
    people: People, survey: Survey, data: bytes, name: str = "tra-loi.xlsx", now: datetime = NOW
) -> SlipBatch:
    return slips.receive_sheet(
        actor=people.binh,
        survey_id=survey.pk,
        data=data,
        name=name,
        content_type="application/octet-stream",
        answered_on=date(2026, 6, 30),
        field_id=None,
        unit_id=None,
        now=now,
    )


ROWS = [
    ["02/06/2026 08:10:00", "", "5", "Rất hài lòng", "Nhanh gọn", "a@example.org"],
    ["03/06/2026 09:10:00", "", "9", "4", "", ""],
    ["04/06/2026 10:10:00", "", "", "2", "", ""],
]


def test_a_spreadsheet_counts_once_it_is_confirmed_and_its_file_goes(people: People, survey: Survey) -> None:
    batch = receive(people, survey, sheet(ROWS))
    assert not Response.objects.exists()
    assert slips.take_in_sheet(actor=people.binh, batch_id=batch.pk, now=NOW) == (2, 0)
    batch.refresh_from_db()
    assert (batch.state, batch.responses_count, batch.file_id) == (SlipBatch.State.DONE, 2, None)
    assert not StoredFile.objects.exists()
    assert sorted(each.on for each in Response.objects.all()) == [date(2026, 6, 2), date(2026, 6, 4)]
    assert Comment.objects.get().text == "Nhanh gọn"
    assert "example.org" not in str(list(Response.objects.values())) + str(list(Comment.objects.values()))
    assert_counted(people)


def test_rows_refused_are_handed_out_with_where_and_why(people: People, survey: Survey) -> None:
    batch = receive(people, survey, sheet(ROWS))
    slips.take_in_sheet(actor=people.binh, batch_id=batch.pk, now=NOW)
    name, headings, rows = slips.refused_rows(actor=people.binh, batch_id=batch.pk)
    assert (name, tuple(headings)) == ("tra-loi.xlsx", HEADER)
    ((cells, problems),) = rows
    assert cells[2] == "9"
    assert problems[0][0] == "C3"
    mended = receive(people, survey, sheet([["03/06/2026 09:10:00", "", "4", "4", "", ""]]), "sua.xlsx")
    assert slips.take_in_sheet(actor=people.binh, batch_id=mended.pk, now=NOW) == (1, 0)
    assert Response.objects.count() == 3


def test_the_same_file_is_told_and_rows_of_another_are_not_counted_twice(
    people: People, survey: Survey
) -> None:
    batch = receive(people, survey, sheet(ROWS))
    slips.take_in_sheet(actor=people.binh, batch_id=batch.pk, now=NOW)
    with pytest.raises(slips.FileKnown):
        receive(people, survey, sheet(ROWS), "khac-ten.xlsx")
    whole = receive(people, survey, sheet([*ROWS, ["05/06/2026 08:00:00", "", "", "5", "", ""]]))
    assert slips.take_in_sheet(actor=people.binh, batch_id=whole.pk, now=NOW) == (1, 2)
    assert Response.objects.count() == 3
    assert_counted(people)


def test_a_file_thrown_away_may_come_again(people: People, survey: Survey) -> None:
    batch = receive(people, survey, sheet(ROWS))
    slips.discard_sheet(actor=people.binh, batch_id=batch.pk, now=NOW)
    assert not StoredFile.objects.exists()
    assert receive(people, survey, sheet(ROWS)).pk != batch.pk


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"%PDF-1.7", sheet([], ("Họ tên", "Địa chỉ")), sheet([])],
    ids=["empty", "bytes", "broken", "pdf", "no question", "no row"],
)
def test_a_file_that_is_no_sheet_of_answers_is_refused_and_not_kept(
    people: People, survey: Survey, data: bytes
) -> None:
    with pytest.raises(Refusal):
        receive(people, survey, data)
    assert not SlipBatch.objects.exists()
    assert not StoredFile.objects.exists()
