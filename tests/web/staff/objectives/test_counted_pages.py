"""Figures counted from records, as people see them: formula, months, fields, rows behind, origin."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camket.core.formulas import Formula, Term, evaluate, to_json
from camket.core.plan import Period
from camket.core.tally import day_number
from camket.dossiers.models import Batch, Dossier
from camket.indicators.behind import behind, tasks_behind
from camket.indicators.models import Indicator
from camket.indicators.sources import source
from camket.journal import memory
from camket.objectives import verdicts
from camket.objectives.figures import figure_detail, targets_counting
from camket.objectives.models import Plan, Target
from camket.org.models import Person
from camket.org.policy import Actor
from figures import make_plan_in_force, targets_of
from people import TODAY, People, make_people
from seeded import seed
from web.browser import Desk
from work import make_task, submitted_task, unit_of

ON_TIME = Formula("dossiers", (Term("early"), Term("on_time")), (Term("finished"),), {}, 100)
LATE = Formula("dossiers", (Term("late"),), (Term("finished"),), {}, 100)
AT_THE_END = Formula(
    "dossiers", (Term("early"), Term("on_time")), (Term("finished"), Term("overdue")), {}, 100
)
SO_FAR = Period(date(2026, 1, 1), TODAY)


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.TODAY = TODAY


def wire(target: Target, formula: Formula) -> None:
    Indicator.objects.filter(pk=target.indicator_id).update(formula=to_json(formula), definition_code="x.y")
    verdicts.forget()


def make_counted(people: People, dossiers: int = 900) -> Target:
    """A plan whose first target, 97 % on time, is counted from a year and a half of dossiers."""
    first = targets_of(make_plan_in_force(people))[0]
    with transaction.atomic():
        seed(people.agency, dossiers, today=TODAY, days=540)
    Batch.objects.update(first_day=TODAY - timedelta(days=539), last_day=TODAY)
    wire(first, ON_TIME)
    return first


@pytest.fixture(scope="class")
def people(db_of_class: None) -> People:
    return make_people()


@pytest.fixture(scope="class")
def counted_id(people: People) -> int:
    return make_counted(people).pk


@pytest.fixture
def counted(counted_id: int) -> Target:
    """The counted target, as each test of a class finds it."""
    return Target.objects.select_related("indicator").get(pk=counted_id)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def page(client: Client, name: str, *args: int, query: str = "") -> BeautifulSoup:
    response = client.get(reverse(f"web:objectives:{name}", args=args) + query)
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def words(soup: BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", soup.get_text(" ")).replace("\N{NO-BREAK SPACE}", " ")


def number(text: str) -> int:
    return int(text.replace(".", ""))


def all_rows(client: Client, address: str) -> list[str]:
    """The codes of all pages that begin at an address."""
    found: list[str] = []
    path = address
    while True:
        response = client.get(path)
        assert response.status_code == 200
        soup = BeautifulSoup(response.content, "html.parser")
        found += [link.get_text() for link in soup.select("a.ck-dossier")]
        following = soup.select_one('a[rel="next"]')
        if following is None:
            return found
        path = reverse("web:objectives:rows", args=[address.split("/")[3]]) + str(following["href"])


@pytest.mark.django_db
class TestTarget:
    def test_says_how_it_is_counted_and_from_what(self, people: People, counted: Target) -> None:
        soup = page(client_of(people.an), "target", counted.pk)
        text = words(soup)
        assert "(hồ sơ giải quyết trước hạn + hồ sơ giải quyết đúng hạn) ÷ hồ sơ đã giải quyết × 100" in text
        assert "Nguồn: Hồ sơ thủ tục hành chính" in text
        assert "Cách tính khác" in text
        assert "Cùng kỳ năm trước" in text
        assert "Dự báo cả kỳ: từ" in text
        assert "năm trước có" in text
        assert len(soup.select("svg.ck-chart")) == 6
        assert len(soup.select("svg.ck-strip")) >= 5

    def test_every_number_leads_to_as_many_rows(self, people: People, counted: Target) -> None:
        client = client_of(people.an)
        soup = page(client, "target", counted.pk)
        links = {
            a["href"]: number(a.get_text())
            for a in soup.select(".ck-formula__terms a, .ck-fields a, .ck-months a")
        }
        assert len(links) > 20
        for address, shown in links.items():
            rows = all_rows(client, str(address))
            assert (address, len(rows)) == (address, shown)
            assert len(set(rows)) == len(rows)

    def test_takes_few_statements_however_many_dossiers(self, people: People, counted: Target) -> None:
        client = client_of(people.an)
        client.get(reverse("web:objectives:target", args=[counted.pk]))
        for name, query in (("target", ""), ("rows", "?phan=con-lai"), ("provenance", "")):
            verdicts.forget()
            with CaptureQueriesContext(connection) as captured:
                page(client, name, counted.pk, query=query)
            assert (name, len(captured) <= 15) == (name, True), [q["sql"][:150] for q in captured]

    def test_takes_no_more_statements_for_an_objective_of_many_filters(
        self, people: People, counted: Target
    ) -> None:
        client = client_of(people.an)
        filters: list[dict[str, tuple[str, ...]]] = [
            {"unit": ("kinh te",), "channel": ("online",)},
            {"field": ("dat dai",)},
            {"unit": ("van phong",)},
            {"field": ("ho tich",), "level": ("WHOLE",)},
        ]
        targets = targets_of(counted.objective.plan)
        Target.objects.filter(pk__in=[each.pk for each in targets]).update(objective_id=counted.objective_id)
        taken = []
        for many in (1, 4):
            for target, each in zip(targets[:many], filters, strict=False):
                wire(target, Formula("dossiers", (Term("on_time"),), (Term("finished"),), each, 100))
            for name, key in (("target", counted.pk), ("objective", counted.objective_id)):
                verdicts.forget()
                memory.forget_all()
                with CaptureQueriesContext(connection) as captured:
                    page(client, name, key)
                taken.append(len(captured))
        assert max(taken) <= 15
        assert (taken[2], taken[3]) == (taken[0], taken[1])

    def test_a_target_of_lateness_counts_failures_in_its_numerator(
        self, people: People, counted: Target
    ) -> None:
        wire(counted, LATE)
        Target.objects.filter(pk=counted.pk).update(kind="at_most", value=5)
        plan, _objective, row = verdicts.verdict_of_target(people.an, counted.pk, TODAY)
        detail = figure_detail(people.an, plan, row)
        assert detail is not None
        assert detail.months[6].failed == detail.result.numerator == row.verdict.allowance.spent  # type: ignore[union-attr]
        assert detail.other is None

    def test_months_add_up_to_the_figure_judged(self, people: People, counted: Target) -> None:
        for formula in (ON_TIME, AT_THE_END):
            wire(counted, formula)
            plan, _objective, row = verdicts.verdict_of_target(people.an, counted.pk, TODAY)
            detail = figure_detail(people.an, plan, row)
            assert detail is not None
            assert (detail.result.numerator, detail.result.denominator) == (
                row.verdict.numerator,
                row.verdict.denominator,
            )
            assert detail.other is not None
            results = [month.result for month in detail.months if month.result is not None]
            if formula is ON_TIME:
                assert sum(each.numerator for each in results) == detail.result.numerator
            else:
                assert results[-1] == detail.result
            assert sum(each.result.numerator for each in detail.fields) == detail.result.numerator

    def test_without_records_what_was_entered_stands(self, people: People, counted: Target) -> None:
        Dossier.objects.all().delete()
        people_plan = counted.objective.plan_id
        other = targets_of(Plan.objects.get(pk=people_plan))[1]
        client = client_of(people.an)
        assert client.get(reverse("web:objectives:rows", args=[other.pk])).status_code == 302
        assert "Cách tính" not in words(page(client, "target", other.pk))


@pytest.mark.django_db
class TestRows:
    def test_rows_are_masked_and_lead_to_the_dossier(self, people: People, counted: Target) -> None:
        soup = page(client_of(people.an), "rows", counted.pk, query="?dem=finished")
        assert "Nguyễn Văn Mẫu" not in words(soup)
        link = soup.select_one("a.ck-dossier")
        assert link is not None
        assert str(link["href"]).startswith("/ho-so/")
        assert soup.select_one('[aria-current="page"]') is not None

    @pytest.mark.parametrize("query", ["?dem=received", "?dem=nothing", "?linh_vuc=xx"])
    def test_what_the_figure_does_not_count_is_not_found(
        self, people: People, counted: Target, query: str
    ) -> None:
        address = reverse("web:objectives:rows", args=[counted.pk])
        assert client_of(people.an).get(address + query).status_code == 404

    @pytest.mark.parametrize(
        "query", ["?tu=x&den=y", "?tu=2026-05-01&den=2026-02-01", "?sau=x.y", "?tu=1900-01-01&den=2999-01-01"]
    )
    def test_days_that_are_none_are_those_of_the_figure(
        self, people: People, counted: Target, query: str
    ) -> None:
        assert "Từ 01/01/2026" in words(page(client_of(people.an), "rows", counted.pk, query=query))

    @pytest.mark.parametrize("name", ["rows", "provenance"])
    def test_another_agency_finds_nothing(self, people: People, counted: Target, name: str) -> None:
        address = reverse(f"web:objectives:{name}", args=[counted.pk])
        assert client_of(people.chi).get(address).status_code == 404


@pytest.fixture
def plan(people: People) -> Plan:
    return make_plan_in_force(people)


@pytest.mark.django_db
class TestProvenance:
    def test_names_formula_days_imports_and_revision(self, people: People, counted: Target) -> None:
        text = words(page(client_of(people.an), "provenance", counted.pk))
        assert "ho-so-mot-cua.xlsx" in text
        assert "Phiên bản số liệu" in text
        assert "01/01/2026 – " in text

    def test_an_import_of_other_days_is_not_named(self, people: People, counted: Target) -> None:
        Batch.objects.update(first_day=date(2024, 1, 1), last_day=date(2024, 12, 31))
        assert "ho-so-mot-cua.xlsx" not in words(page(client_of(people.an), "provenance", counted.pk))


@pytest.mark.django_db
def test_tasks_behind_a_count_are_as_many_as_counted(people: People, plan: Plan) -> None:
    make_task(people, {"kind": "by", "date": "2026-06-10"}, text="Công khai thủ tục")
    submitted_task(people, monitor=unit_of(people, 0))
    tasks = source("tasks")
    found = tasks.sums([people.agency.pk], [SO_FAR], list(tasks.counts), {}, today=TODAY)[
        people.agency.pk, SO_FAR
    ]
    for count in tasks.counts:
        assert (count, tasks_behind(people.agency.pk, count, SO_FAR, {}).count()) == (count, found[count])
    formula = Formula("tasks", (Term("on_time"),), (Term("due"),), {}, 100)
    assert len(behind(people.an, formula, "due", SO_FAR, TODAY).tasks) == found["due"]
    assert evaluate(formula, found).denominator == found["due"]


@pytest.mark.django_db
def test_a_dossier_leads_back_to_the_figures_that_count_it(people: People, counted: Target) -> None:
    second = targets_of(counted.objective.plan)[1]
    wire(second, ON_TIME.filtered({"field": ("dat dai",)}))
    day = SO_FAR.start + timedelta(days=40)
    adds = [(day, ("finished", "early"))]
    assert day_number(day)
    found = targets_counting(people.an, adds, {"field": "ho tich"}, TODAY)
    assert [(each.target_id, each.labels) for each in found] == [
        (counted.pk, ("dossiers settled before the due date", "dossiers settled"))
    ]
    assert [each.target_id for each in targets_counting(people.an, adds, {"field": "dat dai"}, TODAY)] == [
        counted.pk,
        second.pk,
    ]
    assert targets_counting(people.an, [(date(2025, 5, 1), ("finished",))], {"field": "ho tich"}, TODAY) == ()
    assert targets_counting(people.chi, adds, {"field": "ho tich"}, TODAY) == ()


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit(desk: Desk, transactional_db: None) -> None:
    target = make_counted(make_people(), 400)
    desk.sign_in("an")
    base = f"/muc-tieu/chi-tieu/{target.pk}/"
    for path in (base, f"{base}chi-tiet/", f"{base}chi-tiet/?phan=con-lai", f"{base}nguon/"):
        for size in ("desktop", "phone"):
            desk.open(path, size)
            desk.page.wait_for_load_state("networkidle")  # what comes by itself is there, and no longer pale
            desk.assert_accessible()
            desk.assert_fits()


def figures_shown(client: Client, target_id: int) -> dict[str, str]:
    """What pages with figures say, each by its address, in their main part."""
    places = (
        "/",
        "/muc-tieu/",
        "/chi-so/",
        f"/muc-tieu/chi-tieu/{target_id}/",
        f"/muc-tieu/chi-tieu/{target_id}/nguon/",
    )
    found = {}
    for place in places:
        verdicts.forget()
        response = client.get(place)
        assert response.status_code == 200, place
        main = BeautifulSoup(response.content, "html.parser").main
        assert main is not None
        found[place] = words(main)
    return found


@pytest.mark.django_db
def test_ten_times_as_many_dossiers_of_another_agency_change_no_figure() -> None:
    people = make_people()
    target = make_counted(people, 300)
    client = client_of(people.an)
    before = figures_shown(client, target.pk)
    of_target = before[f"/muc-tieu/chi-tieu/{target.pk}/"]
    assert re.search(r"\d,\d+ ?%", of_target), of_target[:600]
    with transaction.atomic():
        seed(people.other_agency, 3000, today=TODAY, days=540)
    assert Dossier.objects.count() == 3300
    after = figures_shown(client, target.pk)
    for place, said in before.items():
        assert after[place].split() == said.split(), place
