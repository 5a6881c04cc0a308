from __future__ import annotations

import doctest
import importlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.wording.text import (
    decode_legacy,
    fold,
    fold_mapped,
    legacy_encoding,
    search_key,
    sort_key,
)

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậ ĐĂÂƠƯ.,;-\n\t\u00a0\u00ad", max_size=60
)


@pytest.mark.parametrize(
    "module", ["bodies", "dates", "measured", "numbers", "phrases", "schedules", "targets", "text"]
)
def test_the_examples_of_the_module_hold(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"camket.core.wording.{module}"))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Tỷ\u00a0lệ\u2009hồ  sơ", "Tỷ lệ hồ sơ"),
        (unicodedata.normalize("NFD", "Mục tiêu chất lượng"), "Mục tiêu chất lượng"),
        ("cải\u00ad cách\u200b", "cải cách"),
        ("\n một \r\n hai\t", "một hai"),
        ("", ""),
    ],
)
def test_fold_makes_text_uniform(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(VIETNAMESE)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_the_mapped_fold_is_the_fold_and_knows_the_way_back(text: str) -> None:
    folded = fold_mapped(text)
    assert folded.text == fold(text)
    for at, character in enumerate(folded.text):
        start, end = folded.span(at, at + 1)
        if character != " ":
            assert fold(text[start:end]) == character


def test_the_mapped_fold_keeps_line_ends_where_asked() -> None:
    assert fold_mapped("một \n\n hai  ba", keep_lines=True).text == "một\nhai ba"
    assert fold_mapped("", keep_lines=True).span(0, 0) == (0, 0)


@pytest.mark.parametrize(
    ("legacy", "encoding", "decoded"),
    [
        ("Uû ban nh©n d©n", "tcvn3", "Uỷ ban nhân dân"),
        ("§éc lËp - Tù do - H¹nh phóc", "tcvn3", "Độc lập - Tự do - Hạnh phúc"),
        ("môc tiªu chÊt l­îng", "tcvn3", "mục tiêu chất lượng"),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "vni", "Độc lập - Tự do - Hạnh phúc"),
        ("muïc tieâu chaát löôïng", "vni", "mục tiêu chất lượng"),
        ("QUYEÁT ÑÒNH", "vni", "QUYẾT ĐỊNH"),
        ("yù kieán, kyõ, lyù, tyû leä", "vni", "ý kiến, kỹ, lý, tỷ lệ"),
    ],
)
def test_legacy_text_becomes_unicode(legacy: str, encoding: str, decoded: str) -> None:
    assert decode_legacy(legacy, encoding) == decoded
    assert legacy_encoding(legacy) == encoding


def test_an_all_capital_font_shows_capitals() -> None:
    assert decode_legacy("céng hßa x· héi", "tcvn3", ".VnTimeH") == "CỘNG HÒA XÃ HỘI"
    assert decode_legacy("céng hßa", "tcvn3", ".VnTime") == "cộng hòa"


def test_the_font_decides_unless_the_text_is_unicode() -> None:
    assert legacy_encoding("Kim", ".VnArial") == "tcvn3"
    assert legacy_encoding("Kim", "VNI-Times") == "vni"
    assert legacy_encoding("Mục tiêu", ".VnTime") is None
    assert legacy_encoding("Kim", "Times New Roman") is None
    assert legacy_encoding("hoà, xoá, toà") is None


def test_an_unknown_legacy_encoding_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown legacy encoding"):
        decode_legacy("x", "viscii")


def test_search_finds_text_however_it_is_typed() -> None:
    assert search_key("ĐIỆN TỬ") == search_key("điện  tử") == search_key("dien tu") == "dien tu"


def test_sorting_follows_the_vietnamese_alphabet() -> None:
    ordered = "An Ạn Ánh Ăn Ân Ẩn Ấn Bình Dũng Duy Đạt Đức Em Hà Nga Oanh Ông Ơn Ung Ưng Vy Yến"
    assert " ".join(sorted(set(ordered.split()), key=sort_key)) == ordered
    assert sorted(["ma", "mạ", "mã", "mả", "mà", "má"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["đi", "d", "e", "da", "đ"], key=sort_key) == ["d", "da", "đ", "đi", "e"]
