"""States and the acts that lead from one to another, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from camket.core.messages import Message, Refusal, gettext_noop


class NotPossible(Refusal):
    """An act is not possible in the state that a thing is in."""

    def __init__(self, state: str, act: str, message: Message) -> None:
        super().__init__(message)
        self.state = state
        self.act = act


@dataclass(frozen=True, slots=True)
class Workflow:
    """The life of one kind of thing.

    ``moves`` gives for each state the acts possible in it and the state that each leads to;
    ``explanations`` says of each state, in a sentence, what it means for somebody whose act is refused.
    """

    moves: Mapping[str, Mapping[str, str]]
    explanations: Mapping[str, Message] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for state, acts in self.moves.items():
            for act, after in acts.items():
                if after not in self.moves:
                    raise ValueError(f"{act} leads from {state} to {after}, which is no state")

    @property
    def states(self) -> tuple[str, ...]:
        """All states, in the order of the table."""
        return tuple(self.moves)

    def acts(self, state: str) -> frozenset[str]:
        """Return the acts possible in a state; KeyError for what is no state.

        >>> sorted(PLAN.acts("approved"))
        ['promulgate', 'return']
        """
        return frozenset(self.moves[state])

    def after(self, state: str, act: str) -> str:
        """Return the state that an act leads to.

        Raises NotPossible where the act is none of this state's.

        >>> PLAN.after("draft", "submit")
        'submitted'
        """
        try:
            return self.moves[state][act]
        except KeyError:
            unexplained = Message(gettext_noop("This is not possible in the present state."))
            raise NotPossible(state, act, self.explanations.get(state, unexplained)) from None


PLAN = Workflow(
    moves={
        # Whom a name means and what measures a target are no part of what was decided: both can be said in force too.
        "reading": {
            "edit": "reading",
            "map": "reading",
            "wire": "reading",
            "accept": "draft",
            "discard": "discarded",
        },
        "draft": {
            "edit": "draft",
            "map": "draft",
            "wire": "draft",
            "discard": "discarded",
            "submit": "submitted",
            # A decision that was signed on paper before it came into the system has had its approval there.
            "record_signed": "promulgated",
        },
        "submitted": {"wire": "submitted", "return": "draft", "approve": "approved"},
        "approved": {"wire": "approved", "return": "draft", "promulgate": "promulgated"},
        "promulgated": {
            "map": "promulgated",
            "wire": "promulgated",
            "amend": "promulgated",
            "close": "closed",
            "replace": "replaced",
        },
        "closed": {},
        "replaced": {},
        "discarded": {},
    },
    explanations={
        "reading": Message(
            gettext_noop("The plan is still being checked against its source; accept the reading first.")
        ),
        "draft": Message(gettext_noop("The plan is a draft; submit it for approval first.")),
        "submitted": Message(
            gettext_noop("The plan is waiting for approval; it must be returned before it can be changed.")
        ),
        "approved": Message(
            gettext_noop("The plan is approved and waits for its number and date; return it to change it.")
        ),
        "promulgated": Message(
            gettext_noop("The plan is in force; it is changed by an amending decision only.")
        ),
        "closed": Message(gettext_noop("The plan is closed and stays as it is.")),
        "replaced": Message(gettext_noop("The plan was replaced by a later decision and stays as it is.")),
        "discarded": Message(gettext_noop("The plan was discarded.")),
    },
)
"""A plan of quality objectives: draft, approval, promulgation with number and date after signature, amendment, closing.

Source: ISO 9001:2015, 6.2.1 (maintained, updated) and 7.5.3 (earlier versions kept); Nghị định 30/2020/NĐ-CP, Điều 15
(number and date are given after signature).
"""

PUBLICATION = Workflow(
    moves={
        "draft": {"prepare": "draft", "submit": "review", "discard": "discarded"},
        "review": {"return": "draft", "publish": "published", "discard": "discarded"},
        "published": {"replace": "replaced", "withdraw": "withdrawn"},
        # What was replaced stays readable, so that it too can turn out to hold what must not be public.
        "replaced": {"withdraw": "withdrawn"},
        "withdrawn": {},
        "discarded": {},
    },
    explanations={
        "draft": Message(gettext_noop("The publication is being prepared; submit it for review first.")),
        "review": Message(gettext_noop("The publication waits for review and does not change meanwhile.")),
        "published": Message(
            gettext_noop("The publication is public and stays as it is; correct it by a new one.")
        ),
        "replaced": Message(gettext_noop("The publication was replaced by a newer one.")),
        "withdrawn": Message(gettext_noop("The publication was withdrawn.")),
        "discarded": Message(gettext_noop("The publication was discarded before it was public.")),
    },
)
"""What the public sees of one matter: prepared, reviewed by a leader, frozen when published; corrected by a new one.

Source: ISO 9001:2015, 7.5.3.2 (control of changes, earlier versions kept).
"""

DOCUMENT_EDITION = Workflow(
    moves={
        # A document of outside has had its approval where it comes from: it is taken in as it is.
        "draft": {"edit": "draft", "submit": "review", "take_in": "effective", "discard": "discarded"},
        "review": {"pass_on": "review", "return": "draft", "approve": "approved"},
        # Approved, it waits for its decision's number; issued with both, for the day it takes effect.
        "approved": {"return": "draft", "issue": "approved", "bring_into_effect": "effective"},
        "effective": {"distribute": "effective", "replace": "replaced", "withdraw": "withdrawn"},
        "replaced": {},
        "withdrawn": {},
        "discarded": {},
    },
    explanations={
        "draft": Message(gettext_noop("The edition is a draft; submit it for review first.")),
        "review": Message(
            gettext_noop("The edition is being reviewed and does not change meanwhile; return it first.")
        ),
        "approved": Message(
            gettext_noop(
                "The edition is approved and waits for the day it takes effect; return it to change it."
            )
        ),
        "effective": Message(
            gettext_noop("The edition is in effect and stays as it is; change it by a new edition.")
        ),
        "replaced": Message(gettext_noop("The edition was replaced by a newer one and stays as it is.")),
        "withdrawn": Message(gettext_noop("The document was withdrawn; its editions stay readable.")),
        "discarded": Message(gettext_noop("The edition was discarded before it took effect.")),
    },
)
"""An edition of a controlled document. Source: ISO 9001:2015, 7.5.2 (review and approval), 7.5.3 (control)."""

AUDIT_PROGRAMME = Workflow(
    moves={
        "draft": {"edit": "draft", "submit": "submitted", "discard": "discarded"},
        "submitted": {"return": "draft", "approve": "approved"},
        # Audits are moved, added and cancelled with a reason; the leader signs what that makes of the programme anew.
        # What was signed by mistake is withdrawn: the corrected programme goes through approval again.
        "approved": {"adjust": "approved", "reissue": "approved", "withdraw": "draft", "close": "closed"},
        "closed": {},
        "discarded": {},
    },
    explanations={
        "draft": Message(gettext_noop("The audit programme is a draft; submit it for approval first.")),
        "submitted": Message(gettext_noop("The audit programme waits for approval; return it to change it.")),
        "approved": Message(
            gettext_noop("The audit programme is approved; single audits are adjusted with a reason.")
        ),
        "closed": Message(gettext_noop("The audit programme is closed and stays as it is.")),
        "discarded": Message(gettext_noop("The audit programme was discarded.")),
    },
)
"""The year's programme of internal audits. Source: ISO 9001:2015, 9.2.2 a."""

AUDIT = Workflow(
    moves={
        "planned": {"prepare": "planned", "announce": "announced", "cancel": "cancelled"},
        # The team and the units were told who comes when; small changes are told again.
        "announced": {"prepare": "announced", "open": "open", "cancel": "cancelled"},
        "open": {"answer": "open", "find": "open", "finish": "reporting"},
        "reporting": {"find": "reporting", "reopen": "open", "report": "reported"},
        # A report that was issued by mistake is withdrawn; a corrected one is written and issued anew.
        "reported": {"close": "closed", "withdraw": "reporting"},
        "closed": {"withdraw": "reporting"},
        "cancelled": {},
    },
    explanations={
        "planned": Message(
            gettext_noop("The audit is being prepared; announce it to its team and units first.")
        ),
        "announced": Message(
            gettext_noop("The audit is announced and begins with the opening meeting; open it first.")
        ),
        "open": Message(gettext_noop("The audit is under way; finish it on site first.")),
        "reporting": Message(gettext_noop("The audit on site is finished and its report is being written.")),
        "reported": Message(gettext_noop("The audit's report is issued and stays as it is.")),
        "closed": Message(gettext_noop("The audit is closed: its nonconformities are settled.")),
        "cancelled": Message(gettext_noop("The audit was cancelled.")),
    },
)
"""One internal audit; it is closed when every nonconformity it raised is. Source: ISO 9001:2015, 9.2.2 b–f."""

NONCONFORMITY = Workflow(
    moves={
        "proposed": {"raise": "open", "dismiss": "dismissed"},
        "open": {
            "correct": "open",
            "analyse": "open",
            "plan": "open",
            "submit": "planned",
            "cancel": "cancelled",
        },
        "planned": {"return": "open", "approve": "acting"},
        # The last accepted task leads on by itself; a step may be added while others run.
        "acting": {"plan": "acting", "complete": "judging"},
        # A step that is opened again brings it back among those that are carried out.
        "judging": {"judge_effective": "closed", "judge_ineffective": "open", "resume": "acting"},
        "closed": {"reopen": "open"},
        "dismissed": {"raise": "open"},
        "cancelled": {},
    },
    explanations={
        "proposed": Message(gettext_noop("This is a proposal; take it up as a nonconformity first.")),
        "open": Message(
            gettext_noop("Correction, cause and plan are being written; submit the plan for approval first.")
        ),
        "planned": Message(gettext_noop("The plan waits for approval; return it to change it.")),
        "acting": Message(
            gettext_noop(
                "The plan is being carried out; every step must be accepted before its effect is judged."
            )
        ),
        "judging": Message(gettext_noop("All steps are done; its effect is to be judged.")),
        "closed": Message(
            gettext_noop("The nonconformity is closed; reopen it with a reason if it comes back.")
        ),
        "dismissed": Message(gettext_noop("The proposal was not taken up.")),
        "cancelled": Message(gettext_noop("The nonconformity was cancelled.")),
    },
)
"""A nonconformity: no step before a plan, no closing before all steps are accepted and their effect is judged.

Source: ISO 9001:2015, 10.2.1 a–f.
"""

RISK = Workflow(
    moves={
        "proposed": {"take_up": "open", "dismiss": "dismissed"},
        "open": {"edit": "open", "rate": "open", "treat": "open", "end": "ended"},
        "ended": {"take_up": "open"},
        "dismissed": {"take_up": "open"},
    },
    explanations={
        "proposed": Message(gettext_noop("This is a proposal; take it up into the book of risks first.")),
        "open": Message(gettext_noop("The risk is being watched.")),
        "ended": Message(gettext_noop("The risk is watched no more; take it up again first.")),
        "dismissed": Message(gettext_noop("The proposal was not taken up.")),
    },
)
"""A risk or an opportunity in the agency's book. Source: ISO 9001:2015, 6.1."""

REVIEW = Workflow(
    moves={
        "prepared": {
            "prepare": "prepared",
            "treat": "prepared",
            "convene": "convened",
            "cancel": "cancelled",
        },
        "convened": {
            "prepare": "convened",
            "treat": "convened",
            "decide": "convened",
            "close": "closed",
            "cancel": "cancelled",
        },
        "closed": {},
        "cancelled": {},
    },
    explanations={
        "prepared": Message(gettext_noop("The review is being prepared; convene its members first.")),
        "convened": Message(gettext_noop("The review is convened; close it with its minutes.")),
        "closed": Message(gettext_noop("The review is closed with its minutes and stays as it is.")),
        "cancelled": Message(gettext_noop("The review was cancelled.")),
    },
)
"""A management review; it closes only when every input was treated. Source: ISO 9001:2015, 9.3."""

SELF_ASSESSMENT = Workflow(
    moves={
        "open": {"mark": "open", "close": "closed", "discard": "discarded"},
        "closed": {},
        "discarded": {},
    },
    explanations={
        "open": Message(gettext_noop("The self-assessment is under way.")),
        "closed": Message(gettext_noop("The self-assessment is closed and stays as it is; begin a new one.")),
        "discarded": Message(gettext_noop("The self-assessment was discarded.")),
    },
)
"""A self-assessment. Source: TCVN ISO 18091:2020, Annex A."""

ANNOUNCEMENT = Workflow(
    moves={
        "draft": {
            "edit": "draft",
            "confirm": "confirmed",
            # One that was signed on paper before it came into the system had its preconditions looked at there.
            "record_signed": "announced",
            "discard": "discarded",
        },
        "confirmed": {"return": "draft", "announce": "announced"},
        "announced": {"replace": "replaced", "withdraw": "withdrawn"},
        "replaced": {},
        "withdrawn": {},
        "discarded": {},
    },
    explanations={
        "draft": Message(
            gettext_noop("The announcement is a draft; the head confirms that the system is effective first.")
        ),
        "confirmed": Message(
            gettext_noop("Effectiveness is confirmed; the announcement waits for its number and day.")
        ),
        "announced": Message(gettext_noop("The announcement was issued and stays as it is; announce again.")),
        "replaced": Message(gettext_noop("The announcement was replaced by a later one.")),
        "withdrawn": Message(gettext_noop("The announcement was withdrawn.")),
        "discarded": Message(gettext_noop("The announcement was discarded.")),
    },
)
"""An announcement of conformity. Source: Quyết định 19/2014/QĐ-TTg; Thông tư 26/2014/TT-BKHCN."""
