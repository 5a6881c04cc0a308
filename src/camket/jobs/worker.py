"""Running the timetable: the loop of a worker, in a thread of the server or as a process of its own."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connections
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.timetable import may_retry
from camket.jobs import operations
from camket.jobs.chores import Chore, Run, declared
from camket.jobs.models import Job
from camket.jobs.operations import ATTEMPTS, Claim
from camket.org.clock import on_our_day

logger = logging.getLogger("camket.jobs")

LOOK = 5.0
"""Seconds between two looks at the timetable."""

_NOTE = 60.0


class Worker:
    """One that runs what is due, a job at a time.

    ``clock`` gives the local time; how long another worker has been silent is measured by the machine's steady
    clock, which nobody sets.
    """

    def __init__(
        self,
        *,
        chores: Callable[[], tuple[Chore, ...]] = declared,
        clock: Callable[[], datetime] = timezone.localtime,
        lease: float | None = None,
    ) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._chores, self._clock = chores, clock
        self._lease = timedelta(seconds=lease or settings.JOBS_LEASE)
        self._seen: dict[int, tuple[str, int, float]] = {}
        self._noted = float("-inf")

    def run(self, stop: threading.Event, look: float = LOOK) -> None:
        """Run what is due until ``stop`` is set; a database that is gone is waited for."""
        is_gone = False
        while not stop.is_set():
            try:
                close_old_connections()
                self.look(stop)
                is_gone = False
            except DatabaseFailure as error:
                if not is_gone:
                    logger.warning("the timetable cannot be read, waiting: %s", error)
                is_gone = True
                connections.close_all()
            stop.wait(look)
        connections.close_all()

    def look(self, stop: threading.Event | None = None) -> int:
        """Run every job that is due now and return how many were."""
        count, is_first = 0, self._noted == float("-inf")
        self._note()
        for chore in self._chores():
            if stop is not None and stop.is_set():
                break
            if chore.why_off() is None:
                count += self._attend(chore)
        if is_first:
            operations.note_workers(now=self._clock())  # jobs that are new have their rows by now
        return count

    def run_now(self, name: str) -> None:
        """Run one job now, in this process; raises JobUnknown, and JobBusy where another worker runs it."""
        chore = next((each for each in self._chores() if each.name == name), None)
        if chore is None:
            raise operations.JobUnknown(Message(gettext_noop("No job is called %(name)s."), {"name": name}))
        if (why_off := chore.why_off()) is not None:
            raise operations.JobUnknown(why_off)
        now = self._clock()
        operations.enter_job(name=name, rule=chore.rule, now=now)
        operations.ask_as_operator(name=name, now=now)
        if not self._attend(chore):
            raise operations.JobBusy(
                Message(
                    gettext_noop("Another process runs the job %(name)s; it runs once more after that."),
                    {"name": name},
                )
            )

    def _note(self) -> None:
        if time.monotonic() - self._noted >= _NOTE:
            operations.note_workers(now=self._clock())
            self._noted = time.monotonic()

    def _attend(self, chore: Chore) -> bool:
        now = self._clock()
        job = operations.enter_job(name=chore.name, rule=chore.rule, now=now)
        if job.claimed_by:
            if not self._is_silent(job):
                return False
        elif not job.asked_at and not (job.due_at <= now and may_retry(job.not_before, now)):
            return False
        claim = operations.claim_job(job=job, worker=self.name, lease=self._lease, now=now)
        if claim is None:
            return False
        self._seen.pop(job.pk, None)
        if claim.attempt > ATTEMPTS:
            # It took its worker down with it each time: once more would be for ever.
            died = Message(gettext_noop("The process that ran it was ended each time, %(count)s times."))
            error = Message(died.template, {"count": str(ATTEMPTS)})
            operations.end_badly(claim=claim, rule=chore.rule, error=error, now=now)
            return False
        self._do(chore, claim, now)
        return True

    def _is_silent(self, job: Job) -> bool:
        """Return whether who holds the job has shown no life for a lease's length, by this machine's steady clock."""
        holder, beat, since = self._seen.get(job.pk, ("", -1, 0.0))
        if (holder, beat) != (job.claimed_by, job.beat):
            self._seen[job.pk] = (job.claimed_by, job.beat, time.monotonic())
            return False
        return time.monotonic() - since > self._lease.total_seconds()

    def _do(self, chore: Chore, claim: Claim, now: datetime) -> None:
        logger.info("job begins", extra={"job": chore.name, "attempt": claim.attempt})
        began = time.monotonic()
        try:
            with self._living(claim):
                ours = on_our_day(now)
                outcome = chore.do(Run(now=ours, today=ours.date(), by_clock=now, notes=claim.notes))
        except Exception as error:  # whatever a job dies of is recorded, and the others go on
            logger.exception("job failed", extra={"job": chore.name, "attempt": claim.attempt})
            failed = functools.partial(operations.end_badly, error=_in_words(error))
            self._end(failed, chore, claim)
            return
        level = logging.ERROR if outcome.is_alarm else logging.INFO
        seconds = round(time.monotonic() - began, 3)
        logger.log(level, "job done: %s", outcome.message, extra={"job": chore.name, "seconds": seconds})
        done = functools.partial(
            operations.end_well, result=outcome.message, is_alarm=outcome.is_alarm, notes=outcome.notes
        )
        self._end(done, chore, claim)

    def _end(self, ending: Callable[..., bool], chore: Chore, claim: Claim) -> None:
        if not ending(claim=claim, rule=chore.rule, now=self._clock()):
            logger.warning("job was taken over by another worker", extra={"job": chore.name})

    @contextlib.contextmanager
    def _living(self, claim: Claim) -> Iterator[None]:
        """Show life from a thread of its own while the job runs."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(self._lease.total_seconds() / 4):
                try:
                    close_old_connections()
                    operations.show_life(claim=claim, lease=self._lease, now=self._clock())
                except DatabaseFailure:
                    connections.close_all()
            connections.close_all()

        thread = threading.Thread(target=beat, name=f"beat-{claim.name}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=30)


@contextlib.contextmanager
def running(*, patience: float = 10.0) -> Iterator[None]:
    """Run the timetable in a thread while the block is open, unless ``CAMKET_JOBS`` is off.

    At the end a job that is under way has ``patience`` seconds; one that takes longer is left to whoever comes next.
    """
    if settings.JOBS != "inline":
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=Worker().run, args=(stop,), name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=patience)


def _in_words(error: Exception) -> Message:
    if isinstance(error, Refusal):
        return error.message
    words = " ".join(str(error).split())[:300]
    return Message(
        "%(error)s", {"error": f"{type(error).__name__}: {words}" if words else type(error).__name__}
    )
