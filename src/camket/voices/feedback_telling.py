"""Whom feedback is told to. No word of it and nobody's name goes out: only that there is some, and by when.

Whom feedback is about is never told of it. Who may read it is decided by its own page (:mod:`.feedback_sight`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from camket.core import feedback as rules
from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.core.reminders import DoneWork, DueWork, Week, Whom
from camket.notifications.operations import settle, tell
from camket.notifications.staff import Staff, staff_of
from camket.org.models import Role
from camket.org.policy import Actor
from camket.voices.models import Feedback


def link_of(feedback_id: int) -> str:
    """Return the path of the page of feedback."""
    return f"/phan-anh/{feedback_id}/"


def settled(*, row: Feedback, now: datetime) -> None:
    """Note as seen what people were told of feedback that stands another way now."""
    settle(agency_id=row.agency_id, links=[link_of(row.pk)], topics=("feedback",), now=now)


def told_assigned(*, actor: Actor, row: Feedback, now: datetime) -> None:
    """Tell who is to answer."""
    staff = staff_of(row.agency_id, timezone.localdate(now))
    people = staff.doers(person_id=row.officer_id, unit_id=row.unit_id)
    message = gettext_noop("%(by)s gives you feedback received on %(day)s to answer by %(due)s.")
    _tell(actor, row, staff, people, "assigned", message, now)


def told_submitted(*, actor: Actor, row: Feedback, now: datetime) -> None:
    """Tell the leaders that an answer waits for approval."""
    staff = staff_of(row.agency_id, timezone.localdate(now))
    people = staff.with_role(Role.CHAIRMAN, Role.REPRESENTATIVE)
    message = gettext_noop(
        "%(by)s asks you to approve the answer to feedback received on %(day)s, due on %(due)s."
    )
    _tell(actor, row, staff, people, "submitted", message, now)


def told_returned(*, actor: Actor, row: Feedback, now: datetime) -> None:
    """Tell who drafted an answer that it comes back; why stands on its page."""
    staff = staff_of(row.agency_id, timezone.localdate(now))
    message = gettext_noop(
        "%(by)s returns to you the answer to feedback received on %(day)s, due on %(due)s."
    )
    _tell(actor, row, staff, (row.drafted_by_id,), "returned", message, now)


def _tell(
    actor: Actor,
    row: Feedback,
    staff: Staff,
    people: Iterable[int | None],
    what: str,
    message: str,
    now: datetime,
) -> None:
    params = {
        "by": actor.name,
        "day": vietnamese(timezone.localdate(row.received_at)),
        "due": vietnamese(row.due_on),
    }
    tell(
        agency_id=row.agency_id,
        people=[each for each in people if each not in row.concerned],
        topic="feedback",
        key=f"feedback:{row.pk}:{what}:{now.isoformat()}",
        message=Message(message, params),
        now=now,
        link=link_of(row.pk),
        by=actor,
        staff=staff,
    )


def due_work(agency_ids: Collection[int], on: date) -> dict[int, list[DueWork]]:
    """Return the open feedback of agencies by its last day; two SQL statements.

    What nobody has taken up stands against the day for passing it on as long as that has not passed, and waits for who
    assigns it; an answer that waits for approval waits for a leader.
    """
    found: dict[int, list[DueWork]] = defaultdict(list)
    for row in _rows(agency_ids, Q(state__in=rules.OPEN_STATES)):
        found[row.agency_id].append(_due(row, on))
    return dict(found)


@dataclass(frozen=True, slots=True)
class WeekOfFeedback:
    """An agency's open feedback, and what was settled in the week before."""

    open: list[DueWork] = field(default_factory=list)
    done: list[DoneWork] = field(default_factory=list)


def week_of_feedback(agency_ids: Collection[int], week: Week) -> dict[int, WeekOfFeedback]:
    """Return what a week brings agencies of feedback: all that is open, and what was settled; two SQL statements."""
    start = datetime.combine(week.before.monday, time(), timezone.get_default_timezone())
    end = datetime.combine(week.monday, time(), timezone.get_default_timezone())
    settled = Q(settled_at__gte=start, settled_at__lt=end) & ~Q(state=Feedback.State.MERGED)
    found: dict[int, WeekOfFeedback] = defaultdict(WeekOfFeedback)
    for row in _rows(agency_ids, Q(state__in=rules.OPEN_STATES) | settled):
        if row.state in rules.OPEN_STATES:
            found[row.agency_id].open.append(_due(row, week.day))
        elif row.settled_at is not None:
            done_on = timezone.localdate(row.settled_at)
            found[row.agency_id].done.append(
                DoneWork(
                    title=_title(row),
                    link=link_of(row.pk),
                    done_on=done_on,
                    is_late=done_on > row.due_on,
                    unit_id=row.unit_id,
                    unit_name=row.unit.name if row.unit else "",
                    not_to=row.concerned,
                )
            )
    return dict(found)


def _rows(agency_ids: Collection[int], which: Q) -> QuerySet[Feedback]:
    return (
        Feedback.objects.filter(which, agency_id__in=agency_ids)
        .select_related("unit")
        .only(
            "agency",
            "state",
            "received_at",
            "pass_on_by",
            "due_on",
            "settled_at",
            "officer",
            "drafted_by",
            "unit__name",
        )
        .prefetch_related("concerns")
        .order_by("due_on", "pk")
    )


def _due(row: Feedback, on: date) -> DueWork:
    is_new, is_drafted = row.state == Feedback.State.NEW, row.state == Feedback.State.DRAFTED
    due = row.pass_on_by if is_new and on <= row.pass_on_by else row.due_on
    return DueWork(
        kind="feedback",
        id=row.pk,
        title=_title(row),
        link=link_of(row.pk),
        due_on=due,
        late_after=due,
        unit_id=row.unit_id,
        unit_name=row.unit.name if row.unit else "",
        person_id=row.officer_id,
        topic="feedback",
        whom=Whom.SECRETARY if is_new else Whom.CHAIRMAN if is_drafted else Whom.DOER,
        not_to=row.concerned,
        by_id=row.drafted_by_id if is_drafted else None,
    )


def _title(row: Feedback) -> str:
    """Return what feedback is called without a word of it, in Vietnamese, the language of what is kept."""
    with translation.override("vi"):
        return gettext("Feedback received on %(day)s") % {
            "day": vietnamese(timezone.localdate(row.received_at))
        }
