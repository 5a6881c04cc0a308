"""Rows of an export as the reader gives them, and imports of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from camket.dossiers.importing.apply import Import, Written
from camket.dossiers.importing.part import SCHEMA, Part, Refused
from camket.dossiers.models import Batch
from camket.org.models import Agency

NOW = timezone.make_aware(datetime(2026, 7, 1, 8, 0))

BLANK: Mapping[str, Any] = {name: "" if dtype == pl.String() else None for name, dtype in SCHEMA.items()} | {
    "state": 4,
    "channel": 1,
    "payment": 0,
    "is_digitised": False,
    "is_result_digitised": False,
}


def row(code: str, **said: Any) -> dict[str, Any]:
    """One row with what a test says of it."""
    return {**BLANK, "code": code, "procedure_code": "1.001193", "procedure_name": "Đăng ký khai sinh",
            "field_name": "Hộ tịch", "received_at": datetime(2026, 6, 1, 8, 30), **said}  # fmt: skip


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a part has them, numbered from 2, marked by their content."""
    marked = []
    for number, each in enumerate(rows, 2):
        content = {name: each[name] for name in SCHEMA if name not in ("row", "content_hash")}
        text = json.dumps(content, default=str, sort_keys=True)
        mark = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)
        marked.append({**content, "row": number, "content_hash": mark})
    return pl.DataFrame(marked, schema=SCHEMA)


def batch(agency: Agency, as_of: date, rows: int, *, number: int = 0) -> Batch:
    """A batch that runs."""
    return Batch.objects.create(
        agency=agency, origin=Batch.Origin.PAGE, state=Batch.State.RUNNING, file_name="ho-so.csv",
        sha256=f"{number:064d}", as_of=as_of, total_rows=rows, created_at=NOW, reading={},
    )  # fmt: skip


def applied(
    agency: Agency,
    rows: Sequence[Mapping[str, Any]],
    as_of: date = date(2026, 6, 30),
    refused: Sequence[Refused] = (),
) -> tuple[Batch, list[Written]]:
    """Import rows as one batch that is done."""
    into = batch(agency, as_of, len(rows))
    work = Import(into)
    written = []
    for step in work.steps([Part(frame(rows), tuple(refused), len(rows) + 1)]):
        with transaction.atomic():
            written.append(work.write(step, now=NOW))
    into.spans = [step.span for step in written if step.span]
    into.state = Batch.State.DONE
    into.save()
    return into, written
