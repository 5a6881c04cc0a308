"""The courses of a year: what the plan holds, what entries name alike, how many were held."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from camket.core.formulas import Formula, Term
from camket.core.plan import Period
from camket.indicators.sources import source
from camket.indicators.sources.door import Wanted
from camket.org.policy import Actor
from camket.registers import queries
from camket.registers.models import ListItem
from camket.registers.operations import ValuesRefused, enter, save_item, withdraw
from camket.registers.queries import CourseRow
from people import People

NOW = datetime(2026, 8, 3, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
COURSE = "Kỹ năng chuyển đổi số"


def attend(people: People, who: Actor, course: str = COURSE, **said: object) -> int:
    """Enter that somebody took part in a course in May, unless said otherwise."""
    values = {"title": course, "on": "04/05/2026", "outcome": "attended", **said}
    return enter(actor=people.an, register="training", values={"person": who.person_id, **values}, now=NOW).pk


def plan(people: People, name: str = COURSE, year: int = 2026, **said: object) -> ListItem:
    return save_item(actor=people.an, register="training", name=name, values={"year": year, **said}, now=NOW)


def rows_of(people: People, year: int = 2026) -> dict[str, CourseRow]:
    return {each.name: each for each in queries.courses_of_year(people.an, year).rows}


def figures_of(people: People, upto: date = date(2026, 12, 31)) -> list[tuple[date, Decimal | None]]:
    """Return what the indicator of courses held gives up to the ends of the months that tell something."""
    wanted = Wanted(
        people.an.agency_id,
        Formula("training", (Term("courses", 1),)),
        Period(date(2026, 1, 1), upto),
    )
    (found,) = source("training").figures([wanted], today=TODAY)  # type: ignore[attr-defined]
    return [(each.period.end, each.value) for each in found]


@pytest.mark.django_db
class TestWhatIsOneCourse:
    def test_entries_that_name_it_alike_are_one_course(self, people: People) -> None:
        attend(people, people.binh)
        attend(people, people.chau, "  kỹ năng  Chuyển đổi số", on="05/05/2026")
        attend(people, people.chau, "Nghiệp vụ văn thư", on="09/06/2026")
        assert [(each.name, each.attended) for each in rows_of(people).values()] == [
            (COURSE, 2),
            ("Nghiệp vụ văn thư", 1),
        ]
        assert figures_of(people)[-1] == (date(2026, 12, 31), Decimal(2))

    def test_a_course_counts_on_the_first_day_on_which_anybody_had_attended_it(self, people: People) -> None:
        attend(people, people.binh, on="04/05/2026", ends_on="06/05/2026")
        attend(people, people.chau, on="02/03/2026")
        assert figures_of(people)[0] == (date(2026, 3, 31), Decimal(1))
        assert figures_of(people)[-1][1] == Decimal(1)

    def test_what_nobody_attended_and_what_only_informs_is_no_course_held(self, people: People) -> None:
        attend(people, people.binh, "Chưa học", outcome="planned")
        attend(people, people.binh, "Vắng", outcome="absent")
        attend(people, people.binh, "Quán triệt nghị quyết", kind="informed")
        gone = attend(people, people.binh, "Ghi nhầm")
        withdraw(actor=people.an, entry_id=gone, reason="Ghi nhầm", now=NOW)
        assert {value for _day, value in figures_of(people)} == {Decimal(0)}
        assert set(rows_of(people)) == {"Chưa học", "Vắng", "Quán triệt nghị quyết"}


@pytest.mark.django_db
class TestThePlan:
    def test_a_course_of_the_plan_is_found_by_its_name(self, people: People) -> None:
        line = plan(people, planned_on="10/05/2026", hours="16", places="30", held_by="Sở Nội vụ")
        attend(people, people.binh, amount="12,5", on="11/05/2026", ends_on="13/05/2026")
        attend(people, people.chau, amount="3,5", on="11/05/2026", outcome="completed")
        attend(people, people.an, on="11/05/2026", outcome="absent", amount="16")
        assert queries.courses_of_year(people.an, 2026) == queries.Courses(
            2026,
            (
                CourseRow(
                    name=COURSE,
                    item_id=line.pk,
                    planned_on=date(2026, 5, 10),
                    hours=Decimal(16),
                    places=30,
                    held_by="Sở Nội vụ",
                    first=date(2026, 5, 11),
                    last=date(2026, 5, 13),
                    registered=3,
                    attended=2,
                    absent=1,
                    attended_hours=Decimal(16),
                ),
            ),
            2,
        )

    def test_a_course_that_nobody_attended_by_its_day_is_late(self, people: People) -> None:
        plan(people, "Đã quá ngày", planned_on="02/08/2026")
        plan(people, "Hôm nay", planned_on="03/08/2026")
        plan(people, "Không rõ ngày")
        assert [name for name, each in rows_of(people).items() if each.is_late(TODAY)] == ["Đã quá ngày"]

    def test_a_course_comes_again_in_another_year_and_once_in_one(self, people: People) -> None:
        plan(people, planned_on="10/05/2026")
        plan(people, year=2027)
        with pytest.raises(ValuesRefused) as refused:
            plan(people, COURSE.upper())
        assert [each.field for each in refused.value.problems] == ["name"]
        assert set(rows_of(people, 2027)) == {COURSE}
        assert ListItem.objects.count() == 2

    @pytest.mark.parametrize(
        ("year", "day", "field"), [(26, "", "year"), (2026, "10/05/2027", "planned_on"), ("", "", "year")]
    )
    def test_a_plan_for_no_year_is_refused(self, people: People, year: object, day: str, field: str) -> None:
        with pytest.raises(ValuesRefused) as refused:
            plan(people, year=year, planned_on=day)  # type: ignore[arg-type]
        assert [each.field for each in refused.value.problems] == [field]
        assert not ListItem.objects.exists()
