"""The acts that are interrupted: what stands before each, and the act itself, done as people do it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

import controlled_documents
from camket.actions import many
from camket.actions import operations as work
from camket.actions.list_acts import NothingToDo
from camket.actions.models import Task
from camket.core.many import Wanted
from camket.core.plan import Period
from camket.documents.models import DocumentEdition
from camket.documents.operations import NewEvidence, editions
from camket.dossiers.importing import apply, undo
from camket.dossiers.importing import operations as importing
from camket.dossiers.models import Batch
from camket.improvement.models import AuditPaper
from camket.improvement.operations import audit_papers
from camket.indicators.models import Indicator
from camket.indicators.operations import NewReading, confirm_reading, enter_reading
from camket.keeping.backup import verify_backup, write_backup
from camket.objectives import operations as plans
from camket.objectives.models import Plan, Target
from camket.org.models import Agency, Person, Unit, UnitSuccession
from camket.org.policy import Actor
from camket.packing import operations as packs
from camket.paper.sheets import write_csv
from camket.registers import operations as registers
from camket.registers.models import Batch as RegisterBatch
from camket.reporting import operations as reports
from camket.reporting.models import Report
from camket.reporting.parts import ask_units
from dossiers.importing import exports
from figures import share
from improvement.test_audit_papers import of_agency
from people import TODAY, actor_of, make_people
from plans import sample_plan
from procedures import make_procedure
from work import NOW, PDF, at

JANUARY = date(2026, 1, 12)
HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
TEXT = (
    "ỦY BAN NHÂN DÂN XÃ BÌNH YÊN\nMỤC TIÊU CHẤT LƯỢNG NĂM 2026\n"
    "1. Từ 97% hồ sơ trở lên được giải quyết đúng hạn.\n2. Phấn đấu trên 92% người dân hài lòng.\n"
)


def actor(login: str) -> Actor:
    return actor_of(Person.objects.get(login=login), Agency.objects.get(code="H00.1"))


def backup_file() -> Path:
    return Path(settings.MEDIA_ROOT).parent / "sao-luu.camket"


# What stands before


def an_agency() -> None:
    make_people()


def an_approved_plan() -> None:
    make_people()
    plan_id = plans.import_format(actor=actor("an"), plan=sample_plan(), today=JANUARY)
    plans.update_head(
        actor=actor("an"),
        plan_id=plan_id,
        today=JANUARY,
        resources="Kinh phí thường xuyên.",
        evaluation="Theo báo cáo.",
    )
    plans.submit_plan(actor=actor("an"), plan_id=plan_id, today=JANUARY)
    plans.approve_plan(actor=actor("chau"), plan_id=plan_id, today=JANUARY)


def a_plan_in_force() -> None:
    an_approved_plan()
    promulgate()


def a_report_in_draft() -> None:
    a_plan_in_force()
    target = Target.objects.filter(indicator__isnull=False).order_by("pk")[0]
    reading: NewReading = share(1188, 1200, HALF)
    entered = enter_reading(
        actor=actor("binh"), indicator_id=target.indicator_id or 0, reading=reading, now=NOW
    )
    confirm_reading(actor=actor("an"), reading_id=entered.pk, now=NOW)
    draft = reports.draft_report(
        actor=actor("an"), plan_id=Plan.objects.get().pk, kind="half_year", period=HALF, now=NOW
    )
    reports.submit_report(actor=actor("an"), report_id=draft.pk, now=NOW)
    reports.approve_report(actor=actor("chau"), report_id=draft.pk, now=NOW)


def approved_report(report: Report) -> None:
    reports.submit_report(actor=actor("an"), report_id=report.pk, now=NOW)
    reports.approve_report(actor=actor("chau"), report_id=report.pk, now=NOW)


def a_summary_in_draft() -> None:
    """The summary of an agency without agencies below; its own report is issued."""
    a_report_in_draft()
    issue()
    kind = {"subject": "summary", "kind": "half_year"}
    approved_report(reports.draft_on(actor=actor("an"), period=HALF, now=NOW, **kind))


def a_units_report_that_the_agency_waits_for() -> None:
    a_plan_in_force()
    target = Target.objects.filter(indicator__isnull=False).order_by("pk")[0]
    unit = Unit.objects.filter(agency__code="H00.1").order_by("order")[1]
    Indicator.objects.filter(pk=target.indicator_id).update(owner=unit)
    plan = {"plan_id": Plan.objects.get().pk, "kind": "half_year"}
    whole = reports.draft_report(actor=actor("an"), period=HALF, now=NOW, **plan)
    ask_units(actor=actor("an"), report_id=whole.pk, unit_ids=[unit.pk], due_on=NOW.date(), wish="", now=NOW)
    own = reports.draft_report(actor=actor("dung"), period=HALF, unit_id=unit.pk, now=NOW, **plan)
    approved_report(own)


# The acts


def bring_in() -> None:
    plans.import_plan(actor=actor("an"), data=TEXT.encode(), name="muc-tieu.txt", today=JANUARY)


def promulgate() -> None:
    plans.promulgate_plan(
        actor=actor("an"),
        plan_id=Plan.objects.get().pk,
        number="12/QĐ-UBND",
        decided_on=JANUARY,
        signed_by="Lê Minh Châu",
        today=JANUARY,
    )


def issue() -> None:
    reports.issue_report(
        actor=actor("an"),
        report_id=Report.objects.get().pk,
        number="31/BC-UBND",
        issued_on=date(2026, 7, 1),
        signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH",
        authority="TM. ỦY BAN NHÂN DÂN",
        now=NOW,
    )


def issue_approved() -> None:
    """Issue the report that is approved; one that is issued stays so."""
    waiting = Report.objects.filter(state=Report.State.APPROVED).first()
    if waiting is not None:
        reports.issue_report(
            actor=actor("an"),
            report_id=waiting.pk,
            number="32/BC-UBND",
            issued_on=date(2026, 7, 1),
            signed_by="Lê Minh Châu",
            capacity="CHỦ TỊCH",
            authority="TM. ỦY BAN NHÂN DÂN",
            now=NOW,
        )


def prove() -> None:
    task = Task.objects.order_by("due_on", "pk")[0]
    work.submit_task(
        actor=actor("an"),
        task_id=task.pk,
        result="Đã rà soát xong.",
        evidence=[
            NewEvidence("file", data=PDF + b"1" * 50_000, name="bien-ban.pdf", content_type="application/pdf")
        ],
        now=at(date(2026, 2, 2)),
    )


def a_checked_file_of_dossiers() -> None:
    make_people()
    check_file_of_dossiers()


def check_file_of_dossiers() -> None:
    rows = [exports.RIGHT, exports.OPEN, exports.WRONG]
    rows += [(f"H26.1-260601-1{number:03d}", *exports.RIGHT[1:]) for number in range(4)]
    batch = importing.receive_file(
        actor=actor("an"), name="ho-so.csv", data=exports.csv(*rows), as_of=date(2026, 6, 30), now=NOW
    )
    importing.set_mapping(
        actor=actor("an"), batch_id=batch.pk, mapping=batch.reading["mapping"], words={}, now=NOW, clock=_now
    )


def imported_dossiers() -> None:
    a_checked_file_of_dossiers()
    import_dossiers()


def import_dossiers() -> None:
    apply.PORTIONS[connection.vendor] = 2  # several transactions
    batch = Batch.objects.get()
    if batch.state == Batch.State.CHECKED:
        importing.start_import(actor=actor("an"), batch_id=batch.pk, now=NOW, clock=_now)
    else:
        importing.run_waiting(clock=lambda: NOW + timedelta(minutes=5))


def undo_dossiers() -> None:
    undo._AT_ONCE = 2
    batch = Batch.objects.get()
    if batch.state == Batch.State.DONE:
        importing.undo_batch(actor=actor("an"), batch_id=batch.pk, now=NOW, clock=_now)
    else:
        importing.run_waiting(clock=lambda: NOW + timedelta(minutes=5))


def _now() -> datetime:
    return NOW


def back_up() -> None:
    if not backup_file().exists():
        write_backup(target=backup_file(), now=datetime.fromisoformat("2026-07-01T02:00:00+07:00"))
    verify_backup(path=backup_file())


def an_entry_known() -> None:
    make_people()
    registers.enter(actor=actor("an"), register="directives", values={**DIRECTIVE, "note": "Chờ"}, now=NOW)


def bring_in_directives() -> None:
    if RegisterBatch.objects.exists():
        return  # it came in before it was killed, and the register's page says so
    rows = [["Số ký hiệu", "Ngày ban hành", "Cơ quan giao", "Nội dung chỉ đạo", "Hạn xử lý"]]
    rows.append([DIRECTIVE["number"], DIRECTIVE["on"], DIRECTIVE["source"], DIRECTIVE["title"], "10/07/2026"])
    rows += [
        [f"{number}/UBND-KT", "23/06/2026", "UBND tỉnh", f"Báo cáo số {number}", ""] for number in (1, 2, 3)
    ]
    rows.append(["9/UBND-KT", "31/06/2026", "UBND tỉnh", "Ngày không có", ""])
    registers.bring_in(
        actor=actor("an"),
        register="directives",
        data=write_csv(rows[0], rows[1:]),
        name="chi-dao.csv",
        content_type="text/csv",
        now=NOW,
    )


DIRECTIVE = {"number": "125/TB-UBND", "on": "22/06/2026", "source": "UBND tỉnh", "title": "Rà soát hồ sơ"}


def put_many_off() -> None:
    tasks = list(Task.objects.order_by("due_on", "pk").values_list("pk", flat=True)[:20])
    wanted = Wanted(on=date(2026, 12, 30), words="Chờ văn bản của tỉnh")
    with suppress(NothingToDo):  # it was done before it was killed
        many.act_on_tasks(actor=actor("an"), act="postpone", task_ids=tasks, wanted=wanted, now=NOW)


def a_document_approved() -> None:
    people = make_people()
    controlled_documents.approve(people, controlled_documents.add(people))


def issue_document() -> None:
    edition = DocumentEdition.objects.get()
    if edition.state != "effective":
        editions.issue_edition(
            actor=actor("an"),
            edition_id=edition.pk,
            number="12/QĐ-UBND",
            decided_on=TODAY,
            effective_on=TODAY,
            now=NOW,
        )


def a_pack_asked_for() -> None:
    people = make_people()
    controlled_documents.in_effect(people)
    packs.ask(actor=actor("an"), year=2026, now=NOW)


def put_pack_together() -> None:
    packs.put_together_waiting(clock=_now)


def a_report_of_an_audit() -> None:
    of_agency(make_people())


def withdraw_report_of_audit() -> None:
    paper = AuditPaper.objects.get()
    if paper.state == AuditPaper.State.ISSUED:
        audit_papers.withdraw_audit_paper(actor=actor("chau"), paper_id=paper.pk, reason="Ghi sai", now=NOW)


def a_unit_with_open_work() -> None:
    a_plan_in_force()
    agency = Agency.objects.get(code="H00.1")
    # Dossiers of an export without a unit are of the unit that the catalogue names.
    procedure = make_procedure(agency)
    procedure.editions.update(unit=agency.units.order_by("order", "pk")[1])
    check_file_of_dossiers()
    import_dossiers()


def merge_units() -> None:
    if UnitSuccession.objects.exists():
        return  # it was merged before it was killed, and the page of the unit says so
    unit, into = Unit.objects.filter(agency__code="H00.1").order_by("order", "pk")[1:3]
    plans.merge_unit(
        actor=actor("an"),
        unit_id=unit.pk,
        into_id=into.pk,
        decision=plans.UnitDecision("12/QĐ-UBND", TODAY, "Sắp xếp tổ chức bộ máy"),
        now=NOW,
    )


ACTS: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
    "bringing in a decision": (an_agency, bring_in),
    "promulgation": (an_approved_plan, promulgate),
    "issuing a report": (a_report_in_draft, issue),
    "issuing a summary": (a_summary_in_draft, issue_approved),
    "issuing a unit's report": (a_units_report_that_the_agency_waits_for, issue_approved),
    "submitting evidence": (a_plan_in_force, prove),
    "importing dossiers": (a_checked_file_of_dossiers, import_dossiers),
    "undoing an import": (imported_dossiers, undo_dossiers),
    "bringing a spreadsheet into a register": (an_entry_known, bring_in_directives),
    "putting many tasks off": (a_plan_in_force, put_many_off),
    "issuing a controlled document": (a_document_approved, issue_document),
    "withdrawing the report of an audit": (a_report_of_an_audit, withdraw_report_of_audit),
    "merging units": (a_unit_with_open_work, merge_units),
    "putting a pack together": (a_pack_asked_for, put_pack_together),
    "backup": (a_report_in_draft, back_up),
}
"""An act by its name: what stands before it, and the act."""
