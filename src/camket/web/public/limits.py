"""What keeps forms that anybody may send from being sent by machines: counts by address, and a check without third parties.

Up to a number a day an address sends freely: offices and cafés share one. Then each form asks a small sum in words, as
it does where it comes back faster than anybody reads, after half a day, or with the field filled in that people do not
see; a sum that was solved is taken once. Past a larger number the address is refused until the next day. Of an address
only a hash is kept, keyed by the installation and the day, and thrown away on the next.

A view shows :attr:`Judgement.check` in its form (``public/check.html``) and takes what comes back only where
:attr:`Judgement.is_passed`::

    judgement = limits.judge(request, purpose="feedback:7", allowance=limits.Allowance(free=5, most=30))
    if judgement.is_refused: ...  # 429
    if not judgement.is_passed: ...  # show the form again with what was typed
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.intake import queries as intake
from camket.intake.operations import count_try
from camket.org import clock
from camket.web.account.computers import ip_of

READING_SECONDS = 2
"""Nobody reads a form and sends it in less."""
OPEN_SECONDS = 12 * 3600
"""How long after it was opened a form is taken without a question."""
ANSWER_SECONDS = 3600
"""How long the answer to a question is taken."""

STAMP, TRAP, ASKED, ANSWER = "opened", "website", "asked", "sum"
"""Names of the fields: when the form was opened, what people do not see, which question was asked, its answer."""

SPENT = "sum"
"""Under what sums that were solved are noted, each once."""

_SALT = "camket.web.public.limits"
_DIGITS = (
    _("zero"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many forms one address may send on one day: freely, and with the check."""

    free: int
    most: int


@dataclass(frozen=True, slots=True)
class Check:
    """What a form holds for the check; ``question`` is empty where none is asked, ``error`` where none was missed."""

    stamp: str
    question: str = ""
    asked: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether a form that was sent is taken; ``address`` is the keyed hash to count it by."""

    address: str
    check: Check
    is_refused: bool = False
    is_passed: bool = False


def address_hash(request: HttpRequest, on: date) -> str:
    """Return under what name an address is counted on a day; of IPv6 the network of one subscriber counts."""
    text = ip_of(request)
    if ":" in text:
        text = str(ipaddress.ip_network(f"{text}/64", strict=False))
    return salted_hmac(_SALT, f"{on:%Y-%m-%d}|{text}", algorithm="sha256").hexdigest()


def opening(request: HttpRequest, *, purpose: str, allowance: Allowance) -> Judgement:
    """Return what a form that is opened shows: refused where nothing more is taken from the address today."""
    address = address_hash(request, clock.today())
    number = intake.tries(purpose, address, clock.today())
    check = _asking(purpose) if number >= allowance.free else Check(_stamp())
    return Judgement(address=address, check=check, is_refused=number >= allowance.most)


def judge(request: HttpRequest, *, purpose: str, allowance: Allowance) -> Judgement:
    """Return whether a form that was sent is taken, and what to show where it is not.

    Forms are not counted here: whoever takes one counts it (:func:`camket.intake.operations.count_try`). A sum that was
    solved is noted as spent, by a hash that goes on the next day.
    """
    address = address_hash(request, clock.today())
    number = intake.tries(purpose, address, clock.today())
    if number >= allowance.most:
        return Judgement(address=address, check=Check(_stamp()), is_refused=True)
    age = _age(request.POST.get(STAMP, ""))
    is_read = age is not None and READING_SECONDS <= age <= OPEN_SECONDS
    if number < allowance.free and is_read and not request.POST.get(TRAP):
        return Judgement(address=address, check=Check(request.POST.get(STAMP, "")), is_passed=True)
    if _is_answered(request, purpose):
        return Judgement(address=address, check=Check(request.POST.get(STAMP, "")), is_passed=True)
    error = gettext("The sum is not right. Here is another one.") if request.POST.get(ASKED) else ""
    return Judgement(address=address, check=_asking(purpose, error))


def _asking(purpose: str, error: str = "") -> Check:
    one, other = secrets.randbelow(8) + 1, secrets.randbelow(8) + 1
    # Which sum was asked travels with the form, so that nothing is kept before it is solved; what it comes to cannot
    # be read from it.
    nonce = secrets.token_hex(8)
    asked = signing.dumps([nonce, _sealed(purpose, nonce, one + other)], salt=f"{_SALT}.{purpose}")
    question = gettext("How much is %(one)s plus %(other)s?") % {"one": _DIGITS[one], "other": _DIGITS[other]}
    return Check(_stamp(), question, asked, error)


def _is_answered(request: HttpRequest, purpose: str) -> bool:
    try:
        found: Any = signing.loads(
            request.POST.get(ASKED, ""), salt=f"{_SALT}.{purpose}", max_age=ANSWER_SECONDS
        )
        nonce, sealed = (str(each) for each in found)
        total = int(request.POST.get(ANSWER, "")[:4])
    except (signing.BadSignature, ValueError, TypeError):
        return False
    if not constant_time_compare(sealed, _sealed(purpose, nonce, total)):
        return False
    spent = salted_hmac(f"{_SALT}.spent", f"{purpose}|{nonce}", algorithm="sha256").hexdigest()
    return count_try(purpose=SPENT, address=spent, on=clock.today()) == 1


def _sealed(purpose: str, nonce: str, total: int) -> str:
    """Return what a right answer comes to: of a form, and of the day on which the sum was asked."""
    said = f"{purpose}|{clock.today():%Y-%m-%d}|{nonce}|{total}"
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()


def _stamp() -> str:
    return signing.TimestampSigner(salt=_SALT).sign(secrets.token_hex(4))


def _age(stamp: str) -> float | None:
    """Return how many seconds ago a form was opened; None for a stamp that is not ours."""
    try:
        signing.TimestampSigner(salt=_SALT).unsign(stamp)
        return time.time() - signing.b62_decode(stamp.split(":")[1])
    except (signing.BadSignature, ValueError, IndexError):
        return None
