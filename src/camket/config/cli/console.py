"""What every command takes and says: messages in a language, files in and out, exit statuses."""

from __future__ import annotations

import argparse
import gettext
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from camket.core.messages import Message, Refusal, gettext_noop

LOCALE = Path(__file__).resolve().parents[4] / "locale"
REFUSED = 1
MISUSED = 2

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Translate = Callable[[Message], str]


def translator(language: str) -> Translate:
    """Return what says a message in a language, without Django: reading a file needs no installation."""
    catalogue = gettext.translation("django", LOCALE, [language], fallback=True)

    def translate(message: Message) -> str:
        text = catalogue.gettext(message.template)
        return text % message.params if message.params else text

    return translate


def date_argument(text: str) -> date:
    """Return the day that an argument names; for ``type=`` of argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a date like 2026-06-30") from None


def read_bytes(path: Path) -> bytes:
    """Return what a file holds, standard input for ``-``; raises Refusal where it cannot be opened."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Refusal(
            Message(
                gettext_noop("%(file)s cannot be opened: %(reason)s. Check the path and try again."),
                {"file": str(path), "reason": error.strerror or str(error)},
            )
        ) from None


def save(path: Path, data: bytes | Iterator[bytes]) -> None:
    """Write a whole file or nothing; what comes in pieces holds people's data and is for its owner alone."""
    part = path.with_name(path.name + ".part")
    try:
        part.touch(0o600 if not isinstance(data, bytes) else 0o666)
        with part.open("wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
        part.replace(path)
    except OSError as error:
        raise Refusal(
            Message(
                gettext_noop("%(file)s cannot be written: %(reason)s."),
                {"file": str(path), "reason": error.strerror or str(error)},
            )
        ) from None
    finally:
        part.unlink(missing_ok=True)


def print_json(data: Any) -> None:
    """Print data as JSON that people can read too."""
    print(json.dumps(data, ensure_ascii=False, indent=2))
