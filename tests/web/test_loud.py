from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from web.loud import BareNumber, UndefinedVariable


def test_an_undefined_variable_fails() -> None:
    with pytest.raises(UndefinedVariable, match="tone"):
        render_to_string("components/badge.html", {"label": "Nháp"})


def test_a_bare_number_fails_and_a_formatted_one_does_not() -> None:
    with pytest.raises(BareNumber, match="1234"):
        render_to_string("components/badge.html", {"label": 1234, "tone": "grey"})
    assert "1.234" in render_to_string("components/badge.html", {"label": "1.234", "tone": "grey"})
