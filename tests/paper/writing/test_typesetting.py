"""Papers set one after the other: the same bytes, and memory that does not grow with them."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
import typst

from camket.paper.writing.model import Document, Letterhead, Paragraph, Signature, plain
from camket.paper.writing.pdf import TEMPLATE, write_pdf
from camket.paper.writing.typesetting import typeset


def report(turn: int) -> Document:
    """A paper of some pages, of which no line is like one of another turn."""
    words = " ".join(f"chỉ tiêu {turn * 1_000 + each} đạt" for each in range(40))
    return Document(
        letterhead=Letterhead(f"UBND XÃ SỐ {turn}", "BC-UBND", 2026),
        kind="Báo cáo",
        abstract=f"Kết quả lần {turn}",
        body=tuple(Paragraph(plain(f"{turn}.{each} {words}")) for each in range(60)),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Lê Minh Châu"),
        recipients=("Lưu: VT",),
        recorded_on=date(2026, 11, 24),
    )


def held() -> float:
    """Return the megabytes that the process holds."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of the process from /proc")
def test_nothing_of_a_paper_stays_in_memory() -> None:
    for turn in range(3):
        write_pdf(report(turn))
    before = held()
    for turn in range(3, 10):
        write_pdf(report(turn))
    assert held() - before < 25


def test_papers_set_at_once_are_the_same_as_one_by_one() -> None:
    papers = [report(turn) for turn in range(4)]
    alone = [write_pdf(each) for each in papers]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write_pdf, papers)) == alone


def test_after_a_paper_that_cannot_be_set_the_next_one_is() -> None:
    with pytest.raises(typst.TypstError):
        typeset(TEMPLATE, "document", {"kind": "no document at all"})
    assert write_pdf(report(0)).startswith(b"%PDF")
