"""Paper of surveys: what posters, slips and forms say, and that they fit their pages."""

from __future__ import annotations

import io
from dataclasses import replace

import pdfplumber
import pytest

from camket.core.questionnaire import Content
from camket.paper.writing.survey import (
    Office,
    PosterText,
    SlipText,
    write_form,
    write_poster,
    write_slips,
)
from camket.voices.shipped import shipped_questionnaires

OFFICE = Office("Ủy ban nhân dân xã Bình Yên", "Ủy ban nhân dân tỉnh Quảng Thịnh")
ADDRESS = "https://iso.binhyen.quangthinh.gov.vn/ks/aebagbafmfzxi5dfon2gk43u"
FULL, COUNTER = (each.content for each in shipped_questionnaires())
LONG = PosterText(
    OFFICE,
    FULL,
    ADDRESS,
    "Cửa số 12 tiếp nhận hồ sơ đất đai, xây dựng, môi trường và giao thông của Trung tâm Phục vụ hành chính công",
    about="Trung tâm Phục vụ hành chính công, Thành lập và hoạt động của hộ kinh doanh",
    mark="12.1",
)


def pages(data: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(data)) as paper:
        return [page.extract_text() or "" for page in paper.pages]


def size(data: bytes) -> tuple[int, int]:
    with pdfplumber.open(io.BytesIO(data)) as paper:
        return round(paper.pages[0].width), round(paper.pages[0].height)


@pytest.mark.parametrize(("paper", "points"), [("a4", (595, 842)), ("a3", (842, 1191))])
def test_a_poster_is_one_sheet_however_long_its_words(paper: str, points: tuple[int, int]) -> None:
    data = write_poster(LONG, paper)
    assert len(pages(data)) == 1
    assert size(data) == points


@pytest.mark.parametrize(
    ("content", "said"),
    [(FULL, "20 câu hỏi, khoảng 3 phút"), (COUNTER, "3 câu hỏi, chưa đến 1 phút")],
    ids=["full", "counter"],
)
def test_a_poster_says_how_long_it_takes(content: Content, said: str) -> None:
    text = " ".join(pages(write_poster(replace(LONG, content=content), "a4"))[0].split())
    assert said in text
    assert "iso.binhyen.quangthinh.gov.vn/ks/aebagbafmfzxi5dfon2gk43u" in text
    assert "Nobody asks for your name" in text


def test_english_is_on_a_poster_only_where_the_questions_are_in_english() -> None:
    vietnamese = replace(COUNTER, languages=("vi",))
    assert "Nobody" not in pages(write_poster(replace(LONG, content=vietnamese), "a4"))[0]


@pytest.mark.parametrize(("per_page", "sheets"), [(8, 2), (4, 3)])
def test_slips_fill_their_pages(per_page: int, sheets: int) -> None:
    slips = [SlipText(ADDRESS, f"Số {serial:05d}") for serial in range(1, 10)]
    found = pages(write_slips(OFFICE, COUNTER, slips, per_page))
    assert len(found) == sheets
    assert found[0].count("Ông/bà hài lòng ở mức nào?") == per_page
    assert "Số 00009" in found[-1]


def test_other_sizes_of_slips_are_not_printed() -> None:
    with pytest.raises(ValueError, match="6"):
        write_slips(OFFICE, COUNTER, [SlipText(ADDRESS, "Số 1")], 6)
    with pytest.raises(KeyError):
        write_poster(LONG, "a5")


def test_what_was_typed_is_never_read_as_markup() -> None:
    hostile = replace(LONG, point='#panic("x") $ ] " \\ <b>', about="")
    assert '#panic("x") $ ] " \\ <b>' in pages(write_poster(hostile, "a4"))[0]


def test_the_form_asks_every_question_under_its_number() -> None:
    text = "\n".join(pages(write_form(OFFICE, FULL, "bản 1")))
    assert len(pages(write_form(OFFICE, FULL, "bản 1"))) == 2
    for number in range(1, 21):
        assert str(number) in text
    assert "5. Hơn 3 lần" in text
    assert "Đánh giá chung" in text


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert write_poster(LONG, "a4") == write_poster(LONG, "a4")
