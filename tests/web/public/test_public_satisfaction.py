"""What citizens answered, made public: rates of groups of five and more, with their rule; the way to the survey."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client

from camket.publishing.models import Publication
from camket.publishing.preparing import NothingToPublish
from camket.voices.models import Channel, Point, Survey
from camket.voices.tally import Counted
from people import People
from records import NOW, add_fields, add_survey, count_answers
from web.public.open_page import open_page, publish

HOME = "/cong-khai/xa-tan-lap/"


def some(
    survey: Survey, number: int, step: int, field: int = 0, on: date = date(2026, 3, 2)
) -> list[Counted]:
    ratings = {"overall": step, "manner": step}
    return [Counted(survey=survey.pk, on=on, channel=5, ratings=ratings, field=field) for _ in range(number)]


def test_rates_go_out_with_their_rule_and_no_small_group(client: Client, people: People) -> None:
    open_page(people.agency)
    survey = add_survey(people.agency)
    large, small = (each.pk for each in add_fields(people.agency)[:2])
    count_answers(
        people.agency, [*some(survey, 18, 5, large), *some(survey, 2, 2, large), *some(survey, 3, 1, small)]
    )
    publish(people, "satisfaction")
    page = client.get(HOME + "hai-long/").content.decode()
    assert "dưới 5 lượt" in page
    rows = json.loads(client.get(HOME + "du-lieu/hai-long.json").content)["rows"]
    assert [(row["satisfied"], row["rated"]) for row in rows if row["by"] == "field"] == [(18, 20)]
    assert all(row["rated"] >= 5 for row in rows)
    overall = next(row for row in rows if row["by"] == "overall")
    assert overall["rate"] in page
    assert overall["rate"] in client.get(HOME).content.decode()
    assert client.get("/nhung/xa-tan-lap/hai-long/").status_code == 200


def test_months_are_told_apart_with_their_own_days(client: Client, people: People) -> None:
    open_page(people.agency)
    survey = add_survey(people.agency)
    april = some(survey, 6, 5, on=date(2026, 4, 7))
    few = some(survey, 3, 5, on=date(2026, 5, 4))
    count_answers(people.agency, [*some(survey, 8, 5), *some(survey, 2, 1), *april, *few])
    publish(people, "satisfaction")
    rows = json.loads(client.get(HOME + "du-lieu/hai-long.json").content)["rows"]
    months = [row for row in rows if row["by"] == "month"]
    assert [(row["name"], row["value"], row["period_start"], row["period_end"]) for row in months[:2]] == [
        ("Tháng 03/2026", 80.0, "2026-03-01", "2026-03-31"),
        ("Tháng 04/2026", 100.0, "2026-04-01", "2026-04-30"),
    ]
    assert all(row["rated"] >= 5 for row in months)
    page = client.get(HOME + "hai-long/").content.decode()
    assert "Theo tháng" in page
    assert "Tháng 03/2026" in page


def test_what_few_answered_is_not_made_public(people: People) -> None:
    survey = add_survey(people.agency)
    count_answers(people.agency, some(survey, 4, 5))
    with pytest.raises(NothingToPublish):
        publish(people, "satisfaction")
    assert not Publication.objects.exists()


def test_the_page_leads_to_an_open_survey_for_everybody(client: Client, people: People) -> None:
    open_page(people.agency)
    survey = add_survey(people.agency)
    assert "/ks/" not in client.get(HOME).content.decode()
    Point.objects.create(survey=survey, channel=Channel.QR, name="Áp phích", created_at=NOW)
    assert "/ks/" in client.get(HOME).content.decode()
    Survey.objects.update(state=Survey.State.CLOSED)
    assert "/ks/" not in client.get(HOME).content.decode()
