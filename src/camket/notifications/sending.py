"""Sending the outbox: each letter claimed by one UPDATE, handed to the mail server, marked by another.

A letter leaves at most once as long as its sender lives. Who dies between the server's answer and the mark leaves one
letter behind that is sent again, under the Message-ID of the first time, so that mail programs show one. Senders that
died are known by standing still, watched by this machine's steady clock: nobody sets that.
"""

from __future__ import annotations

import logging
import os
import secrets
import smtplib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.notifications import letters
from camket.notifications.models import Mail
from camket.org.models import Delegation, Membership
from camket.org.queries import held_on

logger = logging.getLogger("camket.mail")

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""How long a letter that the server put off waits before it is tried again; after the last it is given up."""

LEASE = 300.0
"""Seconds for which a letter must stand still in another sender's hands before it is taken over: far beyond any time-out."""

LOST = timedelta(days=1)
"""After so long by the clock a claimed letter is taken over by whoever sees it first, who may have started just now."""

_AT_A_TIME = 50

_OF_THE_SENDER = frozenset({421, 530, 535, 538})
"""Answers to an address that tell of the connection or of signing in, not of the address."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run did: letters sent, put off, given up, not wanted any more, and why the server was not reached."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    dropped: int = 0
    unreachable: Message | None = None


@dataclass
class _Tally:
    sent: int = 0
    put_off: int = 0
    failed: int = 0
    dropped: int = 0


class ServerGone(Refusal):
    """The mail server cannot be reached, or refuses whoever signs in or sends: no letter is to blame."""


@dataclass
class Postman:
    """One who sends letters; keeps what it has seen of letters that other senders hold.

    ``clock`` gives the local time, ``steady`` a clock that nobody sets.
    """

    clock: Callable[[], datetime]
    steady: Callable[[], float] = time.monotonic
    lease: float = LEASE
    name: str = field(
        default_factory=lambda: f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
    )
    _seen: dict[int, tuple[str, int, float]] = field(default_factory=dict)

    def run(self, *, seconds: float = 40.0, most: int | None = None) -> Sent:
        """Send what waits, over one connection, for about so many seconds and so many letters at most."""
        self._take_over()
        tally = _Tally()
        until = self.steady() + seconds
        line = _Line()
        try:
            while self.steady() < until and (most is None or tally.sent < most):
                waiting = self._waiting()
                if not waiting:
                    break
                for mail in waiting:
                    if self.steady() >= until or (most is not None and tally.sent >= most):
                        break
                    if self._claim(mail):
                        self._deliver(mail, line, tally)
        except ServerGone as gone:
            logger.error("mail cannot be sent: %s", gone.message, extra={"event": "mail.unreachable"})
            return Sent(tally.sent, tally.put_off, tally.failed, tally.dropped, gone.message)
        finally:
            line.close()
        return Sent(tally.sent, tally.put_off, tally.failed, tally.dropped)

    def _waiting(self) -> list[Mail]:
        now = self.clock()
        # A moment beyond any wait comes from another clock and is not waited for.
        due = Q(not_before__lte=now) | Q(not_before__gt=now + RETRIES[-1])
        rows = Mail.objects.filter(due, state=Mail.State.WAITING).select_related("person")
        still_theirs = EmailAddress.objects.filter(
            user_id=OuterRef("person_id"), email=OuterRef("to"), verified=True
        )
        waiting = rows.annotate(is_theirs=Exists(still_theirs), is_there=_is_there(timezone.localdate(now)))
        return list(waiting.order_by("not_before", "pk")[:_AT_A_TIME])

    def _claim(self, mail: Mail) -> bool:
        now = self.clock()
        taken = Mail.objects.filter(pk=mail.pk, state=Mail.State.WAITING, attempts=mail.attempts).update(
            state=Mail.State.SENDING, claimed_by=self.name, claimed_at=now, attempts=mail.attempts + 1
        )
        mail.attempts += taken
        return taken == 1

    def _deliver(self, mail: Mail, line: _Line, tally: _Tally) -> None:
        is_wanted = mail.person.is_active and mail.is_theirs and mail.is_there  # type: ignore[attr-defined]
        if not is_wanted:
            self._end(mail, Mail.State.DROPPED)
            tally.dropped += 1
            return
        try:
            line.send(_message(mail))
        except ServerGone as gone:
            # The letter was not tried: it waits as it did, and the failure is the server's.
            self._end(mail, Mail.State.WAITING, error=gone.message, attempts=mail.attempts - 1)
            raise
        except _Refused as refused:
            is_last = refused.is_final or mail.attempts > len(RETRIES)
            state = Mail.State.FAILED if is_last else Mail.State.WAITING
            self._end(
                mail,
                state,
                error=refused.message,
                **({} if is_last else {"not_before": self.clock() + RETRIES[mail.attempts - 1]}),
            )
            tally.failed += is_last
            tally.put_off += not is_last
            logger.warning(
                "a letter was not taken: %s",
                refused.message,
                extra={"event": "mail.refused", "mail": mail.pk, "final": is_last},
            )
            return
        self._end(mail, Mail.State.SENT, sent_at=self.clock())
        tally.sent += 1

    def _end(self, mail: Mail, state: str, error: Message | None = None, **values: Any) -> None:
        """Mark a letter, if it is still in this sender's hands."""
        told = None if error is None else {"template": error.template, "params": dict(error.params)}
        Mail.objects.filter(pk=mail.pk, state=Mail.State.SENDING, claimed_by=self.name).update(
            state=state, claimed_by="", claimed_at=None, error=told, **values
        )

    def _take_over(self) -> None:
        """Give letters back that another sender holds and that have stood still for a lease."""
        now, steady = self.clock(), self.steady()
        held = Mail.objects.filter(state=Mail.State.SENDING).values_list(
            "pk", "claimed_by", "attempts", "claimed_at"
        )
        seen: dict[int, tuple[str, int, float]] = {}
        for pk, holder, attempts, claimed_at in held:
            known = self._seen.get(pk)
            since = known[2] if known and known[:2] == (holder, attempts) else steady
            is_lost = claimed_at is not None and abs(now - claimed_at) > LOST
            if steady - since < self.lease and not is_lost:
                seen[pk] = (holder, attempts, since)
                continue
            Mail.objects.filter(pk=pk, state=Mail.State.SENDING, claimed_by=holder, attempts=attempts).update(
                state=Mail.State.WAITING, claimed_by="", claimed_at=None
            )
        self._seen = seen


def _is_there(on: date) -> Q:
    """Return whether a letter's reader still holds a post in its agency, or stands in for somebody there."""
    posts = Membership.objects.filter(
        held_on(on), held_on(on, "agency"), agency_id=OuterRef("agency_id"), person_id=OuterRef("person_id")
    )
    given = Delegation.objects.filter(
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on),
        held_on(on, "post"),
        held_on(on, "agency"),
        agency_id=OuterRef("agency_id"),
        deputy_id=OuterRef("person_id"),
        valid_from__lte=on,
        valid_to__gte=on,
    )
    return Exists(posts) | Exists(given)


class _Refused(Refusal):
    """The server does not take one letter; ``is_final`` where asking again would be of no use."""

    def __init__(self, message: Message, *, is_final: bool) -> None:
        super().__init__(message)
        self.is_final = is_final


class _Line:
    """One connection to the mail server, opened when the first letter leaves and again after it broke."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._carried = 0

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand one letter over; raises _Refused for the letter, ServerGone for the server."""
        self._open()
        try:
            self._hand_over(message)
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPSenderRefused) as error:
            # Servers take so many letters over one connection, or wait so long, and then hang up.
            has_hung_up = getattr(error, "smtp_code", 421) == 421
            if not (has_hung_up and self._carried):
                self._give_up(error)
            self.close()
            self._open()
            try:
                self._hand_over(message)
            except (smtplib.SMTPException, OSError, ValueError) as again:
                self._give_up(again)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._give_up(error)
        self._carried += 1

    def _hand_over(self, message: EmailMultiAlternatives) -> None:
        self._connection.send_messages([message])

    def _give_up(self, error: Exception) -> NoReturn:
        """Say whose fault a failure is: the letter's, or the server's."""
        match error:
            case smtplib.SMTPRecipientsRefused():
                code, words = next(iter(error.recipients.values()))
                if code in _OF_THE_SENDER:
                    self.close()
                    raise ServerGone(_answered(code, words)) from error
                raise _Refused(_answered(code, words), is_final=500 <= code < 600) from error
            case smtplib.SMTPDataError():
                final = 500 <= error.smtp_code < 600
                raise _Refused(_answered(error.smtp_code, error.smtp_error), is_final=final) from error
            case smtplib.SMTPSenderRefused(smtp_code=552):  # too large, told by its announced size
                raise _Refused(_answered(error.smtp_code, error.smtp_error), is_final=True) from error
            case smtplib.SMTPSenderRefused():
                self.close()
                raise ServerGone(_answered(error.smtp_code, error.smtp_error)) from error
            case smtplib.SMTPException() | OSError():
                # Cut off in the middle: whether the letter was taken, nobody knows. It is tried again, under its own id.
                self.close()
                raise _Refused(_broken(error), is_final=False) from error
            case _:
                raise _Refused(_broken(error), is_final=True) from error

    def close(self) -> None:
        """Take leave of the server."""
        if self._connection is not None:
            try:
                self._connection.close()
            except (smtplib.SMTPException, OSError) as error:
                logger.info("the mail server was gone already: %s", type(error).__name__)
            self._connection, self._carried = None, 0

    def _open(self) -> None:
        if self._connection is not None:
            return
        connection = get_connection()
        try:
            connection.open()
        except smtplib.SMTPResponseException as error:
            raise ServerGone(_answered(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ServerGone(_broken(error)) from error
        self._connection = connection


def _message(mail: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}  # RFC 3834, 5
    if here := letters.origin():
        headers["List-Unsubscribe"] = f"<{here}{letters.CHOICES}>"  # RFC 2369, 3.2
    message = EmailMultiAlternatives(mail.subject, mail.text, settings.MAIL_FROM, [mail.to], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for each in mail.attachments:
        message.attach(each["name"], each["content"], each["type"])
    return message


def send_now(*, to: str, subject: str, text: str) -> None:
    """Send one letter at once, outside the outbox; for who sets the installation up. Raises ServerGone."""
    line = _Line()
    try:
        headers = {"Message-ID": letters.new_message_id(), "Auto-Submitted": "auto-generated"}
        line.send(EmailMultiAlternatives(subject, text, settings.MAIL_FROM, [to], headers=headers))
    except _Refused as refused:
        raise ServerGone(refused.message) from refused
    finally:
        line.close()


def _answered(code: int, words: bytes | str) -> Message:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Message(
        gettext_noop("The mail server answered %(code)s: %(words)s"),
        {"code": str(code), "words": " ".join(text.split())[:300]},
    )


def _broken(error: Exception) -> Message:
    words = " ".join(str(error).split())[:300]
    return Message(
        gettext_noop("The mail server could not be reached or broke off: %(error)s"),
        {"error": f"{type(error).__name__}: {words}" if words else type(error).__name__},
    )
