"""Taking a form once, and holding one that came without a session."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction

from camket.intake.models import HeldForm, PublicTry, SentForm

REMEMBERED = timedelta(days=2)
"""How long a form that took effect is known again."""
HELD = timedelta(hours=1)
"""How long a form without a session is held."""
MOST_HELD = 5
"""Forms held for one person; the oldest gives way."""
LARGEST_HELD = 256 * 1024
"""Bytes of one held form, as JSON."""


class AlreadySent(Exception):
    """The form took effect before; ``result`` is the address that showed it."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it arrived: where it was sent, from which page, what stood in it, which files were chosen.

    ``key`` is the form's own, ``capacity`` the key of that in which its person worked, ``seen_until`` how far the
    agency's journal went when the form was opened.
    """

    path: str
    page: str
    content: Sequence[tuple[str, str]]
    files: Sequence[tuple[str, str]]
    key: str
    capacity: str
    seen_until: int | None


def claim_form(*, person_id: int, fingerprint: str, now: datetime) -> None:
    """Take a form, in the transaction of its act; an equal one that comes meanwhile waits for the outcome.

    Raises AlreadySent where it took effect before.
    """
    SentForm.objects.filter(at__lt=now - REMEMBERED).delete()
    try:
        with transaction.atomic():
            SentForm.objects.create(person_id=person_id, fingerprint=fingerprint, at=now)
    except IntegrityError:
        known = SentForm.objects.get(fingerprint=fingerprint)
        raise AlreadySent(known.result) from None


def settle_form(*, fingerprint: str, result: str) -> None:
    """Keep the address that shows what a form did."""
    SentForm.objects.filter(fingerprint=fingerprint).update(result=result[:1000])


def release_form(*, fingerprint: str) -> None:
    """Forget a form that did nothing, so that it may be sent again."""
    SentForm.objects.filter(fingerprint=fingerprint).delete()


def hold_form(*, person_id: int, browser: str, typed: Typed, now: datetime) -> bool:
    """Hold what a person typed, for an hour and for the browser with that secret; return whether it could be held.

    What is too large is not; of more than a few forms the oldest give way. Null characters, which no database keeps in a
    text and nobody types, are left out.
    """
    content = [[part.replace("\0", "") for part in pair] for pair in typed.content]
    files = [[part.replace("\0", "") for part in pair] for pair in typed.files]
    size = len(json.dumps([content, files], ensure_ascii=False).encode())
    if size > LARGEST_HELD or len(typed.path) > 1000:
        return False
    with transaction.atomic():
        HeldForm.objects.filter(at__lt=now - HELD).delete()
        HeldForm.objects.filter(person_id=person_id, key=typed.key, path=typed.path).delete()
        kept = (
            HeldForm.objects.filter(person_id=person_id).order_by("-at", "-pk").values_list("pk", flat=True)
        )
        HeldForm.objects.filter(pk__in=list(kept[MOST_HELD - 1 :])).delete()
        HeldForm.objects.create(
            person_id=person_id,
            capacity=typed.capacity,
            browser=browser_digest(browser=browser),
            key=typed.key,
            path=typed.path,
            page=typed.page[:1000],
            content=content,
            files=files,
            seen_until=typed.seen_until,
            at=now,
        )
    return True


def drop_held(*, person_id: int, browser: str, key: str) -> None:
    """Drop a held form that was sent again or thrown away."""
    HeldForm.objects.filter(person_id=person_id, browser=browser_digest(browser=browser), key=key).delete()


def drop_held_of_others(*, person_id: int, browser: str) -> None:
    """Drop what others typed at a browser at which a person has signed in."""
    HeldForm.objects.filter(browser=browser_digest(browser=browser)).exclude(person_id=person_id).delete()


def browser_digest(*, browser: str) -> str:
    """Return under what name a browser's secret is kept; who reads the database cannot use it."""
    return hashlib.sha256(browser.encode()).hexdigest()


def count_try(*, purpose: str, address: str, on: date) -> int:
    """Count a form that an address sent without signing in, and return how many it sent today with this one.

    ``address`` is a keyed hash of it. What was counted on other days is thrown away.
    """
    table = connection.ops.quote_name(PublicTry._meta.db_table)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} (purpose, address, "on", number) VALUES (%s, %s, %s, 1) '  # noqa: S608 - names are ours
            f'ON CONFLICT (purpose, address, "on") DO UPDATE SET number = {table}.number + 1 RETURNING number',
            (purpose, address, on),
        )
        number = int(cursor.fetchone()[0])
        if number == 1:
            forget_tries(today=on)
    return number


def forget_tries(*, today: date) -> int:
    """Throw away what was counted of addresses on other days; return how many lines that were."""
    table = connection.ops.quote_name(PublicTry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM {table} WHERE "on" <> %s', (today,))  # noqa: S608 - names are ours
        return int(cursor.rowcount)
