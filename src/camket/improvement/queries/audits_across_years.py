"""Reads of internal audits across years: when units and clauses were last audited, and what became of the findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from camket.core.clauses import Edition
from camket.improvement import catalogue
from camket.improvement.models import Audit, AuditQuestion, Finding
from camket.improvement.queries.audits import OPEN_STATES, OVER, AuditRow, FindingRow, audit_rows, findings_of
from camket.org.models import Unit
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class LastAudit:
    """When a unit or a clause was last audited, and what was found in all years that are known."""

    name: str
    key: str
    last: AuditRow | None
    grades: Mapping[str, int]
    open: int
    rows: tuple[FindingRow, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class AuditThere:
    """An audit of a unit or a clause: how much was asked, of that found conforming, and what was found there."""

    row: AuditRow
    asked: int
    conforming: int
    findings: tuple[FindingRow, ...]


@dataclass(frozen=True, slots=True)
class YearThere:
    """A year of a unit's or a clause's audits: how many, findings by grade, and how many are not settled."""

    year: int
    audits: int
    grades: Mapping[str, int]
    still: int


@dataclass(frozen=True, slots=True)
class AuditsThere:
    """All audits of one unit or one clause, the latest first, and the same by year."""

    name: str
    is_active: bool
    audits: tuple[AuditThere, ...]
    years: tuple[YearThere, ...]


@dataclass(frozen=True, slots=True)
class AcrossYears:
    """What became of nonconforming findings, newest audit first; when each unit and each clause was last audited."""

    follow_up: tuple[FindingRow, ...]
    by_unit: tuple[LastAudit, ...]
    by_clause: tuple[LastAudit, ...]


def across_years(actor: Actor, today: date) -> AcrossYears:
    """Return what became of findings, and when each unit and clause was last audited; nine SQL statements."""
    require(actor, "audit.view")
    rows = findings_of(actor, _issued())
    done = audit_rows(actor, Audit.objects.filter(state__in=OVER))
    return AcrossYears(
        _to_follow(rows),
        _last_by_unit(actor, rows, done),
        _last_by_clause(rows, done, catalogue.edition_on(today)),
    )


def _last_by_unit(
    actor: Actor, rows: Sequence[FindingRow], done: Sequence[AuditRow]
) -> tuple[LastAudit, ...]:
    """Return of each unit when it was last audited, and what was found there in all years; one SQL statement.

    A unit that is no longer there is among them once it was audited.
    """
    audited = {unit_id for each in done for unit_id in each.unit_ids}
    there = Q(is_active=True, kind__in=(Unit.Kind.SECTION, Unit.Kind.LEADERSHIP)) | Q(pk__in=audited)
    units = Unit.objects.filter(there, agency_id=actor.agency_id).order_by("-is_active", "order", "pk")
    return tuple(
        _last(
            unit.name,
            str(unit.pk),
            [each for each in rows if each.unit_id == unit.pk],
            next((each for each in reversed(done) if unit.pk in each.unit_ids), None),
        )
        for unit in units
    )


def of_unit(actor: Actor, unit_id: int) -> AuditsThere:
    """Return all audits of a unit whose report is issued. Raises Unit.DoesNotExist."""
    require(actor, "audit.view")
    unit = Unit.objects.get(pk=unit_id, agency_id=actor.agency_id)
    rows = findings_of(actor, _issued().filter(audited__unit_id=unit_id))
    done = audit_rows(actor, Audit.objects.filter(state__in=OVER, units__unit_id=unit_id))
    answered = _answered(AuditQuestion.objects.filter(audited__unit_id=unit_id))
    return _across(unit.name, done, answered, rows, is_active=unit.is_active)


def of_clause(actor: Actor, code: str, today: date) -> AuditsThere:
    """Return all audits that asked about a clause or those below it, or found something. Raises UnknownClause."""
    require(actor, "audit.view")
    clause = catalogue.edition_on(today).clause(code)
    if clause is None:
        raise UnknownClause(code)
    below = Q(clause=code) | Q(clause__startswith=f"{code}.")
    rows = findings_of(actor, _issued().filter(below))
    answered = _answered(AuditQuestion.objects.filter(below, audited__audit__agency_id=actor.agency_id))
    known = {each.audit_id for each in rows} | set(answered)
    done = audit_rows(actor, Audit.objects.filter(state__in=OVER, pk__in=known))
    return _across(f"{clause.code} {clause.title}", done, answered, rows)


class UnknownClause(LookupError):
    """The edition has no such clause."""


def _answered(rows: QuerySet[AuditQuestion]) -> dict[int, tuple[int, int]]:
    """Return by audit how many questions were answered, and how many of those conform; one SQL statement."""
    counted = (
        rows.exclude(answer__in=("", "none"))
        .order_by()
        .values_list("audited__audit_id")
        .annotate(Count("pk"), conforming=Count("pk", filter=Q(answer="conforms")))
    )
    return {audit_id: (asked, conforming) for audit_id, asked, conforming in counted}


def _across(
    name: str,
    done: Iterable[AuditRow],
    answered: Mapping[int, tuple[int, int]],
    rows: Iterable[FindingRow],
    *,
    is_active: bool = True,
) -> AuditsThere:
    found: dict[int, list[FindingRow]] = {}
    for each in rows:
        found.setdefault(each.audit_id, []).append(each)
    audits = tuple(
        AuditThere(each, *answered.get(each.id, (0, 0)), tuple(found.get(each.id, ())))
        for each in sorted(done, key=lambda one: (one.starts_on, one.id), reverse=True)
    )
    years = []
    for year in sorted({each.row.starts_on.year for each in audits}, reverse=True):
        mine = [each for each in audits if each.row.starts_on.year == year]
        there = [one for each in mine for one in each.findings]
        years.append(YearThere(year, len(mine), Counter(one.grade for one in there), _still(there)))
    return AuditsThere(name, is_active, audits, tuple(years))


def _still(rows: Iterable[FindingRow]) -> int:
    return sum(1 for each in rows if each.nonconformity and each.nonconformity[2] in OPEN_STATES)


def _last_by_clause(
    rows: Sequence[FindingRow], audits: Sequence[AuditRow], edition: Edition
) -> tuple[LastAudit, ...]:
    """Return of each clause when it was last asked about, and what was found there in all years; one SQL statement."""
    done = {each.id: each for each in audits}
    asked = set(
        AuditQuestion.objects.filter(audited__audit_id__in=done)
        .exclude(answer__in=("", "none"))
        .values_list("clause", "audited__audit_id")
    ) | {(each.clause, each.audit_id) for each in rows}
    found = []
    for clause in edition.clauses:
        if clause.is_chapter:
            continue
        mine = [each for each in rows if _within(each.clause, clause.code)]
        ids = [pk for code, pk in asked if _within(code, clause.code)]
        last = max((done[pk] for pk in ids if pk in done), key=lambda each: each.starts_on, default=None)
        found.append(_last(f"{clause.code} {clause.title}", clause.code, mine, last))
    return tuple(found)


def follow_up(actor: Actor) -> tuple[FindingRow, ...]:
    """Return nonconforming findings of issued audits of all years, newest audit first."""
    require(actor, "audit.view")
    return _to_follow(findings_of(actor, _issued()))


def _to_follow(rows: Iterable[FindingRow]) -> tuple[FindingRow, ...]:
    nonconforming = [each for each in rows if each.grade in ("major", "minor")]
    return tuple(sorted(nonconforming, key=lambda each: (-each.audit_id, each.serial)))


def _issued() -> QuerySet[Finding]:
    return Finding.objects.filter(audited__audit__state__in=OVER, is_withdrawn=False)


def _within(code: str, clause: str) -> bool:
    return code == clause or code.startswith(f"{clause}.")


def _last(name: str, key: str, rows: list[FindingRow], last: AuditRow | None) -> LastAudit:
    return LastAudit(
        name, key, last, Counter(each.grade for each in rows), _still(rows), tuple(reversed(rows))
    )
