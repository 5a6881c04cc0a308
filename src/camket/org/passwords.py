"""What a new password must not be: too long, common in Vietnam, or made of the own or the agency's name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from camket.core.passwords import GREATEST_LENGTH, Weakness, folded, weakness

if TYPE_CHECKING:
    from camket.org.models import Person

_LEAST_OWN = 3
"""Names shorter than this are parts of too many words."""


@cache
def common_words() -> frozenset[str]:
    """Return the words and passwords that guessers in Vietnam try first, folded."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


class HardToGuess:
    """Refuse passwords that guessers try first; a validator of ``AUTH_PASSWORD_VALIDATORS``."""

    def __init__(self) -> None:
        self._known = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ValidationError with a sentence that says why and what to do."""
        if len(password) > GREATEST_LENGTH:
            raise ValidationError(
                gettext("A password has at most %(length)s signs.") % {"length": GREATEST_LENGTH},
                code="password_too_long",
            )
        reason = weakness(password, common_words(), _own_names(user) if user is not None else ())
        if reason is Weakness.OWN:
            raise ValidationError(
                gettext(
                    "This password is made of your name, your sign-in name or your agency's name, which others try first. "
                    "Choose a short sentence that only you would write."
                ),
                code="password_of_own_name",
            )
        text = re.sub(r"[^a-z0-9]", "", folded(password))
        if reason is Weakness.COMMON or text in self._known or text.rstrip("0123456789") in self._known:
            raise ValidationError(
                gettext(
                    "This password is one of those that are guessed first. Choose a short sentence that only you would write."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """Return what a person reads before choosing."""
        return gettext("Not a common password, not your name and not your agency's name.")


def _own_names(person: Person) -> set[str]:
    """Return what a person and the agencies of the person are called, whole and by their last words, folded."""
    texts = [person.full_name, person.login, person.email.partition("@")[0]]
    if person.pk is not None:
        for agency in {post.agency for post in person.memberships.select_related("agency").order_by("pk")}:
            texts += [agency.name, agency.full_name, agency.place, agency.code]
    names: set[str] = set()
    for text in texts:
        words = [folded(word) for word in re.split(r"[\s._-]+", text) if word]
        names |= {"".join(words[start:]) for start in range(len(words))}
        names.add("".join(word[0] for word in words))
        names |= set(words)
    return {name for name in names if len(name) >= _LEAST_OWN}
