"""Figures about the running product in Prometheus' text format; docs/reference/metrics.md lists them.

Several worker processes count into files of one folder, and whichever is asked adds them up. Labels are bounded:
names of views, methods and statuses, never paths, agencies or people.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from camket import __version__

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Name of the environment variable that tells workers where to count; prometheus_client gives it this name."""
PREFIX = "camket-metrics-"

disable_created_metrics()  # type: ignore[no-untyped-call] # when each counter began says less than when its process did
COUNTED = CollectorRegistry()
requests = Counter(
    "camket_http_requests", "Requests answered.", ["route", "method", "status"], registry=COUNTED
)
latency = Histogram(
    "camket_http_request_seconds",
    "Time from a request's arrival to its answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=COUNTED,
)
in_flight = Gauge(
    "camket_http_requests_in_flight",
    "Requests being answered now.",
    multiprocess_mode="livesum",
    registry=COUNTED,
)
statements = Counter("camket_sql_statements", "SQL statements of requests.", ["route"], registry=COUNTED)
statement_seconds = Counter(
    "camket_sql_seconds", "Time that SQL statements of requests took.", ["route"], registry=COUNTED
)
slow_statements = Counter(
    "camket_sql_slow_statements", "Statements above CAMKET_SLOW_QUERY_MS.", registry=COUNTED
)
errors = Counter("camket_errors", "Log lines of level error and above.", ["logger"], registry=COUNTED)
failed_sign_ins = Counter("camket_sign_in_failures", "Attempts to sign in that failed.", registry=COUNTED)


def folder_for_workers() -> Path | None:
    """Make and name the folder in which the workers of this process count, and tell them by the environment.

    It lies in memory where the system has such a folder: counting writes through memory maps, and on a full
    disk that would end the worker. What servers that were killed left behind is removed. None on Windows, where
    one process serves.
    """
    if sys.platform == "win32":
        return None
    shared = Path("/dev/shm")  # noqa: S108 a folder of our own with a random name is made in it
    base = shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())
    for left in base.glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).split("-")[0]
        with contextlib.suppress(OSError):
            if owner.isdigit() and left.stat().st_uid == os.geteuid() and not _is_alive(int(owner)):
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
    os.environ[FOLDER] = str(folder)
    return folder


def exposition() -> bytes:
    """Return all figures as Prometheus reads them."""
    registry = CollectorRegistry()
    if folder := os.environ.get(FOLDER):
        _forget_the_dead(Path(folder))
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Counted())
    registry.register(_Installation())
    registry.register(_Processes())
    return generate_latest(registry)


def count_line(record: logging.LogRecord) -> None:
    """Count a log line that says that something broke, or that somebody failed to sign in."""
    if record.levelno >= logging.ERROR:
        errors.labels(".".join(record.name.split(".")[:2])).inc()
    if getattr(record, "event", None) == "sign_in.failed":
        failed_sign_ins.inc()


class _Counted(Collector):
    """What this one process counted."""

    def collect(self) -> Iterable[Metric]:
        """Return the figures so far."""
        return COUNTED.collect()


class _Installation(Collector):
    """What is asked at the moment of reading: the database, the journal, the disk, the version."""

    def collect(self) -> Iterable[Metric]:
        """Return the figures of now."""
        info = GaugeMetricFamily(
            "camket_build_info", "The version that runs.", labels=["version", "python", "database"]
        )
        info.add_metric([__version__, platform.python_version(), connection.vendor], 1)
        yield info
        yield from self._database()
        yield from self._disk()

    def _database(self) -> Iterator[Metric]:
        from camket.jobs import queries as jobs
        from camket.journal import queries as journal  # logging counts lines before the tables are known

        try:
            entries, timetable = journal.count_all(), jobs.whole_timetable(timezone.localtime())
        except DatabaseError:
            yield GaugeMetricFamily("camket_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("camket_database_up", "Whether the database answers.", value=1)
        yield CounterMetricFamily("camket_journal_entries", "Entries of all journals.", value=entries)
        yield GaugeMetricFamily(
            "camket_jobs_attended", "Whether somebody works off the timetable.", value=not timetable.is_silent
        )
        succeeded = GaugeMetricFamily(
            "camket_job_success_timestamp_seconds", "When a job last ended well.", labels=["job"]
        )
        failing = GaugeMetricFamily(
            "camket_job_failing",
            "Whether a job failed at last, or found what people must look at.",
            labels=["job"],
        )
        failures = GaugeMetricFamily(
            "camket_job_failures", "Failed attempts of a job since it last ended well.", labels=["job"]
        )
        for job in timetable.jobs:
            if job.state is jobs.State.OFF:
                continue
            if job.succeeded_at is not None:
                succeeded.add_metric([job.name], job.succeeded_at.timestamp())
            is_failing = job.state in {jobs.State.FAILED, jobs.State.RETRYING, jobs.State.ALARM}
            failing.add_metric([job.name], is_failing)
            failures.add_metric([job.name], job.failures)
        yield from (succeeded, failing, failures)

    def _disk(self) -> Iterator[Metric]:
        try:
            usage = shutil.disk_usage(settings.DATA)
        except OSError:
            return
        for name, text, value in (
            ("camket_disk_free_bytes", "Room left where the data folder lies.", usage.free),
            ("camket_disk_size_bytes", "Room in all where the data folder lies.", usage.total),
        ):
            yield GaugeMetricFamily(name, text, value=value)


class _Processes(Collector):
    """Memory, processor time and open files of the server and its workers, by process; where the system tells."""

    def collect(self) -> Iterable[Metric]:
        """Return the figures of each living process."""
        families: dict[str, Metric] = {}
        for pid in sorted(_processes()):
            for metric in ProcessCollector("camket", pid=partial(int, pid), registry=None).collect():
                family = families.setdefault(
                    metric.name, Metric(metric.name, metric.documentation, metric.type)
                )
                for sample in metric.samples:
                    family.add_sample(sample.name, {**sample.labels, "pid": str(pid)}, sample.value)
        yield from families.values()


def _processes() -> set[int]:
    """Return the server and its workers as far as they live."""
    found = {os.getpid()}
    if folder := os.environ.get(FOLDER):
        owner = Path(folder).name.removeprefix(PREFIX).split("-")[0]
        counting = {path.stem.rpartition("_")[2] for path in Path(folder).glob("*.db")}
        found |= {int(pid) for pid in {owner, *counting} if pid.isdigit() and _is_alive(int(pid))}
    return found


def _forget_the_dead(folder: Path) -> None:
    """Remove what ended workers said of their present; what they counted stays."""
    for path in folder.glob("gauge_live*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdigit() and not _is_alive(int(pid)):
            path.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # asks only; on Windows it would not, but there no folder is shared
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
