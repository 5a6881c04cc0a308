"""Procedures of the catalogue for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from camket.core.dossiers import LimitUnit, OnlineLevel, TimeLimit
from camket.core.procedure_list import procedure_key, text_key
from camket.dossiers.models import Field, Procedure, ProcedureEdition
from camket.org.models import Agency

NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
FIVE_DAYS = TimeLimit(LimitUnit.WORKING_DAYS, Decimal(5))


def make_procedure(
    agency: Agency,
    name: str = "Đăng ký khai sinh",
    code: str = "1.001193",
    *,
    field: str = "Hộ tịch",
    limit: TimeLimit = FIVE_DAYS,
    valid_from: date = date(2026, 1, 1),
    level: OnlineLevel = OnlineLevel.NONE,
    is_listed: bool = True,
) -> Procedure:
    """Create a procedure with one edition."""
    row, _ = Field.objects.get_or_create(agency=agency, key=text_key(field), defaults={"name": field})
    procedure = Procedure.objects.create(
        agency=agency, code=code, key=procedure_key(code, name), is_listed=is_listed
    )
    procedure.edition = ProcedureEdition.objects.create(
        procedure=procedure,
        name=name,
        field=row,
        limit_amount=limit.amount,
        limit_unit=limit.unit.value,
        level=level.value,
        valid_from=valid_from,
        entered_at=NOW,
    )
    procedure.save(update_fields=["edition"])
    return procedure
