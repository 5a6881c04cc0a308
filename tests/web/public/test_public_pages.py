"""What citizens see of an agency: what was published and nothing else, with formula and day; old ones with a banner."""

from __future__ import annotations

import json

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.core.plan import Plan
from camket.documents.queries import path_of
from camket.publishing.models import Publication
from camket.publishing.operations import publications as operations
from camket.reporting.operations import draft_report
from people import TODAY, People
from reporting.test_reports import issue
from reporting.year import HALF, make_year
from web.public.open_page import open_page, publish, publish_all
from work import NOW

HOME = "/cong-khai/xa-tan-lap/"
PAGES = ("", "chinh-sach/", "muc-tieu/", "ket-qua/", "thu-tuc/", "thu-tuc/1.004238/", "cong-bo/", "du-lieu/")


@pytest.fixture
def public(people: People) -> dict[str, Publication]:
    return publish_all(people)


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_there_for_everybody_at_little_cost(
    client: Client, public: dict[str, Publication], path: str
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as statements:
        response = client.get(HOME + path)
    assert response.status_code == 200
    assert len(statements) <= 6
    assert not response.cookies
    assert len(response.content) < 40_000


def test_results_come_with_their_formula_source_and_day(
    client: Client, public: dict[str, Publication]
) -> None:
    page = text(client, HOME + "ket-qua/")
    assert "(492/500)" in page
    assert "Phần mềm một cửa" in page
    assert "01/07/2026" in page
    assert "Theo Quyết định số 12/QĐ-UBND ngày 12/01/2026" in page


def test_drafts_are_not_there(client: Client, people: People, public: dict[str, Publication]) -> None:
    draft = operations.prepare_publication(actor=people.an, kind="results", now=NOW)
    for state in ("draft", "review", "discarded"):
        Publication.objects.filter(pk=draft.pk).update(state=state)
        assert client.get(f"{HOME}cong-bo/{draft.pk}/").status_code == 404
        assert client.get(f"{HOME}du-lieu/{draft.pk}/ket-qua.csv").status_code == 404
    assert str(draft.sha256) not in text(client, HOME + "cong-bo/")


def test_another_agencys_publication_is_not_at_this_address(
    client: Client, people: People, public: dict[str, Publication]
) -> None:
    open_page(people.other_agency, "xa-suoi-xa")
    assert client.get(f"/cong-khai/xa-suoi-xa/cong-bo/{public['policy'].pk}/").status_code == 404
    assert client.get("/cong-khai/xa-suoi-xa/chinh-sach/").status_code == 404
    assert client.get(f"/cong-khai/xa-suoi-xa/du-lieu/{public['results'].pk}/ket-qua.csv").status_code == 404


def test_an_old_publication_leads_to_the_newer_one(
    client: Client, people: People, public: dict[str, Publication]
) -> None:
    new = publish(people, "results", correction="Chỉ tiêu 1.1 ghi nhầm.")
    old = text(client, f"{HOME}cong-bo/{public['results'].pk}/")
    assert "Đây là bản cũ." in old
    assert f"{HOME}cong-bo/{new.pk}/" in old
    assert "Chỉ tiêu 1.1 ghi nhầm." in text(client, HOME + "ket-qua/")


def test_a_withdrawn_publication_says_so_and_shows_nothing(
    client: Client, people: People, public: dict[str, Publication]
) -> None:
    gone = public["policy"]
    operations.withdraw_publication(
        actor=people.chau, publication_id=gone.pk, reason="Nêu nhầm đơn vị.", now=NOW
    )
    page = text(client, f"{HOME}cong-bo/{gone.pk}/", 410)
    assert "Nêu nhầm đơn vị." in page
    assert gone.content["motto"] not in page
    assert client.get(HOME + "chinh-sach/").status_code == 404
    assert client.get(f"{HOME}du-lieu/chinh-sach.json").status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dat dai", ["1.004238"]),
        ("ĐẤT  đai", ["1.004238"]),
        ("khai sinh", ["1.001193"]),
        ("1.0099", ["1.009994"]),
        ("dang ky", ["1.004238", "1.001193"]),
        ("không có gì", []),
        ("%_'\"><script>", []),
    ],
)
def test_procedures_are_found_with_or_without_marks(
    client: Client, public: dict[str, Publication], words: str, found: list[str]
) -> None:
    response = client.get(HOME + "thu-tuc/", {"q": words})
    page = response.content.decode()
    codes = ("1.004238", "1.001193", "1.009994")
    assert [code for code in codes if f"/thu-tuc/{code}/" in page] == [
        code for code in codes if code in found
    ]
    assert "<script>" not in page


def test_what_was_typed_is_shown_escaped(
    client: Client, people: People, public: dict[str, Publication]
) -> None:
    assert "Cấp &lt;b&gt;giấy phép&lt;/b&gt; xây dựng" in text(client, HOME + "thu-tuc/")
    assert "<b>giấy" not in text(client, HOME + "thu-tuc/1.009994/")


def test_a_report_is_there_as_it_was_signed(client: Client, people: People) -> None:

    open_page(people.agency)
    year = make_year(people)
    report = draft_report(actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW)
    issue(people, report)
    made = publish(people, "report", report.pk)
    page = text(client, f"{HOME}cong-bo/{made.pk}/")
    assert "12/BC-UBND" in page
    file = client.get(f"{HOME}cong-bo/{made.pk}/bao-cao.pdf")
    assert file.content[:5] == b"%PDF-"
    assert client.get(f"{HOME}cong-bo/{made.pk}/bao-cao.xlsx").content[:2] == b"PK"
    assert f"{HOME}cong-bo/{made.pk}/bao-cao.json" in page
    data = client.get(f"{HOME}cong-bo/{made.pk}/bao-cao.json")
    assert data.headers["Access-Control-Allow-Origin"] == "*"
    jsonschema.validate(data.json(), client.get(HOME + "du-lieu/so-lieu-bao-cao.schema.json").json())
    assert client.get(f"{HOME}cong-bo/{made.pk}/bao-cao.docx").status_code == 404
    assert f"{HOME}cong-bo/{made.pk}/" in text(client, HOME + "bao-cao/")
    operations.withdraw_publication(actor=people.chau, publication_id=made.pk, reason="Nhầm bản.", now=NOW)
    assert client.get(f"{HOME}cong-bo/{made.pk}/bao-cao.pdf").status_code == 404
    assert client.get(f"{HOME}cong-bo/{made.pk}/bao-cao.json").status_code == 404


def test_a_damaged_file_of_a_report_is_said_to_be_and_the_page_named(client: Client, people: People) -> None:
    open_page(people.agency)
    year = make_year(people)
    report = draft_report(actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW)
    issued = issue(people, report)
    made = publish(people, "report", report.pk)
    for file, ending in ((issued.pdf, "pdf"), (issued.workbook, "xlsx"), (issued.data, "json")):
        assert file
        path_of(file.storage_name).write_bytes(b"another report")
        said = text(client, f"{HOME}cong-bo/{made.pk}/bao-cao.{ending}", status=404)
        assert "Tệp này bị hỏng hoặc không còn trên máy chủ" in said
        assert f'href="{HOME}cong-bo/{made.pk}/"' in said
    assert "12/BC-UBND" in text(client, f"{HOME}cong-bo/{made.pk}/")


def test_tables_are_given_as_csv_and_json_with_a_dictionary(
    client: Client, public: dict[str, Publication]
) -> None:
    data = client.get(HOME + "du-lieu/ket-qua.csv")
    assert data.content.startswith(b"\xef\xbb\xbfobjective,objective_text,")
    assert data.headers["Access-Control-Allow-Origin"] == "*"
    rows = json.loads(client.get(HOME + "du-lieu/ket-qua.json").content)["rows"]
    assert (rows[0]["target"], rows[0]["numerator"], rows[0]["denominator"]) == ("1.1", 492, 500)
    package = json.loads(client.get(HOME + "du-lieu/datapackage.json").content)
    for resource in package["resources"]:
        assert client.get(HOME + "du-lieu/" + resource["path"]).status_code == 200
    columns = {
        field["name"]
        for resource in package["resources"]
        for field in resource.get("schema", {}).get("fields", [])
    }
    assert set(rows[0]) <= columns
    assert all(
        field["description"]
        for each in package["resources"]
        for field in each.get("schema", {}).get("fields", [])
    )


def test_the_plan_is_given_in_plan_format_one(client: Client, public: dict[str, Publication]) -> None:

    plan = Plan.from_json(json.loads(client.get(HOME + "du-lieu/ke-hoach.json").content))
    assert plan.year == 2026
    assert client.get(HOME + "du-lieu/ke-hoach.csv").status_code == 404
    assert client.get(HOME + "du-lieu/khong-co.csv").status_code == 404
    assert json.loads(client.get(HOME + "du-lieu/ke-hoach.schema.json").content)["$schema"]


def test_a_text_that_a_spreadsheet_would_run_is_given_as_text(
    client: Client, people: People, public: dict[str, Publication]
) -> None:
    made = public["procedures"]
    rows = [{**made.content["procedures"][0], "name": '=HYPERLINK("http://x")'}]
    Publication.objects.filter(pk=made.pk).update(content={**made.content, "procedures": rows})
    assert b"\"'=HYPERLINK(" in client.get(HOME + "du-lieu/thu-tuc.csv").content


def test_publications_come_as_a_json_feed(client: Client, public: dict[str, Publication]) -> None:
    feed = json.loads(client.get(HOME + "cong-bo/tin.json").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["url"] for item in feed["items"]} == {
        f"http://testserver{HOME}cong-bo/{each.pk}/" for each in public.values()
    }


def test_only_a_fragment_may_stand_in_a_frame(client: Client, public: dict[str, Publication]) -> None:
    framed, page = client.get("/nhung/xa-tan-lap/ket-qua/"), client.get(HOME + "ket-qua/")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert b"<form" not in framed.content
    assert client.get("/nhung/xa-tan-lap/thu-tuc/").status_code == 404


def test_search_engines_are_led_to_what_is_public_only(
    client: Client, public: dict[str, Publication]
) -> None:
    assert "Disallow: /\n" in text(client, "/robots.txt")
    site = text(client, "/cong-khai/sitemap.xml")
    assert f"<loc>http://testserver{HOME}ket-qua/</loc>" in site
    assert "hai-long" not in site


def test_what_was_published_stays_when_records_change(
    client: Client, people: People, public: dict[str, Publication]
) -> None:
    before = text(client, HOME + "ket-qua/")
    people.agency.plans.update(motto="Khác hẳn", number="99/QĐ-UBND")
    assert text(client, HOME + "ket-qua/") == before
    assert TODAY.isoformat() in str(public["results"].content)
