"""Answering a survey without signing in: what each address shows, what it takes, and what it turns away."""

from __future__ import annotations

import logging
import uuid
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.test import Client

from camket.core.survey_links import make_dossier_link, make_point_link, make_slip_link
from camket.dossiers.models import Dossier, Field
from camket.intake.models import PublicTry
from camket.org.models import Unit
from camket.voices.models import (
    Channel,
    Comment,
    Handout,
    Point,
    QuestionnaireEdition,
    Response,
    SpentLink,
    Survey,
    TurnedAway,
)
from camket.web.public import limits
from camket.web.public.answering import views
from people import TODAY, People
from procedures import make_procedure
from seeded import make_late_dossier
from voices.answering import CONTENT, KEY, NOW, make_point, make_survey


@pytest.fixture
def survey(people: People) -> Survey:
    return make_survey(people.agency)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests send forms at once."""
    monkeypatch.setattr(limits, "READING_SECONDS", 0)


def address(point: Point) -> str:
    token = make_point_link(key=point.survey.link_key, point_id=point.pk, round_number=point.round)
    return f"/ks/{token}"


def slip(survey: Survey, serial: int = 7) -> str:
    return f"/ks/{make_slip_link(key=survey.link_key, survey_id=survey.pk, serial=serial)}"


def form_of(page: Any) -> dict[str, str]:
    """What a form holds as it is opened."""
    form = BeautifulSoup(page.content, "html.parser").form
    assert form is not None
    return {
        str(field["name"]): str(field.get("value", ""))
        for field in form.find_all("input", attrs={"type": "hidden"})
    }


def send(
    client: Client, path: str, page: Any = None, headers: dict[str, str] | None = None, **fields: str
) -> Any:
    filled = {"q_attitude": "4", "q_overall": "5", **form_of(page or client.get(path)), **fields}
    return client.post(path, filled, headers=headers or {})


@pytest.mark.usefixtures("patient")
def test_an_answer_at_a_poster_is_stored_with_day_and_place_alone(survey: Survey) -> None:
    unit, land = (
        Unit.objects.all()[0],
        Field.objects.create(agency=survey.agency, name="Đất đai", key="dat dai"),
    )
    point, client = make_point(survey, unit=unit, field=land), Client()
    done = send(client, address(point), q_visits="once", q_wish="Rất <b>tốt</b>")
    assert (done.status_code, done.headers["Location"]) == (302, f"{address(point)}?xong=1")
    stored = Response.objects.get()
    assert (stored.on, stored.channel, stored.point, stored.unit, stored.field) == (
        TODAY, Channel.QR, point, unit, land,
    )  # fmt: skip
    assert (stored.ratings, stored.choices) == ({"attitude": 4, "overall": 5}, {"visits": "once"})
    assert Comment.objects.get().text == "Rất <b>tốt</b>"
    thanks = client.get(done.headers["Location"])
    assert "phục vụ tốt hơn" in thanks.content.decode()
    assert not client.cookies


@pytest.mark.usefixtures("patient")
def test_a_form_sent_twice_is_one_answer(survey: Survey) -> None:
    point, client = make_point(survey), Client()
    page = client.get(address(point))
    assert [send(client, address(point), page).status_code for _ in range(2)] == [302, 302]
    assert Response.objects.count() == 1


@pytest.mark.usefixtures("patient")
def test_a_question_that_needs_an_answer_is_shown_with_all_that_was_chosen(survey: Survey) -> None:
    point, client = make_point(survey), Client()
    page = send(client, address(point), q_overall="", q_attitude="2", q_wish="Chờ lâu <script>")
    assert page.status_code == 422
    soup = BeautifulSoup(page.content, "html.parser")
    wrong = soup.select_one("#q_overall.an-question--error")
    assert wrong is not None
    chosen = soup.select_one("input[name=q_attitude][checked]")
    assert chosen is not None
    assert chosen["value"] == "2"
    assert "<script>" not in str(soup.textarea)
    assert not Response.objects.exists()


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(
    "fields",
    [
        {"q_overall": "6"},
        {"q_overall": "0"},
        {"q_overall": "５"},
        {"q_overall": "x" * 9000},
        {"q_visits": "never"},
        {"q_wish": "x" * 2001},
    ],
)
def test_an_answer_made_up_is_refused(survey: Survey, fields: dict[str, str]) -> None:
    point = make_point(survey)
    assert send(Client(), address(point), **fields).status_code == 422
    assert not Response.objects.exists()


def test_a_tablet_shows_a_few_fields_as_buttons_and_many_as_a_list(people: People) -> None:
    survey = make_survey(people.agency, asks_field=True)
    tablet, poster = make_point(survey, Channel.KIOSK), make_point(survey)
    for number in range(views.MOST_BUTTONS):
        Field.objects.create(agency=people.agency, name=f"Lĩnh vực {number}", key=f"linh vuc {number}")

    def shown(point: Any) -> tuple[int, int]:
        soup = BeautifulSoup(Client().get(address(point)).content, "html.parser")
        return len(soup.select("input[type=radio][name=field]")), len(soup.select("select[name=field]"))

    assert shown(tablet) == (views.MOST_BUTTONS + 1, 0)
    assert shown(poster) == (0, 1)  # a telephone has no room for so many
    Field.objects.create(agency=people.agency, name="Thêm một", key="them mot")
    assert shown(tablet) == (0, 1)


@pytest.mark.usefixtures("patient")
def test_who_answers_chooses_the_field_where_it_is_asked(people: People) -> None:
    survey = make_survey(people.agency, asks_field=True)
    land = Field.objects.create(agency=people.agency, name="Đất đai", key="dat dai")
    theirs = Field.objects.create(agency=people.other_agency, name="Hộ tịch", key="ho tich")
    point = make_point(survey)
    page = Client().get(address(point)).content.decode()
    assert "Đất đai" in page
    assert "Hộ tịch" not in page
    for chosen in (str(land.pk), str(theirs.pk), "abc"):
        assert send(Client(), address(point), field=chosen).status_code == 302
    assert sorted(str(each.field) for each in Response.objects.select_related("field")) == [
        "None",
        "None",
        "Đất đai",
    ]


@pytest.mark.usefixtures("patient")
def test_a_slip_takes_one_answer_and_says_so_kindly(survey: Survey) -> None:
    unit = Unit.objects.all()[1]
    Handout.objects.create(
        survey=survey, channel=Channel.LINK, on=TODAY, number=10, first_serial=1, unit=unit, noted_at=NOW
    )
    client = Client()
    assert send(client, slip(survey)).status_code == 302
    assert Response.objects.get().unit == unit
    again = client.get(slip(survey))
    assert again.status_code == 410
    assert "Cảm ơn ông/bà" in again.content.decode()
    filled = {"q_overall": "1", "id": str(uuid.uuid4())}
    assert client.post(slip(survey), filled).status_code == 410
    assert (Response.objects.count(), SpentLink.objects.count()) == (1, 1)
    assert send(client, slip(survey, 8)).status_code == 302


@pytest.mark.usefixtures("patient")
def test_the_link_of_a_dossier_leaves_field_and_unit_and_no_dossier(people: People, survey: Survey) -> None:
    dossier = make_late_dossier(people.agency, make_procedure(people.agency))
    path = f"/ks/{make_dossier_link(key=KEY, survey_id=survey.pk, dossier_id=dossier.pk)}"
    page = Client().get(path)
    text = page.content.decode()
    found = Dossier.objects.get(pk=dossier.pk)
    assert found.code not in text
    assert send(Client(), path, page).status_code == 302
    stored = Response.objects.get()
    assert (stored.field_id, stored.unit_id) == (found.field_id, found.unit_id)
    gone = f"/ks/{make_dossier_link(key=KEY, survey_id=survey.pk, dossier_id=dossier.pk + 999)}"
    assert Client().get(gone).status_code == 200  # nothing tells whether there is such a dossier


def test_each_address_that_takes_no_answer_says_why(people: People, survey: Survey) -> None:
    point = make_point(survey)
    path = address(point)

    def status() -> tuple[int, str]:
        page = Client().get(path)
        title = BeautifulSoup(page.content, "html.parser").h1
        assert title is not None
        filled = {"q_overall": "5", "edition": str(QuestionnaireEdition.objects.get().pk)}
        assert Client().post(path, filled).status_code == page.status_code
        return page.status_code, title.text.strip()

    for fields, expected in (
        ({"starts_on": date(2026, 8, 1)}, (404, "Khảo sát này chưa bắt đầu")),
        ({"starts_on": date(2026, 1, 1), "state": "draft"}, (404, "Khảo sát này chưa bắt đầu")),
        ({"state": "closed", "closed_at": NOW}, (410, "Khảo sát này đã kết thúc")),
        ({"state": "open", "ends_on": date(2026, 6, 30)}, (410, "Khảo sát này đã kết thúc")),
        ({"ends_on": None, "link_key": "0" * 64}, (404, "Không có trang này")),
        ({"link_key": KEY}, None),
    ):
        Survey.objects.filter(pk=survey.pk).update(**fields)
        if expected is not None and expected[1] == "Không có trang này":
            assert Client().get(path).status_code == 404
        elif expected is not None:
            assert status() == expected
    Point.objects.update(is_active=False)
    assert status() == (410, "Mã này không còn dùng")
    Point.objects.update(is_active=True, round=2)
    assert status() == (410, "Mã này không còn dùng")
    assert not Response.objects.exists()


def test_an_address_made_up_is_not_there(people: People, survey: Survey) -> None:
    point = make_point(survey)
    token = address(point).removeprefix("/ks/")
    theirs = make_survey(people.other_agency, link_key="9a" * 32)
    forged = make_point_link(key=theirs.link_key, point_id=point.pk, round_number=1)  # another agency's key
    for bad in (
        forged,
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token + "a",
        token[:20],
        "x",
        "%00",
        "9" * 500,
        "trống",
    ):
        assert Client().get(f"/ks/{bad}").status_code == 404, bad
        assert Client().post(f"/ks/{bad}", {"q_overall": "1"}).status_code == 404, bad
    assert Client().get(f"/ks/{token.upper()}").status_code == 200
    assert not Response.objects.exists()


@pytest.mark.usefixtures("patient")
def test_answers_to_the_edition_that_was_open_are_taken_when_a_newer_one_is_in_use(survey: Survey) -> None:
    point, client = make_point(survey), Client()
    page = client.get(address(point))
    old = QuestionnaireEdition.objects.get()
    QuestionnaireEdition.objects.update(state=QuestionnaireEdition.State.RETIRED)
    questions = [each for each in CONTENT["questions"] if each["key"] != "attitude"]
    QuestionnaireEdition.objects.create(
        questionnaire=old.questionnaire, number=2, state="published",
        content={**CONTENT, "questions": questions}, changed_at=NOW, published_at=NOW,
    )  # fmt: skip
    assert send(client, address(point), page).status_code == 302
    stored = Response.objects.get()
    assert (stored.edition, stored.ratings) == (old, {"attitude": 4, "overall": 5})


# Machines


def answer_of(page: Any) -> str:
    """Do the sum that a page asks for."""
    label = BeautifulSoup(page.content, "html.parser").select_one("label[for=id_sum]")
    assert label is not None
    words = [str(each) for each in limits._DIGITS]
    return str(sum(words.index(word) for word in label.text.split() if word in words))


def test_a_form_that_comes_back_at_once_asks_for_a_sum(survey: Survey) -> None:
    point, client = make_point(survey), Client()
    asked = send(client, address(point))
    assert asked.status_code == 422
    wrong = send(client, address(point), asked, sum="99")
    assert "chưa đúng" in wrong.content.decode()
    assert not Response.objects.exists()
    assert send(client, address(point), wrong, sum=answer_of(wrong)).status_code == 302
    assert Response.objects.count() == 1


def test_a_sum_once_solved_is_taken_once(survey: Survey) -> None:
    point, client = make_point(survey), Client()
    asked = send(client, address(point))
    solved = {"sum": answer_of(asked)}
    assert send(client, address(point), asked, **solved).status_code == 302
    again = send(client, address(point), asked, id=str(uuid.uuid4()), **solved)
    assert again.status_code == 422
    assert "chưa đúng" in again.content.decode()
    assert Response.objects.count() == 1
    assert PublicTry.objects.filter(purpose=limits.SPENT).count() == 1


@pytest.mark.usefixtures("patient")
def test_the_field_that_nobody_sees_asks_for_a_sum(survey: Survey) -> None:
    point = make_point(survey)
    assert send(Client(), address(point), website="http://spam.example").status_code == 422
    assert send(Client(), address(point), opened="1:2:3").status_code == 422
    assert send(Client(), address(point), asked=signing.dumps(["a", "b"]), opened="").status_code == 422
    assert not Response.objects.exists()


@pytest.mark.usefixtures("patient")
def test_a_thousand_answers_from_one_address_are_stopped_and_counted(survey: Survey) -> None:
    point, client = make_point(survey), Client()
    assert send(client, address(point)).status_code == 302
    tried = PublicTry.objects.get()
    assert (tried.purpose, tried.number) == (f"answers:{point.pk}", 1)
    assert "127.0.0.1" not in tried.address
    PublicTry.objects.update(number=60)
    asked = client.get(address(point))
    assert send(client, address(point), asked).status_code == 422
    assert send(client, address(point), asked, sum=answer_of(asked)).status_code == 302
    PublicTry.objects.update(number=300)
    filled = {"q_overall": "5", **form_of(asked)}
    assert [client.post(address(point), filled).status_code for _ in range(3)] == [429] * 3
    assert client.get(address(point)).status_code == 429
    assert Response.objects.count() == 2
    assert TurnedAway.objects.get().number == 3
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert send(other, address(point)).status_code == 302


@pytest.mark.usefixtures("patient")
def test_what_was_counted_of_addresses_is_thrown_away_on_the_next_day(survey: Survey, settings: Any) -> None:
    point = make_point(survey)
    send(Client(), address(point))
    settings.TODAY = date(2026, 7, 2)
    send(Client(), address(point))
    assert [each.on for each in PublicTry.objects.all()] == [date(2026, 7, 2)]


def test_addresses_of_one_subscriber_count_as_one(rf: Any) -> None:
    def hashed(address: str) -> str:
        return limits.address_hash(rf.get("/", REMOTE_ADDR=address), TODAY)

    assert hashed("2001:db8:1:2::1") == hashed("2001:db8:1:2:ffff::9")
    assert len({hashed("2001:db8:1:2::1"), hashed("2001:db8:1:3::1"), hashed("203.0.113.1")}) == 3
    assert hashed("203.0.113.1") != limits.address_hash(
        rf.get("/", REMOTE_ADDR="203.0.113.1"), date(2026, 7, 2)
    )


def test_an_address_told_in_another_form_is_the_same_and_none_is_taken_for_anothers(rf: Any) -> None:
    def hashed(address: str) -> str:
        return limits.address_hash(rf.get("/", REMOTE_ADDR=address), TODAY)

    assert hashed("::ffff:203.0.113.1") == hashed("203.0.113.1") == hashed("203.0.113.1:50123")
    assert hashed("::ffff:203.0.113.1") != hashed("::ffff:203.0.113.2")
    assert hashed("[2001:db8:1:2::1]:443") == hashed("2001:db8:1:2::9")


@pytest.mark.usefixtures("patient")
def test_a_body_of_ten_megabytes_is_refused_unread(survey: Survey) -> None:
    point = make_point(survey)
    for size in (10_000_000, 300_000):
        page = Client().post(address(point), {"q_overall": "5", "q_wish": "x" * size})
        assert page.status_code == 413
    assert not Response.objects.exists()


@pytest.mark.usefixtures("patient")
def test_logs_hold_no_token(survey: Survey, caplog: pytest.LogCaptureFixture) -> None:
    point = make_point(survey)
    with caplog.at_level(logging.DEBUG, logger="camket"):
        send(Client(), address(point))
    lines = " ".join(str(vars(record)) for record in caplog.records)
    assert "/ks/***" in lines
    assert address(point).removeprefix("/ks/") not in lines
    assert "127.0.0.1" not in lines


# Tablets


def sent_later(path: str, on: str, **fields: str) -> Any:
    filled = {
        "q_overall": "4", "id": str(uuid.uuid4()), "on": on,
        "edition": str(QuestionnaireEdition.objects.get().pk), **fields,
    }  # fmt: skip
    return Client().post(path, filled, headers={"accept": "application/json"})


def test_a_tablet_sends_what_waited_with_its_day_and_once(survey: Survey) -> None:
    path = address(make_point(survey, Channel.KIOSK))
    name = str(uuid.uuid4())
    for _ in range(2):
        answer = sent_later(path, "2026-06-29", id=name)
        assert answer.json() == {"stored": [name]}
    assert [(str(each.pk), each.on, each.channel) for each in Response.objects.all()] == [
        (name, date(2026, 6, 29), Channel.KIOSK)
    ]


@pytest.mark.parametrize("on", ["2026-07-02", "2025-12-31", "2026-05-01", "yesterday", ""])
def test_a_tablet_whose_clock_is_wrong_gives_todays_answers(survey: Survey, on: str) -> None:
    assert sent_later(address(make_point(survey, Channel.KIOSK)), on).status_code == 200
    assert Response.objects.get().on == TODAY


def test_what_waited_on_a_tablet_is_taken_after_the_survey_is_over(survey: Survey) -> None:
    path = address(make_point(survey, Channel.KIOSK))
    Survey.objects.update(ends_on=date(2026, 6, 30))
    assert sent_later(path, "2026-06-30").status_code == 200
    refused = sent_later(path, "2026-07-01")
    assert (refused.status_code, refused.json()) == (410, {"shut": "closed"})
    assert Response.objects.count() == 1


def test_only_a_tablet_says_the_day(survey: Survey, patient: None) -> None:
    assert send(Client(), address(make_point(survey)), on="2026-06-01").status_code == 302
    assert Response.objects.get().on == TODAY


def test_a_tablet_is_told_what_cannot_be_taken(survey: Survey) -> None:
    path = address(make_point(survey, Channel.KIOSK))
    assert sent_later(path, "", q_overall="9").status_code == 422
    PublicTry.objects.create(
        purpose=f"answers:{Point.objects.get().pk}", address=limits.address_hash(
            Client().get(path).wsgi_request, TODAY), on=TODAY, number=600,
    )  # fmt: skip
    assert sent_later(path, "").status_code == 429
    assert not Response.objects.exists()


def test_the_tablets_script_is_served_from_the_place_it_reaches(db: None) -> None:
    answer = Client().get("/ks/may-tinh-bang.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"addEventListener" in answer.content


def test_pages_take_few_statements(survey: Survey, django_assert_max_num_queries: Any) -> None:
    point = make_point(survey)
    with django_assert_max_num_queries(6):
        Client().get(address(point))
