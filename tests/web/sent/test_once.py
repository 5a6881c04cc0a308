"""A form takes effect once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from camket.actions.models import Task, TaskNote
from camket.documents.models import Evidence
from camket.intake.models import SentForm
from camket.intake.operations import REMEMBERED
from camket.journal.models import Entry
from camket.objectives.models import Plan
from camket.org.models import Membership, Person, Unit
from camket.org.policy import Actor
from people import People
from web.sent.pages import opened, send
from work import PDF, make_task

SignedIn = Callable[[Actor], Client]


@pytest.fixture
def an(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def twice(client: Client, page: str, action: str = "", **typed: Any) -> tuple[Any, Any]:
    """Send the form of one page twice, as an impatient hand does."""
    form = opened(client, page, action)
    return send(client, form, **typed), send(client, form, **typed)


def test_an_empty_plan_is_begun_once(an: Client) -> None:
    first, second = twice(an, "/ke-hoach/soan-moi/", year="2027", copy_from="")
    assert Plan.objects.count() == 1
    assert second["Location"] == first["Location"]
    assert "không có việc nào bị thực hiện hai lần" in an.get(second["Location"]).content.decode().lower()


def test_a_unit_is_added_once(an: Client) -> None:
    first, second = twice(an, "/co-quan/bo-phan/them/", name="Tổ công nghệ số", short_name="", kind="section")
    assert Unit.objects.filter(name="Tổ công nghệ số").count() == 1
    assert (first.status_code, second.status_code) == (302, 302)


def test_a_person_is_added_once(an: Client) -> None:
    first, second = twice(
        an, "/co-quan/nhan-su/them/", full_name="Đỗ Thị Mới", login="moi.do", role="officer"
    )
    assert Person.objects.filter(login="moi.do").count() == 1
    assert second["Location"] == first["Location"]


def test_a_post_is_given_once(an: Client, people: People) -> None:
    page = f"/co-quan/nhan-su/{people.binh.person_id}/"
    first, second = twice(an, page, f"{page}vi-tri/", role="auditor", position="Đánh giá viên")
    assert Membership.objects.filter(person_id=people.binh.person_id, role="auditor").count() == 1
    assert (first.status_code, second.status_code) == (302, 302)


def test_evidence_is_attached_once(an: Client, people: People) -> None:
    task = make_task(people)
    form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/minh-chung/")
    for _ in range(2):
        response = send(an, form, **{"them-attachments": [SimpleUploadedFile("a.pdf", PDF)]})
        assert response.status_code == 302
    assert Evidence.objects.count() == 1
    assert task.evidence.count() == 1


def test_a_comment_is_kept_once_and_another_one_too(an: Client, people: People) -> None:
    task = make_task(people)
    form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/trao-doi/")
    for text in ("Đã nhắc tổ một cửa", "Đã nhắc tổ một cửa", "Chờ ý kiến của tỉnh"):
        assert send(an, form, text=text).status_code == 302
    comments = TaskNote.objects.filter(task=task, kind=TaskNote.Kind.COMMENT)
    assert sorted(comments.values_list("text", flat=True)) == ["Chờ ý kiến của tỉnh", "Đã nhắc tổ một cửa"]


def test_a_form_that_was_refused_may_be_sent_again(an: Client, people: People) -> None:
    task = make_task(people)
    form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/huy/")
    refused = send(an, form, **{"huy-reason": "   "})
    assert refused.status_code == 422
    assert SentForm.objects.count() == 0
    assert send(an, form, **{"huy-reason": "Không còn cần"}).status_code == 302
    assert Task.objects.get(pk=task.pk).state == "cancelled"


def test_the_form_of_a_page_opened_again_is_another_form(an: Client, people: People) -> None:
    task = make_task(people)
    for _ in range(2):
        form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/trao-doi/")
        assert send(an, form, text="Đã nhắc").status_code == 302
    assert TaskNote.objects.filter(task=task, kind=TaskNote.Kind.COMMENT).count() == 2


def test_an_act_that_fails_leaves_no_claim(
    an: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task(people)
    form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/trao-doi/")
    count = Entry.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr("camket.web.staff.tasks.acts.redirect", _break)
        with pytest.raises(RuntimeError):
            send(an, form, text="Đã nhắc")
    assert Entry.objects.count() == count
    assert SentForm.objects.count() == 0
    assert send(an, form, text="Đã nhắc").status_code == 302


def _break(*args: object) -> None:
    raise RuntimeError("the process ends here")


def test_fingerprints_are_forgotten_in_time(an: Client, people: People) -> None:
    task = make_task(people)
    page, action = f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/trao-doi/"
    send(an, opened(an, page, action), text="Một")
    SentForm.objects.update(at=timezone.now() - REMEMBERED - timedelta(minutes=1))
    send(an, opened(an, page, action), text="Hai")
    assert SentForm.objects.count() == 1


def test_another_persons_form_is_not_acted_on(an: Client, people: People, signed_in: SignedIn) -> None:
    task = make_task(people)
    form = opened(an, f"/cong-viec/{task.pk}/", f"/cong-viec/{task.pk}/trao-doi/")
    count = Entry.objects.count()
    assert send(signed_in(people.binh), form, text="Đã nhắc").status_code == 403
    assert Entry.objects.count() == count


def test_a_file_may_be_asked_for_again(an: Client) -> None:
    form = opened(an, "/co-quan/lay-du-lieu/")
    for _ in range(2):
        assert send(an, form).status_code == 200
