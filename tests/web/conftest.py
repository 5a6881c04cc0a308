from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from camket.org.models import Person
from camket.org.policy import Actor
from people import TODAY
from web.browser import Desk, chromium_process, open_desk
from web.loud import loud_templates


@pytest.fixture(autouse=True)
def _pages_of_one_day(settings: Any) -> None:
    """Every test has the same day."""
    settings.TODAY = TODAY


@pytest.fixture(autouse=True)
def _templates_are_loud() -> Iterator[None]:
    with loud_templates():
        yield


@pytest.fixture
def signed_in() -> Callable[[Actor], Client]:
    """Give a client at which a person has signed in."""

    def client_of(actor: Actor) -> Client:
        client = Client()
        client.force_login(Person.objects.get(pk=actor.person_id))
        return client

    return client_of


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Chromium, started once; tests that need it are skipped where there is none, except under CI."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield from chromium_process()


@pytest.fixture
def desk(chromium: Any, live_server: Any, tmp_path: Path) -> Iterator[Desk]:
    """A person's desk: a browser page on the live server at 1280 px, with sign-in, axe and pictures."""
    yield from open_desk(chromium, live_server.url, tmp_path)
