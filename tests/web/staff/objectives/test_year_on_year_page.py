"""The target's page across a merger: last year's communes, each with the way to its rows, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.core.plan import Period
from camket.indicators.models import Indicator
from camket.objectives.models import Objective, Plan, Target
from camket.org.models import Agency, Membership, Person, Role, Succession
from camket.org.policy import Actor
from indicators.test_year_on_year import HALF_2025, HALF_2026, feed, indicator
from people import People, actor_of, make_agency, make_person
from web.browser import Desk

MERGED_ON = date(2026, 1, 1)


def in_force(agency: Agency, year: int, row: Indicator) -> Target:
    """A plan in force with one objective that the indicator measures."""
    plan = Plan.objects.create(
        agency=agency, year=year, period_start=date(year, 1, 1), period_end=date(year, 12, 31),
        state=Plan.State.PROMULGATED, number="1/QĐ-UBND", created_at=datetime(year, 1, 2, tzinfo=UTC),
        created_by=Person.objects.order_by("pk")[0],
    )  # fmt: skip
    objective = Objective.objects.create(plan=plan, order=1, number="1", text="Nâng cao chất lượng")
    return Target.objects.create(
        objective=objective, order=1, text=row.name, kind="at_least", value=95, unit="%", indicator=row
    )


@dataclass(frozen=True)
class Scene:
    client: Client
    target: Target
    old: Target
    secretary: Actor


@pytest.fixture
def scene(people: People, signed_in: Callable[[Actor], Client]) -> Scene:
    commune = make_agency("H00.10", "UBND xã Bình Suối", valid_from=MERGED_ON)
    secretary = actor_of(make_person(commune, "Vũ Thị Giang", "giang", Role.SECRETARY), commune)
    old = None
    for agency, part, whole in ((people.agency, 90, 100), (people.other_agency, 199, 200)):
        row = indicator(agency, "98% hồ sơ giải quyết đúng hạn")
        feed(row, HALF_2025, part, whole)
        old = old or in_force(agency, 2025, row)
        Agency.objects.filter(pk=agency.pk).update(valid_to=date(2025, 12, 31))
        Succession.objects.create(predecessor=agency, successor=commune, kind="merger", on=MERGED_ON)
    assert old is not None
    new = indicator(commune, "99% hồ sơ giải quyết đúng hạn")
    feed(new, HALF_2026, 291, 300)
    return Scene(signed_in(secretary), in_force(commune, 2026, new), old, secretary)


def html(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def test_the_targets_page_leads_to_the_comparison_and_takes_no_more_statements(scene: Scene) -> None:
    page = html(scene.client, f"/muc-tieu/chi-tieu/{scene.target.pk}/")
    assert f'href="/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/"' in page
    with CaptureQueriesContext(connection) as captured:
        html(scene.client, f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/")
    assert len(captured) <= 15
    with CaptureQueriesContext(connection) as captured:
        html(scene.client, f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/", **{"HX-Request": "true"})
    assert len(captured) <= 15


def test_both_communes_stand_with_their_figures_and_the_sum(scene: Scene) -> None:
    page = html(scene.client, f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/")
    assert "tăng 0,67 điểm phần trăm" in page
    assert "(289/300)" in page
    assert "(90/100)" in page
    assert "(199/200)" in page
    part = html(scene.client, f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/", **{"HX-Request": "true"})
    assert "(289/300)" in part
    assert "<html" not in part


def test_a_predecessors_rows_are_one_press_away_and_so_is_the_way_back(scene: Scene) -> None:
    page = html(scene.client, f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/")
    assert f'value="/muc-tieu/chi-tieu/{scene.old.pk}/"' in page
    response = scene.client.post(
        "/chon-co-quan/",
        {
            "capacity": f"before:{scene.old.objective.plan.agency_id}",
            "next": f"/muc-tieu/chi-tieu/{scene.old.pk}/",
            "back": f"/muc-tieu/chi-tieu/{scene.target.pk}/",
        },
        follow=True,
    )
    page = response.content.decode()
    assert "đã chuyển về UBND xã Bình Suối" in page
    assert f'name="next" value="/muc-tieu/chi-tieu/{scene.target.pk}/"' in page
    assert "Nhập số liệu" not in page


def test_a_secretary_says_which_indicator_was_the_same(scene: Scene, people: People) -> None:
    twin = indicator(people.agency, "97% hồ sơ giải quyết đúng hạn")
    feed(twin, HALF_2025, 40, 50)
    path = f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/"
    assert "nhiều chỉ số có thể tương ứng" in html(scene.client, path)
    scene.client.post(path + "chon/", {"same": f"{people.agency.pk}-{twin.pk}"})
    assert "(239/250)" in html(scene.client, path)
    for bad in ("", "x-1", f"{people.agency.pk}-x", f"{people.agency.pk}-²"):
        assert scene.client.post(path + "chon/", {"same": bad}).status_code == 302
    assert "(239/250)" in html(scene.client, path)


def test_an_officer_sees_the_comparison_and_chooses_nothing(
    scene: Scene, people: People, signed_in: Callable[[Actor], Client]
) -> None:
    Membership.objects.filter(person_id=scene.secretary.person_id).update(role=Role.OFFICER)
    path = f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/"
    assert "Lưu lựa chọn" not in html(scene.client, path)
    assert scene.client.post(path + "chon/", {"same": f"{people.agency.pk}-"}).status_code == 403


@pytest.mark.browser
def test_the_comparison_appears_on_the_targets_page(scene: Scene, desk: Desk) -> None:
    desk.sign_in("giang")
    for size in ("desktop", "phone"):
        desk.open(f"/muc-tieu/chi-tieu/{scene.target.pk}/", size)
        desk.page.wait_for_selector(".ck-compared")
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"compared-{size}")
        desk.open(f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/", size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"year-on-year-{size}")


def test_periods_are_named_in_words(scene: Scene) -> None:
    page = html(scene.client, f"/muc-tieu/chi-tieu/{scene.target.pk}/cung-ky/")
    assert "6 tháng đầu năm 2026" in page
    assert "6 tháng đầu năm 2025" in page
    assert Period(date(2026, 1, 1), date(2026, 6, 30)) == HALF_2026
