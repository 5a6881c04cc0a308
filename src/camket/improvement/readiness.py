"""How far a piece of the cycle is, by the agency's own rules: read by operations in their transaction, and by queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Q, prefetch_related_objects

from camket.actions.models import Task
from camket.core.audit import Meeting, Tie, clashes, not_independent, not_independent_in
from camket.core.causes import from_json as causes_from_json
from camket.core.messages import Message, gettext_noop
from camket.core.nonconformity import Treated
from camket.core.review import Days
from camket.core.risk import PROPOSED, Scale
from camket.core.risk import from_json as scale_from_json
from camket.improvement.models import (
    Audit,
    Auditor,
    AuditPaper,
    CycleRules,
    Nonconformity,
    ReviewInput,
    RiskScale,
)
from camket.org.models import Membership, Seat


def treated(row: Nonconformity) -> Treated:
    """Return how far a nonconformity has been treated; one SQL statement for its steps, none where they are there."""
    steps = row.steps.all()
    if "steps" not in getattr(row, "_prefetched_objects_cache", ()):
        steps = steps.select_related("task")
    states = [each.task.state if each.task else None for each in steps if not each.is_dropped]
    return Treated(
        correction=row.correction,
        has_causes=any(each.causes for each in causes_from_json(row.causes)),
        root_cause=row.root_cause,
        similar=row.similar,
        no_action=row.no_action,
        steps=sum(state is None for state in states),
        open_steps=sum(state != Task.State.ACCEPTED for state in states),
        done_steps=sum(state == Task.State.ACCEPTED for state in states),
    )


def acted_on(row: Nonconformity) -> date | None:
    """Return the day on which the last accepted step of a nonconformity was done; None where none was. As :func:`treated`."""
    steps = row.steps.all()
    if "steps" not in getattr(row, "_prefetched_objects_cache", ()):
        steps = steps.select_related("task")
    days = [each.task.done_on for each in steps if each.task is not None and not each.is_dropped]
    return max((day for day in days if day is not None), default=None)


def rules_of(agency_id: int) -> CycleRules:
    """Return the agency's rhythm and limits, the proposed ones where it set none; nothing is written."""
    return CycleRules.objects.filter(agency_id=agency_id).first() or CycleRules(agency_id=agency_id)


def days_gathered(inputs: Iterable[ReviewInput]) -> Days | None:
    """Return the days that all of a review's figures were gathered of; None where some were not, or of other days."""
    days = {(each.figures.get("from", ""), each.figures.get("to", "")) for each in inputs}
    if len(days) != 1 or ("", "") in days:
        return None
    start, end = days.pop()
    return Days(date.fromisoformat(start), date.fromisoformat(end))


def announce_by(row: Audit) -> date | None:
    """Return the last day on which an audit is announced as early as the agency's rhythm has it.

    None for one out of turn (đột xuất): it comes as soon as something calls for it. No SQL statement where
    the agency and its rules were read with the row.
    """
    if row.kind == Audit.Kind.EXTRA:
        return None
    rules = getattr(row.agency, "cycle_rules", None) or CycleRules()
    return row.starts_on - timedelta(days=rules.announced_days)


_AUDITING = (Auditor.Part.LEAD, Auditor.Part.MEMBER)


def read_plan(row: Audit) -> None:
    """Read an audit's team, units and sessions, once; seven SQL statements at the first asking."""
    prefetch_related_objects(
        [row], "team__person", "units__unit", "sessions__auditors", "sessions__audited", "papers"
    )


def lacking(row: Audit) -> tuple[Message, ...]:
    """Return what an audit lacks before it can be announced; what its page has read already is not read again."""
    said = []
    read_plan(row)
    if not any(each.part == Auditor.Part.LEAD for each in row.team.all()):
        said.append(Message(gettext_noop("The team has no leader yet.")))
    units = row.units.all()
    if not units:
        said.append(Message(gettext_noop("No unit is within the scope yet.")))
    meetings = _meetings(row)
    planned = {each.unit for each in meetings}
    for each in units:
        if each.unit_id not in planned:
            said.append(
                Message(gettext_noop("The plan has no time for %(unit)s yet."), {"unit": each.unit.name})
            )
    topics = {each.pk: each.topic for each in row.sessions.all()} if meetings else {}
    for clash in clashes(meetings):
        said.append(
            Message(
                gettext_noop("“%(one)s” and “%(other)s” are at the same time for the same unit or auditor."),
                {"one": topics[clash.one][:100], "other": topics[clash.other][:100]},
            )
        )
    for meeting in meetings:
        if meeting.unit is not None and not meeting.people:
            said.append(
                Message(gettext_noop("Nobody audits “%(topic)s” yet."), {"topic": topics[meeting.key][:100]})
            )
    decision = _outdated(row)
    if decision is not None:
        said.append(
            Message(
                gettext_noop(
                    "The decision %(number)s names another team, other units or other days: issue a new one "
                    "that replaces it, or withdraw it."
                ),
                {"number": decision.number},
            )
        )
    return tuple(said)


def _outdated(row: Audit) -> AuditPaper | None:
    """Return the decision on the team that is in force where the audit has become another one since."""
    for each in row.papers.all():
        if each.kind == AuditPaper.Kind.DECISION and each.state == AuditPaper.State.ISSUED:
            said = each.content
            is_same = (
                {(one["person"], one["part"]) for one in said.get("team", ())}
                == {(one.person_id, one.part) for one in row.team.all()}
                and {one["id"] for one in said.get("units", ())} == {one.unit_id for one in row.units.all()}
                and (said.get("starts_on"), said.get("ends_on"))
                == (row.starts_on.isoformat(), row.ends_on.isoformat())
            )
            return None if is_same else each
    return None


def dependence(row: Audit) -> tuple[Message, ...]:
    """Return who would audit a unit of one's own, with the unit: by post or seat within the year before the audit.

    Who is of the team but audits other units alone is independent. Two SQL statements beside the plan's.
    """
    read_plan(row)
    ties = ties_of(row)
    meetings = _meetings(row)
    pairs = [(person, each.unit) for each, person in not_independent_in(meetings, ties)]
    if not meetings:
        people = {each.person_id for each in row.team.all() if each.part in _AUDITING}
        units = {each.unit_id for each in row.units.all()}
        pairs = [(each.person, each.unit) for each in not_independent(people, units, ties)]
    names = {each.person_id: each.person.full_name for each in row.team.all()}
    called = {each.unit_id: each.unit.name for each in row.units.all()}
    return tuple(
        Message(
            gettext_noop("%(person)s works in %(unit)s, or did within the year, and does not audit it."),
            {"person": names[person], "unit": called[unit or 0]},
        )
        for person, unit in dict.fromkeys(pairs)
    )


def ties_of(row: Audit) -> tuple[Tie, ...]:
    """Return what ties the team to units: posts and seats held within the year before the audit; two SQL statements."""
    return _ties(row.agency_id, row.starts_on, Q(person_id__in=[each.person_id for each in row.team.all()]))


def ties_to(agency_id: int, unit_ids: Collection[int], starts_on: date) -> tuple[Tie, ...]:
    """Return what ties anybody of the agency to units, as :func:`ties_of` for an audit; two SQL statements."""
    return _ties(agency_id, starts_on, Q(unit_id__in=unit_ids))


def _ties(agency_id: int, starts_on: date, of: Q) -> tuple[Tie, ...]:
    since = starts_on.replace(year=starts_on.year - 1, day=min(starts_on.day, 28))
    held = Q(valid_to__isnull=True) | Q(valid_to__gte=since)
    posts = Membership.objects.filter(of, held, agency_id=agency_id, unit__isnull=False)
    seats = Seat.objects.filter(of, held, unit__agency_id=agency_id)
    return tuple(
        Tie(person, unit)
        for person, unit in sorted(
            {*posts.values_list("person_id", "unit_id"), *seats.values_list("person_id", "unit_id")}
        )
        if unit is not None
    )


def _meetings(row: Audit) -> tuple[Meeting, ...]:
    return tuple(
        Meeting(
            each.pk,
            each.day,
            each.starts,
            each.ends,
            each.audited.unit_id if each.audited else None,
            frozenset(one.person_id for one in each.auditors.all()),
        )
        for each in row.sessions.all()
    )


def scale_on(agency_id: int, on: date) -> tuple[RiskScale | None, Scale]:
    """Return the scale that an agency rates by on a day; without one of its own, None and the proposed one."""
    row = RiskScale.objects.filter(agency_id=agency_id, valid_from__lte=on).order_by("-valid_from").first()
    return (None, PROPOSED) if row is None else (row, scale_of(row))


def scale_of(row: RiskScale) -> Scale:
    """Return a kept scale."""
    return scale_from_json(row.likelihood, row.consequence, row.levels)
