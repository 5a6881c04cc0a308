"""The ``camket`` command: the product from the command line.

Reading, writing and the schema need no database; the rest works on the installation whose folder
``CAMKET_DATA`` names. Every sub-command has ``--help``; those that print data have ``--json``.

One module for each group of commands. What a command needs is imported when it runs: ``camket read`` starts no Django.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from camket import __version__
from camket.config.cli import (
    agencies,
    dossiers,
    figures,
    jobs,
    journal,
    keeping,
    mail,
    papers,
    people,
    plans,
    running,
)
from camket.config.cli.console import REFUSED, translator
from camket.core.messages import Refusal


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one ``camket`` command and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # Windows consoles default to a code page without Vietnamese
    options = command_parser().parse_args(arguments)
    translate = translator(options.language)
    try:
        sys.exit(options.run(options, translate))
    except Refusal as refusal:
        print(translate(refusal.message), file=sys.stderr)
        sys.exit(REFUSED)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if "django.db" not in sys.modules:
            raise
        from camket.config.deployment import why_it_failed

        why = why_it_failed(error)
        if why is None:
            raise
        print(translate(why), file=sys.stderr)
        sys.exit(REFUSED)


def command_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="camket", description="Cam Kết: from a signed decision to a tracked year."
    )
    parser.add_argument("--version", action="version", version=f"camket {__version__}")
    parser.add_argument(
        "--language",
        choices=["vi", "en"],
        default=os.environ.get("CAMKET_LANGUAGE", "vi"),
        help="of messages (vi)",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for group in (papers, running, agencies, people, plans, dossiers, figures, journal, keeping, jobs, mail):
        group.add(commands)
    return parser
