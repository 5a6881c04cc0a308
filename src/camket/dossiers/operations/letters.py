"""Letters on late dossiers: drafted for one or many, edited, issued with their numbers, withdrawn, or discarded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.core.dossier_clock import require_reappointment
from camket.core.dossiers import PAUSED, Outcome, State
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.tally import day_number, day_of
from camket.dossiers import tally
from camket.dossiers.letter_paper import number_of_letter
from camket.dossiers.models import Batch, Dossier, DossierChange, Letter
from camket.dossiers.operations.reckoning import reckoned_without_promise
from camket.dossiers.queries.letters import content_of
from camket.journal.operations import record
from camket.org.models import Agency
from camket.org.policy import Actor, require

MOST = 200
"""Letters drafted or issued at once."""


class NothingChosen(Refusal):
    """No dossier or letter was chosen, or more than :data:`MOST`."""


class LetterNotPossible(Refusal):
    """No letter of this kind can be written on the dossier; ``code`` says which."""

    def __init__(self, message: Message, code: str) -> None:
        super().__init__(message)
        self.code = code


class LetterNotDraft(Refusal):
    """An issued or discarded letter does not change any more."""


class ReasonMissing(Refusal):
    """A letter says why the result is late."""


class NewDateMissing(Refusal):
    """The apology on an open dossier names the new date."""


class NewDateNotPossible(Refusal):
    """The dossier is finished or was given a new date already: a letter can name none."""


class DateNotPossible(Refusal):
    """The day of signature lies ahead, or before that of a letter which has a number already."""


class SignerMissing(Refusal):
    """A letter has no signer."""


class FirstNumberNotPossible(Refusal):
    """The first number of a year is chosen once, before any letter of the year has one."""


class LetterNotIssued(Refusal):
    """Only a letter that was issued and stands can be withdrawn."""


class LetterReliedOn(Refusal):
    """A later letter names the date that this one promised."""


class DateNotOfLetter(Refusal):
    """The new date that the dossier has is not the one that the letter promised."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What drafting for many came to: the letters, and the dossiers left out with the reason."""

    letter_ids: tuple[int, ...]
    left_out: tuple[tuple[str, Message], ...]


def draft_letters(
    *,
    actor: Actor,
    dossier_ids: Collection[int],
    kind: str,
    reason: str,
    due_new: date | None,
    now: datetime,
) -> Drafted:
    """Draft a letter of a kind on each dossier; those on which none can be written are left out and named.

    ``due_new`` is promised where the dossier is open and was given no new date before; elsewhere the apology names
    none. Raises NotAllowed, NothingChosen, ReasonMissing, Dossier.DoesNotExist for another agency's, and
    LetterNotPossible where no letter at all can be written, or what the only one raises.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        require(actor, "letter.write")
        reason = _reason(reason)
        dossiers = _dossiers(actor, dossier_ids)
        written = {
            (dossier_id, of_kind)
            for dossier_id, of_kind in Letter.objects.filter(dossier__in=dossiers)
            .exclude(state__in=(Letter.State.DISCARDED, Letter.State.WITHDRAWN))
            .values_list("dossier_id", "kind")
        }
        letters, left_out = [], []
        for dossier in dossiers:
            try:
                if (dossier.pk, kind) in written:
                    raise LetterNotPossible(
                        Message(
                            gettext_noop("A letter of this kind is written on dossier %(code)s already."),
                            {"code": dossier.code},
                        ),
                        dossier.code,
                    )
                _require_standing(dossier)
                _require_late(dossier, today)
                promised = due_new if kind == Letter.Kind.APOLOGY and _may_promise(dossier) else None
                _check_promise(dossier, kind, promised, today)
            except Refusal as refusal:
                if len(dossiers) == 1:
                    raise
                left_out.append((dossier.code, refusal.message))
                continue
            letters.append(
                Letter(
                    agency_id=actor.agency_id,
                    dossier=dossier,
                    kind=kind,
                    reason=reason,
                    due_before=dossier.due_now,
                    due_new=_midnight(promised),
                    created_at=now,
                    created_by_id=actor.person_id,
                )
            )
        if not letters:
            raise LetterNotPossible(left_out[0][1], left_out[0][0])
        for letter in letters:
            letter.save()
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="letter.drafted",
                subject=letter,
                on=today,
                after={
                    "kind": kind,
                    "dossier": letter.dossier.code,
                    "reason": reason,
                    "due_new": timezone.localdate(letter.due_new) if letter.due_new else None,
                },
            )
    return Drafted(tuple(letter.pk for letter in letters), tuple(left_out))


def edit_letter(*, actor: Actor, letter_id: int, reason: str, due_new: date | None, now: datetime) -> Letter:
    """Change the reason and the new date of a draft.

    Raises NotAllowed, LetterNotDraft, ReasonMissing, NewDateMissing, NewDateNotPossible, NewDateNotLater.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        letter = _locked(actor, [letter_id])[0]
        require(actor, "letter.write")
        _require_draft(letter)
        reason = _reason(reason)
        _check_promise(letter.dossier, letter.kind, due_new, today)
        before = {"reason": letter.reason, "due_new": _local_day(letter.due_new)}
        letter.reason, letter.due_new = reason, _midnight(due_new)
        after = {"reason": letter.reason, "due_new": due_new}
        if after != before:
            letter.save(update_fields=["reason", "due_new"])
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="letter.changed",
                subject=letter,
                on=today,
                before=before,
                after=after,
            )
    return letter


def discard_letters(*, actor: Actor, letter_ids: Collection[int], now: datetime) -> int:
    """Discard drafts; return how many. A dossier may then be written on anew.

    Raises NotAllowed, NothingChosen, LetterNotDraft, Letter.DoesNotExist.
    """
    with transaction.atomic():
        letters = _locked(actor, letter_ids)
        require(actor, "letter.write")
        for letter in letters:
            _require_draft(letter)
            letter.state = Letter.State.DISCARDED
            letter.save(update_fields=["state"])
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="letter.discarded",
                subject=letter,
                on=timezone.localdate(now),
                before={"state": Letter.State.DRAFT},
                after={"state": Letter.State.DISCARDED},
            )
    return len(letters)


def issue_letters(
    *,
    actor: Actor,
    letter_ids: Collection[int],
    issued_on: date,
    signed_by: str,
    capacity: str,
    authority: str,
    now: datetime,
    first_number: int | None = None,
) -> tuple[Letter, ...]:
    """Issue drafts that were signed: number them in their order without gaps, freeze them, and note them on the dossiers.

    Numbers run from 01 through the year of ``issued_on`` over both kinds, one register; ``first_number`` is where the
    agency goes on from a register kept on paper, possible before the year's first. An apology with a new date is the
    dossier's one re-appointment: the new date holds from then on, and both dates stay. All letters or none.

    Raises NotAllowed, NothingChosen, LetterNotDraft, DateNotPossible, SignerMissing, FirstNumberNotPossible, and what
    :func:`edit_letter` raises where a dossier was finished or re-appointed since the draft was written.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15; Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        letters = _locked(actor, letter_ids)
        require(actor, "letter.issue")
        signed_by, capacity, authority = (
            " ".join(each.split())[:255] for each in (signed_by, capacity, authority)
        )
        if not signed_by:
            raise SignerMissing(Message(gettext_noop("Enter who signs the letters.")))
        number = _next_number(actor.agency_id, issued_on, today, first_number)
        agency = Agency.objects.get(pk=actor.agency_id)
        dossiers = _shared(letters)
        before = [tally.facts_of(dossier) for dossier in dossiers]
        for letter in letters:
            _require_draft(letter)
            _require_standing(letter.dossier)
            _check_promise(letter.dossier, letter.kind, _local_day(letter.due_new), issued_on)
        for ordinal, letter in enumerate(letters, number):
            letter.year, letter.number = issued_on.year, ordinal
            letter.shown_number = number_of_letter(letter.kind, agency.full_name, ordinal)
            letter.issued_on, letter.signed_by, letter.capacity = issued_on, signed_by, capacity
            letter.issued_by_id = actor.person_id
            letter.due_before = letter.dossier.due_now
            letter.state = Letter.State.ISSUED
            letter.content = content_of(letter, agency, authority).to_json()
            letter.save()
            changed = _note(letter.dossier, letter, issued_on, now, actor)
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="letter.issued",
                subject=letter,
                on=today,
                after={
                    "number": letter.shown_number,
                    "issued_on": issued_on,
                    "signed_by": signed_by,
                    "dossier": letter.dossier.code,
                    "due_new": _local_day(letter.due_new) if "due_now" in changed else None,
                },
                settles=True,
            )
        tally.recount(
            agency_id=actor.agency_id,
            before=before,
            after=[tally.facts_of(dossier) for dossier in dossiers],
        )
    return tuple(letters)


def withdraw_letter(
    *, actor: Actor, letter_id: int, reason: str, takes_date_back: bool, now: datetime
) -> Letter:
    """Withdraw a letter that was issued by mistake: it stays in the register under its number, and counts no more.

    The dossier is answered no longer unless another of its letters stands, and may be written on anew. The date that
    the letter promised was promised to a citizen: it stands unless ``takes_date_back``, and then the dossier is due
    when it was first.

    Raises NotAllowed, LetterNotIssued, ReasonMissing, LetterNotPossible while the dossier's import is being undone;
    where the date is taken back also LetterReliedOn, if a later letter names it, and DateNotOfLetter, if the dossier
    has another by now.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        letter = _locked(actor, [letter_id])[0]
        require(actor, "letter.issue")
        dossier = letter.dossier
        code = {"code": dossier.code}
        if letter.state != Letter.State.ISSUED:
            raise LetterNotIssued(
                Message(
                    gettext_noop(
                        "The letter on dossier %(code)s is no issued one: nothing can be withdrawn."
                    ),
                    code,
                )
            )
        _require_standing(dossier)
        reason = " ".join(reason.split())
        if not reason:
            raise ReasonMissing(Message(gettext_noop("Say why the letter is withdrawn.")))
        others = Letter.objects.filter(dossier=dossier, state=Letter.State.ISSUED).exclude(pk=letter.pk)
        before = [tally.facts_of(dossier)]
        wanted: dict[str, Any] = {"is_answered": others.exists()}
        if takes_date_back:
            if letter.due_new is None or dossier.due_promised != letter.due_new:
                raise DateNotOfLetter(
                    Message(
                        gettext_noop(
                            "The new date of dossier %(code)s is not the one that this letter promised; it stays."
                        ),
                        code,
                    )
                )
            if relying := others.filter(due_before=letter.due_new).order_by("-year", "-number").first():
                raise LetterReliedOn(
                    Message(
                        gettext_noop(
                            "Letter %(later)s names the date that this letter promised. Withdraw that one first, or "
                            "keep the date."
                        ),
                        {"later": relying.shown_number},
                    )
                )
            wanted |= reckoned_without_promise(dossier=dossier)
        changed = _write(dossier, wanted, now, actor)
        letter.state, letter.withdrawal_reason = Letter.State.WITHDRAWN, reason
        letter.withdrawn_at, letter.withdrawn_by_id = now, actor.person_id
        letter.save(update_fields=["state", "withdrawal_reason", "withdrawn_at", "withdrawn_by"])
        drafts = Letter.objects.filter(dossier=dossier, state=Letter.State.DRAFT)
        drafts.update(due_before=dossier.due_now)
        tally.recount(agency_id=actor.agency_id, before=before, after=[tally.facts_of(dossier)])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="letter.withdrawn",
            subject=letter,
            on=today,
            before={"state": Letter.State.ISSUED},
            after={
                "state": Letter.State.WITHDRAWN,
                "number": letter.shown_number,
                "dossier": dossier.code,
                "due_now": _local_day(dossier.due_now) if "due_promised" in changed else None,
            },
            reason=reason,
            settles=True,
        )
    return letter


def _shared(letters: Collection[Letter]) -> Collection[Dossier]:
    """Let letters of one dossier, an apology and an explanation, know what each writes on it; return the dossiers."""
    dossiers: dict[int, Dossier] = {}
    for letter in letters:
        letter.dossier = dossiers.setdefault(letter.dossier_id, letter.dossier)
    return dossiers.values()


def _note(dossier: Dossier, letter: Letter, issued_on: date, now: datetime, actor: Actor) -> dict[str, Any]:
    """Write on the dossier that it was answered and, with a new date, re-appointed; return what changed."""
    wanted: dict[str, Any] = {"is_answered": True}
    if letter.due_new is not None:
        day = day_number(timezone.localdate(letter.due_new))
        stands = dossier.overdue_day is None or State(dossier.state) in PAUSED
        wanted |= {
            "reappointed_at": now if issued_on == timezone.localdate(now) else _midnight(issued_on),
            "reappointed_day": day_number(issued_on),
            "due_promised": letter.due_new,
        }
        first = _local_day(dossier.due_first)
        if (
            first is None or issued_on < first
        ):  # given later, it is owed all the same and the dossier stays overdue
            wanted |= {
                "due_now": letter.due_new,
                "due_day": day,
                "overdue_day": None if stands else day + 1,
            }
    return _write(dossier, wanted, now, actor)


def _write(dossier: Dossier, wanted: dict[str, Any], now: datetime, actor: Actor) -> dict[str, Any]:
    """Write columns on a dossier and keep them in its history; return what changed."""
    before = {name: getattr(dossier, name) for name in wanted}
    after = {name: value for name, value in wanted.items() if before[name] != value}
    for name, value in after.items():
        setattr(dossier, name, value)
    if after:
        dossier.save(update_fields=list(after))
        DossierChange.objects.create(
            dossier=dossier,
            by_id=actor.person_id,
            at=now,
            before={name: _plain(before[name]) for name in after},
            after={name: _plain(value) for name, value in after.items()},
        )
    return after


def _next_number(agency_id: int, issued_on: date, today: date, first: int | None) -> int:
    if issued_on > today:
        raise DateNotPossible(
            Message(gettext_noop("The day of signature lies ahead. Enter today or an earlier day."))
        )
    given = Letter.objects.filter(agency_id=agency_id, year=issued_on.year, number__isnull=False)
    latest = given.aggregate(number=Max("number"), day=Max("issued_on"))
    if latest["number"] is None:
        if first is not None and first < 1:
            raise FirstNumberNotPossible(Message(gettext_noop("Numbers begin at 1.")))
        return first or 1
    if first is not None and first != latest["number"] + 1:
        raise FirstNumberNotPossible(
            Message(
                gettext_noop(
                    "Letters of %(year)s have numbers already, up to %(number)s. The next follows by itself."
                ),
                {"year": str(issued_on.year), "number": str(latest["number"])},
            )
        )
    if issued_on < latest["day"]:
        raise DateNotPossible(
            Message(
                gettext_noop(
                    "Number %(number)s was given on %(day)s, and numbers follow the days. Enter that day or a later one."
                ),
                {"number": str(latest["number"]), "day": f"{latest['day']:%d/%m/%Y}"},
            )
        )
    return int(latest["number"]) + 1


def _require_standing(dossier: Dossier) -> None:
    """Raise LetterNotPossible while the import that wrote the dossier last is being undone: nobody knows what stays."""
    if Batch.State.UNDOING in (dossier.first_batch.state, dossier.last_batch.state):
        raise LetterNotPossible(
            Message(
                gettext_noop(
                    "The import that brought dossier %(code)s is being undone. Look again when that is done."
                ),
                {"code": dossier.code},
            ),
            dossier.code,
        )


def _require_late(dossier: Dossier, today: date) -> None:
    """Raise LetterNotPossible unless the dossier is late, or open with a due date that it may miss."""
    if dossier.received_day is None:
        fault = gettext_noop("Dossier %(code)s was not accepted: nothing is due.")
    elif dossier.finished_day is not None and Outcome.LATE not in (dossier.outcome, dossier.outcome_first):
        fault = gettext_noop(
            "Dossier %(code)s was settled in time on %(day)s: there is nothing to apologise for."
        )
    elif dossier.due_day is None:
        fault = gettext_noop("Dossier %(code)s has no due date that it could miss.")
    else:
        return
    params = {"code": dossier.code}
    if dossier.finished_day is not None:
        params["day"] = f"{day_of(dossier.finished_day):%d/%m/%Y}"
    raise LetterNotPossible(Message(fault, params), dossier.code)


def _may_promise(dossier: Dossier) -> bool:
    return dossier.finished_day is None and not dossier.is_reappointed


def _check_promise(dossier: Dossier, kind: str, due_new: date | None, on: date) -> None:
    """Hold the new date of a letter against the dossier: one where it is open and has none yet, none elsewhere."""
    code = {"code": dossier.code}
    if kind == Letter.Kind.EXPLANATION:
        if due_new is not None:
            raise NewDateNotPossible(
                Message(
                    gettext_noop(
                        "An explanation gives no new date; an apology does. Leave the new date empty."
                    )
                )
            )
        return
    if dossier.finished_day is not None and due_new is not None:
        raise NewDateNotPossible(
            Message(gettext_noop("Dossier %(code)s is settled: no new date is promised any more."), code)
        )
    if due_new is None:
        if _may_promise(dossier):
            raise NewDateMissing(
                Message(
                    gettext_noop("Enter the new date on which the result of dossier %(code)s is given."), code
                )
            )
        return
    require_reappointment(
        is_reappointed=dossier.is_reappointed,
        due_now=_local_day(dossier.due_now) or on,
        due_new=due_new,
        on=on,
    )


def _dossiers(actor: Actor, dossier_ids: Collection[int]) -> list[Dossier]:
    wanted = set(dossier_ids)
    _require_some(wanted)
    found = list(
        Dossier.objects.select_for_update(of=("self",))
        .select_related("first_batch", "last_batch")
        .filter(agency_id=actor.agency_id, pk__in=wanted)
        .order_by("due_day", "pk")
    )
    if len(found) != len(wanted):
        raise Dossier.DoesNotExist(f"dossiers of another agency than {actor.agency_id}")
    return found


def _locked(actor: Actor, letter_ids: Collection[int]) -> list[Letter]:
    wanted = set(letter_ids)
    _require_some(wanted)
    found = list(
        Letter.objects.select_for_update(of=("self", "dossier"))
        .select_related("dossier__procedure__edition", "dossier__first_batch", "dossier__last_batch")
        .filter(agency_id=actor.agency_id, pk__in=wanted)
        .order_by("pk")
    )
    if len(found) != len(wanted):
        raise Letter.DoesNotExist(f"letters of another agency than {actor.agency_id}")
    return found


def _require_some(wanted: Collection[int]) -> None:
    if not wanted:
        raise NothingChosen(Message(gettext_noop("Nothing is chosen. Tick one or more rows first.")))
    if len(wanted) > MOST:
        raise NothingChosen(
            Message(
                gettext_noop("%(count)s rows are chosen; at most %(most)s go at once."),
                {"count": str(len(wanted)), "most": str(MOST)},
            )
        )


def _require_draft(letter: Letter) -> None:
    if letter.state != Letter.State.DRAFT:
        raise LetterNotDraft(
            Message(
                gettext_noop("The letter on dossier %(code)s is no draft any more and does not change."),
                {"code": letter.dossier.code},
            )
        )


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ReasonMissing(
            Message(gettext_noop("Say why the result is late: the applicant reads it in the letter."))
        )
    return text


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else timezone.make_aware(datetime.combine(day, time()))


def _local_day(moment: datetime | None) -> date | None:
    return None if moment is None else timezone.localdate(moment)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
