"""What somebody else did to a record while a form stood open, in words, beside what was typed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import QueryDict

from camket.journal import queries
from camket.journal.queries import Change
from camket.org import queries as org
from camket.org.policy import Actor, Seen
from camket.web.forms.fields import DateField
from camket.web.staff.organisation import words

SILENT = frozenset({"source", "head_source", "revision"})
"""Fields of a change that say nothing to a person."""


@dataclass(frozen=True, slots=True)
class FieldMeanwhile:
    """A field that changed: what stood there, what stands there now, and what was typed (empty where nothing was).

    ``is_taken_over`` says that the form's box shows what stands there now, for its person had not touched it.
    """

    label: str
    before: str
    now: str
    typed: str = ""
    is_taken_over: bool = False


@dataclass(frozen=True, slots=True)
class ActMeanwhile:
    """One act since the form was opened."""

    by: str
    is_own: bool
    at: datetime
    said: str
    reason: str
    fields: tuple[FieldMeanwhile, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """All acts since the form was opened; ``is_refused`` says that what was typed would have overwritten them."""

    acts: tuple[ActMeanwhile, ...]
    is_refused: bool


def told(actor: Actor, seen: Seen, form: forms.Form | None) -> Meanwhile | None:
    """Return what happened to the record since the form was opened; None where nothing did.

    Where the change was refused, boxes that its person had not touched take over what stands there now, so that
    sending the form again changes only what was typed.
    """
    if not seen.meanwhile:
        return None
    names = words.Names(*org.names(actor))
    acts = []
    for row in queries.rows(seen.meanwhile):
        changes = [change for change in row.changes if change.name not in SILENT]
        acts.append(
            ActMeanwhile(
                by=row.by_name,
                is_own=row.by_id == actor.person_id,
                at=row.at,
                said=words.verb_label(row.verb),
                reason=row.reason,
                fields=tuple(
                    _field(form if seen.is_refused else None, part, names)
                    for change in changes
                    for part in _parts(change)
                    if part.before != part.after
                ),
            )
        )
    return Meanwhile(tuple(acts), seen.is_refused)


def _parts(change: Change) -> list[Change]:
    """Return the remarks of a report target by target, as its form has them; any other change as it is."""
    if change.name != "remarks":
        return [change]
    was, becomes = change.before or {}, change.after or {}
    return [
        Change(f"{name}_{target}", was.get(target, ["", ""])[place], becomes.get(target, ["", ""])[place])
        for target in sorted({*was, *becomes}, key=int)
        for place, name in enumerate(("reason", "remedy"))
    ]


def _field(form: forms.Form | None, change: Change, names: words.Names) -> FieldMeanwhile:
    name = re.sub(r"_\d+$", "", change.name)
    label = words.field_label(name)
    before, now = (
        words.value_in_words(names, name, change.before),
        words.value_in_words(names, name, change.after),
    )
    own = _name_in(form, change.name)
    if form is None or own is None:
        return FieldMeanwhile(label, before, now)
    bound = form[own]
    label = str(bound.label)
    typed = _plain(form.cleaned_data.get(own))
    if _same(typed, change.after):
        return FieldMeanwhile(label, before, now)
    if _same(typed, change.before) and _take_over(form, own, change.after):
        return FieldMeanwhile(label, before, now, is_taken_over=True)
    return FieldMeanwhile(label, before, now, typed=_text(bound))


def _name_in(form: forms.Form | None, name: str) -> str | None:
    """Return what a form calls a field of the journal."""
    if form is None or not form.is_bound or not hasattr(form, "cleaned_data"):
        return None
    candidates = (name, name.removesuffix("_id"), f"{name}_id", {"assignee": "person"}.get(name, name))
    labelled = (each for each, field in form.fields.items() if field.label == name)
    return next((each for each in candidates if each in form.fields), None) or next(labelled, None)


def _code(value: Any) -> Any:
    """Return a unit or person that a name in a plan means, as the form's choice has it."""
    if isinstance(value, dict) and value.keys() == {"unit", "person"}:
        return next((f"{kind}:{pk}" for kind, pk in value.items() if pk), "")
    return value


def _take_over(form: forms.Form, name: str, after: Any) -> bool:
    """Put what stands in the record now into a box; False for values that are written otherwise than they are kept."""
    after = "" if after is None else _code(after)
    if not isinstance(after, (str, int)) or isinstance(after, bool):
        return False
    widget = form.fields[name].widget
    value: Any = after
    if isinstance(form.fields[name], DateField) and after:
        value = date.fromisoformat(str(after))
    shown = widget.format_value(value) if hasattr(widget, "format_value") else value
    data = QueryDict(mutable=True)
    for each in form.data:
        is_many = isinstance(form.data, QueryDict)
        data.setlist(each, form.data.getlist(each) if is_many else [form.data[each]])  # type: ignore[attr-defined]
    data[form.add_prefix(name)] = shown[0] if isinstance(shown, list) else str(shown or "")
    form.data = data
    return True


def _plain(value: Any) -> Any:
    try:
        return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    except TypeError:
        return None


def _same(one: Any, other: Any) -> bool:
    one, other = _code(one), _code(other)
    return (one or "") == (other or "") or (one not in (None, "") and str(one) == str(other))


def _text(bound: forms.BoundField) -> str:
    """Return what was typed into a field, a choice by its label."""
    value = bound.value()
    for key, label in getattr(bound.field, "choices", ()):
        options = label if isinstance(label, (list, tuple)) else [(key, label)]
        for code, said in options:
            if str(code) == str(value):
                return str(said)
    return str(value or "–")
