"""The search over everything: what it finds, in which groups, and what it keeps from whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from camket.actions import operations as actions
from camket.actions.models import Task
from camket.documents.models import Evidence
from camket.documents.operations import NewEvidence
from camket.org.models import Agency, Person, Role
from camket.org.policy import Actor
from camket.web.request import CAPACITY_KEY
from figures import make_plan_in_force
from people import TODAY, People, make_agency, make_people, make_person
from procedures import make_procedure
from records import note_entries
from seeded import make_late_dossier
from web.browser import Desk
from work import NOW, QUARTERLY, in_force, make_action

SECRET = "Khiển trách về quản lý đất đai"


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def groups_of(client: Client, typed: str, **more: str) -> dict[str, list[str]]:
    """Return what a search shows: the titles of each group, by the group's word."""
    response = client.get("/tim-kiem/", {"tu": typed, **more})
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    return {
        section["aria-labelledby"].removeprefix("hits-"): [  # type: ignore[union-attr]
            " ".join(link.get_text().split()) for link in section.select(".ck-hits__what a")
        ]
        for section in soup.select(".ck-hits")
    }


def fill(people: People) -> None:
    make_plan_in_force(people)
    action = make_action(people, QUARTERLY, text="Giải quyết hồ sơ đất đai tồn đọng")
    in_force(people, action)
    task = Task.objects.filter(action=action)[0]
    actions.attach_evidence(
        actor=people.binh,
        task_id=task.pk,
        evidence=[
            NewEvidence(kind="document", title="Biên bản kiểm kê đất đai", document_number="77/BB-UBND")
        ],
        now=NOW,
    )
    note_entries(
        people.agency,
        "directives",
        [
            {
                "title": "Báo cáo quản lý đất đai quý II",
                "number": "125/TB-UBND",
                "on": date(2026, 6, 22),
                "due_on": date(2026, 6, 26),
                "search": "125/tb-ubnd bao cao quan ly dat dai quy ii",
            },
            {
                "title": "Việc đã rút về đất đai",
                "on": date(2026, 6, 2),
                "state": "withdrawn",
                "search": "dat dai",
            },
        ],
    )
    note_entries(
        people.agency,
        "discipline",
        [{"title": SECRET, "on": date(2026, 3, 2), "search": "khien trach ve quan ly dat dai"}],
    )
    make_late_dossier(people.agency, make_procedure(people.agency), "H00.1-260601-0001")


@pytest.fixture(scope="class")
def people(db_of_class: None) -> People:
    made = make_people()
    fill(made)
    return made


@pytest.mark.django_db
class TestWhatIsFound:
    @pytest.fixture(autouse=True)
    def _day(self, settings: Any) -> None:
        settings.TODAY = TODAY

    def test_null_characters_in_an_address_are_left_out(self, people: People) -> None:
        client = client_of(people.an)
        found = groups_of(client, "đất đai")
        assert found
        assert groups_of(client, "đất\x00 đai\x00") == found
        assert "\x00" not in client.get("/tim-kiem/?tu=dat%00+dai").content.decode()

    @pytest.mark.parametrize("typed", ["dat dai", "Đất Đai", "ĐẤT  ĐAI"])
    def test_one_box_finds_everything_without_marks(self, people: People, typed: str) -> None:
        found = groups_of(client_of(people.an), typed)
        assert found["cong-viec"][0] == "Giải quyết hồ sơ đất đai tồn đọng"
        assert found["so"] == ["Báo cáo quản lý đất đai quý II"]
        assert found["minh-chung"] == ["Biên bản kiểm kê đất đai"]

    def test_the_parts_of_plans_lead_to_their_pages(self, people: People) -> None:
        client = client_of(people.binh)
        response = client.get("/tim-kiem/", {"tu": "niem yet", "nhom": "ke-hoach"})
        links = [
            link["href"] for link in BeautifulSoup(response.content, "html.parser").select(".ck-hits__what a")
        ]
        assert links
        assert all(client.get(link).status_code == 200 for link in links)

    def test_numbers_and_codes_are_found(self, people: People) -> None:
        client = client_of(people.an)
        assert groups_of(client, "125/TB-UBND")["so"] == ["Báo cáo quản lý đất đai quý II"]
        assert groups_of(client, "77/bb")["minh-chung"] == ["Biên bản kiểm kê đất đai"]
        assert groups_of(client, "h00.1-260601-0001")["ho-so"] == ["H00.1-260601-0001"]

    def test_an_applicants_name_is_masked(self, people: People) -> None:
        page = client_of(people.an).get("/tim-kiem/", {"tu": "H00.1-260601-0001"}).content.decode()
        assert "Nguyễn Văn Mẫu" not in page

    def test_people_and_units_are_found(self, people: People) -> None:
        client = client_of(people.an)
        assert groups_of(client, "tran binh")["nhan-su"] == ["Trần Văn Bình"]
        assert groups_of(client, "phong kinh te")["bo-phan"] == ["Phòng Kinh tế"]

    def test_grades_and_discipline_are_not_searched(self, people: People) -> None:
        for actor in (people.an, people.chau, people.dung):
            assert SECRET not in client_of(actor).get("/tim-kiem/", {"tu": "khien trach"}).content.decode()

    def test_another_agency_finds_nothing(self, people: People) -> None:
        assert groups_of(client_of(people.chi), "dat dai") == {}
        assert groups_of(client_of(people.chi), "H00.1-260601-0001") == {}

    def test_who_looks_from_above_finds_work_but_no_people(self, people: People) -> None:
        province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
        Agency.objects.filter(pk=people.agency.pk).update(parent=province)
        viewer = make_person(province, "Vũ Thị Giang", "giang", Role.VIEWER)
        client = Client()
        client.force_login(viewer)
        session = client.session
        session[CAPACITY_KEY] = f"below:{people.agency.pk}"
        session.save()
        assert "cong-viec" in groups_of(client, "dat dai")
        assert "nhan-su" not in groups_of(client, "binh")

    def test_evidence_taken_back_is_not_found(self, people: People) -> None:
        Evidence.objects.update(is_withdrawn=True)
        assert "minh-chung" not in groups_of(client_of(people.an), "dat dai")

    def test_a_group_alone_shows_more_of_it(self, people: People) -> None:
        note_entries(
            people.agency,
            "directives",
            [{"title": f"Nhắc việc {n}", "on": TODAY, "search": "nhac viec"} for n in range(12)],
        )
        client = client_of(people.an)
        assert len(groups_of(client, "nhac viec")["so"]) == 5
        assert len(groups_of(client, "nhac viec", nhom="so")["so"]) == 12
        page = client.get("/tim-kiem/", {"tu": "nhac viec"}).content.decode()
        assert "Xem cả 12 kết quả" in page
        assert "/so/chi-dao/?tu=nhac+viec" in page

    def test_too_little_is_refused_with_a_reason(self, people: People) -> None:
        page = client_of(people.an).get("/tim-kiem/", {"tu": "đ"}).content.decode()
        assert "Hãy gõ ít nhất hai ký tự" in page

    @pytest.mark.parametrize("typed", ["[", "\\", "(a", "%_", "a*+?{2}", "^$|", "😀😀", "'; --", "x" * 5000])
    def test_signs_are_looked_for_as_they_are(self, people: People, typed: str) -> None:
        assert client_of(people.an).get("/tim-kiem/", {"tu": typed}).status_code == 200


@pytest.fixture
def office(transactional_db: None) -> People:
    made = make_people()
    fill(made)
    return made


@pytest.mark.browser
def test_the_search_is_accessible_and_a_key_leads_to_it(desk: Desk, office: People) -> None:
    desk.sign_in("an")
    page = desk.open("/cong-viec/")
    page.keyboard.press("/")
    page.keyboard.type("dat dai")
    page.keyboard.press("Enter")
    page.wait_for_selector(".ck-hits")
    for size in ("desktop", "phone"):
        for path in ("/tim-kiem/?tu=dat+dai", "/tim-kiem/?tu=d", "/tim-kiem/?tu=zzzz"):
            desk.open(path, size)
            desk.assert_accessible()
            desk.assert_fits()
    assert desk.complaints == []
