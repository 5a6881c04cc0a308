"""Writing the timetable: claims, signs of life and endings, each one statement that says what it expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.timetable import REMEMBERED, RETRIES, Rule, next_due, settled
from camket.jobs.models import Job
from camket.journal.operations import record
from camket.org.policy import Actor, require

ATTEMPTS = len(RETRIES) + 1


class JobUnknown(Refusal):
    """No job of this installation has the name, or it is switched off."""


class JobBusy(Refusal):
    """Another worker runs the job at this moment."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is this worker's to run: for the moment that was due, or because somebody asked."""

    job_id: int
    name: str
    worker: str
    attempt: int
    due_at: datetime | None
    asked_at: datetime | None
    notes: dict[str, Any]


def enter_job(*, name: str, rule: Rule, now: datetime) -> Job:
    """Return the row of a job, made where it is new, with the moment it is due reckoned anew."""
    job, _ = Job.objects.get_or_create(name=name, defaults={"due_at": rule.following(now)})
    due = settled(rule, job.due_at, now, served_moments(served=job.served))
    if due != job.due_at:
        expected = {"due_at": job.due_at, "claimed_by": job.claimed_by}
        if Job.objects.filter(pk=job.pk, **expected).update(due_at=due, not_before=None, attempts=0):
            job.due_at, job.not_before, job.attempts = due, None, 0
    return job


def served_moments(*, served: list[str]) -> frozenset[datetime]:
    """Return the moments that a row remembers."""
    return frozenset(datetime.fromisoformat(text) for text in served)


def claim_job(*, job: Job, worker: str, lease: timedelta, now: datetime) -> Claim | None:
    """Take a job as its row was read, or return None where anybody was quicker.

    A row that another worker holds is taken over: the caller has seen that its beat stands still.
    """
    taken = Job.objects.filter(
        pk=job.pk,
        due_at=job.due_at,
        asked_at=job.asked_at,
        claimed_by=job.claimed_by,
        beat=job.beat,
    ).update(
        claimed_by=worker,
        beat=F("beat") + 1,
        lease_until=now + lease,
        attempts=F("attempts") + 1,
        started_at=now,
    )
    if taken != 1:
        return None
    return Claim(
        job_id=job.pk,
        name=job.name,
        worker=worker,
        attempt=job.attempts + 1,
        due_at=job.due_at if job.due_at <= now else None,
        asked_at=job.asked_at,
        notes=dict(job.notes),
    )


def show_life(*, claim: Claim, lease: timedelta, now: datetime) -> bool:
    """Count the beat of a claimed job up; return False where another worker has taken it over."""
    mine = Job.objects.filter(pk=claim.job_id, claimed_by=claim.worker)
    return mine.update(beat=F("beat") + 1, lease_until=now + lease, seen_at=now) == 1


def end_well(
    *, claim: Claim, rule: Rule, result: Message, is_alarm: bool, notes: Mapping[str, Any], now: datetime
) -> bool:
    """Record that a job was done; return False, changing nothing, where another worker has taken it over."""
    with transaction.atomic():
        job = _mine(claim)
        if job is None:
            return False
        _release(job, claim, now)
        _serve(job, claim, rule, now)
        job.failures, job.error = 0, None
        job.succeeded_at, job.is_alarm = now, is_alarm
        job.result, job.notes = _plain(result), dict(notes)
        job.save()
    return True


def end_badly(*, claim: Claim, rule: Rule, error: Message, now: datetime) -> bool:
    """Record that a job failed: it is tried again after a while, or given up until its next moment.

    Returns False, changing nothing, where another worker has taken it over.
    """
    with transaction.atomic():
        job = _mine(claim)
        if job is None:
            return False
        _release(job, claim, now)
        job.failures += 1
        job.error = _plain(error)
        if claim.due_at is not None and claim.attempt < ATTEMPTS:
            job.not_before = now + RETRIES[claim.attempt - 1]
        else:
            _serve(job, claim, rule, now)
        job.save()
    return True


def note_workers(*, now: datetime) -> None:
    """Record that a worker looks after the timetable."""
    Job.objects.update(seen_at=now)


def ask_to_run(*, actor: Actor, name: str, today: date, now: datetime) -> None:
    """Have a job run as soon as a worker is free, whenever it is due.

    Raises NotAllowed, JobUnknown. Asking again before it began changes nothing.
    """
    with transaction.atomic():
        require(actor, "system.manage")
        job = _asked(name, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="job.asked",
            subject=job,
            on=today,
            after={"name": name},
        )


def ask_as_operator(*, name: str, now: datetime) -> None:
    """Have a job run, asked for at the command line by who runs the installation; raises JobUnknown."""
    with transaction.atomic():
        _asked(name, now)


def _asked(name: str, now: datetime) -> Job:
    job = Job.objects.select_for_update().filter(name=name).first()
    if job is None:
        raise JobUnknown(Message(gettext_noop("No job is called %(name)s."), {"name": name}))
    if job.asked_at is None:
        job.asked_at = now
        job.save(update_fields=["asked_at"])
    return job


def _mine(claim: Claim) -> Job | None:
    return Job.objects.select_for_update().filter(pk=claim.job_id, claimed_by=claim.worker).first()


def _release(job: Job, claim: Claim, now: datetime) -> None:
    job.claimed_by, job.lease_until = "", None
    job.ended_at = now
    if job.asked_at == claim.asked_at:
        job.asked_at = None


def _serve(job: Job, claim: Claim, rule: Rule, now: datetime) -> None:
    """Be done with the moment that was due; a run that somebody asked for leaves the timetable as it is."""
    job.attempts, job.not_before = 0, None
    if claim.due_at is not None:
        job.served = [*job.served, claim.due_at.isoformat()][-REMEMBERED:]
        job.due_at = next_due(rule, now, served_moments(served=job.served))


def _plain(message: Message) -> dict[str, Any]:
    return {"template": message.template, "params": dict(message.params)}
