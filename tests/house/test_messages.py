"""Vietnamese is complete: no sentence for people without it, placeholders equal, text composed."""

from __future__ import annotations

import ast
import re
import shutil
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from tools import messages

from camket.notifications import due
from camket.org.policy import ACTS
from camket.web.staff.organisation import words

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(ROOT.glob("locale*/vi/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sdi]|\{\w+\}")
MARKUP = re.compile(r"</?(\w+)")


def entries(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file, locale="vi") if message.id]


def ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (str(message.id),)


def texts(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (str(message.string),)


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_every_sentence_of_the_source_has_its_vietnamese() -> None:
    assert messages.missing() == []


def test_no_sentence_stands_within_an_f_string() -> None:
    """There xgettext does not find it: it could lack its Vietnamese, or be dropped as unused, and nothing would say so."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "src").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and re.fullmatch(r"_|n?p?gettext(_lazy|_noop)?", ast.unparse(call.func).rpartition(".")[2])
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-4])
def test_no_entry_is_empty_or_doubtful(path: Path) -> None:
    assert [message.id for message in entries(path) if message.fuzzy or not all(texts(message))] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-4])
def test_placeholders_and_markup_are_kept(path: Path) -> None:
    wrong = []
    for message in entries(path):
        for kind in (PLACEHOLDER, MARKUP):
            wanted = {frozenset(kind.findall(text)) for text in ids(message)}
            said = frozenset(found for text in texts(message) for found in kind.findall(text))
            if said not in wanted:
                wrong.append((message.id, message.string))
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-4])
def test_vietnamese_is_composed_and_tidy(path: Path) -> None:
    untidy = [
        text
        for message in entries(path)
        for text in texts(message)
        if text != unicodedata.normalize("NFC", text) or text != text.strip() or "  " in text
    ]
    assert untidy == []


def test_a_sentence_keeps_its_full_stop() -> None:
    other = [
        (message.id, message.string)
        for message in entries(messages.CATALOGUE)
        for text in texts(message)
        if len(ids(message)[-1]) > len("No.")
        and ids(message)[-1].endswith(".") != text.endswith(".")
        and not text.endswith("…")
    ]
    assert other == []


def test_every_verb_of_the_journal_has_words() -> None:
    verb = re.compile(rf'"((?:{"|".join(words.KINDS)})\.[a-z_]+)"')
    packages = ["org", "documents", "actions", "indicators", "objectives", "improvement", "reporting"]
    said = {
        found
        for package in packages
        for path in (ROOT / "src/camket" / package).rglob("*.py")
        for found in verb.findall(path.read_text("utf-8"))
    }
    no_verbs = {
        "agency.name",
        "agency.level",
        "announcement.json",
        "personal_data.json",
    }  # fields of a reading, the name of a file
    assert len(said) > 60
    assert sorted(said - set(words.VERBS) - set(ACTS) - due.keys() - no_verbs) == []
