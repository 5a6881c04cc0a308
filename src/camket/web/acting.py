"""What one press of a button does, told on the next page: that it was done, or why it was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

from camket.core.messages import Refusal
from camket.web.request import say

Made = TypeVar("Made")


def did(
    request: HttpRequest, act: Callable[[], Made], done: str | Promise | Callable[[Made], str] = ""
) -> bool:
    """Act and return whether it was done; ``done`` says so, of what was made if need be; a refusal says why not."""
    try:
        made = act()
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return False
    told = done(made) if callable(done) else str(done)
    if told:
        messages.success(request, told)
    return True
