from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from camket.core.messages import Refusal
from camket.journal.models import Entry
from camket.org import operations, queries
from camket.org.models import Delegation, Membership, Person
from camket.org.policy import NotAllowed, can
from people import TODAY, People

FIRST, LAST = date(2026, 7, 6), date(2026, 7, 17)


def post_of(person_id: int) -> Membership:
    return Membership.objects.get(person_id=person_id)


def delegate(people: People, **changes: Any) -> Delegation:
    given: dict[str, Any] = {
        "actor": people.chau,
        "post_id": post_of(people.chau.person_id).pk,
        "deputy_id": people.dung.person_id,
        "valid_from": FIRST,
        "valid_to": LAST,
        "reason": "Nghỉ phép năm",
        "document_number": "12/GUQ-UBND",
        "today": TODAY,
    }
    return operations.delegate_post(**{**given, **changes})


def test_a_post_is_filled_by_another_from_day_to_day(people: People) -> None:
    delegation = delegate(people)
    key = f"for:{delegation.pk}"
    ask = {"person_id": people.dung.person_id, "key": key}
    assert queries.actor_as(**ask, on=FIRST - timedelta(days=1)) is None
    assert queries.actor_as(**ask, on=LAST + timedelta(days=1)) is None
    deputy = queries.actor_as(**ask, on=FIRST)
    assert deputy is not None
    assert deputy.roles == {"chairman"}
    assert deputy.stands_in_for == (people.chau.person_id, "Lê Minh Châu")
    assert can(deputy, "plan.approve")
    assert not can(
        queries.actor_of(person_id=people.dung.person_id, agency_id=people.agency.pk, on=FIRST),
        "plan.approve",
    )
    entry = Entry.objects.get(verb="delegation.given")
    assert entry.reason == "Nghỉ phép năm"
    assert entry.after["deputy"] == people.dung.person_id
    for side in (people.chau, people.dung):
        (row,) = queries.delegations_of(side, side.person_id, FIRST)
        assert (row.giver, row.deputy, row.is_on) == ("Lê Minh Châu", "Phạm Tiến Dũng", True)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"valid_to": FIRST - timedelta(days=1)}, operations.DaysNotPossible),
        ({"valid_from": TODAY - timedelta(days=1)}, operations.DaysNotPossible),
        ({"reason": "  "}, Refusal),
    ],
)
def test_days_and_reason_must_be_right(
    people: People, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        delegate(people, **changes)
    assert not Delegation.objects.exists()


def test_not_to_oneself_not_to_strangers_not_to_the_absent(people: People) -> None:
    with pytest.raises(operations.OwnDeputy):
        delegate(people, deputy_id=people.chau.person_id)
    with pytest.raises(Person.DoesNotExist):
        delegate(people, deputy_id=people.chi.person_id)
    with pytest.raises(Membership.DoesNotExist):
        delegate(people, actor=people.chi)
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=LAST - timedelta(days=1))
    with pytest.raises(operations.DeputyNotPossible, match="all of these days"):
        delegate(people, deputy_id=people.binh.person_id)
    Person.objects.filter(pk=people.dung.person_id).update(is_active=False)
    with pytest.raises(operations.DeputyNotPossible, match="sign in"):
        delegate(people)
    assert not Delegation.objects.exists()


def test_not_beyond_the_post(people: People) -> None:
    Membership.objects.filter(person_id=people.chau.person_id).update(valid_to=LAST - timedelta(days=1))
    with pytest.raises(operations.DaysNotPossible, match="16/07/2026"):
        delegate(people)


def test_only_the_holder_and_who_manages_people(people: People) -> None:
    with pytest.raises(NotAllowed):
        delegate(people, actor=people.binh)
    assert delegate(people, actor=people.an).deputy_id == people.dung.person_id


def test_nobody_makes_oneself_deputy_of_a_post_that_widens_ones_rights(people: People) -> None:
    with pytest.raises(operations.OwnAccount):
        delegate(people, actor=people.an, deputy_id=people.an.person_id)
    assert delegate(people, deputy_id=people.an.person_id).deputy_id == people.an.person_id


def test_overlapping_days_are_refused_with_who_stands_in(people: People) -> None:
    delegate(people)
    with pytest.raises(operations.AlreadyDelegated, match="Phạm Tiến Dũng.*06/07/2026.*17/07/2026"):
        delegate(people, deputy_id=people.binh.person_id, valid_from=LAST, valid_to=LAST + timedelta(days=9))
    later = LAST + timedelta(days=1)
    delegate(people, deputy_id=people.binh.person_id, valid_from=later, valid_to=later)
    assert Delegation.objects.count() == 2


def test_a_delegated_post_is_not_handed_on(people: People) -> None:
    delegation = delegate(people)
    deputy = queries.actor_as(person_id=people.dung.person_id, key=f"for:{delegation.pk}", on=FIRST)
    assert deputy is not None
    with pytest.raises(operations.HandedOn):
        delegate(
            people, actor=deputy, deputy_id=people.binh.person_id, valid_from=LAST + timedelta(days=1),
            valid_to=LAST + timedelta(days=5), today=FIRST,
        )  # fmt: skip
    with pytest.raises(operations.DeputyNotPossible, match="Phạm Tiến Dũng"):
        delegate(
            people,
            actor=people.dung,
            post_id=post_of(people.dung.person_id).pk,
            deputy_id=people.chau.person_id,
        )


def test_it_ends_when_withdrawn_by_either_side(people: People) -> None:
    for side in (people.chau, people.dung, people.an):
        delegation = delegate(people)
        operations.withdraw_delegation(actor=side, delegation_id=delegation.pk, today=FIRST)
        assert queries.actor_as(person_id=people.dung.person_id, key=f"for:{delegation.pk}", on=FIRST) is None
        with pytest.raises(operations.DelegationOver):
            operations.withdraw_delegation(actor=side, delegation_id=delegation.pk, today=FIRST)
    delegation = delegate(people)
    with pytest.raises(NotAllowed):
        operations.withdraw_delegation(actor=people.binh, delegation_id=delegation.pk, today=FIRST)
    with pytest.raises(Delegation.DoesNotExist):
        operations.withdraw_delegation(actor=people.chi, delegation_id=delegation.pk, today=FIRST)
    states = [row.state for row in queries.delegations_of(people.chau, people.chau.person_id, TODAY)]
    assert sorted(states) == ["coming", "withdrawn", "withdrawn", "withdrawn"]


def test_it_ends_with_the_post_and_with_the_deputys_last_post(people: People) -> None:
    delegation = delegate(people)
    operations.end_post(
        actor=people.an, post_id=post_of(people.chau.person_id).pk, ended_on=FIRST, today=TODAY
    )
    delegation.refresh_from_db()
    assert delegation.withdrawn_on == FIRST
    other = delegate(people, actor=people.an, post_id=post_of(people.binh.person_id).pk)
    operations.end_post(
        actor=people.an, post_id=post_of(people.dung.person_id).pk, ended_on=FIRST, today=TODAY
    )
    other.refresh_from_db()
    assert other.withdrawn_on == FIRST
