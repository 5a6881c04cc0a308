"""Invitations to the opening and the closing meeting of an audit, and what follows them when the audit changes.

They go out when the audit is announced, to its team and to who answers for the audited units, and follow the audit by
themselves in the transaction that changes it: another day, hour, place or team, a meeting that falls out of the plan, an
audit that is cancelled. What each person was sent last is kept; the same is sent to nobody twice.

Source: ISO 19011:2018, 6.4.3, 6.4.10; RFC 5546, 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from camket.core.icalendar import Appointment, Method
from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import one_line
from camket.improvement import telling
from camket.improvement.models import Audit, AuditInvitation, AuditSession
from camket.notifications import letters
from camket.notifications.operations import Told, tell_all
from camket.notifications.staff import Staff, staff_of
from camket.org.models import Agency
from camket.org.policy import Actor
from camket.registers.invitations import RINGS_BEFORE, TOPIC, attached, due_of, when_words

OPENING, CLOSING = AuditInvitation.Meeting.OPENING, AuditInvitation.Meeting.CLOSING
_SAYS: Mapping[str, Mapping[str, str]] = {
    OPENING: {
        "summary": gettext_noop("Opening meeting of the internal audit: %(work)s"),
        "invited": gettext_noop(
            "%(by)s invites you to the opening meeting of the internal audit %(work)s: %(when)s, %(place)s."
        ),
        "changed": gettext_noop(
            "The opening meeting of the internal audit %(work)s has changed: %(when)s, %(place)s."
        ),
        "off": gettext_noop(
            "The opening meeting of the internal audit %(work)s does not take place: %(when)s."
        ),
        "not_you": gettext_noop(
            "You are no longer invited to the opening meeting of the internal audit %(work)s: %(when)s."
        ),
    },
    CLOSING: {
        "summary": gettext_noop("Closing meeting of the internal audit: %(work)s"),
        "invited": gettext_noop(
            "%(by)s invites you to the closing meeting of the internal audit %(work)s: %(when)s, %(place)s."
        ),
        "changed": gettext_noop(
            "The closing meeting of the internal audit %(work)s has changed: %(when)s, %(place)s."
        ),
        "off": gettext_noop(
            "The closing meeting of the internal audit %(work)s does not take place: %(when)s."
        ),
        "not_you": gettext_noop(
            "You are no longer invited to the closing meeting of the internal audit %(work)s: %(when)s."
        ),
    },
}

_BOTH: Mapping[str, str] = {
    "invited": gettext_noop(
        "%(by)s invites you to the meetings of the internal audit %(work)s. Opening: %(when)s, %(place)s. "
        "Closing: %(closes)s, %(closing_place)s."
    ),
    "changed": gettext_noop(
        "The meetings of the internal audit %(work)s have changed. Opening: %(when)s, %(place)s. "
        "Closing: %(closes)s, %(closing_place)s."
    ),
    "off": gettext_noop(
        "The meetings of the internal audit %(work)s do not take place: opening %(when)s, closing %(closes)s."
    ),
    "not_you": gettext_noop(
        "You are no longer invited to the meetings of the internal audit %(work)s: opening %(when)s, closing %(closes)s."
    ),
}
"""What is said of both meetings at once."""

_AUDIT_WITH: Mapping[str, Mapping[bool, str]] = {
    "announced": {
        False: gettext_noop(
            "Internal audit on %(days)s: %(work)s. Opening meeting: %(when)s, %(place)s. See its plan."
        ),
        True: gettext_noop(
            "Internal audit on %(days)s: %(work)s. Opening meeting: %(when)s, %(place)s. "
            "Closing meeting: %(closes)s, %(closing_place)s. See its plan."
        ),
    },
    "changed": {
        False: gettext_noop(
            "The internal audit %(work)s changes; it is now on %(days)s. "
            "Opening meeting: %(when)s, %(place)s."
        ),
        True: gettext_noop(
            "The internal audit %(work)s changes; it is now on %(days)s. "
            "Opening meeting: %(when)s, %(place)s. Closing meeting: %(closes)s, %(closing_place)s."
        ),
    },
}
"""What is said of an audit together with its meetings: the opening one alone, or both."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one person is sent about one meeting."""

    person_id: int
    meeting: str
    what: str
    held: Held
    sequence: int
    method: Method
    attachments: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What calendars hold of a meeting: the audit's title, when it begins and ends, where."""

    title: str
    starts: datetime
    ends: datetime
    place: str

    def to_json(self) -> dict[str, str]:
        """Return it as an invitation keeps it."""
        return {
            "title": self.title,
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "place": self.place,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Held:
        """Return what an invitation kept."""
        return cls(
            data["title"],
            datetime.fromisoformat(data["starts"]),
            datetime.fromisoformat(data["ends"]),
            data["place"],
        )


def meetings_of(row: Audit) -> dict[str, Held]:
    """Return the opening and the closing meeting in an audit's plan: the first and the last line of all together."""
    together: list[AuditSession] = [each for each in row.sessions.all() if each.audited_id is None]
    together.sort(key=lambda each: (each.day, each.starts, each.pk))
    found = dict(zip((OPENING, CLOSING), (together[:1] + together[1:][-1:]), strict=False))
    return {meeting: _held(row, each) for meeting, each in found.items()}


def wanted_people(row: Audit, staff: Staff) -> tuple[int, ...]:
    """Return who is to be at both meetings: the team, and the heads of the audited units or who stands in for them."""
    people = list(row.team.order_by("order", "pk").values_list("person_id", flat=True))
    found = list(staff.told(people))
    for unit_id in row.units.order_by("order", "pk").values_list("unit_id", flat=True):
        found += staff.doers(person_id=None, unit_id=unit_id)
    return tuple(dict.fromkeys(each for each in found if each in staff.people))


def follow(*, actor: Actor, row: Audit, now: datetime, what: str = "") -> int:
    """Send what an audit's meetings have become to whom they concern and who has not got it yet; return how many were told.

    With ``what`` (announced, changed, cancelled) its team and the heads of its units are told of the audit as well; each
    person gets one notice of all of it, which bears the invitations. For operations, in their transaction, with the
    audit locked. Nothing is sent before the audit is announced, nor about a meeting that is over.
    """
    staff = staff_of(row.agency_id, timezone.localdate(now))
    pieces = _pieces(actor, row, staff, now) if row.state in ("announced", "open", "cancelled") else {}
    told = []
    if what:
        for person_id in telling.people_of_audit(row=row, staff=staff, by=actor):
            with_it = [each for each in pieces.get(person_id, ()) if _goes_with(what, each)]
            told.append(_of_audit(actor, row, what, person_id, with_it, now))
            pieces[person_id] = [each for each in pieces.get(person_id, ()) if each not in with_it]
    for mine in pieces.values():
        told += _of_meetings(actor, row, mine)
    tell_all(staff=staff, told=told, now=now)
    return len(told)


def _goes_with(what: str, piece: _Piece) -> bool:
    """Return whether the notice of the audit says what a piece says."""
    return piece.method is (Method.CANCEL if what == "cancelled" else Method.REQUEST)


def _of_audit(
    actor: Actor, row: Audit, what: str, person_id: int, with_it: Sequence[_Piece], now: datetime
) -> Told:
    """Return the one notice of what becomes of an audit and of its meetings."""
    planned = meetings_of(row)
    message = telling.of_audit(row=row, what=what)
    if with_it and what in _AUDIT_WITH:
        words = {**message.params, **_both_words(actor, planned[OPENING], planned.get(CLOSING))}
        message = Message(_AUDIT_WITH[what][CLOSING in planned], words)
    return Told(
        person_id,
        TOPIC if with_it else telling.TOPIC,
        ":".join(
            [
                "audit",
                str(row.pk),
                what,
                now.isoformat(),
                *(f"{each.meeting}{each.sequence}" for each in with_it),
            ]
        ),
        message,
        link_of(row),
        is_urgent=bool(with_it) and what != "announced",
        attachments=tuple(file for each in with_it for file in each.attachments),
    )


def _of_meetings(actor: Actor, row: Audit, pieces: Sequence[_Piece]) -> list[Told]:
    """Return what one person is told of meetings alone: both in one notice where the same is said of both."""
    if len(pieces) == 2 and pieces[0].what == pieces[1].what:
        opening, closing = pieces
        said = [(pieces, Message(_BOTH[opening.what], _both_words(actor, opening.held, closing.held)))]
    else:
        said = [
            ([each], Message(_SAYS[each.meeting][each.what], _words(actor, each.held))) for each in pieces
        ]
    return [
        Told(
            together[0].person_id,
            TOPIC,
            f"audit:{row.pk}:{together[0].meeting}:{together[0].sequence}:{together[0].method.value.lower()}",
            message,
            link_of(row),
            is_urgent=together[0].what != "invited",
            attachments=tuple(file for each in together for file in each.attachments),
        )
        for together, message in said
    ]


def _both_words(actor: Actor, opening: Held, closing: Held | None) -> dict[str, str]:
    words = _words(actor, opening)
    if closing is not None:
        last = _words(actor, closing)
        words |= {"closes": last["when"], "closing_place": last["place"]}
    return words


def _pieces(actor: Actor, row: Audit, staff: Staff, now: datetime) -> dict[int, list[_Piece]]:
    """Note and return what each person is sent about the meetings, the opening one first."""
    sent = list(row.invitations.select_for_update(of=("self",)).order_by("pk"))
    planned = {} if row.state == "cancelled" else meetings_of(row)
    wanted = wanted_people(row, staff) if planned else ()
    agency = Agency.objects.get(pk=row.agency_id)
    found: dict[int, list[_Piece]] = {}
    for meeting in (OPENING, CLOSING):
        rows = {each.person_id: each for each in sent if each.meeting == meeting}
        for each in _followed(row, agency, staff, meeting, planned.get(meeting), wanted, rows, now):
            found.setdefault(each.person_id, []).append(each)
    return found


def _followed(
    row: Audit,
    agency: Agency,
    staff: Staff,
    meeting: str,
    held: Held | None,
    wanted: Iterable[int],
    rows: Mapping[int, AuditInvitation],
    now: datetime,
) -> list[_Piece]:
    """Note what each person is sent about one meeting, and return it."""
    if held is not None and held.ends <= now:
        return []
    people = set(wanted) if held is not None else set()
    said = held.to_json() if held is not None else {}

    def is_told_off(person_id: int) -> bool:
        return person_id in staff.people and Held.from_json(rows[person_id].said).ends > now

    due = due_of(rows, people, said, is_told_off)
    if due is None:
        return []
    sequence = due.sequence
    pieces = []
    for pks, method, what in (
        (due.fresh, Method.REQUEST, "invited"),
        (due.stale, Method.REQUEST, "changed"),
        (due.gone, Method.CANCEL, "off" if held is None else "not_you"),
    ):
        for pk in pks:
            shown = held if held is not None and method is Method.REQUEST else Held.from_json(rows[pk].said)
            pieces.append(
                _Piece(
                    pk,
                    meeting,
                    what,
                    shown,
                    sequence,
                    method,
                    attachments=attached(
                        partial(
                            appointment,
                            row,
                            shown,
                            meeting=meeting,
                            agency_code=agency.code,
                            sequence=sequence,
                            is_cancelled=held is None,
                        ),
                        agency=agency,
                        person=staff.people[pk],
                        method=method,
                        now=now,
                    ),
                )
            )
            one = rows.get(pk) or AuditInvitation(
                agency_id=row.agency_id, audit=row, meeting=meeting, person_id=pk
            )
            one.sequence, one.said, one.at = sequence, shown.to_json(), now
            one.is_cancelled = method is Method.CANCEL
            one.save()
    return pieces


def link_of(row: Audit) -> str:
    """Return the path of an audit's page."""
    return f"/danh-gia/{row.pk}/"


def appointment(
    row: Audit,
    held: Held,
    *,
    meeting: str,
    agency_code: str,
    sequence: int,
    is_cancelled: bool = False,
) -> Appointment:
    """Return a meeting as calendars hold it, in the language that is active."""
    here = letters.origin()
    link = f"{here}{link_of(row)}" if here else ""
    return Appointment(
        uid=f"audit-{row.pk}-{meeting}@{agency_code}.camket",
        summary=gettext(_SAYS[meeting]["summary"]) % {"work": held.title},
        starts=held.starts,
        ends=held.ends,
        sequence=sequence,
        description=link,
        url=link,
        place=held.place,
        is_cancelled=is_cancelled,
        takes_time=True,
        reminds=RINGS_BEFORE,
    )


def _held(row: Audit, each: AuditSession) -> Held:
    zone = timezone.get_current_timezone()
    return Held(
        one_line(row.title),
        datetime.combine(each.day, each.starts, tzinfo=zone),
        datetime.combine(each.day, each.ends, tzinfo=zone),
        each.place,
    )


def _words(actor: Actor, held: Held) -> dict[str, str]:
    starts, ends = timezone.localtime(held.starts), timezone.localtime(held.ends)
    on: date = starts.date()
    return {
        "by": actor.name,
        "work": held.title.rstrip("."),
        "when": when_words(on, {"begins": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}),
        "place": held.place.rstrip(".") or "—",
    }
