"""Reads of one internal audit: its page, checklists, findings, papers, and the libraries that questions come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from camket.core.clauses import sort_key
from camket.core.messages import Message
from camket.core.numbering import body_symbol, next_number, symbol_of
from camket.core.workflow import AUDIT
from camket.documents.models import Evidence
from camket.documents.queries import EvidenceRow, evidence_rows
from camket.documents.queries.signing import signer_choice
from camket.improvement import catalogue
from camket.improvement.models import (
    Audit,
    AuditedUnit,
    Auditor,
    AuditPaper,
    AuditQuestion,
    AuditSession,
    Finding,
    OwnQuestion,
    Risk,
)
from camket.improvement.readiness import announce_by, dependence, lacking, ties_to
from camket.org.models import Agency, Membership, Person, Role
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.org.queries import held_on
from camket.registers.queries.numbers import given_numbers

REPORT_SYMBOL = symbol_of("BC", "ĐĐG")
"""The symbol of reports that a team of auditors numbers itself."""
GRADES = tuple(Finding.Grade.values)
OPEN_STATES = ("open", "planned", "acting", "judging")
AT_WORK = ("open", "reporting")
OVER = ("reported", "closed")


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
    unit_ids: tuple[int, ...] = ()


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
    settled_on: date | None
    risk: tuple[int, str] | None
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
class PaperRow:
    """A decision or a report as it was issued; files by format, None of one that was issued before they were kept."""

    id: int
    kind: str
    version: int
    state: str
    number: str
    issued_on: date
    issued_by: str
    content: Mapping[str, Any]
    files: Mapping[str, int | None]
    outgoing_id: int | None
    withdrawal: str
    withdrawn_at: datetime | None
    withdrawn_by: str

    @property
    def is_in_force(self) -> bool:
        """Whether it was neither replaced nor withdrawn."""
        return self.state == AuditPaper.State.ISSUED

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        return self.state == AuditPaper.State.WITHDRAWN


@dataclass(frozen=True, slots=True)
class AuditPage:
    """All that an audit's page shows; ``papers`` are those that were issued, the latest of each kind first."""

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
    papers: tuple[PaperRow, ...]
    follows: tuple[int, str] | None
    units: tuple[UnitRow, ...]
    team: tuple[MemberRow, ...]
    sessions: tuple[SessionRow, ...]
    findings: tuple[FindingRow, ...]
    lacks: tuple[Message, ...]
    dependent: tuple[Message, ...]
    acts: frozenset[str]
    unanswered: str = ""
    announce_by: date | None = None
    is_adjusting: bool = False
    issuer: str = ""
    invited: int = 0

    @property
    def decision(self) -> PaperRow | None:
        """The decision on the team that is in force."""
        return self._in_force(AuditPaper.Kind.DECISION)

    @property
    def report(self) -> PaperRow | None:
        """The report that is in force."""
        return self._in_force(AuditPaper.Kind.REPORT)

    @property
    def decisions(self) -> tuple[PaperRow, ...]:
        """Every decision on the team that was issued, the latest first."""
        return tuple(each for each in self.papers if each.kind == AuditPaper.Kind.DECISION)

    @property
    def reports(self) -> tuple[PaperRow, ...]:
        """Every report that was issued, the latest first."""
        return tuple(each for each in self.papers if each.kind == AuditPaper.Kind.REPORT)

    def _in_force(self, kind: str) -> PaperRow | None:
        return next((each for each in self.papers if each.kind == kind and each.is_in_force), None)

    @property
    def asked(self) -> int:
        """How many questions its checklists have."""
        return sum(each.asked for each in self.units)

    @property
    def open_questions(self) -> int:
        """How many of them nobody answered."""
        return sum(each.asked - each.answered for each in self.units)


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


# One audit


def page(actor: Actor, audit_id: int, *, is_whole: bool = True) -> AuditPage:
    """Return an audit with all that its page shows, or without papers and what it lacks; at most thirteen SQL statements.

    Raises Audit.DoesNotExist.
    """
    require(actor, "audit.view")
    issued = AuditPaper.objects.order_by("kind", "-version")
    row = (
        Audit.objects.select_related("programme", "follows", "agency__cycle_rules")
        .annotate(
            invited=Count("invitations__person", filter=Q(invitations__is_cancelled=False), distinct=True)
        )
        .prefetch_related(
            Prefetch("units", _units()),
            Prefetch("team", Auditor.objects.select_related("person").order_by("order", "pk")),
            Prefetch(
                "sessions", AuditSession.objects.select_related("audited__unit").prefetch_related("auditors")
            ),
            *([Prefetch("papers", issued.select_related("issued_by", "withdrawn_by"))] if is_whole else []),
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
        papers=tuple(_paper_row(actor, each) for each in row.papers.all()) if is_whole else (),
        follows=(row.follows_id, row.follows.title) if row.follows and row.follows_id else None,
        units=units,
        team=team,
        sessions=tuple(_session_row(each, members) for each in row.sessions.all()),
        findings=findings,
        lacks=lacking(row) if is_whole and row.state == "planned" else (),
        dependent=dependence(row) if is_whole and is_prepared else (),
        acts=_acts(actor, row.state, members.get(actor.acts_as_id)),
        unanswered=row.unanswered,
        announce_by=announce_by(row) if row.state == "planned" else None,
        issuer=row.agency.full_name,
        invited=row.invited,
        is_adjusting=bool(row.programme and row.programme.state == "approved"),
    )


def paper_of(actor: Actor, paper_id: int) -> tuple[PaperRow, AuditRow]:
    """Return a decision or report that was issued, and its audit. Raises AuditPaper.DoesNotExist."""
    require(actor, "audit.view")
    each = AuditPaper.objects.select_related("issued_by", "withdrawn_by").get(
        pk=paper_id, agency_id=actor.agency_id
    )
    return _paper_row(actor, each), audit_rows(actor, Audit.objects.filter(pk=each.audit_id))[0]


def _paper_row(actor: Actor, each: AuditPaper) -> PaperRow:
    return PaperRow(
        id=each.pk,
        kind=each.kind,
        version=each.version,
        state=each.state,
        number=each.number,
        issued_on=each.issued_on,
        issued_by=shown_name(actor, each.issued_by.full_name) if each.issued_by else "",
        content=each.content,
        files={"docx": each.docx_id, "pdf": each.pdf_id},
        outgoing_id=each.outgoing_id,
        withdrawal=each.withdrawal,
        withdrawn_at=each.withdrawn_at,
        withdrawn_by=shown_name(actor, each.withdrawn_by.full_name) if each.withdrawn_by else "",
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
    shown = page(actor, audit_id, is_whole=False)
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
    watched = Risk.objects.filter(finding=OuterRef("pk")).order_by("pk")
    rows = (
        rows.filter(agency_id=actor.agency_id)
        .select_related("audited__audit", "audited__unit", "found_by", "nonconformity")
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("file", "added_by")),
        )
        .annotate(
            risk_id=Subquery(watched.values("pk")[:1]), risk_state=Subquery(watched.values("state")[:1])
        )
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


def next_report_number(actor: Actor, on: date) -> str:
    """Return the number that follows those of the year's reports in the teams' own series. One SQL statement."""
    require(actor, "audit.view")
    return str(next_number(_given(actor, AuditPaper.Kind.REPORT, on), REPORT_SYMBOL, on))


def next_decision_number(actor: Actor, on: date, *, issuer: str) -> str:
    """Return the number that follows the latest decision among the year's outgoing documents. One SQL statement."""
    require(actor, "audit.view")
    symbol = symbol_of("QĐ", body_symbol(issuer))
    return str(next_number(given_numbers(actor, series=symbol, year=on.year), symbol, on))


def _given(actor: Actor, kind: str, on: date) -> list[tuple[date, str]]:
    rows = AuditPaper.objects.filter(agency_id=actor.agency_id, kind=kind, issued_on__year=on.year)
    return list(rows.values_list("issued_on", "number"))


def decision_facts(
    actor: Actor, found: AuditPage, on: date, *, replaces: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the decision on a team says, as it is frozen when it is issued: plain data, days in ISO form.

    It names who signs for the agency on a day; ``replaces`` are number and day of the decision before.
    """
    return {
        "title": found.row.title,
        "edition": found.edition,
        "starts_on": found.row.starts_on.isoformat(),
        "ends_on": found.row.ends_on.isoformat(),
        "units": [{"id": each.unit_id, "name": each.name} for each in found.units],
        "team": [{"person": each.person_id, "name": each.name, "part": each.part} for each in found.team],
        "signer": asdict(signer_choice(actor, on, "QĐ")),
        "replaces": dict(replaces) if replaces else None,
    }


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
        "unanswered": found.unanswered,
        "strengths": found.strengths,
        "conclusion": found.conclusion,
        "proposals": found.proposals,
    }


def tied_people(actor: Actor, audit: AuditPage) -> dict[int, frozenset[int]]:
    """Return the people who do not audit units of an audit, with those units: by post or seat within the year before.

    Two SQL statements.
    """
    require(actor, "audit.view")
    units = [each.unit_id for each in audit.units]
    found: dict[int, set[int]] = {}
    for tie in ties_to(actor.agency_id, units, audit.row.starts_on):
        found.setdefault(tie.person, set()).add(tie.unit)
    return {person: frozenset(units) for person, units in found.items()}


def proposed_team(actor: Actor, tied: Mapping[int, Collection[int]], on: date) -> tuple[MemberRow, ...]:
    """Return a team to begin with: two internal auditors without a tie to the units, those who audited least lately first.

    None where nobody has that role. One SQL statement.
    """
    since = on - timedelta(days=730)
    led = Auditor.objects.filter(person=OuterRef("pk"), audit__starts_on__gte=since).order_by()
    counted = led.values("person").annotate(n=Count("pk")).values("n")
    posts = Membership.objects.filter(held_on(on), agency_id=actor.agency_id, role=Role.AUDITOR)
    people = (
        Person.objects.filter(pk__in=posts.values("person_id"), is_active=True)
        .exclude(pk__in=list(tied))
        .order_by(Coalesce(Subquery(counted), 0), "pk")[:2]
    )
    parts = (Auditor.Part.LEAD, Auditor.Part.MEMBER)
    return tuple(
        MemberRow(each.pk, shown_name(actor, each.full_name), part)
        for each, part in zip(people, parts, strict=False)
    )


def proposed_sessions(
    found: AuditPage, tied: Mapping[int, Collection[int]] | None = None
) -> tuple[SessionRow, ...]:
    """Return a plan to begin with: opening meeting, an hour and a half for each unit, closing meeting.

    Each unit is given to whoever of the team has no tie to it (``tied``: units of people) and has least so far; to nobody
    where all have one.
    """
    tied = tied or {}
    day, at = found.row.starts_on, 8 * 60
    team = tuple(each for each in found.team if each.part in (Auditor.Part.LEAD, Auditor.Part.MEMBER))
    given: Counter[int] = Counter()
    lines = [SessionRow(0, day, time(7, 30), time(8), None, "", "Họp khai mạc", "", team)]
    for unit in found.units:
        if at + 90 > 16 * 60 and day < found.row.ends_on:
            day, at = day + timedelta(days=1), 7 * 60 + 30
        if at < 13 * 60 + 30 and at + 90 > 11 * 60 + 30:
            at = 13 * 60 + 30
        end = min(at + 90, 23 * 60)
        free = [each for each in team if unit.unit_id not in tied.get(each.person_id, ())]
        auditor = min(free, key=lambda each: given[each.person_id], default=None)
        if auditor is not None:
            given[auditor.person_id] += 1
        lines.append(
            SessionRow(
                0, day, time(at // 60, at % 60), time(end // 60, end % 60), unit.unit_id, unit.name,
                "Đánh giá tại bộ phận", "", (auditor,) if auditor else (),
            )
        )  # fmt: skip
        at = end
    close = min(max(at, 16 * 60), 23 * 60)
    lines.append(
        SessionRow(
            0, day, time(close // 60, close % 60), time(min(close + 30, 23 * 60 + 30) // 60, (close + 30) % 60),
            None, "", "Họp kết thúc", "", team,
        )
    )  # fmt: skip
    return tuple(lines)


def audit_rows(actor: Actor, rows: QuerySet[Audit]) -> tuple[AuditRow, ...]:
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
        unit_ids=tuple(one.unit_id for one in each.units.all()),
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


def _finding_row(actor: Actor, each: Any) -> FindingRow:
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
        settled_on=localdate(raised.closed_at) if raised and raised.closed_at else None,
        risk=(each.risk_id, each.risk_state) if each.risk_id else None,
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
