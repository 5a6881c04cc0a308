"""Letters in words: text and HTML of one content, in the language of who reads them, without pictures or tracking."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext

from camket.core.messages import Message
from camket.core.reminders import TOPICS
from camket.core.wording.text import one_line
from camket.notifications.staff import Colleague

CHOICES = "/tai-khoan/thong-bao/"
"""Where people choose how they are told."""

ALL = "/thong-bao/"
"""Where all that a person was told stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a letter, and the path within the product that it leads to."""

    text: Message | str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind; ``more`` says what was left out, ``link`` leads to all of it."""

    title: Message | str
    lines: Sequence[Line]
    more: Message | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it leaves."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter for somebody; ``key`` names it, so that it is written once."""

    person: Colleague
    key: str
    letter: Letter
    attachments: Sequence[Mapping[str, str]] = field(default_factory=tuple)


def is_set_up() -> bool:
    """Return whether the installation sends mail."""
    return bool(settings.MAIL_FROM)


def origin() -> str:
    """Return what addresses in letters begin with, without a slash behind; empty where the installation names none."""
    named = (each.rstrip("/") for each in settings.CSRF_TRUSTED_ORIGINS if "*" not in each)
    return next(named, "")


def new_message_id() -> str:
    """Return what a letter is known by to every mail program (RFC 5322, 3.6.4)."""
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "camket.localhost"
    return f"<{uuid.uuid4().hex}.camket@{domain}>"


def said(message: Message | str) -> str:
    """Return a message in the language that holds; what its values are stays as it is."""
    if isinstance(message, str):
        return message
    text = gettext(message.template)
    return text % message.params if message.params else text


def at_once(person: Colleague, agency: str, told: Sequence[tuple[str, Message, str]]) -> Letter:
    """Return the letter about things just told: topic, message and link of each.

    Its subject names the topic alone: works' titles may name people, and subjects are read by whoever passes by.
    """
    with translation.override(person.language):
        topics = {topic for topic, _, _ in told}
        subject = gettext(TOPICS[told[0][0]].subject)
        if len(topics) > 1:
            subject = gettext("Things that call for you: %(count)s") % {"count": len(told)}
        elif len(told) > 1:
            subject = f"{subject} ({len(told)})"
        return write(
            person,
            agency,
            subject=subject,
            sections=[
                Section(gettext(topic.title), lines)
                for topic in TOPICS.values()
                if (lines := [Line(message, link) for key, message, link in told if key == topic.key])
            ],
        )


def write(
    person: Colleague, agency: str, *, subject: str, sections: Sequence[Section], intro: str = ""
) -> Letter:
    """Return a letter of sections; the language is the one that holds."""
    here = origin()
    context = {
        "name": person.name,
        "agency": agency,
        "intro": intro,
        "subject": subject,
        "sections": [
            {
                "title": said(section.title),
                "lines": [
                    {"text": said(line.text), "url": here + line.link if here and line.link else ""}
                    for line in section.lines
                ],
                "more": said(section.more) if section.more else "",
                "url": here + section.link if here and section.link else "",
            }
            for section in sections
        ],
        "choices": here + CHOICES if here else "",
        "all": here + ALL if here else "",
        "language": translation.get_language() or "vi",
    }
    return Letter(
        subject=one_line(f"[Cam Kết] {subject}"),
        text=get_template("mail/letter.txt").render(context).strip() + "\n",
        html=get_template("mail/letter.html").render(context).strip() + "\n",
    )
