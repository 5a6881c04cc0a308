"""What runs by the clock: ``jobs list``, ``run``, ``run-now``."""

from __future__ import annotations

import argparse
import sys

from camket.config.cli.console import REFUSED, Commands, Translate, print_json
from camket.config.cli.installation import now, set_up
from camket.core.messages import Message, gettext_noop


def add(commands: Commands) -> None:
    """Add the commands on jobs by the clock."""
    jobs = commands.add_parser("jobs", help="what runs by the clock")
    job_commands = jobs.add_subparsers(required=True, metavar="COMMAND")
    job_list = job_commands.add_parser("list", help="print the timetable")
    job_list.add_argument("--json", action="store_true")
    job_list.set_defaults(run=_jobs_list)
    job_run = job_commands.add_parser("run", help="run what is due until stopped, as a process of its own")
    job_run.add_argument("--once", action="store_true", help="run what is due now and end")
    job_run.set_defaults(run=_jobs_run)
    job_now = job_commands.add_parser("run-now", help="run one job at once, whenever it is due")
    job_now.add_argument("name", help="as `camket jobs list` names it")
    job_now.set_defaults(run=_jobs_run_now)


def _jobs_list(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.jobs import queries

    timetable = queries.whole_timetable(now())
    if options.json:
        print_json([{**row.to_json(), "off": row.why_off is not None} for row in timetable.jobs])
        return 0
    zone = now().tzinfo
    for row in timetable.jobs:
        due = row.due_at.astimezone(zone).strftime("%d/%m/%Y %H:%M") if row.due_at else "-"
        said = row.why_off or row.error or row.result
        print(f"{row.name:<12} {row.state.value:<9} {due:<17} {translate(said) if said else ''}".rstrip())
    return 0


def _jobs_run(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    import signal
    import threading

    from camket.jobs.worker import Worker

    worker, stop = Worker(), threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if options.once:
        worker.look(stop)
        return 0
    print(translate(Message(gettext_noop("Jobs run here as they come due (stop with Ctrl+C)."))), flush=True)
    worker.run(stop)
    return 0


def _jobs_run_now(options: argparse.Namespace, translate: Translate) -> int:
    set_up(options.language)
    from camket.jobs import queries
    from camket.jobs.worker import Worker

    Worker().run_now(options.name)
    row = next(each for each in queries.whole_timetable(now()).jobs if each.name == options.name)
    said = row.error or row.result
    if said:
        print(translate(said), file=sys.stderr if row.error else sys.stdout)
    return REFUSED if row.error or row.is_alarm else 0
