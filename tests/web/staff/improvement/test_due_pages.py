"""What the improvement cycle calls for on the pages of work, in the week, the year and calendar feeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.actions import feeds
from camket.improvement.models import Nonconformity
from camket.jobs.week import week_page
from camket.org.policy import Actor
from camket.registers.queries.year_plan import year_plan
from cycle import one_of_everything
from people import TODAY, People, make_people
from work import NOW

SignedIn = Callable[[Actor], Client]
DAY = timedelta(days=1)


@pytest.fixture(scope="class")
def scene(db_of_class: None) -> People:
    people = make_people()
    one_of_everything(people)
    return people


class TestPages:
    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("/cong-viec/", "Đánh giá lại mức độ: Mất điện"),
            ("/cong-viec/lich/2026/7/?cua=toi", "Hoàn thành tự đánh giá"),
            ("/cong-viec/lich/nam/2026/", "Đánh giá lại mức độ: Mất điện"),
            ("/thu-hai/", "Đánh giá lại mức độ: Mất điện"),
            ("/dang-cho/", "Đánh giá lại mức độ: Mất điện"),
        ],
    )
    def test_every_page_of_work_shows_it_in_few_statements(
        self, scene: People, signed_in: SignedIn, path: str, said: str
    ) -> None:
        for person in (scene.an, scene.dung):
            client = signed_in(person)
            with CaptureQueriesContext(connection) as captured:
                shown = client.get(path)
            assert shown.status_code == 200
            assert said in shown.content.decode() or person is scene.an
            assert len(captured) <= 15, [each["sql"][:90] for each in captured]

    def test_the_week_tells_it_by_unit_when_it_is_late(self, scene: People) -> None:
        page = week_page(scene.chau, TODAY + 7 * DAY, NOW + 7 * DAY)
        assert "Đánh giá lại mức độ: Mất điện" in {each.title for unit in page.late for each in unit.works}

    def test_the_year_has_it_in_the_row_of_its_unit(self, scene: People) -> None:
        [row] = [each for each in year_plan(scene.an, 2026, TODAY).rows if each.name == "Phòng Kinh tế"]
        assert "/rui-ro/" in {each.link.rsplit("/", 2)[0] + "/" for each in row.months[6].items}

    def test_feeds_hold_it_and_let_go_of_what_is_done(self, scene: People, client: Client) -> None:
        key = feeds.renew_feed_key(actor=scene.binh, now=NOW)
        unit_key = feeds.renew_unit_feed(actor=scene.binh, unit_id=min(scene.binh.unit_ids), now=NOW)

        def read(of: str) -> str:
            return client.get(f"/cong-viec/lich/{of}.ics").content.decode().replace("\r\n ", "")

        assert "Lập kế hoạch khắc phục: Chưa có kế hoạch" in read(key)
        assert "Đánh giá hiệu lực" not in read(key)
        assert "Đánh giá hiệu lực" in read(unit_key)
        Nonconformity.objects.filter(state="open").update(state="planned")
        assert "Lập kế hoạch khắc phục" not in read(key)
