"""The improvement cycle at a glance, and its rhythm and limits: who sees and sets them, bounds, few statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.core.rhythm import RULES
from camket.improvement.models import CycleRules, Nonconformity
from camket.improvement.operations.nonconformities import Proposed, propose
from camket.improvement.operations.rules import set_rules
from camket.improvement.queries.overview import cycle
from camket.journal.models import Entry
from camket.org.policy import Actor, NotAllowed
from cycle import last_review, one_of_everything
from people import TODAY, People
from work import NOW

SignedIn = Callable[[Actor], Client]
RULES_PAGE = "/cai-tien/nhip-do/"


def typed(**changed: object) -> dict[str, object]:
    return {**{rule.key: rule.proposed for rule in RULES}, **changed}


def test_the_overview_counts_each_part_and_lists_what_is_late(people: People, signed_in: SignedIn) -> None:
    one_of_everything(people, TODAY - timedelta(days=60))
    last_review(people, TODAY - timedelta(days=200))
    propose(
        agency_id=people.agency.pk,
        proposals=[Proposed("x", "dossiers", "Nhiều hồ sơ trễ", "Trễ", TODAY, {})],
        now=NOW,
    )
    found = {each.key: each for each in cycle(people.an, TODAY).parts}
    assert (found["nonconformity"].open, found["nonconformity"].late) == (3, 3)
    assert (found["audit"].open, found["audit"].late) == (3, 4)
    assert (found["review"].open, found["review"].done, found["review"].late) == (2, 1, 2)
    assert found["risk"].late == 2  # the risk, and the context it stands in

    an = signed_in(people.an)
    with CaptureQueriesContext(connection) as captured:
        shown = an.get("/cai-tien/").content.decode()
    assert len(captured) <= 15, [each["sql"][:90] for each in captured]
    assert "Nhiều hồ sơ trễ" in shown
    assert "Đánh giá lại mức độ: Mất điện" in shown
    assert RULES_PAGE in shown


def test_an_empty_overview_says_what_will_stand_there(people: People, signed_in: SignedIn) -> None:
    shown = signed_in(people.binh).get("/cai-tien/").content.decode()
    assert "Không có việc nào đến hạn" in shown
    assert RULES_PAGE not in shown


def test_another_agencys_cycle_is_its_own(people: People, signed_in: SignedIn) -> None:
    one_of_everything(people)
    assert "Mất điện" not in signed_in(people.chi).get("/cai-tien/").content.decode()
    assert all(each.open == 0 for each in cycle(people.chi, TODAY).parts)


def test_numbers_are_set_told_and_go_for_what_comes(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    assert "Đề xuất: 15" in an.get(RULES_PAGE).content.decode()
    shown = an.post(RULES_PAGE, typed(plan_days="5", late_least="4"), follow=True).content.decode()
    assert "Nguyễn Thị An thiết lập" in shown
    row = CycleRules.objects.get(agency=people.agency)
    assert (row.plan_days, row.late_least, row.judge_days) == (5, 4, 90)
    entry = Entry.objects.get(verb="cycle.rules_set")
    assert (entry.before, entry.after) == (
        {"plan_days": 15, "late_least": 3},
        {"plan_days": 5, "late_least": 4},
    )
    an.post(RULES_PAGE, typed(plan_days="5", late_least="4"))
    assert Entry.objects.filter(verb="cycle.rules_set").count() == 1
    assert not CycleRules.objects.filter(agency=people.other_agency).exists()


@pytest.mark.parametrize("wrong", ["0", "13", "", "mười", "-1", "2,5"])
def test_a_number_out_of_bounds_is_refused_with_its_bounds_and_nothing_is_set(
    people: People, signed_in: SignedIn, wrong: str
) -> None:
    answer = signed_in(people.an).post(RULES_PAGE, typed(plan_days="5", review_months=wrong))
    assert answer.status_code == 422
    assert "id_review_months_error" in answer.content.decode()
    assert not CycleRules.objects.exists()


def test_officers_and_heads_set_none(people: People, signed_in: SignedIn) -> None:
    for actor in (people.binh, people.dung):
        assert signed_in(actor).post(RULES_PAGE, typed()).status_code == 403
        with pytest.raises(NotAllowed):
            set_rules(actor=actor, values={"plan_days": 1}, now=NOW)


def test_a_judgement_is_late_only_after_the_days_given_for_it(people: People) -> None:
    one_of_everything(people)
    Nonconformity.objects.exclude(state="judging").delete()
    after = TODAY + timedelta(days=30)
    assert {each.key: each.late for each in cycle(people.an, after).parts}["nonconformity"] == 0
    set_rules(actor=people.an, values={"judge_within": 5}, now=NOW)
    assert {each.key: each.late for each in cycle(people.an, after).parts}["nonconformity"] == 1
