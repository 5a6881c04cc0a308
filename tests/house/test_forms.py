"""The table of forms names addresses that there are; the plans of a review and of the year say what they must."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import get_resolver

from camket.improvement.queries.year_plan import year_plan
from camket.improvement.review_paper import Signer
from camket.improvement.year_paper import year_plan_document
from camket.paper.writing.html import write_html
from people import People

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/forms.md"


def names() -> set[str]:
    found: set[str] = set()
    for prefix, (_base, resolver) in get_resolver().namespace_dict.items():
        for inner, (_, each) in resolver.namespace_dict.items():
            found |= {f"{prefix}:{inner}:{key}" for key in each.reverse_dict if isinstance(key, str)}
    return found


def test_every_address_of_the_table_is_one_of_the_product() -> None:
    named = set(re.findall(r"`(web:[a-z_]+:[a-z_0-9]+)`", PAGE.read_text("utf-8")))
    assert len(named) > 35
    assert named - names() == set()


def test_the_plan_of_the_year_names_every_duty_even_where_nothing_is_planned(people: People) -> None:
    content = year_plan(people.an, 2026)
    said = write_html(year_plan_document(content, Signer("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Minh Châu")))
    for each in (
        "Ban hành mục tiêu chất lượng",
        "Đánh giá nội bộ các bộ phận",
        "Họp xem xét của lãnh đạo",
        "Theo dõi văn bản pháp luật",
        "hành động khắc phục",
        "năm 2026",
    ):
        assert each in said
