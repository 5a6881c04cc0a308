"""Units give their parts to a report; leaders approve it before it is issued."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from camket.actions.models import Task
from camket.journal.models import Entry
from camket.notifications import due
from camket.notifications.models import Notification
from camket.objectives.models import Target
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from camket.reporting import operations, parts
from camket.reporting.models import Report, UnitPart
from people import People
from reporting.year import HALF, NOW, TODAY, Year, approve, correct_reading, make_year

BY = date(2026, 7, 6)


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


@pytest.fixture
def draft(people: People, year: Year) -> Report:
    return operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )


@pytest.fixture
def asked(people: People, draft: Report) -> UnitPart:
    """Return the part of Dũng's section, which has a task overdue."""
    return ask(people, draft)


def economy(people: People) -> Unit:
    return people.agency.units.order_by("order")[1]


def ask(people: People, draft: Report, by: date = BY) -> UnitPart:
    return parts.ask_units(
        actor=people.an, report_id=draft.pk, unit_ids=[economy(people).pk], due_on=by, wish="", now=NOW
    )[0]


def typed(people: People, row: UnitPart, **changes: object) -> parts.Typed:
    """Return what the unit types: a reason for all that calls for one."""
    content = parts.part_content(people.an, parts.part(people.an, row.pk), TODAY)
    return replace(
        parts.Typed(
            proposals="Bổ sung biên chế",
            remarks={each.target_id: ("Kiểm tra chưa kỹ", "Kiểm tra chéo") for each in content.targets},
            late={each.id: "Mưa lũ kéo dài" for each in content.late},
        ),
        **changes,  # type: ignore[arg-type]
    )


def send(people: People, row: UnitPart) -> UnitPart:
    return parts.write_part(
        actor=people.dung, part_id=row.pk, typed=typed(people, row), is_sent=True, now=NOW
    )


def told(topic: str) -> list[int]:
    return list(Notification.objects.filter(topic=topic).order_by("pk").values_list("person_id", flat=True))


class TestAsking:
    def test_units_with_work_in_the_period_are_proposed(self, people: People, draft: Report) -> None:
        found = {each.name: each.is_proposed for each in parts.unit_choices(people.an, draft.pk)}
        assert found == {
            "Văn phòng HĐND và UBND": True,
            "Phòng Kinh tế": True,
            "Phòng Văn hóa - Xã hội": False,
            "Trung tâm Phục vụ hành chính công": False,
        }

    def test_the_head_is_told_once_and_has_it_in_the_own_work(self, people: People, asked: UnitPart) -> None:
        ask(people, asked.report)
        assert told("assigned") == [people.dung.person_id]
        mine = due.due_for(people.dung, TODAY, until=BY)
        assert [(each.kind.key, each.page_id, each.due_on) for each in mine] == [
            ("report.part", asked.pk, BY)
        ]
        assert mine[0].is_late(BY + timedelta(days=1))
        assert not due.due_for(people.chau, TODAY, until=BY)

    def test_a_named_person_is_asked_instead_of_the_head(self, people: People, draft: Report) -> None:
        unit = economy(people).pk
        (row,) = parts.ask_units(
            actor=people.an,
            report_id=draft.pk,
            unit_ids=[unit],
            person_ids={unit: people.binh.person_id},
            due_on=BY,
            wish="",
            now=NOW,
        )
        assert told("assigned") == [people.binh.person_id]
        assert parts.may_write(people.binh, row.pk, TODAY)
        assert not parts.may_write(people.dung, row.pk, TODAY)

    def test_asking_again_gives_another_day(self, people: People, asked: UnitPart) -> None:
        later = ask(people, asked.report, BY + timedelta(days=3))
        assert (later.pk, later.due_on) == (asked.pk, date(2026, 7, 9))

    def test_it_is_refused_for_a_day_that_passed_no_unit_and_strangers(
        self, people: People, draft: Report
    ) -> None:
        with pytest.raises(parts.DayNotPossible):
            ask(people, draft, TODAY - timedelta(days=1))
        stranger = people.other_agency.units.order_by("pk")[0].pk
        for units in ([], [stranger]):
            with pytest.raises(parts.NobodyAsked):
                parts.ask_units(
                    actor=people.an, report_id=draft.pk, unit_ids=units, due_on=BY, wish="", now=NOW
                )
        for actor, refusal in ((people.dung, NotAllowed), (people.chi, Report.DoesNotExist)):
            with pytest.raises(refusal):
                parts.ask_units(actor=actor, report_id=draft.pk, unit_ids=[1], due_on=BY, wish="", now=NOW)
        assert not UnitPart.objects.exists()

    def test_reminding_is_done_once_a_day_and_not_who_has_sent(self, people: People, asked: UnitPart) -> None:
        assert parts.remind_units(actor=people.an, report_id=asked.report_id, now=NOW) == 1
        assert parts.remind_units(actor=people.an, report_id=asked.report_id, now=NOW) == 0
        assert told("reminded") == [people.dung.person_id]
        send(people, asked)
        tomorrow = NOW + timedelta(days=1)
        assert parts.remind_units(actor=people.an, report_id=asked.report_id, now=tomorrow) == 0

    def test_a_unit_that_is_asked_no_longer_owes_nothing(self, people: People, asked: UnitPart) -> None:
        parts.withdraw_part(actor=people.an, part_id=asked.pk, now=NOW)
        assert not due.due_for(people.dung, TODAY, until=BY)
        assert not parts.parts_of(people.an, asked.report_id)
        assert ask(people, asked.report).state == UnitPart.State.ASKED


class TestWriting:
    def test_it_is_filled_with_the_units_own_targets_and_late_tasks(
        self, people: People, year: Year, asked: UnitPart
    ) -> None:
        content = parts.part_content(people.dung, parts.part(people.dung, asked.pk), TODAY)
        assert [each.id for each in content.late] == [year.overdue.pk]
        own = Target.objects.filter(objective__placements__action__tasks__unit=economy(people))
        assert {each.target_id for each in content.targets} == set(own.values_list("pk", flat=True))
        assert all(each.said for each in content.targets)

    def test_it_is_not_sent_without_a_reason_for_what_is_late(self, people: People, asked: UnitPart) -> None:
        with pytest.raises(parts.NothingSaid):
            parts.write_part(
                actor=people.dung,
                part_id=asked.pk,
                typed=typed(people, asked, late={}),
                is_sent=True,
                now=NOW,
            )
        kept = parts.write_part(
            actor=people.dung, part_id=asked.pk, typed=typed(people, asked, late={}), now=NOW
        )
        assert (kept.state, kept.proposals) == (UnitPart.State.ASKED, "Bổ sung biên chế")

    def test_it_is_written_by_its_head_alone(self, people: People, asked: UnitPart) -> None:
        for actor, refusal in (
            (people.binh, NotAllowed),
            (people.chau, NotAllowed),
            (people.chi, UnitPart.DoesNotExist),
        ):
            with pytest.raises(refusal):
                parts.write_part(actor=actor, part_id=asked.pk, typed=parts.Typed(), now=NOW)

    def test_others_targets_and_tasks_are_refused(self, people: People, year: Year, asked: UnitPart) -> None:
        for wrong, refusal in (
            (parts.Typed(remarks={0: ("A", "")}), Target.DoesNotExist),
            (parts.Typed(late={year.done.pk: "A"}), Task.DoesNotExist),
        ):
            with pytest.raises(refusal):
                parts.write_part(actor=people.dung, part_id=asked.pk, typed=wrong, now=NOW)

    def test_once_sent_it_stands_and_is_due_no_more(self, people: People, asked: UnitPart) -> None:
        send(people, asked)
        assert not due.due_for(people.dung, TODAY, until=BY)
        assert told("submitted") == [people.an.person_id]
        assert Notification.objects.get(topic="assigned").seen_at == NOW
        with pytest.raises(parts.PartNotOpen):
            send(people, asked)


class TestTaking:
    def test_remarks_come_into_the_draft_behind_what_stands_there(
        self, people: People, asked: UnitPart
    ) -> None:
        wording = operations.Wording(proposals="Đề nghị tỉnh hỗ trợ")
        operations.write_remarks(actor=people.an, report_id=asked.report_id, wording=wording, today=TODAY)
        send(people, asked)
        parts.take_part(actor=people.an, part_id=asked.pk, now=NOW)
        report = Report.objects.get(pk=asked.report_id)
        assert report.proposals == "Đề nghị tỉnh hỗ trợ\nPhòng Kinh tế: Bổ sung biên chế"
        assert report.difficulties.startswith("Phòng Kinh tế: Nghiệm thu tuyến đường")
        assert report.difficulties.endswith(": Mưa lũ kéo dài")
        assert {each.reason for each in report.remarks.all()} == {"Kiểm tra chưa kỹ"}
        with pytest.raises(parts.PartNotSent):
            parts.take_part(actor=people.an, part_id=asked.pk, now=NOW)

    def test_a_part_is_returned_with_a_reason_and_sent_again(self, people: People, asked: UnitPart) -> None:
        with pytest.raises(parts.PartNotSent):
            parts.return_part(actor=people.an, part_id=asked.pk, reason="Thiếu", now=NOW)
        send(people, asked)
        with pytest.raises(parts.NothingSaid):
            parts.return_part(actor=people.an, part_id=asked.pk, reason=" ", now=NOW)
        parts.return_part(actor=people.an, part_id=asked.pk, reason="Nêu rõ nguyên nhân", now=NOW)
        assert told("returned") == [people.dung.person_id]
        assert due.due_for(people.dung, TODAY, until=BY)
        assert (send(people, asked).state, send_reason(asked)) == (UnitPart.State.SENT, "")

    def test_only_the_secretary_takes_and_returns(self, people: People, asked: UnitPart) -> None:
        send(people, asked)
        for act in (parts.take_part, lambda **given: parts.return_part(reason="A", **given)):
            with pytest.raises(NotAllowed):
                act(actor=people.dung, part_id=asked.pk, now=NOW)
            with pytest.raises(UnitPart.DoesNotExist):
                act(actor=people.chi, part_id=asked.pk, now=NOW)

    def test_while_the_leaders_have_the_report_nothing_is_asked_or_taken(
        self, people: People, asked: UnitPart
    ) -> None:
        send(people, asked)
        operations.submit_report(actor=people.an, report_id=asked.report_id, now=NOW)
        with pytest.raises(operations.ReportNotDraft):
            parts.take_part(actor=people.an, part_id=asked.pk, now=NOW)
        with pytest.raises(operations.ReportNotDraft):
            ask(people, asked.report)


def send_reason(row: UnitPart) -> str:
    return UnitPart.objects.values_list("returned", flat=True).get(pk=row.pk)


class TestApproving:
    def test_a_leader_approves_and_then_it_is_issued(self, people: People, draft: Report) -> None:
        with pytest.raises(operations.NotApproved):
            issue(people, draft)
        operations.submit_report(actor=people.an, report_id=draft.pk, now=NOW)
        with pytest.raises(operations.NotApproved):
            issue(people, draft)
        assert told("submitted") == [people.chau.person_id]
        operations.approve_report(actor=people.chau, report_id=draft.pk, now=NOW)
        assert Notification.objects.get(topic="submitted").seen_at == NOW
        issued = issue(people, draft)
        assert (issued.state, issued.approved_by_id) == (Report.State.ISSUED, people.chau.person_id)
        verbs = Entry.objects.filter(subject_type="reporting.report").order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == [
            "report.drafted",
            "report.submitted",
            "report.approved",
            "report.issued",
        ]

    def test_it_is_returned_with_a_reason_and_written_on(self, people: People, draft: Report) -> None:
        operations.submit_report(actor=people.an, report_id=draft.pk, now=NOW)
        with pytest.raises(operations.ReportNotDraft):
            operations.write_remarks(
                actor=people.an, report_id=draft.pk, wording=operations.Wording(), today=TODAY
            )
        with pytest.raises(operations.ReasonMissing):
            operations.return_report(actor=people.chau, report_id=draft.pk, reason=" ", now=NOW)
        operations.return_report(actor=people.chau, report_id=draft.pk, reason="Thiếu giải pháp", now=NOW)
        draft.refresh_from_db()
        assert (draft.state, draft.returned) == (Report.State.DRAFT, "Thiếu giải pháp")
        assert told("returned") == [people.an.person_id]

    def test_nobody_approves_the_own_report(self, people: People, draft: Report) -> None:
        operations.submit_report(actor=people.an, report_id=draft.pk, now=NOW)
        also_chairman = replace(people.an, roles=people.an.roles | people.chau.roles)
        deputy = replace(people.dung, roles=people.chau.roles, stands_in_for=(people.an.person_id, "An"))
        for actor in (also_chairman, deputy):
            with pytest.raises(operations.OwnWork):
                operations.approve_report(actor=actor, report_id=draft.pk, now=NOW)

    def test_it_is_refused_to_others_and_for_a_draft(self, people: People, draft: Report) -> None:
        with pytest.raises(operations.NotWaiting):
            operations.approve_report(actor=people.chau, report_id=draft.pk, now=NOW)
        for actor, refusal in ((people.dung, NotAllowed), (people.chi, Report.DoesNotExist)):
            with pytest.raises(refusal):
                operations.approve_report(actor=actor, report_id=draft.pk, now=NOW)

    def test_figures_that_change_after_the_approval_send_it_back(
        self, people: People, year: Year, draft: Report
    ) -> None:
        approve(people, draft)
        correct_reading(people, year, 1000)
        with pytest.raises(operations.FiguresChanged):
            issue(people, draft)
        operations.take_back_report(actor=people.an, report_id=draft.pk, now=NOW)
        operations.compose_sentences(actor=people.an, report_id=draft.pk, now=NOW)
        approve(people, draft)
        assert issue(people, draft).state == Report.State.ISSUED
        with pytest.raises(operations.NotWaiting):
            operations.take_back_report(actor=people.an, report_id=draft.pk, now=NOW)


def issue(people: People, report: Report) -> Report:
    return operations.issue_report(
        actor=people.an,
        report_id=report.pk,
        number="12/BC-UBND",
        issued_on=TODAY,
        signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH",
        authority="TM. ỦY BAN NHÂN DÂN",
        now=NOW,
    )
