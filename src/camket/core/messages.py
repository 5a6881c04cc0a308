"""A sentence for people that the core says without knowing their language.

The template is an English message id with named ``%(x)s`` placeholders, marked by
:func:`gettext_noop` so that the catalogue has it; a face translates the template and fills it in.
Figures in ``params`` are strings already in Vietnamese form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def gettext_noop(message: str) -> str:
    """Mark a message id for the catalogue and return it unchanged."""
    return message


@dataclass(frozen=True, slots=True)
class Message:
    """A message id with its values; ``str()`` gives the English sentence."""

    template: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.params if self.params else self.template


class Refusal(Exception):
    """A rule of the domain says no; ``message`` tells the person what, where and how to mend it."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
