from __future__ import annotations

from dataclasses import replace

import pytest

from camket.indicators import operations
from camket.indicators.models import Reading
from camket.indicators.operations import confirm_reading, enter_reading, withdraw_reading
from camket.indicators.queries import waiting_confirmation
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from indicators.measured import make_indicator, make_reading, on_time
from people import People
from work import NOW


@pytest.mark.parametrize("name", ["an", "chau", "dung"])
def test_another_person_confirms(people: People, name: str) -> None:
    reading = make_reading(people, make_indicator(people), confirmed=False)
    actor = getattr(people, name)
    confirm_reading(actor=actor, reading_id=reading.pk, now=NOW)
    reading.refresh_from_db()
    assert (reading.state, reading.confirmed_by_id) == ("confirmed", actor.person_id)
    assert reading.confirmed_at == NOW
    assert Entry.objects.get(verb="reading.confirmed").by_id == actor.person_id


def test_own_figure_is_not_confirmed(people: People) -> None:
    indicator = make_indicator(people)
    reading = enter_reading(actor=people.an, indicator_id=indicator.pk, reading=on_time(), now=NOW)
    with pytest.raises(operations.OwnConfirmation):
        confirm_reading(actor=people.an, reading_id=reading.pk, now=NOW)
    reading.refresh_from_db()
    assert reading.state == "entered"


def test_a_deputy_does_not_confirm_what_either_of_the_two_entered(people: People) -> None:
    indicator = make_indicator(people)
    reading = enter_reading(actor=people.dung, indicator_id=indicator.pk, reading=on_time(), now=NOW)
    for deputy, giver in ((people.dung, people.chau), (people.binh, people.dung)):
        actor = replace(
            giver,
            person_id=deputy.person_id,
            name=deputy.name,
            stands_in_for=(giver.person_id, giver.name),
        )
        with pytest.raises(operations.OwnConfirmation):
            confirm_reading(actor=actor, reading_id=reading.pk, now=NOW)
        assert not any(row.may_confirm for row in (each.reading for each in waiting_confirmation(actor)))
    reading.refresh_from_db()
    assert reading.state == "entered"


def test_officer_does_not_confirm(people: People) -> None:
    indicator = make_indicator(people)
    reading = enter_reading(actor=people.an, indicator_id=indicator.pk, reading=on_time(), now=NOW)
    with pytest.raises(NotAllowed):
        confirm_reading(actor=people.binh, reading_id=reading.pk, now=NOW)
    reading.refresh_from_db()
    assert reading.state == "entered"


def test_settled_figure_is_not_confirmed_again(people: People) -> None:
    reading = make_reading(people, make_indicator(people), confirmed=True)
    with pytest.raises(operations.ReadingSettled):
        confirm_reading(actor=people.chau, reading_id=reading.pk, now=NOW)
    assert Entry.objects.filter(verb="reading.confirmed").count() == 1


def test_stranger_finds_nothing_to_confirm(people: People) -> None:
    reading = make_reading(people, make_indicator(people), confirmed=False)
    with pytest.raises(Reading.DoesNotExist):
        confirm_reading(actor=people.chi, reading_id=reading.pk, now=NOW)
    reading.refresh_from_db()
    assert reading.state == "entered"


def test_withdrawn_figure_stays_with_its_reason(people: People) -> None:
    reading = make_reading(people, make_indicator(people), confirmed=True)
    withdraw_reading(actor=people.chau, reading_id=reading.pk, reason="  Cộng nhầm ", now=NOW)
    reading.refresh_from_db()
    assert (reading.state, reading.withdrawal, reading.withdrawn_by_id) == (
        "withdrawn",
        "Cộng nhầm",
        people.chau.person_id,
    )
    assert (reading.confirmed_by_id, reading.withdrawn_at) == (people.an.person_id, NOW)
    assert Entry.objects.get(verb="reading.withdrawn").reason == "Cộng nhầm"


def test_who_entered_withdraws_while_it_waits(people: People) -> None:
    reading = make_reading(people, make_indicator(people), confirmed=False)
    withdraw_reading(actor=people.binh, reading_id=reading.pk, reason="Nhập nhầm", now=NOW)
    reading.refresh_from_db()
    assert reading.state == "withdrawn"


def test_officer_does_not_withdraw_what_is_confirmed_or_of_others(people: People) -> None:
    indicator = make_indicator(people)
    confirmed = make_reading(people, indicator, confirmed=True)
    with pytest.raises(NotAllowed):
        withdraw_reading(actor=people.binh, reading_id=confirmed.pk, reason="x", now=NOW)
    confirmed.refresh_from_db()
    assert confirmed.state == "confirmed"


def test_withdrawing_needs_a_reason(people: People) -> None:
    reading = make_reading(people, make_indicator(people), confirmed=True)
    with pytest.raises(operations.ReasonMissing):
        withdraw_reading(actor=people.an, reading_id=reading.pk, reason="   ", now=NOW)
    reading.refresh_from_db()
    assert reading.state == "confirmed"


def test_withdrawn_figure_is_not_withdrawn_again(people: People) -> None:
    reading = make_reading(people, make_indicator(people), confirmed=False)
    withdraw_reading(actor=people.an, reading_id=reading.pk, reason="Sai", now=NOW)
    with pytest.raises(operations.ReadingSettled):
        withdraw_reading(actor=people.an, reading_id=reading.pk, reason="Sai nữa", now=NOW)


def test_stranger_finds_nothing_to_withdraw(people: People) -> None:
    reading = make_reading(people, make_indicator(people), confirmed=False)
    with pytest.raises(Reading.DoesNotExist):
        withdraw_reading(actor=people.chi, reading_id=reading.pk, reason="x", now=NOW)
    reading.refresh_from_db()
    assert reading.state == "entered"
