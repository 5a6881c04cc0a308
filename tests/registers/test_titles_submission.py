"""The submission of emulation titles: who is in it, how many of each, the share of each, nobody of another agency."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document as read_docx
from docx.oxml.ns import qn

from camket.org.policy import Actor
from camket.paper.conformity import check_document
from camket.paper.writing.docx import write_docx
from camket.registers import queries
from camket.registers.models import Entry
from camket.registers.operations import enter, withdraw
from people import People
from work import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 6)


def wish(people: People, kind: str, who: Actor | None = None, **more: Any) -> Entry:
    """Enter that somebody, or a collective, is registered for a title of 2026."""
    return enter(
        actor=people.an,
        register="titles",
        values={
            "year": 2026,
            "kind": kind,
            "outcome": "registered",
            **({"person": who.person_id} if who else {}),
            **more,
        },
        now=NOW,
    )


def words(people: People, year: int = 2026) -> str:
    """Return the words of a year's submission."""
    document = queries.titles_submission(people.an, year, TODAY)
    assert document is not None
    file = read_docx(io.BytesIO(write_docx(document)))
    lines = (
        "".join(part.text or "" for part in line.iter(qn("w:t")))
        for line in file.element.body.iter(qn("w:p"))
    )
    return " ".join(each for each in lines if each)


def test_it_counts_each_title_and_lists_everybody_once(people: People) -> None:
    wish(people, "advanced_worker", people.binh)
    wish(people, "advanced_worker", people.dung)
    wish(people, "fighter_base", people.dung)
    wish(people, "collective_advanced", unit=next(iter(people.binh.unit_ids)))
    said = words(people)
    for part in (
        "Về việc đăng ký danh hiệu thi đua, hình thức khen thưởng năm 2026",
        "03 lượt cá nhân và 01 lượt tập thể",
        "Lao động tiên tiến 2 – 2",
        "Tập thể lao động tiên tiến – 1 1",
        "Cộng 3 1 4",
        "Danh hiệu Chiến sĩ thi đua cơ sở: 01, vượt tỷ lệ 15% số Lao động tiên tiến (tối đa 00).",
        "Phạm Tiến Dũng",
        "/TTr-UBND",
    ):
        assert part in said, part


def test_once_some_are_proposed_they_alone_are_submitted(people: People) -> None:
    wish(people, "advanced_worker", people.binh)
    wish(people, "advanced_worker", people.dung, outcome="proposed")
    said = words(people)
    assert "Về việc đề nghị tặng danh hiệu thi đua" in said
    assert "01 lượt cá nhân và 00 lượt tập thể" in said
    assert "Trần Văn Bình" not in said


def test_who_was_withdrawn_or_is_another_agencys_is_not_in_it(people: People) -> None:
    gone = wish(people, "advanced_worker", people.binh)
    assert queries.titles_submission(people.chi, 2026, TODAY) is None
    withdraw(actor=people.an, entry_id=gone.pk, reason="Rút đăng ký", now=NOW)
    assert queries.titles_stage(people.an, 2026) is None
    assert queries.titles_submission(people.an, 2026, TODAY) is None


def test_its_file_keeps_to_the_decree(people: People) -> None:
    wish(people, "advanced_worker", people.binh)
    document = queries.titles_submission(people.an, 2026, TODAY)
    assert document is not None
    assert check_document(write_docx(document)).deviations == ()
