"""Nobody widens one's own rights: not by a delegated post, nor by opening agencies, nor through an account lent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camket.org import operations, queries
from camket.org.models import Agency, Membership, Person, Role
from camket.org.policy import Actor
from people import PASSWORD, TODAY, People, actor_of, make_agency, make_person

LATER = TODAY + timedelta(days=900)


@pytest.fixture
def deputy(people: People) -> Actor:
    """Bình, an officer, standing in for An, the secretary."""
    given = operations.delegate_post(
        actor=people.an,
        post_id=Membership.objects.get(person_id=people.an.person_id).pk,
        deputy_id=people.binh.person_id,
        valid_from=TODAY,
        valid_to=TODAY,
        reason="Nghỉ phép",
        today=TODAY,
    )
    actor = queries.actor_as(person_id=people.binh.person_id, key=f"for:{given.pk}", on=TODAY)
    assert actor is not None
    return actor


def give(actor: Actor, person_id: int, role: str) -> None:
    operations.give_post(
        actor=actor,
        person_id=person_id,
        role=role,
        unit_id=None,
        position="",
        valid_from=None,
        today=TODAY,
    )


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.OFFICER, Role.REPRESENTATIVE])
def test_a_deputy_keeps_nothing_of_the_post(people: People, deputy: Actor, role: str) -> None:
    before = Membership.objects.count()
    with pytest.raises(operations.OwnAccount):
        give(deputy, people.binh.person_id, role)
    assert Membership.objects.count() == before
    give(deputy, people.dung.person_id, Role.AUDITOR)  # others are given theirs as the holder would


def test_a_deputy_widens_not_what_the_holder_may(people: People, deputy: Actor) -> None:
    with pytest.raises(operations.OwnAccount):
        give(deputy, people.an.person_id, Role.CHAIRMAN)


def test_a_deputy_takes_no_other_post_on_loan(people: People, deputy: Actor) -> None:
    post = Membership.objects.get(person_id=people.dung.person_id)
    Membership.objects.filter(pk=post.pk).update(role=Role.SECRETARY)
    with pytest.raises(operations.OwnAccount):
        operations.delegate_post(
            actor=deputy,
            post_id=post.pk,
            deputy_id=people.binh.person_id,
            valid_from=TODAY,
            valid_to=LATER,
            reason="Nghỉ phép",
            today=TODAY,
        )


def test_a_deputy_has_the_post_and_not_the_account(people: People, deputy: Actor) -> None:
    an = Person.objects.get(pk=people.an.person_id)
    with pytest.raises(operations.OwnAccount):
        operations.reset_password(actor=deputy, person_id=an.pk, today=TODAY)
    with pytest.raises(operations.OwnAccount):
        operations.block_person(actor=deputy, person_id=an.pk, reason="x", today=TODAY)
    assert Person.objects.get(pk=an.pk).password == an.password
    operations.reset_password(actor=deputy, person_id=people.dung.person_id, today=TODAY)


@pytest.fixture
def administrator(people: People) -> Actor:
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(pk__in=[people.agency.pk, people.other_agency.pk]).update(parent=province)
    return actor_of(make_person(province, "Vũ Thị Giang", "giang", Role.ADMINISTRATOR), province)


def opened(actor: Actor, login: str) -> operations.OpenedAgency:
    return operations.open_agency(
        actor=actor,
        code="H00.9",
        name="UBND xã Suối Mơ",
        level="commune",
        secretary="Nguyễn Văn Ba",
        login=login,
        today=TODAY,
    )


def test_an_administrator_makes_no_secretary_of_oneself(administrator: Actor) -> None:
    """A succession to the new agency would open the records of the old one."""
    before = Agency.objects.count()
    with pytest.raises(operations.OwnAccount):
        opened(administrator, "giang")
    assert Agency.objects.count() == before


def test_an_administrator_names_nobody_of_another_tree(people: People, administrator: Actor) -> None:
    elsewhere = make_agency("G05", "UBND xã Núi Cao")
    make_person(elsewhere, "Đỗ Văn Kha", "kha", Role.SECRETARY)
    with pytest.raises(operations.LoginElsewhere) as refusal:
        opened(administrator, "kha")
    assert "Đỗ Văn Kha" not in str(refusal.value.message)
    assert opened(administrator, "an").password == ""  # An's commune is below


@pytest.mark.parametrize(
    "act", ["password_reset", "person_invite", "person_factor_reset", "person_link_reset", "account_restore"]
)
def test_an_administrator_is_told_no_name_by_a_refusal(people: People, client: Client, act: str) -> None:
    client.force_login(make_person(people.agency, "Vũ Thị Giang", "giang", Role.ADMINISTRATOR))
    Membership.objects.create(agency=people.other_agency, person_id=people.binh.person_id, role=Role.OFFICER)
    for actor in (people.binh, people.dung):  # one who works elsewhere too, one without a second step
        path = reverse(f"web:organisation:{act}", args=[actor.person_id])
        page = client.post(path, {"reason": "Mất điện thoại"}, follow=True).content.decode()
        assert actor.name not in page


def test_an_invitation_dies_where_another_agency_took_the_person_on(people: People) -> None:
    """Whoever kept the link would choose the password of an account that opens the other agency's records."""
    now = timezone.now()
    dung = people.dung.person_id
    made = operations.invite(actor=people.an, person_id=dung, now=now, today=TODAY)
    assert operations.invited_person(key=made.key, now=now).pk == dung
    Membership.objects.create(agency=people.other_agency, person_id=dung, role=Role.SECRETARY)
    with pytest.raises(operations.LinkDead):
        operations.accept_invitation(key=made.key, password="Hoa-phuong-2026", now=now, today=TODAY)
    assert Person.objects.get(pk=dung).check_password(PASSWORD)
