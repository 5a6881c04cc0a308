from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camket.journal.models import Entry
from camket.org import operations, queries
from camket.org.models import Agency, Membership, Person, Unit
from camket.org.policy import NotAllowed
from people import TODAY, People

DATA: dict[str, Any] = {
    "name": "UBND xã Bình Yên",
    "full_name": "Ủy ban nhân dân xã Bình Yên",
    "place": "Bình Yên",
    "superior_name": "",
    "level": "commune",
    "rhythm": "month",
    "half_year_report_by": "06-10",
    "year_report_by": "11-25",
}


def latest(agency_id: int) -> Entry:
    entry = Entry.objects.filter(agency_id=agency_id).order_by("-sequence").first()
    assert entry is not None
    return entry


@pytest.mark.django_db
def test_an_agency_is_opened_with_its_first_secretary() -> None:
    opened = operations.open_agency(
        code="H01",
        name="UBND phường Trúc Lâm",
        level="ward",
        secretary="Võ Thị Em",
        login=" EM.Vo ",
        today=TODAY,
    )
    agency = Agency.objects.get(pk=opened.agency_id)
    assert (agency.full_name, agency.place) == ("Ủy ban nhân dân phường Trúc Lâm", "Trúc Lâm")
    person = Person.objects.get(login="em.vo")
    assert person.check_password(opened.password)
    assert person.must_change_password
    actor = queries.actor_named(agency_code="H01", login="Em.Vo", on=TODAY)
    assert actor is not None
    assert actor.roles == {"secretary"}
    assert [entry.verb for entry in Entry.objects.filter(agency=agency).order_by("sequence")] == [
        "agency.opened",
        "person.added",
    ]


def test_a_known_person_becomes_secretary_of_a_second_agency_and_keeps_the_password(people: People) -> None:
    opened = operations.open_agency(
        code="H09", name="UBND xã Đồi Sim", level="commune", secretary="An", login="an", today=TODAY
    )
    assert opened.password == ""
    assert opened.person_id == people.an.person_id
    assert Person.objects.get(pk=people.an.person_id).full_name == "Nguyễn Thị An"
    assert len(queries.posts_of(person_id=people.an.person_id, on=TODAY)) == 2


def test_a_code_is_given_once(people: People) -> None:
    with pytest.raises(operations.CodeTaken):
        operations.open_agency(
            code=people.agency.code, name="X", level="commune", secretary="Y", login="yy", today=TODAY
        )
    assert not Person.objects.filter(login="yy").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["", "a", "có dấu", "a b", "-abc", "a" * 151])
def test_a_malformed_sign_in_name_opens_nothing(login: str) -> None:
    with pytest.raises(operations.LoginMalformed):
        operations.open_agency(code="H02", name="X", level="commune", secretary="Y", login=login, today=TODAY)
    assert not Agency.objects.exists()


def test_the_secretary_changes_the_agency(people: People) -> None:
    operations.change_agency(actor=people.an, today=TODAY, **DATA)
    agency = Agency.objects.get(pk=people.agency.pk)
    assert (agency.rhythm, agency.half_year_report_by, agency.year_report_by) == ("month", "06-10", "11-25")
    entry = latest(people.agency.pk)
    assert entry.verb == "agency.changed"
    assert entry.before == {"rhythm": "quarter", "half_year_report_by": "06-15", "year_report_by": "11-30"}
    assert entry.after == {"rhythm": "month", "half_year_report_by": "06-10", "year_report_by": "11-25"}


def test_saving_what_is_there_already_records_nothing(people: People) -> None:
    operations.change_agency(actor=people.an, today=TODAY, **DATA)
    before = Entry.objects.count()
    operations.change_agency(actor=people.an, today=TODAY, **DATA)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("day", ["02-29", "13-01", "06-31", "x"])
def test_a_report_day_must_be_in_every_year(people: People, day: str) -> None:
    with pytest.raises(operations.ReportDayMalformed):
        operations.change_agency(actor=people.an, today=TODAY, **{**DATA, "year_report_by": day})
    assert Agency.objects.get(pk=people.agency.pk).year_report_by == "11-30"


@pytest.mark.parametrize("who", ["binh", "chau", "dung"])
def test_others_do_not_manage_the_agency(people: People, who: str) -> None:
    actor = getattr(people, who)
    unit = Unit.objects.filter(agency=people.agency).order_by("order")[0]
    before = (Unit.objects.count(), Entry.objects.count())
    with pytest.raises(NotAllowed):
        operations.change_agency(actor=actor, today=TODAY, **DATA)
    with pytest.raises(NotAllowed):
        operations.add_unit(actor=actor, name="Tổ mới", today=TODAY)
    with pytest.raises(NotAllowed):
        operations.change_unit(
            actor=actor, unit_id=unit.pk, name="X", short_name="", kind="section", today=TODAY
        )
    with pytest.raises(NotAllowed):
        operations.move_unit(actor=actor, unit_id=unit.pk, places=1, today=TODAY)
    with pytest.raises(NotAllowed):
        operations.deactivate_unit(actor=actor, unit_id=unit.pk, today=TODAY)
    with pytest.raises(NotAllowed):
        operations.reactivate_unit(actor=actor, unit_id=unit.pk, today=TODAY)
    assert (Unit.objects.count(), Entry.objects.count()) == before


def test_a_unit_is_added_behind_the_others(people: People) -> None:
    unit = operations.add_unit(
        actor=people.an, name="  Ban  Chỉ đạo ISO ", short_name="BCĐ", kind="committee", today=TODAY
    )
    assert unit.name == "Ban Chỉ đạo ISO"
    assert [row.name for row in queries.units(people.an, TODAY)][-1] == "Ban Chỉ đạo ISO"
    assert latest(people.agency.pk).after == {
        "name": "Ban Chỉ đạo ISO",
        "short_name": "BCĐ",
        "kind": "committee",
    }


def test_a_units_name_is_given_once_in_an_agency(people: People) -> None:
    with pytest.raises(operations.NameTaken):
        operations.add_unit(actor=people.an, name="Phòng Kinh tế", today=TODAY)
    economy = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    office = Unit.objects.filter(agency=people.agency).order_by("order")[0]
    with pytest.raises(operations.NameTaken):
        operations.change_unit(
            actor=people.an,
            unit_id=office.pk,
            name="Phòng Kinh tế",
            short_name="",
            kind="section",
            today=TODAY,
        )
    operations.change_unit(
        actor=people.an,
        unit_id=economy.pk,
        name="Phòng Kinh tế",
        short_name="P.KT",
        kind="section",
        today=TODAY,
    )
    assert Unit.objects.get(pk=economy.pk).short_name == "P.KT"
    operations.add_unit(actor=people.chi, name="Tổ Kinh tế", today=TODAY)


def test_units_change_places(people: People) -> None:
    ids = [row.id for row in queries.units(people.an, TODAY)]
    operations.move_unit(actor=people.an, unit_id=ids[2], places=-1, today=TODAY)
    assert [row.id for row in queries.units(people.an, TODAY)] == [ids[0], ids[2], ids[1], ids[3]]
    before = Entry.objects.count()
    operations.move_unit(actor=people.an, unit_id=ids[0], places=-1, today=TODAY)
    assert Entry.objects.count() == before


def test_a_unit_with_people_stays_in_use(people: People) -> None:
    economy = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    with pytest.raises(operations.UnitInUse) as refused:
        operations.deactivate_unit(actor=people.an, unit_id=economy.pk, today=TODAY)
    assert refused.value.message.params["people"] == "2"
    culture = Unit.objects.get(agency=people.agency, name="Phòng Văn hóa - Xã hội")
    operations.deactivate_unit(actor=people.an, unit_id=culture.pk, today=TODAY)
    assert culture.pk not in dict(queries.unit_choices(people.an))
    assert latest(people.agency.pk).verb == "unit.deactivated"
    operations.reactivate_unit(actor=people.an, unit_id=culture.pk, today=TODAY)
    assert culture.pk in dict(queries.unit_choices(people.an))


def test_units_of_another_agency_are_not_there(people: People) -> None:
    foreign = Unit.objects.filter(agency=people.other_agency).order_by("order")[0]
    before = Entry.objects.count()
    with pytest.raises(Unit.DoesNotExist):
        queries.unit(people.an, foreign.pk)
    with pytest.raises(Unit.DoesNotExist):
        operations.change_unit(
            actor=people.an, unit_id=foreign.pk, name="X", short_name="", kind="section", today=TODAY
        )
    for act in (operations.deactivate_unit, operations.reactivate_unit):
        with pytest.raises(Unit.DoesNotExist):
            act(actor=people.an, unit_id=foreign.pk, today=TODAY)
    with pytest.raises(Unit.DoesNotExist):
        operations.move_unit(actor=people.an, unit_id=foreign.pk, places=1, today=TODAY)
    assert Entry.objects.count() == before


def test_posts_hold_from_their_first_to_their_last_day(people: People) -> None:
    post = Membership.objects.get(person_id=people.binh.person_id)
    post.valid_from, post.valid_to = date(2026, 3, 1), date(2026, 6, 30)
    post.save()
    held = [
        bool(queries.posts_of(person_id=people.binh.person_id, on=day))
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert held == [False, True, True, False]


def test_an_agency_that_ended_gives_no_posts(people: People) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(valid_from=date(2020, 1, 1), valid_to=date(2026, 6, 30))
    assert queries.posts_of(person_id=people.an.person_id, on=date(2026, 6, 30))
    assert not queries.posts_of(person_id=people.an.person_id, on=TODAY)
    with pytest.raises(Person.DoesNotExist):
        queries.actor_of(person_id=people.an.person_id, agency_id=people.agency.pk, on=TODAY)


def test_an_actor_is_made_of_all_posts_of_the_day(people: People) -> None:
    actor = queries.actor_of(person_id=people.dung.person_id, agency_id=people.agency.pk, on=TODAY)
    assert actor == people.dung
    assert queries.actor_named(agency_code=people.agency.code, login="chi", on=TODAY) is None
    assert queries.actor_named(agency_code=people.agency.code, login="nobody", on=TODAY) is None
    assert queries.agency_of(people.an).name == people.agency.name
    assert [row.code for row in queries.all_agencies()] == ["H00.1", "H00.2"]
