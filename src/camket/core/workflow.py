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
        "reading": {"edit": "reading", "map": "reading", "accept": "draft", "discard": "discarded"},
        "draft": {
            "edit": "draft",
            "map": "draft",
            "discard": "discarded",
            "submit": "submitted",
            # A decision that was signed on paper before it came into the system has had its approval there.
            "record_signed": "promulgated",
        },
        "submitted": {"return": "draft", "approve": "approved"},
        "approved": {"return": "draft", "promulgate": "promulgated"},
        # Whom a name means is no part of what was decided, so it can be said after promulgation too.
        "promulgated": {
            "map": "promulgated",
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
