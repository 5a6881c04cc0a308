"""Who may open and send what on the plan pages; another agency's plan is not there at all."""

from __future__ import annotations

from typing import Any

import pytest

from camket.objectives.details import PlanDetail

VIEWED = ["{plan}/", "{plan}/bang/", "{plan}/thoi-han/"]
EDITED = [
    "{plan}/soan/", "{plan}/soan/quyet-dinh/", "{plan}/soan/chinh-sach/", "{plan}/soan/don-vi/",
    "{plan}/soan/hieu-chi-tieu/", "{plan}/soan/hieu-thoi-gian/", "{plan}/soan/muc-tieu/them/",
    "{plan}/soan/muc-tieu/{objective}/", "{plan}/soan/muc-tieu/{objective}/chuyen/",
    "{plan}/soan/muc-tieu/{objective}/tach/", "{plan}/soan/muc-tieu/{objective}/gop/",
    "{plan}/soan/muc-tieu/{objective}/xoa/", "{plan}/soan/muc-tieu/{objective}/them-chi-tieu/",
    "{plan}/soan/muc-tieu/{objective}/them-bien-phap/", "{plan}/soan/chi-tieu/{target}/",
    "{plan}/soan/chi-tieu/{target}/chuyen/", "{plan}/soan/chi-tieu/{target}/xoa/",
    "{plan}/soan/bien-phap/{action}/", "{plan}/soan/bien-phap/{action}/chuyen/",
    "{plan}/soan/bien-phap/{action}/tach/", "{plan}/soan/bien-phap/{action}/gop/",
    "{plan}/soan/bien-phap/{action}/xoa/",
]  # fmt: skip
SENT = ["chap-nhan", "trinh", "tra-lai", "phe-duyet", "sua-doi", "ket-thuc", "bo", "soan/danh-so-lai"]


def path(pattern: str, plan: PlanDetail) -> str:
    first = plan.objectives[0]
    return "/ke-hoach/" + pattern.format(
        plan=plan.id, objective=first.id, target=first.targets[0].id, action=first.actions[0].id
    )


@pytest.mark.parametrize("pattern", VIEWED)
def test_everyone_of_the_agency_sees_a_plan(
    pattern: str, draft: PlanDetail, secretary: Any, officer: Any, chairman: Any, stranger: Any
) -> None:
    for person in (secretary, officer, chairman):
        person.get(path(pattern, draft))
    stranger.get(path(pattern, draft), 404)


@pytest.mark.parametrize("pattern", EDITED)
def test_only_the_secretary_edits(
    pattern: str, draft: PlanDetail, secretary: Any, officer: Any, chairman: Any, stranger: Any
) -> None:
    secretary.get(path(pattern, draft))
    for person in (officer, chairman):
        person.get(path(pattern, draft), 403)
    stranger.get(path(pattern, draft), 404)


@pytest.mark.parametrize("pattern", [p for p in EDITED if "hieu" not in p and p != "{plan}/soan/"])
def test_a_stranger_sends_into_nothing(pattern: str, draft: PlanDetail, stranger: Any) -> None:
    stranger.post(path(pattern, draft), 404, text="x", first="a", second="b")


@pytest.mark.parametrize("act", SENT)
def test_an_act_is_sent_not_opened_and_never_by_a_stranger(
    act: str, draft: PlanDetail, secretary: Any, officer: Any, stranger: Any
) -> None:
    address = f"/ke-hoach/{draft.id}/{act}/"
    secretary.get(address, 405)
    stranger_status = 403 if act == "phe-duyet" else 404
    stranger.post(address, stranger_status, **{"return-reason": "x"})
    if act != "tra-lai":
        officer.post(address, 403)


def test_an_officer_cannot_return_a_plan(draft: PlanDetail, secretary: Any, officer: Any) -> None:
    secretary.post(f"/ke-hoach/{draft.id}/trinh/")
    officer.post(f"/ke-hoach/{draft.id}/tra-lai/", 403, **{"return-reason": "không rõ"})


def test_the_way_in_is_the_secretarys(secretary: Any, officer: Any, stranger: Any) -> None:
    for address in ("/ke-hoach/dua-vao/", "/ke-hoach/soan-moi/"):
        secretary.get(address)
        officer.get(address, 403)


def test_signing_pages_lead_back_where_the_state_does_not_allow(
    draft: PlanDetail, secretary: Any, stranger: Any
) -> None:
    secretary.get(f"/ke-hoach/{draft.id}/ban-hanh/", 302)
    secretary.get(f"/ke-hoach/{draft.id}/da-ky/")
    for name in ("ban-hanh", "da-ky"):
        stranger.get(f"/ke-hoach/{draft.id}/{name}/", 404)
        stranger.post(
            f"/ke-hoach/{draft.id}/{name}/", 404, number="1", decided_on="01/01/2026", signed_by="A"
        )


def test_rows_of_another_plan_are_not_there(draft: PlanDetail, reading: PlanDetail, secretary: Any) -> None:
    objective = reading.objectives[0]
    for tail in (
        f"muc-tieu/{objective.id}",
        f"chi-tieu/{objective.targets[0].id}",
        f"bien-phap/{objective.actions[0].id}",
    ):
        secretary.get(f"/ke-hoach/{draft.id}/soan/{tail}/", 404)
        secretary.post(f"/ke-hoach/{draft.id}/soan/{tail}/xoa/", 404)
