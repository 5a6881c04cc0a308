"""Calendar feeds: whose an address is, how long it holds, and which planned work it gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from camket.actions import feeds, operations, queries
from camket.actions.models import UnitFeed
from camket.journal.models import Entry
from camket.org.models import Agency, Delegation, Membership, Person, Role, Unit
from camket.org.policy import NotAllowed
from people import TODAY, People
from work import NOW, at, make_task, submitted_task, unit_of


def tasks_of(key: str, on: date = TODAY) -> list[int]:
    """Return the tasks that an address gives on a day."""
    return [each.row.id for each in queries.feed_tasks(feeds.reader_of(key, on), on)]


class TestThePersonsFeed:
    def test_it_holds_open_work_of_its_person(self, people: People) -> None:
        task = make_task(people)
        done = submitted_task(people)
        operations.accept_task(actor=people.an, task_id=done.pk, now=NOW)
        make_task(people, lead=unit_of(people, 2))
        key = feeds.renew_feed_key(actor=people.binh, now=NOW)
        assert feeds.addresses(people.binh, TODAY)[0] == feeds.Address(key)
        reader = feeds.reader_of(key, TODAY)
        found = queries.feed_tasks(reader, TODAY)
        assert (reader.person_name, [each.row.id for each in found]) == ("Trần Văn Bình", [task.pk])
        assert found[0].reading.agency_code == people.agency.code

    @pytest.mark.parametrize("key", ["", "x" * 43])
    def test_a_key_of_no_one_is_not_found(self, people: People, key: str) -> None:
        with pytest.raises(Person.DoesNotExist):
            feeds.reader_of(key, TODAY)

    def test_it_goes_on_when_one_of_two_agencies_has_ended(self, people: People) -> None:
        task = make_task(people)
        key = feeds.renew_feed_key(actor=people.binh, now=NOW)
        Membership.objects.create(
            agency=people.other_agency, person_id=people.binh.person_id, role=Role.OFFICER
        )
        Agency.objects.filter(pk=people.other_agency.pk).update(valid_to=TODAY - timedelta(days=1))
        assert tasks_of(key) == [task.pk]

    def test_it_ends_with_the_account(self, people: People) -> None:
        key = feeds.renew_feed_key(actor=people.binh, now=NOW)
        Person.objects.filter(pk=people.binh.person_id).update(is_active=False)
        with pytest.raises(Person.DoesNotExist):
            feeds.reader_of(key, TODAY)

    def test_a_new_address_replaces_the_old_and_a_revoked_one_gives_nothing(self, people: People) -> None:
        first = feeds.renew_feed_key(actor=people.binh, now=NOW)
        second = feeds.renew_feed_key(actor=people.binh, now=NOW)
        with pytest.raises(Person.DoesNotExist):
            feeds.reader_of(first, TODAY)
        assert feeds.reader_of(second, TODAY).person_id == people.binh.person_id
        feeds.revoke_feed_key(actor=people.binh, now=NOW)
        with pytest.raises(Person.DoesNotExist):
            feeds.reader_of(second, TODAY)
        with pytest.raises(feeds.NoAddress):
            feeds.revoke_feed_key(actor=people.binh, now=NOW)
        verbs = list(Entry.objects.order_by("sequence").values_list("verb", flat=True))
        assert verbs == ["person.feed_renewed", "person.feed_renewed", "person.feed_revoked"]
        assert not any(second in str((each.before, each.after)) for each in Entry.objects.all())

    def test_who_stands_in_has_the_absent_ones_work_for_those_days_alone(self, people: People) -> None:
        task = make_task(people, lead=unit_of(people, 2))
        operations.assign_task(actor=people.an, task_id=task.pk, person_id=people.chau.person_id, now=NOW)
        Delegation.objects.create(
            agency=people.agency,
            post=Membership.objects.get(person_id=people.chau.person_id),
            deputy_id=people.binh.person_id,
            valid_from=TODAY,
            valid_to=TODAY + timedelta(days=3),
            reason="Đi học",
        )
        key = feeds.renew_feed_key(actor=people.binh, now=NOW)
        found = queries.feed_tasks(feeds.reader_of(key, TODAY), TODAY)
        assert [(each.row.id, each.reading.giver) for each in found] == [(task.pk, "Lê Minh Châu")]
        assert tasks_of(key, TODAY + timedelta(days=4)) == []
        assert tasks_of(feeds.renew_feed_key(actor=people.chau, now=NOW)) == [task.pk]

    def test_what_was_cancelled_stays_for_a_while_and_its_number_grows(self, people: People) -> None:
        task = make_task(people)
        key = feeds.renew_feed_key(actor=people.binh, now=NOW)

        def state(on: date) -> list[tuple[str, int]]:
            found = queries.feed_tasks(feeds.reader_of(key, on), on)
            return [(each.row.standing.value, each.sequence) for each in found]

        ((standing, before),) = state(TODAY)
        operations.move_due(
            actor=people.an, task_id=task.pk, due_on=date(2026, 8, 3), reason="Chờ văn bản", now=NOW
        )
        ((_same, moved),) = state(TODAY)
        operations.cancel_task(actor=people.an, task_id=task.pk, reason="Không còn", now=at(TODAY))
        ((gone, cancelled),) = state(TODAY)
        assert (standing, gone) == ("soon", "cancelled")
        assert before < moved < cancelled
        assert state(TODAY + queries.CANCELLED_SHOWN) == [("cancelled", cancelled)]
        assert state(TODAY + queries.CANCELLED_SHOWN + timedelta(days=1)) == []


class TestTheUnitsFeed:
    def test_it_holds_all_work_of_the_unit_whoever_does_it(self, people: People) -> None:
        task, led = make_task(people), make_task(people, number="2")
        operations.assign_task(actor=people.an, task_id=task.pk, person_id=people.dung.person_id, now=NOW)
        make_task(people, number="3", lead=unit_of(people, 2))
        unit = unit_of(people, 1)
        key = feeds.renew_unit_feed(actor=people.binh, unit_id=unit.pk, now=NOW)
        reader = feeds.reader_of(key, TODAY)
        assert (reader.unit_name, reader.person_name) == ("Phòng Kinh tế", "Trần Văn Bình")
        assert tasks_of(key) == [task.pk, led.pk]
        assert feeds.addresses(people.binh, TODAY)[1:] == (feeds.Address(key, unit.pk, unit.name),)

    def test_each_has_an_address_of_the_own(self, people: People) -> None:
        unit = unit_of(people, 1)
        of_binh = feeds.renew_unit_feed(actor=people.binh, unit_id=unit.pk, now=NOW)
        of_dung = feeds.renew_unit_feed(actor=people.dung, unit_id=unit.pk, now=NOW)
        feeds.revoke_unit_feed(actor=people.binh, unit_id=unit.pk, now=NOW)
        assert feeds.reader_of(of_dung, TODAY).person_id == people.dung.person_id
        with pytest.raises(Person.DoesNotExist):
            feeds.reader_of(of_binh, TODAY)
        with pytest.raises(feeds.NoAddress):
            feeds.revoke_unit_feed(actor=people.binh, unit_id=unit.pk, now=NOW)

    def test_who_is_not_of_the_unit_gets_none(self, people: People) -> None:
        unit = unit_of(people, 2)
        deputy = replace(
            people.dung, person_id=people.chau.person_id, stands_in_for=(people.dung.person_id, "D")
        )
        for actor, wanted in ((people.binh, unit), (people.an, unit), (deputy, unit_of(people, 1))):
            with pytest.raises(NotAllowed):
                feeds.renew_unit_feed(actor=actor, unit_id=wanted.pk, now=NOW)
        with pytest.raises(Unit.DoesNotExist):
            feeds.renew_unit_feed(actor=people.chi, unit_id=unit.pk, now=NOW)
        assert not UnitFeed.objects.exists()

    def test_it_dies_with_leaving_and_stays_dead_after_coming_back(self, people: People) -> None:
        unit = unit_of(people, 1)
        key = feeds.renew_unit_feed(actor=people.binh, unit_id=unit.pk, now=NOW)
        posts = Membership.objects.filter(person_id=people.binh.person_id)
        posts.update(valid_to=TODAY + timedelta(days=5))
        assert feeds.reader_of(key, TODAY + timedelta(days=5)).unit_id == unit.pk
        with pytest.raises(Person.DoesNotExist):
            feeds.reader_of(key, TODAY + timedelta(days=6))
        Membership.objects.create(
            agency=people.agency,
            person_id=people.binh.person_id,
            unit=unit,
            role=Role.OFFICER,
            valid_from=TODAY + timedelta(days=9),
        )
        back = TODAY + timedelta(days=10)
        with pytest.raises(Person.DoesNotExist):
            feeds.reader_of(key, back)
        assert [each.key for each in feeds.addresses(people.binh, back)] == ["", ""]
        new = feeds.renew_unit_feed(actor=people.binh, unit_id=unit.pk, now=at(back))
        assert feeds.reader_of(new, back).unit_id == unit.pk

    def test_another_post_in_the_unit_without_a_break_keeps_it(self, people: People) -> None:
        unit = unit_of(people, 1)
        key = feeds.renew_unit_feed(actor=people.binh, unit_id=unit.pk, now=NOW)
        Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=TODAY + timedelta(days=5))
        Membership.objects.create(
            agency=people.agency,
            person_id=people.binh.person_id,
            unit=unit,
            role=Role.HEAD,
            valid_from=TODAY + timedelta(days=6),
        )
        assert feeds.reader_of(key, TODAY + timedelta(days=20)).unit_id == unit.pk

    def test_it_ends_with_the_unit(self, people: People) -> None:
        unit = unit_of(people, 1)
        key = feeds.renew_unit_feed(actor=people.binh, unit_id=unit.pk, now=NOW)
        Unit.objects.filter(pk=unit.pk).update(is_active=False)
        with pytest.raises(Person.DoesNotExist):
            feeds.reader_of(key, TODAY)

    def test_it_is_removed_with_the_persons_data(self, people: People) -> None:
        feeds.renew_unit_feed(actor=people.binh, unit_id=unit_of(people, 1).pk, now=NOW)
        feeds.forget(people.binh.person_id, "Trần Văn Bình")
        assert not UnitFeed.objects.exists()
