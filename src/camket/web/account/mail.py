"""Letters about an account, sent outside the request: how long that takes tells nobody whether an address is known."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

log = logging.getLogger(__name__)

_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="camket-mail")


def is_set_up() -> bool:
    """Return whether the installation sends mail."""
    return bool(settings.MAIL_FROM)


def post(template: str, to: str, context: dict[str, Any], language: str = "vi") -> Future[None] | None:
    """Write a letter from ``account/mail/<template>.txt``, subject in its first line, and send it in the background."""
    if not is_set_up() or not to:
        return None
    with translation.override(language):
        text = render_to_string(f"account/mail/{template}.txt", context).strip()
    subject, _, body = text.partition("\n")
    return _postman.submit(_send, EmailMessage(f"[Cam Kết] {subject.strip()}", body.strip() + "\n", to=[to]))


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except OSError as error:  # smtplib's errors and those of the network
        log.error("A letter could not be sent: %s", type(error).__name__, extra={"event": "mail.failed"})


def wait() -> None:
    """Wait until all letters posted so far have left."""
    _postman.submit(int).result()
