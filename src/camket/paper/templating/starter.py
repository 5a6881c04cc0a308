"""The template to begin with: the built-in form of a paper with a field in the place of each of its words."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docx import Document as open_docx
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from camket.paper.templating.samples import sample_document
from camket.paper.writing import sheet
from camket.paper.writing.docx import finished, write_docx
from camket.paper.writing.forms import FORMS
from camket.paper.writing.model import Document, Paragraph, ended, plain

_CONTENT = "[noi_dung]"
_KIND = "Phiếu"
"""Papers of forms that are letters as a rule may have the name of a type all the same."""


def starter_template(form: str) -> bytes:
    """Return a template of a form as a DOCX file: filled in it gives what the built-in form gives. KeyError for another form."""
    sample = replace(sample_document(form), body=(Paragraph(plain(_CONTENT)),), annexes=())
    is_letter = not sample.kind
    sample = replace(sample, bases=sample.bases or ("Căn cứ",), kind=sample.kind or _KIND)
    file = open_docx(io.BytesIO(write_docx(sample)))
    waiting = list(_parts(sample))
    for element in list(file.element.body.iter(qn("w:p"))):
        paragraph = DocxParagraph(element, file)
        for index, (texts, tag, before, after) in enumerate(waiting):
            if paragraph.text == texts[0]:
                if len(texts) > 1:
                    waiting[index] = (texts[1:], "", (), ())
                else:
                    del waiting[index]
                _say(paragraph, tag, before, after)
                if is_letter and tag == _NUMBER:
                    _add_about(paragraph)
                if is_letter and tag == _TITLE:
                    _end_of_title(paragraph)
                break
    return finished(file, replace(sample, abstract="", kind="", names=()))


_Commands = tuple[str, ...]
_NUMBER, _TITLE = "{{ dong_so }}", "{{ ten_loai|upper }}"


def _parts(sample: Document) -> Iterator[tuple[list[str], str, _Commands, _Commands]]:
    """Yield the lines of each part as the sample has them, the field that takes their place, and commands around it."""
    head, own = sample.letterhead, sheet.measures_of(sample.paper)
    yield sheet.superior_lines(head.superior, own), "{{ dong }}", *_for("cac_dong_cap_tren")
    yield sheet.issuer_lines(head.issuer, own), "{{ dong }}", *_for("cac_dong_co_quan")
    yield [sheet.number_line(head)], _NUMBER, (), ()
    yield [sheet.place_and_date(head.place, head.dated, head.year)], "{{ dong_ngay }}", (), ()
    is_named = FORMS[sample.form].kind != ""
    yield [sample.kind.upper()], _TITLE, () if is_named else ("{%p if ten_loai %}",), ()
    yield (
        sheet.title_lines(sample.abstract, width=own.text_width, measures=own),
        "{{ dong }}",
        *_for("cac_dong_trich_yeu"),
    )
    if sample.authority:
        yield [sample.authority.upper()], "{{ tham_quyen|upper }}", (), ()
    yield list(ended(sample.bases)), "{{ dong }}", *_for("can_cu")
    if sample.enactment:
        yield [sample.enactment.upper()], "{{ dong_quyet_dinh|upper }}", (), ()
    yield [_CONTENT], "{{ noi_dung }}", (), ()
    yield ["Nơi nhận:"], "Nơi nhận:", *_if("noi_nhan")
    yield [f"- {line}" for line in ended(sample.recipients)], "- {{ dong }}", *_for("noi_nhan")
    # Only the first line has room above it.
    begin, end = _for("quyen_han_chuc_vu")
    first, second = (line.upper() for line in sample.signature.lines)
    yield [first], "{{ dong|upper }}", (*begin, "{%p if loop.first %}"), ("{%p else %}",)
    yield [second], "{{ dong|upper }}", (), ("{%p endif %}", *end)
    yield [sample.signature.name], "{{ nguoi_ky }}", (), ()


def _if(name: str) -> tuple[_Commands, _Commands]:
    return (f"{{%p if {name} %}}",), ("{%p endif %}",)


def _for(name: str) -> tuple[_Commands, _Commands]:
    return (f"{{%p for dong in {name} %}}",), ("{%p endfor %}",)


def _say(paragraph: Any, tag: str, before: _Commands, after: _Commands) -> None:
    """Let a paragraph say a field in its own format, with commands before and after it; without a field it goes."""
    if not tag:
        paragraph._p.getparent().remove(paragraph._p)
        return
    first, *others = paragraph.runs
    first.text = tag
    for run in others:
        paragraph._p.remove(run._r)
    for command, put in (
        *((each, paragraph._p.addprevious) for each in before),
        *((each, paragraph._p.addnext) for each in reversed(after)),
    ):
        element = copy.deepcopy(paragraph._p)
        put(element)
        DocxParagraph(element, paragraph._parent).runs[0].text = command


def _add_about(number: Any) -> None:
    """Put what an official letter is about under its number."""
    for text in reversed(("{%p for dong in cac_dong_ve_viec %}", "{{ dong }}", "{%p endfor %}")):
        element = copy.deepcopy(number._p)
        number._p.addnext(element)
        paragraph = DocxParagraph(element, number._parent)
        paragraph.runs[0].text = text
        paragraph.runs[0].font.size = Pt(sheet.ABOUT_SIZE)
        paragraph.paragraph_format.space_before = Pt(0)


def _end_of_title(title: Any) -> None:
    """End the condition that a type has a name behind the rule under the abstract."""
    rule = title._p
    while rule.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is None:
        rule = rule.getnext()
    end = copy.deepcopy(title._p)
    DocxParagraph(end, title._parent).runs[0].text = "{%p endif %}"
    rule.addnext(end)
