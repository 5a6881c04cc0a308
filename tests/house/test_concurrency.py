"""Two people at the same moment: one wins, the other is told; nothing is done twice and the journal stays whole."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from camket.actions import operations as work
from camket.actions.models import Task, TaskNote
from camket.core.messages import Refusal
from camket.core.plan import Period
from camket.core.workflow import NotPossible
from camket.documents.models import StoredFile
from camket.documents.operations import store_file
from camket.indicators import operations as indicators
from camket.indicators.models import Reading
from camket.journal import queries as journal
from camket.journal.models import Entry
from camket.objectives import operations as plans
from camket.objectives.models import Plan
from camket.org import operations as org
from camket.org.models import Person
from camket.publishing.models import Publication
from camket.publishing.operations import publications
from camket.reporting import operations as reports
from camket.reporting.models import Report, UnitPart
from camket.reporting.parts import ask_units
from figures import HALF, make_plan_in_force, share, targets_of
from people import TODAY, People, make_people
from plans import sample_plan
from processes import prepared, template
from reporting.year import approve, make_year
from work import NOW, PDF, make_task

JANUARY = date(2026, 1, 12)


@contextmanager
def _standing_in(name: str) -> Iterator[None]:
    """Let every connection of this process open the database of that name, a file's path on SQLite."""
    connection.close()
    usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    held, connection.connection = connection.connection, None  # SQLite keeps its database in memory open
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"], connection.connection = usual, held


def _run(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def people(django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[People]:
    """The people of the tests in a database of their own that several connections write to."""
    settings.MEDIA_ROOT = tmp_path / "files"
    is_sqlite = connection.vendor == "sqlite"
    name = str(prepared(tmp_path) / "camket.sqlite3") if is_sqlite else f"at_once_{uuid4().hex}"
    with django_db_blocker.unblock():
        if not is_sqlite:
            _run(f'CREATE DATABASE "{name}" TEMPLATE "{template(os.environ["DATABASE_URL"])}"')
        with _standing_in(name):
            yield make_people()
        if not is_sqlite:
            _run(f'DROP DATABASE "{name}" WITH (FORCE)')


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make the calls at the same moment, each in a thread; return what each returned or raised, in order."""
    results: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(place: int) -> None:
        try:
            start.wait(20)
            results[place] = calls[place]()
        except Exception as error:  # noqa: BLE001 - what was raised is the result
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refusals(results: Sequence[Any]) -> list[type]:
    """Return the kinds of refusal among results; anything else that was raised is raised here."""
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, (Refusal, work.Refused)):
            raise result
    return [type(result) for result in results if isinstance(result, BaseException)]


def assert_whole(people: People) -> None:
    for agency in (people.agency, people.other_agency):
        assert journal.verify(agency.pk).whole


def complete_draft(people: People) -> int:
    plan_id = plans.import_format(actor=people.an, plan=sample_plan(), today=JANUARY)
    plans.update_head(
        actor=people.an,
        plan_id=plan_id,
        today=JANUARY,
        resources="Kinh phí thường xuyên.",
        evaluation="Báo cáo.",
    )
    return plan_id


def approved(people: People) -> int:
    plan_id = complete_draft(people)
    plans.submit_plan(actor=people.an, plan_id=plan_id, today=JANUARY)
    plans.approve_plan(actor=people.chau, plan_id=plan_id, today=JANUARY)
    return plan_id


def promulgate(people: People, plan_id: int, number: str = "12/QĐ-UBND") -> Callable[[], int]:
    return lambda: plans.promulgate_plan(
        actor=people.an,
        plan_id=plan_id,
        number=number,
        decided_on=JANUARY,
        signed_by="Lê Minh Châu",
        today=JANUARY,
    )


def test_eight_writers_leave_one_whole_chain(people: People) -> None:
    task = make_task(people)
    before = journal.verify(people.agency.pk).entries

    def writer(number: int) -> Callable[[], None]:
        def write() -> None:
            for line in range(6):
                work.comment_task(actor=people.binh, task_id=task.pk, text=f"{number}.{line}", now=NOW)

        return write

    assert refusals(at_once(*(writer(number) for number in range(8)))) == []
    state = journal.verify(people.agency.pk)
    assert state.whole
    assert state.entries == before + 48
    assert TaskNote.objects.filter(task=task, kind=TaskNote.Kind.COMMENT).count() == 48


def test_one_of_two_accepts(people: People) -> None:
    task = make_task(people)
    work.submit_task(actor=people.binh, task_id=task.pk, result="Đã rà soát", now=NOW)

    def accept(actor: Any) -> Callable[[], Task]:
        return lambda: work.accept_task(actor=actor, task_id=task.pk, now=NOW)

    assert refusals(at_once(accept(people.an), accept(people.dung))) == [work.TaskClosed]
    assert TaskNote.objects.filter(task=task, kind=TaskNote.Kind.ACCEPTED).count() == 1
    assert_whole(people)


def test_a_plan_comes_into_force_once(people: People) -> None:
    plan_id = approved(people)
    results = at_once(promulgate(people, plan_id), promulgate(people, plan_id))
    assert refusals(results) == [NotPossible]
    made = next(result for result in results if isinstance(result, int))
    assert Task.objects.filter(agency=people.agency).count() == made
    assert_whole(people)


def test_one_of_two_plans_of_a_year_comes_into_force(people: People) -> None:
    first, second = approved(people), approved(people)
    results = at_once(promulgate(people, first), promulgate(people, second, "13/QĐ-UBND"))
    assert refusals(results) == [plans.AnotherInForce]
    assert Plan.objects.filter(agency=people.agency, state=Plan.State.PROMULGATED).count() == 1
    assert_whole(people)


def test_a_file_is_brought_in_once(people: People) -> None:
    text = "ỦY BAN NHÂN DÂN XÃ BÌNH YÊN\nMỤC TIÊU CHẤT LƯỢNG NĂM 2026\n1. Từ 97% hồ sơ trở lên đúng hạn.\n"

    def bring() -> plans.Imported:
        return plans.import_plan(actor=people.an, data=text.encode(), name="muc-tieu.txt", today=TODAY)

    results = at_once(bring, bring, bring)
    assert refusals(results) == []
    assert sorted(result.is_new for result in results) == [False, False, True]
    assert Plan.objects.count() == StoredFile.objects.count() == 1
    assert_whole(people)


def test_a_figure_is_entered_once_and_confirmed_once(people: People) -> None:
    target = targets_of(make_plan_in_force(people))[0]
    quarter = Period(date(2026, 1, 1), date(2026, 3, 31))

    def enter() -> Reading:
        return indicators.enter_reading(
            actor=people.binh, indicator_id=target.indicator_id or 0, reading=share(97, 100, quarter), now=NOW
        )

    results = at_once(enter, enter)
    assert refusals(results) == [indicators.ReadingExists]
    reading = Reading.objects.get()
    assert reading.numerator == Decimal(97)

    def confirm(actor: Any) -> Callable[[], Reading]:
        return lambda: indicators.confirm_reading(actor=actor, reading_id=reading.pk, now=NOW)

    assert refusals(at_once(confirm(people.an), confirm(people.chau))) == [indicators.ReadingSettled]
    assert_whole(people)


def test_a_sign_in_name_goes_to_one_of_two_agencies(people: People) -> None:
    def add(actor: Any) -> Callable[[], Any]:
        return lambda: org.add_person(
            actor=actor, full_name="Đỗ Mới", login="moi", role="officer", today=TODAY
        )

    assert refusals(at_once(add(people.an), add(people.chi))) == [org.LoginTaken]
    assert Person.objects.filter(login="moi").count() == 1
    assert_whole(people)


def test_the_same_file_is_kept_once(people: People) -> None:
    def keep() -> StoredFile:
        return store_file(actor=people.binh, data=PDF, name="a.pdf", content_type="application/pdf", now=NOW)

    assert refusals(at_once(keep, keep, keep, keep)) == []
    assert StoredFile.objects.count() == 1
    assert_whole(people)


def test_one_matter_is_prepared_and_made_public_once(people: People) -> None:
    make_plan_in_force(people)

    def prepare() -> Publication:
        return publications.prepare_publication(actor=people.an, kind="policy", now=NOW)

    assert refusals(at_once(prepare, prepare, prepare)) == [publications.AlreadyPrepared] * 2
    made = Publication.objects.get()
    publications.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=TODAY)

    def publish() -> Publication:
        return publications.publish(actor=people.chau, publication_id=made.pk, now=NOW)

    def send_back() -> Publication:
        return publications.return_publication(
            actor=people.chau, publication_id=made.pk, reason="Sai", today=TODAY
        )

    assert refusals(at_once(publish, publish, send_back)) == [NotPossible] * 2
    made.refresh_from_db()
    assert (made.published_at is None) == (made.state != Publication.State.PUBLISHED)


def issuing(people: People, report: Report, number: str = "31/BC-UBND") -> Callable[[], Report]:
    return lambda: reports.issue_report(
        actor=people.an,
        report_id=report.pk,
        number=number,
        issued_on=TODAY,
        signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH",
        authority="TM. ỦY BAN NHÂN DÂN",
        now=NOW,
    )


def test_a_summary_begun_by_two_at_once_is_begun_once(people: People) -> None:
    make_year(people)

    def begin() -> Report:
        return reports.draft_on(actor=people.an, subject="summary", kind="half_year", period=HALF, now=NOW)

    assert refusals(at_once(begin, begin, begin)) == [reports.ReportExists, reports.ReportExists]
    assert Report.objects.count() == 1
    assert_whole(people)


def test_a_unit_report_issued_by_two_at_once_is_issued_and_given_once(people: People) -> None:
    year = make_year(people)
    unit = people.agency.units.order_by("order")[1]
    plan = {"plan_id": year.plan.pk, "kind": "half_year", "period": HALF, "now": NOW}
    whole = reports.draft_report(actor=people.an, **plan)  # type: ignore[arg-type]
    ask_units(actor=people.an, report_id=whole.pk, unit_ids=[unit.pk], due_on=TODAY, wish="", now=NOW)
    own = reports.draft_report(actor=people.dung, unit_id=unit.pk, **plan)  # type: ignore[arg-type]
    approve(people, own)
    issue = issuing(people, own, "02/BC-PKT")
    assert refusals(at_once(issue, issue)) == [reports.ReportNotDraft]
    assert UnitPart.objects.get().state == UnitPart.State.SENT
    assert Entry.objects.filter(verb="report.part_sent").count() == 1
    assert_whole(people)


def test_reports_of_two_kinds_do_not_take_one_number_at_once(people: People) -> None:
    make_year(people)
    drafts = [
        reports.draft_on(actor=people.an, subject=subject, kind="half_year", period=period, now=NOW)
        for subject, period in (("summary", HALF), ("corrective", HALF))
    ]
    for draft in drafts:
        approve(people, draft)
    calls = [issuing(people, draft) for draft in drafts]
    assert refusals(at_once(*calls)) == [reports.NumberNotPossible]
    assert Report.objects.filter(state=Report.State.ISSUED).count() == 1
    assert_whole(people)


def test_a_number_goes_to_one_of_two_reports(people: People) -> None:
    year = make_year(people)
    periods = (("half_year", HALF), ("quarter", Period(date(2026, 4, 1), date(2026, 6, 30))))
    drafts = [
        reports.draft_report(actor=people.an, plan_id=year.plan.pk, kind=kind, period=period, now=NOW)
        for kind, period in periods
    ]
    for draft in drafts:
        approve(people, draft)

    def issue(report: Report) -> Callable[[], Report]:
        return lambda: reports.issue_report(
            actor=people.an,
            report_id=report.pk,
            number="31/BC-UBND",
            issued_on=TODAY,
            signed_by="Lê Minh Châu",
            capacity="CHỦ TỊCH",
            authority="TM. ỦY BAN NHÂN DÂN",
            now=NOW,
        )

    assert refusals(at_once(*map(issue, drafts))) == [reports.NumberNotPossible]
    assert Report.objects.filter(state=Report.State.ISSUED).count() == 1
    assert_whole(people)
