"""Postings against hostile hands: files that lie, photos that tell too much, formulas, another agency's numbers, nonsense."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from camket.documents.models import StoredFile
from camket.journal.models import Entry
from camket.org.policy import Actor
from camket.publishing.models import Notice, Place, PlannedPosting
from camket.publishing.operations import posting_plan, postings
from camket.publishing.operations.posting_plan import LineData
from camket.publishing.operations.postings import At, PlaceData, PostingData
from paper.test_photos import PLACE, jpeg, png
from people import TODAY, People
from work import NOW, PDF

SignedIn = Callable[[Actor], Client]
FORMULA = '=HYPERLINK("http://x.example","Mở")'


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


@pytest.fixture
def board(people: People) -> Place:
    return postings.save_place(actor=people.an, data=PlaceData("office", "Bảng tin trụ sở"), today=TODAY)


@pytest.fixture
def notice(people: People, board: Place) -> Notice:
    data = PostingData(rule="", subject=FORMULA, posted_on=date(2026, 6, 1), note="@SUM(A1)")
    (made,) = postings.post(actor=people.an, data=data, at=[At(board.pk)], now=NOW)
    return made


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content_type", "data", "said"),
    [
        (
            "anh.svg",
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            "không được lưu",
        ),
        ("anh.jpg", "image/jpeg", b"<html><script>alert(1)</script></html>", "không được lưu"),
        ("anh.jpg", "image/jpeg", jpeg() + archive(), "tệp khác"),
        ("anh.pdf", "application/pdf", PDF + archive(), "tệp khác"),
        ("anh.jpg", "image/jpeg", jpeg(width=65_500, height=65_500), "lớn hơn mọi máy ảnh"),
        ("anh.png", "image/png", png(width=2**31 - 1, height=2**31 - 1), "lớn hơn mọi máy ảnh"),
        ("anh.jpg", "image/jpeg", b"", "không có nội dung"),
        ("anh.exe", "image/jpeg", b"MZ\x90\x00" + b"\0" * 200, "không được lưu"),
    ],
)
def test_a_file_that_lies_proves_nothing(
    an: Client, notice: Notice, name: str, content_type: str, data: bytes, said: str
) -> None:
    count = Entry.objects.count()
    answer = an.post(
        reverse("web:postings:prove", args=[notice.pk]),
        {"photo": SimpleUploadedFile(name, data, content_type=content_type)},
    )
    assert answer.status_code == 200
    (error,) = answer.context["proof"].errors["photo"]
    assert said in error, error
    assert (StoredFile.objects.count(), notice.evidence.count()) == (0, 0)
    assert Entry.objects.count() == count


def test_a_photo_is_handed_out_without_its_place_and_kept_with_it(an: Client, notice: Notice) -> None:
    data = jpeg(turned=6)
    address = reverse("web:postings:prove", args=[notice.pk])
    assert an.post(address, {"photo": SimpleUploadedFile("anh.png", data, "image/jpeg")}).status_code == 302
    file = StoredFile.objects.get()
    assert (file.name, file.content_type) == (
        "anh.jpg",
        "image/jpeg",
    )  # what the bytes are, whatever the name says
    page = an.get(reverse("web:postings:notice", args=[notice.pk])).content.decode()
    link = reverse("web:tasks:file", args=[file.pk])
    assert f'href="{link}?goc"' in page
    copy, original = an.get(link), an.get(f"{link}?goc")
    assert PLACE not in copy.content
    assert original.content == data
    for each in (copy, original):
        assert each["Content-Disposition"].startswith("attachment")
        assert each["X-Content-Type-Options"] == "nosniff"


def test_the_register_taken_out_computes_nothing(an: Client, notice: Notice) -> None:
    table = an.get(reverse("web:postings:register_file", args=["csv"])).content.decode("utf-8-sig")
    assert "\"'=HYPERLINK(" in table
    assert ",'@SUM(A1)" in table
    book = an.get(reverse("web:postings:register_file", args=["xlsx"])).content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "=HYPERLINK(" in sheet
    assert "<f>" not in sheet  # a text, not a formula


def test_another_agencys_numbers_in_a_form_are_no_choice(
    people: People, signed_in: SignedIn, board: Place, notice: Notice
) -> None:
    line = posting_plan.save_line(
        actor=people.an, year=2026, data=LineData(subject="Dự toán", when="Tháng 1", days=30), today=TODAY
    )
    chi = signed_in(people.chi)
    own = postings.save_place(actor=people.chi, data=PlaceData("office", "Bảng"), today=TODAY)
    typed = {"rule": "quality", "subject": "Của Chi", "posted_on": "03/06/2026", f"at_{own.pk}": "on"}
    add = reverse("web:postings:post")
    for field, value in (("planned_id", line.pk), ("posted_by_id", people.an.person_id)):
        answer = chi.post(add, {**typed, field: value})
        assert field in answer.context["form"].errors
    assert chi.post(add, {**typed, f"at_{own.pk}": "", f"at_{board.pk}": "on"}).status_code == 200
    plan = reverse("web:postings:plan_line_add", args=[2026])
    unit = people.agency.units.order_by("pk")[0]
    line_typed = {"subject": "x", "when": "y", "days_posted": "30"}
    for field, value in (("unit", unit.pk), ("place_ids", board.pk)):
        answer = chi.post(plan, {**line_typed, field: value})
        assert field in answer.context["form"].errors
    theirs = posting_plan.save_line(
        actor=people.chi, year=2026, data=LineData(subject="Của Chi", when="Tháng 1"), today=TODAY
    )
    tie = reverse("web:postings:plan_line_tie", args=[theirs.pk])
    assert "notice_ids" in chi.post(tie, {"notice_ids": [notice.pk]}).context["tying"].errors
    for name in ("nhu", "ke-hoach"):
        found = {"nhu": notice.pk, "ke-hoach": line.pk}[name]
        assert chi.get(add, {name: found}).status_code == 404
    assert set(Notice.objects.values_list("agency", flat=True)) == {people.agency.pk}
    assert set(PlannedPosting.objects.filter(agency=people.other_agency)) == {theirs}


@pytest.mark.parametrize(
    "query",
    [
        "page=99999999999999999999",
        "page=-1&tu=%00",
        "page=١&muc=%27%22%3E&noi=x&loai=%F0%9F%98%80",
        "noi=99999999999999999999999999&loai=" + "a" * 5_000,
        "tu=" + "%25_" * 400,
        "nhu=99999999999999999999&cong-khai=-1&ke-hoach=1e9",
        "nhu=٣&cong-khai=٣&ke-hoach=٣",
        "cong-khai=999999&noi",
    ],
)
def test_nonsense_in_an_address_is_read_as_nothing(an: Client, notice: Notice, query: str) -> None:
    for name, args in (
        ("list", []),
        ("register_file", ["csv"]),
        ("post", []),
        ("plan", [2026]),
        ("lists", []),
        ("notice", [notice.pk]),
    ):
        assert an.get(f"{reverse(f'web:postings:{name}', args=args)}?{query}").status_code == 200, name


@pytest.mark.parametrize(
    "path",
    [
        "99999999999999999999999/",
        "ke-hoach/1999/",
        "ke-hoach/2028/",
        "ke-hoach/99999999999999999999/",
        "ke-hoach/2026.exe",
        "ke-hoach/dong/99999999999999999999/",
        "danh-muc/2026/5/",
        "danh-muc/0/1/",
        "danh-muc/99999999999999999999.pdf",
        "ap-phich/99999999999999999999-a3.pdf",
        "so.html",
    ],
)
def test_addresses_of_nothing_are_not_found(an: Client, path: str) -> None:
    assert an.get(f"/niem-yet/{path}").status_code == 404


def test_days_out_of_order_are_refused_where_they_are_typed(an: Client, board: Place, notice: Notice) -> None:
    postings_of = Notice.objects.values_list("posted_on", "until", "removed_on")
    before = list(postings_of)
    down = an.post(reverse("web:postings:take_down", args=[notice.pk]), {"go-removed_on": "31/05/2026"})
    assert "removed_on" in down.context["taking_down"].errors
    for typed in (
        {"gia-han-posted_on": "31/05/2026"},
        {"gia-han-posted_on": "02/07/2026"},
        {"gia-han-posted_on": "01/07/2026", "gia-han-until": "30/06/2026"},
        {"gia-han-posted_on": "01/07/2026", "gia-han-decided_on": "02/07/2026"},
    ):
        assert an.post(reverse("web:postings:renew", args=[notice.pk]), typed).context["renewing"].errors
    assert list(postings_of) == before


def test_a_day_on_the_edge_of_a_quarter_stands_in_the_quarter_it_lies_in(
    people: People, board: Place
) -> None:
    for subject, posted_on, removed_on in (
        ("Đến hết tháng 3", date(2026, 3, 1), date(2026, 3, 31)),
        ("Từ 31/3", date(2026, 3, 31), date(2026, 4, 1)),
        ("Từ 1/4", date(2026, 4, 1), None),
    ):
        data = PostingData(rule="", subject=subject, posted_on=posted_on)
        (made,) = postings.post(actor=people.an, data=data, at=[At(board.pk)], now=NOW)
        if removed_on:
            postings.take_down(actor=people.an, notice_id=made.pk, removed_on=removed_on, today=TODAY)
    for quarter, expected in (
        (1, ["Đến hết tháng 3", "Từ 31/3"]),
        (2, ["Từ 1/4", "Từ 31/3"]),
    ):
        issued = postings.issue_list(actor=people.an, year=2026, quarter=quarter, now=NOW)
        assert [entry["subject"] for entry in issued.content["entries"]] == expected
        ends = {entry["subject"]: entry["places"][0]["removed_on"] for entry in issued.content["entries"]}
        assert ends["Từ 31/3"] == {1: None, 2: "2026-04-01"}[quarter]
