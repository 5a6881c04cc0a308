"""Units beside each other: counted as the lists that the numbers lead to, seen by who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.actions.models import Task
from camket.actions.queries import TaskFilter, tasks_by_unit
from camket.actions.queries import counts as task_counts
from camket.core.plan import Period
from camket.objectives import verdicts
from camket.objectives.operations import UnitDecision, merge_unit
from camket.org.policy import Actor, NotAllowed
from camket.reporting.queries import units_to_report
from camket.reporting.unit_targets import targets_by_unit, units_that_report
from camket.reporting.units import unit_comparison
from people import People
from reporting.year import TODAY, Year, make_year
from work import NOW

SignedIn = Callable[[Actor], Client]
WHOLE = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


def test_tasks_are_counted_as_their_list_counts_them(people: People, year: Year) -> None:
    found = unit_comparison(people.chau, WHOLE, TODAY)
    assert found.is_whole
    assert len(found.lines) == found.count + any(each.unit_id is None for each in found.lines)
    for line in found.lines:
        if line.unit_id is None:
            continue
        wanted = TaskFilter(unit_id=line.unit_id, start=WHOLE.start, end=WHOLE.end)
        listed = task_counts(people.chau, TODAY, wanted)
        assert (line.tasks.done, line.tasks.done_late, line.tasks.overdue) == (
            listed.done,
            listed.done_late,
            listed.overdue,
        )
    assert found.every.tasks.done_late == 1
    assert found.every.tasks.overdue == 1


def test_a_period_narrows_the_work_and_cancelled_tasks_are_none(people: People, year: Year) -> None:
    whole = tasks_by_unit(people.an, WHOLE.start, WHOLE.end, TODAY)
    first = tasks_by_unit(people.an, date(2026, 1, 1), date(2026, 3, 31), TODAY)
    assert sum(each.total for each in first.values()) == 1
    assert sum(each.in_time for each in first.values()) == 1
    Task.objects.filter(pk=year.overdue.pk).update(state=Task.State.CANCELLED)
    now = tasks_by_unit(people.an, WHOLE.start, WHOLE.end, TODAY)
    assert sum(each.total for each in now.values()) == sum(each.total for each in whole.values()) - 1


def test_objectives_stand_with_their_unit(people: People, year: Year) -> None:
    objective = year.on_time.objective
    unit = people.agency.units.get(pk=next(iter(people.dung.headed_unit_ids)))
    objective.owner = unit
    objective.save()
    verdicts.forget()
    lines = {each.unit_id: each for each in unit_comparison(people.chau, WHOLE, TODAY).lines}
    assert objective.pk in {each.objective_id for each in lines[unit.pk].objectives}
    for task in (year.done, year.overdue):
        working = {each.objective_id for each in lines[task.unit_id].objectives}
        assert task.action.placement.objective_id in working
    idle = next(
        each for each in lines.values() if each.unit_id and not each.tasks.total and each.unit_id != unit.pk
    )
    assert idle.targets == idle.reached == 0


def test_a_head_sees_the_own_unit_beside_the_average(people: People, year: Year, signed_in: SignedIn) -> None:
    found = unit_comparison(people.dung, WHOLE, TODAY)
    assert not found.is_whole
    assert {each.unit_id for each in found.lines} == set(people.dung.headed_unit_ids)
    assert found.every == unit_comparison(people.chau, WHOLE, TODAY).every
    page = signed_in(people.dung).get("/so-sanh-don-vi/").content.decode()
    others = people.agency.units.exclude(pk__in=people.dung.headed_unit_ids)
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert not any(each.name in table for each in others)
    assert "Trung bình" in page


def test_officers_and_strangers_see_none(people: People, year: Year, signed_in: SignedIn) -> None:
    with pytest.raises(NotAllowed):
        unit_comparison(people.binh, WHOLE, TODAY)
    assert signed_in(people.binh).get("/so-sanh-don-vi/").status_code == 403
    found = unit_comparison(people.chi, WHOLE, TODAY) if people.chi.roles & {"secretary"} else None
    assert found is None or not found.every.tasks.total


def test_the_page_chooses_a_period_and_leads_to_rows(people: People, year: Year, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    verdicts.forget()
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/so-sanh-don-vi/", {"ky": "2026-01-01_2026-03-31"}).content.decode()
    assert len(asked) <= 15
    assert "So sánh các đơn vị, Quý I/2026" in page
    unit_id = year.done.unit_id
    assert (
        f"/cong-viec/tat-ca/?trang_thai=done_late&amp;don_vi={unit_id}&amp;tu=01%2F01%2F2026&amp;den=31%2F03%2F2026"
        in page
    )
    for odd in ("x", "2026-01-01_2026-01-02", "2026-13-01_2026-01-02"):
        assert client.get("/so-sanh-don-vi/", {"ky": odd}).status_code == 200


def test_a_former_unit_stands_with_what_it_finished_and_who_took_over(
    people: People, year: Year, signed_in: SignedIn
) -> None:
    unit = year.done.unit
    assert unit is not None
    before = unit_comparison(people.chau, WHOLE, TODAY)
    (line,) = (each for each in before.lines if each.unit_id == unit.pk)
    into = next(each for each in people.agency.units.order_by("pk") if each.pk != unit.pk)
    merge_unit(
        actor=people.an,
        unit_id=unit.pk,
        into_id=into.pk,
        decision=UnitDecision("12/QĐ-UBND", TODAY, "Sắp xếp"),
        now=NOW,
    )
    verdicts.forget()
    found = unit_comparison(people.chau, WHOLE, TODAY)
    lines = {each.unit_id: each for each in found.lines}
    former = lines[unit.pk]
    assert (former.until, former.successors) == (TODAY - timedelta(days=1), (into.name,))
    assert (former.tasks.done, former.tasks.overdue) == (line.tasks.done, 0)
    assert lines[into.pk].until is None
    assert found.every.tasks == before.every.tasks, "nothing is lost, and nothing counted twice"
    assert found.count == before.count - 1
    assert former.objectives == ()
    page = signed_in(people.chau).get("/so-sanh-don-vi/").content.decode()
    assert f"đến 30/06/2026; sau đó là {into.name}" in page
    assert unit.pk not in dict(units_to_report(people.an, TODAY))


def test_the_targets_of_a_unit_are_those_that_its_reports_tell_of(people: People, year: Year) -> None:
    """An indicator that a unit measures makes that target the unit's, not the others of the same objective."""
    unit = people.agency.units.order_by("order")[1]
    indicator = year.on_time.indicator
    assert indicator is not None
    indicator.owner = unit
    indicator.save()
    verdicts.forget()
    own = targets_by_unit(year.plan.pk)
    lines = {each.unit_id: each for each in unit_comparison(people.chau, WHOLE, TODAY).lines}
    for unit_id, line in lines.items():
        if unit_id is not None:
            told = {target.target_id for each in line.objectives for target in each.targets}
            assert told == own.get(unit_id, set())
    assert lines[unit.pk].targets == 2
    assert year.late.pk not in own[unit.pk]
    assert set(units_that_report(people.agency.pk, WHOLE)) == {
        pk for pk, line in lines.items() if line.targets
    }
