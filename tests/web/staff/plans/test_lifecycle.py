"""A plan's page and every act of its life, for those who may and in the states that allow it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from camket.objectives import operations, queries
from camket.objectives.details import PlanDetail
from people import TODAY, People

SIGNED = {
    "number": "05/QĐ-UBND",
    "decided_on": "05/01/2026",
    "signed_by": "Lê Minh Châu",
    "capacity": "CHỦ TỊCH",
}


def state(visitor: Any, plan: PlanDetail) -> str:
    return queries.plan_detail(visitor.actor, plan.id).state


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "quyet-dinh-da-ky.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf"
    )


def test_from_draft_to_force(draft: PlanDetail, secretary: Any, chairman: Any) -> None:
    page = secretary.get(f"/ke-hoach/{draft.id}/")
    assert "Trình phê duyệt" in page
    assert "Phê duyệt</button>" not in page
    secretary.post(f"/ke-hoach/{draft.id}/trinh/")
    assert state(secretary, draft) == "submitted"
    assert "Kế hoạch đang chờ bạn phê duyệt." in chairman.get(f"/ke-hoach/{draft.id}/")
    secretary.post(f"/ke-hoach/{draft.id}/phe-duyet/", 403)
    chairman.post(f"/ke-hoach/{draft.id}/phe-duyet/")
    assert state(secretary, draft) == "approved"
    secretary.post(f"/ke-hoach/{draft.id}/ban-hanh/", **SIGNED, signed_file=pdf())
    plan = queries.plan_detail(secretary.actor, draft.id)
    assert (plan.state, plan.number, plan.decided_on) == (
        "promulgated",
        "05/QĐ-UBND",
        datetime.date(2026, 1, 5),
    )
    assert plan.signed_file is not None
    page = secretary.get(f"/ke-hoach/{draft.id}/")
    assert "Quyết định số 05/QĐ-UBND ngày 05/01/2026" in page
    assert "Chưa có số liệu" in page


def test_a_plan_is_returned_with_its_reason(draft: PlanDetail, secretary: Any, chairman: Any) -> None:
    secretary.post(f"/ke-hoach/{draft.id}/trinh/")
    page = chairman.post(f"/ke-hoach/{draft.id}/tra-lai/", 200, **{"return-reason": " "}).content.decode()
    assert 'role="alert"' in page
    assert state(secretary, draft) == "submitted"
    chairman.post(f"/ke-hoach/{draft.id}/tra-lai/", **{"return-reason": "Bổ sung nguồn lực"})
    assert state(secretary, draft) == "draft"
    assert "Bổ sung nguồn lực" in secretary.get(f"/ke-hoach/{draft.id}/")
    secretary.post(f"/ke-hoach/{draft.id}/trinh/")
    assert "Bổ sung nguồn lực" not in secretary.get(f"/ke-hoach/{draft.id}/")


def test_what_is_missing_is_named_and_linked(draft: PlanDetail, secretary: Any, people: People) -> None:
    action = draft.objectives[0].actions[0]
    operations.update_action(actor=people.an, action_id=action.id, today=TODAY, lead=[], when="")
    page = secretary.get(f"/ke-hoach/{draft.id}/")
    assert page.count(f"/ke-hoach/{draft.id}/soan/#bien-phap-{action.id}") == 2
    secretary.post(f"/ke-hoach/{draft.id}/trinh/")
    assert state(secretary, draft) == "draft"
    page = secretary.post(f"/ke-hoach/{draft.id}/da-ky/", 200, **SIGNED, signed_file=pdf()).content.decode()
    assert "Còn thiếu" in page
    assert "05/QĐ-UBND" in page
    assert state(secretary, draft) == "draft"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"decided_on": "05/13/2026"}, "05/13/2026"),
        ({"decided_on": "05/12/2026"}, "05/12/2026"),
        ({"number": ""}, "Lê Minh Châu"),
        ({"signed_by": ""}, "05/QĐ-UBND"),
        ({}, "05/QĐ-UBND"),
    ],
)
def test_a_signature_that_cannot_be_keeps_what_was_typed(
    typed: dict[str, str], said: str, draft: PlanDetail, secretary: Any
) -> None:
    page = secretary.post(f"/ke-hoach/{draft.id}/da-ky/", 200, **(SIGNED | typed)).content.decode()
    assert 'role="alert"' in page
    assert said in page
    assert state(secretary, draft) == "draft"


def test_a_decision_brought_in_signed_is_put_in_force_in_one_step(
    reading: PlanDetail, secretary: Any, people: People
) -> None:
    operations.update_head(
        actor=people.an,
        plan_id=reading.id,
        today=TODAY,
        resources="Dự toán được giao",
        evaluation="Theo số liệu quý",
    )
    secretary.post(f"/ke-hoach/{reading.id}/chap-nhan/")
    assert state(secretary, reading) == "draft"
    page = secretary.get(f"/ke-hoach/{reading.id}/da-ky/")
    assert "07/QĐ-UBND" in page
    secretary.post(
        f"/ke-hoach/{reading.id}/da-ky/", **(SIGNED | {"number": "07/QĐ-UBND", "decided_on": "12/01/2026"})
    )
    assert state(secretary, reading) == "promulgated"


def test_a_plan_in_force_is_amended_as_a_new_version(draft: PlanDetail, secretary: Any) -> None:
    secretary.post(f"/ke-hoach/{draft.id}/da-ky/", **SIGNED, signed_file=pdf())
    response = secretary.post(f"/ke-hoach/{draft.id}/sua-doi/", **{"amend-reason": "Giảm chỉ tiêu"})
    amended = int(response.url.split("/")[2])
    assert amended != draft.id
    assert state(secretary, draft) == "promulgated"
    page = secretary.get(f"/ke-hoach/{amended}/")
    assert f'href="/ke-hoach/{draft.id}/"' in page
    assert "bản 2" in secretary.get("/ke-hoach/")
    page = secretary.post(
        f"/ke-hoach/{draft.id}/sua-doi/", 200, **{"amend-reason": "Lần nữa"}
    ).content.decode()
    assert "Lần nữa" in page
    assert 'role="alert"' in page


def test_a_plan_is_closed_when_its_year_is_over(draft: PlanDetail, secretary: Any, settings: Any) -> None:
    secretary.post(f"/ke-hoach/{draft.id}/da-ky/", **SIGNED, signed_file=pdf())
    secretary.post(f"/ke-hoach/{draft.id}/ket-thuc/")
    assert state(secretary, draft) == "promulgated"
    settings.TODAY = datetime.date(2027, 1, 5)
    secretary.post(f"/ke-hoach/{draft.id}/ket-thuc/")
    assert state(secretary, draft) == "closed"
    assert "Đã kết thúc" in secretary.get(f"/ke-hoach/{draft.id}/")


def test_a_draft_is_discarded(draft: PlanDetail, secretary: Any) -> None:
    response = secretary.post(f"/ke-hoach/{draft.id}/bo/", **{"discard-reason": "Nhập nhầm"})
    assert response.url == "/ke-hoach/"
    assert state(secretary, draft) == "discarded"
    secretary.get(f"/ke-hoach/{draft.id}/")


@pytest.mark.parametrize("act", ["chap-nhan", "phe-duyet", "ket-thuc"])
def test_an_act_that_the_state_does_not_allow_is_refused_with_a_reason(
    act: str, draft: PlanDetail, secretary: Any, chairman: Any
) -> None:
    person = secretary if act == "chap-nhan" else chairman
    person.post(f"/ke-hoach/{draft.id}/{act}/")
    assert "ck-note--red" in person.get(f"/ke-hoach/{draft.id}/")
    assert state(secretary, draft) == "draft"


def test_resources_are_stated_where_they_are_missed(
    draft: PlanDetail, secretary: Any, people: People
) -> None:
    operations.update_head(actor=people.an, plan_id=draft.id, today=TODAY, resources="")
    address = f"/ke-hoach/{draft.id}/nguon-luc/"
    assert f'action="{address}"' in secretary.get(f"/ke-hoach/{draft.id}/")
    assert "Hãy điền mục này" in secretary.post(address, 200, **{"resources-text": " "}).content.decode()
    secretary.post(address, **{"resources-text": "Kinh phí tự chủ năm 2026."})
    plan = queries.plan_detail(people.an, draft.id)
    assert plan.resources == "Kinh phí tự chủ năm 2026."
    assert plan.evaluation == draft.evaluation


def test_what_blocks_signing_is_said_before_anything_is_typed(
    draft: PlanDetail, secretary: Any, people: People
) -> None:
    operations.update_head(actor=people.an, plan_id=draft.id, today=TODAY, resources="")
    page = secretary.get(f"/ke-hoach/{draft.id}/da-ky/")
    assert "Còn thiếu" in page
    assert f"/ke-hoach/{draft.id}/#du-thanh-phan" in page


def test_the_chairman_learns_who_is_at_work_on_a_draft(draft: PlanDetail, chairman: Any) -> None:
    page = chairman.get(f"/ke-hoach/{draft.id}/")
    assert "Thư ký ISO đang hoàn chỉnh." in page
    assert "rồi trình Chủ tịch" not in page
    assert f"/ke-hoach/{draft.id}/da-ky/" in page
