"""Paper of surveys: the poster with its QR code, slips with a link each, the questionnaire to be filled in by hand.

Written as PDF with typst, the codes drawn by segno. The words are Vietnamese, as all that leaves on paper is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno

from camket.core.questionnaire import OVERALL, VIETNAMESE, Content, Kind, Question
from camket.core.wording.text import fold
from camket.paper.writing.typesetting import typeset

TEMPLATE = Path(__file__).parent / "survey.typ"

PAPERS: Mapping[str, float] = {"a4": 1.0, "a3": 1.4142}
"""Sizes of a poster, by how far one drawn for A4 is enlarged."""

PER_PAGE = (8, 4)
"""Slips on a page of A4."""

CALL = "Ông/bà hài lòng ở mức nào?"
_HOW = "Mở máy ảnh của điện thoại, đưa vào mã này"
_PRIVATE = (
    "Phiếu không hỏi tên. Ý kiến được cộng chung với mọi người; cán bộ, công chức không biết ai trả lời gì."
)


@dataclass(frozen=True, slots=True)
class Office:
    """Whose paper it is: the agency's full name, and of the body above it."""

    agency: str
    superior: str = ""


@dataclass(frozen=True, slots=True)
class PosterText:
    """What a poster of a point says. ``about`` is the unit or field it asks about; ``address`` leads to the questions."""

    office: Office
    content: Content
    address: str
    point: str
    about: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class SlipText:
    """One slip: its address, and a small mark in its corner: its serial, or to which dossier's paper it is laid."""

    address: str
    mark: str


def write_poster(poster: PosterText, paper: str) -> bytes:
    """Return a poster as PDF; ``paper`` is of :data:`PAPERS` (KeyError for others)."""
    content = poster.content
    has_english = "en" in content.languages
    return _pdf(
        {
            "kind": "poster",
            "title": f"{CALL} {poster.point}",
            "agency": poster.office.agency,
            "superior": poster.office.superior,
            "scale": PAPERS[paper],
            "call": CALL,
            "purpose": "Mời ông/bà cho biết ý kiến về lần giải quyết thủ tục vừa qua tại",
            "about": poster.about or poster.point,
            "svg": _code(poster.address, error="q"),
            "code_alt": f"Mã QR dẫn tới {poster.address}",
            "how": _HOW,
            "or_type": "hoặc gõ địa chỉ:",
            "address": _shown(poster.address),
            "notes": [
                {
                    "head": "Nhanh",
                    "text": f"{len(content.questions)} câu hỏi, {_minutes(content)}. Câu nào không rõ, cứ bỏ qua.",
                },
                {"head": "Không hỏi tên", "text": _PRIVATE.removeprefix("Phiếu không hỏi tên. ")},
                {
                    "head": "Không có điện thoại?",
                    "text": "Lấy phiếu giấy tại quầy, đánh dấu rồi bỏ vào hòm phiếu. Cần người đọc giúp, xin cứ nói.",
                },
            ],
            "english": "How well did we serve you? Scan the code. Nobody asks for your name."
            if has_english
            else "",
            "foot": " · ".join(part for part in (poster.point, poster.mark) if part),
        }
    )


def write_slips(office: Office, content: Content, slips: Sequence[SlipText], per_page: int) -> bytes:
    """Return slips as PDF on A4, four or eight to a page with lines to cut along (ValueError for other numbers)."""
    if per_page not in PER_PAGE:
        raise ValueError(per_page)
    return _pdf(
        {
            "kind": "slips",
            "title": CALL,
            "agency": office.agency,
            "per_page": per_page,
            "call": CALL,
            "how": f"{_HOW} và trả lời {len(content.questions)} câu hỏi ({_minutes(content)}).",
            "notes": [
                _PRIVATE,
                "Mã dùng được một lần. Không có điện thoại, xin lấy phiếu giấy tại quầy.",
            ],
            "code_alt": "Mã QR dẫn tới phiếu khảo sát",
            "slips": [
                {"svg": _code(each.address, error="m"), "address": _shown(each.address), "mark": each.mark}
                for each in slips
            ],
        }
    )


def write_form(office: Office, content: Content, edition: str) -> bytes:
    """Return the questionnaire as PDF to be filled in by hand; ``edition`` says in the footer which one it is."""
    return _pdf(
        {
            "kind": "form",
            "title": content.title[VIETNAMESE],
            "agency": office.agency,
            "superior": office.superior,
            "code_alt": "",
            "number": "Số phiếu: ……………",
            "introduction": content.introduction[VIETNAMESE],
            "notes": [
                "Mỗi câu, ông/bà đánh dấu × vào một ô. Đánh nhầm thì khoanh tròn dấu cũ và đánh lại. "
                "Ngày trả lời: ……/……/20……    Lĩnh vực thủ tục: ………………………………………"
            ],
            "scale": [each[VIETNAMESE] for each in content.scale],
            "parts": list(_parts(content)),
            "thanks": content.thanks[VIETNAMESE],
            "foot": edition,
        }
    )


def _parts(content: Content) -> Iterator[dict[str, Any]]:
    """Give the questions in their order, neighbours on the scale of one factor in one table."""
    labels = {factor.key: factor.label[VIETNAMESE] for factor in content.factors}
    table: dict[str, Any] | None = None
    for number, question in enumerate(content.questions, start=1):
        if question.kind is Kind.SCALE:
            heading = _heading(question, labels)
            if table is None or table["label"] != heading:
                if table is not None:
                    yield table
                table = {"kind": "scale", "label": heading, "questions": []}
            table["questions"].append({"number": number, "text": question.text[VIETNAMESE]})
            continue
        if table is not None:
            yield table
            table = None
        yield {
            "kind": question.kind.value,
            "number": number,
            "text": question.text[VIETNAMESE],
            "options": [option.label[VIETNAMESE] for option in question.options],
        }
    if table is not None:
        yield table


def _heading(question: Question, labels: Mapping[str, str]) -> str:
    return "Đánh giá chung" if question.key == OVERALL else labels.get(question.factor, "Câu hỏi")


def _minutes(content: Content) -> str:
    """Return how long the answering takes, at some ten seconds a question."""
    minutes = round(len(content.questions) / 6)
    return (
        f"khoảng {minutes} phút"
        if minutes > 1
        else "chưa đến 1 phút"
        if len(content.questions) < 6
        else "khoảng 1 phút"
    )


def _shown(address: str) -> str:
    return fold(address).removeprefix("https://").removeprefix("http://")


def _code(address: str, *, error: str) -> str:
    """Return the QR code of an address as SVG; ``error`` is its level: posters get scratched, slips are small."""
    out = io.BytesIO()
    segno.make(address, error=error, micro=False, boost_error=False).save(
        out, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, unit="", nl=False
    )
    return out.getvalue().decode("utf-8")


def _pdf(document: Mapping[str, Any]) -> bytes:
    return typeset(TEMPLATE, "document", document, for_archive=False)
