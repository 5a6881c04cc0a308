"""How something becomes public: the secretary prepares it on these pages, a leader publishes it, everybody reads it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from camket.org.policy import Actor
from camket.publishing.models import Publication, PublicPage
from figures import make_plan_in_force
from people import People
from web.public.open_page import open_page, publish_all

SignedIn = Callable[[Actor], Client]
HOME = "/noi-dung-cong-khai/"


def test_from_an_empty_page_to_what_everybody_reads(
    client: Client, people: People, signed_in: SignedIn
) -> None:
    make_plan_in_force(people)
    an, chau = signed_in(people.an), signed_in(people.chau)
    assert "chưa có địa chỉ" in an.get(HOME).content.decode()
    sent = an.post(f"{HOME}trang/", {"slug": "xa-binh-yen", "hours": "Thứ Hai", "takes_feedback": "on"})
    assert sent.status_code == 302
    assert client.get("/cong-khai/xa-binh-yen/").status_code == 404
    an.post(f"{HOME}trang/mo/")
    assert "Thứ Hai" in client.get("/cong-khai/xa-binh-yen/").content.decode()

    made = an.post(f"{HOME}chuan-bi/", {"kind": "policy", "subject": ""})
    publication = Publication.objects.get()
    assert made.headers["Location"] == f"{HOME}{publication.pk}/"
    before = an.get(f"{HOME}{publication.pk}/xem-truoc/").content.decode()
    assert "Xem trước" in before
    assert publication.content["motto"] in before
    an.post(f"{HOME}{publication.pk}/trinh/", {})
    assert an.post(f"{HOME}{publication.pk}/cong-khai/").status_code == 403
    assert "đang chờ duyệt" in chau.get(HOME).content.decode()
    assert "Chờ công khai: Chính sách chất lượng" in chau.get("/dang-cho/").content.decode()
    assert "Chờ công khai: Chính sách chất lượng" not in an.get("/dang-cho/").content.decode()
    chau.post(f"{HOME}{publication.pk}/cong-khai/")
    assert "Chờ công khai: Chính sách chất lượng" not in chau.get("/dang-cho/").content.decode()
    page = client.get("/cong-khai/xa-binh-yen/chinh-sach/").content.decode()
    assert publication.content["motto"] in page
    assert "Xem trước" not in page

    refused = chau.post(f"{HOME}{publication.pk}/thu-hoi/", {"thu-hoi-reason": ""})
    assert refused.status_code == 200
    assert Publication.objects.get().state == "published"
    chau.post(f"{HOME}{publication.pk}/thu-hoi/", {"thu-hoi-reason": "Nêu nhầm."})
    assert client.get("/cong-khai/xa-binh-yen/chinh-sach/").status_code == 404


def test_a_page_with_an_address_that_is_taken_says_so_and_keeps_what_was_typed(
    people: People, signed_in: SignedIn
) -> None:
    open_page(people.other_agency, "xa-binh-yen")
    page = (
        signed_in(people.an)
        .post(f"{HOME}trang/", {"slug": "xa-binh-yen", "hours": "Thứ Hai"})
        .content.decode()
    )
    assert "Cơ quan khác đã dùng địa chỉ xa-binh-yen" in page
    assert "Thứ Hai" in page
    assert not PublicPage.objects.filter(agency=people.agency).exists()


def test_the_secretary_sees_what_should_be_made_public(people: People, signed_in: SignedIn) -> None:
    publish_all(people)
    page = signed_in(people.an).get(HOME).content.decode()
    assert "Mức độ hài lòng" not in page or "chưa công khai" in page
    plan = people.agency.plans.get()
    Publication.objects.filter(kind="objectives").update(plan=None)
    plan.publications.update(as_of="2026-01-20")
    page = signed_in(people.an).get(HOME).content.decode()
    assert "số liệu đã cũ hơn một quý" in page


def test_what_has_changed_since_stands_beside_what_is_public(people: People, signed_in: SignedIn) -> None:
    made = publish_all(people)["policy"]
    people.agency.plans.update(motto="Nhanh, đúng, minh bạch")
    page = signed_in(people.an).get(f"{HOME}{made.pk}/").content.decode()
    assert "Nhanh, đúng, minh bạch" in page
    assert "Số liệu hiện nay đã khác bản đã công khai" in page


def test_nonsense_prepares_nothing(people: People, signed_in: SignedIn) -> None:
    make_plan_in_force(people)
    an = signed_in(people.an)
    for kind, subject in (("khong-co", ""), ("report", "99999999999999999999"), ("report", "7")):
        assert an.post(f"{HOME}chuan-bi/", {"kind": kind, "subject": subject}).status_code in (302, 404)
    assert not Publication.objects.exists()


def test_the_preview_of_another_agency_is_not_there(people: People, signed_in: SignedIn) -> None:
    made = publish_all(people)["policy"]
    chi = signed_in(people.chi)
    assert chi.get(f"{HOME}{made.pk}/xem-truoc/").status_code == 404
    assert chi.post(f"{HOME}{made.pk}/bo/").status_code == 404
