"""Words looked for in texts as they were written, however marks and letters are typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.finding import MOST_WORDS, pattern_of, sought
from camket.core.wording.text import fold, search_key

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ0123456789/-.%() "
TEXTS = st.text(alphabet=LETTERS + LETTERS.upper(), max_size=40).map(fold)


@given(TEXTS, TEXTS)
def test_a_pattern_finds_what_the_folded_word_stands_in(text: str, word: str) -> None:
    folded = search_key(word).replace(" ", "")
    if folded:
        assert bool(re.search(pattern_of(folded), text)) == (folded in search_key(text))


@pytest.mark.parametrize("typed", ["dat dai", "ĐẤT  ĐAI", "Đất đai", "dai dat"])
def test_words_are_found_however_they_are_typed(typed: str) -> None:
    wanted = sought(typed)
    assert wanted is not None
    assert all(re.search(pattern, "Hồ sơ Đất  đai tồn đọng") for pattern in wanted.patterns)


def test_words_side_by_side_are_told_from_words_apart() -> None:
    wanted = sought("dat dai")
    assert wanted is not None
    assert re.search(wanted.phrase_pattern, "Hồ sơ đất đai")
    assert not re.search(wanted.phrase_pattern, "Đạt chỉ tiêu của đại hội")


def test_too_little_is_not_looked_for() -> None:
    assert [sought(typed) for typed in ("", "   ", "a", " đ ")] == [None] * 4
    many = sought(" ".join(f"tu{number}" for number in range(20)))
    assert many is not None
    assert len(many.words) == MOST_WORDS
