"""Reading the timetable: for the administrator's page, for the command line, for metrics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from camket.core.messages import Message
from camket.core.timetable import Rule
from camket.jobs.chores import Chore, declared
from camket.jobs.models import Job
from camket.org.policy import Actor, require

SILENT = timedelta(minutes=5)
"""After so long without a worker at the timetable, nobody runs the jobs."""


class State(StrEnum):
    """How a job stands."""

    OFF = "off"  # not set up in this installation
    NEVER = "never"  # has not run yet
    RUNNING = "running"
    ASKED = "asked"  # somebody asked for it; it begins when a worker is free
    DONE = "done"
    ALARM = "alarm"  # it ran and found what people must look at
    RETRYING = "retrying"  # failed, and is tried again in a while
    FAILED = "failed"  # given up until its next moment


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as a page shows it."""

    name: str
    title: Message
    about: Message
    rule: Rule
    state: State
    why_off: Message | None
    due_at: datetime | None
    retry_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    succeeded_at: datetime | None
    result: Message | None
    error: Message | None
    failures: int
    attempts: int
    worker: str

    @property
    def is_alarm(self) -> bool:
        """Whether people must look at what it found."""
        return self.state is State.ALARM

    def to_json(self) -> dict[str, Any]:
        """Return it for a command's output and for metrics."""
        times = {
            name: moment.isoformat(timespec="seconds") if (moment := getattr(self, name)) else None
            for name in ("due_at", "retry_at", "started_at", "ended_at", "succeeded_at")
        }
        return {
            "name": self.name,
            "state": self.state.value,
            **times,
            "result": str(self.result) if self.result else None,
            "error": str(self.error) if self.error else None,
            "failures": self.failures,
            "attempts": self.attempts,
            "worker": self.worker or None,
        }


@dataclass(frozen=True, slots=True)
class Timetable:
    """All jobs, and when a worker last looked at them; None where none ever did."""

    jobs: tuple[JobRow, ...]
    seen_at: datetime | None
    is_silent: bool


def timetable(actor: Actor, now: datetime) -> Timetable:
    """Return the timetable; raises NotAllowed."""
    require(actor, "system.view")
    return whole_timetable(now)


def whole_timetable(now: datetime) -> Timetable:
    """Return the timetable for who runs the installation: the command line and metrics."""
    kept = {job.name: job for job in Job.objects.all()}
    seen = max((job.seen_at for job in kept.values() if job.seen_at), default=None)
    return Timetable(
        jobs=tuple(_rows(declared(), kept)),
        seen_at=seen,
        is_silent=seen is None or now - seen > SILENT,
    )


def _rows(chores: Iterable[Chore], kept: dict[str, Job]) -> Iterable[JobRow]:
    for chore in chores:
        job = kept.get(chore.name) or Job(name=chore.name)
        why_off = chore.why_off()
        yield JobRow(
            name=chore.name,
            title=chore.title,
            about=chore.about,
            rule=chore.rule,
            state=State.OFF if why_off else _state(job),
            why_off=why_off,
            due_at=None if why_off else job.due_at,
            retry_at=job.not_before,
            started_at=job.started_at,
            ended_at=job.ended_at,
            succeeded_at=job.succeeded_at,
            result=_message(job.result),
            error=_message(job.error),
            failures=job.failures,
            attempts=job.attempts,
            worker=job.claimed_by,
        )


def _state(job: Job) -> State:
    if job.claimed_by:
        return State.RUNNING
    if job.asked_at:
        return State.ASKED
    if job.error:
        return State.RETRYING if job.not_before else State.FAILED
    if job.succeeded_at is None:
        return State.NEVER
    return State.ALARM if job.is_alarm else State.DONE


def _message(data: Any) -> Message | None:
    return Message(data["template"], data["params"]) if data else None
