"""Personal data as those see them who need to tell people apart but not to know them.

A mask keeps what one needs to recognise one's own line and nothing that finds a person elsewhere.
Source: Luật 91/2025/QH15 (bảo vệ dữ liệu cá nhân): processed for a set purpose, no more than it needs.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "•••"


def initials(full_name: str) -> str:
    """Return the first letters of a name.

    >>> initials("Nguyễn Thị An")
    'N.T.A.'
    >>> initials("")
    ''
    """
    return "".join(f"{word[0].upper()}." for word in _words(full_name))


def short_name(full_name: str) -> str:
    """Return the family name with the first letters of the others.

    >>> short_name("Nguyễn Thị An")
    'Nguyễn T. A.'
    >>> short_name("An")
    'A.'
    """
    first, *others = _words(full_name) or [""]
    if not others:
        return initials(first)
    return " ".join([first, *(f"{word[0].upper()}." for word in others)])


def masked_email(address: str) -> str:
    """Return an e-mail address with its first letter and its domain.

    >>> masked_email("an.nguyen@binhyen.gov.vn")
    'a•••@binhyen.gov.vn'
    >>> masked_email("not an address")
    '•••'
    """
    name, at, domain = address.strip().rpartition("@")
    if not address.strip():
        return ""
    return f"{name[0]}{HIDDEN}@{domain}" if at and name and domain else HIDDEN


def masked_phone(number: str) -> str:
    """Return a telephone number with its first two and last three digits; a short one shows none.

    >>> masked_phone("0912 345 678")
    '09•••678'
    >>> masked_phone("113")
    '•••'
    """
    digits = re.sub(r"\D", "", number)
    if not digits:
        return ""
    return f"{digits[:2]}{HIDDEN}{digits[-3:]}" if len(digits) >= 9 else HIDDEN


def masked_number(number: str) -> str:
    """Return an identity number with its last three signs; a short one shows none.

    >>> masked_number("001090012345")
    '•••345'
    """
    signs = re.sub(r"\W", "", number)
    if not signs:
        return ""
    return f"{HIDDEN}{signs[-3:]}" if len(signs) >= 9 else HIDDEN


def masked_login(login: str) -> str:
    """Return a sign-in name with its first sign; one that is an address as addresses are.

    >>> masked_login("nguyen.van.an")
    'n•••'
    """
    login = login.strip()
    if "@" in login:
        return masked_email(login)
    return f"{login[0]}{HIDDEN}" if login else ""


def _words(full_name: str) -> list[str]:
    return [word for word in unicodedata.normalize("NFC", full_name).split() if word]
