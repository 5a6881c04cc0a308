"""The pages of postings: entered at several places with a photo, proved from the list, the quarter's list issued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from camket.org.policy import Actor
from camket.publishing.models import Notice, Place, PlannedPosting, PostingList
from camket.publishing.operations import posting_plan
from camket.publishing.operations import postings as operations
from camket.publishing.operations.postings import PlaceData
from people import TODAY, People
from work import PDF

SignedIn = Callable[[Actor], Client]


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("anh.pdf", PDF, content_type="application/pdf")


@pytest.fixture
def boards(people: People) -> tuple[Place, Place]:
    names = (("office", "Bảng tin trụ sở"), ("culture_house", "Nhà văn hóa thôn Đông"))
    first, second = (
        operations.save_place(actor=people.an, data=PlaceData(kind, name), today=TODAY)
        for kind, name in names
    )
    return first, second


def typed(**more: object) -> dict[str, object]:
    values = {"rule": "quality", "subject": "Mục tiêu chất lượng năm 2026", "posted_on": "03/06/2026"}
    return {**values, **more}


def enter(an: Client, boards: tuple[Place, Place]) -> None:
    first, second = boards
    answer = an.post(
        reverse("web:postings:post"),
        typed(**{f"at_{second.pk}": "on", f"photo_{first.pk}": photo()}),
    )
    assert answer.status_code == 302


def test_one_form_enters_several_places_a_photo_ticks_its_own(
    an: Client, boards: tuple[Place, Place]
) -> None:
    enter(an, boards)
    rows = Notice.objects.order_by("pk")
    assert [(row.place.name, row.evidence.count()) for row in rows] == [
        ("Bảng tin trụ sở", 1),
        ("Nhà văn hóa thôn Đông", 0),
    ]
    assert {row.until for row in rows} == {
        date(2026, 7, 3)
    }  # the thirty days of the law, where nothing was typed


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_entered(
    an: Client, boards: tuple[Place, Place]
) -> None:
    answer = an.post(
        reverse("web:postings:post"), typed(posted_on="03/08/2026", **{f"at_{boards[0].pk}": "on"})
    )
    assert "posted_on" in answer.context["form"].errors
    assert (
        "Hãy chọn ít nhất một nơi niêm yết."
        in an.post(reverse("web:postings:post"), typed()).content.decode()
    )
    assert not Notice.objects.exists()


def test_a_photo_is_sent_from_the_list_itself(
    an: Client, boards: tuple[Place, Place], people: People
) -> None:
    enter(an, boards)
    lacking = Notice.objects.get(place=boards[1])
    answer = an.post(reverse("web:postings:prove", args=[lacking.pk]), {"photo": photo(), "next": "list"})
    assert answer["Location"] == reverse("web:postings:list")
    assert lacking.evidence.count() == 1


def test_the_list_of_the_quarter_is_issued_on_its_page(an: Client, boards: tuple[Place, Place]) -> None:
    enter(an, boards)
    page = reverse("web:postings:quarter_list", args=[2026, 2])
    assert "quý 2 năm 2026" in an.get(reverse("web:postings:list")).content.decode()
    assert "number" in an.post(page, {"number": "mười"}).context["form"].errors
    assert an.post(page, {"number": "7/TB-UBND"}).status_code == 302
    made = PostingList.objects.get()
    paper = an.get(reverse("web:postings:list_file", args=[made.pk, "pdf"]))
    assert paper.content.startswith(b"%PDF")
    assert "07/TB-UBND" in an.get(page).content.decode()
    assert an.get(reverse("web:postings:quarter_list", args=[2026, 5])).status_code == 404


def test_the_register_is_taken_out_as_a_table(an: Client, boards: tuple[Place, Place]) -> None:
    enter(an, boards)
    table = an.get(reverse("web:postings:register_file", args=["csv"]), {"noi": boards[1].pk})
    text = table.content.decode("utf-8-sig")
    assert "Nhà văn hóa thôn Đông" in text
    assert "Bảng tin trụ sở" not in text


def test_a_line_read_out_by_the_loudspeaker_says_for_how_many_days(an: Client, people: People) -> None:
    for kind, name in (("loudspeaker", "Loa truyền thanh"), ("office", "Bảng tin trụ sở")):
        operations.save_place(actor=people.an, data=PlaceData(kind, name), today=TODAY)
    posting_plan.make_from_rules(actor=people.an, year=2026, today=TODAY)
    pages = {
        each.pk: an.get(reverse("web:postings:plan_line", args=[each.pk])).content.decode()
        for each in PlannedPosting.objects.all()
    }
    assert pages
    assert [page for page in pages.values() if "(loa truyền thanh: 3 ngày)" in page]
