"""What guards signing in, and what people are told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone

from camket.journal.models import Entry
from camket.org import operations, queries
from camket.org.models import AccountEvent, Agency, FailedSignIns, Membership, Person, Role, SecondFactor
from camket.org.passwords import HardToGuess
from people import TODAY, People

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=timezone.get_default_timezone())


def guess(times: int, person_id: int, at: datetime = NOW) -> None:
    for _ in range(times):
        operations.take_factor_attempt(person_id=person_id, address="10.0.0.7", now=at)


def test_five_wrong_codes_close_the_second_step_for_a_quarter_of_an_hour(people: People) -> None:
    person = people.an.person_id
    guess(5, person)
    with pytest.raises(operations.TooManyFailures):
        guess(1, person)
    guess(1, people.chau.person_id)
    guess(1, person, NOW + timedelta(minutes=15, seconds=1))


def test_twenty_wrong_codes_close_the_second_step_for_a_day(people: People) -> None:
    at = NOW
    for _ in range(4):
        guess(5, people.an.person_id, at)
        at += timedelta(minutes=16)
    with pytest.raises(operations.TooManyFailures) as refused:
        guess(1, people.an.person_id, at)
    assert int(refused.value.message.params["minutes"]) > 22 * 60
    guess(1, people.an.person_id, at + timedelta(days=1))


def test_a_right_code_forgets_the_wrong_ones(people: People) -> None:
    guess(4, people.an.person_id)
    operations.forget_factor_attempts(person_id=people.an.person_id)
    guess(5, people.an.person_id)


def test_a_code_opens_once(people: People) -> None:
    person = people.an.person_id
    assert operations.use_code_once(person_id=person, code="123456", now=NOW)
    assert not operations.use_code_once(person_id=person, code="123456", now=NOW + timedelta(seconds=40))
    assert operations.use_code_once(person_id=people.chau.person_id, code="123456", now=NOW)
    assert operations.use_code_once(person_id=person, code="123456", now=NOW + timedelta(minutes=10))


def test_guesses_are_told_to_the_owner_the_journal_and_the_secretary_once_a_day(people: People) -> None:
    for _ in range(2):
        for _ in range(6):
            operations.count_failed_sign_in(login="binh", address="10.0.0.7", now=NOW)
        FailedSignIns.objects.all().delete()
    told = queries.unseen_events(people.binh.person_id)
    assert [(event.kind, event.address) for event in told] == [("guessed", "10.0.0.7")]
    entry = Entry.objects.get(verb="person.guessed")
    assert (entry.agency_id, entry.subject_id) == (people.agency.pk, people.binh.person_id)
    assert queries.guessed_colleagues(people.an.person_id, TODAY) == ["Trần Văn Bình"]
    assert queries.guessed_colleagues(people.chau.person_id, TODAY) == []
    assert queries.guessed_colleagues(people.chi.person_id, TODAY) == []
    operations.mark_events_seen(person_id=people.binh.person_id, now=NOW)
    assert queries.unseen_events(people.binh.person_id) == []


def test_guesses_at_a_name_that_nobody_has_are_only_counted(people: People) -> None:
    for _ in range(6):
        operations.count_failed_sign_in(login="khong-co", address="10.0.0.7", now=NOW)
    assert not AccountEvent.objects.exists()
    assert not Entry.objects.filter(verb="person.guessed").exists()


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (SecondFactor.OFFERED, set()),
        (SecondFactor.MANAGERS, {"an", "chau"}),
        (SecondFactor.EVERYONE, {"an", "binh", "chau", "dung"}),
    ],
)
def test_an_agency_says_of_whom_it_asks_a_second_factor(people: People, rule: str, who: set[str]) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(second_factor=rule)
    asked = {
        person.login for person in Person.objects.all() if queries.second_factor_required(person.pk, TODAY)
    }
    assert asked == who


def test_a_post_that_ended_asks_for_nothing(people: People) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(second_factor=SecondFactor.EVERYONE)
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=TODAY - timedelta(days=1))
    assert not queries.second_factor_required(people.binh.person_id, TODAY)


def test_sessions_that_ran_out_are_cleared_and_the_live_ones_stay(people: People) -> None:
    live, gone = SessionStore(), SessionStore()
    live.set_expiry(3600)
    live.save()
    gone.set_expiry(-1)
    gone.save()
    now = timezone.now()
    for store in (live, gone):
        operations.touch_session(
            key=store.session_key or "", person_id=people.an.person_id, address="10.0.0.1", agent="", now=now
        )
    AccountEvent.objects.create(
        person_id=people.an.person_id, kind="signed_in", at=now - operations.EVENTS_KEPT - timedelta(days=1)
    )
    assert operations.clear_expired_sessions(now=now) == 1
    assert operations.clear_expired_sessions(now=now) == 0
    assert list(Session.objects.values_list("session_key", flat=True)) == [live.session_key]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [live.session_key]
    assert not AccountEvent.objects.exists()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("UBND xã Bình Yên 26", "tên cơ quan"),
        ("NguyenThiAn1990", "họ tên"),
        ("matkhau2026", "phổ biến"),
        ("x" * 129, "tối đa 128"),
    ],
)
def test_a_weak_password_is_refused_in_words(people: People, password: str, said: str) -> None:
    person = Person.objects.get(pk=people.an.person_id)
    with pytest.raises(ValidationError) as refused:
        HardToGuess().validate(password, person)
    assert said in refused.value.messages[0]
    HardToGuess().validate("Một câu dễ nhớ 26", person)


def test_a_stranger_restores_and_ends_nothing(people: People) -> None:
    before = Entry.objects.count()
    binh = people.binh.person_id
    for refused in (
        lambda: operations.end_sessions(actor=people.chi, person_id=binh, reason="", today=TODAY, now=NOW),
        lambda: operations.invite(actor=people.chi, person_id=binh, now=NOW, today=TODAY),
        lambda: operations.reset_second_factor(
            actor=people.chi, person_id=binh, reason="x", today=TODAY, now=NOW
        ),
        lambda: operations.reset_single_sign_on(actor=people.chi, person_id=binh, reason="x", today=TODAY),
    ):
        with pytest.raises(Person.DoesNotExist):
            refused()
    assert Entry.objects.count() == before


def test_a_second_factor_is_taken_off_with_a_reason_only(people: People) -> None:
    binh = people.binh.person_id
    with pytest.raises(operations.ReasonMissing):
        operations.reset_second_factor(actor=people.an, person_id=binh, reason=" ", today=TODAY, now=NOW)
    with pytest.raises(operations.NoFactor):
        operations.reset_second_factor(
            actor=people.an, person_id=binh, reason="Mất máy", today=TODAY, now=NOW
        )
    with pytest.raises(operations.OwnAccount):
        operations.reset_second_factor(
            actor=people.an, person_id=people.an.person_id, reason="x", today=TODAY, now=NOW
        )
    assert not Entry.objects.filter(verb="person.factor_reset").exists()


def test_who_also_works_elsewhere_is_not_invited_anew(people: People) -> None:
    Membership.objects.create(agency=people.other_agency, person_id=people.binh.person_id, role=Role.OFFICER)
    with pytest.raises(operations.SharedPerson):
        operations.invite(actor=people.an, person_id=people.binh.person_id, now=NOW, today=TODAY)
