"""Announcements of conformity: prepared, effectiveness confirmed by the head, issued, replaced, withdrawn.

Every function locks, asks authority and state, writes and records in one transaction; another agency's raises
Announcement.DoesNotExist. Source: Quyết định 19/2014/QĐ-TTg, Điều 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from camket.actions.operations import TO_DO_STATES, NewTask, add_task, submit_task
from camket.core.announcement import Check, checks, lacks
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line, paragraphs
from camket.core.workflow import ANNOUNCEMENT
from camket.improvement import announcing, telling
from camket.improvement.announcement_paper import WORDS, AnnouncementContent
from camket.improvement.given import DayNotPossible, TextMissing
from camket.improvement.models import Announcement
from camket.improvement.operations._recording import write_down
from camket.journal.reasons import needed_reason
from camket.notifications.staff import staff_of
from camket.org.calendar import working_calendar
from camket.org.models import Agency, Role
from camket.org.policy import Actor, require

TEXT_LONGEST = 8000
POSTED_WITHIN = 5
"""Working days in which an announcement is posted and the leading body told. Source: Luật 10/2022/QH15, Điều 14."""


class AlreadyAtWork(Refusal):
    """One announcement is prepared at a time; another one signed on paper is taken in only before the first."""


class AnnouncementIncomplete(Refusal):
    """A precondition of announcing lacks something; ``lacks`` says each."""

    def __init__(self, lacks: Iterable[Message]) -> None:
        self.lacks = tuple(lacks)
        super().__init__(self.lacks[0])


@dataclass(frozen=True, slots=True)
class NewAnnouncement:
    """An announcement as it is prepared; ``choices`` says of fields what their procedures share, or that they stay out."""

    edition: str
    scope: str = ""
    reason: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)


def prepare(*, actor: Actor, announcement: NewAnnouncement, now: datetime) -> Announcement:
    """Begin an announcement, or one again where one is in force. Raises NotAllowed, AlreadyAtWork, TextMissing."""
    with transaction.atomic():
        _lock(actor)
        require(actor, "announcement.prepare")
        if _at_work(actor):
            raise AlreadyAtWork(
                Message(gettext_noop("An announcement is being prepared already; go on with it."))
            )
        older = announcing.in_force(actor.agency_id)
        is_again = Announcement.objects.filter(agency_id=actor.agency_id, signed_on__isnull=False).exists()
        values = _values(actor, announcement, timezone.localdate(now), is_again=is_again)
        row = Announcement.objects.create(
            agency_id=actor.agency_id,
            kind=Announcement.Kind.AGAIN if is_again else Announcement.Kind.FIRST,
            year=timezone.localdate(now).year,
            replaces=older,
            made_at=now,
            made_by_id=actor.person_id,
            **values,
        )
        write_down(actor, row, "announcement.prepared", now, None, _told(values))
    return row


def change(
    *, actor: Actor, announcement_id: int, announcement: NewAnnouncement, now: datetime
) -> Announcement:
    """Change a draft; its procedures are read anew. Raises NotAllowed, NotPossible, TextMissing."""
    with transaction.atomic():
        row = _locked(actor, announcement_id)
        require(actor, "announcement.prepare")
        ANNOUNCEMENT.after(row.state, "edit")
        values = _values(
            actor, announcement, timezone.localdate(now), is_again=row.kind == Announcement.Kind.AGAIN
        )
        before = {name: getattr(row, name) for name in values}
        if before != values:
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=list(values))
            write_down(actor, row, "announcement.changed", now, _told(before), _told(values))
    return row


def discard(*, actor: Actor, announcement_id: int, now: datetime) -> Announcement:
    """Set a draft aside. Raises NotAllowed, NotPossible."""
    with transaction.atomic():
        row = _locked(actor, announcement_id)
        require(actor, "announcement.prepare")
        before, row.state = row.state, ANNOUNCEMENT.after(row.state, "discard")
        row.save(update_fields=["state"])
        write_down(
            actor, row, "announcement.discarded", now, {"state": before}, {"state": row.state}, settles=True
        )
    return row


def ask_to_confirm(*, actor: Actor, announcement_id: int, now: datetime) -> Announcement:
    """Tell the head that a draft waits for the confirmation. Raises NotAllowed, NotPossible, AnnouncementIncomplete."""
    with transaction.atomic():
        row = _locked(actor, announcement_id)
        require(actor, "announcement.prepare")
        ANNOUNCEMENT.after(row.state, "confirm")
        _checked(row, timezone.localdate(now))
        write_down(actor, row, "announcement.asked", now, None, None)
        telling.told_announcement(actor=actor, row=row, what="asked", now=now)
    return row


def confirm(*, actor: Actor, announcement_id: int, now: datetime) -> Announcement:
    """Confirm that the system is effective, with each precondition and its proof as they stand: an act of the head.

    Raises NotAllowed, NotPossible, AnnouncementIncomplete with everything that lacks.
    Source: Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 2 điểm d.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, announcement_id)
        require(actor, "announcement.confirm")
        before, row.state = row.state, ANNOUNCEMENT.after(row.state, "confirm")
        found = _checked(row, today)
        row.checks = {"on": today.isoformat(), "checks": [_kept(each) for each in found]}
        row.confirmed_at, row.confirmed_by_id = now, actor.person_id
        row.save(update_fields=["state", "checks", "procedures", "confirmed_at", "confirmed_by"])
        after = {"state": row.state, "checks": [each.key for each in found]}
        write_down(actor, row, "announcement.confirmed", now, {"state": before}, after)
        telling.told_announcement(actor=actor, row=row, what="confirmed", now=now)
    return row


def send_back(*, actor: Actor, announcement_id: int, reason: str, now: datetime) -> Announcement:
    """Take the confirmation back, so that the draft can be changed. Raises NotAllowed, NotPossible, ReasonMissing."""
    with transaction.atomic():
        row = _locked(actor, announcement_id)
        require(actor, "announcement.confirm")
        before, row.state = row.state, ANNOUNCEMENT.after(row.state, "return")
        reason = needed_reason(one_line(reason))
        row.checks, row.confirmed_at, row.confirmed_by = {}, None, None
        row.save(update_fields=["state", "checks", "confirmed_at", "confirmed_by"])
        write_down(actor, row, "announcement.returned", now, {"state": before}, {"state": row.state}, reason)
        telling.told_announcement(actor=actor, row=row, what="returned", now=now)
    return row


def announce(
    *,
    actor: Actor,
    announcement_id: int,
    number: str,
    signed_on: date,
    content: Callable[[Announcement], AnnouncementContent],
    now: datetime,
) -> Announcement:
    """Issue what the head confirmed: ``content`` says what is frozen; the one before is replaced, posting becomes a task.

    Raises NotAllowed, NotPossible, AnnouncementIncomplete where a precondition does not hold any more, TextMissing,
    DayNotPossible before the confirmation or ahead of today.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, announcement_id)
        require(actor, "announcement.prepare")
        before, row.state = row.state, ANNOUNCEMENT.after(row.state, "announce")
        row.number = _number(number)
        confirmed = timezone.localdate(row.confirmed_at or now)
        if not confirmed <= signed_on <= today:
            raise DayNotPossible(
                Message(
                    gettext_noop("It is signed from %(first)s, when effectiveness was confirmed, to today."),
                    {"first": f"{confirmed:%d/%m/%Y}"},
                )
            )
        row.signed_on = signed_on
        _checked(row, today)
        row.year = signed_on.year
        _put_in_place(row)
        row.issued = content(row).to_json()
        row.save()
        write_down(
            actor, row, "announcement.announced", now, {"state": before},
            {"state": row.state, "number": row.number, "signed_on": signed_on}, settles=True,
        )  # fmt: skip
        _give_out(actor, row, now)
        telling.told_announcement(actor=actor, row=row, what="announced", now=now)
        announcing.changed()
    return row


def record_signed(
    *,
    actor: Actor,
    announcement_id: int,
    number: str,
    signed_on: date,
    content: Callable[[Announcement], AnnouncementContent],
    now: datetime,
) -> Announcement:
    """Take in an announcement that was signed on paper before the system was used; its preconditions were looked at there.

    Raises NotAllowed, NotPossible, TextMissing, DayNotPossible ahead of today, AlreadyAtWork once one was issued here.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, announcement_id)
        require(actor, "announcement.prepare")
        before, row.state = row.state, ANNOUNCEMENT.after(row.state, "record_signed")
        if Announcement.objects.filter(agency_id=actor.agency_id, signed_on__isnull=False).exists():
            raise AlreadyAtWork(
                Message(
                    gettext_noop(
                        "Only the first announcement is taken in from paper; later ones are issued here."
                    )
                )
            )
        row.number = _number(number)
        if signed_on > today:
            raise DayNotPossible(Message(gettext_noop("It cannot be signed after today.")))
        row.signed_on, row.year = signed_on, signed_on.year
        row.checks = {"on": signed_on.isoformat(), "checks": [], "on_paper": True}
        row.issued = content(row).to_json()
        row.save()
        write_down(
            actor, row, "announcement.recorded", now, {"state": before},
            {"state": row.state, "number": row.number, "signed_on": signed_on}, settles=True,
        )  # fmt: skip
        announcing.changed()
    return row


def withdraw(*, actor: Actor, announcement_id: int, reason: str, now: datetime) -> Announcement:
    """Withdraw the announcement in force: an act of the head. Raises NotAllowed, NotPossible, ReasonMissing."""
    with transaction.atomic():
        row = _locked(actor, announcement_id)
        require(actor, "announcement.confirm")
        before, row.state = row.state, ANNOUNCEMENT.after(row.state, "withdraw")
        row.withdrawal = needed_reason(one_line(reason))
        row.withdrawn_on = timezone.localdate(now)
        row.save(update_fields=["state", "withdrawal", "withdrawn_on"])
        write_down(
            actor, row, "announcement.withdrawn", now, {"state": before}, {"state": row.state}, row.withdrawal,
            settles=True,
        )  # fmt: skip
        telling.told_announcement(actor=actor, row=row, what="withdrawn", now=now)
        announcing.changed()
    return row


def report_posted(*, actor: Actor, number: str, signed_on: date | None, result: str, now: datetime) -> bool:
    """Submit the task of posting the announcement in force, since it hangs wherever it has to; say whether one waited for that.

    ``number`` and ``signed_on`` (None: not said) are the posted document's; what is no announcement in force is passed over.
    Raises NotAllowed for who does not keep the register of postings.
    """
    with transaction.atomic():
        row = announcing.in_force(actor.agency_id)
        if row is None or row.posting_task is None or row.number != one_line(number):
            return False
        if signed_on not in (None, row.signed_on) or row.posting_task.state not in TO_DO_STATES:
            return False
        submit_task(actor=actor, task_id=row.posting_task.pk, result=result, now=now, act="posting.manage")
    return True


def propose_again(*, agency_id: int, today: date, now: datetime) -> int:
    """Tell the secretary, once of the same changes, where the scope or the edition is no longer the one announced.

    Returns how many people were told. Source: Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 4 điểm c.
    """
    row = announcing.in_force(agency_id)
    if row is None:
        return 0
    found = announcing.changes_since(row, today)
    if not found:
        return 0
    said = "\n".join(str(each) for each in found.sentences)
    stamp = hashlib.sha256(said.encode()).hexdigest()[:16]
    return telling.told_to_announce_again(
        agency_id=agency_id, announcement_id=row.pk, stamp=stamp, changes=found.sentences, now=now
    )


def _kept(check: Check) -> dict[str, Any]:
    """Return a precondition as it is kept: its key, and the sentences that prove it."""
    return {
        "key": check.key,
        "proofs": [
            {"template": each.message.template, "params": dict(each.message.params), "link": each.link}
            for each in check.proofs
        ],
    }


def _checked(row: Announcement, today: date) -> tuple[Check, ...]:
    """Read the procedures of the scope anew, and refuse where a precondition lacks something."""
    facts = announcing.facts_of(row.agency_id, row.choices, today)
    found = checks(facts)
    if missing := lacks(found):
        raise AnnouncementIncomplete(missing)
    scope = [asdict(each) for each in facts.procedures]
    if row.state == "announced" and scope != row.procedures:
        raise AnnouncementIncomplete(
            [
                Message(
                    gettext_noop(
                        "The procedures or their documents changed since effectiveness was confirmed; have it returned and "
                        "confirmed anew."
                    )
                )
            ]
        )
    row.procedures = scope
    return found


def _put_in_place(row: Announcement) -> None:
    older = announcing.in_force(row.agency_id)
    row.replaces = older
    if older is not None:
        older.state = ANNOUNCEMENT.after(older.state, "replace")
        older.save(update_fields=["state"])


def _give_out(actor: Actor, row: Announcement, now: datetime) -> None:
    """Make tasks of what follows: posting it, telling the leading body; of who prepares announcements."""
    today = timezone.localdate(now)
    due = working_calendar(row.agency_id).add_working_days(max(row.signed_on or today, today), POSTED_WITHIN)
    doers = staff_of(row.agency_id, today).with_role(Role.SECRETARY)
    doer = actor.acts_as_id if actor.acts_as_id in doers else next(iter(sorted(doers)), actor.person_id)
    row.posting_task, row.letter_task = (
        add_task(
            actor=actor,
            task=NewTask(text, due, person_id=doer, origin="Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 3"),
            now=now,
            act="announcement.prepare",
        )
        for text in (
            f"Niêm yết Quyết định công bố {row.number} tại trụ sở, đăng trên trang thông tin điện tử và ghi vào "
            "Sổ niêm yết",
            f"Gửi văn bản thông báo công bố {row.number} đến cơ quan chủ trì (Sở Khoa học và Công nghệ)",
        )
    )
    row.save(update_fields=["posting_task", "letter_task"])


def _lock(actor: Actor) -> None:
    Agency.objects.select_for_update().get(pk=actor.agency_id)


def _locked(actor: Actor, announcement_id: int) -> Announcement:
    _lock(actor)
    return Announcement.objects.select_for_update(of=("self",)).get(
        pk=announcement_id, agency_id=actor.agency_id
    )


def _at_work(actor: Actor) -> bool:
    return Announcement.objects.filter(agency_id=actor.agency_id, state__in=("draft", "confirmed")).exists()


def _number(number: str) -> str:
    number = one_line(number)[:100]
    if not number:
        raise TextMissing(Message(gettext_noop("Write the number of the signed decision, as 12/QĐ-UBND.")))
    return number


def _values(actor: Actor, given: NewAnnouncement, today: date, *, is_again: bool) -> dict[str, Any]:
    reason = paragraphs(given.reason)[:TEXT_LONGEST]
    if is_again and not reason:
        raise TextMissing(Message(gettext_noop("Say what changed since the last announcement.")))
    choices = {one_line(key): one_line(value) for key, value in given.choices.items() if one_line(value)}
    documents = announcing.documents_of(actor.agency_id)
    listed = announcing.scope_of(announcing.procedures_in_force(actor.agency_id, today), choices, documents)
    wording = {key: paragraphs(given.wording.get(key, ""))[:TEXT_LONGEST] for key in WORDS}
    for key, text in wording.items():
        if not text:
            raise TextMissing(
                Message(gettext_noop("A part of the form's words is empty: %(part)s."), {"part": key})
            )
    return {
        "edition": given.edition,
        "scope": paragraphs(given.scope)[:TEXT_LONGEST],
        "reason": reason,
        "choices": choices,
        "procedures": [asdict(each) for each in listed],
        "wording": wording,
    }


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the journal keeps of a draft: its words, and how many procedures it names."""
    return {**values, "procedures": len(values["procedures"])}
