"""Looking into the figures for what may be proposed: said alike wherever it is asked for."""

from __future__ import annotations

from django.contrib import messages
from django.utils.translation import gettext as _

from camket.web.request import StaffRequest


def say_found(request: StaffRequest, number: int) -> None:
    """Tell how many proposals were found."""
    if number:
        messages.success(
            request, _("Found and proposed: %(count)s. Take each up, or leave it.") % {"count": number}
        )
    else:
        messages.info(request, _("The figures show nothing that was not proposed before."))
