"""Across a real merger: two communes of 2025 are one in 2026, and its figures are compared with theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camket.core.dossier_clock import Course
from camket.core.dossiers import LimitUnit, State, TimeLimit
from camket.core.formulas import Formula, Term, to_json
from camket.core.plan import Period
from camket.dossiers.models import Batch
from camket.indicators import comparing
from camket.indicators.comparing import (
    NotComparable,
    YearOnYear,
    continue_indicator,
    year_on_year,
)
from camket.indicators.models import Continuation, Indicator, Reading
from camket.journal.models import Entry
from camket.org import operations
from camket.org.models import Agency, Person, Role
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People, actor_of, make_agency, make_person
from seeded import batch_of, dossier_of, keep, procedures_of

HALF_2026 = Period(date(2026, 1, 1), date(2026, 6, 30))
YEAR_2026 = Period(date(2026, 1, 1), date(2026, 12, 31))
HALF_2025 = Period(date(2025, 1, 1), date(2025, 6, 30))


def indicator(agency: Agency, name: str, **fields: object) -> Indicator:
    return Indicator.objects.create(agency=agency, name=name, **{"measure": "ratio", "unit": "%", **fields})


def feed(row: Indicator, span: Period, part: int, whole: int | None = None, **fields: object) -> Reading:
    person = Person.objects.order_by("pk")[0]
    values: dict[str, object] = {
        "numerator": Decimal(part) if whole is not None else None,
        "denominator": Decimal(whole) if whole is not None else None,
        "value": None if whole is not None else Decimal(part),
        "state": "confirmed",
        "source": "Sổ theo dõi",
        "entered_at": datetime(2026, 7, 1, tzinfo=UTC),
        "entered_by": person,
    }
    return Reading.objects.create(
        agency=row.agency, indicator=row, period_start=span.start, period_end=span.end, **{**values, **fields}
    )


@dataclass(frozen=True)
class Merged:
    """The commune that Bình Yên and Suối Xa became on 1 January 2026, with its secretary."""

    commune: Agency
    secretary: Actor
    on_time: Indicator
    before: tuple[Indicator, Indicator]


@pytest.fixture
def merged(people: People) -> Merged:
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(code__startswith="H00.").update(parent=province)
    admin = actor_of(make_person(province, "Đỗ Đăng Khoa", "khoa", Role.ADMINISTRATOR), province)
    before = (
        indicator(people.agency, "98% hồ sơ giải quyết đúng hạn"),
        indicator(people.other_agency, "Từ 95 % trở lên hồ sơ giải quyết đúng hạn"),
    )
    feed(before[0], HALF_2025, 90, 100)
    feed(before[1], HALF_2025, 199, 200)
    opened = operations.open_agency(
        actor=admin, code="H00.10", name="UBND xã Bình Suối", level="commune",
        valid_from=date(2026, 1, 1), today=TODAY,
    )  # fmt: skip
    operations.record_succession(
        actor=admin,
        predecessor_ids=[people.agency.pk, people.other_agency.pk],
        successor_ids=[opened.agency_id],
        kind="merger",
        on=date(2026, 1, 1),
        decision="Nghị quyết 1656/NQ-UBTVQH15",
        today=TODAY,
    )
    commune = Agency.objects.get(pk=opened.agency_id)
    secretary = actor_of(make_person(commune, "Vũ Thị Giang", "giang", Role.SECRETARY), commune)
    on_time = indicator(commune, "99% hồ sơ giải quyết đúng hạn")
    feed(on_time, HALF_2026, 291, 300)
    return Merged(commune, secretary, on_time, before)


def compared(merged: Merged, row: Indicator | None = None) -> YearOnYear:
    found = year_on_year(merged.secretary, (row or merged.on_time).pk, HALF_2026, HALF_2026.end)
    assert found is not None
    return found


def test_the_cases_of_both_communes_are_added(merged: Merged) -> None:
    found = compared(merged).comparison
    assert found.then is not None
    assert (found.then.figure.numerator, found.then.figure.denominator) == (289, 300)
    assert [each.part.name for each in found.parts] == ["UBND xã Bình Yên", "UBND xã Suối Xa"]
    assert str(found.difference) == "0,67 percentage points up"
    assert found.notes == ()


def test_it_is_known_which_rows_each_commune_gave(merged: Merged, people: People) -> None:
    assert compared(merged).indicators == {
        people.agency.pk: merged.before[0].pk,
        people.other_agency.pk: merged.before[1].pk,
    }


def test_readings_that_wait_or_were_withdrawn_do_not_count(merged: Merged) -> None:
    Reading.objects.filter(indicator=merged.before[1]).update(state="entered")
    found = compared(merged).comparison
    assert found.then is None
    assert [str(note) for note in found.notes] == [
        "UBND xã Suối Xa has no figure of that period; nothing is added for it."
    ]


def test_other_kinds_and_units_are_not_taken_for_the_same(merged: Merged) -> None:
    Indicator.objects.filter(pk=merged.before[0].pk).update(unit="")
    assert [each.result is None for each in compared(merged).comparison.parts] == [True, False]


def test_two_that_look_alike_are_not_guessed_and_the_secretary_chooses(
    merged: Merged, people: People
) -> None:
    twin = indicator(people.agency, "97% hồ sơ giải quyết đúng hạn")
    feed(twin, HALF_2025, 40, 50)
    found = compared(merged).comparison
    assert found.then is None
    assert found.parts[0].part.is_ambiguous
    continue_indicator(
        actor=merged.secretary, indicator_id=merged.on_time.pk, agency_id=people.agency.pk,
        predecessor_indicator_id=twin.pk, period=HALF_2026, today=TODAY,
    )  # fmt: skip
    found = compared(merged).comparison
    assert found.then is not None
    assert found.then.figure.denominator == 250
    entry = Entry.objects.filter(agency=merged.commune).latest("sequence")
    assert (entry.verb, entry.after) == (
        "indicator.continued",
        {"predecessor": "UBND xã Bình Yên", "same_as": "97% hồ sơ giải quyết đúng hạn"},
    )


def test_a_secretary_names_an_indicator_of_other_wording_and_takes_it_back(
    merged: Merged, people: People
) -> None:
    other = indicator(people.agency, "Tỷ lệ giải quyết thủ tục hành chính trong thời hạn")
    feed(other, HALF_2025, 60, 60)
    rows = [(each.name, each.is_used, each.is_alike) for each in compared(merged).candidates]
    assert rows == [
        ("98% hồ sơ giải quyết đúng hạn", True, True),
        ("Tỷ lệ giải quyết thủ tục hành chính trong thời hạn", False, False),
        ("Từ 95 % trở lên hồ sơ giải quyết đúng hạn", True, True),
    ]  # fmt: skip

    def choose(indicator_id: int | None) -> None:
        continue_indicator(
            actor=merged.secretary, indicator_id=merged.on_time.pk, agency_id=people.agency.pk,
            predecessor_indicator_id=indicator_id, period=HALF_2026, today=TODAY,
        )  # fmt: skip

    choose(other.pk)
    assert compared(merged).indicators[people.agency.pk] == other.pk
    choose(None)
    assert people.agency.pk not in compared(merged).indicators
    choose(merged.before[0].pk)
    assert compared(merged).indicators[people.agency.pk] == merged.before[0].pk
    entries = Entry.objects.count()
    choose(merged.before[0].pk)
    assert Entry.objects.count() == entries, "the same choice again records nothing"


def test_only_indicators_of_the_line_of_the_same_kind_can_be_chosen(merged: Merged, people: People) -> None:
    beside = make_agency("H01", "UBND xã Khác")
    foreign = indicator(beside, "99% hồ sơ giải quyết đúng hạn")
    feed(foreign, HALF_2025, 1, 1)
    count = indicator(people.agency, "Số vụ", measure="value", unit="vụ")
    feed(count, HALF_2025, 5)
    for agency, row in ((beside, foreign), (people.agency, count), (people.other_agency, merged.before[0])):
        with pytest.raises(NotComparable):
            continue_indicator(
                actor=merged.secretary, indicator_id=merged.on_time.pk, agency_id=agency.pk,
                predecessor_indicator_id=row.pk, period=HALF_2026, today=TODAY,
            )  # fmt: skip
    assert not Continuation.objects.exists()


def test_strangers_and_officers_choose_nothing(merged: Merged, people: People) -> None:
    officer = replace(merged.secretary, roles=frozenset({"officer"}))
    given = {
        "indicator_id": merged.on_time.pk, "agency_id": people.agency.pk,
        "predecessor_indicator_id": merged.before[0].pk, "period": HALF_2026, "today": TODAY,
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        continue_indicator(actor=officer, **given)
    with pytest.raises(Indicator.DoesNotExist):
        continue_indicator(actor=people.chi, **given)
    with pytest.raises(Indicator.DoesNotExist):
        year_on_year(people.chi, merged.on_time.pk, HALF_2026, HALF_2026.end)
    assert not Continuation.objects.exists()


def test_the_same_agency_is_compared_with_its_own_plan_of_last_year(people: People) -> None:
    old = indicator(people.agency, "98% hồ sơ giải quyết đúng hạn năm 2025")
    feed(old, HALF_2025, 95, 100)
    new = indicator(people.agency, "99% hồ sơ giải quyết đúng hạn năm 2026")
    feed(new, HALF_2026, 97, 100)
    found = year_on_year(people.an, new.pk, HALF_2026, HALF_2026.end)
    assert found is not None
    assert str(found.comparison.difference) == "2 percentage points up"
    assert not found.comparison.is_of_several


def test_a_merger_in_mid_year_adds_each_agency_for_its_days(people: People) -> None:
    """Suối Xa went into Bình Yên on 1 July 2025: the year 2025 is both, each until or from then."""
    Agency.objects.filter(pk=people.other_agency.pk).update(valid_to=None)
    operations.record_succession(
        actor=None, predecessor_ids=[people.other_agency.pk], successor_ids=[people.agency.pk],
        kind="merger", on=date(2025, 7, 1), decision="NQ", today=TODAY,
    )  # fmt: skip
    year_2025, year_2026 = (Period(date(year, 1, 1), date(year, 12, 31)) for year in (2025, 2026))
    taken_in = indicator(people.other_agency, "Số vụ việc hòa giải", measure="value", unit="vụ")
    feed(taken_in, HALF_2025, 7)
    own = indicator(people.agency, "Số vụ việc hòa giải", measure="value", unit="vụ")
    feed(own, year_2025, 20)
    feed(own, year_2026, 30)
    found = year_on_year(people.an, own.pk, year_2026, year_2026.end)
    assert found is not None
    assert found.comparison.then is not None
    assert found.comparison.then.figure.value == 27
    assert [each.part.span for each in found.comparison.parts] == [year_2025, HALF_2025]
    assert str(found.comparison.difference) == "3 up (11,1 %)"


def test_a_new_agency_without_predecessors_has_nothing_to_compare_with(people: People) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(valid_from=date(2026, 1, 1))
    row = indicator(people.agency, "99% hồ sơ giải quyết đúng hạn")
    assert year_on_year(people.an, row.pk, HALF_2026, HALF_2026.end) is None
    feed(row, HALF_2026, 1, 1)
    found = year_on_year(people.an, row.pk, HALF_2026, HALF_2026.end)
    assert found is not None
    assert (found.comparison.parts, found.comparison.then) == ((), None)


def test_comparing_takes_four_statements_however_many_agencies(merged: Merged) -> None:
    comparing._key.cache_clear()
    with CaptureQueriesContext(connection) as captured:
        compared(merged)
    assert len(captured) == 4


ON_TIME = Formula("dossiers", (Term("early"), Term("on_time")), (Term("finished"),), {}, 100)


def settle(agency: Agency, year: int, number: int, *, late: int = 0) -> None:
    """Count dossiers of one January, received on the 5th, due on the 15th and settled on the 9th or the 20th."""
    procedure, batch = procedures_of(agency)[0], batch_of(agency)
    keep(
        [
            dossier_of(
                batch,
                procedure,
                f"{agency.code}-{year % 100}0105-{each:04d}",
                Course(
                    state=State.RETURNED,
                    received_at=datetime(year, 1, 5, 8),
                    limit=TimeLimit(LimitUnit.WORKING_DAYS, Decimal(8)),
                    due_given=datetime(year, 1, 15, 16),
                    finished_at=datetime(year, 1, 20 if each < late else 9, 9),
                ),
            )
            for each in range(number)
        ]
    )
    Batch.objects.filter(pk=batch.pk).update(as_of=date(year, 6, 30))


def test_what_is_counted_now_is_counted_then_in_each_commune(merged: Merged, people: People) -> None:
    Indicator.objects.filter(pk=merged.on_time.pk).update(formula=to_json(ON_TIME))
    settle(merged.commune, 2026, 20, late=1)
    settle(people.agency, 2025, 10, late=1)

    period = comparing.period_compared(merged.secretary, merged.on_time.pk, YEAR_2026, TODAY)
    found = compared(merged).comparison

    assert period is not None
    assert period.start == YEAR_2026.start
    assert (found.now.figure.numerator, found.now.figure.denominator) == (19, 20)
    results = [each.result for each in found.parts]
    assert results[0] is not None
    assert results[1] is not None
    assert (results[0].figure.numerator, results[0].figure.denominator) == (9, 10)  # counted, not the reading
    assert (results[1].figure.numerator, results[1].figure.denominator) == (
        199,
        200,
    )  # its records tell nothing


def test_records_brought_over_from_the_communes_before_stand_for_them(merged: Merged) -> None:
    Indicator.objects.filter(pk=merged.on_time.pk).update(formula=to_json(ON_TIME))
    settle(merged.commune, 2025, 4)
    settle(merged.commune, 2026, 5)

    found = compared(merged).comparison

    assert [each.part.key for each in found.parts] == [merged.commune.pk]
    assert found.then is not None
    assert found.then.figure.denominator == 4
