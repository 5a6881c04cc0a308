"""What the names of an export are in the agency: its procedures, fields and units, and what holds of a procedure when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

from camket.core.dossiers import LimitUnit, TimeLimit
from camket.core.procedure_list import UNKNOWN_FIELD, UNKNOWN_PROCEDURE, procedure_key, text_key, tidy_code
from camket.core.tally import day_number
from camket.core.wording.text import one_line, search_key
from camket.dossiers.courses import limit_of
from camket.dossiers.models import Field, Procedure, ProcedureEdition
from camket.org.models import Unit
from camket.org.queries import heirs

_FIRST_DAY = date(2000, 1, 1)
"""From when a procedure holds that only dossiers name: before every dossier."""

_LAST_DAY = day_number(date(2100, 12, 31))

_NAMES = ("procedure_code", "procedure_name", "field_name")


class Names:
    """The agency's names as they stand; :meth:`placed` puts their ids beside the rows of an export.

    ``limits`` are the time limits that the column ``limit`` counts; the first is none at all.
    """

    def __init__(self, agency_id: int) -> None:
        self._agency_id = agency_id
        self._fields: dict[str, int] = dict(
            Field.objects.filter(agency_id=agency_id).values_list("key", "pk")
        )
        self._procedures: dict[str, int] = {}
        self._uncoded: dict[str, int] = {}
        self._listed: dict[str, int] = {}
        for each in Procedure.objects.filter(agency_id=agency_id).select_related("edition").order_by("-pk"):
            self._procedures[each.key] = each.pk
            if not each.code:
                self._uncoded[each.key] = each.pk
            if each.is_listed and each.edition:
                self._listed[text_key(each.edition.name)] = each.pk
        self._units = {
            search_key(name): pk
            for pk, name in Unit.objects.filter(agency_id=agency_id)
            .order_by("is_active", "-pk")
            .values_list("pk", "name")
        }
        self._heirs = heirs(agency_id)
        self.limits: list[TimeLimit] = [TimeLimit(LimitUnit.NONE)]
        self._load_editions()

    def placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with ``procedure_id``, ``field_id``, ``unit_id``, ``level``, ``limit``; null where not known.

        The catalogue's word on field and level goes before the export's, where it lists the procedure; the export's on
        the unit goes before the catalogue's. What a former unit had not finished before its last day is of the unit that
        took over.
        """
        names = rows.select(_NAMES).unique()
        named = names.with_columns(
            pl.Series(
                "procedure_id",
                [self._procedure(*each[:2]) for each in names.rows()],
                pl.Int64,
            ),
            pl.Series(
                "named_field",
                [self._fields.get(text_key(each[2])) for each in names.rows()],
                pl.Int64,
            ),
        )
        units = rows.select("unit_name").unique()
        housed = units.with_columns(
            pl.Series("named_unit", [self._units.get(search_key(each)) for (each,) in units.rows()], pl.Int64)
        )
        placed = rows.join(named, on=_NAMES, how="left", maintain_order="left").join(
            housed, on="unit_name", how="left", maintain_order="left"
        )
        placed = placed.with_columns(
            pl.col("received_at").dt.date().cast(pl.Int32).fill_null(_LAST_DAY).alias("on")
        )
        pairs = placed.select("procedure_id", "on").unique().drop_nulls().sort("on")
        held = pairs.join_asof(
            self._editions,
            left_on="on",
            right_on="from",
            by="procedure_id",
            strategy="backward",
            check_sortedness=False,
        )
        held = held.join(self._first, on="procedure_id", how="left", suffix="_first").with_columns(
            pl.when(pl.col("to").is_null() | (pl.col("to") >= pl.col("on")))
            .then("edition_limit")
            .alias("edition_limit"),
            *(
                pl.coalesce(name, f"{name}_first").alias(name)
                for name in ("edition_field", "edition_unit", "edition_level")
            ),
        )
        placed = (
            placed.join(
                held.select(
                    "procedure_id", "on", "edition_limit", "edition_field", "edition_unit", "edition_level", "is_listed"
                ),
                on=["procedure_id", "on"],
                how="left",
                maintain_order="left",
            )
            .with_columns(
                pl.when(pl.col("is_listed").fill_null(value=False))
                .then(pl.coalesce("edition_field", "named_field"))
                .otherwise(pl.coalesce("named_field", "edition_field"))
                .alias("field_id"),
                pl.coalesce("named_unit", "edition_unit").alias("unit_id"),
                pl.coalesce("level", "edition_level", pl.lit(0)).cast(pl.Int16).alias("level"),
                pl.col("edition_limit").fill_null(0).cast(pl.UInt32).alias("limit"),
            )
            .drop(
                "on", "named_field", "named_unit", "edition_limit", "edition_field", "edition_unit", "edition_level",
                "is_listed",
            )
        )  # fmt: skip
        return self._handed_on(placed) if self._heirs else placed

    def _handed_on(self, placed: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the unit that took over from a former one; of one that was split, who has the procedure now."""
        newest = self._editions.unique("procedure_id", keep="last", maintain_order=True)
        newest = newest.select("procedure_id", has_it="edition_unit")
        rows = placed.join(newest, on="procedure_id", how="left", maintain_order="left")
        finished = pl.col("finished_at").dt.date().cast(pl.Int32)
        for heir in self._heirs:
            is_left = finished.is_null() | (finished >= day_number(heir.on))
            has_it = pl.col("has_it").is_in(sorted(heir.successor_ids)).fill_null(value=False)
            rows = rows.with_columns(
                pl.when((pl.col("unit_id") == heir.former_id) & is_left)
                .then(pl.when(has_it).then("has_it").otherwise(pl.lit(heir.rest_id)))
                .otherwise("unit_id")
                .alias("unit_id")
            )
        return rows.drop("has_it")

    def unknown(self, rows: pl.DataFrame) -> list[tuple[str, str, str]]:
        """Return code, name and field of the procedures, and those with fields, that the agency does not have."""
        return sorted(
            names
            for names in rows.select(_NAMES).unique().rows()
            if self._procedure(*names[:2]) is None
            or (text_key(names[2]) and self._field_key(names[2]) not in self._fields)
        )

    def enter(self, unknown: Sequence[tuple[str, str, str]], *, now: datetime) -> int:
        """Enter what :meth:`unknown` found as procedures that the catalogue does not list; return how many are new."""
        keys = {self._field_key(field): field for _, _, field in reversed(unknown)}
        fields = [
            Field(agency_id=self._agency_id, name=(one_line(field) or UNKNOWN_FIELD)[:255], key=key)
            for key, field in keys.items()
            if key not in self._fields
        ]
        self._fields.update((each.key, each.pk) for each in Field.objects.bulk_create(fields))
        new: dict[str, tuple[Procedure, str, str]] = {}
        for code, name, field in unknown:
            key = procedure_key(code, name) or text_key(UNKNOWN_PROCEDURE)
            uncoded = new.get(text_key(name))
            if self._procedure(code, name) is not None or key in new or (uncoded and not uncoded[0].code):
                continue
            procedure = Procedure(agency_id=self._agency_id, code=tidy_code(code), key=key, is_listed=False)
            new[key] = procedure, one_line(name) or one_line(code) or UNKNOWN_PROCEDURE, field
        procedures = Procedure.objects.bulk_create(each for each, _, _ in new.values())
        editions = ProcedureEdition.objects.bulk_create(
            ProcedureEdition(
                procedure=procedure,
                name=name,
                field_id=self._fields[self._field_key(field)],
                valid_from=_FIRST_DAY,
                entered_at=now,
            )
            for procedure, name, field in new.values()
        )
        for procedure, edition in zip(procedures, editions, strict=True):
            procedure.edition = edition
            self._procedures[procedure.key] = procedure.pk
            if not procedure.code:
                self._uncoded[procedure.key] = procedure.pk
        Procedure.objects.bulk_update(procedures, ["edition"])
        if procedures:
            self._load_editions()
        return len(procedures)

    def _load_editions(self) -> None:
        numbers = {limit: number for number, limit in enumerate(self.limits)}
        rows = []
        editions = ProcedureEdition.objects.filter(procedure__agency_id=self._agency_id)
        for each in editions.select_related("procedure").order_by("valid_from"):
            limit = limit_of(each)
            if limit not in numbers:
                numbers[limit] = len(self.limits)
                self.limits.append(limit)
            rows.append(
                (
                    each.procedure_id, day_number(each.valid_from),
                    day_number(each.valid_to) if each.valid_to else None, numbers[limit],
                    each.field_id, each.unit_id, each.level, each.procedure.is_listed,
                )
            )  # fmt: skip
        schema = {
            "procedure_id": pl.Int64, "from": pl.Int32, "to": pl.Int32, "edition_limit": pl.UInt32,
            "edition_field": pl.Int64, "edition_unit": pl.Int64, "edition_level": pl.Int16, "is_listed": pl.Boolean,
        }  # fmt: skip
        self._editions = pl.DataFrame(rows, schema=schema, orient="row").sort("from")
        first = self._editions.unique("procedure_id", keep="first", maintain_order=True)
        self._first = first.select("procedure_id", "edition_field", "edition_unit", "edition_level")

    def _procedure(self, code: str, name: str) -> int | None:
        """Return the procedure of a code, else the one without a code that has the name; without a code, by the name."""
        tidy, key = tidy_code(code), text_key(name)
        if tidy:
            return self._procedures.get(tidy) or (self._uncoded.get(key) if key else None)
        return self._procedures.get(key or text_key(UNKNOWN_PROCEDURE)) or self._listed.get(key)

    @staticmethod
    def _field_key(field: str) -> str:
        return text_key(field) or text_key(UNKNOWN_FIELD)
