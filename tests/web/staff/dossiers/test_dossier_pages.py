"""The pages of dossiers: what needs doing, the list, one dossier, letters, Biểu II.06a."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from camket.core.dossiers import State
from camket.dossiers.models import Dossier, Letter, OfficeHours
from camket.dossiers.operations import letters
from camket.journal.models import Access
from camket.journal.operations import record_access
from camket.org.models import Role, Unit
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet
from people import TODAY, People, actor_of, make_person
from procedures import make_procedure
from seeded import make_late_dossier, seed
from web.browser import Desk
from web.test_statements import AT_MOST

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Actor], Client]
NAME = "Nguyễn Văn Mẫu"
PAGES = (
    "/ho-so/viec/",
    "/ho-so/",
    "/ho-so/?dem=late",
    "/ho-so/?dem=open",
    "/ho-so/lech-han/",
    "/ho-so/thu/",
    "/ho-so/thu/?loai=du-thao",
    "/ho-so/bieu-06a/",
    "/ho-so/bieu-06a/?nhom=don-vi&cho=open",
)


@pytest.fixture
def mai(people: People) -> Actor:
    return actor_of(make_person(people.agency, "Đỗ Thị Mai", "mai", Role.ONE_STOP), people.agency)


@pytest.fixture
def late(people: People) -> Dossier:
    economy = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    return make_late_dossier(people.agency, make_procedure(people.agency), unit=economy)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_the_first_line_says_what_needs_doing(
    people: People, signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    make_late_dossier(people.agency, late.procedure, "H00.1-260601-0002", due=datetime(2026, 7, 1, 16, 30))
    make_late_dossier(people.agency, late.procedure, "H00.1-260601-0003", due=datetime(2026, 7, 3, 16, 30))
    shown = page(signed_in(mai), "/ho-so/viec/")
    assert "1 hồ sơ quá hạn chưa có thư xin lỗi hoặc giải trình." in shown
    assert shown.index("Quá hạn, chưa có thư") < shown.index("Đến hạn hôm nay") < shown.index("Sắp đến hạn")
    assert "trễ 12 ngày làm việc" in shown


def test_a_row_says_that_a_letter_is_drafted_until_it_is_discarded(
    people: People, signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    make_late_dossier(people.agency, late.procedure, "H00.1-260601-0002", due=datetime(2026, 6, 3, 16, 30))
    now = timezone.make_aware(datetime(2026, 7, 1, 9))
    said, client = "đã có dự thảo thư, chưa cấp số", signed_in(mai)
    assert said not in page(client, "/ho-so/viec/")
    done = letters.draft_letters(
        actor=mai,
        dossier_ids=[late.pk],
        kind="apology",
        reason="Chờ kết quả xác minh",
        due_new=date(2026, 7, 10),
        now=now,
    )
    row = page(client, "/ho-so/viec/").split(late.code)[-1].split("</tr>")[0]
    assert said in row
    assert page(client, "/ho-so/viec/").count(said) == 1
    letters.discard_letters(actor=mai, letter_ids=done.letter_ids, now=now)
    assert said not in page(client, "/ho-so/viec/")


def test_a_clock_that_stands_still_is_not_overdue(
    people: People, signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    Dossier.objects.filter(pk=late.pk).update(
        state=State.SUPPLEMENT, overdue_day=None, waiting_from_day=20_600
    )
    shown = page(signed_in(mai), "/ho-so/viec/")
    assert "Chờ bổ sung quá lâu" in shown
    assert "Quá hạn, chưa có thư" not in shown


def test_both_dates_stand_on_the_page_also_where_the_export_tells_no_day_of_giving(
    signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    again = timezone.make_aware(datetime(2026, 7, 20, 16, 30))
    Dossier.objects.filter(pk=late.pk).update(due_now=again, due_promised=again)
    shown = page(signed_in(mai), f"/ho-so/{late.pk}/")
    assert (
        shown.index("16:30 15/06/2026")
        < shown.index("16:30 20/07/2026")
        < shown.index("chỉ được hẹn lại một lần")
    )
    assert "hẹn lại" in page(signed_in(mai), "/ho-so/?dem=open")
    Dossier.objects.filter(pk=late.pk).update(due_now=late.due_first, reappointed_at=again)
    assert "Hẹn lại ngày 20/07/2026 là quá muộn" in page(signed_in(mai), f"/ho-so/{late.pk}/")


def test_work_is_narrowed_down_to_a_unit(
    people: People, signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    other = Unit.objects.get(agency=people.agency, name="Phòng Văn hóa - Xã hội")
    assert late.code not in page(signed_in(mai), f"/ho-so/viec/?don_vi={other.pk}")
    assert late.code in page(signed_in(mai), f"/ho-so/viec/?don_vi={late.unit_id}")


@pytest.mark.parametrize("path", ["/ho-so/viec/", "/ho-so/", "/ho-so/{id}/", "/ho-so/thu/soan/?hs={id}"])
def test_applicants_are_masked_on_every_page(
    signed_in: SignedIn, mai: Actor, late: Dossier, path: str
) -> None:
    shown = page(signed_in(mai), path.format(id=late.pk))
    assert "Nguyễn V. M." in shown
    assert NAME not in shown
    assert "0912345678" not in shown
    assert not Access.objects.exists()


def test_the_applicant_in_clear_is_for_who_may_and_recorded(
    people: People, signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    path = f"/ho-so/{late.pk}/?ro=1"
    assert NAME not in page(signed_in(people.an), path)  # the secretary settles no dossiers
    assert NAME not in page(signed_in(people.chau), path)
    assert not Access.objects.exists()
    assert NAME in page(signed_in(mai), path)
    assert NAME in page(signed_in(people.binh), path)  # an officer of the unit in charge
    assert [(each.by_id, each.what) for each in Access.objects.order_by("pk")] == [
        (mai.person_id, "applicants"),
        (people.binh.person_id, "applicants"),
    ]


def test_an_officer_of_another_unit_sees_no_applicant(
    people: People, signed_in: SignedIn, late: Dossier
) -> None:
    Dossier.objects.filter(pk=late.pk).update(
        unit=Unit.objects.get(agency=people.agency, name="Phòng Văn hóa - Xã hội")
    )
    assert NAME not in page(signed_in(people.binh), f"/ho-so/{late.pk}/?ro=1")


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("ma=H00.1-260601-0001", True),
        ("ma=260601-0001", True),
        ("ma=0001", True),
        ("ma=260501-0001", False),
        ("ma=263301-0001", False),
        ("dem=overdue", True),
        ("dem=finished", False),
        ("dem=open&linh_vuc=ho tich", True),
        ("dem=open&linh_vuc=dat dai", False),
        ("dem=open&thu_tuc=1.001193&kenh=direct", True),
        ("dem=open&kenh=online", False),
        ("dem=open&trang_thai=4", True),
        ("dem=open&trang_thai=9", False),
        ("dem=handled_5", False),
        ("tu=01/06/2026&den=01/06/2026", True),
        ("tu=02/06/2026", False),
    ],
)
def test_a_list_shows_the_dossiers_behind_a_count(
    signed_in: SignedIn, mai: Actor, late: Dossier, query: str, *, is_found: bool
) -> None:
    assert (f"/ho-so/{late.pk}/" in page(signed_in(mai), f"/ho-so/?{query}")) is is_found


@pytest.mark.parametrize(
    "query", ["tu=32/01/2026", "tu=02/07/2026&den=01/01/2026", "dem=no-such", "kenh=fax", "sau=x.y"]
)
def test_what_cannot_be_asked_for_is_said_and_breaks_nothing(
    signed_in: SignedIn, mai: Actor, late: Dossier, query: str
) -> None:
    page(signed_in(mai), f"/ho-so/?{query}")


def test_pages_of_a_list_follow_each_other_without_a_gap(
    people: People, signed_in: SignedIn, mai: Actor
) -> None:
    with transaction.atomic():
        seed(people.agency, 130, today=TODAY, days=40)
    client = signed_in(mai)
    found: list[int] = []
    after = ""
    while True:
        response = client.get("/ho-so/", {"tu": "01/05/2026", "den": "01/07/2026", "sau": after})
        listed = response.context["page"]
        found += [row.id for row in listed.rows]
        assert listed.total == 130
        if not (after := listed.following):
            break
    assert len(found) == len(set(found)) == 130


def test_letters_are_written_signed_and_numbered_on_the_pages(
    people: People, signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    client = signed_in(mai)
    refused = client.post(
        "/ho-so/thu/soan/", {"hs": late.pk, "kind": "apology", "reason": "", "due_new": "1/1"}
    )
    assert refused.status_code == 200
    assert not Letter.objects.exists()
    client.post(
        "/ho-so/thu/soan/", {"hs": late.pk, "kind": "apology", "reason": "Quá tải", "due_new": "08/07/2026"}
    )
    letter = Letter.objects.get()
    assert NAME in page(client, f"/ho-so/thu/{letter.pk}/")
    assert Access.objects.get().what == "applicants"
    client.post(f"/ho-so/thu/{letter.pk}/sua/", {"reason": "Thiếu người", "due_new": "09/07/2026"})
    client.post(
        "/ho-so/thu/ban-hanh/",
        {"thu": letter.pk, "issued_on": "01/07/2026", "signed_by": "Lê Minh Châu", "capacity": "CHỦ TỊCH"},
    )
    assert "01/PXL-UBND" in page(client, "/ho-so/thu/")
    shown = page(client, f"/ho-so/{late.pk}/")
    assert "01/PXL-UBND" in shown
    assert "09/07/2026" in shown
    file = client.get("/ho-so/thu/tai/", {"thu": letter.pk})
    assert file.headers["Content-Disposition"] == 'attachment; filename="thu-ho-so-qua-han-2026-07-01.docx"'
    assert file.content.startswith(b"PK")


def test_a_letter_is_withdrawn_on_its_page_with_what_becomes_of_the_date(
    people: People, signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    client = signed_in(mai)
    client.post(
        "/ho-so/thu/soan/", {"hs": late.pk, "kind": "apology", "reason": "Quá tải", "due_new": "08/07/2026"}
    )
    letter = Letter.objects.get()
    address = f"/ho-so/thu/{letter.pk}/thu-hoi/"
    assert client.get(address).headers["Location"] == f"/ho-so/thu/{letter.pk}/"  # a draft is discarded
    signed = {
        "thu": letter.pk,
        "issued_on": "01/07/2026",
        "signed_by": "Lê Minh Châu",
        "capacity": "CHỦ TỊCH",
    }
    client.post("/ho-so/thu/ban-hanh/", signed)
    assert address in page(client, f"/ho-so/thu/{letter.pk}/")
    asked = page(client, address)
    assert "08/07/2026" in asked
    assert "15/06/2026" in asked
    assert "lý do" in client.post(address, {"reason": "", "date": "stands"}).content.decode().lower()
    assert Letter.objects.get().state == "issued"
    done = client.post(address, {"reason": "Gửi nhầm hồ sơ", "date": "goes"}, follow=True).content.decode()
    assert "Gửi nhầm hồ sơ" in done
    assert address not in done
    listed = page(client, "/ho-so/thu/")
    assert "Đã thu hồi" in listed
    assert "01/PXL-UBND" in listed
    late.refresh_from_db()
    assert (late.due_now, late.is_answered) == (late.due_first, False)


@pytest.mark.parametrize("path", ["/ho-so/thu/soan/", "/ho-so/thu/ban-hanh/", "/ho-so/thu/tai/"])
def test_nothing_ticked_leads_back_with_a_word(signed_in: SignedIn, mai: Actor, path: str) -> None:
    response = signed_in(mai).get(path, follow=True)
    assert response.status_code == 200
    assert "đánh dấu" in response.content.decode()


@pytest.mark.parametrize("file_format", ["xlsx", "docx", "pdf"])
def test_the_form_is_taken_out(signed_in: SignedIn, mai: Actor, late: Dossier, file_format: str) -> None:
    response = signed_in(mai).get(f"/ho-so/bieu-06a/tai/{file_format}/?tu=01/04/2026&den=30/06/2026")
    name = f'attachment; filename="bieu-06a-2026-04-01-2026-06-30.{file_format}"'
    assert response.headers["Content-Disposition"] == name
    if file_format == "xlsx":
        rows = [row.cells for row in read_sheet(response.content, "bieu.xlsx").rows]
        assert list(rows[-1][1:13]) == ["Tổng cộng", "1", "0", "1", "0", "0", "0", "0", "0", "1", "0", "1"]


def test_a_form_of_a_period_that_goes_on_is_counted_up_to_today(
    signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    shown = page(signed_in(mai), "/ho-so/bieu-06a/?tu=01/01/2026&den=31/12/2026")
    assert "01/01/2026 – 01/07/2026" in shown
    assert "tính đến hôm nay" in shown


def test_pages_take_few_statements_and_no_more_for_ten_times_as_many(
    people: People, signed_in: SignedIn, mai: Actor
) -> None:
    client = signed_in(mai)
    found: list[dict[str, int]] = []
    for count in (60, 600):
        with transaction.atomic():
            Dossier.objects.all().delete()
            seed(people.agency, count, today=TODAY, seed_of=count)
        dossier = Dossier.objects.order_by("pk")[0]
        taken = {}
        for path in (*PAGES, f"/ho-so/{dossier.pk}/"):
            with CaptureQueriesContext(connection) as captured:
                page(client, path)
            taken[path.replace(str(dossier.pk), "")] = len(captured)
        found.append(taken)
    assert {path: number for path, number in found[1].items() if number > 15} == {}
    assert [path for path in found[0] if found[1][path] > found[0][path] + 2] == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_what_to_do_before_the_first_import(signed_in: SignedIn, mai: Actor, path: str) -> None:
    page(signed_in(mai), path)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_accessible(people: People, desk: Desk, mai: Actor) -> None:
    with transaction.atomic():
        seed(people.agency, 120, today=TODAY)
    dossier = Dossier.objects.filter(finished_day=None, overdue_day__lte=20_635).first()
    dossier = dossier or make_late_dossier(people.agency, Dossier.objects.all()[0].procedure)
    desk.sign_in("mai")
    for path in (*PAGES, f"/ho-so/{dossier.pk}/?ro=1", f"/ho-so/thu/soan/?hs={dossier.pk}"):
        desk.open(path)
        desk.assert_accessible()


@pytest.mark.parametrize("path", ["/ho-so/thu/{}/", "/ho-so/thu/{}/tai/docx/", "/ho-so/{}/"])
def test_a_number_that_no_row_has_finds_nothing(
    people: People, signed_in: SignedIn, mai: Actor, path: str
) -> None:
    assert signed_in(mai).get(path.format("9" * 20)).status_code == 404


def test_the_first_clear_look_of_a_day_takes_few_statements(
    signed_in: SignedIn, mai: Actor, late: Dossier
) -> None:
    record_access(actor=mai, what="people", purpose="x", on=TODAY - timedelta(days=1), people=3)
    client = signed_in(mai)
    with CaptureQueriesContext(connection) as first:
        assert NAME in page(client, f"/ho-so/{late.pk}/?ro=1")
    with CaptureQueriesContext(connection) as second:
        client.get(f"/ho-so/{late.pk}/", {"ro": "1"})
    assert Access.objects.get(on=TODAY).what == "applicants"
    assert len(first) <= AT_MOST
    assert len(second) <= AT_MOST


def test_working_hours_are_set_after_a_look_at_what_they_change(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    assert "07:30 – 11:30; 13:30 – 17:30" in page(client, "/ho-so/gio-lam-viec/")
    typed = {
        "morning_from": "7h", "morning_to": "11 giờ 30", "afternoon_from": "13:30", "afternoon_to": "17:00",
        "cut_off": "15:00", "valid_from": "01/07/2026", "source": "TB 5/TB-UBND",
    }  # fmt: skip
    address = "/ho-so/gio-lam-viec/dat/"
    for wrong in (
        {"morning_from": "sáng"},
        {"afternoon_to": ""},
        {"cut_off": "18:00"},
        {"morning_to": "6:00"},
    ):
        assert client.post(address, {**typed, **wrong}).status_code == 422
    looked = client.post(address, typed)
    assert "Không hồ sơ đang giải quyết nào đổi ngày" in looked.content.decode()
    assert not OfficeHours.objects.exists()
    saved = client.post(address, {**typed, "luu": "co"}, follow=True).content.decode()
    assert "07:00 – 11:30; 13:30 – 17:00" in saved
    assert "15:00" in saved
    assert "TB 5/TB-UBND" in saved
    assert signed_in(people.binh).get(address).status_code == 403
