"""Who has no need to know an agency's people is shown no name of them, on no page and in no file."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from camket.org.models import Agency, Membership, Person, Role
from camket.org.policy import Scope, roles_reaching, roles_with
from house.test_urls import (
    ACTS,
    AUDIENCE,
    VIEWS,
    _today,
    address,
    ids,
    in_capacity,
    move,
    signed_in,
)
from people import People, make_agency

__all__ = ["_today", "ids"]  # fixtures


PAPER = {
    "web:reports:decision_preview",
    "web:reports:decision_file",
    "web:registers:programme_paper",
    "web:registers:programme_file",
    "web:registers:programme_issued",
    "web:registers:programme_issued_file",
    "web:registers:copy",
    "web:registers:copy_file",
}
"""Official papers, which a leader signs by name for everybody to read."""


OWN = (Scope.AGENCY, Scope.UNIT)


def secrets_of(people: People) -> list[str]:
    """Return what would tell who works there: whole names, and mail addresses."""
    others = Person.objects.exclude(pk=people.binh.person_id).exclude(pk=people.chi.person_id)
    return [word for person in others for word in (person.full_name, person.email) if word]


def seen(
    client: Client, ids: dict[str, int], words: list[str], role: str, *scopes: Scope
) -> list[tuple[str, str]]:
    """Return which pages and files that a role may open in these scopes say one of the words."""
    found = []
    for name, pattern in VIEWS.items():
        act = AUDIENCE.get(name)
        if act not in ACTS or "GET" not in pattern.callback.methods or name in PAPER:
            continue
        if not any(role in roles_with(act, scope) for scope in scopes):
            continue  # what it is answered, tests/house/test_urls.py asks
        response = client.get(address(name, ids))
        if response.status_code != 200:
            continue
        body = response.getvalue() if response.streaming else response.content
        texts = [body.decode("utf-8", "replace"), str(response.headers)]
        if body[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                texts += [archive.read(each).decode("utf-8", "replace") for each in archive.namelist()]
        found += [(name, word) for word in words if any(word in text for text in texts)]
    return found


def with_addresses(people: People) -> None:
    for login in ("an", "chau", "dung"):
        Person.objects.filter(login=login).update(email=f"{login}.xa@binhyen.gov.vn")


def test_an_administrator_sees_no_name(people: People, ids: dict[str, int]) -> None:
    with_addresses(people)
    Membership.objects.filter(person_id=people.binh.person_id).update(role=Role.ADMINISTRATOR)
    client = signed_in(people.binh.person_id)
    assert seen(client, ids, secrets_of(people), Role.ADMINISTRATOR, *OWN) == []


@pytest.mark.parametrize("role", sorted(roles_reaching(Scope.BELOW)))
def test_who_looks_from_above_sees_no_name(people: People, ids: dict[str, int], role: str) -> None:
    with_addresses(people)
    province = make_agency("H00", "UBND tỉnh Hồng Bàng", level_id="province")
    Agency.objects.filter(pk=people.agency.pk).update(parent=province)
    move(people, province, role)
    client = in_capacity(people, f"below:{people.agency.pk}")
    assert seen(client, ids, secrets_of(people), role, Scope.BELOW) == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INSPECTOR])
def test_who_inspects_the_own_agency_sees_no_name(people: People, ids: dict[str, int], role: str) -> None:
    with_addresses(people)
    Membership.objects.filter(person_id=people.binh.person_id).update(role=role)
    assert seen(signed_in(people.binh.person_id), ids, secrets_of(people), role, *OWN) == []
