"""Objectives, targets and their figures as people see and enter them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camket.core.plan import Grade
from camket.indicators.models import Indicator, Reading
from camket.objectives.models import Objective, Plan, Target
from camket.org.models import Person
from camket.org.policy import Actor
from figures import HALF, SPRING, SUMMER, graded, make_plan_in_force, read, share, targets_of
from people import TODAY, People


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


def page(client: Client, name: str, *args: int, query: str = "") -> BeautifulSoup:
    response = client.get(reverse(f"web:objectives:{name}", args=args) + query)
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def words(soup: BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", soup.get_text(" "))


class TestList:
    def test_shows_each_target_with_goal_result_and_verdict(self, people: People, plan: Plan) -> None:
        on_time, satisfaction, *_others = targets_of(plan)
        read(people, on_time, share(600, 612))
        read(people, satisfaction, share(90, 100), confirmed=False)
        soup = page(signed_in(people.binh), "list")
        text = words(soup)
        assert soup.h1 is not None
        assert soup.h1.get_text(strip=True) == "Mục tiêu chất lượng năm 2026"
        assert "98,04 % (600/612)" in text
        assert "≥ 97 %" in text
        assert "Đúng tiến độ" in text
        assert "1 chờ xác nhận" in text
        assert "0/12 đầu việc hoàn thành" in text

    def test_filters_by_verdict_words_and_unit(self, people: People, plan: Plan) -> None:
        read(people, targets_of(plan)[0], share(600, 612))
        unit = people.agency.units.get(order=2)
        Objective.objects.filter(plan=plan, number="2").update(owner=unit)
        client = signed_in(people.an)

        def numbers(query: str) -> list[str]:
            found = page(client, "list", query=query).select(".ck-objective__number")
            return [each.get_text(strip=True) for each in found]

        assert numbers("?trang_thai=on_track") == ["1"]
        assert numbers("?trang_thai=no_data") == ["2", "3"]
        assert numbers("?tim=hai+long") == ["2"]
        assert numbers(f"?don_vi={unit.pk}") == ["2"]
        assert numbers("?tim=khong+co+gi") == []
        assert numbers("?trang_thai=nonsense") == []

    def test_without_a_plan_teaches_the_next_step(self, people: People) -> None:
        text = words(page(signed_in(people.an), "list"))
        assert "Chưa có kế hoạch nào có hiệu lực" in text

    def test_another_agency_sees_its_own_only(self, people: People, plan: Plan) -> None:
        assert "Chưa có kế hoạch nào có hiệu lực" in words(page(signed_in(people.chi), "list"))

    def test_thousand_objectives_in_fifteen_statements(self, people: People, plan: Plan) -> None:
        objectives = Objective.objects.bulk_create(
            Objective(plan=plan, order=10 + n, number=str(10 + n), text=f"Mục tiêu số {n}")
            for n in range(1000)
        )
        indicators = Indicator.objects.bulk_create(
            Indicator(agency=plan.agency, name="Chỉ số", measure="ratio", unit="%") for _ in objectives
        )
        Target.objects.bulk_create(
            Target(
                objective=objective,
                order=0,
                text="95%",
                kind="at_least",
                value=95,
                unit="%",
                indicator=indicator,
            )
            for objective, indicator in zip(objectives, indicators, strict=True)
        )
        client = signed_in(people.an)
        with CaptureQueriesContext(connection) as captured:
            soup = page(client, "list", query="?page=2")
        assert len(captured) <= 15
        assert len(soup.select(".ck-objective")) == 50


class TestObjective:
    def test_shows_reasons_and_sources(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        read(people, first, share(600, 612))
        text = words(page(signed_in(people.chau), "objective", first.objective_id))
        assert "Mục tiêu 1" in text
        assert "Hiện đạt 98,04 % (600/612) so với mức đề ra ≥ 97 %" in text
        assert "Người nhập: Trần Văn Bình" in text
        assert "người xác nhận: Nguyễn Thị An" in text


class TestTarget:
    def test_shows_verdict_trend_allowance_and_figures(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        read(people, first, share(300, 306, SPRING))
        read(people, first, share(300, 306, SUMMER))
        soup = page(signed_in(people.an), "target", first.pk)
        charts = soup.select("svg.ck-chart")
        assert len(charts) == 2
        for chart in charts:
            assert chart.title is not None
            assert chart.desc is not None
            assert "≥ 97 %" in chart.title.get_text().replace("\N{NO-BREAK SPACE}", " ")
            assert len(chart.select(".ck-mark")) == 2
        assert soup.select_one("svg.ck-meter") is not None
        text = words(soup)
        assert "Quý II/2026" in text
        assert text.count("được tính khi đánh giá") == 2
        assert "Hạn mức còn lại" in text

    def test_withdrawn_figures_stay_in_the_table(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        reading = read(people, first, share(600, 612))
        client = signed_in(people.an)
        client.post(
            reverse("web:objectives:withdraw_reading", args=[reading.pk]), {"reason": "Cộng nhầm hồ sơ"}
        )
        soup = page(client, "target", first.pk)
        assert "Cộng nhầm hồ sơ" in words(soup)
        assert len(soup.select("tr.ck-withdrawn")) == 1
        assert soup.select("svg.ck-chart") == []

    def test_grade_is_drawn_on_its_steps(self, people: People, plan: Plan) -> None:
        grade = targets_of(plan)[3]
        read(people, grade, graded(Grade.FAIR))
        soup = page(signed_in(people.an), "target", grade.pk)
        ticks = {tick.get_text() for tick in soup.select(".ck-chart__tick")}
        assert {"Yếu", "Trung bình", "Khá", "Tốt", "Xuất sắc"} <= ticks

    @pytest.mark.parametrize("name", ["an", "chau", "dung"])
    def test_those_who_confirm_see_the_button(self, people: People, plan: Plan, name: str) -> None:
        first = targets_of(plan)[0]
        read(people, first, share(600, 612), confirmed=False)
        soup = page(signed_in(getattr(people, name)), "target", first.pk)
        assert len(soup.select('form[action$="/xac-nhan/"] button')) == 1

    def test_who_entered_sees_no_confirm_button(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        read(people, first, share(600, 612), confirmed=False)
        soup = page(signed_in(people.binh), "target", first.pk)
        assert soup.select('form[action$="/xac-nhan/"]') == []
        assert len(soup.select('a[href$="/rut/"]')) == 1

    def test_no_page_takes_more_than_fifteen_statements(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        for month in range(1, 7):
            period = type(HALF)(date(2026, month, 1), date(2026, month, 28))
            read(people, first, share(98, 100, period))
        client = signed_in(people.an)
        for name, key in (
            ("target", first.pk),
            ("enter_reading", first.pk),
            ("objective", first.objective_id),
        ):
            with CaptureQueriesContext(connection) as captured:
                page(client, name, key)
            assert len(captured) <= 15, name


class TestEnterReading:
    def url(self, target: Target) -> str:
        return reverse("web:objectives:enter_reading", args=[target.pk])

    def given(self, **fields: object) -> dict[str, object]:
        return {
            "period": "2026-04-01_2026-06-30",
            "numerator": "1.190",
            "denominator": "1.200",
            "source": "Phần mềm một cửa",
            **fields,
        }

    def test_proposes_the_period_that_is_due_and_the_last_source(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        read(people, first, share(300, 306, SPRING))
        soup = page(signed_in(people.binh), "enter_reading", first.pk)
        chosen = soup.select_one("select[name=period] option[selected]")
        assert chosen is not None
        assert chosen.get_text() == "Quý II/2026"
        offered = [each["value"] for each in soup.select("select[name=period] option")]
        assert "2026-01-01_2026-03-31" not in offered
        assert "2026-01-01_2026-06-30" in offered
        assert not any("2026-12-31" in str(each) for each in offered)
        source = soup.select_one("input[name=source]")
        assert source is not None
        assert source["value"] == "Phần mềm một cửa"

    def test_officer_enters_a_share_with_evidence(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        file = SimpleUploadedFile("bang-ke.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
        response = signed_in(people.binh).post(
            self.url(first),
            self.given(evidence_file=file, evidence_number="15/BC-UBND", evidence_date="30/06/2026"),
        )
        assert response.status_code == 302
        reading = Reading.objects.get()
        assert (reading.numerator, reading.denominator, reading.state) == (
            Decimal(1190),
            Decimal(1200),
            "entered",
        )
        assert (reading.period_start, reading.period_end) == (SUMMER.start, SUMMER.end)
        # On the day that the page lives on, not on that of the clock.
        assert timezone.localdate(reading.entered_at) == TODAY
        assert sorted(each.kind for each in reading.evidence.all()) == ["document", "file"]

    @pytest.mark.parametrize(("kind", "asked"), [("at_least", "Số đạt yêu cầu"), ("below", "cần hạn chế")])
    def test_the_part_of_a_share_is_named_by_what_the_target_counts(
        self, kind: str, asked: str, people: People, plan: Plan
    ) -> None:
        first = targets_of(plan)[0]
        Target.objects.filter(pk=first.pk).update(kind=kind)
        Indicator.objects.filter(pk=first.indicator_id).update(numerator_label="")
        label = page(signed_in(people.binh), "enter_reading", first.pk).select_one("label[for=id_numerator]")
        assert label is not None
        assert asked in label.get_text()

    def test_other_days_are_typed_day_first(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        signed_in(people.binh).post(
            self.url(first), self.given(period="other", start="01/04/2026", end="05/06/2026")
        )
        reading = Reading.objects.get()
        assert (reading.period_start, reading.period_end) == (date(2026, 4, 1), date(2026, 6, 5))

    @pytest.mark.parametrize(
        ("index", "fields", "stored"),
        [
            (2, {"value": "93,5"}, {"value": Decimal("93.5")}),
            (3, {"grade": "good"}, {"grade": "good"}),
        ],
    )
    def test_form_asks_for_what_the_indicator_measures(
        self, people: People, plan: Plan, index: int, fields: dict[str, str], stored: dict[str, object]
    ) -> None:
        target = targets_of(plan)[index]
        soup = page(signed_in(people.binh), "enter_reading", target.pk)
        assert soup.select("input[name=numerator]") == []
        signed_in(people.binh).post(
            self.url(target), {"period": "2026-04-01_2026-06-30", "source": "Sổ", **fields}
        )
        reading = Reading.objects.get()
        assert {name: getattr(reading, name) for name in stored} == stored

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"numerator": "1201"}, "lớn hơn mẫu số"),
            ({"numerator": "98.5"}, "98,5"),
            ({"numerator": ""}, "Hãy nhập cả tử số và mẫu số"),
            ({"source": ""}, "Số liệu lấy từ đâu?"),
            ({"nothing_arose": "on"}, "vì sao trong kỳ không phát sinh"),
            ({"period": "other"}, "Hãy ghi ngày"),
            ({"period": "other", "start": "01/06/2026", "end": "31/12/2026"}, "hãy nhập số liệu khi hết kỳ"),
            ({"period": "2030-01-01_2030-03-31"}, "2030-01-01"),
            ({"evidence_link": "javascript:alert(1)"}, "https://"),
        ],
    )
    def test_bad_input_is_said_and_nothing_is_kept(
        self, people: People, plan: Plan, fields: dict[str, str], said: str
    ) -> None:
        first = targets_of(plan)[0]
        response = signed_in(people.binh).post(self.url(first), self.given(**fields))
        assert response.status_code == 422
        soup = BeautifulSoup(response.content, "html.parser")
        assert said in words(soup)
        assert not Reading.objects.exists()
        whole = soup.select_one("input[name=denominator]")
        assert whole is not None
        assert whole["value"] == "1.200"

    def test_stranger_finds_no_target(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        client = signed_in(people.chi)
        assert client.get(self.url(first)).status_code == 404
        assert client.post(self.url(first), self.given()).status_code == 404
        assert not Reading.objects.exists()


class TestConfirmAndWithdraw:
    def test_confirming_returns_to_the_target(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        reading = read(people, first, share(600, 612), confirmed=False)
        response = signed_in(people.chau).post(
            reverse("web:objectives:confirm_reading", args=[reading.pk]), follow=True
        )
        reading.refresh_from_db()
        assert reading.state == "confirmed"
        assert response.redirect_chain[-1][0] == reverse("web:objectives:target", args=[first.pk])
        assert "Đã xác nhận" in response.content.decode()

    def test_own_figure_is_refused_with_a_sentence(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        client = signed_in(people.an)
        client.post(
            reverse("web:objectives:enter_reading", args=[first.pk]),
            {"period": "2026-04-01_2026-06-30", "numerator": "1", "denominator": "1", "source": "Sổ"},
        )
        reading = Reading.objects.get()
        response = client.post(
            reverse("web:objectives:confirm_reading", args=[reading.pk]), {"from": "waiting"}, follow=True
        )
        assert "phải do người khác xác nhận" in response.content.decode()
        reading.refresh_from_db()
        assert reading.state == "entered"

    def test_officer_gets_the_forbidden_page(self, people: People, plan: Plan) -> None:
        reading = read(people, targets_of(plan)[0], share(600, 612), confirmed=False)
        response = signed_in(people.binh).post(reverse("web:objectives:confirm_reading", args=[reading.pk]))
        assert response.status_code == 403

    def test_reading_a_page_confirms_nothing(self, people: People, plan: Plan) -> None:
        reading = read(people, targets_of(plan)[0], share(600, 612), confirmed=False)
        url = reverse("web:objectives:confirm_reading", args=[reading.pk])
        assert signed_in(people.chau).get(url).status_code == 405

    def test_withdrawing_needs_its_reason(self, people: People, plan: Plan) -> None:
        reading = read(people, targets_of(plan)[0], share(600, 612))
        url = reverse("web:objectives:withdraw_reading", args=[reading.pk])
        client = signed_in(people.an)
        assert "98,04" in client.get(url).content.decode()
        assert client.post(url, {"reason": " "}).status_code == 422
        reading.refresh_from_db()
        assert reading.state == "confirmed"

    @pytest.mark.parametrize("name", ["confirm_reading", "withdraw_reading"])
    def test_stranger_finds_no_reading(self, people: People, plan: Plan, name: str) -> None:
        reading = read(people, targets_of(plan)[0], share(600, 612), confirmed=False)
        response = signed_in(people.chi).post(
            reverse(f"web:objectives:{name}", args=[reading.pk]), {"reason": "x"}
        )
        assert response.status_code == 404
        reading.refresh_from_db()
        assert reading.state == "entered"


class TestWaiting:
    def test_lists_what_waits_with_its_source(self, people: People, plan: Plan) -> None:
        read(people, targets_of(plan)[0], share(600, 612), confirmed=False)
        soup = page(signed_in(people.chau), "waiting")
        assert "98,04 % (600/612)" in words(soup)
        assert len(soup.select('form[action$="/xac-nhan/"]')) == 1
        own = page(signed_in(people.binh), "waiting")
        assert own.select('form[action$="/xac-nhan/"]') == []
        assert "Người khác xác nhận" in words(own)

    def test_empty_list_says_so(self, people: People, plan: Plan) -> None:
        assert "Không có số liệu nào chờ xác nhận" in words(page(signed_in(people.chi), "waiting"))


class TestMeasurement:
    def test_secretary_sets_volume_and_labels(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        read(people, first, share(600, 612))
        url = reverse("web:objectives:measurement", args=[first.pk])
        response = signed_in(people.an).post(
            url,
            {
                "method": "Theo phần mềm",
                "adds_up": "yes",
                "numerator_label": "Hồ sơ đúng hạn",
                "denominator_label": "Hồ sơ đã giải quyết",
                "expected_volume": "1.200",
            },
        )
        assert response.status_code == 302
        first.refresh_from_db()
        assert first.expected_volume == Decimal(1200)
        soup = page(signed_in(people.binh), "enter_reading", first.pk)
        assert "Hồ sơ đã giải quyết" in words(soup)
        assert "Cả kỳ dự kiến 1.200 trường hợp" in words(page(signed_in(people.binh), "target", first.pk))

    def test_growth_asks_for_the_baseline(self, people: People, plan: Plan) -> None:
        growth = targets_of(plan)[2]
        client = signed_in(people.an)
        soup = page(client, "measurement", growth.pk)
        assert "Kết quả năm 2025" in words(soup)
        assert soup.select("input[name=expected_volume]") == []
        url = reverse("web:objectives:measurement", args=[growth.pk])
        client.post(url, {"method": "", "adds_up": "no", "baseline_value": "92,5", "change": "points"})
        growth.refresh_from_db()
        assert growth.baseline_value == Decimal("92.5")

    def test_bad_number_changes_nothing(self, people: People, plan: Plan) -> None:
        first = targets_of(plan)[0]
        response = signed_in(people.an).post(
            reverse("web:objectives:measurement", args=[first.pk]),
            {"adds_up": "yes", "expected_volume": "-5"},
        )
        assert response.status_code == 422
        first.refresh_from_db()
        assert first.expected_volume is None

    def test_officer_may_not_and_stranger_finds_nothing(self, people: People, plan: Plan) -> None:
        url = reverse("web:objectives:measurement", args=[targets_of(plan)[0].pk])
        assert signed_in(people.binh).get(url).status_code == 403
        assert signed_in(people.chi).get(url).status_code == 404


@pytest.mark.parametrize("name", ["objective", "target"])
def test_stranger_finds_nothing(people: People, plan: Plan, name: str) -> None:
    first = targets_of(plan)[0]
    key = first.objective_id if name == "objective" else first.pk
    assert signed_in(people.chi).get(reverse(f"web:objectives:{name}", args=[key])).status_code == 404


def test_anonymous_is_sent_to_sign_in(people: People, plan: Plan) -> None:
    response = Client().get(reverse("web:objectives:list"))
    assert response.status_code == 302
    assert "dang-nhap" in response["Location"]


def test_english_pages_are_english(people: People, plan: Plan) -> None:
    Person.objects.filter(pk=people.an.person_id).update(language="en")
    read(people, targets_of(plan)[0], share(600, 612))
    text = words(page(signed_in(people.an), "list"))
    assert "Quality objectives of 2026" in text
    assert "On track" in text
