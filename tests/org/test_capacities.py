"""In what capacity a person works, asked anew every day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from camket.org import queries
from camket.org.models import Agency, Delegation, Membership, Person, Role, Seat, Succession, Unit
from camket.org.policy import ACTS, Actor, Scope, can
from people import TODAY, People, make_agency, make_person

MERGED_ON = date(2025, 7, 1)


def keys(person_id: int, on: date = TODAY) -> list[str]:
    return [each.key for each in queries.capacities(person_id=person_id, on=on)]


def as_(person_id: int, key: str, on: date = TODAY) -> Actor | None:
    return queries.actor_as(person_id=person_id, key=key, on=on)


def delegate(people: People, **fields: object) -> Delegation:
    """Châu is away from 29 June to 10 July; Dũng stands in."""
    values: dict[str, object] = {
        "agency": people.agency,
        "post": Membership.objects.get(person_id=people.chau.person_id),
        "deputy_id": people.dung.person_id,
        "valid_from": date(2026, 6, 29),
        "valid_to": date(2026, 7, 10),
        "reason": "Nghỉ phép",
    }
    return Delegation.objects.create(**{**values, **fields})


def succeed(predecessor: Agency, successor: Agency, on: date = MERGED_ON, kind: str = "merger") -> None:
    Agency.objects.filter(pk=predecessor.pk).update(valid_to=on - timedelta(days=1))
    Succession.objects.create(predecessor=predecessor, successor=successor, kind=kind, on=on)


def make_province(*children: Agency) -> Agency:
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(pk__in=[each.pk for each in children]).update(parent=province)
    return province


def test_the_own_agency_is_the_capacity_without_a_choice(people: People) -> None:
    found = queries.standing(person_id=people.an.person_id, key="", on=TODAY)
    assert found.capacity is not None
    assert found.capacity.actor(person_id=people.an.person_id, name="Nguyễn Thị An") == people.an
    assert (found.has_choice, found.has_lapsed) == (False, False)
    assert keys(people.an.person_id) == [f"own:{people.agency.pk}"]


def test_every_request_is_told_the_posts_of_its_own_person_and_day(people: People) -> None:
    """Its SQL is written once and asked again with other values."""
    unit = people.agency.units.order_by("order")[1]
    committee = Unit.objects.create(agency=people.agency, name="Ban Chỉ đạo ISO", kind="committee", order=9)
    Seat.objects.create(unit=committee, person_id=people.binh.person_id, duty="head", valid_from=TODAY)
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_from=TODAY, position="Công chức")
    Membership.objects.create(
        agency=people.other_agency, person_id=people.binh.person_id, role=Role.OFFICER, valid_to=TODAY
    )
    Agency.objects.filter(pk=people.other_agency.pk).update(valid_from=date(2025, 7, 1), parent=people.agency)
    for person in (people.an, people.binh, people.chau, people.dung, people.chi):
        for day in (date(2025, 6, 30), TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)):
            found = queries.standing(person_id=person.person_id, key="", on=day)
            assert found.posts == queries.posts_of(person_id=person.person_id, on=day)
    (own, other) = queries.standing(person_id=people.binh.person_id, key="", on=TODAY).posts
    assert (own.unit_id, own.unit_name, own.words) == (unit.pk, unit.name, f"Công chức, {unit.name}")
    assert (own.valid_from, own.headed_committees) == (TODAY, {committee.pk})
    assert (other.agency.parent_id, other.valid_to) == (people.agency.pk, TODAY)


def test_with_posts_in_two_agencies_one_is_chosen(people: People) -> None:
    Membership.objects.create(agency=people.other_agency, person_id=people.an.person_id, role=Role.OFFICER)
    found = queries.standing(person_id=people.an.person_id, key="", on=TODAY)
    assert (found.capacity, found.has_choice) == (None, True)
    actor = as_(people.an.person_id, f"own:{people.other_agency.pk}")
    assert actor is not None
    assert (actor.agency_id, actor.roles) == (people.other_agency.pk, {"officer"})


def test_a_deputy_has_the_role_and_unit_of_the_delegated_post_alone(people: People) -> None:
    key = f"for:{delegate(people).pk}"
    actor = as_(people.dung.person_id, key)
    assert actor == Actor(
        person_id=people.dung.person_id,
        name="Phạm Tiến Dũng",
        agency_id=people.agency.pk,
        roles=frozenset({"chairman"}),
        stands_in_for=(people.chau.person_id, "Lê Minh Châu"),
    )
    assert keys(people.dung.person_id) == [f"own:{people.agency.pk}", key]
    assert queries.standing(person_id=people.dung.person_id, key="", on=TODAY).has_choice


def test_a_delegation_holds_from_its_first_to_its_last_day(people: People) -> None:
    key = f"for:{delegate(people).pk}"
    days = (date(2026, 6, 28), date(2026, 6, 29), date(2026, 7, 10), date(2026, 7, 11))
    assert [as_(people.dung.person_id, key, day) is not None for day in days] == [False, True, True, False]


def test_a_delegation_withdrawn_or_of_a_post_that_ended_holds_no_more(people: People) -> None:
    given = delegate(people)
    key = f"for:{given.pk}"
    Delegation.objects.filter(pk=given.pk).update(withdrawn_on=TODAY)
    assert as_(people.dung.person_id, key) is None
    assert as_(people.dung.person_id, key, TODAY - timedelta(days=1)) is not None
    Delegation.objects.filter(pk=given.pk).update(withdrawn_on=None)
    Membership.objects.filter(person_id=people.chau.person_id).update(valid_to=TODAY - timedelta(days=1))
    assert as_(people.dung.person_id, key) is None
    found = queries.standing(person_id=people.dung.person_id, key=key, on=TODAY)
    assert found.has_lapsed
    assert found.capacity is not None
    assert found.capacity.key == f"own:{people.agency.pk}"


def test_a_delegation_is_nobody_elses(people: People) -> None:
    key = f"for:{delegate(people).pk}"
    assert as_(people.binh.person_id, key) is None
    assert as_(people.chi.person_id, key) is None


def test_a_blocked_deputy_stands_in_for_nobody(people: People) -> None:
    key = f"for:{delegate(people).pk}"
    Person.objects.filter(pk=people.dung.person_id).update(is_active=False)
    assert as_(people.dung.person_id, key) is None
    assert keys(people.dung.person_id) == []


def test_an_inspector_looks_at_every_agency_below_and_changes_nothing(people: People) -> None:
    province = make_province(people.agency, people.other_agency)
    inspector = make_person(province, "Vũ Thị Giang", "giang", Role.INSPECTOR)
    actor = as_(inspector.pk, f"below:{people.agency.pk}")
    assert actor is not None
    assert (actor.scope, actor.agency_id, actor.home_agency_id) == (
        Scope.BELOW,
        people.agency.pk,
        province.pk,
    )
    assert {act for act in ACTS if can(actor, act)} == {
        "plan.view", "task.view", "procedure.view", "dossier.view",
        "survey.view",
        "feedback.view",
        "document.view", "audit.view", "nonconformity.view", "risk.view", "review.view", "assessment.view", "announcement.view",
        "publication.view",
        "posting.view", "register.view", "org.view", "journal.view",
        "journal.verify", "journal.export", "pack.take",
    }  # fmt: skip
    below = queries.agencies_below(person_id=inspector.pk, on=TODAY)
    assert [row.name for row in below] == ["UBND xã Bình Yên", "UBND xã Suối Xa"]
    assert [row.code for row in queries.narrowed(below, "suoi XA")] == ["H00.2"]
    assert [row.code for row in queries.narrowed(below, "h00.1")] == ["H00.1"]


def test_below_reaches_through_the_whole_tree_of_that_day(people: People) -> None:
    district = make_agency("H00.9", "UBND huyện Cũ", level_id="district", valid_to=date(2025, 6, 30))
    province = make_province(district)
    Agency.objects.filter(pk=people.agency.pk).update(parent=district)
    viewer = make_person(province, "Vũ Thị Giang", "giang", Role.VIEWER)
    key = f"below:{people.agency.pk}"
    assert as_(viewer.pk, key, date(2025, 6, 30)) is not None
    assert as_(viewer.pk, key) is None
    assert as_(viewer.pk, f"below:{district.pk}") is None
    assert queries.agencies_below(person_id=viewer.pk, on=TODAY) == []


def test_a_circle_in_the_tree_ends_the_walk(people: People) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(parent=people.other_agency)
    Agency.objects.filter(pk=people.other_agency.pk).update(parent=people.agency)
    province = make_province()
    viewer = make_person(province, "Vũ Thị Giang", "giang", Role.VIEWER)
    assert as_(viewer.pk, f"below:{people.agency.pk}") is None
    Membership.objects.create(agency=people.agency, person=viewer, role=Role.VIEWER)
    below = queries.agencies_below(person_id=viewer.pk, on=TODAY)
    assert [row.id for row in below] == [people.other_agency.pk]


def test_officers_of_the_province_do_not_reach_below(people: People) -> None:
    province = make_province(people.agency)
    officer = make_person(province, "Vũ Thị Giang", "giang", Role.SECRETARY)
    assert as_(officer.pk, f"below:{people.agency.pk}") is None
    assert not queries.standing(person_id=officer.pk, key="", on=TODAY).has_choice


def test_nobody_reaches_above_or_beside(people: People) -> None:
    province = make_province(people.agency)
    Membership.objects.filter(person_id=people.binh.person_id).update(role=Role.INSPECTOR)
    for agency in (province, people.other_agency, people.agency):
        assert as_(people.binh.person_id, f"below:{agency.pk}") is None


def test_the_successor_looks_at_its_predecessors_through_the_years(people: People) -> None:
    middle, oldest = make_agency("H00.3", "UBND xã Đồi Sim"), make_agency("H00.4", "UBND xã Bến Đò")
    succeed(oldest, middle, on=date(2020, 1, 1), kind="renaming")
    succeed(middle, people.agency)
    before = [
        (each.agency.name, each.succeeded_on, each.home)
        for each in queries.capacities(person_id=people.binh.person_id, on=TODAY)
        if not each.is_own
    ]
    home = queries.agency_of(people.binh)
    assert before == [("UBND xã Đồi Sim", MERGED_ON, home), ("UBND xã Bến Đò", date(2020, 1, 1), home)]
    actor = as_(people.an.person_id, f"before:{oldest.pk}")
    assert actor is not None
    assert (actor.scope, actor.roles, actor.unit_ids) == (Scope.BEFORE, {"secretary"}, frozenset())
    assert {act for act in ACTS if can(actor, act)} == {
        "plan.view", "task.view", "procedure.view", "dossier.view",
        "survey.view",
        "feedback.view",
        "document.view", "audit.view", "nonconformity.view", "risk.view", "review.view", "assessment.view", "announcement.view",
        "publication.view",
        "posting.view", "register.view", "staffing.view", "org.view", "people.view", "journal.view",
    }  # fmt: skip
    assert as_(people.chi.person_id, f"before:{middle.pk}") is None


def test_a_succession_to_come_opens_nothing_yet(people: People) -> None:
    succeed(people.other_agency, people.agency, on=date(2027, 1, 1))
    assert as_(people.an.person_id, f"before:{people.other_agency.pk}") is None
    assert as_(people.an.person_id, f"before:{people.other_agency.pk}", date(2027, 1, 1)) is not None


def test_an_agency_that_handed_over_tasks_and_lives_on_keeps_its_records(people: People) -> None:
    Succession.objects.create(
        predecessor=people.other_agency, successor=people.agency, kind="transfer", on=MERGED_ON
    )
    assert as_(people.an.person_id, f"before:{people.other_agency.pk}") is None


def test_keys_made_up_are_no_capacity(people: People) -> None:
    for key in (
        "own:",
        "own:x",
        "for:-1",
        "below:²",
        "before:9" * 9,
        "below:99999999999999999999",
        "x:1",
        ":",
    ):
        assert as_(people.an.person_id, key) is None, key


def test_each_capacity_takes_two_statements_at_most(people: People) -> None:
    province = make_province(people.agency)
    succeed(people.other_agency, province)
    inspector = make_person(province, "Vũ Thị Giang", "giang", Role.INSPECTOR)
    given = delegate(people, deputy_id=inspector.pk)
    found = {}
    for key in ("", f"for:{given.pk}", f"below:{people.agency.pk}", f"before:{people.other_agency.pk}"):
        with CaptureQueriesContext(connection) as captured:
            standing = queries.standing(person_id=inspector.pk, key=key, on=TODAY)
        assert standing.capacity is not None
        assert not standing.has_lapsed
        found[key.partition(":")[0]] = len(captured)
    assert found == {"": 1, "for": 2, "below": 2, "before": 2}
