"""The search finds the records of the improvement cycle, each leading to its page, in few statements."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.core.finding import sought
from camket.improvement.models import Finding, ReviewDecision
from camket.improvement.queries.finding import find_in_cycle
from camket.org.policy import Actor
from cycle import one_of_everything
from people import TODAY, People

SignedIn = Callable[[Actor], Client]


def kinds(actor: Actor, words: str) -> list[str]:
    wanted = sought(words)
    assert wanted is not None
    return [each.kind for each in find_in_cycle(actor, wanted, at_most=20).hits]


def test_each_kind_is_found_without_marks_in_one_statement(people: People) -> None:
    one_of_everything(people)
    ReviewDecision.objects.create(
        review=people.agency.reviews.first(), kind="change", text="Bổ sung máy quét", due_on=TODAY
    )
    with CaptureQueriesContext(connection) as captured:
        assert kinds(people.binh, "chua co ke hoach") == ["nonconformity"]
    assert len(captured) == 1
    assert kinds(people.binh, "thieu chu ky") == ["finding"]
    assert kinds(people.binh, "mat dien") == ["risk"]
    assert kinds(people.binh, "may quet") == ["decision"]
    assert kinds(people.binh, "xem xet cuoi nam") == ["review"]
    assert kinds(people.binh, "danh gia announced") == ["audit"]
    assert kinds(people.chi, "mat dien") == []


def test_a_finding_that_was_withdrawn_is_not_found(people: People) -> None:
    one_of_everything(people)
    Finding.objects.update(is_withdrawn=True)
    assert kinds(people.an, "thieu chu ky") == []


def test_the_page_of_the_search_leads_to_each(people: People, signed_in: SignedIn) -> None:
    one_of_everything(people)
    an = signed_in(people.an)
    with CaptureQueriesContext(connection) as captured:
        shown = an.get("/tim-kiem/?tu=mat+dien").content.decode()
    risk = people.agency.risks.get()
    assert f'href="/rui-ro/{risk.pk}/"' in shown
    assert len(captured) <= 15, "\n".join(
        each["sql"][:60] + each["sql"].split(" FROM ")[-1][:80] for each in captured
    )
