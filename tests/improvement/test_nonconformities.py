"""A nonconformity from its proposal or finding to the judgement of its effect, with its gates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from camket.actions import operations as tasks
from camket.actions.many import act_on_tasks
from camket.actions.models import Task
from camket.core.causes import read_branch
from camket.core.many import Wanted
from camket.core.messages import Refusal
from camket.core.nonconformity import NotComplete
from camket.core.workflow import NONCONFORMITY, NotPossible
from camket.improvement.given import DayNotPossible, StrangerNamed, TextMissing
from camket.improvement.models import CorrectiveStep, CycleRules, Nonconformity
from camket.improvement.operations import nonconformities as operations
from camket.improvement.operations.nonconformities import NewNonconformity, NewStep, Proposed
from camket.improvement.queries import nonconformities as queries
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.org.models import Role
from camket.org.policy import Actor, NotAllowed
from figures import make_plan_in_force, read, share, targets_of
from people import People, actor_of, make_person
from work import NOW, TODAY, at

LATE = NewNonconformity(
    source="other",
    title="Hồ sơ đất đai trả quá hạn không có thư xin lỗi",
    text="Ba hồ sơ quá hạn trong tháng 5 không kèm thư xin lỗi.",
    found_on=TODAY,
    clause="8.7",
)
STEP = NewStep(
    "Bổ sung người thay vào bản phân công", TODAY + timedelta(days=10), expected="Bản phân công mới"
)


def raised(people: People, **changed: Any) -> Nonconformity:
    """Bình's nonconformity in the unit of Bình and Dũng."""
    economy = people.agency.units.order_by("order")[1]
    values: dict[str, Any] = {"unit_id": economy.pk, "owner_id": people.binh.person_id, **changed}
    return operations.raise_nonconformity(actor=people.binh, what=replace(LATE, **values), now=NOW)


def filled(people: People, row: Nonconformity, *steps: NewStep) -> None:
    """Bình corrects, analyses and plans."""
    same: dict[str, Any] = {"actor": people.binh, "nonconformity_id": row.pk, "now": NOW}
    operations.correct(correction="Đã gửi ba thư xin lỗi", corrected_on=TODAY, consequences="", **same)
    operations.analyse(
        branches=[read_branch("Quy trình", "Không ai soát hồ sơ sắp đến hạn\n> Bản phân công bỏ sót")],
        root_cause="Bản phân công không giao việc soát hồ sơ",
        similar="Đã xem lĩnh vực hộ tịch: không có",
        no_action="",
        **same,
    )
    for step in steps or (replace(STEP, person_id=people.binh.person_id),):
        operations.add_step(step=step, **same)


def acting(people: People, **changed: Any) -> Nonconformity:
    """One whose plan Châu approved."""
    row = raised(people, **changed)
    filled(people, row)
    operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=None, now=NOW)
    operations.approve_plan(actor=people.chau, nonconformity_id=row.pk, now=NOW)
    row.refresh_from_db()
    return row


def judging(people: People, **changed: Any) -> Nonconformity:
    """One whose only step Dũng accepted."""
    row = acting(people, **changed)
    done(people, row)
    row.refresh_from_db()
    return row


def done(people: People, row: Nonconformity) -> None:
    task = Task.objects.get(corrective_step__nonconformity=row)
    tasks.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=NOW)
    tasks.accept_task(actor=people.dung, task_id=task.pk, now=NOW)


def told(actor: Actor) -> list[str]:
    rows = Notification.objects.filter(person_id=actor.person_id, topic="improvement").order_by("pk")
    return [str(each.message["template"]) for each in rows]


class TestRaising:
    def test_it_gets_its_number_in_the_book_of_the_year_and_a_day_for_its_plan(self, people: People) -> None:
        first, second = raised(people), raised(people, title="Khác")
        assert [(each.year, each.serial) for each in (first, second)] == [(2026, 1), (2026, 2)]
        assert first.plan_due_on is not None
        assert first.plan_due_on > TODAY + timedelta(days=15)
        entry = Entry.objects.filter(verb="nonconformity.raised").earliest("pk")
        assert entry.after is not None
        assert (entry.by_id, entry.after["serial"]) == (people.binh.person_id, 1)

    def test_who_sees_to_it_is_told(self, people: People) -> None:
        operations.raise_nonconformity(
            actor=people.an, what=replace(LATE, owner_id=people.binh.person_id), now=NOW
        )
        assert [each[:30] for each in told(people.binh)] == ["%(by)s gives you a nonconformi"]

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"title": "  "}, TextMissing),
            ({"text": ""}, TextMissing),
            ({"found_on": TODAY + timedelta(days=1)}, DayNotPossible),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, people: People, changed: dict[str, Any], error: type[Refusal]
    ) -> None:
        with pytest.raises(error):
            raised(people, **changed)
        assert not Nonconformity.objects.exists()

    def test_another_agencys_unit_person_and_target_do_not_exist(self, people: People) -> None:
        stranger = people.other_agency.units.first()
        assert stranger is not None
        with pytest.raises(type(stranger).DoesNotExist):
            raised(people, unit_id=stranger.pk)
        with pytest.raises(StrangerNamed):
            raised(people, owner_id=people.chi.person_id)
        row = raised(people)
        for act in (operations.submit_plan, operations.approve_plan, operations.dismiss):
            with pytest.raises(Nonconformity.DoesNotExist):
                act(actor=people.chi, nonconformity_id=row.pk, now=NOW, **needed(act))

    def test_a_change_of_other_words_leaves_the_day_of_the_report_after_an_inspection(
        self, people: People
    ) -> None:
        row = raised(people, source="inspection", inspected_on=date(2026, 6, 15))
        same: dict[str, Any] = {"actor": people.an, "nonconformity_id": row.pk, "now": NOW}
        what = operations.NewNonconformity("inspection", "Lời khác", row.text, row.found_on)
        operations.describe(what=what, **same)
        row.refresh_from_db()
        assert (row.title, row.report_due_on) == ("Lời khác", date(2026, 8, 15))
        operations.describe(what=replace(what, inspected_on=date(2026, 6, 20)), **same)
        row.refresh_from_db()
        assert row.report_due_on == date(2026, 8, 20)
        operations.describe(what=replace(what, source="other"), **same)
        row.refresh_from_db()
        assert row.report_due_on is None

    @pytest.mark.parametrize(
        "days",
        [
            {"found_on": TODAY + timedelta(days=1)},
            {"found_on": date(1990, 1, 1)},
            {"source": "inspection", "inspected_on": TODAY + timedelta(days=1)},
        ],
    )
    def test_days_that_cannot_be_are_refused(self, people: People, days: dict[str, Any]) -> None:
        with pytest.raises(DayNotPossible):
            raised(people, **days)
        assert not Nonconformity.objects.exists()

    def test_what_an_inspection_found_is_reported_in_two_months(self, people: People) -> None:
        row = raised(people, source="inspection", inspected_on=date(2026, 6, 30))
        assert row.report_due_on == date(2026, 8, 30)
        with pytest.raises(DayNotPossible):
            operations.note_report(
                actor=people.binh, nonconformity_id=row.pk, reported_on=TODAY + timedelta(days=1), now=NOW
            )
        operations.note_report(actor=people.binh, nonconformity_id=row.pk, reported_on=TODAY, now=NOW)
        row.refresh_from_db()
        assert row.reported_on == TODAY


def needed(act: Any) -> dict[str, Any]:
    """What else an act asks for."""
    more: dict[Any, dict[str, Any]] = {
        operations.submit_plan: {"judge_on": None},
        operations.dismiss: {"reason": "x"},
        operations.cancel: {"reason": "x"},
        operations.return_plan: {"reason": "x"},
        operations.reopen: {"reason": "x"},
        operations.judge: {"is_effective": True, "text": "x"},
        operations.take_up: {"unit_id": None, "owner_id": None},
        operations.add_step: {"step": STEP},
        operations.correct: {"correction": "x", "corrected_on": None, "consequences": ""},
        operations.analyse: {
            "branches": (),
            "root_cause": "",
            "similar": "",
            "no_action": "",
        },
    }
    return more.get(act, {})


ACT_OF = {
    operations.submit_plan: "submit",
    operations.dismiss: "dismiss",
    operations.cancel: "cancel",
    operations.return_plan: "return",
    operations.approve_plan: "approve",
    operations.reopen: "reopen",
    operations.judge: "judge_effective",
    operations.take_up: "raise",
    operations.correct: "correct",
    operations.analyse: "analyse",
    operations.add_step: "plan",
}


@pytest.mark.parametrize("state", NONCONFORMITY.states)
def test_every_forbidden_act_is_refused_in_every_state(people: People, state: str) -> None:
    row = raised(people)
    Nonconformity.objects.filter(pk=row.pk).update(state=state)
    able = replace(people.chau, roles=frozenset({Role.SECRETARY, Role.CHAIRMAN}))
    refused = set()
    for operation, act in ACT_OF.items():
        if act in NONCONFORMITY.acts(state):
            continue
        with pytest.raises(NotPossible):
            operation(actor=able, nonconformity_id=row.pk, now=NOW, **needed(operation))
        refused.add(act)
    assert refused == set(ACT_OF.values()) - NONCONFORMITY.acts(state)
    row.refresh_from_db()
    assert row.state == state


class TestProposals:
    def proposed(self, people: People) -> Nonconformity:
        (row,) = operations.propose(
            agency_id=people.agency.pk,
            proposals=[Proposed("target:1:2026-Q2", "target", "Không đạt", "94 %", TODAY, {"shown": "94 %"})],
            now=NOW,
        )
        return row

    def test_the_same_thing_is_proposed_once_and_has_no_number_yet(self, people: People) -> None:
        row = self.proposed(people)
        assert (row.state, row.serial, row.made_by) == ("proposed", None, None)
        again = [Proposed("target:1:2026-Q2", "target", "Không đạt", "94 %", TODAY, {})] * 2
        assert operations.propose(agency_id=people.agency.pk, proposals=again, now=NOW) == ()
        assert Entry.objects.get(verb="nonconformity.proposed").by_name == "Cam Kết"
        assert len(told(people.an)) == 1

    def test_it_is_taken_up_with_a_number_or_left_with_a_reason(self, people: People) -> None:
        row = self.proposed(people)
        with pytest.raises(ReasonMissing):
            operations.dismiss(actor=people.an, nonconformity_id=row.pk, reason=" ", now=NOW)
        operations.dismiss(actor=people.an, nonconformity_id=row.pk, reason="Do mất điện", now=NOW)
        assert self_proposals(people) == ()
        row = operations.take_up(
            actor=people.an,
            nonconformity_id=row.pk,
            unit_id=None,
            owner_id=people.binh.person_id,
            now=NOW,
        )
        assert (row.state, row.serial, row.dismissal) == ("open", 1, "")
        with pytest.raises(NotAllowed):
            operations.cancel(actor=people.dung, nonconformity_id=row.pk, reason="x", now=NOW)


def self_proposals(people: People) -> tuple[Nonconformity, ...]:
    again = [Proposed("target:1:2026-Q2", "target", "Không đạt", "94 %", TODAY, {})]
    return operations.propose(agency_id=people.agency.pk, proposals=again, now=NOW)


class TestPlan:
    def test_it_is_not_submitted_before_correction_cause_and_steps(self, people: People) -> None:
        row = raised(people)
        with pytest.raises(NotComplete) as refused:
            operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=None, now=NOW)
        assert len(refused.value.lacks) == 5
        filled(people, row)
        operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=None, now=NOW)
        row.refresh_from_db()
        assert row.state == "planned"
        assert any("submits a plan" in each for each in told(people.chau))

    def test_where_a_correction_is_enough_a_reason_stands_for_the_plan(self, people: People) -> None:
        row = raised(people)
        same: dict[str, Any] = {"actor": people.binh, "nonconformity_id": row.pk, "now": NOW}
        operations.correct(correction="Đã sửa", corrected_on=TODAY, consequences="", **same)
        operations.analyse(
            branches=(), root_cause="", similar="Không", no_action="Lỗi gõ máy một lần", **same
        )
        operations.submit_plan(judge_on=TODAY, **same)
        operations.approve_plan(actor=people.chau, nonconformity_id=row.pk, now=NOW)
        row.refresh_from_db()
        assert (row.state, row.judge_on) == ("judging", TODAY)
        assert not Task.objects.exists()

    def test_its_effect_is_not_judged_before_its_last_step(self, people: People) -> None:
        row = raised(people)
        filled(people, row)
        with pytest.raises(DayNotPossible):
            operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=TODAY, now=NOW)

    def test_who_submitted_it_does_not_approve_it(self, people: People) -> None:
        row = raised(people)
        filled(people, row)
        chau = replace(people.chau, roles=frozenset({Role.CHAIRMAN, Role.SECRETARY}))
        operations.submit_plan(actor=chau, nonconformity_id=row.pk, judge_on=None, now=NOW)
        with pytest.raises(operations.OwnPlan):
            operations.approve_plan(actor=chau, nonconformity_id=row.pk, now=NOW)
        with pytest.raises(NotAllowed):
            operations.approve_plan(actor=people.an, nonconformity_id=row.pk, now=NOW)

    def test_it_comes_back_with_a_reason_and_is_changed(self, people: People) -> None:
        row = raised(people)
        filled(people, row)
        operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=None, now=NOW)
        operations.return_plan(actor=people.chau, nonconformity_id=row.pk, reason="Thiếu hạn", now=NOW)
        step = row.steps.get()
        later = replace(STEP, text="Việc khác", person_id=people.dung.person_id)
        operations.change_step(
            actor=people.binh, nonconformity_id=row.pk, step_id=step.pk, step=later, now=NOW
        )
        operations.drop_step(actor=people.binh, nonconformity_id=row.pk, step_id=step.pk, now=NOW)
        with pytest.raises(CorrectiveStep.DoesNotExist):
            operations.drop_step(actor=people.binh, nonconformity_id=row.pk, step_id=step.pk, now=NOW)
        with pytest.raises(NotComplete):
            operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=None, now=NOW)
        assert any("returns the plan" in each for each in told(people.binh))

    def test_only_its_owner_its_unit_and_the_secretary_treat_it(self, people: People) -> None:
        office = people.agency.units.order_by("order")[0]
        stranger = actor_of(
            make_person(people.agency, "Vũ Văn Em", "em", Role.OFFICER, office), people.agency
        )
        row = raised(people)
        for actor in (stranger, people.chau):
            with pytest.raises(NotAllowed):
                operations.correct(
                    actor=actor, nonconformity_id=row.pk, now=NOW, **needed(operations.correct)
                )
        for actor in (people.an, people.dung, people.binh):
            operations.correct(actor=actor, nonconformity_id=row.pk, now=NOW, **needed(operations.correct))

    def test_a_step_that_fell_due_while_it_waited_is_refused(self, people: People) -> None:
        row = raised(people)
        filled(people, row)
        operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=None, now=NOW)
        with pytest.raises(DayNotPossible):
            operations.approve_plan(
                actor=people.chau, nonconformity_id=row.pk, now=at(TODAY + timedelta(days=11))
            )
        row.refresh_from_db()
        assert row.state == "planned"
        assert not Task.objects.exists()


class TestCarryingOut:
    def test_steps_become_tasks_and_the_last_accepted_one_leads_on(self, people: People) -> None:
        row = acting(people)
        task = Task.objects.get()
        assert task.assignee_id == people.binh.person_id
        assert task.action.when == f"KPH 01/2026: {LATE.title}"
        with pytest.raises(NotPossible):
            operations.judge(actor=people.an, nonconformity_id=row.pk, is_effective=True, text="x", now=NOW)
        done(people, row)
        row.refresh_from_db()
        assert (row.state, row.judge_on) == ("judging", TODAY + timedelta(days=90))
        assert any("to be judged" in each for each in told(people.an))

    def test_the_agencys_own_days_count(self, people: People) -> None:
        CycleRules.objects.create(agency=people.agency, judge_days=7, plan_days=3, changed_at=NOW)
        row = judging(people)
        assert row.judge_on == TODAY + timedelta(days=7)
        assert row.plan_due_on is not None
        assert row.plan_due_on < TODAY + timedelta(days=7)

    def test_a_cancelled_step_counts_no_more_and_one_opened_again_brings_it_back(
        self, people: People
    ) -> None:
        row = acting(people)
        added = operations.add_step(
            actor=replace(people.chau, roles=frozenset({Role.CHAIRMAN, Role.SECRETARY})),
            nonconformity_id=row.pk,
            step=replace(STEP, text="Việc thêm", person_id=people.dung.person_id),
            now=NOW,
        )
        assert added.task is not None
        done_task = Task.objects.exclude(pk=added.task_id).get()
        tasks.submit_task(actor=people.binh, task_id=done_task.pk, result="Xong", now=NOW)
        tasks.accept_task(actor=people.dung, task_id=done_task.pk, now=NOW)
        row.refresh_from_db()
        assert row.state == "acting"
        tasks.cancel_task(actor=people.an, task_id=added.task_id, reason="Trùng", now=NOW)
        row.refresh_from_db()
        assert row.state == "judging"
        tasks.reopen_task(actor=people.an, task_id=done_task.pk, reason="Chưa xong", now=NOW)
        row.refresh_from_db()
        assert row.state == "acting"

    def test_other_tasks_lead_nothing_on(self, people: People) -> None:
        row = acting(people)
        other = tasks.add_task(
            actor=people.an,
            task=tasks.NewTask("Việc khác", TODAY, person_id=people.binh.person_id),
            now=NOW,
        )
        tasks.submit_task(actor=people.binh, task_id=other.pk, result="Xong", now=NOW)
        tasks.accept_task(actor=people.dung, task_id=other.pk, now=NOW)
        row.refresh_from_db()
        assert row.state == "acting"


class TestJudging:
    LATER = at(TODAY + timedelta(days=100))

    def test_it_is_closed_when_somebody_else_finds_it_effective(self, people: People) -> None:
        row = judging(people)
        with pytest.raises(DayNotPossible):
            operations.judge(
                actor=people.an, nonconformity_id=row.pk, is_effective=True, text="Không tái diễn", now=NOW
            )
        with pytest.raises(TextMissing):
            operations.judge(
                actor=people.an, nonconformity_id=row.pk, is_effective=True, text=" ", now=self.LATER
            )
        planner = replace(people.binh, roles=frozenset({Role.AUDITOR}))
        with pytest.raises(operations.OwnPlan):
            operations.judge(
                actor=planner, nonconformity_id=row.pk, is_effective=True, text="x", now=self.LATER
            )
        check = operations.judge(
            actor=people.an, nonconformity_id=row.pk, is_effective=True, text="Không tái diễn", now=self.LATER
        )
        row.refresh_from_db()
        assert (row.state, row.closed_by_id, check.figures) == ("closed", people.an.person_id, {})

    def test_what_has_no_effect_is_open_again_for_another_plan(self, people: People) -> None:
        row = judging(people)
        operations.judge(
            actor=people.an, nonconformity_id=row.pk, is_effective=False, text="Tháng sau lại trễ", now=NOW
        )
        row.refresh_from_db()
        assert (row.state, row.closed_at) == ("open", None)
        with pytest.raises(NotComplete):
            operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=None, now=NOW)
        operations.add_step(
            actor=people.binh,
            nonconformity_id=row.pk,
            step=replace(STEP, text="Việc mới", person_id=people.binh.person_id),
            now=NOW,
        )
        operations.submit_plan(actor=people.binh, nonconformity_id=row.pk, judge_on=None, now=NOW)

    def test_it_comes_back_with_a_reason(self, people: People) -> None:
        row = judging(people)
        operations.judge(
            actor=people.an, nonconformity_id=row.pk, is_effective=True, text="Đạt", now=self.LATER
        )
        with pytest.raises(ReasonMissing):
            operations.reopen(actor=people.an, nonconformity_id=row.pk, reason="", now=self.LATER)
        row = operations.reopen(actor=people.an, nonconformity_id=row.pk, reason="Tái diễn", now=self.LATER)
        assert (row.state, row.serial, row.closed_at) == ("open", 1, None)

    @pytest.mark.parametrize("is_effective", [True, False])
    def test_what_was_treated_is_not_declared_none(self, people: People, *, is_effective: bool) -> None:
        row = judging(people)
        operations.judge(
            actor=people.an, nonconformity_id=row.pk, is_effective=is_effective, text="Đã xem", now=self.LATER
        )
        if is_effective:
            operations.reopen(actor=people.an, nonconformity_id=row.pk, reason="Tái diễn", now=self.LATER)
        assert "cancel" not in queries.nonconformity(people.an, row.pk, TODAY).acts
        with pytest.raises(operations.AlreadyTreated):
            operations.cancel(actor=people.an, nonconformity_id=row.pk, reason="Không phải", now=self.LATER)
        row.refresh_from_db()
        assert row.state == "open"

    def test_the_verdict_of_its_target_stands_in_the_check(self, people: People) -> None:
        target = targets_of(make_plan_in_force(people))[0]
        read(people, target, share(99, 100))
        row = judging(people, target_id=target.pk)
        judged: dict[str, Any] = {"nonconformity_id": row.pk, "is_effective": True, "text": "Kỳ này đạt"}
        with pytest.raises(operations.NotBorneOut, match="no figure yet of days after"):
            operations.judge(actor=people.an, now=self.LATER, **judged)
        Task.objects.update(done_on=date(2026, 6, 29))
        check = operations.judge(actor=people.an, now=self.LATER, **judged)
        assert (check.figures["covered_to"], check.figures["acted_on"]) == ("2026-06-30", "2026-06-29")
        assert check.figures["target"] == target.pk
        assert check.figures["state"] in {"met", "on_track", "at_risk"}
        assert "99" in str(check.figures["sentence"])


def test_steps_accepted_many_at_once_lead_on_too(people: People) -> None:
    row = acting(people)
    task = Task.objects.get()
    tasks.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=NOW)
    act_on_tasks(actor=people.dung, act="accept", task_ids=[task.pk], wanted=Wanted(), now=NOW)
    row.refresh_from_db()
    assert row.state == "judging"
