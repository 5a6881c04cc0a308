"""What citizens of the agencies below say and are told: the numbers of each agency's own pages, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.core.plan import Period
from camket.org.models import Agency, Level, Role
from camket.org.policy import Actor, NotAllowed
from camket.paper.sheets import read_sheet
from camket.publishing.models import Publication
from camket.publishing.queries.below import CitizensRow, Order, citizens_below, ordered
from camket.voices.queries.results import results
from people import TODAY, People, actor_of, make_agency, make_person
from records import add_answers, add_feedback, add_fields
from web.browser import Desk

pytestmark = pytest.mark.django_db

URL = "/cap-duoi/nguoi-dan/"
DAY = date(2026, 7, 6)


@pytest.fixture
def viewer(people: People) -> Actor:
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(code__startswith="H00.").update(parent=province)
    add_fields(people.agency)
    add_answers(people.agency, 3, 200)
    add_feedback(people.agency, 5)
    Publication.objects.create(
        agency=people.agency, kind="policy", state="published", title="Chính sách", as_of=TODAY, content={},
        sha256="0" * 64, prepared_at=datetime(2026, 2, 1, tzinfo=UTC), prepared_by_id=people.an.person_id,
        published_at=datetime(2026, 2, 2, tzinfo=UTC),
    )  # fmt: skip
    return actor_of(make_person(province, "Vũ Thị Giang", "giang", Role.VIEWER), province)


def rows_of(viewer: Actor) -> tuple[CitizensRow, CitizensRow]:
    first, second = ordered(citizens_below(viewer, DAY))
    return first, second


def test_the_numbers_are_those_of_each_agencys_own_pages(viewer: Actor, people: People) -> None:
    row, other = rows_of(viewer)
    own = results(people.an, period=Period(date(2026, 1, 1), DAY), today=DAY).overall.rate
    assert (row.rated, row.satisfied) == (own.rated, own.satisfied)
    assert row.satisfaction == own.share
    assert row.received > 0
    assert row.due >= row.in_time
    assert (row.kinds_public, row.published_on, row.has_reported) == (1, date(2026, 2, 2), False)
    assert (other.satisfaction, other.share_in_time, other.kinds_public, other.lacks) == (None, None, 0, True)


def test_the_list_is_narrowed_and_sorted(viewer: Actor, people: People) -> None:
    rows = citizens_below(viewer, DAY)
    both = ["UBND xã Bình Yên", "UBND xã Suối Xa"]
    assert [row.name for row in ordered(rows)] == both
    assert [row.name for row in ordered(rows, words="suoi")] == both[1:]
    assert [row.name for row in ordered(rows, only_lacking=True)] == both
    assert [row.name for row in ordered(rows, order=Order.ANSWERS)] == both[::-1]
    assert [row.name for row in ordered(rows, order=Order.PUBLISHED)] == both[::-1]
    for order in (Order.SATISFACTION, Order.FEEDBACK, Order.OVERDUE):
        assert ordered(rows, order=order)[0].name == both[0]


def test_only_those_who_look_from_above_see_it(people: People) -> None:
    with pytest.raises(NotAllowed):
        citizens_below(people.an, DAY)


def test_the_spreadsheet_has_the_lines_of_the_page(
    viewer: Actor, signed_in: Callable[[Actor], Client]
) -> None:
    client = signed_in(viewer)
    data = client.get(URL + "tai/?tim=binh").content
    sheet = read_sheet(BytesIO(data).getvalue(), "a.xlsx")
    assert len(sheet.rows) == 2
    assert "UBND xã Bình Yên" in sheet.rows[1].cells


def test_a_hundred_and_thirty_communes_take_no_more_statements_than_two(
    viewer: Actor, signed_in: Callable[[Actor], Client]
) -> None:
    client = signed_in(viewer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    few = statements()
    province = Agency.objects.get(code="H00")
    Agency.objects.bulk_create(
        Agency(code=f"H00.{number}", name=f"UBND xã Số {number}", level=Level(pk="commune"), parent=province)
        for number in range(100, 230)
    )
    many = statements()
    assert (many <= few, many <= 15) == (True, True)


@pytest.mark.browser
def test_the_page_is_accessible_and_fits(viewer: Actor, desk: Desk) -> None:
    desk.sign_in("giang")
    for size in ("desktop", "phone"):
        desk.open(URL, size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"below-citizens-{size}")
