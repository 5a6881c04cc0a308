"""The life of a controlled document in a real browser, by forms and buttons alone, with the wrong turns people take."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camket.documents.models import ControlledDocument, DocumentEdition, LegalText, Receipt
from camket.documents.operations.editions import take_effect_on
from camket.documents.operations.readers import tell_reviews_due
from controlled_documents import docx, states
from people import People
from web.browser import Desk
from web.walk import Walk, said
from work import at

pytestmark = pytest.mark.browser
BEGUN, IN_EFFECT, CHANGED, RENEWED, NEXT = (
    date(2026, 7, 1),
    date(2026, 7, 8),
    date(2026, 8, 3),
    date(2026, 8, 10),
    date(2027, 8, 11),
)
FIRST = ("QT.docx", docx("Điều 1. Tài liệu được soát xét hằng năm.", "Điều 2. Văn phòng giữ bản gốc."))
SECOND = (
    "QT-2.docx",
    docx("Điều 1. Tài liệu được soát xét 06 tháng một lần.", "Điều 2. Văn phòng giữ bản gốc."),
)


def looked_at(desk: Desk, path: str, name: str) -> str:
    """Look at a page on both screens; return what it says."""
    for size in ("desktop", "phone"):
        page = desk.open(path, size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"document-{name}-{size}")
    return page.inner_text("main")


def written(walk: Walk) -> DocumentEdition:
    """An adds it and submits it, cannot approve it herself; Châu returns it with a reason, then approves it."""
    walk.be("an", BEGUN)
    hostile = walk.send(
        "/tai-lieu/them/?loai=system",
        is_refused=True,
        title="Kiểm soát tài liệu",
        review_months="12",
        file=("quy-trinh.docx", b"MZ\x90\x00 not a document"),
    )
    assert "tệp" in hostile.lower()
    assert (
        walk.desk.page.locator("[name=title]").input_value() == "Kiểm soát tài liệu"
    )  # what was typed stays
    assert not ControlledDocument.objects.exists()
    walk.send_here(title="Kiểm soát tài liệu", review_months="12", file=FIRST)
    edition = DocumentEdition.objects.get()
    page = f"/tai-lieu/lan/{edition.pk}/"
    assert (
        "phê duyệt" in walk.desk.open(f"{page}ban-hanh/").inner_text("main").lower()
    )  # not yet: it says why
    walk.send(page, "/trinh/")
    assert walk.desk.open(page).locator("main form[action$='/phe-duyet/']").count() == 0
    walk.be("chau", BEGUN)
    walk.send(page, "/tra-lai/", is_refused=True, **{"tra-lai-reason": " "})
    walk.send(page, "/tra-lai/", **{"tra-lai-reason": "Điều 2 chưa nêu người giữ bản sao"})
    walk.be("an", BEGUN)
    assert "chưa nêu người giữ bản sao" in looked_at(walk.desk, page, "returned")
    walk.send(f"{page}soan/", file=FIRST)
    walk.send(page, "/trinh/")
    walk.be("chau", BEGUN)
    looked_at(walk.desk, page, "to-approve")
    walk.send(page, "/phe-duyet/")
    return edition


def issued(walk: Walk, edition: DocumentEdition) -> None:
    """Its days are checked; it takes effect on its day, not before, and is given out then."""
    walk.be("an", BEGUN)
    page = f"/tai-lieu/lan/{edition.pk}/"
    number = {"number": "12/QĐ-UBND", "decided_on": said(BEGUN)}
    walk.send(f"{page}ban-hanh/", is_refused=True, **number, effective_on="30/06/2026")
    walk.send_here(**number, effective_on=said(IN_EFFECT))
    edition.refresh_from_db()
    assert (edition.state, edition.effective_on) == ("approved", IN_EFFECT)
    assert "12/QĐ-UBND" in looked_at(walk.desk, page, "waits-for-its-day")
    take_effect_on(now=at(IN_EFFECT))
    edition.refresh_from_db()
    assert edition.state == "effective"


def read(walk: Walk, people: People, edition: DocumentEdition) -> None:
    """It is given to everybody; Bình finds it among his own things and confirms; An sees who has not."""
    walk.be("an", IN_EFFECT)
    walk.send(f"/tai-lieu/lan/{edition.pk}/phan-phoi/", read_by="15/07/2026")
    walk.be("binh", IN_EFFECT)
    assert "QT.01" in looked_at(walk.desk, "/tai-lieu/can-doc/", "to-read")
    walk.send("/tai-lieu/can-doc/", f"/lan/{edition.pk}/da-doc/")
    assert Receipt.objects.get(person_id=people.binh.person_id).read_at is not None
    assert "QT.01" not in walk.desk.open("/tai-lieu/can-doc/").inner_text("main")
    walk.be("an", IN_EFFECT)
    shown = looked_at(walk.desk, f"/tai-lieu/lan/{edition.pk}/nguoi-doc/", "readers")
    assert "Trần Văn Bình" in shown
    assert "Lê Minh Châu" in shown


def law_changed(walk: Walk, edition: DocumentEdition) -> None:
    """The text it rests on is replaced: it is named with its three months, and stands among what waits."""
    walk.be("an", CHANGED)
    walk.send("/van-ban-phap-luat/them/", number="26/2014/TT-BKHCN", title="Quy định chi tiết")
    walk.send("/van-ban-phap-luat/them/", number="9/2026/TT-BKHCN", title="Thay Thông tư 26")
    old, new = LegalText.objects.order_by("pk")
    walk.send(f"/tai-lieu/{edition.document_id}/can-cu/", **{"text-0": old.pk, "part-0": "Điều 41"})
    walk.send(f"/van-ban-phap-luat/{old.pk}/thay-doi/", kind="replaces", by_id=new.pk, on=said(CHANGED))
    shown = looked_at(walk.desk, f"/van-ban-phap-luat/{old.pk}/", "law")
    assert "QT.01" in shown
    shown = looked_at(walk.desk, f"/tai-lieu/{edition.document_id}/", "law-changed")
    assert "9/2026/TT-BKHCN" in shown
    assert "03/11/2026" in shown
    assert "26/2014/TT-BKHCN có thay đổi" in walk.desk.open("/tai-lieu/").inner_text("main")


def renewed(walk: Walk, edition: DocumentEdition) -> DocumentEdition:
    """A new edition answers the change; issued, it replaces the old one, which stays readable and comparable."""
    page = f"/tai-lieu/{edition.document_id}/"
    walk.be("an", RENEWED)
    walk.desk.open(page).locator("main a[href*='/lan-moi/?ra-soat=']").first.click()
    walk.desk.settled()
    walk.send_here(part="Điều 1")
    begun = DocumentEdition.objects.get(state="draft")
    walk.send(f"/tai-lieu/lan/{begun.pk}/soan/", file=SECOND)
    walk.send(f"/tai-lieu/lan/{begun.pk}/", "/trinh/")
    assert "đang áp dụng" in looked_at(walk.desk, page, "at-work").lower()
    walk.be("chau", RENEWED)
    walk.send(f"/tai-lieu/lan/{begun.pk}/", "/phe-duyet/")
    walk.be("an", RENEWED)
    walk.send(
        f"/tai-lieu/lan/{begun.pk}/ban-hanh/",
        number="20/QĐ-UBND",
        decided_on=said(RENEWED),
        effective_on=said(RENEWED),
    )
    assert states(edition.document_id) == [("1.0", "replaced"), ("1.1", "effective")]
    shown = looked_at(walk.desk, f"/tai-lieu/lan/{edition.pk}/", "replaced")
    assert "Điều 1" in looked_at(walk.desk, f"/tai-lieu/lan/{begun.pk}/so-sanh/{edition.pk}/", "compared")
    assert (
        walk.desk.open(f"/tai-lieu/lan/{edition.pk}/").locator("main form[action$='/da-doc/']").count() == 0
    )
    assert "Đã thay thế" in shown or "thay thế" in shown.lower()
    assert walk.desk.open(page).locator("main a[href*='ra-soat=']").count() == 0
    return begun


def looked_at_again(walk: Walk, people: People, edition: DocumentEdition) -> None:
    """A year later it is to be looked at again; what was looked at is written down and its next day follows."""
    walk.be("an", NEXT)
    assert tell_reviews_due(agency_id=people.agency.pk, now=at(date(2027, 8, 2))) > 0
    page = f"/tai-lieu/{edition.document_id}/"
    looked_at(walk.desk, page, "review-due")
    walk.send(page, "/con-phu-hop/", is_refused=True, **{"ra-soat-note": ""})
    walk.send(page, "/con-phu-hop/", **{"ra-soat-note": "Đối chiếu danh mục thủ tục năm 2027"})
    assert said(date(2028, 8, 11)) in walk.desk.open(page).inner_text("main")


def taken_in_from_outside(walk: Walk) -> None:
    """A document of outside is taken in as it is, without review."""
    walk.send(
        "/tai-lieu/them/?loai=external", title="TCVN ISO 9001:2015", file=("tcvn.docx", docx("Tiêu chuẩn"))
    )
    edition = DocumentEdition.objects.get(document__kind="external")
    walk.send(
        f"/tai-lieu/lan/{edition.pk}/ban-hanh/",
        number="TCVN ISO 9001:2015",
        decided_on="31/12/2015",
        effective_on=said(NEXT),
    )
    edition.refresh_from_db()
    assert edition.state == "effective"


def withdrawn(walk: Walk, edition: DocumentEdition) -> None:
    """It is taken out of use with a reason: nobody works by it, its editions stay readable."""
    page = f"/tai-lieu/{edition.document_id}/"
    walk.send(page, "/thu-hoi/", **{"thu-hoi-reason": "Gộp vào quy trình khác"})
    assert "Gộp vào quy trình khác" in looked_at(walk.desk, page, "withdrawn")
    assert states(edition.document_id) == [("1.0", "replaced"), ("1.1", "withdrawn")]
    assert "QT.01" not in walk.desk.open("/tai-lieu/").locator("table").inner_text()
    walk.be("chi", NEXT)
    for place in (page, f"/tai-lieu/lan/{edition.pk}/", f"/tai-lieu/lan/{edition.pk}/tep.goc"):
        assert walk.desk.page.request.get(walk.desk.address + place).status == 404


def test_a_document_from_its_draft_to_its_withdrawal(desk: Desk, people: People, settings: Any) -> None:
    walk = Walk(desk, settings)
    edition = written(walk)
    issued(walk, edition)
    read(walk, people, edition)
    law_changed(walk, edition)
    renewed_edition = renewed(walk, edition)
    looked_at_again(walk, people, renewed_edition)
    taken_in_from_outside(walk)
    withdrawn(walk, renewed_edition)
    assert not desk.complaints
