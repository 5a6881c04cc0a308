"""Exports come in on pages: columns confirmed, checked, imported; refused rows mended; an import undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camket.core.dossier_columns import heading_field
from camket.dossiers.models import Batch, Dossier, RefusedRow, Software
from camket.jobs.models import Job
from camket.journal.models import Access, Entry
from camket.org.models import Membership, Person, Role
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet, write_sheet
from people import People, actor_of
from web.browser import Desk

SignedIn = Callable[[Actor], Client]

HEADINGS = (
    "Số hồ sơ", "Tên thủ tục", "Lĩnh vực", "Người nộp", "Điện thoại", "Ngày tiếp nhận", "Ngày hẹn trả",
    "Ngày có kết quả", "Trạng thái",
)  # fmt: skip
GOOD: Mapping[str, str] = {
    "Số hồ sơ": "H00.1-260601-0001",
    "Tên thủ tục": "Đăng ký khai sinh",
    "Lĩnh vực": "Hộ tịch",
    "Người nộp": "Đoàn Thị Bưởi",
    "Điện thoại": "0912345678",
    "Ngày tiếp nhận": "01/06/2026",
    "Ngày hẹn trả": "03/06/2026",
    "Ngày có kết quả": "02/06/2026",
    "Trạng thái": "Đã trả kết quả",
}


def row(number: int, **said: str) -> dict[str, str]:
    """A row with a number of its own and what a test says of it, by headings with _ for spaces."""
    return {
        **GOOD,
        "Số hồ sơ": f"H00.1-260601-{number:04d}",
        **{k.replace("_", " "): v for k, v in said.items()},
    }


def export(rows: Iterable[Mapping[str, str]], name: str = "ho-so.csv") -> SimpleUploadedFile:
    """A file as the one-stop software gives it."""
    lines = [";".join(HEADINGS), *(";".join(each[head] for head in HEADINGS) for each in rows)]
    return SimpleUploadedFile(name, "\r\n".join(lines).encode("utf-8-sig"), content_type="text/csv")


def page_of(response: Any) -> str:
    """The text of a page on one line."""
    return " ".join(response.content.decode().split())


def uploaded(client: Client, rows: Iterable[Mapping[str, str]], as_of: str = "01/07/2026") -> Any:
    """Upload a file and follow to where it leads."""
    return client.post(
        reverse("web:imports:upload"), {"file": export(rows), "as_of": as_of, "software": ""}, follow=True
    )


def confirmed(client: Client, batch: Batch, **typed: str) -> Any:
    """Confirm the columns as they are proposed, with what a test types beside."""
    address = reverse("web:imports:columns", args=[batch.pk])
    form = client.get(address).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields}
    return client.post(address, {**fields, "as_of": "01/07/2026", **typed}, follow=True)


def imported(client: Client, rows: Iterable[Mapping[str, str]], **typed: str) -> Batch:
    """Bring a file in from its upload to its end."""
    uploaded(client, rows)
    batch = Batch.objects.latest("pk")
    if batch.state == "mapping":
        confirmed(client, batch, **typed)
    client.post(reverse("web:imports:start", args=[batch.pk]))
    batch.refresh_from_db()
    return batch


@pytest.fixture
def binh_of_one_stop(people: People) -> Actor:
    """Bình, who works at the one-stop shop and may see applicants."""
    Membership.objects.filter(person_id=people.binh.person_id).update(role=Role.ONE_STOP)
    return actor_of(Person.objects.get(pk=people.binh.person_id), people.agency)


def test_the_empty_list_teaches_the_first_step(people: People, signed_in: SignedIn) -> None:
    page = page_of(signed_in(people.an).get("/ho-so/nhap/"))

    assert "Chưa nhập hồ sơ nào" in page
    assert 'href="/ho-so/nhap/tep/"' in page


def test_who_may_only_look_is_offered_no_import(people: People, signed_in: SignedIn) -> None:
    imported(signed_in(people.an), [row(1)])
    chau = signed_in(people.chau)
    batch = Batch.objects.get()

    pages = page_of(chau.get("/ho-so/nhap/")) + page_of(chau.get(f"/ho-so/nhap/{batch.pk}/"))

    assert "ho-so.csv" in pages
    assert "/ho-so/nhap/tep/" not in pages
    assert "/hoan-tac/" not in pages
    assert chau.get("/ho-so/nhap/tep/").status_code == 403


def test_a_file_comes_in_by_its_columns_its_check_and_its_start(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)

    columns = uploaded(client, [row(1), row(2, Ngày_có_kết_quả="05/06/2026")])

    batch = Batch.objects.get()
    assert columns.redirect_chain == [(f"/ho-so/nhap/{batch.pk}/cot/", 302)]
    page = page_of(columns)
    assert "H00.1-260601-0001" in page  # the first cells of each column
    assert "Chắc chắn" in page
    assert "Đoàn Thị Bưởi" not in page
    assert "Đoàn T. B." in page

    check = page_of(confirmed(client, batch, save_as="Phần mềm một cửa tỉnh"))
    assert "2 hồ sơ sẽ được ghi. Hiện chưa ghi gì." in check
    assert "Nhập 2 hồ sơ" in check
    assert not Dossier.objects.exists()

    done = page_of(client.post(reverse("web:imports:start", args=[batch.pk]), follow=True))
    assert "Đã nhập xong" in done
    assert "Số liệu từ ngày 01/06/2026 đến ngày 05/06/2026" in done
    assert sorted(Dossier.objects.values_list("code", "outcome")) == [
        ("H00.1-260601-0001", 1),
        ("H00.1-260601-0002", 3),
    ]
    assert Software.objects.get().mapping["received_at"] == "Ngày tiếp nhận"
    assert {"dossiers.file_received", "dossiers.import_started", "dossiers.imported"} <= set(
        Entry.objects.values_list("verb", flat=True)
    )


def test_a_file_whose_headings_are_saved_goes_straight_to_its_check(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    imported(client, [row(1)], save_as="Phần mềm một cửa tỉnh")

    check = uploaded(client, [row(1), row(2), row(3, Ngày_có_kết_quả="31/06/2026")])

    batch = Batch.objects.latest("pk")
    assert check.redirect_chain == [(f"/ho-so/nhap/{batch.pk}/", 302)]
    page = page_of(check)
    assert "Các cột được đọc theo cách đã lưu cho “Phần mềm một cửa tỉnh”." in page
    assert (batch.added, batch.changed, batch.same, batch.refused) == (1, 0, 1, 1)
    assert "H4" in page  # the cell of the day that no calendar has


def test_the_check_shows_what_changes_before_and_after(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    imported(client, [row(1, Ngày_có_kết_quả="", Trạng_thái="Đang xử lý")], save_as="Một cửa")

    page = page_of(uploaded(client, [row(1)]))

    assert "<del>Đang xử lý</del>" in page
    assert "<ins>Đã trả kết quả</ins>" in page


def test_the_same_file_is_told_apart_from_a_new_one(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    uploaded(client, [row(1)])
    waiting = Batch.objects.get()

    again = uploaded(client, [row(1)])

    assert again.redirect_chain[0] == (f"/ho-so/nhap/{waiting.pk}/", 302)
    assert "Tệp này đã có ở đây và đang chờ nhập." in page_of(again)
    assert Batch.objects.count() == 1

    confirmed(client, waiting)
    client.post(reverse("web:imports:start", args=[waiting.pk]))
    third = page_of(uploaded(client, [row(1)]))
    assert "Chính tệp này đã được Nguyễn Thị An nhập lúc" in third


@pytest.mark.parametrize(
    ("_case", "given", "said"),
    [
        ("no file", {"as_of": "01/07/2026"}, "Hãy điền mục này."),
        ("a day to come", {"as_of": "02/07/2026", "file": export([row(1)])}, "01/07/2026"),
        (
            "no spreadsheet",
            {"as_of": "01/07/2026", "file": SimpleUploadedFile("anh.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 90)},
            "anh.png",
        ),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(
    _case: str, given: dict[str, Any], said: str, people: People, signed_in: SignedIn
) -> None:
    if "file" in given:
        given["file"].seek(0)

    response = signed_in(people.an).post(reverse("web:imports:upload"), given)

    assert response.status_code == 422
    assert said in page_of(response)
    assert not Batch.objects.exists()


def test_a_field_has_one_column_and_none_that_is_needed_is_left_out(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    uploaded(client, [row(1)])
    batch = Batch.objects.get()

    twice = page_of(confirmed(client, batch, **{"cot-6": "received_at"}))
    assert "Cột “Ngày tiếp nhận” đã được chọn là nội dung này." in twice

    without = page_of(confirmed(client, batch, **{"cot-5": ""}))
    assert "Chọn cột cho nội dung:" in without
    batch.refresh_from_db()
    assert batch.state == "mapping"


def test_words_that_are_not_known_are_asked_for_where_their_column_stands(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    columns = uploaded(client, [row(1, Trạng_thái="Đã lưu kho"), row(2, Trạng_thái="Đã lưu kho")])
    batch = Batch.objects.get()
    assert "Đã lưu kho" in page_of(columns)

    confirmed(client, batch, **{"tu-state-0": "returned"})

    batch.refresh_from_db()
    assert (batch.state, batch.added, batch.refused) == ("checked", 2, 0)
    assert batch.reading["words"] == {"state": {"Đã lưu kho": "returned"}}


def test_a_column_chosen_anew_has_its_words_asked_for_before_the_check(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    uploaded(client, [row(1), row(2, Lĩnh_vực="Đất đai")])
    batch = Batch.objects.get()

    asked = page_of(confirmed(client, batch, **{"cot-2": "channel"}))

    assert "có 2 từ chưa biết" in asked
    batch.refresh_from_db()
    assert batch.state == "mapping"


def refused_import(client: Client) -> Batch:
    """An import with three rows of one unknown word, one of a day that is none, one good row."""
    return imported(
        client,
        [
            row(1),
            *(row(number, Trạng_thái="Đã lưu kho") for number in (2, 3, 4)),
            row(5, Ngày_tiếp_nhận="31/06/2026"),
        ],
    )


def test_refused_rows_are_grouped_and_a_word_mends_all_of_its_rows(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    batch = refused_import(client)
    page = page_of(client.get(f"/ho-so/nhap/{batch.pk}/loi/"))
    assert "Còn 4 dòng cần sửa, xếp theo lỗi." in page
    assert "từ chưa biết" in page
    assert "F6" in page

    mended = client.post(
        reverse("web:imports:mend_words", args=[batch.pk]), {"state:Đã lưu kho": "returned"}, follow=True
    )

    assert "Đã sửa và nhập 3 dòng." in page_of(mended)
    assert Dossier.objects.count() == 4
    assert RefusedRow.objects.filter(state="open").count() == 1


def test_a_row_is_mended_on_its_page_and_what_was_typed_is_kept(
    people: People, signed_in: SignedIn, binh_of_one_stop: Actor
) -> None:
    client = signed_in(binh_of_one_stop)
    batch = refused_import(client)
    wrong = RefusedRow.objects.get(number=6)
    address = reverse("web:imports:row_mend", args=[wrong.pk])
    form = client.get(address).context["form"]
    fields = {name: form[name].value() for name in form.fields}
    at = next(name for name, field in form.fields.items() if field.label == "Ngày tiếp nhận")

    still = client.post(address, {**fields, at: "32/06/2026"})
    assert still.status_code == 422
    assert 'value="32/06/2026"' in page_of(still)

    done = client.post(address, {**fields, at: "01/06/2026", "o-0": "H00.1-260601-0005"}, follow=True)
    assert "Đã sửa và nhập dòng 6." in page_of(done)
    dossier = Dossier.objects.get(code="H00.1-260601-0005")
    assert dossier.applicant == "Đoàn Thị Bưởi"
    wrong.refresh_from_db()
    assert wrong.state == "mended"
    assert "Dòng này đã được sửa hoặc bỏ qua." in page_of(client.get(address, follow=True))
    assert batch.refused == 4


def test_a_row_is_set_aside_once(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    refused_import(client)
    wrong = RefusedRow.objects.get(number=6)
    address = reverse("web:imports:row_drop", args=[wrong.pk])

    assert "Đã bỏ qua dòng này" in page_of(client.post(address, follow=True))
    count = Entry.objects.count()
    client.post(address)

    wrong.refresh_from_db()
    assert wrong.state == "dropped"
    assert Entry.objects.count() == count


def test_applicants_are_shown_to_the_one_stop_shop_alone_and_that_is_recorded(
    people: People, signed_in: SignedIn, binh_of_one_stop: Actor
) -> None:
    an, binh = signed_in(people.an), signed_in(binh_of_one_stop)
    batch = refused_import(an)
    wrong = RefusedRow.objects.get(number=6)
    mend, sheet = (
        reverse("web:imports:row_mend", args=[wrong.pk]),
        reverse("web:imports:refused_sheet", args=[batch.pk]),
    )

    hidden = page_of(an.get(mend))
    assert "Đoàn Thị Bưởi" not in hidden
    assert "Giữ nguyên và không hiển thị với bạn vì là dữ liệu cá nhân: Người nộp, Điện thoại." in hidden
    masked = read_sheet(an.get(sheet).content, "loi.xlsx").rows
    assert "Đã che: Người nộp" in masked[0].cells
    assert heading_field("Đã che: Người nộp") is None
    told = repr([each.cells for each in masked])
    assert "Đoàn T. B." in told
    assert "Đoàn Thị Bưởi" not in told
    assert "0912345678" not in told
    assert "H00.1-260601-0005" in told
    assert not Access.objects.filter(what="applicants").exists()

    assert "Đoàn Thị Bưởi" in page_of(binh.get(mend))
    handed = binh.get(sheet)
    assert handed.status_code == 200
    assert sorted(Access.objects.filter(what="applicants").values_list("people", flat=True)) == [1, 4]
    rows = read_sheet(handed.content, "loi.xlsx").rows
    assert rows[0].cells == (*HEADINGS, "Dòng trong tệp gốc", "Lý do bị từ chối")
    assert rows[4].cells[:2] == ("H00.1-260601-0005", "Đăng ký khai sinh")
    assert rows[4].cells[9] == "6"
    assert rows[4].cells[10].startswith("F6: ")


def test_a_downloaded_sheet_is_mended_and_brought_in_again(
    people: People, signed_in: SignedIn, binh_of_one_stop: Actor
) -> None:
    client = signed_in(binh_of_one_stop)
    uploaded(client, [row(1), row(2, Ngày_tiếp_nhận="31/06/2026")])
    batch = Batch.objects.get()
    confirmed(client, batch, save_as="Một cửa")
    client.post(reverse("web:imports:start", args=[batch.pk]))
    sheet = read_sheet(client.get(reverse("web:imports:refused_sheet", args=[batch.pk])).content, "loi.xlsx")
    header, [wrong] = sheet.rows[0].cells, [each.cells for each in sheet.rows[1:]]
    mended = write_sheet("Lỗi", header, [["01/06/2026" if cell == "31/06/2026" else cell for cell in wrong]])

    check = client.post(
        reverse("web:imports:upload"),
        {"file": SimpleUploadedFile("loi.xlsx", mended), "as_of": "01/07/2026", "software": ""},
        follow=True,
    )

    assert "1 hồ sơ sẽ được ghi." in page_of(check)
    again = Batch.objects.latest("pk")
    client.post(reverse("web:imports:start", args=[again.pk]))
    assert Dossier.objects.get(code="H00.1-260601-0002").applicant == "Đoàn Thị Bưởi"


def test_a_secretary_mends_a_row_without_seeing_or_losing_its_applicant(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    refused_import(client)
    wrong = RefusedRow.objects.get(number=6)
    address = reverse("web:imports:row_mend", args=[wrong.pk])
    form = client.get(address).context["form"]
    fields = {name: form[name].value() for name in form.fields}
    at = next(name for name, field in form.fields.items() if field.label == "Ngày tiếp nhận")

    client.post(address, {**fields, at: "01/06/2026"})

    assert Dossier.objects.get(code="H00.1-260601-0005").applicant == "Đoàn Thị Bưởi"


def test_undoing_says_first_what_it_touches(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    batch = imported(client, [row(1), row(2)])
    address = reverse("web:imports:undo", args=[batch.pk])

    asked = page_of(client.get(address))
    assert "Xóa 2 hồ sơ mà đợt này đã thêm." in asked
    assert "từ 01/06/2026 đến 02/06/2026" in asked
    assert Dossier.objects.count() == 2

    undone = page_of(client.post(address, follow=True))
    assert "Đợt nhập đã được hoàn tác" in undone
    assert not Dossier.objects.exists()
    count = Entry.objects.count()
    client.post(address)
    assert Entry.objects.count() == count


def test_a_check_that_an_undo_overtook_says_so_and_is_made_again(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    first = imported(client, [row(1)], save_as="Một cửa")
    checked = uploaded(client, [row(1), row(1)]).context["batch"]
    address = reverse("web:imports:batch", args=[checked.pk])
    words = "có đợt được hoàn tác"
    assert words not in page_of(client.get(address))
    Batch.objects.filter(pk=checked.pk).update(beat_at=F("beat_at") - timedelta(minutes=1))
    client.post(reverse("web:imports:undo", args=[first.pk]))
    page = page_of(client.get(address))
    assert (words in page, "không có gì mới" in page) == (True, True)
    assert "1 hồ sơ sẽ được ghi" in page_of(confirmed(client, checked))


def test_an_import_that_a_later_one_builds_on_is_not_undone(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    first = imported(client, [row(1, Ngày_có_kết_quả="", Trạng_thái="Đang xử lý")], save_as="Một cửa")
    imported(client, [row(1)])

    refused = client.post(reverse("web:imports:undo", args=[first.pk]))

    assert refused.status_code == 422
    assert "ho-so.csv" in page_of(refused)
    assert Dossier.objects.get().state == 10


def test_a_file_is_thrown_away_before_it_is_imported(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    uploaded(client, [row(1)])
    batch = Batch.objects.get()

    gone = client.post(reverse("web:imports:discard", args=[batch.pk]), follow=True)

    assert "Đã bỏ tệp" in page_of(gone)
    assert "Tệp không được nhập" in page_of(client.get(f"/ho-so/nhap/{batch.pk}/"))
    late = client.post(reverse("web:imports:start", args=[batch.pk]), follow=True)
    assert "Tệp không được nhập" in page_of(late)
    assert not Dossier.objects.exists()


def test_a_large_file_is_given_to_the_job_and_its_page_shows_how_far_it_is(
    people: People, signed_in: SignedIn
) -> None:
    job = Job.objects.create(name="imports", due_at=timezone.now())
    client = signed_in(people.an)
    uploaded(client, (row(number) for number in range(1, 5_003)))
    batch = Batch.objects.get()

    page = page_of(confirmed(client, batch))

    assert "Đang kiểm tra các dòng" in page
    assert "Bạn có thể đóng trang này" in page
    assert f'<a href="/ho-so/nhap/{batch.pk}/"' in page  # without scripts one presses to see how far it is
    job.refresh_from_db()
    assert job.asked_at is not None
    part = client.get(f"/ho-so/nhap/{batch.pk}/", headers={"HX-Request": "true"})
    assert page_of(part).startswith('<section class="card" id="tien-do"')
    Batch.objects.update(state="checked", done_rows=0)
    over = client.get(f"/ho-so/nhap/{batch.pk}/", headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"


def test_a_stranger_finds_no_import_of_another_agency(people: People, signed_in: SignedIn) -> None:
    batch = refused_import(signed_in(people.an))
    waiting = uploaded(signed_in(people.an), [row(9)]) and Batch.objects.latest("pk")
    wrong = RefusedRow.objects.first()
    assert wrong is not None
    chi = signed_in(people.chi)
    before = (Entry.objects.count(), Dossier.objects.count())

    for name in ("batch", "columns", "undo", "refused", "refused_sheet"):
        assert chi.get(reverse(f"web:imports:{name}", args=[batch.pk])).status_code in (403, 404), name
    for name in ("start", "discard", "undo", "columns"):
        assert chi.post(reverse(f"web:imports:{name}", args=[waiting.pk])).status_code == 404, name
    assert chi.get(reverse("web:imports:row_mend", args=[wrong.pk])).status_code == 404
    assert chi.post(reverse("web:imports:row_mend", args=[wrong.pk])).status_code == 404
    assert chi.post(reverse("web:imports:row_drop", args=[wrong.pk])).status_code == 404
    chi.post(reverse("web:imports:mend_words", args=[batch.pk]), {"state:Đã lưu kho": "returned"})
    assert (Entry.objects.count(), Dossier.objects.count()) == before
    assert "ho-so.csv" not in page_of(chi.get("/ho-so/nhap/"))


@pytest.mark.browser
def test_the_pages_of_an_import_are_accessible_and_fit_a_phone(
    desk: Desk, people: People, signed_in: SignedIn, settings: Any
) -> None:
    client = signed_in(people.an)
    batch = refused_import(client)
    uploaded(client, [row(1, Trạng_thái="Đang xử lý"), row(8, Trạng_thái="Chuyển thuế")])
    waiting = Batch.objects.latest("pk")
    wrong = RefusedRow.objects.get(number=6)
    desk.sign_in("an")
    for path in (
        "/ho-so/nhap/",
        "/ho-so/nhap/tep/",
        f"/ho-so/nhap/{waiting.pk}/cot/",
        f"/ho-so/nhap/{batch.pk}/",
        f"/ho-so/nhap/{batch.pk}/loi/",
        f"/ho-so/nhap/loi/{wrong.pk}/",
        f"/ho-so/nhap/{batch.pk}/hoan-tac/",
    ):
        for size in ("desktop", "phone"):
            desk.open(path, size)
            desk.assert_accessible()
            desk.assert_fits()
    desk.open(f"/ho-so/nhap/{waiting.pk}/cot/")
    desk.page.click("main button.btn-primary")
    desk.page.wait_for_selector(".im-counts")
    desk.assert_accessible()
    desk.page.click(".im-decide .btn-primary")
    desk.page.wait_for_selector(".ck-facts")
    assert Batch.objects.get(pk=waiting.pk).state == "done"
    assert date(2026, 7, 1) == Batch.objects.get(pk=waiting.pk).as_of
    assert desk.complaints == []


def test_what_a_column_without_a_meaning_holds_is_masked(
    people: People, binh_of_one_stop: Actor, signed_in: SignedIn
) -> None:
    heads = "Số hồ sơ;Họ và tên chủ hồ sơ;Số CCCD;Ngày tiếp nhận;Trạng thái"
    data = f"{heads}\r\nH00.1-260601-0001;Đoàn Thị Bưởi;001090012345;31/02/2026;Đang xử lý\r\n"
    sent = {"file": SimpleUploadedFile("la.csv", data.encode()), "as_of": "01/07/2026", "software": ""}
    an = signed_in(people.an)
    page = page_of(an.post(reverse("web:imports:upload"), sent, follow=True))
    batch = Batch.objects.get()
    assert "•••345" in page
    assert "31/02/2026" in page
    clear = page_of(signed_in(binh_of_one_stop).get(reverse("web:imports:columns", args=[batch.pk])))
    assert "001090012345" in clear
    confirmed(an, batch)
    an.post(reverse("web:imports:start", args=[batch.pk]))
    row_id = RefusedRow.objects.get().pk
    pages = page + page_of(an.get(f"/ho-so/nhap/loi/{row_id}/"))
    assert "001090012345" not in pages
    assert "Đoàn Thị Bưởi" not in pages
    assert "001090012345" in page_of(signed_in(binh_of_one_stop).get(f"/ho-so/nhap/loi/{row_id}/"))


def test_cells_that_moved_show_no_personal_data(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    imported(an, [row(1), row(2, Tên_thủ_tục="Đăng ký;khai sinh")])
    batch = Batch.objects.get()
    row_id = RefusedRow.objects.get().pk
    pages = page_of(an.get(f"/ho-so/nhap/{batch.pk}/loi/")) + page_of(an.get(f"/ho-so/nhap/loi/{row_id}/"))
    assert "H00.1-260601-0002" in pages
    assert "Đoàn Thị Bưởi" not in pages
    assert "0912345678" not in pages


def test_personal_data_at_fault_are_not_shown(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    checked = uploaded(an, [row(1), row(2, Người_nộp="Đoàn Thị \x01 Bưởi")])
    batch = Batch.objects.get()
    pages = page_of(checked) + page_of(confirmed(an, batch))
    an.post(reverse("web:imports:start", args=[batch.pk]))
    pages += page_of(an.get(f"/ho-so/nhap/{batch.pk}/loi/"))
    pages += page_of(an.get(f"/ho-so/nhap/loi/{RefusedRow.objects.get().pk}/"))
    assert "Đoàn Thị" not in pages


def test_a_saved_way_of_reading_is_looked_at_corrected_and_set_aside(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    assert "Chưa lưu cách đọc nào" in page_of(client.get("/ho-so/nhap/phan-mem/"))
    imported(client, [row(1, Trạng_thái="xong xuôi")], save_as="iGate", **{"tu-state-0": "returned"})
    software = Software.objects.get()
    address = f"/ho-so/nhap/phan-mem/{software.pk}/"
    listed = page_of(client.get("/ho-so/nhap/phan-mem/"))
    assert "iGate" in listed
    assert "Ngày hẹn trả" in listed
    assert "1 đợt nhập" in listed

    form = client.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert "xong xuôi" in page_of(client.get(address))
    refused = client.post(address, {**typed, "cot-code": "", "cot-due_given": "Ngày tiếp nhận"})
    assert refused.status_code == 422
    client.post(address, {**typed, "name": "iGate 2", "cot-due_given": "Hạn trả", "tu-0": ""})
    software.refresh_from_db()
    assert (software.name, software.mapping["due_given"], software.words) == ("iGate 2", "Hạn trả", {})

    client.post(f"{address}bo/")
    software.refresh_from_db()
    assert not software.is_offered
    assert ">iGate 2</option>" not in page_of(client.get("/ho-so/nhap/tep/"))
    client.post(f"{address}dung-lai/")
    assert ">iGate 2</option>" in page_of(client.get("/ho-so/nhap/tep/"))


def test_the_file_of_an_import_is_deleted_once_nothing_of_it_is_to_be_mended(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    batch = imported(client, [row(1), row(2, Ngày_có_kết_quả="30/02/2026")])
    page, address = f"/ho-so/nhap/{batch.pk}/", f"/ho-so/nhap/{batch.pk}/xoa-tep/"
    assert address not in page_of(client.get(page))
    assert "dòng" in page_of(client.post(address, follow=True))
    batch.refresh_from_db()
    assert batch.file_id is not None

    client.post(reverse("web:imports:row_drop", args=[RefusedRow.objects.get().pk]))
    assert address in page_of(client.get(page))
    assert "SHA-256" in page_of(client.get(address))
    done = page_of(client.post(address, follow=True))
    batch.refresh_from_db()
    assert batch.file_id is None
    assert batch.sha256 in done
    assert address not in done
    assert "đã xóa; hồ sơ đã nhập vẫn còn" in done
    assert Dossier.objects.count() == 1
    assert client.get(address).status_code == 302


def test_a_file_with_codes_of_another_agency_is_imported_after_a_tick(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    rows = [row(1), *({**row(number), "Số hồ sơ": f"H00.9-260601-{number:04d}"} for number in (2, 3))]
    uploaded(client, rows)
    batch = Batch.objects.get()
    check = page_of(confirmed(client, batch))
    assert "2 trong 3 hồ sơ mang mã của cơ quan khác: H00.9 (2). Mã của cơ quan mình là H00.1." in check
    assert "Có thể bạn chọn nhầm tệp" in check
    start = reverse("web:imports:start", args=[batch.pk])
    assert "Hãy đánh dấu xác nhận" in page_of(client.post(start, follow=True))
    assert not Dossier.objects.exists()
    client.post(start, {"dung-tep": "co"})
    assert Dossier.objects.count() == 3


def test_a_few_codes_of_others_are_said_and_need_no_tick(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    uploaded(client, [*map(row, range(1, 12)), {**row(12), "Số hồ sơ": "H00.9-260601-0001"}])
    batch = Batch.objects.get()
    check = page_of(confirmed(client, batch))
    assert "1 trong 12 hồ sơ mang mã của cơ quan khác" in check
    assert "dung-tep" not in check
    client.post(reverse("web:imports:start", args=[batch.pk]))
    assert Dossier.objects.count() == 12


def test_the_check_names_what_the_catalogue_lacks_and_what_contradicts_itself(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    uploaded(
        client,
        [
            row(1), row(2, Tên_thủ_tục="Cấp bản sao trích lục"), row(3, Tên_thủ_tục="Cấp bản sao trích lục"),
            row(4, Trạng_thái="Đang xử lý"),
        ],
    )  # fmt: skip
    page = page_of(confirmed(client, Batch.objects.get()))
    assert "Thủ tục chưa có trong danh mục" in page
    assert page.index("Đăng ký khai sinh</td>") > 0
    assert "Cấp bản sao trích lục</td>" in page
    assert "Đang xử lý nhưng đã có ngày có kết quả" in page
    assert "H00.1-260601-0004" in page
    assert "H00.1-260601-0001" in page


def test_many_procedures_that_the_catalogue_lacks_are_counted_after_the_first_twenty(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.an)
    uploaded(client, [row(number, Tên_thủ_tục=f"Thủ tục số {number}") for number in range(1, 26)])
    page = page_of(confirmed(client, Batch.objects.get()))
    assert page.count("Thủ tục số ") >= 20
    assert "và 5 thủ tục khác" in page
