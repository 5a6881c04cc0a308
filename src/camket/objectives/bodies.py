"""Whom a body named in a plan may mean: what a person said before, else what it is called, else its likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from camket.core.wording.bodies import same_body
from camket.core.wording.text import search_key
from camket.objectives.details import Proposal

LIKE_ENOUGH = 0.72
"""Below this likeness nothing is proposed."""

MARGIN = 0.08
"""Two candidates closer than this are left to a person."""

_OFFICE = re.compile(
    r"^(?:dong chi |d/c |ong |ba )?(?P<office>pho chu tich|chu tich|pho bi thu|bi thu|qmr|dai dien lanh dao|"
    r"thu ky|truong ban|pho truong ban)\b"
)
# Who works in or heads a unit stands for it, and so does who has one field of its work.
_HOLDER = re.compile(
    r"^(?:thu truong|truong|pho truong|can bo|cong chuc|chuyen vien|vien chuc)\s+(?=\S)|\s+phu trach\b.*$"
)
_EVERYBODY = re.compile(
    r"^(?:(?:thu )?truong |lanh dao |can bo,? |cong chuc |cbcc )?(?:tat ca )?(?:cac|toan the|moi)\s+(?:cac )?"
    r"(?:phong|ban|bo phan|don vi|co quan|can bo|cong chuc|cbcc|linh vuc|trung tam|thanh vien)\b"
)
_LEADERS = re.compile(r"^(?:tap the )?(?:lanh dao|thuong truc) (?:ubnd|uy ban nhan dan)\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit or person that a name can mean; ``labels`` are what it is called, ``kind`` its kind or role."""

    unit_id: int | None
    person_id: int | None
    name: str
    kind: str
    labels: tuple[str, ...]


def body_key(text: str) -> str:
    """Return the key under which the name of a body is remembered.

    >>> body_key("  Bộ phận MỘT CỬA. ")
    'bo phan mot cua'
    """
    return search_key(text).strip(" .,;:-")[:500]


class BodyMapper:
    """Proposes units and people for names."""

    def __init__(
        self, known: Mapping[str, tuple[int | None, int | None]], candidates: Iterable[Candidate]
    ) -> None:
        self._known = known
        self._candidates = tuple(candidates)
        self._found: dict[str, Proposal | None] = {}

    def propose(self, text: str) -> Proposal | None:
        """Return whom the name means, or None where that is not sure enough to propose."""
        key = body_key(text)
        if key not in self._found:
            self._found[key] = self._remembered(key) or self._by_kind(key) or self._by_likeness(text, key)
        return self._found[key]

    def _remembered(self, key: str) -> Proposal | None:
        unit_id, person_id = self._known.get(key, (None, None))
        for candidate in self._candidates:
            if (unit_id, person_id) == (candidate.unit_id, candidate.person_id):
                return _proposal(candidate, 1.0, is_known=True)
        return None

    def _by_kind(self, key: str) -> Proposal | None:
        """Return the one unit or person of the kind that the genre's own words name."""
        if _EVERYBODY.match(key):
            return self._only("all", 0.9)
        if _LEADERS.match(key):
            return self._only("leadership", 0.9)
        if office := _OFFICE.match(key):
            match office["office"]:
                case "qmr" | "dai dien lanh dao":
                    return self._only("representative", 0.95)
                case "thu ky":
                    return self._only("secretary", 0.9)
                case "chu tich":
                    return self._only("chairman", 0.95)
        return None

    def _only(self, kind: str, likeness: float) -> Proposal | None:
        found = [candidate for candidate in self._candidates if candidate.kind == kind]
        return _proposal(found[0], likeness) if len(found) == 1 else None

    def _by_likeness(self, text: str, key: str) -> Proposal | None:
        office = _OFFICE.match(key)
        plain = _HOLDER.sub("", key)
        ranked: list[tuple[float, Candidate]] = []
        for candidate in self._candidates:
            best = 0.0
            for label in candidate.labels:
                label_office = _OFFICE.match(search_key(label))
                if (office and office["office"]) != (label_office and label_office["office"]):
                    # "Phó chủ tịch" is much like "chủ tịch" and another person.
                    continue
                best = max(
                    best, same_body(text, label), same_body(plain, label) * 0.95 if plain != key else 0.0
                )
            ranked.append((best, candidate))
        ranked.sort(key=lambda each: -each[0])
        if not ranked or ranked[0][0] < LIKE_ENOUGH:
            return None
        if len(ranked) > 1 and ranked[0][0] < 1.0 and ranked[0][0] - ranked[1][0] < MARGIN:
            return None
        if len(ranked) > 1 and ranked[1][0] == ranked[0][0]:
            return None
        return _proposal(ranked[0][1], ranked[0][0])


def _proposal(candidate: Candidate, likeness: float, *, is_known: bool = False) -> Proposal:
    return Proposal(candidate.unit_id, candidate.person_id, candidate.name, likeness, is_known)
