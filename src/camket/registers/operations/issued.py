"""Withdrawing a paper that was issued with a number: a reminder letter, a work programme, the report on it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.journal.operations import record
from camket.journal.reasons import needed_reason
from camket.org.policy import Actor
from camket.registers.models import Entry, Letter, ProgrammePaper
from camket.registers.operations.entries import withdraw


class PaperNotInForce(Refusal):
    """The paper was not issued, or was replaced or withdrawn already."""


def withdraw_issued(
    *,
    actor: Actor,
    paper: Letter | ProgrammePaper,
    sent_id: int,
    reason: str,
    verb: str,
    now: datetime,
) -> None:
    """Withdraw a locked paper, and its entry among the outgoing documents; for operations that have asked for authority.

    The paper, its files and its number stay as they are, marked as withdrawn; the number is not given again. ``sent_id``
    is the entry's, ``verb`` what the journal calls the act. Raises NotAllowed, PaperNotInForce, ReasonMissing.

    Source: Nghị định 30/2020/NĐ-CP, Điều 18 khoản 4.
    """
    issued, withdrawn = paper.State.ISSUED, paper.State.WITHDRAWN
    if paper.state != issued:
        raise PaperNotInForce(
            Message(gettext_noop("This document is not in force: there is nothing to withdraw."))
        )
    reason = needed_reason(one_line(reason))
    paper.state, paper.withdrawal = withdrawn, reason
    paper.withdrawn_at, paper.withdrawn_by_id = now, actor.person_id
    paper.save(update_fields=["state", "withdrawal", "withdrawn_at", "withdrawn_by"])
    sent = Entry.objects.filter(pk=sent_id, agency_id=actor.agency_id).exclude(state=Entry.State.WITHDRAWN)
    for each in sent:
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
