"""The note of what changed meanwhile, in a browser at both sizes."""

from __future__ import annotations

import pytest

from camket.org import operations
from camket.org.models import Unit
from people import TODAY, People
from web.browser import Desk


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_changed_meanwhile_stands_beside_what_was_typed(desk: Desk, people: People, size: str) -> None:
    unit = Unit.objects.filter(agency=people.agency).order_by("order")[1]
    desk.sign_in("an")
    desk.open(f"/co-quan/bo-phan/{unit.pk}/", size)
    operations.change_unit(
        actor=people.an,
        unit_id=unit.pk,
        name="Phòng Kinh tế, Hạ tầng và Đô thị của Ủy ban nhân dân xã Bình Yên",
        short_name="P. KTHTĐT",
        kind="section",
        today=TODAY,
    )
    desk.page.fill("[name=name]", "Phòng Kinh tế, Xây dựng")
    desk.page.click("main form button[type=submit]")
    desk.page.wait_for_selector(".ck-meanwhile")
    assert desk.page.input_value("[name=short_name]") == "P. KTHTĐT"
    assert desk.page.input_value("[name=name]") == "Phòng Kinh tế, Xây dựng"
    desk.assert_accessible()
    desk.assert_fits()
    desk.picture(f"meanwhile-{size}")
