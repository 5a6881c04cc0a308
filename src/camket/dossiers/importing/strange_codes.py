"""Codes of another agency in an export: a file of the neighbours, chosen by mistake, would count as one's own work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from camket.core.dossier_codes import is_of, may_stand_in_codes
from camket.dossiers.models import Batch
from camket.org.models import Agency, AgencyCode
from camket.org.policy import Actor, require
from camket.org.queries.tree import predecessor_ids

TO_BE_CONFIRMED = 10
"""One in so many of the codes being another agency's, a person says that the file is the right one."""


@dataclass(frozen=True, slots=True)
class StrangeCodes:
    """How many of the dossiers whose code names an agency are another's: which codes, each with how many; the own ones."""

    strange: int
    coded: int
    codes: tuple[tuple[str, int], ...]
    own: tuple[str, ...]

    @property
    def is_to_be_confirmed(self) -> bool:
        """Whether so many are another's that the file may be the wrong one."""
        return self.strange * TO_BE_CONFIRMED >= self.coded


def strange_codes(actor: Actor, batch: Batch, today: date) -> StrangeCodes | None:
    """Return what the check of an import found of other agencies' codes; None where nothing speaks against the file.

    Own are the agency's codes of all times, those of the agencies that came into it, and those of offices below. An
    agency that has no code of its own here cannot be told from others.
    """
    require(actor, "dossier.view")
    found = batch.reading.get("preview", {})
    named = [(str(code), int(count)) for code, count in found.get("agencies", ())]
    if not named:
        return None
    before = Q(pk=actor.agency_id) | Q(pk__in=predecessor_ids([actor.agency_id], today))
    held: list[tuple[int, str]] = list(Agency.objects.filter(before).values_list("pk", "code"))
    given = AgencyCode.objects.filter(agency_id__in=[pk for pk, _ in held])
    held += given.order_by("pk").values_list("agency_id", "code")
    held.sort(key=lambda each: each[0] != actor.agency_id)
    codes = [code for code in dict.fromkeys(code for _, code in held) if may_stand_in_codes(code)]
    if not codes:
        return None
    strange = tuple((code, count) for code, count in named if not is_of(code, codes))
    if not strange:
        return None
    return StrangeCodes(
        strange=sum(count for _, count in strange), coded=int(found["coded"]), codes=strange, own=tuple(codes)
    )
