"""The pages of tasks: what each person sees, sends and is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from camket.actions import operations
from camket.actions.models import Task
from camket.documents.models import Evidence
from camket.documents.operations import MAX_FILE_BYTES
from camket.org.models import CalendarDay, Person
from camket.org.policy import Actor
from people import TODAY, People
from work import NOW, PDF, QUARTERLY, in_force, make_action, make_task, submitted_task, unit_of


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.TODAY = TODAY


def signed_in(actor: Actor, language: str = "vi") -> Client:
    client = Client()
    Person.objects.filter(pk=actor.person_id).update(language=language)
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"web:tasks:{name}", args=args)


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text_of(response: Any) -> str:
    return " ".join(soup_of(response).get_text(" ").split())


def errors_of(response: Any) -> str:
    found = soup_of(response).find(attrs={"data-camket-error-summary": True})
    assert found is not None
    return " ".join(found.get_text(" ").split())


def pdf(name: str = "bien-ban.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def test_my_work_says_what_is_first(people: People) -> None:
    late = make_task(people, {"kind": "by", "date": "2026-06-10"}, text="Công khai danh mục thủ tục")
    make_task(people, {"kind": "by", "date": "2026-07-10"}, text="Tổng hợp số liệu quý")
    page = signed_in(people.binh).get(url("my_work"))
    words = text_of(page)
    assert page.status_code == 200
    assert "1 công việc quá hạn: hãy làm trước" in words
    assert words.index("Công khai danh mục") < words.index("Tổng hợp số liệu")
    assert "Quá hạn 21 ngày" in words
    assert soup_of(page).find("a", href=url("task_detail", late.pk)) is not None


def test_my_work_of_who_has_none_teaches(people: People) -> None:
    words = text_of(signed_in(people.binh).get(url("my_work")))
    assert "Không có việc nào chờ bạn" in words
    assert "khi kế hoạch được ban hành" in words


def test_a_reviewer_sees_what_waits(people: People) -> None:
    submitted_task(people)
    assert "1 kết quả chờ bạn xác nhận" in text_of(signed_in(people.chau).get(url("my_work")))


def test_pages_speak_english_too(people: People) -> None:
    make_task(people, {"kind": "by", "date": "2026-06-10"})
    words = text_of(signed_in(people.binh, "en").get(url("my_work")))
    assert "1 task is overdue: do it first" in words
    assert "21 days overdue" in words


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"trễ", "sắp"}),
        ("?trang_thai=overdue", {"trễ"}),
        ("?trang_thai=tat-ca", {"trễ", "sắp", "nộp"}),
        ("?trang_thai=submitted", {"nộp"}),
        ("?tu=01/07/2026&den=31/07/2026", {"sắp"}),
        ("?tim=sắp", {"sắp"}),
        ("?trang_thai=xyz&tu=32/13/2026&don_vi=abc", {"trễ", "sắp"}),
        ("?muc_tieu=99", set()),
    ],
)
def test_the_list_is_narrowed_by_its_address(people: People, query: str, shown: set[str]) -> None:
    make_task(people, {"kind": "by", "date": "2026-06-10"}, text="Việc trễ")
    make_task(people, {"kind": "by", "date": "2026-07-10"}, text="Việc sắp")
    submitted_task(people, text="Việc nộp")
    page = signed_in(people.binh).get(url("task_list") + query)
    titles = {link.get_text().removeprefix("Việc ") for link in soup_of(page).select("a.tk-title")}
    assert (page.status_code, titles) == (200, shown)


def test_the_list_is_grouped_by_unit(people: People) -> None:
    make_task(people, text="Một")
    make_task(people, text="Hai", lead=unit_of(people, 0))
    page = signed_in(people.binh).get(url("task_list") + "?nhom=unit")
    headings = [" ".join(h.get_text(" ").split()) for h in soup_of(page).select(".tk-group h2")]
    assert headings == ["Văn phòng HĐND và UBND 1", "Phòng Kinh tế 1"]


def test_an_empty_list_teaches(people: People) -> None:
    assert "Chưa có công việc" in text_of(signed_in(people.an).get(url("task_list")))
    assert "Không có công việc phù hợp" in text_of(signed_in(people.an).get(url("task_list") + "?tim=x"))


def test_a_long_list_stays_within_its_statements(people: People, django_assert_max_num_queries: Any) -> None:
    weekly = {"kind": "every", "period": "week"}
    in_force(people, make_action(people, weekly), make_action(people, weekly))
    client = signed_in(people.an)
    with django_assert_max_num_queries(15):
        page = client.get(url("task_list"))
    assert len(soup_of(page).select("a.tk-title")) == 100
    assert soup_of(page).find("a", href="?page=2") is not None


def test_a_task_is_submitted_with_files_and_a_document(people: People) -> None:
    task = make_task(people)
    client = signed_in(people.binh)
    assert "Minh chứng theo kế hoạch: Quyết định ban hành quy trình" in text_of(
        client.get(url("task_detail", task.pk))
    )
    page = client.post(
        url("submit_task", task.pk),
        {
            "result": "Đã ban hành.",
            "attachments": [pdf("a.pdf"), pdf("b.pdf", PDF + b"%")],
            "document_number": "12/BC-UBND",
            "document_date": "30/06/2026",
        },
        follow=True,
    )
    task.refresh_from_db()
    assert (task.state, task.evidence.count()) == ("submitted", 3)
    assert "Đã nộp." in text_of(page)
    assert Evidence.objects.get(kind="document").document_date == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"result": " "}, "Hãy ghi kết quả hoặc đính kèm minh chứng"),
        (
            {"result": "Bản thảo của tôi", "document_date": "2026-13-01", "document_number": "1"},
            "Ngày văn bản",
        ),
        ({"result": "Bản thảo của tôi", "document_date": "01/06/2026"}, "Hãy nhập số, ký hiệu kèm theo ngày"),
        ({"result": "Bản thảo của tôi", "link": "javascript:alert(1)"}, "https://"),
        (
            {"result": "Bản thảo của tôi", "attachments": [pdf("a.pdf", b"MZ\x90")]},
            "Loại tệp này không được lưu",
        ),
        (
            {"result": "Bản thảo của tôi", "attachments": [pdf("to.pdf", b"%PDF-" + b"0" * MAX_FILE_BYTES)]},
            "lớn hơn 20 MB",
        ),
    ],
    ids=["nothing", "no day", "no number", "no link", "no file", "large"],
)
def test_a_bad_submission_says_why_and_keeps_what_was_typed(
    people: People, data: dict[str, Any], words: str
) -> None:
    task = make_task(people)
    page = signed_in(people.binh).post(url("submit_task", task.pk), data)
    assert page.status_code == 422
    assert words in errors_of(page)
    if "Bản thảo" in str(data["result"]):
        assert "Bản thảo của tôi" in soup_of(page).find("textarea", {"name": "result"}).get_text()
    task.refresh_from_db()
    assert (task.state, Evidence.objects.count()) == ("open", 0)


ACTS: list[tuple[str, str, dict[str, str], str]] = [
    ("record_progress", "binh", {"progress": "40", "note": "Đang làm"}, "open"),
    ("attach_evidence", "binh", {"them-document_number": "12/BC-UBND"}, "open"),
    ("move_due", "an", {"han-due_on": "17/07/2026", "han-reason": "Chờ văn bản"}, "open"),
    ("assign_task", "an", {"person": ""}, "open"),
    ("cancel_task", "an", {"huy-reason": "Không còn phù hợp"}, "cancelled"),
    ("comment_task", "chau", {"text": "Cố gắng xong sớm"}, "open"),
]


@pytest.mark.parametrize(("name", "who", "data", "state"), ACTS, ids=[act[0] for act in ACTS])
def test_acts_on_an_open_task(people: People, name: str, who: str, data: dict[str, str], state: str) -> None:
    task = make_task(people)
    page = signed_in(getattr(people, who)).post(url(name, task.pk), data)
    assert (page.status_code, page["Location"]) == (302, url("task_detail", task.pk))
    task.refresh_from_db()
    assert (task.state, task.notes.count()) == (state, 1)


BAD = [
    ("record_progress", "binh", {"progress": "140", "note": "Gõ dở"}, "100"),
    ("record_progress", "binh", {"progress": "0", "note": ""}, "Hãy sửa tiến độ hoặc viết ghi chú"),
    ("attach_evidence", "binh", {}, "Hãy chọn tệp, hoặc nhập liên kết"),
    ("move_due", "an", {"han-due_on": "17/17/2026", "han-reason": "Gõ dở"}, "Hạn mới"),
    ("move_due", "an", {"han-due_on": "17/07/2026", "han-reason": ""}, "Lý do"),
    ("assign_task", "an", {"person": "999999"}, "Người thực hiện"),
    ("cancel_task", "an", {"huy-reason": " "}, "Lý do"),
    ("reopen_task", "an", {"mo-reason": "Gõ dở"}, "đang mở"),
    ("comment_task", "chau", {"text": " "}, "Trao đổi"),
    ("accept_task", "an", {}, "không ở trạng thái chờ xác nhận"),
    ("return_task", "an", {"tra-reason": ""}, "Nội dung cần sửa"),
]


@pytest.mark.parametrize(("name", "who", "data", "words"), BAD)
def test_bad_acts_change_nothing(
    people: People, name: str, who: str, data: dict[str, str], words: str
) -> None:
    task = make_task(people)
    before = Task.objects.filter(pk=task.pk).values().get()
    page = signed_in(getattr(people, who)).post(url(name, task.pk), data)
    assert page.status_code == 422
    if name not in {"reopen_task", "accept_task", "return_task"}:
        assert words in errors_of(page)
    if "Gõ dở" in data.values() and name != "reopen_task":
        assert "Gõ dở" in page.content.decode()
    assert Task.objects.filter(pk=task.pk).values().get() == before
    assert not task.notes.exists()


def test_a_submission_is_returned_and_accepted_in_the_browser(people: People) -> None:
    task = submitted_task(people)
    an, binh = signed_in(people.an), signed_in(people.binh)
    assert "Xác nhận hoàn thành" in text_of(an.get(url("task_detail", task.pk)))
    an.post(url("return_task", task.pk), {"tra-reason": "Thiếu chữ ký"})
    words = text_of(binh.get(url("task_detail", task.pk)))
    assert "Bị trả lại: hãy sửa theo nội dung sau rồi nộp lại" in words
    assert "Thiếu chữ ký" in words
    binh.post(url("submit_task", task.pk), {"result": "Đã ký"})
    an.post(url("accept_task", task.pk), {"dat-note": ""})
    task.refresh_from_db()
    assert (task.state, task.progress, task.done_on) == ("accepted", 100, TODAY)
    an.post(url("reopen_task", task.pk), {"mo-reason": "Xác nhận nhầm"})
    task.refresh_from_db()
    assert task.state == "returned"


def test_who_submitted_is_told_that_another_accepts(people: People) -> None:
    task = submitted_task(people, actor=people.an)
    words = text_of(signed_in(people.an).get(url("task_detail", task.pk)))
    assert "phải do người khác thực hiện" in words
    assert signed_in(people.an).post(url("accept_task", task.pk)).status_code == 422


def test_the_page_offers_only_what_one_may(people: People) -> None:
    task = make_task(people, lead=unit_of(people, 0))
    page = soup_of(signed_in(people.binh).get(url("task_detail", task.pk)))
    assert [form["action"] for form in page.select("main form")] == [url("comment_task", task.pk)]


@pytest.mark.parametrize(
    ("name", "who"),
    [("submit_task", "binh"), ("move_due", "binh"), ("accept_task", "binh"), ("assign_task", "binh")],
)
def test_acts_beyond_ones_part_are_forbidden(people: People, name: str, who: str) -> None:
    task = make_task(people, lead=unit_of(people, 0))
    data = {"result": "x", "han-due_on": "17/07/2026", "han-reason": "x", "person": ""}
    assert signed_in(getattr(people, who)).post(url(name, task.pk), data).status_code == 403
    task.refresh_from_db()
    assert task.state == "open"


NAMES = [
    "record_progress", "attach_evidence", "submit_task", "accept_task", "return_task",
    "move_due", "assign_task", "cancel_task", "reopen_task", "comment_task",
]  # fmt: skip
VALUES = {
    "progress": "5", "note": "x", "result": "x", "them-document_number": "1", "tra-reason": "x", "text": "x",
    "han-due_on": "17/07/2026", "han-reason": "x", "huy-reason": "x", "mo-reason": "x", "person": "",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_finds_nothing(people: People, name: str) -> None:
    task = submitted_task(people)
    before = Task.objects.filter(pk=task.pk).values().get()
    chi = signed_in(people.chi)
    assert chi.get(url("task_detail", task.pk)).status_code == 404
    assert chi.post(url(name, task.pk), VALUES).status_code == 404
    assert Task.objects.filter(pk=task.pk).values().get() == before


@pytest.mark.parametrize("name", NAMES)
def test_acts_are_never_done_by_looking(people: People, name: str) -> None:
    task = make_task(people)
    assert signed_in(people.an).get(url(name, task.pk)).status_code == 405


def test_a_file_is_saved_not_opened(people: People) -> None:
    task = make_task(people)
    client = signed_in(people.binh)
    client.post(url("attach_evidence", task.pk), {"them-attachments": [pdf("Biên bản họp.pdf")]})
    file_id = Evidence.objects.get().file_id
    response = client.get(url("file", file_id))
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert signed_in(people.chi).get(url("file", file_id)).status_code == 404


def test_evidence_is_withdrawn_and_stays_listed(people: People) -> None:
    task = make_task(people)
    client = signed_in(people.binh)
    client.post(url("attach_evidence", task.pk), {"them-link": "https://example.gov.vn/a"})
    evidence = Evidence.objects.get()
    withdraw = url("withdraw_evidence", evidence.pk)
    back = url("task_detail", task.pk)
    page = client.post(withdraw, {"reason": "", "next": back}, follow=True)
    assert "Hãy nêu lý do rút minh chứng" in text_of(page)
    assert signed_in(people.chi).post(withdraw, {"reason": "x"}).status_code == 404
    assert client.post(withdraw, {"reason": "Nhầm", "next": "https://evil.example/"})["Location"] == url(
        "my_work"
    )
    assert "Đã rút" in text_of(client.get(back))


def test_an_event_is_fired(people: People) -> None:
    action = make_action(people, {"kind": "on_event", "event": "đột xuất"})
    in_force(people, action)
    fire = url("fire_trigger", action.triggers.get().pk)
    client = signed_in(people.binh)
    assert "Đột xuất" in text_of(client.get(url("triggers")))
    assert "01/07/2026" in client.get(fire).content.decode()
    refused = client.post(fire, {"happened_on": "01/07/2026", "note": "Gõ dở"})
    assert refused.status_code == 422
    assert "Gõ dở" in refused.content.decode()
    early = client.post(fire, {"happened_on": "01/07/2026", "due_on": "30/06/2026"})
    assert "không thể trước ngày xảy ra" in errors_of(early)
    assert not Task.objects.exists()
    assert client.post(fire, {"happened_on": "01/07/2026", "due_on": "10/07/2026"}).status_code == 302
    assert Task.objects.get().due_on == date(2026, 7, 10)
    assert "1 lần, gần nhất ngày 01/07/2026" in text_of(client.get(url("triggers")))
    assert signed_in(people.chi).get(fire).status_code == 404
    assert (
        signed_in(people.chau).post(fire, {"happened_on": "01/07/2026", "due_on": "10/07/2026"}).status_code
        == 403
    )


def test_no_events_teach(people: People) -> None:
    assert "Không có việc nào gắn với sự việc" in text_of(signed_in(people.an).get(url("triggers")))


def test_the_month_shows_tasks_and_days_off(people: People) -> None:
    make_task(people, {"kind": "by", "date": "2026-08-28"}, text="Đánh giá nội bộ")
    client = signed_in(people.an)
    page = client.get(url("calendar_month", 2026, 8))
    words = text_of(page)
    assert "Công việc đến hạn tháng 8/2026" in words
    assert "Nghỉ hoán đổi (làm bù 22/08/2026)" in words
    assert words.count("Đánh giá nội bộ") == 2  # in the month and in the agenda
    assert "Đánh giá nội bộ" not in text_of(client.get(url("calendar_month", 2026, 8) + "?cua=toi"))
    assert "chưa được xác nhận" in text_of(client.get(url("calendar_month", 2027, 2)))
    assert client.get(url("calendar_month", 2026, 13)).status_code == 404
    for number in range(9):
        make_task(people, {"kind": "by", "date": "2026-10-01"}, text=f"Việc {number}")
    busy = client.get(url("calendar_month", 2026, 10))
    more = soup_of(busy).select_one(".tk-month .tk-day__more")
    assert more is not None
    assert more.get_text() == "thêm 3 việc"
    assert len(soup_of(client.get(more["href"])).select("a.tk-title")) == 9
    assert client.get(url("this_month"))["Location"] == url("calendar_month", 2026, 7)


def test_the_feed_is_made_renewed_and_read_without_signing_in(people: People) -> None:
    task = make_task(people, QUARTERLY, text="Rà soát; cập nhật, quy trình")
    client = signed_in(people.binh)
    assert "Bạn chưa có địa chỉ lịch" in text_of(client.get(url("feed_settings")))
    client.post(url("feed_settings"))
    key = Person.objects.get(pk=people.binh.person_id).feed_key
    assert key in client.get(url("feed_settings")).content.decode()
    response = Client().get(url("feed", key))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    feed = Calendar.from_ical(response.content)
    events = feed.walk("VEVENT")
    assert len(events) == 4
    first = events[0]
    assert first.decoded("dtstart") == task.due_on
    assert str(first["summary"]) == "Rà soát; cập nhật, quy trình"
    assert str(first["uid"]) == f"task-{task.pk}@{people.agency.code}.camket"
    assert "Quý I/2026" in str(first["description"])
    client.post(url("feed_settings"))
    assert Client().get(url("feed", key)).status_code == 404
    assert Client().post(url("feed", key)).status_code == 405


@pytest.mark.parametrize("key", ["x", "a" * 43, "%20" * 20])
def test_a_guessed_feed_is_not_found(people: People, key: str) -> None:
    assert Client().get(f"/cong-viec/lich/{key}.ics").status_code == 404


def test_the_secretary_changes_a_day_and_tasks_follow(people: People) -> None:
    task = make_task(people)
    client = signed_in(people.an)
    change = {"day": "10/07/2026", "kind": "off", "name": "Nghỉ theo thông báo", "source": "TB 12"}
    page = client.post(url("calendar_year", 2026), change, follow=True)
    assert "1 công việc đang mở được tính lại hạn" in text_of(page)
    assert "Do cơ quan nhập" in text_of(page)
    task.refresh_from_db()
    assert task.due_on == date(2026, 7, 9)
    assert "kế hoạch ghi ngày 10/07/2026, là ngày nghỉ" in text_of(client.get(url("task_detail", task.pk)))
    client.post(url("reset_day", 2026, "2026-07-10"))
    task.refresh_from_db()
    assert task.due_on == date(2026, 7, 10)
    assert client.post(url("reset_day", 2026, "2026-07-10")).status_code == 404
    assert client.post(url("reset_day", 2026, "x")).status_code == 404


def test_a_bad_day_changes_nothing(people: People) -> None:
    client = signed_in(people.an)
    page = client.post(url("calendar_year", 2026), {"day": "31/02/2026", "kind": "off", "name": "Gõ dở"})
    assert page.status_code == 422
    assert "Gõ dở" in page.content.decode()
    late = client.post(url("calendar_year", 2026), {"day": "01/01/2200", "kind": "off", "name": "x"})
    assert "2000" in errors_of(late)
    assert not CalendarDay.objects.filter(agency__isnull=False).exists()


def test_a_year_is_confirmed(people: People) -> None:
    client = signed_in(people.an)
    assert "Lịch chưa được xác nhận" in text_of(client.get(url("calendar_year", 2027)))
    assert client.post(url("confirm_year", 2027), {"nam-source": ""}).status_code == 422
    page = client.post(url("confirm_year", 2027), {"nam-source": "Thông báo 01/TB-BNV"}, follow=True)
    assert "Nguồn: Thông báo 01/TB-BNV" in text_of(page)
    assert "Chưa có lịch nghỉ" in text_of(client.get(url("calendar_year", 2040)))
    assert client.get(url("calendar_year", 2101)).status_code == 404
    assert client.get(url("this_year"))["Location"] == url("calendar_year", 2026)


def test_officers_see_the_calendar_but_do_not_change_it(people: People) -> None:
    client = signed_in(people.binh)
    page = client.get(url("calendar_year", 2026))
    assert not soup_of(page).select("main form")
    change = {"day": "10/07/2026", "kind": "off", "name": "x"}
    assert client.post(url("calendar_year", 2026), change).status_code == 403
    assert client.post(url("confirm_year", 2027), {"nam-source": "x"}).status_code == 403
    assert client.post(url("reset_day", 2026, "2026-07-10")).status_code == 403
    assert not CalendarDay.objects.filter(agency__isnull=False).exists()


@pytest.mark.parametrize(
    "name", ["my_work", "task_list", "triggers", "this_month", "this_year", "feed_settings"]
)
def test_who_is_not_signed_in_is_sent_to_sign_in(people: People, name: str) -> None:
    response = Client().get(url(name))
    assert response.status_code == 302
    assert "dang-nhap" in response["Location"]


def test_markup_in_what_people_write_stays_words(people: People) -> None:
    task = make_task(people, text="<script>alert(1)</script> Rà soát")
    operations.comment_task(actor=people.an, task_id=task.pk, text="<img src=x onerror=alert(1)>", now=NOW)
    content = signed_in(people.binh).get(url("task_detail", task.pk)).content.decode()
    assert "<script>alert(1)" not in content
    assert "<img src=x" not in content
