"""The dashboard: what each person sees first."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camket.actions.models import Task
from camket.objectives import operations
from camket.objectives.models import Plan
from camket.org.models import Agency, Person
from camket.org.policy import Actor
from figures import HALF, make_plan_in_force, read, share, targets_of
from people import TODAY, People
from plans import sample_plan
from records import add_feedback


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.TODAY = TODAY


@pytest.fixture
def plan(people: People) -> Plan:
    return make_plan_in_force(people)


def home(actor: Actor) -> tuple[BeautifulSoup, str]:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse("web:home"))
    assert response.status_code == 200
    assert len(captured) <= 15
    soup = BeautifulSoup(response.content, "html.parser")
    return soup, re.sub(r"\s+", " ", soup.get_text(" "))


def headings(soup: BeautifulSoup) -> list[str]:
    return [heading.get_text(" ", strip=True) for heading in soup.select("main h2")]


def test_secretary_sees_verdicts_and_whom_to_chase(people: People, plan: Plan) -> None:
    on_time, satisfaction, *_others = targets_of(plan)
    read(people, on_time, share(600, 612))
    read(people, satisfaction, share(80, 100, HALF))
    read(people, on_time, share(1, 1, type(HALF)(HALF.start, HALF.start)), confirmed=False)
    soup, text = home(people.an)
    assert [count.get_text() for count in soup.select(".ck-states__count")] == ["1", "1", "1"]
    assert soup.select_one("svg.ck-sharebar title") is not None
    assert "Hiện là 80 % (80/100), chưa đạt mức đề ra > 92 %" in text or "so với mức đề ra > 92 %" in text
    assert "1 chỉ tiêu cần chú ý." in text
    assert "1 số liệu chờ xác nhận." in text
    assert "Số liệu phải nhập" in headings(soup)
    assert "Số liệu Quý II/2026, hạn 07/07/2026" in text
    assert "Chỉ tiêu chưa chọn cách đo" in headings(soup)
    lacking = soup.select_one("[aria-labelledby=to-enter-heading]")
    assert lacking is not None
    assert len(lacking.select("li")) == 2


def test_overdue_work_is_counted_by_unit(people: People, plan: Plan) -> None:
    soup, text = home(people.an)
    overdue = Task.objects.filter(agency=people.agency, late_after__lt=TODAY, state="open").count()
    assert overdue > 0
    assert f"{overdue} đầu việc quá hạn." in text
    table = soup.select_one("[aria-labelledby=overdue-heading] table")
    assert table is not None
    assert sum(int(row.select("td")[0].get_text()) for row in table.select("tbody tr")) == overdue


def test_due_soon_lists_the_next_fourteen_days(people: People, plan: Plan) -> None:
    Task.objects.filter(agency=people.agency).update(due_on=TODAY, late_after=TODAY)
    soup, _text = home(people.chau)
    soon = soup.select_one("[aria-labelledby=soon-heading]")
    assert soon is not None
    assert len(soon.select("li")) == 8
    assert "Không có đầu việc quá hạn." in soup.get_text()


def test_chairman_sees_one_calm_page(people: People, plan: Plan) -> None:
    soup, _text = home(people.chau)
    assert soup.select_one(".ck-board--calm") is not None
    assert soup.select_one("[aria-labelledby=to-enter-heading]") is None
    assert soup.select_one("[aria-labelledby=mine-heading]") is None


def test_chairman_is_told_of_a_plan_to_approve(people: People, plan: Plan) -> None:
    draft = operations.import_format(actor=people.an, plan=sample_plan(2027), today=TODAY)
    operations.update_head(actor=people.an, plan_id=draft, today=TODAY, resources="Có.", evaluation="Có.")
    operations.submit_plan(actor=people.an, plan_id=draft, today=TODAY)
    _soup, text = home(people.chau)
    assert "Kế hoạch mục tiêu chất lượng năm 2027 đang chờ bạn phê duyệt." in text
    assert "đang chờ bạn phê duyệt" not in home(people.an)[1]


def test_officer_sees_own_work_first(people: People, plan: Plan) -> None:
    Task.objects.filter(agency=people.agency).update(assignee_id=people.binh.person_id)
    soup, _text = home(people.binh)
    assert headings(soup)[1] == "Việc sắp tới của bạn"
    mine = soup.select_one("[aria-labelledby=mine-heading]")
    assert mine is not None
    assert len(mine.select("li")) == 8
    assert soup.select_one(f'a.btn-primary[href="{reverse("web:tasks:my_work")}"]') is not None


def test_quiet_day_says_so(people: People, plan: Plan) -> None:
    Task.objects.filter(agency=people.agency).update(state="accepted")
    _soup, text = home(people.chau)
    assert "Hôm nay không có việc gì cần chú ý." in text


def test_secretary_without_a_plan_is_taught_the_first_step(people: People) -> None:
    soup, text = home(people.an)
    assert "Bắt đầu từ quyết định đã ký" in text
    assert soup.select_one(f'a[href="{reverse("web:plans:plan_import")}"]') is not None


def test_others_without_a_plan_are_told_who_begins(people: People) -> None:
    assert "Thư ký ISO sẽ đưa quyết định của năm vào" in home(people.binh)[1]


def test_draft_of_the_year_is_shown_while_none_is_in_force(people: People) -> None:
    operations.import_format(actor=people.an, plan=sample_plan(), today=TODAY)
    soup, text = home(people.an)
    assert "Kế hoạch năm nay đang được chuẩn bị" in text
    assert len(soup.select("[aria-labelledby=drafts-heading] li a")) == 1


def test_another_agency_sees_nothing_of_it(people: People, plan: Plan) -> None:
    assert "Bắt đầu từ quyết định đã ký" in home(people.chi)[1]


def test_what_citizens_wait_for_comes_after_the_overview_or_on_a_page_of_its_own(
    people: People, plan: Plan
) -> None:
    add_feedback(Agency.objects.get(pk=people.an.agency_id), seed=1)
    client = Client()
    client.force_login(Person.objects.get(pk=people.an.person_id))
    soup, text = home(people.an)
    place = soup.select_one("[hx-get]")
    assert place is not None
    assert place["hx-get"] == reverse("web:waiting")

    with CaptureQueriesContext(connection) as captured:
        part = client.get(reverse("web:waiting"), headers={"HX-Request": "true"}).content.decode()
    page = client.get(reverse("web:waiting")).content.decode()

    assert len(captured) <= 15
    assert "<html" not in part
    assert "phản ánh quá hạn" in part
    assert "phản ánh quá hạn" not in text
    assert "<html" in page
    assert "phản ánh quá hạn" in page
