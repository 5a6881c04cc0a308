"""A management review from its preparation to minutes, with every input considered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from announced import audit, finding
from camket.actions import operations as work
from camket.actions.models import Task
from camket.core.review import INPUTS
from camket.core.workflow import REVIEW, NotPossible
from camket.improvement import gathering
from camket.improvement.given import DayNotPossible, StrangerNamed, TextMissing
from camket.improvement.models import Audit, Auditor, Finding, Nonconformity, Review, ReviewDecision
from camket.improvement.operations import audits, nonconformities, risks
from camket.improvement.operations import reviews as operations
from camket.improvement.operations.reviews import Attendance, Member, NewDecision, NewReview
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.org.models import Unit
from camket.org.operations import deactivate_unit
from camket.org.policy import NotAllowed
from camket.voices.models import Feedback
from camket.voices.operations import feedback
from camket.voices.operations import feedback_intake as intake
from camket.voices.operations.feedback_intake import NewFeedback
from people import People
from work import NOW, TODAY, at, make_task

HALF = NewReview("Xem xét của lãnh đạo 6 tháng đầu năm", date(2026, 1, 1), date(2026, 6, 30), TODAY)


def prepared(people: People, **changed: Any) -> Review:
    review = replace(HALF, **{"chair_id": people.chau.person_id, **changed})
    members = [
        Member(people.chau.person_id),
        Member(people.dung.person_id),
        Member(name="Bà Lê Thị Hoa, Hội LHPN"),
    ]
    return operations.prepare(actor=people.an, review=review, members=members, now=NOW)


def convened(people: People) -> Review:
    row = prepared(people)
    return operations.convene(actor=people.an, review_id=row.pk, now=NOW)


def decision(people: People, **changed: Any) -> NewDecision:
    values: dict[str, Any] = {"person_id": people.binh.person_id, **changed}
    return NewDecision("resources", "Mua máy quét", TODAY + timedelta(days=30), **values)


def considered(people: People) -> Review:
    """With every input treated, attendance and a conclusion."""
    row = convened(people)
    same: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    for each in INPUTS:
        operations.consider(key=each.key, comment="Đã xem", nothing="", **same)
    attendance = [Attendance(each.pk, attended=True) for each in row.members.all()]
    operations.note_attendance(attendance=attendance, **same)
    operations.conclude(conclusion="Hệ thống có hiệu lực", **same)
    operations.keep_figures(figures=gathering.gather(people.an, row.pk, TODAY), **same)
    return row


def close(people: People, row: Review, now: Any = NOW) -> Review:
    return operations.close(
        actor=people.chau,
        review_id=row.pk,
        number="8/BB-UBND",
        minutes=lambda each: {"title": each.title},
        now=now,
    )


def test_all_inputs_of_the_standard_are_there_from_the_beginning(people: People) -> None:
    row = prepared(people)
    assert {each.key for each in row.inputs.all()} == {each.key for each in INPUTS}
    for wrong, error in (
        ({"title": ""}, TextMissing),
        ({"period_end": date(2025, 1, 1)}, DayNotPossible),
        ({"clerk_id": people.chi.person_id}, StrangerNamed),
    ):
        with pytest.raises(error):
            prepared(people, **wrong)
    with pytest.raises(NotAllowed):
        operations.prepare(actor=people.binh, review=HALF, members=(), now=NOW)


def test_members_are_asked_and_told_of_changes(people: People) -> None:
    row = convened(people)
    same: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    members = [Member(people.dung.person_id), Member(name="Bà Lê Thị Hoa, Hội LHPN")]
    kept = row.members.get(person_id=people.dung.person_id).pk
    review = replace(HALF, held_on=TODAY + timedelta(days=3), chair_id=people.chau.person_id)
    operations.change(review=review, members=members, **same)
    assert row.members.count() == 2
    assert row.members.get(person_id=people.dung.person_id).pk == kept
    said = Notification.objects.filter(person_id=people.dung.person_id, topic="improvement").order_by("pk")
    assert ["asked to" in said[0].message["template"], "changes" in said[1].message["template"]] == [
        True,
        True,
    ]
    nobody = operations.prepare(actor=people.an, review=HALF, members=(), now=NOW)
    with pytest.raises(operations.ReviewIncomplete) as refused:
        operations.convene(actor=people.an, review_id=nobody.pk, now=NOW)
    assert len(refused.value.lacks) == 2


def test_what_was_gathered_says_what_changed_since(people: People) -> None:
    row = prepared(people)
    keep: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    assert operations.keep_figures(figures={"c1": {"rate": "92 %"}}, **keep) == ("c1",)
    assert operations.keep_figures(figures={"c1": {"rate": "92 %"}, "c2": {"met": 3}}, **keep) == ("c2",)
    with pytest.raises(KeyError):
        operations.keep_figures(figures={"z": {}}, **keep)


def test_it_is_not_closed_while_an_input_has_no_word(people: People) -> None:
    row = considered(people)
    operations.consider(actor=people.an, review_id=row.pk, key="c7", comment="", nothing="", now=NOW)
    with pytest.raises(operations.ReviewIncomplete) as refused:
        close(people, row)
    assert [each.params.get("key") for each in refused.value.lacks] == ["c7"]
    operations.consider(
        actor=people.an, review_id=row.pk, key="c7", comment="", nothing="Không thuê ngoài", now=NOW
    )
    with pytest.raises(NotAllowed):
        operations.close(actor=people.an, review_id=row.pk, number="", minutes=lambda each: {}, now=NOW)
    row = close(people, row)
    assert (row.state, row.number, row.minutes) == ("closed", "8/BB-UBND", {"title": HALF.title})


def test_decisions_become_tasks_with_the_minutes(people: People) -> None:
    row = considered(people)
    same: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    made = operations.decide(decision=decision(people, input_key="d"), **same)
    other = operations.decide(decision=decision(people), **same)
    operations.drop_decision(decision_id=other.pk, **same)
    operations.decide(decision=replace(decision(people), text="Mua hai máy"), decision_id=made.pk, **same)
    assert not Task.objects.exists()
    close(people, row)
    task = Task.objects.get()
    assert (task.assignee_id, str(task.action), task.action.when) == (
        people.binh.person_id, "Mua hai máy", HALF.title,
    )  # fmt: skip
    assert ReviewDecision.objects.get().task == task
    following = prepared(people)
    assert following.follows_id == row.pk


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"text": " "}, TextMissing),
        ({"person_id": None}, TextMissing),
        ({"due_on": TODAY - timedelta(days=1)}, DayNotPossible),
        ({"input_key": "z"}, KeyError),
    ],
)
def test_a_decision_says_what_who_and_when(people: People, changed: dict[str, Any], error: type) -> None:
    row = convened(people)
    with pytest.raises(error):
        operations.decide(
            actor=people.an, review_id=row.pk, decision=replace(decision(people), **changed), now=NOW
        )


def test_it_is_closed_on_its_day_at_the_earliest_and_with_days_that_lie_ahead(people: People) -> None:
    row = considered(people)
    operations.decide(actor=people.an, review_id=row.pk, decision=decision(people), now=NOW)
    with pytest.raises(DayNotPossible):
        close(people, row, at(TODAY + timedelta(days=31)))
    Review.objects.filter(pk=row.pk).update(held_on=TODAY + timedelta(days=1))
    with pytest.raises(DayNotPossible):
        close(people, row)
    assert not Task.objects.exists()


def test_it_is_cancelled_with_a_reason_and_another_agencys_does_not_exist(people: People) -> None:
    row = prepared(people)
    with pytest.raises(ReasonMissing):
        operations.cancel(actor=people.an, review_id=row.pk, reason="", now=NOW)
    with pytest.raises(Review.DoesNotExist):
        operations.cancel(actor=people.chi, review_id=row.pk, reason="x", now=NOW)
    operations.cancel(actor=people.an, review_id=row.pk, reason="Bão", now=NOW)
    assert Entry.objects.get(verb="review.cancelled").reason == "Bão"


@pytest.mark.parametrize("state", REVIEW.states)
def test_every_forbidden_act_is_refused_in_every_state(people: People, state: str) -> None:
    row = prepared(people)
    Review.objects.filter(pk=row.pk).update(state=state)
    same: dict[str, Any] = {"review_id": row.pk, "now": NOW}
    acts: dict[str, Any] = {
        "prepare": lambda: operations.change(actor=people.an, review=HALF, members=(), **same),
        "treat": lambda: operations.consider(actor=people.an, key="a", comment="x", nothing="", **same),
        "convene": lambda: operations.convene(actor=people.an, **same),
        "cancel": lambda: operations.cancel(actor=people.an, reason="x", **same),
        "decide": lambda: operations.decide(actor=people.an, decision=decision(people), **same),
        "close": lambda: close(people, row),
    }
    for act in set(acts) - REVIEW.acts(state):
        with pytest.raises(NotPossible):
            acts[act]()


def test_figures_are_those_of_the_period_and_its_last_day_whatever_happens_later(people: People) -> None:
    """What is closed, done, rated, settled or written down after the cut-off day changes nothing."""
    before = at(date(2026, 6, 10))
    open_then = raised(people, "Trả kết quả chậm", before)
    risk = risks.enter(actor=people.an, risk=risks.NewRisk("risk", "Một cửa", "Mất điện"), now=before)
    in_time = make_task(people, {"kind": "by", "date": "2026-06-30"})
    late = make_task(people, {"kind": "by", "date": "2026-06-15"}, number="2")
    issue = risks.keep_issue(actor=people.an, issue=risks.NewIssue("party", "Người dân"), now=before)
    first = closed_review(people)
    row = prepared(people)
    assert row.follows_id == first.pk
    then = gathering.gather(people.an, row.pk, TODAY)
    said = {key: " ".join(line["text"] for line in each["lines"]) for key, each in then.items()}
    assert {(each["from"], each["to"]) for each in then.values()} == {("2026-01-01", "2026-06-30")}
    assert "đang xử lý 1" in said["c4"]
    assert "Đang theo dõi 1 rủi ro" in said["e"]
    assert "theo dõi 1 vấn đề" in said["b"]
    assert (
        "đến hạn trong kỳ: 3; hoàn thành đúng hạn 0, hoàn thành trễ hạn 0, quá hạn chưa xong 2" in said["c3"]
    )
    assert "đã hoàn thành 0, còn 1" in said["a"]

    later = at(date(2026, 7, 20))
    Nonconformity.objects.filter(pk=open_then.pk).update(owner_id=people.binh.person_id)
    nonconformities.cancel(actor=people.an, nonconformity_id=open_then.pk, reason="Nhầm", now=later)
    raised(people, "Thất lạc hồ sơ", later)
    risks.end(actor=people.an, risk_id=risk.pk, reason="Có máy phát", now=later)
    risks.enter(actor=people.an, risk=risks.NewRisk("risk", "Một cửa", "Mưa lũ"), now=later)
    risks.keep_issue(actor=people.an, issue=risks.NewIssue("party", "Doanh nghiệp"), now=later)
    risks.end_issue(actor=people.an, issue_id=issue.pk, reason="Trùng", now=later)
    decided = first.decisions.get().task
    assert decided is not None
    for task in (in_time, decided):
        work.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=later)
        work.accept_task(actor=people.an, task_id=task.pk, now=later)
    work.move_due(actor=people.an, task_id=late.pk, due_on=date(2026, 8, 31), reason="Lùi", now=later)
    assert gathering.gather(people.an, row.pk, date(2026, 9, 1)) == then
    assert gathering.changed_since(people.an, row.pk, date(2026, 9, 1)) == tuple(each.key for each in INPUTS)


def test_it_is_not_closed_with_figures_of_other_days(people: People) -> None:
    row = considered(people)
    same: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": NOW}
    early = gathering.gather(people.an, row.pk, date(2026, 6, 20))
    operations.keep_figures(figures=early, **same)
    with pytest.raises(operations.ReviewIncomplete) as refused:
        close(people, row)
    assert [each.params for each in refused.value.lacks] == [{"start": "01/01/2026", "end": "30/06/2026"}]
    operations.keep_figures(figures=gathering.gather(people.an, row.pk, TODAY), **same)
    assert close(people, row).state == "closed"


def raised(people: People, title: str, now: Any) -> Nonconformity:
    what = nonconformities.NewNonconformity("other", title, title, now.date())
    return nonconformities.raise_nonconformity(actor=people.an, what=what, now=now)


def closed_review(people: People) -> Review:
    """A review of last year, held in January, with one decision for Bình due in May."""
    held = at(date(2026, 1, 20))
    review = replace(
        HALF, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), held_on=held.date(),
        chair_id=people.chau.person_id,
    )  # fmt: skip
    row = operations.prepare(
        actor=people.an, review=review, members=[Member(people.chau.person_id)], now=held
    )
    same: dict[str, Any] = {"actor": people.an, "review_id": row.pk, "now": held}
    operations.convene(**same)
    for each in INPUTS:
        operations.consider(key=each.key, comment="Đã xem", nothing="", **same)
    operations.note_attendance(attendance=[Attendance(row.members.get().pk, attended=True)], **same)
    operations.conclude(conclusion="Đạt", **same)
    operations.decide(decision=replace(decision(people), due_on=date(2026, 5, 29)), **same)
    operations.keep_figures(figures=gathering.gather(people.an, row.pk, held.date()), **same)
    return close(people, row, held)


class TestTheCutOffDay:
    """What happens to feedback, units, findings and audits after the cut-off day changes no figure of the period."""

    BEFORE, LATER = at(date(2026, 6, 10)), at(date(2026, 7, 20))

    def gathered(self, people: People, row: Review, today: date) -> dict[str, str]:
        found = gathering.gather(people.an, row.pk, today)
        return {key: " ".join(line["text"] for line in each["lines"]) for key, each in found.items()}

    def received(self, people: People, text: str, kind: str = "rules") -> Feedback:
        row = intake.receive_from_public(
            agency_id=people.agency.pk,
            new=NewFeedback(text, text, sender_name="Lò Thị Sương", sender_address="Thôn Đông", sender_phone="0912345678"),
            files=(),
            now=self.BEFORE,
        )  # fmt: skip
        feedback.classify(
            actor=people.an, feedback_id=row.pk, kind=kind, field_id=None, concerns=(), now=self.BEFORE
        )
        feedback.assign(
            actor=people.an, feedback_id=row.pk, unit_id=next(iter(people.binh.unit_ids)), officer_id=None, note="",
            now=self.BEFORE,
        )  # fmt: skip
        return row

    def answer(self, people: People, row: Feedback, now: datetime) -> None:
        feedback.save_answer(
            actor=people.binh, feedback_id=row.pk, answer="Đã sửa.", submits=True, now=now,
            found=feedback.Found("justified", "Đã xem hồ sơ."),
        )  # fmt: skip
        signing = feedback.Signing("", "Lê Minh Châu", "CHỦ TỊCH", "")
        feedback.approve_answer(actor=people.chau, feedback_id=row.pk, signing=signing, now=now)

    def test_feedback_answered_reopened_merged_or_sorted_anew_later(self, people: People) -> None:
        answered, sorted_anew, open_then, merged = (
            self.received(people, text)
            for text in ("Thiếu biểu mẫu", "Chờ lâu", "Phí sai", "Chờ lâu ở quầy 2")
        )
        self.answer(people, answered, at(date(2026, 6, 12)))
        row = prepared(people)
        said = self.gathered(people, row, TODAY)["c1"]
        assert (
            "tiếp nhận 4 (về thái độ, hành vi 0); đã giải quyết 1; kết luận đúng hoặc đúng một phần 1; quá hạn 3"
            in said
        )
        self.answer(people, open_then, self.LATER)
        feedback.merge(actor=people.an, feedback_id=merged.pk, into_id=sorted_anew.pk, now=self.LATER)
        feedback.classify(
            actor=people.an,
            feedback_id=sorted_anew.pk,
            kind="conduct",
            field_id=None,
            concerns=(),
            now=self.LATER,
        )
        feedback.reopen(actor=people.an, feedback_id=answered.pk, reason="Có chứng cứ mới", now=self.LATER)
        self.received(people, "Của kỳ này, ghi sau")
        Feedback.objects.filter(subject="Của kỳ này, ghi sau").update(received_at=self.LATER)
        assert self.gathered(people, row, date(2026, 9, 1))["c1"] == said

    def test_findings_and_audits_withdrawn_graded_written_or_cancelled_later(self, people: People) -> None:
        held = audit(people, date(2026, 6, 15), state="open")
        Audit.objects.update(made_at=self.BEFORE, reported_on=None)
        kept, withdrawn = finding(people, held), finding(people, held)
        Finding.objects.update(found_at=self.BEFORE)
        Auditor.objects.create(audit=held, person_id=people.an.person_id, part="lead")
        row = prepared(people)
        said = self.gathered(people, row, TODAY)["c6"]
        assert "1 cuộc" in said
        assert "nhẹ 2" in said
        same: dict[str, Any] = {"actor": people.an, "now": self.LATER}
        audits.withdraw_finding(finding_id=withdrawn.pk, reason="Ghi nhầm", **same)
        audits.change_finding(
            finding_id=kept.pk,
            finding=audits.NewFinding("major", kept.text, clause="7.5.3", proof="Ảnh"),
            **same,
        )
        finding(people, held)
        Finding.objects.filter(pk__gt=withdrawn.pk).update(found_at=self.LATER)
        Audit.objects.filter(pk=held.pk).update(report_number="09/BC", reported_on=self.LATER.date())
        assert self.gathered(people, row, date(2026, 9, 1))["c6"] == said

    def test_a_unit_out_of_use_later_was_there_then(self, people: People) -> None:
        Unit.objects.create(agency=people.agency, name="Phòng mới", kind=Unit.Kind.SECTION, order=9)
        row = prepared(people)
        said = self.gathered(people, row, TODAY)["d"]
        assert "bộ phận chưa có người" in said
        empty = Unit.objects.get(name="Phòng mới")
        deactivate_unit(actor=people.an, unit_id=empty.pk, today=self.LATER.date())
        assert self.gathered(people, row, date(2026, 9, 1))["d"] == said
