"""Templates that want more than to be filled in: programs, files from outside, bombs, and words that reach for the server."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from typing import Any

import pytest
from docx import Document as open_docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from jinja2.exceptions import TemplateError

from camket.paper.templating import MAX_BYTES, TemplateRefused, check_template, starter_template
from camket.paper.templating.language import FieldEnvironment, NotAllowedHere
from paper.templating.word_templates import of_starter, saved, with_paragraphs, with_parts

RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{}</Relationships>"
)
TYPES = "[Content_Types].xml"
HUGE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", 1 << 20, 1 << 20, 8, 2, 0, 0, 0, 0)


def part(name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(starter_template("report"))) as file:
        return file.read(name).decode()


def refused(data: bytes) -> str:
    with pytest.raises(TemplateRefused) as told:
        check_template(data, "report")
    return str(told.value)


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ nguoi_ky.__class__ }}",
        "{{ nguoi_ky['__class__'] }}",
        "{{ nguoi_ky|attr('__class__') }}",
        "{{ cac_phan.__init__.__globals__ }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{{ config }}",
        "{{ range(10**9) }}",
        "{{ 'a' * 10**9 }}",
        "{{ 10**10**10 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ [1, 2] }}",
        "{{ nguoi_ky|format(1) }}",
        "{{ nguoi_ky.format(nguoi_ky) }}",
        "{{ nguoi_ky if so else noi_nhan }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% from 'a' import b %}",
        "{% extends 'a' %}",
        "{% block a %}{% endblock %}",
        "{% macro a() %}{{ a() }}{% endmacro %}",
        "{% set a = 1 %}",
        "{% raw %}{% endraw %}",
        "{% call a() %}{% endcall %}",
        "{% filter upper %}{% endfilter %}",
        "{% with %}{% endwith %}",
        "{% for a in range(1000000000) %}{% endfor %}",
        "{% for a in noi_nhan recursive %}{{ loop(noi_nhan) }}{% endfor %}",
        "{% for a in noi_nhan if a %}{{ a }}{% endfor %}",
        "{% for a, b in noi_nhan %}{{ a }}{% endfor %}",
        "{{ loop }}",
        "{{ loop.changed }}",
        "{# lời nhắn #}",
        "{%- if so -%}{% endif %}",
        "{% colspan so %}",
        "{% cellbg so %}",
        "{% vm %}",
        "{% hm %}",
        "{{r so }}",
        "{{ " + "(" * 120 + "so" + ")" * 120 + " }}",
        "{{ " + "not " * 60 + "so }}",
        "{{ " + "a" * 400 + " }}",
    ],
)
def test_words_that_reach_for_more_are_no_fields(tag: str) -> None:
    begun = time.monotonic()
    checked = check_template(with_paragraphs(tag, "{{ noi_dung }}"), "report")
    assert time.monotonic() - begun < 5
    if tag.count("not ") < 60:
        assert checked.faults
        assert checked.faults[0].place.params["number"] == "1"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}", "{{ a.b }}", "{{ a['b'] }}", "{{ a() }}", "{{ 9**9 }}", "{% set a = 1 %}", "{{ a|attr('b') }}",
        "{% include 'a' %}", "{% macro a() %}{% endmacro %}", "{% for a in b recursive %}{% endfor %}", "{{ [1] }}",
        "{{ {} }}", "{{ a ~ b }}", "{{ a is defined }}", "{{ a[1:2] }}", "{{ -1 }}",
        "{% for a in b %}" * 5 + "{% endfor %}" * 5,
    ],
)  # fmt: skip
def test_the_language_has_no_word_for_it_wherever_it_is_compiled(source: str) -> None:
    with pytest.raises((NotAllowedHere, TemplateError)):
        FieldEnvironment().from_string(source)


def test_a_line_in_two_paragraphs_is_no_field() -> None:
    assert check_template(with_paragraphs("{", "{ ''.__class__ }}", "{{ noi_dung }}"), "report").faults


def test_fields_in_properties_are_refused_and_the_file_s_own_are_not_compiled() -> None:
    def pictured(file: Any) -> None:
        shape = OxmlElement("w:bookmarkStart")
        shape.set(qn("w:name"), "{{ ''.__class__ }}")
        file.paragraphs[-1]._p.append(shape)

    assert "properties of a picture" in refused(of_starter(pictured))

    def titled(file: Any) -> None:
        file.core_properties.title = "{{ 9 ** 9 }}"

    assert "Fields stand in the text" in refused(of_starter(titled))


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}, "program"),
        ({TYPES: part(TYPES).replace("wordprocessingml.document.main+xml", "x")}, "Word document"),
        (
            {TYPES: part(TYPES).replace(
                "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                "vnd.ms-word.document.macroEnabled.main+xml",
            )},
            "program",
        ),
        ({TYPES: part(TYPES).replace("document.main+xml", "template.main+xml")}, "Word document"),
        ({"word/embeddings/oleObject1.bin": b"MZ"}, "embedded"),
        ({"word/embeddings/sheet.xlsx": b"PK"}, "embedded"),
        ({"word/fontTable.bin": b"MZ"}, "does not need"),
        ({"word/media/a.emf": b"\x01\x00\x00\x00"}, "PNG or JPG"),
        ({"word/media/a.svg": b"<svg/>"}, "PNG or JPG"),
        ({"word/media/a.png": b"no picture"}, "damaged or too large"),
        (
            {"word/media/a.png": HUGE},
            "damaged or too large",
        ),
        ({"word/document.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}, "entities"),
        ({"customXml/item1.xml": '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'}, "entities"),
        ({"word/document.xml": "<a>"}, "Word document"),
        ({"word/document.xml": "<a>" + "<b>" * 500 + "</b>" * 500 + "</a>"}, "unpacks"),
        ({"word/document.xml": "<a>" + " " * 4_000_000 + "</a>"}, "unpacks"),
        ({"../../etc/passwd": b"x"}, "Word document"),
        (
            {"word/_rels/settings.xml.rels": RELS.format(
                '<Relationship Id="a" Type="http://x/attachedTemplate" Target="file://h/a.dotm" TargetMode="External"/>'
            )},
            "outside",
        ),
        (
            {"word/_rels/header1.xml.rels": RELS.format(
                '<Relationship Id="a" Type="http://x/image" Target="http://h/a.png" TargetMode="External"/>'
            )},
            "outside",
        ),
        (
            {"word/_rels/header1.xml.rels": RELS.format(
                '<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
                'Target="file:///etc/passwd" TargetMode="external"/>'
            )},
            "outside",
        ),
        (
            {"word/_rels/header1.xml.rels": RELS.format(
                '<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" '
                'Target="a.html"/>'
            )},
            "embedded",
        ),
    ],
)  # fmt: skip
def test_a_file_that_brings_more_than_words_is_refused(parts: dict[str, bytes | str], told: str) -> None:
    assert told in refused(with_parts(parts))


@pytest.mark.parametrize(
    "field", ["INCLUDEPICTURE http://h/a.png", "DDEAUTO c:\\\\a b", ("INCLU", "DETEXT /etc/passwd")]
)
def test_fields_of_word_that_fetch_are_refused(field: str | tuple[str, ...]) -> None:
    def change(file: Any) -> None:
        run = file.paragraphs[-1].add_run()
        for text in (field,) if isinstance(field, str) else field:
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)

    assert "fetches something" in refused(of_starter(change))


def test_size_and_number_have_limits() -> None:
    assert "5 MB" in refused(b"PK\x03\x04" + b"0" * MAX_BYTES)
    assert "3.000" in refused(with_paragraphs(*["a"] * 3_001))
    file = open_docx()
    file.add_paragraph("{{ so }}" * 1_001)
    assert "1.000" in refused(saved(file))


def test_many_loops_within_loops_end_soon() -> None:
    loops = "".join(f"{{% for a{i} in noi_nhan %}}" for i in range(30)) + "x" + "{% endfor %}" * 30
    begun = time.monotonic()
    checked = check_template(with_paragraphs(loops, "{{ noi_dung }}"), "report")
    assert checked.faults
    assert time.monotonic() - begun < 5


def test_much_text_is_checked_in_time() -> None:
    file = open_docx()
    for number in range(900):
        file.add_paragraph("{{ noi_dung }}" if number == 450 else "{{ so }} " + "a" * 2_000)
    begun = time.monotonic()
    assert not check_template(saved(file), "report").faults
    assert time.monotonic() - begun < 30
