from __future__ import annotations

import pytest

from camket.core.agency_codes import CodeMalformed, well_formed_code


@pytest.mark.parametrize(
    ("scheme", "text", "kept"),
    [
        ("identifier", "H26", "H26"),
        ("identifier", " h26.12.3 ", "H26.12.3"),
        ("identifier", "H26.12A.003", "H26.12A.003"),
        ("identifier", "A01." + "1" * 31, "A01." + "1" * 31),
        ("administrative", "01", "01"),
        ("administrative", "00004", "00004"),
        ("alias", "UBND BY/2", "UBND BY/2"),
        ("alias", "h26", "h26"),
    ],
)
def test_a_code_is_kept_in_the_form_of_its_scheme(scheme: str, text: str, kept: str) -> None:
    assert well_formed_code(scheme, text) == kept


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("identifier", ""),
        ("identifier", "26"),
        ("identifier", "H2"),
        ("identifier", "HH26"),
        ("identifier", "H26."),
        ("identifier", "H26..3"),
        ("identifier", "H26.đ"),
        ("identifier", "H26-3"),
        ("identifier", "H٢٦"),
        ("identifier", "A01." + "1" * 32),
        ("administrative", ""),
        ("administrative", "1"),
        ("administrative", "004"),
        ("administrative", "4.0"),
        ("administrative", "000040"),
        ("alias", "  "),
        ("alias", "x" * 36),
        ("alias", "a\nb"),
    ],
)
def test_a_malformed_code_is_refused_with_what_was_typed(scheme: str, text: str) -> None:
    with pytest.raises(CodeMalformed) as refused:
        well_formed_code(scheme, text)
    assert refused.value.message.params["code"] == f"“{text.strip()[:40]}”"


def test_an_unknown_scheme_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="phone"):
        well_formed_code("phone", "H26")
