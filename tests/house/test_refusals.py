"""Every refusal is one kind of exception, so that each face says it in one place."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import camket
from camket.core.messages import Refusal


def test_whatever_carries_a_message_for_people_is_a_refusal() -> None:
    """An exception with a Message that is no Refusal would pass by the handler of a face."""
    strays = []
    for found in pkgutil.walk_packages(camket.__path__, "camket."):
        if "migrations" in found.name or found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, thing in inspect.getmembers(module, inspect.isclass):
            if not issubclass(thing, Exception) or thing.__module__ != module.__name__:
                continue
            is_said = "self.message" in inspect.getsource(thing) or "message: Message" in inspect.getsource(
                thing
            )
            if is_said and not issubclass(thing, Refusal):
                strays.append(f"{found.name}.{name}")
    assert strays == []
