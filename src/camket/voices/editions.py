"""What an edition of a questionnaire asks, read once by a process."""

from __future__ import annotations

import json
from functools import lru_cache

from camket.core import questionnaire
from camket.core.questionnaire import Content
from camket.voices.models import QuestionnaireEdition


@lru_cache(maxsize=64)
def _parsed(text: str) -> Content:
    return questionnaire.parse(json.loads(text))


def content_of(edition: QuestionnaireEdition) -> Content:
    """Return the content of an edition. Raises ContentUnreadable for one that is not whole."""
    return _parsed(json.dumps(edition.content, sort_keys=True))
