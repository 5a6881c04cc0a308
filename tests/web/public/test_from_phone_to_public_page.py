"""The way of a figure in Chromium: from a citizen's phone over results, indicator, target and report to the public page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from camket.core.plan import Period
from camket.core.survey_links import make_point_link
from camket.objectives.operations import wire_target
from camket.publishing.operations import publications
from camket.reporting.operations import draft_report
from camket.voices.models import Response
from camket.voices.operations.answers import store_responses
from camket.web.public import limits
from figures import make_plan_in_force, targets_of
from people import People
from voices.answering import answered, edition_of, make_point, make_survey
from web.browser import Desk
from web.public.open_page import open_page

ASKED, LOOKED = date(2026, 6, 30), date(2026, 7, 6)
NOW = datetime(2026, 7, 6, 3, tzinfo=UTC)
SHARE = re.compile(r"96(,0)?\s*%")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_answer_given_on_a_phone_reaches_the_public_page(
    desk: Desk, people: People, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """24 people answered in June, one of them unsatisfied; a 25th answers: 24 of 25 are 96 %, above the 92 promised."""
    monkeypatch.setattr(limits, "READING_SECONDS", 0)
    open_page(people.agency)
    survey = make_survey(people.agency)
    others = [answered(5, on=ASKED) for _ in range(23)]
    store_responses(
        survey=survey, edition=edition_of(survey), rows=[*others, answered(2, on=ASKED)], now=_noon(ASKED)
    )
    plan = make_plan_in_force(people)
    target = next(each for each in targets_of(plan) if "hài lòng" in each.text)
    wire_target(actor=people.an, target_id=target.pk, code="satisfaction.overall", today=ASKED)

    settings.TODAY = ASKED
    point = make_point(survey)
    page = desk.open(
        f"/ks/{make_point_link(key=survey.link_key, point_id=point.pk, round_number=point.round)}", "phone"
    )
    page.get_by_label("Hài lòng", exact=True).first.check()
    page.locator("#q_overall").get_by_label("Hài lòng", exact=True).check()
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("heading", name="trả lời đã được ghi nhận")).to_be_visible()
    assert Response.objects.count() == 25

    desk.sign_in("an")
    page = desk.open("/khao-sat/ket-qua/?nam=2026", "phone")
    assert not SHARE.search(page.inner_text("main"))  # until the slips of June's last days are keyed in
    settings.TODAY = LOOKED
    for path in (
        "/khao-sat/ket-qua/?nam=2026",
        "/chi-so/satisfaction.overall/?nam=2026",
        f"/muc-tieu/chi-tieu/{target.pk}/",
    ):
        said = desk.open(path, "phone").inner_text("main")
        assert SHARE.search(said), path
        assert re.search(r"24\s*/\s*25|24\D+25|25\D+24", said), path
        desk.assert_fits()
    assert re.search(r"Hiện đạt 96\s%\s\(24/25\) so với mức đề ra", said)  # the target's verdict
    half = Period(date(2026, 1, 1), date(2026, 6, 30))
    report = draft_report(actor=people.an, plan_id=plan.pk, kind="half_year", period=half, now=NOW)
    said = desk.open(f"/bao-cao/{report.pk}/", "phone").inner_text("main")
    assert SHARE.search(said)

    made = publications.prepare_publication(
        actor=people.an, kind="results", subject_id=None, correction="", now=NOW
    )
    public = "/cong-khai/xa-tan-lap/ket-qua/"
    assert Client().get(public).status_code == 404
    publications.submit_publication(actor=people.an, publication_id=made.pk, is_checked=True, today=LOOKED)
    publications.publish(actor=people.chau, publication_id=made.pk, now=NOW)
    said = desk.open(public, "phone").inner_text("main")
    assert SHARE.search(said)
    assert re.search(r"24\s*/\s*25", said)
    assert "÷ lượt trả lời câu hỏi chung × 100" in said
    assert "06/07/2026" in said
    desk.assert_fits()
    desk.assert_accessible()
    assert desk.complaints == []


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
