"""One worker at the timetable, moment by moment, with a clock that is set as a test likes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from camket.core.messages import Message, Refusal
from camket.core.timetable import RETRIES, Daily
from camket.jobs import operations, queries
from camket.jobs.chores import Chore, Outcome, Run, declared
from camket.jobs.models import Job
from camket.jobs.operations import ATTEMPTS, JobBusy, JobUnknown
from camket.jobs.queries import State
from camket.jobs.worker import Worker
from camket.journal.models import Entry
from camket.org.models import Membership, Person, Role
from camket.org.policy import NotAllowed
from people import TODAY, People, actor_of

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
pytestmark = pytest.mark.django_db(transaction=True)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, tzinfo=VIETNAM)


class Desk:
    """A worker with one nightly job and a clock at hand."""

    def __init__(self, do: Callable[[Run], Outcome] | None = None) -> None:
        self.now = at(6)
        self.runs: list[datetime] = []
        self.do = do or (lambda run: Outcome(Message("done"), notes={"runs": len(self.runs)}))
        title = Message("A job")
        self.chore = Chore("nightly", title, title, Daily(time(2)), self._run)
        self.worker = self.another()

    def another(self) -> Worker:
        return Worker(chores=lambda: (self.chore,), clock=lambda: self.now, lease=0.2)

    def _run(self, run: Run) -> Outcome:
        self.runs.append(run.now)
        return self.do(run)

    def look(self, now: datetime) -> Job:
        self.now = now
        self.worker.look()
        return Job.objects.get()


def failing(_run: Run) -> Outcome:
    raise OSError(28, "No space left on device")


def test_a_job_runs_at_its_hour_and_then_at_the_next_day_s() -> None:
    desk = Desk()
    assert desk.look(at(6)).due_at == at(7, 2)
    assert desk.look(at(7, 1, 59)).due_at == at(7, 2)
    assert desk.runs == []
    job = desk.look(at(7, 2))
    assert (desk.runs, job.due_at, job.notes) == ([at(7, 2)], at(8, 2), {"runs": 1})
    desk.look(at(7, 2, 1))
    assert len(desk.runs) == 1


def test_a_job_works_on_the_day_that_is_fixed_and_is_due_by_the_clock(settings: Any) -> None:
    settings.TODAY = at(6).date()
    clocks: list[datetime] = []

    def note(run: Run) -> Outcome:
        clocks.append(run.by_clock)
        return Outcome(Message("done"))

    desk = Desk(note)
    desk.look(at(20))
    job = desk.look(at(21, 2))
    assert (desk.runs, clocks) == ([at(6, 2)], [at(21, 2)])
    assert (job.due_at, job.ended_at) == (at(22, 2), at(21, 2))


def test_a_night_that_was_slept_through_is_made_up_for_once() -> None:
    desk = Desk()
    desk.look(at(6))
    job = desk.look(at(20))
    desk.look(at(20, 10))
    assert (desk.runs, job.due_at) == ([at(20)], at(21, 2))


def test_a_clock_set_back_runs_nothing_twice_and_stops_nothing() -> None:
    desk = Desk()
    desk.look(at(6))
    for night in (7, 8, 9):
        desk.look(at(night, 2))
    for moment in (at(9, 1), at(9, 2), at(8, 1), at(8, 3), at(9, 3)):
        desk.look(moment)
    assert desk.runs == [at(7, 2), at(8, 2), at(9, 2)]
    desk.look(at(10, 2))
    assert desk.runs[-1] == at(10, 2)


def test_a_clock_that_ran_years_ahead_and_is_set_right_stops_nothing() -> None:
    desk = Desk()
    desk.look(at(6))
    far = at(6).replace(year=2031)
    desk.look(far)
    assert desk.look(at(6, 10)).due_at == at(8, 2)  # the moment of the 7th was served, when it was 2031
    desk.look(at(7, 2))
    desk.look(at(8, 2))
    desk.look(at(8, 3))
    assert desk.runs == [far, at(8, 2)]


def test_a_failure_is_tried_again_after_a_while_and_seen() -> None:
    desk = Desk(failing)
    desk.look(at(6))
    job = desk.look(at(7, 2))
    assert job.error == {
        "template": "%(error)s",
        "params": {"error": "OSError: [Errno 28] No space left on device"},
    }
    assert (job.not_before, job.failures, job.claimed_by) == (at(7, 2) + RETRIES[0], 1, "")
    desk.look(at(7, 2, 0) + timedelta(seconds=30))
    assert len(desk.runs) == 1
    desk.do = lambda run: Outcome(Message("done"))
    job = desk.look(at(7, 2, 2))
    assert (job.error, job.failures, job.not_before, job.due_at) == (None, 0, None, at(8, 2))


def test_after_the_last_try_a_job_is_given_up_until_its_next_moment() -> None:
    desk = Desk(failing)
    desk.look(at(6))
    now = at(7, 2)
    for wait in (*RETRIES, timedelta(minutes=1)):
        desk.look(now)
        now += wait
    job = desk.look(now + timedelta(hours=2))
    assert (len(desk.runs), job.failures, job.attempts, job.due_at) == (ATTEMPTS, ATTEMPTS, 0, at(8, 2))
    assert _state(now, desk) is State.FAILED
    desk.look(at(8, 2))
    assert len(desk.runs) == ATTEMPTS + 1


def _state(now: datetime, desk: Desk) -> State:
    (row,) = queries._rows((desk.chore,), {"nightly": Job.objects.get()})
    return row.state


def test_a_job_that_takes_its_worker_down_each_time_is_given_up() -> None:
    desk = Desk()
    desk.look(at(6))
    now = at(7, 2)
    for turn in range(ATTEMPTS):
        job = Job.objects.get()
        claim = operations.claim_job(job=job, worker=f"dies {turn}", lease=timedelta(seconds=1), now=now)
        assert claim is not None
    desk.look(now)
    _wait()
    job = desk.look(now)
    assert desk.runs == []
    assert (job.claimed_by, job.due_at) == ("", at(8, 2))
    assert job.error["params"] == {"count": "5"}


def _wait() -> None:
    import time as machine

    machine.sleep(0.25)


def test_who_is_slower_claims_nothing() -> None:
    desk = Desk()
    desk.look(at(6))
    job = Job.objects.get()
    first = operations.claim_job(job=job, worker="first", lease=timedelta(seconds=60), now=at(7, 2))
    second = operations.claim_job(job=job, worker="second", lease=timedelta(seconds=60), now=at(7, 2))
    assert first is not None
    assert second is None
    assert operations.show_life(claim=first, lease=timedelta(seconds=60), now=at(7, 2))


def test_who_was_thought_dead_and_comes_back_changes_nothing() -> None:
    desk = Desk()
    desk.look(at(6))
    job = Job.objects.get()
    late = operations.claim_job(job=job, worker="late", lease=timedelta(seconds=60), now=at(7, 2))
    assert late is not None
    desk.look(at(7, 2))
    _wait()
    done = desk.look(at(7, 2))
    assert (len(desk.runs), done.claimed_by) == (1, "")
    assert not operations.show_life(claim=late, lease=timedelta(seconds=60), now=at(7, 3))
    rule = desk.chore.rule
    assert not operations.end_badly(claim=late, rule=rule, error=Message("late"), now=at(7, 3))
    assert not operations.end_well(
        claim=late, rule=rule, result=Message("late"), is_alarm=False, notes={}, now=at(7, 3)
    )
    assert Job.objects.get().error is None


def test_a_run_on_request_leaves_the_timetable_as_it_is(people: People) -> None:
    desk = Desk()
    desk.look(at(6))
    administrator = _administrator(people)
    operations.ask_to_run(actor=administrator, name="nightly", today=TODAY, now=at(6))
    operations.ask_to_run(actor=administrator, name="nightly", today=TODAY, now=at(6))
    job = desk.look(at(6))
    desk.look(at(6))
    assert (desk.runs, job.due_at, job.asked_at) == ([at(6)], at(7, 2), None)
    assert [entry.verb for entry in Entry.objects.all()] == ["job.asked", "job.asked"]
    desk.look(at(7, 2))
    assert desk.runs == [at(6), at(7, 2)]


def test_a_failure_on_request_is_not_repeated() -> None:
    desk = Desk(failing)
    desk.look(at(6))
    operations.ask_as_operator(name="nightly", now=at(6))
    desk.look(at(6))
    job = desk.look(at(6, 10))
    assert (len(desk.runs), job.not_before, job.due_at, job.attempts) == (1, None, at(7, 2), 0)


def test_only_an_administrator_has_jobs_run_and_sees_them(people: People) -> None:
    Desk().look(at(6))
    for actor in (people.an, people.binh, people.chau, people.chi):
        with pytest.raises(NotAllowed):
            operations.ask_to_run(actor=actor, name="nightly", today=TODAY, now=at(6))
        with pytest.raises(NotAllowed):
            queries.timetable(actor, at(6))
    assert Job.objects.get().asked_at is None
    with pytest.raises(JobUnknown):
        operations.ask_to_run(actor=_administrator(people), name="nope", today=TODAY, now=at(6))


def _administrator(people: People) -> Any:
    Membership.objects.filter(person_id=people.dung.person_id).update(role=Role.ADMINISTRATOR)
    return actor_of(Person.objects.get(pk=people.dung.person_id), people.agency)


def test_a_job_that_runs_elsewhere_is_not_run_here_as_well() -> None:
    desk = Desk()
    desk.look(at(6))
    operations.claim_job(job=Job.objects.get(), worker="elsewhere", lease=timedelta(seconds=60), now=at(6))
    with pytest.raises(JobBusy):
        desk.worker.run_now("nightly")
    with pytest.raises(JobUnknown):
        desk.worker.run_now("nope")
    assert desk.runs == []


def test_a_refusal_keeps_its_words() -> None:
    def refuse(_run: Run) -> Outcome:
        raise Refusal(Message("%(file)s is full", {"file": "/sao-luu"}))

    desk = Desk(refuse)
    desk.look(at(6))
    assert desk.look(at(7, 2)).error == {"template": "%(file)s is full", "params": {"file": "/sao-luu"}}


def test_that_nobody_looks_at_the_timetable_shows() -> None:
    assert queries.whole_timetable(at(6)).is_silent
    Desk().look(at(6))
    assert not queries.whole_timetable(at(6, 9, 4)).is_silent
    assert queries.whole_timetable(at(6, 9, 6)).is_silent


def test_jobs_have_names_of_their_own_and_words() -> None:
    names = [chore.name for chore in declared()]
    assert len(names) == len(set(names)) >= 4
    assert all(len(chore.name) <= 40 and str(chore.title) and str(chore.about) for chore in declared())
