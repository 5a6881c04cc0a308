"""The year of internal audits, one audit: its team, plan, checklists, steps and report; findings across years."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from camket.core.messages import Message, Refusal
from camket.core.numbering import NumberNotPossible
from camket.improvement.given import AuditIncomplete, DayNotPossible
from camket.improvement.operations import audit_papers, audit_programmes
from camket.improvement.operations import audits as operations
from camket.improvement.operations.audits import NotIndependent
from camket.improvement.queries import audits as queries
from camket.improvement.queries import audits_across_years, audits_programme
from camket.journal.reasons import ReasonMissing
from camket.org.policy import can
from camket.org.queries import person_choices, section_choices
from camket.registers.operations import NumberTaken
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.improvement.audits import display
from camket.web.staff.improvement.audits.forms import (
    ApproveForm,
    AuditForm,
    DecisionForm,
    IssueForm,
    OwnForm,
    ProgrammeForm,
    PurposeForm,
    QuestionsForm,
    ReasonForm,
    ReportForm,
    SessionsForm,
    TeamForm,
)


def refused(form: forms.Form, refusal: Refusal, field: str | None = None) -> None:
    """Say a refusal at its field or over the form; what lacks, each by itself."""
    field = "reason" if isinstance(refusal, ReasonMissing) and "reason" in form.fields else field
    said = refusal.lacks if isinstance(refusal, (AuditIncomplete, NotIndependent)) else (refusal.message,)
    for each in said:
        form.add_error(refused_field(refusal, field) if field in form.fields else None, say(each))


def said_in_a_line(request: StaffRequest, refusal: Refusal) -> None:
    """Tell on the next page why a button did nothing."""
    lacks: tuple[Message, ...] = (refusal.message,)
    if isinstance(refusal, (AuditIncomplete, NotIndependent)):
        lacks = refusal.lacks
    for each in lacks:
        messages.error(request, say(each))


# A year


@staff_page("audit.view")
def audit_list(request: StaffRequest) -> HttpResponse:
    """Show a year: what waits, its programme, its audits, which unit comes next and why."""
    return _year_page(request)


def _year_page(request: StaffRequest, year: int | None = None, **forms_: Any) -> HttpResponse:
    known = audits_programme.years(request.actor, request.today)
    asked = request.GET.get("nam", "")
    if year is None:
        year = (
            int(asked) if asked.isascii() and asked.isdigit() and int(asked) in known else request.today.year
        )
    programme = audits_programme.programme(request.actor, year)
    audits, mine = audits_programme.audits_of_and_mine(request.actor, year)
    context = {
        "year": year,
        "years": known,
        "programme": programme,
        "programme_badge": display.PROGRAMME_STATES[programme.state] if programme else None,
        "may_do": dict.fromkeys(programme.acts, True) if programme else {},
        "audits": [display.shown(row) for row in audits],
        "turns": [
            (row, [say(each) for each in row.reasons])
            for row in audits_programme.turns(request.actor, year, request.today, audits)
        ],
        "mine": [display.shown(row) for row in mine],
        "to_confirm": audits_programme.to_confirm(request.actor),
        "papers": [
            (row, display.adjusted(row.adjustments))
            for row in (
                audits_programme.papers_of(request.actor, programme.id)
                if programme and programme.was_signed
                else ()
            )
        ],
        "adjustments": display.adjusted(programme.adjustments) if programme else [],
        "approving": ApproveForm(prefix="duyet", today=request.today),
        "signing": ApproveForm(prefix="ky", today=request.today),
        "returning": ReasonForm(prefix="tra"),
        **forms_,
    }
    return render(request, "staff/improvement/audits/list.html", context)


@staff_page("audit.plan", methods=("GET", "POST"))
def programme_add(request: StaffRequest) -> HttpResponse:
    """Begin the programme of a year."""
    today = request.today
    form = ProgrammeForm(
        request.POST if request.method == "POST" else None,
        years=(today.year, today.year + 1),
        initial={"year": request.GET.get("nam", today.year)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = audit_programmes.make_programme(
                actor=request.actor,
                year=form.cleaned_data["year"],
                purpose=form.cleaned_data["purpose"],
                now=moment(request),
            )
        except Refusal as refusal:
            refused(form, refusal, "year")
        else:
            messages.success(request, _("The programme is begun; plan its audits, then submit it."))
            return _to_year(row.year)
    return _form_page(request, form, _("Programme of internal audits"))


@staff_page("audit.plan", methods=("GET", "POST"))
def programme_edit(request: StaffRequest, programme_id: int) -> HttpResponse:
    """Change what a draft says."""
    row = audits_programme.programme_by_id(request.actor, programme_id)
    form = PurposeForm(request.POST if request.method == "POST" else None, initial={"purpose": row.purpose})
    if request.method == "POST" and form.is_valid():
        try:
            audit_programmes.edit_programme(
                actor=request.actor,
                programme_id=programme_id,
                purpose=form.cleaned_data["purpose"],
                now=moment(request),
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return _to_year(row.year)
    title = _("Programme of internal audits of %(year)s") % {"year": row.year}
    return _form_page(request, form, title)


_TURNED = {"trinh": "submit", "ket-thuc": "close", "bo": "discard"}


@staff_page("audit.plan", methods=("POST",))
def programme_turn(request: StaffRequest, programme_id: int, step: str) -> HttpResponse:
    """Submit, close or discard a programme."""
    if step not in _TURNED:
        raise Http404(f"no step {step!r}")
    row = audits_programme.programme_by_id(request.actor, programme_id)
    try:
        audit_programmes.turn_programme(
            actor=request.actor, programme_id=programme_id, act=_TURNED[step], now=moment(request)
        )
    except Refusal as refusal:
        said_in_a_line(request, refusal)
    else:
        messages.success(request, _("Done."))
    return _to_year(row.year)


@staff_page("audit.approve", methods=("POST",))
def programme_approve(request: StaffRequest, programme_id: int) -> HttpResponse:
    """Approve a programme, with number and day of the signed plan."""
    form = ApproveForm(request.POST, prefix="duyet", today=request.today)
    year = _signed(request, programme_id, "approve", form, _("The programme is approved."))
    return _year_page(request, year, approving=form) if form.errors else _to_year(year)


@staff_page("audit.approve", methods=("POST",))
def programme_reissue(request: StaffRequest, programme_id: int) -> HttpResponse:
    """Sign an adjusted programme: a version that names the one before."""
    form = ApproveForm(request.POST, prefix="ky", today=request.today)
    told = _("The adjusted programme is signed; the version before stays on record.")
    year = _signed(request, programme_id, "reissue", form, told)
    return _year_page(request, year, signing=form) if form.errors else _to_year(year)


def _signed(request: StaffRequest, programme_id: int, act: str, form: ApproveForm, told: str) -> int:
    """Sign a programme with what a form says, and return its year; what was refused stands among the form's errors."""
    row = audits_programme.programme_by_id(request.actor, programme_id)
    sign = partial(audit_programmes.turn_programme, programme_id=programme_id, act=act)
    _is_issued(request, form, sign, "signed_on", told)
    return row.year


@staff_page("audit.approve", methods=("POST",))
def programme_return(request: StaffRequest, programme_id: int) -> HttpResponse:
    """Return a programme with the reason."""
    row = audits_programme.programme_by_id(request.actor, programme_id)
    form = ReasonForm(request.POST, prefix="tra")
    if form.is_valid():
        try:
            audit_programmes.turn_programme(
                actor=request.actor,
                programme_id=programme_id,
                act="return",
                now=moment(request),
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            refused(form, refusal, "reason")
        else:
            messages.success(request, _("The programme is returned."))
            return _to_year(row.year)
    return _year_page(request, row.year, returning=form)


# An audit


@staff_page("audit.view")
def audit(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Show an audit: what lacks, units, plan, findings, report, papers."""
    return _audit_page(request, audit_id)


def _audit_page(request: StaffRequest, audit_id: int, **forms_: Any) -> HttpResponse:
    found = queries.page(request.actor, audit_id)
    context = {
        "found": found,
        "row": found.row,
        "shown": display.shown(found.row),
        "may_do": dict.fromkeys(found.acts, True),
        "team": [(each, display.PARTS[each.part]) for each in found.team],
        "findings": [display.shown_finding(each) for each in found.findings if not each.is_withdrawn],
        "withdrawn": [display.shown_finding(each) for each in found.findings if each.is_withdrawn],
        "lacks": [say(each) for each in found.lacks],
        "dependent": [say(each) for each in found.dependent],
        "is_late": found.announce_by is not None and request.today > found.announce_by,
        "turning": ReasonForm(prefix="buoc"),
        "cancelling": ReasonForm(prefix="huy"),
        **forms_,
    }
    if "report" in found.acts and "issuing" not in forms_:
        number = queries.next_report_number(request.actor, request.today)
        context["issuing"] = IssueForm(
            prefix="phat-hanh",
            today=request.today,
            initial={"reported_on": request.today, "number": number},
        )
    if "prepare" in found.acts and found.team and "deciding" not in forms_:
        context["deciding"] = DecisionForm(
            prefix="quyet-dinh",
            today=request.today,
            initial={
                "decided_on": request.today,
                "number": queries.next_decision_number(request.actor, request.today, issuer=found.issuer),
            },
        )
    return render(request, "staff/improvement/audits/audit.html", context)


@staff_page("audit.plan", methods=("GET", "POST"))
def audit_add(request: StaffRequest) -> HttpResponse:
    """Plan an audit, in the programme of its year where there is one."""
    units = section_choices(request.actor)
    asked = request.GET.get("bo-phan", "")
    form = AuditForm(
        request.POST if request.method == "POST" else None,
        units=units,
        past=queries.past_choices(request.actor),
        today=request.today,
        reason_help=_("Asked for where the programme of the year is approved already: the audit adjusts it."),
        initial={
            "unit_ids": [asked] if asked in {str(pk) for pk, _name in units} else [],
            "criteria": "TCVN ISO 9001:2015\nTài liệu Hệ thống quản lý chất lượng của cơ quan\n"
            "Văn bản quy phạm pháp luật và quy trình giải quyết thủ tục hành chính có liên quan",
        },
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.audit()
        programme = audits_programme.programme(request.actor, wanted.starts_on.year)
        open_programme = programme and programme.state in ("draft", "approved") and wanted.kind == "planned"
        try:
            row = operations.plan_audit(
                actor=request.actor,
                audit=wanted,
                now=moment(request),
                programme_id=programme.id if programme and open_programme else None,
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The audit is planned; now say who audits."))
            return redirect("web:audits:team", row.pk)
    return _form_page(request, form, _("Plan an audit"))


@staff_page("audit.plan", methods=("GET", "POST"))
def audit_edit(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Change an audit before it begins."""
    found = queries.page(request.actor, audit_id, is_whole=False)
    if "prepare" not in found.acts:
        return _too_late(request, audit_id)
    form = AuditForm(
        request.POST if request.method == "POST" else None,
        units=_with_old_units(section_choices(request.actor), found),
        past=queries.past_choices(request.actor, audit_id),
        today=request.today,
        reason_help=_("Asked for once the audit is announced or its programme approved."),
        initial={
            "title": found.row.title,
            "kind": found.row.kind,
            "starts_on": found.row.starts_on,
            "ends_on": found.row.ends_on,
            "unit_ids": [str(each.unit_id) for each in found.units],
            "criteria": found.criteria,
            "scope": found.scope,
            "follows_id": found.follows[0] if found.follows else None,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_audit(
                actor=request.actor,
                audit_id=audit_id,
                audit=form.audit(),
                now=moment(request),
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:audits:audit", audit_id)
    return _form_page(request, form, found.row.title, found)


def _with_old_units(choices: list[tuple[int, str]], found: queries.AuditPage) -> list[tuple[int, str]]:
    known = {pk for pk, _name in choices}
    return choices + [(each.unit_id, each.name) for each in found.units if each.unit_id not in known]


@staff_page("audit.plan", methods=("POST",))
def cancel(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Cancel an audit before it begins, with the reason."""
    form = ReasonForm(request.POST, prefix="huy")
    if form.is_valid():
        try:
            operations.cancel_audit(
                actor=request.actor,
                audit_id=audit_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            refused(form, refusal, "reason")
        else:
            messages.success(request, _("The audit is cancelled."))
            return redirect("web:audits:audit", audit_id)
    return _audit_page(request, audit_id, cancelling=form)


@staff_page("audit.plan", methods=("GET", "POST"))
def team(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Say who audits; whether they are independent is said on the audit's page and asked when it is announced."""
    found = queries.page(request.actor, audit_id, is_whole=False)
    if "prepare" not in found.acts:
        return _too_late(request, audit_id)
    tied = queries.tied_people(request.actor, found)
    proposed = () if found.team else queries.proposed_team(request.actor, tied, found.row.starts_on)
    form = TeamForm(
        request.POST if request.method == "POST" else None,
        people=person_choices(request.actor, request.today),
        ties=_ties(found, tied),
        team=found.team or proposed,
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_team(
                actor=request.actor,
                audit_id=audit_id,
                team=form.team(),
                now=moment(request),
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:audits:audit" if found.sessions else "web:audits:sessions", audit_id)
    context = {"form": form, "found": found, "row": found.row, "is_proposed": bool(proposed)}
    return render(request, "staff/improvement/audits/team.html", context)


def _ties(found: queries.AuditPage, tied: Mapping[int, Collection[int]]) -> dict[int, str]:
    """Return people who do not audit units of an audit, with the names of those units."""
    return {
        person: "; ".join(each.name for each in found.units if each.unit_id in units)
        for person, units in tied.items()
    }


@staff_page("audit.plan", methods=("GET", "POST"))
def sessions(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Lay the plan by hour and unit; an empty one begins with a proposal."""
    found = queries.page(request.actor, audit_id, is_whole=False)
    if "prepare" not in found.acts:
        return _too_late(request, audit_id)
    tied = queries.tied_people(request.actor, found)
    form = SessionsForm(
        request.POST if request.method == "POST" else None,
        lines=found.sessions or queries.proposed_sessions(found, tied),
        ties=_ties(found, tied),
        units=found.units,
        team=found.team,
        first=found.row.starts_on,
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_sessions(
                actor=request.actor, audit_id=audit_id, sessions=form.sessions(), now=moment(request)
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            if "more" in request.POST:
                return redirect("web:audits:sessions", audit_id)
            return redirect("web:audits:audit", audit_id)
    team = {each.person_id for each in found.team if each.part in ("lead", "member")}
    context = {
        "form": form,
        "found": found,
        "row": found.row,
        "is_proposed": not found.sessions,
        "nobody_for": [
            each.name
            for each in found.units
            if team and all(each.unit_id in tied.get(person, ()) for person in team)
        ],
    }
    return render(request, "staff/improvement/audits/sessions.html", context)


@staff_page("audit.plan", methods=("GET", "POST"))
def questions(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Copy questions from the libraries into the checklists of the units."""
    found = queries.page(request.actor, audit_id, is_whole=False)
    if "prepare" not in found.acts:
        return _too_late(request, audit_id)
    form = QuestionsForm(
        request.POST if request.method == "POST" else None,
        libraries=[
            (key, _("%(name)s (%(count)s questions)") % {"name": name or _own_name(key), "count": count})
            for key, name, count in queries.libraries(request.actor)
        ],
        units=found.units,
    )
    if request.method == "POST" and form.is_valid():
        chosen = [int(each) for each in form.cleaned_data["unit_ids"]]
        try:
            count = operations.lay_questions(
                actor=request.actor,
                audit_id=audit_id,
                libraries=form.cleaned_data["libraries"],
                unit_ids=chosen or None,
                now=moment(request),
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(
                request, _("%(count)s questions were copied; edit them for each unit.") % {"count": count}
            )
            return redirect("web:audits:audit", audit_id)
    return _form_page(request, form, _("Checklists"), found)


def _own_name(key: str) -> str:
    if key == "own":
        return _("Questions of the agency's own")
    return _("Procedure %(code)s") % {"code": key.partition(":")[2]}


_STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "thong-bao": (operations.announce, "announce"),
    "mo": (operations.open_audit, "open"),
    "ket-thuc": (operations.finish, "finish"),
    "mo-lai": (operations.reopen, "reopen"),
    "dong": (operations.close_settled, "close"),
}


@staff_page("audit.conduct", methods=("POST",))
def turn(request: StaffRequest, audit_id: int, step: str) -> HttpResponse:
    """Announce, open, finish, reopen or close an audit; the operation asks who may."""
    if step not in _STEPS:
        raise Http404(f"no step {step!r}")
    operation, act = _STEPS[step]
    form = ReasonForm(request.POST, prefix="buoc")
    given = {"reason": form["reason"].value() or ""} if act in ("announce", "finish") else {}
    try:
        operation(actor=request.actor, audit_id=audit_id, now=moment(request), **given)
    except ReasonMissing as refusal:
        form.is_valid()
        if not form.errors:
            refused(form, refusal, "reason")
        return _audit_page(request, audit_id, turning=form)
    except Refusal as refusal:
        said_in_a_line(request, refusal)
    else:
        done = {
            "announce": _("The audit is announced; its team and units were told."),
            "open": _("The audit is open: its team answers."),
            "finish": _("The audit on site is finished; heads confirm the findings of their units."),
            "reopen": _("The audit is open again."),
            "close": _("The audit is closed."),
        }
        messages.success(request, done[act])
    return redirect("web:audits:audit", audit_id)


@staff_page("audit.conduct", methods=("GET", "POST"))
def report(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Write what the report says beside findings and counts."""
    found = queries.page(request.actor, audit_id, is_whole=False)
    if "write" not in found.acts:
        return _too_late(request, audit_id)
    texts = ("strengths", "conclusion", "proposals")
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(found, name) for name in texts},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.write_report(
                actor=request.actor, audit_id=audit_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:audits:audit", audit_id)
    return _form_page(request, form, _("Report of the audit"), found)


@staff_page("audit.plan", methods=("POST",))
def decide(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Issue the decision on the team: it is frozen with its files, and entered among the outgoing documents."""
    form = DecisionForm(request.POST, prefix="quyet-dinh", today=request.today)
    issue_it = partial(audit_papers.issue_decision, audit_id=audit_id)
    told = _("The decision on the team is issued and stays as it is.")
    if _is_issued(request, form, issue_it, "decided_on", told):
        return redirect("web:audits:audit", audit_id)
    return _audit_page(request, audit_id, deciding=form)


@staff_page("audit.conduct", methods=("POST",))
def issue(request: StaffRequest, audit_id: int) -> HttpResponse:
    """Issue the report: it is frozen, nonconforming findings become nonconformities."""
    form = IssueForm(request.POST, prefix="phat-hanh", today=request.today)
    issue_it = partial(operations.issue_report, audit_id=audit_id)
    told = _("The report is issued and stays as it is; nonconformities it names are in the book.")
    if _is_issued(request, form, issue_it, "reported_on", told):
        return redirect("web:audits:audit", audit_id)
    return _audit_page(request, audit_id, issuing=form)


def _is_issued(
    request: StaffRequest, form: forms.Form, issue_it: Callable[..., object], day: str, told: str
) -> bool:
    """Issue a paper with number and day of a form, and return whether it was; what was refused stands at its field."""
    if not form.is_valid():
        return False
    said = {name: form.cleaned_data[name] for name in ("number", day)}
    try:
        issue_it(actor=request.actor, now=moment(request), **said)
    except DayNotPossible as refusal:
        refused(form, refusal, day)
    except (NumberNotPossible, NumberTaken) as refusal:
        refused(form, refusal, "number")
    except Refusal as refusal:
        refused(form, refusal)
    else:
        messages.success(request, told)
        return True
    return False


# Across years, and the agency's own questions


@staff_page("audit.view")
def follow_up(request: StaffRequest) -> HttpResponse:
    """Show across years when units and clauses were last audited, and what became of the findings."""
    found = audits_across_years.across_years(request.actor, request.today)
    context = {
        "rows": [display.shown_finding(each) for each in found.follow_up],
        "units": [_last(each) for each in found.by_unit],
        "clauses": [_last(each) for each in found.by_clause],
    }
    return render(request, "staff/improvement/audits/follow_up.html", context)


@staff_page("audit.view")
def unit_years(request: StaffRequest, unit_id: int) -> HttpResponse:
    """Show all audits of a unit, and what became of each finding."""
    return _years_page(request, audits_across_years.of_unit(request.actor, unit_id))


@staff_page("audit.view")
def clause_years(request: StaffRequest, clause: str) -> HttpResponse:
    """Show all audits that asked about a clause, and what became of each finding."""
    try:
        found = audits_across_years.of_clause(request.actor, clause, request.today)
    except audits_across_years.UnknownClause as unknown:
        raise Http404(f"no clause {clause!r}") from unknown
    return _years_page(request, found)


def _years_page(request: StaffRequest, found: audits_across_years.AuditsThere) -> HttpResponse:
    context = {
        "found": found,
        "years": [
            (
                each,
                [(badge, each.grades[key]) for key, badge in display.GRADES.items() if each.grades.get(key)],
            )
            for each in found.years
        ],
        "audits": [
            (each, display.shown(each.row), [display.shown_finding(one) for one in each.findings])
            for each in found.audits
        ],
    }
    return render(request, "staff/improvement/audits/years.html", context)


def _last(each: audits_across_years.LastAudit) -> tuple[audits_across_years.LastAudit, list[tuple[Any, int]]]:
    return each, [
        (badge, each.grades[grade]) for grade, badge in display.GRADES.items() if each.grades.get(grade)
    ]


@staff_page("audit.plan")
def own_questions(request: StaffRequest) -> HttpResponse:
    """Show the agency's own questions, and its own words for shipped ones."""
    context = {"rows": queries.own_questions(request.actor), "libraries": queries.libraries(request.actor)}
    return render(request, "staff/improvement/audits/own_questions.html", context)


@staff_page("audit.plan", methods=("GET", "POST"))
def own_add(request: StaffRequest) -> HttpResponse:
    """Add a question to the agency's own library."""
    return _own_page(request, None, {})


@staff_page("audit.plan", methods=("GET", "POST"))
def own_edit(request: StaffRequest, own_id: int) -> HttpResponse:
    """Change a question of the agency's own library, or ask it no more."""
    row = queries.own_question(request.actor, own_id)
    names = ("source", "clause", "text", "look_at", "is_active")
    return _own_page(request, own_id, {name: getattr(row, name) for name in names})


def _own_page(request: StaffRequest, own_id: int | None, initial: dict[str, Any]) -> HttpResponse:
    form = OwnForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_own_question(
                actor=request.actor, question_id=own_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            refused(form, refusal, "text")
        else:
            messages.success(request, _("Saved."))
            return redirect("web:audits:own_questions")
    return _form_page(request, form, _("Question of the agency's own"))


def _form_page(
    request: StaffRequest,
    form: forms.Form,
    title: str,
    found: queries.AuditPage | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "found": found,
        "row": found.row if found else None,
        "may_plan": can(request.actor, "audit.plan"),
    }
    return render(request, "staff/improvement/audits/form.html", context)


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{reverse('web:audits:list')}?nam={year}")


def _too_late(request: StaffRequest, audit_id: int) -> HttpResponse:
    messages.error(request, _("In its present state, or by your part, this is not changed here."))
    return redirect("web:audits:audit", audit_id)
