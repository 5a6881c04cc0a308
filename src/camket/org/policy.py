"""Who may do what: one table of role x act, asked by every operation and by pages that offer an act."""

from __future__ import annotations

from dataclasses import dataclass, field

from camket.org.models import Role


class NotAllowed(PermissionError):
    """The actor's roles do not include this act."""

    def __init__(self, act: str) -> None:
        super().__init__(act)
        self.act = act


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for one agency, with the roles and units held there today."""

    person_id: int
    name: str
    agency_id: int
    roles: frozenset[str] = field(default_factory=frozenset)
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    headed_unit_ids: frozenset[int] = field(default_factory=frozenset)


_EVERYONE = frozenset({Role.SECRETARY, Role.CHAIRMAN, Role.REPRESENTATIVE, Role.HEAD, Role.OFFICER})
_LEADERS = frozenset({Role.CHAIRMAN, Role.REPRESENTATIVE})

ACTS: dict[str, frozenset[str]] = {
    "plan.view": _EVERYONE,
    "plan.edit": frozenset({Role.SECRETARY}),
    "plan.submit": frozenset({Role.SECRETARY}),
    "plan.approve": frozenset({Role.CHAIRMAN}),
    "plan.promulgate": frozenset({Role.SECRETARY, Role.CHAIRMAN}),
    "plan.close": frozenset({Role.SECRETARY, Role.CHAIRMAN}),
    "task.view": _EVERYONE,
    "task.report": _EVERYONE,
    "task.report_any": frozenset({Role.SECRETARY}),
    "task.review": frozenset({Role.SECRETARY, Role.REPRESENTATIVE, Role.CHAIRMAN, Role.HEAD}),
    "task.manage": frozenset({Role.SECRETARY}),
    "reading.enter": _EVERYONE,
    "reading.confirm": frozenset({Role.SECRETARY, Role.HEAD, *_LEADERS}),
    "report.write": frozenset({Role.SECRETARY}),
    "report.issue": frozenset({Role.SECRETARY, Role.CHAIRMAN}),
    "org.view": frozenset({*_EVERYONE, Role.ADMINISTRATOR}),
    "org.manage": frozenset({Role.SECRETARY, Role.ADMINISTRATOR}),
    "journal.view": frozenset({Role.SECRETARY, Role.ADMINISTRATOR, *_LEADERS}),
}


def can(actor: Actor, act: str) -> bool:
    """Return whether one of the actor's roles gives the act; KeyError for an act not in the table."""
    return not ACTS[act].isdisjoint(actor.roles)


def require(actor: Actor, act: str) -> None:
    """Raise NotAllowed unless the actor may do the act."""
    if not can(actor, act):
        raise NotAllowed(act)
