"""Surveys on the pages of the staff: questionnaires, points, posters and slips."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pdfplumber
import pytest
from django.test import Client

from camket.core.questionnaire import parse
from camket.core.survey_links import read
from camket.org.policy import Actor
from camket.voices.models import (
    Handout,
    Point,
    Questionnaire,
    QuestionnaireEdition,
    Survey,
)
from camket.voices.operations.questionnaires import make_questionnaire, publish_edition
from people import TODAY, People
from procedures import make_procedure
from seeded import make_late_dossier
from voices.answering import NOW, make_point, make_survey
from web.browser import Desk

SignedIn = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db


def text_of(data: bytes) -> str:
    """Return what a PDF says, page after page."""
    with pdfplumber.open(io.BytesIO(data)) as paper:
        return "\n".join(page.extract_text() or "" for page in paper.pages)


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def client(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


@pytest.fixture
def draft(people: People) -> int:
    return make_questionnaire(actor=people.an, title="", code="counter", today=TODAY, now=NOW)


@pytest.fixture
def survey(people: People) -> Survey:
    return make_survey(people.agency)


def test_a_secretary_gets_from_nothing_to_an_open_survey(client: Client) -> None:
    assert "Bắt đầu từ bộ câu hỏi" in page_of(client, "/khao-sat/")
    made = client.post("/khao-sat/bo-cau-hoi/them/", {"code": "counter", "title": ""})
    page = page_of(client, made["Location"])
    assert "Nhìn chung, ông/bà hài lòng ở mức nào" in page
    assert client.post(f"{made['Location']}dung/").status_code == 302
    held = Questionnaire.objects.get()
    created = client.post(
        "/khao-sat/them/",
        {
            "title": "Khảo sát năm 2026",
            "questionnaire": held.pk,
            "starts_on": "01/07/2026",
            "ends_on": "31/12/2026",
            "asks_field": "on",
        },
    )
    address = created["Location"]
    point = client.post(f"{address}diem/them/", {"channel": "1", "name": "Cửa số 3", "unit": "", "field": ""})
    client.post(f"{address}mo/")
    assert Survey.objects.get().state == Survey.State.OPEN
    assert "Đang mở; đã có 0 lượt trả lời." in page_of(client, address)
    assert "Áp phích A4" in page_of(client, point["Location"])


def test_a_question_in_use_that_changes_its_meaning_is_asked_about(
    client: Client, people: People, draft: int
) -> None:
    publish_edition(actor=people.an, questionnaire_id=draft, today=TODAY, now=NOW)
    client.post(f"/khao-sat/bo-cau-hoi/{draft}/ban-moi/")
    address = f"/khao-sat/bo-cau-hoi/{draft}/cau/officers_attitude/"
    assert "Câu này còn hỏi cùng một điều không?" not in page_of(client, address)
    typed = {
        "text_vi": "Phí, lệ phí có đúng mức niêm yết không?",
        "text_en": "",
        "kind": "scale",
        "factor": "officers",
        "counts": "on",
        "options_vi": "",
        "options_en": "",
    }
    page = client.post(address, typed)
    assert "Câu này còn hỏi cùng một điều không?" in page.content.decode()
    assert client.post(address, {**typed, "asks_same": "other"}).status_code == 302
    content = parse(QuestionnaireEdition.objects.get(number=2).content)
    assert [each.key for each in content.questions] == ["overall", "phi_le_phi_co", "comment"]
    compared = page_of(client, f"/khao-sat/bo-cau-hoi/{draft}/ban/2/")
    assert "Thái độ và sự hướng dẫn của công chức" in compared
    assert "Đã bỏ" in compared


def test_answers_to_choose_from_are_typed_one_a_line_in_each_language(client: Client, draft: int) -> None:
    address = f"/khao-sat/bo-cau-hoi/{draft}/cau/them/"
    typed = {"text_vi": "Đi lại mấy lần?", "text_en": "", "kind": "choice", "factor": "", "options_en": ""}
    refused = client.post(address, {**typed, "options_vi": "Một lần"})
    assert "Hãy viết từ 2 đến 12 phương án" in refused.content.decode()
    client.post(address, {**typed, "options_vi": "Một lần\r\nHai lần", "options_en": "\r\nTwice"})
    question = parse(QuestionnaireEdition.objects.get().content).question("di_lai_may_lan")
    assert [dict(option.label) for option in question.options] == [
        {"vi": "Một lần"},
        {"vi": "Hai lần", "en": "Twice"},
    ]


def test_missing_translations_are_shown(client: Client, draft: int) -> None:
    client.post(f"/khao-sat/bo-cau-hoi/{draft}/ngon-ngu/", {"languages": ["en", "km"]})
    page = page_of(client, f"/khao-sat/bo-cau-hoi/{draft}/")
    assert "Còn thiếu bản dịch" in page
    assert "12 chỗ chưa dịch" in page


def test_questions_are_moved_and_taken_out_with_buttons(client: Client, draft: int) -> None:
    base = f"/khao-sat/bo-cau-hoi/{draft}/cau"
    client.post(f"{base}/comment/chuyen/", {"to": "up"})
    client.post(f"{base}/officers_attitude/bo/")
    content = parse(QuestionnaireEdition.objects.get().content)
    assert [each.key for each in content.questions] == ["overall", "comment"]
    refused = client.post(f"{base}/overall/bo/", follow=True)
    assert "Không bỏ được câu hỏi chung" in refused.content.decode()


def test_an_edition_is_shown_as_the_citizen_sees_it(client: Client, draft: int) -> None:
    page = page_of(client, f"/khao-sat/bo-cau-hoi/{draft}/ban/1/?tieng=en")
    assert "All in all, how satisfied are you" in page
    assert "Very dissatisfied" in page
    assert page_of(client, f"/khao-sat/bo-cau-hoi/{draft}/ban/1/?tieng=xx&voi=abc")
    page_of(client, f"/khao-sat/bo-cau-hoi/{draft}/ban/7/", 404)


def test_a_poster_says_where_to_answer_and_that_nobody_is_named(
    client: Client, people: People, survey: Survey, settings: Any
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.example.vn", "https://iso.binhyen.gov.vn"]
    point = make_point(survey, name="Cửa số 3", field=make_procedure(people.agency).edition.field)
    for paper in ("a4", "a3"):
        response = client.get(f"/khao-sat/diem/{point.pk}/ap-phich-{paper}.pdf")
        assert response["Content-Type"] == "application/pdf"
        said = text_of(response.content)
        assert "ỦY BAN NHÂN DÂN XÃ BÌNH YÊN" in said
        assert "iso.binhyen.gov.vn/ks/" in said
        assert "Hộ tịch" in said
        assert "Không hỏi tên" in said
    assert client.get(f"/khao-sat/diem/{point.pk}/ap-phich-a5.pdf").status_code == 404


def test_slips_are_numbered_printed_and_printed_again_alike(client: Client, survey: Survey) -> None:
    address = f"/khao-sat/{survey.pk}/phieu/"
    printed = client.post(address, {"number": "5", "per_page": "4", "unit": "", "field": ""})
    held = Handout.objects.get()
    assert (held.number, held.first_serial) == (5, 1)
    assert "Số 1 – 5" in page_of(client, f"/khao-sat/{survey.pk}/")
    first = client.get(printed["Location"])
    assert text_of(first.content).count("Mã dùng được một lần") == 5
    again = client.get(f"/khao-sat/phieu/{held.pk}/8.pdf")
    tokens = [set(re.findall(r"ks/\s*([a-z2-7]{20,})", text_of(each.content))) for each in (first, again)]
    assert tokens[0] == tokens[1]
    assert len(tokens[0]) == 5
    assert all(read(token) is not None for token in tokens[0])
    assert client.get(f"/khao-sat/phieu/{held.pk}/7.pdf").status_code == 404
    assert Handout.objects.count() == 1


def test_too_many_slips_are_refused_with_the_limit(client: Client, survey: Survey) -> None:
    refused = client.post(
        f"/khao-sat/{survey.pk}/phieu/", {"number": "401", "per_page": "4", "unit": "", "field": ""}
    )
    assert "Số không được quá 400." in refused.content.decode()
    assert not Handout.objects.exists()


def test_slips_for_dossiers_carry_the_code_for_the_officer_alone(
    client: Client, people: People, survey: Survey
) -> None:
    dossier = make_late_dossier(people.agency, make_procedure(people.agency))
    page = page_of(client, f"/khao-sat/{survey.pk}/phieu-hen/?codes={dossier.code}+H00.1-1")
    assert dossier.code in page
    assert "Đăng ký khai sinh" in page
    assert "Nguyễn Văn Mẫu" not in page
    assert "Không thấy trong hồ sơ của cơ quan: H00.1-1" in " ".join(page.split())
    printed = client.post(f"/khao-sat/{survey.pk}/phieu-hen/", {"hs": [dossier.pk], "per_page": "8"})
    said = text_of(client.get(printed["Location"]).content)
    assert f"Kẹp vào phiếu hẹn {dossier.code}" in said
    assert "Nguyễn Văn Mẫu" not in said
    none = client.post(f"/khao-sat/{survey.pk}/phieu-hen/", {"per_page": "8"}, follow=True)
    assert "Hãy chọn ít nhất một hồ sơ." in none.content.decode()


def test_the_paper_questionnaire_has_its_questions_numbered(client: Client, survey: Survey) -> None:
    said = text_of(client.get(f"/khao-sat/{survey.pk}/phieu-giay/").content)
    assert "Thái độ của công chức khi hướng dẫn bạn?" in said
    assert "Rất hài" in said
    assert "1. Một lần" in said


def test_an_address_that_telephones_do_not_find_is_warned_of(
    client: Client, survey: Survey, settings: Any
) -> None:
    point = make_point(survey)
    assert "Địa chỉ này không mở được từ bên ngoài" in page_of(client, f"/khao-sat/diem/{point.pk}/")
    settings.CSRF_TRUSTED_ORIGINS = ["https://iso.binhyen.gov.vn"]
    page = page_of(client, f"/khao-sat/diem/{point.pk}/")
    assert "Địa chỉ này không mở được từ bên ngoài" not in page
    assert "https://iso.binhyen.gov.vn/ks/" in page


def test_a_point_is_renewed_and_switched(client: Client, survey: Survey) -> None:
    point = make_point(survey)
    client.post(f"/khao-sat/diem/{point.pk}/vong-moi/")
    client.post(f"/khao-sat/diem/{point.pk}/dung/", {"to": "off"})
    point.refresh_from_db()
    assert (point.round, point.is_active) == (2, False)
    page = page_of(client, f"/khao-sat/diem/{point.pk}/")
    assert "Điểm khảo sát" in page
    assert "ap-phich" not in page


def test_new_addresses_are_given_after_saying_what_becomes_of_the_old(client: Client, survey: Survey) -> None:
    before = survey.link_key
    assert "Việc này không hoàn tác được" in page_of(client, f"/khao-sat/{survey.pk}/dia-chi-moi/")
    client.post(f"/khao-sat/{survey.pk}/dia-chi-moi/")
    survey.refresh_from_db()
    assert survey.link_key != before


def test_an_officer_sees_the_survey_and_notes_who_was_asked_but_keeps_nothing(
    people: People, signed_in: SignedIn, survey: Survey
) -> None:
    client, point = signed_in(people.binh), make_point(survey)
    page = page_of(client, f"/khao-sat/{survey.pk}/")
    assert "In phiếu mời" not in page
    assert f"/khao-sat/{survey.pk}/dong/" not in page
    client.post(
        f"/khao-sat/{survey.pk}/da-phat/",
        {"channel": "5", "on": "01/07/2026", "number": "40", "unit": "", "field": ""},
    )
    assert Handout.objects.get().number == 40
    refused = client.post(
        f"/khao-sat/{survey.pk}/da-phat/",
        {"channel": "5", "on": "02/07/2026", "number": "40", "unit": "", "field": ""},
    )
    assert refused.status_code == 422
    assert "Ngày này chưa tới." in refused.content.decode()
    assert client.get(f"/khao-sat/diem/{point.pk}/").status_code == 200
    assert client.post(f"/khao-sat/diem/{point.pk}/vong-moi/").status_code == 403
    assert Point.objects.get().round == 1


def test_a_leader_who_may_not_enter_gets_no_address_to_answer_at(
    people: People, signed_in: SignedIn, survey: Survey
) -> None:
    client, point = signed_in(people.chau), make_point(survey)
    assert "/ks/" not in page_of(client, f"/khao-sat/{survey.pk}/")
    page_of(client, f"/khao-sat/diem/{point.pk}/", 403)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_accessible(desk: Desk, people: People) -> None:
    draft = make_questionnaire(actor=people.an, title="", code="satisfaction", today=TODAY, now=NOW)
    survey = make_survey(people.agency)
    point = make_point(survey)
    make_late_dossier(people.agency, make_procedure(people.agency))
    desk.sign_in("an")
    for address in (
        "/khao-sat/",
        f"/khao-sat/{survey.pk}/",
        f"/khao-sat/{survey.pk}/phieu/",
        f"/khao-sat/{survey.pk}/phieu-hen/?day=01/06/2026",
        f"/khao-sat/diem/{point.pk}/",
        "/khao-sat/bo-cau-hoi/",
        f"/khao-sat/bo-cau-hoi/{draft}/",
        f"/khao-sat/bo-cau-hoi/{draft}/loi/",
        f"/khao-sat/bo-cau-hoi/{draft}/cau/visits/",
        f"/khao-sat/bo-cau-hoi/{draft}/ban/1/",
    ):
        desk.open(address)
        desk.assert_accessible()
        desk.open(address, "phone")
        desk.assert_fits()
