"""What somebody else did to a record while a form stood open, in words, beside what was typed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, QueryDict

from camket.journal import queries
from camket.org import queries as org
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

    @property
    def takes_over(self) -> bool:
        """Whether a box of the form shows what somebody else wrote."""
        return any(each.is_taken_over for act in self.acts for each in act.fields)


def told(request: HttpRequest, form: forms.Form | None) -> Meanwhile | None:
    """Return what happened to the record since the form was opened; None where nothing did.

    Where the change was refused, boxes that its person had not touched take over what stands there now, so that
    sending the form again changes only what was typed.
    """
    actor = getattr(request, "actor", None)
    if actor is None or actor.seen is None or not actor.seen.meanwhile:
        return None
    names = words.Names(*org.names(actor))
    is_refused = bool(actor.seen.is_refused)
    acts = []
    for row in queries.rows(actor.seen.meanwhile):
        said = words.entry_in_words(row, names)
        fields = [
            _field(form, change.name, change.before, change.after, in_words, is_refused=is_refused)
            for change, in_words in zip(row.changes, said.changes, strict=True)
            if change.before != change.after and change.name not in SILENT
        ]
        acts.append(
            ActMeanwhile(
                by=said.by,
                is_own=row.by_id == actor.person_id,
                at=row.at,
                said=said.said,
                reason=row.reason,
                fields=tuple(fields),
            )
        )
    return Meanwhile(tuple(acts), is_refused)


def _field(
    form: forms.Form | None,
    name: str,
    before: Any,
    after: Any,
    in_words: words.ChangeInWords,
    *,
    is_refused: bool,
) -> FieldMeanwhile:
    own = _name_in(form, name)
    if form is None or own is None or not is_refused:
        return FieldMeanwhile(in_words.label, in_words.before, in_words.after)
    bound = form[own]
    label = str(bound.label)
    typed = _plain(form.cleaned_data.get(own))
    if _same(typed, after):
        return FieldMeanwhile(label, in_words.before, in_words.after)
    if _same(typed, before) and _take_over(form, own, after):
        return FieldMeanwhile(label, in_words.before, in_words.after, is_taken_over=True)
    return FieldMeanwhile(label, in_words.before, in_words.after, typed=_text(bound))


def _name_in(form: forms.Form | None, name: str) -> str | None:
    """Return what a form calls a field of the journal."""
    if form is None or not form.is_bound or not hasattr(form, "cleaned_data"):
        return None
    candidates = (name, name.removesuffix("_id"), f"{name}_id", {"assignee": "person"}.get(name, name))
    return next((each for each in candidates if each in form.fields), None)


def _take_over(form: forms.Form, name: str, after: Any) -> bool:
    """Put what stands in the record now into a box; False for values that are written otherwise than they are kept."""
    if after is None:
        after = ""
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
    return (one or "") == (other or "") or (one not in (None, "") and str(one) == str(other))


def _text(bound: forms.BoundField) -> str:
    """Return what was typed into a field, a choice by its label."""
    value = bound.value()
    choices = getattr(bound.field, "choices", ())
    return next((str(label) for key, label in choices if str(key) == str(value)), str(value or "–"))
