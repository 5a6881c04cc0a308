from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from camket.org.models import Person
from camket.org.policy import Actor
from notifications.smtp import Office, post_office

SENDER = "Cam Kết <iso@binhyen.example>"


def reachable(*actors: Actor) -> None:
    """Give people mail addresses that they have confirmed."""
    for actor in actors:
        email = f"{Person.objects.get(pk=actor.person_id).login}@binhyen.example"
        Person.objects.filter(pk=actor.person_id).update(email=email)
        EmailAddress.objects.create(user_id=actor.person_id, email=email, verified=True, primary=True)


@pytest.fixture
def mail_set_up(settings: Any) -> None:
    """The installation sends mail and has an address."""
    settings.MAIL_FROM = SENDER
    settings.CSRF_TRUSTED_ORIGINS = ["https://iso.binhyen.example"]


@pytest.fixture
def office(settings: Any, mail_set_up: None) -> Iterator[Office]:
    """A mail server, and an installation that sends there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    with post_office() as found:
        settings.EMAIL_PORT = found.port
        yield found
