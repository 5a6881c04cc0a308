"""Tokens of surveys: short, read back, worthless under another key or with a sign changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.survey_links import (
    LinkKind,
    make_dossier_link,
    make_point_link,
    make_slip_link,
    opened,
    read,
    spent_hash,
)

KEY, OTHER = "5f" * 32, "60" * 32
NUMBERS = st.integers(min_value=0, max_value=2**63 - 1)
MAKERS = {
    LinkKind.POINT: lambda number, detail: make_point_link(key=KEY, point_id=number, round_number=detail),
    LinkKind.SLIP: lambda number, detail: make_slip_link(key=KEY, survey_id=number, serial=detail),
    LinkKind.DOSSIER: lambda number, detail: make_dossier_link(key=KEY, survey_id=number, dossier_id=detail),
}


@given(kind=st.sampled_from(LinkKind), number=NUMBERS, detail=NUMBERS)
def test_a_token_is_read_back_with_its_key_alone(kind: LinkKind, number: int, detail: int) -> None:
    token = MAKERS[kind](number, detail)
    sealed = read(token)
    assert sealed is not None
    assert (sealed.kind, sealed.number) == (kind, number)
    link = opened(sealed, key=KEY)
    assert link is not None
    assert (link.kind, link.number, link.detail) == (kind, number, detail)
    assert opened(sealed, key=OTHER) is None
    assert read(token.upper()) == sealed


@given(text=st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    sealed = read(text)
    assert sealed is None or opened(sealed, key=KEY) is None


def test_a_token_with_one_sign_changed_is_worthless() -> None:
    token = make_slip_link(key=KEY, survey_id=3, serial=12)
    for place in range(len(token)):
        for sign in "abcdefghijklmnopqrstuvwxyz234567":
            changed = token[:place] + sign + token[place + 1 :]
            sealed = read(changed)
            assert changed == token or sealed is None or opened(sealed, key=KEY) is None


@pytest.mark.parametrize("detail", [1, 200, 70_000, 12_345_678])
def test_a_token_is_short_and_hides_what_it_stands_for(detail: int) -> None:
    token = make_dossier_link(key=KEY, survey_id=12, dossier_id=detail)
    assert 24 <= len(token) <= 28
    assert token.isalnum()
    beside = make_dossier_link(key=KEY, survey_id=12, dossier_id=detail + 1)
    assert sum(one == other for one, other in zip(token, beside, strict=False)) < len(token) // 2


def test_used_links_of_one_dossier_and_slip_have_names_of_their_own() -> None:
    links = [read(make(7, 7)) for make in MAKERS.values()]
    found = [opened(each, key=KEY) for each in links if each is not None]
    names = {spent_hash(each, key=key) for each in found if each is not None for key in (KEY, OTHER)}
    assert len(names) == 6
    assert all(len(name) == 64 for name in names)


def test_a_number_that_is_none_makes_no_token() -> None:
    with pytest.raises(ValueError, match="number"):
        make_slip_link(key=KEY, survey_id=-1, serial=1)
