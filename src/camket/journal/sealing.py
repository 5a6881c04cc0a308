"""Taking personal data out of what an entry hashes, and putting them back for reading.

What is personal in an entry: whoever acted and was stood in for, the label of a record about a person, and the
members of ``before`` and ``after`` that :data:`SEALED_FIELDS` names. An act about somebody else says whose data they
are by a member ``person_id`` beside them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from camket.core.chain import is_reference, reference, references
from camket.journal.models import Seal

SEALED_FIELDS = frozenset(
    {
        "full_name",
        "login",
        "email",
        "phone",
        "address",
        "secretary",
        "person_name",
        "deputy_name",
        "leaver_name",
        "successor_name",
        "staff_record",
    }
)
"""Members of ``before`` and ``after`` that are personal data wherever they stand."""

STAFF_RECORD = "staff_record"
"""What changed in a record of one person's grades or discipline, as JSON: shown with that record alone, never in the
journal at large."""

SUBJECTS = {
    "registers.entry": "person_id",
    "org.person": "pk",
    "org.membership": "person_id",
    "org.seat": "person_id",
    "org.invitation": "person_id",
    "org.delegation": "deputy_id",
    "org.subjectrequest": "person_id",
    "org.erasure": "person_id",
}
"""Records whose label names a person, and which of their columns says whom."""


def person_of(subject: models.Model) -> int | None:
    """Return whom a record is about, None for one that is about no single person."""
    column = SUBJECTS.get(subject._meta.label_lower)
    return getattr(subject, column) if column else None


@dataclass(slots=True)
class Sealing:
    """The personal data of one entry on their way into seals: asked for by :meth:`put`, written by :meth:`keep`."""

    agency_id: int
    _wanted: dict[tuple[int | None, str], str] = field(default_factory=dict)

    def load(self, values: Iterable[tuple[int | None, str]]) -> None:
        """Find the seals that the agency already has for these values, or make them."""
        wanted = {(person_id, value) for person_id, value in values if value and not is_reference(value)}
        if not wanted:
            return
        known = Seal.objects.filter(
            Q(person_id__in={person_id for person_id, _value in wanted if person_id})
            | (Q(person_id__isnull=True) if any(not each for each, _value in wanted) else Q(pk__in=[])),
            agency_id=self.agency_id,
            value__in={value for _person_id, value in wanted},
        ).values_list("person_id", "value", "reference")
        self._wanted = {(person_id, value): each for person_id, value, each in known}
        new = []
        for person_id, value in sorted(
            wanted - self._wanted.keys(), key=lambda pair: (pair[0] or 0, pair[1])
        ):
            salt = secrets.token_hex(16)
            seal = Seal(
                agency_id=self.agency_id,
                person_id=person_id,
                reference=reference(value, salt),
                salt=salt,
                value=value,
            )
            self._wanted[person_id, value] = seal.reference
            new.append(seal)
        if new:
            Seal.objects.bulk_create(new)

    def put(self, person_id: int | None, value: str) -> str:
        """Return the reference of a loaded value; what is empty stays so."""
        return self._wanted.get((person_id, value), value)

    def into(self, person_id: int | None, data: Any) -> Any:
        """Return data of ``before`` or ``after`` with references in the place of personal members."""
        if isinstance(data, Mapping):
            whose = _whose(data, person_id)
            return {
                name: self.put(whose, value)
                if name in SEALED_FIELDS and isinstance(value, str)
                else self.into(whose, value)
                for name, value in data.items()
            }
        if isinstance(data, list):
            return [self.into(person_id, each) for each in data]
        return data


def personal_values(person_id: int | None, data: Any) -> Iterable[tuple[int | None, str]]:
    """Return the personal members of ``before`` or ``after`` with whom they are about."""
    if isinstance(data, Mapping):
        whose = _whose(data, person_id)
        for name, value in data.items():
            if name in SEALED_FIELDS and isinstance(value, str):
                yield whose, value
            else:
                yield from personal_values(whose, value)
    elif isinstance(data, list):
        for each in data:
            yield from personal_values(person_id, each)


def _whose(data: Mapping[str, Any], person_id: int | None) -> int | None:
    given = data.get("person_id")
    return given if isinstance(given, int) and not isinstance(given, bool) else person_id


@dataclass(frozen=True, slots=True)
class Opened:
    """The values behind references, for reading; what was erased says so."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, agency_id: int, data: Iterable[object]) -> Opened:
        """Return the values behind every reference in the data, by one statement."""
        wanted = {each for part in data for each in references(part)}
        if not wanted:
            return cls({})
        found = Seal.objects.filter(agency_id=agency_id, reference__in=wanted)
        return cls(dict(found.values_list("reference", "value")))

    def text(self, value: str, person_id: int | None = None) -> str:
        """Return a text with its value; where that was erased, a person without a name by the number."""
        if not is_reference(value):
            return value
        if value in self.values:
            return self.values[value]
        if person_id is None:
            return gettext("(personal data removed)")
        return gettext("Person whose data were removed (no. %(number)s)") % {"number": person_id}

    def data(self, value: Any) -> Any:
        """Return ``before`` or ``after`` with the values in their places."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.data(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.data(each) for each in value]
        return value
