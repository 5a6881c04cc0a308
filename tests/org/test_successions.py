"""Agencies of a tree: opened, placed, named, coded, ended; and one taking over from another."""

from __future__ import annotations

from datetime import date

import pytest

from camket.core.agency_codes import CodeMalformed
from camket.journal.models import Entry
from camket.org import operations, queries
from camket.org.models import Agency, AgencyCode, FormerName, Membership, Person, Role, Succession
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People, actor_of, make_agency, make_person

MERGED_ON = date(2025, 7, 1)
TEXT = "Nghị quyết 1656/NQ-UBTVQH15"


@pytest.fixture
def admin(people: People) -> Actor:
    """Khoa administers the province, with the two communes under it."""
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(code__startswith="H00.").update(parent=province)
    return actor_of(make_person(province, "Đỗ Đăng Khoa", "khoa", Role.ADMINISTRATOR), province)


def under(admin: Actor, code: str, name: str, **fields: object) -> Agency:
    return make_agency(code, name, parent_id=admin.agency_id, **fields)


def verbs(agency_id: int) -> list[str]:
    return list(Entry.objects.filter(agency_id=agency_id).order_by("sequence").values_list("verb", flat=True))


def succeed(admin: Actor | None, before: list[Agency], after: list[Agency], **more: object) -> None:
    values: dict[str, object] = {"kind": "merger", "on": MERGED_ON, "decision": TEXT, "today": TODAY, **more}
    operations.record_succession(
        actor=admin,
        predecessor_ids=[each.pk for each in before],
        successor_ids=[each.pk for each in after],
        **values,  # type: ignore[arg-type]
    )


def days(agency: Agency) -> tuple[date | None, date | None]:
    agency.refresh_from_db()
    return agency.valid_from, agency.valid_to


def test_the_administrator_opens_an_agency_below_with_its_codes(admin: Actor) -> None:
    opened = operations.open_agency(
        actor=admin,
        code="h00.15",
        name="UBND  đặc khu Hòn Mây",
        level="special_zone",
        administrative_code="00199",
        secretary="Võ Em",
        login="Em.Vo",
        today=TODAY,
    )
    agency = Agency.objects.get(pk=opened.agency_id)
    assert (agency.code, agency.name, agency.full_name, agency.place, agency.parent_id) == (
        "H00.15",
        "UBND đặc khu Hòn Mây",
        "Ủy ban nhân dân đặc khu Hòn Mây",
        "Hòn Mây",
        admin.agency_id,
    )
    assert agency.superior_name == "Ủy ban nhân dân tỉnh Hồng Bàng"
    assert set(agency.codes.values_list("scheme", "code")) == {
        ("identifier", "H00.15"),
        ("administrative", "00199"),
    }
    assert Person.objects.get(login="em.vo").check_password(opened.password)
    assert verbs(agency.pk) == ["agency.opened", "person.added"]
    assert Entry.objects.filter(agency=agency)[0].by_id == admin.person_id


def test_an_agency_may_wait_for_its_secretary(admin: Actor) -> None:
    opened = operations.open_agency(
        actor=admin, code="H00.16", name="UBND xã Lũng Cao", level="commune", today=TODAY
    )
    assert (opened.person_id, opened.password) == (None, "")
    assert not Membership.objects.filter(agency_id=opened.agency_id).exists()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"code": "26.H"}, CodeMalformed),
        ({"administrative_code": "4"}, CodeMalformed),
        ({"code": "H00.1"}, operations.CodeTaken),
        ({"level": "district"}, operations.LevelUnknown),
        ({"level": "kingdom"}, operations.LevelUnknown),
        ({"name": "  "}, operations.NameMissing),
        ({"login": "em vo"}, operations.LoginMalformed),
    ],
)
def test_what_is_written_wrongly_opens_nothing(
    admin: Actor, fields: dict[str, str], refusal: type[Exception]
) -> None:
    values = {"code": "H00.15", "name": "UBND xã Lũng Cao", "level": "commune", "login": "em.vo", **fields}
    before = (Agency.objects.count(), Person.objects.count(), Entry.objects.count())
    with pytest.raises(refusal):
        operations.open_agency(actor=admin, today=TODAY, **values)  # type: ignore[arg-type]
    assert (Agency.objects.count(), Person.objects.count(), Entry.objects.count()) == before


def test_a_code_taken_says_by_whom(admin: Actor) -> None:
    with pytest.raises(operations.CodeTaken) as refused:
        operations.open_agency(
            actor=admin, code="H00.2", name="UBND xã Lũng Cao", level="commune", today=TODAY
        )
    assert refused.value.message.params == {"code": "H00.2", "agency": "UBND xã Suối Xa"}


def test_nothing_is_opened_under_an_agency_beside_or_above(people: People, admin: Actor) -> None:
    beside = make_agency("H01", "UBND tỉnh Khác", level_id="province")
    for parent_id in (beside.pk,):
        with pytest.raises(Agency.DoesNotExist):
            operations.open_agency(
                actor=admin, code="H00.15", name="X", level="commune", parent_id=parent_id, today=TODAY
            )
    with pytest.raises(NotAllowed):
        operations.open_agency(actor=people.an, code="H00.15", name="X", level="commune", today=TODAY)


def test_nothing_is_opened_under_an_agency_that_ended(admin: Actor) -> None:
    ended = under(admin, "H00.9", "UBND huyện Cũ", level_id="district", valid_to=date(2025, 6, 30))
    with pytest.raises(operations.Misplaced):
        operations.open_agency(
            actor=admin, code="H00.15", name="X", level="commune", parent_id=ended.pk, today=TODAY
        )


def place(admin: Actor, agency: Agency, **fields: object) -> Agency:
    values: dict[str, object] = {
        "name": agency.name,
        "full_name": agency.full_name,
        "place": agency.place,
        "level": agency.level_id,
        "parent_id": agency.parent_id,
        "valid_from": agency.valid_from,
        **fields,
    }
    return operations.place_agency(actor=admin, agency_id=agency.pk, today=TODAY, **values)  # type: ignore[arg-type]


def test_an_agency_is_moved_under_another_and_its_own_journal_says_so(admin: Actor) -> None:
    department = under(admin, "H00.5", "Sở Khoa học và Công nghệ", level_id="department")
    commune = Agency.objects.get(code="H00.1")
    place(admin, commune, parent_id=department.pk)
    commune.refresh_from_db()
    assert commune.parent_id == department.pk
    entry = Entry.objects.filter(agency=commune).latest("sequence")
    assert (entry.before, entry.after) == (
        {"parent": "UBND tỉnh Hồng Bàng"},
        {"parent": "Sở Khoa học và Công nghệ"},
    )


def test_no_agency_stands_above_itself(admin: Actor) -> None:
    commune = Agency.objects.get(code="H00.1")
    below = make_agency("H00.1.1", "Trung tâm của xã", parent=commune)
    for parent_id in (commune.pk, below.pk):
        with pytest.raises(operations.Misplaced):
            place(admin, commune, parent_id=parent_id)
    commune.refresh_from_db()
    assert commune.parent_id == admin.agency_id


def test_agencies_outside_the_tree_are_not_there(people: People, admin: Actor) -> None:
    beside = make_agency("H01", "UBND tỉnh Khác", level_id="province")
    code = AgencyCode.objects.create(agency=beside, scheme="alias", code="K")
    with pytest.raises(Agency.DoesNotExist):
        place(admin, beside, name="Bị đổi")
    with pytest.raises(Agency.DoesNotExist):
        operations.end_agency(actor=admin, agency_id=beside.pk, last_day=TODAY, reason="x", today=TODAY)
    with pytest.raises(Agency.DoesNotExist):
        operations.add_code(
            actor=admin, agency_id=beside.pk, scheme="alias", code="L", valid_from=None, today=TODAY
        )
    with pytest.raises(AgencyCode.DoesNotExist):
        operations.end_code(actor=admin, code_id=code.pk, last_day=TODAY, today=TODAY)
    with pytest.raises(Agency.DoesNotExist):
        succeed(admin, [beside], [people.agency])
    with pytest.raises(Agency.DoesNotExist):
        succeed(admin, [people.agency], [beside])
    assert not Entry.objects.exists()


@pytest.mark.parametrize("who", ["an", "binh", "chau", "dung", "chi"])
def test_only_administrators_change_the_tree(people: People, admin: Actor, who: str) -> None:
    actor = getattr(people, who)
    own = Agency.objects.get(pk=actor.agency_id)
    below = make_agency("H00.1.1", "Trung tâm của xã", parent=own)
    with pytest.raises(NotAllowed):
        place(actor, below, name="Bị đổi")
    with pytest.raises(NotAllowed):
        operations.end_agency(actor=actor, agency_id=below.pk, last_day=TODAY, reason="x", today=TODAY)
    with pytest.raises(NotAllowed):
        operations.add_code(
            actor=actor, agency_id=below.pk, scheme="alias", code="L", valid_from=None, today=TODAY
        )
    with pytest.raises(NotAllowed):
        succeed(actor, [below], [own])
    assert not Entry.objects.exists()


def test_a_renamed_agency_is_found_by_its_old_name_and_stays_the_same(admin: Actor) -> None:
    commune = Agency.objects.get(code="H00.1")
    operations.rename_agency(
        actor=admin, agency_id=commune.pk, name="UBND phường Bình Yên", full_name="", place="",
        on=date(2026, 6, 1), decision=TEXT, today=TODAY,
    )  # fmt: skip
    commune.refresh_from_db()
    assert (commune.name, commune.full_name, commune.place) == (
        "UBND phường Bình Yên",
        "Ủy ban nhân dân phường Bình Yên",
        "Bình Yên",
    )
    former = FormerName.objects.get(agency=commune)
    assert (former.name, former.valid_to, former.decision) == ("UBND xã Bình Yên", date(2026, 5, 31), TEXT)
    entry = Entry.objects.filter(agency=commune).latest("sequence")
    assert (entry.verb, entry.reason, entry.before["name"]) == ("agency.renamed", TEXT, "UBND xã Bình Yên")


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("UBND phường Bình Yên", date(2026, 7, 2)),
        ("UBND phường Bình Yên", date(2020, 1, 1)),
        ("UBND xã Bình Yên", date(2026, 6, 1)),
        ("", date(2026, 6, 1)),
    ],
)
def test_a_renaming_to_come_or_out_of_order_is_refused(admin: Actor, name: str, on: date) -> None:
    Agency.objects.filter(code="H00.1").update(valid_from=date(2020, 1, 1))
    commune = Agency.objects.get(code="H00.1")
    with pytest.raises((operations.DaysOutOfOrder, operations.NameMissing)):
        operations.rename_agency(
            actor=admin, agency_id=commune.pk, name=name, full_name="", place="", on=on,
            decision=TEXT, today=TODAY,
        )  # fmt: skip
    assert not FormerName.objects.exists()
    assert Agency.objects.get(pk=commune.pk).name == "UBND xã Bình Yên"


def test_an_agency_that_ends_gives_nothing_from_the_next_day_on(people: People, admin: Actor) -> None:
    operations.end_agency(
        actor=admin, agency_id=people.agency.pk, last_day=date(2026, 6, 30), reason="Giải thể", today=TODAY
    )
    assert not queries.posts_of(person_id=people.an.person_id, on=TODAY)
    assert queries.posts_of(person_id=people.an.person_id, on=date(2026, 6, 30))
    assert Membership.objects.get(person_id=people.an.person_id).valid_to is None
    with pytest.raises(operations.AlreadyEnded):
        operations.end_agency(
            actor=admin, agency_id=people.agency.pk, last_day=TODAY, reason="x", today=TODAY
        )
    operations.reopen_agency(actor=admin, agency_id=people.agency.pk, reason="Ghi nhầm", today=TODAY)
    assert queries.posts_of(person_id=people.an.person_id, on=TODAY)
    assert verbs(people.agency.pk) == ["agency.ended", "agency.reopened"]


def test_an_agency_with_others_under_it_does_not_end(people: People, admin: Actor) -> None:
    make_agency("H00.1.1", "Trung tâm của xã", parent=people.agency)
    with pytest.raises(operations.AgencyInUse) as refused:
        operations.end_agency(
            actor=admin, agency_id=people.agency.pk, last_day=TODAY, reason="x", today=TODAY
        )
    assert refused.value.message.params["name"] == "Trung tâm của xã"
    with pytest.raises(operations.AgencyInUse):
        operations.end_agency(actor=admin, agency_id=admin.agency_id, last_day=TODAY, reason="x", today=TODAY)
    assert days(people.agency) == (None, None)


def test_a_new_identifier_ends_the_one_before_it(people: People, admin: Actor) -> None:
    operations.add_code(
        actor=admin,
        agency_id=people.agency.pk,
        scheme="identifier",
        code="H00.77",
        valid_from=date(2026, 6, 1),
        today=TODAY,
    )
    assert Agency.objects.get(pk=people.agency.pk).code == "H00.77"
    found = {
        on: getattr(queries.agency_by_code("H00.1", on), "id", None)
        for on in (date(2026, 5, 31), date(2026, 6, 1))
    }
    assert set(found.values()) == {people.agency.pk}, "a code that ended is still understood"
    new = queries.agency_by_code("h00.77", TODAY)
    assert new is not None
    assert new.id == people.agency.pk


def test_a_code_given_to_another_agency_later_means_whom_it_meant_that_day(
    people: People, admin: Actor
) -> None:
    for agency, begin, end in (
        (people.agency, None, date(2025, 6, 30)),
        (people.other_agency, date(2025, 7, 1), None),
    ):
        AgencyCode.objects.create(
            agency=agency, scheme="administrative", code="00004", valid_from=begin, valid_to=end
        )
    named = [
        found.id if (found := queries.agency_by_code("00004", on)) else None
        for on in (date(2025, 6, 30), date(2025, 7, 1))
    ]
    assert named == [people.agency.pk, people.other_agency.pk]
    assert queries.agency_by_code("00005", TODAY) is None


def test_codes_do_not_overlap_and_end_once(people: People, admin: Actor) -> None:
    given = operations.add_code(
        actor=admin, agency_id=people.agency.pk, scheme="alias", code="BY", valid_from=None, today=TODAY
    )
    with pytest.raises(operations.CodeTaken):
        operations.add_code(
            actor=admin,
            agency_id=people.other_agency.pk,
            scheme="alias",
            code="BY",
            valid_from=None,
            today=TODAY,
        )
    operations.end_code(actor=admin, code_id=given.pk, last_day=date(2026, 6, 30), today=TODAY)
    with pytest.raises(operations.AlreadyEnded):
        operations.end_code(actor=admin, code_id=given.pk, last_day=TODAY, today=TODAY)
    operations.add_code(
        actor=admin,
        agency_id=people.other_agency.pk,
        scheme="alias",
        code="BY",
        valid_from=TODAY,
        today=TODAY,
    )


def test_the_identifier_in_force_is_replaced_not_ended(people: People, admin: Actor) -> None:
    with pytest.raises(operations.DaysOutOfOrder):
        operations.add_code(
            actor=admin, agency_id=people.agency.pk, scheme="identifier", code="H00.77",
            valid_from=date(2026, 7, 2), today=TODAY,
        )  # fmt: skip
    assert not AgencyCode.objects.exists()
    opened = operations.open_agency(actor=admin, code="H00.16", name="X", level="commune", today=TODAY)
    code = AgencyCode.objects.get(agency_id=opened.agency_id)
    with pytest.raises(operations.AgencyInUse):
        operations.end_code(actor=admin, code_id=code.pk, last_day=TODAY, today=TODAY)


def test_two_communes_merge_into_a_third(people: People, admin: Actor) -> None:
    merged = under(admin, "H00.10", "UBND xã Bình Suối", valid_from=MERGED_ON)
    succeed(admin, [people.agency, people.other_agency], [merged])
    assert days(people.agency) == (None, date(2025, 6, 30))
    assert days(people.other_agency) == (None, date(2025, 6, 30))
    assert (
        Succession.objects.filter(successor=merged, kind="merger", on=MERGED_ON, decision=TEXT).count() == 2
    )
    assert not queries.posts_of(person_id=people.an.person_id, on=TODAY)
    assert [verbs(each.pk) for each in (people.agency, people.other_agency, merged)] == [
        ["agency.succeeded"],
        ["agency.succeeded"],
        ["agency.took_over"],
    ]
    entry = Entry.objects.get(agency=merged)
    assert entry.after["predecessor"] == "UBND xã Bình Yên, UBND xã Suối Xa"
    assert entry.reason == TEXT


def test_one_commune_takes_in_another_and_what_stands_under_it(people: People, admin: Actor) -> None:
    below = make_agency("H00.2.1", "Trạm của xã", parent=people.other_agency)
    succeed(admin, [people.other_agency], [people.agency])
    below.refresh_from_db()
    assert below.parent_id == people.agency.pk
    assert verbs(below.pk) == ["agency.changed"]
    assert days(people.agency) == (None, None)


def test_a_commune_is_split_into_two(people: People, admin: Actor) -> None:
    east, west = under(admin, "H00.11", "UBND xã Bình Đông"), under(admin, "H00.12", "UBND xã Bình Tây")
    succeed(admin, [people.agency], [east, west], kind="split")
    assert days(people.agency) == (None, date(2025, 6, 30))
    assert set(Succession.objects.values_list("successor_id", flat=True)) == {east.pk, west.pk}


def test_who_hands_over_tasks_lives_on(people: People, admin: Actor) -> None:
    succeed(admin, [people.other_agency], [people.agency], kind="transfer")
    assert days(people.other_agency) == (None, None)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("merger", [], ["H00.1"]),
        ("merger", ["H00.1"], []),
        ("merger", ["H00.1"], ["H00.2", "H00.10"]),
        ("split", ["H00.1"], ["H00.2"]),
        ("split", ["H00.1", "H00.2"], ["H00.10"]),
    ],
)
def test_numbers_that_do_not_fit_the_kind_are_refused(
    admin: Actor, kind: str, before: list[str], after: list[str]
) -> None:
    under(admin, "H00.10", "UBND xã Bình Suối")
    by_code = {each.code: each for each in Agency.objects.all()}
    with pytest.raises(operations.SuccessionMalformed):
        succeed(admin, [by_code[code] for code in before], [by_code[code] for code in after], kind=kind)
    assert not Succession.objects.exists()


def test_a_renaming_is_no_succession(people: People, admin: Actor) -> None:
    with pytest.raises(ValueError, match="renaming"):
        succeed(admin, [people.other_agency], [people.agency], kind="renaming")


def test_circles_are_refused_through_any_number_of_steps(people: People, admin: Actor) -> None:
    first, second, third = (under(admin, f"H00.2{number}", f"UBND xã Số {number}") for number in (1, 2, 3))
    succeed(admin, [first], [second], kind="transfer", on=date(2020, 1, 1))
    succeed(admin, [second], [third], kind="transfer", on=date(2021, 1, 1))
    before = (Succession.objects.count(), Entry.objects.count())
    for circle in (([third], [first]), ([second], [first]), ([first], [first])):
        with pytest.raises(operations.SuccessionCircle):
            succeed(admin, *circle, kind="transfer", on=date(2022, 1, 1))
    assert (Succession.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize(
    ("predecessor", "successor"),
    [
        ({"valid_from": date(2025, 7, 1)}, {}),
        ({"valid_to": date(2025, 5, 31)}, {}),
        ({"valid_to": date(2025, 12, 31)}, {}),
        ({}, {"valid_from": date(2025, 7, 2)}),
        ({}, {"valid_to": date(2025, 6, 30)}),
    ],
)
def test_days_out_of_order_are_refused_and_change_nothing(
    people: People, admin: Actor, predecessor: dict[str, date], successor: dict[str, date]
) -> None:
    Agency.objects.filter(pk=people.other_agency.pk).update(**predecessor)
    Agency.objects.filter(pk=people.agency.pk).update(**successor)
    before = [days(people.other_agency), days(people.agency)]
    with pytest.raises(operations.DaysOutOfOrder):
        succeed(admin, [people.other_agency], [people.agency])
    assert [days(people.other_agency), days(people.agency)] == before
    assert not Succession.objects.exists()
    assert not Entry.objects.exists()


def test_nobody_takes_over_before_the_agency_itself_took_over(people: People, admin: Actor) -> None:
    older = under(admin, "H00.30", "UBND xã Cũ")
    succeed(admin, [older], [people.other_agency], on=date(2026, 1, 1))
    with pytest.raises(operations.DaysOutOfOrder):
        succeed(admin, [people.other_agency], [people.agency], on=date(2025, 7, 1))


def test_a_succession_is_recorded_once(people: People, admin: Actor) -> None:
    succeed(admin, [people.other_agency], [people.agency])
    with pytest.raises(operations.SuccessionKnown):
        succeed(admin, [people.other_agency], [people.agency])
    assert Succession.objects.count() == 1


def test_a_further_successor_of_a_split_can_be_added(people: People, admin: Actor) -> None:
    east, west = under(admin, "H00.11", "UBND xã Bình Đông"), under(admin, "H00.12", "UBND xã Bình Tây")
    north, south = under(admin, "H00.13", "UBND xã Bình Bắc"), under(admin, "H00.14", "UBND xã Bình Nam")
    succeed(admin, [people.agency], [east, west], kind="split")
    succeed(admin, [people.agency], [north, south], kind="split")
    assert Succession.objects.filter(predecessor=people.agency).count() == 4


def test_nobody_ends_the_agency_acted_for(people: People, admin: Actor) -> None:
    Membership.objects.create(agency=people.agency, person_id=people.an.person_id, role=Role.ADMINISTRATOR)
    own = queries.actor_of(person_id=people.an.person_id, agency_id=people.agency.pk, on=TODAY)
    below = make_agency("H00.1.1", "Trung tâm của xã", parent=people.agency)
    with pytest.raises(operations.Misplaced):
        succeed(own, [people.agency], [below])
    assert days(people.agency) == (None, None)


def test_a_succession_recorded_by_mistake_is_taken_back(people: People, admin: Actor) -> None:
    succeed(admin, [people.other_agency], [people.agency])
    row = Succession.objects.get()
    with pytest.raises(operations.AgencyInUse):
        operations.reopen_agency(actor=admin, agency_id=people.other_agency.pk, reason="x", today=TODAY)
    operations.withdraw_succession(actor=admin, succession_id=row.pk, reason="Ghi nhầm xã", today=TODAY)
    assert not Succession.objects.exists()
    assert days(people.other_agency) == (None, None)
    for agency in (people.agency, people.other_agency):
        entry = Entry.objects.filter(agency=agency).latest("sequence")
        assert (entry.verb, entry.reason) == ("agency.succession_withdrawn", "Ghi nhầm xã")


def test_the_command_line_records_across_trees(people: People) -> None:
    succeed(None, [people.other_agency], [people.agency])
    assert days(people.other_agency) == (None, date(2025, 6, 30))
