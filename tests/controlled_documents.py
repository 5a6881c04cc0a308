"""Controlled documents for the tests: drafts with a file or written here, approved, issued, in effect."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

from docx import Document as Docx

from camket.core.controlled import Component, ProcedureContent, proposed_procedure
from camket.documents.models import DocumentEdition
from camket.documents.operations import controlled, editions
from camket.documents.operations.editions import DocumentData, Draft, Upload
from camket.org.policy import Actor
from people import TODAY, People
from work import NOW


def docx(*lines: str) -> bytes:
    paper = Docx()
    for line in lines:
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def from_file(*lines: str, name: str = "quy-trinh.docx") -> Draft:
    return Draft(upload=Upload(docx(*lines), name))


def add(
    people: People, *, actor: Actor | None = None, draft: Draft | None = None, **data: Any
) -> DocumentEdition:
    values = {"kind": "system", "title": "Kiểm soát tài liệu", **data}
    return controlled.create_document(
        actor=actor or people.an, data=DocumentData(**values), draft=draft or from_file("Điều 1"), now=NOW
    )


def approve(people: People, edition: DocumentEdition) -> None:
    editions.submit_edition(actor=people.an, edition_id=edition.pk, now=NOW)
    editions.approve_edition(actor=people.chau, edition_id=edition.pk, now=NOW)


def issue(people: People, edition: DocumentEdition, *, on: date = TODAY, number: str = "12/QĐ-UBND") -> None:
    editions.issue_edition(
        actor=people.an, edition_id=edition.pk, number=number, decided_on=TODAY, effective_on=on, now=NOW
    )


def in_effect(people: People, **data: Any) -> DocumentEdition:
    edition = add(people, **data)
    approve(people, edition)
    issue(people, edition)
    edition.refresh_from_db()
    return edition


def states(document_id: int) -> list[tuple[str, str]]:
    rows = DocumentEdition.objects.filter(document_id=document_id).order_by("issue", "revision", "pk")
    return [(f"{each.issue}.{each.revision}", each.state) for each in rows]


def internal() -> ProcedureContent:
    begun = proposed_procedure(
        agency="Ủy ban nhân dân xã Bình Yên", unit="Phòng Kinh tế", limit="02 ngày làm việc", name="Cấp phép"
    )
    return replace(begun, who="Cá nhân", result="Giấy phép", components=(Component("Đơn", "01"),))
