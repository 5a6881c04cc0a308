"""What migrations make of dossiers that are there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from camket.dossiers.importing.undo import added_by
from camket.dossiers.models import Batch, Dossier, DossierChange, Letter, RefusedRow
from history import Step
from people import People
from procedures import make_procedure
from seeded import batch_of, make_late_dossier

FIRST, NEW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC), datetime(2026, 7, 7, 17, tzinfo=UTC)
ON = datetime(2026, 6, 14, 3, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_dates_promised_before_are_found_where_they_stood(people: People) -> None:
    procedure = make_procedure(people.agency)
    held, too_late, none = (
        make_late_dossier(people.agency, procedure, f"H00.1-260601-{number:04d}") for number in (1, 2, 3)
    )
    told = DossierChange.objects.create(
        dossier=held, at=ON,
        before={"due_now": FIRST.isoformat(), "reappointed_at": None},
        after={"due_now": NEW.isoformat(), "reappointed_at": ON.isoformat()},
    )  # fmt: skip
    Dossier.objects.filter(pk=held.pk).update(due_now=NEW, reappointed_at=ON)
    Dossier.objects.filter(pk=too_late.pk).update(reappointed_at=FIRST)
    letter = {"agency": people.agency, "kind": "apology", "reason": "Quá tải", "created_at": ON}
    for dossier in (held, too_late):
        Letter.objects.create(
            dossier=dossier, state="issued", due_new=NEW, number=dossier.pk, year=2026,
            created_by_id=people.an.person_id, **letter,
        )  # fmt: skip
    Dossier.objects.update(due_promised=None)
    Step("dossiers", "0005_dates_promised_before").do()
    promised = dict(Dossier.objects.values_list("pk", "due_promised"))
    assert promised == {held.pk: NEW, too_late.pk: NEW, none.pk: None}
    told.refresh_from_db()
    assert (told.before["due_promised"], told.after["due_promised"]) == (None, "2026-07-08T00:00:00+07:00")


@pytest.mark.django_db(transaction=True)
def test_batches_before_tell_between_which_ids_their_dossiers_stand(people: People) -> None:
    procedure = make_procedure(people.agency)
    own = [make_late_dossier(people.agency, procedure, f"H00.1-260601-{number:04d}") for number in (1, 2, 3)]
    batch, empty = batch_of(people.agency), batch_of(people.agency)
    Dossier.objects.filter(pk__in=[own[0].pk, own[2].pk]).update(first_batch=batch)
    step = Step("dossiers", "0009_added_by_spans_of_ids")
    step.take_back()
    step.do()
    spans = dict(Batch.objects.values_list("pk", "spans"))
    assert (spans[batch.pk], spans[empty.pk]) == ([[own[0].pk, own[2].pk]], [])
    batch.refresh_from_db()
    assert {each.pk for each in added_by(batch, batch.spans[0])} == {own[0].pk, own[2].pk}


@pytest.mark.django_db(transaction=True)
def test_rows_settled_before_tell_by_which_import(people: People) -> None:
    batch, later = batch_of(people.agency), batch_of(people.agency)
    row = RefusedRow.objects.create(batch=batch, number=7, cells={}, reasons=[], state="mended")
    Batch.objects.filter(pk=later.pk).update(reading={"mapping": {}, "settled": [row.pk]})
    step = Step("dossiers", "0010_rows_settled_by_later_imports")
    step.take_back()
    step.do()
    row.refresh_from_db()
    later.refresh_from_db()
    assert (row.settled_in, later.reading) == (later, {"mapping": {}})
