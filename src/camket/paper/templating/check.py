"""Checks a template before anybody uses it: its fields one by one, a trial with sample words, and the form that comes out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree.ElementTree import Element

from docx.opc.exceptions import OpcError
from jinja2 import nodes
from jinja2.exceptions import TemplateError

from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import search_key
from camket.paper.conformity import Deviation, NotADocument, check_document
from camket.paper.templating.fields import MARK, Field, FieldKind, fields_of
from camket.paper.templating.filling import filled
from camket.paper.templating.language import LOOP, FieldEnvironment, parsed
from camket.paper.templating.samples import bare_document, sample_document
from camket.paper.templating.uploads import WHOLE, Fault, TemplateRefused, W, open_template

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_PREFIX = re.compile(r"^(tr|tc|p|r) ")
_MOST_TAGS = 1_000
_LONGEST_TAG = 300
_EXCERPT = 70
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_EXPECTED = (
    ("dong_so", "so", "ky_hieu"),
    ("dong_ngay", "ngay"),
    ("trich_yeu", "cac_dong_trich_yeu", "ve_viec", "cac_dong_ve_viec"),
    ("quyen_han_chuc_vu",),
    ("nguoi_ky",),
    ("noi_nhan",),
)
FAILURES = (
    TemplateError, OpcError, SyntaxError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError
)  # fmt: skip
"""What filling in a template may raise; a template in use was tried, so that it raises none of these."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. With ``faults`` the template cannot be used; ``warnings`` and ``deviations`` are for a person to
    weigh. ``used`` are the names of its fields in the order in which they first stand."""

    faults: tuple[Fault, ...]
    warnings: tuple[Message, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A paragraph: in which part, its number among those with words, its words, where it stands."""

    part: str
    number: int
    text: str
    container: int
    row: int
    row_text: str
    is_nested: bool

    def fault(self, template: str, tag: str = "", **params: str) -> Fault:
        if self.part.startswith("word/header"):
            place = Message(gettext_noop("Header, paragraph %(number)s"), {"number": str(self.number)})
        elif self.part.startswith("word/footer"):
            place = Message(gettext_noop("Footer, paragraph %(number)s"), {"number": str(self.number)})
        else:
            place = Message(gettext_noop("Paragraph %(number)s"), {"number": str(self.number)})
        excerpt = self.text if len(self.text) <= _EXCERPT else f"{self.text[:_EXCERPT]} …"
        if tag:
            params["tag"] = tag[:_EXCERPT]
        return Fault(place, excerpt, Message(template, params))


@dataclass(slots=True)
class _Open:
    """A ``for`` or ``if`` that is not ended yet."""

    word: str
    prefix: str
    place: _Place
    name: str = ""


@dataclass(slots=True)
class _Reading:
    """The state of reading the tags of one part."""

    fields: Mapping[str, Field]
    environment: FieldEnvironment
    faults: list[Fault]
    used: dict[str, None]
    opened: list[_Open] = field(default_factory=list)
    scopes: list[tuple[str, Field]] = field(default_factory=list)


class _Wrong(Exception):
    """A tag says what it cannot; holds the template of the message and its values."""

    def __init__(self, template: str, **params: str) -> None:
        super().__init__(template)
        self.template, self.params = template, params


def check_template(data: bytes, form: str) -> Checked:
    """Return what is wrong with a template of a form, and how far what it gives deviates from official form.

    Raises TemplateRefused where the file is no Word document that can be opened safely, KeyError for an unknown form.
    """
    fields = {each.name: each for each in fields_of(form)}
    opened = open_template(data)
    faults: list[Fault] = []
    used: dict[str, None] = {}
    tags = 0
    for part, tree in opened.shown.items():
        reading = _Reading(fields, FieldEnvironment(), faults, used)
        for place in _paragraphs(part, tree):
            tags += len(_TAG.findall(place.text))
            if tags > _MOST_TAGS:
                raise TemplateRefused(
                    Message(
                        gettext_noop("The template has more than %(limit)s fields and commands. Make it simpler."),
                        {"limit": "1.000"},
                    )
                )  # fmt: skip
            _read(reading, place)
        for left in reading.opened:
            faults.append(
                left.place.fault(gettext_noop("“%(word)s” is begun here and never ended."), word=left.word)
            )
        _require_only_in_text(tree)
    for tree in opened.others.values():
        _require_only_in_text(tree, is_shown=False)
    if not faults and not used.keys() & {"noi_dung", "cac_phan.noi_dung"}:
        faults.append(
            Fault(
                WHOLE,
                "",
                Message(
                    gettext_noop("The template has no “{{ noi_dung }}”: the content of the document would be missing. "
                        "Write it alone in a paragraph.")
                ),
            )
        )  # fmt: skip
    if faults:
        return Checked(tuple(faults), used=tuple(used))
    result = _tried(data, form)
    if isinstance(result, Fault):
        return Checked((result,), used=tuple(used))
    try:
        deviations = check_document(result).deviations
    except NotADocument as refusal:
        return Checked((Fault(_TRIAL, "", refusal.message),), used=tuple(used))
    warnings = tuple(
        Message(
            gettext_noop("The template does not use “%(name)s” (%(meaning)s): it would be the same in every document."),
            {"name": known[0], "meaning": fields[known[0]].meaning},
        )
        for names in _EXPECTED
        if (known := [name for name in names if name in fields]) and not used.keys() & set(known)
    )  # fmt: skip
    return Checked((), warnings, deviations, tuple(used))


_TRIAL = Message(gettext_noop("Trial with sample words"))


def _tried(data: bytes, form: str) -> bytes | Fault:
    """Return the template filled in with sample words; tried with a document that has hardly any part as well."""
    try:
        filled(data, replace(bare_document(form), template=b""))
        result = filled(data, sample_document(form))
    except FAILURES:
        return Fault(
            _TRIAL,
            "",
            Message(
                gettext_noop("The template could not be filled in. Begin with the starter template and change it step by step.")
            ),
        )  # fmt: skip
    return result


def _paragraphs(part: str, tree: Element) -> Iterator[_Place]:
    parents = {child: parent for parent in tree.iter() for child in parent}
    texts: dict[Element, list[str]] = {each: [] for each in tree.iter(W + "p")}
    rows: dict[Element, list[str]] = {}
    for each in tree.iter(W + "t"):
        owner = _above(each, W + "p", parents)
        if owner is not None:
            texts[owner].append(each.text or "")
        row = _above(each, W + "tr", parents)
        if row is not None:
            rows.setdefault(row, []).append(each.text or "")
    number = 0
    for paragraph, said in texts.items():
        text = "".join(said)
        if not text.strip():
            continue
        number += 1
        row = _above(paragraph, W + "tr", parents)
        yield _Place(
            part=part,
            number=number,
            text=text.strip(),
            container=id(parents.get(paragraph)),
            row=id(_above(row, W + "tbl", parents)) if row is not None else 0,
            row_text="".join(rows.get(row, ())).strip() if row is not None else "",
            is_nested=_above(paragraph, W + "p", parents) is not None,
        )


def _above(element: Element, tag: str, parents: Mapping[Element, Element]) -> Element | None:
    found = parents.get(element)
    while found is not None and found.tag != tag:
        found = parents.get(found)
    return found


def _require_only_in_text(tree: Element, *, is_shown: bool = True) -> None:
    """Refuse fields in properties of pictures, in footnotes and wherever else nobody sees them being filled in."""
    for each in tree.iter():
        said = [*each.attrib.values()]
        if not is_shown or each.tag != W + "t":
            said.append(each.text or "")
        if any(mark in text for text in said for mark in ("{{", "{%", "{#", MARK)):
            raise TemplateRefused(
                Message(
                    gettext_noop("A field stands where none is filled in: in a footnote, a comment or the properties of a "
                        "picture. Fields stand in the text, the header and the footer.")
                )
            )  # fmt: skip


def _read(reading: _Reading, place: _Place) -> None:
    """Read the tags of a paragraph."""
    text = place.text
    if MARK in text or "{" in _TAG.sub("", text) or "}" in _TAG.sub("", text):
        reading.faults.append(
            place.fault(
                gettext_noop("A brace stands alone. A field is written “{{ name }}”, a command “{% … %}”, both on one line.")
            )
        )  # fmt: skip
        return
    for found in _TAG.finditer(text):
        tag = found[0]
        try:
            if len(tag) > _LONGEST_TAG or tag.startswith("{#"):
                raise _Wrong(_NOT_POSSIBLE)
            inner = tag[2:-2].translate(_QUOTES)
            if tag.startswith("{{"):
                _field(reading, place, tag, inner)
            else:
                _command(reading, place, tag, inner)
        except _Wrong as wrong:
            reading.faults.append(place.fault(wrong.template, tag, **wrong.params))
        except (TemplateError, RecursionError, MemoryError):
            reading.faults.append(place.fault(_NOT_POSSIBLE, tag))
    while reading.opened and not reading.opened[-1].prefix and reading.opened[-1].place is place:
        left = reading.opened.pop()
        if left.word == "for":
            reading.scopes.pop()
        reading.faults.append(
            place.fault(
                gettext_noop("“%(word)s” ends in another paragraph. Write “{%%p %(word)s … %%}” and “{%%p end%(word)s %%}”, "
                    "each alone in a paragraph."),
                word=left.word,
            )
        )  # fmt: skip


_NOT_POSSIBLE = gettext_noop("“%(tag)s” cannot be used. Templates have fields, “for” and “if”, nothing else.")


def _field(reading: _Reading, place: _Place, tag: str, inner: str) -> None:
    if _PREFIX.match(inner):
        raise _Wrong(
            gettext_noop("Write “%(plain)s” without a letter before it."),
            plain=f"{{{{ {inner[2:].strip()} }}}}",
        )
    node = parsed(reading.environment, f"{{{{{inner}}}}}")
    if not isinstance(node, nodes.Output) or len(node.nodes) != 1:
        raise _Wrong(_NOT_POSSIBLE)
    kind = _kind(reading, node.nodes[0])
    if kind is FieldKind.CONTENT:
        if place.part != "word/document.xml" or place.is_nested:
            raise _Wrong(
                gettext_noop("A content stands in the text itself, not in a header, a footer or a text box.")
            )
        if place.text != tag:
            raise _Wrong(
                gettext_noop("“%(tag)s” holds paragraphs and tables: write it alone in a paragraph.")
            )
    elif kind is not FieldKind.TEXT:
        raise _Wrong(
            gettext_noop("“%(tag)s” holds several lines: go through them with “{%%p for line in %(name)s %%}”."),
            name=inner.strip(),
        )  # fmt: skip


def _command(reading: _Reading, place: _Place, tag: str, inner: str) -> None:
    prefix = _PREFIX.match(inner)
    before = prefix[1] if prefix else ""
    said = inner[len(before) :].strip()
    word = said.partition(" ")[0]
    if before == "p" and place.text != tag:
        raise _Wrong(gettext_noop("“%(tag)s” takes its whole paragraph away: write it alone in a paragraph."))
    if before == "tr" and not (place.row and place.row_text == tag):
        raise _Wrong(gettext_noop("“%(tag)s” takes its whole row away: write it alone in a row of a table."))
    if before in {"tc", "r"}:
        raise _Wrong(_NOT_POSSIBLE)
    if word in {"for", "if"}:
        scope = _begun(reading, said, word)
        reading.opened.append(_Open(word, before, place))
        if scope is not None:
            reading.scopes.append(scope)
        return
    if word not in {"endfor", "endif", "elif", "else"} or (word != "elif" and said != word):
        raise _Wrong(_NOT_POSSIBLE)
    begun = reading.opened[-1] if reading.opened else None
    wanted = "for" if word == "endfor" else "if"
    if begun is None or begun.word != wanted:
        raise _Wrong(gettext_noop("“%(tag)s” ends or parts something that was not begun."))
    same_place = {
        "p": begun.place.container == place.container and begun.place.part == place.part,
        "tr": begun.place.row == place.row,
        "": begun.place is place,
    }[begun.prefix]
    if begun.prefix != before or not same_place:
        raise _Wrong(
            gettext_noop("“%(tag)s” stands in another cell or is written otherwise than “%(begun)s”, which it belongs to."),
            begun=f"{{%{begun.prefix} {begun.word} … %}}",
        )  # fmt: skip
    if word == "elif":
        _begun(reading, f"if {said[4:]}", "if")
    elif word in {"endfor", "endif"}:
        reading.opened.pop()
        if word == "endfor":
            reading.scopes.pop()


def _begun(reading: _Reading, said: str, word: str) -> tuple[str, Field] | None:
    """Judge what a loop goes through or a condition asks; return the name that a loop gives and what it stands for."""
    node = parsed(reading.environment, f"{{% {said} %}}{{% end{word} %}}")
    if isinstance(node, nodes.If):
        _kind(reading, node.test)
        return None
    if not isinstance(node, nodes.For) or not isinstance(node.target, nodes.Name):
        raise _Wrong(_NOT_POSSIBLE)
    name = node.target.name
    if name in reading.fields or name == "loop":
        raise _Wrong(
            gettext_noop("“%(name)s” is the name of a field. Choose another word in “%(tag)s”."), name=name
        )
    kind = _kind(reading, node.iter)
    if kind is FieldKind.LINES:
        return name, Field(name, "")
    if kind is FieldKind.PARTS and isinstance(node.iter, nodes.Name):
        owner = reading.fields[node.iter.name]
        return name, Field(node.iter.name, "", FieldKind.PARTS, owner.parts)
    raise _Wrong(gettext_noop("Only fields of several lines can be gone through with “for”."))


def _kind(reading: _Reading, node: nodes.Node) -> FieldKind:
    """Return what an expression holds, and note the fields in it."""
    match node:
        case nodes.Name():
            known = dict(reading.scopes).get(node.name)
            if known is not None:
                return known.kind
            if node.name not in reading.fields:
                raise _unknown(node.name, [*reading.fields, *dict(reading.scopes)])
            reading.used.setdefault(node.name)
            return reading.fields[node.name].kind
        case nodes.Getattr(node=nodes.Name(name="loop")) if reading.scopes and node.attr in LOOP:
            return FieldKind.TEXT
        case nodes.Getattr(node=nodes.Name() as before):
            owner = dict(reading.scopes).get(before.name)
            parts = {each.name: each for each in owner.parts} if owner else {}
            if owner is None or node.attr not in parts:
                raise _unknown(f"{before.name}.{node.attr}", [f"{before.name}.{each}" for each in parts])
            reading.used.setdefault(f"{owner.name}.{node.attr}")
            return parts[node.attr].kind
        case nodes.Filter():
            return _filtered(reading, node)
        case nodes.Const():
            return FieldKind.TEXT
        case nodes.Not() | nodes.And() | nodes.Or() | nodes.Compare() | nodes.Operand():
            for child in node.iter_child_nodes():
                _kind(reading, child)
            return FieldKind.TEXT
    raise _Wrong(_NOT_POSSIBLE)


def _filtered(reading: _Reading, node: Any) -> FieldKind:
    kind = _kind(reading, node.node)
    wants_lines = node.name in {"join", "first", "last", "length"}
    fits = kind is (FieldKind.LINES if wants_lines else FieldKind.TEXT)
    if not (fits or (node.name == "length" and kind is FieldKind.PARTS)) or node.kwargs:
        raise _Wrong(
            gettext_noop("“|%(filter)s” does not fit what stands before it in “%(tag)s”."), filter=node.name
        )
    if len(node.args) > (1 if node.name == "join" else 0) or not all(
        isinstance(each, nodes.Const) for each in node.args
    ):
        raise _Wrong(_NOT_POSSIBLE)
    return FieldKind.TEXT


def _unknown(name: str, known: list[str]) -> _Wrong:
    """Return the fault of a name that is no field, with the one that is nearest."""
    folded = {re.sub(r"[^a-z0-9.]+", "_", search_key(each)): each for each in known}
    wanted = re.sub(r"[^a-z0-9.]+", "_", search_key(name))
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.5)
    if near:
        return _Wrong(
            gettext_noop("There is no field “%(name)s”. Did you mean “%(near)s”?"), name=name[:60], near=folded[near[0]]
        )  # fmt: skip
    return _Wrong(
        gettext_noop("There is no field “%(name)s” in this form. Look at the list of fields."), name=name[:60]
    )
