from __future__ import annotations

import pytest
from django.test import Client

from camket.objectives import operations, queries
from camket.objectives.details import PlanDetail
from camket.org.models import Person
from camket.org.policy import Actor
from people import TODAY, People
from web.staff.plans.visitor import Visitor

DECISION = """ỦY BAN NHÂN DÂN
XÃ BÌNH YÊN

Số: 07/QĐ-UBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Bình Yên, ngày 12 tháng 01 năm 2026

QUYẾT ĐỊNH
Ban hành Mục tiêu chất lượng và Kế hoạch thực hiện năm 2026

Điều 1. Ban hành kèm theo Quyết định này Mục tiêu chất lượng năm 2026.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Lê Minh Châu

MỤC TIÊU CHẤT LƯỢNG NĂM 2026

TT\tMục tiêu\tChỉ tiêu\tBiện pháp thực hiện\tThời gian\tTrách nhiệm
1\tNâng cao chất lượng giải quyết hồ sơ\tTừ 97% trở lên\tRà soát hồ sơ chờ giải quyết mỗi tuần\tCuối mỗi quý\tPhòng Kinh tế
2\tNâng cao sự hài lòng của người dân\t≥ 92%\tPhát phiếu hỏi ý kiến\tTrước ngày 20/11/2026\tTrung tâm Phục vụ hành chính công
"""


def _visitor(actor: Actor) -> Visitor:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return Visitor(client, actor)


@pytest.fixture
def secretary(people: People) -> Visitor:
    return _visitor(people.an)


@pytest.fixture
def officer(people: People) -> Visitor:
    return _visitor(people.binh)


@pytest.fixture
def chairman(people: People) -> Visitor:
    return _visitor(people.chau)


@pytest.fixture
def stranger(people: People) -> Visitor:
    return _visitor(people.chi)


@pytest.fixture
def draft(people: People) -> PlanDetail:
    """A typed draft with two objectives, complete enough to be submitted."""
    given = {"actor": people.an, "today": TODAY}
    plan_id = operations.create_plan(year=2026, **given)
    operations.update_head(
        plan_id=plan_id,
        resources="Dự toán chi thường xuyên",
        evaluation="Đối chiếu số liệu hằng quý",
        **given,
    )
    for text, action, when in (
        (
            "Tỷ lệ hồ sơ giải quyết đúng hạn đạt từ 95% trở lên",
            "Rà soát hồ sơ chờ giải quyết",
            "Cuối mỗi quý",
        ),
        (
            "Mức độ hài lòng của người dân đạt từ 90% trở lên",
            "Phát phiếu hỏi ý kiến",
            "Trước ngày 20/11/2026",
        ),
    ):
        objective_id = operations.add_objective(plan_id=plan_id, text=text, **given)
        operations.add_action(
            objective_id=objective_id,
            text=action,
            lead=["Phòng Kinh tế"],
            monitors=["Thư ký ISO"],
            when=when,
            **given,
        )
        operations.add_action(
            objective_id=objective_id, text=f"{action} lần hai", lead=["Bộ phận lạ"], when=when, **given
        )
    return queries.plan_detail(people.an, plan_id)


@pytest.fixture
def reading(people: People) -> PlanDetail:
    """A decision brought in, waiting to be checked."""
    brought = operations.import_plan(
        actor=people.an, data=DECISION.encode(), name="quyet-dinh.txt", today=TODAY
    )
    return queries.plan_detail(people.an, brought.plan_id)
