"""Makes silent faults of templates loud: a variable that is not there, a number that nobody formatted.

Django prints an undefined variable as nothing, and a bare number in the form of the language: ``98,5`` where an
attribute needs ``98.5``, ``1234567`` where a person needs ``1.234.567``. Tests of pages see neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.template import base, defaulttags, engines
from django.templatetags import i18n

from camket.web import __file__ as web_file

OURS = web_file.removesuffix("__init__.py")


class BareNumber(AssertionError):
    """A template printed a number without a filter: use ``|number``, in attributes ``|unlocalized``."""


class UndefinedVariable(AssertionError):
    """A template printed a variable that its view did not give."""


class _Loud(str):
    """What Django prints for an undefined variable: it fills in the name, and so fails."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        raise UndefinedVariable(str(variable))


@contextmanager
def loud_templates() -> Iterator[None]:
    """Fail on undefined variables and bare numbers of our templates."""
    render = base.render_value_in_context

    def strict(value: Any, context: Any) -> str:
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        origin = getattr(getattr(context, "template", None), "origin", None)
        if is_number and str(getattr(origin, "name", "")).startswith(OURS):
            raise BareNumber(f"{value!r} in {origin.name if origin else ''}")
        return render(value, context)

    engine = engines["django"].engine  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        for module in (base, defaulttags, i18n):
            patch.setattr(module, "render_value_in_context", strict)
        patch.setattr(engine, "string_if_invalid", _Loud("undefined"))
        yield
