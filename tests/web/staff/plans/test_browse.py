"""The list, the ways in, the table and the dates."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from camket.objectives import operations, queries
from camket.objectives.details import PlanDetail
from camket.web.staff.plans import browse
from people import TODAY, People


def test_an_empty_list_teaches_the_three_ways(secretary: Any, officer: Any) -> None:
    page = secretary.get("/ke-hoach/")
    for address in ("/ke-hoach/dua-vao/", "/ke-hoach/soan-moi/"):
        assert f'href="{address}"' in page
    assert "/ke-hoach/dua-vao/" not in officer.get("/ke-hoach/")


def test_plans_are_found_by_year_state_and_words(draft: PlanDetail, secretary: Any) -> None:
    operations.create_plan(actor=secretary.actor, year=2027, today=TODAY)

    def shown(**filters: str) -> int:
        rows = BeautifulSoup(secretary.get("/ke-hoach/", **filters), "html.parser").select("tbody tr")
        return len(rows)

    assert shown() == 2
    assert shown(nam="2026") == 1
    assert shown(trang_thai="submitted") == 0
    assert shown(tim="2027") == 1
    assert shown(nam="xấu", trang_thai="không có") == 2
    assert "Xem tất cả kế hoạch" in secretary.get("/ke-hoach/", trang_thai="closed")


def test_what_waits_for_a_person_is_said_first(draft: PlanDetail, secretary: Any, chairman: Any) -> None:
    assert "pl-waiting__item" in secretary.get("/ke-hoach/")
    assert "pl-waiting__item" not in chairman.get("/ke-hoach/")
    secretary.post(f"/ke-hoach/{draft.id}/trinh/")
    assert "Phê duyệt hoặc trả lại" in chairman.get("/ke-hoach/")
    assert "pl-waiting__item" not in secretary.get("/ke-hoach/")


def test_a_strangers_list_does_not_show_the_plan(draft: PlanDetail, stranger: Any) -> None:
    assert f"/ke-hoach/{draft.id}/" not in stranger.get("/ke-hoach/")


def test_a_file_is_brought_in_once(secretary: Any, reading: PlanDetail) -> None:
    from_fixture = queries.reading_of(secretary.actor, reading.id)
    assert from_fixture is not None
    text = "Mục tiêu chất lượng năm 2026\n\n1. Tỷ lệ hồ sơ đúng hạn đạt từ 96% trở lên.\n2. Không để mất hồ sơ.\n"
    upload = SimpleUploadedFile("muc-tieu.txt", text.encode(), "text/plain")
    first = secretary.post("/ke-hoach/dua-vao/", file=upload)
    assert first.url.endswith("/soan/")
    again = secretary.post(
        "/ke-hoach/dua-vao/", file=SimpleUploadedFile("muc-tieu.txt", text.encode(), "text/plain")
    )
    assert again.url == first.url.removesuffix("soan/")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("trong.docx", b" "),
        ("cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("hong.docx", b"PK\x03\x04 not a document"),
        ("hong.pdf", b"%PDF-1.7 broken"),
        ("anh.exe", b"MZ\x90\x00" + b"\0" * 64),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, data: bytes, secretary: Any) -> None:
    page = secretary.post(
        "/ke-hoach/dua-vao/", 200, file=SimpleUploadedFile(name, data), year="2026"
    ).content.decode()
    assert 'role="alert"' in page
    assert name in page
    assert 'value="2026"' in page
    assert queries.plans(secretary.actor) == ()


def test_no_file_is_asked_for(secretary: Any) -> None:
    page = secretary.post("/ke-hoach/dua-vao/", 200).content.decode()
    assert 'role="alert"' in page


def test_a_plan_is_begun_from_nothing(secretary: Any) -> None:
    response = secretary.post("/ke-hoach/soan-moi/", year="2027")
    page = secretary.get(response.url)
    assert "Bắt đầu từ mục tiêu thứ nhất" in page
    assert "Thêm mục tiêu" in page


def test_a_plan_is_copied_with_its_years_moved_on(draft: PlanDetail, secretary: Any) -> None:
    assert f'value="{draft.id}" selected' in secretary.get("/ke-hoach/soan-moi/", tu=str(draft.id))
    response = secretary.post("/ke-hoach/soan-moi/", year="2027", copy_from=str(draft.id))
    copied = queries.plan_detail(secretary.actor, int(response.url.split("/")[2]))
    assert copied.year == 2027
    assert copied.objectives[1].actions[0].when == "Trước ngày 20/11/2027"


@pytest.mark.parametrize(
    "form", [{"year": "abc"}, {"year": "1890"}, {"year": "2027", "copy_from": "999999"}, {}]
)
def test_a_plan_of_no_year_is_refused(form: dict[str, str], secretary: Any) -> None:
    page = secretary.post("/ke-hoach/soan-moi/", 200, **form).content.decode()
    assert 'role="alert"' in page
    assert queries.plans(secretary.actor) == ()


def test_the_table_has_the_columns_of_the_decision(draft: PlanDetail, secretary: Any) -> None:
    table = BeautifulSoup(secretary.get(f"/ke-hoach/{draft.id}/bang/"), "html.parser").select_one("table")
    assert table is not None
    assert [cell.get_text() for cell in table.select("thead th")] == [
        "TT", "Mục tiêu và biện pháp", "Chủ trì", "Phối hợp", "Thời gian", "Theo dõi", "Cách thức theo dõi và kết quả",
    ]  # fmt: skip
    first = table.select("tbody tr")[1]
    assert [cell.get_text(strip=True) for cell in first.select("td")][1:6] == [
        "Rà soát hồ sơ chờ giải quyết", "Phòng Kinh tế", "", "Cuối mỗi quý", "Thư ký ISO",
    ]  # fmt: skip


def test_the_dates_that_the_times_make_are_shown(draft: PlanDetail, secretary: Any, people: People) -> None:
    operations.add_action(
        actor=people.an,
        objective_id=draft.objectives[0].id,
        today=TODAY,
        text="Cập nhật quy trình",
        when="Khi có thay đổi",
    )
    operations.add_action(
        actor=people.an, objective_id=draft.objectives[0].id, today=TODAY, text="Việc chưa có hạn"
    )
    page = secretary.get(f"/ke-hoach/{draft.id}/thoi-han/")
    assert page.count('datetime="2026-03-31"') == 2
    assert page.count('datetime="2026-11-20"') == 2
    assert "Khi có thay đổi" in page
    assert "Việc chưa có hạn" in page


def test_a_plan_with_many_dates_shows_one_month(
    draft: PlanDetail, secretary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "DATES_AT_ONCE", 3)
    monkeypatch.setattr(browse, "ROWS_AT_ONCE", 1)
    address = f"/ke-hoach/{draft.id}/thoi-han/"

    def days(page: str) -> list[str]:
        return [str(day["datetime"]) for day in BeautifulSoup(page, "html.parser").select("time[datetime]")]

    # Without a month, the first that is not over: today is 1 July.
    assert days(secretary.get(address)) == ["2026-09-30"]
    november = secretary.get(f"{address}?thang=2026-11")
    assert days(november) == ["2026-11-20"]
    assert 'href="?thang=2026-11" aria-current="true"' in november
    assert days(secretary.get(f"{address}?thang=2026-9&page=99")) == ["2026-09-30"]
    assert days(secretary.get(f"{address}?thang=khac")) == ["2026-09-30"]


def test_a_long_plan_is_shown_by_pages_and_its_gaps_are_of_all(
    draft: PlanDetail, secretary: Any, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = draft.objectives
    whole = secretary.get(f"/ke-hoach/{draft.id}/")
    monkeypatch.setattr(queries, "OBJECTIVES_AT_ONCE", 1)
    one, two = (secretary.get(f"/ke-hoach/{draft.id}/?page={number}") for number in (1, 2))
    assert [f'id="muc-tieu-{first.id}"' in page for page in (whole, one, two)] == [True, True, False]
    assert [f'id="muc-tieu-{second.id}"' in page for page in (whole, one, two)] == [True, False, True]
    gaps = [
        [gap.get_text() for gap in BeautifulSoup(page, "html.parser").select(".pl-complete li li")]
        for page in (whole, one, two)
    ]
    assert gaps[0]
    assert gaps[0] == gaps[1] == gaps[2]
    table = secretary.get(f"/ke-hoach/{draft.id}/bang/?page=2")
    assert (first.text in table, second.text in table) == (False, True)
