"""Papers that are made and issued here, in the one register of outgoing documents: entering them, withdrawing them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import parse_document_number, series_of
from camket.core.registers.documents import OPEN_SECRECY
from camket.core.wording.text import one_line
from camket.journal.operations import record
from camket.journal.reasons import needed_reason
from camket.org.policy import Actor
from camket.registers import tally
from camket.registers.models import Entry, Issued
from camket.registers.operations.entries import enter, withdraw
from camket.registers.operations.numbers import number_document
from camket.registers.queries.numbers import OUTGOING
from camket.registers.sight import paper_states
from camket.registers.writing import NumberTaken


class PaperNotInForce(Refusal):
    """The paper was not issued, or was replaced or withdrawn already."""


def enter_issued(
    *,
    actor: Actor,
    number: str,
    title: str,
    issued_on: date,
    signed_by: str,
    recipients: tuple[str, ...],
    now: datetime,
    note: str = "",
) -> Entry:
    """Enter a paper that was signed with a number among the outgoing documents; for operations that asked for authority.

    Where the clerk entered the number for a document of the same type and day already, which no other paper made here
    stands for, that entry is the paper's. Writers of the register wait for each other, so that of two who issue under one
    number the second is refused. ``number`` is well formed. Raises NotAllowed, NumberTaken, ValuesRefused.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15, Điều 18.
    """
    parsed = parse_document_number(number)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id, register=OUTGOING)
        same = Entry.objects.filter(
            agency_id=actor.agency_id,
            register=OUTGOING,
            series=series_of(parsed),
            year=issued_on.year,
            serial=parsed.ordinal,
        ).first()
        if same is None:
            return enter(
                actor=actor,
                register=OUTGOING,
                values={
                    "number": number,
                    "on": issued_on,
                    "kind": parsed.kind or "letter",
                    "title": title,
                    "signer": signed_by,
                    "recipients": "; ".join(recipients),
                    "sent": "electronic",
                    "secrecy": OPEN_SECRECY,
                    **({"note": note} if note else {}),
                },
                now=now,
                is_numbered=True,
            )
        if same.state == Entry.State.WITHDRAWN or same.on != issued_on or paper_states(same):
            raise NumberTaken(same)
        return same


def number_issued(
    *,
    actor: Actor,
    kind: str,
    title: str,
    issued_on: date,
    signed_by: str,
    recipients: Iterable[str],
    now: datetime,
    sent: str = "electronic",
    note: str = "",
    unit_id: int | None = None,
) -> Entry:
    """Enter a paper that was signed among the outgoing documents, with the next number of its series.

    For operations that asked for authority and have taken their turn at the register. ``kind`` and ``sent`` are words of
    the register's choices. Raises NotAllowed, ValuesRefused, and SigningDayNotPossible for a day that lies ahead or before
    that of the latest number.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15 (numbers are given after signature).
    """
    entry = enter(
        actor=actor,
        register=OUTGOING,
        values={
            "on": issued_on,
            "kind": kind,
            "title": title,
            "unit": unit_id,
            "signer": signed_by,
            "recipients": "; ".join(recipients),
            "sent": sent,
            "secrecy": OPEN_SECRECY,
            **({"note": note} if note else {}),
        },
        now=now,
    )
    return number_document(actor=actor, entry_id=entry.pk, signed_on=issued_on, now=now)


def withdraw_issued(
    *,
    actor: Actor,
    paper: Issued,
    sent_id: int | None,
    reason: str,
    verb: str,
    now: datetime,
) -> None:
    """Withdraw a locked paper, and its entry among the outgoing documents; for operations that have asked for authority.

    The paper, its files and its number stay as they are, marked as withdrawn; the number is not given again. ``sent_id``
    is the entry's, None of a paper with a number of another series; ``verb`` what the journal calls the act. Raises
    NotAllowed, PaperNotInForce, ReasonMissing.

    Source: Nghị định 30/2020/NĐ-CP, Điều 18 khoản 4.
    """
    issued, withdrawn = "issued", "withdrawn"
    if paper.state != issued:
        raise PaperNotInForce(
            Message(gettext_noop("This document is not in force: there is nothing to withdraw."))
        )
    reason = needed_reason(one_line(reason))
    paper.state, paper.withdrawal = withdrawn, reason
    paper.withdrawn_at, paper.withdrawn_by_id = now, actor.person_id
    paper.save(update_fields=["state", "withdrawal", "withdrawn_at", "withdrawn_by"])
    sent = Entry.objects.filter(agency_id=actor.agency_id).exclude(state=Entry.State.WITHDRAWN)
    for each in sent.filter(pk=sent_id) if sent_id is not None else ():
        withdraw(actor=actor, entry_id=each.pk, reason=reason, now=now)
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=verb,
        subject=paper,
        on=timezone.localdate(now),
        before={"state": issued},
        after={"state": withdrawn, "number": paper.number},
        reason=reason,
        settles=True,
    )
