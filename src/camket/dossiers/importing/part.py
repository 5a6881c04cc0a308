"""What reading gives and applying takes: a part of an export as typed columns, and the rows of it that were refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from camket.core.messages import Message

SCHEMA: dict[str, pl.DataType] = {
    "row": pl.UInt32(),  # of the file, as people count
    "code": pl.String(),
    "procedure_code": pl.String(),
    "procedure_name": pl.String(),
    "field_name": pl.String(),
    "unit_name": pl.String(),
    "channel": pl.UInt8(),  # core.dossiers.Channel
    "level": pl.UInt8(),  # core.dossiers.OnlineLevel; null: as the catalogue says
    "state": pl.UInt8(),  # core.dossiers.State
    "applicant": pl.String(),
    "address": pl.String(),
    "phone": pl.String(),
    # Moments by the clock of the agency's time zone, without a zone; a date alone is midnight.
    "received_at": pl.Datetime("us"),
    "due_given": pl.Datetime("us"),
    "finished_at": pl.Datetime("us"),
    "returned_at": pl.Datetime("us"),
    "supplement_asked_at": pl.Datetime("us"),
    "supplement_back_at": pl.Datetime("us"),
    "reappointed_at": pl.Datetime("us"),
    "due_again": pl.Datetime("us"),  # the date given at a re-appointment
    "result_given": pl.UInt8(),  # core.dossiers.Outcome as the export states it; null: not stated
    "payment": pl.UInt8(),  # core.dossiers.Payment
    "is_digitised": pl.Boolean(),
    "is_result_digitised": pl.Boolean(),
    "content_hash": pl.Int64(),  # of the columns above but ``row``: the same in every process and on every machine
}
"""Columns of a part's rows; text that an export does not have is "", all else null."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was refused: the field of a dossier, the cell as spreadsheets call it (C14), and a sentence."""

    field: str
    cell: str
    message: Message


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was refused, with its cells by their header as they stood."""

    number: int
    cells: Mapping[str, str]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What was noticed on rows that were not refused for it: how many, and the first of their cells.

    ``kind``: ``unusual_code`` (of none of the known shapes), ``repeated`` (the same row again, left out), ``superseded``
    (an older row of a dossier that stands in the file twice, left out), ``shortened`` (personal text cut to what is kept).
    """

    kind: str
    count: int
    cell: str


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive rows of an export: those that can be taken, and those that cannot; ``until`` is the last row behind it."""

    rows: pl.DataFrame
    refused: tuple[Refused, ...]
    until: int
    notes: tuple[Note, ...] = ()
