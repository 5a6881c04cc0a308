"""What htmx puts in place is what the fresh page shows there."""

from __future__ import annotations

from typing import Any

import pytest

from camket.objectives.details import PlanDetail
from web.staff.plans.visitor import same

FORMS = [
    "quyet-dinh/", "chinh-sach/", "muc-tieu/them/", "muc-tieu/{o}/", "muc-tieu/{o}/chuyen/", "muc-tieu/{o}/tach/",
    "muc-tieu/{o}/gop/", "muc-tieu/{o}/xoa/", "muc-tieu/{o}/them-chi-tieu/", "muc-tieu/{o}/them-bien-phap/",
    "chi-tieu/{t}/", "chi-tieu/{t}/chuyen/", "chi-tieu/{t}/xoa/", "bien-phap/{a}/", "bien-phap/{a}/chuyen/",
    "bien-phap/{a}/tach/", "bien-phap/{a}/gop/", "bien-phap/{a}/xoa/",
]  # fmt: skip


def address(plan: PlanDetail, tail: str) -> str:
    first = plan.objectives[0]
    return f"/ke-hoach/{plan.id}/soan/" + tail.format(
        o=first.id, t=first.targets[0].id, a=first.actions[0].id
    )


@pytest.mark.parametrize("tail", FORMS)
def test_a_form_opened_in_place_is_that_of_the_page(tail: str, draft: PlanDetail, secretary: Any) -> None:
    part = same(secretary.htmx(address(draft, tail)))
    assert "<form" in part
    assert part in same(secretary.get(address(draft, tail)))


@pytest.mark.parametrize("tail", FORMS)
def test_a_form_left_shows_its_row_as_the_page_does(tail: str, draft: PlanDetail, secretary: Any) -> None:
    part = same(secretary.htmx(address(draft, tail) + "?thoi"))
    assert part in same(secretary.get(f"/ke-hoach/{draft.id}/soan/"))
    secretary.get(address(draft, tail) + "?thoi", 302)


@pytest.mark.parametrize(
    ("tail", "form"),
    [
        ("muc-tieu/{o}/chuyen/", {"into_id": "1"}),
        ("bien-phap/{a}/chuyen/", {"position": "1"}),
        ("muc-tieu/{o}/xoa/", {}),
        ("chi-tieu/{t}/xoa/", {}),
    ],
)
def test_after_a_move_or_deletion_all_that_was_read_is_shown_anew(
    tail: str, form: dict[str, str], draft: PlanDetail, secretary: Any
) -> None:
    response = secretary.post_htmx(address(draft, tail), **form)
    assert response.headers["HX-Retarget"] == "#ban-doc"
    column, steps = response.content.decode().split('<nav class="pl-steps', 1)
    assert 'hx-swap-oob="true"' in steps
    fresh = same(secretary.get(f"/ke-hoach/{draft.id}/soan/"))
    for line in same(column).replace(" data-camket-focus", "").split(' <p class="pl-saved"'):
        text = line.partition("Đã lưu</p> ")[2] or line
        assert text in fresh


def test_a_saved_row_says_so_and_the_steps_follow(draft: PlanDetail, secretary: Any) -> None:
    action = draft.objectives[0].actions[0]
    part = secretary.post_htmx(
        address(draft, "bien-phap/{a}/"), text="Việc đã sửa", when=action.when, revision=str(action.revision)
    ).content.decode()
    assert part.strip().startswith(f'<article class="pl-action" id="bien-phap-{action.id}"')
    assert "Đã lưu" in part
    assert 'id="cac-buoc"' in part
    assert "HX-Retarget" not in secretary.post_htmx(address(draft, "bien-phap/{a}/"), text="Lại").headers


def test_add_and_go_on_leaves_the_form_open_and_blank(draft: PlanDetail, secretary: Any) -> None:
    part = secretary.post_htmx(
        address(draft, "muc-tieu/{o}/them-chi-tieu/"), text="trên 80%", them_tiep="1"
    ).content.decode()
    fresh = secretary.get(address(draft, "muc-tieu/{o}/them-chi-tieu/"))
    assert same(part.split('<nav class="pl-steps', 1)[0]) in same(fresh)


@pytest.mark.parametrize(
    ("text", "said"),
    [("đạt từ 95% trở lên", "từ 95% trở lên"), ("", ""), ("cố gắng hơn", "Chưa hiểu được chỉ tiêu nào")],
)
def test_a_target_is_understood_as_it_is_typed(
    text: str, said: str, draft: PlanDetail, secretary: Any
) -> None:
    part = secretary.htmx(f"/ke-hoach/{draft.id}/soan/hieu-chi-tieu/", text=text)
    assert said in part
    assert ("Hiểu là" in part) == (said == "từ 95% trở lên")


def test_a_time_is_understood_with_its_dates(draft: PlanDetail, secretary: Any) -> None:
    part = secretary.htmx(f"/ke-hoach/{draft.id}/soan/hieu-thoi-gian/", when="Cuối mỗi quý")
    assert "31/03/2026" in part
    assert "31/12/2026" in part
    assert "khi có thay đổi" in secretary.htmx(
        f"/ke-hoach/{draft.id}/soan/hieu-thoi-gian/", when="khi có thay đổi"
    )
    assert "Hiểu là" not in secretary.htmx(f"/ke-hoach/{draft.id}/soan/hieu-thoi-gian/", when="")
