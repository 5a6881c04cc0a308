"""What a process remembers of an agency: nothing that was read amid a change."""

from __future__ import annotations

import pytest
from django.db import transaction

from camket.indicators.sources.procedures import MEMORY
from camket.journal.operations import record
from camket.notifications.due import _UNITS
from camket.org.models import Agency, Unit
from people import TODAY, make_people


@pytest.mark.django_db(transaction=True)
def test_what_was_read_amid_a_change_is_forgotten_when_it_is_done() -> None:
    agency: Agency = make_people().agency
    with transaction.atomic():
        record(
            actor=None, agency_id=agency.pk, verb="unit.added", subject=agency, on=TODAY, after={"name": "Tổ"}
        )
        MEMORY.rows([agency.pk])
        before = set(_UNITS.rows([agency.pk]))
        unit = Unit.objects.create(
            agency=agency, name="Tổ mới", kind=Unit.objects.filter(agency=agency)[0].kind
        )
    assert set(_UNITS.rows([agency.pk])) == before | {(unit.pk, "Tổ mới")}


@pytest.mark.django_db(transaction=True)
def test_what_a_change_that_was_undone_had_read_stands_for_nothing() -> None:
    agency: Agency = make_people().agency
    before = set(_UNITS.rows([agency.pk]))
    with transaction.atomic():
        record(
            actor=None, agency_id=agency.pk, verb="unit.added", subject=agency, on=TODAY, after={"name": "Tổ"}
        )
        Unit.objects.create(agency=agency, name="Tổ mới", kind=Unit.objects.filter(agency=agency)[0].kind)
        assert len(_UNITS.rows([agency.pk])) == len(before) + 1
        transaction.set_rollback(True)
    assert set(_UNITS.rows([agency.pk])) == before
