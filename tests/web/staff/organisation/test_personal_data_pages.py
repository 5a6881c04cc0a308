"""Pages on personal data and the journal: masked for who need not know, recorded when seen, taken out with a trace."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from camket.core.chain import verify_export
from camket.journal.models import Access, Entry
from camket.journal.operations import record
from camket.org import operations
from camket.org.models import Erasure, Membership, Person, PersonalDataKind, Role, SubjectRequest
from camket.org.policy import Actor
from figures import make_plan_in_force
from people import TODAY, People, actor_of, make_person
from web.browser import Desk

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
SignIn = Callable[[Actor], Client]


@pytest.fixture
def giang(people: People) -> Actor:
    return actor_of(make_person(people.agency, "Đỗ Thu Giang", "giang", Role.PRIVACY), people.agency)


@pytest.fixture
def inspector(people: People, signed_in: SignIn) -> Client:
    return signed_in(
        actor_of(make_person(people.agency, "Tạ Thị Thanh", "thanh", Role.INSPECTOR), people.agency)
    )


@pytest.fixture
def administrator(people: People, signed_in: SignIn) -> Client:
    person = make_person(people.agency, "Ngô Văn Quân", "quan", Role.ADMINISTRATOR)
    return signed_in(actor_of(person, people.agency))


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def renamed(people: People) -> None:
    operations.change_person(
        actor=people.an,
        person_id=people.binh.person_id,
        full_name="Trần Văn Bình",
        email="binh@xa.gov.vn",
        today=TODAY,
    )


# The journal


def test_an_inspector_reads_the_journal_without_names(people: People, inspector: Client) -> None:
    renamed(people)
    said = text_of(inspector.get("/co-quan/nhat-ky/"))
    for hidden in ("Nguyễn Thị An", "Văn Bình", "binh@"):
        assert hidden not in said
    assert "Nguyễn T. A." in said
    assert "b•••@xa.gov.vn" in said
    assert not Access.objects.exists()


def test_a_secretary_who_reads_entries_about_people_is_recorded(people: People, signed_in: SignIn) -> None:
    renamed(people)
    client = signed_in(people.an)
    assert "binh@xa.gov.vn" in text_of(client.get("/co-quan/nhat-ky/"))
    assert "binh@xa.gov.vn" in text_of(client.get(f"/co-quan/nhat-ky/org.person/{people.binh.person_id}/"))
    client.get("/co-quan/nhat-ky/")
    assert list(Access.objects.order_by("sequence").values_list("what", "person_id")) == [
        ("journal", None),
        ("history", people.binh.person_id),
    ]


def lines_of(response: Any) -> list[str]:
    return b"".join(response.streaming_content).decode("utf-8").splitlines()


def test_the_journal_taken_out_can_be_checked_and_says_that_it_was(people: People, signed_in: SignIn) -> None:
    renamed(people)
    client = signed_in(people.an)
    answer = client.post("/co-quan/nhat-ky/xuat/jsonl/")
    assert 'filename="nhat-ky-H00.1-20260701.jsonl"' in answer.headers["Content-Disposition"]
    lines = lines_of(answer)
    checked = verify_export(lines)
    assert (checked.found, checked.is_whole, checked.entries) == (None, True, 2)
    assert json.loads(lines[2])["entry"]["verb"] == "journal.exported"
    narrowed = verify_export(lines_of(client.post("/co-quan/nhat-ky/xuat/jsonl/", {"kind": "person"})))
    assert (narrowed.entries, narrowed.is_whole, narrowed.found) == (1, False, None)
    told = Entry.objects.filter(verb="journal.exported").order_by("sequence")
    assert [(entry.after or {})["filter"] for entry in told] == [{}, {"kind": "person"}]


def test_the_table_is_for_people_and_never_a_formula(people: People, signed_in: SignIn) -> None:
    record(
        actor=people.an, agency_id=people.agency.pk, verb="unit.changed", on=TODAY, reason="=1+1",
        subject=people.agency.units.all()[0], before={"name": "A"}, after={"name": "B"},
    )  # fmt: skip
    table = signed_in(people.an).post("/co-quan/nhat-ky/xuat/csv/").content.decode("utf-8-sig")
    assert "Nguyễn Thị An" in table
    assert "Tên: A → B" in table
    assert "'=1+1" in table


def test_what_an_inspector_takes_out_has_no_names(people: People, inspector: Client) -> None:
    renamed(people)
    lines = lines_of(inspector.post("/co-quan/nhat-ky/xuat/jsonl/"))
    assert "Nguyễn" not in "".join(lines).replace("Người", "")
    assert "binh@" not in "".join(lines)
    assert verify_export(lines).found is None
    assert "Nguyễn Thị An" not in inspector.post("/co-quan/nhat-ky/xuat/csv/").content.decode("utf-8-sig")


def test_officers_do_not_take_the_journal_out(people: People, signed_in: SignIn) -> None:
    assert signed_in(people.binh).post("/co-quan/nhat-ky/xuat/csv/").status_code == 403
    assert not Entry.objects.exists()


def test_a_history_has_the_parts_of_the_record(people: People, signed_in: SignIn) -> None:
    plan = make_plan_in_force(people)
    client = signed_in(people.binh)
    objective = plan.objectives.all()[0]
    for path in (
        f"/ke-hoach/{plan.pk}/",
        f"/muc-tieu/{objective.pk}/",
        f"/muc-tieu/chi-tieu/{objective.targets.all()[0].pk}/",
        "/co-quan/",
    ):
        link = BeautifulSoup(client.get(path).content, "html.parser").select_one(
            'a[href*="/co-quan/nhat-ky/"]'
        )
        assert link is not None, path
        if path != "/co-quan/":
            assert client.get(str(link["href"])).status_code == 200, path
    record(
        actor=people.an, agency_id=people.agency.pk, verb="objective.changed", on=TODAY, subject=objective,
        before={"text": "Cũ"}, after={"text": "Mới"},
    )  # fmt: skip
    said = text_of(client.get(f"/co-quan/nhat-ky/objectives.plan/{plan.pk}/"))
    assert "Sửa mục tiêu" in said
    assert (
        signed_in(people.chi).get(f"/co-quan/nhat-ky/objectives.objective/{objective.pk}/").status_code == 404
    )


# The officer's page


def test_the_officer_sees_what_waits_and_the_register(
    people: People, giang: Actor, signed_in: SignIn
) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2024, 3, 31))
    said = text_of(signed_in(giang).get("/co-quan/du-lieu-ca-nhan/"))
    for words in (
        "Họ tên, vị trí công tác",
        "24 tháng",
        "Trần Văn Bình",
        "31/03/2026",
        "Không có yêu cầu nào",
    ):
        assert words in said
    assert signed_in(people.dung).get("/co-quan/du-lieu-ca-nhan/").status_code == 403


def test_the_register_is_changed_on_its_page(people: People, giang: Actor, signed_in: SignIn) -> None:
    client = signed_in(giang)
    path = "/co-quan/du-lieu-ca-nhan/danh-muc/identity/"
    data = {
        "purpose": "Giao việc", "legal_basis": "Luật 91/2025/QH15", "retention_months": "", "retention_after": "left",
        "then": "anonymise",
    }  # fmt: skip
    assert "Nhập số tháng" in text_of(client.post(path, data))
    assert not PersonalDataKind.objects.exists()
    assert client.post(path, {**data, "retention_months": "12"}).status_code == 302
    assert "12 tháng" in text_of(client.get("/co-quan/du-lieu-ca-nhan/"))
    assert client.get("/co-quan/du-lieu-ca-nhan/danh-muc/khong-co/").status_code == 404


def test_a_request_is_recorded_and_answered_on_its_pages(
    people: People, giang: Actor, signed_in: SignIn
) -> None:
    client = signed_in(giang)
    data = {
        "person": str(people.binh.person_id),
        "kind": "see",
        "text": "",
        "received_on": "1/7/2026",
        "due_on": "",
    }
    assert "hôm nay hoặc trước đó" in text_of(
        client.post("/co-quan/du-lieu-ca-nhan/yeu-cau/them/", {**data, "received_on": "5/7/2026"})
    )
    answer = client.post("/co-quan/du-lieu-ca-nhan/yeu-cau/them/", data)
    asked = SubjectRequest.objects.get()
    assert (answer.status_code, asked.due_on) == (302, date(2026, 7, 4))
    path = f"/co-quan/du-lieu-ca-nhan/yeu-cau/{asked.pk}/"
    assert client.post(path, {"outcome": "granted", "answer": ""}).status_code == 200
    assert client.post(path, {"outcome": "granted", "answer": "Đã giao bản sao"}).status_code == 302
    assert "Đã giao bản sao" in text_of(signed_in(people.binh).get("/co-quan/du-lieu-cua-toi/"))


def test_a_copy_holds_what_is_held_and_its_name_no_name(
    people: People, giang: Actor, signed_in: SignIn
) -> None:
    renamed(people)
    answer = signed_in(giang).post(f"/co-quan/du-lieu-ca-nhan/ban-sao/{people.binh.person_id}/")
    name = answer.headers["Content-Disposition"]
    assert f"du-lieu-ca-nhan-{people.binh.person_id}-20260701.zip" in name
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        page = archive.read("du-lieu.html").decode("utf-8")
        data = json.loads(archive.read("du-lieu.json"))
    assert "binh@xa.gov.vn" in page
    assert "Sửa thông tin" in page
    assert {section["code"] for section in data["sections"]} >= {"identity", "posts", "journal_about"}
    assert Access.objects.get().what == "holdings"
    assert (
        signed_in(people.chi).post(f"/co-quan/du-lieu-ca-nhan/ban-sao/{people.binh.person_id}/").status_code
        == 404
    )


def test_everybody_gets_the_own_copy_and_sees_who_looked(people: People, signed_in: SignIn) -> None:
    signed_in(people.an).get(f"/co-quan/nhan-su/{people.binh.person_id}/")
    client = signed_in(people.binh)
    said = text_of(client.get("/co-quan/du-lieu-cua-toi/"))
    assert "Nguyễn Thị An" in said
    assert "Họ tên, tên đăng nhập" in said
    assert client.post("/co-quan/du-lieu-cua-toi/ban-sao/").headers["Content-Type"] == "application/zip"
    assert Access.objects.count() == 1, "one's own data are seen without a record"


def test_data_are_removed_by_two_after_the_name_was_typed(
    people: People, giang: Actor, signed_in: SignIn
) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2024, 3, 31))
    officer, chairman = signed_in(giang), signed_in(people.chau)
    officer.post(f"/co-quan/du-lieu-ca-nhan/xoa/{people.binh.person_id}/", {"reason": "Hết thời hạn lưu"})
    path = f"/co-quan/du-lieu-ca-nhan/de-nghi-xoa/{Erasure.objects.get().pk}/"
    assert officer.get(path).status_code == 403
    assert "không thể hoàn tác" in text_of(chairman.get(path))
    assert "tên vừa nhập không khớp" in text_of(chairman.post(path, {"login": "an"}))
    assert chairman.post(path, {"login": "binh"}).status_code == 302
    assert Person.objects.get(pk=people.binh.person_id).anonymised_on == TODAY
    assert chairman.get(path).status_code == 404


def test_a_removal_is_refused_with_a_reason(people: People, giang: Actor, signed_in: SignIn) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2024, 3, 31))
    proposal = operations.propose_erasure(
        actor=giang, person_id=people.binh.person_id, reason="Hết hạn", now=NOW
    )
    chairman, path = signed_in(people.chau), f"/co-quan/du-lieu-ca-nhan/de-nghi-xoa/{proposal.pk}/"
    assert chairman.post(path, {"decision": "refuse", "reason": ""}).status_code == 200
    assert chairman.post(path, {"decision": "refuse", "reason": "Còn thanh tra"}).status_code == 302
    assert Erasure.objects.get().state == Erasure.State.REFUSED


def test_who_saw_whose_data_is_found_by_person(people: People, giang: Actor, signed_in: SignIn) -> None:
    secretary = signed_in(people.an)
    for person in (people.binh, people.dung):
        secretary.get(f"/co-quan/nhan-su/{person.person_id}/")
    client = signed_in(giang)
    path = "/co-quan/du-lieu-ca-nhan/luot-xem/"
    shown = BeautifulSoup(client.get(path, {"nguoi": people.binh.person_id}).content, "html.parser")
    rows = [row.get_text(" ") for row in shown.select(".ck-list > li")]
    assert len(rows) == 1
    assert "Trần Văn Bình" in rows[0]
    for garbage in ("abc", "-1", "9" * 40, "²"):
        assert client.get(path, {"nguoi": garbage, "before": garbage}).status_code == 200


# Accounts without names


def test_an_administrator_restores_an_account_without_seeing_whose(
    people: People, administrator: Client
) -> None:
    Person.objects.filter(pk=people.binh.person_id).update(is_active=False)
    path = f"/co-quan/tai-khoan/{people.binh.person_id}/khoi-phuc/"
    assert administrator.post(path, {"sign_in": "yes"}).status_code == 302
    assert Person.objects.get(pk=people.binh.person_id).is_active
    administrator.post(path)
    answer = administrator.get("/co-quan/tai-khoan/")
    said = text_of(answer)
    assert "chỉ hiện lúc này" in said
    assert Person.objects.get(pk=people.binh.person_id).must_change_password
    for hidden in ("Trần Văn Bình", "Nguyễn Thị An", "Lê Minh Châu"):
        assert hidden not in said
    assert "no-store" in answer.headers["Cache-Control"]
    assert "chỉ hiện lúc này" not in text_of(administrator.get("/co-quan/tai-khoan/"))
    assert administrator.get("/co-quan/nhan-su/").status_code == 403
    assert administrator.get(f"/co-quan/nhan-su/{people.binh.person_id}/").status_code == 403


def test_no_page_shows_an_administrator_a_name(people: People, administrator: Client) -> None:
    renamed(people)
    for path in (
        "/co-quan/", "/co-quan/bo-phan/", "/co-quan/ten-goi/", "/co-quan/tai-khoan/",
        f"/co-quan/nhat-ky/org.agency/{people.agency.pk}/", "/he-thong/",
    ):  # fmt: skip
        said = administrator.get(path, follow=True).content.decode()
        for hidden in ("Trần Văn Bình", "Nguyễn Thị An", "Lê Minh Châu", "Phạm Tiến Dũng", "binh@"):
            assert hidden not in said, (path, hidden)


def test_no_page_shows_an_inspector_a_name(people: People, inspector: Client) -> None:
    plan = make_plan_in_force(people)
    task = plan.objectives.all()[0]
    for path in (
        "/cong-viec/tat-ca/",
        f"/muc-tieu/{task.pk}/",
        f"/co-quan/nhat-ky/objectives.plan/{plan.pk}/",
    ):
        said = inspector.get(path).content.decode()
        for hidden in ("Trần Văn Bình", "Nguyễn Thị An", "Phạm Tiến Dũng"):
            assert hidden not in said, (path, hidden)


@pytest.mark.browser
def test_the_pages_on_personal_data_are_for_everybody(desk: Desk, people: People, giang: Actor) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2024, 3, 31))
    operations.record_subject_request(
        actor=giang,
        person_id=people.an.person_id,
        kind="see",
        text="",
        received_on=TODAY,
        due_on=TODAY,
        today=TODAY,
    )
    desk.sign_in("giang")
    for path in ("", "luot-xem/", "yeu-cau/them/", "danh-muc/identity/"):
        desk.open(f"/co-quan/du-lieu-ca-nhan/{path}")
        desk.assert_accessible()
    desk.open("/co-quan/du-lieu-cua-toi/")
    desk.assert_accessible()
