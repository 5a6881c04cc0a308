from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from camket.core.cells import SheetUnreadable
from camket.core.plan import Period
from camket.core.reading_rows import COLUMNS, ReadingRow, read_rows
from camket.indicators import many
from camket.indicators.many import NothingChosen, RowState
from camket.indicators.models import Indicator, Reading
from camket.indicators.operations import OwnConfirmation
from camket.journal.models import Entry
from camket.objectives import entering, operations
from camket.org.policy import NotAllowed
from camket.paper.sheets import read_sheet
from figures import make_plan_in_force, read, share, targets_of
from people import TODAY, People
from work import NOW

HEADER = tuple(COLUMNS.values())
SPRING = ("2026-01-01", "2026-03-31")


def row(indicator: object, start: str = SPRING[0], end: str = SPRING[1], **cells: str) -> tuple[str, ...]:
    said = {"indicator": str(indicator), "start": start, "end": end, "source": "Sổ theo dõi", **cells}
    return tuple(said.get(name, "") for name in COLUMNS)


def rows_of(*rows: tuple[str, ...]) -> tuple[ReadingRow, ...]:
    return read_rows([(1, HEADER), *enumerate(rows, 2)]).rows


@pytest.fixture
def target(people: People) -> int:
    """Return the id of an indicator of a share, entered by hand."""
    plan = make_plan_in_force(people)
    return targets_of(plan)[0].indicator_id or 0


# — reading the sheet —


def test_titles_above_the_headings_and_blank_rows_do_no_harm() -> None:
    blank = row(7)[:13] + ("", "")
    found = read_rows([(1, ("SỐ LIỆU QUÝ I",)), (3, HEADER), (4, row(7, value="12,5")), (5, blank)])

    assert [(each.number, each.numbers["value"]) for each in found.rows] == [(4, Decimal("12.5"))]
    assert found.blank == 1


def test_a_sheet_without_the_headings_is_refused() -> None:
    with pytest.raises(SheetUnreadable, match="Mã chỉ số"):
        read_rows([(1, ("Họ và tên", "Chức vụ"))])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("98.5", "98.5"),
        ("98,5", "98.5"),
        ("1.234,5", "1234.5"),
        ("1234", "1234"),
        ("12%", "12"),
        ("0.1234", "0.1234"),
    ],
)
def test_numbers_are_read_as_people_and_spreadsheets_write_them(cell: str, expected: str) -> None:
    (found,) = rows_of(row(7, value=cell))

    assert found.numbers["value"] == Decimal(expected)
    assert found.problems == ()


@pytest.mark.parametrize("cell", ["2026-03-31", "31/03/2026", "31/3/2026", "46112", "46112.0"])
def test_days_are_read_as_people_write_them_and_as_cells_without_a_format_hold_them(cell: str) -> None:
    (found,) = rows_of(row(7, value="5", end=cell))

    assert (found.end, found.problems) == (date(2026, 3, 31), ())


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"value": "1.234"}, "H2"),
        ({"value": "nhiều"}, "H2"),
        ({"rank": "2,5"}, "J2"),
        ({"grade": "vàng"}, "I2"),
        ({"is_reached": "có lẽ"}, "L2"),
        ({"value": "5", "end": "31/13/2026"}, "E2"),
        ({"value": "5", "indicator": "A7"}, "A2"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(cells: dict[str, str], cell: str) -> None:
    (found,) = rows_of(row(cells.pop("indicator", 7), **cells))

    assert [problem.cell for problem in found.problems] == [cell]


# — checking and entering —


def test_a_check_keeps_nothing(people: People, target: int) -> None:
    entries = Entry.objects.count()
    rows = rows_of(row(target, numerator="98", denominator="100"))

    (found,) = many.check_rows(actor=people.binh, rows=rows, source="Tệp", now=NOW)

    assert (found.state, found.shown.replace("\N{NO-BREAK SPACE}", " ")) == (RowState.ADDED, "98 % (98/100)")
    assert not Reading.objects.exists()
    assert Entry.objects.count() == entries


def test_figures_are_entered_and_wait_for_another_person(people: People, target: int) -> None:
    rows = rows_of(row(target, numerator="98", denominator="100"))

    many.enter_rows(actor=people.binh, rows=rows, source="Tệp", now=NOW)

    reading = Reading.objects.get()
    assert (reading.state, reading.source, reading.entered_by_id) == (
        "entered",
        "Sổ theo dõi",
        people.binh.person_id,
    )
    assert Entry.objects.filter(verb="reading.entered").count() == 1


def test_the_same_sheet_again_changes_nothing(people: People, target: int) -> None:
    rows = rows_of(row(target, numerator="98", denominator="100"))
    many.enter_rows(actor=people.binh, rows=rows, source="Tệp", now=NOW)

    (again,) = many.enter_rows(actor=people.binh, rows=rows, source="Tệp", now=NOW)

    assert again.state is RowState.SAME
    assert Reading.objects.count() == 1


def test_a_figure_that_waits_is_replaced_and_stays_listed(people: People, target: int) -> None:
    many.enter_rows(
        actor=people.binh, rows=rows_of(row(target, numerator="98", denominator="100")), source="Tệp", now=NOW
    )

    (found,) = many.enter_rows(
        actor=people.binh, rows=rows_of(row(target, numerator="97", denominator="100")), source="Tệp", now=NOW
    )

    assert found.state is RowState.CHANGED
    assert sorted(Reading.objects.values_list("state", "numerator")) == [
        ("entered", Decimal(97)),
        ("withdrawn", Decimal(98)),
    ]


def test_a_confirmed_figure_is_not_overwritten(people: People, target: int) -> None:
    plan_target = Indicator.objects.get(pk=target).targets.get()
    read(people, plan_target, share(98, 100, Period(date(2026, 1, 1), date(2026, 3, 31))))

    (found,) = many.enter_rows(
        actor=people.binh, rows=rows_of(row(target, numerator="97", denominator="100")), source="Tệp", now=NOW
    )

    assert found.state is RowState.REFUSED
    assert "withdraw it" in found.problems[0].message.template
    assert Reading.objects.get().numerator == Decimal(98)


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"numerator": "101", "denominator": "100"}, "F2"),
        ({"numerator": "98"}, "F2"),
        ({"numerator": "9", "denominator": "10", "end": "2026-12-31"}, "E2"),
        ({"nothing_arose": "có"}, "O2"),
    ],
)
def test_the_rules_of_a_typed_figure_refuse_a_row(
    people: People, target: int, cells: dict[str, str], cell: str
) -> None:
    (found,) = many.enter_rows(actor=people.binh, rows=rows_of(row(target, **cells)), source="Tệp", now=NOW)

    assert (found.state, found.problems[0].cell) == (RowState.REFUSED, cell)
    assert not Reading.objects.exists()


def test_one_bad_row_does_not_keep_out_the_others(people: People, target: int) -> None:
    rows = rows_of(
        row(target, numerator="101", denominator="100"),
        row(target, "2026-04-01", "2026-06-30", numerator="99", denominator="100"),
    )

    found = many.enter_rows(actor=people.binh, rows=rows, source="Tệp", now=NOW)

    assert [each.state for each in found] == [RowState.REFUSED, RowState.ADDED]
    assert Reading.objects.get().numerator == Decimal(99)


def test_another_agency_s_indicator_is_not_known(people: People, target: int) -> None:
    rows = rows_of(row(target, numerator="98", denominator="100"))

    (found,) = many.enter_rows(actor=people.chi, rows=rows, source="Tệp", now=NOW)

    assert (found.state, found.problems[0].cell) == (RowState.REFUSED, "A2")
    assert not Reading.objects.exists()


def test_a_counted_indicator_takes_no_figure_by_hand(people: People, target: int) -> None:
    plan_target = Indicator.objects.get(pk=target).targets.get()
    operations.wire_target(actor=people.an, target_id=plan_target.pk, code="dossiers.on_time", today=TODAY)
    target = Indicator.objects.get(targets=plan_target).pk

    (found,) = many.enter_rows(
        actor=people.binh, rows=rows_of(row(target, numerator="98", denominator="100")), source="Tệp", now=NOW
    )

    assert found.state is RowState.REFUSED
    assert "counted from records" in found.problems[0].message.template


# — the template —


def test_the_template_comes_back_as_it_went_out(people: People, target: int) -> None:
    plan_target = Indicator.objects.get(pk=target).targets.get()
    plan_id = plan_target.objective.plan_id
    many.enter_rows(
        actor=people.binh, rows=rows_of(row(target, numerator="98", denominator="100")), source="Tệp", now=NOW
    )
    asked = entering.asked_by_hand(people.binh, plan_id, TODAY)

    sheet = read_sheet(many.template(people.binh, asked), "mau.xlsx")
    found = read_rows([(each.number, each.cells) for each in sheet.rows])

    assert [each.indicator_id for each in found.rows] == [target]
    (again,) = many.check_rows(actor=people.binh, rows=found.rows, source="mau.xlsx", now=NOW)
    assert again.state is RowState.SAME
    assert found.blank == len(asked) - 1


# — confirming many —


def test_figures_are_confirmed_together(people: People, target: int) -> None:
    rows = rows_of(
        row(target, numerator="98", denominator="100"),
        row(target, "2026-04-01", "2026-06-30", numerator="99", denominator="100"),
    )
    many.enter_rows(actor=people.binh, rows=rows, source="Tệp", now=NOW)
    ids = set(Reading.objects.values_list("pk", flat=True))

    done = many.confirm_readings(actor=people.an, reading_ids=ids, now=NOW + timedelta(hours=1))

    assert done == 2
    assert set(Reading.objects.values_list("state", flat=True)) == {"confirmed"}


def test_all_are_confirmed_or_none(people: People, target: int) -> None:
    many.enter_rows(
        actor=people.binh, rows=rows_of(row(target, numerator="98", denominator="100")), source="Tệp", now=NOW
    )
    many.enter_rows(
        actor=people.an,
        rows=rows_of(row(target, "2026-04-01", "2026-06-30", numerator="99", denominator="100")),
        source="Tệp",
        now=NOW,
    )

    with pytest.raises(OwnConfirmation):
        many.confirm_readings(
            actor=people.an, reading_ids=set(Reading.objects.values_list("pk", flat=True)), now=NOW
        )

    assert set(Reading.objects.values_list("state", flat=True)) == {"entered"}


def test_nothing_ticked_is_said(people: People, target: int) -> None:
    with pytest.raises(NothingChosen):
        many.confirm_readings(actor=people.an, reading_ids=(), now=NOW)


def test_an_officer_confirms_nothing(people: People, target: int) -> None:
    with pytest.raises(NotAllowed):
        many.confirm_readings(actor=people.binh, reading_ids={1}, now=NOW)
