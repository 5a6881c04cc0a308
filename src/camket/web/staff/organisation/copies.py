"""A copy of everything held on a person: a page to read and the same as data, in one ZIP file."""

from __future__ import annotations

import io
import json
import zipfile

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from camket.org.personal import Section
from camket.web.request import StaffRequest, say
from camket.web.staff.organisation import words

VERB_COLUMN = {"journal_acts": 1, "journal_about": 1}
"""Which column of a section holds a verb of the journal."""

FIELD_COLUMN = {"identity": 0}
KIND_COLUMN = {"accesses": 2}
MOMENT = (2026, 1, 1, 0, 0, 0)
"""Time of the files inside, always the same: the same data give the same bytes."""


def copy_of(request: StaffRequest, sections: tuple[Section, ...], person_id: int) -> HttpResponse:
    """Return the copy, in Vietnamese; its file's name holds a number and no name."""
    with translation.override("vi"):
        shown = [_shown(section) for section in sections]
        page = render_to_string(
            "staff/organisation/copy.html",
            {"sections": shown, "agency": request.agency, "today": request.today},
        )
    data = {
        "agency": {"code": request.agency.code, "name": request.agency.full_name},
        "person": person_id,
        "on": request.today.isoformat(),
        "sections": [
            {"code": section.code, **{name: value for name, value in each.items() if name != "code"}}
            for section, each in zip(sections, shown, strict=True)
        ],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("du-lieu.html", page),
            ("du-lieu.json", json.dumps(data, ensure_ascii=False, indent=2)),
        ):
            archive.writestr(zipfile.ZipInfo(name, MOMENT), text, zipfile.ZIP_DEFLATED)
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    name = f"du-lieu-ca-nhan-{person_id}-{request.today:%Y%m%d}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _shown(section: Section) -> dict[str, object]:
    return {
        "code": section.code,
        "title": say(section.title),
        "columns": [say(column) for column in section.columns],
        "rows": [
            [_cell(section.code, column, value) for column, value in enumerate(row)] for row in section.rows
        ],
    }


def _cell(code: str, column: int, value: str) -> str:
    if VERB_COLUMN.get(code) == column:
        return words.verb_label(value)
    if FIELD_COLUMN.get(code) == column:
        return words.field_label(value)
    if KIND_COLUMN.get(code) == column:
        return gettext(value)
    return value
