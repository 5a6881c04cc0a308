"""A month in the office, in a browser: work arrives, is given, put off, done late and counted; papers say so.

Each act by the person who would do it, on the day on which it would be done; the morning's job runs between them.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document as read_docx

from camket.jobs.reminding import remind
from camket.notifications.models import Mail
from camket.objectives import operations
from camket.org.models import Person
from camket.registers.models import Entry, Letter, ProgrammePaper
from figures import make_plan_in_force, targets_of
from notifications.conftest import reachable
from people import People
from web.browser import Desk

DIRECTIVE = "Rà soát hồ sơ đất đai quá hạn, báo cáo UBND tỉnh"
IN_TIME = "Lập danh sách hộ cần hỗ trợ giống"
TASK, LEFT_OVER = "Kiểm tra an toàn hồ chứa trước mùa lũ", "Kiểm kê tài sản công sau sắp xếp"


class Office:
    """The desk of whoever works at it, on the day that it is."""

    def __init__(self, desk: Desk, settings: Any) -> None:
        self.desk, self.settings = desk, settings

    def on(self, day: date, login: str) -> None:
        """Let it be a day, and somebody sit down at the desk."""
        self.settings.TODAY = day
        self.desk.sign_in(login)

    def morning(self, day: date) -> None:
        """Let the morning's job run."""
        self.settings.TODAY = day
        now = datetime.combine(day, time(6, 30), ZoneInfo("Asia/Ho_Chi_Minh"))
        remind(now=now, today=day)

    def key_in(self, slug: str, **said: str) -> Entry:
        """Enter a row of quick entry, and return what it became."""
        page = self.desk.open(f"/so/{slug}/")
        for name, value in said.items():
            field = page.locator(f"#nhanh [name={name}]")
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        page.locator("#nhanh button[type=submit]").click()
        page.wait_for_selector(f"#rg-rows >> text={said['title']}")
        return Entry.objects.get(title=said["title"])

    def send(self, path: str, action: str = "", *, button: str = "button[type=submit]", **said: str) -> None:
        """Fill in the form of a page that leads to an action, and send it."""
        page = self.desk.open(path)
        form = page.locator(f"main form[action$='{action}']" if action else "main form[method=post]").first
        closed = page.locator("details:not([open])").filter(has=page.locator(f"form[action$='{action}']"))
        if action and closed.count():
            closed.locator("summary").click()
        for name, value in said.items():
            field = form.locator(f"[name={name}], [name$='-{name}']")
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        with page.expect_navigation() as answer:
            form.locator(button).first.click()
        assert answer.value.ok, page.inner_text("main")

    def text(self, path: str) -> str:
        """Return what a page says."""
        return " ".join(self.desk.open(path).inner_text("main").split())

    def paper(self, path: str) -> str:
        """Return the words of a paper that the product hands out as DOCX."""
        answer = self.desk.page.context.request.get(self.desk.address + path)
        assert answer.ok
        body = read_docx(io.BytesIO(answer.body())).element.body
        return " ".join(" ".join("".join(part.itertext()) for part in body).split())


@pytest.mark.browser
@pytest.mark.only_on("sqlite")
@pytest.mark.django_db(transaction=True)
def test_a_month_in_the_office(desk: Desk, people: People, settings: Any) -> None:
    settings.MAIL_FROM, settings.CSRF_TRUSTED_ORIGINS = "iso@binhyen.example", ["https://iso.binhyen.example"]
    reachable(people.binh, people.dung)
    office = Office(desk, settings)
    target = targets_of(make_plan_in_force(people))[0]
    operations.wire_target(
        actor=people.an, target_id=target.pk, code="directives.on_time", today=date(2026, 7, 1)
    )

    # 1 July: what the month brings is written down
    office.on(date(2026, 7, 1), "an")
    given = {"on": "1/7/2026", "source": "UBND tỉnh", "unit": "phong kinh te"}
    late = office.key_in("chi-dao", number="125/TB-UBND", title=DIRECTIVE, due_on="10/7", **given)
    done = office.key_in("chi-dao", number="126/TB-UBND", title=IN_TIME, due_on="24/7", **given)
    came = office.key_in(
        "van-ban-den", on="1/7/2026", arrival="415", source="Sở Tài chính", number="96/STC-NS",
        kind="letter", title="Đối chiếu công nợ tạm ứng", unit="phong kinh te", due_on="8/7",
    )  # fmt: skip
    for title in (TASK, LEFT_OVER):
        office.key_in("chuong-trinh-cong-tac", title=title, kind="main", unit="phong kinh te", due_on="30/7")
    assert (late.unit.name, late.due_on, came.values["arrival"]) == ("Phòng Kinh tế", date(2026, 7, 10), 415)

    # it is given to an officer, who sees it first thing
    officer = Person.objects.get(login="binh")
    office.send(f"/so/chi-dao/{late.pk}/sua/", person=str(officer.pk))
    office.on(date(2026, 7, 2), "binh")
    assert DIRECTIVE in office.text("/cong-viec/")
    assert DIRECTIVE in office.text("/thong-bao/")

    # the morning three days before, it is called to mind by letter, once
    office.morning(date(2026, 7, 8))
    office.morning(date(2026, 7, 8))
    letters = [mail.text for mail in Mail.objects.filter(person=officer) if DIRECTIVE in mail.text]
    assert len([text for text in letters if "10/07/2026" in text]) == 1, letters

    # more time is asked for and given
    office.on(date(2026, 7, 9), "binh")
    office.send(f"/so/chi-dao/{late.pk}/", "gia-han/", due_after="15/7", reason="Chờ số liệu của chi nhánh")
    office.on(date(2026, 7, 9), "chau")
    asked = late.extensions.get()
    office.send(
        f"/so/chi-dao/{late.pk}/", f"gia-han/{asked.pk}/", button="[name=approve]", document="88/UBND-KT"
    )
    late.refresh_from_db()
    assert (late.due_on, late.due_original) == (date(2026, 7, 15), date(2026, 7, 10))

    # what came in is answered, the answer gets its number after signing
    office.on(date(2026, 7, 10), "an")
    office.send(f"/so/van-ban-den/{came.pk}/", "xong/", done_on="8/7")
    answer = office.key_in(
        "van-ban-di", on="10/7/2026", kind="BC", title="Báo cáo đối chiếu công nợ tạm ứng",
        unit="phong kinh te", sent="electronic",
    )  # fmt: skip
    office.send(f"/so/van-ban-di/{answer.pk}/", "cap-so/", signed_on="10/7/2026")
    answer.refresh_from_db()
    assert (answer.number, answer.serial) == ("01/BC-UBND", 1)

    # it falls overdue: the unit gets a letter with a number
    office.morning(date(2026, 7, 17))
    office.on(date(2026, 7, 17), "an")
    assert "quá hạn 2 ngày" in office.text("/so/don-doc/").lower()
    office.send("/so/don-doc/", "don-doc/soan/", reply_by="20/7/2026")
    letter = Letter.objects.get(entries=late)
    office.send(
        f"/so/don-doc/cong-van/phat-hanh/?cv={letter.pk}", issued_on="17/7/2026", signed_by="Lê Minh Châu"
    )
    letter.refresh_from_db()
    assert letter.number == "01/UBND"
    said = office.paper(f"/so/don-doc/{letter.pk}/cong-van.docx")
    assert DIRECTIVE in said
    assert "Phòng Kinh tế" in said
    office.on(date(2026, 7, 17), "dung")
    assert "01/UBND" in office.text("/thong-bao/")

    # it is done, late; the other one in time; the target counts both
    office.on(date(2026, 7, 20), "binh")
    office.send(f"/so/chi-dao/{late.pk}/", "xong/", done_on="20/7", note="Đã báo cáo tại 31/BC-UBND")
    office.on(date(2026, 7, 22), "dung")
    office.send(f"/so/chi-dao/{done.pk}/", "xong/", done_on="22/7")
    office.on(date(2026, 7, 31), "an")
    task = Entry.objects.get(title=TASK)
    office.send(f"/so/chuong-trinh-cong-tac/{task.pk}/", "xong/", done_on="28/7", note="Ba hồ an toàn")
    verdict = office.text(f"/muc-tieu/chi-tieu/{target.pk}/")
    assert "50 %" in verdict
    assert "1/2" in verdict
    assert target.value == Decimal(97)

    # the month's papers say what became of it
    programme = office.paper("/so/chuong-trinh-cong-tac/van-ban/tai.docx?loai=chuong-trinh&ky=2026-07")
    assert TASK in programme
    assert LEFT_OVER in programme
    report = office.paper("/so/chuong-trinh-cong-tac/van-ban/tai.docx?loai=bao-cao&ky=2026-07")
    assert "Ba hồ an toàn" in report
    assert LEFT_OVER in report

    # signed, the report gets its number and says the same whatever comes after; a mistake is corrected by a new one
    page = "/so/chuong-trinh-cong-tac/van-ban"
    office.send(f"{page}/phat-hanh/?loai=bao-cao&ky=2026-07", issued_on="31/7", signed_by="Lê Minh Châu")
    issued = ProgrammePaper.objects.get()
    went_out = office.paper(f"{page}/{issued.pk}/tai.docx")
    assert "02/BC-UBND" in went_out
    left = Entry.objects.get(title=LEFT_OVER)
    office.send(f"/so/chuong-trinh-cong-tac/{left.pk}/", "xong/", done_on="30/7", note="Đã kiểm kê xong")
    assert office.paper(f"{page}/{issued.pk}/tai.docx") == went_out
    assert LEFT_OVER in office.text(f"{page}/{issued.pk}/").split("Sổ hôm nay ghi khác")[1]
    office.send(
        f"{page}/phat-hanh/?loai=bao-cao&ky=2026-07",
        issued_on="31/7", signed_by="Lê Minh Châu", correction="Kiểm kê đã xong trong tháng",
    )  # fmt: skip
    corrected = office.paper(f"{page}/{ProgrammePaper.objects.latest('pk').pk}/tai.docx")
    assert "thay thế Báo cáo số 02/BC-UBND ngày 31 tháng 7 năm 2026" in corrected
    assert "Đã kiểm kê xong" in corrected
    assert not desk.complaints
