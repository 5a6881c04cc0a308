"""Opening what an agency uploads as a template: only a plain Word document, of an honest size, that brings nothing with it.

Refused are programs, embedded objects, anything fetched from outside, markup that names entities, and pictures of other
kinds than PNG and JPEG. The container itself is opened by the one door (:mod:`camket.paper.containers`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from camket.core.messages import Message, Refusal, gettext_noop
from camket.paper.containers import UnsafeContainer, open_zip, part_of, zip_has_macros
from camket.paper.photos import MOST_PIXELS, pixels_of

MAX_BYTES = 5 * 1024 * 1024
_UNPACKED = 40 * 1024 * 1024
_MOST_TEXT = 3 * 1024 * 1024
"""Of one part of XML; a letterhead with a logo has some 50 kB."""
_MOST_PARAGRAPHS = 3_000
_DEEPEST = 100
"""Elements within one another; a table in a table in a text box has some 40."""
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_PICTURES: Mapping[str, str] = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
_FETCHES = re.compile(
    r"\b(?:INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|DDE|DDEAUTO|DATABASE|AUTOTEXT|MACROBUTTON|EMBED|RD)\b", re.IGNORECASE
)  # fmt: skip
_PARTS = re.compile(r"^word/(?:document|header\d*|footer\d*)\.xml$")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a file from being a template: where, with the words that stand there, and what to do."""

    place: Message
    excerpt: str
    message: Message


WHOLE = Message(gettext_noop("The whole file"))


class TemplateRefused(Refusal):
    """The file cannot be a template; ``faults`` are all that was found, ``message`` is the first."""

    def __init__(self, message: Message, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults or (Fault(WHOLE, "", message),)


@dataclass(frozen=True, slots=True)
class Opened:
    """The parts of a template in which fields may stand, by their names, and those in which none may."""

    shown: Mapping[str, Element]
    others: Mapping[str, Element]


def open_template(data: bytes) -> Opened:
    """Return the XML of a template that is safe to open. Raises TemplateRefused."""
    if len(data) > MAX_BYTES:
        raise TemplateRefused(
            Message(
                gettext_noop("The template is larger than %(limit)s MB. Make its pictures smaller."),
                {"limit": str(MAX_BYTES // 1024 // 1024)},
            )
        )
    try:
        with open_zip(data, _UNPACKED) as archive:
            return _looked_through(archive)
    except UnsafeContainer as unsafe:
        raise TemplateRefused(_UNSAFE.get(unsafe.code, _NOT_WORD)) from None
    except DefusedXmlException:
        raise TemplateRefused(
            Message(gettext_noop("The file declares entities in its markup, which no Word document does."))
        ) from None
    except (KeyError, ParseError, zipfile.BadZipFile, EOFError, RecursionError, ValueError, OSError):
        raise TemplateRefused(_NOT_WORD) from None


_NOT_WORD = Message(
    gettext_noop(
        "A template is a Word document (.docx). Open the file in Word or LibreOffice, save it as .docx and choose it again."
    )
)
_UNSAFE: Mapping[str, Message] = {
    "encrypted": Message(
        gettext_noop("The file is locked with a password. Take the password off and choose it again.")
    ),
    "bomb": Message(
        gettext_noop("The file unpacks to more than an honest document holds. It was not opened.")
    ),
}


def _looked_through(archive: zipfile.ZipFile) -> Opened:
    names = archive.namelist()
    types = fromstring(part_of(archive, "[Content_Types].xml", _MOST_TEXT), forbid_dtd=True)
    main = [
        each.get("ContentType") for each in types.iter(_TYPES + "Override")
        if each.get("PartName") == "/word/document.xml"
    ]  # fmt: skip
    if zip_has_macros(archive):
        raise TemplateRefused(
            Message(
                gettext_noop("The file brings a program (macro). Save it as .docx without macros and choose it again.")
            )
        )  # fmt: skip
    if main != [_MAIN]:
        raise TemplateRefused(_NOT_WORD)
    if any("embeddings/" in name.casefold() for name in names):
        raise TemplateRefused(
            Message(gettext_noop("The file has another file embedded in it. Delete it, or put it in as a picture."))
        )  # fmt: skip
    shown: dict[str, Element] = {}
    others: dict[str, Element] = {}
    for name in names:
        ending = name.rpartition(".")[2].casefold()
        if name.endswith("/"):
            continue
        if ending in {"xml", "rels"}:
            tree = fromstring(part_of(archive, name, _MOST_TEXT), forbid_dtd=True)
            if ending == "rels":
                _fetches_nothing(tree)
            elif _PARTS.match(name):
                shown[name] = tree
            else:
                others[name] = tree
        elif name.casefold().startswith("word/media/"):
            _small_picture(archive, name, ending)
        elif not name.casefold().startswith(("docprops/", "word/fonts/")):
            raise TemplateRefused(
                Message(gettext_noop("The file has a part “%(name)s” that a template does not need."), {"name": name[:80]})
            )  # fmt: skip
    if "word/document.xml" not in shown:
        raise TemplateRefused(_NOT_WORD)
    for tree in (*shown.values(), *others.values()):
        _require_flat(tree)
        _asks_for_nothing(tree)
    if sum(1 for tree in shown.values() for _ in tree.iter(W + "p")) > _MOST_PARAGRAPHS:
        raise TemplateRefused(
            Message(
                gettext_noop("The template has more than %(limit)s paragraphs. A template holds the frame, not the text."),
                {"limit": "3.000"},
            )
        )  # fmt: skip
    return Opened(shown, others)


def _require_flat(tree: Element) -> None:
    level = [tree]
    for _ in range(_DEEPEST):
        level = [child for each in level for child in each]
        if not level:
            return
    raise TemplateRefused(_UNSAFE["bomb"])


def _fetches_nothing(tree: Element) -> None:
    for each in tree.iter():
        if (each.get("TargetMode") or "").casefold() == "external" and not (
            each.get("Type") == _HYPERLINK
            and (each.get("Target") or "").casefold().startswith(("http://", "https://", "mailto:"))
        ):
            raise TemplateRefused(
                Message(
                    gettext_noop("The file fetches something from outside: “%(target)s”. Put it into the file instead."),
                    {"target": (each.get("Target") or "")[:80]},
                )
            )  # fmt: skip
        if (each.get("Type") or "").endswith(("/aFChunk", "/oleObject", "/package", "/control")):
            raise TemplateRefused(
                Message(gettext_noop("The file has another file embedded in it. Delete it, or put it in as a picture."))
            )  # fmt: skip


def _asks_for_nothing(tree: Element) -> None:
    """Refuse fields of Word that fetch or run something; one may be cut into several runs."""
    said = "".join(each.text or "" for each in tree.iter(W + "instrText"))
    said += " ".join(each.get(W + "instr") or "" for each in tree.iter(W + "fldSimple"))
    if (found := _FETCHES.search(said)) is not None:
        raise TemplateRefused(
            Message(
                gettext_noop("The file has a Word field “%(field)s” that fetches something from outside. Delete it."),
                {"field": found[0].upper()},
            )
        )  # fmt: skip


def _small_picture(archive: zipfile.ZipFile, name: str, ending: str) -> None:
    if ending not in _PICTURES:
        raise TemplateRefused(
            Message(
                gettext_noop("The picture “%(name)s” is of a kind that is not taken. Use PNG or JPG."), {"name": name[11:80]}
            )
        )  # fmt: skip
    pixels = pixels_of(part_of(archive, name), _PICTURES[ending])
    if pixels is None or pixels > MOST_PIXELS:
        raise TemplateRefused(
            Message(
                gettext_noop("The picture “%(name)s” is damaged or too large. Make it smaller."), {"name": name[11:80]}
            )
        )  # fmt: skip
