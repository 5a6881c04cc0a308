"""Reads of internal audits: the year, one audit, checklists, findings and what became of them, which unit comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from camket.core.audit import Turn, in_turn
from camket.core.clauses import Edition, sort_key
from camket.core.messages import Message
from camket.core.tally import day_number
from camket.core.workflow import AUDIT, AUDIT_PROGRAMME
from camket.documents.models import Evidence
from camket.documents.queries import EvidenceRow, evidence_rows
from camket.dossiers.models import Dossier
from camket.improvement import catalogue
from camket.improvement.models import (
    Audit,
    AuditedUnit,
    Auditor,
    AuditProgramme,
    AuditQuestion,
    AuditSession,
    Finding,
    Nonconformity,
    OwnQuestion,
    RiskRating,
)
from camket.improvement.readiness import dependence, lacking, scale_of
from camket.org.models import Agency, Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require

GRADES = tuple(Finding.Grade.values)
OPEN_STATES = ("open", "planned", "acting", "judging")
AT_WORK = ("open", "reporting")
OVER = ("reported", "closed")
YEAR_DAYS = 365


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


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An audit as lists show it; ``grades`` counts findings that stand, by grade."""

    id: int
    title: str
    kind: str
    state: str
    starts_on: date
    ends_on: date
    units: tuple[str, ...]
    lead: str
    grades: Mapping[str, int]
    still: int
    is_mine: bool


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


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a team."""

    person_id: int
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A line of an audit's plan."""

    id: int
    day: date
    starts: time
    ends: time
    unit_id: int | None
    unit: str
    topic: str
    place: str
    auditors: tuple[MemberRow, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding and what became of it; ``nonconformity`` is (id, name, state) where one was raised."""

    id: int
    serial: int
    grade: str
    clause: str
    clause_title: str
    text: str
    proof: str
    unit_id: int
    unit: str
    audit_id: int
    audit: str
    found_at: datetime
    found_by: str
    question_id: int | None
    nonconformity: tuple[int, str, str] | None
    is_withdrawn: bool
    withdrawal: str
    evidence: tuple[EvidenceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question of a unit's checklist with its answer."""

    id: int
    clause: str
    clause_title: str
    text: str
    look_at: str
    answer: str
    note: str
    version: int
    answered_by: str
    answered_at: datetime | None
    findings: tuple[FindingRow, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit within the scope of an audit."""

    unit_id: int
    name: str
    clauses: tuple[str, ...]
    received_at: datetime | None
    received_by: str
    remark: str
    asked: int
    answered: int
    found: int
    may_receive: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    """All that an audit's page shows."""

    row: AuditRow
    programme_id: int | None
    programme_year: int | None
    edition: str
    edition_key: str
    criteria: str
    scope: str
    decision_number: str
    decision_on: date | None
    cancellation: str
    strengths: str
    conclusion: str
    proposals: str
    report_number: str
    reported_on: date | None
    report: Mapping[str, Any] | None
    follows: tuple[int, str] | None
    units: tuple[UnitRow, ...]
    team: tuple[MemberRow, ...]
    sessions: tuple[SessionRow, ...]
    findings: tuple[FindingRow, ...]
    lacks: tuple[Message, ...]
    dependent: tuple[Message, ...]
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A unit's checklist in an audit, in the order of its questions."""

    page: AuditPage
    unit: UnitRow
    questions: tuple[QuestionRow, ...]
    findings: tuple[FindingRow, ...]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A question of the agency's own library; ``shipped`` is the text that it replaces."""

    id: int | None
    source: str
    clause: str
    text: str
    look_at: str
    is_active: bool
    shipped: str = ""


@dataclass(frozen=True, slots=True)
class LastAudit:
    """When a unit or a clause was last audited, and what was found in all years that are known."""

    name: str
    last: AuditRow | None
    grades: Mapping[str, int]
    open: int
    rows: tuple[FindingRow, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class AcrossYears:
    """What became of nonconforming findings, newest audit first; when each unit and each clause was last audited."""

    follow_up: tuple[FindingRow, ...]
    by_unit: tuple[LastAudit, ...]
    by_clause: tuple[LastAudit, ...]


# A year


def programme(actor: Actor, year: int) -> ProgrammeRow | None:
    """Return the programme of a year, None where there is none."""
    require(actor, "audit.view")
    rows = AuditProgramme.objects.filter(agency_id=actor.agency_id, year=year).exclude(state="discarded")
    row = rows.select_related("made_by", "approved_by").first()
    return None if row is None else _programme_row(actor, row)


def programme_by_id(actor: Actor, programme_id: int) -> ProgrammeRow:
    """Return a programme. Raises AuditProgramme.DoesNotExist."""
    require(actor, "audit.view")
    rows = AuditProgramme.objects.filter(agency_id=actor.agency_id).select_related("made_by", "approved_by")
    return _programme_row(actor, rows.get(pk=programme_id))


def years(actor: Actor, today: date) -> tuple[int, ...]:
    """Return the years that have a programme or an audit, with this one and the next, newest first; one SQL statement."""
    audited = Audit.objects.filter(agency_id=actor.agency_id).values_list("starts_on__year").order_by()
    planned = AuditProgramme.objects.filter(agency_id=actor.agency_id).values_list("year").order_by()
    found = {year for (year,) in audited.union(planned)}
    return tuple(sorted(found | {today.year, today.year + 1}, reverse=True))


def audits_of(actor: Actor, year: int) -> tuple[AuditRow, ...]:
    """Return the audits of a year by day; five SQL statements."""
    require(actor, "audit.view")
    return _audit_rows(actor, Audit.objects.filter(starts_on__year=year))


def audits_of_and_mine(actor: Actor, year: int) -> tuple[tuple[AuditRow, ...], tuple[AuditRow, ...]]:
    """Return the audits of a year, and those of any year whose team waits to audit or does: the person's own.

    Five SQL statements for both.
    """
    require(actor, "audit.view")
    mine = Audit.objects.filter(state__in=("announced", *AT_WORK), team__person_id=actor.acts_as_id)
    of_year = Q(starts_on__year=year) | Q(pk__in=mine.values("pk"))
    rows = _audit_rows(actor, Audit.objects.filter(of_year))
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
    planned: dict[str, list[AuditRow]] = {}
    for row in audits:
        for name in row.units if row.state != "cancelled" else ():
            planned.setdefault(name, []).append(row)
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
            planned=tuple(planned.get(units[unit_id], ())),
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


# One audit


def page(actor: Actor, audit_id: int) -> AuditPage:
    """Return an audit with all that its page shows; at most ten SQL statements. Raises Audit.DoesNotExist."""
    require(actor, "audit.view")
    row = (
        Audit.objects.select_related("programme", "follows")
        .prefetch_related(
            Prefetch("units", _units()),
            Prefetch("team", Auditor.objects.select_related("person").order_by("order", "pk")),
            Prefetch(
                "sessions", AuditSession.objects.select_related("audited__unit").prefetch_related("auditors")
            ),
        )
        .get(pk=audit_id, agency_id=actor.agency_id)
    )
    team = tuple(
        MemberRow(each.person_id, shown_name(actor, each.person.full_name), each.part)
        for each in row.team.all()
    )
    members = {each.person_id: each for each in team}
    findings = findings_of(actor, Finding.objects.filter(audited__audit=row))
    shown = _audit_row(
        actor,
        row,
        Counter(each.grade for each in findings if not each.is_withdrawn),
        sum(1 for each in findings if each.nonconformity and each.nonconformity[2] in OPEN_STATES),
    )
    units = tuple(_unit_row(actor, each, row.state, findings) for each in row.units.all())
    is_prepared = row.state in ("planned", "announced")
    return AuditPage(
        row=shown,
        programme_id=row.programme_id,
        programme_year=row.programme.year if row.programme else None,
        edition=catalogue.edition(row.edition).name,
        edition_key=row.edition,
        criteria=row.criteria,
        scope=row.scope,
        decision_number=row.decision_number,
        decision_on=row.decision_on,
        cancellation=row.cancellation,
        strengths=row.strengths,
        conclusion=row.conclusion,
        proposals=row.proposals,
        report_number=row.report_number,
        reported_on=row.reported_on,
        report=row.report,
        follows=(row.follows_id, row.follows.title) if row.follows and row.follows_id else None,
        units=units,
        team=team,
        sessions=tuple(_session_row(each, members) for each in row.sessions.all()),
        findings=findings,
        lacks=lacking(row) if row.state == "planned" else (),
        dependent=dependence(row) if is_prepared else (),
        acts=_acts(actor, row.state, members.get(actor.acts_as_id)),
    )


def _acts(actor: Actor, state: str, member: MemberRow | None) -> frozenset[str]:
    plans = can(actor, "audit.plan")
    is_member = can(actor, "audit.conduct") and member is not None and member.part != Auditor.Part.OBSERVER
    leads = plans or (is_member and member is not None and member.part == Auditor.Part.LEAD)
    allowed = {"prepare", "announce", "cancel"} if plans else set()
    if is_member:
        allowed |= {"answer", "find"}
    if leads:
        allowed |= {"open", "finish", "reopen", "report", "close"}
    found = {act for act in allowed if act in AUDIT.acts(state)}
    if (plans or is_member) and state in ("planned", "announced", "open"):
        found.add("question")
    if leads and state in AT_WORK:
        found.add("write")
    return frozenset(found)


def checklist(actor: Actor, audit_id: int, unit_id: int) -> Checklist:
    """Return a unit's checklist. Raises Audit.DoesNotExist, AuditedUnit.DoesNotExist."""
    shown = page(actor, audit_id)
    unit = next((each for each in shown.units if each.unit_id == unit_id), None)
    if unit is None:
        raise AuditedUnit.DoesNotExist(unit_id)
    rows = AuditQuestion.objects.filter(audited__audit_id=audit_id, audited__unit_id=unit_id)
    found = tuple(each for each in shown.findings if each.unit_id == unit_id)
    asked = question_rows(actor, rows, shown.edition_key, found).get(unit_id, ())
    return Checklist(shown, unit, asked, found)


def question(actor: Actor, question_id: int) -> tuple[int, int]:
    """Return the audit and the unit that a question belongs to. Raises AuditQuestion.DoesNotExist."""
    require(actor, "audit.view")
    audited = (
        AuditQuestion.objects.select_related("audited")
        .get(pk=question_id, audited__audit__agency_id=actor.agency_id)
        .audited
    )
    return audited.audit_id, audited.unit_id


def finding(actor: Actor, finding_id: int) -> FindingRow:
    """Return a finding. Raises Finding.DoesNotExist."""
    require(actor, "audit.view")
    rows = findings_of(actor, Finding.objects.filter(pk=finding_id))
    if not rows:
        raise Finding.DoesNotExist(finding_id)
    return rows[0]


def findings_of(actor: Actor, rows: QuerySet[Finding]) -> tuple[FindingRow, ...]:
    """Return findings of the actor's agency by audit and number, with evidence and what they led to; two SQL statements."""
    rows = (
        rows.filter(agency_id=actor.agency_id)
        .select_related("audited__audit", "audited__unit", "found_by", "nonconformity")
        .prefetch_related(Prefetch("evidence", Evidence.objects.select_related("file", "added_by")))
        .order_by("audited__audit__starts_on", "audited__audit_id", "serial")
    )
    return tuple(_finding_row(actor, each) for each in rows)


def libraries(actor: Actor) -> tuple[tuple[str, str, int], ...]:
    """Return the libraries that checklists are copied from: key, name, how many questions."""
    require(actor, "audit.view")
    shipped = [(each.key, each.name, len(each.questions)) for each in catalogue.shipped()]
    own = Counter(
        OwnQuestion.objects.filter(agency_id=actor.agency_id, is_active=True).values_list("source", flat=True)
    )
    others = [
        (key, "", own[key])
        for key in sorted(own)
        if key == catalogue.OWN or key.startswith(catalogue.PROCEDURE)
    ]
    return (*shipped, *others)


def own_questions(actor: Actor) -> tuple[OwnRow, ...]:
    """Return the agency's own questions, and its own words for shipped ones."""
    require(actor, "audit.view")
    shipped = {each.key: each.text for one in catalogue.shipped() for each in one.questions}
    rows = OwnQuestion.objects.filter(agency_id=actor.agency_id).order_by("source", "order", "pk")
    return tuple(
        OwnRow(
            each.pk, each.source, each.clause, each.text, each.look_at, each.is_active,
            shipped.get(each.source, ""),
        )
        for each in rows
    )  # fmt: skip


def own_question(actor: Actor, question_id: int) -> OwnRow:
    """Return one of the agency's own questions. Raises OwnQuestion.DoesNotExist."""
    found = next((each for each in own_questions(actor) if each.id == question_id), None)
    if found is None:
        raise OwnQuestion.DoesNotExist(question_id)
    return found


def past_choices(actor: Actor, besides: int | None = None) -> list[tuple[int, str]]:
    """Return audits whose report is issued, for one that follows one up."""
    rows = Audit.objects.filter(agency_id=actor.agency_id, state__in=OVER).exclude(pk=besides or 0)
    return [
        (each.pk, f"{each.title} ({each.starts_on:%d/%m/%Y})") for each in rows.order_by("-starts_on")[:50]
    ]


# Across years


def across_years(actor: Actor, today: date) -> AcrossYears:
    """Return what became of findings, and when each unit and clause was last audited; nine SQL statements."""
    require(actor, "audit.view")
    rows = findings_of(actor, _issued())
    done = _audit_rows(actor, Audit.objects.filter(state__in=OVER))
    return AcrossYears(
        _to_follow(rows),
        _last_by_unit(actor, rows, done),
        _last_by_clause(rows, done, catalogue.edition_on(today)),
    )


def _last_by_unit(
    actor: Actor, rows: Sequence[FindingRow], done: Sequence[AuditRow]
) -> tuple[LastAudit, ...]:
    """Return of each unit when it was last audited, and what was found there in all years; one SQL statement."""
    names = Unit.objects.filter(
        agency_id=actor.agency_id, is_active=True, kind__in=(Unit.Kind.SECTION, Unit.Kind.LEADERSHIP)
    ).values_list("name", flat=True)
    return tuple(
        _last(
            name,
            [each for each in rows if each.unit == name],
            next((each for each in reversed(done) if name in each.units), None),
        )
        for name in names.order_by("order", "pk")
    )


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
        found.append(_last(f"{clause.code} {clause.title}", mine, last))
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


def _last(name: str, rows: list[FindingRow], last: AuditRow | None) -> LastAudit:
    still = sum(1 for each in rows if each.nonconformity and each.nonconformity[2] in OPEN_STATES)
    return LastAudit(name, last, Counter(each.grade for each in rows), still, tuple(reversed(rows)))


# For papers


@dataclass(frozen=True, slots=True)
class Heading:
    """Who writes a paper."""

    issuer: str
    superior: str
    place: str
    name: str


def heading(actor: Actor) -> Heading:
    """Return what papers of the agency are headed by."""
    agency = Agency.objects.get(pk=actor.agency_id)
    return Heading(agency.full_name, agency.superior_name, agency.place, agency.name)


def report_facts(found: AuditPage) -> dict[str, Any]:
    """Return what a report says of an audit, as it is frozen when it is issued: plain data, days in ISO form."""
    findings = [each for each in found.findings if not each.is_withdrawn]
    return {
        "title": found.row.title,
        "criteria": found.criteria,
        "scope": found.scope,
        "edition": found.edition,
        "starts_on": found.row.starts_on.isoformat(),
        "ends_on": found.row.ends_on.isoformat(),
        "decision_number": found.decision_number,
        "decision_on": found.decision_on.isoformat() if found.decision_on else None,
        "programme_year": found.programme_year,
        "team": [{"name": each.name, "part": each.part} for each in found.team],
        "units": [
            {
                "name": each.name,
                "asked": each.asked,
                "answered": each.answered,
                "remark": each.remark,
                "received_by": each.received_by,
            }
            for each in found.units
        ],
        "findings": [
            {
                "serial": each.serial,
                "grade": each.grade,
                "clause": each.clause,
                "text": each.text,
                "proof": each.proof,
                "unit": each.unit,
            }
            for each in sorted(findings, key=lambda each: (GRADES.index(each.grade), each.serial))
        ],
        "strengths": found.strengths,
        "conclusion": found.conclusion,
        "proposals": found.proposals,
    }


def proposed_sessions(found: AuditPage) -> tuple[SessionRow, ...]:
    """Return a plan to begin with: opening meeting, an hour and a half for each unit, closing meeting."""
    lead = tuple(each for each in found.team if each.part in (Auditor.Part.LEAD, Auditor.Part.MEMBER))
    day, at = found.row.starts_on, 8 * 60
    lines = [SessionRow(0, day, time(7, 30), time(8), None, "", "Họp khai mạc", "", lead)]
    for unit in found.units:
        if at + 90 > 16 * 60 and day < found.row.ends_on:
            day, at = day + timedelta(days=1), 7 * 60 + 30
        if at < 13 * 60 + 30 and at + 90 > 11 * 60 + 30:
            at = 13 * 60 + 30
        end = min(at + 90, 23 * 60)
        lines.append(
            SessionRow(
                0, day, time(at // 60, at % 60), time(end // 60, end % 60), unit.unit_id, unit.name,
                "Đánh giá tại bộ phận", "", lead[:1],
            )
        )  # fmt: skip
        at = end
    close = min(max(at, 16 * 60), 23 * 60)
    lines.append(
        SessionRow(
            0, day, time(close // 60, close % 60), time(min(close + 30, 23 * 60 + 30) // 60, (close + 30) % 60),
            None, "", "Họp kết thúc", "", lead,
        )
    )  # fmt: skip
    return tuple(lines)


def _programme_row(actor: Actor, row: AuditProgramme) -> ProgrammeRow:
    acts = {
        act
        for act, needed in (
            ("edit", "audit.plan"), ("submit", "audit.plan"), ("discard", "audit.plan"), ("adjust", "audit.plan"),
            ("close", "audit.plan"), ("return", "audit.approve"), ("approve", "audit.approve"),
        )
        if can(actor, needed) and act in AUDIT_PROGRAMME.acts(row.state)
    }  # fmt: skip
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
    )


def _audit_rows(actor: Actor, rows: QuerySet[Audit]) -> tuple[AuditRow, ...]:
    rows = (
        rows.filter(agency_id=actor.agency_id)
        .prefetch_related(
            Prefetch("units", AuditedUnit.objects.select_related("unit").order_by("order", "pk")),
            Prefetch("team", Auditor.objects.select_related("person").order_by("order", "pk")),
        )
        .order_by("starts_on", "pk")
    )
    found = list(rows)
    graded: dict[int, Counter[str]] = {}
    still: Counter[int] = Counter()
    rows_of_findings = Finding.objects.filter(audited__audit__in=found).values_list(
        "audited__audit_id", "grade", "is_withdrawn", "nonconformity__state"
    )
    for audit_id, grade, is_withdrawn, state in rows_of_findings:
        if not is_withdrawn:
            graded.setdefault(audit_id, Counter())[grade] += 1
        still[audit_id] += state in OPEN_STATES
    return tuple(_audit_row(actor, each, graded.get(each.pk, {}), still[each.pk]) for each in found)


def _audit_row(actor: Actor, each: Audit, grades: Mapping[str, int], still: int) -> AuditRow:
    """Return an audit whose units and team are read already."""
    leads = [one for one in each.team.all() if one.part == Auditor.Part.LEAD]
    return AuditRow(
        id=each.pk,
        title=each.title,
        kind=each.kind,
        state=each.state,
        starts_on=each.starts_on,
        ends_on=each.ends_on,
        units=tuple(one.unit.name for one in each.units.all()),
        lead=shown_name(actor, leads[0].person.full_name) if leads else "",
        grades=grades,
        still=still,
        is_mine=any(one.person_id == actor.acts_as_id for one in each.team.all()),
    )


def _units() -> QuerySet[AuditedUnit]:
    return (
        AuditedUnit.objects.select_related("unit", "received_by")
        .annotate(
            asked=Count("questions", distinct=True),
            done=Count("questions", filter=~Q(questions__answer=""), distinct=True),
        )
        .order_by("order", "pk")
    )


def _unit_row(actor: Actor, each: Any, state: str, findings: Iterable[FindingRow]) -> UnitRow:
    return UnitRow(
        unit_id=each.unit_id,
        name=each.unit.name,
        clauses=tuple(each.clauses),
        received_at=each.received_at,
        received_by=shown_name(actor, each.received_by.full_name) if each.received_by else "",
        remark=each.remark,
        asked=each.asked,
        answered=each.done,
        found=sum(1 for one in findings if one.unit_id == each.unit_id and not one.is_withdrawn),
        may_receive=each.unit_id in actor.headed_unit_ids and state in AT_WORK,
    )


def _session_row(each: AuditSession, members: Mapping[int, MemberRow]) -> SessionRow:
    return SessionRow(
        id=each.pk,
        day=each.day,
        starts=each.starts,
        ends=each.ends,
        unit_id=each.audited.unit_id if each.audited else None,
        unit=each.audited.unit.name if each.audited else "",
        topic=each.topic,
        place=each.place,
        auditors=tuple(
            members[one.person_id]
            for one in sorted(each.auditors.all(), key=lambda one: one.order)
            if one.person_id in members
        ),
    )


def _finding_row(actor: Actor, each: Finding) -> FindingRow:
    audit = each.audited.audit
    raised = getattr(each, "nonconformity", None)
    number = "" if raised is None or raised.serial is None else f"KPH {raised.serial:02}/{raised.year}"
    return FindingRow(
        id=each.pk,
        serial=each.serial,
        grade=each.grade,
        clause=each.clause,
        clause_title=_clause_title(audit.edition, each.clause),
        text=each.text,
        proof=each.proof,
        unit_id=each.audited.unit_id,
        unit=each.audited.unit.name,
        audit_id=audit.pk,
        audit=audit.title,
        found_at=each.found_at,
        found_by=shown_name(actor, each.found_by.full_name),
        question_id=each.question_id,
        nonconformity=None if raised is None else (raised.pk, number, raised.state),
        is_withdrawn=each.is_withdrawn,
        withdrawal=each.withdrawal,
        evidence=evidence_rows(actor, each.evidence.all()),
    )


def question_rows(
    actor: Actor, rows: QuerySet[AuditQuestion], edition: str, found: Iterable[FindingRow]
) -> dict[int, tuple[QuestionRow, ...]]:
    """Return questions by unit, in the order of clauses, with answers, evidence and findings; three SQL statements."""
    by_question: dict[int | None, list[FindingRow]] = {}
    for one in found:
        if not one.is_withdrawn:
            by_question.setdefault(one.question_id, []).append(one)
    rows = rows.select_related("answered_by", "audited").prefetch_related(
        Prefetch("evidence", Evidence.objects.select_related("file", "added_by"))
    )
    ordered: dict[int, list[QuestionRow]] = {}
    for each in sorted(rows, key=lambda each: (sort_key(each.clause), each.order, each.pk)):
        ordered.setdefault(each.audited.unit_id, []).append(
            QuestionRow(
                id=each.pk,
                clause=each.clause,
                clause_title=_clause_title(edition, each.clause),
                text=each.text,
                look_at=each.look_at,
                answer=each.answer,
                note=each.note,
                version=each.version,
                answered_by=shown_name(actor, each.answered_by.full_name) if each.answered_by else "",
                answered_at=each.answered_at,
                findings=tuple(by_question.get(each.pk, ())),
                evidence=evidence_rows(actor, each.evidence.all()),
            )
        )
    return {unit_id: tuple(questions) for unit_id, questions in ordered.items()}


def _clause_title(edition: str, code: str) -> str:
    clause = catalogue.edition(edition).clause(code) if code else None
    return clause.title if clause else ""
