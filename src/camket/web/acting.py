"""What one press of a button does, told on the next page: that it was done, or why it was refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from camket.core.messages import Refusal
from camket.web.request import say


def did(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Act and return whether it was done; ``done`` says so, a refusal gives its own sentence."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return False
    if done:
        messages.success(request, done)
    return True
