"""A register as a spreadsheet for people: the template, the list taken out, refused rows handed back to be mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.utils import translation
from django.utils.translation import gettext

from camket.core.cells import seen_cell
from camket.core.registers import Register
from camket.core.registers.sheet import REASON_HEADING, Cell, cells_of, headings, lists_of
from camket.org.policy import Actor, can
from camket.paper.sheets import write_csv, write_sheet
from camket.registers.filling import values_of
from camket.registers.names import names_of
from camket.registers.queries import BatchRow, Wanted, whole
from camket.registers.sight import seen_by


def template(actor: Actor, register: Register, today: date) -> bytes:
    """Return an empty spreadsheet of a register as XLSX, what may be chosen offered in its cells. Raises NotAllowed."""
    seen_by(actor, register)
    names = names_of(actor.agency_id, register, on=today)
    if not can(actor, "people.view"):
        names = replace(names, people=())
    return write_sheet(
        names.word(register.title), headings(register, names), (), choices=lists_of(register.fields, names)
    )


def taken_out(actor: Actor, register: Register, wanted: Wanted, today: date, *, ending: str) -> bytes:
    """Return what a list is narrowed to as a spreadsheet that reads back equal; ``ending`` is xlsx or csv.

    Raises NotAllowed, KeyError for another ending.
    """
    names, entries = whole(actor, register, wanted, today)
    rows: Iterator[tuple[Cell, ...]] = (
        cells_of(register, values_of(each, register), names) for each in entries
    )
    header = headings(register, names)
    writers = {
        "xlsx": lambda: write_sheet(
            names.word(register.title), header, rows, choices=lists_of(register.fields, names)
        ),
        "csv": lambda: write_csv(header, rows),
    }
    return writers[ending]()


def refused_sheet(batch: BatchRow) -> bytes:
    """Return the refused rows of a spreadsheet as XLSX, each with what is to be mended; it is read in again as it is."""
    with translation.override("vi"):
        rows = [
            (
                *(seen_cell(cell) for cell in each.cells),
                *[""] * (len(batch.headings) - len(each.cells)),
                "\n".join(
                    f"{one.cell}: {said}" if one.cell else said
                    for one in each.problems
                    for said in (gettext(one.message.template) % one.message.params,)
                ),
            )
            for each in batch.refused
        ]
    return write_sheet(batch.name, (*batch.headings, REASON_HEADING), rows)
