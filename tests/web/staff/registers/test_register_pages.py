"""The registers on the screen: lists, quick entry, one entry and its acts, spreadsheets, own lists, figures, several rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camket.core.registers import REGISTERS
from camket.org.models import Membership, Role
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet, write_sheet
from camket.registers import operations
from camket.registers.models import Batch, Entry, Extension, ListItem
from people import TODAY, People, make_person
from work import NOW, PDF

SignedIn = Callable[[Actor], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
LIST = "/so/chi-dao/"


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def unit_of(actor: Actor) -> int:
    return next(iter(actor.unit_ids))


def directive(people: People, **said: object) -> Entry:
    """Give Bình's unit work, due on 3 July."""
    values: dict[str, object] = {
        "number": "125/TB-UBND",
        "on": date(2026, 6, 22),
        "source": "UBND tỉnh",
        "title": "Rà soát hồ sơ quá hạn",
        "unit": unit_of(people.binh),
        "due_on": date(2026, 7, 3),
        **said,
    }
    return operations.enter(actor=people.an, register="directives", values=values, now=NOW)


def figure(people: People, **values: object) -> ListItem:
    """Put a figure on the list: revenue, entered monthly since the year's beginning, 10 planned."""
    said: dict[str, object] = {
        "measure": "tỷ đồng",
        "rhythm": "month",
        "counting": "cumulative",
        "direction": "higher",
        "plans": "2026: 10",
        "is_main": True,
        **values,
    }
    return operations.save_item(
        actor=people.an, register="figures", name="Thu ngân sách", values=said, now=NOW
    )


def text_of(answer: Any) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_every_register_opens_empty_and_teaches_the_next_step(an: Client) -> None:
    assert "Sổ theo dõi" in text_of(an.get("/so/"))
    for register in REGISTERS.values():
        page = an.get(f"/so/{register.slug}/")
        assert page.status_code == 200, register.key
        assert "Ghi dòng đầu tiên" in text_of(page), register.key
        assert an.get(f"/so/{register.slug}/them/").status_code == 200, register.key
    rows = read_sheet(an.get(f"{LIST}mau/").content, "mau.xlsx").rows
    assert len(rows[0].cells) == len(REGISTERS["directives"].fields)


class TestQuickEntry:
    def test_a_row_is_entered_and_the_next_begins_with_what_repeats(self, an: Client, people: People) -> None:
        page = an.post(
            f"{LIST}nhanh/",
            {
                "number": "126/TB-UBND",
                "on": "1/7/2026",
                "source": "UBND tỉnh",
                "title": "Báo cáo cải cách hành chính",
                "unit": "van phong hdnd va ubnd",
                "due_on": "15/07/2026",
            },
            **HTMX,
        )
        made = Entry.objects.get()
        assert (made.number, made.unit_id, made.due_on) == (
            "126/TB-UBND",
            unit_of(people.an),
            date(2026, 7, 15),
        )
        said = page.content.decode()
        assert 'hx-swap-oob="afterbegin:#rg-rows"' in said
        assert f"/so/chi-dao/{made.pk}/" in said
        assert re.search(r'name="source" value="UBND tỉnh"', said)
        assert not re.search(r'name="title" value=', said)

    def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(self, an: Client) -> None:
        page = an.post(
            f"{LIST}nhanh/",
            {"on": "32/7/2026", "source": "UBND tỉnh", "title": "Việc A", "unit": "phòng không có"},
            **HTMX,
        )
        assert page.status_code == 200
        assert "“32/7/2026” không phải là ngày" in text_of(page)
        assert "“phòng không có” không phải bộ phận" in text_of(page)
        assert 'value="Việc A"' in page.content.decode()
        assert not Entry.objects.exists()

    def test_without_javascript_the_list_comes_back(self, an: Client) -> None:
        sent = {"on": "1/7/2026", "source": "UBND tỉnh", "title": "Việc A"}
        page = an.post(f"{LIST}nhanh/", sent, follow=True)
        assert "Đã ghi: Việc A" in text_of(page)
        page = an.post(f"{LIST}nhanh/", {**sent, "on": ""})
        assert page.status_code == 422
        assert 'value="Việc A"' in page.content.decode()

    def test_an_officer_enters_for_the_own_unit_alone(self, people: People, signed_in: SignedIn) -> None:
        binh = signed_in(people.binh)
        sent = {"on": "1/7/2026", "source": "UBND tỉnh", "title": "Việc A", "unit": "Văn phòng HĐND và UBND"}
        page = binh.post(f"{LIST}nhanh/", sent, **HTMX)
        assert "Bạn chỉ ghi cho" in text_of(page)
        binh.post(f"{LIST}nhanh/", {**sent, "unit": ""}, **HTMX)
        assert Entry.objects.get().unit_id == unit_of(people.binh)


class TestList:
    def test_it_is_searched_without_accents_narrowed_down_and_sorted(
        self, an: Client, people: People
    ) -> None:
        directive(people)
        directive(people, number="9/KL", title="Lập danh sách hộ nghèo", due_on=date(2026, 6, 26))
        assert [row.row.title for row in an.get(f"{LIST}?tu=ho+ngheo").context["rows"]] == [
            "Lập danh sách hộ nghèo"
        ]
        late = an.get(f"{LIST}?tinh_trang=late")
        assert [row.row.title for row in late.context["rows"]] == ["Lập danh sách hộ nghèo"]
        assert "quá hạn 5 ngày" in text_of(late).lower()
        by_due = an.get(f"{LIST}?xep=due_on")
        assert [row.row.title for row in by_due.context["rows"]] == [
            "Lập danh sách hộ nghèo",
            "Rà soát hồ sơ quá hạn",
        ]
        assert 'aria-sort="ascending"' in by_due.content.decode()
        none = an.get(f"{LIST}?unit={unit_of(people.an)}")
        assert "Không có dòng nào phù hợp" in text_of(none)

    def test_who_enters_for_one_unit_narrows_by_every_unit_and_person_that_entries_have(
        self, people: People, signed_in: SignedIn
    ) -> None:
        economy = unit_of(people.dung)
        office = people.agency.units.exclude(pk=economy).order_by("order").first()
        assert office is not None
        directive(people)
        directive(
            people, number="9/KL", title="Lập danh sách hộ nghèo", unit=office.pk, person=people.an.person_id
        )
        Membership.objects.filter(person_id=people.an.person_id).update(valid_to=date(2026, 6, 30))
        dung = signed_in(people.dung)
        page = dung.get(f"{LIST}?unit={office.pk}")
        assert [row.row.title for row in page.context["rows"]] == ["Lập danh sách hộ nghèo"]
        form = page.context["filters"]
        assert {str(economy), str(office.pk)} <= {value for value, _ in form.fields["unit"].choices}
        assert str(people.an.person_id) in {value for value, _ in form.fields["person"].choices}
        assert [pk for pk, _ in page.context["names"].units] == [economy]

    def test_the_counts_beside_a_list_are_of_what_it_is_narrowed_to(self, an: Client, people: People) -> None:
        office = people.agency.units.exclude(pk=unit_of(people.dung)).order_by("order").first()
        assert office is not None
        directive(people, number="1/KL", title="Việc của Phòng", due_on=date(2026, 6, 26))
        directive(people, number="2/KL", title="Việc của Văn phòng", due_on=date(2026, 6, 26), unit=office.pk)
        directive(people, number="3/KL", title="Việc khác của Văn phòng", unit=office.pk)

        def counts(query: str) -> tuple[int, int, int]:
            found = an.get(f"{LIST}?{query}").context["standing"]
            return found.open, found.late, found.soon

        assert counts("") == (3, 2, 1)
        assert counts(f"unit={office.pk}") == (2, 1, 1)
        assert counts(f"unit={office.pk}&tinh_trang=late") == (2, 1, 1)
        assert counts("tu=viec+khac") == (1, 0, 1)

    def test_a_head_is_offered_the_people_of_the_own_unit_to_give_work_to(
        self, people: People, signed_in: SignedIn
    ) -> None:
        entry = directive(people)
        asked = f"{LIST}nhieu/?lam=assign&viec={entry.pk}"

        def offered(actor: Actor) -> set[int]:
            rows = signed_in(actor).get(asked).context["form"].fields["person"].rows
            return {pk for pk, _ in rows}

        assert offered(people.dung) == {people.dung.person_id, people.binh.person_id}
        assert people.chau.person_id in offered(people.an)

    def test_what_cannot_be_read_narrows_nothing(self, an: Client, people: People) -> None:
        directive(people)
        page = an.get(f"{LIST}?nam=xx&kind=zz&page=-1&xep=drop&tu_ngay=hôm+qua&dot=x")
        assert page.status_code == 200
        assert len(page.context["rows"]) == 1

    def test_what_is_taken_out_reads_back_in_and_changes_nothing(self, an: Client, people: People) -> None:
        directive(people)
        data = an.get(f"{LIST}xuat.xlsx?tu=ra+soat").content
        planned = operations.preview(
            actor=people.an, register="directives", data=data, name="so.xlsx", now=NOW
        )
        assert [each.status for each in planned.rows] == ["same"]
        assert "Rà soát hồ sơ quá hạn" in an.get(f"{LIST}xuat.csv").content.decode("utf-8-sig")

    def test_a_page_takes_few_statements_however_many_entries(self, an: Client, people: People) -> None:
        for number in range(60):
            directive(people, number=f"{number + 1}/TB", title=f"Việc {number}")
        for register, kind in (("programme", "main"), ("incoming", "letter")):
            late = {"title": "Trễ", "kind": kind, "source": "Sở", "on": "01/06/2026", "due_on": "05/06/2026"}
            operations.enter(actor=people.an, register=register, values=late, now=NOW)
        pages = [
            LIST,
            f"{LIST}?tu=viec&xep=-unit&page=2",
            f"{LIST}{Entry.objects.filter(register='directives').latest('pk').pk}/",
            "/so/",
        ]
        for path in (
            *pages,
            "/so/xep-loai/",
            "/so/thi-dua/",
            "/so/kinh-te-xa-hoi/bang/",
            "/so/kinh-te-xa-hoi/ky/",
        ):
            with CaptureQueriesContext(
                connection,
            ) as taken:
                assert an.get(path).status_code == 200
            assert len(taken) <= 15, (path, len(taken))

    def test_an_officer_sees_of_grades_the_own_alone(self, people: People, signed_in: SignedIn) -> None:
        for actor in (people.an, people.binh):
            values = {"person": actor.person_id, "kind": "year", "on": date(2025, 12, 31), "outcome": "good"}
            operations.enter(actor=people.an, register="grading", values=values, now=NOW)
        rows = signed_in(people.binh).get("/so/xep-loai/").context["rows"]
        assert [row.row.person_id for row in rows] == [people.binh.person_id]
        other = Entry.objects.get(person_id=people.an.person_id)
        assert signed_in(people.binh).get(f"/so/xep-loai/{other.pk}/").status_code == 404
        assert len(signed_in(people.an).get("/so/xep-loai/").context["rows"]) == 2


class TestEntry:
    def test_all_fields_are_entered_and_one_is_changed(self, an: Client, people: People) -> None:
        sent = {
            "on": "22/06/2026",
            "source": "UBND tỉnh",
            "kind": "superior",
            "title": "Việc A\nhai dòng",
            "unit": str(unit_of(people.binh)),
            "person": str(people.binh.person_id),
            "due_on": "10/07/2026",
        }
        page = an.post(f"{LIST}them/", sent, follow=True)
        made = Entry.objects.get()
        assert "Đã ghi" in text_of(page)
        form = an.get(f"{LIST}{made.pk}/sua/").context["form"]
        begun = {name: form[name].value() or "" for name in form.fields}
        an.post(f"{LIST}{made.pk}/sua/", {**begun, "on": "22/06/2026", "due_on": "10/07/2026", "note": "Gấp"})
        made.refresh_from_db()
        assert (made.values["note"], made.due_on, made.person_id) == (
            "Gấp",
            date(2026, 7, 10),
            people.binh.person_id,
        )
        history = text_of(an.get(f"{LIST}{made.pk}/lich-su/"))
        assert "Ghi chú" in history
        assert "Gấp" in history

    def test_work_is_finished_opened_again_and_withdrawn(self, an: Client, people: People) -> None:
        entry = directive(people)
        page = an.post(f"{LIST}{entry.pk}/xong/", {"xong-done_on": "02/07/2026"})
        assert page.status_code == 422
        assert "02/07/2026" in text_of(page)
        an.post(
            f"{LIST}{entry.pk}/xong/",
            {"xong-done_on": "01/07/2026", "xong-note": "Đã báo cáo", "xong-report": "12/BC"},
        )
        entry.refresh_from_db()
        assert (entry.state, entry.values["report"], entry.values["result"]) == (
            "done",
            "12/BC",
            "Đã báo cáo",
        )
        assert an.post(f"{LIST}{entry.pk}/mo-lai/", {"mo-reason": " "}).status_code == 422
        an.post(f"{LIST}{entry.pk}/mo-lai/", {"mo-reason": "Thiếu phụ lục"})
        an.post(f"{LIST}{entry.pk}/rut/", {"rut-reason": "Ghi nhầm"})
        page = an.get(f"{LIST}{entry.pk}/")
        assert "Ghi nhầm" in text_of(page)
        assert an.get(f"{LIST}{entry.pk}/sua/").status_code == 302

    def test_a_later_day_is_asked_for_and_decided_by_who_gave_the_work(
        self, people: People, signed_in: SignedIn
    ) -> None:
        entry = directive(people)
        binh, chau = signed_in(people.binh), signed_in(people.chau)
        asked = {"gia-han-due_after": "10/7", "gia-han-reason": "Chờ số liệu"}
        binh.post(f"{LIST}{entry.pk}/gia-han/", asked)
        waiting = Extension.objects.get()
        assert "Chờ số liệu" in text_of(chau.get("/so/"))
        path = f"{LIST}{entry.pk}/gia-han/{waiting.pk}/"
        assert binh.post(path, {"approve": "1"}).status_code == 403
        assert chau.post(path, {"refuse": "1", "quyet-dinh-answer": ""}).status_code == 422
        chau.post(path, {"approve": "1", "quyet-dinh-document": "15/UBND ngày 01/7/2026"})
        entry.refresh_from_db()
        assert (entry.due_on, entry.due_original) == (date(2026, 7, 10), date(2026, 7, 3))
        assert "gia hạn từ 03/07/2026" in text_of(binh.get(LIST))

    def test_evidence_is_attached_and_nothing_is_no_evidence(self, an: Client, people: People) -> None:
        entry = directive(people)
        path = f"{LIST}{entry.pk}/minh-chung/"
        assert an.post(path, {}).status_code == 422
        an.post(
            path, {"minh-chung-file": SimpleUploadedFile("bao-cao.pdf", PDF, content_type="application/pdf")}
        )
        assert entry.evidence.get().title == entry.title

    def test_a_signed_document_gets_the_next_number(self, an: Client, people: People) -> None:
        for title in ("Báo cáo tháng 5", "Báo cáo tháng 6"):
            values = {"on": date(2026, 6, 29), "kind": "BC", "title": title}
            entry = operations.enter(actor=people.an, register="outgoing", values=values, now=NOW)
            page = an.post(f"/so/van-ban-di/{entry.pk}/cap-so/", {"so-signed_on": "30/06/2026"}, follow=True)
        assert sorted(Entry.objects.values_list("number", flat=True)) == ["01/BC-UBND", "02/BC-UBND"]
        assert "02/BC-UBND" in text_of(page)
        values = {
            "on": date(2026, 6, 30),
            "kind": "BC",
            "title": "Báo cáo nhập từ sổ cũ",
            "number": "05/BC-UBND",
        }
        operations.enter(actor=people.an, register="outgoing", values=values, now=NOW)
        page = an.get("/so/van-ban-di/so-van-ban/")
        (row,) = page.context["rows"]
        assert (row.name, row.next, row.gaps, row.missing, row.documents) == ("BC-UBND", 6, ((3, 4),), 2, 3)
        assert "2 3–4" in text_of(page)
        assert "Chưa cấp số nào" in text_of(an.get("/so/van-ban-di/so-van-ban/?nam=2025"))

    def test_what_tells_of_one_person_has_its_history_in_words(self, an: Client, people: People) -> None:
        values = {
            "person": people.binh.person_id,
            "on": date(2026, 6, 1),
            "title": "Đi muộn nhiều lần",
            "kind": "rules",
            "outcome": "criticised",
        }
        entry = operations.enter(actor=people.an, register="discipline", values=values, now=NOW)
        history = text_of(an.get(f"/so/ky-luat/{entry.pk}/lich-su/"))
        assert "Đi muộn nhiều lần" in history
        assert "Phê bình, nhắc nhở" in history


class TestSpreadsheet:
    def rows(self) -> bytes:
        head = (
            "Số, ký hiệu",
            "Ngày ban hành",
            "Cơ quan ban hành",
            "Nội dung nhiệm vụ",
            "Thời hạn",
            "Màu sắc",
        )
        return write_sheet(
            "Chỉ đạo",
            head,
            [
                ("1/TB", "01/06/2026", "UBND tỉnh", "Việc A", "10/06/2026", "đỏ"),
                ("2/TB", date(2026, 6, 2), "UBND tỉnh", "Việc B", "10/0/2026", ""),
            ],
        )

    def test_it_is_looked_at_before_it_is_brought_in_and_can_be_taken_back(self, an: Client) -> None:
        file = SimpleUploadedFile("chi-dao.xlsx", self.rows(), content_type="application/octet-stream")
        seen = an.post(f"{LIST}nhap/", {"file": file})
        assert not Entry.objects.exists()
        said = text_of(seen)
        assert "1 sẽ thêm" in said
        assert "1 chưa nhận được" in said
        assert "E3" in said
        assert "2/TB · 02/06/2026 · UBND tỉnh · Việc B · 10/0/2026" in said
        assert "Màu sắc" in said
        held = {
            name: re.search(rf'name="{name}" value="([^"]*)"', seen.content.decode())[1]
            for name in ("held", "name", "type")
        }  # type: ignore[index]
        page = an.post(f"{LIST}nhap/", {**held, "sure": "1"}, follow=True)
        assert Entry.objects.get().title == "Việc A"
        batch = Batch.objects.get()
        assert "1 dòng chưa nhận được" in text_of(page)
        assert "2/TB · 02/06/2026 · UBND tỉnh" in text_of(page)
        refused = read_sheet(an.get(f"{LIST}nhap/{batch.pk}/chua-nhan/").content, "x.xlsx").rows
        assert {"Việc B", "02/06/2026"} <= set(refused[1].cells)
        brought = Entry.objects.filter(batch=batch)[0]
        assert "Chưa sửa lần nào" in text_of(an.get(f"{LIST}{brought.pk}/lich-su/"))
        assert an.post(f"{LIST}nhap/{batch.pk}/thu-lai/", follow=True).status_code == 200
        assert an.post(f"{LIST}nhap/{batch.pk}/rut/", {"rut-reason": ""}).status_code == 422
        an.post(f"{LIST}nhap/{batch.pk}/rut/", {"rut-reason": "Nhầm tệp"})
        assert Entry.objects.get().state == "withdrawn"

    @pytest.mark.parametrize("data", [b"", b"<html>x</html>", b"PK\x03\x04broken"])
    def test_what_is_no_spreadsheet_is_refused_at_the_file(self, an: Client, data: bytes) -> None:
        file = SimpleUploadedFile("so.xlsx", data, content_type="application/octet-stream")
        page = an.post(f"{LIST}nhap/", {"file": file})
        assert page.status_code == 422
        assert page.context["form"].errors["file"]

    def test_a_file_held_that_came_through_broken_is_asked_for_again(self, an: Client) -> None:
        page = an.post(f"{LIST}nhap/", {"held": "@@", "name": "so.xlsx", "sure": "1"})
        assert page.status_code == 422
        assert not Batch.objects.exists()


class TestFigures:
    def test_a_period_is_entered_at_once_and_the_year_shows_it_against_the_plan(
        self, an: Client, people: People
    ) -> None:
        item = figure(people)
        path = "/so/kinh-te-xa-hoi/ky/?kind=month&on=30/06/2026"
        wrong = an.post(path, {"source": "Báo cáo tháng 6", f"so_{item.pk}": "bảy"})
        assert wrong.status_code == 422
        assert wrong.context["form"].errors[f"so_{item.pk}"]
        an.post(path, {"source": "Báo cáo tháng 6", f"so_{item.pk}": "7,5"})
        assert "Không có số liệu nào khác" in text_of(
            an.post(path, {"source": "Báo cáo", f"so_{item.pk}": "7,5"})
        )
        an.post(path, {"source": "Báo cáo sửa", f"so_{item.pk}": "10"})
        entry = Entry.objects.get()
        assert (entry.amount, entry.source) == (10, "Báo cáo sửa")
        page = an.get("/so/kinh-te-xa-hoi/bang/")
        assert "1/1 chỉ tiêu chủ yếu đạt kế hoạch" in text_of(page)
        line = page.context["found"].lines[0]
        assert (line.months[5].amount, line.share, line.is_met) == (10, 100, True)

    def test_a_plan_that_says_no_year_is_refused_at_its_field(self, an: Client, people: People) -> None:
        sent = {
            "name": "Hộ nghèo",
            "measure": "%",
            "rhythm": "year",
            "counting": "as_of",
            "direction": "lower",
            "plans": "bốn lăm",
            "is_active": "on",
        }
        page = an.post("/so/kinh-te-xa-hoi/danh-muc/", sent)
        assert page.status_code == 422
        assert "“bốn lăm” không phải kế hoạch" in text_of(page)
        an.post("/so/kinh-te-xa-hoi/danh-muc/", {**sent, "plans": "2026: 1,5"})
        item = ListItem.objects.get()
        an.post(f"/so/kinh-te-xa-hoi/danh-muc/{item.pk}/", {**sent, "plans": "2026: 1,5", "is_active": ""})
        item.refresh_from_db()
        assert not item.is_active


def test_more_titles_than_the_ceiling_allows_are_warned_of(an: Client, people: People) -> None:
    for number in range(7):
        person = make_person(people.agency, f"Lê Văn {number}", f"le{number}", Role.OFFICER)
        values = {"year": 2026, "kind": "advanced_worker", "person": person.pk, "outcome": "registered"}
        operations.enter(actor=people.an, register="titles", values=values, now=NOW)
        if number < 2:
            operations.enter(
                actor=people.an, register="titles", values={**values, "kind": "fighter_base"}, now=NOW
            )
    page = text_of(an.get("/so/thi-dua/"))
    assert "tối đa 1. Nếu công nhận hết sẽ vượt giới hạn." in page
    share = {
        "title": "fighter_base",
        "share": 30,
        "of": "advanced_worker",
        "from_year": 2026,
        "source": "Quyết định của tỉnh",
    }
    operations.save_item(
        actor=people.an, register="titles", name="CSTĐCS", values={**share, "share": "30"}, now=NOW
    )
    page = text_of(an.get("/so/thi-dua/"))
    assert "tối đa 2." in page
    assert "Quyết định của tỉnh" in page
    assert "vượt giới hạn" not in page


class TestCourses:
    PAGE = "/so/dao-tao/khoa-hoc/"

    def test_a_year_without_courses_says_where_to_begin(
        self, an: Client, signed_in: SignedIn, people: People
    ) -> None:
        assert "/so/dao-tao/danh-muc/" in an.get(self.PAGE).content.decode()
        assert "Chưa có lớp nào" in text_of(an.get(self.PAGE))
        assert re.search(r'name="year" value="2026"', an.get("/so/dao-tao/danh-muc/").content.decode())
        assert "/so/dao-tao/danh-muc/" not in signed_in(people.binh).get(self.PAGE).content.decode()

    def test_a_course_of_the_plan_is_proposed_in_quick_entry_and_stands_with_who_took_part(
        self, an: Client, people: People
    ) -> None:
        planned = {
            "name": "Kỹ năng số",
            "year": "2026",
            "planned_on": "01/06/2026",
            "hours": "8",
            "is_active": "on",
        }
        assert an.post("/so/dao-tao/danh-muc/", planned).status_code == 302
        assert an.post("/so/dao-tao/danh-muc/", planned).status_code == 422
        page = an.get("/so/dao-tao/").content.decode()
        assert '<option value="Kỹ năng số">' in page
        assert re.search(r'name="title"[^>]*list="rg-item"', page)
        row = {
            "person": "Trần Văn Bình",
            "title": "kỹ năng SỐ",
            "on": "02/06/2026",
            "outcome": "attended",
            "amount": "8",
        }
        assert an.post("/so/dao-tao/nhanh/", row).status_code == 302
        page = text_of(an.get(self.PAGE))
        assert "Đã tổ chức 1 lớp; kế hoạch có 1 lớp. 1 người đã tham gia" in page
        assert "Kỹ năng số 8 giờ theo kế hoạch 01/06/2026 02/06/2026 — 1 1 0 8 đã tổ chức" in page
        assert "Chưa có lớp nào" in text_of(an.get(self.PAGE + "?nam=2025"))


class TestSeveral:
    def test_minutes_give_directives_and_one_wrong_row_gives_none(self, an: Client, people: People) -> None:
        values = {
            "on": date(2026, 6, 30),
            "kind": "TB",
            "title": "Kết luận giao ban tháng 6",
            "number": "31/TB-UBND",
        }
        minutes = operations.enter(actor=people.an, register="outgoing", values=values, now=NOW)
        path = f"/so/van-ban-di/{minutes.pk}/giao-viec/"
        form = an.get(path).context["shared"]
        shared = {
            "number": "31/TB-UBND",
            "on": "30/06/2026",
            "source": form["source"].value(),
            "form": "conclusion",
        }
        assert shared["source"]
        assert an.post(path, {**shared, "rows": "3"}).status_code == 422
        rows = {"0-title": "Việc A", "0-due_on": "10/07/2026", "2-title": "Việc B", "2-due_on": "45/07/2026"}
        wrong = an.post(path, {**shared, **rows, "rows": "3"})
        assert wrong.status_code == 422
        assert wrong.context["rows"][2].errors["due_on"]
        assert not Entry.objects.filter(register="directives").exists()
        assert len(an.post(path, {**shared, **rows, "rows": "3", "more": "1"}).context["rows"]) == 7
        an.post(path, {**shared, **rows, "2-due_on": "15/07/2026", "rows": "3"})
        made = Entry.objects.filter(register="directives").order_by("pk")
        assert [(each.title, each.parent_id, each.source) for each in made] == [
            ("Việc A", minutes.pk, shared["source"]),
            ("Việc B", minutes.pk, shared["source"]),
        ]
        assert "Việc B" in text_of(an.get(f"/so/van-ban-di/{minutes.pk}/"))

    def test_unfinished_work_goes_on_next_month(self, an: Client, people: People) -> None:
        for title, due_on, done in (
            ("Việc dở", date(2026, 6, 30), None),
            ("Việc xong", date(2026, 6, 30), date(2026, 6, 20)),
            ("Việc còn hạn", TODAY + timedelta(days=1), None),
        ):
            values = {
                "title": title,
                "kind": "main",
                "on": date(2026, 6, 1),
                "due_on": due_on,
                "done_on": done,
            }
            operations.enter(actor=people.an, register="programme", values=values, now=NOW)
        path = "/so/chuong-trinh-cong-tac/thang-sau/"
        page = an.get(path)
        row, _later = page.context["rows"]
        assert [(each[0].title, each[2]) for each in page.context["rows"]] == [
            ("Việc dở", True),
            ("Việc còn hạn", False),
        ]
        untouched = an.post(path, {"on": "01/07/2026"})
        assert (untouched.status_code, [each[2] for each in untouched.context["rows"]]) == (
            422,
            [False, False],
        )
        an.post(path, {"on": "01/07/2026", "viec": [str(row[0].id)]})
        made = Entry.objects.get(parent_id=row[0].id)
        assert (made.title, made.on, made.due_on) == ("Việc dở", date(2026, 7, 1), date(2026, 7, 31))


def test_a_leader_of_a_unit_sees_but_does_not_write_what_is_not_theirs(
    people: People, signed_in: SignedIn
) -> None:
    entry = directive(people, unit=unit_of(people.an))
    dung = signed_in(people.dung)
    page = dung.get(f"{LIST}{entry.pk}/")
    assert page.status_code == 200
    assert not page.context["may_do"]
    assert dung.post(f"{LIST}{entry.pk}/rut/", {"rut-reason": "x"}).status_code == 403


def test_an_unknown_register_is_not_there(an: Client, people: People) -> None:
    entry = directive(people)
    assert an.get("/so/khong-co/").status_code == 404
    assert an.get(f"/so/van-ban-den/{entry.pk}/").status_code == 404
    assert an.get(reverse("web:registers:items", args=["chi-dao"])).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_registers_are_accessible_and_keyed_by_keyboard_alone(desk: Any, people: People) -> None:
    figure(people)
    entry = directive(people, due_on=date(2026, 6, 26))
    desk.sign_in("an")
    for path in (
        "/so/",
        LIST,
        f"{LIST}{entry.pk}/",
        f"{LIST}them/",
        "/so/kinh-te-xa-hoi/bang/",
        f"{LIST}nhap/",
    ):
        for size in ("desktop", "phone"):
            page = desk.open(path, size)
            page.wait_for_function("!document.querySelector('.htmx-request')")
            desk.assert_accessible()
            desk.assert_fits()
    page = desk.open(f"{LIST}#nhanh")  # at the width of a desk: a phone has the form
    page.wait_for_function("document.activeElement.name === 'number'")
    for said in ("7/TB", "", "", "Việc gõ bằng phím", "phong kinh te", "31/07/2026"):
        page.keyboard.type(said)
        page.keyboard.press("Tab")
    page.locator("#nhanh_source").fill("UBND tỉnh")
    page.locator("#nhanh_on").fill("01/07/2026")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rg-rows tr:first-child >> text=Việc gõ bằng phím")
    page.wait_for_function("document.activeElement.name === 'number'")
    assert page.locator("#nhanh_title").input_value() == ""
