"""Working hours by date: what they change, whose hold, what stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from camket.core.dossiers import LimitUnit, TimeLimit
from camket.core.tally import day_number
from camket.dossiers.hours import held_by, rules_of
from camket.dossiers.models import Dossier, DossierChange, OfficeHours
from camket.dossiers.operations import hours as operations
from camket.dossiers.operations.reckoning import reckon_again
from camket.dossiers.queries.hours import office_hours
from camket.journal.models import Entry
from camket.org.models import Agency
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People, make_agency
from procedures import make_procedure
from seeded import make_late_dossier

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
USUAL = [(time(7, 30), time(11, 30)), (time(13, 30), time(17, 30))]
THREE = time(15)
FIRST = date(2026, 1, 1)


@pytest.fixture
def dossier(people: People) -> Dossier:
    """Received on Monday 01/06/2026 at 16:00, three working days, open."""
    procedure = make_procedure(people.agency, limit=TimeLimit(LimitUnit.WORKING_DAYS, Decimal(3)))
    made = make_late_dossier(people.agency, procedure)
    Dossier.objects.filter(pk=made.pk).update(
        received_at=datetime(2026, 6, 1, 9, tzinfo=UTC), due_given=None, overdue_day=None
    )
    reckon_again(agency_id=people.agency.pk, procedure_ids=None, since=-(2**31), by_id=None, now=NOW)
    DossierChange.objects.all().delete()
    made.refresh_from_db()
    return made


def set_hours(
    actor: Actor,
    valid_from: date = FIRST,
    *,
    cut_off: time | None = THREE,
    spans: list[tuple[time, time]] = USUAL,
    for_below: bool = False,
) -> int:
    return operations.set_office_hours(
        actor=actor, valid_from=valid_from, spans=spans, cut_off=cut_off, is_for_below=for_below,
        source="QĐ 12", now=NOW,
    )  # fmt: skip


def due(dossier: Dossier) -> date:
    dossier.refresh_from_db()
    assert dossier.due_computed is not None
    return dossier.due_computed.date()


def test_what_comes_after_the_last_receipt_counts_from_the_next_working_day(
    people: People, dossier: Dossier
) -> None:
    assert due(dossier) == date(2026, 6, 4)
    asked = operations.preview_office_hours(actor=people.an, valid_from=FIRST, spans=USUAL, cut_off=THREE)
    assert (asked.moved, asked.due) == (1, 1)
    assert due(dossier) == date(2026, 6, 4)
    assert not OfficeHours.objects.exists()
    assert set_hours(people.an) == 1
    assert due(dossier) == date(2026, 6, 5)
    assert dossier.overdue_day == day_number(date(2026, 6, 6))
    assert DossierChange.objects.get().by_id == people.an.person_id
    entry = Entry.objects.get(verb="calendar.hours_set")
    assert (entry.after["cut_off"], entry.after["reckoned"]) == ("15:00", 1)


def test_hours_hold_from_their_day_on(people: People, dossier: Dossier) -> None:
    assert set_hours(people.an, date(2026, 6, 2)) == 0
    assert due(dossier) == date(2026, 6, 4)
    assert rules_of(people.agency.pk).on(day_number(date(2026, 6, 2))).cut_off == THREE
    set_hours(people.an, date(2026, 6, 20), cut_off=None)
    assert [(row.valid_from, row.valid_until, row.cut_off) for row in office_hours(people.an).rows] == [
        (date(2026, 6, 20), None, None),
        (date(2026, 6, 2), date(2026, 6, 20), THREE),
    ]


def test_hours_of_the_same_day_are_replaced_and_reckoned_back(people: People, dossier: Dossier) -> None:
    set_hours(people.an)
    assert set_hours(people.an, cut_off=None) == 1
    assert due(dossier) == date(2026, 6, 4)
    assert OfficeHours.objects.get().cut_off is None


def test_what_is_finished_keeps_its_dates(people: People, dossier: Dossier) -> None:
    Dossier.objects.update(finished_day=day_number(date(2026, 6, 3)))
    assert set_hours(people.an) == 0
    assert due(dossier) == date(2026, 6, 4)


def test_hours_of_a_superior_hold_until_there_are_own_ones(people: People, dossier: Dossier) -> None:
    province = make_agency("H00", "UBND tỉnh")
    Agency.objects.filter(pk=people.agency.pk).update(parent=province)
    row = {"agency": province, "spans": [["07:00", "11:00"]], "entered_at": NOW}
    OfficeHours.objects.create(
        valid_from=date(2026, 2, 1), is_for_below=True, entered_by_id=people.an.person_id, **row
    )
    OfficeHours.objects.create(
        valid_from=date(2026, 4, 1), is_for_below=False, entered_by_id=people.an.person_id, **row
    )
    assert [each.valid_from for each in held_by(people.agency.pk)] == [date(2026, 2, 1)]
    assert [each.is_own for each in office_hours(people.an).rows] == [False]
    set_hours(people.an, date(2026, 3, 1))
    assert [(each.agency_id, each.valid_from) for each in held_by(people.agency.pk)] == [
        (province.pk, date(2026, 2, 1)),
        (people.agency.pk, date(2026, 3, 1)),
    ]
    assert not held_by(people.other_agency.pk)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"spans": [(time(11), time(7))]}, operations.HoursNotPossible),
        ({"spans": [(time(7), time(11)), (time(10), time(17))]}, operations.HoursNotPossible),
        ({"spans": []}, operations.HoursNotPossible),
        ({"cut_off": time(18)}, operations.CutOffNotPossible),
        ({"cut_off": time(7, 30)}, operations.CutOffNotPossible),
        ({"valid_from": date(1999, 12, 31)}, operations.DayNotPossible),
    ],
)
def test_hours_that_cannot_be_are_refused(
    people: People, given: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        set_hours(people.an, **given)  # type: ignore[arg-type]
    assert not OfficeHours.objects.exists()


def test_who_does_not_keep_the_calendar_sets_no_hours(people: People) -> None:
    with pytest.raises(NotAllowed):
        set_hours(people.binh)
    with pytest.raises(NotAllowed):
        operations.preview_office_hours(actor=people.binh, valid_from=TODAY, spans=USUAL, cut_off=None)
    assert not OfficeHours.objects.exists()
