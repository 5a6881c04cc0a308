"""Reminder letters (công văn đôn đốc): drafted for late and soon due work, edited, issued with their numbers, withdrawn.

A letter that was issued stands among the outgoing documents under the number of their series, and on each piece of work
that it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.actions.operations import note_reminder
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.registers import REGISTERS
from camket.core.registers.documents import LETTER
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line, paragraphs
from camket.journal.operations import record
from camket.notifications.operations import tell_doers
from camket.org.models import Agency, Unit
from camket.org.policy import Actor, require
from camket.registers import tally
from camket.registers.due import MOST, TASK, Work, day_in, due_work
from camket.registers.filling import plain
from camket.registers.letter_paper import (
    SUBJECT,
    LetterContent,
    proposed_opening,
    proposed_requests,
)
from camket.registers.models import Entry, Letter
from camket.registers.operations.issued import number_issued, withdraw_issued
from camket.registers.queries.numbers import OUTGOING, abbreviation_of, symbol_for
from camket.registers.writing import counts_of, move, record_change

LONGEST_TEXT = 8000


class NothingToRemind(Refusal):
    """No work was chosen of which a letter can remind: none ticked, none open, or all in drafts or without a unit."""


class LetterNotDraft(Refusal):
    """A letter that was issued or withdrawn does not change any more."""


class LetterIncomplete(Refusal):
    """A letter without a subject, a text, an addressee or a signer."""


class ReplyDayNotPossible(Refusal):
    """The day by which units are to report has passed."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What drafting came to: the letters, the work left out with the reason, and what the letters lack."""

    letter_ids: tuple[int, ...]
    left_out: tuple[tuple[str, Message], ...]
    lacking: tuple[Message, ...] = ()


def draft_letters(
    *,
    actor: Actor,
    entry_ids: Collection[int],
    task_ids: Collection[int],
    reply_by: date,
    now: datetime,
    in_one: bool = False,
    drafter_id: int | None = None,
    authority: str = "",
    capacity: str = "",
    signed_by: str = "",
) -> Drafted:
    """Draft a letter for each unit whose work is chosen, or ``in_one`` for all of them.

    Work without a unit, and work that stands in a draft already, is left out and named. ``drafter_id`` is the unit whose
    abbreviation stands in the symbol (where it has none, that is said); who is to sign stands on the draft, and is said
    again when it is issued. Raises NotAllowed, NothingToRemind, ReplyDayNotPossible, Unit.DoesNotExist.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "reminder.draft")
        if reply_by < today:
            raise ReplyDayNotPossible(
                Message(gettext_noop("The units cannot report by a day that has passed."))
            )
        drafter = Unit.objects.get(pk=drafter_id, agency=agency) if drafter_id is not None else None
        found = due_work(agency.pk, today, entry_ids=entry_ids, task_ids=task_ids)
        left_out = [(each.title, why) for each in found if (why := _why_not(each)) is not None]
        chosen = [each for each in found if _why_not(each) is None]
        if not chosen:
            raise NothingToRemind(
                left_out[0][1]
                if left_out
                else Message(gettext_noop("Tick the open work first that units are to be reminded of."))
            )
        of_unit: dict[int, list[Work]] = {}
        for each in chosen:
            of_unit.setdefault(each.unit_id or 0, []).append(each)
        signer = [one_line(each)[:255] for each in (authority, capacity, signed_by)]
        groups = [chosen] if in_one else list(of_unit.values())
        letters = [
            _drafted(actor, agency, drafter, works, signer, reply_by=reply_by, today=today, now=now)
            for works in groups
        ]
    lacking: tuple[Message, ...] = ()
    if drafter is not None and not abbreviation_of(drafter.short_name):
        lacking = (
            Message(
                gettext_noop(
                    "The short name of %(unit)s is no abbreviation in capitals, so the symbol does not name it:"
                    " %(symbol)s. Give it one under Agency, then draft the letters anew."
                ),
                {"unit": drafter.name, "symbol": symbol_for(agency=agency, unit=drafter)},
            ),
        )
    return Drafted(tuple(each.pk for each in letters), tuple(left_out), lacking)


def edit_letter(
    *,
    actor: Actor,
    letter_id: int,
    subject: str,
    opening: str,
    requests: str,
    now: datetime,
    without: Collection[str] = (),
    signer: tuple[str, str, str] | None = None,
) -> Letter:
    """Change what a draft says; ``without`` are the pieces of work taken out of it (``entry-12``, ``task-7``),
    ``signer`` the authority, post and name of who is to sign.

    Raises NotAllowed, Letter.DoesNotExist, LetterNotDraft, LetterIncomplete.
    """
    with transaction.atomic():
        letter = _locked(actor, [letter_id])[0]
        require(actor, "reminder.draft")
        _require_draft(letter)
        content = LetterContent.from_json(letter.content)
        lines = tuple(each for each in content.lines if each.key not in without)
        wanted = replace(
            content,
            subject=one_line(subject).removeprefix("V/v").strip()[:300],
            opening=paragraphs(opening)[:LONGEST_TEXT],
            requests=paragraphs(requests)[:LONGEST_TEXT],
            lines=lines,
            addressees=tuple(dict.fromkeys(each.unit for each in lines)),
        )
        if signer is not None:
            authority, capacity, signed_by = (one_line(each)[:255] for each in signer)
            wanted = replace(wanted, authority=authority, capacity=capacity, signed_by=signed_by)
        _require_complete(wanted)
        if wanted != content:
            before, after = _said(content), _said(wanted)
            letter.content = wanted.to_json()
            letter.save(update_fields=["content"])
            _link(letter, wanted, actor.agency_id)
            _record(
                actor,
                letter,
                "reminder.changed",
                now,
                before={key: value for key, value in before.items() if after[key] != value},
                after={key: value for key, value in after.items() if before[key] != value},
            )
    return letter


def discard_letter(*, actor: Actor, letter_id: int, now: datetime) -> Letter:
    """Discard a draft: its work may be reminded of anew. Raises NotAllowed, Letter.DoesNotExist, LetterNotDraft."""
    with transaction.atomic():
        letter = _locked(actor, [letter_id])[0]
        require(actor, "reminder.draft")
        _require_draft(letter)
        letter.state = Letter.State.WITHDRAWN
        letter.save(update_fields=["state"])
        _record(
            actor,
            letter,
            "reminder.discarded",
            now,
            before={"state": Letter.State.DRAFT},
            after={"state": Letter.State.WITHDRAWN},
            settles=True,
        )
    return letter


def issue_letters(
    *,
    actor: Actor,
    letter_ids: Collection[int],
    issued_on: date,
    signed_by: str,
    capacity: str,
    authority: str,
    now: datetime,
) -> tuple[Letter, ...]:
    """Issue drafts that were signed: give each its number of the outgoing documents' series, freeze it, tell its units.

    Each piece of work that is still open gets the day on which it was reminded of. All letters or none. Raises
    NotAllowed, Letter.DoesNotExist, LetterNotDraft, LetterIncomplete, and SigningDayNotPossible for a day that lies
    ahead or before that of the latest number.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15 (numbers are given after signature), Điều 19 (sent the same day).
    """
    with transaction.atomic():
        letters = _locked(actor, letter_ids)
        require(actor, "reminder.issue")
        signed_by, capacity, authority = (one_line(each)[:255] for each in (signed_by, capacity, authority))
        if not signed_by:
            raise LetterIncomplete(Message(gettext_noop("Enter who signs the official letters.")))
        for letter in letters:
            _require_draft(letter)
        _take_turns(actor.agency_id, (entry for letter in letters for entry in letter.entries.all()))
        for letter in letters:
            content = replace(
                LetterContent.from_json(letter.content),
                issued_on=issued_on,
                authority=authority,
                capacity=capacity,
                signed_by=signed_by,
            )
            sent = number_issued(
                actor=actor,
                kind=LETTER,
                title=f"V/v {content.subject}",
                issued_on=issued_on,
                signed_by=signed_by,
                recipients=content.addressees,
                unit_id=letter.content.get("drafter_id"),
                now=now,
            )
            content = replace(content, number=sent.number)
            before = _note_on_entries(actor, letter, issued_on, sent.number, now)
            letter.state, letter.number = Letter.State.ISSUED, sent.number
            letter.issued_on, letter.year = issued_on, issued_on.year
            letter.issued_by_id = actor.person_id
            letter.content = {
                **content.to_json(),
                "drafter_id": letter.content.get("drafter_id"),
                "outgoing_id": sent.pk,
                "digest": content.digest,
                "reminded_before": before,
            }
            letter.save()
            note_reminder(
                actor=actor,
                task_ids=letter.tasks.values_list("pk", flat=True),
                number=sent.number,
                on=issued_on,
                now=now,
            )
            _record(
                actor,
                letter,
                "reminder.issued",
                now,
                after={
                    "number": sent.number,
                    "issued_on": issued_on,
                    "signed_by": signed_by,
                    "addressees": "; ".join(content.addressees),
                    "digest": content.digest,
                },
                settles=True,
            )
            _tell_units(actor, letter, content, now)
    return tuple(letters)


def withdraw_letter(*, actor: Actor, letter_id: int, reason: str, now: datetime) -> Letter:
    """Withdraw a letter that was issued by mistake; see :func:`withdraw_issued`.

    The day on which work was reminded of goes back to what it was, unless another was noted since. Raises NotAllowed,
    Letter.DoesNotExist, PaperNotInForce, ReasonMissing.
    """
    with transaction.atomic():
        letter = _locked(actor, [letter_id])[0]
        require(actor, "reminder.issue")
        _take_turns(actor.agency_id, letter.entries.all())
        withdraw_issued(
            actor=actor,
            paper=letter,
            sent_id=letter.content["outgoing_id"],
            reason=reason,
            verb="reminder.withdrawn",
            now=now,
        )
        _take_note_off(actor, letter, now)
    return letter


def _why_not(work: Work) -> Message | None:
    """Return why no letter can be drafted on a piece of work; None where one can."""
    title = {"title": work.title[:150]}
    if work.draft_id is not None:
        return Message(gettext_noop("“%(title)s” stands in a draft already."), title)
    if work.unit_id is None:
        return Message(
            gettext_noop("“%(title)s” has no unit in charge: say first whom the letter is for."), title
        )
    return None


def _drafted(
    actor: Actor,
    agency: Agency,
    drafter: Unit | None,
    works: Sequence[Work],
    signer: Sequence[str],
    *,
    reply_by: date,
    today: date,
    now: datetime,
) -> Letter:
    lines = tuple(each.line for each in works)
    authority, capacity, signed_by = signer
    addressees = tuple(dict.fromkeys(each.unit for each in lines))
    content = LetterContent(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        symbol=symbol_for(agency=agency, unit=drafter),
        subject=SUBJECT,
        addressees=addressees,
        opening=proposed_opening(addressees, lines, today),
        requests=proposed_requests(agency.full_name, addressees, lines, today, reply_by),
        lines=lines,
        as_of=today,
        authority=authority,
        capacity=capacity,
        signed_by=signed_by,
    )
    letter = Letter.objects.create(
        agency=agency,
        year=today.year,
        content={**content.to_json(), "drafter_id": drafter.pk if drafter else None},
        created_at=now,
        created_by_id=actor.person_id,
    )
    _link(letter, content, agency.pk)
    _record(
        actor, letter, "reminder.drafted", now, after={**_said(content), "addressees": "; ".join(addressees)}
    )
    return letter


def _record(
    actor: Actor,
    letter: Letter,
    verb: str,
    now: datetime,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
    settles: bool = False,
) -> None:
    record(
        actor=actor,
        agency_id=letter.agency_id,
        verb=verb,
        subject=letter,
        on=timezone.localdate(now),
        before=before,
        after=after,
        settles=settles,
    )


def _link(letter: Letter, content: LetterContent, agency_id: int) -> None:
    """Let a letter be about the work and the units that its lines name."""
    entries = [each.id for each in content.lines if each.register != TASK]
    tasks = [each.id for each in content.lines if each.register == TASK]
    letter.entries.set(entries)
    letter.tasks.set(tasks)
    letter.units.set(Unit.objects.filter(agency_id=agency_id, name__in=content.addressees))


def _said(content: LetterContent) -> dict[str, object]:
    return {
        "subject": content.subject,
        "opening": content.opening,
        "requests": content.requests,
        "signed_by": " · ".join(
            each for each in (content.authority, content.capacity, content.signed_by) if each
        ),
        "lines": "; ".join(each.title[:200] for each in content.lines),
    }


def _take_turns(agency_id: int, entries: Iterable[Entry]) -> None:
    """Take the turns of all registers that a letter writes, in the order of their keys."""
    for register in sorted({OUTGOING, *(each.register for each in entries)}):
        tally.take_turn(agency_id=agency_id, register=register)


def _note_on_entries(
    actor: Actor, letter: Letter, issued_on: date, number: str, now: datetime
) -> dict[str, str | None]:
    """Note on a letter's open entries that they were reminded of; return what stood there, by their number."""
    before: dict[str, str | None] = {}
    for entry in _entries(letter):
        if entry.state != Entry.State.OPEN or not _has_day(entry):
            continue
        was = day_in(entry, "reminded_on")
        before[str(entry.pk)] = was.isoformat() if was else None
        if was is None or was < issued_on:
            _write_day(actor, entry, issued_on, now, number)
    return before


def _take_note_off(actor: Actor, letter: Letter, now: datetime) -> None:
    known: Mapping[str, str | None] = letter.content.get("reminded_before", {})
    for entry in _entries(letter):
        if str(entry.pk) not in known or day_in(entry, "reminded_on") != letter.issued_on:
            continue
        others = entry.letters.filter(state=Letter.State.ISSUED).exclude(pk=letter.pk)
        days = [day for day in others.values_list("issued_on", flat=True) if day is not None]
        was = known[str(entry.pk)]
        if was is not None:
            days.append(date.fromisoformat(was))
        _write_day(actor, entry, max(days, default=None), now, letter.number)


def _entries(letter: Letter) -> list[Entry]:
    return list(letter.entries.select_for_update(of=("self",)).order_by("pk"))


def _has_day(entry: Entry) -> bool:
    return any(each.key == "reminded_on" for each in REGISTERS[entry.register].fields)


def _write_day(actor: Actor, entry: Entry, day: date | None, now: datetime, number: str) -> None:
    register = REGISTERS[entry.register]
    before, counted = plain(entry, register), counts_of(entry, register)
    kept = {key: value for key, value in entry.values.items() if key != "reminded_on"}
    entry.values = {**kept, "reminded_on": day.isoformat()} if day else kept
    entry.changed_at, entry.changed_by_id = now, actor.person_id
    entry.save(update_fields=["values", "changed_at", "changed_by"])
    move(register, entry, counted)
    record_change(
        actor, entry, register, "entry.reminded", timezone.localdate(now),
        before=before, after=plain(entry, register), reason=number,
    )  # fmt: skip


def _tell_units(actor: Actor, letter: Letter, content: LetterContent, now: datetime) -> None:
    for unit in letter.units.all():
        count = sum(1 for each in content.lines if each.unit == unit.name)
        tell_doers(
            agency_id=letter.agency_id,
            person_id=None,
            unit_id=unit.pk,
            topic="reminded",
            key=f"letter:{letter.pk}:{unit.pk}",
            message=Message(
                gettext_noop(
                    "Reminder letter %(number)s of %(day)s is for %(unit)s; pieces of work in it: %(count)s."
                ),
                {
                    "number": letter.number,
                    "day": format_date(letter.issued_on or content.as_of),
                    "unit": unit.name,
                    "count": str(count),
                },
            ),
            now=now,
            link=f"/so/don-doc/{letter.pk}/",
            by=actor,
        )


def _locked(actor: Actor, letter_ids: Collection[int]) -> list[Letter]:
    wanted = set(letter_ids)
    if not wanted or len(wanted) > MOST:
        raise NothingToRemind(Message(gettext_noop("Tick the drafts first that were signed.")))
    found = list(
        Letter.objects.select_for_update(of=("self",))
        .filter(agency_id=actor.agency_id, pk__in=wanted)
        .order_by("pk")
    )
    if len(found) != len(wanted):
        raise Letter.DoesNotExist(f"letters of another agency than {actor.agency_id}")
    return found


def _require_draft(letter: Letter) -> None:
    if letter.state != Letter.State.DRAFT:
        raise LetterNotDraft(Message(gettext_noop("This letter is no draft any more and does not change.")))


def _require_complete(content: LetterContent) -> None:
    if not (content.subject and content.opening and content.requests):
        raise LetterIncomplete(
            Message(gettext_noop("A letter has a subject, says what is late and what is asked for."))
        )
    if not content.lines:
        raise LetterIncomplete(
            Message(
                gettext_noop("A letter without work reminds of nothing: keep some, or discard the draft.")
            )
        )
