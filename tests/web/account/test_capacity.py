"""Choosing in what capacity to work: the page, the band, and what a capacity that ended does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from camket.journal.models import Entry
from camket.org.models import Agency, Delegation, Membership, Role, Succession, Unit
from camket.org.policy import Actor
from people import TODAY, People, make_agency, make_person
from web.browser import Desk

URL = "/chon-co-quan/"
SignIn = Callable[[Actor], Client]


@pytest.fixture
def inspector(people: People, signed_in: SignIn) -> Client:
    """Giang inspects the province's two communes; Bình Yên took over from Đồi Sim."""
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(code__startswith="H00.").update(parent=province)
    older = make_agency("H00.7", "UBND xã Đồi Sim", valid_to=date(2025, 6, 30))
    Succession.objects.create(predecessor=older, successor=people.agency, kind="merger", on=date(2025, 7, 1))
    giang = make_person(province, "Vũ Thị Giang", "giang", Role.INSPECTOR)
    return signed_in(Actor(giang.pk, giang.full_name, province.pk))


def take(client: Client, key: str, **more: str) -> str:
    response = client.post(URL, {"capacity": key, **more})
    assert response.status_code == 302
    return response.headers["Location"]


def page(client: Client, path: str = "/") -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def test_who_has_one_capacity_is_offered_no_other(people: People, signed_in: SignIn) -> None:
    html = page(signed_in(people.binh))
    assert "Làm việc với tư cách khác" not in html
    assert "ck-band" not in html


def test_an_inspector_finds_an_agency_and_looks_at_it(people: People, inspector: Client) -> None:
    html = page(inspector, URL)
    assert "UBND xã Bình Yên" in html
    assert "UBND xã Suối Xa" in html
    html = page(inspector, URL + "?q=suoi")
    assert "UBND xã Bình Yên" not in html
    assert "UBND xã Suối Xa" in html
    assert "Không cơ quan cấp dưới nào" in page(inspector, URL + "?q=khong-co")
    assert take(inspector, f"below:{people.agency.pk}") == "/"
    html = page(inspector)
    assert "Bạn đang xem <strong>UBND xã Bình Yên</strong> – chỉ đọc" in html
    assert "Trở về UBND tỉnh Hồng Bàng" in html


def test_who_only_looks_sends_nothing(people: People, inspector: Client) -> None:
    take(inspector, f"below:{people.agency.pk}")
    before = (Entry.objects.count(), Unit.objects.count())
    assert inspector.post("/co-quan/bo-phan/them/", {"name": "Tổ mới", "kind": "section"}).status_code == 403
    assert inspector.get("/ke-hoach/nhap/").status_code in (403, 404)
    assert (Entry.objects.count(), Unit.objects.count()) == before


def test_the_successor_sees_whose_records_these_are(people: People, signed_in: SignIn) -> None:
    older = make_agency("H00.7", "UBND xã Đồi Sim", valid_to=date(2025, 6, 30))
    Succession.objects.create(predecessor=older, successor=people.agency, kind="merger", on=date(2025, 7, 1))
    client = signed_in(people.an)
    assert "UBND xã Đồi Sim" in page(client, URL)
    assert take(client, f"before:{older.pk}", next="/ke-hoach/") == "/ke-hoach/"
    html = page(client, "/ke-hoach/")
    assert "đã chuyển về UBND xã Bình Yên từ ngày 01/07/2025 – chỉ đọc" in html
    take(client, f"own:{people.agency.pk}")
    assert "ck-band" not in page(client, "/ke-hoach/")


def test_a_deputy_sees_for_whom_and_until_when(people: People, signed_in: SignIn) -> None:
    given = Delegation.objects.create(
        agency=people.agency,
        post=Membership.objects.get(person_id=people.chau.person_id),
        deputy_id=people.dung.person_id,
        valid_from=TODAY,
        valid_to=date(2026, 7, 10),
        reason="Nghỉ phép",
    )
    client = signed_in(people.dung)
    assert "Lê Minh Châu" in page(client, URL)
    take(client, f"for:{given.pk}")
    assert "Bạn đang làm thay <strong>Lê Minh Châu</strong>" in page(client)
    assert "đến hết ngày 10/07/2026" in page(client)


def test_what_is_sent_in_a_capacity_that_ended_is_not_done_in_another(
    people: People, signed_in: SignIn
) -> None:
    Membership.objects.create(agency=people.other_agency, person_id=people.an.person_id, role=Role.SECRETARY)
    client = signed_in(people.an)
    take(client, f"own:{people.other_agency.pk}")
    Membership.objects.filter(agency=people.other_agency, person_id=people.an.person_id).delete()
    response = client.post("/co-quan/bo-phan/them/", {"name": "Tổ mới", "kind": "section"})
    assert (response.status_code, response.headers["Location"]) == (302, URL)
    assert not Unit.objects.filter(name="Tổ mới").exists()
    html = page(client, URL)
    assert "không còn hiệu lực" in html


@pytest.mark.parametrize("key", ["", "own:0", "below:1", "for:1", "before:1", "x"])
def test_a_capacity_that_one_has_not_is_not_taken(people: People, signed_in: SignIn, key: str) -> None:
    client = signed_in(people.binh)
    assert take(client, key) == URL
    assert page(client).count("ck-band") == 0


def test_the_way_on_stays_in_the_product(people: People, signed_in: SignIn) -> None:
    client = signed_in(people.an)
    assert take(client, f"own:{people.agency.pk}", next="https://example.org/") == "/"
    assert take(client, f"own:{people.agency.pk}", next="//example.org/") == "/"


@pytest.mark.browser
def test_the_page_is_accessible_and_fits(people: People, desk: Desk, inspector: Client) -> None:
    desk.sign_in("giang")
    for size in ("desktop", "phone"):
        desk.open(URL, size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"capacity-{size}")
    desk.page.click(f"button[value='below:{people.agency.pk}']")
    for size in ("desktop", "phone"):
        desk.open("/co-quan/", size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"band-{size}")


@pytest.mark.parametrize("path", ["/", "/ke-hoach/", "/bao-cao/"])
def test_the_successor_finds_the_records_of_before_where_its_own_stand(
    people: People, signed_in: SignIn, path: str
) -> None:
    client = signed_in(people.an)
    assert "Hồ sơ của cơ quan tiền thân" not in page(client, path)
    older = make_agency("H00.7", "UBND xã Đồi Sim", valid_to=date(2025, 6, 30))
    Succession.objects.create(predecessor=older, successor=people.agency, kind="merger", on=date(2025, 7, 1))
    html = page(client, path)
    assert "Hồ sơ của cơ quan tiền thân" in html
    assert "UBND xã Đồi Sim" in html
    take(client, f"before:{older.pk}", next=path, back=path)
    html = page(client, path)
    assert "Hồ sơ của cơ quan tiền thân" not in html
    assert f'name="next" value="{path}"' in html
