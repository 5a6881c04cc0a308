"""Self-assessments by ISO 18091: marked with a reason, seen beside the time before, closed and frozen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as read_docx

from camket.core.self_assessment import counts, lacks_for_closing
from camket.core.workflow import SELF_ASSESSMENT, NotPossible
from camket.improvement.catalogue import self_assessment_edition
from camket.improvement.given import DayNotPossible
from camket.improvement.models import SelfAssessment, SelfMark
from camket.improvement.operations import self_assessments as operations
from camket.improvement.queries import self_assessments as queries
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People
from work import NOW

SignedIn = Callable[[Actor], Client]
KEY = "iso18091-2019"


def begun(people: People, **changed: Any) -> SelfAssessment:
    values = {"actor": people.an, "edition": KEY, "on": TODAY, "now": NOW, **changed}
    return operations.begin(**values)


def marked(people: People, row: SelfAssessment, indicator: str, colour: str, reason: str = "Có") -> None:
    operations.mark(
        actor=people.an, assessment_id=row.pk, indicator=indicator, colour=colour, reason=reason, now=NOW
    )


def test_the_edition_has_thirty_nine_indicators_in_four_quadrants() -> None:
    edition = self_assessment_edition()
    assert (len(edition.indicators), len(edition.quadrants)) == (39, 4)
    assert len({each.number for each in edition.indicators}) == 39
    found = counts({"1.1": "red", "1.2": "green"}, edition)
    assert (found["1"]["red"], found["1"]["green"], found["1"]["none"], found["2"]["red"]) == (1, 1, 10, 0)
    assert len(lacks_for_closing({}, {})) == len(lacks_for_closing({"1.1": "red"}, {"1.1": " "})) == 1
    assert lacks_for_closing({"1.1": "red"}, {"1.1": "Chưa có"}) == ()


def test_a_colour_needs_its_reason_and_can_be_taken_away(people: People) -> None:
    row = begun(people)
    for colour, reason in (("red", " "), ("blue", "Có")):
        with pytest.raises(operations.MarkNotComplete):
            marked(people, row, "1.1", colour, reason)
    with pytest.raises(KeyError):
        marked(people, row, "9.9", "red")
    marked(people, row, "1.1", "red")
    marked(people, row, "1.1", "")
    assert not SelfMark.objects.exists()
    with pytest.raises(operations.AssessmentIncomplete):
        operations.close(actor=people.an, assessment_id=row.pk, conclusion="", now=NOW)
    with pytest.raises(operations.AlreadyUnderWay):
        begun(people)
    with pytest.raises(NotAllowed):
        begun(people, actor=people.binh)
    with pytest.raises(SelfAssessment.DoesNotExist):
        operations.discard(actor=people.chi, assessment_id=row.pk, now=NOW)


def test_a_day_to_come_is_refused_at_its_field(people: People, signed_in: SignedIn) -> None:
    day = TODAY + timedelta(days=1)
    response = signed_in(people.an).post("/tu-danh-gia/bat-dau/", {"on": f"{day:%d/%m/%Y}"})
    assert "ngày đã đến" in response.content.decode()
    with pytest.raises(DayNotPossible):
        begun(people, on=day)
    assert not SelfAssessment.objects.exists()


@pytest.mark.parametrize("state", SELF_ASSESSMENT.states)
def test_every_forbidden_act_is_refused_in_every_state(people: People, state: str) -> None:
    row = begun(people)
    marked(people, row, "1.1", "green")
    SelfAssessment.objects.filter(pk=row.pk).update(state=state)
    same: dict[str, Any] = {"actor": people.an, "assessment_id": row.pk, "now": NOW}
    acts: dict[str, Any] = {
        "mark": lambda: operations.mark(indicator="1.1", colour="red", reason="x", **same),
        "close": lambda: operations.close(conclusion="x", **same),
        "discard": lambda: operations.discard(**same),
    }
    for act in set(acts) - SELF_ASSESSMENT.acts(state):
        with pytest.raises(NotPossible):
            acts[act]()


def test_the_time_before_and_the_agencys_own_words_stand_beside(people: People) -> None:
    first = begun(people, on=TODAY - timedelta(days=365))
    marked(people, first, "1.1", "red")
    operations.close(actor=people.an, assessment_id=first.pk, conclusion="", now=NOW)
    second = begun(people)
    marked(people, second, "1.1", "green")
    operations.word(
        actor=people.an, edition=KEY, indicator="2.1", name="Theo bản tiêu chuẩn", source="tr. 24", now=NOW
    )
    page = queries.assessment(people.an, second.pk)
    assert (page.indicator("1.1").colour, page.indicator("1.1").before) == ("green", "red")
    own = page.indicator("2.1")
    assert (own.name, own.source, own.is_certain) == ("Theo bản tiêu chuẩn", "tr. 24", True)
    assert [each.total["none"] for each in queries.assessments(people.an)] == [38, 38]


def test_it_is_marked_seen_and_printed_on_its_pages(people: People, signed_in: SignedIn) -> None:
    an = signed_in(people.an)
    page = an.post(reverse("web:self_assessments:begin"), {"on": f"{TODAY:%d/%m/%Y}"})["Location"]
    mark = an.post(f"{page}chi-so/1.1/", {"colour": "yellow", "reason": "Chưa đều", "next": "1"})
    assert mark["Location"] == f"{page}chi-so/1.2/"
    refused = an.post(f"{page}chi-so/1.2/", {"colour": "red", "reason": ""})
    assert "reason" in refused.context["form"].errors
    shown = an.get(page).content.decode()
    assert 'class="rv-dot rv-dot--yellow"' in shown
    assert shown.count('class="rv-number"') == 39
    paper = read_docx(BytesIO(an.get(f"{page}bao-cao.docx").content))
    assert any("vàng 1, đỏ 0, chưa đánh giá 38" in each.text for each in paper.paragraphs)
    assert an.get(f"{page}bao-cao.pdf").content.startswith(b"%PDF")
    an.post(f"{page}ket-thuc/", {"conclusion": "Sơ kết hằng quý"})
    assert SelfAssessment.objects.get().state == "closed"
    assert an.get(f"{page}chi-so/1.1/")["Location"] == page
    assert signed_in(people.binh).get(page).status_code == 200
    assert signed_in(people.chi).get(page).status_code == 404


def test_the_result_column_of_the_paper_takes_its_words_on_one_line(
    people: People, signed_in: SignedIn
) -> None:
    an = signed_in(people.an)
    for on, heads in (
        (TODAY - timedelta(days=30), ["Số", "Chỉ số", "Kết quả", "Lý do, minh chứng"]),
        (TODAY, ["Số", "Chỉ số", "Kết quả", "Lần trước", "Lý do, minh chứng"]),
    ):
        row = begun(people, on=on)
        marked(people, row, "1.1", "green")
        operations.close(actor=people.an, assessment_id=row.pk, conclusion="Đạt", now=NOW)
        content = an.get(reverse("web:self_assessments:paper", args=[row.pk, "docx"])).content
        cells = read_docx(BytesIO(content)).tables[-1].rows[0].cells
        assert [cell.text for cell in cells] == heads, "the time before stands where there was one"
        for cell in cells[2:-1]:
            assert cell.width is not None
            assert cell.width.mm > 25
