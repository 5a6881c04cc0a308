"""The office's registers as data: what each holds, how it is read from a spreadsheet, what it adds to the counts.

:mod:`.definition` says what a register is made of; each other module defines one family of registers; :data:`REGISTERS`
holds them all by key. Pages, forms, spreadsheets, counts and indicators are made from the definitions alone.
"""

from camket.core.registers.definition import (
    Choice,
    Count,
    Facts,
    Field,
    Kind,
    Register,
)

__all__ = ["Choice", "Count", "Facts", "Field", "Kind", "Register"]
