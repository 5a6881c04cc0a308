from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from camket.core.roster import read_roster
from camket.journal.models import Entry
from camket.org import operations, queries
from camket.org.models import Agency, Membership, Person, Unit
from camket.org.operations import NewPerson, PlannedUnit
from camket.org.policy import NotAllowed
from people import TODAY, People


def unit(people: People, name: str) -> int:
    return Unit.objects.get(agency=people.agency, name=name).pk


def newcomers(people: People) -> list[NewPerson]:
    economy = unit(people, "Phòng Kinh tế")
    return [
        NewPerson("Đặng Thị Én", "dang.thi.en", "officer", economy, "Chuyên viên"),
        NewPerson(
            "Võ Hoàng Giang", "vo.hoang.giang", "officer", economy, "Chuyên viên", "giang@binhyen.example"
        ),
    ]


def test_a_list_is_added_whole_and_the_same_list_again_adds_nobody(people: People) -> None:
    done = operations.add_people(actor=people.an, people=newcomers(people), today=TODAY)
    assert [each.login for each in done.added] == ["dang.thi.en", "vo.hoang.giang"]
    assert Person.objects.get(login="dang.thi.en").check_password(done.added[0].password)
    assert Person.objects.get(login="vo.hoang.giang").must_change_password
    assert Entry.objects.get(verb="person.many_added").after["count"] == 2
    again = operations.add_people(actor=people.an, people=newcomers(people), today=TODAY)
    assert (again.added, again.known) == ((), 2)
    assert Membership.objects.filter(person__login="dang.thi.en").count() == 1
    assert Entry.objects.filter(verb="person.many_added").count() == 1


def test_one_bad_row_keeps_everybody_out_and_is_named(people: People) -> None:
    good, other = newcomers(people)
    rows = [
        good,
        NewPerson("", "x.y", "officer"),
        NewPerson("Hoa", "hoa", "officer"),
        NewPerson("Lý Thị Hoa", "chi", "officer"),
        NewPerson("Lý Thị Hương", "dang.thi.en", "officer"),
        NewPerson("Lý Thị Hạ", "Lý Hạ", "officer"),
        NewPerson("Lý Thị Hà", "ly.ha", "head"),
        NewPerson("Lý Thị Hải", "ly.hai", "officer", unit(people, "Phòng Kinh tế"), "", "ly.hai"),
        NewPerson("Lý Thị Hân", "ly.han", "officer", Unit.objects.filter(agency=people.other_agency)[0].pk),
        NewPerson("Lý Thị Hậu", "ly.hau", "king"),
        other,
    ]
    with pytest.raises(operations.PeopleNotPossible) as refused:
        operations.add_people(actor=people.an, people=rows, today=TODAY)
    fields = {at: [field for field, _ in said] for at, said in refused.value.problems.items()}
    assert fields == {
        1: ["full_name"], 2: ["full_name"], 3: ["login"], 4: ["login"], 5: ["login"],
        6: ["unit"], 7: ["email"], 8: ["unit"], 9: ["role"],
    }  # fmt: skip
    assert not Person.objects.filter(login="dang.thi.en").exists()
    assert not Entry.objects.exists()


def test_who_is_there_already_is_known_once(people: People) -> None:
    economy = unit(people, "Phòng Kinh tế")
    rows = [
        NewPerson("Trần Văn Bình", "tran.van.binh", "officer", economy),
        NewPerson("Trần Văn Bình", "tran.van.binh.2", "officer", economy),
    ]
    states = operations.states_of(people.an, rows, TODAY)
    assert states[0].known_id == people.binh.person_id
    assert states[1].is_new


def test_only_who_manages_people_adds_a_list_and_not_too_long_a_one(people: People) -> None:
    for actor in (people.binh, people.chau):
        with pytest.raises(NotAllowed):
            operations.add_people(actor=actor, people=newcomers(people), today=TODAY)
    with pytest.raises(operations.TooManyPeople, match="101"):
        operations.add_people(actor=people.an, people=newcomers(people)[:1] * 101, today=TODAY)


def test_sign_in_names_are_free_in_the_whole_installation(people: People) -> None:
    Person.objects.create_user("le.thi.dao", full_name="Lê Thị Đào")
    sheet = [
        (1, ("Họ và tên", "Chức vụ")),
        (2, ("Lê Thị Đào", "Chuyên viên")),
        (3, ("LÊ THỊ ĐÀO", "Văn thư")),
    ]
    found = queries.with_free_logins(people.an, read_roster(sheet, queries.unit_names(people.an)).entries)
    assert [row.login for row in found] == ["le.thi.dao.2", "le.thi.dao.3"]


def test_the_agency_is_named_and_told_when_it_reports(people: People) -> None:
    operations.name_agency(
        actor=people.an,
        name="UBND phường  Bình Yên",
        full_name="Ủy ban nhân dân phường Bình Yên",
        superior_name="Ủy ban nhân dân tỉnh Hà Nam",
        place="Bình Yên",
        level="ward",
        today=TODAY,
    )
    operations.set_reporting(
        actor=people.an,
        rhythm="month",
        half_year_report_by="06-10",
        year_report_by="11-25",
        second_factor="managers",
        today=TODAY,
    )
    agency = Agency.objects.get(pk=people.agency.pk)
    assert (agency.name, agency.level_id, agency.rhythm) == ("UBND phường Bình Yên", "ward", "month")
    assert agency.second_factor == "managers"
    assert Entry.objects.filter(verb="agency.changed").count() == 2
    for wrong in ({"rhythm": "daily"}, {"second_factor": "nobody"}):
        with pytest.raises(ValueError):
            operations.set_reporting(
                actor=people.an,
                **{
                    "rhythm": "month",
                    "half_year_report_by": "06-10",
                    "year_report_by": "11-25",
                    "second_factor": "offered",
                    **wrong,
                },
                today=TODAY,
            )
    with pytest.raises(operations.ReportDayMalformed):
        operations.set_reporting(
            actor=people.an, rhythm="month", half_year_report_by="02-30", year_report_by="11-25",
            second_factor="offered", today=TODAY,
        )  # fmt: skip


def test_units_are_added_and_renamed_in_one_go(people: People) -> None:
    economy = unit(people, "Phòng Kinh tế")
    planned = [
        PlannedUnit("Phòng Kinh tế, Hạ tầng và Đô thị", "KT-HT", "section", economy),
        PlannedUnit("Ban Chỉ đạo ISO", "BCĐ ISO", "committee"),
    ]
    assert operations.set_units(actor=people.an, units=planned, today=TODAY) == 1
    assert operations.set_units(actor=people.an, units=planned, today=TODAY) == 0
    assert Unit.objects.get(pk=economy).name == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert Entry.objects.get(verb="unit.many_added").after == {"names": ["Ban Chỉ đạo ISO"]}
    with pytest.raises(operations.UnitsNotPossible) as refused:
        operations.set_units(
            actor=people.an,
            units=[
                PlannedUnit("Tổ A"),
                PlannedUnit("Tổ A"),
                PlannedUnit(" "),
                PlannedUnit("Ban Chỉ đạo ISO", unit_id=economy),
            ],
            today=TODAY,
        )
    assert sorted(refused.value.problems) == [1, 2, 3]
    assert not Unit.objects.filter(name="Tổ A").exists()
    foreign = Unit.objects.filter(agency=people.other_agency).order_by("pk")[0]
    with pytest.raises(Unit.DoesNotExist), transaction.atomic():
        operations.set_units(actor=people.an, units=[PlannedUnit("X Y", unit_id=foreign.pk)], today=TODAY)


def test_the_set_up_is_finished_once(people: People) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(set_up_on=None)
    operations.finish_set_up(actor=people.an, today=TODAY)
    operations.finish_set_up(actor=people.an, today=date(2026, 8, 1))
    assert Agency.objects.get(pk=people.agency.pk).set_up_on == TODAY
    assert Entry.objects.filter(verb="agency.set_up").count() == 1
    for actor in (people.binh, people.chau):
        with pytest.raises(NotAllowed):
            operations.finish_set_up(actor=actor, today=TODAY)
