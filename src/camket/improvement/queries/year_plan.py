"""The system's year as its plan tells it: audits, reviews, documents, law, risks and reports, each with its day."""

from __future__ import annotations

from collections.abc import Iterator

from camket.core.controlled import review_due
from camket.core.wording.dates import format_date
from camket.core.wording.schedules import write_schedule
from camket.documents.models import ChangeReview, DocumentEdition
from camket.improvement.models import Audit, Review, Risk
from camket.improvement.readiness import rules_of
from camket.improvement.year_paper import YearContent, YearLine, YearPart, days
from camket.objectives.models import Plan
from camket.objectives.queries import schedule_of
from camket.org.models import Agency
from camket.org.policy import Actor, require

_SECRETARY, _ALL, _HEAD = "Thư ký ISO", "Các bộ phận", "Lãnh đạo cơ quan"
NAMED = 12
"""So many documents and texts are named line by line; what is beyond is counted."""


def year_plan(actor: Actor, year: int) -> YearContent:
    """Return the system's year of the actor's agency. At most nine SQL statements. Raises NotAllowed."""
    for act in ("review.view", "audit.view", "document.view"):
        require(actor, act)
    agency = Agency.objects.get(pk=actor.agency_id)
    parts = (
        YearPart("Mục tiêu chất lượng", tuple(_objectives(actor, year))),
        YearPart("Đánh giá nội bộ", tuple(_audits(actor, year))),
        YearPart("Xem xét của lãnh đạo", tuple(_reviews(actor, year))),
        YearPart("Tài liệu, văn bản pháp luật", tuple(_documents(actor, year))),
        YearPart("Không phù hợp, rủi ro và cơ hội", tuple(_risks(actor, year))),
    )
    return YearContent(agency.full_name, agency.superior_name, agency.place, year, parts)


def _objectives(actor: Actor, year: int) -> Iterator[YearLine]:
    plan = (
        Plan.objects.filter(agency_id=actor.agency_id, year=year)
        .exclude(state__in=(Plan.State.DISCARDED, Plan.State.REPLACED))
        .order_by("-version", "-pk")
        .first()
    )
    decided = f"Quyết định số {plan.number}" if plan is not None and plan.number else "Quyết định ban hành"
    when = "Tháng 01"
    if plan is not None and plan.decided_on is not None:
        when = format_date(plan.decided_on)
    yield YearLine("Ban hành mục tiêu chất lượng và kế hoạch thực hiện", _SECRETARY, _ALL, when, decided)
    reports = write_schedule(schedule_of(plan.reporting)) if plan is not None else ""
    yield YearLine(
        "Báo cáo kết quả thực hiện mục tiêu chất lượng",
        _SECRETARY,
        _ALL,
        reports or "6 tháng, năm",
        "Báo cáo kết quả thực hiện MTCL",
    )


def _audits(actor: Actor, year: int) -> Iterator[YearLine]:
    rows = (
        Audit.objects.filter(agency_id=actor.agency_id, starts_on__year=year)
        .exclude(state="cancelled")
        .prefetch_related("units__unit")
        .order_by("starts_on", "pk")
    )
    result = "Quyết định thành lập đoàn, chương trình, phiếu ghi chép, báo cáo"
    found = False
    for each in rows:
        found = True
        units = "; ".join(one.unit.name for one in each.units.all())
        yield YearLine(each.title, "Đoàn đánh giá", units or _ALL, days(each.starts_on, each.ends_on), result)
    if not found:
        by = rules_of(actor.agency_id).audit_by
        when = f"Trước {by[3:]}/{by[:2]}/{year}" if by else f"Năm {year}"
        yield YearLine("Đánh giá nội bộ các bộ phận", "Đoàn đánh giá", _ALL, when, result)
    yield YearLine(
        "Khắc phục phát hiện, đánh giá hiệu lực của hành động khắc phục",
        _ALL,
        _SECRETARY,
        "Sau mỗi cuộc đánh giá",
        "Phiếu yêu cầu, sổ theo dõi hành động khắc phục",
    )


def _reviews(actor: Actor, year: int) -> Iterator[YearLine]:
    rows = Review.objects.filter(agency_id=actor.agency_id, held_on__year=year).exclude(state="cancelled")
    found = False
    for each in rows.order_by("held_on", "pk"):
        found = True
        yield YearLine(each.title, _HEAD, _ALL, format_date(each.held_on), "Kế hoạch, biên bản họp xem xét")
    if not found:
        yield YearLine(
            "Họp xem xét của lãnh đạo",
            _HEAD,
            _ALL,
            "Sau đánh giá nội bộ, ít nhất 01 lần/năm",
            "Kế hoạch, biên bản họp xem xét",
        )


def _documents(actor: Actor, year: int) -> Iterator[YearLine]:
    rows = (
        DocumentEdition.objects.filter(
            document__agency_id=actor.agency_id,
            document__withdrawn_on=None,
            document__review_months__isnull=False,
            state="effective",
        )
        .select_related("document__unit")
        .order_by("document__kind", "document__code")
    )
    due = []
    for each in rows:
        day = review_due(each.document.review_months, each.effective_on, each.document.reviewed_on)
        if day is not None and day.year == year:
            due.append((day, each.document))
    for day, document in sorted(due, key=lambda pair: (pair[0], pair[1].code))[:NAMED]:
        unit = document.unit.name if document.unit else _SECRETARY
        yield YearLine(
            f"Rà soát {document}", unit, _SECRETARY, format_date(day), "Ý kiến rà soát, bản sửa đổi"
        )
    if len(due) > NAMED:
        yield YearLine(
            f"Rà soát {len(due) - NAMED:02d} tài liệu khác đến hạn",
            _ALL,
            _SECRETARY,
            f"Năm {year}",
            "Ý kiến rà soát",
        )
    changes = list(
        ChangeReview.objects.filter(
            document__agency_id=actor.agency_id, done_on=None, change__due_on__year=year
        )
        .select_related("change__changed", "document__unit")
        .order_by("change__due_on", "pk")[:NAMED]
    )
    for change in changes:
        unit = change.document.unit.name if change.document.unit else _SECRETARY
        yield YearLine(
            f"Cập nhật thay đổi của {change.change.changed.number} vào {change.document}",
            unit,
            _SECRETARY,
            f"Trước {format_date(change.change.due_on)}",
            "Lần ban hành mới",
        )
    yield YearLine(
        "Theo dõi văn bản pháp luật, cập nhật vào tài liệu của hệ thống",
        _SECRETARY,
        _ALL,
        "Trong 03 tháng kể từ khi văn bản có hiệu lực",
        "Sổ theo dõi văn bản, quyết định ban hành tài liệu",
    )
    yield YearLine(
        "Công bố lại hệ thống khi thay đổi phạm vi áp dụng",
        _HEAD,
        _SECRETARY,
        "Khi phát sinh",
        "Quyết định công bố lại",
    )


def _risks(actor: Actor, year: int) -> Iterator[YearLine]:
    due = Risk.objects.filter(agency_id=actor.agency_id, state="open", rerate_by__year=year).count()
    what = "Đánh giá lại mức độ rủi ro, cơ hội"
    yield YearLine(
        f"{what} ({due:02d} mục đến hạn trong năm)" if due else what,
        _ALL,
        _SECRETARY,
        f"{rules_of(actor.agency_id).risk_months:02d} tháng một lần",
        "Sổ theo dõi rủi ro và cơ hội",
    )
    yield YearLine(
        "Kiểm soát sự không phù hợp, hành động khắc phục, cải tiến",
        _ALL,
        _SECRETARY,
        "Thường xuyên",
        "Phiếu yêu cầu, sổ theo dõi hành động khắc phục",
    )
