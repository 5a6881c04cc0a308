"""The policy table: every act is said in words, and the docs print what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from camket.config.cli.people import policy_markdown
from camket.core.messages import Message
from camket.org import policy
from camket.org.models import Role
from camket.org.policy import ABOUT, ACTS, AREAS, Actor, NotAllowed, Scope, can, require_writing, table

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/authority.md"


def actor(role: str, scope: Scope = Scope.AGENCY) -> Actor:
    return Actor(1, "Ai đó", 1, frozenset({role}), scope=scope)


def test_every_act_is_said_in_words() -> None:
    assert set(ABOUT) == set(ACTS)
    assert {act.partition(".")[0] for act in ACTS} == set(AREAS)
    with translation.override("vi"):
        english = {text for text in (*ABOUT.values(), *AREAS.values()) if translation.gettext(text) == text}
    assert english == set()


def test_the_page_prints_the_table() -> None:
    printed = policy_markdown(lambda message: message.template)
    text = PAGE.read_text("utf-8")
    begin, end = text.index("begin -->") + len("begin -->"), text.index("<!-- end -->")
    assert text[begin:end].strip() == printed, "run: camket --language en policy"


def test_the_table_says_what_can_says() -> None:
    for row in table():
        for role in Role.values:
            for scope in (Scope.BELOW, Scope.BEFORE):
                assert can(actor(role, scope), row.act) == (role in row.roles[scope]), (row.act, role, scope)
            own = role in row.roles[Scope.AGENCY] or role in row.roles[Scope.UNIT]
            assert can(actor(role), row.act) == own, (row.act, role)


def test_what_only_looks_is_all_that_holds_below_and_before() -> None:
    looking = {act for act in ACTS if act.endswith(".view")} | {"journal.verify"}
    reaching = {
        act
        for act, grants in ACTS.items()
        if any({Scope.BELOW, Scope.BEFORE} & scopes for scopes in grants.values())
    }
    assert reaching - looking == {"journal.export", "pack.take", "people.restore"}


@pytest.mark.parametrize("scope", [Scope.BELOW, Scope.BEFORE])
def test_looking_never_writes(scope: Scope) -> None:
    for act in (act for act in ACTS if act.endswith(".view")):
        with pytest.raises(NotAllowed):
            require_writing(actor("inspector", scope), act)
        require_writing(actor("inspector"), act)


def test_an_act_that_is_not_in_the_table_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        can(actor("secretary"), "plan.burn")


def test_the_sentences_have_no_parameters() -> None:
    assert all("%" not in text for text in ABOUT.values())
    assert Message(policy.ABOUT["plan.view"]).params == {}
