"""What a check says: the parts of a document by name, a deviation, and how deviations are gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from camket.core.messages import Message, gettext_noop
from camket.core.wording.numbers import format_number
from camket.paper.conformity.formatting import SetParagraph

_EXCERPT = 60

PARTS: Mapping[str, Message] = {
    "page": Message(gettext_noop("Paper and margins")),
    "page_number": Message(gettext_noop("Page number")),
    "letters": Message(gettext_noop("Letters and font")),
    "nation": Message(gettext_noop("Name of the nation")),
    "motto": Message(gettext_noop("Motto of the nation")),
    "superior": Message(gettext_noop("Name of the superior body")),
    "issuer": Message(gettext_noop("Name of the issuing body")),
    "number": Message(gettext_noop("Number and symbol of the document")),
    "date": Message(gettext_noop("Place and date")),
    "about": Message(gettext_noop("Abstract of the letter")),
    "kind": Message(gettext_noop("Name of the type")),
    "abstract": Message(gettext_noop("Abstract of the document")),
    "authority": Message(gettext_noop("Authority that issues")),
    "bases": Message(gettext_noop("Legal bases")),
    "body": Message(gettext_noop("Body of the text")),
    "signer": Message(gettext_noop("Authority and post of the signer")),
    "name": Message(gettext_noop("Name of the signer")),
    "recipients_head": Message(gettext_noop("Head of the recipients")),
    "recipients": Message(gettext_noop("List of recipients")),
    "annex": Message(gettext_noop("Annex")),
    "annex_title": Message(gettext_noop("Title of the annex")),
    "annex_note": Message(gettext_noop("Reference of the annex")),
    "copy": Message(gettext_noop("Mark of the copy")),
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as the decree has it.

    ``code`` names the rule (``nation.size``), ``part`` is a key of :data:`PARTS`, ``message`` says what is so and what
    should be, ``excerpt`` shows the place, ``paragraphs`` are the ordinals of the paragraphs concerned (empty for pages).
    ``is_certain`` is False where the file leaves room for doubt and a person should look.
    """

    code: str
    part: str
    message: Message
    source: str
    excerpt: str = ""
    paragraphs: tuple[int, ...] = ()
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """The text of law that a check goes by: its name, and its measures as ``decree.json`` holds them."""

    name: str
    data: Mapping[str, Any]

    def source(self, part: str) -> str:
        """Return the place in the text where the rule for a part stands."""
        owner = self.data["parts"].get(part) or self.data.get(part) or {}
        return f"{self.name}, {owner['source']}" if "source" in owner else self.name


@dataclass(slots=True)
class Findings:
    """Gathers the deviations of the documents in a file; the same one at several places is kept once, with all of them."""

    rules: Rules
    found: dict[tuple[str, str], Deviation] = field(default_factory=dict)

    def add(
        self,
        code: str,
        message: Message,
        at: SetParagraph | None = None,
        *,
        part: str = "",
        certain: bool = True,
    ) -> None:
        """Keep a deviation; ``code`` begins with its part where none is given."""
        part = part or code.partition(".")[0]
        key = (code, str(message))
        if key in self.found:
            known = self.found[key]
            self.found[key] = replace(known, paragraphs=(*known.paragraphs, *([at.order] if at else [])))
            return
        self.found[key] = Deviation(
            code=code,
            part=part,
            message=message,
            source=self.rules.source(part),
            excerpt=_excerpt(at.text) if at else "",
            paragraphs=(at.order,) if at else (),
            is_certain=certain,
        )


def figure(value: float) -> str:
    """Return a length or size as Vietnamese documents write it, with at most two decimals."""
    return format_number(Decimal(str(round(value, 2))).normalize())


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rsplit(' ', 1)[0]} …"
