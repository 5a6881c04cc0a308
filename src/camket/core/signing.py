"""Who signs for a body, and how it is written above the name: TM., KT., TL., TUQ., Q.

Source: Nghị định 30/2020/NĐ-CP, Điều 13; Phụ lục I, phần II, mục 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from camket.core.messages import Message, gettext_noop


class Mark(StrEnum):
    """In whose stead somebody signs; none is the head of a body under one head, who signs by the own post."""

    OWN = ""
    FOR_ALL = "TM."
    ACTING = "Q."
    INSTEAD = "KT."
    BY_ORDER = "TL."
    BY_AUTHORITY = "TUQ."


MARKS = {
    Mark.FOR_ALL: Message(gettext_noop("TM. – for the committee, as its head")),
    Mark.INSTEAD: Message(gettext_noop("KT. – deputy, in the head's stead")),
    Mark.BY_ORDER: Message(gettext_noop("TL. – head of a unit, by the head's order")),
    Mark.BY_AUTHORITY: Message(gettext_noop("TUQ. – by the head's written authority")),
    Mark.ACTING: Message(gettext_noop("Q. – acting head")),
    Mark.OWN: Message(gettext_noop("Signs by the own post")),
}
"""Every mark with what it says, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class SigningWords:
    """The two texts that a paper has above the name: the body that is signed for, and the post with its mark."""

    authority: str
    capacity: str


def signing_words(mark: Mark, *, body: str, head: str, post: str) -> SigningWords:
    """Return how somebody signs. ``body`` is signed for ("Ủy ban nhân dân"; "" where one head leads), ``head`` its head's post.

    >>> signing_words(Mark.INSTEAD, body="Ủy ban nhân dân", head="Chủ tịch", post="Phó Chủ tịch")
    SigningWords(authority='TM. ỦY BAN NHÂN DÂN', capacity='KT. CHỦ TỊCH / PHÓ CHỦ TỊCH')
    >>> signing_words(Mark.BY_ORDER, body="Ủy ban nhân dân", head="Chủ tịch", post="Chánh Văn phòng")
    SigningWords(authority='', capacity='TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG')
    >>> signing_words(Mark.ACTING, body="", head="Giám đốc", post="")
    SigningWords(authority='', capacity='Q. GIÁM ĐỐC')
    """
    head, post = head.upper(), post.upper()
    for_all = f"TM. {body.upper()}" if body else ""
    match mark:
        case Mark.FOR_ALL:
            return SigningWords(for_all, post or head)
        case Mark.ACTING:
            return SigningWords(for_all, f"Q. {head}")
        case Mark.INSTEAD:
            return SigningWords(for_all, f"KT. {head} / {post}")
        case Mark.BY_ORDER | Mark.BY_AUTHORITY:
            return SigningWords("", f"{mark.value} {head} / {post}")
        case Mark.OWN:
            return SigningWords("", post)
