"""The document of a report that is finished in Word: values in, document out, read back to the same values."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import docx
import pytest

from camket.core.form_06a import Figures
from camket.core.plan import Period
from camket.core.wording.numbers import format_number
from camket.dossiers.queries.form_06a import form_06a
from camket.org.policy import NotAllowed
from camket.paper.conformity import check_document
from camket.paper.writing.docx import write_docx
from camket.reporting import calendar
from camket.reporting.filled_papers import dossiers_paper, result_sentences
from people import People
from records import add_fields, add_procedures, count_facts, random_facts

TODAY = date(2026, 9, 18)
NOW = datetime(2026, 9, 18, 3, tzinfo=UTC)
QUARTER = Period(date(2026, 6, 15), date(2026, 9, 14))


@pytest.fixture
def row(people: People) -> calendar.Owed:
    fields = add_fields(people.agency)
    procedures = add_procedures(people.agency, fields, people.an.person_id)
    facts = random_facts(
        7,
        400,
        fields=[each.pk for each in fields],
        procedures=[each.pk for each in procedures],
        units=[each.pk for each in people.agency.units.all()],
    )
    count_facts(people.agency, facts)
    line = next(each for each in calendar.catalogue() if each.key == "dossiers.quarter")
    calendar.begin_calendar(
        actor=people.an,
        valid_from=TODAY,
        source="",
        chosen=[replace(line, addressee="UBND tỉnh Bắc Giang")],
        now=NOW,
    )
    return calendar.owed_in(people.an, 2026)[0]


def test_the_document_reads_back_to_the_figures_and_has_the_form(people: People, row: calendar.Owed) -> None:
    assert row.period == QUARTER
    data = write_docx(dossiers_paper(people.an, row, TODAY))
    file = docx.Document(io.BytesIO(data))
    total = form_06a(people.an, QUARTER, TODAY).total
    assert total.settled > 0
    assert total.rate is not None
    text = " ".join(" ".join(each.text for each in file.paragraphs).split())
    assert "Tình hình, kết quả giải quyết thủ tục hành chính (Biểu II.06a) quý III năm 2026" in text
    for number, words in (
        (total.received, "Tổng số hồ sơ tiếp nhận: {} hồ sơ"),
        (total.settled, "Đã giải quyết {} hồ sơ"),
        (total.late, "quá hạn {} hồ sơ"),
        (total.still_open, "Đang giải quyết {} hồ sơ"),
    ):
        assert words.format(format_number(number)) in text
    assert f"{total.early + total.on_time}/{total.settled}" in text
    last = file.tables[-1] if len(file.tables[-1].columns) == 13 else file.tables[-2]
    assert [cell.text for cell in last.rows[-1].cells][2:] == [format_number(each) for each in total.columns]
    assert [each.message for each in check_document(data).deviations] == []


def test_it_is_not_for_who_may_not_see_dossiers_and_not_for_other_subjects(
    people: People, row: calendar.Owed
) -> None:
    nobody = replace(people.an, roles=frozenset())
    with pytest.raises(NotAllowed):
        dossiers_paper(nobody, row, TODAY)
    with pytest.raises(ValueError, match="feedback"):
        dossiers_paper(people.an, replace(row, subject="feedback"), TODAY)


def test_a_change_against_last_year_is_said_in_hundredths() -> None:
    now = Figures(online=500, early=300, on_time=150, late=50)
    then = Figures(online=400, early=300, on_time=95, late=5)
    assert result_sentences(now, then)[-1] == (
        "So với cùng kỳ năm trước: hồ sơ đã giải quyết tăng 100 hồ sơ (cùng kỳ 400 hồ sơ); tỷ lệ đúng hạn giảm 8,75 điểm "
        "phần trăm (cùng kỳ 98,75%)."
    )


def test_nothing_that_arose_is_neither_nought_nor_all() -> None:
    assert result_sentences(Figures(), Figures()) == ("Trong kỳ không phát sinh hồ sơ.",)
