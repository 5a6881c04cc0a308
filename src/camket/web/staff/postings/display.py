"""Postings in a person's words: what calls for somebody, and how long something hangs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.postings import TO_DO, Concern, Rule
from camket.paper.sheets import Value
from camket.publishing.queries.postings import NoticeRow, kind_name
from camket.web import vietnamese

TONES = {
    Concern.ENDED: "red",
    Concern.CHECK: "red",
    Concern.PLACE: "amber",
    Concern.PROOF: "amber",
    Concern.ENDING: "amber",
    Concern.SHORT: "grey",
    Concern.LATE: "grey",
}
WORDS = {
    Concern.ENDED: _("Its last day is over"),
    Concern.CHECK: _("What it shows has changed"),
    Concern.PLACE: _("Not posted everywhere yet"),
    Concern.PROOF: _("No proof yet"),
    Concern.ENDING: _("Ends soon"),
    Concern.SHORT: _("Shorter than is asked"),
    Concern.LATE: _("Posted late"),
}
ADVICE = {
    Concern.ENDED: _("Note on which day it was taken down, or renew it."),
    Concern.CHECK: _("Replace the paper by the one that holds now and renew the posting, or take it down."),
    Concern.PROOF: _("Take a photo of it, or give its web address."),
    Concern.ENDING: _("Take it down after its last day, or renew it."),
    Concern.SHORT: _("Leave it hanging, or put a later last day."),
    Concern.LATE: _("It stays noted as it was."),
}

HEADS = (
    "Nội dung niêm yết", "Loại nội dung", "Số, ký hiệu văn bản", "Ngày văn bản", "Nơi niêm yết", "Loại nơi", "Ngày niêm yết",
    "Niêm yết đến hết ngày", "Ngày gỡ", "Địa chỉ trên mạng", "Người niêm yết", "Có minh chứng", "Ghi chú", "Đã hủy vì",
)  # fmt: skip


def shown(row: NoticeRow, today: date) -> dict[str, Any]:
    """Return a posting as lists and its page show it."""
    advice = ""
    if row.concerns:
        first = row.concerns[0]
        if first is Concern.PLACE:
            kinds = "; ".join(kind_name(kind) for kind in row.lacking)
            advice = gettext("Also to be posted: %(kinds)s.") % {"kinds": kinds}
        else:
            advice = str(ADVICE[first])
    return {
        "row": row,
        "badges": [{"label": WORDS[each], "tone": TONES[each]} for each in row.concerns],
        "advice": advice,
        "first": row.concerns[0].value if row.concerns else "",
        "is_to_do": bool(TO_DO.intersection(row.concerns)),
        "left": left(row, today),
    }


def left(row: NoticeRow, today: date) -> str:
    """Return how many days a posting still hangs, in words; "" for what hangs permanently or no more."""
    if not row.is_up or row.until is None:
        return ""
    days = (row.until - today).days
    if days < 0:
        return ngettext("%(days)s day over", "%(days)s days over", -days) % {"days": vietnamese.number(-days)}
    if days == 0:
        return gettext("today is the last day")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": vietnamese.number(days)}


def rule_places(rule: Rule) -> str:
    """Return the kinds of places that a rule asks for."""
    spoken = ("loudspeaker",) if rule.spoken_days else ()
    return "; ".join(kind_name(kind) for kind in (*rule.places, *spoken))


def cells(row: NoticeRow) -> list[Value]:
    """Return a posting as a row of the register's table."""
    return [
        row.subject,
        row.rule_name,
        row.document_number,
        row.decided_on,
        row.place,
        kind_name(row.place_kind),
        row.posted_on,
        row.until,
        row.removed_on,
        row.address,
        row.posted_by,
        "Có" if row.has_proof else "Chưa",
        row.note,
        row.cancellation,
    ]
