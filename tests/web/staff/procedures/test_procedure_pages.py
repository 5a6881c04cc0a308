"""The pages of the catalogue of procedures."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from camket.core.dossiers import LimitUnit, OnlineLevel, TimeLimit
from camket.dossiers.models import Posting, Procedure, ProcedureEdition
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet, write_sheet
from people import TODAY, People
from procedures import make_procedure
from web.browser import Desk

SignedIn = Callable[[Actor], Client]
HEADER = ("STT", "Mã TTHC", "Tên thủ tục hành chính", "Lĩnh vực", "Thời hạn giải quyết", "Mức độ DVC")
ROWS = [
    ("1", "1.001193", "Đăng ký khai sinh", "Hộ tịch", "Trong ngày", "Toàn trình"),
    ("2", "1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", "Hộ tịch", "3 ngày làm việc", ""),
]
FORM = {
    "name": "Đăng ký khai sinh",
    "field": "Hộ tịch",
    "unit": "",
    "limit_amount": "0,5",
    "limit_unit": "working_days",
    "level": "12",
    "partial_reason": "",
    "decision": "",
    "valid_from": "01/07/2026",
}

pytestmark = pytest.mark.django_db


def upload(client: Client, rows: list[tuple[str, ...]]) -> str:
    """Send a list and return the page of checking."""
    file = SimpleUploadedFile("danh-muc.xlsx", write_sheet("Danh mục", HEADER, rows))
    response = client.post(
        "/thu-tuc/nhap/", {"file": file, "valid_from": "01/07/2026", "decision": "12/QĐ-UBND"}
    )
    assert response.status_code == 200
    return response.content.decode()


def carried(page: str) -> dict[str, str]:
    """Return what the page of checking sends back."""
    return {
        name: html.unescape(value)
        for name, value in re.findall(
            r'<input type="hidden" name="(rows|valid_from|decision)" value="([^"]*)"', page
        )
    }


def test_a_list_is_shown_before_it_is_entered_and_then_entered_whole(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    page = upload(client, ROWS)
    assert "Sẽ thêm: 2. Sẽ thay đổi: 0. Giữ nguyên: 0. Phải sửa: 0." in page
    assert "3 ngày làm việc" in page
    assert not Procedure.objects.exists()
    response = client.post("/thu-tuc/nhap/", carried(page), follow=True)
    assert "Đã nhập danh sách: thêm 2, thay đổi 0, giữ nguyên 0." in response.content.decode()
    assert list(Procedure.objects.order_by("key").values_list("code", flat=True)) == ["1.001193", "1.004873"]
    edition = ProcedureEdition.objects.get(procedure__code="1.001193")
    assert (edition.level, edition.decision, edition.limit_unit) == (12, "12/QĐ-UBND", "same_day")
    again = upload(client, ROWS)
    assert "Danh mục đã có đúng các nội dung này" in again
    assert not carried(again)


def test_a_list_with_a_faulty_cell_cannot_be_entered(people: People, signed_in: SignedIn) -> None:
    page = upload(signed_in(people.an), [*ROWS, ("3", "2.000815", "Chứng thực", "", "02 tháng", "")])
    assert "<strong>E4</strong>" in page
    assert "Không hiểu thời hạn “02 tháng”" in page
    assert not carried(page)
    assert not Procedure.objects.exists()


@pytest.mark.parametrize("rows", ["", "[1]", '{"a": 1}', '[[1, {}, {"row": "x"}]]', '[["x", {}, {}]]'])
def test_what_does_not_come_back_whole_is_refused(people: People, signed_in: SignedIn, rows: str) -> None:
    response = signed_in(people.an).post(
        "/thu-tuc/nhap/", {"rows": rows, "valid_from": "01/07/2026"}, follow=True
    )
    assert "Danh sách gửi lại không đầy đủ" in response.content.decode()
    assert not Procedure.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"not a workbook", ""),
        ("a.csv", "Họ và tên;Chức vụ\nAn;Thư ký\n".encode(), "Không có dòng nào mang tiêu đề “Tên thủ tục”"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_reason(
    people: People, signed_in: SignedIn, name: str, content: bytes, said: str
) -> None:
    response = signed_in(people.an).post(
        "/thu-tuc/nhap/", {"file": SimpleUploadedFile(name, content), "valid_from": "01/07/2026"}
    )
    assert response.status_code == 422
    assert "Chưa lưu. Cần sửa các mục sau" in response.content.decode()
    assert said in response.content.decode()


def test_the_export_can_be_brought_in_again(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    client.post("/thu-tuc/nhap/", carried(upload(client, ROWS)))
    response = client.get("/thu-tuc/xuat/")
    sheet = read_sheet(response.content, "a.xlsx")
    assert [row.cells[5] for row in sheet.rows[1:]] == ["3 ngày làm việc", "Trong ngày"]
    file = SimpleUploadedFile("a.xlsx", response.content)
    page = client.post("/thu-tuc/nhap/", {"file": file, "valid_from": "01/07/2026"}).content.decode()
    assert "Sẽ thêm: 0. Sẽ thay đổi: 0. Giữ nguyên: 2. Phải sửa: 0." in page


def test_the_template_is_a_list_that_can_be_read(people: People, signed_in: SignedIn) -> None:
    response = signed_in(people.an).get("/thu-tuc/mau/")
    rows = read_sheet(io.BytesIO(response.content).read(), "mau.xlsx").rows
    assert rows[0].cells[2] == "Tên thủ tục"


def test_a_procedure_is_added_on_a_page(people: People, signed_in: SignedIn) -> None:
    response = signed_in(people.an).post("/thu-tuc/them/", {**FORM, "code": "1.001193"}, follow=True)
    page = response.content.decode()
    assert "Đã đưa thủ tục vào danh mục." in page
    assert "0,5 ngày làm việc" in page
    assert "Mã 1.001193" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"limit_amount": ""}, "Bạn hãy ghi số giờ hoặc số ngày của thời hạn."),
        ({"level": "11"}, "Bạn hãy nêu lý do thủ tục chỉ cung cấp trực tuyến một phần"),
        ({"level": "4"}, "không có hiệu lực vào ngày 01/07/2026"),
        ({"valid_from": "30/02/2026"}, "30/02/2026"),
    ],
)
def test_a_faulty_form_says_what_to_mend(
    people: People, signed_in: SignedIn, wrong: dict[str, str], said: str
) -> None:
    response = signed_in(people.an).post("/thu-tuc/them/", {**FORM, "code": "", **wrong})
    assert said in response.content.decode()
    assert not Procedure.objects.exists()


def test_levels_are_those_of_the_day(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    assert 'value="21"' in client.get("/thu-tuc/them/").content.decode()
    page = client.post("/thu-tuc/them/", {**FORM, "valid_from": "01/01/2020", "name": ""}).content.decode()
    levels = re.search(r'<select name="level".*?</select>', page, re.DOTALL)
    assert levels is not None
    assert re.findall(r'value="(\d+)"', levels[0]) == ["0", "1", "2", "3", "4", "12"]


def test_a_change_and_its_end_stand_on_the_page(people: People, signed_in: SignedIn) -> None:
    procedure = make_procedure(people.agency)
    client = signed_in(people.an)
    client.post(f"/thu-tuc/{procedure.pk}/sua/", FORM)
    page = client.get(f"/thu-tuc/{procedure.pk}/").content.decode()
    assert "Từ 01/07/2026" in page
    assert "đến ngày 30/06/2026" in page
    refused = client.post(f"/thu-tuc/{procedure.pk}/het-hieu-luc/", {"last_day": "01/01/2025"})
    assert refused.status_code == 422
    assert "không thể hết hiệu lực trước ngày đó" in refused.content.decode()
    client.post(f"/thu-tuc/{procedure.pk}/het-hieu-luc/", {"last_day": "02/07/2026"})
    assert procedure.editions.latest("valid_from").valid_to == date(2026, 7, 2)


def test_postings_are_noted_from_the_list_and_taken_down(people: People, signed_in: SignedIn) -> None:
    procedure = make_procedure(people.agency)
    client = signed_in(people.an)
    wanted = {"procedure": [str(procedure.pk), "x"], "place": "Bảng tin", "posted_on": "01/07/2026"}
    page = client.post("/thu-tuc/niem-yet/", wanted, follow=True).content.decode()
    assert "Đã ghi nhận niêm yết 1 thủ tục." in page
    assert "đã được ghi nhận niêm yết" not in page
    posting = Posting.objects.get()
    response = client.post(f"/thu-tuc/niem-yet/{posting.pk}/go/", {"removed_on": "hôm qua"}, follow=True)
    assert "dd/mm/yyyy" in response.content.decode()
    client.post(f"/thu-tuc/niem-yet/{posting.pk}/go/", {"removed_on": "01/07/2026"})
    posting.refresh_from_db()
    assert posting.removed_on == TODAY


def test_a_posting_without_a_place_is_refused(people: People, signed_in: SignedIn) -> None:
    procedure = make_procedure(people.agency)
    signed_in(people.an).post(
        "/thu-tuc/niem-yet/", {"procedure": str(procedure.pk), "place": "", "posted_on": "01/07/2026"}
    )
    assert not Posting.objects.exists()


def test_who_only_looks_sees_the_catalogue_and_no_forms(people: People, signed_in: SignedIn) -> None:
    procedure = make_procedure(people.agency)
    client = signed_in(people.binh)
    for address in ("/thu-tuc/", f"/thu-tuc/{procedure.pk}/"):
        page = client.get(address).content.decode()
        assert "Đăng ký khai sinh" in page
        assert "/thu-tuc/niem-yet/" not in page
    assert client.get(f"/thu-tuc/{procedure.pk}/sua/").status_code == 403


def test_another_agency_finds_nothing(people: People, signed_in: SignedIn) -> None:
    procedure = make_procedure(people.agency)
    client = signed_in(people.chi)
    assert "Danh mục chưa có thủ tục" in client.get("/thu-tuc/").content.decode()
    for address in ("", "sua/"):
        assert client.get(f"/thu-tuc/{procedure.pk}/{address}").status_code == 404


def test_the_list_is_filtered_by_its_address(people: People, signed_in: SignedIn) -> None:
    make_procedure(people.agency, level=OnlineLevel.WHOLE)
    make_procedure(people.agency, "Chứng thực", "2.1", field="Chứng thực", limit=TimeLimit(LimitUnit.NONE))
    make_procedure(people.agency, "Việc lạ", "9.1", is_listed=False)
    client = signed_in(people.an)

    def names(query: str) -> list[str]:
        page = client.get(f"/thu-tuc/?{query}").content.decode()
        return re.findall(r'<a href="/thu-tuc/\d+/"><strong>([^<]*)</strong>', page)

    assert names("") == ["Chứng thực", "Đăng ký khai sinh"]
    assert names("q=khai+sinh") == names("level=12") == ["Đăng ký khai sinh"]
    assert names("show=without_limit") == ["Chứng thực"]
    assert names("show=unlisted") == ["Việc lạ"]
    assert names("show=posted") == []
    assert names("show=rubbish&field=x&page=99") == ["Chứng thực", "Đăng ký khai sinh"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_accessible(desk: Desk, people: People) -> None:
    procedure = make_procedure(people.agency)
    make_procedure(people.agency, "Việc lạ", "9.1", is_listed=False)
    desk.sign_in("an")
    for address in (
        "/thu-tuc/",
        "/thu-tuc/?show=unlisted",
        "/thu-tuc/nhap/",
        "/thu-tuc/them/",
        f"/thu-tuc/{procedure.pk}/",
        f"/thu-tuc/{procedure.pk}/sua/",
    ):
        desk.open(address)
        desk.assert_accessible()


def test_a_procedure_that_came_in_with_a_list_has_a_history(people: People, signed_in: SignedIn) -> None:
    procedure = make_procedure(people.agency)
    history = f"/co-quan/nhat-ky/dossiers.procedure/{procedure.pk}/"
    assert history in signed_in(people.an).get(f"/thu-tuc/{procedure.pk}/").content.decode()
    assert "Chưa có thay đổi riêng" in signed_in(people.an).get(history).content.decode()
    assert signed_in(people.chi).get(history).status_code == 404
