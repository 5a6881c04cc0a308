"""The acts that are interrupted: what stands before each, and the act itself, done as people do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from camket.actions import operations as work
from camket.actions.models import Task
from camket.core.plan import Period
from camket.documents.operations import NewEvidence
from camket.indicators.operations import NewReading, confirm_reading, enter_reading
from camket.keeping.backup import verify_backup, write_backup
from camket.objectives import operations as plans
from camket.objectives.models import Plan, Target
from camket.org.models import Agency, Person
from camket.org.policy import Actor
from camket.reporting import operations as reports
from camket.reporting.models import Report
from figures import share
from people import actor_of, make_people
from plans import sample_plan
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
    reports.draft_report(
        actor=actor("an"), plan_id=Plan.objects.get().pk, kind="half_year", period=HALF, now=NOW
    )


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


def back_up() -> None:
    if not backup_file().exists():
        write_backup(target=backup_file(), now=datetime.fromisoformat("2026-07-01T02:00:00+07:00"))
    verify_backup(path=backup_file())


ACTS: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
    "bringing in a decision": (an_agency, bring_in),
    "promulgation": (an_approved_plan, promulgate),
    "issuing a report": (a_report_in_draft, issue),
    "submitting evidence": (a_plan_in_force, prove),
    "backup": (a_report_in_draft, back_up),
}
"""An act by its name: what stands before it, and the act."""
