"""Postings in a person's words: what calls for somebody, and how long something hangs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.posting_plan import Progress
from camket.core.postings import TO_DO, Concern, Rule
from camket.paper.sheets import Value
from camket.publishing.queries.posting_plan import PlannedRow
from camket.publishing.queries.postings import NoticeRow, kind_name
from camket.web import vietnamese

TONES = {
    Concern.ENDED: "red",
    Concern.CHECK: "red",
    Concern.SHORT: "amber",
    Concern.CUT: "red",
    Concern.PLACE: "amber",
    Concern.PROOF: "amber",
    Concern.ENDING: "amber",
    Concern.BRIEF: "grey",
    Concern.LATE: "grey",
}
WORDS = {
    Concern.ENDED: _("Its last day is over"),
    Concern.CHECK: _("What it shows has changed"),
    Concern.SHORT: _("Planned too short"),
    Concern.CUT: _("Taken down too early"),
    Concern.PLACE: _("Not posted everywhere yet"),
    Concern.PROOF: _("No proof yet"),
    Concern.ENDING: _("Ends soon"),
    Concern.BRIEF: _("Shorter than is asked"),
    Concern.LATE: _("Posted late"),
}
ADVICE = {
    Concern.ENDED: _("Note on which day it was taken down, or renew it."),
    Concern.CHECK: _("Replace the paper by the one that holds now and renew the posting, or take it down."),
    Concern.PROOF: _("Take a photo of it, or give its web address."),
    Concern.ENDING: _("Take it down after its last day, or renew it."),
    Concern.BRIEF: _("It stays noted with the reason."),
    Concern.LATE: _("It stays noted as it was."),
}

PLAN_TONES = {
    Progress.OVERDUE: "red",
    Progress.SHORT: "red",
    Progress.PARTLY: "amber",
    Progress.LATE: "grey",
    Progress.TO_COME: "blue",
    Progress.DONE: "green",
    Progress.DROPPED: "grey",
}
PLAN_WORDS = {
    Progress.OVERDUE: _("Overdue: not posted"),
    Progress.SHORT: _("Too short"),
    Progress.PARTLY: _("Not posted everywhere yet"),
    Progress.LATE: _("Posted late"),
    Progress.TO_COME: _("Still to come"),
    Progress.DONE: _("Done"),
    Progress.DROPPED: _("Out of the plan"),
}

HEADS = (
    "Nội dung niêm yết", "Loại nội dung", "Số, ký hiệu văn bản", "Ngày văn bản", "Nơi niêm yết", "Loại nơi", "Ngày niêm yết",
    "Niêm yết đến hết ngày", "Ngày gỡ", "Địa chỉ trên mạng", "Người niêm yết", "Có minh chứng", "Ghi chú",
    "Ngắn hơn quy định vì", "Đã hủy vì",
)  # fmt: skip


def shown(row: NoticeRow, today: date) -> dict[str, Any]:
    """Return a posting as lists and its page show it."""
    advice = ""
    if row.concerns:
        first = row.concerns[0]
        if first is Concern.PLACE:
            kinds = "; ".join(kind_name(kind) for kind in row.lacking)
            advice = gettext("Also to be posted: %(kinds)s.") % {"kinds": kinds}
        elif first is Concern.SHORT and row.least_until:
            day = vietnamese.day(row.least_until)
            advice = gettext("Do not take it down before %(day)s; put its last day later.") % {"day": day}
        elif first is Concern.CUT and row.least_until:
            day = vietnamese.day(row.least_until)
            advice = gettext(
                "It was to hang until %(day)s: post it again for the whole time, or say why not."
            ) % {"day": day}
        else:
            advice = str(ADVICE[first])
    return {
        "row": row,
        "least": vietnamese.day(row.least_until) if row.least_until else "",
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


def planned(row: PlannedRow) -> dict[str, Any]:
    """Return a line of the yearly plan as lists and its page show it."""
    return {
        "row": row,
        "badges": [{"label": PLAN_WORDS[each], "tone": PLAN_TONES[each]} for each in row.progress],
        "days": days(row.days),
        "spoken": row.spoken_days,
        "is_open": row.progress[0] in (Progress.OVERDUE, Progress.TO_COME),
        "lacking": row.lacking if Progress.PARTLY in row.progress else (),
    }


def plan_counts(counts: Mapping[Progress, int]) -> list[dict[str, Any]]:
    """Return how many lines are how far, as badges."""
    return [
        {"label": PLAN_WORDS[each], "tone": PLAN_TONES[each], "count": count}
        for each, count in counts.items()
    ]


def days(count: int | None) -> str:
    """Return for how long something is to be posted, in words."""
    if count is None:
        return gettext("permanently")
    return ngettext("%(days)s day", "%(days)s days", count) % {"days": vietnamese.number(count)}


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
        row.shortfall,
        row.cancellation,
    ]
