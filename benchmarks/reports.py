"""Reports of an agency with 30,000 and with 300,000 dossiers a year: drafted, composed, issued, and each file by itself.

Aims for the yearly report at 30,000 dossiers: composed in under 2 s, DOCX in 1 s, PDF in 5 s, charts included; nothing
grows with the number of dossiers, since figures are sums of buckets. Seconds of the processor, the least of several runs,
beside the clock; ``x bare`` is the ratio to the bare engine: composing to the same statements of SQL alone, PDF to typst
given the finished values, XLSX to the same number of cells as text. Then the reports of many agencies in one batch, drafted,
approved and issued one after the other with all files: milliseconds of the processor for each, for each of the first and of
the last tenth, and the memory of the process before, in the first tenth and at most. Neither grows with the batch.
``CAMKET_BENCH_AGENCIES=33,330`` runs batches of these sizes alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.figure_pages import DAYS, _dossiers
from benchmarks.pages import TODAY, YEAR, _agency

A_YEAR = (30_000, 300_000)
AGENCIES, OF_EACH = (33, 330), 7
"""Agencies of the batches, and the objectives of each."""
OBJECTIVES, RUNS = 20, 5
NOW = datetime(YEAR + 1, 1, 4, 2, tzinfo=UTC)


def run() -> None:
    """Print a table: each step at 30,000 dossiers a year and at ten times as many, then the batches."""
    os.environ["CAMKET_TODAY"] = TODAY.isoformat()
    import django

    django.setup()
    from django.core.management import call_command

    from camket.keeping.upgrading import only_changed_models_anew

    with only_changed_models_anew():
        call_command("migrate", verbosity=0)
    asked = os.environ.get("CAMKET_BENCH_AGENCIES", "")
    if not asked:
        print(f"load {os.getloadavg()[0]:.1f}, {OBJECTIVES} objectives with a target each")
        print(f"{'step':<34}{'dossiers':>10}{'CPU ms':>9}{'clock ms':>10}{'kB':>7}{'x bare':>8}")
        for number, a_year in enumerate(A_YEAR):
            _client, plan_id, target_id = _agency(f"H00.4{number}", OBJECTIVES)
            _dossiers(plan_id, target_id, a_year * DAYS // 365)
            _report(plan_id, a_year)
    print(f"load {os.getloadavg()[0]:.1f}, {OF_EACH} objectives with a target each")
    print(
        f"{'agencies in one batch':<24}{'CPU s':>8}{'clock s':>9}{'ms each':>9}{'first':>9}{'last':>9}"
        f"{'MB before':>11}{'first':>9}{'most':>9}"
    )
    for number, count in enumerate([int(each) for each in asked.split(",")] if asked else AGENCIES):
        _batch(number, count)


def _batch(number: int, count: int) -> None:
    """Issue the yearly report of each of many agencies; print what each took and what memory the process held."""
    from camket.core.plan import Period
    from camket.objectives.models import Plan
    from camket.reporting import operations

    made = []
    for place in range(count):
        _client, plan_id, _target = _agency(f"B{number}.{place:04}", OF_EACH)
        plan = Plan.objects.get(pk=plan_id)
        made.append((plan_id, Period(plan.period_start, plan.period_end), *_actors(plan.agency_id)))
    tenth, spent, held = max(count // 10, 1), [], [_megabytes()]
    started = time.perf_counter()
    for plan_id, period, writer, leader in made:
        before = time.process_time()
        report = operations.draft_report(actor=writer, plan_id=plan_id, kind="year", period=period, now=NOW)
        operations.submit_report(actor=writer, report_id=report.pk, now=NOW)
        operations.approve_report(actor=leader, report_id=report.pk, now=NOW)
        operations.issue_report(
            actor=writer, report_id=report.pk, number="01/BC-UBND", issued_on=date(YEAR + 1, 1, 4), signed_by="Lê Minh Châu",
            capacity="CHỦ TỊCH", authority="TM. ỦY BAN NHÂN DÂN", now=NOW,
        )  # fmt: skip
        spent.append(time.process_time() - before)
        held.append(_megabytes())
    clock = time.perf_counter() - started
    print(
        f"{count:<24,}{sum(spent):>8.1f}{clock:>9.1f}{_mean(spent):>9.0f}{_mean(spent[:tenth]):>9.0f}{_mean(spent[-tenth:]):>9.0f}"
        f"{held[0]:>11.0f}{max(held[: tenth + 1]):>9.0f}{max(held):>9.0f}",
        flush=True,
    )


def _mean(seconds: Sequence[float]) -> float:
    return sum(seconds) / len(seconds) * 1000


def _megabytes() -> float:
    """Return the memory that the process holds now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _report(plan_id: int, dossiers: int) -> None:
    from camket.core.plan import Period
    from camket.objectives.models import Plan
    from camket.paper.sheets import write_sheet
    from camket.paper.writing import pdf
    from camket.paper.writing.docx import write_docx
    from camket.reporting import operations, queries
    from camket.reporting.data import Edition, report_data, report_workbook
    from camket.reporting.document import Formalities, report_document
    from camket.reporting.models import Report

    def charts_of_report(actor: Any, report_id: int, today: date) -> None:
        queries.live_content(actor, Report.objects.get(pk=report_id), today, with_charts=True)

    plan = Plan.objects.get(pk=plan_id)
    writer, leader = _actors(plan.agency_id)
    period = Period(plan.period_start, plan.period_end)
    drafted: list[Any] = []

    def draft() -> None:
        if drafted:
            operations.discard_report(actor=writer, report_id=drafted.pop().pk, today=date(YEAR + 1, 1, 4))
        drafted.append(
            operations.draft_report(actor=writer, plan_id=plan_id, kind="year", period=period, now=NOW)
        )

    _line("draft", dossiers, draft)
    report = drafted[0]
    today = date(YEAR + 1, 1, 4)

    def compose() -> None:
        from camket.objectives import verdicts

        verdicts._remembered.clear()
        Report.objects.filter(pk=report.pk).update(narrative={})
        operations.compose_sentences(actor=writer, report_id=report.pk, now=NOW)

    _line("compose", dossiers, compose, bare=_statements(compose))
    content = queries.live_content(writer, Report.objects.get(pk=report.pk), today, with_charts=True)
    document = report_document(content, Formalities())
    _line("figures of the charts", dossiers, lambda: charts_of_report(writer, report.pk, today))
    _line("DOCX", dossiers, lambda: write_docx(document))
    data = pdf._document(document)
    _line("PDF", dossiers, lambda: pdf.write_pdf(document), bare=lambda: _typst(data))
    cells = [[str(column) * 12 for column in range(14)] for _ in range(len(content.targets) + 60)]
    _line(
        "XLSX",
        dossiers,
        lambda: report_workbook(content, Formalities(), Edition()),
        bare=lambda: write_sheet("x", ["a"] * 14, cells),
    )
    _line("JSON", dossiers, lambda: report_data(content, Formalities(), Edition()))

    def issue() -> None:
        operations.issue_report(
            actor=writer, report_id=report.pk, number="1/BC-UBND", issued_on=today, signed_by="Lê Minh Châu",
            capacity="CHỦ TỊCH", authority="TM. ỦY BAN NHÂN DÂN", now=NOW,
        )  # fmt: skip

    operations.submit_report(actor=writer, report_id=report.pk, now=NOW)
    operations.approve_report(actor=leader, report_id=report.pk, now=NOW)
    _line("issue with all four files", dossiers, issue, runs=1)


def _actors(agency_id: int) -> tuple[Any, Any]:
    from camket.org.models import Membership, Person, Role
    from camket.org.policy import Actor

    made = []
    for role in (Role.SECRETARY, Role.CHAIRMAN):
        person = Person.objects.create(login=f"bench-{agency_id}-{role}", full_name="Người lập")
        Membership.objects.create(agency_id=agency_id, person=person, role=role)
        made.append(
            Actor(person_id=person.pk, name="Người lập", agency_id=agency_id, roles=frozenset({role}),
                  unit_ids=frozenset(), headed_unit_ids=frozenset())
        )  # fmt: skip
    return made[0], made[1]


def _statements(call: Callable[[], object]) -> Callable[[], object]:
    """Return what asks the database again what a call asks of it, and nothing else."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    reads = [
        each["sql"] for each in captured.captured_queries if each["sql"].lstrip('"( ').startswith("SELECT")
    ]

    def again() -> None:
        cursor = connection.connection.cursor()
        for statement in reads:
            cursor.execute(statement)
            cursor.fetchall()
        cursor.close()

    return again


def _typst(data: dict[str, Any]) -> bytes:
    import json

    import typst

    from camket.paper.writing.metrics import ARCHIVE, FONTS
    from camket.paper.writing.pdf import TEMPLATE

    return bytes(
        typst.compile(
            str(TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(data, ensure_ascii=False)}, format="pdf",
            pdf_standards=ARCHIVE, timestamp=0,
        )
    )  # fmt: skip


def _line(
    title: str,
    dossiers: int,
    call: Callable[[], object],
    *,
    bare: Callable[[], object] | None = None,
    runs: int = RUNS,
) -> None:
    spent, clock, made = _least(call, runs)
    ratio = f"{spent / max(_least(bare, runs)[0], 1e-5):>8.1f}" if bare else f"{'–':>8}"
    size = f"{len(made) / 1024:>7.0f}" if isinstance(made, bytes) else f"{'–':>7}"
    print(f"{title:<34}{dossiers:>10,}{spent * 1000:>9.1f}{clock * 1000:>10.1f}{size}{ratio}", flush=True)


def _least(call: Callable[[], object], runs: int) -> tuple[float, float, object]:
    made: object = None
    times = []
    for _ in range(runs):
        spent, clock = time.process_time(), time.perf_counter()
        made = call()
        times.append((time.process_time() - spent, time.perf_counter() - clock))
    return min(each[0] for each in times), min(each[1] for each in times), made
