"""Whom a thing is told to, once, in the way each has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.urls import resolve

from camket.actions import hand_over
from camket.actions import operations as work
from camket.actions.models import Task
from camket.core.messages import Message
from camket.journal.models import Entry
from camket.notifications import operations, queries
from camket.notifications.holdings import collect
from camket.notifications.models import EscalationStep, Mail, Notification
from camket.notifications.operations import LadderNotPossible, Told, TopicUnknown
from camket.notifications.staff import staff_of
from camket.org import operations as org
from camket.org.models import Agency, Delegation, Membership, Person, Role
from camket.org.personal import forget
from camket.org.policy import Actor, NotAllowed
from camket.registers.operations import ask_extension, decide_extension, enter, finish
from notifications.conftest import reachable
from people import TODAY, People, actor_of, make_person
from work import NOW, make_task, submitted_task, unit_of

SAID = Message("%(work)s", {"work": "Rà soát"})


def tell(
    people: People, whom: Sequence[Actor], *, key: str = "một", topic: str = "assigned", **more: object
) -> int:
    values = {"message": SAID, "now": NOW, "link": "/cong-viec/1/", **more}
    return operations.tell(
        agency_id=people.agency.pk,
        people=[each.person_id for each in whom],
        topic=topic,
        key=key,
        **values,  # type: ignore[arg-type]
    )


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.order_by("pk").values_list("person__login", "topic")
    return [(login, topic) for login, topic in rows]


def absent(people: People, who: Actor, deputy: Actor) -> None:
    Delegation.objects.create(
        agency=people.agency,
        post=Membership.objects.get(person_id=who.person_id),
        deputy_id=deputy.person_id,
        valid_from=TODAY,
        valid_to=TODAY + timedelta(days=5),
        reason="Nghỉ phép",
    )


class TestAThing:
    def test_is_told_once_and_by_a_letter_where_that_is_wanted(
        self, people: People, mail_set_up: None
    ) -> None:
        reachable(people.binh)
        assert tell(people, [people.binh, people.dung]) == 2
        assert tell(people, [people.binh, people.dung]) == 0
        assert told() == [("binh", "assigned"), ("dung", "assigned")]
        letter = Mail.objects.get()
        assert (letter.to, letter.state) == ("binh@binhyen.example", "waiting")
        assert letter.subject == "[Cam Kết] Việc mới được giao"

    def test_is_told_without_letters_where_no_mail_is_set_up(self, people: People) -> None:
        reachable(people.binh)
        assert tell(people, [people.binh]) == 1
        assert not Mail.objects.exists()

    def test_goes_to_no_address_that_is_not_confirmed(self, people: People, mail_set_up: None) -> None:
        Person.objects.filter(pk=people.binh.person_id).update(email="binh@binhyen.example")
        tell(people, [people.binh])
        assert not Mail.objects.exists()

    @pytest.mark.parametrize("way", ["daily", "weekly", "inside"])
    def test_waits_for_its_digest_where_that_was_chosen(
        self, people: People, mail_set_up: None, way: str
    ) -> None:
        reachable(people.binh)
        operations.choose(actor=people.binh, ways={"assigned": way})
        tell(people, [people.binh])
        assert not Mail.objects.exists()
        assert queries.unseen(people.binh) == 1

    def test_many_things_of_one_moment_are_one_letter(self, people: People, mail_set_up: None) -> None:
        reachable(people.binh)
        things = [Told(people.binh.person_id, "overdue", f"k{number}", SAID, "/") for number in range(4)]
        assert operations.tell_all(staff=staff_of(people.agency.pk, TODAY), told=things, now=NOW) == 4
        assert Mail.objects.get().subject == "[Cam Kết] Việc quá hạn (4)"

    def test_is_told_in_the_language_of_who_reads_it(self, people: People, mail_set_up: None) -> None:
        reachable(people.binh)
        Person.objects.filter(pk=people.binh.person_id).update(language="en")
        tell(people, [people.binh])
        assert Mail.objects.get().subject == "[Cam Kết] Work given to you"

    def test_of_an_unknown_topic_is_refused(self, people: People) -> None:
        with pytest.raises(TopicUnknown):
            tell(people, [people.binh], topic="gossip")
        assert not Notification.objects.exists()

    def test_is_written_with_what_happened_or_not_at_all(self, people: People, mail_set_up: None) -> None:
        reachable(people.an)
        task = submitted_task(people)
        count = Notification.objects.count(), Mail.objects.count()
        with pytest.raises(work.ReasonMissing):
            work.return_task(actor=people.an, task_id=task.pk, reason=" ", now=NOW)
        assert (Notification.objects.count(), Mail.objects.count()) == count


class TestWhoIsTold:
    def test_not_whose_doing_it_is(self, people: People) -> None:
        tell(people, [people.an, people.binh], by=people.an)
        assert told() == [("binh", "assigned")]

    def test_who_stands_in_as_well(self, people: People) -> None:
        absent(people, people.binh, people.dung)
        tell(people, [people.binh])
        assert told() == [("binh", "assigned"), ("dung", "assigned")]

    def test_nobody_who_left_is_blocked_or_is_of_another_agency(self, people: People) -> None:
        Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2026, 6, 30))
        Person.objects.filter(pk=people.dung.person_id).update(is_active=False)
        assert tell(people, [people.binh, people.dung, people.chi]) == 0

    def test_nobody_in_an_agency_that_has_ended(self, people: People) -> None:
        Agency.objects.filter(pk=people.agency.pk).update(valid_to=date(2026, 6, 30))
        assert tell(people, [people.binh]) == 0

    @pytest.mark.parametrize(
        ("_case", "person", "unit", "names"),
        [
            ("the person named", "binh", 1, ["binh"]),
            ("the unit's head", "", 1, ["dung"]),
            ("the members of a unit without a head", "", 0, ["an"]),
            ("the secretary where there is nobody", "", 2, ["an"]),
            ("the head where the person left", "gone", 1, ["dung"]),
        ],
    )
    def test_work_is_somebodys(
        self, people: People, _case: str, person: str, unit: int, names: list[str]
    ) -> None:
        gone = make_person(people.agency, "Đã Đi", "gone", Role.OFFICER)
        Membership.objects.filter(person=gone).update(valid_to=date(2026, 1, 1))
        staff = staff_of(people.agency.pk, TODAY)
        person_id = Person.objects.get(login=person).pk if person else None
        found = staff.doers(person_id=person_id, unit_id=unit_of(people, unit).pk)
        assert [Person.objects.get(pk=each).login for each in found] == names

    def test_all_agencies_are_read_in_as_many_statements_as_one(
        self, people: People, django_assert_num_queries: object
    ) -> None:
        with django_assert_num_queries(5):  # type: ignore[operator]
            staff_of(people.agency.pk, TODAY)


class TestATask:
    def test_that_is_assigned_is_told_to_who_does_it(self, people: People) -> None:
        task = make_task(people)
        Notification.objects.all().delete()
        work.assign_task(actor=people.an, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
        assert told() == [("binh", "assigned")]
        row = queries.page_of(people.binh)[1][0]
        assert str(row.message).startswith("Nguyễn Thị An gives you work due on 10/07/2026. Rà soát")
        assert resolve(row.link).kwargs == {"task_id": task.pk}

    def test_that_is_submitted_waits_for_its_head_and_not_for_who_did_it(self, people: People) -> None:
        submitted_task(people)
        assert told() == [("dung", "submitted")]
        Notification.objects.all().delete()
        submitted_task(people, actor=people.dung, number="2")
        assert told() == [("an", "submitted")]

    def test_that_is_monitored_waits_for_its_monitor(self, people: People) -> None:
        submitted_task(people, monitor_person=people.chau)
        assert told() == [("chau", "submitted")]

    @pytest.mark.parametrize(("act", "topic"), [("accept", "accepted"), ("return", "returned")])
    def test_that_is_reviewed_is_told_to_who_did_it(self, people: People, act: str, topic: str) -> None:
        task = submitted_task(people)
        if act == "accept":
            work.accept_task(actor=people.an, task_id=task.pk, now=NOW)
        else:
            work.return_task(actor=people.an, task_id=task.pk, reason="Thiếu minh chứng", now=NOW)
        assert told()[1:] == [("binh", topic)]

    def test_that_is_moved_cancelled_reopened_and_written_about_is_told_each_time(
        self, people: People
    ) -> None:
        task = make_task(people, lead_person=people.binh)
        work.move_due(actor=people.an, task_id=task.pk, due_on=date(2026, 7, 20), reason="Chờ Sở", now=NOW)
        work.cancel_task(actor=people.an, task_id=task.pk, reason="Trùng", now=NOW)
        work.reopen_task(actor=people.an, task_id=task.pk, reason="Nhầm", now=NOW + timedelta(minutes=1))
        work.comment_task(actor=people.an, task_id=task.pk, text="Gửi sớm nhé.", now=NOW)
        work.comment_task(actor=people.an, task_id=task.pk, text="Cảm ơn.", now=NOW)
        assert told() == [("binh", "changed")] * 3 + [("binh", "comment")] * 2
        assert "20/07/2026 instead of 10/07/2026: Chờ Sở." in str(queries.page_of(people.binh)[1][-1].message)

    def test_that_is_handed_on_is_told_as_one_thing(self, people: People) -> None:
        tasks = [make_task(people, lead_person=people.binh, number=str(number)) for number in range(3)]
        hand_over.hand_on_tasks(
            actor=people.an,
            successors={task.pk: people.dung.person_id for task in tasks},
            reason="Chuyển công tác",
            now=NOW,
        )
        assert told() == [("dung", "assigned")]
        assert Task.objects.filter(assignee_id=people.dung.person_id).count() == 3


class TestTheLadder:
    def test_is_the_shipped_one_until_the_agency_has_its_own(self, people: People) -> None:
        found = queries.rules(people.an, TODAY)
        ladder = [(step.whom.value, step.working_days) for step in found.rules.ladder]
        assert (ladder, found.is_own) == (
            [("head", 1), ("secretary", 3), ("chairman", 5)],
            False,
        )
        operations.save_steps(
            actor=people.an, steps={"head": 2, "chairman": 4, "secretary": None}, today=TODAY
        )
        found = queries.rules(people.an, TODAY)
        ladder = [(step.whom.value, step.working_days) for step in found.rules.ladder]
        assert (ladder, found.is_own) == (
            [("head", 2), ("chairman", 4)],
            True,
        )
        assert not queries.rules(people.chi, TODAY).is_own
        entry = Entry.objects.get(verb="escalation.changed")
        assert entry.after == {"head_after": 2, "chairman_after": 4}

    def test_keeps_what_held_before(self, people: People) -> None:
        operations.save_steps(actor=people.an, steps={"head": 2}, today=TODAY)
        later = TODAY + timedelta(days=10)
        operations.save_steps(actor=people.an, steps={"head": 3}, today=later)
        operations.save_steps(actor=people.an, steps={"head": 4}, today=later)
        operations.save_steps(actor=people.an, steps={"head": 4}, today=later)
        assert queries.rules(people.an, TODAY).rules.ladder[0].working_days == 2
        assert queries.rules(people.an, later).rules.ladder[0].working_days == 4
        assert EscalationStep.objects.count() == 2

    @pytest.mark.parametrize("steps", [{"head": None}, {"head": 0}, {"head": 61}])
    def test_is_refused_without_a_rung_or_with_impossible_days(
        self, people: People, steps: dict[str, int | None]
    ) -> None:
        with pytest.raises(LadderNotPossible):
            operations.save_steps(actor=people.an, steps=steps, today=TODAY)
        assert not EscalationStep.objects.exists()

    def test_has_its_days_before_beside_it_each_by_itself(self, people: People) -> None:
        shipped = {"head": 1, "secretary": 3, "chairman": 5}
        operations.save_steps(actor=people.an, steps=shipped, before=5, today=TODAY)
        found = queries.rules(people.an, TODAY)
        assert (found.before, found.has_own_before, found.is_own) == (5, True, False)
        assert Entry.objects.get(verb="escalation.changed").after == {"doer_before": 5}
        later = TODAY + timedelta(days=1)
        operations.save_steps(actor=people.an, steps={"head": 2}, before=3, today=later)
        found = queries.rules(people.an, later)
        assert (found.before, found.has_own_before, found.is_own) == (3, False, True)
        assert queries.rules(people.an, TODAY).before == 5
        with pytest.raises(LadderNotPossible):
            operations.save_steps(actor=people.an, steps=shipped, before=21, today=later)

    def test_is_changed_by_the_secretary_and_the_leaders_alone(self, people: People) -> None:
        with pytest.raises(NotAllowed):
            operations.save_steps(actor=people.binh, steps={"head": 2}, today=TODAY)


class TestASettledMatter:
    def test_is_seen_by_whoever_was_told_of_it(self, people: People) -> None:
        task = submitted_task(people)
        assert told() == [("dung", "submitted")]
        work.accept_task(actor=people.an, task_id=task.pk, now=NOW)
        assert queries.unseen(people.dung) == 0
        assert queries.unseen(people.binh) == 1  # that it was accepted is news

    def test_is_told_of_by_the_newest_alone(self, people: People) -> None:
        task = make_task(people)
        work.assign_task(actor=people.an, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
        work.assign_task(actor=people.an, task_id=task.pk, person_id=people.dung.person_id, now=NOW)
        assert (queries.unseen(people.binh), queries.unseen(people.dung)) == (0, 1)
        work.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=NOW)
        assert [row.topic for row in queries.page_of(people.dung, only_unseen=True)[1]] == ["submitted"]

    def test_leaves_other_matters_and_other_agencies_alone(self, people: People) -> None:
        task = submitted_task(people)
        submitted_task(people, number="2", text="Công khai quy trình")
        link = f"/cong-viec/{task.pk}/"
        assert (
            operations.settle(agency_id=people.other_agency.pk, links=[link], topics=["submitted"], now=NOW)
            == 0
        )
        assert operations.settle(agency_id=people.agency.pk, now=NOW) == 0
        work.accept_task(actor=people.an, task_id=task.pk, now=NOW)
        assert queries.unseen(people.dung) == 1

    def test_of_the_registers_is_settled_by_the_decision_and_by_the_end(self, people: People) -> None:
        entry = enter(
            actor=people.an,
            register="directives",
            values={
                "source": "UBND tỉnh", "title": "Rà soát hộ nghèo", "on": TODAY, "person": people.binh.person_id,
                "due_on": TODAY + timedelta(days=9),
            },
            now=NOW,
        )  # fmt: skip
        asked = ask_extension(
            actor=people.binh, entry_id=entry.pk, due_after=TODAY + timedelta(days=20), reason="Chờ", now=NOW
        )
        assert queries.unseen(people.chau) == 1
        decide_extension(actor=people.chau, extension_id=asked.pk, is_approved=True, now=NOW)
        assert queries.unseen(people.chau) == 0
        assert queries.unseen(people.binh) == 2
        finish(actor=people.binh, entry_id=entry.pk, done_on=TODAY, now=NOW)
        assert queries.unseen(people.binh) == 0


class TestWhatAPersonSees:
    def test_is_the_own_and_of_this_agency(self, people: People) -> None:
        tell(people, [people.binh])
        assert queries.unseen(people.binh) == 1
        assert (queries.unseen(people.an), queries.unseen(people.chi)) == (0, 0)
        row = queries.page_of(people.binh)[1][0]
        with pytest.raises(Notification.DoesNotExist):
            operations.see(actor=people.an, notification_id=row.id, now=NOW)
        operations.see(actor=people.binh, notification_id=row.id, now=NOW)
        assert queries.unseen(people.binh) == 0
        assert queries.page_of(people.binh, only_unseen=True)[1] == ()

    def test_seeing_all_leaves_out_what_came_since(self, people: People) -> None:
        tell(people, [people.binh])
        tell(people, [people.binh], key="hai", now=NOW + timedelta(minutes=5))
        assert operations.see_all(actor=people.binh, until=NOW, now=NOW) == 1
        assert queries.unseen(people.binh) == 1

    def test_a_choice_as_shipped_is_none(self, people: People) -> None:
        operations.choose(actor=people.binh, ways={"assigned": "weekly"})
        assert next(
            each for each in queries.choices(people.binh, TODAY).topics if each.key == "assigned"
        ).is_own
        operations.choose(actor=people.binh, ways={"assigned": "at_once"})
        assert not any(each.is_own for each in queries.choices(people.binh, TODAY).topics)

    @pytest.mark.parametrize("ways", [{"digest": "at_once"}, {"assigned": "pigeon"}, {"x": "daily"}])
    def test_a_choice_that_is_not_offered_is_refused_whole(
        self, people: People, ways: dict[str, str]
    ) -> None:
        with pytest.raises(TopicUnknown):
            operations.choose(actor=people.binh, ways={"accepted": "daily", **ways})
        assert not any(each.is_own for each in queries.choices(people.binh, TODAY).topics)


def test_a_person_who_is_forgotten_leaves_nothing_told(people: People, mail_set_up: None) -> None:
    reachable(people.binh, people.an)
    tell(people, [people.binh])
    submitted_task(people)
    assert {section.code for section in collect(people.agency.pk, people.binh.person_id)} >= {
        "notifications",
        "mail",
    }
    forget(people.binh.person_id, "Trần Văn Bình")
    assert not Notification.objects.exists()
    assert not Mail.objects.exists()


def test_what_is_long_past_is_removed(people: People, mail_set_up: None) -> None:
    reachable(people.binh)
    tell(people, [people.binh], now=NOW - timedelta(days=800))
    tell(people, [people.binh], key="hai")
    Mail.objects.filter(created_at__lt=NOW).update(state="sent")
    assert operations.forget_old(now=NOW) == (1, 1)
    assert (Notification.objects.count(), Mail.objects.count()) == (1, 1)


def test_a_committee_is_told_by_its_head(people: People) -> None:
    board = org.add_unit(actor=people.an, name="Ban Chỉ đạo ISO", kind="committee", today=TODAY)
    tam = make_person(people.agency, "Vũ Thị Tâm", "tam", Role.OFFICER)
    board.seats.create(person=tam, duty="head")
    board.seats.create(person_id=people.binh.person_id, duty="member")
    staff = staff_of(people.agency.pk, TODAY)
    assert staff.doers(person_id=None, unit_id=board.pk) == (actor_of(tam, people.agency).person_id,)
