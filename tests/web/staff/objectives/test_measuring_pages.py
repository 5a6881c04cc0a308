"""Choosing what measures targets, and entering figures from a spreadsheet, as people see it."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camket.core.reading_rows import COLUMNS
from camket.indicators.models import Indicator, Reading
from camket.objectives.models import Plan, Target
from camket.org.models import Person, Unit
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet, write_sheet
from figures import make_plan_in_force, targets_of
from people import TODAY, People
from procedures import make_procedure
from seeded import make_late_dossier


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.TODAY = TODAY


@pytest.fixture
def plan(people: People) -> Plan:
    return make_plan_in_force(people)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def seen(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:1500]
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_the_page_proposes_with_a_reason_and_how_sure(people: People, plan: Plan) -> None:
    text = seen(signed_in(people.an).get(reverse("web:plans:plan_wiring", args=[plan.pk])))

    assert "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn" in text
    assert "Vì lời văn có cụm “hồ sơ” và “đúng hạn”." in text
    assert "Xác nhận mọi đề xuất chắc chắn" in text


def test_the_page_takes_few_statements(people: People, plan: Plan) -> None:
    client = signed_in(people.an)
    address = reverse("web:plans:plan_wiring", args=[plan.pk])
    client.get(address)

    with CaptureQueriesContext(connection) as statements:
        client.get(address)

    assert len(statements) <= 15


def test_who_only_looks_is_offered_no_button(people: People, plan: Plan) -> None:
    response = signed_in(people.binh).get(reverse("web:plans:plan_wiring", args=[plan.pk]))

    assert "Xác nhận mọi đề xuất" not in seen(response)
    assert signed_in(people.binh).post(
        reverse("web:plans:wiring_confirm_all", args=[plan.pk])
    ).status_code in (403, 404)


def test_sure_proposals_are_confirmed_by_one_press(people: People, plan: Plan) -> None:
    client = signed_in(people.an)

    client.post(reverse("web:plans:wiring_confirm_all", args=[plan.pk]))

    assert Indicator.objects.get(targets=targets_of(plan)[0]).definition_code == "dossiers.on_time"


def test_a_proposal_that_changed_meanwhile_is_not_confirmed(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]

    signed_in(people.an).post(
        reverse("web:plans:wiring_confirm", args=[plan.pk, target.pk]), {"code": "dossiers.late"}
    )

    assert Indicator.objects.get(targets=target).definition_code == ""


def test_another_indicator_is_chosen_with_who_enters_it(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    unit = Unit.objects.filter(agency_id=people.an.agency_id).order_by("order")[1]
    client = signed_in(people.an)

    response = client.post(
        reverse("web:plans:target_wiring", args=[plan.pk, target.pk]),
        {
            "choice": "other",
            "code": "dossiers.by_rules_by_hand",
            "owner": unit.pk,
            "every": "month",
            "within": "3",
        },
    )

    assert response.status_code == 302
    row = Indicator.objects.get(targets=target)
    assert (row.definition_code, row.owner_id, row.entered_every, row.entered_within) == (
        "dossiers.by_rules_by_hand",
        unit.pk,
        "month",
        3,
    )
    text = seen(client.get(reverse("web:plans:plan_wiring", args=[plan.pk])))
    assert "Phòng Kinh tế nhập hằng tháng, trong vòng 3 ngày làm việc sau khi hết kỳ." in text


def test_the_page_of_a_target_names_its_objective_and_shows_figures_with_their_unit(
    people: People, plan: Plan
) -> None:
    target = targets_of(plan)[0]
    Target.objects.filter(pk=target.pk).update(text="97%")
    make_late_dossier(people.agency, make_procedure(people.agency), finished_at=datetime(2026, 6, 15, 9))
    text = seen(signed_in(people.an).get(reverse("web:plans:target_wiring", args=[plan.pk, target.pk])))
    assert f"Mục tiêu {target.objective.number}: {target.objective.text}" in text
    assert "100\N{NO-BREAK SPACE}% (1/1)" in text


def test_an_indicator_of_another_kind_is_refused_on_the_page(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]

    response = signed_in(people.an).post(
        reverse("web:plans:target_wiring", args=[plan.pk, target.pk]),
        {"choice": "other", "code": "index.reform_grade"},
    )

    assert "cho loại số liệu khác" in seen(response, 422)
    assert Indicator.objects.get(targets=target).definition_code == ""


def test_another_agency_s_plan_is_not_there(people: People, plan: Plan) -> None:
    assert signed_in(people.chi).get(reverse("web:plans:plan_wiring", args=[plan.pk])).status_code == 404


def _sheet(indicator: int, **cells: str) -> SimpleUploadedFile:
    said = {
        "indicator": str(indicator), "start": "2026-01-01", "end": "2026-03-31", "source": "Sổ theo dõi", **cells
    }  # fmt: skip
    data = write_sheet("Số liệu", list(COLUMNS.values()), [[said.get(name, "") for name in COLUMNS]])
    return SimpleUploadedFile("so-lieu.xlsx", data)


def test_a_spreadsheet_is_checked_then_entered(people: People, plan: Plan) -> None:
    client = signed_in(people.binh)
    indicator = targets_of(plan)[0].indicator_id or 0

    checked = client.post(
        reverse("web:objectives:sheet"), {"file": _sheet(indicator, numerator="98", denominator="100")}
    )

    assert "98\N{NO-BREAK SPACE}% (98/100)" in BeautifulSoup(checked.content, "html.parser").get_text()
    assert not Reading.objects.exists()
    rows = BeautifulSoup(checked.content, "html.parser").select_one("input[name=rows]")
    assert rows is not None
    client.post(reverse("web:objectives:sheet"), {"rows": rows["value"]})
    assert Reading.objects.get().state == "entered"


def test_a_refused_cell_is_named_with_its_address(people: People, plan: Plan) -> None:
    indicator = targets_of(plan)[0].indicator_id or 0

    checked = signed_in(people.binh).post(
        reverse("web:objectives:sheet"), {"file": _sheet(indicator, numerator="101", denominator="100")}
    )

    text = seen(checked)
    assert "F2:" in text
    assert "lớn hơn" in text


def test_rows_that_were_tampered_with_are_not_entered(people: People, plan: Plan) -> None:
    signed_in(people.binh).post(reverse("web:objectives:sheet"), {"rows": "made-up"})

    assert not Reading.objects.exists()


def test_the_template_has_the_agency_s_indicators(people: People, plan: Plan) -> None:
    response = signed_in(people.binh).get(reverse("web:objectives:sheet_template"))

    rows = read_sheet(io.BytesIO(response.content).read(), "mau.xlsx").rows
    assert rows[0].cells[:2] == ("Mã chỉ số", "Chỉ số")
    assert str(targets_of(plan)[0].indicator_id) in {row.cells[0] for row in rows[1:]}


def test_figures_are_confirmed_together_on_the_page(people: People, plan: Plan) -> None:
    client = signed_in(people.binh)
    for target in targets_of(plan)[:1]:
        checked = client.post(
            reverse("web:objectives:sheet"),
            {"file": _sheet(target.indicator_id or 0, numerator="98", denominator="100")},
        )
        rows = BeautifulSoup(checked.content, "html.parser").select_one("input[name=rows]")
        assert rows is not None
        client.post(reverse("web:objectives:sheet"), {"rows": rows["value"]})

    signed_in(people.an).post(reverse("web:objectives:confirm_many"), {"reading": [Reading.objects.get().pk]})

    assert Reading.objects.get().state == "confirmed"


def test_the_overview_names_who_enters_what_by_when(people: People, plan: Plan) -> None:
    target = targets_of(plan)[0]
    unit = Unit.objects.filter(agency_id=people.an.agency_id).order_by("order")[1]
    client = signed_in(people.an)
    client.post(
        reverse("web:plans:target_wiring", args=[plan.pk, target.pk]),
        {"choice": "by_hand", "owner": unit.pk, "every": "quarter", "within": "5"},
    )

    text = seen(client.get(reverse("web:home")))

    assert "Phòng Kinh tế nhập số liệu" in text
    assert "trước hết ngày 07/04/2026" in text
