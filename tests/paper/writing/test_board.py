"""Posters for the notice board: large where little stands on them, never cut, over more pages where they must."""

from __future__ import annotations

import io

import pdfplumber
import pytest

from camket.paper.writing.board import BoardObjective, BoardTarget, BoardText, write_board

LONG = (
    "Cán bộ, công chức tận tụy, trách nhiệm, hướng dẫn rõ ràng một lần, đầy đủ; không để người dân phải đi lại nhiều lần;"
    " xin lỗi và hẹn lại bằng văn bản khi giải quyết hồ sơ quá hạn."
)


def board(**more: object) -> BoardText:
    values = {
        "agency": "Ủy ban nhân dân xã Bình Yên",
        "superior": "",
        "title": "Chính sách chất lượng năm 2026",
        "decision": "(Ban hành kèm theo Quyết định số 05/QĐ-UBND ngày 05/01/2026)",
    }
    return BoardText(**{**values, **more})  # type: ignore[arg-type]


def words(pdf: bytes) -> tuple[int, str]:
    with pdfplumber.open(io.BytesIO(pdf)) as paper:
        texts = [page.extract_text() or "" for page in paper.pages]
    return len(texts), " ".join(" ".join(texts).split())


@pytest.mark.parametrize(("paper", "millimetres"), [("a4", 297), ("a3", 420)])
def test_a_policy_stands_on_one_page_of_its_paper(paper: str, millimetres: int) -> None:
    pdf = write_board(board(motto="Đúng hẹn", commitments=(LONG,) * 5), paper)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        height = float(opened.pages[0].height)
    count, text = words(pdf)
    assert round(height / 72 * 25.4) == millimetres
    assert (count, text.count("tận tụy")) == (1, 5)
    assert "05/QĐ-UBND" in text


def test_what_does_not_fit_goes_on_over_more_pages() -> None:
    targets = tuple(
        BoardTarget(f"1.{at}", LONG, "ít nhất 98 %", "98,4 %", "Đạt", "good") for at in range(1, 31)
    )
    one = BoardObjective("1", "Giải quyết hồ sơ đúng hạn", targets)
    count, text = words(
        write_board(board(objectives=(one,), has_results=True, address="https://x.example/"), "a4")
    )
    assert count > 1
    assert text.count("tận tụy") == 30
    assert f"Trang {count}/{count}" in text
    assert "x.example/" in text


def test_what_a_person_typed_is_no_markup() -> None:
    _, text = words(write_board(board(commitments=("#panic() *đậm* $x$ @nguồn",)), "a4"))
    assert "#panic() *đậm* $x$ @nguồn" in text


@pytest.mark.parametrize("count", [6, 7, 10])
def test_a_second_page_is_filled_and_not_begun_for_two_lines(count: int) -> None:
    """Letters grow with the pages: what does not go onto one is printed larger, not with a nearly empty sheet."""
    each = tuple(
        BoardObjective(str(at), LONG, (BoardTarget(f"{at}.1", LONG, "ít nhất 98 %"),)) for at in range(count)
    )
    with pdfplumber.open(io.BytesIO(write_board(board(objectives=each), "a4"))) as paper:
        ends = [
            max(line["bottom"] for line in page.extract_text_lines() if line["bottom"] < 725)
            for page in paper.pages
        ]
    assert len(ends) == 2
    assert min(ends) > 500
