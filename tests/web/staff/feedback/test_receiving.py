"""Feedback that an officer writes down, with the pictures that came with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from camket.org.policy import Actor
from camket.voices.models import Feedback
from people import TODAY, People

pytestmark = pytest.mark.django_db

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 2_000


def typed(**more: object) -> dict[str, object]:
    return {
        "way": "in_person", "received_on": f"{TODAY:%d/%m/%Y}", "subject": "Đèn đường hỏng",
        "text": "Đèn đầu thôn không sáng đã hai tuần.", **more,
    }  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, 3])
def test_pictures_come_with_what_was_said(
    people: People, signed_in: Callable[[Actor], Client], number: int
) -> None:
    pictures = [
        SimpleUploadedFile(f"anh-{each}.png", PICTURE + bytes([each]), "image/png") for each in range(number)
    ]
    answer = signed_in(people.an).post("/phan-anh/them/", typed(attachments=pictures))
    assert answer.status_code == 302
    assert Feedback.objects.get().files.count() == number


def test_too_many_pictures_and_pages_in_disguise_are_refused_at_their_field(
    people: People, signed_in: Callable[[Actor], Client]
) -> None:
    client = signed_in(people.an)
    many = [SimpleUploadedFile(f"anh-{each}.png", PICTURE + bytes([each]), "image/png") for each in range(4)]
    page = [SimpleUploadedFile("anh.png", b"<html><script>alert(1)</script>", "image/png")]
    for files in (many, page):
        answer = client.post("/phan-anh/them/", typed(attachments=files))
        assert 'id="id_attachments_error"' in answer.content.decode()
    assert not Feedback.objects.exists()
