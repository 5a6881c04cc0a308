"""What an import writes: dossiers, their clock, their history, pauses, counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from camket.core.dossiers import Outcome, State
from camket.core.tally import day_number
from camket.dossiers.importing.apply import PORTIONS, Import
from camket.dossiers.importing.part import Part
from camket.dossiers.models import (
    Dossier,
    DossierChange,
    Field,
    Pause,
    Procedure,
    ProcedureEdition,
    RefusedRow,
    TallyRevision,
)
from camket.org.models import Agency, Unit
from dossiers.importing.rows import NOW, applied, batch, frame, row
from people import make_agency
from tallies import counted_plainly, kept

pytestmark = pytest.mark.django_db

JUNE = date(2026, 6, 30)


def local(moment: datetime | None) -> datetime | None:
    return None if moment is None else timezone.localtime(moment).replace(tzinfo=None)


@pytest.fixture
def agency() -> Agency:
    return make_agency()


def listed(agency: Agency, days: int = 3, since: date = date(2026, 1, 1)) -> Procedure:
    """A procedure of the catalogue with a limit in working days."""
    field = Field.objects.create(agency=agency, name="Hộ tịch", key="ho tich")
    procedure = Procedure.objects.create(agency=agency, code="1.001193", key="1.001193")
    procedure.edition = ProcedureEdition.objects.create(
        procedure=procedure, name="Đăng ký khai sinh", field=field, limit_amount=Decimal(days),
        limit_unit="working_days", level=12, valid_from=since, entered_at=NOW,
    )  # fmt: skip
    procedure.save()
    return procedure


def check_counts(agency: Agency) -> None:
    from camket.dossiers import tally

    facts = [tally.facts_of(each) for each in Dossier.objects.filter(agency=agency)]
    assert kept(agency.pk) == counted_plainly(facts)


def test_new_rows_become_dossiers_with_their_clock_and_their_counts(agency: Agency) -> None:
    procedure = listed(agency)
    done = row(
        "H26.1-260601-0001", state=9, channel=2, applicant="Trần Thị Mận", unit_name="phòng kinh tế",
        due_given=datetime(2026, 6, 4, 17, 0), finished_at=datetime(2026, 6, 5, 9, 0), payment=3,
    )  # fmt: skip
    _, [written] = applied(agency, [done, row("H26.1-260601-0002")])
    assert (written.added, written.changed, written.same) == (2, 0, 0)
    first = Dossier.objects.get(code="H26.1-260601-0001")
    assert first.procedure == procedure
    assert first.field.name == "Hộ tịch"
    assert first.unit == Unit.objects.get(agency=agency, name="Phòng Kinh tế")
    assert (first.unit_text, first.level, first.applicant) == ("phòng kinh tế", 12, "Trần Thị Mận")
    assert local(first.due_computed) == datetime(2026, 6, 4, 17, 30)
    assert local(first.due_now) == datetime(2026, 6, 4, 17, 0)
    assert (first.outcome, first.overdue_day) == (Outcome.LATE, day_number(date(2026, 6, 5)))
    second = Dossier.objects.get(code="H26.1-260601-0002")
    assert (second.outcome, second.unit) == (Outcome.OPEN, None)
    assert local(second.received_at) == datetime(2026, 6, 1, 8, 30)
    check_counts(agency)
    assert TallyRevision.objects.get(agency=agency).number == 1


def test_the_same_rows_again_change_nothing(agency: Agency) -> None:
    rows = [row("A-1"), row("A-2", state=5), row("A-3", state=10, finished_at=datetime(2026, 6, 3))]
    applied(agency, rows)
    _, [written] = applied(agency, rows)
    assert (written.added, written.changed, written.same, written.days) == (0, 0, 3, None)
    assert not DossierChange.objects.exists()
    assert TallyRevision.objects.get(agency=agency).number == 1
    check_counts(agency)


def test_a_row_that_says_something_else_changes_its_dossier_and_its_history(agency: Agency) -> None:
    applied(agency, [row("A-1"), row("A-2")], as_of=date(2026, 6, 2))
    again, [written] = applied(
        agency, [row("A-1"), row("A-2", state=9, finished_at=datetime(2026, 6, 3, 10, 0))]
    )
    assert (written.added, written.changed, written.same) == (0, 1, 1)
    change = DossierChange.objects.get()
    assert change.batch == again
    assert (change.before["state"], change.after["state"]) == (4, 9)
    assert change.after["finished_at"] == "2026-06-03T10:00:00+07:00"
    assert Dossier.objects.get(code="A-2").finished_day == day_number(date(2026, 6, 3))
    check_counts(agency)


def test_a_dossier_is_never_refused_for_a_procedure_that_the_catalogue_lacks(agency: Agency) -> None:
    _, [written] = applied(
        agency, [row("A-1", procedure_code="2.000635", procedure_name="Cấp bản sao", field_name="Chứng thực")]
    )
    assert written.new_procedures == 1
    procedure = Procedure.objects.get(code="2.000635")
    assert (procedure.is_listed, str(procedure.edition)) == (False, "Cấp bản sao")
    assert Dossier.objects.get().field.key == "chung thuc"


def test_a_procedure_named_with_its_code_and_without_in_one_file_is_entered_once(agency: Agency) -> None:
    rows = [
        row("A-1", procedure_code="", procedure_name="Chứng thực chữ ký", field_name="Chứng thực"),
        row("A-2", procedure_code="2.000884", procedure_name="Chứng thực chữ ký", field_name="CHỨNG THỰC"),
        row("A-3", procedure_code="2.000815", procedure_name="Chứng thực bản sao", field_name=""),
    ]
    _, [written] = applied(agency, rows)
    assert written.new_procedures == 2
    found = dict(Dossier.objects.values_list("code", "procedure__edition__name"))
    assert found == {"A-1": "Chứng thực chữ ký", "A-2": "Chứng thực chữ ký", "A-3": "Chứng thực bản sao"}
    assert Field.objects.filter(agency=agency).count() == 2


def test_a_procedure_is_found_by_its_name_where_the_export_has_no_codes(agency: Agency) -> None:
    procedure = listed(agency)
    applied(agency, [row("A-1", procedure_code="", procedure_name="ĐĂNG KÝ  khai sinh", field_name="")])
    assert Dossier.objects.get().procedure == procedure
    assert Procedure.objects.count() == 1
    assert Field.objects.count() == 1


def test_a_state_that_stops_the_clock_opens_a_pause_and_leaving_it_ends_the_pause(agency: Agency) -> None:
    listed(agency, days=5)
    applied(agency, [row("A-1")], as_of=date(2026, 6, 2))
    applied(agency, [row("A-1", state=6)], as_of=date(2026, 6, 4))
    pause = Pause.objects.get()
    assert (pause.state, local(pause.since), pause.until) == (State.OBLIGATION, datetime(2026, 6, 4), None)
    assert Dossier.objects.get().overdue_day is None
    applied(agency, [row("A-1", state=4)], as_of=date(2026, 6, 9))
    pause.refresh_from_db()
    assert local(pause.until) == datetime(2026, 6, 9)
    # Received Monday the 1st, five working days, stood still from Thursday to Tuesday: three days later.
    assert local(Dossier.objects.get().due_computed) == datetime(2026, 6, 11, 17, 30)
    check_counts(agency)


def test_a_new_date_given_here_stands_when_the_export_does_not_tell_of_it(agency: Agency) -> None:
    listed(agency)
    applied(agency, [row("A-1", due_given=datetime(2026, 6, 4))], as_of=date(2026, 6, 2))
    dossier = Dossier.objects.get()
    dossier.reappointed_at = timezone.make_aware(datetime(2026, 6, 3, 9, 0))
    dossier.due_now = dossier.due_promised = timezone.make_aware(datetime(2026, 6, 12))
    dossier.is_answered = True
    dossier.save()
    applied(
        agency,
        [row("A-1", due_given=datetime(2026, 6, 4), state=9, finished_at=datetime(2026, 6, 12, 8, 0))],
    )
    dossier.refresh_from_db()
    assert local(dossier.due_now) == datetime(2026, 6, 12)
    assert (dossier.outcome, dossier.outcome_first) == (Outcome.ON_TIME, Outcome.LATE)
    assert dossier.is_answered


def test_a_date_given_in_the_export_for_a_while_does_not_take_the_promised_one_away(agency: Agency) -> None:
    listed(agency)
    receipt, promised = datetime(2026, 6, 4), datetime(2026, 6, 12)
    again = {"reappointed_at": datetime(2026, 6, 3, 9, 0), "due_again": promised}
    applied(agency, [row("A-1", due_given=receipt, **again)], as_of=date(2026, 6, 3))
    applied(agency, [row("A-1", due_given=promised)], as_of=date(2026, 6, 4))
    dossier = Dossier.objects.get()
    assert (local(dossier.due_first), local(dossier.due_now)) == (promised, promised)
    applied(agency, [row("A-1", due_given=receipt)], as_of=date(2026, 6, 5))
    dossier.refresh_from_db()
    assert [local(each) for each in (dossier.due_first, dossier.due_promised, dossier.due_now)] == [
        receipt, promised, promised,
    ]  # fmt: skip
    check_counts(agency)


def test_an_older_export_does_not_overwrite_what_a_newer_one_said(agency: Agency) -> None:
    applied(agency, [row("A-1", state=9, finished_at=datetime(2026, 6, 3))], as_of=JUNE)
    _, [written] = applied(agency, [row("A-1"), row("A-2")], as_of=JUNE - timedelta(days=20))
    assert (written.added, written.changed, written.same, written.older) == (1, 0, 1, 1)
    assert Dossier.objects.get(code="A-1").state == State.DONE


@pytest.mark.parametrize("size", [1, 2, 3, 25_000])
def test_a_dossier_that_a_file_tells_of_twice_is_what_it_says_last(
    agency: Agency, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PORTIONS, connection.vendor, size)
    into = batch(agency, JUNE, 3)
    work = Import(into)
    late = row("A-2", state=9, finished_at=datetime(2026, 6, 3))
    parts = [[row("A-1"), row("A-2")], [late, row("A-3")]]
    for step in work.steps([Part(frame(rows), (), 3 * at + 3) for at, rows in enumerate(parts)]):
        with transaction.atomic():
            work.write(step, now=NOW)
    assert Dossier.objects.count() == 3
    assert Dossier.objects.get(code="A-2").state == State.DONE
    check_counts(agency)


def test_what_is_not_received_counts_nowhere(agency: Agency) -> None:
    applied(agency, [row("A-1", state=1), row("A-2", state=3), row("A-3", state=1, received_at=None)])
    assert Dossier.objects.count() == 3
    assert kept(agency.pk) == {}


def test_each_agency_has_its_own_dossiers(agency: Agency) -> None:
    other = make_agency("H00.9", "UBND xã Khác")
    applied(agency, [row("A-1")])
    _, [written] = applied(other, [row("A-1", state=9, finished_at=datetime(2026, 6, 3))])
    assert written.added == 1
    assert Dossier.objects.get(agency=agency).state == 4
    check_counts(agency)
    check_counts(other)


def test_long_texts_are_cut_to_what_a_column_takes(agency: Agency) -> None:
    applied(agency, [row("A-1", address="Đường " * 200, phone="0" * 90)])
    dossier = Dossier.objects.get()
    assert (len(dossier.address), len(dossier.phone)) == (500, 60)
    assert not RefusedRow.objects.exists()
