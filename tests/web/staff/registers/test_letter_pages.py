"""Reminding on the screen: late work, drafts, letters with their numbers, files; the work programme on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.org.policy import Actor
from camket.paper.sheets import read_sheet
from camket.registers import operations
from camket.registers.models import Entry, Letter
from people import People
from work import NOW, make_task

SignedIn = Callable[[Actor], Client]
LATE = "/so/don-doc/"


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def late(people: People, **said: object) -> Entry:
    """Give Bình's unit work that was due on 26 June."""
    values: dict[str, object] = {
        "number": "125/TB-UBND",
        "on": date(2026, 6, 22),
        "source": "UBND tỉnh",
        "title": "Rà soát hồ sơ quá hạn",
        "unit": next(iter(people.binh.unit_ids)),
        "due_on": date(2026, 6, 26),
        **said,
    }
    return operations.enter(actor=people.an, register="directives", values=values, now=NOW)


def drafted(people: People, an: Client, *entries: Entry, **typed: str) -> Any:
    """Send the form that drafts letters about entries."""
    data = {
        "viec": [f"entry-{each.pk}" for each in entries],
        "ways": "each",
        "reply_by": "06/07/2026",
        **typed,
    }
    return an.post("/so/don-doc/soan/", data)


def issued(people: People, an: Client, entry: Entry | None = None) -> Letter:
    """Draft and issue a letter on the pages."""
    drafted(people, an, entry or late(people))
    letter = Letter.objects.get()
    an.post(
        "/so/don-doc/cong-van/phat-hanh/",
        {"cv": letter.pk, "issued_on": "01/07/2026", "signed_by": "Lê Minh Châu", "capacity": "CHỦ TỊCH"},
    )
    letter.refresh_from_db()
    return letter


def text_of(answer: Any) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.django_db
class TestLateWork:
    def test_it_stands_by_unit_and_what_is_overdue_is_ticked(self, people: People, an: Client) -> None:
        entry = late(people)
        soon = late(people, title="Sắp đến hạn", due_on=date(2026, 7, 3))
        html = an.get(LATE).content.decode()
        assert re.search(rf'value="entry-{entry.pk}" checked', html)
        assert re.search(rf'value="entry-{soon.pk}">', html)
        assert "125/TB-UBND ngày 22/06/2026 của UBND tỉnh" in html

    def test_it_is_narrowed_to_one_register(self, people: People, an: Client) -> None:
        late(people)
        assert "Rà soát hồ sơ quá hạn" in text_of(an.get(f"{LATE}?so=directives"))
        assert "Rà soát hồ sơ quá hạn" not in text_of(an.get(f"{LATE}?so=programme"))
        assert "Không có nhiệm vụ quá hạn" in text_of(an.get(f"{LATE}?so=programme"))

    @pytest.mark.only_on("sqlite")
    def test_an_officer_sees_it_and_ticks_nothing(self, people: People, signed_in: SignedIn) -> None:
        late(people)
        html = signed_in(people.binh).get(LATE).content.decode()
        assert "Rà soát hồ sơ quá hạn" in html
        assert 'name="viec"' not in html

    def test_it_takes_few_statements_however_much_there_is(self, people: People, an: Client) -> None:
        make_task(people)
        for number in range(6):
            late(people, title=f"Việc {number}")
        an.get(LATE)
        with CaptureQueriesContext(
            connection,
        ) as taken:
            an.get(LATE)
        assert len(taken) <= 15

    def test_the_list_of_late_units_is_handed_out_in_three_formats(self, people: People, an: Client) -> None:
        late(people)
        assert an.get("/so/don-doc/danh-sach.pdf").content.startswith(b"%PDF")
        assert an.get("/so/don-doc/danh-sach.docx").content.startswith(b"PK")
        sheet = read_sheet(an.get("/so/don-doc/danh-sach.xlsx").content, "cham.xlsx")
        assert sheet.rows[1].cells[1] == "Rà soát hồ sơ quá hạn"
        assert an.get("/so/don-doc/danh-sach.odt").status_code == 404


@pytest.mark.django_db
class TestLetters:
    def test_drafts_are_written_shown_edited_and_issued(self, people: People, an: Client) -> None:
        entry = late(people)
        answer = drafted(people, an, entry)
        letter = Letter.objects.get()
        assert answer["Location"] == f"/so/don-doc/{letter.pk}/"
        page = text_of(an.get(answer["Location"]))
        assert "V/v đôn đốc thực hiện nhiệm vụ được giao" in page
        assert "CHỦ TỊCH Lê Minh Châu" in page
        edit = {
            "signed_by": "Lê Minh Châu",
            "subject": "đôn đốc rà soát hồ sơ",
            "opening": "Còn 01 việc.",
            "requests": "Đề nghị hoàn thành.",
            "giu": f"entry-{entry.pk}",
        }
        assert an.post(f"/so/don-doc/{letter.pk}/sua/", edit).status_code == 302
        assert "đôn đốc rà soát hồ sơ" in text_of(an.get("/so/don-doc/cong-van/?loai=du-thao"))
        answer = an.post(
            "/so/don-doc/cong-van/phat-hanh/",
            {"cv": letter.pk, "issued_on": "01/07/2026", "signed_by": "Lê Minh Châu"},
        )
        assert answer["Location"] == f"/so/don-doc/{letter.pk}/"
        page = text_of(an.get(answer["Location"]))
        assert "Công văn số 01/UBND" in page
        assert "SHA-256" in page
        assert "01/UBND" in text_of(an.get("/so/don-doc/cong-van/"))
        assert "01/UBND" in text_of(an.get(f"/so/chi-dao/{entry.pk}/"))

    def test_what_is_wrong_is_said_at_the_form_with_the_ticks_kept(self, people: People, an: Client) -> None:
        entry = late(people)
        answer = drafted(people, an, entry, reply_by="30/06/2026")
        assert answer.status_code == 422
        assert "Hãy chọn hôm nay hoặc ngày sau" in text_of(answer)
        assert f'value="entry-{entry.pk}" checked' in answer.content.decode()
        assert "Hãy chọn trước các nhiệm vụ" in text_of(drafted(people, an))
        letter = issued(people, an, entry)
        other = late(people, title="Việc khác")
        drafted(people, an, other)
        draft = Letter.objects.exclude(pk=letter.pk).get()
        answer = an.post(
            "/so/don-doc/cong-van/phat-hanh/",
            {"cv": draft.pk, "issued_on": "30/06/2026", "signed_by": "Lê Minh Châu"},
        )
        assert answer.status_code == 422
        assert "Số gần nhất của loại văn bản này" in text_of(answer)
        answer = an.post(f"/so/don-doc/{draft.pk}/sua/", {"subject": "x", "opening": "x", "requests": "x"})
        assert "ít nhất một nhiệm vụ" in text_of(answer)

    def test_letters_are_handed_out_alone_and_together(self, people: People, an: Client) -> None:
        letter = issued(people, an)
        assert an.get(f"/so/don-doc/{letter.pk}/cong-van.pdf").content.startswith(b"%PDF")
        assert an.get(f"/so/don-doc/{letter.pk}/cong-van.docx").content.startswith(b"PK")
        assert an.get(f"/so/don-doc/{letter.pk}/cong-van.odt").status_code == 404
        assert an.get(f"/so/don-doc/cong-van/nhieu.docx?cv={letter.pk}").content.startswith(b"PK")
        assert an.get("/so/don-doc/cong-van/nhieu.docx").status_code == 302

    def test_a_letter_is_withdrawn_with_its_reason(self, people: People, an: Client) -> None:
        letter = issued(people, an)
        assert an.post(f"/so/don-doc/{letter.pk}/thu-hoi/", {"reason": ""}).status_code == 422
        assert an.post(f"/so/don-doc/{letter.pk}/thu-hoi/", {"reason": "Ký nhầm"}).status_code == 302
        assert "Ký nhầm" in text_of(an.get(f"/so/don-doc/{letter.pk}/"))
        assert an.get(f"/so/don-doc/{letter.pk}/thu-hoi/").status_code == 302

    def test_a_draft_is_discarded_and_its_page_says_so(self, people: People, an: Client) -> None:
        drafted(people, an, late(people))
        letter = Letter.objects.get()
        assert an.post(f"/so/don-doc/{letter.pk}/bo/").status_code == 302
        assert "Dự thảo này đã được bỏ" in text_of(an.get(f"/so/don-doc/{letter.pk}/"))
        assert an.get(f"/so/don-doc/{letter.pk}/sua/").status_code == 302


@pytest.mark.django_db
class TestProgrammeOnPaper:
    def test_a_month_and_a_year_are_shown_and_handed_out(self, people: People, an: Client) -> None:
        operations.enter(
            actor=people.an,
            register="programme",
            values={
                "title": "Rà soát quy hoạch",
                "kind": "main",
                "on": date(2026, 7, 1),
                "due_on": date(2026, 7, 20),
            },
            now=NOW,
        )
        address = "/so/chuong-trinh-cong-tac/van-ban/"
        assert "Rà soát quy hoạch" in text_of(an.get(f"{address}?loai=chuong-trinh&ky=2026-07"))
        assert "Rà soát quy hoạch" in text_of(an.get(f"{address}?loai=bao-cao&ky=2026"))
        assert an.get(f"{address}tai.docx?loai=bao-cao&ky=2026-07").content.startswith(b"PK")
        assert an.get(f"{address}tai.pdf?ky=2026-07").content.startswith(b"%PDF")
        assert an.get(f"{address}tai.odt?ky=2026-07").status_code == 404

    def test_it_opens_with_the_period_that_is_next_to_be_written(self, an: Client) -> None:
        assert "tháng 7 năm 2026" in text_of(an.get("/so/chuong-trinh-cong-tac/van-ban/"))
        assert "Sổ chưa có nhiệm vụ nào của kỳ này" in text_of(
            an.get("/so/chuong-trinh-cong-tac/van-ban/?ky=2026-10")
        )
        assert "tháng 6 năm 2026" in text_of(an.get("/so/chuong-trinh-cong-tac/van-ban/?loai=bao-cao"))

    def test_a_period_that_is_not_offered_is_not_found(self, an: Client) -> None:
        for query in ("ky=2026-13", "ky=1999", "loai=khac"):
            assert an.get(f"/so/chuong-trinh-cong-tac/van-ban/?{query}").status_code == 404, query
