"""Counts kept, counted by SQL and counted one by one agree to the last row, whatever was imported, corrected, undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Count, Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camket.core.dossiers import Channel, Outcome
from camket.core.tally import COUNTS, Grain, Shape
from camket.dossiers import tally
from camket.dossiers.importing.undo import UndoRefused, refuse_unless_last, undo
from camket.dossiers.models import Batch, Bucket, Dossier, DossierChange, Pause
from camket.dossiers.operations import letters
from camket.org.models import Agency, Role
from dossiers.importing.rows import NOW, applied, row
from people import People, actor_of, make_agency, make_person
from tallies import answered, counted_plainly, kept, of_days

FIRST = date(2026, 5, 25)
MOMENT = st.builds(
    lambda day, hour: datetime(2026, 5, 25) + timedelta(days=day, hours=hour),
    st.integers(0, 40),
    st.sampled_from([0, 8, 16]),
)
MAYBE = st.none() | MOMENT
CODES = [f"H26.1-2605-{number:04d}" for number in range(6)]


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    received = draw(MOMENT)
    after = st.none() | st.integers(0, 15).map(lambda days: received + timedelta(days=days))
    return row(
        draw(st.sampled_from(CODES)),
        procedure_code=draw(st.sampled_from(["1.001193", "2.000635"])),
        field_name=draw(st.sampled_from(["Hộ tịch", "Chứng thực"])),
        unit_name=draw(st.sampled_from(["", "Phòng Kinh tế"])),
        channel=draw(st.sampled_from([0, 1, 2, 3])),
        level=draw(st.sampled_from([None, 11, 12])),
        state=draw(st.sampled_from([1, 3, 4, 5, 6, 7, 8, 9, 10])),
        received_at=received,
        due_given=draw(after),
        finished_at=draw(after),
        supplement_asked_at=draw(after),
        supplement_back_at=draw(after),
        reappointed_at=draw(after),
        due_again=draw(after),
        payment=draw(st.sampled_from([0, 1, 2, 3])),
        is_digitised=draw(st.booleans()),
    )


EXPORT = st.lists(said(), max_size=6, unique_by=lambda each: each["code"])
ACTS = st.lists(st.tuples(st.just("import"), EXPORT) | st.tuples(st.just("undo"), st.none()), max_size=6)


def everything(agency: Agency) -> tuple[Any, ...]:
    """All that an undo must bring back."""
    without = {"first_batch_id", "id", "agency_id"}
    dossiers = [
        {name: value for name, value in each.items() if name not in without}
        for each in Dossier.objects.filter(agency=agency).order_by("code").values()
    ]
    pauses = list(
        Pause.objects.order_by("dossier__code", "since", "state", "until").values_list(
            "dossier__code", "state", "since", "until"
        )
    )
    return dossiers, pauses, kept(agency.pk)


def check(agency: Agency) -> None:
    dossiers = list(Dossier.objects.filter(agency=agency))
    facts = [tally.facts_of(each) for each in dossiers]
    assert kept(agency.pk) == counted_plainly(facts)
    for first, last in ((FIRST, FIRST + timedelta(days=20)), (date(2026, 1, 15), date(2026, 6, 14))):
        assert answered(agency.pk, first, last) == of_days(facts, first, last)
    whole = Bucket.objects.filter(agency=agency, shape=Shape.ALL, grain=Grain.MONTH)
    sums = whole.aggregate(**{name: Sum(name, default=0) for name in COUNTS})
    received, finished = ~Q(received_day=None), ~Q(received_day=None) & ~Q(finished_day=None)
    by_sql = Dossier.objects.filter(agency=agency).aggregate(
        received=Count("pk", filter=received),
        received_online=Count("pk", filter=received & Q(channel=Channel.ONLINE)),
        finished=Count("pk", filter=finished),
        late=Count("pk", filter=finished & Q(outcome=Outcome.LATE)),
        late_first=Count("pk", filter=finished & Q(outcome_first=Outcome.LATE)),
        fell_overdue=Count("pk", filter=received & ~Q(overdue_day=None)),
        waiting_began=Count("pk", filter=received & ~Q(waiting_from_day=None)),
        handling_days=Sum("handling_days", filter=finished, default=0),
    )
    assert {name: sums[name] for name in by_sql} == by_sql


@pytest.mark.django_db(transaction=False)
@given(acts=ACTS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_counts_agree_after_any_sequence_of_imports_corrections_and_undos(
    acts: list[tuple[str, list[Mapping[str, Any]] | None]], db: None
) -> None:
    agency = make_agency(f"H00.{Agency.objects.count() + 10}", "UBND xã Thử")
    done: list[tuple[Batch, tuple[Any, ...]]] = []
    for number, (act, rows) in enumerate(acts):
        if act == "import" and rows is not None:
            before = everything(agency)
            made, _ = applied(agency, rows, as_of=FIRST + timedelta(days=30 + number))
            done.append((made, before))
        elif done:
            made, before = done.pop()
            refuse_unless_last(batch=made)
            Batch.objects.filter(pk=made.pk).update(state=Batch.State.UNDOING)
            undo(batch_id=made.pk, clock=lambda: NOW)
            assert everything(agency) == before
            assert not DossierChange.objects.filter(batch=made).exists()
        check(agency)


@pytest.mark.django_db
def test_an_import_is_not_undone_under_one_that_came_later() -> None:
    agency = make_agency()
    first, _ = applied(agency, [row("A-1"), row("A-2")])
    second, _ = applied(agency, [row("A-1", state=9, finished_at=datetime(2026, 6, 3)), row("A-3")])
    with pytest.raises(UndoRefused, match="A-1"):
        refuse_unless_last(batch=first)
    refuse_unless_last(batch=second)


@pytest.mark.django_db
def test_an_import_is_not_undone_under_a_letter_that_gave_a_new_date(people: People) -> None:
    mai = actor_of(make_person(people.agency, "Đỗ Thị Mai", "mai", Role.ONE_STOP), people.agency)
    applied(people.agency, [row("A-1", due_given=datetime(2026, 6, 5))])
    drafted = letters.draft_letters(
        actor=mai, dossier_ids=[Dossier.objects.get().pk], kind="apology", reason="Xác minh",
        due_new=date(2026, 7, 9), now=NOW,
    )  # fmt: skip
    changed, _ = applied(people.agency, [row("A-1", due_given=datetime(2026, 6, 10))])
    refuse_unless_last(batch=changed)
    letters.issue_letters(
        actor=mai, letter_ids=drafted.letter_ids, issued_on=date(2026, 7, 1), signed_by="Lê Minh Châu",
        capacity="", authority="", now=NOW,
    )  # fmt: skip
    with pytest.raises(UndoRefused, match="A-1"):
        refuse_unless_last(batch=changed)
    again, _ = applied(people.agency, [row("A-1", due_given=datetime(2026, 6, 10), applicant="Lê Thị Na")])
    refuse_unless_last(batch=again)
