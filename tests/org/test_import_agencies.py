"""A province brings in its communes at once, all or none."""

from __future__ import annotations

import pytest

from camket.core.agency_list import ListedAgency
from camket.journal.models import Entry
from camket.org import operations
from camket.org.models import Agency, Membership, Person, Role
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People, actor_of, make_agency, make_person

LIST = (
    ListedAgency(5, "H09.1.2", "Trung tâm của xã", "department", parent_code="H09.1"),
    ListedAgency(6, "H09.1", "UBND xã Đồi Sim", "commune", "H09", "00123", "Võ Em", "em.vo"),
    ListedAgency(7, "H09", "UBND tỉnh Sông Lam", "province"),
)


@pytest.fixture
def admin(people: People) -> Actor:
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    return actor_of(make_person(province, "Đỗ Đăng Khoa", "khoa", Role.ADMINISTRATOR), province)


def bring_in(rows: tuple[ListedAgency, ...], actor: Actor | None = None) -> operations.ImportedAgencies:
    return operations.import_agencies(actor=actor, agencies=rows, under_id=None, today=TODAY)


def test_those_above_are_opened_first_wherever_they_stand(people: People) -> None:
    imported = bring_in(LIST)
    assert [name for name, _opened in imported.opened] == [
        "UBND tỉnh Sông Lam",
        "UBND xã Đồi Sim",
        "Trung tâm của xã",
    ]
    assert dict(Agency.objects.filter(code__startswith="H09").values_list("code", "parent__code")) == {
        "H09": None,
        "H09.1": "H09",
        "H09.1.2": "H09.1",
    }
    secretary = next(opened for name, opened in imported.opened if name == "UBND xã Đồi Sim")
    assert Person.objects.get(login="em.vo").check_password(secretary.password)
    assert Membership.objects.get(person__login="em.vo").role == Role.SECRETARY


def test_the_same_list_again_changes_nothing(people: People) -> None:
    bring_in(LIST)
    before = (Agency.objects.count(), Entry.objects.count())
    again = bring_in(LIST)
    assert (again.opened, again.unchanged) == ((), 3)
    assert (Agency.objects.count(), Entry.objects.count()) == before


def test_one_bad_row_and_nothing_is_written(people: People) -> None:
    before = (Agency.objects.count(), Person.objects.count(), Entry.objects.count())
    rows = (
        *LIST,
        ListedAgency(8, "9H", "UBND xã A", "commune"),
        ListedAgency(9, "H00.1", "UBND xã Khác", "commune"),
        ListedAgency(10, "H09.1", "UBND xã Đồi Sim", "commune"),
        ListedAgency(11, "H09.4", "UBND xã B", "commune", parent_code="H77"),
        ListedAgency(12, "H09.5", "UBND xã C", "commune", parent_code="H09.6"),
        ListedAgency(13, "H09.6", "UBND xã D", "commune", parent_code="H09.5"),
        ListedAgency(14, "H09.7", "Trung tâm", ""),
        ListedAgency(15, "H09.8", "UBND xã E", "kingdom"),
    )
    with pytest.raises(operations.AgenciesNotImported) as refused:
        bring_in(rows)
    assert [number for number, _message in refused.value.problems] == [8, 9, 10, 11, 12, 13, 14, 15]
    assert refused.value.problems[1][1].params == {"code": "H00.1", "agency": "UBND xã Bình Yên"}
    assert (Agency.objects.count(), Person.objects.count(), Entry.objects.count()) == before


def test_an_administrator_brings_in_below_the_own_agency_only(people: People, admin: Actor) -> None:
    bring_in((ListedAgency(2, "H00.31", "UBND xã Lũng Cao", "commune"),), admin)
    assert Agency.objects.get(code="H00.31").parent_id == admin.agency_id
    with pytest.raises(operations.AgenciesNotImported) as refused:
        bring_in((ListedAgency(2, "H00.2.1", "UBND xã X", "commune", parent_code="H00.2"),), admin)
    assert refused.value.problems[0][1].params == {"code": "H00.2"}
    with pytest.raises(NotAllowed):
        bring_in(LIST, people.an)


def test_a_hundred_and_fifty_communes_come_in_at_once(people: People, admin: Actor) -> None:
    rows = tuple(
        ListedAgency(number, f"H00.{number}", f"UBND xã Số {number}", "commune") for number in range(100, 250)
    )
    assert len(bring_in(rows, admin).opened) == 150
    assert Agency.objects.filter(parent_id=admin.agency_id).count() == 150
