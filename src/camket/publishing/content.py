"""What a publication says, whole and frozen: JSON values of the format ``camket-publication/2``, one shape for each kind.

Sentences are Vietnamese: what an agency makes public is an official text. Days are ISO dates, figures are given both as
the public reads them (``result``: "98,4 %") and as numbers in plain form for machines (``value``: "98.4", ``unit``: "%",
``numerator``: "492"). Contents of format 1, which earlier versions published, lack ``value`` and ``unit`` and stay as they are.
The shapes are described in :mod:`camket.publishing.dictionary` and in docs/reference/open-data.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from camket.core.blackout import WHAT_NAMES, blackened
from camket.core.messages import Message

FIRST_FORMAT, FORMAT = "camket-publication/1", "camket-publication/2"

POLICY, OBJECTIVES, RESULTS = "policy", "objectives", "results"
SATISFACTION, PROCEDURES, REPORT = "satisfaction", "procedures", "report"
POSTINGS, CHANGES = "postings", "changes"

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication before it is stored: what it is of and what it says."""

    kind: str
    title: str
    as_of: date
    content: dict[str, Any]
    period_start: date | None = None
    period_end: date | None = None
    plan_id: int | None = None
    report_id: int | None = None
    survey_id: int | None = None
    posting_list_id: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place of a content that looks like personal data: where, of what kind, and the words."""

    place: str
    what: Message
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that says something else now than when it was published; "" where it is not there."""

    label: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may stand in a publication though it looks like personal data: the office's own telephone, mail, signer."""

    texts: tuple[str, ...] = field(default=())

    def covers(self, text: str) -> bool:
        """Return whether the words are among them, however they are spaced."""
        bare = _bare(text)
        return any(bare and bare in _bare(each) for each in self.texts)


def canonical(content: Content) -> bytes:
    """Return a content as the bytes that its checksum is of: keys in order, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def checksum(content: Content) -> str:
    """Return the SHA-256 of a content in its canonical form."""
    return hashlib.sha256(canonical(content)).hexdigest()


def doubts(content: Content, allowed: Allowed) -> tuple[Doubt, ...]:
    """Return what in a content looks like personal data, each once, in reading order; a person decides.

    Signers are public by nature and not asked about. Numbers of decisions and codes of procedures look like none.
    """
    found: dict[str, Doubt] = {}
    for place, text in _texts(content, ""):
        for each in blackened(text).found:
            if not allowed.covers(each.text):
                found.setdefault(each.text, Doubt(place, Message(WHAT_NAMES[each.what]), each.text))
    return tuple(found.values())


_NOT_WORDS = frozenset(
    {"signed_by", "format", "kind", "as_of", "sha256", "code", "number", "date", "plan", "state", "agency"}
)
"""Keys of a content that hold no free words; ``plan`` repeats the words of the objectives, for machines."""


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield place, value
        case dict():
            label = str(value.get("number") or value.get("code") or "") or place
            for key, each in value.items():
                if key not in _NOT_WORDS:
                    yield from _texts(each, label)
        case list():
            for each in value:
                yield from _texts(each, place)


def differences(then: Content, now: Content) -> tuple[Difference, ...]:
    """Return the lines in which two contents of one kind differ, in reading order."""
    before, after = dict(lines(then)), dict(lines(now))
    return tuple(
        Difference(label, before.get(label, ""), after.get(label, ""))
        for label in dict.fromkeys((*before, *after))
        if before.get(label) != after.get(label)
    )


def lines(content: Content) -> Iterator[tuple[str, str]]:
    """Yield a content as lines of a label and what stands beside it."""
    match content["kind"]:
        case "policy":
            yield "Phương châm", content["motto"]
            for number, text in enumerate(content["commitments"], 1):
                yield f"Cam kết {number}", text
        case "objectives":
            for objective in content["objectives"]:
                yield f"Mục tiêu {objective['number']}", objective["text"]
                for target in objective["targets"]:
                    yield f"{target['number']}. {target['text']}", target["meaning"]
        case "results" | "report":
            for objective in content["objectives"]:
                for target in objective["targets"]:
                    result = f"{target['result']} – " if target["result"] else ""
                    yield f"{target['number']}. {target['text']}", f"{result}{target['state_word']}"
            for measure in content.get("measures", ()):
                yield measure["name"], measure["result"]
        case "satisfaction":
            for group in content["rates"]:
                yield group["name"], f"{group['rate']} ({group['satisfied']}/{group['rated']})"
        case "procedures":
            for each in content["procedures"]:
                told = (each["limit"], each["level_name"], each["unit"])
                yield f"{each['code']} {each['name']}".strip(), " · ".join(part for part in told if part)
        case "postings":
            for each in content["entries"]:
                yield each["subject"], "; ".join(place["place"] for place in each["places"])
        case "changes":
            for each in (*content["documents"], *content["law"]):
                yield f"{each['on']} {each['code']} {each['what_word']}", each["change"]


_MEASURED = re.compile(r"([-−]?\d[\d.]*(?:,\d+)?)(?:\s+([^\d\s(/][^(/]*?))?\s*(?:\(.*\))?")


def measured(shown: str) -> tuple[str, str]:
    """Return a figure as people read it as a number in plain form and its unit; blanks for what is no single number.

    >>> measured("94,3\N{NO-BREAK SPACE}% (33/35)"), measured("1.234 hồ sơ"), measured("tốt"), measured("3/11")
    (('94.3', '%'), ('1234', 'hồ sơ'), ('', ''), ('', ''))
    """
    found = _MEASURED.fullmatch(shown.strip())
    if found is None:
        return "", ""
    return found[1].replace(".", "").replace(",", ".").replace("−", "-"), (found[2] or "").strip()


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign == "@")
