from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from camket.journal.models import Entry
from camket.org import operations, queries, trail
from camket.org.models import BodyName, Membership, Person, Role, Unit
from camket.org.policy import ACTS, Actor, NotAllowed, can, require
from people import PASSWORD, TODAY, People


def economy_of(people: People) -> Unit:
    return Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")


def test_a_person_is_added_with_a_password_for_once(people: People) -> None:
    unit = economy_of(people)
    added = operations.add_person(
        actor=people.an,
        full_name=" Đặng  Thị Én ",
        login="En.Dang",
        role="officer",
        unit_id=unit.pk,
        position="Chuyên viên",
        today=TODAY,
    )
    person = Person.objects.get(pk=added.person_id)
    assert (person.full_name, person.login) == ("Đặng Thị Én", "en.dang")
    assert person.check_password(added.password)
    assert person.must_change_password
    row = queries.person(people.an, person.pk, TODAY)
    assert [(post.role, post.unit_name, post.position) for post in row.posts] == [
        ("officer", "Phòng Kinh tế", "Chuyên viên")
    ]
    entry = Entry.objects.filter(agency=people.agency).order_by("-sequence")[0]
    assert entry.verb == "person.added"
    assert added.password not in str(entry.after)


def test_a_sign_in_name_is_given_once_in_the_installation(people: People) -> None:
    before = Person.objects.count()
    with pytest.raises(operations.LoginTaken):
        operations.add_person(actor=people.an, full_name="X", login="CHI", role="officer", today=TODAY)
    with pytest.raises(operations.LoginMalformed):
        operations.add_person(actor=people.an, full_name="X", login="ém", role="officer", today=TODAY)
    assert Person.objects.count() == before


def test_a_head_needs_a_unit_and_the_unit_is_ones_own(people: People) -> None:
    foreign = Unit.objects.filter(agency=people.other_agency).order_by("pk")[0]
    with pytest.raises(operations.UnitMissing):
        operations.add_person(actor=people.an, full_name="X", login="xx", role="head", today=TODAY)
    with pytest.raises(Unit.DoesNotExist):
        operations.add_person(
            actor=people.an, full_name="X", login="xx", role="officer", unit_id=foreign.pk, today=TODAY
        )
    with pytest.raises(ValueError, match="king"):
        operations.add_person(actor=people.an, full_name="X", login="xx", role="king", today=TODAY)
    assert not Person.objects.filter(login="xx").exists()


@pytest.mark.parametrize("who", ["binh", "chau", "dung"])
def test_others_do_not_manage_people(people: People, who: str) -> None:
    actor: Actor = getattr(people, who)
    post = Membership.objects.get(person_id=people.an.person_id)
    before = (Entry.objects.count(), Person.objects.count(), Membership.objects.count())
    subject = people.an.person_id
    for act in (
        lambda: operations.add_person(actor=actor, full_name="X", login="xx", role="officer", today=TODAY),
        lambda: operations.change_person(
            actor=actor, person_id=subject, full_name="X", email="", today=TODAY
        ),
        lambda: operations.give_post(
            actor=actor,
            person_id=subject,
            role="officer",
            unit_id=None,
            position="",
            valid_from=None,
            today=TODAY,
        ),
        lambda: operations.end_post(actor=actor, post_id=post.pk, ended_on=TODAY, today=TODAY),
        lambda: operations.reset_password(actor=actor, person_id=subject, today=TODAY),
        lambda: operations.block_person(actor=actor, person_id=subject, reason="x", today=TODAY),
        lambda: operations.unblock_person(actor=actor, person_id=subject, today=TODAY),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (Entry.objects.count(), Person.objects.count(), Membership.objects.count()) == before
    assert Person.objects.get(pk=subject).check_password(PASSWORD)


def test_people_of_another_agency_are_not_there(people: People) -> None:
    post = Membership.objects.get(person_id=people.an.person_id)
    subject = people.an.person_id
    before = Entry.objects.count()
    for act in (
        lambda: queries.person(people.chi, subject, TODAY),
        lambda: operations.change_person(
            actor=people.chi, person_id=subject, full_name="X", email="", today=TODAY
        ),
        lambda: operations.give_post(
            actor=people.chi,
            person_id=subject,
            role="officer",
            unit_id=None,
            position="",
            valid_from=None,
            today=TODAY,
        ),
        lambda: operations.reset_password(actor=people.chi, person_id=subject, today=TODAY),
        lambda: operations.block_person(actor=people.chi, person_id=subject, reason="x", today=TODAY),
        lambda: operations.unblock_person(actor=people.chi, person_id=subject, today=TODAY),
    ):
        with pytest.raises(Person.DoesNotExist):
            act()
    with pytest.raises(Membership.DoesNotExist):
        operations.end_post(actor=people.chi, post_id=post.pk, ended_on=TODAY, today=TODAY)
    with pytest.raises(Membership.DoesNotExist):
        queries.holder_of(people.chi, post.pk)
    assert Entry.objects.count() == before
    assert [row.login for row in queries.people(people.chi, TODAY)] == ["chi"]


def test_a_post_is_given_once_and_ends_on_its_day(people: People) -> None:
    unit = economy_of(people)
    post = operations.give_post(
        actor=people.an,
        person_id=people.binh.person_id,
        role="head",
        unit_id=unit.pk,
        position="Phó Trưởng phòng",
        valid_from=TODAY,
        today=TODAY,
    )
    assert people.binh.person_id == queries.holder_of(people.an, post.pk)
    with pytest.raises(operations.PostTaken):
        operations.give_post(
            actor=people.an,
            person_id=people.binh.person_id,
            role="head",
            unit_id=unit.pk,
            position="",
            valid_from=None,
            today=TODAY,
        )
    leaves = TODAY + timedelta(days=10)
    operations.end_post(actor=people.an, post_id=post.pk, ended_on=leaves, today=TODAY)
    roles = {
        day: queries.actor_of(person_id=people.binh.person_id, agency_id=people.agency.pk, on=day).roles
        for day in (leaves - timedelta(days=1), leaves)
    }
    assert list(roles.values()) == [{"officer", "head"}, {"officer"}]
    with pytest.raises(operations.PostNotHeld):
        operations.end_post(actor=people.an, post_id=post.pk, ended_on=leaves, today=TODAY)


def test_the_last_who_can_manage_stays(people: People) -> None:
    post = Membership.objects.get(person_id=people.an.person_id)
    with pytest.raises(operations.LastManager):
        operations.end_post(actor=people.an, post_id=post.pk, ended_on=TODAY, today=TODAY)
    assert Membership.objects.get(pk=post.pk).valid_to is None
    operations.give_post(
        actor=people.an,
        person_id=people.binh.person_id,
        role="secretary",
        unit_id=None,
        position="",
        valid_from=None,
        today=TODAY,
    )
    operations.end_post(actor=people.an, post_id=post.pk, ended_on=TODAY, today=TODAY)
    assert not queries.posts_of(person_id=people.an.person_id, on=TODAY)


def test_a_blocked_manager_does_not_count_as_one(people: People) -> None:
    added = operations.add_person(
        actor=people.an, full_name="Phụ", login="phu", role="administrator", today=TODAY
    )
    operations.block_person(actor=people.an, person_id=added.person_id, reason="Nghỉ việc", today=TODAY)
    post = Membership.objects.get(person_id=people.an.person_id)
    with pytest.raises(operations.LastManager):
        operations.end_post(actor=people.an, post_id=post.pk, ended_on=TODAY, today=TODAY)


def test_a_password_is_reset_for_others_only(people: People) -> None:
    given = operations.reset_password(actor=people.an, person_id=people.binh.person_id, today=TODAY)
    binh = Person.objects.get(pk=people.binh.person_id)
    assert binh.check_password(given.password)
    assert not binh.check_password(PASSWORD)
    assert binh.must_change_password
    with pytest.raises(operations.OwnAccount):
        operations.reset_password(actor=people.an, person_id=people.an.person_id, today=TODAY)
    changed = operations.change_password(
        person_id=binh.pk, password="Một câu dễ nhớ 26", actor=people.binh, today=TODAY
    )
    assert not changed.must_change_password
    verbs = list(
        Entry.objects.filter(agency=people.agency).order_by("sequence").values_list("verb", flat=True)
    )
    assert verbs[-2:] == ["person.password_reset", "person.password_changed"]


@pytest.mark.parametrize("begins", [None, TODAY + timedelta(days=1)])
def test_a_person_of_two_agencies_is_not_one_agencys_to_change(people: People, begins: date | None) -> None:
    Membership.objects.create(
        agency=people.other_agency, person_id=people.binh.person_id, role=Role.OFFICER, valid_from=begins
    )
    for act in (
        lambda: operations.reset_password(actor=people.an, person_id=people.binh.person_id, today=TODAY),
        lambda: operations.change_person(
            actor=people.an, person_id=people.binh.person_id, full_name="X", email="", today=TODAY
        ),
        lambda: operations.block_person(
            actor=people.an, person_id=people.binh.person_id, reason="x", today=TODAY
        ),
    ):
        with pytest.raises(operations.SharedPerson):
            act()
    assert Person.objects.get(pk=people.binh.person_id).check_password(PASSWORD)


def test_a_blocked_person_holds_no_posts_until_let_in_again(people: People) -> None:
    operations.block_person(actor=people.an, person_id=people.binh.person_id, reason="Nghỉ việc", today=TODAY)
    assert not queries.posts_of(person_id=people.binh.person_id, on=TODAY)
    assert people.binh.person_id not in dict(queries.person_choices(people.an, TODAY))
    assert Entry.objects.order_by("-pk")[0].reason == "Nghỉ việc"
    operations.unblock_person(actor=people.an, person_id=people.binh.person_id, today=TODAY)
    assert queries.posts_of(person_id=people.binh.person_id, on=TODAY)
    with pytest.raises(operations.OwnAccount):
        operations.block_person(actor=people.an, person_id=people.an.person_id, reason="x", today=TODAY)


def test_people_are_listed_by_given_name_and_found_without_marks(people: People) -> None:
    for login, name in (("anh", "Lê Thị Ánh"), ("duc", "Đỗ Văn Đức"), ("an2", "Bùi Văn Ân")):
        operations.add_person(actor=people.an, full_name=name, login=login, role="officer", today=TODAY)
    names = [row.full_name.split()[-1] for row in queries.people(people.an, TODAY)]
    assert names == ["An", "Ánh", "Ân", "Bình", "Châu", "Dũng", "Đức"]
    assert [row.login for row in queries.people(people.an, TODAY, "do duc")] == ["duc"]
    assert [name for _pk, name in queries.person_choices(people.an, TODAY)][0] == "Nguyễn Thị An"


def test_names_in_documents_are_mapped_and_forgotten(people: People) -> None:
    name = BodyName.objects.create(agency=people.agency, text="Bộ phận Một cửa", key="bo phan mot cua")
    assert not queries.body_name(people.an, name.pk).is_mapped
    unit = economy_of(people)
    operations.map_body_name(
        actor=people.an, body_name_id=name.pk, unit_id=unit.pk, person_id=None, today=TODAY
    )
    assert queries.body_names(people.an, "mot cua")[0].unit_name == "Phòng Kinh tế"
    operations.map_body_name(
        actor=people.an, body_name_id=name.pk, unit_id=None, person_id=people.binh.person_id, today=TODAY
    )
    assert queries.body_names(people.an)[0].person_name == "Trần Văn Bình"
    before = Entry.objects.count()
    operations.map_body_name(
        actor=people.an, body_name_id=name.pk, unit_id=None, person_id=people.binh.person_id, today=TODAY
    )
    assert Entry.objects.count() == before
    with pytest.raises(NotAllowed):
        operations.forget_body_name(actor=people.binh, body_name_id=name.pk, today=TODAY)
    for act in (
        lambda: operations.forget_body_name(actor=people.chi, body_name_id=name.pk, today=TODAY),
        lambda: operations.map_body_name(
            actor=people.chi, body_name_id=name.pk, unit_id=None, person_id=None, today=TODAY
        ),
        lambda: queries.body_name(people.chi, name.pk),
    ):
        with pytest.raises(BodyName.DoesNotExist):
            act()
    operations.forget_body_name(actor=people.an, body_name_id=name.pk, today=TODAY)
    assert queries.body_names(people.an) == []


def test_one_time_passwords_are_typed_without_doubt() -> None:
    given = {operations.one_time_password() for _ in range(200)}
    assert len(given) == 200
    assert all(len(word) == 14 and not set(word) & set("ILO01abc") for word in given)


@pytest.mark.django_db
def test_a_change_that_cannot_be_recorded_does_not_happen(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "_recorders", [])
    with pytest.raises(IndexError), transaction.atomic():
        operations.add_unit(actor=people.an, name="Tổ mới", today=TODAY)
    assert not Unit.objects.filter(name="Tổ mới").exists()


def test_the_table_of_acts_is_asked_by_its_words(people: People) -> None:
    assert can(people.chau, "plan.approve")
    assert not can(people.an, "plan.approve")
    with pytest.raises(NotAllowed) as refused:
        require(people.binh, "org.manage")
    assert refused.value.act == "org.manage"
    with pytest.raises(KeyError):
        can(people.an, "no.such_act")
    assert all(set(grants) <= set(Role.values) and grants for grants in ACTS.values())


def test_ends_of_posts_are_days(people: People) -> None:
    post = Membership.objects.get(person_id=people.binh.person_id)
    ended = operations.end_post(actor=people.an, post_id=post.pk, ended_on=date(2026, 7, 1), today=TODAY)
    assert ended.valid_to == date(2026, 6, 30)
