"""Whom the improvement cycle tells, of what, and where it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.improvement.models import (
    Announcement,
    Audit,
    AuditProgramme,
    EffectCheck,
    Nonconformity,
    Review,
    Risk,
)
from camket.notifications.operations import settle, tell, tell_doers, tell_roles
from camket.notifications.staff import Staff, staff_of
from camket.org.models import Role
from camket.org.policy import Actor

TOPIC = "improvement"
LEADERS = (Role.CHAIRMAN, Role.REPRESENTATIVE)


def name_of(row: Nonconformity) -> str:
    """Return what papers and tasks call a nonconformity: “KPH 03/2026: title”."""
    number = number_of(row.serial, row.year)
    return f"{number}: {row.title}" if number else row.title


def number_of(serial: int | None, year: int) -> str:
    """Return the number of a nonconformity in the book: “KPH 03/2026”; "" before it has one."""
    return "" if serial is None else f"KPH {serial:02}/{year}"


def link_of(row: Nonconformity) -> str:
    """Return the address of a nonconformity's page."""
    return f"/khac-phuc/{row.pk}/"


def over(agency_id: int, number: int, *kinds: str, now: datetime) -> None:
    """Note as seen what people were reminded of and is done with; ``kinds`` are those of :mod:`camket.improvement.due`."""
    for kind in kinds:
        settle(agency_id=agency_id, now=now, keys=f"{kind}:{number}:")


def told_proposed(*, agency_id: int, rows: Sequence[Nonconformity], now: datetime) -> None:
    """Tell the secretary that there is something to take up or to leave."""
    for row in rows:
        tell_roles(
            agency_id=agency_id,
            roles=(Role.SECRETARY,),
            topic=TOPIC,
            key=f"nonconformity:{row.pk}:proposed",
            message=Message(
                gettext_noop(
                    "Proposed as a nonconformity: %(title)s. Take it up, or leave it with a reason."
                ),
                {"title": row.title},
            ),
            now=now,
            link=link_of(row),
        )


def told_raised(*, actor: Actor, row: Nonconformity, now: datetime) -> None:
    """Tell who sees to it: the owner, else the unit, else the secretary."""
    _tell_owner(
        actor,
        row,
        f"opened:{now.isoformat()}",
        Message(
            gettext_noop("%(by)s gives you a nonconformity to treat; the plan is due on %(due)s. %(name)s"),
            {
                "by": actor.name,
                "due": vietnamese(row.plan_due_on) if row.plan_due_on else "",
                "name": name_of(row),
            },
        ),
        now,
    )


def told_submitted(*, actor: Actor, row: Nonconformity, now: datetime) -> None:
    """Tell the leaders that a plan waits for them."""
    tell_roles(
        agency_id=row.agency_id,
        roles=LEADERS,
        topic=TOPIC,
        key=f"nonconformity:{row.pk}:submitted:{now.isoformat()}",
        message=Message(
            gettext_noop("%(by)s submits a plan of corrective action for approval. %(name)s"),
            {"by": actor.name, "name": name_of(row)},
        ),
        now=now,
        link=link_of(row),
        by=actor,
    )


def told_returned(*, actor: Actor, row: Nonconformity, reason: str, now: datetime) -> None:
    """Tell who submitted a plan that it comes back."""
    tell(
        agency_id=row.agency_id,
        people=(row.planned_by_id, row.owner_id),
        topic=TOPIC,
        key=f"nonconformity:{row.pk}:returned:{now.isoformat()}",
        message=Message(
            gettext_noop("%(by)s returns the plan of corrective action: %(reason)s. %(name)s"),
            {"by": actor.name, "reason": reason.rstrip("."), "name": name_of(row)},
        ),
        now=now,
        link=link_of(row),
        by=actor,
    )


def told_approved(*, actor: Actor, row: Nonconformity, now: datetime) -> None:
    """Tell who submitted a plan that it is approved; whose the steps are is told by their tasks."""
    tell(
        agency_id=row.agency_id,
        people=(row.planned_by_id, row.owner_id),
        topic=TOPIC,
        key=f"nonconformity:{row.pk}:approved:{now.isoformat()}",
        message=Message(
            gettext_noop("%(by)s approves the plan of corrective action. %(name)s"),
            {"by": actor.name, "name": name_of(row)},
        ),
        now=now,
        link=link_of(row),
        by=actor,
    )


def told_completed(*, actor: Actor, row: Nonconformity, now: datetime) -> None:
    """Tell the secretary and the auditors from when the effect is to be judged."""
    tell_roles(
        agency_id=row.agency_id,
        roles=(Role.SECRETARY, Role.AUDITOR),
        topic=TOPIC,
        key=f"nonconformity:{row.pk}:completed:{now.isoformat()}",
        message=Message(
            gettext_noop("All steps are done; its effect is to be judged from %(day)s on. %(name)s"),
            {"day": vietnamese(row.judge_on) if row.judge_on else "", "name": name_of(row)},
        ),
        now=now,
        link=link_of(row),
    )


def told_judged(*, actor: Actor, row: Nonconformity, check: EffectCheck, now: datetime) -> None:
    """Tell who sees to it whether it is closed or begins anew."""
    template = (
        gettext_noop("%(by)s judges the corrective action effective: it is closed. %(name)s")
        if check.is_effective
        else gettext_noop(
            "%(by)s judges the corrective action not effective: it needs another plan. %(name)s"
        )
    )
    _tell_owner(
        actor, row, f"judged:{check.pk}", Message(template, {"by": actor.name, "name": name_of(row)}), now
    )


def _tell_owner(actor: Actor, row: Nonconformity, what: str, message: Message, now: datetime) -> None:
    tell_doers(
        agency_id=row.agency_id,
        person_id=row.owner_id,
        unit_id=row.unit_id,
        topic=TOPIC,
        key=f"nonconformity:{row.pk}:{what}",
        message=message,
        now=now,
        link=link_of(row),
        by=actor,
    )


# Audits


def told_programme(*, actor: Actor, row: AuditProgramme, act: str, reason: str, now: datetime) -> None:
    """Tell the leaders that a programme waits for them, and who made it what became of it."""
    params = {"by": actor.name, "year": str(row.year), "reason": reason.rstrip(".")}
    link = "/danh-gia/"
    key = f"audit_programme:{row.pk}:{act}:{now.isoformat()}"
    to_leaders = {
        "submit": gettext_noop("%(by)s submits the programme of internal audits of %(year)s for approval."),
        "adjust": gettext_noop(
            "%(by)s adjusts the programme of internal audits of %(year)s, which waits for your signature: %(reason)s."
        ),
    }.get(act)
    if to_leaders is not None:
        tell_roles(
            agency_id=row.agency_id,
            roles=LEADERS,
            topic=TOPIC,
            key=key,
            message=Message(to_leaders, params),
            now=now,
            link=link,
            by=actor,
        )
        return
    template = {
        "return": gettext_noop("%(by)s returns the programme of internal audits of %(year)s: %(reason)s."),
        "approve": gettext_noop("%(by)s approves the programme of internal audits of %(year)s."),
        "reissue": gettext_noop("%(by)s signs the adjusted programme of internal audits of %(year)s."),
        "withdraw": gettext_noop(
            "%(by)s withdraws the signed programme of internal audits of %(year)s, which is a draft again: %(reason)s."
        ),
    }.get(act)
    if template is not None:
        tell(
            agency_id=row.agency_id,
            people=(row.made_by_id,),
            topic=TOPIC,
            key=key,
            message=Message(template, params),
            now=now,
            link=link,
            by=actor,
        )


_AUDIT_SAYS = {
    "announced": gettext_noop("Internal audit on %(days)s: %(title)s. See its plan."),
    "changed": gettext_noop("The internal audit %(title)s changes; it is now on %(days)s."),
    "cancelled": gettext_noop("The internal audit %(title)s on %(days)s is cancelled."),
    "finished": gettext_noop(
        "The internal audit %(title)s is finished; heads confirm the findings of their units."
    ),
    "reported": gettext_noop("The report of the internal audit %(title)s is issued."),
    "report_withdrawn": gettext_noop(
        "The report of the internal audit %(title)s is withdrawn: do not use it; a corrected one is to follow."
    ),
    "decision_withdrawn": gettext_noop(
        "The decision on the team of the internal audit %(title)s is withdrawn: do not use it."
    ),
}


def people_of_audit(*, row: Audit, staff: Staff, by: Actor | None = None) -> list[int]:
    """Return an audit's team and the heads of its units, or who stands in for them; not whose doing it is."""
    people = list(row.team.values_list("person_id", flat=True))
    for unit_id in row.units.values_list("unit_id", flat=True):
        people += staff.doers(person_id=None, unit_id=unit_id)
    return list(dict.fromkeys(staff.told(people, but=() if by is None else (by.person_id,))))


def of_audit(*, row: Audit, what: str) -> Message:
    """Return what is said of an audit: what becomes of it, and its days."""
    days = " – ".join(dict.fromkeys(vietnamese(day) for day in (row.starts_on, row.ends_on)))
    return Message(_AUDIT_SAYS[what], {"title": row.title, "days": days})


def told_audit(*, actor: Actor, row: Audit, what: str, now: datetime) -> None:
    """Tell an audit's team, and the heads of its units, what becomes of it."""
    staff = staff_of(row.agency_id, timezone.localdate(now))
    tell(
        agency_id=row.agency_id,
        people=people_of_audit(row=row, staff=staff),
        topic=TOPIC,
        key=f"audit:{row.pk}:{what}:{now.isoformat()}",
        message=of_audit(row=row, what=what),
        now=now,
        link=f"/danh-gia/{row.pk}/",
        by=actor,
        staff=staff,
    )


# Risks


def name_of_risk(row: Risk) -> str:
    """Return what tasks and papers call a risk or an opportunity: “Rủi ro 07: title”."""
    kind = "Cơ hội" if row.kind == Risk.Kind.OPPORTUNITY else "Rủi ro"
    return f"{kind} {row.serial:02}: {row.title}" if row.serial is not None else f"{kind}: {row.title}"


def told_risks(*, agency_id: int, rows: Sequence[Risk], now: datetime, by: Actor | None = None) -> None:
    """Tell the secretary, and the heads of the unit, that there is something to watch, or to leave."""
    if not rows:
        return
    staff = staff_of(agency_id, timezone.localdate(now))
    for row in rows:
        heads = () if row.unit_id is None else staff.heads_of(row.unit_id)
        template = (
            gettext_noop("Proposed for the book of risks: %(title)s. Take it up, or leave it with a reason.")
            if by is None
            else gettext_noop(
                "%(by)s proposes for the book of risks: %(title)s. Take it up, or leave it with a reason."
            )
        )
        tell(
            agency_id=agency_id,
            people=(*staff.with_role(Role.SECRETARY), *heads),
            topic=TOPIC,
            key=f"risk:{row.pk}:proposed",
            message=Message(template, {"title": row.title, "by": by.name if by else ""}),
            now=now,
            link=f"/rui-ro/{row.pk}/",
            by=by,
            staff=staff,
        )


def told_risk_decided(*, actor: Actor, row: Risk, reason: str, now: datetime) -> None:
    """Tell who proposed a risk what became of it; what others were told of the proposal is seen to."""
    settle(agency_id=row.agency_id, now=now, keys=f"risk:{row.pk}:proposed")
    if row.made_by_id is None:
        return
    template = (
        gettext_noop("%(by)s leaves the risk that you proposed: %(title)s. Reason: %(reason)s.")
        if reason
        else gettext_noop("%(by)s takes the risk that you proposed up into the book: %(title)s.")
    )
    params = {"by": actor.name, "title": row.title, **({"reason": reason.rstrip(".")} if reason else {})}
    tell(
        agency_id=row.agency_id,
        people=(row.made_by_id,),
        topic=TOPIC,
        key=f"risk:{row.pk}:decided:{now.isoformat()}",
        message=Message(template, params),
        now=now,
        link=f"/rui-ro/{row.pk}/",
        by=actor,
    )


# Reviews

_REVIEW_SAYS = {
    "convened": gettext_noop("You are asked to the management review on %(day)s: %(title)s."),
    "changed": gettext_noop("The management review %(title)s changes; it is now on %(day)s."),
    "cancelled": gettext_noop("The management review %(title)s on %(day)s is cancelled."),
    "closed": gettext_noop("The minutes of the management review %(title)s are there."),
}


def told_review(*, actor: Actor, row: Review, what: str, now: datetime) -> None:
    """Tell the members of a review what becomes of it; guests have no account."""
    people = [row.chair_id, row.clerk_id, *row.members.values_list("person_id", flat=True)]
    tell(
        agency_id=row.agency_id,
        people=people,
        topic=TOPIC,
        key=f"review:{row.pk}:{what}:{now.isoformat()}",
        message=Message(_REVIEW_SAYS[what], {"title": row.title, "day": vietnamese(row.held_on)}),
        now=now,
        link=f"/xem-xet/{row.pk}/",
        by=actor,
    )


# Announcements

_ANNOUNCEMENT_SAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "asked": (
        gettext_noop(
            "%(by)s asks you to confirm that the quality management system is effective, so that it can be announced."
        ),
        (Role.CHAIRMAN,),
    ),
    "confirmed": (
        gettext_noop(
            "%(by)s confirms that the system is effective: the announcement waits for number and day."
        ),
        (Role.SECRETARY,),
    ),
    "returned": (
        gettext_noop("%(by)s returns the announcement of conformity to its draft."),
        (Role.SECRETARY,),
    ),
    "announced": (
        gettext_noop("The quality management system is announced as conforming: %(number)s."),
        (*LEADERS, Role.SECRETARY, Role.HEAD),
    ),
    "withdrawn": (
        gettext_noop("The announcement of conformity %(number)s is withdrawn."),
        (*LEADERS, Role.SECRETARY, Role.HEAD),
    ),
}


def told_announcement(*, actor: Actor, row: Announcement, what: str, now: datetime) -> None:
    """Tell whom it concerns what becomes of an announcement."""
    template, roles = _ANNOUNCEMENT_SAYS[what]
    tell_roles(
        agency_id=row.agency_id,
        roles=roles,
        topic=TOPIC,
        key=f"announcement:{row.pk}:{what}:{now.isoformat()}",
        message=Message(template, {"by": actor.name, "number": row.number}),
        now=now,
        link=f"/cong-bo/{row.pk}/",
        by=actor,
    )


def told_to_announce_again(
    *, agency_id: int, announcement_id: int, stamp: str, changes: Sequence[Message], now: datetime
) -> int:
    """Tell the secretary once of the same changes that the scope is no longer the one announced; return how many were told."""
    first = changes[0]
    return tell_roles(
        agency_id=agency_id,
        roles=(Role.SECRETARY,),
        topic=TOPIC,
        key=f"announcement:{announcement_id}:again:{stamp}",
        message=Message(first.template, first.params),
        now=now,
        link="/cong-bo/",
    )
