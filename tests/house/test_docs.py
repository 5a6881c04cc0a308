"""Documentation is a tested artefact: its commands run, its links lead somewhere, its tables agree with the code."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from camket.config import cli
from camket.paper.templating.listing import as_markdown
from processes import command, command_of_many, prepared

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMAND = re.compile(r"^\s*(?:\.venv/bin/)?camket (.+)$")


def commands(page: Path) -> list[str]:
    """The ``camket`` lines of the shell blocks of a page; ``text`` blocks are examples that are not run."""
    found = []
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        found += [match[1] for line in block.splitlines() if (match := COMMAND.match(line))]
    return found


@pytest.mark.parametrize(
    "page", [page for page in PAGES if commands(page)], ids=lambda page: str(page.relative_to(ROOT))
)
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    run = command
    if page.name != "README.md":  # whose readers begin with nothing
        prepared(tmp_path / "data")
        run = command_of_many
    environment = {
        **os.environ,
        "CAMKET_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "camket.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    for words in commands(page):
        done = run(environment, *shlex.split(words), folder=tmp_path)
        assert done.returncode == 0, f"camket {words}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in (ROOT / "src/camket").rglob("*.py"))
    used = set(re.findall(r'"(CAMKET_[A-Z_]+|DATABASE_URL)"', code))
    assert used == set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def subcommands(parser: argparse.ArgumentParser, prefix: str = "") -> list[str]:
    names = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                nested = subcommands(child, f"{prefix}{name} ")
                names += nested or [f"{prefix}{name}"]
    return names


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs/reference/command-line.md").read_text("utf-8")
    assert not [name for name in subcommands(cli.command_parser()) if f"camket {name}" not in page]


def test_the_fields_of_templates_are_those_of_the_code() -> None:
    assert (ROOT / "docs/reference/template-fields.md").read_text("utf-8") == as_markdown()


def test_every_decision_record_is_listed() -> None:
    listed = set(
        re.findall(r"\((\d{4}-[a-z0-9-]+\.md)\)", (ROOT / "docs/decisions/README.md").read_text("utf-8"))
    )
    assert listed == {path.name for path in (ROOT / "docs/decisions").glob("0*.md")}


def test_the_changelog_has_an_unreleased_heading() -> None:
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")
