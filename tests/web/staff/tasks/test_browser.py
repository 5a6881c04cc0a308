"""The pages of tasks in Chromium: accessible, nothing too wide, no complaint, at both sizes of screen."""

from __future__ import annotations

import pytest

from camket.actions import operations
from camket.actions.feeds import renew_feed_key
from camket.actions.models import Task
from camket.documents.operations import NewEvidence
from people import People, make_people
from web.browser import Desk
from work import NOW, QUARTERLY, in_force, make_action, make_task, submitted_task, unit_of


@pytest.fixture
def busy(transactional_db: None) -> People:
    people = make_people()
    late = make_task(
        people, {"kind": "by", "date": "2026-06-10"}, text="Công khai danh mục thủ tục hành chính"
    )
    operations.record_progress(actor=people.binh, task_id=late.pk, progress=40, note="Đang làm", now=NOW)
    waiting = submitted_task(people, monitor=unit_of(people, 0))
    operations.attach_evidence(
        actor=people.binh,
        task_id=waiting.pk,
        evidence=[NewEvidence(kind="document", document_number="12/BC-UBND")],
        now=NOW,
    )
    action = make_action(
        people,
        QUARTERLY,
        {"kind": "on_event", "event": "Khi có văn bản thay đổi", "within": {"days": 5, "working": True}},
    )
    in_force(people, action)
    renew_feed_key(actor=people.an, now=NOW)
    return people


PATHS = [
    "/cong-viec/",
    "/cong-viec/1/",
    "/cong-viec/2/",
    "/cong-viec/tat-ca/?nhom=unit&trang_thai=tat-ca",
    "/cong-viec/lich/2026/9/",
    "/cong-viec/lich/dong-bo/",
    "/cong-viec/su-kien/",
    "/cong-viec/ngay-lam-viec/2027/",
]


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit(desk: Desk, busy: People) -> None:
    desk.sign_in("an")
    for path in PATHS:
        real = path.replace("/1/", f"/{_ids()[0]}/").replace("/2/", f"/{_ids()[1]}/")
        for size in ("desktop", "phone"):
            desk.open(real, size)
            desk.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            desk.assert_accessible()
            desk.assert_fits()
    assert desk.complaints == []


@pytest.mark.browser
def test_an_officer_finds_the_first_task_on_one_phone_screen_and_submits(desk: Desk, busy: People) -> None:
    desk.sign_in("binh")
    page = desk.open("/cong-viec/", "phone")
    first = page.locator(".tk-item__link").first
    box = first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 844 - 68  # above the bar at the bottom
    first.click()
    page.get_by_label("Kết quả", exact=True).fill("Đã công khai tại trụ sở và trang thông tin điện tử.")
    page.get_by_role("button", name="Nộp kết quả").click()
    page.get_by_text("Đã nộp. Kết quả xác nhận").wait_for()


def _ids() -> list[int]:
    return list(Task.objects.order_by("pk").values_list("pk", flat=True)[:2])
