"""Context, interested parties, risks and opportunities. Source: ISO 9001:2015, 4.1, 4.2, 6.1.

Every function locks, asks authority and state, writes and records in one transaction; another agency's raises DoesNotExist.
A unit's head keeps the risks of the own unit; secretary and representative those of the agency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.actions.operations import NewTask, add_task
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.risk import Scale, to_json
from camket.core.wording.text import one_line, paragraphs
from camket.core.workflow import RISK
from camket.improvement import telling
from camket.improvement.given import DayNotPossible, TextMissing, require_in_post, unit_id_of
from camket.improvement.models import ContextIssue, Finding, Risk, RiskRating, RiskScale, RiskTreatment
from camket.improvement.operations._recording import write_down
from camket.improvement.readiness import rules_of, scale_of, scale_on
from camket.improvement.sight import may_keep_risk
from camket.journal.reasons import needed_reason
from camket.org.models import Agency
from camket.org.policy import Actor, NotAllowed, require

TITLE_LONGEST = 500
TEXT_LONGEST = 8000


class RatingNotPossible(Refusal):
    """A grade that the scale of the day does not have."""


class TreatmentMissing(Refusal):
    """What calls for action is not ended while nothing was done about it."""


@dataclass(frozen=True, slots=True)
class NewRisk:
    """A risk or an opportunity as a person writes it."""

    kind: str
    process: str
    title: str
    cause: str = ""
    effect: str = ""
    controls: str = ""
    unit_id: int | None = None
    owner_id: int | None = None
    issue_id: int | None = None


@dataclass(frozen=True, slots=True)
class ProposedRisk:
    """What the system proposes to watch; ``key`` names it for ever, so that it is proposed once."""

    key: str
    process: str
    title: str
    found: dict[str, Any]
    cause: str = ""
    effect: str = ""
    kind: str = Risk.Kind.RISK
    unit_id: int | None = None
    finding_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewIssue:
    """An internal or external issue, or an interested party with what it requires."""

    kind: str
    title: str
    text: str = ""
    response: str = ""
    unit_id: int | None = None
    review_by: date | None = None


def set_scale(*, actor: Actor, scale: Scale, valid_from: date, now: datetime) -> RiskScale:
    """Rate by another scale from a day on; ratings keep theirs. The same day again replaces one not rated by yet.

    What is watched is to be rated by it: by that day, where it was not to be rated earlier anyway.

    Raises NotAllowed, DayNotPossible for a day before the scale in force or one already rated by.
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "risk.scale")
        latest = RiskScale.objects.filter(agency_id=actor.agency_id).order_by("-valid_from").first()
        if latest is not None and (
            valid_from < latest.valid_from or (valid_from == latest.valid_from and latest.ratings.exists())
        ):
            raise DayNotPossible(
                Message(
                    gettext_noop(
                        "There is a scale from %(day)s on, by which was rated; begin another one later."
                    ),
                    {"day": f"{latest.valid_from:%d/%m/%Y}"},
                )
            )
        row, _ = RiskScale.objects.update_or_create(
            agency_id=actor.agency_id,
            valid_from=valid_from,
            defaults={**to_json(scale), "made_at": now, "made_by_id": actor.person_id},
        )
        # What was rated by the scale before has no place on the new one's map: it is to be rated by it.
        Risk.objects.filter(
            agency_id=actor.agency_id, state="open", likelihood__isnull=False, rerate_by__gt=valid_from
        ).update(rerate_by=valid_from)
        write_down(actor, row, "risk_scale.set", now, None, {"valid_from": valid_from, **to_json(scale)})
    return row


def propose(*, agency_id: int, proposals: Iterable[ProposedRisk], now: datetime) -> tuple[Risk, ...]:
    """Put risks that the system sees before the secretary; what was proposed before stays as it is."""
    made = []
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=agency_id)
        wanted = {each.key: each for each in proposals}
        known = set(
            Risk.objects.filter(agency_id=agency_id, source_key__in=wanted).values_list(
                "source_key", flat=True
            )
        )
        for key, each in wanted.items():
            if key in known:
                continue
            row = Risk.objects.create(
                agency_id=agency_id,
                kind=each.kind,
                process=one_line(each.process)[:255],
                title=one_line(each.title)[:TITLE_LONGEST],
                cause=paragraphs(each.cause)[:TEXT_LONGEST],
                effect=paragraphs(each.effect)[:TEXT_LONGEST],
                source_key=key,
                found=each.found,
                unit_id=each.unit_id,
                finding_id=each.finding_id,
                state="proposed",
                made_at=now,
            )
            write_down(None, row, "risk.proposed", now, None, {"title": row.title})
            made.append(row)
        telling.told_risks(agency_id=agency_id, rows=made, now=now)
    return tuple(made)


def propose_from_finding(*, finding: Finding, now: datetime) -> tuple[Risk, ...]:
    """Propose to watch what an audit observed or saw as an opportunity."""
    kind = Risk.Kind.OPPORTUNITY if finding.grade == Finding.Grade.OPPORTUNITY else Risk.Kind.RISK
    return propose(
        agency_id=finding.agency_id,
        proposals=[
            ProposedRisk(
                key=f"finding:{finding.pk}",
                process=finding.audited.unit.name,
                title=one_line(finding.text)[:200],
                found={"clause": finding.clause, "text": finding.text},
                cause=finding.proof,
                kind=kind,
                unit_id=finding.audited.unit_id,
                finding_id=finding.pk,
            )
        ],
        now=now,
    )


def enter(*, actor: Actor, risk: NewRisk, now: datetime) -> Risk:
    """Write a risk or an opportunity into the book. Raises NotAllowed, TextMissing, StrangerNamed, DoesNotExist."""
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        values = _risk_values(actor, risk, timezone.localdate(now))
        if not may_keep_risk(actor, values["unit_id"]):
            raise NotAllowed("risk.keep")
        row = Risk(agency_id=actor.agency_id, state="open", made_at=now, made_by_id=actor.person_id, **values)
        _number(row, now)
        row.save()
        write_down(actor, row, "risk.entered", now, None, {**values, "serial": row.serial})
    return row


def suggest(*, actor: Actor, risk: NewRisk, now: datetime) -> Risk:
    """Propose a risk or an opportunity, whoever one is: the secretary and the unit's head are told, and take it up or leave it.

    Raises NotAllowed, TextMissing, StrangerNamed, DoesNotExist.
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "risk.propose")
        values = _risk_values(actor, risk, timezone.localdate(now))
        row = Risk.objects.create(
            agency_id=actor.agency_id, state="proposed", made_at=now, made_by_id=actor.person_id, **values
        )
        write_down(actor, row, "risk.suggested", now, None, {**values, "state": row.state})
        telling.told_risks(agency_id=actor.agency_id, rows=[row], now=now, by=actor)
    return row


def change(*, actor: Actor, risk_id: int, risk: NewRisk, now: datetime) -> Risk:
    """Change what a watched risk says. Raises as :func:`enter`, NotPossible."""
    with transaction.atomic():
        row = _locked(actor, risk_id)
        RISK.after(row.state, "edit")
        values = _risk_values(actor, risk, timezone.localdate(now))
        if not may_keep_risk(actor, values["unit_id"]):
            raise NotAllowed("risk.keep")
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        changed = [name for name in values if before[name] != values[name]]
        if changed:
            write_down(
                actor,
                row,
                "risk.changed",
                now,
                {name: before[name] for name in changed},
                {name: values[name] for name in changed},
            )
    return row


def take_up(*, actor: Actor, risk_id: int, now: datetime) -> Risk:
    """Take a proposal, or what was ended or left, up into the book. Raises NotAllowed, NotPossible."""
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        row = _locked(actor, risk_id)
        before, row.state = row.state, RISK.after(row.state, "take_up")
        row.made_by_id, row.ending = row.made_by_id or actor.person_id, ""
        _number(row, now)
        row.save()
        write_down(
            actor, row, "risk.taken_up", now, {"state": before}, {"state": row.state, "serial": row.serial}
        )
        if before == "proposed":
            telling.told_risk_decided(actor=actor, row=row, reason="", now=now)
    return row


def dismiss(*, actor: Actor, risk_id: int, reason: str, now: datetime) -> Risk:
    """Leave a proposal, with the reason; it is not proposed again. Raises NotAllowed, NotPossible, ReasonMissing."""
    return _ended(actor, risk_id, "dismiss", "risk.dismissed", reason, now)


def end(*, actor: Actor, risk_id: int, reason: str, now: datetime) -> Risk:
    """Watch a risk no more, with the reason.

    Raises NotAllowed, NotPossible, ReasonMissing, TreatmentMissing where its last rating calls for action and nothing
    was done about it.
    """
    return _ended(actor, risk_id, "end", "risk.ended", reason, now)


def rate(
    *, actor: Actor, risk_id: int, likelihood: int, consequence: int, reason: str, now: datetime
) -> RiskRating:
    """Rate a risk by the scale in force; earlier ratings stay, and a risk is lowered with the reason.

    Raises NotAllowed, NotPossible, RatingNotPossible, ReasonMissing.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, risk_id)
        RISK.after(row.state, "rate")
        kept, scale = scale_on(row.agency_id, today)
        if not scale.holds(likelihood, consequence):
            raise RatingNotPossible(
                Message(
                    gettext_noop(
                        "The scale has no such grade: choose likelihood and consequence of the list."
                    )
                )
            )
        last = row.ratings.select_related("scale").order_by("-on", "-pk").first()
        # By another scale the same gravity has another product: what counts is how far up its own scale a rating stands.
        if (
            row.kind == Risk.Kind.RISK
            and last is not None
            and scale.share(likelihood, consequence)
            < scale_of(last.scale).share(last.likelihood, last.consequence)
        ):
            needed_reason(one_line(reason))
        if kept is None:
            # The proposed scale becomes the agency's own with the first rating by it, so that the rating keeps it.
            kept = RiskScale.objects.create(
                agency_id=row.agency_id, valid_from=today, made_at=now, **to_json(scale)
            )
        made = RiskRating.objects.create(
            risk=row,
            scale=kept,
            likelihood=likelihood,
            consequence=consequence,
            reason=paragraphs(reason)[:TEXT_LONGEST],
            on=today,
            at=now,
            by_id=actor.person_id,
        )
        before = {"likelihood": row.likelihood, "consequence": row.consequence}
        row.likelihood, row.consequence = likelihood, consequence
        row.rerate_by = today + relativedelta(months=rules_of(row.agency_id).risk_months)
        row.save(update_fields=["likelihood", "consequence", "rerate_by"])
        write_down(
            actor,
            row,
            "risk.rated",
            now,
            before,
            {"likelihood": likelihood, "consequence": consequence, "rerate_by": row.rerate_by},
            made.reason,
        )
        telling.over(row.agency_id, row.pk, "risk.rate", now=now)
    return made


def treat(*, actor: Actor, risk_id: int, task: NewTask, now: datetime) -> RiskTreatment:
    """Give out a task about a risk. Raises NotAllowed, NotPossible, and what giving out a task raises."""
    with transaction.atomic():
        row = _locked(actor, risk_id)
        RISK.after(row.state, "treat")
        given = NewTask(
            task.text, task.due_on, task.unit_id, task.person_id, origin=telling.name_of_risk(row)
        )
        made = RiskTreatment.objects.create(
            risk=row, task=add_task(actor=actor, task=given, now=now, act="risk.keep")
        )
        write_down(actor, row, "risk.treated", now, None, {"task": made.task_id, "due_on": made.task.due_on})
    return made


# Issues and interested parties


def keep_issue(*, actor: Actor, issue: NewIssue, now: datetime, issue_id: int | None = None) -> ContextIssue:
    """Write an issue or an interested party, or change one; it counts as reviewed today.

    Raises NotAllowed, TextMissing, DayNotPossible, ContextIssue.DoesNotExist, Unit.DoesNotExist.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = (
            ContextIssue(agency_id=actor.agency_id)
            if issue_id is None
            else ContextIssue.objects.select_for_update(of=("self",)).get(
                pk=issue_id, agency_id=actor.agency_id, ended_on__isnull=True
            )
        )
        if not may_keep_risk(actor, issue.unit_id):
            raise NotAllowed("risk.keep")
        if issue.review_by is not None and issue.review_by < today:
            raise DayNotPossible(Message(gettext_noop("The next look at it lies ahead.")))
        values = {
            "kind": ContextIssue.Kind(issue.kind),
            "title": one_line(issue.title)[:TITLE_LONGEST],
            "text": paragraphs(issue.text)[:TEXT_LONGEST],
            "response": paragraphs(issue.response)[:TEXT_LONGEST],
            "unit_id": unit_id_of(actor, issue.unit_id),
            "reviewed_on": today,
            "review_by": issue.review_by,
        }
        if not values["title"]:
            raise TextMissing(Message(gettext_noop("Name the issue, or who the party is.")))
        before = None if issue_id is None else {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        write_down(actor, row, "context.kept", now, before, values)
    return row


def end_issue(*, actor: Actor, issue_id: int, reason: str, now: datetime) -> ContextIssue:
    """Leave an issue or a party behind, with the reason. Raises NotAllowed, ReasonMissing, ContextIssue.DoesNotExist."""
    with transaction.atomic():
        row = ContextIssue.objects.select_for_update(of=("self",)).get(
            pk=issue_id, agency_id=actor.agency_id, ended_on__isnull=True
        )
        if not may_keep_risk(actor, row.unit_id):
            raise NotAllowed("risk.keep")
        row.ended_on = timezone.localdate(now)
        row.save(update_fields=["ended_on"])
        write_down(
            actor,
            row,
            "context.ended",
            now,
            None,
            {"ended_on": row.ended_on},
            needed_reason(one_line(reason)),
        )
    return row


def _locked(actor: Actor, risk_id: int) -> Risk:
    row = Risk.objects.select_for_update(of=("self",)).get(pk=risk_id, agency_id=actor.agency_id)
    if not may_keep_risk(actor, row.unit_id):
        raise NotAllowed("risk.keep")
    return row


def _ended(actor: Actor, risk_id: int, act: str, verb: str, reason: str, now: datetime) -> Risk:
    with transaction.atomic():
        row = _locked(actor, risk_id)
        before, row.state = row.state, RISK.after(row.state, act)
        row.ending = needed_reason(one_line(reason))
        if (
            act == "end"
            and row.kind == Risk.Kind.RISK
            and _calls_for_action(row)
            and not row.treatments.exists()
        ):
            raise TreatmentMissing(
                Message(
                    gettext_noop(
                        "Its rating calls for action: give out what is done about it, or rate it anew."
                    )
                )
            )
        row.save(update_fields=["state", "ending"])
        if act == "dismiss":
            telling.told_risk_decided(actor=actor, row=row, reason=row.ending, now=now)
        write_down(actor, row, verb, now, {"state": before}, {"state": row.state}, row.ending, settles=True)
        telling.over(row.agency_id, row.pk, "risk.rate", now=now)
    return row


def _calls_for_action(row: Risk) -> bool:
    last = row.ratings.select_related("scale").order_by("-on", "-pk").first()
    return last is not None and scale_of(last.scale).level(last.likelihood, last.consequence).needs_action


def _number(row: Risk, now: datetime) -> None:
    """Give a risk its number in the agency's book; the agency's row is locked."""
    if row.serial is None:
        book = Risk.objects.filter(agency_id=row.agency_id)
        row.serial = (book.aggregate(last=Max("serial"))["last"] or 0) + 1
    if row.likelihood is None:
        row.rerate_by = timezone.localdate(now)


def _risk_values(actor: Actor, risk: NewRisk, today: date) -> dict[str, Any]:
    title, process = one_line(risk.title)[:TITLE_LONGEST], one_line(risk.process)[:255]
    if not title or not process:
        raise TextMissing(Message(gettext_noop("Say what may happen, and in which process.")))
    if risk.issue_id is not None:
        ContextIssue.objects.get(pk=risk.issue_id, agency_id=actor.agency_id)
    require_in_post(actor, (risk.owner_id,), today)
    return {
        "kind": Risk.Kind(risk.kind),
        "process": process,
        "title": title,
        "cause": paragraphs(risk.cause)[:TEXT_LONGEST],
        "effect": paragraphs(risk.effect)[:TEXT_LONGEST],
        "controls": paragraphs(risk.controls)[:TEXT_LONGEST],
        "unit_id": unit_id_of(actor, risk.unit_id),
        "owner_id": risk.owner_id,
        "issue_id": risk.issue_id,
    }
