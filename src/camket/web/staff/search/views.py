"""The search over everything that the person may see, in groups; words are found however their marks are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.actions.queries import find_tasks
from camket.core.finding import Found, Hit, Sought, sought
from camket.core.registers import REGISTERS
from camket.documents.queries.controlled import find_documents
from camket.documents.queries.legal import find_texts
from camket.dossiers.queries.dossiers import find_dossiers
from camket.improvement.queries.finding import find_in_cycle
from camket.objectives.finding import JUDGED, find_in_plans
from camket.org.policy import can
from camket.org.queries import find_people, find_units
from camket.registers.queries import find_entries, find_evidence
from camket.reporting.queries import find_reports
from camket.web import vietnamese
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.badge import Badge
from camket.web.staff.documents.display import KINDS as DOCUMENT_KINDS
from camket.web.staff.documents.display import state_badge
from camket.web.staff.entry_words import BADGES, entry_url
from camket.web.staff.tasks.display import shown_all

FEW, MANY = 5, 100
"""So many of a group are shown beside the others, and where the group is shown alone."""
FEW_OF_A_KIND = 2
"""So many of each kind of a group that holds several."""
LONGEST = 200
"""So many signs of what was typed are looked at."""

_KINDS: Mapping[str, str | Promise] = {
    "objective": _("Objective"),
    "target": _("Target"),
    "action": _("Action"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Something found: where it leads, what it is called, what tells it from its like."""

    url: str
    title: str
    note: str = ""
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; ``lists`` lead to the full lists where more can be done with it."""

    key: str
    title: str | Promise
    icon: str
    total: int
    lines: tuple[Line, ...]
    lists: tuple[tuple[str, str], ...] = ()
    all_url: str = ""

    @property
    def hidden(self) -> int:
        """How many were found beyond the lines."""
        return self.total - len(self.lines)


@staff_page("org.view")
def search(request: StaffRequest) -> HttpResponse:
    """Look for words over everything; ``nhom`` shows one group alone, with more of it."""
    typed = request.GET.get("tu", "")[:LONGEST].strip()
    only = request.GET.get("nhom", "")
    only = only if only in _FINDERS else ""
    wanted = sought(typed)
    groups: list[Group] = []
    if wanted:
        finders = {only: _FINDERS[only]} if only else _FINDERS
        at_most = MANY if only else FEW
        groups = [
            group
            for act, find in finders.values()
            if can(request.actor, act) and (group := find(request, wanted, at_most)).total
        ]
    context = {
        "typed": typed,
        "only": only,
        "is_too_short": bool(typed) and wanted is None,
        "groups": groups,
        "total": sum(each.total for each in groups),
        "everything_url": f"{reverse('web:search')}?{urlencode({'tu': typed})}",
    }
    return render(request, "staff/search/search.html", context)


def _group(
    key: str,
    title: str | Promise,
    icon: str,
    total: int,
    lines: list[Line],
    words: str,
    *lists: tuple[str, str],
) -> Group:
    everything = f"{reverse('web:search')}?{urlencode({'tu': words, 'nhom': key})}"
    return Group(key, title, icon, total, tuple(lines), lists, everything)


def _in_plans(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    found = find_in_plans(request.actor, wanted, at_most=FEW_OF_A_KIND if at_most == FEW else at_most)
    lines = [
        Line(
            _plan_url(hit),
            hit.title,
            gettext("%(kind)s %(number)s, plan of %(year)s")
            % {"kind": _KINDS[hit.kind], "number": hit.number, "year": hit.about},
        )
        for hit in found.hits
    ]
    return _group(
        "ke-hoach", _("Plans: objectives, targets, actions"), "flag", found.total, lines, _words(request)
    )


def _plan_url(hit: Hit) -> str:
    if hit.state not in JUDGED:
        return reverse("web:plans:plan_detail", args=[hit.part_of])
    if hit.kind == "objective":
        return reverse("web:objectives:objective", args=[hit.id])
    if hit.kind == "target":
        return reverse("web:objectives:target", args=[hit.id])
    return f"{reverse('web:tasks:task_list')}?{urlencode({'bien_phap': hit.id})}"


def _tasks(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    total, rows = find_tasks(request.actor, wanted, request.today, at_most=at_most)
    lines = [
        Line(
            reverse("web:tasks:task_detail", args=[each.row.id]),
            each.row.action_text,
            _joined(each.label, each.owner, each.due_words),
            each.badge,
        )
        for each in shown_all(rows)
    ]
    words = _words(request)
    full = f"{reverse('web:tasks:task_list')}?{urlencode({'tim': words})}"
    return _group(
        "cong-viec", _("Tasks"), "list-check", total, lines, words, (gettext("In the list of tasks"), full)
    )


def _dossiers(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    words, title = _words(request), _("Dossiers, by their code")
    if not wanted.is_code:
        return _group("ho-so", title, "clipboard-list", 0, [], words)
    found = find_dossiers(request.actor, words, request.today, at_most=MANY)
    lines = [
        Line(
            reverse("web:dossiers:dossier", args=[hit.id]),
            hit.title,
            _joined(hit.about, vietnamese.day(hit.on)),
        )
        for hit in found.hits[:at_most]
    ]
    full = f"{reverse('web:dossiers:dossier_list')}?{urlencode({'ma': words})}"
    return _group(
        "ho-so",
        title,
        "clipboard-list",
        found.total,
        lines,
        words,
        (gettext("In the list of dossiers"), full),
    )


def _entries(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    found = find_entries(request.actor, wanted, request.today, at_most=at_most)
    lines = [
        Line(
            entry_url(REGISTERS[hit.kind], hit.id),
            hit.title,
            _joined(
                gettext(REGISTERS[hit.kind].title),
                hit.number,
                hit.about if hit.about != hit.title else "",
                vietnamese.day(hit.on),
            ),
            BADGES[found.standing[hit.id]] if REGISTERS[hit.kind].has_due else None,
        )
        for hit in found.found.hits
    ]
    words = _words(request)
    lists = [
        (
            f"{gettext(REGISTERS[key].title)} ({vietnamese.number(count)})",
            f"{reverse('web:registers:list', args=[REGISTERS[key].slug])}?{urlencode({'tu': words})}",
        )
        for key, count in sorted(found.registers.items(), key=lambda each: -each[1])
    ]
    return _group("so", _("Registers"), "notes", found.found.total, lines, words, *lists)


def _evidence(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    found = find_evidence(request.actor, wanted, at_most=at_most)
    lines = [
        Line(
            reverse("web:tasks:task_detail", args=[hit.part_of])
            if hit.kind == "task"
            else entry_url(REGISTERS[hit.kind], hit.part_of or 0),
            hit.title or hit.number or hit.about,
            _joined(
                hit.number if hit.title else "",
                hit.about if hit.about != hit.title else "",
                vietnamese.day(hit.on),
            ),
        )
        for hit in found.hits
    ]
    return _group("minh-chung", _("Evidence"), "paperclip", found.total, lines, _words(request))


def _reports(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    total, rows = find_reports(request.actor, wanted, at_most=at_most)
    lines = [
        Line(
            reverse("web:reports:report_detail", args=[row.id]),
            gettext("Report on %(name)s") % {"name": row.period_name},
            _joined(row.state_name, row.number, vietnamese.day(row.issued_on)),
        )
        for row in rows
    ]
    return _group("bao-cao", _("Reports"), "report", total, lines, _words(request))


def _documents(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    found = find_documents(request.actor, wanted, at_most=at_most)
    lines = [
        Line(
            reverse("web:documents:document", args=[hit.id]),
            hit.title,
            _joined(hit.number, str(DOCUMENT_KINDS[hit.kind])),
            state_badge(hit.state) if hit.state else None,
        )
        for hit in found.hits
    ]
    words = _words(request)
    full = f"{reverse('web:documents:list')}?{urlencode({'tu': words})}"
    return _group(
        "tai-lieu",
        _("Documents of the quality management system"),
        "book-2",
        found.total,
        lines,
        words,
        (gettext("In the list of documents"), full),
    )


def _legal_texts(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    found = find_texts(request.actor, wanted, at_most=at_most)
    lines = [
        Line(
            reverse("web:legal:text", args=[hit.id]),
            hit.title,
            _joined(hit.number, vietnamese.day(hit.on)),
        )
        for hit in found.hits
    ]
    words = _words(request)
    full = f"{reverse('web:legal:list')}?{urlencode({'tu': words})}"
    return _group(
        "phap-luat",
        _("Legal texts"),
        "gavel",
        found.total,
        lines,
        words,
        (gettext("In the list of legal texts"), full),
    )


def _in_cycle(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    found = find_in_cycle(request.actor, wanted, at_most=at_most)
    lines = [
        Line(
            reverse(_IN_CYCLE[hit.kind][1], args=[hit.part_of]),
            hit.title,
            _joined(str(_IN_CYCLE[hit.kind][0]), hit.number, vietnamese.day(hit.on)),
        )
        for hit in found.hits
    ]
    return _group("cai-tien", _("The improvement cycle"), "refresh", found.total, lines, _words(request))


_IN_CYCLE: Mapping[str, tuple[str | Promise, str]] = {
    "nonconformity": (_("Nonconformity"), "web:nonconformities:page"),
    "finding": (_("Finding of an audit"), "web:audits:finding"),
    "audit": (_("Internal audit"), "web:audits:audit"),
    "risk": (_("Risk or opportunity"), "web:risks:page"),
    "review": (_("Management review"), "web:reviews:review"),
    "decision": (_("Decision of a management review"), "web:reviews:review"),
}


def _units(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    found: Found = find_units(request.actor, wanted, at_most=at_most)
    lines = [
        Line(
            reverse("web:organisation:committee", args=[hit.id])
            if hit.kind == "committee"
            else reverse("web:organisation:units"),
            hit.title,
        )
        for hit in found.hits
    ]
    return _group("bo-phan", _("Units"), "building-community", found.total, lines, _words(request))


def _people(request: StaffRequest, wanted: Sought, at_most: int) -> Group:
    found = Found() if wanted.is_code else find_people(request.actor, wanted, at_most=at_most)
    lines = [
        Line(reverse("web:organisation:person", args=[hit.id]), hit.title, hit.about) for hit in found.hits
    ]
    return _group("nhan-su", _("Staff"), "users", found.total, lines, _words(request))


def _words(request: StaffRequest) -> str:
    return request.GET.get("tu", "")[:LONGEST].strip()


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


_FINDERS: Mapping[str, tuple[str, Callable[[StaffRequest, Sought, int], Group]]] = {
    "cong-viec": ("task.view", _tasks),
    "so": ("register.view", _entries),
    "ke-hoach": ("plan.view", _in_plans),
    "ho-so": ("dossier.view", _dossiers),
    "tai-lieu": ("document.view", _documents),
    "phap-luat": ("document.view", _legal_texts),
    "cai-tien": ("nonconformity.view", _in_cycle),
    "minh-chung": ("task.view", _evidence),
    "bao-cao": ("plan.view", _reports),
    "nhan-su": ("people.view", _people),
    "bo-phan": ("org.view", _units),
}
"""What is looked through, by the word of addresses, with the act that it takes; in the order of the page."""
