"""The pages of indicators in a browser: accessible, never wider than a phone, usable with the keyboard alone."""

from __future__ import annotations

import pytest

from people import People
from records import add_fields, add_procedures, count_facts, random_facts
from web.browser import Desk


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit_a_phone(desk: Desk, people: People) -> None:
    fields = add_fields(people.agency)
    procedures = add_procedures(people.agency, fields, people.an.person_id)
    facts = random_facts(
        1, 100, fields=[each.pk for each in fields], procedures=[each.pk for each in procedures], units=[]
    )
    count_facts(people.agency, facts)
    desk.sign_in("an")
    for address in (
        "/chi-so/",
        "/chi-so/dossiers.on_time_with_open/",
        "/chi-so/moi/",
        "/chi-so/moi/?nguon=dossiers",
    ):
        for size in ("desktop", "phone"):
            desk.open(address, size)
            desk.assert_fits()
            desk.assert_accessible()
    desk.page.fill("#id_name", "Tỷ lệ hồ sơ quá hạn")
    desk.page.select_option("#id_n_late", "1")
    desk.page.select_option("#id_d_finished", "1")
    desk.page.click("button[value=preview]")
    desk.page.wait_for_selector("#xem-thu")
    desk.assert_fits()
    desk.assert_accessible()
    assert desk.complaints == []
