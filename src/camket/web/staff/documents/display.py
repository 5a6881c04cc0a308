"""How documents, editions and legal texts are shown: words, tones and icons for their states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.controlled import Mark
from camket.documents.list_paper import FormUse
from camket.documents.queries.controlled import DocumentRow, EditionRow, OpenChange
from camket.documents.queries.legal import TextRow
from camket.web import vietnamese
from camket.web.staff.badge import Badge

KINDS: Mapping[str, str | Promise] = {
    "manual": _("Quality manual"),
    "policy": _("Quality policy"),
    "system": _("System procedure"),
    "internal": _("Internal procedure of an administrative procedure"),
    "guide": _("Guide, rules"),
    "form": _("Form"),
    "external": _("External document"),
}

GROUPS: Mapping[str, str | Promise] = {
    "manual": _("Quality manual"),
    "policy": _("Quality policy"),
    "system": _("System procedures"),
    "internal": _("Internal procedures"),
    "guide": _("Guides, rules"),
    "form": _("Forms"),
    "external": _("External documents"),
}
"""Kinds as headings of lists and tabs."""

_STATES: Mapping[str, tuple[str | Promise, str]] = {
    "draft": (_("Draft"), "grey"),
    "review": (_("Under review"), "amber"),
    "approved": (_("Approved"), "blue"),
    "effective": (_("In effect"), "green"),
    "replaced": (_("Replaced"), "grey"),
    "withdrawn": (_("Taken out of use"), "red"),
    "discarded": (_("Discarded"), "grey"),
}

FORCE: Mapping[str, tuple[str | Promise, str]] = {
    "coming": (_("Not in force yet"), "blue"),
    "in_force": (_("In force"), "green"),
    "ending": (_("Soon no longer in force"), "amber"),
    "over": (_("No longer in force"), "red"),
    "unknown": (_("Day of effect unknown"), "grey"),
}

CHANGES: Mapping[str, str | Promise] = {
    "amends": _("Amended"),
    "replaces": _("Replaced"),
    "ends": _("Repealed"),
}

MARKS = {Mark.SAME: "same", Mark.REMOVED: "removed", Mark.ADDED: "added", Mark.CHANGED: "changed"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A document with its badges and the name of its kind."""

    row: DocumentRow
    kind: str | Promise
    badge: Badge
    at_work: Badge | None


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """An edition with its badge."""

    row: EditionRow
    badge: Badge


@dataclass(frozen=True, slots=True)
class ShownText:
    """A legal text with its badge."""

    row: TextRow
    badge: Badge


def state_badge(state: str) -> Badge:
    """Return the badge of a state of an edition or a document."""
    label, tone = _STATES[state]
    return Badge(str(label), tone)


def shown(row: DocumentRow) -> Shown:
    """Return a document as lists show it."""
    at_work = state_badge(row.at_work.state) if row.at_work and row.effective else None
    return Shown(row, KINDS[row.kind], state_badge(row.state), at_work)


def shown_edition(row: EditionRow) -> ShownEdition:
    """Return an edition as lists show it; one that is issued for a day to come says so."""
    if row.waits_until is not None:
        label = gettext("In effect from %(day)s") % {"day": vietnamese.day(row.waits_until)}
        return ShownEdition(row, Badge(label, "blue"))
    return ShownEdition(row, state_badge(row.state))


def shown_text(row: TextRow) -> ShownText:
    """Return a legal text as lists show it."""
    label, tone = FORCE[row.force]
    return ShownText(row, Badge(str(label), tone))


def change_name(each: OpenChange) -> str:
    """Return in words how a text changed, and by which."""
    word = str(CHANGES[each.kind])
    return f"{word}: {each.by}" if each.by else word


HEADS = (
    "Mã hiệu",
    "Tên tài liệu",
    "Loại",
    "Bộ phận phụ trách",
    "Lần ban hành",
    "Ngày hiệu lực",
    "Quyết định",
    "Tình trạng",
    "Rà soát trước ngày",
    "Thuộc quy trình",
)
"""Headings of the list of documents as a table; a paper, so Vietnamese by nature."""

_KINDS_ON_PAPER = {
    "manual": "Sổ tay chất lượng",
    "policy": "Chính sách chất lượng",
    "system": "Quy trình hệ thống",
    "internal": "Quy trình nội bộ",
    "guide": "Hướng dẫn, quy định",
    "form": "Biểu mẫu",
    "external": "Tài liệu bên ngoài",
}
_STATES_ON_PAPER = {
    "draft": "Dự thảo",
    "review": "Đang xem xét",
    "approved": "Đã phê duyệt",
    "effective": "Đang áp dụng",
    "withdrawn": "Đã thu hồi",
}


FORM_HEADS = (
    "Mã hiệu",
    "Tên biểu mẫu",
    "Thuộc quy trình",
    "Lần ban hành",
    "Ngày hiệu lực",
    "Bộ phận sử dụng",
    "Lưu hồ sơ",
)
"""Headings of the list of forms as a table."""


def form_cells(each: FormUse) -> Sequence[str | date | None]:
    """Return a form as a row of the list of forms."""
    units = "; ".join(each.units) or "Các bộ phận"
    return (each.code, each.title, each.parent, each.edition, each.effective_on, units, each.kept)


def cells(row: DocumentRow) -> Sequence[str | date | None]:
    """Return a document as a row of the list."""
    effective = row.effective
    return (
        row.code,
        row.title,
        _KINDS_ON_PAPER[row.kind],
        row.unit,
        effective.name if effective else "",
        effective.effective_on if effective else None,
        effective.decision_number if effective else "",
        _STATES_ON_PAPER[row.state],
        row.review_on,
        row.parent_code,
    )
