"""Masks: what is left of personal data for those who need not know them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core import masking


@pytest.mark.parametrize(
    ("mask", "given_text", "shown"),
    [
        (masking.initials, "Nguyễn Thị An", "N.T.A."),
        (masking.initials, "  đỗ   văn ước ", "Đ.V.Ư."),
        (masking.short_name, "Nguyễn Thị Minh An", "Nguyễn T. M. A."),
        (masking.short_name, "An", "A."),
        (masking.short_name, "", ""),
        (masking.masked_email, "an@xa.gov.vn", "a•••@xa.gov.vn"),
        (masking.masked_email, "", ""),
        (masking.masked_email, "@xa.gov.vn", "•••"),
        (masking.masked_phone, "+84 912 345 678", "84•••678"),
        (masking.masked_phone, "1022", "•••"),
        (masking.masked_phone, "", ""),
        (masking.masked_number, "001090012345", "•••345"),
        (masking.masked_number, "1234", "•••"),
        (masking.masked_login, "nguyen.van.an", "n•••"),
        (masking.masked_login, "an@xa.gov.vn", "a•••@xa.gov.vn"),
        (masking.masked_login, "", ""),
    ],
)
def test_a_mask_leaves_what_one_recognises(mask: Callable[[str], str], given_text: str, shown: str) -> None:
    assert mask(given_text) == shown


@given(
    st.lists(st.text(st.characters(categories=["Ll", "Lu"]), min_size=2, max_size=8), min_size=2, max_size=5)
)
def test_a_masked_name_has_no_given_name(words: list[str]) -> None:
    assert words[-1] not in masking.short_name(" ".join(words)).split()[1:]
    assert len(masking.initials(" ".join(words))) <= 3 * len(words)


@given(st.text())
def test_masks_take_any_text(text: str) -> None:
    for mask in (
        masking.initials, masking.short_name, masking.masked_email, masking.masked_phone, masking.masked_number,
        masking.masked_login,
    ):  # fmt: skip
        assert isinstance(mask(text), str)
