"""Internal audits: an audit's team and plan, answers and findings, the report.

Source: ISO 9001:2015, 9.2. Every function locks, asks authority and state, writes and records in one transaction; another
agency's raises DoesNotExist. Preparing is ``audit.plan``; answering and finding are for the audit's own team; the report
is issued by its leader or whoever prepares audits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line, paragraphs
from camket.core.workflow import AUDIT
from camket.documents.operations import NewEvidence, add_evidence
from camket.improvement import catalogue, invitations, telling
from camket.improvement.audit_paper import report_document
from camket.improvement.given import (
    AuditIncomplete,
    DayNotPossible,
    StrangerNamed,
    TextMissing,
)
from camket.improvement.models import (
    Audit,
    AuditedUnit,
    Auditor,
    AuditPaper,
    AuditProgramme,
    AuditQuestion,
    AuditSession,
    Finding,
    Nonconformity,
    OwnQuestion,
)
from camket.improvement.operations._papers import files_of, issue_paper, number_of_paper, require_numbering
from camket.improvement.operations._recording import write_down
from camket.improvement.operations.audit_programmes import adjusted, locked_programme, may_change
from camket.improvement.operations.nonconformities import raise_from_finding
from camket.improvement.operations.risks import propose_from_finding
from camket.improvement.queries.audits import REPORT_SYMBOL, heading, page, report_facts
from camket.improvement.readiness import announce_by, dependence, lacking
from camket.journal.reasons import needed_reason
from camket.org.models import Agency, Membership
from camket.org.operations import require_in_use
from camket.org.policy import Actor, NotAllowed, can, require
from camket.org.queries import held_on

TITLE_LONGEST = 500
TEXT_LONGEST = 8000
NONCONFORMING = (Finding.Grade.MAJOR, Finding.Grade.MINOR)
WORTH_WATCHING = (Finding.Grade.OBSERVATION, Finding.Grade.OPPORTUNITY)


class NotIndependent(Refusal):
    """An auditor would audit a unit of one's own; ``lacks`` says who and which."""

    def __init__(self, lacks: Iterable[Message]) -> None:
        self.lacks = tuple(lacks)
        super().__init__(self.lacks[0])


class AnsweredMeanwhile(Refusal):
    """Somebody else answered the question since it was opened; ``question`` is as it stands now."""

    def __init__(self, question: AuditQuestion) -> None:
        self.question = question
        super().__init__(
            Message(
                gettext_noop(
                    "“%(question)s” was answered by %(by)s meanwhile; look at the answer, then write yours."
                ),
                {
                    "question": question.text[:150],
                    "by": question.answered_by.full_name if question.answered_by else "",
                },
            )
        )


@dataclass(frozen=True, slots=True)
class NewAudit:
    """An audit as it is planned."""

    title: str
    starts_on: date
    ends_on: date
    kind: str = Audit.Kind.PLANNED
    criteria: str = ""
    scope: str = ""
    unit_ids: tuple[int, ...] = ()
    follows_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A line of an audit's plan; ``unit_id`` is None for a meeting of all."""

    day: date
    starts: time
    ends: time
    topic: str
    unit_id: int | None = None
    auditor_ids: tuple[int, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A finding as an auditor writes it; ``key`` is given by a phone, so that it comes once."""

    grade: str
    text: str
    clause: str = ""
    proof: str = ""
    question_id: int | None = None
    key: str = ""


# An audit: what, whom, who, when


def plan_audit(
    *, actor: Actor, audit: NewAudit, now: datetime, programme_id: int | None = None, reason: str = ""
) -> Audit:
    """Plan an audit, of a programme or by itself. Raises NotAllowed, TextMissing, DayNotPossible, Unit.DoesNotExist.

    In an approved programme it is an adjustment, with a reason (ReasonMissing) that the next signed version tells.
    """
    with transaction.atomic():
        programme = None if programme_id is None else locked_programme(actor=actor, programme_id=programme_id)
        require(actor, "audit.plan")
        reason = one_line(reason)
        if may_change(programme=programme):
            reason = needed_reason(reason)
        values = _audit_values(actor, audit)
        row = Audit.objects.create(
            agency_id=actor.agency_id,
            programme=programme,
            edition=catalogue.edition_on(audit.starts_on).key,
            made_at=now,
            made_by_id=actor.person_id,
            **values,
        )
        _lay_units(actor, row, audit.unit_ids)
        write_down(actor, row, "audit.planned", now, None, {**values, "units": list(audit.unit_ids)}, reason)
        if programme is not None:
            adjusted(actor=actor, programme=programme, audit=row, what="added", reason=reason, now=now)
    return row


def change_audit(*, actor: Actor, audit_id: int, audit: NewAudit, now: datetime, reason: str = "") -> Audit:
    """Change an audit before it begins; once it was announced, or its programme approved, with a reason.

    A unit that leaves its scope takes its sessions and unanswered questions along. Raises as :func:`plan_audit`,
    NotPossible, ReasonMissing.
    """
    with transaction.atomic():
        programme = _programme_of(actor, audit_id)
        row = _prepared(actor, audit_id)
        values = {**_audit_values(actor, audit), "units": list(dict.fromkeys(audit.unit_ids))}
        before = {
            **{name: getattr(row, name) for name in values if name != "units"},
            "units": list(row.units.order_by("order").values_list("unit_id", flat=True)),
        }
        if before == values:
            return row  # saved as it stood: nothing to tell
        is_told = row.state == "announced"
        adjusts = any(before[name] != values[name] for name in _OF_PROGRAMME)
        is_adjustment = adjusts and may_change(programme=programme)
        if is_told or (programme and programme.state == "approved"):
            reason = needed_reason(one_line(reason))
        detail = _moved(row, before)
        del values["units"]
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        _lay_units(actor, row, audit.unit_ids)
        write_down(
            actor, row, "audit.changed", now, before, {**values, "units": list(audit.unit_ids)}, reason
        )
        if programme is not None and is_adjustment:
            detail = f"{detail} → {_moved(row, None)}"
            adjusted(
                actor=actor,
                programme=programme,
                audit=row,
                what="changed",
                reason=reason,
                now=now,
                detail=detail,
            )
        if is_told:
            invitations.follow(actor=actor, row=row, now=now, what="changed")
    return row


def cancel_audit(*, actor: Actor, audit_id: int, reason: str, now: datetime) -> Audit:
    """Cancel an audit before it begins, with the reason. Raises NotAllowed, NotPossible, ReasonMissing."""
    with transaction.atomic():
        programme = _programme_of(actor, audit_id)
        row = _audit(actor, audit_id)
        require(actor, "audit.plan")
        before, row.state = row.state, AUDIT.after(row.state, "cancel")
        may_change(programme=programme)
        row.cancellation = needed_reason(one_line(reason))
        row.save(update_fields=["state", "cancellation"])
        write_down(
            actor, row, "audit.cancelled", now, {"state": before}, {"state": row.state}, row.cancellation,
            settles=True,
        )  # fmt: skip
        if programme is not None:
            adjusted(
                actor=actor,
                programme=programme,
                audit=row,
                what="cancelled",
                reason=row.cancellation,
                now=now,
            )
        if before == "announced":
            invitations.follow(actor=actor, row=row, now=now, what="cancelled")
    return row


def set_team(
    *,
    actor: Actor,
    audit_id: int,
    team: Sequence[tuple[int, str]],
    now: datetime,
) -> tuple[Auditor, ...]:
    """Say who audits: people in the order of the decision, each with its part; sessions keep who stays.

    A decision that was issued on another team is replaced or withdrawn before the audit is announced.
    Raises NotAllowed, NotPossible, StrangerNamed, and AuditIncomplete for two leaders or somebody twice. Whether they
    are independent is asked when the audit is announced; pages say it before.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _prepared(actor, audit_id)
        people = [person for person, _ in team]
        if len(set(people)) < len(people):
            raise AuditIncomplete([Message(gettext_noop("Somebody stands in the team twice."))])
        if sum(part == Auditor.Part.LEAD for _, part in team) > 1:
            raise AuditIncomplete([Message(gettext_noop("A team has one leader."))])
        in_post = set(
            Membership.objects.filter(
                held_on(today), agency_id=actor.agency_id, person_id__in=people
            ).values_list("person_id", flat=True)
        )
        if set(people) - in_post:
            raise StrangerNamed(
                Message(
                    gettext_noop("Only somebody with a post in the agency belongs to a team of auditors.")
                )
            )
        before = {
            "team": [list(each) for each in row.team.order_by("order").values_list("person_id", "part")],
        }
        for gone in row.team.exclude(person_id__in=people):
            gone.sessions.clear()
            gone.delete()
        # First nobody leads, so that the one leader may change.
        row.team.filter(part=Auditor.Part.LEAD).update(part=Auditor.Part.MEMBER)
        made = []
        for order, (person, part) in enumerate(team):
            each, _ = Auditor.objects.update_or_create(
                audit=row, person_id=person, defaults={"part": Auditor.Part(part), "order": order}
            )
            made.append(each)
        write_down(actor, row, "audit.team_set", now, before, {"team": [list(each) for each in team]})
        invitations.follow(actor=actor, row=row, now=now)
    return tuple(made)


def set_sessions(
    *, actor: Actor, audit_id: int, sessions: Sequence[NewSession], now: datetime
) -> tuple[AuditSession, ...]:
    """Lay an audit's plan anew: from when to when who audits which unit on what.

    Raises NotAllowed, NotPossible, TextMissing, DayNotPossible for a line outside the audit's days or that ends before
    it begins, AuditIncomplete for a unit or a person that is not the audit's.
    """
    with transaction.atomic():
        row = _prepared(actor, audit_id)
        units = {each.unit_id: each for each in row.units.all()}
        team = {each.person_id: each for each in row.team.all()}
        for each in sessions:
            if not one_line(each.topic):
                raise TextMissing(Message(gettext_noop("Each line of the plan says what is audited.")))
            if each.ends <= each.starts or not row.starts_on <= each.day <= row.ends_on:
                raise DayNotPossible(
                    Message(
                        gettext_noop(
                            "“%(topic)s”: the time lies within the days of the audit and ends after it begins."
                        ),
                        {"topic": one_line(each.topic)[:100]},
                    )
                )
            if each.unit_id is not None and each.unit_id not in units:
                raise AuditIncomplete(
                    [
                        Message(
                            gettext_noop("The plan names a unit that is not within the scope of the audit.")
                        )
                    ]
                )
            if set(each.auditor_ids) - set(team):
                raise AuditIncomplete(
                    [Message(gettext_noop("The plan names somebody who is not of the team."))]
                )
        before = [str(each) for each in row.sessions.all()]
        for old in row.sessions.all():
            old.auditors.clear()
            old.delete()
        made = []
        for each in sorted(sessions, key=lambda one: (one.day, one.starts)):
            line = AuditSession.objects.create(
                audit=row,
                day=each.day,
                starts=each.starts,
                ends=each.ends,
                audited=None if each.unit_id is None else units[each.unit_id],
                topic=one_line(each.topic)[:TITLE_LONGEST],
                place=one_line(each.place)[:255],
            )
            line.auditors.set([team[person] for person in each.auditor_ids])
            made.append(line)
        write_down(
            actor,
            row,
            "audit.sessions_set",
            now,
            {"sessions": before},
            {"sessions": [str(each) for each in made]},
        )
        if row.state == "announced":
            invitations.follow(actor=actor, row=row, now=now, what="changed")
    return tuple(made)


def lay_questions(
    *,
    actor: Actor,
    audit_id: int,
    libraries: Collection[str],
    now: datetime,
    unit_ids: Collection[int] | None = None,
) -> int:
    """Copy the questions of libraries for audited units, those of a unit's clauses alone; return how many came anew.

    A question that a unit has already is not copied again. Raises NotAllowed, NotPossible.
    """
    with transaction.atomic():
        row = _prepared(actor, audit_id)
        found = catalogue.questions_of(row.agency_id, libraries)
        units = list(row.units.all() if unit_ids is None else row.units.filter(unit_id__in=unit_ids))
        known = set(AuditQuestion.objects.filter(audited__in=units).values_list("audited_id", "source"))
        new = [
            AuditQuestion(
                audited=unit,
                source=each.key,
                clause=each.clause,
                text=each.text,
                look_at=each.look_at,
                order=order,
            )
            for unit in units
            for order, each in enumerate(found)
            if (unit.pk, each.key) not in known and _is_asked(each.clause, unit.clauses)
        ]
        AuditQuestion.objects.bulk_create(new)
        if new:
            write_down(
                actor,
                row,
                "audit.questions_laid",
                now,
                None,
                {"count": len(new), "libraries": sorted(libraries)},
            )
    return len(new)


def edit_question(
    *,
    actor: Actor,
    question_id: int,
    text: str,
    look_at: str,
    clause: str,
    now: datetime,
) -> AuditQuestion:
    """Change a question of an audit's checklist; an empty text takes it out as long as it has no answer.

    Raises NotAllowed, NotPossible, AuditQuestion.DoesNotExist.
    """
    with transaction.atomic():
        question = _question(actor, question_id)
        row = question.audited.audit
        _require_preparing_or_team(actor, row)
        AUDIT.after(row.state, "prepare" if row.state in ("planned", "announced") else "answer")
        text = one_line(text)[:TEXT_LONGEST]
        before = {"text": question.text, "look_at": question.look_at, "clause": question.clause}
        if not text and not question.answer and not question.findings.exists():
            write_down(actor, row, "audit.question_dropped", now, before, None)
            question.delete()
            return question
        if not text:
            raise TextMissing(Message(gettext_noop("An answered question keeps its words.")))
        question.text, question.look_at = text, one_line(look_at)[:TEXT_LONGEST]
        question.clause = one_line(clause)[:20]
        question.save(update_fields=["text", "look_at", "clause"])
        after = {"text": question.text, "look_at": question.look_at, "clause": question.clause}
        write_down(actor, row, "audit.question_changed", now, before, after, of=question)
    return question


def add_question(
    *, actor: Actor, audit_id: int, unit_id: int, text: str, look_at: str, clause: str, now: datetime
) -> AuditQuestion:
    """Add a question to a unit's checklist. Raises NotAllowed, NotPossible, TextMissing, AuditedUnit.DoesNotExist."""
    with transaction.atomic():
        row = _audit(actor, audit_id)
        _require_preparing_or_team(actor, row)
        AUDIT.after(row.state, "prepare" if row.state in ("planned", "announced") else "answer")
        audited = row.units.get(unit_id=unit_id)
        if not one_line(text):
            raise TextMissing(Message(gettext_noop("Write the question.")))
        last = audited.questions.aggregate(last=Max("order"))["last"]
        question = AuditQuestion.objects.create(
            audited=audited,
            source=catalogue.OWN,
            clause=one_line(clause)[:20],
            text=one_line(text)[:TEXT_LONGEST],
            look_at=one_line(look_at)[:TEXT_LONGEST],
            order=0 if last is None else last + 1,
        )
        write_down(actor, row, "audit.question_added", now, None, {"text": question.text})
    return question


def keep_own_question(
    *,
    actor: Actor,
    source: str,
    text: str,
    look_at: str,
    clause: str,
    now: datetime,
    question_id: int | None = None,
    is_active: bool = True,
) -> OwnQuestion:
    """Write a question of the agency's own library, or its own words for a shipped one (``source`` its key).

    Raises NotAllowed, TextMissing, OwnQuestion.DoesNotExist.
    """
    with transaction.atomic():
        require(actor, "audit.plan")
        row = (
            OwnQuestion(agency_id=actor.agency_id)
            if question_id is None
            else OwnQuestion.objects.select_for_update().get(pk=question_id, agency_id=actor.agency_id)
        )
        if not one_line(text):
            raise TextMissing(Message(gettext_noop("Write the question.")))
        before = None if question_id is None else {"text": row.text, "is_active": row.is_active}
        row.source, row.clause = one_line(source)[:60] or catalogue.OWN, one_line(clause)[:20]
        row.text, row.look_at = one_line(text)[:TEXT_LONGEST], one_line(look_at)[:TEXT_LONGEST]
        row.is_active = is_active
        row.save()
        write_down(actor, row, "own_question.kept", now, before, {"text": row.text, "is_active": is_active})
    return row


def announce(*, actor: Actor, audit_id: int, now: datetime, reason: str = "") -> Audit:
    """Announce an audit to its team and units, and invite them to its meetings.

    Later than the agency's rhythm has it, with a reason (ReasonMissing). Raises NotAllowed, NotPossible, NotIndependent
    (with names), and AuditIncomplete with all that lacks: a leader, a unit, a plan of each unit, or a plan without clashes.
    """
    with transaction.atomic():
        row = _audit(actor, audit_id)
        require(actor, "audit.plan")
        before, row.state = row.state, AUDIT.after(row.state, "announce")
        lacks = lacking(row)
        if lacks:
            raise AuditIncomplete(lacks)
        dependent = dependence(row)
        if dependent:
            raise NotIndependent(dependent)
        reason = one_line(reason)
        last = announce_by(row)
        if last is not None and timezone.localdate(now) > last:
            reason = needed_reason(reason)
        row.save(update_fields=["state"])
        write_down(
            actor, row, "audit.announced", now, {"state": before}, {"state": row.state}, reason, settles=True
        )
        invitations.follow(actor=actor, row=row, now=now, what="announced")
    return row


# On site


def open_audit(*, actor: Actor, audit_id: int, now: datetime) -> Audit:
    """Open an announced audit: from now on its team answers. Raises NotAllowed, NotPossible."""
    return _led(actor, audit_id, "open", "audit.opened", now)


def answer(
    *,
    actor: Actor,
    question_id: int,
    answer: str,
    note: str,
    version: int,
    now: datetime,
    evidence: Sequence[NewEvidence] = (),
    finding: NewFinding | None = None,
) -> AuditQuestion:
    """Answer a question; the same answer again changes nothing, so that a phone may send it until it is confirmed.

    ``version`` is that of the question when it was opened. A bad answer may bring its ``finding`` along, which then has
    the evidence: both are kept, or neither. Raises TextMissing for a finding without words, NotAllowed for who is not of
    the team, NotPossible, AnsweredMeanwhile, AuditQuestion.DoesNotExist.
    """
    with transaction.atomic():
        # The audit before its question, as everywhere: photos of the same answer may come at this very moment.
        of = AuditQuestion.objects.values_list("audited__audit_id", flat=True)
        row = _audit(actor, of.get(pk=question_id, audited__audit__agency_id=actor.agency_id))
        question = _question(actor, question_id)
        _require_team(actor, row)
        AUDIT.after(row.state, "answer")
        wanted = (AuditQuestion.Answer(answer), paragraphs(note)[:TEXT_LONGEST])
        stands = (question.answer, question.note)
        if wanted != stands:
            # A form of a page is held against the journal, when it is recorded; what a phone sends against the version.
            has_seen = actor.seen is not None and actor.seen.until is not None
            if version != question.version and not has_seen:
                raise AnsweredMeanwhile(question)
            question.answer, question.note = wanted
            question.answered_at, question.answered_by_id = now, actor.person_id
            question.version += 1
            question.save()
            write_down(
                actor,
                row,
                "audit.answered",
                now,
                {"answer": stands[0], "note": stands[1]},
                {"answer": question.answer, "note": question.note},
                of=question,
            )
        if finding is not None:
            find(
                actor=actor,
                audit_id=row.pk,
                unit_id=question.audited.unit_id,
                finding=replace(finding, question_id=question.pk),
                now=now,
                evidence=evidence,
            )
            evidence = ()
        _prove(actor, question, evidence, now)
    return question


def add_proof(
    *,
    actor: Actor,
    audit_id: int,
    unit_id: int,
    evidence: Sequence[NewEvidence],
    now: datetime,
    question_id: int | None = None,
    key: str = "",
) -> None:
    """Add evidence to the finding that came by ``key``, else to a question; the same bytes again add nothing.

    Photos of a phone come after what they belong to, one at a time. Raises NotAllowed for who is not of the team,
    NotPossible, AuditedUnit.DoesNotExist, AuditQuestion.DoesNotExist, and what keeping a file refuses.
    """
    with transaction.atomic():
        row = _audit(actor, audit_id)
        _require_team(actor, row)
        AUDIT.after(row.state, "find")
        audited = row.units.get(unit_id=unit_id)
        found = audited.findings.filter(key=one_line(key)[:60], is_withdrawn=False).first() if key else None
        proved = found or audited.questions.select_for_update().get(pk=question_id or 0)
        _prove(actor, proved, evidence, now)


def find(
    *,
    actor: Actor,
    audit_id: int,
    unit_id: int,
    finding: NewFinding,
    now: datetime,
    evidence: Sequence[NewEvidence] = (),
) -> Finding:
    """Write a finding; from a question, which then says so. The same ``key`` again gives the finding there is.

    Raises NotAllowed for who is not of the team, NotPossible, TextMissing, AuditedUnit.DoesNotExist,
    AuditQuestion.DoesNotExist.
    """
    with transaction.atomic():
        row = _audit(actor, audit_id)
        _require_team(actor, row)
        AUDIT.after(row.state, "find")
        audited = row.units.get(unit_id=unit_id)
        key = one_line(finding.key)[:60]
        known = audited.findings.filter(key=key).first() if key else None
        if known is not None:
            return known
        question = None
        if finding.question_id is not None:
            question = AuditQuestion.objects.select_for_update().get(pk=finding.question_id, audited=audited)
            if question.answer != AuditQuestion.Answer.FINDING:
                stood = {"answer": question.answer}
                question.answer, question.version = AuditQuestion.Answer.FINDING, question.version + 1
                question.answered_at, question.answered_by_id = now, actor.person_id
                question.save()
                after = {"answer": question.answer}
                write_down(actor, row, "audit.answered", now, stood, after, of=question)
        values = _finding_values(finding)
        last = Finding.objects.filter(audited__audit=row).aggregate(last=Max("serial"))["last"] or 0
        made = Finding.objects.create(
            agency_id=row.agency_id,
            audited=audited,
            question=question,
            serial=last + 1,
            key=key,
            found_at=now,
            found_by_id=actor.person_id,
            **values,
        )
        _prove(actor, made, evidence, now)
        write_down(actor, made, "finding.written", now, None, {"serial": made.serial, **values})
    return made


def change_finding(*, actor: Actor, finding_id: int, finding: NewFinding, now: datetime) -> Finding:
    """Change a finding before the report. Raises NotAllowed, NotPossible, TextMissing, Finding.DoesNotExist."""
    with transaction.atomic():
        made, row = _finding(actor, finding_id)
        _require_team(actor, row)
        AUDIT.after(row.state, "find")
        values = _finding_values(finding)
        if values["grade"] not in NONCONFORMING:
            _refuse_raised(made)
        before = {name: getattr(made, name) for name in values}
        for name, value in values.items():
            setattr(made, name, value)
        made.save()
        if before != values:
            AuditedUnit.objects.filter(pk=made.audited_id).update(received_at=None, received_by=None)
            write_down(actor, made, "finding.changed", now, before, values)
    return made


def withdraw_finding(*, actor: Actor, finding_id: int, reason: str, now: datetime) -> Finding:
    """Withdraw a finding before the report, with the reason; it stays on record. Raises ReasonMissing."""
    with transaction.atomic():
        made, row = _finding(actor, finding_id)
        _require_team(actor, row)
        AUDIT.after(row.state, "find")
        _refuse_raised(made)
        made.is_withdrawn, made.withdrawal = True, needed_reason(one_line(reason))
        made.save(update_fields=["is_withdrawn", "withdrawal"])
        write_down(
            actor,
            made,
            "finding.withdrawn",
            now,
            {"is_withdrawn": False},
            {"is_withdrawn": True},
            made.withdrawal,
        )
    return made


def finish(*, actor: Actor, audit_id: int, now: datetime, reason: str = "") -> Audit:
    """Finish the audit on site: the units' heads confirm the findings.

    With questions that nobody answered, a reason is asked for, which the report tells. Raises NotAllowed, NotPossible,
    ReasonMissing.
    """
    with transaction.atomic():
        row = _audit(actor, audit_id)
        _require_leading(actor, row)
        before, row.state = row.state, AUDIT.after(row.state, "finish")
        open_questions = _open_questions(row)
        row.unanswered = needed_reason(one_line(reason)) if open_questions else ""
        row.save(update_fields=["state", "unanswered"])
        after = {"state": row.state, "open_questions": open_questions}
        write_down(actor, row, "audit.finished", now, {"state": before}, after, row.unanswered)
        telling.told_audit(actor=actor, row=row, what="finished", now=now)
    return row


def reopen(*, actor: Actor, audit_id: int, now: datetime) -> Audit:
    """Go back to answering before the report is issued. Raises NotAllowed, NotPossible."""
    with transaction.atomic():
        row = _led(actor, audit_id, "reopen", "audit.reopened", now)
        row.unanswered = ""
        row.save(update_fields=["unanswered"])
    return row


def receive(*, actor: Actor, audit_id: int, unit_id: int, remark: str, now: datetime) -> AuditedUnit:
    """Confirm the findings of a unit, by its head, with what the unit says to them.

    Raises NotAllowed for who does not head the unit, NotPossible, AuditedUnit.DoesNotExist.
    """
    with transaction.atomic():
        row = _audit(actor, audit_id)
        AUDIT.after(row.state, "find")
        audited = row.units.select_for_update().get(unit_id=unit_id)
        if unit_id not in actor.headed_unit_ids:
            raise NotAllowed("audit.conduct")
        audited.received_at, audited.received_by_id = now, actor.person_id
        audited.remark = paragraphs(remark)[:TEXT_LONGEST]
        audited.save(update_fields=["received_at", "received_by", "remark"])
        write_down(
            actor, row, "audit.findings_received", now, None, {"unit": unit_id, "remark": audited.remark}
        )
    return audited


# The report


def write_report(
    *, actor: Actor, audit_id: int, strengths: str, conclusion: str, proposals: str, now: datetime
) -> Audit:
    """Write what the report says beside findings and counts. Raises NotAllowed, NotPossible."""
    with transaction.atomic():
        row = _audit(actor, audit_id)
        _require_leading(actor, row)
        AUDIT.after(row.state, "find")
        texts = {"strengths": strengths, "conclusion": conclusion, "proposals": proposals}
        before = {name: getattr(row, name) for name in texts}
        for name, text in texts.items():
            setattr(row, name, paragraphs(text)[:TEXT_LONGEST])
        row.save(update_fields=list(texts))
        after = {name: getattr(row, name) for name in texts}
        if before != after:
            write_down(actor, row, "audit.report_written", now, before, after)
    return row


def issue_report(
    *,
    actor: Actor,
    audit_id: int,
    number: str,
    reported_on: date,
    now: datetime,
) -> Audit:
    """Issue the report with its number and day: text and both files are frozen as the audit stands under the lock,
    nonconforming findings become nonconformities, observations and opportunities are proposed for the book of risks.

    The number is of the team's own series, or of the agency's, where the report is entered among its outgoing documents.
    Raises NotAllowed, NotPossible, DayNotPossible, NumberNotPossible, NumberTaken, and AuditIncomplete where questions
    are open that finishing on site gave no reason for, or there is no conclusion.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        row = _audit(actor, audit_id)
        _require_leading(actor, row)
        before, row.state = row.state, AUDIT.after(row.state, "report")
        lacks = []
        still = _open_questions(row)
        if still and not row.unanswered:
            lacks.append(
                Message(
                    gettext_noop(
                        "%(count)s questions have no answer; answer them or say that they do not apply."
                    ),
                    {"count": str(still)},
                )
            )
        if not row.conclusion.strip():
            lacks.append(Message(gettext_noop("The report has no conclusion yet.")))
        if lacks:
            raise AuditIncomplete(lacks)
        if not row.starts_on <= reported_on <= today:
            raise DayNotPossible(Message(gettext_noop("The report's day lies between the audit and today.")))
        written = number_of_paper(
            audit=row,
            kind=AuditPaper.Kind.REPORT,
            number=number,
            on=reported_on,
            example=f"05/{REPORT_SYMBOL}",
        )
        require_numbering(actor=actor, agency=agency, number=written, other=f"05/{REPORT_SYMBOL}")
        facts = report_facts(page(actor, row.pk))
        paper = issue_paper(
            actor=actor,
            agency=agency,
            audit=row,
            kind=AuditPaper.Kind.REPORT,
            number=written,
            issued_on=reported_on,
            draft=report_document(
                heading=heading(actor), facts=facts, number=written, reported_on=reported_on, on=today
            ),
            facts=facts,
            name="bao cao danh gia noi bo",
            now=now,
        )
        row.report_number, row.reported_on = written, reported_on
        row.save(update_fields=["state", "report_number", "reported_on"])
        found = Finding.objects.filter(audited__audit=row, is_withdrawn=False, grade__in=NONCONFORMING)
        for each in found.select_related("audited").order_by("serial"):
            raise_from_finding(actor=actor, finding=each, owner_id=None, now=now)
        watched = Finding.objects.filter(audited__audit=row, is_withdrawn=False, grade__in=WORTH_WATCHING)
        for each in watched.select_related("audited__unit").order_by("serial"):
            propose_from_finding(finding=each, now=now)
        write_down(
            actor,
            row,
            "audit.reported",
            now,
            {"state": before},
            {
                "state": row.state,
                "number": row.report_number,
                "reported_on": reported_on,
                **files_of(paper),
            },
            settles=True,
        )
        telling.told_audit(actor=actor, row=row, what="reported", now=now)
        _close_if_settled(actor, row, now)
    return row


def close_settled(*, actor: Actor, audit_id: int, now: datetime) -> Audit:
    """Close a reported audit whose nonconformities are all settled. Raises NotAllowed, NotPossible, AuditIncomplete."""
    with transaction.atomic():
        row = _audit(actor, audit_id)
        _require_leading(actor, row)
        AUDIT.after(row.state, "close")
        if not _close_if_settled(actor, row, now):
            raise AuditIncomplete(
                [Message(gettext_noop("Nonconformities of this audit are open; it is closed after them."))]
            )
    return row


def _close_if_settled(actor: Actor, row: Audit, now: datetime) -> bool:
    still = Nonconformity.objects.filter(finding__audited__audit=row).exclude(
        state__in=("closed", "cancelled")
    )
    if still.exists():
        return False
    row.state = AUDIT.after(row.state, "close")
    row.save(update_fields=["state"])
    write_down(actor, row, "audit.closed", now, {"state": "reported"}, {"state": row.state}, settles=True)
    return True


_OF_PROGRAMME = ("title", "kind", "starts_on", "ends_on", "units")
"""What the paper of a year's programme says of an audit."""


def _programme_of(actor: Actor, audit_id: int) -> AuditProgramme | None:
    """Lock the programme that an audit belongs to, before the audit itself."""
    known = Audit.objects.filter(pk=audit_id, agency_id=actor.agency_id).values_list(
        "programme_id", flat=True
    )
    programme_id = known.first()
    return None if programme_id is None else locked_programme(actor=actor, programme_id=programme_id)


def _moved(row: Audit, before: Mapping[str, Any] | None) -> str:
    """Return days and units of an audit in the words of the paper, as they are or as they were."""
    first, last = (before["starts_on"], before["ends_on"]) if before else (row.starts_on, row.ends_on)
    days = format_date(first) if first == last else f"{format_date(first)} - {format_date(last)}"
    names = row.units.order_by("order").values_list("unit__name", flat=True)
    return f"{days} ({'; '.join(names)})"


def _audit(actor: Actor, audit_id: int) -> Audit:
    return Audit.objects.select_for_update(of=("self",)).get(pk=audit_id, agency_id=actor.agency_id)


def _prepared(actor: Actor, audit_id: int) -> Audit:
    row = _audit(actor, audit_id)
    require(actor, "audit.plan")
    AUDIT.after(row.state, "prepare")
    return row


def _question(actor: Actor, question_id: int) -> AuditQuestion:
    return (
        AuditQuestion.objects.select_for_update(of=("self",))
        .select_related("audited__audit", "answered_by")
        .get(pk=question_id, audited__audit__agency_id=actor.agency_id)
    )


def _finding(actor: Actor, finding_id: int) -> tuple[Finding, Audit]:
    made = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("audited__audit")
        .get(pk=finding_id, agency_id=actor.agency_id, is_withdrawn=False)
    )
    return made, made.audited.audit


def _led(actor: Actor, audit_id: int, act: str, verb: str, now: datetime) -> Audit:
    with transaction.atomic():
        row = _audit(actor, audit_id)
        _require_leading(actor, row)
        before, row.state = row.state, AUDIT.after(row.state, act)
        row.save(update_fields=["state"])
        write_down(actor, row, verb, now, {"state": before}, {"state": row.state})
    return row


def _refuse_raised(made: Finding) -> None:
    """Refuse to take back what a nonconformity of a report that was withdrawn rests on; it is cancelled first."""
    raised = Nonconformity.objects.filter(finding=made).exclude(state__in=("cancelled", "dismissed")).first()
    if raised is not None:
        raise AuditIncomplete(
            [
                Message(
                    gettext_noop(
                        "%(name)s was raised from this finding by the report that was withdrawn: cancel it with the reason first."
                    ),
                    {"name": telling.number_of(raised.serial, raised.year) or raised.title[:100]},
                )
            ]
        )


def _open_questions(row: Audit) -> int:
    return AuditQuestion.objects.filter(audited__audit=row, answer="").count()


def _require_team(actor: Actor, row: Audit) -> None:
    members = row.team.exclude(part=Auditor.Part.OBSERVER)
    if not can(actor, "audit.conduct") or not members.filter(person_id=actor.acts_as_id).exists():
        raise NotAllowed("audit.conduct")


def _require_leading(actor: Actor, row: Audit) -> None:
    if can(actor, "audit.plan"):
        return
    leads = row.team.filter(part=Auditor.Part.LEAD, person_id=actor.acts_as_id)
    if not can(actor, "audit.conduct") or not leads.exists():
        raise NotAllowed("audit.conduct")


def _require_preparing_or_team(actor: Actor, row: Audit) -> None:
    if not can(actor, "audit.plan"):
        _require_team(actor, row)


def _prove(
    actor: Actor, proved: AuditQuestion | Finding, evidence: Iterable[NewEvidence], now: datetime
) -> None:
    """Keep evidence of an answer or a finding; bytes that it has already are not kept again, so that a phone may resend."""
    for each in evidence:
        if each.data is not None:
            digest = hashlib.sha256(each.data).hexdigest()
            if proved.evidence.filter(file__sha256=digest, is_withdrawn=False).exists():
                continue
        proved.evidence.add(add_evidence(actor=actor, evidence=each, now=now))


def _is_asked(clause: str, clauses: Sequence[str]) -> bool:
    return not clauses or any(clause == each or clause.startswith(f"{each}.") for each in clauses)


def _audit_values(actor: Actor, audit: NewAudit) -> dict[str, Any]:
    title = one_line(audit.title)[:TITLE_LONGEST]
    if not title:
        raise TextMissing(Message(gettext_noop("Give the audit a title.")))
    if audit.ends_on < audit.starts_on:
        raise DayNotPossible(Message(gettext_noop("The audit cannot end before it begins.")))
    if audit.follows_id is not None:
        Audit.objects.get(pk=audit.follows_id, agency_id=actor.agency_id)
    return {
        "title": title,
        "kind": Audit.Kind(audit.kind),
        "criteria": paragraphs(audit.criteria)[:TEXT_LONGEST],
        "scope": paragraphs(audit.scope)[:TEXT_LONGEST],
        "starts_on": audit.starts_on,
        "ends_on": audit.ends_on,
        "follows_id": audit.follows_id,
    }


def _lay_units(actor: Actor, row: Audit, unit_ids: Sequence[int]) -> None:
    wanted = list(dict.fromkeys(unit_ids))
    require_in_use(actor=actor, unit_ids=wanted, besides=row.units.values_list("unit_id", flat=True))
    for gone in row.units.exclude(unit_id__in=wanted):
        for session in gone.sessions.all():
            session.auditors.clear()
            session.delete()
        gone.questions.all().delete()
        gone.delete()
    for order, unit_id in enumerate(wanted):
        AuditedUnit.objects.update_or_create(audit=row, unit_id=unit_id, defaults={"order": order})


def _finding_values(finding: NewFinding) -> dict[str, Any]:
    text = paragraphs(finding.text)[:TEXT_LONGEST]
    if not text:
        raise TextMissing(Message(gettext_noop("Say what was found.")))
    return {
        "grade": Finding.Grade(finding.grade),
        "clause": one_line(finding.clause)[:20],
        "text": text,
        "proof": paragraphs(finding.proof)[:TEXT_LONGEST],
    }
