"""One entry: its page, and what is done with it. An act that is refused is said on the page, at its form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.core.registers import REGISTERS, Register
from camket.core.registers.reading import from_json
from camket.documents.operations import FileRefused
from camket.journal.queries import Change
from camket.registers import operations, queries
from camket.registers.queries.meetings import meeting_state
from camket.web.request import StaffRequest, moment, staff_page
from camket.web.staff.entry_words import BADGES, due_words, entry_url
from camket.web.staff.organisation import words
from camket.web.staff.registers import display
from camket.web.staff.registers.forms import (
    DecisionForm,
    EvidenceForm,
    ExtensionForm,
    FinishForm,
    NumberForm,
    ReasonForm,
    say_at,
)
from camket.web.staff.registers.views import found_entry, register_of


@staff_page("register.view")
def entry(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Show an entry with its standing, evidence, extensions, parts and history, and what can be done."""
    return entry_page(request, register_of(register_slug), entry_id)


def entry_page(
    request: StaffRequest, register: Register, entry_id: int, *, status: int = 200, **sent: forms.Form
) -> HttpResponse:
    """Answer with an entry's page; ``sent`` are forms that were refused, by name."""
    detail = found_entry(request, register, entry_id)
    row, today = detail.row, request.today
    short, long = display.facts(register, row.values, detail.names)
    has = {each.key for each in register.fields}
    finish = sent.get("finish") or FinishForm(
        prefix="xong", today=today, initial={"done_on": today, "report": row.values.get("report")}
    )
    if "report" not in has:
        finish.fields.pop("report", None)
    context = {
        "register": register,
        "detail": detail,
        "row": row,
        "badge": BADGES[row.standing],
        "due": due_words(row, today),
        "extended": display.extended_words(row),
        "short": short,
        "long": long,
        "parts": [_linked(each) for each in detail.parts],
        "parent": _linked(detail.parent) if detail.parent else None,
        "letters": queries.letters_about(request.actor, row.id) if register.has_due else (),
        "copies": queries.copies_of(request.actor, detail.found),
        "may_copy": queries.may_copy(request.actor, detail.found),
        "finish": finish,
        "ask": sent.get("ask") or ExtensionForm(prefix="gia-han", today=today),
        "decide": sent.get("decide") or DecisionForm(prefix="quyet-dinh"),
        "withdraw": sent.get("withdraw") or ReasonForm(prefix="rut"),
        "reopen": sent.get("reopen") or ReasonForm(prefix="mo"),
        "attach": sent.get("attach") or EvidenceForm(prefix="minh-chung"),
        "number": sent.get("number") or NumberForm(prefix="so", today=today, initial={"signed_on": row.on}),
        "next_number": queries.next_number(request.actor, row.id, today.year) if "number" in detail.acts else None,
        "meeting": meeting_state(request.actor, detail, moment(request)) if register.key == "meetings" else None,
        "open": set(sent),
        "may_do": dict.fromkeys(detail.acts, True),
        "may_decide": any(each.may_decide for each in detail.extensions),
        "gives_work": register.key in ("outgoing", "incoming", "directives", "meetings") and queries.may_enter(
            request.actor, REGISTERS["directives"]
        ),
    }  # fmt: skip
    return render(request, "staff/registers/entry.html", context, status=status)


def _linked(each: queries.Linked) -> dict[str, Any]:
    register = REGISTERS[each.register]
    return {
        "title": each.title,
        "register": register,
        "url": entry_url(register, each.id),
        "badge": BADGES[each.standing] if register.has_due else None,
        "due_on": each.due_on,
    }


@staff_page("register.view")
def history(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Show what was done with an entry, by whom and when, newest first."""
    register = register_of(register_slug)
    names = found_entry(request, register, entry_id).names
    rows = queries.history(request.actor, entry_id)
    fields = {each.key: each for each in register.fields}
    plain = words.Names(units={}, people={})
    entries = []
    for row in rows:
        told = words.entry_in_words(row, plain)
        changes = []
        reason = told.reason
        for name, was, now in _opened(row.changes):
            if name == "reason":
                reason = str(now or reason)
                continue
            each = fields.get(name)
            if each is None:
                changes += [
                    said
                    for said in told.changes
                    if said.label == words.field_label(name) and name not in _HIDDEN
                ]
                continue
            before, after = (display.said(each, from_json(each, value), names) for value in (was, now))
            changes.append(words.ChangeInWords(gettext(each.label), before, after))
        entries.append(replace(told, changes=tuple(changes), reason=reason))
    return render(
        request,
        "staff/registers/history.html#entries" if request.htmx else "staff/registers/history.html",
        {
            "register": register,
            "entries": entries,
            "entry_id": entry_id,
            "title": rows[0].subject_label if rows else "",
        },
    )


_HIDDEN = frozenset({"register", "state", "person_id", "staff_record"})
"""Fields of the journal that say nothing on an entry's own page."""


def _opened(changes: Iterable[Change]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the changed fields; those of what tells of one person lie under that person's seal, as one text."""
    for each in changes:
        if each.name != "staff_record":
            yield each.name, each.before, each.after
            continue
        was, now = (_record_of(value) for value in (each.before, each.after))
        for key in dict.fromkeys((*was, *now)):
            yield key, was.get(key), now.get(key)


def _record_of(value: object) -> dict[str, Any]:
    try:
        found = json.loads(value) if isinstance(value, str) else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _act(
    request: StaffRequest,
    register_slug: str,
    entry_id: int,
    name: str,
    form: forms.Form,
    call: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Make one call with a form's values and go back to the entry; else show it with what is wrong."""
    register = register_of(register_slug)
    found_entry(request, register, entry_id)
    if form.is_valid():
        try:
            call(form.cleaned_data)
        except FileRefused as refusal:
            say_at(form, refusal, "file")
        except operations.ValuesRefused as refusal:
            for each in refusal.problems:
                say_at(form, Refusal(each.message), "note" if each.field == "result" else each.field)
        except Refusal as refusal:
            say_at(form, refusal)
        else:
            messages.success(request, done)
            return redirect("web:registers:entry", register.slug, entry_id)
    return entry_page(request, register, entry_id, status=422, **{name: form})


@staff_page("register.keep", methods=("POST",))
def finish(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Say that work is done."""

    def call(data: dict[str, Any]) -> object:
        said = {"report": data["report"]} if data.get("report") and _has(register_slug, "report") else {}
        return operations.finish(
            actor=request.actor,
            entry_id=entry_id,
            done_on=data["done_on"],
            note=data["note"],
            values=said,
            now=moment(request),
        )

    form = FinishForm(request.POST, prefix="xong", today=request.today)
    return _act(request, register_slug, entry_id, "finish", form, call, gettext("Noted as done."))


def _has(register_slug: str, key: str) -> bool:
    return any(each.key == key for each in register_of(register_slug).fields)


@staff_page("register.keep", methods=("POST",))
def reopen(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Open work again that was noted as done, or take back that an entry was withdrawn."""

    def call(data: dict[str, Any]) -> object:
        return operations.reopen(
            actor=request.actor, entry_id=entry_id, reason=data["reason"], now=moment(request)
        )

    form = ReasonForm(request.POST, prefix="mo")
    return _act(request, register_slug, entry_id, "reopen", form, call, gettext("Open again."))


@staff_page("register.keep", methods=("POST",))
def withdraw(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Withdraw an entry that should not stand."""

    def call(data: dict[str, Any]) -> object:
        return operations.withdraw(
            actor=request.actor, entry_id=entry_id, reason=data["reason"], now=moment(request)
        )

    form = ReasonForm(request.POST, prefix="rut")
    return _act(
        request, register_slug, entry_id, "withdraw", form, call, gettext("Withdrawn; it counts no more.")
    )


@staff_page("register.keep", methods=("POST",))
def ask_extension(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Ask for a later last day."""

    def call(data: dict[str, Any]) -> object:
        return operations.ask_extension(
            actor=request.actor,
            entry_id=entry_id,
            due_after=data["due_after"],
            reason=data["reason"],
            now=moment(request),
        )

    form = ExtensionForm(request.POST, prefix="gia-han", today=request.today)
    return _act(
        request,
        register_slug,
        entry_id,
        "ask",
        form,
        call,
        gettext("Asked for; until it is decided the last day stays."),
    )


@staff_page("register.extend", methods=("POST",))
def decide_extension(
    request: StaffRequest, register_slug: str, entry_id: int, extension_id: int
) -> HttpResponse:
    """Approve a later last day, or refuse it."""
    register = register_of(register_slug)
    detail = found_entry(request, register, entry_id)
    if all(each.id != extension_id for each in detail.extensions):
        raise Http404("an extension of another entry")
    is_approved = "approve" in request.POST

    def call(data: dict[str, Any]) -> object:
        return operations.decide_extension(
            actor=request.actor,
            extension_id=extension_id,
            is_approved=is_approved,
            answer=data["answer"],
            document=data["document"],
            now=moment(request),
        )

    form = DecisionForm(request.POST, prefix="quyet-dinh")
    done = (
        gettext("The later last day is approved.") if is_approved else gettext("Refused; the last day stays.")
    )
    return _act(request, register_slug, entry_id, "decide", form, call, done)


@staff_page("register.number", methods=("POST",))
def give_number(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Give a signed document the next number of its series."""

    def call(data: dict[str, Any]) -> object:
        return operations.give_number(
            actor=request.actor, entry_id=entry_id, signed_on=data["signed_on"], now=moment(request)
        )

    form = NumberForm(request.POST, prefix="so", today=request.today)
    return _act(request, register_slug, entry_id, "number", form, call, gettext("The number is given."))


@staff_page("register.keep", methods=("POST",))
def attach(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Put evidence to an entry."""
    form = EvidenceForm(request.POST, request.FILES, prefix="minh-chung")

    def call(_data: dict[str, Any]) -> object:
        detail = found_entry(request, register_of(register_slug), entry_id)
        return operations.attach(
            actor=request.actor,
            entry_id=entry_id,
            evidence=form.evidence(detail.row.title),
            now=moment(request),
        )

    return _act(request, register_slug, entry_id, "attach", form, call, gettext("The evidence is attached."))
