"""Templates: strict enough for the security policy, working without JavaScript, and none left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/camket"
TEMPLATES = SOURCE / "web/templates"
STATIC = SOURCE / "web/static"
FILES = sorted(path for path in TEMPLATES.rglob("*.html"))
NAMES = [str(path.relative_to(TEMPLATES)) for path in FILES]
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)

OWN_PAGE = "errors/500.html"
"""Shown when nothing works any more: it takes no other file."""


SOURCES = {name: (TEMPLATES / name).read_text("utf-8") for name in NAMES}


def test_every_template_compiles() -> None:
    for name in NAMES:
        get_template(name)


def test_no_style_or_script_stands_in_a_page() -> None:
    """A letter is no page: who reads it fetches no style sheet, so its styles stand in it; scripts it has none."""
    for name, source in SOURCES.items():
        styles = "" if name.startswith("mail/") else r"<style|\sstyle=|"
        assert not re.search(rf"{styles}\son[a-z]+=\"|javascript:|hx-on|hx-vals=.js:", source), name
        assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", source), name
        from_elsewhere = re.search(r"(?:src|href)=\"(?:https?:)?//", source)
        assert not from_elsewhere, f"{name}: everything comes from this server"


@pytest.mark.parametrize("name", [name for name, source in SOURCES.items() if "hx-" in source])
def test_what_htmx_does_works_without_it(name: str) -> None:
    """Every hx-get stands beside an href, holds the link that it follows by itself, or is in a GET form; every
    hx-post is a POST form or a button of one."""
    source = SOURCES[name]
    page = BeautifulSoup(TAG.sub("x", source), "html.parser")
    for element in page.select("[hx-get]"):
        is_button = (
            element.name == "button" and element.get("type") == "submit"
        )  # of the form that includes it
        works = element.get("href") or element.find_parent("form") or element.name == "form" or is_button
        if element.get("hx-trigger") == "load":  # what comes by itself is a link away without scripts
            works = element.select_one("a[href]")
        assert works, element
    for element in page.select("[hx-post]"):
        form = element if element.name == "form" else element.find_parent("form")
        assert form is not None, element
        assert form.get("method", "").lower() == "post", element
    assert not page.select("[hx-put], [hx-patch], [hx-delete]"), "forms of HTML know GET and POST only"


def test_forms_that_change_something_carry_their_token() -> None:
    form_of = re.compile(r"<form\b(?=[^>]*method=\"post\").*?</form>", re.DOTALL | re.IGNORECASE)
    for name, source in SOURCES.items():
        for form in form_of.findall(source):
            # Citizens' pages set no cookie, so no authority rides on a form of theirs (camket.web.public.request).
            assert ("{% csrf_token %}" in form) == (not name.startswith("public/")), (name, form)


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    code += "\n".join(path.read_text("utf-8") for path in FILES)
    unused = [name for name in NAMES if f'"{name}' not in code and f"'{name}" not in code]
    assert unused == []


def test_every_icon_named_is_there() -> None:
    names: set[str] = set()
    for path in FILES:
        source = path.read_text("utf-8")
        names |= set(re.findall(r"\{% icon \"([^\"]+)\"", source))
        names |= set(re.findall(r"icon_name=\"([^\"]+)\"", source))
    missing = [name for name in sorted(names) if not (STATIC / f"vendor/tabler-icons/{name}.svg").exists()]
    assert missing == []


def test_addresses_named_are_there() -> None:
    """Also those that stand behind a condition which no page test meets."""
    known: set[str] = set()

    def note(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for each in patterns:
            if isinstance(each, URLResolver):
                note(each.url_patterns, f"{prefix}{each.namespace}:" if each.namespace else prefix)
            elif each.name:
                known.add(f"{prefix}{each.name}")

    note(get_resolver().url_patterns, "")
    named = {
        (name, address)
        for name, source in SOURCES.items()
        for address in re.findall(r"\{%-?\s*url\s+['\"]([^'\"]+)['\"]", source)
    }
    assert len(named) > 300
    assert sorted(each for each in named if each[1] not in known) == []


def test_static_files_named_are_there() -> None:
    named = {
        name
        for path in FILES
        for name in re.findall(r"\{% static ['\"]([^'\"]+)['\"]", path.read_text("utf-8"))
    }
    assert sorted(name for name in named if not (STATIC / name).exists()) == []


def test_style_sheets_point_to_files_that_are_there() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        for target in re.findall(r"url\(\"?([^\")]+)\"?\)", sheet.read_text("utf-8")):
            assert target.startswith("data:") or (sheet.parent / target).resolve().exists(), (
                sheet.name,
                target,
            )


@pytest.mark.parametrize("folder", sorted((STATIC / "vendor").iterdir()), ids=lambda folder: folder.name)
def test_vendored_files_say_their_version_and_licence(folder: Path) -> None:
    assert re.search(r"\d+\.\d+\.\d+", (folder / "VERSION").read_text("utf-8"))
    assert (folder / "LICENSE").stat().st_size > 100
    maps = [
        path.name
        for path in folder.iterdir()
        if path.suffix in {".css", ".js"} and "sourceMappingURL" in path.read_text("utf-8")
    ]
    assert maps == [], "collecting static files stops at a map that is not there"


def test_the_last_page_needs_nothing() -> None:
    assert not re.search(r"\{[%{]", (TEMPLATES / OWN_PAGE).read_text("utf-8"))


def test_what_is_counted_is_read_before_the_words_are_given_names() -> None:
    """``count n=shown.days with shown=…`` counts the new ``shown``: the tag names its words first, and then breaks."""
    shadowed = re.compile(r"blocktranslate[^%]*?\bcount \w+=(\w+)[.|][^%]*?\bwith [^%]*?\b\1=")
    assert shadowed.search("blocktranslate trimmed count count=shown.days with shown=shown.days|number %}")
    assert not [name for name, source in SOURCES.items() if shadowed.search(source)]
