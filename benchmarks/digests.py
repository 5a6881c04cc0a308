"""Monday's letters and a morning's reminders for every agency of the country: 3,300 agencies of 30 people.

Aims: the letters of all 99,000 people written within ten minutes, the reminders within ten; time and memory grow with the
number of agencies for the one, not at all for the other. A tenth of the agencies is measured as well: what grows tenfold
takes at most eleven times as long. Each agency has 40 tasks, of which 12 are overdue, 10 due this week and 3 submitted.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SIZES = (330, 3_300)
PEOPLE, UNITS, TASKS = 30, 5, 40
MONDAY = date(2026, 7, 13)
NOW = datetime(2026, 7, 13, 7, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def fill(agencies: int) -> None:
    """Write agencies with their units, people, confirmed addresses and tasks."""
    from allauth.account.models import EmailAddress

    from camket.actions.models import Action, Task
    from camket.org.levels import load
    from camket.org.models import Agency, Level, Membership, Person, Role, Unit

    load(Level)
    made = Agency.objects.bulk_create(
        [
            Agency(
                code=f"B{at}",
                name=f"UBND xã số {at}",
                full_name=f"Ủy ban nhân dân xã số {at}",
                level_id="commune",
            )
            for at in range(agencies)
        ],
        batch_size=500,
    )
    for first in range(0, agencies, 100):
        some = made[first : first + 100]
        units = Unit.objects.bulk_create(
            [Unit(agency=agency, name=f"Phòng số {at}", order=at) for agency in some for at in range(UNITS)],
            batch_size=1_000,
        )
        people = Person.objects.bulk_create(
            [
                Person(
                    login=f"n{agency.pk}-{at}",
                    full_name=f"Người số {at}",
                    email=f"n{agency.pk}-{at}@xa.example",
                )
                for agency in some
                for at in range(PEOPLE)
            ],
            batch_size=1_000,
        )
        EmailAddress.objects.bulk_create(
            [EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people],
            batch_size=1_000,
        )
        roles = [Role.SECRETARY, Role.CHAIRMAN, *[Role.HEAD] * UNITS]
        posts, actions = [], []
        for place, agency in enumerate(some):
            own = units[place * UNITS : (place + 1) * UNITS]
            for at, person in enumerate(people[place * PEOPLE : (place + 1) * PEOPLE]):
                role = roles[at] if at < len(roles) else Role.OFFICER
                unit = own[(at - 2) % UNITS] if at >= 2 else None
                posts.append(Membership(agency=agency, person=person, role=role, unit=unit))
            actions += [
                Action(
                    agency=agency,
                    year=2026,
                    number=str(at),
                    text=f"Rà soát, cập nhật quy trình giải quyết thủ tục hành chính của lĩnh vực số {at}",
                    state=Action.State.ACTIVE,
                )
                for at in range(TASKS)
            ]
        Membership.objects.bulk_create(posts, batch_size=1_000)
        actions = Action.objects.bulk_create(actions, batch_size=1_000)
        tasks = []
        for at, action in enumerate(actions):
            number, place = at % TASKS, at // TASKS
            due = MONDAY + timedelta(days=number - 12 if number < 22 else number)
            person = people[place * PEOPLE + 2 + number % (PEOPLE - 2)]
            tasks.append(
                Task(
                    agency_id=action.agency_id,
                    action=action,
                    kind=Task.Kind.DATED,
                    occurrence=f"by:{due}",
                    due_on=due,
                    due_original=due,
                    late_after=due,
                    unit=units[place * UNITS + number % UNITS],
                    assignee=person if number % 4 else None,
                    state=Task.State.SUBMITTED if number >= 37 else Task.State.OPEN,
                    submitted_by=person if number >= 37 else None,
                )
            )
        Task.objects.bulk_create(tasks, batch_size=1_000)


def prepare(agencies: int) -> None:
    """Make the installation and its agencies, in a process of its own: what that takes is not counted."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(agencies)


def measure() -> None:
    """Print seconds of the processor and megabytes of the reminders and of the letters, in this process alone."""
    import django

    django.setup()
    from django.conf import settings

    from camket.jobs.digests import write_digests
    from camket.jobs.reminding import remind

    settings.MAIL_FROM = "Cam Kết <iso@binhyen.example>"
    settings.CSRF_TRUSTED_ORIGINS = ["https://iso.binhyen.example"]
    before = _megabytes()
    began = time.process_time()
    told = remind(now=NOW, today=MONDAY).told
    reminded = time.process_time() - began
    began = time.process_time()
    letters = write_digests(now=NOW, today=MONDAY, served=None).letters
    written = time.process_time() - began
    began = time.process_time()
    again = write_digests(now=NOW, today=MONDAY, served=None).letters + remind(now=NOW, today=MONDAY).told
    repeated = time.process_time() - began
    if again:
        raise SystemExit(f"{again} things were told twice")
    print(letters, written, told, reminded, repeated, before, _megabytes())


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run() -> None:
    """Print one line a size: letters and reminders, processor seconds, those of a second time, memory."""
    print(
        f"{'agencies':>9}{'letters':>9}{'s':>8}{'per s':>8}{'reminders':>11}{'s':>8}{'per s':>8}{'again s':>9}"
        f"{'MB before':>11}{'MB most':>9}"
    )
    sizes = [int(each) for each in os.environ.get("CAMKET_BENCH_AGENCIES", "").split(",") if each] or SIZES
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="camket-bench-") as folder:
            for act in (f"prepare({size})", "measure()"):
                done = subprocess.run(
                    [sys.executable, "-c", f"from benchmarks import digests; digests.{act}"],
                    check=True,
                    capture_output=True,
                    text=True,
                    env={**os.environ, "CAMKET_DATA": folder},
                )
        letters, written, told, reminded, repeated, before, most = map(float, done.stdout.split())
        print(
            f"{size:>9,}{letters:>9,.0f}{written:>8.1f}{letters / written:>8.0f}{told:>11,.0f}{reminded:>8.1f}"
            f"{told / reminded:>8.0f}{repeated:>9.1f}{before:>11.0f}{most:>9.0f}",
            flush=True,
        )
