"""Every write of the registers: one function for each thing an official does.

The public door; import from here.
"""

from camket.registers.operations.entries import (
    DueFixed,
    EntryKnown,
    ExtensionNotPossible,
    NumberTaken,
    StateNotFitting,
    ValuesRefused,
    ask_extension,
    attach,
    change,
    decide_extension,
    enter,
    finish,
    reopen,
    withdraw,
)

__all__ = [
    "DueFixed",
    "EntryKnown",
    "ExtensionNotPossible",
    "NumberTaken",
    "StateNotFitting",
    "ValuesRefused",
    "ask_extension",
    "attach",
    "change",
    "decide_extension",
    "enter",
    "finish",
    "reopen",
    "withdraw",
]
