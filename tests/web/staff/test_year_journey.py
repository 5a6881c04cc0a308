"""A year of the system in a real browser, by forms and buttons alone: plan, figures, a miss, corrective action, audit,
review, and the objective of the next year that follows from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camket.actions.models import Task
from camket.core.review import INPUTS
from camket.improvement.models import Audit, AuditQuestion, Finding, Nonconformity, Review, ReviewDecision
from camket.improvement.operations.proposals import propose_nonconformities
from camket.objectives import operations as plans
from camket.objectives.models import Objective, Plan, Target
from camket.org.models import Role
from people import People, make_person
from plans import sample_plan
from web.browser import Desk
from web.walk import Walk, said
from work import at, unit_of

pytestmark = pytest.mark.browser
JANUARY, MISSED = date(2026, 1, 12), date(2026, 12, 15)
AUDIT, REVIEW, NEXT = date(2026, 12, 21), date(2026, 12, 24), date(2026, 12, 28)


def in_force(walk: Walk, people: People) -> Target:
    """An submits the plan, Châu approves it, An enters number and day; return its target of dossiers in time."""
    plan_id = plans.import_format(actor=people.an, plan=sample_plan(number=None), today=JANUARY)
    Plan.objects.update(period_start=date(2025, 12, 15), period_end=date(2026, 12, 14))
    plans.update_head(
        actor=people.an,
        plan_id=plan_id,
        today=JANUARY,
        resources="Kinh phí thường xuyên.",
        evaluation="Theo báo cáo.",
    )
    place = f"/ke-hoach/{plan_id}/"
    walk.be("an", JANUARY)
    walk.send(place, "/trinh/")
    walk.be("chau", JANUARY)
    walk.send(place, "/phe-duyet/")
    walk.be("an", JANUARY)
    shown = walk.send(
        f"{place}ban-hanh/", number="12/QĐ-UBND", decided_on=said(JANUARY), signed_by="Lê Minh Châu"
    )
    assert "Kế hoạch đã có hiệu lực" in shown
    return Target.objects.filter(objective__plan_id=plan_id).order_by("objective__order", "order")[0]


def missed(walk: Walk, people: People, target: Target) -> Nonconformity:
    """Bình enters 80 of 100, An confirms; after the year's end the target is missed, and the system proposes to act."""
    page = f"/muc-tieu/chi-tieu/{target.pk}/"
    walk.be("binh", MISSED)
    walk.send(
        f"{page}nhap-so-lieu/",
        period="2025-12-15_2026-12-14",
        numerator="80",
        denominator="100",
        source="Phần mềm một cửa",
    )
    walk.be("an", MISSED)
    walk.send(page, "/xac-nhan/")
    assert "Không đạt" in walk.desk.open(page).inner_text("main")
    propose_nonconformities(agency_id=people.agency.pk, today=MISSED, now=at(MISSED))
    (row,) = Nonconformity.objects.filter(source="target", judged_by_target=target)
    assert row.title in walk.desk.open("/khac-phuc/").inner_text("main")
    return row


def corrected(walk: Walk, people: People, row: Nonconformity) -> None:
    """An takes it up for Bình, who finds the cause and plans; Châu approves; the step is done and accepted."""
    page = f"/khac-phuc/{row.pk}/"
    walk.send(page, "/tiep-nhan/", owner_id=people.binh.person_id)
    walk.be("binh", MISSED)
    walk.send(f"{page}khac-phuc-ngay/", correction="Trả ngay hồ sơ đã xong", corrected_on=said(MISSED))
    walk.send(
        f"{page}nguyen-nhan/",
        name_0="Con người",
        causes_0="Không có người thay khi nghỉ",
        root_cause="Phân công không nêu người thay",
        similar="Đã xem các bộ phận khác: không có",
    )
    walk.send(
        f"{page}viec/them/",
        kind="corrective",
        text="Sửa phân công, nêu người thay",
        person_id=people.binh.person_id,
        due_on=said(AUDIT),
    )
    walk.send(page, "/trinh/")
    walk.be("chau", MISSED)
    walk.send(page, "/phe-duyet/")
    task = Task.objects.get(corrective_step__nonconformity=row)
    walk.be("binh", MISSED)
    walk.send(f"/cong-viec/{task.pk}/", "/nop/", result="Đã ban hành phân công mới")
    walk.be("dung", MISSED)
    walk.send(f"/cong-viec/{task.pk}/", "/xac-nhan/")
    row.refresh_from_db()
    assert row.state == "judging"


def audited(walk: Walk, people: People) -> Finding:
    """An plans the audit of Bình's unit, Em leads it, asks, finds, reports; Dũng confirms for the unit."""
    em = make_person(people.agency, "Vũ Văn Em", "em", Role.AUDITOR, unit_of(people, 0))
    unit = unit_of(people, 1)
    walk.be("an", AUDIT)
    walk.send("/danh-gia/cau-hoi/them/", text="Bảng niêm yết đủ thủ tục không?", clause="8.2")
    walk.send("/danh-gia/them/", title="Đánh giá nội bộ năm 2026", starts_on=said(AUDIT), unit_ids=unit.pk)
    audit = Audit.objects.get()
    page, place = f"/danh-gia/{audit.pk}/", f"/danh-gia/{audit.pk}/bo-phan/{unit.pk}/"
    walk.send(f"{page}doan/", **{"person-0": em.pk, "part-0": "lead"})
    walk.send(f"{page}lich/")
    walk.send(f"{page}phieu/", libraries="own")
    walk.send(page, "/buoc/thong-bao/", **{"buoc-reason": "Đoàn vừa được lập"})
    walk.be("em", AUDIT)
    walk.send(page, "/buoc/mo/")
    asked = AuditQuestion.objects.get(audited__audit=audit)
    walk.send(
        f"/danh-gia/tra-loi/{asked.pk}/",
        **{
            "answer": "finding",
            "note": "Xem tại quầy",
            "phat-hien-grade": "opportunity",
            "phat-hien-text": "Nên in lịch trả kết quả cỡ lớn",
            "phat-hien-clause": "8.2",
        },
    )
    walk.send(page, "/buoc/ket-thuc/")
    walk.be("dung", AUDIT)
    walk.send(place, "/xac-nhan/", **{"y-kien-remark": "Đồng ý"})
    walk.be("em", AUDIT)
    walk.send(f"{page}bao-cao/", conclusion="Hệ thống được duy trì, có hiệu lực")
    walk.send(page, "/phat-hanh/", **{"phat-hanh-number": "15/BC-ĐGNB", "phat-hanh-reported_on": said(AUDIT)})
    audit.refresh_from_db()
    assert (audit.state, audit.report_number) == ("closed", "15/BC-ĐGNB")
    return Finding.objects.get()


def reviewed(walk: Walk, people: People) -> ReviewDecision:
    """An prepares the review with the figures gathered and a word to each, Châu closes it: the next objective is decided."""
    walk.be("an", REVIEW)
    walk.send(
        "/xem-xet/them/",
        title="Xem xét năm 2026",
        period_start="15/12/2025",
        period_end="14/12/2026",
        held_on=said(REVIEW),
        chair_id=people.chau.person_id,
        people=people.dung.person_id,
    )
    review = Review.objects.get()
    page = f"/xem-xet/{review.pk}/"
    walk.send(page, "/trieu-tap/")
    gathered = walk.desk.open(f"{page}dau-vao/c2/").inner_text("main")
    assert "97" in gathered
    for each in INPUTS:
        walk.send(f"{page}dau-vao/{each.key}/", comment="Đã xem xét, thống nhất số liệu")
    member = review.members.get(person_id=people.dung.person_id)
    walk.send(f"{page}thanh-phan/", **{f"m{member.pk}-came": True})
    walk.send(
        f"{page}quyet-dinh/them/",
        text="Từ 98% hồ sơ được giải quyết đúng hạn, có người thay khi nghỉ",
        kind="objective",
        unit_id=unit_of(people, 1).pk,
        due_on="15/01/2027",
    )
    walk.send(f"{page}ket-luan/", conclusion="Hệ thống có hiệu lực; mục tiêu đúng hạn cần làm lại")
    walk.be("chau", REVIEW)
    walk.send(f"{page}ket-thuc/", number="8/BB-UBND")
    review.refresh_from_db()
    assert review.state == "closed"
    return ReviewDecision.objects.get()


def drafted(walk: Walk, people: People, decision: ReviewDecision, missed: Target) -> Objective:
    """An writes the plan of the next year: what the review decided and what was missed are offered, and brought in."""
    walk.be("an", NEXT)
    walk.send("/ke-hoach/soan-moi/", year="2027")
    plan = Plan.objects.get(year=2027)
    offered = walk.desk.open(f"/ke-hoach/{plan.pk}/soan/")
    offered.locator(f"main a[href='/ke-hoach/{plan.pk}/soan/de-xuat/']").first.click()
    offered.wait_for_load_state()
    shown = offered.inner_text("main")
    assert decision.text in shown
    assert offered.locator(f"main a[href='/muc-tieu/chi-tieu/{missed.pk}/']").count() == 1
    walk.desk.assert_accessible()
    walk.desk.assert_fits()
    page = f"/ke-hoach/{plan.pk}/soan/de-xuat/"
    walk.send(page, f"/de-xuat/{decision.pk}/")
    made = Objective.objects.get(plan=plan, review_decisions=decision)
    assert f"Mục tiêu {made.number} của kế hoạch này" in walk.desk.open(page).inner_text("main")
    return made


def test_a_year_of_the_system_from_its_plan_to_the_next_years_objective(
    desk: Desk, people: People, settings: Any
) -> None:
    walk = Walk(desk, settings)
    target = in_force(walk, people)
    corrected(walk, people, missed(walk, people, target))
    audited(walk, people)
    decision = reviewed(walk, people)
    made = drafted(walk, people, decision, target)
    assert [(each.kind, each.value) for each in made.targets.all()] == [("at_least", 98)]
    assert made.owner == unit_of(people, 1)
    assert not desk.complaints
