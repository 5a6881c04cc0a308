"""The catalogue of indicators as people see it, and how a secretary defines one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camket.indicators import catalogue
from camket.indicators.models import Definition, Indicator
from camket.org.models import Person
from camket.org.policy import Actor
from people import TODAY, People
from records import add_fields, add_procedures, add_tasks, count_facts, random_facts

FORM = {
    "nguon": "dossiers",
    "name": "Tỷ lệ hồ sơ đất đai quá hạn",
    "n_late": "1",
    "d_finished": "1",
    "f_field": ["dat dai"],
    "unit": "%",
    "direction": "lower",
    "decimals": "2",
    "valid_from": "01/07/2026",
}


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.TODAY = TODAY


@pytest.fixture
def recorded(people: People) -> People:
    fields = add_fields(people.agency)
    procedures = add_procedures(people.agency, fields, people.an.person_id)
    facts = random_facts(
        1, 400, fields=[each.pk for each in fields], procedures=[each.pk for each in procedures], units=[]
    )
    count_facts(people.agency, facts)
    add_tasks(people.agency, 1)
    return people


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def words(content: bytes) -> str:
    return re.sub(r"\s+", " ", BeautifulSoup(content, "html.parser").get_text(" "))


def test_the_list_shows_every_indicator_with_its_formula_and_figure(recorded: People) -> None:
    response = signed_in(recorded.an).get(reverse("web:indicators:list"))
    text = words(response.content)
    for entry in catalogue.shipped().values():
        assert entry.name in text
    assert "(hồ sơ giải quyết trước hạn + hồ sơ giải quyết đúng hạn) ÷ hồ sơ đã giải quyết × 100" in text
    assert "năm 2026 đến nay" in text
    assert "Định nghĩa chỉ số" in text
    assert "Định nghĩa chỉ số" not in words(
        signed_in(recorded.binh).get(reverse("web:indicators:list")).content
    )


def test_the_list_is_narrowed_by_words_kind_and_use(recorded: People) -> None:
    Indicator.objects.create(
        agency=recorded.agency, name="x", measure="ratio", definition_code="dossiers.late"
    )
    client, address = signed_in(recorded.an), reverse("web:indicators:list")
    used = words(client.get(address, {"loai": "dung"}).content)
    assert "Tỷ lệ hồ sơ giải quyết quá hạn" in used
    assert "đo 1 chỉ tiêu" in used
    assert "bảo hiểm y tế" not in used
    assert "bảo hiểm y tế" in words(client.get(address, {"tim": "bao hiem", "loai": "nhap"}).content)
    assert "Không có chỉ số phù hợp" in words(client.get(address, {"tim": "khong co gi"}).content)


@pytest.mark.parametrize("code", ["dossiers.on_time_with_open", "procedures.posted", "tasks.on_time"])
def test_an_indicators_page_shows_what_it_gives_month_by_month(recorded: People, code: str) -> None:
    response = signed_in(recorded.an).get(reverse("web:indicators:indicator", args=[code]))
    text = words(response.content)
    assert "Năm nay đến hôm nay" in text
    assert "Tháng 7/2026" in text
    assert "Tháng 8/2025" in text
    assert catalogue.shipped()[code].legal_source in text


def test_what_is_entered_by_hand_says_what_of(people: People) -> None:
    response = signed_in(people.an).get(
        reverse("web:indicators:indicator", args=["satisfaction.overall_by_hand"])
    )
    assert "Lượt trả lời hài lòng và rất hài lòng ÷ Lượt trả lời hợp lệ" in words(response.content)


def test_what_was_replaced_names_what_takes_its_place(people: People) -> None:
    response = signed_in(people.an).get(reverse("web:indicators:indicator", args=["dossiers.online_level_3"]))
    assert "được thay bằng" in words(response.content)


def test_before_the_first_record_the_page_says_what_is_missing(people: People) -> None:
    response = signed_in(people.an).get(reverse("web:indicators:indicator", args=["dossiers.late"]))
    assert "Chưa có hồ sơ gốc để đếm" in words(response.content)


def test_a_secretary_looks_at_a_preview_and_then_saves(recorded: People) -> None:
    client, address = signed_in(recorded.an), reverse("web:indicators:define")
    assert "Đầu việc có thời hạn" in words(client.get(address).content)
    assert client.get(address, {"nguon": "dossiers"}).status_code == 200
    preview = client.post(address, {**FORM, "act": "preview"})
    assert preview.status_code == 200
    text = words(preview.content)
    assert "Hồ sơ giải quyết quá hạn ÷ hồ sơ đã giải quyết × 100; chỉ tính lĩnh vực: Đất đai" in text
    assert "Năm nay đến hôm nay" in text
    assert not Definition.objects.exists()
    saved = client.post(address, {**FORM, "act": "save"}, follow=True)
    assert "Tỷ lệ hồ sơ đất đai quá hạn" in words(saved.content)
    kept = Definition.objects.get()
    assert kept.formula == {
        "source": "dossiers",
        "numerator": [["late", 1]],
        "denominator": [["finished", 1]],
        "filters": {"field": ["dat dai"]},
        "scale": 100,
    }


def test_a_preview_needs_no_name_and_a_save_does(recorded: People) -> None:
    client, address = signed_in(recorded.an), reverse("web:indicators:define")
    nameless = {**FORM, "name": ""}
    assert client.post(address, {**nameless, "act": "preview"}).status_code == 200
    assert client.post(address, {**nameless, "act": "save"}).status_code == 422
    assert not Definition.objects.exists()


def test_a_formula_that_counts_nothing_is_refused(people: People) -> None:
    client, address = signed_in(people.an), reverse("web:indicators:define")
    for act in ("preview", "save"):
        refused = client.post(address, {**FORM, "n_late": "", "f_field": [], "act": act})
        assert refused.status_code == 422
        assert "Hãy chọn ít nhất một nội dung cho tử số" in words(refused.content)
    assert not Definition.objects.exists()


def test_a_new_version_begins_with_the_old_one_and_replaces_it(recorded: People) -> None:
    client = signed_in(recorded.an)
    client.post(reverse("web:indicators:define"), {**FORM, "act": "save"})
    code = Definition.objects.get().code
    address = reverse("web:indicators:replace", args=[code])
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    assert soup.select_one("#id_n_late option[selected]")["value"] == "1"  # type: ignore[index]
    too_early = client.post(address, {**FORM, "act": "save"})
    assert too_early.status_code == 422
    saved = client.post(address, {**FORM, "valid_from": "01/01/2027", "act": "save"}, follow=True)
    assert "Từ 01/07/2026 đến 31/12/2026" in words(saved.content)


@pytest.mark.parametrize("name", ["replace", "end"])
def test_a_version_made_since_the_form_was_opened_is_not_replaced_or_ended_unseen(
    recorded: People, name: str
) -> None:
    client = signed_in(recorded.an)
    client.post(reverse("web:indicators:define"), {**FORM, "valid_from": "01/06/2026", "act": "save"})
    first = Definition.objects.get()
    address = reverse(f"web:indicators:{name}", args=[first.code])
    form = BeautifulSoup(client.get(address).content, "html.parser")
    opened = form.select_one("input[name=ban]")["value"]  # type: ignore[index]
    client.post(
        reverse("web:indicators:replace", args=[first.code]),
        {**FORM, "valid_from": "02/06/2026", "act": "save"},
    )
    later = {**FORM, "valid_from": "03/06/2026", "act": "save", "last_day": "31/12/2026", "ban": opened}
    refused = client.post(address, later)
    assert refused.status_code == 422
    assert "Nguyễn Thị An đã lập bản mới hơn của chỉ số này" in words(refused.content)
    assert Definition.objects.count() == 2
    assert Definition.objects.get(replaced_by=None).valid_to is None


def test_an_own_indicator_is_taken_out_of_use(recorded: People) -> None:
    client = signed_in(recorded.an)
    client.post(reverse("web:indicators:define"), {**FORM, "act": "save"})
    address = reverse("web:indicators:end", args=[Definition.objects.get().code])
    assert client.get(address).status_code == 200
    assert client.post(address, {"last_day": "01/06/2026"}).status_code == 422
    assert client.post(address, {"last_day": "31/07/2026"}).status_code == 302
    assert str(Definition.objects.get().valid_to) == "2026-07-31"


def test_shipped_indicators_are_neither_replaced_nor_ended(people: People) -> None:
    client = signed_in(people.an)
    for name in ("replace", "end"):
        assert client.get(reverse(f"web:indicators:{name}", args=["dossiers.late"])).status_code == 404


def test_another_agencys_indicator_is_not_there(recorded: People) -> None:
    signed_in(recorded.an).post(reverse("web:indicators:define"), {**FORM, "act": "save"})
    code = Definition.objects.get().code
    client = signed_in(recorded.chi)
    for name in ("indicator", "replace", "end"):
        assert client.get(reverse(f"web:indicators:{name}", args=[code])).status_code == 404


@pytest.mark.parametrize(
    "address", ["/chi-so/", "/chi-so/dossiers.late/", "/chi-so/tasks.on_time/", "/chi-so/moi/?nguon=dossiers"]
)
def test_a_page_takes_few_statements(recorded: People, address: str) -> None:
    client = signed_in(recorded.an)
    for number in range(6):
        Definition.objects.create(
            agency=recorded.agency,
            code=f"own.{number}",
            name=f"Chỉ số {number}",
            formula={
                "source": "dossiers",
                "numerator": [["late", 1]],
                "scale": 1,
                "filters": {"field": [f"x{number}"]},
            },
            valid_from=TODAY,
            defined_at="2026-07-01T00:00:00Z",
            defined_by_id=recorded.an.person_id,
        )
    client.get(address)  # what few rows there are of each source is remembered until they change
    with CaptureQueriesContext(connection) as statements:
        assert client.get(address).status_code == 200
    assert len(statements) <= 15, [each["sql"][:120] for each in statements]
