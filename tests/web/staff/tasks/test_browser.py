"""The pages of tasks in Chromium: accessible, nothing too wide, no complaint, at both sizes of screen."""

from __future__ import annotations

import io
import random
from datetime import date

import pdfplumber
import pytest

from camket.actions import operations
from camket.actions.feeds import renew_feed_key
from camket.actions.models import Action, Task
from camket.documents.operations import NewEvidence
from people import TODAY, People, make_people
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
    "/cong-viec/lich/nam/2026/",
    "/cong-viec/lich/nam/2026/?theo=muc-tieu",
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


NAMES = (
    "Báo cáo kết quả rà soát, cập nhật, công khai danh mục thủ tục hành chính thuộc thẩm quyền giải quyết",
    "Tổ chức tập huấn kỹ năng giao tiếp cho công chức tiếp nhận hồ sơ",
    "Khảo sát sự hài lòng của người dân",
)


def busy_year(people: People, number: int) -> None:
    """Make tasks over the year, more at the ends of quarters, of the four units, a few late."""
    drawn = random.Random(7)
    units = list(people.agency.units.order_by("order"))
    actions = [
        Action.objects.create(
            agency=people.agency, year=2026, number=str(at), text=f"{NAMES[at % 3]} ({at})", state="active"
        )
        for at in range(60)
    ]
    rows = []
    for at in range(number):
        month = drawn.choice((*range(1, 13), 3, 6, 6, 9, 12, 12))
        due = date(2026, month, drawn.randrange(1, 29))
        is_done = due < TODAY and drawn.random() < 0.9
        rows.append(
            Task(
                agency=people.agency, action=actions[at % 60], kind="dated", occurrence=f"o{at}", due_on=due,
                due_original=due, late_after=due, unit=drawn.choice(units), done_on=due if is_done else None,
                state="accepted" if is_done else "open",
            )
        )  # fmt: skip
    Task.objects.bulk_create(rows)


@pytest.mark.browser
def test_a_year_of_work_prints_on_one_sheet(desk: Desk, busy: People) -> None:
    busy_year(busy, 150)
    desk.sign_in("an")
    for query, wide in (("", 297), ("?theo=muc-tieu", 297), ("?kho=a3", 420)):
        page = desk.open(f"/cong-viec/lich/nam/2026/{query}")
        with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as paper:
            assert [round(sheet.width / 72 * 25.4) for sheet in paper.pages] == [wide], query
            words = paper.pages[0].extract_text()
        assert "Cộng" in words
        assert "quá hạn" in words
    assert page.locator(".yp-table .yp-more").count() == 0


@pytest.mark.browser
def test_rows_are_ticked_counted_given_and_taken_back(desk: Desk, busy: People) -> None:
    desk.sign_in("an")
    for size in ("desktop", "phone"):
        page = desk.open("/cong-viec/tat-ca/", size)
        boxes = page.locator("input[name=viec]")
        assert page.locator(".ck-many__count").inner_text() == "Đã đánh dấu: 0"
        page.locator("[data-ck-many-page] input").check()
        assert page.locator(".ck-many__count").inner_text() == f"Đã đánh dấu: {boxes.count()}"
        boxes.first.uncheck()
        assert page.locator(".ck-many__count").inner_text() == f"Đã đánh dấu: {boxes.count() - 1}"
        desk.assert_accessible()
        page.click("button[value=assign]")
        desk.assert_accessible()
        page.select_option("select[name=person]", str(busy.binh.person_id))
        page.click("main form[method=get] button")
        desk.assert_accessible()
        desk.assert_fits()
        page.click("main form[method=post] button.btn-primary")
        page.locator("main button:has-text('Hoàn tác')").wait_for()
        assert Task.objects.filter(assignee_id=busy.binh.person_id).exists()
        desk.assert_accessible()
        desk.assert_fits()
        page.click("main button:has-text('Hoàn tác')")
        page.locator("main :text('Đã hoàn tác lúc')").first.wait_for()
        assert not Task.objects.filter(assignee_id=busy.binh.person_id).exists()
    assert desk.complaints == []


def _ids() -> list[int]:
    return list(Task.objects.order_by("pk").values_list("pk", flat=True)[:2])
