"""Reads of the year of internal audits: its programme, its audits, which unit comes next and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext

from camket.core.audit import Turn, in_turn
from camket.core.messages import Message
from camket.core.tally import day_number
from camket.core.workflow import AUDIT_PROGRAMME
from camket.documents.queries.signing import signer_choice
from camket.dossiers.models import Dossier
from camket.improvement import catalogue
from camket.improvement.models import (
    Audit,
    AuditedUnit,
    AuditProgramme,
    AuditProgrammePaper,
    Nonconformity,
    RiskRating,
)
from camket.improvement.queries.audits import AT_WORK, OPEN_STATES, OVER, AuditRow, audit_rows, heading
from camket.improvement.readiness import scale_of
from camket.journal.queries import reason_returned
from camket.org.models import Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change of an approved programme: an audit that was added, changed or cancelled, and why."""

    what: str
    audit_id: int
    title: str
    reason: str
    on: date
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammePaperRow:
    """A programme as it was signed; ``adjustments`` are what this version changed in the one before."""

    id: int
    version: int
    number: str
    signed_on: date | None
    issued_by: str
    issued_at: datetime
    adjustments: tuple[Adjustment, ...]
    state: str
    docx_id: int
    pdf_id: int
    outgoing_id: int | None
    withdrawal: str

    @property
    def is_in_force(self) -> bool:
        """Whether it was neither replaced nor withdrawn."""
        return self.state == AuditProgrammePaper.State.ISSUED


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """The programme of a year; ``acts`` are those that state and authority allow."""

    id: int
    year: int
    state: str
    purpose: str
    number: str
    signed_on: date | None
    made_by: str
    approved_by: str
    edition: str
    acts: frozenset[str]
    adjustments: tuple[Adjustment, ...] = ()
    returned: str = ""
    was_signed: bool = False


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A unit in the order of what speaks for auditing it, with the reasons and the month that is proposed."""

    unit_id: int
    unit: str
    turn: Turn
    last_on: date | None
    last_id: int | None
    month: int
    planned: tuple[AuditRow, ...] = ()

    @property
    def reasons(self) -> tuple[Message, ...]:
        """What its place is owed to."""
        return self.turn.reasons


def programme(actor: Actor, year: int) -> ProgrammeRow | None:
    """Return the programme of a year, None where there is none."""
    require(actor, "audit.view")
    rows = AuditProgramme.objects.filter(agency_id=actor.agency_id, year=year).exclude(state="discarded")
    why = reason_returned(actor.agency_id, "improvement.auditprogramme", OuterRef("pk"))
    row = (
        rows.select_related("made_by", "approved_by")
        .annotate(
            why_returned=why,
            was_signed=Exists(AuditProgrammePaper.objects.filter(programme_id=OuterRef("pk"))),
        )
        .first()
    )
    return None if row is None else _programme_row(actor, row)


def programme_by_id(actor: Actor, programme_id: int) -> ProgrammeRow:
    """Return a programme. Raises AuditProgramme.DoesNotExist."""
    require(actor, "audit.view")
    rows = AuditProgramme.objects.filter(agency_id=actor.agency_id).select_related("made_by", "approved_by")
    return _programme_row(actor, rows.get(pk=programme_id))


def papers_of(actor: Actor, programme_id: int) -> tuple[ProgrammePaperRow, ...]:
    """Return a programme's versions as they were signed, the latest first; one SQL statement."""
    require(actor, "audit.view")
    rows = AuditProgrammePaper.objects.filter(programme_id=programme_id, programme__agency_id=actor.agency_id)
    return tuple(
        ProgrammePaperRow(
            id=each.pk,
            version=each.version,
            number=each.number,
            signed_on=each.signed_on,
            issued_by=shown_name(actor, each.issued_by.full_name),
            issued_at=each.issued_at,
            adjustments=adjustments_of(each.content.get("adjustments", ())),
            state=each.state,
            docx_id=each.docx_id,
            pdf_id=each.pdf_id,
            outgoing_id=each.outgoing_id,
            withdrawal=each.withdrawal,
        )
        for each in rows.select_related("issued_by").order_by("-version")
    )


def paper_of(actor: Actor, paper_id: int) -> AuditProgrammePaper:
    """Return a programme as it was signed, with what its files were made of. Raises AuditProgrammePaper.DoesNotExist."""
    require(actor, "audit.view")
    return AuditProgrammePaper.objects.select_related("programme").get(
        pk=paper_id, programme__agency_id=actor.agency_id
    )


def adjustments_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Adjustment, ...]:
    """Return changes of an approved programme as they are kept."""
    return tuple(
        Adjustment(
            each["what"],
            each["audit"],
            each["title"],
            each["reason"],
            date.fromisoformat(each["on"]),
            each.get("detail", ""),
        )
        for each in kept
    )


def programme_facts(
    actor: Actor,
    programme_id: int,
    today: date,
    *,
    signed_on: date | None = None,
    replaces: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the paper of a programme says, as it is frozen when it is signed: plain data, days in ISO form.

    It names who signs for the agency on ``signed_on``, today where that is open. ``replaces`` are number and day of the
    version before. Raises AuditProgramme.DoesNotExist.
    """
    require(actor, "audit.view")
    row = AuditProgramme.objects.get(pk=programme_id, agency_id=actor.agency_id)
    audits = audits_of(actor, row.year)
    issuer = heading(actor)
    with translation.override("vi"):  # the language of papers
        said = [
            {
                "unit": each.unit,
                "last_on": each.last_on.isoformat() if each.last_on else None,
                "reasons": [gettext(one.template) % one.params for one in each.reasons],
            }
            for each in turns(actor, row.year, today, audits)
        ]
    return {
        "issuer": issuer.issuer,
        "superior": issuer.superior,
        "place": issuer.place,
        "name": issuer.name,
        "signer": asdict(signer_choice(actor, signed_on or today, "KH")),
        "year": row.year,
        "edition": catalogue.edition(row.edition).name,
        "purpose": row.purpose,
        "audits": [
            {
                "id": each.id,
                "title": each.title,
                "units": list(each.units),
                "starts_on": each.starts_on.isoformat(),
                "ends_on": each.ends_on.isoformat(),
                "lead": each.lead,
            }
            for each in audits
            if each.state != "cancelled"
        ],
        "turns": said,
        "adjustments": list(row.adjustments),
        "replaces": dict(replaces) if replaces else None,
    }


def years(actor: Actor, today: date) -> tuple[int, ...]:
    """Return the years that have a programme or an audit, with this one and the next, newest first; one SQL statement."""
    audited = Audit.objects.filter(agency_id=actor.agency_id).values_list("starts_on__year").order_by()
    planned = AuditProgramme.objects.filter(agency_id=actor.agency_id).values_list("year").order_by()
    found = {year for (year,) in audited.union(planned)}
    return tuple(sorted(found | {today.year, today.year + 1}, reverse=True))


def audits_of(actor: Actor, year: int) -> tuple[AuditRow, ...]:
    """Return the audits of a year by day; five SQL statements."""
    require(actor, "audit.view")
    return audit_rows(actor, Audit.objects.filter(starts_on__year=year))


def audits_of_and_mine(actor: Actor, year: int) -> tuple[tuple[AuditRow, ...], tuple[AuditRow, ...]]:
    """Return the audits of a year, and those of any year whose team waits to audit or does: the person's own.

    Five SQL statements for both.
    """
    require(actor, "audit.view")
    mine = Audit.objects.filter(state__in=("announced", *AT_WORK), team__person_id=actor.acts_as_id)
    of_year = Q(starts_on__year=year) | Q(pk__in=mine.values("pk"))
    rows = audit_rows(actor, Audit.objects.filter(of_year))
    return (
        tuple(each for each in rows if each.starts_on.year == year),
        tuple(each for each in rows if each.is_mine and each.state in ("announced", *AT_WORK)),
    )


def to_confirm(actor: Actor) -> tuple[tuple[int, str, int, str], ...]:
    """Return units that the person heads whose findings wait for a word: audit, its title, unit, its name."""
    if not actor.headed_unit_ids:
        return ()
    rows = AuditedUnit.objects.filter(
        audit__agency_id=actor.agency_id,
        audit__state="reporting",
        unit_id__in=actor.headed_unit_ids,
        received_at__isnull=True,
    ).order_by("audit__starts_on", "pk")
    return tuple(rows.values_list("audit_id", "audit__title", "unit_id", "unit__name"))


def turns(actor: Actor, year: int, today: date, audits: Iterable[AuditRow] = ()) -> tuple[TurnRow, ...]:
    """Return the agency's units, that for which most speaks first, with reasons; four SQL statements.

    Months are spread over the year from the first one that is left, what comes first earliest.
    """
    require(actor, "audit.view")
    treated = Nonconformity.objects.filter(agency_id=actor.agency_id)
    rows = list(
        Unit.objects.filter(
            agency_id=actor.agency_id,
            is_active=True,
            kind__in=(Unit.Kind.SECTION, Unit.Kind.LEADERSHIP),
        ).values_list(
            "pk",
            "name",
            _counted_of_unit(treated.filter(state__in=OPEN_STATES).exclude(source="target")),
            _counted_of_unit(treated.filter(state__in=("proposed", *OPEN_STATES), source="target")),
        )
    )
    units = {pk: name for pk, name, _, _ in rows}
    still = {pk: count for pk, _, count, _ in rows}
    missed = {pk: count for pk, _, _, count in rows}
    last: dict[int, tuple[date, int]] = {}
    stands = Q(findings__is_withdrawn=False)
    done = AuditedUnit.objects.filter(audit__agency_id=actor.agency_id, audit__state__in=OVER).annotate(
        major=Count("findings", filter=stands & Q(findings__grade="major")),
        minor=Count("findings", filter=stands & Q(findings__grade="minor")),
    )
    graded: dict[int, tuple[int, int]] = {}
    for unit_id, on, audit_id, major, minor in done.order_by("audit__ends_on", "pk").values_list(
        "unit_id",
        "audit__ends_on",
        "audit_id",
        "major",
        "minor",
    ):
        last[unit_id] = (on, audit_id)
        graded[unit_id] = (major, minor)
    until = day_number(today)
    late = _by_unit(
        Dossier.objects.filter(agency_id=actor.agency_id, overdue_day__range=(until - YEAR_DAYS, until))
    )
    high = _high_risks(actor)
    planned: dict[int, list[AuditRow]] = {}
    for row in audits:
        for planned_id in row.unit_ids if row.state != "cancelled" else ():
            planned.setdefault(planned_id, []).append(row)
    found = {
        unit_id: Turn(
            months=None if unit_id not in last else max(0, _months(last[unit_id][0], today)),
            major=graded.get(unit_id, (0, 0))[0],
            minor=graded.get(unit_id, (0, 0))[1],
            open_nonconformities=still[unit_id],
            missed_targets=missed[unit_id],
            late_dossiers=late[unit_id],
            high_risks=high[unit_id],
        )
        for unit_id in units
    }
    first = 1 if year > today.year else min(12, today.month + 1)
    order = in_turn(found)
    return tuple(
        TurnRow(
            unit_id=unit_id,
            unit=units[unit_id],
            turn=found[unit_id],
            last_on=last[unit_id][0] if unit_id in last else None,
            last_id=last[unit_id][1] if unit_id in last else None,
            month=min(12, first + place * (13 - first) // max(1, len(order))),
            planned=tuple(planned.get(unit_id, ())),
        )
        for place, unit_id in enumerate(order)
    )


def _counted_of_unit(rows: QuerySet[Any]) -> Coalesce:
    """Return how many rows name a unit, for a statement over units."""
    counted = rows.filter(unit_id=OuterRef("pk")).order_by().values("unit_id").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def _high_risks(actor: Actor) -> Counter[int]:
    """Return how many open risks of each unit call for action, each by the scale that it was last rated by."""
    latest = RiskRating.objects.filter(risk_id=OuterRef("risk_id")).order_by("-on", "-pk").values("pk")[:1]
    rated = RiskRating.objects.filter(
        pk=Subquery(latest), risk__agency_id=actor.agency_id, risk__state="open", risk__kind="risk"
    )
    return Counter(
        unit_id
        for row in rated.select_related("risk", "scale")
        if (unit_id := row.risk.unit_id) is not None
        and scale_of(row.scale).level(row.likelihood, row.consequence).needs_action
    )


def _by_unit(rows: QuerySet[Any]) -> Counter[int]:
    counted = rows.filter(unit_id__isnull=False).order_by().values_list("unit_id").annotate(Count("pk"))
    return Counter(dict(counted))


def _months(since: date, today: date) -> int:
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)


_NEEDED = {
    **dict.fromkeys(("edit", "submit", "discard", "adjust", "close"), "audit.plan"),
    **dict.fromkeys(("return", "approve", "reissue"), "audit.approve"),
    "withdraw": "audit.recall",
}


def _programme_row(actor: Actor, row: AuditProgramme) -> ProgrammeRow:
    acts = {
        act
        for act, needed in _NEEDED.items()
        if can(actor, needed) and act in AUDIT_PROGRAMME.acts(row.state)
    }
    acts -= {"close"} if row.adjustments else {"reissue"}
    return ProgrammeRow(
        id=row.pk,
        year=row.year,
        state=row.state,
        purpose=row.purpose,
        number=row.number,
        signed_on=row.signed_on,
        made_by=shown_name(actor, row.made_by.full_name),
        approved_by=shown_name(actor, row.approved_by.full_name) if row.approved_by else "",
        edition=catalogue.edition(row.edition).name,
        acts=frozenset(acts),
        adjustments=adjustments_of(row.adjustments),
        was_signed=bool(row.approved_by_id) or getattr(row, "was_signed", False),
        returned=(getattr(row, "why_returned", "") or "") if row.state == "draft" else "",
    )
