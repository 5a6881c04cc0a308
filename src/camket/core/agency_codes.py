"""The form of the codes that agencies carry.

Codes are text: an administrative unit's has leading zeros, an identifier letters.
"""

from __future__ import annotations

import re
from enum import StrEnum

from camket.core.messages import Message, Refusal, gettext_noop

LONGEST = 35
_IDENTIFIER = re.compile(r"[A-Z][0-9]{2}(\.[A-Z0-9]+)*")
_ADMINISTRATIVE = re.compile(r"[0-9]{2}|[0-9]{5}")
_ALIAS = re.compile(r"\S(?:[^\x00-\x1f]*\S)?")


class CodeScheme(StrEnum):
    """Who gives a code its meaning."""

    IDENTIFIER = "identifier"
    ADMINISTRATIVE = "administrative"
    ALIAS = "alias"


class CodeMalformed(Refusal):
    """A code does not have the form that its scheme asks for."""


def well_formed_code(scheme: str, text: str) -> str:
    """Return a code as it is kept; raises CodeMalformed, ValueError for an unknown scheme.

    An electronic identifier is a letter and two digits, then groups divided by dots, one for each level, 35
    signs at most. The code of an administrative unit is two digits for a province, five for a commune. Any other
    code is kept as its source writes it.

    >>> well_formed_code("identifier", " h26.12.3 ")
    'H26.12.3'
    >>> well_formed_code("administrative", "00004")
    '00004'

    Source: QĐ 20/2020/QĐ-TTg, Điều 5 (identifiers); QĐ 19/2025/QĐ-TTg (administrative units).
    """
    code = text.strip()
    match CodeScheme(scheme):
        case CodeScheme.IDENTIFIER:
            code = code.upper()
            if len(code) <= LONGEST and _IDENTIFIER.fullmatch(code):
                return code
            raise CodeMalformed(
                Message(
                    gettext_noop(
                        "%(code)s is no electronic identifier: a letter, two digits, groups after dots (H26.12.3)."
                    ),
                    {"code": _quoted(text)},
                )
            )
        case CodeScheme.ADMINISTRATIVE:
            if _ADMINISTRATIVE.fullmatch(code):
                return code
            raise CodeMalformed(
                Message(
                    gettext_noop(
                        "%(code)s is no code of an administrative unit: two digits (01), for a commune five (00004)."
                    ),
                    {"code": _quoted(text)},
                )
            )
        case CodeScheme.ALIAS:
            if len(code) <= LONGEST and _ALIAS.fullmatch(code):
                return code
            raise CodeMalformed(
                Message(gettext_noop("A code has 1 to 35 signs; %(code)s has not."), {"code": _quoted(text)})
            )


def _quoted(text: str) -> str:
    return f"“{text.strip()[:40]}”"
