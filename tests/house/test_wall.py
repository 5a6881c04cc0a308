"""No page needs another agency's records: with these out of the database's sight every page says the same.

A query that forgot its agency shows itself here whatever it asks for and on whichever page: a second wall, as row-level
security would be one, that stands in the tests (docs/decisions/0010).
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection, models
from django.test import Client

from camket.actions.models import Action, Task
from camket.documents.models import StoredFile
from camket.documents.operations import NewEvidence, add_evidence
from camket.indicators.models import Reading
from camket.indicators.operations import confirm_reading, enter_reading
from camket.journal.models import Entry
from camket.objectives import verdicts
from camket.objectives.models import Objective, Target
from camket.org.models import Membership, Person, Role
from figures import make_plan_in_force, share, targets_of
from house.test_urls import ACTS, AUDIENCE, VIEWS, WITHOUT_FILE, _today, address, ids
from people import People, actor_of, make_person
from work import NOW, PDF

__all__ = ["_today", "ids"]  # fixtures

OPEN = {"org", "jobs", "intake"}
"""Packages whose tables stay in sight: who acts for which agency is found there before any agency is known."""
WRITTEN_ON_LOOKING = {"journal_access", "journal_accesstally"}
"""A page that shows personal data notes who saw it; nothing can be noted in what is only looked at."""
CHANGED_BY_LOOKING = {"web:organisation:privacy_accesses"}
"""It lists who looked at personal data, and the walk itself looks."""


def _tables() -> Iterator[tuple[str, str]]:
    """Yield each table that holds records and the condition that keeps one agency's, parents first."""
    behind: dict[type[models.Model], str] = {}
    waiting = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("camket.")
        and model._meta.app_label not in OPEN
        and model._meta.db_table not in WRITTEN_ON_LOOKING
    ]
    while waiting:
        for model in waiting:
            keys = [field for field in model._meta.fields if field.is_relation and not field.null]
            own = next((key for key in keys if key.name == "agency"), None)
            parent = next((key for key in keys if key.related_model in behind), None)
            if own is not None:
                behind[model] = f"{own.column} = %s"
            elif parent is not None:
                above = parent.related_model._meta.db_table
                behind[model] = f'{parent.column} IN (SELECT id FROM "{above}")'
            else:
                continue
            yield model._meta.db_table, behind[model]
            waiting.remove(model)
            break
        else:
            raise AssertionError(f"whose agency are {waiting}?")


@contextmanager
def only(agency_id: int) -> Iterator[None]:
    """Put all records but one agency's out of sight."""
    wall = _policies if connection.vendor == "postgresql" else _views
    verdicts.forget()
    with wall({table: condition.replace("%s", str(agency_id)) for table, condition in _tables()}):
        yield
    verdicts.forget()


@contextmanager
def _views(kept: dict[str, str]) -> Iterator[None]:
    """SQLite: views of the session stand before the tables of their names."""
    with connection.cursor() as cursor:
        for table, condition in kept.items():
            cursor.execute(
                f'CREATE TEMPORARY VIEW "{table}" AS SELECT * FROM main."{table}" WHERE {condition}'
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in reversed(kept):
                cursor.execute(f'DROP VIEW temp."{table}"')


@contextmanager
def _policies(kept: dict[str, str]) -> Iterator[None]:
    """PostgreSQL: row-level security, for a role that is there for this transaction only."""
    role = f"camket_walled_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # no table may be altered while a check is outstanding
        # Before any row of pg_class is written, as GRANT does for all tables: the server's own tidying (autovacuum)
        # holds a table while it waits for that row, and the two would wait for each other.
        tables = ", ".join(f'"{table}"' for table in kept)
        cursor.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"CREATE ROLE {role} NOSUPERUSER")
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for table, condition in kept.items():
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            cursor.execute(f'CREATE POLICY walled ON "{table}" TO {role} USING ({condition})')
        cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in kept:
                cursor.execute(f'DROP POLICY walled ON "{table}"')
                cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")


def live(people: People) -> None:
    """Give an agency a plan in force, figures, evidence and whatever follows from them."""
    plan = make_plan_in_force(people)
    measured = targets_of(plan)[0].indicator_id
    assert measured is not None
    reading = enter_reading(actor=people.binh, indicator_id=measured, reading=share(90, 100), now=NOW)
    confirm_reading(actor=people.an, reading_id=reading.pk, now=NOW)
    evidence = NewEvidence(kind="file", data=PDF, name="Biên bản.pdf")
    add_evidence(actor=people.an, evidence=evidence, now=NOW)


@pytest.fixture
def both(people: People, ids: dict[str, int]) -> People:
    """An's agency and Chi's, each with records of every kind."""
    live(people)
    other = people.other_agency
    unit = other.units.order_by("order").first()
    officer = actor_of(make_person(other, "Hoàng Văn Đông", "dong", Role.OFFICER, unit), other)
    chairman = actor_of(make_person(other, "Phạm Thị Giang", "giang", Role.CHAIRMAN), other)
    live(replace(people, agency=other, an=people.chi, binh=officer, chau=chairman))
    return people


@pytest.mark.parametrize("model", [Action, Task, Objective, Target, Reading, StoredFile, Entry])
def test_the_wall_hides_what_is_another_agencys(both: People, model: Any) -> None:
    everything = model.objects.count()
    with only(both.agency.pk):
        mine = model.objects.count()
    with only(both.other_agency.pk):
        theirs = model.objects.count()
    assert mine > 0
    assert theirs > 0
    assert mine + theirs == everything == model.objects.count()


def said(client: Client, name: str, ids: dict[str, int]) -> tuple[int, str]:
    """Return how a page answers and what it says: its words and links, without keys made anew each time."""
    verdicts.forget()
    response = client.get(address(name, ids))
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return response.status_code, ""
    page = BeautifulSoup(response.content, "html.parser")
    links = [link.get("href", "") for link in page.find_all("a")]
    return response.status_code, "\n".join([page.get_text("  ", strip=True), *links])


def changed(before: tuple[int, str], after: tuple[int, str]) -> list[str]:
    """Return where two sayings of a page part."""
    lines = difflib.unified_diff(before[1].split("  "), after[1].split("  "), lineterm="", n=0)
    return [f"{before[0]} → {after[0]}", *list(lines)[2:6]]


def test_every_page_says_the_same_behind_the_wall(both: People, ids: dict[str, int]) -> None:
    """An is everything in her agency, so that every page opens."""
    for role in set(Role.values) - {Role.SECRETARY}:
        Membership.objects.create(agency=both.agency, person_id=both.an.person_id, role=role)
    client = Client()
    client.force_login(Person.objects.get(pk=both.an.person_id))
    pages = [
        name
        for name, act in AUDIENCE.items()
        if act in ACTS
        and "GET" in VIEWS[name].callback.methods
        and name not in WITHOUT_FILE | CHANGED_BY_LOOKING
    ]
    open_view = {name: said(client, name, ids) for name in pages}
    with only(both.agency.pk):
        walled = {name: said(client, name, ids) for name in pages}
    leaking = {
        name: (open_view[name][0], walled[name][0]) for name in pages if open_view[name] != walled[name]
    }
    assert leaking == {}
    assert sum(status == 200 for status, _ in walled.values()) > len(pages) / 2
