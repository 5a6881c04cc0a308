"""Every write of the registers: one function for each thing an official does.

The public door; import from here. Inside, by subject: ``entries``, ``batches`` (spreadsheets), ``numbers`` (of outgoing
documents), ``lists`` (own lists, and entries made of others), ``letters`` (reminder letters), ``many`` (acts on many rows
of a list), ``meetings`` (their invitations), ``programme`` (its papers),
``issued`` (papers made here: entered, withdrawn), ``copies`` (copies and extracts of documents).
"""

from camket.registers.bringing import MOST_ROWS, Planned, PlannedRow, SheetUnusable
from camket.registers.operations.batches import (
    TakenBack,
    bring_in,
    mend_refused,
    preview,
    retry_refused,
    set_aside_refused,
    take_back,
)
from camket.registers.operations.copies import (
    FileMissing,
    FormNotPossible,
    NewCopy,
    TextMissing,
    issue_copy,
    preview_copy,
    withdraw_copy,
)
from camket.registers.operations.entries import (
    DueFixed,
    ExtensionNotPossible,
    StateNotFitting,
    ask_extension,
    attach,
    change,
    decide_extension,
    enter,
    finish,
    reopen,
    withdraw,
    withdraw_evidence,
)
from camket.registers.operations.figures import enter_figures
from camket.registers.operations.issued import PaperNotInForce
from camket.registers.operations.letters import (
    LetterIncomplete,
    LetterNotDraft,
    NothingToRemind,
    ReplyDayNotPossible,
    discard_letter,
    draft_letters,
    edit_letter,
    issue_letters,
    withdraw_letter,
)
from camket.registers.operations.lists import carry_on, derive, save_item
from camket.registers.operations.many import (
    HARMLESS,
    act_on_entries,
    acts_of,
    preview_many,
    undo_on_entries,
)
from camket.registers.operations.meetings import InvitationNotPossible, send_invitations
from camket.registers.operations.numbers import SigningDayNotPossible, give_number
from camket.registers.operations.programme import (
    PaperChanged,
    PaperEmpty,
    SignerMissing,
    issue_programme_paper,
    withdraw_programme_paper,
)
from camket.registers.writing import EntryKnown, NumberTaken, ValuesRefused

__all__ = [
    "HARMLESS",
    "MOST_ROWS",
    "DueFixed",
    "EntryKnown",
    "ExtensionNotPossible",
    "FileMissing",
    "FormNotPossible",
    "InvitationNotPossible",
    "LetterIncomplete",
    "LetterNotDraft",
    "NothingToRemind",
    "NumberTaken",
    "PaperChanged",
    "PaperEmpty",
    "PaperNotInForce",
    "Planned",
    "PlannedRow",
    "ReplyDayNotPossible",
    "SheetUnusable",
    "SignerMissing",
    "SigningDayNotPossible",
    "StateNotFitting",
    "TakenBack",
    "TextMissing",
    "ValuesRefused",
    "act_on_entries",
    "acts_of",
    "ask_extension",
    "attach",
    "bring_in",
    "carry_on",
    "change",
    "decide_extension",
    "derive",
    "discard_letter",
    "draft_letters",
    "edit_letter",
    "enter",
    "enter_figures",
    "finish",
    "give_number",
    "NewCopy",
    "issue_copy",
    "issue_letters",
    "issue_programme_paper",
    "mend_refused",
    "preview",
    "preview_copy",
    "preview_many",
    "reopen",
    "retry_refused",
    "save_item",
    "send_invitations",
    "set_aside_refused",
    "take_back",
    "undo_on_entries",
    "withdraw",
    "withdraw_copy",
    "withdraw_evidence",
    "withdraw_letter",
    "withdraw_programme_paper",
]
