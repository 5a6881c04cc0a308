from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from camket.core.messages import Message
from camket.web.templatetags import camket as tags


def show(source: str, **values: Any) -> str:
    return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1.234.567"),
        (Decimal("98.40"), "98,4"),
        (Decimal("100"), "100"),
        (Decimal("1000.000"), "1.000"),
        (Decimal("-0.0"), "0"),
        (Decimal("0.05"), "0,05"),
        (Decimal("1E+3"), "1.000"),
        ("1234.5", "1.234,5"),
        (None, ""),
        ("", ""),
        (Decimal("NaN"), ""),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_number(value: Any, shown: str, language: str) -> None:
    with translation.override(language):
        assert show("{{ x|number }}", x=value) == shown


def test_number_with_fixed_places_rounds_half_up() -> None:
    assert show("{{ x|number:1 }}", x=Decimal("98.45")) == "98,5"
    assert show("{{ x|number:2 }}", x=3) == "3,00"


def test_percent_keeps_its_sign_on_the_line() -> None:
    assert show("{{ x|percent }}", x=Decimal("98.4")) == "98,4\N{NO-BREAK SPACE}%"
    assert show("{{ x|percent }}", x=None) == ""


def test_days_and_moments() -> None:
    assert show("{{ x|vndate }}", x=date(2026, 1, 5)) == "05/01/2026"
    assert show("{{ x|vndate }}", x="2026-01-05") == "05/01/2026"
    assert show("{{ x|vndate }}", x=None) == ""
    assert show("{{ x|vndatetime }}", x=datetime(2026, 1, 4, 18, 5, tzinfo=UTC)) == "01:05 05/01/2026"
    assert show("{{ x|vndatetime }}", x=None) == ""
    assert show("{{ x|official_date }}", x=date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert show("{{ x|official_date }}", x=date(2026, 10, 15)) == "ngày 15 tháng 10 năm 2026"
    assert show("{{ x|official_date }}", x=date(2026, 3, 9)) == "ngày 09 tháng 3 năm 2026"


def test_a_sentence_of_the_core_is_said_in_the_readers_language() -> None:
    message = Message("The day must be %(day)s or later.", {"day": "05/01/2026"})
    with translation.override("vi"):
        assert show("{{ x|said }}", x=message) == "Ngày phải từ 05/01/2026 trở đi."
    with translation.override("en"):
        assert show("{{ x|said }}", x=message) == "The day must be 05/01/2026 or later."


@pytest.mark.parametrize("state", list(tags.VERDICTS))
def test_a_verdict_has_colour_word_and_shape(state: str) -> None:
    with translation.override("vi"):
        html = show("{% verdict x %}", x=state)
        assert str(tags.VERDICTS[state]) in html
    assert f"ck-verdict--{state}" in html
    assert "<svg" in html
    assert 'aria-hidden="true"' in html


def test_verdicts_differ_in_words_and_shapes() -> None:
    with translation.override("vi"):
        assert len({str(word) for word in tags.VERDICTS.values()}) == len(tags.VERDICTS)
    assert len(set(tags.SHAPES.values())) == len(tags.VERDICTS)


def test_an_icon_is_decoration_unless_it_is_labelled() -> None:
    assert 'aria-hidden="true"' in show('{% icon "home" %}')
    labelled = show('{% icon "home" label %}', label='Nhà "mới" <b>')
    assert 'aria-label="Nhà &quot;mới&quot; &lt;b>"' in labelled
    assert "aria-hidden" not in labelled
    for name in ("không-có", "../home", "no-such-icon"):
        with pytest.raises(TemplateSyntaxError):
            show("{% icon name %}", name=name)


def test_the_page_title_is_heading_and_document_title_at_once(rf: Any) -> None:
    request = rf.get("/")
    html = Template(
        '{% extends "base.html" %}{% block title %}<b>Mục   tiêu</b> &amp; {{ x }}{% endblock %}'
        "{% block body %}<h1>{% block other %}{% endblock %}</h1>{% endblock %}"
    ).render(Context({"x": "<5 %>", "request": request}))
    assert "<title>Mục tiêu &amp; &lt;5 %&gt; · Cam Kết</title>" in html


def test_pages_offered_are_first_last_and_those_around() -> None:
    def offered(number: int, total: int) -> list[int | None]:
        return tags.pages_around(Paginator(range(total), 1).page(number))

    assert offered(1, 1) == [1]
    assert offered(1, 3) == [1, 2, 3]
    assert offered(5, 10) == [1, None, 4, 5, 6, None, 10]
    assert offered(10, 10) == [1, None, 9, 10]


def test_small_filters() -> None:
    assert show("{{ x|initials }}", x="Nguyễn Thị Ánh") == "Á"
    assert show("{{ x|initials }}", x="") == ""
    assert show("{{ x|unlocalized }}", x=12345) == "12345"
    assert show("{{ x|item:'a' }}-{{ x|item:'b' }}", x={"a": "1"}) == "1-"
