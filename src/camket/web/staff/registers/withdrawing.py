"""The page on which a numbered paper that was issued by mistake is withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.journal.reasons import ReasonMissing
from camket.web.request import StaffRequest
from camket.web.staff.registers.forms import ReasonForm, say_at


def withdrawal(
    request: StaffRequest,
    withdraw: Callable[[str], object],
    *,
    number: str,
    is_in_force: bool,
    back: str,
    context: Mapping[str, object],
) -> HttpResponse:
    """Ask for the reason and withdraw; ``context`` holds the ``letter``, the ``paper`` of the programme, or of any other
    paper the page ``above`` (address, name), what it is ``about`` and what ``follows``.

    A paper that is not in force is shown as it is instead, at the address ``back``.
    """
    if request.method == "GET" and not is_in_force:
        return redirect(back)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(form.cleaned_data["reason"])
        except ReasonMissing as refusal:
            say_at(form, refusal, "reason")
        except Refusal as refusal:
            say_at(form, refusal)
        else:
            said = gettext("Document %(number)s is withdrawn. Its number is not given again.")
            messages.success(request, said % {"number": number})
            return redirect(back)
    shown = {**context, "form": form, "number": number, "back": back}
    return render(request, "staff/registers/withdraw_issued.html", shown, status=422 if form.errors else 200)
