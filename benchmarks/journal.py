"""The journal at 200,000 entries: its page with every filter, one record's history, and the walk along the chain.

Aim: every page at p95 <= 200 ms however long the journal; the whole chain in well under a minute.
"""

from __future__ import annotations

import os
import statistics
import time
from datetime import UTC, date, datetime, timedelta

ENTRIES = 200_000
RUNS = 15
FIRST = date(2016, 1, 4)
VERBS = (
    "task.progressed",
    "task.accepted",
    "reading.entered",
    "reading.confirmed",
    "objective.changed",
    "report.issued",
)


def run() -> None:
    """Print a table: statements and times of each page, and of walks along the chain."""
    os.environ["CAMKET_TODAY"] = "2026-07-01"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from camket.journal import queries
    from camket.org.models import Person
    from camket.org.operations import open_agency

    opened = open_agency(
        code="H00.90",
        name="UBND xã Bình Yên",
        level="commune",
        secretary="Nguyễn Thị An",
        login="an-do",
        today=FIRST,
    )
    person = Person.objects.get(login="an-do")
    Person.objects.filter(pk=person.pk).update(must_change_password=False)
    agency_id = opened.agency_id
    begun = time.perf_counter()
    _fill(agency_id, person.pk)
    print(f"{ENTRIES:,} entries written in {time.perf_counter() - begun:.1f} s")
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    print(f"{'page':<34}{'SQL':>5}{'p50 ms':>9}{'p95 ms':>9}")
    for title, path in {
        "newest": "/co-quan/nhat-ky/",
        "in the middle": f"/co-quan/nhat-ky/?before={ENTRIES // 2}",
        "one kind": "/co-quan/nhat-ky/?kind=report",
        "one person": f"/co-quan/nhat-ky/?by={person.pk}",
        "days of 2018": "/co-quan/nhat-ky/?since=1/1/2018&until=31/1/2018",
        "words that are there": "/co-quan/nhat-ky/?q=Rà soát 17",
        "words that are nowhere": "/co-quan/nhat-ky/?q=khongcotunay",
        "history of a task": "/co-quan/nhat-ky/actions.task/17/",
    }.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200, path
            statements = len(captured)
        times = []
        for _ in range(RUNS):
            started = time.perf_counter()
            client.get(path)
            times.append((time.perf_counter() - started) * 1000)
        p95 = sorted(times)[int(RUNS * 0.95) - 1]
        print(f"{title:<34}{statements:>5}{statistics.median(times):>9.0f}{p95:>9.0f}")
    for title, walk in {
        "the whole chain": lambda: queries.verify(agency_id),
        "the newest 20,000": lambda: queries.verify_newest(agency_id, 20_000),
        "from the noted head": lambda: queries.verify(agency_id, queries.heads()[0]),
    }.items():
        started = time.perf_counter()
        state = walk()
        assert state.whole, state
        print(f"{title:<34}{time.perf_counter() - started:>14.2f} s")


def _fill(agency_id: int, person_id: int) -> None:
    from camket.core.chain import record_hash
    from camket.journal.members import fields_of
    from camket.journal.models import Entry, Seal

    last = Entry.objects.filter(agency_id=agency_id).order_by("-sequence")[0]
    seal = Seal.objects.filter(agency_id=agency_id, person_id=person_id)[0]
    previous, batch = last.hash, []
    for number in range(last.sequence + 1, ENTRIES + 1):
        day = FIRST + timedelta(days=number * 3800 // ENTRIES)
        entry = Entry(
            agency_id=agency_id, format=2, sequence=number, at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
            on=day, by_id=person_id, by_name=seal.reference, capacity="secretary", verb=VERBS[number % len(VERBS)],
            subject_type="actions.task", subject_id=number % 9000, subject_label=f"Rà soát {number % 9000} thủ tục hành chính",
            before={"progress": 0}, after={"progress": 40, "state": "open"}, previous_hash=previous,
        )  # fmt: skip
        entry.hash = previous = record_hash(fields_of(entry))
        batch.append(entry)
        if len(batch) == 5000:
            Entry.objects.bulk_create(batch)
            batch.clear()
    Entry.objects.bulk_create(batch)
