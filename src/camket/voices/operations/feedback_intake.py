"""Feedback as it comes in: written on the public page, told by telephone, brought on paper, exported by the portal."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from camket.core import feedback as rules
from camket.core.calendar import WorkingCalendar
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.portal_rows import ColumnsMissing, columns_of, kind_of, said_in
from camket.core.wording.moments import parse_moment
from camket.core.wording.text import one_line
from camket.documents.content import ending_of
from camket.documents.operations import FileRefused, store_sent_file
from camket.dossiers.models import Dossier, Field
from camket.journal.operations import record
from camket.org.calendar import working_calendar
from camket.org.models import Agency, Membership
from camket.org.policy import Actor, require
from camket.org.queries.validity import held_on
from camket.paper.sheets import read_sheet
from camket.voices import feedback_dating
from camket.voices.feedback_change import TextMissing, dues_by_limits, note_step, reopen_row, written
from camket.voices.models import Feedback

MOST_FILES = 3
MOST_FILE_BYTES = 10 * 1024 * 1024
SENT_KINDS = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/heic"})
"""What may be sent with feedback: pictures and PDF."""
SAME_WITHIN = timedelta(days=1)
"""The same words of the same sender within this are one and the same feedback, sent twice."""
MOST_ROWS = 5_000
"""Rows of an export of the portal that are read at once."""


class SenderMissing(TextMissing):
    """Feedback by name lacks what the decree asks of it."""


class DayNotPossible(Refusal):
    """The day of receipt lies ahead, or years back."""


class TooManyFiles(Refusal):
    """More files were sent with feedback than are kept."""


class NothingToSay(Refusal):
    """Nothing can be added to feedback under this code."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file sent with feedback."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """Feedback as it is told: ``kind`` is empty where nobody said it, ``dossier_code`` names a dossier it is about."""

    subject: str
    text: str
    kind: str = ""
    place: str = ""
    field_id: int | None = None
    dossier_code: str = ""
    sender_name: str = ""
    sender_address: str = ""
    sender_phone: str = ""
    sender_email: str = ""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of an export that was not taken: its number as people count, and why."""

    row: int
    why: Message


@dataclass(frozen=True, slots=True)
class Imported:
    """What an export of the portal came to; ``known`` were there already and stayed as they are."""

    new: int
    known: int
    refused: tuple[RefusedRow, ...]


def receive_from_public(
    *, agency_id: int, new: NewFeedback, files: Sequence[NewFile], now: datetime
) -> Feedback:
    """Take feedback that somebody wrote on the public page, and return it with its tracking code.

    Content, name, address and telephone are asked for: what has none of them is not taken as feedback. The same words of
    the same sender within a day are not taken twice. Raises TextMissing, TextTooLong, SenderMissing, TooManyFiles,
    FileRefused; nothing is kept then.

    Source: Nghị định 20/2008/NĐ-CP as amended (content, name, address, telephone number of who sends it).
    """
    if len(files) > MOST_FILES:
        raise TooManyFiles(
            Message(gettext_noop("At most %(most)s files can be sent with it."), {"most": str(MOST_FILES)})
        )
    new = _checked(new, is_named=True)
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=agency_id)
        same = Feedback.objects.filter(
            agency_id=agency_id,
            way=Feedback.Way.WEB,
            received_at__gt=now - SAME_WITHIN,
            text=new.text,
            sender_name=new.sender_name,
            sender_phone=new.sender_phone,
        ).first()
        if same is not None:
            return same
        row = _created(agency_id, None, new, way=Feedback.Way.WEB, received_at=now, now=now)
        _attach(row, None, files, now)
    return row


def receive(
    *,
    actor: Actor,
    new: NewFeedback,
    way: str,
    received_on: date,
    files: Sequence[NewFile],
    now: datetime,
) -> Feedback:
    """Write down feedback that came by telephone, on paper or in person; its days run from its receipt.

    Who gives no name or number is written down all the same. Raises NotAllowed, TextMissing, TextTooLong, DayNotPossible,
    TooManyFiles, FileRefused.
    """
    require(actor, "feedback.receive")
    today = timezone.localdate(now)
    if not today - timedelta(days=366) <= received_on <= today:
        raise DayNotPossible(
            Message(gettext_noop("The day of receipt is today or an earlier day of the past year."))
        )
    if len(files) > MOST_FILES:
        raise TooManyFiles(
            Message(gettext_noop("At most %(most)s files can be sent with it."), {"most": str(MOST_FILES)})
        )
    if way not in (Feedback.Way.PHONE, Feedback.Way.PAPER, Feedback.Way.IN_PERSON):
        raise ValueError(way)
    new = _checked(new, is_named=False)
    received_at = now if received_on == today else _morning(received_on)
    with transaction.atomic():
        row = _created(actor.agency_id, actor, new, way=way, received_at=received_at, now=now)
        _attach(row, actor, files, now)
    return row


def supplement(*, agency_id: int, code: str, text: str, now: datetime) -> Feedback:
    """Add what the sender writes under the tracking code; settled feedback is opened again by it.

    What was routed to its legal track takes nothing more here. A new last day in time is reckoned from today unless it had
    been settled late. Raises TextMissing, TextTooLong, NothingToSay; Feedback.DoesNotExist for no such code.
    """
    text = written(
        text, "text", Message(gettext_noop("Write what you want to add.")), most=_LONGEST_SUPPLEMENT
    )
    with transaction.atomic():
        found = Feedback.objects.only("pk", "merged_into").get(agency_id=agency_id, code=code)
        # What is said to one that is answered with another is said to that one.
        row = Feedback.objects.select_for_update(of=("self",)).get(pk=found.merged_into_id or found.pk)
        if row.state == Feedback.State.ROUTED:
            raise NothingToSay(
                Message(
                    gettext_noop(
                        "This is dealt with by the law on complaints or denunciations; nothing can be added here."
                    )
                )
            )
        if row.steps.filter(kind="supplement").count() >= _MOST_SUPPLEMENTS:
            raise NothingToSay(
                Message(
                    gettext_noop(
                        "Something was added %(count)s times already. Please call or come to the office."
                    ),
                    {"count": str(_MOST_SUPPLEMENTS)},
                )
            )
        reopen_row(row, None, now, step="supplement", text=text, verb="feedback.supplemented")
    return row


_LONGEST_SUPPLEMENT = 5_000
_MOST_SUPPLEMENTS = 5


# The portal's export


def import_portal(*, actor: Actor, data: bytes, name: str, now: datetime) -> Imported:
    """Take feedback from an export of the portal (XLSX, XLS, ODS or CSV); known codes are left as they are.

    Rows are told apart by the portal's code, so the same file brings nothing in twice; rows that cannot be taken are named
    with the reason, and the others are taken. Raises NotAllowed, UnreadableSheet, ColumnsMissing.
    """
    require(actor, "feedback.receive")
    sheet = read_sheet(data, name)
    head, columns = columns_of([row.cells for row in sheet.rows[:10]])
    rows = sheet.rows[head + 1 :]
    if len(rows) > MOST_ROWS:
        raise ColumnsMissing(
            Message(
                gettext_noop("The file has %(rows)s rows; at most %(most)s are read. Export a shorter time."),
                {"rows": str(len(rows)), "most": str(MOST_ROWS)},
            )
        )
    refused: list[RefusedRow] = []
    new = known = 0
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
        seen = set(
            Feedback.objects.filter(agency_id=actor.agency_id)
            .exclude(portal_code="")
            .values_list("portal_code", flat=True)
        )
        calendar = working_calendar(actor.agency_id)
        for row in rows:
            said = said_in(row.cells, columns)
            code = one_line(said["portal_code"])[:60]
            if code and code in seen:
                known += 1
                continue
            try:
                received_at = _moment(said["received"], now)
                told = _checked(_told(said), is_named=False, is_strict=False)
                if not code:
                    raise TextMissing(Message(gettext_noop("The row has no code of the portal.")), "code")
            except Refusal as refusal:
                refused.append(RefusedRow(row.number, refusal.message))
                continue
            _created(
                actor.agency_id,
                actor,
                told,
                way=Feedback.Way.PORTAL,
                received_at=received_at,
                now=now,
                portal_code=code,
                calendar=calendar,
            )
            seen.add(code)
            new += 1
        if new:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="feedback.imported",
                subject=Agency.objects.get(pk=actor.agency_id),
                on=timezone.localdate(now),
                after={
                    "new": new,
                    "same": known,
                    "refused": len(refused),
                    "sha256": hashlib.sha256(data).hexdigest(),
                },
            )
    return Imported(new, known, tuple(refused))


def _told(said: Mapping[str, str]) -> NewFeedback:
    text = said["text"] or said["subject"]
    return NewFeedback(
        subject=said["subject"] or text[:120],
        text=text,
        kind=kind_of(said["kind"]),
        place=said["place"],
        sender_name=said["sender_name"],
        sender_address=said["sender_address"],
        sender_phone=said["sender_phone"],
        sender_email=said["sender_email"],
    )


_FIRST_YEAR = 2008
"""Of the decree on feedback: what is older was mistyped."""


def _moment(text: str, now: datetime) -> datetime:
    found = parse_moment(text)
    if found is None or found.year < _FIRST_YEAR:
        raise TextMissing(
            Message(
                gettext_noop("“%(text)s” is no day; write it as 05/01/2026."), {"text": text[:40] or "…"}
            ),
            "received",
        )
    moment = timezone.make_aware(found if found.time() != time() else datetime.combine(found, time(8)))
    if moment > now and timezone.localdate(moment) > timezone.localdate(now):
        raise DayNotPossible(
            Message(
                gettext_noop("The day of receipt %(day)s lies ahead."),
                {"day": f"{moment:%d/%m/%Y}"},
            )
        )
    return min(moment, now)


# What every way has in common


def _created(
    agency_id: int,
    actor: Actor | None,
    new: NewFeedback,
    *,
    way: str,
    received_at: datetime,
    now: datetime,
    portal_code: str = "",
    calendar: WorkingCalendar | None = None,
) -> Feedback:
    kind = rules.guarded_kind(new.kind, f"{new.subject}\n{new.text}")
    field = Field.objects.filter(pk=new.field_id, agency_id=agency_id).first() if new.field_id else None
    dossier = (
        Dossier.objects.filter(agency_id=agency_id, code=new.dossier_code).first()
        if new.dossier_code
        else None
    )
    day = timezone.localdate(received_at)
    dues = (
        dues_by_limits(agency_id=agency_id, kind=kind, field_id=field.pk if field else None, received_on=day)
        if calendar is None
        else feedback_dating.dues_of(
            feedback_dating.limits_of(agency_id),
            calendar,
            kind=kind,
            field_id=field.pk if field else None,
            received_on=day,
        )
    )
    row = Feedback.objects.create(
        agency_id=agency_id,
        code=_free_code(),
        portal_code=portal_code,
        kind=kind,
        way=way,
        received_at=received_at,
        received_by_id=actor.person_id if actor else None,
        subject=new.subject,
        text=new.text,
        place=new.place,
        field=field,
        dossier=dossier,
        sender_name=new.sender_name,
        sender_address=new.sender_address,
        sender_phone=new.sender_phone,
        sender_email=new.sender_email,
        pass_on_by=dues.pass_on_by,
        due_on=dues.due_on,
        limit_days=dues.limit_days,
    )
    if whom := _whom(agency_id, kind, f"{new.subject}\n{new.text}", day):
        row.concerns.add(whom)
    note_step(row=row, actor=actor, kind="received", now=received_at, is_public=True)
    record(
        actor=actor,
        agency_id=agency_id,
        verb="feedback.received",
        subject=row,
        on=timezone.localdate(now),
        after={"way": way, "feedback_kind": kind, "received_on": day, "due_on": dues.due_on},
    )
    return row


def _whom(agency_id: int, kind: str, text: str, on: date) -> int | None:
    """Return whom of the agency's people feedback on conduct names, where it is one alone: kept from that person at once."""
    if kind not in rules.GUARDED_KINDS:
        return None
    people = Membership.objects.filter(held_on(on), agency_id=agency_id).values_list(
        "person_id", "person__full_name"
    )
    found = set(rules.named_among(text, people.distinct()))
    return found.pop() if len(found) == 1 else None


def _attach(row: Feedback, actor: Actor | None, files: Sequence[NewFile], now: datetime) -> None:
    """Keep what was sent under names that say nothing: those given by senders often name people.

    Nor do they hold the whole code, for the journal tells the names.
    """
    for number, file in enumerate(files, 1):
        if len(file.data) > MOST_FILE_BYTES:
            raise FileRefused(
                Message(
                    gettext_noop("“%(name)s” is larger than %(limit)s MB. Send a smaller one."),
                    {"name": file.name[:100], "limit": str(MOST_FILE_BYTES // 1024 // 1024)},
                )
            )
        row.files.add(
            store_sent_file(
                agency_id=row.agency_id,
                actor=actor,
                data=file.data,
                name=f"{row.code[-5:]}-{number}{ending_of(file.name)}",
                content_type=file.content_type,
                kinds=SENT_KINDS,
                now=now,
            )
        )


def _free_code() -> str:
    while True:
        code = rules.new_code(secrets.choice)
        if not Feedback.objects.filter(code=code).exists():
            return code


def _checked(new: NewFeedback, *, is_named: bool, is_strict: bool = True) -> NewFeedback:
    """Return feedback as it is kept; raises TextMissing, TextTooLong, SenderMissing naming the field at fault."""
    subject = one_line(new.subject)
    text = written(new.text, "text", Message(gettext_noop("Write what it is about.")))
    if not subject:
        raise TextMissing(Message(gettext_noop("Say in a few words what it is about.")), "subject")
    name, address = one_line(new.sender_name)[:150], one_line(new.sender_address)[:255]
    phone, email = one_line(new.sender_phone)[:30], one_line(new.sender_email)
    if is_named:
        for value, field, missing in (
            (name, "sender_name", gettext_noop("Write your name; the decree asks for it.")),
            (address, "sender_address", gettext_noop("Write your address; the decree asks for it.")),
            (phone, "sender_phone", gettext_noop("Write your telephone number; the decree asks for it.")),
        ):
            if not value:
                raise SenderMissing(Message(missing), field)
    digits = re.sub(r"[\s.\-()]", "", phone)
    if is_strict and phone and not re.fullmatch(r"\+?\d{8,14}", digits):
        raise SenderMissing(
            Message(
                gettext_noop("“%(phone)s” is no telephone number; write it as 0912345678."), {"phone": phone}
            ),
            "sender_phone",
        )
    try:
        if email:
            validate_email(email)
    except ValidationError:
        if is_strict:
            raise SenderMissing(
                Message(
                    gettext_noop(
                        "“%(email)s” is no email address; write it as ten@vidu.vn, or leave it empty."
                    ),
                    {"email": email[:60]},
                ),
                "sender_email",
            ) from None
        email = ""
    return replace(
        new,
        subject=subject[:255],
        text=text,
        place=one_line(new.place)[:255],
        dossier_code=one_line(new.dossier_code)[:60],
        sender_name=name,
        sender_address=address,
        sender_phone=phone,
        sender_email=email[:254],
    )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))
