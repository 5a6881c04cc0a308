"""No page takes many SQL statements: every address that answers with a page is asked, and its statements are counted."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.core import formulas
from camket.indicators import catalogue
from camket.indicators.models import Indicator
from camket.indicators.sources.registers import CELLS
from camket.journal import memory
from camket.objectives import verdicts
from camket.objectives.models import Plan, Target
from camket.org.models import Membership, Person, Role
from house.test_urls import AUDIENCE, PUBLIC, VIEWS, WITHOUT_FILE, _today, address, ids
from house.test_wall import live
from people import People
from web.public.open_page import publish_all

__all__ = ["_today", "ids"]  # fixtures

AT_MOST = 15
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


def forget() -> None:
    """Forget what the process has read of any agency."""
    verdicts.forget()
    memory.forget_all()
    CELLS.forget()


def measure_by_every_source(people: People) -> int:
    """Give the plan in force a target for every indicator of the catalogue that is counted; return how many."""
    first = Target.objects.filter(
        objective__plan__agency=people.agency, objective__plan__state=Plan.State.PROMULGATED
    ).order_by("pk")[0]
    offered = [each for each in catalogue.shipped().values() if each.formula is not None]
    measured = Indicator.objects.bulk_create(
        Indicator(
            agency=people.agency,
            name=each.shown_name,
            measure=each.measure,
            unit=each.unit,
            adds_up=each.adds_up,
            definition_code=each.code,
            formula=formulas.to_json(each.formula) if each.formula else None,
        )
        for each in offered
    )
    Target.objects.bulk_create(
        Target(
            objective_id=first.objective_id,
            order=100 + place,
            text=indicator.name,
            kind="at_least",
            value=90,
            unit=indicator.unit,
            indicator=indicator,
        )
        for place, indicator in enumerate(measured)
    )
    return len(measured)


def test_every_page_takes_few_statements(people: People, ids: dict[str, int]) -> None:
    """An is everything in her agency, so that every page opens and shows all that it can show.

    Each is asked twice: where the process has looked at nothing of the agency's yet since its last change, and again. The
    plan in force has a target for every indicator that is counted, so that a page asks every source.
    """
    live(people)
    assert measure_by_every_source(people) > 60
    for role in set(Role.values) - {Role.SECRETARY}:
        Membership.objects.create(agency=people.agency, person_id=people.an.person_id, role=role)
    client = Client()
    client.force_login(Person.objects.get(pk=people.an.person_id))
    pages, many = 0, {}
    for name in asked(AUDIENCE):
        forget()
        first = statements(client, address(name, ids))
        if first is None:
            continue
        pages += 1
        again = statements(client, address(name, ids)) or []
        if len(first) > AT_MOST or len(again) > AT_MOST:
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
