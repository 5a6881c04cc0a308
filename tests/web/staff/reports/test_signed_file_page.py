"""The digitally signed file of a report on its page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from camket.documents.queries import read_file
from camket.org.policy import Actor
from paper.signing import make_signer, signed
from people import People
from reporting.year import issue_half_year


def test_the_page_takes_shows_and_hands_out_the_signed_file(
    people: People, signed_in: Callable[[Actor], Client], tmp_path_factory: pytest.TempPathFactory
) -> None:
    issued = issue_half_year(people)
    assert issued.pdf_id is not None
    paper = read_file(people.an, issued.pdf_id)
    an = signed_in(people.an)
    address = reverse("web:reports:attach_signed", args=[issued.pk])
    refused = an.post(address, {"file": SimpleUploadedFile("a.pdf", paper)})
    assert "Tệp không có chữ ký số." in refused.content.decode()
    data = signed(paper, make_signer(tmp_path_factory.mktemp("key"), "Lê Minh Châu", "UBND xã Bình Yên"))
    an.post(address, {"file": SimpleUploadedFile("da-ky.pdf", data)})
    page = an.get(reverse("web:reports:report_detail", args=[issued.pk])).content.decode()
    assert "Bản ký số" in page
    assert "không thay đổi từ khi ký" in page
    handed = an.get(reverse("web:reports:signed_file", args=[issued.pk]))
    assert handed.content == data
    assert "da-ky.pdf" in handed["Content-Disposition"]
