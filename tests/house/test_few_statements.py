"""No page takes many SQL statements: every address that answers with a page is asked, and its statements are counted."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.objectives import verdicts
from camket.org.models import Membership, Person, Role
from house.test_urls import AUDIENCE, PUBLIC, VIEWS, WITHOUT_FILE, _pages, address, ids
from house.test_wall import live
from people import People
from web.public.open_page import publish_all

__all__ = ["_pages", "ids"]  # fixtures

AT_MOST = 15
WHEN_NOTHING_IS_REMEMBERED = {
    "web:home": (18, "judges the plan, and reads what each of its targets is counted from"),
    "web:indicators:list": (
        18,
        "asks each source of counts whether it can count, and reads those of few rows",
    ),
    "web:reports:part": (18, "judges the plan"),
    "web:week": (20, "judges the plan"),
    "web:surveys:results": (16, "reads the blocks of answers"),
}
"""Pages that may take more where a process has looked at nothing of the agency's yet since its last change, and why."""
MORE = {"web:waiting": (16, "asks ten packages what waits, one of them twice")}
"""Pages that take more each time, and why."""
BOUNDARIES = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")


def statements(client: Client, path: str) -> list[str] | None:
    """Return the statements that a page takes; None where no page comes (a file, a refusal, another address)."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return None
    return [each["sql"] for each in captured if not each["sql"].startswith(BOUNDARIES)]


def asked(names: Iterable[str]) -> list[str]:
    """Return the names of views that answer to GET, without those that end a session."""
    return [
        name
        for name in names
        if name not in WITHOUT_FILE | {"web:sign_out"}
        and "GET" in getattr(VIEWS[name].callback, "methods", ("GET",))
    ]


def test_every_page_takes_few_statements(people: People, ids: dict[str, int]) -> None:
    """An is everything in her agency, so that every page opens and shows all that it can show."""
    live(people)
    for role in set(Role.values) - {Role.SECRETARY}:
        Membership.objects.create(agency=people.agency, person_id=people.an.person_id, role=role)
    client = Client()
    client.force_login(Person.objects.get(pk=people.an.person_id))
    pages, many = 0, {}
    for name in asked(AUDIENCE):
        verdicts._remembered.clear()
        first = statements(client, address(name, ids))
        if first is None:
            continue
        pages += 1
        again = statements(client, address(name, ids)) or []
        usual, _ = MORE.get(name, (AT_MOST, ""))
        limit, _ = WHEN_NOTHING_IS_REMEMBERED.get(name, (usual, ""))
        if len(first) > limit or len(again) > usual:
            many[name] = (len(first), len(again), [each[:120] for each in max(first, again, key=len)])
    assert many == {}
    assert pages > 250


def test_every_public_page_takes_few_statements(people: People) -> None:
    publish_all(people)
    pages, many = 0, {}
    for name in asked(each for each, who in AUDIENCE.items() if who == PUBLIC):
        path = address(name, {})
        if "slug" in VIEWS[name].pattern.converters:
            path = path.replace("khong-co", "xa-tan-lap")
        found = statements(Client(), path)
        if found is not None:
            pages += 1
            if len(found) > AT_MOST:
                many[name] = (len(found), [each[:120] for each in found])
    assert many == {}
    assert pages > 15
