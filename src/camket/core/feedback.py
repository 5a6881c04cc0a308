"""Feedback of citizens and businesses (phản ánh, kiến nghị): its life, its kinds, its days, its code.

Feedback is no complaint and no denunciation: those have their own law and are routed to it, never settled here.
Source: Nghị định 20/2008/NĐ-CP, as amended by Nghị định 48/2013/NĐ-CP and Nghị định 92/2017/NĐ-CP.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from camket.core.calendar import WorkingCalendar
from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import search_key
from camket.core.workflow import Workflow

RULES = "rules"
CONDUCT = "conduct"
OTHER = "other"
COMPLAINT = "complaint"
DENUNCIATION = "denunciation"

FEEDBACK_KINDS = frozenset({RULES, CONDUCT, OTHER})
"""Kinds that are feedback in the sense of the decree, and answered here."""
LEGAL_KINDS = frozenset({COMPLAINT, DENUNCIATION})
"""Kinds with a legal track of their own."""
GUARDED_KINDS = frozenset({CONDUCT, DENUNCIATION})
"""Kinds that speak of a person of the agency: only those read them who deal with them, never whom they are about."""

ESTABLISHED_KINDS = frozenset({RULES, CONDUCT})
"""Kinds whose answer says whether the feedback was justified: somebody did, or a rule says, what it should not."""

JUSTIFIED = "justified"
PARTLY_JUSTIFIED = "partly_justified"
UNJUSTIFIED = "unjustified"

CONFIRMED = frozenset({JUSTIFIED, PARTLY_JUSTIFIED})
"""Outcomes after which something is to be put right."""

OPEN_STATES = frozenset({"new", "assigned", "drafted"})
SOON_DAYS = 2
"""Working days before the last day in time from which feedback counts as due soon."""

FEEDBACK = Workflow(
    moves={
        "new": {
            "classify": "new",
            "assign": "assigned",
            "pass_on": "passed_on",
            "route": "routed",
            "set_aside": "set_aside",
            "merge": "merged",
            "supplement": "new",
            "unpublish": "new",
        },
        "assigned": {
            "classify": "assigned",
            "assign": "assigned",
            "save_answer": "assigned",
            "submit": "drafted",
            "pass_on": "passed_on",
            "route": "routed",
            "set_aside": "set_aside",
            "merge": "merged",
            "supplement": "assigned",
            "unpublish": "assigned",
        },
        "drafted": {
            "return": "assigned",
            "approve": "answered",
            "supplement": "drafted",
            "unpublish": "drafted",
        },
        "answered": {
            "reopen": "assigned",
            "note_sent": "answered",
            "publish": "answered",
            "unpublish": "answered",
        },
        "passed_on": {"reopen": "new", "note_sent": "passed_on", "unpublish": "passed_on"},
        "routed": {"reopen": "new", "note_sent": "routed", "unpublish": "routed"},
        "set_aside": {"reopen": "new", "note_sent": "set_aside", "unpublish": "set_aside"},
        "merged": {"reopen": "new", "note_sent": "merged", "unpublish": "merged"},
    },
    explanations={
        "new": Message(gettext_noop("The feedback is not assigned yet; say first who answers it.")),
        "assigned": Message(gettext_noop("The answer is not submitted for approval yet.")),
        "drafted": Message(
            gettext_noop("The answer waits for approval; it must be returned before anything else is done.")
        ),
        "answered": Message(
            gettext_noop("The feedback is answered; the answer that was sent does not change.")
        ),
        "passed_on": Message(gettext_noop("The feedback was passed on to another body.")),
        "routed": Message(gettext_noop("This was routed as a complaint or denunciation.")),
        "set_aside": Message(gettext_noop("The feedback was not taken up.")),
        "merged": Message(gettext_noop("The feedback is answered with another one on the same matter.")),
    },
)
"""Received, assigned, drafted, answered; or passed on, routed, not taken up, answered with another one.

What is settled can be reopened. What was made public of it stays so meanwhile, and is taken back in whatever state.
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """Within how many working days feedback is answered: of a kind and a field from a day on, empty for every."""

    working_days: int
    kind: str = ""
    field_id: int | None = None
    valid_from: date = date.min
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the limit holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Dues:
    """The last days in time for passing feedback on and for answering it, and the limit they were reckoned by."""

    pass_on_by: date
    due_on: date
    limit_days: int


def limit_of(limits: Iterable[Limit], *, kind: str, field_id: int | None, on: date) -> Limit | None:
    """Return the limit for feedback of a kind and field received on a day: the most particular one, else None.

    A limit of the field goes before one of the kind; among equals the newest holds.

    >>> limits = [Limit(10), Limit(5, kind="rules"), Limit(7, field_id=3)]
    >>> [limit_of(limits, kind=k, field_id=f, on=date(2026, 7, 1)).working_days
    ...  for k, f in (("other", None), ("rules", None), ("rules", 3))]
    [10, 5, 7]
    """
    found = [
        each
        for each in limits
        if each.holds_on(on) and each.kind in ("", kind) and each.field_id in (None, field_id)
    ]
    return max(
        found, key=lambda each: (each.field_id is not None, each.kind != "", each.valid_from), default=None
    )


def dues(received_on: date, *, pass_on_days: int, limit_days: int, calendar: WorkingCalendar) -> Dues:
    """Return the last days in time of feedback received on a day; that day itself is not counted.

    >>> dues(date(2026, 7, 3), pass_on_days=5, limit_days=10, calendar=WorkingCalendar()).pass_on_by
    datetime.date(2026, 7, 10)

    Source: Nghị định 20/2008/NĐ-CP as amended (passed on within 05 working days); Bộ luật Dân sự 2015, Điều 147 khoản 2.
    """
    return Dues(
        pass_on_by=calendar.add_working_days(received_on, pass_on_days),
        due_on=calendar.add_working_days(received_on, limit_days),
        limit_days=limit_days,
    )


class Standing(StrEnum):
    """How feedback stands against its last day in time."""

    OVERDUE = "overdue"
    SOON = "soon"
    IN_TIME = "in_time"
    SETTLED_IN_TIME = "settled_in_time"
    SETTLED_LATE = "settled_late"


def last_day(state: str, *, pass_on_by: date, due_on: date) -> date:
    """Return the last day in time for what happened or is to happen: passing on and routing have their own.

    >>> last_day("passed_on", pass_on_by=date(2026, 7, 8), due_on=date(2026, 7, 15))
    datetime.date(2026, 7, 8)
    """
    return pass_on_by if state in ("passed_on", "routed") else due_on


def standing(
    state: str,
    *,
    pass_on_by: date,
    due_on: date,
    settled_on: date | None,
    on: date,
    calendar: WorkingCalendar,
) -> Standing:
    """Return how feedback stands on a day; its last day is still in time.

    What nobody has taken up yet stands against the day for passing it on as well: until then one has to know whose it is.
    """
    last = last_day(state, pass_on_by=pass_on_by, due_on=due_on)
    if settled_on is not None:
        return Standing.SETTLED_IN_TIME if settled_on <= last else Standing.SETTLED_LATE
    if on > last:
        return Standing.OVERDUE
    if state == "new":
        last = min(last, pass_on_by)
    if on > last:
        return Standing.SOON
    return Standing.SOON if calendar.working_between(on, last) - 1 <= SOON_DAYS else Standing.IN_TIME


def due_again(*, due_on: date, was_in_time: bool, new_due: date) -> date:
    """Return the last day in time of feedback that is reopened: a new one, unless it had been settled late.

    Opening again what was late does not make it timely.
    """
    return new_due if was_in_time else due_on


SENDINGS = {
    "post": gettext_noop("by post"),
    "in_person": gettext_noop("handed over in person"),
    "phone": gettext_noop("told by telephone"),
    "email": gettext_noop("by e-mail"),
    "portal": gettext_noop("through the portal of feedback"),
}
"""How the outcome of feedback reaches its sender, as words within a line, apart from the page that opens with the code."""
SENT = "sent_"
"""What the kind of a step begins with that says so; the way stands behind it, the day first in its words."""
SENT_DAYS = 90
"""For how many days after it was settled feedback is asked about whose outcome nobody noted as sent."""


def sending_of(way: str) -> str:
    """Return how the outcome is likely to reach who sent feedback in a way.

    >>> [sending_of(way) for way in ("paper", "phone", "in_person", "portal", "web")]
    ['post', 'phone', 'in_person', 'portal', 'email']
    """
    return {"paper": "post", "web": "email"}.get(way, way)


def sent_words(text: str) -> tuple[date, str]:
    """Return the day on which an outcome was sent, and the note on it, from the words of its step.

    >>> sent_words("2026-07-08\\nRB 123 456 789 VN")
    (datetime.date(2026, 7, 8), 'RB 123 456 789 VN')
    """
    day, _break, note = text.partition("\n")
    return date.fromisoformat(day), note


_DENUNCIATION = re.compile(r"\b(?:to cao|don to cao|to giac)\b")
_COMPLAINT = re.compile(r"\b(?:khieu nai|don khieu nai|khieu kien)\b")
_CONDUCT = re.compile(
    r"\b(?:nhung nhieu|hach sach|sach nhieu|phien ha|voi vinh|doi tien|boi duong rieng|quat mang|thai do"
    r"|thieu ton trong|vo trach nhiem|khong mac the|hanh vi)\b"
)
_OFFICER = re.compile(
    r"\b(?:can bo|cong chuc|nhan vien|chuyen vien|lanh dao|chu tich|truong phong|giam doc)\b"
)
_RULES = re.compile(
    r"\b(?:quy dinh|thu tuc hanh chinh|thu tuc|thanh phan ho so|mau don|phi|le phi|thong tu|nghi dinh)\b"
)


def proposed_kind(text: str) -> str:
    """Return the kind that the words of feedback suggest; a person says of what kind it is.

    >>> [proposed_kind(t) for t in ("Tôi tố cáo ông A", "Cán bộ có thái độ hách sạch", "Đèn đường hỏng")]
    ['denunciation', 'conduct', 'other']
    """
    folded = search_key(text)
    if _DENUNCIATION.search(folded):
        return DENUNCIATION
    if _COMPLAINT.search(folded):
        return COMPLAINT
    if _CONDUCT.search(folded) and _OFFICER.search(folded):
        return CONDUCT
    return RULES if _RULES.search(folded) else OTHER


def guarded_kind(chosen: str, text: str) -> str:
    """Return the kind under which feedback is kept until a person has said it: the more guarded of choice and words.

    >>> guarded_kind("other", "Đơn tố cáo hành vi của cán bộ"), guarded_kind("rules", "Mẫu đơn khó hiểu")
    ('denunciation', 'rules')
    """
    proposed = proposed_kind(text)
    if chosen in LEGAL_KINDS:
        return chosen
    if proposed == DENUNCIATION:
        return proposed
    if chosen == CONDUCT or proposed == CONDUCT:
        return CONDUCT
    return chosen if chosen in FEEDBACK_KINDS else proposed


def named_among(text: str, people: Iterable[tuple[int, str]]) -> tuple[int, ...]:
    """Return those people whose whole name, of three words or more, stands in the text.

    >>> named_among("Anh trần văn bình ở phòng kinh tế", [(4, "Trần Văn Bình"), (5, "Lê An")])
    (4,)
    """
    folded = f" {' '.join(re.findall(r'[a-z0-9]+', search_key(text)))} "
    return tuple(key for key, name in people if len(name.split()) >= 3 and f" {search_key(name)} " in folded)


ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs of tracking codes: none that are taken for another when read aloud or copied by hand (0, O, 1, I, L)."""
_PART = 5


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a tracking code of ten signs in two groups; ``choose`` draws one sign, at random.

    >>> new_code(lambda signs: signs[0])
    '22222-22222'
    """
    signs = "".join(choose(ALPHABET) for _ in range(2 * _PART))
    return f"{signs[:_PART]}-{signs[_PART:]}"


def code_of(text: str) -> str:
    """Return the code that a person typed, in the form in which it is kept; empty where it can be none.

    >>> code_of(" 7k3m9 qxt2h "), code_of("7K3M9-QXT2H"), code_of("0000")
    ('7K3M9-QXT2H', '7K3M9-QXT2H', '')
    """
    signs = re.sub(r"[\s\-–—_.]", "", text).upper()
    if len(signs) != 2 * _PART or any(sign not in ALPHABET for sign in signs):
        return ""
    return f"{signs[:_PART]}-{signs[_PART:]}"


def masked_code(code: str) -> str:
    """Return a tracking code as those see it who are to tell feedback apart but not to follow it as its sender does.

    >>> masked_code("7K3M9-QXT2H")
    '•••••-QXT2H'
    """
    return f"{'•' * _PART}{code[_PART:]}"


KIND_NAMES = {
    RULES: gettext_noop("On administrative rules"),
    CONDUCT: gettext_noop("On the conduct of officers"),
    OTHER: gettext_noop("Other feedback"),
    COMPLAINT: gettext_noop("Complaint"),
    DENUNCIATION: gettext_noop("Denunciation"),
}
WAY_NAMES = {
    "web": gettext_noop("Public page"),
    "phone": gettext_noop("Telephone"),
    "paper": gettext_noop("Paper"),
    "in_person": gettext_noop("In person"),
    "portal": gettext_noop("Portal of feedback"),
}
OUTCOME_NAMES = {
    JUSTIFIED: gettext_noop("Found justified"),
    PARTLY_JUSTIFIED: gettext_noop("Found justified in part"),
    UNJUSTIFIED: gettext_noop("Found not justified"),
}
"""What was found out about feedback (kết luận: đúng, đúng một phần, không đúng)."""
STATE_NAMES = {
    "new": gettext_noop("Received"),
    "assigned": gettext_noop("Being handled"),
    "drafted": gettext_noop("Answer waiting for approval"),
    "answered": gettext_noop("Answered"),
    "passed_on": gettext_noop("Passed on to the competent body"),
    "routed": gettext_noop("Routed as a complaint or denunciation"),
    "set_aside": gettext_noop("Not taken up"),
    "merged": gettext_noop("Answered with another one"),
}
