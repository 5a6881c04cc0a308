"""Checks a Word document against the form that official documents have to have, and lists what deviates.

The measures are data (``decree.json``), dated and each with its place in the decree; what the decree says in words
(the hyphens of the motto, padding of numbers and days, the order of letters, the last recipient) is in ``words``.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import KINDS
from camket.core.wording.numbers import format_number
from camket.core.wording.text import search_key
from camket.paper.conformity.deviations import PARTS, Deviation, Findings, Rules
from camket.paper.conformity.formatting import Setting, setting_of
from camket.paper.conformity.measures import check_measures, check_pages
from camket.paper.conformity.parts import Anatomy, anatomies_of
from camket.paper.conformity.words import check_words
from camket.paper.containers import UnsafeContainer, open_zip

MAX_BYTES = 30 * 1024 * 1024
_MOST_PARAGRAPHS = 20_000
"""Cells of tables counted; a yearly plan of a province has some 3,000."""
_MAX_UNPACKED = 80 * 1024 * 1024


class NotADocument(Refusal):
    """The file is no Word document that can be opened safely."""


@dataclass(frozen=True, slots=True)
class Conformity:
    """What a check found: the text of law it went by, the types of the documents in the file, and the deviations."""

    by: str
    documents: tuple[str, ...]
    deviations: tuple[Deviation, ...]

    @property
    def is_conform(self) -> bool:
        """Whether nothing at all was found."""
        return not self.deviations


def check_document(data: bytes, *, on: date | None = None) -> Conformity:
    """Return what in a DOCX file deviates from the form of official documents in force on a day (the latest, without one).

    Raises NotADocument where the file is no Word document, is damaged, locked or not safe to open.
    """
    setting = _setting(data)
    if len(setting.paragraphs) > _MOST_PARAGRAPHS:
        raise NotADocument(
            Message(
                gettext_noop("The file has more than %(limit)s paragraphs. Check it in parts."),
                {"limit": format_number(_MOST_PARAGRAPHS)},
            )
        )
    rules = _rules_on(on)
    findings = Findings(rules)
    anatomies = anatomies_of(setting.paragraphs)
    for anatomy in anatomies:
        check_words(findings, anatomy)
        check_measures(findings, anatomy)
    found = [*findings.found.values(), *check_pages(rules, setting)]
    if _is_half_sheet(rules, setting, anatomies):
        free = rules.data["half_sheet"]["by_the_sheet"]
        found = [each for each in found if each.code not in free and not each.code.endswith(".size")]
    order = {name: index for index, name in enumerate(PARTS)}
    found.sort(key=lambda each: (order[each.part], each.paragraphs[:1], each.code))
    return Conformity(rules.name, tuple(_name(each) for each in anatomies), tuple(found))


def _is_half_sheet(rules: Rules, setting: Setting, anatomies: Sequence[Anatomy]) -> bool:
    """Tell whether a file is a form that its own text sets on A5: no text gives the sizes of its letters and margins.

    Source: Thông tư 01/2018/TT-VPCP, Mẫu số 01 đến 05; the decree measures A4 alone.
    """
    half = rules.data["half_sheet"]
    return all(
        abs(section.width - half["width"]) <= 1 and abs(section.height - half["height"]) <= 1
        for section in setting.sections
    ) and all(
        each.kind and search_key(each.kind[0].text).startswith(tuple(half["forms"])) for each in anatomies
    )


def _setting(data: bytes) -> Setting:
    if len(data) > MAX_BYTES:
        raise NotADocument(
            Message(
                gettext_noop(
                    "The file is larger than %(limit)s MB. Leave out its pictures and check it again."
                ),
                {"limit": str(MAX_BYTES // 1024 // 1024)},
            )
        )
    try:
        with open_zip(data, _MAX_UNPACKED) as archive:
            return setting_of(archive)
    except UnsafeContainer as unsafe:
        if unsafe.code == "encrypted":
            message = Message(
                gettext_noop("The file is locked with a password. Take the password off and check it again.")
            )
        elif unsafe.code == "bomb":
            message = Message(
                gettext_noop("The file unpacks to more than an honest document holds. It was not opened.")
            )
        else:
            message = _not_word()
        raise NotADocument(message) from None
    except (
        KeyError,
        ParseError,
        DefusedXmlException,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RecursionError,
        ValueError,
        OSError,
    ):
        raise NotADocument(_not_word()) from None


def _not_word() -> Message:
    return Message(
        gettext_noop("Only a Word document (.docx) can be checked. "
            "Open the file in Word or LibreOffice, save it as .docx and choose it again.")
    )  # fmt: skip


@cache
def _texts() -> tuple[Mapping[str, Any], ...]:
    raw = files("camket.paper.conformity").joinpath("decree.json").read_text("utf-8")
    return tuple(json.loads(raw)["texts"])


def _rules_on(day: date | None) -> Rules:
    """Return the text in force on a day; before the first one, the first."""
    texts = _texts()
    if day is not None:
        for each in reversed(texts):
            if date.fromisoformat(each["valid_from"]) <= day:
                return Rules(each["name"], each)
        return Rules(texts[0]["name"], texts[0])
    return Rules(texts[-1]["name"], texts[-1])


def _name(anatomy: Anatomy) -> str:
    if anatomy.kind_code:
        return KINDS[anatomy.kind_code]
    if anatomy.kind:
        return anatomy.kind[0].text
    return "Công văn" if anatomy.number or anatomy.about else ""
