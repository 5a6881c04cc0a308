"""Keeping the catalogue of procedures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from camket.core.dossiers import Channel, LimitUnit, OnlineLevel, State, TimeLimit
from camket.core.procedure_list import LevelNotOffered, ListedProcedure, PartialReasonMissing
from camket.core.tally import Grain, Shape, day_number
from camket.dossiers import tally
from camket.dossiers.models import (
    Batch,
    Bucket,
    Dossier,
    DossierChange,
    Field,
    Posting,
    Procedure,
    ProcedureEdition,
)
from camket.dossiers.operations import catalogue
from camket.dossiers.operations.catalogue import NewEdition
from camket.dossiers.queries import catalogue as queries
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from people import TODAY, People
from procedures import FIVE_DAYS, make_procedure

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
TEN_DAYS = TimeLimit(LimitUnit.WORKING_DAYS, Decimal(10))


def edition(**values: Any) -> NewEdition:
    given: dict[str, Any] = {
        "name": "Đăng ký khai sinh",
        "field": "Hộ tịch",
        "limit": FIVE_DAYS,
        "valid_from": TODAY,
    }
    return NewEdition(**{**given, **values})


def add(people: People, code: str = "1.001193", **values: Any) -> catalogue.Saved:
    return catalogue.add_procedure(
        actor=people.an, code=code, edition=edition(**values), today=TODAY, now=NOW
    )


def change(people: People, procedure_id: int, **values: Any) -> catalogue.Saved:
    return catalogue.set_edition(
        actor=people.an, procedure_id=procedure_id, edition=edition(**values), today=TODAY, now=NOW
    )


def listed(row: int = 7, **values: str) -> ListedProcedure:
    given = {"code": "1.001193", "name": "Đăng ký khai sinh", "field": "Hộ tịch", "limit": "5 ngày làm việc"}
    said = {**given, **values}
    return ListedProcedure(row=row, **said, cells=dict.fromkeys(said, f"A{row}"))  # type: ignore[arg-type]


def enter(people: People, *entries: ListedProcedure, valid_from: date = TODAY) -> catalogue.Entered:
    return catalogue.enter_list(
        actor=people.an, entries=entries, valid_from=valid_from, decision="12/QĐ-UBND", today=TODAY, now=NOW
    )


def open_dossier(people: People, procedure: Procedure, received: date, **values: Any) -> Dossier:
    """Receive a dossier whose clock and counts stand as an import leaves them."""
    batch, _ = Batch.objects.get_or_create(
        agency=people.agency,
        sha256="0" * 64,
        defaults={
            "origin": Batch.Origin.PAGE, "file_name": "a.xlsx", "as_of": TODAY, "created_at": NOW,
        },
    )  # fmt: skip
    edition_row = procedure.editions.order_by("valid_from")[0]
    dossier = Dossier.objects.create(
        agency=people.agency,
        code=f"H26.1-{received:%y%m%d}-{Dossier.objects.count():04d}",
        procedure=procedure,
        field=edition_row.field,
        channel=Channel.DIRECT,
        state=State.PROCESSING,
        received_at=datetime(received.year, received.month, received.day, 2, tzinfo=UTC),
        received_day=day_number(received),
        content_hash=1,
        first_batch=batch,
        last_batch=batch,
        **values,
    )
    tally.take_turn(agency_id=people.agency.pk)
    tally.recount(agency_id=people.agency.pk, before=[], after=[tally.facts_of(dossier)])
    return dossier


def fell_overdue(people: People) -> dict[int, int]:
    rows = Bucket.objects.filter(agency=people.agency, grain=Grain.DAY, shape=Shape.ALL, fell_overdue__gt=0)
    return dict(rows.order_by("start").values_list("start", "fell_overdue"))


def test_a_procedure_is_added_with_its_first_edition_and_journaled(people: People) -> None:
    saved = add(people)
    row = Procedure.objects.get(pk=saved.procedure_id)
    assert (row.code, row.key, row.is_listed) == ("1.001193", "1.001193", True)
    assert row.edition is not None
    assert (row.edition.name, row.edition.field.name, row.edition.valid_to) == (
        "Đăng ký khai sinh", "Hộ tịch", None,
    )  # fmt: skip
    entry = Entry.objects.get(agency=people.agency, verb="procedure.added")
    assert entry.after["limit_amount"] == "5"


def test_a_change_ends_what_held_the_day_before_and_keeps_it(people: People) -> None:
    procedure = make_procedure(people.agency)
    change(people, procedure.pk, limit=TEN_DAYS)
    rows = list(
        procedure.editions.order_by("valid_from").values_list("limit_amount", "valid_from", "valid_to")
    )
    assert rows == [
        (Decimal(5), date(2026, 1, 1), date(2026, 6, 30)),
        (Decimal(10), TODAY, None),
    ]
    entry = Entry.objects.get(agency=people.agency, verb="procedure.changed")
    assert entry.before["limit_amount"] == "5.00"
    assert entry.after["limit_amount"] == "10"
    page = queries.procedure(people.an, procedure.pk, TODAY)
    assert page.editions[0].changed == {"limit"}
    assert page.editions[0].entered_by


def test_a_change_that_changes_nothing_is_refused(people: People) -> None:
    procedure = make_procedure(people.agency)
    with pytest.raises(catalogue.NothingChanged, match="01/01/2026"):
        change(people, procedure.pk)
    assert procedure.editions.count() == 1
    change(people, procedure.pk, decision="12/QĐ-UBND")
    assert procedure.editions.count() == 2


def test_an_edition_between_two_ends_before_the_later(people: People) -> None:
    procedure = make_procedure(people.agency)
    change(people, procedure.pk, name="Khai sinh", valid_from=date(2026, 9, 1))
    change(people, procedure.pk, limit=TEN_DAYS, valid_from=date(2026, 8, 1))
    rows = procedure.editions.order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(rows) == [
        (date(2026, 1, 1), date(2026, 7, 31)),
        (date(2026, 8, 1), date(2026, 8, 31)),
        (date(2026, 9, 1), None),
    ]
    procedure.refresh_from_db()
    assert procedure.edition is not None
    assert procedure.edition.valid_from == date(2026, 9, 1)


def test_a_change_from_the_same_day_corrects_what_was_entered(people: People) -> None:
    saved = add(people)
    change(people, saved.procedure_id, limit=TEN_DAYS)
    assert ProcedureEdition.objects.get(procedure_id=saved.procedure_id).limit_amount == Decimal(10)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": "  "}, catalogue.NameMissing),
        ({"limit": TimeLimit(LimitUnit.DAYS)}, catalogue.LimitNotPossible),
        ({"limit": TimeLimit(LimitUnit.DAYS, Decimal(100_000))}, catalogue.LimitNotPossible),
        ({"valid_from": date(1980, 1, 1)}, catalogue.DayNotPossible),
        ({"unit_id": 10**9}, catalogue.UnitUnknown),
        ({"level": OnlineLevel.OLD_4}, LevelNotOffered),
        ({"level": OnlineLevel.PARTIAL}, PartialReasonMissing),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    people: People, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add(people, **wrong)
    assert not Procedure.objects.exists()
    assert not Field.objects.exists()
    assert not Entry.objects.filter(verb="procedure.added").exists()


def test_a_procedure_of_the_catalogue_is_not_added_twice(people: People) -> None:
    add(people)
    with pytest.raises(catalogue.ProcedureExists, match="Đăng ký khai sinh"):
        add(people, code="1.001193.000.00.00.H26", name="Khai sinh")
    with pytest.raises(catalogue.ProcedureExists):
        add(people, code="")
    assert Procedure.objects.count() == 1


def test_a_procedure_that_dossiers_named_is_taken_over(people: People) -> None:
    named = make_procedure(people.agency, code="", is_listed=False, limit=TimeLimit(LimitUnit.NONE))
    assert add(people).procedure_id == named.pk
    named.refresh_from_db()
    assert (named.code, named.key, named.is_listed) == ("1.001193", "1.001193", True)


def test_open_dossiers_received_from_the_day_on_are_reckoned_anew_and_counted(people: People) -> None:
    procedure = make_procedure(people.agency)
    before = open_dossier(people, procedure, date(2026, 6, 30))
    after = open_dossier(people, procedure, TODAY)
    done = open_dossier(people, procedure, TODAY, finished_day=day_number(TODAY))
    saved = change(people, procedure.pk, decision="12/QĐ-UBND")
    assert saved.reckoned == 1
    after.refresh_from_db()
    assert after.due_now == datetime(2026, 7, 8, 10, 30, tzinfo=UTC)
    assert after.overdue_day == day_number(date(2026, 7, 9))
    assert fell_overdue(people) == {day_number(date(2026, 7, 9)): 1}
    kept = DossierChange.objects.get()
    assert (kept.dossier_id, kept.by_id) == (after.pk, people.an.person_id)
    assert kept.after["due_now"] == "2026-07-08T17:30:00+07:00"
    assert change(people, procedure.pk, limit=TEN_DAYS).reckoned == 1
    assert fell_overdue(people) == {day_number(date(2026, 7, 16)): 1}
    for untouched in (before, done):
        untouched.refresh_from_db()
        assert untouched.due_now is None


def test_a_limit_changed_for_a_while_does_not_take_the_promised_date_away(people: People) -> None:
    procedure = make_procedure(people.agency)
    promised = datetime(2026, 7, 13, 17, tzinfo=UTC)
    dossier = open_dossier(
        people, procedure, TODAY, due_promised=promised, reappointed_at=datetime(2026, 7, 2, 3, tzinfo=UTC)
    )
    change(people, procedure.pk, decision="12/QĐ-UBND")
    dossier.refresh_from_db()
    assert dossier.due_now == promised
    change(people, procedure.pk, limit=TEN_DAYS)
    dossier.refresh_from_db()
    assert dossier.due_now == dossier.due_first == datetime(2026, 7, 15, 10, 30, tzinfo=UTC)
    change(people, procedure.pk, decision="12/QĐ-UBND")
    dossier.refresh_from_db()
    assert dossier.due_now == dossier.due_promised == promised


def test_a_date_that_the_export_gave_stays(people: People) -> None:
    procedure = make_procedure(people.agency)
    given = datetime(2026, 7, 20, 10, tzinfo=UTC)
    dossier = open_dossier(
        people, procedure, TODAY, due_given=given, due_first=given, due_now=given,
        due_day=day_number(date(2026, 7, 20)), overdue_day=day_number(date(2026, 7, 21)),
    )  # fmt: skip
    assert change(people, procedure.pk, limit=TEN_DAYS).reckoned == 1
    dossier.refresh_from_db()
    assert dossier.due_now == given
    assert dossier.due_computed == datetime(2026, 7, 15, 10, 30, tzinfo=UTC)
    assert dossier.is_due_different


def test_the_end_of_a_procedure_is_noted_once(people: People) -> None:
    procedure = make_procedure(people.agency)

    def end(day: date) -> None:
        catalogue.end_procedure(
            actor=people.an, procedure_id=procedure.pk, last_day=day, decision="15/QĐ-UBND", today=TODAY
        )

    with pytest.raises(catalogue.DayNotPossible):
        end(date(2025, 12, 31))
    end(date(2026, 6, 30))
    with pytest.raises(catalogue.AlreadyEnded):
        end(date(2026, 6, 30))
    assert queries.procedure(people.an, procedure.pk, TODAY).is_ended
    ended = queries.catalogue(people.an, queries.Wanted(state="ended"), TODAY)
    assert [row.id for row in ended.rows] == [procedure.pk]
    assert ended.listed == 0


def test_postings_are_noted_for_many_once_and_taken_down(people: People) -> None:
    first, second = make_procedure(people.agency), make_procedure(people.agency, "Khai tử", "1.000656")
    stranger = make_procedure(people.other_agency)

    def post() -> int:
        return catalogue.post_procedures(
            actor=people.an,
            procedure_ids=[first.pk, second.pk, stranger.pk],
            place=" Bảng tin  Một cửa ",
            posted_on=TODAY,
            address="",
            today=TODAY,
            now=NOW,
        )

    assert post() == 2
    assert post() == 0
    assert not stranger.postings.exists()
    assert Entry.objects.filter(verb="procedure.posted").count() == 1
    assert queries.places(people.an) == ["Bảng tin Một cửa"]
    posting = Posting.objects.get(procedure=first)
    with pytest.raises(catalogue.DayNotPossible):
        catalogue.take_down(actor=people.an, posting_id=posting.pk, removed_on=date(2026, 6, 30), today=TODAY)
    catalogue.take_down(actor=people.an, posting_id=posting.pk, removed_on=TODAY, today=TODAY)
    with pytest.raises(catalogue.AlreadyEnded):
        catalogue.take_down(actor=people.an, posting_id=posting.pk, removed_on=TODAY, today=TODAY)
    found = queries.catalogue(people.an, queries.Wanted(posted="no"), TODAY)
    assert [row.id for row in found.rows] == [first.pk]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"place": " "}, catalogue.PlaceMissing),
        ({"posted_on": date(2026, 7, 2)}, catalogue.DayNotPossible),
        ({"procedure_ids": []}, catalogue.NothingChosen),
    ],
)
def test_a_posting_says_what_where_and_since_when(
    people: People, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    procedure = make_procedure(people.agency)
    given: dict[str, Any] = {
        "procedure_ids": [procedure.pk], "place": "Bảng tin", "posted_on": TODAY, "address": "",
    }  # fmt: skip
    with pytest.raises(refusal):
        catalogue.post_procedures(actor=people.an, today=TODAY, now=NOW, **{**given, **wrong})
    assert not Posting.objects.exists()


def test_a_list_adds_changes_and_leaves_and_again_changes_nothing(people: People) -> None:
    make_procedure(people.agency)
    make_procedure(people.agency, "Đăng ký khai tử", "1.000656")
    entries = (
        listed(),
        listed(8, code="1.000656", name="Đăng ký khai tử", limit="Trong ngày"),
        listed(9, code="2.000815", name="Chứng thực bản sao", field="Chứng thực", limit="4 giờ"),
    )
    checked = catalogue.check_list(actor=people.an, entries=entries, valid_from=TODAY, decision="")
    assert [row.state for row in checked] == ["same", "changed", "added"]
    assert checked[1].changes == (("limit", FIVE_DAYS, TimeLimit(LimitUnit.SAME_DAY)),)
    assert Procedure.objects.count() == 2
    assert enter(people, *entries) == catalogue.Entered(added=1, changed=1, same=1, reckoned=0)
    assert enter(people, *entries) == catalogue.Entered(added=0, changed=0, same=3, reckoned=0)
    assert Entry.objects.filter(verb="procedure.listed").count() == 1
    assert ProcedureEdition.objects.count() == 4


def test_columns_that_a_list_lacks_leave_what_the_catalogue_says(people: People) -> None:
    unit = people.agency.units.order_by("order")[3]
    saved = add(people, unit_id=unit.pk, level=OnlineLevel.WHOLE)
    enter(people, listed(limit="10 ngày làm việc"), valid_from=date(2026, 8, 1))
    newest = ProcedureEdition.objects.filter(procedure_id=saved.procedure_id).latest("valid_from")
    assert (newest.limit_amount, newest.unit_id, newest.level) == (Decimal(10), unit.pk, OnlineLevel.WHOLE)


def test_a_list_finds_units_by_their_names_and_tells_what_it_does_not_know(people: People) -> None:
    entries = (
        listed(unit="Phòng Kinh tế"),
        listed(8, code="2.000815", name="Chứng thực bản sao", unit="Sở Tư pháp"),
    )
    rows = catalogue.check_list(actor=people.an, entries=entries, valid_from=TODAY, decision="")
    economy = people.agency.units.get(name="Phòng Kinh tế")
    assert [row.edition.unit_id for row in rows if row.edition] == [economy.pk, None]
    assert ["Sở Tư pháp" in str(note) for note in rows[1].notes] == [True]


def test_a_list_takes_neither_the_unit_nor_the_reason_away_that_it_does_not_tell(people: People) -> None:
    unit = people.agency.units.order_by("order")[3]
    add(people, unit_id=unit.pk, level=OnlineLevel.PARTIAL, partial_reason="Phải ký sổ trực tiếp")
    entry = listed(unit="Sở Tư pháp", level="Một phần", limit="3 ngày làm việc")
    (row,) = catalogue.check_list(actor=people.an, entries=[entry], valid_from=TODAY, decision="")
    assert [name for name, _, _ in row.changes] == ["limit"]
    assert "stays as it is" in str(row.notes[0])


def test_one_faulty_row_keeps_the_whole_list_out(people: People) -> None:
    with pytest.raises(catalogue.ListNotPossible) as refused:
        enter(people, listed(), listed(8, code="2.000815", limit="02 tháng"), listed(9))
    assert [(problem.field, problem.cell) for problem in refused.value.problems] == [
        ("limit", "A8"),
        ("code", "A9"),
    ]
    assert not Procedure.objects.exists()
    assert not Entry.objects.filter(verb="procedure.listed").exists()


def test_a_list_reckons_open_dossiers_of_its_procedures(people: People) -> None:
    procedure = make_procedure(people.agency, is_listed=False, limit=TimeLimit(LimitUnit.NONE))
    dossier = open_dossier(people, procedure, TODAY)
    assert enter(people, listed()).reckoned == 1
    dossier.refresh_from_db()
    assert dossier.due_now == datetime(2026, 7, 8, 10, 30, tzinfo=UTC)


def test_a_list_longer_than_is_taken_at_once_is_refused(people: People) -> None:
    entries = [listed()] * (catalogue.MOST_AT_ONCE + 1)
    with pytest.raises(catalogue.TooMany, match="3000"):
        enter(people, *entries)


def test_procedures_that_dossiers_name_are_listed_by_how_many(people: People) -> None:
    rare = make_procedure(people.agency, "Việc lạ", "9.000001", is_listed=False)
    often = make_procedure(people.agency, "Việc khác", "9.000002", is_listed=False)
    for _ in range(2):
        open_dossier(people, often, TODAY)
    open_dossier(people, rare, TODAY)
    found = queries.catalogue(people.an, queries.Wanted(state="unlisted"), TODAY)
    assert [(row.id, row.received) for row in found.rows] == [(often.pk, 2), (rare.pk, 1)]
    assert (found.listed, found.unlisted) == (0, 2)


def test_the_catalogue_is_searched_and_narrowed(people: People) -> None:
    birth = make_procedure(people.agency, level=OnlineLevel.WHOLE)
    other = make_procedure(
        people.agency, "Chứng thực chữ ký", "2.000884", field="Chứng thực", limit=TimeLimit(LimitUnit.NONE)
    )

    def found(**wanted: Any) -> list[int]:
        rows = queries.catalogue(people.an, queries.Wanted(**wanted), TODAY).rows
        return [row.id for row in rows]

    assert found() == [other.pk, birth.pk]
    assert found(words="KHAI sinh") == found(words="1.0011") == [birth.pk]
    assert found(field_id=other.editions.get().field_id) == found(without_limit=True) == [other.pk]
    assert found(level=OnlineLevel.WHOLE) == [birth.pk]


ACTS: dict[str, Callable[[Any, int], object]] = {
    "add": lambda actor, _: catalogue.add_procedure(
        actor=actor, code="", edition=edition(), today=TODAY, now=NOW
    ),
    "change": lambda actor, pk: catalogue.set_edition(
        actor=actor, procedure_id=pk, edition=edition(name="Khác"), today=TODAY, now=NOW
    ),
    "end": lambda actor, pk: catalogue.end_procedure(
        actor=actor, procedure_id=pk, last_day=TODAY, decision="", today=TODAY
    ),
}


@pytest.mark.parametrize("act", ["change", "end"])
def test_another_agency_finds_no_procedure_of_this_one(people: People, act: str) -> None:
    procedure = make_procedure(people.agency)
    with pytest.raises(Procedure.DoesNotExist):
        ACTS[act](people.chi, procedure.pk)
    with pytest.raises(Procedure.DoesNotExist):
        queries.procedure(people.chi, procedure.pk, TODAY)
    assert list(procedure.editions.values_list("name", "valid_to")) == [("Đăng ký khai sinh", None)]
    assert not queries.catalogue(people.chi, queries.Wanted(), TODAY).rows


@pytest.mark.parametrize("act", ACTS)
def test_who_does_not_keep_the_catalogue_may_not_change_it(people: People, act: str) -> None:
    procedure = make_procedure(people.agency)
    with pytest.raises(NotAllowed):
        ACTS[act](people.binh, procedure.pk)
    assert Procedure.objects.count() == 1
