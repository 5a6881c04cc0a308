"""The administrator's pages of agencies: the tree, one agency, opening, merging, giving somebody a way back in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.journal.models import Entry
from camket.org.models import Agency, AgencyCode, Level, Membership, Person, Role, Succession
from camket.org.policy import Actor
from people import TODAY, People, actor_of, make_agency, make_person
from web.browser import Desk

LIST = "/he-thong/co-quan/"


@pytest.fixture
def admin(people: People) -> Actor:
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(code__startswith="H00.").update(parent=province)
    return actor_of(make_person(province, "Đỗ Đăng Khoa", "khoa", Role.ADMINISTRATOR), province)


@pytest.fixture
def client_of(admin: Actor, signed_in: Callable[[Actor], Client]) -> Client:
    return signed_in(admin)


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def posted(client: Client, path: str, data: dict[str, object]) -> str:
    """Send a form and return the page that it leads to."""
    response = client.post(path, data, follow=True)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def once(page: str) -> str:
    found = re.search(r'ck-once">([A-Z0-9-]+)<', page)
    assert found is not None
    return found[1]


def test_the_list_shows_the_tree_and_finds_by_name_code_and_former_name(
    people: People, client_of: Client
) -> None:
    page = html(client_of, LIST)
    assert page.index("UBND xã Bình Yên") < page.index("UBND xã Suối Xa")
    assert "UBND xã Suối Xa" not in html(client_of, LIST + "?q=binh+yen")
    assert "UBND xã Bình Yên" not in html(client_of, LIST + "?q=h00.2")
    posted(
        client_of,
        f"{LIST}{people.agency.pk}/doi-ten/",
        {"name": "UBND phường An Bình", "on": "01/06/2026", "decision": "Nghị quyết 12/NQ-HĐND"},
    )
    page = html(client_of, LIST + "?q=binh+yen")
    assert "UBND phường An Bình" in page
    assert "trước là UBND xã Bình Yên" in page
    assert "Không tìm thấy cơ quan" in html(client_of, LIST + "?q=khong-co-dau")


def test_an_agency_is_opened_with_its_secretary_whose_password_is_shown_once(client_of: Client) -> None:
    page = posted(
        client_of,
        LIST + "them/",
        {
            "name": "UBND xã Lũng Cao",
            "level": "commune",
            "code": "H00.16",
            "administrative_code": "00199",
            "secretary": "Võ Thị Em",
            "login": "em.vo",
        },
    )
    assert Person.objects.get(login="em.vo").check_password(once(page))
    opened = Agency.objects.get(code="H00.16")
    assert "Thư ký của cơ quan" in page or "Việc thiết lập chưa hoàn tất" in page
    assert "ck-once" not in html(client_of, f"{LIST}{opened.pk}/")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "26", "không phải mã định danh điện tử"),
        ("code", "H00.1", "là của UBND xã Bình Yên"),
        ("administrative_code", "123", "không phải mã đơn vị hành chính"),
        ("parent", "UBND xã Không Có", "Không có cơ quan nào của bạn tên là"),
        ("login", "", "Cần ghi cả họ tên và tên đăng nhập"),
        ("valid_from", "31/02/2026", "không có"),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_field_and_opens_nothing(
    client_of: Client, field: str, value: str, said: str
) -> None:
    data = {
        "name": "UBND xã Lũng Cao", "level": "commune", "code": "H00.16", "secretary": "Võ Thị Em",
        "login": "em.vo", field: value,
    }  # fmt: skip
    page = posted(client_of, LIST + "them/", data)
    assert said.casefold() in page.casefold()
    assert not Agency.objects.filter(name="UBND xã Lũng Cao").exists()
    assert not Person.objects.filter(login="em.vo").exists()


def test_an_agency_goes_under_another_by_its_name_or_code(people: People, client_of: Client) -> None:
    path = f"{LIST}{people.other_agency.pk}/sua/"
    data = {"name": "UBND xã Suối Xa", "full_name": "Ủy ban nhân dân xã Suối Xa", "level": "commune"}
    for typed in ("H00.1", "ubnd xa binh yen", "UBND xã Bình Yên (H00.1)"):
        Agency.objects.filter(pk=people.other_agency.pk).update(parent_id=None)
        Agency.objects.filter(pk=people.other_agency.pk).update(parent=Agency.objects.get(code="H00"))
        posted(client_of, path, {**data, "parent": typed})
        people.other_agency.refresh_from_db()
        assert people.other_agency.parent_id == people.agency.pk, typed


def test_what_another_administrator_changed_meanwhile_is_not_overwritten_unseen(
    people: People, client_of: Client
) -> None:
    path = f"{LIST}{people.other_agency.pk}/sua/"
    shown = re.search(r'name="seen" value="(\w+)"', html(client_of, path))
    assert shown is not None
    Agency.objects.filter(pk=people.other_agency.pk).update(place="Suối Xa Mới")
    data = {
        "name": "UBND xã Suối Xa Hai", "full_name": "x", "place": "Suối Xa", "level": "commune",
        "parent": "H00", "seen": shown[1],
    }  # fmt: skip
    page = posted(client_of, path, data)
    assert "Có người vừa sửa cơ quan này" in page
    assert "UBND xã Suối Xa Hai" in page
    people.other_agency.refresh_from_db()
    assert people.other_agency.name == "UBND xã Suối Xa"
    again = re.search(r'name="seen" value="(\w+)"', page)
    assert again is not None
    posted(client_of, path, {**data, "seen": again[1]})
    people.other_agency.refresh_from_db()
    assert people.other_agency.name == "UBND xã Suối Xa Hai"


def test_two_communes_merge_after_a_look_at_what_will_happen(people: People, client_of: Client) -> None:
    new = make_agency("H00.10", "UBND xã Bình Suối", parent=Agency.objects.get(code="H00"))
    data: dict[str, object] = {
        "kind": "merger",
        "on": "01/07/2026",
        "decision": "Nghị quyết 1656/NQ-UBTVQH15",
        "before_1": "UBND xã Bình Yên (H00.1)",
        "before_2": "H00.2",
        "after_1": "UBND xã Bình Suối",
    }
    page = posted(client_of, LIST + "ke-thua/", data)
    assert "ngày cuối cùng 30/06/2026" in page
    assert "4 người đang giữ vị trí" in page
    assert not Succession.objects.exists()
    shown = re.search(r'name="confirmed" value="(\w+)"', page)
    assert shown is not None
    posted(client_of, LIST + "ke-thua/", {**data, "confirmed": shown[1], "on": "02/07/2026"})
    assert not Succession.objects.exists(), "what was changed after the look is looked at again"
    page = posted(client_of, LIST + "ke-thua/", {**data, "confirmed": shown[1]})
    assert set(Succession.objects.values_list("predecessor__code", "successor_id")) == {
        ("H00.1", new.pk),
        ("H00.2", new.pk),
    }
    assert "UBND xã Suối Xa" in page
    row = Succession.objects.filter(predecessor=people.agency)[0]
    page = posted(client_of, f"{LIST}ke-thua/{row.pk}/huy/", {"reason": ""})
    assert "Hãy ghi lý do" in page
    posted(client_of, f"{LIST}ke-thua/{row.pk}/huy/", {"reason": "Ghi nhầm xã"})
    people.agency.refresh_from_db()
    assert people.agency.valid_to is None


def test_a_merger_that_cannot_be_says_why(people: People, client_of: Client) -> None:
    page = posted(
        client_of,
        LIST + "ke-thua/",
        {
            "kind": "merger", "on": "01/07/2026", "decision": "NQ", "before_1": "H00.1", "after_1": "H00.1",
        },
    )  # fmt: skip
    assert "không thể kế thừa chính mình" in page
    assert not Succession.objects.exists()


def test_codes_are_added_and_ended(people: People, client_of: Client) -> None:
    page = f"{LIST}{people.agency.pk}/"
    said = posted(client_of, page + "ma/", {"code-scheme": "administrative", "code-code": "4"})
    assert "không phải mã đơn vị hành chính" in said
    said = posted(client_of, page + "ma/", {"code-scheme": "administrative", "code-code": "00004"})
    assert "00004" in said
    code = AgencyCode.objects.get(code="00004")
    posted(client_of, f"{LIST}ma/{code.pk}/ket-thuc/", {"last_day": "30/06/2026"})
    code.refresh_from_db()
    assert code.valid_to == date(2026, 6, 30)
    assert "không còn hiệu lực" in html(client_of, page)


def test_an_agency_is_ended_and_the_end_taken_back(people: People, client_of: Client) -> None:
    page = f"{LIST}{people.other_agency.pk}/"
    posted(client_of, page + "ket-thuc/", {"end-last_day": "30/06/2026", "end-reason": "Giải thể"})
    assert "Đã kết thúc ngày 30/06/2026" in html(client_of, page)
    posted(client_of, page + "mo-lai/", {"reopen-reason": "Ghi nhầm"})
    people.other_agency.refresh_from_db()
    assert people.other_agency.valid_to is None


def test_a_way_back_in_is_given_without_seeing_who_works_there(people: People, client_of: Client) -> None:
    page = f"{LIST}{people.agency.pk}/"
    shown = html(client_of, page)
    assert "Nguyễn Thị An" not in shown
    assert "Trần Văn Bình" not in shown
    assert "Không ai của cơ quan này" in posted(client_of, page + "mat-khau/", {"way-login": "chi"})
    given = posted(client_of, page + "mat-khau/", {"way-login": "Binh"})
    assert Person.objects.get(login="binh").check_password(once(given))
    entry = Entry.objects.filter(agency=people.agency).latest("sequence")
    assert entry.verb == "person.password_reset"


def test_a_list_of_communes_is_brought_in_or_each_bad_row_named(client_of: Client) -> None:
    def send(text: str) -> str:
        file = SimpleUploadedFile("danh-sach.csv", text.encode(), "text/csv")
        return posted(client_of, LIST + "nhap/", {"file": file})

    rows = "Mã định danh;Tên cơ quan;Thư ký ISO;Tên đăng nhập\nH00.31;UBND xã Một;Võ Em;em.vo\n"
    page = send(rows + "H0;UBND xã Hai;;\n")
    assert "Dòng 3" in page
    assert not Agency.objects.filter(code="H00.31").exists()
    page = send(rows + "H00.32;UBND phường Hai;;\n")
    assert Person.objects.get(login="em.vo").check_password(once(page))
    assert Agency.objects.get(code="H00.32").level_id == "ward"
    assert "2 cơ quan đã có từ trước" in send(rows + "H00.32;UBND phường Hai;;\n")


def test_the_chain_of_an_agency_is_checked_on_demand(people: People, client_of: Client) -> None:
    assert "chuỗi nguyên vẹn" in html(client_of, f"{LIST}{people.agency.pk}/?kiem-tra=1")


def test_agencies_beside_are_not_there(client_of: Client) -> None:
    beside = make_agency("H01", "UBND tỉnh Khác", level_id="province")
    assert "UBND tỉnh Khác" not in html(client_of, LIST + "?q=khac")
    for path in ("", "sua/", "doi-ten/"):
        assert client_of.get(f"{LIST}{beside.pk}/{path}").status_code == 404
    for path in ("ket-thuc/", "mo-lai/", "ma/", "mat-khau/", "sua/", "doi-ten/"):
        assert client_of.post(f"{LIST}{beside.pk}/{path}", {}).status_code == 404, path


def test_pages_take_few_statements_for_a_province_of_many(people: People, client_of: Client) -> None:
    province = Agency.objects.get(code="H00")
    Agency.objects.bulk_create(
        Agency(code=f"H00.{number}", name=f"UBND xã Số {number}", level=Level(pk="commune"), parent=province)
        for number in range(100, 300)
    )
    found = {}
    for path in (
        LIST,
        LIST + "?q=so",
        f"{LIST}{province.pk}/",
        f"{LIST}{people.agency.pk}/",
        LIST + "ke-thua/",
    ):
        with CaptureQueriesContext(connection) as captured:
            html(client_of, path)
        found[path] = len(captured)
    assert {path: count for path, count in found.items() if count > 15} == {}


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit(people: People, admin: Actor, desk: Desk) -> None:
    older = make_agency("H00.7", "UBND xã Đồi Sim", valid_to=date(2025, 6, 30), parent_id=admin.agency_id)
    Succession.objects.create(
        predecessor=older, successor=people.agency, kind="merger", on=date(2025, 7, 1),
        decision="Nghị quyết 1656/NQ-UBTVQH15",
    )  # fmt: skip
    AgencyCode.objects.create(agency=people.agency, scheme="administrative", code="00004")
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=TODAY)
    desk.sign_in("khoa")
    for name, path in {
        "agencies": "",
        "agency": f"{people.agency.pk}/",
        "agency-add": "them/",
        "agency-edit": f"{people.agency.pk}/sua/",
        "agency-rename": f"{people.agency.pk}/doi-ten/",
        "agency-import": "nhap/",
        "succession": f"ke-thua/?tu={people.agency.pk}",
    }.items():
        for size in ("desktop", "phone"):
            desk.open(LIST + path, size)
            desk.assert_accessible()
            desk.assert_fits()
            desk.picture(f"{name}-{size}")


@pytest.mark.browser
def test_the_look_ahead_and_who_may_do_what_are_accessible_and_fit(
    people: People, admin: Actor, desk: Desk
) -> None:
    make_agency("H00.10", "UBND xã Bình Suối", parent_id=admin.agency_id)
    desk.sign_in("khoa")
    page = desk.open(LIST + f"ke-thua/?tu={people.agency.pk}")
    page.fill("#id_on", "01/07/2026")
    page.fill("#id_decision", "Nghị quyết 1656/NQ-UBTVQH15")
    page.fill("#id_before_2", "H00.2")
    page.fill("#id_after_1", "H00.10")
    page.click("main button[type=submit]")
    page.wait_for_selector("button[name=confirmed]")
    desk.assert_accessible()
    desk.assert_fits()
    desk.picture("succession-preview")
    for size in ("desktop", "phone"):
        desk.open("/co-quan/ai-duoc-lam-gi/", size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"authority-{size}")
