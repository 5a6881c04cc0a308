"""Taking out of a pack what tells of applicants and senders: names that records hold, and what looks like personal data.

Staff are named as papers name them. Source: Luật 91/2025/QH15 (bảo vệ dữ liệu cá nhân).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from camket.core.blackout import BLACK, What, blackened, without_known
from camket.dossiers.models import Dossier
from camket.org.models import Membership
from camket.paper.writing.model import Document
from camket.voices.models import Feedback

_UPPER = "A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ"
_NAMES = re.compile(rf"[{_UPPER}][^\W\d_]*(?:\s+[{_UPPER}][^\W\d_]*){{1,5}}")
_HOUSE = re.compile(r"nhà|ngõ|ngách|hẻm", re.I)
_AT_ONCE = 400


class Hiding:
    """What hides people of one agency's records; names that were looked up are remembered."""

    def __init__(self, agency_id: int) -> None:
        self._agency_id = agency_id
        people = Membership.objects.filter(agency_id=agency_id)
        self._staff = {name.casefold() for name in people.values_list("person__full_name", flat=True)}
        self._known: dict[str, bool] = {}

    def words(self, text: str) -> str:
        """Return a text without applicants, senders, telephone numbers, papers, codes of dossiers, houses, parcels."""
        self._look_up([text])
        return self._hidden(text)

    def document(self, document: Document) -> Document:
        """Return an official document with the same taken out of every text of it."""
        self._look_up(_texts(document))
        return replace(
            document,
            abstract=self._hidden(document.abstract),
            recipients=self._through(document.recipients),
            body=self._through(document.body),
            annexes=self._through(document.annexes),
            bases=tuple(self._hidden(each) for each in document.bases),
        )

    def _look_up(self, texts: Iterable[str]) -> None:
        """Ask the records, a few hundred at once, which of the names in texts are of applicants or senders."""
        asked = {part for text in texts for name in _NAMES.findall(text) for part in _parts(name)}
        fresh = sorted(each for each in asked if each not in self._known)
        for start in range(0, len(fresh), _AT_ONCE):
            some = fresh[start : start + _AT_ONCE]
            found = set(
                Dossier.objects.filter(agency_id=self._agency_id, applicant__in=some).values_list(
                    "applicant", flat=True
                )
            ) | set(
                Feedback.objects.filter(agency_id=self._agency_id, sender_name__in=some).values_list(
                    "sender_name", flat=True
                )
            )
            self._known |= {each: each in found for each in some}

    def _hidden(self, text: str) -> str:
        if not text:
            return text
        known = [
            part
            for name in _NAMES.findall(text)
            for part in _parts(name)
            if self._known.get(part) and not self._is_staff(part)
        ]
        if known:
            text = without_known(text, known)
        for each in blackened(text).found:
            if self._is_staff(each.text) or (each.what is What.HOUSE and not _HOUSE.search(each.text)):
                continue
            text = text.replace(each.text, BLACK)
        return text

    def _is_staff(self, name: str) -> bool:
        return " ".join(name.split()).casefold() in self._staff

    def _through(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._hidden(value)
        if isinstance(value, tuple):
            return tuple(self._through(each) for each in value)
        if is_dataclass(value) and not isinstance(value, type):
            changed = {
                each.name: self._through(getattr(value, each.name))
                for each in fields(value)
                if isinstance(getattr(value, each.name), str | tuple)
                and type(getattr(value, each.name)) in (str, tuple)
            }
            return replace(value, **changed)
        return value


def _parts(name: str) -> Iterator[str]:
    """Yield every run of two words or more of a name: a title may stand before it."""
    words = name.split()
    for start in range(len(words) - 1):
        for stop in range(start + 2, len(words) + 1):
            yield " ".join(words[start:stop])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))
