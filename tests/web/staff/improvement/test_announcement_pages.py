"""The pages of announcements and of the inspector's pack: what lacks stands with its link, acts are whose they are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from announced import announced, drafted, ready
from camket.improvement.models import Announcement
from camket.improvement.queries.announcements import form_on
from camket.org.models import Person
from camket.packing import operations as packing
from camket.packing.models import Pack
from camket.publishing.models import Notice, Place, PublicPage
from people import TODAY, People
from work import NOW


@pytest.fixture
def office(people: People) -> People:
    ready(people)
    return people


def as_(client: Client, person_id: int) -> Client:
    client.force_login(Person.objects.get(pk=person_id))
    return client


def test_the_overview_and_a_draft_say_what_lacks_within_few_statements(
    client: Client, office: People
) -> None:
    row = drafted(office, choices={})
    as_(client, office.an.person_id)
    for path in ("/cong-bo/", f"/cong-bo/{row.pk}/", f"/cong-bo/{row.pk}/sua/", "/ho-so-kiem-tra/"):
        client.get(path)
        with CaptureQueriesContext(connection) as statements:
            page = client.get(path)
        assert page.status_code == 200
        assert len(statements) <= 15, (path, len(statements))
    page = client.get(f"/cong-bo/{row.pk}/").content.decode()
    assert "Chưa có quy trình nội bộ đang có hiệu lực cho 1.000894 Đăng ký kết hôn." in page
    assert f"/cong-bo/{row.pk}/xac-nhan/" not in page
    assert f"/cong-bo/{row.pk}/trinh/" not in page


def test_from_the_form_to_the_public_page(client: Client, office: People) -> None:
    PublicPage.objects.create(agency=office.agency, slug="xa-binh-yen", is_open=True, changed_at=NOW)
    shared = office.agency.controlled_documents.get(kind="system").code
    as_(client, office.an.person_id)
    typed = {**form_on(TODAY)[0], "edition": "iso9001-2015", "f0": shared}
    client.post("/cong-bo/chuan-bi/", typed)
    row = Announcement.objects.get()
    assert client.post(f"/cong-bo/{row.pk}/xac-nhan/").status_code == 403
    as_(client, office.chau.person_id)
    client.post(f"/cong-bo/{row.pk}/xac-nhan/")
    as_(client, office.an.person_id)
    refused = client.post(f"/cong-bo/{row.pk}/ban-hanh/", {"ky-number": "", "ky-signed_on": "01/07/2026"})
    assert refused.status_code == 200
    row.refresh_from_db()
    assert row.state == "confirmed"
    client.post(
        f"/cong-bo/{row.pk}/ban-hanh/",
        {"ky-number": "30/QĐ-UBND", "ky-signed_on": f"{localtime(row.confirmed_at):%d/%m/%Y}"},
    )
    row.refresh_from_db()
    assert (row.state, row.number) == ("announced", "30/QĐ-UBND")
    for paper in ("quyet-dinh", "thong-bao", "xac-nhan"):
        for ending, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
            assert client.get(f"/cong-bo/{row.pk}/{paper}.{ending}").content.startswith(begins)
    assert client.get(f"/cong-bo/{row.pk}/giay-khen.pdf").status_code == 404
    public = client.get("/cong-khai/xa-binh-yen/he-thong-chat-luong/").content.decode()
    assert 'he-thong-chat-luong/" aria-current="page"' in public
    assert (
        "/cong-khai/xa-binh-yen/he-thong-chat-luong/" in client.get("/cong-khai/sitemap.xml").content.decode()
    )
    assert "30/QĐ-UBND" in public
    assert "Đăng ký kết hôn" in public
    assert "he-thong-chat-luong" in client.get("/cong-khai/xa-binh-yen/").content.decode()
    page = client.get(f"/cong-bo/{row.pk}/").content.decode()
    assert "Cơ quan chưa có nơi niêm yết" in page
    Place.objects.create(agency=office.agency, kind="office", name="Bảng tin trụ sở")
    press = f"/niem-yet/ghi/cong-bo/{row.pk}/"
    assert press in client.get(f"/cong-bo/{row.pk}/").content.decode()
    said = client.post(press, follow=True).content.decode()
    assert "Đã ghi vào sổ niêm yết: Bảng tin trụ sở." in said
    notice = Notice.objects.get()
    assert (notice.document_number, notice.rule, notice.decided_on) == (
        "30/QĐ-UBND", "conformity", row.signed_on,
    )  # fmt: skip
    assert press not in said
    as_(client, office.chau.person_id)
    client.post(f"/cong-bo/{row.pk}/rut/", {"rut-reason": "Sai phạm vi"})
    as_(client, office.an.person_id)
    assert client.post(press).status_code == 404
    assert client.get("/cong-khai/xa-binh-yen/he-thong-chat-luong/").status_code == 404


def test_another_agencys_is_not_found(client: Client, office: People) -> None:
    row = announced(office)
    pack = packing.ask(actor=office.an, year=2026, now=NOW)
    as_(client, office.chi.person_id)
    assert client.get(f"/cong-bo/{row.pk}/").status_code == 404
    assert client.post(f"/cong-bo/{row.pk}/bo/").status_code == 404
    assert client.post(f"/ho-so-kiem-tra/{pack.pk}/book/").status_code == 404


def test_a_pack_is_asked_for_and_taken_by_who_may(client: Client, office: People) -> None:
    as_(client, office.binh.person_id)
    assert client.get("/ho-so-kiem-tra/").status_code == 403
    as_(client, office.an.person_id)
    for year in ("", "20x6", "1999"):
        client.post("/ho-so-kiem-tra/lap/", {"year": year})
    assert not Pack.objects.exists()
    client.post("/ho-so-kiem-tra/lap/", {"year": "2026"})
    client.post("/ho-so-kiem-tra/lap/", {"year": "2026"})
    pack = Pack.objects.get()
    waiting = client.get("/ho-so-kiem-tra/")
    assert waiting["Refresh"] == "5"
    packing.put_together_waiting(clock=lambda: NOW)
    assert not client.get("/ho-so-kiem-tra/").has_header("Refresh")
    book = client.post(f"/ho-so-kiem-tra/{pack.pk}/book/")
    assert b"".join(book.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert "attachment" in book["Content-Disposition"]
    assert client.post(f"/ho-so-kiem-tra/{pack.pk}/khac/").status_code == 404
