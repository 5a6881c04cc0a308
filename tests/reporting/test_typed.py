"""A figure typed by hand is shown to who writes, approves and issues, with what was measured."""

from __future__ import annotations

import pytest

from camket.reporting import operations, parts, queries
from camket.reporting.models import Report
from camket.reporting.typed import HandTyped, typed_in_part, typed_in_report
from people import People
from reporting.year import HALF, NOW, TODAY, Year, make_year

FALSE = "Tỷ lệ hồ sơ giải quyết đúng hạn đạt 99,9 %."


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


@pytest.fixture
def draft(people: People, year: Year) -> Report:
    return operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )


def typed(people: People, report: Report) -> list[HandTyped]:
    row, content = queries.report_and_content(people.an, report.pk, TODAY)
    return list(typed_in_report(content, row.sentences))


def write(people: People, report: Report, **wording: object) -> None:
    operations.write_remarks(
        actor=people.an,
        report_id=report.pk,
        wording=operations.Wording(**wording),  # type: ignore[arg-type]
        today=TODAY,
    )


def test_proposed_sentences_hold_none(people: People, draft: Report) -> None:
    assert typed(people, draft) == []


def test_a_false_figure_is_named_with_what_was_measured(people: People, year: Year, draft: Report) -> None:
    write(people, draft, assessment="Có 45 lượt khảo sát", sentences={year.on_time.pk: FALSE})
    first, second = typed(people, draft)
    assert (first.field, first.of, first.differs) == ("sentence", year.on_time.text, True)
    assert [(each.text, each.measured) for each in first.figures] == [("99,9 %", "99\xa0%")]
    assert (second.field, [each.text for each in second.figures]) == ("assessment", ["45"])


def test_a_units_part_is_looked_at_too(people: People, draft: Report) -> None:
    unit = people.agency.units.order_by("order")[1]
    (row,) = parts.ask_units(
        actor=people.an, report_id=draft.pk, unit_ids=[unit.pk], due_on=TODAY, wish="", now=NOW
    )
    parts.write_part(
        actor=people.dung, part_id=row.pk, typed=parts.Typed(difficulties="Chỉ đạt 71,5%"), now=NOW
    )
    kept = parts.part(people.an, row.pk)
    (found,) = typed_in_part(kept, parts.part_content(people.an, kept, TODAY))
    assert (found.field, found.figures[0].text) == ("difficulties", "71,5%")
