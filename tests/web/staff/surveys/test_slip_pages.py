"""The pages of slips, results and comments without a script: what is typed is stored, what is wrong is told."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camket.actions.models import Task
from camket.core.wording.text import search_key
from camket.journal.models import Entry
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet, write_sheet
from camket.voices.models import Comment, Response, SlipBatch, Survey
from camket.voices.operations.slips import begin_batch
from people import People
from records import add_answers, add_fields
from voices.answering import NOW, make_survey

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Actor], Client]


@pytest.fixture
def survey(people: People) -> Survey:
    return make_survey(people.agency)


@pytest.fixture
def pile(people: People, survey: Survey) -> SlipBatch:
    return begin_batch(
        actor=people.binh,
        survey_id=survey.pk,
        name="Hòm phiếu",
        answered_on=date(2026, 6, 30),
        field_id=None,
        unit_id=None,
        now=NOW,
    )


def slip(**fields: Any) -> dict[str, Any]:
    values = {
        "slip": str(uuid.uuid4()),
        "on": "30/06/2026",
        "q_attitude": "5",
        "q_overall": "4",
        "q_visits": "1",
    }
    return {**values, **fields}


def comment(people: People, survey: Survey, text: str = "Chờ lâu, gọi 0912345678", **fields: Any) -> Comment:
    return Comment.objects.create(
        agency=people.agency,
        survey=survey,
        question="wish",
        text=text,
        search=search_key(text),
        **{"month": date(2026, 5, 1), **fields},
    )


def test_a_slip_is_keyed_by_a_plain_form(people: People, pile: SlipBatch, signed_in: SignedIn) -> None:
    address = reverse("web:surveys:slips_key", args=(pile.pk,))
    response = signed_in(people.binh).post(address, slip(q_wish="Tốt"))
    assert (response.status_code, response["Location"]) == (302, address)
    stored = Response.objects.get()
    assert (stored.ratings, stored.choices) == ({"attitude": 5, "overall": 4}, {"visits": "once"})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"q_overall": "7"}, "từ 1 đến 5"),
        ({"q_visits": "3"}, "từ 1 đến 2"),
        ({"q_overall": "", "q_attitude": "", "q_visits": ""}, "ít nhất một"),
        ({"on": "01/12/2027"}, "01/07/2026"),
        ({"slip": "x"}, "tải lại trang"),
    ],
)
def test_what_is_wrong_is_told_in_the_form_and_by_the_script(
    people: People, pile: SlipBatch, signed_in: SignedIn, fields: dict[str, str], said: str
) -> None:
    address, client = reverse("web:surveys:slips_key", args=(pile.pk,)), signed_in(people.binh)
    page = client.post(address, slip(**fields))
    assert page.status_code == 422
    assert said in page.content.decode()
    answer = client.post(address, slip(**fields), headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert any(said in each["text"] for each in answer.json()["errors"])
    assert not Response.objects.exists()


def test_a_pile_ends_with_its_sum(people: People, pile: SlipBatch, signed_in: SignedIn) -> None:
    client = signed_in(people.binh)
    client.post(reverse("web:surveys:slips_key", args=(pile.pk,)), slip())
    address = reverse("web:surveys:slips_finish", args=(pile.pk,))
    page = client.post(address, {"counted": "3"})
    assert page.status_code == 422
    assert "Đã nhập 1 phiếu nhưng đếm tay được 3 phiếu" in page.content.decode()
    assert client.post(address, {"counted": "3", "is_sure": "on"}).status_code == 302
    assert SlipBatch.objects.get().state == SlipBatch.State.DONE


def test_a_spreadsheet_is_shown_before_it_counts(people: People, survey: Survey, signed_in: SignedIn) -> None:
    client = signed_in(people.binh)
    form = client.get(reverse("web:surveys:sheet_form", args=(survey.pk,)))
    header = read_sheet(form.content, "mau.xlsx").rows[0].cells
    data = write_sheet("Trả lời", header, [["30/06/2026", "", "5", "Rất hài lòng"], ["", "", "9", "4"]])
    file = BytesIO(data)
    file.name = "tra-loi.xlsx"
    sent = client.post(
        reverse("web:surveys:sheet_upload"), {"survey": survey.pk, "on": "30/06/2026", "file": file}
    )
    page = client.get(sent["Location"]).content.decode()
    assert "1 dòng nhận được" in page
    assert "C3" in page
    assert not Response.objects.exists()
    batch = SlipBatch.objects.get()
    client.post(reverse("web:surveys:sheet_take_in", args=(batch.pk,)))
    assert Response.objects.count() == 1
    refused = client.get(reverse("web:surveys:sheet_refused", args=(batch.pk,)))
    assert read_sheet(refused.content, "sua.xlsx").rows[1].cells[2] == "9"


def test_results_are_handed_out_as_the_page_has_them(people: People, signed_in: SignedIn) -> None:
    add_fields(people.agency)
    add_answers(people.agency, 5)
    client = signed_in(people.chau)
    page = client.get("/khao-sat/ket-qua/?nam=2026")
    assert page.status_code == 200
    for ending in ("xlsx", "csv"):
        file = client.get(f"/khao-sat/ket-qua/tai-ve.{ending}?nam=2026")
        rows = read_sheet(file.content, f"ket-qua.{ending}").rows
        assert rows[0].cells[0] == "Phân theo"
        assert all(not row.cells[3].isdigit() or int(row.cells[3]) >= 5 for row in rows[1:])
    assert client.get("/khao-sat/ket-qua/tai-ve.exe").status_code == 404
    assert client.get("/khao-sat/ket-qua/?nam=abc&ky=q9&khao_sat=%F0%9F%98%80").status_code == 200
    assert client.get("/khao-sat/ket-qua/?khao_sat=999999").status_code == 404


@pytest.mark.parametrize("address", ["/khao-sat/ket-qua/", "/khao-sat/gop-y/", "/khao-sat/phieu-nhap/"])
def test_a_page_takes_few_statements(people: People, signed_in: SignedIn, address: str) -> None:
    add_fields(people.agency)
    survey = add_answers(people.agency, 5)
    for number in range(9):
        comment(people, survey, f"Góp ý {number}", tags=["bãi xe"])
    client = signed_in(people.an)
    with CaptureQueriesContext(connection) as statements:
        assert client.get(address).status_code == 200
    assert len(statements) <= 15


def test_comments_are_found_without_marks_and_never_by_what_is_hidden(
    people: People, survey: Survey, signed_in: SignedIn
) -> None:
    comment(people, survey, "Chỗ để xe không có mái che")
    comment(people, survey, "Đồ tồi, để xe", state=Comment.State.HIDDEN)
    page = signed_in(people.an).get("/khao-sat/gop-y/?tim=cho+de+XE").content.decode()
    assert "mái che" in page
    assert "Đồ tồi" not in page
    assert "<script>" not in page


def test_a_field_stands_beside_a_comment_only_where_five_answered(
    people: People, signed_in: SignedIn
) -> None:
    add_fields(people.agency)
    survey = add_answers(people.agency, 5)
    land = people.agency.procedure_fields.get(key="dat dai")
    few = comment(people, survey, "Tháng này", month=date(2026, 7, 1), field=land)
    page = signed_in(people.an).get(reverse("web:surveys:comment", args=(few.pk,))).content.decode()
    assert "Đất đai" not in page


@pytest.mark.parametrize(
    "query", ["gop-y/?linh_vuc=", "gop-y/?trang=", "ket-qua/?nam=", "ket-qua/?khao_sat="]
)
def test_a_number_longer_than_any_is_taken_for_none(
    people: People, survey: Survey, signed_in: SignedIn, query: str
) -> None:
    assert signed_in(people.an).get(f"/khao-sat/{query}{'9' * 5000}").status_code == 200


def test_a_script_in_a_comment_is_shown_as_words(people: People, survey: Survey, signed_in: SignedIn) -> None:
    comment(people, survey, "<script>alert(1)</script>")
    page = signed_in(people.an).get("/khao-sat/gop-y/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_words_are_blacked_out_for_good_and_not_kept_in_the_journal(
    people: People, survey: Survey, signed_in: SignedIn
) -> None:
    row, client = comment(people, survey), signed_in(people.an)
    address = reverse("web:surveys:comment_black_out", args=(row.pk,))
    wrong = client.post(address, {"words": "0999", "black_reason": "Số điện thoại"})
    assert wrong.status_code == 422
    client.post(address, {"words": "0912345678", "black_reason": "Số điện thoại"})
    row.refresh_from_db()
    assert row.text == "Chờ lâu, gọi ██████████"
    assert "0912345678" not in str(list(Entry.objects.values())) + str(list(Comment.objects.values()))


def test_a_comment_is_turned_into_a_task_once(people: People, survey: Survey, signed_in: SignedIn) -> None:
    row, client = comment(people, survey), signed_in(people.dung)
    unit = people.agency.units.order_by("order")[0]
    address = reverse("web:surveys:comment_work", args=(row.pk,))
    typed = {"text": "Bố trí thêm một bàn tiếp nhận", "unit": unit.pk, "due_on": "20/12/2026"}
    assert client.post(address, {**typed, "unit": ""}).status_code == 422
    assert client.post(address, typed).status_code == 302
    task = Task.objects.get()
    assert (task.unit, task.due_on, task.action.text) == (unit, date(2026, 12, 20), typed["text"])
    row.refresh_from_db()
    assert (row.task, row.state) == (task, Comment.State.ACTED)
    assert client.post(address, {**typed, "text": "Lần nữa"}).status_code == 422
    assert Task.objects.count() == 1
    page = client.get(reverse("web:surveys:comment", args=(row.pk,))).content.decode()
    assert typed["text"] in page
    assert client.get(reverse("web:tasks:task_detail", args=(task.pk,))).status_code == 200


def test_hiding_asks_why_and_can_be_taken_back(people: People, survey: Survey, signed_in: SignedIn) -> None:
    row, client = comment(people, survey), signed_in(people.an)
    hide = reverse("web:surveys:comment_hide", args=(row.pk,))
    assert client.post(hide, {"hide_reason": " "}).status_code == 422
    client.post(hide, {"hide_reason": "Xúc phạm"})
    assert "Chờ lâu" not in client.get(reverse("web:surveys:comment", args=(row.pk,))).content.decode()
    client.post(reverse("web:surveys:comment_show", args=(row.pk,)))
    assert "Chờ lâu" in client.get(reverse("web:surveys:comment", args=(row.pk,))).content.decode()


def test_tags_that_somebody_changed_meanwhile_are_told(
    people: People, survey: Survey, signed_in: SignedIn
) -> None:
    row, client = comment(people, survey), signed_in(people.an)
    address = reverse("web:surveys:comment_tag", args=(row.pk,))
    client.post(address, {"tags": "Bãi xe, chờ lâu", "seen": ""})
    late = client.post(address, {"tags": "khác", "seen": ""})
    assert late.status_code == 422
    assert "bãi xe, chờ lâu" in late.content.decode()
    row.refresh_from_db()
    assert row.tags == ["bãi xe", "chờ lâu"]


def test_another_agencys_comment_and_pile_are_not_there(
    people: People, survey: Survey, pile: SlipBatch, signed_in: SignedIn
) -> None:
    row, client = comment(people, survey), signed_in(people.chi)
    for name, argument in (
        ("comment", row.pk),
        ("slips_key", pile.pk),
        ("slips_finish", pile.pk),
        ("sheet", pile.pk),
    ):
        assert client.get(reverse(f"web:surveys:{name}", args=(argument,))).status_code == 404
    work = client.post(reverse("web:surveys:comment_hide", args=(row.pk,)), {"hide_reason": "x"})
    assert work.status_code == 404
    assert signed_in(people.binh).get(reverse("web:surveys:comment", args=(row.pk,))).status_code == 403
