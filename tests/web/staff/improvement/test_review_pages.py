"""The pages of management reviews: from preparing to minutes, by what people press there."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as read_docx

from camket.actions.models import Task
from camket.core.review import INPUTS
from camket.improvement import gathering
from camket.improvement.models import ContextIssue, Review
from camket.org.policy import Actor
from people import TODAY, People

SignedIn = Callable[[Actor], Client]
DAY = f"{TODAY:%d/%m/%Y}"


def prepared(client: Client, people: People) -> Review:
    """Prepare a review on the page, as the secretary does."""
    client.post(
        reverse("web:reviews:prepare"),
        {
            "title": "Xem xét 6 tháng",
            "period_start": f"01/01/{TODAY.year}",
            "period_end": DAY,
            "held_on": DAY,
            "starts": "8:30",
            "chair_id": people.chau.person_id,
            "people": [people.dung.person_id],
            "guests": "Bà Lê Thị Hoa, Hội LHPN\nBà Lê Thị Hoa, Hội LHPN",
        },
    )
    return Review.objects.get()


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def url(name: str, review: Review, *more: object) -> str:
    return reverse(f"web:reviews:{name}", args=[review.pk, *more])


def test_a_review_goes_from_preparing_to_frozen_minutes(
    an: Client, people: People, signed_in: SignedIn
) -> None:
    review = prepared(an, people)
    assert [each.name or each.person_id for each in review.members.order_by("order")] == [
        people.chau.person_id,
        people.dung.person_id,
        "Bà Lê Thị Hoa, Hội LHPN",
    ]
    an.post(url("convene", review))
    address = url("consider", review, "a")
    for _each in INPUTS:
        answer = an.post(address, {"comment": "Đạt yêu cầu", "next": "1"})
        address = answer["Location"]
    assert address == url("review", review)
    member = review.members.get(person_id=people.dung.person_id)
    came = {f"m{each.pk}-came": "on" for each in review.members.all()}
    an.post(url("attendance", review), {**came, f"m{member.pk}-absence": "Họp tỉnh"})
    an.post(
        url("decision_add", review),
        {"text": "Mua máy quét", "kind": "resources", "person_id": people.binh.person_id, "due_on": DAY},
    )
    an.post(url("conclude", review), {"conclusion": "Hệ thống có hiệu lực"})
    closed = signed_in(people.chau).post(url("close", review), {"number": "8/BB-UBND"})
    assert closed["Location"] == url("review", review)
    assert Task.objects.get().assignee_id == people.binh.person_id
    Review.objects.update(conclusion="Đã đổi sau khi đóng")
    paper = read_docx(BytesIO(an.get(url("paper", review, "bien-ban", "docx")).content))
    said = "\n".join(each.text for each in paper.paragraphs)
    assert "Hệ thống có hiệu lực" in said
    assert "Vắng mặt (1): " in said
    assert "(lý do: Họp tỉnh)" in said
    for kind in ("giay-moi", "thong-bao"):
        assert an.get(url("paper", review, kind, "pdf")).content.startswith(b"%PDF")
    assert an.get(url("paper", review, "khac", "pdf")).status_code == 404


def test_closing_says_what_lacks_and_what_changed_since(
    an: Client, people: People, signed_in: SignedIn
) -> None:
    review = prepared(an, people)
    an.post(url("convene", review))
    chau = signed_in(people.chau)
    assert len(chau.post(url("close", review), {}).context["lacks"]) == len(INPUTS) + 2
    for each in INPUTS:
        an.post(url("consider", review, each.key), {"nothing": "Không có"})
    an.post(url("attendance", review), {f"m{each.pk}-came": "on" for each in review.members.all()})
    an.post(url("conclude", review), {"conclusion": "Đạt"})
    ContextIssue.objects.create(
        agency=people.agency, kind="external", title="Sáp nhập địa giới", reviewed_on=TODAY
    )
    told = chau.post(url("close", review), {})
    assert told.context["changed"] == ["Thay đổi của các vấn đề nội bộ và bên ngoài"]
    an.post(url("gather", review))
    assert not gathering.changed_since(people.an, review.pk, TODAY)
    assert chau.post(url("close", review), {}).status_code == 302
    following = an.get(reverse("web:reviews:prepare")).context["form"].initial
    assert following["period_start"] > review.period_end


def test_an_input_takes_a_comment_or_a_reason_and_only_while_it_is_open(an: Client, people: People) -> None:
    review = prepared(an, people)
    both = an.post(url("consider", review, "d"), {"comment": "Đủ", "nothing": "Không có"})
    assert "nothing" in both.context["form"].errors
    assert an.get(url("consider", review, "z")).status_code == 404
    an.post(url("cancel", review), {"huy-reason": "Bão số 3"})
    page = an.get(url("review", review))
    assert "Bão số 3" in page.content.decode()
    assert an.get(url("edit", review))["Location"] == url("review", review)
    assert an.get(url("consider", review, "d"))["Location"] == url("review", review)


def test_nothing_typed_is_told_as_nothing_saved(an: Client, people: People) -> None:
    review = prepared(an, people)
    address = url("consider", review, "d")
    empty = an.post(address, {"comment": " ", "nothing": ""})
    assert (empty.status_code, empty.context["form"].errors.keys()) == (422, {"comment"})
    assert "chưa lưu" in empty.content.decode()
    onwards = an.post(address, {"comment": "", "next": "1"}, follow=True)
    assert "Chưa nhập gì cho" in onwards.content.decode()
    assert "Đã lưu" not in onwards.content.decode()
    assert review.inputs.get(key="d").treated_at is None
    an.post(address, {"comment": "Đủ"})
    taken_out = an.post(address, {"comment": ""}, follow=True)
    assert "đã được xóa" in taken_out.content.decode()
    assert review.inputs.get(key="d").comment == ""


def test_who_may_not_prepare_sees_and_the_pages_ask_little(
    an: Client, people: People, signed_in: SignedIn
) -> None:
    review = prepared(an, people)
    binh = signed_in(people.binh)
    assert binh.get(reverse("web:reviews:prepare")).status_code == 403
    for address in (reverse("web:reviews:list"), url("review", review)):
        assert binh.get(address).status_code == 200
        with CaptureQueriesContext(
            connection,
        ) as asked:
            an.get(address)
        assert len(asked) <= 15
    chi = signed_in(people.chi)
    assert chi.get(url("review", review)).status_code == 404
