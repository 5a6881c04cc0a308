"""What posters for the notice board say: made of frozen publications only, never of live records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.text import capfirst

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import format_date
from camket.paper.writing.board import BoardObjective, BoardTarget, BoardText
from camket.publishing.content import OBJECTIVES, POLICY, RESULTS
from camket.publishing.models import Publication

SHOWN = (POLICY, OBJECTIVES, RESULTS)
"""Kinds of publications that posters are made of."""

_TONES = {"met": "good", "on_track": "good", "at_risk": "warn", "missed": "bad"}


class NoPoster(Refusal):
    """There is no poster of it: it is not public, or no policy, objectives or results."""


def board_of(publication: Publication, *, full_name: str, superior: str, address: str) -> BoardText:
    """Return what the poster of a publication says; ``address`` is that of the public page, "" where it is closed.

    Raises NoPoster.
    """
    if publication.kind not in SHOWN:
        raise NoPoster(
            Message(gettext_noop("Posters are made of the quality policy, the objectives and their results."))
        )
    if publication.state != Publication.State.PUBLISHED:
        raise NoPoster(Message(gettext_noop("A poster is made of what is public now; publish it first.")))
    content: Mapping[str, Any] = publication.content
    is_results = publication.kind == RESULTS
    told = f"Số liệu đến ngày {_day(content['as_of'])}. " if is_results else ""
    return BoardText(
        agency=full_name,
        superior=superior,
        title=publication.title
        if not is_results
        else f"Kết quả thực hiện mục tiêu chất lượng năm {content['year']}",
        decision=_decision(content.get("decision") or {}),
        motto=content.get("motto", ""),
        commitments=tuple(content.get("commitments", ())),
        objectives=tuple(
            BoardObjective(
                str(objective["number"]),
                objective["text"],
                tuple(_target(target, is_results=is_results) for target in objective["targets"]),
            )
            for objective in content.get("objectives", ())
        ),
        has_results=is_results,
        foot=f"{told}Công khai theo Luật Thực hiện dân chủ ở cơ sở.",
        address=address,
    )


def _target(target: Mapping[str, Any], *, is_results: bool) -> BoardTarget:
    if not is_results:
        return BoardTarget(target["number"], capfirst(target["text"]), target["meaning"])
    return BoardTarget(
        target["number"],
        capfirst(target["text"]),
        target["goal"],
        target["result"],
        target["state_word"],
        _TONES.get(target["state"], ""),
    )


def _decision(decision: Mapping[str, Any]) -> str:
    number, day = decision.get("number"), decision.get("date")
    parts = [f"số {number}" if number else "", f"ngày {_day(day)}" if day else ""]
    said = " ".join(part for part in parts if part)
    return f"(Ban hành kèm theo Quyết định {said})" if said else ""


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))
