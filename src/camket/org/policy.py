"""Who may do what: one table of act x role x scope, asked by every operation and by pages that offer an act.

The table is printed into docs/reference/authority.md; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from camket.core.messages import gettext_noop
from camket.org.models import Role


class NotAllowed(PermissionError):
    """The actor's roles do not include this act."""

    def __init__(self, act: str) -> None:
        super().__init__(act)
        self.act = act


class Scope(StrEnum):
    """How far an act reaches from the post that gives it."""

    UNIT = "unit"  # work of the post's own unit, and work that names the person
    AGENCY = "agency"  # everything of the agency of the post
    BELOW = "below"  # agencies under it: read; written is only that the journal was taken out, a way back in given
    BEFORE = "before"  # agencies that it succeeded: read, never changed


@dataclass(slots=True)
class Seen:
    """What a person had seen when a form was opened: how far the agency's journal went, None where nobody knows.

    ``elsewhere`` is the same for another agency that the page is about: its id, and how far its journal went. The
    journal holds each change against it: what somebody else changed after that is put into ``meanwhile`` and the
    change refused (``is_refused``). ``written`` are the entries made in this person's name since, by agency and number.
    """

    until: int | None = None
    elsewhere: tuple[int, int] | None = None
    written: set[tuple[int, int]] = field(default_factory=set)
    meanwhile: tuple[Any, ...] = ()
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting on one agency's records, with the roles and units that count there today.

    ``scope`` says how the agency is reached: AGENCY from a post in it, BELOW from a post in an agency above,
    BEFORE from a post in its successor; ``home_agency_id`` is the agency of the post, None where it is this one.
    ``stands_in_for`` is whom the person stands in for by a delegation (person id, name): the roles are then those
    of the delegated post alone, and the journal names both. ``seen`` is what the person had seen when acting by a form.
    """

    person_id: int
    name: str
    agency_id: int
    roles: frozenset[str] = field(default_factory=frozenset)
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    headed_unit_ids: frozenset[int] = field(default_factory=frozenset)
    scope: Scope = Scope.AGENCY
    home_agency_id: int | None = None
    stands_in_for: tuple[int, str] | None = None
    seen: Seen | None = field(default=None, compare=False)

    @property
    def acts_as_id(self) -> int:
        """Whose work this is: of whom the actor stands in for, else the actor's own."""
        return self.stands_in_for[0] if self.stands_in_for else self.person_id

    def is_own(self, person_id: int | None) -> bool:
        """Return whether what a person did is the actor's own doing: the actor's, or of whom the actor stands in for.

        Nobody reviews, confirms or approves such work: what a person may not do, no deputy does in that name.
        """
        return person_id is not None and person_id in (self.person_id, self.acts_as_id)


Grants = Mapping[str, frozenset[Scope]]
"""Roles that have an act, each with the scopes in which it holds."""

_STAFF = (
    Role.SECRETARY,
    Role.CHAIRMAN,
    Role.REPRESENTATIVE,
    Role.HEAD,
    Role.OFFICER,
    Role.ONE_STOP,
    Role.AUDITOR,
    Role.PRIVACY,
)
_ABOVE = (Role.VIEWER, Role.INSPECTOR)
_LEADERS = (Role.CHAIRMAN, Role.REPRESENTATIVE)


def _grants(
    *roles: str, unit: tuple[str, ...] = (), below: tuple[str, ...] = (), history: bool = False
) -> Grants:
    """Return the grants of an act: ``roles`` in the whole agency, ``unit`` for the own unit's work.

    ``below`` have it also in the agencies below; with ``history``, whoever has it in the agency has it also in the
    agencies that this one succeeded.
    """
    before = {Scope.BEFORE} if history else set()
    grants = {role: frozenset({Scope.AGENCY, *before}) for role in roles}
    grants |= {role: frozenset({Scope.UNIT, *before}) for role in unit if role not in grants}
    return grants | {role: grants.get(role, frozenset()) | {Scope.BELOW} for role in below}


_VIEW = _grants(*_STAFF, *_ABOVE, below=_ABOVE, history=True)

ACTS: dict[str, Grants] = {
    "plan.view": _VIEW,
    "plan.edit": _grants(Role.SECRETARY),
    "plan.submit": _grants(Role.SECRETARY),
    "plan.approve": _grants(Role.CHAIRMAN),
    "plan.promulgate": _grants(Role.SECRETARY, Role.CHAIRMAN),
    "plan.close": _grants(Role.SECRETARY, Role.CHAIRMAN),
    "task.view": _VIEW,
    "task.comment": _grants(*_STAFF, *_ABOVE),
    "task.report": _grants(
        Role.SECRETARY,
        *_LEADERS,
        unit=(Role.HEAD, Role.OFFICER, Role.ONE_STOP, Role.AUDITOR, Role.PRIVACY),
    ),
    "task.report_any": _grants(Role.SECRETARY),
    "task.review": _grants(Role.SECRETARY, *_LEADERS, unit=(Role.HEAD,)),
    "task.manage": _grants(Role.SECRETARY),
    "reading.enter": _grants(*_STAFF),
    "reading.confirm": _grants(Role.SECRETARY, Role.HEAD, *_LEADERS),
    "indicator.define": _grants(Role.SECRETARY),
    "procedure.view": _VIEW,
    "procedure.manage": _grants(Role.SECRETARY, Role.ONE_STOP),
    "dossier.view": _VIEW,
    "dossier.personal": _grants(Role.ONE_STOP, unit=(Role.HEAD, Role.OFFICER)),
    "dossier.import": _grants(Role.SECRETARY, Role.ONE_STOP),
    "letter.write": _grants(Role.ONE_STOP, Role.SECRETARY),
    "letter.issue": _grants(Role.ONE_STOP, *_LEADERS),
    "survey.view": _VIEW,
    "survey.manage": _grants(Role.SECRETARY),
    "survey.enter": _grants(Role.SECRETARY, Role.ONE_STOP, Role.HEAD, Role.OFFICER),
    "survey.comments": _grants(Role.SECRETARY, Role.ONE_STOP, Role.HEAD, *_LEADERS),
    "feedback.view": _VIEW,
    "feedback.personal": _grants(Role.SECRETARY, Role.ONE_STOP, *_LEADERS, unit=(Role.HEAD, Role.OFFICER)),
    "feedback.receive": _grants(Role.SECRETARY, Role.ONE_STOP, Role.HEAD, Role.OFFICER),
    "feedback.assign": _grants(Role.SECRETARY, *_LEADERS),
    "feedback.answer": _grants(Role.SECRETARY, unit=(Role.HEAD, Role.OFFICER, Role.ONE_STOP)),
    "feedback.approve": _grants(*_LEADERS),
    "feedback.publish": _grants(Role.SECRETARY, *_LEADERS),
    "document.view": _VIEW,
    "document.write": _grants(Role.SECRETARY, unit=(Role.HEAD, Role.OFFICER, Role.ONE_STOP)),
    "document.review": _grants(Role.SECRETARY, Role.REPRESENTATIVE),
    "document.approve": _grants(*_LEADERS),
    "document.manage": _grants(Role.SECRETARY),
    "audit.view": _VIEW,
    "audit.plan": _grants(Role.SECRETARY, Role.REPRESENTATIVE),
    "audit.approve": _grants(*_LEADERS),
    "audit.conduct": _grants(*_STAFF),
    "audit.recall": _grants(*_LEADERS),
    "nonconformity.view": _VIEW,
    "nonconformity.raise": _grants(*_STAFF),
    "nonconformity.treat": _grants(Role.SECRETARY, unit=(Role.HEAD, Role.OFFICER, Role.ONE_STOP)),
    "nonconformity.approve": _grants(*_LEADERS),
    "nonconformity.judge": _grants(Role.SECRETARY, Role.AUDITOR, *_LEADERS),
    "nonconformity.overrule": _grants(Role.CHAIRMAN),
    "risk.view": _VIEW,
    "risk.propose": _grants(*_STAFF),
    "risk.keep": _grants(Role.SECRETARY, Role.REPRESENTATIVE, unit=(Role.HEAD,)),
    "risk.scale": _grants(Role.SECRETARY, Role.REPRESENTATIVE),
    "review.view": _VIEW,
    "review.prepare": _grants(Role.SECRETARY, Role.REPRESENTATIVE),
    "review.close": _grants(*_LEADERS),
    "assessment.view": _VIEW,
    "assessment.keep": _grants(Role.SECRETARY, Role.REPRESENTATIVE, Role.HEAD),
    "announcement.view": _VIEW,
    "announcement.prepare": _grants(Role.SECRETARY),
    "announcement.confirm": _grants(Role.CHAIRMAN),
    "pack.take": _grants(Role.SECRETARY, *_LEADERS, Role.INSPECTOR, below=(Role.INSPECTOR,)),
    "cycle.rules": _grants(Role.SECRETARY, *_LEADERS),
    "report.write": _grants(Role.SECRETARY),
    "report.unit": _grants(Role.SECRETARY, unit=(Role.HEAD,)),
    "report.part": _grants(
        Role.SECRETARY, unit=(Role.HEAD, Role.OFFICER, Role.ONE_STOP, Role.AUDITOR, Role.PRIVACY)
    ),
    "report.approve": _grants(*_LEADERS),
    "report.issue": _grants(Role.SECRETARY, Role.CHAIRMAN),
    "publication.view": _VIEW,
    "publication.prepare": _grants(Role.SECRETARY),
    "publication.publish": _grants(*_LEADERS),
    "posting.view": _VIEW,
    "posting.manage": _grants(Role.SECRETARY, Role.ONE_STOP),
    "posting.approve": _grants(*_LEADERS),
    "register.view": _VIEW,
    "register.keep": _grants(
        Role.SECRETARY,
        *_LEADERS,
        unit=(Role.HEAD, Role.OFFICER, Role.ONE_STOP, Role.AUDITOR, Role.PRIVACY),
    ),
    "register.extend": _grants(*_LEADERS),
    "register.number": _grants(Role.SECRETARY),
    "register.recall": _grants(*_LEADERS),
    "register.list": _grants(Role.SECRETARY),
    "register.bring_in": _grants(Role.SECRETARY, unit=(Role.HEAD,)),
    "staffing.view": _grants(Role.SECRETARY, *_LEADERS, unit=(Role.HEAD,), history=True),
    "staffing.keep": _grants(Role.SECRETARY, *_LEADERS, unit=(Role.HEAD,)),
    "reminder.draft": _grants(Role.SECRETARY),
    "reminder.issue": _grants(Role.SECRETARY, *_LEADERS),
    "notification.rules": _grants(Role.SECRETARY, *_LEADERS),
    "week.view": _grants(Role.SECRETARY, *_LEADERS, unit=(Role.HEAD,)),
    "below.view": _grants(*_ABOVE),
    "org.view": _grants(
        *_STAFF, *_ABOVE, Role.ADMINISTRATOR, below=(*_ABOVE, Role.ADMINISTRATOR), history=True
    ),
    "org.manage": _grants(Role.SECRETARY, Role.ADMINISTRATOR),
    "people.view": _grants(*_STAFF, history=True),
    "people.manage": _grants(Role.SECRETARY),
    "people.restore": _grants(Role.SECRETARY, Role.ADMINISTRATOR, below=(Role.ADMINISTRATOR,)),
    "journal.view": _grants(
        Role.SECRETARY, *_LEADERS, Role.PRIVACY, Role.INSPECTOR, below=(Role.INSPECTOR,), history=True
    ),
    "journal.export": _grants(
        Role.SECRETARY, *_LEADERS, Role.PRIVACY, Role.INSPECTOR, below=(Role.INSPECTOR,)
    ),
    "journal.verify": _grants(
        Role.SECRETARY,
        *_LEADERS,
        Role.PRIVACY,
        Role.INSPECTOR,
        Role.ADMINISTRATOR,
        below=(Role.INSPECTOR, Role.ADMINISTRATOR),
    ),
    "privacy.view": _grants(Role.SECRETARY, Role.CHAIRMAN, Role.PRIVACY),
    "privacy.manage": _grants(Role.PRIVACY),
    "privacy.erase": _grants(Role.CHAIRMAN),
    "agency.export": _grants(Role.SECRETARY, Role.CHAIRMAN),
    "system.view": _grants(Role.ADMINISTRATOR),
    "system.manage": _grants(Role.ADMINISTRATOR),
}
"""Every act with the roles that have it and the scopes in which they do.

``people.restore`` gives a person a way back in (a one-time code) without seeing personal data. ``org.manage`` are
the agency's own data, units and calendar, ``people.*`` its people, ``privacy.*`` the register of personal data,
``system.*`` the installation: agencies of the tree, jobs, backups, state.
"""


ABOUT: dict[str, str] = {
    "plan.view": gettext_noop("See plans, objectives, targets, figures and reports"),
    "plan.edit": gettext_noop("Bring in, type and change a plan; say how its targets are measured"),
    "plan.submit": gettext_noop("Submit a plan for approval"),
    "plan.approve": gettext_noop("Approve a plan or return it"),
    "plan.promulgate": gettext_noop("Put a plan in force with its number and signature"),
    "plan.close": gettext_noop("Close a plan at the end of its period"),
    "task.view": gettext_noop("See tasks, their dates and evidence, and the working calendar"),
    "task.comment": gettext_noop("Write a comment on a task"),
    "task.report": gettext_noop("Report on work: progress, evidence, done"),
    "task.report_any": gettext_noop("Report on any work in place of whoever does it"),
    "task.review": gettext_noop("Accept work that is done, or return it"),
    "task.manage": gettext_noop("Move due dates, cancel and reopen tasks; keep the working calendar"),
    "reading.enter": gettext_noop("Enter figures"),
    "reading.confirm": gettext_noop("Confirm figures that another person entered"),
    "indicator.define": gettext_noop("Define indicators and say which one measures a target"),
    "procedure.view": gettext_noop("See the catalogue of administrative procedures"),
    "procedure.manage": gettext_noop("Keep the catalogue of administrative procedures and its posting"),
    "dossier.view": gettext_noop("See dossiers and their dates, with personal data masked"),
    "dossier.personal": gettext_noop("See applicants' names, addresses and telephone numbers"),
    "dossier.import": gettext_noop("Import dossiers, mend refused rows, undo an import"),
    "letter.write": gettext_noop("Draft letters of apology and explanations for late dossiers"),
    "letter.issue": gettext_noop("Issue letters of apology and explanations with their number"),
    "survey.view": gettext_noop("See surveys and their results, without small groups"),
    "survey.manage": gettext_noop(
        "Keep questionnaires, open and close surveys, give out their codes and slips"
    ),
    "survey.enter": gettext_noop("Key in paper slips, bring them in from a spreadsheet, ask by telephone"),
    "survey.comments": gettext_noop("Read what people wrote in surveys and turn it into work"),
    "feedback.view": gettext_noop("See feedback and its dates, with personal data masked"),
    "feedback.personal": gettext_noop("See the names, addresses and telephone numbers of senders"),
    "feedback.receive": gettext_noop(
        "Write down feedback that came by telephone, on paper, in person; import it"
    ),
    "feedback.assign": gettext_noop("Say of what kind feedback is and who answers; pass it on, route it"),
    "feedback.answer": gettext_noop("Draft the answer to feedback"),
    "feedback.approve": gettext_noop("Approve and send the answer to feedback"),
    "feedback.publish": gettext_noop("Make an answer public without personal data, and take it back"),
    "document.view": gettext_noop(
        "Read the documents of the quality management system and the legal texts they rest on"
    ),
    "document.write": gettext_noop("Write new editions of documents and submit them"),
    "document.review": gettext_noop("Review a submitted edition, pass it on or return it"),
    "document.approve": gettext_noop("Approve editions of documents"),
    "document.manage": gettext_noop(
        "Keep codes, distribution, forms and legal texts; bring approved editions into effect; withdraw documents"
    ),
    "audit.view": gettext_noop("See internal audits, their findings and reports"),
    "audit.plan": gettext_noop(
        "Prepare the audit programme, audits, their teams and the library of questions"
    ),
    "audit.approve": gettext_noop("Approve the audit programme"),
    "audit.conduct": gettext_noop("Answer checklists and write findings in audits whose team one belongs to"),
    "audit.recall": gettext_noop(
        "Withdraw an audit programme, the decision on a team or the report of an audit that was issued"
    ),
    "nonconformity.view": gettext_noop("See nonconformities and what is done about them"),
    "nonconformity.raise": gettext_noop("Raise a nonconformity"),
    "nonconformity.treat": gettext_noop("Correct a nonconformity, find its cause, plan what is done"),
    "nonconformity.approve": gettext_noop("Approve the plan of a nonconformity or return it"),
    "nonconformity.judge": gettext_noop("Judge whether what was done has its effect"),
    "nonconformity.overrule": gettext_noop(
        "Judge corrective action effective although the target's result does not bear it out, with the reason"
    ),
    "risk.view": gettext_noop("See context, interested parties, risks and opportunities"),
    "risk.propose": gettext_noop(
        "Propose a risk or an opportunity, for who keeps the book to take up or leave"
    ),
    "risk.keep": gettext_noop("Keep context, risks and opportunities; rate and treat them"),
    "risk.scale": gettext_noop("Change the scale by which risks are rated"),
    "review.view": gettext_noop("See management reviews and their minutes"),
    "review.prepare": gettext_noop(
        "Prepare and convene a management review, write its comments and decisions"
    ),
    "review.close": gettext_noop("Close a management review with its minutes"),
    "assessment.view": gettext_noop("See self-assessments"),
    "assessment.keep": gettext_noop("Assess the agency by the indicators of ISO 18091"),
    "announcement.view": gettext_noop("See announcements of conformity"),
    "announcement.prepare": gettext_noop("Prepare an announcement of conformity and issue it"),
    "announcement.confirm": gettext_noop("Confirm that the quality management system is effective"),
    "pack.take": gettext_noop(
        "Have a year's evidence put together for an inspection, and take it; that it was taken is recorded"
    ),
    "cycle.rules": gettext_noop("Change the rhythm and the limits of audits, corrective action and reviews"),
    "report.write": gettext_noop("Write a report and correct one"),
    "report.unit": gettext_noop("Write the report on objectives of a unit; a head that of the own unit"),
    "report.part": gettext_noop("Write and send the part of a report that is asked of the own unit"),
    "report.approve": gettext_noop("Approve a report before it is issued, or return it"),
    "report.issue": gettext_noop("Issue a report with its number"),
    "publication.view": gettext_noop("See what was made public and what is prepared"),
    "publication.prepare": gettext_noop("Prepare what the public page shows; keep the page's own data"),
    "publication.publish": gettext_noop("Make public what was prepared, return it, withdraw it"),
    "posting.view": gettext_noop("See the register of postings"),
    "posting.manage": gettext_noop("Keep the register of postings, its places, plan and quarterly lists"),
    "posting.approve": gettext_noop("Approve the yearly plan of what is made public, and adjust it"),
    "register.view": gettext_noop("See the office's registers, but for what tells of single people"),
    "register.keep": gettext_noop("Write entries of the registers, change, finish and withdraw them"),
    "register.extend": gettext_noop("Approve a later last day of work that was given, or refuse it"),
    "register.number": gettext_noop("Give outgoing documents their number"),
    "register.recall": gettext_noop("Withdraw a work programme, or the report on it, that was issued"),
    "register.list": gettext_noop("Keep the agency's own lists for the registers"),
    "register.bring_in": gettext_noop("Bring a spreadsheet into a register and take it back"),
    "staffing.view": gettext_noop("See qualifications, grades and discipline of people"),
    "staffing.keep": gettext_noop("Write qualifications, grades and discipline of people"),
    "reminder.draft": gettext_noop("Draft reminder letters about late work"),
    "reminder.issue": gettext_noop("Issue reminder letters with their number"),
    "notification.rules": gettext_noop("Say whom overdue work is told to, and after how many days"),
    "week.view": gettext_noop("Read the page of the week: the agency's, or that of the own unit"),
    "below.view": gettext_noop("See how the agencies below stand: plans, verdicts, overdue work, reports"),
    "org.view": gettext_noop("See the agency's data, units and names in documents"),
    "org.manage": gettext_noop("Change the agency's data, units and names in documents"),
    "people.view": gettext_noop("See who works in the agency and in which post"),
    "people.manage": gettext_noop("Add people, give and end posts, block accounts"),
    "people.restore": gettext_noop("Give a person a way back in, without seeing personal data"),
    "journal.view": gettext_noop("Read the journal of every change"),
    "journal.export": gettext_noop("Take the journal out as a file; that it was taken out is recorded"),
    "journal.verify": gettext_noop("Check that the journal's chain is whole"),
    "privacy.view": gettext_noop("See the register of personal data and requests about them"),
    "privacy.manage": gettext_noop("Keep the register of personal data; answer requests"),
    "privacy.erase": gettext_noop("Decide on taking personal data out"),
    "agency.export": gettext_noop("Take all data of the agency out"),
    "system.view": gettext_noop("See the installation: agencies, jobs, backups"),
    "system.manage": gettext_noop("Run the installation: open, merge and end agencies, run jobs"),
}
"""What each act is, for people; ``AREAS`` names the groups by the first word."""

AREAS: dict[str, str] = {
    "plan": gettext_noop("Plans and objectives"),
    "task": gettext_noop("Tasks"),
    "reading": gettext_noop("Figures"),
    "indicator": gettext_noop("Indicators"),
    "procedure": gettext_noop("Administrative procedures"),
    "dossier": gettext_noop("Dossiers"),
    "letter": gettext_noop("Letters to applicants"),
    "survey": gettext_noop("Surveys"),
    "feedback": gettext_noop("Feedback"),
    "document": gettext_noop("Documents of the system"),
    "audit": gettext_noop("Internal audit"),
    "nonconformity": gettext_noop("Nonconformities"),
    "risk": gettext_noop("Risks and opportunities"),
    "review": gettext_noop("Management review"),
    "assessment": gettext_noop("Self-assessment"),
    "announcement": gettext_noop("Announcement of conformity"),
    "pack": gettext_noop("The inspector's pack"),
    "cycle": gettext_noop("Improvement cycle"),
    "report": gettext_noop("Reports"),
    "publication": gettext_noop("Publications"),
    "posting": gettext_noop("Postings"),
    "register": gettext_noop("Registers of the office"),
    "staffing": gettext_noop("Grades and discipline"),
    "reminder": gettext_noop("Reminder letters"),
    "notification": gettext_noop("Notifications"),
    "week": gettext_noop("The week on one page"),
    "below": gettext_noop("Agencies below"),
    "org": gettext_noop("Agency"),
    "people": gettext_noop("Staff"),
    "journal": gettext_noop("Journal"),
    "privacy": gettext_noop("Personal data"),
    "agency": gettext_noop("Data of the agency"),
    "system": gettext_noop("Installation"),
}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One act of the table with the roles that have it, by how far it reaches."""

    act: str
    area: str
    about: str
    roles: Mapping[Scope, tuple[str, ...]]


def table() -> tuple[PolicyRow, ...]:
    """Return the table as people read it: acts in their order, roles in theirs; printed by the page and the docs."""
    return tuple(
        PolicyRow(
            act=act,
            area=AREAS[act.partition(".")[0]],
            about=ABOUT[act],
            roles={
                scope: tuple(role for role in Role.values if scope in grants.get(role, ())) for scope in Scope
            },
        )
        for act, grants in ACTS.items()
    )


def can(actor: Actor, act: str) -> bool:
    """Return whether one of the actor's roles gives the act here; KeyError for an act not in the table.

    An act granted for the unit alone counts: which work it covers, the package of that work says.
    """
    wanted = {Scope.AGENCY, Scope.UNIT} if actor.scope is Scope.AGENCY else {actor.scope}
    return any(not wanted.isdisjoint(ACTS[act].get(role, ())) for role in actor.roles)


def can_in_agency(actor: Actor, act: str) -> bool:
    """Return whether the actor may do the act for the whole agency, not only for the own unit's work."""
    return actor.scope is Scope.AGENCY and any(
        Scope.AGENCY in ACTS[act].get(role, ()) for role in actor.roles
    )


def require(actor: Actor, act: str) -> None:
    """Raise NotAllowed unless the actor may do the act."""
    if not can(actor, act):
        raise NotAllowed(act)


def only_looks_from_above(actor: Actor) -> bool:
    """Return whether the actor, in the own agency, is there for the agencies below alone."""
    return actor.scope is Scope.AGENCY and bool(actor.roles) and actor.roles <= set(_ABOVE)


def require_writing(actor: Actor, act: str) -> None:
    """Raise NotAllowed for who may only look: in the agencies below and before, an act of viewing writes nothing."""
    if actor.scope in (Scope.BELOW, Scope.BEFORE) and act.endswith(".view"):
        raise NotAllowed(act)


def roles_with(act: str, scope: Scope = Scope.AGENCY) -> frozenset[str]:
    """Return the roles that have an act in a scope."""
    return frozenset(role for role, scopes in ACTS[act].items() if scope in scopes)


@cache
def roles_reaching(scope: Scope) -> frozenset[str]:
    """Return the roles that have any act in a scope: for BELOW, those that look at agencies below their own."""
    return frozenset(role for act in ACTS for role in roles_with(act, scope))
