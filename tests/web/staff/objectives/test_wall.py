"""The year on the wall: what each month says, the page within its statements, the papers' sizes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.core.targets import VerdictState
from camket.objectives.verdicts import verdicts_judged
from camket.objectives.wall import wall
from camket.org.policy import Actor
from people import People
from reporting.year import TODAY, Year, make_year

SignedIn = Callable[[Actor], Client]
PAGE = "/muc-tieu/ca-nam/"


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


def states(people: People, today: date) -> list[list[str]]:
    found = wall(people.an, today)
    assert found is not None
    return [
        [cell.state.value if cell.state else "" for cell in target.cells]
        for objective in found.objectives
        for target in objective.targets
    ]


class TestMonths:
    def test_say_what_was_known_up_to_their_end(self, people: People, year: Year) -> None:
        on_time, late, unmeasured = states(people, TODAY)
        # The figures are of the half year: months before its end know nothing of it.
        assert on_time == ["no_data"] * 5 + ["on_track"] * 2 + [""] * 5
        assert late == ["no_data"] * 5 + ["missed"] * 2 + [""] * 5
        assert unmeasured == ["no_data"] * 7 + [""] * 5

    def test_of_today_is_the_verdict_of_the_other_pages(self, people: People, year: Year) -> None:
        found, plan = wall(people.an, TODAY), verdicts_judged(people.an, TODAY)
        assert found is not None and plan is not None  # noqa: PT018
        assert [each.states[6] for each in found.objectives] == [each.state for each in plan.objectives]
        assert [each.cells[6].state for objective in found.objectives for each in objective.targets] == [
            each.state for each in plan.targets
        ]

    def test_of_an_objective_is_what_calls_most_for_attention(self, people: People, year: Year) -> None:
        found = wall(people.an, TODAY)
        assert found is not None
        assert found.objectives[0].states[5:8] == (VerdictState.MISSED, VerdictState.MISSED, None)


class TestPage:
    def test_leads_from_every_month_to_its_target_within_fifteen_statements(
        self, people: People, year: Year, signed_in: SignedIn
    ) -> None:
        client = signed_in(people.chau)
        client.get(PAGE)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get(PAGE).content.decode()
        assert len(asked) <= 15
        assert (
            page.count(f'class="ob-cell ck-verdict--no_data" href="/muc-tieu/chi-tieu/{year.unmeasured.pk}/"')
            == 7
        )
        assert "T6: Không đạt" in page

    def test_without_a_plan_leads_to_the_plans(self, people: People, signed_in: SignedIn) -> None:
        client = signed_in(people.an)
        assert "Chưa có kế hoạch" in client.get(PAGE).content.decode()
        assert client.get(f"{PAGE}wall.pdf").status_code == 404


@pytest.mark.parametrize(("form", "millimetres"), [("wall", (420, 297)), ("slides", (338.7, 190.5))])
def test_papers_have_the_size_they_are_named_for(
    people: People, year: Year, signed_in: SignedIn, form: str, millimetres: tuple[float, float]
) -> None:
    data = signed_in(people.chau).get(f"{PAGE}{form}.pdf").content
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    file = pypdfium2.PdfDocument(data)
    for page in file:
        assert tuple(round(each * 25.4 / 72, 1) for each in page.get_size()) == millimetres
    text = "\n".join(page.get_textpage().get_text_bounded() for page in file)
    # Told in words too: nothing hangs on colour.
    assert "Không đạt" in text
    assert "Chưa có số liệu" in text
    assert "1.188/1.200" in text


def test_an_objective_that_says_no_more_than_its_target_stands_once(
    people: People, year: Year, signed_in: SignedIn
) -> None:
    found = wall(people.an, TODAY)
    assert found is not None
    assert [each.is_one for each in found.objectives] == [False, True]
    page = signed_in(people.an).get(PAGE).content.decode()
    alone = found.objectives[1]
    assert page.count(alone.targets[0].row.target.text) == 1
    assert f"{alone.objective.number}. {alone.objective.text}" in page
    for target in found.objectives[0].targets:
        assert target.row.target.text[1:] in page
