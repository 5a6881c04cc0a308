"""An announcement of conformity in a real browser: what lacks, confirmed, returned, issued, posted, announced again."""

from __future__ import annotations

from typing import Any

import pytest

from announced import procedure, ready
from camket.actions.models import Task
from camket.improvement.models import Announcement
from camket.publishing.models import Notice
from camket.publishing.operations.postings import PlaceData, save_place
from people import TODAY, People
from web.browser import Desk
from web.walk import Walk, said

pytestmark = pytest.mark.browser


def looked_at(desk: Desk, path: str, name: str) -> str:
    """Look at a page on both screens; return what it says."""
    for size in ("desktop", "phone"):
        page = desk.open(path, size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"announcement-{name}-{size}")
    return page.inner_text("main")


def prepared(walk: Walk, people: People) -> Announcement:
    """An prepares it; nothing is confirmed while the procedures have no document of their own or shared."""
    walk.be("an", TODAY)
    walk.send("/cong-bo/chuan-bi/")
    row = Announcement.objects.get()
    page = f"/cong-bo/{row.pk}/"
    assert "Chưa đáp ứng" in looked_at(walk.desk, page, "lacks")
    assert walk.desk.page.locator("main form[action$='/trinh/']").count() == 0
    shared = people.agency.controlled_documents.get(kind="system").code
    walk.send(f"{page}sua/", f0=shared)
    walk.send(page, "/trinh/")
    return row


def issued(walk: Walk, row: Announcement) -> None:
    """The head confirms, takes it back with a reason, confirms again; An issues it with number and day."""
    page = f"/cong-bo/{row.pk}/"
    walk.be("chau", TODAY)
    walk.send(page, "/xac-nhan/")
    walk.send(page, "/tra-lai/", **{"tra-reason": "Phạm vi chưa nêu Trung tâm"})
    walk.be("an", TODAY)
    assert "Phạm vi chưa nêu Trung tâm" in looked_at(walk.desk, page, "returned")
    walk.send(f"{page}sua/", scope="Gồm cả Trung tâm Phục vụ hành chính công")
    walk.be("chau", TODAY)
    walk.send(page, "/xac-nhan/")
    walk.be("an", TODAY)
    walk.send(
        page, "/ban-hanh/", is_refused=True, **{"ky-number": "31/QĐ-UBND", "ky-signed_on": "02/07/2026"}
    )
    walk.send(page, "/ban-hanh/", **{"ky-number": "31/QĐ-UBND", "ky-signed_on": said(TODAY)})
    row.refresh_from_db()
    assert (row.state, row.number) == ("announced", "31/QĐ-UBND")


def posted(walk: Walk, row: Announcement) -> None:
    """One press enters both places and reports the task, which leads back and waits for Châu."""
    page = f"/cong-bo/{row.pk}/"
    task = row.posting_task
    assert task is not None
    looked_at(walk.desk, page, "to-post")
    walk.send(page, f"/ghi/cong-bo/{row.pk}/")
    assert Notice.objects.count() == 2
    looked_at(walk.desk, page, "posted")
    walk.be("chau", TODAY)
    shown = looked_at(walk.desk, f"/cong-viec/{task.pk}/", "task")
    assert "31/QĐ-UBND" in shown
    assert "Bảng tin trụ sở" in shown
    walk.send(f"/cong-viec/{task.pk}/", "/xac-nhan/")
    assert Task.objects.get(pk=task.pk).state == "accepted"


def announced_again(walk: Walk, people: People, row: Announcement) -> None:
    """A procedure more is no longer what was announced: it is said, and the next one begins with that reason."""
    procedure(people, "1.001193", "Đăng ký khai sinh")
    walk.be("an", TODAY)
    assert "Đăng ký khai sinh" in looked_at(walk.desk, "/cong-bo/", "changed")
    walk.desk.open("/cong-bo/chuan-bi/")
    assert "Đăng ký khai sinh" in walk.desk.page.locator("[name=reason]").input_value()
    walk.send_here(f0=people.agency.controlled_documents.get(kind="system").code)
    again = Announcement.objects.get(kind="again")
    walk.be("chau", TODAY)
    walk.send(f"/cong-bo/{again.pk}/", "/xac-nhan/")
    walk.be("an", TODAY)
    walk.send(
        f"/cong-bo/{again.pk}/", "/ban-hanh/", **{"ky-number": "45/QĐ-UBND", "ky-signed_on": said(TODAY)}
    )
    row.refresh_from_db()
    assert row.state == "replaced"
    assert "45/QĐ-UBND" in looked_at(walk.desk, f"/cong-bo/{row.pk}/", "replaced")
    walk.be("chi", TODAY)
    assert walk.desk.page.request.get(f"{walk.desk.address}/cong-bo/{again.pk}/").status == 404


def test_a_system_is_announced_posted_and_announced_again(desk: Desk, people: People, settings: Any) -> None:
    ready(people)
    for kind, name in (("office", "Bảng tin trụ sở"), ("website", "Trang của xã")):
        save_place(actor=people.an, data=PlaceData(kind, name), today=TODAY)
    walk = Walk(desk, settings)
    row = prepared(walk, people)
    issued(walk, row)
    posted(walk, row)
    announced_again(walk, people, row)
    assert not desk.complaints
