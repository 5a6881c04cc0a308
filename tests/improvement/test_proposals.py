"""What the system proposes by itself from figures and answers: once each, with the counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from camket.core.allowance import Allowance
from camket.core.formulas import Formula, Term
from camket.core.nonconformity import is_late_pattern
from camket.core.plan import Period
from camket.dossiers.models import Field, Procedure
from camket.improvement.models import Nonconformity, Risk
from camket.improvement.operations import nonconformities, proposals
from camket.improvement.operations.proposals import propose_nonconformities, propose_risks
from camket.improvement.queries.nonconformities import nonconformity
from camket.indicators.sources import source
from camket.notifications.models import Notification
from camket.objectives.models import Target
from camket.objectives.verdicts import CountedFigures, verdicts_judged
from camket.org.models import Unit
from camket.voices.models import Feedback
from camket.voices.operations import feedback
from camket.voices.operations import feedback_intake as intake
from camket.voices.operations.feedback_intake import NewFeedback
from figures import make_plan_in_force, read, share, targets_of
from people import TODAY, People
from work import NOW


def test_a_pattern_needs_a_share_and_some_cases() -> None:
    assert [is_late_pattern(*each, share=10, least=3) for each in ((3, 30), (2, 4), (5, 100), (0, 0))] == [
        True,
        False,
        False,
        False,
    ]


def test_a_missed_target_is_proposed_once_with_its_sentence(people: People) -> None:
    plan = make_plan_in_force(people)
    Target.objects.filter(pk=targets_of(plan)[1].pk).update(is_striving=False)
    read(people, targets_of(plan)[1], share(10, 100))
    over = date(2027, 1, 5)
    made = propose_nonconformities(agency_id=people.agency.pk, today=over, now=NOW)
    assert made
    row = made[0]
    assert (row.state, row.source) == ("proposed", Nonconformity.Source.TARGET)
    assert row.found["sentence"]["template"]
    assert row.judged_by_target_id is not None
    assert not propose_nonconformities(agency_id=people.agency.pk, today=over, now=NOW)
    nonconformities.dismiss(actor=people.an, nonconformity_id=row.pk, reason="Nhập nhầm", now=NOW)
    assert not propose_nonconformities(agency_id=people.agency.pk, today=over, now=NOW)


def test_without_a_plan_nothing_is_proposed(people: People) -> None:
    assert propose_nonconformities(agency_id=people.agency.pk, today=TODAY, now=NOW) == ()
    assert propose_risks(agency_id=people.agency.pk, today=TODAY, now=NOW) == ()


class TestFeedback:
    """Feedback on conduct or rules that was found justified is proposed, once, without a word of it."""

    @staticmethod
    def settle(people: People, kind: str, outcome: str, *concerns: int) -> Feedback:
        row = intake.receive_from_public(
            agency_id=people.agency.pk,
            new=NewFeedback(
                "Chờ lâu ở quầy",
                f"Chị Sương ở quầy 2 quát mắng tôi, lần {Feedback.objects.count() + 1}.",
                sender_name="Lò Thị Mận",
                sender_address="Thôn Đông",
                sender_phone="0912345678",
            ),
            files=(),
            now=NOW,
        )
        key = {"feedback_id": row.pk, "now": NOW}
        feedback.classify(actor=people.an, kind=kind, field_id=None, concerns=concerns, **key)
        feedback.assign(
            actor=people.an,
            unit_id=next(iter(people.binh.unit_ids)),
            officer_id=people.binh.person_id,
            note="",
            **key,
        )
        found = feedback.Found(outcome, "Đã nghe hai bên." if outcome else "")
        feedback.save_answer(actor=people.binh, answer="Trung tâm xin lỗi.", found=found, submits=True, **key)
        return feedback.approve_answer(
            actor=people.chau, signing=feedback.Signing("", "Lê Minh Châu", "CHỦ TỊCH", ""), **key
        )

    @staticmethod
    def propose(people: People, today: date = TODAY) -> tuple[Nonconformity, ...]:
        return propose_nonconformities(agency_id=people.agency.pk, today=today, now=NOW)

    def test_what_was_found_justified_on_conduct_says_no_word_of_it(self, people: People) -> None:
        row = self.settle(people, "conduct", "justified")
        (made,) = self.propose(people)
        assert (made.state, made.source, made.unit_id) == ("proposed", "feedback", None)
        assert (made.found_on, made.clause) == (row.outcome_on, "8.5.1")
        words = f"{made.title} {made.text} {made.requirement} {made.found}"
        assert "được kết luận là đúng" in made.title
        assert str(row) in made.text
        for secret in ("Sương", "Mận", "quát", "Chờ lâu", "hai bên", row.code):
            assert secret not in words
        assert not self.propose(people)
        nonconformities.dismiss(actor=people.an, nonconformity_id=made.pk, reason="Đã xử lý", now=NOW)
        assert not self.propose(people)

    def test_of_rules_the_unit_that_answered_is_filled_in(self, people: People) -> None:
        self.settle(people, "rules", "partly_justified")
        (made,) = self.propose(people)
        assert (made.unit_id, made.clause) == (next(iter(people.binh.unit_ids)), "8.2")
        assert "đúng một phần" in made.title
        page = nonconformity(people.an, made.pk, TODAY)
        assert page.feedback_id == Feedback.objects.get().pk

    @pytest.mark.parametrize(
        ("kind", "outcome"), [("rules", "unjustified"), ("other", "justified"), ("other", "")]
    )
    def test_what_was_not_or_is_of_another_kind_is_left(
        self, people: People, kind: str, outcome: str
    ) -> None:
        self.settle(people, kind, outcome)
        assert not self.propose(people)

    def test_what_is_taken_up_again_or_long_past_is_left(self, people: People) -> None:
        row = self.settle(people, "rules", "justified")
        assert not self.propose(people, TODAY + timedelta(days=400))
        feedback.reopen(actor=people.an, feedback_id=row.pk, reason="Có chứng cứ mới", now=NOW)
        assert not self.propose(people)

    def test_whom_it_is_about_is_never_led_to_it(self, people: People) -> None:
        self.settle(people, "conduct", "justified", people.dung.person_id)
        (made,) = self.propose(people)
        assert nonconformity(people.an, made.pk, TODAY).feedback_id is not None
        assert nonconformity(people.dung, made.pk, TODAY).feedback_id is None

    def test_it_is_counted(self, people: People) -> None:
        for kind, outcome in (
            ("rules", "justified"),
            ("conduct", "partly_justified"),
            ("rules", "unjustified"),
        ):
            self.settle(people, kind, outcome)
        year = Period(date(2026, 1, 1), date(2026, 12, 31))
        found = source("feedback").sums(
            [people.agency.pk], [year], ["established", "justified"], {}, today=TODAY
        )
        assert found[people.agency.pk, year] == {"established": 3, "justified": 2}


class TestBurningAllowance:
    """A target whose allowance burns too fast is proposed as a risk, under the process that its figure is about."""

    @staticmethod
    def propose(
        people: People,
        monkeypatch: pytest.MonkeyPatch,
        filters: dict[str, tuple[str, ...]],
        owner: Unit | None = None,
    ) -> tuple[Risk, ...]:
        make_plan_in_force(people)
        plan = verdicts_judged(people.an, TODAY)
        assert plan is not None
        formula = Formula("dossiers", (Term("on_time"),), (Term("finished"),), filters, 100)
        counts = {"expected": 1000, "allowed": 30, "spent": 28, "left": 2, "by_now": 15, "forecast": 56}
        burnt = Allowance(
            is_estimate=True, is_fast=True, **{name: Decimal(count) for name, count in counts.items()}
        )
        objective = plan.objectives[0]
        target = replace(
            objective.targets[0],
            verdict=replace(objective.targets[0].verdict, allowance=burnt),
            counted=CountedFigures(formula, "", None, (), None),
        )
        one = replace(
            objective,
            targets=(target,),
            owner_id=owner.pk if owner else None,
            owner=owner.name if owner else "",
        )
        told = replace(plan, objectives=(one,))
        monkeypatch.setattr(proposals, "verdicts_judged", lambda *_given: told)
        return propose_risks(agency_id=people.agency.pk, today=TODAY, now=NOW)

    def test_of_fields_counted_alone_they_are_the_process(
        self, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, key in (("Đất đai", "dat dai"), ("Hộ tịch", "ho tich"), ("Xây dựng", "xay dung")):
            Field.objects.create(agency=people.agency, name=name, key=key)
        (row,) = self.propose(people, monkeypatch, {"field": ("dat dai", "ho tich")})
        assert (row.process, row.unit, row.state) == ("Hộ tịch; Đất đai", None, "proposed")
        assert row.found["spent"] == "28"

    def test_of_a_procedure_it_is_the_procedure(
        self, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Procedure.objects.create(agency=people.agency, code="1.000656", key="1.000656")
        (row,) = self.propose(people, monkeypatch, {"procedure": ("1.000656",)})
        assert row.process == "1.000656"

    def test_of_neither_it_is_the_unit_that_answers_for_the_objective(
        self, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unit = people.agency.units.get(pk__in=people.dung.headed_unit_ids)
        (row,) = self.propose(people, monkeypatch, {}, unit)
        assert (row.process, row.unit) == (unit.name, unit)
        assert Notification.objects.filter(person_id=people.dung.person_id).count() == 1

    def test_where_nobody_answers_for_it_it_is_the_objective(
        self, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (row,) = self.propose(people, monkeypatch, {})
        assert row.process.startswith("Từ 97% hồ sơ")
        assert self.again(people) == ()

    @staticmethod
    def again(people: People) -> tuple[Risk, ...]:
        return propose_risks(agency_id=people.agency.pk, today=TODAY, now=NOW)
