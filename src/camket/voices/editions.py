"""What an edition of a questionnaire asks, read once by a process."""

from __future__ import annotations

from typing import Any

from camket.core import questionnaire
from camket.core.questionnaire import Content
from camket.voices.models import QuestionnaireEdition

_MOST = 256
_read: dict[int, tuple[Any, Content]] = {}
"""By edition: its JSON as it was read, and what that asks; read anew where the JSON is another, as that of a draft."""


def content_of(edition: QuestionnaireEdition) -> Content:
    """Return the content of an edition. Raises ContentUnreadable for one that is not whole."""
    known = _read.get(edition.pk)
    if known is not None and known[0] == edition.content:
        return known[1]
    content = questionnaire.parse(edition.content)
    if len(_read) >= _MOST:
        _read.clear()
    _read[edition.pk] = (edition.content, content)
    return content
