"""What leaves the system as a file carries no person's name in its own: names of files travel further than their contents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from camket.core.wording.text import search_key
from camket.org.models import Membership, Person, Role
from figures import make_plan_in_force
from people import TODAY, People


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.TODAY = TODAY


def taken_out(client: Client, people: People) -> Iterator[tuple[str, Any]]:
    plan = make_plan_in_force(people)
    for file_format in ("docx", "pdf"):
        words = {"plan_id": plan.pk, "layout": "responsibilities", "file_format": file_format}
        path = reverse("web:reports:decision_file", kwargs=words)
        yield path, client.get(path)
    for path in (
        "/co-quan/nhat-ky/xuat/csv/",
        "/co-quan/nhat-ky/xuat/jsonl/",
        "/co-quan/du-lieu-cua-toi/ban-sao/",
        f"/co-quan/du-lieu-ca-nhan/ban-sao/{people.binh.person_id}/",
        "/co-quan/lay-du-lieu/",
    ):
        yield path, client.post(path)


def test_the_name_of_a_file_names_nobody(people: People) -> None:
    Membership.objects.create(agency=people.agency, person_id=people.an.person_id, role=Role.PRIVACY)
    client = Client()
    client.force_login(Person.objects.get(pk=people.an.person_id))
    named = {search_key(name) for name in Person.objects.values_list("full_name", flat=True)}
    logins = set(Person.objects.values_list("login", flat=True))
    for path, answer in taken_out(client, people):
        assert answer.status_code == 200, path
        name = answer.headers["Content-Disposition"]
        assert "attachment" in name, path
        words = re.split(r"[^a-z0-9]+", search_key(name))
        text = " ".join(words)
        assert not [each for each in named if each in text], (path, name)
        assert not logins & set(words), (path, name)
