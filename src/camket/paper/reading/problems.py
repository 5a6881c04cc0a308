"""Why a file cannot be read, and the limits of what is read."""

from __future__ import annotations

from camket.core.messages import Message, Refusal, gettext_noop

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 300
MAX_CHARACTERS = 1_000_000
"""As many as 300 pages hold; more would keep a reader waiting for minutes."""
MAX_TAGS = 4_000_000
"""Tags of one XML part: eight times what 300 pages have; more would fill the memory."""
MAX_MINUTES = 5
"""How long a PDF may take; 300 pages of text take one, recognising a scanned page some seconds."""

ACCEPTED = "DOCX, PDF, ODT, TXT"


class UnreadableDocument(Refusal):
    """A file that cannot be read as a decision; ``message`` says why and how to mend it.

    ``code`` is one of ``empty``, ``too_large``, ``too_long``, ``bomb``, ``encrypted``, ``damaged``, ``old_doc``,
    ``image_only``, ``unknown_format``, ``no_text``, ``foreign``, ``macros``, ``too_slow``.
    """

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code


def empty(name: str) -> UnreadableDocument:
    """Return the refusal of a file with nothing in it."""
    return UnreadableDocument(
        "empty",
        Message(
            gettext_noop("The file %(name)s is empty. Please choose the file again, or save it once more."),
            {"name": name},
        ),
    )


def too_large(name: str, size: int) -> UnreadableDocument:
    """Return the refusal of a file above the limit of bytes."""
    return UnreadableDocument(
        "too_large",
        Message(
            gettext_noop(
                "The file %(name)s has %(size)s MB; at most %(limit)s MB are read. "
                "Please make its pictures smaller, or save the decision alone."
            ),
            {"name": name, "size": str(-(-size // 1048576)), "limit": str(MAX_BYTES // 1048576)},
        ),
    )


def too_long(name: str, pages: int) -> UnreadableDocument:
    """Return the refusal of a file with too many pages."""
    return UnreadableDocument(
        "too_long",
        Message(
            gettext_noop(
                "The file %(name)s has %(pages)s pages; at most %(limit)s are read. "
                "Please save the decision and its annexes alone."
            ),
            {"name": name, "pages": str(pages), "limit": str(MAX_PAGES)},
        ),
    )


def too_much_text(name: str) -> UnreadableDocument:
    """Return the refusal of a file with more text than a decision with all its annexes has."""
    return UnreadableDocument(
        "too_long",
        Message(
            gettext_noop(
                "The file %(name)s holds more text than %(limit)s pages do; at most so many are read. "
                "Please save the decision and its annexes alone."
            ),
            {"name": name, "limit": str(MAX_PAGES)},
        ),
    )


def bomb(name: str) -> UnreadableDocument:
    """Return the refusal of an office file that unpacks to far more than it should."""
    return UnreadableDocument(
        "bomb",
        Message(
            gettext_noop(
                "The file %(name)s unpacks to far more than an honest document does, so it is not opened. "
                "Please save it once more with your word processor."
            ),
            {"name": name},
        ),
    )


def foreign(name: str) -> UnreadableDocument:
    """Return the refusal of a file in which two programs would see two different files."""
    return UnreadableDocument(
        "foreign",
        Message(
            gettext_noop(
                "The file %(name)s hides another file in itself, so it is not opened. "
                "Please save it once more with your word processor."
            ),
            {"name": name},
        ),
    )


def macros(name: str) -> UnreadableDocument:
    """Return the refusal of an office file that brings a program."""
    return UnreadableDocument(
        "macros",
        Message(
            gettext_noop(
                "The file %(name)s holds macros or another program, so it is not opened. "
                "Please save it as a Word document without macros (.docx) and choose the new file."
            ),
            {"name": name},
        ),
    )


def too_slow(name: str) -> UnreadableDocument:
    """Return the refusal of a file that takes too long to read."""
    return UnreadableDocument(
        "too_slow",
        Message(
            gettext_noop(
                "The file %(name)s takes longer than %(minutes)s minutes to read, so reading was stopped. "
                "Please save the decision and its annexes alone, or choose the DOCX that was signed."
            ),
            {"name": name, "minutes": str(MAX_MINUTES)},
        ),
    )


def encrypted(name: str) -> UnreadableDocument:
    """Return the refusal of a file locked by a password."""
    return UnreadableDocument(
        "encrypted",
        Message(
            gettext_noop(
                "The file %(name)s is locked by a password. Please remove the password and choose it again."
            ),
            {"name": name},
        ),
    )


def damaged(name: str, kind: str) -> UnreadableDocument:
    """Return the refusal of a file that its format's reader cannot follow."""
    return UnreadableDocument(
        "damaged",
        Message(
            gettext_noop(
                "The file %(name)s looks like %(kind)s but is damaged. "
                "Please open it with your word processor, save it once more and choose it again."
            ),
            {"name": name, "kind": kind},
        ),
    )


def old_doc(name: str) -> UnreadableDocument:
    """Return the refusal of Word's format before 2007."""
    return UnreadableDocument(
        "old_doc",
        Message(
            gettext_noop(
                "The file %(name)s is of Word's old format (.doc). "
                "Please open it with Word, choose Save as, Word document (.docx), and choose the new file."
            ),
            {"name": name},
        ),
    )


def image_only(name: str) -> UnreadableDocument:
    """Return the refusal of a scan where no text recognition is installed."""
    return UnreadableDocument(
        "image_only",
        Message(
            gettext_noop(
                "The file %(name)s holds pictures of pages and no text, and text recognition "
                "(tesseract with Vietnamese) is not installed here. Please choose the DOCX that was signed."
            ),
            {"name": name},
        ),
    )


def unknown_format(name: str) -> UnreadableDocument:
    """Return the refusal of a format that is not read."""
    return UnreadableDocument(
        "unknown_format",
        Message(
            gettext_noop(
                "The file %(name)s is of a format that is not read. These are: %(accepted)s. "
                "Please save it as one of them."
            ),
            {"name": name, "accepted": ACCEPTED},
        ),
    )


def no_text(name: str) -> UnreadableDocument:
    """Return the refusal of a file whose format is read but that holds no text."""
    return UnreadableDocument(
        "no_text",
        Message(
            gettext_noop("The file %(name)s holds no text that could be read. Please check what is in it."),
            {"name": name},
        ),
    )
