"""The books and the request on paper: numbers and dates stand on one line, and the scale above what is rated by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as read_docx

from camket.org.policy import Actor
from improvement.test_nonconformities import judging
from improvement.test_risks import entered, rated
from people import People

SignedIn = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db

DATE_MM, NUMBER_MM = 22, 9.5
"""What a day written in full, and “TT” in bold, take on one line in these tables with the margins of their cells."""


def documents(people: People, an: Client) -> dict[str, bytes]:
    row = judging(people)
    rated(people, entered(people))
    addresses = {
        "risks": reverse("web:risks:book_file", args=["docx"]),
        "nonconformities": reverse("web:nonconformities:book_file", args=["docx"]),
        "request": reverse("web:nonconformities:request_file", args=[row.pk, "docx"]),
    }
    return {name: an.get(address).content for name, address in addresses.items()}


def test_days_and_numbers_are_not_broken(people: People, signed_in: SignedIn) -> None:
    seen = 0
    for name, content in documents(people, signed_in(people.an)).items():
        for table in read_docx(BytesIO(content)).tables[1:]:
            for cell in (cell for row in table.rows for cell in row.cells):
                if cell.text == "TT":
                    least = NUMBER_MM
                elif any(re.fullmatch(r"\d\d/\d\d/\d{4}", line) for line in cell.text.splitlines()):
                    least = DATE_MM
                else:
                    continue
                assert cell.width is not None
                assert cell.width.mm >= least, (name, cell.text)
                seen += 1
    assert seen > 6


def test_the_scale_stands_above_the_book(people: People, signed_in: SignedIn) -> None:
    body = read_docx(BytesIO(documents(people, signed_in(people.an))["risks"])).element.body
    texts = ["".join(node.itertext()) for node in body]
    scale = next(place for place, text in enumerate(texts) if text.startswith("Khả năng: 1 – "))
    book = next(place for place, text in enumerate(texts) if "Quá trình, nội dung" in text)
    assert scale < book
