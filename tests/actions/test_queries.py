from __future__ import annotations

from datetime import date, timedelta

import pytest

from camket.actions import operations, queries
from camket.actions.feeds import reader_of, renew_feed_key
from camket.actions.models import Action, Task, Trigger
from camket.actions.queries import Standing, TaskFilter
from people import TODAY, People
from work import NOW, QUARTERLY, at, in_force, make_action, make_task, submitted_task, unit_of


def test_standings_by_day_and_state(people: People) -> None:
    task = make_task(people, {"kind": "by", "date": "2026-08-30"})  # Sunday: ready by 28/8, late after 3/9
    standings = {
        date(2026, 7, 1): Standing.OPEN,
        date(2026, 8, 14): Standing.SOON,
        date(2026, 8, 28): Standing.DUE,
        date(2026, 9, 3): Standing.DUE,
        date(2026, 9, 4): Standing.OVERDUE,
    }
    for day, standing in standings.items():
        row = queries.task_detail(people.an, task.pk, day).row
        assert row.standing is standing, day
    assert row.is_overdue
    assert row.days_late == 7


def test_done_in_the_laws_grace_is_not_late(people: People) -> None:
    task = make_task(people, {"kind": "by", "date": "2026-08-30"})
    operations.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=at(date(2026, 9, 3)))
    operations.accept_task(actor=people.an, task_id=task.pk, now=at(date(2026, 9, 10)))
    assert queries.task_detail(people.an, task.pk, date(2026, 9, 10)).row.standing is Standing.DONE


def test_done_after_the_last_day_is_late(people: People) -> None:
    task = submitted_task(people, text="x")
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 6, 1), late_after=date(2026, 6, 1))
    operations.accept_task(actor=people.an, task_id=task.pk, now=NOW)
    row = queries.task_detail(people.an, task.pk, TODAY).row
    assert (row.standing, row.is_late) == (Standing.DONE_LATE, True)
    assert queries.counts(people.an, TODAY).done_late == 1


def test_my_work_sorts_by_urgency(people: People) -> None:
    overdue = make_task(people, {"kind": "by", "date": "2026-06-10"})
    soon = make_task(people, {"kind": "by", "date": "2026-07-10"})
    later = make_task(people, {"kind": "by", "date": "2026-12-10"})
    elsewhere = make_task(people, lead=unit_of(people, 2))
    returned = submitted_task(people)
    operations.return_task(actor=people.an, task_id=returned.pk, reason="Thiếu", now=NOW)
    sent = submitted_task(people)
    work = queries.my_work(people.binh, TODAY)
    assert [row.id for row in work.overdue] == [overdue.pk]
    assert [row.id for row in work.returned] == [returned.pk]
    assert [row.id for row in work.soon] == [soon.pk]
    assert [row.id for row in work.later] == [later.pk]
    assert [row.id for row in work.submitted] == [sent.pk]
    assert work.to_review == ()
    assert not work.is_empty
    assert elsewhere.pk not in {row.id for row in (*work.overdue, *work.soon, *work.later)}


def test_a_task_assigned_to_one_leaves_the_others_lists(people: People) -> None:
    task = make_task(people)
    operations.assign_task(actor=people.an, task_id=task.pk, person_id=people.dung.person_id, now=NOW)
    assert queries.my_work(people.binh, TODAY).is_empty
    assert [row.id for row in queries.my_work(people.dung, TODAY).soon] == [task.pk]


def test_work_of_all_sections_is_everybodys(people: People) -> None:
    whole = people.agency.units.create(name="Các đơn vị", kind="all", order=9)
    task = make_task(people, lead=whole)
    assert [row.id for row in queries.my_work(people.binh, TODAY).soon] == [task.pk]
    assert queries.my_work(people.chi, TODAY).is_empty


def test_a_second_lead_sees_the_task(people: People) -> None:
    task = make_task(people, lead=unit_of(people, 2))
    task.action.bodies.create(part="lead", text="Bình", person_id=people.binh.person_id, order=1)
    assert [row.id for row in queries.my_work(people.binh, TODAY).soon] == [task.pk]


def test_submissions_wait_for_those_who_may_review(people: People) -> None:
    task = submitted_task(people)
    for actor in (people.an, people.chau, people.dung):
        assert [row.id for row in queries.my_work(actor, TODAY).to_review] == [task.pk]
    for actor in (people.binh, people.chi):
        assert queries.my_work(actor, TODAY).to_review == ()


@pytest.fixture
def several(people: People) -> dict[str, int]:
    tasks = {
        "overdue": make_task(people, {"kind": "by", "date": "2026-06-10"}, text="Đăng tải danh mục"),
        "soon": make_task(people, {"kind": "by", "date": "2026-07-10"}, lead=unit_of(people, 0)),
        "later": make_task(people, {"kind": "by", "date": "2026-12-10"}),
        "cancelled": make_task(people),
        "submitted": submitted_task(people),
    }
    operations.cancel_task(actor=people.an, task_id=tasks["cancelled"].pk, reason="Bỏ", now=NOW)
    operations.assign_task(
        actor=people.an, task_id=tasks["later"].pk, person_id=people.binh.person_id, now=NOW
    )
    return {name: task.pk for name, task in tasks.items()}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (TaskFilter(), {"overdue", "soon", "later", "submitted"}),
        (TaskFilter(state="todo"), {"overdue", "soon", "later"}),
        (TaskFilter(state="overdue"), {"overdue"}),
        (TaskFilter(state="soon"), {"soon"}),
        (TaskFilter(state="due"), set()),
        (TaskFilter(state="open"), {"overdue", "soon", "later"}),
        (TaskFilter(state="returned"), set()),
        (TaskFilter(state="submitted"), {"submitted"}),
        (TaskFilter(state="done"), set()),
        (TaskFilter(state="done_late"), set()),
        (TaskFilter(state="cancelled"), {"cancelled"}),
        (TaskFilter(start=date(2026, 7, 1), end=date(2026, 7, 31)), {"soon", "submitted"}),
        (TaskFilter(words="đăng tải"), {"overdue"}),
        (TaskFilter(words="không có gì như vậy"), set()),
    ],
)
def test_lists_are_narrowed(
    people: People, several: dict[str, int], filters: TaskFilter, expected: set[str]
) -> None:
    page, rows = queries.task_list(people.binh, filters, TODAY)
    assert {row.id for row in rows} == {several[name] for name in expected}
    assert page.paginator.count == len(expected)
    assert [row.due_on for row in rows] == sorted(row.due_on for row in rows)


def test_lists_by_unit_person_and_action(people: People, several: dict[str, int]) -> None:
    office = unit_of(people, 0).pk
    assert [row.id for row in queries.task_list(people.an, TaskFilter(unit_id=office), TODAY)[1]] == [
        several["soon"]
    ]
    binh = people.binh.person_id
    assert [row.id for row in queries.task_list(people.an, TaskFilter(person_id=binh), TODAY)[1]] == [
        several["later"]
    ]
    action = Task.objects.get(pk=several["later"]).action_id
    assert [row.id for row in queries.task_list(people.an, TaskFilter(action_id=action), TODAY)[1]] == [
        several["later"]
    ]
    assert queries.task_list(people.an, TaskFilter(objective_id=1), TODAY)[1] == ()


def test_lists_are_grouped_in_the_units_order(people: People, several: dict[str, int]) -> None:
    rows = queries.task_list(people.an, TaskFilter(), TODAY, by="unit")[1]
    assert [group.name for group in queries.grouped(rows, "unit")] == [
        unit_of(people, 0).name,
        unit_of(people, 1).name,
    ]
    rows = queries.task_list(people.an, TaskFilter(), TODAY, by="person")[1]
    assert {group.name: len(group.rows) for group in queries.grouped(rows, "person")} == {
        "": 3,
        "Trần Văn Bình": 1,
    }


def test_counts_for_the_dashboard(people: People, several: dict[str, int]) -> None:
    found = queries.counts(people.an, TODAY)
    assert (found.open, found.overdue, found.soon, found.submitted, found.cancelled, found.all) == (
        3,
        1,
        1,
        1,
        1,
        4,
    )
    assert queries.counts(people.chi, TODAY).all == 0
    assert queries.counts(people.an, TODAY, TaskFilter(state="overdue")).open == 1


def test_overdue_by_unit(people: People) -> None:
    make_task(people, {"kind": "by", "date": "2026-06-10"})
    make_task(people, {"kind": "by", "date": "2026-05-11"})
    make_task(people, {"kind": "by", "date": "2026-06-11"}, lead=unit_of(people, 0))
    make_task(people, {"kind": "by", "date": "2026-07-10"}, lead=unit_of(people, 2))
    found = queries.overdue_by_unit(people.chau, TODAY)
    assert [(each.unit_name, each.count, each.oldest_due_on) for each in found] == [
        (unit_of(people, 1).name, 2, date(2026, 5, 11)),
        (unit_of(people, 0).name, 1, date(2026, 6, 11)),
    ]
    assert queries.overdue_by_unit(people.chi, TODAY) == []


def test_due_soon(people: People, several: dict[str, int]) -> None:
    assert [row.id for row in queries.due_soon(people.an, TODAY)] == [several["soon"]]
    assert queries.due_soon(people.an, TODAY, days=3) == []
    assert len(queries.due_soon(people.an, TODAY, days=365, limit=1)) == 1


def test_what_a_closed_plan_left_undone_presses_nobody(people: People) -> None:
    left = [
        make_task(people, {"kind": "by", "date": day}) for day in ("2026-06-10", "2026-07-10", "2026-12-10")
    ]
    returned = submitted_task(people)
    operations.return_task(actor=people.an, task_id=returned.pk, reason="Thiếu", now=NOW)
    sent = submitted_task(people)
    key = renew_feed_key(actor=people.binh, now=NOW)
    Action.objects.update(state=Action.State.ENDED)

    assert queries.overdue_by_unit(people.an, TODAY) == []
    assert queries.due_soon(people.an, TODAY) == []
    work = queries.my_work(people.binh, TODAY)
    assert (work.overdue, work.returned, work.soon, work.later, work.later_count) == ((), (), (), (), 0)
    found = queries.counts(people.an, TODAY)
    assert (found.open, found.overdue, found.soon, found.submitted) == (0, 0, 0, 1)
    for state in ("todo", "overdue", "soon", "due", "open", "returned"):
        assert queries.task_list(people.an, TaskFilter(state=state), TODAY)[1] == (), state
    assert queries.feed_tasks(reader_of(key, TODAY), TODAY) == ()

    everything = {task.pk for task in (*left, returned, sent)}
    assert {row.id for row in queries.task_list(people.an, TaskFilter(), TODAY)[1]} == everything
    actions = Action.objects.values("pk")
    due = queries.tasks_due(people.an, actions, date(2026, 1, 1), date(2026, 12, 31), TODAY)
    assert {row.id for row in due} == everything
    assert next(row for row in due if row.action_id == left[0].action_id).is_overdue
    # Its reviewer can still accept what was submitted in time.
    assert [row.id for row in queries.my_work(people.an, TODAY).to_review] == [sent.pk]


def test_tasks_of_actions_due_in_a_period(people: People) -> None:
    first, second = make_action(people, QUARTERLY), make_action(people, {"kind": "continuous"})
    in_force(people, first)
    ids = [first.pk, second.pk]
    found = queries.tasks_due(people.binh, ids, date(2026, 1, 1), date(2026, 9, 30), TODAY)
    assert [row.action_id for row in found] == [first.pk] * 3
    assert str(found[0].label) == "Quarter I/2026"
    assert [row.due_on for row in found] == sorted(row.due_on for row in found)
    cancelled = Task.objects.get(pk=found[0].id)
    cancelled.state = Task.State.CANCELLED
    cancelled.save()
    assert len(queries.tasks_due(people.binh, ids, date(2026, 1, 1), date(2026, 9, 30), TODAY)) == 2
    assert queries.tasks_due(people.chi, ids, date(2026, 1, 1), date(2026, 12, 31), TODAY) == ()


def test_a_tasks_page_says_what_each_may_do(people: People) -> None:
    task = submitted_task(people, monitor=unit_of(people, 0))
    may = {
        name: (
            (detail := queries.task_detail(getattr(people, name), task.pk, TODAY)).can_report,
            detail.can_review,
            detail.is_own_submission,
            detail.can_manage,
            detail.can_assign,
        )
        for name in ("an", "binh", "chau", "dung")
    }
    assert may == {
        "an": (True, True, False, True, True),
        "binh": (True, False, True, False, False),
        "chau": (False, True, False, False, False),
        "dung": (True, True, False, False, True),
    }
    with pytest.raises(Task.DoesNotExist):
        queries.task_detail(people.chi, task.pk, TODAY)


def test_a_returned_tasks_page_gives_the_reason(people: People) -> None:
    task = submitted_task(people)
    operations.return_task(actor=people.an, task_id=task.pk, reason="Thiếu chữ ký", now=NOW)
    assert queries.task_detail(people.binh, task.pk, TODAY).return_reason == "Thiếu chữ ký"


def _busy_days(month: queries.CalendarMonth) -> list[queries.CalendarCell]:
    return [cell for week in month.weeks for cell in week if cell.is_in_month and cell.tasks]


def test_the_calendar_shows_tasks_and_days_off(people: People) -> None:
    task = make_task(people, {"kind": "by", "date": "2026-08-28"})
    mine = make_task(people, {"kind": "by", "date": "2026-08-27"}, lead=unit_of(people, 0))
    month = queries.calendar_month(people.binh, 2026, 8, TODAY)
    cells = {cell.day: cell for week in month.weeks for cell in week}
    assert len(cells) == 42
    assert [row.id for row in cells[date(2026, 8, 28)].tasks] == [task.pk]
    assert not cells[date(2026, 8, 31)].is_working
    assert cells[date(2026, 8, 22)].is_working
    assert cells[date(2026, 9, 2)].day_name == "Quốc khánh"
    assert (month.previous, month.next, month.count, month.is_confirmed) == ((2026, 7), (2026, 9), 2, True)
    assert [cell.day.day for cell in _busy_days(month)] == [27, 28]
    only = queries.calendar_month(people.an, 2026, 8, TODAY, only_mine=True)
    assert [row.id for cell in _busy_days(only) for row in cell.tasks] == [mine.pk]
    assert queries.calendar_month(people.chi, 2026, 8, TODAY).count == 0


def test_a_busy_day_gives_its_first_tasks_and_counts_the_rest(people: People) -> None:
    for _ in range(queries.DAY_ROWS + 2):
        make_task(people, {"kind": "by", "date": "2026-08-28"})
    (busy,) = _busy_days(queries.calendar_month(people.binh, 2026, 8, TODAY))
    assert (len(busy.tasks), busy.count, busy.hidden) == (queries.DAY_ROWS, queries.DAY_ROWS + 2, 2)


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (1999, 1), (2101, 1)])
def test_no_month_of_nowhere(people: People, year: int, month: int) -> None:
    with pytest.raises(Task.DoesNotExist):
        queries.calendar_month(people.an, year, month, TODAY)


@pytest.mark.parametrize(
    ("month", "neighbours"), [(1, ((2026, 12), (2027, 2))), (12, ((2027, 11), (2028, 1)))]
)
def test_months_go_over_the_years_end(people: People, month: int, neighbours: object) -> None:
    found = queries.calendar_month(people.an, 2027, month, TODAY)
    assert ((found.previous, found.next), found.is_confirmed) == (neighbours, False)


def test_triggers_say_how_often_they_happened(people: People) -> None:
    action = make_action(
        people, {"kind": "on_event", "event": "Khi có thay đổi", "within": {"days": 5, "working": True}}
    )
    in_force(people, action)
    trigger = action.triggers.get()
    for days in (20, 3):
        operations.fire_trigger(
            actor=people.binh,
            trigger_id=trigger.pk,
            happened_on=TODAY - timedelta(days=days),
            note="",
            now=NOW,
        )
    row = queries.trigger_row(people.binh, trigger.pk)
    assert (row.times, row.latest_on, row.can_fire, row.within_days) == (2, date(2026, 6, 28), True, 5)
    assert not queries.trigger_row(people.chau, trigger.pk).can_fire
    with pytest.raises(Trigger.DoesNotExist):
        queries.trigger_row(people.chi, trigger.pk)


def test_triggers_of_ended_actions_are_not_listed(people: People) -> None:
    action = make_action(people, {"kind": "on_event", "event": "đột xuất"})
    in_force(people, action)
    Action.objects.filter(pk=action.pk).update(state="ended")
    assert queries.trigger_list(people.an) == ()


def test_a_long_list_takes_two_statements(people: People, django_assert_num_queries: object) -> None:
    weekly = {"kind": "every", "period": "week"}
    in_force(people, make_action(people, weekly), make_action(people, weekly))
    with django_assert_num_queries(2):  # type: ignore[operator]
        page, rows = queries.task_list(people.an, TaskFilter(), TODAY)
    assert (len(rows), page.paginator.num_pages) == (queries.PAGE_SIZE, 2)


def test_my_work_of_a_hundred_and_more_counts_the_rest(people: People) -> None:
    weekly = {"kind": "every", "period": "week"}
    in_force(people, *[make_action(people, weekly) for _number in range(4)])
    work = queries.my_work(people.binh, date(2026, 12, 31))
    assert len(work.overdue) + len(work.soon) == queries.URGENT_ROWS
    assert work.urgent_hidden == 4 * 53 - queries.URGENT_ROWS


def test_my_work_takes_few_statements(people: People, django_assert_max_num_queries: object) -> None:
    for _number in range(5):
        submitted_task(people)
        make_task(people, QUARTERLY, {"kind": "on_event", "event": "đột xuất"})
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        queries.my_work(people.an, TODAY)
